/* The route planner against oracles: every order of small problems, known best plans, itself. */
#include "dyt.h"
#include "small.h"

#include "io/problem.h"

#include <stdlib.h>

/* Exhaustive search */

struct oracle {
	const struct dyp_route_problem *p;
	uint32_t order[SMALL_VEHICLES][SMALL_STOPS];
	uint32_t count[SMALL_VEHICLES];
	uint32_t reload[SMALL_VEHICLES]; /* before this position; 0: none */
	struct dyp_route_score best;
	bool found;
	uint32_t tried;
};

static int
compare(const struct dyp_route_score *a, const struct dyp_route_score *b)
{
	for (int k = DYP_ROUTE_TIERS; k-- > 0;)
		if (a->unserved[k] != b->unserved[k])
			return a->unserved[k] < b->unserved[k] ? -1 : 1;
	return a->cost == b->cost ? 0 : a->cost < b->cost ? -1 : 1;
}

static void
weigh(struct oracle *o)
{
	struct dyp_route_step step[SMALL_VEHICLES][SMALL_STOPS + 2];
	struct dyp_route_tour tour[SMALL_VEHICLES];
	struct dyp_route_plan rough = { .tours = tour };
	struct dyp_route_plan *plan;
	struct dyp_err err;

	for (uint32_t v = 0; v < o->p->n_vehicles; v++) {
		if (o->count[v] == 0)
			continue;
		struct dyp_route_tour *t = &tour[rough.n_tours++];
		*t = (struct dyp_route_tour){ .vehicle = v, .steps = step[v] };
		for (uint32_t i = 0; i < o->count[v]; i++) {
			if (o->reload[v] > 0 && o->reload[v] == i)
				step[v][t->n_steps++] =
					(struct dyp_route_step){ .kind = DYP_STEP_RELOAD };
			step[v][t->n_steps++] = (struct dyp_route_step){ .kind = DYP_STEP_STOP,
				                                         .index = o->order[v][i] };
		}
	}
	o->tried++;
	if (dyp_route_schedule(o->p, &rough, &plan, &err) != DYP_OK)
		return;
	if (!o->found || compare(&plan->score, &o->best) < 0)
		o->best = plan->score;
	o->found = true;
	dyp_route_plan_free(plan);
}

static void
with_reloads(struct oracle *o, uint32_t v)
{
	if (v == o->p->n_vehicles || v == SMALL_VEHICLES) {
		weigh(o);
		return;
	}
	o->reload[v] = 0;
	with_reloads(o, v + 1);
	for (uint32_t i = 1; o->p->vehicles[v].n_reloads > 0 && i < o->count[v]; i++) {
		o->reload[v] = i;
		with_reloads(o, v + 1);
	}
	o->reload[v] = 0;
}

static void
place_stop(struct oracle *o, uint32_t stop)
{
	if (stop == o->p->n_stops) {
		with_reloads(o, 0);
		return;
	}
	place_stop(o, stop + 1);
	for (uint32_t v = 0; v < o->p->n_vehicles; v++)
		for (uint32_t at = 0; at <= o->count[v]; at++) {
			memmove(&o->order[v][at + 1], &o->order[v][at],
			        (o->count[v] - at) * sizeof o->order[v][0]);
			o->order[v][at] = stop;
			o->count[v]++;
			place_stop(o, stop + 1);
			o->count[v]--;
			memmove(&o->order[v][at], &o->order[v][at + 1],
			        (o->count[v] - at) * sizeof o->order[v][0]);
		}
}

/* Solves and compares; true when the optimum was found. */
static bool
matches_oracle(struct small *s, const char *why)
{
	struct oracle o = { .p = &s->problem };
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	struct dyp_err err = { 0 };

	DYT_ROW(why);
	options.max_steps = 3000;
	place_stop(&o, 0);
	enum dyp_code rc = dyp_route_solve(&s->problem, &options, &plan, &err);
	if (!o.found) {
		DYT_INT(rc, DYP_INFEASIBLE);
		return true;
	}
	if (rc != DYP_OK)
		print_error("%s %s\n", err.field, err.text);
	DYT_INT(rc, DYP_OK);
	int order = compare(&plan->score, &o.best);
	if (order != 0)
		print_message("# %s: cost %lld, optimum %lld\n", why, (long long)plan->score.cost,
		              (long long)o.best.cost);
	DYT_TRUE(order >= 0); /* a better plan than the best of all would be a fault of verify */
	dyp_route_plan_free(plan);
	return order == 0;
}

