/* What solve, schedule, explain and replan share. */
#ifndef DYP_ROUTE_INSIDE_H
#define DYP_ROUTE_INSIDE_H

#include "search.h"

/* A plan out of the search's current state, times and score included. */
enum dyp_code rp_export(const struct rp_search *x, const struct dyp_memory *memory,
                        struct dyp_route_plan **out, struct dyp_err *err);
/* The fixed stops of all vehicles, then what fits of the plan (which may be NULL). */
enum dyp_code rp_adopt(struct rp_search *x, const struct dyp_route_plan *plan, struct dyp_err *err);

#endif
