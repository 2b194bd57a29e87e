/* Signing in, joining a household, and who somebody is. */
#include "app/app.h"

#include "domain/category.h"
#include "store/event.h"
#include "store/idem.h"

#include <string.h>

#define IDEM_SWEEP_MAX 5000 /* a turn: the writer serves others in between */

void
dy_link_make(struct dy_id community, char out[DY_LINK_TEXT + 1])
{
	char token[DY_TOKEN_TEXT];

	dy_id_encode(community, out);
	dy_token_make(token);
	memcpy(out + DY_ID_TEXT, token, DY_TOKEN_TEXT);
}

bool
dy_link_split(struct dy_str link, struct dy_id *community, uint8_t hash[DY_HASH_BYTES])
{
	if (link.len != DY_LINK_TEXT ||
	    dy_id_decode(dy_str_slice(link, 0, DY_ID_TEXT), "", community, NULL) != DY_OK)
		return false;
	dy_hash(link.ptr, link.len, NULL, hash);
	return true;
}

enum dy_code
dy_app_actor(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str session, struct dy_time now,
             struct dy_actor *out, struct dy_err *err)
{
	uint8_t hash[DY_HASH_BYTES];
	struct dy_account account;
	bool found = false;

	*out = (struct dy_actor){ .language = DY_STR_INIT("zh-CN") };
	out->community = dy_rtx_community(tx);
	struct dy_id community;
	if (!dy_link_split(session, &community, hash) || !dy_id_eq(community, out->community))
		return DY_OK;
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	DY_TRY(dy_session_account(tx, hash_bytes, now, &found, &out->account, &out->session_until,
	                          err));
	if (!found)
		return DY_OK;
	DY_TRY(dy_account_get(tx, arena, out->account, &account, err));
	if (account.disabled) {
		out->account.v = 0;
		return DY_OK;
	}
	out->household = account.household;
	out->is_staff = dy_str_is(account.kind, "staff");
	out->elder_mode = account.elder_mode;
	out->name = account.name;
	out->language = account.language;
	return dy_post_list_account(tx, arena, out->account, now, &out->posts, err);
}

bool
dy_actor_has(const struct dy_actor *actor, enum dy_cap cap)
{
	if (cap == DY_CAP_PUBLIC)
		return true;
	if (cap == DY_CAP_NONE || actor->account.v == 0)
		return false;
	if (cap == DY_CAP_SIGNED_IN)
		return true;
	if (actor->household.v != 0 && dy_role_has(DY_ROLE_RESIDENT, cap))
		return true;
	for (size_t i = 0; i < actor->posts.count; i++) {
		if (dy_role_has(actor->posts.items[i].scope.role, cap))
			return true;
	}
	return false;
}

bool
dy_actor_has_at(const struct dy_actor *actor, enum dy_cap cap, struct dy_id grid, struct dy_id unit)
{
	for (size_t i = 0; i < actor->posts.count; i++) {
		const struct dy_post_scope *scope = &actor->posts.items[i].scope;
		if (dy_role_has(scope->role, cap) && dy_post_covers(scope, grid, unit))
			return true;
	}
	return false;
}

static enum dy_code
person_event(struct dy_wtx *tx, struct dy_call *call, const char *topic, struct dy_id account,
             struct dy_id household)
{
	struct dy_event e = {
		.at = call->now,
		.actor = account,
		.topic = dy_str_from(topic),
		.subject = account,
		.rooms = { .household = household },
		.payload = DY_STR_INIT("{}"),
	};
	return dy_event_append(tx, &e, NULL, call->err);
}

static enum dy_code
session_add(struct dy_wtx *tx, struct dy_call *call, struct dy_id account, int days,
            char token[DY_LINK_TEXT + 1])
{
	uint8_t hash[DY_HASH_BYTES];
	struct dy_id community;
	struct dy_time until = { call->now.ms + days * DY_DAY_MS };

	dy_link_make(dy_wtx_community(tx), token);
	bool good = dy_link_split(dy_str_from(token), &community, hash);
	DY_ASSERT(good);
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	return dy_session_insert(tx, hash_bytes, account, call->now, until, call->err);
}

