/* Replanning: the running plan adopted, a short warm search in which a change of vehicle has a
 * price, and the list of what changed. */
#include "model.h"

static uint32_t *
vehicles_of_all(const struct dyp_route_plan *plan, uint32_t stops, const struct dyp_memory *memory)
{
	uint32_t *of = dyp_memory_get(memory, stops, sizeof *of);

	for (uint32_t s = 0; of != NULL && s < stops; s++)
		of[s] = DYP_ROUTE_NONE;
	for (uint32_t i = 0; of != NULL && i < plan->n_tours; i++)
		for (uint32_t k = 0; k < plan->tours[i].n_steps; k++) {
			const struct dyp_route_step *step = &plan->tours[i].steps[k];
			if (step->kind == DYP_STEP_STOP && step->index < stops)
				of[step->index] = plan->tours[i].vehicle;
		}
	return of;
}

static enum dyp_code
list_changes(const struct dyp_route_plan *before, const struct dyp_route_plan *after,
             uint32_t stops, const struct dyp_memory *memory, struct dyp_route_change **changes,
             uint32_t *n_changes, struct dyp_err *err)
{
	uint32_t *was = vehicles_of_all(before, stops, memory);
	uint32_t *is = vehicles_of_all(after, stops, memory);
	struct dyp_route_change *list = dyp_memory_get(memory, stops, sizeof *list);
	uint32_t count = 0;
	bool failed = was == NULL || is == NULL || list == NULL;

	for (uint32_t s = 0; !failed && s < stops; s++)
		if (was[s] != is[s])
			list[count++] = (struct dyp_route_change){ s, was[s], is[s] };
	if (was != NULL)
		memory->put(memory->ctx, was);
	if (is != NULL)
		memory->put(memory->ctx, is);
	if (failed && list != NULL)
		memory->put(memory->ctx, list);
	if (failed)
		return dyp_raise_memory(err);
	*changes = list;
	*n_changes = count;
	return DYP_OK;
}

enum dyp_code
dyp_route_replan(const struct dyp_route_problem *problem, const struct dyp_route_plan *running,
                 const struct dyp_route_options *options, int64_t change_price,
                 struct dyp_route_plan **out, struct dyp_route_change **changes,
                 uint32_t *n_changes, struct dyp_err *err)
{
	struct dyp_route_options o = options != NULL ? *options : dyp_route_options_default();
	struct dyp_memory memory = dyp_memory_or_default(&o.memory);

	o.start = running;
	o.change_price = change_price;
	enum dyp_code rc = dyp_route_solve(problem, &o, out, err);
	if ((rc == DYP_OK || rc == DYP_CANCELLED) && changes != NULL) {
		enum dyp_code listed = list_changes(running, *out, problem->n_stops, &memory,
		                                    changes, n_changes, err);
		if (listed != DYP_OK) {
			dyp_route_plan_free(*out);
			*out = NULL;
			return listed;
		}
	}
	return rc;
}
