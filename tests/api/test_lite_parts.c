#include "agent.h"
#include "dyt.h"
#include "form.h"
#include "html.h"

#include <string.h>

DYT(every_value_is_escaped_and_the_markup_is_not)
{
	static const struct {
		const char *in, *want;
	} row[] = {
		{ "plain 文字", "plain 文字" },
		{ "<b>", "&lt;b&gt;" },
		{ "a&b", "a&amp;b" },
		{ "&amp;", "&amp;amp;" },
		{ "\"x' onclick='", "&quot;x&#39; onclick=&#39;" },
		{ "</textarea><script>", "&lt;/textarea&gt;&lt;script&gt;" },
		{ "$", "$" },
		{ "\x01\x1f", "  " },
		{ "a\n\tb", "a\n\tb" },
		{ "", "" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_strbuf sb;
		DYT_ROW(row[i].in);
		dy_strbuf_init(&sb, 4096);
		dy_html(&sb, "<a href=\"$\">$</a>",
		        DY_TEXTS(dy_str_from(row[i].in), dy_str_from(row[i].in)));
		char want[256];
		(void)snprintf(want, sizeof(want), "<a href=\"%s\">%s</a>", row[i].want,
		               row[i].want);
		DYT_STR(sb.ptr, want);
		dy_strbuf_release(&sb);
	}
}

DYT(no_byte_opens_a_tag_or_leaves_an_attribute)
{
	for (int c = 1; c < 256; c++) {
		struct dy_strbuf sb;
		char text[2] = { (char)c, '\0' };
		dy_strbuf_init(&sb, 64);
		dy_html_escape(&sb, (struct dy_str){ text, 1 });
		for (size_t i = 0; i < sb.len; i++)
			DYT_TRUE(strchr("<>\"'", sb.ptr[i]) == NULL);
		dy_strbuf_release(&sb);
	}
}

DYT(markup_without_values_stands_as_it_is)
{
	struct dy_strbuf sb;

	dy_strbuf_init(&sb, 64);
	dy_html(&sb, "<p>&nbsp;</p>", DY_NO_TEXTS);
	DYT_STR(sb.ptr, "<p>&nbsp;</p>");
	dy_strbuf_release(&sb);
}

DYT(forms_are_decoded_strictly)
{
	static const struct {
		const char *why, *body;
		enum dy_code want;
		const char *a; /* value of field a */
	} row[] = {
		{ "plain", "a=1&b=2", DY_OK, "1" },
		{ "blanks and percent", "a=x+y%20z", DY_OK, "x y z" },
		{ "chinese", "a=%E7%B1%B3", DY_OK, "米" },
		{ "empty value", "a=", DY_OK, "" },
		{ "no sign", "a", DY_OK, "" },
		{ "absent", "b=1", DY_OK, "" },
		{ "nothing", "", DY_OK, "" },
		{ "only signs", "&&&", DY_OK, "" },
		{ "sign in the value", "a=1=2", DY_OK, "1=2" },
		{ "encoded name", "%61=1", DY_OK, "1" },
		{ "twice", "a=1&a=2", DY_E_INPUT, NULL },
		{ "twice, encoded", "a=1&%61=2", DY_E_INPUT, NULL },
		{ "cut percent", "a=%E", DY_E_INPUT, NULL },
		{ "no hex", "a=%zz", DY_E_INPUT, NULL },
		{ "no UTF-8", "a=%ff", DY_E_INPUT, NULL },
		{ "zero byte", "a=%00", DY_E_INPUT, NULL },
	};
	struct dy_arena *arena = dy_arena_new(1 << 20);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_form form;
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		DYT_INT(dy_form_open(arena, dy_str_from(row[i].body), &form, &err), row[i].want);
		if (row[i].a != NULL)
			DYT_STR(dy_str_z(arena, dy_form_get(&form, "a")), row[i].a);
	}
	dy_arena_free(arena);
}

