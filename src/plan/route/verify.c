/* The independent judge of a plan. It takes each step's times from the plan and checks them and
 * everything else against the problem alone; it includes nothing of the solver. */
#include "dyplan/route.h"
#include "../kit.h"

#include <string.h>

struct judge {
	const struct dyp_route_problem *p;
	const struct dyp_route_vehicle *v;
	uint32_t tour; /* vehicle number */
	bool *served;
	int64_t *stock_used; /* [stocks * dims] */
	uint32_t *trip_of;   /* by stop: number of the trip that serves it */
	uint32_t trip;
	struct dyp_route_score score;
	int64_t longest, shortest;
	struct dyp_err *err;
};

#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum dyp_code rc_ = (call);                                                        \
		if (rc_ != DYP_OK)                                                                 \
			return rc_;                                                                \
	} while (0)

static enum dyp_code
fault(struct judge *j, const char *member, const char *what, int64_t number)
{
	return dyp_raise_item(j->err, DYP_INFEASIBLE, "vehicles", j->tour, member, "%s (%lld)",
	                      what, (long long)number);
}

static enum dyp_code
stop_fault(struct judge *j, uint32_t stop, const char *member, const char *what, int64_t number)
{
	return dyp_raise_item(j->err, DYP_INFEASIBLE, "stops", stop, member, "%s (%lld)", what,
	                      (long long)number);
}

static int64_t
seconds_between(const struct judge *j, uint32_t from, uint32_t to)
{
	if (from == DYP_ROUTE_NONE || to == DYP_ROUTE_NONE)
		return 0;
	int64_t plain = j->p->matrices[j->v->profile].seconds[(size_t)from * j->p->places + to];
	return j->v->slowness == 0 || j->v->slowness == 1000
	               ? plain
	               : (plain * j->v->slowness + 500) / 1000;
}

static int64_t
metres_between(const struct judge *j, uint32_t from, uint32_t to)
{
	const struct dyp_route_matrix *mx = &j->p->matrices[j->v->profile];

	if (from == DYP_ROUTE_NONE || to == DYP_ROUTE_NONE)
		return 0;
	return (mx->metres != NULL ? mx->metres : mx->seconds)[(size_t)from * j->p->places + to];
}

static uint32_t
place_of(const struct judge *j, const struct dyp_route_step *step, uint32_t before)
{
	switch (step->kind) {
	case DYP_STEP_STOP: return j->p->stops[step->index].place;
	case DYP_STEP_BREAK: return before;
	case DYP_STEP_RELOAD: return step->index;
	case DYP_STEP_START: return j->v->start;
	case DYP_STEP_END: return j->v->end;
	}
	return before;
}

static bool
in_windows(const struct dyp_route_window *w, uint32_t count, int64_t t)
{
	bool inside = count == 0;

	for (uint32_t i = 0; i < count; i++)
		inside |= w[i].from <= t && t <= w[i].to;
	return inside;
}

static int64_t
convex(const struct dyp_route_bend *bend, uint32_t count, int64_t t)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += bend[i].per_s * (t > bend[i].from ? t - bend[i].from : 0);
	return sum;
}

