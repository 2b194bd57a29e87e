/* CAP 1.2. The order of the elements is the schema's. */
#include "domain/alert.h"

#include <ctype.h>

struct dy_str
dy_alert_time(struct dy_arena *arena, const struct dy_zone *zone, struct dy_time t)
{
	char text[48];
	size_t n = dy_time_encode(zone, t, text, sizeof(text));

	DY_ASSERT(n > 23);
	/* 2026-04-23T09:12:04.000+08:00 without its milliseconds */
	return dy_str_from(dy_arena_printf(arena, "%.19s%s", text, text + 23));
}

/* Characters that XML 1.0 has no form for become blanks. */
static void
escape(struct dy_strbuf *out, struct dy_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		switch (c) {
		case '<': dy_strbuf_adds(out, "&lt;"); break;
		case '>': dy_strbuf_adds(out, "&gt;"); break;
		case '&': dy_strbuf_adds(out, "&amp;"); break;
		case '"': dy_strbuf_adds(out, "&quot;"); break;
		default:
			dy_strbuf_addc(out,
			               (unsigned char)c < ' ' && c != '\n' && c != '\t' ? ' ' : c);
		}
	}
}

static void
element(struct dy_strbuf *out, const char *name, struct dy_str text)
{
	if (text.len == 0)
		return;
	dy_strbuf_addf(out, "<%s>", name);
	escape(out, text);
	dy_strbuf_addf(out, "</%s>\n", name);
}

/* "alert" -> "Alert", "cbrne" -> "CBRNE" */
static void
word(struct dy_strbuf *out, const char *name, struct dy_str text)
{
	bool is_short = dy_str_is(text, "cbrne");

	dy_strbuf_addf(out, "<%s>", name);
	for (size_t i = 0; i < text.len; i++)
		dy_strbuf_addc(out, i == 0 || is_short ? (char)toupper((unsigned char)text.ptr[i])
		                                       : text.ptr[i]);
	dy_strbuf_addf(out, "</%s>\n", name);
}

static void
when(struct dy_strbuf *out, struct dy_arena *arena, const char *name, const struct dy_alert *cap,
     struct dy_time t)
{
	if (t.ms != 0)
		element(out, name, dy_alert_time(arena, cap->zone, t));
}

void
dy_alert_write(struct dy_strbuf *out, struct dy_arena *arena, const struct dy_alert *cap)
{
	dy_strbuf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	                    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n");
	element(out, "identifier", cap->identifier);
	element(out, "sender", cap->sender);
	when(out, arena, "sent", cap, cap->sent);
	word(out, "status", cap->status);
	word(out, "msgType", cap->msg_type);
	element(out, "scope", DY_STR("Public"));
	element(out, "references", cap->references);
	dy_strbuf_adds(out, "<info>\n");
	element(out, "language", DY_STR("zh-CN"));
	word(out, "category", cap->category);
	element(out, "event", cap->headline);
	word(out, "urgency", cap->urgency);
	word(out, "severity", cap->severity);
	word(out, "certainty", cap->certainty);
	when(out, arena, "effective", cap, cap->effective);
	when(out, arena, "onset", cap, cap->onset);
	when(out, arena, "expires", cap, cap->expires);
	element(out, "senderName", cap->sender_name);
	element(out, "headline", cap->headline);
	element(out, "description", cap->description);
	element(out, "instruction", cap->instruction);
	element(out, "web", cap->web);
	dy_strbuf_adds(out, "<area>\n");
	element(out, "areaDesc", cap->area);
	dy_strbuf_adds(out, "</area>\n</info>\n</alert>\n");
}
