/* Who waits for the same: following, merging, and one answer that reaches everybody. */
#include "app/intake.h"
#include "domain/shared.h"
#include "inside.h"
#include "store/event.h"

/* To the household alone: something new about its request, or about one that it follows. */
static enum dy_code
news_event(struct dy_wtx *tx, struct dy_call *call, const struct dy_request *r,
           struct dy_id household)
{
	struct dy_event e = {
		.at = call->now,
		.topic = DY_STR_INIT("request.news"),
		.subject = r->id,
		.rooms = { .household = household, .reporter = r->reporter },
	};

	if (!dy_id_eq(household, r->household))
		e.rooms.reporter.v = 0;
	if (dy_request_is_private(r))
		e.rooms.reach = DY_REACH_MANAGERS;
	e.payload = dy_str_from(dy_arena_printf(
		call->arena, "{\"state\":\"%s\",\"version\":%lld,\"urgent\":%s}",
		dy_state_name(r->state), (long long)r->version, r->urgent ? "true" : "false"));
	return dy_event_append(tx, &e, NULL, call->err);
}

/* The same entry in the history of a request that was merged. A resident's own words and name stay with their household. */
static enum dy_code
merged_tell(struct dy_wtx *tx, struct dy_call *call, const struct dy_act_draft *draft,
            struct dy_id id, bool as_resident, struct dy_request *out)
{
	struct dy_entry_draft entry = {
		.act = dy_act_name(draft->act),
		.from = dy_state_name(DY_STATE_MERGED),
		.text = as_resident ? DY_STR("") : draft->text,
		.side = as_resident || call->actor->account.v == 0 ? "system" : "staff",
		.nameless = as_resident,
	};

	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, id, out, call->err));
	out->changed_at = call->now;
	DY_TRY(dy_request_update(tx, out, call->err));
	DY_TRY(dy_request_entry(tx, call, out, &entry));
	return news_event(tx, call, out, out->household);
}

static bool
is_news(const struct dy_act_draft *draft, bool as_resident, bool changed)
{
	static const enum dy_act quiet[] = { DY_ACT_REMIND, DY_ACT_RATE, DY_ACT_EXTEND_ASK,
		                             DY_ACT_EXTEND_GRANT, DY_ACT_EXTEND_DENY };

	for (size_t i = 0; i < DY_COUNT(quiet); i++) {
		if (draft->act == quiet[i])
			return false;
	}
	return changed || !as_resident;
}

static bool
holds(const struct dy_id_list *list, struct dy_id id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (dy_id_eq(list->items[i], id))
			return true;
	}
	return false;
}

enum dy_code
dy_request_tell_followers(struct dy_wtx *tx, struct dy_call *call, const struct dy_act_draft *draft,
                          const struct dy_request *r, bool as_resident, bool changed)
{
	struct dy_id_list merged, followers, told = { 0 };

	if (!is_news(draft, as_resident, changed))
		return DY_OK;
	DY_TRY(dy_merged_list(dy_wtx_read(tx), call->arena, r->id, &merged, call->err));
	for (size_t i = 0; i < merged.count; i++) {
		struct dy_request m;
		DY_TRY(merged_tell(tx, call, draft, merged.items[i], as_resident, &m));
		struct dy_id *id = dy_arena_push(call->arena, (void **)&told.items, &told.count,
		                                 &told.cap, sizeof(*id));
		*id = m.household;
	}
	DY_TRY(dy_follower_list(dy_wtx_read(tx), call->arena, r->id, &followers, call->err));
	for (size_t i = 0; i < followers.count; i++) {
		if (!holds(&told, followers.items[i]))
			DY_TRY(news_event(tx, call, r, followers.items[i]));
	}
	return DY_OK;
}

enum dy_code
dy_request_followers_move(struct dy_wtx *tx, struct dy_call *call, const struct dy_request *r,
                          struct dy_id target)
{
	struct dy_request t;

	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, target, &t, call->err));
	if (r->household.v != 0)
		DY_TRY(dy_follower_add(tx, target, r->household, call->now, call->err));
	DY_TRY(dy_merged_move(tx, r->id, target, call->now, call->err));
	/* its own household hears of it anyway */
	return t.household.v != 0 ? dy_follower_remove(tx, target, t.household, call->err) : DY_OK;
}

enum dy_code
dy_request_may_follow_read(struct dy_rtx *tx, const struct dy_actor *actor,
                           const struct dy_request *r, bool *out, struct dy_err *err)
{
	*out = false;
	if (actor->household.v == 0 || dy_request_is_private(r))
		return DY_OK;
	return dy_follower_is(tx, r->id, actor->household, out, err);
}

/* Shared faults of one's own unit, while they are open. */
static enum dy_code
follow_check(struct dy_wtx *tx, struct dy_call *call, const struct dy_request *r)
{
	struct dy_where home;

	if (call->actor->household.v == 0)
		return dy_raise(call->err, DY_E_DENIED, "", "only a household can follow");
	DY_TRY(dy_where_household(dy_wtx_read(tx), call->arena, call->actor->household, call->now,
	                          &home, call->err));
	if (!dy_id_eq(home.unit, r->unit) || dy_fault_of(r->category, r->text) == DY_FAULT_NONE ||
	    dy_id_eq(call->actor->household, r->household))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such request");
	if (!dy_state_is_open(r->state))
		return dy_raise(call->err, DY_E_CONFLICT, "", "it has ended; report it anew");
	if (r->followers >= DY_FOLLOWERS_MAX)
		return dy_raise(call->err, DY_E_CONFLICT, "", "%d households follow it already",
		                DY_FOLLOWERS_MAX);
	return DY_OK;
}

enum dy_code
dy_app_follow(struct dy_call *call, struct dy_id request, bool on, struct dy_request *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_id home = call->actor->household;
	struct dy_request r;
	bool follows = false;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, request, &r, call->err));
	DY_TRY(dy_request_may_follow_read(dy_wtx_read(tx), call->actor, &r, &follows, call->err));
	if (on && !follows)
		DY_TRY(follow_check(tx, call, &r));
	if (!on && !follows)
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such request");
	if (on)
		DY_TRY(dy_follower_add(tx, r.id, home, call->now, call->err));
	else
		DY_TRY(dy_follower_remove(tx, r.id, home, call->err));
	if (on != follows) {
		DY_TRY(dy_request_event(tx, call, on ? "follow" : "unfollow", &r, r.owner,
		                        (struct dy_id){ 0 }));
		DY_TRY(news_event(tx, call, &r, home));
	}
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, r.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}
