/* Cover: alarms of vacant posts, take-over in one act, the roster, and that nobody ever answers for nothing. Simulated time. */
#include "app/duty.h"
#include "world.h"

struct absence_use {
	struct dy_absence_draft draft;
	struct dy_absence out;
};
static enum dy_code
absence_do(struct dy_call *call, void *what)
{
	struct absence_use *u = what;
	return dy_app_absence_begin(call, &u->draft, &u->out);
}
static enum dy_code
back_do(struct dy_call *call, void *what)
{
	return dy_app_absence_end(call, *(struct dy_id *)what);
}
static enum dy_code
end_do(struct dy_call *call, void *what)
{
	return dy_app_post_end(call, *(struct dy_id *)what);
}
static enum dy_code
sweep_do(struct dy_call *call, void *what)
{
	(void)what;
	return dy_app_cover_sweep(call, call->actor->community);
}
struct give_use {
	struct dy_post_draft draft;
	struct dy_post out;
};
static enum dy_code
give_do(struct dy_call *call, void *what)
{
	struct give_use *u = what;
	return dy_app_post_give(call, &u->draft, &u->out);
}
struct duty_use {
	struct dy_duty_draft draft;
	struct dy_duty out;
};
static enum dy_code
duty_do(struct dy_call *call, void *what)
{
	struct duty_use *u = what;
	return dy_app_duty_plan(call, &u->draft, &u->out);
}
struct take_use {
	struct dy_id vacancy, to;
	struct dy_vacancy out;
	struct dy_hand_over handed;
};
static enum dy_code
take_do(struct dy_call *call, void *what)
{
	struct take_use *u = what;
	return dy_app_take_over(call, u->vacancy, u->to, &u->out, &u->handed);
}
struct over_use {
	struct dy_id from, to;
	struct dy_hand_over out;
};
static enum dy_code
over_do(struct dy_call *call, void *what)
{
	struct over_use *u = what;
	return dy_app_hand_over(call, u->from, u->to, DY_STR("她病了"), &u->out);
}

static struct dy_vacancy_list
alarms(struct world *w, bool all)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_vacancy_list list;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_vacancy_list(tx, w->arena, all, &list, &w->err));
	return list;
}

static const struct dy_hand *
answers(struct world *w, const struct dy_request *r, enum dy_hand_why *why)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_hand_where where = {
		.grid = r->grid, .unit = r->unit, .level = r->level, .owner = r->owner
	};
	struct dy_hands hands;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_hands_read(tx, w->arena, w->now, &hands, &w->err));
	return dy_hand_find(&hands, &where, why);
}

static struct dy_request
claimed(struct world *w, const struct dy_actor *by, int64_t door)
{
	struct dy_actor home = resident(w, 1, door);
	struct dy_request r = report(w, &home, "SHOP", "缺斤少两");
	DYT_OK(act(w, by, &r, DY_ACT_CLAIM, ""));
	return r;
}

DYT(a_captain_falls_ill_and_the_deputy_takes_everything_in_one_act)
{
	struct world w;

	world_open(&w);
	struct dy_actor captain = staff(&w, DYT_CAPTAIN), manager = staff(&w, DYT_MANAGER);
	struct dy_actor secretary = staff(&w, DYT_SECRETARY);
	struct give_use deputy = { .draft = { .account = dyt_account_id(&w.c, DYT_VOLUNTEER),
		                              .scope = { DY_ROLE_CAPTAIN, DY_SCOPE_UNIT,
		                                         dyt_unit_id(&w.c, 1) },
		                              .is_deputy = true } };
	DYT_OK(use(&w, &secretary, give_do, &deputy));
	struct dy_request r[5];
	for (int i = 0; i < 5; i++)
		r[i] = claimed(&w, &captain, 1 + i % 3);
	DYT_OK(act(&w, &captain, &r[0], DY_ACT_START, ""));
	DYT_OK(act(&w, &captain, &r[1], DY_ACT_ASK, "哪一家？"));
	DYT_OK(act(&w, &captain, &r[2], DY_ACT_FINISH, "退了"));
	struct absence_use ill = { .draft = { .reason = DY_STR_INIT("ill") } };
	DYT_OK(use(&w, &captain, absence_do, &ill)); /* she marks herself, from bed */
	struct dy_vacancy_list list = alarms(&w, false);
	DYT_INT(list.count, 1);
	DYT_INT(list.items[0].open_items, 5);
	DYT_INT(list.items[0].deputy.v, dyt_account_id(&w.c, DYT_VOLUNTEER).v);
	DYT_INT(list.items[0].opened_at.ms, w.now.ms); /* at once, not in five minutes */
	enum dy_hand_why why;
	DYT_INT(answers(&w, &r[3], &why)->account.v, dyt_account_id(&w.c, DYT_LEADER).v);
	struct dy_actor volunteer = staff(&w, DYT_VOLUNTEER), other = staff(&w, DYT_VOLUNTEER_2);
	struct take_use take = { .vacancy = list.items[0].id };
	DYT_INT(use(&w, &other, take_do, &take), DY_E_NOT_FOUND);
	struct dy_actor courier = staff(&w, DYT_COURIER);
	DYT_INT(use(&w, &courier, take_do, &take), DY_E_DENIED);
	DYT_OK(use(&w, &volunteer, take_do, &take));
	DYT_INT(take.handed.handed, 5);
	DYT_INT(take.handed.count, 5);
	for (int i = 0; i < 5; i++) {
		struct dy_request now = stored(&w, r[i].id);
		DYT_INT(now.owner.v, volunteer.account.v);
		DYT_INT(answers(&w, &now, &why)->account.v, volunteer.account.v);
		DYT_INT(why, DY_HAND_OWNER);
	}
	DYT_INT(stored(&w, r[1].id).state, DY_STATE_SUSPENDED);
	DYT_INT(stored(&w, r[2].id).state, DY_STATE_DONE);
	DYT_INT(alarms(&w, false).count, 0);
	DYT_INT(use(&w, &manager, take_do, &take), DY_E_CONFLICT);
	w.now.ms += DY_HOUR_MS;
	DYT_OK(use(&w, &manager, sweep_do, NULL)); /* taken over stays taken over */
	DYT_INT(alarms(&w, false).count, 0);
	world_close(&w);
}

