/* Files of one folder, read whole: as they lie there, or out of its csv.tar.gz.
 *
 * Ownership: texts live until dy_geo_folder_release(). Threads: no shared state. */
#ifndef DY_GEO_FOLDER_H
#define DY_GEO_FOLDER_H

#include "base/err.h"

#include <stddef.h>

#define DY_GEO_FILES_MAX 16
#define DY_GEO_FILE_MAX  ((size_t)1 << 30)

struct dy_geo_folder {
	size_t n;
	struct dy_geo_file {
		char *ptr; /* NULL: there is no such file */
		size_t size;
	} file[DY_GEO_FILES_MAX];
};

/* One file. DY_E_INPUT with the path's last part as field: it cannot be read or is too large. */
enum dy_code dy_geo_file_read(const char *path, struct dy_geo_file *out,
                              struct dy_err *err) DY_NODISCARD;

/* The named files, names ended by NULL. A file beside the archive goes before one inside. */
enum dy_code dy_geo_folder_read(const char *path, const char *const *names,
                                struct dy_geo_folder *out, struct dy_err *err) DY_NODISCARD;
void dy_geo_folder_release(struct dy_geo_folder *folder);

#endif
