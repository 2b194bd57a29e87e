/* Header blocks: found and checked the same however they arrive; what passes holds no byte that another server could
 * read differently, and http-parser agrees on method, fields and length. First byte: where to cut. */
#include "fuzz.h"
#include "parser.h"

#include <http_parser.h>
#include <string.h>

static size_t
find_end(struct dy_str text, size_t piece, int *status)
{
	size_t searched = 0;

	*status = 0;
	for (size_t have = piece;; have += piece) {
		struct dy_str part = dy_str_slice(text, 0, have);
		size_t n = dy_head_end(part, searched, status);
		if (n > 0 || *status != 0 || part.len == text.len)
			return n;
		searched = part.len;
	}
}

struct theirs {
	size_t fields;
	bool complete;
};

static int
on_field(http_parser *p, const char *at, size_t n)
{
	(void)at;
	(void)n;
	((struct theirs *)p->data)->fields++;
	return 0;
}

static int
on_complete(http_parser *p)
{
	((struct theirs *)p->data)->complete = true;
	return 1; /* the body is not looked at */
}

static void
check_theirs(const char *block, size_t len, const struct dy_head *head)
{
	struct theirs theirs = { 0 };
	http_parser_settings settings;
	http_parser p;

	http_parser_init(&p, HTTP_REQUEST);
	http_parser_settings_init(&settings);
	settings.on_header_field = on_field;
	settings.on_headers_complete = on_complete;
	p.data = &theirs;
	(void)http_parser_execute(&p, &settings, block, len);
	if (!theirs.complete)
		return; /* where they refuse nothing can be read in two ways */
	FUZZ_TRUE(theirs.fields == head->n_fields);
	FUZZ_TRUE(strcmp(http_method_str((enum http_method)p.method),
	                 dy_method_name(head->method)) == 0);
	FUZZ_TRUE(((p.flags & F_CHUNKED) != 0) == head->is_chunked);
	if (head->has_length)
		FUZZ_TRUE(p.content_length == head->length);
	else
		FUZZ_TRUE(p.content_length == UINT64_MAX);
}

static void
check_head(const struct dy_head *head)
{
	FUZZ_TRUE(head->path.len > 0 && head->path.ptr[0] == '/');
	FUZZ_TRUE(head->n_fields <= DY_FIELDS_MAX);
	FUZZ_TRUE(!(head->has_length && head->is_chunked));
	for (size_t i = 0; i < head->n_fields; i++) {
		struct dy_str name = head->fields[i].name;
		struct dy_str value = head->fields[i].value;
		FUZZ_TRUE(name.len > 0);
		for (size_t k = 0; k < name.len; k++)
			FUZZ_TRUE(name.ptr[k] > ' ' && name.ptr[k] < 127 && name.ptr[k] != ':');
		for (size_t k = 0; k < value.len; k++)
			FUZZ_TRUE(value.ptr[k] != '\r' && value.ptr[k] != '\n' &&
			          value.ptr[k] != '\0');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dy_head head;
	size_t piece = fuzz_choice(&data, &size) % 32 + 1;
	struct dy_str text = fuzz_str(data, size);
	int whole_status, cut_status;

	if (size >= 2 && memcmp(data, "\r\n", 2) == 0)
		return 0; /* the engine skips empty lines before it asks */
	size_t whole = find_end(text, size + 1, &whole_status);
	size_t cut = find_end(text, piece, &cut_status);
	FUZZ_TRUE(whole == cut && whole_status == cut_status && whole <= size);
	if (whole == 0)
		return 0;
	char *block = malloc(whole);
	char *kept = malloc(whole);
	FUZZ_TRUE(block != NULL && kept != NULL);
	memcpy(block, data, whole);
	memcpy(kept, data, whole);
	if (dy_head_check(block, whole, &head) == 0) {
		check_head(&head);
		check_theirs(kept, whole, &head);
	}
	free(block);
	free(kept);
	return 0;
}
