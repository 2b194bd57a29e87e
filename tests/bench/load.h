/* Load generator: one thread, epoll, keep-alive connections, no pipelining.
 *
 * Open loop: request k is due at start + k / rate, whatever became of those before it, and its latency counts from
 * then: a server that stalls pays for every request it made wait (no coordinated omission). When no connection is
 * free the request waits in the schedule, on the clock.
 * Source addresses are 127.0.1.1 and up, so that neither the ports of one address nor the server's limit for one
 * client bounds the run. */
#ifndef DY_BENCH_LOAD_H
#define DY_BENCH_LOAD_H

#include "kit.h"

#include <stdint.h>
#include <sys/types.h>

/* The program under load, as a process of its own. */
struct lg_server {
	pid_t pid;
	uint16_t port;
	double start_ms; /* from fork to "listening" */
	int out;
};
void lg_serve(struct lg_server *s, const char *data_dir);
/* The least server: reads to the end of a request, answers 201 with as many bytes; a GET it answers with an event
 * stream's head, and each POST sends one event to all of those. One thread, one process. */
void lg_serve_bare(struct lg_server *s, size_t answer_bytes);
void lg_stop(struct lg_server *s);
double lg_cpu_s(const struct lg_server *s); /* user and system so far */
/* ... of its threads by their work: loops, the writer, the rest. */
struct lg_threads {
	double loops_s, writer_s, rest_s;
	double writer_waits_s; /* the writer could have run and had no core */
};
struct lg_threads lg_threads(const struct lg_server *s);
double lg_rss_mb(const struct lg_server *s); /* resident memory */

struct lg;
struct lg *lg_new(uint16_t port);
void lg_free(struct lg *g);

/* Opens n event streams, stream i with the cookie that token(ctx, i) gives; returns when all have their head. */
void lg_streams(struct lg *g, size_t n, const char *(*token)(void *ctx, size_t i), void *ctx);
size_t lg_streams_lost(const struct lg *g);
uint64_t lg_frames(const struct lg *g); /* events received on all streams since the start */
uint64_t lg_last_frame_us(const struct lg *g);
/* Reads what streams have for us until so many frames came or the time is over; returns frames so far. */
uint64_t lg_listen(struct lg *g, uint64_t frames, int64_t until_us);

struct lg_load {
	double rate; /* a second; 0: as fast as answers come (closed loop) */
	double seconds;
	size_t connections;
	/* Writes request k; returns its length. */
	size_t (*request)(void *ctx, uint64_t k, char *out, size_t cap);
	void *ctx;
	int want_status;
	/* From the answer and the events: ids of subjects, to see when one reached a stream. */
	bool follow;
};
struct lg_result {
	struct bk_hist latency; /* us from the due time to the whole answer */
	struct bk_hist
		seen; /* us from the due time until the first stream had the event; with .follow */
	uint64_t sent, good, errors, unseen;
	int bad_status;        /* one of them */
	double seconds, cpu_s; /* cpu of this process */
};
void lg_run(struct lg *g, const struct lg_load *load, struct lg_result *out);

#endif
