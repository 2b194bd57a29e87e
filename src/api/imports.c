/* Imports of spreadsheets: a dry run with a verdict for each row, then the import, then, if need be, back again. */
#include "import_files.h"
#include "routes.h"

#include <string.h>

#define FILE_NAME_MAX 200
#define LIST_MAX      50
#define COLUMNS_MAX   DY_FIELDS

static bool
zh(const struct dy_q *q)
{
	return !dy_str_is(q->actor.language, "en");
}

static void
map_write(struct dy_q *q, const struct dy_import_map *map)
{
	struct dy_jw *w = &q->w;

	dy_jw_key(w, "mapping");
	dy_jw_obj(w);
	dy_jw_kint(w, "sheet", (int64_t)map->sheet);
	dy_jw_kint(w, "header_row", map->header);
	dy_jw_kbool(w, "hidden_rows", map->hidden_rows);
	dy_jw_key(w, "columns");
	dy_jw_arr(w);
	for (int i = 0; i < DY_FIELDS; i++) {
		if (map->column[i] < 0)
			continue;
		dy_jw_obj(w);
		dy_jw_kcstr(w, "field", dy_import_field_name((enum dy_import_field)i));
		dy_jw_kint(w, "column", map->column[i]);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
}

static void
fields_write(struct dy_q *q, enum dy_import_kind kind)
{
	size_t n;
	const struct dy_import_column *columns = dy_import_columns(kind, &n);
	int tongue = zh(q) ? DY_ZH : DY_EN;

	dy_jw_key(&q->w, "fields");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < n; i++) {
		dy_jw_obj(&q->w);
		dy_jw_kcstr(&q->w, "field", columns[i].name);
		dy_jw_kcstr(&q->w, "title", columns[i].title[tongue]);
		dy_jw_kcstr(&q->w, "doc", columns[i].doc[tongue]);
		dy_jw_obj_end(&q->w);
	}
	dy_jw_arr_end(&q->w);
}

static void
summary_write(struct dy_q *q, const struct dy_import *r)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_jw *w = &q->w;

	dy_jw_kid(w, "id", r->id);
	dy_jw_kstr(w, "kind", r->kind);
	dy_jw_kstr(w, "file_name", r->file_name);
	dy_jw_kstr(w, "state", r->state);
	dy_jw_key(w, "counts");
	dy_jw_obj(w);
	dy_jw_kint(w, "rows", r->rows);
	dy_jw_kint(w, "create", r->creates);
	dy_jw_kint(w, "change", r->changes);
	dy_jw_kint(w, "same", r->sames);
	dy_jw_kint(w, "bad", r->bads);
	dy_jw_kint(w, "skip", r->skips);
	dy_jw_obj_end(w);
	dy_jw_ktime(w, "created_at", zone, r->created_at);
	dy_jw_ktime(w, "done_at", zone, r->done_at);
	dy_jw_ktime(w, "undone_at", zone, r->undone_at);
}

