/* Small random problems; every number is small so that ties and tight fits are common. */
#include "small.h"

#include <string.h>

struct dice {
	uint64_t state;
};

static uint32_t
roll(struct dice *d, uint32_t below)
{
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((d->state >> 33) % below);
}

static bool
has(uint32_t features, enum small_feature f)
{
	return (features >> f) & 1;
}

static void
make_places(struct small *s, struct dice *d)
{
	int32_t x[SMALL_PLACES];
	int32_t y[SMALL_PLACES];

	for (int i = 0; i < SMALL_PLACES; i++) {
		x[i] = (int32_t)roll(d, 60);
		y[i] = (int32_t)roll(d, 60);
	}
	for (int i = 0; i < SMALL_PLACES; i++)
		for (int j = 0; j < SMALL_PLACES; j++) {
			int32_t dx = x[i] > x[j] ? x[i] - x[j] : x[j] - x[i];
			int32_t dy = y[i] > y[j] ? y[i] - y[j] : y[j] - y[i];
			s->seconds[i * SMALL_PLACES + j] = dx + dy + (i > j ? 2 : 0);
			s->metres[i * SMALL_PLACES + j] = 3 * (dx > dy ? dx : dy);
		}
	s->matrix = (struct dyp_route_matrix){ s->seconds, s->metres };
}

static void
make_stop(struct small *s, struct dice *d, uint32_t i, uint32_t features)
{
	struct dyp_route_stop *stop = &s->stops[i];

	*stop = (struct dyp_route_stop){ .place = 1 + roll(d, SMALL_PLACES - 1),
		                         .service_s = (int32_t)roll(d, 8),
		                         .vehicle = DYP_ROUTE_NONE };
	s->delivery[i][0] = 1 + (int32_t)roll(d, 5);
	s->delivery[i][1] = (int32_t)roll(d, 3);
	stop->delivery = s->delivery[i];
	if (has(features, SMALL_WINDOWS)) {
		int32_t from = (int32_t)roll(d, 150);
		s->windows[i][0] =
			(struct dyp_route_window){ from, from + 20 + (int32_t)roll(d, 60) };
		s->windows[i][1] = (struct dyp_route_window){ from + 100, from + 130 };
		stop->windows = s->windows[i];
		stop->n_windows = 1 + roll(d, 2);
	}
	if (has(features, SMALL_PICKUPS) && roll(d, 2) == 0) {
		s->pickup[i][0] = (int32_t)roll(d, 5);
		stop->pickup = s->pickup[i];
		if (roll(d, 2) == 0)
			stop->delivery = NULL;
	}
	if (has(features, SMALL_SKILLS) && roll(d, 2) == 0) {
		stop->skills = &s->skill[roll(d, 3)];
		stop->n_skills = 1;
	}
	if (has(features, SMALL_PRIZES) && roll(d, 3) > 0) {
		stop->optional = true;
		stop->prize = roll(d, 200);
	}
	if (has(features, SMALL_GROUPS) && i < 4)
		stop->group = 1 + i / 2;
	if (has(features, SMALL_RELEASE))
		stop->release_s = (int32_t)roll(d, 100);
	if (has(features, SMALL_LATE)) {
		s->late[i] = (struct dyp_route_bend){ (int32_t)roll(d, 120), 1 + roll(d, 3) };
		stop->late = &s->late[i];
		stop->n_late = 1;
	}
	if (has(features, SMALL_SETUP))
		stop->setup_s = (int32_t)roll(d, 6);
	if (has(features, SMALL_TIERS)) {
		stop->tier = (uint8_t)roll(d, 3);
		stop->priority = (uint16_t)roll(d, 4);
	}
}

