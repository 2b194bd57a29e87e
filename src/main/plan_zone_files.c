/* Links and files of a place: what the library leaves to the program. */
#include "plan_zone.h"

#include "base/arena.h"
#include "geo/shape.h"
#include "io/csv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_MAX     ((size_t)2 << 30)
#define OUTLINE_REACH 60.0   /* m around a record */
#define SVG_SIZE      1600.0 /* of the longer side */
#define FAR           1e7

/* Points "x y;x y;..." of one barrier. */
static enum dyp_code
read_line(struct dy_arena *arena, const struct dyp_csv *csv, const char *const *names, int which,
          struct dy_geo_line *out, struct dyp_err *err)
{
	struct dyp_csv_field f = dyp_csv_text(csv, which);
	size_t n = 1, at = 0;
	char *text = dy_arena_dup(arena, f.ptr, f.len);

	for (size_t i = 0; i < f.len; i++)
		n += text[i] == ';';
	double *xy = DY_NEW_ARRAY(arena, 2 * n, double);
	for (char *p = text; *p != '\0'; at++) {
		char *stop = NULL;
		double x = strtod(p, &stop);
		bool fine = stop != p && *stop == ' ' && at < n;
		p = stop;
		double y = fine ? strtod(p, &stop) : 0;
		fine = fine && stop != p && (*stop == ';' || *stop == '\0') && fabs(x) <= FAR &&
		       fabs(y) <= FAR;
		if (!fine)
			return dyp_csv_fault(csv, names, which, err, "is not x y;x y;...");
		xy[2 * at] = x;
		xy[2 * at + 1] = y;
		p = *stop == ';' ? stop + 1 : stop;
	}
	*out = (struct dy_geo_line){ at, xy };
	return DYP_OK;
}

/* What stops people: walls, fences, rivers, rails; not kerbs and bollards, which one steps over. */
static bool
is_wall(struct dyp_csv_field type)
{
	static const char *const low[] = { "kerb",       "bollard",  "chain",
		                           "guard_rail", "gate",     "lift_gate",
		                           "swing_gate", "entrance", "cycle_barrier" };

	for (size_t i = 0; i < sizeof low / sizeof *low; i++)
		if (type.len == strlen(low[i]) && memcmp(type.ptr, low[i], type.len) == 0)
			return false;
	return true;
}

static enum dyp_code
read_barriers(struct dy_arena *arena, const struct dyp_zone_text *text, struct dy_geo_lines *out,
              struct dyp_err *err)
{
	static const char *const names[] = { "type", "line_xy", NULL };
	struct dy_geo_line *line = NULL;
	size_t n = 0, cap = 0;
	struct dyp_csv csv;
	bool more = true;

	*out = (struct dy_geo_lines){ 0 };
	if (text->ptr == NULL)
		return DYP_OK;
	enum dyp_code rc = dyp_csv_open(&csv, "barriers.csv", text->ptr, text->size, names, err);
	while (rc == DYP_OK) {
		rc = dyp_csv_next(&csv, &more, err);
		if (rc != DYP_OK || !more)
			break;
		if (!is_wall(dyp_csv_text(&csv, 0)))
			continue;
		struct dy_geo_line *l = dy_arena_push(arena, (void **)&line, &n, &cap, sizeof *l);
		rc = read_line(arena, &csv, names, 1, l, err);
	}
	*out = (struct dy_geo_lines){ n, line };
	return rc;
}

static enum dyp_code
read_gates(struct dy_arena *arena, const struct dyp_zone_text *text, struct dy_geo_points *out,
           struct dyp_err *err)
{
	static const char *const names[] = { "x", "y", NULL };
	double *x = NULL, *y = NULL;
	size_t n = 0, cap = 0, n_y = 0, cap_y = 0;
	struct dyp_csv csv;
	bool more = true;

