/* Which points stand side by side: Delaunay's triangulation, without what walls cut. */
#include "geos.h"

#include <math.h>

static const double GATE_REACH = 8; /* m */

/* Segments of barriers, hung into a tree by their boxes. */
struct walls {
	const struct dy_geo_points *gates;
	double ax, ay, bx, by; /* the edge in question */
	bool is_cut;
};

struct segment {
	double ax, ay, bx, by;
};

static double
side(double ax, double ay, double bx, double by, double px, double py)
{
	return (bx - ax) * (py - ay) - (by - ay) * (px - ax);
}

static bool
has_gate(const struct walls *w, double x, double y)
{
	for (size_t i = 0; i < w->gates->n; i++) {
		double dx = w->gates->x[i] - x, dy = w->gates->y[i] - y;
		if (dx * dx + dy * dy <= GATE_REACH * GATE_REACH)
			return true;
	}
	return false;
}

static void
try_segment(void *item, void *ctx)
{
	const struct segment *s = item;
	struct walls *w = ctx;
	double a = side(s->ax, s->ay, s->bx, s->by, w->ax, w->ay);
	double b = side(s->ax, s->ay, s->bx, s->by, w->bx, w->by);
	double c = side(w->ax, w->ay, w->bx, w->by, s->ax, s->ay);
	double d = side(w->ax, w->ay, w->bx, w->by, s->bx, s->by);

	if (w->is_cut || (a > 0) == (b > 0) || (c > 0) == (d > 0))
		return;
	double t = a / (a - b);
	w->is_cut = !has_gate(w, w->ax + t * (w->bx - w->ax), w->ay + t * (w->by - w->ay));
}

static GEOSGeometry *
box_of(GEOSContextHandle_t h, double ax, double ay, double bx, double by)
{
	return GEOSGeom_createRectangle_r(h, fmin(ax, bx), fmin(ay, by), fmax(ax, bx) + 1e-6,
	                                  fmax(ay, by) + 1e-6);
}

struct forest {
	GEOSContextHandle_t h;
	GEOSSTRtree *tree;
	GEOSGeometry **box;
	size_t n;
};

static void
plant(struct forest *f, struct dy_arena *arena, const struct dy_geo_lines *barriers)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < barriers->n; i++)
		most += barriers->line[i].n;
	struct segment *segment = DY_NEW_ARRAY(arena, most + 1, struct segment);
	f->box = DY_NEW_ARRAY(arena, most + 1, GEOSGeometry *);
	f->tree = GEOSSTRtree_create_r(f->h, 10);
	for (size_t i = 0; i < barriers->n; i++)
		for (size_t k = 0; k + 1 < barriers->line[i].n; k++) {
			const double *p = barriers->line[i].xy + 2 * k;
			segment[n] = (struct segment){ p[0], p[1], p[2], p[3] };
			f->box[n] = box_of(f->h, p[0], p[1], p[2], p[3]);
			GEOSSTRtree_insert_r(f->h, f->tree, f->box[n], &segment[n]);
			n++;
		}
	f->n = n;
}

/* The point that stands at a corner of the triangulation. */
struct corner {
	const struct dy_geo_points *points;
	double x, y, best;
	uint32_t which;
};

static void
try_corner(void *item, void *ctx)
{
	struct corner *c = ctx;
	uint32_t i = (uint32_t)((uintptr_t)item - 1);
	double x, y;
	dy_geos_nudged(c->points, i, &x, &y);
	double dx = x - c->x, dy = y - c->y;

	if (dx * dx + dy * dy < c->best) {
		c->best = dx * dx + dy * dy;
		c->which = i;
	}
}

static uint32_t
corner_at(struct forest *f, const struct dy_geo_points *points, double x, double y)
{
	struct corner c = { .points = points, .x = x, .y = y, .best = HUGE_VAL };
	GEOSGeometry *box = box_of(f->h, x - 0.01, y - 0.01, x + 0.01, y + 0.01);

	if (box != NULL)
		GEOSSTRtree_query_r(f->h, f->tree, box, try_corner, &c);
	GEOSGeom_destroy_r(f->h, box);
	return c.best < HUGE_VAL ? c.which : UINT32_MAX;
}

