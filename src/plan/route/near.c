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

/* The `width` least of count keys, ascending, into out. Leaves keys in another order. */
static void
choose(struct rp_near_key *keys, int32_t count, int32_t width, int32_t *out)
{
	for (int32_t i = width / 2; i-- > 0;)
		sift(keys, width, i);
	for (int32_t i = width; i < count; i++)
		if (less(&keys[i], &keys[0])) {
			keys[0] = keys[i];
			sift(keys, width, 0);
		}
	for (int32_t left = width; left > 0; left--) {
		out[left - 1] = keys[0].stop;
		keys[0] = keys[left - 1];
		sift(keys, left - 1, 0);
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

static void
list_keys(struct rp_near *near, int32_t i, bool with_time)
{
	const struct rp_model *m = near->m;
	const struct rp_type *t = &m->type[0];
	const struct dyp_route_stop *stops = m->problem->stops;
	size_t row = (size_t)stops[i].place * (size_t)m->places;
	int32_t count = 0;

	for (int32_t j = 0; j < m->n; j++) {
		if (j == i)
			continue;
		size_t cell = row + stops[j].place;
		int64_t out = t->cost[cell];
		int64_t in = t->cost_to[cell];
		if (with_time) {
			out += regret_of_time(&stops[i], &stops[j], t->seconds[cell]);
			in += regret_of_time(&stops[j], &stops[i], t->seconds_to[cell]);
		}
		near->keys[count].far = out < in ? out : in;
		near->keys[count++].stop = j;
	}
}

void
rp_near_fill_list(struct rp_near *near, int32_t stop)
{
	int32_t *to = near->list + (size_t)stop * (size_t)near->width;

	near->has_list[stop] = true;
	if (!near->m->timed && near->has_around[stop]) {
		memcpy(to, near->around + (size_t)stop * (size_t)near->wide,
		       (size_t)near->width * sizeof *to);
		return;
	}
	list_keys(near, stop, near->m->timed);
	choose(near->keys, near->m->n - 1, near->width, to);
}

void
rp_near_fill_around(struct rp_near *near, int32_t stop)
{
	near->has_around[stop] = true;
	list_keys(near, stop, false);
	choose(near->keys, near->m->n - 1, near->wide,
	       near->around + (size_t)stop * (size_t)near->wide);
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
	near->keys = DYP_NEW_ARRAY(pool, n, struct rp_near_key);
	return !pool->failed;
}
