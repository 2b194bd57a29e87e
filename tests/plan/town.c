#include "town.h"

#include "kit.h"

#include <math.h>
#include <stdlib.h>

static void
link_up(struct town *t, uint32_t a, uint32_t b)
{
	double dx = t->records[a].x - t->records[b].x, dy = t->records[a].y - t->records[b].y;

	t->links[t->problem.n_links++] =
		(struct dyp_zone_link){ a, b, (float)sqrt(dx * dx + dy * dy) };
}

static void
streets(struct town *t, uint32_t rows, uint32_t columns)
{
	uint32_t across = columns + 1;

	for (uint32_t r = 0; r <= rows; r++)
		for (uint32_t c = 0; c <= columns; c++) {
			uint32_t node = r * across + c;
			t->nodes[node] = (struct dyp_zone_node){ 30.0 * c - 15, 30.0 * r - 15 };
			if (c > 0)
				t->edges[t->problem.n_edges++] =
					(struct dyp_zone_edge){ node - 1, node, 30 };
			if (r > 0 && c % 2 == 0)
				t->edges[t->problem.n_edges++] =
					(struct dyp_zone_edge){ node - across, node, 30 };
		}
	t->problem.n_nodes = (rows + 1) * across;
}

void
town_make(struct town *t, uint32_t rows, uint32_t columns, uint32_t most, uint32_t grid,
          uint32_t stairs, uint64_t seed)
{
	uint32_t n = rows * columns, n_nodes = (rows + 1) * (columns + 1);
	struct dyp_rng rng = { .state = dyp_mix(seed) };

	*t = (struct town){ .records = calloc(n, sizeof *t->records),
		            .links = calloc(4 * (size_t)n, sizeof *t->links),
		            .nodes = calloc(n_nodes, sizeof *t->nodes),
		            .edges = calloc(2 * (size_t)n_nodes, sizeof *t->edges) };
	t->problem.n_records = n;
	t->problem.n_grids = grid > 0 ? (rows + grid - 1) / grid : 1;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t r = i / columns, c = i % columns;
		t->records[i] = (struct dyp_zone_record){
			.x = 30.0 * c + 12 * (dyp_rng_unit(&rng) - 0.5),
			.y = 30.0 * r + 12 * (dyp_rng_unit(&rng) - 0.5),
			.households = 2 + dyp_rng_below(&rng, most - 1),
			.elderly = dyp_rng_below(&rng, most),
			.grid = grid > 0 ? r / grid : 0,
			.building = stairs > 0 ? r * columns + c / stairs : DYP_ZONE_NONE,
			.unit = DYP_ZONE_NONE,
		};
	}
	for (uint32_t i = 0; i < n; i++) {
		if (i % columns > 0)
			link_up(t, i - 1, i);
		if (i >= columns)
			link_up(t, i - columns, i);
		if (i >= columns && i % columns > 0 && dyp_rng_below(&rng, 2) == 0)
			link_up(t, i - columns - 1, i);
	}
	streets(t, rows, columns);
	t->problem.records = t->records;
	t->problem.links = t->links;
	t->problem.nodes = t->nodes;
	t->problem.edges = t->edges;
	t->problem.target = 40;
	struct dyp_err err;
	if (dyp_zone_snap(&t->problem, t->records, &err) != DYP_OK)
		abort();
}

void
town_free(struct town *t)
{
	free(t->records);
	free(t->links);
	free(t->nodes);
	free(t->edges);
}
