/* Communities as they are built: compounds of slabs with one lift per stair from seven floors on. */
#include "community.h"

enum {
	VAN = 0,
	ON_FOOT = 1,
	PROFILES = 2,
	VAN_HOLDS = 400,
	WALKER_HOLDS = 24,
	MOST_TRIPS = 30,
	SHIFT_S = 8 * 3600,
	HANDOVER_S = 1800, /* vans leave at 0 and have been at every gate by then */
	STAIRS_A_BUILDING = 3,
	LIFT_FROM_FLOOR = 7
};

struct maker {
	struct community *c;
	const struct community_plan *plan;
	struct dyp_rng rng;
	struct dyp_walk_gate *gates;
	struct dyp_walk_stair *stairs;
	struct dyp_walk_place *places;
	uint32_t *door;
	int32_t *floors; /* by stair */
	uint32_t n_places;
};

static int32_t
roll(struct maker *k, int32_t from, int32_t to)
{
	return from + (int32_t)dyp_rng_below(&k->rng, (uint32_t)(to - from + 1));
}

static void
build(struct maker *k)
{
	uint32_t stair = 0;

	for (uint32_t g = 0; g < k->plan->compounds; g++) {
		int32_t x = (int32_t)(g % 8) * 420 + roll(k, 0, 60);
		int32_t y = (int32_t)(g / 8) * 420 + roll(k, 0, 60);
		k->gates[g] = (struct dyp_walk_gate){ x, y };
		k->places[k->n_places++] = (struct dyp_walk_place){ DYP_ROUTE_NONE, 1, x, y, g };
		for (uint32_t b = 0; b < k->plan->buildings; b++) {
			int32_t storeys = dyp_rng_below(&k->rng, 3) == 0 ? 6 : roll(k, 11, 26);
			for (uint32_t s = 0; s < STAIRS_A_BUILDING; s++, stair++) {
				k->stairs[stair] = (struct dyp_walk_stair){
					x + 40 + (int32_t)(b % 3) * 90 + (int32_t)s * 22,
					y + 40 + (int32_t)(b / 3) * 55, g,
					g * k->plan->buildings + b, storeys >= LIFT_FROM_FLOOR
				};
				k->floors[stair] = storeys;
			}
		}
	}
}

static uint32_t
landing(struct maker *k, uint32_t stair, int32_t floor)
{
	for (uint32_t p = 1 + k->plan->compounds; p < k->n_places; p++)
		if (k->places[p].stair == stair && k->places[p].floor == floor)
			return p;
	k->places[k->n_places] = (struct dyp_walk_place){ stair, floor, 0, 0, DYP_ROUTE_NONE };
	return k->n_places++;
}

static void
order_drops(struct maker *k, struct dyp_route_stop *stops, const struct dyp_walk_pace *pace)
{
	for (uint32_t i = 0; i < k->plan->drops; i++) {
		uint32_t stair = dyp_rng_below(&k->rng, k->c->map.n_stairs);
		uint32_t place = landing(k, stair, roll(k, 1, k->floors[stair]));
		uint32_t bags = dyp_rng_below(&k->rng, 4) == 0 ? 2 + dyp_rng_below(&k->rng, 3) : 1;
		int32_t *load = DYP_NEW_ARRAY(&k->c->pool, 1, int32_t);
		if (load == NULL)
			return;
		*load = (int32_t)bags;
		k->door[i] = 1 + dyp_rng_below(&k->rng, 4);
		stops[i] = (struct dyp_route_stop){ .place = place,
			                            .delivery = load,
			                            .service_s = dyp_walk_service_s(pace, bags),
			                            .vehicle = DYP_ROUTE_NONE };
		/* one in eight has asked for the afternoon */
		struct dyp_route_window *w = DYP_NEW_ARRAY(&k->c->pool, 1, struct dyp_route_window);
		if (w == NULL)
			return;
		*w = (struct dyp_route_window){ SHIFT_S / 2, SHIFT_S };
		stops[i].windows = w;
		stops[i].n_windows = dyp_rng_below(&k->rng, 8) == 0;
	}
}

