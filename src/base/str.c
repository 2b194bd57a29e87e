/* Strings: comparison, cutting, numbers and UTF-8. The builder is in strbuf.c. */
#include "base/str.h"

#include <string.h>

struct dy_str
dy_str_from(const char *text)
{
	struct dy_str s = { text, text != NULL ? strlen(text) : 0 };
	return s;
}

struct dy_str
dy_str_dup(struct dy_arena *arena, struct dy_str s)
{
	struct dy_str copy = { dy_arena_dup(arena, s.ptr, s.len), s.len };
	return copy;
}

const char *
dy_str_z(struct dy_arena *arena, struct dy_str s)
{
	return dy_arena_dup(arena, s.ptr, s.len);
}

bool
dy_str_eq(struct dy_str a, struct dy_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool
dy_str_is(struct dy_str a, const char *text)
{
	return dy_str_eq(a, dy_str_from(text));
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
dy_str_ieq(struct dy_str a, struct dy_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	}
	return true;
}

bool
dy_str_starts(struct dy_str s, struct dy_str prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool
dy_str_contains(struct dy_str s, struct dy_str part)
{
	if (part.len == 0)
		return true;
	for (size_t i = 0; i + part.len <= s.len; i++) {
		if (memcmp(s.ptr + i, part.ptr, part.len) == 0)
			return true;
	}
	return false;
}

static size_t
blank_before(struct dy_str s)
{
	if (s.len == 0)
		return 0;
	unsigned char c = (unsigned char)s.ptr[0];
	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return 1;
	return dy_str_starts(s, DY_STR("\xe3\x80\x80")) ? 3 : 0; /* U+3000 */
}

static size_t
blank_behind(struct dy_str s)
{
	if (s.len == 0)
		return 0;
	unsigned char c = (unsigned char)s.ptr[s.len - 1];
	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return 1;
	return s.len >= 3 && memcmp(s.ptr + s.len - 3, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

struct dy_str
dy_str_trim(struct dy_str s)
{
	for (size_t n = blank_before(s); n > 0; n = blank_before(s)) {
		s.ptr += n;
		s.len -= n;
	}
	for (size_t n = blank_behind(s); n > 0; n = blank_behind(s))
		s.len -= n;
	return s;
}

struct dy_str
dy_str_slice(struct dy_str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	struct dy_str part = { s.ptr != NULL ? s.ptr + from : NULL, to - from };
	return part;
}

struct dy_str
dy_str_split(struct dy_str *rest, char sep)
{
	const char *at = rest->len > 0 ? memchr(rest->ptr, sep, rest->len) : NULL;
	struct dy_str head = *rest;
	if (at == NULL) {
		*rest = (struct dy_str){ rest->ptr != NULL ? rest->ptr + rest->len : NULL, 0 };
		return head;
	}
	head.len = (size_t)(at - rest->ptr);
	*rest = dy_str_slice(*rest, head.len + 1, rest->len);
	return head;
}

struct dy_str
dy_str_join(struct dy_arena *arena, const char *const *parts, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += strlen(parts[i]);
	char *text = dy_arena_alloc(arena, len + 1);
	char *at = text;
	for (size_t i = 0; i < n; i++) {
		size_t part = strlen(parts[i]);
		memcpy(at, parts[i], part);
		at += part;
	}
	return (struct dy_str){ text, len };
}

const char *
dy_int_text(int64_t v, char out[DY_INT_TEXT])
{
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char *at = out + DY_INT_TEXT - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (v < 0)
		*--at = '-';
	return at;
}

bool
dy_str_to_u64(struct dy_str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.len == 0 || s.len > 20)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(s.ptr[i] - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}

bool
dy_str_to_i64(struct dy_str s, int64_t *out)
{
	bool minus = s.len > 0 && s.ptr[0] == '-';
	uint64_t v;

	if (minus)
		s = (struct dy_str){ s.ptr + 1, s.len - 1 };
	if (!dy_str_to_u64(s, &v))
		return false;
	if (v > (uint64_t)INT64_MAX + (minus ? 1 : 0))
		return false;
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

/* Table 3-7 of the Unicode standard: which second bytes each first byte permits. */
size_t
dy_utf8_next(struct dy_str s, uint32_t *code_point)
{
	if (s.len == 0)
		return 0;
	const unsigned char *p = (const unsigned char *)s.ptr;
	if (p[0] < 0x80) {
		*code_point = p[0];
		return 1;
	}
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || s.len < n)
		return 0;
	unsigned char lo = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char hi = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	if (p[1] < lo || p[1] > hi)
		return 0;
	uint32_t v = p[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3fu);
	}
	*code_point = v;
	return n;
}

bool
dy_str_is_utf8(struct dy_str s)
{
	uint32_t cp;

	while (s.len > 0) {
		size_t n = dy_utf8_next(s, &cp);
		if (n == 0)
			return false;
		s.ptr += n;
		s.len -= n;
	}
	return true;
}

size_t
dy_str_chars(struct dy_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return n;
}

uint64_t
dy_str_hash(struct dy_str s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(1099511628211);
	return h;
}
