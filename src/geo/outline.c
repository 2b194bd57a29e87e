/* Outlines of groups of points: Voronoi cells, joined by group, cut at a distance. */
#include "geos.h"

#include <math.h>

struct cells {
	GEOSContextHandle_t h;
	struct dy_arena *arena;
	const struct dy_geo_points *points;
	const uint32_t *group;
	GEOSGeometry **cell; /* by point */
	/* the cell in question */
	const GEOSPreparedGeometry *ready;
	const GEOSGeometry *one;
	bool is_taken;
};

static GEOSGeometry *
point_at(const struct cells *c, size_t i)
{
	return GEOSGeom_createPointFromXY_r(c->h, c->points->x[i], c->points->y[i]);
}

/* A copy of the cell for each point inside: equal points were moved apart, but a point may lie on
 * the border of its own cell after that. */
static void
try_point(void *item, void *ctx)
{
	struct cells *c = ctx;
	size_t i = (uintptr_t)item - 1;

	if (c->is_taken || c->cell[i] != NULL)
		return;
	GEOSGeometry *p = point_at(c, i);
	if (p != NULL && GEOSPreparedIntersects_r(c->h, c->ready, p) == 1) {
		c->cell[i] = GEOSGeom_clone_r(c->h, c->one);
		c->is_taken = true;
	}
	GEOSGeom_destroy_r(c->h, p);
}

static bool
match_cells(struct cells *c, const GEOSGeometry *voronoi)
{
	GEOSSTRtree *tree = GEOSSTRtree_create_r(c->h, 10);
	GEOSGeometry **at = DY_NEW_ARRAY(c->arena, c->points->n, GEOSGeometry *);
	int n = GEOSGetNumGeometries_r(c->h, voronoi);

	for (size_t i = 0; i < c->points->n; i++) {
		at[i] = point_at(c, i);
		GEOSSTRtree_insert_r(c->h, tree, at[i], (void *)(uintptr_t)(i + 1));
	}
	for (int i = 0; i < n; i++) {
		c->one = GEOSGetGeometryN_r(c->h, voronoi, i);
		c->ready = GEOSPrepare_r(c->h, c->one);
		c->is_taken = false;
		GEOSSTRtree_query_r(c->h, tree, c->one, try_point, c);
		GEOSPreparedGeom_destroy_r(c->h, c->ready);
	}
	GEOSSTRtree_destroy_r(c->h, tree);
	for (size_t i = 0; i < c->points->n; i++)
		GEOSGeom_destroy_r(c->h, at[i]);
	return n > 0;
}

static void
add_ring(struct cells *c, const GEOSGeometry *ring, uint32_t group, bool is_hole,
         struct dy_geo_rings *out)
{
	const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(c->h, ring);
	unsigned n = 0;

	if (seq == NULL || !GEOSCoordSeq_getSize_r(c->h, seq, &n) || n < 4)
		return;
	double *xy = DY_NEW_ARRAY(c->arena, 2 * (size_t)n, double);
	for (unsigned i = 0; i < n; i++)
		(void)GEOSCoordSeq_getXY_r(c->h, seq, i, &xy[2 * (size_t)i],
		                           &xy[2 * (size_t)i + 1]);
	struct dy_geo_ring *r =
		dy_arena_push(c->arena, (void **)&out->ring, &out->n, &out->cap, sizeof *r);
	*r = (struct dy_geo_ring){ group, is_hole, n, xy };
}

static void
add_polygons(struct cells *c, const GEOSGeometry *shape, uint32_t group, struct dy_geo_rings *out)
{
	int n = GEOSGetNumGeometries_r(c->h, shape);

	for (int i = 0; i < n; i++) {
		const GEOSGeometry *p = GEOSGetGeometryN_r(c->h, shape, i);
		if (GEOSGeomTypeId_r(c->h, p) != GEOS_POLYGON || GEOSisEmpty_r(c->h, p) != 0)
			continue;
		add_ring(c, GEOSGetExteriorRing_r(c->h, p), group, false, out);
		int holes = GEOSGetNumInteriorRings_r(c->h, p);
		for (int k = 0; k < holes; k++)
			add_ring(c, GEOSGetInteriorRingN_r(c->h, p, k), group, true, out);
	}
}

/* Cells of the group's points joined, and no further from them than reach. */
static bool
outline_group(struct cells *c, const size_t *member, unsigned n, double reach, uint32_t group,
              struct dy_geo_rings *out)
{
	GEOSGeometry **part = DY_NEW_ARRAY(c->arena, n, GEOSGeometry *);
	GEOSGeometry **at = DY_NEW_ARRAY(c->arena, n, GEOSGeometry *);
	unsigned n_parts = 0;