static void
try_features(uint32_t features, const char *why, int cases, uint32_t n, int most_missed)
{
	int missed = 0;

	for (int i = 0; i < cases; i++) {
		struct small s;
		small_make(&s, (uint64_t)i + 1, features, n, 2);
		missed += matches_oracle(&s, why) ? 0 : 1;
	}
	DYT_ROW(why);
	if (missed > most_missed)
		print_error("%d of %d missed the optimum\n", missed, cases);
	DYT_TRUE(missed <= most_missed);
}

DYT(each_feature_alone_finds_the_optimum)
{
	static const char *const name[SMALL_FEATURES] = {
		"plain",   "windows", "pickups", "shipments", "skills", "prizes",
		"groups",  "reloads", "release", "late",      "breaks", "limits",
		"balance", "open",    "setup",   "stock",     "tiers",  "fixed"
	};
	for (int f = 0; f < SMALL_FEATURES; f++)
		try_features(1u << f, name[f], 4, 4, 0);
}

DYT(pairs_of_features_find_the_optimum_nearly_always)
{
	int missed = 0;
	int cases = 0;

	for (int f = 0; f < SMALL_FEATURES; f++)
		for (int g = 0; g < f; g++) {
			struct small s;
			small_make(&s, (uint64_t)(f * 31 + g), 1u << f | 1u << g, 3, 2);
			missed += matches_oracle(&s, "pair") ? 0 : 1;
			cases++;
		}
	print_message("# %d of %d pairs missed the optimum\n", missed, cases);
	DYT_TRUE(missed * 50 <= cases);
}

/* Files */

static char *
read_file(const char *folder, const char *name, size_t *size)
{
	char path[1024];
	(void)snprintf(path, sizeof path, "%s/../shared/instances/routing/%s",
	               folder != NULL ? folder : ".", name);
	FILE *f = fopen(path, "rb");
	char *text = malloc(1 << 22);
	*size = 0;
	if (f != NULL && text != NULL)
		*size = fread(text, 1, 1 << 22, f);
	if (f != NULL)
		(void)fclose(f);
	if (*size == 0) {
		free(text);
		return NULL;
	}
	return text;
}

DYT(stored_plans_have_their_stored_costs)
{
	static const struct {
		const char *family, *name;
		int64_t cost;
	} row[] = {
		{ "CVRP", "Leuven2", 111395 },         { "CVRP", "X-n1001-k43", 72355 },
		{ "CVRP", "X-n110-k13", 14971 },       { "CVRP", "X-n157-k13", 16876 },
		{ "CVRP", "X-n228-k23", 25742 },       { "CVRP", "X-n294-k50", 47161 },
		{ "CVRP", "X-n393-k38", 38260 },       { "CVRP", "X-n536-k96", 94846 },
		{ "CVRP", "X-n749-k98", 77269 },       { "VRPTW", "R1_10_4", 424407 },
		{ "VRPTW", "C1_10_7", 424204 },        { "VRPTW", "RC2_10_5", 257975 },
		{ "VRPTW", "R2_10_2", 312419 },        { "MDVRPTW", "PR11A", 6655548 },
		{ "MDVRPTW", "PR15B", 10223105 },      { "HFVRP", "X200-HD", 6011924441 },
		{ "HFVRP", "X401-FSMFD", 8868994370 }, { "MTVRPTWR", "RC204R0.25", 17494 },
		{ "MTVRPTWR", "R2_2_05R0.5", 53020 },  { "PCVRPTW", "RC1_10_3", 244608 },
	};
	const char *root = getenv("DY_SOURCE_ROOT");
	int seen = 0;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char name[128];
		size_t size;
		size_t sol_size;
		struct dyp_file file;
		struct dyp_err err = { 0 };
		struct dyp_route_plan *rough = NULL;
		struct dyp_route_plan *plan = NULL;

		DYT_ROW(row[i].name);
		(void)snprintf(name, sizeof name, "%s/%s.vrp", row[i].family, row[i].name);
		char *text = read_file(root, name, &size);
		(void)snprintf(name, sizeof name, "%s/%s.sol", row[i].family, row[i].name);
		char *sol = read_file(root, name, &sol_size);
		if (text != NULL && sol != NULL) {
			DYT_OK(dyp_read_vrplib(text, size, DYP_ROUND_AUTO, &file, &err));
			DYT_OK(dyp_read_sol(sol, sol_size, &file, &rough, &err));
			enum dyp_code rc = dyp_route_schedule(&file.problem, rough, &plan, &err);
			DYT_STR(err.text, "");
			DYT_OK(rc);
			DYT_INT(plan->score.cost, row[i].cost);
			DYT_INT(plan->score.unserved[0], 0);
			seen++;
			dyp_route_plan_free(plan);
			dyp_route_plan_free(rough);
			dyp_file_release(&file);
		}
		free(text);
		free(sol);
	}
	if (seen == 0)
		DYT_SKIP("the public instances are not beside the source tree");
}

