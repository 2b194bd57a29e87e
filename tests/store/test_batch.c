/* Batches: run without savepoints and again with them, synced beside the next one, and moved out of the log. */
#include "dyt_store.h"
#include "store/counter.h"

#include <semaphore.h>
#include <sys/stat.h>

#define JOBS 9

enum way { WAY_WRITES, WAY_REFUSED, WAY_FAILS, WAY_ABORTS_INSIDE };

struct batch_job {
	struct dy_job job;
	enum way way;
	int64_t subject;
	sem_t *hold, *entered;
	sem_t *told;
	enum dy_code rc;
	int runs;
	int64_t number;
};

static enum dy_code
aborts_inside(struct batch_job *b, struct dy_writer *writer)
{
	struct dy_wtx *tx = NULL;
	struct dy_event e = { .at = { 5 },
		              .topic = DY_STR_INIT("test.undone"),
		              .subject = { 1000 + b->subject },
		              .payload = DY_STR_INIT("{}") };

	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, NULL));
	DY_TRY(dy_event_append(tx, &e, NULL, NULL));
	dy_wtx_abort(&tx);
	return dyt_append(writer, b->subject, NULL);
}

static enum dy_code
count(struct batch_job *b, struct dy_writer *writer)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;

	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, NULL));
	DY_TRY(dy_counter_next(tx, DY_STR("test"), &b->number, NULL));
	return dy_wtx_commit(&tx, NULL);
}

static enum dy_code
batch_run(struct dy_job *job, struct dy_writer *writer)
{
	struct batch_job *b = (struct batch_job *)job;

	b->runs++;
	if (b->hold != NULL) {
		(void)sem_post(b->entered);
		(void)sem_wait(b->hold);
	}
	DY_TRY(count(b, writer));
	if (b->way == WAY_REFUSED)
		return DY_E_DENIED;
	if (b->way == WAY_ABORTS_INSIDE)
		return aborts_inside(b, writer);
	DY_TRY(dyt_append(writer, b->subject, NULL));
	return b->way == WAY_FAILS ? DY_E_CONFLICT : DY_OK;
}

static void
batch_done(struct dy_job *job, enum dy_code rc)
{
	struct batch_job *b = (struct batch_job *)job;

	b->rc = rc;
	if (b->told != NULL)
		(void)sem_post(b->told);
}

/* The first holds the writer until all others are queued: they make one batch. */
static void
run_batch(struct dyt_store *s, struct batch_job *jobs, const enum way *ways)
{
	sem_t hold, entered, told;

	(void)sem_init(&hold, 0, 0);
	(void)sem_init(&entered, 0, 0);
	(void)sem_init(&told, 0, 0);
	for (int i = 0; i < JOBS; i++) {
		jobs[i] = (struct batch_job){
			.job = { .run = batch_run, .done = batch_done, .is_repeatable = true },
			.way = ways[i],
			.subject = i + 1,
			.told = &told,
		};
		if (i == 0) {
			jobs[i].hold = &hold;
			jobs[i].entered = &entered;
		}
		DYT_OK(dy_store_submit(s->store, &jobs[i].job, NULL));
		if (i == 0)
			(void)sem_wait(&entered);
	}
	(void)sem_post(&hold);
	for (int i = 0; i < JOBS; i++)
		(void)sem_wait(&told);
	(void)sem_destroy(&hold);
	(void)sem_destroy(&entered);
	(void)sem_destroy(&told);
}

/* The subjects of the chain, in order; it must be whole. */
static size_t
chain(struct dyt_store *s, int64_t *subjects, size_t max)
{
	struct dy_arena *arena = dy_arena_new((size_t)16 << 20);
	struct dy_event_audit audit;
	struct dy_event_list list;
	struct dy_reader *reader;
	struct dy_rtx *tx;

	DYT_OK(dy_reader_open(s->store, &reader, NULL));
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_event_verify(tx, &audit, NULL));
	DYT_INT(audit.first_bad, 0);
	DYT_OK(dy_event_list_after(tx, arena, 0, (int64_t)max, &list, NULL));
	for (size_t i = 0; i < list.count; i++)
		subjects[i] = list.items[i].subject.v;
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dy_arena_free(arena);
	return list.count;
}

