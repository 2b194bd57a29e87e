/* Compiles a problem: vehicle types, one int32 cost matrix per way of paying, stop prices.
 *
 * Objective of the search, all in int64:
 *   sum over tours of fixed + mul * (arc costs) + what whole-route evaluation adds (eval.c)
 *   + sum over unserved stops of absence. absence of an optional stop is its prize; of any other a
 *   price above every detour, growing with tier and priority. The best plan is chosen by the exact
 *   lexicographic score; absence only steers. */
#include "model.h"

#include <string.h>

static int64_t
gcd64(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t t = a % b;
		a = b;
		b = t;
	}
	return a;
}

static bool
same_bytes(const void *a, const void *b, size_t count, size_t size)
{
	return count == 0 || (a != NULL && b != NULL && memcmp(a, b, count * size) == 0);
}

static bool
same_ints(const int32_t *a, const int32_t *b, uint32_t count)
{
	if (a == NULL || b == NULL)
		return a == b;
	return memcmp(a, b, count * sizeof *a) == 0;
}

static bool
same_lists(const struct dyp_route_vehicle *a, const struct dyp_route_vehicle *b)
{
	if (a->n_long_day != b->n_long_day || a->n_skills != b->n_skills ||
	    a->n_breaks != b->n_breaks || a->n_reloads != b->n_reloads)
		return false;
	for (uint32_t i = 0; i < a->n_long_day; i++)
		if (a->long_day[i].from != b->long_day[i].from ||
		    a->long_day[i].per_s != b->long_day[i].per_s)
			return false;
	return same_bytes(a->skills, b->skills, a->n_skills, sizeof(uint32_t)) &&
	       same_bytes(a->reloads, b->reloads, a->n_reloads, sizeof(uint32_t));
}

static bool
same_breaks(const struct dyp_route_vehicle *a, const struct dyp_route_vehicle *b, uint32_t dims)
{
	for (uint32_t i = 0; i < a->n_breaks; i++) {
		const struct dyp_route_break *x = &a->breaks[i];
		const struct dyp_route_break *y = &b->breaks[i];
		if (x->service_s != y->service_s || x->n_windows != y->n_windows ||
		    !same_bytes(x->windows, y->windows, x->n_windows, sizeof *x->windows) ||
		    !same_ints(x->max_load, y->max_load, dims))
			return false;
	}
	return true;
}

static bool
same_vehicle(const struct dyp_route_vehicle *a, const struct dyp_route_vehicle *b, uint32_t dims)
{
	return a->profile == b->profile && a->start == b->start && a->end == b->end &&
	       a->kind == b->kind && a->fixed_cost == b->fixed_cost &&
	       a->per_metre == b->per_metre && a->per_travel_s == b->per_travel_s &&
	       a->per_task_s == b->per_task_s && a->per_s == b->per_s &&
	       a->slowness == b->slowness && a->shift_from == b->shift_from &&
	       a->shift_to == b->shift_to && a->overtime_s == b->overtime_s &&
	       a->overtime_per_s == b->overtime_per_s && a->max_tasks == b->max_tasks &&
	       a->max_travel_s == b->max_travel_s && a->max_metres == b->max_metres &&
	       a->max_duration_s == b->max_duration_s && a->max_reloads == b->max_reloads &&
	       a->reload_s == b->reload_s && !a->departed && !b->departed && a->n_fixed == 0 &&
	       b->n_fixed == 0 && same_ints(a->capacity, b->capacity, dims) && same_lists(a, b) &&
	       same_breaks(a, b, dims);
}

/* Vehicles that some stop is locked to are types of their own. */
static void
group_types(struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;
	bool *named = DYP_NEW_ARRAY(&m->pool, p->n_vehicles, bool);

	if (named == NULL || m->type == NULL || m->type_of == NULL)
		return;
	for (uint32_t s = 0; s < p->n_stops; s++)
		if (p->stops[s].vehicle != DYP_ROUTE_NONE)
			named[p->stops[s].vehicle] = true;
	for (uint32_t v = 0; v < p->n_vehicles; v++) {
		int32_t t = m->types;
		while (--t >= 0) {
			uint32_t w = m->type[t].vehicle;
			if (!named[v] && !named[w] &&
			    same_vehicle(&p->vehicles[v], &p->vehicles[w], p->dims))
				break;
		}
		if (t < 0) {
			t = m->types++;
			m->type[t].vehicle = v;
		}
		m->type[t].count++;
		m->type_of[v] = t;
	}
}

