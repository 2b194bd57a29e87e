/* Teams, accounts, posts, the team rule. */
#include "routes.h"

#define PERSON_NAME_MAX 60

/* A page of a list that is in memory: `after` is the id of the last item. */
static enum dy_code
after_read(struct dy_q *q, struct dy_id *after)
{
	return dy_q_query_id(q, "after", after);
}

static void
next_write(struct dy_q *q, struct dy_id last, bool more)
{
	if (!more) {
		dy_list_end(q);
		return;
	}
	dy_jw_arr_end(&q->w);
	dy_jw_kid(&q->w, "next", last);
	dy_jw_obj_end(&q->w);
}

static struct dy_str
phone_of(struct dy_q *q, const struct dy_account *a)
{
	return dy_text_unseal(q->arena, q->api->options.key, a->phone_sealed);
}

/* Teams */
static bool
is_of(const struct dy_post *p, struct dy_id unit, enum dy_role role)
{
	return p->scope.kind == DY_SCOPE_UNIT && dy_id_eq(p->scope.scope, unit) &&
	       p->scope.role == role;
}

static enum dy_code
member_write(struct dy_q *q, const struct dy_post *p)
{
	struct dy_account account;

	DY_TRY(dy_account_get(q->tx, q->arena, p->account, &account, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_kid(&q->w, "post_id", p->id);
	dy_jw_kid(&q->w, "account_id", p->account);
	dy_jw_kstr(&q->w, "name", p->account_name);
	dy_jw_kbool(&q->w, "is_deputy", p->is_deputy);
	dy_jw_kstr(&q->w, "phone", phone_of(q, &account));
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
role_write(struct dy_q *q, const struct dy_post_list *posts, struct dy_id unit,
           const struct dy_team_need *need, int64_t *vacancies)
{
	int64_t members = 0, deputies = 0;

	dy_jw_obj(&q->w);
	dy_jw_kcstr(&q->w, "role", dy_role_name(need->role));
	dy_jw_kint(&q->w, "required", need->min + need->deputy);
	dy_jw_key(&q->w, "members");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < posts->count; i++) {
		if (!is_of(&posts->items[i], unit, need->role))
			continue;
		members += !posts->items[i].is_deputy;
		deputies += posts->items[i].is_deputy;
		DY_TRY(member_write(q, &posts->items[i]));
	}
	dy_jw_arr_end(&q->w);
	int64_t missing = dy_team_missing(need, members, deputies);
	*vacancies += missing;
	dy_jw_kint(&q->w, "missing", missing);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* The roles of the rule, then roles that somebody holds beyond it. */
static enum dy_code
team_write(struct dy_q *q, const struct dy_team_rule *rule, const struct dy_post_list *posts,
           const struct dy_unit *u)
{
	struct dy_jw *w = &q->w;
	int64_t vacancies = 0;
	unsigned ruled = 0;

	dy_jw_obj(w);
	dy_jw_kid(w, "unit_id", u->id);
	dy_jw_kint(w, "unit_number", u->number);
	dy_jw_kstr(w, "unit_name", u->name);
	dy_jw_kid(w, "grid_id", u->grid);
	dy_jw_kstr(w, "grid_name", u->grid_name);
	dy_jw_kint(w, "households", u->households);
	dy_jw_key(w, "roles");
	dy_jw_arr(w);
	for (size_t i = 0; i < rule->count; i++) {
		ruled |= 1u << rule->needs[i].role;
		DY_TRY(role_write(q, posts, u->id, &rule->needs[i], &vacancies));
	}
	for (int role = DY_ROLE_LEADER; role < DY_ROLES; role++) {
		struct dy_team_need extra = { .role = (enum dy_role)role };
		bool held = false;
		for (size_t i = 0; i < posts->count && !held; i++)
			held = is_of(&posts->items[i], u->id, extra.role);
		if (held && (ruled & 1u << role) == 0)
			DY_TRY(role_write(q, posts, u->id, &extra, &vacancies));
	}
	dy_jw_arr_end(w);
	dy_jw_kint(w, "vacancies", vacancies);
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
list_teams(struct dy_q *q)
{
	struct dy_team_rule rule;
	struct dy_post_list posts;
	struct dy_unit_list units;

	DY_TRY(dy_team_rule_get(q->tx, q->arena, &rule, &q->err));
	DY_TRY(dy_post_list_all(q->tx, q->arena, q->now, &posts, &q->err));
	DY_TRY(dy_unit_list(q->tx, q->arena, q->now, &units, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < units.count; i++) {
		const struct dy_unit *u = &units.items[i];
		if (dy_actor_has_at(&q->actor, DY_CAP_TEAM_READ, u->grid, u->id))
			DY_TRY(team_write(q, &rule, &posts, u));
	}
	dy_list_end(q);
	return DY_OK;
}

/* Accounts */
static void
account_write(struct dy_q *q, const struct dy_account *a)
{
	dy_jw_obj(&q->w);
	dy_jw_kid(&q->w, "id", a->id);
	dy_jw_kstr(&q->w, "kind", a->kind);
	dy_jw_kstr(&q->w, "login", a->login);
	dy_jw_kstr(&q->w, "name", a->name);
	dy_jw_kstr(&q->w, "phone", phone_of(q, a));
	dy_jw_kbool(&q->w, "disabled", a->disabled);
	dy_jw_obj_end(&q->w);
}

static enum dy_code
list_accounts(struct dy_q *q)
{
	struct dy_account_list list;
	struct dy_id after, last = { 0 };
	int64_t limit;

	DY_TRY(after_read(q, &after));
	DY_TRY(dy_q_query_limit(q, &limit));
	DY_TRY(dy_account_list_staff(q->tx, q->arena, after, limit + 1, &list, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count && (int64_t)i < limit; i++) {
		account_write(q, &list.items[i]);
		last = list.items[i].id;
	}
	next_write(q, last, (int64_t)list.count > limit);
	return DY_OK;
}

struct new_account {
	struct dy_account_draft draft;
	struct dy_str password;
};

static enum dy_code
account_prepare(struct dy_q *q)
{
	struct new_account *d = DY_NEW(q->arena, struct new_account);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_str(j, "login", DY_LOGIN_MIN, DY_LOGIN_MAX, &d->draft.login, &q->err));
	DY_TRY(dy_json_str(j, "password", DY_PASSWORD_MIN, DY_PASSWORD_MAX, &d->password, &q->err));
	DY_TRY(dy_json_str(j, "name", 1, PERSON_NAME_MAX, &d->draft.name, &q->err));
	DY_TRY(dy_json_opt_str(j, "phone", 20, &d->draft.phone, &q->err));
	DY_TRY(dy_json_end(j, &q->err));
	q->draft = d;
	return dy_check_phone(d->draft.phone, "/phone", &q->err);
}

static enum dy_code
account_pool(struct dy_q *q)
{
	struct new_account *d = q->draft;
	char *hash = dy_arena_alloc(q->arena, DY_PASSWORD_HASH);

	DY_TRY(dy_password_hash(d->password, hash, &q->err));
	d->draft.password_hash = dy_str_from(hash);
	return DY_OK;
}

static enum dy_code
create_account(struct dy_q *q)
{
	const struct new_account *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_account account;

	enum dy_code rc = dy_app_account_create(&call, &d->draft, &account);
	if (rc == DY_E_CONFLICT)
		q->problem = "login_taken";
	DY_TRY(rc);
	q->status = 201;
	account_write(q, &account);
	return DY_OK;
}

/* Posts */
static void
post_write(struct dy_q *q, const struct dy_post *p)
{
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kid(w, "id", p->id);
	dy_jw_kid(w, "account_id", p->account);
	dy_jw_kstr(w, "account_name", p->account_name);
	dy_jw_kcstr(w, "role", dy_role_name(p->scope.role));
	dy_jw_kcstr(w, "scope_kind", dy_scope_name(p->scope.kind));
	dy_jw_kid(w, "scope_id", p->scope.scope);
	dy_jw_kstr(w, "scope_name", p->scope_name);
	dy_jw_kbool(w, "is_deputy", p->is_deputy);
	dy_jw_ktime(w, "valid_from", dy_zone_default(), p->from);
	dy_jw_key(w, "valid_to");
	dy_jw_null(w);
	dy_jw_obj_end(w);
}

static enum dy_code
list_posts(struct dy_q *q)
{
	struct dy_post_list list;
	struct dy_id after, last = { 0 };
	int64_t limit, n = 0;
	size_t i = 0;

	DY_TRY(after_read(q, &after));
	DY_TRY(dy_q_query_limit(q, &limit));
	DY_TRY(dy_post_list_all(q->tx, q->arena, q->now, &list, &q->err));
	while (after.v != 0 && i < list.count && !dy_id_eq(list.items[i].id, after))
		i++;
	i += after.v != 0;
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (; i < list.count && n < limit; i++, n++) {
		post_write(q, &list.items[i]);
		last = list.items[i].id;
	}
	next_write(q, last, i < list.count);
	return DY_OK;
}

static enum dy_code
role_read(struct dy_json *j, enum dy_role *out, struct dy_err *err)
{
	const char *names[DY_ROLES];
	size_t i;

	for (int role = 0; role < DY_ROLES; role++)
		names[role] = dy_role_name((enum dy_role)role);
	DY_TRY(dy_json_word(j, "role", names, DY_ROLES, &i, err));
	*out = (enum dy_role)i;
	return DY_OK;
}

static enum dy_code
post_prepare(struct dy_q *q)
{
	static const char *const kinds[] = { "unit", "grid", "community" };
	struct dy_post_draft *d = DY_NEW(q->arena, struct dy_post_draft);
	struct dy_json *j;
	size_t kind;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_id(j, "account_id", &d->account, &q->err));
	DY_TRY(role_read(j, &d->scope.role, &q->err));
	DY_TRY(dy_json_word(j, "scope_kind", kinds, DY_COUNT(kinds), &kind, &q->err));
	d->scope.kind = (enum dy_scope_kind)kind;
	DY_TRY(dy_json_id(j, "scope_id", &d->scope.scope, &q->err));
	DY_TRY(dy_json_opt_bool(j, "is_deputy", &d->is_deputy, &q->err));
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
give_post(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_post post;

	DY_TRY(dy_app_post_give(&call, q->draft, &post));
	q->status = 201;
	post_write(q, &post);
	return DY_OK;
}

static enum dy_code
end_post(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_app_post_end(&call, id));
	q->status = 204;
	q->type = NULL;
	return DY_OK;
}

/* The team rule */
static void
rule_write(struct dy_q *q, const struct dy_team_rule *rule)
{
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kint(w, "version", rule->version);
	dy_jw_key(w, "roles");
	dy_jw_arr(w);
	for (size_t i = 0; i < rule->count; i++) {
		dy_jw_obj(w);
		dy_jw_kcstr(w, "role", dy_role_name(rule->needs[i].role));
		dy_jw_kint(w, "min", rule->needs[i].min);
		dy_jw_kbool(w, "deputy", rule->needs[i].deputy);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
}

static enum dy_code
get_team_rule(struct dy_q *q)
{
	struct dy_team_rule rule;

	DY_TRY(dy_team_rule_get(q->tx, q->arena, &rule, &q->err));
	rule_write(q, &rule);
	return DY_OK;
}

static enum dy_code
rule_prepare(struct dy_q *q)
{
	struct dy_team_rule *rule = DY_NEW(q->arena, struct dy_team_rule);
	struct dy_json_list *list;
	struct dy_json *j, *item;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_int(j, "version", 0, INT32_MAX, &rule->version, &q->err));
	DY_TRY(dy_json_array(j, "roles", DY_ROLES, &list, &q->err));
	rule->count = dy_json_list_count(list);
	for (size_t i = 0; i < rule->count; i++) {
		struct dy_team_need *need = &rule->needs[i];
		DY_TRY(dy_json_list_obj(list, i, &item, &q->err));
		DY_TRY(role_read(item, &need->role, &q->err));
		DY_TRY(dy_json_int(item, "min", 0, DY_TEAM_MIN_MAX, &need->min, &q->err));
		DY_TRY(dy_json_bool(item, "deputy", &need->deputy, &q->err));
	}
	q->draft = rule;
	return dy_json_end(j, &q->err);
}

static enum dy_code
put_team_rule(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);

	DY_TRY(dy_app_team_rule_put(&call, q->draft));
	rule_write(q, q->draft);
	return DY_OK;
}

const struct dy_route dy_people_routes[] = {
	{ DY_GET, "/api/v1/teams", .op = "listTeams", .cap = DY_CAP_TEAM_READ, .fn = list_teams },
	{ DY_GET, "/api/v1/accounts", .op = "listAccounts", .cap = DY_CAP_ACCOUNT_WRITE,
	  .fn = list_accounts },
	{ DY_POST, "/api/v1/accounts", .op = "createAccount", .cap = DY_CAP_ACCOUNT_WRITE,
	  .prepare = account_prepare, .pool = account_pool, .fn = create_account, .body_max = 4096,
	  .flags = DY_ROUTE_PASSWORD },
	{ DY_GET, "/api/v1/posts", .op = "listPosts", .cap = DY_CAP_TEAM_READ, .fn = list_posts },
	{ DY_POST, "/api/v1/posts", .op = "givePost", .cap = DY_CAP_POST_WRITE,
	  .prepare = post_prepare, .fn = give_post, .body_max = 4096, .flags = DY_ROUTE_PEOPLE },
	{ DY_DELETE, "/api/v1/posts/{id}", .op = "endPost", .cap = DY_CAP_POST_WRITE,
	  .fn = end_post, .flags = DY_ROUTE_PEOPLE },
	{ DY_GET, "/api/v1/settings/team-rule", .op = "getTeamRule", .cap = DY_CAP_TEAM_READ,
	  .fn = get_team_rule },
	{ DY_PUT, "/api/v1/settings/team-rule", .op = "putTeamRule", .cap = DY_CAP_SETTING_WRITE,
	  .prepare = rule_prepare, .fn = put_team_rule, .body_max = DY_JSON_BODY_MAX },
};
const size_t dy_people_routes_n = DY_COUNT(dy_people_routes);
