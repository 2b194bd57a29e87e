/* Doors of records on the network. */
#include "model.h"

#include <math.h>
#include <string.h>

/* Boxes of `side` metres, each with the edges that pass it. */
struct boxes {
	double x, y, side;
	uint32_t columns, rows;
	uint32_t *first, *edge;
	bool *is_main; /* by edge */
};

static uint32_t
find(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* Edges of the part of the network with the most metres. */
static bool
mark_main(struct boxes *b, const struct dyp_zone_problem *p, struct dyp_pool *pool)
{
	uint32_t *parent = DYP_NEW_ARRAY(pool, p->n_nodes, uint32_t);
	double *metres = DYP_NEW_ARRAY(pool, p->n_nodes, double);
	uint32_t best = 0;

	b->is_main = DYP_NEW_ARRAY(pool, p->n_edges, bool);
	if (pool->failed)
		return false;
	for (uint32_t i = 0; i < p->n_nodes; i++)
		parent[i] = i;
	for (uint32_t i = 0; i < p->n_edges; i++)
		parent[find(parent, p->edges[i].from)] = find(parent, p->edges[i].to);
	for (uint32_t i = 0; i < p->n_edges; i++)
		metres[find(parent, p->edges[i].from)] += p->edges[i].metres;
	for (uint32_t i = 0; i < p->n_nodes; i++)
		if (metres[i] > metres[best])
			best = i;
	for (uint32_t i = 0; i < p->n_edges; i++)
		b->is_main[i] = find(parent, p->edges[i].from) == best;
	return true;
}

static uint32_t
cell(double at, double from, double side, uint32_t n)
{
	double c = (at - from) / side;

	return c <= 0 ? 0 : c >= n - 1 ? n - 1 : (uint32_t)c;
}

static void
frame(struct boxes *b, const struct dyp_zone_problem *p)
{
	double x = HUGE_VAL, y = HUGE_VAL, far_x = -HUGE_VAL, far_y = -HUGE_VAL;

	for (uint32_t i = 0; i < p->n_nodes; i++) {
		x = fmin(x, p->nodes[i].x);
		y = fmin(y, p->nodes[i].y);
		far_x = fmax(far_x, p->nodes[i].x);
		far_y = fmax(far_y, p->nodes[i].y);
	}
	/* about one edge a box */
	b->side = fmax(25, sqrt((far_x - x) * (far_y - y) / (p->n_edges + 1.0)));
	b->x = x;
	b->y = y;
	b->columns = (uint32_t)fmin(4000, (far_x - x) / b->side + 1);
	b->rows = (uint32_t)fmin(4000, (far_y - y) / b->side + 1);
	b->side = fmax(b->side, fmax((far_x - x) / b->columns, (far_y - y) / b->rows) * 1.0000001);
}

static bool
boxes_init(struct boxes *b, const struct dyp_zone_problem *p, struct dyp_pool *pool)
{
	if (!mark_main(b, p, pool))
		return false;
	frame(b, p);
	size_t n = (size_t)b->columns * b->rows;
	b->first = DYP_NEW_ARRAY(pool, n + 2, uint32_t);
	if (pool->failed)
		return false;
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < p->n_edges; i++) {
			const struct dyp_zone_node *u = &p->nodes[p->edges[i].from];
			const struct dyp_zone_node *v = &p->nodes[p->edges[i].to];
			uint32_t c0 = cell(fmin(u->x, v->x), b->x, b->side, b->columns);
			uint32_t c1 = cell(fmax(u->x, v->x), b->x, b->side, b->columns);
			uint32_t r0 = cell(fmin(u->y, v->y), b->y, b->side, b->rows);
			uint32_t r1 = cell(fmax(u->y, v->y), b->y, b->side, b->rows);
			if (!b->is_main[i])
				continue;
			for (uint32_t r = r0; r <= r1; r++)
				for (uint32_t c = c0; c <= c1; c++) {
					size_t at = (size_t)r * b->columns + c;
					if (pass == 0)
						b->first[at + 2]++;
					else
						b->edge[b->first[at + 1]++] = i;
				}
		}
		if (pass == 1)
			break;
		for (size_t i = 1; i < n; i++)
			b->first[i + 1] += b->first[i];
		b->edge = DYP_NEW_ARRAY(pool, (size_t)b->first[n] + b->first[n + 1], uint32_t);
		if (b->edge == NULL)
			return false;
	}
	return true;
}

