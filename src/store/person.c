/* Accounts, posts, sessions. */
#include "store/person.h"

static const struct dy_sql ACCOUNT_INSERT = {
	.name = "account_insert",
	.in = "iiss?s?sb?i?snt",
	.out = "",
	.text = "INSERT INTO account (community_id, account_id, kind, login, password_hash, name,"
		" phone_sealed, household_id, language, elder_mode, created_at, version)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
};

#define ACCOUNT_COLUMNS                                                                            \
	"SELECT account_id, kind, login, password_hash, name, phone_sealed, household_id,"         \
	" language, elder_mode, CASE WHEN disabled_at IS NULL THEN 0 ELSE 1 END, created_at"       \
	" FROM account"
#define ACCOUNT_OUT "iss?s?sb?i?snnt"

static const struct dy_sql ACCOUNT_GET = {
	.name = "account_get",
	.in = "ii",
	.out = ACCOUNT_OUT,
	.text = ACCOUNT_COLUMNS " WHERE community_id = $1 AND account_id = $2",
};
static const struct dy_sql ACCOUNT_BY_LOGIN = {
	.name = "account_by_login",
	.in = "is",
	.out = ACCOUNT_OUT,
	.text = ACCOUNT_COLUMNS " WHERE community_id = $1 AND login = $2",
};
static const struct dy_sql ACCOUNT_CHANGE = {
	.name = "account_change",
	.in = "iisn",
	.out = "",
	.text = "UPDATE account SET language = $3, elder_mode = $4, version = version + 1"
		" WHERE community_id = $1 AND account_id = $2",
};
static const struct dy_sql POST_INSERT = {
	.name = "post_insert",
	.in = "iiissint",
	.out = "",
	.text = "INSERT INTO post (community_id, post_id, account_id, role, scope_kind, scope_id,"
		" is_deputy, valid_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
};

#define POST_COLUMNS                                                                               \
	"SELECT p.post_id, p.account_id, p.role, p.scope_kind, p.scope_id, p.is_deputy,"           \
	" p.valid_from, a.name,"                                                                   \
	" COALESCE((SELECT u.name FROM unit u WHERE u.community_id = $1 AND u.unit_id = "          \
	"p.scope_id),"                                                                             \
	" (SELECT g.name FROM grid g WHERE g.community_id = $1 AND g.grid_id = p.scope_id),"       \
	" (SELECT c.name FROM community c WHERE c.community_id = $1), '')"                         \
	" FROM post p JOIN account a ON a.community_id = p.community_id"                           \
	" AND a.account_id = p.account_id"
#define POST_OUT "iissintss"

static const struct dy_sql POSTS_OF_ACCOUNT = {
	.name = "posts_of_account",
	.in = "iit",
	.out = POST_OUT,
	.text = POST_COLUMNS
	" WHERE p.community_id = $1 AND p.account_id = $2 AND p.valid_from <= $3"
	" AND (p.valid_to IS NULL OR p.valid_to > $3) ORDER BY p.post_id",
};
static const struct dy_sql POSTS_ALL = {
	.name = "posts_all",
	.in = "it",
	.out = POST_OUT,
	.text = POST_COLUMNS " WHERE p.community_id = $1 AND p.valid_from <= $2"
			     " AND (p.valid_to IS NULL OR p.valid_to > $2)"
			     " ORDER BY p.scope_kind, p.scope_id, p.role, p.post_id",
};
static const struct dy_sql POST_GET = {
	.name = "post_get",
	.in = "iit",
	.out = POST_OUT,
	.text = POST_COLUMNS " WHERE p.community_id = $1 AND p.post_id = $2 AND p.valid_from <= $3"
			     " AND (p.valid_to IS NULL OR p.valid_to > $3)",
};
static const struct dy_sql POST_END = {
	.name = "post_end",
	.in = "iit",
	.out = "",
	.text = "UPDATE post SET valid_to = $3 WHERE community_id = $1 AND post_id = $2"
		" AND valid_to IS NULL",
};
static const struct dy_sql ACCOUNTS_STAFF = {
	.name = "accounts_staff",
	.in = "ii?n", /* the first page comes after nobody */
	.out = ACCOUNT_OUT,
	.text = ACCOUNT_COLUMNS
	" WHERE community_id = $1 AND kind = 'staff' AND account_id > COALESCE($2, 0)"
	" ORDER BY account_id LIMIT $3",
};

const struct dy_sql *const dy_person_sql[] = {
	&ACCOUNT_INSERT,   &ACCOUNT_GET, &ACCOUNT_BY_LOGIN, &ACCOUNT_CHANGE, &POST_INSERT,
	&POSTS_OF_ACCOUNT, &POSTS_ALL,   &POST_GET,         &POST_END,       &ACCOUNTS_STAFF,
};
const size_t dy_person_sql_n = DY_COUNT(dy_person_sql);

