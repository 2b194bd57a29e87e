/* Framing and slow clients: every probe of architecture.md 7a. */
#include "net_kit.h"

#define CHUNKED "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"

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
		{ "chunked and an ideographic space",
		  "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\xe3\x80\x80\r\n\r\n",
		  "501" },
		{ "length and an ideographic space",
		  "POST /echo HTTP/1.1\r\n" H "Content-Length: \xe3\x80\x80"
		  "3\r\n\r\nabc",
		  "400" },
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
		{ "anything behind the chunk's CR", CHUNKED "3\rXabc\r\n0\r\n\r\n", "400" },
		{ "anything behind the chunk's data", CHUNKED "3\r\nabcXY0\r\n\r\n", "400" },
		{ "blank behind the chunk's size", CHUNKED "3 \r\nabc\r\n0\r\n\r\n", "400" },
		{ "bare LF behind the chunk's size", CHUNKED "3\nabc\r\n0\r\n\r\n", "400" },
		{ "0x before the chunk's size", CHUNKED "0x3\r\nabc\r\n0\r\n\r\n", "400" },
		{ "sign before the chunk's size", CHUNKED "+3\r\nabc\r\n0\r\n\r\n", "400" },
		{ "chunk without size", CHUNKED "\r\nabc\r\n0\r\n\r\n", "400" },
		{ "chunk of 16 digits", CHUNKED "0000000000000003\r\nabc\r\n0\r\n\r\n", "400" },
		{ "control in a chunk's extension", CHUNKED "3;a=\x01\r\nabc\r\n0\r\n\r\n", "400" },
		{ "bare LF in a trailer", CHUNKED "0\r\nA: b\nC: d\r\n\r\n", "400" },
		{ "trailer without colon", CHUNKED "0\r\nX-Sum\r\n\r\n", "400" },
		{ "blank before a trailer's colon", CHUNKED "0\r\nX-Sum : 1\r\n\r\n", "400" },
		{ "folded trailer", CHUNKED "0\r\n A: b\r\n\r\n", "400" },
		{ "last chunk left open", CHUNKED "0\r\n\rX", "400" },
		{ "chunk drip", CHUNKED "3\r\nab", "408" },
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
	static const char text[] =
		"\r\n\r\nPOST /echo HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\nunit";
	char answer[1024];

	start();
	for (size_t cut = 1; cut + 1 < sizeof(text); cut += cut < 6 ? 1 : 3) {
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

DYT(extensions_and_trailers_are_skipped_but_not_without_end)
{
	char answer[4096];

	start();
	int fd = dial();
	say(fd, CHUNKED "3;name=value\r\nabc\r\nA;x\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n");
	DYT_TRUE(hear(fd, "\r\n\r\nabc0123456789", answer, sizeof(answer)));
	say(fd, CHUNKED "1;");
	for (int i = 0; i < 50; i++)
		say(fd, "0123456789012345678901234567890123456789012345678901234567890123456789"
		        "012345678901234567890123456789");
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, " 400 ") != NULL);
	(void)close(fd);
	stop();
}

/* Sends one piece after another, each well within every deadline, until the server closes. */
static bool
drips_to_an_end(const char *first, const char *piece, const char *want)
{
	char answer[1024] = "";
	int64_t until = dy_tick_ms() + LIMIT_MS;
	bool closed = false;
	size_t len = 0;
	int fd = dial();

	say(fd, first);
	while (!closed && dy_tick_ms() < until) {
		struct pollfd p = { fd, POLLIN, 0 };
		say(fd, piece);
		if (poll(&p, 1, 40) <= 0)
			continue;
		ssize_t n = recv(fd, answer + len, sizeof(answer) - 1 - len, 0);
		closed = n <= 0;
		len += n > 0 ? (size_t)n : 0;
	}
	(void)close(fd);
	return closed && strncmp(answer, want, strlen(want)) == 0;
}

DYT(no_drip_holds_a_connection)
{
	start();
	DYT_ROW("header, byte by byte");
	DYT_TRUE(drips_to_an_end("GET / HTTP/1.1\r\nHost: x", "x", "HTTP/1.1 408 "));
	DYT_ROW("empty lines before a request");
	DYT_TRUE(drips_to_an_end("\r\n", "\r\n", ""));
	DYT_ROW("body, byte by byte");
	DYT_TRUE(drips_to_an_end("POST /echo HTTP/1.1\r\n" H "Content-Length: 900\r\n\r\n", "x",
	                         "HTTP/1.1 408 "));
	DYT_ROW("chunks of one byte");
	DYT_TRUE(drips_to_an_end(CHUNKED, "1\r\nx\r\n", "HTTP/1.1 408 "));
	DYT_ROW("extension of a chunk");
	DYT_TRUE(drips_to_an_end(CHUNKED "1;", "x", "HTTP/1.1 408 "));
	stop();
}

