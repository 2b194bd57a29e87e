#include "base/rng.h"
#include "dyt_store.h"
#include "store/idem.h"

#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <sys/wait.h>

static const struct dy_sql COUNTER_ADD = {
	.name = "test_counter_add",
	.in = "is",
	.out = "n",
	.text = "INSERT INTO counter (community_id, name, value) VALUES ($1, $2, 1)"
		" ON CONFLICT (community_id, name) DO UPDATE SET value = counter.value + 1"
		" RETURNING value",
};
static const struct dy_sql COUNTER_GET = {
	.name = "test_counter_get",
	.in = "is",
	.out = "n",
	.text = "SELECT value FROM counter WHERE name = $2 AND community_id = $1",
};
static const struct dy_sql EVENT_OPTIONAL = {
	.name = "test_event_optional",
	.in = "i",
	.out = "i?i?",
	.text = "SELECT actor_id, household_id FROM event WHERE community_id = $1 ORDER BY seq "
		"LIMIT 1",
};

static enum dy_code
count_up(struct dy_writer *writer, const char *name, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_str text = dy_str_from(name);

	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, err));
	DY_TRY(dy_sql_write_rows(tx, &COUNTER_ADD, DY_ARGS(DY_V(DYT_COMMUNITY), DY_V(text)), &rows,
	                         err));
	while (dy_rows_next(rows))
		(void)dy_rows_int(rows);
	DY_TRY(dy_rows_end(rows, err));
	dy_rows_close(&rows);
	return dy_wtx_commit(&tx, err);
}

static int64_t
counter(struct dyt_store *s, const char *name)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_reader *reader;
	struct dy_rtx *tx;
	struct dy_str text = dy_str_from(name);
	bool found;

	DYT_OK(dy_reader_open(s->store, &reader, NULL));
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_sql_read_one(tx, &COUNTER_GET, DY_ARGS(DY_V(DYT_COMMUNITY), DY_V(text)), &rows,
	                       &found, NULL));
	int64_t value = found ? dy_rows_int(rows) : 0;
	dy_rows_close(&rows);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	return value;
}

static struct dy_event_audit
audit(struct dyt_store *s)
{
	struct dy_event_audit result;
	struct dy_reader *reader;
	struct dy_rtx *tx;

	DYT_OK(dy_reader_open(s->store, &reader, NULL));
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_event_verify(tx, &result, NULL));
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	return result;
}

/* Jobs of one batch: the test holds the writer in a first job until all are queued. */
struct held_job {
	struct dy_job job;
	sem_t *hold;
	sem_t *entered;
	bool fails;
	int64_t subject;
	enum dy_code rc;
	int place; /* order of done */
	int *done_count;
};

static enum dy_code
held_run(struct dy_job *job, struct dy_writer *writer)
{
	struct held_job *h = (struct held_job *)job;
	struct dy_err err = { 0 };

	if (h->hold != NULL) {
		(void)sem_post(h->entered);
		(void)sem_wait(h->hold);
	}
	DY_TRY(count_up(writer, h->fails ? "bad" : "good", &err));
	DY_TRY(dyt_append(writer, h->subject, &err));
	return h->fails ? DY_E_CONFLICT : DY_OK;
}

static void
held_done(struct dy_job *job, enum dy_code rc)
{
	struct held_job *h = (struct held_job *)job;

	h->rc = rc;
	h->place = (*h->done_count)++;
}

struct published {
	int64_t seq[64];
	int64_t subject[64];
	size_t n;
	int batches;
};

static void
note_events(void *ctx, const struct dy_event *events, size_t n)
{
	struct published *p = ctx;

	p->batches++;
	for (size_t i = 0; i < n; i++) {
		p->seq[p->n] = events[i].seq;
		p->subject[p->n++] = events[i].subject.v;
	}
}

#define HELD 9

/* Runs one holding job and HELD-1 more, every third of which fails. */
static void
run_held(struct dyt_store *s, struct held_job *jobs, int *done_count)
{
	sem_t hold;
	sem_t entered;

	(void)sem_init(&hold, 0, 0);
	(void)sem_init(&entered, 0, 0);
	for (int i = 0; i < HELD; i++) {
		jobs[i] = (struct held_job){ .job = { .run = held_run, .done = held_done },
			                     .fails = i % 3 == 2,
			                     .subject = i + 1,
			                     .done_count = done_count };
		if (i == 0) {
			jobs[i].hold = &hold;
			jobs[i].entered = &entered;
		}
		DYT_OK(dy_store_submit(s->store, &jobs[i].job, NULL));
		if (i == 0)
			(void)sem_wait(&entered);
	}
	(void)sem_post(&hold);
	dy_store_close(s->store); /* finishes all */
	(void)sem_destroy(&hold);
	(void)sem_destroy(&entered);
}

