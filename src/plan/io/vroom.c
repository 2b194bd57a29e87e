/* VROOM's JSON problems, and our keys beside its own, which VROOM ignores:
 *   job: tier, prize (makes it optional), release, group, vehicle (id it is locked to), aboard,
 *     late [[from, cost per hour], ...]
 *   vehicle: reloads [location_index...], max_reloads, reload_time, overtime, overtime_per_hour,
 *     departed, locked [job ids it serves first], long_day [[seconds, cost per hour], ...]
 * Costs are kept in 1/18000 of VROOM's unit, divided by what all have in common: 1 per km of
 * metres and 1 per hour of seconds are then both whole. Times are shifted when they are stamps of
 * the calendar. Without matrices, legs are 1.3 times the air line at the profile's speed. */
#include "vroom.h"

#include <string.h>

/* First element of a list of the root object, or NULL. */
static const struct dyp_js *
items(const struct vroom *r, const char *key)
{
	const struct dyp_js *v = dyp_js_get(r->root, key);

	return v != NULL && v->kind == DYP_JS_ARRAY ? v->child : NULL;
}

enum dyp_code
dyp_vroom_wrong(struct vroom *r, const char *member, const char *what)
{
	return dyp_raise_item(r->err, DYP_BAD_INPUT, r->list, r->item, member, "%s", what);
}

static enum dyp_code
number(struct vroom *r, const struct dyp_js *o, const char *key, double otherwise, double least,
       double most, double *out)
{
	const struct dyp_js *v = dyp_js_get(o, key);

	*out = otherwise;
	if (v == NULL)
		return DYP_OK;
	if (v->kind != DYP_JS_NUMBER && v->kind != DYP_JS_BOOL)
		return dyp_vroom_wrong(r, key, "must be a number");
	if (v->number < least || v->number > most)
		return dyp_raise_item(r->err, DYP_BAD_INPUT, r->list, r->item, key,
		                      "%g is not in %g..%g", v->number, least, most);
	*out = v->number;
	return DYP_OK;
}

static enum dyp_code
integer(struct vroom *r, const struct dyp_js *o, const char *key, double most, int32_t *out)
{
	double v;

	TRY(number(r, o, key, 0, 0, most, &v));
	*out = (int32_t)v;
	return DYP_OK;
}

static enum dyp_code
loads(struct vroom *r, const struct dyp_js *o, const char *key, const int32_t **out)
{
	const struct dyp_js *v = dyp_js_get(o, key);
	uint32_t i = 0;

	if (v == NULL)
		return DYP_OK;
	if (v->kind != DYP_JS_ARRAY || v->count > r->dims)
		return dyp_vroom_wrong(r, key, "must be a list as long as the vehicles' capacity");
	int32_t *load = DYP_NEW_ARRAY(r->pool, r->dims, int32_t);
	if (load == NULL)
		return dyp_raise_memory(r->err);
	for (const struct dyp_js *c = v->child; c != NULL; c = c->next, i++) {
		if (c->kind != DYP_JS_NUMBER || c->number < 0 || c->number > 1e9)
			return dyp_vroom_wrong(r, key, "an amount is not in 0..10^9");
		load[i] = (int32_t)c->number;
	}
	*out = load;
	return DYP_OK;
}

static enum dyp_code
integers(struct vroom *r, const struct dyp_js *o, const char *key, const uint32_t **out,
         uint32_t *count)
{
	const struct dyp_js *v = dyp_js_get(o, key);

	if (v == NULL)
		return DYP_OK;
	if (v->kind != DYP_JS_ARRAY)
		return dyp_vroom_wrong(r, key, "must be a list of numbers");
	uint32_t *list = DYP_NEW_ARRAY(r->pool, v->count, uint32_t);
	if (list == NULL)
		return dyp_raise_memory(r->err);
	for (const struct dyp_js *c = v->child; c != NULL; c = c->next) {
		if (c->kind != DYP_JS_NUMBER || c->number < 0 || c->number > 4e9)
			return dyp_vroom_wrong(r, key, "must be a list of whole numbers");
		list[(*count)++] = (uint32_t)c->number;
	}
	*out = list;
	return DYP_OK;
}

