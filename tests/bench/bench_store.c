/* Bench of the writer: what a durable command costs one by one and in group commits.
 *
 * Commands: "event" appends one event (the least a change can write); "report" is the whole use case of
 *   POST /api/v1/requests: where the person lives, the day's number, request, entry, event.
 * Bare loops: write + fdatasync of 4 KiB (what the disk can do), and the rows of a report written straight through
 *   SQLite's C interface, 512 to a transaction, without savepoints, hashes, lookups or types.
 * The second half adds 1 ms to each commit (dy_store_options.extra_fsync_us): a disk that is slow to sync. */
#include "kit.h"
#include "seed.h"

#include "store/event.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN_US        INT64_C(1500000) /* each figure */
#define IN_FLIGHT     512
#define HOUSEHOLDS    2000
#define RESIDENTS     4000
#define SLOW_FSYNC_US 1000
#define ARENA_MAX     ((size_t)1 << 20)

static struct seed seed;

struct command {
	struct dy_job job;
	struct flight *flight;
	struct dy_arena *arena;
	size_t who;
};

/* Jobs that submit themselves again until the time is up. */
struct flight {
	struct dy_store *store;
	enum dy_code (*run)(struct command *c, struct dy_writer *writer, struct dy_err *err);
	int64_t until_us;
	uint64_t done;
	unsigned flying;
	pthread_mutex_t lock;
	pthread_cond_t landed;
	struct command commands[IN_FLIGHT];
};

static enum dy_code
run_event(struct command *c, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event e = { .at = dy_time_now(),
		              .topic = DY_STR_INIT("bench.happened"),
		              .subject = { (int64_t)c->who + 1 },
		              .payload = DY_STR_INIT("{}") };

	DY_TRY(dy_wtx_begin(writer, seed.community, &tx, err));
	DY_TRY(dy_event_append(tx, &e, NULL, err));
	return dy_wtx_commit(&tx, err);
}

static enum dy_code
run_report(struct command *c, struct dy_writer *writer, struct dy_err *err)
{
	const struct seed_person *p = &seed.residents[c->who++ % seed.n_residents];
	struct dy_actor actor = { .community = seed.community,
		                  .account = p->account,
		                  .household = p->household };
	struct dy_call call = { .writer = writer,
		                .arena = c->arena,
		                .actor = &actor,
		                .now = dy_time_now(),
		                .err = err };
	struct dy_request_draft draft = { .category = DY_STR_INIT("REPR"),
		                          .text = DY_STR_INIT("三楼楼道里的灯不亮了") };
	struct dy_request out;

	enum dy_code rc = dy_app_report(&call, &draft, &out);
	dy_arena_reset(c->arena);
	return rc;
}

static enum dy_code
job_run(struct dy_job *job, struct dy_writer *writer)
{
	struct command *c = (struct command *)job;
	struct dy_err err = { 0 };

	enum dy_code rc = c->flight->run(c, writer, &err);
	bk_must(rc, &err, "a command");
	return rc;
}

static void
job_done(struct dy_job *job, enum dy_code rc)
{
	struct command *c = (struct command *)job;
	struct flight *f = c->flight;
	struct dy_err err = { 0 };

	bk_must(rc, &err, "a commit");
	f->done++;
	if (bk_now_us() < f->until_us) {
		bk_must(dy_store_submit(f->store, job, &err), &err, "submit");
		return;
	}
	(void)pthread_mutex_lock(&f->lock);
	if (--f->flying == 0)
		(void)pthread_cond_signal(&f->landed);
	(void)pthread_mutex_unlock(&f->lock);
}

