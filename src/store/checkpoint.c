/* Checkpoints: what was written ahead is moved into the main file by a thread of its own, while the writer goes on.
 *
 * A log begins anew only when all of it has been moved and nobody reads in it. While much is written that moment never
 * comes by itself: so the log is moved in passes, each shorter than the one before, and for the short rest the writer
 * is asked to wait. A reader that stays in the log (a backup, an audit) lets it grow until it has ended; then the
 * next try succeeds. */
#include "store_inside.h"

#include "base/log.h"
#include "base/thread.h"

#define PAGES_LONG  25000 /* 100 MB: the same page is often written again before it is moved */
#define AGAIN_SHARE 5     /* a fifth more, before the next try when a reader was in the way */
#define PAGES_REST  150   /* so few that the writer may wait for them: some milliseconds */
#define PASSES      8

static int
pages_long(const struct dy_store *store)
{
	return store->options.log_pages != 0 ? (int)store->options.log_pages : PAGES_LONG;
}

static bool
is_wanted(const struct dy_store *store)
{
	return store->log_pages >= store->log_next || (store->log_idle && store->log_pages > 0);
}

static int
pages_now(struct dy_store *store)
{
	(void)pthread_mutex_lock(&store->lock);
	int pages = store->log_pages;
	(void)pthread_mutex_unlock(&store->lock);
	return pages;
}

static bool
move(struct dy_store *store, bool all, struct dy_log_state *out)
{
	struct dy_err err = { 0 };

	if (store->driver->checkpoint(store->mover, all, out, &err) == DY_OK)
		return true;
	dy_log(DY_LOG_WARN, "checkpoint_failed", "pages=%d", store->log_pages);
	return false;
}

static void
move_long(struct dy_store *store)
{
	struct dy_log_state log = { 0 };
	int before = -1;

	for (int i = 0; i < PASSES; i++) {
		if (!move(store, false, &log) || log.moved == before)
			return; /* the disk, or a reader: later */
		before = log.moved;
		if (pages_now(store) - log.moved < PAGES_REST)
			break;
	}
	(void)pthread_mutex_lock(&store->lock);
	store->hold = true;
	while (store->is_writing)
		(void)pthread_cond_wait(&store->log, &store->lock);
	(void)pthread_mutex_unlock(&store->lock);
	(void)move(store, true, &log);
	(void)pthread_mutex_lock(&store->lock);
	store->hold = false;
	(void)pthread_cond_signal(&store->work);
	(void)pthread_mutex_unlock(&store->lock);
}

void *
dy_checkpoint_main(void *arg)
{
	struct dy_store *store = arg;
	struct dy_log_state log;

	dy_thread_name("dy-checkpoint");
	(void)pthread_mutex_lock(&store->lock);
	store->log_next = pages_long(store);
	for (;;) {
		while (!is_wanted(store) && !store->all_synced)
			(void)pthread_cond_wait(&store->log, &store->lock);
		if (store->all_synced)
			break;
		bool is_long = store->log_pages >= store->log_next;
		int pages = store->log_pages;
		(void)pthread_mutex_unlock(&store->lock);
		if (is_long)
			move_long(store);
		else
			(void)move(store, false, &log);
		(void)pthread_mutex_lock(&store->lock);
		store->log_next = store->log_pages + pages_long(store) / AGAIN_SHARE;
		if (store->log_pages == pages)
			store->log_pages = 0; /* moved; nothing was written since */
		store->log_idle = false;
	}
	(void)pthread_mutex_unlock(&store->lock);
	return NULL;
}

void
dy_checkpoint_begin(struct dy_store *store)
{
	while (store->hold)
		(void)pthread_cond_wait(&store->work, &store->lock);
	store->is_writing = true;
	store->log_idle = false;
}

void
dy_checkpoint_end(struct dy_store *store, int pages)
{
	(void)pthread_mutex_lock(&store->lock);
	store->is_writing = false;
	store->log_pages = pages;
	if (pages < pages_long(store))
		store->log_next = pages_long(store);
	if (store->hold || is_wanted(store))
		(void)pthread_cond_signal(&store->log);
	(void)pthread_mutex_unlock(&store->lock);
}

void
dy_checkpoint_idle(struct dy_store *store)
{
	store->log_idle = true;
	if (is_wanted(store))
		(void)pthread_cond_signal(&store->log);
}
