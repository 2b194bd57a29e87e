/* Small texts, by first byte: times, days, ids, numbers, addresses, team rules. What is accepted is written again and
 * reads the same; what the server writes it also reads. */
#include "base/id.h"
#include "base/time.h"
#include "domain/address.h"
#include "domain/team.h"
#include "fuzz.h"

#include <errno.h>
#include <string.h>

static bool
only_of(struct dy_str s, const char *alphabet)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\0' || strchr(alphabet, s.ptr[i]) == NULL)
			return false;
	}
	return true;
}

static void
time_text(struct dy_arena *arena, struct dy_str s)
{
	struct dy_time t, back;
	char text[40];

	(void)arena;
	if (dy_time_decode(s, "/at", &t, NULL) != DY_OK)
		return;
	FUZZ_TRUE(only_of(s, "0123456789-:.+TtZz"));
	size_t n = dy_time_encode(dy_zone_default(), t, text, sizeof(text));
	FUZZ_TRUE(dy_time_decode((struct dy_str){ text, n }, "", &back, NULL) == DY_OK);
	FUZZ_TRUE(back.ms == t.ms);
}

static void
day_text(struct dy_arena *arena, struct dy_str s)
{
	struct dy_day day;
	char text[16];

	(void)arena;
	if (dy_day_decode(s, "", &day, NULL) != DY_OK)
		return;
	size_t n = dy_day_encode(day, text, sizeof(text));
	FUZZ_TRUE(dy_str_eq(s, (struct dy_str){ text, n }));
}

static void
id_text(struct dy_arena *arena, struct dy_str s)
{
	struct dy_id id, back;
	char text[DY_ID_TEXT + 1];

	(void)arena;
	if (dy_id_decode(s, "", &id, NULL) != DY_OK)
		return;
	FUZZ_TRUE(id.v > 0);
	dy_id_encode(id, text);
	FUZZ_TRUE(dy_id_decode(dy_str_from(text), "", &back, NULL) == DY_OK);
	FUZZ_TRUE(dy_id_eq(id, back));
}

/* Last-Event-ID, Content-Length, limits: the C library agrees on each number that is accepted. */
static void
number_text(struct dy_arena *arena, struct dy_str s)
{
	const char *z = dy_str_z(arena, s);
	uint64_t u;
	int64_t n;

	errno = 0;
	if (dy_str_to_i64(s, &n))
		FUZZ_TRUE(only_of(s, "-0123456789") && strtoll(z, NULL, 10) == n && errno == 0);
	if (dy_str_to_u64(s, &u))
		FUZZ_TRUE(only_of(s, "0123456789") && strtoull(z, NULL, 10) == u && errno == 0);
}

static void
address_text(struct dy_arena *arena, struct dy_str s)
{
	struct dy_address a, back;

	if (dy_address_decode(arena, s, &a, NULL) != DY_OK)
		return;
	FUZZ_TRUE(a.building.len > 0 && a.door.len > 0);
	FUZZ_TRUE(only_of(a.building, "0123456789") && only_of(a.stair, "0123456789") &&
	          only_of(a.door, "0123456789"));
	FUZZ_TRUE(dy_address_decode(arena, dy_address_text(arena, &a), &back, NULL) == DY_OK);
	FUZZ_TRUE(dy_str_eq(a.building, back.building) && dy_str_eq(a.stair, back.stair) &&
	          dy_str_eq(a.door, back.door));
	struct dy_str masked = dy_address_masked(arena, &a);
	FUZZ_TRUE(dy_str_is_utf8(masked));
}

static void
team_text(struct dy_arena *arena, struct dy_str s)
{
	struct dy_team_rule rule, back;

	if (dy_team_rule_decode(s, &rule, NULL) != DY_OK)
		return;
	struct dy_str text = dy_team_rule_encode(arena, &rule);
	FUZZ_TRUE(dy_team_rule_decode(text, &back, NULL) == DY_OK);
	FUZZ_TRUE(rule.count == back.count);
	FUZZ_TRUE(dy_str_eq(text, dy_team_rule_encode(arena, &back)));
}

static void
name_text(struct dy_arena *arena, struct dy_str s)
{
	struct dy_str masked = dy_name_masked(arena, s);

	FUZZ_TRUE(dy_str_is_utf8(masked) && masked.len <= 5);
	FUZZ_TRUE(dy_str_trim(s).len <= s.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const texts[])(struct dy_arena *, struct dy_str) = {
		time_text, day_text, id_text, number_text, address_text, team_text, name_text,
	};
	unsigned choice = fuzz_choice(&data, &size);
	struct dy_arena *arena = dy_arena_new((size_t)8 << 20);

	texts[choice % DY_COUNT(texts)](arena, fuzz_str(data, size < 8192 ? size : 8192));
	dy_arena_free(arena);
	return 0;
}