DYT(a_failing_job_of_a_batch_takes_only_its_own_writes_back)
{
	struct dyt_store s;
	struct held_job jobs[HELD];
	struct published published = { 0 };
	struct dy_store_options options = { .on_events = note_events, .ctx = &published };
	int done = 0;

	dyt_store_open(&s, options);
	run_held(&s, jobs, &done);
	options.path = s.path;
	DYT_OK(dy_store_open(&options, &s.store, NULL));
	DYT_INT(done, HELD);
	for (int i = 0; i < HELD; i++) {
		DYT_INT(jobs[i].rc, i % 3 == 2 ? DY_E_CONFLICT : DY_OK);
		DYT_INT(jobs[i].place, i);
	}
	DYT_INT(counter(&s, "good"), 6);
	DYT_INT(counter(&s, "bad"), 0);
	DYT_INT(published.n, 6);
	DYT_INT(published.batches, 2); /* the holding job alone, then all others together */
	for (size_t i = 0; i < published.n; i++)
		DYT_INT(published.seq[i], (int64_t)i + 1);
	DYT_INT(published.subject[2], 4); /* the third failed */
	DYT_INT(audit(&s).checked, 6);
	DYT_INT(audit(&s).first_bad, 0);
	dyt_store_close(&s);
}

static enum dy_code
abort_inside(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct dy_wtx *tx = NULL;
	struct dy_event e = { .at = { 5 },
		              .topic = DY_STR_INIT("test.undone"),
		              .subject = { 99 },
		              .payload = DY_STR_INIT("{}") };

	(void)ctx;
	DY_TRY(dyt_append(writer, 1, err));
	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, err));
	DY_TRY(dy_event_append(tx, &e, NULL, err));
	dy_wtx_abort(&tx);
	return dyt_append(writer, 2, err);
}

DYT(an_aborted_transaction_leaves_no_event_and_no_gap)
{
	struct dyt_store s;
	struct published published = { 0 };

	dyt_store_open(&s,
	               (struct dy_store_options){ .on_events = note_events, .ctx = &published });
	DYT_OK(dy_store_run(s.store, abort_inside, NULL, NULL));
	DYT_OK(dy_store_run(s.store, abort_inside, NULL, NULL));
	struct dy_event_audit result = audit(&s);
	DYT_INT(result.checked, 4);
	DYT_INT(result.first_bad, 0);
	DYT_INT(published.n, 4);
	DYT_INT(published.seq[3], 4);
	DYT_INT(published.subject[1], 2);
	dyt_store_close(&s);
}

/* What a random nesting of transactions must leave: marks say how much was kept when each began. */
#define KEPT_MAX 4096
struct nesting {
	struct dy_rng rng;
	int64_t kept[KEPT_MAX];
	size_t n_kept;
	int64_t next;
};

static enum dy_code
nest(struct nesting *n, struct dy_writer *writer, int depth, struct dy_err *err)
{
	struct dy_wtx *tx = NULL;
	size_t mark = n->n_kept;

	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, err));
	for (uint32_t i = dy_rng_below(&n->rng, 4); i > 0; i--) {
		if (depth < 7 && dy_rng_chance(&n->rng, 2, 3)) {
			DY_TRY(nest(n, writer, depth + 1, err));
			continue;
		}
		struct dy_event e = { .at = { 5 },
			              .topic = DY_STR_INIT("test.nested"),
			              .subject = { ++n->next },
			              .payload = DY_STR_INIT("{}") };
		DYT_TRUE(n->n_kept < KEPT_MAX);
		n->kept[n->n_kept++] = n->next;
		DY_TRY(dy_event_append(tx, &e, NULL, err));
	}
	if (dy_rng_chance(&n->rng, 2, 3))
		return dy_wtx_commit(&tx, err);
	dy_wtx_abort(&tx);
	n->n_kept = mark;
	return DY_OK;
}

static enum dy_code
nest_job(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct nesting *n = ctx;
	size_t mark = n->n_kept;

	DY_TRY(nest(n, writer, 1, err));
	DY_TRY(nest(n, writer, 1, err));
	if (dy_rng_chance(&n->rng, 3, 4))
		return DY_OK;
	n->n_kept = mark;
	return dy_raise(err, DY_E_CONFLICT, "", "the job is taken back");
}

