/* Rules as data, and properties: whatever acts come in whatever order, nothing illegal happens, somebody answers, and there is
 * a way to an end. Random walks are seeded: they are the same on every machine. */
#include "base/rng.h"
#include "domain/clock.h"
#include "domain/hand.h"
#include "domain/rules_json.h"
#include "dyt.h"

#define WALKS    2000
#define STEPS    40
#define PEOPLE   12
#define NOON     1750046400000 /* 2025-06-16 12:00 in Shanghai */
#define JSON_MAX ((size_t)1 << 18)

static const struct dy_id GRID = { 11 }, UNIT = { 21 }, COMMUNITY = { 1 };

/* A community of chance: a secretary, and others in posts anywhere, present or not. */
static struct dy_hands
random_hands(struct dy_rng *rng, struct dy_hand *items)
{
	items[0] = (struct dy_hand){ .account = { 100 },
		                     .scope = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, COMMUNITY },
		                     .is_absent = dy_rng_below(rng, 4) == 0 };
	for (size_t i = 1; i < PEOPLE; i++) {
		enum dy_scope_kind kind = (enum dy_scope_kind)dy_rng_below(rng, 3);
		items[i] = (struct dy_hand){
			.account = { 100 + (int64_t)i },
			.scope = { (enum dy_role)(1 + dy_rng_below(rng, DY_ROLES - 1)), kind,
			           kind == DY_SCOPE_UNIT   ? (dy_rng_below(rng, 2) ? UNIT : GRID)
			           : kind == DY_SCOPE_GRID ? (dy_rng_below(rng, 2) ? GRID : UNIT)
			                                   : COMMUNITY },
			.is_deputy = dy_rng_below(rng, 3) == 0,
			.is_absent = dy_rng_below(rng, 2) == 0,
			.is_on_duty = dy_rng_below(rng, 5) == 0,
		};
	}
	return (struct dy_hands){ items, PEOPLE };
}

static void
step_check(enum dy_state from, enum dy_act act, const struct dy_step *step)
{
	DYT_ROW(dy_act_name(act));
	DYT_TRUE((int)step->next >= 0 && (int)step->next < DY_STATES);
	if (!dy_state_is_open(from))
		DYT_TRUE(act == DY_ACT_REOPEN || act == DY_ACT_RATE);
	if (dy_state_is_open(from) && !dy_state_is_open(step->next))
		DYT_TRUE((step->effects & DY_EFFECT_ENDS) != 0);
}

DYT(random_walks_never_leave_the_table_and_somebody_always_answers)
{
	struct dy_rng rng = dy_rng_seed(7, 1);
	struct dy_hand items[PEOPLE];
	bool seen[DY_STATES] = { false };

	for (int walk = 0; walk < WALKS; walk++) {
		enum dy_state state = DY_STATE_REPORTED, prior = DY_STATE_REPORTED;
		struct dy_hands hands = random_hands(&rng, items);
		struct dy_hand_where where = { .grid = GRID, .unit = UNIT };
		for (int i = 0; i < STEPS; i++) {
			enum dy_act act = (enum dy_act)dy_rng_below(&rng, DY_ACTS);
			unsigned side = 1u << dy_rng_below(&rng, DY_SIDES);
			struct dy_step step;
			if (dy_request_step(state, prior, act, side, &step, NULL) != DY_OK)
				continue;
			step_check(state, act, &step);
			if (step.next == DY_STATE_SUSPENDED && state != DY_STATE_SUSPENDED)
				prior = state;
			state = step.next;
			seen[state] = true;
			if ((step.effects & (DY_EFFECT_OWNS | DY_EFFECT_GIVES)) != 0)
				where.owner = items[dy_rng_below(&rng, PEOPLE)].account;
			if ((step.effects & DY_EFFECT_DISOWNS) != 0)
				where.owner.v = 0;
			if ((step.effects & DY_EFFECT_RAISES) != 0 && where.level < 3)
				where.level++;
			enum dy_hand_why why;
			const struct dy_hand *h = dy_hand_find(&hands, &where, &why);
			DYT_TRUE(h != NULL);
			DYT_TRUE(!h->is_absent || why == DY_HAND_LAST);
			DYT_TRUE(dy_role_has(h->scope.role, DY_CAP_REQUEST_WORK) ||
			         dy_role_has(h->scope.role, DY_CAP_REQUEST_SUPERVISE));
			if (why != DY_HAND_LAST)
				DYT_TRUE(dy_post_covers(&h->scope, GRID, UNIT));
		}
	}
	for (int s = 0; s < DY_STATES; s++) {
		DYT_ROW(dy_state_name((enum dy_state)s));
		DYT_TRUE(seen[s]);
	}
}

