/* The life of a request against a table written down a second time, for people: one line per state, each word is
 * act:sides>next. Sides: R resident, W worker, O owner, M manager, S supervisor, X system,
 * G staff who wrote it down.
 * ">=" stays, ">prior" goes back to where it was suspended. */
#include "domain/request.h"
#include "dyt.h"

#include <stdlib.h>

static const struct {
	const char *state, *acts;
} EXPECTED[DY_STATES] = {
	{ "reported",
	  "accept:WM>accepted answer:WMS>accepted answer:RG>= close_now:WM>closed "
	  "escalate:WMX>escalated claim:W>claimed dispatch:MS>dispatched merge:M>merged "
	  "refuse:M>refused yellow_card:X>= red_card:X>= remind:RGX>= withdraw:RG>withdrawn" },
	{ "accepted", "answer:RGWMS>= ask:WM>suspended close_now:WM>closed escalate:WMX>escalated "
	              "claim:W>claimed dispatch:MS>dispatched merge:M>merged refuse:M>refused "
	              "yellow_card:X>= red_card:X>= remind:RGX>= withdraw:RG>withdrawn" },
	{ "dispatched",
	  "start:O>working dispatch:MS>dispatched answer:RGWOMS>= ask:OM>suspended "
	  "finish:O>done release:OMX>accepted hand_over:OM>dispatched return:O>returned "
	  "escalate:OMX>escalated extend_ask:O>= extend_grant:MS>= extend_deny:MS>= "
	  "merge:M>merged yellow_card:X>= red_card:X>= remind:RGX>= withdraw:RG>withdrawn" },
	{ "claimed",
	  "start:O>working answer:RGWOMS>= ask:OM>suspended finish:O>done release:OMX>accepted "
	  "hand_over:OM>dispatched return:O>returned escalate:OMX>escalated extend_ask:O>= "
	  "extend_grant:MS>= extend_deny:MS>= merge:M>merged yellow_card:X>= red_card:X>= "
	  "remind:RGX>= withdraw:RG>withdrawn" },
	{ "working",
	  "answer:RGWOMS>= ask:OM>suspended finish:O>done release:OMX>accepted "
	  "hand_over:OM>dispatched return:O>returned escalate:OMX>escalated extend_ask:O>= "
	  "extend_grant:MS>= extend_deny:MS>= merge:M>merged yellow_card:X>= red_card:X>= "
	  "remind:RGX>= withdraw:RG>withdrawn" },
	{ "done", "confirm:R>closed close:MSX>closed reopen:R>reopened return:MS>reopened "
	          "answer:RGWOMS>= hand_over:OM>=" },
	{ "closed", "reopen:RMS>reopened rate:R>=" },
	{ "suspended",
	  "resume:RGWOMX>prior answer:RG>prior answer:WOMS>= hand_over:OM>= remind:RGX>= "
	  "withdraw:RG>withdrawn" },
	{ "escalated",
	  "accept:MS>accepted claim:MS>claimed dispatch:MS>dispatched escalate:MSX>escalated "
	  "return:MS>returned close_now:MS>closed refuse:MS>refused answer:RGWMS>= "
	  "yellow_card:X>= red_card:X>= remind:RGX>= withdraw:RG>withdrawn" },
	{ "returned",
	  "accept:WM>accepted escalate:MX>escalated answer:RGWMS>= claim:W>claimed "
	  "dispatch:MS>dispatched merge:M>merged refuse:M>refused yellow_card:X>= red_card:X>= "
	  "remind:RGX>= withdraw:RG>withdrawn" },
	{ "merged", "" },
	{ "refused", "reopen:RMS>reopened" },
	{ "withdrawn", "" },
	{ "reopened",
	  "start:O>working claim:WM>claimed dispatch:MS>dispatched refuse:M>refused "
	  "answer:RGWOMS>= ask:OM>suspended finish:O>done release:OMX>accepted "
	  "hand_over:OM>dispatched return:O>returned escalate:OMX>escalated extend_ask:O>= "
	  "extend_grant:MS>= extend_deny:MS>= merge:M>merged yellow_card:X>= red_card:X>= "
	  "remind:RGX>= withdraw:RG>withdrawn" },
};