enum dy_code
dy_app_sign_in(struct dy_call *call, struct dy_id community, struct dy_id account,
               char token[DY_LINK_TEXT + 1])
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;

	DY_TRY(dy_wtx_begin(call->writer, community, &tx, call->err));
	DY_TRY(session_add(tx, call, account, DY_SESSION_DAYS_STAFF, token));
	DY_TRY(person_event(tx, call, "account.signed_in", account, (struct dy_id){ 0 }));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_sign_out(struct dy_call *call, struct dy_str token)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	uint8_t hash[DY_HASH_BYTES];
	struct dy_id community;

	if (!dy_link_split(token, &community, hash))
		return dy_raise(call->err, DY_E_DENIED, "", "sign in first");
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	DY_TRY(dy_wtx_begin(call->writer, community, &tx, call->err));
	DY_TRY(dy_session_delete(tx, hash_bytes, call->err));
	DY_TRY(person_event(tx, call, "account.signed_out", call->actor->account,
	                    (struct dy_id){ 0 }));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_change_me(struct dy_call *call, struct dy_str language, bool elder_mode)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_account_change(tx, call->actor->account, language, elder_mode, call->err));
	DY_TRY(person_event(tx, call, "account.changed", call->actor->account,
	                    call->actor->household));
	return dy_wtx_commit(&tx, call->err);
}

void
dy_household_code_hash(struct dy_id community, struct dy_str code, uint8_t out[DY_HASH_BYTES])
{
	struct dy_hasher h;
	char text[DY_ID_TEXT + 1];

	dy_id_encode(community, text);
	dy_hasher_init(&h);
	dy_hasher_update(&h, text, DY_ID_TEXT);
	for (size_t i = 0; i < code.len; i++) {
		char c = code.ptr[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != ' ' && c != '-')
			dy_hasher_update(&h, &c, 1);
	}
	dy_hasher_final(&h, out);
}

static enum dy_code
household_of(struct dy_wtx *tx, struct dy_call *call, const struct dy_join_draft *draft,
             struct dy_bytes link_hash, struct dy_where *out)
{
	struct dy_rtx *rtx = dy_wtx_read(tx);
	uint8_t code_hash[DY_HASH_BYTES];
	struct dy_id door;

	DY_TRY(dy_where_token(rtx, call->arena, link_hash, call->now, out, call->err));
	enum dy_code rc = dy_door_find(rtx, out->stair, draft->door, &door, NULL);
	if (rc == DY_OK)
		rc = dy_where_door(rtx, call->arena, door, call->now, out, NULL);
	dy_household_code_hash(dy_wtx_community(tx), draft->household_code, code_hash);
	if (rc != DY_OK || out->code_hash.len != DY_HASH_BYTES ||
	    !dy_secret_eq(out->code_hash.ptr, code_hash, DY_HASH_BYTES))
		return dy_raise(call->err, DY_E_INPUT, "/household_code",
		                "door and household code do not belong together; check both");
	return DY_OK;
}

struct dy_bytes
dy_text_seal(struct dy_arena *arena, const struct dy_key *key, struct dy_str plain)
{
	if (plain.len == 0)
		return (struct dy_bytes){ NULL, 0 };
	uint8_t *out = dy_arena_alloc(arena, plain.len + DY_SEAL_EXTRA);
	dy_seal(key, plain.ptr, plain.len, out);
	return (struct dy_bytes){ out, plain.len + DY_SEAL_EXTRA };
}

struct dy_str
dy_text_unseal(struct dy_arena *arena, const struct dy_key *key, struct dy_bytes sealed)
{
	if (sealed.len <= DY_SEAL_EXTRA)
		return DY_STR("");
	char *out = dy_arena_alloc(arena, sealed.len - DY_SEAL_EXTRA);
	if (!dy_unseal(key, sealed.ptr, sealed.len, out))
		return DY_STR("");
	return (struct dy_str){ out, sealed.len - DY_SEAL_EXTRA };
}

