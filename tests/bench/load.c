/* Load generator: see load.h. */
#include "load.h"

#include "base/time.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ADDRESS_CONNS 120 /* of one source address: below the server's limit for one client */
#define REQUEST_MAX   4096
#define ANSWER_MAX    ((size_t)1 << 20)
#define EVENTS        1024
#define DRAIN_US      INT64_C(5000000)
#define OPEN_US       INT64_C(60000000)
#define ID_TEXT       13
#define FOLLOW_MAX    65536
#define REQUESTS_BUSY 512 /* streams whose head is awaited at once */

struct conn {
	int fd;
	bool is_stream, has_head, busy;
	int64_t due_us;
	char *kept; /* an answer that did not come in one piece */
	size_t kept_len;
	struct conn *next_free;
};

/* When an id was due, and when the first stream had it. */
struct follow {
	char id[ID_TEXT];
	int64_t at_us;
};

struct lg {
	int epoll;
	uint16_t port;
	size_t n_opened;
	struct conn *streams;
	size_t n_streams, streams_ready, streams_lost;
	uint64_t frames;
	uint64_t last_frame_us;
	struct conn *posts, *free;
	size_t n_posts;
	char *buffer;
	struct lg_result *result;
	int want_status;
	bool follow;
	struct follow *made, *seen;
	size_t n_made, n_seen;
};

struct lg *
lg_new(uint16_t port)
{
	struct lg *g = calloc(1, sizeof(*g));

	DY_ASSERT(g != NULL);
	g->port = port;
	g->epoll = epoll_create1(EPOLL_CLOEXEC);
	g->buffer = malloc(ANSWER_MAX + 1);
	g->made = calloc(FOLLOW_MAX, sizeof(*g->made));
	g->seen = calloc(FOLLOW_MAX, sizeof(*g->seen));
	DY_ASSERT(g->buffer != NULL && g->made != NULL && g->seen != NULL);
	return g;
}

static void
conns_close(struct conn *conns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (conns[i].fd >= 0)
			(void)close(conns[i].fd);
		free(conns[i].kept);
	}
	free(conns);
}

void
lg_free(struct lg *g)
{
	conns_close(g->streams, g->n_streams);
	conns_close(g->posts, g->n_posts);
	(void)close(g->epoll);
	free(g->buffer);
	free(g->made);
	free(g->seen);
	free(g);
}

static void
conn_open(struct lg *g, struct conn *c)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(g->port) };
	struct epoll_event want = { .events = EPOLLIN, .data.ptr = c };
	uint32_t address = (uint32_t)(g->n_opened++ / ADDRESS_CONNS);
	int on = 1;

	from.sin_addr.s_addr = htonl(0x7f000101u + address / 250 * 256 + address % 250);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		bk_fail("a socket");
	(void)setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(c->fd, (struct sockaddr *)&from, sizeof(from)) != 0 ||
	    connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		bk_fail("connect");
	if (fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(g->epoll, EPOLL_CTL_ADD, c->fd, &want) != 0)
		bk_fail("epoll");
}

/* Streams */

static void
subject_note(struct lg *g, const char *text, const char *name, struct follow *list, size_t *n,
             int64_t at_us)
{
	const char *at = strstr(text, name);

	if (at == NULL || *n == FOLLOW_MAX)
		return;
	memcpy(list[*n].id, at + strlen(name), ID_TEXT);
	list[(*n)++].at_us = at_us;
	(void)g;
}

/* Frames end with an empty line; heartbeats and retry lines are no events. */
static void
stream_text(struct lg *g, struct conn *c, char *text, size_t len)
{
	int64_t now = bk_now_us();

	text[len] = '\0';
	if (!c->has_head) {
		if (strncmp(text, "HTTP/1.1 200", 12) != 0)
			bk_fail(text);
		c->has_head = true;
		g->streams_ready++;
	}
	for (char *at = text; (at = strstr(at, "\ndata: ")) != NULL; at += 7) {
		g->frames++;
		g->last_frame_us = (uint64_t)now;
		if (g->follow)
			subject_note(g, at, "\"subject\":\"", g->seen, &g->n_seen, now);
	}
}