DYT(a_post_that_ends_raises_the_alarm_and_a_new_holder_ends_it)
{
	struct world w;

	world_open(&w);
	struct dy_actor secretary = staff(&w, DYT_SECRETARY);
	struct dy_id post = dyt_post_id(&w.c, DYT_LEADER_2);
	DYT_OK(use(&w, &secretary, end_do, &post));
	struct dy_vacancy_list list = alarms(&w, false);
	DYT_INT(list.count, 1);
	DYT_TRUE(dy_str_is(list.items[0].reason, "post_ended"));
	DYT_INT(list.items[0].deputy.v, dyt_account_id(&w.c, DYT_MANAGER).v); /* the next hand up */
	w.now.ms++;
	struct give_use heir = { .draft = { .account = dyt_account_id(&w.c, DYT_VOLUNTEER_2),
		                            .scope = { DY_ROLE_LEADER, DY_SCOPE_UNIT,
		                                       dyt_unit_id(&w.c, 2) } } };
	DYT_OK(use(&w, &secretary, give_do, &heir));
	list = alarms(&w, true);
	DYT_INT(list.count, 1);
	DYT_TRUE(dy_str_is(list.items[0].closed_how, "filled"));
	world_close(&w);
}

DYT(an_absence_that_begins_tonight_rings_tonight_and_ends_by_itself)
{
	struct world w;

	world_open(&w);
	struct dy_actor leader = staff(&w, DYT_LEADER), manager = staff(&w, DYT_MANAGER);
	struct absence_use leave = { .draft = { .reason = DY_STR_INIT("leave"),
		                                .from = { NOON + 8 * DY_HOUR_MS },
		                                .to = { NOON + 32 * DY_HOUR_MS } } };
	DYT_OK(use(&w, &leader, absence_do, &leave));
	DYT_OK(use(&w, &manager, sweep_do, NULL));
	DYT_INT(alarms(&w, false).count, 0);
	w.now.ms = NOON + 8 * DY_HOUR_MS + 60000;
	DYT_OK(use(&w, &manager, sweep_do, NULL));
	DYT_OK(use(&w, &manager, sweep_do, NULL));
	DYT_INT(alarms(&w, false).count, 1);
	w.now.ms = NOON + 33 * DY_HOUR_MS;
	DYT_OK(use(&w, &manager, sweep_do, NULL));
	struct dy_vacancy_list list = alarms(&w, true);
	DYT_INT(list.count, 1);
	DYT_TRUE(dy_str_is(list.items[0].closed_how, "back"));
	leave.draft = (struct dy_absence_draft){ .reason = DY_STR_INIT("ill") };
	DYT_OK(use(&w, &leader, absence_do, &leave));
	DYT_INT(use(&w, &leader, absence_do, &leave), DY_E_CONFLICT);
	DYT_OK(use(&w, &leader, back_do, &leave.out.id));
	DYT_INT(alarms(&w, false).count, 0);
	struct dy_actor captain = staff(&w, DYT_CAPTAIN);
	struct absence_use not_mine = { .draft = { .account = leader.account,
		                                   .reason = DY_STR_INIT("ill") } };
	DYT_INT(use(&w, &captain, absence_do, &not_mine), DY_E_DENIED);
	world_close(&w);
}

