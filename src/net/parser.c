/* Strict framing. RFC 9112, the probes of tests/net/test_server.c and the fuzz targets http, head and chunks. */
#include "parser.h"

#include <string.h>

size_t
dy_head_end(struct dy_str text, size_t from, int *status)
{
	/* look back three bytes: the empty line may have been cut by the last read */
	size_t i = from > 3 ? from - 3 : 0;

	for (; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\0' || (c == '\n' && (i == 0 || text.ptr[i - 1] != '\r'))) {
			*status = 400;
			return 0;
		}
		if (c == '\n' && i >= 3 && text.ptr[i - 2] == '\n' && text.ptr[i - 3] == '\r')
			return i + 1;
		if (i >= DY_HEAD_BYTES_MAX) {
			*status = 431;
			return 0;
		}
	}
	return 0;
}

static bool
is_token(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static enum dy_method
method_of(struct dy_str word)
{
	for (int m = DY_GET; m < DY_METHOD_OTHER; m++) {
		if (dy_str_is(word, dy_method_name((enum dy_method)m)))
			return (enum dy_method)m;
	}
	return DY_METHOD_OTHER;
}

static int
request_line(struct dy_str line, struct dy_head *out)
{
	struct dy_str method = dy_str_split(&line, ' ');
	struct dy_str target = dy_str_split(&line, ' ');

	if (dy_str_is(line, "HTTP/1.0"))
		out->is_http_1_0 = true;
	else if (!dy_str_is(line, "HTTP/1.1"))
		return dy_str_starts(line, DY_STR("HTTP/")) ? 505 : 400;
	for (size_t i = 0; i < method.len; i++) {
		if (!is_token((unsigned char)method.ptr[i]))
			return 400;
	}
	if (method.len == 0 || target.len == 0 || target.ptr[0] != '/')
		return 400;
	for (size_t i = 0; i < target.len; i++) {
		unsigned char c = (unsigned char)target.ptr[i];
		if (c <= ' ' || c == 127 || c == '#')
			return 400;
	}
	out->method = method_of(method);
	if (out->method == DY_METHOD_OTHER)
		return 501;
	out->path = dy_str_split(&target, '?');
	out->query = target;
	return 0;
}

/* Only what RFC 9112 calls blank: dy_str_trim() knows U+3000, and "chunked" behind one is not chunked elsewhere. */
static struct dy_str
value_trim(struct dy_str s)
{
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = dy_str_slice(s, 1, s.len);
	while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static int
field_line(char *line, size_t len, struct dy_field *out)
{
	size_t colon = 0;

	/* a blank before the colon and a folded line fail here: a blank is no token character */
	while (colon < len && is_token((unsigned char)line[colon])) {
		if (line[colon] >= 'A' && line[colon] <= 'Z')
			line[colon] = (char)(line[colon] - 'A' + 'a');
		colon++;
	}
	if (colon == 0 || colon == len || line[colon] != ':')
		return 400;
	for (size_t i = colon; i < len; i++) {
		unsigned char c = (unsigned char)line[i];
		if ((c < ' ' && c != '\t') || c == 127)
			return 400;
	}
	out->name = (struct dy_str){ line, colon };
	out->value = value_trim((struct dy_str){ line + colon + 1, len - colon - 1 });
	return 0;
}

struct seen {
	unsigned hosts, lengths, encodings;
};

static int
field_meaning(const struct dy_field *field, struct dy_head *out, struct seen *seen)
{
	if (dy_str_is(field->name, "host")) {
		return ++seen->hosts > 1 || field->value.len == 0 ? 400 : 0;
	} else if (dy_str_is(field->name, "content-length")) {
		out->has_length = true;
		return ++seen->lengths > 1 || !dy_str_to_u64(field->value, &out->length) ? 400 : 0;
	} else if (dy_str_is(field->name, "transfer-encoding")) {
		out->is_chunked = true;
		if (++seen->encodings > 1)
			return 400;
		return dy_str_ieq(field->value, DY_STR("chunked")) ? 0 : 501;
	} else if (dy_str_is(field->name, "connection")) {
		struct dy_str rest = field->value;
		while (rest.len > 0) {
			struct dy_str word = value_trim(dy_str_split(&rest, ','));
			if (dy_str_ieq(word, DY_STR("close")))
				out->keep_alive = false;
			else if (dy_str_ieq(word, DY_STR("keep-alive")) && out->is_http_1_0)
				out->keep_alive = true;
		}
	} else if (dy_str_is(field->name, "expect")) {
		out->expects_continue = dy_str_ieq(field->value, DY_STR("100-continue"));
	}
	return 0;
}

int
dy_head_check(char *block, size_t len, struct dy_head *out)
{
	struct seen seen = { 0 };
	size_t at = 0;
	bool first = true;

	*out = (struct dy_head){ .keep_alive = true };
	while (at + 2 < len) { /* the empty line ends the block */
		char *end = memchr(block + at, '\r', len - at);
		if (end == NULL || end[1] != '\n')
			return 400;
		size_t n = (size_t)(end - (block + at));
		int status;
		if (first) {
			status = request_line((struct dy_str){ block + at, n }, out);
			out->keep_alive = !out->is_http_1_0;
		} else {
			if (out->n_fields == DY_FIELDS_MAX)
				return 431;
			struct dy_field *field = &out->fields[out->n_fields++];
			status = field_line(block + at, n, field);
			if (status == 0)
				status = field_meaning(field, out, &seen);
		}
		if (status != 0)
			return status;
		first = false;
		at += n + 2;
	}
	if (first || (seen.hosts == 0 && !out->is_http_1_0))
		return 400;
	if (out->is_chunked && (out->has_length || out->is_http_1_0))
		return 400;
	return 0;
}

/* Chunks */

void
dy_chunks_init(struct dy_chunks *chunks)
{
	*chunks = (struct dy_chunks){ .state = DY_CHUNK_SIZE };
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A byte of an extension or a trailer line. */
static bool
is_skipped(struct dy_chunks *c, char byte)
{
	unsigned char b = (unsigned char)byte;
	return (b >= ' ' || b == '\t') && b != 127 && ++c->extra <= DY_CHUNK_EXTRA_MAX;
}

static bool
size_byte(struct dy_chunks *c, char byte)
{
	int digit = hex_digit(byte);

	if (digit >= 0) {
		c->left = c->left << 4 | (uint64_t)digit;
		return ++c->digits <= 15; /* no size overflows 60 bits */
	}
	c->state = byte == ';' ? DY_CHUNK_EXTENSION : DY_CHUNK_SIZE_LF;
	return c->digits > 0 && (byte == ';' || byte == '\r');
}

static bool
step(struct dy_chunks *c, enum dy_chunk_state next, bool good)
{
	c->state = next;
	return good;
}

/* One byte of framing; false on a fault. */
static bool
frame_byte(struct dy_chunks *c, char b)
{
	switch (c->state) {
	case DY_CHUNK_SIZE: return size_byte(c, b);
	case DY_CHUNK_EXTENSION:
		return b == '\r' ? step(c, DY_CHUNK_SIZE_LF, true) : is_skipped(c, b);
	case DY_CHUNK_SIZE_LF:
		return step(c, c->left > 0 ? DY_CHUNK_DATA : DY_CHUNK_TRAILER, b == '\n');
	case DY_CHUNK_DATA_CR: return step(c, DY_CHUNK_DATA_LF, b == '\r');
	case DY_CHUNK_DATA_LF: c->digits = 0; return step(c, DY_CHUNK_SIZE, b == '\n');
	case DY_CHUNK_TRAILER:
		if (b == '\r')
			return step(c, DY_CHUNK_END_LF, true);
		return step(c, DY_CHUNK_TRAILER_NAME, is_token((unsigned char)b)) &&
		       is_skipped(c, b);
	case DY_CHUNK_TRAILER_NAME:
		return step(c, b == ':' ? DY_CHUNK_TRAILER_VALUE : DY_CHUNK_TRAILER_NAME,
		            b == ':' || is_token((unsigned char)b)) &&
		       is_skipped(c, b);
	case DY_CHUNK_TRAILER_VALUE:
		return b == '\r' ? step(c, DY_CHUNK_TRAILER_LF, true) : is_skipped(c, b);
	case DY_CHUNK_TRAILER_LF: return step(c, DY_CHUNK_TRAILER, b == '\n');
	case DY_CHUNK_END_LF: return step(c, DY_CHUNK_DONE, b == '\n');
	case DY_CHUNK_DATA:
	case DY_CHUNK_DONE: break;
	}
	return false;
}

size_t
dy_chunks_feed(struct dy_chunks *chunks, struct dy_str text,
               bool (*on_data)(void *ctx, struct dy_str data), void *ctx, bool *done, int *status)
{
	size_t at = 0;

	while (at < text.len && chunks->state != DY_CHUNK_DONE && *status == 0) {
		if (chunks->state != DY_CHUNK_DATA) {
			if (!frame_byte(chunks, text.ptr[at++]))
				*status = 400;
			continue;
		}
		size_t have = text.len - at;
		size_t n = have < chunks->left ? have : (size_t)chunks->left;
		if (!on_data(ctx, dy_str_slice(text, at, at + n)))
			*status = 413;
		at += n;
		chunks->left -= n;
		if (chunks->left == 0)
			chunks->state = DY_CHUNK_DATA_CR;
	}
	*done = chunks->state == DY_CHUNK_DONE;
	return at;
}
