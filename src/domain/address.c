/* Addresses. */
#include "domain/address.h"

#define NUMBER_MAX 6 /* digits of a code */

struct dy_str
dy_address_code(struct dy_arena *arena, const struct dy_address *a)
{
	return dy_str_from(dy_arena_printf(arena, "%.*s-%.*s-%.*s", DY_FMT(a->building),
	                                   DY_FMT(a->stair), DY_FMT(a->door)));
}

struct dy_str
dy_address_text(struct dy_arena *arena, const struct dy_address *a)
{
	const char *stair = a->stair.len > 0 ? "单元" : "";
	return dy_str_from(dy_arena_printf(arena, "%.*s幢%.*s%s%.*s", DY_FMT(a->building),
	                                   DY_FMT(a->stair), stair, DY_FMT(a->door)));
}

struct dy_str
dy_address_masked(struct dy_arena *arena, const struct dy_address *a)
{
	struct dy_address open = { a->building, a->stair, { "", 0 } };
	struct dy_str text = dy_address_text(arena, &open);

	if (a->door.len == 0)
		return text;
	return dy_str_from(dy_arena_printf(arena, "%.*s一户", DY_FMT(text)));
}

/* Value of a digit in any of the scripts people type, -1 for none; ten is 10. */
static int
digit_of(uint32_t cp)
{
	static const uint32_t CHINESE[] = { 0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
		                            0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341 }; /* 〇一..十 */
	if (cp >= '0' && cp <= '9')
		return (int)(cp - '0');
	if (cp >= 0xff10 && cp <= 0xff19)
		return (int)(cp - 0xff10);
	for (int i = 0; i <= 10; i++) {
		if (CHINESE[i] == cp)
			return i;
	}
	return -1;
}

static size_t
peek(struct dy_str text, uint32_t *cp)
{
	*cp = 0;
	return dy_utf8_next(text, cp);
}

/* A number at the head of *text; false when there is none. "十二" is 12, "二十" 20, "二十三" 23. */
static bool
take_number(struct dy_arena *arena, struct dy_str *text, struct dy_str *out)
{
	uint32_t cp;
	long value = 0;
	long unit = 0; /* digit read since the last ten */
	bool has_ten = false;
	size_t digits = 0;

	for (size_t n = peek(*text, &cp); n > 0 && digit_of(cp) >= 0; n = peek(*text, &cp)) {
		int d = digit_of(cp);
		if (++digits > NUMBER_MAX)
			return false;
		if (d == 10) {
			value = (unit == 0 ? 1 : unit) * 10;
			unit = 0;
			has_ten = true;
		} else {
			unit = has_ten ? d : unit * 10 + d;
		}
		*text = dy_str_slice(*text, n, text->len);
	}
	if (digits == 0)
		return false;
	*out = dy_str_from(dy_arena_printf(arena, "%ld", value + unit));
	return true;
}

static bool
take_word(struct dy_str *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		struct dy_str word = dy_str_from(*words);
		if (dy_str_starts(*text, word)) {
			*text = dy_str_slice(*text, word.len, text->len);
			return true;
		}
	}
	return false;
}

enum dy_code
dy_address_decode(struct dy_arena *arena, struct dy_str text, struct dy_address *out,
                  struct dy_err *err)
{
	static const char *const BUILDING[] = { "号楼", "幢", "栋", "楼", "-", "－", "#", NULL };
	static const char *const STAIR[] = { "单元", "门", "梯", "-", "－", NULL };
	static const char *const DOOR[] = { "室", "户", "号", NULL };
	struct dy_address a = { 0 };
	struct dy_str second;

	text = dy_str_trim(text);
	bool good = take_number(arena, &text, &a.building) && take_word(&text, BUILDING) &&
	            take_number(arena, &text, &second);
	if (good && take_word(&text, STAIR)) {
		a.stair = second;
		good = take_number(arena, &text, &a.door);
	} else {
		a.door = second;
	}
	(void)take_word(&text, DOOR);
	if (!good || text.len > 0)
		return dy_raise(err, DY_E_INPUT, "/address",
		                "not an address; write it like 3-1-501 or 3幢1单元501");
	*out = a;
	return DY_OK;
}

struct dy_str
dy_name_masked(struct dy_arena *arena, struct dy_str name)
{
	uint32_t cp;
	size_t n = dy_utf8_next(name, &cp);

	if (n == 0)
		return (struct dy_str){ "", 0 };
	return dy_str_from(dy_arena_printf(arena, "%.*s*", (int)n, name.ptr));
}
