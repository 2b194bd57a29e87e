/* VRPLIB text: headers "NAME : value", sections of numbered lines.
 *
 * Node 1 (or the nodes of DEPOT_SECTION, which must come first) are depots. Lines of VEHICLES_*
 * sections number vehicles from 1. Lengths are Euclidean, rounded as chosen; with x10 and x1000
 * every time, prize and fixed cost in the file is scaled alike, loads and unit costs are not.
 * Without a choice: problems with windows and one depot take x10-trunc, those with several depots
 * or unlike vehicles x1000-nearest, all others nearest. */
#include "problem.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 20000 };

enum column { COL_LOAD, COL_SERVICE, COL_OPEN, COL_CLOSE, COL_RELEASE, COL_PRIZE, NODE_COLUMNS };

enum vcolumn { VCOL_DEPOT, VCOL_CAPACITY, VCOL_FIXED, VCOL_UNIT, VCOL_RELOAD, VEHICLE_COLUMNS };

struct reader {
	const char *at, *end;
	uint32_t line;
	struct dyp_file *file;
	struct dyp_pool *pool;
	struct dyp_err *err;
	int64_t dimension, vehicles, capacity, max_duration, service;
	struct dyp_point *point; /* by node */
	double *column[NODE_COLUMNS];
	double *vcolumn[VEHICLE_COLUMNS];
	uint32_t depots;
	bool is_cvrp;
};

static enum dyp_code
fail(struct reader *r, const char *what)
{
	return dyp_raise_item(r->err, DYP_BAD_INPUT, "line", r->line, "", "%s", what);
}

static bool
next_line(struct reader *r, char *line, size_t room)
{
	while (r->at < r->end) {
		const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
		size_t len = (size_t)((stop != NULL ? stop : r->end) - r->at);
		const char *from = r->at;
		r->at = stop != NULL ? stop + 1 : r->end;
		r->line++;
		if (len >= room)
			len = room - 1;
		size_t used = 0;
		for (size_t i = 0; i < len; i++) {
			char c = from[i] == '\t' || from[i] == '\r' ? ' ' : from[i];
			if (c == '\0')
				c = '?';
			if (used > 0 || c != ' ')
				line[used++] = c;
		}
		while (used > 0 && line[used - 1] == ' ')
			used--;
		line[used] = '\0';
		if (used > 0)
			return true;
	}
	return false;
}

/* Up to `most` numbers of a line; -1 when something else stands there. */
static int
numbers(const char *line, double *out, int most)
{
	int count = 0;

	while (*line != '\0') {
		char *stop;
		double v = strtod(line, &stop);
		if (stop == line || !isfinite(v) || fabs(v) > 1e12)
			return -1;
		if (count < most)
			out[count] = v;
		count++;
		line = stop;
		while (*line == ' ')
			line++;
	}
	return count;
}

static enum dyp_code
read_header(struct reader *r, const char *key, const char *value)
{
	double number = 0;
	const struct {
		const char *name;
		int64_t *to;
		double least, most;
	} row[] = {
		{ "DIMENSION", &r->dimension, 2, MOST_NODES },
		{ "VEHICLES", &r->vehicles, 1, MOST_NODES },
		{ "CAPACITY", &r->capacity, 0, 1e9 },
		{ "VEHICLES_MAX_DURATION", &r->max_duration, 1, 1e7 },
		{ "SERVICE_TIME", &r->service, 0, 1e7 },
	};

	if (strcmp(key, "TYPE") == 0)
		r->is_cvrp = strcmp(value, "CVRP") == 0;
	if (strcmp(key, "EDGE_WEIGHT_TYPE") == 0 && strcmp(value, "EUC_2D") != 0)
		return fail(r, "only EDGE_WEIGHT_TYPE EUC_2D is known");
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		if (strcmp(key, row[i].name) != 0)
			continue;
		if (numbers(value, &number, 1) != 1 || number < row[i].least ||
		    number > row[i].most)
			return fail(r, "the header's number is missing or out of range");
		*row[i].to = (int64_t)number;
	}
	return DYP_OK;
}

static enum dyp_code
read_depots(struct reader *r, char *line, size_t room)
{
	double v[2];

	while (next_line(r, line, room)) {
		if (numbers(line, v, 2) < 1 || v[0] < 0)
			break;
		if (v[0] != r->depots + 1)
			return fail(r, "depots must be the first nodes, in order");
		r->depots++;
	}
	return DYP_OK;
}