/* Can people alone, without the clock, bring it to an end? Breadth first over sides but the system's. */
static bool
can_end(enum dy_state from)
{
	bool seen[DY_STATES] = { false };
	enum dy_state queue[DY_STATES];
	size_t head = 0, n = 0;

	seen[from] = true;
	queue[n++] = from;
	while (head < n) {
		enum dy_state s = queue[head++];
		if (!dy_state_is_open(s))
			return true;
		for (int a = 0; a < DY_ACTS; a++) {
			struct dy_step step;
			unsigned people = ~(unsigned)DY_SIDE_SYSTEM;
			if (dy_request_step(s, DY_STATE_WORKING, (enum dy_act)a, people, &step,
			                    NULL) == DY_OK &&
			    !seen[step.next]) {
				seen[step.next] = true;
				queue[n++] = step.next;
			}
		}
	}
	return false;
}

DYT(from_every_state_people_alone_find_an_end)
{
	for (int s = 0; s < DY_STATES; s++) {
		DYT_ROW(dy_state_name((enum dy_state)s));
		DYT_TRUE(can_end((enum dy_state)s));
	}
}

DYT(the_clock_alone_neither_loops_nor_repeats_a_rung)
{
	struct dy_rules rules;
	struct dy_rng rng = dy_rng_seed(7, 1);

	dy_rules_init(&rules);
	for (int walk = 0; walk < WALKS; walk++) {
		struct dy_clock c = { .state = (enum dy_state)dy_rng_below(&rng, DY_STATES),
			              .urgent = dy_rng_below(&rng, 2) == 0,
			              .responded = dy_rng_below(&rng, 2) == 0,
			              .from = { NOON } };
		int64_t now = NOON;
		c.respond_due.ms = NOON + (1 + (int64_t)dy_rng_below(&rng, 600)) * DY_MINUTE_MS;
		c.close_due.ms = NOON + (1 + (int64_t)dy_rng_below(&rng, 6000)) * DY_MINUTE_MS;
		for (int i = 0; i < STEPS; i++) {
			now += (int64_t)dy_rng_below(&rng, 3000) * DY_MINUTE_MS;
			struct dy_due_work work = dy_clock_due(&c, &rules, (struct dy_time){ now });
			if (work.act != DY_DUE_ACT_RUNG)
				break;
			int64_t *rung = work.of_close ? &c.close_rung : &c.respond_rung;
			DYT_TRUE(work.at.ms <= now);
			DYT_TRUE(work.rung >= *rung);
			DYT_TRUE(*rung > DY_RUNG_RED || work.rung <= DY_RUNG_RED);
			*rung = work.rung + 1;
			struct dy_due_work next = dy_clock_next(&c, &rules);
			DYT_TRUE(next.act == DY_DUE_ACT_NONE || next.of_close != work.of_close ||
			         next.rung > work.rung);
		}
	}
}

DYT(emergency_keeps_the_night_as_short_as_the_day)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_time night = { NOON + 10 * DY_HOUR_MS };
	struct dy_rules rules;

	dy_rules_init(&rules);
	const struct dy_rule *rule = dy_rules_find(&rules, DY_STR("FOOD"));
	DYT_INT(dy_rules_respond_due(&rules, rule, DY_MODE_NORMAL, zone, false, night).ms -
	                night.ms,
	        10 * DY_MINUTE_MS);
	DYT_INT(dy_rules_respond_due(&rules, rule, DY_MODE_EMERGENCY, zone, false, night).ms -
	                night.ms,
	        3 * DY_MINUTE_MS);
	DYT_INT(dy_rules_respond_due(&rules, rule, DY_MODE_NORMAL, zone, true, night).ms - night.ms,
	        3 * DY_MINUTE_MS);
	rules.calendar.day_ends = 23 * 60;
	DYT_INT(dy_rules_respond_due(&rules, rule, DY_MODE_NORMAL, zone, false, night).ms -
	                night.ms,
	        3 * DY_MINUTE_MS);
}

