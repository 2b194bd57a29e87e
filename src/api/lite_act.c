/* Forms of the plain pages: decoded in .prepare, done on the writer, answered with where to go on. */
#include "lite.h"

#include <string.h>

#define PERSON_NAME_MAX 60

/* The form, and its hidden key; with the right key the origin is proved and a repeated call is known. */
static enum dy_code
form_open(struct dy_q *q, enum dy_lite_kind kind, const char *action, struct dy_lite_draft **out)
{
	struct dy_lite_draft *d = DY_NEW(q->arena, struct dy_lite_draft);
	struct dy_str type = dy_exchange_header(q->x, "content-type");

	*d = (struct dy_lite_draft){ .kind = kind, .action = action };
	q->draft = d;
	*out = d;
	if (!dy_str_ieq(dy_str_trim(dy_str_split(&type, ';')),
	                DY_STR("application/x-www-form-urlencoded"))) {
		q->problem = "form";
		return dy_raise(&q->err, DY_E_INPUT, "", "send the form of the page");
	}
	enum dy_code rc = dy_form_open(q->arena, dy_exchange_body(q->x), &d->form, &q->err);
	struct dy_str key = dy_form_get(&d->form, "key");
	if (rc == DY_OK && !dy_lite_key_is(q, key))
		rc = dy_raise(&q->err, DY_E_DENIED, "", "the form is not one of this session");
	if (rc != DY_OK)
		q->problem = "form";
	DY_TRY(rc);
	dy_q_key_take(q, key);
	return DY_OK;
}

/* Where it goes on; core makes the header of it. */
static enum dy_code
go_on(struct dy_q *q, const char *address)
{
	q->status = 303;
	dy_strbuf_adds(&q->body, address);
	return DY_OK;
}

static enum dy_code
take(struct dy_q *q, const struct dy_lite_draft *d, const char *name, size_t min, size_t max,
     struct dy_str *out)
{
	return dy_form_str(q->arena, &d->form, name, min, max, out, &q->err);
}

static enum dy_code
category_take(struct dy_q *q, const struct dy_lite_draft *d, struct dy_str text, struct dy_str *out)
{
	DY_TRY(take(q, d, "category", 0, 4, out));
	if (out->len == 0)
		*out = dy_str_from(dy_category_guess(text)->code);
	else if (dy_category_find(*out) == NULL)
		return dy_raise(&q->err, DY_E_INPUT, "/category", "no such category");
	return DY_OK;
}

/* Through a door link */
enum dy_code
dy_lite_door_prepare(struct dy_q *q)
{
	struct dy_str link = q->params[0];
	struct dy_lite_draft *d;

	DY_TRY(dy_q_as_visitor(q, link));
	DY_TRY(form_open(q, DY_LITE_DOOR,
	                 dy_arena_printf(q->arena, "/lite/q/%.*s/report", DY_FMT(link)), &d));
	d->door.link = link;
	DY_TRY(take(q, d, "door", 0, 16, &d->door.door));
	DY_TRY(take(q, d, "text", 1, DY_LITE_TEXT_MAX, &d->door.text));
	DY_TRY(category_take(q, d, d->door.text, &d->door.category));
	DY_TRY(take(q, d, "contact", 0, 60, &d->door.contact));
	DY_TRY(dy_check_phone(d->door.contact, "/contact", &q->err));
	d->door.urgent = dy_form_get(&d->form, "urgent").len > 0;
	q->job.urgent = dy_intake_is_urgent(d->door.category, d->door.text);
	return dy_door_report_rate(q, &d->door);
}

enum dy_code
dy_lite_door_report(struct dy_q *q)
{
	const struct dy_lite_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	char track[DY_LINK_TEXT + 1];
	struct dy_request r;

	enum dy_code rc = dy_app_door_report(&call, &d->door, &r, track);
	if (rc == DY_E_NOT_FOUND)
		q->problem = "door_link";
	DY_TRY(rc);
	return go_on(q, dy_arena_printf(q->arena, "/lite/t/%s", track));
}

