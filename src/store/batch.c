/* The writer thread: runs commands in batches, each batch one transaction, and hands the committed ones to the syncing
 * thread, which tells their submitters. While the disk syncs one batch the next can run. */
#include "store_inside.h"

#include "base/thread.h"
#include "base/time.h"

#include <stdlib.h>

#define BATCH_ARENA     ((size_t)256 << 20)
#define BATCHES         3  /* one under way, two that wait for the disk */
#define CAREFUL_BATCHES 64 /* with savepoints, after one without was spoiled */

static enum dy_code
job_run(struct dy_writer *w, struct dy_job *job, bool *broken)
{
	size_t mark = w->batch->n_pending, counted = w->n_counted;

	if (dy_writer_save(w) != DY_OK) {
		*broken = true;
		return DY_E_IO;
	}
	w->may_keep = job->is_repeatable;
	enum dy_code rc = job->run(job, w);
	DY_ASSERT(w->depth == 0);
	if (!job->is_repeatable) {
		dy_kept_drop(w);
		atomic_fetch_add(&w->store->era, 1);
	}
	enum dy_code end = dy_writer_keep(w, rc != DY_OK);
	if (rc != DY_OK) {
		dy_events_rewind(w, mark);
		dy_counters_rewind(w, counted);
	}
	if (end != DY_OK || !w->driver->in_transaction(w->conn))
		*broken = true;
	return rc;
}

/* true: committed, or nothing to commit is left; false: all of it is undone. */
static bool
batch_try(struct dy_writer *w)
{
	struct dy_batch *b = w->batch;
	bool broken = dy_writer_begin(w) != DY_OK;

	w->spoiled = false;
	for (unsigned i = 0; i < b->n; i++)
		b->results[i].rc = DY_E_IO;
	for (unsigned i = 0; i < b->n && !broken && !w->spoiled; i++)
		b->results[i].rc = job_run(w, b->results[i].job, &broken);
	bool stored = !broken && !w->spoiled && dy_events_flush(w, NULL) == DY_OK &&
	              dy_counters_flush(w, NULL) == DY_OK && dy_writer_commit(w) == DY_OK;
	if (!stored && w->driver->in_transaction(w->conn))
		(void)w->driver->exec(w->conn, "ROLLBACK", NULL);
	return stored;
}

static void
batch_run(struct dy_writer *w, struct dy_job *first, bool is_broken)
{
	struct dy_batch *b = w->batch;
	bool all_repeatable = true;
	uint64_t writes = w->writes;

	b->n = 0;
	for (struct dy_job *job = first; job != NULL; job = job->next) {
		b->results[b->n++] = (struct dy_result){ job, DY_E_IO };
		all_repeatable = all_repeatable && job->is_repeatable;
	}
	if (is_broken)
		return;
	w->bare = all_repeatable && w->careful == 0;
	if (w->careful > 0)
		w->careful--;
	b->committed = batch_try(w);
	if (!b->committed && w->spoiled) {
		dy_events_reset(w);
		dy_counters_reset(w);
		dy_arena_reset(b->arena);
		w->careful = CAREFUL_BATCHES;
		w->bare = false;
		b->committed = batch_try(w);
	}
	w->bare = false;
	w->n_heads = 0;
	dy_counters_reset(w);
	if (!b->committed)
		dy_kept_drop(w);
	if (!all_repeatable) /* for what was read before the commit */
		atomic_fetch_add(&w->store->era, 1);
	b->wrote = w->writes != writes;
	if (!b->committed)
		b->n_pending = 0;
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

	dy_thread_name("dy-writer");
	for (;;) {
		unsigned n;
		(void)pthread_mutex_lock(&store->lock);
		struct dy_job *first = dy_queue_take(store, &n);
		bool end = first == NULL && store->stopping;
		bool broken = store->is_broken;
		if (first != NULL) {
			w->batch = dy_batch_take(store);
			dy_checkpoint_begin(store);
		} else {
			dy_checkpoint_idle(store);
		}
		(void)pthread_mutex_unlock(&store->lock);
		if (end)
			break;
		if (first == NULL)
			continue;
		int64_t began = dy_tick_us();
		batch_run(w, first, broken);
		note_batch(store, n, dy_tick_us() - began);
		dy_batch_hand_over(store, w->batch);
		dy_checkpoint_end(store, w->driver->log_pages(w->conn));
	}
	return NULL;
}

static void
batches_make(struct dy_store *store)
{
	for (int i = 0; i < BATCHES; i++) {
		struct dy_batch *b = calloc(1, sizeof(*b));
		DY_ASSERT(b != NULL);
		b->arena = dy_arena_new(BATCH_ARENA);
		b->results = calloc(store->options.batch_max, sizeof(*b->results));
		DY_ASSERT(b->results != NULL);
		b->next = store->spare;
		store->spare = b;
	}
}

static void
batches_free(struct dy_store *store)
{
	while (store->spare != NULL) {
		struct dy_batch *b = store->spare;
		store->spare = b->next;
		dy_arena_free(b->arena);
		free(b->results);
		free(b->pending);
		free(b);
	}
	dy_kept_drop(&store->writer);
	free(store->writer.kept);
	free(store->writer.heads);
	free(store->writer.counters);
	free(store->writer.counted);
}

enum dy_code
dy_writer_start(struct dy_store *store, struct dy_err *err)
{
	store->writer.store = store;
	store->writer.driver = store->driver;
	DY_TRY(store->driver->open(store->path, DY_CONN_WRITER_EXISTING, &store->mover, err));
	store->driver->sync_later(store->writer.conn, true);
	batches_make(store);
	dy_queue_init(store);
	store->is_running = true;
	/* one that does not start leaves the program without a store: it ends */
	if (pthread_create(&store->syncing, NULL, dy_sync_main, store) != 0 ||
	    pthread_create(&store->moving, NULL, dy_checkpoint_main, store) != 0 ||
	    pthread_create(&store->writing, NULL, writer_main, store) != 0)
		dy_assert_failed(DY_WHERE, "the threads of the store start");
	return DY_OK;
}

static void
tell_and_join(struct dy_store *store, bool *told, pthread_cond_t *cond, pthread_t thread)
{
	(void)pthread_mutex_lock(&store->lock);
	*told = true;
	(void)pthread_cond_broadcast(cond);
	(void)pthread_mutex_unlock(&store->lock);
	(void)pthread_join(thread, NULL);
}

void
dy_writer_stop(struct dy_store *store)
{
	if (store->is_running) {
		tell_and_join(store, &store->stopping, &store->work, store->writing);
		tell_and_join(store, &store->all_committed, &store->commits, store->syncing);
		tell_and_join(store, &store->all_synced, &store->log, store->moving);
		store->driver->sync_later(store->writer.conn, false);
		dy_queue_free(store);
	}
	store->driver->close(store->mover);
	batches_free(store);
}
