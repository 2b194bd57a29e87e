/* The plan: two rows of blocks around a bay, a block for each grid, built in strips. Its units are the unit planner's. */
#include "demo_plan.h"

#include "demo_name.h"
#include "demo_units.h"

#include "base/rng.h"

#include <math.h>
#include <stdio.h>

#define GRIDS_MAX         9
#define UNITS_MAX         4 /* of a grid */
#define SLAB_DEPTH        12.0
#define SLAB_STAIR        15.0 /* metres of a slab that one stair takes */
#define SLAB_PITCH        36.0 /* from row to row: light for the ground floor in winter */
#define TOWER_SIDE        22.0
#define TOWER_PITCH       52.0
#define OLD_LENGTH        17.0
#define OLD_DEPTH         9.0
#define OLD_PITCH         15.0
#define OLD_COLUMNS       3
#define LANE              10.0 /* between strips */
#define STREET            18.0 /* between grids */
#define MAIN_STREET       30.0 /* between the two rows */
#define ROW_DEPTH         112.0
#define BAY_RADIUS        620.0
#define TURN              (-0.22) /* of the whole plan: no town lies due north */
#define JITTER            1.2
#define VACANT_PCT        4

#define METRES_PER_DEGREE 111320.0
#define PI                3.14159265358979323846

/* What stands in one strip, about as much as a unit wants. */
struct recipe {
	int slabs, slab_stairs, slab_floors; /* two doors a floor and stair */
	int towers, tower_floors;            /* four doors a floor, one stair */
	int old;                             /* houses of two or three floors, two doors a floor */
};

static const struct recipe RECIPES[] = {
	{ .slabs = 2, .slab_stairs = 4, .slab_floors = 6 },
	{ .slabs = 3, .slab_stairs = 3, .slab_floors = 5 },
	{ .slabs = 3, .slab_stairs = 3, .slab_floors = 6 },
	{ .slabs = 2, .slab_stairs = 5, .slab_floors = 5 },
	{ .slabs = 2, .slab_stairs = 4, .slab_floors = 5 },
	{ .slabs = 3, .slab_stairs = 2, .slab_floors = 6 },
	{ .towers = 2, .tower_floors = 11 },
	{ .slabs = 1, .slab_stairs = 3, .slab_floors = 6, .towers = 1, .tower_floors = 18 },
	{ .old = 17 },
};
enum { S4X6, S3X5, S3X6, S5X5, S4X5, S2X6, T11, T18, OLD };

struct grid_plan {
	const char *name;
	size_t n_units;
	int recipes[UNITS_MAX];
};

/* The reference community: 7 grids, 22 units. The first three stand in the northern row. */
static const struct grid_plan REFERENCE[] = {
	{ "望海苑", 3, { T11, T18, S3X6 } },           { "东海新村", 3, { S4X6, S3X5, S3X6 } },
	{ "景晖小区", 3, { S4X6, S5X5, S3X5 } },       { "渔港里", 3, { OLD, OLD, S2X6 } },
	{ "菜园老街", 3, { OLD, S4X5, S3X5 } },        { "金海岸", 3, { T11, S4X6, S3X6 } },
	{ "海晏小区", 4, { S4X6, S3X5, S5X5, S2X6 } },
};

static const char *const COMPOUNDS[] = { "海韵花苑", "新港小区", "向阳里", "涌金苑",
	                                 "东风新村", "海天佳苑", "石弄堂", "桃园小区",
	                                 "和润家园", "沙岙新村", "碧海苑", "迎春里" };

/* Middles of the counties of Zhoushan, for communities whose own place we do not know. */
static const struct {
	const char *county;
	double lat, lon;
} MIDDLES[] = {
	{ "330902", 30.020, 122.100 },
	{ "330903", 29.950, 122.300 },
	{ "330921", 30.244, 122.200 },
	{ "330922", 30.727, 122.450 },
};
#define SHIFT_DEGREES 0.02

struct lists {
	struct dy_arena *arena;
	struct dy_rng rng;
	struct dy_grid_draft *grids;
	struct dy_unit_draft *units;
	struct dy_building_draft *buildings;
	struct dy_demo_shape *shapes;
	struct dy_stair_draft *stairs;
	struct dy_door_draft *doors;
	struct dy_household_draft *households;
	size_t n_strips; /* as many units are made */
	size_t n_grids, n_units, n_buildings, n_shapes, n_stairs, n_doors, n_households;
	size_t cap_grids, cap_units, cap_buildings, cap_shapes, cap_stairs, cap_doors,
		cap_households;
	int64_t residents, elderly;
	const char *compound; /* of the grid being built */
};

#define PUSH(l, list)                                                                              \
	dy_arena_push((l)->arena, (void **)&(l)->list, &(l)->n_##list, &(l)->cap_##list,           \
	              sizeof(*(l)->list))

