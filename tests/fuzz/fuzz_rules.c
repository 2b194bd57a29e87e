/* A community's rules as JSON: what can be read is written and read back the same, and gives deadlines that lie ahead. */
#include "domain/clock.h"
#include "domain/rules_json.h"
#include "fuzz.h"

#include <string.h>

#define ARENA_MAX ((size_t)4 << 20)
#define TEXT_MAX  ((size_t)256 << 10)

static bool
rules_open(struct dy_arena *arena, struct dy_str text, struct dy_rules *out)
{
	struct dy_err err = { 0 };
	struct dy_json *j;

	return dy_json_open(arena, text, &j, &err) == DY_OK &&
	       dy_rules_read(j, arena, out, &err) == DY_OK && dy_json_end(j, &err) == DY_OK;
}

static struct dy_str
rules_text(struct dy_arena *arena, const struct dy_rules *rules)
{
	struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, TEXT_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_rules_write(&w, rules, false);
	dy_jw_obj_end(&w);
	FUZZ_TRUE(!sb.overflow);
	struct dy_str text = dy_str_dup(arena, (struct dy_str){ sb.ptr, sb.len });
	dy_strbuf_release(&sb);
	return text;
}

static void
deadlines_try(const struct dy_rules *rules)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_time from = { 1750046400000 };

	for (size_t i = 0; i < DY_RULES_CATEGORIES; i++) {
		const struct dy_rule *rule = &rules->categories[i];
		for (int mode = 0; mode < DY_MODES; mode++) {
			enum dy_mode m = (enum dy_mode)mode;
			struct dy_clock c = { .state = DY_STATE_REPORTED, .from = from };
			c.respond_due = dy_rules_respond_due(rules, rule, m, zone, false, from);
			c.close_due = dy_rules_close_due(rules, rule, m, zone, from);
			FUZZ_TRUE(c.respond_due.ms == 0 || c.respond_due.ms > from.ms);
			FUZZ_TRUE(c.close_due.ms == 0 || c.close_due.ms > from.ms);
			struct dy_due_work next = dy_clock_next(&c, rules);
			FUZZ_TRUE(next.act == DY_DUE_ACT_NONE || next.at.ms >= from.ms);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_rules rules, again;

	if (size <= TEXT_MAX / 8 &&
	    rules_open(arena, (struct dy_str){ (const char *)data, size }, &rules)) {
		deadlines_try(&rules);
		struct dy_str text = rules_text(arena, &rules);
		FUZZ_TRUE(rules_open(arena, text, &again));
		struct dy_str twice = rules_text(arena, &again);
		FUZZ_TRUE(text.len == twice.len && memcmp(text.ptr, twice.ptr, text.len) == 0);
	}
	dy_arena_free(arena);
	return 0;
}
