/* Plans put aside: the order of the stops alone, from which everything else is made anew. */
#include "eval.h"
#include "search.h"

bool
rp_kept_init(struct rp_kept *k, const struct rp_model *m, struct dyp_pool *pool)
{
	*k = (struct rp_kept){ 0 };
	k->next = DYP_NEW_ARRAY(pool, (size_t)m->nodes, int32_t);
	k->place = DYP_NEW_ARRAY(pool, (size_t)(m->nodes - m->reload0), int32_t);
	return !pool->failed;
}

static inline void
put_aside(struct rp_kept *k, const struct rp_model *m, int32_t i, const struct rp_node *node)
{
	k->next[i] = node->tour < 0 ? -1 : node->next;
	if (i >= m->reload0)
		k->place[i - m->reload0] = node->place;
}

void
rp_keep(const struct rp_search *x, struct rp_kept *k)
{
	for (int32_t i = 0; i < x->m->nodes; i++)
		put_aside(k, x->m, i, &x->s.node[i]);
	k->score = x->s.score;
}

void
rp_keep_before(const struct rp_search *x, struct rp_kept *k)
{
	rp_keep(x, k);
	for (int32_t i = 0; i < x->s.nodes_saved; i++)
		put_aside(k, x->m, x->s.nodes_was[i].at, &x->s.nodes_was[i].was);
}

void
rp_return_to(struct rp_search *x, const struct rp_kept *k)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;

	rp_state_clear(s);
	for (int32_t v = 0; v < m->vehicles; v++) {
		int32_t at = rp_start(m, v);
		for (int32_t i = k->next[at]; i != rp_end(m, v); i = k->next[i]) {
			if (i < m->n)
				rp_bank_drop(s, i);
			else
				s->node[i].place = k->place[i - m->reload0];
			rp_link(s, i, at);
			at = i;
		}
		const struct dyp_route_vehicle *d = &m->problem->vehicles[v];
		if (d->n_fixed > 0)
			s->tour[v].fixed_last = (int32_t)d->fixed[d->n_fixed - 1];
		if (at != rp_start(m, v) && m->timed && !m->rich)
			rp_refresh(s, rp_start(m, v), rp_end(m, v));
		if (at != rp_start(m, v) && m->rich)
			(void)rp_recost(s, v);
	}
	rp_keep_best(x);
}
