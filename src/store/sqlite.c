/* The SQLite engine: one connection, its cached statements, its pragmas. */
#include "driver.h"
#include "wal_file.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define CACHE_SLOTS     512 /* power of two, well above the number of statements */
#define BUSY_TIMEOUT_MS 5000
#define LOG_READERS_MS  20 /* how long a checkpoint that stops the writer waits for them */

struct dy_stmt {
	struct dy_conn *conn;
	const struct dy_sql *sql;
	sqlite3_stmt *handle;
	int n_params;
	int index[24]; /* of $1.. in SQLite's own numbering */
	bool busy;
	bool is_extra; /* not in the cache: finalised when done */
	struct dy_rows rows;
};

struct dy_conn {
	sqlite3 *db;
	bool ddl_allowed;
	int wal_pages;
	struct wal_file *log; /* whose syncs are ours */
	struct dy_stmt *cache[CACHE_SLOTS];
};

static enum dy_code
fail(struct dy_conn *conn, int rc, const char *what, struct dy_err *err)
{
	if ((rc & 0xff) == SQLITE_CONSTRAINT)
		return dy_raise(err, DY_E_CONFLICT, "", "%s: %s", what, sqlite3_errmsg(conn->db));
	return dy_raise(err, DY_E_IO, "", "%s: %s (%d)", what, sqlite3_errmsg(conn->db), rc);
}

static int
authorize(void *ctx, int action, const char *a, const char *b, const char *c, const char *d)
{
	struct dy_conn *conn = ctx;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_CREATE_INDEX:
	case SQLITE_CREATE_TABLE:
	case SQLITE_CREATE_TRIGGER:
	case SQLITE_CREATE_VIEW:
	case SQLITE_DROP_INDEX:
	case SQLITE_DROP_TABLE:
	case SQLITE_DROP_TRIGGER:
	case SQLITE_DROP_VIEW:
	case SQLITE_ALTER_TABLE:
	case SQLITE_ATTACH:
	case SQLITE_DETACH: return conn->ddl_allowed ? SQLITE_OK : SQLITE_DENY;
	default: return SQLITE_OK;
	}
}

static int
on_wal(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct dy_conn *conn = ctx;

	(void)db;
	(void)name;
	conn->wal_pages = pages;
	return SQLITE_OK;
}

static enum dy_code
sqlite_exec(struct dy_conn *conn, const char *text, struct dy_err *err)
{
	int rc = sqlite3_exec(conn->db, text, NULL, NULL, NULL);
	return rc == SQLITE_OK ? DY_OK : fail(conn, rc, "database", err);
}

static void
sqlite_close_(struct dy_conn *conn)
{
	if (conn == NULL)
		return;
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		if (conn->cache[i] != NULL)
			(void)sqlite3_finalize(conn->cache[i]->handle);
		free(conn->cache[i]);
	}
	(void)sqlite3_close(conn->db);
	free(conn);
}

static const char *file_system;

/* Counting its memory makes SQLite take one lock for all threads at each malloc. */
static void
library_setup(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	file_system = wal_file_setup();
}

static enum dy_code
sqlite_open_(const char *path, enum dy_conn_kind kind, struct dy_conn **out, struct dy_err *err)
{
	static const char *const COMMON = "PRAGMA foreign_keys=ON; PRAGMA mmap_size=0;"
					  "PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
					  "PRAGMA case_sensitive_like=ON;";
	int flags = kind == DY_CONN_READER            ? SQLITE_OPEN_READONLY
	            : kind == DY_CONN_WRITER_EXISTING ? SQLITE_OPEN_READWRITE
	                                              : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, library_setup);
	struct dy_conn *conn = calloc(1, sizeof(*conn));
	DY_ASSERT(conn != NULL);
	int rc = sqlite3_open_v2(path, &conn->db, flags | SQLITE_OPEN_NOMUTEX, file_system);
	if (rc != SQLITE_OK) {
		enum dy_code code = dy_raise(err, DY_E_IO, "", "cannot open the database: %s",
		                             sqlite3_errmsg(conn->db));
		sqlite_close_(conn);
		return code;
	}
	(void)sqlite3_extended_result_codes(conn->db, 1);
	(void)sqlite3_busy_timeout(conn->db, BUSY_TIMEOUT_MS);
	enum dy_code code = sqlite_exec(conn, COMMON, err);
	if (code == DY_OK && kind != DY_CONN_READER)
		code = sqlite_exec(conn,
		                   "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		                   "PRAGMA wal_autocheckpoint=0;",
		                   err);
	else if (code == DY_OK)
		code = sqlite_exec(conn, "PRAGMA query_only=ON;", err);
	if (code != DY_OK) {
		sqlite_close_(conn);
		return code;
	}
	(void)sqlite3_set_authorizer(conn->db, authorize, conn);
	(void)sqlite3_wal_hook(conn->db, on_wal, conn);
	*out = conn;
	return DY_OK;
}