#define PRIOR_STATE DY_STATE_WORKING

/* Expected next state, or -1 when nobody may, -2 when only others may. */
static int
expected(enum dy_state state, enum dy_act act, char side)
{
	struct dy_str rest = dy_str_from(EXPECTED[state].acts);
	int result = -1;

	while (rest.len > 0) {
		struct dy_str next = dy_str_split(&rest, ' ');
		struct dy_str name = dy_str_split(&next, ':');
		struct dy_str sides = dy_str_split(&next, '>');
		enum dy_state to = state;
		if (!dy_str_is(name, dy_act_name(act)))
			continue;
		if (memchr(sides.ptr, side, sides.len) == NULL) {
			result = -2;
			continue;
		}
		if (dy_str_is(next, "prior"))
			to = PRIOR_STATE;
		else if (!dy_str_is(next, "="))
			DYT_TRUE(dy_state_find(next, &to));
		return (int)to;
	}
	return result;
}

DYT(every_state_act_and_side_does_what_the_table_says)
{
	static const char letters[] = "RWOMSXG";
	char why[80];
	int tried = 0;

	for (int s = 0; s < DY_STATES; s++) {
		DYT_STR(EXPECTED[s].state, dy_state_name((enum dy_state)s));
		for (int a = 0; a < DY_ACTS; a++) {
			for (int i = 0; i < DY_SIDES; i++) {
				enum dy_state state = (enum dy_state)s;
				enum dy_act act = (enum dy_act)a;
				struct dy_step step = { .next = DY_STATE_MERGED };
				struct dy_err err = { 0 };
				int want = expected(state, act, letters[i]);
				(void)snprintf(why, sizeof(why), "%s %s %c", dy_state_name(state),
				               dy_act_name(act), letters[i]);
				DYT_ROW(why);
				enum dy_code rc = dy_request_step(state, PRIOR_STATE, act, 1u << i,
				                                  &step, &err);
				bool listed = (dy_request_acts(state, 1u << i) & 1u << a) != 0;
				DYT_INT(listed, want >= 0);
				if (want >= 0) {
					DYT_OK(rc);
					DYT_INT(step.next, want);
				} else {
					DYT_INT(rc, want == -1 ? DY_E_CONFLICT : DY_E_DENIED);
					DYT_STR(err.field, "/act");
				}
				tried++;
			}
		}
	}
	DYT_INT(tried, 14 * 26 * 7);
}

/* Follows every act of every side from a state. */
static void
reach(enum dy_state from, bool seen[DY_STATES])
{
	if (seen[from])
		return;
	seen[from] = true;
	for (int a = 0; a < DY_ACTS; a++) {
		for (int i = 0; i < DY_SIDES; i++) {
			struct dy_step step;
			if (dy_request_step(from, DY_STATE_ACCEPTED, (enum dy_act)a, 1u << i, &step,
			                    NULL) == DY_OK)
				reach(step.next, seen);
		}
	}
}

DYT(every_open_state_can_reach_an_end_and_every_state_is_reachable)
{
	bool from_report[DY_STATES] = { false };

	reach(DY_STATE_REPORTED, from_report);
	for (int s = 0; s < DY_STATES; s++) {
		bool seen[DY_STATES] = { false };
		DYT_ROW(dy_state_name((enum dy_state)s));
		DYT_TRUE(from_report[s]);
		reach((enum dy_state)s, seen);
		DYT_TRUE(seen[DY_STATE_CLOSED] || !dy_state_is_open((enum dy_state)s));
	}
}

