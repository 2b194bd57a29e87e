/* The syncing thread: waits for the disk, then tells what is true. */
#include "store_inside.h"

#include "base/log.h"
#include "base/thread.h"
#include "base/time.h"

#include <time.h>

struct dy_batch *
dy_batch_take(struct dy_store *store)
{
	struct dy_batch *b = store->spare;

	store->spare = b->next;
	b->next = NULL;
	b->n = 0;
	b->committed = false;
	b->wrote = false;
	return b;
}

void
dy_batch_hand_over(struct dy_store *store, struct dy_batch *batch)
{
	batch->committed_us = dy_tick_us();
	(void)pthread_mutex_lock(&store->lock);
	if (store->committed_last != NULL)
		store->committed_last->next = batch;
	else
		store->committed = batch;
	store->committed_last = batch;
	store->n_syncing++;
	(void)pthread_cond_signal(&store->commits);
	(void)pthread_mutex_unlock(&store->lock);
}

static bool
sync_now(struct dy_store *store)
{
	struct dy_err err = { 0 };
	const struct dy_store_options *o = &store->options;

	if (o->extra_fsync_us > 0) {
		struct timespec ts = { o->extra_fsync_us / 1000000,
			               (long)(o->extra_fsync_us % 1000000) * 1000 };
		(void)nanosleep(&ts, NULL);
	}
	bool fails = o->fail_sync > 0 && store->syncs == o->fail_sync;
	store->syncs++;
	if (!fails && store->driver->sync(store->writer.conn, &err) == DY_OK)
		return true;
	/* what the disk has now is unknown, and no later sync can tell: nothing more is written before a restart
	 * has read it back */
	dy_log(DY_LOG_ERROR, "sync_failed", "writes=refused_until_restart");
	return false;
}

static void
publish(struct dy_store *store, struct dy_batch *b)
{
	if (store->options.on_events == NULL || b->n_pending == 0)
		return;
	struct dy_event *events = DY_NEW_ARRAY(b->arena, b->n_pending, struct dy_event);
	for (size_t i = 0; i < b->n_pending; i++)
		events[i] = b->pending[i].event;
	store->options.on_events(store->options.ctx, events, b->n_pending);
}

static void
batch_end(struct dy_store *store, struct dy_batch *b, bool on_disk)
{
	bool stored = b->committed && (on_disk || !b->wrote);

	if (stored)
		publish(store, b);
	for (unsigned i = 0; i < b->n; i++) {
		/* what was refused stays refused; what was accepted is only true once stored */
		enum dy_code rc = stored || b->results[i].rc != DY_OK ? b->results[i].rc : DY_E_IO;
		b->results[i].job->done(b->results[i].job, rc);
	}
	if (store->options.on_batch_end != NULL)
		store->options.on_batch_end(store->options.ctx);
	b->n_pending = 0;
	dy_arena_reset(b->arena);
}

/* Ends the batches of the list; the disk is asked once for all of them. */
static void
batches_end(struct dy_store *store, struct dy_batch *first, bool broken)
{
	bool on_disk = !broken;
	bool wrote = false;

	for (struct dy_batch *b = first; b != NULL; b = b->next)
		wrote = wrote || (b->committed && b->wrote);
	if (wrote && !broken)
		on_disk = sync_now(store);
	while (first != NULL) {
		struct dy_batch *b = first;
		int64_t took = dy_tick_us() - b->committed_us;
		first = b->next;
		batch_end(store, b, on_disk);
		(void)pthread_mutex_lock(&store->lock);
		store->is_broken = store->is_broken || !on_disk;
		store->commit_us = (store->commit_us * 7 + (uint64_t)took) / 8;
		store->stats.commit_us_total += (uint64_t)took;
		store->n_syncing--;
		b->next = store->spare;
		store->spare = b;
		(void)pthread_cond_signal(&store->work);
		(void)pthread_mutex_unlock(&store->lock);
	}
}

void *
dy_sync_main(void *arg)
{
	struct dy_store *store = arg;

	dy_thread_name("dy-sync");
	(void)pthread_mutex_lock(&store->lock);
	for (;;) {
		while (store->committed == NULL && !store->all_committed)
			(void)pthread_cond_wait(&store->commits, &store->lock);
		struct dy_batch *first = store->committed;
		if (first == NULL)
			break;
		store->committed = NULL;
		store->committed_last = NULL;
		bool broken = store->is_broken;
		(void)pthread_mutex_unlock(&store->lock);
		batches_end(store, first, broken);
		(void)pthread_mutex_lock(&store->lock);
	}
	(void)pthread_mutex_unlock(&store->lock);
	return NULL;
}
