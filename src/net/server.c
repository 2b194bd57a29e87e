/* Loops: start, listeners, tasks from other threads, the tick, graceful stop. */
#include "inside.h"

#include "base/thread.h"
#include "base/time.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEADER_MS      10000
#define BODY_MS        10000
#define KEEP_ALIVE_MS  60000
#define WRITE_STALL_MS 30000
#define HEARTBEAT_MS   25000
#define TICK_MS_MAX    250
#define TICK_MS_MIN    10
#define PER_CLIENT_MAX 256
#define BACKLOG        4096
#define SPARE_FDS      64 /* databases, uploads, logs */
#define HEAD_MAX       ((size_t)64 * 1024)

/* Tasks */

void
dy_loop_post(struct dy_loop *loop, struct dy_task *first)
{
	struct dy_task *last = first;

	if (first == NULL)
		return;
	while (last->next != NULL)
		last = last->next;
	(void)pthread_mutex_lock(&loop->lock);
	if (loop->last != NULL)
		loop->last->next = first;
	else
		loop->first = first;
	loop->last = last;
	if (!loop->is_closed) /* under the lock: the wake-up is closed under it too */
		(void)uv_async_send(&loop->wake);
	(void)pthread_mutex_unlock(&loop->lock);
}

static void
tasks_run(struct dy_loop *loop)
{
	(void)pthread_mutex_lock(&loop->lock);
	struct dy_task *task = loop->first;
	loop->first = NULL;
	loop->last = NULL;
	(void)pthread_mutex_unlock(&loop->lock);
	while (task != NULL) {
		struct dy_task *next = task->next; /* the task may free itself */
		task->fn(task, loop);
		task = next;
	}
}

/* Stopping */

static void
stop_begin(struct dy_loop *loop)
{
	struct dy_conn *next;

	loop->is_stopping = true;
	if (loop->has_listener)
		uv_close(&loop->listener.handle, NULL);
	loop->has_listener = false;
	for (struct dy_conn *conn = loop->conns; conn != NULL; conn = next) {
		next = conn->next;
		conn->keep_alive = false;
		if (conn->events != NULL)
			dy_stream_farewell(conn->events);
		else if (conn->state == DY_CONN_HEAD && conn->in.len == 0)
			dy_conn_close(conn);
	}
}

static void
close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void
stop_end(struct dy_loop *loop)
{
	while (loop->conns != NULL)
		dy_conn_close(loop->conns);
	uv_walk(&loop->uv, close_handle, NULL);
}

static bool
work_is_left(const struct dy_loop *loop)
{
	return loop->conns != NULL || atomic_load(&loop->counters[DY_N_EXCHANGES]) > 0;
}

static void
on_wake(uv_async_t *wake)
{
	struct dy_loop *loop = wake->data;

	tasks_run(loop);
	if (atomic_load(&loop->stop_asked) && !loop->is_stopping)
		stop_begin(loop);
}

static void
on_tick(uv_timer_t *tick)
{
	struct dy_loop *loop = tick->data;
	int64_t now_ms = dy_tick_ms();
	struct dy_conn *next;

	dy_hub_turn(loop->hub);
	for (struct dy_conn *conn = loop->conns; conn != NULL; conn = next) {
		next = conn->next;
		dy_conn_look(conn, now_ms);
	}
	if (!loop->is_stopping)
		return;
	if (!work_is_left(loop) || now_ms > atomic_load(&loop->stop_until_ms))
		uv_stop(&loop->uv); /* loop_close() does the rest */
}

/* Listeners */

static void
on_connection(uv_stream_t *listener, int status)
{
	if (status == 0)
		dy_conn_accept(listener->data);
}

static int
socket_bound(const struct addrinfo *at, uint16_t port)
{
	struct sockaddr_storage address = { 0 };
	int on = 1;

	memcpy(&address, at->ai_addr, at->ai_addrlen);
	if (at->ai_family == AF_INET6)
		((struct sockaddr_in6 *)(void *)&address)->sin6_port = htons(port);
	else
		((struct sockaddr_in *)(void *)&address)->sin_port = htons(port);
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&address, at->ai_addrlen) != 0) {
		int kept = errno;
		(void)close(fd);
		errno = kept;
		return -1;
	}
	return fd;
}

static uint16_t
port_of(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address = { .v6 = { 0 } };
	socklen_t len = sizeof(address);

	if (getsockname(fd, &address.any, &len) != 0)
		return 0;
	return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port
	                                               : address.v4.sin_port);
}

