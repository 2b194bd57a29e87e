/* Errors: one place that formats them, one table of their names. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum dy_code
dy_raise_at(struct dy_err *err, const char *where, enum dy_code code, const char *field,
            const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return code;
	err->code = code;
	const char *slash = strrchr(where, '/');
	err->where = slash != NULL ? slash + 1 : where;
	(void)snprintf(err->field, sizeof(err->field), "%s", field != NULL ? field : "");
	va_start(args, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return code;
}

const char *
dy_code_name(enum dy_code code)
{
	switch (code) {
	case DY_OK: return "ok";
	case DY_E_INPUT: return "input";
	case DY_E_DENIED: return "denied";
	case DY_E_NOT_FOUND: return "not_found";
	case DY_E_CONFLICT: return "conflict";
	case DY_E_LIMIT: return "limit";
	case DY_E_BUSY: return "busy";
	case DY_E_INFEASIBLE: return "infeasible";
	case DY_E_CANCELLED: return "cancelled";
	case DY_E_IO: return "io";
	case DY_E_BUG: return "bug";
	}
	return "unknown";
}

void
dy_assert_failed(const char *where, const char *claim)
{
	(void)fprintf(stderr, "assertion failed at %s: %s\n", where, claim);
	abort();
}
