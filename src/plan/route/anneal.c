/* Simulated annealing on the spent share of the budget: however long the search may run, it ends
 * cold. */
#include "anneal.h"

enum {
	ROUNDS_BETWEEN_LOOKS = 256,
	REGION = 200, /* stops, on average */
	ROUNDS_PER_STOP = 200,
	MANY_ROUNDS = 1500, /* per stop */
	BRANCHES = 8        /* neighbours by which a region grows beyond its centre's */
};

double
rp_spent(struct rp_budget *b, const struct rp_search *x)
{
	double spent = 0.0;

	if (b->stopped)
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

/* Share of the budget for the search of the whole: all of it when a stop will see few rounds. */
static double
share_of_whole(const struct rp_search *x, double from, double spent)
{
	double rounds = (double)x->steps / (spent - from + 1e-9) / x->m->n;
	double share = WHOLE_SHARE + (1.0 - WHOLE_SHARE) * (1.0 - rounds / MANY_ROUNDS);

	return share > WHOLE_SHARE ? share : WHOLE_SHARE;
}

void
rp_anneal(struct rp_search *x, struct rp_budget *b, double hot, double cold)
{
	double ratio = dyp_log(cold / hot);
	double from = rp_spent(b, x);
	double spent = from;
	double until = 1.0;

	while (spent < until) {
		double share = (spent - from) / (until - from);
		run_rounds(x, b, hot * dyp_exp(ratio * (share > 0 ? share : 0)));
		spent = rp_spent(b, x);
		until = share_of_whole(x, from, spent);
	}
}

/* The stops around a random one, by the nearest-first lists, into x->region. */
static void
draw_region(struct rp_search *x, int32_t want)
{
	const struct rp_near *near = x->near;
	int32_t n = x->m->n;

	x->region_mark++;
	x->region_count = 0;
	int32_t seed = (int32_t)dyp_rng_below(&x->rng, (uint32_t)n);
	x->in_region[seed] = x->region_mark;
	x->region[x->region_count++] = seed;
	for (int32_t i = 0; i < x->region_count && x->region_count < want; i++) {
		const int32_t *around = near->around + (size_t)x->region[i] * (size_t)near->wide;
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

/* Rounds of one region, from a temperature between hot and hot / e^2. */
static void
anneal_region(struct rp_search *x, struct rp_budget *b, double hot, double cold)
{
	double top = hot * dyp_exp(-2.0 * dyp_rng_unit(&x->rng));
	double ratio = dyp_log(cold / top);
	int32_t rounds =
		(int32_t)(x->region_count * ROUNDS_PER_STOP * (0.5 + 1.5 * dyp_rng_unit(&x->rng)));

	for (int32_t i = 0; i < rounds && rp_spent(b, x) < 1.0; i += ROUNDS_BETWEEN_LOOKS)
		run_rounds(x, b, top * dyp_exp(ratio * i / rounds));
}

void
rp_reheat(struct rp_search *x, struct rp_budget *b, double hot, double cold)
{
	while (rp_spent(b, x) < 1.0) {
		rp_restore_best(x);
		int32_t size = REGION / 2 + (int32_t)dyp_rng_below(&x->rng, REGION);
		draw_region(x, x->m->n < size ? x->m->n : size);
		anneal_region(x, b, hot, cold);
	}
	x->region_count = 0;
}