DYT(deadlines_are_words_that_read_back)
{
	static const struct {
		const char *text;
		bool good;
		enum dy_due_kind kind;
		int64_t ms;
	} row[] = {
		{ "none", true, DY_DUE_NONE, 0 },
		{ "same_day", true, DY_DUE_SAME_DAY, 0 },
		{ "next_morning", true, DY_DUE_NEXT_NINE, 0 },
		{ "10 min", true, DY_DUE_AFTER, 10 * DY_MINUTE_MS },
		{ "24 h", true, DY_DUE_AFTER, DY_DAY_MS },
		{ "3 d", true, DY_DUE_AFTER, 3 * DY_DAY_MS },
		{ "0 min", false, DY_DUE_NONE, 0 },
		{ "-5 min", false, DY_DUE_NONE, 0 },
		{ "61 d", false, DY_DUE_NONE, 0 },
		{ "9223372036854775807 d", false, DY_DUE_NONE, 0 },
		{ "4", false, DY_DUE_NONE, 0 },
		{ "4 hours", false, DY_DUE_NONE, 0 },
		{ "soon", false, DY_DUE_NONE, 0 },
		{ "", false, DY_DUE_NONE, 0 },
	};

	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_due due;
		char text[DY_DUE_TEXT];
		DYT_ROW(row[i].text);
		DYT_INT(dy_due_read(dy_str_from(row[i].text), &due), row[i].good);
		if (!row[i].good)
			continue;
		DYT_INT(due.kind, row[i].kind);
		DYT_INT(due.ms, row[i].ms);
		DYT_STR(dy_due_write(&due, text), row[i].text);
	}
}

static enum dy_code
read_text(struct dy_arena *arena, struct dy_str text, struct dy_rules *out, struct dy_err *err)
{
	struct dy_json *j;

	DY_TRY(dy_json_open(arena, text, &j, err));
	DY_TRY(dy_rules_read(j, arena, out, err));
	return dy_json_end(j, err);
}

static struct dy_str
write_text(struct dy_arena *arena, const struct dy_rules *rules, bool all)
{
	struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, JSON_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_rules_write(&w, rules, all);
	dy_jw_obj_end(&w);
	struct dy_str text = dy_str_dup(arena, (struct dy_str){ sb.ptr, sb.len });
	dy_strbuf_release(&sb);
	return text;
}

DYT(rules_that_were_written_read_back_the_same)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(JSON_MAX * 8);
	static const char own[] =
		"{\"release_minutes\":45,\"ladder\":{\"red_percent\":50},"
		"\"calendar\":{\"day_begins\":\"07:30\"},\"categories\":[{\"code\":\"REPR\","
		"\"evidence\":\"note\",\"urgent_words\":[\"爆管\"],\"next_hands\":[\"leader\"],"
		"\"modes\":{\"emergency\":{\"close\":\"6 h\"}}}]}";
	struct dy_rules rules, again;
	struct dy_err err = { 0 };

	DYT_OK(read_text(arena, dy_str_from(own), &rules, &err));
	DYT_INT(rules.release_minutes, 45);
	DYT_INT(rules.ladder.red_percent, 50);
	DYT_INT(rules.ladder.town_percent, 300); /* as built in */
	DYT_INT(rules.calendar.day_begins, 450);
	const struct dy_rule *repr = dy_rules_find(&rules, DY_STR("REPR"));
	DYT_INT(repr->category.evidence, DY_EVIDENCE_NOTE);
	DYT_INT(repr->modes[DY_MODE_EMERGENCY].close[DY_BY_DAY].ms, 6 * DY_HOUR_MS);
	DYT_INT(repr->modes[DY_MODE_NORMAL].close[DY_BY_DAY].ms, DY_DAY_MS);
	DYT_TRUE(dy_category_is_urgent(&repr->category, DY_STR("楼下爆管了"), false, false));
	DYT_TRUE(dy_category_is_urgent(&repr->category, DY_STR("煤气味"), false, false));
	for (int all = 0; all <= 1; all++) {
		struct dy_str text = write_text(arena, &rules, all == 1);
		DYT_OK(read_text(arena, text, &again, &err));
		struct dy_str twice = write_text(arena, &again, all == 1);
		DYT_INT(text.len, twice.len);
		DYT_TRUE(memcmp(text.ptr, twice.ptr, text.len) == 0);
	}
	/* what is as built in is not written down: a better built-in rule reaches everybody who left it alone */
	struct dy_rules built_in;
	dy_rules_init(&built_in);
	DYT_TRUE(dy_str_is(write_text(arena, &built_in, false), "{\"categories\":[]}"));
}

