/* The unit planner against METIS on real places: ./dev bench zone.
 *
 * bench_zone [SEEDS [PLACE... | tiles | all]]; without places the small ones; seeds also by DY_SEEDS. The
 * folder of places is DY_ZONE_PLACES, or ../shared/instances/zoning. "city" leaves the grids out.
 * METIS runs on the same links, records and numbers of units in the same run, and both divisions are
 * measured by the same judge. Seconds are of the processor, all threads together. */
#include "geo/folder.h"
#include "geo/shape.h"
#include "io/zone.h"

#include <math.h>
#include <metis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double
cpu_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool
load_place(const char *path, bool ignore_grids, struct dyp_zone_file *file)
{
	static const char *const names[] = { "buildings.csv",  "walk_nodes.csv",
		                             "walk_edges.csv", "adjacency_reference.csv",
		                             "grids.csv",      NULL };
	struct dyp_zone_text text[5];
	struct dy_geo_folder folder;
	struct dyp_err err = { 0 };
	struct dy_err wrong = { 0 };

	if (dy_geo_folder_read(path, names, &folder, &wrong) != DY_OK) {
		(void)fprintf(stderr, "%s: %s: %s\n", path, wrong.field, wrong.text);
		return false;
	}
	for (int i = 0; i < 5; i++)
		text[i] = (struct dyp_zone_text){ folder.file[i].ptr, folder.file[i].size };
	struct dyp_zone_texts t = { .buildings = text[0],
		                    .nodes = text[1],
		                    .edges = text[2],
		                    .links = text[3],
		                    .grids = text[4] };
	enum dyp_code rc = dyp_zone_read(&t, ignore_grids, file, &err);
	if (rc == DYP_OK)
		rc = dyp_zone_file_connect(file, &err);
	dy_geo_folder_release(&folder);
	if (rc != DYP_OK)
		(void)fprintf(stderr, "%s: %s: %s\n", path, err.field, err.text);
	return rc == DYP_OK;
}

struct size_of_unit {
	uint32_t target, min, max;
};

/* METIS -contig for the records of one grid into k parts, labels from `label` on. */
static void
metis_grid(const struct dyp_zone_problem *p, uint32_t grid, uint32_t k, uint32_t label, int seed,
           uint32_t *unit)
{
	idx_t *local = malloc(p->n_records * sizeof *local);
	uint32_t *id = malloc(p->n_records * sizeof *id);
	idx_t n = 0;

	for (uint32_t i = 0; i < p->n_records; i++) {
		local[i] = -1;
		if (p->records[i].grid == grid) {
			local[i] = n;
			id[n++] = i;
		}
	}
	idx_t *first = calloc((size_t)n + 2, sizeof *first),
	      *weight = malloc((size_t)n * sizeof *weight);
	idx_t *to = malloc((2 * p->n_links + 1) * sizeof *to);
	idx_t *price = malloc((2 * p->n_links + 1) * sizeof *price);
	idx_t *part = calloc((size_t)n, sizeof *part);
	for (idx_t i = 0; i < n; i++)
		weight[i] = (idx_t)p->records[id[i]].households;
	for (uint32_t i = 0; i < p->n_links; i++)
		if (local[p->links[i].a] >= 0 && local[p->links[i].b] >= 0) {
			first[local[p->links[i].a] + 2]++;
			first[local[p->links[i].b] + 2]++;
		}
	for (idx_t i = 1; i < n; i++)
		first[i + 1] += first[i];
	for (uint32_t i = 0; i < p->n_links; i++) {
		idx_t a = local[p->links[i].a], b = local[p->links[i].b];
		if (a < 0 || b < 0)
			continue;
		idx_t cost = 1 + (idx_t)(2000.0 / (p->links[i].metres + 10.0));
		price[first[a + 1]] = cost;
		to[first[a + 1]++] = b;
		price[first[b + 1]] = cost;
		to[first[b + 1]++] = a;
	}
	idx_t one = 1, parts = (idx_t)k, cut = 0, option[METIS_NOPTIONS];
	METIS_SetDefaultOptions(option);
	option[METIS_OPTION_CONTIG] = 1;
	option[METIS_OPTION_SEED] = seed;
	option[METIS_OPTION_UFACTOR] = 50; /* 5 % */
	if (parts > 1)
		(void)METIS_PartGraphKway(&n, &one, first, to, weight, NULL, price, &parts, NULL,
		                          NULL, option, &cut, part);
	for (idx_t i = 0; i < n; i++)
		unit[id[i]] = label + (uint32_t)part[i];
	free(local);
	free(id);
	free(first);
	free(weight);
	free(to);
	free(price);
	free(part);
}

