/* What a problem must satisfy before anything is computed from it. */
#include "model.h"

#include <string.h>

static enum dyp_code
check_loads(const struct dyp_route_problem *p, uint32_t s, const int32_t *load, const char *member,
            struct dyp_err *err)
{
	for (uint32_t d = 0; load != NULL && d < p->dims; d++)
		if (load[d] < 0 || load[d] > 1000000000)
			return dyp_raise_item(err, DYP_BAD_INPUT, "stops", s, member,
			                      "load %d of dimension %u is not in 0..1000000000",
			                      load[d], d);
	return DYP_OK;
}

static enum dyp_code
check_time(const char *list, uint32_t item, const char *member, int64_t value, struct dyp_err *err)
{
	if (value >= 0 && value <= DYP_ROUTE_TIME_MAX)
		return DYP_OK;
	return dyp_raise_item(err, DYP_BAD_INPUT, list, item, member, "%lld is not in 0..%d s",
	                      (long long)value, DYP_ROUTE_TIME_MAX);
}

static enum dyp_code
check_windows(const char *list, uint32_t item, const struct dyp_route_window *w, uint32_t count,
              struct dyp_err *err)
{
	for (uint32_t i = 0; i < count; i++) {
		if (w[i].from > w[i].to)
			return dyp_raise_item(err, DYP_BAD_INPUT, list, item, "windows",
			                      "window %u ends at %d before it begins at %d", i,
			                      w[i].to, w[i].from);
		if (w[i].from < 0 || w[i].to > DYP_ROUTE_TIME_MAX)
			return dyp_raise_item(err, DYP_BAD_INPUT, list, item, "windows",
			                      "window %u is not within 0..%d s", i,
			                      DYP_ROUTE_TIME_MAX);
		if (i > 0 && w[i].from <= w[i - 1].to)
			return dyp_raise_item(err, DYP_BAD_INPUT, list, item, "windows",
			                      "window %u does not begin after the one before", i);
	}
	return DYP_OK;
}

static enum dyp_code
check_bends(const char *list, uint32_t item, const char *member, const struct dyp_route_bend *b,
            uint32_t count, struct dyp_err *err)
{
	for (uint32_t i = 0; i < count; i++)
		if (b[i].per_s < 0 || b[i].per_s > 1000000000 || b[i].from < 0 ||
		    b[i].from > DYP_ROUTE_TIME_MAX)
			return dyp_raise_item(err, DYP_BAD_INPUT, list, item, member,
			                      "bend %u is out of range", i);
	return DYP_OK;
}

#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum dyp_code rc_ = (call);                                                        \
		if (rc_ != DYP_OK)                                                                 \
			return rc_;                                                                \
	} while (0)

static enum dyp_code
check_stop(const struct dyp_route_problem *p, uint32_t i, struct dyp_err *err)
{
	const struct dyp_route_stop *s = &p->stops[i];

	if (s->place >= p->places)
		return dyp_raise_item(err, DYP_BAD_INPUT, "stops", i, "place",
		                      "place %u does not exist, there are %u", s->place, p->places);
	TRY(check_loads(p, i, s->delivery, "delivery", err));
	TRY(check_loads(p, i, s->pickup, "pickup", err));
	TRY(check_time("stops", i, "setup_s", s->setup_s, err));
	TRY(check_time("stops", i, "service_s", s->service_s, err));
	TRY(check_time("stops", i, "release_s", s->release_s, err));
	for (uint32_t k = 0; k < p->kinds; k++) {
		if (s->setup_by_kind != NULL)
			TRY(check_time("stops", i, "setup_by_kind", s->setup_by_kind[k], err));
		if (s->service_by_kind != NULL)
			TRY(check_time("stops", i, "service_by_kind", s->service_by_kind[k], err));
	}
	TRY(check_windows("stops", i, s->windows, s->n_windows, err));
	TRY(check_bends("stops", i, "late", s->late, s->n_late, err));
	if (s->tier >= DYP_ROUTE_TIERS || s->priority > 1000)
		return dyp_raise_item(err, DYP_BAD_INPUT, "stops", i, "tier",
		                      "tier %u is not in 0..7 or priority %u not in 0..1000",
		                      s->tier, s->priority);
	if (s->prize < 0 || s->prize > INT64_C(1000000000000))
		return dyp_raise_item(err, DYP_BAD_INPUT, "stops", i, "prize",
		                      "prize is not in 0..10^12");
	if (s->vehicle != DYP_ROUTE_NONE && s->vehicle >= p->n_vehicles)
		return dyp_raise_item(err, DYP_BAD_INPUT, "stops", i, "vehicle",
		                      "vehicle %u does not exist", s->vehicle);
	if (s->aboard && s->vehicle == DYP_ROUTE_NONE)
		return dyp_raise_item(err, DYP_BAD_INPUT, "stops", i, "aboard",
		                      "a load that is aboard needs its vehicle");
	return DYP_OK;
}

