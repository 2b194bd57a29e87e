/* Plans in and out of the search. */
#include "inside.h"
#include "eval.h"

#include <string.h>

void
dyp_route_plan_free(struct dyp_route_plan *plan)
{
	if (plan == NULL)
		return;
	struct dyp_memory memory = dyp_memory_or_default(&plan->memory);
	for (uint32_t i = 0; plan->tours != NULL && i < plan->n_tours; i++)
		if (plan->tours[i].steps != NULL)
			memory.put(memory.ctx, plan->tours[i].steps);
	if (plan->tours != NULL)
		memory.put(memory.ctx, plan->tours);
	if (plan->unserved != NULL)
		memory.put(memory.ctx, plan->unserved);
	memory.put(memory.ctx, plan);
}

static bool
is_left_out(const struct rp_search *x, int32_t stop)
{
	if (x->s.node[stop].tour >= 0)
		return false;
	for (int32_t g = x->m->group_next[stop]; g != stop; g = x->m->group_next[g])
		if (g < stop || x->s.node[g].tour >= 0)
			return false;
	return true;
}

static enum dyp_code
fill_plan(const struct rp_search *x, struct dyp_route_plan *plan, struct dyp_err *err)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;

	plan->tours = dyp_memory_get(&plan->memory, (size_t)s->used, sizeof *plan->tours);
	plan->unserved = dyp_memory_get(&plan->memory, (size_t)s->bank_count, sizeof(uint32_t));
	if (plan->tours == NULL || plan->unserved == NULL)
		return dyp_raise_memory(err);
	for (int32_t v = 0; v < m->vehicles; v++) {
		if (s->tour[v].count == 0)
			continue;
		size_t room = m->problem->vehicles[v].n_breaks;
		for (int32_t i = rp_start(m, v); i >= 0; i = s->node[i].next)
			room++;
		struct dyp_route_tour *t = &plan->tours[plan->n_tours++];
		t->vehicle = (uint32_t)v;
		t->steps = dyp_memory_get(&plan->memory, room, sizeof *t->steps);
		if (t->steps == NULL)
			return dyp_raise_memory(err);
		t->n_steps = rp_eval_steps(s, v, t->steps);
		if (t->n_steps == 0)
			return dyp_raise_item(err, DYP_INFEASIBLE, "vehicles", (uint32_t)v, "fixed",
			                      "its stops do not fit together");
	}
	for (int32_t i = 0; i < m->n; i++)
		if (is_left_out(x, i))
			plan->unserved[plan->n_unserved++] = (uint32_t)i;
	plan->steps = x->steps;
	return dyp_route_verify(m->problem, plan, &plan->score, err);
}

enum dyp_code
rp_export(const struct rp_search *x, const struct dyp_memory *memory, struct dyp_route_plan **out,
          struct dyp_err *err)
{
	struct dyp_memory from = dyp_memory_or_default(memory);
	struct dyp_route_plan *plan = dyp_memory_get(&from, 1, sizeof *plan);

	if (plan == NULL)
		return dyp_raise_memory(err);
	plan->memory = from;
	enum dyp_code rc = fill_plan(x, plan, err);
	if (rc == DYP_OK)
		*out = plan;
	else
		dyp_route_plan_free(plan);
	return rc;
}

static void
link_stop(struct rp_search *x, int32_t stop, int32_t after)
{
	struct rp_state *s = &x->s;
	int32_t next = s->node[after].next;

	rp_bank_drop(s, stop);
	rp_link(s, stop, after);
	if (x->m->timed && !x->m->rich && !x->m->trips)
		rp_refresh(s, after, next);
}

static enum dyp_code
adopt_fixed(struct rp_search *x, struct dyp_err *err)
{
	const struct rp_model *m = x->m;

	for (int32_t v = 0; v < m->vehicles; v++) {
		const struct dyp_route_vehicle *d = &m->problem->vehicles[v];
		int32_t at = rp_start(m, v);
		for (uint32_t k = 0; k < d->n_fixed; k++) {
			link_stop(x, (int32_t)d->fixed[k], at);
			at = (int32_t)d->fixed[k];
		}
		if (d->n_fixed == 0)
			continue;
		x->s.tour[v].fixed_last = at;
		/* a fixed pickup may lack its delivery until stops are inserted */
		for (uint32_t k = 0; k < d->n_fixed; k++) {
			int32_t stop = (int32_t)d->fixed[k];
			int32_t other = m->partner[stop];
			if (other >= 0 && x->s.node[other].tour < 0) {
				link_stop(x, other, at);
				at = other;
			}
		}
		if (!rp_recost(&x->s, v))
			return dyp_raise_item(err, DYP_INFEASIBLE, "vehicles", (uint32_t)v, "fixed",
			                      "the fixed stops cannot be served in this order");
	}
	return DYP_OK;
}

