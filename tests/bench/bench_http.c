/* Bench of the program over HTTP: `danyuan serve` as it is delivered, on loopback, load generator included.
 *
 * The write is POST /api/v1/requests: a resident reports a need. Each has its own session and Idempotency-Key, is
 * stored with its number, entry, event, audit hash and answer, and is answered after the commit is on disk.
 * Bare loop: a single epoll thread that reads the same request and sends back as many bytes, without parsing,
 * sessions, database or sync: what HTTP over loopback costs anybody.
 * Environment: DY_BENCH_RATE (default 23000), DY_BENCH_SECONDS (8), DY_BENCH_STREAMS (18000). */
#include "load.h"
#include "seed.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUSEHOLDS  8000
#define WRITERS     2000 /* residents 0..; their households hold no stream */
#define RESIDENTS   24000
#define CONNECTIONS 1024
#define FDS_OF_OURS 64 /* not for streams: connections of writers come on top */
#define P99_MAX_US  50000
#define WARM_S      2 /* at half of the rate, not counted: each session is met for the first time once */
#define BOARD_OPEN  200
#define BOARD_LISTS 200
#define FOLLOW_RATE 100
#define ACTS        92000 /* four seconds of the goal's rate */

static struct seed seed;
static uint64_t run_number;
static struct dy_id *own; /* requests for acts */

static const char *
stream_token(void *ctx, size_t i)
{
	size_t of_block = HOUSEHOLDS - WRITERS;
	size_t who = i / of_block * HOUSEHOLDS + WRITERS + i % of_block;

	(void)ctx;
	return seed.residents[who % RESIDENTS].token;
}

static size_t
report(void *ctx, uint64_t k, char *out, size_t cap)
{
	static const char body[] = "{\"category\":\"REPR\",\"text\":\"三楼楼道里的灯不亮了\"}";
	int n = snprintf(
		out, cap,
		"POST /api/v1/requests HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Origin: http://127.0.0.1\r\nCookie: dy_session=%s\r\n"
		"Idempotency-Key: %013lld-%llu-%llu\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		seed.residents[k % WRITERS].token,
		(long long)dy_time_now().ms, /* keys begin with the time, as the web app's do */
		(unsigned long long)run_number, (unsigned long long)k, sizeof(body) - 1, body);
	(void)ctx;
	return (size_t)n;
}

/* Act k: the reporter of request k asks for haste; each request is asked for once. */
static size_t
remind(void *ctx, uint64_t k, char *out, size_t cap)
{
	static const char body[] = "{\"act\":\"remind\"}";
	char id[DY_ID_TEXT + 1];

	(void)ctx;
	dy_id_encode(own[k % ACTS], id);
	int n = snprintf(out, cap,
	                 "POST /api/v1/requests/%s/acts HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	                 "Origin: http://127.0.0.1\r\nCookie: dy_session=%s\r\nIf-Match: \"1\"\r\n"
	                 "Idempotency-Key: %013lld-act-%llu\r\n"
	                 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	                 id, seed.residents[k % RESIDENTS].token, (long long)dy_time_now().ms,
	                 (unsigned long long)k, sizeof(body) - 1, body);
	return (size_t)n;
}

static size_t
get(void *ctx, uint64_t k, char *out, size_t cap)
{
	(void)k;
	return (size_t)snprintf(
		out, cap, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: dy_session=%s\r\n\r\n",
		(const char *)ctx, seed.secretary.token);
}

static void
run(struct lg *g, struct lg_load load, struct lg_result *out)
{
	run_number++;
	lg_run(g, &load, out);
}

