/* The connection engine over real sockets: framing, slow clients, uploads, streams, stopping. */
#include "net_kit.h"

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
	DYT_INT(files_left(), 0); /* as soon as the answer is there */
	say(fd, "POST /upload HTTP/1.1\r\n" H "Content-Length: 200001\r\n\r\n");
	DYT_TRUE(hear(fd, " 413 ", answer, sizeof(answer)));
	(void)close(fd);
	fd = dial(); /* chunks, that are only too many in the end */
	say(fd, "POST /upload HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n30d41\r\n");
	send_all(fd, body, 200001);
	DYT_TRUE(hear(fd, " 413 ", answer, sizeof(answer)));
	(void)close(fd);
	fd = dial(); /* never ends */
	say(fd, "POST /upload HTTP/1.1\r\n" H "Content-Length: 2000\r\n\r\n");
	send_all(fd, body, 1000);
	DYT_TRUE(hear(fd, " 408 ", answer, sizeof(answer)));
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
	/* the client's own line first, the proxy's behind it */
	say(fd, "GET /client HTTP/1.1\r\n" H
	        "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 10.2.2.2\r\n\r\n");
	DYT_TRUE(hear(fd, "\r\n\r\n10.2.2.2", answer, sizeof(answer)));
	say(fd, "GET /client HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "\r\n\r\n127.0.0.9", answer, sizeof(answer)));
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

static bool
serves(int fd)
{
	char answer[1024];

	say(fd, "GET /x HTTP/1.1\r\n" H "\r\n");
	return hear(fd, "hello", answer, sizeof(answer));
}

DYT(one_address_may_hold_only_so_many_connections)
{
	struct dy_net_options options = kit_options("127.0.0.1:0", 1);
	int fds[3];

	options.per_client_max = 3;
	options.keep_alive_ms = 20000;
	start_as(options);
	for (int i = 0; i < 3; i++) {
		fds[i] = dial();
		DYT_TRUE(serves(fds[i]));
	}
	int over = dial();
	DYT_TRUE(is_closed_on(over));
	(void)close(over);
	int other = dial_from("127.0.0.2");
	DYT_TRUE(serves(other));
	for (int i = 0; i < 5; i++) { /* a proxy stands for many */
		int proxy = dial_from("127.0.0.9");
		DYT_TRUE(serves(proxy));
		(void)close(proxy);
	}
	(void)close(fds[0]);
	bool freed = false;
	for (int64_t until = dy_tick_ms() + LIMIT_MS; !freed && dy_tick_ms() < until;) {
		int again = dial(); /* as soon as the server has seen the end */
		freed = serves(again);
		(void)close(again);
	}
	DYT_TRUE(freed);
	(void)close(fds[1]);
	(void)close(fds[2]);
	(void)close(other);
	stop();
}

DYT(all_connections_together_are_limited)
{
	struct dy_net_options options = kit_options("127.0.0.1:0", 1);

	options.connections_max = 2;
	options.keep_alive_ms = 20000;
	start_as(options);
	int a = dial();
	int b = dial();
	DYT_TRUE(serves(a) && serves(b));
	int c = dial();
	DYT_TRUE(is_closed_on(c));
	DYT_TRUE(serves(a));
	(void)close(a);
	(void)close(b);
	(void)close(c);
	stop();
}

DYT(without_file_descriptors_it_refuses_and_recovers)
{
	enum { N = 40, FREE = 10 };
	struct dy_net_options options = kit_options("127.0.0.1:0", 1);
	struct rlimit before;
	int fds[N];
	int served = 0;
	int refused = 0;

	options.keep_alive_ms = 20000;
	start_as(options);
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(dy_net_port(net)) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < N; i++)
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	DYT_INT(getrlimit(RLIMIT_NOFILE, &before), 0);
	struct rlimit tight = { (rlim_t)fds[N - 1] + 1 + FREE, before.rlim_max };
	DYT_INT(setrlimit(RLIMIT_NOFILE, &tight), 0);
	for (int i = 0; i < N; i++)
		DYT_INT(connect(fds[i], (struct sockaddr *)&to, sizeof(to)), 0);
	for (int i = 0; i < N; i++) {
		if (serves(fds[i]))
			served++;
		else
			refused++; /* told so at once, not left waiting */
		(void)close(fds[i]);
	}
	DYT_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
	DYT_TRUE(served >= FREE - 2);
	DYT_TRUE(refused > 0);
	int fd = dial();
	DYT_TRUE(serves(fd));
	(void)close(fd);
	stop();
}

DYT(an_answer_after_the_grace_is_dropped)
{
	char answer[1024];

	start();
	int fd = dial();
	say(fd, "GET /hold HTTP/1.1\r\n" H "\r\n");
	wait_for(&held, 1);
	struct dy_loop *loop = dy_net_loop(net, 0);
	static struct later
		kept; /* what the program still holds stays in memory, as the header says */
	static struct dy_net *kept_net;
	kept = held_task;
	kept_net = net;
	dy_net_stop(kept_net, 20);
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_STR(answer, "");
	DYT_INT(gone, 1);
	dy_loop_post(loop, &kept.task); /* nobody is there to run it */
	(void)close(fd);
	DYT_INT(rmdir(folder), 0);
}

NET_MAIN(DYT_TEST(an_answer_after_the_grace_is_dropped),
         DYT_TEST(uploads_are_limited_and_leave_nothing_behind),
         DYT_TEST(an_answer_may_come_later_and_its_client_may_vanish),
         DYT_TEST(stopping_waits_for_the_answer_under_way),
         DYT_TEST(a_reader_that_stalls_on_a_large_answer_is_let_go),
         DYT_TEST(only_trusted_proxies_may_name_the_client),
         DYT_TEST(a_local_socket_and_two_loops_serve_too), DYT_TEST(a_bad_listen_address_says_so),
         DYT_TEST(one_address_may_hold_only_so_many_connections),
         DYT_TEST(all_connections_together_are_limited),
         DYT_TEST(without_file_descriptors_it_refuses_and_recovers))
