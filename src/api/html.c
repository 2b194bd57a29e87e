/* Escaped HTML. */
#include "html.h"

#include "base/err.h"

static const char *
entity_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void
dy_html_escape(struct dy_strbuf *out, struct dy_str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		const char *entity = entity_of(c);
		bool control = (unsigned char)c < ' ' && c != '\n' && c != '\t';
		if (entity == NULL && !control)
			continue;
		dy_strbuf_add(out, text.ptr + from, i - from);
		dy_strbuf_adds(out, control ? " " : entity);
		from = i + 1;
	}
	dy_strbuf_add(out, text.ptr + from, text.len - from);
}

void
dy_html(struct dy_strbuf *out, const char *markup, const struct dy_str *texts, size_t n)
{
	struct dy_str rest = dy_str_from(markup);
	size_t used = 0;

	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] != '$')
			continue;
		DY_ASSERT(used < n);
		dy_strbuf_add(out, rest.ptr, i);
		dy_html_escape(out, texts[used++]);
		rest = dy_str_slice(rest, i + 1, rest.len);
		i = (size_t)-1;
	}
	dy_strbuf_addstr(out, rest);
	DY_ASSERT(used == n);
}
