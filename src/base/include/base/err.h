/* Errors and programming assertions.
 *
 * Ownership: the caller owns the struct dy_err; nothing is allocated, nothing is thread-local.
 * Rule: the leaf that fails sets the error once through dy_raise(); layers above pass it on.
 * Threads: no shared state. */
#ifndef DY_BASE_ERR_H
#define DY_BASE_ERR_H

#include "base/attr.h"

enum dy_code {
	DY_OK = 0,
	DY_E_INPUT,      /* the caller sent something wrong; field says what */
	DY_E_DENIED,     /* not signed in, or not allowed */
	DY_E_NOT_FOUND,  /* no such thing, or not visible to the caller */
	DY_E_CONFLICT,   /* the thing changed meanwhile, or the act is not possible in its state */
	DY_E_LIMIT,      /* a named limit is exceeded */
	DY_E_BUSY,       /* overload; try again later */
	DY_E_INFEASIBLE, /* a planner found no plan */
	DY_E_CANCELLED,  /* stopped by the caller */
	DY_E_IO,         /* disk, network or database failed */
	DY_E_BUG,        /* a broken promise inside the program */
};

struct dy_err {
	enum dy_code code;
	const char *where; /* "visit.c:88", for the log only */
	char field[48];    /* JSON pointer of the offending input, or "" */
	char text[192];    /* one line, lower case, no period, safe to show */
};

/* Fills *err (err may be NULL) and returns code. Use the dy_raise() macro. */
enum dy_code dy_raise_at(struct dy_err *err, const char *where, enum dy_code code,
                         const char *field, const char *fmt, ...) DY_PRINTF(5, 6);

#define DY_STRINGIFY_(x) #x
#define DY_STRINGIFY(x)  DY_STRINGIFY_(x)
#define DY_WHERE         __FILE__ ":" DY_STRINGIFY(__LINE__)

/* The comma hands the caller's own constant on, so that analysers see that it is not DY_OK. */
#define dy_raise(err, code, field, ...)                                                            \
	((void)dy_raise_at((err), DY_WHERE, (code), (field), __VA_ARGS__), (code))

/* The only macro that hides control flow: hands a failure to the caller. */
#define DY_TRY(call)                                                                               \
	do {                                                                                       \
		enum dy_code rc_ = (call);                                                         \
		if (rc_ != DY_OK)                                                                  \
			return rc_;                                                                \
	} while (0)

/* "input", "denied", ...: the name used in logs and in problem documents. */
const char *dy_code_name(enum dy_code code);

/* Programming mistakes only, never input. On in release builds: prints the place and aborts. */
DY_NORETURN void dy_assert_failed(const char *where, const char *claim);
#define DY_ASSERT(claim) ((claim) ? (void)0 : dy_assert_failed(DY_WHERE, #claim))

#endif
