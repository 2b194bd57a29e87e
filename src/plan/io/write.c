/* Plans as VROOM's JSON, GeoJSON and a printable SVG. */
#include "problem.h"

#include <stdlib.h>
#include <string.h>

static void
add_string(struct dyp_text *t, const char *s)
{
	dyp_text_add(t, "\"");
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			dyp_text_add(t, "\\%c", c);
		else if (c < 0x20)
			dyp_text_add(t, "\\u%04x", c);
		else
			dyp_text_add(t, "%c", c);
	}
	dyp_text_add(t, "\"");
}

static void
add_cost(struct dyp_text *t, const struct dyp_file *f, int64_t cost)
{
	int64_t unit = f->cost_unit > 0 ? f->cost_unit : 1;

	dyp_text_add(t, "%lld", (long long)((cost + unit / 2) / unit));
}

static void
add_place(struct dyp_text *t, const struct dyp_file *f, uint32_t place)
{
	if (place == DYP_ROUTE_NONE)
		return;
	if (f->points[place].known)
		dyp_text_add(t, ",\"location\":[%.6f,%.6f]", f->points[place].x,
		             f->points[place].y);
	dyp_text_add(t, ",\"location_index\":%u", place);
}

static uint32_t
place_of(const struct dyp_file *f, const struct dyp_route_step *step, uint32_t before)
{
	if (step->kind == DYP_STEP_STOP)
		return f->problem.stops[step->index].place;
	return step->kind == DYP_STEP_BREAK ? before : step->index;
}

struct walk {
	int64_t metres, travel, waiting, setup, service, priority;
	int64_t load[DYP_ROUTE_DIMS], delivery[DYP_ROUTE_DIMS], pickup[DYP_ROUTE_DIMS];
	uint32_t place;
};

static int64_t
part(const int32_t *load, uint32_t d)
{
	return load != NULL ? load[d] : 0;
}

static bool
is_shipped(const struct dyp_file *f, uint32_t stop)
{
	return strcmp(f->stops[stop].type, "job") != 0;
}

/* What the trip that begins at this step takes along. */
static void
load_trip(const struct dyp_file *f, const struct dyp_route_tour *tour, uint32_t at, struct walk *w)
{
	memset(w->load, 0, sizeof w->load);
	for (uint32_t i = at + 1; i < tour->n_steps && tour->steps[i].kind != DYP_STEP_RELOAD; i++)
		if (tour->steps[i].kind == DYP_STEP_STOP && !is_shipped(f, tour->steps[i].index))
			for (uint32_t d = 0; d < f->problem.dims; d++)
				w->load[d] +=
					part(f->problem.stops[tour->steps[i].index].delivery, d);
}

static void
add_loads(struct dyp_text *t, const struct dyp_file *f, const char *name, const int64_t *load)
{
	if (f->problem.dims == 0)
		return;
	dyp_text_add(t, ",\"%s\":[", name);
	for (uint32_t d = 0; d < f->problem.dims; d++)
		dyp_text_add(t, "%s%lld", d > 0 ? "," : "", (long long)load[d]);
	dyp_text_add(t, "]");
}

