/* Refuses problems that make no sense, naming the item. */
#include "model.h"

#include <math.h>

static const double POSITION_MAX = 1e7; /* m */

static enum dyp_code
check_records(const struct dyp_zone_problem *p, struct dyp_err *err)
{
	for (uint32_t i = 0; i < p->n_records; i++) {
		const struct dyp_zone_record *r = &p->records[i];
		if (!(fabs(r->x) <= POSITION_MAX) || !(fabs(r->y) <= POSITION_MAX))
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "x",
			                      "the position is not within %g m", POSITION_MAX);
		if (r->households > DYP_ZONE_HOUSEHOLD_MAX ||
		    r->elderly > 100 * DYP_ZONE_HOUSEHOLD_MAX ||
		    r->vulnerable > 100 * DYP_ZONE_HOUSEHOLD_MAX)
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "households",
			                      "more than %d households", DYP_ZONE_HOUSEHOLD_MAX);
		if (r->grid >= p->n_grids)
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "grid",
			                      "there are only %u grids", p->n_grids);
		if (r->pinned && r->unit == DYP_ZONE_NONE)
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "unit",
			                      "a pinned record needs a unit");
		if (r->door.edge == DYP_ZONE_NONE)
			continue;
		if (r->door.edge >= p->n_edges)
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "door/edge",
			                      "there are only %u edges", p->n_edges);
		if (!(r->door.stub >= 0) || !(r->door.stub <= POSITION_MAX) ||
		    !(r->door.along >= 0) || !(r->door.along <= p->edges[r->door.edge].metres))
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "door",
			                      "the door is not on its edge");
	}
	return DYP_OK;
}

static enum dyp_code
check_network(const struct dyp_zone_problem *p, struct dyp_err *err)
{
	for (uint32_t i = 0; i < p->n_edges; i++) {
		const struct dyp_zone_edge *e = &p->edges[i];
		if (e->from >= p->n_nodes || e->to >= p->n_nodes)
			return dyp_raise_item(err, DYP_BAD_INPUT, "edges", i, "from",
			                      "there are only %u nodes", p->n_nodes);
		if (!(e->metres >= 0) || !(e->metres <= POSITION_MAX))
			return dyp_raise_item(err, DYP_BAD_INPUT, "edges", i, "metres",
			                      "not a length");
	}
	for (uint32_t i = 0; i < p->n_links; i++) {
		const struct dyp_zone_link *l = &p->links[i];
		if (l->a >= p->n_records || l->b >= p->n_records || l->a == l->b)
			return dyp_raise_item(err, DYP_BAD_INPUT, "links", i, "a",
			                      "a link joins two records of 0 to %u",
			                      p->n_records - 1);
		if (!(l->metres >= 0) || !(l->metres <= POSITION_MAX))
			return dyp_raise_item(err, DYP_BAD_INPUT, "links", i, "metres",
			                      "not a length");
	}
	return DYP_OK;
}

static bool
is_weight(double v)
{
	return v >= 0 && v <= 1e6;
}

enum dyp_code
zp_check(const struct dyp_zone_problem *p, const struct dyp_zone_options *o, struct dyp_err *err)
{
	if (p->n_records == 0 || p->n_records > DYP_ZONE_RECORDS_MAX)
		return dyp_raise(err, DYP_BAD_INPUT, "/records", "between 1 and %d records",
		                 DYP_ZONE_RECORDS_MAX);
	if (p->n_grids == 0 || p->n_grids > p->n_records)
		return dyp_raise(err, DYP_BAD_INPUT, "/grids", "between 1 grid and one a record");
	if (p->target == 0 || p->target > DYP_ZONE_HOUSEHOLD_MAX)
		return dyp_raise(err, DYP_BAD_INPUT, "/target", "between 1 and %d households",
		                 DYP_ZONE_HOUSEHOLD_MAX);
	if (p->min > p->max || p->max > DYP_ZONE_HOUSEHOLD_MAX || (p->max == 0) != (p->min == 0))
		return dyp_raise(err, DYP_BAD_INPUT, "/range", "the range is not from low to high");
	if (p->units > p->n_records)
		return dyp_raise(err, DYP_BAD_INPUT, "/units", "more units than the %u records",
		                 p->n_records);
	if (p->units > 0 && p->units < p->n_grids)
		return dyp_raise(err, DYP_BAD_INPUT, "/units",
		                 "fewer units than grids: each of the %u grids needs one",
		                 p->n_grids);
	if (!is_weight(o->balance) || !is_weight(o->roundness) || !is_weight(o->walk_over) ||
	    !is_weight(o->walk_max) || !is_weight(o->elderly) || !is_weight(o->vulnerable) ||
	    !is_weight(o->move_price))
		return dyp_raise(err, DYP_BAD_INPUT, "/options",
		                 "a weight is below 0 or above 1e6");
	enum dyp_code rc = check_records(p, err);
	return rc == DYP_OK ? check_network(p, err) : rc;
}
