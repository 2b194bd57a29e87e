/* Event streams: rooms, resuming, slow readers. */
#include "net_kit.h"

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

/* Reads frames with numbers until the end; false when one is missing, comes twice or is cut. */
static bool
frames_follow(int fd, int64_t *last)
{
	static char text[8 << 20];
	size_t len = 0;

	for (ssize_t n = 1; n > 0 && len + 1 < sizeof(text); len += n > 0 ? (size_t)n : 0)
		n = recv(fd, text + len, sizeof(text) - 1 - len, 0);
	text[len] = '\0';
	for (char *at = strstr(text, "id: "); at != NULL; at = strstr(at + 4, "id: ")) {
		if (strstr(at, "\n\n") == NULL)
			break; /* cut by the drop: it was not taken for read */
		int64_t number = strtoll(at + 4, NULL, 10);
		if (number != *last + 1)
			return false;
		*last = number;
	}
	return true;
}

DYT(a_dropped_reader_has_no_gap_and_resumes)
{
	static char big[8000];
	static struct publish p[3000];
	struct dy_net_stats stats = { 0 };
	char text[4096];
	int64_t last = 0;
	int small = 4096;
	int n = 0;

	memset(big, 'z', sizeof(big) - 1);
	start();
	int slow = dial();
	(void)setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	say(slow, "GET /events?room=5 HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(slow, "retry:", text, sizeof(text)));
	while (stats.streams_dropped == 0 && n < 3000) {
		p[n] = (struct publish){
			.number = n + 1, .rooms = { 5 }, .n_rooms = 1, .data = big
		};
		publish(&p[n]);
		n++;
		dy_net_stats(net, &stats);
	}
	for (int64_t until = dy_tick_ms() + LIMIT_MS; stats.streams > 0 && dy_tick_ms() < until;) {
		dy_net_stats(net, &stats);
		(void)poll(NULL, 0, 1);
	}
	DYT_INT(stats.streams_dropped, 1);
	int large = 1 << 20; /* the rest at full speed */
	(void)setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &large, sizeof(large));
	DYT_TRUE(frames_follow(slow, &last));
	DYT_TRUE(last > 0 && last < n);
	(void)close(slow);
	int again = dial();
	(void)snprintf(text, sizeof(text),
	               "GET /events?room=5 HTTP/1.1\r\n" H "Last-Event-ID: %lld\r\n\r\n",
	               (long long)last);
	say(again, text);
	DYT_TRUE(hear(again, "retry:", text, sizeof(text)));
	struct publish old = { .number = last, .rooms = { 5 }, .n_rooms = 1, .data = "old" };
	struct publish next = { .number = last + 1, .rooms = { 5 }, .n_rooms = 1, .data = "new" };
	publish(&old);
	publish(&next);
	DYT_TRUE(hear(again, "data: new\n", text, sizeof(text)));
	DYT_TRUE(strstr(text, "data: old") == NULL);
	(void)close(again);
	stop();
}

DYT(a_reader_that_stands_still_is_let_go)
{
	static char big[2000000];
	static struct publish p[3]; /* tasks: a loop may still hold them when the test has failed */
	struct dy_net_stats stats = { 0 };
	char text[256];
	int small = 4096;

	memset(big, 'z', sizeof(big) - 1);
	start();
	int fd = dial();
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	say(fd, "GET /events?room=5 HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "retry:", text, sizeof(text)));
	for (int i = 0; i < 3; i++) { /* more than the socket's buffers take */
		p[i] = (struct publish){
			.number = i + 1, .rooms = { 5 }, .n_rooms = 1, .data = big
		};
		publish(&p[i]);
	}
	dy_net_stats(net, &stats);
	for (int64_t until = dy_tick_ms() + LIMIT_MS; stats.streams > 0 && dy_tick_ms() < until;) {
		dy_net_stats(net, &stats);
		(void)poll(NULL, 0, 2);
	}
	DYT_INT(stats.streams, 0);
	DYT_TRUE(stats.timed_out + stats.streams_dropped > 0);
	(void)close(fd);
	stop();
}

DYT(a_stream_ends_with_its_session_and_says_so)
{
	char text[1024];

	start();
	int fd = dial();
	say(fd, "GET /events?room=7&until=60 HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "retry:", text, sizeof(text)));
	DYT_TRUE(hear(fd, NULL, text, sizeof(text))); /* to its end */
	DYT_TRUE(strstr(text, "retry:") != NULL);
	(void)close(fd);
	int other = dial();
	say(other, "GET /events?room=7 HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(other, ": beat", text, sizeof(text))); /* one without an end goes on */
	(void)close(other);
	stop();
}

DYT(text_cannot_smuggle_a_field_into_a_frame)
{
	struct publish p = {
		.number = 1, .rooms = { 7 }, .n_rooms = 1, .data = "a\rid: 9\r\nevent: x\n\nend"
	};
	char text[1024];

	start();
	int fd = dial();
	say(fd, "GET /events?room=7 HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "retry:", text, sizeof(text)));
	publish(&p);
	DYT_TRUE(hear(fd, "data: end\n\n", text, sizeof(text)));
	DYT_TRUE(strstr(text, "data: a\ndata: id: 9\ndata: \ndata: event: x\n") != NULL);
	DYT_TRUE(strchr(strstr(text, "data: a"), '\r') == NULL);
	(void)close(fd);
	stop();
}

NET_MAIN(DYT_TEST(a_stream_gets_each_frame_of_its_rooms_once),
         DYT_TEST(a_slow_stream_is_dropped_and_others_go_on),
         DYT_TEST(a_thousand_streams_hear_one_frame),
         DYT_TEST(a_dropped_reader_has_no_gap_and_resumes),
         DYT_TEST(a_reader_that_stands_still_is_let_go),
         DYT_TEST(a_stream_ends_with_its_session_and_says_so),
         DYT_TEST(text_cannot_smuggle_a_field_into_a_frame))