static enum dyp_code
check_costs(uint32_t i, const struct dyp_route_vehicle *v, struct dyp_err *err)
{
	const struct {
		const char *name;
		int64_t value, most;
	} row[] = {
		{ "fixed_cost", v->fixed_cost, INT64_C(1000000000000) },
		{ "per_metre", v->per_metre, 100000000 },
		{ "per_travel_s", v->per_travel_s, 100000000 },
		{ "per_task_s", v->per_task_s, 100000000 },
		{ "per_s", v->per_s, 100000000 },
		{ "overtime_per_s", v->overtime_per_s, 100000000 },
		{ "overtime_s", v->overtime_s, DYP_ROUTE_TIME_MAX },
		{ "reload_s", v->reload_s, DYP_ROUTE_TIME_MAX },
		{ "max_duration_s", v->max_duration_s, INT32_MAX },
		{ "max_travel_s", v->max_travel_s, INT32_MAX },
		{ "max_metres", v->max_metres, INT32_MAX },
		{ "max_tasks", v->max_tasks, INT32_MAX },
		{ "max_reloads", v->max_reloads, 1000 },
		{ "slowness", v->slowness, 100000 },
	};
	for (size_t k = 0; k < sizeof row / sizeof row[0]; k++)
		if (row[k].value < 0 || row[k].value > row[k].most)
			return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, row[k].name,
			                      "%lld is not in 0..%lld", (long long)row[k].value,
			                      (long long)row[k].most);
	return DYP_OK;
}

static enum dyp_code
check_vehicle(const struct dyp_route_problem *p, uint32_t i, struct dyp_err *err)
{
	const struct dyp_route_vehicle *v = &p->vehicles[i];

	if (v->profile >= p->n_matrices)
		return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "profile",
		                      "profile %u has no matrix", v->profile);
	if ((v->start != DYP_ROUTE_NONE && v->start >= p->places) ||
	    (v->end != DYP_ROUTE_NONE && v->end >= p->places))
		return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "start",
		                      "start or end place does not exist");
	if (p->kinds > 0 && v->kind >= p->kinds)
		return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "kind",
		                      "kind %u does not exist", v->kind);
	for (uint32_t d = 0; v->capacity != NULL && d < p->dims; d++)
		if (v->capacity[d] < 0)
			return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "capacity",
			                      "capacity %d is negative", v->capacity[d]);
	TRY(check_costs(i, v, err));
	if (v->shift_from < 0 || v->shift_to < v->shift_from ||
	    (int64_t)v->shift_to + v->overtime_s > DYP_ROUTE_TIME_MAX)
		return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "shift_from",
		                      "shift %d..%d is not a span within 0..%d s", v->shift_from,
		                      v->shift_to, DYP_ROUTE_TIME_MAX);
	TRY(check_bends("vehicles", i, "long_day", v->long_day, v->n_long_day, err));
	for (uint32_t k = 0; k < v->n_breaks; k++) {
		TRY(check_windows("vehicles", i, v->breaks[k].windows, v->breaks[k].n_windows,
		                  err));
		TRY(check_time("vehicles", i, "breaks", v->breaks[k].service_s, err));
	}
	for (uint32_t k = 0; k < v->n_reloads; k++)
		if (v->reloads[k] >= p->places)
			return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "reloads",
			                      "place %u does not exist", v->reloads[k]);
	for (uint32_t k = 0; k < v->n_fixed; k++) {
		if (v->fixed[k] >= p->n_stops)
			return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "fixed",
			                      "stop %u does not exist", v->fixed[k]);
		if (p->stops[v->fixed[k]].vehicle != i)
			return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "fixed",
			                      "stop %u must be locked to this vehicle",
			                      v->fixed[k]);
	}
	return DYP_OK;
}

/* Fixed stops that occur twice could never be served in order. */
static enum dyp_code
check_fixed_once(const struct dyp_route_problem *p, uint32_t i, struct dyp_err *err)
{
	const struct dyp_route_vehicle *v = &p->vehicles[i];

	for (uint32_t a = 0; a < v->n_fixed; a++)
		for (uint32_t b = 0; b < a; b++)
			if (v->fixed[a] == v->fixed[b])
				return dyp_raise_item(err, DYP_BAD_INPUT, "vehicles", i, "fixed",
				                      "stop %u occurs twice", v->fixed[a]);
	return DYP_OK;
}