/* As fast as answers come, on 64 connections: requests per second, and the processor time of one. */
static double
flat_out(const char *what, const struct lg_server *s, struct lg_load load, double bare)
{
	struct lg *g = lg_new(s->port);
	struct lg_result *r = malloc(sizeof(*r));
	char note[120];

	DY_ASSERT(r != NULL);
	load.connections = 64;
	load.seconds = 3;
	double cpu = lg_cpu_s(s);
	run(g, load, r);
	cpu = lg_cpu_s(s) - cpu;
	double per_s = (double)r->good / r->seconds;
	(void)snprintf(note, sizeof(note),
	               "CPU of one: server %.1f us, load generator %.1f us; %llu errors",
	               cpu * 1e6 / (double)(r->good + 1), r->cpu_s * 1e6 / (double)(r->good + 1),
	               (unsigned long long)r->errors);
	bk_row(what, per_s, 1e6 / per_s, bare > 0 ? bare / per_s : 0, note);
	lg_free(g);
	free(r);
	return per_s;
}

static void
flat_out_all(const struct lg_server *s)
{
	struct lg_server bare;
	char health[] = "/healthz", me[] = "/api/v1/requests?limit=1";

	bk_title("http: flat out, 64 connections, closed loop; ratio: bare loop to this");
	lg_serve_bare(&bare, 1100);
	double base = flat_out("bare loop: epoll, same bytes", &bare,
	                       (struct lg_load){ .request = report, .want_status = 201 }, 0);
	lg_stop(&bare);
	(void)flat_out("GET /healthz", s,
	               (struct lg_load){ .request = get, .ctx = health, .want_status = 200 }, base);
	(void)flat_out("GET /api/v1/requests?limit=1", s,
	               (struct lg_load){ .request = get, .ctx = me, .want_status = 200 }, base);
	(void)flat_out("POST /api/v1/requests, durable", s,
	               (struct lg_load){ .request = report, .want_status = 201 }, base);
}

static double
number_of(const char *name, double preset)
{
	const char *text = getenv(name);
	return text != NULL && text[0] != '\0' ? strtod(text, NULL) : preset;
}

/* true: no error, no stream lost, p99 within the goal. */
static bool
fixed_rate(struct lg *g, const struct lg_server *s, const char *what_of, struct lg_load load)
{
	double rate = load.rate;
	struct lg_load warm = load;
	struct lg_result *r = malloc(sizeof(*r));
	char what[80], note[320];

	DY_ASSERT(r != NULL);
	load.connections = warm.connections = CONNECTIONS;
	warm.rate = rate / 2;
	warm.seconds = WARM_S;
	warm.request = report;
	warm.want_status = 201;
	run(g, warm, r);
	double cpu = lg_cpu_s(s);
	struct lg_threads t = lg_threads(s);
	run(g, load, r);
	cpu = lg_cpu_s(s) - cpu;
	struct lg_threads after = lg_threads(s);
	double each = 1e6 / (double)(r->good + 1);
	(void)snprintf(what, sizeof(what), "POST %s at %.0f/s", what_of, rate);
	(void)snprintf(
		note, sizeof(note),
		"p50 %.1f p99 %.1f max %.1f ms; %llu errors (%d); server %.1f us (loops %.1f, "
		"writer %.1f and %.1f without a core, rest %.1f), load generator %.1f us; "
		"%zu streams lost",
		(double)bk_hist_at(&r->latency, 0.5) / 1e3,
		(double)bk_hist_at(&r->latency, 0.99) / 1e3, (double)r->latency.max / 1e3,
		(unsigned long long)r->errors, r->bad_status, cpu * each,
		(after.loops_s - t.loops_s) * each, (after.writer_s - t.writer_s) * each,
		(after.writer_waits_s - t.writer_waits_s) * each, (after.rest_s - t.rest_s) * each,
		r->cpu_s * each, lg_streams_lost(g));
	bk_row(what, (double)r->good / r->seconds, r->seconds * 1e6 / (double)(r->good + 1), 0,
	       note);
	bool ok = r->errors == 0 && bk_hist_at(&r->latency, 0.99) <= P99_MAX_US &&
	          lg_streams_lost(g) == 0;
	free(r);
	return ok;
}

