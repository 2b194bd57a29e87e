/* Neighbour lists: which stops are worth standing next to each other. */
#ifndef DYP_ROUTE_NEAR_H
#define DYP_ROUTE_NEAR_H

#include "model.h"

enum { RP_NEAR_AHEAD = 6 }; /* entries readable past the end of `list` */

struct rp_near_key {
	int64_t far;
	int32_t stop;
};

/* Rows are made when they are first asked for: one order into a running plan needs one of each. */
struct rp_near {
	const struct rp_model *m;
	int32_t width,
		wide;    /* entries per stop in the two lists; fewer when the problem is small */
	int32_t *list;   /* [n * width], nearest first: places to insert */
	int32_t *around; /* [n * wide], nearest first: whom to ruin together */
	bool *has_list, *has_around;
	struct rp_near_key *keys; /* scratch */
};

bool rp_near_init(struct rp_near *near, const struct rp_model *m, int32_t width, int32_t wide,
                  struct dyp_pool *pool);
void rp_near_fill(struct rp_near *near); /* all rows, before threads share them */
void rp_near_fill_list(struct rp_near *near, int32_t stop);
void rp_near_fill_around(struct rp_near *near, int32_t stop);

static inline const int32_t *
rp_near_list(struct rp_near *near, int32_t stop)
{
	if (!near->has_list[stop])
		rp_near_fill_list(near, stop);
	return near->list + (size_t)stop * (size_t)near->width;
}

static inline const int32_t *
rp_near_around(struct rp_near *near, int32_t stop)
{
	if (!near->has_around[stop])
		rp_near_fill_around(near, stop);
	return near->around + (size_t)stop * (size_t)near->wide;
}

#endif
