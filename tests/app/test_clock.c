/* Time alone, simulated: weeks in milliseconds. Reminders, cards, escalation, release, closing; standstill and clocks that jump. */
#include "app/workflow.h"
#include "world.h"

#define MIN DY_MINUTE_MS

static const char *
told_of(struct world *w, struct dy_id id, const char *name)
{
	struct dy_entry_list list = entries(w, id);

	for (size_t i = 0; i < list.count; i++) {
		if (dy_str_is(list.items[i].act, name) &&
		    dy_str_is(list.items[i].actor_side, "system"))
			return dy_str_z(w->arena, list.items[i].text);
	}
	return "";
}

DYT(a_need_nobody_answers_climbs_from_unit_to_grid_to_community_to_town)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1);
	struct dy_request r = report(&w, &home, "REPR", "灯不亮"); /* 5 minutes by day */
	DYT_INT(r.respond_due_at.ms, NOON + 5 * MIN);
	pass(&w, 4 * MIN, 1000);
	DYT_INT(clock_acts(&w, r.id, "remind"), 0);
	pass(&w, MIN - 1000, 1000);
	DYT_INT(clock_acts(&w, r.id, "remind"), 1);
	DYT_STR(told_of(&w, r.id, "remind"), "示例leader");
	DYT_INT(stored(&w, r.id).level, 0);
	pass(&w, 1000, 1000);
	struct dy_request at = stored(&w, r.id);
	DYT_INT(at.level, 1);
	DYT_INT(at.clock.card, DY_CARD_YELLOW);
	DYT_INT(at.state, DY_STATE_REPORTED);
	DYT_STR(told_of(&w, r.id, "yellow_card"), "示例manager");
	pass(&w, 30 * MIN,
	     5000); /* the red card comes as long after as was given, at least half an hour */
	at = stored(&w, r.id);
	DYT_INT(at.level, 2);
	DYT_INT(at.clock.card, DY_CARD_RED);
	DYT_STR(told_of(&w, r.id, "red_card"), "示例secretary");
	pass(&w, DY_DAY_MS, MIN);
	at = stored(&w, r.id);
	DYT_INT(at.level, 3);
	DYT_INT(at.state, DY_STATE_ESCALATED);
	DYT_STR(told_of(&w, r.id, "escalate"), "示例officer");
	DYT_INT(clock_acts(&w, r.id, "yellow_card"), 2); /* of both deadlines */
	size_t reminders = clock_acts(&w, r.id, "remind");
	pass(&w, 7 * DY_DAY_MS, 10 * MIN);
	DYT_TRUE(clock_acts(&w, r.id, "remind") >= reminders + 7);
	DYT_TRUE(clock_acts(&w, r.id, "remind") <= reminders + 16);
	DYT_INT(clock_acts(&w, r.id, "red_card"), 2);
	world_close(&w);
}

DYT(a_second_person_is_asked_after_a_minute_when_a_life_may_hang_on_it)
{
	static const struct {
		const char *category, *text;
		bool asked; /* within the first minute */
	} row[] = {
		{ "MED2", "胰岛素用完了", true },
		{ "CARE", "老人晕倒了", true },
		{ "REPR", "厨房着火了", true },
		{ "MED2", "买降压药", false },
		{ "REPR", "没有着火，灯不亮", false },
		{ "FOOD", "断粮了", false }, /* urgent, but nobody's life */
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct world w;
		DYT_ROW(row[i].text);
		world_open(&w);
		struct dy_actor home = resident(&w, 1, 1);
		struct dy_request r = report(&w, &home, row[i].category, row[i].text);
		pass(&w, 50 * DY_SECOND_MS, 1000);
		DYT_INT(clock_acts(&w, r.id, "remind"), 0);
		pass(&w, 10 * DY_SECOND_MS, 1000);
		DYT_INT(clock_acts(&w, r.id, "remind"), row[i].asked);
		DYT_STR(told_of(&w, r.id, "remind"), row[i].asked ? "示例manager" : "");
		world_close(&w);
	}
}

