/* Rate limits: GCRA. */
#include "limit.h"

bool
dy_limit_take(struct dy_limit *limit, struct dy_str key, struct dy_rate rate, int64_t now_ms,
              int64_t *wait_ms)
{
	uint64_t h = (dy_str_hash(key) ^ limit->salt) * 0x9e3779b97f4a7c15ull;
	_Atomic int64_t *due = &limit->due_ms[h >> 48];
	int64_t slack = rate.every_ms * (rate.burst - 1);
	int64_t was = atomic_load_explicit(due, memory_order_relaxed);

	for (;;) {
		int64_t at = was > now_ms ? was : now_ms;
		if (at - now_ms > slack) {
			*wait_ms = at - now_ms - slack;
			return false;
		}
		if (atomic_compare_exchange_weak_explicit(due, &was, at + rate.every_ms,
		                                          memory_order_relaxed,
		                                          memory_order_relaxed))
			return true;
	}
}
