/* The problem as the search sees it: checked, vehicles grouped by type, matrices by cost.
 *
 * Node numbers: stop s is node s; vehicle v starts at node n + 2v and ends at n + 2v + 1; reload
 * nodes follow. Places: those of the problem, then one that is at no distance from anywhere, where
 * open routes start and end. */
#ifndef DYP_ROUTE_MODEL_H
#define DYP_ROUTE_MODEL_H

#include "dyplan/route.h"
#include "../kit.h"

/* Vehicles that the search need not tell apart. */
struct rp_type {
	const int32_t *cost,
		*cost_to; /* arc (i, j): cost[i * places + j], cost_to[j * places + i] */
	int64_t mul;      /* money = mul * cost */
	const int32_t *seconds, *seconds_to; /* travel time, same layouts */
	const int32_t *metres;
	int64_t fixed;
	int32_t start, end;  /* places */
	int32_t open, close; /* the shift, overtime included */
	int32_t capacity;    /* first dimension */
	int32_t max_duration;
	const uint64_t *may; /* bit per stop */
	int32_t family;      /* equal: differ in capacity and prices only, and for all stops */
	uint32_t vehicle;    /* the first of them */
	uint32_t count;
};

struct rp_model {
	const struct dyp_route_problem *problem;
	struct dyp_pool pool;
	int32_t places; /* the nowhere included, when there is one */
	int32_t n;      /* stops */
	int32_t vehicles, types;
	int32_t nodes;
	int32_t reload0; /* first reload node */
	struct rp_type *type;
	int32_t *type_of;      /* by vehicle */
	int64_t *absence;      /* by stop: price of leaving it out, in the search */
	int64_t *weight;       /* by stop: its share of score.unserved */
	int32_t *partner;      /* by stop: other end of its shipment, or -1 */
	bool *is_delivery;     /* of a shipment */
	int32_t *group_next;   /* ring of alternatives; itself when alone */
	int32_t *reload_of;    /* [vehicles + 1]: its reload nodes begin at reload0 + this */
	int32_t *reload_owner; /* by reload node - reload0: vehicle */
	bool timed;            /* windows, shifts or durations matter */
	bool trips;            /* reloads or releases, but not rich */
	bool rich;             /* needs whole-route evaluation */
	bool one_cost;         /* all types share matrix and mul */
	bool has_limit;        /* a duration limit */
	bool upgrades;         /* some types are of one family */
	bool all_may;          /* every type may serve every stop */
	bool same_time;        /* travel time equals cost on all arcs, mul 1 */
	bool symmetric;
	bool has_bank;        /* optional stops */
	const int32_t *home;  /* by stop: vehicle in the plan to stay close to, or -1; or NULL */
	int64_t change_price; /* of another vehicle than home */
	double mean_leg;      /* between near stops, in money */
};

/* Asks to stay close to a plan: every stop served by another vehicle than there costs. */
void rp_model_set_home(struct rp_model *m, const int32_t *home, int64_t change_price);

/* The problem must have passed rp_problem_check(), as rp_model_init() sees to itself. */
enum dyp_code rp_model_compile(struct rp_model *m, const struct dyp_route_problem *problem,
                               const struct dyp_memory *memory, struct dyp_err *err);
enum dyp_code rp_model_init(struct rp_model *m, const struct dyp_route_problem *problem,
                            const struct dyp_memory *memory, struct dyp_err *err);
void rp_model_release(struct rp_model *m);

/* Refuses what no search could make sense of; names item and field. */
enum dyp_code rp_problem_check(const struct dyp_route_problem *problem, struct dyp_err *err);

/* What it costs that this vehicle serves the stop and not the one of the plan to stay close to. */
static inline int64_t
rp_price_of_change(const struct rp_model *m, int32_t stop, int32_t vehicle)
{
	return m->home != NULL && m->home[stop] >= 0 && m->home[stop] != vehicle ? m->change_price
	                                                                         : 0;
}

static inline bool
rp_may(const struct rp_type *t, int32_t stop)
{
	return (t->may[stop >> 6] >> (stop & 63)) & 1;
}

#endif
