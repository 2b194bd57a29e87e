/* Doors found while they are typed. */
#include "domain/door_query.h"

static const char *const BETWEEN[] = { "号楼", "单元", "幢", "栋", "楼", "门", "梯", "室",
	                               "户",   "号",   "-",  "－", "#",  " ",  "　", NULL };

static size_t
between_at(struct dy_str text)
{
	for (const char *const *w = BETWEEN; *w != NULL; w++) {
		struct dy_str word = dy_str_from(*w);
		if (dy_str_starts(text, word))
			return word.len;
	}
	return 0;
}

/* ASCII or full-width digit at the head of the text, as a character; 0 when there is none. */
static char
digit_at(struct dy_str text, size_t *n)
{
	uint32_t cp = 0;

	*n = dy_utf8_next(text, &cp);
	if (cp >= '0' && cp <= '9')
		return (char)cp;
	if (cp >= 0xff10 && cp <= 0xff19)
		return (char)('0' + (cp - 0xff10));
	return '\0';
}

void
dy_door_query_read(struct dy_arena *arena, struct dy_str text, struct dy_door_query *out)
{
	char *at = dy_arena_alloc(arena, 2 * text.len + 1);
	char *name = at + text.len;
	size_t name_len = 0, n;
	bool in_number = false;

	*out = (struct dy_door_query){ 0 };
	while (text.len > 0) {
		char digit = digit_at(text, &n);
		if (n == 0)
			return; /* not UTF-8: nothing is found */
		if (digit != '\0') {
			if (!in_number && out->n < DY_DOOR_NUMBERS)
				out->numbers[out->n] = (struct dy_str){ at, 0 };
			if (!in_number)
				out->n++;
			if (out->n <= DY_DOOR_NUMBERS)
				out->numbers[out->n - 1].len++;
			*at++ = digit;
		} else if (between_at(text) > 0) {
			n = between_at(text);
		} else {
			for (size_t i = 0; i < n; i++)
				name[name_len++] = text.ptr[i];
		}
		in_number = digit != '\0';
		text = dy_str_slice(text, n, text.len);
	}
	out->name = (struct dy_str){ name, name_len };
}

bool
dy_door_query_fits_building(const struct dy_door_query *q, struct dy_str code, struct dy_str name)
{
	if (q->n > DY_DOOR_NUMBERS || (q->n == 0 && q->name.len == 0))
		return false;
	if (q->name.len > 0)
		return dy_str_contains(name, q->name);
	return dy_str_eq(code, q->numbers[0]);
}

bool
dy_door_query_fits_door(const struct dy_door_query *q, struct dy_str stair, struct dy_str door)
{
	size_t first = q->name.len > 0 ? 0 : 1; /* numbers behind the building's */

	if (q->n > DY_DOOR_NUMBERS)
		return false;
	if (q->n <= first)
		return true;
	if (q->n - first == 1)
		return dy_str_eq(stair, q->numbers[first]) ||
		       dy_str_starts(door, q->numbers[first]);
	return dy_str_eq(stair, q->numbers[first]) && dy_str_starts(door, q->numbers[first + 1]);
}
