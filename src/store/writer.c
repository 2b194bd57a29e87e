/* Transactions of the writer: savepoints within a batch, ids. */
#include "writer.h"

#include "base/crypto.h"
#include "store_inside.h"

#include <stdlib.h>

static const char *const SAVE[] = { "SAVEPOINT s0", "SAVEPOINT s1", "SAVEPOINT s2",
	                            "SAVEPOINT s3", "SAVEPOINT s4", "SAVEPOINT s5",
	                            "SAVEPOINT s6", "SAVEPOINT s7", "SAVEPOINT s8" };
static const char *const KEEP[] = { "RELEASE s0", "RELEASE s1", "RELEASE s2",
	                            "RELEASE s3", "RELEASE s4", "RELEASE s5",
	                            "RELEASE s6", "RELEASE s7", "RELEASE s8" };
static const char *const UNDO[] = { "ROLLBACK TO s0", "ROLLBACK TO s1", "ROLLBACK TO s2",
	                            "ROLLBACK TO s3", "ROLLBACK TO s4", "ROLLBACK TO s5",
	                            "ROLLBACK TO s6", "ROLLBACK TO s7", "ROLLBACK TO s8" };
static const char BEGIN_BATCH[] = "BEGIN IMMEDIATE";
static const char COMMIT_BATCH[] = "COMMIT";

/* Control statements go through the cache too: parsing them each time costs more than running. */
static enum dy_code
control(struct dy_writer *w, const struct dy_sql *sql, struct dy_err *err)
{
	struct dy_stmt *stmt;
	bool has_row;

	DY_TRY(w->driver->prepare(w->conn, sql, &stmt, err));
	enum dy_code rc = w->driver->step(stmt, &has_row, err);
	w->driver->done(stmt);
	return rc;
}

/* One dy_sql per control text: the cache is keyed by its address. */
static enum dy_code
control_text(struct dy_writer *w, const char *text, struct dy_err *err)
{
	struct dy_store *store = w->store;

	for (size_t i = 0; i < DY_COUNT(store->controls); i++) {
		if (store->controls[i].text == NULL)
			store->controls[i] = (struct dy_sql){
				.name = "control", .in = "", .out = "", .text = text
			};
		if (store->controls[i].text == text)
			return control(w, &store->controls[i], err);
	}
	return dy_raise(err, DY_E_BUG, "", "too many control statements");
}

/* Savepoints: the first is the job's. A transaction that begins before anything was written behind the last
 * savepoint would set another at the same place: it shares that one. A savepoint costs as much as two small
 * statements, and SQLite copies each page that is changed for the first time behind it.
 *
 * So a batch of commands that can be repeated runs bare at first, without any: what is undone before it wrote needs
 * none, and when a command has to take back what it wrote, the batch is spoiled and is run again from its beginning. */
static enum dy_code
save(struct dy_writer *w, struct dy_err *err)
{
	DY_TRY(control_text(w, SAVE[w->saves], err));
	w->writes_before[w->saves++] = w->writes;
	return DY_OK;
}

static enum dy_code
keep(struct dy_writer *w, int level, struct dy_err *err)
{
	w->saves = level;
	return control_text(w, KEEP[level], err);
}

static enum dy_code
undo(struct dy_writer *w, int level, struct dy_err *err)
{
	DY_TRY(control_text(w, UNDO[level], err));
	w->writes = w->writes_before[level];
	return DY_OK;
}

enum dy_code
dy_wtx_begin(struct dy_writer *writer, struct dy_id community, struct dy_wtx **out,
             struct dy_err *err)
{
	DY_ASSERT(writer->depth < DY_WTX_DEPTH);
	bool owns = !writer->bare && writer->writes != writer->writes_before[writer->saves - 1];
	if (owns)
		DY_TRY(save(writer, err));
	struct dy_wtx *tx = &writer->stack[writer->depth++];
	tx->writer = writer;
	tx->depth = writer->depth;
	tx->save = writer->saves - 1;
	tx->owns_save = owns;
	tx->events_before = writer->batch->n_pending;
	tx->counted_before = writer->n_counted;
	tx->writes_before = writer->writes;
	tx->rtx = (struct dy_rtx){ writer->driver, writer->conn, community, true };
	*out = tx;
	return DY_OK;
}

