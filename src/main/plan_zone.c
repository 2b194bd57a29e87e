/* danyuan plan zone solve|verify|explain: units of a place in a folder, without server or database. */
#include "plan_zone.h"

#include "cli.h"

#include "base/err.h"
#include "base/str.h"
#include "geo/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINK_MAX 150.0 /* m, where the folder has no links of its own */
#define THREADS  2
#define WALK_MAX 300.0

struct job {
	const char *verb, *dir, *target, *range, *units, *previous, *pins, *time_limit, *steps,
		*seed;
	const char *out, *plan;
	bool ignore_grids, whole_buildings, is_quiet;
};

static int
complain(const struct job *j, const char *field, const char *text, int status)
{
	(void)fprintf(stderr, "danyuan plan zone %s: %s%s%s\n", j->verb, field,
	              field[0] != '\0' ? ": " : "", text);
	return status;
}

static int
complain_of(const struct job *j, const struct dyp_err *err)
{
	return complain(j, err->field, err->text,
	                err->code == DYP_BAD_INPUT ? DY_EXIT_USAGE : DY_EXIT_FAILED);
}

static enum dyp_code
pass_on(struct dyp_err *err, const struct dy_err *wrong)
{
	return dyp_raise(err, DYP_BAD_INPUT, wrong->field, "%s", wrong->text);
}

static enum dyp_code
read_place(const struct job *j, struct dy_zone_place *place, struct dyp_err *err)
{
	static const char *const names[] = {
		"buildings.csv",           "walk_nodes.csv", "walk_edges.csv", "grids.csv",
		"adjacency_reference.csv", "barriers.csv",   "gates.csv",      NULL
	};
	struct dyp_zone_text text[DY_COUNT(names)];
	struct dy_geo_folder folder;
	struct dy_err wrong = { 0 };

	if (dy_geo_folder_read(j->dir, names, &folder, &wrong) != DY_OK)
		return pass_on(err, &wrong);
	for (size_t i = 0; i < folder.n; i++)
		text[i] = (struct dyp_zone_text){ folder.file[i].ptr, folder.file[i].size };
	struct dyp_zone_texts texts = { .buildings = text[0],
		                        .nodes = text[1],
		                        .edges = text[2],
		                        .grids = text[3],
		                        .links = text[4] };
	enum dyp_code rc = dyp_zone_read(&texts, j->ignore_grids, &place->file, err);
	if (rc == DYP_OK && !place->file.has_links)
		rc = dy_zone_place_link(place, &text[5], &text[6], LINK_MAX, err);
	if (rc == DYP_OK)
		rc = dyp_zone_file_connect(&place->file, err);
	dy_geo_folder_release(&folder);
	return rc;
}

static bool
read_whole(const char *text, double low, double high, double *out)
{
	char *stop = NULL;

	*out = strtod(text, &stop);
	return stop != text && *stop == '\0' && *out >= low && *out <= high && *out == floor(*out);
}

/* --target N, --range MIN:MAX, --units K */
static int
read_sizes(const struct job *j, struct dyp_zone_problem *p)
{
	double low = 0, high = 0, target = 0, units = 0;

	if ((j->target == NULL) == (j->range == NULL))
		return complain(j, "--target", "give --target N or --range MIN:MAX", DY_EXIT_USAGE);
	if (j->target != NULL && !read_whole(j->target, 1, DYP_ZONE_HOUSEHOLD_MAX, &target))
		return complain(j, "--target", "is not a whole number of households",
		                DY_EXIT_USAGE);
	if (j->range != NULL) {
		char text[64], *colon;
		(void)snprintf(text, sizeof text, "%s", j->range);
		colon = strchr(text, ':');
		if (colon != NULL)
			*colon = '\0';
		if (colon == NULL || !read_whole(text, 1, DYP_ZONE_HOUSEHOLD_MAX, &low) ||
		    !read_whole(colon + 1, low, DYP_ZONE_HOUSEHOLD_MAX, &high))
			return complain(j, "--range", "is not MIN:MAX, for example 30:50",
			                DY_EXIT_USAGE);
		target = floor((low + high) / 2 + 0.5);
	}
	if (j->units != NULL && !read_whole(j->units, 1, DYP_ZONE_RECORDS_MAX, &units))
		return complain(j, "--units", "is not a number of units", DY_EXIT_USAGE);
	p->target = (uint32_t)target;
	p->min = (uint32_t)low;
	p->max = (uint32_t)high;
	p->units = (uint32_t)units;
	return DY_EXIT_OK;
}

/* Labels of a file `id,unit`. */
static enum dyp_code
read_units(const char *path, const struct dyp_zone_file *file, bool complete, uint32_t *unit,
           struct dyp_err *err)
{
	const char *slash = strrchr(path, '/');
	struct dy_geo_file text;
	struct dy_err wrong = { 0 };

