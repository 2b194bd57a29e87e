/* PCG-XSH-RR 64/32 (O'Neill 2014); bounded draws without bias (Lemire 2019). */
#include "base/rng.h"

#include "base/err.h"

#include <string.h>

#define MULTIPLIER UINT64_C(6364136223846793005)

struct dy_rng
dy_rng_seed(uint64_t seed, uint64_t stream)
{
	struct dy_rng rng = { 0, stream << 1 | 1 };

	(void)dy_rng_u32(&rng);
	rng.state += seed;
	(void)dy_rng_u32(&rng);
	return rng;
}

uint32_t
dy_rng_u32(struct dy_rng *rng)
{
	uint64_t old = rng->state;

	rng->state = old * MULTIPLIER + rng->stream;
	uint32_t mixed = (uint32_t)(((old >> 18) ^ old) >> 27);
	uint32_t turn = (uint32_t)(old >> 59);
	return mixed >> turn | mixed << ((32 - turn) & 31);
}

uint64_t
dy_rng_u64(struct dy_rng *rng)
{
	uint64_t high = dy_rng_u32(rng);
	return high << 32 | dy_rng_u32(rng);
}

uint32_t
dy_rng_below(struct dy_rng *rng, uint32_t n)
{
	DY_ASSERT(n > 0);
	uint64_t wide = (uint64_t)dy_rng_u32(rng) * n;
	if ((uint32_t)wide < n) {
		uint32_t floor = (uint32_t)(0 - n) % n;
		while ((uint32_t)wide < floor)
			wide = (uint64_t)dy_rng_u32(rng) * n;
	}
	return (uint32_t)(wide >> 32);
}

int64_t
dy_rng_between(struct dy_rng *rng, int64_t lo, int64_t hi)
{
	DY_ASSERT(lo <= hi);
	uint64_t span = (uint64_t)hi - (uint64_t)lo + 1;
	if (span == 0)
		return (int64_t)dy_rng_u64(rng);
	uint64_t limit = UINT64_MAX - UINT64_MAX % span;
	uint64_t draw = dy_rng_u64(rng);
	while (draw >= limit)
		draw = dy_rng_u64(rng);
	return (int64_t)((uint64_t)lo + draw % span);
}

double
dy_rng_unit(struct dy_rng *rng)
{
	return (double)(dy_rng_u64(rng) >> 11) * 0x1p-53;
}

bool
dy_rng_chance(struct dy_rng *rng, uint32_t num, uint32_t den)
{
	return dy_rng_below(rng, den) < num;
}

void
dy_rng_shuffle(struct dy_rng *rng, void *items, size_t n, size_t size)
{
	unsigned char kept[64];
	unsigned char *at = items;

	DY_ASSERT(size <= sizeof(kept) && n <= UINT32_MAX);
	for (size_t i = n; i > 1; i--) {
		size_t j = dy_rng_below(rng, (uint32_t)i);
		memcpy(kept, at + j * size, size);
		memmove(at + j * size, at + (i - 1) * size, size);
		memcpy(at + (i - 1) * size, kept, size);
	}
}