/* Commands per second with so many in flight; cpu_us gets the processor time of one, all threads. */
static double
fly(struct dy_store *store,
    enum dy_code (*run)(struct command *c, struct dy_writer *writer, struct dy_err *err),
    unsigned n, double *cpu_us)
{
	struct flight *f = calloc(1, sizeof(*f));
	struct dy_err err = { 0 };

	DY_ASSERT(f != NULL && n <= IN_FLIGHT);
	f->store = store;
	f->run = run;
	f->flying = n;
	(void)pthread_mutex_init(&f->lock, NULL);
	(void)pthread_cond_init(&f->landed, NULL);
	int64_t began = bk_now_us();
	double cpu = bk_cpu_s();
	f->until_us = began + RUN_US;
	for (unsigned i = 0; i < n; i++) {
		struct command *c = &f->commands[i];
		*c = (struct command){
			.job = { .run = job_run, .done = job_done, .is_repeatable = true },
			.flight = f,
			.arena = dy_arena_new(ARENA_MAX),
			.who = i
		};
		bk_must(dy_store_submit(store, &c->job, &err), &err, "submit");
	}
	(void)pthread_mutex_lock(&f->lock);
	while (f->flying > 0)
		(void)pthread_cond_wait(&f->landed, &f->lock);
	(void)pthread_mutex_unlock(&f->lock);
	double per_s = (double)f->done * 1e6 / (double)(bk_now_us() - began);
	*cpu_us = (bk_cpu_s() - cpu) * 1e6 / (double)f->done;
	for (unsigned i = 0; i < n; i++)
		dy_arena_free(f->commands[i].arena);
	free(f);
	return per_s;
}

static double
fly_row(struct dy_store *store, const char *what,
        enum dy_code (*run)(struct command *c, struct dy_writer *writer, struct dy_err *err),
        unsigned n, double one_by_one)
{
	struct dy_store_stats before, after;
	char note[120];
	double cpu_us;

	dy_store_stats(store, &before);
	double per_s = fly(store, run, n, &cpu_us);
	dy_store_stats(store, &after);
	(void)snprintf(note, sizeof(note), "%sCPU %.1f us; %.0f commands a commit",
	               one_by_one > 0 ? "to one by one; " : "", cpu_us,
	               (double)(after.jobs - before.jobs) /
	                       (double)(after.batches - before.batches));
	bk_row(what, per_s, 1e6 / per_s, one_by_one > 0 ? per_s / one_by_one : 0, note);
	return per_s;
}

static double
bare_fsync(void)
{
	static const char block[4096] = { 1 };
	char path[600];
	uint64_t n = 0;

	(void)snprintf(path, sizeof(path), "%s/bare", bk_folder());
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		bk_fail(path);
	int64_t began = bk_now_us();
	for (; bk_now_us() < began + RUN_US; n++) {
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block) || fdatasync(fd) != 0)
			bk_fail("write and fdatasync");
	}
	double per_s = (double)n * 1e6 / (double)(bk_now_us() - began);
	(void)close(fd);
	return per_s;
}

static void
sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		bk_fail(sqlite3_errmsg(db));
}

/* The rows of a report and nothing else: same tables, same indexes, same values but for the hashes. */
static const char *const BARE_ROWS[] = {
	"UPDATE counter SET value = value + 1 WHERE community_id = ?1 AND name = 'bare'",
	"INSERT INTO request (community_id, request_id, day, day_number, callback_code, category,"
	" is_urgent, state, household_id, door_id, stair_id, unit_id, text, channel, reporter_id,"
	" created_at, respond_due_at, close_due_at, grid_id, level, changed_at, version)"
	" SELECT ?1, ?2, 99999, ?3, '1234', 'REPR', 0, 'reported', 5, 6, 7,"
	" (SELECT unit_id FROM unit WHERE community_id = ?1 LIMIT 1), '三楼楼道里的灯不亮了',"
	" 'web', 8, ?2, ?2, ?2, 9, 0, ?2, 1",
	"INSERT INTO request_entry (community_id, request_id, number, at, actor_id, actor_side,"
	" act, from_state, to_state, text, visibility)"
	" VALUES (?1, ?2, 1, ?2, 8, 'resident', 'report', '', 'reported', '三楼楼道里的灯不亮了',"
	" 'all')",
	"INSERT INTO event (community_id, seq, at, actor_id, topic, subject_id, household_id,"
	" unit_id, grid_id, reach, payload, hash)"
	" VALUES (?1, ?3 + 1000000000, ?2, 8, 'request.reported', ?2, 5, 6, 7, 0,"
	" '{\"state\":\"reported\",\"version\":1,\"urgent\":false}', zeroblob(32))",
};