static enum dyp_code
pair(struct vroom *r, const struct dyp_js *v, const char *key, double out[2])
{
	if (v->kind != DYP_JS_ARRAY || v->count != 2 || v->child->kind != DYP_JS_NUMBER ||
	    v->child->next->kind != DYP_JS_NUMBER)
		return dyp_vroom_wrong(r, key, "must consist of pairs of numbers");
	out[0] = v->child->number;
	out[1] = v->child->next->number;
	return DYP_OK;
}

static enum dyp_code
windows(struct vroom *r, const struct dyp_js *o, const struct dyp_route_window **out,
        uint32_t *count)
{
	const struct dyp_js *v = dyp_js_get(o, "time_windows");

	if (v == NULL)
		return DYP_OK;
	if (v->kind != DYP_JS_ARRAY)
		return dyp_vroom_wrong(r, "time_windows", "must be a list of pairs");
	struct dyp_route_window *w = DYP_NEW_ARRAY(r->pool, v->count, struct dyp_route_window);
	if (w == NULL)
		return dyp_raise_memory(r->err);
	for (const struct dyp_js *c = v->child; c != NULL; c = c->next) {
		double t[2] = { 0, 0 };
		TRY(pair(r, c, "time_windows", t));
		t[0] -= (double)r->f->time_offset;
		t[1] -= (double)r->f->time_offset;
		if (t[0] < 0 || t[1] < t[0] || t[0] > DYP_ROUTE_TIME_MAX)
			return dyp_vroom_wrong(r, "time_windows", "a window ends before it begins");
		w[*count].from = (int32_t)t[0];
		w[(*count)++].to = t[1] > DYP_ROUTE_TIME_MAX ? DYP_ROUTE_TIME_MAX : (int32_t)t[1];
	}
	*out = w;
	return DYP_OK;
}

/* Pairs [from, cost per hour]. */
static enum dyp_code
bends(struct vroom *r, const struct dyp_js *o, const char *key, bool of_clock,
      const struct dyp_route_bend **out, uint32_t *count)
{
	const struct dyp_js *v = dyp_js_get(o, key);

	if (v == NULL)
		return DYP_OK;
	if (v->kind != DYP_JS_ARRAY)
		return dyp_vroom_wrong(r, key, "must be a list of pairs");
	struct dyp_route_bend *b = DYP_NEW_ARRAY(r->pool, v->count, struct dyp_route_bend);
	if (b == NULL)
		return dyp_raise_memory(r->err);
	for (const struct dyp_js *c = v->child; c != NULL; c = c->next) {
		double t[2] = { 0, 0 };
		TRY(pair(r, c, key, t));
		t[0] -= of_clock ? (double)r->f->time_offset : 0;
		if (t[0] < 0 || t[0] > DYP_ROUTE_TIME_MAX || t[1] < 0 || t[1] > 1e7)
			return dyp_vroom_wrong(r, key, "a time or cost is out of range");
		b[*count].from = (int32_t)t[0];
		b[(*count)++].per_s = (int64_t)(t[1] * COST_UNIT_HOUR);
	}
	*out = b;
	return DYP_OK;
}

/* The place of [lon, lat] or of an index. */
static enum dyp_code
place(struct vroom *r, const struct dyp_js *o, const char *key, const char *index_key,
      uint32_t *out)
{
	const struct dyp_js *at = dyp_js_get(o, index_key);
	const struct dyp_js *xy = dyp_js_get(o, key);
	double p[2] = { 0, 0 };

	if (xy != NULL)
		TRY(pair(r, xy, key, p));
	if (r->by_index) {
		if (at == NULL)
			return dyp_vroom_wrong(
				r, index_key,
				"is missing: with matrices every place needs an index");
		if (at->kind != DYP_JS_NUMBER || at->number < 0 || at->number >= r->n_places)
			return dyp_vroom_wrong(r, index_key, "is outside the matrix");
		*out = (uint32_t)at->number;
	} else {
		if (xy == NULL)
			return dyp_vroom_wrong(
				r, key,
				"is missing: without matrices every place needs coordinates");
		uint32_t i = 0;
		while (i < r->n_places && (r->f->points[i].x != p[0] || r->f->points[i].y != p[1]))
			i++;
		if (i == r->n_places)
			r->n_places++;
		*out = i;
	}
	if (xy != NULL)
		r->f->points[*out] = (struct dyp_point){ p[0], p[1], true };
	return DYP_OK;
}

