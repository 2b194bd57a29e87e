/* The plan of the sample community: grids, units, buildings on a map, stairs, doors, households. Invented, and pure: equal
 * code and seed give the same plan. The reference community has the figures of the report: 7 grids and 22 units.
 *
 * Units: metres from the middle of the community, x to the east, y to the north. Ownership: all lives in the arena. */
#ifndef DY_MAIN_DEMO_PLAN_H
#define DY_MAIN_DEMO_PLAN_H

#include "app/place.h"

#define DY_DEMO_REFERENCE "330922100001"

enum dy_demo_kind { DY_DEMO_SLAB, DY_DEMO_TOWER, DY_DEMO_OLD };

/* Where a building stands: a rectangle, turned by angle (radians, from east to north) around its middle. */
struct dy_demo_shape {
	enum dy_demo_kind kind;
	double x, y, length, depth, angle;
	size_t unit;
};

struct dy_demo_plan {
	struct dy_places_draft places;
	const struct dy_demo_shape *shapes; /* of each building */
	int64_t residents, elderly;
};

void dy_demo_plan_make(struct dy_arena *arena, struct dy_str code, uint64_t seed,
                       struct dy_demo_plan *out);

/* Do two buildings touch, or come nearer than gap metres? */
bool dy_demo_shapes_touch(const struct dy_demo_shape *a, const struct dy_demo_shape *b, double gap);

#endif
