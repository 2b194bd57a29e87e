/* Intake without signing in: a report through a door link, and its tracking link.
 *
 * Nothing here tells what the register knows of a household: urgency and promises in these answers come from the kind and
 * the words alone. */
#include "requests.h"

/* From one address (a family, or a stair behind one line), and for one door. What is urgent has a second purse. */
static const struct dy_rate BY_CLIENT = { 20000, 10 };
static const struct dy_rate BY_DOOR = { 60000, 5 };
static const struct dy_rate BY_TRACK = { 5000, 20 };

enum dy_code
dy_q_as_visitor(struct dy_q *q, struct dy_str link)
{
	uint8_t hash[DY_HASH_BYTES];
	struct dy_str language = q->actor.language;
	struct dy_id community;

	if (!dy_link_split(link, &community, hash)) {
		q->problem = "door_link";
		return dy_raise(&q->err, DY_E_NOT_FOUND, "/token",
		                "this link is not valid; scan the code on your stair again");
	}
	q->actor = (struct dy_actor){ .community = community, .language = language };
	q->idem.account = (struct dy_id){ 0 };
	return dy_q_community(q, community);
}

void
dy_q_wait(struct dy_q *q, const struct dy_call *call)
{
	if (call->wait_ms > 0)
		q->retry_s = call->wait_ms / DY_SECOND_MS + 1;
}

static enum dy_code
rate_take(struct dy_q *q, const char *key, struct dy_rate rate)
{
	int64_t wait_ms;

	if (q->api->options.unlimited ||
	    dy_limit_take(&q->api->limit, dy_str_from(key), rate, dy_tick_ms(), &wait_ms))
		return DY_OK;
	q->retry_s = wait_ms / DY_SECOND_MS + 1;
	return dy_raise(&q->err, DY_E_LIMIT, "",
	                "many reports from here; phone if it is urgent, or wait %lld s",
	                (long long)q->retry_s);
}

enum dy_code
dy_door_report_rate(struct dy_q *q, const struct dy_door_report *d)
{
	char purse = dy_intake_is_urgent(d->category, d->text) ? 'U' : 'n';
	struct dy_str client = dy_exchange_client(q->x);

	DY_TRY(rate_take(q, dy_arena_printf(q->arena, "d%c%.*s", purse, DY_FMT(client)),
	                 BY_CLIENT));
	return rate_take(
		q,
		dy_arena_printf(q->arena, "e%c%.*s-%.*s", purse, DY_FMT(d->link), DY_FMT(d->door)),
		BY_DOOR);
}

enum dy_code
dy_track_rate(struct dy_q *q, struct dy_str track)
{
	return rate_take(q, dy_arena_printf(q->arena, "t%.*s", DY_FMT(track)), BY_TRACK);
}

static enum dy_code
door_prepare(struct dy_q *q)
{
	struct dy_door_report *d = DY_NEW(q->arena, struct dy_door_report);
	struct dy_json *j;

	d->link = q->params[0];
	DY_TRY(dy_q_as_visitor(q, d->link));
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_opt_str(j, "door", 16, &d->door, &q->err));
	DY_TRY(dy_json_opt_str(j, "category", 4, &d->category, &q->err));
	DY_TRY(dy_json_str(j, "text", 1, DY_TEXT_MAX, &d->text, &q->err));
	DY_TRY(dy_json_opt_str(j, "contact", 60, &d->contact, &q->err));
	DY_TRY(dy_json_opt_bool(j, "urgent", &d->urgent, &q->err));
	DY_TRY(dy_json_end(j, &q->err));
	DY_TRY(dy_check_phone(d->contact, "/contact", &q->err));
	if (d->category.len == 0)
		d->category = dy_str_from(dy_category_guess(d->text)->code);
	q->job.urgent = dy_intake_is_urgent(d->category, d->text);
	q->draft = d;
	return dy_door_report_rate(q, d);
}

static void
receipt_write(struct dy_q *q, const struct dy_door_report *d, const struct dy_request *r,
              const char *track, const struct dy_helper *helper)
{
	const struct dy_category *category = dy_category_find(r->category);
	bool urgent = dy_category_is_urgent(category, d->text, false, d->urgent);
	struct dy_time due = dy_respond_due(category, dy_zone_default(), urgent, q->now);
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kcstr(w, "number", dy_request_number_text(q, r));
	dy_jw_kstr(w, "callback_code", r->callback_code);
	dy_jw_kcstr(w, "track", track);
	dy_jw_kcstr(w, "track_path", dy_arena_printf(q->arena, "/#/track/%s", track));
	dy_jw_kstr(w, "category", r->category);
	dy_jw_kbool(w, "urgent", urgent);
	dy_jw_ktime(w, "respond_due_at", dy_zone_default(), due);
	dy_advice_write(q, dy_request_dangers(r->category, d->text));
	dy_helper_write(q, helper);
	dy_jw_obj_end(w);
}

static enum dy_code
report_at_door(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_call call = dy_q_call(q);
	char track[DY_LINK_TEXT + 1];
	struct dy_helper helper;
	struct dy_request r;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	enum dy_code rc = dy_app_door_report(&call, q->draft, &r, track);
	if (rc == DY_E_NOT_FOUND)
		q->problem = "door_link";
	DY_TRY(rc);
	DY_TRY(dy_helper_find(q, dy_wtx_read(tx), r.unit, &helper));
	receipt_write(q, q->draft, &r, track, &helper);
	q->status = 201;
	return dy_wtx_commit(&tx, &q->err);
}

