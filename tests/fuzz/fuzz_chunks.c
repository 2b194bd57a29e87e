/* Chunked bodies: the same bytes come out however the input is cut, and a body that is accepted here is accepted by
 * http-parser, with the same bytes and the same end. First byte: where to cut. */
#include "fuzz.h"
#include "parser.h"

#include <http_parser.h>
#include <string.h>

#define BODY_MAX ((size_t)4096)

struct got {
	char body[BODY_MAX];
	size_t len;
	size_t used;
	bool done;
	int status;
};

static bool
take(void *ctx, struct dy_str data)
{
	struct got *got = ctx;

	FUZZ_TRUE(data.len > 0);
	if (data.len > BODY_MAX - got->len)
		return false;
	memcpy(got->body + got->len, data.ptr, data.len);
	got->len += data.len;
	return true;
}

static void
feed(struct dy_str text, size_t piece, struct got *got)
{
	struct dy_chunks chunks;

	*got = (struct got){ 0 };
	dy_chunks_init(&chunks);
	while (got->used < text.len && !got->done && got->status == 0) {
		struct dy_str part = dy_str_slice(text, got->used, got->used + piece);
		size_t n = dy_chunks_feed(&chunks, part, take, got, &got->done, &got->status);
		FUZZ_TRUE(n <= part.len);
		FUZZ_TRUE(n == part.len || got->done || got->status != 0);
		got->used += n;
	}
}

static int
their_body(http_parser *p, const char *at, size_t n)
{
	return take(p->data, (struct dy_str){ at, n }) ? 0 : 1;
}

static int
their_end(http_parser *p)
{
	((struct got *)p->data)->done = true;
	http_parser_pause(p, 1);
	return 0;
}

static void
check_theirs(struct dy_str text, const struct got *ours)
{
	static const char HEAD[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
	static struct got theirs;
	http_parser_settings settings;
	http_parser p;

	theirs = (struct got){ 0 };
	http_parser_init(&p, HTTP_REQUEST);
	http_parser_settings_init(&settings);
	FUZZ_TRUE(http_parser_execute(&p, &settings, HEAD, sizeof(HEAD) - 1) == sizeof(HEAD) - 1);
	settings.on_body = their_body;
	settings.on_message_complete = their_end;
	p.data = &theirs;
	(void)http_parser_execute(&p, &settings, text.ptr, ours->used);
	FUZZ_TRUE(theirs.len == ours->len && memcmp(theirs.body, ours->body, ours->len) == 0);
	/* without trailers, about which they are stricter or laxer, the end is the same too */
	struct dy_str end = dy_str_slice(text, ours->used - 6, ours->used);
	FUZZ_TRUE(theirs.done || (ours->used > 5 && !dy_str_is(end, "\n0\r\n\r\n")));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct got whole, cut;
	size_t piece = fuzz_choice(&data, &size) % 16 + 1;
	struct dy_str text = fuzz_str(data, size);

	feed(text, size + 1, &whole);
	feed(text, piece, &cut);
	FUZZ_TRUE(whole.status == cut.status && whole.done == cut.done);
	if (whole.status == 413) /* how far it came depends on the piece */
		return 0;
	FUZZ_TRUE(whole.used == cut.used && whole.len == cut.len);
	FUZZ_TRUE(memcmp(whole.body, cut.body, whole.len) == 0);
	if (whole.done)
		check_theirs(dy_str_slice(text, 0, whole.used), &whole);
	return 0;
}