static uint32_t
kind_number(const struct vroom *r, const char *name)
{
	for (uint32_t i = 0; i < r->n_kinds; i++)
		if (strcmp(r->kinds[i], name) == 0)
			return i;
	return r->n_kinds;
}

/* {"type of vehicle": seconds}; NULL when the key is missing. */
static enum dyp_code
by_kind(struct vroom *r, const struct dyp_js *o, const char *key, int32_t otherwise,
        const int32_t **out)
{
	const struct dyp_js *list = dyp_js_get(o, key);

	if (list == NULL)
		return DYP_OK;
	if (list->kind != DYP_JS_OBJECT)
		return dyp_vroom_wrong(r, key, "must be an object of vehicle types");
	int32_t *s = DYP_NEW_ARRAY(r->pool, r->n_kinds, int32_t);
	if (s == NULL)
		return dyp_raise_memory(r->err);
	for (uint32_t k = 0; k < r->n_kinds; k++)
		s[k] = otherwise;
	for (const struct dyp_js *c = list->child; c != NULL; c = c->next) {
		uint32_t k = kind_number(r, c->key);
		if (c->kind != DYP_JS_NUMBER || c->number < 0 || c->number > 1e7)
			return dyp_vroom_wrong(r, key, "a time is not in 0..10^7");
		if (k < r->n_kinds) /* other types have no vehicle today */
			s[k] = (int32_t)c->number;
	}
	*out = s;
	return DYP_OK;
}

static enum dyp_code
read_stop(struct vroom *r, const struct dyp_js *o, const char *type)
{
	uint32_t at = r->f->problem.n_stops++;
	struct dyp_route_stop *s = &r->stop[at];
	double id;
	double v;

	*s = (struct dyp_route_stop){ .vehicle = DYP_ROUTE_NONE };
	if (dyp_js_get(o, "id") == NULL)
		return dyp_vroom_wrong(r, "id", "is missing");
	TRY(number(r, o, "id", 0, 0, 9e15, &id));
	const struct dyp_js *text = dyp_js_get(o, "description");
	r->f->stops[at] = (struct dyp_name){ (int64_t)id, text != NULL ? text->text : NULL, type };
	TRY(place(r, o, "location", "location_index", &s->place));
	TRY(integer(r, o, "setup", 1e7, &s->setup_s));
	TRY(integer(r, o, "service", 1e7, &s->service_s));
	TRY(by_kind(r, o, "setup_per_type", s->setup_s, &s->setup_by_kind));
	TRY(by_kind(r, o, "service_per_type", s->service_s, &s->service_by_kind));
	TRY(windows(r, o, &s->windows, &s->n_windows));
	TRY(bends(r, o, "late", true, &s->late, &s->n_late));
	TRY(number(r, o, "release", (double)r->f->time_offset, 0, 4e9, &v));
	s->release_s = v > (double)r->f->time_offset ? (int32_t)(v - (double)r->f->time_offset) : 0;
	return DYP_OK;
}

static enum dyp_code
read_common(struct vroom *r, const struct dyp_js *o, struct dyp_route_stop *s)
{
	double v;

	TRY(number(r, o, "priority", 0, 0, 100, &v));
	s->priority = (uint16_t)v;
	TRY(number(r, o, "tier", 0, 0, DYP_ROUTE_TIERS - 1, &v));
	s->tier = (uint8_t)v;
	TRY(integers(r, o, "skills", &s->skills, &s->n_skills));
	s->optional = dyp_js_get(o, "prize") != NULL;
	TRY(number(r, o, "prize", 0, 0, 5e7, &v));
	s->prize = (int64_t)(v * COST_UNIT);
	return DYP_OK;
}

