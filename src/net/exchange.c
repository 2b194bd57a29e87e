/* Exchanges: what the program sees of a request, and how it answers. */
#include "inside.h"

#include "base/limits.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct dy_exchange *
dy_exchange_take(struct dy_conn *conn)
{
	struct dy_loop *loop = conn->loop;
	struct dy_exchange *x = loop->pool;

	if (x != NULL) {
		loop->pool = x->next;
	} else {
		x = calloc(1, sizeof(*x));
		DY_ASSERT(x != NULL);
		x->arena = dy_arena_new(DY_REQUEST_ARENA);
		dy_strbuf_init(&x->body, SIZE_MAX / 2);
	}
	x->next = NULL;
	x->loop = loop;
	x->conn = conn;
	x->plan = (struct dy_body_plan){ 0 };
	x->file = NULL;
	x->fd = -1;
	x->keep_file = false;
	x->received = 0;
	x->number = loop->next_number++ << 8 | loop->index;
	x->began_us = dy_tick_us();
	x->is_tls = false;
	x->is_answered = false;
	x->data = NULL;
	dy_count(loop, DY_N_EXCHANGES, 1);
	dy_count(loop, DY_N_REQUESTS, 1);
	return x;
}

static void
upload_end(struct dy_exchange *x)
{
	if (x->fd >= 0)
		(void)close(x->fd);
	x->fd = -1;
	if (x->file != NULL && !x->keep_file)
		(void)unlink(x->file);
	x->file = NULL;
}

void
dy_exchange_drop(struct dy_exchange *x)
{
	upload_end(x);
	if (x->body.cap > DY_READ_BYTES)
		dy_strbuf_release(&x->body);
	else
		dy_strbuf_reset(&x->body);
	dy_arena_reset(x->arena);
	dy_uncount(x->loop, DY_N_EXCHANGES);
	x->next = x->loop->pool;
	x->loop->pool = x;
}

struct dy_loop *
dy_exchange_loop(struct dy_exchange *x)
{
	return x->loop;
}

enum dy_method
dy_exchange_method(const struct dy_exchange *x)
{
	return x->head.method;
}

struct dy_str
dy_exchange_path(const struct dy_exchange *x)
{
	return x->head.path;
}

struct dy_str
dy_exchange_query(const struct dy_exchange *x)
{
	return x->head.query;
}

struct dy_str
dy_exchange_header(const struct dy_exchange *x, const char *lower_name)
{
	for (size_t i = 0; i < x->head.n_fields; i++) {
		if (dy_str_is(x->head.fields[i].name, lower_name))
			return x->head.fields[i].value;
	}
	return (struct dy_str){ "", 0 };
}

struct dy_str
dy_exchange_cookie(const struct dy_exchange *x, const char *name)
{
	struct dy_str rest = dy_exchange_header(x, "cookie");

	while (rest.len > 0) {
		struct dy_str value = dy_str_trim(dy_str_split(&rest, ';'));
		struct dy_str key = dy_str_split(&value, '=');
		if (dy_str_is(key, name))
			return value;
	}
	return (struct dy_str){ "", 0 };
}

struct dy_str
dy_exchange_body(const struct dy_exchange *x)
{
	return dy_strbuf_str(&x->body);
}

const char *
dy_exchange_file(const struct dy_exchange *x)
{
	return x->file;
}

void
dy_exchange_keep_file(struct dy_exchange *x)
{
	x->keep_file = true;
}

struct dy_str
dy_exchange_client(const struct dy_exchange *x)
{
	return x->client;
}

bool
dy_exchange_is_tls(const struct dy_exchange *x)
{
	return x->is_tls;
}

struct dy_arena *
dy_exchange_arena(struct dy_exchange *x)
{
	return x->arena;
}

uint64_t
dy_exchange_number(const struct dy_exchange *x)
{
	return x->number;
}

void *
dy_exchange_data(const struct dy_exchange *x)
{
	return x->data;
}

void
dy_exchange_set_data(struct dy_exchange *x, void *data)
{
	x->data = data;
}