DYT(who_answers_within_the_minute_needs_no_second_person)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "MED2", "胰岛素用完了");
	w.now.ms += 30 * DY_SECOND_MS;
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
	pass(&w, 2 * MIN, 1000);
	DYT_INT(clock_acts(&w, r.id, "remind"), 0);
	world_close(&w);
}

DYT(an_answer_in_time_leaves_only_the_close_to_watch)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "SHOP", "缺斤少两"); /* 10 minutes, 2 days */
	w.now.ms += 5 * MIN;
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
	DYT_OK(act(&w, &captain, &r, DY_ACT_START, ""));
	pass(&w, DY_DAY_MS, MIN);
	DYT_INT(entries(&w, r.id).count, 3);
	pass(&w, DY_DAY_MS - 6 * MIN, MIN);
	DYT_INT(clock_acts(&w, r.id, "remind"), 1);
	DYT_INT(clock_acts(&w, r.id, "yellow_card"), 0);
	pass(&w, 2 * MIN, MIN);
	DYT_INT(clock_acts(&w, r.id, "yellow_card"), 1);
	r = stored(&w, r.id);
	DYT_INT(r.state, DY_STATE_WORKING); /* who works on it keeps it */
	DYT_INT(r.owner.v, captain.account.v);
	world_close(&w);
}

DYT(after_a_standstill_only_the_highest_card_is_given_and_once)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1);
	struct dy_request r = report(&w, &home, "REPR", "灯不亮");
	w.now.ms += 2 * DY_DAY_MS; /* the program was off */
	DYT_INT(turn(&w), 1);
	DYT_INT(turn(&w), 0); /* a turn right after a turn does nothing */
	DYT_INT(clock_acts(&w, r.id, "red_card"), 1);
	DYT_INT(clock_acts(&w, r.id, "remind"), 0);
	DYT_INT(clock_acts(&w, r.id, "yellow_card"), 0);
	pass(&w, 20 * MIN, MIN);
	DYT_INT(clock_acts(&w, r.id, "escalate"), 0); /* people get their turn before the town */
	pass(&w, 6 * DY_HOUR_MS, MIN);
	DYT_INT(clock_acts(&w, r.id, "escalate"), 1);
	DYT_INT(stored(&w, r.id).level, 3);
	world_close(&w);
}

DYT(a_clock_that_was_set_back_repeats_nothing)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1);
	struct dy_request r = report(&w, &home, "REPR", "灯不亮");
	pass(&w, 6 * MIN, 1000);
	size_t n = entries(&w, r.id).count;
	DYT_INT(n, 3);
	w.now.ms -= DY_HOUR_MS;
	pass(&w, DY_HOUR_MS, 10000);
	DYT_INT(entries(&w, r.id).count, n);
	world_close(&w);
}

DYT(turning_ten_times_a_second_or_once_an_hour_ends_in_the_same_cards)
{
	static const int64_t steps[] = { 15000, 10 * MIN, DY_HOUR_MS };

	for (size_t i = 0; i < DY_COUNT(steps); i++) {
		struct world w;
		world_open(&w);
		struct dy_actor home = resident(&w, 1, 1);
		struct dy_request r = report(&w, &home, "WAST", "垃圾没人收");
		pass(&w, 3 * DY_DAY_MS, steps[i]);
		struct dy_request end = stored(&w, r.id);
		DYT_INT(end.level, 3);
		DYT_INT(end.clock.card, DY_CARD_RED);
		DYT_INT(end.state, DY_STATE_ESCALATED);
		world_close(&w);
	}
}

