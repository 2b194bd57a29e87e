/* Plain pages: what they show, what is wrong, and the table of their routes. */
#include "lite.h"

#include <string.h>

#define LIST_MAX 20

static const struct {
	const char *problem, *key;
} PROBLEMS[] = {
	{ "overloaded", "bad.busy" },
	{ "unavailable", "bad.busy" },
	{ "form", "bad.form" },
	{ "conflict", "bad.act" },
	{ "version_conflict", "bad.act" },
	{ "idempotency_conflict", "bad.form" },
	{ "origin", "bad.form" },
};

/* The sentence for what went wrong: of the field at fault, of the problem, or the hint of the API. */
static struct dy_str
sentence(const struct dy_q *q)
{
	static const char *const fields[] = { "door", "text",   "contact",        "phone",
		                              "name", "rating", "household_code", "category" };
	bool zh = dy_lite_zh(q);

	for (size_t i = 0; i < DY_COUNT(PROBLEMS); i++) {
		if (strcmp(q->problem, PROBLEMS[i].problem) == 0)
			return dy_lite_text(PROBLEMS[i].key, zh);
	}
	for (size_t i = 0; i < DY_COUNT(fields) && q->err.field[0] == '/'; i++) {
		if (strcmp(q->err.field + 1, fields[i]) == 0)
			return dy_lite_text(dy_arena_printf(q->arena, "bad.%s", fields[i]), zh);
	}
	const char *hint = dy_hint(q->problem, zh);
	return dy_str_from(hint[0] != '\0' ? hint : q->err.text);
}

void
dy_lite_problem(struct dy_q *q)
{
	const struct dy_lite_draft *d = q->draft;
	enum dy_lite_kind kind = d != NULL ? d->kind : DY_LITE_NONE;

	dy_lite_begin(q, kind == DY_LITE_REPORT ? "report" : "wrong");
	if (d == NULL || d->n_likes == 0)
		dy_html(&q->body, "<p class=\"box bad\" role=\"alert\">$</p>",
		        DY_TEXTS(sentence(q)));
	switch (kind) {
	case DY_LITE_NONE: break;
	case DY_LITE_DOOR: dy_lite_door_form(q, d); break;
	case DY_LITE_JOIN: dy_lite_join_form(q, d); break;
	case DY_LITE_REPORT: dy_lite_report_form(q, d); break;
	case DY_LITE_ACT:
		dy_html(&q->body, "<p><a href=\"$\">$</a></p>",
		        DY_TEXTS(dy_str_from(d->action), dy_lt(q, "again")));
		break;
	}
	dy_lite_end(q);
}

/* The front page */
static void
welcome(struct dy_q *q, const struct dy_community *community)
{
	dy_lite_begin(q, "welcome");
	dy_html(&q->body, "<p>$</p><p class=\"muted\">$</p>",
	        DY_TEXTS(dy_lt(q, "scan"), dy_lt(q, "staff")));
	if (community != NULL)
		dy_html(&q->body, "<p>$ <a href=\"tel:$\">$</a></p>",
		        DY_TEXTS(community->name, community->phone, community->phone));
	dy_lite_end(q);
}

static void
row(struct dy_q *q, const struct dy_request *r)
{
	char id[DY_ID_TEXT + 1];
	bool zh = dy_lite_zh(q);

	dy_id_encode(r->id, id);
	dy_html(&q->body, "<li><a href=\"/lite/r/$\">$ $</a> · $</li>",
	        DY_TEXTS(dy_str_from(id), dy_str_from(dy_request_number_text(q, r)),
	                 dy_lite_category(r->category, zh), dy_lite_state(r->state, zh)));
}

static enum dy_code
mine(struct dy_q *q)
{
	struct dy_request_page page = { .limit = LIST_MAX };
	struct dy_request_list list;
	struct dy_where where;

	DY_TRY(dy_where_household(q->tx, q->arena, q->actor.household, q->now, &where, &q->err));
	DY_TRY(dy_request_list_mine(q->tx, q->arena, q->actor.account, q->actor.household, &page,
	                            &list, &q->err));
	struct dy_address a = { where.building_code, where.stair_code, where.door_code };
	dy_lite_begin(q, "home");
	dy_html(&q->body, "<p>$</p><p><a href=\"/lite/report\"><b>$</b></a></p><ul>",
	        DY_TEXTS(dy_address_text(q->arena, &a), dy_lt(q, "report")));
	for (size_t i = 0; i < list.count; i++)
		row(q, &list.items[i]);
	dy_strbuf_adds(&q->body, "</ul>");
	if (list.count == 0)
		dy_html(&q->body, "<p>$</p>", DY_TEXTS(dy_lt(q, "none")));
	struct dy_helper helper;
	DY_TRY(dy_helper_find(q, q->tx, where.unit, &helper));
	if (helper.phone.len > 0)
		dy_html(&q->body, "<p>$ $ <a href=\"tel:$\">$</a></p>",
		        DY_TEXTS(dy_lt(q, "callWho"), helper.name, helper.phone, helper.phone));
	dy_lite_end(q);
	return DY_OK;
}

