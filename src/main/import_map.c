/* danyuan import map FILE --out DIR: an OpenStreetMap extract or GeoJSON buildings become the CSV folder
 * that danyuan plan zone reads. Households that the map does not tell are estimates, to be replaced by
 * the register's. */
#include "import_map.h"

#include "cli.h"

#include "base/str.h"
#include "geo/folder.h"
#include "geo/map.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_MAX        ((size_t)6 << 30)
#define TEXT_MAX         ((size_t)2 << 30)
#define HOME_M2          95.0 /* floor of one home, walls and stairs left out */
#define USED_SHARE       0.75 /* of a floor's area */
#define STAIRS_ABOVE     40   /* households: larger buildings are divided into stairs */
#define STAIR_HOUSEHOLDS 24
#define DEFAULT_LEVELS   6
#define FLAT_LEVELS      2
#define MAYBE_HOMES_PCT  60 /* of buildings of unknown use that are taken for homes */
#define RECORD_COLUMNS                                                                             \
	"id,osm_way,stair,x,y,lon,lat,area_m2,levels,type,households,elderly,vulnerable,name\n"
#define SMALL_HOUSE_M2 160

struct job {
	const char *input, *out, *grids;
	bool is_gcj02;
};

enum { BUILDINGS, FOOTPRINTS, NODES, EDGES, BARRIERS, GATES, GRIDS, FILES };
static const char *const NAMES[FILES] = { "buildings.csv",  "footprints.csv", "walk_nodes.csv",
	                                  "walk_edges.csv", "barriers.csv",   "gates.csv",
	                                  "grids.csv" };

struct output {
	struct dy_strbuf text[FILES];
	size_t records, households, outside;
};

static bool
is_type(const struct dy_geo_building *b, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (dy_str_is(b->type, words[i]))
			return true;
	return false;
}

/* From footprint, floors and use; the same building always gets the same number. */
static int64_t
estimate(const struct dy_geo_building *b, double area, double levels)
{
	static const char *const homes[] = { "apartments", "residential", "dormitory", "terrace",
		                             NULL };
	static const char *const houses[] = { "house",    "detached",           "farm",
		                              "bungalow", "semidetached_house", NULL };
	uint64_t hash = (uint64_t)b->id * UINT64_C(0x9e3779b97f4a7c15);

	if (b->households >= 0)
		return b->households;
	if (is_type(b, houses))
		return 1;
	bool unknown = b->type.len == 0 || dy_str_is(b->type, "yes");
	if (unknown && area < SMALL_HOUSE_M2 && b->levels == 0)
		return area < 25 ? 0 : 1;
	if (!is_type(b, homes) && !(unknown && (hash >> 32) % 100 < MAYBE_HOMES_PCT))
		return 0;
	return llround(area * levels * USED_SHARE / HOME_M2);
}

/* Direction of the longest side. */
static double
angle_of(const struct dy_geo_building *b, double *length)
{
	double angle = 0, low = HUGE_VAL, high = -HUGE_VAL, longest = -1;

	for (size_t i = 0, k = b->n - 1; i < b->n; k = i++) {
		double dx = b->xy[2 * i] - b->xy[2 * k], dy = b->xy[2 * i + 1] - b->xy[2 * k + 1];
		if (dx * dx + dy * dy > longest) {
			longest = dx * dx + dy * dy;
			angle = atan2(dy, dx);
		}
	}
	for (size_t i = 0; i < b->n; i++) {
		double along = b->xy[2 * i] * cos(angle) + b->xy[2 * i + 1] * sin(angle);
		low = fmin(low, along);
		high = fmax(high, along);
	}
	*length = high - low;
	return angle;
}

static void
add_quoted(struct dy_strbuf *sb, struct dy_str s)
{
	if (s.len == 0)
		return;
	dy_strbuf_addc(sb, '"');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '"')
			dy_strbuf_addc(sb, '"');
		dy_strbuf_addc(sb, c == '\n' || c == '\r' ? ' ' : c);
	}
	dy_strbuf_addc(sb, '"');
}

