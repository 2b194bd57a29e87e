/* The judge of divisions: knows only the problem and the labels, includes nothing of the solver. */
#include "dyplan/zone.h"
#include "../kit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct judge {
	const struct dyp_zone_problem *p;
	const uint32_t *label;
	struct dyp_pool pool;
	uint32_t *sorted;  /* records by label, then number */
	uint32_t *unit_of; /* by record: number of its unit */
	uint32_t n_units;
	uint32_t *from; /* [n_units + 1] into sorted */
	struct dyp_zone_unit *units;
	uint32_t *link_at, *link_to; /* neighbours of records */
	uint32_t *street_at, *street_to, *street_edge;
	uint32_t *seen, *stack;
	uint32_t stamp;
	/* walking */
	double *way;
	uint32_t *way_stamp, *heap, *heap_at;
	uint32_t heap_n;
};

/* First fault found; later ones are only counted. */
static void
blame(struct dyp_err *err, bool *sound, uint32_t record, const char *what, uint32_t label)
{
	if (*sound)
		(void)dyp_raise_item(err, DYP_INFEASIBLE, "records", record, "unit", what, label);
	*sound = false;
}

struct keyed {
	uint32_t label, record;
};

static int
by_label(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->label != y->label)
		return x->label < y->label ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

static bool
group_units(struct judge *j)
{
	uint32_t n = j->p->n_records;
	struct keyed *keyed = DYP_NEW_ARRAY(&j->pool, n, struct keyed);

	j->sorted = DYP_NEW_ARRAY(&j->pool, n, uint32_t);
	j->unit_of = DYP_NEW_ARRAY(&j->pool, n, uint32_t);
	j->from = DYP_NEW_ARRAY(&j->pool, (size_t)n + 1, uint32_t);
	if (j->pool.failed)
		return false;
	for (uint32_t i = 0; i < n; i++)
		keyed[i] = (struct keyed){ j->label[i], i };
	qsort(keyed, n, sizeof *keyed, by_label);
	for (uint32_t i = 0; i < n; i++) {
		if (i == 0 || keyed[i].label != keyed[i - 1].label)
			j->from[j->n_units++] = i;
		j->sorted[i] = keyed[i].record;
		j->unit_of[keyed[i].record] = j->n_units - 1;
	}
	j->from[j->n_units] = n;
	j->units = dyp_memory_get(&j->pool.memory, j->n_units, sizeof *j->units);
	return j->units != NULL;
}

/* Rows of pairs: at[v] ... at[v + 1] hold the partners of v; which[] their pair, or NULL. */
static bool
make_rows(struct judge *j, uint32_t n, uint32_t n_pairs, bool links, uint32_t **at_out,
          uint32_t **to_out, uint32_t **which)
{
	uint32_t *at = DYP_NEW_ARRAY(&j->pool, (size_t)n + 1, uint32_t);
	uint32_t *to = DYP_NEW_ARRAY(&j->pool, 2 * (size_t)n_pairs, uint32_t);
	uint32_t *fill = DYP_NEW_ARRAY(&j->pool, (size_t)n + 1, uint32_t);
	uint32_t *no = DYP_NEW_ARRAY(&j->pool, 2 * (size_t)n_pairs, uint32_t);

	if (j->pool.failed)
		return false;
	for (uint32_t i = 0; i < n_pairs; i++) {
		at[(links ? j->p->links[i].a : j->p->edges[i].from) + 1]++;
		at[(links ? j->p->links[i].b : j->p->edges[i].to) + 1]++;
	}
	for (uint32_t v = 0; v < n; v++)
		at[v + 1] += at[v];
	memcpy(fill, at, ((size_t)n + 1) * sizeof *at);
	for (uint32_t i = 0; i < n_pairs; i++) {
		uint32_t a = links ? j->p->links[i].a : j->p->edges[i].from;
		uint32_t b = links ? j->p->links[i].b : j->p->edges[i].to;
		no[fill[a]] = i;
		to[fill[a]++] = b;
		no[fill[b]] = i;
		to[fill[b]++] = a;
	}
	*at_out = at;
	*to_out = to;
	if (which != NULL)
		*which = no;
	return true;
}

