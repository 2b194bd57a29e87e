/* Walked metres between the atoms of a grid: a bounded Dijkstra on the network from the centre
 * record of each. Small grids get the whole table, large ones the nearest atoms of each row. */
#include "model.h"

#include <math.h>
#include <string.h>

enum { DENSE_MAX = 1600, WIDTH_MIN = 96, WIDTH_MAX = 400, WIDTH_UNITS = 12 };

static const double DETOUR = 1.35; /* streets against straight lines, where no network is known */

/* The network as neighbour lists, and the records at each edge. */
struct net {
	const struct zp_model *m;
	uint32_t *first, *to, *edge;
	uint32_t *door_first, *door; /* records by edge */
};

/* What one thread works with. */
struct scratch {
	float *node, *record;          /* shortest so far */
	uint32_t *node_at, *record_at; /* search that wrote it */
	struct heap_item {
		float key;
		uint32_t node;
	} * heap;
	uint32_t heap_n, search, n_touched;
	uint32_t *touched; /* records, then atoms */
	float *sum, *weight;
	uint32_t *atom_at;
	struct rank {
		float metres;
		uint32_t atom;
	} * rank;
};

struct walks {
	struct zp_model *m;
	struct net net;
	struct scratch *scratch;
	const uint32_t *order; /* atom of job i */
};

static bool
net_init(struct net *net, struct zp_model *m)
{
	const struct dyp_zone_problem *p = m->problem;

	*net = (struct net){ .m = m };
	net->first = DYP_NEW_ARRAY(&m->pool, (size_t)p->n_nodes + 2, uint32_t);
	net->to = DYP_NEW_ARRAY(&m->pool, 2 * (size_t)p->n_edges, uint32_t);
	net->edge = DYP_NEW_ARRAY(&m->pool, 2 * (size_t)p->n_edges, uint32_t);
	net->door_first = DYP_NEW_ARRAY(&m->pool, (size_t)p->n_edges + 2, uint32_t);
	net->door = DYP_NEW_ARRAY(&m->pool, p->n_records, uint32_t);
	if (m->pool.failed)
		return false;
	for (uint32_t i = 0; i < p->n_edges; i++) {
		net->first[p->edges[i].from + 2]++;
		net->first[p->edges[i].to + 2]++;
	}
	for (uint32_t v = 1; v < p->n_nodes; v++)
		net->first[v + 1] += net->first[v];
	for (uint32_t i = 0; i < p->n_edges; i++) {
		uint32_t a = net->first[p->edges[i].from + 1]++;
		net->to[a] = p->edges[i].to;
		net->edge[a] = i;
		uint32_t b = net->first[p->edges[i].to + 1]++;
		net->to[b] = p->edges[i].from;
		net->edge[b] = i;
	}
	for (uint32_t i = 0; i < p->n_records; i++)
		if (p->records[i].door.edge != DYP_ZONE_NONE)
			net->door_first[p->records[i].door.edge + 2]++;
	for (uint32_t e = 1; e < p->n_edges; e++)
		net->door_first[e + 1] += net->door_first[e];
	for (uint32_t i = 0; i < p->n_records; i++)
		if (p->records[i].door.edge != DYP_ZONE_NONE)
			net->door[net->door_first[p->records[i].door.edge + 1]++] = i;
	return true;
}

static bool
scratch_init(struct scratch *s, struct zp_model *m)
{
	const struct dyp_zone_problem *p = m->problem;

	s->node = DYP_NEW_ARRAY(&m->pool, p->n_nodes, float);
	s->node_at = DYP_NEW_ARRAY(&m->pool, p->n_nodes, uint32_t);
	s->record = DYP_NEW_ARRAY(&m->pool, p->n_records, float);
	s->record_at = DYP_NEW_ARRAY(&m->pool, p->n_records, uint32_t);
	s->heap = DYP_NEW_ARRAY(&m->pool, 2 * (size_t)p->n_edges + 2, struct heap_item);
	s->touched = DYP_NEW_ARRAY(&m->pool, p->n_records, uint32_t);
	s->sum = DYP_NEW_ARRAY(&m->pool, m->n, float);
	s->weight = DYP_NEW_ARRAY(&m->pool, m->n, float);
	s->atom_at = DYP_NEW_ARRAY(&m->pool, m->n, uint32_t);
	s->rank = DYP_NEW_ARRAY(&m->pool, m->n, struct rank);
	return !m->pool.failed;
}

