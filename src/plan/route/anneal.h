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

/* Anneals from the current plan, for a share of the budget that shrinks with its length. */
void rp_anneal(struct rp_search *x, struct rp_budget *b, double hot, double cold);

/* Spends the rest of the budget on short annealings of one region each, always from the best plan:
 * what does not end better is undone, so that every region keeps its best of several runs. */
void rp_reheat(struct rp_search *x, struct rp_budget *b, double hot, double cold);

#endif
