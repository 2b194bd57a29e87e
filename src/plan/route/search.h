/* The search: slack induction by string removals (Christiaens, Vanden Berghe 2020), annealed over
 * the budget, with a short descent on what a round has touched. */
#ifndef DYP_ROUTE_SEARCH_H
#define DYP_ROUTE_SEARCH_H

#include "near.h"
#include "state.h"

enum {
	RP_LOG_TABLE = 2048,
	RP_MOST_OUT = 256 /* stops taken out in one round */
};

/* A plan put aside. */
struct rp_kept {
	int32_t *next;  /* by node; -1: not in a tour */
	int32_t *place; /* by reload node */
	struct rp_score score;
};

struct rp_search {
	const struct rp_model *m;
	struct rp_near *near; /* shared by threads once it is filled */
	struct rp_state s;
	struct dyp_rng rng;
	int32_t *out; /* stops taken out in this round; they are in the bank */
	int32_t n_out;
	int64_t *key;       /* sort keys of out */
	int32_t *hit_tours; /* tours a round has changed */
	int32_t n_hit;
	int32_t *tour_mark;
	int32_t mark;
	int32_t *spare;  /* [n] */
	int32_t *region; /* seeds of the ruin are drawn from these, when there are any */
	int32_t *in_region;
	int32_t region_count, region_mark;
	int32_t blink;  /* positions until one is skipped */
	bool upgrading; /* full tours may get a larger vehicle in this round */
	struct rp_kept best_kept;
	struct rp_score best;
	bool best_is_current;
	double *minus_log; /* -ln((i + 0.5) / RP_LOG_TABLE) */
	double mean_out;
	int64_t patience; /* optional stops may cost this many times their prize in this round */
	uint64_t steps;
	struct rp_candidate *candidate; /* rich models */
};

bool rp_search_init(struct rp_search *x, const struct rp_model *m, struct rp_near *near,
                    uint64_t seed, struct dyp_pool *pool);

/* First plan: savings when all vehicles are alike, else greedy insertion. */
bool rp_start_plan(struct rp_search *x, struct dyp_pool *pool);

void rp_ruin(struct rp_search *x);
void rp_recreate(struct rp_search *x);
/* Puts out[0..n_out) back in the order of their keys. */
void rp_insert_all(struct rp_search *x);
void rp_take_out(struct rp_search *x, int32_t stop);

/* Gives tours the round has touched the vehicles that serve them at least cost; not rich models. */
void rp_refit(struct rp_search *x);

/* A vehicle with more room for a full tour: unused, or of another tour of this round. */
struct rp_upgrade {
	int64_t extra; /* what the exchange costs */
	int32_t with;  /* -1: none */
};
struct rp_upgrade rp_find_upgrade(const struct rp_search *x, int32_t tour, int32_t load);
/* Two vehicles exchange all their stops; the caller knows that they may. */
void rp_exchange(struct rp_search *x, int32_t a, int32_t b);

/* One place for a stop: the cheapest, or after < 0. */
struct rp_spot {
	int64_t delta;
	int32_t after;
	int32_t with; /* vehicle to exchange all stops with before, or -1 */
};
struct rp_spot rp_best_spot(struct rp_search *x, int32_t stop, bool everywhere);
/* Rich models: the cheapest place of the stop, its shipment or one of its alternatives. */
bool rp_rich_insert(struct rp_search *x, int32_t stop, bool everywhere);
/* Rich models, after stops left the tour: drops reloads that begin no trip; prices it anew. */
void rp_tidy(struct rp_search *x, int32_t tour);
/* After stops left or joined a tour, whatever the model. */
void rp_settle(struct rp_search *x, int32_t tour);
/* Models with trips: the same for one stop. */
bool rp_trips_insert(struct rp_search *x, int32_t stop, bool everywhere);
/* Now and then: two tours exchange their last trips. It costs nothing but changes who has time. */
void rp_swap_trips(struct rp_search *x);
bool rp_rich_init(struct rp_search *x, struct dyp_pool *pool);

bool rp_kept_init(struct rp_kept *k, const struct rp_model *m, struct dyp_pool *pool);
void rp_keep(const struct rp_search *x, struct rp_kept *k);
void rp_keep_before(const struct rp_search *x, struct rp_kept *k); /* as it was before the round */
void rp_return_to(struct rp_search *x, const struct rp_kept *k);

void rp_keep_best(struct rp_search *x);    /* copies the current plan to best */
void rp_restore_best(struct rp_search *x); /* and back */

/* Checked builds: stops the program when sums kept by differences are not those of the plan. */
void rp_audit(const struct rp_search *x);

/* Annealing. temperature in money. */
bool rp_round(struct rp_search *x, double temperature);

#endif
