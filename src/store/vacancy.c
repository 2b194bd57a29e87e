/* Posts that lost their person. */
#include "store/duty.h"

static const struct dy_sql VACANCY_INSERT = {
	.name = "vacancy_insert",
	.in = "iiiissii?i?sni?t",
	.out = "",
	.text = "INSERT INTO vacancy (community_id, vacancy_id, post_id, account_id, role,"
		" scope_kind, scope_id, grid_id, unit_id, reason, open_items, deputy_id, opened_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
};
static const struct dy_sql VACANCY_CLOSE = {
	.name = "vacancy_close",
	.in = "iitsi?i?",
	.out = "",
	.text = "UPDATE vacancy SET closed_at = $3, closed_how = $4, closed_by = $5, taken_by = $6"
		" WHERE community_id = $1 AND vacancy_id = $2 AND closed_at IS NULL",
};

#define VACANCY_COLUMNS                                                                            \
	"SELECT v.vacancy_id, v.post_id, v.account_id, v.role, v.scope_kind, v.scope_id,"          \
	" v.grid_id, v.unit_id, v.reason, v.open_items, v.deputy_id, v.opened_at, v.closed_at,"    \
	" v.closed_how, v.closed_by, v.taken_by, a.name, d.name, t.name,"                          \
	" COALESCE((SELECT u.name FROM unit u WHERE u.community_id = $1"                           \
	" AND u.unit_id = v.scope_id),"                                                            \
	" (SELECT g.name FROM grid g WHERE g.community_id = $1 AND g.grid_id = v.scope_id),"       \
	" (SELECT c.name FROM community c WHERE c.community_id = $1), '') FROM vacancy v"          \
	" JOIN account a ON a.community_id = v.community_id AND a.account_id = v.account_id"       \
	" LEFT JOIN account d ON d.community_id = v.community_id AND d.account_id = v.deputy_id"   \
	" LEFT JOIN account t ON t.community_id = v.community_id AND t.account_id = v.taken_by"
#define VACANCY_OUT "iiissii?i?sni?tt?s?i?i?ss?s?s"

static const struct dy_sql VACANCY_GET = {
	.name = "vacancy_get",
	.in = "ii",
	.out = VACANCY_OUT,
	.text = VACANCY_COLUMNS " WHERE v.community_id = $1 AND v.vacancy_id = $2",
};
static const struct dy_sql VACANCIES_OPEN = {
	.name = "vacancies_open",
	.in = "i",
	.out = VACANCY_OUT,
	.text = VACANCY_COLUMNS " WHERE v.community_id = $1 AND v.closed_at IS NULL"
				" ORDER BY v.opened_at DESC, v.vacancy_id DESC LIMIT 200",
};
static const struct dy_sql VACANCIES_ALL = {
	.name = "vacancies_all",
	.in = "i",
	.out = VACANCY_OUT,
	.text = VACANCY_COLUMNS
	" WHERE v.community_id = $1 ORDER BY CASE WHEN v.closed_at IS NULL THEN 0 ELSE 1 END,"
	" v.opened_at DESC, v.vacancy_id DESC LIMIT 200",
};

static const struct dy_sql VACANCY_RAISED = {
	.name = "vacancy_raised",
	.in = "iit",
	.out = "n",
	.text = "SELECT COUNT(*) FROM vacancy WHERE community_id = $1 AND post_id = $2"
		" AND opened_at >= $3",
};

const struct dy_sql *const dy_vacancy_sql[] = { &VACANCY_RAISED, &VACANCY_INSERT, &VACANCY_CLOSE,
	                                        &VACANCY_GET,    &VACANCIES_OPEN, &VACANCIES_ALL };
const size_t dy_vacancy_sql_n = DY_COUNT(dy_vacancy_sql);

enum dy_code
dy_vacancy_insert(struct dy_wtx *tx, const struct dy_vacancy *v, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str role = dy_str_from(dy_role_name(v->role));
	struct dy_str kind = dy_str_from(dy_scope_name(v->kind));

	return dy_sql_write(tx, &VACANCY_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(v->id), DY_V(v->post), DY_V(v->account),
	                            DY_V(role), DY_V(kind), DY_V(v->scope), DY_V(v->grid),
	                            DY_V(v->unit), DY_V(v->reason), DY_V(v->open_items),
	                            DY_V(v->deputy), DY_V(v->opened_at)),
	                    NULL, err);
}

static enum dy_code
vacancy_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_vacancy *v, struct dy_err *err)
{
	v->id = dy_rows_id(rows);
	v->post = dy_rows_id(rows);
	v->account = dy_rows_id(rows);
	bool known = dy_role_find(dy_rows_str(rows, arena), &v->role);
	known = dy_scope_find(dy_rows_str(rows, arena), &v->kind) && known;
	v->scope = dy_rows_id(rows);
	v->grid = dy_rows_id(rows);
	v->unit = dy_rows_id(rows);
	v->reason = dy_rows_str(rows, arena);
	v->open_items = dy_rows_int(rows);
	v->deputy = dy_rows_id(rows);
	v->opened_at = dy_rows_time(rows);
	v->closed_at = dy_rows_time(rows);
	v->closed_how = dy_rows_str(rows, arena);
	v->closed_by = dy_rows_id(rows);
	v->taken_by = dy_rows_id(rows);
	v->account_name = dy_rows_str(rows, arena);
	v->deputy_name = dy_rows_str(rows, arena);
	v->taken_name = dy_rows_str(rows, arena);
	v->scope_name = dy_rows_str(rows, arena);
	return known ? DY_OK : dy_raise(err, DY_E_BUG, "", "a stored vacancy has an unknown role");
}

enum dy_code
dy_vacancy_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_vacancy *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &VACANCY_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "there is no such vacancy");
	return vacancy_read(rows, arena, out, err);
}

enum dy_code
dy_vacancy_close(struct dy_wtx *tx, const struct dy_vacancy *v, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed;

	DY_TRY(dy_sql_write(tx, &VACANCY_CLOSE,
	                    DY_ARGS(DY_V(community), DY_V(v->id), DY_V(v->closed_at),
	                            DY_V(v->closed_how), DY_V(v->closed_by), DY_V(v->taken_by)),
	                    &changed, err));
	if (changed == 0)
		return dy_raise(err, DY_E_CONFLICT, "", "somebody has taken this over already");
	return DY_OK;
}

enum dy_code
dy_vacancy_list(struct dy_rtx *tx, struct dy_arena *arena, bool with_closed,
                struct dy_vacancy_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_vacancy_list){ 0 };
	DY_TRY(dy_sql_read(tx, with_closed ? &VACANCIES_ALL : &VACANCIES_OPEN,
	                   DY_ARGS(DY_V(community)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_vacancy *v = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                     &out->cap, sizeof(*v));
		DY_TRY(vacancy_read(rows, arena, v, err));
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_vacancy_was_raised(struct dy_rtx *tx, struct dy_id post, struct dy_time since, bool *out,
                      struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = false;
	DY_TRY(dy_sql_read(tx, &VACANCY_RAISED, DY_ARGS(DY_V(community), DY_V(post), DY_V(since)),
	                   &rows, err));
	while (dy_rows_next(rows))
		*out = dy_rows_int(rows) > 0;
	return dy_rows_end(rows, err);
}
