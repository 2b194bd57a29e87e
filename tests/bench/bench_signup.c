/* Bench of sign-ups: everybody taps at once.
 *
 * Two contests, a hundred rounds each over lists of their own: 1,000 people for 50 seats, 200 households for 60. All taps of a
 * round are due within a millisecond, each on a connection of its own; a tap's time counts from then to its answer, which comes when
 * the entry is on the disk. Afterwards the database is read: each list has exactly as many in as it has seats, each place was given
 * once, and those in have the lowest places.
 * Environment: DY_BENCH_ROUNDS (default 100). */
#include "load.h"
#include "seed.h"

#include "app/sign_up.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUSEHOLDS 1000
#define RESIDENTS  1000
#define BURST_S    0.001
#define GOAL_MS    100

static struct seed seed;
static struct dy_key key;

struct contest {
	const char *what;
	int64_t seats;
	size_t people;
	bool per_person;
	struct dy_id *lists;
};

/* Making the lists */
struct making {
	struct contest *contest;
	size_t rounds;
};

static enum dy_code
make_lists(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)16 << 20);
	const struct making *m = ctx;
	struct dy_post post = { .scope = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY,
		                           seed.community } };
	struct dy_actor secretary = { .community = seed.community,
		                      .account = seed.secretary.account,
		                      .is_staff = true,
		                      .posts = { .items = &post, .count = 1 } };
	struct dy_call call = { .writer = writer,
		                .arena = arena,
		                .key = &key,
		                .actor = &secretary,
		                .now = dy_time_now(),
		                .err = err };

	for (size_t i = 0; i < m->rounds; i++) {
		struct dy_sign_up_draft draft = {
			.title = DY_STR_INIT("领蔬菜包"),
			.per_person = m->contest->per_person,
			.capacity = m->contest->seats,
			.entry_max = 1,
			.closes_at = { call.now.ms + DY_DAY_MS },
		};
		struct dy_sign_up made;
		DY_TRY(dy_app_sign_up_make(&call, &draft, &made));
		m->contest->lists[i] = made.id;
	}
	return DY_OK;
}

static struct dy_store *
store_open(void)
{
	struct dy_store_options options = { 0 };
	struct dy_store *store;
	struct dy_err err = { 0 };
	char path[700];

	(void)snprintf(path, sizeof(path), "%s/danyuan.db", bk_folder());
	options.path = path;
	bk_must(dy_store_open(&options, &store, &err), &err, "open");
	return store;
}

static void
fill(struct contest *contests, size_t n, size_t rounds)
{
	struct dy_err err = { 0 };
	char path[700];

	(void)snprintf(path, sizeof(path), "%s/key", bk_folder());
	bk_must(dy_key_load(path, &key, &err), &err, "key");
	struct dy_store *store = store_open();
	seed_fill(store, &seed, HOUSEHOLDS, RESIDENTS);
	for (size_t i = 0; i < n; i++) {
		struct making m = { &contests[i], rounds };
		contests[i].lists = calloc(rounds, sizeof(contests[i].lists[0]));
		DY_ASSERT(contests[i].lists != NULL);
		bk_must(dy_store_run(store, make_lists, &m, &err), &err, "lists");
	}
	dy_store_close(store);
}

/* Tapping */
struct tapping {
	const struct contest *contest;
	size_t round;
};

static size_t
tap(void *ctx, uint64_t k, char *out, size_t cap)
{
	const struct tapping *t = ctx;
	char list[DY_ID_TEXT + 1];

	dy_id_encode(t->contest->lists[t->round], list);
	int n = snprintf(out, cap,
	                 "POST /api/v1/sign-ups/%s/entries HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	                 "Origin: http://127.0.0.1\r\nCookie: dy_session=%s\r\n"
	                 "Idempotency-Key: tap-%zu-%s\r\n"
	                 "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
	                 list, seed.residents[k % RESIDENTS].token, t->round, list);
	return (size_t)n;
}

static void
hist_merge(struct bk_hist *sum, const struct bk_hist *more)
{
	for (size_t i = 0; i < BK_HIST_BUCKETS; i++)
		sum->count[i] += more->count[i];
	sum->n += more->n;
	sum->sum += more->sum;
	sum->max = more->max > sum->max ? more->max : sum->max;
}