/* The grid's number in the file, or its place in the file. -1: the record is in none. */
static int64_t
grid_of(const struct dy_geo_map *grids, const struct dy_geo_map *map, double lon, double lat)
{
	(void)map;
	for (size_t i = 0; i < grids->n_areas; i++)
		if (dy_geo_is_inside(grids->areas[i].xy, grids->areas[i].n, lon, lat))
			return grids->areas[i].number >= 0 ? grids->areas[i].number : (int64_t)i;
	return -1;
}

static void
add_record(struct output *o, const struct dy_geo_map *map, const struct dy_geo_map *grids,
           const struct dy_geo_building *b, int stair, double x, double y, double area,
           double levels, int64_t households)
{
	double lon = map->lon + x * map->lon_m, lat = map->lat + y * map->lat_m;
	struct dy_strbuf *sb = &o->text[BUILDINGS];

	if (grids->n_areas > 0) {
		int64_t grid = grid_of(grids, map, lon, lat);
		if (grid < 0) {
			o->outside++;
			return;
		}
		dy_strbuf_addf(&o->text[GRIDS], "%zu,%lld\n", o->records, (long long)grid);
	}
	dy_strbuf_addf(sb, "%zu,%lld,%d,%.2f,%.2f,%.7f,%.7f,%.0f,%.0f,", o->records,
	               (long long)b->id, stair, x, y, lon, lat, area, levels);
	add_quoted(sb, b->type);
	dy_strbuf_addf(sb, ",%lld,0,0,", (long long)households);
	add_quoted(sb, b->name);
	dy_strbuf_addc(sb, '\n');
	o->records++;
	o->households += (size_t)households;
}

/* A building, or its stairs in a row along its longest side. */
static void
add_building(struct output *o, const struct dy_geo_map *map, const struct dy_geo_map *grids,
             const struct dy_geo_building *b)
{
	static const char *const flat[] = { "house",   "detached", "farm", "bungalow",
		                            "terrace", "garage",   "shed", NULL };
	double cx, cy, length, area = dy_geo_area_of(b->xy, b->n, &cx, &cy);
	double levels = b->levels > 0 ? b->levels : is_type(b, flat) ? FLAT_LEVELS : DEFAULT_LEVELS;
	int64_t households = estimate(b, area, levels);
	double angle = angle_of(b, &length);
	int stairs = households > STAIRS_ABOVE
	                     ? (int)((households + STAIR_HOUSEHOLDS / 2) / STAIR_HOUSEHOLDS)
	                     : 1;

	for (int i = 0; i < stairs; i++) {
		double along = stairs > 1 ? ((i + 0.5) / stairs - 0.5) * length : 0;
		int64_t share = households * (i + 1) / stairs - households * i / stairs;
		add_record(o, map, grids, b, stairs > 1 ? i + 1 : 0, cx + along * cos(angle),
		           cy + along * sin(angle), area / stairs, levels, share);
	}
	dy_strbuf_addf(&o->text[FOOTPRINTS], "%lld,", (long long)b->id);
	for (size_t i = 0; i < b->n; i++)
		dy_strbuf_addf(&o->text[FOOTPRINTS], "%s%.1f %.1f", i > 0 ? ";" : "", b->xy[2 * i],
		               b->xy[2 * i + 1]);
	dy_strbuf_addc(&o->text[FOOTPRINTS], '\n');
}

/* Only nodes of ways on foot are written, under new numbers. */
static void
add_network(struct output *o, struct dy_arena *arena, const struct dy_geo_map *map)
{
	uint32_t *number = DY_NEW_ARRAY(arena, map->n_nodes + 1, uint32_t), n = 0;

	for (size_t i = 0; i < map->n_walks; i++) {
		const struct dy_geo_way *w = &map->walks[i];
		for (size_t k = 0; k < w->n; k++) {
			const double *p = &map->nodes[2 * (size_t)w->node[k]];
			if (number[w->node[k]] == 0) {
				dy_strbuf_addf(&o->text[NODES], "%u,%.2f,%.2f\n", n, p[0], p[1]);
				number[w->node[k]] = ++n;
			}
			if (k == 0 || w->node[k] == w->node[k - 1])
				continue;
			const double *q = &map->nodes[2 * (size_t)w->node[k - 1]];
			double metres =
				sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]));
			dy_strbuf_addf(&o->text[EDGES], "%u,%u,%.2f,", number[w->node[k - 1]] - 1,
			               number[w->node[k]] - 1, metres);
			add_quoted(&o->text[EDGES], w->type);
			dy_strbuf_addc(&o->text[EDGES], '\n');
		}
	}
}

