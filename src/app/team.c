/* Staff accounts, posts and the team rule. */
#include "app/app.h"

#include "inside.h"

#include "store/event.h"
#include "store/setting.h"

static const struct dy_str TEAM_RULE = DY_STR_INIT("team-rule");

static enum dy_code
may(const struct dy_call *call, enum dy_cap cap)
{
	static const struct dy_id nowhere;

	/* whole-community rights only: no unit has id 0 */
	if (dy_actor_has_at(call->actor, cap, nowhere, nowhere))
		return DY_OK;
	return dy_raise(call->err, DY_E_DENIED, "", "your posts do not allow this");
}

static enum dy_code
team_event(struct dy_wtx *tx, struct dy_call *call, const char *topic, struct dy_id subject,
           struct dy_event_rooms rooms, const char *payload)
{
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = dy_str_from(topic),
		.subject = subject,
		.rooms = rooms,
		.payload = dy_str_from(payload),
	};
	return dy_event_append(tx, &e, NULL, call->err);
}

/* About the holder: whose power changed is what hearers and the live feed have to know. */
static enum dy_code
post_event(struct dy_wtx *tx, struct dy_call *call, const char *topic, const struct dy_post *post,
           struct dy_event_rooms rooms)
{
	char id[DY_ID_TEXT + 1];

	dy_id_encode(post->id, id);
	return team_event(tx, call, topic, post->account, rooms,
	                  dy_arena_printf(call->arena, "{\"post_id\":\"%s\"}", id));
}

enum dy_code
dy_app_account_create(struct dy_call *call, const struct dy_account_draft *draft,
                      struct dy_account *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_account other;
	bool taken;

	DY_TRY(may(call, DY_CAP_ACCOUNT_WRITE));
	*out = (struct dy_account){
		.id = dy_id_make(call->now, dy_random_u64()),
		.kind = DY_STR_INIT("staff"),
		.login = draft->login,
		.password_hash = draft->password_hash,
		.name = draft->name,
		.phone_sealed = dy_text_seal(call->arena, call->key, draft->phone),
		.language = DY_STR_INIT("zh-CN"),
		.created_at = call->now,
	};
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_account_by_login(dy_wtx_read(tx), call->arena, draft->login, &taken, &other,
	                           call->err));
	if (taken)
		return dy_raise(call->err, DY_E_CONFLICT, "/login",
		                "this login is taken; choose another");
	DY_TRY(dy_account_insert(tx, out, call->err));
	DY_TRY(team_event(tx, call, "account.created", out->id, (struct dy_event_rooms){ 0 },
	                  "{}"));
	return dy_wtx_commit(&tx, call->err);
}

/* The rooms of a post's scope; DY_E_INPUT when there is no such scope. */
enum dy_code
dy_scope_rooms(struct dy_rtx *tx, struct dy_call *call, const struct dy_post_scope *scope,
               struct dy_event_rooms *out)
{
	*out = (struct dy_event_rooms){ 0 };
	if (scope->kind == DY_SCOPE_COMMUNITY && dy_id_eq(scope->scope, call->actor->community))
		return DY_OK;
	if (scope->kind == DY_SCOPE_GRID) {
		struct dy_grid_list grids;
		DY_TRY(dy_grid_list(tx, call->arena, call->now, &grids, call->err));
		for (size_t i = 0; i < grids.count; i++) {
			if (dy_id_eq(grids.items[i].id, scope->scope))
				out->grid = scope->scope;
		}
	}
	if (scope->kind == DY_SCOPE_UNIT &&
	    dy_unit_grid(tx, scope->scope, call->now, &out->grid, NULL) == DY_OK)
		out->unit = scope->scope;
	if (out->grid.v == 0)
		return dy_raise(call->err, DY_E_INPUT, "/scope_id", "there is no such %s",
		                dy_scope_name(scope->kind));
	return DY_OK;
}

