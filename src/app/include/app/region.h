/* Filling the table of administrative divisions.
 *
 * Public reference data: it belongs to no community, so it needs no permission but the hand on the machine, and makes no event. */
#ifndef DY_APP_REGION_H
#define DY_APP_REGION_H

#include "store/region.h"
#include "store/store.h"

/* code as published, 2, 4, 6, 9 or 12 digits: fills code (12 digits), parent, level and path. DY_E_INPUT names "/code". */
enum dy_code dy_region_make(struct dy_arena *arena, struct dy_str code, struct dy_str name,
                            struct dy_region *out, struct dy_err *err) DY_NODISCARD;
/* Stores all or none; *changed counts those that were new or renamed. */
enum dy_code dy_app_regions_put(struct dy_writer *writer, const struct dy_region *regions, size_t n,
                                size_t *changed, struct dy_err *err) DY_NODISCARD;

#endif
