/* GeoJSON by RFC 7946: buildings or areas. */
#include "geo/map.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place_in_file {
	size_t feature;
	struct dy_err *err;
};

static enum dy_code
fault(const struct place_in_file *at, const char *member, const char *text)
{
	char field[80];

	(void)snprintf(field, sizeof field, "/features/%zu%s", at->feature, member);
	return dy_raise(at->err, DY_E_INPUT, field, "%s", text);
}

/* The outer ring: [[lon, lat, ...], ...], closed. */
static enum dy_code
read_ring(struct dy_arena *arena, const json_t *ring, const struct place_in_file *at, size_t *n,
          double **xy)
{
	size_t count = json_is_array(ring) ? json_array_size(ring) : 0;

	if (count < 4 || count > DY_GEO_NODES_MAX)
		return fault(at, "/geometry", "a ring has four positions or more");
	*n = count - 1;
	*xy = DY_NEW_ARRAY(arena, 2 * *n, double);
	for (size_t i = 0; i < *n; i++) {
		const json_t *p = json_array_get(ring, i);
		const json_t *lon = json_array_get(p, 0), *lat = json_array_get(p, 1);
		if (!json_is_number(lon) || !json_is_number(lat) ||
		    !(fabs(json_number_value(lon)) <= 180) || !(fabs(json_number_value(lat)) <= 90))
			return fault(at, "/geometry", "a position is [longitude, latitude]");
		(*xy)[2 * i] = json_number_value(lon);
		(*xy)[2 * i + 1] = json_number_value(lat);
	}
	return DY_OK;
}

static struct dy_str
text_of(struct dy_arena *arena, const json_t *object, const char *name)
{
	const json_t *v = json_object_get(object, name);

	if (!json_is_string(v))
		return (struct dy_str){ 0 };
	return (struct dy_str){ dy_arena_dup(arena, json_string_value(v), json_string_length(v)),
		                json_string_length(v) };
}

/* A number, also when written as a string; `otherwise` when there is none. */
static enum dy_code
number_of(const json_t *object, const char *name, double low, double high, double otherwise,
          const struct place_in_file *at, double *out)
{
	const json_t *v = json_object_get(object, name);
	char *stop = NULL;

	*out = otherwise;
	if (v == NULL || json_is_null(v))
		return DY_OK;
	if (json_is_number(v)) {
		*out = json_number_value(v);
	} else if (json_is_string(v) && json_string_length(v) > 0) {
		*out = strtod(json_string_value(v), &stop);
		if (*stop != '\0')
			*out = NAN;
	} else {
		*out = NAN;
	}
	char member[40];
	(void)snprintf(member, sizeof member, "/properties/%s", name);
	return *out >= low && *out <= high ? DY_OK : fault(at, member, "is not a sensible number");
}

static enum dy_code
add_feature(struct dy_arena *arena, const json_t *feature, bool as_areas, struct dy_geo_map *map,
            const struct place_in_file *at)
{
	const json_t *geometry = json_object_get(feature, "geometry");
	const json_t *properties = json_object_get(feature, "properties");
	const json_t *ring = json_object_get(geometry, "coordinates");
	const char *type = json_string_value(json_object_get(geometry, "type"));
	double number = 0, levels = 0, households = 0;
	size_t n = 0;
	double *xy = NULL;

	if (type == NULL)
		return fault(at, "/geometry/type", "is missing");
	bool is_many = strcmp(type, "MultiPolygon") == 0;
	if (!is_many && strcmp(type, "Polygon") != 0)
		return DY_OK; /* points and lines are no buildings */
	ring = json_array_get(is_many ? json_array_get(ring, 0) : ring, 0);
	DY_TRY(read_ring(arena, ring, at, &n, &xy));
	if (as_areas) {
		DY_TRY(number_of(properties, "grid", 0, 1e9, -1, at, &number));
		struct dy_geo_area *a = dy_arena_push(arena, (void **)&map->areas, &map->n_areas,
		                                      &map->cap_areas, sizeof *a);
		*a = (struct dy_geo_area){ text_of(arena, properties, "name"), (int64_t)number, n,
			                   xy };
		return DY_OK;
	}
	DY_TRY(number_of(properties, "levels", 0, 200, 0, at, &levels));
	DY_TRY(number_of(properties, "households", 0, 100000, -1, at, &households));
	DY_TRY(number_of(properties, "id", 0, 9e15, (double)at->feature, at, &number));
	struct dy_geo_building *b = dy_arena_push(
		arena, (void **)&map->buildings, &map->n_buildings, &map->cap_buildings, sizeof *b);
	*b = (struct dy_geo_building){ .id = (int64_t)number,
		                       .type = text_of(arena, properties, "building"),
		                       .name = text_of(arena, properties, "name"),
		                       .levels = levels,
		                       .households = (int64_t)households,
		                       .n = n,
		                       .xy = xy };
	return DY_OK;
}

enum dy_code
dy_geo_map_read_geojson(struct dy_arena *arena, struct dy_str text, bool as_areas,
                        struct dy_geo_map *map, struct dy_err *err)
{
	struct place_in_file at = { .err = err };
	enum dy_code rc = DY_OK;
	json_error_t wrong;
	json_t *root = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &wrong);

	if (root == NULL)
		return dy_raise(err, DY_E_INPUT, "", "is not JSON, line %d: %.100s", wrong.line,
		                wrong.text);
	const json_t *features = json_object_get(root, "features");
	const char *type = json_string_value(json_object_get(root, "type"));
	if (type == NULL || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features))
		rc = dy_raise(err, DY_E_INPUT, "/type", "must be FeatureCollection, with features");
	for (; rc == DY_OK && at.feature < json_array_size(features); at.feature++)
		rc = add_feature(arena, json_array_get(features, at.feature), as_areas, map, &at);
	json_decref(root);
	return rc;
}
