/* dyp_route_solve: compile, start, anneal, export. */
#include "crew.h"
#include "inside.h"
#include "order.h"

enum { NEAR_WIDTH = 40, AROUND_WIDTH = 100, DEFAULT_STEPS = 200000, SHORT_STEPS = 20000 };

/* Temperatures in legs between near stops, found on the instances of docs/internals/route.md. */
static const double HOT = 3.0;
static const double WARM = 0.3;
static const double REHEATED = 2.0;
static const double COLD = 0.04;

struct dyp_route_options
dyp_route_options_default(void)
{
	return (struct dyp_route_options){ .seed = 1, .max_steps = DEFAULT_STEPS, .threads = 1 };
}

static struct rp_budget
budget_of(const struct dyp_route_options *o)
{
	struct rp_budget b = { .max_steps = o->max_steps, .tick = o->tick, .ctx = o->ctx };

	if (o->time_limit_ms > 0 && o->now_us != NULL) {
		b.now_us = o->now_us;
		b.limit_us = (int64_t)o->time_limit_ms * 1000;
		b.start_us = o->now_us(o->ctx);
	} else if (b.max_steps == 0) {
		b.max_steps = DEFAULT_STEPS;
	}
	return b;
}

static enum dyp_code
search_plan(struct rp_model *m, const struct dyp_route_options *o, struct rp_budget *b,
            struct dyp_route_plan **out, struct dyp_err *err)
{
	struct rp_near near;
	struct rp_search x;

	if (!rp_near_init(&near, m, NEAR_WIDTH, AROUND_WIDTH, &m->pool) ||
	    !rp_search_init(&x, m, &near, o->seed, &m->pool))
		return dyp_raise_memory(err);
	enum dyp_code rc = rp_adopt(&x, o->start, err);
	if (rc != DYP_OK)
		return rc;
	if (!rp_start_plan(&x, &m->pool))
		return dyp_raise_memory(err);
	bool is_warm = o->start != NULL && o->start->n_tours > 0;
	double leg = m->mean_leg;
	struct rp_heat heat = { (is_warm ? WARM : HOT) * leg, (is_warm ? WARM : REHEATED) * leg,
		                COLD * leg };
	if (m->n > 0 && !rp_improve(&x, b, &heat, o->seed, o->threads, &m->pool))
		return dyp_raise_memory(err);
	return rp_export(&x, &o->memory, out, err);
}

/* By stop: vehicle in the plan, or -1. */
static int32_t *
homes(struct rp_model *m, const struct dyp_route_plan *plan)
{
	int32_t *home = DYP_NEW_ARRAY(&m->pool, (size_t)m->n, int32_t);

	for (int32_t i = 0; home != NULL && i < m->n; i++)
		home[i] = -1;
	for (uint32_t k = 0; home != NULL && k < plan->n_tours; k++)
		for (uint32_t i = 0; i < plan->tours[k].n_steps; i++) {
			const struct dyp_route_step *step = &plan->tours[k].steps[i];
			if (step->kind == DYP_STEP_STOP && step->index < (uint32_t)m->n)
				home[step->index] = (int32_t)plan->tours[k].vehicle;
		}
	return home;
}

static enum dyp_code
solve_ordered(const struct rp_order *order, const struct dyp_route_options *o, struct rp_budget *b,
              struct dyp_route_plan **out, struct dyp_err *err)
{
	struct rp_model m;
	enum dyp_code rc = rp_model_compile(&m, order->problem, &o->memory, err);

	if (rc == DYP_OK && o->start != NULL && o->change_price > 0) {
		int32_t *home = homes(&m, o->start);
		if (home == NULL)
			rc = dyp_raise_memory(err);
		else
			rp_model_set_home(&m, home, o->change_price);
	}
	if (rc == DYP_OK)
		rc = search_plan(&m, o, b, out, err);
	rp_model_release(&m);
	return rc;
}

enum dyp_code
dyp_route_solve(const struct dyp_route_problem *problem, const struct dyp_route_options *options,
                struct dyp_route_plan **out, struct dyp_err *err)
{
	struct dyp_route_options o = options != NULL ? *options : dyp_route_options_default();
	struct rp_budget b = budget_of(&o);
	struct dyp_pool pool;
	struct rp_order order;

	*out = NULL;
	dyp_pool_init(&pool, &o.memory);
	enum dyp_code rc = rp_problem_check(problem, err);
	bool is_short = o.start != NULL && b.max_steps > 0 && b.max_steps < SHORT_STEPS;
	if (rc == DYP_OK && !rp_order_init(&order, problem, !is_short, &pool))
		rc = dyp_raise_memory(err);
	if (rc == DYP_OK && o.start != NULL) {
		o.start = rp_order_plan(&order, o.start, &pool);
		if (o.start == NULL)
			rc = dyp_raise_memory(err);
	}
	if (rc == DYP_OK)
		rc = solve_ordered(&order, &o, &b, out, err);
	if (rc == DYP_OK)
		rp_order_undo(&order, *out);
	dyp_pool_release(&pool);
	return rc == DYP_OK && b.stopped ? DYP_CANCELLED : rc;
}

enum dyp_code
dyp_route_schedule(const struct dyp_route_problem *problem, const struct dyp_route_plan *rough,
                   struct dyp_route_plan **out, struct dyp_err *err)
{
	struct rp_model m;
	struct rp_near near;
	struct rp_search x;

	*out = NULL;
	enum dyp_code rc = rp_model_init(&m, problem, &rough->memory, err);
	if (rc == DYP_OK &&
	    (!rp_near_init(&near, &m, 1, 1, &m.pool) || !rp_search_init(&x, &m, &near, 1, &m.pool)))
		rc = dyp_raise_memory(err);
	if (rc == DYP_OK)
		rc = rp_adopt(&x, rough, err);
	for (uint32_t i = 0; rc == DYP_OK && i < rough->n_tours; i++)
		for (uint32_t k = 0; k < rough->tours[i].n_steps; k++) {
			const struct dyp_route_step *step = &rough->tours[i].steps[k];
			if (rc == DYP_OK && step->kind == DYP_STEP_STOP &&
			    (step->index >= problem->n_stops ||
			     x.s.node[step->index].tour != (int32_t)rough->tours[i].vehicle))
				rc = dyp_raise_item(
					err, DYP_INFEASIBLE, "stops", step->index, "",
					"cannot be served where the plan has it, by vehicle %u",
					rough->tours[i].vehicle);
		}
	if (rc == DYP_OK)
		rc = rp_export(&x, &rough->memory, out, err);
	rp_model_release(&m);
	return rc;
}
