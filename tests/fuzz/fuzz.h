/* What every fuzz target shares. A target is one function over bytes; it is linked twice:
 * with libFuzzer (./dev fuzz NAME) and with replay.c, which runs the committed corpus in ./dev test. */
#ifndef DY_TESTS_FUZZ_H
#define DY_TESTS_FUZZ_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A broken promise ends the run, whatever the build: libFuzzer then keeps the input. */
#define FUZZ_TRUE(claim) ((claim) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #claim))

static inline void
fuzz_broken(const char *file, int line, const char *claim)
{
	(void)fprintf(stderr, "%s:%d: not true: %s\n", file, line, claim);
	abort();
}

static inline struct dy_str
fuzz_str(const uint8_t *data, size_t size)
{
	return (struct dy_str){ (const char *)data, size };
}

/* Cuts the first byte off: targets use it to choose a case. */
static inline unsigned
fuzz_choice(const uint8_t **data, size_t *size)
{
	if (*size == 0)
		return 0;
	--*size;
	return *(*data)++;
}

#endif
