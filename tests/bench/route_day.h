/* Figures of the route planner that are no gaps: the daily case, first plans, replanning, memory. */
#ifndef DY_BENCH_ROUTE_DAY_H
#define DY_BENCH_ROUTE_DAY_H

void bench_route_day(void);

#endif
