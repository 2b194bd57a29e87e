/* A problem with its stops and places renumbered so that neighbours are near each other in memory
 * too: from about a thousand stops on, a search spends its time waiting for lines of the matrix. */
#ifndef DYP_ROUTE_ORDER_H
#define DYP_ROUTE_ORDER_H

#include "model.h"

struct rp_order {
	const struct dyp_route_problem
		*problem; /* the given one when renumbering is not worth it */
	struct dyp_route_problem mine;
	uint32_t *stop_was, *stop_is; /* by new and by old number; NULL: nothing is renumbered */
	uint32_t *place_was, *place_is;
};

/* The problem must have passed rp_problem_check(). The memory hangs on the pool. */
bool rp_order_init(struct rp_order *o, const struct dyp_route_problem *problem, bool wanted,
                   struct dyp_pool *pool);
/* A plan of the given problem as one of o->problem, in the pool. NULL: no memory. */
const struct dyp_route_plan *rp_order_plan(const struct rp_order *o,
                                           const struct dyp_route_plan *plan,
                                           struct dyp_pool *pool);
/* A plan of o->problem back to the given numbers, in place. */
void rp_order_undo(const struct rp_order *o, struct dyp_route_plan *plan);

#endif
