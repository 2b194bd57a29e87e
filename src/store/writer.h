/* Inside of the writer: shared by writer.c, event.c and sql.c. */
#ifndef DY_STORE_WRITER_H
#define DY_STORE_WRITER_H

#include "driver.h"
#include "store/event.h"
#include "store/store.h"

#define DY_WTX_DEPTH 8

struct dy_wtx {
	struct dy_writer *writer;
	struct dy_rtx rtx;
	size_t events_before; /* pending events when it began */
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

struct dy_writer {
	struct dy_store *store;
	const struct dy_driver *driver;
	struct dy_conn *conn;
	struct dy_arena *arena; /* of the batch */
	struct dy_wtx stack[DY_WTX_DEPTH];
	int depth;
	uint64_t writes;                          /* statements that wrote */
	uint64_t writes_before[DY_WTX_DEPTH + 1]; /* ... when each open savepoint was set */
	int saves;
	struct dy_id last_id; /* made by dy_wtx_new_id() */
	struct dy_pending *pending;
	size_t n_pending, cap_pending;
	struct dy_head *heads;
	size_t n_heads, cap_heads;
};

/* Drops the events appended since the mark and restores the heads. */
void dy_events_rewind(struct dy_writer *writer, size_t mark);
/* Writes the heads that moved. */
enum dy_code dy_events_flush(struct dy_writer *writer, struct dy_err *err);
void dy_events_reset(struct dy_writer *writer);

enum dy_code dy_sql_check_on(const struct dy_driver *driver, struct dy_conn *conn,
                             const struct dy_sql *sql, struct dy_err *err);

#endif
