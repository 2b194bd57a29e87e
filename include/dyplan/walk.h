/* Walking in a community: what a drop at a door costs, by gate, stair, floor, lift and bags.
 *
 * A place is a landing (a floor of a stair) or a point outside: a depot, a parking bay, the
 * hand-over point at a gate. From them come matrices and service times for dyplan/route.h: drops on
 * one landing share a place, so stairs, floors and doors group themselves by what they cost.
 *
 * Units: whole metres, whole seconds; the ground floor is 1, basements are 0 and below.
 * Ownership: everything belongs to the caller. Threads: pure functions.
 * Limits: coordinates within +-1,000,000 m, floors within +-200. */
#ifndef DYPLAN_WALK_H
#define DYPLAN_WALK_H

#include "dyplan/route.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A compound is entered and left by its gate; gate DYP_ROUTE_NONE: the street. */
struct dyp_walk_gate {
	int32_t x, y;
};

struct dyp_walk_stair {
	int32_t x, y; /* its door on the ground */
	uint32_t gate;
	uint32_t building; /* any number of the caller's */
	bool has_lift;
};

struct dyp_walk_place {
	uint32_t stair; /* DYP_ROUTE_NONE: outside, at x, y */
	int32_t floor;
	int32_t x, y;
	uint32_t gate; /* outside: the compound it lies in, or DYP_ROUTE_NONE */
};

struct dyp_walk_map {
	const struct dyp_walk_gate *gates;
	const struct dyp_walk_stair *stairs;
	uint32_t n_gates, n_stairs;
};

/* How fast a carrier moves. All above 0, lift_wait_s and bag_s may be 0. */
struct dyp_walk_pace {
	int32_t ground_mm_s;               /* 1,200: on foot with a trolley */
	int32_t detour_pct;                /* 130: paths to air line */
	int32_t up_s, down_s;              /* 16, 12: a floor by the stairs */
	int32_t lift_wait_s, lift_floor_s; /* 30, 3 */
	int32_t door_s;                    /* 35: ring, hand over, sign */
	int32_t bag_s;                     /* 8: each bag after the first */
};

struct dyp_walk_pace dyp_walk_pace_default(void);

/* At the door, once on the landing. */
int32_t dyp_walk_service_s(const struct dyp_walk_pace *pace, uint32_t bags);

/* From landing to landing of one stair: by lift or on foot, whichever is sooner. */
int32_t dyp_walk_floors_s(const struct dyp_walk_pace *pace, bool has_lift, int32_t from,
                          int32_t to);

/* Fills seconds and metres, [n * n] row by row; metres (ground only) may be NULL. DYP_BAD_INPUT:
 * err names the place, stair or gate, and nothing is to be relied on in the outputs. */
enum dyp_code dyp_walk_matrix(const struct dyp_walk_map *map, const struct dyp_walk_pace *pace,
                              const struct dyp_walk_place *places, uint32_t n, int32_t *seconds,
                              int32_t *metres, struct dyp_err *err);

#ifdef __cplusplus
}
#endif

#endif
