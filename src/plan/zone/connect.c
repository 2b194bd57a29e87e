/* Links between what links leave apart inside each grid: the nearest pairs, found by boxes. */
#include "model.h"

#include <math.h>

/* Records in square boxes. */
struct boxes {
	const struct dyp_zone_problem *p;
	double x, y, side;
	int64_t columns, rows;
	uint32_t *first, *record; /* by box */
	uint32_t *parent;         /* parts, as a forest */
};

static uint32_t
find(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

static int64_t
cell(double at, double from, double side, int64_t n)
{
	int64_t c = (int64_t)((at - from) / side);

	return c < 0 ? 0 : c >= n ? n - 1 : c;
}

static size_t
box_of(const struct boxes *b, uint32_t record)
{
	const struct dyp_zone_record *r = &b->p->records[record];

	return (size_t)(cell(r->y, b->y, b->side, b->rows) * b->columns +
	                cell(r->x, b->x, b->side, b->columns));
}

static bool
boxes_init(struct boxes *b, struct dyp_pool *pool)
{
	const struct dyp_zone_problem *p = b->p;
	double far_x = p->records[0].x, far_y = p->records[0].y;

	b->x = far_x;
	b->y = far_y;
	for (uint32_t i = 0; i < p->n_records; i++) {
		b->x = fmin(b->x, p->records[i].x);
		b->y = fmin(b->y, p->records[i].y);
		far_x = fmax(far_x, p->records[i].x);
		far_y = fmax(far_y, p->records[i].y);
	}
	/* about two records a box */
	b->side = fmax(10, sqrt(2 * (far_x - b->x) * (far_y - b->y) / p->n_records));
	b->side = fmax(b->side, fmax(far_x - b->x, far_y - b->y) / 4000);
	b->columns = (int64_t)((far_x - b->x) / b->side) + 1;
	b->rows = (int64_t)((far_y - b->y) / b->side) + 1;
	size_t n = (size_t)(b->columns * b->rows);
	b->first = DYP_NEW_ARRAY(pool, n + 2, uint32_t);
	b->record = DYP_NEW_ARRAY(pool, p->n_records, uint32_t);
	b->parent = DYP_NEW_ARRAY(pool, p->n_records, uint32_t);
	if (pool->failed)
		return false;
	for (uint32_t i = 0; i < p->n_records; i++)
		b->first[box_of(b, i) + 2]++;
	for (size_t i = 2; i < n + 2; i++)
		b->first[i] += b->first[i - 1];
	for (uint32_t i = 0; i < p->n_records; i++)
		b->record[b->first[box_of(b, i) + 1]++] = i;
	return true;
}

static void
try_box(struct boxes *b, int64_t column, int64_t row, uint32_t a, double *best,
        struct dyp_zone_link *out)
{
	const struct dyp_zone_record *r = &b->p->records[a];
	size_t at = (size_t)(row * b->columns + column);
	uint32_t part = find(b->parent, a);

	for (uint32_t i = b->first[at]; i < b->first[at + 1]; i++) {
		uint32_t other = b->record[i];
		const struct dyp_zone_record *o = &b->p->records[other];
		double dx = r->x - o->x, dy = r->y - o->y;
		if (o->grid != r->grid || dx * dx + dy * dy >= *best ||
		    find(b->parent, other) == part)
			continue;
		*best = dx * dx + dy * dy;
		*out = (struct dyp_zone_link){ a, other, (float)sqrt(*best) };
	}
}

/* The nearest record of another part of its grid, if nearer than *best: rings of boxes around. */
static void
nearest_other(struct boxes *b, uint32_t a, double *best, struct dyp_zone_link *out)
{
	const struct dyp_zone_record *r = &b->p->records[a];
	int64_t c0 = cell(r->x, b->x, b->side, b->columns);
	int64_t r0 = cell(r->y, b->y, b->side, b->rows);
	int64_t most = b->columns > b->rows ? b->columns : b->rows;

	for (int64_t ring = 0; ring <= most; ring++) {
		double near = ring > 1 ? (double)(ring - 1) * b->side : 0;
		if (near * near >= *best)
			return;
		for (int64_t row = r0 - ring; row <= r0 + ring; row++) {
			bool is_edge = row == r0 - ring || row == r0 + ring;
			if (row < 0 || row >= b->rows)
				continue;
			for (int64_t c = c0 - ring; c <= c0 + ring;
			     c += is_edge || ring == 0 ? 1 : 2 * ring)
				if (c >= 0 && c < b->columns)
					try_box(b, c, row, a, best, out);
		}
	}
}

/* The members of one part after the other: lists through `next`, by root. */
struct parts {
	uint32_t *head, *tail, *next;
};

static void
append(struct parts *l, uint32_t to, uint32_t from)
{
	l->next[l->tail[to]] = l->head[from];
	l->tail[to] = l->tail[from];
}

static bool
parts_init(struct parts *l, struct boxes *b, struct dyp_pool *pool)
{
	uint32_t n = b->p->n_records;

	l->head = DYP_NEW_ARRAY(pool, n, uint32_t);
	l->tail = DYP_NEW_ARRAY(pool, n, uint32_t);
	l->next = DYP_NEW_ARRAY(pool, n, uint32_t);
	if (pool->failed)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		b->parent[i] = l->head[i] = l->tail[i] = i;
		l->next[i] = DYP_ZONE_NONE;
	}
	for (uint32_t i = 0; i < b->p->n_links; i++) {
		uint32_t x = find(b->parent, b->p->links[i].a),
			 y = find(b->parent, b->p->links[i].b);
		if (x == y || b->p->records[x].grid != b->p->records[y].grid)
			continue;
		b->parent[y] = x;
		append(l, x, y);
	}
	return true;
}