DYT(nested_transactions_keep_and_undo_exactly_their_own_writes)
{
	struct dyt_store s;
	struct nesting n = { .rng = dy_rng_seed(4, 1) };
	struct dy_reader *reader;
	struct dy_rtx *tx;
	struct dy_event_list list;
	struct dy_arena *arena = dy_arena_new((size_t)16 << 20);

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	for (int i = 0; i < 400; i++)
		(void)!dy_store_run(s.store, nest_job, &n, NULL);
	DYT_TRUE(n.n_kept > 100 && (size_t)n.next > n.n_kept * 2);
	struct dy_event_audit result = audit(&s);
	DYT_INT(result.first_bad, 0);
	DYT_OK(dy_reader_open(s.store, &reader, NULL));
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_event_list_after(tx, arena, 0, KEPT_MAX, &list, NULL));
	DYT_INT(list.count, n.n_kept);
	for (size_t i = 0; i < list.count && i < n.n_kept; i++)
		DYT_INT(list.items[i].subject.v, n.kept[i]);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dy_arena_free(arena);
	dyt_store_close(&s);
}

static enum dy_code
make_ids(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_id *last = ctx;
	struct dy_time now = { 1770000000000 };

	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, err));
	for (int i = 0; i < 100000; i++) {
		/* a clock that goes back and forth */
		struct dy_id id = dy_wtx_new_id(tx, (struct dy_time){ now.ms + i % 5 });
		DYT_TRUE(id.v > last->v);
		*last = id;
	}
	return dy_wtx_commit(&tx, err);
}

DYT(ids_of_one_store_never_meet)
{
	struct dyt_store s;
	struct dy_id last = { 0 };

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	DYT_OK(dy_store_run(s.store, make_ids, &last, NULL));
	dyt_store_close(&s);
}

static enum dy_code
ten_events(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	(void)ctx;
	for (int64_t i = 1; i <= 10; i++)
		DY_TRY(dyt_append(writer, i, err));
	return DY_OK;
}

