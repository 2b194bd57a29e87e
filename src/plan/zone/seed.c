/* A first division: the field is bisected by the best edge of random trees, again and again, until
 * each part is one unit. Parts are connected and not empty by construction. */
#include "field.h"

#include <math.h>

enum { TRIES = 6 };

static const double UNEVEN = 20; /* price of a part that is not a whole number of units */

struct part {
	uint32_t from, n, k, unit; /* atoms list[from ...]; units unit ... unit+k-1 */
};

static double
inertia(const struct zp_sum *s)
{
	double i = s->h > 0 ? s->second - (s->x * s->x + s->y * s->y) / s->h : 0;

	return i > 0 ? i : 0;
}

static struct zp_sum
rest_of(const struct zp_sum *all, const struct zp_sum *s)
{
	return (struct zp_sum){ .w = all->w - s->w,
		                .h = all->h - s->h,
		                .x = all->x - s->x,
		                .y = all->y - s->y,
		                .second = all->second - s->second,
		                .count = all->count - s->count };
}

/* How good is it to cut off `s`, and how many units does it get? HUGE_VAL: not possible. */
static double
judge(const struct zp_sum *all, const struct zp_sum *s, uint32_t k, uint32_t *k1)
{
	struct zp_sum r = rest_of(all, s);
	double mean = all->w > 0 ? all->w / k : 1;
	double share = s->w / mean;
	uint32_t units = share < 1 ? 1 : (uint32_t)(share + 0.5);
	double whole = inertia(all);

	units = units > k - 1 ? k - 1 : units;
	units = units > s->count ? s->count : units;
	if (k - units > r.count)
		units = k - r.count;
	if (units > s->count || units >= k)
		return HUGE_VAL;
	*k1 = units;
	double off = share - units;
	double lopsided = k > 4 && (units * 4 < k || units * 4 > 3 * k) ? 2 : 0;
	/* In the last steps an uneven cut is an uneven unit, above it is spread over many. */
	double uneven = UNEVEN * off * off * (1.0 / units + 1.0 / (k - units));
	return uneven + lopsided + (whole > 0 ? (inertia(s) + inertia(&r)) / whole : 0);
}

/* Marks the atoms below `root` in the tree as belonging to the second part and sorts them there. */
static uint32_t
divide(struct zp_field *f, struct part p, uint32_t root)
{
	struct zp_tree *t = f->tree;
	uint32_t below = 0, n = 0;

	f->round += 2;
	for (uint32_t i = 0; i < p.n; i++) {
		uint32_t a = t->order[i];
		bool under = a == root || (i > 0 && f->mark[t->parent[a]] == f->round);
		if (under)
			f->mark[a] = f->round;
		below += under;
	}
	for (uint32_t i = 0; i < p.n; i++)
		f->queue[i] = t->order[i];
	for (uint32_t i = 0; i < p.n; i++) {
		bool under = f->mark[f->queue[i]] == f->round;
		if (under)
			t->list[p.from + n++] = f->queue[i];
	}
	for (uint32_t i = 0; i < p.n; i++)
		if (f->mark[f->queue[i]] != f->round)
			t->list[p.from + n++] = f->queue[i];
	return below;
}

static uint32_t
bisect(struct zp_field *f, struct part p, uint32_t *k1)
{
	struct zp_tree *t = f->tree;
	double best = HUGE_VAL;
	uint64_t best_rng = f->rng.state;
	uint32_t best_root = DYP_ZONE_NONE;

	for (int try = 0; try < TRIES; try++) {
		uint64_t state = f->rng.state;
		zp_tree_grow(f, t->list + p.from, p.n);
		zp_tree_sum(f, p.n);
		for (uint32_t i = 1; i < p.n; i++) {
			uint32_t units = 0;
			double price =
				judge(&t->sum[t->order[0]], &t->sum[t->order[i]], p.k, &units);
			if (price < best) {
				best = price;
				best_root = t->order[i];
				best_rng = state;
				*k1 = units;
			}
		}
	}
	/* The best tree is grown again rather than kept. */
	uint64_t after = f->rng.state;
	f->rng.state = best_rng;
	zp_tree_grow(f, t->list + p.from, p.n);
	f->rng.state = after;
	return divide(f, p, best_root);
}

void
zp_seed(struct zp_field *f)
{
	struct zp_tree *t = f->tree;
	/* the stack of parts lies in the sums of units, which are not in use yet */
	struct part *stack = (struct part *)(void *)f->sum;
	uint32_t depth = 0;

	for (uint32_t a = 0; a < f->n; a++)
		t->list[a] = a;
	stack[depth++] = (struct part){ 0, f->n, f->k, 0 };
	while (depth > 0) {
		struct part p = stack[--depth];
		if (p.k == 1) {
			for (uint32_t i = 0; i < p.n; i++)
				f->unit[t->list[p.from + i]] = p.unit;
			continue;
		}
		uint32_t k1 = 0;
		uint32_t n1 = bisect(f, p, &k1);
		stack[depth++] = (struct part){ p.from, n1, k1, p.unit };
		stack[depth++] = (struct part){ p.from + n1, p.n - n1, p.k - k1, p.unit + k1 };
	}
}
