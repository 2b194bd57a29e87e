/* Recreate: greedy insertion in a random kind of order, each position skipped ("blink") with
 * probability 1 % (Christiaens, Vanden Berghe 2020, section 4.3), positions limited to those
 * beside near stops. */
#include "search.h"

enum { BLINK_SPAN = 199 }; /* skipped once in 1..199 positions: 1 % on average */

enum order { BY_CHANCE, BY_LOAD, BY_FAR, BY_NEAR, BY_WIDTH, BY_OPEN, BY_CLOSE };

static inline bool
blinks(struct rp_search *x)
{
	if (--x->blink > 0)
		return false;
	x->blink = 1 + (int32_t)dyp_rng_below(&x->rng, BLINK_SPAN);
	return true;
}

/* May u stand between p and q? in, out: driving to and from it. */
static inline __attribute__((always_inline)) bool
fits_in_time(const struct rp_type *t, const struct rp_node *p, const struct rp_task *u,
             const struct rp_node *q, int32_t in, int32_t out, bool limit)
{
	int32_t begin = p->leave + in;

	if (begin < u->open)
		begin = u->open;
	if (begin > u->close || begin + u->service + out > q->latest)
		return false;
	if (!limit)
		return true;
	struct rp_span span = rp_join(rp_prefix(p), in, rp_alone(u));
	span = rp_join(span, out, rp_suffix(q));
	return span.d <= t->max_duration;
}

/* long: one loop, specialised by its constant arguments; taking it apart costs a fifth of the
 * search's speed. same: travel times are costs. */
static inline __attribute__((always_inline)) struct rp_spot
best_spot(struct rp_search *x, int32_t stop, bool timed, bool alike, bool same)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	const struct rp_node *node = s->node;
	const struct rp_task *u = &s->task[stop];
	const int32_t *near = rp_near_list(x->near, stop);
	const struct rp_type *t = &m->type[0];
	size_t at = (size_t)node[stop].place * (size_t)m->places;
	const int32_t *out = t->cost + at;
	const int32_t *in = t->cost_to + at;
	const int32_t *drive_out = t->seconds + at;
	const int32_t *drive_in = t->seconds_to + at;
	const int32_t *room = s->room;
	int32_t load = node[stop].load;
	bool limit = timed && m->has_limit;
	struct rp_spot best = { .delta = INT64_MAX, .after = -1, .with = -1 };

	for (int32_t k = 0; k < x->near->width; k++) {
		int32_t i = near[k];
		const struct rp_node *c = &node[i];
		__builtin_prefetch(&node[near[k + RP_NEAR_AHEAD]]);
		if (c->tour < 0 || (alike && room[c->tour] < load) || blinks(x))
			continue;
		int64_t extra = alike ? 0 : rp_price_of_change(m, stop, c->tour);
		int32_t with = -1;
		if (!alike) {
			t = s->tour[c->tour].type;
			out = t->cost + at;
			in = t->cost_to + at;
			drive_out = t->seconds + at;
			drive_in = t->seconds_to + at;
			if (!m->all_may && !rp_may(t, stop))
				continue;
			if (room[c->tour] < load) {
				if (!x->upgrading)
					continue;
				struct rp_upgrade up = rp_find_upgrade(x, c->tour, load);
				if (up.extra >= best.delta)
					continue;
				extra = up.extra;
				with = up.with;
				t = s->tour[with].type;
			}
		}
		int64_t behind =
			(int64_t)(in[c->place] + out[c->next_place] - c->leg) * t->mul + extra;
		int64_t ahead =
			(int64_t)(in[c->prev_place] + out[c->place] - c->leg_in) * t->mul + extra;
		if (behind < best.delta &&
		    (!timed ||
		     fits_in_time(t, c, u, &node[c->next], (same ? in : drive_in)[c->place],
		                  (same ? out : drive_out)[c->next_place], limit))) {
			best.delta = behind;
			best.after = i;
			best.with = with;
		}
		if (ahead < best.delta &&
		    (!timed ||
		     fits_in_time(t, &node[c->prev], u, c, (same ? in : drive_in)[c->prev_place],
		                  (same ? out : drive_out)[c->place], limit))) {
			best.delta = ahead;
			best.after = c->prev;
			best.with = with;
		}
	}
	return best;
}

