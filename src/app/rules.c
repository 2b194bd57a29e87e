/* The rules of a community, and the deadlines that follow from them. */
#include "inside.h"

#include "domain/danger.h"
#include "domain/rules_json.h"
#include "store/place.h"
#include "store/setting.h"

#include <stdlib.h>

const struct dy_str dy_workflow_setting = DY_STR_INIT("workflow");

enum dy_code
dy_app_rules_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_rules *out,
                 struct dy_err *err)
{
	struct dy_json *j;
	struct dy_str text;
	int64_t version;

	DY_TRY(dy_setting_get(tx, arena, dy_workflow_setting, &text, &version, err));
	if (version == 0) {
		dy_rules_init(out);
		return DY_OK;
	}
	DY_TRY(dy_json_open(arena, text, &j, err));
	DY_TRY(dy_rules_read(j, arena, out, err));
	out->version = version;
	return DY_OK;
}

/* The rules of a community between commands: reading them costs more than most reports. */
struct kept_rules {
	struct dy_arena *arena;
	struct dy_rules rules;
};

#define RULES_ARENA ((size_t)1 << 20)

static void
kept_free(void *value)
{
	struct kept_rules *kept = value;

	dy_arena_free(kept->arena);
	free(kept);
}

/* Valid until the end of the command: what is to live longer is copied. */
enum dy_code
dy_call_rules(struct dy_wtx *tx, struct dy_call *call)
{
	struct kept_rules *kept = dy_wtx_kept(tx);

	if (call->rules != NULL)
		return DY_OK;
	if (kept == NULL) {
		kept = calloc(1, sizeof(*kept));
		DY_ASSERT(kept != NULL);
		kept->arena = dy_arena_new(RULES_ARENA);
		enum dy_code rc =
			dy_app_rules_get(dy_wtx_read(tx), kept->arena, &kept->rules, call->err);
		if (rc != DY_OK || !dy_wtx_keep(tx, kept, kept_free)) {
			kept_free(kept);
			DY_TRY(rc);
			struct dy_rules *rules = DY_NEW(call->arena, struct dy_rules);
			call->rules = rules;
			return dy_app_rules_get(dy_wtx_read(tx), call->arena, rules, call->err);
		}
	}
	call->rules = &kept->rules;
	return DY_OK;
}

enum dy_code
dy_app_mode(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id grid, struct dy_id unit,
            enum dy_mode *out, struct dy_err *err)
{
	struct dy_community community;

	(void)grid; /* one mode for the whole community so far */
	(void)unit;
	DY_TRY(dy_community_get(tx, arena, &community, err));
	if (!dy_mode_find(community.mode, out))
		*out = DY_MODE_NORMAL;
	return DY_OK;
}

static struct dy_time
second_due_of(const struct dy_request *r)
{
	const struct dy_category *category = dy_category_find(r->category);
	struct dy_time from = { r->clock.from_at.ms + r->clock.paused_ms };
	bool is_medical = category != NULL && category->is_medical;

	/* the words are looked at only where an answer is still missing */
	if (r->responded_at.ms != 0)
		return (struct dy_time){ 0 };
	return dy_second_man_due(dy_danger_of(r->text), is_medical, r->urgent, from,
	                         r->responded_at);
}

struct dy_clock
dy_request_clock_of(const struct dy_request *r)
{
	return (struct dy_clock){
		.state = r->state,
		.urgent = r->urgent,
		.responded = r->responded_at.ms != 0,
		.second_due = second_due_of(r),
		.from = { r->clock.from_at.ms + r->clock.paused_ms },
		.respond_due = r->respond_due_at,
		.close_due = r->close_due_at,
		.paused_at = r->paused_at,
		.owned_at = r->clock.owned_at,
		.done_at = r->done_at,
		.respond_rung = r->clock.respond_rung,
		.close_rung = r->clock.close_rung,
	};
}

void
dy_request_dues(struct dy_call *call, const struct dy_rule *rule, enum dy_mode mode,
                struct dy_request *r)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_time from = r->clock.from_at;

	r->respond_due_at = dy_rules_respond_due(call->rules, rule, mode, zone, r->urgent, from);
	r->close_due_at = dy_rules_close_due(call->rules, rule, mode, zone, from);
	if (r->respond_due_at.ms != 0)
		r->respond_due_at.ms += r->clock.paused_ms;
	if (r->close_due_at.ms != 0)
		r->close_due_at.ms += r->clock.paused_ms + r->clock.extended_ms;
	dy_request_clock_set(call, r);
}

void
dy_request_clock_set(struct dy_call *call, struct dy_request *r)
{
	struct dy_clock clock = dy_request_clock_of(r);
	struct dy_due_work next = dy_clock_next(&clock, call->rules);

	r->clock.next_at = next.at;
}
