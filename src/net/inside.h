/* The engine's own structs, shared by loop.c, conn.c, exchange.c and hub.c. */
#ifndef DY_NET_INSIDE_H
#define DY_NET_INSIDE_H

#include "net/hub.h"
#include "net/server.h"
#include "parser.h"

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#define DY_READ_BYTES    ((size_t)64 * 1024)
#define DY_PIPELINE_MAX  ((size_t)64 * 1024) /* bytes read ahead while an answer is under way */
#define DY_CLIENT_SLOTS  65536               /* per-client counters, by hash of the address */
#define DY_ADDRESS_BYTES 64

enum dy_counter {
	DY_N_ACCEPTED,
	DY_N_REQUESTS,
	DY_N_4XX,
	DY_N_5XX,
	DY_N_FRAMING,
	DY_N_TIMED_OUT,
	DY_N_BYTES_IN,
	DY_N_BYTES_OUT,
	DY_N_FRAMES,
	DY_N_DROPPED,
	DY_N_CONNECTIONS,
	DY_N_STREAMS,
	DY_N_EXCHANGES,
	DY_N_COUNT,
};

enum dy_conn_state {
	DY_CONN_HEAD,      /* waiting for, or in the middle of, a header block */
	DY_CONN_BODY,      /* receiving a body */
	DY_CONN_ANSWERING, /* the program has the exchange */
	DY_CONN_WRITING,   /* the answer did not fit the socket's buffer */
	DY_CONN_STREAM,    /* an event stream */
	DY_CONN_CLOSING,
};

struct dy_exchange {
	struct dy_exchange *next; /* in the loop's pool */
	struct dy_loop *loop;
	struct dy_conn *conn; /* NULL once the client is gone */
	struct dy_arena *arena;
	struct dy_head head;
	struct dy_body_plan plan;
	struct dy_strbuf body;
	char *file;
	int fd;
	bool keep_file;
	uint64_t received;
	uint64_t number;
	int64_t began_us;
	struct dy_str client;
	bool is_tls;
	bool is_answered;
	void *data;
};

struct dy_conn {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	struct dy_loop *loop;
	struct dy_conn *prev, *next;
	enum dy_conn_state state;
	bool in_head; /* the first byte of a request has come: header_ms runs */
	bool keep_alive;
	bool saw_end; /* the client will send no more */
	bool in_process;
	int64_t deadline_ms;  /* monotonic; 0: none */
	size_t stalled_bytes; /* write queue when last looked at */
	struct dy_strbuf in;  /* bytes not yet consumed */
	size_t searched;      /* of in, for the end of the header */
	struct dy_chunks chunks;
	struct dy_exchange *exchange;
	struct dy_stream *events;
	uint32_t client_slot;
	bool counts_client;
	char address[DY_ADDRESS_BYTES];
};

struct dy_loop {
	struct dy_net *net;
	unsigned index;
	pthread_t thread;
	uv_loop_t uv;
	uv_async_t wake;
	uv_timer_t tick;
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} listener;
	bool has_listener;
	bool is_stopping;
	void *ctx;
	struct dy_hub *hub;
	struct dy_conn *conns;
	struct dy_exchange *pool;
	uint16_t *clients; /* [DY_CLIENT_SLOTS] */
	uint64_t next_number;
	int64_t date_s;
	char date[40];
	char *read_buffer;
	struct dy_strbuf head; /* scratch for answer heads */
	pthread_mutex_t lock;  /* guards the tasks and is_closed */
	struct dy_task *first, *last;
	bool is_closed;
	_Atomic bool stop_asked;
	_Atomic int64_t stop_until_ms;
	_Atomic uint64_t counters[DY_N_COUNT];
	enum dy_code start_rc;
	struct dy_err start_err;
};

struct dy_net {
	struct dy_net_options options;
	char *listen;
	unsigned n_loops;
	struct dy_loop *loops;
	uint16_t port;
	char *unix_path;
	pthread_mutex_t lock;
	pthread_cond_t started;
	unsigned n_started;
};

static inline void
dy_count(struct dy_loop *loop, enum dy_counter counter, uint64_t n)
{
	atomic_fetch_add_explicit(&loop->counters[counter], n, memory_order_relaxed);
}

static inline void
dy_uncount(struct dy_loop *loop, enum dy_counter counter)
{
	atomic_fetch_sub_explicit(&loop->counters[counter], 1, memory_order_relaxed);
}

static inline bool
dy_head_has_body(const struct dy_head *head)
{
	return head->is_chunked || (head->has_length && head->length > 0);
}

/* conn.c */
void dy_conn_accept(struct dy_loop *loop);
void dy_conn_close(struct dy_conn *conn);
void dy_conn_process(struct dy_conn *conn);  /* works off what is in the buffer */
void dy_conn_answered(struct dy_conn *conn); /* an answer is written: next request, or the end */
void dy_conn_look(struct dy_conn *conn, int64_t now_ms); /* deadlines; may close */
void dy_conn_fault(struct dy_conn *conn, int status);    /* framing: answers by itself and closes */
/* Writes all or queues a copy of the rest; false when the connection had to be closed. */
bool dy_conn_write(struct dy_conn *conn, struct dy_str head, struct dy_str body);

/* exchange.c */
struct dy_exchange *dy_exchange_take(struct dy_conn *conn);
void dy_exchange_drop(struct dy_exchange *x); /* back into the pool */
const char *dy_loop_date(struct dy_loop *loop);
const char *dy_status_text(int status);

/* hub.c */
struct dy_hub *dy_hub_new(struct dy_loop *loop);
void dy_hub_free(struct dy_hub *hub);
void dy_stream_gone(struct dy_stream *stream); /* its connection closes */
void dy_hub_turn(struct dy_hub *hub);          /* before the streams are looked at */
void dy_stream_beat(struct dy_stream *stream, int64_t now_ms); /* heartbeat when it is time */
void dy_stream_farewell(struct dy_stream *stream);             /* retry: with jitter, then close */

#endif
