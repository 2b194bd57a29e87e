/* Files of a folder or of the archive in it. */
#include "geo/folder.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* Room for more bytes at the end. */
static bool
grow(struct dy_geo_file *f, size_t *cap)
{
	if (f->size < *cap)
		return true;
	size_t wider = *cap == 0 ? (size_t)1 << 16 : *cap * 2;
	char *more = realloc(f->ptr, wider);
	if (more == NULL)
		return false;
	f->ptr = more;
	*cap = wider;
	return true;
}

enum dy_code
dy_geo_file_read(const char *path, struct dy_geo_file *out, struct dy_err *err)
{
	FILE *f = fopen(path, "rb");
	size_t cap = 0, got = 1;

	*out = (struct dy_geo_file){ 0 };
	if (f == NULL)
		return dy_raise(err, DY_E_INPUT, last_part(path), "cannot be read: %s",
		                strerror(errno));
	bool fine = grow(out, &cap);
	while (fine && got > 0 && out->size <= DY_GEO_FILE_MAX) {
		got = fread(out->ptr + out->size, 1, cap - out->size, f);
		out->size += got;
		fine = grow(out, &cap);
	}
	fine = fine && ferror(f) == 0;
	(void)fclose(f);
	if (fine && out->size <= DY_GEO_FILE_MAX)
		return DY_OK;
	free(out->ptr);
	*out = (struct dy_geo_file){ 0 };
	return dy_raise(err, DY_E_INPUT, last_part(path),
	                fine ? "is larger than 1 GB" : "cannot be read");
}

static bool
read_entry(struct archive *a, struct dy_geo_file *f)
{
	size_t cap = 0;
	la_ssize_t got = 1;

	while (got > 0 && f->size <= DY_GEO_FILE_MAX) {
		if (!grow(f, &cap))
			return false;
		got = archive_read_data(a, f->ptr + f->size, cap - f->size);
		if (got > 0)
			f->size += (size_t)got;
	}
	return got == 0 && f->size <= DY_GEO_FILE_MAX;
}

/* What the folder itself lacked. */
static enum dy_code
read_archive(const char *path, const char *const *names, struct dy_geo_folder *out,
             struct dy_err *err)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry = NULL;
	bool fine = a != NULL && archive_read_support_format_tar(a) == ARCHIVE_OK &&
	            archive_read_support_filter_gzip(a) >= ARCHIVE_WARN &&
	            archive_read_open_filename(a, path, 1 << 16) == ARCHIVE_OK;
	int next = ARCHIVE_OK;

	while (fine && (next = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);
		for (size_t i = 0; fine && name != NULL && i < out->n; i++)
			if (out->file[i].ptr == NULL && strcmp(last_part(name), names[i]) == 0)
				fine = read_entry(a, &out->file[i]);
	}
	fine = fine && next == ARCHIVE_EOF;
	if (a != NULL)
		(void)archive_read_free(a);
	return fine ? DY_OK : dy_raise(err, DY_E_INPUT, "csv.tar.gz", "is not a sound archive");
}

enum dy_code
dy_geo_folder_read(const char *path, const char *const *names, struct dy_geo_folder *out,
                   struct dy_err *err)
{
	char file[PATH_SIZE];
	enum dy_code rc = DY_OK;

	*out = (struct dy_geo_folder){ 0 };
	for (; rc == DY_OK && names[out->n] != NULL && out->n < DY_GEO_FILES_MAX; out->n++) {
		int n = snprintf(file, sizeof file, "%s/%s", path, names[out->n]);
		if (n < 0 || (size_t)n >= sizeof file)
			rc = dy_raise(err, DY_E_INPUT, "", "the path of the folder is too long");
		else if (access(file, F_OK) == 0)
			rc = dy_geo_file_read(file, &out->file[out->n], err);
	}
	int n = snprintf(file, sizeof file, "%s/csv.tar.gz", path);
	if (rc == DY_OK && n > 0 && (size_t)n < sizeof file && access(file, F_OK) == 0)
		rc = read_archive(file, names, out, err);
	if (rc != DY_OK)
		dy_geo_folder_release(out);
	return rc;
}

void
dy_geo_folder_release(struct dy_geo_folder *folder)
{
	for (size_t i = 0; i < DY_GEO_FILES_MAX; i++)
		free(folder->file[i].ptr);
	*folder = (struct dy_geo_folder){ 0 };
}
