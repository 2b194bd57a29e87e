/* Parts of a large field: groups of whole units, divided at lines whose direction and place differ
 * from stage to stage. */
#include "solve.h"

#include <math.h>
#include <string.h>

struct group {
	uint32_t from, n; /* units order[from ...] */
	int depth;
};

struct cut {
	struct zp_field *f;
	uint32_t *order; /* units */
	double *key, *cx, *cy;
	double dx, dy; /* direction of the first line's normal */
};

/* By key, then number (Shell's sort: groups are small, and it needs no memory). */
static void
sort_units(const struct cut *c, uint32_t *order, uint32_t n)
{
	for (uint32_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (uint32_t i = gap; i < n; i++) {
			uint32_t x = order[i], k = i;
			for (; k >= gap &&
			       (c->key[order[k - gap]] > c->key[x] ||
			        (c->key[order[k - gap]] == c->key[x] && order[k - gap] > x));
			     k -= gap)
				order[k] = order[k - gap];
			order[k] = x;
		}
}

static uint32_t
atoms_of(const struct cut *c, struct group g)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g.n; i++)
		n += c->f->sum[c->order[g.from + i]].count;
	return n;
}

/* Units before the line: a share of the atoms around the half, by chance. */
static uint32_t
split(struct cut *c, struct group g, uint32_t atoms)
{
	/* across, then along the direction of the stage */
	double dx = g.depth % 2 == 0 ? c->dx : -c->dy, dy = g.depth % 2 == 0 ? c->dy : c->dx;
	uint32_t sum = 0, n = 0;

	for (uint32_t i = 0; i < g.n; i++) {
		uint32_t u = c->order[g.from + i];
		c->key[u] = dx * c->cx[u] + dy * c->cy[u];
	}
	sort_units(c, c->order + g.from, g.n);
	double goal = atoms * (0.38 + 0.24 * dyp_rng_unit(&c->f->rng));
	while (n < g.n - 1 && (n == 0 || sum < goal))
		sum += c->f->sum[c->order[g.from + n++]].count;
	return n;
}

static bool
make_part(struct cut *c, struct group g, uint32_t *local, struct dyp_pool *pool,
          struct zp_field *part)
{
	struct zp_field *f = c->f;
	uint32_t n = 0, *id = f->tree->stack;

	for (uint32_t i = 0; i < g.n; i++)
		for (uint32_t a = f->sum[c->order[g.from + i]].head; a != DYP_ZONE_NONE;
		     a = f->next[a])
			id[n++] = f->id[a];
	if (!zp_field_init(part, f->m, f->grid, id, n, g.n, true, local, pool))
		return false;
	const uint32_t first = f->m->grid[f->grid].first; /* a large field is its whole grid */
	for (uint32_t i = 0; i < g.n; i++) {
		uint32_t u = c->order[g.from + i];
		part->label[i] = u;
		f->tree->count[u] = i;
	}
	for (uint32_t a = 0; a < n; a++) {
		uint32_t home = f->home[part->id[a] - first], unit = f->unit[part->id[a] - first];
		part->unit[a] = f->tree->count[unit];
		part->home[a] = home;
		if (home == DYP_ZONE_NONE)
			continue;
		uint32_t here = home < f->k ? f->tree->count[home] : DYP_ZONE_NONE;
		part->home[a] = here < g.n && part->label[here] == home ? here : DYP_ZONE_NONE - 1;
	}
	part->price = f->price;
	part->rng.state = dyp_rng_next(&f->rng);
	part->best_cost = HUGE_VAL;
	zp_field_sum(part);
	return true;
}

bool
zp_cut_parts(struct zp_field *f, uint32_t most, uint32_t *local, struct dyp_pool *pool,
             struct zp_field *part, uint32_t *n)
{
	struct cut c = { .f = f, .dx = dyp_rng_unit(&f->rng) };
	struct group *stack = DYP_NEW_ARRAY(pool, f->k, struct group);
	uint32_t depth = 0;

	c.dy = sqrt(1 - c.dx * c.dx);
	c.order = DYP_NEW_ARRAY(pool, f->k, uint32_t);
	c.key = DYP_NEW_ARRAY(pool, f->k, double);
	c.cx = DYP_NEW_ARRAY(pool, f->k, double);
	c.cy = DYP_NEW_ARRAY(pool, f->k, double);
	if (pool->failed)
		return false;
	for (uint32_t u = 0; u < f->k; u++) {
		c.order[u] = u;
		c.cx[u] = f->sum[u].x / f->sum[u].h;
		c.cy[u] = f->sum[u].y / f->sum[u].h;
	}
	stack[depth++] = (struct group){ 0, f->k, 0 };
	while (depth > 0) {
		struct group g = stack[--depth];
		uint32_t atoms = atoms_of(&c, g);
		if (atoms <= most || g.n == 1) {
			if (!make_part(&c, g, local, pool, &part[(*n)++]))
				return false;
			continue;
		}
		uint32_t first = split(&c, g, atoms);
		stack[depth++] = (struct group){ g.from, first, g.depth + 1 };
		stack[depth++] = (struct group){ g.from + first, g.n - first, g.depth + 1 };
	}
	return true;
}

void
zp_take_part(struct zp_field *f, const struct zp_field *part)
{
	const uint32_t first = f->m->grid[f->grid].first;

	for (uint32_t a = 0; a < part->n; a++)
		f->unit[part->id[a] - first] = part->label[part->unit[a]];
}
