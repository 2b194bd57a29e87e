/* Li and Lim's text of pickup and delivery problems with windows:
 *
 *   vehicles capacity speed
 *   node x y demand open close service pickup delivery      node 0 is the depot
 *
 * A row with a delivery is a pickup, one with a pickup a delivery. Lengths and times are kept in
 * thousandths, rounded. Fewest vehicles come first: one costs more than all driving. */
#include "problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 5001, FIELDS = 9, SCALE = 1000 };

enum field { NODE, X, Y, DEMAND, OPEN, CLOSE, SERVICE, PICKUP, DELIVERY };

struct table {
	struct dyp_file *f;
	double (*row)[FIELDS];
	uint32_t count; /* the depot included */
	double vehicles, capacity;
	struct dyp_err *err;
};

static enum dyp_code
wrong(const struct table *t, uint32_t row, const char *member, const char *what)
{
	return dyp_raise_item(t->err, DYP_BAD_INPUT, "nodes", row, member, "%s", what);
}

/* Numbers of one line into out; -1: too many, or something else stands there. */
static int
read_line(const char **at, const char *end, double *out)
{
	char line[256];
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	size_t size = (size_t)((stop != NULL ? stop : end) - *at);
	int count = 0;

	if (size >= sizeof line)
		return -1;
	memcpy(line, *at, size);
	line[size] = '\0';
	*at += size + (stop != NULL);
	for (char *p = line;;) {
		p += strspn(p, " \t\r");
		if (*p == '\0')
			return count;
		char *after;
		double v = strtod(p, &after);
		if (after == p || count == FIELDS || !(fabs(v) <= 1e9))
			return -1;
		out[count++] = v;
		p = after;
	}
}

static enum dyp_code
read_table(struct table *t, const char *at, const char *end)
{
	double head[FIELDS];

	if (read_line(&at, end, head) < 2 || head[0] < 1 || head[0] > 10000 || head[1] < 0)
		return dyp_raise(t->err, DYP_BAD_INPUT, "/",
		                 "the first line must be: vehicles capacity speed");
	t->vehicles = head[0];
	t->capacity = head[1];
	while (at < end) {
		double *row = t->row[t->count];
		int count = read_line(&at, end, row);
		if (count == 0)
			continue;
		if (count != FIELDS)
			return wrong(t, t->count, "", "must be nine numbers");
		if (row[NODE] != t->count)
			return wrong(t, t->count, "", "the numbers must run from 0");
		if (fabs(row[X]) > 1e5 || fabs(row[Y]) > 1e5 || row[OPEN] < 0 ||
		    row[CLOSE] < row[OPEN] || row[CLOSE] > 4e5 || row[SERVICE] < 0 ||
		    row[SERVICE] > 1e5)
			return wrong(t, t->count, "", "a coordinate or time is out of range");
		if (++t->count == MOST_NODES)
			return wrong(t, t->count, "", "there are too many rows");
	}
	return t->count < 3
	               ? dyp_raise(t->err, DYP_BAD_INPUT, "/nodes", "needs a depot and a shipment")
	               : DYP_OK;
}

/* Lengths in thousandths, rounded. */
static enum dyp_code
fill_places(struct table *t)
{
	size_t n = t->count;
	struct dyp_pool *pool = &t->f->pool;
	int32_t *cell = DYP_NEW_ARRAY(pool, n * n, int32_t);
	struct dyp_route_matrix *mx = DYP_NEW_ARRAY(pool, 1, struct dyp_route_matrix);
	struct dyp_point *point = DYP_NEW_ARRAY(pool, n, struct dyp_point);

	if (pool->failed)
		return dyp_raise_memory(t->err);
	for (size_t i = 0; i < n; i++) {
		point[i] = (struct dyp_point){ t->row[i][X], t->row[i][Y], true };
		for (size_t j = 0; j < i; j++) {
			double dx = t->row[i][X] - t->row[j][X];
			double dy = t->row[i][Y] - t->row[j][Y];
			double length = floor(SCALE * sqrt(dx * dx + dy * dy) + 0.5);
			if (length > 1e8)
				return wrong(t, (uint32_t)i, "x", "is too far from the others");
			cell[i * n + j] = cell[j * n + i] = (int32_t)length;
		}
	}
	mx->seconds = cell;
	t->f->points = point;
	t->f->problem.matrices = mx;
	t->f->problem.n_matrices = 1;
	t->f->problem.places = t->count;
	t->f->problem.dims = 1;
	return DYP_OK;
}

