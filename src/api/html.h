/* HTML, written so that no value can become markup.
 *
 * A template is a literal of the program. Each '$' in it takes the next text, escaped; '$' itself cannot be written. Templates put
 * values into element content and into attributes in double quotes only: never into a tag's name, a style or a script.
 * Threads: plain data. */
#ifndef DY_API_HTML_H
#define DY_API_HTML_H

#include "base/str.h"

void dy_html_escape(struct dy_strbuf *out, struct dy_str text);
/* n texts for the n '$' of markup; another number is a programming mistake and aborts. */
void dy_html(struct dy_strbuf *out, const char *markup, const struct dy_str *texts, size_t n);

#define DY_TEXTS(...)                                                                              \
	(const struct dy_str[]){ __VA_ARGS__ },                                                    \
		sizeof((const struct dy_str[]){ __VA_ARGS__ }) / sizeof(struct dy_str)
#define DY_NO_TEXTS NULL, 0

#endif