static struct dy_str
number(struct lists *l, int64_t n)
{
	return dy_str_from(dy_arena_printf(l->arena, "%lld", (long long)n));
}

/* People of a household: 2.65 on average, 27 % of them 60 or older; more of them in the old houses, fewer in towers. */
static void
household_add(struct lists *l, size_t door, enum dy_demo_kind kind)
{
	static const uint32_t SIZES_PCT[] = { 18, 33, 26, 14, 6, 3 }; /* 1..6 people */
	static const uint32_t ONE_PCT[] = { 52, 10, 27, 28, 32, 32 }; /* one of them elderly */
	static const uint32_t TWO_PCT[] = { 0, 40, 8, 16, 42, 46 };   /* two of them */
	static const uint32_t LEAN_PCT[] = {
		[DY_DEMO_SLAB] = 106, [DY_DEMO_TOWER] = 62, [DY_DEMO_OLD] = 145
	};
	struct dy_household_draft *h = PUSH(l, households);
	uint32_t draw = dy_rng_below(&l->rng, 100);
	size_t size = 0;

	while (size + 1 < DY_COUNT(SIZES_PCT) && draw >= SIZES_PCT[size])
		draw -= SIZES_PCT[size++];
	uint32_t one = ONE_PCT[size] * LEAN_PCT[kind] / 100;
	uint32_t two = TWO_PCT[size] * LEAN_PCT[kind] / 100;
	uint32_t age = dy_rng_below(&l->rng, 100);
	h->door = door;
	h->residents = (int64_t)size + 1;
	h->elderly = age < two ? 2 : age < two + one ? 1 : 0;
	h->name = dy_demo_name(l->arena, &l->rng, h->elderly > 0);
	h->phone = dy_demo_phone(l->arena, &l->rng);
	l->residents += h->residents;
	l->elderly += h->elderly;
}

static void
stair_add(struct lists *l, size_t building, int code, int floors, int doors)
{
	struct dy_stair_draft *s = PUSH(l, stairs);
	size_t stair = l->n_stairs - 1;

	*s = (struct dy_stair_draft){ .building = building, .code = number(l, code) };
	for (int floor = 1; floor <= floors; floor++) {
		for (int i = 1; i <= doors; i++) {
			struct dy_door_draft *d = PUSH(l, doors);
			*d = (struct dy_door_draft){ stair, number(l, floor * 100 + i), floor };
			if (dy_rng_below(&l->rng, 100) >= VACANT_PCT)
				household_add(l, l->n_doors - 1, l->shapes[building].kind);
		}
	}
}

/* x, y: middle on the flat plan, before it is bent around the bay. The shape's unit is its grid until units_divide(). */
static void
building_add(struct lists *l, size_t grid, enum dy_demo_kind kind, double x, double y, int stairs,
             int floors)
{
	struct dy_building_draft *b = PUSH(l, buildings);
	struct dy_demo_shape *s = PUSH(l, shapes);
	size_t building = l->n_buildings - 1;
	double jitter_x = (dy_rng_unit(&l->rng) * 2 - 1) * JITTER;
	double jitter_y = (dy_rng_unit(&l->rng) * 2 - 1) * JITTER;

	b->code = number(l, (int64_t)l->n_buildings);
	b->name = dy_str_from(dy_arena_printf(l->arena, "%s%.*s幢", l->compound, DY_FMT(b->code)));
	b->floors = floors;
	*s = (struct dy_demo_shape){
		.kind = kind, .x = x + jitter_x, .y = y + jitter_y, .unit = grid
	};
	s->length = kind == DY_DEMO_SLAB    ? stairs * SLAB_STAIR
	            : kind == DY_DEMO_TOWER ? TOWER_SIDE
	                                    : OLD_LENGTH;
	s->depth = kind == DY_DEMO_SLAB    ? SLAB_DEPTH
	           : kind == DY_DEMO_TOWER ? TOWER_SIDE
	                                   : OLD_DEPTH;
	for (int i = 1; i <= stairs; i++)
		stair_add(l, building, i, floors, kind == DY_DEMO_TOWER ? 4 : 2);
}

static double
strip_width(const struct recipe *r)
{
	double slabs = r->slab_stairs * SLAB_STAIR;
	double towers = r->towers > 0 ? TOWER_SIDE + 14 : 0;
	double old = r->old > 0 ? OLD_COLUMNS * (OLD_LENGTH + 4) : 0;
	return fmax(slabs, fmax(towers, old));
}

