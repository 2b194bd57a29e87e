/* Records into atoms, links into neighbours, households into numbers of units. */
#include "model.h"

#include <math.h>

static uint32_t
find(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* The smaller number leads, so that atoms come in the order of their first record. */
static void
join(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = find(parent, a);
	b = find(parent, b);
	parent[a > b ? a : b] = a > b ? b : a;
}

/* Stairwells of one building and grid that links connect, as long as they fit one unit together
 * and were not pinned apart. */
static bool
join_buildings(struct zp_model *m, uint32_t *parent)
{
	const struct dyp_zone_problem *p = m->problem;
	uint32_t *households = DYP_NEW_ARRAY(&m->pool, p->n_records, uint32_t);
	uint32_t *pin = DYP_NEW_ARRAY(&m->pool, p->n_records, uint32_t);
	bool *apart = DYP_NEW_ARRAY(&m->pool, p->n_records, bool);

	if (m->pool.failed)
		return false;
	for (uint32_t i = 0; i < p->n_records; i++)
		parent[i] = i;
	for (uint32_t i = 0; i < p->n_links && m->o.whole_buildings; i++) {
		const struct dyp_zone_record *a = &p->records[p->links[i].a];
		const struct dyp_zone_record *b = &p->records[p->links[i].b];
		if (a->building != DYP_ZONE_NONE && a->building == b->building &&
		    a->grid == b->grid)
			join(parent, p->links[i].a, p->links[i].b);
	}
	for (uint32_t i = 0; i < p->n_records; i++) {
		uint32_t lead = find(parent, i);
		households[lead] += p->records[i].households;
		if (!p->records[i].pinned)
			continue;
		if (pin[lead] != 0 && pin[lead] != p->records[i].unit + 1)
			apart[lead] = true;
		pin[lead] = p->records[i].unit + 1;
	}
	/* Every record of a building that is to be divided leads itself again. */
	for (uint32_t i = 0; i < p->n_records; i++)
		parent[i] = find(parent, i);
	for (uint32_t i = 0; i < p->n_records; i++)
		if (households[parent[i]] > m->max || apart[parent[i]])
			apart[i] = true;
	for (uint32_t i = 0; i < p->n_records; i++)
		if (apart[i])
			parent[i] = i;
	return true;
}

/* Numbers the atoms grid by grid and lists their records. */
static bool
number_atoms(struct zp_model *m, uint32_t *parent)
{
	const struct dyp_zone_problem *p = m->problem;
	uint32_t *at = DYP_NEW_ARRAY(&m->pool, (size_t)m->n_grids + 1, uint32_t);

	m->atom_of = DYP_NEW_ARRAY(&m->pool, p->n_records, uint32_t);
	m->grid = DYP_NEW_ARRAY(&m->pool, m->n_grids, struct zp_grid);
	m->member = DYP_NEW_ARRAY(&m->pool, p->n_records, uint32_t);
	if (m->pool.failed)
		return false;
	for (uint32_t i = 0; i < p->n_records; i++)
		if (parent[i] == i) {
			m->grid[p->records[i].grid].n++;
			m->n++;
		}
	for (uint32_t g = 0; g < m->n_grids; g++) {
		at[g + 1] = at[g] + m->grid[g].n;
		m->grid[g].first = at[g];
	}
	m->atom = DYP_NEW_ARRAY(&m->pool, m->n, struct zp_atom);
	m->first = DYP_NEW_ARRAY(&m->pool, (size_t)m->n + 1, uint32_t);
	if (m->pool.failed)
		return false;
	for (uint32_t i = 0; i < p->n_records; i++)
		m->atom_of[i] = parent[i] == i ? at[p->records[i].grid]++ : m->atom_of[parent[i]];
	for (uint32_t i = 0; i < p->n_records; i++)
		m->first[m->atom_of[i] + 1]++;
	for (uint32_t a = 0; a < m->n; a++)
		m->first[a + 1] += m->first[a];
	for (uint32_t i = p->n_records; i-- > 0;)
		m->member[--m->first[m->atom_of[i] + 1]] = i;
	/* The fill left first[a + 1] at the start of atom a. */
	for (uint32_t a = 0; a < m->n; a++)
		m->first[a] = m->first[a + 1];
	m->first[m->n] = p->n_records;
	return true;
}

/* The record in the middle of the atom, and what the atom weighs. */
static void
weigh_atom(struct zp_model *m, uint32_t atom)
{
	const struct dyp_zone_record *records = m->problem->records;
	struct zp_atom *a = &m->atom[atom];
	uint32_t from = m->first[atom], to = m->first[atom + 1];
	double share, best = HUGE_VAL;

	*a = (struct zp_atom){ .home = DYP_ZONE_NONE,
		               .grid = records[m->member[from]].grid,
		               .building = records[m->member[from]].building };
	for (uint32_t i = from; i < to; i++)
		a->households += records[m->member[i]].households;
	for (uint32_t i = from; i < to; i++) {
		const struct dyp_zone_record *r = &records[m->member[i]];
		share = a->households > 0 ? r->households : ZP_EMPTY_WEIGHT / (to - from);
		a->h += share;
		a->x += share * r->x;
		a->y += share * r->y;
		a->second += share * (r->x * r->x + r->y * r->y);
		a->w += r->households + m->o.elderly * r->elderly + m->o.vulnerable * r->vulnerable;
		if (!a->is_pinned && (r->pinned || a->home == DYP_ZONE_NONE))
			a->home = r->unit;
		a->is_pinned = a->is_pinned || r->pinned;
	}
	a->x /= a->h;
	a->y /= a->h;
	for (uint32_t i = from; i < to; i++) {
		const struct dyp_zone_record *r = &records[m->member[i]];
		double away = (r->x - a->x) * (r->x - a->x) + (r->y - a->y) * (r->y - a->y);
		if (away < best) {
			best = away;
			a->rep = m->member[i];
		}
	}
}

static void
sort_row(uint32_t *adj, float *metres, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		uint32_t v = adj[i];
		float d = metres[i];
		uint32_t k = i;
		for (; k > 0 && (adj[k - 1] > v || (adj[k - 1] == v && metres[k - 1] > d)); k--) {
			adj[k] = adj[k - 1];
			metres[k] = metres[k - 1];
		}
		adj[k] = v;
		metres[k] = d;
	}
}