static enum dyp_code
judge_stop(struct judge *j, const struct dyp_route_step *step, uint32_t from)
{
	const struct dyp_route_stop *s = &j->p->stops[step->index];
	int64_t service =
		s->service_by_kind != NULL ? s->service_by_kind[j->v->kind] : s->service_s;
	int64_t setup = s->setup_by_kind != NULL ? s->setup_by_kind[j->v->kind] : s->setup_s;

	if (j->served[step->index])
		return stop_fault(j, step->index, "", "is served twice, again by vehicle", j->tour);
	j->served[step->index] = true;
	j->trip_of[step->index] = j->trip;
	if (s->vehicle != DYP_ROUTE_NONE && s->vehicle != j->tour)
		return stop_fault(j, step->index, "vehicle", "is served by another vehicle",
		                  j->tour);
	for (uint32_t i = 0; i < s->n_skills; i++) {
		bool has = false;
		for (uint32_t k = 0; k < j->v->n_skills; k++)
			has |= j->v->skills[k] == s->skills[i];
		if (!has)
			return stop_fault(j, step->index, "skills", "the vehicle lacks skill",
			                  s->skills[i]);
	}
	if (from == s->place)
		setup = 0;
	if (!in_windows(s->windows, s->n_windows, step->begin))
		return stop_fault(j, step->index, "windows", "begins outside its windows, at",
		                  step->begin);
	if (step->leave != step->begin + setup + service)
		return stop_fault(j, step->index, "service_s", "takes another time than",
		                  setup + service);
	j->score.setup_s += setup;
	j->score.service_s += service;
	j->score.late_cost += convex(s->late, s->n_late, step->begin);
	j->score.cost += j->v->per_task_s * (setup + service);
	j->score.served++;
	return DYP_OK;
}

static enum dyp_code
judge_times(struct judge *j, const struct dyp_route_tour *t)
{
	uint32_t place = j->v->start;

	for (uint32_t i = 0; i < t->n_steps; i++) {
		const struct dyp_route_step *step = &t->steps[i];
		if (step->kind == DYP_STEP_STOP && step->index >= j->p->n_stops)
			return fault(j, "steps", "there is no stop", step->index);
		uint32_t here = place_of(j, step, place);
		if (i > 0) {
			int64_t drive = seconds_between(j, place, here);
			if (step->arrival != t->steps[i - 1].leave + drive)
				return fault(
					j, "steps",
					"arrival does not follow from the step before, at step", i);
			j->score.travel_s += drive;
			j->score.metres += metres_between(j, place, here);
		}
		if (step->begin < step->arrival || step->leave < step->begin)
			return fault(j, "steps", "times run backwards at step", i);
		j->score.waiting_s += step->begin - step->arrival;
		if (step->kind == DYP_STEP_STOP)
			TRY(judge_stop(j, step, place));
		if (step->kind == DYP_STEP_RELOAD) {
			j->trip++;
			if (step->leave != step->begin + j->v->reload_s)
				return fault(j, "reload_s", "a reload takes another time, at step",
				             i);
		}
		if ((step->kind == DYP_STEP_START || step->kind == DYP_STEP_END) &&
		    step->leave != step->begin)
			return fault(j, "steps", "start and end take no time, at step", i);
		place = here;
	}
	return DYP_OK;
}

static int64_t
part(const int32_t *load, uint32_t d)
{
	return load == NULL ? 0 : load[d];
}

static const struct dyp_route_shipment *
shipment_of(const struct judge *j, uint32_t stop)
{
	for (uint32_t i = 0; i < j->p->n_shipments; i++)
		if (j->p->shipments[i].pickup == stop || j->p->shipments[i].delivery == stop)
			return &j->p->shipments[i];
	return NULL;
}

/* Loads of the trip that begins at step `from`, in dimension d. */
static enum dyp_code
judge_load(struct judge *j, const struct dyp_route_tour *t, uint32_t from, uint32_t to, uint32_t d)
{
	int64_t load = 0;

	for (uint32_t i = from + 1; i < to; i++)
		if (t->steps[i].kind == DYP_STEP_STOP && shipment_of(j, t->steps[i].index) == NULL)
			load += part(j->p->stops[t->steps[i].index].delivery, d);
	for (uint32_t i = from; i < to; i++) {
		const struct dyp_route_step *step = &t->steps[i];
		if (step->kind == DYP_STEP_STOP) {
			const struct dyp_route_stop *s = &j->p->stops[step->index];
			load += part(s->pickup, d) - part(s->delivery, d);
		}
		if (j->v->capacity != NULL && load > j->v->capacity[d])
			return fault(j, "capacity", "is exceeded, load", load);
		const struct dyp_route_break *b =
			step->kind == DYP_STEP_BREAK ? &j->v->breaks[step->index] : NULL;
		if (b != NULL && b->max_load != NULL && load > b->max_load[d])
			return fault(j, "breaks", "too much load during a break", load);
	}
	return DYP_OK;
}

