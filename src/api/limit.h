/* Rate limits without locks: the generic cell rate algorithm over one atomic number per bucket.
 *
 * Source: ITU-T I.371 (GCRA, virtual scheduling). Keys share a bucket when their hashes meet: a limit may be hit
 * early by one in DY_LIMIT_BUCKETS, never late. Threads: any. */
#ifndef DY_API_LIMIT_H
#define DY_API_LIMIT_H

#include "base/str.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define DY_LIMIT_BUCKETS 65536

struct dy_limit {
	uint64_t salt;
	_Atomic int64_t due_ms[DY_LIMIT_BUCKETS];
};
struct dy_rate {
	int64_t every_ms; /* one more each */
	int64_t burst;    /* so many at once after a rest */
};

/* false: over the rate, *wait_ms says when to come back. */
bool dy_limit_take(struct dy_limit *limit, struct dy_str key, struct dy_rate rate, int64_t now_ms,
                   int64_t *wait_ms);

#endif
