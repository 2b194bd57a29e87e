/* danyuan plan route solve|explain: routes from files, without server or database. Units: plan_zone.c. */
#include "cli.h"
#include "commands.h"
#include "plan_zone.h"

#include "base/str.h"
#include "io/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FILE_MAX ((size_t)1 << 30)

struct job {
	const char *input, *output, *format, *rounding, *given, *time_limit, *steps, *seed,
		*threads;
	const char *change_price;
	bool is_quiet;
	const char *verb;
};

static int
complain(const struct job *j, const struct dyp_err *err)
{
	(void)fprintf(stderr, "danyuan plan route %s: %s%s%s\n", j->verb, err->field,
	              err->field[0] != '\0' ? ": " : "", err->text);
	return err->code == DYP_BAD_INPUT ? DY_EXIT_USAGE : DY_EXIT_FAILED;
}

static char *
read_all(const char *path, size_t *size)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char *text = NULL;
	size_t cap = 0;

	*size = 0;
	while (f != NULL && *size < FILE_MAX) {
		if (*size == cap) {
			cap = cap == 0 ? 1 << 16 : cap * 2;
			char *more = realloc(text, cap);
			if (more == NULL)
				break;
			text = more;
		}
		size_t got = fread(text + *size, 1, cap - *size, f);
		*size += got;
		if (got == 0)
			break;
	}
	if (f != NULL && f != stdin)
		(void)fclose(f);
	return f == NULL ? NULL : text;
}

static enum dyp_code
read_problem(const struct job *j, struct dyp_file *file, struct dyp_err *err)
{
	static const struct {
		const char *name;
		enum dyp_rounding how;
	} roundings[] = { { "auto", DYP_ROUND_AUTO },
		          { "nearest", DYP_ROUND_NEAREST },
		          { "x10-trunc", DYP_ROUND_X10_TRUNC },
		          { "x1000-nearest", DYP_ROUND_X1000_NEAREST } };
	size_t size;
	char *text = read_all(j->input, &size);
	enum dyp_code rc = DYP_BAD_INPUT;

	if (text == NULL) {
		*err = (struct dyp_err){ .code = DYP_BAD_INPUT, .text = "the file cannot be read" };
		return rc;
	}
	size_t first = 0;
	while (first < size && strchr(" \t\r\n", text[first]) != NULL && text[first] != '\0')
		first++;
	*err = (struct dyp_err){ .code = DYP_BAD_INPUT,
		                 .field = "--rounding",
		                 .text = "must be auto, nearest, x10-trunc or x1000-nearest" };
	if (first < size && text[first] == '{') {
		rc = dyp_read_vroom(text, size, file, err);
	} else if (first < size && text[first] >= '0' && text[first] <= '9') {
		rc = dyp_read_lilim(text, size, file, err);
	} else {
		for (size_t i = 0; i < DY_COUNT(roundings); i++)
			if (j->rounding == NULL || strcmp(j->rounding, roundings[i].name) == 0) {
				rc = dyp_read_vrplib(text, size, roundings[i].how, file, err);
				break;
			}
	}
	free(text);
	return rc;
}