enum dy_code
dy_wtx_commit(struct dy_wtx **tx, struct dy_err *err)
{
	struct dy_writer *w = (*tx)->writer;

	DY_ASSERT((*tx)->depth == w->depth);
	if ((*tx)->owns_save)
		DY_TRY(keep(w, (*tx)->save, err));
	w->depth--;
	*tx = NULL;
	return DY_OK;
}

void
dy_wtx_abort(struct dy_wtx **tx)
{
	if (*tx == NULL)
		return;
	struct dy_writer *w = (*tx)->writer;
	DY_ASSERT((*tx)->depth == w->depth);
	/* a failure here leaves the batch without transaction: the batch notices and fails as a whole */
	if (w->bare)
		w->spoiled = w->spoiled || w->writes != (*tx)->writes_before;
	else if (w->writes != (*tx)->writes_before)
		(void)!undo(w, (*tx)->save, NULL);
	if ((*tx)->owns_save)
		(void)!keep(w, (*tx)->save, NULL);
	dy_events_rewind(w, (*tx)->events_before);
	dy_counters_rewind(w, (*tx)->counted_before);
	w->depth--;
	*tx = NULL;
}

/* Random alone would meet itself: at 20 ids in each millisecond some five times a minute. */
struct dy_id
dy_wtx_new_id(struct dy_wtx *tx, struct dy_time now)
{
	struct dy_writer *w = tx->writer;
	struct dy_id id = dy_id_make(now, 0);

	if (id.v <= w->last_id.v)
		id.v = w->last_id.v + 1;
	else
		id = dy_id_make(now, dy_random_u64());
	w->last_id = id;
	return id;
}

struct dy_rtx *
dy_wtx_read(struct dy_wtx *tx)
{
	return &tx->rtx;
}

struct dy_id
dy_wtx_community(const struct dy_wtx *tx)
{
	return tx->rtx.community;
}

void *
dy_grow(void *items, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return items;
	*cap = *cap == 0 ? 64 : *cap * 2;
	void *moved = realloc(items, *cap * size);
	DY_ASSERT(moved != NULL);
	return moved;
}

/* What commands keep for those behind them */

#define KEPT_MAX 256 /* communities */

void *
dy_wtx_kept(struct dy_wtx *tx)
{
	struct dy_writer *w = tx->writer;

	for (size_t i = 0; w->may_keep && i < w->n_kept; i++) {
		if (dy_id_eq(w->kept[i].community, tx->rtx.community))
			return w->kept[i].value;
	}
	return NULL;
}

bool
dy_wtx_keep(struct dy_wtx *tx, void *value, void (*free_value)(void *value))
{
	struct dy_writer *w = tx->writer;

	if (!w->may_keep)
		return false;
	if (w->n_kept == KEPT_MAX)
		dy_kept_drop(w);
	w->kept = dy_grow(w->kept, w->n_kept, &w->cap_kept, sizeof(*w->kept));
	w->kept[w->n_kept++] = (struct dy_kept){ tx->rtx.community, value, free_value };
	return true;
}

void
dy_kept_drop(struct dy_writer *w)
{
	while (w->n_kept > 0) {
		struct dy_kept *k = &w->kept[--w->n_kept];
		k->free_value(k->value);
	}
}

uint64_t
dy_store_era(struct dy_store *store)
{
	return atomic_load(&store->era);
}

/* For the batch */

enum dy_code
dy_writer_begin(struct dy_writer *w)
{
	return control_text(w, BEGIN_BATCH, NULL);
}

enum dy_code
dy_writer_commit(struct dy_writer *w)
{
	return control_text(w, COMMIT_BATCH, NULL);
}

enum dy_code
dy_writer_save(struct dy_writer *w)
{
	w->saves = 0;
	if (!w->bare)
		return save(w, NULL);
	w->writes_before[w->saves++] = w->writes;
	return DY_OK;
}

enum dy_code
dy_writer_keep(struct dy_writer *w, bool takes_back)
{
	if (w->bare) {
		w->spoiled = w->spoiled || (takes_back && w->writes != w->writes_before[0]);
		return DY_OK;
	}
	if (takes_back && w->writes != w->writes_before[0])
		DY_TRY(undo(w, 0, NULL));
	return keep(w, 0, NULL);
}
