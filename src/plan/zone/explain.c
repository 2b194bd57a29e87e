/* Why units are outside the range: what of the division cannot be otherwise. */
#include "dyplan/zone.h"
#include "../kit.h"

#include <stdio.h>
#include <string.h>

struct asked {
	const struct dyp_zone_problem *p;
	const uint32_t *unit;
	uint32_t low, high;
	struct dyp_zone_unit *units;
	uint32_t n_units;
	uint64_t *in_grid;
	uint32_t *largest; /* by unit: households of its largest building, largest record, pinned */
};

static uint32_t
unit_at(const struct asked *a, uint32_t label)
{
	uint32_t low = 0, high = a->n_units;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (a->units[mid].label < label)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const char *const TEXTS[DYP_ZONE_CAUSES] = {
	[DYP_ZONE_BUILDING] = "one record alone holds %u households; the most is %u",
	[DYP_ZONE_GRID] = "the grid's %u households make no whole number of units of %u to %u",
	[DYP_ZONE_PARTS] = "what cannot be parted does not add up to %u to %u households",
	[DYP_ZONE_PINNED] = "%u of its households are pinned; the most is %u",
	[DYP_ZONE_FAR] = "walks to its centre are %u m on average, and %u m is the most",
	[DYP_ZONE_SEARCH] = "found no better division; a longer search may mend it",
};

/* Can the grid's households be divided so that every unit is in the range? */
static bool
is_divisible(const struct asked *a, uint32_t grid)
{
	uint64_t h = a->in_grid[grid];

	return (h + a->high - 1) / a->high <= (a->low > 0 ? h / a->low : h);
}

/* Records of the unit's neighbourhood too coarse to mend the gap: the smallest record that another
 * unit of the grid could give, or this one could give away, is larger than the slack allows. */
static bool
is_coarse(const struct asked *a, uint32_t u)
{
	const struct dyp_zone_unit *x = &a->units[u];
	uint32_t low = UINT32_MAX;

	for (uint32_t i = 0; i < a->p->n_links; i++) {
		uint32_t r = a->p->links[i].a, s = a->p->links[i].b;
		bool here = a->unit[r] == x->label, there = a->unit[s] == x->label;
		if (here == there || a->p->records[r].grid != a->p->records[s].grid)
			continue;
		/* too small: a record from outside comes in; too large: one of its own goes out */
		uint32_t moves = (x->households < a->low) == here ? s : r;
		uint32_t h = a->p->records[moves].households;
		if (h > 0 && h < low)
			low = h;
	}
	return low == UINT32_MAX ||
	       (x->households < a->low
	                ? x->households + low > a->high
	                : x->households - (low < x->households ? low : x->households) < a->low);
}

static void
reason_of(const struct asked *a, uint32_t u, double walk_max, struct dyp_zone_reason *r)
{
	const struct dyp_zone_unit *x = &a->units[u];
	uint32_t mean = x->households > 0 ? (uint32_t)(x->walk / x->households) : 0;

	r->label = x->label;
	r->households = x->households;
	r->amount = x->households > a->high ? (int64_t)x->households - a->high
	                                    : (int64_t)x->households - a->low;
	if (x->households >= a->low && x->households <= a->high) {
		r->cause = DYP_ZONE_FAR;
		r->amount = (int64_t)mean - (int64_t)walk_max;
		(void)snprintf(r->text, sizeof r->text, TEXTS[r->cause], mean, (uint32_t)walk_max);
		return;
	}
	if (a->largest[2 * u] > a->high) {
		r->cause = DYP_ZONE_BUILDING;
		(void)snprintf(r->text, sizeof r->text, TEXTS[r->cause], a->largest[2 * u],
		               a->high);
	} else if (a->largest[2 * u + 1] > a->high) {
		r->cause = DYP_ZONE_PINNED;
		(void)snprintf(r->text, sizeof r->text, TEXTS[r->cause], a->largest[2 * u + 1],
		               a->high);
	} else if (!is_divisible(a, x->grid)) {
		r->cause = DYP_ZONE_GRID;
		(void)snprintf(r->text, sizeof r->text, TEXTS[r->cause],
		               (uint32_t)a->in_grid[x->grid], a->low, a->high);
	} else if (is_coarse(a, u)) {
		r->cause = DYP_ZONE_PARTS;
		(void)snprintf(r->text, sizeof r->text, TEXTS[r->cause], a->low, a->high);
	} else {
		r->cause = DYP_ZONE_SEARCH;
		(void)snprintf(r->text, sizeof r->text, "%s", TEXTS[r->cause]);
	}
}

static bool
is_asked(const struct asked *a, uint32_t u, double walk_max)
{
	const struct dyp_zone_unit *x = &a->units[u];

	return x->households < a->low || x->households > a->high ||
	       (walk_max > 0 && x->walk > walk_max * x->households);
}

static enum dyp_code
report(struct asked *a, double walk_max, const struct dyp_memory *memory,
       struct dyp_zone_report **out, struct dyp_err *err)
{
	struct dyp_zone_report *r = dyp_memory_get(memory, 1, sizeof *r);
	uint32_t n = 0;

	for (uint32_t u = 0; u < a->n_units; u++)
		n += is_asked(a, u, walk_max);
	if (r != NULL)
		*r = (struct dyp_zone_report){
			.memory = *memory, .reasons = dyp_memory_get(memory, n, sizeof *r->reasons)
		};
	if (r == NULL || r->reasons == NULL) {
		dyp_zone_report_free(r);
		return dyp_raise_memory(err);
	}
	for (uint32_t u = 0; u < a->n_units; u++)
		if (is_asked(a, u, walk_max))
			reason_of(a, u, walk_max, &r->reasons[r->n_reasons++]);
	*out = r;
	return DYP_OK;
}

enum dyp_code
dyp_zone_explain(const struct dyp_zone_problem *problem, const uint32_t *unit, double walk_max,
                 const struct dyp_memory *memory, struct dyp_zone_report **out, struct dyp_err *err)
{
	struct asked a = { .p = problem, .unit = unit };
	struct dyp_memory from = dyp_memory_or_default(memory);
	struct dyp_zone_score score;
	struct dyp_pool pool;

	*out = NULL;
	enum dyp_code rc = dyp_zone_verify(problem, unit, &from, &score, &a.units, err);
	if (rc != DYP_OK && rc != DYP_INFEASIBLE)
		return rc;
	a.n_units = score.units;
	a.low = problem->max > 0 ? problem->min : (4 * problem->target + 4) / 5;
	a.high = problem->max > 0 ? problem->max : 6 * problem->target / 5;
	dyp_pool_init(&pool, &from);
	a.in_grid = DYP_NEW_ARRAY(&pool, problem->n_grids, uint64_t);
	a.largest = DYP_NEW_ARRAY(&pool, 2 * (size_t)score.units, uint32_t);
	if (a.units == NULL || pool.failed) {
		rc = dyp_raise_memory(err);
	} else {
		for (uint32_t i = 0; i < problem->n_records; i++) {
			const struct dyp_zone_record *r = &problem->records[i];
			uint32_t u = unit_at(&a, unit[i]);
			a.in_grid[r->grid] += r->households;
			if (r->households > a.largest[2 * u])
				a.largest[2 * u] = r->households;
			a.largest[2 * u + 1] += r->pinned ? r->households : 0;
		}
		rc = report(&a, walk_max, &from, out, err);
	}
	if (a.units != NULL)
		from.put(from.ctx, a.units);
	dyp_pool_release(&pool);
	return rc;
}

void
dyp_zone_report_free(struct dyp_zone_report *report)
{
	if (report == NULL)
		return;
	struct dyp_memory memory = report->memory;
	if (report->reasons != NULL)
		memory.put(memory.ctx, report->reasons);
	memory.put(memory.ctx, report);
}
