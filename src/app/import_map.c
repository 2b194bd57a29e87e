/* Finding the table in a workbook: the sheet, the header row, which column is what. */
#include "app/import.h"

#include <string.h>

#define HEADER_ROWS  30 /* titles, dates and notes above the header */
#define HEADER_CHARS 40 /* longer texts are notes, not headers */

/* A header as it is compared: "＊ 联系电话（必填）:" is 联系电话. */
static struct dy_str
header_key(struct dy_arena *arena, struct dy_str text)
{
	struct dy_str clean = dy_sheet_clean(arena, text);
	char *out = dy_arena_alloc(arena, clean.len + 1);
	size_t n = 0;
	int depth = 0;

	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.ptr[i];
		if (c == '(' || c == '[')
			depth++;
		else if ((c == ')' || c == ']') && depth > 0)
			depth--;
		else if (depth == 0 && memchr(" *:_-/\"'#.", c, 10) == NULL)
			out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return (struct dy_str){ out, n };
}

static bool
means(struct dy_arena *arena, const struct dy_import_column *c, struct dy_str key)
{
	struct dy_str others = dy_str_from(c->others);

	for (int t = 0; t < 2; t++) {
		if (dy_str_eq(key, header_key(arena, dy_str_from(c->title[t]))))
			return true;
	}
	if (dy_str_eq(key, header_key(arena, dy_str_from(c->name))))
		return true;
	while (others.len > 0) {
		if (dy_str_eq(key, header_key(arena, dy_str_split(&others, '|'))))
			return true;
	}
	/* our own templates have both: 电话Phone */
	struct dy_str both = header_key(
		arena, dy_str_from(dy_arena_printf(arena, "%s%s", c->title[0], c->title[1])));
	return dy_str_eq(key, both);
}

static void
map_clear(struct dy_import_map *map)
{
	*map = (struct dy_import_map){ 0 };
	for (int i = 0; i < DY_FIELDS; i++)
		map->column[i] = -1;
}

/* How many columns a row names, each once: the same text merged over the table names one at most. */
static size_t
row_names(const struct dy_sheet_row *row, enum dy_import_kind kind, struct dy_import_map *map)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)8 << 20);
	size_t n, found = 0;
	const struct dy_import_column *columns = dy_import_columns(kind, &n);

	for (uint32_t c = 0; c < row->n; c++) {
		struct dy_str text = row->cells[c].text;
		if (text.len == 0 || text.len > HEADER_CHARS * 4)
			continue;
		struct dy_arena_mark mark = dy_arena_mark(arena);
		struct dy_str key = header_key(arena, text);
		for (size_t i = 0; i < n; i++) {
			if (map->column[columns[i].field] >= 0 || !means(arena, &columns[i], key))
				continue;
			map->column[columns[i].field] = (int)c;
			found++;
			break;
		}
		dy_arena_rewind(arena, mark);
	}
	return found;
}

static bool
has(const struct dy_import_map *map, enum dy_import_field field)
{
	return map->column[field] >= 0;
}

/* What is missing for a kind, or NULL. */
static const char *
missing(enum dy_import_kind kind, const struct dy_import_map *map)
{
	bool placed = has(map, DY_F_ADDRESS) || (has(map, DY_F_BUILDING) && has(map, DY_F_DOOR));
	bool scoped = has(map, DY_F_UNIT) || has(map, DY_F_GRID) || has(map, DY_F_SCOPE);

	switch (kind) {
	case DY_IMPORT_PLACES:
		return has(map, DY_F_BUILDING) || has(map, DY_F_ADDRESS) ? NULL : "楼栋 (building)";
	case DY_IMPORT_HOUSEHOLDS: return placed ? NULL : "地址 (address), or 楼栋 and 房号";
	case DY_IMPORT_POSTS:
		if (!has(map, DY_F_NAME))
			return "姓名 (name)";
		return has(map, DY_F_ROLE) ? NULL : "岗位 (role)";
	case DY_IMPORT_VOLUNTEERS:
		if (!has(map, DY_F_NAME))
			return "姓名 (name)";
		return placed || scoped ? NULL : "最小单元 (unit) or 地址 (address)";
	}
	return NULL;
}

