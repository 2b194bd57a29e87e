/* Recombination of two plans. */
#ifndef DYP_ROUTE_CROSS_H
#define DYP_ROUTE_CROSS_H

#include "search.h"

/* Replaces a few tours of the current plan by tours of the other one. What the change has touched
 * becomes the region. */
void rp_cross(struct rp_search *x, const struct rp_kept *other);

#endif
