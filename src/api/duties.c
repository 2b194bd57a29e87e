/* Cover: absences, the duty roster, alarms of vacant posts, handing over. */
#include "routes.h"

#include "app/duty.h"

#define NOTE_MAX      2000
#define LIST_PAST_MS  DY_DAY_MS
#define LIST_AHEAD_MS (7 * DY_DAY_MS)

/* Times of a body are optional, and marked as taken when absent. */
static enum dy_code
opt_time(struct dy_json *j, const char *name, struct dy_time *out, struct dy_err *err)
{
	return dy_json_has(j, name) ? dy_json_time(j, name, out, err) : DY_OK;
}

static enum dy_code
query_time(struct dy_q *q, const char *name, const char *field, struct dy_time *out)
{
	struct dy_str text;

	if (!dy_q_query(q, name, &text) || text.len == 0)
		return DY_OK;
	return dy_time_decode(text, field, out, &q->err);
}

/* Absences */
static void
absence_write(struct dy_q *q, const struct dy_absence *a)
{
	const struct dy_zone *zone = dy_zone_default();

	dy_jw_obj(&q->w);
	dy_jw_kid(&q->w, "id", a->id);
	dy_jw_kid(&q->w, "account_id", a->account);
	dy_jw_kstr(&q->w, "account_name", a->account_name);
	dy_jw_kstr(&q->w, "reason", a->reason);
	dy_jw_ktime(&q->w, "from", zone, a->from);
	dy_jw_ktime(&q->w, "to", zone, a->to);
	dy_jw_obj_end(&q->w);
}

/* Everybody sees their own; who manages all of somebody's scopes sees theirs. */
static enum dy_code
absence_may_read(struct dy_q *q, const struct dy_absence *a, bool *out)
{
	struct dy_post_list posts;
	struct dy_id grid;

	*out = dy_id_eq(a->account, q->actor.account);
	if (*out)
		return DY_OK;
	DY_TRY(dy_post_list_account(q->tx, q->arena, a->account, q->now, &posts, &q->err));
	for (size_t i = 0; i < posts.count && !*out; i++) {
		const struct dy_post_scope *scope = &posts.items[i].scope;
		struct dy_id unit = { 0 };
		grid = (struct dy_id){ 0 };
		if (scope->kind == DY_SCOPE_GRID)
			grid = scope->scope;
		if (scope->kind == DY_SCOPE_UNIT) {
			unit = scope->scope;
			if (dy_unit_grid(q->tx, unit, q->now, &grid, NULL) != DY_OK)
				continue;
		}
		*out = dy_actor_has_at(&q->actor, DY_CAP_TEAM_READ, grid, unit);
	}
	return DY_OK;
}

