/* Shapes and maps: neighbours around walls, areas that fill the ground, extracts, faults by name. */
#include "dyt.h"

#include "base/attr.h"
#include "geo/folder.h"
#include "geo/map.h"
#include "geo/shape.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)64 << 20)

enum { SIDE = 6, N = SIDE * SIDE };

struct yard {
	double x[N], y[N];
	uint32_t group[N];
};

static struct dy_geo_points
yard_make(struct yard *yard)
{
	for (int i = 0; i < N; i++) {
		yard->x[i] = 20.0 * (i % SIDE) + (i * 7 % 5);
		yard->y[i] = 20.0 * (i / SIDE) + (i * 11 % 7);
		yard->group[i] = (uint32_t)(i % SIDE / 3 + i / SIDE / 2 * 2);
	}
	return (struct dy_geo_points){ N, yard->x, yard->y };
}

static bool
has_link(const struct dy_geo_links *links, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < links->n; i++)
		if (links->link[i].a == a && links->link[i].b == b)
			return true;
	return false;
}

DYT(a_wall_parts_neighbours_and_a_gate_joins_them)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	const double wall_xy[] = { 52, -50, 52, 200 }, gate_x[] = { 52 }, gate_y[] = { 43 };
	const struct dy_geo_line wall = { 2, wall_xy };
	const struct dy_geo_lines none = { 0 }, walls = { 1, &wall };
	const struct dy_geo_points no_gates = { 0 }, gates = { 1, gate_x, gate_y };
	struct dy_geo_links open, closed, gated, near;
	struct yard yard;
	struct dy_err err;
	struct dy_geo_points points = yard_make(&yard);

	DYT_OK(dy_geo_neighbours(arena, &points, &none, &no_gates, 150, &open, &err));
	DYT_OK(dy_geo_neighbours(arena, &points, &walls, &no_gates, 150, &closed, &err));
	DYT_OK(dy_geo_neighbours(arena, &points, &walls, &gates, 150, &gated, &err));
	DYT_OK(dy_geo_neighbours(arena, &points, &none, &no_gates, 5, &near, &err));
	DYT_TRUE(open.n >= 2 * N && open.n <= 3 * N - 6);
	for (uint32_t row = 0; row < SIDE; row++) {
		uint32_t a = row * SIDE + 2, b = a + 1;
		DYT_TRUE(has_link(&open, a, b));
		DYT_TRUE(!has_link(&closed, a, b));
		DYT_INT(has_link(&gated, a, b), row == 2);
	}
	for (size_t i = 0; i < closed.n; i++)
		DYT_TRUE((yard.x[closed.link[i].a] < 52) == (yard.x[closed.link[i].b] < 52));
	DYT_INT(near.n, 0);
}

DYT(equal_points_and_few_points_have_neighbours_and_outlines_too)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	const double x[] = { 5, 5, 5, 40 }, y[] = { 5, 5, 5, 5 };
	const uint32_t group[] = { 0, 0, 0, 1 };
	const struct dy_geo_lines none = { 0 };
	const struct dy_geo_points no_gates = { 0 };
	struct dy_geo_links links;
	struct dy_geo_rings rings;
	struct dy_err err;

	for (size_t n = 1; n <= 4; n++) {
		const struct dy_geo_points points = { n, x, y };
		DYT_OK(dy_geo_neighbours(arena, &points, &none, &no_gates, 150, &links, &err));
		DYT_TRUE(n < 3 || links.n > 0);
		DYT_OK(dy_geo_outlines(arena, &points, group, 2, 30, &rings, &err));
		DYT_TRUE(rings.n >= 1);
	}
}