static enum dy_code
lite_home(struct dy_q *q)
{
	struct dy_community community;

	if (q->actor.household.v != 0)
		return mine(q);
	DY_TRY(dy_q_community(q, (struct dy_id){ 0 }));
	bool only = dy_community_only(q->tx, q->arena, &community, NULL) == DY_OK;
	welcome(q, only ? &community : NULL);
	return DY_OK;
}

static enum dy_code
lite_language(struct dy_q *q)
{
	bool known = dy_str_is(q->params[0], "en") || dy_str_is(q->params[0], "zh-CN");

	if (!known)
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such language");
	dy_q_header(q, "Set-Cookie",
	            dy_str_from(dy_arena_printf(
			    q->arena, "dy_lang=%.*s; Path=/lite; SameSite=Lax; Max-Age=31536000",
			    DY_FMT(q->params[0]))));
	q->status = 303;
	dy_strbuf_adds(&q->body, "/lite");
	return DY_OK;
}

/* A door link */
static enum dy_code
lite_door(struct dy_q *q)
{
	struct dy_lite_draft d = { .kind = DY_LITE_DOOR };
	uint8_t hash[DY_HASH_BYTES];
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	struct dy_helper helper;
	struct dy_where where;
	struct dy_id community;

	DY_TRY(dy_q_as_visitor(q, q->params[0]));
	bool good = dy_link_split(q->params[0], &community, hash);
	DY_ASSERT(good);
	enum dy_code rc = dy_where_token(q->tx, q->arena, hash_bytes, q->now, &where, &q->err);
	if (rc == DY_E_NOT_FOUND)
		q->problem = "door_link";
	DY_TRY(rc);
	DY_TRY(dy_helper_find(q, q->tx, where.unit, &helper));
	struct dy_address a = { where.building_code, where.stair_code, { "", 0 } };
	dy_lite_begin(q, "stair");
	dy_html(&q->body, "<p><b>$</b> $</p><p>$ $ <a href=\"tel:$\">$</a></p>",
	        DY_TEXTS(dy_address_text(q->arena, &a), where.unit_name, dy_lt(q, "callWho"),
	                 dy_name_masked(q->arena, helper.name), helper.phone, helper.phone));
	d.action = dy_arena_printf(q->arena, "/lite/q/%.*s/report", DY_FMT(q->params[0]));
	dy_lite_door_form(q, &d);
	d.action = dy_arena_printf(q->arena, "/lite/q/%.*s/join", DY_FMT(q->params[0]));
	dy_lite_join_form(q, &d);
	dy_lite_end(q);
	return DY_OK;
}

enum dy_code
dy_lite_signed_in(struct dy_q *q, bool at_home)
{
	if (q->actor.household.v != 0 || (!at_home && q->actor.account.v != 0))
		return DY_OK;
	q->problem = "not_signed_in";
	return dy_raise(&q->err, DY_E_DENIED, "", "sign in first");
}

static enum dy_code
lite_report_form(struct dy_q *q)
{
	struct dy_lite_draft d = { .kind = DY_LITE_REPORT, .action = "/lite/report" };
	struct dy_where where;

	DY_TRY(dy_lite_signed_in(q, true));
	DY_TRY(dy_where_household(q->tx, q->arena, q->actor.household, q->now, &where, &q->err));
	struct dy_address a = { where.building_code, where.stair_code, where.door_code };
	d.place = dy_address_text(q->arena, &a);
	dy_lite_begin(q, "report");
	dy_lite_report_form(q, &d);
	dy_lite_end(q);
	return DY_OK;
}

/* One request */
static enum dy_code
lite_request(struct dy_q *q)
{
	struct dy_lite_view v = { 0 };
	struct dy_entry_list entries;
	struct dy_helper helper;
	struct dy_request r;

	DY_TRY(dy_lite_signed_in(q, false));
	DY_TRY(dy_request_find(q, &r));
	DY_TRY(dy_entry_list(q->tx, q->arena, r.id, &entries, &q->err));
	DY_TRY(dy_helper_find(q, q->tx, r.unit, &helper));
	v.r = &r;
	v.entries = &entries;
	v.helper = &helper;
	v.action = dy_arena_printf(q->arena, "/lite/r/%.*s", DY_FMT(q->params[0]));
	v.acts = dy_request_acts(r.state, dy_request_sides(&q->actor, &r) & DY_SIDE_RESIDENT);
	v.shows_door = dy_request_may_see_door(&q->actor, &r);
	v.shows_words = dy_request_may_read(&q->actor, &r);
	dy_lite_begin(q, "report");
	dy_lite_request(q, &v);
	dy_lite_end(q);
	return DY_OK;
}

