/* Recursive descent with a depth limit; nodes come in blocks. */
#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32, NODES_PER_BLOCK = 4096 };

struct parser {
	const char *at, *begin, *end;
	struct dyp_pool *pool;
	struct dyp_js *block;
	uint32_t used;
	const char *fault;
};

static struct dyp_js *
fresh(struct parser *p)
{
	if (p->block == NULL || p->used == NODES_PER_BLOCK) {
		p->block = DYP_NEW_ARRAY(p->pool, NODES_PER_BLOCK, struct dyp_js);
		p->used = 0;
	}
	return p->block != NULL ? &p->block[p->used++] : NULL;
}

static void
skip_space(struct parser *p)
{
	while (p->at < p->end &&
	       (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r'))
		p->at++;
}

static bool
refuse(struct parser *p, const char *why)
{
	if (p->fault == NULL)
		p->fault = why;
	return false;
}

static bool
read_hex(struct parser *p, unsigned *out)
{
	*out = 0;
	if (p->end - p->at < 4)
		return refuse(p, "a \\u escape is cut off");
	for (int i = 0; i < 4; i++) {
		char c = *p->at++;
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
		                 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
		                 : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
		                                        : 16;
		if (digit == 16)
			return refuse(p, "a \\u escape has a wrong digit");
		*out = *out * 16 + digit;
	}
	return true;
}

static char *
put_utf8(char *to, unsigned c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 63));
	} else {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 63));
		*to++ = (char)(0x80 | (c & 63));
	}
	return to;
}

static const char *
read_string(struct parser *p)
{
	const char *from = ++p->at;

	while (p->at < p->end && *p->at != '"')
		p->at += *p->at == '\\' && p->at + 1 < p->end ? 2 : 1;
	if (p->at >= p->end) {
		(void)refuse(p, "a string does not end");
		return NULL;
	}
	const char *stop = p->at;
	char *text = DYP_NEW_ARRAY(p->pool, (size_t)(stop - from) + 1, char);
	char *to = text;
	p->at = from;
	while (text != NULL && p->at < stop) {
		unsigned c = (unsigned char)*p->at++;
		if (c < 0x20) {
			(void)refuse(p, "a control character stands in a string");
			return NULL;
		}
		if (c != '\\') {
			*to++ = (char)c;
			continue;
		}
		const char *plain = "\"\\/bfnrt";
		const char *value = "\"\\/\b\f\n\r\t";
		char e = *p->at++;
		const char *hit = e != '\0' ? strchr(plain, e) : NULL;
		if (e == 'u' && read_hex(p, &c) && c != 0)
			to = put_utf8(to, c);
		else if (hit != NULL)
			*to++ = value[hit - plain];
		else {
			(void)refuse(p, "a string has a wrong escape");
			return NULL;
		}
	}
	p->at = stop + 1;
	return text;
}

static bool
read_number(struct parser *p, double *out)
{
	char digits[64];
	size_t n = 0;

	while (p->at < p->end && n < sizeof digits - 1 &&
	       ((*p->at >= '0' && *p->at <= '9') || strchr("+-.eE", *p->at) != NULL) &&
	       *p->at != '\0')
		digits[n++] = *p->at++;
	digits[n] = '\0';
	char *stop;
	*out = strtod(digits, &stop);
	if (n == 0 || *stop != '\0' || !isfinite(*out) || digits[0] == '+')
		return refuse(
			p, "a value is neither number, string, list, object, true, false nor null");
	return true;
}

static bool
read_word(struct parser *p, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(p->end - p->at) < n || memcmp(p->at, word, n) != 0)
		return refuse(p, "a word is not true, false or null");
	p->at += n;
	return true;
}

static struct dyp_js *read_value(struct parser *p, int depth);

static bool
read_children(struct parser *p, struct dyp_js *parent, char close, int depth)
{
	struct dyp_js **tail = &parent->child;

	p->at++;
	skip_space(p);
	if (p->at < p->end && *p->at == close) {
		p->at++;
		return true;
	}
	for (;;) {
		const char *key = NULL;
		skip_space(p);
		if (parent->kind == DYP_JS_OBJECT) {
			if (p->at >= p->end || *p->at != '"')
				return refuse(p, "a member's name is missing");
			key = read_string(p);
			skip_space(p);
			if (key == NULL || p->at >= p->end || *p->at != ':')
				return refuse(p, "a colon is missing");
			p->at++;
		}
		struct dyp_js *v = read_value(p, depth + 1);
		if (v == NULL)
			return false;
		v->key = key;
		*tail = v;
		tail = &v->next;
		parent->count++;
		skip_space(p);
		if (p->at < p->end && *p->at == close) {
			p->at++;
			return true;
		}
		if (p->at >= p->end || *p->at != ',')
			return refuse(p, "a comma or closing bracket is missing");
		p->at++;
	}
}

static struct dyp_js *
read_value(struct parser *p, int depth)
{
	skip_space(p);
	struct dyp_js *v = fresh(p);
	if (v == NULL || p->at >= p->end || depth > DEPTH) {
		(void)refuse(p, v == NULL ? "out of memory" : "the text ends early or is too deep");
		return NULL;
	}
	bool fine = true;
	switch (*p->at) {
	case '{':
	case '[':
		v->kind = *p->at == '{' ? DYP_JS_OBJECT : DYP_JS_ARRAY;
		fine = read_children(p, v, *p->at == '{' ? '}' : ']', depth);
		break;
	case '"':
		v->kind = DYP_JS_STRING;
		v->text = read_string(p);
		fine = v->text != NULL;
		break;
	case 't':
	case 'f':
		v->kind = DYP_JS_BOOL;
		v->number = *p->at == 't' ? 1 : 0;
		fine = read_word(p, *p->at == 't' ? "true" : "false");
		break;
	case 'n': fine = read_word(p, "null"); break;
	default: v->kind = DYP_JS_NUMBER; fine = read_number(p, &v->number);
	}
	return fine ? v : NULL;
}

enum dyp_code
dyp_js_read(struct dyp_pool *pool, const char *text, size_t size, struct dyp_js **out,
            struct dyp_err *err)
{
	struct parser p = { .at = text, .begin = text, .end = text + size, .pool = pool };
	struct dyp_js *v = read_value(&p, 0);

	skip_space(&p);
	if (v != NULL && p.at < p.end)
		(void)refuse(&p, "something follows the end");
	if (pool->failed)
		return dyp_raise_memory(err);
	if (v == NULL || p.fault != NULL)
		return dyp_raise(err, DYP_BAD_INPUT, "", "not JSON at byte %zu: %s",
		                 (size_t)(p.at - text), p.fault != NULL ? p.fault : "?");
	*out = v;
	return DYP_OK;
}

const struct dyp_js *
dyp_js_get(const struct dyp_js *object, const char *key)
{
	if (object == NULL || object->kind != DYP_JS_OBJECT)
		return NULL;
	for (const struct dyp_js *v = object->child; v != NULL; v = v->next)
		if (strcmp(v->key, key) == 0)
			return v->kind == DYP_JS_NULL ? NULL : v;
	return NULL;
}
