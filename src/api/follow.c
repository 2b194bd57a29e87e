/* What neighbours have reported already, following it, confirming what came in unverified, and several needs in one request. */
#include "lite.h"

#define LOOKED_AT   200 /* open requests of the unit */
#define SIMILAR_MAX 5

struct similar_draft {
	struct dy_sighting seen;
	struct dy_id door;
};

static enum dy_code
similar_prepare(struct dy_q *q)
{
	struct similar_draft *d = DY_NEW(q->arena, struct similar_draft);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_opt_str(j, "category", 4, &d->seen.category, &q->err));
	DY_TRY(dy_json_str(j, "text", 1, DY_TEXT_MAX, &d->seen.text, &q->err));
	DY_TRY(dy_json_opt_id(j, "door_id", &d->door, &q->err));
	DY_TRY(dy_json_end(j, &q->err));
	if (d->seen.category.len == 0)
		d->seen.category = dy_str_from(dy_category_guess(d->seen.text)->code);
	if (dy_category_find(d->seen.category) == NULL)
		return dy_raise(&q->err, DY_E_INPUT, "/category", "no such category");
	q->draft = d;
	return DY_OK;
}

/* Where the draft would be: at the named door, when this person may report there, or at home. */
static enum dy_code
similar_where(struct dy_q *q, const struct similar_draft *d, struct dy_where *out)
{
	if (d->door.v == 0 && q->actor.household.v == 0)
		return dy_raise(&q->err, DY_E_INPUT, "/door_id", "say which door it is for");
	if (d->door.v == 0)
		return dy_where_household(q->tx, q->arena, q->actor.household, q->now, out,
		                          &q->err);
	if (dy_where_door(q->tx, q->arena, d->door, q->now, out, NULL) != DY_OK ||
	    (!dy_id_eq(out->household, q->actor.household) &&
	     !dy_actor_has_at(&q->actor, DY_CAP_REQUEST_READ, out->grid, out->unit)))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "/door_id", "no such door");
	return DY_OK;
}

static enum dy_code
similar_write(struct dy_q *q, const struct dy_request *r, enum dy_likeness like)
{
	struct dy_address a = { r->building_code, r->stair_code, { "", 0 } };
	struct dy_jw *w = &q->w;
	bool follows = false;

	if (q->actor.household.v != 0)
		DY_TRY(dy_follower_is(q->tx, r->id, q->actor.household, &follows, &q->err));
	dy_jw_obj(w);
	dy_jw_kid(w, "id", r->id);
	dy_jw_kcstr(w, "number", dy_request_number_text(q, r));
	dy_jw_kcstr(w, "likeness", dy_likeness_name(like));
	dy_jw_kstr(w, "category", r->category);
	dy_jw_kcstr(w, "state", dy_state_name(r->state));
	dy_jw_kstr(w, "text", like == DY_LIKE_OWN ? r->text : dy_text_masked(q->arena, r->text));
	dy_jw_kstr(w, "place", dy_address_text(q->arena, &a));
	dy_jw_ktime(w, "created_at", dy_zone_default(), r->created_at);
	dy_jw_kint(w, "followers", r->followers);
	dy_jw_kbool(w, "follows", follows);
	dy_jw_obj_end(w);
	return DY_OK;
}

enum dy_code
dy_similar_find(struct dy_q *q, struct dy_sighting *draft, const struct dy_where *where,
                struct dy_similar *out, size_t cap, size_t *n)
{
	struct dy_request_page page = { .limit = LOOKED_AT, .unit = where->unit };
	struct dy_request_list list;

	*n = 0;
	draft->household = where->household;
	draft->unit = where->unit;
	draft->at = q->now;
	DY_TRY(dy_request_list_open(q->tx, q->arena, &page, &list, &q->err));
	for (int like = DY_LIKE_OWN; like <= DY_LIKE_NEIGHBOUR; like++) {
		for (size_t i = list.count; i-- > 0 && *n < cap;) {
			const struct dy_request *r = &list.items[i];
			struct dy_sighting open = { r->household, r->unit, r->category, r->text,
				                    r->created_at };
			if ((int)dy_likeness_of(draft, &open) == like)
				out[(*n)++] = (struct dy_similar){ r, (enum dy_likeness)like };
		}
	}
	return DY_OK;
}

