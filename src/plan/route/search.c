/* One round of the search: ruin, recreate, keep or go back; and the best plan seen. */
#include "search.h"
#include "eval.h"

#include <string.h>

/* A larger vehicle is nearly always the least detour; offered in every round it would end with
 * large vehicles only. */
enum { ROUNDS_PER_UPGRADE = 10, ROUNDS_PER_SWAP = 3 };

bool
rp_search_init(struct rp_search *x, const struct rp_model *m, struct rp_near *near, uint64_t seed,
               struct dyp_pool *pool)
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
	x->spare = DYP_NEW_ARRAY(pool, (size_t)m->nodes, int32_t);
	x->tour_mark = DYP_NEW_ARRAY(pool, (size_t)m->vehicles, int32_t);
	x->minus_log = DYP_NEW_ARRAY(pool, RP_LOG_TABLE, double);
	if (!rp_kept_init(&x->best_kept, m, pool) || !rp_state_init(&x->s, m, pool))
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
	if (!x->best_is_current)
		rp_return_to(x, &x->best_kept);
}

void
rp_settle(struct rp_search *x, int32_t tour)
{
	const struct rp_model *m = x->m;

	if (m->rich)
		rp_tidy(x, tour);
	else if (m->trips)
		rp_tidy_trips(&x->s, tour);
	else if (m->timed)
		rp_refresh(&x->s, rp_start(m, tour), rp_end(m, tour));
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
	if (x->m->types > 1 && !x->m->rich && !x->m->trips && x->m->home == NULL)
		rp_refit(x);
	if (x->m->trips && dyp_rng_below(&x->rng, ROUNDS_PER_SWAP) == 0)
		rp_swap_trips(x);
	double luck = x->minus_log[dyp_rng_next(&x->rng) >> 53];
	int64_t limit = cost + (int64_t)(temperature * luck);
	bool better = rp_score_compare(&s->score, &x->best) < 0;
	if (s->broken == 0 && (s->cost < limit || better)) {
		if (better) {
			rp_keep_best(x);
		} else if (x->best_is_current && s->cost != cost) {
			/* go back, copy, and redo is dearer than the copy from the journal */
			rp_keep_before(x, &x->best_kept);
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
