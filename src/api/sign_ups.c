/* Sign-ups (接龙): lists with room for so many, and the line behind them. */
#include "routes.h"

#include "app/sign_up.h"
#include "domain/address.h"
#include "domain/sign_up.h"

#define TITLE_MAX    60
#define NOTE_MAX     60
#define ENTRIES_MAX  500
#define SCAN_MAX     500 /* of the community's lists, before those of other places are left out */
#define CLOSED_SHOWN 14  /* days that a closed list stays on the page */

static enum dy_code
home_of(struct dy_q *q, struct dy_rtx *tx, struct dy_where *out)
{
	*out = (struct dy_where){ 0 };
	if (q->actor.household.v == 0)
		return DY_OK;
	return dy_where_household(tx, q->arena, q->actor.household, q->now, out, &q->err);
}

static enum dy_code
entry_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_sign_up *s,
            const struct dy_sign_up_entry *e)
{
	struct dy_jw *w = &q->w;
	struct dy_address address = { e->building_code, e->stair_code, e->door_code };
	int64_t ahead = 0;

	if (e->state == DY_ENTRY_WAITING)
		DY_TRY(dy_sign_up_ahead(tx, s->id, e->place, &ahead, &q->err));
	dy_jw_obj(w);
	dy_jw_kid(w, "member_id", e->member);
	dy_jw_kint(w, "place", e->place);
	dy_jw_kcstr(w, "state", dy_entry_state_name(e->state));
	dy_jw_kint(w, "seats", e->seats);
	dy_jw_kint(w, "ahead", ahead);
	dy_jw_kstr(w, "note", e->note);
	dy_jw_kstr(w, "name", e->name);
	dy_jw_key(w, "address");
	if (e->door.v != 0)
		dy_jw_str(w, dy_address_text(q->arena, &address));
	else
		dy_jw_null(w);
	dy_jw_ktime(w, "at", dy_zone_default(), e->at);
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
mine_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_sign_up *s)
{
	struct dy_id member = dy_sign_up_member(&q->actor, s);
	struct dy_sign_up_entry e;
	bool known = false;

	dy_jw_key(&q->w, "mine");
	if (member.v != 0)
		DY_TRY(dy_sign_up_entry_get(tx, q->arena, s->id, member, &known, &e, &q->err));
	if (known && e.state != DY_ENTRY_CANCELLED)
		return entry_write(q, tx, s, &e);
	dy_jw_null(&q->w);
	return DY_OK;
}

