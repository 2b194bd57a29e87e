/* The budget of a search and the loop that spends it. */
#ifndef DYP_ROUTE_ANNEAL_H
#define DYP_ROUTE_ANNEAL_H

#include "search.h"

struct rp_budget {
	uint64_t max_steps; /* 0: none */
	int64_t limit_us;   /* 0: none */
	int64_t start_us;
	int64_t (*now_us)(void *ctx);
	bool (*tick)(void *ctx, double done, uint64_t step, int64_t best_cost);
	void *ctx;
	bool stopped;
};

/* Spent share of the budget in [0, 1]; 1 when stopped by the caller. */
double rp_spent(struct rp_budget *b, const struct rp_search *x);

/* Spends the budget on the current plan and ends with the best found as the current one.
 *
 * First the whole is annealed, several times when the budget allows; the results are the elites.
 * The rest goes to short annealings of one region of an elite, or of what a crossing of two elites
 * has touched; what does not end better is undone. Temperatures in money. */
bool rp_improve(struct rp_search *x, struct rp_budget *b, double hot, double warm, double cold,
                struct dyp_pool *pool);

#endif