/* One line per node or vehicle: number and up to two values. */
static enum dyp_code
read_rows(struct reader *r, char *line, size_t room, int64_t count, double **to, int width)
{
	if (count <= 0)
		return fail(r, "DIMENSION or VEHICLES must stand before its sections");
	for (int k = 0; k < width; k++) {
		if (to[k] == NULL)
			to[k] = DYP_NEW_ARRAY(r->pool, (size_t)count, double);
		if (to[k] == NULL)
			return dyp_raise_memory(r->err);
	}
	for (int64_t i = 0; i < count; i++) {
		double v[3];
		if (!next_line(r, line, room) || numbers(line, v, 3) < width + 1)
			return fail(r, "the section is too short or a line lacks numbers");
		if (v[0] != (double)(i + 1))
			return fail(r, "lines of a section must be numbered 1, 2, 3, ...");
		for (int k = 0; k < width; k++)
			to[k][i] = v[k + 1];
	}
	return DYP_OK;
}

static enum dyp_code
read_section(struct reader *r, const char *name, char *line, size_t room)
{
	const struct {
		const char *name;
		double **to;
		int width;
		bool vehicles;
	} row[] = {
		{ "DEMAND_SECTION", &r->column[COL_LOAD], 1, false },
		{ "SERVICE_TIME_SECTION", &r->column[COL_SERVICE], 1, false },
		{ "TIME_WINDOW_SECTION", &r->column[COL_OPEN], 2, false },
		{ "RELEASE_TIME_SECTION", &r->column[COL_RELEASE], 1, false },
		{ "PRIZE_SECTION", &r->column[COL_PRIZE], 1, false },
		{ "VEHICLES_DEPOT_SECTION", &r->vcolumn[VCOL_DEPOT], 1, true },
		{ "CAPACITY_SECTION", &r->vcolumn[VCOL_CAPACITY], 1, true },
		{ "VEHICLES_FIXED_COST_SECTION", &r->vcolumn[VCOL_FIXED], 1, true },
		{ "VEHICLES_UNIT_DISTANCE_COST_SECTION", &r->vcolumn[VCOL_UNIT], 1, true },
		{ "VEHICLES_RELOAD_DEPOT_SECTION", &r->vcolumn[VCOL_RELOAD], 1, true },
	};

	if (strcmp(name, "NODE_COORD_SECTION") == 0) {
		double *xy[2] = { NULL, NULL };
		enum dyp_code rc = read_rows(r, line, room, r->dimension, xy, 2);
		if (rc != DYP_OK)
			return rc;
		r->point = DYP_NEW_ARRAY(r->pool, (size_t)r->dimension, struct dyp_point);
		if (r->point == NULL)
			return dyp_raise_memory(r->err);
		for (int64_t i = 0; i < r->dimension; i++)
			r->point[i] = (struct dyp_point){ xy[0][i], xy[1][i], true };
		return DYP_OK;
	}
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (strcmp(name, row[i].name) == 0)
			return read_rows(r, line, room,
			                 row[i].vehicles ? r->vehicles : r->dimension, row[i].to,
			                 row[i].width);
	return fail(r, "unknown section");
}

static enum dyp_code
read_all(struct reader *r)
{
	char line[512];

	while (next_line(r, line, sizeof line)) {
		enum dyp_code rc = DYP_OK;
		char *colon = strchr(line, ':');
		if (strcmp(line, "EOF") == 0)
			break;
		if (strcmp(line, "DEPOT_SECTION") == 0) {
			rc = read_depots(r, line, sizeof line);
			if (rc == DYP_OK && strcmp(line, "EOF") == 0)
				break;
		} else if (colon != NULL) {
			char *value = colon + 1;
			while (*value == ' ')
				value++;
			*colon = '\0';
			while (colon > line && colon[-1] == ' ')
				*--colon = '\0';
			rc = read_header(r, line, value);
		} else {
			char name[64] = "";
			memcpy(name, line, strlen(line) < 63 ? strlen(line) : 63);
			rc = read_section(r, name, line, sizeof line);
		}
		if (rc != DYP_OK)
			return rc;
	}
	if (r->point == NULL)
		return fail(r, "NODE_COORD_SECTION is missing");
	if (r->depots == 0)
		r->depots = 1;
	if (r->depots >= (uint32_t)r->dimension)
		return fail(r, "there is no stop beside the depots");
	return DYP_OK;
}

