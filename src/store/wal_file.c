/* The write-ahead log's file: see wal_file.h. */
#include "wal_file.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#define NAME        "danyuan"
#define GATHER_MAX  (1 << 20)
#define PIECE_MAX   (31 * 4096) /* SQLite's own files take less than 128 KiB in one write */
#define HEADER_SIZE 32          /* of the log: written when it begins anew */

struct wal_file {
	sqlite3_file base;
	sqlite3_file *real; /* lies behind this struct */
	bool later;
	bool header_is_new;
	char *gathered;
	sqlite3_int64 at; /* where in the file the gathered bytes belong */
	int len;
};

static struct wal_file *
wal_file(sqlite3_file *file)
{
	return (struct wal_file *)file;
}

/* What could not be written is dropped: SQLite undoes the commit it was part of. */
static int
flush(struct wal_file *f)
{
	int len = f->len;
	int rc = SQLITE_OK;

	f->len = 0;
	for (int from = 0; from < len && rc == SQLITE_OK; from += PIECE_MAX) {
		int n = len - from < PIECE_MAX ? len - from : PIECE_MAX;
		rc = f->real->pMethods->xWrite(f->real, f->gathered + from, n, f->at + from);
	}
	return rc;
}

static int
on_close(sqlite3_file *file)
{
	struct wal_file *f = wal_file(file);
	int rc = flush(f);
	int end = f->real->pMethods->xClose(f->real);

	free(f->gathered);
	f->gathered = NULL;
	return rc != SQLITE_OK ? rc : end;
}

static int
on_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
	struct wal_file *f = wal_file(file);
	int rc = flush(f);

	return rc != SQLITE_OK ? rc : f->real->pMethods->xRead(f->real, out, n, at);
}

static int
on_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
	struct wal_file *f = wal_file(file);

	if (at < HEADER_SIZE)
		f->header_is_new = true;
	if (f->gathered == NULL)
		f->gathered = malloc(GATHER_MAX);
	if (f->len > 0 && (at != f->at + f->len || n > GATHER_MAX - f->len)) {
		int rc = flush(f);
		if (rc != SQLITE_OK)
			return rc;
	}
	if (f->gathered == NULL || n > GATHER_MAX)
		return f->real->pMethods->xWrite(f->real, bytes, n, at);
	if (f->len == 0)
		f->at = at;
	memcpy(f->gathered + f->len, bytes, (size_t)n);
	f->len += n;
	return SQLITE_OK;
}

static int
on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct wal_file *f = wal_file(file);
	int rc = flush(f);

	return rc != SQLITE_OK ? rc : f->real->pMethods->xTruncate(f->real, size);
}

static int
on_sync(sqlite3_file *file, int flags)
{
	struct wal_file *f = wal_file(file);
	int rc = flush(f);

	if (rc != SQLITE_OK || (f->later && !f->header_is_new))
		return rc;
	rc = f->real->pMethods->xSync(f->real, flags);
	if (rc == SQLITE_OK)
		f->header_is_new = false;
	return rc;
}

static int
on_size(sqlite3_file *file, sqlite3_int64 *out)
{
	struct wal_file *f = wal_file(file);
	int rc = flush(f);

	return rc != SQLITE_OK ? rc : f->real->pMethods->xFileSize(f->real, out);
}

static int
on_lock(sqlite3_file *file, int level)
{
	return wal_file(file)->real->pMethods->xLock(wal_file(file)->real, level);
}

static int
on_unlock(sqlite3_file *file, int level)
{
	return wal_file(file)->real->pMethods->xUnlock(wal_file(file)->real, level);
}

static int
on_reserved(sqlite3_file *file, int *out)
{
	return wal_file(file)->real->pMethods->xCheckReservedLock(wal_file(file)->real, out);
}

static int
on_control(sqlite3_file *file, int op, void *arg)
{
	return wal_file(file)->real->pMethods->xFileControl(wal_file(file)->real, op, arg);
}

static int
on_sector(sqlite3_file *file)
{
	return wal_file(file)->real->pMethods->xSectorSize(wal_file(file)->real);
}

static int
on_traits(sqlite3_file *file)
{
	return wal_file(file)->real->pMethods->xDeviceCharacteristics(wal_file(file)->real);
}

static const sqlite3_io_methods METHODS = {
	.iVersion = 1,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_unlock,
	.xCheckReservedLock = on_reserved,
	.xFileControl = on_control,
	.xSectorSize = on_sector,
	.xDeviceCharacteristics = on_traits,
};

/* Every other file is the system's own. */
static int
on_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
	sqlite3_vfs *real = vfs->pAppData;
	struct wal_file *f = wal_file(file);

	if ((flags & SQLITE_OPEN_WAL) == 0)
		return real->xOpen(real, name, file, flags, out_flags);
	*f = (struct wal_file){ .real = (sqlite3_file *)(f + 1) };
	f->real->pMethods = NULL;
	int rc = real->xOpen(real, name, f->real, flags, out_flags);
	if (f->real->pMethods != NULL)
		f->base.pMethods = &METHODS;
	return rc;
}

const char *
wal_file_setup(void)
{
	static sqlite3_vfs own;
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	if (real == NULL)
		return NULL;
	own = *real;
	own.zName = NAME;
	own.pNext = NULL;
	own.pAppData = real;
	own.szOsFile = (int)sizeof(struct wal_file) + real->szOsFile;
	own.xOpen = on_open;
	return sqlite3_vfs_register(&own, 0) == SQLITE_OK ? NAME : NULL;
}

struct wal_file *
wal_file_of(sqlite3 *db)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK ||
	    file == NULL || file->pMethods != &METHODS)
		return NULL;
	return wal_file(file);
}

void
wal_file_sync_later(struct wal_file *f, bool later)
{
	f->later = later;
}

bool
wal_file_sync(struct wal_file *f)
{
	return f->real->pMethods->xSync(f->real, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}
