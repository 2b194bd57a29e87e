/* Bench of event streams: what an idle one costs, and how long one event takes to reach all of them.
 *
 * The streams are the secretary's: they stand in the room that every report goes to. The event is a real one: a
 * resident reports a need over HTTP, durably; time counts from sending the report to the last stream's event.
 * Bare loop: a single epoll process that sends the same bytes to as many sockets for each request.
 * Environment: DY_BENCH_STREAMS (default 18000). */
#include "load.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>

#define HOUSEHOLDS  200
#define RESIDENTS   200
#define ROUNDS      11
#define SPARE_FILES 128
#define WAIT_US     INT64_C(20000000)
#define IDLE_US     INT64_C(5000000)

static struct seed seed;
static uint64_t n_reports;

static const char *
token(void *ctx, size_t i)
{
	(void)ctx;
	(void)i;
	return seed.secretary.token;
}

static size_t
report(void *ctx, uint64_t k, char *out, size_t cap)
{
	static const char body[] = "{\"category\":\"REPR\",\"text\":\"三楼楼道里的灯不亮了\"}";
	int n = snprintf(out, cap,
	                 "POST /api/v1/requests HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	                 "Origin: http://127.0.0.1\r\nCookie: dy_session=%s\r\n"
	                 "Idempotency-Key: bench-sse-%llu\r\n"
	                 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	                 seed.residents[0].token, (unsigned long long)n_reports++, sizeof(body) - 1,
	                 body);
	(void)ctx;
	(void)k;
	return (size_t)n;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Median time of one event to all streams, us. */
static double
fan_out(const char *what, const struct lg_server *s, struct lg *g, size_t streams, double bare)
{
	struct lg_result *r = malloc(sizeof(*r));
	int64_t took[ROUNDS];
	char note[160];

	DY_ASSERT(r != NULL);
	double cpu = lg_cpu_s(s);
	for (size_t i = 0; i < ROUNDS; i++) {
		struct lg_load one = { .rate = 1000,
			               .seconds = 0.001,
			               .connections = 1,
			               .request = report,
			               .want_status = 201 };
		uint64_t want = lg_frames(g) + streams;
		int64_t began = bk_now_us();
		lg_run(g, &one, r);
		if (r->good != 1 || lg_listen(g, want, began + WAIT_US) < want)
			bk_fail("an event did not reach every stream");
		took[i] = (int64_t)lg_last_frame_us(g) - began;
	}
	cpu = (lg_cpu_s(s) - cpu) * 1e6 / (double)(ROUNDS * streams);
	qsort(took, ROUNDS, sizeof(took[0]), by_size);
	double each = (double)took[ROUNDS / 2] / (double)streams;
	(void)snprintf(note, sizeof(note),
	               "median of %d: %.0f ms (%.0f to %.0f); server CPU %.1f us a send", ROUNDS,
	               (double)took[ROUNDS / 2] / 1e3, (double)took[0] / 1e3,
	               (double)took[ROUNDS - 1] / 1e3, cpu);
	bk_row(what, 1e6 / each, each, bare > 0 ? each / bare : 0, note);
	free(r);
	return each;
}

static void
idle(const struct lg_server *s, struct lg *g, double rss, size_t streams)
{
	double cpu = lg_cpu_s(s);

	(void)lg_listen(g, UINT64_MAX, bk_now_us() + IDLE_US);
	(void)printf(
		"  idle: %.2f KiB of the server's memory for each stream, %.1f %% of a core for "
		"all\n",
		(lg_rss_mb(s) - rss) * 1024 / (double)streams,
		(lg_cpu_s(s) - cpu) * 1e8 / (double)IDLE_US);
}

static void
fill(const char *dir)
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
	dy_store_close(store);
}

int
main(void)
{
	const char *text = getenv("DY_BENCH_STREAMS");
	size_t streams = text != NULL ? (size_t)strtoul(text, NULL, 10) : 18000;
	struct lg_server server, bare;
	struct dy_err err = { 0 };

	bk_must(dy_crypto_init(&err), &err, "crypto");
	unsigned fds = bk_files_max();
	if (streams + SPARE_FILES > fds)
		streams = fds - SPARE_FILES;
	fill(bk_folder());
	bk_title("sse: one event to every stream; us each is for one send");
	(void)printf("  %zu streams; files: at most %u for each process\n", streams, fds);
	lg_serve_bare(&bare, 1100);
	struct lg *g = lg_new(bare.port);
	lg_streams(g, streams, token, NULL);
	double base = fan_out("bare loop: send to each socket", &bare, g, streams, 0);
	lg_free(g);
	lg_stop(&bare);
	lg_serve(&server, bk_folder());
	double rss = lg_rss_mb(&server);
	g = lg_new(server.port);
	lg_streams(g, streams, token, NULL);
	double each = fan_out("a report to every stream", &server, g, streams, base);
	idle(&server, g, rss, streams);
	(void)bk_goal("event streams open", (double)(streams - lg_streams_lost(g)), "", 18000,
	              true);
	(void)bk_goal("one event to all streams", each * (double)streams / 1e3, "ms", 1000, false);
	lg_free(g);
	lg_stop(&server);
	seed_free(&seed);
	return bk_end();
}