static void
add_step(struct dyp_text *t, const struct dyp_file *f, const struct dyp_route_tour *tour,
         uint32_t at, struct walk *w)
{
	static const char *const names[] = { "start", "job", "break", "reload", "end" };
	const struct dyp_route_vehicle *v = &f->problem.vehicles[tour->vehicle];
	const struct dyp_route_step *step = &tour->steps[at];
	uint32_t here = place_of(f, step, w->place);
	bool is_stop = step->kind == DYP_STEP_STOP;
	int64_t setup = 0;

	if (at > 0 && here != DYP_ROUTE_NONE && w->place != DYP_ROUTE_NONE) {
		const struct dyp_route_matrix *mx = &f->problem.matrices[v->profile];
		size_t cell = (size_t)w->place * f->problem.places + here;
		w->metres += (mx->metres != NULL ? mx->metres : mx->seconds)[cell];
		w->travel += step->arrival - tour->steps[at - 1].leave;
	}
	if (is_stop) {
		const struct dyp_route_stop *s = &f->problem.stops[step->index];
		setup = w->place != s->place ? s->setup_s : 0;
		w->setup += setup;
		w->priority += s->priority;
		for (uint32_t d = 0; d < f->problem.dims; d++) {
			w->load[d] += part(s->pickup, d) - part(s->delivery, d);
			w->delivery[d] += part(s->delivery, d);
			w->pickup[d] += part(s->pickup, d);
		}
	}
	w->service += step->leave - step->begin - setup;
	w->waiting += step->begin - step->arrival;
	if (step->kind == DYP_STEP_START || step->kind == DYP_STEP_RELOAD)
		load_trip(f, tour, at, w);
	dyp_text_add(t, "%s{\"type\":\"%s\"", at > 0 ? "," : "",
	             is_stop ? f->stops[step->index].type : names[step->kind]);
	if (is_stop)
		dyp_text_add(t, ",\"id\":%lld", (long long)f->stops[step->index].id);
	if (is_stop && !is_shipped(f, step->index))
		dyp_text_add(t, ",\"job\":%lld", (long long)f->stops[step->index].id);
	if (step->kind == DYP_STEP_BREAK && f->break_ids != NULL)
		dyp_text_add(t, ",\"id\":%lld",
		             (long long)f->break_ids[tour->vehicle][step->index]);
	if (is_stop && f->stops[step->index].description != NULL) {
		dyp_text_add(t, ",\"description\":");
		add_string(t, f->stops[step->index].description);
	}
	if (step->kind != DYP_STEP_BREAK)
		add_place(t, f, here);
	dyp_text_add(t, ",\"setup\":%lld,\"service\":%lld,\"waiting_time\":%d", (long long)setup,
	             (long long)(step->leave - step->begin - setup), step->begin - step->arrival);
	add_loads(t, f, "load", w->load);
	dyp_text_add(t, ",\"arrival\":%lld,\"duration\":%lld",
	             (long long)step->arrival + f->time_offset, (long long)w->travel);
	if (f->has_metres)
		dyp_text_add(t, ",\"distance\":%lld", (long long)w->metres);
	dyp_text_add(t, ",\"violations\":[]}");
	w->place = here;
}

/* The tour judged alone; what other vehicles must serve is no matter here. */
static int64_t
tour_cost(const struct dyp_file *f, const struct dyp_route_tour *tour)
{
	struct dyp_route_problem p = f->problem;
	struct dyp_route_plan alone = { .tours = (struct dyp_route_tour *)tour, .n_tours = 1 };
	struct dyp_route_vehicle *vehicles = malloc(p.n_vehicles * sizeof *vehicles);
	struct dyp_route_score score = { 0 };
	struct dyp_err err;

	if (vehicles == NULL)
		return 0;
	memcpy(vehicles, p.vehicles, p.n_vehicles * sizeof *vehicles);
	for (uint32_t i = 0; i < p.n_vehicles; i++)
		vehicles[i].n_fixed = 0;
	p.vehicles = vehicles;
	p.spread_per_s = 0;
	(void)dyp_route_verify(&p, &alone, &score, &err);
	free(vehicles);
	return score.cost - score.prizes_lost;
}

static void
add_totals(struct dyp_text *t, const struct dyp_file *f, const struct walk *w)
{
	add_loads(t, f, "delivery", w->delivery);
	add_loads(t, f, "pickup", w->pickup);
	dyp_text_add(t,
	             ",\"setup\":%lld,\"service\":%lld,\"duration\":%lld,\"waiting_time\":%lld,"
	             "\"priority\":%lld",
	             (long long)w->setup, (long long)w->service, (long long)w->travel,
	             (long long)w->waiting, (long long)w->priority);
	if (f->has_metres)
		dyp_text_add(t, ",\"distance\":%lld", (long long)w->metres);
}