/* A matrix over m->places from one over problem->places; scaled by per mille, rounded up at half. */
static const int32_t *
widen(struct rp_model *m, const int32_t *from, uint32_t slowness)
{
	size_t p = m->problem->places;
	size_t w = (size_t)m->places;

	if (w == p && slowness == 1000)
		return from;
	int32_t *to = DYP_NEW_ARRAY(&m->pool, w * w, int32_t);
	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < p; j++)
			to[i * w + j] =
				(int32_t)(((int64_t)from[i * p + j] * slowness + 500) / 1000);
	return to;
}

static const int32_t *
transpose(struct rp_model *m, const int32_t *from)
{
	size_t w = (size_t)m->places;
	bool symmetric = true;

	for (size_t i = 0; i < w && symmetric; i++)
		for (size_t j = 0; j < i; j++)
			if (from[i * w + j] != from[j * w + i]) {
				symmetric = false;
				break;
			}
	if (symmetric)
		return from;
	m->symmetric = false;
	int32_t *to = DYP_NEW_ARRAY(&m->pool, w * w, int32_t);
	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < w; i++)
		for (size_t j = 0; j < w; j++)
			to[j * w + i] = from[i * w + j];
	return to;
}

/* mul * cost == per_metre * metres + per_travel_s * seconds. */
static enum dyp_code
price_arcs(struct rp_model *m, struct rp_type *t, const struct dyp_route_vehicle *v,
           struct dyp_err *err)
{
	int64_t a = v->per_metre;
	int64_t b = v->per_travel_s;
	int64_t g = gcd64(a, b);
	size_t cells = (size_t)m->places * (size_t)m->places;

	t->mul = g;
	if (t->metres == t->seconds) {
		t->mul = a + b;
		t->cost = t->seconds;
	} else if (a == 0 || b == 0) {
		t->mul = a + b;
		t->cost = a > 0 ? t->metres : t->seconds;
	} else {
		int32_t *sum = DYP_NEW_ARRAY(&m->pool, cells, int32_t);
		if (sum == NULL)
			return dyp_raise_memory(err);
		a /= g;
		b /= g;
		for (size_t i = 0; i < cells; i++) {
			int64_t c = a * t->metres[i] + b * t->seconds[i];
			if (c > INT32_MAX / 4 || a > INT32_MAX || b > INT32_MAX)
				return dyp_raise_item(
					err, DYP_BAD_INPUT, "vehicles", t->vehicle, "per_metre",
					"cost of one leg is too large: use larger units");
			sum[i] = (int32_t)c;
		}
		t->cost = sum;
	}
	return DYP_OK;
}

static enum dyp_code
fill_matrices(struct rp_model *m, struct dyp_err *err)
{
	const struct dyp_route_problem *p = m->problem;

	m->symmetric = true;
	for (int32_t i = 0; i < m->types; i++) {
		struct rp_type *t = &m->type[i];
		const struct dyp_route_vehicle *v = &p->vehicles[t->vehicle];
		uint32_t slow = v->slowness == 0 ? 1000 : v->slowness;
		const struct rp_type *twin = NULL;
		for (int32_t j = 0; j < i && twin == NULL; j++) {
			const struct dyp_route_vehicle *w = &p->vehicles[m->type[j].vehicle];
			if (w->profile == v->profile &&
			    (w->slowness == 0 ? 1000 : w->slowness) == slow &&
			    w->per_metre * v->per_travel_s == w->per_travel_s * v->per_metre)
				twin = &m->type[j];
		}
		if (twin != NULL) {
			int64_t g = gcd64(v->per_metre, v->per_travel_s);
			const struct dyp_route_vehicle *w = &p->vehicles[twin->vehicle];
			int64_t h = gcd64(w->per_metre, w->per_travel_s);
			t->cost = twin->cost;
			t->cost_to = twin->cost_to;
			t->seconds = twin->seconds;
			t->seconds_to = twin->seconds_to;
			t->metres = twin->metres;
			t->mul = h == 0 ? (g == 0 ? twin->mul : -1) : twin->mul / h * g;
			if (t->mul >= 0 && (h != 0 || g == 0))
				continue;
		}
		const struct dyp_route_matrix *mx = &p->matrices[v->profile];
		t->seconds = widen(m, mx->seconds, slow);
		t->metres = mx->metres == NULL && slow == 1000
		                    ? t->seconds
		                    : widen(m, mx->metres == NULL ? mx->seconds : mx->metres, 1000);
		if (t->seconds == NULL || t->metres == NULL)
			return dyp_raise_memory(err);
		enum dyp_code rc = price_arcs(m, t, v, err);
		if (rc != DYP_OK)
			return rc;
		t->cost_to = transpose(m, t->cost);
		t->seconds_to = t->seconds == t->cost ? t->cost_to : transpose(m, t->seconds);
		if (t->cost_to == NULL || t->seconds_to == NULL)
			return dyp_raise_memory(err);
	}
	return DYP_OK;
}