/* Tracking */
static void
entries_write(struct dy_q *q, const struct dy_entry_list *entries)
{
	struct dy_jw *w = &q->w;

	dy_jw_key(w, "entries");
	dy_jw_arr(w);
	for (size_t i = 0; i < entries->count; i++) {
		const struct dy_entry *e = &entries->items[i];
		if (!dy_str_is(e->visibility, "all"))
			continue;
		dy_jw_obj(w);
		dy_jw_ktime(w, "at", dy_zone_default(), e->at);
		dy_jw_kstr(w, "act", e->act);
		dy_jw_kstr(w, "actor_name",
		           dy_str_is(e->actor_side, "staff") ? e->actor_name : DY_STR(""));
		dy_jw_kstr(w, "actor_side", e->actor_side);
		dy_jw_kstr(w, "to_state", e->to_state);
		dy_jw_kstr(w, "text", e->text);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

static enum dy_code
track_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_request *r)
{
	struct dy_address a = { r->building_code, r->stair_code, r->door_code };
	unsigned acts = dy_request_acts(r->state, DY_SIDE_RESIDENT);
	struct dy_entry_list entries;
	struct dy_helper helper;
	struct dy_jw *w = &q->w;

	DY_TRY(dy_entry_list(tx, q->arena, r->id, &entries, &q->err));
	DY_TRY(dy_helper_find(q, tx, r->unit, &helper));
	dy_jw_obj(w);
	dy_jw_kcstr(w, "number", dy_request_number_text(q, r));
	dy_jw_kstr(w, "callback_code", r->callback_code);
	dy_jw_kstr(w, "category", r->category);
	dy_jw_kstr(w, "text", r->text);
	dy_jw_kstr(w, "address", dy_address_text(q->arena, &a));
	dy_jw_kcstr(w, "state", dy_state_name(r->state));
	dy_jw_kint(w, "progress", dy_state_progress(r->state));
	dy_jw_kbool(w, "verified", !r->unverified);
	dy_jw_kstr(w, "owner_name", r->owner.v != 0 ? r->owner_name : DY_STR(""));
	dy_jw_ktime(w, "created_at", dy_zone_default(), r->created_at);
	dy_jw_key(w, "rating");
	if (r->rating > 0)
		dy_jw_int(w, r->rating);
	else
		dy_jw_null(w);
	dy_advice_write(q,
	                dy_state_is_open(r->state) ? dy_request_dangers(r->category, r->text) : 0);
	dy_helper_write(q, &helper);
	dy_jw_key(w, "acts");
	dy_jw_arr(w);
	for (int i = 0; i < DY_ACTS; i++) {
		if ((acts & 1u << i) != 0)
			dy_jw_cstr(w, dy_act_name((enum dy_act)i));
	}
	dy_jw_arr_end(w);
	entries_write(q, &entries);
	dy_jw_kint(w, "version", r->version);
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
track_fault(struct dy_q *q, enum dy_code rc)
{
	if (rc == DY_E_NOT_FOUND)
		q->problem = "track_link";
	return rc;
}

static enum dy_code
get_track(struct dy_q *q)
{
	struct dy_request r;

	DY_TRY(track_fault(q, dy_q_as_visitor(q, q->params[0])));
	DY_TRY(track_fault(q, dy_app_track_open(q->tx, q->arena, q->params[0], &r, &q->err)));
	return track_write(q, q->tx, &r);
}

static enum dy_code
track_prepare(struct dy_q *q)
{
	static const enum dy_act acts[] = { DY_ACT_ANSWER, DY_ACT_REMIND, DY_ACT_CONFIRM,
		                            DY_ACT_REOPEN, DY_ACT_RATE,   DY_ACT_WITHDRAW,
		                            DY_ACT_RESUME };
	struct dy_act_draft *d = DY_NEW(q->arena, struct dy_act_draft);
	const char *names[DY_COUNT(acts)];
	struct dy_json *j;
	size_t i;

	for (i = 0; i < DY_COUNT(acts); i++)
		names[i] = dy_act_name(acts[i]);

	DY_TRY(track_fault(q, dy_q_as_visitor(q, q->params[0])));
	DY_TRY(dy_track_rate(q, q->params[0]));
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_word(j, "act", names, DY_COUNT(acts), &i, &q->err));
	d->act = acts[i];
	DY_TRY(dy_json_opt_str(j, "text", DY_TEXT_MAX, &d->text, &q->err));
	if (dy_json_has(j, "rating"))
		DY_TRY(dy_json_int(j, "rating", 1, 5, &d->rating, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
act_on_track(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_call call = dy_q_call(q);
	struct dy_request r;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	enum dy_code rc = dy_app_track_act(&call, q->params[0], q->draft, &r);
	dy_q_wait(q, &call);
	DY_TRY(track_fault(q, rc));
	DY_TRY(track_write(q, dy_wtx_read(tx), &r));
	return dy_wtx_commit(&tx, &q->err);
}

const struct dy_route dy_intake_routes[] = {
	{ DY_POST, "/api/v1/door-links/{token}/reports", .op = "reportAtDoor", .cap = DY_CAP_PUBLIC,
	  .prepare = door_prepare, .fn = report_at_door, .body_max = 16384,
	  .flags = DY_ROUTE_URGENT | DY_ROUTE_SEALED },
	{ DY_GET, "/api/v1/track/{token}", .op = "getTrack", .cap = DY_CAP_PUBLIC,
	  .fn = get_track },
	{ DY_POST, "/api/v1/track/{token}/acts", .op = "actOnTrack", .cap = DY_CAP_PUBLIC,
	  .prepare = track_prepare, .fn = act_on_track, .body_max = 16384,
	  .flags = DY_ROUTE_URGENT },
};
const size_t dy_intake_routes_n = DY_COUNT(dy_intake_routes);
