/* Seeded random numbers for plans, sample data and tests; never for secrets (base/crypto.h).
 *
 * Equal seeds give equal sequences on every machine; a test pins the first values.
 * Source: Melissa O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 *   Algorithms for Random Number Generation", 2014 (PCG-XSH-RR 64/32); bounded draws after
 *   Lemire, "Fast Random Integer Generation in an Interval", 2019. */
#ifndef DY_BASE_RNG_H
#define DY_BASE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dy_rng {
	uint64_t state;
	uint64_t stream;
};

struct dy_rng dy_rng_seed(uint64_t seed, uint64_t stream);
uint32_t dy_rng_u32(struct dy_rng *rng);
uint64_t dy_rng_u64(struct dy_rng *rng);
uint32_t dy_rng_below(struct dy_rng *rng, uint32_t n);              /* 0 .. n-1, unbiased; n > 0 */
int64_t dy_rng_between(struct dy_rng *rng, int64_t lo, int64_t hi); /* inclusive */
double dy_rng_unit(struct dy_rng *rng);                             /* [0, 1) */
bool dy_rng_chance(struct dy_rng *rng, uint32_t num, uint32_t den);
void dy_rng_shuffle(struct dy_rng *rng, void *items, size_t n, size_t size); /* size <= 64 */

#endif
