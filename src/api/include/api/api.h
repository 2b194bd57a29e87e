/* HTTP to use cases: the routes of openapi/danyuan.yaml on top of the connection engine.
 *
 * A GET runs on its loop with that loop's reader. A write is decoded on the loop, does its slow part (passwords,
 *   pictures) on a small pool, runs as a job of the store's writer, and is answered only after the commit; answers
 *   come back in one wake-up per batch and loop.
 * Ownership: the options' pointers must outlive the api; dy_api_close() after dy_net_stop() and dy_store_close().
 * Threads: dy_api_open/close by one thread; everything else happens on loops, pools and the writer. */
#ifndef DY_API_API_H
#define DY_API_API_H

#include "base/crypto.h"
#include "net/server.h"
#include "store/store.h"

struct dy_api;

struct dy_api_options {
	const char *data_dir; /* holds photos/ and uploads/, made when absent */
	const char *web_dir;  /* built web app, or NULL */
	const char *
		public_url; /* "https://dy.example.cn", for posters and the Origin check; "" for the Host header */
	const char *
		metrics_from; /* addresses that may read /metrics besides loopback, by comma; "*": all */
	const struct dy_key *key;
	unsigned password_threads; /* 0: 2 */
	bool unlimited;            /* benches and load tests: no rate limits */
};

enum dy_code dy_api_open(const struct dy_api_options *options, struct dy_api **out,
                         struct dy_err *err) DY_NODISCARD;
void dy_api_close(struct dy_api *api); /* NULL is fine */

/* Fills on_events, on_batch_end and ctx: before dy_store_open(). */
void dy_api_bind_store(struct dy_api *api, struct dy_store_options *options);
/* After dy_store_open(), before dy_net_start(): fills the callbacks, ctx and upload_dir. */
void dy_api_bind_net(struct dy_api *api, struct dy_store *store, struct dy_net_options *options);
/* After dy_net_start(): from here on /readyz says yes. */
void dy_api_ready(struct dy_api *api, struct dy_net *net);
/* Before dy_net_stop(): /readyz says no, new writes are refused. */
void dy_api_unready(struct dy_api *api);

/* One line for each route: "POST /api/v1/requests reportRequest request_report 65536", the last the body limit. */
void dy_api_print_routes(void (*say)(void *ctx, const char *line), void *ctx);

#endif
