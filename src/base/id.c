/* Ids and Crockford base32 (https://www.crockford.com/base32.html). */
#include "base/id.h"

#define RANDOM_BITS 21
#define MS_BITS     42

static const char DIGITS[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct dy_id
dy_id_make(struct dy_time now, uint64_t random)
{
	uint64_t ms = (uint64_t)now.ms & ((UINT64_C(1) << MS_BITS) - 1);
	uint64_t low = random & ((UINT64_C(1) << RANDOM_BITS) - 1);
	struct dy_id id = { (int64_t)(ms << RANDOM_BITS | low) };
	return id;
}

void
dy_id_encode(struct dy_id id, char out[DY_ID_TEXT + 1])
{
	uint64_t v = (uint64_t)id.v;

	for (int i = DY_ID_TEXT - 1; i >= 0; i--) {
		out[i] = DIGITS[v & 31];
		v >>= 5;
	}
	out[DY_ID_TEXT] = '\0';
}

/* -1: not a digit of the alphabet. */
static int
digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (c == 'o')
		return 0;
	if (c == 'i' || c == 'l')
		return 1;
	for (int i = 0; i < 32; i++) {
		if (DIGITS[i] == c)
			return i;
	}
	return -1;
}

enum dy_code
dy_id_decode(struct dy_str s, const char *field, struct dy_id *out, struct dy_err *err)
{
	uint64_t v = 0;

	if (s.len != DY_ID_TEXT)
		return dy_raise(err, DY_E_INPUT, field, "an id has %d characters", DY_ID_TEXT);
	for (size_t i = 0; i < s.len; i++) {
		int digit = digit_value(s.ptr[i]);
		if (digit < 0)
			return dy_raise(err, DY_E_INPUT, field,
			                "not a character of an id at place %zu", i + 1);
		/* 13 digits hold 65 bits, an id has 63: the first digit is at most 7 */
		if (i == 0 && digit > 7)
			return dy_raise(err, DY_E_INPUT, field, "the id is too large");
		v = v << 5 | (uint64_t)digit;
	}
	if (v == 0)
		return dy_raise(err, DY_E_INPUT, field, "the id is zero");
	out->v = (int64_t)v;
	return DY_OK;
}

size_t
dy_base32_encode(const uint8_t *bytes, size_t n, char *out, size_t cap)
{
	size_t len = 0;
	uint32_t bits = 0;
	unsigned have = 0;

	DY_ASSERT(cap > (n * 8 + 4) / 5);
	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | bytes[i];
		have += 8;
		while (have >= 5) {
			have -= 5;
			out[len++] = DIGITS[bits >> have & 31];
		}
	}
	if (have > 0)
		out[len++] = DIGITS[bits << (5 - have) & 31];
	out[len] = '\0';
	return len;
}