DYT(pickups_and_deliveries_of_li_and_lim_are_read_and_nearly_solved)
{
	size_t size;
	char *text = read_file(getenv("DY_SOURCE_ROOT"), "PDPTW/lr112.txt", &size);
	struct dyp_file file;
	struct dyp_err err = { 0 };
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;

	if (text == NULL)
		DYT_SKIP("the public instances are not beside the source tree");
	DYT_OK(dyp_read_lilim(text, size, &file, &err));
	DYT_INT(file.problem.n_stops, 106);
	DYT_INT(file.problem.n_shipments, 53);
	options.max_steps = 2000;
	DYT_OK(dyp_route_solve(&file.problem, &options, &plan, &err));
	DYT_INT(plan->n_unserved, 0);
	/* best known: 9 vehicles, 1003.77; each leg is rounded here */
	DYT_TRUE(plan->n_tours >= 9 && plan->n_tours <= 10);
	DYT_TRUE(plan->score.metres > 1003700 || plan->n_tours > 9);
	DYT_TRUE(plan->score.metres < 1250000);
	dyp_route_plan_free(plan);
	dyp_file_release(&file);
	free(text);
}

DYT(faults_of_a_shipment_table_name_the_row)
{
	static const struct {
		const char *why, *text, *field;
	} row[] = {
		{ "no vehicles", "0 200 1\n", "/" },
		{ "eight numbers", "3 20 1\n0 0 0 0 0 9 0 0\n", "/nodes/0" },
		{ "a hole", "3 20 1\n0 0 0 0 0 9 0 0 0\n2 0 0 0 0 9 0 0 0\n", "/nodes/1" },
		{ "no partner",
		  "3 20 1\n0 0 0 0 0 9 0 0 0\n1 1 1 5 0 9 0 0 2\n2 1 1 -4 0 9 0 1 0\n",
		  "/nodes/1/pickup" },
		{ "only a depot", "3 20 1\n0 0 0 0 0 9 0 0 0\n", "/nodes" },
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct dyp_file file;
		struct dyp_err err = { 0 };
		DYT_ROW(row[i].why);
		DYT_INT(dyp_read_lilim(row[i].text, strlen(row[i].text), &file, &err),
		        DYP_BAD_INPUT);
		DYT_TRUE(strncmp(err.field, row[i].field, strlen(row[i].field)) == 0);
		dyp_file_release(&file);
	}
}

