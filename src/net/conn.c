/* Connections: reading, framing, deadlines, writing. One exchange at a time on each; what is pipelined waits
 * in the buffer. */
#include "inside.h"

#include "base/crypto.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
deadline_set(struct dy_conn *conn, unsigned ms)
{
	conn->deadline_ms = dy_tick_ms() + ms;
}

/* Between requests a connection may idle; from the first byte on, the header has its own deadline. */
static void
head_expect(struct dy_conn *conn)
{
	const struct dy_net_options *options = &conn->loop->net->options;

	conn->in_head = conn->in.len > 0;
	deadline_set(conn, conn->in_head ? options->header_ms : options->keep_alive_ms);
}

static void
on_closed(uv_handle_t *handle)
{
	struct dy_conn *conn = handle->data;

	dy_strbuf_release(&conn->in);
	free(conn);
}

void
dy_conn_close(struct dy_conn *conn)
{
	struct dy_loop *loop = conn->loop;

	if (conn->state == DY_CONN_CLOSING)
		return;
	bool program_has_it = conn->state == DY_CONN_ANSWERING;
	conn->state = DY_CONN_CLOSING;
	if (conn->events != NULL)
		dy_stream_gone(conn->events);
	conn->events = NULL;
	struct dy_exchange *x = conn->exchange;
	conn->exchange = NULL;
	if (x != NULL) {
		x->conn = NULL;
		if (!program_has_it)
			dy_exchange_drop(x);
		else if (loop->net->options.on_gone != NULL)
			loop->net->options.on_gone(loop->net->options.ctx, x);
	}
	if (conn->prev != NULL)
		conn->prev->next = conn->next;
	else
		loop->conns = conn->next;
	if (conn->next != NULL)
		conn->next->prev = conn->prev;
	if (conn->counts_client)
		loop->clients[conn->client_slot]--;
	dy_uncount(loop, DY_N_CONNECTIONS);
	uv_close(&conn->uv.handle, on_closed);
}

/* Writing */

struct write {
	uv_write_t req;
	struct dy_conn *conn;
	char bytes[];
};

static void
on_written(uv_write_t *req, int status)
{
	struct write *w = (struct write *)req;
	struct dy_conn *conn = w->conn;

	free(w);
	if (conn->state == DY_CONN_CLOSING)
		return;
	if (status < 0)
		dy_conn_close(conn);
	else if (conn->state == DY_CONN_WRITING &&
	         uv_stream_get_write_queue_size(&conn->uv.stream) == 0)
		dy_conn_answered(conn);
}

static bool
write_rest(struct dy_conn *conn, struct dy_str head, struct dy_str body, size_t sent)
{
	size_t from_head = sent < head.len ? head.len - sent : 0;
	size_t from_body = sent > head.len ? body.len - (sent - head.len) : body.len;

	struct write *w = malloc(sizeof(*w) + from_head + from_body);
	DY_ASSERT(w != NULL);
	w->conn = conn;
	if (from_head > 0)
		memcpy(w->bytes, head.ptr + (head.len - from_head), from_head);
	if (from_body > 0)
		memcpy(w->bytes + from_head, body.ptr + (body.len - from_body), from_body);
	uv_buf_t buf = uv_buf_init(w->bytes, (unsigned)(from_head + from_body));
	if (uv_write(&w->req, &conn->uv.stream, &buf, 1, on_written) != 0) {
		free(w);
		dy_conn_close(conn);
		return false;
	}
	conn->stalled_bytes = uv_stream_get_write_queue_size(&conn->uv.stream);
	deadline_set(conn, conn->loop->net->options.write_stall_ms);
	return true;
}

