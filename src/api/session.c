/* Who am I: sessions, signing in, joining a household through a door link. */
#include "routes.h"

#include "agent.h"

#include "domain/address.h"

#include <string.h>

#define COOKIE_STAFF_S    ((int64_t)DY_SESSION_DAYS_STAFF * 86400)
#define COOKIE_RESIDENT_S ((int64_t)DY_SESSION_DAYS_RESIDENT * 86400)
#define PERSON_NAME_MAX   60

/* Of one login, or of the household code of one door, from anywhere. */
static const struct dy_rate TRIES = { 30000, 10 };

enum dy_code
dy_captain_find(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_post_list *posts,
                struct dy_id unit, bool *found, struct dy_account *out, struct dy_err *err)
{
	const struct dy_post *best = NULL;

	for (size_t i = 0; i < posts->count; i++) {
		const struct dy_post *p = &posts->items[i];
		if (p->scope.kind != DY_SCOPE_UNIT || !dy_id_eq(p->scope.scope, unit) ||
		    p->is_deputy)
			continue;
		if (p->scope.role == DY_ROLE_CAPTAIN) {
			best = p;
			break;
		}
		if (p->scope.role == DY_ROLE_LEADER && best == NULL)
			best = p;
	}
	*found = best != NULL;
	if (best == NULL)
		return DY_OK;
	return dy_account_get(tx, arena, best->account, out, err);
}

static void
community_write(struct dy_jw *w, const struct dy_community *c)
{
	dy_jw_obj(w);
	dy_jw_kid(w, "id", c->id);
	dy_jw_kstr(w, "name", c->name);
	dy_jw_kstr(w, "mode", c->mode);
	dy_jw_kstr(w, "phone", c->phone);
	dy_jw_kbool(w, "is_sample", c->is_sample);
	dy_jw_obj_end(w);
}

static enum dy_code
home_write(struct dy_q *q, struct dy_rtx *tx)
{
	struct dy_jw *w = &q->w;
	struct dy_post_list posts;
	struct dy_account captain;
	struct dy_where where;
	bool found;

	DY_TRY(dy_where_household(tx, q->arena, q->actor.household, q->now, &where, &q->err));
	DY_TRY(dy_post_list_all(tx, q->arena, q->now, &posts, &q->err));
	DY_TRY(dy_captain_find(tx, q->arena, &posts, where.unit, &found, &captain, &q->err));
	struct dy_address a = { where.building_code, where.stair_code, where.door_code };
	dy_jw_key(w, "household");
	dy_jw_obj(w);
	dy_jw_kid(w, "id", q->actor.household);
	dy_jw_kstr(w, "address", dy_address_text(q->arena, &a));
	dy_jw_kstr(w, "address_masked", dy_address_masked(q->arena, &a));
	dy_jw_obj_end(w);
	dy_jw_key(w, "unit");
	dy_jw_obj(w);
	dy_jw_kid(w, "id", where.unit);
	dy_jw_kstr(w, "name", where.unit_name);
	dy_jw_kstr(w, "captain_name", found ? captain.name : DY_STR(""));
	dy_jw_kstr(w, "captain_phone",
	           found ? dy_text_unseal(q->arena, q->api->options.key, captain.phone_sealed)
	                 : DY_STR(""));
	dy_jw_obj_end(w);
	return DY_OK;
}