	for (unsigned i = 0; i < n; i++) {
		at[i] = point_at(c, member[i]);
		if (c->cell[member[i]] != NULL)
			part[n_parts++] = c->cell[member[i]];
		c->cell[member[i]] = NULL;
	}
	GEOSGeometry *many =
		GEOSGeom_createCollection_r(c->h, GEOS_GEOMETRYCOLLECTION, part, n_parts);
	GEOSGeometry *all = many == NULL ? NULL : GEOSUnaryUnion_r(c->h, many);
	GEOSGeometry *points = GEOSGeom_createCollection_r(c->h, GEOS_MULTIPOINT, at, n);
	GEOSGeometry *near = points == NULL ? NULL : GEOSBuffer_r(c->h, points, reach, 6);
	GEOSGeometry *cut =
		all == NULL || near == NULL ? NULL : GEOSIntersection_r(c->h, all, near);
	bool fine = cut != NULL;
	if (fine)
		add_polygons(c, cut, group, out);
	GEOSGeom_destroy_r(c->h, cut);
	GEOSGeom_destroy_r(c->h, near);
	GEOSGeom_destroy_r(c->h, points);
	GEOSGeom_destroy_r(c->h, all);
	GEOSGeom_destroy_r(c->h, many);
	return fine;
}

static bool
outline_all(struct cells *c, uint32_t n_groups, double reach, struct dy_geo_rings *out)
{
	size_t *first = DY_NEW_ARRAY(c->arena, (size_t)n_groups + 2, size_t);
	size_t *member = DY_NEW_ARRAY(c->arena, c->points->n, size_t);
	bool fine = true;

	for (size_t i = 0; i < c->points->n; i++)
		first[c->group[i] + 2]++;
	for (uint32_t g = 1; g <= n_groups; g++)
		first[g + 1] += first[g];
	for (size_t i = 0; i < c->points->n; i++)
		member[first[c->group[i] + 1]++] = i;
	for (uint32_t g = 0; g < n_groups && fine; g++)
		if (first[g + 1] > first[g])
			fine = outline_group(c, member + first[g],
			                     (unsigned)(first[g + 1] - first[g]), reach, g, out);
	return fine;
}

/* The frame: all points and `reach` around them, so that every cell is bounded and wide enough. */
static GEOSGeometry *
frame_of(GEOSContextHandle_t h, const struct dy_geo_points *p, double reach)
{
	double x0 = p->x[0], y0 = p->y[0], x1 = x0, y1 = y0;

	for (size_t i = 1; i < p->n; i++) {
		x0 = fmin(x0, p->x[i]);
		y0 = fmin(y0, p->y[i]);
		x1 = fmax(x1, p->x[i]);
		y1 = fmax(y1, p->y[i]);
	}
	return GEOSGeom_createRectangle_r(h, x0 - 2 * reach, y0 - 2 * reach, x1 + 2 * reach,
	                                  y1 + 2 * reach);
}

enum dy_code
dy_geo_outlines(struct dy_arena *arena, const struct dy_geo_points *points, const uint32_t *group,
                uint32_t n_groups, double reach, struct dy_geo_rings *out, struct dy_err *err)
{
	*out = (struct dy_geo_rings){ 0 };
	if (points->n == 0)
		return DY_OK;
	GEOSContextHandle_t h = GEOS_init_r();
	struct cells c = { .h = h, .arena = arena, .points = points, .group = group };
	c.cell = DY_NEW_ARRAY(arena, points->n, GEOSGeometry *);
	GEOSGeometry *line = dy_geos_points(h, points);
	GEOSGeometry *frame = frame_of(h, points, reach);
	GEOSGeometry *voronoi =
		line == NULL || frame == NULL ? NULL : GEOSVoronoiDiagram_r(h, line, frame, 0, 0);
	bool fine = voronoi != NULL;
	if (fine && points->n == 1)
		c.cell[0] = GEOSGeom_clone_r(h, frame);
	else
		fine = fine && match_cells(&c, voronoi);
	fine = fine && outline_all(&c, n_groups, reach, out);
	for (size_t i = 0; i < points->n; i++)
		GEOSGeom_destroy_r(h, c.cell[i]);
	GEOSGeom_destroy_r(h, voronoi);
	GEOSGeom_destroy_r(h, frame);
	GEOSGeom_destroy_r(h, line);
	GEOS_finish_r(h);
	return fine ? DY_OK : dy_raise(err, DY_E_INPUT, "", "the points make no outlines");
}