static void
heap_push(struct scratch *s, float key, uint32_t node)
{
	uint32_t i = s->heap_n++;

	while (i > 0 && s->heap[(i - 1) / 2].key > key) {
		s->heap[i] = s->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	s->heap[i] = (struct heap_item){ key, node };
}

static struct heap_item
heap_pop(struct scratch *s)
{
	struct heap_item top = s->heap[0], last = s->heap[--s->heap_n];
	uint32_t i = 0;

	for (;;) {
		uint32_t c = 2 * i + 1;
		if (c >= s->heap_n)
			break;
		if (c + 1 < s->heap_n && s->heap[c + 1].key < s->heap[c].key)
			c++;
		if (s->heap[c].key >= last.key)
			break;
		s->heap[i] = s->heap[c];
		i = c;
	}
	s->heap[i] = last;
	return top;
}

/* A record was reached; true when for the first time. */
static bool
touch(struct scratch *s, uint32_t record, float metres)
{
	if (s->record_at[record] == s->search) {
		if (metres < s->record[record])
			s->record[record] = metres;
		return false;
	}
	s->record_at[record] = s->search;
	s->record[record] = metres;
	s->touched[s->n_touched++] = record;
	return true;
}

static void
reach(struct scratch *s, uint32_t node, float metres)
{
	if (s->node_at[node] == s->search && s->node[node] <= metres)
		return;
	s->node_at[node] = s->search;
	s->node[node] = metres;
	heap_push(s, metres, node);
}

/* Records of the grid at the edges around a settled node. Returns how many are new. */
static uint32_t
touch_around(const struct net *net, struct scratch *s, uint32_t node, float metres, uint32_t grid)
{
	const struct dyp_zone_problem *p = net->m->problem;
	uint32_t found = 0;

	for (uint32_t i = net->first[node]; i < net->first[node + 1]; i++) {
		const struct dyp_zone_edge *e = &p->edges[net->edge[i]];
		for (uint32_t k = net->door_first[net->edge[i]];
		     k < net->door_first[net->edge[i] + 1]; k++) {
			const struct dyp_zone_record *r = &p->records[net->door[k]];
			if (r->grid != grid)
				continue;
			float along = e->from == node ? r->door.along : e->metres - r->door.along;
			found += touch(s, net->door[k], metres + along + r->door.stub);
		}
		reach(s, net->to[i], metres + e->metres);
	}
	return found;
}

/* Walks from a record until `quota` records of its grid are surely measured, or the network ends. */
static void
search_from(const struct net *net, struct scratch *s, uint32_t record, uint32_t quota)
{
	const struct dyp_zone_problem *p = net->m->problem;
	const struct dyp_zone_record *r = &p->records[record];
	const struct dyp_zone_edge *e = &p->edges[r->door.edge];
	uint32_t found = 0;
	float until = HUGE_VALF;

	s->search++;
	s->heap_n = s->n_touched = 0;
	for (uint32_t k = net->door_first[r->door.edge]; k < net->door_first[r->door.edge + 1];
	     k++) {
		const struct dyp_zone_record *o = &p->records[net->door[k]];
		if (o->grid == r->grid)
			found += touch(s, net->door[k],
			               fabsf(o->door.along - r->door.along) + r->door.stub +
			                       o->door.stub);
	}
	s->record[record] = 0;
	reach(s, e->from, r->door.stub + r->door.along);
	reach(s, e->to, r->door.stub + e->metres - r->door.along);
	while (s->heap_n > 0) {
		if (found >= quota && until == HUGE_VALF) {
			until = 0;
			for (uint32_t i = 0; i < s->n_touched; i++)
				if (s->record[s->touched[i]] > until)
					until = s->record[s->touched[i]];
		}
		struct heap_item top = heap_pop(s);
		if (top.key > until)
			return;
		if (top.key == s->node[top.node])
			found += touch_around(net, s, top.node, top.key, r->grid);
	}
}

static uint16_t
whole_metres(double metres)
{
	return metres >= DYP_ZONE_METRES_MAX ? DYP_ZONE_METRES_MAX : (uint16_t)lround(metres);
}

/* What a walk counts in the search: far ones more. */
static double
felt(const struct zp_model *m, double metres)
{
	return metres > m->o.walk_max ? metres + m->o.walk_over * (metres - m->o.walk_max) : metres;
}

static double
straight(const struct zp_model *m, uint32_t a, uint32_t b)
{
	double dx = m->atom[a].x - m->atom[b].x, dy = m->atom[a].y - m->atom[b].y;

	return DETOUR * sqrt(dx * dx + dy * dy);
}

/* Means by atom of the touched records. Leaves their atoms in s->touched; returns how many. */
static uint32_t
gather(const struct zp_model *m, struct scratch *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n_touched; i++) {
		uint32_t record = s->touched[i], a = m->atom_of[record];
		float weight = m->atom[a].households > 0
		                       ? (float)m->problem->records[record].households
		                       : 1.0F;
		if (s->atom_at[a] != s->search) {
			s->atom_at[a] = s->search;
			s->sum[a] = s->weight[a] = 0;
			s->touched[n++] = a; /* n <= i: what is overwritten was read */
		}
		s->sum[a] += weight * (float)felt(m, s->record[record]);
		s->weight[a] += weight;
	}
	return n;
}

static double
mean_metres(const struct scratch *s, const struct zp_model *m, uint32_t c, uint32_t a)
{
	if (s->atom_at[a] == s->search && s->weight[a] > 0)
		return s->sum[a] / s->weight[a];
	return felt(m, straight(m, c, a));
}