	*out = (struct dy_geo_points){ 0 };
	if (text->ptr == NULL)
		return DYP_OK;
	enum dyp_code rc = dyp_csv_open(&csv, "gates.csv", text->ptr, text->size, names, err);
	while (rc == DYP_OK) {
		rc = dyp_csv_next(&csv, &more, err);
		if (rc != DYP_OK || !more)
			break;
		double *px = dy_arena_push(arena, (void **)&x, &n, &cap, sizeof *px);
		double *py = dy_arena_push(arena, (void **)&y, &n_y, &cap_y, sizeof *py);
		rc = dyp_csv_number(&csv, names, 0, -FAR, FAR, px, err);
		if (rc == DYP_OK)
			rc = dyp_csv_number(&csv, names, 1, -FAR, FAR, py, err);
	}
	*out = (struct dy_geo_points){ n, x, y };
	return rc;
}

static struct dy_geo_points
points_of(struct dy_arena *arena, const struct dyp_zone_file *f)
{
	uint32_t n = f->problem.n_records;
	double *x = DY_NEW_ARRAY(arena, n, double), *y = DY_NEW_ARRAY(arena, n, double);

	for (uint32_t i = 0; i < n; i++) {
		x[i] = f->records[i].x;
		y[i] = f->records[i].y;
	}
	return (struct dy_geo_points){ n, x, y };
}

enum dyp_code
dy_zone_place_link(struct dy_zone_place *place, const struct dyp_zone_text *barriers,
                   const struct dyp_zone_text *gates, double reach, struct dyp_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dyp_zone_file *f = &place->file;
	struct dy_geo_points points = points_of(arena, f), gate_at;
	struct dy_geo_lines walls;
	struct dy_geo_links links;
	struct dy_err wrong = { 0 };

	enum dyp_code rc = read_barriers(arena, barriers, &walls, err);
	if (rc == DYP_OK)
		rc = read_gates(arena, gates, &gate_at, err);
	if (rc != DYP_OK)
		return rc;
	if (dy_geo_neighbours(arena, &points, &walls, &gate_at, reach, &links, &wrong) != DY_OK)
		return dyp_raise(err, DYP_BAD_INPUT, "buildings.csv", "%s", wrong.text);
	struct dyp_zone_link *link = DYP_NEW_ARRAY(&f->pool, links.n, struct dyp_zone_link);
	if (link == NULL)
		return dyp_raise(err, DYP_NO_MEMORY, "", "out of memory");
	for (size_t i = 0; i < links.n; i++)
		link[i] = (struct dyp_zone_link){ links.link[i].a, links.link[i].b,
			                          (float)links.link[i].metres };
	f->problem.links = link;
	f->problem.n_links = (uint32_t)links.n;
	return DYP_OK;
}

void
dy_zone_place_release(struct dy_zone_place *place)
{
	dyp_zone_file_release(&place->file);
}

/* Metres to degrees, from the records that have both: least squares for each axis. */
struct frame {
	double lon, lon_m, lat, lat_m; /* lon + lon_m * x */
	bool known;
};

static void
fit(const struct dyp_zone_file *f, bool is_x, double *base, double *slope)
{
	double n = 0, sp = 0, sd = 0, spp = 0, spd = 0;
	double p0 = is_x ? f->records[0].x : f->records[0].y;

	for (uint32_t i = 0; i < f->problem.n_records; i++) {
		double p = (is_x ? f->records[i].x : f->records[i].y) - p0;
		double d = is_x ? f->lonlat[i].x : f->lonlat[i].y;
		if (!f->lonlat[i].known)
			continue;
		n++;
		sp += p;
		sd += d;
		spp += p * p;
		spd += p * d;
	}
	double under = n * spp - sp * sp;
	*slope = under > 1e-6 ? (n * spd - sp * sd) / under : 0;
	*base = n > 0 ? (sd - *slope * sp) / n - *slope * p0 : 0;
}

static struct frame
frame_of(const struct dyp_zone_file *f)
{
	struct frame g = { .known = f->lonlat[0].known };

	fit(f, true, &g.lon, &g.lon_m);
	fit(f, false, &g.lat, &g.lat_m);
	if (g.lon_m == 0 || g.lat_m == 0)
		g.known = false;
	if (!g.known)
		g = (struct frame){ .lon_m = 1, .lat_m = 1 };
	return g;
}