static double
bare_sqlite(const char *path)
{
	sqlite3_stmt *rows[DY_COUNT(BARE_ROWS)];
	sqlite3 *db;
	uint64_t n = 0;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		bk_fail("open");
	sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
	        "PRAGMA mmap_size=268435456; PRAGMA cache_size=-8192;"
	        "PRAGMA wal_autocheckpoint=4000;");
	for (size_t i = 0; i < DY_COUNT(BARE_ROWS); i++) {
		if (sqlite3_prepare_v3(db, BARE_ROWS[i], -1, SQLITE_PREPARE_PERSISTENT, &rows[i],
		                       NULL) != SQLITE_OK)
			bk_fail(sqlite3_errmsg(db));
		(void)sqlite3_bind_int64(rows[i], 1, seed.community.v);
	}
	int64_t began = bk_now_us();
	while (bk_now_us() < began + RUN_US) {
		sql(db, "BEGIN IMMEDIATE");
		for (unsigned k = 0; k < IN_FLIGHT; k++, n++) {
			for (size_t i = 0; i < DY_COUNT(BARE_ROWS); i++) {
				if (i > 0)
					(void)sqlite3_bind_int64(
						rows[i], 2, INT64_C(4000000000000) + (int64_t)n);
				if (i == 1 || i == 3)
					(void)sqlite3_bind_int64(rows[i], 3, (int64_t)n);
				if (sqlite3_step(rows[i]) != SQLITE_DONE)
					bk_fail(sqlite3_errmsg(db));
				(void)sqlite3_reset(rows[i]);
			}
		}
		sql(db, "COMMIT");
	}
	double per_s = (double)n * 1e6 / (double)(bk_now_us() - began);
	for (size_t i = 0; i < DY_COUNT(BARE_ROWS); i++)
		(void)sqlite3_finalize(rows[i]);
	(void)sqlite3_close(db);
	return per_s;
}

struct figures {
	double fsync, event_one, event_group, report_one, report_group;
};

static void
measure(const char *path, unsigned fsync_us, struct figures *out)
{
	struct dy_store_options options = { .path = path,
		                            .extra_fsync_us = fsync_us,
		                            .wait_max_ms = 60000 };
	struct dy_store *store;
	struct dy_err err = { 0 };

	bk_must(dy_store_open(&options, &store, &err), &err, "open");
	if (seed.n_residents == 0)
		seed_fill(store, &seed, HOUSEHOLDS, RESIDENTS);
	out->event_one = fly_row(store, "event, one by one", run_event, 1, 0);
	out->report_one = fly_row(store, "report, one by one", run_report, 1, 0);
	out->event_group =
		fly_row(store, "event, group commit", run_event, IN_FLIGHT, out->event_one);
	out->report_group =
		fly_row(store, "report, group commit", run_report, IN_FLIGHT, out->report_one);
	dy_store_close(store);
}

int
main(void)
{
	struct figures disk = { 0 }, slow = { 0 };
	struct dy_err err = { 0 };
	char path[600];

	bk_must(dy_crypto_init(&err), &err, "crypto");
	(void)snprintf(path, sizeof(path), "%s/danyuan.db", bk_folder());
	bk_title("store: durable commands on this disk");
	disk.fsync = bare_fsync();
	bk_row("bare loop: write and fdatasync of 4 KiB", disk.fsync, 1e6 / disk.fsync, 0, "");
	measure(path, 0, &disk);
	double bare = bare_sqlite(path);
	bk_row("bare loop: rows of a report, SQLite's own API", bare, 1e6 / bare,
	       bare / disk.report_group, "to report, group commit");
	bk_title("store: the same with 1 ms added to each commit (simulated)");
	measure(path, SLOW_FSYNC_US, &slow);
	(void)printf("\n");
	(void)bk_goal("group commit on this disk", disk.report_group / disk.report_one,
	              "times one by one", 7, true);
	(void)bk_goal("group commit with a 1 ms fsync", slow.report_group / slow.report_one,
	              "times one by one", 30, true);
	seed_free(&seed);
	return bk_end();
}