static bool
has_skills(const struct dyp_route_vehicle *v, const struct dyp_route_stop *s)
{
	for (uint32_t i = 0; i < s->n_skills; i++) {
		uint32_t j = 0;
		while (j < v->n_skills && v->skills[j] != s->skills[i])
			j++;
		if (j == v->n_skills)
			return false;
	}
	return true;
}

static void
fill_may(struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;

	m->all_may = true;
	for (int32_t i = 0; i < m->types; i++) {
		struct rp_type *t = &m->type[i];
		uint64_t *may = DYP_NEW_ARRAY(&m->pool, (size_t)m->n / 64 + 1, uint64_t);
		if (may == NULL)
			return;
		for (uint32_t s = 0; s < p->n_stops; s++) {
			const struct dyp_route_stop *stop = &p->stops[s];
			if ((stop->vehicle == DYP_ROUTE_NONE || stop->vehicle == t->vehicle) &&
			    has_skills(&p->vehicles[t->vehicle], stop))
				may[s >> 6] |= UINT64_C(1) << (s & 63);
			else
				m->all_may = false;
		}
		t->may = may;
	}
}

static bool
stop_is_rich(const struct dyp_route_stop *s)
{
	return s->pickup != NULL || s->n_windows > 1 || s->n_late > 0 || s->setup_s != 0 ||
	       s->setup_by_kind != NULL || s->service_by_kind != NULL || s->aboard || s->group != 0;
}

static bool
vehicle_is_rich(const struct dyp_route_vehicle *v)
{
	return v->per_task_s != 0 || v->per_s != 0 || v->n_long_day > 0 ||
	       (v->overtime_s > 0 && v->overtime_per_s > 0) || v->max_tasks > 0 ||
	       v->max_travel_s > 0 || v->max_metres > 0 || v->n_breaks > 0 || v->departed ||
	       v->n_fixed > 0;
}

static void
classify(struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;

	m->rich = p->dims > 1 || p->n_shipments > 0 || p->n_stocks > 0 || p->spread_per_s > 0;
	for (uint32_t s = 0; s < p->n_stops; s++) {
		const struct dyp_route_stop *stop = &p->stops[s];
		m->rich |= stop_is_rich(stop);
		m->timed |= stop->n_windows > 0;
		m->trips |= stop->release_s > 0;
		m->has_bank |= stop->optional;
	}
	m->one_cost = m->same_time = true;
	for (int32_t i = 0; i < m->types; i++) {
		const struct rp_type *t = &m->type[i];
		const struct dyp_route_vehicle *v = &p->vehicles[t->vehicle];
		m->rich |= vehicle_is_rich(v);
		m->timed |= v->shift_from != 0 || v->shift_to != 0 || v->max_duration_s > 0;
		m->has_limit |= v->max_duration_s > 0;
		m->trips |= v->n_reloads > 0 && v->max_reloads > 0;
		m->one_cost &= t->cost == m->type[0].cost && t->mul == m->type[0].mul;
		m->same_time &= t->cost == t->seconds;
	}
	m->rich |= m->trips && m->has_limit;
	m->trips &= !m->rich;
	m->timed |= m->trips;
}