static enum dyp_code
read_jobs(struct vroom *r)
{

	r->list = "jobs";
	r->item = 0;
	for (const struct dyp_js *o = items(r, "jobs"); o != NULL; o = o->next) {
		struct dyp_route_stop *s = &r->stop[r->f->problem.n_stops];
		int32_t group;
		double v;
		TRY(read_stop(r, o, "job"));
		TRY(read_common(r, o, s));
		TRY(loads(r, o, dyp_js_get(o, "delivery") != NULL ? "delivery" : "amount",
		          &s->delivery));
		TRY(loads(r, o, "pickup", &s->pickup));
		TRY(integer(r, o, "group", 1e6, &group));
		s->group = (uint32_t)group;
		TRY(number(r, o, "aboard", 0, 0, 1, &v));
		s->aboard = v > 0;
		r->item++;
	}
	return DYP_OK;
}

static enum dyp_code
read_shipments(struct vroom *r, struct dyp_route_shipment *shipment)
{

	r->list = "shipments";
	r->item = 0;
	for (const struct dyp_js *o = items(r, "shipments"); o != NULL; o = o->next) {
		const struct dyp_js *up = dyp_js_get(o, "pickup");
		const struct dyp_js *down = dyp_js_get(o, "delivery");
		if (up == NULL || down == NULL)
			return dyp_vroom_wrong(r, "pickup", "a shipment needs pickup and delivery");
		uint32_t at = r->f->problem.n_stops;
		TRY(read_stop(r, up, "pickup"));
		TRY(read_stop(r, down, "delivery"));
		TRY(read_common(r, o, &r->stop[at]));
		TRY(read_common(r, o, &r->stop[at + 1]));
		r->stop[at].prize = 0; /* counted once, with the delivery */
		TRY(loads(r, o, "amount", &r->stop[at].pickup));
		r->stop[at + 1].delivery = r->stop[at].pickup;
		shipment[r->item++] = (struct dyp_route_shipment){ at, at + 1 };
	}
	r->f->problem.n_shipments = r->item;
	return DYP_OK;
}

static enum dyp_code
read_breaks(struct vroom *r, const struct dyp_js *o, struct dyp_route_vehicle *v, int64_t **ids)
{
	const struct dyp_js *list = dyp_js_get(o, "breaks");

	if (list == NULL)
		return DYP_OK;
	struct dyp_route_break *b = DYP_NEW_ARRAY(r->pool, list->count, struct dyp_route_break);
	*ids = DYP_NEW_ARRAY(r->pool, list->count, int64_t);
	if (r->pool->failed)
		return dyp_raise_memory(r->err);
	for (const struct dyp_js *c = list->child; c != NULL; c = c->next) {
		double id;
		TRY(number(r, c, "id", 0, 0, 9e15, &id));
		(*ids)[v->n_breaks] = (int64_t)id;
		TRY(windows(r, c, &b[v->n_breaks].windows, &b[v->n_breaks].n_windows));
		TRY(integer(r, c, "service", 1e7, &b[v->n_breaks].service_s));
		TRY(loads(r, c, "max_load", &b[v->n_breaks].max_load));
		v->n_breaks++;
	}
	v->breaks = b;
	return DYP_OK;
}

static enum dyp_code
read_costs(struct vroom *r, const struct dyp_js *o, struct dyp_route_vehicle *v)
{
	const struct dyp_js *costs = dyp_js_get(o, "costs");
	double c;

	TRY(number(r, costs, "fixed", 0, 0, 5e7, &c));
	v->fixed_cost = (int64_t)(c * COST_UNIT);
	TRY(number(r, costs, "per_hour", 3600, 0, 1e7, &c));
	v->per_travel_s = (int64_t)(c * COST_UNIT_HOUR);
	TRY(number(r, costs, "per_km", 0, 0, 5e6, &c));
	v->per_metre = (int64_t)(c * COST_UNIT_KM);
	TRY(number(r, costs, "per_task_hour", 0, 0, 1e7, &c));
	v->per_task_s = (int64_t)(c * COST_UNIT_HOUR);
	TRY(number(r, o, "overtime_per_hour", 0, 0, 1e7, &c));
	v->overtime_per_s = (int64_t)(c * COST_UNIT_HOUR);
	return DYP_OK;
}