static void
make_vehicle(struct small *s, struct dice *d, uint32_t i, uint32_t features)
{
	struct dyp_route_vehicle *v = &s->vehicles[i];

	*v = (struct dyp_route_vehicle){
		.per_metre = 1 + i, .per_travel_s = 1, .fixed_cost = roll(d, 30), .shift_to = 250
	};
	s->capacity[i][0] = 5 + (int32_t)roll(d, 8);
	s->capacity[i][1] = 2 + (int32_t)roll(d, 4);
	v->capacity = s->capacity[i];
	if (has(features, SMALL_SKILLS)) {
		v->skills = s->skill;
		v->n_skills = 1 + roll(d, 3);
	}
	if (has(features, SMALL_OPEN) && i == 0)
		v->end = DYP_ROUTE_NONE;
	if (has(features, SMALL_OPEN) && i == 1)
		v->start = DYP_ROUTE_NONE;
	if (has(features, SMALL_RELOADS) && v->start == 0) {
		v->reloads = s->reload;
		v->n_reloads = 1;
		v->max_reloads = 1;
		v->reload_s = (int32_t)roll(d, 6);
	}
	if (has(features, SMALL_BREAKS)) {
		v->breaks = &s->brk;
		v->n_breaks = 1;
	}
	if (has(features, SMALL_LIMITS)) {
		v->max_tasks = 2 + (int32_t)roll(d, 3);
		v->max_metres = 150 + (int32_t)roll(d, 300);
		v->max_duration_s = 120 + (int32_t)roll(d, 120);
		v->overtime_s = 40;
		v->overtime_per_s = 2;
		v->shift_to = 150;
	}
	if (has(features, SMALL_BALANCE)) {
		v->per_s = 1;
		v->long_day = &s->long_day;
		v->n_long_day = 1;
	}
}

void
small_make(struct small *s, uint64_t seed, uint32_t features, uint32_t n, uint32_t vehicles)
{
	struct dice d = { seed * 977 + features };

	memset(s, 0, sizeof *s);
	make_places(s, &d);
	for (uint32_t k = 0; k < 4; k++)
		s->skill[k] = 10 + k;
	s->long_day = (struct dyp_route_bend){ 80, 2 };
	s->break_window = (struct dyp_route_window){ 60, 110 };
	s->brk = (struct dyp_route_break){ &s->break_window, 1, 10, NULL };
	for (uint32_t i = 0; i < n; i++)
		make_stop(s, &d, i, features);
	for (uint32_t i = 0; i < vehicles; i++)
		make_vehicle(s, &d, i, features);
	if (has(features, SMALL_SHIPMENTS) && n >= 2) {
		s->stops[0].delivery = NULL;
		s->stops[0].pickup = s->pickup[0];
		s->stops[1].pickup = NULL;
		s->stops[1].delivery = s->pickup[0];
		s->pickup[0][0] = 1 + (int32_t)roll(&d, 5);
		s->stops[0].group = s->stops[1].group = 0;
		s->stops[1].optional = s->stops[0].optional;
		s->stops[1].prize = s->stops[0].prize;
		s->shipments[0] = (struct dyp_route_shipment){ 0, 1 };
		s->problem.n_shipments = 1;
	}
	if (has(features, SMALL_STOCK)) {
		s->amount[0] = 6 + (int32_t)roll(&d, 8);
		s->amount[1] = 4 + (int32_t)roll(&d, 4);
		s->stock = (struct dyp_route_stock){ 0, s->amount };
		s->problem.n_stocks = 1;
		s->problem.stocks = &s->stock;
	}
	if (has(features, SMALL_FIXED) && n >= 3 && s->stops[2].n_skills == 0 &&
	    s->stops[2].n_windows == 0) {
		s->fixed[0] = 2;
		s->stops[2].vehicle = 0;
		s->stops[2].delivery = NULL;
		s->stops[2].group = 0;
		s->vehicles[0].fixed = s->fixed;
		s->vehicles[0].n_fixed = 1;
	}
	if (has(features, SMALL_BALANCE))
		s->problem.spread_per_s = 1;
	s->problem.places = SMALL_PLACES;
	s->problem.dims = 2;
	s->problem.n_matrices = 1;
	s->problem.matrices = &s->matrix;
	s->problem.n_stops = n;
	s->problem.stops = s->stops;
	s->problem.n_vehicles = vehicles;
	s->problem.vehicles = s->vehicles;
	s->problem.shipments = s->shipments;
}
