/* What every planner of the library needs: an error, memory that can fail, random numbers. */
#ifndef DYP_KIT_H
#define DYP_KIT_H

#include "dyplan/dyplan.h"

#include <stdarg.h>

#define DYP_PRINTF(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at)))

/* Sets *err (which may be NULL) and returns code. field: "" or like "/stops/3/place". */
enum dyp_code dyp_raise(struct dyp_err *err, enum dyp_code code, const char *field,
                        const char *text, ...) DYP_PRINTF(4, 5);
enum dyp_code dyp_raise_item(struct dyp_err *err, enum dyp_code code, const char *list,
                             uint32_t item, const char *member, const char *text, ...)
	DYP_PRINTF(6, 7);
enum dyp_code dyp_raise_memory(struct dyp_err *err);

/* Blocks that are freed together. After a failed request every further one fails too, so that a
 * caller may ask for all it needs and look at `failed` once. */
struct dyp_pool {
	struct dyp_memory memory;
	struct dyp_block *blocks;
	bool failed;
};

void dyp_pool_init(struct dyp_pool *pool, const struct dyp_memory *memory);
void dyp_pool_release(struct dyp_pool *pool);
/* Zeroed and aligned to 64 bytes; NULL when memory or the count overflowed. */
void *dyp_pool_get(struct dyp_pool *pool, size_t count, size_t size);

#define DYP_NEW_ARRAY(pool, n, type) ((type *)dyp_pool_get((pool), (n), sizeof(type)))

struct dyp_memory dyp_memory_or_default(const struct dyp_memory *memory);
void *dyp_memory_get(const struct dyp_memory *memory, size_t count, size_t size); /* zeroed */

/* Counter-based random numbers (SplitMix64, Steele et al. 2014): number i of a stream depends on
 * seed and i alone. */
struct dyp_rng {
	uint64_t state;
};

static inline uint64_t
dyp_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint64_t
dyp_rng_next(struct dyp_rng *rng)
{
	rng->state += UINT64_C(0x9e3779b97f4a7c15);
	return dyp_mix(rng->state);
}

/* 0 ... n-1; n > 0 */
static inline uint32_t
dyp_rng_below(struct dyp_rng *rng, uint32_t n)
{
	return (uint32_t)(((dyp_rng_next(rng) >> 32) * n) >> 32);
}

/* in [0, 1) */
static inline double
dyp_rng_unit(struct dyp_rng *rng)
{
	return (double)(dyp_rng_next(rng) >> 11) * 0x1.0p-53;
}

/* Logarithm and exponential from IEEE basic operations only: equal on every machine, unlike
 * libm's. Relative error below 1e-12 in the range the searches use. */
double dyp_log(double x); /* x > 0 */
double dyp_exp(double x); /* |x| < 700 */

#endif