static enum dy_code
holder_check(struct dy_rtx *tx, struct dy_call *call, const struct dy_post_draft *draft)
{
	struct dy_account account;
	struct dy_post_list held;

	if (dy_account_get(tx, call->arena, draft->account, &account, NULL) != DY_OK ||
	    account.disabled || !dy_str_is(account.kind, "staff"))
		return dy_raise(call->err, DY_E_INPUT, "/account_id",
		                "there is no such staff account; make it first");
	DY_TRY(dy_post_list_account(tx, call->arena, draft->account, call->now, &held, call->err));
	for (size_t i = 0; i < held.count; i++) {
		const struct dy_post_scope *scope = &held.items[i].scope;
		if (scope->role == draft->scope.role && scope->kind == draft->scope.kind &&
		    dy_id_eq(scope->scope, draft->scope.scope))
			return dy_raise(call->err, DY_E_CONFLICT, "/role",
			                "this person holds this post already");
	}
	return DY_OK;
}

enum dy_code
dy_app_post_give(struct dy_call *call, const struct dy_post_draft *draft, struct dy_post *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event_rooms rooms;
	struct dy_post post = {
		.id = dy_id_make(call->now, dy_random_u64()),
		.account = draft->account,
		.scope = draft->scope,
		.is_deputy = draft->is_deputy,
		.from = call->now,
	};

	DY_TRY(may(call, DY_CAP_POST_WRITE));
	if (draft->scope.role == DY_ROLE_RESIDENT)
		return dy_raise(call->err, DY_E_INPUT, "/role", "this role is not a post");
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_scope_rooms(dy_wtx_read(tx), call, &draft->scope, &rooms));
	DY_TRY(holder_check(dy_wtx_read(tx), call, draft));
	DY_TRY(dy_post_insert(tx, &post, call->err));
	DY_TRY(post_event(tx, call, "post.given", &post, rooms));
	DY_TRY(dy_vacancies_fill(tx, call, &post));
	DY_TRY(dy_post_get(dy_wtx_read(tx), call->arena, post.id, call->now, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

static enum dy_code
last_secretary_check(struct dy_rtx *tx, struct dy_call *call, const struct dy_post *post)
{
	struct dy_post_list all;

	if (post->scope.role != DY_ROLE_SECRETARY)
		return DY_OK;
	DY_TRY(dy_post_list_all(tx, call->arena, call->now, &all, call->err));
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i].scope.role == DY_ROLE_SECRETARY &&
		    all.items[i].scope.kind == DY_SCOPE_COMMUNITY &&
		    !dy_id_eq(all.items[i].id, post->id))
			return DY_OK;
	}
	return dy_raise(call->err, DY_E_CONFLICT, "",
	                "this is the last secretary; give the post to somebody else first");
}

enum dy_code
dy_app_post_end(struct dy_call *call, struct dy_id id)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event_rooms rooms = { 0 };
	struct dy_post post;

	DY_TRY(may(call, DY_CAP_POST_WRITE));
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_post_get(dy_wtx_read(tx), call->arena, id, call->now, &post, call->err));
	DY_TRY(last_secretary_check(dy_wtx_read(tx), call, &post));
	/* a post over a place that is gone by now ends without rooms */
	if (dy_scope_rooms(dy_wtx_read(tx), call, &post.scope, &rooms) != DY_OK)
		*call->err = (struct dy_err){ 0 };
	DY_TRY(dy_post_end(tx, id, call->now, call->err));
	DY_TRY(post_event(tx, call, "post.ended", &post, rooms));
	DY_TRY(dy_vacancy_raise(tx, call, &post, DY_STR("post_ended")));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_team_rule_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_team_rule *out,
                 struct dy_err *err)
{
	struct dy_str text;
	int64_t version;

	DY_TRY(dy_setting_get(tx, arena, TEAM_RULE, &text, &version, err));
	if (version == 0) {
		dy_team_rule_default(out);
		return DY_OK;
	}
	DY_TRY(dy_team_rule_decode(text, out, err));
	out->version = version;
	return DY_OK;
}

enum dy_code
dy_app_team_rule_put(struct dy_call *call, struct dy_team_rule *rule)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;

	DY_TRY(may(call, DY_CAP_SETTING_WRITE));
	DY_TRY(dy_team_rule_check(rule, call->err));
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_setting_put(tx, TEAM_RULE, dy_team_rule_encode(call->arena, rule), &rule->version,
	                      call->err));
	DY_TRY(team_event(tx, call, "setting.team_rule", call->actor->community,
	                  (struct dy_event_rooms){ .reach = DY_REACH_EVERYONE }, "{}"));
	return dy_wtx_commit(&tx, call->err);
}
