/* Maps from files: OpenStreetMap extracts and GeoJSON, as buildings, ways on foot, barriers, gates.
 *
 * Units: degrees (WGS 84) until dy_geo_map_flatten(), then metres in a flat frame around the middle of
 *   the buildings, x to the east, y to the north.
 * Ownership: all lives in the arena. Threads: no shared state.
 * Errors: DY_E_INPUT names file and item, DY_E_LIMIT a file too large. */
#ifndef DY_GEO_MAP_H
#define DY_GEO_MAP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define DY_GEO_NODES_MAX ((size_t)12 * 1000 * 1000)

struct dy_geo_building {
	int64_t id;
	struct dy_str type, name; /* "apartments", "yes", ... */
	double levels;            /* 0: not said */
	int64_t households;       /* -1: not said */
	size_t n;                 /* corners; the last is not the first again */
	double *xy;
};

struct dy_geo_way {
	int64_t id;
	struct dy_str type; /* "footway", "wall", "rail", ... */
	size_t n;
	uint32_t *node;
};

struct dy_geo_gate {
	uint32_t node;
	struct dy_str type;
};

struct dy_geo_area {
	struct dy_str name;
	int64_t number; /* of the grid; -1: not said */
	size_t n;
	double *xy;
};

struct dy_geo_map {
	struct dy_geo_building *buildings;
	struct dy_geo_way *walks, *barriers;
	struct dy_geo_gate *gates;
	struct dy_geo_area *areas;
	double *nodes; /* x0 y0 x1 y1 ... of ways and gates */
	size_t n_buildings, n_walks, n_barriers, n_gates, n_areas, n_nodes;
	size_t cap_buildings, cap_walks, cap_barriers, cap_gates, cap_areas;
	double lon, lat;     /* middle of the flat frame */
	double lon_m, lat_m; /* degrees of a metre there */
};

/* An .osm or .osm.pbf file. */
enum dy_code dy_geo_map_read_osm(struct dy_arena *arena, const char *path, struct dy_geo_map *out,
                                 struct dy_err *err) DY_NODISCARD;

/* A FeatureCollection (RFC 7946). Polygons become buildings, or areas when as_areas; of several
 * polygons of one feature the first counts, holes are left out. Members read: id, building, name,
 * levels, households; of areas grid and name. */
enum dy_code dy_geo_map_read_geojson(struct dy_arena *arena, struct dy_str text, bool as_areas,
                                     struct dy_geo_map *map, struct dy_err *err) DY_NODISCARD;

/* GCJ-02 (what Chinese map services give out) back to WGS 84, to less than 0.1 m. */
void dy_geo_from_gcj02(double *lon, double *lat);
void dy_geo_map_from_gcj02(struct dy_geo_map *map);

/* Degrees to metres. */
void dy_geo_map_flatten(struct dy_geo_map *map);

bool dy_geo_is_inside(const double *xy, size_t n, double x, double y);
double dy_geo_area_of(const double *xy, size_t n, double *cx, double *cy); /* square metres */

#endif