static enum dy_code
list_absences(struct dy_q *q)
{
	struct dy_absence_list list;
	bool may;

	DY_TRY(dy_absence_list(q->tx, q->arena, (struct dy_id){ 0 }, q->now, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count; i++) {
		DY_TRY(absence_may_read(q, &list.items[i], &may));
		if (may)
			absence_write(q, &list.items[i]);
	}
	dy_list_end(q);
	return DY_OK;
}

static enum dy_code
absence_prepare(struct dy_q *q)
{
	static const char *const reasons[] = { "ill", "leave", "away" };
	struct dy_absence_draft *d = DY_NEW(q->arena, struct dy_absence_draft);
	struct dy_json *j;
	size_t i;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_opt_id(j, "account_id", &d->account, &q->err));
	DY_TRY(dy_json_word(j, "reason", reasons, DY_COUNT(reasons), &i, &q->err));
	d->reason = dy_str_from(reasons[i]);
	DY_TRY(opt_time(j, "from", &d->from, &q->err));
	DY_TRY(opt_time(j, "to", &d->to, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
begin_absence(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_absence a;

	DY_TRY(dy_app_absence_begin(&call, q->draft, &a));
	q->status = 201;
	absence_write(q, &a);
	return DY_OK;
}

static enum dy_code
end_absence(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_absence_end(&call, id));
	q->status = 204;
	q->type = NULL;
	return DY_OK;
}

/* The roster */
static void
duty_write(struct dy_q *q, const struct dy_duty *d)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kid(w, "id", d->id);
	dy_jw_kid(w, "account_id", d->account);
	dy_jw_kstr(w, "account_name", d->account_name);
	dy_jw_kcstr(w, "scope_kind", dy_scope_name(d->kind));
	dy_jw_kid(w, "scope_id", d->scope);
	dy_jw_kstr(w, "scope_name", d->scope_name);
	dy_jw_ktime(w, "from", zone, d->from);
	dy_jw_ktime(w, "to", zone, d->to);
	dy_jw_kbool(w, "now", d->from.ms <= q->now.ms && d->to.ms > q->now.ms);
	dy_jw_kstr(w, "note", d->note);
	dy_jw_ktime(w, "note_at", zone, d->note_at);
	dy_jw_obj_end(w);
}

static bool
duty_may_read(struct dy_q *q, const struct dy_duty *d)
{
	struct dy_id grid = { 0 }, unit = { 0 };

	/* who is on duty for all is for all to know */
	if (d->kind == DY_SCOPE_COMMUNITY || dy_id_eq(d->account, q->actor.account))
		return true;
	if (d->kind == DY_SCOPE_GRID)
		grid = d->scope;
	else if (dy_unit_grid(q->tx, d->scope, q->now, &grid, NULL) == DY_OK)
		unit = d->scope;
	return dy_actor_has_at(&q->actor, DY_CAP_TEAM_READ, grid, unit);
}

static enum dy_code
list_duties(struct dy_q *q)
{
	struct dy_duty_list list;
	struct dy_time from = { q->now.ms - LIST_PAST_MS };
	struct dy_time to = { q->now.ms + LIST_AHEAD_MS };

	DY_TRY(query_time(q, "from", "/from", &from));
	DY_TRY(query_time(q, "to", "/to", &to));
	DY_TRY(dy_duty_list(q->tx, q->arena, from, to, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count; i++) {
		if (duty_may_read(q, &list.items[i]))
			duty_write(q, &list.items[i]);
	}
	dy_list_end(q);
	return DY_OK;
}

static enum dy_code
duty_prepare(struct dy_q *q)
{
	static const char *const kinds[] = { "unit", "grid", "community" };
	struct dy_duty_draft *d = DY_NEW(q->arena, struct dy_duty_draft);
	struct dy_json *j;
	size_t kind;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_id(j, "account_id", &d->account, &q->err));
	DY_TRY(dy_json_word(j, "scope_kind", kinds, DY_COUNT(kinds), &kind, &q->err));
	d->kind = (enum dy_scope_kind)kind;
	DY_TRY(dy_json_id(j, "scope_id", &d->scope, &q->err));
	DY_TRY(dy_json_time(j, "from", &d->from, &q->err));
	DY_TRY(dy_json_time(j, "to", &d->to, &q->err));
	d->note = DY_STR("");
	DY_TRY(dy_json_opt_str(j, "note", NOTE_MAX, &d->note, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
plan_duty(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_duty d;

	DY_TRY(dy_app_duty_plan(&call, q->draft, &d));
	q->status = 201;
	duty_write(q, &d);
	return DY_OK;
}

static enum dy_code
cancel_duty(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_duty_cancel(&call, id));
	q->status = 204;
	q->type = NULL;
	return DY_OK;
}

static enum dy_code
note_prepare(struct dy_q *q)
{
	struct dy_str *note = DY_NEW(q->arena, struct dy_str);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_str(j, "note", 0, NOTE_MAX, note, &q->err));
	q->draft = note;
	return dy_json_end(j, &q->err);
}

static enum dy_code
note_duty(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	const struct dy_str *note = q->draft;
	struct dy_duty d;
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_duty_note(&call, id, *note, &d));
	duty_write(q, &d);
	return DY_OK;
}

const struct dy_route dy_duty_routes[] = {
	{ DY_GET, "/api/v1/absences", .op = "listAbsences", .cap = DY_CAP_TEAM_READ,
	  .fn = list_absences },
	{ DY_POST, "/api/v1/absences", .op = "beginAbsence", .cap = DY_CAP_TEAM_READ,
	  .prepare = absence_prepare, .fn = begin_absence, .body_max = 4096,
	  .flags = DY_ROUTE_PEOPLE },
	{ DY_DELETE, "/api/v1/absences/{id}", .op = "endAbsence", .cap = DY_CAP_TEAM_READ,
	  .fn = end_absence, .flags = DY_ROUTE_PEOPLE },
	{ DY_GET, "/api/v1/duties", .op = "listDuties", .cap = DY_CAP_TEAM_READ,
	  .fn = list_duties },
	{ DY_POST, "/api/v1/duties", .op = "planDuty", .cap = DY_CAP_REQUEST_MANAGE,
	  .prepare = duty_prepare, .fn = plan_duty, .body_max = DY_JSON_BODY_MAX,
	  .flags = DY_ROUTE_PEOPLE },
	{ DY_DELETE, "/api/v1/duties/{id}", .op = "cancelDuty", .cap = DY_CAP_REQUEST_MANAGE,
	  .fn = cancel_duty, .flags = DY_ROUTE_PEOPLE },
	{ DY_PUT, "/api/v1/duties/{id}/note", .op = "noteDuty", .cap = DY_CAP_TEAM_READ,
	  .prepare = note_prepare, .fn = note_duty, .body_max = DY_JSON_BODY_MAX },
};
const size_t dy_duty_routes_n = DY_COUNT(dy_duty_routes);
