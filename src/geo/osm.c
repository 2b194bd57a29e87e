/* OpenStreetMap extracts through readosm. Nodes are kept until the ways that use them are known. */
#include "geo/map.h"

#include <math.h>
#include <readosm.h>
#include <stdlib.h>
#include <string.h>

struct node {
	int64_t id;
	double lon, lat;
};

/* A way as it was met, with the ids of its nodes. */
struct raw_way {
	enum { BUILDING, WALK, BARRIER } kind;
	int64_t id;
	struct dy_str type, name;
	double levels;
	size_t n;
	int64_t *ref;
};

struct raw_gate {
	int64_t ref;
	struct dy_str type;
};

struct reader {
	struct dy_arena *arena;
	struct node *nodes;
	struct raw_way *ways;
	struct raw_gate *gates;
	size_t n_nodes, cap_nodes, n_ways, cap_ways, n_gates, cap_gates, n_refs;
	bool too_large;
};

static const char *
tag_of(const readosm_tag *tags, int n, const char *key)
{
	for (int i = 0; i < n; i++)
		if (strcmp(tags[i].key, key) == 0)
			return tags[i].value;
	return NULL;
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (size_t i = 0; word != NULL && words[i] != NULL; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static struct dy_str
keep(struct reader *r, const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;

	return n > 0 ? (struct dy_str){ dy_arena_dup(r->arena, text, n), n } : (struct dy_str){ 0 };
}

static int
on_node(const void *ctx, const readosm_node *n)
{
	struct reader *r = (struct reader *)(uintptr_t)ctx;
	const char *gate = tag_of(n->tags, n->tag_count, "barrier");

	if (!isfinite(n->longitude) || !isfinite(n->latitude) || fabs(n->longitude) > 180 ||
	    fabs(n->latitude) > 90)
		return READOSM_OK;
	if (r->n_nodes >= DY_GEO_NODES_MAX) {
		r->too_large = true;
		return READOSM_ABORT;
	}
	struct node *mine = dy_arena_push(r->arena, (void **)&r->nodes, &r->n_nodes, &r->cap_nodes,
	                                  sizeof *mine);
	*mine = (struct node){ n->id, n->longitude, n->latitude };
	if (gate == NULL && tag_of(n->tags, n->tag_count, "entrance") != NULL)
		gate = "entrance";
	if (gate != NULL) {
		struct raw_gate *g = dy_arena_push(r->arena, (void **)&r->gates, &r->n_gates,
		                                   &r->cap_gates, sizeof *g);
		*g = (struct raw_gate){ n->id, keep(r, gate) };
	}
	return READOSM_OK;
}

/* On foot one may go by every road but motorways and what is closed or not built yet. */
static bool
is_walked(const readosm_way *w, const char *highway)
{
	static const char *const not_roads[] = { "motorway", "motorway_link", "construction",
		                                 "proposed", "abandoned",     "razed",
		                                 "raceway",  "bus_guideway",  NULL };
	static const char *const closed[] = { "no", "private", NULL };
	const char *foot = tag_of(w->tags, w->tag_count, "foot");

	if (is_one_of(highway, not_roads) || is_one_of(foot, closed))
		return false;
	const char *access = tag_of(w->tags, w->tag_count, "access");
	return foot != NULL || access == NULL || strcmp(access, "no") != 0;
}

/* What nobody crosses, unless it is below or above the ground. */
static const char *
barrier_of(const readosm_way *w)
{
	static const char *const rails[] = { "rail", "light_rail", "subway", "narrow_gauge", NULL };
	static const char *const waters[] = { "river", "canal", NULL };
	static const char *const no[] = { "no", NULL };
	const char *barrier = tag_of(w->tags, w->tag_count, "barrier");
	const char *rail = tag_of(w->tags, w->tag_count, "railway");
	const char *water = tag_of(w->tags, w->tag_count, "waterway");
	const char *tunnel = tag_of(w->tags, w->tag_count, "tunnel");

	if (barrier != NULL)
		return barrier;
	if (tunnel != NULL && !is_one_of(tunnel, no))
		return NULL;
	return is_one_of(rail, rails) ? rail : is_one_of(water, waters) ? water : NULL;
}

static int
on_way(const void *ctx, const readosm_way *w)
{
	struct reader *r = (struct reader *)(uintptr_t)ctx;
	const char *building = tag_of(w->tags, w->tag_count, "building");
	const char *highway = tag_of(w->tags, w->tag_count, "highway");
	const char *levels = tag_of(w->tags, w->tag_count, "building:levels");
	const char *barrier = barrier_of(w);
	bool walked = highway != NULL && is_walked(w, highway);
	bool built = building != NULL && strcmp(building, "no") != 0;

	if (w->node_ref_count < 2 || (!built && !walked && barrier == NULL))
		return READOSM_OK;
	if (r->n_refs + (size_t)w->node_ref_count > DY_GEO_NODES_MAX) {
		r->too_large = true;
		return READOSM_ABORT;
	}
	struct raw_way *mine =
		dy_arena_push(r->arena, (void **)&r->ways, &r->n_ways, &r->cap_ways, sizeof *mine);
	*mine = (struct raw_way){ .kind = built    ? BUILDING
		                          : walked ? WALK
		                                   : BARRIER,
		                  .id = w->id,
		                  .type = keep(r, built    ? building
		                                  : walked ? highway
		                                           : barrier),
		                  .name = keep(r, tag_of(w->tags, w->tag_count, "name")),
		                  .levels = levels != NULL ? strtod(levels, NULL) : 0,
		                  .n = (size_t)w->node_ref_count };
	mine->ref = DY_NEW_ARRAY(r->arena, mine->n, int64_t);
	for (size_t i = 0; i < mine->n; i++)
		mine->ref[i] = w->node_refs[i];
	r->n_refs += mine->n;
	return READOSM_OK;
}

static int
on_relation(const void *ctx, const readosm_relation *relation)
{
	(void)ctx;
	(void)relation;
	return READOSM_OK;
}

static int
by_id(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static size_t
node_at(const struct reader *r, int64_t id)
{
	const struct node key = { .id = id };
	const struct node *at =
		r->n_nodes == 0 ? NULL : bsearch(&key, r->nodes, r->n_nodes, sizeof key, by_id);

	return at != NULL ? (size_t)(at - r->nodes) : SIZE_MAX;
}

/* Number in the map of a node, given when it is first used. */
static uint32_t
use_node(struct reader *r, uint32_t *number, size_t at, struct dy_geo_map *map)
{
	if (number[at] == 0) {
		map->nodes[2 * map->n_nodes] = r->nodes[at].lon;
		map->nodes[2 * map->n_nodes + 1] = r->nodes[at].lat;
		number[at] = (uint32_t)++map->n_nodes;
	}
	return number[at] - 1;
}

static void
add_building(struct reader *r, const struct raw_way *w, struct dy_geo_map *map)
{
	double *xy = DY_NEW_ARRAY(r->arena, 2 * w->n, double);
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		size_t at = node_at(r, w->ref[i]);
		if (at == SIZE_MAX || (i + 1 == w->n && w->ref[i] == w->ref[0]))
			continue;
		xy[2 * n] = r->nodes[at].lon;
		xy[2 * n++ + 1] = r->nodes[at].lat;
	}
	if (n < 3)
		return;
	struct dy_geo_building *b =
		dy_arena_push(r->arena, (void **)&map->buildings, &map->n_buildings,
	                      &map->cap_buildings, sizeof *b);
	bool is_sane = w->levels >= 1 && w->levels <= 150;
	*b =
		(struct dy_geo_building){ w->id, w->type, w->name, is_sane ? w->levels : 0,
		                          -1,    n,       xy };
}

/* A way in pieces where nodes lie outside the extract. */
static void
add_way(struct reader *r, const struct raw_way *w, uint32_t *number, struct dy_geo_map *map)
{
	for (size_t from = 0; from < w->n;) {
		size_t n = 0;
		uint32_t *node = DY_NEW_ARRAY(r->arena, w->n - from, uint32_t);
		for (; from < w->n; from++) {
			size_t at = node_at(r, w->ref[from]);
			if (at == SIZE_MAX)
				break;
			node[n++] = use_node(r, number, at, map);
		}
		from++;
		if (n < 2)
			continue;
		struct dy_geo_way *way =
			w->kind == WALK
				? dy_arena_push(r->arena, (void **)&map->walks, &map->n_walks,
		                                &map->cap_walks, sizeof *way)
				: dy_arena_push(r->arena, (void **)&map->barriers, &map->n_barriers,
		                                &map->cap_barriers, sizeof *way);
		*way = (struct dy_geo_way){ w->id, w->type, n, node };
	}
}

static void
build(struct reader *r, struct dy_geo_map *map)
{
	uint32_t *number = DY_NEW_ARRAY(r->arena, r->n_nodes + 1, uint32_t);

	qsort(r->nodes, r->n_nodes, r->n_nodes > 0 ? sizeof *r->nodes : 1, by_id);
	map->nodes = DY_NEW_ARRAY(r->arena, 2 * r->n_nodes + 2, double);
	for (size_t i = 0; i < r->n_ways; i++)
		if (r->ways[i].kind == BUILDING)
			add_building(r, &r->ways[i], map);
		else
			add_way(r, &r->ways[i], number, map);
	for (size_t i = 0; i < r->n_gates; i++) {
		size_t at = node_at(r, r->gates[i].ref);
		if (at == SIZE_MAX)
			continue;
		struct dy_geo_gate *g = dy_arena_push(r->arena, (void **)&map->gates, &map->n_gates,
		                                      &map->cap_gates, sizeof *g);
		*g = (struct dy_geo_gate){ use_node(r, number, at, map), r->gates[i].type };
	}
}

enum dy_code
dy_geo_map_read_osm(struct dy_arena *arena, const char *path, struct dy_geo_map *out,
                    struct dy_err *err)
{
	struct reader r = { .arena = arena };
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const void *handle = NULL;

	*out = (struct dy_geo_map){ 0 };
	int rc = readosm_open(path, &handle);
	if (rc == READOSM_OK)
		rc = readosm_parse(handle, &r, on_node, on_way, on_relation);
	if (handle != NULL)
		(void)readosm_close(handle);
	if (r.too_large)
		return dy_raise(err, DY_E_LIMIT, name,
		                "more than %zu nodes: cut the extract smaller", DY_GEO_NODES_MAX);
	if (rc != READOSM_OK)
		return dy_raise(err, DY_E_INPUT, name,
		                "is not a readable .osm or .osm.pbf file (readosm error %d)", rc);
	build(&r, out);
	return DY_OK;
}
