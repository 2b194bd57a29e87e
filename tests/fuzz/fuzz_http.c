/* The connection engine itself, over a local socket: the input is sent in one piece and then in many, and both times
 * the same answers come back. First byte: the size of the pieces. */
#include "fuzz.h"

#include "base/time.h"
#include "net/hub.h"
#include "net/server.h"

#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BODY_MAX   1000
#define INPUT_MAX  ((size_t)32 * 1024)
#define SAID_MAX   ((size_t)4 << 20)
#define PIECES_MAX 64
#define LONG_MS    600000

static struct dy_net *net;
static char path[64];

static void
on_head(void *ctx, struct dy_exchange *x, struct dy_body_plan *plan)
{
	struct dy_str target = dy_exchange_path(x);

	(void)ctx;
	plan->max = BODY_MAX;
	plan->mandatory = dy_exchange_method(x) == DY_POST;
	FUZZ_TRUE(target.len > 0 && target.ptr[0] == '/');
	FUZZ_TRUE(memchr(target.ptr, ' ', target.len) == NULL);
	if (dy_str_is(target, "/early"))
		dy_exchange_reply(x, &(struct dy_reply){ .status = 403 });
}

/* Says what was understood: method, path, body; the client's address is always the same. */
static void
on_request(void *ctx, struct dy_exchange *x)
{
	struct dy_str body = dy_exchange_body(x);
	char *text = dy_arena_printf(dy_exchange_arena(x), "%s %zu %016llx %zu %016llx",
	                             dy_method_name(dy_exchange_method(x)), dy_exchange_path(x).len,
	                             (unsigned long long)dy_str_hash(dy_exchange_path(x)), body.len,
	                             (unsigned long long)dy_str_hash(body));

	(void)ctx;
	FUZZ_TRUE(body.len <= BODY_MAX);
	FUZZ_TRUE(dy_str_is(dy_exchange_client(x), "local"));
	(void)dy_exchange_cookie(x, "dy_session");
	dy_exchange_reply(x, &(struct dy_reply){ .status = 200,
	                                         .type = "text/plain",
	                                         .body = dy_str_from(text) });
}

static void
stop(void)
{
	dy_net_stop(net, 1000);
}

static void
start(void)
{
	struct dy_net_options options = {
		.loops = 1,
		.upload_dir = "/nonexistent",
		.header_ms = LONG_MS,
		.body_ms = LONG_MS,
		.keep_alive_ms = LONG_MS,
		.write_stall_ms = LONG_MS,
		.heartbeat_ms = LONG_MS,
		.on_head = on_head,
		.on_request = on_request,
	};
	char listen[80];

	(void)snprintf(path, sizeof(path), P_tmpdir "/dy-fuzz-%ld.sock", (long)getpid());
	(void)snprintf(listen, sizeof(listen), "unix:%s", path);
	options.listen = listen;
	FUZZ_TRUE(dy_net_start(&options, &net, NULL) == DY_OK);
	(void)atexit(stop);
}

static uint64_t
bytes_in(void)
{
	struct dy_net_stats stats;

	dy_net_stats(net, &stats);
	return stats.bytes_in;
}

/* Sends one piece and waits until the engine has worked it off, or closed, so that it arrives alone. */
static bool
send_piece(int fd, struct dy_str piece)
{
	uint64_t before = bytes_in();

	if (send(fd, piece.ptr, piece.len, MSG_NOSIGNAL) != (ssize_t)piece.len)
		return false;
	for (int i = 0; i < 2000 && bytes_in() < before + piece.len; i++)
		(void)sched_yield();
	return true;
}

static size_t
converse(struct dy_str text, size_t piece, char *said)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = 0;

	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(to.sun_path, path, strlen(path) + 1);
	FUZZ_TRUE(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0);
	for (size_t at = 0; at < text.len; at += piece) {
		if (!send_piece(fd, dy_str_slice(text, at, at + piece)))
			break;
	}
	(void)shutdown(fd, SHUT_WR);
	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		FUZZ_TRUE(poll(&p, 1, 20000) == 1); /* the engine forgot to close */
		ssize_t n = recv(fd, said + len, SAID_MAX - 1 - len, 0);
		if (n <= 0)
			break;
		len += (size_t)n;
		FUZZ_TRUE(len < SAID_MAX - 1);
	}
	(void)close(fd);
	said[len] = '\0';
	return len;
}

/* Whether "100 Continue" is said depends on what is there already; dates differ. Both go. */
static void
forget(char *said, const char *from, const char *to)
{
	for (char *at = strstr(said, from); at != NULL; at = strstr(at, from)) {
		char *end = strstr(at, to);
		FUZZ_TRUE(end != NULL);
		memmove(at, end + strlen(to), strlen(end + strlen(to)) + 1);
	}
}

/* Answers follow one another without a byte between, and nothing follows a close. */
static void
check_answers(const char *said)
{
	while (*said != '\0') {
		FUZZ_TRUE(strncmp(said, "HTTP/1.1 ", 9) == 0);
		const char *end = strstr(said, "\r\n\r\n");
		FUZZ_TRUE(end != NULL);
		const char *length = strstr(said, "Content-Length: ");
		const char *closes = strstr(said, "Connection: close\r\n");
		long n = length != NULL && length < end ? strtol(length + 16, NULL, 10) : 0;
		bool is_last = closes != NULL && closes < end;
		said = end + 4;
		if (*said != '\0' &&
		    strncmp(said, "HTTP/1.1 ", 9) != 0) { /* else the answer to a HEAD */
			FUZZ_TRUE((long)strlen(said) >= n);
			said += n;
		}
		FUZZ_TRUE(!is_last || *said == '\0');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *whole, *cut;
	size_t piece = fuzz_choice(&data, &size) % 64 + 1;
	struct dy_str text = fuzz_str(data, size);

	if (net == NULL) {
		start();
		whole = malloc(SAID_MAX);
		cut = malloc(SAID_MAX);
		FUZZ_TRUE(whole != NULL && cut != NULL);
	}
	if (size > INPUT_MAX)
		return 0;
	if (size / piece > PIECES_MAX)
		piece = size / PIECES_MAX;
	(void)converse(text, size + 1, whole);
	(void)converse(text, piece, cut);
	forget(whole, "HTTP/1.1 100 Continue\r\n\r\n", "\r\n\r\n");
	forget(cut, "HTTP/1.1 100 Continue\r\n\r\n", "\r\n\r\n");
	forget(whole, "Date: ", "\r\n");
	forget(cut, "Date: ", "\r\n");
	check_answers(whole);
	check_answers(cut);
	/* the last answer says so when the client's end was seen before it */
	forget(whole, "Connection: close", "\r\n");
	forget(cut, "Connection: close", "\r\n");
	if (strcmp(whole, cut) != 0)
		(void)fprintf(stderr, "whole:\n%s\nin pieces:\n%s\n", whole, cut);
	FUZZ_TRUE(strcmp(whole, cut) == 0);
	return 0;
}
