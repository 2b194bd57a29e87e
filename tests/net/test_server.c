/* The connection engine over real sockets: framing, slow clients, uploads, streams, stopping. */
#include "base/crypto.h"
#include "base/time.h"
#include "dyt.h"
#include "net/files.h"
#include "net/hub.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LIMIT_MS 10000 /* a wait longer than this is a failure */

static struct dy_net *net;
static char folder[32];
static _Atomic int gone;
static _Atomic int held;

struct later {
	struct dy_task task;
	struct dy_exchange *x;
};
static struct later held_task;

static void
reply_text(struct dy_exchange *x, int status, struct dy_str body)
{
	dy_exchange_reply(
		x, &(struct dy_reply){ .status = status, .type = "text/plain", .body = body });
}

static void
on_head(void *ctx, struct dy_exchange *x, struct dy_body_plan *plan)
{
	struct dy_str path = dy_exchange_path(x);

	(void)ctx;
	plan->max = 1000;
	plan->mandatory = dy_exchange_method(x) == DY_POST;
	if (dy_str_is(path, "/upload")) {
		plan->max = 200000;
		plan->to_file = true;
	} else if (dy_str_is(path, "/denied")) {
		reply_text(x, 403, DY_STR("no"));
	}
}

static void
answer_held(struct dy_task *task, struct dy_loop *loop)
{
	(void)loop;
	reply_text(((struct later *)task)->x, 200, DY_STR("held"));
}

static void
open_stream(struct dy_exchange *x)
{
	struct dy_str text;
	uint64_t room = 0;
	int64_t after = 0;

	if (dy_query_get(dy_exchange_arena(x), dy_exchange_query(x), "room", &text))
		(void)dy_str_to_u64(text, &room);
	(void)dy_str_to_i64(dy_exchange_header(x, "last-event-id"), &after);
	uint64_t rooms[] = { room, 99 };
	struct dy_stream_options options = { .rooms = rooms, .n_rooms = 2, .after = after };
	(void)dy_exchange_stream(x, &options);
}

static void
on_request(void *ctx, struct dy_exchange *x)
{
	struct dy_str path = dy_exchange_path(x);

	(void)ctx;
	if (dy_str_is(path, "/echo")) {
		reply_text(x, 200, dy_exchange_body(x));
	} else if (dy_str_is(path, "/client")) {
		reply_text(x, 200, dy_exchange_client(x));
	} else if (dy_str_is(path, "/upload")) {
		reply_text(x, dy_exchange_file(x) != NULL ? 201 : 400, DY_STR("stored"));
	} else if (dy_str_is(path, "/events")) {
		open_stream(x);
	} else if (dy_str_is(path, "/large")) {
		static char large[4 << 20];
		memset(large, 'x', sizeof(large));
		reply_text(x, 200, (struct dy_str){ large, sizeof(large) });
	} else if (dy_str_is(path, "/hold")) {
		held_task = (struct later){ .task = { .fn = answer_held }, .x = x };
		held++;
	} else {
		reply_text(x, 200, DY_STR("hello"));
	}
}

static void
on_gone(void *ctx, struct dy_exchange *x)
{
	(void)ctx;
	(void)x;
	gone++;
}

static void
start_with(const char *listen, unsigned loops)
{
	static const char *const proxies[] = { "127.0.0.9", NULL };
	struct dy_net_options options = {
		.listen = listen,
		.loops = loops,
		.upload_dir = folder,
		.header_ms = 200,
		.body_ms = 200,
		.keep_alive_ms = 400,
		.write_stall_ms = 300,
		.heartbeat_ms = 100,
		.per_client_max = 3000,
		.proxies = proxies,
		.on_head = on_head,
		.on_request = on_request,
		.on_gone = on_gone,
	};
	struct dy_err err = { 0 };

	(void)snprintf(folder, sizeof(folder), "dy-net-XXXXXX");
	DYT_TRUE(mkdtemp(folder) != NULL);
	gone = 0;
	held = 0;
	DYT_OK(dy_net_start(&options, &net, &err));
}

static void
start(void)
{
	start_with("127.0.0.1:0", 1);
}

static int
files_left(void)
{
	DIR *dir = opendir(folder);
	int n = 0;

	DYT_TRUE(dir != NULL);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		n += e->d_name[0] != '.';
	(void)closedir(dir);
	return n;
}

static void
stop(void)
{
	dy_net_stop(net, 2000);
	DYT_INT(files_left(), 0);
	DYT_INT(rmdir(folder), 0);
}

