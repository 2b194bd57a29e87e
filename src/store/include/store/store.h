/* The store: one database, many readers, one writer thread with group commit.
 *
 * Readers: each thread that reads opens a dy_reader (its own connection with cached statements).
 * Writer: commands (struct dy_job) queue up; the writer runs each in its own savepoint inside one
 *   transaction, commits once, then reports every job of the batch. A job is told DY_OK only after
 *   the commit is on disk.
 * Ownership: jobs belong to the caller and must live until .done was called.
 * Threads: dy_store_submit() from any thread; .run and .done are called on the writer thread.
 * Errors: DY_E_BUSY when the queue is full or the estimated wait is over the limit: nothing was queued. */
#ifndef DY_STORE_STORE_H
#define DY_STORE_STORE_H

#include "store/sql.h"

#include <stdint.h>

struct dy_store;
struct dy_reader;
struct dy_writer; /* handed to .run; the only source of write transactions */
struct dy_job;
struct dy_event; /* store/event.h */

struct dy_store_options {
	const char *path;        /* database file; its folder must exist */
	unsigned queue_max;      /* 0: DY_WRITER_QUEUE_MAX */
	unsigned batch_max;      /* 0: DY_WRITER_BATCH_MAX */
	unsigned wait_max_ms;    /* 0: 2000; longer estimated waits are refused */
	struct dy_time now;      /* when migrations are applied; 0: by the wall clock */
	unsigned extra_fsync_us; /* benches only: added to each sync */
	unsigned
		log_pages; /* tests only: so many pages make the log long; 0: as many as are good */
	unsigned fail_sync; /* tests only: so many syncs succeed, the next fails; 0: none fails */
	bool must_exist;    /* refuse to make a new database */
	bool read_only; /* readers only, beside a running server: nothing is migrated, nothing can be written */
	/* Called on the thread of .done after each commit that appended events is on disk, in order of seq within each
	 * community, before the jobs of the batch are told. May be NULL. */
	void (*on_events)(void *ctx, const struct dy_event *events, size_t n);
	/* Called there after all jobs of a batch were told. May be NULL. */
	void (*on_batch_end)(void *ctx);
	void *ctx;
};

/* Opens or makes the database, runs missing migrations, starts the writer thread. */
enum dy_code dy_store_open(const struct dy_store_options *options, struct dy_store **out,
                           struct dy_err *err) DY_NODISCARD;
/* Finishes every queued job, checkpoints, closes. NULL is fine. */
void dy_store_close(struct dy_store *store);

/* Reading */
enum dy_code dy_reader_open(struct dy_store *store, struct dy_reader **out,
                            struct dy_err *err) DY_NODISCARD;
void dy_reader_close(struct dy_reader *reader);
/* A snapshot until dy_rtx_end(). community may be zero for statements on region and meta tables. */
enum dy_code dy_rtx_begin(struct dy_reader *reader, struct dy_id community, struct dy_rtx **out,
                          struct dy_err *err) DY_NODISCARD;
void dy_rtx_end(struct dy_rtx **tx); /* for DY_CLEANUP; NULL is fine */

/* Writing */
struct dy_job {
	struct dy_job *next; /* the store's while queued */
	/* Runs inside its own savepoint: anything but DY_OK undoes all of its writes and appended events. */
	enum dy_code (*run)(struct dy_job *job, struct dy_writer *writer);
	/* On one thread of the store, always the same, once the commit is on disk. rc: what run returned, or DY_E_IO when
	 * the commit failed (then nothing of it is stored) or could not be synced (then the store takes no more). */
	void (*done)(struct dy_job *job, enum dy_code rc);
	int64_t queued_us; /* the store's */
	/* run may be called a second time after all it wrote was undone: it leaves nothing behind outside of the database
	 * that would change its outcome. Such commands share a transaction without savepoints of their own. */
	bool is_repeatable;
	/* The last to be refused: an eighth of the queue and twice the wait are kept for it. */
	bool urgent;
};

enum dy_code dy_store_submit(struct dy_store *store, struct dy_job *job,
                             struct dy_err *err) DY_NODISCARD;
/* Submits and waits: commands of the CLI, sample data, tests. Never on a loop thread. Waits for room when
 * the queue is full. */
enum dy_code dy_store_run(struct dy_store *store,
                          enum dy_code (*fn)(void *ctx, struct dy_writer *writer,
                                             struct dy_err *err),
                          void *ctx, struct dy_err *err) DY_NODISCARD;

/* A nested savepoint within a job, for one community. DY_CLEANUP(dy_wtx_abort) undoes it unless committed. community may be
 * zero for writes to the region table; such a transaction appends no events. */
enum dy_code dy_wtx_begin(struct dy_writer *writer, struct dy_id community, struct dy_wtx **out,
                          struct dy_err *err) DY_NODISCARD;
enum dy_code dy_wtx_commit(struct dy_wtx **tx, struct dy_err *err) DY_NODISCARD; /* sets *tx NULL */
void dy_wtx_abort(struct dy_wtx **tx);                                           /* NULL is fine */
/* An id that this store has not given before: ids made in one millisecond are neighbours. */
struct dy_id dy_wtx_new_id(struct dy_wtx *tx, struct dy_time now);

/* Counts the commands that were not repeatable, as they run and again when they are committed: what was read from the
 * database and is not changed by repeatable commands is true as long as this stands. Any thread. */
uint64_t dy_store_era(struct dy_store *store);

/* What a repeatable command has read and those behind it will need: kept for its community while only such commands run.
 * free_value is called on the writer thread. dy_wtx_keep(): false when this command may not keep anything. */
void *dy_wtx_kept(struct dy_wtx *tx); /* NULL: nothing */
bool dy_wtx_keep(struct dy_wtx *tx, void *value, void (*free_value)(void *value));

struct dy_store_stats {
	uint64_t jobs, batches, refused, commit_us_total;
	uint32_t queued, largest_batch;
	uint32_t wait_estimate_ms; /* for a job submitted now */
};
void dy_store_stats(struct dy_store *store, struct dy_store_stats *out);

/* Online copy to a new file that opens as a database of its own; checked before success is told. */
enum dy_code dy_store_backup(struct dy_store *store, const char *to_path,
                             struct dy_err *err) DY_NODISCARD;

/* Health: page structure, foreign keys, migration checksums. Each finding is one line through say(). */
enum dy_code dy_store_doctor(struct dy_store *store,
                             void (*say)(void *ctx, bool is_fault, const char *line), void *ctx,
                             struct dy_err *err) DY_NODISCARD;

/* The registry: every statement of the program, for the test that prepares them all. */
struct dy_sql_group {
	const char *name;
	const struct dy_sql *const *statements;
	size_t n;
};
const struct dy_sql_group *dy_sql_groups(size_t *n);

/* Prepares a statement without running it and checks parameter and column counts and read-only flag. */
enum dy_code dy_sql_check(struct dy_reader *reader, const struct dy_sql *sql,
                          struct dy_err *err) DY_NODISCARD;

#endif
