/* Simulated annealing on the spent share of the budget: however long the search may run, it ends
 * cold. */
#include "anneal.h"

enum { ROUNDS_BETWEEN_LOOKS = 256 };

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

void
rp_anneal(struct rp_search *x, struct rp_budget *b, double from, double until, double hot,
          double cold)
{
	double ratio = dyp_log(cold / hot);
	double spent = rp_spent(b, x);

	while (spent < until) {
		double share = (spent - from) / (until - from);
		double temperature = hot * dyp_exp(ratio * (share > 0 ? share : 0));
		int rounds = ROUNDS_BETWEEN_LOOKS;
		if (b->max_steps > 0 && b->max_steps - x->steps < (uint64_t)rounds)
			rounds = (int)(b->max_steps - x->steps);
		for (int i = 0; i < rounds; i++)
			(void)rp_round(x, temperature);
		spent = rp_spent(b, x);
	}
}