static bool
list_neighbours(struct zp_model *m)
{
	const struct dyp_zone_problem *p = m->problem;
	uint32_t *at = DYP_NEW_ARRAY(&m->pool, (size_t)m->n + 1, uint32_t);

	m->adj_first = DYP_NEW_ARRAY(&m->pool, (size_t)m->n + 1, uint32_t);
	m->adj = DYP_NEW_ARRAY(&m->pool, 2 * (size_t)p->n_links, uint32_t);
	m->adj_metres = DYP_NEW_ARRAY(&m->pool, 2 * (size_t)p->n_links, float);
	if (m->pool.failed)
		return false;
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < p->n_links; i++) {
			uint32_t a = m->atom_of[p->links[i].a], b = m->atom_of[p->links[i].b];
			if (a == b || m->atom[a].grid != m->atom[b].grid)
				continue;
			if (pass == 1) {
				m->adj[at[a]] = b;
				m->adj_metres[at[a]] = p->links[i].metres;
				m->adj[at[b]] = a;
				m->adj_metres[at[b]] = p->links[i].metres;
			}
			at[a]++;
			at[b]++;
		}
		if (pass == 1)
			break;
		for (uint32_t a = 0, sum = 0; a <= m->n; a++) {
			uint32_t count = a < m->n ? at[a] : 0;
			m->adj_first[a] = sum;
			if (a < m->n)
				at[a] = sum;
			sum += count;
		}
	}
	/* Several links between two atoms become their shortest one. */
	uint32_t kept = 0;
	for (uint32_t a = 0; a < m->n; a++) {
		uint32_t from = m->adj_first[a], n = m->adj_first[a + 1] - from, start = kept;
		sort_row(m->adj + from, m->adj_metres + from, n);
		m->adj_first[a] = start;
		for (uint32_t i = from; i < from + n; i++)
			if (kept == start || m->adj[kept - 1] != m->adj[i]) {
				m->adj[kept] = m->adj[i];
				m->adj_metres[kept++] = m->adj_metres[i];
			}
	}
	m->adj_first[m->n] = kept;
	return true;
}

/* Only in a connected grid can every unit be: dyp_zone_connect() gives the links that lack. */
static enum dyp_code
check_connected(struct zp_model *m, uint32_t *parent, struct dyp_err *err)
{
	for (uint32_t a = 0; a < m->n; a++)
		parent[a] = a;
	for (uint32_t a = 0; a < m->n; a++)
		for (uint32_t i = m->adj_first[a]; i < m->adj_first[a + 1]; i++)
			join(parent, a, m->adj[i]);
	for (uint32_t g = 0; g < m->n_grids; g++)
		for (uint32_t a = m->grid[g].first; a < m->grid[g].first + m->grid[g].n; a++)
			if (find(parent, a) != find(parent, m->grid[g].first))
				return dyp_raise_item(
					err, DYP_BAD_INPUT, "records", m->member[m->first[a]],
					"grid", "no links join it to the other records of grid %u",
					g);
	return DYP_OK;
}