static enum dy_code
sign_up_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_sign_up *s)
{
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kid(w, "id", s->id);
	dy_jw_kstr(w, "title", s->title);
	dy_jw_kstr(w, "text", s->text);
	dy_jw_kcstr(w, "per", s->per_person ? "person" : "household");
	dy_jw_kint(w, "capacity", s->capacity);
	dy_jw_kint(w, "entry_max", s->entry_max);
	dy_jw_kint(w, "taken", s->taken);
	dy_jw_kint(w, "waiting", s->waiting);
	dy_jw_kid(w, "unit_id", s->unit);
	dy_jw_kid(w, "grid_id", s->grid);
	dy_jw_kstr(w, "unit_name", s->unit_name);
	dy_jw_ktime(w, "opens_at", dy_zone_default(), s->opens_at);
	dy_jw_ktime(w, "closes_at", dy_zone_default(), s->closes_at);
	dy_jw_kcstr(w, "phase", dy_sign_up_phase_name(dy_sign_up_phase(s, q->now)));
	dy_jw_kint(w, "version", s->version);
	dy_jw_kbool(w, "may_manage", dy_sign_up_may_manage(&q->actor, s));
	DY_TRY(mine_write(q, tx, s));
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
list_sign_ups(struct dy_q *q)
{
	struct dy_time since = { q->now.ms - CLOSED_SHOWN * DY_DAY_MS };
	struct dy_sign_up_list list;
	struct dy_where home;
	int64_t limit;

	DY_TRY(dy_q_query_limit(q, &limit));
	DY_TRY(home_of(q, q->tx, &home));
	DY_TRY(dy_sign_up_list(q->tx, q->arena, since, SCAN_MAX, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count && limit > 0; i++) {
		if (!dy_sign_up_may_see(&q->actor, &home, &list.items[i]))
			continue;
		DY_TRY(sign_up_write(q, q->tx, &list.items[i]));
		limit--;
	}
	dy_list_end(q);
	dy_q_etag(q);
	return DY_OK;
}

static enum dy_code
sign_up_find(struct dy_q *q, struct dy_sign_up *s)
{
	struct dy_where home;
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(home_of(q, q->tx, &home));
	DY_TRY(dy_sign_up_get(q->tx, q->arena, id, s, &q->err));
	if (!dy_sign_up_may_see(&q->actor, &home, s))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such sign-up");
	return DY_OK;
}

static enum dy_code
get_sign_up(struct dy_q *q)
{
	struct dy_sign_up s;

	DY_TRY(sign_up_find(q, &s));
	DY_TRY(sign_up_write(q, q->tx, &s));
	dy_q_etag(q);
	return DY_OK;
}

/* Names and doors are for those who manage it. */
static enum dy_code
managed_find(struct dy_q *q, struct dy_sign_up *s)
{
	DY_TRY(sign_up_find(q, s));
	if (!dy_sign_up_may_manage(&q->actor, s))
		return dy_raise(&q->err, DY_E_DENIED, "", "your posts do not allow this");
	return DY_OK;
}

static enum dy_code
list_entries(struct dy_q *q)
{
	struct dy_sign_up s;
	struct dy_sign_up_entry_list list;
	struct dy_str text;
	int64_t limit, after = 0;

	DY_TRY(managed_find(q, &s));
	DY_TRY(dy_q_query_limit(q, &limit));
	if (dy_q_query(q, "after", &text) && (!dy_str_to_i64(text, &after) || after < 0))
		return dy_raise(&q->err, DY_E_INPUT, "/after", "send `next` of the page before");
	DY_TRY(dy_sign_up_entries(q->tx, q->arena, s.id, after, limit + 1, &list, &q->err));
	bool more = (int64_t)list.count > limit;
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count && (int64_t)i < limit; i++) {
		DY_TRY(entry_write(q, q->tx, &s, &list.items[i]));
		after = list.items[i].place;
	}
	if (!more) {
		dy_list_end(q);
		return DY_OK;
	}
	dy_jw_arr_end(&q->w);
	dy_jw_kcstr(&q->w, "next", dy_arena_printf(q->arena, "%lld", (long long)after));
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
get_chain(struct dy_q *q)
{
	DY_CLEANUP(dy_strbuf_release) struct dy_strbuf text;
	struct dy_sign_up s;
	struct dy_sign_up_entry_list list;

	dy_strbuf_init(&text, DY_ANSWER_MAX);
	DY_TRY(managed_find(q, &s));
	DY_TRY(dy_sign_up_entries(q->tx, q->arena, s.id, 0, ENTRIES_MAX, &list, &q->err));
	struct dy_chain_line *lines = dy_arena_alloc(q->arena, (list.count + 1) * sizeof(*lines));
	for (size_t i = 0; i < list.count; i++) {
		const struct dy_sign_up_entry *e = &list.items[i];
		struct dy_address a = { e->building_code, e->stair_code, e->door_code };
		lines[i] = (struct dy_chain_line){
			.who = e->door.v != 0 && !s.per_person ? dy_address_code(q->arena, &a)
			                                       : e->name,
			.seats = e->seats,
			.note = e->note,
			.waits = e->state == DY_ENTRY_WAITING,
		};
	}
	dy_chain_write(&text, s.title, lines, list.count);
	dy_jw_obj(&q->w);
	dy_jw_kstr(&q->w, "text", dy_strbuf_str(&text));
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* Writing */
static enum dy_code
make_prepare(struct dy_q *q)
{
	static const char *const per[] = { "household", "person" };
	struct dy_sign_up_draft *d = DY_NEW(q->arena, struct dy_sign_up_draft);
	struct dy_json *j;
	size_t i;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_str(j, "title", 1, TITLE_MAX, &d->title, &q->err));
	DY_TRY(dy_json_opt_str(j, "text", DY_TEXT_MAX, &d->text, &q->err));
	DY_TRY(dy_json_word(j, "per", per, DY_COUNT(per), &i, &q->err));
	d->per_person = i == 1;
	DY_TRY(dy_json_int(j, "capacity", 1, DY_SEATS_MAX, &d->capacity, &q->err));
	d->entry_max = 1;
	if (dy_json_has(j, "entry_max"))
		DY_TRY(dy_json_int(j, "entry_max", 1, DY_ENTRY_SEATS_MAX, &d->entry_max, &q->err));
	DY_TRY(dy_json_opt_id(j, "unit_id", &d->unit, &q->err));
	DY_TRY(dy_json_opt_id(j, "grid_id", &d->grid, &q->err));
	if (dy_json_has(j, "opens_at"))
		DY_TRY(dy_json_time(j, "opens_at", &d->opens_at, &q->err));
	DY_TRY(dy_json_time(j, "closes_at", &d->closes_at, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
make_sign_up(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_call call = dy_q_call(q);
	struct dy_sign_up s;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_sign_up_make(&call, q->draft, &s));
	q->status = 201;
	DY_TRY(sign_up_write(q, dy_wtx_read(tx), &s));
	return dy_wtx_commit(&tx, &q->err);
}

static enum dy_code
change_prepare(struct dy_q *q)
{
	struct dy_sign_up_edit *d = DY_NEW(q->arena, struct dy_sign_up_edit);
	struct dy_json *j;

	DY_TRY(dy_q_param_id(q, 0, &d->id));
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_int(j, "version", 1, INT32_MAX, &d->version, &q->err));
	DY_TRY(dy_json_str(j, "title", 1, TITLE_MAX, &d->title, &q->err));
	DY_TRY(dy_json_opt_str(j, "text", DY_TEXT_MAX, &d->text, &q->err));
	DY_TRY(dy_json_int(j, "capacity", 1, DY_SEATS_MAX, &d->capacity, &q->err));
	DY_TRY(dy_json_time(j, "closes_at", &d->closes_at, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
change_sign_up(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_call call = dy_q_call(q);
	struct dy_sign_up s;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_sign_up_change(&call, q->draft, &s));
	DY_TRY(sign_up_write(q, dy_wtx_read(tx), &s));
	return dy_wtx_commit(&tx, &q->err);
}

static enum dy_code
join_prepare(struct dy_q *q)
{
	struct dy_entry_draft *d = DY_NEW(q->arena, struct dy_entry_draft);
	struct dy_json *j;

	DY_TRY(dy_q_param_id(q, 0, &d->sign_up));
	DY_TRY(dy_q_json(q, &j));
	d->seats = 1;
	if (dy_json_has(j, "seats"))
		DY_TRY(dy_json_int(j, "seats", 1, DY_ENTRY_SEATS_MAX, &d->seats, &q->err));
	DY_TRY(dy_json_opt_str(j, "note", NOTE_MAX, &d->note, &q->err));
	DY_TRY(dy_json_opt_id(j, "door_id", &d->door, &q->err));
	DY_TRY(dy_json_end(j, &q->err));
	q->draft = d;
	return DY_OK;
}

static enum dy_code
join_look(struct dy_q *q)
{
	struct dy_entry_draft *d = q->draft;

	if (q->actor.household.v == 0 || d->door.v != 0)
		return DY_OK;
	struct dy_where *home = DY_NEW(q->arena, struct dy_where);
	DY_TRY(dy_q_home(q, home));
	d->home = home;
	return DY_OK;
}

static enum dy_code
join_sign_up(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_sign_up_entry e;

	DY_TRY(dy_app_sign_up_join(&call, q->draft, &e));
	q->status = 201;
	q->subject = e.member;
	return DY_OK;
}

static enum dy_code
join_show(struct dy_q *q)
{
	struct dy_sign_up s;
	struct dy_sign_up_entry e;
	bool known;

	DY_TRY(dy_q_param_id(q, 0, &s.id));
	DY_TRY(dy_sign_up_entry_get(q->tx, q->arena, s.id, q->subject, &known, &e, &q->err));
	if (!known)
		return dy_raise(&q->err, DY_E_BUG, "", "an entry that was made is not there");
	return entry_write(q, q->tx, &s, &e);
}

static enum dy_code
leave_sign_up(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_id id, member;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_q_param_id(q, 1, &member));
	DY_TRY(dy_app_sign_up_leave(&call, id, member));
	q->status = 204;
	q->type = NULL;
	return DY_OK;
}

const struct dy_route dy_sign_up_routes[] = {
	{ DY_GET, "/api/v1/sign-ups", .op = "listSignUps", .cap = DY_CAP_SIGNED_IN,
	  .fn = list_sign_ups },
	{ DY_POST, "/api/v1/sign-ups", .op = "makeSignUp", .cap = DY_CAP_SIGN_UP_MANAGE,
	  .prepare = make_prepare, .fn = make_sign_up, .body_max = DY_JSON_BODY_MAX },
	{ DY_GET, "/api/v1/sign-ups/{id}", .op = "getSignUp", .cap = DY_CAP_SIGNED_IN,
	  .fn = get_sign_up },
	{ DY_PUT, "/api/v1/sign-ups/{id}", .op = "changeSignUp", .cap = DY_CAP_SIGN_UP_MANAGE,
	  .prepare = change_prepare, .fn = change_sign_up, .body_max = DY_JSON_BODY_MAX },
	{ DY_GET, "/api/v1/sign-ups/{id}/entries", .op = "listSignUpEntries",
	  .cap = DY_CAP_SIGN_UP_MANAGE, .fn = list_entries },
	{ DY_POST, "/api/v1/sign-ups/{id}/entries", .op = "joinSignUp", .cap = DY_CAP_SIGNED_IN,
	  .prepare = join_prepare, .look = join_look, .fn = join_sign_up, .show = join_show,
	  .body_max = 4096, .flags = DY_ROUTE_REPEATABLE },
	{ DY_DELETE, "/api/v1/sign-ups/{id}/entries/{member_id}", .op = "leaveSignUp",
	  .cap = DY_CAP_SIGNED_IN, .fn = leave_sign_up },
	{ DY_GET, "/api/v1/sign-ups/{id}/text", .op = "getSignUpText", .cap = DY_CAP_SIGN_UP_MANAGE,
	  .fn = get_chain },
};
const size_t dy_sign_up_routes_n = DY_COUNT(dy_sign_up_routes);