DYT(the_audit_finds_what_was_tampered_with)
{
	static const struct {
		const char *why, *sql;
		int64_t first_bad;
	} row[] = {
		{ "a changed payload", "UPDATE event SET payload='{\"x\":1}' WHERE seq=4", 4 },
		{ "a changed time", "UPDATE event SET at=at+1 WHERE seq=10", 10 },
		{ "a changed actor", "UPDATE event SET actor_id=5 WHERE seq=1", 1 },
		{ "a missing event", "DELETE FROM event WHERE seq=6", 6 },
		{ "the newest cut off", "DELETE FROM event WHERE seq>8", 9 },
		{ "two swapped",
		  "UPDATE event SET seq=100 WHERE seq=2; UPDATE event SET seq=2 WHERE seq=3;"
		  "UPDATE event SET seq=3 WHERE seq=100",
		  2 },
		{ "a forged head", "UPDATE event_head SET seq=9", 10 },
		{ "nothing", "SELECT 1", 0 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dyt_store s;
		sqlite3 *db;
		DYT_ROW(row[i].why);
		dyt_store_open(&s, (struct dy_store_options){ 0 });
		DYT_OK(dy_store_run(s.store, ten_events, NULL, NULL));
		DYT_INT(sqlite3_open(s.path, &db), SQLITE_OK);
		DYT_INT(sqlite3_exec(db, row[i].sql, NULL, NULL, NULL), SQLITE_OK);
		(void)sqlite3_close(db);
		DYT_INT(audit(&s).first_bad, row[i].first_bad);
		dyt_store_close(&s);
	}
}

DYT(a_full_queue_refuses_at_once)
{
	struct dyt_store s;
	struct held_job jobs[4];
	int done = 0;
	sem_t hold;
	sem_t entered;
	struct dy_err err = { 0 };

	(void)sem_init(&hold, 0, 0);
	(void)sem_init(&entered, 0, 0);
	dyt_store_open(&s, (struct dy_store_options){ .queue_max = 2 });
	for (int i = 0; i < 4; i++)
		jobs[i] = (struct held_job){ .job = { .run = held_run, .done = held_done },
			                     .subject = i + 1,
			                     .done_count = &done };
	jobs[0].hold = &hold;
	jobs[0].entered = &entered;
	DYT_OK(dy_store_submit(s.store, &jobs[0].job, &err));
	(void)sem_wait(&entered);
	DYT_OK(dy_store_submit(s.store, &jobs[1].job, &err));
	DYT_OK(dy_store_submit(s.store, &jobs[2].job, &err));
	DYT_INT(dy_store_submit(s.store, &jobs[3].job, &err), DY_E_BUSY);
	(void)sem_post(&hold);
	dyt_store_close(&s);
	DYT_INT(done, 3);
	(void)sem_destroy(&hold);
	(void)sem_destroy(&entered);
}

DYT(what_cannot_wait_is_the_last_to_be_refused)
{
	struct dyt_store s;
	struct held_job jobs[11];
	int done = 0;
	sem_t hold;
	sem_t entered;
	struct dy_err err = { 0 };

	(void)sem_init(&hold, 0, 0);
	(void)sem_init(&entered, 0, 0);
	dyt_store_open(&s, (struct dy_store_options){ .queue_max = 8 }); /* one is kept */
	for (int i = 0; i < 11; i++)
		jobs[i] = (struct held_job){ .job = { .run = held_run, .done = held_done },
			                     .subject = i + 1,
			                     .done_count = &done };
	jobs[0].hold = &hold;
	jobs[0].entered = &entered;
	DYT_OK(dy_store_submit(s.store, &jobs[0].job, &err));
	(void)sem_wait(&entered);
	for (int i = 1; i <= 7; i++)
		DYT_OK(dy_store_submit(s.store, &jobs[i].job, &err));
	DYT_INT(dy_store_submit(s.store, &jobs[8].job, &err), DY_E_BUSY);
	jobs[9].job.urgent = true;
	DYT_OK(dy_store_submit(s.store, &jobs[9].job, &err));
	jobs[10].job.urgent = true;
	DYT_INT(dy_store_submit(s.store, &jobs[10].job, &err), DY_E_BUSY);
	(void)sem_post(&hold);
	dyt_store_close(&s);
	DYT_INT(done, 9);
	(void)sem_destroy(&hold);
	(void)sem_destroy(&entered);
}

static enum dy_code
count_many(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	return count_up(writer, ctx, err);
}

static void *
hammer(void *arg)
{
	for (int i = 0; i < 200; i++) {
		struct dy_err err = { 0 };
		if (dy_store_run(arg, count_many, (void *)(uintptr_t) "shared", &err) != DY_OK)
			return arg;
	}
	return NULL;
}

DYT(eight_threads_lose_no_count)
{
	struct dyt_store s;
	pthread_t threads[8];

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	for (size_t i = 0; i < DY_COUNT(threads); i++)
		DYT_INT(pthread_create(&threads[i], NULL, hammer, s.store), 0);
	for (size_t i = 0; i < DY_COUNT(threads); i++) {
		void *failed;
		DYT_INT(pthread_join(threads[i], &failed), 0);
		DYT_TRUE(failed == NULL);
	}
	DYT_INT(counter(&s, "shared"), 1600);
	dyt_store_close(&s);
}

DYT(a_reader_keeps_its_snapshot)
{
	struct dyt_store s;
	struct dy_reader *reader;
	struct dy_rtx *tx;
	int64_t seq;

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	DYT_OK(dy_store_run(s.store, ten_events, NULL, NULL));
	DYT_OK(dy_reader_open(s.store, &reader, NULL));
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_event_head(tx, &seq, NULL));
	DYT_INT(seq, 10);
	DYT_OK(dy_store_run(s.store, ten_events, NULL, NULL));
	DYT_OK(dy_event_head(tx, &seq, NULL));
	DYT_INT(seq, 10);
	dy_rtx_end(&tx);
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_event_head(tx, &seq, NULL));
	DYT_INT(seq, 20);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dyt_store_close(&s);
}

struct idem_case {
	struct dy_idem idem;
	enum dy_code want;
	bool found;
};

static enum dy_code
idem_run(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(1 << 16);
	struct idem_case *c = ctx;
	struct dy_idem_answer answer = { 0 };

	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, err));
	DY_TRY(dy_idem_find(dy_wtx_read(tx), arena, &c->idem, &c->found, &answer, err));
	if (c->found) {
		DYT_INT(answer.status, 201);
		DYT_TRUE(dy_str_is(answer.body, "{\"id\":1}"));
		return DY_OK;
	}
	answer.status = 201;
	answer.body = DY_STR("{\"id\":1}");
	DY_TRY(dy_idem_store(tx, &c->idem, &answer, (struct dy_time){ 1000 }, err));
	return dy_wtx_commit(&tx, err);
}

