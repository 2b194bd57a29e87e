/* The data folder. */
#include "data.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0700 /* residents' data: nobody else on this machine reads it */
#define FILE_MODE   0600

static enum dy_code
folder_make(const char *dir, struct dy_err *err)
{
	if (mkdir(dir, FOLDER_MODE) == 0 || errno == EEXIST)
		return DY_OK;
	return dy_raise(err, DY_E_IO, "data", "cannot make the folder %.80s: %s", dir,
	                strerror(errno));
}

static enum dy_code
lock_take(struct dy_arena *arena, struct dy_data *data, struct dy_err *err)
{
	const char *path = dy_arena_printf(arena, "%s/lock", data->dir);

	data->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (data->lock < 0)
		return dy_raise(err, DY_E_IO, "data", "cannot write into %.80s: %s", data->dir,
		                strerror(errno));
	if (flock(data->lock, LOCK_EX | LOCK_NB) == 0)
		return DY_OK;
	dy_data_close(data);
	return dy_raise(err, DY_E_BUSY, "data", "another danyuan works in %.80s; stop it first",
	                data->dir);
}

/* A new key beside old data would make every sealed text unreadable for good: that is never done. */
static enum dy_code
key_open(struct dy_arena *arena, struct dy_data *data, struct dy_err *err)
{
	const char *path = dy_arena_printf(arena, "%s/key", data->dir);

	if (access(path, F_OK) != 0 && access(data->database, F_OK) == 0)
		return dy_raise(err, DY_E_NOT_FOUND, "data",
		                "%.80s has lost its key file; put the one of a backup there",
		                data->dir);
	return dy_key_load(path, &data->key, err);
}

enum dy_code
dy_data_open(struct dy_arena *arena, const char *dir, enum dy_data_mode mode, struct dy_data *out,
             struct dy_err *err)
{
	struct dy_data data = { .dir = dir, .lock = -1 };

	data.database = dy_arena_printf(arena, "%s/danyuan.db", dir);
	if (mode == DY_DATA_MAKE)
		DY_TRY(folder_make(dir, err));
	else if (access(data.database, F_OK) != 0)
		return dy_raise(err, DY_E_NOT_FOUND, "data",
		                "there is no community in %.80s; make one with danyuan init", dir);
	if (mode != DY_DATA_READ)
		DY_TRY(lock_take(arena, &data, err));
	enum dy_code rc = key_open(arena, &data, err);
	if (rc != DY_OK) {
		dy_data_close(&data);
		return rc;
	}
	*out = data;
	return DY_OK;
}

void
dy_data_close(struct dy_data *data)
{
	if (data->lock >= 0)
		(void)close(data->lock);
	data->lock = -1;
}
