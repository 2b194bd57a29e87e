/* Why a stop is unserved: every vehicle and place is tried once, the smallest violation is kept
 * per vehicle and cause, the smallest of all becomes the advice. Violations of different kinds are
 * compared by how much of a day or of the vehicle they would take. */
#include "eval.h"
#include "inside.h"

#include <stdio.h>

struct finding {
	enum dyp_route_cause cause;
	int64_t amount;
	uint32_t dim, vehicle;
	double weight; /* of the relaxation; least wins */
};

struct inquiry {
	struct rp_search x;     /* the plan */
	struct rp_search empty; /* the same vehicles without stops */
};

static struct finding
judge_refusal(const struct rp_model *m, struct rp_verdict why, uint32_t vehicle)
{
	const struct dyp_route_vehicle *v = &m->problem->vehicles[vehicle];
	struct finding f = { .amount = why.excess, .dim = (uint32_t)why.dim, .vehicle = vehicle };

	switch (why.why) {
	case RP_NO_CAPACITY:
		f.cause = DYP_CAUSE_CAPACITY;
		f.weight = (double)why.excess / (1.0 + v->capacity[why.dim]);
		return f;
	case RP_NO_WINDOW:
		f.cause = DYP_CAUSE_WINDOW;
		f.weight = (double)why.excess / 28800.0;
		return f;
	case RP_NO_SHIFT:
		f.cause = DYP_CAUSE_SHIFT;
		f.weight = (double)why.excess / 28800.0;
		return f;
	case RP_NO_LIMIT:
		f.cause = DYP_CAUSE_LIMIT;
		f.weight = 2.0;
		return f;
	case RP_NO_STOCK:
		f.cause = DYP_CAUSE_STOCK;
		f.weight = 3.0;
		return f;
	case RP_FITS:
	case RP_NO_ORDER: break;
	}
	f.cause = DYP_CAUSE_DISPLACED;
	f.weight = 100.0;
	return f;
}

static struct rp_trial
trial_of(const struct rp_model *m, int32_t tour, int32_t stop, int32_t after)
{
	struct rp_trial t = {
		.tour = tour, .count = 1, .node = { stop }, .after = { after }, .without = -1
	};

	if (m->partner[stop] >= 0) {
		t.count = 2;
		t.node[1] = m->partner[stop];
		t.after[1] = stop;
	}
	return t;
}

/* Best the vehicle can do; cause COST when it fits. */
static struct finding
ask_vehicle(const struct rp_search *x, int32_t stop, int32_t tour)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	struct finding best = { .cause = DYP_CAUSE_DISPLACED,
		                .vehicle = (uint32_t)tour,
		                .weight = 200.0 };

	for (int32_t i = s->tour[tour].fixed_last; s->node[i].next >= 0; i = s->node[i].next) {
		struct rp_trial trial = trial_of(m, tour, stop, i);
		struct rp_verdict verdict = rp_evaluate(s, &trial);
		struct finding f = judge_refusal(m, verdict, (uint32_t)tour);
		if (verdict.why == RP_FITS) {
			f.cause = DYP_CAUSE_COST;
			f.amount = verdict.cost - s->tour[tour].cost - m->absence[stop];
			f.weight = -1.0;
			if (best.cause == DYP_CAUSE_COST && best.amount <= f.amount)
				continue;
		} else if (best.cause == DYP_CAUSE_COST || f.weight >= best.weight) {
			continue;
		}
		best = f;
	}
	return best;
}

static bool
lacks_skill(const struct dyp_route_problem *p, uint32_t stop, uint32_t vehicle, int64_t *missing)
{
	const struct dyp_route_stop *s = &p->stops[stop];
	const struct dyp_route_vehicle *v = &p->vehicles[vehicle];

	*missing = 0;
	for (uint32_t i = 0; i < s->n_skills; i++) {
		bool has = false;
		for (uint32_t k = 0; k < v->n_skills; k++)
			has |= v->skills[k] == s->skills[i];
		*missing += has ? 0 : 1;
	}
	return *missing > 0;
}

static struct finding
ask(struct inquiry *q, struct dyp_route_reason *r, uint32_t vehicle)
{
	const struct dyp_route_problem *p = q->x.m->problem;
	const struct dyp_route_stop *s = &p->stops[r->stop];
	struct finding f = { .vehicle = vehicle };
	int64_t missing;

	if (s->vehicle != DYP_ROUTE_NONE && s->vehicle != vehicle) {
		f.cause = DYP_CAUSE_LOCK;
		f.weight = 60.0;
		f.amount = s->vehicle;
	} else if (lacks_skill(p, r->stop, vehicle, &missing)) {
		f.cause = DYP_CAUSE_SKILL;
		f.amount = missing;
		f.weight = 50.0 + (double)missing;
	} else {
		int32_t stop = (int32_t)r->stop;
		int32_t other = q->x.m->partner[stop];
		if (other >= 0 && q->x.m->is_delivery[stop])
			stop = other;
		f = ask_vehicle(&q->x, stop, (int32_t)vehicle);
		if (f.cause != DYP_CAUSE_COST &&
		    ask_vehicle(&q->empty, stop, (int32_t)vehicle).cause == DYP_CAUSE_COST)
			r->tried[DYP_CAUSE_DISPLACED]++;
	}
	r->tried[f.cause]++;
	return f;
}

