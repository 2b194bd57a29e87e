/* Vehicle routing for the last mile: who visits which stops, in which order, when.
 *
 * Units: whole seconds from any fixed start (the plan's day), whole metres, load in the caller's
 *   unit, cost in the caller's smallest unit of money or effort.
 * Objective, in this order: leave as little as possible unserved, highest tier first and within a
 *   tier by priority; then least cost (the prizes of optional stops left out count as cost).
 * Determinism: equal problem, seed, threads and max_steps give the same plan, byte for byte, on
 *   every machine, provided no time limit is set or it was not reached.
 * Threads: no global state. The problem is only read and must not change during a call. Threads
 *   started by a call have ended when it returns; memory is asked for by the calling one alone.
 * Ownership: pointers in a problem belong to the caller; plans and reports are freed by
 *   dyp_route_plan_free() and dyp_route_report_free().
 * Limits: times and matrix entries below DYP_ROUTE_TIME_MAX; see the README of the module. */
#ifndef DYPLAN_ROUTE_H
#define DYPLAN_ROUTE_H

#include "dyplan/dyplan.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DYP_ROUTE_TIME_MAX 500000000 /* s; nearly 16 years */
#define DYP_ROUTE_NONE     UINT32_MAX
#define DYP_ROUTE_DIMS     8 /* most load dimensions */
#define DYP_ROUTE_TIERS    8

struct dyp_route_window {
	int32_t from, to; /* setup and service may begin at from, ..., to */
};

/* One bend of a convex cost: every second past `from` costs per_s more than before. */
struct dyp_route_bend {
	int32_t from;
	int64_t per_s; /* >= 0 */
};

struct dyp_route_stop {
	uint32_t place;
	const int32_t *delivery; /* [dims] brought from the depot; NULL: none */
	const int32_t *pickup;   /* [dims] taken along to the end of the trip; NULL: none */
	int32_t setup_s;         /* spent when the stop before is at another place */
	int32_t service_s;
	const int32_t *setup_by_kind,
		*service_by_kind;               /* [kinds] by vehicle kind; NULL: as above */
	const struct dyp_route_window *windows; /* ascending, disjoint; none: any time */
	uint32_t n_windows;
	const struct dyp_route_bend *late; /* soft limits on the start of service */
	uint32_t n_late;
	const uint32_t *skills; /* all must be held by the vehicle */
	uint32_t n_skills;
	uint8_t tier;      /* 0 ordinary ... 7 first (medicine) */
	uint16_t priority; /* 0..1000 within the tier */
	bool optional;     /* may be left out at the cost of its prize */
	int64_t prize;
	int32_t release_s; /* its load is at the depot from then on */
	uint32_t group;    /* stops of one group > 0 are alternatives: one of them is served */
	uint32_t vehicle;  /* locked to this vehicle, or DYP_ROUTE_NONE */
	bool aboard;       /* already loaded on that vehicle */
};

/* The pickup's `pickup` load is carried to the delivery, in the same trip; the two stops' loads
 * must be equal. Both or neither are served. */
struct dyp_route_shipment {
	uint32_t pickup, delivery; /* stops */
};

struct dyp_route_break {
	const struct dyp_route_window *windows;
	uint32_t n_windows;
	int32_t service_s;
	const int32_t *max_load; /* [dims] or NULL */
};

struct dyp_route_vehicle {
	uint32_t profile;        /* which matrix */
	uint32_t start, end;     /* places; DYP_ROUTE_NONE: the route starts or ends anywhere */
	const int32_t *capacity; /* [dims]; NULL: no limit */
	uint32_t kind;           /* index for *_by_kind, below problem.kinds */
	int64_t fixed_cost, per_metre, per_travel_s, per_task_s, per_s; /* per_s: whole duration */
	const struct dyp_route_bend *long_day; /* convex cost of duration: balances shifts */
	uint32_t n_long_day;
	uint32_t slowness;            /* travel time in per mille of the matrix; 0: 1000 */
	int32_t shift_from, shift_to; /* 0, 0: any time */
	int32_t overtime_s;           /* the end may be this much later */
	int64_t overtime_per_s;
	int32_t max_tasks, max_travel_s, max_metres, max_duration_s; /* 0: no limit */
	const uint32_t *skills; /* ascending order is not needed */
	uint32_t n_skills;
	const struct dyp_route_break *breaks;
	uint32_t n_breaks;
	const uint32_t *reloads; /* places where a new trip may begin */
	uint32_t n_reloads;
	uint32_t max_reloads; /* per route */
	int32_t reload_s;
	bool departed;         /* left the depot: before a reload only stops that are aboard */
	const uint32_t *fixed; /* stops it must serve first, in this order */
	uint32_t n_fixed;
};

struct dyp_route_matrix {
	const int32_t *seconds; /* [places^2], row: from; may be asymmetric */
	const int32_t *metres;  /* NULL: as seconds */
};

struct dyp_route_stock {
	uint32_t place;
	const int32_t *amount; /* [dims] that may be loaded there in the whole plan */
};

struct dyp_route_problem {
	uint32_t places, dims, kinds;
	uint32_t n_matrices, n_stops, n_vehicles, n_shipments, n_stocks;
	const struct dyp_route_matrix *matrices; /* by profile */
	const struct dyp_route_stop *stops;
	const struct dyp_route_vehicle *vehicles;
	const struct dyp_route_shipment *shipments;
	const struct dyp_route_stock *stocks;
	int64_t spread_per_s; /* price of (longest - shortest) duration among the used vehicles */
};

