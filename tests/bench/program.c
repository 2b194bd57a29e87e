/* Servers under load as processes: the program itself, and the bare loop it is compared with. */
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void
lg_serve(struct lg_server *s, const char *data_dir)
{
	char exe[400], line[256];
	int out[2];

	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 32);
	if (n <= 0 || pipe(out) != 0)
		bk_fail("pipe");
	exe[n] = '\0';
	char *name = strrchr(exe, '/');
	memcpy(name, "/../../danyuan", sizeof("/../../danyuan"));
	int64_t began = bk_now_us();
	s->pid = fork();
	if (s->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(out[1], 1);
		(void)close(out[0]);
		(void)execl(exe, exe, "serve", "--data", data_dir, "--listen", "127.0.0.1:0",
		            "--unlimited", "--log-level", "error", (char *)NULL);
		_exit(127);
	}
	(void)close(out[1]);
	s->out = out[0];
	FILE *f = fdopen(dup(out[0]), "r");
	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		bk_fail("the program did not start");
	s->start_ms = (double)(bk_now_us() - began) / 1e3;
	s->port = (uint16_t)strtoul(strrchr(line, ':') + 1, NULL, 10);
	(void)fclose(f);
}

#define BARE_STREAMS_MAX 65536

struct bare_conn {
	int fd;
	char text[2048];
	size_t len;
};
struct bare {
	const char *answer;
	size_t answer_len;
	int streams[BARE_STREAMS_MAX];
	size_t n_streams;
};

static void
bare_answer(struct bare *b, struct bare_conn *c)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
	static const char event[] =
		"id: 123456\n"
		"data: "
		"{\"seq\":123456,\"topic\":\"request.reported\",\"subject\":\"1d2c3b4a5f6g7\","
		"\"at\":\"2026-04-23T08:15:00.000+08:00\",\"unit_id\":\"1d2c3b4a5f6g7\","
		"\"payload\":{\"state\":\"reported\",\"version\":1,\"urgent\":false}}\n\n";

	if (strncmp(c->text, "GET", 3) == 0 && b->n_streams < BARE_STREAMS_MAX) {
		b->streams[b->n_streams++] = c->fd;
		(void)!send(c->fd, head, sizeof(head) - 1, MSG_NOSIGNAL);
		return;
	}
	(void)!send(c->fd, b->answer, b->answer_len, MSG_NOSIGNAL);
	for (size_t i = 0; i < b->n_streams; i++)
		(void)!send(b->streams[i], event, sizeof(event) - 1, MSG_NOSIGNAL);
}

static void
bare_read(struct bare *b, struct bare_conn *c)
{
	ssize_t n = recv(c->fd, c->text + c->len, sizeof(c->text) - 1 - c->len, 0);

	if (n <= 0) {
		(void)close(c->fd);
		free(c);
		return;
	}
	c->len += (size_t)n;
	c->text[c->len] = '\0';
	const char *end = strstr(c->text, "\r\n\r\n");
	const char *length = strstr(c->text, "Content-Length: ");
	size_t body = length != NULL ? (size_t)strtoul(length + 16, NULL, 10) : 0;
	if (end == NULL || c->len < (size_t)(end + 4 - c->text) + body)
		return;
	c->len = 0;
	bare_answer(b, c);
}

static _Noreturn void
bare_loop(int listener, const char *answer, size_t answer_len)
{
	static struct bare b;
	struct epoll_event events[256];
	struct epoll_event want = { .events = EPOLLIN };
	int epoll = epoll_create1(0);
	int on = 1;

	b.answer = answer;
	b.answer_len = answer_len;
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &want);
	for (;;) {
		int n = epoll_wait(epoll, events, 256, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr != NULL) {
				bare_read(&b, events[i].data.ptr);
				continue;
			}
			struct bare_conn *c = calloc(1, sizeof(*c));
			if (c == NULL)
				_exit(1);
			c->fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
			(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
			struct epoll_event in = { .events = EPOLLIN, .data.ptr = c };
			(void)epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &in);
		}
	}
}

void
lg_serve_bare(struct lg_server *s, size_t answer_bytes)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	static char answer[8192];

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, len) != 0 ||
	    listen(listener, 4096) != 0 || getsockname(listener, (struct sockaddr *)&at, &len) != 0)
		bk_fail("listen");
	s->port = ntohs(at.sin_port);
	int n = snprintf(answer, sizeof(answer),
	                 "HTTP/1.1 201 Created\r\nContent-Length: %zu\r\n\r\n", answer_bytes);
	memset(answer + n, ' ', answer_bytes);
	s->out = -1;
	s->pid = fork();
	if (s->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		bare_loop(listener, answer, (size_t)n + answer_bytes);
	}
	(void)close(listener);
}

void
lg_stop(struct lg_server *s)
{
	if (s->pid > 0) {
		(void)kill(s->pid, s->out >= 0 ? SIGTERM : SIGKILL);
		(void)waitpid(s->pid, NULL, 0);
	}
	if (s->out >= 0)
		(void)close(s->out);
	s->pid = 0;
}

double
lg_cpu_s(const struct lg_server *s)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)s->pid);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return 0;
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	(void)fclose(f);
	text[n] = '\0';
	const char *at = strrchr(text, ')');
	if (at == NULL || sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
	                         &user, &system) != 2)
		return 0;
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static bool
thread_read(pid_t pid, const char *tid, const char *file, char *out, size_t cap)
{
	char path[320];

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", (int)pid, tid, file);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return false;
	bool read = fgets(out, (int)cap, f) != NULL;
	(void)fclose(f);
	return read;
}

struct lg_threads
lg_threads(const struct lg_server *s)
{
	struct lg_threads sum = { 0 };
	char path[64], name[64], text[128];
	unsigned long long on_ns, wait_ns;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)s->pid);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		if (e->d_name[0] == '.' || !thread_read(s->pid, e->d_name, "comm", name, 64) ||
		    !thread_read(s->pid, e->d_name, "schedstat", text, sizeof(text)) ||
		    sscanf(text, "%llu %llu", &on_ns, &wait_ns) != 2)
			continue;
		double on_s = (double)on_ns / 1e9;
		if (strncmp(name, "dy-loop", 7) == 0) {
			sum.loops_s += on_s;
		} else if (strncmp(name, "dy-writer", 9) == 0) {
			sum.writer_s += on_s;
			sum.writer_waits_s += (double)wait_ns / 1e9;
		} else {
			sum.rest_s += on_s;
		}
	}
	if (dir != NULL)
		(void)closedir(dir);
	return sum;
}

double
lg_rss_mb(const struct lg_server *s)
{
	char path[64];
	unsigned long pages = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/statm", (int)s->pid);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	(void)fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
}
