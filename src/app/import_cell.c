/* What one text says: codes as they are compared, addresses, phone numbers, dates, words. */
#include "import_inside.h"

#include <string.h>

/* Strips one of the words at the end; how often they come: once. */
struct dy_str
dy_import_without(struct dy_str s, const char *const *words)
{
	for (; *words != NULL; words++) {
		size_t n = strlen(*words);
		if (s.len > n && memcmp(s.ptr + s.len - n, *words, n) == 0)
			return dy_str_trim(dy_str_slice(s, 0, s.len - n));
	}
	return s;
}

static struct dy_str
upper(struct dy_arena *arena, struct dy_str s)
{
	char *out = dy_arena_dup(arena, s.ptr, s.len);

	for (size_t i = 0; i < s.len; i++) {
		if (out[i] >= 'a' && out[i] <= 'z')
			out[i] = (char)(out[i] - 'a' + 'A');
	}
	return (struct dy_str){ out, s.len };
}

/* "三" is 3, "03" is 3; what is not a number stays. */
struct dy_str
dy_import_number_or_text(struct dy_arena *arena, struct dy_str s)
{
	struct dy_address a;
	struct dy_str probe = dy_str_from(dy_arena_printf(arena, "%.*s-1-1", DY_FMT(s)));

	if (s.len == 0 || dy_address_decode(arena, probe, &a, NULL) != DY_OK)
		return upper(arena, s);
	return a.building;
}

struct dy_str
dy_import_building_code(struct dy_arena *arena, struct dy_str text)
{
	static const char *const WORDS[] = { "号楼", "幢", "栋", "座", "楼", "#", "号", NULL };
	return dy_import_number_or_text(arena,
	                                dy_import_without(dy_sheet_clean(arena, text), WORDS));
}

struct dy_str
dy_import_stair_code(struct dy_arena *arena, struct dy_str text)
{
	static const char *const WORDS[] = { "单元门", "单元", "门洞", "楼道",
		                             "梯",     "门",   "号",   NULL };
	return dy_import_number_or_text(arena,
	                                dy_import_without(dy_sheet_clean(arena, text), WORDS));
}

struct dy_str
dy_import_door_code(struct dy_arena *arena, struct dy_str text)
{
	static const char *const WORDS[] = { "号房", "室", "户", "房", "号", NULL };
	return upper(arena, dy_import_without(dy_sheet_clean(arena, text), WORDS));
}

bool
dy_import_number_in(struct dy_arena *arena, struct dy_str text, int64_t *out)
{
	static const char *const BEHIND[] = { "最小单元", "微网格", "单元", "网格", NULL };
	static const char *const MARK[] = { "号", "#", NULL };
	static const struct dy_str BEFORE[] = { DY_STR_INIT("第"),     DY_STR_INIT("unit "),
		                                DY_STR_INIT("Unit "),  DY_STR_INIT("grid "),
		                                DY_STR_INIT("Grid "),  DY_STR_INIT("最小单元"),
		                                DY_STR_INIT("微网格"), DY_STR_INIT("网格") };
	struct dy_str s =
		dy_import_without(dy_import_without(dy_sheet_clean(arena, text), BEHIND), MARK);

	for (size_t i = 0; i < DY_COUNT(BEFORE); i++) {
		if (dy_str_starts(s, BEFORE[i])) {
			s = dy_str_trim(dy_str_slice(s, BEFORE[i].len, s.len));
			break;
		}
	}
	return dy_str_to_i64(dy_import_number_or_text(arena, s), out);
}

/* A whole address; what stands before the building (road, compound) is left out. */
static bool
address_find(struct dy_arena *arena, struct dy_str text, struct dy_address *out)
{
	unsigned char before = 0xff;

	while (text.len > 0) {
		uint32_t cp;
		size_t n = dy_utf8_next(text, &cp);
		if (n == 0)
			return false;
		/* never from the middle of a number or a code */
		if (before >= 0x80 && dy_address_decode(arena, text, out, NULL) == DY_OK)
			return true;
		before = (unsigned char)text.ptr[0];
		text = dy_str_slice(text, n, text.len);
	}
	return false;
}