DYT(who_is_on_duty_is_asked_first_and_told_of_missed_deadlines)
{
	struct world w;

	world_open(&w);
	struct dy_actor leader = staff(&w, DYT_LEADER), secretary = staff(&w, DYT_SECRETARY);
	struct dy_actor home = resident(&w, 1, 1);
	struct duty_use night = { .draft = { .account = dyt_account_id(&w.c, DYT_CAPTAIN),
		                             .kind = DY_SCOPE_UNIT,
		                             .scope = dyt_unit_id(&w.c, 1),
		                             .from = { NOON + 8 * DY_HOUR_MS },
		                             .to = { NOON + 20 * DY_HOUR_MS },
		                             .note = DY_STR_INIT("3 楼老人要送药") } };
	DYT_OK(use(&w, &leader, duty_do, &night));
	DYT_INT(use(&w, &leader, duty_do, &night), DY_E_CONFLICT);
	struct duty_use cadre = { .draft = { .account = dyt_account_id(&w.c, DYT_CADRE),
		                             .kind = DY_SCOPE_GRID,
		                             .scope = dyt_grid_id(&w.c, 1),
		                             .from = { NOON + 8 * DY_HOUR_MS },
		                             .to = { NOON + 20 * DY_HOUR_MS },
		                             .note = DY_STR_INIT("") } };
	DYT_INT(use(&w, &leader, duty_do, &cadre), DY_E_DENIED);
	DYT_OK(use(&w, &secretary, duty_do, &cadre));
	struct duty_use stranger = night;
	stranger.draft.account = dyt_account_id(&w.c, DYT_VOLUNTEER_2);
	DYT_INT(use(&w, &leader, duty_do, &stranger), DY_E_INPUT);
	DYT_STR(w.err.field, "/account_id");
	enum dy_hand_why why;
	struct dy_request r = report(&w, &home, "REPR", "灯不亮");
	DYT_INT(answers(&w, &r, &why)->account.v, leader.account.v);
	w.now.ms = NOON + 9 * DY_HOUR_MS; /* 21:00 */
	r = report(&w, &home, "REPR", "灯不亮");
	DYT_INT(answers(&w, &r, &why)->account.v, night.draft.account.v);
	DYT_INT(why, DY_HAND_DUTY);
	pass(&w, 16 * DY_MINUTE_MS, 1000);
	struct dy_entry_list list = entries(&w, r.id);
	DYT_TRUE(dy_str_is(list.items[1].text, "示例captain"));
	DYT_TRUE(dy_str_is(list.items[2].text, "示例cadre"));
	world_close(&w);
}

DYT(a_request_is_never_without_a_named_person_whoever_leaves)
{
	static const int leaving[] = { DYT_CAPTAIN, DYT_LEADER, DYT_VOLUNTEER, DYT_PROPERTY,
		                       DYT_MANAGER, DYT_CADRE,  DYT_OFFICER,   DYT_SECRETARY };
	struct world w;
	enum dy_hand_why why;

	world_open(&w);
	struct dy_actor secretary = staff(&w, DYT_SECRETARY), home = resident(&w, 1, 1);
	struct dy_request r = report(&w, &home, "FOOD", "没有米了");
	for (size_t i = 0; i < DY_COUNT(leaving); i++) {
		struct absence_use ill = { .draft = { .account = dyt_account_id(&w.c, leaving[i]),
			                              .reason = DY_STR_INIT("ill") } };
		DYT_OK(use(&w, &secretary, absence_do, &ill));
		for (int64_t level = 0; level <= 3; level++) {
			r.level = level;
			const struct dy_hand *h = answers(&w, &r, &why);
			DYT_TRUE(h != NULL);
			DYT_TRUE(!h->is_absent || why == DY_HAND_LAST);
		}
	}
	DYT_INT(why, DY_HAND_LAST);
	DYT_INT(answers(&w, &r, &why)->account.v, secretary.account.v);
	world_close(&w);
}

