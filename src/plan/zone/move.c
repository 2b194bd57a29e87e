/* The two small changes: an atom at a border goes over, or two change sides. */
#include "field.h"

#include <math.h>

/* Costs of both units and of moving, as they would be. The centres stay. */
static double
delta_of(const struct zp_field *f, uint32_t atom, uint32_t to)
{
	uint32_t from = f->unit[atom];
	struct zp_sum a = f->sum[from], b = f->sum[to];
	double h = f->h[atom], w = f->w[atom];

	a.w -= w;
	b.w += w;
	a.in_range -= f->households[atom];
	b.in_range += f->households[atom];
	a.h -= h;
	b.h += h;
	a.x -= h * f->x[atom];
	b.x += h * f->x[atom];
	a.y -= h * f->y[atom];
	b.y += h * f->y[atom];
	a.second -= f->second[atom];
	b.second += f->second[atom];
	a.walk -= h * zp_metres(f, a.centre, atom);
	b.walk += h * zp_metres(f, b.centre, atom);
	return zp_unit_price(f, &a) - a.cost + zp_unit_price(f, &b) - b.cost +
	       f->price.move * (zp_stay(f, atom, to) - zp_stay(f, atom, from)) +
	       f->price.bond * zp_bonds_cut(f, atom, to);
}

/* A random atom with a random neighbour in another unit. */
static bool
draw_border(struct zp_field *f, uint32_t *atom, uint32_t *other)
{
	*atom = dyp_rng_below(&f->rng, f->n);
	uint32_t from = f->adj_first[*atom], n = f->adj_first[*atom + 1] - from;
	if (n == 0)
		return false;
	*other = f->adj[from + dyp_rng_below(&f->rng, n)];
	return f->unit[*other] != f->unit[*atom];
}

static void
follow(struct zp_field *f, uint32_t a, uint32_t b)
{
	if ((dyp_rng_next(&f->rng) & 3) != 0)
		return;
	zp_centre_near(f, a);
	zp_centre_near(f, b);
}

bool
zp_shift(struct zp_field *f, double temperature)
{
	uint32_t atom, other;

	if (!draw_border(f, &atom, &other))
		return false;
	uint32_t from = f->unit[atom], to = f->unit[other];
	if (f->sum[from].count < 2 || f->is_pinned[atom])
		return false;
	if (f->sum[from].centre == atom) {
		double before = f->sum[from].cost + f->sum[to].cost + zp_extra(f);
		double walk = f->sum[from].walk;
		if (!zp_may_leave(f, atom))
			return false;
		zp_move(f, atom, to);
		double after = f->sum[from].cost + f->sum[to].cost + zp_extra(f);
		if (zp_accepts(f, after - before, temperature)) {
			f->n_journal = 0;
			return true;
		}
		zp_undo(f, 0);
		f->sum[from].cost += walk - f->sum[from].walk;
		f->sum[from].walk = walk;
		f->sum[from].centre = atom;
		return false;
	}
	if (!zp_accepts(f, delta_of(f, atom, to), temperature) || !zp_may_leave(f, atom))
		return false;
	zp_move(f, atom, to);
	f->n_journal = 0;
	follow(f, from, to);
	return true;
}

/* An atom of `from` next to `to`, other than `not_this`: a random one of those that there are. */
static uint32_t
draw_towards(struct zp_field *f, uint32_t from, uint32_t to, uint32_t not_this)
{
	uint32_t found = DYP_ZONE_NONE, n = 0;

	for (uint32_t a = f->sum[from].head; a != DYP_ZONE_NONE; a = f->next[a]) {
		if (a == not_this || f->is_pinned[a])
			continue;
		for (uint32_t i = f->adj_first[a]; i < f->adj_first[a + 1]; i++)
			if (f->unit[f->adj[i]] == to) {
				if (dyp_rng_below(&f->rng, ++n) == 0)
					found = a;
				break;
			}
	}
	return found;
}

bool
zp_swap(struct zp_field *f, double temperature)
{
	uint32_t atom, other;

	if (!draw_border(f, &atom, &other))
		return false;
	uint32_t a = f->unit[atom], b = f->unit[other];
	if (f->sum[a].centre == atom || !zp_may_leave(f, atom))
		return false;
	double before = f->sum[a].cost + f->sum[b].cost + zp_extra(f);
	uint32_t centre = f->sum[b].centre;
	double walk = f->sum[b].walk;
	zp_move(f, atom, b);
	uint32_t back = draw_towards(f, b, a, atom);
	bool fine = back != DYP_ZONE_NONE && back != centre && zp_may_leave(f, back);
	if (fine) {
		zp_move(f, back, a);
		double after = f->sum[a].cost + f->sum[b].cost + zp_extra(f);
		fine = zp_accepts(f, after - before, temperature);
	}
	if (!fine) {
		zp_undo(f, 0);
		if (f->sum[b].centre != centre) {
			f->sum[b].cost += walk - f->sum[b].walk;
			f->sum[b].walk = walk;
			f->sum[b].centre = centre;
		}
		return false;
	}
	f->n_journal = 0;
	follow(f, a, b);
	return true;
}