DYT(answers_are_read_back_and_their_faults_named)
{
	static const char problem[] =
		"{\"vehicles\":[{\"id\":7,\"start_index\":0,\"end_index\":0}],"
		"\"jobs\":[{\"id\":4,\"location_index\":1},{\"id\":9,\"location_index\":2}],"
		"\"matrices\":{\"car\":{\"durations\":[[0,5,6],[5,0,2],[6,2,0]]}}}";
	static const struct {
		const char *why, *text, *field;
	} row[] = {
		{ "another vehicle", "{\"routes\":[{\"vehicle\":8,\"steps\":[]}]}",
		  "/routes/0/vehicle" },
		{ "no steps", "{\"routes\":[{\"vehicle\":7}]}", "/routes/0/steps" },
		{ "another job",
		  "{\"routes\":[{\"vehicle\":7,\"steps\":[{\"type\":\"job\",\"id\":5}]}]}",
		  "/routes/0/steps" },
		{ "no routes", "{}", "/routes" },
	};
	struct dyp_file file;
	struct dyp_err err = { 0 };
	struct dyp_route_plan *plan = NULL;
	struct dyp_route_plan *back = NULL;
	struct dyp_text text = { 0 };

	DYT_OK(dyp_read_vroom(problem, sizeof problem - 1, &file, &err));
	DYT_OK(dyp_route_solve(&file.problem, NULL, &plan, &err));
	dyp_write_vroom(&text, &file, plan, NULL);
	DYT_OK(dyp_read_answer(text.ptr, text.len, &file, &back, &err));
	DYT_INT(back->n_tours, 1);
	DYT_INT(back->tours[0].n_steps, 2);
	DYT_INT(back->tours[0].steps[0].index, plan->tours[0].steps[1].index);
	dyp_route_plan_free(back);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		back = NULL;
		DYT_ROW(row[i].why);
		DYT_INT(dyp_read_answer(row[i].text, strlen(row[i].text), &file, &back, &err),
		        DYP_BAD_INPUT);
		DYT_STR(err.field, row[i].field);
		DYT_TRUE(back == NULL);
	}
	dyp_text_release(&text);
	dyp_route_plan_free(plan);
	dyp_file_release(&file);
}

DYT(times_by_type_of_vehicle_are_read)
{
	static const char problem[] =
		"{\"vehicles\":[{\"id\":1,\"type\":\"van\",\"start_index\":0,\"end_index\":0},"
		"{\"id\":2,\"type\":\"walker\",\"start_index\":0,\"end_index\":0}],"
		"\"jobs\":[{\"id\":4,\"location_index\":1,\"service\":60,"
		"\"service_per_type\":{\"walker\":20,\"drone\":1},\"setup\":5}],"
		"\"matrices\":{\"car\":{\"durations\":[[0,5],[5,0]]}}}";
	static const char costs[] = "{\"vehicles\":[{\"id\":1,\"start_index\":0}],\"matrices\":"
				    "{\"car\":{\"durations\":[[0]],\"costs\":[[0]]}}}";
	struct dyp_file file;
	struct dyp_err err = { 0 };

	DYT_OK(dyp_read_vroom(problem, sizeof problem - 1, &file, &err));
	DYT_INT(file.problem.kinds, 2);
	DYT_INT(file.problem.vehicles[1].kind, 1);
	DYT_INT(file.problem.stops[0].service_by_kind[0], 60);
	DYT_INT(file.problem.stops[0].service_by_kind[1], 20);
	DYT_TRUE(file.problem.stops[0].setup_by_kind == NULL);
	dyp_file_release(&file);
	DYT_INT(dyp_read_vroom(costs, sizeof costs - 1, &file, &err), DYP_BAD_INPUT);
	DYT_STR(err.field, "/matrices");
	dyp_file_release(&file);
}

/* Memory */

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