enum dy_code
dy_lite_join_prepare(struct dy_q *q)
{
	struct dy_str link = q->params[0];
	struct dy_lite_draft *d;

	DY_TRY(form_open(q, DY_LITE_JOIN,
	                 dy_arena_printf(q->arena, "/lite/q/%.*s/join", DY_FMT(link)), &d));
	d->join.link = link;
	d->join.language = dy_lite_zh(q) ? DY_STR("zh-CN") : DY_STR("en");
	DY_TRY(take(q, d, "door", 1, 16, &d->join.door));
	DY_TRY(take(q, d, "household_code", 4, 16, &d->join.household_code));
	DY_TRY(take(q, d, "name", 1, PERSON_NAME_MAX, &d->join.name));
	DY_TRY(take(q, d, "phone", 0, 20, &d->join.phone));
	DY_TRY(dy_check_phone(d->join.phone, "/phone", &q->err));
	return dy_tries_take(
		q, dy_arena_printf(q->arena, "j%.*s-%.*s", DY_FMT(link), DY_FMT(d->join.door)),
		"/household_code");
}

enum dy_code
dy_lite_join(struct dy_q *q)
{
	const struct dy_lite_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	char token[DY_LINK_TEXT + 1];

	enum dy_code rc = dy_app_join(&call, &d->join, token);
	if (rc == DY_E_NOT_FOUND)
		q->problem = "door_link";
	if (rc == DY_E_INPUT)
		q->problem = "household_code";
	DY_TRY(rc);
	dy_q_cookie(q, dy_arena_dup(q->arena, token, strlen(token)),
	            (int64_t)DY_SESSION_DAYS_RESIDENT * 86400);
	return go_on(q, "/lite");
}

/* Reporting, signed in */
static enum dy_code
likes_find(struct dy_q *q, struct dy_lite_draft *d, const struct dy_where *where)
{
	struct dy_sighting seen = { .category = d->report.category, .text = d->report.text };
	struct dy_similar found[DY_LITE_LIKES];
	struct dy_idem_answer answer;
	bool seen_before = false;
	size_t n;

	/* sent again on a bad line: what is alike is the first sending */
	enum dy_code known = dy_idem_find(q->tx, q->arena, &q->idem, &seen_before, &answer, NULL);
	if (known != DY_OK || seen_before || dy_form_get(&d->form, "sure").len > 0)
		return DY_OK;
	DY_TRY(dy_similar_find(q, &seen, where, found, DY_LITE_LIKES, &n));
	for (size_t i = 0; i < n; i++) {
		const struct dy_request *r = found[i].r;
		struct dy_address a = { r->building_code, r->stair_code, { "", 0 } };
		bool own = found[i].like == DY_LIKE_OWN;
		d->likes[i] = (struct dy_lite_like){
			.id = r->id,
			.own = own,
			.text = own ? r->text : dy_text_masked(q->arena, r->text),
			.place = dy_address_text(q->arena, &a),
		};
	}
	d->n_likes = n;
	if (n == 0)
		return DY_OK;
	q->problem = "conflict";
	return dy_raise(&q->err, DY_E_CONFLICT, "", "it may have been reported already");
}

enum dy_code
dy_lite_report_prepare(struct dy_q *q)
{
	struct dy_where *home = DY_NEW(q->arena, struct dy_where);
	struct dy_lite_draft *d;

	DY_TRY(dy_lite_signed_in(q, true));
	DY_TRY(form_open(q, DY_LITE_REPORT, "/lite/report", &d));
	DY_TRY(dy_where_household(q->tx, q->arena, q->actor.household, q->now, home, &q->err));
	struct dy_address a = { home->building_code, home->stair_code, home->door_code };
	d->place = dy_address_text(q->arena, &a);
	d->report.home = home;
	DY_TRY(take(q, d, "text", 1, DY_LITE_TEXT_MAX, &d->report.text));
	DY_TRY(category_take(q, d, d->report.text, &d->report.category));
	DY_TRY(take(q, d, "on_behalf", 0, 60, &d->report.on_behalf));
	DY_TRY(take(q, d, "contact", 0, 60, &d->report.contact));
	DY_TRY(dy_check_phone(d->report.contact, "/contact", &q->err));
	d->report.urgent = dy_form_get(&d->form, "urgent").len > 0;
	q->job.urgent = dy_intake_is_urgent(d->report.category, d->report.text);
	/* what cannot wait is not asked about */
	return q->job.urgent ? DY_OK : likes_find(q, d, home);
}

