/* Writing notices: sending, agreeing, the rule of who has to agree. */
#include "notices.h"

#include "domain/need.h"

#define HEADLINE_MAX 80
#define BODY_MAX     4000

static enum dy_code
texts_read(struct dy_json *j, struct dy_notice *n, struct dy_err *err)
{
	DY_TRY(dy_json_str(j, "status", 1, 20, &n->status, err));
	DY_TRY(dy_json_str(j, "msg_type", 1, 20, &n->msg_type, err));
	DY_TRY(dy_json_str(j, "category", 1, 20, &n->category, err));
	DY_TRY(dy_json_str(j, "urgency", 1, 20, &n->urgency, err));
	DY_TRY(dy_json_str(j, "severity", 1, 20, &n->severity, err));
	DY_TRY(dy_json_str(j, "certainty", 1, 20, &n->certainty, err));
	DY_TRY(dy_json_str(j, "headline", 1, HEADLINE_MAX, &n->headline, err));
	DY_TRY(dy_json_opt_str(j, "description", BODY_MAX, &n->description, err));
	DY_TRY(dy_json_opt_str(j, "instruction", BODY_MAX, &n->instruction, err));
	if (dy_json_has(j, "effective_at"))
		DY_TRY(dy_json_time(j, "effective_at", &n->effective_at, err));
	if (dy_json_has(j, "onset_at"))
		DY_TRY(dy_json_time(j, "onset_at", &n->onset_at, err));
	DY_TRY(dy_json_time(j, "expires_at", &n->expires_at, err));
	DY_TRY(dy_json_opt_bool(j, "wants_confirm", &n->wants_confirm, err));
	return dy_json_opt_id(j, "replaces_id", &n->replaces, err);
}

static enum dy_code
areas_read(struct dy_q *q, struct dy_json *j, struct dy_area_list *out)
{
	static const char *const kinds[] = { "grid", "unit", "building", "stair" };
	struct dy_json_list *list;
	struct dy_json *item;
	size_t kind;

	if (!dy_json_has(j, "areas"))
		return DY_OK;
	DY_TRY(dy_json_array(j, "areas", DY_NOTICE_AREAS_MAX, &list, &q->err));
	for (size_t i = 0; i < dy_json_list_count(list); i++) {
		struct dy_area *a = dy_arena_push(q->arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*a));
		DY_TRY(dy_json_list_obj(list, i, &item, &q->err));
		DY_TRY(dy_json_word(item, "kind", kinds, DY_COUNT(kinds), &kind, &q->err));
		a->kind = (enum dy_area_kind)kind;
		DY_TRY(dy_json_id(item, "id", &a->id, &q->err));
	}
	return DY_OK;
}

static enum dy_code
make_prepare(struct dy_q *q)
{
	struct dy_notice_draft *d = DY_NEW(q->arena, struct dy_notice_draft);
	struct dy_json_list *list;
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(texts_read(j, &d->n, &q->err));
	DY_TRY(areas_read(q, j, &d->areas));
	if (dy_json_has(j, "needs")) {
		struct dy_str need;
		DY_TRY(dy_json_array(j, "needs", DY_FACTS, &list, &q->err));
		for (size_t i = 0; i < dy_json_list_count(list); i++) {
			DY_TRY(dy_json_list_str(list, i, 1, 20, &need, &q->err));
			DY_TRY(dy_notice_need_read(need, &d->n.needs, "/needs", &q->err));
		}
	}
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
make_look(struct dy_q *q)
{
	static const struct dy_id none;
	struct dy_notice_draft *d = q->draft;
	struct dy_home_list *homes = DY_NEW(q->arena, struct dy_home_list);

	/* thousands of rows: read on the loop, the writer has one thread */
	DY_TRY(dy_home_list(q->tx, q->arena, none, none, q->now, homes, &q->err));
	d->homes = homes;
	return DY_OK;
}

static enum dy_code
make_notice(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_call call = dy_q_call(q);
	struct dy_notice n;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_notice_make(&call, q->draft, &n));
	q->status = 201;
	DY_TRY(dy_notice_write(q, dy_wtx_read(tx), &n));
	return dy_wtx_commit(&tx, &q->err);
}

struct decision {
	struct dy_id id;
	bool agrees;
};

static enum dy_code
decide_prepare(struct dy_q *q)
{
	struct decision *d = DY_NEW(q->arena, struct decision);
	struct dy_json *j;

	DY_TRY(dy_q_param_id(q, 0, &d->id));
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_bool(j, "agrees", &d->agrees, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
decide_notice(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_call call = dy_q_call(q);
	const struct decision *d = q->draft;
	struct dy_notice n;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_notice_decide(&call, d->id, d->agrees, &n));
	DY_TRY(dy_notice_write(q, dy_wtx_read(tx), &n));
	return dy_wtx_commit(&tx, &q->err);
}

static void
rule_write(struct dy_q *q, const struct dy_notice_rule *rule)
{
	dy_jw_obj(&q->w);
	dy_jw_kint(&q->w, "version", rule->version);
	dy_jw_kbool(&q->w, "second_approver", rule->second_approver);
	dy_jw_obj_end(&q->w);
}

static enum dy_code
get_notice_rule(struct dy_q *q)
{
	struct dy_notice_rule rule;

	DY_TRY(dy_notice_rule_get(q->tx, q->arena, &rule, &q->err));
	rule_write(q, &rule);
	return DY_OK;
}

static enum dy_code
rule_prepare(struct dy_q *q)
{
	struct dy_notice_rule *rule = DY_NEW(q->arena, struct dy_notice_rule);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_int(j, "version", 0, INT32_MAX, &rule->version, &q->err));
	DY_TRY(dy_json_bool(j, "second_approver", &rule->second_approver, &q->err));
	q->draft = rule;
	return dy_json_end(j, &q->err);
}

static enum dy_code
put_notice_rule(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_notice_rule rule = *(const struct dy_notice_rule *)q->draft;

	DY_TRY(dy_app_notice_rule_put(&call, &rule));
	rule_write(q, &rule);
	return DY_OK;
}

const struct dy_route dy_notice_send_routes[] = {
	{ DY_POST, "/api/v1/notices", .op = "makeNotice", .cap = DY_CAP_NOTICE_SEND,
	  .prepare = make_prepare, .look = make_look, .fn = make_notice,
	  .body_max = DY_JSON_BODY_MAX },
	{ DY_POST, "/api/v1/notices/{id}/decision", .op = "decideNotice", .cap = DY_CAP_NOTICE_SEND,
	  .prepare = decide_prepare, .fn = decide_notice, .body_max = 1024 },
	{ DY_GET, "/api/v1/settings/notice-rule", .op = "getNoticeRule", .cap = DY_CAP_TEAM_READ,
	  .fn = get_notice_rule },
	{ DY_PUT, "/api/v1/settings/notice-rule", .op = "putNoticeRule",
	  .cap = DY_CAP_SETTING_WRITE, .prepare = rule_prepare, .fn = put_notice_rule,
	  .body_max = 1024 },
};
const size_t dy_notice_send_routes_n = DY_COUNT(dy_notice_send_routes);
