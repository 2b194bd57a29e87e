/* The work pool: one queue, a mutex, a condition. */
#include "pool.h"

#include "base/err.h"

#include <pthread.h>
#include <stdlib.h>

struct dy_pool {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct dy_work *first, *last;
	unsigned queued, queue_max, n_threads;
	bool stopping;
	pthread_t threads[];
};

static void *
serve(void *arg)
{
	struct dy_pool *pool = arg;

	(void)pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (pool->first == NULL && !pool->stopping)
			(void)pthread_cond_wait(&pool->more, &pool->lock);
		struct dy_work *work = pool->first;
		if (work == NULL)
			break;
		pool->first = work->next;
		if (pool->first == NULL)
			pool->last = NULL;
		pool->queued--;
		(void)pthread_mutex_unlock(&pool->lock);
		work->run(work);
		(void)pthread_mutex_lock(&pool->lock);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct dy_pool *
dy_pool_new(unsigned threads, unsigned queue_max)
{
	struct dy_pool *pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->threads[0]));

	DY_ASSERT(pool != NULL);
	pool->queue_max = queue_max;
	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->more, NULL);
	for (; pool->n_threads < threads; pool->n_threads++) {
		int failed = pthread_create(&pool->threads[pool->n_threads], NULL, serve, pool);
		DY_ASSERT(failed == 0);
	}
	return pool;
}

void
dy_pool_free(struct dy_pool *pool)
{
	if (pool == NULL)
		return;
	(void)pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	(void)pthread_cond_broadcast(&pool->more);
	(void)pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->n_threads; i++)
		(void)pthread_join(pool->threads[i], NULL);
	(void)pthread_mutex_destroy(&pool->lock);
	(void)pthread_cond_destroy(&pool->more);
	free(pool);
}

bool
dy_pool_submit(struct dy_pool *pool, struct dy_work *work)
{
	work->next = NULL;
	(void)pthread_mutex_lock(&pool->lock);
	bool room = pool->queued < pool->queue_max && !pool->stopping;
	if (room) {
		if (pool->last != NULL)
			pool->last->next = work;
		else
			pool->first = work;
		pool->last = work;
		pool->queued++;
		(void)pthread_cond_signal(&pool->more);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return room;
}
