/* The writer thread: queue, group commit, savepoints. */
#include "writer.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "base/time.h"
#include "store_inside.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define WAIT_MAX_MS   2000
#define IDLE_MS       200 /* without work for this long: checkpoint */
#define BATCH_ARENA   ((size_t)256 << 20)
#define COST_FIRST_US 100 /* guess of a job's cost before the first batch */

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
 * statements, and the usual command nests three transactions. */
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
	bool owns = writer->writes != writer->writes_before[writer->saves - 1];
	if (owns)
		DY_TRY(save(writer, err));
	struct dy_wtx *tx = &writer->stack[writer->depth++];
	tx->writer = writer;
	tx->depth = writer->depth;
	tx->save = writer->saves - 1;
	tx->owns_save = owns;
	tx->events_before = writer->n_pending;
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
	(void)!undo(w, (*tx)->save, NULL);
	if ((*tx)->owns_save)
		(void)!keep(w, (*tx)->save, NULL);
	dy_events_rewind(w, (*tx)->events_before);
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

/* The queue */

static uint32_t
wait_estimate_ms(const struct dy_store *store)
{
	uint64_t us = (uint64_t)store->queued * store->cost_us + store->commit_us;
	return (uint32_t)(us / 1000);
}

static void
enqueue(struct dy_store *store, struct dy_job *job)
{
	job->next = NULL;
	job->queued_us = dy_tick_us();
	if (store->last != NULL)
		store->last->next = job;
	else
		store->first = job;
	store->last = job;
	store->queued++;
	(void)pthread_cond_signal(&store->work);
}

enum dy_code
dy_store_submit(struct dy_store *store, struct dy_job *job, struct dy_err *err)
{
	enum dy_code rc = DY_OK;

	(void)pthread_mutex_lock(&store->lock);
	if (store->stopping || store->queued >= store->options.queue_max ||
	    wait_estimate_ms(store) > store->options.wait_max_ms) {
		store->stats.refused++;
		rc = dy_raise(err, DY_E_BUSY, "", "too much is being written just now; try again");
	} else {
		enqueue(store, job);
	}
	(void)pthread_mutex_unlock(&store->lock);
	return rc;
}

struct waiting_job {
	struct dy_job job;
	enum dy_code (*fn)(void *ctx, struct dy_writer *writer, struct dy_err *err);
	void *ctx;
	struct dy_err *err;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool is_done;
	enum dy_code rc;
};

static enum dy_code
waiting_run(struct dy_job *job, struct dy_writer *writer)
{
	struct waiting_job *wj = (struct waiting_job *)job;
	return wj->fn(wj->ctx, writer, wj->err);
}

static void
waiting_done(struct dy_job *job, enum dy_code rc)
{
	struct waiting_job *wj = (struct waiting_job *)job;

	(void)pthread_mutex_lock(&wj->lock);
	wj->rc = rc;
	wj->is_done = true;
	(void)pthread_cond_signal(&wj->cond);
	(void)pthread_mutex_unlock(&wj->lock);
}

enum dy_code
dy_store_run(struct dy_store *store,
             enum dy_code (*fn)(void *ctx, struct dy_writer *writer, struct dy_err *err), void *ctx,
             struct dy_err *err)
{
	struct waiting_job wj = {
		.job = { .run = waiting_run, .done = waiting_done },
		.fn = fn,
		.ctx = ctx,
		.err = err,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.cond = PTHREAD_COND_INITIALIZER,
	};

	(void)pthread_mutex_lock(&store->lock);
	while (store->queued >= store->options.queue_max)
		(void)pthread_cond_wait(&store->room, &store->lock);
	enqueue(store, &wj.job);
	(void)pthread_mutex_unlock(&store->lock);
	(void)pthread_mutex_lock(&wj.lock);
	while (!wj.is_done)
		(void)pthread_cond_wait(&wj.cond, &wj.lock);
	(void)pthread_mutex_unlock(&wj.lock);
	if (wj.rc == DY_E_IO && err != NULL && err->code == DY_OK)
		(void)dy_raise(err, DY_E_IO, "", "the database could not commit");
	return wj.rc;
}

/* The batch */

struct result {
	struct dy_job *job;
	enum dy_code rc;
};

static enum dy_code
job_run(struct dy_writer *w, struct dy_job *job, bool *broken)
{
	size_t mark = w->n_pending;
	struct dy_err err = { 0 };

	w->saves = 0;
	if (save(w, &err) != DY_OK) {
		*broken = true;
		return DY_E_IO;
	}
	enum dy_code rc = job->run(job, w);
	DY_ASSERT(w->depth == 0);
	enum dy_code end = rc == DY_OK ? DY_OK : undo(w, 0, &err);
	if (end == DY_OK)
		end = keep(w, 0, &err);
	if (rc != DY_OK)
		dy_events_rewind(w, mark);
	if (end != DY_OK || !w->driver->in_transaction(w->conn))
		*broken = true;
	return rc;
}

static bool
batch_commit(struct dy_writer *w)
{
	struct dy_store *store = w->store;

	if (dy_events_flush(w, NULL) != DY_OK)
		return false;
	if (store->options.extra_fsync_us > 0) {
		struct timespec ts = { store->options.extra_fsync_us / 1000000,
			               (long)(store->options.extra_fsync_us % 1000000) * 1000 };
		(void)nanosleep(&ts, NULL);
	}
	return control_text(w, COMMIT_BATCH, NULL) == DY_OK;
}

