/* Several needs in one conversation: each has its kind and is ended by itself; the request is finished when all are. */
#include "app/intake.h"
#include "domain/danger.h"
#include "inside.h"

#define NEEDS_FIRST 2 /* fewer are not a split */

static enum dy_code
team_request(struct dy_wtx *tx, struct dy_call *call, struct dy_id id, struct dy_request *r)
{
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, id, r, call->err));
	if (!dy_request_may_read(call->actor, r))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such request");
	unsigned sides = dy_request_sides(call->actor, r);
	if ((sides & (DY_SIDE_WORKER | DY_SIDE_OWNER | DY_SIDE_MANAGER)) == 0)
		return dy_raise(call->err, DY_E_DENIED, "", "this is for the unit's team");
	if (!dy_state_is_open(r->state) || r->state == DY_STATE_DONE)
		return dy_raise(call->err, DY_E_CONFLICT, "", "the request has ended");
	return DY_OK;
}

static void
earlier(struct dy_time *due, struct dy_time other)
{
	if (other.ms != 0 && (due->ms == 0 || other.ms < due->ms))
		*due = other;
}

/* What is pressing in one need makes the whole request so. */
static void
need_press(struct dy_call *call, const struct dy_category *category, struct dy_str text,
           struct dy_request *r)
{
	const struct dy_zone *zone = dy_zone_default();
	bool urgent = dy_category_is_urgent(category, text, false, false);

	r->urgent = r->urgent || urgent;
	if (r->responded_at.ms == 0)
		earlier(&r->respond_due_at, dy_respond_due(category, zone, urgent, call->now));
	earlier(&r->close_due_at, dy_close_due(category, zone, call->now));
}

static enum dy_code
need_check(struct dy_call *call, const struct dy_need_draft *need, size_t i,
           const struct dy_request *r, const struct dy_category **out)
{
	const char *field = dy_arena_printf(call->arena, "/needs/%zu/category", i);

	*out = dy_category_find(need->category);
	if (*out == NULL)
		return dy_raise(call->err, DY_E_INPUT, field, "no such category");
	if ((*out)->is_private != dy_request_is_private(r))
		return dy_raise(call->err, DY_E_INPUT, field,
		                "a private matter gets a request of its own");
	return DY_OK;
}

static enum dy_code
need_entry(struct dy_wtx *tx, struct dy_call *call, struct dy_request *r, const char *act,
           struct dy_str text)
{
	struct dy_entry_draft entry = {
		.act = act, .from = dy_state_name(r->state), .side = "staff", .text = text
	};

	r->changed_at = call->now;
	DY_TRY(dy_request_update(tx, r, call->err));
	DY_TRY(dy_request_entry(tx, call, r, &entry));
	return dy_request_event(tx, call, act, r, r->owner, (struct dy_id){ 0 });
}

enum dy_code
dy_app_needs_add(struct dy_call *call, struct dy_id request, const struct dy_need_draft *needs,
                 size_t n, struct dy_request *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_need_list had;
	struct dy_request r;
	const char *said = "";

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(team_request(tx, call, request, &r));
	DY_TRY(dy_need_list(dy_wtx_read(tx), call->arena, r.id, &had, call->err));
	if (had.count == 0 && n < NEEDS_FIRST)
		return dy_raise(call->err, DY_E_INPUT, "/needs", "name at least two needs");
	if (had.count + n > DY_NEEDS_MAX)
		return dy_raise(call->err, DY_E_INPUT, "/needs", "a request holds at most %d needs",
		                DY_NEEDS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct dy_category *category;
		struct dy_need need = { .number = (int64_t)(had.count + i + 1),
			                .category = needs[i].category,
			                .text = needs[i].text,
			                .state = DY_STR_INIT("open"),
			                .created_at = call->now };
		DY_TRY(need_check(call, &needs[i], i, &r, &category));
		need_press(call, category, need.text, &r);
		DY_TRY(dy_need_insert(tx, r.id, &need, call->err));
		said = dy_arena_printf(call->arena, "%s%s%lld. %.*s", said, i == 0 ? "" : "\n",
		                       (long long)need.number, DY_FMT(need.text));
	}
	DY_TRY(need_entry(tx, call, &r, "split", dy_str_from(said)));
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, r.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_need_end(struct dy_call *call, struct dy_id request, int64_t number, bool is_done,
                struct dy_str text, struct dy_request *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_need_list had;
	struct dy_request r;

	if (!is_done && text.len == 0)
		return dy_raise(call->err, DY_E_INPUT, "/text", "say why it is not done");
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(team_request(tx, call, request, &r));
	DY_TRY(dy_need_list(dy_wtx_read(tx), call->arena, r.id, &had, call->err));
	if (number < 1 || number > (int64_t)had.count)
		return dy_raise(call->err, DY_E_NOT_FOUND, "/number", "it has no such need");
	DY_TRY(dy_need_end(tx, r.id, number, is_done ? DY_STR("done") : DY_STR("dropped"),
	                   call->actor->account, call->now, call->err));
	const char *said = dy_arena_printf(call->arena, "%lld. %.*s%s%.*s", (long long)number,
	                                   DY_FMT(had.items[number - 1].text),
	                                   text.len > 0 ? "：" : "", DY_FMT(text));
	DY_TRY(need_entry(tx, call, &r, is_done ? "need_done" : "need_dropped", dy_str_from(said)));
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, r.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}
