/* Notices: writing, agreeing, replacing. */
#include "app/notice.h"

#include "store/event.h"
#include "store/setting.h"

#include "base/json.h"

#define CODE_TEXT 8

static const struct dy_str RULE = DY_STR_INIT("notice-rule");

enum dy_notice_phase
dy_notice_phase_of(const struct dy_notice *n, struct dy_time now)
{
	if (dy_str_is(n->state, "pending"))
		return DY_NOTICE_PENDING;
	if (dy_str_is(n->state, "refused"))
		return DY_NOTICE_REFUSED;
	if (n->replaced_by.v != 0)
		return dy_str_is(n->replaced_type, "cancel") ? DY_NOTICE_CANCELLED
		                                             : DY_NOTICE_UPDATED;
	if (now.ms >= n->expires_at.ms)
		return DY_NOTICE_EXPIRED;
	return now.ms < n->effective_at.ms ? DY_NOTICE_SCHEDULED : DY_NOTICE_CURRENT;
}

bool
dy_notice_is_missing(const struct dy_notice *n, enum dy_mark mark)
{
	return mark < (n->wants_confirm ? DY_MARK_TOLD : DY_MARK_READ);
}

static enum dy_code
notice_event(struct dy_wtx *tx, struct dy_call *call, const char *verb, struct dy_id notice)
{
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = dy_str_from(dy_arena_printf(call->arena, "notice.%s", verb)),
		.subject = notice,
		.rooms = { .reach = DY_REACH_EVERYONE },
		.payload = DY_STR_INIT("{}"),
	};
	return dy_event_append(tx, &e, NULL, call->err);
}

static enum dy_code
words_check(const struct dy_notice *n, struct dy_err *err)
{
	const struct {
		const char *field;
		enum dy_notice_word kind;
		struct dy_str text;
	} words[] = {
		{ "/status", DY_WORD_STATUS, n->status },
		{ "/msg_type", DY_WORD_TYPE, n->msg_type },
		{ "/category", DY_WORD_CATEGORY, n->category },
		{ "/urgency", DY_WORD_URGENCY, n->urgency },
		{ "/severity", DY_WORD_SEVERITY, n->severity },
		{ "/certainty", DY_WORD_CERTAINTY, n->certainty },
	};

	for (size_t i = 0; i < DY_COUNT(words); i++) {
		if (!dy_notice_word_is(words[i].kind, words[i].text))
			return dy_raise(err, DY_E_INPUT, words[i].field, "CAP has no such word");
	}
	return DY_OK;
}

static enum dy_code
draft_check(struct dy_call *call, const struct dy_notice *n)
{
	bool is_alert = dy_str_is(n->msg_type, "alert");

	DY_TRY(words_check(n, call->err));
	if (n->expires_at.ms <= n->effective_at.ms || n->expires_at.ms <= call->now.ms)
		return dy_raise(call->err, DY_E_INPUT, "/expires_at",
		                "it must run out later than now and than it begins");
	if (n->expires_at.ms > call->now.ms + DY_NOTICE_DAYS_MAX * DY_DAY_MS)
		return dy_raise(call->err, DY_E_INPUT, "/expires_at",
		                "it must run out within %d days", DY_NOTICE_DAYS_MAX);
	if (is_alert && n->replaces.v != 0)
		return dy_raise(call->err, DY_E_INPUT, "/replaces_id",
		                "an alert stands for itself; make it an update or a cancel");
	if (!is_alert && n->replaces.v == 0)
		return dy_raise(call->err, DY_E_INPUT, "/replaces_id",
		                "say which notice it takes the place of");
	return DY_OK;
}

enum dy_code
dy_notice_reach(const struct dy_actor *actor, const struct dy_notice *n,
                const struct dy_area_list *areas, const struct dy_home_list *homes, int64_t *hits,
                struct dy_err *err)
{
	static const struct dy_id nowhere;
	struct dy_target target = { areas->items, areas->count, n->needs };
	bool all = dy_actor_has_at(actor, DY_CAP_NOTICE_SEND, nowhere, nowhere);
	bool lives[DY_NOTICE_AREAS_MAX] = { 0 };

	*hits = 0;
	for (size_t i = 0; i < homes->count; i++) {
		const struct dy_target_home *at = &homes->items[i].at;
		struct dy_target whole = { areas->items, areas->count, 0 };
		if (!dy_target_hits(&whole, at))
			continue;
		if (!all && !dy_actor_has_at(actor, DY_CAP_NOTICE_SEND, at->grid, at->unit))
			return dy_raise(err, DY_E_DENIED, "/areas",
			                "your posts do not reach all of these places");
		for (size_t k = 0; k < areas->count; k++) {
			struct dy_target one = { &areas->items[k], 1, 0 };
			lives[k] = lives[k] || dy_target_hits(&one, at);
		}
		*hits += dy_target_hits(&target, at);
	}
	for (size_t k = 0; k < areas->count; k++) {
		if (!lives[k]) {
			char field[48];
			(void)snprintf(field, sizeof(field), "/areas/%zu", k);
			return dy_raise(err, DY_E_INPUT, field,
			                "nobody lives there, or there is no such place");
		}
	}
	return DY_OK;
}