static int64_t
now_us(void *ctx)
{
	struct timespec t;

	(void)ctx;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct bar {
	int64_t shown_us;
	bool is_terminal;
};

static bool
show(void *ctx, double done, uint64_t step, int64_t best)
{
	struct bar *bar = ctx;
	int64_t now = now_us(NULL);

	if (now - bar->shown_us < 200000)
		return true;
	bar->shown_us = now;
	if (bar->is_terminal)
		(void)fprintf(stderr, "\r%3.0f %%  %llu rounds  cost %lld   ", done * 100,
		              (unsigned long long)step, (long long)best);
	return true;
}

static bool
read_number(const struct job *j, const char *option, const char *text, double most, double *out)
{
	char *stop = NULL;

	if (text == NULL)
		return true;
	*out = strtod(text, &stop);
	if (stop != text && *stop == '\0' && *out >= 0 && *out <= most)
		return true;
	(void)fprintf(stderr, "danyuan plan route %s: --%s: \"%s\" is not a number in 0..%g\n",
	              j->verb, option, text, most);
	return false;
}

static int
write_plan(const struct job *j, const struct dyp_file *file, const struct dyp_route_plan *plan,
           const struct dyp_route_report *reasons)
{
	struct dyp_text text = { 0 };
	const char *format = j->format != NULL ? j->format : "json";

	if (strcmp(format, "json") == 0)
		dyp_write_vroom(&text, file, plan, reasons);
	else if (strcmp(format, "sol") == 0)
		dyp_write_sol(&text, file, plan);
	else if (strcmp(format, "geojson") == 0)
		dyp_write_geojson(&text, file, plan);
	else
		dyp_write_svg(&text, file, plan);
	FILE *f = j->output != NULL ? fopen(j->output, "wb") : stdout;
	bool fine = f != NULL && !text.failed && fwrite(text.ptr, 1, text.len, f) == text.len;
	if (f != NULL)
		fine = (f == stdout ? fflush(f) : fclose(f)) == 0 && fine;
	dyp_text_release(&text);
	if (!fine)
		(void)fprintf(stderr, "danyuan plan route %s: the plan could not be written\n",
		              j->verb);
	return fine ? DY_EXIT_OK : DY_EXIT_FAILED;
}

/* The plan of --plan FILE, a .sol or VROOM's answer, timed and checked. */
static enum dyp_code
read_given(const struct job *j, const struct dyp_file *file, struct dyp_route_plan **out,
           struct dyp_err *err)
{
	size_t size;
	char *text = read_all(j->given, &size);
	struct dyp_route_plan *rough = NULL;

	if (text == NULL) {
		*err = (struct dyp_err){ .code = DYP_BAD_INPUT,
			                 .field = "--plan",
			                 .text = "the file cannot be read" };
		return DYP_BAD_INPUT;
	}
	size_t first = 0;
	while (first < size && strchr(" \t\r\n", text[first]) != NULL && text[first] != '\0')
		first++;
	enum dyp_code rc = first < size && text[first] == '{'
	                           ? dyp_read_answer(text, size, file, &rough, err)
	                           : dyp_read_sol(text, size, file, &rough, err);
	if (rc == DYP_OK)
		rc = dyp_route_schedule(&file->problem, rough, out, err);
	dyp_route_plan_free(rough);
	free(text);
	return rc;
}

static int
run(const struct job *j, const struct dyp_file *file)
{
	struct bar bar = { .is_terminal = isatty(2) != 0 && !j->is_quiet };
	struct dyp_route_options o = dyp_route_options_default();
	struct dyp_route_plan *given = NULL;
	struct dyp_route_plan *plan = NULL;
	struct dyp_route_report *reasons = NULL;
	struct dyp_err err = { 0 };
	double seconds = 0;
	double steps = 0;
	double seed = 1;
	double threads = 1;
	double price = 0;
	enum dyp_code rc = DYP_OK;

	if (!read_number(j, "time-limit", j->time_limit, 1e6, &seconds) ||
	    !read_number(j, "steps", j->steps, 1e15, &steps) ||
	    !read_number(j, "seed", j->seed, 1e15, &seed) ||
	    !read_number(j, "threads", j->threads, 16, &threads) ||
	    !read_number(j, "change-price", j->change_price, 1e9, &price))
		return DY_EXIT_USAGE;
	if (j->given != NULL)
		rc = read_given(j, file, &given, &err);
	o.seed = (uint64_t)seed;
	o.threads = (uint32_t)threads;
	o.max_steps = steps > 0 ? (uint64_t)steps : seconds > 0 ? 0 : o.max_steps;
	o.time_limit_ms = (uint32_t)(seconds * 1000);
	o.now_us = now_us;
	o.tick = show;
	o.ctx = &bar;
	o.start = given;
	o.change_price = (int64_t)price * file->cost_unit;
	bool only_check = strcmp(j->verb, "verify") == 0;
	if (rc == DYP_OK && only_check) {
		plan = given;
		given = NULL;
	} else if (rc == DYP_OK) {
		rc = dyp_route_solve(&file->problem, &o, &plan, &err);
	}
	if (bar.is_terminal)
		(void)fprintf(stderr, "\r\033[K");
	if (rc == DYP_OK && plan != NULL && plan->n_unserved > 0)
		rc = dyp_route_explain(&file->problem, plan, &reasons, &err);
	int status = rc == DYP_OK ? write_plan(j, file, plan, reasons) : complain(j, &err);
	for (uint32_t i = 0; status == DY_EXIT_OK && reasons != NULL && i < reasons->n_reasons &&
	                     strcmp(j->verb, "explain") == 0;
	     i++)
		(void)fprintf(stderr, "%s %lld: %s\n", file->stops[reasons->reasons[i].stop].type,
		              (long long)file->stops[reasons->reasons[i].stop].id,
		              reasons->reasons[i].text);
	dyp_route_report_free(reasons);
	dyp_route_plan_free(plan);
	dyp_route_plan_free(given);
	return status;
}

static bool
is_one_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

int
dy_cmd_plan(int argc, char **argv)
{
	static const char *const verbs[] = { "solve", "verify", "explain", "replan" };
	static const char *const formats[] = { "json", "sol", "geojson", "svg" };
	struct job j = { 0 };
	const struct dy_option options[] = {
		{ .name = "input",
		  .arg = "FILE",
		  .doc = "VROOM JSON, VRPLIB, or Li and Lim's text; - is standard input",
		  .value = &j.input,
		  .mandatory = true },
		{ .name = "output",
		  .arg = "FILE",
		  .doc = "where the plan goes (standard output)",
		  .value = &j.output },
		{ .name = "format",
		  .arg = "NAME",
		  .doc = "json, sol, geojson or svg (json)",
		  .value = &j.format },
		{ .name = "rounding",
		  .arg = "NAME",
		  .doc = "of VRPLIB lengths: auto, nearest, x10-trunc, x1000-nearest (auto)",
		  .value = &j.rounding },
		{ .name = "plan",
		  .arg = "FILE",
		  .doc = "a .sol or an answer in JSON to check, or to start from",
		  .value = &j.given },
		{ .name = "change-price",
		  .arg = "N",
		  .doc = "cost of serving a stop by another vehicle",
		  .value = &j.change_price },
		{ .name = "time-limit",
		  .arg = "S",
		  .doc = "seconds to search",
		  .value = &j.time_limit },
		{ .name = "steps",
		  .arg = "N",
		  .doc = "rounds to search (200000)",
		  .value = &j.steps },
		{ .name = "seed",
		  .arg = "N",
		  .doc = "equal seeds and steps give equal plans (1)",
		  .value = &j.seed },
		{ .name = "threads",
		  .arg = "N",
		  .doc = "searches side by side, at most 16 (1)",
		  .value = &j.threads },
		{ .name = "quiet", .doc = "no progress", .is_set = &j.is_quiet },
	};
	struct dy_cli cli = {
		.name = "plan route solve|verify|explain|replan",
		.summary = "plan the routes of a file",
		.options = options,
		.n_options = DY_COUNT(options),
	};
	int status = DY_EXIT_USAGE;

	if (argc > 1 && strcmp(argv[1], "zone") == 0)
		return dy_plan_zone(argc - 1, argv + 1);
	if (argc < 3 || strcmp(argv[1], "route") != 0 ||
	    !is_one_of(argv[2], verbs, DY_COUNT(verbs))) {
		(void)fprintf(argc > 1 && strcmp(argv[1], "--help") == 0 ? stdout : stderr,
		              "usage: danyuan plan route solve|verify|explain|replan --input FILE "
		              "[--help]\n       danyuan plan zone solve|verify|explain --in DIR "
		              "[--help]\n");
		return argc > 1 && strcmp(argv[1], "--help") == 0 ? DY_EXIT_OK : DY_EXIT_USAGE;
	}
	j.verb = argv[2];
	if (!dy_cli_parse(&cli, argc - 2, argv + 2, &status))
		return status;
	if (j.format != NULL && !is_one_of(j.format, formats, DY_COUNT(formats))) {
		(void)fprintf(stderr, "danyuan plan: --format must be json, sol, geojson or svg\n");
		return DY_EXIT_USAGE;
	}
	if ((strcmp(j.verb, "verify") == 0 || strcmp(j.verb, "replan") == 0) && j.given == NULL) {
		(void)fprintf(stderr, "danyuan plan route %s: needs --plan FILE\n", j.verb);
		return DY_EXIT_USAGE;
	}
	struct dyp_file file = { 0 };
	struct dyp_err err;
	enum dyp_code rc = read_problem(&j, &file, &err);
	status = rc == DYP_OK ? run(&j, &file) : complain(&j, &err);
	dyp_file_release(&file);
	return status;
}
