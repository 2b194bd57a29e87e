/* Matrices and costs of VROOM's JSON. */
#include "vroom.h"

#include <math.h>
#include <string.h>

static enum dyp_code
read_cells(struct vroom *r, const struct dyp_js *rows, const char *what, const int32_t **out)
{
	size_t n = r->n_places;
	size_t i = 0;

	if (rows == NULL)
		return DYP_OK;
	if (rows->kind != DYP_JS_ARRAY || rows->count != n)
		return dyp_vroom_wrong(r, what,
		                       "must be a square matrix, as large as the first one");
	int32_t *cell = DYP_NEW_ARRAY(r->pool, n * n, int32_t);
	if (cell == NULL)
		return dyp_raise_memory(r->err);
	for (const struct dyp_js *row = rows->child; row != NULL; row = row->next) {
		if (row->kind != DYP_JS_ARRAY || row->count != n)
			return dyp_vroom_wrong(r, what, "a row has another length");
		for (const struct dyp_js *c = row->child; c != NULL; c = c->next) {
			if (c->kind != DYP_JS_NUMBER || c->number < 0 || c->number > 1e8)
				return dyp_vroom_wrong(r, what, "an entry is not in 0..10^8");
			cell[i++] = (int32_t)c->number;
		}
	}
	*out = cell;
	return DYP_OK;
}

enum dyp_code
dyp_vroom_read_matrices(struct vroom *r, const struct dyp_js *list)
{
	r->list = "matrices";
	for (const struct dyp_js *m = list->child; m != NULL; m = m->next) {
		const struct dyp_js *rows = dyp_js_get(m, "durations");
		if (rows == NULL)
			return dyp_raise(r->err, DYP_BAD_INPUT, "/matrices", "%s has no durations",
			                 m->key);
		if (dyp_js_get(m, "costs") != NULL)
			return dyp_raise(r->err, DYP_BAD_INPUT, "/matrices",
			                 "%s has costs, which are not read: give durations and "
			                 "distances here and costs with the vehicles",
			                 m->key);
		if (r->n_profiles == 0)
			r->n_places = rows->count;
		r->f->profiles[r->n_profiles] = m->key;
		TRY(read_cells(r, rows, "durations", &r->matrix[r->n_profiles].seconds));
		TRY(read_cells(r, dyp_js_get(m, "distances"), "distances",
		               &r->matrix[r->n_profiles].metres));
		r->f->has_metres |= r->matrix[r->n_profiles].metres != NULL;
		r->n_profiles++;
		r->item++;
	}
	return DYP_OK;
}

static double
speed_of(const char *profile)
{
	if (strstr(profile, "foot") != NULL || strstr(profile, "walk") != NULL)
		return 1.2;
	return strstr(profile, "bike") != NULL ? 4.2 : 8.3;
}

enum dyp_code
dyp_vroom_guess_matrices(struct vroom *r)
{
	const double rad = 0.017453292519943295;
	size_t n = r->n_places;

	for (uint32_t k = 0; k < r->n_profiles; k++) {
		int32_t *metres = DYP_NEW_ARRAY(r->pool, n * n, int32_t);
		int32_t *seconds = DYP_NEW_ARRAY(r->pool, n * n, int32_t);
		if (r->pool->failed)
			return dyp_raise_memory(r->err);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++) {
				const struct dyp_point *a = &r->f->points[i];
				const struct dyp_point *b = &r->f->points[j];
				double dy = (a->y - b->y) * rad;
				double dx = (a->x - b->x) * rad * cos((a->y + b->y) / 2 * rad);
				double m = 1.3 * 6371000.0 * sqrt(dx * dx + dy * dy);
				m = m < 9e7 ? m : 9e7;
				metres[i * n + j] = (int32_t)(m + 0.5);
				seconds[i * n + j] =
					(int32_t)(m / speed_of(r->f->profiles[k]) + 0.5);
			}
		r->matrix[k] = (struct dyp_route_matrix){ seconds, metres };
	}
	r->f->has_metres = true;
	return DYP_OK;
}

static int64_t
common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t t = a % b;
		a = b;
		b = t;
	}
	return a;
}

void
dyp_vroom_shorten_costs(struct vroom *r)
{
	int64_t g = COST_UNIT;

	for (uint32_t i = 0; i < r->f->problem.n_vehicles; i++) {
		const struct dyp_route_vehicle *v = &r->vehicle[i];
		g = common_divisor(g, v->per_travel_s);
		g = common_divisor(g, v->per_metre);
		g = common_divisor(g, v->per_task_s);
		g = common_divisor(g, v->overtime_per_s);
		for (uint32_t k = 0; k < v->n_long_day; k++)
			g = common_divisor(g, v->long_day[k].per_s);
	}
	for (uint32_t s = 0; s < r->f->problem.n_stops; s++)
		for (uint32_t k = 0; k < r->stop[s].n_late; k++)
			g = common_divisor(g, r->stop[s].late[k].per_s);
	for (uint32_t i = 0; i < r->f->problem.n_vehicles; i++) {
		struct dyp_route_vehicle *v = &r->vehicle[i];
		v->fixed_cost /= g;
		v->per_travel_s /= g;
		v->per_metre /= g;
		v->per_task_s /= g;
		v->overtime_per_s /= g;
		for (uint32_t k = 0; k < v->n_long_day; k++)
			((struct dyp_route_bend *)v->long_day)[k].per_s /= g;
	}
	for (uint32_t s = 0; s < r->f->problem.n_stops; s++) {
		r->stop[s].prize /= g;
		for (uint32_t k = 0; k < r->stop[s].n_late; k++)
			((struct dyp_route_bend *)r->stop[s].late)[k].per_s /= g;
	}
	r->f->cost_unit = COST_UNIT / g;
}
