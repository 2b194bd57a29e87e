/* JSON: strict decoding of request bodies, fast encoding of answers.
 *
 * Decoding: one object is opened, each member is taken once by name, and dy_json_end() refuses
 *   members nobody asked for. Duplicate names, bad UTF-8, NUL, depth over DY_JSON_DEPTH and trailing
 *   bytes are refused. Every error names the member as a JSON pointer ("/contact/phone").
 * Ownership: decoded strings live as long as the arena given to dy_json_open().
 * Encoding: append-only over a dy_strbuf; commas are the writer's business.
 * Threads: one reader or writer belongs to one thread. */
#ifndef DY_BASE_JSON_H
#define DY_BASE_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>
#include <stdint.h>

struct dy_json; /* an object being read */

/* text must be one object. The reader is released with the arena: no call needed. */
enum dy_code dy_json_open(struct dy_arena *arena, struct dy_str text, struct dy_json **out,
                          struct dy_err *err) DY_NODISCARD;
/* Refuses members that were not taken, in this object and all objects opened below it. */
enum dy_code dy_json_end(struct dy_json *j, struct dy_err *err) DY_NODISCARD;

bool dy_json_has(struct dy_json *j, const char *name); /* present and not null; does not take it */

/* Required members. Lengths are counted in characters (code points). Strings are trimmed. */
enum dy_code dy_json_str(struct dy_json *j, const char *name, size_t min, size_t max,
                         struct dy_str *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_int(struct dy_json *j, const char *name, int64_t min, int64_t max,
                         int64_t *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_bool(struct dy_json *j, const char *name, bool *out,
                          struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_id(struct dy_json *j, const char *name, struct dy_id *out,
                        struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_time(struct dy_json *j, const char *name, struct dy_time *out,
                          struct dy_err *err) DY_NODISCARD;
/* names[n]: the permitted words; *out gets the index. */
enum dy_code dy_json_word(struct dy_json *j, const char *name, const char *const *names, size_t n,
                          size_t *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_obj(struct dy_json *j, const char *name, struct dy_json **out,
                         struct dy_err *err) DY_NODISCARD;

/* Arrays: count elements, then take each by index. max is the largest permitted count. */
struct dy_json_list;
enum dy_code dy_json_array(struct dy_json *j, const char *name, size_t max,
                           struct dy_json_list **out, struct dy_err *err) DY_NODISCARD;
size_t dy_json_list_count(const struct dy_json_list *list);
enum dy_code dy_json_list_obj(struct dy_json_list *list, size_t i, struct dy_json **out,
                              struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_list_id(struct dy_json_list *list, size_t i, struct dy_id *out,
                             struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_list_str(struct dy_json_list *list, size_t i, size_t min, size_t max,
                              struct dy_str *out, struct dy_err *err) DY_NODISCARD;

/* Optional members: test dy_json_has() first; an absent or null member is marked as taken. */

/* The writer. Nothing fails before the end: overflow shows in sb->overflow. */
struct dy_jw {
	struct dy_strbuf *sb;
	bool comma;
};

void dy_jw_init(struct dy_jw *w, struct dy_strbuf *sb);
void dy_jw_obj(struct dy_jw *w);     /* { */
void dy_jw_obj_end(struct dy_jw *w); /* } */
void dy_jw_arr(struct dy_jw *w);
void dy_jw_arr_end(struct dy_jw *w);
void dy_jw_key(struct dy_jw *w, const char *name); /* plain ASCII, written as it is */
void dy_jw_str(struct dy_jw *w, struct dy_str s);  /* escaped; bad UTF-8 becomes U+FFFD */
void dy_jw_cstr(struct dy_jw *w, const char *s);   /* NULL writes null */
void dy_jw_int(struct dy_jw *w, int64_t v);
void dy_jw_bool(struct dy_jw *w, bool v);
void dy_jw_null(struct dy_jw *w);
void dy_jw_id(struct dy_jw *w, struct dy_id id); /* zero writes null */
void dy_jw_time(struct dy_jw *w, const struct dy_zone *zone, struct dy_time t); /* 0 writes null */
void dy_jw_raw(struct dy_jw *w, struct dy_str json); /* a finished value */

/* key and value in one call */
void dy_jw_kstr(struct dy_jw *w, const char *name, struct dy_str s);
void dy_jw_kcstr(struct dy_jw *w, const char *name, const char *s);
void dy_jw_kint(struct dy_jw *w, const char *name, int64_t v);
void dy_jw_kbool(struct dy_jw *w, const char *name, bool v);
void dy_jw_kid(struct dy_jw *w, const char *name, struct dy_id id);
void dy_jw_ktime(struct dy_jw *w, const char *name, const struct dy_zone *zone, struct dy_time t);

#endif