static void
durable_posts(const struct lg_server *s)
{
	static const double lower[] = { 18000, 14000, 10000, 7000, 4000 };
	bool only = number_of("DY_BENCH_ONLY", 0) > 0; /* this rate and no other */
	double goal = number_of("DY_BENCH_RATE", 23000), held = 0;
	unsigned fds = bk_files_max();
	size_t streams = (size_t)number_of("DY_BENCH_STREAMS", 18000);
	struct lg *g = lg_new(s->port);

	if (streams + CONNECTIONS + FDS_OF_OURS > fds)
		streams = fds - CONNECTIONS - FDS_OF_OURS;
	bk_title("http: durable POST at a fixed rate with open event streams (open loop)");
	double rss = lg_rss_mb(s);
	int64_t began = bk_now_us();
	lg_streams(g, streams, stream_token, NULL);
	double took = (double)(bk_now_us() - began) / 1e6;
	(void)printf("  %zu event streams opened in %.1f s (files: at most %u for each process); "
	             "%.2f KiB of the server's memory for each\n",
	             streams, took, fds, (lg_rss_mb(s) - rss) * 1024 / (double)streams);
	struct lg_load load = { .rate = goal,
		                .seconds = number_of("DY_BENCH_SECONDS", 8),
		                .request = report,
		                .want_status = 201 };
	if (fixed_rate(g, s, "/api/v1/requests", load))
		held = goal;
	for (size_t i = 0; !only && i < DY_COUNT(lower) && held < lower[i]; i++) {
		load.rate = lower[i];
		if (lower[i] < goal && fixed_rate(g, s, "/api/v1/requests", load))
			held = lower[i];
	}
	(void)bk_goal("event streams open", (double)(streams - lg_streams_lost(g)), "", 18000,
	              true);
	(void)bk_goal("durable POST a second, no error, p99 within 50 ms", held, "", 23000, true);
	lg_free(g);
}

/* A part of its own: the board of 200 open requests wants a database without these. */
static void
acts(const struct lg_server *s)
{
	double rate = number_of("DY_BENCH_RATE", 23000);
	struct lg *g = lg_new(s->port);

	bk_title("http: an act on a request at a fixed rate (open loop)");
	(void)fixed_rate(g, s, ".../acts",
	                 (struct lg_load){ .rate = rate,
	                                   .seconds = ACTS / rate < 4 ? ACTS / rate : 4,
	                                   .request = remind,
	                                   .want_status = 200 });
	lg_free(g);
	free(own);
}

static void
board(const struct lg_server *s)
{
	struct lg *g = lg_new(s->port);
	struct lg_result *r = malloc(sizeof(*r));
	char path[] = "/api/v1/requests?view=board&state=open&limit=200";

	DY_ASSERT(r != NULL);
	bk_title("http: the board");
	/* one at a time: the time of an answer is the server's, and one trip over loopback */
	run(g,
	    (struct lg_load){ .rate = 50,
	                      .seconds = BOARD_LISTS / 50.0,
	                      .connections = 1,
	                      .request = get,
	                      .ctx = path,
	                      .want_status = 200 },
	    r);
	double cpu = lg_cpu_s(s);
	struct lg_result *flat = malloc(sizeof(*flat));
	DY_ASSERT(flat != NULL);
	run(g,
	    (struct lg_load){ .seconds = 2,
	                      .connections = 1,
	                      .request = get,
	                      .ctx = path,
	                      .want_status = 200 },
	    flat);
	cpu = (lg_cpu_s(s) - cpu) * 1e6 / (double)(flat->good + 1);
	char note[120];
	(void)snprintf(note, sizeof(note),
	               "CPU %.0f us; at 50/s: p50 %.2f p99 %.2f ms; %llu errors", cpu,
	               (double)bk_hist_at(&r->latency, 0.5) / 1e3,
	               (double)bk_hist_at(&r->latency, 0.99) / 1e3, (unsigned long long)r->errors);
	bk_row("board of 200 open requests", (double)flat->good / flat->seconds,
	       (double)bk_hist_at(&flat->latency, 0.5), 0, note);
	(void)bk_goal("board list, median of back-to-back answers",
	              (double)bk_hist_at(&flat->latency, 0.5) / 1e3, "ms", 2, false);
	lg_free(g);
	free(flat);
	free(r);
}

