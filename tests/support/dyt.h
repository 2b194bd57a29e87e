/* Test kit: thin macros over cmocka. A test is a sentence; a table row says why it is there.
 *
 *   DYT(strings_are_trimmed_at_both_ends) { ... }
 *   DYT_MAIN(DYT_TEST(strings_are_trimmed_at_both_ends))
 *
 * DYT_ROW(text) names the row under test: a failing check after it prints the row. */
#ifndef DY_TESTS_DYT_H
#define DY_TESTS_DYT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *dyt_row_ = "";

#define DYT(name)      static void name(void **dyt_state_ __attribute__((unused)))
#define DYT_TEST(name) cmocka_unit_test(name)
#define DYT_ROW(why)   (dyt_row_ = (why))

static inline void
dyt_fail_at(const char *file, int line, const char *what)
{
	print_error("row \"%s\": %s\n", dyt_row_, what);
	_fail(file, line);
}

static inline void
dyt_int_at(const char *file, int line, const char *what, intmax_t got, intmax_t want)
{
	if (got == want)
		return;
	print_error("row \"%s\": %s is %jd, want %jd\n", dyt_row_, what, got, want);
	_fail(file, line);
}

static inline void
dyt_str_at(const char *file, int line, const char *what, const char *got, const char *want)
{
	if (got != NULL && want != NULL && strcmp(got, want) == 0)
		return;
	print_error("row \"%s\": %s is \"%s\", want \"%s\"\n", dyt_row_, what, got ? got : "(null)",
	            want ? want : "(null)");
	_fail(file, line);
}

#define DYT_TRUE(claim)    ((claim) ? (void)0 : dyt_fail_at(__FILE__, __LINE__, "not true: " #claim))
#define DYT_INT(got, want) dyt_int_at(__FILE__, __LINE__, #got, (intmax_t)(got), (intmax_t)(want))
#define DYT_STR(got, want) dyt_str_at(__FILE__, __LINE__, #got, (got), (want))
#define DYT_OK(call)       DYT_INT((call), 0)
/* Not run here, for a reason that is printed; leaves the test. Not cmocka's skip(): it says "not ok # SKIP", which Meson
 * takes for a failure. tools/count_tests.py counts a case behind this line as skipped. */
#define DYT_SKIP(why)                                                                              \
	do {                                                                                       \
		print_message("# skipped: %s\n", (why));                                           \
		return;                                                                            \
	} while (0)

#define DYT_MAIN(...)                                                                              \
	int main(void)                                                                             \
	{                                                                                          \
		(void)dyt_row_;                                                                    \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };                                 \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

#endif