DYT(a_claim_without_a_sign_of_work_goes_back_in_minutes_by_urgency)
{
	static const struct {
		const char *why, *text;
		int64_t minutes;
		bool works;
	} row[] = {
		{ "urgent: ten minutes", "断粮了", 10, false },
		{ "ordinary: two hours", "想买米", 120, false },
		{ "a word is a sign of work", "断粮了", 10, true },
	};

	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct world w;
		DYT_ROW(row[i].why);
		world_open(&w);
		struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
		struct dy_request r = report(&w, &home, "FOOD", row[i].text);
		DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
		pass(&w, row[i].minutes * MIN - MIN, 5000);
		DYT_INT(stored(&w, r.id).state, DY_STATE_CLAIMED);
		if (row[i].works)
			DYT_OK(act(&w, &captain, &r, DY_ACT_ANSWER, "在路上"));
		pass(&w, 2 * MIN, 5000);
		r = stored(&w, r.id);
		DYT_INT(r.state, row[i].works ? DY_STATE_CLAIMED : DY_STATE_ACCEPTED);
		DYT_INT(r.owner.v, row[i].works ? captain.account.v : 0);
		world_close(&w);
	}
}

DYT(asking_the_resident_stops_both_clocks_but_not_for_ever)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "REPR", "漏水");
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
	DYT_OK(act(&w, &captain, &r, DY_ACT_ASK, "哪里漏？"));
	pass(&w, 71 * DY_HOUR_MS, 10 * MIN);
	DYT_INT(entries(&w, r.id).count, 3);
	pass(&w, 2 * DY_HOUR_MS, MIN);
	struct dy_request at = stored(&w, r.id);
	DYT_INT(clock_acts(&w, r.id, "resume"), 1);
	DYT_INT(at.paused_at.ms, 0);
	DYT_INT(at.close_due_at.ms, r.close_due_at.ms + 72 * DY_HOUR_MS);
	world_close(&w);
}

DYT(what_is_done_and_not_judged_is_closed_after_three_days)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "SHOP", "缺斤少两");
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
	DYT_OK(act(&w, &captain, &r, DY_ACT_FINISH, "退了两块"));
	pass(&w, 71 * DY_HOUR_MS, 10 * MIN);
	DYT_INT(stored(&w, r.id).state, DY_STATE_DONE);
	pass(&w, 2 * DY_HOUR_MS, 10 * MIN);
	r = stored(&w, r.id);
	DYT_INT(r.state, DY_STATE_CLOSED);
	DYT_INT(r.clock.next_at.ms, 0);
	DYT_OK(act(&w, &home, &r, DY_ACT_REOPEN, "没退"));
	DYT_INT(r.owner.v, captain.account.v); /* always reaches the owner */
	DYT_INT(r.clock.card, DY_CARD_NONE);
	world_close(&w);
}

DYT(more_time_is_asked_for_granted_and_reminds_anew)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
	struct dy_actor leader = staff(&w, DYT_LEADER);
	struct dy_request r = report(&w, &home, "SHOP", "缺斤少两");
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
	DYT_OK(act(&w, &captain, &r, DY_ACT_START, ""));
	pass(&w, 2 * DY_DAY_MS - 10 * MIN, 10 * MIN);
	r = stored(&w, r.id);
	DYT_INT(clock_acts(&w, r.id, "remind"), 1);
	struct act_use ask = { { .request = r.id,
		                 .act = DY_ACT_EXTEND_ASK,
		                 .text = DY_STR_INIT("店家明天才在"),
		                 .extend_minutes = 1440 },
		               &r };
	DYT_OK(use(&w, &captain, act_do, &ask));
	DYT_INT(r.clock.extend_minutes, 1440);
	struct act_use grant = {
		{ .request = r.id, .act = DY_ACT_EXTEND_GRANT, .extend_minutes = 1440 }, &r
	};
	DYT_OK(use(&w, &leader, act_do, &grant));
	DYT_INT(r.clock.extend_minutes, 0);
	DYT_INT(r.close_due_at.ms, NOON + 3 * DY_DAY_MS);
	pass(&w, DY_DAY_MS, 10 * MIN);
	DYT_INT(clock_acts(&w, r.id, "yellow_card"), 0);
	DYT_INT(clock_acts(&w, r.id, "remind"), 2);
	pass(&w, DY_HOUR_MS, MIN);
	DYT_INT(clock_acts(&w, r.id, "yellow_card"), 1);
	world_close(&w);
}

