/* Byte strings with a length, and a builder with a maximum.
 *
 * Ownership: struct dy_str borrows; who made the bytes frees them. dy_strbuf owns its memory.
 * Threads: plain data.
 * Text is UTF-8; dy_str_is_utf8() is the strict check every decoder applies to input. */
#ifndef DY_BASE_STR_H
#define DY_BASE_STR_H

#include "base/arena.h"
#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dy_str {
	const char *ptr;
	size_t len;
};

#define DY_STR(literal) ((struct dy_str){ (literal), sizeof(literal) - 1 })
#define DY_STR_INIT(literal)                                                                       \
	{                                                                                          \
		(literal), sizeof(literal) - 1                                                     \
	}
/* For printf("%.*s"): the length is cut at INT_MAX. */
#define DY_FMT(s) ((int)((s).len > 0x7fffffff ? 0x7fffffff : (s).len)), ((s).ptr ? (s).ptr : "")

struct dy_str dy_str_from(const char *text); /* NULL gives the empty string */
struct dy_str dy_str_dup(struct dy_arena *arena, struct dy_str s);
const char *dy_str_z(struct dy_arena *arena, struct dy_str s); /* NUL-terminated copy */
bool dy_str_eq(struct dy_str a, struct dy_str b);
bool dy_str_is(struct dy_str a, const char *text);
bool dy_str_ieq(struct dy_str a, struct dy_str b); /* ASCII case only */
bool dy_str_starts(struct dy_str s, struct dy_str prefix);
bool dy_str_contains(struct dy_str s, struct dy_str part);
struct dy_str dy_str_trim(struct dy_str s); /* ASCII white space and U+3000 at both ends */
struct dy_str dy_str_slice(struct dy_str s, size_t from, size_t to); /* clamped */
/* Cuts *rest at the first sep: returns the part before, moves *rest behind it. */
struct dy_str dy_str_split(struct dy_str *rest, char sep);

/* One text of several C strings, for hot paths: printf costs ten times as much. */
struct dy_str dy_str_join(struct dy_arena *arena, const char *const *parts, size_t n);
#define DY_JOIN(arena, ...)                                                                        \
	dy_str_join((arena), (const char *const[]){ __VA_ARGS__ },                                 \
	            sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))
#define DY_INT_TEXT 21                                     /* "-9223372036854775808" and its end */
const char *dy_int_text(int64_t v, char out[DY_INT_TEXT]); /* decimal; points into out */

/* Whole-string decimal; no sign for u64, optional '-' for i64, no blanks, overflow is false. */
bool dy_str_to_u64(struct dy_str s, uint64_t *out);
bool dy_str_to_i64(struct dy_str s, int64_t *out);

bool dy_str_is_utf8(struct dy_str s); /* strict: no surrogates, no overlong forms, <= U+10FFFF */
size_t dy_str_chars(struct dy_str s); /* code points; s must be valid UTF-8 */
/* Decodes one code point at s.ptr; returns bytes used, 0 on bad UTF-8 or an empty string. */
size_t dy_utf8_next(struct dy_str s, uint32_t *code_point);

uint64_t dy_str_hash(struct dy_str s); /* FNV-1a 64: tables inside the program, never security */

/* Append-only builder. Passing max sets overflow and drops the rest; test it once at the end. */
struct dy_strbuf {
	char *ptr; /* always NUL-terminated once something was added */
	size_t len;
	size_t cap;
	size_t max;
	bool overflow;
};

void dy_strbuf_init(struct dy_strbuf *sb, size_t max);
void dy_strbuf_release(struct dy_strbuf *sb);
void dy_strbuf_reset(struct dy_strbuf *sb); /* keeps the memory */
void dy_strbuf_add(struct dy_strbuf *sb, const void *ptr, size_t len);
void dy_strbuf_adds(struct dy_strbuf *sb, const char *text);
void dy_strbuf_addstr(struct dy_strbuf *sb, struct dy_str s);
void dy_strbuf_addc(struct dy_strbuf *sb, char c);
void dy_strbuf_addf(struct dy_strbuf *sb, const char *fmt, ...) DY_PRINTF(2, 3);
/* Room for n more bytes at ptr+len, or NULL on overflow; the caller adds to len itself. */
char *dy_strbuf_reserve(struct dy_strbuf *sb, size_t n);
struct dy_str dy_strbuf_str(const struct dy_strbuf *sb);

#endif
