/* The plan of a search: annealings of the whole, then of regions and of crossings, by one thread or
 * several. */
#ifndef DYP_ROUTE_CREW_H
#define DYP_ROUTE_CREW_H

#include "anneal.h"

enum { RP_MOST_THREADS = 16 };

struct rp_heat {
	double hot, warm, cold; /* of the whole, of a region, at the end of both; in money */
};

/* Spends the budget on the current plan of x and ends with the best found as the current one.
 *
 * First the whole is annealed, several times when the budget allows; the results are the elites.
 * The rest goes to short annealings of one region of an elite, or of what a crossing of two elites
 * has touched; what does not end better is undone.
 *
 * With more threads each has a search of its own, its own random numbers and its own count of
 * rounds. They meet after the first part and at fixed shares of the budget; there the best elites
 * of all go to each. So equal steps give equal plans with threads too, however they are scheduled;
 * a thread that cannot be had is run by the calling one. False: no memory. */
bool rp_improve(struct rp_search *x, struct rp_budget *b, const struct rp_heat *heat, uint64_t seed,
                uint32_t threads, struct dyp_pool *pool);

#endif
