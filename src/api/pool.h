/* A few threads with a bounded queue, for work that would hold up a loop: passwords, pictures. */
#ifndef DY_API_POOL_H
#define DY_API_POOL_H

#include <stdbool.h>

struct dy_pool;
struct dy_work {
	struct dy_work *next;
	void (*run)(struct dy_work *work); /* on a thread of the pool */
};

struct dy_pool *dy_pool_new(unsigned threads, unsigned queue_max);
void dy_pool_free(struct dy_pool *pool); /* finishes what is queued; NULL is fine */
/* false: the queue is full, nothing was queued. Any thread. */
bool dy_pool_submit(struct dy_pool *pool, struct dy_work *work);

#endif
