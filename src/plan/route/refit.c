/* Another vehicle for a whole tour: insertion alone never moves a tour to a cheaper type or a
 * nearer depot, as every stop of it would have to move on its own first. Tours that a round has
 * touched are offered to one unused vehicle of each other type, and exchange vehicles with each
 * other. */
#include "search.h"

static bool
may_all(const struct rp_search *x, int32_t tour, const struct rp_type *t)
{
	const struct rp_state *s = &x->s;

	if (s->tour[tour].load > t->capacity)
		return false;
	if (x->m->all_may)
		return true;
	for (int32_t i = s->node[rp_start(x->m, tour)].next; i < x->m->n; i = s->node[i].next)
		if (!rp_may(t, i))
			return false;
	return true;
}

/* What the stops of a tour, in their order, would cost in a vehicle of type t. */
static int64_t
cost_in(const struct rp_search *x, int32_t tour, const struct rp_type *t)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	const struct rp_node *start = &s->node[rp_start(m, tour)];
	const struct rp_node *end = &s->node[rp_end(m, tour)];
	int64_t arcs;

	if (t->cost == s->tour[tour].type->cost) {
		arcs = s->tour[tour].arcs - start->leg - end->leg_in +
		       rp_arc(m, t, t->start, start->next_place) +
		       rp_arc(m, t, end->prev_place, t->end);
	} else {
		arcs = rp_arc(m, t, t->start, start->next_place) +
		       rp_arc(m, t, end->prev_place, t->end);
		for (int32_t i = start->next; s->node[i].next < m->n; i = s->node[i].next)
			arcs += rp_arc(m, t, s->node[i].place, s->node[i].next_place);
	}
	return t->fixed + arcs * t->mul;
}

static bool
fits_in(const struct rp_search *x, int32_t tour, const struct rp_type *t)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	struct rp_span depot = { .d = 0, .e = t->open, .l = t->close };
	struct rp_span span = depot;
	int32_t at = t->start;

	if (!m->timed)
		return true;
	for (int32_t i = s->node[rp_start(m, tour)].next; i < m->n; i = s->node[i].next) {
		int32_t place = s->node[i].place;
		span = rp_join(span, rp_drive(m, t, at, place), rp_alone(&s->task[i]));
		at = place;
	}
	span = rp_join(span, rp_drive(m, t, at, t->end), depot);
	return !span.late && span.d <= t->max_duration;
}

/* Takes all stops of a tour out, into list; returns their number. */
static int32_t
empty_tour(struct rp_search *x, int32_t tour, int32_t *list)
{
	struct rp_state *s = &x->s;
	int32_t start = rp_start(x->m, tour);
	int32_t count = 0;

	while (s->node[start].next < x->m->n) {
		list[count] = s->node[start].next;
		rp_unlink(s, list[count++]);
	}
	return count;
}

static void
fill_tour(struct rp_search *x, int32_t tour, const int32_t *list, int32_t count)
{
	struct rp_state *s = &x->s;
	int32_t at = rp_start(x->m, tour);

	for (int32_t k = 0; k < count; k++) {
		rp_link(s, list[k], at);
		at = list[k];
	}
	if (x->m->timed)
		rp_refresh(s, rp_start(x->m, tour), rp_end(x->m, tour));
}

static void
note(struct rp_search *x, int32_t tour)
{
	if (x->tour_mark[tour] == x->mark)
		return;
	x->tour_mark[tour] = x->mark;
	x->hit_tours[x->n_hit++] = tour;
}

static bool
offer(struct rp_search *x, int32_t tour)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;
	int64_t best = cost_in(x, tour, s->tour[tour].type);
	int32_t to = -1;

	for (int32_t k = 0; k < m->types; k++) {
		const struct rp_type *t = &m->type[k];
		if (s->unused[k] < 0 || t == s->tour[tour].type || !may_all(x, tour, t))
			continue;
		int64_t cost = cost_in(x, tour, t);
		if (cost < best && fits_in(x, tour, t)) {
			best = cost;
			to = s->unused[k];
		}
	}
	if (to < 0)
		return false;
	rp_exchange(x, tour, to);
	return true;
}

void
rp_exchange(struct rp_search *x, int32_t a, int32_t b)
{
	int32_t n_a = empty_tour(x, a, x->spare);
	int32_t n_b = empty_tour(x, b, x->spare + n_a);

	fill_tour(x, b, x->spare, n_a);
	fill_tour(x, a, x->spare + n_a, n_b);
	note(x, a);
	note(x, b);
}

struct rp_upgrade
rp_find_upgrade(const struct rp_search *x, int32_t tour, int32_t load)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	const struct rp_tour *a = &s->tour[tour];
	struct rp_upgrade best = { .extra = INT64_MAX, .with = -1 };

	for (int32_t k = 0; k < m->types; k++) {
		const struct rp_type *t = &m->type[k];
		if (s->unused[k] < 0 || t->family != a->type->family ||
		    a->load + load > t->capacity)
			continue;
		int64_t extra = t->fixed - a->type->fixed + (t->mul - a->type->mul) * a->arcs;
		if (extra < best.extra)
			best = (struct rp_upgrade){ extra, s->unused[k] };
	}
	for (int32_t i = 0; i < x->n_hit; i++) {
		int32_t w = x->hit_tours[i];
		const struct rp_tour *b = &s->tour[w];
		if (b->count == 0 || b->type->family != a->type->family ||
		    a->load + load > b->type->capacity || b->load > a->type->capacity)
			continue;
		int64_t extra = (b->type->mul - a->type->mul) * (a->arcs - b->arcs);
		if (extra < best.extra)
			best = (struct rp_upgrade){ extra, w };
	}
	return best;
}

/* Exchanges the vehicles of two tours if that pays. */
static void
try_exchange(struct rp_search *x, int32_t a, int32_t b)
{
	const struct rp_type *t = x->s.tour[a].type;
	const struct rp_type *u = x->s.tour[b].type;

	if (t == u || !may_all(x, a, u) || !may_all(x, b, t))
		return;
	int64_t gain = cost_in(x, a, t) + cost_in(x, b, u) - cost_in(x, a, u) - cost_in(x, b, t);
	if (gain > 0 && fits_in(x, a, u) && fits_in(x, b, t))
		rp_exchange(x, a, b);
}

void
rp_refit(struct rp_search *x)
{
	const struct rp_state *s = &x->s;
	int32_t n_hit = x->n_hit;

	for (int32_t i = 0; i < n_hit; i++) {
		int32_t a = x->hit_tours[i];
		if (s->tour[a].count == 0 || offer(x, a))
			continue;
		for (int32_t j = 0; j < i; j++)
			if (s->tour[x->hit_tours[j]].count > 0 && s->tour[a].count > 0)
				try_exchange(x, a, x->hit_tours[j]);
	}
}