static void
person_write(struct dy_q *q)
{
	struct dy_jw *w = &q->w;
	const struct dy_actor *a = &q->actor;

	dy_jw_kbool(w, "signed_in", a->account.v != 0);
	dy_jw_key(w, "account");
	if (a->account.v == 0) {
		dy_jw_null(w);
	} else {
		dy_jw_obj(w);
		dy_jw_kid(w, "id", a->account);
		dy_jw_kcstr(w, "kind", a->is_staff ? "staff" : "resident");
		dy_jw_kstr(w, "name", a->name);
		dy_jw_kstr(w, "language", a->language);
		dy_jw_kbool(w, "elder_mode", a->elder_mode);
		dy_jw_obj_end(w);
	}
	dy_jw_key(w, "posts");
	dy_jw_arr(w);
	for (size_t i = 0; i < a->posts.count; i++) {
		const struct dy_post *p = &a->posts.items[i];
		dy_jw_obj(w);
		dy_jw_kcstr(w, "role", dy_role_name(p->scope.role));
		dy_jw_kcstr(w, "scope_kind", dy_scope_name(p->scope.kind));
		dy_jw_kid(w, "scope_id", p->scope.scope);
		dy_jw_kstr(w, "scope_name", p->scope_name);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_key(w, "caps");
	dy_jw_arr(w);
	for (int i = DY_CAP_REQUEST_REPORT; i < DY_CAPS; i++) {
		if (dy_actor_has(a, (enum dy_cap)i))
			dy_jw_cstr(w, dy_cap_name((enum dy_cap)i));
	}
	dy_jw_arr_end(w);
}

enum dy_code
dy_session_write(struct dy_q *q, struct dy_rtx *tx)
{
	struct dy_community community;

	dy_jw_obj(&q->w);
	person_write(q);
	dy_jw_key(&q->w, "community");
	enum dy_code rc = q->actor.account.v != 0
	                          ? dy_community_get(tx, q->arena, &community, &q->err)
	                          : dy_community_only(tx, q->arena, &community, NULL);
	if (rc == DY_OK)
		community_write(&q->w, &community);
	else if (q->actor.account.v != 0)
		return rc;
	else
		dy_jw_null(&q->w);
	if (q->actor.household.v != 0) {
		DY_TRY(home_write(q, tx));
	} else {
		dy_jw_key(&q->w, "household");
		dy_jw_null(&q->w);
		dy_jw_key(&q->w, "unit");
		dy_jw_null(&q->w);
	}
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
get_session(struct dy_q *q)
{
	if (q->actor.account.v == 0)
		DY_TRY(dy_q_community(q, (struct dy_id){ 0 }));
	return dy_session_write(q, q->tx);
}

/* After signing in or joining: the answer is what a GET of the session would say now. */
static enum dy_code
session_begun(struct dy_q *q, struct dy_id community, const char *token, int64_t seconds)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_str session = dy_str_from(token);

	DY_TRY(dy_wtx_begin(q->writer, community, &tx, &q->err));
	DY_TRY(dy_app_actor(dy_wtx_read(tx), q->arena, session, q->now, &q->actor, &q->err));
	DY_TRY(dy_session_write(q, dy_wtx_read(tx)));
	dy_q_cookie(q, dy_arena_dup(q->arena, token, strlen(token)), seconds);
	return dy_wtx_commit(&tx, &q->err);
}

/* To choose from before signing in: names only. */
static enum dy_code
list_communities(struct dy_q *q)
{
	struct dy_community_list list;

	DY_TRY(dy_q_community(q, (struct dy_id){ 0 }));
	DY_TRY(dy_community_list(q->tx, q->arena, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count; i++) {
		dy_jw_obj(&q->w);
		dy_jw_kid(&q->w, "id", list.items[i].id);
		dy_jw_kstr(&q->w, "name", list.items[i].name);
		dy_jw_obj_end(&q->w);
	}
	dy_list_end(q);
	return DY_OK;
}

enum dy_code
dy_tries_take(struct dy_q *q, const char *key, const char *field)
{
	int64_t wait_ms;

	if (q->api->options.unlimited ||
	    dy_limit_take(&q->api->limit, dy_str_from(key), TRIES, dy_tick_ms(), &wait_ms))
		return DY_OK;
	q->retry_s = wait_ms / DY_SECOND_MS + 1;
	return dy_raise(&q->err, DY_E_LIMIT, field, "too many tries; wait %lld s",
	                (long long)q->retry_s);
}

struct login_draft {
	struct dy_str login, password;
	struct dy_id community;
	bool found;
	struct dy_account account;
};

static enum dy_code
login_prepare(struct dy_q *q)
{
	struct login_draft *d = DY_NEW(q->arena, struct login_draft);
	struct dy_community only;
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_str(j, "login", 1, 64, &d->login, &q->err));
	DY_TRY(dy_json_str(j, "password", 1, 256, &d->password, &q->err));
	DY_TRY(dy_json_opt_id(j, "community", &d->community, &q->err));
	DY_TRY(dy_json_end(j, &q->err));
	DY_TRY(dy_tries_take(q, dy_arena_printf(q->arena, "l%.*s", DY_FMT(d->login)), "/login"));
	if (d->community.v == 0) {
		DY_TRY(dy_q_community(q, (struct dy_id){ 0 }));
		enum dy_code rc = dy_community_only(q->tx, q->arena, &only, &q->err);
		if (rc == DY_E_CONFLICT)
			return dy_raise(&q->err, DY_E_INPUT, "/community",
			                "this server holds several communities; say which");
		DY_TRY(rc);
		d->community = only.id;
	}
	DY_TRY(dy_q_community(q, d->community));
	q->draft = d;
	return dy_account_by_login(q->tx, q->arena, d->login, &d->found, &d->account, &q->err);
}

static enum dy_code
login_pool(struct dy_q *q)
{
	struct login_draft *d = q->draft;
	char scratch[DY_PASSWORD_HASH];

	/* an unknown login takes as long as a wrong password */
	if (!d->found)
		(void)!dy_password_hash(d->password, scratch, NULL);
	else if (dy_password_is(d->password, dy_str_z(q->arena, d->account.password_hash)) &&
	         !d->account.disabled)
		return DY_OK;
	q->problem = "wrong_login";
	q->actor = (struct dy_actor){ .language = q->actor.language };
	return dy_raise(&q->err, DY_E_DENIED, "/password", "login or password is not right");
}

static enum dy_code
staff_login(struct dy_q *q)
{
	const struct login_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	char token[DY_LINK_TEXT + 1];

	DY_TRY(dy_app_sign_in(&call, d->community, d->account.id, token));
	return session_begun(q, d->community, token, COOKIE_STAFF_S);
}

static enum dy_code
sign_out(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);

	DY_TRY(dy_app_sign_out(&call, q->session));
	dy_q_cookie(q, "", 0);
	q->status = 204;
	q->type = NULL;
	return DY_OK;
}

