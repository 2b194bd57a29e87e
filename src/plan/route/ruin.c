/* Ruin: strings of neighbouring stops leave a few neighbouring tours (Christiaens, Vanden Berghe
 * 2020, section 4.2, with their parameters: at most 10 stops per string, strings split with
 * probability 1/2, the preserved part grown with probability 0.99). */
#include "search.h"

enum { LONGEST_STRING = 10, BOLD_CHANCES = 24, BOLD_PATIENCE = 8 };

void
rp_take_out(struct rp_search *x, int32_t stop)
{
	rp_unlink(&x->s, stop);
	rp_bank_add(&x->s, stop);
	x->out[x->n_out++] = stop;
}

static bool
may_move(const struct rp_search *x, int32_t stop)
{
	return stop >= 0 && stop < x->m->n;
}

/* Takes a node out of the tour unless it is a sentinel, a reload or fixed. */
static bool
take(struct rp_search *x, int32_t stop)
{
	if (x->n_out >= RP_MOST_OUT - 2)
		return false;
	rp_take_out(x, stop);
	int32_t other = x->m->partner[stop];
	if (other >= 0 && x->s.node[other].tour >= 0)
		rp_take_out(x, other);
	return true;
}

/* The string of `length` stops (of which `keep` in the middle stay) that contains `stop`. */
static void
remove_string(struct rp_search *x, int32_t stop, int32_t length, int32_t keep, int32_t keep_at)
{
	struct rp_state *s = &x->s;
	int32_t v = s->node[stop].tour;
	int32_t list[LONGEST_STRING * 8];
	int32_t most = (int32_t)(sizeof list / sizeof list[0]);
	int32_t back = (int32_t)dyp_rng_below(&x->rng, (uint32_t)(length + keep));
	int32_t first = stop;
	int32_t count = 0;
	int32_t total = length + keep < most ? length + keep : most;

	for (int32_t p = s->node[first].prev;
	     back > 0 && may_move(x, p) && first != s->tour[v].fixed_last &&
	     p != s->tour[v].fixed_last;
	     p = s->node[p].prev) {
		first = p;
		back--;
	}
	int32_t before = s->node[first].prev;
	int32_t i = first;
	for (; count < total && may_move(x, i); i = s->node[i].next)
		list[count++] = i;
	/* the string ran against the end: grow it backwards */
	while (count < total && may_move(x, before) && before != s->tour[v].fixed_last) {
		for (int32_t k = count++; k > 0; k--)
			list[k] = list[k - 1];
		list[0] = before;
		before = s->node[before].prev;
	}
	for (int32_t k = 0; k < count; k++) {
		if (k >= keep_at && k < keep_at + keep)
			continue;
		if (s->node[list[k]].tour == v && !take(x, list[k]))
			break;
	}
	if (x->m->rich || x->m->trips)
		rp_settle(x, v);
	else if (x->m->timed)
		rp_refresh(s, before, i);
}

static void
ruin_tour(struct rp_search *x, int32_t stop, double longest)
{
	struct rp_state *s = &x->s;
	int32_t count = s->tour[s->node[stop].tour].count;
	double most = count < longest ? count : longest;
	int32_t length = (int32_t)(1.0 + dyp_rng_unit(&x->rng) * most);
	int32_t keep = 0;
	int32_t keep_at = 0;

	if (length > count)
		length = count;
	if (length > 1 && length < count && (dyp_rng_next(&x->rng) & 1)) {
		keep = 1;
		while (length + keep < count && dyp_rng_unit(&x->rng) > 0.01 && keep < 60)
			keep++;
		keep_at = 1 + (int32_t)dyp_rng_below(&x->rng, (uint32_t)(length - 1));
	}
	remove_string(x, stop, length, keep, keep_at);
}

static bool
is_fixed(const struct rp_search *x, int32_t stop)
{
	const struct rp_state *s = &x->s;
	const struct dyp_route_stop *d = &x->m->problem->stops[stop];
	if (d->vehicle == DYP_ROUTE_NONE)
		return false;
	const struct dyp_route_vehicle *v = &x->m->problem->vehicles[d->vehicle];
	for (uint32_t k = 0; k < v->n_fixed; k++)
		if (v->fixed[k] == (uint32_t)stop && s->node[stop].tour == (int32_t)d->vehicle)
			return true;
	return false;
}

void
rp_ruin(struct rp_search *x)
{
	struct rp_state *s = &x->s;
	const struct rp_model *m = x->m;

	x->n_out = 0;
	x->patience = 1;
	x->mark++;
	x->n_hit = 0;
	if (s->used == 0)
		return;
	double longest = (double)s->served / s->used;
	if (longest > LONGEST_STRING)
		longest = LONGEST_STRING;
	double tours = 4.0 * x->mean_out / (1.0 + longest) - 1.0;
	int32_t want = (int32_t)(1.0 + dyp_rng_unit(&x->rng) * (tours > 0 ? tours : 0.0));
	int32_t seed = x->region_count > 0
	                       ? x->region[dyp_rng_below(&x->rng, (uint32_t)x->region_count)]
	                       : (int32_t)dyp_rng_below(&x->rng, (uint32_t)m->n);
	const int32_t *around = rp_near_around(x->near, seed);
	for (int32_t k = -1; k < x->near->wide && x->n_hit < want; k++) {
		int32_t stop = k < 0 ? seed : around[k];
		int32_t v = s->node[stop].tour;
		if (v < 0 || x->tour_mark[v] == x->mark)
			continue;
		if (s->tour[v].fixed_last >= m->n ? false : is_fixed(x, stop))
			continue;
		x->tour_mark[v] = x->mark;
		x->hit_tours[x->n_hit++] = v;
		ruin_tour(x, stop, longest);
	}
	/* left-out stops of the neighbourhood get a chance as well */
	if (s->bank_count > x->n_out) {
		/* a new tour pays only once it is full: now and then, build first and judge later */
		bool bold = x->m->has_bank && (dyp_rng_next(&x->rng) & 3) == 0;
		int32_t chances = bold ? BOLD_CHANCES : 10;
		x->patience = bold ? BOLD_PATIENCE : 1;
		for (int32_t k = -1; k < x->near->wide && chances > 0; k++) {
			int32_t stop = k < 0 ? seed : around[k];
			bool fresh = s->node[stop].tour < 0;
			for (int32_t j = 0; fresh && j < x->n_out; j++)
				fresh = x->out[j] != stop;
			if (!fresh || x->n_out >= RP_MOST_OUT - 2)
				continue;
			x->out[x->n_out++] = stop;
			chances--;
		}
	}
}