/* The nearest point of an edge; better ones replace *best (square metres) and *door. */
static void
try_edge(const struct dyp_zone_problem *p, uint32_t edge, double x, double y, double *best,
         struct dyp_zone_door *door)
{
	const struct dyp_zone_node *u = &p->nodes[p->edges[edge].from];
	const struct dyp_zone_node *v = &p->nodes[p->edges[edge].to];
	double dx = v->x - u->x, dy = v->y - u->y, square = dx * dx + dy * dy;
	double t = square > 0 ? ((x - u->x) * dx + (y - u->y) * dy) / square : 0;

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	double ax = u->x + t * dx - x, ay = u->y + t * dy - y;
	double away = ax * ax + ay * ay;
	if (away > *best || (away == *best && edge >= door->edge))
		return;
	*best = away;
	float along = (float)t * p->edges[edge].metres;
	*door = (struct dyp_zone_door){ edge, along, (float)sqrt(away) };
}

/* Rings of boxes around the record until no nearer edge can come. */
static void
snap(const struct boxes *b, const struct dyp_zone_problem *p, struct dyp_zone_record *r)
{
	uint32_t c0 = cell(r->x, b->x, b->side, b->columns),
		 r0 = cell(r->y, b->y, b->side, b->rows);
	uint32_t most = b->columns > b->rows ? b->columns : b->rows;
	double best = HUGE_VAL;

	r->door = (struct dyp_zone_door){ .edge = DYP_ZONE_NONE };
	for (uint32_t ring = 0; ring <= most; ring++) {
		double near = ring > 1 ? (ring - 1) * b->side : 0;
		if (near * near > best)
			return;
		for (int64_t row = (int64_t)r0 - ring; row <= (int64_t)r0 + ring; row++) {
			bool edge_row = row == (int64_t)r0 - ring || row == (int64_t)r0 + ring;
			int64_t step = edge_row || ring == 0 ? 1 : 2 * (int64_t)ring;
			if (row < 0 || row >= b->rows)
				continue;
			for (int64_t c = (int64_t)c0 - ring; c <= (int64_t)c0 + ring; c += step) {
				if (c < 0 || c >= b->columns)
					continue;
				size_t at = (size_t)row * b->columns + (size_t)c;
				for (uint32_t i = b->first[at]; i < b->first[at + 1]; i++)
					try_edge(p, b->edge[i], r->x, r->y, &best, &r->door);
			}
		}
	}
}

enum dyp_code
dyp_zone_snap(const struct dyp_zone_problem *problem, struct dyp_zone_record *records,
              struct dyp_err *err)
{
	struct boxes b = { 0 };
	struct dyp_pool pool;

	for (uint32_t i = 0; i < problem->n_edges; i++)
		if (problem->edges[i].from >= problem->n_nodes ||
		    problem->edges[i].to >= problem->n_nodes)
			return dyp_raise_item(err, DYP_BAD_INPUT, "edges", i, "from",
			                      "there are only %u nodes", problem->n_nodes);
	if (problem->n_edges == 0) {
		for (uint32_t i = 0; i < problem->n_records; i++)
			records[i].door = (struct dyp_zone_door){ .edge = DYP_ZONE_NONE };
		return DYP_OK;
	}
	dyp_pool_init(&pool, NULL);
	if (!boxes_init(&b, problem, &pool) || b.edge == NULL) {
		dyp_pool_release(&pool);
		return dyp_raise_memory(err);
	}
	for (uint32_t i = 0; i < problem->n_records; i++)
		snap(&b, problem, &records[i]);
	dyp_pool_release(&pool);
	return DYP_OK;
}