struct row {
	struct dyp_zone_score score;
	double seconds;
};

static void
print_row(const char *place, const char *tool, const struct row *r)
{
	const struct dyp_zone_score *s = &r->score;

	(void)printf("| %-18s | %-5s | %5u | %5u | %5.1f | %5.1f | %5.1f | %3u | %3u | %3u | %3u | "
	             "%6.1f | %6.1f | %6.2f |\n",
	             place, tool, s->records, s->units, 100 * s->deviation,
	             100.0 * s->in_fifth / s->units, 100.0 * s->in_range / s->units, s->broken,
	             s->empty, s->outside, s->split, s->radius, s->walk, r->seconds);
	(void)fflush(stdout);
}

/* METIS with the numbers of units that the plan has in each grid. */
static void
run_metis(const struct dyp_zone_problem *p, const struct dyp_zone_plan *plan, int seed,
          struct row *out)
{
	uint32_t *unit = malloc(p->n_records * sizeof *unit), label = 0;
	struct dyp_err err;
	double start = cpu_seconds();

	for (uint32_t g = 0; g < p->n_grids; g++) {
		uint32_t k = 0;
		for (uint32_t u = 0; u < plan->n_units; u++)
			k += plan->units[u].grid == g;
		metis_grid(p, g, k, label, seed, unit);
		label += k;
	}
	out->seconds = cpu_seconds() - start;
	(void)dyp_zone_verify(p, unit, NULL, &out->score, NULL, &err);
	out->score.empty = label - out->score.units;
	free(unit);
}

/* Five of a hundred records get 0.3 to 1.7 times their households; how many have to move? */
static void
run_stability(struct dyp_zone_file *file, const struct dyp_zone_plan *plan,
              const struct dyp_zone_options *o, const char *title)
{
	struct dyp_zone_problem *p = &file->problem;
	struct dyp_rng rng = { .state = o->seed };
	struct dyp_zone_plan *again = NULL;
	struct dyp_err err;

	for (uint32_t i = 0; i < p->n_records; i++) {
		file->records[i].unit = plan->unit[i];
		if (dyp_rng_below(&rng, 20) == 0)
			file->records[i].households = (uint32_t)(file->records[i].households *
			                                         (0.3 + 1.4 * dyp_rng_unit(&rng)));
	}
	double start = cpu_seconds();
	if (dyp_zone_solve(p, o, &again, &err) == DYP_OK)
		(void)printf(
			"| %-18s | 5 %% of the records changed: %.1f %% of the households move, "
			"%.1f %% of the units in range, rms %.1f %%, %.2f s\n",
			title, 100.0 * again->score.moved / again->score.households,
			100.0 * again->score.in_range / again->score.units,
			100 * again->score.deviation, cpu_seconds() - start);
	dyp_zone_plan_free(again);
}

