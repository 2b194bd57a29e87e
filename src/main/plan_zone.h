/* danyuan plan zone: the command, and places with what only the program has (links from shapes,
 * outlines, files). */
#ifndef DY_MAIN_PLAN_ZONE_H
#define DY_MAIN_PLAN_ZONE_H

#include "base/err.h"
#include "io/zone.h"

struct dy_zone_place {
	struct dyp_zone_file file;
};

/* argv[0] is "zone". */
int dy_plan_zone(int argc, char **argv);

/* Links of a folder without any: neighbours up to `reach` metres that no barrier parts. */
enum dyp_code dy_zone_place_link(struct dy_zone_place *place, const struct dyp_zone_text *barriers,
                                 const struct dyp_zone_text *gates, double reach,
                                 struct dyp_err *err);
void dy_zone_place_release(struct dy_zone_place *place);

/* PATH (CSV), and beside it the same name with .geojson and .svg: all of them, or none. */
enum dy_code dy_zone_place_write(const struct dy_zone_place *place,
                                 const struct dyp_zone_plan *plan, const char *path,
                                 struct dy_err *err) DY_NODISCARD;

#endif
