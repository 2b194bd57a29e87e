/* Typed statements over a driver: types are checked at each bind and each column. */
#include "driver.h"
#include "writer.h"

#include <string.h>

static char
type_letter(enum dy_value_type type)
{
	switch (type) {
	case DY_VALUE_ID: return 'i';
	case DY_VALUE_TIME: return 't';
	case DY_VALUE_INT: return 'n';
	case DY_VALUE_STR: return 's';
	case DY_VALUE_BYTES: return 'b';
	}
	return '?';
}

static bool
value_is_empty(const struct dy_value *v)
{
	switch (v->type) {
	case DY_VALUE_ID: return v->as.id.v == 0;
	case DY_VALUE_TIME: return v->as.time.ms == 0;
	case DY_VALUE_INT: return false;
	case DY_VALUE_STR: return v->as.str.len == 0;
	case DY_VALUE_BYTES: return v->as.bytes.len == 0;
	}
	return false;
}

static enum dy_code
bind_all(const struct dy_driver *driver, struct dy_stmt *stmt, const struct dy_sql *sql,
         struct dy_args args, struct dy_err *err)
{
	const char *type = sql->in;

	for (size_t i = 0; i < args.n; i++) {
		const struct dy_value *v = &args.values[i];
		struct dy_value null_id = { .type = DY_VALUE_ID };
		DY_ASSERT(*type == type_letter(v->type));
		bool optional = type[1] == '?';
		DY_ASSERT(optional || v->type == DY_VALUE_STR || v->type == DY_VALUE_INT ||
		          !value_is_empty(v));
		/* an empty optional value is NULL whatever its type */
		DY_TRY(driver->bind(stmt, i + 1, optional && value_is_empty(v) ? &null_id : v,
		                    err));
		type += optional ? 2 : 1;
	}
	DY_ASSERT(*type == '\0');
	return DY_OK;
}

static enum dy_code
rows_open(const struct dy_driver *driver, struct dy_conn *conn, const struct dy_sql *sql,
          struct dy_args args, struct dy_rows **out, struct dy_err *err)
{
	struct dy_stmt *stmt;

	*out = NULL;
	DY_TRY(driver->prepare(conn, sql, &stmt, err));
	enum dy_code rc = bind_all(driver, stmt, sql, args, err);
	if (rc != DY_OK) {
		driver->done(stmt);
		return rc;
	}
	struct dy_rows *rows = driver->rows(stmt);
	rows->driver = driver;
	rows->stmt = stmt;
	rows->sql = sql;
	rows->has_row = false;
	rows->first_is_read = false;
	rows->rc = DY_OK;
	rows->type = "";
	*out = rows;
	return DY_OK;
}

enum dy_code
dy_sql_read(struct dy_rtx *tx, const struct dy_sql *sql, struct dy_args args, struct dy_rows **out,
            struct dy_err *err)
{
	DY_TRY(rows_open(tx->driver, tx->conn, sql, args, out, err));
	DY_ASSERT(tx->driver->is_read_only((*out)->stmt));
	return DY_OK;
}

enum dy_code
dy_sql_write_rows(struct dy_wtx *tx, const struct dy_sql *sql, struct dy_args args,
                  struct dy_rows **out, struct dy_err *err)
{
	struct dy_rtx *rtx = dy_wtx_read(tx);

	tx->writer->writes++;
	return rows_open(rtx->driver, rtx->conn, sql, args, out, err);
}

enum dy_code
dy_sql_write(struct dy_wtx *tx, const struct dy_sql *sql, struct dy_args args, int64_t *changed,
             struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_rtx *rtx = dy_wtx_read(tx);

	DY_TRY(dy_sql_write_rows(tx, sql, args, &rows, err));
	bool has_row = dy_rows_next(rows);
	DY_ASSERT(!has_row);
	DY_TRY(dy_rows_end(rows, err));
	if (changed != NULL)
		*changed = rtx->driver->changes(rtx->conn);
	return DY_OK;
}