bool
dy_conn_write(struct dy_conn *conn, struct dy_str head, struct dy_str body)
{
	uv_buf_t bufs[2] = {
		uv_buf_init((char *)(uintptr_t)head.ptr, (unsigned)head.len),
		uv_buf_init((char *)(uintptr_t)body.ptr, (unsigned)body.len),
	};
	size_t total = head.len + body.len;

	int n = uv_try_write(&conn->uv.stream, bufs, body.len > 0 ? 2 : 1);
	if (n < 0 && n != UV_EAGAIN) {
		dy_conn_close(conn);
		return false;
	}
	size_t sent = n > 0 ? (size_t)n : 0;
	dy_count(conn->loop, DY_N_BYTES_OUT, total);
	return sent == total || write_rest(conn, head, body, sent);
}

void
dy_conn_fault(struct dy_conn *conn, int status)
{
	char body[256];
	char head[256];

	dy_count(conn->loop, DY_N_FRAMING, 1);
	int n = snprintf(
		body, sizeof(body),
		"{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\","
		"\"code\":\"framing\",\"field\":\"\",\"hint\":\"\",\"request_id\":\"\"}",
		dy_status_text(status), status, dy_status_text(status));
	int m = snprintf(head, sizeof(head),
	                 "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: application/problem+json\r\n"
	                 "Content-Length: %d\r\nX-Content-Type-Options: nosniff\r\n"
	                 "Connection: close\r\n\r\n",
	                 status, dy_status_text(status), dy_loop_date(conn->loop), n);
	if (conn->exchange != NULL)
		dy_exchange_drop(conn->exchange);
	conn->exchange = NULL;
	conn->keep_alive = false;
	conn->state = DY_CONN_WRITING;
	if (dy_conn_write(conn, (struct dy_str){ head, (size_t)m },
	                  (struct dy_str){ body, (size_t)n }) &&
	    uv_stream_get_write_queue_size(&conn->uv.stream) == 0)
		dy_conn_answered(conn);
}

/* Lets the client read the last answer before the reset that unread bytes would cause. */
static void
on_shut(uv_shutdown_t *req, int status)
{
	struct dy_conn *conn = req->data;

	(void)status;
	free(req);
	/* the client's own end, or the deadline, closes */
	if (conn->state != DY_CONN_CLOSING && conn->saw_end)
		dy_conn_close(conn);
}

static void
linger(struct dy_conn *conn)
{
	uv_shutdown_t *req = malloc(sizeof(*req));

	DY_ASSERT(req != NULL);
	req->data = conn;
	deadline_set(conn, 1000);
	conn->stalled_bytes = 0;
	if (uv_shutdown(req, &conn->uv.stream, on_shut) != 0) {
		free(req);
		dy_conn_close(conn);
	}
}

void
dy_conn_answered(struct dy_conn *conn)
{
	if (!conn->keep_alive) {
		if (conn->saw_end)
			dy_conn_close(conn);
		else
			linger(conn);
		return;
	}
	conn->state = DY_CONN_HEAD;
	conn->searched = 0;
	head_expect(conn);
	if (conn->in.len > 0 && !conn->in_process)
		dy_conn_process(conn);
	else if (conn->in.len == 0 && conn->in.cap > 4096)
		dy_strbuf_release(&conn->in); /* an idle connection holds no buffer */
}

/* Bodies */

static void
consume(struct dy_conn *conn, size_t n)
{
	conn->in.len -= n;
	if (conn->in.len > 0)
		memmove(conn->in.ptr, conn->in.ptr + n, conn->in.len);
}

