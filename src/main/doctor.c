/* danyuan doctor: is everything there and whole? Reads only; works while the server runs. */
#include "cli.h"
#include "commands.h"
#include "data.h"
#include "each.h"

#include "app/app.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define ARENA_MAX    ((size_t)64 << 20)
#define PAGE         256
#define LOW_SPACE_MB 500 /* below this a busy week may fill the disk */

struct doctor {
	struct dy_arena *arena;
	struct dy_data data;
	int faults;
};

static void
say(void *ctx, bool is_fault, const char *line)
{
	struct doctor *d = ctx;

	d->faults += is_fault;
	(void)printf("%-5s %s\n", is_fault ? "FAULT" : "ok", line);
}

static void
check_modes(struct doctor *d)
{
	static const char *const names[] = { "key", "danyuan.db" };
	struct stat st;

	for (size_t i = 0; i < DY_COUNT(names); i++) {
		const char *path = dy_arena_printf(d->arena, "%s/%s", d->data.dir, names[i]);
		if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
			say(d, true,
			    dy_arena_printf(d->arena, "%s can be read by others: chmod 600 %s",
			                    names[i], path));
		else
			say(d, false, dy_arena_printf(d->arena, "%s is private", names[i]));
	}
}

static void
check_space(struct doctor *d)
{
	struct statvfs fs;

	if (statvfs(d->data.dir, &fs) != 0)
		return;
	unsigned long long free_mb = (unsigned long long)fs.f_bavail * fs.f_frsize >> 20;
	say(d, free_mb < LOW_SPACE_MB, dy_arena_printf(d->arena, "free space: %llu MiB", free_mb));
}

struct pictures {
	int64_t rows, missing;
};

static void
photo_check(struct doctor *d, struct dy_id id, struct pictures *count)
{
	struct dy_arena_mark mark = dy_arena_mark(d->arena);
	char text[DY_ID_TEXT + 1];
	struct stat st;

	dy_id_encode(id, text);
	const char *path = dy_arena_printf(d->arena, "%s/photos/%s.jpg", d->data.dir, text);
	count->rows++;
	count->missing += stat(path, &st) != 0;
	dy_arena_rewind(d->arena, mark);
}

static enum dy_code
photos_check(struct doctor *d, struct dy_rtx *tx, struct dy_err *err)
{
	struct pictures count = { 0 };
	struct dy_id ids[PAGE], after = { 0 };
	size_t n = PAGE;

	while (n == PAGE) {
		DY_TRY(dy_photo_page(tx, after, ids, PAGE, &n, err));
		for (size_t i = 0; i < n; i++) {
			photo_check(d, ids[i], &count);
			after = ids[i];
		}
	}
	say(d, count.missing > 0,
	    dy_arena_printf(d->arena, "pictures: %lld, of which files are missing: %lld",
	                    (long long)count.rows, (long long)count.missing));
	return DY_OK;
}

/* The key belongs to this database when it opens what the database keeps sealed. */
static enum dy_code
key_check(struct doctor *d, struct dy_rtx *tx, struct dy_err *err)
{
	struct dy_stair_list stairs;
	struct dy_bytes sealed;

	DY_TRY(dy_stair_list(tx, d->arena, dy_time_now(), &stairs, err));
	if (stairs.count == 0)
		return DY_OK;
	DY_TRY(dy_stair_sealed_token(tx, d->arena, stairs.items[0].id, &sealed, err));
	bool fits = dy_text_unseal(d->arena, &d->data.key, sealed).len > 0;
	say(d, !fits, fits ? "key opens what is sealed" : "key is not the one of this database");
	return DY_OK;
}

static enum dy_code
community_check(void *ctx, struct dy_reader *reader, struct dy_id community, struct dy_err *err)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct doctor *d = ctx;
	struct dy_community c;

	DY_TRY(dy_rtx_begin(reader, community, &tx, err));
	DY_TRY(dy_community_get(tx, d->arena, &c, err));
	(void)printf("%.*s (%.*s)\n", DY_FMT(c.name), DY_FMT(c.division_code));
	DY_TRY(key_check(d, tx, err));
	return photos_check(d, tx, err);
}

static enum dy_code
doctor_run(struct doctor *d, const char *dir, struct dy_err *err)
{
	struct dy_store *store = NULL;

	DY_TRY(dy_data_open(d->arena, dir, DY_DATA_READ, &d->data, err));
	check_modes(d);
	check_space(d);
	struct dy_store_options options = { .path = d->data.database, .read_only = true };
	enum dy_code rc = dy_store_open(&options, &store, err);
	if (rc == DY_OK)
		rc = dy_store_doctor(store, say, d, err);
	if (rc == DY_OK)
		rc = dy_each_community(store, community_check, d, err);
	dy_store_close(store);
	dy_data_close(&d->data);
	return rc;
}

int
dy_cmd_doctor(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct doctor d = { .arena = arena };
	struct dy_err err = { 0 };
	const char *dir = NULL;
	const struct dy_option options[] = {
		{ "data", "DIR", "folder with the community's data", &dir, NULL, true, false },
	};
	const struct dy_cli cli = { .name = "doctor",
		                    .summary = "check database, key and pictures",
		                    .details = "Reads only; works while the server runs. The "
		                               "history has its own proof: danyuan audit verify.\n"
		                               "Exit status 1: something is wrong.\n",
		                    .options = options,
		                    .n_options = DY_COUNT(options) };
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	if (doctor_run(&d, dir, &err) != DY_OK)
		return dy_cli_fail(&cli, &err);
	(void)printf("%s\n", d.faults > 0 ? "something is wrong: see FAULT above" : "all is well");
	return d.faults > 0 ? DY_EXIT_FAILED : DY_EXIT_OK;
}