DYT(every_failing_allocation_is_reported_and_nothing_leaks)
{
	struct small s;
	uint64_t n = 0;
	enum dyp_code rc = DYP_NO_MEMORY;

	small_make(&s, 3, 1u << SMALL_WINDOWS | 1u << SMALL_RELOADS, 6, 2);
	for (; rc != DYP_OK && n < 500; n++) {
		struct failing f = { .left = n };
		struct dyp_route_options options = dyp_route_options_default();
		struct dyp_route_plan *plan = NULL;
		struct dyp_route_report *report = NULL;
		struct dyp_err err = { 0 };
		options.max_steps = 50;
		options.threads = 2; /* memory is asked for by the calling thread only */
		options.memory = (struct dyp_memory){ failing_get, failing_put, &f };
		rc = dyp_route_solve(&s.problem, &options, &plan, &err);
		DYT_TRUE(rc == DYP_OK || (rc == DYP_NO_MEMORY && plan == NULL));
		if (rc == DYP_OK) {
			rc = dyp_route_explain(&s.problem, plan, &report, &err);
			DYT_TRUE(rc == DYP_OK || (rc == DYP_NO_MEMORY && report == NULL));
		}
		dyp_route_report_free(report);
		dyp_route_plan_free(plan);
		DYT_INT(f.live, 0);
	}
	DYT_TRUE(n > 20 && n < 500);
}

/* Determinism */

static uint64_t
print_of(const struct dyp_route_plan *plan)
{
	uint64_t h = UINT64_C(1469598103934665603);

	for (uint32_t i = 0; i < plan->n_tours; i++)
		for (uint32_t k = 0; k < plan->tours[i].n_steps; k++) {
			const struct dyp_route_step *s = &plan->tours[i].steps[k];
			const int64_t part[] = { plan->tours[i].vehicle, (int64_t)s->kind, s->index,
				                 s->begin };
			for (size_t j = 0; j < 4; j++)
				h = (h ^ (uint64_t)part[j]) * UINT64_C(1099511628211);
		}
	return h;
}

static bool
stop_at_once(void *ctx, double done, uint64_t step, int64_t best)
{
	(void)done;
	(void)best;
	*(uint64_t *)ctx = step;
	return step < 500;
}

DYT(equal_seeds_give_equal_plans_and_cancelling_keeps_the_best)
{
	struct small s;
	struct dyp_route_options options = dyp_route_options_default();
	uint64_t print[2];
	uint64_t steps = 0;
	struct dyp_route_plan *plan = NULL;
	struct dyp_err err;

	small_make(&s, 11, 1u << SMALL_WINDOWS | 1u << SMALL_PICKUPS, 8, 3);
	for (int i = 0; i < 2; i++) {
		options.max_steps = 2000;
		DYT_OK(dyp_route_solve(&s.problem, &options, &plan, &err));
		print[i] = print_of(plan);
		dyp_route_plan_free(plan);
	}
	DYT_TRUE(print[0] == print[1]);
	options.tick = stop_at_once;
	options.ctx = &steps;
	DYT_INT(dyp_route_solve(&s.problem, &options, &plan, &err), DYP_CANCELLED);
	DYT_OK(dyp_route_verify(&s.problem, plan, NULL, &err));
	DYT_TRUE(steps >= 500 && steps < 2000);
	dyp_route_plan_free(plan);
}

DYT(threads_give_equal_plans_however_they_are_scheduled)
{
	struct small s;
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	uint64_t print[3];
	uint64_t steps = 0;
	struct dyp_err err;

	small_make(&s, 12, 1u << SMALL_WINDOWS | 1u << SMALL_RELOADS, 8, 3);
	options.threads = 3;
	options.max_steps = 4000;
	for (int i = 0; i < 3; i++) {
		DYT_OK(dyp_route_solve(&s.problem, &options, &plan, &err));
		DYT_OK(dyp_route_verify(&s.problem, plan, NULL, &err));
		print[i] = print_of(plan);
		DYT_INT(plan->steps, 3 * options.max_steps); /* of all threads */
		dyp_route_plan_free(plan);
	}
	DYT_TRUE(print[0] == print[1] && print[1] == print[2]);
	options.tick = stop_at_once;
	options.ctx = &steps;
	DYT_INT(dyp_route_solve(&s.problem, &options, &plan, &err), DYP_CANCELLED);
	DYT_OK(dyp_route_verify(&s.problem, plan, NULL, &err));
	dyp_route_plan_free(plan);
}

