/* Invented towns for tests of the unit planner: houses on jittered streets. */
#ifndef DY_TESTS_TOWN_H
#define DY_TESTS_TOWN_H

#include "dyplan/zone.h"

struct town {
	struct dyp_zone_problem problem;
	struct dyp_zone_record *records;
	struct dyp_zone_link *links;
	struct dyp_zone_node *nodes;
	struct dyp_zone_edge *edges;
};

/* rows * columns records, 2 to `most` households each, in grids of `grid` rows (0: one grid), every
 * `stairs` records of a row one building (0: none). */
void town_make(struct town *t, uint32_t rows, uint32_t columns, uint32_t most, uint32_t grid,
               uint32_t stairs, uint64_t seed);
void town_free(struct town *t);

#endif
