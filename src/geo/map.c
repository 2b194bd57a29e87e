/* Coordinates of maps: GCJ-02, flat metres, areas. */
#include "geo/map.h"

#include <math.h>

#define PI                3.14159265358979323846
#define METRES_PER_DEGREE 111320.0
#define KRASOVSKY_A       6378245.0
#define KRASOVSKY_EE      0.00669342162296594323

/* The shift that Chinese map services apply, as published by many; x and y are degrees off the
 * middle of China. */
static double
shift_lat(double x, double y)
{
	double v = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));

	v += (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
	v += (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3;
	return v + (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
}

static double
shift_lon(double x, double y)
{
	double v = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));

	v += (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
	v += (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3;
	return v + (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
}

static void
to_gcj02(double lon, double lat, double *out_lon, double *out_lat)
{
	double phi = lat / 180 * PI;
	double magic = 1 - KRASOVSKY_EE * sin(phi) * sin(phi);
	double dlat = shift_lat(lon - 105, lat - 35) * 180 /
	              (KRASOVSKY_A * (1 - KRASOVSKY_EE) / (magic * sqrt(magic)) * PI);
	double dlon =
		shift_lon(lon - 105, lat - 35) * 180 / (KRASOVSKY_A / sqrt(magic) * cos(phi) * PI);

	*out_lon = lon + dlon;
	*out_lat = lat + dlat;
}

/* The shift changes slowly: going back by what the guess misses ends within millimetres. */
void
dy_geo_from_gcj02(double *lon, double *lat)
{
	double x = *lon, y = *lat;

	if (*lon < 72 || *lon > 138 || *lat < 0.8 || *lat > 56)
		return; /* outside China nothing is shifted */
	for (int i = 0; i < 6; i++) {
		double gx, gy;
		to_gcj02(x, y, &gx, &gy);
		x += *lon - gx;
		y += *lat - gy;
	}
	*lon = x;
	*lat = y;
}

/* Every position of the map once. */
static void
each_position(struct dy_geo_map *m, void (*change)(void *ctx, double *x, double *y), void *ctx)
{
	for (size_t i = 0; i < m->n_buildings; i++)
		for (size_t k = 0; k < m->buildings[i].n; k++)
			change(ctx, &m->buildings[i].xy[2 * k], &m->buildings[i].xy[2 * k + 1]);
	for (size_t i = 0; i < m->n_areas; i++)
		for (size_t k = 0; k < m->areas[i].n; k++)
			change(ctx, &m->areas[i].xy[2 * k], &m->areas[i].xy[2 * k + 1]);
	for (size_t i = 0; i < m->n_nodes; i++)
		change(ctx, &m->nodes[2 * i], &m->nodes[2 * i + 1]);
}

static void
unshift(void *ctx, double *x, double *y)
{
	(void)ctx;
	dy_geo_from_gcj02(x, y);
}

void
dy_geo_map_from_gcj02(struct dy_geo_map *map)
{
	each_position(map, unshift, NULL);
}

static void
flatten(void *ctx, double *x, double *y)
{
	const struct dy_geo_map *m = ctx;

	*x = (*x - m->lon) / m->lon_m;
	*y = (*y - m->lat) / m->lat_m;
}

void
dy_geo_map_flatten(struct dy_geo_map *m)
{
	double low_x = 180, high_x = -180, low_y = 90, high_y = -90;

	for (size_t i = 0; i < m->n_buildings; i++) {
		low_x = fmin(low_x, m->buildings[i].xy[0]);
		high_x = fmax(high_x, m->buildings[i].xy[0]);
		low_y = fmin(low_y, m->buildings[i].xy[1]);
		high_y = fmax(high_y, m->buildings[i].xy[1]);
	}
	m->lon = (low_x + high_x) / 2;
	m->lat = (low_y + high_y) / 2;
	m->lat_m = 1 / METRES_PER_DEGREE;
	m->lon_m = 1 / (METRES_PER_DEGREE * fmax(cos(m->lat * PI / 180), 0.01));
	each_position(m, flatten, m);
}

bool
dy_geo_is_inside(const double *xy, size_t n, double x, double y)
{
	bool inside = false;

	for (size_t i = 0, k = n - 1; i < n; k = i++) {
		double ax = xy[2 * i], ay = xy[2 * i + 1], bx = xy[2 * k], by = xy[2 * k + 1];
		if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
			inside = !inside;
	}
	return inside;
}

double
dy_geo_area_of(const double *xy, size_t n, double *cx, double *cy)
{
	double twice = 0, mx = 0, my = 0, sx = 0, sy = 0;

	for (size_t i = 0, k = n - 1; i < n; k = i++) {
		/* from the first corner: far coordinates would eat the digits */
		double ax = xy[2 * k] - xy[0], ay = xy[2 * k + 1] - xy[1];
		double bx = xy[2 * i] - xy[0], by = xy[2 * i + 1] - xy[1];
		double cross = ax * by - bx * ay;
		twice += cross;
		mx += (ax + bx) * cross;
		my += (ay + by) * cross;
		sx += bx;
		sy += by;
	}
	bool is_flat = fabs(twice) < 1e-9;
	*cx = xy[0] + (is_flat ? sx / (double)n : mx / (3 * twice));
	*cy = xy[1] + (is_flat ? sy / (double)n : my / (3 * twice));
	return fabs(twice) / 2;
}
