/* Publishing rules: checked, tried, versioned; what is open follows. */
#include "app/workflow.h"

#include "domain/rules_json.h"
#include "inside.h"
#include "store/clock.h"

#define PAGE      64
#define RULES_MAX ((size_t)256 << 10)

/* The request under the rules of the call: its deadlines, and its reminders anew when there is more time. */
static bool
renew(struct dy_call *call, enum dy_mode mode, struct dy_request *r)
{
	const struct dy_rule *rule = dy_rules_find(call->rules, r->category);
	struct dy_time respond = r->respond_due_at, close = r->close_due_at;

	if (rule == NULL)
		return false;
	dy_request_dues(call, rule, mode, r);
	if (r->responded_at.ms != 0) /* that is history */
		r->respond_due_at = respond;
	if (r->state == DY_STATE_DONE)
		r->close_due_at = close;
	if (r->respond_due_at.ms > respond.ms)
		r->clock.respond_rung = 0;
	if (r->close_due_at.ms > close.ms)
		r->clock.close_rung = 0;
	dy_request_clock_set(call, r);
	return r->respond_due_at.ms != respond.ms || r->close_due_at.ms != close.ms;
}

enum dy_code
dy_app_deadlines_renew(struct dy_wtx *tx, struct dy_call *call, int64_t *changed)
{
	struct dy_id ids[PAGE], after = { 0 }, nobody = { 0 };
	size_t n = PAGE;
	enum dy_mode mode;

	*changed = 0;
	DY_TRY(dy_call_rules(tx, call));
	while (n == PAGE) {
		struct dy_arena_mark mark = dy_arena_mark(call->arena);
		DY_TRY(dy_request_list_owned(dy_wtx_read(tx), nobody, after, ids, PAGE, &n,
		                             call->err));
		for (size_t i = 0; i < n; i++) {
			struct dy_request r;
			after = ids[i];
			DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, ids[i], &r, call->err));
			DY_TRY(dy_app_mode(dy_wtx_read(tx), call->arena, r.grid, r.unit, &mode,
			                   call->err));
			*changed += renew(call, mode, &r);
			/* release and closing depend on the rules, too */
			DY_TRY(dy_request_dues_put(tx, &r, call->err));
		}
		dy_arena_rewind(call->arena, mark);
	}
	return DY_OK;
}

static enum dy_code
may_set(const struct dy_call *call)
{
	static const struct dy_id nowhere;

	if (dy_actor_has_at(call->actor, DY_CAP_SETTING_WRITE, nowhere, nowhere))
		return DY_OK;
	return dy_raise(call->err, DY_E_DENIED, "", "your posts do not allow this");
}

static struct dy_str
rules_text(struct dy_arena *arena, const struct dy_rules *rules)
{
	struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, RULES_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_rules_write(&w, rules, false);
	dy_jw_obj_end(&w);
	DY_ASSERT(!sb.overflow);
	struct dy_str text = dy_str_dup(arena, (struct dy_str){ sb.ptr, sb.len });
	dy_strbuf_release(&sb);
	return text;
}

enum dy_code
dy_app_rules_publish(struct dy_call *call, struct dy_rules *rules, struct dy_str note,
                     int64_t *changed)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_str text = rules_text(call->arena, rules);
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = DY_STR_INIT("setting.workflow"),
		.subject = call->actor->community,
		.rooms = { .reach = DY_REACH_EVERYONE },
		.payload = DY_STR_INIT("{}"),
	};

	DY_TRY(may_set(call));
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_setting_put(tx, dy_workflow_setting, text, &rules->version, call->err));
	DY_TRY(dy_setting_version_add(tx, dy_workflow_setting, rules->version, text,
	                              call->actor->account, note, call->now, call->err));
	call->rules = rules;
	DY_TRY(dy_app_deadlines_renew(tx, call, changed));
	DY_TRY(dy_event_append(tx, &e, NULL, call->err));
	return dy_wtx_commit(&tx, call->err);
}

static bool
is_late(struct dy_time due, struct dy_time now)
{
	return due.ms != 0 && due.ms <= now.ms;
}

static void
preview_count(const struct dy_request *was, const struct dy_request *is, struct dy_time now,
              struct dy_preview *out)
{
	bool respond = was->respond_due_at.ms != is->respond_due_at.ms;
	bool close = was->close_due_at.ms != is->close_due_at.ms;

	out->changed++;
	out->earlier +=
		(respond && is->respond_due_at.ms != 0 &&
	         is->respond_due_at.ms < was->respond_due_at.ms) ||
		(close && is->close_due_at.ms != 0 && is->close_due_at.ms < was->close_due_at.ms);
	out->overdue +=
		(respond && is_late(is->respond_due_at, now) &&
	         !is_late(was->respond_due_at, now)) ||
		(close && is_late(is->close_due_at, now) && !is_late(was->close_due_at, now));
}

static enum dy_code
preview_one(struct dy_rtx *tx, struct dy_call *call, struct dy_id id, struct dy_preview *out)
{
	struct dy_arena_mark mark = dy_arena_mark(call->arena);
	struct dy_request was, is;
	enum dy_mode mode;

	DY_TRY(dy_request_get(tx, call->arena, id, &was, call->err));
	DY_TRY(dy_app_mode(tx, call->arena, was.grid, was.unit, &mode, call->err));
	is = was;
	out->checked++;
	bool changed = renew(call, mode, &is);
	if (changed)
		preview_count(&was, &is, call->now, out);
	if (!changed || out->count == DY_PREVIEW_MAX || !dy_request_may_read(call->actor, &was)) {
		dy_arena_rewind(call->arena, mark);
		return DY_OK;
	}
	out->items[out->count++] =
		(struct dy_preview_item){ was, is.respond_due_at, is.close_due_at };
	return DY_OK;
}

enum dy_code
dy_app_rules_preview(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_actor *actor,
                     const struct dy_rules *rules, struct dy_time now, struct dy_preview *out,
                     struct dy_err *err)
{
	struct dy_call call = {
		.arena = arena, .actor = actor, .now = now, .err = err, .rules = rules
	};
	struct dy_id ids[PAGE], after = { 0 }, nobody = { 0 };
	size_t n = PAGE;

	DY_TRY(may_set(&call));
	out->count = 0;
	out->checked = out->changed = out->earlier = out->overdue = 0;
	while (n == PAGE && out->checked < DY_PREVIEW_SCAN) {
		DY_TRY(dy_request_list_owned(tx, nobody, after, ids, PAGE, &n, err));
		for (size_t i = 0; i < n; i++) {
			after = ids[i];
			DY_TRY(preview_one(tx, &call, ids[i], out));
		}
	}
	out->more = n == PAGE;
	return DY_OK;
}

enum dy_code
dy_app_rules_versions(struct dy_rtx *tx, struct dy_arena *arena,
                      struct dy_setting_version_list *out, struct dy_err *err)
{
	return dy_setting_version_list(tx, arena, dy_workflow_setting, out, err);
}

enum dy_code
dy_app_rules_version(struct dy_rtx *tx, struct dy_arena *arena, int64_t version,
                     struct dy_rules *out, struct dy_err *err)
{
	struct dy_json *j;
	struct dy_str text;

	if (version == 0) {
		dy_rules_init(out);
		return DY_OK;
	}
	DY_TRY(dy_setting_version_get(tx, arena, dy_workflow_setting, version, &text, err));
	DY_TRY(dy_json_open(arena, text, &j, err));
	DY_TRY(dy_rules_read(j, arena, out, err));
	out->version = version;
	return DY_OK;
}