DYT(a_key_gives_its_stored_answer_and_refuses_another_body)
{
	struct dyt_store s;
	struct idem_case first = { .idem = { { 3 }, DY_STR_INIT("key-0001"), { 1 } } };
	struct idem_case again = first;
	struct idem_case other_body = { .idem = { { 3 }, DY_STR_INIT("key-0001"), { 2 } } };
	struct idem_case other_person = { .idem = { { 4 }, DY_STR_INIT("key-0001"), { 2 } } };

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	DYT_OK(dy_store_run(s.store, idem_run, &first, NULL));
	DYT_TRUE(!first.found);
	DYT_OK(dy_store_run(s.store, idem_run, &again, NULL));
	DYT_TRUE(again.found);
	DYT_INT(dy_store_run(s.store, idem_run, &other_body, NULL), DY_E_CONFLICT);
	DYT_OK(dy_store_run(s.store, idem_run, &other_person, NULL));
	DYT_TRUE(!other_person.found);
	dyt_store_close(&s);
}

static int faults;

static void
hear(void *ctx, bool is_fault, const char *line)
{
	(void)ctx;
	(void)line;
	faults += is_fault;
}

DYT(a_backup_opens_and_never_overwrites)
{
	struct dyt_store s;
	char copy[80];
	struct dy_err err = { 0 };

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	DYT_OK(dy_store_run(s.store, ten_events, NULL, NULL));
	(void)snprintf(copy, sizeof(copy), "%s.copy", s.path);
	DYT_OK(dy_store_backup(s.store, copy, &err));
	DYT_INT(dy_store_backup(s.store, copy, &err), DY_E_CONFLICT);
	struct dyt_store c = s;
	(void)snprintf(c.path, sizeof(c.path), "%.50s.copy", s.path);
	DYT_OK(dy_store_open(&(struct dy_store_options){ .path = c.path, .must_exist = true },
	                     &c.store, &err));
	DYT_INT(audit(&c).checked, 10);
	DYT_OK(dy_store_doctor(c.store, hear, NULL, &err));
	DYT_INT(faults, 0);
	dy_store_close(c.store);
	char wal[90];
	(void)snprintf(wal, sizeof(wal), "%s-wal", copy);
	(void)unlink(wal);
	(void)snprintf(wal, sizeof(wal), "%s-shm", copy);
	(void)unlink(wal);
	dyt_store_close(&s);
}

DYT(what_cannot_be_opened_says_why)
{
	struct dyt_store s;
	struct dy_store *store;
	struct dy_err err = { 0 };
	sqlite3 *db;

	DYT_INT(dy_store_open(&(struct dy_store_options){ .path = "no-such-folder/x.db" }, &store,
	                      &err),
	        DY_E_IO);
	DYT_TRUE(err.text[0] != '\0');
	dyt_store_open(&s, (struct dy_store_options){ 0 });
	dy_store_close(s.store);
	/* a migration that was applied in another wording */
	DYT_INT(sqlite3_open(s.path, &db), SQLITE_OK);
	DYT_INT(sqlite3_exec(db, "UPDATE dy_migration SET checksum=zeroblob(32)", NULL, NULL, NULL),
	        SQLITE_OK);
	(void)sqlite3_close(db);
	DYT_INT(dy_store_open(&(struct dy_store_options){ .path = s.path }, &store, &err),
	        DY_E_CONFLICT);
	/* not a database */
	FILE *f = fopen(s.path, "w");
	DYT_TRUE(f != NULL);
	(void)fputs("this is not a database, it only looks like a file of some length", f);
	(void)fclose(f);
	DYT_INT(dy_store_open(&(struct dy_store_options){ .path = s.path }, &store, &err), DY_E_IO);
	dyt_store_remove(&s);
}

DYT(opening_twice_changes_nothing)
{
	struct dyt_store s;

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	DYT_OK(dy_store_run(s.store, ten_events, NULL, NULL));
	dy_store_close(s.store);
	DYT_OK(dy_store_open(&(struct dy_store_options){ .path = s.path, .must_exist = true },
	                     &s.store, NULL));
	DYT_INT(audit(&s).checked, 10);
	dyt_store_close(&s);
}