/* "A-1-501": three parts, of which the building is no number. */
static bool
address_split(struct dy_arena *arena, struct dy_str text, struct dy_address *out)
{
	struct dy_str parts[3];
	size_t n = 0;

	while (text.len > 0 && n < 3)
		parts[n++] = dy_str_trim(dy_str_split(&text, '-'));
	if (n != 3 || text.len > 0)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].len == 0)
			return false;
	}
	uint64_t door;
	out->building = dy_import_building_code(arena, parts[0]);
	out->stair = dy_import_stair_code(arena, parts[1]);
	out->door = dy_import_door_code(arena, parts[2]);
	return dy_str_to_u64(out->door, &door);
}

static bool
all_digits(struct dy_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	}
	return s.len > 0;
}

struct dy_str
dy_import_phone_key(struct dy_arena *arena, struct dy_str text)
{
	struct dy_str clean = dy_sheet_clean(arena, text);
	char *out = dy_arena_alloc(arena, clean.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.ptr[i];
		if ((c >= '0' && c <= '9') || (c == '+' && n == 0))
			out[n++] = c;
		else if (memchr(" -().", c, 5) == NULL)
			return clean; /* no number: as it is */
	}
	struct dy_str s = { out, n };
	static const struct dy_str PREFIXES[] = { DY_STR_INIT("+86"), DY_STR_INIT("0086"),
		                                  DY_STR_INIT("86") };
	for (size_t i = 0; i < DY_COUNT(PREFIXES); i++) {
		if (dy_str_starts(s, PREFIXES[i]) && s.len >= PREFIXES[i].len + 10)
			return dy_str_slice(s, PREFIXES[i].len, s.len);
	}
	return s;
}

bool
dy_import_is_phone(struct dy_str s)
{
	if (!all_digits(s))
		return false;
	if (s.len == 11 && s.ptr[0] == '1')
		return s.ptr[1] >= '3';
	if (s.ptr[0] == '0')
		return s.len >= 10 && s.len <= 12;
	if (s.len == 10)
		return dy_str_starts(s, DY_STR("400")) || dy_str_starts(s, DY_STR("800"));
	return (s.len >= 3 && s.len <= 6) || ((s.len == 7 || s.len == 8) && s.ptr[0] != '1');
}

bool
dy_import_is_word(struct dy_str s, const char *words)
{
	struct dy_str rest = dy_str_from(words);

	while (rest.len > 0) {
		if (dy_str_ieq(s, dy_str_split(&rest, '|')))
			return true;
	}
	return false;
}

/* 2026-04-23, 2026/4/23, 2026.4.23, 20260423, 2026年4月23日, with or without a time behind. */
bool
dy_import_date(struct dy_str s, struct dy_day *out)
{
	int parts[3] = { 0 };
	size_t n = 0, digits = 0;
	char text[48];

	for (size_t i = 0; i < s.len && n < 3; i++) {
		char c = s.ptr[i];
		if (c >= '0' && c <= '9') {
			parts[n] = parts[n] * 10 + (c - '0');
			if (++digits > 8)
				return false;
		} else if (digits > 0) {
			n++;
			digits = 0;
			if (c == ' ' && n == 3)
				break;
		}
		if (n == 0 && digits == 8 && (i + 1 == s.len || s.ptr[i + 1] == ' ')) {
			int whole = parts[0];
			parts[0] = whole / 10000;
			parts[1] = whole / 100 % 100;
			parts[2] = whole % 100;
			n = 3;
		}
	}
	n += n < 3 && digits > 0;
	if (n != 3 || parts[0] < 1900 || parts[0] > 2999 || parts[1] > 12 || parts[2] > 31)
		return false;
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02d", parts[0], parts[1], parts[2]);
	return dy_day_decode(dy_str_from(text), "", out, NULL) == DY_OK;
}

bool
dy_import_address(struct dy_arena *arena, struct dy_str text, struct dy_address *out)
{
	return address_find(arena, text, out) || address_split(arena, text, out);
}