static void
plant_points(struct forest *f, struct dy_arena *arena, const struct dy_geo_points *points)
{
	f->box = DY_NEW_ARRAY(arena, points->n + 1, GEOSGeometry *);
	f->tree = GEOSSTRtree_create_r(f->h, 10);
	f->n = points->n;
	for (size_t i = 0; i < points->n; i++) {
		double x, y;
		dy_geos_nudged(points, i, &x, &y);
		f->box[i] = box_of(f->h, x, y, x, y);
		GEOSSTRtree_insert_r(f->h, f->tree, f->box[i], (void *)(uintptr_t)(i + 1));
	}
}

static void
fell(struct forest *f)
{
	if (f->tree != NULL)
		GEOSSTRtree_destroy_r(f->h, f->tree);
	for (size_t i = 0; i < f->n; i++)
		GEOSGeom_destroy_r(f->h, f->box[i]);
}

static void
keep_edges(struct forest *points_at, struct forest *walls_at, const GEOSGeometry *edges,
           struct dy_arena *arena, const struct dy_geo_points *points,
           const struct dy_geo_points *gates, double reach, struct dy_geo_links *out)
{
	GEOSContextHandle_t h = points_at->h;
	int n = GEOSGetNumGeometries_r(h, edges);

	for (int i = 0; i < n; i++) {
		const GEOSCoordSequence *seq =
			GEOSGeom_getCoordSeq_r(h, GEOSGetGeometryN_r(h, edges, i));
		struct walls w = { .gates = gates };
		if (seq == NULL || !GEOSCoordSeq_getXY_r(h, seq, 0, &w.ax, &w.ay) ||
		    !GEOSCoordSeq_getXY_r(h, seq, 1, &w.bx, &w.by))
			continue;
		double metres = sqrt((w.ax - w.bx) * (w.ax - w.bx) + (w.ay - w.by) * (w.ay - w.by));
		if (metres > reach)
			continue;
		uint32_t a = corner_at(points_at, points, w.ax, w.ay);
		uint32_t b = corner_at(points_at, points, w.bx, w.by);
		if (a == UINT32_MAX || b == UINT32_MAX || a == b)
			continue;
		GEOSGeometry *box = box_of(h, w.ax, w.ay, w.bx, w.by);
		if (box != NULL)
			GEOSSTRtree_query_r(h, walls_at->tree, box, try_segment, &w);
		GEOSGeom_destroy_r(h, box);
		if (w.is_cut)
			continue;
		struct dy_geo_link *link =
			dy_arena_push(arena, (void **)&out->link, &out->n, &out->cap, sizeof *link);
		*link = (struct dy_geo_link){ a < b ? a : b, a < b ? b : a, metres };
	}
}

enum dy_code
dy_geo_neighbours(struct dy_arena *arena, const struct dy_geo_points *points,
                  const struct dy_geo_lines *barriers, const struct dy_geo_points *gates,
                  double reach, struct dy_geo_links *out, struct dy_err *err)
{
	*out = (struct dy_geo_links){ 0 };
	if (points->n < 2)
		return DY_OK;
	GEOSContextHandle_t h = GEOS_init_r();
	struct forest points_at = { .h = h }, walls_at = { .h = h };
	GEOSGeometry *line = dy_geos_points(h, points);
	GEOSGeometry *edges = line == NULL ? NULL : GEOSDelaunayTriangulation_r(h, line, 0, 1);
	if (edges != NULL) {
		plant_points(&points_at, arena, points);
		plant(&walls_at, arena, barriers);
		keep_edges(&points_at, &walls_at, edges, arena, points, gates, reach, out);
		fell(&points_at);
		fell(&walls_at);
	}
	bool fine = edges != NULL;
	GEOSGeom_destroy_r(h, edges);
	GEOSGeom_destroy_r(h, line);
	GEOS_finish_r(h);
	return fine ? DY_OK : dy_raise(err, DY_E_INPUT, "", "the points make no triangles");
}
