/* HTTP framing: header blocks and chunked bodies, read strictly (RFC 9112).
 *
 * Our own, because the packaged parser is not strict: Debian builds http-parser so that the two bytes behind a
 * chunk may be anything, which lets a proxy in front and this server disagree on where a request ends.
 * tests/fuzz/fuzz_chunks.c proves that what is accepted here is accepted there, with the same bytes. */
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

/* Chunked bodies, decoded piece by piece. Extensions and trailers are skipped, up to DY_CHUNK_EXTRA_MAX bytes a body. */
#define DY_CHUNK_EXTRA_MAX 4096

enum dy_chunk_state {
	DY_CHUNK_SIZE,      /* hexadecimal digits */
	DY_CHUNK_EXTENSION, /* from ';' to CR */
	DY_CHUNK_SIZE_LF,
	DY_CHUNK_DATA,
	DY_CHUNK_DATA_CR,
	DY_CHUNK_DATA_LF,
	DY_CHUNK_TRAILER, /* at the start of a line behind the last chunk */
	DY_CHUNK_TRAILER_NAME,
	DY_CHUNK_TRAILER_VALUE,
	DY_CHUNK_TRAILER_LF,
	DY_CHUNK_END_LF,
	DY_CHUNK_DONE,
};
struct dy_chunks {
	enum dy_chunk_state state;
	unsigned digits; /* of the size being read */
	unsigned extra;  /* bytes of extensions and trailers so far */
	uint64_t left;   /* of the chunk's data */
};
void dy_chunks_init(struct dy_chunks *chunks);
/* Consumes text; on_data gets decoded bytes. Returns bytes consumed; *status 400 on a fault, 413 when on_data
 * refused; *done at the end. */
size_t dy_chunks_feed(struct dy_chunks *chunks, struct dy_str text,
                      bool (*on_data)(void *ctx, struct dy_str data), void *ctx, bool *done,
                      int *status);

#endif