bool
dy_exchange_is_gone(const struct dy_exchange *x)
{
	return x->conn == NULL;
}

int64_t
dy_exchange_began_us(const struct dy_exchange *x)
{
	return x->began_us;
}

const char *
dy_status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} texts[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};
	for (size_t i = 0; i < DY_COUNT(texts); i++) {
		if (texts[i].status == status)
			return texts[i].text;
	}
	return "Status";
}

const char *
dy_loop_date(struct dy_loop *loop)
{
	static const char *const DAYS[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct dy_time now = dy_time_now();
	struct dy_civil c;

	if (now.ms / 1000 == loop->date_s)
		return loop->date;
	loop->date_s = now.ms / 1000;
	dy_civil_of(dy_zone_find(DY_STR("UTC")), now, &c);
	(void)snprintf(loop->date, sizeof(loop->date), "%s, %02d %s %04d %02d:%02d:%02d GMT",
	               DAYS[c.weekday % 7], c.day % 100, MONTHS[(c.month - 1) % 12], c.year % 10000,
	               c.hour % 100, c.minute % 100, c.second % 100);
	return loop->date;
}

static bool
value_is_clean(struct dy_str value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '\r' || value.ptr[i] == '\n' || value.ptr[i] == '\0')
			return false;
	}
	return true;
}

static void
head_build(struct dy_exchange *x, const struct dy_reply *reply, bool close_after)
{
	struct dy_strbuf *sb = &x->loop->head;
	bool has_body = reply->status != 204 && reply->status != 304;

	dy_strbuf_reset(sb);
	dy_strbuf_addf(sb, "HTTP/1.1 %d %s\r\nDate: %s\r\n", reply->status,
	               dy_status_text(reply->status), dy_loop_date(x->loop));
	if (reply->type != NULL)
		dy_strbuf_addf(sb, "Content-Type: %s\r\n", reply->type);
	if (has_body)
		dy_strbuf_addf(sb, "Content-Length: %zu\r\n", reply->body.len);
	for (size_t i = 0; i < reply->n_headers; i++) {
		DY_ASSERT(value_is_clean(reply->headers[i].value));
		dy_strbuf_adds(sb, reply->headers[i].name);
		dy_strbuf_adds(sb, ": ");
		dy_strbuf_addstr(sb, reply->headers[i].value);
		dy_strbuf_adds(sb, "\r\n");
	}
	if (close_after)
		dy_strbuf_adds(sb, "Connection: close\r\n");
	else if (x->head.is_http_1_0)
		dy_strbuf_adds(sb, "Connection: keep-alive\r\n");
	dy_strbuf_adds(sb, "\r\n");
}

void
dy_exchange_reply(struct dy_exchange *x, const struct dy_reply *reply)
{
	struct dy_conn *conn = x->conn;
	bool body_unread =
		conn != NULL && conn->state == DY_CONN_BODY && dy_head_has_body(&x->head);

	DY_ASSERT(!x->is_answered);
	x->is_answered = true;
	if (reply->status >= 500)
		dy_count(x->loop, DY_N_5XX, 1);
	else if (reply->status >= 400)
		dy_count(x->loop, DY_N_4XX, 1);
	if (conn == NULL) {
		dy_exchange_drop(x);
		return;
	}
	/* a body that was not read would be taken for the next request */
	bool was_last = conn->saw_end && conn->in.len == 0;
	bool close_after = reply->close || body_unread || !conn->keep_alive || was_last ||
	                   x->loop->is_stopping;
	conn->keep_alive = !close_after;
	upload_end(x); /* before the answer: whoever has it finds nothing left behind */
	head_build(x, reply, close_after);
	struct dy_str body = reply->body;
	if (x->head.method == DY_HEAD || reply->status == 204 || reply->status == 304)
		body.len = 0;
	conn->exchange = NULL;
	conn->state = DY_CONN_WRITING;
	bool alive = dy_conn_write(conn, dy_strbuf_str(&x->loop->head), body);
	dy_exchange_drop(x);
	if (alive && uv_stream_get_write_queue_size(&conn->uv.stream) == 0)
		dy_conn_answered(conn);
}