static enum dyp_code
judge_trip(struct judge *j, const struct dyp_route_tour *t, uint32_t from, uint32_t to)
{
	bool first = t->steps[from].kind == DYP_STEP_START;
	uint32_t depot = first ? j->v->start : t->steps[from].index;

	for (uint32_t i = from + 1; i < to; i++) {
		if (t->steps[i].kind != DYP_STEP_STOP)
			continue;
		uint32_t stop = t->steps[i].index;
		const struct dyp_route_stop *s = &j->p->stops[stop];
		bool loads = shipment_of(j, stop) == NULL && !s->aboard;
		int64_t any = 0;
		for (uint32_t d = 0; d < j->p->dims; d++)
			any += part(s->delivery, d);
		if (s->release_s > t->steps[from].leave)
			return stop_fault(j, stop, "release_s", "the trip leaves before, at",
			                  t->steps[from].leave);
		if (s->aboard && !first)
			return stop_fault(j, stop, "aboard", "is served after a reload, at",
			                  t->steps[i].begin);
		if (first && j->v->departed && loads && any > 0)
			return stop_fault(j, stop, "delivery",
			                  "is not on the vehicle, which has left, number", j->tour);
		for (uint32_t k = 0; loads && k < j->p->n_stocks; k++)
			for (uint32_t d = 0; d < j->p->dims && j->p->stocks[k].place == depot; d++)
				j->stock_used[k * DYP_ROUTE_DIMS + d] += part(s->delivery, d);
	}
	for (uint32_t d = 0; d < j->p->dims; d++)
		TRY(judge_load(j, t, from, to, d));
	return DYP_OK;
}

static enum dyp_code
judge_breaks(struct judge *j, const struct dyp_route_tour *t)
{
	int64_t end = t->steps[t->n_steps - 1].arrival;

	for (uint32_t k = 0; k < j->v->n_breaks; k++) {
		const struct dyp_route_break *b = &j->v->breaks[k];
		uint32_t taken = 0;
		for (uint32_t i = 0; i < t->n_steps; i++) {
			const struct dyp_route_step *step = &t->steps[i];
			if (step->kind != DYP_STEP_BREAK || step->index != k)
				continue;
			taken++;
			if (!in_windows(b->windows, b->n_windows, step->begin) ||
			    step->leave != step->begin + b->service_s)
				return fault(j, "breaks", "a break is at a wrong time",
				             step->begin);
		}
		if (taken > 1 ||
		    (taken == 0 && b->n_windows > 0 && end > b->windows[b->n_windows - 1].to))
			return fault(j, "breaks", "is missing or taken twice, number", k);
	}
	return DYP_OK;
}

static enum dyp_code
judge_shape(struct judge *j, const struct dyp_route_tour *t)
{
	uint32_t reloads = 0;
	uint32_t stops = 0;

	if (t->n_steps < 2 || t->steps[0].kind != DYP_STEP_START ||
	    t->steps[t->n_steps - 1].kind != DYP_STEP_END)
		return fault(j, "steps", "must run from start to end, steps", t->n_steps);
	for (uint32_t i = 1; i + 1 < t->n_steps; i++) {
		const struct dyp_route_step *step = &t->steps[i];
		if (step->kind == DYP_STEP_START || step->kind == DYP_STEP_END)
			return fault(j, "steps", "start or end inside, at step", i);
		if (step->kind == DYP_STEP_BREAK && step->index >= j->v->n_breaks)
			return fault(j, "breaks", "there is no break", step->index);
		if (step->kind == DYP_STEP_STOP) {
			if (stops < j->v->n_fixed && step->index != j->v->fixed[stops])
				return fault(j, "fixed", "another stop comes first", step->index);
			stops++;
		}
		if (step->kind == DYP_STEP_RELOAD) {
			bool may = false;
			for (uint32_t k = 0; k < j->v->n_reloads; k++)
				may |= j->v->reloads[k] == step->index;
			if (!may || ++reloads > j->v->max_reloads)
				return fault(j, "reloads", "may not reload at step", i);
			if (stops < j->v->n_fixed)
				return fault(j, "fixed",
				             "a reload comes before a fixed stop, at step", i);
		}
	}
	if (stops < j->v->n_fixed)
		return fault(j, "fixed", "a fixed stop is missing, stops", stops);
	if (j->v->max_tasks > 0 && stops > (uint32_t)j->v->max_tasks)
		return fault(j, "max_tasks", "is exceeded", stops);
	return DYP_OK;
}

