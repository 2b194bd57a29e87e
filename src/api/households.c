/* The household register: masked lists, full records for a purpose, one's own household. */
#include "routes.h"

#include "app/register.h"
#include "domain/address.h"

#define TRACES_SHOWN 50
#define UNTIL_CHARS  10 /* "2027-05-31" */
#define LIST_MAX     200

static struct dy_str
open_text(struct dy_q *q, struct dy_bytes sealed)
{
	return dy_text_unseal(q->arena, q->api->options.key, sealed);
}

static struct dy_str
address_of(struct dy_q *q, const struct dy_record *r)
{
	struct dy_address a = { r->building_code, r->stair_code, r->door_code };
	return dy_address_text(q->arena, &a);
}

static void
place_write(struct dy_q *q, const struct dy_record *r)
{
	dy_jw_kid(&q->w, "id", r->id);
	dy_jw_kstr(&q->w, "address", address_of(q, r));
	dy_jw_kstr(&q->w, "unit_name", r->unit_name);
	dy_jw_kint(&q->w, "residents", r->residents);
	dy_jw_kint(&q->w, "elderly", r->elderly);
}

static void
masked_write(struct dy_q *q, const struct dy_record *r)
{
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	place_write(q, r);
	dy_jw_kstr(w, "name", dy_name_masked(q->arena, open_text(q, r->name_sealed)));
	dy_jw_kstr(w, "phone", dy_phone_masked(q->arena, open_text(q, r->phone_sealed)));
	dy_jw_key(w, "needs");
	dy_jw_arr(w);
	for (int k = DY_NEED_FIRST; k < DY_FACTS; k++) {
		if ((r->flags & DY_FLAG(k)) != 0)
			dy_jw_str(w, dy_str_from(dy_fact_name((enum dy_fact_kind)k)));
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
}

static void
full_write(struct dy_q *q, const struct dy_record *r, const struct dy_facts *facts)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_jw *w = &q->w;

	place_write(q, r);
	dy_jw_kstr(w, "name", open_text(q, r->name_sealed));
	dy_jw_kstr(w, "phone", open_text(q, r->phone_sealed));
	dy_jw_kint(w, "version", r->version);
	dy_jw_key(w, "facts");
	dy_jw_arr(w);
	for (int k = 0; k < DY_FACTS; k++) {
		const struct dy_fact *f = &facts->items[k];
		if ((facts->has & DY_FLAG(k)) == 0)
			continue;
		dy_jw_obj(w);
		dy_jw_kcstr(w, "kind", dy_fact_name(f->kind));
		dy_jw_kcstr(w, "source", dy_source_name(f->source));
		dy_jw_ktime(w, "since", zone, f->since);
		dy_jw_ktime(w, "expires_at", zone, f->expires);
		dy_jw_kbool(w, "holds", f->expires.ms == 0 || f->expires.ms > q->now.ms);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

/* No list of everybody: a unit of one's scope, or a need. */
static enum dy_code
list_households(struct dy_q *q)
{
	static const struct dy_id nowhere;
	struct dy_record_query query = { .need = -1 };
	struct dy_record_list list;
	struct dy_id grid, last = { 0 };
	struct dy_str text;
	enum dy_fact_kind kind;

	DY_TRY(dy_q_query_id(q, "unit", &query.unit));
	DY_TRY(dy_q_query_id(q, "after", &query.after));
	DY_TRY(dy_q_query_limit(q, &query.limit));
	if (dy_q_query(q, "need", &text) && text.len > 0) {
		if (!dy_fact_find(text, &kind) || !dy_fact_is_need(kind))
			return dy_raise(&q->err, DY_E_INPUT, "/need", "there is no such need");
		query.need = (int)kind;
	}
	bool all = dy_actor_has_at(&q->actor, DY_CAP_REGISTER_READ, nowhere, nowhere);
	if (query.unit.v == 0 && (!all || query.need < 0))
		return dy_raise(&q->err, DY_E_INPUT, "/unit", "say which unit");
	if (query.unit.v != 0 &&
	    (dy_unit_grid(q->tx, query.unit, q->now, &grid, NULL) != DY_OK ||
	     !dy_actor_has_at(&q->actor, DY_CAP_REGISTER_READ, grid, query.unit)))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such unit");
	int64_t limit = query.limit > LIST_MAX ? LIST_MAX : query.limit;
	query.limit = limit + 1;
	DY_TRY(dy_record_list(q->tx, q->arena, &query, q->now, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count && (int64_t)i < limit; i++) {
		masked_write(q, &list.items[i]);
		last = list.items[i].id;
	}
	dy_jw_arr_end(&q->w);
	if ((int64_t)list.count <= limit)
		last.v = 0;
	dy_jw_key(&q->w, "next");
	if (last.v != 0)
		dy_jw_id(&q->w, last);
	else
		dy_jw_null(&q->w);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
open_prepare(struct dy_q *q)
{
	struct dy_opening_draft *d = DY_NEW(q->arena, struct dy_opening_draft);
	struct dy_json *j;

	d->text = DY_STR("");
	q->draft = d;
	DY_TRY(dy_q_param_id(q, 0, &d->household));
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_word(j, "purpose", dy_purposes, dy_purposes_n, &d->purpose, &q->err));
	DY_TRY(dy_json_opt_str(j, "text", DY_PURPOSE_TEXT_MAX, &d->text, &q->err));
	return dy_json_end(j, &q->err);
}

static enum dy_code
open_household(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_record r;
	struct dy_facts facts;

	DY_TRY(dy_app_record_open(&call, q->draft, &r, &facts));
	dy_jw_obj(&q->w);
	full_write(q, &r, &facts);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
need_read(struct dy_json *item, struct dy_record_draft *d, struct dy_err *err)
{
	const char *names[DY_FACTS - DY_NEED_FIRST];
	struct dy_str until = { "", 0 };
	struct dy_day day;
	size_t i;

	for (int k = DY_NEED_FIRST; k < DY_FACTS; k++)
		names[k - DY_NEED_FIRST] = dy_fact_name((enum dy_fact_kind)k);
	DY_TRY(dy_json_word(item, "kind", names, DY_COUNT(names), &i, err));
	i += DY_NEED_FIRST;
	d->needs |= DY_FLAG(i);
	DY_TRY(dy_json_opt_str(item, "until", UNTIL_CHARS, &until, err));
	if (until.len == 0)
		return DY_OK;
	DY_TRY(dy_day_decode(until, "/needs", &day, err));
	d->until[i] = (struct dy_time){ dy_day_start(dy_zone_default(), day).ms + DY_DAY_MS };
	return DY_OK;
}

static enum dy_code
record_prepare(struct dy_q *q)
{
	struct dy_record_draft *d = DY_NEW(q->arena, struct dy_record_draft);
	struct dy_json_list *list;
	struct dy_json *j, *item;

	q->draft = d;
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_int(j, "version", 1, INT32_MAX, &d->version, &q->err));
	DY_TRY(dy_json_str(j, "name", 0, DY_NAME_MAX, &d->name, &q->err));
	DY_TRY(dy_json_str(j, "phone", 0, 20, &d->phone, &q->err));
	DY_TRY(dy_json_int(j, "residents", 0, 99, &d->residents, &q->err));
	DY_TRY(dy_json_int(j, "elderly", 0, 99, &d->elderly, &q->err));
	DY_TRY(dy_json_array(j, "needs", DY_FACTS, &list, &q->err));
	for (size_t i = 0; i < dy_json_list_count(list); i++) {
		DY_TRY(dy_json_list_obj(list, i, &item, &q->err));
		DY_TRY(need_read(item, d, &q->err));
	}
	DY_TRY(dy_json_end(j, &q->err));
	return dy_check_phone(d->phone, "/phone", &q->err);
}

static enum dy_code
their_prepare(struct dy_q *q)
{
	struct dy_record_draft *d;
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(record_prepare(q));
	d = q->draft;
	d->household = id;
	return DY_OK;
}

static enum dy_code
correct_household(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_record r;
	struct dy_facts facts;

	DY_TRY(dy_app_record_correct(&call, q->draft, &r, &facts));
	dy_jw_obj(&q->w);
	full_write(q, &r, &facts);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* {"purpose":..,"text":..} of an opening, {"source":..,"fields":[..]} of a change. */
static void
trace_write(struct dy_q *q, const struct dy_trace *t)
{
	struct dy_str purpose = { "", 0 }, text = { "", 0 }, source = { "", 0 };
	struct dy_jw *w = &q->w;
	struct dy_json *j;

	if (dy_json_open(q->arena, t->payload, &j, NULL) == DY_OK) {
		(void)!dy_json_opt_str(j, "purpose", 40, &purpose, NULL);
		(void)!dy_json_opt_str(j, "text", DY_TEXT_MAX, &text, NULL);
		(void)!dy_json_opt_str(j, "source", 40, &source, NULL);
	}
	dy_jw_obj(w);
	dy_jw_ktime(w, "at", dy_zone_default(), t->at);
	dy_jw_kcstr(w, "what", dy_str_is(t->topic, "household.opened") ? "opened" : "changed");
	dy_jw_kstr(w, "name", t->name);
	dy_jw_kstr(w, "purpose", purpose);
	dy_jw_kstr(w, "text", text);
	dy_jw_kstr(w, "source", source);
	dy_jw_obj_end(w);
}

static enum dy_code
get_my_household(struct dy_q *q)
{
	struct dy_trace_list traces;
	struct dy_record r;
	struct dy_facts facts;

	if (q->actor.household.v == 0)
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "you belong to no household");
	DY_TRY(dy_record_get(q->tx, q->arena, q->actor.household, q->now, &r, &q->err));
	DY_TRY(dy_facts_get(q->tx, q->arena, r.id, &facts, &q->err));
	DY_TRY(dy_record_traces(q->tx, q->arena, r.id, TRACES_SHOWN, &traces, &q->err));
	dy_jw_obj(&q->w);
	full_write(q, &r, &facts);
	dy_jw_key(&q->w, "traces");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < traces.count; i++)
		trace_write(q, &traces.items[i]);
	dy_jw_arr_end(&q->w);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

const struct dy_route dy_household_routes[] = {
	{ DY_GET, "/api/v1/households", .op = "listHouseholds", .cap = DY_CAP_REGISTER_READ,
	  .fn = list_households },
	{ DY_POST, "/api/v1/households/{id}/open", .op = "openHousehold",
	  .cap = DY_CAP_REGISTER_READ, .prepare = open_prepare, .fn = open_household,
	  .body_max = 4096, .flags = DY_ROUTE_SEALED },
	{ DY_PUT, "/api/v1/households/{id}", .op = "correctHousehold", .cap = DY_CAP_REGISTER_WRITE,
	  .prepare = their_prepare, .fn = correct_household, .body_max = 4096 },
	{ DY_GET, "/api/v1/household", .op = "getMyHousehold", .cap = DY_CAP_SIGNED_IN,
	  .fn = get_my_household },
	{ DY_PUT, "/api/v1/household", .op = "correctMyHousehold", .cap = DY_CAP_SIGNED_IN,
	  .prepare = record_prepare, .fn = correct_household, .body_max = 4096 },
};
const size_t dy_household_routes_n = DY_COUNT(dy_household_routes);