static enum dy_code
import_write(struct dy_q *q, struct dy_rtx *tx, struct dy_id id)
{
	struct dy_import_map map;
	enum dy_import_kind kind;
	struct dy_import r;
	struct dy_str shape;

	DY_TRY(dy_import_get(tx, q->arena, id, &r, &q->err));
	DY_TRY(dy_import_map_decode(r.mapping, &map, &q->err));
	if (!dy_import_kind_find(r.kind, &kind))
		return dy_raise(&q->err, DY_E_BUG, "", "an import of an unknown kind");
	dy_jw_obj(&q->w);
	summary_write(q, &r);
	map_write(q, &map);
	fields_write(q, kind);
	dy_jw_kbool(&q->w, "has_copy", dy_import_part_is_there(q->api, q->arena, id, DY_PART_COPY));
	dy_jw_key(&q->w, "shape");
	if (dy_import_part_read(q->api, q->arena, id, DY_PART_SHAPE, &shape, NULL) == DY_OK)
		dy_jw_raw(&q->w, shape);
	else
		dy_jw_null(&q->w);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
check_prepare(struct dy_q *q)
{
	struct dy_import_draft *d = DY_NEW(q->arena, struct dy_import_draft);
	struct dy_str text;

	if (!dy_q_query(q, "kind", &text) || !dy_import_kind_find(text, &d->kind))
		return dy_raise(&q->err, DY_E_INPUT, "/kind",
		                "must be places, households, posts or volunteers");
	d->name = DY_STR("");
	(void)dy_q_query(q, "name", &d->name);
	if (!dy_str_is_utf8(d->name) || dy_str_chars(d->name) > FILE_NAME_MAX)
		return dy_raise(&q->err, DY_E_INPUT, "/name", "must have at most 200 characters");
	d->hidden_rows = dy_q_query(q, "hidden_rows", &text) && dy_str_is(text, "true");
	q->draft = d;
	return DY_OK;
}

/* What the pool has stored by now, read in the writer's own snapshot. */
static enum dy_code
answer(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	const struct dy_import_draft *d = q->draft;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(import_write(q, dy_wtx_read(tx), d->id));
	return dy_wtx_commit(&tx, &q->err);
}

static enum dy_code
check_import(struct dy_q *q)
{
	q->status = 201;
	return answer(q);
}

static enum dy_code
id_prepare(struct dy_q *q)
{
	struct dy_import_draft *d = DY_NEW(q->arena, struct dy_import_draft);

	q->draft = d;
	return dy_q_param_id(q, 0, &d->id);
}

static enum dy_code
map_prepare(struct dy_q *q)
{
	const char *names[DY_FIELDS];
	struct dy_import_draft *d;
	struct dy_json *j, *item;
	struct dy_json_list *list;
	int64_t sheet, header, column;
	size_t field;

	for (int i = 0; i < DY_FIELDS; i++)
		names[i] = dy_import_field_name((enum dy_import_field)i);
	DY_TRY(id_prepare(q));
	d = q->draft;
	for (int i = 0; i < DY_FIELDS; i++)
		d->map.column[i] = -1;
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_int(j, "sheet", 0, DY_SHEET_SHEETS_MAX - 1, &sheet, &q->err));
	DY_TRY(dy_json_int(j, "header_row", 0, 1048576, &header, &q->err));
	DY_TRY(dy_json_bool(j, "hidden_rows", &d->map.hidden_rows, &q->err));
	DY_TRY(dy_json_array(j, "columns", COLUMNS_MAX, &list, &q->err));
	for (size_t i = 0; i < dy_json_list_count(list); i++) {
		DY_TRY(dy_json_list_obj(list, i, &item, &q->err));
		DY_TRY(dy_json_word(item, "field", names, DY_FIELDS, &field, &q->err));
		DY_TRY(dy_json_int(item, "column", 0, DY_SHEET_COLS_MAX - 1, &column, &q->err));
		d->map.column[field] = (int)column;
	}
	d->map.sheet = (size_t)sheet;
	d->map.header = (uint32_t)header;
	return dy_json_end(j, &q->err);
}

static enum dy_code
undo_import(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	const struct dy_import_draft *d = q->draft;
	struct dy_import_obstacles obstacles;

	DY_TRY(dy_app_import_undo(&call, d->id, &obstacles));
	dy_jw_obj(&q->w);
	dy_jw_kbool(&q->w, "undone", obstacles.count == 0);
	dy_jw_key(&q->w, "obstacles");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < obstacles.count; i++) {
		dy_jw_obj(&q->w);
		dy_jw_kint(&q->w, "row", obstacles.items[i].number);
		dy_jw_kstr(&q->w, "entity", obstacles.items[i].entity);
		dy_jw_kstr(&q->w, "reason", obstacles.items[i].reason);
		dy_jw_obj_end(&q->w);
	}
	dy_jw_arr_end(&q->w);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