static void
add_barriers(struct output *o, const struct dy_geo_map *map)
{
	for (size_t i = 0; i < map->n_barriers; i++) {
		const struct dy_geo_way *w = &map->barriers[i];
		dy_strbuf_addf(&o->text[BARRIERS], "%lld,", (long long)w->id);
		add_quoted(&o->text[BARRIERS], w->type);
		for (size_t k = 0; k < w->n; k++)
			dy_strbuf_addf(&o->text[BARRIERS], "%c%.1f %.1f", k > 0 ? ';' : ',',
			               map->nodes[2 * (size_t)w->node[k]],
			               map->nodes[2 * (size_t)w->node[k] + 1]);
		dy_strbuf_addc(&o->text[BARRIERS], '\n');
	}
	for (size_t i = 0; i < map->n_gates; i++) {
		const struct dy_geo_gate *g = &map->gates[i];
		dy_strbuf_addf(&o->text[GATES], "%.2f,%.2f,", map->nodes[2 * (size_t)g->node],
		               map->nodes[2 * (size_t)g->node + 1]);
		add_quoted(&o->text[GATES], g->type);
		dy_strbuf_addc(&o->text[GATES], '\n');
	}
}

/* Into a folder that is made now, or has none of these files. */
static enum dy_code
write_folder(const struct job *j, struct output *o, struct dy_err *err)
{
	char path[4096];
	bool has[FILES];

	if (mkdir(j->out, 0777) != 0 && errno != EEXIST)
		return dy_raise(err, DY_E_IO, "--out", "%.100s cannot be made: %s", j->out,
		                strerror(errno));
	for (int i = 0; i < FILES; i++) {
		struct dy_str text = dy_strbuf_str(&o->text[i]);
		const char *line = memchr(text.ptr, '\n', text.len);
		has[i] = line != NULL && line + 1 < text.ptr + text.len; /* more than a header */
		if (o->text[i].overflow)
			return dy_raise(err, DY_E_LIMIT, NAMES[i], "grew larger than 2 GB");
		int n = snprintf(path, sizeof path, "%s/%s", j->out, NAMES[i]);
		if (n < 0 || (size_t)n >= sizeof path)
			return dy_raise(err, DY_E_INPUT, "--out", "the path is too long");
		if (access(path, F_OK) == 0)
			return dy_raise(err, DY_E_INPUT, "--out",
			                "%.80s has a %s already: name a new folder", j->out,
			                NAMES[i]);
	}
	has[NODES] = has[NODES] && has[EDGES];
	has[EDGES] = has[NODES];
	for (int i = 0; i < FILES; i++) {
		struct dy_str text = dy_strbuf_str(&o->text[i]);
		if (!has[i])
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", j->out, NAMES[i]);
		FILE *f = fopen(path, "wb");
		bool fine = f != NULL && fwrite(text.ptr, 1, text.len, f) == text.len;
		if (f != NULL)
			fine = fclose(f) == 0 && fine;
		if (!fine)
			return dy_raise(err, DY_E_IO, NAMES[i], "cannot be written: %s",
			                strerror(errno));
	}
	return DY_OK;
}

static bool
ends_in(const char *path, const char *ending)
{
	size_t n = strlen(path), m = strlen(ending);

	return n >= m && strcmp(path + n - m, ending) == 0;
}

static enum dy_code
read_geojson(struct dy_arena *arena, const char *path, bool as_areas, struct dy_geo_map *map,
             struct dy_err *err)
{
	struct dy_geo_file file;

