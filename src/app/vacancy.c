/* Alarms of posts that lost their person, and handing over what they had in hand. */
#include "app/duty.h"

#include "inside.h"
#include "store/clock.h"

#include <string.h>

#define HAND_PAGE 64

static struct dy_event_rooms
rooms_of(const struct dy_vacancy *v)
{
	/* also to the one who is proposed and the one who is missing */
	return (struct dy_event_rooms){ .unit = v->unit,
		                        .grid = v->grid,
		                        .owner = v->deputy,
		                        .former = v->account,
		                        .reach = DY_REACH_MANAGERS };
}

static enum dy_code
vacancy_event(struct dy_wtx *tx, struct dy_call *call, const char *topic,
              const struct dy_vacancy *v)
{
	char deputy[DY_ID_TEXT + 1] = "";
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = dy_str_from(topic),
		.subject = v->id,
		.rooms = rooms_of(v),
	};

	if (v->deputy.v != 0)
		dy_id_encode(v->deputy, deputy);
	e.payload = dy_str_from(dy_arena_printf(
		call->arena, "{\"role\":\"%s\",\"open_items\":%lld,\"deputy_id\":%s%s%s}",
		dy_role_name(v->role), (long long)v->open_items, v->deputy.v != 0 ? "\"" : "null",
		deputy, v->deputy.v != 0 ? "\"" : ""));
	return dy_event_append(tx, &e, NULL, call->err);
}

/* How many open requests the person owns that this post answers for. */
static enum dy_code
items_count(struct dy_wtx *tx, struct dy_call *call, struct dy_id account, int64_t *out)
{
	struct dy_id ids[HAND_PAGE], after = { 0 };
	size_t n = HAND_PAGE;

	*out = 0;
	while (n == HAND_PAGE) {
		DY_TRY(dy_request_list_owned(dy_wtx_read(tx), account, after, ids, HAND_PAGE, &n,
		                             call->err));
		*out += (int64_t)n;
		if (n > 0)
			after = ids[n - 1];
	}
	return DY_OK;
}

/* Below what the team rule wants, or nobody else in a post above the units. */
static enum dy_code
is_uncovered(struct dy_wtx *tx, struct dy_call *call, const struct dy_hands *hands,
             const struct dy_post_scope *scope, bool *out)
{
	struct dy_team_rule rule;
	int64_t members, deputies;

	dy_hands_count(hands, scope, &members, &deputies);
	*out = members + deputies == 0;
	if (scope->kind != DY_SCOPE_UNIT)
		return DY_OK;
	DY_TRY(dy_team_rule_get(dy_wtx_read(tx), call->arena, &rule, call->err));
	*out = false;
	for (size_t i = 0; i < rule.count; i++) {
		if (rule.needs[i].role == scope->role)
			*out = members < rule.needs[i].min;
	}
	return DY_OK;
}

enum dy_code
dy_vacancy_raise(struct dy_wtx *tx, struct dy_call *call, const struct dy_post *post,
                 struct dy_str reason)
{
	struct dy_event_rooms rooms = { 0 };
	struct dy_hands hands;
	bool uncovered;
	struct dy_vacancy v = {
		.id = dy_wtx_new_id(tx, call->now),
		.post = post->id,
		.account = post->account,
		.role = post->scope.role,
		.kind = post->scope.kind,
		.scope = post->scope.scope,
		.reason = reason,
		.opened_at = call->now,
	};

	/* a place that is gone needs nobody */
	if (dy_scope_rooms(dy_wtx_read(tx), call, &post->scope, &rooms) != DY_OK) {
		*call->err = (struct dy_err){ 0 };
		return DY_OK;
	}
	v.grid = rooms.grid;
	v.unit = rooms.unit;
	DY_TRY(dy_hands_read(dy_wtx_read(tx), call->arena, call->now, &hands, call->err));
	DY_TRY(is_uncovered(tx, call, &hands, &post->scope, &uncovered));
	DY_TRY(items_count(tx, call, post->account, &v.open_items));
	if (!uncovered && v.open_items == 0)
		return DY_OK;
	const struct dy_hand *deputy =
		dy_hand_deputy(&hands, &post->scope, v.grid, v.unit, post->account);
	if (deputy != NULL)
		v.deputy = deputy->account;
	DY_TRY(dy_vacancy_insert(tx, &v, call->err));
	return vacancy_event(tx, call, "vacancy.opened", &v);
}