bool
dy_rows_next(struct dy_rows *rows)
{
	DY_ASSERT(!rows->has_row || rows->first_is_read ||
	          *rows->type == '\0'); /* skipped column */
	rows->column = 0;
	rows->type = rows->sql->out;
	if (rows->first_is_read) {
		rows->first_is_read = false;
		return rows->has_row;
	}
	rows->has_row = false;
	rows->rc = rows->driver->step(rows->stmt, &rows->has_row, &rows->err);
	if (!rows->has_row)
		rows->type = "";
	return rows->has_row;
}

/* Moves to the next column, which must have this type; true when it is NULL (and may be). */
static bool
column_begin(struct dy_rows *rows, char type)
{
	DY_ASSERT(rows->has_row && *rows->type == type);
	bool optional = rows->type[1] == '?';
	rows->type += optional ? 2 : 1;
	rows->column++;
	bool is_null = rows->driver->is_null(rows->stmt, rows->column - 1);
	DY_ASSERT(optional || !is_null);
	return is_null;
}

struct dy_id
dy_rows_id(struct dy_rows *rows)
{
	struct dy_id id = { 0 };

	if (!column_begin(rows, 'i'))
		id.v = rows->driver->get_int(rows->stmt, rows->column - 1);
	return id;
}

struct dy_time
dy_rows_time(struct dy_rows *rows)
{
	struct dy_time t = { 0 };

	if (!column_begin(rows, 't'))
		t.ms = rows->driver->get_int(rows->stmt, rows->column - 1);
	return t;
}

int64_t
dy_rows_int(struct dy_rows *rows)
{
	(void)column_begin(rows, 'n');
	return rows->driver->get_int(rows->stmt, rows->column - 1);
}

struct dy_str
dy_rows_str(struct dy_rows *rows, struct dy_arena *arena)
{
	struct dy_str s = { "", 0 };

	if (column_begin(rows, 's'))
		return s;
	struct dy_bytes bytes = rows->driver->get_bytes(rows->stmt, rows->column - 1);
	s.ptr = (const char *)bytes.ptr;
	s.len = bytes.len;
	return dy_str_dup(arena, s);
}

struct dy_bytes
dy_rows_bytes(struct dy_rows *rows, struct dy_arena *arena)
{
	struct dy_bytes bytes = { NULL, 0 };

	if (column_begin(rows, 'b'))
		return bytes;
	bytes = rows->driver->get_bytes(rows->stmt, rows->column - 1);
	bytes.ptr = (const uint8_t *)dy_arena_dup(arena, (const char *)bytes.ptr, bytes.len);
	return bytes;
}

enum dy_code
dy_rows_end(struct dy_rows *rows, struct dy_err *err)
{
	if (rows->rc != DY_OK && err != NULL)
		*err = rows->err;
	return rows->rc;
}

void
dy_rows_close(struct dy_rows **rows)
{
	if (*rows != NULL)
		(*rows)->driver->done((*rows)->stmt);
	*rows = NULL;
}

enum dy_code
dy_sql_read_one(struct dy_rtx *tx, const struct dy_sql *sql, struct dy_args args,
                struct dy_rows **out, bool *found, struct dy_err *err)
{
	DY_TRY(dy_sql_read(tx, sql, args, out, err));
	*found = dy_rows_next(*out);
	if (*found)
		return DY_OK;
	enum dy_code rc = dy_rows_end(*out, err);
	dy_rows_close(out);
	return rc;
}

static int
type_count(const char *types)
{
	int n = 0;

	for (; *types != '\0'; types++)
		n += *types != '?';
	return n;
}

enum dy_code
dy_sql_check_on(const struct dy_driver *driver, struct dy_conn *conn, const struct dy_sql *sql,
                struct dy_err *err)
{
	struct dy_stmt *stmt;

	DY_TRY(driver->prepare(conn, sql, &stmt, err));
	int params = driver->params(stmt);
	int columns = driver->columns(stmt);
	driver->done(stmt);
	if (params != type_count(sql->in))
		return dy_raise(err, DY_E_BUG, "", "%s: %d parameters, .in says %d", sql->name,
		                params, type_count(sql->in));
	if (columns != type_count(sql->out))
		return dy_raise(err, DY_E_BUG, "", "%s: %d columns, .out says %d", sql->name,
		                columns, type_count(sql->out));
	return DY_OK;
}
