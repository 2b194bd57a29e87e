/* Neighbours by partial selection: a full sort of every row takes over a second at 4,000 stops.
 *
 * Proximity of i, j = cheaper direction of: arc + 0.2 * unavoidable wait + unavoidable lateness
 * (after Vidal et al. 2013), time counted in money by the mean ratio of the matrix. */
#include "near.h"

#include <string.h>

static inline bool
less(const struct rp_near_key *a, const struct rp_near_key *b)
{
	return a->far != b->far ? a->far < b->far : a->stop < b->stop;
}

static void
sift(struct rp_near_key *heap, int32_t count, int32_t at)
{
	for (;;) {
		int32_t child = 2 * at + 1;
		if (child >= count)
			return;
		if (child + 1 < count && less(&heap[child], &heap[child + 1]))
			child++;
		if (!less(&heap[at], &heap[child]))
			return;
		struct rp_near_key swap = heap[at];
		heap[at] = heap[child];
		heap[child] = swap;
		at = child;
	}
}

static int64_t
regret_of_time(const struct dyp_route_stop *a, const struct dyp_route_stop *b, int32_t drive)
{
	int64_t least = 0;

	if (a->n_windows == 0 || b->n_windows == 0)
		return 0;
	int64_t first = (int64_t)a->windows[0].from + a->service_s + drive;
	int64_t last = (int64_t)a->windows[a->n_windows - 1].to + a->service_s + drive;
	int64_t wait = b->windows[0].from - last;
	int64_t late = first - b->windows[b->n_windows - 1].to;
	if (wait > 0)
		least += wait / 5;
	if (late > 0)
		least += late;
	return least;
}

/* The `width` nearest to stop i, nearest first, into out: a heap of the best so far, so that most
 * stops cost one comparison. */
static inline __attribute__((always_inline)) void
choose(struct rp_near *near, int32_t i, int32_t width, int32_t *out, bool with_time)
{
	const struct rp_model *m = near->m;
	const struct rp_type *t = &m->type[0];
	const struct dyp_route_stop *stops = m->problem->stops;
	size_t row = (size_t)stops[i].place * (size_t)m->places;
	struct rp_near_key *heap = near->keys;
	int32_t count = 0;

	for (int32_t j = 0; j < m->n; j++) {
		if (j == i)
			continue;
		size_t cell = row + stops[j].place;
		int64_t there = t->cost[cell];
		int64_t back = t->cost_to[cell];
		if (with_time) {
			there += regret_of_time(&stops[i], &stops[j], t->seconds[cell]);
			back += regret_of_time(&stops[j], &stops[i], t->seconds_to[cell]);
		}
		struct rp_near_key key = { there < back ? there : back, j };
		if (count < width) {
			heap[count++] = key;
			for (int32_t k = count == width ? width / 2 : 0; k-- > 0;)
				sift(heap, width, k);
		} else if (less(&key, &heap[0])) {
			heap[0] = key;
			sift(heap, width, 0);
		}
	}
	for (int32_t left = width; left > 0; left--) {
		out[left - 1] = heap[0].stop;
		heap[0] = heap[left - 1];
		sift(heap, left - 1, 0);
	}
}

void
rp_near_fill_list(struct rp_near *near, int32_t stop)
{
	int32_t *to = near->list + (size_t)stop * (size_t)near->width;

	near->has_list[stop] = true;
	if (near->m->timed)
		choose(near, stop, near->width, to, true);
	else if (near->has_around[stop])
		memcpy(to, near->around + (size_t)stop * (size_t)near->wide,
		       (size_t)near->width * sizeof *to);
	else
		choose(near, stop, near->width, to, false);
}

void
rp_near_fill_around(struct rp_near *near, int32_t stop)
{
	near->has_around[stop] = true;
	choose(near, stop, near->wide, near->around + (size_t)stop * (size_t)near->wide, false);
}

void
rp_near_fill(struct rp_near *near)
{
	for (int32_t i = 0; i < near->m->n; i++) {
		(void)rp_near_around(near, i);
		(void)rp_near_list(near, i);
	}
}

bool
rp_near_init(struct rp_near *near, const struct rp_model *m, int32_t width, int32_t wide,
             struct dyp_pool *pool)
{
	size_t n = (size_t)m->n;

	near->m = m;
	near->width = width < m->n - 1 ? width : m->n > 0 ? m->n - 1 : 0;
	near->wide = wide < m->n - 1 ? wide : m->n > 0 ? m->n - 1 : 0;
	near->list = DYP_NEW_ARRAY(pool, n * (size_t)near->width + RP_NEAR_AHEAD, int32_t);
	near->around = DYP_NEW_ARRAY(pool, n * (size_t)near->wide, int32_t);
	near->has_list = DYP_NEW_ARRAY(pool, n, bool);
	near->has_around = DYP_NEW_ARRAY(pool, n, bool);
	near->keys = DYP_NEW_ARRAY(pool, (size_t)near->wide + 1, struct rp_near_key);
	return !pool->failed;
}
