/* Generated communities: gates, buildings, stairs, floors and the day's drops, as route problems. */
#ifndef DY_TESTS_COMMUNITY_H
#define DY_TESTS_COMMUNITY_H

#include "dyplan/walk.h"

#include "io/problem.h"

struct community_plan {
	uint32_t drops, compounds, buildings; /* buildings of a compound */
	uint32_t vans, walkers;
	uint64_t seed;
};

struct community {
	struct dyp_pool pool;
	struct dyp_walk_map map;
	const struct dyp_walk_place *places; /* the station, one hand-over point a gate, landings */
	const uint32_t *door;                /* by stop: number of the door on its landing */
	struct dyp_route_problem problem;
};

/* Vans drive from the station and their drivers carry; walkers take what they can hold from the
 * hand-over point at their gate, where the vans have been by nine, and come back for more. */
bool community_make(struct community *c, const struct community_plan *plan);
void community_release(struct community *c);

#endif
