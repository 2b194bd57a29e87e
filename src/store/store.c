/* Opening, closing, readers, backup and health of the store. */
#include "store/store.h"

#include "base/limits.h"
#include "store_inside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

static enum dy_code
open_writing(struct dy_store *store, struct dy_err *err)
{
	DY_TRY(store->driver->open(
		store->path, store->options.must_exist ? DY_CONN_WRITER_EXISTING : DY_CONN_WRITER,
		&store->writer.conn, err));
	struct dy_time now = store->options.now.ms != 0 ? store->options.now : dy_time_now();
	DY_TRY(dy_migrate(store->driver, store->writer.conn, now, err));
	return dy_writer_start(store, err);
}

static enum dy_code
open_reading(struct dy_store *store, struct dy_err *err)
{
	store->stopping = true; /* takes no jobs */
	DY_TRY(store->driver->open(store->path, DY_CONN_READER, &store->writer.conn, err));
	return dy_migrate_check(store->driver, store->writer.conn, err);
}

enum dy_code
dy_store_open(const struct dy_store_options *options, struct dy_store **out, struct dy_err *err)
{
	struct dy_store *store = calloc(1, sizeof(*store));

	DY_ASSERT(store != NULL);
	store->options = *options;
	store->path = strdup(options->path);
	DY_ASSERT(store->path != NULL);
	store->driver = &dy_driver_sqlite;
	if (store->options.queue_max == 0)
		store->options.queue_max = DY_WRITER_QUEUE_MAX;
	if (store->options.batch_max == 0)
		store->options.batch_max = DY_WRITER_BATCH_MAX;
	enum dy_code rc = options->read_only ? open_reading(store, err) : open_writing(store, err);
	if (rc != DY_OK) {
		dy_store_close(store);
		return rc;
	}
	*out = store;
	return DY_OK;
}

void
dy_store_close(struct dy_store *store)
{
	if (store == NULL)
		return;
	dy_writer_stop(store);
	store->driver->close(store->writer.conn);
	free(store->path);
	free(store);
}

enum dy_code
dy_reader_open(struct dy_store *store, struct dy_reader **out, struct dy_err *err)
{
	struct dy_reader *reader = calloc(1, sizeof(*reader));

	DY_ASSERT(reader != NULL);
	reader->driver = store->driver;
	enum dy_code rc = store->driver->open(store->path, DY_CONN_READER, &reader->conn, err);
	if (rc != DY_OK) {
		free(reader);
		return rc;
	}
	*out = reader;
	return DY_OK;
}

void
dy_reader_close(struct dy_reader *reader)
{
	if (reader == NULL)
		return;
	DY_ASSERT(!reader->rtx.is_open);
	reader->driver->close(reader->conn);
	free(reader);
}

static const struct dy_sql READ_BEGIN = {
	.name = "read_begin", .in = "", .out = "", .text = "BEGIN"
};
static const struct dy_sql READ_END = { .name = "read_end", .in = "", .out = "", .text = "COMMIT" };

static enum dy_code
read_control(struct dy_reader *reader, const struct dy_sql *sql, struct dy_err *err)
{
	struct dy_stmt *stmt;
	bool has_row;

	DY_TRY(reader->driver->prepare(reader->conn, sql, &stmt, err));
	enum dy_code rc = reader->driver->step(stmt, &has_row, err);
	reader->driver->done(stmt);
	return rc;
}

enum dy_code
dy_rtx_begin(struct dy_reader *reader, struct dy_id community, struct dy_rtx **out,
             struct dy_err *err)
{
	DY_ASSERT(!reader->rtx.is_open);
	DY_TRY(read_control(reader, &READ_BEGIN, err));
	reader->rtx = (struct dy_rtx){ reader->driver, reader->conn, community, true };
	*out = &reader->rtx;
	return DY_OK;
}

void
dy_rtx_end(struct dy_rtx **tx)
{
	if (*tx == NULL)
		return;
	struct dy_reader *reader =
		(struct dy_reader *)(void *)((char *)*tx - offsetof(struct dy_reader, rtx));
	(void)read_control(reader, &READ_END, NULL);
	(*tx)->is_open = false;
	*tx = NULL;
}

struct dy_id
dy_rtx_community(const struct dy_rtx *tx)
{
	return tx->community;
}

static enum dy_code
sync_path(const char *path, struct dy_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0) {
		if (fd >= 0)
			(void)close(fd);
		return dy_raise(err, DY_E_IO, "", "the copy could not be written to disk");
	}
	(void)close(fd);
	return DY_OK;
}

enum dy_code
dy_store_backup(struct dy_store *store, const char *to_path, struct dy_err *err)
{
	if (access(to_path, F_OK) == 0)
		return dy_raise(err, DY_E_CONFLICT, "", "%s exists; choose a new file name",
		                to_path);
	DY_TRY(store->driver->backup(store->path, to_path, err));
	return sync_path(to_path, err);
}

enum dy_code
dy_store_doctor(struct dy_store *store, void (*say)(void *ctx, bool is_fault, const char *line),
                void *ctx, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)64 << 20);
	struct dy_reader *reader = NULL;

	DY_TRY(dy_reader_open(store, &reader, err));
	enum dy_code rc = store->driver->inspect(reader->conn, say, ctx, err);
	dy_reader_close(reader);
	if (rc == DY_OK) {
		/* opening has compared every checksum already */
		say(ctx, false,
		    dy_arena_printf(arena, "migrations: ok (%zu applied)", dy_migrations_n));
	}
	return rc;
}

enum dy_code
dy_sql_check(struct dy_reader *reader, const struct dy_sql *sql, struct dy_err *err)
{
	return dy_sql_check_on(reader->driver, reader->conn, sql, err);
}