static void
find_families(struct rp_model *m)
{
	for (int32_t i = 0; i < m->types; i++) {
		struct rp_type *a = &m->type[i];
		a->family = i;
		for (int32_t j = 0; j < i && a->family == i; j++) {
			const struct rp_type *b = &m->type[j];
			if (a->cost == b->cost && a->seconds == b->seconds &&
			    a->start == b->start && a->end == b->end && a->open == b->open &&
			    a->close == b->close && a->max_duration == b->max_duration &&
			    m->all_may && !m->trips)
				a->family = b->family;
		}
		m->upgrades |= a->family != i;
	}
}

static int64_t
ceiling_of_detours(const struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;
	size_t cells = (size_t)m->places * (size_t)m->places;
	int64_t most = 1;
	int64_t leg = 0;
	const int32_t *scanned = NULL;

	for (int32_t i = 0; i < m->types; i++) {
		const struct rp_type *t = &m->type[i];
		const struct dyp_route_vehicle *v = &p->vehicles[t->vehicle];
		for (size_t k = 0; k < cells && t->cost != scanned; k++)
			leg = t->cost[k] > leg ? t->cost[k] : leg;
		scanned = t->cost;
		int64_t worst = t->fixed + 3 * leg * t->mul + v->overtime_per_s * v->overtime_s;
		int64_t per_s = v->per_s + v->per_task_s;
		for (uint32_t k = 0; k < v->n_long_day; k++)
			per_s += v->long_day[k].per_s;
		worst += per_s * 86400;
		if (worst > most)
			most = worst;
	}
	return most < INT64_C(1000000000000) ? most : INT64_C(1000000000000);
}

static void
price_absence(struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;
	int64_t most = ceiling_of_detours(m);

	for (uint32_t s = 0; s < p->n_stops; s++) {
		const struct dyp_route_stop *stop = &p->stops[s];
		m->weight[s] = stop->optional ? 0 : (int64_t)stop->priority * (m->n + 1) + 1;
		int64_t price = most * (1 + stop->tier * 20) + most / 50 * stop->priority;
		m->absence[s] = stop->optional ? stop->prize : price;
		m->group_next[s] = (int32_t)s;
		m->partner[s] = -1;
	}
	for (uint32_t i = 0; i < p->n_shipments; i++) {
		uint32_t a = p->shipments[i].pickup;
		uint32_t b = p->shipments[i].delivery;
		m->partner[a] = (int32_t)b;
		m->partner[b] = (int32_t)a;
		m->is_delivery[b] = true;
	}
}

static void
link_groups(struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;

	for (uint32_t s = 0; s < p->n_stops; s++) {
		if (p->stops[s].group == 0)
			continue;
		for (uint32_t r = 0; r < s; r++)
			if (p->stops[r].group == p->stops[s].group) {
				m->group_next[s] = m->group_next[r];
				m->group_next[r] = (int32_t)s;
				break;
			}
	}
}

static void
fill_types(struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;
	bool nowhere = false;

	for (uint32_t v = 0; v < p->n_vehicles; v++)
		nowhere |= p->vehicles[v].start == DYP_ROUTE_NONE ||
		           p->vehicles[v].end == DYP_ROUTE_NONE;
	m->places = (int32_t)p->places + (nowhere ? 1 : 0);
	for (int32_t i = 0; i < m->types; i++) {
		struct rp_type *t = &m->type[i];
		const struct dyp_route_vehicle *v = &p->vehicles[t->vehicle];
		t->start = v->start == DYP_ROUTE_NONE ? m->places - 1 : (int32_t)v->start;
		t->end = v->end == DYP_ROUTE_NONE ? m->places - 1 : (int32_t)v->end;
		t->fixed = v->fixed_cost;
		t->open = v->shift_from;
		t->close = v->shift_from == 0 && v->shift_to == 0 ? DYP_ROUTE_TIME_MAX
		                                                  : v->shift_to + v->overtime_s;
		t->capacity = v->capacity != NULL && p->dims > 0 ? v->capacity[0] : INT32_MAX;
		t->max_duration = v->max_duration_s > 0 ? v->max_duration_s : INT32_MAX;
	}
}

