/* Route planner: gap to the best known cost at given CPU seconds, one thread.
 *
 *   bench_route [SECONDS[,SECONDS...] [SEEDS [NAME...]]]     default: 1 s, one seed, all
 *
 * DY_BENCH_BUDGETS, DY_BENCH_SEEDS and DY_BENCH_NAMES (parts of names, separated by blanks) say the
 * same when there are no arguments, as under ./dev bench; DY_BENCH_THREADS is the number of
 * threads (the clock is then that of the wall). Reads the public instances beside the source tree
 * (../shared/instances/routing, or the folder in DY_INSTANCES). Then the day's work: route_day.c. */
#include "io/problem.h"
#include "route_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_BUDGETS = 6, MOST_TEXT = 1 << 22 };

static const struct {
	const char *set, *file;
	double best;
} INSTANCES[] = {
	{ "X", "CVRP/X-n110-k13", 14971 },
	{ "X", "CVRP/X-n157-k13", 16876 },
	{ "X", "CVRP/X-n228-k23", 25742 },
	{ "X", "CVRP/X-n294-k50", 47161 },
	{ "X", "CVRP/X-n393-k38", 38260 },
	{ "X", "CVRP/X-n536-k96", 94846 },
	{ "X", "CVRP/X-n749-k98", 77269 },
	{ "X", "CVRP/X-n1001-k43", 72355 },
	{ "Leuven", "CVRP/Leuven2", 111395 },
	{ "Solomon", "VRPTW/RC104", 11323 },
	{ "Solomon", "VRPTW/R208", 7010 },
	{ "windows 1,000", "VRPTW/R1_10_4", 424407 },
	{ "windows 1,000", "VRPTW/C1_10_7", 424204 },
	{ "windows 1,000", "VRPTW/RC2_10_5", 257975 },
	{ "windows 1,000", "VRPTW/R2_10_2", 312419 },
	{ "depots", "MDVRPTW/PR11A", 6655548 },
	{ "depots", "MDVRPTW/PR15B", 10223105 },
	{ "mixed fleet", "HFVRP/X200-HD", 6011924441 },
	{ "mixed fleet", "HFVRP/X401-FSMFD", 8868994370 },
	{ "trips, release", "MTVRPTWR/RC204R0.25", 17494 },
	{ "trips, release", "MTVRPTWR/R2_2_05R0.5", 53020 },
	{ "prizes", "PCVRPTW/RC1_10_3", 244608 },
};

static int64_t
cpu_us(void *ctx)
{
	struct timespec t;

	const uint32_t *threads = ctx;

	(void)clock_gettime(*threads > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static size_t
read_text(const char *name, char *text)
{
	char path[1024];
	const char *folder = getenv("DY_INSTANCES");

	(void)snprintf(path, sizeof path, "%s/%s.vrp",
	               folder != NULL ? folder : "../shared/instances/routing", name);
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return 0;
	size_t size = fread(text, 1, MOST_TEXT, f);
	(void)fclose(f);
	return size;
}

/* Gap in per cent; below -100 when there was no plan. */
static double
gap_of(const struct dyp_file *file, double best, double seconds, uint64_t seed, uint32_t threads)
{
	struct dyp_route_options o = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	struct dyp_err err;

	o.seed = seed;
	o.max_steps = 0;
	o.time_limit_ms = (uint32_t)(seconds * 1000);
	o.now_us = cpu_us;
	o.threads = threads;
	o.ctx = &threads;
	if (dyp_route_solve(&file->problem, &o, &plan, &err) != DYP_OK) {
		printf("%s: %s\n", err.field, err.text);
		return -1000;
	}
	bool all = true;
	for (int k = 0; k < DYP_ROUTE_TIERS; k++)
		all = all && plan->score.unserved[k] == 0;
	double gap = all ? 100.0 * ((double)plan->score.cost / best - 1.0) : -1000;
	dyp_route_plan_free(plan);
	return gap;
}

static const char *
setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : otherwise;
}

static bool
is_wanted(int argc, char **argv, const char *name)
{
	const char *names = argc > 3 ? "" : setting("DY_BENCH_NAMES", "");
	bool wanted = argc <= 3 && names[0] == '\0';

	for (int i = 3; i < argc; i++)
		wanted = wanted || strstr(name, argv[i]) != NULL;
	while (*names != '\0') {
		char part[64];
		size_t size = strcspn(names, " ");
		(void)snprintf(part, sizeof part, "%.*s", (int)size, names);
		wanted = wanted || (size > 0 && strstr(name, part) != NULL);
		names += size + (names[size] != '\0');
	}
	return wanted;
}

int
main(int argc, char **argv)
{
	double budget[MOST_BUDGETS];
	int budgets = 0;
	long seeds = strtol(argc > 2 ? argv[2] : setting("DY_BENCH_SEEDS", "1"), NULL, 10);
	uint32_t threads = (uint32_t)strtoul(setting("DY_BENCH_THREADS", "1"), NULL, 10);
	char *text = malloc(MOST_TEXT);

	if (text == NULL)
		return 1;
	for (const char *at = argc > 1 ? argv[1] : setting("DY_BENCH_BUDGETS", "1");
	     *at != '\0' && budgets < MOST_BUDGETS;) {
		char *end;
		budget[budgets++] = strtod(at, &end);
		if (end == at)
			break;
		at = end + (*end == ',');
	}
	printf("gap to best known in %%, mean of %ld seed(s), %u thread(s)\n%-22s", seeds, threads,
	       threads > 1 ? "seconds" : "CPU s");
	for (int b = 0; b < budgets; b++)
		printf(" %8g", budget[b]);
	printf("\n");
	double sum[MOST_BUDGETS] = { 0 };
	int count = 0;
	size_t instances = sizeof INSTANCES / sizeof INSTANCES[0];
	for (size_t i = 0; i < instances; i++) {
		struct dyp_file file;
		struct dyp_err err;
		const char *name = INSTANCES[i].file;
		size_t size = is_wanted(argc, argv, name) ? read_text(name, text) : 0;
		if (size > 0 &&
		    dyp_read_vrplib(text, size, DYP_ROUND_AUTO, &file, &err) == DYP_OK) {
			printf("%-22s", strchr(name, '/') + 1);
			for (int b = 0; b < budgets; b++) {
				double gap = 0;
				for (long seed = 1; seed <= seeds; seed++)
					gap += gap_of(&file, INSTANCES[i].best, budget[b],
					              (uint64_t)seed, threads) /
					       (double)seeds;
				printf(" %8.2f", gap);
				(void)fflush(stdout);
				sum[b] += gap;
			}
			printf("\n");
			count++;
			dyp_file_release(&file);
		}
		bool last =
			i + 1 == instances || strcmp(INSTANCES[i].set, INSTANCES[i + 1].set) != 0;
		if (last && count > 1) {
			printf("  mean %-15s", INSTANCES[i].set);
			for (int b = 0; b < budgets; b++)
				printf(" %8.2f", sum[b] / count);
			printf("\n");
		}
		if (last) {
			memset(sum, 0, sizeof sum);
			count = 0;
		}
	}
	free(text);
	if (argc <= 1)
		bench_route_day();
	return 0;
}