DYT(outlines_fill_the_ground_once_and_share_their_borders)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_geo_rings parts, whole;
	uint32_t all[N] = { 0 };
	struct yard yard;
	struct dy_err err;
	double sum = 0, one = 0, cx, cy;
	struct dy_geo_points points = yard_make(&yard);

	DYT_OK(dy_geo_outlines(arena, &points, yard.group, 6, 40, &parts, &err));
	DYT_OK(dy_geo_outlines(arena, &points, all, 1, 40, &whole, &err));
	for (size_t i = 0; i < parts.n; i++) {
		const struct dy_geo_ring *r = &parts.ring[i];
		sum += (r->is_hole ? -1 : 1) * dy_geo_area_of(r->xy, r->n - 1, &cx, &cy);
	}
	for (size_t i = 0; i < whole.n; i++)
		one += dy_geo_area_of(whole.ring[i].xy, whole.ring[i].n - 1, &cx, &cy);
	DYT_TRUE(fabs(sum / one - 1) < 0.002);
	/* every point lies in the outline of its own group and in no other */
	for (int k = 0; k < N; k++)
		for (size_t i = 0; i < parts.n; i++)
			DYT_INT(dy_geo_is_inside(parts.ring[i].xy, parts.ring[i].n - 1, yard.x[k],
			                         yard.y[k]),
			        parts.ring[i].group == yard.group[k]);
}

DYT(gcj02_goes_back_to_where_it_was)
{
	/* Tian'anmen: WGS 84 116.3912757, 39.9072149 is given out as 116.3975171, 39.9086183 */
	double lon = 116.3975171, lat = 39.9086183;

	dy_geo_from_gcj02(&lon, &lat);
	DYT_TRUE(fabs(lon - 116.3912757) < 2e-5 && fabs(lat - 39.9072149) < 2e-5);
	double far = 7.4, north = 43.7; /* Monaco is not shifted */
	dy_geo_from_gcj02(&far, &north);
	DYT_TRUE(far == 7.4 && north == 43.7);
}

static const char EXTRACT[] =
	"<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n"
	"<node id=\"9\" lat=\"30.0\" lon=\"122.0\"/>\n<node id=\"2\" lat=\"30.0\" "
	"lon=\"122.001\"/>\n"
	"<node id=\"3\" lat=\"30.001\" lon=\"122.001\"/>\n<node id=\"4\" lat=\"30.001\" "
	"lon=\"122.0\"/>\n"
	"<node id=\"5\" lat=\"30.002\" lon=\"122.0\"><tag k=\"barrier\" v=\"gate\"/></node>\n"
	"<way id=\"70\"><nd ref=\"9\"/><nd ref=\"2\"/><nd ref=\"3\"/><nd ref=\"4\"/><nd ref=\"9\"/>"
	"<tag k=\"building\" v=\"apartments\"/><tag k=\"building:levels\" v=\"5\"/>"
	"<tag k=\"name\" v=\"1&#24162;\"/></way>\n"
	"<way id=\"71\"><nd ref=\"9\"/><nd ref=\"2\"/><nd ref=\"404\"/><nd ref=\"3\"/><nd "
	"ref=\"5\"/>"
	"<tag k=\"highway\" v=\"footway\"/></way>\n"
	"<way id=\"72\"><nd ref=\"4\"/><nd ref=\"5\"/><tag k=\"barrier\" v=\"wall\"/></way>\n"
	"<way id=\"73\"><nd ref=\"4\"/><nd ref=\"5\"/><tag k=\"highway\" v=\"motorway\"/></way>\n"
	"<way id=\"74\"><nd ref=\"4\"/><nd ref=\"5\"/><tag k=\"railway\" v=\"rail\"/>"
	"<tag k=\"tunnel\" v=\"yes\"/></way>\n</osm>\n";

static void
write_file(char *path, const char *text, size_t n)
{
	int fd = mkstemps(path, 4);

	DYT_TRUE(fd >= 0 && write(fd, text, n) == (ssize_t)n);
	DYT_INT(close(fd), 0);
}