static enum dy_code
find_similar(struct dy_q *q)
{
	struct similar_draft *d = q->draft;
	struct dy_similar found[SIMILAR_MAX];
	struct dy_where where;
	size_t n;

	DY_TRY(similar_where(q, d, &where));
	DY_TRY(dy_similar_find(q, &d->seen, &where, found, SIMILAR_MAX, &n));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < n; i++)
		DY_TRY(similar_write(q, found[i].r, found[i].like));
	dy_list_end(q);
	return DY_OK;
}

static enum dy_code
follow(struct dy_q *q, bool on)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_call call = dy_q_call(q);
	struct dy_request r;
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_follow(&call, id, on, &r));
	dy_jw_obj(&q->w);
	dy_jw_kid(&q->w, "id", r.id);
	dy_jw_kbool(&q->w, "follows", on);
	dy_jw_kint(&q->w, "followers", r.followers);
	dy_jw_obj_end(&q->w);
	return dy_wtx_commit(&tx, &q->err);
}

static enum dy_code
follow_request(struct dy_q *q)
{
	return follow(q, true);
}

static enum dy_code
unfollow_request(struct dy_q *q)
{
	return follow(q, false);
}

static enum dy_code
list_followed(struct dy_q *q)
{
	struct dy_id_list ids = { 0 };

	if (q->actor.household.v != 0)
		DY_TRY(dy_followed_list(q->tx, q->arena, q->actor.household, &ids, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < ids.count; i++) {
		struct dy_request r;
		DY_TRY(dy_request_get(q->tx, q->arena, ids.items[i], &r, &q->err));
		if (r.merged_into.v == 0)
			DY_TRY(dy_request_write(q, q->tx, &r));
	}
	dy_list_end(q);
	return DY_OK;
}

/* Confirming */
static enum dy_code
verify_prepare(struct dy_q *q)
{
	struct dy_str *text = DY_NEW(q->arena, struct dy_str);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_opt_str(j, "text", DY_TEXT_MAX, text, &q->err));
	q->draft = text;
	return dy_json_end(j, &q->err);
}

static enum dy_code
verify_request(struct dy_q *q)
{
	const struct dy_str *text = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_request *r = DY_NEW(q->arena, struct dy_request);
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_verify(&call, id, *text, r));
	q->subject = r->id;
	q->result = r;
	return DY_OK;
}

/* Needs */
struct needs_draft {
	struct dy_need_draft needs[DY_NEEDS_MAX];
	size_t n;
};

static enum dy_code
needs_prepare(struct dy_q *q)
{
	struct needs_draft *d = DY_NEW(q->arena, struct needs_draft);
	struct dy_json_list *list;
	struct dy_json *j, *item;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_array(j, "needs", DY_NEEDS_MAX, &list, &q->err));
	d->n = dy_json_list_count(list);
	if (d->n == 0)
		return dy_raise(&q->err, DY_E_INPUT, "/needs", "name at least one need");
	for (size_t i = 0; i < d->n; i++) {
		DY_TRY(dy_json_list_obj(list, i, &item, &q->err));
		DY_TRY(dy_json_str(item, "category", 4, 4, &d->needs[i].category, &q->err));
		DY_TRY(dy_json_str(item, "text", 1, DY_TEXT_MAX, &d->needs[i].text, &q->err));
	}
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
add_needs(struct dy_q *q)
{
	const struct needs_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_request *r = DY_NEW(q->arena, struct dy_request);
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_needs_add(&call, id, d->needs, d->n, r));
	q->status = 201;
	q->subject = r->id;
	q->result = r;
	return DY_OK;
}