static void
man(struct maker *k, struct dyp_route_vehicle *v)
{
	uint32_t count = k->plan->vans + k->plan->walkers;
	int32_t *holds = DYP_NEW_ARRAY(&k->c->pool, PROFILES, int32_t);
	uint32_t *gates = DYP_NEW_ARRAY(&k->c->pool, k->plan->compounds, uint32_t);

	if (k->c->pool.failed)
		return;
	holds[VAN] = VAN_HOLDS;
	holds[ON_FOOT] = WALKER_HOLDS;
	for (uint32_t g = 0; g < k->plan->compounds; g++)
		gates[g] = 1 + g;
	for (uint32_t i = 0; i < count; i++) {
		bool on_foot = i >= k->plan->vans;
		uint32_t gate = on_foot ? (i - k->plan->vans) % k->plan->compounds : 0;
		v[i] = (struct dyp_route_vehicle){ .profile = on_foot ? ON_FOOT : VAN,
			                           .start = on_foot ? 1 + gate : 0,
			                           .end = on_foot ? 1 + gate : 0,
			                           .capacity = &holds[on_foot ? ON_FOOT : VAN],
			                           .per_travel_s = on_foot ? 1 : 2,
			                           .shift_from = on_foot ? HANDOVER_S : 0,
			                           .shift_to = SHIFT_S };
		if (on_foot) {
			v[i].reloads = &gates[gate];
			v[i].n_reloads = 1;
			v[i].max_reloads = MOST_TRIPS;
			v[i].reload_s = 60;
		}
	}
}

static bool
measure(struct maker *k, struct dyp_route_matrix *mx)
{
	struct dyp_walk_pace pace = dyp_walk_pace_default();
	size_t cells = (size_t)k->n_places * k->n_places;
	struct dyp_err err;

	for (int p = 0; p < PROFILES; p++) {
		int32_t *seconds = DYP_NEW_ARRAY(&k->c->pool, cells, int32_t);
		pace.ground_mm_s = p == VAN ? 4000 : 1200;
		if (seconds == NULL || dyp_walk_matrix(&k->c->map, &pace, k->places, k->n_places,
		                                       seconds, NULL, &err) != DYP_OK)
			return false;
		mx[p].seconds = seconds;
	}
	return true;
}

bool
community_make(struct community *c, const struct community_plan *plan)
{
	struct dyp_walk_pace pace = dyp_walk_pace_default();
	uint32_t stairs = plan->compounds * plan->buildings * STAIRS_A_BUILDING;
	uint32_t vehicles = plan->vans + plan->walkers;
	struct maker k = { .c = c, .plan = plan, .rng = { dyp_mix(plan->seed + 77) } };

	*c = (struct community){ 0 };
	dyp_pool_init(&c->pool, NULL);
	k.gates = DYP_NEW_ARRAY(&c->pool, plan->compounds, struct dyp_walk_gate);
	k.stairs = DYP_NEW_ARRAY(&c->pool, stairs, struct dyp_walk_stair);
	k.floors = DYP_NEW_ARRAY(&c->pool, stairs, int32_t);
	k.door = DYP_NEW_ARRAY(&c->pool, plan->drops, uint32_t);
	k.places =
		DYP_NEW_ARRAY(&c->pool, 1 + plan->compounds + plan->drops, struct dyp_walk_place);
	struct dyp_route_stop *stops = DYP_NEW_ARRAY(&c->pool, plan->drops, struct dyp_route_stop);
	struct dyp_route_vehicle *v = DYP_NEW_ARRAY(&c->pool, vehicles, struct dyp_route_vehicle);
	struct dyp_route_matrix *mx = DYP_NEW_ARRAY(&c->pool, PROFILES, struct dyp_route_matrix);
	if (c->pool.failed)
		return false;
	c->map = (struct dyp_walk_map){ k.gates, k.stairs, plan->compounds, stairs };
	k.places[k.n_places++] =
		(struct dyp_walk_place){ DYP_ROUTE_NONE, 1, -900, -600, DYP_ROUTE_NONE };
	build(&k);
	order_drops(&k, stops, &pace);
	man(&k, v);
	if (c->pool.failed || !measure(&k, mx))
		return false;
	c->places = k.places;
	c->door = k.door;
	c->problem = (struct dyp_route_problem){ .places = k.n_places,
		                                 .dims = 1,
		                                 .n_matrices = PROFILES,
		                                 .n_stops = plan->drops,
		                                 .n_vehicles = vehicles,
		                                 .matrices = mx,
		                                 .stops = stops,
		                                 .vehicles = v };
	return true;
}

void
community_release(struct community *c)
{
	dyp_pool_release(&c->pool);
}