/* Fills the strip from its north side; top: the y of that side, x: its middle. */
static void
strip_build(struct lists *l, size_t grid, const struct recipe *r, double x, double top)
{
	double y = top;

	for (int i = 0; i < r->towers; i++) {
		int floors = r->tower_floors;
		building_add(l, grid, DY_DEMO_TOWER, x, y - TOWER_SIDE / 2, 1, floors);
		y -= TOWER_PITCH;
	}
	for (int i = 0; i < r->slabs; i++) {
		building_add(l, grid, DY_DEMO_SLAB, x, y - SLAB_DEPTH / 2, r->slab_stairs,
		             r->slab_floors);
		y -= SLAB_PITCH;
	}
	for (int i = 0; i < r->old; i++) {
		double column = (i % OLD_COLUMNS - (OLD_COLUMNS - 1) / 2.0) * (OLD_LENGTH + 4);
		int row = i / OLD_COLUMNS;
		building_add(l, grid, DY_DEMO_OLD, x + column, y - OLD_DEPTH / 2 - row * OLD_PITCH,
		             1, 2 + (int)dy_rng_below(&l->rng, 2));
	}
}

static void
grid_build(struct lists *l, const struct grid_plan *plan, double *x, double top)
{
	static const char *const ORDINALS[] = {
		"一", "二", "三", "四", "五", "六", "七", "八", "九"
	};
	struct dy_grid_draft *g = PUSH(l, grids);
	size_t grid = l->n_grids - 1;

	g->number = (int64_t)l->n_grids;
	g->name = dy_str_from(dy_arena_printf(l->arena, "第%s网格·%s", ORDINALS[grid], plan->name));
	l->compound = plan->name;
	for (size_t i = 0; i < plan->n_units; i++) {
		const struct recipe *r = &RECIPES[plan->recipes[i]];
		double width = strip_width(r);
		l->n_strips++;
		strip_build(l, grid, r, *x + width / 2, top);
		*x += width + (i + 1 < plan->n_units ? LANE : STREET);
	}
}

static double
row_width(const struct grid_plan *plans, size_t n)
{
	double width = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < plans[i].n_units; k++)
			width += strip_width(&RECIPES[plans[i].recipes[k]]) +
			         (k + 1 < plans[i].n_units ? LANE : STREET);
	}
	return width - STREET;
}

static void
row_build(struct lists *l, const struct grid_plan *plans, size_t n, double top)
{
	double x = -row_width(plans, n) / 2;

	for (size_t i = 0; i < n; i++)
		grid_build(l, &plans[i], &x, top);
}

/* Bends the rows around the bay in the south, so that further rows only spread, and turns the whole. */
static void
shape_bend(struct dy_demo_shape *s)
{
	double theta = s->x / BAY_RADIUS;
	double x = (BAY_RADIUS + s->y) * sin(theta);
	double y = (BAY_RADIUS + s->y) * cos(theta) - BAY_RADIUS;

	s->x = x * cos(TURN) - y * sin(TURN);
	s->y = x * sin(TURN) + y * cos(TURN);
	s->angle = TURN - theta;
}

/* As many units as strips, by the unit planner: each grid divided, its buildings whole. */
static void
units_divide(struct lists *l, const struct grid_plan *plans)
{
	struct dy_demo_stair *stair = DY_NEW_ARRAY(l->arena, l->n_stairs, struct dy_demo_stair);
	uint32_t *unit = DY_NEW_ARRAY(l->arena, l->n_stairs, uint32_t);
	uint32_t *grid_of = DY_NEW_ARRAY(l->arena, l->n_strips, uint32_t);

	for (size_t i = 0; i < l->n_stairs; i++) {
		size_t building = l->stairs[i].building, of = 1, at = 0;
		const struct dy_demo_shape *s = &l->shapes[building];
		while (at < i && l->stairs[i - at - 1].building == building)
			at++;
		while (i + of < l->n_stairs && l->stairs[i + of].building == building)
			of++;
		double along = ((double)at - (double)(at + of - 1) / 2) * SLAB_STAIR;
		stair[i] = (struct dy_demo_stair){ .x = s->x + along * cos(s->angle),
			                           .y = s->y + along * sin(s->angle),
			                           .building = (uint32_t)building,
			                           .grid = (uint32_t)s->unit };
	}
	for (size_t i = 0; i < l->n_households; i++)
		stair[l->doors[l->households[i].door].stair].households++;
	dy_demo_units_divide(l->arena, stair, l->n_stairs, (uint32_t)l->n_grids,
	                     (uint32_t)l->n_strips, unit, grid_of);
	for (size_t i = 0; i < l->n_strips; i++) {
		struct dy_unit_draft *u = PUSH(l, units);
		u->grid = grid_of[i];
		u->number = (int64_t)i + 1;
		u->name = dy_str_from(
			dy_arena_printf(l->arena, "%zu号单元·%s", i + 1, plans[grid_of[i]].name));
	}
	for (size_t i = 0; i < l->n_stairs; i++) {
		l->stairs[i].unit = unit[i];
		l->shapes[l->stairs[i].building].unit = unit[i];
	}
}