static enum dy_code
lite_track(struct dy_q *q)
{
	struct dy_lite_view v = { 0 };
	struct dy_entry_list entries;
	struct dy_helper helper;
	struct dy_request r;

	enum dy_code rc = dy_q_as_visitor(q, q->params[0]);
	if (rc == DY_OK)
		rc = dy_app_track_open(q->tx, q->arena, q->params[0], &r, &q->err);
	if (rc == DY_E_NOT_FOUND)
		q->problem = "track_link";
	DY_TRY(rc);
	DY_TRY(dy_entry_list(q->tx, q->arena, r.id, &entries, &q->err));
	DY_TRY(dy_helper_find(q, q->tx, r.unit, &helper));
	v.r = &r;
	v.entries = &entries;
	v.helper = &helper;
	v.action = dy_arena_printf(q->arena, "/lite/t/%.*s", DY_FMT(q->params[0]));
	v.acts = dy_request_acts(r.state, DY_SIDE_RESIDENT);
	v.shows_door = true;
	v.shows_words = true;
	dy_lite_begin(q, "report");
	dy_html(&q->body, "<p class=\"box\">$</p>", DY_TEXTS(dy_lt(q, "keep")));
	dy_lite_request(q, &v);
	dy_lite_end(q);
	return DY_OK;
}

#define PAGE DY_ROUTE_PAGE
#define FORM (DY_ROUTE_PAGE | DY_ROUTE_FORM)

const struct dy_route dy_lite_routes[] = {
	{ DY_GET, "/lite", .op = "liteHome", .cap = DY_CAP_PUBLIC, .fn = lite_home, .flags = PAGE },
	{ DY_GET, "/lite/language/{language}", .op = "liteLanguage", .cap = DY_CAP_PUBLIC,
	  .fn = lite_language, .flags = PAGE },
	{ DY_GET, "/lite/q/{token}", .op = "liteDoor", .cap = DY_CAP_PUBLIC, .fn = lite_door,
	  .flags = PAGE },
	{ DY_POST, "/lite/q/{token}/report", .op = "liteDoorReport", .cap = DY_CAP_PUBLIC,
	  .prepare = dy_lite_door_prepare, .fn = dy_lite_door_report, .body_max = 16384,
	  .flags = FORM | DY_ROUTE_URGENT | DY_ROUTE_SEALED },
	{ DY_POST, "/lite/q/{token}/join", .op = "liteJoin", .cap = DY_CAP_PUBLIC,
	  .prepare = dy_lite_join_prepare, .fn = dy_lite_join, .body_max = 16384,
	  .flags = FORM | DY_ROUTE_NO_REPLAY | DY_ROUTE_JOINS },
	{ DY_GET, "/lite/report", .op = "liteReportForm", .cap = DY_CAP_PUBLIC,
	  .fn = lite_report_form, .flags = PAGE },
	{ DY_POST, "/lite/report", .op = "liteReport", .cap = DY_CAP_PUBLIC,
	  .prepare = dy_lite_report_prepare, .fn = dy_lite_report, .body_max = 16384,
	  .flags = FORM | DY_ROUTE_URGENT },
	{ DY_GET, "/lite/r/{id}", .op = "liteRequest", .cap = DY_CAP_PUBLIC, .fn = lite_request,
	  .flags = PAGE },
	{ DY_POST, "/lite/r/{id}", .op = "liteAct", .cap = DY_CAP_PUBLIC,
	  .prepare = dy_lite_act_prepare, .fn = dy_lite_act_do, .body_max = 16384, .flags = FORM },
	{ DY_POST, "/lite/r/{id}/follow", .op = "liteFollow", .cap = DY_CAP_PUBLIC,
	  .prepare = dy_lite_follow_prepare, .fn = dy_lite_follow_do, .body_max = 16384,
	  .flags = FORM },
	{ DY_GET, "/lite/t/{token}", .op = "liteTrack", .cap = DY_CAP_PUBLIC, .fn = lite_track,
	  .flags = PAGE },
	{ DY_POST, "/lite/t/{token}", .op = "liteTrackAct", .cap = DY_CAP_PUBLIC,
	  .prepare = dy_lite_track_prepare, .fn = dy_lite_track_do, .body_max = 16384,
	  .flags = FORM },
};
const size_t dy_lite_routes_n = DY_COUNT(dy_lite_routes);