static enum dyp_code
check_shipments(const struct dyp_route_problem *p, struct dyp_err *err)
{
	for (uint32_t i = 0; i < p->n_shipments; i++) {
		uint32_t a = p->shipments[i].pickup;
		uint32_t b = p->shipments[i].delivery;
		if (a >= p->n_stops || b >= p->n_stops || a == b)
			return dyp_raise_item(err, DYP_BAD_INPUT, "shipments", i, "pickup",
			                      "pickup and delivery must be two stops");
		for (uint32_t d = 0; d < p->dims; d++) {
			int32_t up = p->stops[a].pickup != NULL ? p->stops[a].pickup[d] : 0;
			int32_t down = p->stops[b].delivery != NULL ? p->stops[b].delivery[d] : 0;
			if (up != down)
				return dyp_raise_item(err, DYP_BAD_INPUT, "shipments", i,
				                      "delivery",
				                      "%d is picked up but %d delivered", up, down);
		}
		if (p->stops[a].delivery != NULL || p->stops[b].pickup != NULL ||
		    p->stops[a].group != 0 || p->stops[b].group != 0 || p->stops[a].aboard ||
		    p->stops[b].aboard || p->stops[a].optional != p->stops[b].optional)
			return dyp_raise_item(err, DYP_BAD_INPUT, "shipments", i, "pickup",
			                      "the stops of a shipment carry nothing else, have no "
			                      "group and are both optional or both not");
		for (uint32_t k = 0; k < i; k++)
			if (p->shipments[k].pickup == a || p->shipments[k].delivery == b ||
			    p->shipments[k].pickup == b || p->shipments[k].delivery == a)
				return dyp_raise_item(err, DYP_BAD_INPUT, "shipments", i, "pickup",
				                      "a stop is part of two shipments");
	}
	return DYP_OK;
}

static enum dyp_code
check_matrices(const struct dyp_route_problem *p, struct dyp_err *err)
{
	size_t cells = (size_t)p->places * p->places;

	for (uint32_t i = 0; i < p->n_matrices; i++) {
		const struct dyp_route_matrix *mx = &p->matrices[i];
		if (mx->seconds == NULL)
			return dyp_raise_item(err, DYP_BAD_INPUT, "matrices", i, "seconds",
			                      "missing");
		for (size_t k = 0; k < cells; k++)
			if (mx->seconds[k] < 0 || mx->seconds[k] > 100000000 ||
			    (mx->metres != NULL &&
			     (mx->metres[k] < 0 || mx->metres[k] > 100000000)))
				return dyp_raise_item(
					err, DYP_BAD_INPUT, "matrices", i, "",
					"entry from %zu to %zu is not in 0..100000000",
					k / p->places, k % p->places);
	}
	return DYP_OK;
}

enum dyp_code
rp_problem_check(const struct dyp_route_problem *p, struct dyp_err *err)
{
	if (p->places == 0 || p->places > 40000 || p->n_stops > 100000 || p->n_vehicles > 100000)
		return dyp_raise(err, DYP_BAD_INPUT, "/places",
		                 "needs 1..40000 places, at most 100000 stops and vehicles");
	if (p->n_vehicles == 0)
		return dyp_raise(err, DYP_BAD_INPUT, "/vehicles", "there is no vehicle");
	if (p->dims > DYP_ROUTE_DIMS)
		return dyp_raise(err, DYP_BAD_INPUT, "/dims", "at most %d load dimensions",
		                 DYP_ROUTE_DIMS);
	if (p->spread_per_s < 0 || p->spread_per_s > 100000000)
		return dyp_raise(err, DYP_BAD_INPUT, "/spread_per_s", "not in 0..100000000");
	TRY(check_matrices(p, err));
	for (uint32_t i = 0; i < p->n_stops; i++)
		TRY(check_stop(p, i, err));
	for (uint32_t i = 0; i < p->n_vehicles; i++) {
		TRY(check_vehicle(p, i, err));
		TRY(check_fixed_once(p, i, err));
	}
	for (uint32_t i = 0; i < p->n_stocks; i++)
		if (p->stocks[i].place >= p->places || p->stocks[i].amount == NULL)
			return dyp_raise_item(err, DYP_BAD_INPUT, "stocks", i, "place",
			                      "the place does not exist or has no amounts");
	return check_shipments(p, err);
}
