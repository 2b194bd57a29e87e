/* Idempotency keys: the stored answer of a write. */
#include "store/idem.h"

#include <string.h>

static const struct dy_sql IDEM_FIND = {
	.name = "idem_find",
	.in = "ins",
	.out = "bns",
	.text = "SELECT hash, status, body FROM idem"
		" WHERE community_id = $1 AND account_id = $2 AND idem_key = $3",
};
static const struct dy_sql IDEM_INSERT = {
	.name = "idem_insert",
	.in = "insbnst",
	.out = "",
	.text = "INSERT INTO idem (community_id, account_id, idem_key, hash, status, body, at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)",
};
static const struct dy_sql IDEM_SWEEP = {
	.name = "idem_sweep",
	.in = "itn",
	.out = "",
	.text = "DELETE FROM idem WHERE community_id = $1 AND (account_id, idem_key) IN"
		" (SELECT account_id, idem_key FROM idem WHERE community_id = $1 AND at < $2"
		" ORDER BY at LIMIT $3)",
};

const struct dy_sql *const dy_idem_sql[] = { &IDEM_FIND, &IDEM_INSERT, &IDEM_SWEEP };
const size_t dy_idem_sql_n = DY_COUNT(dy_idem_sql);

enum dy_code
dy_idem_find(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_idem *idem, bool *found,
             struct dy_idem_answer *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read_one(tx, &IDEM_FIND,
	                       DY_ARGS(DY_V(community), DY_V(idem->account.v), DY_V(idem->key)),
	                       &rows, found, err));
	if (!*found)
		return DY_OK;
	struct dy_bytes hash = dy_rows_bytes(rows, arena);
	if (hash.len != DY_HASH_BYTES || memcmp(hash.ptr, idem->hash, DY_HASH_BYTES) != 0)
		return dy_raise(err, DY_E_CONFLICT, "",
		                "this Idempotency-Key was used for another request; use a new one");
	out->status = dy_rows_int(rows);
	out->body = dy_rows_str(rows, arena);
	return DY_OK;
}

enum dy_code
dy_idem_store(struct dy_wtx *tx, const struct dy_idem *idem, const struct dy_idem_answer *answer,
              struct dy_time now, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_bytes hash = { idem->hash, DY_HASH_BYTES };

	return dy_sql_write(tx, &IDEM_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(idem->account.v), DY_V(idem->key),
	                            DY_V(hash), DY_V(answer->status), DY_V(answer->body),
	                            DY_V(now)),
	                    NULL, err);
}

enum dy_code
dy_idem_sweep(struct dy_wtx *tx, struct dy_time before, int64_t limit, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &IDEM_SWEEP, DY_ARGS(DY_V(community), DY_V(before), DY_V(limit)),
	                    NULL, err);
}
