/* Planner files: VROOM JSON (first byte '{'), Li and Lim's text (a digit) and VRPLIB. What is read and small is also solved for
 * a few rounds, and the independent verify is the oracle: a plan that solve calls done must pass. */
#include "io/problem.h"
#include "fuzz.h"

#include <string.h>

static void
solve_small(const struct dyp_file *file)
{
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	struct dyp_route_report *report = NULL;
	struct dyp_text text = { 0 };
	struct dyp_route_score score;
	struct dyp_err err;

	options.max_steps = 40;
	if (file->problem.n_stops > 40 || file->problem.n_vehicles > 40 ||
	    file->problem.places > 80)
		return;
	if (dyp_route_solve(&file->problem, &options, &plan, &err) != DYP_OK)
		return;
	FUZZ_TRUE(dyp_route_verify(&file->problem, plan, &score, &err) == DYP_OK);
	FUZZ_TRUE(memcmp(&score, &plan->score, sizeof score) == 0);
	if (dyp_route_explain(&file->problem, plan, &report, &err) == DYP_OK)
		dyp_write_vroom(&text, file, plan, report);
	/* the answer reads back as the plan it came from */
	struct dyp_route_plan *back = NULL;
	if (text.len > 0 && !text.failed &&
	    dyp_read_answer(text.ptr, text.len, file, &back, &err) == DYP_OK)
		FUZZ_TRUE(back->n_tours == plan->n_tours);
	dyp_route_plan_free(back);
	dyp_text_release(&text);
	dyp_route_report_free(report);
	dyp_route_plan_free(plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dyp_file file = { 0 };
	struct dyp_err err;
	const char *text = (const char *)data;
	enum dyp_code rc;

	if (size > 0 && text[0] == '{')
		rc = dyp_read_vroom(text, size, &file, &err);
	else if (size > 0 && text[0] >= '0' && text[0] <= '9')
		rc = dyp_read_lilim(text, size, &file, &err);
	else
		rc = dyp_read_vrplib(text, size, DYP_ROUND_AUTO, &file, &err);
	if (rc == DYP_OK)
		solve_small(&file);
	dyp_file_release(&file);
	return 0;
}
