/* Plans out of the search: labels that last, centres and score from the judge. */
#include "solve.h"

#include <string.h>

static bool
plan_init(struct dyp_zone_plan *p, uint32_t n_records, const struct dyp_memory *memory)
{
	p->memory = *memory;
	p->n_records = n_records;
	p->unit = dyp_memory_get(memory, n_records, sizeof *p->unit);
	return p->unit != NULL;
}

void
dyp_zone_plan_free(struct dyp_zone_plan *plan)
{
	if (plan == NULL)
		return;
	struct dyp_memory memory = plan->memory;
	if (plan->unit != NULL)
		memory.put(memory.ctx, plan->unit);
	if (plan->units != NULL)
		memory.put(memory.ctx, plan->units);
	memory.put(memory.ctx, plan);
}

/* The grid that keeps a label which stood in several: the one with most of its households. Labels
 * are looked up in `sorted`. */
struct owners {
	uint32_t n;
	uint32_t *label, *grid;
	double *weight;
};

static void
sort_labels(uint32_t *v, uint32_t n)
{
	for (uint32_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (uint32_t i = gap; i < n; i++) {
			uint32_t x = v[i], k = i;
			for (; k >= gap && v[k - gap] > x; k -= gap)
				v[k] = v[k - gap];
			v[k] = x;
		}
}

static uint32_t
find_label(const struct owners *o, uint32_t label)
{
	uint32_t low = 0, high = o->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (o->label[mid] < label)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
owners_init(struct owners *o, const struct zp_model *m, const struct zp_field *fields,
            struct dyp_pool *pool)
{
	uint32_t n = 0;

	for (uint32_t g = 0; g < m->n_grids; g++)
		n += fields[g].k;
	o->label = DYP_NEW_ARRAY(pool, n, uint32_t);
	o->grid = DYP_NEW_ARRAY(pool, n, uint32_t);
	o->weight = DYP_NEW_ARRAY(pool, n, double);
	if (pool->failed)
		return false;
	for (uint32_t g = 0; g < m->n_grids; g++)
		for (uint32_t u = 0; u < fields[g].k; u++)
			if (fields[g].label[u] != DYP_ZONE_NONE)
				o->label[o->n++] = fields[g].label[u];
	sort_labels(o->label, o->n);
	n = 0;
	for (uint32_t i = 0; i < o->n; i++)
		if (n == 0 || o->label[n - 1] != o->label[i])
			o->label[n++] = o->label[i];
	o->n = n;
	for (uint32_t g = 0; g < m->n_grids; g++)
		for (uint32_t u = 0; u < fields[g].k; u++) {
			if (fields[g].label[u] == DYP_ZONE_NONE)
				continue;
			uint32_t at = find_label(o, fields[g].label[u]);
			if (fields[g].sum[u].h > o->weight[at]) {
				o->weight[at] = fields[g].sum[u].h;
				o->grid[at] = g;
			}
		}
	return true;
}

/* New units get the smallest numbers that are free. */
static bool
label_units(const struct zp_model *m, const struct zp_field *fields, uint32_t *unit)
{
	struct owners o = { 0 };
	struct dyp_pool pool;
	uint32_t next = 0, at = 0;

	dyp_pool_init(&pool, &m->o.memory);
	bool fine = owners_init(&o, m, fields, &pool);
	for (uint32_t g = 0; fine && g < m->n_grids; g++) {
		const struct zp_field *f = &fields[g];
		for (uint32_t u = 0; u < f->k; u++) {
			uint32_t label = f->label[u];
			if (label == DYP_ZONE_NONE || o.grid[find_label(&o, label)] != g) {
				for (; at < o.n && o.label[at] == next; at++)
					next++;
				label = next++;
			}
			for (uint32_t a = 0; a < f->n; a++) {
				if (f->unit[a] != u)
					continue;
				for (uint32_t i = m->first[f->id[a]]; i < m->first[f->id[a] + 1];
				     i++)
					unit[m->member[i]] = label;
			}
		}
	}
	dyp_pool_release(&pool);
	return fine;
}

enum dyp_code
zp_export(const struct zp_model *m, const struct zp_field *fields, uint64_t steps,
          struct dyp_zone_plan **out, struct dyp_err *err)
{
	struct dyp_memory memory = dyp_memory_or_default(&m->o.memory);
	struct dyp_zone_plan *plan = dyp_memory_get(&memory, 1, sizeof *plan);

	if (plan == NULL)
		return dyp_raise_memory(err);
	plan->memory = memory;
	plan->steps = steps;
	enum dyp_code rc = DYP_OK;
	if (!plan_init(plan, m->problem->n_records, &memory) || !label_units(m, fields, plan->unit))
		rc = dyp_raise_memory(err);
	else
		rc = dyp_zone_verify(m->problem, plan->unit, &memory, &plan->score, &plan->units,
		                     err);
	plan->n_units = plan->score.units;
	if (rc == DYP_OK)
		*out = plan;
	else
		dyp_zone_plan_free(plan);
	return rc;
}