static bool
is_connected(struct judge *j, uint32_t unit)
{
	uint32_t depth = 0, found = 0;

	j->stamp++;
	j->stack[depth++] = j->sorted[j->from[unit]];
	j->seen[j->stack[0]] = j->stamp;
	while (depth > 0) {
		uint32_t r = j->stack[--depth];
		found++;
		for (uint32_t i = j->link_at[r]; i < j->link_at[r + 1]; i++) {
			uint32_t other = j->link_to[i];
			if (j->unit_of[other] == unit && j->seen[other] != j->stamp) {
				j->seen[other] = j->stamp;
				j->stack[depth++] = other;
			}
		}
	}
	return found == j->from[unit + 1] - j->from[unit];
}

/* The grid in which most of the unit's households (then records) live. */
static uint32_t
grid_of(struct judge *j, uint32_t unit, uint64_t *weight)
{
	uint32_t best = DYP_ZONE_NONE;

	for (uint32_t i = j->from[unit]; i < j->from[unit + 1]; i++) {
		const struct dyp_zone_record *r = &j->p->records[j->sorted[i]];
		weight[r->grid] += (uint64_t)r->households * 1000000 + 1;
	}
	for (uint32_t i = j->from[unit]; i < j->from[unit + 1]; i++) {
		uint32_t g = j->p->records[j->sorted[i]].grid;
		if (best == DYP_ZONE_NONE || weight[g] > weight[best] ||
		    (weight[g] == weight[best] && g < best))
			best = g;
	}
	for (uint32_t i = j->from[unit]; i < j->from[unit + 1]; i++)
		weight[j->p->records[j->sorted[i]].grid] = 0;
	return best;
}

static double
radius_sum(const struct judge *j, uint32_t unit)
{
	double h = 0, x = 0, y = 0, sum = 0;

	for (uint32_t i = j->from[unit]; i < j->from[unit + 1]; i++) {
		const struct dyp_zone_record *r = &j->p->records[j->sorted[i]];
		h += r->households;
		x += r->households * r->x;
		y += r->households * r->y;
	}
	for (uint32_t i = j->from[unit]; h > 0 && i < j->from[unit + 1]; i++) {
		const struct dyp_zone_record *r = &j->p->records[j->sorted[i]];
		double dx = r->x - x / h, dy = r->y - y / h;
		sum += r->households * (dx * dx + dy * dy);
	}
	return sum;
}

static void
sift_up(struct judge *j, uint32_t i)
{
	uint32_t node = j->heap[i];

	for (; i > 1 && j->way[j->heap[i / 2]] > j->way[node]; i /= 2) {
		j->heap[i] = j->heap[i / 2];
		j->heap_at[j->heap[i]] = i;
	}
	j->heap[i] = node;
	j->heap_at[node] = i;
}

static uint32_t
take_nearest(struct judge *j)
{
	uint32_t top = j->heap[1], node = j->heap[j->heap_n--], i = 1;

	while (2 * i <= j->heap_n) {
		uint32_t c = 2 * i;
		if (c < j->heap_n && j->way[j->heap[c + 1]] < j->way[j->heap[c]])
			c++;
		if (j->way[j->heap[c]] >= j->way[node])
			break;
		j->heap[i] = j->heap[c];
		j->heap_at[j->heap[i]] = i;
		i = c;
	}
	if (j->heap_n > 0) {
		j->heap[i] = node;
		j->heap_at[node] = i;
	}
	j->heap_at[top] = 0;
	return top;
}

static void
offer(struct judge *j, uint32_t node, double metres)
{
	if (j->way_stamp[node] != j->stamp) {
		j->way_stamp[node] = j->stamp;
		j->way[node] = metres;
		j->heap[++j->heap_n] = node;
		sift_up(j, j->heap_n);
	} else if (j->heap_at[node] != 0 && metres < j->way[node]) {
		j->way[node] = metres;
		sift_up(j, j->heap_at[node]);
	}
}

/* Metres between two records of which the second one's edge has both ends walked to, or as far as
 * they are. */
static double
record_way(const struct judge *j, uint32_t from, uint32_t to)
{
	const struct dyp_zone_record *a = &j->p->records[from], *b = &j->p->records[to];
	double best = HUGE_VAL;

	if (from == to)
		return 0;
	if (a->door.edge == DYP_ZONE_NONE || b->door.edge == DYP_ZONE_NONE)
		return 1.35 * sqrt((a->x - b->x) * (a->x - b->x) + (a->y - b->y) * (a->y - b->y));
	const struct dyp_zone_edge *e = &j->p->edges[b->door.edge];
	if (a->door.edge == b->door.edge)
		best = fabs((double)a->door.along - b->door.along) + a->door.stub;
	if (j->way_stamp[e->from] == j->stamp && j->way[e->from] + b->door.along < best)
		best = j->way[e->from] + b->door.along;
	if (j->way_stamp[e->to] == j->stamp && j->way[e->to] + e->metres - b->door.along < best)
		best = j->way[e->to] + e->metres - b->door.along;
	return best + b->door.stub;
}