static uint32_t
profile_number(const struct vroom *r, const char *name)
{
	for (uint32_t i = 0; i < r->n_profiles; i++)
		if (strcmp(r->f->profiles[i], name) == 0)
			return i;
	return r->n_profiles;
}

static enum dyp_code
read_vehicle(struct vroom *r, const struct dyp_js *o, uint32_t at)
{
	struct dyp_route_vehicle *v = &r->vehicle[at];
	const struct dyp_js *profile = dyp_js_get(o, "profile");
	const struct dyp_js *kind = dyp_js_get(o, "type");
	const struct dyp_js *shift = dyp_js_get(o, "time_window");
	int32_t many = 0;
	double x;

	*v = (struct dyp_route_vehicle){ .start = DYP_ROUTE_NONE, .end = DYP_ROUTE_NONE };
	if (dyp_js_get(o, "id") == NULL)
		return dyp_vroom_wrong(r, "id", "is missing");
	TRY(number(r, o, "id", 0, 0, 9e15, &x));
	r->f->vehicles[at].id = (int64_t)x;
	const char *name = profile != NULL && profile->text != NULL ? profile->text : "car";
	v->profile = profile_number(r, name);
	if (v->profile == r->n_profiles && r->by_index)
		return dyp_vroom_wrong(r, "profile", "there is no matrix of this name");
	if (v->profile == r->n_profiles)
		r->f->profiles[r->n_profiles++] = name;
	if (kind != NULL && kind->kind != DYP_JS_STRING)
		return dyp_vroom_wrong(r, "type", "must be a text");
	v->kind = kind_number(r, kind != NULL ? kind->text : "");
	if (v->kind == r->n_kinds)
		r->kinds[r->n_kinds++] = kind != NULL ? kind->text : "";
	if (dyp_js_get(o, "start") != NULL || dyp_js_get(o, "start_index") != NULL)
		TRY(place(r, o, "start", "start_index", &v->start));
	if (dyp_js_get(o, "end") != NULL || dyp_js_get(o, "end_index") != NULL)
		TRY(place(r, o, "end", "end_index", &v->end));
	TRY(loads(r, o, "capacity", &v->capacity));
	TRY(read_costs(r, o, v));
	TRY(integers(r, o, "skills", &v->skills, &v->n_skills));
	if (shift != NULL) {
		double t[2] = { 0, 0 };
		TRY(pair(r, shift, "time_window", t));
		t[0] -= (double)r->f->time_offset;
		t[1] -= (double)r->f->time_offset;
		if (t[0] < 0 || t[1] < t[0] || t[0] > DYP_ROUTE_TIME_MAX)
			return dyp_vroom_wrong(r, "time_window", "ends before it begins");
		v->shift_from = (int32_t)t[0];
		v->shift_to = t[1] > DYP_ROUTE_TIME_MAX ? DYP_ROUTE_TIME_MAX : (int32_t)t[1];
	}
	TRY(read_breaks(r, o, v, &r->f->break_ids[at]));
	TRY(number(r, o, "speed_factor", 1, 0.01, 5, &x));
	v->slowness = (uint32_t)(1000.0 / x + 0.5);
	TRY(integer(r, o, "max_tasks", 2e9, &v->max_tasks));
	TRY(integer(r, o, "max_travel_time", 2e9, &v->max_travel_s));
	TRY(integer(r, o, "max_distance", 2e9, &v->max_metres));
	TRY(integer(r, o, "overtime", 1e7, &v->overtime_s));
	TRY(integer(r, o, "reload_time", 1e7, &v->reload_s));
	TRY(integer(r, o, "max_reloads", 1000, &many));
	TRY(integers(r, o, "reloads", &v->reloads, &v->n_reloads));
	v->max_reloads = many > 0 ? (uint32_t)many : v->n_reloads > 0 ? 10 : 0;
	TRY(bends(r, o, "long_day", false, &v->long_day, &v->n_long_day));
	TRY(number(r, o, "departed", 0, 0, 1, &x));
	v->departed = x > 0;
	return DYP_OK;
}