struct need_end_draft {
	int64_t number;
	bool is_done;
	struct dy_str text;
};

static enum dy_code
need_end_prepare(struct dy_q *q)
{
	static const char *const outcomes[] = { "done", "dropped" };
	struct need_end_draft *d = DY_NEW(q->arena, struct need_end_draft);
	struct dy_json *j;
	size_t i;

	if (!dy_str_to_i64(q->params[1], &d->number))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "this is not a number of a need");
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_word(j, "outcome", outcomes, DY_COUNT(outcomes), &i, &q->err));
	d->is_done = i == 0;
	DY_TRY(dy_json_opt_str(j, "text", DY_TEXT_MAX, &d->text, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
end_need(struct dy_q *q)
{
	const struct need_end_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_request *r = DY_NEW(q->arena, struct dy_request);
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_need_end(&call, id, d->number, d->is_done, d->text, r));
	q->subject = r->id;
	q->result = r;
	return DY_OK;
}

static enum dy_code
list_needs(struct dy_q *q)
{
	struct dy_need_list needs;
	struct dy_jw *w = &q->w;
	struct dy_request r;

	DY_TRY(dy_request_find(q, &r));
	if (!dy_request_may_read(&q->actor, &r))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such request");
	DY_TRY(dy_need_list(q->tx, q->arena, r.id, &needs, &q->err));
	dy_jw_obj(w);
	dy_jw_key(w, "items");
	dy_jw_arr(w);
	for (size_t i = 0; i < needs.count; i++) {
		const struct dy_need *n = &needs.items[i];
		dy_jw_obj(w);
		dy_jw_kint(w, "number", n->number);
		dy_jw_kstr(w, "category", n->category);
		dy_jw_kstr(w, "text", n->text);
		dy_jw_kstr(w, "state", n->state);
		dy_jw_ktime(w, "created_at", dy_zone_default(), n->created_at);
		dy_jw_ktime(w, "ended_at", dy_zone_default(), n->ended_at);
		dy_jw_obj_end(w);
	}
	dy_list_end(q);
	return DY_OK;
}

const struct dy_route dy_follow_routes[] = {
	{ DY_POST, "/api/v1/requests/similar", .op = "findSimilar", .cap = DY_CAP_REQUEST_REPORT,
	  .prepare = similar_prepare, .fn = find_similar, .body_max = 16384,
	  .flags = DY_ROUTE_LOOKUP },
	{ DY_POST, "/api/v1/requests/{id}/follow", .op = "followRequest", .cap = DY_CAP_SIGNED_IN,
	  .fn = follow_request },
	{ DY_DELETE, "/api/v1/requests/{id}/follow", .op = "unfollowRequest",
	  .cap = DY_CAP_SIGNED_IN, .fn = unfollow_request },
	{ DY_GET, "/api/v1/followed", .op = "listFollowed", .cap = DY_CAP_SIGNED_IN,
	  .fn = list_followed },
	{ DY_POST, "/api/v1/requests/{id}/verify", .op = "verifyRequest",
	  .cap = DY_CAP_REQUEST_WORK, .prepare = verify_prepare, .fn = verify_request,
	  .show = dy_request_show, .body_max = 16384 },
	{ DY_GET, "/api/v1/requests/{id}/needs", .op = "listNeeds", .cap = DY_CAP_SIGNED_IN,
	  .fn = list_needs },
	{ DY_POST, "/api/v1/requests/{id}/needs", .op = "addNeeds", .cap = DY_CAP_REQUEST_WORK,
	  .prepare = needs_prepare, .fn = add_needs, .show = dy_request_show,
	  .body_max = DY_JSON_BODY_MAX },
	{ DY_POST, "/api/v1/requests/{id}/needs/{number}/end", .op = "endNeed",
	  .cap = DY_CAP_REQUEST_WORK, .prepare = need_end_prepare, .fn = end_need,
	  .show = dy_request_show, .body_max = 16384 },
};
const size_t dy_follow_routes_n = DY_COUNT(dy_follow_routes);
