/* Renumbering along a chain of nearest neighbours. */
#include "order.h"

#include <stdlib.h>
#include <string.h>

enum { FEWEST_STOPS = 256 };
static const size_t MOST_COPIED = (size_t)128 << 20; /* bytes of matrices */

/* Alternatives count by their lowest number, so their problems keep their numbers. */
static bool
is_worth_it(const struct dyp_route_problem *p)
{
	size_t copied = 0;

	if (p->n_stops < FEWEST_STOPS)
		return false;
	for (uint32_t s = 0; s < p->n_stops; s++)
		if (p->stops[s].group != 0)
			return false;
	for (uint32_t k = 0; k < p->n_matrices; k++)
		copied += (p->matrices[k].metres != NULL ? 2 : 1) * (size_t)p->places * p->places *
		          sizeof(int32_t);
	return copied <= MOST_COPIED;
}

static void
chain_stops(struct rp_order *o, const struct dyp_route_problem *p, uint32_t *left)
{
	uint32_t count = p->n_stops;
	uint32_t at = 0;

	for (uint32_t s = 0; s < count; s++)
		left[s] = s;
	for (uint32_t k = 0; k < p->n_stops; k++) {
		uint32_t stop = left[at];
		left[at] = left[--count];
		o->stop_was[k] = stop;
		o->stop_is[stop] = k;
		const int32_t *row =
			p->matrices[0].seconds + (size_t)p->stops[stop].place * p->places;
		int32_t least = INT32_MAX;
		at = 0;
		for (uint32_t i = 0; i < count; i++) {
			int32_t far = row[p->stops[left[i]].place];
			if (far < least) {
				least = far;
				at = i;
			}
		}
	}
}

/* Places of stops follow the stops; all others keep their order behind them. */
static void
number_places(struct rp_order *o, const struct dyp_route_problem *p)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < p->places; i++)
		o->place_is[i] = DYP_ROUTE_NONE;
	for (uint32_t k = 0; k < p->n_stops + p->places; k++) {
		uint32_t place = k < p->n_stops ? p->stops[o->stop_was[k]].place : k - p->n_stops;
		if (o->place_is[place] != DYP_ROUTE_NONE)
			continue;
		o->place_is[place] = count;
		o->place_was[count++] = place;
	}
}

static const int32_t *
renumber_matrix(const struct rp_order *o, const int32_t *from, uint32_t places,
                struct dyp_pool *pool)
{
	int32_t *to = DYP_NEW_ARRAY(pool, (size_t)places * places, int32_t);

	for (uint32_t i = 0; to != NULL && i < places; i++) {
		const int32_t *row = from + (size_t)o->place_was[i] * places;
		for (uint32_t j = 0; j < places; j++)
			to[(size_t)i * places + j] = row[o->place_was[j]];
	}
	return to;
}

static bool
renumber_matrices(struct rp_order *o, const struct dyp_route_problem *p, struct dyp_pool *pool)
{
	struct dyp_route_matrix *mx = DYP_NEW_ARRAY(pool, p->n_matrices, struct dyp_route_matrix);

	for (uint32_t k = 0; mx != NULL && k < p->n_matrices; k++) {
		mx[k].seconds = renumber_matrix(o, p->matrices[k].seconds, p->places, pool);
		if (p->matrices[k].metres == p->matrices[k].seconds)
			mx[k].metres = mx[k].seconds;
		else if (p->matrices[k].metres != NULL)
			mx[k].metres = renumber_matrix(o, p->matrices[k].metres, p->places, pool);
	}
	o->mine.matrices = mx;
	return !pool->failed;
}

static uint32_t
place_is(const struct rp_order *o, uint32_t place)
{
	return place == DYP_ROUTE_NONE ? place : o->place_is[place];
}

static const uint32_t *
renumber_list(const uint32_t *list, uint32_t count, const uint32_t *is, struct dyp_pool *pool)
{
	uint32_t *to = DYP_NEW_ARRAY(pool, count, uint32_t);

	for (uint32_t i = 0; to != NULL && i < count; i++)
		to[i] = is[list[i]];
	return to;
}

static bool
renumber_vehicles(struct rp_order *o, const struct dyp_route_problem *p, struct dyp_pool *pool)
{
	struct dyp_route_vehicle *to = DYP_NEW_ARRAY(pool, p->n_vehicles, struct dyp_route_vehicle);

	for (uint32_t v = 0; to != NULL && v < p->n_vehicles; v++) {
		to[v] = p->vehicles[v];
		to[v].start = place_is(o, to[v].start);
		to[v].end = place_is(o, to[v].end);
		if (to[v].n_reloads > 0)
			to[v].reloads =
				renumber_list(to[v].reloads, to[v].n_reloads, o->place_is, pool);
		if (to[v].n_fixed > 0)
			to[v].fixed = renumber_list(to[v].fixed, to[v].n_fixed, o->stop_is, pool);
	}
	o->mine.vehicles = to;
	return !pool->failed;
}

