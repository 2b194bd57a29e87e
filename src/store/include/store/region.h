/* Administrative divisions, from province to community: public reference data, the same for every tenant.
 *
 * code is the 12-digit statistical code, filled up with zeros ("330922000000"); path is the code cut into its levels
 * ("33/09/22"), so that everything below a division shares its path as a prefix. Level 1 province .. 5 community. */
#ifndef DY_STORE_REGION_H
#define DY_STORE_REGION_H

#include "store/sql.h"

#define DY_REGION_LEVELS 5

struct dy_region {
	struct dy_str code, parent; /* parent empty: a province */
	int64_t level;
	struct dy_str name, path;
};

/* *changed false: it stood there already, with this name. */
enum dy_code dy_region_put(struct dy_wtx *tx, const struct dy_region *r, bool *changed,
                           struct dy_err *err) DY_NODISCARD;
/* *found false: no such division. */
enum dy_code dy_region_find(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str code,
                            bool *found, struct dy_region *out, struct dy_err *err) DY_NODISCARD;

#endif