static void
word(struct dyp_route_reason *r, const struct finding *f)
{
	static const char *const say[DYP_CAUSES] = {
		[DYP_CAUSE_SKILL] = "no vehicle has its skills; vehicle %u lacks %lld",
		[DYP_CAUSE_LOCK] = "locked to a vehicle that cannot take it; number %u is not %lld",
		[DYP_CAUSE_CAPACITY] = "vehicle %u is too full by %lld",
		[DYP_CAUSE_WINDOW] = "vehicle %u would begin %lld s after its window",
		[DYP_CAUSE_SHIFT] = "the shift of vehicle %u is too short by %lld s",
		[DYP_CAUSE_LIMIT] = "a limit of vehicle %u is exceeded by %lld",
		[DYP_CAUSE_STOCK] = "the stock for vehicle %u is too small by %lld",
		[DYP_CAUSE_COST] = "fits in vehicle %u, but costs %lld more than its prize",
		[DYP_CAUSE_DISPLACED] = "vehicle %u could only take it instead of others (%lld)",
	};

	r->cause = f->cause;
	r->amount = f->amount;
	r->vehicle = f->vehicle;
	r->dim = f->dim;
	(void)snprintf(r->text, sizeof r->text, say[f->cause], f->vehicle, (long long)f->amount);
	if (f->cause == DYP_CAUSE_COST && f->amount <= 0)
		(void)snprintf(r->text, sizeof r->text,
		               "fits in vehicle %u: let the search run longer", f->vehicle);
}

static void
explain_stop(struct inquiry *q, struct dyp_route_reason *r)
{
	const struct dyp_route_problem *p = q->x.m->problem;
	struct finding least = { .weight = 1e9, .cause = DYP_CAUSE_DISPLACED };

	for (uint32_t v = 0; v < p->n_vehicles; v++) {
		struct finding f = ask(q, r, v);
		if (f.weight < least.weight)
			least = f;
	}
	word(r, &least);
}

static enum dyp_code
fill_report(struct inquiry *q, const struct dyp_route_plan *plan, struct dyp_route_report *report,
            struct dyp_err *err)
{
	const struct rp_model *m = q->x.m;

	report->reasons =
		dyp_memory_get(&report->memory, plan->n_unserved, sizeof *report->reasons);
	if (report->reasons == NULL)
		return dyp_raise_memory(err);
	for (uint32_t i = 0; i < plan->n_unserved; i++) {
		uint32_t stop = plan->unserved[i];
		if (stop >= (uint32_t)m->n || q->x.s.node[stop].tour >= 0)
			continue;
		struct dyp_route_reason *r = &report->reasons[report->n_reasons++];
		r->stop = stop;
		explain_stop(q, r);
	}
	return DYP_OK;
}

enum dyp_code
dyp_route_explain(const struct dyp_route_problem *problem, const struct dyp_route_plan *plan,
                  struct dyp_route_report **out, struct dyp_err *err)
{
	struct dyp_memory memory = dyp_memory_or_default(&plan->memory);
	struct dyp_route_report *report;
	struct inquiry q;
	struct rp_near near;
	struct rp_model m;

	*out = NULL;
	report = dyp_memory_get(&memory, 1, sizeof *report);
	if (report == NULL)
		return dyp_raise_memory(err);
	report->memory = memory;
	enum dyp_code rc = rp_model_init(&m, problem, &memory, err);
	m.rich = true;
	m.trips = false;
	if (rc == DYP_OK && (!rp_near_init(&near, &m, 1, 1, &m.pool) ||
	                     !rp_search_init(&q.x, &m, &near, 1, &m.pool) ||
	                     !rp_search_init(&q.empty, &m, &near, 1, &m.pool)))
		rc = dyp_raise_memory(err);
	if (rc == DYP_OK)
		rc = rp_adopt(&q.x, plan, err);
	if (rc == DYP_OK)
		rc = rp_adopt(&q.empty, NULL, err);
	if (rc == DYP_OK)
		rc = fill_report(&q, plan, report, err);
	rp_model_release(&m);
	if (rc == DYP_OK)
		*out = report;
	else
		dyp_route_report_free(report);
	return rc;
}

void
dyp_route_report_free(struct dyp_route_report *report)
{
	if (report == NULL)
		return;
	struct dyp_memory memory = report->memory;
	if (report->reasons != NULL)
		memory.put(memory.ctx, report->reasons);
	memory.put(memory.ctx, report);
}
