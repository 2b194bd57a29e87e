/* What solve.c calls. */
#ifndef DYP_ZONE_SOLVE_H
#define DYP_ZONE_SOLVE_H

#include "field.h"

/* Price of balance against walking, found on the places of docs/internals/zone.md. */
#define ZP_BALANCE 26.0
#define ZP_RANGE   10.0

/* The field of one grid with its first division and its prices. order and local: scratch, one entry
 * an atom of the model. */
enum dyp_code zp_start_field(struct zp_model *m, uint32_t grid, struct zp_field *f, uint32_t *order,
                             uint32_t *local, struct dyp_err *err);

/* region.c: cuts a large field at random lines between its units into parts with walks, appended
 * to part[*n ...]; and takes their units back (the field's
 * sums are not made anew). */
bool zp_cut_parts(struct zp_field *f, uint32_t most, uint32_t *local, struct dyp_pool *pool,
                  struct zp_field *part, uint32_t *n);
void zp_take_part(struct zp_field *f, const struct zp_field *part);

/* plan.c: labels, units and score out of the fields. */
enum dyp_code zp_export(const struct zp_model *m, const struct zp_field *fields, uint64_t steps,
                        struct dyp_zone_plan **out, struct dyp_err *err);

#endif
