/* Ids: 63-bit numbers made by the program, 42 bits of milliseconds and 21 random bits.
 *
 * Unique within a community by primary key; a collision is retried by the caller.
 * In JSON an id is 13 characters of Crockford base32 ("0d2m8k3vq5r1w"): decoders take upper and lower
 *   case, and I, L for 1 and O for 0. Zero is "no id" and never a stored key.
 * Threads: dy_id_make() is pure. */
#ifndef DY_BASE_ID_H
#define DY_BASE_ID_H

#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>
#include <stdint.h>

#define DY_ID_TEXT 13

struct dy_id {
	int64_t v;
};

static inline bool
dy_id_eq(struct dy_id a, struct dy_id b)
{
	return a.v == b.v;
}
static inline bool
dy_id_is_set(struct dy_id id)
{
	return id.v != 0;
}

/* random: any 64 bits; 21 are used. Years 1970 to 2109. */
struct dy_id dy_id_make(struct dy_time now, uint64_t random);
void dy_id_encode(struct dy_id id, char out[DY_ID_TEXT + 1]); /* NUL-terminated */
enum dy_code dy_id_decode(struct dy_str s, const char *field, struct dy_id *out,
                          struct dy_err *err) DY_NODISCARD;

/* Crockford base32 of any bytes, lower case, for tokens. Returns characters written. */
size_t dy_base32_encode(const uint8_t *bytes, size_t n, char *out, size_t cap);

#endif
