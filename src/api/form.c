/* Bodies of HTML forms. */
#include "form.h"

#include "net/server.h"

static bool
has_name(const struct dy_form *form, struct dy_str name)
{
	for (size_t i = 0; i < form->n; i++) {
		if (dy_str_eq(form->names[i], name))
			return true;
	}
	return false;
}

enum dy_code
dy_form_open(struct dy_arena *arena, struct dy_str body, struct dy_form *out, struct dy_err *err)
{
	*out = (struct dy_form){ 0 };
	while (body.len > 0) {
		struct dy_str value = dy_str_split(&body, '&');
		struct dy_str name = dy_str_split(&value, '=');
		if (name.len == 0 && value.len == 0)
			continue;
		if (out->n == DY_FORM_FIELDS)
			return dy_raise(err, DY_E_INPUT, "", "a form has at most %d fields",
			                DY_FORM_FIELDS);
		if (!dy_percent_decode(arena, name, true, &name) ||
		    !dy_percent_decode(arena, value, true, &value))
			return dy_raise(err, DY_E_INPUT, "", "the form is badly encoded");
		if (has_name(out, name))
			return dy_raise(err, DY_E_INPUT, "", "the form holds a field twice");
		out->names[out->n] = name;
		out->values[out->n++] = value;
	}
	return DY_OK;
}

struct dy_str
dy_form_get(const struct dy_form *form, const char *name)
{
	for (size_t i = 0; i < form->n; i++) {
		if (dy_str_is(form->names[i], name))
			return form->values[i];
	}
	return DY_STR("");
}

/* Browsers send \r\n between lines; it becomes \n. false: another control character is in it. */
static bool
clean(struct dy_arena *arena, struct dy_str text, struct dy_str *out)
{
	char *at = dy_arena_alloc(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n')
			continue;
		if (((unsigned char)c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			return false;
		at[n++] = c;
	}
	*out = dy_str_trim((struct dy_str){ at, n });
	return true;
}

enum dy_code
dy_form_str(struct dy_arena *arena, const struct dy_form *form, const char *name, size_t min,
            size_t max, struct dy_str *out, struct dy_err *err)
{
	const char *field = dy_arena_printf(arena, "/%s", name);
	struct dy_str text;

	if (!clean(arena, dy_form_get(form, name), &text))
		return dy_raise(err, DY_E_INPUT, field, "must not hold control characters");
	size_t chars = dy_str_chars(text);
	if (chars < min)
		return dy_raise(err, DY_E_INPUT, field,
		                chars == 0 ? "must not be empty" : "is too short");
	if (chars > max)
		return dy_raise(err, DY_E_INPUT, field,
		                "has %zu characters, at most %zu are possible", chars, max);
	*out = text;
	return DY_OK;
}
