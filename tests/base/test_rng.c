#include "base/err.h"
#include "base/rng.h"
#include "dyt.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Worked out by rng.py, the same generator in another language: plans and demo data depend on these numbers being the
 * same on every machine and for good. */
DYT(the_numbers_of_a_seed_are_pinned)
{
	struct dy_rng rng = dy_rng_seed(2022, 4);
	int items[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const int shuffled[] = { 2, 5, 7, 4, 1, 6, 3, 0 };

	DYT_TRUE(dy_rng_u64(&rng) == UINT64_C(0xff74d18714d88b1));
	DYT_INT(dy_rng_below(&rng, 1000), 493);
	DYT_INT(dy_rng_between(&rng, -1000000, 1000000), -608479);
	DYT_INT((int64_t)(dy_rng_unit(&rng) * 0x1p53), 2439693181295262);
	dy_rng_shuffle(&rng, items, 8, sizeof(items[0]));
	for (int i = 0; i < 8; i++)
		DYT_INT(items[i], shuffled[i]);
}

DYT(draws_stay_in_range_at_the_widest_and_narrowest)
{
	struct dy_rng rng = dy_rng_seed(1, 1);
	bool negative = false;
	bool positive = false;
	int above = 0;

	for (int i = 0; i < 2000; i++) {
		/* just over half the range: every other raw draw is thrown away */
		DYT_TRUE(dy_rng_below(&rng, 0x80000001u) < 0x80000001u);
		int64_t half = dy_rng_between(&rng, 0, INT64_MAX / 2 + INT64_MAX / 4);
		DYT_TRUE(half >= 0 && half <= INT64_MAX / 2 + INT64_MAX / 4);
		int64_t wide = dy_rng_between(&rng, INT64_MIN / 4 * 3, INT64_MAX / 4 * 3);
		DYT_TRUE(wide >= INT64_MIN / 4 * 3 && wide <= INT64_MAX / 4 * 3);
		int64_t any = dy_rng_between(&rng, INT64_MIN, INT64_MAX);
		negative = negative || any < 0;
		positive = positive || any > 0;
		DYT_INT(dy_rng_below(&rng, 1), 0);
		DYT_INT(dy_rng_between(&rng, -7, -7), -7);
		DYT_TRUE(!dy_rng_chance(&rng, 0, 5) && dy_rng_chance(&rng, 5, 5));
		above += dy_rng_chance(&rng, 1, 4);
	}
	DYT_TRUE(negative && positive);
	DYT_TRUE(above > 400 && above < 600); /* a quarter of 2,000, six sigma */
}

DYT(every_code_has_its_name)
{
	static const struct {
		enum dy_code code;
		const char *name;
	} row[] = {
		{ DY_OK, "ok" },
		{ DY_E_INPUT, "input" },
		{ DY_E_DENIED, "denied" },
		{ DY_E_NOT_FOUND, "not_found" },
		{ DY_E_CONFLICT, "conflict" },
		{ DY_E_LIMIT, "limit" },
		{ DY_E_BUSY, "busy" },
		{ DY_E_INFEASIBLE, "infeasible" },
		{ DY_E_CANCELLED, "cancelled" },
		{ DY_E_IO, "io" },
		{ DY_E_BUG, "bug" },
		{ (enum dy_code)99, "unknown" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++)
		DYT_STR(dy_code_name(row[i].code), row[i].name);
}

DYT(an_error_is_cut_to_its_room_and_may_have_no_taker)
{
	struct dy_err err = { 0 };
	char text[600];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	DYT_INT(dy_raise(&err, DY_E_LIMIT, text, "%s", text), DY_E_LIMIT);
	DYT_INT(strlen(err.field), sizeof(err.field) - 1);
	DYT_INT(strlen(err.text), sizeof(err.text) - 1);
	DYT_TRUE(strncmp(err.where, "test_rng.c:", 11) == 0);
	DYT_INT(dy_raise(&err, DY_E_IO, NULL, "plain"), DY_E_IO);
	DYT_STR(err.field, "");
	DYT_INT(dy_raise(NULL, DY_E_BUSY, "", "%s", text), DY_E_BUSY);
}

DYT(a_broken_assertion_ends_the_program)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)close(STDERR_FILENO);
		(void)signal(SIGABRT, SIG_DFL);
		volatile int two = 2;
		DY_ASSERT(two == 3);
		_exit(0);
	}
	DYT_INT(waitpid(pid, &status, 0), pid);
	DYT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

DYT_MAIN(DYT_TEST(the_numbers_of_a_seed_are_pinned),
         DYT_TEST(draws_stay_in_range_at_the_widest_and_narrowest),
         DYT_TEST(every_code_has_its_name),
         DYT_TEST(an_error_is_cut_to_its_room_and_may_have_no_taker),
         DYT_TEST(a_broken_assertion_ends_the_program))
