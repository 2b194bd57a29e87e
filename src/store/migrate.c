/* Migrations: append-only files, checksummed once applied, each in its own transaction. */
#include "base/crypto.h"
#include "base/time.h"
#include "driver.h"

#include <string.h>

#define MIGRATION_MAX ((size_t)1 << 20)

static const struct dy_sql APPLIED = {
	.name = "migration_applied",
	.in = "s",
	.out = "b",
	.text = "SELECT checksum FROM dy_migration WHERE name = $1",
};
static const struct dy_sql RECORD = {
	.name = "migration_record",
	.in = "sbt",
	.out = "",
	.text = "INSERT INTO dy_migration (name, checksum, applied_at) VALUES ($1, $2, $3)",
};

static void
expand(const struct dy_driver *driver, const char *text, struct dy_strbuf *out)
{
	const struct {
		struct dy_str token;
		const char *text;
	} tokens[] = {
		{ DY_STR_INIT("@ID@"), driver->int_type },
		{ DY_STR_INIT("@BLOB@"), driver->blob_type },
		{ DY_STR_INIT("@STRICT@"), driver->strict },
		{ DY_STR_INIT("@CLUSTERED@"), driver->clustered },
	};
	struct dy_str rest = dy_str_from(text);

	while (rest.len > 0) {
		size_t step = 1;
		for (size_t i = 0; i < DY_COUNT(tokens) && step == 1; i++) {
			if (dy_str_starts(rest, tokens[i].token)) {
				dy_strbuf_adds(out, tokens[i].text);
				step = tokens[i].token.len;
			}
		}
		if (step == 1)
			dy_strbuf_addc(out, rest.ptr[0]);
		rest = dy_str_slice(rest, step, rest.len);
	}
}

static enum dy_code
is_applied(struct dy_rtx *tx, const struct dy_migration *m, const uint8_t sum[DY_HASH_BYTES],
           bool *applied, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(65536);
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	DY_TRY(dy_sql_read_one(tx, &APPLIED, DY_ARGS(DY_V(dy_str_from(m->name))), &rows, applied,
	                       err));
	if (!*applied)
		return DY_OK;
	struct dy_bytes stored = dy_rows_bytes(rows, arena);
	if (stored.len != DY_HASH_BYTES || memcmp(stored.ptr, sum, DY_HASH_BYTES) != 0)
		return dy_raise(err, DY_E_CONFLICT, "",
		                "migration %s was changed after it had been applied; "
		                "use the program version that made this database",
		                m->name);
	return DY_OK;
}

static enum dy_code
record(struct dy_rtx *tx, const struct dy_migration *m, const uint8_t sum[DY_HASH_BYTES],
       struct dy_time now, struct dy_err *err)
{
	struct dy_value values[] = {
		dy_v_str(dy_str_from(m->name)),
		dy_v_bytes((struct dy_bytes){ sum, DY_HASH_BYTES }),
		dy_v_time(now),
	};
	struct dy_stmt *stmt;
	bool has_row;

	DY_TRY(tx->driver->prepare(tx->conn, &RECORD, &stmt, err));
	enum dy_code rc = DY_OK;
	for (size_t i = 0; i < DY_COUNT(values) && rc == DY_OK; i++)
		rc = tx->driver->bind(stmt, i + 1, &values[i], err);
	if (rc == DY_OK)
		rc = tx->driver->step(stmt, &has_row, err);
	tx->driver->done(stmt);
	return rc;
}

enum dy_code
dy_migrate_check(const struct dy_driver *driver, struct dy_conn *conn, struct dy_err *err)
{
	struct dy_rtx tx = { .driver = driver, .conn = conn };
	uint8_t sum[DY_HASH_BYTES];
	bool applied = false;

	for (size_t i = 0; i < dy_migrations_n; i++) {
		const struct dy_migration *m = &dy_migrations[i];
		dy_hash(m->text, strlen(m->text), NULL, sum);
		DY_TRY(is_applied(&tx, m, sum, &applied, err));
		if (!applied)
			return dy_raise(err, DY_E_CONFLICT, "",
			                "the database is older than this program; start danyuan "
			                "serve once");
	}
	return DY_OK;
}

static enum dy_code
apply(struct dy_rtx *tx, const struct dy_migration *m, struct dy_time now, struct dy_err *err)
{
	uint8_t sum[DY_HASH_BYTES];
	struct dy_strbuf text;
	bool applied = false;

	dy_hash(m->text, strlen(m->text), NULL, sum);
	enum dy_code rc = is_applied(tx, m, sum, &applied, err);
	if (rc != DY_OK || applied)
		return rc;
	dy_strbuf_init(&text, MIGRATION_MAX);
	expand(tx->driver, m->text, &text);
	rc = tx->driver->exec(tx->conn, text.ptr, err);
	dy_strbuf_release(&text);
	return rc == DY_OK ? record(tx, m, sum, now, err) : rc;
}

enum dy_code
dy_migrate(const struct dy_driver *driver, struct dy_conn *conn, struct dy_time now,
           struct dy_err *err)
{
	struct dy_rtx tx = { .driver = driver, .conn = conn };
	struct dy_strbuf table;

	driver->allow_ddl(conn, true);
	dy_strbuf_init(&table, MIGRATION_MAX);
	expand(driver,
	       "CREATE TABLE IF NOT EXISTS dy_migration (name TEXT NOT NULL PRIMARY KEY,"
	       " checksum @BLOB@ NOT NULL, applied_at @ID@ NOT NULL) @STRICT@",
	       &table);
	enum dy_code rc = driver->exec(conn, table.ptr, err);
	dy_strbuf_release(&table);
	for (size_t i = 0; i < dy_migrations_n && rc == DY_OK; i++) {
		rc = driver->exec(conn, "BEGIN IMMEDIATE", err);
		if (rc != DY_OK)
			break;
		rc = apply(&tx, &dy_migrations[i], now, err);
		if (rc == DY_OK)
			rc = driver->exec(conn, "COMMIT", err);
		if (rc != DY_OK)
			(void)driver->exec(conn, "ROLLBACK", NULL);
	}
	driver->allow_ddl(conn, false);
	return rc;
}