static void
sum_up(struct walk *all, const struct walk *w, uint32_t dims)
{
	all->metres += w->metres;
	all->travel += w->travel;
	all->waiting += w->waiting;
	all->setup += w->setup;
	all->service += w->service;
	all->priority += w->priority;
	for (uint32_t d = 0; d < dims; d++) {
		all->delivery[d] += w->delivery[d];
		all->pickup[d] += w->pickup[d];
	}
}

static void
add_unassigned(struct dyp_text *t, const struct dyp_file *f, const struct dyp_route_plan *plan,
               const struct dyp_route_report *reasons)
{
	static const char *const cause[DYP_CAUSES] = { "skills", "locked", "capacity",
		                                       "window", "shift",  "limit",
		                                       "stock",  "cost",   "displaced" };
	dyp_text_add(t, "\"unassigned\":[");
	for (uint32_t i = 0; i < plan->n_unserved; i++) {
		uint32_t s = plan->unserved[i];
		dyp_text_add(t, "%s{\"id\":%lld,\"type\":\"%s\"", i > 0 ? "," : "",
		             (long long)f->stops[s].id, f->stops[s].type);
		add_place(t, f, f->problem.stops[s].place);
		if (f->stops[s].description != NULL) {
			dyp_text_add(t, ",\"description\":");
			add_string(t, f->stops[s].description);
		}
		for (uint32_t k = 0; reasons != NULL && k < reasons->n_reasons; k++) {
			const struct dyp_route_reason *r = &reasons->reasons[k];
			if (r->stop != s)
				continue;
			dyp_text_add(
				t,
				",\"reason\":{\"code\":\"%s\",\"vehicle\":%lld,\"amount\":%lld,"
				"\"text\":",
				cause[r->cause], (long long)f->vehicles[r->vehicle].id,
				(long long)r->amount);
			add_string(t, r->text);
			dyp_text_add(t, "}");
		}
		dyp_text_add(t, "}");
	}
	dyp_text_add(t, "]");
}

void
dyp_write_vroom(struct dyp_text *t, const struct dyp_file *f, const struct dyp_route_plan *plan,
                const struct dyp_route_report *reasons)
{
	struct dyp_text routes = { 0 };
	struct walk all = { 0 };

	for (uint32_t i = 0; i < plan->n_tours; i++) {
		const struct dyp_route_tour *tour = &plan->tours[i];
		struct dyp_text steps = { 0 };
		struct walk w = { .place = DYP_ROUTE_NONE };
		for (uint32_t k = 0; k < tour->n_steps; k++)
			add_step(&steps, f, tour, k, &w);
		dyp_text_add(&routes, "%s{\"vehicle\":%lld,\"cost\":", i > 0 ? "," : "",
		             (long long)f->vehicles[tour->vehicle].id);
		add_cost(&routes, f, tour_cost(f, tour));
		add_totals(&routes, f, &w);
		dyp_text_add(&routes, ",\"steps\":[%s],\"violations\":[]}",
		             steps.ptr != NULL ? steps.ptr : "");
		t->failed |= steps.failed;
		dyp_text_release(&steps);
		sum_up(&all, &w, f->problem.dims);
	}
	dyp_text_add(t, "{\"code\":0,\"summary\":{\"cost\":");
	add_cost(t, f, plan->score.cost - plan->score.prizes_lost);
	dyp_text_add(t, ",\"routes\":%u,\"unassigned\":%u", plan->n_tours, plan->n_unserved);
	add_totals(t, f, &all);
	dyp_text_add(t, ",\"violations\":[]},");
	add_unassigned(t, f, plan, reasons);
	dyp_text_add(t, ",\"routes\":[%s]}\n", routes.ptr != NULL ? routes.ptr : "");
	t->failed |= routes.failed;
	dyp_text_release(&routes);
}