static enum dyp_code
judge_day(struct judge *j, const struct dyp_route_tour *t, const struct dyp_route_score *before)
{
	const struct dyp_route_vehicle *v = j->v;
	int64_t begin = t->steps[0].leave;
	int64_t end = t->steps[t->n_steps - 1].arrival;
	int64_t travel = j->score.travel_s - before->travel_s;
	int64_t metres = j->score.metres - before->metres;
	int64_t duration = end - begin;
	bool has_shift = v->shift_from != 0 || v->shift_to != 0;
	int64_t over = v->shift_to > 0 && end > v->shift_to ? end - v->shift_to : 0;

	if (begin < v->shift_from || (has_shift && over > v->overtime_s))
		return fault(j, "shift_to", "the tour leaves the shift, from, to", end);
	if (v->max_travel_s > 0 && travel > v->max_travel_s)
		return fault(j, "max_travel_s", "is exceeded", travel);
	if (v->max_metres > 0 && metres > v->max_metres)
		return fault(j, "max_metres", "is exceeded", metres);
	if (v->max_duration_s > 0 && duration > v->max_duration_s)
		return fault(j, "max_duration_s", "is exceeded", duration);
	j->score.duration_s += duration;
	j->score.overtime_cost += over * v->overtime_per_s;
	j->score.cost += v->fixed_cost + v->per_metre * metres + v->per_travel_s * travel +
	                 v->per_s * duration + convex(v->long_day, v->n_long_day, duration);
	j->longest = duration > j->longest ? duration : j->longest;
	j->shortest = duration < j->shortest ? duration : j->shortest;
	j->score.tours++;
	return DYP_OK;
}

static enum dyp_code
judge_tour(struct judge *j, const struct dyp_route_tour *t)
{
	struct dyp_route_score before = j->score;

	TRY(judge_shape(j, t));
	j->trip++;
	TRY(judge_times(j, t));
	for (uint32_t from = 0; from + 1 < t->n_steps;) {
		uint32_t to = from + 1;
		while (t->steps[to].kind != DYP_STEP_RELOAD && t->steps[to].kind != DYP_STEP_END)
			to++;
		TRY(judge_trip(j, t, from, to));
		from = to;
	}
	TRY(judge_breaks(j, t));
	return judge_day(j, t, &before);
}

/* Both ends in one trip, in order. */
static enum dyp_code
judge_shipments(struct judge *j, const struct dyp_route_plan *plan)
{
	const struct dyp_route_problem *p = j->p;

	for (uint32_t i = 0; i < p->n_shipments; i++) {
		uint32_t a = p->shipments[i].pickup;
		uint32_t b = p->shipments[i].delivery;
		if (j->served[a] != j->served[b] ||
		    (j->served[a] && j->trip_of[a] != j->trip_of[b]))
			return dyp_raise_item(j->err, DYP_INFEASIBLE, "shipments", i, "",
			                      "is not carried within one trip");
		for (uint32_t k = 0; j->served[a] && k < plan->n_tours; k++)
			for (uint32_t s = 0; s < plan->tours[k].n_steps; s++) {
				const struct dyp_route_step *step = &plan->tours[k].steps[s];
				if (step->kind != DYP_STEP_STOP)
					continue;
				if (step->index == a)
					break;
				if (step->index == b)
					return dyp_raise_item(
						j->err, DYP_INFEASIBLE, "shipments", i, "",
						"is delivered before it is picked up");
			}
	}
	return DYP_OK;
}

