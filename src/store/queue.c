/* The queue: from submitters on any thread to the writer. */
#include "store_inside.h"

#include "base/limits.h"
#include "base/time.h"

#include <time.h>

#define WAIT_MAX_MS   2000
#define IDLE_MS       200 /* without work for this long: a checkpoint */
#define COST_FIRST_US 100 /* guess of a job's cost before the first batch */
/* While a batch is being synced, so many jobs are worth another one at once: fewer wait until it is done. A small batch
 * writes nearly as many pages as a large one. */
#define OVERLAP_JOBS 256
/* When jobs come fast, a batch waits for so many, but only so long after the one before. */
#define GATHER_FROM 16 /* jobs in the batch before */
#define GATHER_JOBS 128
#define GATHER_US   3000

static uint32_t
wait_estimate_ms(const struct dy_store *store)
{
	uint64_t batches = store->queued / store->options.batch_max + 1;
	uint64_t us = (uint64_t)store->queued * store->cost_us + batches * store->commit_us;
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
	if (store->wake_at != 0 && store->queued >= store->wake_at) {
		store->wake_at = 0;
		(void)pthread_cond_signal(&store->work);
	}
}

enum dy_code
dy_store_submit(struct dy_store *store, struct dy_job *job, struct dy_err *err)
{
	enum dy_code rc = DY_OK;
	unsigned kept = job->urgent ? 0 : store->options.queue_max / 8;
	unsigned patience = job->urgent ? 2 : 1;

	(void)pthread_mutex_lock(&store->lock);
	if (store->stopping || store->queued >= store->options.queue_max - kept ||
	    wait_estimate_ms(store) > patience * store->options.wait_max_ms) {
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

/* How many queued jobs make a batch now; 0: none do, whatever comes. */
static unsigned
wanted(const struct dy_store *store, int64_t gather_us)
{
	if (store->spare == NULL)
		return 0;
	if (store->stopping)
		return 1;
	unsigned jobs = store->n_syncing > 0 ? OVERLAP_JOBS : gather_us > 0 ? GATHER_JOBS : 1;
	return jobs < store->options.batch_max ? jobs : store->options.batch_max;
}

static struct timespec
after_us(int64_t us)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += us / 1000000;
	at.tv_nsec += (long)(us % 1000000) * 1000;
	if (at.tv_nsec >= 1000000000L) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000L;
	}
	return at;
}

struct dy_job *
dy_queue_take(struct dy_store *store, unsigned *n)
{
	int64_t began = dy_tick_us();

	*n = 0;
	for (;;) {
		int64_t now = dy_tick_us();
		int64_t gather_us =
			store->taken < GATHER_FROM ? 0 : store->taken_us + GATHER_US - now;
		unsigned want = wanted(store, gather_us);
		if (want != 0 && store->queued >= want)
			break;
		int64_t idle_us = began + IDLE_MS * 1000 - now;
		if (store->queued == 0 && (store->stopping || idle_us <= 0))
			return NULL;
		/* what waits for the disk is woken by its end */
		int64_t wait_us = gather_us > 0 && store->n_syncing == 0 ? gather_us
		                  : idle_us > 0                          ? idle_us
		                                                         : IDLE_MS * 1000;
		struct timespec until = after_us(wait_us);
		store->wake_at = want;
		(void)pthread_cond_timedwait(&store->work, &store->lock, &until);
		store->wake_at = 0;
	}
	store->taken_us = dy_tick_us();
	struct dy_job *first = store->first;
	struct dy_job *last = NULL;
	for (struct dy_job *job = first; job != NULL && *n < store->options.batch_max;
	     job = job->next) {
		last = job;
		++*n;
	}
	DY_ASSERT(last != NULL); /* there was work to wait for, and a batch holds at least one */
	store->first = last->next;
	if (store->first == NULL)
		store->last = NULL;
	last->next = NULL;
	store->queued -= *n;
	store->taken = *n;
	(void)pthread_cond_broadcast(&store->room);
	return first;
}

void
dy_queue_init(struct dy_store *store)
{
	pthread_condattr_t attr;

	store->cost_us = COST_FIRST_US;
	if (store->options.wait_max_ms == 0)
		store->options.wait_max_ms = WAIT_MAX_MS;
	(void)pthread_mutex_init(&store->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&store->work, &attr);
	(void)pthread_cond_init(&store->room, &attr);
	(void)pthread_cond_init(&store->commits, &attr);
	(void)pthread_cond_init(&store->log, &attr);
	(void)pthread_condattr_destroy(&attr);
}

void
dy_queue_free(struct dy_store *store)
{
	(void)pthread_cond_destroy(&store->work);
	(void)pthread_cond_destroy(&store->room);
	(void)pthread_cond_destroy(&store->commits);
	(void)pthread_cond_destroy(&store->log);
	(void)pthread_mutex_destroy(&store->lock);
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
