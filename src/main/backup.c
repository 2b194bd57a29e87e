/* danyuan backup: a folder that danyuan serve can serve, made while the original is being served. */
#include "cli.h"
#include "commands.h"
#include "data.h"

#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)64 << 20)

struct backup {
	struct dy_arena *arena;
	const char *from, *to;
	struct dy_data data;
	int64_t pictures;
};

static enum dy_code
copy_failed(const char *path, struct dy_err *err)
{
	return dy_raise(err, DY_E_IO, "to", "cannot copy %.100s: %s", path, strerror(errno));
}

static enum dy_code
copy_file(const char *from, const char *to, struct dy_err *err)
{
	struct stat st;
	int in = open(from, O_RDONLY | O_CLOEXEC);

	if (in < 0 || fstat(in, &st) != 0) {
		if (in >= 0)
			(void)close(in);
		return copy_failed(from, err);
	}
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	off_t left = st.st_size;
	while (out >= 0 && left > 0) {
		ssize_t n = sendfile(out, in, NULL, (size_t)left);
		if (n <= 0)
			break;
		left -= n;
	}
	bool good = out >= 0 && left == 0 && fsync(out) == 0;
	enum dy_code rc = good ? DY_OK : copy_failed(from, err);
	if (out >= 0)
		(void)close(out);
	(void)close(in);
	return rc;
}

static enum dy_code
copy_named(struct backup *b, const char *name, struct dy_err *err)
{
	struct dy_arena_mark mark = dy_arena_mark(b->arena);
	enum dy_code rc = copy_file(dy_arena_printf(b->arena, "%s/%s", b->from, name),
	                            dy_arena_printf(b->arena, "%s/%s", b->to, name), err);
	dy_arena_rewind(b->arena, mark);
	return rc;
}

/* After the database: a picture is on disk before its row, so every row of the copy finds its picture. */
static enum dy_code
copy_pictures(struct backup *b, struct dy_err *err)
{
	struct dirent *entry;
	enum dy_code rc = DY_OK;

	if (mkdir(dy_arena_printf(b->arena, "%s/photos", b->to), 0700) != 0)
		return copy_failed("photos", err);
	DIR *dir = opendir(dy_arena_printf(b->arena, "%s/photos", b->from));
	if (dir == NULL)
		return DY_OK; /* a community that was never served has none */
	while (rc == DY_OK && (entry = readdir(dir)) != NULL) {
		size_t n = strlen(entry->d_name);
		if (n < 5 || strcmp(entry->d_name + n - 4, ".jpg") != 0)
			continue;
		char name[sizeof(entry->d_name) + 8];
		(void)snprintf(name, sizeof(name), "photos/%s", entry->d_name);
		rc = copy_named(b, name, err);
		b->pictures++;
	}
	(void)closedir(dir);
	return rc;
}

static enum dy_code
copy_all(struct backup *b, struct dy_store *store, struct dy_err *err)
{
	if (mkdir(b->to, 0700) != 0)
		return dy_raise(err, DY_E_INPUT, "to", "cannot make the folder %.80s: %s", b->to,
		                strerror(errno));
	DY_TRY(dy_store_backup(store, dy_arena_printf(b->arena, "%s/danyuan.db", b->to), err));
	DY_TRY(copy_named(b, "key", err));
	if (access(dy_arena_printf(b->arena, "%s/danyuan.ini", b->from), F_OK) == 0)
		DY_TRY(copy_named(b, "danyuan.ini", err));
	return copy_pictures(b, err);
}

static enum dy_code
backup_run(struct backup *b, struct dy_err *err)
{
	struct dy_store *store = NULL;

	DY_TRY(dy_data_open(b->arena, b->from, DY_DATA_READ, &b->data, err));
	struct dy_store_options options = { .path = b->data.database, .read_only = true };
	enum dy_code rc = dy_store_open(&options, &store, err);
	if (rc == DY_OK)
		rc = copy_all(b, store, err);
	dy_store_close(store);
	dy_data_close(&b->data);
	return rc;
}

int
dy_cmd_backup(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct backup b = { .arena = arena };
	struct dy_err err = { 0 };
	const struct dy_option options[] = {
		{ "data", "DIR", "folder with the community's data", &b.from, NULL, true, false },
		{ "to", "DIR", "folder for the copy; must not exist yet", &b.to, NULL, true,
		  false },
	};
	const struct dy_cli cli = {
		.name = "backup",
		.summary = "copy everything, also while the server runs",
		.details =
			"The copy is a data folder of its own: danyuan serve --data TO serves it.\n"
			"It holds the key: who has the copy can read residents' phone numbers. "
			"Keep it locked away.\n",
		.options = options,
		.n_options = DY_COUNT(options),
	};
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	if (backup_run(&b, &err) != DY_OK)
		return dy_cli_fail(&cli, &err);
	(void)printf("copied to %s: database checked, key, %lld pictures\n"
	             "It holds the key: keep it where nobody else can read it.\n",
	             b.to, (long long)b.pictures);
	return DY_EXIT_OK;
}
