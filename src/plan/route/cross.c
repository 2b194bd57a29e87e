/* Crossing two plans: a few neighbouring tours of the current plan give way to those tours of
 * another plan that serve much the same stops (after the selective route exchange of Nagata,
 * Braeysy, Dullaert 2010, with greedy insertion as the repair). */
#include "cross.h"
#include "eval.h"

enum { FEWEST_TOURS = 2, MOST_TOURS = 12 };

struct heir {
	int32_t tour, shared, count; /* vehicle in the other plan; stops that are free, and all */
};

/* Empties tours around a random stop; their stops are in x->out and marked as the region. */
static int32_t
clear_tours(struct rp_search *x)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;
	int32_t want = FEWEST_TOURS + (int32_t)dyp_rng_below(&x->rng, MOST_TOURS - FEWEST_TOURS);
	int32_t seed = (int32_t)dyp_rng_below(&x->rng, (uint32_t)m->n);
	const int32_t *around = rp_near_around(x->near, seed);
	int32_t cleared = 0;

	want = want < s->used / 2 ? want : s->used / 2 + 1;
	x->n_out = x->n_hit = x->region_count = 0;
	x->mark++;
	x->region_mark++;
	for (int32_t k = -1; k < x->near->wide && cleared < want; k++) {
		int32_t stop = k < 0 ? seed : around[k];
		int32_t v = s->node[stop].tour;
		if (v < 0 || m->problem->vehicles[v].n_fixed > 0 ||
		    m->problem->vehicles[v].departed)
			continue;
		for (int32_t i; (i = s->node[rp_start(m, v)].next) != rp_end(m, v);) {
			if (i >= m->n) {
				rp_unlink(s, i);
				continue;
			}
			rp_take_out(x, i);
			x->in_region[i] = x->region_mark;
			x->region[x->region_count++] = i;
		}
		rp_settle(x, v);
		cleared++;
	}
	return cleared;
}

static bool
is_free(const struct rp_search *x, int32_t stop)
{
	return stop < x->m->n && x->in_region[stop] == x->region_mark && x->s.node[stop].tour < 0;
}

static struct heir
weigh_heir(const struct rp_search *x, const struct rp_kept *other, int32_t v)
{
	const struct rp_model *m = x->m;
	struct heir h = { .tour = v };

	for (int32_t i = other->next[rp_start(m, v)]; i != rp_end(m, v); i = other->next[i]) {
		if (i >= m->n)
			continue;
		h.count++;
		h.shared += is_free(x, i);
	}
	return h;
}

static bool
still_fits(const struct rp_search *x, int32_t v)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;

	if (m->rich)
		return !s->tour[v].broken;
	if (m->trips)
		return rp_trips_fit(s, v);
	if (!m->timed)
		return true;
	for (int32_t i = rp_start(m, v); i >= 0; i = s->node[i].next)
		if (s->node[i].leave - s->task[i].service > s->task[i].close)
			return false;
	return !m->has_limit || s->node[rp_end(m, v)].fd <= s->tour[v].type->max_duration;
}

static void
clear_tour(struct rp_search *x, int32_t v)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;

	for (int32_t i; (i = s->node[rp_start(m, v)].next) != rp_end(m, v);) {
		rp_unlink(s, i);
		if (i < m->n)
			rp_bank_add(s, i);
	}
	rp_settle(x, v);
}

/* The free stops of the other plan's tour, in its order, by an unused vehicle of its type. */
static void
inherit(struct rp_search *x, const struct rp_kept *other, int32_t from)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;
	int32_t v = s->unused[m->type_of[from]];
	int32_t reload = m->reload0;

	if (v < 0 || m->problem->vehicles[v].n_fixed > 0 || m->problem->vehicles[v].departed)
		return;
	int32_t at = rp_start(m, v);
	for (int32_t i = other->next[rp_start(m, from)]; i != rp_end(m, from); i = other->next[i]) {
		if (i < m->n && is_free(x, i)) {
			rp_bank_drop(s, i);
			rp_link(s, i, at);
			at = i;
		} else if (i >= m->n) {
			while (reload < m->nodes && m->reload_owner[reload - m->reload0] != v)
				reload++;
			if (reload == m->nodes)
				continue;
			rp_save(s, reload);
			s->node[reload].place = other->place[i - m->reload0];
			rp_link(s, reload, at);
			at = reload++;
		}
	}
	rp_settle(x, v);
	if (!still_fits(x, v))
		clear_tour(x, v);
}

void
rp_cross(struct rp_search *x, const struct rp_kept *other)
{
	const struct rp_model *m = x->m;
	struct heir heir[MOST_TOURS];
	int32_t count = 0;

	rp_begin(&x->s);
	int32_t cleared = clear_tours(x);
	for (int32_t v = 0; v < m->vehicles; v++) {
		struct heir h = weigh_heir(x, other, v);
		if (h.shared * 2 < h.count || h.shared == 0)
			continue;
		int32_t at = count < cleared ? count++ : cleared;
		/* the fullest share first */
		for (; at > 0; at--) {
			const struct heir *b = &heir[at - 1];
			if ((int64_t)b->shared * h.count >= (int64_t)h.shared * b->count)
				break;
			if (at < cleared)
				heir[at] = *b;
		}
		if (at < cleared)
			heir[at] = h;
	}
	for (int32_t k = 0; k < count; k++)
		inherit(x, other, heir[k].tour);
	x->patience = 1;
	rp_recreate(x);
}
