/* Bodies of HTML forms, and what is shown of them again: whatever comes, the decoder takes it or names what is wrong, and no
 * byte of it becomes markup. */
#include "fuzz.h"

#include "form.h"
#include "html.h"

#include <string.h>

static void
value_check(struct dy_arena *arena, const struct dy_form *form, const char *name)
{
	struct dy_err err = { 0 };
	struct dy_str text;

	enum dy_code rc = dy_form_str(arena, form, name, 1, 1000, &text, &err);
	FUZZ_TRUE(rc == DY_OK || (rc == DY_E_INPUT && err.field[0] == '/' && err.text[0] != '\0'));
	if (rc != DY_OK)
		return;
	FUZZ_TRUE(text.len > 0 && dy_str_is_utf8(text) && dy_str_chars(text) <= 1000);
	for (size_t i = 0; i < text.len; i++)
		FUZZ_TRUE((unsigned char)text.ptr[i] >= ' ' || text.ptr[i] == '\n' ||
		          text.ptr[i] == '\t');
}

static void
shown_check(struct dy_str value)
{
	struct dy_strbuf sb;

	dy_strbuf_init(&sb, (size_t)1 << 20);
	dy_html(&sb, "$", DY_TEXTS(value));
	for (size_t i = 0; i < sb.len; i++)
		FUZZ_TRUE(strchr("<>\"'", sb.ptr[i]) == NULL || sb.ptr[i] == '\0');
	FUZZ_TRUE(sb.overflow || sb.len >= value.len);
	dy_strbuf_release(&sb);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dy_arena *arena = dy_arena_new((size_t)16 << 20);
	struct dy_err err = { 0 };
	struct dy_form form;

	enum dy_code rc = dy_form_open(arena, fuzz_str(data, size), &form, &err);
	FUZZ_TRUE(rc == DY_OK || (rc == DY_E_INPUT && err.text[0] != '\0'));
	if (rc == DY_OK) {
		FUZZ_TRUE(form.n <= DY_FORM_FIELDS);
		for (size_t i = 0; i < form.n; i++) {
			FUZZ_TRUE(dy_str_is_utf8(form.names[i]) && dy_str_is_utf8(form.values[i]));
			shown_check(form.values[i]);
			for (size_t k = 0; k < i; k++)
				FUZZ_TRUE(!dy_str_eq(form.names[i], form.names[k]));
		}
		value_check(arena, &form, "text");
		value_check(arena, &form, "door");
	}
	dy_arena_free(arena);
	return 0;
}