/* Walks from one record until the ends of the edges of all the unit's records are settled. */
static void
walk_from(struct judge *j, uint32_t record, uint32_t unit)
{
	const struct dyp_zone_record *r = &j->p->records[record];
	uint32_t open = 0;

	j->stamp++;
	j->heap_n = 0;
	if (r->door.edge == DYP_ZONE_NONE)
		return;
	for (uint32_t i = j->from[unit]; i < j->from[unit + 1]; i++) {
		const struct dyp_zone_door *d = &j->p->records[j->sorted[i]].door;
		if (d->edge == DYP_ZONE_NONE)
			continue;
		uint32_t ends[2] = { j->p->edges[d->edge].from, j->p->edges[d->edge].to };
		for (int k = 0; k < 2; k++) {
			open += j->seen[ends[k]] != j->stamp;
			j->seen[ends[k]] = j->stamp;
		}
	}
	const struct dyp_zone_edge *e = &j->p->edges[r->door.edge];
	offer(j, e->from, (double)r->door.stub + r->door.along);
	offer(j, e->to, (double)r->door.stub + e->metres - r->door.along);
	while (j->heap_n > 0 && open > 0) {
		uint32_t node = take_nearest(j);
		open -= j->seen[node] == j->stamp;
		for (uint32_t i = j->street_at[node]; i < j->street_at[node + 1]; i++)
			offer(j, j->street_to[i],
			      j->way[node] + j->p->edges[j->street_edge[i]].metres);
	}
}

/* Tries every record as centre. */
static void
find_centre(struct judge *j, uint32_t unit)
{
	struct dyp_zone_unit *u = &j->units[unit];
	double least = HUGE_VAL;

	for (uint32_t c = j->from[unit]; c < j->from[unit + 1]; c++) {
		double sum = 0, even = 0;
		walk_from(j, j->sorted[c], unit);
		for (uint32_t i = j->from[unit]; i < j->from[unit + 1]; i++) {
			double way = record_way(j, j->sorted[c], j->sorted[i]);
			way = way > DYP_ZONE_METRES_MAX ? DYP_ZONE_METRES_MAX : way;
			sum += way * j->p->records[j->sorted[i]].households;
			even += way;
		}
		/* among records without households the middle one */
		if (sum + 1e-6 * even < least) {
			least = sum + 1e-6 * even;
			u->centre = j->sorted[c];
			u->walk = sum;
		}
	}
}

static double
beyond(uint64_t households, uint32_t low, uint32_t high)
{
	return households > high  ? (double)(households - high)
	       : households < low ? (double)(low - households)
	                          : 0;
}

/* Units as they are without (target NONE) or with all of the building's records in `target`: what is
 * beyond the range in sum, or HUGE_VAL when one of them is empty or broken. */
static double
with_building(struct judge *j, const uint32_t *part, uint32_t n, uint32_t target, uint32_t low,
              uint32_t high)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t unit = j->unit_of[part[i]], left = 0, found = 0, depth = 0;
		uint64_t households = 0;
		bool first = true;
		for (uint32_t k = 0; k < i && first; k++)
			first = j->unit_of[part[k]] != unit;
		if (!first)
			continue;
		for (uint32_t k = j->from[unit]; k < j->from[unit + 1]; k++)
			households += j->p->records[j->sorted[k]].households;
		for (uint32_t k = 0; k < n && target != DYP_ZONE_NONE; k++) {
			uint32_t h = j->p->records[part[k]].households;
			if (unit == target && j->unit_of[part[k]] != unit)
				households += h;
			if (unit != target && j->unit_of[part[k]] == unit)
				households -= h;
		}
		sum += beyond(households, low, high);
		if (target == DYP_ZONE_NONE || unit == target)
			continue;
		j->stamp++;
		for (uint32_t k = 0; k < n; k++)
			j->seen[part[k]] = j->stamp;
		for (uint32_t k = j->from[unit]; k < j->from[unit + 1]; k++) {
			if (j->seen[j->sorted[k]] == j->stamp)
				continue;
			left++;
			if (depth == 0 && found == 0)
				j->stack[depth++] = j->sorted[k];
			found = depth;
		}
		if (left == 0)
			return HUGE_VAL;
		j->seen[j->stack[0]] = j->stamp;
		for (found = 0; depth > 0;) {
			uint32_t r = j->stack[--depth];
			found++;
			for (uint32_t k = j->link_at[r]; k < j->link_at[r + 1]; k++) {
				uint32_t other = j->link_to[k];
				if (j->unit_of[other] != unit || j->seen[other] == j->stamp)
					continue;
				j->seen[other] = j->stamp;
				j->stack[depth++] = other;
			}
		}
		if (found != left)
			return HUGE_VAL;
	}
	return sum;
}