DYT(handing_over_counts_what_goes_and_what_stays)
{
	struct world w;

	world_open(&w);
	struct dy_actor leader = staff(&w, DYT_LEADER), manager = staff(&w, DYT_MANAGER);
	struct dy_actor leader_2 = staff(&w, DYT_LEADER_2), home_2 = resident(&w, 2, 1);
	struct dy_request first = claimed(&w, &manager, 1);
	struct dy_request second = report(&w, &home_2, "SHOP", "缺斤少两");
	DYT_OK(act(&w, &manager, &second, DY_ACT_CLAIM, ""));
	struct over_use over = { .from = manager.account, .to = leader.account };
	DYT_OK(use(&w, &manager, over_do, &over));
	DYT_INT(over.out.handed, 1);
	DYT_INT(over.out.count, 2);
	DYT_INT(stored(&w, first.id).owner.v, leader.account.v);
	DYT_INT(stored(&w, second.id).owner.v, manager.account.v);
	struct over_use back = { .from = leader.account, .to = leader_2.account };
	DYT_INT(use(&w, &leader_2, over_do, &back), DY_E_DENIED);
	back.to = leader.account;
	DYT_INT(use(&w, &leader, over_do, &back), DY_E_INPUT);
	world_close(&w);
}

/* Every role, in every state, for every act: allowed, for others, or impossible; none undecided. Sides written down here a second
 * time, for people. */
DYT(every_role_state_and_act_is_decided)
{
	static const struct {
		int person;
		unsigned sides;
	} row[] = {
		{ DYT_SECRETARY, DY_SIDE_WORKER | DY_SIDE_MANAGER | DY_SIDE_SUPERVISOR },
		{ DYT_OFFICER, DY_SIDE_SUPERVISOR },
		{ DYT_CADRE, DY_SIDE_WORKER | DY_SIDE_MANAGER },
		{ DYT_MANAGER, DY_SIDE_WORKER | DY_SIDE_MANAGER },
		{ DYT_LEADER, DY_SIDE_WORKER | DY_SIDE_MANAGER },
		{ DYT_LEADER_2, 0 },
		{ DYT_CAPTAIN, DY_SIDE_WORKER },
		{ DYT_VOLUNTEER, DY_SIDE_WORKER },
		{ DYT_VOLUNTEER_3, 0 },
		{ DYT_PROPERTY, DY_SIDE_WORKER },
		{ DYT_COURIER, 0 },
		{ DYT_SHOPKEEPER, 0 },
	};
	struct world w;
	int decided = 0;

	world_open(&w);
	struct dy_actor home = resident(&w, 1, 1);
	struct dy_request r = report(&w, &home, "FOOD", "没有米了");
	for (size_t i = 0; i <= DY_COUNT(row); i++) {
		struct dy_actor a = i < DY_COUNT(row) ? staff(&w, row[i].person) : home;
		unsigned want = i < DY_COUNT(row) ? row[i].sides : DY_SIDE_RESIDENT;
		for (int owner = 0; owner <= 1; owner++) {
			r.owner.v = owner == 1 ? a.account.v : 0;
			unsigned sides = dy_request_sides(&a, &r);
			bool owns =
				owner == 1 && (want & (DY_SIDE_WORKER | DY_SIDE_SUPERVISOR)) != 0;
			DYT_INT(sides, want | (owns ? DY_SIDE_OWNER : 0));
			for (int s = 0; s < DY_STATES; s++) {
				for (int act_no = 0; act_no < DY_ACTS; act_no++) {
					enum dy_state state = (enum dy_state)s;
					enum dy_act what = (enum dy_act)act_no;
					struct dy_step step;
					enum dy_code rc = dy_request_step(state, DY_STATE_WORKING,
					                                  what, sides, &step, NULL);
					DYT_ROW(dy_act_name(what));
					DYT_TRUE(rc == DY_OK || rc == DY_E_DENIED ||
					         rc == DY_E_CONFLICT);
					DYT_INT(rc == DY_OK, (dy_request_acts(state, sides) &
					                      1u << act_no) != 0);
					if (sides == 0)
						DYT_TRUE(rc != DY_OK);
					if (what == DY_ACT_CONFIRM || what == DY_ACT_RATE)
						DYT_TRUE(rc != DY_OK || sides == DY_SIDE_RESIDENT);
					if (what == DY_ACT_YELLOW_CARD || what == DY_ACT_RED_CARD)
						DYT_TRUE(rc != DY_OK);
					decided++;
				}
			}
		}
	}
	DYT_INT(decided, (int)(DY_COUNT(row) + 1) * 2 * DY_STATES * DY_ACTS);
	world_close(&w);
}

DYT_MAIN(DYT_TEST(every_role_state_and_act_is_decided),
         DYT_TEST(a_captain_falls_ill_and_the_deputy_takes_everything_in_one_act),
         DYT_TEST(a_post_that_ends_raises_the_alarm_and_a_new_holder_ends_it),
         DYT_TEST(an_absence_that_begins_tonight_rings_tonight_and_ends_by_itself),
         DYT_TEST(who_is_on_duty_is_asked_first_and_told_of_missed_deadlines),
         DYT_TEST(a_request_is_never_without_a_named_person_whoever_leaves),
         DYT_TEST(handing_over_counts_what_goes_and_what_stays))