static void
write_geojson(struct dyp_text *t, const struct dyp_zone_file *f, const struct dyp_zone_plan *plan,
              const struct dy_geo_rings *rings)
{
	struct frame g = frame_of(f);
	size_t at = 0;

	dyp_text_add(t, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (uint32_t u = 0; u < plan->n_units; u++) {
		const struct dyp_zone_unit *x = &plan->units[u];
		dyp_text_add(t,
		             "%s\n{\"type\":\"Feature\",\"id\":%u,\"properties\":{\"unit\":%u,"
		             "\"grid\":%lld,"
		             "\"households\":%u,\"records\":%u,\"centre\":%lld,\"walk_m\":%.1f},"
		             "\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[",
		             u > 0 ? "," : "", x->label, x->label,
		             f->grid_id != NULL ? (long long)f->grid_id[x->grid] : 0LL,
		             x->households, x->records, (long long)f->id[x->centre],
		             x->households > 0 ? x->walk / x->households : 0.0);
		for (bool first = true; at < rings->n && rings->ring[at].group == u; at++) {
			const struct dy_geo_ring *r = &rings->ring[at];
			dyp_text_add(t, r->is_hole ? "," : first ? "[" : "],[");
			first = false;
			for (size_t i = 0; i < r->n; i++) {
				/* GEOS turns outer rings clockwise, RFC 7946 the other way */
				size_t k = r->n - 1 - i;
				dyp_text_add(t, "%s[%.7f,%.7f]", i == 0 ? "[" : ",",
				             g.lon + g.lon_m * r->xy[2 * k],
				             g.lat + g.lat_m * r->xy[2 * k + 1]);
			}
			dyp_text_add(t, "]");
			if (at + 1 == rings->n || rings->ring[at + 1].group != u)
				dyp_text_add(t, "]");
		}
		dyp_text_add(t, "]}}");
	}
	dyp_text_add(t, "\n]}\n");
}

/* Units in eight tints so that neighbours seldom have the same, records as dots by households. */
static void
write_svg(struct dyp_text *t, const struct dyp_zone_file *f, const struct dyp_zone_plan *plan,
          const struct dy_geo_rings *rings)
{
	static const char *const tints[] = { "#cfe3f5", "#fde3c0", "#d5edd0", "#f6d3d3",
		                             "#e2d9f0", "#e6ddd0", "#fbe0ee", "#e9eec0" };
	double x0 = HUGE_VAL, y0 = HUGE_VAL, x1 = -HUGE_VAL, y1 = -HUGE_VAL;

	for (size_t i = 0; i < rings->n; i++)
		for (size_t k = 0; k < rings->ring[i].n; k++) {
			x0 = fmin(x0, rings->ring[i].xy[2 * k]);
			x1 = fmax(x1, rings->ring[i].xy[2 * k]);
			y0 = fmin(y0, rings->ring[i].xy[2 * k + 1]);
			y1 = fmax(y1, rings->ring[i].xy[2 * k + 1]);
		}
	double s = SVG_SIZE / fmax(fmax(x1 - x0, y1 - y0), 1);
	dyp_text_add(t,
	             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
	             "font-family=\"sans-serif\">\n<rect width=\"100%%\" height=\"100%%\" "
	             "fill=\"#fff\"/>\n",
	             (x1 - x0) * s, (y1 - y0) * s);
	for (size_t i = 0; i < rings->n; i++) {
		const struct dy_geo_ring *r = &rings->ring[i];
		if (!r->is_hole)
			dyp_text_add(t,
			             "<path fill=\"%s\" stroke=\"#556\" fill-rule=\"evenodd\" d=\"",
			             tints[plan->units[r->group].label * 5 % 8]);
		for (size_t k = 0; k + 1 < r->n; k++)
			dyp_text_add(t, "%c%.1f %.1f", k == 0 ? 'M' : 'L', (r->xy[2 * k] - x0) * s,
			             (y1 - r->xy[2 * k + 1]) * s);
		dyp_text_add(t, "Z");
		if (i + 1 == rings->n || !rings->ring[i + 1].is_hole)
			dyp_text_add(t, "\"><title>%u: %u</title></path>\n",
			             plan->units[r->group].label, plan->units[r->group].households);
	}
	for (uint32_t i = 0; i < f->problem.n_records; i++)
		dyp_text_add(t, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#334\"/>\n",
		             (f->records[i].x - x0) * s, (y1 - f->records[i].y) * s,
		             1 + 0.25 * sqrt(f->records[i].households));
	for (uint32_t u = 0; u < plan->n_units; u++) {
		const struct dyp_zone_record *c = &f->records[plan->units[u].centre];
		dyp_text_add(t,
		             "<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\" text-anchor=\"middle\" "
		             "fill=\"#a00\">%u</text>\n",
		             (c->x - x0) * s, (y1 - c->y) * s - 4, plan->units[u].households);
	}
	dyp_text_add(t, "</svg>\n");
}

/* Written beside and renamed when everything stands. */
static bool
write_temporary(const char *path, const struct dyp_text *text)
{
	FILE *f = text->failed ? NULL : fopen(path, "wb");
	bool fine = f != NULL && fwrite(text->ptr, 1, text->len, f) == text->len;

	if (f != NULL)
		fine = fclose(f) == 0 && fine;
	return fine;
}

enum { PATH_SIZE = 4096 };

static enum dy_code
write_all(const char *path, const struct dyp_text *texts, struct dy_err *err)
{
	static const char *const endings[] = { ".csv", ".geojson", ".svg" };
	char final[3][PATH_SIZE], part[3][PATH_SIZE + 8];
	const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
	int stem = (int)(dot != NULL && (slash == NULL || dot > slash) ? (size_t)(dot - path)
	                                                               : strlen(path));
	bool fine = strlen(path) + 16 < PATH_SIZE;

	for (int i = 0; i < 3 && fine; i++) {
		if (i == 0)
			(void)snprintf(final[i], PATH_SIZE, "%s", path);
		else
			(void)snprintf(final[i], PATH_SIZE, "%.*s%s", stem, path, endings[i]);
		(void)snprintf(part[i], sizeof part[i], "%s.part", final[i]);
		fine = write_temporary(part[i], &texts[i]);
		if (!fine)
			for (int k = 0; k <= i; k++)
				(void)unlink(part[k]);
	}
	for (int i = 0; i < 3 && fine; i++)
		fine = rename(part[i], final[i]) == 0;
	return fine ? DY_OK
	            : dy_raise(err, DY_E_IO, "--out", "%.100s cannot be written: %s", path,
	                       strerror(errno));
}

enum dy_code
dy_zone_place_write(const struct dy_zone_place *place, const struct dyp_zone_plan *plan,
                    const char *path, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	const struct dyp_zone_file *f = &place->file;
	struct dy_geo_points points = points_of(arena, f);
	uint32_t *group = DY_NEW_ARRAY(arena, points.n, uint32_t);
	struct dyp_text texts[3] = { 0 };
	struct dy_geo_rings rings;

	/* units are in the order of their labels */
	for (size_t i = 0; i < points.n; i++) {
		uint32_t low = 0, high = plan->n_units;
		while (low + 1 < high) {
			uint32_t mid = (low + high) / 2;
			if (plan->units[mid].label <= plan->unit[i])
				low = mid;
			else
				high = mid;
		}
		group[i] = low;
	}
	DY_TRY(dy_geo_outlines(arena, &points, group, plan->n_units, OUTLINE_REACH, &rings, err));
	dyp_text_add(&texts[0], "id,unit\n");
	for (uint32_t i = 0; i < f->problem.n_records; i++)
		dyp_text_add(&texts[0], "%lld,%u\n", (long long)f->id[i], plan->unit[i]);
	write_geojson(&texts[1], f, plan, &rings);
	write_svg(&texts[2], f, plan, &rings);
	enum dy_code rc = write_all(path, texts, err);
	for (int i = 0; i < 3; i++)
		dyp_text_release(&texts[i]);
	return rc;
}
