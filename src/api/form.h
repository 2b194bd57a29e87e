/* Bodies of plain HTML forms: application/x-www-form-urlencoded, decoded strictly.
 *
 * Errors name the field as "/name". Ownership: texts lie in the arena. Threads: plain data. */
#ifndef DY_API_FORM_H
#define DY_API_FORM_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

#define DY_FORM_FIELDS 32

struct dy_form {
	struct dy_str names[DY_FORM_FIELDS], values[DY_FORM_FIELDS];
	size_t n;
};

/* Bad percent signs, bytes that are not UTF-8, a name twice, too many fields: DY_E_INPUT. */
enum dy_code dy_form_open(struct dy_arena *arena, struct dy_str body, struct dy_form *out,
                          struct dy_err *err) DY_NODISCARD;
struct dy_str dy_form_get(const struct dy_form *form,
                          const char *name); /* as sent; "" when absent */
/* Trimmed, line ends as \n, no other control characters, min to max characters. Absent counts as empty. */
enum dy_code dy_form_str(struct dy_arena *arena, const struct dy_form *form, const char *name,
                         size_t min, size_t max, struct dy_str *out,
                         struct dy_err *err) DY_NODISCARD;

#endif