enum dy_code
dy_account_insert(struct dy_wtx *tx, const struct dy_account *a, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t elder = a->elder_mode;

	return dy_sql_write(tx, &ACCOUNT_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(a->id), DY_V(a->kind), DY_V(a->login),
	                            DY_V(a->password_hash), DY_V(a->name), DY_V(a->phone_sealed),
	                            DY_V(a->household), DY_V(a->language), DY_V(elder),
	                            DY_V(a->created_at)),
	                    NULL, err);
}

static void
account_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_account *a)
{
	a->id = dy_rows_id(rows);
	a->kind = dy_rows_str(rows, arena);
	a->login = dy_rows_str(rows, arena);
	a->password_hash = dy_rows_str(rows, arena);
	a->name = dy_rows_str(rows, arena);
	a->phone_sealed = dy_rows_bytes(rows, arena);
	a->household = dy_rows_id(rows);
	a->language = dy_rows_str(rows, arena);
	a->elder_mode = dy_rows_int(rows) != 0;
	a->disabled = dy_rows_int(rows) != 0;
	a->created_at = dy_rows_time(rows);
}

enum dy_code
dy_account_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_account *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &ACCOUNT_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such account");
	account_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_account_by_login(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str login, bool *found,
                    struct dy_account *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read_one(tx, &ACCOUNT_BY_LOGIN, DY_ARGS(DY_V(community), DY_V(login)), &rows,
	                       found, err));
	if (*found)
		account_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_account_change(struct dy_wtx *tx, struct dy_id id, struct dy_str language, bool elder_mode,
                  struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t elder = elder_mode;

	return dy_sql_write(tx, &ACCOUNT_CHANGE,
	                    DY_ARGS(DY_V(community), DY_V(id), DY_V(language), DY_V(elder)), NULL,
	                    err);
}

enum dy_code
dy_post_insert(struct dy_wtx *tx, const struct dy_post *p, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str role = dy_str_from(dy_role_name(p->scope.role));
	struct dy_str kind = dy_str_from(dy_scope_name(p->scope.kind));
	int64_t deputy = p->is_deputy;

	return dy_sql_write(tx, &POST_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(p->id), DY_V(p->account), DY_V(role),
	                            DY_V(kind), DY_V(p->scope.scope), DY_V(deputy), DY_V(p->from)),
	                    NULL, err);
}

static enum dy_code
posts_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_post_list *out,
           struct dy_err *err)
{
	*out = (struct dy_post_list){ 0 };
	while (dy_rows_next(rows)) {
		struct dy_post *p = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*p));
		p->id = dy_rows_id(rows);
		p->account = dy_rows_id(rows);
		bool known = dy_role_find(dy_rows_str(rows, arena), &p->scope.role);
		known = dy_scope_find(dy_rows_str(rows, arena), &p->scope.kind) && known;
		if (!known)
			return dy_raise(err, DY_E_BUG, "",
			                "a stored post has an unknown role or scope");
		p->scope.scope = dy_rows_id(rows);
		p->is_deputy = dy_rows_int(rows) != 0;
		p->from = dy_rows_time(rows);
		p->account_name = dy_rows_str(rows, arena);
		p->scope_name = dy_rows_str(rows, arena);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_post_list_account(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id account,
                     struct dy_time now, struct dy_post_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read(tx, &POSTS_OF_ACCOUNT,
	                   DY_ARGS(DY_V(community), DY_V(account), DY_V(now)), &rows, err));
	return posts_read(rows, arena, out, err);
}

enum dy_code
dy_post_list_all(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
                 struct dy_post_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read(tx, &POSTS_ALL, DY_ARGS(DY_V(community), DY_V(now)), &rows, err));
	return posts_read(rows, arena, out, err);
}

enum dy_code
dy_post_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_time now,
            struct dy_post *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_post_list list;

	DY_TRY(dy_sql_read(tx, &POST_GET, DY_ARGS(DY_V(community), DY_V(id), DY_V(now)), &rows,
	                   err));
	DY_TRY(posts_read(rows, arena, &list, err));
	if (list.count == 0)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such post, or it has ended");
	*out = list.items[0];
	return DY_OK;
}

enum dy_code
dy_post_end(struct dy_wtx *tx, struct dy_id id, struct dy_time at, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &POST_END, DY_ARGS(DY_V(community), DY_V(id), DY_V(at)), NULL, err);
}

enum dy_code
dy_account_list_staff(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id after, int64_t limit,
                      struct dy_account_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_account_list){ 0 };
	DY_TRY(dy_sql_read(tx, &ACCOUNTS_STAFF, DY_ARGS(DY_V(community), DY_V(after), DY_V(limit)),
	                   &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_account *a = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                     &out->cap, sizeof(*a));
		account_read(rows, arena, a);
	}
	return dy_rows_end(rows, err);
}
