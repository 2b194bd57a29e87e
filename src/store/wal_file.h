/* The file of the write-ahead log, between SQLite and the system.
 *
 * SQLite writes each page of a commit with two small writes and then syncs. Here the writes of a commit are gathered and
 * go out as one, and the writer's own connection may leave the sync to another thread (wal_file_sync()): what was
 * committed is then seen by readers at once, and is on disk when wal_file_sync() has returned.
 * Syncs that keep the file readable are never put off: that of a new header, and those of a checkpoint, which runs
 * on a connection of its own.
 * Threads: a file belongs to its connection's thread; wal_file_sync() may run beside it on one other thread. */
#ifndef DY_STORE_WAL_FILE_H
#define DY_STORE_WAL_FILE_H

#include <sqlite3.h>
#include <stdbool.h>

/* Registers the file system to open databases with; its name is returned, NULL when SQLite refuses. */
const char *wal_file_setup(void);

/* The log of a connection opened with it, once it has been read or written; NULL when there is none. */
struct wal_file;
struct wal_file *wal_file_of(sqlite3 *db);
void wal_file_sync_later(struct wal_file *f, bool later);
bool wal_file_sync(struct wal_file *f);

#endif