/* Takes the place of another one, when it says so. */
static enum dy_code
replace(struct dy_wtx *tx, struct dy_call *call, const struct dy_notice *n)
{
	struct dy_notice old;
	bool done;

	if (n->replaces.v == 0)
		return DY_OK;
	if (dy_notice_get(dy_wtx_read(tx), call->arena, n->replaces, &old, NULL) != DY_OK)
		return dy_raise(call->err, DY_E_INPUT, "/replaces_id", "there is no such notice");
	DY_TRY(dy_notice_replace(tx, n->replaces, n->id, &done, call->err));
	if (!done)
		return dy_raise(call->err, DY_E_CONFLICT, "/replaces_id",
		                "another notice has taken its place already, or it was never sent");
	return notice_event(tx, call, "replaced", n->replaces);
}

static struct dy_str
code_make(struct dy_call *call)
{
	static const char DIGITS[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; /* none that look alike */
	char text[CODE_TEXT + 1] = { 0 };

	for (size_t i = 0; i < CODE_TEXT; i++)
		text[i] = DIGITS[dy_random_below(sizeof(DIGITS) - 1)];
	return dy_str_dup(call->arena, dy_str_from(text));
}

enum dy_code
dy_app_notice_make(struct dy_call *call, const struct dy_notice_draft *draft, struct dy_notice *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_notice n = draft->n;
	struct dy_home_list homes;
	struct dy_notice_rule rule;

	if (n.effective_at.ms == 0)
		n.effective_at = call->now;
	DY_TRY(draft_check(call, &n));
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	struct dy_rtx *rtx = dy_wtx_read(tx);
	if (draft->homes != NULL)
		homes = *draft->homes;
	else
		DY_TRY(dy_home_list(rtx, call->arena, (struct dy_id){ 0 }, (struct dy_id){ 0 },
		                    call->now, &homes, call->err));
	DY_TRY(dy_notice_reach(call->actor, &n, &draft->areas, &homes, &n.recipients, call->err));
	DY_TRY(dy_notice_rule_get(rtx, call->arena, &rule, call->err));
	n.id = dy_wtx_new_id(tx, call->now);
	n.code = code_make(call);
	n.created_by = call->actor->account;
	n.created_at = call->now;
	n.state = rule.second_approver ? DY_STR("pending") : DY_STR("sent");
	if (!rule.second_approver)
		n.sent_at = call->now;
	DY_TRY(dy_notice_insert(tx, &n, &draft->areas, call->err));
	if (!rule.second_approver)
		DY_TRY(replace(tx, call, &n));
	DY_TRY(notice_event(tx, call, rule.second_approver ? "proposed" : "sent", n.id));
	DY_TRY(dy_notice_get(rtx, call->arena, n.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_notice_decide(struct dy_call *call, struct dy_id notice, bool agrees, struct dy_notice *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_home_list homes;
	struct dy_area_list areas;
	struct dy_notice n;
	bool done;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	struct dy_rtx *rtx = dy_wtx_read(tx);
	DY_TRY(dy_notice_get(rtx, call->arena, notice, &n, call->err));
	DY_TRY(dy_notice_areas(rtx, call->arena, notice, &areas, call->err));
	DY_TRY(dy_home_list(rtx, call->arena, (struct dy_id){ 0 }, (struct dy_id){ 0 }, call->now,
	                    &homes, call->err));
	DY_TRY(dy_notice_reach(call->actor, &n, &areas, &homes, &n.recipients, call->err));
	if (agrees && dy_id_eq(n.created_by, call->actor->account))
		return dy_raise(call->err, DY_E_DENIED, "",
		                "somebody else has to agree to what you wrote");
	n.state = agrees ? DY_STR("sent") : DY_STR("refused");
	n.decided_by = call->actor->account;
	if (agrees)
		n.sent_at = call->now;
	DY_TRY(dy_notice_decide(tx, &n, &done, call->err));
	if (!done)
		return dy_raise(call->err, DY_E_CONFLICT, "", "it was decided already");
	if (agrees)
		DY_TRY(replace(tx, call, &n));
	DY_TRY(notice_event(tx, call, agrees ? "sent" : "refused", n.id));
	DY_TRY(dy_notice_get(rtx, call->arena, n.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_notice_rule_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_notice_rule *out,
                   struct dy_err *err)
{
	struct dy_json *j;
	struct dy_str text;

	*out = (struct dy_notice_rule){ 0 };
	DY_TRY(dy_setting_get(tx, arena, RULE, &text, &out->version, err));
	if (out->version == 0)
		return DY_OK;
	DY_TRY(dy_json_open(arena, text, &j, err));
	return dy_json_bool(j, "second_approver", &out->second_approver, err);
}

enum dy_code
dy_app_notice_rule_put(struct dy_call *call, struct dy_notice_rule *rule)
{
	static const struct dy_id nowhere;
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_str text = rule->second_approver ? DY_STR("{\"second_approver\":true}")
	                                           : DY_STR("{\"second_approver\":false}");

	if (!dy_actor_has_at(call->actor, DY_CAP_SETTING_WRITE, nowhere, nowhere))
		return dy_raise(call->err, DY_E_DENIED, "", "your posts do not allow this");
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_setting_put(tx, RULE, text, &rule->version, call->err));
	DY_TRY(notice_event(tx, call, "rule_changed", call->actor->community));
	return dy_wtx_commit(&tx, call->err);
}