DYT(every_statement_of_the_program_fits_its_types)
{
	struct dyt_store s;
	struct dy_reader *reader;
	size_t n;

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	DYT_OK(dy_reader_open(s.store, &reader, NULL));
	const struct dy_sql_group *groups = dy_sql_groups(&n);
	DYT_TRUE(n > 0);
	for (size_t i = 0; i < n; i++) {
		DYT_TRUE(groups[i].n > 0);
		for (size_t k = 0; k < groups[i].n; k++) {
			struct dy_err err = { 0 };
			DYT_ROW(groups[i].statements[k]->name);
			enum dy_code rc = dy_sql_check(reader, groups[i].statements[k], &err);
			if (rc != DY_OK)
				print_error("%s\n", err.text);
			DYT_OK(rc);
		}
	}
	dy_reader_close(reader);
	dyt_store_close(&s);
}

/* Runs fn in a child: true when it died by abort(). */
static bool
aborts(struct dyt_store *s, void (*fn)(struct dy_rtx *tx))
{
	pid_t pid = fork();

	if (pid == 0) {
		struct dy_store_options options = { .path = s->path, .must_exist = true };
		struct dy_store *store;
		struct dy_reader *reader;
		struct dy_rtx *tx;
		(void)!freopen("/dev/null", "w", stderr);
		if (dy_store_open(&options, &store, NULL) != DY_OK ||
		    dy_reader_open(store, &reader, NULL) != DY_OK ||
		    dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL) != DY_OK)
			_exit(1);
		fn(tx);
		_exit(0);
	}
	int status = 0;
	DYT_INT(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
read_optional(struct dy_rtx *tx)
{
	struct dy_rows *rows;
	bool found;

	if (dy_sql_read_one(tx, &EVENT_OPTIONAL, DY_ARGS(DY_V(DYT_COMMUNITY)), &rows, &found,
	                    NULL) != DY_OK ||
	    !found || dy_rows_id(rows).v != 0 || dy_rows_id(rows).v != 0)
		_exit(2);
}

static void
read_mistyped(struct dy_rtx *tx)
{
	struct dy_rows *rows;
	bool found;

	if (dy_sql_read_one(tx, &EVENT_OPTIONAL, DY_ARGS(DY_V(DYT_COMMUNITY)), &rows, &found,
	                    NULL) == DY_OK)
		(void)dy_rows_int(rows);
}

static void
read_skipping(struct dy_rtx *tx)
{
	struct dy_rows *rows;

	if (dy_sql_read(tx, &EVENT_OPTIONAL, DY_ARGS(DY_V(DYT_COMMUNITY)), &rows, NULL) == DY_OK &&
	    dy_rows_next(rows)) {
		(void)dy_rows_id(rows);
		(void)dy_rows_next(rows);
	}
}

static void
bind_too_few(struct dy_rtx *tx)
{
	struct dy_rows *rows;
	enum dy_code rc = dy_sql_read(tx, &COUNTER_GET, DY_ARGS(DY_V(DYT_COMMUNITY)), &rows, NULL);
	(void)rc;
}

DYT(a_mistyped_or_skipped_column_aborts)
{
	struct dyt_store s;

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	DYT_OK(dy_store_run(s.store, ten_events, NULL, NULL));
	dy_store_close(s.store);
	DYT_TRUE(!aborts(&s, read_optional));
	DYT_TRUE(aborts(&s, read_mistyped));
	DYT_TRUE(aborts(&s, read_skipping));
	DYT_TRUE(aborts(&s, bind_too_few));
	dyt_store_remove(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DYT_TEST(a_failing_job_of_a_batch_takes_only_its_own_writes_back),
		DYT_TEST(an_aborted_transaction_leaves_no_event_and_no_gap),
		DYT_TEST(nested_transactions_keep_and_undo_exactly_their_own_writes),
		DYT_TEST(ids_of_one_store_never_meet),
		DYT_TEST(the_audit_finds_what_was_tampered_with),
		DYT_TEST(a_full_queue_refuses_at_once),
		DYT_TEST(what_cannot_wait_is_the_last_to_be_refused),
		DYT_TEST(eight_threads_lose_no_count),
		DYT_TEST(a_reader_keeps_its_snapshot),
		DYT_TEST(a_key_gives_its_stored_answer_and_refuses_another_body),
		DYT_TEST(a_backup_opens_and_never_overwrites),
		DYT_TEST(what_cannot_be_opened_says_why),
		DYT_TEST(opening_twice_changes_nothing),
		DYT_TEST(every_statement_of_the_program_fits_its_types),
		DYT_TEST(a_mistyped_or_skipped_column_aborts),
	};
	if (dy_crypto_init(NULL) != DY_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
