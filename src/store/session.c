/* Sessions: stored under the hash of their token. */
#include "store/person.h"

static const struct dy_sql SESSION_INSERT = {
	.name = "session_insert",
	.in = "ibitt",
	.out = "",
	.text = "INSERT INTO session (community_id, token_hash, account_id, created_at, expires_at)"
		" VALUES ($1, $2, $3, $4, $5)",
};
static const struct dy_sql SESSION_DELETE = {
	.name = "session_delete",
	.in = "ib",
	.out = "",
	.text = "DELETE FROM session WHERE community_id = $1 AND token_hash = $2",
};
static const struct dy_sql SESSION_ACCOUNT = {
	.name = "session_account",
	.in = "ibt",
	.out = "it",
	.text = "SELECT account_id, expires_at FROM session WHERE community_id = $1 AND token_hash "
		"= $2"
		" AND expires_at > $3",
};

static const struct dy_sql SESSION_SWEEP = {
	.name = "session_sweep",
	.in = "it",
	.out = "",
	.text = "DELETE FROM session WHERE community_id = $1 AND expires_at <= $2",
};

const struct dy_sql *const dy_session_sql[] = { &SESSION_INSERT, &SESSION_DELETE, &SESSION_ACCOUNT,
	                                        &SESSION_SWEEP };
const size_t dy_session_sql_n = DY_COUNT(dy_session_sql);

enum dy_code
dy_session_insert(struct dy_wtx *tx, struct dy_bytes token_hash, struct dy_id account,
                  struct dy_time now, struct dy_time until, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(
		tx, &SESSION_INSERT,
		DY_ARGS(DY_V(community), DY_V(token_hash), DY_V(account), DY_V(now), DY_V(until)),
		NULL, err);
}

enum dy_code
dy_session_delete(struct dy_wtx *tx, struct dy_bytes token_hash, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &SESSION_DELETE, DY_ARGS(DY_V(community), DY_V(token_hash)), NULL,
	                    err);
}

enum dy_code
dy_session_account(struct dy_rtx *tx, struct dy_bytes token_hash, struct dy_time now, bool *found,
                   struct dy_id *out, struct dy_time *until, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read_one(tx, &SESSION_ACCOUNT,
	                       DY_ARGS(DY_V(community), DY_V(token_hash), DY_V(now)), &rows, found,
	                       err));
	if (*found) {
		*out = dy_rows_id(rows);
		*until = dy_rows_time(rows);
	}
	return DY_OK;
}

enum dy_code
dy_session_sweep(struct dy_wtx *tx, struct dy_time now, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &SESSION_SWEEP, DY_ARGS(DY_V(community), DY_V(now)), NULL, err);
}