	if (dy_geo_file_read(path, &text, &wrong) != DY_OK)
		return pass_on(err, &wrong);
	struct dyp_zone_text csv = { text.ptr, text.size };
	enum dyp_code rc = dyp_zone_read_units(slash != NULL ? slash + 1 : path, &csv, file,
	                                       complete, unit, err);
	free(text.ptr);
	return rc;
}

/* The division before, and the records that keep their unit. */
static enum dyp_code
read_before(const struct job *j, struct dy_zone_place *place, uint32_t *scratch,
            struct dyp_err *err)
{
	struct dyp_zone_file *f = &place->file;
	enum dyp_code rc = DYP_OK;

	if (j->previous != NULL)
		rc = read_units(j->previous, f, false, scratch, err);
	for (uint32_t i = 0; rc == DYP_OK && j->previous != NULL && i < f->problem.n_records; i++)
		f->records[i].unit = scratch[i];
	if (rc == DYP_OK && j->pins != NULL)
		rc = read_units(j->pins, f, false, scratch, err);
	for (uint32_t i = 0; rc == DYP_OK && j->pins != NULL && i < f->problem.n_records; i++)
		if (scratch[i] != DYP_ZONE_NONE) {
			f->records[i].unit = scratch[i];
			f->records[i].pinned = true;
		}
	return rc;
}

static void
print_score(const struct job *j, const struct dyp_zone_score *s, bool had_before)
{
	const char *name = strrchr(j->dir, '/');

	if (name == NULL || name[1] == '\0')
		name = j->dir;
	else
		name++;
	(void)printf(
		"%s: records %u, units %u, rms deviation %.1f %%, in range %.1f %%, broken %u, "
		"empty %u, outside their grid %u, radius %.1f m, walk %.1f m per household",
		name, s->records, s->units, 100 * s->deviation,
		100.0 * s->in_range / (s->units > 0 ? s->units : 1), s->broken, s->empty,
		s->outside, s->radius, s->walk);
	if (s->split > 0)
		(void)printf(", buildings divided without need %u", s->split);
	if (had_before)
		(void)printf(", households moved %u (%.1f %%)", s->moved,
		             s->households > 0 ? 100.0 * s->moved / s->households : 0.0);
	(void)printf("\n");
}