static int
dial_from(const char *source)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(dy_net_port(net)) };
	struct sockaddr_in from = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	DYT_INT(inet_pton(AF_INET, source, &from.sin_addr), 1);
	DYT_INT(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	DYT_INT(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static int
dial(void)
{
	return dial_from("127.0.0.1");
}

/* Reads until the text holds part, or the end when part is NULL; false when neither comes in time. */
static bool
hear(int fd, const char *part, char *out, size_t cap)
{
	int64_t until = dy_tick_ms() + LIMIT_MS;
	size_t len = 0;

	out[0] = '\0';
	while (dy_tick_ms() < until && len + 1 < cap) {
		struct pollfd p = { fd, POLLIN, 0 };
		if (poll(&p, 1, 50) <= 0)
			continue;
		ssize_t n = recv(fd, out + len, cap - len - 1, 0);
		if (n <= 0)
			return part == NULL;
		len += (size_t)n;
		out[len] = '\0';
		if (part != NULL && strstr(out, part) != NULL)
			return true;
	}
	return false;
}

static void
send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent <= 0)
			return; /* the server may have closed already: the answer tells */
		bytes += sent;
		n -= (size_t)sent;
	}
}

static void
say(int fd, const char *text)
{
	send_all(fd, text, strlen(text));
}

#define H "Host: x\r\n"

DYT(wrong_framing_is_answered_and_closed)
{
	static const struct {
		const char *why, *text, *status;
	} row[] = {
		{ "length and chunked",
		  "POST /echo HTTP/1.1\r\n" H
		  "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		  "400" },
		{ "two lengths",
		  "POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
		  "400" },
		{ "the same length twice",
		  "POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
		  "400" },
		{ "length 30abc", "POST /echo HTTP/1.1\r\n" H "Content-Length: 30abc\r\n\r\n",
		  "400" },
		{ "length +30", "POST /echo HTTP/1.1\r\n" H "Content-Length: +30\r\n\r\n", "400" },
		{ "length -1", "POST /echo HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n", "400" },
		{ "length empty", "POST /echo HTTP/1.1\r\n" H "Content-Length:\r\n\r\n", "400" },
		{ "length past 64 bits",
		  "POST /echo HTTP/1.1\r\n" H "Content-Length: 18446744073709551616\r\n\r\n",
		  "400" },
		{ "blank before colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "400" },
		{ "folded line", "GET / HTTP/1.1\r\n" H "A: b\r\n c\r\n\r\n", "400" },
		{ "bare LF", "GET / HTTP/1.1\nHost: x\n\n", "400" },
		{ "bare LF in the middle", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", "400" },
		{ "bare CR", "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", "400" },
		{ "no host", "GET / HTTP/1.1\r\n\r\n", "400" },
		{ "two hosts", "GET / HTTP/1.1\r\n" H H "\r\n", "400" },
		{ "no colon", "GET / HTTP/1.1\r\n" H "Nonsense\r\n\r\n", "400" },
		{ "control in value", "GET / HTTP/1.1\r\n" H "A: b\x01\r\n\r\n", "400" },
		{ "control in path", "GET /a\x01 HTTP/1.1\r\n" H "\r\n", "400" },
		{ "absolute target", "GET http://x/ HTTP/1.1\r\n" H "\r\n", "400" },
		{ "fragment", "GET /#a HTTP/1.1\r\n" H "\r\n", "400" },
		{ "no version", "GET /\r\n" H "\r\n", "400" },
		{ "version 2.0", "GET / HTTP/2.0\r\n" H "\r\n", "505" },
		{ "unknown method", "BREW / HTTP/1.1\r\n" H "\r\n", "501" },
		{ "other encoding", "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: gzip\r\n\r\n",
		  "501" },
		{ "chunked in 1.0",
		  "POST /echo HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n", "400" },
		{ "no length", "POST /echo HTTP/1.1\r\n" H "\r\n", "411" },
		{ "body over limit", "POST /echo HTTP/1.1\r\n" H "Content-Length: 1001\r\n\r\n",
		  "413" },
		{ "chunks over limit",
		  "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"
		  "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "01"
		  "23456789012345678901234567890123456789012345678901234567890123456789012345678901"
		  "23"
		  "45678901234567890123456789012345678901234567890123456789012345678901234567890123"
		  "45"
		  "67890123456789012345678901234567890123456789012345678901234567890123456789012345"
		  "67"
		  "89012345678901234567890123456789012345678901234567890123456789012345678901234567"
		  "89"
		  "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "01"
		  "23456789012345678901234567890123456789012345678901234567890123456789012345678901"
		  "23"
		  "45678901234567890123456789012345678901234567890123456789012345678901234567890123"
		  "45"
		  "67890123456789012345678901234567890123456789012345678901234567890123456789012345"
		  "67"
		  "89012345678901234567890123456789012345678901234567890123456789012345678901234567"
		  "89"
		  "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "01"
		  "23456789012345678901234567890123456789012345678901234567890123456789012345678901"
		  "23"
		  "456789012345678901234567890123456789\r\n0\r\n\r\n",
		  "413" },
		{ "broken chunk size",
		  "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "400" },
		{ "header drip", "GET / HTTP/1.1\r\nHos", "408" },
		{ "body drip", "POST /echo HTTP/1.1\r\n" H "Content-Length: 10\r\n\r\nabc", "408" },
	};
	start();
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		char answer[4096];
		char want[32];
		int fd = dial();
		DYT_ROW(row[i].why);
		say(fd, row[i].text);
		DYT_TRUE(hear(fd, NULL, answer, sizeof(answer))); /* answered, then closed */
		(void)snprintf(want, sizeof(want), "HTTP/1.1 %s ", row[i].status);
		DYT_TRUE(strncmp(answer, want, strlen(want)) == 0);
		DYT_TRUE(strstr(answer, "Connection: close\r\n") != NULL);
		DYT_TRUE(strstr(answer + 1, "HTTP/1.1 ") == NULL); /* one answer only */
		(void)close(fd);
	}
	stop();
}

DYT(a_nul_byte_and_endless_headers_are_refused)
{
	char answer[4096];
	char *large = malloc(200000);

	start();
	int fd = dial();
	send_all(fd, "GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", 29);
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, " 400 ") != NULL);
	(void)close(fd);

	DYT_TRUE(large != NULL);
	memset(large, 'a', 200000);
	fd = dial();
	say(fd, "GET / HTTP/1.1\r\n" H "A: ");
	send_all(fd, large, 200000);
	(void)hear(fd, NULL, answer, sizeof(answer));
	DYT_TRUE(strstr(answer, " 431 ") != NULL);
	(void)close(fd);
	free(large);

	fd = dial();
	say(fd, "GET / HTTP/1.1\r\n" H);
	for (int i = 0; i < 100; i++)
		say(fd, "A: b\r\n");
	say(fd, "\r\n");
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, " 431 ") != NULL);
	(void)close(fd);
	stop();
}