static bool
may_adopt(const struct rp_search *x, int32_t tour, const struct dyp_route_step *step)
{
	const struct rp_model *m = x->m;

	if (step->kind != DYP_STEP_STOP || step->index >= (uint32_t)m->n)
		return false;
	int32_t stop = (int32_t)step->index;
	if (x->s.node[stop].tour >= 0 || !rp_may(x->s.tour[tour].type, stop))
		return false;
	for (int32_t g = m->group_next[stop]; g != stop; g = m->group_next[g])
		if (x->s.node[g].tour >= 0)
			return false;
	return true;
}

/* Rich tours are taken over whole; when they do not fit any more, stop by stop from the front. */
static void
adopt_rich_tour(struct rp_search *x, const struct dyp_route_tour *t)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;
	int32_t v = (int32_t)t->vehicle;
	int32_t at = s->node[rp_end(m, v)].prev;
	int32_t reload = m->reload0;

	rp_begin(s);
	int64_t cost = s->cost;
	int64_t spread = s->spread;
	int32_t served = s->served;
	struct rp_score score = s->score;
	for (uint32_t i = 0; i < t->n_steps; i++) {
		if (t->steps[i].kind == DYP_STEP_RELOAD) {
			while (reload < m->nodes && (m->reload_owner[reload - m->reload0] != v ||
			                             s->node[reload].tour >= 0))
				reload++;
			if (reload == m->nodes || t->steps[i].index >= m->problem->places)
				continue;
			rp_save(s, reload);
			s->node[reload].place = (int32_t)t->steps[i].index;
			rp_link(s, reload, at);
			at = reload;
		}
		if (!may_adopt(x, v, &t->steps[i]))
			continue;
		link_stop(x, (int32_t)t->steps[i].index, at);
		at = (int32_t)t->steps[i].index;
	}
	rp_settle(x, v);
	if (m->trips ? rp_trips_fit(s, v) : !s->tour[v].broken)
		return;
	rp_go_back(s);
	for (uint32_t i = 0; i < t->n_steps; i++) {
		int32_t stop = (int32_t)t->steps[i].index;
		if (t->steps[i].kind == DYP_STEP_STOP && stop >= 0 && stop < m->n &&
		    s->node[stop].tour < 0 && s->bank_at[stop] < 0)
			rp_bank_add(s, stop);
	}
	s->cost = cost;
	s->spread = spread;
	s->served = served;
	s->score = score;
	s->broken = 0;
}

static void
adopt_plain_tour(struct rp_search *x, const struct dyp_route_tour *t)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;
	int32_t v = (int32_t)t->vehicle;

	for (uint32_t i = 0; i < t->n_steps; i++) {
		if (!may_adopt(x, v, &t->steps[i]))
			continue;
		int32_t stop = (int32_t)t->steps[i].index;
		int32_t at = s->node[rp_end(m, v)].prev;
		if ((int64_t)s->tour[v].load + s->node[stop].load > s->tour[v].type->capacity)
			continue;
		link_stop(x, stop, at);
		const struct rp_node *end = &s->node[rp_end(m, v)];
		bool fits = !m->has_limit || end->fd <= s->tour[v].type->max_duration;
		for (int32_t k = rp_start(m, v); fits && m->timed && k >= 0; k = s->node[k].next)
			fits = s->node[k].leave - s->task[k].service <= s->task[k].close;
		if (!fits) {
			rp_unlink(s, stop);
			rp_bank_add(s, stop);
			if (m->timed)
				rp_refresh(s, at, rp_end(m, v));
		}
	}
}

enum dyp_code
rp_adopt(struct rp_search *x, const struct dyp_route_plan *plan, struct dyp_err *err)
{
	rp_begin(&x->s);
	enum dyp_code rc = adopt_fixed(x, err);
	for (uint32_t i = 0; rc == DYP_OK && plan != NULL && i < plan->n_tours; i++) {
		if (plan->tours[i].vehicle >= x->m->problem->n_vehicles)
			continue;
		if (x->m->rich || x->m->trips)
			adopt_rich_tour(x, &plan->tours[i]);
		else
			adopt_plain_tour(x, &plan->tours[i]);
	}
	return rc;
}