DYT(plans_of_given_steps_and_seed_are_pinned)
{
	static const struct {
		const char *why;
		uint32_t features;
		uint64_t print;
	} row[] = {
		{ "windows", 1u << SMALL_WINDOWS, UINT64_C(0xea8b74c64c5651e) },
		{ "trips and release", 1u << SMALL_RELOADS | 1u << SMALL_RELEASE,
		  UINT64_C(0x8c2a21234de3429f) },
		{ "shipments and breaks", 1u << SMALL_SHIPMENTS | 1u << SMALL_BREAKS,
		  UINT64_C(0x89fe6ba959183fbd) },
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct small s;
		struct dyp_route_options options = dyp_route_options_default();
		struct dyp_route_plan *plan = NULL;
		struct dyp_err err;
		DYT_ROW(row[i].why);
		options.max_steps = 300;
		options.seed = 5;
		small_make(&s, 21, row[i].features, 8, 3);
		DYT_OK(dyp_route_solve(&s.problem, &options, &plan, &err));
		if (print_of(plan) != row[i].print)
			print_error("%s: got 0x%llx\n", row[i].why,
			            (unsigned long long)print_of(plan));
		DYT_TRUE(print_of(plan) == row[i].print);
		dyp_route_plan_free(plan);
	}
}

DYT(verify_scales_with_money_and_sees_a_moved_time)
{
	struct small s;
	struct dyp_route_options options = dyp_route_options_default();
	struct dyp_route_plan *plan = NULL;
	struct dyp_route_score score;
	struct dyp_err err;

	small_make(&s, 4, 1u << SMALL_WINDOWS | 1u << SMALL_BALANCE, 8, 3);
	options.max_steps = 300;
	DYT_OK(dyp_route_solve(&s.problem, &options, &plan, &err));
	s.problem.spread_per_s *= 3;
	s.long_day.per_s *= 3;
	for (uint32_t v = 0; v < s.problem.n_vehicles; v++) {
		s.vehicles[v].fixed_cost *= 3;
		s.vehicles[v].per_metre *= 3;
		s.vehicles[v].per_travel_s *= 3;
		s.vehicles[v].per_s *= 3;
	}
	DYT_OK(dyp_route_verify(&s.problem, plan, &score, &err));
	DYT_INT(score.cost, 3 * plan->score.cost);
	DYT_TRUE(plan->n_tours > 0);
	plan->tours[0].steps[1].begin--;
	plan->tours[0].steps[1].arrival--;
	DYT_INT(dyp_route_verify(&s.problem, plan, &score, &err), DYP_INFEASIBLE);
	dyp_route_plan_free(plan);
}

DYT(random_numbers_follow_the_published_vector)
{
	/* SplitMix64 from 1234567, as in the reference implementation's test */
	static const uint64_t want[] = { UINT64_C(6457827717110365317),
		                         UINT64_C(3203168211198807973),
		                         UINT64_C(9817491932198370423),
		                         UINT64_C(4593380528125082431) };
	struct dyp_rng rng = { 1234567 };

	for (size_t i = 0; i < 4; i++)
		DYT_TRUE(dyp_rng_next(&rng) == want[i]);
}

DYT_MAIN(DYT_TEST(random_numbers_follow_the_published_vector),
         DYT_TEST(plans_of_given_steps_and_seed_are_pinned),
         DYT_TEST(verify_scales_with_money_and_sees_a_moved_time),
         DYT_TEST(stored_plans_have_their_stored_costs),
         DYT_TEST(pickups_and_deliveries_of_li_and_lim_are_read_and_nearly_solved),
         DYT_TEST(faults_of_a_shipment_table_name_the_row),
         DYT_TEST(times_by_type_of_vehicle_are_read),
         DYT_TEST(answers_are_read_back_and_their_faults_named),
         DYT_TEST(each_feature_alone_finds_the_optimum),
         DYT_TEST(pairs_of_features_find_the_optimum_nearly_always),
         DYT_TEST(every_failing_allocation_is_reported_and_nothing_leaks),
         DYT_TEST(threads_give_equal_plans_however_they_are_scheduled),
         DYT_TEST(equal_seeds_give_equal_plans_and_cancelling_keeps_the_best))
