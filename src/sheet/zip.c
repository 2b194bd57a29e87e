/* The parts of an .xlsx, unpacked piece by piece. What they are when unpacked is counted: a bomb ends at the limit. */
#include "inside.h"

#include <archive.h>
#include <archive_entry.h>

#define PIECE       65536
#define RATIO_AFTER ((size_t)4 << 20)

static void
archive_end(struct archive **a)
{
	if (*a != NULL)
		(void)archive_read_free(*a);
}

static enum dy_code
damaged(struct dy_err *err)
{
	return dy_sheet_bad(err, "the file is damaged; open it in the spreadsheet program and save "
	                         "it again as .xlsx");
}

struct unpacking {
	size_t packed, plain;
};

static enum dy_code
count(struct unpacking *u, size_t n, struct dy_err *err)
{
	u->plain += n;
	if (u->plain > DY_SHEET_PLAIN_MAX ||
	    (u->plain > RATIO_AFTER && u->plain / DY_SHEET_RATIO_MAX > u->packed))
		return dy_sheet_too_large(err, "the file is far larger unpacked than it looks; "
		                               "copy the rows into a new spreadsheet");
	return DY_OK;
}

static enum dy_code
part_read(struct archive *a, struct unpacking *u, const struct dy_zip_walk *walk, char *piece,
          struct dy_err *err)
{
	for (;;) {
		la_ssize_t n = archive_read_data(a, piece, PIECE);
		if (n < 0)
			return damaged(err);
		DY_TRY(count(u, (size_t)n, err));
		DY_TRY(walk->bytes(walk->ctx, piece, (size_t)n, n == 0, err));
		if (n == 0)
			return DY_OK;
	}
}

enum dy_code
dy_zip_read(struct dy_str bytes, const struct dy_zip_walk *walk, struct dy_err *err)
{
	DY_CLEANUP(archive_end) struct archive *a = archive_read_new();
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(2 * PIECE);
	struct unpacking u = { .packed = bytes.len };
	struct archive_entry *entry;
	char *piece = dy_arena_alloc(arena, PIECE);
	int rc;

	DY_ASSERT(a != NULL);
	if (archive_read_support_format_zip(a) != ARCHIVE_OK ||
	    archive_read_open_memory(a, bytes.ptr, bytes.len) != ARCHIVE_OK)
		return damaged(err);
	for (size_t parts = 0; (rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK; parts++) {
		const char *name = archive_entry_pathname(entry);
		if (parts >= DY_SHEET_PARTS_MAX)
			return dy_sheet_too_large(err, "there are too many files inside");
		if (archive_entry_is_encrypted(entry))
			return dy_sheet_bad(err, "the file has a password; save it without one");
		if (name != NULL && walk->part(walk->ctx, name))
			DY_TRY(part_read(a, &u, walk, piece, err));
	}
	return rc == ARCHIVE_EOF ? DY_OK : damaged(err);
}
