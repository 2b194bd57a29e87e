/* Two neighbouring units are merged and cut anew at the best edge of a random tree. */
#include "field.h"

#include <math.h>
#include <string.h>

/* Rough price of a half before its centre is known: what is walked goes with the inertia. */
static double
rough_price(const struct zp_field *f, const struct zp_sum *s)
{
	double inertia = s->h > 0 ? s->second - (s->x * s->x + s->y * s->y) / s->h : 0;
	struct zp_sum plain = *s;

	plain.walk = s->h > 0 && inertia > 0 ? sqrt(inertia * s->h) : 0;
	return zp_unit_price(f, &plain);
}

static struct zp_sum
rest_of(const struct zp_sum *all, const struct zp_sum *s)
{
	return (struct zp_sum){ .w = all->w - s->w,
		                .h = all->h - s->h,
		                .in_range = all->in_range - s->in_range,
		                .x = all->x - s->x,
		                .y = all->y - s->y,
		                .second = all->second - s->second,
		                .count = all->count - s->count };
}

/* Atoms of a, then of b, into list. */
static uint32_t
list_both(const struct zp_field *f, uint32_t a, uint32_t b)
{
	uint32_t n = 0;

	for (uint32_t i = f->sum[a].head; i != DYP_ZONE_NONE; i = f->next[i])
		f->tree->list[n++] = i;
	for (uint32_t i = f->sum[b].head; i != DYP_ZONE_NONE; i = f->next[i])
		f->tree->list[n++] = i;
	return n;
}

/* Bonds cut by the border between the two units. */
static int64_t
cut_between(const struct zp_field *f, uint32_t a, uint32_t b, uint32_t n)
{
	int64_t cut = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = f->tree->list[i];
		for (uint32_t k = f->adj_first[x]; f->has_bond[x] && k < f->adj_first[x + 1]; k++)
			cut += f->unit[x] == a && f->adj_bond[k] && f->unit[f->adj[k]] == b;
	}
	return cut;
}

/* Puts the atoms of list into the two units by side and sums both anew. */
static void
rebuild(struct zp_field *f, uint32_t a, uint32_t b, uint32_t n, const uint32_t *side)
{
	struct zp_sum *s;

	for (uint32_t i = 0; i < n; i++)
		f->moved -= zp_stay(f, f->tree->list[i], f->unit[f->tree->list[i]]);
	f->cut -= cut_between(f, a, b, n);
	f->sum[a] = f->sum[b] = (struct zp_sum){ .head = DYP_ZONE_NONE };
	for (uint32_t i = n; i-- > 0;) {
		uint32_t atom = f->tree->list[i];
		uint32_t unit = side[i];
		s = &f->sum[unit];
		f->unit[atom] = unit;
		f->prev[atom] = DYP_ZONE_NONE;
		f->next[atom] = s->head;
		if (s->head != DYP_ZONE_NONE)
			f->prev[s->head] = atom;
		s->head = atom;
		s->count++;
		s->w += f->w[atom];
		s->h += f->h[atom];
		s->in_range += f->households[atom];
		s->x += f->h[atom] * f->x[atom];
		s->y += f->h[atom] * f->y[atom];
		s->second += f->second[atom];
		f->moved += zp_stay(f, atom, unit);
	}
	f->cut += cut_between(f, a, b, n);
}

static uint32_t
best_edge(const struct zp_field *f, uint32_t n)
{
	const struct zp_tree *t = f->tree;
	const struct zp_sum *all = &t->sum[t->order[0]];
	uint32_t best = DYP_ZONE_NONE;
	double least = HUGE_VAL;

	for (uint32_t i = 1; i < n; i++) {
		struct zp_sum rest = rest_of(all, &t->sum[t->order[i]]);
		double price = rough_price(f, &t->sum[t->order[i]]) + rough_price(f, &rest);
		if (price < least) {
			least = price;
			best = t->order[i];
		}
	}
	return best;
}

/* Units of the list's atoms after the cut: the side that has more of a's weight stays a. False
 * when a pinned atom would have to leave. */
static bool
choose_sides(struct zp_field *f, uint32_t a, uint32_t b, uint32_t n, uint32_t root, uint32_t *side)
{
	struct zp_tree *t = f->tree;
	double keep = 0; /* weight that stays when the lower side becomes a */
	bool fine = true;

	f->round += 2;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = t->order[i];
		bool under = x == root || (i > 0 && f->mark[t->parent[x]] == f->round);
		if (under)
			f->mark[x] = f->round;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = t->list[i];
		uint32_t at = f->home[x] == a || f->home[x] == b ? f->home[x] : f->unit[x];
		bool under = f->mark[x] == f->round;
		double weight = f->is_pinned[x] ? 1e12 : f->h[x];
		keep += (under == (at == a) ? 1 : -1) * weight;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = t->list[i];
		bool under = f->mark[x] == f->round;
		side[i] = under == (keep >= 0) ? a : b;
		fine = fine && (!f->is_pinned[x] || side[i] == f->unit[x]);
	}
	return fine;
}

bool
zp_recut(struct zp_field *f, double temperature)
{
	struct zp_tree *t = f->tree;
	uint32_t atom = dyp_rng_below(&f->rng, f->n);
	uint32_t from = f->adj_first[atom], degree = f->adj_first[atom + 1] - from;

	if (degree == 0)
		return false;
	uint32_t a = f->unit[atom], b = f->unit[f->adj[from + dyp_rng_below(&f->rng, degree)]];
	if (a == b)
		return false;
	uint32_t n = list_both(f, a, b);
	zp_tree_grow(f, t->list, n);
	zp_tree_sum(f, n);
	uint32_t root = best_edge(f, n);
	if (!choose_sides(f, a, b, n, root, t->stack))
		return false;
	struct zp_sum was_a = f->sum[a], was_b = f->sum[b];
	double before = was_a.cost + was_b.cost + zp_extra(f);
	uint32_t *old = f->queue;
	for (uint32_t i = 0; i < n; i++)
		old[i] = f->unit[t->list[i]];
	rebuild(f, a, b, n, t->stack);
	zp_centre_best(f, a);
	zp_centre_best(f, b);
	f->sum[a].cost = zp_unit_price(f, &f->sum[a]);
	f->sum[b].cost = zp_unit_price(f, &f->sum[b]);
	double after = f->sum[a].cost + f->sum[b].cost + zp_extra(f);
	if (zp_accepts(f, after - before, temperature))
		return true;
	rebuild(f, a, b, n, old);
	uint32_t head_a = f->sum[a].head, head_b = f->sum[b].head;
	f->sum[a] = was_a;
	f->sum[b] = was_b;
	f->sum[a].head = head_a;
	f->sum[b].head = head_b;
	return false;
}
