/* Replanning a running plan, and communities of landings and doors. */
#include "community.h"
#include "dyt.h"

static const struct community_plan THOUSAND = {
	.drops = 1000, .compounds = 8, .buildings = 6, .vans = 3, .walkers = 16, .seed = 3
};

static uint32_t
vehicle_of(const struct dyp_route_plan *plan, uint32_t stop)
{
	for (uint32_t i = 0; i < plan->n_tours; i++)
		for (uint32_t k = 0; k < plan->tours[i].n_steps; k++)
			if (plan->tours[i].steps[k].kind == DYP_STEP_STOP &&
			    plan->tours[i].steps[k].index == stop)
				return plan->tours[i].vehicle;
	return DYP_ROUTE_NONE;
}

/* The community's day without its last drop, planned. */
static struct dyp_route_plan *
plan_without_last(const struct community *c)
{
	struct dyp_route_problem before = c->problem;
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	struct dyp_err err = { 0 };

	before.n_stops--;
	options.max_steps = 20000;
	DYT_OK(dyp_route_solve(&before, &options, &plan, &err));
	DYT_INT(plan->n_unserved, 0);
	return plan;
}

DYT(one_order_into_a_running_plan_of_a_thousand_moves_at_most_three_stops)
{
	static const struct {
		const char *why;
		uint64_t steps;
		uint32_t most;
	} row[] = {
		{ "inserted only", 1, 1 },
		{ "and improved", 40000, 4 }, /* the new one and three others */
	};
	struct community c;
	DYT_TRUE(community_make(&c, &THOUSAND));
	uint32_t fresh = c.problem.n_stops - 1;
	struct dyp_route_plan *running = plan_without_last(&c);
	int64_t cost[2];

	for (size_t i = 0; i < 2; i++) {
		struct dyp_route_options options = dyp_route_options_default();
		struct dyp_route_plan *plan = NULL;
		struct dyp_route_change *changes = NULL;
		uint32_t count = 0;
		struct dyp_err err = { 0 };
		DYT_ROW(row[i].why);
		options.max_steps = row[i].steps;
		DYT_OK(dyp_route_replan(&c.problem, running, &options, 900, &plan, &changes, &count,
		                        &err));
		DYT_OK(dyp_route_verify(&c.problem, plan, NULL, &err));
		DYT_INT(plan->n_unserved, 0);
		DYT_TRUE(count >= 1 && count <= row[i].most);
		bool told = false;
		for (uint32_t k = 0; k < count; k++) {
			DYT_INT(changes[k].to, vehicle_of(plan, changes[k].stop));
			DYT_INT(changes[k].from, vehicle_of(running, changes[k].stop));
			told |= changes[k].stop == fresh && changes[k].from == DYP_ROUTE_NONE;
		}
		DYT_TRUE(told);
		cost[i] = plan->score.cost;
		free(changes);
		dyp_route_plan_free(plan);
	}
	DYT_TRUE(cost[1] <= cost[0]);
	dyp_route_plan_free(running);
	community_release(&c);
}

DYT(fixed_stops_stay_first_when_the_day_changes)
{
	struct community c;
	DYT_TRUE(community_make(&c, &THOUSAND));
	struct dyp_route_plan *running = plan_without_last(&c);
	struct dyp_route_vehicle *v =
		DYP_NEW_ARRAY(&c.pool, c.problem.n_vehicles, struct dyp_route_vehicle);
	struct dyp_route_stop *stops =
		DYP_NEW_ARRAY(&c.pool, c.problem.n_stops, struct dyp_route_stop);
	uint32_t fixed[3];
	struct dyp_route_plan *plan = NULL;
	struct dyp_err err = { 0 };
	struct dyp_route_options options = dyp_route_options_default();

	memcpy(v, c.problem.vehicles, c.problem.n_vehicles * sizeof *v);
	memcpy(stops, c.problem.stops, c.problem.n_stops * sizeof *stops);
	const struct dyp_route_tour *t = &running->tours[running->n_tours - 1];
	for (uint32_t k = 0; k < 3; k++) {
		DYT_TRUE(t->steps[1 + k].kind == DYP_STEP_STOP);
		fixed[k] = t->steps[1 + k].index;
		stops[fixed[k]].vehicle = t->vehicle;
	}
	v[t->vehicle].fixed = fixed;
	v[t->vehicle].n_fixed = 3;
	c.problem.vehicles = v;
	c.problem.stops = stops;
	options.max_steps = 300;
	DYT_OK(dyp_route_replan(&c.problem, running, &options, 900, &plan, NULL, NULL, &err));
	for (uint32_t i = 0; i < plan->n_tours; i++)
		for (uint32_t k = 0; k < 3 && plan->tours[i].vehicle == t->vehicle; k++)
			DYT_INT(plan->tours[i].steps[1 + k].index, fixed[k]);
	dyp_route_plan_free(plan);
	dyp_route_plan_free(running);
	community_release(&c);
}