static enum dy_code
want_of(enum way way)
{
	return way == WAY_FAILS ? DY_E_CONFLICT : way == WAY_REFUSED ? DY_E_DENIED : DY_OK;
}

static void
check_batch(const enum way *ways, int runs)
{
	struct batch_job jobs[JOBS];
	struct dyt_store s;
	int64_t subjects[64];
	size_t n = 0;

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	run_batch(&s, jobs, ways);
	size_t count = chain(&s, subjects, DY_COUNT(subjects));
	for (int i = 0; i < JOBS; i++) {
		DYT_INT(jobs[i].rc, want_of(ways[i]));
		DYT_INT(jobs[i].runs, i == 0 ? 1 : runs);
		if (want_of(ways[i]) == DY_OK)
			DYT_INT(subjects[n++], i + 1);
		if (want_of(ways[i]) == DY_OK)
			DYT_INT(jobs[i].number, (int64_t)n); /* no gap */
	}
	DYT_INT(count, n);
	dyt_store_close(&s);
}

DYT(a_refusal_before_any_write_runs_nothing_again)
{
	static const enum way ways[JOBS] = { [3] = WAY_REFUSED, [8] = WAY_REFUSED };
	check_batch(ways, 1);
}

DYT(a_failure_after_a_write_takes_back_its_own_and_no_other)
{
	static const enum way first[JOBS] = { [1] = WAY_FAILS };
	static const enum way middle[JOBS] = {
		[2] = WAY_REFUSED, [4] = WAY_FAILS, [5] = WAY_FAILS
	};
	static const enum way last[JOBS] = { [8] = WAY_FAILS };

	/* those behind the spoiling one have not run yet when the batch begins anew */
	struct batch_job jobs[JOBS];
	const enum way *all[] = { first, middle, last };
	for (size_t k = 0; k < DY_COUNT(all); k++) {
		struct dyt_store s;
		int64_t subjects[64];
		size_t n = 0;
		dyt_store_open(&s, (struct dy_store_options){ 0 });
		run_batch(&s, jobs, all[k]);
		size_t count = chain(&s, subjects, DY_COUNT(subjects));
		DYT_INT(jobs[1].runs, 2);
		for (int i = 0; i < JOBS; i++) {
			DYT_INT(jobs[i].rc, want_of(all[k][i]));
			if (want_of(all[k][i]) == DY_OK)
				DYT_INT(subjects[n++], i + 1);
			if (want_of(all[k][i]) == DY_OK)
				DYT_INT(jobs[i].number, (int64_t)n);
		}
		DYT_INT(count, n);
		dyt_store_close(&s);
	}
}

DYT(what_is_aborted_inside_a_command_is_undone_alone)
{
	static const enum way ways[JOBS] = { [8] = WAY_ABORTS_INSIDE };
	check_batch(ways, 2);
}

DYT(one_that_cannot_be_repeated_keeps_its_batch_from_being_run_again)
{
	struct batch_job jobs[2];
	struct dyt_store s;
	int64_t subjects[8];
	sem_t told;

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	(void)sem_init(&told, 0, 0);
	for (int i = 0; i < 2; i++) {
		jobs[i] = (struct batch_job){ .job = { .run = batch_run, .done = batch_done },
			                      .way = i == 0 ? WAY_FAILS : WAY_WRITES,
			                      .subject = i + 1,
			                      .told = &told };
		DYT_OK(dy_store_submit(s.store, &jobs[i].job, NULL));
	}
	(void)sem_wait(&told);
	(void)sem_wait(&told);
	DYT_INT(jobs[0].runs + jobs[1].runs, 2);
	DYT_INT(chain(&s, subjects, 8), 1);
	DYT_INT(subjects[0], 2);
	(void)sem_destroy(&told);
	dyt_store_close(&s);
}

