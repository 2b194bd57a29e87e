/* Units of a field with running sums, and the changes of one atom. */
#include "field.h"

#include <math.h>
#include <string.h>

static bool
field_alloc(struct zp_field *f, uint32_t arcs, bool with_walks, struct dyp_pool *pool)
{
	size_t n = f->n;

	f->x = DYP_NEW_ARRAY(pool, n, double);
	f->y = DYP_NEW_ARRAY(pool, n, double);
	f->h = DYP_NEW_ARRAY(pool, n, double);
	f->w = DYP_NEW_ARRAY(pool, n, double);
	f->households = DYP_NEW_ARRAY(pool, n, double);
	f->second = DYP_NEW_ARRAY(pool, n, double);
	f->adj_first = DYP_NEW_ARRAY(pool, n + 1, uint32_t);
	f->adj = DYP_NEW_ARRAY(pool, arcs, uint32_t);
	f->adj_metres = DYP_NEW_ARRAY(pool, arcs, float);
	f->adj_bond = DYP_NEW_ARRAY(pool, arcs, bool);
	f->has_bond = DYP_NEW_ARRAY(pool, n, bool);
	if (with_walks)
		f->metres = DYP_NEW_ARRAY(pool, n * n, uint16_t);
	f->id = DYP_NEW_ARRAY(pool, n, uint32_t);
	f->unit = DYP_NEW_ARRAY(pool, n, uint32_t);
	f->home = DYP_NEW_ARRAY(pool, n, uint32_t);
	f->is_pinned = DYP_NEW_ARRAY(pool, n, bool);
	f->next = DYP_NEW_ARRAY(pool, n, uint32_t);
	f->prev = DYP_NEW_ARRAY(pool, n, uint32_t);
	f->sum = DYP_NEW_ARRAY(pool, n + 1, struct zp_sum);
	f->label = DYP_NEW_ARRAY(pool, n + 1, uint32_t);
	f->journal = DYP_NEW_ARRAY(pool, 4 * n + 64, struct zp_undo);
	f->mark = DYP_NEW_ARRAY(pool, n, uint32_t);
	f->queue = DYP_NEW_ARRAY(pool, n, uint32_t);
	f->best = DYP_NEW_ARRAY(pool, n, uint32_t);
	struct zp_tree *t = DYP_NEW_ARRAY(pool, 1, struct zp_tree);
	f->tree = t;
	if (t == NULL)
		return false;
	t->arc = DYP_NEW_ARRAY(pool, arcs / 2 + 1, struct zp_arc);
	t->parent = DYP_NEW_ARRAY(pool, n, uint32_t);
	t->order = DYP_NEW_ARRAY(pool, n, uint32_t);
	t->count = DYP_NEW_ARRAY(pool, n, uint32_t);
	t->list = DYP_NEW_ARRAY(pool, n, uint32_t);
	t->stack = DYP_NEW_ARRAY(pool, n, uint32_t);
	t->sum = DYP_NEW_ARRAY(pool, n, struct zp_sum);
	return !pool->failed;
}

/* Rows of the grid's table for the field's atoms. Pairs a sparse table does not know are far. */
static void
copy_walks(struct zp_field *f, const struct zp_grid *g, const uint32_t *local)
{
	const struct zp_table *t = &g->table;
	size_t n = f->n;

	if (t->column == NULL) {
		for (uint32_t c = 0; c < f->n; c++)
			for (uint32_t a = 0; a < f->n; a++)
				f->metres[c * n + a] =
					t->metres[(size_t)(f->id[c] - g->first) * g->n +
				                  (f->id[a] - g->first)];
		return;
	}
	for (uint32_t c = 0; c < f->n; c++)
		for (uint32_t a = 0; a < f->n; a++) {
			double dx = f->x[c] - f->x[a], dy = f->y[c] - f->y[a];
			double far = 200 + 1.6 * sqrt(dx * dx + dy * dy);
			f->metres[c * n + a] =
				far > DYP_ZONE_METRES_MAX ? DYP_ZONE_METRES_MAX : (uint16_t)far;
		}
	for (uint32_t c = 0; c < f->n; c++) {
		size_t row = (size_t)(f->id[c] - g->first) * t->width;
		for (uint32_t i = 0; i < t->width; i++) {
			uint32_t a = local[g->first + t->column[row + i]];
			if (a < f->n && f->id[a] == g->first + t->column[row + i])
				f->metres[c * n + a] = t->metres[row + i];
		}
	}
}

static uint32_t
count_arcs(const struct zp_field *f, const uint32_t *id, uint32_t n, const uint32_t *local)
{
	const struct zp_model *m = f->m;
	uint32_t arcs = 0;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = m->adj_first[id[i]]; k < m->adj_first[id[i] + 1]; k++) {
			uint32_t a = local[m->adj[k]];
			arcs += a < n && id[a] == m->adj[k];
		}
	return arcs;
}