enum dyp_route_step_kind {
	DYP_STEP_START = 0,
	DYP_STEP_STOP,
	DYP_STEP_BREAK,
	DYP_STEP_RELOAD,
	DYP_STEP_END
};

struct dyp_route_step {
	enum dyp_route_step_kind kind;
	uint32_t index;                /* stop, break, or the place of a reload, start or end */
	int32_t arrival, begin, leave; /* begin: of setup and service, after waiting */
};

struct dyp_route_tour {
	uint32_t vehicle, n_steps;
	struct dyp_route_step *steps; /* from DYP_STEP_START to DYP_STEP_END */
};

struct dyp_route_score {
	int64_t unserved[DYP_ROUTE_TIERS]; /* per tier: sum of priority * (stops + 1) + 1 */
	int64_t cost;                      /* everything below and the prizes */
	int64_t metres, travel_s, service_s, setup_s, waiting_s, duration_s;
	int64_t late_cost, overtime_cost, prizes_lost;
	uint32_t tours, served;
};

struct dyp_route_plan {
	struct dyp_route_tour *tours; /* only vehicles that move, by vehicle number */
	uint32_t *unserved;           /* stops, ascending; of a group only when none is served */
	uint32_t n_tours, n_unserved;
	struct dyp_route_score score;
	uint64_t steps; /* rounds of the search it took */
	struct dyp_memory memory;
};

struct dyp_route_options {
	uint64_t seed;                /* 1 */
	uint64_t max_steps;           /* rounds of the search per thread; 0: 200,000 */
	uint32_t time_limit_ms;       /* 0: none. Needs now_us; max_steps 0 then means no limit */
	uint32_t threads;             /* 1; at most 16 count */
	int64_t (*now_us)(void *ctx); /* called from every thread */
	/* Called now and then from the calling thread; false stops the search. */
	bool (*tick)(void *ctx, double done, uint64_t step, int64_t best_cost);
	void *ctx;
	const struct dyp_route_plan *start; /* a warm start; need not be complete */
	int64_t change_price; /* cost of serving a stop by another vehicle than in `start` */
	struct dyp_memory memory;
};

struct dyp_route_options dyp_route_options_default(void);

/* DYP_OK: *out is complete and passes dyp_route_verify(). DYP_CANCELLED: *out is the best plan so
 * far, also verified. Otherwise *out is NULL and err tells why. options NULL: the defaults. */
enum dyp_code dyp_route_solve(const struct dyp_route_problem *problem,
                              const struct dyp_route_options *options, struct dyp_route_plan **out,
                              struct dyp_err *err);

/* Checks a plan from any source against every hard constraint and counts its score, sharing no
 * code with the solver. DYP_INFEASIBLE: err names the first fault. */
enum dyp_code dyp_route_verify(const struct dyp_route_problem *problem,
                               const struct dyp_route_plan *plan, struct dyp_route_score *score,
                               struct dyp_err *err);

/* Fills in the times (and breaks) of tours that give only their stops and reloads, in order. */
enum dyp_code dyp_route_schedule(const struct dyp_route_problem *problem,
                                 const struct dyp_route_plan *rough, struct dyp_route_plan **out,
                                 struct dyp_err *err);

enum dyp_route_cause {
	DYP_CAUSE_SKILL = 0, /* no vehicle has the skills; amount: fewest missing */
	DYP_CAUSE_LOCK,      /* locked to a vehicle that cannot */
	DYP_CAUSE_CAPACITY,  /* amount: least excess, in dimension `dim` */
	DYP_CAUSE_WINDOW,    /* amount: seconds the window would have to stretch */
	DYP_CAUSE_SHIFT,     /* amount: seconds of shift missing */
	DYP_CAUSE_LIMIT,     /* a vehicle's tasks, travel time, distance or duration */
	DYP_CAUSE_STOCK,
	DYP_CAUSE_COST,      /* fits, but costs more than its prize; amount: by how much */
	DYP_CAUSE_DISPLACED, /* fits only where a stop of its tier or higher stands */
	DYP_CAUSES
};

struct dyp_route_reason {
	uint32_t stop, vehicle;     /* vehicle of the smallest relaxation */
	enum dyp_route_cause cause; /* of the smallest relaxation */
	int64_t amount;
	uint32_t dim;
	uint32_t tried[DYP_CAUSES]; /* vehicles refused for each cause */
	char text[160];
};

struct dyp_route_report {
	struct dyp_route_reason *reasons;
	uint32_t n_reasons;
	struct dyp_memory memory;
};

/* Why each unserved stop of the plan is unserved, and what would have to give. */
enum dyp_code dyp_route_explain(const struct dyp_route_problem *problem,
                                const struct dyp_route_plan *plan, struct dyp_route_report **out,
                                struct dyp_err *err);

struct dyp_route_change {
	uint32_t stop, from, to; /* vehicles; DYP_ROUTE_NONE: unserved */
};

/* Improves `running` for a changed problem (new stops at the end of `stops`, locks, fixed stops),
 * at a price per stop that changes its vehicle. *changes: array of n_changes, freed with free() or
 * options->memory.put; may be NULL. */
enum dyp_code dyp_route_replan(const struct dyp_route_problem *problem,
                               const struct dyp_route_plan *running,
                               const struct dyp_route_options *options, int64_t change_price,
                               struct dyp_route_plan **out, struct dyp_route_change **changes,
                               uint32_t *n_changes, struct dyp_err *err);

void dyp_route_plan_free(struct dyp_route_plan *plan);       /* NULL is fine */
void dyp_route_report_free(struct dyp_route_report *report); /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