static void
stream_read(struct lg *g, struct conn *c)
{
	ssize_t n = recv(c->fd, g->buffer, ANSWER_MAX, 0);

	if (n > 0) {
		stream_text(g, c, g->buffer, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		(void)close(c->fd);
		c->fd = -1;
		g->streams_lost++;
	}
}

/* Answers */

static void
answer_done(struct lg *g, struct conn *c, int status, const char *text)
{
	struct lg_result *r = g->result;
	int64_t now = bk_now_us();

	c->busy = false;
	c->next_free = g->free;
	g->free = c;
	if (r == NULL)
		return;
	bk_hist_add(&r->latency, (uint64_t)(now > c->due_us ? now - c->due_us : 0));
	if (status == g->want_status) {
		r->good++;
	} else {
		r->errors++;
		r->bad_status = status;
	}
	if (g->follow)
		subject_note(g, text, "{\"id\":\"", g->made, &g->n_made, c->due_us);
}

/* Length of a whole answer at text, 0 when more is to come. */
static size_t
answer_len(const char *text, size_t len)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strstr(text, "Content-Length: ");

	if (end == NULL || length == NULL || length > end)
		return 0;
	size_t whole = (size_t)(end + 4 - text) + (size_t)strtoul(length + 16, NULL, 10);
	return whole <= len ? whole : 0;
}

static void
post_broken(struct lg *g, struct conn *c)
{
	(void)close(c->fd);
	c->fd = -1;
	c->kept_len = 0;
	if (c->busy)
		answer_done(g, c, 0, "");
	conn_open(g, c);
}

static void
post_read(struct lg *g, struct conn *c)
{
	ssize_t n = recv(c->fd, g->buffer + c->kept_len, ANSWER_MAX - c->kept_len, 0);

	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			post_broken(g, c);
		return;
	}
	size_t len = c->kept_len + (size_t)n;
	if (c->kept_len > 0)
		memcpy(g->buffer, c->kept, c->kept_len);
	g->buffer[len] = '\0';
	if (answer_len(g->buffer, len) > 0) {
		c->kept_len = 0;
		answer_done(g, c, (int)strtol(g->buffer + 9, NULL, 10), g->buffer);
		return;
	}
	if (c->kept == NULL)
		c->kept = malloc(ANSWER_MAX);
	DY_ASSERT(c->kept != NULL && len < ANSWER_MAX);
	memcpy(c->kept, g->buffer, len);
	c->kept_len = len;
}

static void
poll_once(struct lg *g, int wait_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(g->epoll, events, EVENTS, wait_ms);

	for (int i = 0; i < n; i++) {
		struct conn *c = events[i].data.ptr;
		if (c->fd < 0)
			continue;
		if (c->is_stream)
			stream_read(g, c);
		else
			post_read(g, c);
	}
}

void
lg_streams(struct lg *g, size_t n, const char *(*token)(void *ctx, size_t i), void *ctx)
{
	char text[512];
	int64_t until = bk_now_us() + OPEN_US;

	g->streams = calloc(n, sizeof(g->streams[0]));
	DY_ASSERT(g->streams != NULL);
	for (size_t i = 0; i < n; i++) {
		struct conn *c = &g->streams[i];
		c->is_stream = true;
		conn_open(g, c);
		g->n_streams++;
		int len = snprintf(text, sizeof(text),
		                   "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		                   "Cookie: dy_session=%s\r\n\r\n",
		                   token(ctx, i));
		if (send(c->fd, text, (size_t)len, MSG_NOSIGNAL) != len)
			bk_fail("send");
		while (g->n_streams - g->streams_ready > REQUESTS_BUSY && bk_now_us() < until)
			poll_once(g, 100);
	}
	while (g->streams_ready < n && bk_now_us() < until)
		poll_once(g, 100);
	if (g->streams_ready < n)
		bk_fail("not all streams were opened");
}

size_t
lg_streams_lost(const struct lg *g)
{
	return g->streams_lost;
}

uint64_t
lg_frames(const struct lg *g)
{
	return g->frames;
}

