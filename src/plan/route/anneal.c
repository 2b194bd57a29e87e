/* Simulated annealing on the spent share of the budget: however long the search may run, it ends
 * cold. */
#include "anneal.h"
#include "cross.h"

enum {
	ROUNDS_BETWEEN_LOOKS = 256,
	REGION = 200, /* stops, on average */
	ROUNDS_PER_STOP = 200,
	MANY_ROUNDS = 1500, /* per stop */
	ROUNDS_PER_START = 3000,
	MOST_ELITES = 6,
	BRANCHES = 8 /* neighbours by which a region grows beyond its centre's */
};

double
rp_spent(struct rp_budget *b, const struct rp_search *x)
{
	double spent = 0.0;

	if (b->stopped)
		return 1.0;
	if (b->max_steps > 0)
		spent = (double)x->steps / (double)b->max_steps;
	if (b->limit_us > 0) {
		double share = (double)(b->now_us(b->ctx) - b->start_us) / (double)b->limit_us;
		spent = share > spent ? share : spent;
	}
	spent = spent > 1.0 ? 1.0 : spent;
	if (b->tick != NULL && !b->tick(b->ctx, spent, x->steps, x->best.cost)) {
		b->stopped = true;
		return 1.0;
	}
	return spent;
}

static const double WHOLE_SHARE = 0.5;
static const double CROSSED = 0.5; /* temperature after a crossing, to that of a region */

struct rp_elites {
	struct rp_kept kept[MOST_ELITES];
	int32_t count;
};

static void
run_rounds(struct rp_search *x, const struct rp_budget *b, double temperature)
{
	int rounds = ROUNDS_BETWEEN_LOOKS;

	if (b->max_steps > 0 && b->max_steps - x->steps < (uint64_t)rounds)
		rounds = (int)(b->max_steps - x->steps);
	for (int i = 0; i < rounds; i++)
		(void)rp_round(x, temperature);
}

/* Rounds a stop will see in the whole budget, at the speed so far. */
static double
rounds_per_stop(const struct rp_search *x, double spent)
{
	return (double)x->steps / (spent + 1e-9) / x->m->n;
}

/* Share of the budget for searches of the whole: all of it when a stop will see few rounds. */
static double
share_of_whole(double rounds)
{
	double share = WHOLE_SHARE + (1.0 - WHOLE_SHARE) * (1.0 - rounds / MANY_ROUNDS);

	return share > WHOLE_SHARE ? share : WHOLE_SHARE;
}

static double
starts_for(double rounds)
{
	double starts = rounds / ROUNDS_PER_START;

	return starts < 1.0 ? 1.0 : starts > MOST_ELITES ? MOST_ELITES : starts;
}

/* Start number k; returns how many the budget allows. */
static double
rp_anneal(struct rp_search *x, struct rp_budget *b, int32_t k, double hot, double cold)
{
	double ratio = dyp_log(cold / hot);
	double from = rp_spent(b, x);
	double spent = from;
	double until = 1.0;
	double starts = 1.0;

	while (spent < until) {
		double share = (spent - from) / (until - from);
		run_rounds(x, b, hot * dyp_exp(ratio * (share > 0 ? share : 0)));
		spent = rp_spent(b, x);
		double rounds = rounds_per_stop(x, spent);
		starts = starts_for(rounds);
		until = share_of_whole(rounds) * (k + 1) / (double)(int32_t)starts;
		until = until < 1.0 ? until : 1.0;
	}
	return starts;
}

