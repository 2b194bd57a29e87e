/* The budget of a search and the loop that spends it. */
#ifndef DYP_ROUTE_ANNEAL_H
#define DYP_ROUTE_ANNEAL_H

#include "search.h"

#include <stdatomic.h>

enum { RP_MOST_ELITES = 6 };

struct rp_budget {
	uint64_t max_steps; /* 0: none */
	int64_t limit_us;   /* 0: none */
	int64_t start_us;
	int64_t (*now_us)(void *ctx);
	bool (*tick)(void *ctx, double done, uint64_t step, int64_t best_cost);
	void *ctx;
	bool stopped;
	atomic_bool *stop; /* shared by the threads of a search, or NULL */
};

/* Spent share of the budget in [0, 1]; 1 when stopped by the caller. */
double rp_spent(struct rp_budget *b, const struct rp_search *x);

/* Anneals the whole, start number k of those the budget allows; returns how many that are.
 * Temperatures in money. */
double rp_anneal_whole(struct rp_search *x, struct rp_budget *b, int32_t k, double hot,
                       double cold);
/* The stops around a random one, by the nearest-first lists, become the region. */
void rp_draw_region(struct rp_search *x);
/* Rounds in the region, from a temperature between hot and hot / e^2 down to cold. */
void rp_anneal_region(struct rp_search *x, struct rp_budget *b, double hot, double cold);

#endif
