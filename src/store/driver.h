/* What an engine must offer. Callers of the store never see this header.
 *
 * A dy_conn belongs to one thread at a time. Statements are cached per connection under their dy_sql.
 * SQLite is the first engine (sqlite.c); PostgreSQL fits behind the same functions. */
#ifndef DY_STORE_DRIVER_H
#define DY_STORE_DRIVER_H

#include "store/sql.h"

struct dy_conn;
struct dy_stmt;

/* One open result: at most one per statement at a time, so it lives inside the statement. */
struct dy_rows {
	const struct dy_driver *driver;
	struct dy_stmt *stmt;
	const struct dy_sql *sql;
	const char *type; /* into sql->out: the next column's type */
	int column;
	bool has_row;
	bool first_is_read; /* dy_sql_read_one() has already stepped */
	enum dy_code rc;
	struct dy_err err;
};

enum dy_conn_kind { DY_CONN_WRITER, DY_CONN_WRITER_EXISTING, DY_CONN_READER };

/* How far the log of what was written ahead reaches, and how much of it the main file has. */
struct dy_log_state {
	int pages, moved;
};

struct dy_driver {
	const char *name;
	const char *int_type;  /* replaces @ID@ in migrations */
	const char *blob_type; /* replaces @BLOB@ in migrations */
	const char *strict;    /* replaces @STRICT@ */
	const char *
		clustered; /* replaces @CLUSTERED@: strict, rows in the order of their primary key */
	enum dy_code (*open)(const char *path, enum dy_conn_kind kind, struct dy_conn **out,
	                     struct dy_err *err);
	void (*close)(struct dy_conn *conn);
	/* Several statements without values: migrations, BEGIN, SAVEPOINT. */
	enum dy_code (*exec)(struct dy_conn *conn, const char *text, struct dy_err *err);
	void (*allow_ddl)(struct dy_conn *conn, bool allowed);
	bool (*in_transaction)(struct dy_conn *conn);
	/* Finds or prepares; a statement in use is prepared a second time. */
	enum dy_code (*prepare)(struct dy_conn *conn, const struct dy_sql *sql,
	                        struct dy_stmt **out, struct dy_err *err);
	struct dy_rows *(*rows)(struct dy_stmt *stmt);
	enum dy_code (*bind)(struct dy_stmt *stmt, size_t i, const struct dy_value *value,
	                     struct dy_err *err); /* i: 1 for $1 */
	enum dy_code (*step)(struct dy_stmt *stmt, bool *has_row, struct dy_err *err);
	bool (*is_null)(struct dy_stmt *stmt, int column);
	int64_t (*get_int)(struct dy_stmt *stmt, int column);
	struct dy_bytes (*get_bytes)(struct dy_stmt *stmt, int column); /* until the next step */
	int (*columns)(struct dy_stmt *stmt);
	int (*params)(struct dy_stmt *stmt);
	bool (*is_read_only)(struct dy_stmt *stmt);
	void (*done)(struct dy_stmt *stmt); /* resets, gives the statement back */
	int64_t (*changes)(struct dy_conn *conn);
	/* Commits of this connection become durable by sync(), not by themselves. sync() may run on another thread
	 * while the connection works; it covers every commit that had returned when it began. */
	void (*sync_later)(struct dy_conn *conn, bool later);
	enum dy_code (*sync)(struct dy_conn *conn, struct dy_err *err);
	/* Pages in the log after this connection's last commit. */
	int (*log_pages)(struct dy_conn *conn);
	/* Moves the log into the main file, beside writers and readers. all: waits for readers of the log, so that the
	 * next write begins it anew; nobody may write meanwhile. */
	enum dy_code (*checkpoint)(struct dy_conn *conn, bool all, struct dy_log_state *out,
	                           struct dy_err *err);
	enum dy_code (*backup)(const char *path, const char *to_path, struct dy_err *err);
	enum dy_code (*inspect)(struct dy_conn *conn,
	                        void (*say)(void *ctx, bool is_fault, const char *line), void *ctx,
	                        struct dy_err *err);
};

extern const struct dy_driver dy_driver_sqlite;

struct dy_rtx {
	const struct dy_driver *driver;
	struct dy_conn *conn;
	struct dy_id community;
	bool is_open;
};

/* now: what is written down as the time of what is applied. */
enum dy_code dy_migrate(const struct dy_driver *driver, struct dy_conn *conn, struct dy_time now,
                        struct dy_err *err);
/* Reading only: DY_E_CONFLICT when one is missing or was changed. */
enum dy_code dy_migrate_check(const struct dy_driver *driver, struct dy_conn *conn,
                              struct dy_err *err);

struct dy_migration {
	const char *name;
	const char *text;
};
extern const struct dy_migration dy_migrations[];
extern const size_t dy_migrations_n;

#endif