DYT(acts_of_the_clock_do_not_make_a_persons_view_old)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
	struct dy_actor leader = staff(&w, DYT_LEADER);
	struct dy_request seen = report(&w, &home, "REPR", "灯不亮"), mine = seen, theirs = seen;
	pass(&w, 6 * MIN, 1000);
	DYT_TRUE(stored(&w, seen.id).version > seen.version);
	DYT_OK(act(&w, &captain, &mine, DY_ACT_CLAIM, ""));
	DYT_INT(act(&w, &leader, &theirs, DY_ACT_REFUSE, "不归我们"), DY_E_CONFLICT);
	world_close(&w);
}

DYT(who_wrote_it_down_by_phone_does_not_judge_it)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), captain = staff(&w, DYT_CAPTAIN);
	struct report_use u = { .draft = { .category = DY_STR_INIT("FOOD"),
		                           .text = DY_STR_INIT("没有米了"),
		                           .door = dyt_door_id(&w.c, 1, 1) } };
	DYT_OK(use(&w, &captain, report_do, &u));
	struct dy_request r = u.out;
	DYT_TRUE((dy_request_sides(&captain, &r) & DY_SIDE_RESIDENT) == 0);
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
	DYT_TRUE(r.responded_at.ms != 0);
	DYT_OK(act(&w, &captain, &r, DY_ACT_FINISH, "送到"));
	DYT_INT(act(&w, &captain, &r, DY_ACT_CONFIRM, ""), DY_E_DENIED);
	DYT_OK(act(&w, &home, &r, DY_ACT_CONFIRM, ""));
	struct act_use rate = { { .request = r.id, .act = DY_ACT_RATE, .rating = 5 }, &r };
	DYT_INT(use(&w, &captain, act_do, &rate), DY_E_DENIED);
	DYT_OK(use(&w, &home, act_do, &rate));
	world_close(&w);
}

/* The program ends and starts again; the test's clock goes on meanwhile. */
static void
restart(struct world *w, int64_t off_ms)
{
	struct dy_store_options options = { .path = w->s.path, .must_exist = true };

	dy_reader_close(w->reader);
	dy_store_close(w->s.store);
	w->now.ms += off_ms;
	options.now = w->now;
	DYT_OK(dy_store_open(&options, &w->s.store, &w->err));
	DYT_OK(dy_reader_open(w->s.store, &w->reader, &w->err));
}

DYT(a_program_that_was_started_again_goes_on_where_it_was)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1);
	struct dy_request r = report(&w, &home, "REPR", "灯不亮");
	pass(&w, 5 * MIN, 1000);
	size_t n = entries(&w, r.id).count;
	DYT_INT(clock_acts(&w, r.id, "yellow_card"), 1);
	for (int i = 0; i < 5; i++) {
		restart(&w, 1000);
		(void)turn(&w);
	}
	DYT_INT(entries(&w, r.id).count, n);
	restart(&w, DY_HOUR_MS);
	(void)turn(&w);
	restart(&w, 1000);
	(void)turn(&w);
	DYT_INT(clock_acts(&w, r.id, "red_card"), 1);
	DYT_INT(entries(&w, r.id).count, n + 1);
	world_close(&w);
}

struct publish_use {
	struct dy_rules rules;
	int64_t changed;
};
static enum dy_code
publish_do(struct dy_call *call, void *what)
{
	struct publish_use *u = what;
	return dy_app_rules_publish(call, &u->rules, DY_STR("试行"), &u->changed);
}

