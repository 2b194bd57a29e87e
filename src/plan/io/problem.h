/* A problem read from text, with the names to write its plan back.
 *
 * Ownership: everything hangs on the pool inside; free it with dyp_file_release().
 * Readers are pure functions of the text; they do no I/O. */
#ifndef DYP_IO_PROBLEM_H
#define DYP_IO_PROBLEM_H

#include "dyplan/route.h"
#include "../kit.h"

enum dyp_rounding {
	DYP_ROUND_NEAREST,       /* lengths rounded, other numbers as they are */
	DYP_ROUND_X10_TRUNC,     /* everything times 10, rounded down */
	DYP_ROUND_X1000_NEAREST, /* everything times 1000, rounded */
	DYP_ROUND_AUTO           /* by the kind of problem: see vrplib.c */
};

struct dyp_point {
	double x, y; /* or longitude, latitude */
	bool known;
};

/* What a stop was called in its file. */
struct dyp_name {
	int64_t id;
	const char *description; /* or NULL */
	const char *type;        /* "job", "pickup", "delivery" */
};

struct dyp_file {
	struct dyp_pool pool;
	struct dyp_route_problem problem;
	struct dyp_name *stops, *vehicles; /* by number */
	int64_t **break_ids;               /* by vehicle, or NULL */
	struct dyp_point *points;          /* by place */
	const char **profiles;
	int64_t *indices; /* by place: location_index in the file, or -1 */
	bool geographic;  /* points are longitude and latitude */
	bool has_metres;
	bool depots_numbered; /* in .sol files stops are numbered from 0, depots first */
	uint32_t depots;
	int64_t cost_unit; /* costs of the file's unit = cost / cost_unit */
	int64_t cost_offset;
	int64_t time_offset;          /* seconds of the file = seconds + time_offset */
	struct dyp_route_plan *given; /* steps of the vehicles, or NULL */
};

void dyp_file_release(struct dyp_file *file);

/* VRPLIB text. Sections as in the instance folder's conventions; see vrplib.c. */
enum dyp_code dyp_read_vrplib(const char *text, size_t size, enum dyp_rounding rounding,
                              struct dyp_file *out, struct dyp_err *err);
/* A .sol file for that problem: stops and reloads in order, without times. */
enum dyp_code dyp_read_sol(const char *text, size_t size, const struct dyp_file *file,
                           struct dyp_route_plan **out, struct dyp_err *err);
/* A plan in VROOM's answer: vehicles, stops and reloads in order, without times. */
enum dyp_code dyp_read_answer(const char *text, size_t size, const struct dyp_file *file,
                              struct dyp_route_plan **out, struct dyp_err *err);
/* Li and Lim's text of pickup and delivery problems, in thousandths. Fewest vehicles come first:
 * each costs more than all driving. */
enum dyp_code dyp_read_lilim(const char *text, size_t size, struct dyp_file *out,
                             struct dyp_err *err);
/* VROOM's JSON, with our keys; see vroom.c. */
enum dyp_code dyp_read_vroom(const char *text, size_t size, struct dyp_file *out,
                             struct dyp_err *err);

/* Text that grows; malloc underneath. */
struct dyp_text {
	char *ptr;
	size_t len, cap;
	bool failed;
};

void dyp_text_add(struct dyp_text *t, const char *fmt, ...) DYP_PRINTF(2, 3);
void dyp_text_release(struct dyp_text *t);

void dyp_write_sol(struct dyp_text *t, const struct dyp_file *file,
                   const struct dyp_route_plan *plan);
void dyp_write_vroom(struct dyp_text *t, const struct dyp_file *file,
                     const struct dyp_route_plan *plan, const struct dyp_route_report *reasons);
void dyp_write_geojson(struct dyp_text *t, const struct dyp_file *file,
                       const struct dyp_route_plan *plan);
void dyp_write_svg(struct dyp_text *t, const struct dyp_file *file,
                   const struct dyp_route_plan *plan);

#endif