static double
scale_of(enum dyp_rounding how)
{
	return how == DYP_ROUND_X10_TRUNC ? 10.0 : how == DYP_ROUND_X1000_NEAREST ? 1000.0 : 1.0;
}

static double
rounded(double v, enum dyp_rounding how)
{
	v *= scale_of(how);
	return how == DYP_ROUND_X10_TRUNC ? floor(v + 1e-9) : floor(v + 0.5);
}

static int32_t
as_time(double v, enum dyp_rounding how)
{
	v = rounded(v, how);
	return v < 0 ? -1 : v > DYP_ROUTE_TIME_MAX ? DYP_ROUTE_TIME_MAX : (int32_t)v;
}

static enum dyp_code
fill_matrix(struct reader *r, enum dyp_rounding how)
{
	size_t n = (size_t)r->dimension;
	int32_t *cell = DYP_NEW_ARRAY(r->pool, n * n, int32_t);
	struct dyp_route_matrix *mx = DYP_NEW_ARRAY(r->pool, 1, struct dyp_route_matrix);

	if (r->pool->failed)
		return dyp_raise_memory(r->err);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++) {
			double dx = r->point[i].x - r->point[j].x;
			double dy = r->point[i].y - r->point[j].y;
			double length = sqrt(dx * dx + dy * dy);
			length = how == DYP_ROUND_X10_TRUNC ? floor(10.0 * length)
			                                    : rounded(length, how);
			if (length > 1e8)
				return fail(r, "the points are too far apart");
			cell[i * n + j] = cell[j * n + i] = (int32_t)length;
		}
	mx->seconds = cell;
	r->file->problem.matrices = mx;
	r->file->problem.n_matrices = 1;
	return DYP_OK;
}

static enum dyp_code
fill_stops(struct reader *r, enum dyp_rounding how)
{
	uint32_t n = (uint32_t)r->dimension - r->depots;
	struct dyp_route_stop *stop = DYP_NEW_ARRAY(r->pool, n, struct dyp_route_stop);
	struct dyp_route_window *window = DYP_NEW_ARRAY(r->pool, n, struct dyp_route_window);
	int32_t *load = DYP_NEW_ARRAY(r->pool, n, int32_t);
	struct dyp_name *name = DYP_NEW_ARRAY(r->pool, n, struct dyp_name);

	if (r->pool->failed)
		return dyp_raise_memory(r->err);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t node = i + r->depots;
		double *const *c = r->column;
		stop[i] = (struct dyp_route_stop){ .place = node, .vehicle = DYP_ROUTE_NONE };
		if (c[COL_LOAD] != NULL && c[COL_LOAD][node] <= 1e9 && c[COL_LOAD][node] >= 0)
			load[i] = (int32_t)c[COL_LOAD][node];
		else if (c[COL_LOAD] != NULL)
			return dyp_raise_item(r->err, DYP_BAD_INPUT, "nodes", node + 1, "demand",
			                      "not in 0..10^9");
		stop[i].delivery = &load[i];
		stop[i].service_s = as_time(
			c[COL_SERVICE] != NULL ? c[COL_SERVICE][node] : (double)r->service, how);
		if (c[COL_OPEN] != NULL) {
			window[i].from = as_time(c[COL_OPEN][node], how);
			window[i].to = as_time(c[COL_CLOSE][node], how);
			stop[i].windows = &window[i];
			stop[i].n_windows = 1;
		}
		if (c[COL_RELEASE] != NULL)
			stop[i].release_s = as_time(c[COL_RELEASE][node], how);
		if (c[COL_PRIZE] != NULL) {
			stop[i].optional = true;
			stop[i].prize = (int64_t)rounded(c[COL_PRIZE][node], how);
		}
		name[i] = (struct dyp_name){ .id = r->file->depots_numbered ? node : i + 1,
			                     .type = "job" };
	}
	r->file->problem.stops = stop;
	r->file->problem.n_stops = n;
	r->file->stops = name;
	return DYP_OK;
}

