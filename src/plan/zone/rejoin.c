/* The last step: buildings that lie in several units without need become whole. A division of a
 * building is needed when putting it together would push a unit (further) out of the range, empty
 * it or break it. */
#include "field.h"

#include <string.h>

struct whole {
	struct zp_field *f;
	uint32_t *part, n; /* atoms of one building */
	uint32_t *seen;
	uint32_t stamp;
	double *households; /* by unit */
	uint32_t *count;
};

static double
outside(const struct zp_field *f, double households)
{
	return households > f->price.max   ? households - f->price.max
	       : households < f->price.min ? f->price.min - households
	                                   : 0;
}

static void
gather(struct whole *w, uint32_t atom)
{
	struct zp_field *f = w->f;

	w->n = 0;
	w->part[w->n++] = atom;
	w->seen[atom] = w->stamp;
	for (uint32_t i = 0; i < w->n; i++)
		for (uint32_t k = f->adj_first[w->part[i]]; k < f->adj_first[w->part[i] + 1]; k++)
			if (f->adj_bond[k] && w->seen[f->adj[k]] != w->stamp) {
				w->seen[f->adj[k]] = w->stamp;
				w->part[w->n++] = f->adj[k];
			}
}

static void
put(struct whole *w, uint32_t atom, uint32_t unit)
{
	struct zp_field *f = w->f;

	w->households[f->unit[atom]] -= f->households[atom];
	w->count[f->unit[atom]]--;
	f->unit[atom] = unit;
	w->households[unit] += f->households[atom];
	w->count[unit]++;
}

/* Is what is left of the unit around the building connected, and is there any? */
static bool
stays_whole(struct whole *w, uint32_t unit)
{
	struct zp_field *f = w->f;
	uint32_t n = 0;

	f->round += 2;
	for (uint32_t i = 0; i < w->n && n == 0; i++)
		for (uint32_t k = f->adj_first[w->part[i]];
		     k < f->adj_first[w->part[i] + 1] && n == 0; k++)
			if (f->unit[f->adj[k]] == unit) {
				f->queue[n++] = f->adj[k];
				f->mark[f->adj[k]] = f->round;
			}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = f->adj_first[f->queue[i]]; k < f->adj_first[f->queue[i] + 1];
		     k++) {
			uint32_t b = f->adj[k];
			if (f->unit[b] != unit || f->mark[b] == f->round)
				continue;
			f->mark[b] = f->round;
			f->queue[n++] = b;
		}
	return n > 0 && n == w->count[unit];
}

/* Tries the building in one unit; keeps it there when no unit suffers. */
static bool
try_unit(struct whole *w, uint32_t unit, const uint32_t *was)
{
	struct zp_field *f = w->f;
	double before = outside(f, w->households[unit]), after = 0;
	bool fine = true;

	f->round += 2;
	for (uint32_t i = 0; i < w->n; i++) {
		/* each unit once: at its first atom here */
		bool first = was[i] != unit;
		for (uint32_t k = 0; k < i && first; k++)
			first = was[k] != was[i];
		before += first ? outside(f, w->households[was[i]]) : 0;
	}
	for (uint32_t i = 0; i < w->n; i++) {
		fine = fine && (was[i] == unit || !f->is_pinned[w->part[i]]);
		put(w, w->part[i], unit);
	}
	after = outside(f, w->households[unit]);
	for (uint32_t i = 0; i < w->n && fine; i++) {
		bool first = was[i] != unit;
		for (uint32_t k = 0; k < i && first; k++)
			first = was[k] != was[i];
		if (!first)
			continue;
		after += outside(f, w->households[was[i]]);
		fine = stays_whole(w, was[i]);
	}
	fine = fine && after <= before + 1e-9;
	for (uint32_t i = 0; i < w->n && !fine; i++)
		put(w, w->part[i], was[i]);
	return fine;
}

/* The unit with most of the building first. */
static bool
mend(struct whole *w, uint32_t *was, double *share)
{
	struct zp_field *f = w->f;
	double households = 0;
	bool is_split = false;

	for (uint32_t i = 0; i < w->n; i++) {
		was[i] = f->unit[w->part[i]];
		share[i] = 0;
		households += f->households[w->part[i]];
		is_split = is_split || was[i] != was[0];
	}
	if (!is_split || households > f->price.max)
		return false;
	for (uint32_t i = 0; i < w->n; i++) {
		uint32_t k = 0;
		while (was[k] != was[i])
			k++;
		share[k] += 1 + f->households[w->part[i]];
	}
	for (;;) {
		uint32_t best = 0;
		for (uint32_t i = 1; i < w->n; i++)
			if (share[i] > share[best])
				best = i;
		if (share[best] <= 0)
			return false;
		share[best] = 0;
		if (try_unit(w, was[best], was))
			return true;
	}
}

bool
zp_rejoin(struct zp_field *f, struct dyp_pool *pool)
{
	struct whole w = { .f = f };
	bool changed = true;

	w.part = DYP_NEW_ARRAY(pool, f->n, uint32_t);
	w.seen = DYP_NEW_ARRAY(pool, f->n, uint32_t);
	w.households = DYP_NEW_ARRAY(pool, f->k, double);
	w.count = DYP_NEW_ARRAY(pool, f->k, uint32_t);
	uint32_t *was = DYP_NEW_ARRAY(pool, f->n, uint32_t);
	double *share = DYP_NEW_ARRAY(pool, f->n, double);
	if (pool->failed)
		return false;
	for (uint32_t a = 0; a < f->n; a++) {
		w.households[f->unit[a]] += f->households[a];
		w.count[f->unit[a]]++;
	}
	for (int pass = 0; pass < 8 && changed; pass++) {
		changed = false;
		w.stamp++;
		for (uint32_t a = 0; a < f->n; a++) {
			if (!f->has_bond[a] || w.seen[a] == w.stamp)
				continue;
			gather(&w, a);
			changed = mend(&w, was, share) || changed;
		}
	}
	zp_field_sum(f);
	return true;
}