DYT(pipelined_requests_get_their_answers_in_order)
{
	char answer[4096];

	start();
	int fd = dial();
	say(fd, "\r\nPOST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nfirst"
	        "POST /echo HTTP/1.1\r\n" H
	        "Transfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n"
	        "GET /x HTTP/1.1\r\n" H "Connection: close\r\n\r\n");
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	char *first = strstr(answer, "\r\n\r\nfirst");
	DYT_TRUE(first != NULL);
	char *second = strstr(first, "\r\n\r\nsecond");
	DYT_TRUE(second != NULL);
	DYT_TRUE(strstr(second, "\r\n\r\nhello") != NULL);
	(void)close(fd);
	stop();
}

DYT(a_request_cut_anywhere_is_put_together)
{
	static const char text[] = "POST /echo HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\nunit";
	char answer[1024];

	start();
	for (size_t cut = 1; cut + 1 < sizeof(text); cut += 3) {
		int fd = dial();
		send_all(fd, text, cut);
		struct pollfd p = { fd, POLLIN, 0 };
		(void)poll(&p, 1, 2); /* lets the first part arrive alone */
		send_all(fd, text + cut, sizeof(text) - 1 - cut);
		DYT_TRUE(hear(fd, "\r\n\r\nunit", answer, sizeof(answer)));
		(void)close(fd);
	}
	stop();
}

