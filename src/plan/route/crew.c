/* Elites, and the threads that evolve them. */
#include "crew.h"
#include "cross.h"

#include <pthread.h>
#include <string.h>

enum { MEETINGS = 12 };

static const double CROSSED = 0.5; /* temperature after a crossing, to that of a region */

struct elites {
	struct rp_kept kept[RP_MOST_ELITES];
	int32_t count;
};

struct member {
	struct rp_search *x;
	struct rp_search own;
	struct rp_budget b;
	struct elites e;
	const struct rp_heat *heat;
	double until; /* 0: the first part */
	pthread_t thread;
	bool is_running;
};

/* Puts the best plan of the last annealing in the place of elite k, unless another is as good. */
static void
return_elite(struct rp_search *x, struct elites *e, int32_t k)
{
	rp_restore_best(x);
	if (rp_score_compare(&x->best, &e->kept[k].score) >= 0)
		return;
	for (int32_t i = 0; i < e->count; i++)
		if (i != k && rp_score_compare(&x->best, &e->kept[i].score) == 0)
			return;
	rp_keep(x, &e->kept[k]);
}

static void
evolve_once(struct member *w)
{
	struct rp_search *x = w->x;
	struct elites *e = &w->e;
	int32_t a = (int32_t)dyp_rng_below(&x->rng, (uint32_t)e->count);
	int32_t other = (int32_t)dyp_rng_below(&x->rng, (uint32_t)e->count);

	rp_return_to(x, &e->kept[a]);
	if (other == a || (dyp_rng_next(&x->rng) & 1)) {
		rp_draw_region(x);
		rp_anneal_region(x, &w->b, w->heat->warm, w->heat->cold);
	} else {
		rp_cross(x, &e->kept[other]);
		if (x->s.broken > 0 || x->region_count == 0) {
			x->best_is_current = false;
			rp_return_to(x, &e->kept[a]);
			return;
		}
		rp_keep_best(x);
		rp_anneal_region(x, &w->b, w->heat->warm * CROSSED, w->heat->cold);
	}
	return_elite(x, e, a);
}

static void
first_part(struct member *w)
{
	struct rp_search *x = w->x;
	double starts = 1.0;

	do {
		rp_keep_best(x);
		starts = rp_anneal_whole(x, &w->b, w->e.count, w->heat->hot, w->heat->cold);
		rp_restore_best(x);
		rp_keep(x, &w->e.kept[w->e.count++]);
	} while (rp_spent(&w->b, x) < 1.0 && w->e.count < (int32_t)starts);
}

static void *
work(void *arg)
{
	struct member *w = arg;

	if (w->until == 0.0)
		first_part(w);
	else
		while (rp_spent(&w->b, w->x) < w->until)
			evolve_once(w);
	return NULL;
}

static void
work_together(struct member *w, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		w[i].is_running = pthread_create(&w[i].thread, NULL, work, &w[i]) == 0;
	(void)work(&w[0]);
	for (uint32_t i = 1; i < count; i++) {
		if (w[i].is_running)
			(void)pthread_join(w[i].thread, NULL);
		else
			(void)work(&w[i]);
	}
}

static void
copy_kept(const struct rp_model *m, struct rp_kept *to, const struct rp_kept *from)
{
	size_t reloads = (size_t)(m->nodes - m->reload0);

	memcpy(to->next, from->next, (size_t)m->nodes * sizeof *to->next);
	if (reloads > 0)
		memcpy(to->place, from->place, reloads * sizeof *to->place);
	to->score = from->score;
}

/* The best different elites of all members, best first, into `best`. */
static void
gather(const struct member *w, uint32_t count, struct elites *best)
{
	const struct rp_kept *row[RP_MOST_ELITES];
	int32_t n = 0;

	for (uint32_t i = 0; i < count; i++)
		for (int32_t k = 0; k < w[i].e.count; k++) {
			const struct rp_kept *kept = &w[i].e.kept[k];
			int32_t at = n;
			while (at > 0 && rp_score_compare(&kept->score, &row[at - 1]->score) < 0)
				at--;
			if ((at > 0 && rp_score_compare(&kept->score, &row[at - 1]->score) == 0) ||
			    at == RP_MOST_ELITES)
				continue;
			n = n < RP_MOST_ELITES ? n + 1 : n;
			for (int32_t j = n - 1; j > at; j--)
				row[j] = row[j - 1];
			row[at] = kept;
		}
	best->count = n;
	for (int32_t k = 0; k < n; k++)
		copy_kept(w[0].x->m, &best->kept[k], row[k]);
}

static void
meet(struct member *w, uint32_t count, struct elites *best)
{
	gather(w, count, best);
	for (uint32_t i = 0; i < count; i++) {
		w[i].e.count = best->count;
		for (int32_t k = 0; k < best->count; k++)
			copy_kept(w[0].x->m, &w[i].e.kept[k], &best->kept[k]);
	}
}

static bool
elites_init(struct elites *e, const struct rp_model *m, struct dyp_pool *pool)
{
	e->count = 0;
	for (int32_t k = 0; k < RP_MOST_ELITES; k++)
		if (!rp_kept_init(&e->kept[k], m, pool))
			return false;
	return true;
}

static bool
muster(struct member *w, uint32_t count, struct rp_search *x, const struct rp_budget *b,
       const struct rp_heat *heat, uint64_t seed, atomic_bool *stop, struct dyp_pool *pool)
{
	for (uint32_t i = 0; i < count; i++) {
		w[i].x = i == 0 ? x : &w[i].own;
		w[i].heat = heat;
		w[i].b = *b;
		w[i].b.stop = stop;
		if (i > 0)
			w[i].b.tick = NULL; /* from the calling thread only */
		if (!elites_init(&w[i].e, x->m, pool))
			return false;
		if (i == 0)
			continue;
		if (!rp_search_init(w[i].x, x->m, x->near, dyp_mix(seed) + i, pool))
			return false;
		rp_keep(x, &w[i].e.kept[0]);
		rp_return_to(w[i].x, &w[i].e.kept[0]);
	}
	return true;
}

bool
rp_improve(struct rp_search *x, struct rp_budget *b, const struct rp_heat *heat, uint64_t seed,
           uint32_t threads, struct dyp_pool *pool)
{
	uint32_t count = threads < 1 ? 1 : threads > RP_MOST_THREADS ? RP_MOST_THREADS : threads;
	struct member *w = DYP_NEW_ARRAY(pool, count, struct member);
	struct elites best;
	atomic_bool stop = false;

	if (w == NULL || !elites_init(&best, x->m, pool) ||
	    !muster(w, count, x, b, heat, seed, &stop, pool))
		return false;
	if (count > 1)
		rp_near_fill(x->near);
	work_together(w, count);
	double from = rp_spent(&w[0].b, x);
	uint32_t meetings = count > 1 ? MEETINGS : 1;
	for (uint32_t k = 1; k <= meetings && rp_spent(&w[0].b, x) < 1.0; k++) {
		meet(w, count, &best);
		for (uint32_t i = 0; i < count; i++)
			w[i].until = k < meetings ? from + (1.0 - from) * k / meetings : 1.0;
		work_together(w, count);
	}
	gather(w, count, &best);
	x->region_count = 0;
	rp_return_to(x, &best.kept[0]);
	for (uint32_t i = 1; i < count; i++)
		x->steps += w[i].x->steps;
	b->stopped = w[0].b.stopped;
	return true;
}
