/* A part of a place under search: atoms, units and running sums, all of its own, so that fields
 * can be searched side by side.
 *
 * Cost of a unit: price of its balance, walked household-metres to its centre, and moment of
 * inertia over a length. Centres are atoms and follow now and then; the walk to the present
 * centre is kept as a sum. A change is made by zp_move() and undone from a journal. */
#ifndef DYP_ZONE_FIELD_H
#define DYP_ZONE_FIELD_H

#include "model.h"

struct zp_sum {
	double w, h;     /* balance weight; weight of walks */
	double in_range; /* households */
	double x, y, second;
	double walk; /* to the centre */
	double cost; /* of all this */
	uint32_t count, head, centre;
};

struct zp_prices {
	double mean;     /* balance weight of a unit */
	double min, max; /* households */
	double half;     /* half of the range, share of the mean */
	double length;   /* m: what a price of balance and shape is measured in */
	double balance, range, round, move;
	double bond; /* of parting two neighbours of one building */
};

struct zp_undo {
	uint32_t atom, from;
};

struct zp_field {
	uint32_t n, k, grid;
	uint32_t *id; /* atoms of the model */
	const struct zp_model *m;
	struct zp_prices price;
	double *x, *y, *h, *w, *households, *second;
	uint32_t *adj_first, *adj;
	float *adj_metres;
	bool *adj_bond;   /* is the neighbour of the same building? */
	bool *has_bond;   /* by atom */
	uint16_t *metres; /* [c * n + a], or NULL: the field is only cut into others */
	uint32_t *unit;   /* by atom; DYP_ZONE_NONE while it is being filled */
	uint32_t *home;   /* unit before, or DYP_ZONE_NONE */
	bool *is_pinned;
	uint32_t *next, *prev; /* atoms of one unit */
	struct zp_sum *sum;    /* by unit */
	uint32_t *label;       /* by unit: label before, or DYP_ZONE_NONE */
	double moved;          /* weight of atoms out of their home */
	int64_t cut;           /* bonds between units */
	struct zp_undo *journal;
	uint32_t n_journal;
	uint32_t *mark, round; /* of searches among atoms */
	uint32_t *queue;
	uint32_t *best; /* units of the best plan seen */
	double best_cost;
	struct zp_tree *tree; /* scratch of recut and seeds */
	struct dyp_rng rng;
	uint64_t steps;
};

/* Scratch of everything that grows trees: n entries each. */
struct zp_tree {
	struct zp_arc {
		float key;
		uint32_t a, b;
	} * arc; /* one for each link of the field */
	uint32_t *parent, *order, *count, *list, *stack;
	struct zp_sum *sum;
};

/* The whole grid, or the atoms id[0 ... n-1] of it. Memory from the pool. with_walks: copies the
 * table. False: no memory. local: scratch [model's n]. */
bool zp_field_init(struct zp_field *f, const struct zp_model *m, uint32_t grid, const uint32_t *id,
                   uint32_t n, uint32_t k, bool with_walks, uint32_t *local, struct dyp_pool *pool);

/* Sums, lists and centres from the units of the atoms, all of which must be set. */
void zp_field_sum(struct zp_field *f);
double zp_field_cost(const struct zp_field *f);
double zp_unit_price(const struct zp_field *f, const struct zp_sum *u);

/* Takes an atom from its unit to another, without looking at connection. Notes it in the journal. */
void zp_move(struct zp_field *f, uint32_t atom, uint32_t to);
/* Undoes the journal down to that length. The sums are restored by recomputing. */
void zp_undo(struct zp_field *f, uint32_t length);

/* Would the unit stay connected and not empty without the atom? */
bool zp_may_leave(struct zp_field *f, uint32_t atom);

/* Puts the centre of a unit where least is walked: looks at all its atoms, or at the neighbours
 * of the present centre. */
void zp_centre_best(struct zp_field *f, uint32_t unit);
void zp_centre_near(struct zp_field *f, uint32_t unit);

static inline uint32_t
zp_metres(const struct zp_field *f, uint32_t centre, uint32_t atom)
{
	return f->metres[(size_t)centre * f->n + atom];
}

static inline double
zp_stay(const struct zp_field *f, uint32_t atom, uint32_t unit)
{
	return f->home[atom] != DYP_ZONE_NONE && f->home[atom] != unit ? f->h[atom] : 0;
}

/* tree.c: a random tree of short links over the atoms list[0 ... n-1], which links connect: order,
 * from the root, and parents. Sums of what hangs on each atom are filled in by zp_tree_sum(). */
void zp_tree_grow(struct zp_field *f, const uint32_t *list, uint32_t n);
void zp_tree_sum(struct zp_field *f, uint32_t n);

/* Prices that no unit has alone. */
static inline double
zp_extra(const struct zp_field *f)
{
	return f->price.move * f->moved + f->price.bond * (double)f->cut;
}

/* Change of the bonds cut when the atom goes over. */
static inline int
zp_bonds_cut(const struct zp_field *f, uint32_t atom, uint32_t to)
{
	int change = 0;

	if (!f->has_bond[atom])
		return 0;
	for (uint32_t i = f->adj_first[atom]; i < f->adj_first[atom + 1]; i++)
		if (f->adj_bond[i])
			change +=
				(f->unit[f->adj[i]] == f->unit[atom]) - (f->unit[f->adj[i]] == to);
	return change;
}

/* seed.c: a division of the whole field by bisecting random trees of short links. */
void zp_seed(struct zp_field *f);
/* adopt.c: the division before, mended: connected, complete, k units. False: pinned records
 * stand against it; *atom is one of them. */
bool zp_adopt(struct zp_field *f, uint32_t *atom);

/* rejoin.c: makes buildings whole where that costs no unit its range. False: no memory. */
bool zp_rejoin(struct zp_field *f, struct dyp_pool *pool);

/* One proposal each; true when accepted. */
bool zp_shift(struct zp_field *f, double temperature);
bool zp_swap(struct zp_field *f, double temperature);
bool zp_chain(struct zp_field *f, double temperature);
bool zp_recut(struct zp_field *f, double temperature);

static inline bool
zp_accepts(struct zp_field *f, double delta, double temperature)
{
	return delta <= 0 ||
	       delta < temperature * f->m->minus_log[dyp_rng_next(&f->rng) >> (64 - ZP_LOG_BITS)];
}

/* So many steps at temperatures from hot to cold, in units of the field's own scale. */
void zp_anneal(struct zp_field *f, uint64_t steps, double hot, double cold);
void zp_keep_best(struct zp_field *f);
void zp_restore_best(struct zp_field *f);

#endif
