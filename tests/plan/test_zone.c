/* The unit planner against oracles: every division of tiny towns, the judge, itself. */
#include "dyt.h"
#include "town.h"

#include "io/zone.h"
#include "zone/solve.h"

#include <math.h>
#include <stdlib.h>

static struct dyp_zone_plan *
solved(const struct town *t, const struct dyp_zone_options *o)
{
	struct dyp_zone_plan *plan = NULL;
	struct dyp_err err = { 0 };
	enum dyp_code rc = dyp_zone_solve(&t->problem, o, &plan, &err);

	if (rc != DYP_OK)
		print_error("%s: %s\n", err.field, err.text);
	DYT_OK(rc);
	return plan;
}

static struct dyp_zone_options
quick(uint64_t steps)
{
	struct dyp_zone_options o = dyp_zone_options_default();

	o.max_steps = steps;
	return o;
}

/* The cheapest of all divisions of one grid into k connected units, by the field's own prices. */

struct exact {
	struct zp_field *f;
	uint32_t at;
	double best;
	uint32_t tried;
};

static bool
is_connected(const struct zp_field *f)
{
	uint32_t seen = 0, stack[32], depth;

	for (uint32_t u = 0; u < f->k; u++) {
		uint32_t first = 0;
		while (first < f->n && f->unit[first] != u)
			first++;
		if (first == f->n)
			return false;
		uint32_t mine = 1U << first;
		stack[0] = first;
		depth = 1;
		while (depth > 0) {
			uint32_t a = stack[--depth];
			for (uint32_t i = f->adj_first[a]; i < f->adj_first[a + 1]; i++) {
				uint32_t b = f->adj[i];
				if (f->unit[b] != u || (mine >> b & 1) != 0)
					continue;
				mine |= 1U << b;
				stack[depth++] = b;
			}
		}
		for (uint32_t a = 0; a < f->n; a++)
			if (f->unit[a] == u && (mine >> a & 1) == 0)
				return false;
		seen |= mine;
	}
	return seen == (1U << f->n) - 1;
}

static void
try_all(struct exact *x, uint32_t used)
{
	struct zp_field *f = x->f;

	if (x->at == f->n) {
		if (used < f->k || !is_connected(f))
			return;
		zp_field_sum(f);
		x->tried++;
		if (zp_field_cost(f) < x->best)
			x->best = zp_field_cost(f);
		return;
	}
	for (uint32_t u = 0; u <= used && u < f->k; u++) {
		f->unit[x->at++] = u;
		try_all(x, u == used ? used + 1 : used);
		x->at--;
	}
}

/* Cost of the solver's division over that of the best one. */
static double
gap_of(uint64_t seed)
{
	uint32_t columns = 4 + (uint32_t)(seed % 2), order[16], local[16];
	struct dyp_zone_options o = quick(0);
	struct dyp_err err = { 0 };
	struct zp_model m;
	struct zp_field f;
	struct town t;

	town_make(&t, 2, columns, 24, 0, 0, seed);
	uint64_t sum = 0;
	for (uint32_t i = 0; i < t.problem.n_records; i++)
		sum += t.records[i].households;
	t.problem.target = (uint32_t)(sum / (2 + seed / 2 % 2));
	o.seed = seed;
	struct dyp_zone_plan *plan = solved(&t, &o);
	DYT_OK(zp_model_init(&m, &t.problem, &o, &err));
	DYT_OK(zp_walk_tables(&m, &err));
	DYT_OK(zp_start_field(&m, 0, &f, order, local, &err));
	for (uint32_t a = 0; a < f.n; a++)
		f.unit[a] = plan->unit[m.member[m.first[a]]];
	zp_field_sum(&f);
	double ours = zp_field_cost(&f);
	struct exact x = { .f = &f, .best = HUGE_VAL };
	try_all(&x, 0);
	DYT_TRUE(x.tried > 1);
	zp_model_release(&m);
	dyp_zone_plan_free(plan);
	town_free(&t);
	return ours / x.best - 1;
}

DYT(tiny_towns_are_divided_as_well_as_can_be)
{
	uint32_t exact = 0;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		double gap = gap_of(seed);
		DYT_TRUE(gap > -1e-9);
		DYT_TRUE(gap <= 0.02);
		exact += gap <= 1e-9;
	}
	DYT_TRUE(exact >= 190);
}

