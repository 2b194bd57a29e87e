/* Places from CSV: the first byte says which files there are, files are parted by a line "---". What
 * is read and small is divided in a few steps, and the judge is the oracle. */
#include "io/zone.h"
#include "fuzz.h"

#include <string.h>

static void
divide_small(struct dyp_zone_file *file)
{
	struct dyp_zone_options o = dyp_zone_options_default();
	struct dyp_zone_plan *plan = NULL;
	struct dyp_zone_report *report = NULL;
	struct dyp_zone_score score;
	struct dyp_err err;

	o.max_steps = 500;
	file->problem.target = 40;
	if (file->problem.n_records > 60 || dyp_zone_file_connect(file, &err) != DYP_OK ||
	    dyp_zone_solve(&file->problem, &o, &plan, &err) != DYP_OK)
		return;
	FUZZ_TRUE(dyp_zone_verify(&file->problem, plan->unit, NULL, &score, NULL, &err) == DYP_OK);
	FUZZ_TRUE(dyp_zone_explain(&file->problem, plan->unit, 300, NULL, &report, &err) == DYP_OK);
	dyp_zone_report_free(report);
	dyp_zone_plan_free(plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned choice = fuzz_choice(&data, &size);
	struct dyp_zone_texts texts = { 0 };
	struct dyp_zone_text *slot[] = { &texts.nodes, &texts.edges, &texts.links, &texts.grids };
	struct dyp_zone_file file = { 0 };
	struct dyp_err err;
	const char *at = (const char *)data, *end = at + size;

	for (int i = -1; i < 4; i++) {
		const char *stop = at;
		if (i >= 0 && (choice >> i & 1) == 0)
			continue;
		while (stop < end && (end - stop < 4 || memcmp(stop, "---\n", 4) != 0))
			stop++;
		*(i < 0 ? &texts.buildings : slot[i]) =
			(struct dyp_zone_text){ at, (size_t)(stop - at) };
		at = end - stop < 4 ? end : stop + 4;
	}
	if (dyp_zone_read(&texts, false, &file, &err) == DYP_OK)
		divide_small(&file);
	dyp_zone_file_release(&file);
	return 0;
}
