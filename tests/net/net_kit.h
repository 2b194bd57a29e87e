/* A server to knock at: answers by path, with short deadlines, in a folder of its own.
 *
 * /echo the body, /client the address, /upload a file, /events?room=N a stream (&until=MS ends), /large 4 MiB, /hold later. */
#ifndef DY_TESTS_NET_KIT_H
#define DY_TESTS_NET_KIT_H

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
#include <sys/resource.h>
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

static inline void
reply_text(struct dy_exchange *x, int status, struct dy_str body)
{
	dy_exchange_reply(
		x, &(struct dy_reply){ .status = status, .type = "text/plain", .body = body });
}

static inline void
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

static inline void
answer_held(struct dy_task *task, struct dy_loop *loop)
{
	(void)loop;
	/* the address is still known when the client is gone */
	DYT_TRUE(dy_str_is(dy_exchange_client(((struct later *)task)->x), "127.0.0.1"));
	reply_text(((struct later *)task)->x, 200, DY_STR("held"));
}

static inline void
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
	if (dy_query_get(dy_exchange_arena(x), dy_exchange_query(x), "until", &text) &&
	    dy_str_to_i64(text, &options.until_ms))
		options.until_ms += dy_tick_ms();
	(void)dy_exchange_stream(x, &options);
}

static inline void
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

static inline void
on_gone(void *ctx, struct dy_exchange *x)
{
	(void)ctx;
	(void)x;
	gone++;
}

static inline struct dy_net_options
kit_options(const char *listen, unsigned loops)
{
	static const char *const proxies[] = { "127.0.0.9", NULL };
	return (struct dy_net_options){
		.listen = listen,
		.loops = loops,
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
}

static inline void
start_as(struct dy_net_options options)
{
	struct dy_err err = { 0 };

	options.upload_dir = folder;
	(void)snprintf(folder, sizeof(folder), "dy-net-XXXXXX");
	DYT_TRUE(mkdtemp(folder) != NULL);
	gone = 0;
	held = 0;
	DYT_OK(dy_net_start(&options, &net, &err));
}

static inline void
start_with(const char *listen, unsigned loops)
{
	start_as(kit_options(listen, loops));
}

static inline void
start(void)
{
	start_with("127.0.0.1:0", 1);
}

static inline int
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

static inline void
stop(void)
{
	dy_net_stop(net, 2000);
	DYT_INT(files_left(), 0);
	DYT_INT(rmdir(folder), 0);
}

static inline void
wait_for(const _Atomic int *value, int want)
{
	for (int64_t until = dy_tick_ms() + LIMIT_MS; *value < want && dy_tick_ms() < until;)
		(void)poll(NULL, 0, 1);
	DYT_INT(*value, want);
}

/* True when the server has closed, without another word, within LIMIT_MS. */
static inline bool
is_closed_on(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	char byte;

	return poll(&p, 1, LIMIT_MS) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

static inline int
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

static inline int
dial(void)
{
	return dial_from("127.0.0.1");
}

/* Reads until the text holds part, or the end when part is NULL; false when neither comes in time. */
static inline bool
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

static inline void
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

static inline void
say(int fd, const char *text)
{
	send_all(fd, text, strlen(text));
}

#define H "Host: x\r\n"

#define NET_MAIN(...)                                                                              \
	int main(void)                                                                             \
	{                                                                                          \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };                                 \
		if (dy_crypto_init(NULL) != DY_OK)                                                 \
			return 1;                                                                  \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

#endif
