/* Who has a notice: receipts of homes, the doors to knock at, and what was found there. */
#include "notices.h"

#include "domain/address.h"

static void
home_write(struct dy_q *q, const struct dy_home *h)
{
	struct dy_address a = { h->building_code, h->stair_code, h->door_code };
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kid(w, "household_id", h->household);
	dy_jw_kstr(w, "address", dy_address_text(q->arena, &a));
	dy_jw_kint(w, "floor", h->floor);
	dy_jw_kid(w, "unit_id", h->at.unit);
	dy_jw_kcstr(w, "mark", dy_mark_name(h->mark));
	dy_jw_kbool(w, "is_reachable", h->is_reachable);
	dy_jw_kid(w, "account_id", h->task);
	dy_jw_kstr(w, "account_name", h->task_name);
	dy_jw_obj_end(w);
}

static enum dy_code
list_missing(struct dy_q *q)
{
	struct dy_home_list homes;
	struct dy_area_list areas;
	struct dy_notice n;
	struct dy_id unit;
	struct dy_str who;

	DY_TRY(dy_notice_find(q, &n));
	DY_TRY(dy_q_query_id(q, "unit", &unit));
	bool only_mine = dy_q_query(q, "who", &who) && dy_str_is(who, "me");
	DY_TRY(dy_notice_areas(q->tx, q->arena, n.id, &areas, &q->err));
	DY_TRY(dy_home_list(q->tx, q->arena, n.id, unit, q->now, &homes, &q->err));
	struct dy_target target = { areas.items, areas.count, n.needs };
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < homes.count; i++) {
		const struct dy_home *h = &homes.items[i];
		if (dy_target_hits(&target, &h->at) && dy_notice_is_missing(&n, h->mark) &&
		    (!only_mine || dy_id_eq(h->task, q->actor.account)) &&
		    dy_actor_has_at(&q->actor, DY_CAP_REQUEST_WORK, h->at.grid, h->at.unit))
			home_write(q, h);
	}
	dy_list_end(q);
	return DY_OK;
}

static enum dy_code
receipt_prepare(struct dy_q *q)
{
	bool *confirmed = DY_NEW(q->arena, bool);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_bool(j, "confirmed", confirmed, &q->err));
	q->draft = confirmed;
	return dy_json_end(j, &q->err);
}

static enum dy_code
put_receipt(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_id id;
	enum dy_mark mark;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_notice_receipt(&call, id, *(const bool *)q->draft, &mark));
	dy_jw_obj(&q->w);
	dy_jw_kcstr(&q->w, "mark", dy_mark_name(mark));
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

struct knocks {
	struct dy_knock items[DY_KNOCKS_MAX];
	size_t n;
};

static enum dy_code
knocks_prepare(struct dy_q *q)
{
	static const char *const results[] = { "not_home", "told" };
	struct knocks *d = DY_NEW(q->arena, struct knocks);
	struct dy_json_list *list;
	struct dy_json *j, *item;
	size_t result;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_array(j, "items", DY_KNOCKS_MAX, &list, &q->err));
	d->n = dy_json_list_count(list);
	for (size_t i = 0; i < d->n; i++) {
		DY_TRY(dy_json_list_obj(list, i, &item, &q->err));
		DY_TRY(dy_json_id(item, "household_id", &d->items[i].household, &q->err));
		DY_TRY(dy_json_word(item, "result", results, DY_COUNT(results), &result, &q->err));
		d->items[i].told = result == 1;
	}
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
post_knocks(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	const struct knocks *d = q->draft;
	struct dy_id id;
	size_t n_new;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_notice_knocks(&call, id, d->items, d->n, &n_new));
	dy_jw_obj(&q->w);
	dy_jw_kint(&q->w, "new", (int64_t)n_new);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

struct sharing {
	struct dy_id unit, accounts[DY_SHARERS_MAX];
	size_t n;
};

static enum dy_code
share_prepare(struct dy_q *q)
{
	struct sharing *d = DY_NEW(q->arena, struct sharing);
	struct dy_json_list *list;
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_id(j, "unit_id", &d->unit, &q->err));
	DY_TRY(dy_json_array(j, "account_ids", DY_SHARERS_MAX, &list, &q->err));
	d->n = dy_json_list_count(list);
	if (d->n == 0)
		return dy_raise(&q->err, DY_E_INPUT, "/account_ids", "name at least one person");
	for (size_t i = 0; i < d->n; i++)
		DY_TRY(dy_json_list_id(list, i, &d->accounts[i], &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
share_homes(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	const struct sharing *d = q->draft;
	struct dy_id id;
	size_t shared;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_notice_share(&call, id, d->unit, d->accounts, d->n, &shared));
	dy_jw_obj(&q->w);
	dy_jw_kint(&q->w, "shared", (int64_t)shared);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

const struct dy_route dy_receipt_routes[] = {
	{ DY_PUT, "/api/v1/notices/{id}/receipt", .op = "putReceipt", .cap = DY_CAP_SIGNED_IN,
	  .prepare = receipt_prepare, .fn = put_receipt, .body_max = 1024 },
	{ DY_GET, "/api/v1/notices/{id}/missing", .op = "listMissing", .cap = DY_CAP_REQUEST_WORK,
	  .fn = list_missing },
	{ DY_POST, "/api/v1/notices/{id}/knocks", .op = "postKnocks", .cap = DY_CAP_REQUEST_WORK,
	  .prepare = knocks_prepare, .fn = post_knocks, .body_max = DY_JSON_BODY_MAX },
	{ DY_POST, "/api/v1/notices/{id}/shares", .op = "shareHomes", .cap = DY_CAP_NOTICE_SEND,
	  .prepare = share_prepare, .fn = share_homes, .body_max = 8192 },
};
const size_t dy_receipt_routes_n = DY_COUNT(dy_receipt_routes);