list_imports(struct dy_q *q)
{
	struct dy_import_list list;

	DY_TRY(dy_import_list(q->tx, q->arena, LIST_MAX, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count; i++) {
		dy_jw_obj(&q->w);
		summary_write(q, &list.items[i]);
		dy_jw_obj_end(&q->w);
	}
	dy_list_end(q);
	return DY_OK;
}

static enum dy_code
get_import(struct dy_q *q)
{
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	return import_write(q, q->tx, id);
}

static enum dy_code
list_import_rows(struct dy_q *q)
{
	struct dy_import_row_list list;
	struct dy_import r;
	struct dy_str verdict = { "", 0 }, text;
	struct dy_id id;
	int64_t limit, after = 0;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_import_get(q->tx, q->arena, id, &r, &q->err));
	DY_TRY(dy_q_query_limit(q, &limit));
	(void)dy_q_query(q, "verdict", &verdict);
	if (dy_q_query(q, "after", &text) && (!dy_str_to_i64(text, &after) || after < 0))
		return dy_raise(&q->err, DY_E_INPUT, "/after", "must be the number of a row");
	DY_TRY(dy_import_rows(q->tx, q->arena, id, verdict, after, limit + 1, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count && (int64_t)i < limit; i++) {
		struct dy_str detail =
			dy_text_unseal(q->arena, q->api->options.key, list.items[i].detail);
		dy_jw_obj(&q->w);
		dy_jw_kint(&q->w, "row", list.items[i].number);
		dy_jw_kstr(&q->w, "verdict", list.items[i].verdict);
		dy_jw_key(&q->w, "detail");
		dy_jw_raw(&q->w, detail.len > 0 ? detail : DY_STR("null"));
		dy_jw_obj_end(&q->w);
		after = list.items[i].number;
	}
	dy_jw_arr_end(&q->w);
	dy_jw_key(&q->w, "next");
	if ((int64_t)list.count > limit)
		dy_jw_str(&q->w, dy_str_from(dy_arena_printf(q->arena, "%lld", (long long)after)));
	else
		dy_jw_null(&q->w);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* A whole file as the answer. */
static enum dy_code
file_reply(struct dy_q *q, struct dy_str bytes, const char *name)
{
	dy_strbuf_release(&q->body);
	dy_strbuf_init(&q->body, bytes.len + 1);
	dy_strbuf_addstr(&q->body, bytes);
	q->type = DY_XLSX_TYPE;
	dy_q_header(q, "Content-Disposition",
	            dy_str_from(dy_arena_printf(q->arena, "attachment; filename=\"%s\"", name)));
	return DY_OK;
}

static enum dy_code
get_import_copy(struct dy_q *q)
{
	struct dy_import r;
	struct dy_id id;
	struct dy_str bytes;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_import_get(q->tx, q->arena, id, &r, &q->err));
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)112 << 20);
	DY_TRY(dy_import_part_read(q->api, arena, id, DY_PART_COPY, &bytes, &q->err));
	return file_reply(q, bytes,
	                  dy_arena_printf(q->arena, "%.*s-corrected.xlsx", DY_FMT(r.kind)));
}

static enum dy_code
template_make(void *ctx, const char *path, const char *tmp_dir, struct dy_err *err)
{
	return dy_import_template(path, tmp_dir, *(enum dy_import_kind *)ctx, err);
}

static enum dy_code
get_import_template(struct dy_q *q)
{
	enum dy_import_kind kind;
	struct dy_str bytes;

	if (!dy_import_kind_find(q->params[0], &kind))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "there is no template for this");
	DY_TRY(dy_import_made_read(q->api, q->arena, template_make, &kind, &bytes, &q->err));
	return file_reply(q, bytes,
	                  dy_arena_printf(q->arena, "%s.xlsx", dy_import_kind_name(kind)));
}

const struct dy_route dy_import_routes[] = {
	{ DY_GET, "/api/v1/imports", .op = "listImports", .cap = DY_CAP_IMPORT,
	  .fn = list_imports },
	{ DY_POST, "/api/v1/imports", .op = "checkImport", .cap = DY_CAP_IMPORT,
	  .prepare = check_prepare, .pool = dy_import_pool_check, .fn = check_import,
	  .body_max = DY_SHEET_FILE_MAX, .flags = DY_ROUTE_TO_FILE | DY_ROUTE_BULK },
	{ DY_GET, "/api/v1/imports/{id}", .op = "getImport", .cap = DY_CAP_IMPORT,
	  .fn = get_import },
	{ DY_GET, "/api/v1/imports/{id}/rows", .op = "listImportRows", .cap = DY_CAP_IMPORT,
	  .fn = list_import_rows },
	{ DY_PUT, "/api/v1/imports/{id}/mapping", .op = "mapImport", .cap = DY_CAP_IMPORT,
	  .prepare = map_prepare, .pool = dy_import_pool_map, .fn = answer, .body_max = 8192,
	  .flags = DY_ROUTE_BULK },
	{ DY_POST, "/api/v1/imports/{id}/run", .op = "runImport", .cap = DY_CAP_IMPORT,
	  .prepare = id_prepare, .pool = dy_import_pool_run, .fn = answer,
	  .flags = DY_ROUTE_BULK | DY_ROUTE_PEOPLE },
	{ DY_POST, "/api/v1/imports/{id}/undo", .op = "undoImport", .cap = DY_CAP_IMPORT,
	  .prepare = id_prepare, .fn = undo_import, .flags = DY_ROUTE_PEOPLE },
	{ DY_GET, "/api/v1/imports/{id}/corrected.xlsx", .op = "getImportCopy",
	  .cap = DY_CAP_IMPORT, .fn = get_import_copy },
	{ DY_GET, "/api/v1/import-templates/{kind}", .op = "getImportTemplate",
	  .cap = DY_CAP_IMPORT, .fn = get_import_template },
};
const size_t dy_import_routes_n = DY_COUNT(dy_import_routes);
