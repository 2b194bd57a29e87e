/* The planner inside a day's work, on generated communities (tests/plan/community.h). */
#include "route_day.h"

#include "../plan/community.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MB = 1 << 20 };

static double
cpu_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

struct meter {
	size_t now, peak;
};

static void *
metered_get(void *ctx, size_t size)
{
	struct meter *m = ctx;
	void *block = malloc(size);

	m->now += block != NULL ? malloc_usable_size(block) : 0;
	m->peak = m->now > m->peak ? m->now : m->peak;
	return block;
}

static void
metered_put(void *ctx, void *block)
{
	struct meter *m = ctx;

	m->now -= block != NULL ? malloc_usable_size(block) : 0;
	free(block);
}

struct outcome {
	double ms;
	int64_t cost;
	uint32_t unserved, changes;
	size_t peak;
};

static struct outcome
solve(const struct dyp_route_problem *p, const struct dyp_route_plan *running, uint64_t steps,
      int64_t price, struct dyp_route_plan **keep)
{
	struct dyp_route_options o = dyp_route_options_default();
	struct meter meter = { 0 };
	struct dyp_route_plan *plan = NULL;
	struct dyp_route_change *changes = NULL;
	struct outcome r = { 0 };
	struct dyp_err err;

	o.max_steps = steps;
	o.memory = (struct dyp_memory){ metered_get, metered_put, &meter };
	double from = cpu_ms();
	enum dyp_code rc = running == NULL ? dyp_route_solve(p, &o, &plan, &err)
	                                   : dyp_route_replan(p, running, &o, price, &plan,
	                                                      &changes, &r.changes, &err);
	r.ms = cpu_ms() - from;
	if (rc != DYP_OK) {
		printf("%s: %s\n", err.field, err.text);
		exit(1);
	}
	r.cost = plan->score.cost;
	r.unserved = plan->n_unserved;
	r.peak = meter.peak;
	if (changes != NULL)
		metered_put(&meter, changes);
	if (keep != NULL) {
		/* the caller frees it without the meter */
		plan->memory = (struct dyp_memory){ 0 };
		*keep = plan;
	} else {
		dyp_route_plan_free(plan);
	}
	return r;
}

static struct community
make(uint32_t drops, uint32_t compounds, uint32_t buildings, uint32_t vans, uint32_t walkers)
{
	struct community_plan plan = { drops, compounds, buildings, vans, walkers, 1 };
	struct community c;

	if (!community_make(&c, &plan))
		exit(1);
	return c;
}

static void
daily_case(void)
{
	struct community c = make(420, 1, 5, 2, 4);
	struct outcome r = solve(&c.problem, NULL, 4000, 0, NULL);
	struct outcome best = solve(&c.problem, NULL, 400000, 0, NULL);

	printf("420 parcels, 5 buildings, 2 vans, 4 walkers: %.0f ms, %u unserved, "
	       "%.1f %% above a hundred times the rounds (goal: 200 ms)\n",
	       r.ms, r.unserved, 100.0 * ((double)r.cost / (double)best.cost - 1.0));
	community_release(&c);
}

static void
first_plans(void)
{
	static const uint32_t drops[] = { 1000, 5000 };
	static const int goal[] = { 30, 400 };

	for (int i = 0; i < 2; i++) {
		struct community c = make(drops[i], drops[i] / 125, 6, drops[i] / 125, 0);
		struct outcome r = solve(&c.problem, NULL, 1, 0, NULL);
		printf("first plan of %u drops: %.0f ms, %u unserved (goal: %d ms); planner's "
		       "memory %zu MiB, matrices %zu MiB\n",
		       drops[i], r.ms, r.unserved, goal[i], r.peak / MB,
		       (size_t)c.problem.places * c.problem.places * 4 * c.problem.n_matrices / MB);
		community_release(&c);
	}
}

static void
one_order(void)
{
	struct community c = make(1000, 8, 6, 3, 16);
	struct dyp_route_problem before = c.problem;
	struct dyp_route_plan *running = NULL;

	before.n_stops--;
	(void)solve(&before, NULL, 60000, 0, &running);
	struct outcome in = solve(&c.problem, running, 1, 900, NULL);
	struct outcome better = solve(&c.problem, running, 12000, 900, NULL);
	printf("one order into 1,000: %.1f ms, %u changes (goal: 5 ms); with 12,000 rounds "
	       "%.0f ms, %u changes, cost %+.2f %% (goal: 500 ms, 4 changes)\n",
	       in.ms, in.changes, better.ms, better.changes,
	       100.0 * ((double)better.cost / (double)in.cost - 1.0));
	dyp_route_plan_free(running);
	community_release(&c);
}

void
bench_route_day(void)
{
	printf("\na day's work on generated communities, one thread, CPU time\n");
	daily_case();
	first_plans();
	one_order();
}