static void
publish(struct dy_writer *w)
{
	struct dy_store *store = w->store;

	if (store->options.on_events == NULL || w->n_pending == 0)
		return;
	struct dy_event *events = DY_NEW_ARRAY(w->arena, w->n_pending, struct dy_event);
	for (size_t i = 0; i < w->n_pending; i++)
		events[i] = w->pending[i].event;
	store->options.on_events(store->options.ctx, events, w->n_pending);
}

static void
batch_run(struct dy_writer *w, struct dy_job *first, struct result *results)
{
	struct dy_store *store = w->store;
	bool broken = control_text(w, BEGIN_BATCH, NULL) != DY_OK;
	size_t n = 0;

	for (struct dy_job *job = first; job != NULL; job = job->next)
		results[n++] = (struct result){ job, DY_E_IO };
	for (size_t i = 0; i < n && !broken; i++)
		results[i].rc = job_run(w, results[i].job, &broken);
	int64_t began = dy_tick_us();
	bool stored = !broken && batch_commit(w);
	if (!stored && w->driver->in_transaction(w->conn))
		(void)w->driver->exec(w->conn, "ROLLBACK", NULL);
	int64_t took = dy_tick_us() - began;
	if (stored)
		publish(w);
	for (size_t i = 0; i < n; i++) {
		/* what was refused stays refused; what was accepted is only true once stored */
		enum dy_code rc = stored || results[i].rc != DY_OK ? results[i].rc : DY_E_IO;
		results[i].job->done(results[i].job, rc);
	}
	if (store->options.on_batch_end != NULL)
		store->options.on_batch_end(store->options.ctx);
	dy_events_reset(w);
	dy_arena_reset(w->arena);
	(void)pthread_mutex_lock(&store->lock);
	store->commit_us = (store->commit_us * 7 + (uint64_t)took) / 8;
	store->stats.commit_us_total += (uint64_t)took;
	(void)pthread_mutex_unlock(&store->lock);
}

/* Takes up to batch_max jobs; NULL after an idle time or at the end. */
static struct dy_job *
take_batch(struct dy_store *store, unsigned *n)
{
	struct timespec until;

	*n = 0;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += IDLE_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	while (store->first == NULL && !store->stopping) {
		if (pthread_cond_timedwait(&store->work, &store->lock, &until) == ETIMEDOUT)
			return NULL;
	}
	struct dy_job *first = store->first;
	struct dy_job *last = NULL;
	for (struct dy_job *job = first; job != NULL && *n < store->options.batch_max;
	     job = job->next) {
		last = job;
		++*n;
	}
	if (last == NULL)
		return NULL;
	store->first = last->next;
	if (store->first == NULL)
		store->last = NULL;
	last->next = NULL;
	store->queued -= *n;
	(void)pthread_cond_broadcast(&store->room);
	return first;
}

static void
note_batch(struct dy_store *store, unsigned n, int64_t took_us)
{
	(void)pthread_mutex_lock(&store->lock);
	store->cost_us = (store->cost_us * 7 + (uint64_t)took_us / n + 1) / 8;
	store->stats.jobs += n;
	store->stats.batches++;
	if (n > store->stats.largest_batch)
		store->stats.largest_batch = n;
	(void)pthread_mutex_unlock(&store->lock);
}

static void *
writer_main(void *arg)
{
	struct dy_store *store = arg;
	struct dy_writer *w = &store->writer;
	struct result *results = calloc(store->options.batch_max, sizeof(*results));

	DY_ASSERT(results != NULL);
	for (;;) {
		unsigned n;
		(void)pthread_mutex_lock(&store->lock);
		struct dy_job *first = take_batch(store, &n);
		bool end = first == NULL && store->stopping;
		(void)pthread_mutex_unlock(&store->lock);
		if (end)
			break;
		if (first != NULL) {
			int64_t began = dy_tick_us();
			batch_run(w, first, results);
			note_batch(store, n, dy_tick_us() - began);
		}
		w->driver->checkpoint(w->conn, first == NULL);
	}
	free(results);
	return NULL;
}

enum dy_code
dy_writer_start(struct dy_store *store, struct dy_err *err)
{
	pthread_condattr_t attr;

	store->writer.store = store;
	store->writer.driver = store->driver;
	store->writer.arena = dy_arena_new(BATCH_ARENA);
	store->cost_us = COST_FIRST_US;
	if (store->options.wait_max_ms == 0)
		store->options.wait_max_ms = WAIT_MAX_MS;
	(void)pthread_mutex_init(&store->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&store->work, &attr);
	(void)pthread_cond_init(&store->room, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&store->thread, NULL, writer_main, store) != 0)
		return dy_raise(err, DY_E_IO, "", "cannot start the writer thread");
	store->is_running = true;
	return DY_OK;
}

void
dy_writer_stop(struct dy_store *store)
{
	if (store->is_running) {
		(void)pthread_mutex_lock(&store->lock);
		store->stopping = true;
		(void)pthread_cond_broadcast(&store->work);
		(void)pthread_mutex_unlock(&store->lock);
		(void)pthread_join(store->thread, NULL);
		(void)pthread_cond_destroy(&store->work);
		(void)pthread_cond_destroy(&store->room);
		(void)pthread_mutex_destroy(&store->lock);
	}
	dy_arena_free(store->writer.arena);
	free(store->writer.pending);
	free(store->writer.heads);
}

void
dy_store_stats(struct dy_store *store, struct dy_store_stats *out)
{
	(void)pthread_mutex_lock(&store->lock);
	*out = store->stats;
	out->queued = store->queued;
	out->wait_estimate_ms = wait_estimate_ms(store);
	(void)pthread_mutex_unlock(&store->lock);
}