DYT(what_is_wrong_in_rules_is_named)
{
	static const struct {
		const char *text, *field;
	} row[] = {
		{ "{\"categories\":[{\"code\":\"NOPE\"}]}", "/categories/0/code" },
		{ "{\"categories\":[{\"code\":\"FOOD\"},{\"code\":\"FOOD\"}]}",
		  "/categories/1/code" },
		{ "{\"categories\":[{\"code\":\"FOOD\",\"modes\":{\"alert\":{\"close\":\"soon\"}}}]"
		  "}",
		  "/categories/0/modes/alert/close" },
		{ "{\"categories\":[{\"code\":\"FOOD\",\"modes\":{\"panic\":{}}}]}",
		  "/categories/0/modes/panic" },
		{ "{\"categories\":[{\"code\":\"MED1\",\"modes\":{\"normal\":{\"respond\":\"1 "
		  "h\"}}}]}",
		  "/categories/0/modes/normal/respond" },
		{ "{\"categories\":[{\"code\":\"MED1\",\"urgent\":\"never\"}]}",
		  "/categories/0/urgent" },
		{ "{\"categories\":[{\"code\":\"REPR\",\"modes\":{\"normal\":{\"respond\":\"5 "
		  "h\",\"close\":\"4 h\"}}}]}",
		  "/categories/0/modes/normal/respond" },
		{ "{\"categories\":[{\"code\":\"FOOD\",\"next_hands\":[\"shopkeeper\"]}]}",
		  "/categories/0/next_hands/0" },
		{ "{\"categories\":[{\"code\":\"FOOD\",\"next_hands\":[\"captain\",\"captain\"]}]}",
		  "/categories/0/next_hands/1" },
		{ "{\"categories\":[{\"code\":\"FOOD\",\"evidence\":\"oath\"}]}",
		  "/categories/0/evidence" },
		{ "{\"categories\":[{\"code\":\"FOOD\",\"urgent_words\":[\"\"]}]}",
		  "/categories/0/urgent_words/0" },
		{ "{\"categories\":[{\"code\":\"FOOD\",\"colour\":1}]}", "/categories/0/colour" },
		{ "{\"calendar\":{\"day_begins\":\"8:00\"}}", "/calendar/day_begins" },
		{ "{\"calendar\":{\"day_begins\":\"25:00\"}}", "/calendar/day_begins" },
		{ "{\"calendar\":{\"day_begins\":\"21:00\"}}", "/calendar/day_ends" },
		{ "{\"release_minutes\":0}", "/release_minutes" },
		{ "{\"ladder\":{\"red_percent\":-1}}", "/ladder/red_percent" },
		{ "{\"ladder\":{\"steps\":1}}", "/ladder/steps" },
		{ "{\"speed\":1}", "/speed" },
	};
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(JSON_MAX * 8);

	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_rules rules;
		struct dy_err err = { 0 };
		DYT_ROW(row[i].text);
		DYT_INT(read_text(arena, dy_str_from(row[i].text), &rules, &err), DY_E_INPUT);
		DYT_STR(err.field, row[i].field);
	}
}

DYT_MAIN(DYT_TEST(random_walks_never_leave_the_table_and_somebody_always_answers),
         DYT_TEST(from_every_state_people_alone_find_an_end),
         DYT_TEST(the_clock_alone_neither_loops_nor_repeats_a_rung),
         DYT_TEST(emergency_keeps_the_night_as_short_as_the_day),
         DYT_TEST(deadlines_are_words_that_read_back),
         DYT_TEST(rules_that_were_written_read_back_the_same),
         DYT_TEST(what_is_wrong_in_rules_is_named))
