/* The connection engine: HTTP/1.1 over libuv, one loop per thread, each with its own listener.
 *
 * An exchange is one request and its answer. The engine parses and frames strictly, applies limits and
 * absolute deadlines, streams uploads to files, and leaves meaning to three callbacks.
 * Ownership: an exchange belongs to the engine and lives until it was answered AND dy_exchange_reply() or
 *   dy_exchange_stream() returned; when the client vanishes first, on_gone is called and the exchange
 *   stays valid until it is answered (the answer is then dropped).
 * Threads: every function on an exchange is called on its loop's thread. Other threads hand work over
 *   with dy_loop_post().
 * Errors: framing faults are answered by the engine itself (400, 408, 411, 413, 414, 431, 501, 505) with a
 *   short problem document and a close. */
#ifndef DY_NET_SERVER_H
#define DY_NET_SERVER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "net/router.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dy_net;
struct dy_loop;
struct dy_exchange;

/* What the program decides once the header is complete. */
struct dy_body_plan {
	size_t max;     /* bytes; more is 413 */
	bool to_file;   /* stream to a temporary file in options.upload_dir */
	bool mandatory; /* no Content-Length and not chunked: 411 */
};

struct dy_net_options {
	const char *listen;       /* "127.0.0.1:8080", "[::1]:8080", "unix:/path" */
	unsigned loops;           /* 0: one per core */
	const char *upload_dir;   /* where uploads are streamed to; removed when not taken */
	unsigned connections_max; /* 0: from the fd limit */
	unsigned per_client_max;  /* connections of one address; 0: 256 */
	const char *const
		*proxies; /* addresses whose X-Forwarded-For is believed; NULL-terminated */
	/* Deadlines in ms; 0 takes the default of architecture.md 7a. */
	unsigned header_ms, body_ms, keep_alive_ms, write_stall_ms, heartbeat_ms;
	void *ctx;
	/* Called once per loop on its thread before it serves; *loop_ctx is what dy_loop_ctx() gives. */
	enum dy_code (*on_loop_start)(void *ctx, struct dy_loop *loop, void **loop_ctx,
	                              struct dy_err *err);
	void (*on_loop_stop)(void *ctx, struct dy_loop *loop, void *loop_ctx);
	/* Header complete. Either answer at once with dy_exchange_reply(), or fill *plan. */
	void (*on_head)(void *ctx, struct dy_exchange *x, struct dy_body_plan *plan);
	/* Body complete. Answer now or later. */
	void (*on_request)(void *ctx, struct dy_exchange *x);
	/* The client is gone before the answer; the exchange still has to be answered. May be NULL. */
	void (*on_gone)(void *ctx, struct dy_exchange *x);
};

/* Binds and starts the loops; returns once all listeners accept. */
enum dy_code dy_net_start(const struct dy_net_options *options, struct dy_net **out,
                          struct dy_err *err) DY_NODISCARD;
uint16_t dy_net_port(const struct dy_net *net); /* the bound port, for ":0" */
unsigned dy_net_loops(const struct dy_net *net);
struct dy_loop *dy_net_loop(struct dy_net *net, unsigned i);
/* Graceful: stops accepting, waits for answers under way, tells streams to come back (retry: with jitter),
 * closes; at most grace_ms. Call from a thread that is not a loop. Frees net, unless exchanges are still unanswered
 * by then: tasks posted to its loops are then kept and never run, and the memory is left to the end of the program. */
void dy_net_stop(struct dy_net *net, unsigned grace_ms);

/* Loops */
unsigned dy_loop_index(const struct dy_loop *loop);
void *dy_loop_ctx(struct dy_loop *loop);
struct dy_hub *dy_loop_hub(struct dy_loop *loop);
struct dy_task {
	struct dy_task *next;
	void (*fn)(struct dy_task *task, struct dy_loop *loop);
};
/* Hands a chain of tasks (linked by next) to a loop: one wake-up for all. Any thread. */
void dy_loop_post(struct dy_loop *loop, struct dy_task *first);

/* The request */
struct dy_loop *dy_exchange_loop(struct dy_exchange *x);
enum dy_method dy_exchange_method(const struct dy_exchange *x);
struct dy_str dy_exchange_path(const struct dy_exchange *x);  /* still percent-encoded, no query */
struct dy_str dy_exchange_query(const struct dy_exchange *x); /* without '?' */
struct dy_str dy_exchange_header(const struct dy_exchange *x, const char *lower_name);
struct dy_str dy_exchange_cookie(const struct dy_exchange *x, const char *name);
struct dy_str dy_exchange_body(const struct dy_exchange *x);
const char *dy_exchange_file(const struct dy_exchange *x); /* path of the upload, or NULL */
/* The upload stays on disk after the answer: its path is the caller's to remove. */
void dy_exchange_keep_file(struct dy_exchange *x);
struct dy_str dy_exchange_client(const struct dy_exchange *x); /* address, after trusted proxies */
bool dy_exchange_is_tls(const struct dy_exchange *x); /* X-Forwarded-Proto of a trusted proxy */
struct dy_arena *dy_exchange_arena(struct dy_exchange *x); /* reset after the answer */
uint64_t dy_exchange_number(const struct dy_exchange *x);  /* request id for logs and problems */
void *dy_exchange_data(const struct dy_exchange *x);       /* the program's own pointer */
void dy_exchange_set_data(struct dy_exchange *x, void *data);
bool dy_exchange_is_gone(const struct dy_exchange *x);
int64_t dy_exchange_began_us(const struct dy_exchange *x);

/* The answer */
struct dy_header {
	const char *name;
	struct dy_str value; /* CR, LF or NUL in a value is a programming mistake and aborts */
};
struct dy_reply {
	int status;
	const char *type; /* Content-Type, or NULL without a body */
	struct dy_str body;
	bool body_is_static; /* body outlives the server: not copied */
	const struct dy_header *headers;
	size_t n_headers;
	bool close; /* end the connection after this answer */
};
void dy_exchange_reply(struct dy_exchange *x, const struct dy_reply *reply);

/* Query values, percent-decoded; false when absent or wrongly encoded. */
bool dy_query_get(struct dy_arena *arena, struct dy_str query, const char *name,
                  struct dy_str *out);
/* %XX decoding of one path segment or query value; false on bad input, NUL or bad UTF-8. */
bool dy_percent_decode(struct dy_arena *arena, struct dy_str text, bool plus_is_blank,
                       struct dy_str *out);

struct dy_net_stats {
	uint64_t accepted, requests, answered_4xx, answered_5xx, framing_faults, timed_out;
	uint64_t bytes_in, bytes_out, frames_sent, streams_dropped;
	uint32_t connections, streams, exchanges;
};
void dy_net_stats(struct dy_net *net, struct dy_net_stats *out); /* sums of relaxed counters */

#endif