/* "host:port" or "[v6]:port". */
static enum dy_code
address_split(const char *listen, struct dy_str *host, uint16_t *port, struct dy_err *err)
{
	struct dy_str all = dy_str_from(listen);
	const char *colon = strrchr(listen, ':');
	uint64_t number;

	if (colon == NULL || !dy_str_to_u64(dy_str_from(colon + 1), &number) || number > 65535)
		return dy_raise(err, DY_E_INPUT, "/listen",
		                "'%s' is not HOST:PORT, [HOST]:PORT or unix:PATH", listen);
	*host = dy_str_slice(all, 0, (size_t)(colon - listen));
	if (host->len > 2 && host->ptr[0] == '[' && host->ptr[host->len - 1] == ']')
		*host = dy_str_slice(*host, 1, host->len - 1);
	*port = (uint16_t)number;
	return DY_OK;
}

static enum dy_code
listen_tcp(struct dy_loop *loop, struct dy_err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
	struct addrinfo *found = NULL;
	struct dy_str host;
	char name[DY_ADDRESS_BYTES];
	uint16_t port;

	DY_TRY(address_split(loop->net->listen, &host, &port, err));
	(void)snprintf(name, sizeof(name), "%.*s", DY_FMT(host));
	if (getaddrinfo(name, NULL, &hints, &found) != 0)
		return dy_raise(err, DY_E_INPUT, "/listen", "'%s' is not an address", name);
	int fd = socket_bound(found, loop->net->port != 0 ? loop->net->port : port);
	freeaddrinfo(found);
	if (fd < 0)
		return dy_raise(err, DY_E_IO, "/listen", "cannot listen on %s: %s",
		                loop->net->listen, strerror(errno));
	if (loop->net->port == 0)
		loop->net->port = port_of(fd);
	(void)uv_tcp_init(&loop->uv, &loop->listener.tcp);
	loop->listener.handle.data = loop;
	loop->has_listener = true;
	if (uv_tcp_open(&loop->listener.tcp, fd) != 0 ||
	    uv_listen(&loop->listener.stream, BACKLOG, on_connection) != 0)
		return dy_raise(err, DY_E_IO, "/listen", "cannot listen on %s", loop->net->listen);
	return DY_OK;
}

static enum dy_code
listen_unix(struct dy_loop *loop, struct dy_err *err)
{
	const char *path = loop->net->unix_path;

	if (loop->index > 0)
		return DY_OK; /* one loop serves a local socket */
	(void)unlink(path);
	(void)uv_pipe_init(&loop->uv, &loop->listener.pipe, 0);
	loop->listener.handle.data = loop;
	loop->has_listener = true;
	if (uv_pipe_bind(&loop->listener.pipe, path) != 0 ||
	    uv_listen(&loop->listener.stream, BACKLOG, on_connection) != 0)
		return dy_raise(err, DY_E_IO, "/listen", "cannot listen on %s", path);
	return DY_OK;
}

/* The thread of a loop */

static unsigned
tick_ms(const struct dy_net_options *o)
{
	unsigned least = o->header_ms;

	least = o->body_ms < least ? o->body_ms : least;
	least = o->keep_alive_ms < least ? o->keep_alive_ms : least;
	least = o->write_stall_ms < least ? o->write_stall_ms : least;
	least = o->heartbeat_ms < least ? o->heartbeat_ms : least;
	least /= 4;
	return least < TICK_MS_MIN ? TICK_MS_MIN : least > TICK_MS_MAX ? TICK_MS_MAX : least;
}

static enum dy_code
loop_open(struct dy_loop *loop, struct dy_err *err)
{
	struct dy_net *net = loop->net;

	if (uv_loop_init(&loop->uv) != 0)
		return dy_raise(err, DY_E_IO, "", "cannot make an event loop");
	loop->read_buffer = malloc(DY_READ_BYTES);
	loop->clients = calloc(DY_CLIENT_SLOTS, sizeof(loop->clients[0]));
	DY_ASSERT(loop->read_buffer != NULL && loop->clients != NULL);
	dy_strbuf_init(&loop->head, HEAD_MAX);
	(void)uv_async_init(&loop->uv, &loop->wake, on_wake);
	loop->wake.data = loop;
	(void)uv_timer_init(&loop->uv, &loop->tick);
	loop->tick.data = loop;
	unsigned every = tick_ms(&net->options);
	(void)uv_timer_start(&loop->tick, on_tick, every, every);
	loop->hub = dy_hub_new(loop);
	return net->unix_path != NULL ? listen_unix(loop, err) : listen_tcp(loop, err);
}