static void
run_place(const char *title, const char *folder, bool ignore_grids, const struct size_of_unit *size,
          uint32_t seeds)
{
	double walk = 0, radius = 0;

	for (uint32_t seed = 1; seed <= seeds; seed++) {
		struct dyp_zone_options o = dyp_zone_options_default();
		struct row ours = { 0 }, metis = { 0 };
		struct dyp_zone_plan *plan = NULL;
		struct dyp_zone_file file;
		struct dyp_err err = { 0 };
		o.seed = seed;
		o.threads = 2;
		if (!load_place(folder, ignore_grids, &file))
			return;
		file.problem.target = size->target;
		file.problem.min = size->min;
		file.problem.max = size->max;
		double start = cpu_seconds();
		if (dyp_zone_solve(&file.problem, &o, &plan, &err) != DYP_OK) {
			(void)fprintf(stderr, "%s: %s: %s\n", title, err.field, err.text);
			exit(1);
		}
		ours.seconds = cpu_seconds() - start;
		ours.score = plan->score;
		run_metis(&file.problem, plan, (int)seed, &metis);
		print_row(title, "METIS", &metis);
		print_row(title, "ours", &ours);
		walk += ours.score.walk / metis.score.walk / seeds;
		radius += ours.score.radius / metis.score.radius / seeds;
		if (seed == 1)
			run_stability(&file, plan, &o, title);
		dyp_zone_plan_free(plan);
		dyp_zone_file_release(&file);
	}
	(void)printf("| %-18s | ours / METIS: walk %.3f, radius %.3f\n", title, walk, radius);
}

/* The place four times, side by side, with links made anew: 50,000 records of Monaco. */
static void
run_tiles(const char *title, const char *folder, const struct size_of_unit *size)
{
	enum { TILES = 4 };
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)4 << 30);
	const struct dy_geo_lines no_walls = { 0 };
	const struct dy_geo_points no_gates = { 0 };
	struct dyp_zone_options o = dyp_zone_options_default();
	struct dyp_zone_plan *plan = NULL;
	struct dyp_zone_link *more = NULL;
	struct dyp_zone_file file;
	struct dyp_err failed = { 0 };
	struct dy_geo_links near;
	struct dy_err err = { 0 };
	struct rusage usage;
	double wide = 0, high = 0;
	uint32_t n_more = 0;

	if (!load_place(folder, true, &file))
		return;
	const struct dyp_zone_problem *p = &file.problem;
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		wide = fabs(p->nodes[i].x) > wide ? fabs(p->nodes[i].x) : wide;
		high = fabs(p->nodes[i].y) > high ? fabs(p->nodes[i].y) : high;
	}
	struct dyp_zone_record *records =
		DY_NEW_ARRAY(arena, TILES * (size_t)p->n_records, struct dyp_zone_record);
	struct dyp_zone_node *nodes =
		DY_NEW_ARRAY(arena, TILES * (size_t)p->n_nodes, struct dyp_zone_node);
	struct dyp_zone_edge *edges =
		DY_NEW_ARRAY(arena, TILES * (size_t)p->n_edges, struct dyp_zone_edge);
	double *x = DY_NEW_ARRAY(arena, TILES * (size_t)p->n_records, double);
	double *y = DY_NEW_ARRAY(arena, TILES * (size_t)p->n_records, double);
	for (uint32_t t = 0; t < TILES; t++) {
		double dx = (t & 1) * 2 * wide, dy = (t >> 1) * 2 * high;
		for (uint32_t i = 0; i < p->n_records; i++) {
			uint32_t at = t * p->n_records + i;
			records[at] = p->records[i];
			records[at].x = x[at] = p->records[i].x + dx;
			records[at].y = y[at] = p->records[i].y + dy;
			records[at].building += t * p->n_records;
			records[at].door.edge += t * p->n_edges;
		}
		for (uint32_t i = 0; i < p->n_nodes; i++)
			nodes[t * p->n_nodes + i] =
				(struct dyp_zone_node){ p->nodes[i].x + dx, p->nodes[i].y + dy };
		for (uint32_t i = 0; i < p->n_edges; i++)
			edges[t * p->n_edges + i] =
				(struct dyp_zone_edge){ p->edges[i].from + t * p->n_nodes,
				                        p->edges[i].to + t * p->n_nodes,
				                        p->edges[i].metres };
	}
	struct dyp_zone_problem tiled = { .n_records = TILES * p->n_records,
		                          .n_nodes = TILES * p->n_nodes,
		                          .n_edges = TILES * p->n_edges,
		                          .n_grids = 1,
		                          .records = records,
		                          .nodes = nodes,
		                          .edges = edges,
		                          .target = size->target };
	const struct dy_geo_points points = { tiled.n_records, x, y };
	double start = cpu_seconds();
	if (dy_geo_neighbours(arena, &points, &no_walls, &no_gates, 150, &near, &err) != DY_OK)
		exit(1);
	struct dyp_zone_link *links =
		DY_NEW_ARRAY(arena, near.n + tiled.n_records, struct dyp_zone_link);
	for (size_t i = 0; i < near.n; i++)
		links[i] = (struct dyp_zone_link){ near.link[i].a, near.link[i].b,
			                           (float)near.link[i].metres };
	tiled.links = links;
	tiled.n_links = (uint32_t)near.n;
	if (dyp_zone_connect(&tiled, NULL, &more, &n_more, &failed) != DYP_OK)
		exit(1);
	for (uint32_t i = 0; i < n_more; i++)
		links[tiled.n_links++] = more[i];
	free(more);
	double linked = cpu_seconds() - start;
	o.threads = 2;
	struct row ours = { 0 }, metis = { 0 };
	if (dyp_zone_solve(&tiled, &o, &plan, &failed) != DYP_OK) {
		(void)fprintf(stderr, "%s: %s: %s\n", title, failed.field, failed.text);
		exit(1);
	}
	ours.seconds = cpu_seconds() - start;
	ours.score = plan->score;
	(void)getrusage(RUSAGE_SELF, &usage);
	run_metis(&tiled, plan, 1, &metis);
	print_row(title, "METIS", &metis);
	print_row(title, "ours", &ours);
	(void)printf("| %-18s | links %.2f s, %ld MB at most\n", title, linked,
	             usage.ru_maxrss / 1024);
	dyp_zone_plan_free(plan);
	dyp_zone_file_release(&file);
}

