/* Small random problems of every feature, for oracles and fuzzing. */
#ifndef DY_TESTS_SMALL_H
#define DY_TESTS_SMALL_H

#include "dyplan/route.h"

enum { SMALL_STOPS = 8, SMALL_VEHICLES = 3, SMALL_PLACES = 10 };

enum small_feature {
	SMALL_PLAIN,
	SMALL_WINDOWS,
	SMALL_PICKUPS,
	SMALL_SHIPMENTS,
	SMALL_SKILLS,
	SMALL_PRIZES,
	SMALL_GROUPS,
	SMALL_RELOADS,
	SMALL_RELEASE,
	SMALL_LATE,
	SMALL_BREAKS,
	SMALL_LIMITS,
	SMALL_BALANCE,
	SMALL_OPEN,
	SMALL_SETUP,
	SMALL_STOCK,
	SMALL_TIERS,
	SMALL_FIXED,
	SMALL_FEATURES
};

struct small {
	struct dyp_route_problem problem;
	struct dyp_route_matrix matrix;
	struct dyp_route_stop stops[SMALL_STOPS];
	struct dyp_route_vehicle vehicles[SMALL_VEHICLES];
	struct dyp_route_shipment shipments[2];
	struct dyp_route_stock stock;
	struct dyp_route_window windows[SMALL_STOPS][2];
	struct dyp_route_bend late[SMALL_STOPS], long_day;
	struct dyp_route_break brk;
	struct dyp_route_window break_window;
	int32_t seconds[SMALL_PLACES * SMALL_PLACES], metres[SMALL_PLACES * SMALL_PLACES];
	int32_t delivery[SMALL_STOPS][2], pickup[SMALL_STOPS][2], capacity[SMALL_VEHICLES][2];
	int32_t amount[2];
	uint32_t skill[4], reload[1], fixed[1];
};

/* features: bits 1 << enum small_feature; n stops, of which some follow from the features. */
void small_make(struct small *s, uint64_t seed, uint32_t features, uint32_t n, uint32_t vehicles);

#endif