static enum dy_code
vacancy_end(struct dy_wtx *tx, struct dy_call *call, struct dy_vacancy *v, struct dy_str how,
            struct dy_id taken_by)
{
	v->closed_at = call->now;
	v->closed_how = how;
	v->closed_by = call->actor->account;
	v->taken_by = taken_by;
	DY_TRY(dy_vacancy_close(tx, v, call->err));
	return vacancy_event(tx, call, "vacancy.closed", v);
}

enum dy_code
dy_vacancies_fill(struct dy_wtx *tx, struct dy_call *call, const struct dy_post *post)
{
	struct dy_vacancy_list list;

	DY_TRY(dy_vacancy_list(dy_wtx_read(tx), call->arena, false, &list, call->err));
	for (size_t i = 0; i < list.count; i++) {
		struct dy_vacancy *v = &list.items[i];
		int64_t items;
		if (v->role != post->scope.role || v->kind != post->scope.kind ||
		    !dy_id_eq(v->scope, post->scope.scope))
			continue;
		/* what was left in hand still has to be handed over */
		DY_TRY(items_count(tx, call, v->account, &items));
		if (items == 0)
			DY_TRY(vacancy_end(tx, call, v, DY_STR("filled"), post->account));
	}
	return DY_OK;
}

bool
dy_vacancy_may_read(const struct dy_actor *actor, const struct dy_vacancy *v)
{
	return dy_id_eq(actor->account, v->account) || dy_id_eq(actor->account, v->deputy) ||
	       dy_actor_has_at(actor, DY_CAP_TEAM_READ, v->grid, v->unit);
}

bool
dy_vacancy_may_take(const struct dy_actor *actor, const struct dy_vacancy *v)
{
	return (v->deputy.v != 0 && dy_id_eq(actor->account, v->deputy)) ||
	       dy_actor_has_at(actor, DY_CAP_REQUEST_MANAGE, v->grid, v->unit);
}

/* One request of the person who is missing; extra: the side an alarm lends to the deputy. */
static enum dy_code
one_hand_over(struct dy_wtx *tx, struct dy_call *call, const struct dy_act_draft *draft,
              const struct dy_actor *taker, unsigned extra, struct dy_handed *out)
{
	struct dy_request r;
	struct dy_step step;

	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, draft->request, &r, call->err));
	*out = (struct dy_handed){
		.request = r.id, .day = r.day, .day_number = r.day_number, .left = "denied"
	};
	unsigned sides = dy_request_sides(call->actor, &r) | extra;
	if (dy_request_step(r.state, r.prior, draft->act, sides, &step, NULL) != DY_OK)
		return DY_OK;
	out->left = "no_post";
	if (!dy_actor_has_at(taker, DY_CAP_REQUEST_WORK, r.grid, r.unit))
		return DY_OK;
	out->left = NULL;
	return dy_request_act_as(tx, call, draft, sides, &r);
}

static enum dy_code
all_hand_over(struct dy_wtx *tx, struct dy_call *call, struct dy_id from,
              struct dy_act_draft *draft, unsigned extra, struct dy_hand_over *out)
{
	struct dy_actor taker = { .community = call->actor->community,
		                  .account = draft->to_account };
	struct dy_id ids[HAND_PAGE], after = { 0 };
	size_t n = HAND_PAGE;

	draft->act = DY_ACT_HAND_OVER;
	out->count = out->handed = 0;
	out->more = false;
	DY_TRY(dy_post_list_account(dy_wtx_read(tx), call->arena, taker.account, call->now,
	                            &taker.posts, call->err));
	if (dy_id_eq(from, draft->to_account) || !dy_actor_has(&taker, DY_CAP_REQUEST_WORK))
		return dy_raise(call->err, DY_E_INPUT, "/to_account_id",
		                "name somebody else who has a post that works on requests");
	while (n == HAND_PAGE && !out->more) {
		DY_TRY(dy_request_list_owned(dy_wtx_read(tx), from, after, ids, HAND_PAGE, &n,
		                             call->err));
		for (size_t i = 0; i < n; i++) {
			if (out->count == DY_HANDED_MAX) {
				out->more = true;
				break;
			}
			draft->request = after = ids[i];
			struct dy_handed *item = &out->items[out->count++];
			DY_TRY(one_hand_over(tx, call, draft, &taker, extra, item));
			out->handed += item->left == NULL;
		}
	}
	return DY_OK;
}

