/* A too heavy unit hands an atom on, unit by unit, to one that is too light. */
#include "field.h"

#include <math.h>
#include <string.h>

enum { LONGEST = 6 };

/* The unit draws a way to the nearest unit (over borders, at most LONGEST steps) that is as much
 * too light as this one is too heavy, or the other way round. Returns the number of units. */
static uint32_t
find_way(struct zp_field *f, uint32_t start, uint32_t *way)
{
	uint32_t *came = f->tree->count, *queue = f->tree->stack;
	uint32_t depth[LONGEST + 2] = { 0, 1 }, n = 1, end = DYP_ZONE_NONE;
	double off = f->sum[start].w - f->price.mean;
	double goal = -0.4 * off;

	/* units are fewer than atoms, so that the scratch of atoms serves */
	for (uint32_t u = 0; u < f->k; u++)
		came[u] = DYP_ZONE_NONE;
	came[start] = start;
	queue[0] = start;
	for (uint32_t d = 0; d < LONGEST - 1 && end == DYP_ZONE_NONE; d++) {
		for (uint32_t i = depth[d]; i < depth[d + 1] && end == DYP_ZONE_NONE; i++)
			for (uint32_t a = f->sum[queue[i]].head;
			     a != DYP_ZONE_NONE && end == DYP_ZONE_NONE; a = f->next[a])
				for (uint32_t k = f->adj_first[a]; k < f->adj_first[a + 1]; k++) {
					uint32_t u = f->unit[f->adj[k]];
					if (came[u] != DYP_ZONE_NONE)
						continue;
					came[u] = queue[i];
					queue[n++] = u;
					double other = f->sum[u].w - f->price.mean;
					if (off > 0 ? other < goal : other > goal) {
						end = u;
						break;
					}
				}
		depth[d + 2] = n;
	}
	if (end == DYP_ZONE_NONE)
		return 0;
	n = 0;
	for (uint32_t u = end; u != start; u = came[u])
		way[n++] = u;
	way[n++] = start;
	return n;
}

/* The atom whose going over costs least; ties and near ties by chance. */
static uint32_t
cheapest(struct zp_field *f, uint32_t from, uint32_t to, const uint32_t *not_these, uint32_t n_not)
{
	uint32_t best = DYP_ZONE_NONE;
	double least = HUGE_VAL;

	for (uint32_t a = f->sum[from].head; a != DYP_ZONE_NONE; a = f->next[a]) {
		bool near = false, used = a == f->sum[from].centre;
		for (uint32_t i = 0; i < n_not; i++)
			used = used || not_these[i] == a;
		for (uint32_t i = f->adj_first[a]; i < f->adj_first[a + 1] && !near; i++)
			near = f->unit[f->adj[i]] == to;
		if (!near || used || f->is_pinned[a])
			continue;
		double price = f->h[a] * ((double)zp_metres(f, f->sum[to].centre, a) -
		                          zp_metres(f, f->sum[from].centre, a)) +
		               f->price.move * (zp_stay(f, a, to) - zp_stay(f, a, from));
		/* going over is worth the more, the more it evens out */
		double after = fabs(f->sum[from].w - f->w[a] - f->price.mean);
		price += f->price.balance * f->price.length * after;
		price *= 0.7 + 0.6 * dyp_rng_unit(&f->rng);
		if (price < least && zp_may_leave(f, a)) {
			least = price;
			best = a;
		}
	}
	return best;
}

static double
cost_of(const struct zp_field *f, const uint32_t *way, uint32_t n)
{
	double cost = zp_extra(f);

	for (uint32_t i = 0; i < n; i++)
		cost += f->sum[way[i]].cost;
	return cost;
}

bool
zp_chain(struct zp_field *f, double temperature)
{
	uint32_t way[LONGEST + 1], used[LONGEST + 1];
	uint32_t start = dyp_rng_below(&f->rng, f->k);

	/* the less even of two */
	uint32_t other = dyp_rng_below(&f->rng, f->k);
	if (fabs(f->sum[other].w - f->price.mean) > fabs(f->sum[start].w - f->price.mean))
		start = other;
	uint32_t n = find_way(f, start, way);
	if (n < 2)
		return false;
	bool heavy = f->sum[start].w > f->price.mean;
	double before = cost_of(f, way, n);
	f->n_journal = 0;
	for (uint32_t i = 0; i + 1 < n; i++) {
		/* way[n-1] is the start */
		uint32_t from = heavy ? way[n - 1 - i] : way[i];
		uint32_t to = heavy ? way[n - 2 - i] : way[i + 1];
		uint32_t atom = cheapest(f, from, to, used, i);
		if (atom == DYP_ZONE_NONE) {
			zp_undo(f, 0);
			return false;
		}
		used[i] = atom;
		zp_move(f, atom, to);
	}
	double after = cost_of(f, way, n);
	if (!zp_accepts(f, after - before, temperature)) {
		zp_undo(f, 0);
		return false;
	}
	f->n_journal = 0;
	for (uint32_t i = 0; i < n; i++)
		zp_centre_near(f, way[i]);
	return true;
}
