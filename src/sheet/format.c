/* Number formats: which show a date, and what a stored number reads as. */
#include "base/time.h"
#include "inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX  40      /* bytes of a stored number */
#define SERIAL_END  2958466 /* the day after 9999-12-31, 1900 system */
#define EPOCH_1900  25569   /* 1970-01-01 in the 1900 system, from serial 61 on */
#define EPOCH_1904  24107
#define LEAP_1900   60 /* 29 February 1900, a day that never was */
#define DAY_SECONDS 86400

/* Built-in formats that show dates or times; 27 to 36 and 50 to 58 are the East Asian ones. */
static bool
is_built_in_date(int64_t id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
	       (id >= 50 && id <= 58);
}

/* Length of what stands for itself at the head of a format: "...", \x, _x, *x, [...]; 0 when it is none. [h] is a time. */
static size_t
literal(struct dy_str s)
{
	char c = s.ptr[0];

	if (c == '\\' || c == '_' || c == '*')
		return 2;
	if (c != '"' && c != '[')
		return 0;
	if (c == '[' && s.len > 2 && memchr("hHmMsS", s.ptr[1], 6) != NULL &&
	    (s.ptr[2] == ']' || s.ptr[2] == s.ptr[1]))
		return 0;
	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] == (c == '"' ? '"' : ']'))
			return i + 1;
	}
	return s.len;
}

bool
dy_format_is_date(int64_t id, struct dy_str code)
{
	if (code.len == 0)
		return is_built_in_date(id);
	while (code.len > 0) {
		size_t n = literal(code);
		if (n > 0) {
			code = dy_str_slice(code, n, code.len);
			continue;
		}
		if (dy_str_ieq(dy_str_slice(code, 0, 7), DY_STR("General"))) {
			code = dy_str_slice(code, 7, code.len);
			continue;
		}
		if (memchr("yYmMdDhHsS", code.ptr[0], 10) != NULL)
			return true;
		code = dy_str_slice(code, 1, code.len);
	}
	return false;
}

/* The shortest text that reads back as the same number. */
static struct dy_str
plain_text(struct dy_arena *arena, double v)
{
	char text[NUMBER_MAX];

	if (v == 0)
		return DY_STR("0");
	if (fabs(v) < 1e15 && floor(v) == v)
		return dy_str_from(dy_arena_printf(arena, "%.0f", v));
	(void)snprintf(text, sizeof(text), "%.15g", v);
	if (strtod(text, NULL) != v)
		(void)snprintf(text, sizeof(text), "%.17g", v);
	return dy_str_from(dy_arena_printf(arena, "%s", text));
}

static bool
date_text(struct dy_arena *arena, double v, bool is_1904, struct dy_str *out)
{
	char day[32];
	double whole = floor(v);

	if (!(v >= 0) || whole >= SERIAL_END || (!is_1904 && (int64_t)whole == LEAP_1900))
		return false;
	int64_t seconds = (int64_t)floor((v - whole) * DAY_SECONDS + 0.5);
	int64_t serial = (int64_t)whole;
	if (seconds == DAY_SECONDS) {
		serial++;
		seconds = 0;
	}
	int clock[3] = { (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60) };
	if (serial == 0 && !is_1904) {
		*out = dy_str_from(
			dy_arena_printf(arena, "%02d:%02d:%02d", clock[0], clock[1], clock[2]));
		return true;
	}
	int64_t days =
		is_1904 ? serial - EPOCH_1904 : serial - EPOCH_1900 + (serial < LEAP_1900 ? 1 : 0);
	size_t n = dy_day_encode((struct dy_day){ (int32_t)days }, day, sizeof(day));
	if (seconds == 0)
		*out = dy_str_from(dy_arena_printf(arena, "%.*s", (int)n, day));
	else
		*out = dy_str_from(dy_arena_printf(arena, "%.*s %02d:%02d:%02d", (int)n, day,
		                                   clock[0], clock[1], clock[2]));
	return true;
}

bool
dy_number_text(struct dy_arena *arena, struct dy_str raw, bool is_date, bool is_1904,
               struct dy_cell *out)
{
	char text[NUMBER_MAX];
	char *end;

	if (raw.len == 0 || raw.len >= sizeof(text))
		return false;
	memcpy(text, raw.ptr, raw.len);
	text[raw.len] = '\0';
	double v = strtod(text, &end);
	if (*end != '\0' || !isfinite(v) || strpbrk(text, "xXnN") != NULL)
		return false;
	if (is_date && date_text(arena, v, is_1904, &out->text)) {
		out->kind = DY_CELL_DATE;
		return true;
	}
	out->kind = DY_CELL_NUMBER;
	out->text = plain_text(arena, v);
	return true;
}