static enum dyp_code
judge_rest(struct judge *j)
{
	const struct dyp_route_problem *p = j->p;

	for (uint32_t s = 0; s < p->n_stops; s++) {
		uint32_t first = s;
		uint32_t count = 0;
		for (uint32_t r = 0; p->stops[s].group != 0 && r < p->n_stops; r++)
			if (p->stops[r].group == p->stops[s].group) {
				first = r < first ? r : first;
				count += j->served[r];
			}
		if (count > 1)
			return stop_fault(j, s, "group",
			                  "more than one alternative is served, group",
			                  p->stops[s].group);
		if (j->served[s] || count > 0 || first != s)
			continue;
		if (p->stops[s].optional)
			j->score.prizes_lost += p->stops[s].prize;
		else
			j->score.unserved[p->stops[s].tier] +=
				(int64_t)p->stops[s].priority * ((int64_t)p->n_stops + 1) + 1;
	}
	for (uint32_t k = 0; k < p->n_stocks; k++)
		for (uint32_t d = 0; d < p->dims; d++)
			if (j->stock_used[k * DYP_ROUTE_DIMS + d] > p->stocks[k].amount[d])
				return dyp_raise_item(
					j->err, DYP_INFEASIBLE, "stocks", k, "amount",
					"%lld are taken in dimension %u",
					(long long)j->stock_used[k * DYP_ROUTE_DIMS + d], d);
	for (uint32_t v = 0; v < p->n_vehicles; v++)
		for (uint32_t k = 0; k < p->vehicles[v].n_fixed; k++)
			if (!j->served[p->vehicles[v].fixed[k]])
				return stop_fault(j, p->vehicles[v].fixed[k], "",
				                  "is fixed but not served, vehicle", v);
	j->score.cost += j->score.late_cost + j->score.overtime_cost + j->score.prizes_lost;
	if (j->score.tours > 1)
		j->score.cost += p->spread_per_s * (j->longest - j->shortest);
	return DYP_OK;
}

static enum dyp_code
judge_plan(struct judge *j, const struct dyp_route_plan *plan)
{
	for (uint32_t i = 0; i < plan->n_tours; i++) {
		const struct dyp_route_tour *t = &plan->tours[i];
		if (t->vehicle >= j->p->n_vehicles)
			return dyp_raise_item(j->err, DYP_INFEASIBLE, "tours", i, "vehicle",
			                      "there is no vehicle %u", t->vehicle);
		for (uint32_t k = 0; k < i; k++)
			if (plan->tours[k].vehicle == t->vehicle)
				return dyp_raise_item(j->err, DYP_INFEASIBLE, "tours", i, "vehicle",
				                      "vehicle %u has two tours", t->vehicle);
		j->tour = t->vehicle;
		j->v = &j->p->vehicles[t->vehicle];
		TRY(judge_tour(j, t));
	}
	TRY(judge_shipments(j, plan));
	return judge_rest(j);
}

enum dyp_code
dyp_route_verify(const struct dyp_route_problem *problem, const struct dyp_route_plan *plan,
                 struct dyp_route_score *score, struct dyp_err *err)
{
	struct judge j = { .p = problem, .shortest = INT64_MAX, .err = err };
	struct dyp_pool pool;
	enum dyp_code rc;

	dyp_pool_init(&pool, &plan->memory);
	j.served = DYP_NEW_ARRAY(&pool, problem->n_stops, bool);
	j.trip_of = DYP_NEW_ARRAY(&pool, problem->n_stops, uint32_t);
	j.stock_used = DYP_NEW_ARRAY(&pool, (size_t)problem->n_stocks * DYP_ROUTE_DIMS, int64_t);
	rc = pool.failed ? dyp_raise_memory(err) : judge_plan(&j, plan);
	dyp_pool_release(&pool);
	if (rc == DYP_OK && score != NULL)
		*score = j.score;
	return rc;
}