uint64_t
lg_last_frame_us(const struct lg *g)
{
	return g->last_frame_us;
}

uint64_t
lg_listen(struct lg *g, uint64_t frames, int64_t until_us)
{
	while (g->frames < frames && bk_now_us() < until_us)
		poll_once(g, 10);
	return g->frames;
}

/* Requests */

static void
posts_open(struct lg *g, size_t n)
{
	if (g->n_posts == n)
		return;
	DY_ASSERT(g->n_posts == 0);
	g->posts = calloc(n, sizeof(g->posts[0]));
	DY_ASSERT(g->posts != NULL);
	for (size_t i = 0; i < n; i++) {
		conn_open(g, &g->posts[i]);
		g->posts[i].next_free = g->free;
		g->free = &g->posts[i];
	}
	g->n_posts = n;
}

static void
request_send(struct lg *g, const struct lg_load *load, uint64_t k, int64_t due_us)
{
	char text[REQUEST_MAX];
	struct conn *c = g->free;

	g->free = c->next_free;
	c->busy = true;
	c->due_us = due_us;
	size_t len = load->request(load->ctx, k, text, sizeof(text));
	g->result->sent++;
	if (send(c->fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		post_broken(g, c);
}

static int
by_id(const void *a, const void *b)
{
	const struct follow *x = a, *y = b;
	int order = memcmp(x->id, y->id, ID_TEXT);
	return order != 0 ? order : (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

static void
follow_end(struct lg *g, struct lg_result *out)
{
	size_t k = 0;

	qsort(g->made, g->n_made, sizeof(g->made[0]), by_id);
	qsort(g->seen, g->n_seen, sizeof(g->seen[0]), by_id);
	for (size_t i = 0; i < g->n_made; i++) {
		while (k < g->n_seen && memcmp(g->seen[k].id, g->made[i].id, ID_TEXT) < 0)
			k++;
		if (k < g->n_seen && memcmp(g->seen[k].id, g->made[i].id, ID_TEXT) == 0)
			bk_hist_add(&out->seen, (uint64_t)(g->seen[k].at_us - g->made[i].at_us));
		else
			out->unseen++;
	}
	g->n_made = g->n_seen = 0;
}

/* What a run before this one left unanswered is not counted in this one. */
static void
settle(struct lg *g)
{
	int64_t until = bk_now_us() + OPEN_US;

	for (size_t i = 0; i < g->n_posts && bk_now_us() < until;) {
		if (g->posts[i].busy)
			poll_once(g, 10);
		else
			i++;
	}
}

void
lg_run(struct lg *g, const struct lg_load *load, struct lg_result *out)
{
	uint64_t total = (uint64_t)(load->rate * load->seconds);
	double cpu = bk_cpu_s();
	uint64_t k = 0;

	memset(out, 0, sizeof(*out));
	posts_open(g, load->connections);
	settle(g);
	g->result = out;
	g->want_status = load->want_status;
	g->follow = load->follow;
	int64_t began = bk_now_us();
	int64_t end = began + (int64_t)(load->seconds * 1e6);
	for (;;) {
		int64_t now = bk_now_us();
		bool more = load->rate > 0 ? k < total : now < end;
		while (more && g->free != NULL) {
			int64_t due = load->rate > 0
			                      ? began + (int64_t)((double)k * 1e6 / load->rate)
			                      : now;
			if (due > now)
				break;
			request_send(g, load, k++, due);
			more = load->rate > 0 ? k < total : now < end;
		}
		if ((!more && out->good + out->errors == out->sent) || now > end + DRAIN_US)
			break;
		poll_once(g, 1);
	}
	out->seconds = (double)(bk_now_us() - began) / 1e6;
	out->errors += out->sent - out->good - out->errors; /* never answered */
	out->errors += load->rate > 0 ? total - k : 0;      /* never sent */
	if (g->follow) {
		(void)lg_listen(g, UINT64_MAX, bk_now_us() + 300000);
		follow_end(g, out);
	}
	out->cpu_s = bk_cpu_s() - cpu;
	g->result = NULL;
	g->follow = false;
}