/* Is the building in several units, and could it be in one of them at nobody's cost? */
static bool
is_split(struct judge *j, const uint32_t *part, uint32_t n, uint32_t low, uint32_t high)
{
	const struct dyp_zone_record *r = j->p->records;
	uint64_t households = 0;
	bool divided = false;

	for (uint32_t i = 0; i < n; i++) {
		households += r[part[i]].households;
		divided = divided || j->unit_of[part[i]] != j->unit_of[part[0]];
	}
	if (!divided || households > high)
		return false;
	double now = with_building(j, part, n, DYP_ZONE_NONE, low, high);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t target = j->unit_of[part[i]];
		bool pinned = false;
		for (uint32_t k = 0; k < n; k++)
			pinned = pinned || (r[part[k]].pinned && j->unit_of[part[k]] != target);
		if (!pinned && with_building(j, part, n, target, low, high) <= now)
			return true;
	}
	return false;
}

/* Buildings whose connected records in one grid lie in several units without need. */
static bool
count_split(struct judge *j, uint32_t low, uint32_t high, struct dyp_zone_score *score,
            struct dyp_err *err, bool *sound)
{
	const struct dyp_zone_record *r = j->p->records;
	uint32_t n = j->p->n_records;
	bool *done = DYP_NEW_ARRAY(&j->pool, n, bool);
	uint32_t *part = DYP_NEW_ARRAY(&j->pool, n, uint32_t);

	if (j->pool.failed)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t parts = 0;
		if (done[i] || r[i].building == DYP_ZONE_NONE)
			continue;
		part[parts++] = i;
		done[i] = true;
		for (uint32_t at = 0; at < parts; at++)
			for (uint32_t k = j->link_at[part[at]]; k < j->link_at[part[at] + 1]; k++) {
				uint32_t b = j->link_to[k];
				if (done[b] || r[b].building != r[i].building ||
				    r[b].grid != r[i].grid)
					continue;
				done[b] = true;
				part[parts++] = b;
			}
		if (parts > 1 && is_split(j, part, parts, low, high)) {
			score->split++;
			blame(err, sound, i, "its building is divided without need, into unit %u",
			      j->label[i]);
		}
	}
	return true;
}

struct overlap {
	uint32_t unit, old;
	uint64_t households;
};

static int
by_pair(const void *a, const void *b)
{
	const struct overlap *x = a, *y = b;

	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return x->old < y->old ? -1 : x->old > y->old;
}

