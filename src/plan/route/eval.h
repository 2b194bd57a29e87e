/* Whole-route evaluation: every feature of the model, at the price of a walk along the tour.
 *
 * A trial is a tour with up to four nodes more (or one taken out), described by insertions; the
 * answer is its cost, or that it is not possible. */
#ifndef DYP_ROUTE_EVAL_H
#define DYP_ROUTE_EVAL_H

#include "state.h"

enum { RP_TRIAL_NODES = 3 };

struct rp_trial {
	int32_t tour;
	int32_t count;
	int32_t node[RP_TRIAL_NODES], after[RP_TRIAL_NODES]; /* in the order they are linked */
	int32_t without;                                     /* a node left out, or -1 */
};

struct rp_eval; /* scratch memory */

enum rp_refusal {
	RP_FITS = 0,
	RP_NO_CAPACITY,
	RP_NO_WINDOW,
	RP_NO_SHIFT,
	RP_NO_LIMIT,
	RP_NO_ORDER,
	RP_NO_STOCK
};

struct rp_verdict {
	enum rp_refusal why;
	int64_t excess; /* by how much, at the first violation */
	int32_t dim;
	int64_t cost; /* of the whole tour, when it fits */
	int32_t duration;
};

struct rp_eval *rp_eval_new(const struct rp_model *m, struct dyp_pool *pool);
struct rp_verdict rp_evaluate(const struct rp_state *s, const struct rp_trial *trial);
/* Steps of a tour with their times. out: room for count + 2 + breaks. Returns their number. */
uint32_t rp_eval_steps(const struct rp_state *s, int32_t tour, struct dyp_route_step *out);
/* The tour's cost and duration anew, after links and unlinks. False: it does not fit. */
bool rp_recost(struct rp_state *s, int32_t tour);

#endif