static void
loop_close(struct dy_loop *loop)
{
	(void)pthread_mutex_lock(&loop->lock);
	loop->is_closed = true;
	(void)pthread_mutex_unlock(&loop->lock);
	stop_end(loop);
	tasks_run(loop); /* answers that came meanwhile find their clients gone */
	(void)uv_run(&loop->uv, UV_RUN_DEFAULT);
	(void)uv_loop_close(&loop->uv);
	dy_hub_free(loop->hub);
	while (loop->pool != NULL) {
		struct dy_exchange *x = loop->pool;
		loop->pool = x->next;
		dy_arena_free(x->arena);
		dy_strbuf_release(&x->body);
		free(x);
	}
	dy_strbuf_release(&loop->head);
	free(loop->read_buffer);
	free(loop->clients);
}

static void *
loop_main(void *arg)
{
	struct dy_loop *loop = arg;
	struct dy_net *net = loop->net;
	bool has_ctx = false;

	dy_thread_name("dy-loop");
	if (loop->start_rc == DY_OK && net->options.on_loop_start != NULL) {
		loop->start_rc = net->options.on_loop_start(net->options.ctx, loop, &loop->ctx,
		                                            &loop->start_err);
		has_ctx = loop->start_rc == DY_OK;
	}
	bool serves = loop->start_rc == DY_OK;
	(void)pthread_mutex_lock(&net->lock);
	net->n_started++;
	(void)pthread_cond_signal(&net->started);
	(void)pthread_mutex_unlock(&net->lock);
	if (serves)
		(void)uv_run(&loop->uv, UV_RUN_DEFAULT);
	loop_close(loop);
	if (has_ctx && net->options.on_loop_stop != NULL)
		net->options.on_loop_stop(net->options.ctx, loop, loop->ctx);
	return NULL;
}

/* The server */

static unsigned
fd_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1024;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur > 4000000 ? 4000000u : (unsigned)limit.rlim_cur;
}

static void
defaults(struct dy_net_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned fds = fd_limit();

	o->loops = o->loops != 0 ? o->loops : cores > 0 && cores < 256 ? (unsigned)cores : 1;
	o->header_ms = o->header_ms != 0 ? o->header_ms : HEADER_MS;
	o->body_ms = o->body_ms != 0 ? o->body_ms : BODY_MS;
	o->keep_alive_ms = o->keep_alive_ms != 0 ? o->keep_alive_ms : KEEP_ALIVE_MS;
	o->write_stall_ms = o->write_stall_ms != 0 ? o->write_stall_ms : WRITE_STALL_MS;
	o->heartbeat_ms = o->heartbeat_ms != 0 ? o->heartbeat_ms : HEARTBEAT_MS;
	o->per_client_max = o->per_client_max != 0 ? o->per_client_max : PER_CLIENT_MAX;
	if (o->per_client_max > UINT16_MAX)
		o->per_client_max = UINT16_MAX;
	unsigned room = fds > 2 * SPARE_FDS ? (fds - SPARE_FDS) / o->loops : fds / 2;
	o->connections_max = o->connections_max != 0 ? o->connections_max : room;
}

static void
net_free(struct dy_net *net)
{
	for (unsigned i = 0; i < net->n_loops; i++)
		(void)pthread_mutex_destroy(&net->loops[i].lock);
	if (net->unix_path != NULL)
		(void)unlink(net->unix_path);
	(void)pthread_mutex_destroy(&net->lock);
	(void)pthread_cond_destroy(&net->started);
	free(net->unix_path);
	free(net->listen);
	free(net->loops);
	free(net);
}

static void
net_join(struct dy_net *net, unsigned n, unsigned grace_ms)
{
	for (unsigned i = 0; i < n; i++) {
		struct dy_loop *loop = &net->loops[i];
		if (loop->start_rc != DY_OK)
			continue;
		atomic_store(&loop->stop_until_ms, dy_tick_ms() + grace_ms);
		atomic_store(&loop->stop_asked, true);
		(void)uv_async_send(&loop->wake);
	}
	for (unsigned i = 0; i < n; i++)
		(void)pthread_join(net->loops[i].thread, NULL);
}