DYT(a_flood_of_empty_lines_is_skipped_at_once)
{
	char answer[1024];
	char *flood = malloc(60000);

	DYT_TRUE(flood != NULL);
	for (int i = 0; i < 60000; i++)
		flood[i] = i % 2 == 0 ? '\r' : '\n';
	struct dy_net_options options = kit_options("127.0.0.1:0", 1);
	options.header_ms = LIMIT_MS;
	start_as(options);
	int fd = dial();
	for (int i = 0; i < 20; i++)
		send_all(fd, flood, 60000);
	say(fd, "GET /x HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "hello", answer, sizeof(answer)));
	(void)close(fd);
	free(flood);
	stop();
}

DYT(a_client_that_ends_after_its_requests_gets_every_answer)
{
	char answer[4096];

	start();
	int fd = dial();
	say(fd, "GET /x HTTP/1.1\r\n" H "\r\nGET /client HTTP/1.1\r\n" H "\r\n");
	DYT_INT(shutdown(fd, SHUT_WR), 0);
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	char *first = strstr(answer, "\r\n\r\nhello");
	DYT_TRUE(first != NULL && strstr(first, "\r\n\r\n127.0.0.1") != NULL);
	(void)close(fd);

	fd = dial(); /* the first answer is still under way at the end */
	say(fd, "GET /hold HTTP/1.1\r\n" H "\r\nGET /x HTTP/1.1\r\n" H "\r\nGET /cut HT");
	DYT_INT(shutdown(fd, SHUT_WR), 0);
	wait_for(&held, 1);
	(void)poll(NULL, 0, 20); /* lets the end arrive; either order is right */
	dy_loop_post(dy_net_loop(net, 0), &held_task.task);
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	first = strstr(answer, "\r\n\r\nheld");
	DYT_TRUE(first != NULL && strstr(first, "\r\n\r\nhello") != NULL);
	(void)close(fd);
	stop();
}

DYT(an_early_answer_closes_only_when_a_body_is_left_unread)
{
	char answer[2048];

	start();
	int fd = dial();
	for (int i = 0; i < 3; i++) {
		say(fd, "GET /denied HTTP/1.1\r\n" H "\r\n");
		DYT_TRUE(hear(fd, "\r\n\r\nno", answer, sizeof(answer)));
		DYT_TRUE(strstr(answer, "Connection: close") == NULL);
	}
	say(fd, "POST /denied HTTP/1.1\r\n" H "Content-Length: 900\r\n\r\nGET /x HTTP/1.1\r\n");
	DYT_TRUE(hear(fd, NULL, answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, " 403 ") != NULL && strstr(answer, "Connection: close") != NULL);
	DYT_TRUE(strstr(answer + 1, "HTTP/1.1 ") == NULL);
	(void)close(fd);
	stop();
}

DYT(what_is_sent_ahead_is_bounded)
{
	char *ahead = malloc(70000);

	DYT_TRUE(ahead != NULL);
	memset(ahead, 'x', 70000);
	start();
	int fd = dial();
	say(fd, "GET /hold HTTP/1.1\r\n" H "\r\n");
	wait_for(&held, 1);
	for (int i = 0; i < 4; i++)
		send_all(fd, ahead, 70000);
	DYT_TRUE(is_closed_on(fd));
	wait_for(&gone, 1);
	dy_loop_post(dy_net_loop(net, 0), &held_task.task);
	(void)close(fd);
	free(ahead);
	stop();
}

NET_MAIN(DYT_TEST(wrong_framing_is_answered_and_closed),
         DYT_TEST(a_nul_byte_and_endless_headers_are_refused),
         DYT_TEST(pipelined_requests_get_their_answers_in_order),
         DYT_TEST(a_request_cut_anywhere_is_put_together),
         DYT_TEST(head_and_early_answers_and_http_1_0_work),
         DYT_TEST(idle_connections_are_closed_without_a_word),
         DYT_TEST(extensions_and_trailers_are_skipped_but_not_without_end),
         DYT_TEST(no_drip_holds_a_connection), DYT_TEST(a_flood_of_empty_lines_is_skipped_at_once),
         DYT_TEST(a_client_that_ends_after_its_requests_gets_every_answer),
         DYT_TEST(an_early_answer_closes_only_when_a_body_is_left_unread),
         DYT_TEST(what_is_sent_ahead_is_bounded))
