/* The string builder: grows by doubling up to its maximum, then drops and remembers. */
#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
dy_strbuf_init(struct dy_strbuf *sb, size_t max)
{
	*sb = (struct dy_strbuf){ .max = max };
}

void
dy_strbuf_release(struct dy_strbuf *sb)
{
	free(sb->ptr);
	*sb = (struct dy_strbuf){ .max = sb->max };
}

void
dy_strbuf_reset(struct dy_strbuf *sb)
{
	sb->len = 0;
	sb->overflow = false;
	if (sb->ptr != NULL)
		sb->ptr[0] = '\0';
}

char *
dy_strbuf_reserve(struct dy_strbuf *sb, size_t n)
{
	if (sb->overflow || n > sb->max - sb->len) {
		sb->overflow = true;
		return NULL;
	}
	if (sb->len + n + 1 > sb->cap) {
		size_t cap = sb->cap * 2 > 256 ? sb->cap * 2 : 256;
		if (cap < sb->len + n + 1)
			cap = sb->len + n + 1;
		char *moved = realloc(sb->ptr, cap);
		DY_ASSERT(moved != NULL);
		sb->ptr = moved;
		sb->cap = cap;
	}
	return sb->ptr + sb->len;
}

void
dy_strbuf_add(struct dy_strbuf *sb, const void *ptr, size_t len)
{
	char *at = dy_strbuf_reserve(sb, len);

	if (at == NULL)
		return;
	if (len > 0)
		memcpy(at, ptr, len);
	sb->len += len;
	sb->ptr[sb->len] = '\0';
}

void
dy_strbuf_adds(struct dy_strbuf *sb, const char *text)
{
	dy_strbuf_add(sb, text, strlen(text));
}

void
dy_strbuf_addstr(struct dy_strbuf *sb, struct dy_str s)
{
	dy_strbuf_add(sb, s.ptr, s.len);
}

void
dy_strbuf_addc(struct dy_strbuf *sb, char c)
{
	dy_strbuf_add(sb, &c, 1);
}

void
dy_strbuf_addf(struct dy_strbuf *sb, const char *fmt, ...)
{
	va_list args;
	va_list again;

	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	DY_ASSERT(n >= 0);
	char *at = dy_strbuf_reserve(sb, (size_t)n);
	if (at != NULL) {
		(void)vsnprintf(at, (size_t)n + 1, fmt, again);
		sb->len += (size_t)n;
	}
	va_end(again);
}

struct dy_str
dy_strbuf_str(const struct dy_strbuf *sb)
{
	struct dy_str s = { sb->ptr != NULL ? sb->ptr : "", sb->len };
	return s;
}