static bool
is_nearer(struct rank a, struct rank b)
{
	return a.metres < b.metres || (a.metres == b.metres && a.atom < b.atom);
}

/* Moves the `keep` nearest to the front (quickselect, middle pivot). */
static void
select_nearest(struct rank *r, uint32_t n, uint32_t keep)
{
	uint32_t low = 0, high = n;

	while (high - low > 1) {
		struct rank pivot = r[low + (high - low) / 2];
		uint32_t i = low, k = high - 1;
		for (;;) {
			while (is_nearer(r[i], pivot))
				i++;
			while (is_nearer(pivot, r[k]))
				k--;
			if (i >= k)
				break;
			struct rank t = r[i];
			r[i] = r[k];
			r[k] = t;
		}
		if (keep <= i)
			high = i;
		else
			low = i + 1;
		if (low >= keep)
			return;
	}
}

static void
sort_atoms(struct rank *r, uint32_t n)
{
	for (uint32_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (uint32_t i = gap; i < n; i++) {
			struct rank x = r[i];
			uint32_t k = i;
			for (; k >= gap && r[k - gap].atom > x.atom; k -= gap)
				r[k] = r[k - gap];
			r[k] = x;
		}
}

static void
sparse_row(const struct zp_model *m, struct scratch *s, const struct zp_grid *g, uint32_t c,
           uint32_t found)
{
	const struct zp_table *t = &g->table;
	size_t row = (size_t)(c - g->first) * t->width;
	uint32_t n = 0;

	for (uint32_t i = 0; i < found; i++)
		s->rank[n++] =
			(struct rank){ (float)mean_metres(s, m, c, s->touched[i]), s->touched[i] };
	/* Too few were reached: the row is filled with atoms by number, straight. */
	for (uint32_t a = g->first; n < t->width && a < g->first + g->n; a++)
		if (s->atom_at[a] != s->search)
			s->rank[n++] = (struct rank){ (float)felt(m, straight(m, c, a)), a };
	if (n > t->width)
		select_nearest(s->rank, n, t->width);
	sort_atoms(s->rank, t->width);
	for (uint32_t i = 0; i < t->width; i++) {
		t->column[row + i] = s->rank[i].atom - g->first;
		t->metres[row + i] = whole_metres(s->rank[i].metres);
	}
}

static void
measure(void *ctx, uint32_t c, uint32_t thread)
{
	struct walks *w = ctx;
	const struct zp_model *m = w->m;
	struct scratch *s = &w->scratch[thread];
	const struct zp_grid *g = &m->grid[m->atom[c].grid];
	const struct dyp_zone_record *rep = &m->problem->records[m->atom[c].rep];
	uint32_t in_grid = m->first[g->first + g->n] - m->first[g->first];
	uint32_t records = g->table.column == NULL
	                           ? in_grid
	                           : (uint32_t)((uint64_t)g->table.width * in_grid / g->n * 9 / 8);

	if (rep->door.edge != DYP_ZONE_NONE) {
		search_from(&w->net, s, m->atom[c].rep, records);
	} else {
		s->search++;
		s->n_touched = 0;
	}
	uint32_t found = gather(m, s);
	if (g->table.column != NULL) {
		sparse_row(m, s, g, c, found);
		return;
	}
	uint16_t *row = g->table.metres + (size_t)(c - g->first) * g->n;
	for (uint32_t a = g->first; a < g->first + g->n; a++)
		row[a - g->first] = whole_metres(mean_metres(s, m, c, a));
}

static bool
table_init(struct zp_model *m, struct zp_grid *g)
{
	uint32_t width = g->n / g->k * WIDTH_UNITS;

	g->table.width = g->n;
	if (g->n > DENSE_MAX) {
		g->table.width = width < WIDTH_MIN   ? WIDTH_MIN
		                 : width > WIDTH_MAX ? WIDTH_MAX
		                                     : width;
		g->table.column = DYP_NEW_ARRAY(&m->pool, (size_t)g->n * g->table.width, uint32_t);
	}
	g->table.metres = DYP_NEW_ARRAY(&m->pool, (size_t)g->n * g->table.width, uint16_t);
	return !m->pool.failed;
}

enum dyp_code
zp_walk_tables(struct zp_model *m, struct dyp_err *err)
{
	struct walks w = { .m = m };
	uint32_t threads = m->o.threads > 0 ? m->o.threads : 1;

	w.scratch = DYP_NEW_ARRAY(&m->pool, threads, struct scratch);
	if (m->pool.failed || !net_init(&w.net, m))
		return dyp_raise_memory(err);
	for (uint32_t i = 0; i < threads; i++)
		if (!scratch_init(&w.scratch[i], m))
			return dyp_raise_memory(err);
	for (uint32_t g = 0; g < m->n_grids; g++)
		if (!table_init(m, &m->grid[g]))
			return dyp_raise_memory(err);
	zp_parallel(threads, m->n, measure, &w);
	return DYP_OK;
}