static void
sqlite_allow_ddl(struct dy_conn *conn, bool allowed)
{
	conn->ddl_allowed = allowed;
}

static bool
sqlite_in_transaction(struct dy_conn *conn)
{
	return sqlite3_get_autocommit(conn->db) == 0;
}

static enum dy_code
stmt_new(struct dy_conn *conn, const struct dy_sql *sql, struct dy_stmt **out, struct dy_err *err)
{
	char name[16];

	struct dy_stmt *stmt = calloc(1, sizeof(*stmt));
	DY_ASSERT(stmt != NULL);
	stmt->conn = conn;
	stmt->sql = sql;
	int rc = sqlite3_prepare_v3(conn->db, sql->text, -1, SQLITE_PREPARE_PERSISTENT,
	                            &stmt->handle, NULL);
	if (rc != SQLITE_OK) {
		free(stmt);
		return fail(conn, rc, sql->name, err);
	}
	stmt->n_params = sqlite3_bind_parameter_count(stmt->handle);
	DY_ASSERT(stmt->n_params <= (int)DY_COUNT(stmt->index));
	for (int i = 0; i < stmt->n_params; i++) {
		(void)snprintf(name, sizeof(name), "$%d", i + 1);
		stmt->index[i] = sqlite3_bind_parameter_index(stmt->handle, name);
	}
	*out = stmt;
	return DY_OK;
}

