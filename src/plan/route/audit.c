/* What the search keeps up to date by differences, recomputed from the bare order of the stops.
 * Checked builds do so after every round and stop at the first that differs. */
#include "search.h"

#ifdef DYP_CHECKED

#include "eval.h"

#include <stdio.h>
#include <stdlib.h>

static void
demand(bool claim, const char *what, const struct rp_search *x, int32_t where)
{
	if (claim)
		return;
	(void)fprintf(stderr, "libdyplan: round %llu: %s (%d)\n", (unsigned long long)x->steps,
	              what, where);
	abort();
}

/* Cost of a tour from its order; its links, loads and times are as its nodes say. */
static int64_t
audit_tour(const struct rp_search *x, int32_t v)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	const struct rp_type *t = s->tour[v].type;
	int64_t arcs = 0;
	int32_t load = 0;
	int32_t count = 0;
	int32_t leave = t->open;

	for (int32_t i = rp_start(m, v); i != rp_end(m, v); i = s->node[i].next) {
		const struct rp_node *a = &s->node[i];
		const struct rp_node *b = &s->node[a->next];
		demand(b->prev == i && b->tour == v, "a link points one way only", x, i);
		demand(a->next_place == b->place && b->prev_place == a->place,
		       "a node does not know its neighbour's place", x, i);
		demand(a->leg == rp_arc(m, t, a->place, b->place) && b->leg_in == a->leg,
		       "a leg has another cost", x, i);
		arcs += a->leg;
		load += b->load;
		count += a->next < m->n;
		if (!m->timed || m->rich || m->trips)
			continue;
		const struct rp_task *w = &s->task[a->next];
		leave += rp_drive(m, t, a->place, b->place);
		leave = leave > w->open ? leave : w->open;
		demand(leave <= w->close && leave <= b->latest, "a window is missed", x, a->next);
		leave += w->service;
		demand(leave == b->leave, "a node has another time", x, a->next);
	}
	demand(arcs == s->tour[v].arcs && load == s->tour[v].load && count == s->tour[v].count,
	       "a tour's sums differ", x, v);
	if (count == 0)
		return 0;
	int64_t changes = 0;
	for (int32_t i = s->node[rp_start(m, v)].next; i != rp_end(m, v); i = s->node[i].next)
		changes += i < m->n ? rp_price_of_change(m, i, v) : 0;
	if (m->trips) {
		demand(rp_trips_fit(s, v), "a trip does not fit", x, v);
		return t->fixed + arcs * t->mul;
	}
	if (!m->rich) {
		demand(load <= t->capacity && s->room[v] == t->capacity - load,
		       "a tour is overloaded", x, v);
		return t->fixed + arcs * t->mul + changes;
	}
	struct rp_trial as_is = { .tour = v, .without = -1 };
	struct rp_verdict verdict = rp_evaluate(s, &as_is);
	demand(verdict.why == RP_FITS && verdict.cost == s->tour[v].cost, "a tour has another cost",
	       x, v);
	return verdict.cost;
}

void
rp_audit(const struct rp_search *x)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	int64_t cost = s->spread;

	for (int32_t v = 0; v < m->vehicles; v++)
		cost += audit_tour(x, v);
	for (int32_t i = 0; i < m->n; i++) {
		int32_t first = i;
		bool out = true;
		for (int32_t g = m->group_next[i]; g != i; g = m->group_next[g]) {
			first = g < first ? g : first;
			out &= s->node[g].tour < 0;
		}
		demand((s->bank_at[i] < 0) == (s->node[i].tour >= 0), "the bank is wrong", x, i);
		if (out && first == i && s->node[i].tour < 0)
			cost += m->absence[i];
	}
	demand(cost == s->cost, "the sum of all costs differs", x, -1);
}

#else

void
rp_audit(const struct rp_search *x)
{
	(void)x;
}

#endif