static bool
renumber_stops(struct rp_order *o, const struct dyp_route_problem *p, struct dyp_pool *pool)
{
	struct dyp_route_stop *stops = DYP_NEW_ARRAY(pool, p->n_stops, struct dyp_route_stop);
	struct dyp_route_shipment *ships =
		DYP_NEW_ARRAY(pool, p->n_shipments, struct dyp_route_shipment);
	struct dyp_route_stock *stocks = DYP_NEW_ARRAY(pool, p->n_stocks, struct dyp_route_stock);

	if (pool->failed)
		return false;
	for (uint32_t s = 0; s < p->n_stops; s++) {
		stops[s] = p->stops[o->stop_was[s]];
		stops[s].place = o->place_is[stops[s].place];
	}
	for (uint32_t k = 0; k < p->n_shipments; k++)
		ships[k] = (struct dyp_route_shipment){ o->stop_is[p->shipments[k].pickup],
			                                o->stop_is[p->shipments[k].delivery] };
	for (uint32_t k = 0; k < p->n_stocks; k++)
		stocks[k] = (struct dyp_route_stock){ o->place_is[p->stocks[k].place],
			                              p->stocks[k].amount };
	o->mine.stops = stops;
	o->mine.shipments = ships;
	o->mine.stocks = stocks;
	return true;
}

bool
rp_order_init(struct rp_order *o, const struct dyp_route_problem *problem, bool wanted,
              struct dyp_pool *pool)
{
	*o = (struct rp_order){ .problem = problem };
	if (!wanted || !is_worth_it(problem))
		return true;
	o->mine = *problem;
	o->stop_was = DYP_NEW_ARRAY(pool, problem->n_stops, uint32_t);
	o->stop_is = DYP_NEW_ARRAY(pool, problem->n_stops, uint32_t);
	o->place_was = DYP_NEW_ARRAY(pool, problem->places, uint32_t);
	o->place_is = DYP_NEW_ARRAY(pool, problem->places, uint32_t);
	uint32_t *left = DYP_NEW_ARRAY(pool, problem->n_stops, uint32_t);
	if (pool->failed)
		return false;
	chain_stops(o, problem, left);
	number_places(o, problem);
	o->problem = &o->mine;
	return renumber_matrices(o, problem, pool) && renumber_vehicles(o, problem, pool) &&
	       renumber_stops(o, problem, pool);
}

const struct dyp_route_plan *
rp_order_plan(const struct rp_order *o, const struct dyp_route_plan *plan, struct dyp_pool *pool)
{
	if (plan == NULL || o->stop_is == NULL)
		return plan;
	struct dyp_route_plan *to = DYP_NEW_ARRAY(pool, 1, struct dyp_route_plan);
	struct dyp_route_tour *tours = DYP_NEW_ARRAY(pool, plan->n_tours, struct dyp_route_tour);
	for (uint32_t i = 0; tours != NULL && i < plan->n_tours; i++) {
		const struct dyp_route_tour *was = &plan->tours[i];
		struct dyp_route_step *steps =
			DYP_NEW_ARRAY(pool, was->n_steps, struct dyp_route_step);
		for (uint32_t k = 0; steps != NULL && k < was->n_steps; k++) {
			steps[k] = was->steps[k];
			if (steps[k].kind == DYP_STEP_STOP && steps[k].index < o->mine.n_stops)
				steps[k].index = o->stop_is[steps[k].index];
			else if (steps[k].kind == DYP_STEP_RELOAD &&
			         steps[k].index < o->mine.places)
				steps[k].index = o->place_is[steps[k].index];
		}
		tours[i] = (struct dyp_route_tour){ was->vehicle, was->n_steps, steps };
	}
	if (pool->failed)
		return NULL;
	to->tours = tours;
	to->n_tours = plan->n_tours;
	return to;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void
rp_order_undo(const struct rp_order *o, struct dyp_route_plan *plan)
{
	if (o->stop_was == NULL)
		return;
	for (uint32_t i = 0; i < plan->n_tours; i++)
		for (uint32_t k = 0; k < plan->tours[i].n_steps; k++) {
			struct dyp_route_step *step = &plan->tours[i].steps[k];
			if (step->kind == DYP_STEP_STOP)
				step->index = o->stop_was[step->index];
			else if (step->kind != DYP_STEP_BREAK && step->index != DYP_ROUTE_NONE)
				step->index = o->place_was[step->index];
		}
	for (uint32_t i = 0; i < plan->n_unserved; i++)
		plan->unserved[i] = o->stop_was[plan->unserved[i]];
	qsort(plan->unserved, plan->n_unserved, sizeof *plan->unserved, by_number);
}
