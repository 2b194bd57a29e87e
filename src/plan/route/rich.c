/* Insertion for rich models: candidates ordered by their detour, a bound that costs nothing, and
 * evaluated as whole tours until no later candidate can be better. */
#include "eval.h"
#include "search.h"

enum {
	MOST_CANDIDATES = 4096,
	MOST_TRIED = 400,    /* evaluations without a fit before giving up */
	MOST_AFTER_FIT = 12, /* evaluations after the first fit */
	PAIR_REACH = 40      /* stops between pickup and delivery that are looked at */
};

struct rp_candidate {
	int64_t bound;
	int32_t serial; /* breaks ties */
	int32_t reload_place;
	struct rp_trial trial;
};

bool
rp_rich_init(struct rp_search *x, struct dyp_pool *pool)
{
	x->candidate = DYP_NEW_ARRAY(pool, MOST_CANDIDATES, struct rp_candidate);
	return x->candidate != NULL;
}

static inline bool
before(const struct rp_candidate *a, const struct rp_candidate *b)
{
	return a->bound != b->bound ? a->bound < b->bound : a->serial < b->serial;
}

struct listing {
	struct rp_search *x;
	int32_t count;
};

static void
push(struct listing *l, int64_t bound, const struct rp_trial *trial, int32_t reload_place)
{
	struct rp_candidate *heap = l->x->candidate;

	if (l->count == MOST_CANDIDATES)
		return;
	int32_t at = l->count++;
	struct rp_candidate fresh = { bound, at, reload_place, *trial };
	while (at > 0 && before(&fresh, &heap[(at - 1) / 2])) {
		heap[at] = heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap[at] = fresh;
}

static struct rp_candidate
pop(struct listing *l)
{
	struct rp_candidate *heap = l->x->candidate;
	struct rp_candidate top = heap[0];
	struct rp_candidate last = heap[--l->count];
	int32_t at = 0;

	for (;;) {
		int32_t child = 2 * at + 1;
		if (child >= l->count)
			break;
		if (child + 1 < l->count && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &last))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
	return top;
}

/* Arc cost in money of a path of places in a vehicle of type t. */
static int64_t
path(const struct rp_search *x, const struct rp_type *t, int32_t a, int32_t b, int32_t c)
{
	return ((int64_t)rp_arc(x->m, t, a, b) + rp_arc(x->m, t, b, c)) * t->mul;
}

static int64_t
detour(const struct rp_search *x, int32_t tour, int32_t after, int32_t stop)
{
	const struct rp_node *node = x->s.node;
	const struct rp_type *t = x->s.tour[tour].type;
	int64_t cost =
		path(x, t, node[after].place, node[stop].place, node[node[after].next].place);

	if (x->s.tour[tour].count == 0)
		return cost + t->fixed;
	return cost - (int64_t)node[after].leg * t->mul;
}

static bool
is_open_position(const struct rp_search *x, int32_t after)
{
	const struct rp_node *a = &x->s.node[after];
	const struct rp_tour *tour = &x->s.tour[a->tour];

	if (a->next < 0)
		return false;
	/* fixed stops keep their places at the front */
	for (int32_t i = tour->fixed_last; i >= 0 && i != rp_start(x->m, a->tour);) {
		int32_t p = x->s.node[i].prev;
		if (p == after)
			return false;
		i = p;
	}
	return true;
}

/* A shipment's delivery behind its pickup, which stands behind `after`. */
static void
list_pairs(struct listing *l, int32_t pickup, int32_t after, int64_t bound)
{
	struct rp_search *x = l->x;
	const struct rp_node *node = x->s.node;
	int32_t tour = node[after].tour;
	int32_t delivery = x->m->partner[pickup];
	const struct rp_type *t = x->s.tour[tour].type;
	struct rp_trial trial = { .tour = tour,
		                  .count = 2,
		                  .node = { pickup, delivery },
		                  .after = { after, pickup },
		                  .without = -1 };
	int32_t next = node[after].next;
	int64_t direct = path(x, t, node[pickup].place, node[delivery].place, node[next].place) -
	                 (int64_t)rp_arc(x->m, t, node[pickup].place, node[next].place) * t->mul;

	push(l, bound + direct, &trial, -1);
	int32_t reach = PAIR_REACH;
	for (int32_t i = next; i >= 0 && i < x->m->n && reach-- > 0; i = node[i].next) {
		trial.after[1] = i;
		push(l, bound + detour(x, tour, i, delivery), &trial, -1);
	}
}

static void
list_position(struct listing *l, int32_t stop, int32_t after)
{
	struct rp_search *x = l->x;
	int32_t tour = x->s.node[after].tour;

	if (!is_open_position(x, after) || !rp_may(x->s.tour[tour].type, stop))
		return;
	int64_t bound = detour(x, tour, after, stop);
	if (x->m->partner[stop] >= 0) {
		if (rp_may(x->s.tour[tour].type, x->m->partner[stop]))
			list_pairs(l, stop, after, bound);
		return;
	}
	struct rp_trial trial = {
		.tour = tour, .count = 1, .node = { stop }, .after = { after }, .without = -1
	};
	push(l, bound, &trial, -1);
}

static int32_t
unused_reload(const struct rp_search *x, int32_t tour)
{
	for (int32_t i = x->m->reload0; i < x->m->nodes; i++)
		if (x->m->reload_owner[i - x->m->reload0] == tour && x->s.node[i].tour < 0)
			return i;
	return -1;
}

/* The stop as a trip of its own: first in the tour, behind a reload, or last. */
static void
list_trips(struct listing *l, int32_t stop, int32_t tour)
{
	struct rp_search *x = l->x;
	const struct rp_model *m = x->m;
	const struct rp_node *node = x->s.node;
	const struct dyp_route_vehicle *v = &m->problem->vehicles[tour];
	const struct rp_type *t = x->s.tour[tour].type;
	int32_t other = m->partner[stop];

	if (v->n_reloads == 0 || !rp_may(t, stop) || (x->s.tour[tour].count == 0 && !v->departed))
		return;
	int32_t reload = unused_reload(x, tour);
	if (reload < 0)
		return;
	for (uint32_t k = 0; k < v->n_reloads; k++) {
		int32_t place = (int32_t)v->reloads[k];
		for (int32_t i = rp_start(m, tour); i >= 0; i = node[i].next) {
			bool begins = i >= m->n && node[i].next >= 0;
			bool ends = node[i].next >= m->n && node[node[i].next].next < 0;
			struct rp_trial trial = { .tour = tour, .count = 2, .without = -1 };
			int32_t n = 0;
			if (ends) { /* reload, stop behind the last stop */
				trial.node[n] = reload;
				trial.after[n++] = i;
				trial.node[n] = stop;
				trial.after[n++] = reload;
				if (other >= 0) {
					trial.node[n] = other;
					trial.after[n++] = stop;
				}
				trial.count = n;
				push(l, path(x, t, node[i].place, place, node[stop].place), &trial,
				     place);
			}
			if (begins && is_open_position(x, i) && !ends) {
				n = 0;
				trial.node[n] = stop;
				trial.after[n++] = i;
				if (other >= 0) {
					trial.node[n] = other;
					trial.after[n++] = stop;
				}
				trial.node[n] = reload;
				trial.after[n] = trial.node[n - 1];
				trial.count = n + 1;
				push(l, path(x, t, node[i].place, node[stop].place, place), &trial,
				     place);
			}
		}
	}
}

static void
list_near(struct listing *l, int32_t stop)
{
	struct rp_search *x = l->x;
	const struct rp_model *m = x->m;
	const struct rp_node *node = x->s.node;
	const int32_t *near = rp_near_list(x->near, stop);
	int32_t trips = 4;
	int32_t last_tour = -1;

	for (int32_t k = 0; k < x->near->width; k++) {
		int32_t i = near[k];
		if (node[i].tour < 0 || (--x->blink <= 0))
			continue;
		list_position(l, stop, i);
		list_position(l, stop, node[i].prev);
		if (node[i].tour != last_tour && trips-- > 0)
			list_trips(l, stop, node[i].tour);
		last_tour = node[i].tour;
	}
	if (x->blink <= 0)
		x->blink = 1 + (int32_t)dyp_rng_below(&x->rng, 199);
	for (int32_t k = 0; k < m->types; k++) {
		int32_t v = x->s.unused[k];
		if (v < 0)
			continue;
		list_position(l, stop, rp_start(m, v));
		if (m->problem->vehicles[v].departed)
			list_trips(l, stop, v);
	}
}

static void
list_everywhere(struct listing *l, int32_t stop)
{
	const struct rp_model *m = l->x->m;
	const struct rp_state *s = &l->x->s;

	for (int32_t v = 0; v < m->vehicles; v++) {
		if (s->tour[v].count == 0)
			continue;
		for (int32_t i = rp_start(m, v); s->node[i].next >= 0; i = s->node[i].next)
			list_position(l, stop, i);
		list_trips(l, stop, v);
	}
}

static void
prepare(struct rp_search *x, const struct rp_candidate *c)
{
	for (int32_t k = 0; k < c->trial.count; k++)
		if (c->trial.node[k] >= x->m->reload0) {
			rp_save(&x->s, c->trial.node[k]);
			x->s.node[c->trial.node[k]].place = c->reload_place;
		}
}

static int64_t
choose(struct listing *l, struct rp_candidate *best)
{
	struct rp_search *x = l->x;
	int64_t least = INT64_MAX;
	int32_t tried = 0;
	int32_t since_fit = 0;

	while (l->count > 0 && tried < MOST_TRIED && since_fit < MOST_AFTER_FIT) {
		struct rp_candidate c = pop(l);
		if (c.bound >= least)
			break;
		prepare(x, &c);
		struct rp_verdict verdict = rp_evaluate(&x->s, &c.trial);
		tried++;
		since_fit += least < INT64_MAX;
		if (verdict.why != RP_FITS)
			continue;
		int64_t delta = verdict.cost - x->s.tour[c.trial.tour].cost;
		if (delta < least) {
			least = delta;
			*best = c;
		}
	}
	return least;
}

static void
carry_out(struct rp_search *x, const struct rp_candidate *c)
{
	struct rp_state *s = &x->s;

	prepare(x, c);
	for (int32_t k = 0; k < c->trial.count; k++) {
		if (c->trial.node[k] < x->m->n)
			rp_bank_drop(s, c->trial.node[k]);
		rp_link(s, c->trial.node[k], c->trial.after[k]);
	}
	(void)rp_recost(s, c->trial.tour);
}

bool
rp_rich_insert(struct rp_search *x, int32_t stop, bool everywhere)
{
	const struct rp_model *m = x->m;
	struct listing l = { .x = x };
	int64_t absence = m->absence[stop];
	struct rp_candidate best = { 0 };

	if (m->partner[stop] >= 0) {
		if (m->is_delivery[stop])
			stop = m->partner[stop];
		absence += m->absence[m->partner[stop]];
	}
	for (int32_t g = m->group_next[stop]; g != stop; g = m->group_next[g]) {
		if (x->s.node[g].tour >= 0)
			return false;
		if (g < stop && m->group_next[stop] != stop)
			absence = m->absence[g];
	}
	int32_t g = stop;
	do {
		list_near(&l, g);
		g = m->group_next[g];
	} while (g != stop);
	int64_t delta = choose(&l, &best);
	if (delta == INT64_MAX && everywhere) {
		l.count = 0;
		do {
			list_everywhere(&l, g);
			g = m->group_next[g];
		} while (g != stop);
		delta = choose(&l, &best);
	}
	if (delta >= absence)
		return false;
	carry_out(x, &best);
	return true;
}

void
rp_tidy(struct rp_search *x, int32_t tour)
{
	struct rp_state *s = &x->s;
	const struct rp_model *m = x->m;

	for (int32_t i = s->node[rp_start(m, tour)].next; i != rp_end(m, tour);) {
		int32_t next = s->node[i].next;
		bool first = s->node[i].prev == rp_start(m, tour) &&
		             !m->problem->vehicles[tour].departed;
		bool last = next == rp_end(m, tour);
		if (i >= m->reload0 && (next >= m->reload0 || last || first))
			rp_unlink(s, i);
		i = next;
	}
	(void)rp_recost(s, tour);
}
