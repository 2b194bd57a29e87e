/* HTTP framing: what the engine asks of a parser.
 *
 * The header block is first checked strictly by dy_head_check(), which is stricter than any parser;
 * http-parser then reads the request line and decodes bodies. llhttp has the same callbacks: only
 * parser.c names the library. */
#ifndef DY_NET_PARSER_H
#define DY_NET_PARSER_H

#include "net/server.h"

#define DY_HEAD_BYTES_MAX ((size_t)16 * 1024)
#define DY_FIELDS_MAX     100

struct dy_field {
	struct dy_str name; /* lower case */
	struct dy_str value;
};

struct dy_head {
	enum dy_method method;
	bool is_http_1_0;
	bool keep_alive;
	bool is_chunked;
	bool has_length;
	bool expects_continue;
	uint64_t length;
	struct dy_str path;
	struct dy_str query;
	size_t n_fields;
	struct dy_field fields[DY_FIELDS_MAX];
};

/* End of the header block in text: number of bytes including the empty line; 0 when more bytes are needed.
 * *status gets 400 or 431 when what is there can never become a good header. from: bytes already searched. */
size_t dy_head_end(struct dy_str text, size_t from, int *status);

/* block: the complete header block, writable: names are lowered in place. Returns 0, or the status to answer. */
int dy_head_check(char *block, size_t len, struct dy_head *out);

/* Chunked bodies, decoded piece by piece. */
struct dy_chunks {
	_Alignas(16) unsigned char opaque[64];
};
void dy_chunks_init(struct dy_chunks *chunks);
/* Consumes text; on_data gets decoded bytes. Returns bytes consumed; *status 400 on a fault; *done at the end. */
size_t dy_chunks_feed(struct dy_chunks *chunks, struct dy_str text,
                      bool (*on_data)(void *ctx, struct dy_str data), void *ctx, bool *done,
                      int *status);

#endif
