/* The JSON writer: appends, escapes by table, never looks back. */
#include "base/json.h"

#include <string.h>

/* 0: written as it is; 'u': \u00XX; else the letter behind the backslash. */
static const char ESCAPE[256] = {
	['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
	['\t'] = 't', [0] = 'u',     [1] = 'u',    [2] = 'u',    [3] = 'u',    [4] = 'u',
	[5] = 'u',    [6] = 'u',     [7] = 'u',    [11] = 'u',   [14] = 'u',   [15] = 'u',
	[16] = 'u',   [17] = 'u',    [18] = 'u',   [19] = 'u',   [20] = 'u',   [21] = 'u',
	[22] = 'u',   [23] = 'u',    [24] = 'u',   [25] = 'u',   [26] = 'u',   [27] = 'u',
	[28] = 'u',   [29] = 'u',    [30] = 'u',   [31] = 'u',   [127] = 'u',
};

void
dy_jw_init(struct dy_jw *w, struct dy_strbuf *sb)
{
	w->sb = sb;
	w->comma = false;
}

static void
value_begin(struct dy_jw *w)
{
	if (w->comma)
		dy_strbuf_addc(w->sb, ',');
	w->comma = true;
}

void
dy_jw_obj(struct dy_jw *w)
{
	value_begin(w);
	dy_strbuf_addc(w->sb, '{');
	w->comma = false;
}

void
dy_jw_obj_end(struct dy_jw *w)
{
	dy_strbuf_addc(w->sb, '}');
	w->comma = true;
}

void
dy_jw_arr(struct dy_jw *w)
{
	value_begin(w);
	dy_strbuf_addc(w->sb, '[');
	w->comma = false;
}

void
dy_jw_arr_end(struct dy_jw *w)
{
	dy_strbuf_addc(w->sb, ']');
	w->comma = true;
}

void
dy_jw_key(struct dy_jw *w, const char *name)
{
	size_t n = strlen(name);
	char *at;

	value_begin(w);
	at = dy_strbuf_reserve(w->sb, n + 3);
	if (at == NULL)
		return;
	at[0] = '"';
	memcpy(at + 1, name, n);
	at[n + 1] = '"';
	at[n + 2] = ':';
	w->sb->len += n + 3;
	w->comma = false;
}

static void
add_escaped(struct dy_strbuf *sb, unsigned char c)
{
	static const char HEX[] = "0123456789abcdef";
	char kind = ESCAPE[c];

	if (kind != 'u') {
		char two[2] = { '\\', kind };
		dy_strbuf_add(sb, two, sizeof(two));
	} else {
		char six[6] = { '\\', 'u', '0', '0', HEX[c >> 4], HEX[c & 15] };
		dy_strbuf_add(sb, six, sizeof(six));
	}
}

void
dy_jw_str(struct dy_jw *w, struct dy_str s)
{
	size_t plain = 0; /* bytes at s.ptr that need no escape */

	value_begin(w);
	dy_strbuf_addc(w->sb, '"');
	while (plain < s.len) {
		unsigned char c = (unsigned char)s.ptr[plain];
		uint32_t cp;
		size_t n = c < 0x80 ? 1 : dy_utf8_next(dy_str_slice(s, plain, s.len), &cp);
		if (n > 0 && (n > 1 || ESCAPE[c] == 0)) {
			plain += n;
			continue;
		}
		dy_strbuf_add(w->sb, s.ptr, plain);
		if (n == 0)
			dy_strbuf_adds(w->sb, "\xef\xbf\xbd"); /* U+FFFD */
		else
			add_escaped(w->sb, c);
		s = dy_str_slice(s, plain + 1, s.len);
		plain = 0;
	}
	dy_strbuf_add(w->sb, s.ptr, plain);
	dy_strbuf_addc(w->sb, '"');
}

void
dy_jw_cstr(struct dy_jw *w, const char *s)
{
	if (s == NULL)
		dy_jw_null(w);
	else
		dy_jw_str(w, dy_str_from(s));
}

void
dy_jw_int(struct dy_jw *w, int64_t v)
{
	char digits[20];
	size_t n = sizeof(digits);
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	value_begin(w);
	do {
		digits[--n] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (v < 0)
		digits[--n] = '-';
	dy_strbuf_add(w->sb, digits + n, sizeof(digits) - n);
}

void
dy_jw_bool(struct dy_jw *w, bool v)
{
	value_begin(w);
	dy_strbuf_addstr(w->sb, v ? DY_STR("true") : DY_STR("false"));
}

void
dy_jw_null(struct dy_jw *w)
{
	value_begin(w);
	dy_strbuf_addstr(w->sb, DY_STR("null"));
}

void
dy_jw_id(struct dy_jw *w, struct dy_id id)
{
	char text[DY_ID_TEXT + 3];

	if (id.v == 0) {
		dy_jw_null(w);
		return;
	}
	value_begin(w);
	text[0] = '"';
	dy_id_encode(id, text + 1);
	text[DY_ID_TEXT + 1] = '"';
	dy_strbuf_add(w->sb, text, DY_ID_TEXT + 2);
}

void
dy_jw_time(struct dy_jw *w, const struct dy_zone *zone, struct dy_time t)
{
	char text[40];

	if (t.ms == 0) {
		dy_jw_null(w);
		return;
	}
	size_t n = dy_time_encode(zone, t, text + 1, sizeof(text) - 2);
	value_begin(w);
	text[0] = '"';
	text[n + 1] = '"';
	dy_strbuf_add(w->sb, text, n + 2);
}

void
dy_jw_raw(struct dy_jw *w, struct dy_str json)
{
	value_begin(w);
	dy_strbuf_addstr(w->sb, json);
}

void
dy_jw_kstr(struct dy_jw *w, const char *name, struct dy_str s)
{
	dy_jw_key(w, name);
	dy_jw_str(w, s);
}

void
dy_jw_kcstr(struct dy_jw *w, const char *name, const char *s)
{
	dy_jw_key(w, name);
	dy_jw_cstr(w, s);
}

void
dy_jw_kint(struct dy_jw *w, const char *name, int64_t v)
{
	dy_jw_key(w, name);
	dy_jw_int(w, v);
}

void
dy_jw_kbool(struct dy_jw *w, const char *name, bool v)
{
	dy_jw_key(w, name);
	dy_jw_bool(w, v);
}

void
dy_jw_kid(struct dy_jw *w, const char *name, struct dy_id id)
{
	dy_jw_key(w, name);
	dy_jw_id(w, id);
}

void
dy_jw_ktime(struct dy_jw *w, const char *name, const struct dy_zone *zone, struct dy_time t)
{
	dy_jw_key(w, name);
	dy_jw_time(w, zone, t);
}
