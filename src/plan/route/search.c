/* One round of the search: ruin, recreate, keep or go back; and the best plan seen. */
#include "search.h"
#include "eval.h"

#include <string.h>

/* A larger vehicle is nearly always the least detour; offered in every round it would end with
 * large vehicles only. */
enum { ROUNDS_PER_UPGRADE = 10 };

bool
rp_search_init(struct rp_search *x, const struct rp_model *m, const struct rp_near *near,
               uint64_t seed, struct dyp_pool *pool)
{
	*x = (struct rp_search){
		.m = m, .near = near, .mean_out = 10.0, .blink = 100, .patience = 1
	};
	x->rng.state = dyp_mix(seed + UINT64_C(0x632be59bd9b4e019));
	x->out = DYP_NEW_ARRAY(pool, (size_t)m->n + RP_MOST_OUT, int32_t);
	x->key = DYP_NEW_ARRAY(pool, (size_t)m->n + RP_MOST_OUT, int64_t);
	x->hit_tours = DYP_NEW_ARRAY(pool, (size_t)m->vehicles, int32_t);
	x->region = DYP_NEW_ARRAY(pool, (size_t)m->n, int32_t);
	x->in_region = DYP_NEW_ARRAY(pool, (size_t)m->n, int32_t);
	x->spare = DYP_NEW_ARRAY(pool, (size_t)m->n, int32_t);
	x->tour_mark = DYP_NEW_ARRAY(pool, (size_t)m->vehicles, int32_t);
	x->best_next = DYP_NEW_ARRAY(pool, (size_t)m->nodes, int32_t);
	x->minus_log = DYP_NEW_ARRAY(pool, RP_LOG_TABLE, double);
	if (pool->failed || !rp_state_init(&x->s, m, pool))
		return false;
	if (m->rich && !rp_rich_init(x, pool))
		return false;
	for (int i = 0; i < RP_LOG_TABLE; i++)
		x->minus_log[i] = -dyp_log((i + 0.5) / RP_LOG_TABLE);
	return true;
}

void
rp_keep_best(struct rp_search *x)
{
	x->best = x->s.score;
	x->best_is_current = true;
}

void
rp_restore_best(struct rp_search *x)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;

	if (x->best_is_current)
		return;
	rp_state_clear(s);
	for (int32_t v = 0; v < m->vehicles; v++) {
		int32_t at = rp_start(m, v);
		for (int32_t i = x->best_next[at]; i != rp_end(m, v); i = x->best_next[i]) {
			if (i < m->n)
				rp_bank_drop(s, i);
			rp_link(s, i, at);
			at = i;
		}
		if (at != rp_start(m, v) && m->timed && !m->rich)
			rp_refresh(s, rp_start(m, v), rp_end(m, v));
		if (at != rp_start(m, v) && m->rich)
			(void)rp_recost(s, v);
	}
	rp_keep_best(x);
}

/* After rp_go_back the bank must hold exactly the stops without a tour. */
static void
mend_bank(struct rp_search *x)
{
	struct rp_state *s = &x->s;

	for (int32_t i = 0; i < x->n_out; i++) {
		int32_t stop = x->out[i];
		bool is_out = s->node[stop].tour < 0;
		if (is_out && s->bank_at[stop] < 0)
			rp_bank_add(s, stop);
		else if (!is_out && s->bank_at[stop] >= 0)
			rp_bank_drop(s, stop);
	}
}

static bool
try_round(struct rp_search *x, double temperature)
{
	struct rp_state *s = &x->s;
	int64_t cost = s->cost;
	struct rp_score score = s->score;
	int64_t spread = s->spread;
	int32_t served = s->served;

	x->steps++;
	rp_begin(s);
	rp_ruin(x);
	if (x->n_out == 0)
		return false;
	x->upgrading = x->m->upgrades && dyp_rng_below(&x->rng, ROUNDS_PER_UPGRADE) == 0;
	rp_recreate(x);
	if (x->m->types > 1 && !x->m->rich)
		rp_refit(x);
	double luck = x->minus_log[dyp_rng_next(&x->rng) >> 53];
	int64_t limit = cost + (int64_t)(temperature * luck);
	bool better = rp_score_compare(&s->score, &x->best) < 0;
	if (s->broken == 0 && (s->cost < limit || better)) {
		if (better) {
			rp_keep_best(x);
		} else if (x->best_is_current && s->cost != cost) {
			/* go back, copy, and redo is dearer than the copy from the journal */
			for (int32_t i = 0; i < x->m->nodes; i++)
				x->best_next[i] = s->node[i].tour < 0 ? -1 : s->node[i].next;
			for (int32_t i = 0; i < s->nodes_saved; i++) {
				const struct rp_saved_node *w = &s->nodes_was[i];
				x->best_next[w->at] = w->was.tour < 0 ? -1 : w->was.next;
			}
			x->best_is_current = false;
		}
		return true;
	}
	rp_go_back(s);
	mend_bank(x);
	s->served = served;
	s->cost = cost;
	s->spread = spread;
	s->broken = 0;
	s->score = score;
	return false;
}

bool
rp_round(struct rp_search *x, double temperature)
{
	bool kept = try_round(x, temperature);

	rp_audit(x);
	return kept;
}
