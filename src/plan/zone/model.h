/* The problem as the search sees it: atoms instead of records, walks as tables.
 *
 * An atom is what is never divided: a record, or the records of one building that fit one unit.
 * Atoms are numbered grid by grid. The table of a grid holds walked metres from the centre record
 * of one atom to another atom (mean over its households). */
#ifndef DYP_ZONE_MODEL_H
#define DYP_ZONE_MODEL_H

#include "dyplan/zone.h"
#include "../kit.h"

/* Atoms without households still weigh this much in walking and shape: they go where they lie. */
#define ZP_EMPTY_WEIGHT 0.1
#define ZP_LOG_BITS     12

struct zp_atom {
	double x, y;
	double h;      /* weight in walking and shape */
	double w;      /* weight in the balance */
	double second; /* sum of h * |position|^2 over its records, around the origin */
	uint32_t households, rep, grid;
	uint32_t building; /* whose part it is, or DYP_ZONE_NONE */
	uint32_t home;     /* label before, or DYP_ZONE_NONE */
	bool is_pinned;
};

/* Walks inside one grid of n atoms. Dense: metres[c * n + a]. Sparse: row c holds the `width`
 * nearest atoms in ascending order. */
struct zp_table {
	uint16_t *metres;
	uint32_t *column; /* NULL: dense */
	uint32_t width;
};

struct zp_grid {
	uint32_t first, n; /* atoms */
	uint32_t k;        /* units to make */
	double mean;       /* balance weight of a unit */
	uint32_t households;
	struct zp_table table;
};

struct zp_model {
	const struct dyp_zone_problem *problem;
	struct dyp_zone_options o;
	struct dyp_pool pool;
	uint32_t n, n_grids, min, max;
	struct zp_atom *atom;
	uint32_t *atom_of;         /* by record */
	uint32_t *first, *member;  /* records of atoms */
	uint32_t *adj_first, *adj; /* neighbours in the same grid, ascending */
	float *adj_metres;
	struct zp_grid *grid;
	double *minus_log; /* of evenly spread numbers in (0, 1) */
};

enum dyp_code zp_check(const struct dyp_zone_problem *p, const struct dyp_zone_options *o,
                       struct dyp_err *err);
enum dyp_code zp_model_init(struct zp_model *m, const struct dyp_zone_problem *problem,
                            const struct dyp_zone_options *o, struct dyp_err *err);
void zp_model_release(struct zp_model *m);
/* Units of a grid: as many as its households ask for; its share when a number is given. */
void zp_model_count_units(struct zp_model *m);

/* Fills in the tables of all grids. */
enum dyp_code zp_walk_tables(struct zp_model *m, struct dyp_err *err);

/* Runs job(ctx, i, thread) for i = 0 ... n-1 on that many threads, the calling one included. */
void zp_parallel(uint32_t threads, uint32_t n, void (*job)(void *ctx, uint32_t i, uint32_t thread),
                 void *ctx);

#endif