static struct rp_spot
spot_plain(struct rp_search *x, int32_t stop)
{
	return best_spot(x, stop, false, true, true);
}

static struct rp_spot
spot_timed(struct rp_search *x, int32_t stop)
{
	return x->m->same_time ? best_spot(x, stop, true, true, true)
	                       : best_spot(x, stop, true, true, false);
}

static struct rp_spot
spot_general(struct rp_search *x, int32_t stop)
{
	return x->m->timed ? best_spot(x, stop, true, false, x->m->same_time)
	                   : best_spot(x, stop, false, false, true);
}

static bool
fits_between(const struct rp_search *x, const struct rp_type *t, int32_t p, int32_t stop, int32_t q)
{
	const struct rp_model *m = x->m;
	const struct rp_node *a = &x->s.node[p];
	const struct rp_node *u = &x->s.node[stop];
	const struct rp_node *b = &x->s.node[q];

	if (!m->timed)
		return true;
	return fits_in_time(t, a, &x->s.task[stop], b, rp_drive(m, t, a->place, u->place),
	                    rp_drive(m, t, u->place, b->place), m->has_limit);
}

static int64_t
detour(const struct rp_search *x, const struct rp_type *t, int32_t p, int32_t stop)
{
	const struct rp_node *a = &x->s.node[p];
	const struct rp_node *u = &x->s.node[stop];
	const struct rp_node *b = &x->s.node[a->next];

	return ((int64_t)rp_arc(x->m, t, a->place, u->place) + rp_arc(x->m, t, u->place, b->place) -
	        a->leg) *
	       t->mul;
}

/* One unused vehicle of each type. */
static void
try_unused(struct rp_search *x, int32_t stop, struct rp_spot *best)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;

	for (int32_t k = 0; k < m->types; k++) {
		int32_t v = s->unused[k];
		const struct rp_type *t = &m->type[k];
		if (v < 0 || !rp_may(t, stop) || s->node[stop].load > t->capacity)
			continue;
		int32_t p = rp_start(m, v);
		const struct rp_node *u = &s->node[stop];
		int64_t delta = t->fixed +
		                ((int64_t)rp_arc(m, t, t->start, u->place) +
		                 rp_arc(m, t, u->place, t->end)) *
		                        t->mul +
		                rp_price_of_change(m, stop, v);
		if (delta < best->delta && fits_between(x, t, p, stop, rp_end(m, v))) {
			best->delta = delta;
			best->after = p;
			best->with = -1;
		}
	}
}

static void
try_everywhere(struct rp_search *x, int32_t stop, struct rp_spot *best)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;

	for (int32_t v = 0; v < m->vehicles; v++) {
		const struct rp_tour *tour = &s->tour[v];
		if (tour->count == 0 || !rp_may(tour->type, stop) ||
		    (int64_t)tour->load + s->node[stop].load > tour->type->capacity)
			continue;
		for (int32_t p = rp_start(m, v); s->node[p].next >= 0; p = s->node[p].next) {
			int64_t delta =
				detour(x, tour->type, p, stop) + rp_price_of_change(m, stop, v);
			if (delta < best->delta &&
			    fits_between(x, tour->type, p, stop, s->node[p].next)) {
				best->delta = delta;
				best->after = p;
				best->with = -1;
			}
		}
	}
}

struct rp_spot
rp_best_spot(struct rp_search *x, int32_t stop, bool everywhere)
{
	const struct rp_model *m = x->m;
	struct rp_spot best;

	if (m->types > 1 || !m->all_may || m->home != NULL)
		best = spot_general(x, stop);
	else
		best = m->timed ? spot_timed(x, stop) : spot_plain(x, stop);
	try_unused(x, stop, &best);
	if (best.after < 0 && everywhere)
		try_everywhere(x, stop, &best);
	return best;
}

