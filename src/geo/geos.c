/* What the uses of GEOS share. */
#include "geos.h"

/* Equal points have no Voronoi cells of their own: each is moved by its number, by a millimetre at
 * most, which no map shows. */
void
dy_geos_nudged(const struct dy_geo_points *points, size_t i, double *x, double *y)
{
	double nudge = 1e-3 * (double)((uint32_t)i * 2654435761U % 4096U) / 4096.0;

	*x = points->x[i] + nudge;
	*y = points->y[i] - 0.7 * nudge * (double)(i % 3);
}

GEOSGeometry *
dy_geos_points(GEOSContextHandle_t h, const struct dy_geo_points *points)
{
	unsigned n = (unsigned)points->n;
	GEOSCoordSequence *seq = GEOSCoordSeq_create_r(h, n > 1 ? n : 2, 2);

	for (unsigned i = 0; seq != NULL && i < (n > 1 ? n : 2); i++) {
		double x, y;
		dy_geos_nudged(points, i < n ? i : 0, &x, &y);
		(void)GEOSCoordSeq_setXY_r(h, seq, i, x, y);
	}
	return seq == NULL ? NULL : GEOSGeom_createLineString_r(h, seq);
}