DYT(a_form_has_a_limit_of_fields)
{
	struct dy_arena *arena = dy_arena_new(1 << 20);
	struct dy_form form;
	struct dy_err err = { 0 };
	char body[1024] = "";
	size_t n = 0;

	for (int i = 0; i < DY_FORM_FIELDS; i++)
		n += (size_t)snprintf(body + n, sizeof(body) - n, "f%d=1&", i);
	DYT_OK(dy_form_open(arena, dy_str_from(body), &form, &err));
	(void)snprintf(body + n, sizeof(body) - n, "one=more");
	DYT_INT(dy_form_open(arena, dy_str_from(body), &form, &err), DY_E_INPUT);
	dy_arena_free(arena);
}

DYT(texts_of_forms_are_trimmed_and_measured)
{
	static const struct {
		const char *body;
		enum dy_code want;
		const char *text;
	} row[] = {
		{ "t=%20hello%20", DY_OK, "hello" },
		{ "t=a%0D%0Ab", DY_OK, "a\nb" },
		{ "t=%0D%0A", DY_E_INPUT, NULL },
		{ "t=a%0Db", DY_E_INPUT, NULL }, /* a bare return */
		{ "t=%07", DY_E_INPUT, NULL },
		{ "t=%7F", DY_E_INPUT, NULL },
		{ "", DY_E_INPUT, NULL },
		{ "t=123456", DY_E_INPUT, NULL }, /* over five */
		{ "t=%E7%B1%B3%E7%B1%B3%E7%B1%B3%E7%B1%B3%E7%B1%B3", DY_OK, "米米米米米" },
	};
	struct dy_arena *arena = dy_arena_new(1 << 20);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_form form;
		struct dy_str text;
		struct dy_err err = { 0 };
		DYT_ROW(row[i].body);
		DYT_OK(dy_form_open(arena, dy_str_from(row[i].body), &form, &err));
		enum dy_code rc = dy_form_str(arena, &form, "t", 1, 5, &text, &err);
		DYT_INT(rc, row[i].want);
		if (rc == DY_OK)
			DYT_STR(dy_str_z(arena, text), row[i].text);
		else
			DYT_STR(err.field, "/t");
	}
	dy_arena_free(arena);
}

DYT(old_browsers_are_known)
{
	static const struct {
		const char *why, *agent;
		bool old;
	} row[] = {
		{ "nothing", "", false },
		{ "program", "curl/8.0", false },
		{ "WeChat of today",
		  "Mozilla/5.0 (Linux; Android 13) Chrome/107.0.5304.141 MicroMessenger/8.0.40",
		  false },
		{ "desktop", "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36", false },
		{ "iPhone of today",
		  "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) Version/16.5", false },
		{ "Firefox", "Mozilla/5.0 (X11; rv:115.0) Gecko Firefox/115.0", false },
		{ "old Chrome", "Mozilla/5.0 (Linux; Android 7.0) Chrome/62.0.3202.84", true },
		{ "old WeChat",
		  "Mozilla/5.0 (Linux; Android 6.0) Version/4.0 Chrome/57.0 MicroMessenger/6.6",
		  true },
		{ "stock browser",
		  "Mozilla/5.0 (Linux; U; Android 4.2.2) Version/4.0 Mobile Safari/534.30", true },
		{ "old iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 9_3 like Mac OS X)", true },
		{ "old iPad", "Mozilla/5.0 (iPad; CPU OS 10_2 like Mac OS X)", true },
		{ "old Firefox", "Mozilla/5.0 (X11; rv:52.0) Firefox/52.0", true },
		{ "Internet Explorer", "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0)", true },
		{ "feature phone", "Nokia6300/2.0", true },
		{ "proxy browser", "Opera/9.80 (Android; Opera Mini/36)", true },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_INT(dy_agent_is_old(dy_str_from(row[i].agent)), row[i].old);
	}
}

DYT_MAIN(DYT_TEST(every_value_is_escaped_and_the_markup_is_not),
         DYT_TEST(no_byte_opens_a_tag_or_leaves_an_attribute),
         DYT_TEST(markup_without_values_stands_as_it_is), DYT_TEST(forms_are_decoded_strictly),
         DYT_TEST(a_form_has_a_limit_of_fields), DYT_TEST(texts_of_forms_are_trimmed_and_measured),
         DYT_TEST(old_browsers_are_known))