static int64_t
key_of(const struct rp_search *x, enum order order, int32_t stop, struct dyp_rng *rng)
{
	const struct rp_model *m = x->m;
	const struct rp_node *u = &x->s.node[stop];
	const struct rp_task *w = &x->s.task[stop];
	const struct rp_type *t = &m->type[0];

	switch (order) {
	case BY_CHANCE: return (int64_t)(dyp_rng_next(rng) >> 2);
	case BY_LOAD: return -(int64_t)u->load;
	case BY_FAR: return -(int64_t)rp_arc(m, t, t->start, u->place);
	case BY_NEAR: return rp_arc(m, t, t->start, u->place);
	case BY_WIDTH: return (int64_t)w->close - w->open;
	case BY_OPEN: return w->open;
	case BY_CLOSE: return -(int64_t)w->close;
	}
	return 0;
}

static enum order
draw_order(struct rp_search *x)
{
	static const enum order deck[] = { BY_CHANCE, BY_CHANCE, BY_CHANCE, BY_CHANCE, BY_LOAD,
		                           BY_LOAD,   BY_LOAD,   BY_LOAD,   BY_FAR,    BY_FAR,
		                           BY_NEAR,   BY_WIDTH,  BY_WIDTH,  BY_OPEN,   BY_OPEN,
		                           BY_CLOSE,  BY_CLOSE };
	return deck[dyp_rng_below(&x->rng, x->m->timed ? 17 : 11)];
}

static void
sort_out(struct rp_search *x)
{
	const struct rp_model *m = x->m;
	enum order order = draw_order(x);

	for (int32_t i = 0; i < x->n_out; i++) {
		int32_t stop = x->out[i];
		int64_t key = key_of(x, order, stop, &x->rng);
		int32_t j = i;
		int32_t tier = m->problem->stops[stop].tier;
		for (; j > 0; j--) {
			int32_t other = m->problem->stops[x->out[j - 1]].tier;
			if (other > tier || (other == tier && x->key[j - 1] <= key))
				break;
			x->out[j] = x->out[j - 1];
			x->key[j] = x->key[j - 1];
		}
		x->out[j] = stop;
		x->key[j] = key;
	}
}

static void
note_hit(struct rp_search *x, int32_t tour)
{
	if (x->tour_mark[tour] == x->mark)
		return;
	x->tour_mark[tour] = x->mark;
	x->hit_tours[x->n_hit++] = tour;
}

void
rp_insert_all(struct rp_search *x)
{
	struct rp_state *s = &x->s;
	const struct rp_model *m = x->m;

	for (int32_t i = 0; i < x->n_out; i++) {
		int32_t stop = x->out[i];
		if (s->node[stop].tour >= 0)
			continue; /* came in with its shipment */
		bool everywhere = m->n <= 200 || (dyp_rng_next(&x->rng) & 7) == 0;
		if (m->trips) {
			(void)rp_trips_insert(x, stop, everywhere);
			continue;
		}
		if (m->rich) {
			(void)rp_rich_insert(x, stop, everywhere);
			continue;
		}
		struct rp_spot spot = rp_best_spot(x, stop, everywhere);
		if (spot.after < 0 || spot.delta >= m->absence[stop] * x->patience)
			continue;
		if (spot.with >= 0) {
			int32_t v = s->node[spot.after].tour;
			rp_exchange(x, v, spot.with);
			if (spot.after == rp_start(m, v))
				spot.after = rp_start(m, spot.with);
		}
		int32_t next = s->node[spot.after].next;
		rp_bank_drop(s, stop);
		rp_link(s, stop, spot.after);
		note_hit(x, s->node[stop].tour);
		if (m->timed)
			rp_refresh(s, spot.after, next);
	}
}

void
rp_recreate(struct rp_search *x)
{
	sort_out(x);
	rp_insert_all(x);
}