/* Least time named anywhere when times are calendar stamps. */
static int64_t
least_time(const struct vroom *r)
{
	static const char *const lists[] = { "jobs", "vehicles" };
	double least = 1e18;

	for (size_t i = 0; i < 2; i++) {
		for (const struct dyp_js *o = items(r, lists[i]); o != NULL; o = o->next) {
			const struct dyp_js *w = dyp_js_get(o, "time_window");
			const struct dyp_js *ws = dyp_js_get(o, "time_windows");
			if (w != NULL && w->count == 2 && w->child->number < least)
				least = w->child->number;
			if (ws != NULL && ws->count > 0 && ws->child->count == 2 &&
			    ws->child->child->number < least)
				least = ws->child->child->number;
		}
	}
	return least > 1e8 && least < 4e9 ? (int64_t)least : 0;
}

static uint32_t
count_of(const struct vroom *r, const char *key)
{
	const struct dyp_js *v = dyp_js_get(r->root, key);

	return v != NULL && v->kind == DYP_JS_ARRAY ? v->count : 0;
}

static enum dyp_code
get_memory(struct vroom *r, uint32_t stops, uint32_t vehicles)
{
	const struct dyp_js *m = dyp_js_get(r->root, "matrices");
	uint32_t profiles = m != NULL ? m->count : vehicles;
	uint32_t points = stops + 2 * vehicles;
	const struct dyp_js *rows =
		m != NULL && m->child != NULL ? dyp_js_get(m->child, "durations") : NULL;

	if (rows != NULL && rows->count > points)
		points = rows->count;
	r->stop = DYP_NEW_ARRAY(r->pool, stops, struct dyp_route_stop);
	r->vehicle = DYP_NEW_ARRAY(r->pool, vehicles, struct dyp_route_vehicle);
	r->matrix = DYP_NEW_ARRAY(r->pool, profiles, struct dyp_route_matrix);
	r->kinds = DYP_NEW_ARRAY(r->pool, vehicles, const char *);
	r->f->stops = DYP_NEW_ARRAY(r->pool, stops, struct dyp_name);
	r->f->vehicles = DYP_NEW_ARRAY(r->pool, vehicles, struct dyp_name);
	r->f->break_ids = DYP_NEW_ARRAY(r->pool, vehicles, int64_t *);
	r->f->profiles = DYP_NEW_ARRAY(r->pool, profiles, const char *);
	r->f->points = DYP_NEW_ARRAY(r->pool, points, struct dyp_point);
	return r->pool->failed ? dyp_raise_memory(r->err) : DYP_OK;
}

static uint32_t
find_job(const struct dyp_file *f, int64_t id)
{
	for (uint32_t s = 0; s < f->problem.n_stops; s++)
		if (f->stops[s].id == id && strcmp(f->stops[s].type, "job") == 0)
			return s;
	return DYP_ROUTE_NONE;
}

/* Ids become numbers: jobs' "vehicle", vehicles' "locked". */
static enum dyp_code
resolve_ids(struct vroom *r)
{
	uint32_t at = 0;

	r->list = "jobs";
	for (const struct dyp_js *o = items(r, "jobs"); o != NULL; o = o->next) {
		const struct dyp_js *id = dyp_js_get(o, "vehicle");
		r->item = at;
		for (uint32_t v = 0; id != NULL && v < r->f->problem.n_vehicles; v++)
			if (r->f->vehicles[v].id == (int64_t)id->number)
				r->stop[at].vehicle = v;
		if (id != NULL && r->stop[at].vehicle == DYP_ROUTE_NONE)
			return dyp_vroom_wrong(r, "vehicle", "there is no vehicle of this id");
		at++;
	}
	r->list = "vehicles";
	at = 0;
	for (const struct dyp_js *o = items(r, "vehicles"); o != NULL; o = o->next) {
		struct dyp_route_vehicle *v = &r->vehicle[at];
		uint32_t count = 0;
		const uint32_t *ids = NULL;
		r->item = at;
		TRY(integers(r, o, "locked", &ids, &count));
		for (uint32_t k = 0; k < count; k++) {
			uint32_t stop = find_job(r->f, ids[k]);
			if (stop == DYP_ROUTE_NONE)
				return dyp_vroom_wrong(r, "locked", "there is no job of this id");
			r->stop[stop].vehicle = at;
			((uint32_t *)ids)[k] = stop;
		}
		v->fixed = ids;
		v->n_fixed = count;
		at++;
	}
	return DYP_OK;
}