DYT(published_rules_hold_at_once_for_what_is_open_and_for_what_comes)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	static struct dy_preview preview;
	struct publish_use u = { 0 };
	struct world w;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1), secretary = staff(&w, DYT_SECRETARY);
	struct dy_actor leader = staff(&w, DYT_LEADER), captain = staff(&w, DYT_CAPTAIN);
	struct dy_request open = report(&w, &home, "SHOP", "缺斤少两");
	struct dy_request paused = report(&w, &home, "SHOP", "还有一次");
	struct dy_request other = report(&w, &home, "WAST", "垃圾没人收");
	w.now.ms += DY_HOUR_MS;
	DYT_OK(act(&w, &captain, &open, DY_ACT_CLAIM, ""));
	DYT_OK(act(&w, &captain, &paused, DY_ACT_CLAIM, ""));
	DYT_OK(act(&w, &captain, &paused, DY_ACT_ASK, "哪家？"));
	w.now.ms += DY_HOUR_MS;
	DYT_OK(act(&w, &home, &paused, DY_ACT_ANSWER, "门口那家"));
	dy_rules_init(&u.rules);
	struct dy_deadlines *d =
		&u.rules.categories[dy_rules_find(&u.rules, DY_STR("SHOP")) - u.rules.categories]
			 .modes[DY_MODE_NORMAL];
	d->close[DY_BY_DAY] = (struct dy_due){ DY_DUE_AFTER, DY_DAY_MS };
	DYT_OK(dy_rtx_begin(w.reader, w.c.id, &tx, &w.err));
	DYT_OK(dy_app_rules_preview(tx, w.arena, &secretary, &u.rules, w.now, &preview, &w.err));
	DYT_INT(dy_app_rules_preview(tx, w.arena, &leader, &u.rules, w.now, &preview, &w.err),
	        DY_E_DENIED);
	dy_rtx_end(&tx);
	DYT_INT(preview.checked, 3);
	DYT_INT(preview.changed, 2);
	DYT_INT(preview.earlier, 2);
	DYT_INT(preview.overdue, 0);
	DYT_INT(preview.items[0].close_due.ms, NOON + DY_DAY_MS);
	DYT_INT(stored(&w, open.id).close_due_at.ms,
	        NOON + 2 * DY_DAY_MS); /* nothing was changed */
	DYT_INT(use(&w, &leader, publish_do, &u), DY_E_DENIED);
	DYT_OK(use(&w, &secretary, publish_do, &u));
	DYT_INT(u.changed, 2);
	DYT_INT(u.rules.version, 1);
	struct dy_request after = stored(&w, open.id);
	DYT_INT(after.close_due_at.ms, NOON + DY_DAY_MS);
	DYT_INT(after.version, open.version); /* no act: nobody's view is old */
	DYT_INT(stored(&w, paused.id).close_due_at.ms, NOON + DY_DAY_MS + DY_HOUR_MS);
	DYT_INT(stored(&w, other.id).close_due_at.ms, other.close_due_at.ms);
	DYT_INT(report(&w, &home, "SHOP", "新的").close_due_at.ms, w.now.ms + DY_DAY_MS);
	u.rules.version = 0;
	DYT_INT(use(&w, &secretary, publish_do, &u), DY_E_CONFLICT);
	world_close(&w);
}

DYT_MAIN(DYT_TEST(a_need_nobody_answers_climbs_from_unit_to_grid_to_community_to_town),
         DYT_TEST(a_second_person_is_asked_after_a_minute_when_a_life_may_hang_on_it),
         DYT_TEST(who_answers_within_the_minute_needs_no_second_person),
         DYT_TEST(an_answer_in_time_leaves_only_the_close_to_watch),
         DYT_TEST(after_a_standstill_only_the_highest_card_is_given_and_once),
         DYT_TEST(a_clock_that_was_set_back_repeats_nothing),
         DYT_TEST(a_program_that_was_started_again_goes_on_where_it_was),
         DYT_TEST(turning_ten_times_a_second_or_once_an_hour_ends_in_the_same_cards),
         DYT_TEST(a_claim_without_a_sign_of_work_goes_back_in_minutes_by_urgency),
         DYT_TEST(asking_the_resident_stops_both_clocks_but_not_for_ever),
         DYT_TEST(what_is_done_and_not_judged_is_closed_after_three_days),
         DYT_TEST(more_time_is_asked_for_granted_and_reminds_anew),
         DYT_TEST(acts_of_the_clock_do_not_make_a_persons_view_old),
         DYT_TEST(who_wrote_it_down_by_phone_does_not_judge_it),
         DYT_TEST(published_rules_hold_at_once_for_what_is_open_and_for_what_comes))
