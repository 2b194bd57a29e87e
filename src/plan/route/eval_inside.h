/* What the parts of the whole-route evaluation share. */
#ifndef DYP_ROUTE_EVAL_INSIDE_H
#define DYP_ROUTE_EVAL_INSIDE_H

#include "eval.h"

struct item {
	int32_t node; /* or -1: a break */
	int32_t brk;
	int32_t drive, lasts; /* travel to it; setup and service */
	int32_t from;         /* earliest begin */
	int32_t cap;          /* latest begin */
	int32_t begin, arrival;
};

struct rp_eval {
	int32_t *seq;
	struct item *item;
	int32_t *seen; /* by stop: serial of the evaluation that has met it */
	int32_t serial;
};

static inline int32_t
amount(const int32_t *load, uint32_t d)
{
	return load != NULL ? load[d] : 0;
}

/* Loaded at the depot where the trip begins. */
static inline bool
comes_from_depot(const struct rp_model *m, int32_t stop)
{
	return m->partner[stop] < 0 && m->problem->stops[stop].delivery != NULL;
}

/* Order, loads and fixed stops of the trips laid out in s->eval->seq. */
struct rp_verdict rp_check_trips(const struct rp_state *s, int32_t tour, int32_t count);
/* What all tours together take from the depots' stocks, this one as laid out. */
struct rp_verdict rp_check_stocks(const struct rp_state *s, int32_t tour, int32_t count);

#endif
