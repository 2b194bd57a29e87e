/* Percent decoding and query values. */
#include "net/server.h"

#include <string.h>

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
dy_percent_decode(struct dy_arena *arena, struct dy_str text, bool plus_is_blank,
                  struct dy_str *out)
{
	char *at = dy_arena_alloc(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%') {
			if (text.len - i < 3)
				return false;
			int high = hex_value(text.ptr[i + 1]);
			int low = hex_value(text.ptr[i + 2]);
			if (high < 0 || low < 0 || (high == 0 && low == 0))
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus_is_blank) {
			c = ' ';
		}
		at[n++] = c;
	}
	*out = (struct dy_str){ at, n };
	return dy_str_is_utf8(*out);
}

bool
dy_query_get(struct dy_arena *arena, struct dy_str query, const char *name, struct dy_str *out)
{
	while (query.len > 0) {
		struct dy_str value = dy_str_split(&query, '&');
		struct dy_str key = dy_str_split(&value, '=');
		if (dy_str_is(key, name))
			return dy_percent_decode(arena, value, true, out);
	}
	return false;
}