DYT(head_and_early_answers_and_http_1_0_work)
{
	char answer[2048];

	start();
	int fd = dial();
	say(fd, "HEAD /x HTTP/1.1\r\n" H "\r\nGET /denied HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "\r\n\r\nno", answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, "Content-Length: 5\r\n") != NULL);
	DYT_TRUE(strstr(answer, "hello") == NULL);
	(void)close(fd);
	fd = dial();
	say(fd, "GET /x HTTP/1.0\r\n\r\n");
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, "hello") != NULL);
	(void)close(fd);
	fd = dial();
	say(fd, "POST /echo HTTP/1.1\r\n" H "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
	DYT_TRUE(hear(fd, "100 Continue\r\n\r\n", answer, sizeof(answer)));
	say(fd, "ok");
	DYT_TRUE(hear(fd, "\r\n\r\nok", answer, sizeof(answer)));
	(void)close(fd);
	stop();
}

DYT(idle_connections_are_closed_without_a_word)
{
	char answer[1024];

	start();
	int fd = dial();
	say(fd, "GET /x HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "hello", answer, sizeof(answer)));
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_STR(answer, "");
	(void)close(fd);
	stop();
}

DYT(uploads_are_limited_and_leave_nothing_behind)
{
	char *body = malloc(200001);
	char answer[1024];

	DYT_TRUE(body != NULL);
	memset(body, 'p', 200001);
	start();
	int fd = dial();
	say(fd, "POST /upload HTTP/1.1\r\n" H "Content-Length: 200000\r\n\r\n");
	send_all(fd, body, 200000);
	DYT_TRUE(hear(fd, "stored", answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, " 201 ") != NULL);
	say(fd, "POST /upload HTTP/1.1\r\n" H "Content-Length: 200001\r\n\r\n");
	DYT_TRUE(hear(fd, " 413 ", answer, sizeof(answer)));
	(void)close(fd);
	fd = dial(); /* vanishes in the middle */
	say(fd, "POST /upload HTTP/1.1\r\n" H "Content-Length: 200000\r\n\r\n");
	send_all(fd, body, 1000);
	(void)close(fd);
	free(body);
	stop();
}

DYT(an_answer_may_come_later_and_its_client_may_vanish)
{
	char answer[1024];

	start();
	int fd = dial();
	say(fd, "GET /hold HTTP/1.1\r\n" H "\r\n");
	for (int64_t until = dy_tick_ms() + LIMIT_MS; held < 1 && dy_tick_ms() < until;)
		(void)poll(NULL, 0, 1);
	DYT_INT(held, 1);
	dy_loop_post(dy_net_loop(net, 0), &held_task.task);
	DYT_TRUE(hear(fd, "held", answer, sizeof(answer)));
	say(fd, "GET /hold HTTP/1.1\r\n" H "\r\n");
	for (int64_t until = dy_tick_ms() + LIMIT_MS; held < 2 && dy_tick_ms() < until;)
		(void)poll(NULL, 0, 1);
	struct linger hard = { 1, 0 };
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	(void)close(fd);
	for (int64_t until = dy_tick_ms() + LIMIT_MS; gone < 1 && dy_tick_ms() < until;)
		(void)poll(NULL, 0, 1);
	DYT_INT(gone, 1);
	dy_loop_post(dy_net_loop(net, 0), &held_task.task);
	stop();
}

static void *
stop_thread(void *arg)
{
	(void)arg;
	dy_net_stop(net, 5000);
	return NULL;
}

DYT(stopping_waits_for_the_answer_under_way)
{
	char answer[1024];
	pthread_t thread;

	start();
	int fd = dial();
	int idle = dial();
	int events = dial();
	say(events, "GET /events?room=1 HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(events, "retry:", answer, sizeof(answer)));
	say(fd, "GET /hold HTTP/1.1\r\n" H "\r\n");
	for (int64_t until = dy_tick_ms() + LIMIT_MS; held < 1 && dy_tick_ms() < until;)
		(void)poll(NULL, 0, 1);
	struct dy_loop *loop = dy_net_loop(net, 0);
	DYT_INT(pthread_create(&thread, NULL, stop_thread, NULL), 0);
	DYT_TRUE(hear(events, NULL, answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, "retry: ") != NULL);
	dy_loop_post(loop, &held_task.task);
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, "held") != NULL);
	DYT_INT(pthread_join(thread, NULL), 0);
	(void)close(fd);
	(void)close(idle);
	(void)close(events);
	DYT_INT(rmdir(folder), 0);
}

struct publish {
	struct dy_task task;
	int64_t number;
	uint64_t rooms[2];
	size_t n_rooms;
	const char *data;
};

static void
publish_run(struct dy_task *task, struct dy_loop *loop)
{
	struct publish *p = (struct publish *)task;
	struct dy_frame *frame = dy_frame_new(p->number, DY_STR("t"), dy_str_from(p->data));

	dy_hub_publish(dy_loop_hub(loop), frame, p->rooms, p->n_rooms);
	dy_frame_unref(frame);
}