	DY_TRY(dy_geo_file_read(path, &file, err));
	*map = (struct dy_geo_map){ 0 };
	enum dy_code rc = dy_geo_map_read_geojson(arena, (struct dy_str){ file.ptr, file.size },
	                                          as_areas, map, err);
	free(file.ptr);
	return rc;
}

static enum dy_code
import(const struct job *j, struct dy_arena *arena, struct output *o, struct dy_err *err)
{
	static const char *const headers[FILES] = {
		RECORD_COLUMNS,
		"osm_way,ring_xy\n",
		"node,x,y\n",
		"from,to,metres,type\n",
		"osm_way,type,line_xy\n",
		"x,y,type\n",
		"id,grid\n",
	};
	struct dy_geo_map map = { 0 }, grids = { 0 };
	bool is_osm = ends_in(j->input, ".osm") || ends_in(j->input, ".pbf");

	if (!is_osm && !ends_in(j->input, ".geojson") && !ends_in(j->input, ".json"))
		return dy_raise(err, DY_E_INPUT, "FILE", "must end in .osm, .osm.pbf or .geojson");
	if (is_osm)
		DY_TRY(dy_geo_map_read_osm(arena, j->input, &map, err));
	else
		DY_TRY(read_geojson(arena, j->input, false, &map, err));
	if (j->grids != NULL)
		DY_TRY(read_geojson(arena, j->grids, true, &grids, err));
	if (map.n_buildings == 0)
		return dy_raise(err, DY_E_INPUT, "FILE", "has no buildings");
	if (j->grids != NULL && grids.n_areas == 0)
		return dy_raise(err, DY_E_INPUT, "--grids", "has no polygons");
	if (j->is_gcj02) {
		dy_geo_map_from_gcj02(&map);
		dy_geo_map_from_gcj02(&grids);
	}
	dy_geo_map_flatten(&map);
	for (int i = 0; i < FILES; i++)
		dy_strbuf_adds(&o->text[i], headers[i]);
	for (size_t i = 0; i < map.n_buildings; i++)
		add_building(o, &map, &grids, &map.buildings[i]);
	add_network(o, arena, &map);
	add_barriers(o, &map);
	if (o->records == 0)
		return dy_raise(err, DY_E_INPUT, "--grids", "no building lies in any of the grids");
	DY_TRY(write_folder(j, o, err));
	(void)printf("%s: %zu buildings as %zu records with %zu households, %zu ways on foot, "
	             "%zu barriers, %zu gates and entrances\n",
	             j->out, map.n_buildings, o->records, o->households, map.n_walks,
	             map.n_barriers, map.n_gates);
	if (o->outside > 0)
		(void)printf("%zu records lie in no grid and were left out\n", o->outside);
	return DY_OK;
}

int
dy_import_map_command(int argc, char **argv)
{
	struct job j = { 0 };
	const struct dy_operand operands[] = {
		{ "FILE", "a map extract: .osm, .osm.pbf or .geojson", &j.input },
	};
	const struct dy_option options[] = {
		{ .name = "out",
		  .arg = "DIR",
		  .doc = "the folder to make, for danyuan plan zone --in",
		  .value = &j.out,
		  .mandatory = true },
		{ .name = "grids",
		  .arg = "FILE",
		  .doc = "GeoJSON polygons of the grids, property grid: their numbers",
		  .value = &j.grids },
		{ .name = "gcj02",
		  .doc = "the files' coordinates are GCJ-02",
		  .is_set = &j.is_gcj02 },
	};
	const struct dy_cli cli = { .name = "import map",
		                    .summary = "turn a map into a folder for the unit planner",
		                    .options = options,
		                    .n_options = DY_COUNT(options),
		                    .operands = operands,
		                    .n_operands = DY_COUNT(operands) };
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct output o = { 0 };
	struct dy_err err = { 0 };
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	for (int i = 0; i < FILES; i++)
		dy_strbuf_init(&o.text[i], TEXT_MAX);
	status = import(&j, arena, &o, &err) == DY_OK ? DY_EXIT_OK : dy_cli_fail(&cli, &err);
	for (int i = 0; i < FILES; i++)
		dy_strbuf_release(&o.text[i]);
	return status;
}