static const char *
secretary_token(void *ctx, size_t i)
{
	(void)ctx;
	(void)i;
	return seed.secretary.token;
}

static void
creation_to_board(const struct lg_server *s)
{
	struct lg *g = lg_new(s->port);
	struct lg_result *r = malloc(sizeof(*r));
	char note[120];

	DY_ASSERT(r != NULL);
	lg_streams(g, 1, secretary_token, NULL);
	run(g,
	    (struct lg_load){ .rate = FOLLOW_RATE,
	                      .seconds = 5,
	                      .connections = 64,
	                      .request = report,
	                      .want_status = 201,
	                      .follow = true },
	    r);
	(void)snprintf(note, sizeof(note),
	               "p50 %.1f p99 %.1f max %.1f ms; %llu not seen, %llu errors",
	               (double)bk_hist_at(&r->seen, 0.5) / 1e3,
	               (double)bk_hist_at(&r->seen, 0.99) / 1e3, (double)r->seen.max / 1e3,
	               (unsigned long long)r->unseen, (unsigned long long)r->errors);
	bk_row("creation to board, 100 creations/s", (double)r->good / r->seconds,
	       (double)bk_hist_mean(&r->seen), 0, note);
	(void)bk_goal("creation to board, p99",
	              r->unseen > 0 || r->errors > 0 ? 1e9
	                                             : (double)bk_hist_at(&r->seen, 0.99) / 1e3,
	              "ms", 100, false);
	lg_free(g);
	free(r);
}

static void
fill(const char *dir, bool with_acts)
{
	struct dy_store_options options = { 0 };
	struct dy_store *store;
	struct dy_err err = { 0 };
	struct dy_key key;
	char path[700];

	(void)snprintf(path, sizeof(path), "%s/key", dir);
	bk_must(dy_key_load(path, &key, &err), &err, "key");
	(void)snprintf(path, sizeof(path), "%s/danyuan.db", dir);
	options.path = path;
	bk_must(dy_store_open(&options, &store, &err), &err, "open");
	seed_fill(store, &seed, HOUSEHOLDS, RESIDENTS);
	if (with_acts) {
		own = calloc(ACTS, sizeof(*own));
		DY_ASSERT(own != NULL);
		seed_requests(store, &seed, ACTS, own);
	} else {
		seed_requests(store, &seed, BOARD_OPEN, NULL);
	}
	dy_store_close(store);
}

/* One part only: bench_http start|board|flat|fixed|acts. */
static bool
is_wanted(int argc, char **argv, const char *part)
{
	return argc < 2 || strcmp(argv[1], part) == 0;
}

int
main(int argc, char **argv)
{
	struct lg_server server;
	struct dy_err err = { 0 };

	bk_must(dy_crypto_init(&err), &err, "crypto");
	(void)bk_files_max();
	bool with_acts = argc > 1 && strcmp(argv[1], "acts") == 0;
	fill(bk_folder(), with_acts);
	lg_serve(&server, bk_folder());
	if (is_wanted(argc, argv, "start")) {
		bk_title("http: start, with 8,000 households and 24,000 residents");
		(void)bk_goal("start to listening", server.start_ms, "ms", 500, false);
		(void)bk_goal("idle memory", lg_rss_mb(&server), "MB", 40, false);
	}
	if (is_wanted(argc, argv, "board")) {
		board(&server);
		creation_to_board(&server);
	}
	if (is_wanted(argc, argv, "flat"))
		flat_out_all(&server);
	if (is_wanted(argc, argv, "fixed"))
		durable_posts(&server);
	if (with_acts)
		acts(&server);
	lg_stop(&server);
	seed_free(&seed);
	return bk_end();
}