bool
zp_field_init(struct zp_field *f, const struct zp_model *m, uint32_t grid, const uint32_t *id,
              uint32_t n, uint32_t k, bool with_walks, uint32_t *local, struct dyp_pool *pool)
{
	const struct zp_grid *g = &m->grid[grid];

	*f = (struct zp_field){ .n = n, .k = k, .grid = grid, .m = m };
	for (uint32_t i = 0; i < n; i++)
		local[id[i]] = i;
	if (!field_alloc(f, count_arcs(f, id, n, local), with_walks, pool))
		return false;
	for (uint32_t i = 0, at = 0; i < n; i++) {
		const struct zp_atom *a = &m->atom[id[i]];
		f->id[i] = id[i];
		f->x[i] = a->x;
		f->y[i] = a->y;
		f->h[i] = a->h;
		f->w[i] = a->w;
		f->households[i] = a->households;
		f->second[i] = a->second;
		f->is_pinned[i] = a->is_pinned;
		f->home[i] = DYP_ZONE_NONE;
		for (uint32_t j = m->adj_first[id[i]]; j < m->adj_first[id[i] + 1]; j++) {
			uint32_t b = local[m->adj[j]];
			if (b >= n || id[b] != m->adj[j])
				continue;
			f->adj[at] = b;
			f->adj_bond[at] = a->building != DYP_ZONE_NONE &&
			                  a->building == m->atom[m->adj[j]].building;
			f->has_bond[i] = f->has_bond[i] || f->adj_bond[at];
			f->adj_metres[at++] = m->adj_metres[j];
		}
		f->adj_first[i + 1] = at;
	}
	if (with_walks)
		copy_walks(f, g, local);
	f->price = (struct zp_prices){ .mean = g->mean > 0 ? g->mean : 1,
		                       .min = m->min,
		                       .max = m->max,
		                       .half = 0.5 * (m->max - m->min) / (m->problem->target),
		                       .length = 1,
		                       .balance = m->o.balance,
		                       .range = m->o.range,
		                       .round = m->o.roundness,
		                       .move = m->o.move_price };
	if (f->price.half < 0.02)
		f->price.half = 0.02;
	return true;
}

/* Price of a unit's size, in lengths of all its households: d^2 + 4 max(0, |d| - half/2)^2 times the
 * price of balance, and 0.1 + 2 d for what is out of range, times the price of the range. */
static double
balance_price(const struct zp_prices *p, const struct zp_sum *u)
{
	double d = fabs(u->w / p->mean - 1);
	double past = d - 0.5 * p->half;
	double out = u->in_range > p->max   ? u->in_range - p->max
	             : u->in_range < p->min ? p->min - u->in_range
	                                    : 0;
	double phi = p->balance * d * d;

	if (past > 0)
		phi += p->balance * 4 * past * past;
	if (out > 0)
		phi += p->range * (0.1 + 2 * out / p->mean);
	return p->length * p->mean * phi;
}

double
zp_unit_price(const struct zp_field *f, const struct zp_sum *u)
{
	double inertia = u->h > 0 ? u->second - (u->x * u->x + u->y * u->y) / u->h : 0;

	if (inertia < 0)
		inertia = 0;
	return balance_price(&f->price, u) + u->walk + f->price.round * inertia / f->price.length;
}

static void
link_atom(struct zp_field *f, uint32_t atom, uint32_t unit)
{
	struct zp_sum *u = &f->sum[unit];

	f->unit[atom] = unit;
	f->prev[atom] = DYP_ZONE_NONE;
	f->next[atom] = u->head;
	if (u->head != DYP_ZONE_NONE)
		f->prev[u->head] = atom;
	u->head = atom;
	u->count++;
}

static void
unlink_atom(struct zp_field *f, uint32_t atom)
{
	struct zp_sum *u = &f->sum[f->unit[atom]];

	if (f->prev[atom] != DYP_ZONE_NONE)
		f->next[f->prev[atom]] = f->next[atom];
	else
		u->head = f->next[atom];
	if (f->next[atom] != DYP_ZONE_NONE)
		f->prev[f->next[atom]] = f->prev[atom];
	u->count--;
}

static void
add_sums(const struct zp_field *f, struct zp_sum *u, uint32_t atom, double sign)
{
	u->w += sign * f->w[atom];
	u->h += sign * f->h[atom];
	u->in_range += sign * f->households[atom];
	u->x += sign * f->h[atom] * f->x[atom];
	u->y += sign * f->h[atom] * f->y[atom];
	u->second += sign * f->second[atom];
}

static double
walk_to(const struct zp_field *f, uint32_t unit, uint32_t centre)
{
	double sum = 0;

	for (uint32_t a = f->sum[unit].head; a != DYP_ZONE_NONE; a = f->next[a])
		sum += f->h[a] * zp_metres(f, centre, a);
	return sum;
}

static void
set_centre(struct zp_field *f, uint32_t unit, uint32_t centre, double walk)
{
	struct zp_sum *u = &f->sum[unit];

	u->cost += walk - u->walk;
	u->walk = walk;
	u->centre = centre;
}

