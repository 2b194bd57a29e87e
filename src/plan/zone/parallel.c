/* A loop spread over threads. Jobs must not touch each other's data. */
#include "model.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS_MAX = 64 };

struct crew {
	atomic_uint next;
	uint32_t n;
	void (*job)(void *ctx, uint32_t i, uint32_t thread);
	void *ctx;
};

struct hand {
	struct crew *crew;
	uint32_t number;
	pthread_t thread;
	bool started;
};

static void *
work(void *arg)
{
	struct hand *hand = arg;
	struct crew *crew = hand->crew;

	for (;;) {
		uint32_t i = atomic_fetch_add(&crew->next, 1);
		if (i >= crew->n)
			return NULL;
		crew->job(crew->ctx, i, hand->number);
	}
}

/* A thread that cannot be had is done without: the others do its share. */
void
zp_parallel(uint32_t threads, uint32_t n, void (*job)(void *ctx, uint32_t i, uint32_t thread),
            void *ctx)
{
	struct crew crew = { .n = n, .job = job, .ctx = ctx };
	struct hand hand[THREADS_MAX];

	atomic_init(&crew.next, 0);
	if (n == 0)
		return;
	threads = threads < 1 ? 1 : threads;
	threads = threads > THREADS_MAX ? THREADS_MAX : threads > n ? n : threads;
	for (uint32_t i = 0; i < threads; i++) {
		hand[i] = (struct hand){ .crew = &crew, .number = i };
		if (i > 0)
			hand[i].started =
				pthread_create(&hand[i].thread, NULL, work, &hand[i]) == 0;
	}
	(void)work(&hand[0]);
	for (uint32_t i = 1; i < threads; i++)
		if (hand[i].started)
			(void)pthread_join(hand[i].thread, NULL);
}