struct me_draft {
	bool has_language, has_elder;
	struct dy_str language;
	bool elder_mode;
};

static enum dy_code
language_read(struct dy_json *j, bool *has, struct dy_str *out, struct dy_err *err)
{
	static const char *const names[] = { "zh-CN", "en" };
	size_t i;

	*has = dy_json_has(j, "language");
	if (!*has)
		return DY_OK;
	DY_TRY(dy_json_word(j, "language", names, DY_COUNT(names), &i, err));
	*out = dy_str_from(names[i]);
	return DY_OK;
}

static enum dy_code
me_prepare(struct dy_q *q)
{
	struct me_draft *d = DY_NEW(q->arena, struct me_draft);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(language_read(j, &d->has_language, &d->language, &q->err));
	d->has_elder = dy_json_has(j, "elder_mode");
	DY_TRY(dy_json_opt_bool(j, "elder_mode", &d->elder_mode, &q->err));
	DY_TRY(dy_json_end(j, &q->err));
	if (!d->has_language && !d->has_elder)
		return dy_raise(&q->err, DY_E_INPUT, "", "send language, elder_mode or both");
	q->draft = d;
	return DY_OK;
}

static enum dy_code
change_me(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	const struct me_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);

	if (d->has_language)
		q->actor.language = d->language;
	if (d->has_elder)
		q->actor.elder_mode = d->elder_mode;
	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_change_me(&call, q->actor.language, q->actor.elder_mode));
	DY_TRY(dy_session_write(q, dy_wtx_read(tx)));
	return dy_wtx_commit(&tx, &q->err);
}

/* Door links */
static enum dy_code
link_fault(struct dy_q *q)
{
	q->problem = "door_link";
	return dy_raise(&q->err, DY_E_NOT_FOUND, "/token",
	                "this door link is not valid; scan the code on your stair again");
}

static enum dy_code
link_open(struct dy_q *q, struct dy_where *where)
{
	uint8_t hash[DY_HASH_BYTES];
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	struct dy_id community;

	if (!dy_link_split(q->params[0], &community, hash))
		return link_fault(q);
	DY_TRY(dy_q_community(q, community));
	enum dy_code rc = dy_where_token(q->tx, q->arena, hash_bytes, q->now, where, &q->err);
	return rc == DY_E_NOT_FOUND ? link_fault(q) : rc;
}