static bool
file_write(struct dy_exchange *x, struct dy_str data)
{
	while (data.len > 0) {
		ssize_t n = write(x->fd, data.ptr, data.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data = dy_str_slice(data, (size_t)n, data.len);
	}
	return true;
}

/* Uploads go to the page cache in pieces of at most 64 KiB: short enough for a loop. */
static bool
body_data(void *ctx, struct dy_str data)
{
	struct dy_exchange *x = ctx;

	x->received += data.len;
	if (x->received > x->plan.max)
		return false;
	if (x->plan.to_file)
		return file_write(x, data);
	dy_strbuf_addstr(&x->body, data);
	return true;
}

static void
body_complete(struct dy_conn *conn)
{
	struct dy_exchange *x = conn->exchange;

	if (x->fd >= 0)
		(void)close(x->fd);
	x->fd = -1;
	conn->state = DY_CONN_ANSWERING;
	conn->deadline_ms = 0;
	conn->loop->net->options.on_request(conn->loop->net->options.ctx, x);
}

static void
body_feed(struct dy_conn *conn)
{
	struct dy_exchange *x = conn->exchange;
	bool done = false;
	int status = 0;

	if (x->head.is_chunked) {
		size_t n = dy_chunks_feed(&conn->chunks, dy_strbuf_str(&conn->in), body_data, x,
		                          &done, &status);
		if (status == 413 && x->received <= x->plan.max)
			status = 503; /* the disk did not take it */
		consume(conn, n <= conn->in.len ? n : conn->in.len);
	} else {
		uint64_t missing = x->head.length - x->received;
		size_t n = conn->in.len < missing ? conn->in.len : (size_t)missing;
		if (n > 0 && !body_data(x, (struct dy_str){ conn->in.ptr, n }))
			status = x->received > x->plan.max ? 413 : 503;
		consume(conn, n);
		done = x->received == x->head.length;
	}
	if (status != 0)
		dy_conn_fault(conn, status);
	else if (done)
		body_complete(conn);
}

/* Not mkostemp(): ThreadSanitizer does not know that it opens a file, and takes the number's earlier owner for it. */
static bool
file_begin(struct dy_exchange *x)
{
	x->file = dy_arena_printf(x->arena, "%s/upload-%016llx", x->loop->net->options.upload_dir,
	                          (unsigned long long)dy_random_u64());
	x->fd = open(x->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (x->fd < 0)
		x->file = NULL;
	return x->fd >= 0;
}

static void
body_begin(struct dy_conn *conn)
{
	struct dy_exchange *x = conn->exchange;
	if (x->plan.mandatory && !x->head.is_chunked && !x->head.has_length) {
		dy_conn_fault(conn, 411);
	} else if (!dy_head_has_body(&x->head)) {
		body_complete(conn);
	} else if (x->head.has_length && x->head.length > x->plan.max) {
		dy_conn_fault(conn, 413);
	} else if (x->plan.to_file && !file_begin(x)) {
		dy_conn_fault(conn, 503);
	} else {
		/* architecture.md 7a: 10 s and 1 s for each KB that may come */
		uint64_t size = x->head.has_length ? x->head.length : x->plan.max;
		deadline_set(conn,
		             conn->loop->net->options.body_ms + (unsigned)(size / 1024) * 1000);
		if (x->head.is_chunked)
			dy_chunks_init(&conn->chunks);
		if (x->head.expects_continue && conn->in.len == 0)
			(void)dy_conn_write(conn, DY_STR("HTTP/1.1 100 Continue\r\n\r\n"),
			                    (struct dy_str){ "", 0 });
	}
}

/* Headers */

static bool
is_proxy(const struct dy_net *net, const char *address)
{
	for (const char *const *p = net->options.proxies; p != NULL && *p != NULL; p++) {
		if (strcmp(*p, address) == 0)
			return true;
	}
	return false;
}

/* A proxy may add a line of its own behind the client's: only the last one is its word. */
static struct dy_str
header_last(const struct dy_exchange *x, const char *name)
{
	for (size_t i = x->head.n_fields; i > 0; i--) {
		if (dy_str_is(x->head.fields[i - 1].name, name))
			return x->head.fields[i - 1].value;
	}
	return (struct dy_str){ "", 0 };
}

/* The last address a trusted proxy has added; what stands before it is the client's own claim. */
static void
client_of(struct dy_exchange *x, const struct dy_conn *conn)
{
	/* a copy: the connection may be gone before the exchange */
	x->client = dy_str_dup(x->arena, dy_str_from(conn->address));
	if (!is_proxy(conn->loop->net, conn->address))
		return;
	struct dy_str list = header_last(x, "x-forwarded-for");
	while (list.len > 0) {
		struct dy_str one = dy_str_trim(dy_str_split(&list, ','));
		if (one.len > 0 && list.len == 0)
			x->client = one;
	}
	x->is_tls = dy_str_ieq(header_last(x, "x-forwarded-proto"), DY_STR("https"));
}

static void
head_complete(struct dy_conn *conn, size_t len)
{
	struct dy_net *net = conn->loop->net;
	struct dy_exchange *x = dy_exchange_take(conn);

	conn->exchange = x;
	char *block = dy_arena_dup(x->arena, conn->in.ptr, len);
	consume(conn, len);
	int status = dy_head_check(block, len, &x->head);
	if (status != 0) {
		dy_conn_fault(conn, status);
		return;
	}
	conn->keep_alive = x->head.keep_alive;
	client_of(x, conn);
	conn->state = DY_CONN_BODY;
	net->options.on_head(net->options.ctx, x, &x->plan);
	/* the program may have answered: then the exchange is no longer ours */
	if (conn->state == DY_CONN_BODY && conn->exchange == x)
		body_begin(conn);
}

/* RFC 9112 2.2: empty lines before a request are skipped. All at once: each cut moves the rest of the buffer. */
static size_t
blank_lines(const struct dy_conn *conn)
{
	size_t n = 0;

	while (conn->in.len - n >= 2 && memcmp(conn->in.ptr + n, "\r\n", 2) == 0)
		n += 2;
	return n;
}

void
dy_conn_process(struct dy_conn *conn)
{
	conn->in_process = true;
	while (conn->state == DY_CONN_HEAD && conn->in.len > 0) {
		int status = 0;
		size_t blank = blank_lines(conn);
		if (blank > 0) {
			consume(conn, blank);
			conn->searched = 0; /* the CR may have come alone before */
			continue;
		}
		size_t len = dy_head_end(dy_strbuf_str(&conn->in), conn->searched, &status);
		conn->searched = conn->in.len;
		if (status != 0) {
			dy_conn_fault(conn, status);
		} else if (len == 0) {
			break;
		} else {
			conn->searched = 0;
			head_complete(conn, len);
		}
		while (conn->state == DY_CONN_BODY && conn->in.len > 0)
			body_feed(conn);
	}
	while (conn->state == DY_CONN_BODY && conn->in.len > 0)
		body_feed(conn);
	conn->in_process = false;
	/* body_feed may have answered and left another request in the buffer */
	if (conn->state == DY_CONN_HEAD && conn->in.len > 0 && conn->searched == 0)
		dy_conn_process(conn);
	/* what is left is cut short for good */
	else if (conn->saw_end && (conn->state == DY_CONN_HEAD || conn->state == DY_CONN_BODY))
		dy_conn_close(conn);
}

/* Reading */

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct dy_conn *conn = handle->data;

	(void)suggested;
	*buf = uv_buf_init(conn->loop->read_buffer, (unsigned)DY_READ_BYTES);
}

static void
on_end(struct dy_conn *conn)
{
	conn->saw_end = true;
	/* a client that half-closes after its requests still gets the answers; streams and idlers end */
	bool lingers = conn->state == DY_CONN_WRITING &&
	               uv_stream_get_write_queue_size(&conn->uv.stream) == 0;
	if (lingers || (conn->state != DY_CONN_ANSWERING && conn->state != DY_CONN_WRITING))
		dy_conn_close(conn);
	else if (conn->in.len == 0)
		conn->keep_alive = false;
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct dy_conn *conn = stream->data;

	if (n == UV_EOF) {
		on_end(conn);
		return;
	}
	if (n < 0) {
		dy_conn_close(conn);
		return;
	}
	dy_count(conn->loop, DY_N_BYTES_IN, (uint64_t)n);
	if (conn->state == DY_CONN_STREAM || (conn->state == DY_CONN_WRITING && !conn->keep_alive))
		return; /* nothing is expected any more */
	dy_strbuf_add(&conn->in, buf->base, (size_t)n);
	/* once for each request: empty lines and drips do not move the deadline */
	if (conn->state == DY_CONN_HEAD && !conn->in_head)
		head_expect(conn);
	if (conn->in.overflow)
		dy_conn_close(conn);
	else if (conn->state == DY_CONN_HEAD || conn->state == DY_CONN_BODY)
		dy_conn_process(conn);
}

static void
address_of(struct dy_conn *conn, bool is_unix)
{
	struct sockaddr_storage peer;
	int len = sizeof(peer);

	(void)snprintf(conn->address, sizeof(conn->address), "local");
	if (is_unix || uv_tcp_getpeername(&conn->uv.tcp, (struct sockaddr *)&peer, &len) != 0)
		return;
	if (peer.ss_family == AF_INET6)
		(void)uv_ip6_name((const struct sockaddr_in6 *)(const void *)&peer, conn->address,
		                  sizeof(conn->address));
	else
		(void)uv_ip4_name((const struct sockaddr_in *)(const void *)&peer, conn->address,
		                  sizeof(conn->address));
}

static bool
client_may(struct dy_conn *conn, bool is_unix)
{
	struct dy_loop *loop = conn->loop;
	struct dy_net_options *options = &loop->net->options;

	if (atomic_load(&loop->counters[DY_N_CONNECTIONS]) > options->connections_max)
		return false;
	if (is_unix || is_proxy(loop->net, conn->address))
		return true;
	conn->client_slot = (uint32_t)(dy_str_hash(dy_str_from(conn->address)) % DY_CLIENT_SLOTS);
	if (loop->clients[conn->client_slot] >= options->per_client_max)
		return false;
	loop->clients[conn->client_slot]++;
	conn->counts_client = true;
	return true;
}

void
dy_conn_accept(struct dy_loop *loop)
{
	bool is_unix = loop->net->unix_path != NULL;
	struct dy_conn *conn = calloc(1, sizeof(*conn));

	DY_ASSERT(conn != NULL);
	conn->loop = loop;
	int rc = is_unix ? uv_pipe_init(&loop->uv, &conn->uv.pipe, 0)
	                 : uv_tcp_init(&loop->uv, &conn->uv.tcp);
	DY_ASSERT(rc == 0);
	conn->uv.handle.data = conn;
	dy_strbuf_init(&conn->in, DY_PIPELINE_MAX + DY_READ_BYTES);
	conn->next = loop->conns;
	if (loop->conns != NULL)
		loop->conns->prev = conn;
	loop->conns = conn;
	dy_count(loop, DY_N_CONNECTIONS, 1);
	dy_count(loop, DY_N_ACCEPTED, 1);
	if (uv_accept(&loop->listener.stream, &conn->uv.stream) != 0) {
		dy_conn_close(conn);
		return;
	}
	address_of(conn, is_unix);
	if (!is_unix)
		(void)uv_tcp_nodelay(&conn->uv.tcp, 1);
	deadline_set(conn, loop->net->options.header_ms);
	if (!client_may(conn, is_unix) || uv_read_start(&conn->uv.stream, on_alloc, on_read) != 0)
		dy_conn_close(conn);
}

void
dy_conn_look(struct dy_conn *conn, int64_t now_ms)
{
	size_t waiting = uv_stream_get_write_queue_size(&conn->uv.stream);

	if (conn->events != NULL)
		dy_stream_beat(conn->events, now_ms);
	if (conn->state == DY_CONN_CLOSING || conn->deadline_ms == 0 || now_ms < conn->deadline_ms)
		return;
	if (waiting > 0 && waiting != conn->stalled_bytes) {
		conn->stalled_bytes = waiting; /* slow, but moving */
		deadline_set(conn, conn->loop->net->options.write_stall_ms);
		return;
	}
	if (conn->state == DY_CONN_STREAM && waiting == 0)
		return;
	dy_count(conn->loop, DY_N_TIMED_OUT, 1);
	bool in_request =
		conn->state == DY_CONN_BODY || (conn->state == DY_CONN_HEAD && conn->in.len > 0);
	if (in_request)
		dy_conn_fault(conn, 408);
	else
		dy_conn_close(conn);
}