static void
publish(struct publish *p)
{
	p->task = (struct dy_task){ .fn = publish_run };
	dy_loop_post(dy_net_loop(net, 0), &p->task);
}

DYT(a_stream_gets_each_frame_of_its_rooms_once)
{
	struct publish p[] = {
		{ .number = 1, .rooms = { 7 }, .n_rooms = 1, .data = "one" },
		{ .number = 2, .rooms = { 8 }, .n_rooms = 1, .data = "other" },
		{ .number = 3, .rooms = { 7, 99 }, .n_rooms = 2, .data = "both\nlines" },
		{ .number = 4, .rooms = { 99 }, .n_rooms = 1, .data = "all" },
		{ .number = 5, .rooms = { 12345 }, .n_rooms = 1, .data = "nobody" },
		{ .number = 6, .rooms = { 7 }, .n_rooms = 1, .data = "end" },
	};
	char text[4096];
	char other[4096];

	start();
	int fd = dial();
	int late = dial();
	say(fd, "GET /events?room=7 HTTP/1.1\r\n" H "\r\n");
	say(late, "GET /events?room=7 HTTP/1.1\r\n" H "Last-Event-ID: 3\r\n\r\n");
	DYT_TRUE(hear(fd, "retry:", text, sizeof(text)));
	DYT_TRUE(hear(late, "retry:", other, sizeof(other)));
	for (size_t i = 0; i < DY_COUNT(p); i++)
		publish(&p[i]);
	DYT_TRUE(hear(fd, "data: end", text, sizeof(text)));
	DYT_TRUE(strstr(text, "id: 1\nevent: t\ndata: one\n\n") != NULL);
	DYT_TRUE(strstr(text, "other") == NULL);
	char *both = strstr(text, "data: both\ndata: lines\n\n");
	DYT_TRUE(both != NULL && strstr(both + 10, "both") == NULL);
	DYT_TRUE(strstr(both, "data: all") != NULL);
	DYT_TRUE(strstr(text, "nobody") == NULL);
	DYT_TRUE(hear(late, "data: end", other, sizeof(other)));
	DYT_TRUE(strstr(other, "both") == NULL && strstr(other, "data: all") != NULL);
	DYT_TRUE(hear(fd, ": beat", text, sizeof(text)));
	(void)close(fd);
	(void)close(late);
	stop();
}