static enum dy_code
get_door_link(struct dy_q *q)
{
	struct dy_jw *w = &q->w;
	struct dy_community community;
	struct dy_post_list posts;
	struct dy_account captain;
	struct dy_where where;
	bool found;

	DY_TRY(link_open(q, &where));
	DY_TRY(dy_community_get(q->tx, q->arena, &community, &q->err));
	DY_TRY(dy_post_list_all(q->tx, q->arena, q->now, &posts, &q->err));
	DY_TRY(dy_captain_find(q->tx, q->arena, &posts, where.unit, &found, &captain, &q->err));
	struct dy_address a = { where.building_code, where.stair_code, DY_STR_INIT("") };
	dy_jw_obj(w);
	dy_jw_kstr(w, "community_name", community.name);
	dy_jw_kstr(w, "community_phone", community.phone);
	dy_jw_kstr(w, "building_name", where.building_name);
	dy_jw_kstr(w, "stair_text", dy_address_text(q->arena, &a));
	dy_jw_kstr(w, "unit_name", where.unit_name);
	dy_jw_kstr(w, "captain_name_masked",
	           found ? dy_name_masked(q->arena, captain.name) : DY_STR(""));
	dy_jw_kbool(w, "is_sample", community.is_sample);
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
join_prepare(struct dy_q *q)
{
	struct dy_join_draft *d = DY_NEW(q->arena, struct dy_join_draft);
	struct dy_json *j;
	bool has;

	d->link = q->params[0];
	d->language = dy_q_speaks_chinese(q) ? DY_STR("zh-CN") : DY_STR("en");
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_str(j, "door", 1, 16, &d->door, &q->err));
	DY_TRY(dy_json_str(j, "household_code", 4, 16, &d->household_code, &q->err));
	DY_TRY(dy_json_str(j, "name", 1, PERSON_NAME_MAX, &d->name, &q->err));
	DY_TRY(dy_json_opt_str(j, "phone", 20, &d->phone, &q->err));
	DY_TRY(language_read(j, &has, &d->language, &q->err));
	DY_TRY(dy_json_opt_bool(j, "elder_mode", &d->elder_mode, &q->err));
	DY_TRY(dy_json_end(j, &q->err));
	q->draft = d;
	DY_TRY(dy_check_phone(d->phone, "/phone", &q->err));
	return dy_tries_take(
		q, dy_arena_printf(q->arena, "j%.*s-%.*s", DY_FMT(d->link), DY_FMT(d->door)),
		"/household_code");
}

static enum dy_code
join_household(struct dy_q *q)
{
	const struct dy_join_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	uint8_t hash[DY_HASH_BYTES];
	char token[DY_LINK_TEXT + 1];
	struct dy_id community;

	enum dy_code rc = dy_app_join(&call, d, token);
	if (rc == DY_E_NOT_FOUND)
		return link_fault(q);
	if (rc == DY_E_INPUT)
		q->problem = "household_code";
	DY_TRY(rc);
	bool good = dy_link_split(d->link, &community, hash);
	DY_ASSERT(good);
	return session_begun(q, community, token, COOKIE_RESIDENT_S);
}

static enum dy_code
open_door_link(struct dy_q *q)
{
	/* what cannot run the web app gets the plain pages */
	bool old = dy_agent_is_old(dy_exchange_header(q->x, "user-agent"));
	const char *where = dy_arena_printf(q->arena, old ? "/lite/q/%.*s" : "/#/join/%.*s",
	                                    DY_FMT(q->params[0]));

	/* letters and digits only: nothing that could lead elsewhere; the page says when the link is not valid */
	for (size_t i = 0; i < q->params[0].len; i++) {
		char c = q->params[0].ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return link_fault(q);
	}
	q->status = 302;
	q->type = NULL;
	dy_q_header(q, "Location", dy_str_from(where));
	return DY_OK;
}

const struct dy_route dy_session_routes[] = {
	{ DY_GET, "/api/v1/session", .op = "getSession", .cap = DY_CAP_PUBLIC, .fn = get_session },
	{ DY_POST, "/api/v1/session", .op = "staffLogin", .cap = DY_CAP_PUBLIC,
	  .prepare = login_prepare, .pool = login_pool, .fn = staff_login, .body_max = 4096,
	  .flags = DY_ROUTE_NO_REPLAY | DY_ROUTE_JOINS | DY_ROUTE_PASSWORD },
	{ DY_DELETE, "/api/v1/session", .op = "signOut", .cap = DY_CAP_SIGNED_IN, .fn = sign_out,
	  .flags = DY_ROUTE_PEOPLE },
	{ DY_GET, "/api/v1/communities", .op = "listCommunities", .cap = DY_CAP_PUBLIC,
	  .fn = list_communities },
	{ DY_PATCH, "/api/v1/me", .op = "changeMe", .cap = DY_CAP_SIGNED_IN, .prepare = me_prepare,
	  .fn = change_me, .body_max = 4096, .flags = DY_ROUTE_PEOPLE },
	{ DY_GET, "/api/v1/door-links/{token}", .op = "getDoorLink", .cap = DY_CAP_PUBLIC,
	  .fn = get_door_link },
	{ DY_POST, "/api/v1/door-links/{token}/join", .op = "joinHousehold", .cap = DY_CAP_PUBLIC,
	  .prepare = join_prepare, .fn = join_household, .body_max = 4096,
	  .flags = DY_ROUTE_NO_REPLAY | DY_ROUTE_JOINS },
	{ DY_GET, "/q/{token}", .op = "openDoorLink", .cap = DY_CAP_PUBLIC, .fn = open_door_link },
};
const size_t dy_session_routes_n = DY_COUNT(dy_session_routes);
