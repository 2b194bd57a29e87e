/* Simulated annealing of one field: the mix of proposals and the temperatures. */
#include "field.h"

#include <string.h>

enum { LEVELS = 4, TINY = 48, LOOK_STEPS = 16, SWAP_STEPS = 2, RECUT_STEPS = 24, CHAIN_STEPS = 16 };

void
zp_keep_best(struct zp_field *f)
{
	double cost = zp_field_cost(f);

	if (cost >= f->best_cost)
		return;
	f->best_cost = cost;
	memcpy(f->best, f->unit, f->n * sizeof *f->best);
}

void
zp_restore_best(struct zp_field *f)
{
	memcpy(f->unit, f->best, f->n * sizeof *f->best);
	zp_field_sum(f);
}

/* Of 1024 proposals; the rest looks for better centres. */
enum { SHIFTS = 820, SWAPS = 134, RECUTS = 40, CHAINS = 10 };

static uint64_t
propose(struct zp_field *f, double temperature)
{
	uint32_t draw = (uint32_t)(dyp_rng_next(&f->rng) >> 54); /* 0 ... 1023 */

	if (draw < SHIFTS) {
		(void)zp_shift(f, temperature);
		return 1;
	}
	if (draw < SHIFTS + SWAPS) {
		(void)zp_swap(f, temperature);
		return SWAP_STEPS;
	}
	if (draw < SHIFTS + SWAPS + RECUTS) {
		(void)zp_recut(f, temperature);
		return RECUT_STEPS;
	}
	if (draw < SHIFTS + SWAPS + RECUTS + CHAINS) {
		(void)zp_chain(f, temperature);
		return CHAIN_STEPS;
	}
	zp_centre_best(f, dyp_rng_below(&f->rng, f->k));
	return SWAP_STEPS;
}

void
zp_anneal(struct zp_field *f, uint64_t steps, double hot, double cold)
{
	if (f->k < 2)
		return;
	double ratio = dyp_exp(dyp_log(cold / hot) / LEVELS);
	double temperature = hot;
	/* the best division of a tiny field is met by chance while it is still hot */
	bool looks_often = f->n <= TINY;
	uint64_t next = 0;
	for (int level = 0; level < LEVELS; level++) {
		uint64_t until = steps * (uint64_t)(level + 1) / LEVELS;
		temperature *= ratio;
		for (uint64_t done = steps * (uint64_t)level / LEVELS; done < until;) {
			done += propose(f, temperature);
			if (!looks_often || done < next)
				continue;
			next = done + LOOK_STEPS;
			zp_keep_best(f);
		}
	}
	f->steps += steps;
	/* sums drift by rounding: they are made anew at each stage */
	zp_field_sum(f);
	zp_keep_best(f);
}