enum dy_code
dy_app_join(struct dy_call *call, const struct dy_join_draft *draft, char token[DY_LINK_TEXT + 1])
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	uint8_t hash[DY_HASH_BYTES];
	struct dy_id community;
	struct dy_where where;

	if (!dy_link_split(draft->link, &community, hash))
		return dy_raise(call->err, DY_E_NOT_FOUND, "/token", "this is not a door link");
	struct dy_bytes link_hash = { hash, DY_HASH_BYTES };
	DY_TRY(dy_wtx_begin(call->writer, community, &tx, call->err));
	DY_TRY(household_of(tx, call, draft, link_hash, &where));
	struct dy_account account = {
		.id = dy_wtx_new_id(tx, call->now),
		.kind = DY_STR_INIT("resident"),
		.name = draft->name,
		.phone_sealed = dy_text_seal(call->arena, call->key, draft->phone),
		.household = where.household,
		.language = draft->language,
		.elder_mode = draft->elder_mode,
		.created_at = call->now,
	};
	DY_TRY(dy_account_insert(tx, &account, call->err));
	DY_TRY(session_add(tx, call, account.id, DY_SESSION_DAYS_RESIDENT, token));
	DY_TRY(person_event(tx, call, "account.joined", account.id, where.household));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_init_check(const struct dy_init_draft *draft, struct dy_err *err)
{
	const struct {
		const char *field;
		struct dy_str text;
		size_t min, max;
	} texts[] = {
		{ "name", draft->name, 1, DY_NAME_MAX },
		{ "person", draft->person, 1, DY_NAME_MAX },
		{ "login", draft->login, DY_LOGIN_MIN, DY_LOGIN_MAX },
		{ "password", draft->password, DY_PASSWORD_MIN, DY_PASSWORD_MAX },
	};
	uint64_t code;

	if (draft->division_code.len != DY_DIVISION_CODE ||
	    !dy_str_to_u64(draft->division_code, &code))
		return dy_raise(err, DY_E_INPUT, "code",
		                "a community's division code has 12 digits, like 330922100001");
	for (size_t i = 0; i < DY_COUNT(texts); i++) {
		size_t n = dy_str_is_utf8(texts[i].text) ? dy_str_chars(texts[i].text) : 0;
		if (n < texts[i].min || n > texts[i].max)
			return dy_raise(err, DY_E_INPUT, texts[i].field,
			                "must have %zu to %zu characters", texts[i].min,
			                texts[i].max);
	}
	return DY_OK;
}

enum dy_code
dy_app_init(struct dy_call *call, const struct dy_init_draft *draft, struct dy_id *community,
            struct dy_id *account)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	char hash[DY_PASSWORD_HASH];

	DY_TRY(dy_init_check(draft, call->err));
	DY_TRY(dy_password_hash(draft->password, hash, call->err));
	struct dy_community c = {
		.id = dy_id_make(call->now, dy_random_u64()),
		.division_code = draft->division_code,
		.name = draft->name,
		.zone = DY_STR_INIT("Asia/Shanghai"),
		.mode = DY_STR_INIT("normal"),
		.phone = draft->phone,
		.is_sample = draft->is_sample,
		.created_at = call->now,
	};
	struct dy_account a = {
		.id = dy_id_make(call->now, dy_random_u64()),
		.kind = DY_STR_INIT("staff"),
		.login = draft->login,
		.password_hash = dy_str_from(hash),
		.name = draft->person,
		.language = DY_STR_INIT("zh-CN"),
		.created_at = call->now,
	};
	struct dy_post post = {
		.id = dy_id_make(call->now, dy_random_u64()),
		.account = a.id,
		.scope = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, c.id },
		.from = call->now,
	};
	DY_TRY(dy_wtx_begin(call->writer, c.id, &tx, call->err));
	DY_TRY(dy_community_of_division(dy_wtx_read(tx), draft->division_code, community,
	                                call->err));
	if (community->v != 0)
		return dy_raise(call->err, DY_E_CONFLICT, "code",
		                "this database holds a community with this division code already");
	DY_TRY(dy_community_insert(tx, &c, call->err));
	DY_TRY(dy_account_insert(tx, &a, call->err));
	DY_TRY(dy_post_insert(tx, &post, call->err));
	DY_TRY(person_event(tx, call, "community.founded", a.id, (struct dy_id){ 0 }));
	*community = c.id;
	*account = a.id;
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_sweep(struct dy_call *call, struct dy_id community)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_time yesterday = { call->now.ms - DY_DAY_MS };

	DY_TRY(dy_wtx_begin(call->writer, community, &tx, call->err));
	DY_TRY(dy_session_sweep(tx, call->now, call->err));
	DY_TRY(dy_idem_sweep(tx, yesterday, IDEM_SWEEP_MAX, call->err));
	return dy_wtx_commit(&tx, call->err);
}