static void
run(struct lg *g, const struct contest *contest, size_t rounds)
{
	struct lg_result *r = malloc(sizeof(*r));
	struct bk_hist *all = calloc(1, sizeof(*all));
	char note[160], goal[80];
	uint64_t errors = 0;
	double seconds = 0;

	DY_ASSERT(r != NULL && all != NULL);
	for (size_t i = 0; i < rounds; i++) {
		struct tapping t = { contest, i };
		struct lg_load load = { .rate = (double)contest->people / BURST_S,
			                .seconds = BURST_S,
			                .connections = contest->people,
			                .request = tap,
			                .ctx = &t,
			                .want_status = 201 };
		lg_run(g, &load, r);
		hist_merge(all, &r->latency);
		errors += r->errors;
		seconds += r->seconds;
	}
	(void)snprintf(note, sizeof(note),
	               "%zu rounds; p50 %.1f ms, p99 %.1f ms, last %.1f ms; %llu errors", rounds,
	               (double)bk_hist_at(all, 0.5) / 1e3, (double)bk_hist_at(all, 0.99) / 1e3,
	               (double)all->max / 1e3, (unsigned long long)errors);
	bk_row(contest->what, (double)all->n / seconds, seconds * 1e6 / (double)all->n, 0, note);
	(void)snprintf(goal, sizeof(goal), "p99, %s", contest->what);
	(void)bk_goal(goal, (double)bk_hist_at(all, 0.99) / 1e3, "ms", GOAL_MS, false);
	if (errors > 0)
		bk_fail("a tap had no answer");
	free(all);
	free(r);
}

/* Reading what came of it */
static void
list_check(struct dy_reader *reader, const struct contest *contest, struct dy_id id)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)4 << 20);
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_sign_up_entry_list list;
	struct dy_sign_up s;
	struct dy_err err = { 0 };

	bk_must(dy_rtx_begin(reader, seed.community, &tx, &err), &err, "read");
	bk_must(dy_sign_up_get(tx, arena, id, &s, &err), &err, "list");
	bk_must(dy_sign_up_entries(tx, arena, id, 0, RESIDENTS + 1, &list, &err), &err, "entries");
	if (list.count != contest->people || s.taken != contest->seats ||
	    s.waiting != (int64_t)contest->people - contest->seats)
		bk_fail("a list that does not hold what was promised");
	for (size_t i = 0; i < list.count; i++) {
		bool in = (int64_t)i < contest->seats;
		if (list.items[i].place != (int64_t)i + 1 ||
		    list.items[i].state != (in ? DY_ENTRY_IN : DY_ENTRY_WAITING))
			bk_fail("a place was given twice, or out of order");
	}
}

int
main(void)
{
	const char *text = getenv("DY_BENCH_ROUNDS");
	size_t rounds = text != NULL ? (size_t)strtoul(text, NULL, 10) : 100;
	struct contest contests[] = {
		{ .what = "1,000 people, 50 seats",
		  .seats = 50,
		  .people = 1000,
		  .per_person = true },
		{ .what = "200 households, 60 seats", .seats = 60, .people = 200 },
	};
	struct lg_server server;
	struct dy_reader *reader;
	struct dy_err err = { 0 };

	bk_must(dy_crypto_init(&err), &err, "crypto");
	(void)bk_files_max();
	fill(contests, DY_COUNT(contests), rounds);
	bk_title("signup: everybody taps within a millisecond; us each is for one durable entry");
	lg_serve(&server, bk_folder());
	for (size_t i = 0; i < DY_COUNT(contests); i++) {
		struct lg *g = lg_new(server.port);
		run(g, &contests[i], rounds);
		lg_free(g);
	}
	lg_stop(&server);
	struct dy_store *store = store_open();
	bk_must(dy_reader_open(store, &reader, &err), &err, "reader");
	for (size_t i = 0; i < DY_COUNT(contests); i++) {
		for (size_t k = 0; k < rounds; k++)
			list_check(reader, &contests[i], contests[i].lists[k]);
		free(contests[i].lists);
	}
	(void)printf("  every list: as many in as seats, each place once, in order\n");
	dy_reader_close(reader);
	dy_store_close(store);
	seed_free(&seed);
	return bk_end();
}