DYT(effects_keep_owner_and_clock_right)
{
	for (int s = 0; s < DY_STATES; s++) {
		for (int a = 0; a < DY_ACTS; a++) {
			for (int i = 0; i < DY_SIDES; i++) {
				enum dy_state state = (enum dy_state)s;
				struct dy_step step;
				DYT_ROW(dy_act_name((enum dy_act)a));
				if (dy_request_step(state, DY_STATE_ACCEPTED, (enum dy_act)a,
				                    1u << i, &step, NULL) != DY_OK)
					continue;
				bool gains =
					(step.effects & (DY_EFFECT_OWNS | DY_EFFECT_GIVES)) != 0;
				bool keeps = (step.effects & DY_EFFECT_DISOWNS) == 0;
				/* nobody ends up responsible without a name; a reopened one keeps its owner, or the
				 * use case names the unit's leader */
				if (dy_state_has_owner(step.next) && step.next != state)
					DYT_TRUE(gains || (keeps && (dy_state_has_owner(state) ||
					                             state == DY_STATE_REOPENED ||
					                             state == DY_STATE_SUSPENDED)));
				bool ends = (step.effects & DY_EFFECT_ENDS) != 0;
				if (step.next != state)
					DYT_INT(ends, !dy_state_is_open(step.next));
				if (step.next == DY_STATE_SUSPENDED && state != DY_STATE_SUSPENDED)
					DYT_TRUE((step.effects & DY_EFFECT_PAUSES) != 0);
				if (state == DY_STATE_SUSPENDED && dy_state_is_open(step.next) &&
				    step.next != state)
					DYT_TRUE((step.effects & DY_EFFECT_RUNS) != 0);
				if (!dy_state_is_open(state) && dy_state_is_open(step.next))
					DYT_TRUE((step.effects & DY_EFFECT_REVIVES) != 0);
			}
		}
	}
}

DYT(only_the_resident_judges_never_who_wrote_it_down)
{
	static const enum dy_act judging[] = { DY_ACT_CONFIRM, DY_ACT_RATE };
	struct dy_step step;

	for (int s = 0; s < DY_STATES; s++) {
		for (size_t a = 0; a < DY_COUNT(judging); a++) {
			unsigned others = ~(unsigned)DY_SIDE_RESIDENT;
			DYT_ROW(dy_state_name((enum dy_state)s));
			DYT_TRUE(dy_request_step((enum dy_state)s, DY_STATE_WORKING, judging[a],
			                         others, &step, NULL) != DY_OK);
		}
	}
}

DYT(residents_see_progress_and_open311_sees_open_or_closed)
{
	for (int s = 0; s < DY_STATES; s++) {
		enum dy_state state = (enum dy_state)s;
		DYT_ROW(dy_state_name(state));
		DYT_INT(dy_state_progress(state) == 5, !dy_state_is_open(state));
		int link = dy_state_link(state, false);
		DYT_TRUE(link >= 1 && link <= 6);
	}
	DYT_INT(dy_state_link(DY_STATE_CLOSED, true), 7);
}

DYT(cards_follow_the_clock)
{
	static const struct {
		const char *why;
		int64_t from, due, now;
		const char *want;
	} row[] = {
		{ "no deadline", 0, 0, 9999, "none" },
		{ "early", 0, 1000, 899, "none" },
		{ "last tenth", 0, 1000, 900, "reminder" },
		{ "over", 0, 1000, 1000, "yellow" },
		{ "over by as much again", 0, 1000, 2000, "red" },
		{ "nonsense", 1000, 500, 2000, "none" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_STR(dy_overdue_name(dy_overdue_of(row[i].from, row[i].due, row[i].now)),
		        row[i].want);
	}
}

DYT(names_read_back)
{
	enum dy_state state;
	enum dy_act act;

	for (int i = 0; i < DY_STATES; i++) {
		DYT_TRUE(dy_state_find(dy_str_from(dy_state_name((enum dy_state)i)), &state));
		DYT_INT(state, i);
	}
	for (int i = 0; i < DY_ACTS; i++) {
		DYT_TRUE(dy_act_find(dy_str_from(dy_act_name((enum dy_act)i)), &act));
		DYT_INT(act, i);
	}
	DYT_TRUE(!dy_state_find(DY_STR("Closed"), &state));
	DYT_TRUE(!dy_act_find(DY_STR(""), &act));
}

DYT_MAIN(DYT_TEST(every_state_act_and_side_does_what_the_table_says),
         DYT_TEST(every_open_state_can_reach_an_end_and_every_state_is_reachable),
         DYT_TEST(effects_keep_owner_and_clock_right),
         DYT_TEST(only_the_resident_judges_never_who_wrote_it_down),
         DYT_TEST(residents_see_progress_and_open311_sees_open_or_closed),
         DYT_TEST(cards_follow_the_clock), DYT_TEST(names_read_back))