static int64_t
now_us(void *ctx)
{
	struct timespec t;

	(void)ctx;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool
show(void *ctx, double done, uint64_t step, double cost)
{
	(void)cost;
	if (*(const bool *)ctx)
		(void)fprintf(stderr, "\r%3.0f %%  %llu steps   ", done * 100,
		              (unsigned long long)step);
	return true;
}

static int
read_options(const struct job *j, struct dyp_zone_options *o)
{
	double seconds = 0, steps = 0, seed = 1;
	char *stop = NULL;

	if (j->time_limit != NULL) {
		seconds = strtod(j->time_limit, &stop);
		if (stop == j->time_limit || *stop != '\0' || !(seconds > 0 && seconds <= 1e6))
			return complain(j, "--time-limit", "is not a number of seconds",
			                DY_EXIT_USAGE);
	}
	if (j->steps != NULL && !read_whole(j->steps, 1, 1e15, &steps))
		return complain(j, "--steps", "is not a number of steps", DY_EXIT_USAGE);
	if (j->seed != NULL && !read_whole(j->seed, 0, 1e15, &seed))
		return complain(j, "--seed", "is not a whole number", DY_EXIT_USAGE);
	o->seed = (uint64_t)seed;
	o->max_steps = (uint64_t)steps;
	o->time_limit_ms = (uint32_t)(seconds * 1000 < 1 && seconds > 0 ? 1 : seconds * 1000);
	o->threads = THREADS;
	o->whole_buildings = j->whole_buildings;
	o->now_us = now_us;
	return DY_EXIT_OK;
}

static int
solve(const struct job *j, struct dy_zone_place *place)
{
	struct dyp_zone_options o = dyp_zone_options_default();
	bool is_terminal = isatty(2) != 0 && !j->is_quiet;
	struct dyp_zone_plan *plan = NULL;
	struct dyp_err err = { 0 };
	int status = read_options(j, &o);

	if (status != DY_EXIT_OK)
		return status;
	o.tick = show;
	o.ctx = &is_terminal;
	enum dyp_code rc = dyp_zone_solve(&place->file.problem, &o, &plan, &err);
	if (is_terminal)
		(void)fprintf(stderr, "\r\033[K");
	if (rc != DYP_OK)
		return complain_of(j, &err);
	print_score(j, &plan->score, j->previous != NULL);
	struct dy_err wrong = { 0 };
	if (dy_zone_place_write(place, plan, j->out, &wrong) != DY_OK)
		status = complain(j, wrong.field, wrong.text, DY_EXIT_FAILED);
	dyp_zone_plan_free(plan);
	return status;
}

static int
verify(const struct job *j, struct dy_zone_place *place, uint32_t *unit)
{
	struct dyp_zone_report *report = NULL;
	struct dyp_zone_score score;
	struct dyp_err err = { 0 };
	enum dyp_code rc = read_units(j->out, &place->file, true, unit, &err);

	if (rc != DYP_OK)
		return complain_of(j, &err);
	rc = dyp_zone_verify(&place->file.problem, unit, NULL, &score, NULL, &err);
	if (rc != DYP_OK && rc != DYP_INFEASIBLE)
		return complain_of(j, &err);
	int status = DY_EXIT_OK;
	if (strcmp(j->verb, "verify") == 0) {
		print_score(j, &score, j->previous != NULL);
		if (rc == DYP_INFEASIBLE)
			status = complain(j, err.field, err.text, DY_EXIT_FAILED);
		return status;
	}
	rc = dyp_zone_explain(&place->file.problem, unit, WALK_MAX, NULL, &report, &err);
	if (rc != DYP_OK)
		return complain_of(j, &err);
	for (uint32_t i = 0; i < report->n_reasons; i++)
		(void)printf("unit %u, %u households: %s\n", report->reasons[i].label,
		             report->reasons[i].households, report->reasons[i].text);
	if (report->n_reasons == 0)
		(void)printf("every unit is in the range, and no walk is too long\n");
	dyp_zone_report_free(report);
	return status;
}

static int
run(const struct job *j)
{
	struct dy_zone_place place = { 0 };
	struct dyp_err err = { 0 };
	enum dyp_code rc = read_place(j, &place, &err);

	if (rc != DYP_OK) {
		dy_zone_place_release(&place);
		return complain_of(j, &err);
	}
	int status = read_sizes(j, &place.file.problem);
	uint32_t *unit = malloc((place.file.problem.n_records + (size_t)1) * sizeof *unit);
	if (unit == NULL && status == DY_EXIT_OK)
		status = complain(j, "", "out of memory", DY_EXIT_FAILED);
	if (status == DY_EXIT_OK && read_before(j, &place, unit, &err) != DYP_OK)
		status = complain_of(j, &err);
	else if (status == DY_EXIT_OK)
		status = strcmp(j->verb, "solve") == 0 ? solve(j, &place) : verify(j, &place, unit);
	free(unit);
	dy_zone_place_release(&place);
	return status;
}

int
dy_plan_zone(int argc, char **argv)
{
	static const char *const verbs[] = { "solve", "verify", "explain" };
	struct job j = { 0 };
	const struct dy_option options[] = {
		{ .name = "in",
		  .arg = "DIR",
		  .doc = "folder with buildings.csv, walk_nodes.csv, walk_edges.csv, grids.csv, "
		         "...",
		  .value = &j.dir,
		  .mandatory = true },
		{ .name = "target", .arg = "N", .doc = "households of a unit", .value = &j.target },
		{ .name = "range",
		  .arg = "MIN:MAX",
		  .doc = "households of a unit, instead of --target",
		  .value = &j.range },
		{ .name = "units",
		  .arg = "K",
		  .doc = "units of the whole place (as the households ask)",
		  .value = &j.units },
		{ .name = "previous",
		  .arg = "FILE",
		  .doc = "the division before, id,unit: few households leave their unit",
		  .value = &j.previous },
		{ .name = "pins",
		  .arg = "FILE",
		  .doc = "records that must be in a unit, id,unit",
		  .value = &j.pins },
		{ .name = "ignore-grids",
		  .doc = "the place is one grid",
		  .is_set = &j.ignore_grids },
		{ .name = "whole-buildings",
		  .doc = "never divide a building that fits a unit",
		  .is_set = &j.whole_buildings },
		{ .name = "time-limit",
		  .arg = "S",
		  .doc = "seconds to search, used up",
		  .value = &j.time_limit },
		{ .name = "steps", .arg = "N", .doc = "steps to search", .value = &j.steps },
		{ .name = "seed",
		  .arg = "N",
		  .doc = "equal seeds and steps give equal divisions (1)",
		  .value = &j.seed },
		{ .name = "out",
		  .arg = "FILE",
		  .doc = "CSV id,unit; solve writes it, with .geojson and .svg beside it",
		  .value = &j.out,
		  .mandatory = true },
		{ .name = "quiet", .doc = "no progress", .is_set = &j.is_quiet },
	};
	struct dy_cli cli = {
		.name = "plan zone solve|verify|explain",
		.summary =
			"divide a place into units, judge a division, or tell why it is as it is",
		.options = options,
		.n_options = DY_COUNT(options),
	};
	int status = DY_EXIT_USAGE;

	for (size_t i = 0; argc > 1 && i < DY_COUNT(verbs); i++)
		if (strcmp(argv[1], verbs[i]) == 0)
			j.verb = verbs[i];
	if (j.verb == NULL) {
		bool help = argc > 1 && strcmp(argv[1], "--help") == 0;
		(void)fprintf(help ? stdout : stderr,
		              "usage: danyuan plan zone solve|verify|explain --in DIR "
		              "--target N | --range MIN:MAX --out FILE [--help]\n");
		return help ? DY_EXIT_OK : DY_EXIT_USAGE;
	}
	return dy_cli_parse(&cli, argc - 1, argv + 1, &status) ? run(&j) : status;
}