DYT(an_extract_gives_buildings_ways_barriers_and_gates)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	char path[] = "extract-XXXXXX.osm";
	struct dy_geo_map map;
	struct dy_err err = { 0 };
	double cx, cy;

	write_file(path, EXTRACT, sizeof EXTRACT - 1);
	DYT_OK(dy_geo_map_read_osm(arena, path, &map, &err));
	(void)unlink(path);
	DYT_INT(map.n_buildings, 1);
	DYT_INT(map.buildings[0].n, 4);
	DYT_TRUE(map.buildings[0].levels == 5 && map.buildings[0].name.len == 4);
	DYT_INT(map.n_walks, 2);    /* parted where a node is missing; the motorway is not walked */
	DYT_INT(map.n_barriers, 1); /* the tunnel stops nobody */
	DYT_INT(map.n_gates, 1);
	dy_geo_map_flatten(&map);
	double area = dy_geo_area_of(map.buildings[0].xy, 4, &cx, &cy);
	DYT_TRUE(fabs(area - 111.32 * 111.32 * cos(30.0 * 3.14159265 / 180)) < 20);
}

DYT(what_is_no_extract_is_refused)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	char path[] = "extract-XXXXXX.pbf";
	struct dy_geo_map map;
	struct dy_err err = { 0 };

	write_file(path, "no blocks in here", 17);
	DYT_INT(dy_geo_map_read_osm(arena, path, &map, &err), DY_E_INPUT);
	DYT_STR(err.field, path);
	(void)unlink(path);
	DYT_INT(dy_geo_map_read_osm(arena, "there-is-none.osm", &map, &err), DY_E_INPUT);
}

DYT(geojson_names_the_feature_at_fault)
{
#define SQUARE "[[[122,30],[122.001,30],[122.001,30.001],[122,30]]]"
#define ONE(geometry, properties)                                                                  \
	"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","                     \
	"\"geometry\":" geometry ",\"properties\":" properties "}]}"
	static const struct {
		const char *why, *text, *field;
		size_t buildings;
	} row[] = {
		{ "polygon",
		  ONE("{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}",
		      "{\"households\":12,\"levels\":\"6\"}"),
		  NULL, 1 },
		{ "several polygons",
		  ONE("{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE "]}", "null"), NULL,
		  1 },
		{ "a point", ONE("{\"type\":\"Point\",\"coordinates\":[1,2]}", "{}"), NULL, 0 },
		{ "no JSON", "{\"type\":", "", 0 },
		{ "no collection", "{\"type\":\"Feature\"}", "/type", 0 },
		{ "open ring", ONE("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4]]]}", "{}"),
		  "/features/0/geometry", 0 },
		{ "north of the pole",
		  ONE("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5,96],[1,2]]]}", "{}"),
		  "/features/0/geometry", 0 },
		{ "no geometry", ONE("null", "{}"), "/features/0/geometry/type", 0 },
		{ "households",
		  ONE("{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}",
		      "{\"households\":\"many\"}"),
		  "/features/0/properties/households", 0 },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
		struct dy_geo_map map = { 0 };
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		enum dy_code rc =
			dy_geo_map_read_geojson(arena, dy_str_from(row[i].text), false, &map, &err);
		DYT_INT(rc, row[i].field == NULL ? DY_OK : DY_E_INPUT);
		if (row[i].field != NULL)
			DYT_STR(err.field, row[i].field);
		DYT_INT(map.n_buildings, row[i].buildings);
	}
}

DYT_MAIN(DYT_TEST(a_wall_parts_neighbours_and_a_gate_joins_them),
         DYT_TEST(equal_points_and_few_points_have_neighbours_and_outlines_too),
         DYT_TEST(outlines_fill_the_ground_once_and_share_their_borders),
         DYT_TEST(gcj02_goes_back_to_where_it_was),
         DYT_TEST(an_extract_gives_buildings_ways_barriers_and_gates),
         DYT_TEST(what_is_no_extract_is_refused), DYT_TEST(geojson_names_the_feature_at_fault))
