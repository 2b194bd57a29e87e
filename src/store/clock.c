/* The clocks of requests. */
#include "store/clock.h"

static const struct dy_sql CLOCK_PUT = {
	.name = "request_clock_put",
	.in = "iit?tt?nnnnnnn",
	.out = "",
	.text = "INSERT INTO request_clock (community_id, request_id, next_at, from_at, owned_at,"
		" respond_rung, close_rung, card, paused_ms, extended_ms,"
		" extend_minutes, seen_version)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
		" ON CONFLICT (community_id, request_id) DO UPDATE SET next_at = excluded.next_at,"
		" from_at = excluded.from_at, owned_at = excluded.owned_at,"
		" respond_rung = excluded.respond_rung, close_rung = excluded.close_rung,"
		" card = excluded.card, paused_ms = excluded.paused_ms,"
		" extended_ms = excluded.extended_ms,"
		" extend_minutes = excluded.extend_minutes, seen_version = excluded.seen_version",
};
static const struct dy_sql CLOCK_DUE = {
	.name = "request_clock_due",
	.in = "itn",
	.out = "i",
	.text = "SELECT request_id FROM request_clock WHERE community_id = $1 AND next_at <= $2"
		" ORDER BY next_at, request_id LIMIT $3",
};
static const struct dy_sql CLOCK_DELAY = {
	.name = "request_clock_delay",
	.in = "iit",
	.out = "",
	.text = "UPDATE request_clock SET next_at = $3 WHERE community_id = $1 AND request_id = $2",
};

static const struct dy_sql REQUEST_DUES = {
	.name = "request_dues_put",
	.in = "iit?t?",
	.out = "",
	.text = "UPDATE request SET respond_due_at = $3, close_due_at = $4"
		" WHERE community_id = $1 AND request_id = $2",
};

#define OPEN_STATES                                                                                \
	"('reported', 'accepted', 'dispatched', 'claimed', 'working', 'done', 'suspended',"        \
	" 'escalated', 'returned', 'reopened')"

static const struct dy_sql REQUESTS_OWNED = {
	.name = "requests_owned",
	.in = "iii?n",
	.out = "i",
	.text = "SELECT request_id FROM request WHERE community_id = $1 AND owner_id = $2"
		" AND state IN " OPEN_STATES
		" AND request_id > COALESCE($3, 0) ORDER BY request_id LIMIT $4",
};
static const struct dy_sql REQUESTS_ALL_OPEN = {
	.name = "requests_all_open",
	.in = "ii?n",
	.out = "i",
	.text = "SELECT request_id FROM request WHERE community_id = $1"
		" AND state IN " OPEN_STATES
		" AND request_id > COALESCE($2, 0) ORDER BY request_id LIMIT $3",
};

const struct dy_sql *const dy_clock_sql[] = { &CLOCK_PUT,   &REQUEST_DUES,   &CLOCK_DUE,
	                                      &CLOCK_DELAY, &REQUESTS_OWNED, &REQUESTS_ALL_OPEN };
const size_t dy_clock_sql_n = DY_COUNT(dy_clock_sql);

enum dy_code
dy_request_clock_put(struct dy_wtx *tx, const struct dy_request *r, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	const struct dy_request_clock *k = &r->clock;

	return dy_sql_write(tx, &CLOCK_PUT,
	                    DY_ARGS(DY_V(community), DY_V(r->id), DY_V(k->next_at),
	                            DY_V(k->from_at), DY_V(k->owned_at), DY_V(k->respond_rung),
	                            DY_V(k->close_rung), DY_V(k->card), DY_V(k->paused_ms),
	                            DY_V(k->extended_ms), DY_V(k->extend_minutes),
	                            DY_V(k->seen_version)),
	                    NULL, err);
}

static enum dy_code
ids_read(struct dy_rows *rows, struct dy_id *out, size_t cap, size_t *n, struct dy_err *err)
{
	*n = 0;
	while (dy_rows_next(rows)) {
		struct dy_id id = dy_rows_id(rows);
		if (*n < cap)
			out[(*n)++] = id;
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_clock_list_due(struct dy_rtx *tx, struct dy_time now, struct dy_id *out, size_t cap, size_t *n,
                  struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	int64_t limit = (int64_t)cap;

	DY_TRY(dy_sql_read(tx, &CLOCK_DUE, DY_ARGS(DY_V(community), DY_V(now), DY_V(limit)), &rows,
	                   err));
	return ids_read(rows, out, cap, n, err);
}

enum dy_code
dy_clock_delay(struct dy_wtx *tx, struct dy_id request, struct dy_time until, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &CLOCK_DELAY, DY_ARGS(DY_V(community), DY_V(request), DY_V(until)),
	                    NULL, err);
}

enum dy_code
dy_request_list_owned(struct dy_rtx *tx, struct dy_id owner, struct dy_id after, struct dy_id *out,
                      size_t cap, size_t *n, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	int64_t limit = (int64_t)cap;

	if (owner.v != 0)
		DY_TRY(dy_sql_read(tx, &REQUESTS_OWNED,
		                   DY_ARGS(DY_V(community), DY_V(owner), DY_V(after), DY_V(limit)),
		                   &rows, err));
	else
		DY_TRY(dy_sql_read(tx, &REQUESTS_ALL_OPEN,
		                   DY_ARGS(DY_V(community), DY_V(after), DY_V(limit)), &rows, err));
	return ids_read(rows, out, cap, n, err);
}

enum dy_code
dy_request_dues_put(struct dy_wtx *tx, const struct dy_request *r, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	DY_TRY(dy_sql_write(tx, &REQUEST_DUES,
	                    DY_ARGS(DY_V(community), DY_V(r->id), DY_V(r->respond_due_at),
	                            DY_V(r->close_due_at)),
	                    NULL, err));
	return dy_request_clock_put(tx, r, err);
}
