/* GEOS with one handle a call, whose objects are freed through it. */
#ifndef DY_GEO_GEOS_H
#define DY_GEO_GEOS_H

#include "geo/shape.h"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

/* Points as one line, moved by less than a centimetre where two are the same. NULL: none or no
 * memory. */
void dy_geos_nudged(const struct dy_geo_points *points, size_t i, double *x, double *y);
GEOSGeometry *dy_geos_points(GEOSContextHandle_t h, const struct dy_geo_points *points);

#endif