/* The stops around a random one, by the nearest-first lists, into x->region. */
static void
draw_region(struct rp_search *x, int32_t want)
{
	const struct rp_near *near = x->near;
	int32_t n = x->m->n;

	x->region_mark++;
	x->region_count = 0;
	int32_t seed = (int32_t)dyp_rng_below(&x->rng, (uint32_t)n);
	x->in_region[seed] = x->region_mark;
	x->region[x->region_count++] = seed;
	for (int32_t i = 0; i < x->region_count && x->region_count < want; i++) {
		const int32_t *around = near->around + (size_t)x->region[i] * (size_t)near->wide;
		for (int32_t k = 0; k < near->wide && x->region_count < want; k++) {
			if (i > 0 && k >= BRANCHES)
				break;
			if (x->in_region[around[k]] == x->region_mark)
				continue;
			x->in_region[around[k]] = x->region_mark;
			x->region[x->region_count++] = around[k];
		}
	}
}

/* Rounds of one region, from a temperature between hot and hot / e^2. */
static void
anneal_region(struct rp_search *x, struct rp_budget *b, double hot, double cold)
{
	double top = hot * dyp_exp(-2.0 * dyp_rng_unit(&x->rng));
	double ratio = dyp_log(cold / top);
	int32_t rounds =
		(int32_t)(x->region_count * ROUNDS_PER_STOP * (0.5 + 1.5 * dyp_rng_unit(&x->rng)));

	for (int32_t i = 0; i < rounds && rp_spent(b, x) < 1.0; i += ROUNDS_BETWEEN_LOOKS)
		run_rounds(x, b, top * dyp_exp(ratio * i / rounds));
}

/* Puts the best plan of the last annealing in the place of elite k, unless another is as good. */
static void
return_elite(struct rp_search *x, struct rp_elites *e, int32_t k)
{
	rp_restore_best(x);
	if (rp_score_compare(&x->best, &e->kept[k].score) >= 0)
		return;
	for (int32_t i = 0; i < e->count; i++)
		if (i != k && rp_score_compare(&x->best, &e->kept[i].score) == 0)
			return;
	rp_keep(x, &e->kept[k]);
}

static int32_t
best_elite(const struct rp_elites *e)
{
	int32_t best = 0;

	for (int32_t i = 1; i < e->count; i++)
		if (rp_score_compare(&e->kept[i].score, &e->kept[best].score) < 0)
			best = i;
	return best;
}

static void
evolve_once(struct rp_search *x, struct rp_budget *b, struct rp_elites *e, double hot, double cold)
{
	int32_t count = e->count;
	int32_t a = (int32_t)dyp_rng_below(&x->rng, (uint32_t)count);
	int32_t other = (int32_t)dyp_rng_below(&x->rng, (uint32_t)count);

	if (other == a || (dyp_rng_next(&x->rng) & 1)) {
		rp_return_to(x, &e->kept[a]);
		int32_t size = REGION / 2 + (int32_t)dyp_rng_below(&x->rng, REGION);
		draw_region(x, x->m->n < size ? x->m->n : size);
		anneal_region(x, b, hot, cold);
	} else {
		rp_return_to(x, &e->kept[a]);
		rp_cross(x, &e->kept[other]);
		if (x->s.broken == 0 && x->region_count > 0) {
			rp_keep_best(x);
			anneal_region(x, b, hot * CROSSED, cold);
		}
	}
	return_elite(x, e, a);
}

bool
rp_improve(struct rp_search *x, struct rp_budget *b, double hot, double warm, double cold,
           struct dyp_pool *pool)
{
	struct rp_elites e = { 0 };

	for (int32_t i = 0; i < MOST_ELITES; i++)
		if (!rp_kept_init(&e.kept[i], x->m, pool))
			return false;
	double spent = rp_spent(b, x);
	double starts = 1.0;
	do {
		rp_keep_best(x);
		starts = rp_anneal(x, b, e.count, hot, cold);
		rp_restore_best(x);
		rp_keep(x, &e.kept[e.count++]);
		spent = rp_spent(b, x);
	} while (spent < 1.0 && e.count < (int32_t)starts);
	while (rp_spent(b, x) < 1.0)
		evolve_once(x, b, &e, warm, cold);
	x->region_count = 0;
	rp_return_to(x, &e.kept[best_elite(&e)]);
	return true;
}
