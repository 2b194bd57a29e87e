/* A sign-up as the numbered chain that people paste into their group. */
#include "domain/sign_up.h"

static void
line_write(struct dy_strbuf *out, size_t number, const struct dy_chain_line *line)
{
	dy_strbuf_addf(out, "%zu. %.*s", number, DY_FMT(line->who));
	if (line->seats > 1)
		dy_strbuf_addf(out, " x%lld", (long long)line->seats);
	if (line->note.len > 0)
		dy_strbuf_addc(out, ' ');
	for (size_t i = 0; i < line->note.len; i++) /* one line each, whatever was typed */
		dy_strbuf_addc(out,
		               (unsigned char)line->note.ptr[i] < ' ' ? ' ' : line->note.ptr[i]);
	dy_strbuf_addc(out, '\n');
}

void
dy_chain_write(struct dy_strbuf *out, struct dy_str title, const struct dy_chain_line *lines,
               size_t n)
{
	size_t in = 0, waiting = 0;

	dy_strbuf_addf(out, "#接龙 %.*s\n", DY_FMT(title));
	for (size_t i = 0; i < n; i++) {
		if (!lines[i].waits)
			line_write(out, ++in, &lines[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (!lines[i].waits)
			continue;
		if (waiting == 0)
			dy_strbuf_adds(out, "候补:\n");
		line_write(out, ++waiting, &lines[i]);
	}
}