static enum dyp_code
fill_vehicles(struct reader *r, enum dyp_rounding how)
{
	uint32_t count =
		(uint32_t)(r->vehicles > 0 ? r->vehicles : r->dimension - (int64_t)r->depots);
	struct dyp_route_vehicle *vehicle = DYP_NEW_ARRAY(r->pool, count, struct dyp_route_vehicle);
	int32_t *capacity = DYP_NEW_ARRAY(r->pool, count, int32_t);
	uint32_t *reload = DYP_NEW_ARRAY(r->pool, count, uint32_t);
	struct dyp_name *name = DYP_NEW_ARRAY(r->pool, count, struct dyp_name);
	uint32_t most = 20;

	if (r->pool->failed)
		return dyp_raise_memory(r->err);
	for (uint32_t i = 0; i < count; i++) {
		struct dyp_route_vehicle *v = &vehicle[i];
		double *const *c = r->vcolumn;
		double depot = c[VCOL_DEPOT] != NULL ? c[VCOL_DEPOT][i] : 1;
		double unit = c[VCOL_UNIT] != NULL ? c[VCOL_UNIT][i] : 1;
		double fixed = c[VCOL_FIXED] != NULL ? rounded(c[VCOL_FIXED][i], how) : 0;
		double load = c[VCOL_CAPACITY] != NULL ? c[VCOL_CAPACITY][i] : (double)r->capacity;
		if (depot < 1 || depot > r->depots || unit < 0 || unit > 1e8 || fixed < 0 ||
		    fixed > 1e12 || load < 0 || load > 1e9)
			return dyp_raise_item(r->err, DYP_BAD_INPUT, "vehicles", i + 1, "",
			                      "depot, capacity or cost is out of range");
		v->start = v->end = (uint32_t)depot - 1;
		capacity[i] = (int32_t)load;
		v->capacity = &capacity[i];
		v->per_metre = (int64_t)unit;
		v->fixed_cost = (int64_t)fixed;
		if (r->column[COL_OPEN] != NULL) {
			v->shift_from = as_time(r->column[COL_OPEN][v->start], how);
			v->shift_to = as_time(r->column[COL_CLOSE][v->start], how);
		}
		if (r->max_duration > 0)
			v->max_duration_s = as_time((double)r->max_duration, how);
		if (c[VCOL_RELOAD] != NULL && c[VCOL_RELOAD][i] >= 1 &&
		    c[VCOL_RELOAD][i] <= r->depots) {
			reload[i] = (uint32_t)c[VCOL_RELOAD][i] - 1;
			v->reloads = &reload[i];
			v->n_reloads = 1;
			v->max_reloads = most;
		}
		name[i] = (struct dyp_name){ .id = i + 1 };
	}
	r->file->problem.vehicles = vehicle;
	r->file->problem.n_vehicles = count;
	r->file->vehicles = name;
	return DYP_OK;
}

static enum dyp_rounding
customary(const struct reader *r)
{
	if (r->depots > 1 || r->vcolumn[VCOL_UNIT] != NULL)
		return DYP_ROUND_X1000_NEAREST;
	return r->column[COL_OPEN] != NULL ? DYP_ROUND_X10_TRUNC : DYP_ROUND_NEAREST;
}

enum dyp_code
dyp_read_vrplib(const char *text, size_t size, enum dyp_rounding rounding, struct dyp_file *out,
                struct dyp_err *err)
{
	struct reader r = { .at = text, .end = text + size, .file = out, .err = err };

	*out = (struct dyp_file){ .cost_unit = 1 };
	dyp_pool_init(&out->pool, NULL);
	r.pool = &out->pool;
	enum dyp_code rc = read_all(&r);
	if (rc != DYP_OK)
		return rc;
	if (rounding == DYP_ROUND_AUTO)
		rounding = customary(&r);
	if (r.column[COL_LOAD] == NULL)
		return fail(&r, "DEMAND_SECTION is missing");
	out->depots = r.depots;
	out->depots_numbered = r.depots > 1 || r.vcolumn[VCOL_UNIT] != NULL ||
	                       r.vcolumn[VCOL_RELOAD] != NULL || r.column[COL_PRIZE] != NULL;
	out->problem.places = (uint32_t)r.dimension;
	out->problem.dims = 1;
	out->points = r.point;
	rc = fill_matrix(&r, rounding);
	if (rc == DYP_OK)
		rc = fill_stops(&r, rounding);
	if (rc == DYP_OK)
		rc = fill_vehicles(&r, rounding);
	return rc;
}

void
dyp_file_release(struct dyp_file *file)
{
	dyp_route_plan_free(file->given);
	dyp_pool_release(&file->pool);
}
