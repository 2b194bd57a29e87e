/* The sample's stairs as a place for the unit planner, and its labels as units in reading order. */
#include "demo_units.h"

#include "base/err.h"
#include "dyplan/zone.h"
#include "geo/shape.h"

#include <stdlib.h>
#include <string.h>

#define REACH       150.0 /* m between neighbours */
#define LEAST       60    /* households of a unit */
#define MOST        110
#define DIVIDE_SEED 1
#define STEPS       400000 /* a tenth of a second */

/* Links between stairs that stand side by side, and the few that join what is left apart. */
static void
links_make(struct dy_arena *arena, struct dyp_zone_problem *p)
{
	double *x = DY_NEW_ARRAY(arena, p->n_records, double);
	double *y = DY_NEW_ARRAY(arena, p->n_records, double);
	const struct dy_geo_lines no_walls = { 0 };
	const struct dy_geo_points no_gates = { 0 };
	struct dyp_zone_link *link, *more = NULL;
	struct dy_geo_links near;
	struct dyp_err failed;
	struct dy_err err;
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n_records; i++) {
		x[i] = p->records[i].x;
		y[i] = p->records[i].y;
	}
	const struct dy_geo_points points = { p->n_records, x, y };
	DY_ASSERT(dy_geo_neighbours(arena, &points, &no_walls, &no_gates, REACH, &near, &err) ==
	          DY_OK);
	link = DY_NEW_ARRAY(arena, near.n + p->n_records, struct dyp_zone_link);
	for (size_t i = 0; i < near.n; i++)
		link[i] = (struct dyp_zone_link){ near.link[i].a, near.link[i].b,
			                          (float)near.link[i].metres };
	p->links = link;
	p->n_links = (uint32_t)near.n;
	DY_ASSERT(dyp_zone_connect(p, NULL, &more, &n, &failed) == DYP_OK);
	for (uint32_t i = 0; i < n; i++)
		link[p->n_links++] = more[i];
	free(more);
}

struct place {
	uint32_t grid, label;
	double x; /* mean of its stairs */
	size_t stairs;
};

static int
by_grid_then_west(const void *a, const void *b)
{
	const struct place *p = a, *q = b;

	if (p->grid != q->grid)
		return p->grid < q->grid ? -1 : 1;
	return p->x < q->x ? -1 : p->x > q->x;
}

void
dy_demo_units_divide(struct dy_arena *arena, const struct dy_demo_stair *stairs, size_t n,
                     uint32_t n_grids, uint32_t n_units, uint32_t *unit, uint32_t *grid_of)
{
	struct dyp_zone_record *records = DY_NEW_ARRAY(arena, n, struct dyp_zone_record);
	struct place *places = DY_NEW_ARRAY(arena, n_units, struct place);
	struct dyp_zone_options o = dyp_zone_options_default();
	uint32_t households = 0;

	for (size_t i = 0; i < n; i++) {
		records[i] = (struct dyp_zone_record){ .x = stairs[i].x,
			                               .y = stairs[i].y,
			                               .households = stairs[i].households,
			                               .building = stairs[i].building,
			                               .grid = stairs[i].grid,
			                               .unit = DYP_ZONE_NONE,
			                               .door = { .edge = DYP_ZONE_NONE } };
		households += stairs[i].households;
	}
	struct dyp_zone_problem p = { .n_records = (uint32_t)n,
		                      .records = records,
		                      .n_grids = n_grids,
		                      .target = households / n_units,
		                      .min = LEAST,
		                      .max = MOST,
		                      .units = n_units };
	struct dyp_zone_plan *plan = NULL;
	struct dyp_err err;
	links_make(arena, &p);
	o.seed = DIVIDE_SEED;
	o.max_steps = STEPS;
	o.whole_buildings = true;
	DY_ASSERT(dyp_zone_solve(&p, &o, &plan, &err) == DYP_OK && plan->n_units == n_units);
	for (uint32_t u = 0; u < n_units; u++)
		places[u] = (struct place){ .grid = plan->units[u].grid,
			                    .label = plan->units[u].label };
	for (size_t i = 0; i < n; i++) {
		places[plan->unit[i]].x += stairs[i].x; /* labels are 0 ... n_units-1 */
		places[plan->unit[i]].stairs++;
	}
	for (uint32_t u = 0; u < n_units; u++)
		places[u].x /= (double)places[u].stairs;
	qsort(places, n_units, sizeof *places, by_grid_then_west);
	for (uint32_t u = 0; u < n_units; u++) {
		grid_of[u] = places[u].grid;
		for (size_t i = 0; i < n; i++)
			if (plan->unit[i] == places[u].label)
				unit[i] = u;
	}
	dyp_zone_plan_free(plan);
}
