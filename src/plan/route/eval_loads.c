/* Loads, order and stocks of a tour laid out as a sequence of nodes. */
#include "eval_inside.h"

static int32_t
trip_end(const struct rp_model *m, const int32_t *seq, int32_t at)
{
	do
		at++;
	while (seq[at] < m->n);
	return at;
}

static bool
brings(const struct rp_model *m, int32_t stop)
{
	for (uint32_t d = 0; d < m->problem->dims; d++)
		if (amount(m->problem->stops[stop].delivery, d) > 0)
			return true;
	return false;
}

static struct rp_verdict
check_trip_order(const struct rp_state *s, const struct dyp_route_vehicle *v, int32_t from,
                 int32_t to)
{
	const struct rp_model *m = s->m;
	struct rp_eval *e = s->eval;
	int32_t open = 0;

	for (int32_t i = from + 1; i < to; i++) {
		int32_t stop = e->seq[i];
		int32_t other = m->partner[stop];
		e->seen[stop] = e->serial;
		if (other >= 0 && !m->is_delivery[stop])
			open++;
		if (other >= 0 && m->is_delivery[stop]) {
			if (e->seen[other] != e->serial)
				return (struct rp_verdict){ .why = RP_NO_ORDER };
			open--;
		}
		const struct dyp_route_stop *d = &m->problem->stops[stop];
		if (d->aboard && from > 0)
			return (struct rp_verdict){ .why = RP_NO_ORDER };
		if (v->departed && from == 0 && !d->aboard && comes_from_depot(m, stop) &&
		    brings(m, stop))
			return (struct rp_verdict){ .why = RP_NO_ORDER };
	}
	return (struct rp_verdict){ .why = open == 0 ? RP_FITS : RP_NO_ORDER };
}

static struct rp_verdict
check_trip_loads(const struct rp_state *s, const int32_t *capacity, int32_t from, int32_t to)
{
	const struct rp_model *m = s->m;
	const int32_t *seq = s->eval->seq;

	for (uint32_t d = 0; capacity != NULL && d < m->problem->dims; d++) {
		int64_t load = 0;
		for (int32_t i = from + 1; i < to; i++)
			if (comes_from_depot(m, seq[i]))
				load += m->problem->stops[seq[i]].delivery[d];
		int64_t most = load;
		for (int32_t i = from + 1; i < to; i++) {
			const struct dyp_route_stop *stop = &m->problem->stops[seq[i]];
			load += amount(stop->pickup, d) - amount(stop->delivery, d);
			most = load > most ? load : most;
		}
		if (most > capacity[d])
			return (struct rp_verdict){ RP_NO_CAPACITY, most - capacity[d], (int32_t)d,
				                    0, 0 };
	}
	return (struct rp_verdict){ .why = RP_FITS };
}

struct rp_verdict
rp_check_trips(const struct rp_state *s, int32_t tour, int32_t count)
{
	const struct rp_model *m = s->m;
	const struct dyp_route_vehicle *v = &m->problem->vehicles[tour];
	struct rp_verdict verdict = { .why = RP_FITS };

	if (s->eval->serial > INT32_MAX - 4096) {
		for (int32_t i = 0; i < m->n; i++)
			s->eval->seen[i] = 0;
		s->eval->serial = 0;
	}
	for (uint32_t k = 0; k < v->n_fixed; k++)
		if (s->eval->seq[k + 1] != (int32_t)v->fixed[k])
			return (struct rp_verdict){ .why = RP_NO_ORDER };
	for (int32_t from = 0; from < count - 1;) {
		int32_t to = trip_end(m, s->eval->seq, from);
		s->eval->serial++;
		verdict = check_trip_order(s, v, from, to);
		if (verdict.why != RP_FITS)
			return verdict;
		verdict = check_trip_loads(s, v->capacity, from, to);
		if (verdict.why != RP_FITS)
			return verdict;
		from = to;
	}
	return verdict;
}

/* What the trips of a node sequence take from a stock. */
static int64_t
taken(const struct rp_state *s, const int32_t *seq, int32_t count, uint32_t place, uint32_t dim)
{
	const struct rp_model *m = s->m;
	int64_t sum = 0;
	bool here = false;

	for (int32_t i = 0; i < count; i++) {
		if (seq[i] >= m->n)
			here = s->node[seq[i]].place == (int32_t)place;
		else if (here && comes_from_depot(m, seq[i]) && !m->problem->stops[seq[i]].aboard)
			sum += m->problem->stops[seq[i]].delivery[dim];
	}
	return sum;
}

static int64_t
taken_by_others(const struct rp_state *s, int32_t tour, uint32_t place, uint32_t dim)
{
	const struct rp_model *m = s->m;
	int64_t sum = 0;

	for (int32_t v = 0; v < m->vehicles; v++) {
		if (v == tour || s->tour[v].count == 0)
			continue;
		bool here = false;
		for (int32_t i = rp_start(m, v); i >= 0; i = s->node[i].next) {
			if (i >= m->n)
				here = s->node[i].place == (int32_t)place;
			else if (here && comes_from_depot(m, i) && !m->problem->stops[i].aboard)
				sum += m->problem->stops[i].delivery[dim];
		}
	}
	return sum;
}

struct rp_verdict
rp_check_stocks(const struct rp_state *s, int32_t tour, int32_t count)
{
	const struct dyp_route_problem *p = s->m->problem;

	for (uint32_t k = 0; k < p->n_stocks; k++)
		for (uint32_t d = 0; d < p->dims; d++) {
			const struct dyp_route_stock *stock = &p->stocks[k];
			int64_t mine = taken(s, s->eval->seq, count, stock->place, d);
			if (mine == 0)
				continue;
			int64_t all = mine + taken_by_others(s, tour, stock->place, d);
			if (all > stock->amount[d])
				return (struct rp_verdict){ RP_NO_STOCK, all - stock->amount[d],
					                    (int32_t)d, 0, 0 };
		}
	return (struct rp_verdict){ .why = RP_FITS };
}
