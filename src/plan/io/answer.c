/* A plan read back from VROOM's answers, ours or its own: which vehicle serves what, in which order.
 * Times are not read; dyp_route_schedule() makes them anew. */
#include "json.h"
#include "problem.h"

#include <string.h>

struct answer {
	const struct dyp_file *file;
	struct dyp_route_plan *plan;
	struct dyp_memory memory;
	struct dyp_err *err;
	uint32_t route;
};

static enum dyp_code
wrong(const struct answer *a, const char *member, const char *what, int64_t id)
{
	return dyp_raise_item(a->err, DYP_BAD_INPUT, "routes", a->route, member, "%s (%lld)", what,
	                      (long long)id);
}

static bool
number_of(const struct dyp_js *o, const char *key, int64_t *out)
{
	const struct dyp_js *v = dyp_js_get(o, key);

	if (v == NULL || v->kind != DYP_JS_NUMBER || v->number < -9e15 || v->number > 9e15)
		return false;
	*out = (int64_t)v->number;
	return true;
}

/* Is this the step's word for the type, and is its text exactly `word`? */
static bool
is_text(const struct dyp_js *o, const char *key, const char *word)
{
	const struct dyp_js *v = dyp_js_get(o, key);

	return v != NULL && v->kind == DYP_JS_STRING && strcmp(v->text, word) == 0;
}

static enum dyp_code
find_stop(const struct answer *a, const struct dyp_js *step, const char *type, uint32_t *out)
{
	int64_t id = 0;

	if (!number_of(step, "id", &id))
		return wrong(a, "steps", "a step has no id", 0);
	for (uint32_t s = 0; s < a->file->problem.n_stops; s++)
		if (a->file->stops[s].id == id && strcmp(a->file->stops[s].type, type) == 0) {
			*out = s;
			return DYP_OK;
		}
	return wrong(a, "steps", "the problem has no such stop", id);
}

static enum dyp_code
find_reload(const struct answer *a, const struct dyp_js *step, uint32_t *out)
{
	int64_t index = -1;

	if (number_of(step, "location_index", &index))
		for (uint32_t p = 0; p < a->file->problem.places; p++)
			if (a->file->indices == NULL ? p == index : a->file->indices[p] == index) {
				*out = p;
				return DYP_OK;
			}
	return wrong(a, "steps", "a reload has no known location_index", index);
}

static enum dyp_code
read_step(const struct answer *a, struct dyp_route_tour *t, const struct dyp_js *step)
{
	static const char *const types[] = { "job", "pickup", "delivery" };
	struct dyp_route_step *to = &t->steps[t->n_steps];

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (is_text(step, "type", types[i])) {
			t->n_steps++;
			to->kind = DYP_STEP_STOP;
			return find_stop(a, step, types[i], &to->index);
		}
	if (is_text(step, "type", "reload")) {
		t->n_steps++;
		to->kind = DYP_STEP_RELOAD;
		return find_reload(a, step, &to->index);
	}
	if (is_text(step, "type", "start") || is_text(step, "type", "end") ||
	    is_text(step, "type", "break"))
		return DYP_OK;
	return wrong(a, "steps", "a step has an unknown type", (int64_t)t->n_steps);
}

static enum dyp_code
read_route(struct answer *a, const struct dyp_js *route)
{
	const struct dyp_js *steps = dyp_js_get(route, "steps");
	struct dyp_route_tour *t = &a->plan->tours[a->plan->n_tours];
	int64_t id = 0;
	uint32_t v = 0;

	if (!number_of(route, "vehicle", &id))
		return wrong(a, "vehicle", "missing", 0);
	while (v < a->file->problem.n_vehicles && a->file->vehicles[v].id != id)
		v++;
	if (v == a->file->problem.n_vehicles)
		return wrong(a, "vehicle", "the problem has no such vehicle", id);
	for (uint32_t i = 0; i < a->plan->n_tours; i++)
		if (a->plan->tours[i].vehicle == v)
			return wrong(a, "vehicle", "has two routes", id);
	if (steps == NULL || steps->kind != DYP_JS_ARRAY)
		return wrong(a, "steps", "must be a list", 0);
	t->vehicle = v;
	t->steps = dyp_memory_get(&a->memory, steps->count, sizeof *t->steps);
	if (t->steps == NULL)
		return dyp_raise_memory(a->err);
	a->plan->n_tours++;
	for (const struct dyp_js *s = steps->child; s != NULL; s = s->next) {
		enum dyp_code rc = read_step(a, t, s);
		if (rc != DYP_OK)
			return rc;
	}
	return DYP_OK;
}

static enum dyp_code
read_routes(struct answer *a, const struct dyp_js *root)
{
	const struct dyp_js *routes = dyp_js_get(root, "routes");

	if (routes == NULL || routes->kind != DYP_JS_ARRAY)
		return dyp_raise(a->err, DYP_BAD_INPUT, "/routes", "must be a list");
	a->plan->tours = dyp_memory_get(&a->memory, (size_t)a->file->problem.n_vehicles + 1,
	                                sizeof *a->plan->tours);
	if (a->plan->tours == NULL)
		return dyp_raise_memory(a->err);
	for (const struct dyp_js *r = routes->child; r != NULL; r = r->next, a->route++) {
		enum dyp_code rc = read_route(a, r);
		if (rc != DYP_OK)
			return rc;
	}
	return DYP_OK;
}

enum dyp_code
dyp_read_answer(const char *text, size_t size, const struct dyp_file *file,
                struct dyp_route_plan **out, struct dyp_err *err)
{
	struct answer a = { .file = file, .memory = dyp_memory_or_default(NULL), .err = err };
	struct dyp_pool pool;
	struct dyp_js *root = NULL;

	dyp_pool_init(&pool, NULL);
	enum dyp_code rc = dyp_js_read(&pool, text, size, &root, err);
	if (rc == DYP_OK)
		a.plan = dyp_memory_get(&a.memory, 1, sizeof *a.plan);
	if (rc == DYP_OK && a.plan == NULL)
		rc = dyp_raise_memory(err);
	if (rc == DYP_OK && a.plan != NULL) {
		a.plan->memory = a.memory;
		rc = read_routes(&a, root);
	}
	dyp_pool_release(&pool);
	if (rc == DYP_OK)
		*out = a.plan;
	else
		dyp_route_plan_free(a.plan);
	return rc;
}
