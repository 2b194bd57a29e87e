/* A small strict JSON reader for planner files, whose matrices are too large for a general one.
 * Values live in the pool. Strings are unescaped and NUL-terminated. */
#ifndef DYP_IO_JSON_H
#define DYP_IO_JSON_H

#include "../kit.h"

enum dyp_js_kind {
	DYP_JS_NULL,
	DYP_JS_BOOL,
	DYP_JS_NUMBER,
	DYP_JS_STRING,
	DYP_JS_ARRAY,
	DYP_JS_OBJECT
};

struct dyp_js {
	enum dyp_js_kind kind;
	uint32_t count;   /* of children */
	const char *key;  /* in an object */
	const char *text; /* of a string */
	double number;    /* also of a bool */
	struct dyp_js *child, *next;
};

enum dyp_code dyp_js_read(struct dyp_pool *pool, const char *text, size_t size, struct dyp_js **out,
                          struct dyp_err *err);
const struct dyp_js *dyp_js_get(const struct dyp_js *object, const char *key); /* or NULL */

#endif