static bool
is_wanted(int argc, char **argv, const char *name, bool is_short)
{
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], name) == 0 || strcmp(argv[i], "all") == 0)
			return true;
	return argc < 3 && is_short;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct size_of_unit size;
		bool is_short;
	} runs[] = {
		{ "guixi", { 100, 0, 0 }, true },          { "bupt", { 100, 0, 0 }, true },
		{ "tsinghua", { 100, 0, 0 }, true },       { "helsinki", { 100, 0, 0 }, true },
		{ "guixi", { 40, 30, 50 }, false },        { "bupt", { 40, 30, 50 }, false },
		{ "tsinghua", { 40, 30, 50 }, false },     { "helsinki", { 40, 30, 50 }, false },
		{ "liechtenstein", { 100, 0, 0 }, false }, { "monaco", { 100, 0, 0 }, false },
		{ "monaco", { 40, 30, 50 }, false },
	};
	const char *root = getenv("DY_ZONE_PLACES") != NULL ? getenv("DY_ZONE_PLACES")
	                                                    : "../shared/instances/zoning";
	const char *wish = argc > 1 ? argv[1] : getenv("DY_SEEDS");
	uint32_t seeds = wish != NULL ? (uint32_t)strtoul(wish, NULL, 10) : 1;

	(void)printf(
		"| place, households  | tool  | recs  | units | rms %% | +-20%% | range | brk | "
		"emp | out | spl | radius |   walk |  cpu s |\n");
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
		for (int grids = 1; grids >= 0; grids--) {
			char folder[400], title[64];
			if (!is_wanted(argc, argv, runs[i].name, runs[i].is_short))
				continue;
			(void)snprintf(folder, sizeof folder, "%s/%s", root, runs[i].name);
			(void)snprintf(title, sizeof title, "%s %u%s", runs[i].name,
			               runs[i].size.target, grids ? "" : " city");
			run_place(title, folder, grids == 0, &runs[i].size, seeds > 0 ? seeds : 1);
		}
	if (is_wanted(argc, argv, "tiles", false)) {
		char folder[400];
		(void)snprintf(folder, sizeof folder, "%s/monaco", root);
		run_tiles("monaco 2x2 100", folder, &runs[0].size);
	}
	return 0;
}