static enum dyp_code
fill_stops(struct table *t)
{
	uint32_t n = t->count - 1;
	struct dyp_pool *pool = &t->f->pool;
	struct dyp_route_stop *stop = DYP_NEW_ARRAY(pool, n, struct dyp_route_stop);
	struct dyp_route_window *window = DYP_NEW_ARRAY(pool, n, struct dyp_route_window);
	struct dyp_route_shipment *ship = DYP_NEW_ARRAY(pool, n, struct dyp_route_shipment);
	struct dyp_name *name = DYP_NEW_ARRAY(pool, n, struct dyp_name);
	int32_t *load = DYP_NEW_ARRAY(pool, n, int32_t);
	uint32_t ships = 0;

	if (pool->failed)
		return dyp_raise_memory(t->err);
	for (uint32_t i = 0; i < n; i++) {
		const double *row = t->row[i + 1];
		bool is_pickup = row[DELIVERY] > 0;
		double other = is_pickup ? row[DELIVERY] : row[PICKUP];
		if (other < 1 || other >= t->count || (row[PICKUP] > 0) == is_pickup)
			return wrong(t, i + 1, "pickup", "must name one other row");
		const double *back = t->row[(uint32_t)other];
		if ((is_pickup ? back[PICKUP] : back[DELIVERY]) != i + 1 ||
		    row[DEMAND] != -back[DEMAND] || (row[DEMAND] < 0) == is_pickup)
			return wrong(t, i + 1, "pickup", "the two rows do not fit together");
		load[i] = (int32_t)fabs(row[DEMAND]);
		window[i] = (struct dyp_route_window){ (int32_t)(row[OPEN] * SCALE + 0.5),
			                               (int32_t)(row[CLOSE] * SCALE + 0.5) };
		stop[i] =
			(struct dyp_route_stop){ .place = i + 1,
			                         .pickup = is_pickup ? &load[i] : NULL,
			                         .delivery = is_pickup ? NULL : &load[i],
			                         .service_s = (int32_t)(row[SERVICE] * SCALE + 0.5),
			                         .windows = &window[i],
			                         .n_windows = 1,
			                         .vehicle = DYP_ROUTE_NONE };
		name[i] =
			(struct dyp_name){ .id = i + 1, .type = is_pickup ? "pickup" : "delivery" };
		if (is_pickup)
			ship[ships++] = (struct dyp_route_shipment){ i, (uint32_t)other - 1 };
	}
	t->f->stops = name;
	t->f->problem.stops = stop;
	t->f->problem.n_stops = n;
	t->f->problem.shipments = ship;
	t->f->problem.n_shipments = ships;
	return DYP_OK;
}

static enum dyp_code
fill_vehicles(struct table *t)
{
	uint32_t count = (uint32_t)t->vehicles;
	struct dyp_pool *pool = &t->f->pool;
	struct dyp_route_vehicle *v = DYP_NEW_ARRAY(pool, count, struct dyp_route_vehicle);
	struct dyp_name *name = DYP_NEW_ARRAY(pool, count, struct dyp_name);
	int32_t *capacity = DYP_NEW_ARRAY(pool, 1, int32_t);
	int64_t longest = 0;

	if (pool->failed)
		return dyp_raise_memory(t->err);
	*capacity = (int32_t)t->capacity;
	for (size_t k = 0; k < (size_t)t->count * t->count; k++)
		if (t->f->problem.matrices[0].seconds[k] > longest)
			longest = t->f->problem.matrices[0].seconds[k];
	for (uint32_t i = 0; i < count; i++) {
		v[i] = (struct dyp_route_vehicle){
			.capacity = capacity,
			.per_metre = 1,
			.fixed_cost = longest * 2 * t->count,
			.shift_from = (int32_t)(t->row[0][OPEN] * SCALE + 0.5),
			.shift_to = (int32_t)(t->row[0][CLOSE] * SCALE + 0.5)
		};
		name[i] = (struct dyp_name){ .id = i + 1 };
	}
	t->f->vehicles = name;
	t->f->problem.vehicles = v;
	t->f->problem.n_vehicles = count;
	return DYP_OK;
}

enum dyp_code
dyp_read_lilim(const char *text, size_t size, struct dyp_file *out, struct dyp_err *err)
{
	struct table t = { .f = out, .err = err };

	*out = (struct dyp_file){ .cost_unit = 1, .depots = 1 };
	dyp_pool_init(&out->pool, NULL);
	t.row = dyp_pool_get(&out->pool, MOST_NODES + 1, sizeof *t.row);
	if (t.row == NULL)
		return dyp_raise_memory(err);
	enum dyp_code rc = read_table(&t, text, text + size);
	if (rc == DYP_OK)
		rc = fill_places(&t);
	if (rc == DYP_OK)
		rc = fill_stops(&t);
	return rc == DYP_OK ? fill_vehicles(&t) : rc;
}
