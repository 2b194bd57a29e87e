/* Alarms of posts that lost their person, and handing over all that somebody has in hand. */
#include "requests.h"
#include "routes.h"

#include "app/duty.h"
#include "store/clock.h"

#define ITEMS_MAX 200 /* counted for display */

static void
person_write(struct dy_jw *w, const char *name, struct dy_id id, struct dy_str person)
{
	dy_jw_key(w, name);
	if (id.v == 0) {
		dy_jw_null(w);
		return;
	}
	dy_jw_obj(w);
	dy_jw_kid(w, "id", id);
	dy_jw_kstr(w, "name", person);
	dy_jw_obj_end(w);
}

static enum dy_code
vacancy_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_vacancy *v)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_jw *w = &q->w;
	struct dy_id ids[ITEMS_MAX];
	size_t items = 0;

	if (v->closed_at.ms == 0)
		DY_TRY(dy_request_list_owned(tx, v->account, (struct dy_id){ 0 }, ids, ITEMS_MAX,
		                             &items, &q->err));
	dy_jw_obj(w);
	dy_jw_kid(w, "id", v->id);
	dy_jw_kcstr(w, "role", dy_role_name(v->role));
	dy_jw_kcstr(w, "scope_kind", dy_scope_name(v->kind));
	dy_jw_kid(w, "scope_id", v->scope);
	dy_jw_kstr(w, "scope_name", v->scope_name);
	person_write(w, "person", v->account, v->account_name);
	dy_jw_kstr(w, "reason", v->reason);
	dy_jw_kint(w, "open_items", v->closed_at.ms == 0 ? (int64_t)items : v->open_items);
	person_write(w, "deputy", v->deputy, v->deputy_name);
	dy_jw_ktime(w, "opened_at", zone, v->opened_at);
	dy_jw_ktime(w, "closed_at", zone, v->closed_at);
	dy_jw_kcstr(w, "closed_how",
	            v->closed_how.len > 0 ? dy_str_z(q->arena, v->closed_how) : NULL);
	person_write(w, "taken_by", v->taken_by, v->taken_name);
	dy_jw_kbool(w, "can_take", v->closed_at.ms == 0 && dy_vacancy_may_take(&q->actor, v));
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
list_vacancies(struct dy_q *q)
{
	struct dy_vacancy_list list;
	struct dy_str state;

	bool all = dy_q_query(q, "state", &state) && dy_str_is(state, "all");
	DY_TRY(dy_vacancy_list(q->tx, q->arena, all, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count; i++) {
		if (dy_vacancy_may_read(&q->actor, &list.items[i]))
			DY_TRY(vacancy_write(q, q->tx, &list.items[i]));
	}
	dy_list_end(q);
	return DY_OK;
}

struct over_draft {
	struct dy_id to;
	struct dy_str text;
};

static void
handed_write(struct dy_q *q, const struct dy_hand_over *over)
{
	struct dy_jw *w = &q->w;

	dy_jw_kint(w, "handed", (int64_t)over->handed);
	dy_jw_kint(w, "left", (int64_t)(over->count - over->handed));
	dy_jw_kbool(w, "more", over->more);
	dy_jw_key(w, "items");
	dy_jw_arr(w);
	for (size_t i = 0; i < over->count; i++) {
		/* what this person may not see stays unnamed: it counts, no more */
		if (over->items[i].left != NULL && over->items[i].left[0] == 'd')
			continue;
		dy_jw_obj(w);
		dy_jw_kid(w, "id", over->items[i].request);
		struct dy_request r = { .day = over->items[i].day,
			                .day_number = over->items[i].day_number };
		dy_jw_kcstr(w, "number", dy_request_number_text(q, &r));
		dy_jw_kcstr(w, "left", over->items[i].left);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

static enum dy_code
take_prepare(struct dy_q *q)
{
	struct over_draft *d = DY_NEW(q->arena, struct over_draft);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_opt_id(j, "to_account_id", &d->to, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
take_over(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	const struct over_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_hand_over *over = DY_NEW(q->arena, struct dy_hand_over);
	struct dy_vacancy v;
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_take_over(&call, id, d->to, &v, over));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "vacancy");
	DY_TRY(vacancy_write(q, dy_wtx_read(tx), &v));
	handed_write(q, over);
	dy_jw_obj_end(&q->w);
	return dy_wtx_commit(&tx, &q->err);
}

static enum dy_code
over_prepare(struct dy_q *q)
{
	struct over_draft *d = DY_NEW(q->arena, struct over_draft);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_id(j, "to_account_id", &d->to, &q->err));
	d->text = DY_STR("");
	DY_TRY(dy_json_opt_str(j, "text", DY_TEXT_MAX, &d->text, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
hand_over_all(struct dy_q *q)
{
	const struct over_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_hand_over *over = DY_NEW(q->arena, struct dy_hand_over);
	struct dy_id from;

	DY_TRY(dy_q_param_id(q, 0, &from));
	DY_TRY(dy_app_hand_over(&call, from, d->to, d->text, over));
	dy_jw_obj(&q->w);
	handed_write(q, over);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

const struct dy_route dy_vacancy_routes[] = {
	{ DY_GET, "/api/v1/vacancies", .op = "listVacancies", .cap = DY_CAP_TEAM_READ,
	  .fn = list_vacancies },
	{ DY_POST, "/api/v1/vacancies/{id}/take-over", .op = "takeOver", .cap = DY_CAP_REQUEST_WORK,
	  .prepare = take_prepare, .fn = take_over, .body_max = 4096 },
	{ DY_POST, "/api/v1/accounts/{id}/hand-over", .op = "handOverAll",
	  .cap = DY_CAP_REQUEST_WORK, .prepare = over_prepare, .fn = hand_over_all,
	  .body_max = DY_JSON_BODY_MAX },
};
const size_t dy_vacancy_routes_n = DY_COUNT(dy_vacancy_routes);