static int
by_overlap(const void *a, const void *b)
{
	const struct overlap *x = a, *y = b;

	if (x->households != y->households)
		return x->households > y->households ? -1 : 1;
	return by_pair(a, b);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t
place_in(const uint32_t *sorted, uint32_t n, uint32_t what)
{
	const uint32_t *at = bsearch(&what, sorted, n, sizeof what, by_number);

	return (uint32_t)(at - sorted);
}

/* Households whose unit changed, old and new ones matched by what they have in common. */
static bool
count_moved(struct judge *j, struct dyp_zone_score *score)
{
	uint32_t n = j->p->n_records, n_pairs = 0, n_olds = 0;
	struct overlap *pair = DYP_NEW_ARRAY(&j->pool, n, struct overlap);
	uint32_t *olds = DYP_NEW_ARRAY(&j->pool, n, uint32_t);
	bool *old_used = DYP_NEW_ARRAY(&j->pool, n, bool);
	bool *unit_used = DYP_NEW_ARRAY(&j->pool, n, bool);
	uint64_t had = 0, kept = 0;

	if (j->pool.failed)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const struct dyp_zone_record *r = &j->p->records[i];
		if (r->unit == DYP_ZONE_NONE)
			continue;
		pair[n_pairs++] = (struct overlap){ j->unit_of[i], r->unit, r->households };
		olds[n_olds++] = r->unit;
		had += r->households;
	}
	qsort(olds, n_olds, sizeof *olds, by_number);
	qsort(pair, n_pairs, sizeof *pair, by_pair);
	uint32_t merged = 0;
	for (uint32_t i = 0; i < n_pairs; i++)
		if (merged > 0 && by_pair(&pair[merged - 1], &pair[i]) == 0)
			pair[merged - 1].households += pair[i].households;
		else
			pair[merged++] = pair[i];
	qsort(pair, merged, sizeof *pair, by_overlap);
	for (uint32_t i = 0; i < merged; i++) {
		uint32_t old = place_in(olds, n_olds, pair[i].old);
		while (old > 0 && olds[old - 1] == pair[i].old)
			old--;
		if (old_used[old] || unit_used[pair[i].unit])
			continue;
		old_used[old] = unit_used[pair[i].unit] = true;
		kept += pair[i].households;
	}
	score->moved = (uint32_t)(had - kept);
	return true;
}

/* Labels up to the highest that no record has nor had. */
static bool
count_empty(struct judge *j, struct dyp_zone_score *score)
{
	uint32_t highest = j->label[j->sorted[j->p->n_records - 1]];
	uint32_t n = j->p->n_records;

	if (highest >= 4 * n)
		return true; /* names rather than numbers */
	bool *is_known = DYP_NEW_ARRAY(&j->pool, (size_t)highest + 1, bool);
	if (j->pool.failed)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		is_known[j->label[i]] = true;
		if (j->p->records[i].unit <= highest)
			is_known[j->p->records[i].unit] = true;
	}
	for (uint32_t u = 0; u <= highest; u++)
		score->empty += !is_known[u];
	return true;
}

static enum dyp_code
judge_units(struct judge *j, struct dyp_zone_score *s, struct dyp_err *err, bool *sound)
{
	const struct dyp_zone_problem *p = j->p;
	uint64_t *weight = DYP_NEW_ARRAY(&j->pool, p->n_grids, uint64_t);
	uint64_t *in_grid = DYP_NEW_ARRAY(&j->pool, p->n_grids, uint64_t);
	uint32_t *count = DYP_NEW_ARRAY(&j->pool, p->n_grids, uint32_t);
	uint32_t low = p->max > 0 ? p->min : (4 * p->target + 4) / 5;
	uint32_t high = p->max > 0 ? p->max : 6 * p->target / 5;
	double deviation = 0, off = 0, radius = 0, walk = 0;

	if (j->pool.failed)
		return dyp_raise_memory(err);
	s->least = UINT32_MAX;
	for (uint32_t u = 0; u < j->n_units; u++) {
		struct dyp_zone_unit *x = &j->units[u];
		x->label = j->label[j->sorted[j->from[u]]];
		x->records = j->from[u + 1] - j->from[u];
		x->grid = grid_of(j, u, weight);
		for (uint32_t i = j->from[u]; i < j->from[u + 1]; i++) {
			const struct dyp_zone_record *r = &p->records[j->sorted[i]];
			x->households += r->households;
			in_grid[r->grid] += r->households;
			if (r->grid != x->grid) {
				s->outside++;
				blame(err, sound, j->sorted[i], "unit %u is of another grid",
				      x->label);
			}
			if (r->pinned && r->unit != x->label) {
				s->unpinned++;
				blame(err, sound, j->sorted[i], "pinned to another unit than %u",
				      x->label);
			}
		}
		if (!is_connected(j, u)) {
			s->broken++;
			blame(err, sound, j->sorted[j->from[u]], "links do not connect unit %u",
			      x->label);
		}
		count[x->grid]++;
		find_centre(j, u);
		radius += radius_sum(j, u);
		walk += x->walk;
		s->households += x->households;
		s->in_range += x->households >= low && x->households <= high;
		s->least = x->households < s->least ? x->households : s->least;
		s->most = x->households > s->most ? x->households : s->most;
	}
	for (uint32_t u = 0; u < j->n_units; u++) {
		const struct dyp_zone_unit *x = &j->units[u];
		double mean = (double)in_grid[x->grid] / count[x->grid];
		double d = mean > 0 ? x->households / mean - 1 : 0;
		double t = (double)x->households / p->target - 1;
		deviation += d * d;
		off += t * t;
		s->in_fifth += fabs(d) <= 0.2 + 1e-9;
	}
	s->deviation = sqrt(deviation / j->n_units);
	s->off_target = sqrt(off / j->n_units);
	s->radius = s->households > 0 ? sqrt(radius / s->households) : 0;
	s->walk = s->households > 0 ? walk / s->households : 0;
	return count_split(j, low, high, s, err, sound) && count_moved(j, s) && count_empty(j, s)
	               ? DYP_OK
	               : dyp_raise_memory(err);
}