static void
coordinates_fill(struct lists *l, struct dy_str code)
{
	uint64_t hash = dy_str_hash(code);
	double lat = MIDDLES[3].lat, lon = MIDDLES[3].lon;

	for (size_t i = 0; i < DY_COUNT(MIDDLES); i++) {
		if (dy_str_starts(code, dy_str_from(MIDDLES[i].county))) {
			lat = MIDDLES[i].lat;
			lon = MIDDLES[i].lon;
		}
	}
	if (!dy_str_is(code, DY_DEMO_REFERENCE)) {
		lat += ((double)(hash >> 8 & 0xff) / 255 - 0.5) * 2 * SHIFT_DEGREES;
		lon += ((double)(hash >> 16 & 0xff) / 255 - 0.5) * 2 * SHIFT_DEGREES;
	}
	for (size_t i = 0; i < l->n_buildings; i++) {
		double north = l->shapes[i].y / METRES_PER_DEGREE;
		double east = l->shapes[i].x / (METRES_PER_DEGREE * cos(lat * PI / 180));
		l->buildings[i].lat_e7 = llround((lat + north) * 1e7);
		l->buildings[i].lon_e7 = llround((lon + east) * 1e7);
	}
}

/* Grids of another community: other names, and as many grids and units as the code's hash says. */
static size_t
grids_invent(struct dy_str code, struct grid_plan *plans)
{
	struct dy_rng rng = dy_rng_seed(dy_str_hash(code), 1);
	const char *names[DY_COUNT(COMPOUNDS)];
	size_t n = 4 + dy_rng_below(&rng, 5);

	for (size_t i = 0; i < DY_COUNT(COMPOUNDS); i++)
		names[i] = COMPOUNDS[i];
	dy_rng_shuffle(&rng, names, DY_COUNT(names), sizeof(names[0]));
	for (size_t i = 0; i < n; i++) {
		plans[i].name = names[i];
		plans[i].n_units = 2 + dy_rng_below(&rng, UNITS_MAX - 1);
		for (size_t k = 0; k < plans[i].n_units; k++)
			plans[i].recipes[k] = (int)dy_rng_below(&rng, DY_COUNT(RECIPES));
	}
	return n;
}

void
dy_demo_plan_make(struct dy_arena *arena, struct dy_str code, uint64_t seed,
                  struct dy_demo_plan *out)
{
	struct lists l = { .arena = arena, .rng = dy_rng_seed(seed, dy_str_hash(code) >> 1) };
	struct grid_plan invented[GRIDS_MAX] = { 0 };
	const struct grid_plan *plans = REFERENCE;
	size_t n = DY_COUNT(REFERENCE);

	if (!dy_str_is(code, DY_DEMO_REFERENCE)) {
		n = grids_invent(code, invented);
		plans = invented;
	}
	row_build(&l, plans, n / 2, ROW_DEPTH * 2 + MAIN_STREET);
	row_build(&l, plans + n / 2, n - n / 2, ROW_DEPTH);
	for (size_t i = 0; i < l.n_shapes; i++)
		shape_bend(&l.shapes[i]);
	units_divide(&l, plans);
	coordinates_fill(&l, code);
	*out = (struct dy_demo_plan){
		.places = { .grids = l.grids,
		            .units = l.units,
		            .buildings = l.buildings,
		            .stairs = l.stairs,
		            .doors = l.doors,
		            .households = l.households,
		            .n_grids = l.n_grids,
		            .n_units = l.n_units,
		            .n_buildings = l.n_buildings,
		            .n_stairs = l.n_stairs,
		            .n_doors = l.n_doors,
		            .n_households = l.n_households },
		.shapes = l.shapes,
		.residents = l.residents,
		.elderly = l.elderly,
	};
}

/* Separating axes: two rectangles are apart when the axis of one of their sides separates them. */
static bool
is_apart(const struct dy_demo_shape *a, const struct dy_demo_shape *b, double angle, double gap)
{
	double ux = cos(angle), uy = sin(angle);
	double distance = fabs((b->x - a->x) * ux + (b->y - a->y) * uy);
	double reach = gap;

	for (int i = 0; i < 2; i++) {
		const struct dy_demo_shape *s = i == 0 ? a : b;
		reach += s->length / 2 * fabs(cos(s->angle - angle)) +
		         s->depth / 2 * fabs(sin(s->angle - angle));
	}
	return distance > reach;
}

bool
dy_demo_shapes_touch(const struct dy_demo_shape *a, const struct dy_demo_shape *b, double gap)
{
	return !is_apart(a, b, a->angle, gap) && !is_apart(a, b, a->angle + PI / 2, gap) &&
	       !is_apart(a, b, b->angle, gap) && !is_apart(a, b, b->angle + PI / 2, gap);
}