static enum dy_code
sqlite_prepare(struct dy_conn *conn, const struct dy_sql *sql, struct dy_stmt **out,
               struct dy_err *err)
{
	size_t slot = ((uintptr_t)sql >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	for (size_t i = 0; i < CACHE_SLOTS; i++, slot++) {
		struct dy_stmt **at = &conn->cache[slot & (CACHE_SLOTS - 1)];
		if (*at == NULL)
			DY_TRY(stmt_new(conn, sql, at, err));
		if ((*at)->sql != sql)
			continue;
		*out = *at;
		if ((*at)->busy) {
			DY_TRY(stmt_new(conn, sql, out, err));
			(*out)->is_extra = true;
		}
		(*out)->busy = true;
		return DY_OK;
	}
	return dy_raise(err, DY_E_BUG, "", "more than %d statements on one connection",
	                CACHE_SLOTS);
}

static struct dy_rows *
sqlite_rows(struct dy_stmt *stmt)
{
	return &stmt->rows;
}

static enum dy_code
sqlite_bind(struct dy_stmt *stmt, size_t i, const struct dy_value *value, struct dy_err *err)
{
	int at = stmt->index[i - 1];
	int rc = SQLITE_MISUSE;

	switch (value->type) {
	case DY_VALUE_ID:
		rc = value->as.id.v == 0 ? sqlite3_bind_null(stmt->handle, at)
		                         : sqlite3_bind_int64(stmt->handle, at, value->as.id.v);
		break;
	case DY_VALUE_TIME:
		rc = value->as.time.ms == 0
		             ? sqlite3_bind_null(stmt->handle, at)
		             : sqlite3_bind_int64(stmt->handle, at, value->as.time.ms);
		break;
	case DY_VALUE_INT: rc = sqlite3_bind_int64(stmt->handle, at, value->as.n); break;
	case DY_VALUE_STR:
		rc = sqlite3_bind_text64(stmt->handle, at,
		                         value->as.str.ptr != NULL ? value->as.str.ptr : "",
		                         value->as.str.len, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case DY_VALUE_BYTES:
		rc = value->as.bytes.len == 0
		             ? sqlite3_bind_null(stmt->handle, at)
		             : sqlite3_bind_blob64(stmt->handle, at, value->as.bytes.ptr,
		                                   value->as.bytes.len, SQLITE_STATIC);
		break;
	}
	return rc == SQLITE_OK ? DY_OK : fail(stmt->conn, rc, stmt->sql->name, err);
}

static enum dy_code
sqlite_step(struct dy_stmt *stmt, bool *has_row, struct dy_err *err)
{
	int rc = sqlite3_step(stmt->handle);

	*has_row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return DY_OK;
	return fail(stmt->conn, rc, stmt->sql->name, err);
}

static bool
sqlite_is_null(struct dy_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

static int64_t
sqlite_get_int(struct dy_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->handle, column);
}

static struct dy_bytes
sqlite_get_bytes(struct dy_stmt *stmt, int column)
{
	const void *ptr = sqlite3_column_type(stmt->handle, column) == SQLITE_TEXT
	                          ? (const void *)sqlite3_column_text(stmt->handle, column)
	                          : sqlite3_column_blob(stmt->handle, column);
	struct dy_bytes bytes = { ptr, (size_t)sqlite3_column_bytes(stmt->handle, column) };
	return bytes;
}

static int
sqlite_columns(struct dy_stmt *stmt)
{
	return sqlite3_column_count(stmt->handle);
}

static int
sqlite_params(struct dy_stmt *stmt)
{
	return stmt->n_params;
}

static bool
sqlite_is_read_only(struct dy_stmt *stmt)
{
	return sqlite3_stmt_readonly(stmt->handle) != 0;
}

static void
sqlite_done(struct dy_stmt *stmt)
{
	if (stmt->is_extra) {
		(void)sqlite3_finalize(stmt->handle);
		free(stmt);
		return;
	}
	(void)sqlite3_reset(stmt->handle);
	(void)sqlite3_clear_bindings(stmt->handle);
	stmt->busy = false;
}

static int64_t
sqlite_changes(struct dy_conn *conn)
{
	return sqlite3_changes64(conn->db);
}

static void
sqlite_sync_later(struct dy_conn *conn, bool later)
{
	if (conn->log == NULL)
		conn->log = wal_file_of(conn->db);
	if (conn->log != NULL)
		wal_file_sync_later(conn->log, later);
}

static enum dy_code
sqlite_sync(struct dy_conn *conn, struct dy_err *err)
{
	/* without a log of ours each commit has synced by itself */
	if (conn->log == NULL || wal_file_sync(conn->log))
		return DY_OK;
	return dy_raise(err, DY_E_IO, "", "the log could not be synced to disk");
}

static int
sqlite_log_pages(struct dy_conn *conn)
{
	return conn->wal_pages;
}

static enum dy_code
sqlite_checkpoint(struct dy_conn *conn, bool all, struct dy_log_state *out, struct dy_err *err)
{
	int mode = all ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;

	*out = (struct dy_log_state){ 0 };
	(void)sqlite3_busy_timeout(conn->db, all ? LOG_READERS_MS : BUSY_TIMEOUT_MS);
	int rc = sqlite3_wal_checkpoint_v2(conn->db, NULL, mode, &out->pages, &out->moved);
	if (rc == SQLITE_OK || rc == SQLITE_BUSY) /* busy: a reader is still in the log */
		return DY_OK;
	return fail(conn, rc, "checkpoint", err);
}

struct inspection {
	void (*say)(void *ctx, bool is_fault, const char *line);
	void *ctx;
	const char *what;
	int faults;
};

static int
inspect_row(void *ctx, int n, char **values, char **names)
{
	struct inspection *in = ctx;
	char line[256];

	(void)names;
	if (n > 0 && values[0] != NULL && strcmp(values[0], "ok") == 0)
		return 0;
	in->faults++;
	(void)snprintf(line, sizeof(line), "%s: %s", in->what,
	               n > 0 && values[0] != NULL ? values[0] : "?");
	in->say(in->ctx, true, line);
	return 0;
}

static enum dy_code
sqlite_inspect(struct dy_conn *conn, void (*say)(void *ctx, bool is_fault, const char *line),
               void *ctx, struct dy_err *err)
{
	static const struct {
		const char *what, *text;
	} checks[] = {
		{ "page structure", "PRAGMA integrity_check(20)" },
		{ "foreign keys", "PRAGMA foreign_key_check" },
	};
	char line[64];

	for (size_t i = 0; i < DY_COUNT(checks); i++) {
		struct inspection in = { say, ctx, checks[i].what, 0 };
		int rc = sqlite3_exec(conn->db, checks[i].text, inspect_row, &in, NULL);
		if (rc != SQLITE_OK)
			return fail(conn, rc, checks[i].what, err);
		(void)snprintf(line, sizeof(line), "%s: ok", checks[i].what);
		if (in.faults == 0)
			say(ctx, false, line);
	}
	return DY_OK;
}

static void
backup_say(void *ctx, bool is_fault, const char *line)
{
	bool *bad = ctx;

	(void)line;
	*bad = *bad || is_fault;
}

static enum dy_code
backup_verify(const char *to_path, struct dy_err *err)
{
	struct dy_conn *copy = NULL;
	bool bad = false;

	DY_TRY(sqlite_open_(to_path, DY_CONN_WRITER_EXISTING, &copy, err));
	enum dy_code rc = sqlite_inspect(copy, backup_say, &bad, err);
	if (rc == DY_OK)
		rc = sqlite_exec(
			copy, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;", err);
	sqlite_close_(copy);
	if (rc == DY_OK && bad)
		return dy_raise(err, DY_E_IO, "", "the copy is damaged; check the disk");
	return rc;
}

/* VACUUM INTO reads one snapshot and refuses to overwrite a file. */
static enum dy_code
sqlite_backup(const char *path, const char *to_path, struct dy_err *err)
{
	struct dy_conn *conn = NULL;
	sqlite3_stmt *handle = NULL;

	DY_TRY(sqlite_open_(path, DY_CONN_WRITER_EXISTING, &conn, err));
	conn->ddl_allowed = true;
	int rc = sqlite3_prepare_v2(conn->db, "VACUUM INTO $1", -1, &handle, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(handle, 1, to_path, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(handle);
	enum dy_code code = rc == SQLITE_DONE ? DY_OK : fail(conn, rc, "backup", err);
	(void)sqlite3_finalize(handle);
	sqlite_close_(conn);
	DY_TRY(code);
	return backup_verify(to_path, err);
}

const struct dy_driver dy_driver_sqlite = {
	.name = "sqlite",
	.int_type = "INTEGER",
	.blob_type = "BLOB",
	.strict = "STRICT",
	.clustered = "STRICT, WITHOUT ROWID",
	.open = sqlite_open_,
	.close = sqlite_close_,
	.exec = sqlite_exec,
	.allow_ddl = sqlite_allow_ddl,
	.in_transaction = sqlite_in_transaction,
	.prepare = sqlite_prepare,
	.rows = sqlite_rows,
	.bind = sqlite_bind,
	.step = sqlite_step,
	.is_null = sqlite_is_null,
	.get_int = sqlite_get_int,
	.get_bytes = sqlite_get_bytes,
	.columns = sqlite_columns,
	.params = sqlite_params,
	.is_read_only = sqlite_is_read_only,
	.done = sqlite_done,
	.changes = sqlite_changes,
	.sync_later = sqlite_sync_later,
	.sync = sqlite_sync,
	.log_pages = sqlite_log_pages,
	.checkpoint = sqlite_checkpoint,
	.backup = sqlite_backup,
	.inspect = sqlite_inspect,
};