enum dy_code
dy_app_hand_over(struct dy_call *call, struct dy_id from, struct dy_id to, struct dy_str text,
                 struct dy_hand_over *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_act_draft draft = { .to_account = to, .text = text };
	struct dy_account account;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	if (dy_account_get(dy_wtx_read(tx), call->arena, from, &account, NULL) != DY_OK ||
	    !dy_str_is(account.kind, "staff"))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such account");
	DY_TRY(all_hand_over(tx, call, from, &draft, 0, out));
	/* whose work nobody gave you sight of is nobody to you */
	bool all_denied =
		out->count > 0 && out->handed == 0 && !dy_id_eq(from, call->actor->account);
	for (size_t i = 0; i < out->count; i++)
		all_denied = all_denied && out->items[i].left != NULL &&
		             strcmp(out->items[i].left, "denied") == 0;
	if (all_denied)
		return dy_raise(call->err, DY_E_DENIED, "", "your posts do not allow this");
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_take_over(struct dy_call *call, struct dy_id vacancy, struct dy_id to,
                 struct dy_vacancy *out, struct dy_hand_over *handed)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_act_draft draft = { .to_account = to };

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_vacancy_get(dy_wtx_read(tx), call->arena, vacancy, out, call->err));
	if (!dy_vacancy_may_read(call->actor, out))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "there is no such vacancy");
	if (!dy_vacancy_may_take(call->actor, out))
		return dy_raise(call->err, DY_E_DENIED, "", "your posts do not allow this");
	if (out->closed_at.ms != 0)
		return dy_raise(call->err, DY_E_CONFLICT, "",
		                "somebody has taken this over already");
	if (draft.to_account.v == 0)
		draft.to_account = out->deputy;
	if (draft.to_account.v == 0)
		return dy_raise(call->err, DY_E_INPUT, "/to_account_id",
		                "nobody is proposed; say who takes it");
	unsigned lent = dy_id_eq(draft.to_account, out->deputy) ? DY_SIDE_MANAGER : 0;
	DY_TRY(all_hand_over(tx, call, out->account, &draft, lent, handed));
	DY_TRY(vacancy_end(tx, call, out, DY_STR("taken_over"), draft.to_account));
	DY_TRY(dy_vacancy_get(dy_wtx_read(tx), call->arena, vacancy, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

static enum dy_code
is_absent(struct dy_wtx *tx, struct dy_call *call, struct dy_id account, struct dy_absence *out,
          bool *absent)
{
	struct dy_absence_list list;

	*absent = false;
	DY_TRY(dy_absence_list(dy_wtx_read(tx), call->arena, account, call->now, &list, call->err));
	for (size_t i = 0; i < list.count && !*absent; i++) {
		*absent = list.items[i].from.ms <= call->now.ms;
		*out = list.items[i];
	}
	return DY_OK;
}

enum dy_code
dy_absence_alarms(struct dy_wtx *tx, struct dy_call *call, const struct dy_absence *a)
{
	struct dy_post_list posts;
	bool raised;

	DY_TRY(dy_post_list_account(dy_wtx_read(tx), call->arena, a->account, call->now, &posts,
	                            call->err));
	for (size_t i = 0; i < posts.count; i++) {
		DY_TRY(dy_vacancy_was_raised(dy_wtx_read(tx), posts.items[i].id, a->from, &raised,
		                             call->err));
		if (!raised)
			DY_TRY(dy_vacancy_raise(tx, call, &posts.items[i], a->reason));
	}
	return DY_OK;
}

enum dy_code
dy_vacancies_back(struct dy_wtx *tx, struct dy_call *call)
{
	struct dy_vacancy_list list;
	struct dy_absence absence;
	bool absent;

	DY_TRY(dy_vacancy_list(dy_wtx_read(tx), call->arena, false, &list, call->err));
	for (size_t i = 0; i < list.count; i++) {
		if (dy_str_is(list.items[i].reason, "post_ended"))
			continue;
		DY_TRY(is_absent(tx, call, list.items[i].account, &absence, &absent));
		if (!absent)
			DY_TRY(vacancy_end(tx, call, &list.items[i], DY_STR("back"),
			                   (struct dy_id){ 0 }));
	}
	return DY_OK;
}

enum dy_code
dy_app_cover_sweep(struct dy_call *call, struct dy_id community)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_actor nobody = { .community = community };
	struct dy_absence_list list;
	struct dy_call own = *call;

	own.actor = &nobody;
	DY_TRY(dy_wtx_begin(own.writer, community, &tx, own.err));
	DY_TRY(dy_absence_list(dy_wtx_read(tx), own.arena, (struct dy_id){ 0 }, own.now, &list,
	                       own.err));
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].from.ms <= own.now.ms)
			DY_TRY(dy_absence_alarms(tx, &own, &list.items[i]));
	}
	DY_TRY(dy_vacancies_back(tx, &own));
	return dy_wtx_commit(&tx, own.err);
}
