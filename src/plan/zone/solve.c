/* dyp_zone_solve: a field for each grid, searched side by side, stage by stage; large grids are
 * cut into parts that change from stage to stage, so that no border stays fixed. */
#include "field.h"
#include "solve.h"

#include <math.h>
#include <string.h>

enum {
	STAGES = 24,
	STEPS_A_RECORD = 20000,
	RECORDS_IN_FULL = 1500,
	STEPS_A_FURTHER = 1500,
	PART_MAX = 1300
};

/* Temperatures, in mean atoms times the length of the field. */
static const double HOT = 20.0;
static const double WARM = 0.05;
static const double COLD = 0.003;
static const double MOVE_PRICE = 3; /* default, in lengths of the field a household */

struct work {
	struct zp_model *m;
	struct zp_field *field; /* by grid */
	struct zp_field **task; /* of this stage */
	struct zp_field *part;
	struct dyp_pool part_pool;
	uint32_t n_tasks, *local, *order;
	uint64_t total, stage_steps;
	double hot, cold, atoms;
};

struct dyp_zone_options
dyp_zone_options_default(void)
{
	return (struct dyp_zone_options){ .seed = 1,
		                          .threads = 1,
		                          .balance = 1,
		                          .range = 1,
		                          .roundness = 1,
		                          .split_price = 0.3,
		                          .walk_max = 300,
		                          .walk_over = 0.25 };
}

static double
length_of(const struct zp_field *f)
{
	double inertia = 0, h = 0;

	for (uint32_t u = 0; u < f->k; u++) {
		const struct zp_sum *s = &f->sum[u];
		inertia += s->h > 0 ? s->second - (s->x * s->x + s->y * s->y) / s->h : 0;
		h += s->h;
	}
	double length = h > 0 && inertia > 0 ? sqrt(inertia / h) : 0;
	return length < 5 ? 5 : length;
}

/* Local numbers for the labels before that stand in this grid; they are kept in f->label. */
static uint32_t
number_homes(struct zp_field *f)
{
	uint32_t n = 0;

	for (uint32_t a = 0; a < f->n; a++) {
		uint32_t home = f->m->atom[f->id[a]].home, u = 0;
		if (home == DYP_ZONE_NONE)
			continue;
		while (u < n && f->label[u] != home)
			u++;
		if (u == n)
			f->label[n++] = home;
		f->home[a] = u;
	}
	return n;
}

/* As many units as before, when that still suits the range. */
static void
keep_count(struct zp_field *f, const struct zp_grid *g, uint32_t before)
{
	const struct zp_model *m = f->m;

	if (m->problem->units == 0 && before > 0 && before <= f->n &&
	    (uint64_t)before * m->min <= g->households &&
	    g->households <= (uint64_t)before * m->max)
		f->k = before;
}

enum dyp_code
zp_start_field(struct zp_model *m, uint32_t grid, struct zp_field *f, uint32_t *order,
               uint32_t *local, struct dyp_err *err)
{
	struct zp_grid *g = &m->grid[grid];
	uint32_t bad = 0;

	for (uint32_t i = 0; i < g->n; i++)
		order[i] = g->first + i;
	if (!zp_field_init(f, m, grid, order, g->n, g->k, g->table.column == NULL, local, &m->pool))
		return dyp_raise_memory(err);
	f->rng.state = dyp_mix(m->o.seed + UINT64_C(0x9e3779b97f4a7c15) * (grid + 1));
	uint32_t before = number_homes(f);
	for (uint32_t u = before; u <= f->n; u++)
		f->label[u] = DYP_ZONE_NONE;
	keep_count(f, g, before);
	if (before == 0) {
		zp_seed(f);
		zp_field_sum(f);
	} else if (!zp_adopt(f, &bad)) {
		return dyp_raise_item(err, DYP_INFEASIBLE, "records",
		                      m->member[m->first[f->id[bad]]], "pinned",
		                      "cannot be joined to the other records pinned to its unit");
	}
	f->price.mean = g->mean > 0 ? g->mean / f->k : 1;
	f->price.length = length_of(f);
	f->price.balance *= ZP_BALANCE;
	f->price.range *= ZP_RANGE;
	f->price.bond = m->o.split_price * f->price.length * f->price.mean;
	f->price.move = before == 0           ? 0
	                : m->o.move_price > 0 ? m->o.move_price
	                                      : MOVE_PRICE * f->price.length;
	zp_field_sum(f);
	f->best_cost = HUGE_VAL;
	zp_keep_best(f);
	return DYP_OK;
}

static void
run_task(void *ctx, uint32_t i, uint32_t thread)
{
	struct work *w = ctx;
	struct zp_field *f = w->task[i];
	double h = 0;

	(void)thread;
	for (uint32_t u = 0; u < f->k; u++)
		h += f->sum[u].h;
	double scale = f->price.length * h / f->n;
	zp_anneal(f, (uint64_t)((double)w->stage_steps * f->n / w->atoms), w->hot * scale,
	          w->cold * scale);
}

static enum dyp_code
run_stage(struct work *w, struct dyp_err *err)
{
	struct zp_model *m = w->m;
	uint32_t n_parts = 0;

	dyp_pool_init(&w->part_pool, &m->o.memory);
	w->n_tasks = 0;
	for (uint32_t g = 0; g < m->n_grids; g++)
		if (w->field[g].metres != NULL) {
			w->task[w->n_tasks++] = &w->field[g];
		} else if (!zp_cut_parts(&w->field[g], PART_MAX, w->local, &w->part_pool, w->part,
		                         &n_parts)) {
			dyp_pool_release(&w->part_pool);
			return dyp_raise_memory(err);
		}
	for (uint32_t i = 0; i < n_parts; i++)
		w->task[w->n_tasks++] = &w->part[i];
	zp_parallel(m->o.threads > 0 ? m->o.threads : 1, w->n_tasks, run_task, w);
	for (uint32_t i = 0; i < n_parts; i++)
		zp_take_part(&w->field[w->part[i].grid], &w->part[i]);
	for (uint32_t g = 0; g < m->n_grids; g++)
		if (w->field[g].metres == NULL)
			zp_field_sum(&w->field[g]);
	dyp_pool_release(&w->part_pool);
	return DYP_OK;
}