void
dyp_write_geojson(struct dyp_text *t, const struct dyp_file *f, const struct dyp_route_plan *plan)
{
	dyp_text_add(t, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (uint32_t i = 0; i < plan->n_tours; i++) {
		const struct dyp_route_tour *tour = &plan->tours[i];
		const char *comma = "";
		dyp_text_add(t,
		             "%s\n{\"type\":\"Feature\",\"properties\":{\"vehicle\":%lld},"
		             "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[",
		             i > 0 ? "," : "", (long long)f->vehicles[tour->vehicle].id);
		for (uint32_t k = 0; k < tour->n_steps; k++) {
			uint32_t p = place_of(f, &tour->steps[k], DYP_ROUTE_NONE);
			if (p == DYP_ROUTE_NONE || !f->points[p].known)
				continue;
			dyp_text_add(t, "%s[%.6f,%.6f]", comma, f->points[p].x, f->points[p].y);
			comma = ",";
		}
		dyp_text_add(t, "]}}");
	}
	dyp_text_add(t, "]}\n");
}

struct frame {
	double x0, y0, scale;
};

static struct frame
frame_of(const struct dyp_file *f, double side)
{
	double low[2] = { 1e18, 1e18 };
	double high[2] = { -1e18, -1e18 };

	for (uint32_t i = 0; i < f->problem.places; i++) {
		const struct dyp_point *p = &f->points[i];
		if (!p->known)
			continue;
		low[0] = p->x < low[0] ? p->x : low[0];
		low[1] = p->y < low[1] ? p->y : low[1];
		high[0] = p->x > high[0] ? p->x : high[0];
		high[1] = p->y > high[1] ? p->y : high[1];
	}
	double span = high[0] - low[0] > high[1] - low[1] ? high[0] - low[0] : high[1] - low[1];
	return (struct frame){ low[0], high[1], span > 0 ? side / span : 1 };
}

void
dyp_write_svg(struct dyp_text *t, const struct dyp_file *f, const struct dyp_route_plan *plan)
{
	struct frame frame = frame_of(f, 760);

	dyp_text_add(t, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 800\">\n"
	                "<rect width=\"800\" height=\"800\" fill=\"#fff\"/>\n");
	for (uint32_t i = 0; i < plan->n_tours; i++) {
		const struct dyp_route_tour *tour = &plan->tours[i];
		struct dyp_text dots = { 0 };
		unsigned hue = i * 137 % 360;
		dyp_text_add(t,
		             "<g stroke=\"hsl(%u,70%%,38%%)\" fill=\"none\"><title>vehicle %lld"
		             "</title><polyline stroke-width=\"1.5\" points=\"",
		             hue, (long long)f->vehicles[tour->vehicle].id);
		for (uint32_t k = 0; k < tour->n_steps; k++) {
			uint32_t p = place_of(f, &tour->steps[k], DYP_ROUTE_NONE);
			if (p == DYP_ROUTE_NONE || !f->points[p].known)
				continue;
			double x = 20 + (f->points[p].x - frame.x0) * frame.scale;
			double y = 20 + (frame.y0 - f->points[p].y) * frame.scale;
			dyp_text_add(t, "%.1f,%.1f ", x, y);
			if (tour->steps[k].kind == DYP_STEP_STOP)
				dyp_text_add(&dots, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.2\"/>",
				             x, y);
			else if (tour->steps[k].kind != DYP_STEP_BREAK)
				dyp_text_add(
					&dots,
					"<rect x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\"/>",
					x - 4, y - 4);
		}
		dyp_text_add(t, "\"/>%s</g>\n", dots.ptr != NULL ? dots.ptr : "");
		t->failed |= dots.failed;
		dyp_text_release(&dots);
	}
	dyp_text_add(t, "</svg>\n");
}