DYT(every_division_keeps_every_hard_rule)
{
	static const struct {
		const char *why;
		uint32_t rows, columns, most, grid, stairs, target;
	} row[] = {
		{ "one grid", 12, 14, 12, 0, 0, 60 },
		{ "grids of three rows", 12, 14, 12, 3, 0, 60 },
		{ "buildings of three stairs", 10, 12, 16, 5, 3, 50 },
		{ "every record larger than a unit", 4, 5, 90, 2, 0, 3 },
		{ "one unit for all", 3, 4, 5, 0, 0, 10000 },
		{ "a single row", 1, 40, 9, 0, 0, 30 },
		{ "a single record", 1, 1, 9, 0, 0, 30 },
		{ "cut into parts", 42, 44, 12, 0, 2, 60 },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		for (int whole = 0; whole < 2; whole++) {
			struct dyp_zone_options o = quick(30000);
			struct dyp_zone_score score;
			struct dyp_err err;
			struct town t;
			DYT_ROW(row[i].why);
			o.whole_buildings = whole == 1;
			town_make(&t, row[i].rows, row[i].columns, row[i].most, row[i].grid,
			          row[i].stairs, i + 7);
			t.problem.target = row[i].target;
			struct dyp_zone_plan *plan = solved(&t, &o);
			DYT_OK(dyp_zone_verify(&t.problem, plan->unit, NULL, &score, NULL, &err));
			DYT_INT(score.broken + score.empty + score.outside + score.split, 0);
			DYT_TRUE(memcmp(&score, &plan->score, sizeof score) == 0);
			dyp_zone_plan_free(plan);
			town_free(&t);
		}
}

DYT(equal_seeds_give_equal_divisions_on_any_number_of_threads)
{
	struct town t;

	town_make(&t, 42, 44, 12, 0, 2, 3);
	for (int grids = 0; grids < 2; grids++) {
		struct dyp_zone_options o = quick(200000);
		if (grids == 1) {
			t.problem.n_grids = 21;
			for (uint32_t i = 0; i < t.problem.n_records; i++)
				t.records[i].grid = i / 88;
		}
		struct dyp_zone_plan *one = solved(&t, &o);
		o.threads = 2;
		struct dyp_zone_plan *two = solved(&t, &o);
		o.seed = 2;
		struct dyp_zone_plan *other = solved(&t, &o);
		size_t size = t.problem.n_records * sizeof *one->unit;
		DYT_TRUE(memcmp(one->unit, two->unit, size) == 0);
		DYT_TRUE(memcmp(one->unit, other->unit, size) != 0);
		dyp_zone_plan_free(one);
		dyp_zone_plan_free(two);
		dyp_zone_plan_free(other);
	}
	town_free(&t);
}

static uint64_t
print_of(const struct dyp_zone_plan *plan)
{
	uint64_t print = 0;

	for (uint32_t i = 0; i < plan->n_records; i++)
		print = dyp_mix(print ^ plan->unit[i]) + i;
	return print;
}

DYT(divisions_of_given_steps_and_seed_are_pinned)
{
	struct dyp_zone_options o = quick(40000);
	struct town t;

	town_make(&t, 12, 14, 12, 4, 2, 5);
	o.seed = 9;
	struct dyp_zone_plan *plan = solved(&t, &o);
	if (print_of(plan) != UINT64_C(0xf6e539d04dd6aef9))
		print_error("got 0x%llx\n", (unsigned long long)print_of(plan));
	DYT_TRUE(print_of(plan) == UINT64_C(0xf6e539d04dd6aef9));
	dyp_zone_plan_free(plan);
	town_free(&t);
}

DYT(pinned_records_stay_and_are_joined)
{
	struct dyp_zone_options o = quick(40000);
	struct dyp_err err = { 0 };
	struct town t;

	town_make(&t, 8, 10, 12, 0, 0, 5);
	/* two corners of one unit, far apart */
	t.records[0].unit = t.records[9].unit = 4;
	t.records[0].pinned = t.records[9].pinned = true;
	t.records[45].unit = 7;
	t.records[45].pinned = true;
	struct dyp_zone_plan *plan = solved(&t, &o);
	DYT_INT(plan->unit[0], 4);
	DYT_INT(plan->unit[9], 4);
	DYT_INT(plan->unit[45], 7);
	DYT_INT(plan->score.unpinned, 0);
	dyp_zone_plan_free(plan);
	/* a wall of another unit's pinned records between them */
	for (uint32_t r = 0; r < 8; r++) {
		t.records[10 * r + 4].unit = t.records[10 * r + 5].unit = 1;
		t.records[10 * r + 4].pinned = t.records[10 * r + 5].pinned = true;
	}
	plan = NULL;
	DYT_INT(dyp_zone_solve(&t.problem, &o, &plan, &err), DYP_INFEASIBLE);
	DYT_TRUE(plan == NULL && strstr(err.field, "/records/") == err.field);
	town_free(&t);
}

DYT(few_households_move_when_few_records_change)
{
	struct dyp_zone_options o = dyp_zone_options_default();
	struct dyp_rng rng = { .state = 77 };
	struct town t;

	o.max_steps = 2000000;
	town_make(&t, 20, 20, 12, 0, 0, 11);
	t.problem.target = 60;
	struct dyp_zone_plan *old = solved(&t, &o);
	for (uint32_t i = 0; i < t.problem.n_records; i++) {
		t.records[i].unit = old->unit[i];
		if (dyp_rng_below(&rng, 20) == 0)
			t.records[i].households = (uint32_t)(t.records[i].households *
			                                     (0.3 + 1.4 * dyp_rng_unit(&rng)));
	}
	struct dyp_zone_plan *new = solved(&t, &o);
	DYT_TRUE(new->score.moved * 100 <= new->score.households * 3);
	DYT_TRUE(new->score.in_range * 100 >= new->score.units * 97);
	/* labels last: most records keep theirs without any matching */
	uint32_t same = 0;
	for (uint32_t i = 0; i < t.problem.n_records; i++)
		same += new->unit[i] == old->unit[i];
	DYT_TRUE(same * 100 >= t.problem.n_records * 94);
	dyp_zone_plan_free(old);
	dyp_zone_plan_free(new);
	town_free(&t);
}

DYT(the_judge_sees_each_fault)
{
	struct dyp_zone_options o = quick(20000);
	struct dyp_zone_score score;
	struct dyp_err err;
	struct town t;

	town_make(&t, 8, 8, 12, 4, 2, 5);
	struct dyp_zone_plan *plan = solved(&t, &o);
	uint32_t *unit = plan->unit;
	uint32_t keep = unit[0];
	unit[0] = unit[63];
	DYT_INT(dyp_zone_verify(&t.problem, unit, NULL, &score, NULL, &err), DYP_INFEASIBLE);
	DYT_TRUE(score.outside > 0 && score.broken > 0);
	unit[0] = DYP_ZONE_NONE;
	DYT_INT(dyp_zone_verify(&t.problem, unit, NULL, &score, NULL, &err), DYP_BAD_INPUT);
	DYT_STR(err.field, "/records/0/unit");
	unit[0] = keep;
	DYT_OK(dyp_zone_verify(&t.problem, unit, NULL, &score, NULL, &err));
	/* relabelling changes nothing but the labels; an unused one below is an empty unit */
	struct dyp_zone_score again;
	for (uint32_t i = 0; i < 64; i++)
		unit[i]++;
	DYT_OK(dyp_zone_verify(&t.problem, unit, NULL, &again, NULL, &err));
	DYT_INT(again.empty, 1);
	DYT_TRUE(fabs(again.walk - score.walk) < 1e-9 && fabs(again.radius - score.radius) < 1e-9);
	/* twice as far everywhere: twice the radius and the walk */
	for (uint32_t i = 0; i < 64; i++) {
		t.records[i].x *= 2;
		t.records[i].y *= 2;
	}
	for (uint32_t i = 0; i < t.problem.n_nodes; i++) {
		t.nodes[i].x *= 2;
		t.nodes[i].y *= 2;
	}
	for (uint32_t i = 0; i < t.problem.n_edges; i++)
		t.edges[i].metres *= 2;
	DYT_OK(dyp_zone_snap(&t.problem, t.records, &err));
	DYT_OK(dyp_zone_verify(&t.problem, unit, NULL, &again, NULL, &err));
	DYT_TRUE(fabs(again.walk / score.walk - 2) < 1e-4);
	DYT_TRUE(fabs(again.radius / score.radius - 2) < 1e-9);
	dyp_zone_plan_free(plan);
	town_free(&t);
}

DYT(senseless_problems_are_refused_by_name)
{
	static const struct {
		const char *why, *field;
	} row[] = {
		{ "no target", "/target" },         { "range upside down", "/range" },
		{ "more units than", "/units" },    { "grid that is not", "/records/3/grid" },
		{ "link to itself", "/links/2/a" }, { "edge to nowhere", "/edges/1/from" },
		{ "position", "/records/3/x" },     { "pin without unit", "/records/3/unit" },
		{ "apart", "/records/8/grid" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct dyp_zone_options o = quick(100);
		struct dyp_zone_plan *plan = NULL;
		struct dyp_err err = { 0 };
		struct town t;
		DYT_ROW(row[i].why);
		town_make(&t, 3, 4, 9, 0, 0, 1);
		switch (i) {
		case 0: t.problem.target = 0; break;
		case 1:
			t.problem.min = 50;
			t.problem.max = 30;
			break;
		case 2: t.problem.units = 13; break;
		case 3: t.records[3].grid = 1; break;
		case 4: t.links[2].b = t.links[2].a; break;
		case 5: t.edges[1].from = 9999; break;
		case 6: t.records[3].x = NAN; break;
		case 7: t.records[3].pinned = true; break;
		case 8:
			for (uint32_t k = 0; k < t.problem.n_links; k++)
				if (t.links[k].a < 8 && t.links[k].b >= 8)
					t.links[k].b = t.links[k].a == 0 ? 1 : 0;
			break;
		default: break;
		}
		DYT_INT(dyp_zone_solve(&t.problem, &o, &plan, &err), DYP_BAD_INPUT);
		DYT_STR(err.field, row[i].field);
		DYT_TRUE(plan == NULL);
		town_free(&t);
	}
}

/* Memory that ends at the n-th request. */
struct tap {
	uint32_t left, open;
};

static void *
tap_get(void *ctx, size_t size)
{
	struct tap *tap = ctx;

	if (tap->left == 0)
		return NULL;
	tap->left--;
	tap->open++;
	return malloc(size);
}

static void
tap_put(void *ctx, void *block)
{
	((struct tap *)ctx)->open--;
	free(block);
}

DYT(every_failing_allocation_is_reported_and_nothing_leaks)
{
	struct town t;
	bool done = false;

	town_make(&t, 42, 44, 12, 0, 2, 3); /* large enough to be cut into parts */
	for (uint32_t n = 0; !done; n += n < 60 ? 1 : 41) {
		struct tap tap = { .left = n };
		struct dyp_zone_options o = quick(2000);
		struct dyp_zone_plan *plan = NULL;
		struct dyp_err err = { 0 };
		o.memory = (struct dyp_memory){ tap_get, tap_put, &tap };
		enum dyp_code rc = dyp_zone_solve(&t.problem, &o, &plan, &err);
		done = rc == DYP_OK;
		if (!done)
			DYT_INT(rc, DYP_NO_MEMORY);
		dyp_zone_plan_free(plan);
		DYT_INT(tap.open, 0);
	}
	town_free(&t);
}

static bool
stop_at_once(void *ctx, double done, uint64_t step, double cost)
{
	(void)done;
	(void)step;
	(void)cost;
	++*(int *)ctx;
	return false;
}

DYT(a_cancelled_search_hands_over_a_sound_division)
{
	struct dyp_zone_options o = quick(500000);
	struct dyp_zone_plan *plan = NULL;
	struct dyp_err err;
	struct town t;
	int calls = 0;

	town_make(&t, 12, 14, 12, 4, 0, 5);
	o.tick = stop_at_once;
	o.ctx = &calls;
	DYT_INT(dyp_zone_solve(&t.problem, &o, &plan, &err), DYP_CANCELLED);
	DYT_INT(calls, 1);
	DYT_INT(plan->score.broken, 0);
	dyp_zone_plan_free(plan);
	town_free(&t);
}

DYT(units_out_of_range_have_a_reason)
{
	struct dyp_zone_options o = quick(20000);
	struct dyp_zone_report *report = NULL;
	struct dyp_err err;
	struct town t;

	town_make(&t, 4, 5, 12, 0, 0, 5);
	t.records[7].households = 500;
	struct dyp_zone_plan *plan = solved(&t, &o);
	DYT_OK(dyp_zone_explain(&t.problem, plan->unit, 0, NULL, &report, &err));
	bool found = false;
	for (uint32_t i = 0; i < report->n_reasons; i++)
		if (report->reasons[i].label == plan->unit[7]) {
			DYT_INT(report->reasons[i].cause, DYP_ZONE_BUILDING);
			DYT_TRUE(report->reasons[i].amount >= 452);
			found = true;
		}
	DYT_TRUE(found);
	dyp_zone_report_free(report);
	dyp_zone_plan_free(plan);
	town_free(&t);
}

/* Teams: every way to fill six places with three people of two units each. */
static double
best_team(const struct dyp_zone_team_problem *p, uint32_t place, uint32_t *load)
{
	double best = HUGE_VAL;

	if (place == p->n_units * p->n_roles)
		return 0;
	for (uint32_t i = 0; i < p->n_people; i++) {
		const struct dyp_zone_place *u = &p->units[place / p->n_roles];
		if ((p->people[i].roles >> place % p->n_roles & 1) == 0 ||
		    load[i] == p->people[i].max_units)
			continue;
		double dx = u->x - p->people[i].x, dy = u->y - p->people[i].y;
		double price = sqrt(dx * dx + dy * dy) + p->load_price * load[i];
		if (u->before != NULL && u->before[place % p->n_roles] != DYP_ZONE_NONE &&
		    u->before[place % p->n_roles] != i)
			price += p->change_price;
		load[i]++;
		price += best_team(p, place + 1, load);
		load[i]--;
		best = price < best ? price : best;
	}
	return best;
}

DYT(teams_cost_least)
{
	struct dyp_rng rng = { .state = 5 };

	for (int round = 0; round < 60; round++) {
		struct dyp_zone_person people[5];
		struct dyp_zone_place units[3];
		uint32_t before[6], load[5] = { 0 };
		struct dyp_zone_team *team = NULL;
		struct dyp_err err;
		for (int i = 0; i < 5; i++)
			people[i] = (struct dyp_zone_person){ 500 * dyp_rng_unit(&rng),
				                              500 * dyp_rng_unit(&rng), 3, 2 };
		for (int i = 0; i < 6; i++)
			before[i] = dyp_rng_below(&rng, 5);
		for (int u = 0; u < 3; u++)
			units[u] =
				(struct dyp_zone_place){ 500 * dyp_rng_unit(&rng),
				                         500 * dyp_rng_unit(&rng), &before[2 * u] };
		struct dyp_zone_team_problem p = { .n_people = 5,
			                           .n_units = 3,
			                           .n_roles = 2,
			                           .people = people,
			                           .units = units,
			                           .change_price = 120,
			                           .load_price = 60 };
		DYT_OK(dyp_zone_assign(&p, NULL, &team, &err));
		double cost = team->metres + p.change_price * team->changed;
		for (uint32_t i = 0; i < 6; i++) {
			DYT_TRUE(team->person[i] < 5 && team->why[i][0] != '\0');
			cost += p.load_price * load[team->person[i]]++;
		}
		DYT_INT(team->unfilled, 0);
		memset(load, 0, sizeof load);
		DYT_TRUE(fabs(cost - best_team(&p, 0, load)) < 0.2);
		dyp_zone_team_free(team);
	}
}

DYT(open_places_say_why)
{
	struct dyp_zone_person people[] = { { 0, 0, 1, 1 }, { 10, 0, 1, 0 } };
	struct dyp_zone_place units[] = { { 0, 0, NULL }, { 100, 0, NULL } };
	struct dyp_zone_team_problem p = {
		.n_people = 2, .n_units = 2, .n_roles = 2, .people = people, .units = units
	};
	struct dyp_zone_team *team = NULL;
	struct dyp_err err;

	DYT_OK(dyp_zone_assign(&p, NULL, &team, &err));
	DYT_INT(team->unfilled, 3);
	DYT_INT(team->person[0], 0);
	DYT_STR(team->why[1], "nobody may hold this role");
	DYT_TRUE(strncmp(team->why[2], "all 1 who may", 13) == 0);
	dyp_zone_team_free(team);
}

DYT(faults_in_files_name_file_row_and_field)
{
	static const char good[] = "id,osm_way,x,y,households\n0,5,0,0,3\n1,,10,0,4\n";
	static const struct {
		const char *why, *buildings, *links, *grids, *field;
	} row[] = {
		{ "fine", good, "u,v,metres\n0,1,10\n", "id,grid\n0,7\n1,7\n", NULL },
		{ "no file", NULL, NULL, NULL, "buildings.csv" },
		{ "empty", "", NULL, NULL, "buildings.csv, row 0" },
		{ "only a header", "id,osm_way,x,y,households\n", NULL, NULL,
		  "buildings.csv, row 1" },
		{ "column", "id,osm_way,x,y\n", NULL, NULL,
		  "buildings.csv, row 1, field households" },
		{ "no number", "id,osm_way,x,y,households\n0,5,0,zero,3\n", NULL, NULL,
		  "buildings.csv, row 2, field y" },
		{ "not whole", "id,osm_way,x,y,households\n0,5,0,0,3.5\n", NULL, NULL,
		  "buildings.csv, row 2, field households" },
		{ "negative", "id,osm_way,x,y,households\n0,5,0,0,-3\n", NULL, NULL,
		  "buildings.csv, row 2, field households" },
		{ "infinite", "id,osm_way,x,y,households\n0,5,inf,0,3\n", NULL, NULL,
		  "buildings.csv, row 2, field x" },
		{ "short row", "id,osm_way,x,y,households\n0,5,0,0\n", NULL, NULL,
		  "buildings.csv, row 2" },
		{ "open quote", "id,osm_way,x,y,households\n0,\"5,0,0,3\n", NULL, NULL,
		  "buildings.csv, row 2" },
		{ "twice", "id,osm_way,x,y,households\n4,5,0,0,3\n4,5,0,0,3\n", NULL, NULL,
		  "buildings.csv, row 3, field id" },
		{ "link", good, "u,v,metres\n0,2,10\n", NULL,
		  "adjacency_reference.csv, row 2, field v" },
		{ "grid", good, NULL, "id,grid\n0,1\n", "grids.csv, row 2, field id" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct dyp_zone_texts texts = { 0 };
		struct dyp_zone_file file = { 0 };
		struct dyp_err err = { 0 };
		DYT_ROW(row[i].why);
		if (row[i].buildings != NULL)
			texts.buildings = (struct dyp_zone_text){ row[i].buildings,
				                                  strlen(row[i].buildings) };
		if (row[i].links != NULL)
			texts.links = (struct dyp_zone_text){ row[i].links, strlen(row[i].links) };
		if (row[i].grids != NULL)
			texts.grids = (struct dyp_zone_text){ row[i].grids, strlen(row[i].grids) };
		enum dyp_code rc = dyp_zone_read(&texts, false, &file, &err);
		DYT_INT(rc, row[i].field == NULL ? DYP_OK : DYP_BAD_INPUT);
		DYT_STR(err.field, row[i].field == NULL ? "" : row[i].field);
		dyp_zone_file_release(&file);
	}
}

DYT_MAIN(DYT_TEST(tiny_towns_are_divided_as_well_as_can_be),
         DYT_TEST(every_division_keeps_every_hard_rule),
         DYT_TEST(equal_seeds_give_equal_divisions_on_any_number_of_threads),
         DYT_TEST(divisions_of_given_steps_and_seed_are_pinned),
         DYT_TEST(pinned_records_stay_and_are_joined),
         DYT_TEST(few_households_move_when_few_records_change), DYT_TEST(the_judge_sees_each_fault),
         DYT_TEST(senseless_problems_are_refused_by_name),
         DYT_TEST(every_failing_allocation_is_reported_and_nothing_leaks),
         DYT_TEST(a_cancelled_search_hands_over_a_sound_division),
         DYT_TEST(units_out_of_range_have_a_reason), DYT_TEST(teams_cost_least),
         DYT_TEST(open_places_say_why), DYT_TEST(faults_in_files_name_file_row_and_field))
