/* The .sol files of the routing libraries: "Route #k: stops", "Cost c". */
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
dyp_text_add(struct dyp_text *t, const char *fmt, ...)
{
	va_list args;
	va_list again;

	va_start(args, fmt);
	va_copy(again, args);
	int need = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (need < 0 || t->failed) {
		t->failed = true;
	} else if (t->len + (size_t)need + 1 > t->cap) {
		size_t cap = (t->len + (size_t)need + 1) * 2;
		char *ptr = realloc(t->ptr, cap);
		if (ptr == NULL) {
			t->failed = true;
		} else {
			t->ptr = ptr;
			t->cap = cap;
		}
	}
	if (!t->failed)
		t->len += (size_t)vsnprintf(t->ptr + t->len, t->cap - t->len, fmt, again);
	va_end(again);
}

void
dyp_text_release(struct dyp_text *t)
{
	free(t->ptr);
	*t = (struct dyp_text){ 0 };
}

void
dyp_write_sol(struct dyp_text *t, const struct dyp_file *file, const struct dyp_route_plan *plan)
{
	for (uint32_t i = 0; i < plan->n_tours; i++) {
		dyp_text_add(t, "Route #%u:", i + 1);
		for (uint32_t k = 0; k < plan->tours[i].n_steps; k++) {
			const struct dyp_route_step *step = &plan->tours[i].steps[k];
			if (step->kind == DYP_STEP_STOP)
				dyp_text_add(t, " %lld", (long long)file->stops[step->index].id);
			if (step->kind == DYP_STEP_RELOAD)
				dyp_text_add(t, " %u", step->index);
		}
		dyp_text_add(t, "\n");
	}
	dyp_text_add(t, "Cost %lld\n", (long long)plan->score.cost);
}

static enum dyp_code
add_number(const struct dyp_file *file, struct dyp_route_tour *t, long number, uint32_t line,
           struct dyp_err *err)
{
	struct dyp_route_step step = { .kind = DYP_STEP_STOP };
	long first = file->depots_numbered ? (long)file->depots : 1;

	if (number >= 0 && number < first) {
		step.kind = DYP_STEP_RELOAD;
		step.index = (uint32_t)number;
	} else if (number < first || number - first >= (long)file->problem.n_stops) {
		return dyp_raise_item(err, DYP_BAD_INPUT, "line", line, "", "there is no stop %ld",
		                      number);
	} else {
		step.index = (uint32_t)(number - first);
	}
	t->steps[t->n_steps++] = step;
	return DYP_OK;
}

/* Routes name no vehicles: the k-th route belongs to the k-th vehicle. Empty routes count. */
static enum dyp_code
read_routes(const char *text, const char *end, const struct dyp_file *file,
            struct dyp_route_plan *plan, struct dyp_err *err)
{
	uint32_t line = 0;
	uint32_t routes = 0;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		stop = stop != NULL ? stop : end;
		line++;
		const char *colon = memchr(text, ':', (size_t)(stop - text));
		bool is_route = stop - text > 6 && memcmp(text, "Route", 5) == 0 && colon != NULL;
		if (is_route && routes == file->problem.n_vehicles)
			return dyp_raise_item(err, DYP_BAD_INPUT, "line", line, "",
			                      "more routes than vehicles");
		if (is_route) {
			struct dyp_route_tour *t = &plan->tours[plan->n_tours];
			size_t room = (size_t)(stop - colon) / 2 + 1;
			t->vehicle = routes++;
			t->steps = dyp_memory_get(&plan->memory, room, sizeof *t->steps);
			if (t->steps == NULL)
				return dyp_raise_memory(err);
			plan->n_tours++;
			const char *at = colon + 1;
			while (at < stop) {
				if (*at < '0' || *at > '9') {
					at++;
					continue;
				}
				long number = 0;
				for (; at < stop && *at >= '0' && *at <= '9'; at++)
					number = number < 100000000 ? number * 10 + (*at - '0')
					                            : number;
				enum dyp_code rc = add_number(file, t, number, line, err);
				if (rc != DYP_OK)
					return rc;
			}
		}
		text = stop < end ? stop + 1 : end;
	}
	return DYP_OK;
}

enum dyp_code
dyp_read_sol(const char *text, size_t size, const struct dyp_file *file,
             struct dyp_route_plan **out, struct dyp_err *err)
{
	struct dyp_memory memory = dyp_memory_or_default(NULL);
	struct dyp_route_plan *plan = dyp_memory_get(&memory, 1, sizeof *plan);

	if (plan == NULL)
		return dyp_raise_memory(err);
	plan->memory = memory;
	plan->tours = dyp_memory_get(&memory, file->problem.n_vehicles, sizeof *plan->tours);
	enum dyp_code rc = plan->tours == NULL ? dyp_raise_memory(err)
	                                       : read_routes(text, text + size, file, plan, err);
	if (rc == DYP_OK)
		*out = plan;
	else
		dyp_route_plan_free(plan);
	return rc;
}
