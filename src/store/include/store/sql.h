/* Typed statements: a text, the types it takes and the types it gives.
 *
 * Types in .in and .out: 'i' dy_id · 't' dy_time · 'n' int64_t · 's' dy_str (text) · 'b' dy_bytes (blob)
 *   · '?' after a type: may be NULL (dy_id 0, dy_time 0, empty dy_str/dy_bytes bind NULL and read back so;
 *   'n?' is not allowed: use a real value).
 * Placeholders are $1..$n and bound by name; values never enter the text.
 * Ownership: a dy_rows and the columns read from it live until dy_rows_close(); text and blobs are
 *   copied into the arena that is passed.
 * Threads: a transaction belongs to the thread that began it.
 * Errors: a constraint that fails is DY_E_CONFLICT, anything else from the engine DY_E_IO. A statement
 *   whose types do not fit its .in/.out is a programming mistake and aborts. */
#ifndef DY_STORE_SQL_H
#define DY_STORE_SQL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dy_bytes {
	const uint8_t *ptr;
	size_t len;
};

struct dy_sql {
	const char *name; /* unique over the program */
	const char *in;
	const char *out;
	const char *text;
	const char *pg; /* only where the portable text cannot serve; counted by ./dev check */
};

enum dy_value_type { DY_VALUE_ID, DY_VALUE_TIME, DY_VALUE_INT, DY_VALUE_STR, DY_VALUE_BYTES };

struct dy_value {
	enum dy_value_type type;
	union {
		struct dy_id id;
		struct dy_time time;
		int64_t n;
		struct dy_str str;
		struct dy_bytes bytes;
	} as;
};

struct dy_args {
	const struct dy_value *values;
	size_t n;
};

static inline struct dy_value
dy_v_id(struct dy_id v)
{
	return (struct dy_value){ .type = DY_VALUE_ID, .as.id = v };
}
static inline struct dy_value
dy_v_time(struct dy_time v)
{
	return (struct dy_value){ .type = DY_VALUE_TIME, .as.time = v };
}
static inline struct dy_value
dy_v_int(int64_t v)
{
	return (struct dy_value){ .type = DY_VALUE_INT, .as.n = v };
}
static inline struct dy_value
dy_v_str(struct dy_str v)
{
	return (struct dy_value){ .type = DY_VALUE_STR, .as.str = v };
}
static inline struct dy_value
dy_v_bytes(struct dy_bytes v)
{
	return (struct dy_value){ .type = DY_VALUE_BYTES, .as.bytes = v };
}

/* Only our value types bind: a raw int does not compile. */
#define DY_V(x)                                                                                    \
	_Generic((x), struct dy_id                                                                 \
	         : dy_v_id, struct dy_time                                                         \
	         : dy_v_time, int64_t                                                              \
	         : dy_v_int, struct dy_str                                                         \
	         : dy_v_str, struct dy_bytes                                                       \
	         : dy_v_bytes)(x)
#define DY_ARGS(...)                                                                               \
	((struct dy_args){ (const struct dy_value[]){ __VA_ARGS__ },                               \
	                   sizeof((const struct dy_value[]){ __VA_ARGS__ }) /                      \
	                           sizeof(struct dy_value) })
#define DY_NO_ARGS ((struct dy_args){ NULL, 0 })

struct dy_rtx; /* a read transaction: one snapshot */
struct dy_wtx; /* a write transaction: a savepoint inside the writer's group commit */
struct dy_rows;

/* Every write transaction can read: its rows see its own writes. */
struct dy_rtx *dy_wtx_read(struct dy_wtx *tx);

/* Community of the transaction: what statements bind as community_id. */
struct dy_id dy_rtx_community(const struct dy_rtx *tx);
struct dy_id dy_wtx_community(const struct dy_wtx *tx);

enum dy_code dy_sql_read(struct dy_rtx *tx, const struct dy_sql *sql, struct dy_args args,
                         struct dy_rows **out, struct dy_err *err) DY_NODISCARD;
/* For statements without rows. changed (may be NULL) gets the number of rows written. */
enum dy_code dy_sql_write(struct dy_wtx *tx, const struct dy_sql *sql, struct dy_args args,
                          int64_t *changed, struct dy_err *err) DY_NODISCARD;
/* INSERT/UPDATE/DELETE ... RETURNING. Read all rows to the end: it completes the write. */
enum dy_code dy_sql_write_rows(struct dy_wtx *tx, const struct dy_sql *sql, struct dy_args args,
                               struct dy_rows **out, struct dy_err *err) DY_NODISCARD;

bool dy_rows_next(struct dy_rows *rows);
/* Each column is read once, in order; a skipped or mistyped column aborts. */
struct dy_id dy_rows_id(struct dy_rows *rows);
struct dy_time dy_rows_time(struct dy_rows *rows);
int64_t dy_rows_int(struct dy_rows *rows);
struct dy_str dy_rows_str(struct dy_rows *rows, struct dy_arena *arena);
struct dy_bytes dy_rows_bytes(struct dy_rows *rows, struct dy_arena *arena);
/* After the last row: DY_OK, or what went wrong on the way. Does not close. */
enum dy_code dy_rows_end(struct dy_rows *rows, struct dy_err *err) DY_NODISCARD;
void dy_rows_close(struct dy_rows **rows); /* for DY_CLEANUP; NULL is fine */

/* First row of a query that has one or none: *found tells. Columns are then read from *out; on
 * !*found, *out is NULL. */
enum dy_code dy_sql_read_one(struct dy_rtx *tx, const struct dy_sql *sql, struct dy_args args,
                             struct dy_rows **out, bool *found, struct dy_err *err) DY_NODISCARD;

#endif