static enum dy_code
to_request(struct dy_q *q, struct dy_id request)
{
	char id[DY_ID_TEXT + 1];

	dy_id_encode(request, id);
	return go_on(q, dy_arena_printf(q->arena, "/lite/r/%s", id));
}

enum dy_code
dy_lite_report(struct dy_q *q)
{
	const struct dy_lite_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_request r;

	DY_TRY(dy_app_report(&call, &d->report, &r));
	return to_request(q, r.id);
}

/* Acts of a resident */
static enum dy_code
act_take(struct dy_q *q, struct dy_lite_draft *d)
{
	struct dy_str act, number;

	DY_TRY(take(q, d, "act", 1, 20, &act));
	if (!dy_act_find(act, &d->act.act))
		return dy_raise(&q->err, DY_E_INPUT, "/act", "there is no such act");
	DY_TRY(take(q, d, "text", 0, DY_LITE_TEXT_MAX, &d->act.text));
	DY_TRY(take(q, d, "version", 0, 18, &number));
	if (number.len > 0 && !dy_str_to_i64(number, &d->act.version))
		return dy_raise(&q->err, DY_E_INPUT, "/act", "the version is a number");
	DY_TRY(take(q, d, "rating", 0, 1, &number));
	if (number.len > 0 &&
	    (!dy_str_to_i64(number, &d->act.rating) || d->act.rating < 1 || d->act.rating > 5))
		return dy_raise(&q->err, DY_E_INPUT, "/rating", "a judgement is 1 to 5");
	return DY_OK;
}

enum dy_code
dy_lite_act_prepare(struct dy_q *q)
{
	struct dy_lite_draft *d;

	DY_TRY(dy_lite_signed_in(q, false));
	DY_TRY(form_open(q, DY_LITE_ACT,
	                 dy_arena_printf(q->arena, "/lite/r/%.*s", DY_FMT(q->params[0])), &d));
	DY_TRY(dy_q_param_id(q, 0, &d->act.request));
	return act_take(q, d);
}

enum dy_code
dy_lite_act_do(struct dy_q *q)
{
	const struct dy_lite_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_request r;

	enum dy_code rc = dy_app_act(&call, &d->act, &r);
	dy_q_wait(q, &call);
	DY_TRY(rc);
	return to_request(q, r.id);
}

enum dy_code
dy_lite_track_prepare(struct dy_q *q)
{
	struct dy_str track = q->params[0];
	struct dy_lite_draft *d;

	DY_TRY(dy_q_as_visitor(q, track));
	DY_TRY(dy_track_rate(q, track));
	DY_TRY(form_open(q, DY_LITE_ACT, dy_arena_printf(q->arena, "/lite/t/%.*s", DY_FMT(track)),
	                 &d));
	return act_take(q, d);
}

enum dy_code
dy_lite_track_do(struct dy_q *q)
{
	const struct dy_lite_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_request r;

	enum dy_code rc = dy_app_track_act(&call, q->params[0], &d->act, &r);
	dy_q_wait(q, &call);
	if (rc == DY_E_NOT_FOUND)
		q->problem = "track_link";
	if (rc ==
	    DY_E_DENIED) /* an act of the team, sent by hand: nobody is asked to sign in for it */
		q->problem = "conflict";
	DY_TRY(rc);
	return go_on(q, d->action);
}

enum dy_code
dy_lite_follow_prepare(struct dy_q *q)
{
	struct dy_lite_draft *d;

	DY_TRY(dy_lite_signed_in(q, false));
	DY_TRY(form_open(q, DY_LITE_ACT, "/lite", &d));
	return dy_q_param_id(q, 0, &d->act.request);
}

enum dy_code
dy_lite_follow_do(struct dy_q *q)
{
	const struct dy_lite_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_request r;

	DY_TRY(dy_app_follow(&call, d->act.request, true, &r));
	return to_request(q, r.id);
}
