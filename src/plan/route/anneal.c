/* Simulated annealing on the spent share of the budget: however long the search may run, it ends
 * cold. */
#include "anneal.h"

enum {
	ROUNDS_BETWEEN_LOOKS = 256,
	REGION = 200, /* stops, on average */
	ROUNDS_PER_STOP = 200,
	MANY_ROUNDS = 10000,      /* per stop */
	MANY_TIMED_ROUNDS = 1500, /* with windows: regions pay sooner */
	ROUNDS_PER_START = 3300,
	BRANCHES = 8 /* neighbours by which a region grows beyond its centre's */
};

double
rp_spent(struct rp_budget *b, const struct rp_search *x)
{
	double spent = 0.0;

	if (b->stopped || (b->stop != NULL && atomic_load_explicit(b->stop, memory_order_relaxed)))
		return 1.0;
	if (b->max_steps > 0)
		spent = (double)x->steps / (double)b->max_steps;
	if (b->limit_us > 0) {
		double share = (double)(b->now_us(b->ctx) - b->start_us) / (double)b->limit_us;
		spent = share > spent ? share : spent;
	}
	spent = spent > 1.0 ? 1.0 : spent;
	if (b->tick != NULL && !b->tick(b->ctx, spent, x->steps, x->best.cost)) {
		b->stopped = true;
		if (b->stop != NULL)
			atomic_store_explicit(b->stop, true, memory_order_relaxed);
		return 1.0;
	}
	return spent;
}

static const double WHOLE_SHARE = 0.5;

static void
run_rounds(struct rp_search *x, const struct rp_budget *b, double temperature)
{
	int rounds = ROUNDS_BETWEEN_LOOKS;

	if (b->max_steps > 0 && b->max_steps - x->steps < (uint64_t)rounds)
		rounds = (int)(b->max_steps - x->steps);
	for (int i = 0; i < rounds; i++)
		(void)rp_round(x, temperature);
}

/* Rounds a stop will see in the whole budget, at the speed so far. */
static double
rounds_per_stop(const struct rp_search *x, double spent)
{
	return (double)x->steps / (spent + 1e-9) / x->m->n;
}

/* Share of the budget for searches of the whole: all of it when a stop will see few rounds. */
static double
share_of_whole(const struct rp_model *m, double rounds)
{
	double many = m->timed || m->rich ? MANY_TIMED_ROUNDS : MANY_ROUNDS;
	double share = WHOLE_SHARE + (1.0 - WHOLE_SHARE) * (1.0 - rounds / many);

	return share > WHOLE_SHARE ? share : WHOLE_SHARE;
}

static double
starts_for(double rounds)
{
	double starts = rounds / ROUNDS_PER_START;

	return starts < 1.0 ? 1.0 : starts > RP_MOST_ELITES ? RP_MOST_ELITES : starts;
}

double
rp_anneal_whole(struct rp_search *x, struct rp_budget *b, int32_t k, double hot, double cold)
{
	double ratio = dyp_log(cold / hot);
	double from = rp_spent(b, x);
	double spent = from;
	double until = 1.0;
	double starts = 1.0;

	while (spent < until) {
		double share = (spent - from) / (until - from);
		run_rounds(x, b, hot * dyp_exp(ratio * (share > 0 ? share : 0)));
		spent = rp_spent(b, x);
		double rounds = rounds_per_stop(x, spent);
		starts = starts_for(rounds);
		until = share_of_whole(x->m, rounds) * (k + 1) / (double)(int32_t)starts;
		until = until < 1.0 ? until : 1.0;
	}
	return starts;
}

void
rp_draw_region(struct rp_search *x)
{
	int32_t want = REGION / 2 + (int32_t)dyp_rng_below(&x->rng, REGION);
	struct rp_near *near = x->near;
	int32_t n = x->m->n;

	want = want < n ? want : n;
	x->region_mark++;
	x->region_count = 0;
	int32_t seed = (int32_t)dyp_rng_below(&x->rng, (uint32_t)n);
	x->in_region[seed] = x->region_mark;
	x->region[x->region_count++] = seed;
	for (int32_t i = 0; i < x->region_count && x->region_count < want; i++) {
		const int32_t *around = rp_near_around(near, x->region[i]);
		for (int32_t k = 0; k < near->wide && x->region_count < want; k++) {
			if (i > 0 && k >= BRANCHES)
				break;
			if (x->in_region[around[k]] == x->region_mark)
				continue;
			x->in_region[around[k]] = x->region_mark;
			x->region[x->region_count++] = around[k];
		}
	}
}

void
rp_anneal_region(struct rp_search *x, struct rp_budget *b, double hot, double cold)
{
	double top = hot * dyp_exp(-2.0 * dyp_rng_unit(&x->rng));
	double ratio = dyp_log(cold / top);
	int32_t rounds =
		(int32_t)(x->region_count * ROUNDS_PER_STOP * (0.5 + 1.5 * dyp_rng_unit(&x->rng)));

	for (int32_t i = 0; i < rounds && rp_spent(b, x) < 1.0; i += ROUNDS_BETWEEN_LOOKS)
		run_rounds(x, b, top * dyp_exp(ratio * i / rounds));
}