enum dy_code
dy_net_start(const struct dy_net_options *options, struct dy_net **out, struct dy_err *err)
{
	struct dy_net *net = calloc(1, sizeof(*net));
	enum dy_code rc = DY_OK;

	DY_ASSERT(net != NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	net->options = *options;
	defaults(&net->options);
	net->listen = strdup(options->listen);
	if (strncmp(options->listen, "unix:", 5) == 0)
		net->unix_path = strdup(options->listen + 5);
	net->n_loops = net->options.loops;
	net->loops = calloc(net->n_loops, sizeof(net->loops[0]));
	DY_ASSERT(net->listen != NULL && net->loops != NULL);
	(void)pthread_mutex_init(&net->lock, NULL);
	(void)pthread_cond_init(&net->started, NULL);
	for (unsigned i = 0; i < net->n_loops; i++) {
		struct dy_loop *loop = &net->loops[i];
		loop->net = net;
		loop->index = i;
		(void)pthread_mutex_init(&loop->lock, NULL);
		loop->start_rc = rc == DY_OK ? loop_open(loop, &loop->start_err) : DY_E_CANCELLED;
		rc = rc == DY_OK ? loop->start_rc : rc;
	}
	unsigned n = 0;
	for (; n < net->n_loops; n++) {
		if (net->loops[n].start_rc == DY_E_CANCELLED ||
		    pthread_create(&net->loops[n].thread, NULL, loop_main, &net->loops[n]) != 0)
			break;
	}
	(void)pthread_mutex_lock(&net->lock);
	while (net->n_started < n)
		(void)pthread_cond_wait(&net->started, &net->lock);
	(void)pthread_mutex_unlock(&net->lock);
	for (unsigned i = 0; i < n; i++) {
		if (net->loops[i].start_rc != DY_OK && err != NULL)
			*err = net->loops[i].start_err;
		rc = net->loops[i].start_rc != DY_OK ? net->loops[i].start_rc : rc;
	}
	if (rc == DY_OK && n < net->n_loops)
		rc = dy_raise(err, DY_E_IO, "", "cannot start the loop threads");
	if (rc != DY_OK) {
		net_join(net, n, 0);
		net_free(net);
		return rc;
	}
	*out = net;
	return DY_OK;
}

void
dy_net_stop(struct dy_net *net, unsigned grace_ms)
{
	struct dy_net_stats stats;

	if (net == NULL)
		return;
	net_join(net, net->n_loops, grace_ms);
	dy_net_stats(net, &stats);
	if (stats.exchanges == 0)
		net_free(net);
	/* else the program still holds exchanges: their loops stay, so that a late answer has somewhere to go */
}

uint16_t
dy_net_port(const struct dy_net *net)
{
	return net->port;
}

unsigned
dy_net_loops(const struct dy_net *net)
{
	return net->n_loops;
}

struct dy_loop *
dy_net_loop(struct dy_net *net, unsigned i)
{
	DY_ASSERT(i < net->n_loops);
	return &net->loops[i];
}

unsigned
dy_loop_index(const struct dy_loop *loop)
{
	return loop->index;
}

void *
dy_loop_ctx(struct dy_loop *loop)
{
	return loop->ctx;
}

struct dy_hub *
dy_loop_hub(struct dy_loop *loop)
{
	return loop->hub;
}

void
dy_net_stats(struct dy_net *net, struct dy_net_stats *out)
{
	uint64_t sum[DY_N_COUNT] = { 0 };

	for (unsigned i = 0; i < net->n_loops; i++) {
		for (int c = 0; c < DY_N_COUNT; c++)
			sum[c] += atomic_load_explicit(&net->loops[i].counters[c],
			                               memory_order_relaxed);
	}
	*out = (struct dy_net_stats){
		.accepted = sum[DY_N_ACCEPTED],
		.requests = sum[DY_N_REQUESTS],
		.answered_4xx = sum[DY_N_4XX],
		.answered_5xx = sum[DY_N_5XX],
		.framing_faults = sum[DY_N_FRAMING],
		.timed_out = sum[DY_N_TIMED_OUT],
		.bytes_in = sum[DY_N_BYTES_IN],
		.bytes_out = sum[DY_N_BYTES_OUT],
		.frames_sent = sum[DY_N_FRAMES],
		.streams_dropped = sum[DY_N_DROPPED],
		.connections = (uint32_t)sum[DY_N_CONNECTIONS],
		.streams = (uint32_t)sum[DY_N_STREAMS],
		.exchanges = (uint32_t)sum[DY_N_EXCHANGES],
	};
}