enum dy_code
dy_import_map_check(const struct dy_workbook *book, enum dy_import_kind kind,
                    const struct dy_import_map *map, struct dy_err *err)
{
	if (map->sheet >= book->n_sheets)
		return dy_raise(err, DY_E_INPUT, "/sheet", "there is no such sheet");
	for (int i = 0; i < DY_FIELDS; i++) {
		if (map->column[i] >= DY_SHEET_COLS_MAX)
			return dy_raise(err, DY_E_INPUT, "/columns", "there is no such column");
		for (int k = 0; k < i; k++) {
			if (map->column[i] >= 0 && map->column[i] == map->column[k])
				return dy_raise(err, DY_E_INPUT, "/columns",
				                "one column cannot be both %s and %s",
				                dy_import_field_name((enum dy_import_field)k),
				                dy_import_field_name((enum dy_import_field)i));
		}
	}
	const char *what = missing(kind, map);
	if (what != NULL)
		return dy_raise(err, DY_E_INPUT, "/columns", "a column is missing: %s", what);
	return DY_OK;
}

enum dy_code
dy_import_map_find(const struct dy_workbook *book, enum dy_import_kind kind,
                   struct dy_import_map *out, struct dy_err *err)
{
	const char *lacks = NULL;
	size_t best = 0, least = 2, nearest = 0;

	map_clear(out);
	for (size_t s = 0; s < book->n_sheets; s++) {
		const struct dy_sheet *sheet = &book->sheets[s];
		for (size_t r = 0; r < sheet->n_rows && r < HEADER_ROWS && !sheet->hidden; r++) {
			struct dy_import_map map;
			map_clear(&map);
			size_t n = row_names(&sheet->rows[r], kind, &map);
			map.sheet = s;
			map.header = sheet->rows[r].number;
			if (missing(kind, &map) == NULL && n >= least && n > best) {
				*out = map;
				best = n;
			} else if (n > nearest) {
				nearest = n;
				lacks = missing(kind, &map);
			}
		}
	}
	if (best > 0)
		return DY_OK;
	if (nearest >= least && lacks != NULL)
		return dy_raise(err, DY_E_INPUT, "file", "a column is missing: %s", lacks);
	return dy_raise(err, DY_E_INPUT, "file",
	                "no row names the columns of %s; take the template, or name them so",
	                dy_import_kind_name(kind));
}

struct dy_str
dy_import_map_encode(struct dy_arena *arena, const struct dy_import_map *map)
{
	const char *text = dy_arena_printf(arena, "sheet=%zu;header=%u;hidden=%d", map->sheet,
	                                   (unsigned)map->header, map->hidden_rows);

	for (int i = 0; i < DY_FIELDS; i++) {
		if (map->column[i] >= 0)
			text = dy_arena_printf(arena, "%s;%s=%d", text,
			                       dy_import_field_name((enum dy_import_field)i),
			                       map->column[i]);
	}
	return dy_str_from(text);
}

enum dy_code
dy_import_map_decode(struct dy_str text, struct dy_import_map *out, struct dy_err *err)
{
	map_clear(out);
	while (text.len > 0) {
		struct dy_str value = dy_str_split(&text, ';');
		struct dy_str name = dy_str_split(&value, '=');
		bool known = false;
		uint64_t n;
		if (!dy_str_to_u64(value, &n) || n > UINT32_MAX)
			return dy_raise(err, DY_E_BUG, "", "a stored map of columns is not one");
		if (dy_str_is(name, "sheet")) {
			out->sheet = (size_t)n;
			continue;
		}
		if (dy_str_is(name, "header")) {
			out->header = (uint32_t)n;
			continue;
		}
		if (dy_str_is(name, "hidden")) {
			out->hidden_rows = n != 0;
			continue;
		}
		for (int i = 0; i < DY_FIELDS; i++) {
			if (dy_str_is(name, dy_import_field_name((enum dy_import_field)i))) {
				out->column[i] = (int)n;
				known = true;
			}
		}
		if (!known || n >= DY_SHEET_COLS_MAX)
			return dy_raise(err, DY_E_BUG, "", "a stored map of columns is not one");
	}
	return DY_OK;
}
