/* Counters: like the heads of events they are kept in memory for the length of one batch (there is one writer) and
 * written once before the commit. */
#include "store/counter.h"

#include "writer.h"

#include <string.h>

static const struct dy_sql COUNTER_READ = {
	.name = "counter_read",
	.in = "is",
	.out = "n",
	.text = "SELECT value FROM counter WHERE community_id = $1 AND name = $2",
};
static const struct dy_sql COUNTER_WRITE = {
	.name = "counter_write",
	.in = "isn",
	.out = "",
	.text = "INSERT INTO counter (community_id, name, value) VALUES ($1, $2, $3)"
		" ON CONFLICT (community_id, name) DO UPDATE SET value = $3",
};

const struct dy_sql *const dy_counter_sql[] = { &COUNTER_READ, &COUNTER_WRITE };
const size_t dy_counter_sql_n = DY_COUNT(dy_counter_sql);

static enum dy_code
counter_load(struct dy_wtx *tx, struct dy_str name, size_t *at, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_writer *w = tx->writer;
	struct dy_id community = tx->rtx.community;
	bool found;

	for (*at = 0; *at < w->n_counters; ++*at) {
		const struct dy_counter *c = &w->counters[*at];
		if (dy_id_eq(c->community, community) && dy_str_is(name, c->name))
			return DY_OK;
	}
	DY_ASSERT(name.len < DY_COUNTER_NAME);
	struct dy_counter fresh = { .community = community };
	memcpy(fresh.name, name.ptr, name.len);
	DY_TRY(dy_sql_read_one(&tx->rtx, &COUNTER_READ, DY_ARGS(DY_V(community), DY_V(name)), &rows,
	                       &found, err));
	if (found)
		fresh.value = fresh.stored = dy_rows_int(rows);
	w->counters = dy_grow(w->counters, w->n_counters, &w->cap_counters, sizeof(fresh));
	w->counters[w->n_counters++] = fresh;
	return DY_OK;
}

enum dy_code
dy_counter_next(struct dy_wtx *tx, struct dy_str name, int64_t *out, struct dy_err *err)
{
	struct dy_writer *w = tx->writer;
	size_t at;

	DY_TRY(counter_load(tx, name, &at, err));
	w->counted = dy_grow(w->counted, w->n_counted, &w->cap_counted, sizeof(*w->counted));
	w->counted[w->n_counted++] = at;
	*out = ++w->counters[at].value;
	return DY_OK;
}

void
dy_counters_rewind(struct dy_writer *w, size_t mark)
{
	while (w->n_counted > mark)
		w->counters[w->counted[--w->n_counted]].value--;
}

enum dy_code
dy_counters_flush(struct dy_writer *w, struct dy_err *err)
{
	for (size_t i = 0; i < w->n_counters; i++) {
		const struct dy_counter *c = &w->counters[i];
		if (c->value == c->stored)
			continue;
		struct dy_wtx tx = { .writer = w };
		tx.rtx = (struct dy_rtx){ w->driver, w->conn, c->community, true };
		struct dy_str name = dy_str_from(c->name);
		DY_TRY(dy_sql_write(&tx, &COUNTER_WRITE,
		                    DY_ARGS(DY_V(c->community), DY_V(name), DY_V(c->value)), NULL,
		                    err));
	}
	return DY_OK;
}

void
dy_counters_reset(struct dy_writer *w)
{
	w->n_counters = 0;
	w->n_counted = 0;
}
