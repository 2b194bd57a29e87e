/* The community's rules: read, try, publish, look back. */
#include "requests.h"
#include "routes.h"

#include "app/workflow.h"
#include "domain/rules_json.h"

#define NOTE_MAX 200

static void
rules_write(struct dy_q *q, const char *name, const struct dy_rules *rules)
{
	dy_jw_key(&q->w, name);
	dy_jw_obj(&q->w);
	dy_rules_write(&q->w, rules, true);
	dy_jw_obj_end(&q->w);
}

static void
workflow_write(struct dy_q *q, const struct dy_rules *rules)
{
	struct dy_rules *built_in = DY_NEW(q->arena, struct dy_rules);

	dy_rules_init(built_in);
	dy_jw_obj(&q->w);
	dy_jw_kint(&q->w, "version", rules->version);
	rules_write(q, "rules", rules);
	rules_write(q, "built_in", built_in);
	dy_jw_obj_end(&q->w);
}

static enum dy_code
get_workflow(struct dy_q *q)
{
	struct dy_rules *rules = DY_NEW(q->arena, struct dy_rules);
	struct dy_str text;
	int64_t version;

	if (!dy_q_query(q, "version", &text) || text.len == 0) {
		DY_TRY(dy_app_rules_get(q->tx, q->arena, rules, &q->err));
	} else {
		if (!dy_str_to_i64(text, &version) || version < 0)
			return dy_raise(&q->err, DY_E_INPUT, "/version", "a version is a number");
		DY_TRY(dy_app_rules_version(q->tx, q->arena, version, rules, &q->err));
	}
	workflow_write(q, rules);
	return DY_OK;
}

static enum dy_code
list_versions(struct dy_q *q)
{
	struct dy_setting_version_list list;

	DY_TRY(dy_app_rules_versions(q->tx, q->arena, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count; i++) {
		const struct dy_setting_version *v = &list.items[i];
		dy_jw_obj(&q->w);
		dy_jw_kint(&q->w, "version", v->version);
		dy_jw_ktime(&q->w, "at", dy_zone_default(), v->at);
		dy_jw_kstr(&q->w, "account_name", v->account_name);
		dy_jw_kstr(&q->w, "note", v->note);
		dy_jw_obj_end(&q->w);
	}
	dy_list_end(q);
	return DY_OK;
}

struct publish_draft {
	struct dy_rules rules;
	struct dy_str note;
	struct dy_preview preview;
};

static enum dy_code
draft_read(struct dy_q *q, struct dy_json *j, struct publish_draft **out)
{
	*out = DY_NEW(q->arena, struct publish_draft);
	DY_TRY(dy_rules_read(j, q->arena, &(*out)->rules, &q->err));
	q->draft = *out;
	return DY_OK;
}

static enum dy_code
publish_prepare(struct dy_q *q)
{
	struct publish_draft *d;
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(draft_read(q, j, &d));
	DY_TRY(dy_json_int(j, "version", 0, INT32_MAX, &d->rules.version, &q->err));
	DY_TRY(dy_json_str(j, "note", 1, NOTE_MAX, &d->note, &q->err));
	return dy_json_end(j, &q->err);
}

static enum dy_code
publish_workflow(struct dy_q *q)
{
	struct publish_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	int64_t changed;

	DY_TRY(dy_app_rules_publish(&call, &d->rules, d->note, &changed));
	workflow_write(q, &d->rules);
	return DY_OK;
}

/* All of it on the loop: nothing is written. */
static enum dy_code
preview_prepare(struct dy_q *q)
{
	struct publish_draft *d;
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(draft_read(q, j, &d));
	DY_TRY(dy_json_end(j, &q->err));
	return dy_app_rules_preview(q->tx, q->arena, &q->actor, &d->rules, q->now, &d->preview,
	                            &q->err);
}

static void
item_write(struct dy_q *q, const struct dy_preview_item *item)
{
	const struct dy_zone *zone = dy_zone_default();
	const struct dy_request *r = &item->request;
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kid(w, "id", r->id);
	dy_jw_kcstr(w, "number", dy_request_number_text(q, r));
	dy_jw_kstr(w, "category", r->category);
	dy_jw_kstr(w, "unit_name", r->unit_name);
	dy_jw_ktime(w, "respond_due_at", zone, r->respond_due_at);
	dy_jw_ktime(w, "new_respond_due_at", zone, item->respond_due);
	dy_jw_ktime(w, "close_due_at", zone, r->close_due_at);
	dy_jw_ktime(w, "new_close_due_at", zone, item->close_due);
	dy_jw_obj_end(w);
}

static enum dy_code
preview_workflow(struct dy_q *q)
{
	const struct publish_draft *d = q->draft;
	const struct dy_preview *p = &d->preview;
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kint(w, "checked", p->checked);
	dy_jw_kint(w, "changed", p->changed);
	dy_jw_kint(w, "earlier", p->earlier);
	dy_jw_kint(w, "overdue", p->overdue);
	dy_jw_kbool(w, "more", p->more);
	dy_jw_key(w, "items");
	dy_jw_arr(w);
	for (size_t i = 0; i < p->count; i++)
		item_write(q, &p->items[i]);
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
	return DY_OK;
}

const struct dy_route dy_workflow_routes[] = {
	{ DY_GET, "/api/v1/settings/workflow", .op = "getWorkflow", .cap = DY_CAP_TEAM_READ,
	  .fn = get_workflow },
	{ DY_PUT, "/api/v1/settings/workflow", .op = "publishWorkflow", .cap = DY_CAP_SETTING_WRITE,
	  .prepare = publish_prepare, .fn = publish_workflow, .body_max = DY_JSON_BODY_MAX,
	  .flags = DY_ROUTE_PEOPLE },
	{ DY_POST, "/api/v1/settings/workflow/preview", .op = "previewWorkflow",
	  .cap = DY_CAP_SETTING_WRITE, .prepare = preview_prepare, .fn = preview_workflow,
	  .body_max = DY_JSON_BODY_MAX },
	{ DY_GET, "/api/v1/settings/workflow/versions", .op = "listWorkflowVersions",
	  .cap = DY_CAP_TEAM_READ, .fn = list_versions },
};
const size_t dy_workflow_routes_n = DY_COUNT(dy_workflow_routes);
