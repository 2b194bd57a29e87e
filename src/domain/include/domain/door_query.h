/* What somebody types to find a door, while they type: "3-1-5", "3幢", "海棠苑 501". Threads: pure. */
#ifndef DY_DOMAIN_DOOR_QUERY_H
#define DY_DOMAIN_DOOR_QUERY_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

#define DY_DOOR_NUMBERS 3

struct dy_door_query {
	struct dy_str name; /* part of a building's name, or empty */
	struct dy_str numbers[DY_DOOR_NUMBERS];
	size_t n; /* of numbers; more than three fit nothing */
};

void dy_door_query_read(struct dy_arena *arena, struct dy_str text, struct dy_door_query *out);
bool dy_door_query_fits_building(const struct dy_door_query *q, struct dy_str code,
                                 struct dy_str name);
/* The last number may be the beginning of a door's. */
bool dy_door_query_fits_door(const struct dy_door_query *q, struct dy_str stair,
                             struct dy_str door);

#endif
