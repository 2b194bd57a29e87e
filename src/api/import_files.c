/* Sealed files of imports. */
#include "import_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_DAYS 7
#define PART_MAX  ((size_t)48 << 20) /* a corrected copy may be larger than its file */

static const char *
part_path(struct dy_api *api, struct dy_arena *arena, struct dy_id id, enum dy_import_part part)
{
	static const char *const NAMES[] = { "file", "shape", "copy" };
	char text[DY_ID_TEXT + 1];

	dy_id_encode(id, text);
	return dy_arena_printf(arena, "%s/%s.%s", api->import_dir, text, NAMES[part]);
}

enum dy_code
dy_import_part_write(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                     enum dy_import_part part, struct dy_str plain, struct dy_err *err)
{
	const char *path = part_path(api, arena, id, part);
	const char *unfinished = dy_arena_printf(arena, "%s.new", path);
	struct dy_bytes sealed = dy_text_seal(arena, api->options.key, plain);
	size_t have = 0;
	ssize_t n = 0;
	int fd = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	while (fd >= 0 && have < sealed.len &&
	       (n = write(fd, sealed.ptr + have, sealed.len - have)) > 0)
		have += (size_t)n;
	bool good = fd >= 0 && have == sealed.len && fsync(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	if (good && rename(unfinished, path) == 0)
		return DY_OK;
	(void)unlink(unfinished);
	return dy_raise(err, DY_E_IO, "", "the file could not be kept");
}

enum dy_code
dy_import_part_read(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                    enum dy_import_part part, struct dy_str *out, struct dy_err *err)
{
	struct stat st;
	size_t have = 0;
	ssize_t n;
	int fd = open(part_path(api, arena, id, part), O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return dy_raise(err, DY_E_NOT_FOUND, "",
		                "the file is not kept any more; choose it again");
	if (fstat(fd, &st) != 0 || (size_t)st.st_size > PART_MAX) {
		(void)close(fd);
		return dy_raise(err, DY_E_IO, "", "the kept file cannot be read");
	}
	size_t size = (size_t)st.st_size;
	uint8_t *bytes = dy_arena_alloc(arena, size + 1);
	while (have < size && (n = read(fd, bytes + have, size - have)) > 0)
		have += (size_t)n;
	(void)close(fd);
	*out = dy_text_unseal(arena, api->options.key, (struct dy_bytes){ bytes, have });
	if (out->len == 0)
		return dy_raise(err, DY_E_IO, "", "the kept file cannot be opened");
	return DY_OK;
}

bool
dy_import_part_is_there(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                        enum dy_import_part part)
{
	return access(part_path(api, arena, id, part), F_OK) == 0;
}

void
dy_import_part_remove(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                      enum dy_import_part part)
{
	(void)unlink(part_path(api, arena, id, part));
}

void
dy_import_parts_sweep(struct dy_api *api, struct dy_arena *arena, struct dy_time now)
{
	DIR *dir = opendir(api->import_dir);
	struct dirent *entry;
	struct stat st;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *path = dy_arena_printf(arena, "%s/%s", api->import_dir, entry->d_name);
		if (entry->d_name[0] == '.' || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		if ((int64_t)st.st_mtime * DY_SECOND_MS < now.ms - KEPT_DAYS * DY_DAY_MS)
			(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
}

enum dy_code
dy_import_made_read(struct dy_api *api, struct dy_arena *arena,
                    enum dy_code (*make)(void *ctx, const char *path, const char *tmp_dir,
                                         struct dy_err *err),
                    void *ctx, struct dy_str *out, struct dy_err *err)
{
	char name[DY_TOKEN_TEXT];

	dy_token_make(name);
	const char *path = dy_arena_printf(arena, "%s/%s.xlsx", api->upload_dir, name);
	enum dy_code rc = make(ctx, path, api->upload_dir, err);
	if (rc == DY_OK) {
		struct stat st;
		FILE *f = fopen(path, "rb");
		if (f == NULL || fstat(fileno(f), &st) != 0 || (size_t)st.st_size > PART_MAX) {
			rc = dy_raise(err, DY_E_IO, "", "the table could not be written");
		} else {
			char *bytes = dy_arena_alloc(arena, (size_t)st.st_size + 1);
			out->ptr = bytes;
			out->len = fread(bytes, 1, (size_t)st.st_size, f);
		}
		if (f != NULL)
			(void)fclose(f);
	}
	(void)unlink(path);
	return rc;
}