static enum dyp_code
check_input(const struct dyp_zone_problem *p, const uint32_t *unit, struct dyp_err *err)
{
	if (p->n_records == 0 || p->target == 0)
		return dyp_raise(err, DYP_BAD_INPUT, "/records", "no records or no target");
	for (uint32_t i = 0; i < p->n_records; i++) {
		if (unit[i] == DYP_ZONE_NONE)
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "unit",
			                      "has no unit");
		if (p->records[i].grid >= p->n_grids || (p->records[i].door.edge != DYP_ZONE_NONE &&
		                                         p->records[i].door.edge >= p->n_edges))
			return dyp_raise_item(err, DYP_BAD_INPUT, "records", i, "grid",
			                      "names a grid or an edge that there is not");
	}
	for (uint32_t i = 0; i < p->n_links; i++)
		if (p->links[i].a >= p->n_records || p->links[i].b >= p->n_records)
			return dyp_raise_item(err, DYP_BAD_INPUT, "links", i, "a",
			                      "names a record that there is not");
	for (uint32_t i = 0; i < p->n_edges; i++)
		if (p->edges[i].from >= p->n_nodes || p->edges[i].to >= p->n_nodes ||
		    !(p->edges[i].metres >= 0))
			return dyp_raise_item(err, DYP_BAD_INPUT, "edges", i, "from",
			                      "names a node that there is not");
	return DYP_OK;
}

static bool
judge_init(struct judge *j)
{
	const struct dyp_zone_problem *p = j->p;
	uint32_t most = p->n_records > p->n_nodes ? p->n_records : p->n_nodes;

	j->seen = DYP_NEW_ARRAY(&j->pool, most, uint32_t);
	j->stack = DYP_NEW_ARRAY(&j->pool, most, uint32_t);
	j->way = DYP_NEW_ARRAY(&j->pool, p->n_nodes, double);
	j->way_stamp = DYP_NEW_ARRAY(&j->pool, p->n_nodes, uint32_t);
	j->heap = DYP_NEW_ARRAY(&j->pool, (size_t)p->n_nodes + 1, uint32_t);
	j->heap_at = DYP_NEW_ARRAY(&j->pool, p->n_nodes, uint32_t);
	return !j->pool.failed && group_units(j) &&
	       make_rows(j, p->n_records, p->n_links, true, &j->link_at, &j->link_to, NULL) &&
	       make_rows(j, p->n_nodes, p->n_edges, false, &j->street_at, &j->street_to,
	                 &j->street_edge);
}

enum dyp_code
dyp_zone_verify(const struct dyp_zone_problem *problem, const uint32_t *unit,
                const struct dyp_memory *memory, struct dyp_zone_score *score,
                struct dyp_zone_unit **units, struct dyp_err *err)
{
	struct judge j = { .p = problem, .label = unit };
	bool sound = true;
	enum dyp_code rc = check_input(problem, unit, err);

	*score = (struct dyp_zone_score){ 0 };
	if (units != NULL)
		*units = NULL;
	if (rc != DYP_OK)
		return rc;
	dyp_pool_init(&j.pool, memory);
	if (!judge_init(&j)) {
		rc = dyp_raise_memory(err);
	} else {
		*score = (struct dyp_zone_score){ .records = problem->n_records,
			                          .units = j.n_units };
		rc = judge_units(&j, score, err, &sound);
	}
	if (rc == DYP_OK && units != NULL)
		*units = j.units;
	else if (j.units != NULL)
		j.pool.memory.put(j.pool.memory.ctx, j.units);
	dyp_pool_release(&j.pool);
	return rc == DYP_OK && !sound ? DYP_INFEASIBLE : rc;
}