static enum dy_code
append_one(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	return dyt_append(writer, *(int64_t *)ctx, err);
}

DYT(after_a_sync_that_failed_nothing_is_acknowledged_until_a_restart)
{
	struct dyt_store s;
	int64_t subjects[8] = { 0 };
	int64_t i = 1;

	/* the community's own commit is the first */
	dyt_store_open(&s, (struct dy_store_options){ .fail_sync = 2 });
	DYT_OK(dy_store_run(s.store, append_one, &i, NULL));
	i = 2;
	DYT_INT(dy_store_run(s.store, append_one, &i, NULL), DY_E_IO);
	i = 3;
	DYT_INT(dy_store_run(s.store, append_one, &i, NULL), DY_E_IO);
	dy_store_close(s.store);
	struct dy_store_options options = { .path = s.path };
	DYT_OK(dy_store_open(&options, &s.store, NULL));
	size_t n = chain(&s, subjects, 8);
	DYT_INT(subjects[0], 1);                          /* acknowledged */
	DYT_TRUE(n == 1 || (n == 2 && subjects[1] == 2)); /* open: it may be there */
	i = 4;
	DYT_OK(dy_store_run(s.store, append_one, &i, NULL));
	dyt_store_close(&s);
}

static off_t
log_bytes(const struct dyt_store *s)
{
	char path[80];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s-wal", s->path);
	return stat(path, &st) == 0 ? st.st_size : -1;
}

static void
append_many(struct dyt_store *s, int64_t *next, int n)
{
	for (int i = 0; i < n; i++, ++*next)
		DYT_OK(dy_store_run(s->store, append_one, next, NULL));
}

DYT(the_log_begins_anew_beside_a_writer_that_never_rests)
{
	struct dyt_store s;
	int64_t *subjects = calloc(4000, sizeof(*subjects));
	int64_t next = 1;

	dyt_store_open(&s, (struct dy_store_options){ .log_pages = 60 });
	append_many(&s, &next, 500); /* 4 pages and more each: 2,000 pages in all */
	DYT_TRUE(log_bytes(&s) > 0 && log_bytes(&s) < (off_t)600 * 4096);
	DYT_INT(chain(&s, subjects, 4000), 500);
	dyt_store_close(&s);
	free(subjects);
}

DYT(a_reader_in_the_log_lets_it_grow_until_it_has_ended)
{
	struct dyt_store s;
	int64_t *subjects = calloc(8000, sizeof(*subjects));
	struct dy_reader *reader;
	struct dy_rtx *tx;
	int64_t seq, next = 1;

	dyt_store_open(&s, (struct dy_store_options){ .log_pages = 60 });
	append_many(&s, &next, 10);
	DYT_OK(dy_reader_open(s.store, &reader, NULL));
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_event_head(tx, &seq, NULL));
	append_many(&s, &next, 400);
	off_t grown = log_bytes(&s);
	DYT_TRUE(grown > (off_t)400 * 4096);
	DYT_OK(dy_event_head(tx, &seq, NULL));
	DYT_INT(seq, 10); /* its snapshot stands */
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	append_many(&s, &next, 800);
	DYT_TRUE(log_bytes(&s) < grown * 2); /* 800 more took less than 400 before */
	DYT_INT(chain(&s, subjects, 8000), 1210);
	dyt_store_close(&s);
	free(subjects);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DYT_TEST(a_refusal_before_any_write_runs_nothing_again),
		DYT_TEST(a_failure_after_a_write_takes_back_its_own_and_no_other),
		DYT_TEST(what_is_aborted_inside_a_command_is_undone_alone),
		DYT_TEST(one_that_cannot_be_repeated_keeps_its_batch_from_being_run_again),
		DYT_TEST(after_a_sync_that_failed_nothing_is_acknowledged_until_a_restart),
		DYT_TEST(the_log_begins_anew_beside_a_writer_that_never_rests),
		DYT_TEST(a_reader_in_the_log_lets_it_grow_until_it_has_ended),
	};
	if (dy_crypto_init(NULL) != DY_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
