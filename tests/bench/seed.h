/* A community for benches: one grid for every few units, doors, households, and residents with sessions.
 *
 * Names and texts are generated. Everything goes through the store and the use cases, as the program would do it. */
#ifndef DY_BENCH_SEED_H
#define DY_BENCH_SEED_H

#include "app/app.h"

struct seed_person {
	struct dy_id account, household;
	char token[DY_LINK_TEXT + 1]; /* the cookie's value */
};

struct seed {
	struct dy_id community;
	size_t n_households, n_residents;
	struct dy_id *households;
	struct seed_person *residents; /* i lives in household i % n_households */
	struct seed_person secretary;  /* sees everything in the community */
	struct seed_person leader;     /* of the first unit */
};

/* Fills an empty store. */
void seed_fill(struct dy_store *store, struct seed *seed, size_t households, size_t residents);
/* Requests reported by residents in turn, all open; ids (may be NULL) gets them. */
void seed_requests(struct dy_store *store, const struct seed *seed, size_t n, struct dy_id *ids);
void seed_free(struct seed *seed);

#endif
