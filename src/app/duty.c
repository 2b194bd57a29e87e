/* Absences and the duty roster. */
#include "app/duty.h"

#include "inside.h"

static enum dy_code
cover_event(struct dy_wtx *tx, struct dy_call *call, const char *topic, struct dy_id subject,
            struct dy_event_rooms rooms)
{
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = dy_str_from(topic),
		.subject = subject,
		.rooms = rooms,
		.payload = DY_STR_INIT("{}"),
	};
	return dy_event_append(tx, &e, NULL, call->err);
}

/* Oneself, or somebody whose every post lies below what the actor manages. */
static enum dy_code
absence_may(struct dy_wtx *tx, struct dy_call *call, struct dy_id account,
            struct dy_event_rooms *rooms)
{
	struct dy_post_list posts;

	DY_TRY(dy_post_list_account(dy_wtx_read(tx), call->arena, account, call->now, &posts,
	                            call->err));
	if (posts.count == 0)
		return dy_raise(call->err, DY_E_INPUT, "/account_id", "this person holds no post");
	for (size_t i = 0; i < posts.count; i++) {
		DY_TRY(dy_scope_rooms(dy_wtx_read(tx), call, &posts.items[i].scope, rooms));
		if (!dy_id_eq(account, call->actor->account) &&
		    !dy_actor_has_at(call->actor, DY_CAP_REQUEST_MANAGE, rooms->grid, rooms->unit))
			return dy_raise(call->err, DY_E_DENIED, "/account_id",
			                "your posts do not allow this");
	}
	rooms->reach = DY_REACH_MANAGERS;
	return DY_OK;
}

