/* Files of imports, sealed: they hold names and phone numbers. imports/<id>.file is the upload, .shape what its sheets look like,
 * .copy the corrected copy. What nobody imports is removed after a week. */
#ifndef DY_API_IMPORT_FILES_H
#define DY_API_IMPORT_FILES_H

#include "inside.h"

#include "app/import.h"

enum dy_import_part { DY_PART_FILE, DY_PART_SHAPE, DY_PART_COPY };

enum dy_code dy_import_part_write(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                                  enum dy_import_part part, struct dy_str plain,
                                  struct dy_err *err) DY_NODISCARD;
/* DY_E_NOT_FOUND when there is none (any more). */
enum dy_code dy_import_part_read(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                                 enum dy_import_part part, struct dy_str *out,
                                 struct dy_err *err) DY_NODISCARD;
bool dy_import_part_is_there(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                             enum dy_import_part part);
void dy_import_part_remove(struct dy_api *api, struct dy_arena *arena, struct dy_id id,
                           enum dy_import_part part);
void dy_import_parts_sweep(struct dy_api *api, struct dy_arena *arena, struct dy_time now);
/* A file that some writer makes at a path of its own: read back and removed. */
enum dy_code dy_import_made_read(struct dy_api *api, struct dy_arena *arena,
                                 enum dy_code (*make)(void *ctx, const char *path,
                                                      const char *tmp_dir, struct dy_err *err),
                                 void *ctx, struct dy_str *out, struct dy_err *err) DY_NODISCARD;

/* import_work.c: the slow parts, on the bulk pool. */
enum dy_code dy_import_pool_check(struct dy_q *q);
enum dy_code dy_import_pool_map(struct dy_q *q);
enum dy_code dy_import_pool_run(struct dy_q *q);

/* What routes and pool hand over in q->draft. */
struct dy_import_draft {
	enum dy_import_kind kind;
	struct dy_str name;
	struct dy_id id;
	bool hidden_rows, has_map;
	struct dy_import_map map;
};

#define DY_XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#endif
