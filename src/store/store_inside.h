/* The store's own struct: shared by store.c and writer.c. */
#ifndef DY_STORE_INSIDE_H
#define DY_STORE_INSIDE_H

#include "writer.h"

#include <pthread.h>
#include <stdatomic.h>

struct dy_store {
	struct dy_store_options options;
	char *path;
	const struct dy_driver *driver;
	struct dy_writer writer;
	struct dy_sql controls[32]; /* filled by the writer thread as they are first used */
	pthread_t writing, syncing, moving;
	struct dy_conn *mover; /* the checkpoints' own connection */
	bool is_running;
	_Atomic uint64_t era;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t work;  /* for the writer: jobs, or a batch that is done */
	pthread_cond_t room;  /* for who waits to submit */
	struct dy_job *first, *last;
	unsigned queued;
	unsigned taken;   /* jobs of the last batch, */
	int64_t taken_us; /* and when it was taken */
	unsigned wake_at; /* jobs queued that the waiting writer wants; 0: it does not wait */
	bool stopping;
	bool is_broken; /* a sync failed: what is on disk is not what was committed */
	struct dy_batch *spare, *committed, *committed_last;
	unsigned n_syncing;
	bool all_committed;     /* the writer has ended */
	pthread_cond_t commits; /* for the syncing thread */
	uint64_t syncs;         /* the syncing thread's */
	int log_pages;          /* of the log, not yet moved or not known to be */
	int log_next;           /* so many are too long */
	bool log_idle;          /* the writer has nothing to do */
	bool hold;              /* the writer waits before its next batch */
	bool is_writing;        /* it is in one */
	bool all_synced;
	pthread_cond_t log; /* for the moving thread */
	uint64_t cost_us;   /* running mean of a job's cost */
	uint64_t commit_us; /* running mean of what a batch costs beside its jobs: the sync */
	struct dy_store_stats stats;
};

struct dy_reader {
	const struct dy_driver *driver;
	struct dy_conn *conn;
	struct dy_rtx rtx;
};

enum dy_code dy_writer_start(struct dy_store *store, struct dy_err *err);
void dy_writer_stop(struct dy_store *store);

/* queue.c, with the lock held */
void dy_queue_init(struct dy_store *store);
void dy_queue_free(struct dy_store *store);
/* Waits for jobs: up to batch_max of them as a list; NULL after an idle time or at the end. */
struct dy_job *dy_queue_take(struct dy_store *store, unsigned *n);

/* sync.c: makes committed batches durable, tells their jobs, and gives the batches back. */
void *dy_sync_main(void *store);
/* On the writer thread. */
struct dy_batch *dy_batch_take(struct dy_store *store);
void dy_batch_hand_over(struct dy_store *store, struct dy_batch *batch);

/* checkpoint.c: moves the log into the main file. */
void *dy_checkpoint_main(void *store);
void dy_checkpoint_begin(struct dy_store *store); /* before a batch; with the lock held */
void dy_checkpoint_end(struct dy_store *store, int pages);
void dy_checkpoint_idle(struct dy_store *store); /* with the lock held */

#endif