enum dy_code
dy_app_absence_begin(struct dy_call *call, const struct dy_absence_draft *draft,
                     struct dy_absence *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_absence_list known;
	struct dy_event_rooms rooms;
	struct dy_absence a = {
		.account = draft->account.v != 0 ? draft->account : call->actor->account,
		.reason = draft->reason,
		.from = draft->from.ms != 0 ? draft->from : call->now,
		.to = draft->to,
	};

	if (a.to.ms != 0 && (a.to.ms <= a.from.ms || a.to.ms <= call->now.ms))
		return dy_raise(call->err, DY_E_INPUT, "/to",
		                "it must end later than it begins, and than now");
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(absence_may(tx, call, a.account, &rooms));
	DY_TRY(dy_absence_list(dy_wtx_read(tx), call->arena, a.account, call->now, &known,
	                       call->err));
	for (size_t i = 0; i < known.count; i++) {
		const struct dy_absence *k = &known.items[i];
		if ((k->to.ms == 0 || k->to.ms > a.from.ms) &&
		    (a.to.ms == 0 || a.to.ms > k->from.ms))
			return dy_raise(call->err, DY_E_CONFLICT, "/from",
			                "this person is marked absent for that time already");
	}
	a.id = dy_wtx_new_id(tx, call->now);
	DY_TRY(dy_absence_insert(tx, &a, call->actor->account, call->now, call->err));
	DY_TRY(cover_event(tx, call, "account.absent", a.account, rooms));
	if (a.from.ms <= call->now.ms)
		DY_TRY(dy_absence_alarms(tx, call, &a));
	DY_TRY(dy_absence_get(dy_wtx_read(tx), call->arena, a.id, call->now, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_absence_end(struct dy_call *call, struct dy_id id)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event_rooms rooms;
	struct dy_absence a;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_absence_get(dy_wtx_read(tx), call->arena, id, call->now, &a, call->err));
	DY_TRY(absence_may(tx, call, a.account, &rooms));
	DY_TRY(dy_absence_end(tx, id, call->now, call->err));
	DY_TRY(cover_event(tx, call, "account.back", a.account, rooms));
	DY_TRY(dy_vacancies_back(tx, call));
	return dy_wtx_commit(&tx, call->err);
}

static enum dy_code
scope_may(struct dy_wtx *tx, struct dy_call *call, enum dy_scope_kind kind, struct dy_id scope,
          struct dy_event_rooms *rooms)
{
	struct dy_post_scope at = { .kind = kind, .scope = scope };

	DY_TRY(dy_scope_rooms(dy_wtx_read(tx), call, &at, rooms));
	if (dy_actor_has_at(call->actor, DY_CAP_REQUEST_MANAGE, rooms->grid, rooms->unit))
		return DY_OK;
	return dy_raise(call->err, DY_E_DENIED, "/scope_id", "your posts do not allow this");
}

static enum dy_code
duty_check(struct dy_wtx *tx, struct dy_call *call, const struct dy_duty_draft *draft,
           const struct dy_event_rooms *rooms)
{
	struct dy_actor holder = { .account = draft->account };
	struct dy_duty_list known;

	if (draft->to.ms <= draft->from.ms || draft->to.ms <= call->now.ms)
		return dy_raise(call->err, DY_E_INPUT, "/to",
		                "it must end later than it begins, and than now");
	if (draft->to.ms - draft->from.ms > DY_DUTY_DAYS_MAX * DY_DAY_MS)
		return dy_raise(call->err, DY_E_INPUT, "/to", "one duty lasts at most %d days",
		                DY_DUTY_DAYS_MAX);
	DY_TRY(dy_post_list_account(dy_wtx_read(tx), call->arena, draft->account, call->now,
	                            &holder.posts, call->err));
	if (!dy_actor_has_at(&holder, DY_CAP_REQUEST_WORK, rooms->grid, rooms->unit) &&
	    !dy_actor_has_at(&holder, DY_CAP_REQUEST_SUPERVISE, rooms->grid, rooms->unit))
		return dy_raise(call->err, DY_E_INPUT, "/account_id",
		                "this person has no post over that scope");
	DY_TRY(dy_duty_list(dy_wtx_read(tx), call->arena, draft->from, draft->to, &known,
	                    call->err));
	for (size_t i = 0; i < known.count; i++) {
		if (dy_id_eq(known.items[i].account, draft->account) &&
		    dy_id_eq(known.items[i].scope, draft->scope))
			return dy_raise(call->err, DY_E_CONFLICT, "/from",
			                "this person is on duty there at that time already");
	}
	return DY_OK;
}

enum dy_code
dy_app_duty_plan(struct dy_call *call, const struct dy_duty_draft *draft, struct dy_duty *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event_rooms rooms;
	struct dy_duty d = {
		.account = draft->account,
		.kind = draft->kind,
		.scope = draft->scope,
		.from = draft->from,
		.to = draft->to,
		.note = draft->note,
	};

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(scope_may(tx, call, draft->kind, draft->scope, &rooms));
	DY_TRY(duty_check(tx, call, draft, &rooms));
	d.id = dy_wtx_new_id(tx, call->now);
	DY_TRY(dy_duty_insert(tx, &d, call->actor->account, call->now, call->err));
	rooms.owner = d.account;
	DY_TRY(cover_event(tx, call, "duty.planned", d.id, rooms));
	DY_TRY(dy_duty_get(dy_wtx_read(tx), call->arena, d.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_duty_cancel(struct dy_call *call, struct dy_id id)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event_rooms rooms;
	struct dy_duty d;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_duty_get(dy_wtx_read(tx), call->arena, id, &d, call->err));
	DY_TRY(scope_may(tx, call, d.kind, d.scope, &rooms));
	DY_TRY(dy_duty_cancel(tx, id, call->now, call->err));
	rooms.owner = d.account;
	DY_TRY(cover_event(tx, call, "duty.cancelled", id, rooms));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_duty_note(struct dy_call *call, struct dy_id id, struct dy_str note, struct dy_duty *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_post_scope at = { 0 };
	struct dy_event_rooms rooms;
	struct dy_duty d;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_duty_get(dy_wtx_read(tx), call->arena, id, &d, call->err));
	at.kind = d.kind;
	at.scope = d.scope;
	if (dy_id_eq(d.account, call->actor->account))
		DY_TRY(dy_scope_rooms(dy_wtx_read(tx), call, &at, &rooms));
	else
		DY_TRY(scope_may(tx, call, d.kind, d.scope, &rooms));
	DY_TRY(dy_duty_note(tx, id, note, call->now, call->err));
	DY_TRY(cover_event(tx, call, "duty.noted", id, rooms));
	DY_TRY(dy_duty_get(dy_wtx_read(tx), call->arena, id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}
