/* Units of the sample community: its grids divided by the unit planner. */
#ifndef DY_MAIN_DEMO_UNITS_H
#define DY_MAIN_DEMO_UNITS_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

/* One stair: a building's stairs stay together. */
struct dy_demo_stair {
	double x, y; /* m */
	uint32_t households, building, grid;
};

/* Divides the grids into n_units units in all. unit[n]: by stair, numbered grid by grid and from west
 * to east; grid_of[n_units]: their grids. Pure; all lives in the arena. */
void dy_demo_units_divide(struct dy_arena *arena, const struct dy_demo_stair *stairs, size_t n,
                          uint32_t n_grids, uint32_t n_units, uint32_t *unit, uint32_t *grid_of);

#endif
