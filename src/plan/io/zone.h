/* A place read from the files of one folder (see docs/internals/zone.md), and divisions written.
 *
 * Ownership: everything hangs on the pool inside; free it with dyp_zone_file_release().
 * Readers are pure functions of the texts; they do no I/O. */
#ifndef DYP_IO_ZONE_H
#define DYP_IO_ZONE_H

#include "dyplan/zone.h"
#include "problem.h"

struct dyp_zone_texts {
	struct dyp_zone_text {
		const char *ptr; /* NULL: there is no such file */
		size_t size;
	} buildings, footprints, nodes, edges, links, grids, barriers, gates, previous;
};

struct dyp_zone_file {
	struct dyp_pool pool;
	struct dyp_zone_problem problem; /* target, range and units are the caller's to set */
	struct dyp_zone_record *records;
	int64_t *id;              /* by record, as in the file */
	int64_t *way;             /* by record: the building in the file */
	struct dyp_point *lonlat; /* by record */
	int64_t *grid_id;         /* by grid */
	bool has_links;
};

/* buildings.csv must be there. Without walk_nodes.csv and walk_edges.csv walks are straight; without
 * grids.csv the place is one grid; without adjacency_reference.csv has_links is false. */
enum dyp_code dyp_zone_read(const struct dyp_zone_texts *texts, bool ignore_grids,
                            struct dyp_zone_file *out, struct dyp_err *err);
/* Adds the links that lack inside grids. To be called once the links are there. */
enum dyp_code dyp_zone_file_connect(struct dyp_zone_file *file, struct dyp_err *err);
void dyp_zone_file_release(struct dyp_zone_file *file);

/* Labels of a division `id,unit`: unit[n_records], all of them when `complete`. */
enum dyp_code dyp_zone_read_units(const char *name, const struct dyp_zone_text *text,
                                  const struct dyp_zone_file *file, bool complete, uint32_t *unit,
                                  struct dyp_err *err);

#endif
