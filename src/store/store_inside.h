/* The store's own struct: shared by store.c and writer.c. */
#ifndef DY_STORE_INSIDE_H
#define DY_STORE_INSIDE_H

#include "writer.h"

#include <pthread.h>

struct dy_store {
	struct dy_store_options options;
	char *path;
	const struct dy_driver *driver;
	struct dy_writer writer;
	struct dy_sql controls[32]; /* filled by the writer thread as they are first used */
	pthread_t thread;
	bool is_running;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t work;
	pthread_cond_t room;
	struct dy_job *first, *last;
	unsigned queued;
	bool stopping;
	uint64_t cost_us;   /* running mean of a job's cost, commit included */
	uint64_t commit_us; /* running mean of a commit */
	struct dy_store_stats stats;
};

struct dy_reader {
	const struct dy_driver *driver;
	struct dy_conn *conn;
	struct dy_rtx rtx;
};

enum dy_code dy_writer_start(struct dy_store *store, struct dy_err *err);
void dy_writer_stop(struct dy_store *store);

#endif