void
zp_centre_best(struct zp_field *f, uint32_t unit)
{
	struct zp_sum *u = &f->sum[unit];
	uint32_t best = u->head;
	double least = HUGE_VAL;

	if (f->metres == NULL)
		return;
	for (uint32_t c = u->head; c != DYP_ZONE_NONE; c = f->next[c]) {
		double walk = walk_to(f, unit, c);
		/* the order of the list must not decide */
		if (walk < least || (walk == least && c < best)) {
			least = walk;
			best = c;
		}
	}
	set_centre(f, unit, best, least);
}

void
zp_centre_near(struct zp_field *f, uint32_t unit)
{
	struct zp_sum *u = &f->sum[unit];

	for (;;) {
		uint32_t centre = u->centre;
		for (uint32_t i = f->adj_first[centre]; i < f->adj_first[centre + 1]; i++) {
			if (f->unit[f->adj[i]] != unit)
				continue;
			double walk = walk_to(f, unit, f->adj[i]);
			if (walk < u->walk - 1e-6)
				set_centre(f, unit, f->adj[i], walk);
		}
		if (u->centre == centre)
			return;
	}
}

void
zp_field_sum(struct zp_field *f)
{
	for (uint32_t u = 0; u < f->k; u++)
		f->sum[u] = (struct zp_sum){ .head = DYP_ZONE_NONE, .centre = DYP_ZONE_NONE };
	f->moved = 0;
	f->cut = 0;
	for (uint32_t a = f->n; a-- > 0;) {
		link_atom(f, a, f->unit[a]);
		f->moved += zp_stay(f, a, f->unit[a]);
	}
	for (uint32_t u = 0; u < f->k; u++) {
		struct zp_sum *s = &f->sum[u];
		for (uint32_t a = s->head; a != DYP_ZONE_NONE; a = f->next[a])
			add_sums(f, s, a, 1);
		zp_centre_best(f, u);
		s->cost = zp_unit_price(f, s);
	}
	for (uint32_t a = 0; a < f->n; a++)
		for (uint32_t i = f->adj_first[a]; f->has_bond[a] && i < f->adj_first[a + 1]; i++)
			f->cut +=
				f->adj_bond[i] && f->adj[i] > a && f->unit[a] != f->unit[f->adj[i]];
	f->n_journal = 0;
}

double
zp_field_cost(const struct zp_field *f)
{
	double cost = zp_extra(f);

	for (uint32_t u = 0; u < f->k; u++)
		cost += f->sum[u].cost;
	return cost;
}

static void
move_quietly(struct zp_field *f, uint32_t atom, uint32_t to)
{
	uint32_t from = f->unit[atom];
	struct zp_sum *a = &f->sum[from], *b = &f->sum[to];

	f->moved += zp_stay(f, atom, to) - zp_stay(f, atom, from);
	f->cut += zp_bonds_cut(f, atom, to);
	unlink_atom(f, atom);
	add_sums(f, a, atom, -1);
	a->walk -= f->h[atom] * zp_metres(f, a->centre, atom);
	link_atom(f, atom, to);
	add_sums(f, b, atom, 1);
	b->walk += f->h[atom] * zp_metres(f, b->centre, atom);
	if (a->centre == atom)
		zp_centre_best(f, from);
	a->cost = zp_unit_price(f, a);
	b->cost = zp_unit_price(f, b);
}

void
zp_move(struct zp_field *f, uint32_t atom, uint32_t to)
{
	f->journal[f->n_journal++] = (struct zp_undo){ atom, f->unit[atom] };
	move_quietly(f, atom, to);
}

void
zp_undo(struct zp_field *f, uint32_t length)
{
	while (f->n_journal > length) {
		struct zp_undo j = f->journal[--f->n_journal];
		move_quietly(f, j.atom, j.from);
	}
}

/* All neighbours in the unit are reached from the first of them without the atom. */
bool
zp_may_leave(struct zp_field *f, uint32_t atom)
{
	uint32_t unit = f->unit[atom], wanted = 0, n = 0;

	if (f->is_pinned[atom] || f->sum[unit].count < 2)
		return false;
	f->round += 2;
	for (uint32_t i = f->adj_first[atom]; i < f->adj_first[atom + 1]; i++)
		if (f->unit[f->adj[i]] == unit) {
			f->mark[f->adj[i]] = f->round; /* wanted */
			f->queue[0] = f->adj[i];
			wanted++;
		}
	if (wanted < 2)
		return wanted == 1;
	f->mark[f->queue[0]] = f->round + 1; /* reached */
	f->mark[atom] = f->round + 1;
	n = 1;
	wanted--;
	for (uint32_t i = 0; i < n && wanted > 0; i++) {
		uint32_t a = f->queue[i];
		for (uint32_t k = f->adj_first[a]; k < f->adj_first[a + 1]; k++) {
			uint32_t b = f->adj[k];
			if (f->unit[b] != unit || f->mark[b] == f->round + 1)
				continue;
			wanted -= f->mark[b] == f->round;
			f->mark[b] = f->round + 1;
			f->queue[n++] = b;
		}
	}
	return wanted == 0;
}