static double
best_cost(const struct work *w)
{
	double cost = 0;

	for (uint32_t g = 0; g < w->m->n_grids; g++)
		if (w->field[g].metres != NULL)
			cost += w->field[g].best_cost;
	return cost;
}

/* The steps of a stage: an equal share of the budget, or what fits the time that is left. */
static uint64_t
share(const struct work *w, uint32_t stage, int64_t start_us, uint64_t done)
{
	const struct dyp_zone_options *o = &w->m->o;
	uint64_t even = w->total / STAGES;

	if (o->time_limit_ms == 0 || o->now_us == NULL)
		return even;
	int64_t spent = o->now_us(o->ctx) - start_us,
		left = (int64_t)o->time_limit_ms * 1000 - spent;
	if (stage == 0)
		return even / 8;
	if (left <= 0)
		return 0;
	/* the first stage told how long a step takes; a fiftieth is kept for the end */
	double speed = (double)done / (double)(spent > 0 ? spent : 1);
	uint64_t fits = (uint64_t)(speed * 0.98 * (double)left / (STAGES - stage));
	return o->max_steps > 0 && fits > even ? even : fits;
}

static enum dyp_code
search(struct work *w, int64_t start_us, bool is_warm, uint64_t *steps, struct dyp_err *err)
{
	const struct dyp_zone_options *o = &w->m->o;
	double hot = is_warm ? WARM : HOT;
	double ratio = dyp_exp(dyp_log(COLD / hot) / STAGES);
	enum dyp_code rc = DYP_OK;

	for (uint32_t stage = 0; stage < STAGES && rc == DYP_OK; stage++) {
		w->hot = hot;
		hot *= ratio;
		w->cold = hot;
		w->stage_steps = share(w, stage, start_us, *steps);
		if (w->stage_steps > 0)
			rc = run_stage(w, err);
		*steps += w->stage_steps;
		if (o->tick != NULL && rc == DYP_OK &&
		    !o->tick(o->ctx, (stage + 1.0) / STAGES, *steps, best_cost(w)))
			return DYP_CANCELLED;
	}
	return rc;
}

static enum dyp_code
solve(struct work *w, struct dyp_zone_plan **out, struct dyp_err *err)
{
	struct zp_model *m = w->m;
	bool is_warm = true;
	uint64_t steps = 0;
	int64_t start_us = m->o.now_us != NULL ? m->o.now_us(m->o.ctx) : 0;
	enum dyp_code rc = zp_walk_tables(m, err);

	w->field = DYP_NEW_ARRAY(&m->pool, m->n_grids, struct zp_field);
	w->task = DYP_NEW_ARRAY(&m->pool, (size_t)m->n_grids + m->n, struct zp_field *);
	w->local = DYP_NEW_ARRAY(&m->pool, m->n, uint32_t);
	w->order = DYP_NEW_ARRAY(&m->pool, m->n, uint32_t);
	if (rc == DYP_OK && m->pool.failed)
		rc = dyp_raise_memory(err);
	for (uint32_t g = 0; rc == DYP_OK && g < m->n_grids; g++) {
		rc = zp_start_field(m, g, &w->field[g], w->order, w->local, err);
		if (rc == DYP_OK)
			is_warm = is_warm && w->field[g].price.move > 0;
	}
	uint32_t most_parts = 0;
	for (uint32_t g = 0; rc == DYP_OK && g < m->n_grids; g++)
		most_parts += w->field[g].metres == NULL ? w->field[g].k : 0;
	w->part = DYP_NEW_ARRAY(&m->pool, most_parts, struct zp_field);
	if (rc == DYP_OK && m->pool.failed)
		rc = dyp_raise_memory(err);
	w->atoms = m->n;
	w->total = m->o.max_steps;
	if (w->total == 0) {
		uint32_t full = m->n < RECORDS_IN_FULL ? m->n : RECORDS_IN_FULL;
		w->total =
			(uint64_t)STEPS_A_RECORD * full + (uint64_t)STEPS_A_FURTHER * (m->n - full);
		w->total = is_warm ? w->total / 4 : w->total;
	}
	if (rc == DYP_OK)
		rc = search(w, start_us, is_warm, &steps, err);
	if (rc != DYP_OK && rc != DYP_CANCELLED)
		return rc;
	bool was_cancelled = rc == DYP_CANCELLED;
	for (uint32_t g = 0; g < m->n_grids; g++) {
		if (w->field[g].metres != NULL)
			zp_restore_best(&w->field[g]);
		if (!zp_rejoin(&w->field[g], &m->pool))
			return dyp_raise_memory(err);
	}
	rc = zp_export(m, w->field, steps, out, err);
	return rc == DYP_OK && was_cancelled ? DYP_CANCELLED : rc;
}

enum dyp_code
dyp_zone_solve(const struct dyp_zone_problem *problem, const struct dyp_zone_options *options,
               struct dyp_zone_plan **out, struct dyp_err *err)
{
	struct dyp_zone_options o = options != NULL ? *options : dyp_zone_options_default();
	struct zp_model m;
	struct work w = { .m = &m };

	*out = NULL;
	enum dyp_code rc = zp_model_init(&m, problem, &o, err);
	if (rc == DYP_OK)
		rc = solve(&w, out, err);
	zp_model_release(&m);
	return rc;
}
