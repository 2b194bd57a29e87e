/* Inside of the writer: shared by writer.c, event.c and sql.c. */
#ifndef DY_STORE_WRITER_H
#define DY_STORE_WRITER_H

#include "driver.h"
#include "store/counter.h"
#include "store/event.h"
#include "store/store.h"

#define DY_WTX_DEPTH 8

struct dy_wtx {
	struct dy_writer *writer;
	struct dy_rtx rtx;
	size_t events_before; /* pending events when it began */
	size_t counted_before;
	uint64_t writes_before;
	int depth;
	int save;       /* the savepoint that undoes it */
	bool owns_save; /* else it is that of the transaction or job around it */
};

/* An event of the running batch; the hash before it lets a rollback restore the head. */
struct dy_pending {
	struct dy_event event;
	uint8_t hash_before[DY_HASH_BYTES];
};

/* Newest position of a community within the running batch; written to event_head before the commit. */
struct dy_head {
	struct dy_id community;
	int64_t seq;
	uint8_t hash[DY_HASH_BYTES];
	bool is_stored; /* event_head has a row */
	bool is_dirty;
};

/* A counter within the running batch; written to its table before the commit. */
struct dy_counter {
	struct dy_id community;
	char name[DY_COUNTER_NAME];
	int64_t value, stored;
};

struct dy_kept {
	struct dy_id community;
	void *value;
	void (*free_value)(void *value);
};

/* Commands that are committed together, from the writer to the disk to their submitters. */
struct dy_batch {
	struct dy_batch *next;
	struct dy_arena *arena; /* its events point into it */
	struct dy_result *results;
	unsigned n;
	struct dy_pending *pending;
	size_t n_pending, cap_pending;
	bool committed;
	bool wrote; /* else there is nothing to sync */
	int64_t committed_us;
};
struct dy_result {
	struct dy_job *job;
	enum dy_code rc;
};

struct dy_writer {
	struct dy_store *store;
	const struct dy_driver *driver;
	struct dy_conn *conn;
	struct dy_batch *batch; /* the one under way */
	struct dy_wtx stack[DY_WTX_DEPTH];
	int depth;
	uint64_t writes;                          /* statements that wrote */
	uint64_t writes_before[DY_WTX_DEPTH + 1]; /* ... when each open savepoint was set */
	int saves;
	bool bare; /* the commands of this batch run without savepoints */
	bool spoiled; /* ... and one has to take back what it wrote: the batch is run again with them */
	unsigned careful;     /* so many batches are not tried bare after one was spoiled */
	struct dy_id last_id; /* made by dy_wtx_new_id() */
	struct dy_head *heads;
	size_t n_heads, cap_heads;
	struct dy_counter *counters;
	size_t n_counters, cap_counters;
	struct dy_kept *kept;
	size_t n_kept, cap_kept;
	bool may_keep;   /* the command under way is repeatable */
	size_t *counted; /* which counter each step of the batch took, to take it back */
	size_t n_counted, cap_counted;
};

/* Drops the events appended since the mark and restores the heads. */
void dy_events_rewind(struct dy_writer *writer, size_t mark);
/* Writes the heads that moved. */
enum dy_code dy_events_flush(struct dy_writer *writer, struct dy_err *err);
void dy_events_reset(struct dy_writer *writer);
void dy_counters_rewind(struct dy_writer *writer, size_t mark);
enum dy_code dy_counters_flush(struct dy_writer *writer, struct dy_err *err);
void dy_counters_reset(struct dy_writer *writer);
void dy_kept_drop(struct dy_writer *writer);
/* Room for one more in an array that outlives the batch: plain memory, kept at its largest size. */
void *dy_grow(void *items, size_t count, size_t *cap, size_t size);

/* writer.c: BEGIN, COMMIT and savepoints through the statement cache. */
enum dy_code dy_writer_begin(struct dy_writer *w);
enum dy_code dy_writer_commit(struct dy_writer *w);
enum dy_code dy_writer_save(struct dy_writer *w);
/* The end of a command: keeps or undoes what it wrote since dy_writer_save(). */
enum dy_code dy_writer_keep(struct dy_writer *w, bool undo);

enum dy_code dy_sql_check_on(const struct dy_driver *driver, struct dy_conn *conn,
                             const struct dy_sql *sql, struct dy_err *err);

#endif