static enum dyp_code
read_problem(struct vroom *r)
{
	const struct dyp_js *matrices = dyp_js_get(r->root, "matrices");
	uint32_t vehicles = count_of(r, "vehicles");
	uint32_t shipments = count_of(r, "shipments");
	uint32_t jobs = count_of(r, "jobs");
	struct dyp_route_problem *p = &r->f->problem;

	if (r->root->kind != DYP_JS_OBJECT || vehicles == 0)
		return dyp_raise(r->err, DYP_BAD_INPUT, "/vehicles", "there is no vehicle");
	if (vehicles > MOST_ITEMS || shipments > MOST_ITEMS / 2 || jobs > MOST_ITEMS)
		return dyp_raise(r->err, DYP_BAD_INPUT, "/jobs", "too many jobs or vehicles");
	TRY(get_memory(r, jobs + 2 * shipments, vehicles));
	for (const struct dyp_js *o = items(r, "vehicles"); o != NULL; o = o->next) {
		const struct dyp_js *c = dyp_js_get(o, "capacity");
		r->dims = c != NULL && c->count > r->dims ? c->count : r->dims;
	}
	if (matrices != NULL && (matrices->kind != DYP_JS_OBJECT || matrices->count == 0))
		return dyp_raise(r->err, DYP_BAD_INPUT, "/matrices",
		                 "must be an object of profiles");
	if (r->dims > DYP_ROUTE_DIMS)
		return dyp_raise(r->err, DYP_BAD_INPUT, "/vehicles/0/capacity",
		                 "at most %d dimensions", DYP_ROUTE_DIMS);
	r->f->time_offset = least_time(r);
	r->by_index = matrices != NULL;
	if (matrices != NULL)
		TRY(dyp_vroom_read_matrices(r, matrices));
	r->list = "vehicles";
	r->item = 0;
	for (const struct dyp_js *o = items(r, "vehicles"); o != NULL; o = o->next) {
		TRY(read_vehicle(r, o, r->item));
		r->item++;
	}
	struct dyp_route_shipment *shipment =
		DYP_NEW_ARRAY(r->pool, shipments, struct dyp_route_shipment);
	if (shipment == NULL)
		return dyp_raise_memory(r->err);
	p->n_vehicles = vehicles;
	TRY(read_jobs(r));
	TRY(read_shipments(r, shipment));
	TRY(resolve_ids(r));
	if (!r->by_index)
		TRY(dyp_vroom_guess_matrices(r));
	dyp_vroom_shorten_costs(r);
	r->f->geographic = true;
	p->places = r->n_places;
	p->dims = r->dims;
	p->kinds = r->n_kinds;
	p->n_matrices = r->n_profiles;
	p->matrices = r->matrix;
	p->stops = r->stop;
	p->vehicles = r->vehicle;
	p->shipments = shipment;
	return DYP_OK;
}

enum dyp_code
dyp_read_vroom(const char *text, size_t size, struct dyp_file *out, struct dyp_err *err)
{
	struct dyp_js *root = NULL;

	*out = (struct dyp_file){ .cost_unit = 1 };
	dyp_pool_init(&out->pool, NULL);
	TRY(dyp_js_read(&out->pool, text, size, &root, err));
	struct vroom r = { .f = out, .pool = &out->pool, .root = root, .err = err };
	return read_problem(&r);
}