DYT(a_slow_stream_is_dropped_and_others_go_on)
{
	static char big[60000];
	struct publish *p = calloc(200, sizeof(*p));
	char text[256];
	struct dy_net_stats stats = { 0 };
	int small = 4096;

	DYT_TRUE(p != NULL);
	memset(big, 'z', sizeof(big) - 1);
	start();
	int slow = dial();
	(void)setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	say(slow, "GET /events?room=5 HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(slow, "retry:", text, sizeof(text)));
	for (int i = 0; i < 200; i++) {
		p[i] = (struct publish){
			.number = i + 1, .rooms = { 5 }, .n_rooms = 1, .data = big
		};
		publish(&p[i]);
	}
	for (int64_t until = dy_tick_ms() + LIMIT_MS; dy_tick_ms() < until;) {
		dy_net_stats(net, &stats);
		if (stats.streams == 0)
			break;
		(void)poll(NULL, 0, 2);
	}
	DYT_INT(stats.streams_dropped, 1);
	int fine = dial();
	say(fine, "GET /x HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fine, "hello", text, sizeof(text)));
	(void)close(slow);
	(void)close(fine);
	stop();
	free(p);
}

DYT(a_thousand_streams_hear_one_frame)
{
	enum { N = 1000 };
	struct publish p = { .number = 1, .rooms = { 99 }, .n_rooms = 1, .data = "everyone" };
	static int fds[N];
	char text[1024];

	start();
	for (int i = 0; i < N; i++) {
		fds[i] = dial();
		say(fds[i], "GET /events?room=1 HTTP/1.1\r\n" H "\r\n");
	}
	for (int i = 0; i < N; i++)
		DYT_TRUE(hear(fds[i], "retry:", text, sizeof(text)));
	publish(&p);
	for (int i = 0; i < N; i++) {
		DYT_TRUE(hear(fds[i], "data: everyone", text, sizeof(text)));
		(void)close(fds[i]);
	}
	stop();
}

DYT(a_reader_that_stalls_on_a_large_answer_is_let_go)
{
	struct dy_net_stats stats = { 0 };
	int small = 4096;

	start();
	int fd = dial();
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	say(fd, "GET /large HTTP/1.1\r\n" H "\r\n");
	for (int64_t until = dy_tick_ms() + LIMIT_MS; dy_tick_ms() < until;) {
		dy_net_stats(net, &stats);
		if (stats.timed_out > 0)
			break;
		(void)poll(NULL, 0, 5);
	}
	DYT_INT(stats.timed_out, 1);
	(void)close(fd);
	fd = dial(); /* a reader that keeps up gets all of it */
	say(fd, "GET /large HTTP/1.1\r\n" H "Connection: close\r\n\r\n");
	size_t total = 0;
	static char piece[65536];
	for (ssize_t n = recv(fd, piece, sizeof(piece), 0); n > 0;
	     n = recv(fd, piece, sizeof(piece), 0))
		total += (size_t)n;
	DYT_TRUE(total > (size_t)4 << 20);
	(void)close(fd);
	stop();
}

DYT(only_trusted_proxies_may_name_the_client)
{
	char answer[1024];

	start();
	int fd = dial();
	say(fd, "GET /client HTTP/1.1\r\n" H "X-Forwarded-For: 10.1.1.1\r\n\r\n");
	DYT_TRUE(hear(fd, "\r\n\r\n127.0.0.1", answer, sizeof(answer)));
	(void)close(fd);
	fd = dial_from("127.0.0.9");
	say(fd, "GET /client HTTP/1.1\r\n" H "X-Forwarded-For: 6.6.6.6, 10.1.1.1\r\n\r\n");
	DYT_TRUE(hear(fd, "\r\n\r\n10.1.1.1", answer, sizeof(answer)));
	(void)close(fd);
	stop();
}

DYT(a_local_socket_and_two_loops_serve_too)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "dy-test.sock" };
	char answer[1024];

	start_with("unix:dy-test.sock", 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	DYT_INT(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	say(fd, "GET /x HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "hello", answer, sizeof(answer)));
	(void)close(fd);
	stop();
	DYT_INT(access("dy-test.sock", F_OK), -1);
	start_with("127.0.0.1:0", 2);
	for (int i = 0; i < 20; i++) {
		fd = dial();
		say(fd, "GET /x HTTP/1.1\r\n" H "\r\n");
		DYT_TRUE(hear(fd, "hello", answer, sizeof(answer)));
		(void)close(fd);
	}
	stop();
}

DYT(a_bad_listen_address_says_so)
{
	static const char *const bad[] = { "nowhere", "127.0.0.1:99999", "127.0.0.1:", "a.b.c:80" };
	struct dy_net_options options = { .loops = 1,
		                          .on_head = on_head,
		                          .on_request = on_request };

	for (size_t i = 0; i < DY_COUNT(bad); i++) {
		struct dy_err err = { 0 };
		DYT_ROW(bad[i]);
		options.listen = bad[i];
		DYT_INT(dy_net_start(&options, &net, &err), DY_E_INPUT);
		DYT_STR(err.field, "/listen");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DYT_TEST(wrong_framing_is_answered_and_closed),
		DYT_TEST(a_nul_byte_and_endless_headers_are_refused),
		DYT_TEST(pipelined_requests_get_their_answers_in_order),
		DYT_TEST(a_request_cut_anywhere_is_put_together),
		DYT_TEST(head_and_early_answers_and_http_1_0_work),
		DYT_TEST(idle_connections_are_closed_without_a_word),
		DYT_TEST(uploads_are_limited_and_leave_nothing_behind),
		DYT_TEST(an_answer_may_come_later_and_its_client_may_vanish),
		DYT_TEST(stopping_waits_for_the_answer_under_way),
		DYT_TEST(a_stream_gets_each_frame_of_its_rooms_once),
		DYT_TEST(a_slow_stream_is_dropped_and_others_go_on),
		DYT_TEST(a_thousand_streams_hear_one_frame),
		DYT_TEST(a_reader_that_stalls_on_a_large_answer_is_let_go),
		DYT_TEST(only_trusted_proxies_may_name_the_client),
		DYT_TEST(a_local_socket_and_two_loops_serve_too),
		DYT_TEST(a_bad_listen_address_says_so),
	};
	if (dy_crypto_init(NULL) != DY_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