DYT(communities_of_all_sizes_are_planned)
{
	static const struct community_plan row[] = {
		{ .drops = 200, .compounds = 1, .buildings = 4, .vans = 1, .walkers = 2 },
		{ .drops = 420, .compounds = 1, .buildings = 5, .vans = 2, .walkers = 5 },
		{ .drops = 1500, .compounds = 10, .buildings = 8, .vans = 4, .walkers = 20 },
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct community c;
		struct dyp_route_options options = dyp_route_options_default();
		struct dyp_route_plan *plan = NULL;
		struct dyp_err err = { 0 };
		char why[32];
		(void)snprintf(why, sizeof why, "%u drops", row[i].drops);
		DYT_ROW(why);
		DYT_TRUE(community_make(&c, &row[i]));
		options.max_steps = 500;
		DYT_OK(dyp_route_solve(&c.problem, &options, &plan, &err));
		DYT_OK(dyp_route_verify(&c.problem, plan, NULL, &err));
		DYT_INT(plan->n_unserved, 0);
		dyp_route_plan_free(plan);
		community_release(&c);
	}
}

/* Landings come one after the other by what they cost. One that is passed on foot both ways may be
 * served in two halves for nothing. */
DYT(a_carrier_finishes_a_landing_before_the_next)
{
	struct community c;
	static const struct community_plan day = {
		.drops = 60, .compounds = 1, .buildings = 1, .vans = 1, .seed = 5
	};
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	struct dyp_err err = { 0 };
	uint32_t left = 0;
	uint32_t again = 0;

	DYT_TRUE(community_make(&c, &day));
	for (uint32_t i = 0; i < c.problem.n_stops; i++)
		((struct dyp_route_stop *)c.problem.stops)[i].n_windows = 0;
	DYT_OK(dyp_route_solve(&c.problem, &options, &plan, &err));
	DYT_INT(plan->n_tours, 1);
	bool done[64] = { false };
	for (uint32_t k = 2; k + 1 < plan->tours[0].n_steps; k++) {
		uint32_t was = c.problem.stops[plan->tours[0].steps[k - 1].index].place;
		uint32_t is = c.problem.stops[plan->tours[0].steps[k].index].place;
		if (was == is)
			continue;
		left++;
		done[was] = true;
		again += done[is];
	}
	DYT_TRUE(left > 10);
	DYT_TRUE(again * 10 <= left);
	dyp_route_plan_free(plan);
	community_release(&c);
}

DYT(walking_takes_the_lift_when_it_is_sooner)
{
	struct dyp_walk_pace pace = dyp_walk_pace_default();
	static const struct {
		const char *why;
		bool lift;
		int32_t from, to, seconds;
	} row[] = {
		{ "one floor up on foot", true, 1, 2, 16 },
		{ "one floor down", true, 2, 1, 12 },
		{ "ten floors by lift", true, 1, 11, 60 },
		{ "ten floors, no lift", false, 1, 11, 160 },
		{ "from the basement", false, -1, 1, 32 },
		{ "the same floor", true, 7, 7, 0 },
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		DYT_ROW(row[i].why);
		DYT_INT(dyp_walk_floors_s(&pace, row[i].lift, row[i].from, row[i].to),
		        row[i].seconds);
	}
	DYT_INT(dyp_walk_service_s(&pace, 1), 35);
	DYT_INT(dyp_walk_service_s(&pace, 4), 59);
}

DYT(ways_between_compounds_lead_through_their_gates)
{
	static const struct dyp_walk_gate gates[] = { { 0, 0 }, { 300, 0 } };
	static const struct dyp_walk_stair stairs[] = { { 0, 40, 0, 0, false },
		                                        { 300, 40, 1, 1, false },
		                                        { 30, 40, 0, 0, false } };
	struct dyp_walk_map map = { gates, stairs, 2, 3 };
	struct dyp_walk_place places[] = { { 0, 1, 0, 0, 0 },
		                           { 1, 3, 0, 0, 0 },
		                           { 2, 1, 0, 0, 0 },
		                           { DYP_ROUTE_NONE, 1, 300, -100, DYP_ROUTE_NONE } };
	struct dyp_walk_pace pace = dyp_walk_pace_default();
	int32_t seconds[16];
	int32_t metres[16];
	struct dyp_err err = { 0 };

	pace.detour_pct = 100;
	pace.ground_mm_s = 1000;
	DYT_OK(dyp_walk_matrix(&map, &pace, places, 4, seconds, metres, &err));
	DYT_INT(metres[0 * 4 + 1], 40 + 300 + 40); /* not 300 through the fences */
	DYT_INT(seconds[0 * 4 + 1], 380 + 2 * 16);
	DYT_INT(seconds[1 * 4 + 0], 380 + 2 * 12);
	DYT_INT(metres[0 * 4 + 2], 30); /* inside a compound straight on */
	DYT_INT(metres[3 * 4 + 1], 100 + 40);
	DYT_INT(metres[2 * 4 + 2], 0);
	places[1].stair = 9;
	DYT_INT(dyp_walk_matrix(&map, &pace, places, 4, seconds, metres, &err), DYP_BAD_INPUT);
	DYT_STR(err.field, "/places/1/stair");
}