static void
fill_reloads(struct rp_model *m)
{
	const struct dyp_route_problem *p = m->problem;
	size_t count = 0;

	m->reload0 = m->n + 2 * m->vehicles;
	for (uint32_t v = 0; v < p->n_vehicles; v++)
		if (p->vehicles[v].n_reloads > 0)
			count += p->vehicles[v].max_reloads;
	m->reload_owner = DYP_NEW_ARRAY(&m->pool, count, int32_t);
	m->nodes = m->reload0 + (int32_t)count;
	m->reload_of = DYP_NEW_ARRAY(&m->pool, (size_t)p->n_vehicles + 1, int32_t);
	if (m->reload_owner == NULL || m->reload_of == NULL)
		return;
	count = 0;
	for (uint32_t v = 0; v < p->n_vehicles; v++) {
		m->reload_of[v] = (int32_t)count;
		for (uint32_t k = 0; p->vehicles[v].n_reloads > 0 && k < p->vehicles[v].max_reloads;
		     k++)
			m->reload_owner[count++] = (int32_t)v;
	}
	m->reload_of[p->n_vehicles] = (int32_t)count;
}

static void
measure_legs(struct rp_model *m)
{
	const struct rp_type *t = &m->type[0];
	double sum = 0;
	int32_t count = 0;

	for (int32_t i = 0; i < m->n; i += m->n / 64 + 1) {
		const int32_t *row =
			t->cost + (size_t)m->problem->stops[i].place * (size_t)m->places;
		int32_t least[4] = { INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX };
		for (int32_t j = 0; j < m->n; j++) {
			int32_t c = row[m->problem->stops[j].place];
			for (int32_t k = 0; k < 4 && j != i; k++)
				if (c < least[k]) {
					int32_t swap = least[k];
					least[k] = c;
					c = swap;
				}
		}
		int32_t at = m->n > 4 ? 3 : 0;
		if (least[at] < INT32_MAX) {
			sum += least[at];
			count++;
		}
	}
	m->mean_leg = count > 0 ? sum / count * (double)t->mul : 1.0;
	if (m->mean_leg < 1.0)
		m->mean_leg = 1.0;
}

void
rp_model_set_home(struct rp_model *m, const int32_t *home, int64_t change_price)
{
	m->home = home;
	m->change_price = change_price;
	m->upgrades = false;
}

enum dyp_code
rp_model_compile(struct rp_model *m, const struct dyp_route_problem *problem,
                 const struct dyp_memory *memory, struct dyp_err *err)
{
	*m = (struct rp_model){ .problem = problem };
	dyp_pool_init(&m->pool, memory);
	m->n = (int32_t)problem->n_stops;
	m->vehicles = (int32_t)problem->n_vehicles;
	m->type = DYP_NEW_ARRAY(&m->pool, problem->n_vehicles, struct rp_type);
	m->type_of = DYP_NEW_ARRAY(&m->pool, problem->n_vehicles, int32_t);
	m->absence = DYP_NEW_ARRAY(&m->pool, problem->n_stops, int64_t);
	m->weight = DYP_NEW_ARRAY(&m->pool, problem->n_stops, int64_t);
	m->partner = DYP_NEW_ARRAY(&m->pool, problem->n_stops, int32_t);
	m->group_next = DYP_NEW_ARRAY(&m->pool, problem->n_stops, int32_t);
	m->is_delivery = DYP_NEW_ARRAY(&m->pool, problem->n_stops, bool);
	group_types(m);
	if (m->pool.failed)
		return dyp_raise_memory(err);
	fill_types(m);
	fill_may(m);
	fill_reloads(m);
	if (m->pool.failed)
		return dyp_raise_memory(err);
	enum dyp_code rc = fill_matrices(m, err);
	if (rc != DYP_OK)
		return rc;
	classify(m);
	find_families(m);
	price_absence(m);
	link_groups(m);
	measure_legs(m);
	return DYP_OK;
}

enum dyp_code
rp_model_init(struct rp_model *m, const struct dyp_route_problem *problem,
              const struct dyp_memory *memory, struct dyp_err *err)
{
	*m = (struct rp_model){ .problem = problem };
	dyp_pool_init(&m->pool, memory);
	enum dyp_code rc = rp_problem_check(problem, err);
	return rc == DYP_OK ? rp_model_compile(m, problem, memory, err) : rc;
}

void
rp_model_release(struct rp_model *m)
{
	dyp_pool_release(&m->pool);
}
