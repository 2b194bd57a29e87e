/* Neighbour lists: which stops are worth standing next to each other. */
#ifndef DYP_ROUTE_NEAR_H
#define DYP_ROUTE_NEAR_H

#include "model.h"

enum { RP_NEAR_AHEAD = 6 }; /* entries readable past the end of `list` */

struct rp_near {
	int32_t width,
		wide;    /* entries per stop in the two lists; fewer when the problem is small */
	int32_t *list;   /* [n * width], nearest first: places to insert */
	int32_t *around; /* [n * wide], nearest first: whom to ruin together */
};

bool rp_near_init(struct rp_near *near, const struct rp_model *m, int32_t width, int32_t wide,
                  struct dyp_pool *pool);

#endif