struct failing {
	uint64_t left;
	int64_t live;
};

static void *
failing_get(void *ctx, size_t size)
{
	struct failing *f = ctx;

	if (f->left == 0)
		return NULL;
	f->left--;
	f->live++;
	return malloc(size);
}

static void
failing_put(void *ctx, void *block)
{
	struct failing *f = ctx;

	f->live--;
	free(block);
}

/* Large enough that stops and places are renumbered unless a running plan makes it short. */
static uint64_t
fail_each(const struct community *c, const struct dyp_route_plan *running)
{
	enum dyp_code rc = DYP_NO_MEMORY;
	uint64_t n = 0;

	for (; rc != DYP_OK && n < 1000; n++) {
		struct failing f = { .left = n };
		struct dyp_route_options options = dyp_route_options_default();
		struct dyp_route_plan *plan = NULL;
		struct dyp_route_change *changes = NULL;
		uint32_t count = 0;
		struct dyp_err err = { 0 };
		options.max_steps = 60;
		options.memory = (struct dyp_memory){ failing_get, failing_put, &f };
		rc = running == NULL ? dyp_route_solve(&c->problem, &options, &plan, &err)
		                     : dyp_route_replan(&c->problem, running, &options, 900, &plan,
		                                        &changes, &count, &err);
		DYT_TRUE(rc == DYP_OK || (rc == DYP_NO_MEMORY && plan == NULL));
		if (rc == DYP_OK && changes != NULL)
			failing_put(&f, changes);
		dyp_route_plan_free(plan);
		DYT_INT(f.live, 0);
	}
	return n;
}

DYT(every_failing_allocation_of_a_large_problem_is_reported)
{
	static const struct community_plan day = {
		.drops = 300, .compounds = 2, .buildings = 4, .vans = 2, .walkers = 4
	};
	struct community c;

	DYT_TRUE(community_make(&c, &day));
	struct dyp_route_plan *running = plan_without_last(&c);
	DYT_TRUE(fail_each(&c, running) < 1000);
	DYT_TRUE(fail_each(&c, NULL) < 1000);
	dyp_route_plan_free(running);
	community_release(&c);
}

DYT(renumbered_problems_keep_their_names)
{
	static const struct community_plan day = {
		.drops = 400, .compounds = 3, .buildings = 4, .vans = 2, .walkers = 6
	};
	struct community c;
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	struct dyp_route_plan *again = NULL;
	struct dyp_err err = { 0 };

	DYT_TRUE(community_make(&c, &day));
	options.max_steps = 2000;
	DYT_OK(dyp_route_solve(&c.problem, &options, &plan, &err));
	struct dyp_route_score score;
	DYT_OK(dyp_route_verify(&c.problem, plan, &score, &err));
	DYT_INT(score.cost, plan->score.cost);
	options.start = plan; /* renumbered on its way in, and no worse on its way out */
	options.max_steps = 25000;
	DYT_OK(dyp_route_solve(&c.problem, &options, &again, &err));
	DYT_OK(dyp_route_verify(&c.problem, again, NULL, &err));
	DYT_TRUE(again->score.cost <= plan->score.cost);
	dyp_route_plan_free(again);
	dyp_route_plan_free(plan);
	community_release(&c);
}

DYT_MAIN(DYT_TEST(walking_takes_the_lift_when_it_is_sooner),
         DYT_TEST(ways_between_compounds_lead_through_their_gates),
         DYT_TEST(a_carrier_finishes_a_landing_before_the_next),
         DYT_TEST(communities_of_all_sizes_are_planned),
         DYT_TEST(every_failing_allocation_of_a_large_problem_is_reported),
         DYT_TEST(renumbered_problems_keep_their_names),
         DYT_TEST(fixed_stops_stay_first_when_the_day_changes),
         DYT_TEST(one_order_into_a_running_plan_of_a_thousand_moves_at_most_three_stops))