static uint32_t
units_of(const struct zp_model *m, const struct zp_grid *g)
{
	uint32_t k = 0, rest = g->households;

	for (uint32_t a = g->first; a < g->first + g->n; a++)
		if (m->atom[a].households > m->max) {
			k++;
			rest -= m->atom[a].households;
		}
	uint32_t wish = (uint32_t)(((uint64_t)rest * 2 + m->problem->target) /
	                           (2 * (uint64_t)m->problem->target));
	uint32_t low = (rest + m->max - 1) / m->max;
	uint32_t high = m->min > 0 ? rest / m->min : wish;
	if (low <= high)
		wish = wish < low ? low : wish > high ? high : wish;
	k += wish;
	k = k < 1 ? 1 : k;
	return k > g->n ? g->n : k;
}

/* Grids gain or give units one by one, where that leaves the mean nearest to the target. */
static void
share_units(struct zp_model *m, uint32_t wanted)
{
	uint64_t sum = 0;

	for (uint32_t g = 0; g < m->n_grids; g++)
		sum += m->grid[g].k;
	while (sum != wanted) {
		bool more = sum < wanted;
		uint32_t best = DYP_ZONE_NONE;
		double best_mean = 0;
		for (uint32_t g = 0; g < m->n_grids; g++) {
			struct zp_grid *x = &m->grid[g];
			if (more ? x->k >= x->n : x->k <= 1)
				continue;
			double mean = x->households / (more ? x->k + 0.5 : x->k - 0.5);
			if (best == DYP_ZONE_NONE || (more ? mean > best_mean : mean < best_mean)) {
				best = g;
				best_mean = mean;
			}
		}
		if (best == DYP_ZONE_NONE)
			return;
		m->grid[best].k = more ? m->grid[best].k + 1 : m->grid[best].k - 1;
		sum = more ? sum + 1 : sum - 1;
	}
}

void
zp_model_count_units(struct zp_model *m)
{
	for (uint32_t g = 0; g < m->n_grids; g++)
		m->grid[g].k = units_of(m, &m->grid[g]);
	if (m->problem->units > 0)
		share_units(m, m->problem->units);
}

enum dyp_code
zp_model_init(struct zp_model *m, const struct dyp_zone_problem *problem,
              const struct dyp_zone_options *o, struct dyp_err *err)
{
	*m = (struct zp_model){ .problem = problem, .o = *o, .n_grids = problem->n_grids };
	dyp_pool_init(&m->pool, &o->memory);
	enum dyp_code rc = zp_check(problem, o, err);
	if (rc != DYP_OK)
		return rc;
	m->min = problem->max > 0 ? problem->min : (problem->target * 4 + 4) / 5;
	m->max = problem->max > 0 ? problem->max : problem->target * 6 / 5;
	uint32_t *parent = DYP_NEW_ARRAY(&m->pool, problem->n_records, uint32_t);
	m->minus_log = DYP_NEW_ARRAY(&m->pool, (size_t)1 << ZP_LOG_BITS, double);
	for (int i = 0; m->minus_log != NULL && i < 1 << ZP_LOG_BITS; i++)
		m->minus_log[i] = -dyp_log((i + 0.5) / (1 << ZP_LOG_BITS));
	if (m->pool.failed || !join_buildings(m, parent) || !number_atoms(m, parent))
		return dyp_raise_memory(err);
	for (uint32_t a = 0; a < m->n; a++)
		weigh_atom(m, a);
	if (!list_neighbours(m))
		return dyp_raise_memory(err);
	for (uint32_t a = 0; a < m->n; a++) {
		m->grid[m->atom[a].grid].households += m->atom[a].households;
		m->grid[m->atom[a].grid].mean += m->atom[a].w;
	}
	for (uint32_t g = 0; g < m->n_grids; g++)
		if (m->grid[g].n == 0)
			return dyp_raise_item(err, DYP_BAD_INPUT, "grids", g, "", "has no records");
	rc = check_connected(m, parent, err);
	if (rc == DYP_OK)
		zp_model_count_units(m);
	return rc;
}

void
zp_model_release(struct zp_model *m)
{
	dyp_pool_release(&m->pool);
}