/* Every part but the one with the grid's most records goes to its nearest neighbour, smallest
 * numbers first, until the grid is one part. */
static void
join_parts(struct boxes *b, struct parts *l, const uint32_t *largest, struct dyp_zone_link *out,
           uint32_t *n)
{
	for (uint32_t i = 0; i < b->p->n_records; i++) {
		uint32_t part = find(b->parent, i);
		while (part != find(b->parent, largest[b->p->records[i].grid])) {
			struct dyp_zone_link link = { 0 };
			double best = HUGE_VAL;
			for (uint32_t a = l->head[part]; a != DYP_ZONE_NONE; a = l->next[a])
				nearest_other(b, a, &best, &link);
			out[(*n)++] = link;
			uint32_t other = find(b->parent, link.b);
			b->parent[part] = other;
			append(l, other, part);
			part = other;
		}
	}
}

enum dyp_code
dyp_zone_connect(const struct dyp_zone_problem *problem, const struct dyp_memory *memory,
                 struct dyp_zone_link **out, uint32_t *n, struct dyp_err *err)
{
	struct boxes b = { .p = problem };
	struct parts parts;
	struct dyp_pool pool;
	enum dyp_code rc = DYP_OK;

	*out = NULL;
	*n = 0;
	dyp_pool_init(&pool, memory);
	uint32_t *size = DYP_NEW_ARRAY(&pool, problem->n_records, uint32_t);
	uint32_t *largest = DYP_NEW_ARRAY(&pool, problem->n_grids, uint32_t);
	if (pool.failed || !boxes_init(&b, &pool) || !parts_init(&parts, &b, &pool)) {
		rc = dyp_raise_memory(err);
	} else {
		uint32_t n_parts = 0;
		for (uint32_t i = 0; i < problem->n_records; i++)
			n_parts += size[find(b.parent, i)]++ == 0;
		for (uint32_t g = 0; g < problem->n_grids; g++)
			largest[g] = DYP_ZONE_NONE;
		for (uint32_t i = 0; i < problem->n_records; i++) {
			uint32_t *best = &largest[problem->records[i].grid];
			if (*best == DYP_ZONE_NONE || size[i] > size[*best])
				*best = i;
		}
		*out = dyp_memory_get(&pool.memory, n_parts, sizeof **out);
		if (*out == NULL)
			rc = dyp_raise_memory(err);
		else
			join_parts(&b, &parts, largest, *out, n);
	}
	dyp_pool_release(&pool);
	return rc;
}
