/* What time brings: reminders, cards, escalation, release, closing. One turn of the clock for one community.
 *
 * Due work stands in the table request_clock; a turn takes what is due, acts once on each, and writes when to look again, all
 * in the transaction of the act: a program that dies in between finds the same work due, and never does it twice. */
#include "app/clock.h"

#include "inside.h"
#include "store/clock.h"
#include "store/duty.h"

#define RETRY_MS (10 * DY_MINUTE_MS)
#define TURN_MS                                                                                    \
	(30 * DY_MINUTE_MS) /* after a standstill everybody gets a turn before the next rung */
#define URGENT_TURN_MS (3 * DY_MINUTE_MS)

/* Who is told: of a reminder, who answers for it; of a card, who stands above. */
static const struct dy_hand *
told_find(const struct dy_hands *hands, const struct dy_request *r, int64_t level, bool above)
{
	struct dy_hand_where where = { .grid = r->grid,
		                       .unit = r->unit,
		                       .level = level > r->level ? level : r->level };
	enum dy_hand_why why;

	if (!above)
		where.owner = r->owner;
	return dy_hand_find(hands, &where, &why);
}

static void
rung_draft(const struct dy_due_work *work, struct dy_request *r, struct dy_act_draft *draft)
{
	switch (work->rung) {
	case DY_RUNG_YELLOW:
		draft->act = DY_ACT_YELLOW_CARD;
		draft->level = 1;
		if (r->clock.card < DY_CARD_YELLOW)
			r->clock.card = DY_CARD_YELLOW;
		break;
	case DY_RUNG_RED:
		draft->act = DY_ACT_RED_CARD;
		draft->level = 2;
		r->clock.card = DY_CARD_RED;
		break;
	case DY_RUNG_TOWN:
		draft->act = DY_ACT_ESCALATE;
		draft->level = 3;
		break;
	default: draft->act = DY_ACT_REMIND;
	}
	if (work->of_close)
		r->clock.close_rung = work->rung + 1;
	else
		r->clock.respond_rung = work->rung + 1;
}

static enum dy_code
work_do(struct dy_wtx *tx, struct dy_call *call, const struct dy_hands *hands,
        const struct dy_due_work *work, struct dy_request *r)
{
	struct dy_act_draft draft = { .request = r->id };
	const struct dy_hand *told = NULL;
	bool second = dy_request_clock_of(r).second_due.ms != 0;

	switch (work->act) {
	case DY_DUE_ACT_NONE: return DY_OK;
	case DY_DUE_ACT_RELEASE: draft.act = DY_ACT_RELEASE; break;
	case DY_DUE_ACT_CLOSE: draft.act = DY_ACT_CLOSE; break;
	case DY_DUE_ACT_RESUME: draft.act = DY_ACT_RESUME; break;
	case DY_DUE_ACT_RUNG:
		rung_draft(work, r, &draft);
		told = told_find(hands, r, draft.level, draft.act != DY_ACT_REMIND);
		/* the first person had a minute: now a second one is asked, above them */
		if (draft.act == DY_ACT_REMIND && !work->of_close && second)
			told = told_find(hands, r, r->level + 1, true);
		break;
	}
	if (work->act == DY_DUE_ACT_RELEASE)
		told = told_find(hands, r, 0, true);
	if (told != NULL) {
		draft.told = told->account;
		draft.text = told->name;
	}
	DY_TRY(dy_request_act_as(tx, call, &draft, DY_SIDE_SYSTEM, r));
	int64_t turn = call->now.ms + (r->urgent ? URGENT_TURN_MS : TURN_MS);
	if (r->clock.next_at.ms == 0 || r->clock.next_at.ms > call->now.ms)
		return DY_OK;
	return dy_clock_delay(tx, r->id, (struct dy_time){ turn }, call->err);
}

static enum dy_code
one_do(struct dy_call *call, struct dy_id community, const struct dy_hands *hands, struct dy_id id)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_request r;

	DY_TRY(dy_wtx_begin(call->writer, community, &tx, call->err));
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, id, &r, call->err));
	struct dy_clock clock = dy_request_clock_of(&r);
	struct dy_due_work work = dy_clock_due(&clock, call->rules, call->now);
	if (work.act == DY_DUE_ACT_NONE) {
		/* the rules changed, or the row came from an older program: look again in time */
		dy_request_clock_set(call, &r);
		DY_TRY(dy_request_clock_put(tx, &r, call->err));
	} else {
		DY_TRY(work_do(tx, call, hands, &work, &r));
	}
	return dy_wtx_commit(&tx, call->err);
}

/* What cannot be done does not hold up the others. */
static enum dy_code
one_delay(struct dy_call *call, struct dy_id community, struct dy_id id)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_time until = { call->now.ms + RETRY_MS };

	DY_TRY(dy_wtx_begin(call->writer, community, &tx, call->err));
	DY_TRY(dy_clock_delay(tx, id, until, call->err));
	return dy_wtx_commit(&tx, call->err);
}

static enum dy_code
due_list(struct dy_call *call, struct dy_id community, struct dy_id *ids, size_t *n,
         struct dy_hands *hands)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;

	DY_TRY(dy_wtx_begin(call->writer, community, &tx, call->err));
	DY_TRY(dy_clock_list_due(dy_wtx_read(tx), call->now, ids, DY_CLOCK_TURN, n, call->err));
	DY_TRY(dy_call_rules(tx, call));
	return *n == 0 ? DY_OK
	               : dy_hands_read(dy_wtx_read(tx), call->arena, call->now, hands, call->err);
}

enum dy_code
dy_app_clock_turn(struct dy_call *call, struct dy_id community, struct dy_clock_turn *out)
{
	struct dy_actor nobody = { .community = community };
	struct dy_id ids[DY_CLOCK_TURN];
	struct dy_hands hands = { 0 };
	struct dy_call own = *call;
	size_t n = 0;

	*out = (struct dy_clock_turn){ 0 };
	own.actor = &nobody;
	own.rules = NULL;
	DY_TRY(due_list(&own, community, ids, &n, &hands));
	for (size_t i = 0; i < n; i++) {
		struct dy_err err = { 0 };
		own.err = &err;
		enum dy_code rc = one_do(&own, community, &hands, ids[i]);
		own.err = call->err;
		if (rc == DY_OK) {
			out->done++;
			continue;
		}
		out->failed++;
		out->fault = err;
		DY_TRY(one_delay(&own, community, ids[i]));
	}
	out->more = n == DY_CLOCK_TURN;
	return DY_OK;
}

enum dy_code
dy_app_clock_is_due(struct dy_rtx *tx, struct dy_time now, bool *out, struct dy_err *err)
{
	struct dy_id id;
	size_t n;

	DY_TRY(dy_clock_list_due(tx, now, &id, 1, &n, err));
	*out = n > 0;
	return DY_OK;
}
