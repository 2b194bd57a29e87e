/* Shapes made of points: which stand side by side, and the outlines of groups of them.
 *
 * Units: metres in a flat frame. Ownership: results live in the arena.
 * Threads: each call has its own GEOS handle. Errors: DY_E_INPUT when the points make no shape. */
#ifndef DY_GEO_SHAPE_H
#define DY_GEO_SHAPE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct dy_geo_points {
	size_t n;
	const double *x, *y;
};

/* A line of n points: a wall, a river, or a gate when it is a single one. */
struct dy_geo_line {
	size_t n;
	const double *xy; /* x0 y0 x1 y1 ... */
};

struct dy_geo_lines {
	size_t n;
	const struct dy_geo_line *line;
};

struct dy_geo_link {
	uint32_t a, b;
	double metres;
};

struct dy_geo_links {
	size_t n, cap;
	struct dy_geo_link *link;
};

/* Neighbours: edges of the Delaunay triangulation, at most `reach` metres long, that cross no
 * barrier, unless a gate lies within 8 m of the crossing. */
enum dy_code dy_geo_neighbours(struct dy_arena *arena, const struct dy_geo_points *points,
                               const struct dy_geo_lines *barriers,
                               const struct dy_geo_points *gates, double reach,
                               struct dy_geo_links *out, struct dy_err *err) DY_NODISCARD;

/* One ring of a polygon; rings of one polygon follow each other, the outer one first. */
struct dy_geo_ring {
	uint32_t group;
	bool is_hole;
	size_t n; /* the last point is the first */
	const double *xy;
};

struct dy_geo_rings {
	size_t n, cap;
	struct dy_geo_ring *ring;
};

/* Outlines of the groups 0 ... n_groups-1: for each point what is nearer to it than to the others,
 * no further than `reach`, joined by group. Neighbouring groups share their borders. Rings come in
 * the order of the groups. */
enum dy_code dy_geo_outlines(struct dy_arena *arena, const struct dy_geo_points *points,
                             const uint32_t *group, uint32_t n_groups, double reach,
                             struct dy_geo_rings *out, struct dy_err *err) DY_NODISCARD;

#endif
