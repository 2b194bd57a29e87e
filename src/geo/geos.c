/* What the uses of GEOS share. */
#include "geos.h"

/* Equal points have no Voronoi cells of their own: each is moved by its number, to a millimetre's
 * fraction, which no map shows. */
GEOSGeometry *
dy_geos_points(GEOSContextHandle_t h, const struct dy_geo_points *points)
{
	unsigned n = (unsigned)points->n;
	GEOSCoordSequence *seq = GEOSCoordSeq_create_r(h, n > 1 ? n : 2, 2);

	for (unsigned i = 0; seq != NULL && i < (n > 1 ? n : 2); i++) {
		size_t at = i < n ? i : 0;
		double nudge = 1e-3 * (double)(i * 2654435761U % 4096U) / 4096.0;
		(void)GEOSCoordSeq_setXY_r(h, seq, i, points->x[at] + nudge,
		                           points->y[at] - 0.7 * nudge);
	}
	return seq == NULL ? NULL : GEOSGeom_createLineString_r(h, seq);
}
