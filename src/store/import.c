/* Imports: records, verdicts of rows, what was written. */
#include "store/import.h"

static const struct dy_sql IMPORT_INSERT = {
	.name = "import_insert",
	.in = "iissbssnnnnnnnni?t",
	.out = "",
	.text = "INSERT INTO import (community_id, import_id, kind, file_name, file_hash, mapping,"
		" state, n_rows, n_create, n_change, n_same, n_bad, n_skip, next_row, n_changes,"
		" account_id, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17)",
};
static const struct dy_sql IMPORT_UPDATE = {
	.name = "import_update",
	.in = "iissnnnnnnnnt?t?",
	.out = "",
	.text = "UPDATE import SET mapping = $3, state = $4, n_rows = $5, n_create = $6,"
		" n_change = $7, n_same = $8, n_bad = $9, n_skip = $10, next_row = $11,"
		" n_changes = $12, done_at = $13, undone_at = $14"
		" WHERE community_id = $1 AND import_id = $2",
};

#define IMPORT_COLUMNS                                                                             \
	"SELECT import_id, kind, file_name, file_hash, mapping, state, n_rows, n_create,"          \
	" n_change, n_same, n_bad, n_skip, next_row, n_changes, account_id, created_at, done_at,"  \
	" undone_at FROM import"
#define IMPORT_OUT "issbssnnnnnnnni?tt?t?"

static const struct dy_sql IMPORT_GET = {
	.name = "import_get",
	.in = "ii",
	.out = IMPORT_OUT,
	.text = IMPORT_COLUMNS " WHERE community_id = $1 AND import_id = $2",
};
static const struct dy_sql IMPORT_LIST = {
	.name = "import_list",
	.in = "in",
	.out = IMPORT_OUT,
	.text = IMPORT_COLUMNS " WHERE community_id = $1 ORDER BY import_id DESC LIMIT $2",
};
static const struct dy_sql IMPORT_UNFINISHED = {
	.name = "import_unfinished",
	.in = "ibs",
	.out = IMPORT_OUT,
	.text = IMPORT_COLUMNS " WHERE community_id = $1 AND file_hash = $2 AND kind = $3"
			       " AND state = 'running' ORDER BY import_id DESC LIMIT 1",
};
static const struct dy_sql ROW_INSERT = {
	.name = "import_row_insert",
	.in = "iinsb",
	.out = "",
	.text = "INSERT INTO import_row (community_id, import_id, number, verdict, detail)"
		" VALUES ($1, $2, $3, $4, $5)",
};
static const struct dy_sql ROWS_DELETE = {
	.name = "import_rows_delete",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM import_row WHERE community_id = $1 AND import_id = $2",
};
static const struct dy_sql ROWS = {
	.name = "import_rows",
	.in = "iisnn",
	.out = "nsb",
	.text = "SELECT number, verdict, detail FROM import_row WHERE community_id = $1"
		" AND import_id = $2 AND ($3 = '' OR verdict = $3) AND number > $4"
		" ORDER BY number LIMIT $5",
};
static const struct dy_sql CHANGE_INSERT = {
	.name = "import_change_insert",
	.in = "iinnsisb?n",
	.out = "",
	.text = "INSERT INTO import_change (community_id, import_id, n, number, entity, entity_id,"
		" act, before, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
};
static const struct dy_sql CHANGES = {
	.name = "import_changes",
	.in = "ii",
	.out = "nnsisb?n",
	.text = "SELECT n, number, entity, entity_id, act, before, version FROM import_change"
		" WHERE community_id = $1 AND import_id = $2 ORDER BY n DESC",
};
static const struct dy_sql CHANGES_DELETE = {
	.name = "import_changes_delete",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM import_change WHERE community_id = $1 AND import_id = $2",
};

const struct dy_sql *const dy_import_sql[] = {
	&IMPORT_INSERT,     &IMPORT_UPDATE, &IMPORT_GET,     &IMPORT_LIST,
	&IMPORT_UNFINISHED, &ROW_INSERT,    &ROWS_DELETE,    &ROWS,
	&CHANGES,           &CHANGE_INSERT, &CHANGES_DELETE,
};
const size_t dy_import_sql_n = DY_COUNT(dy_import_sql);

enum dy_code
dy_import_insert(struct dy_wtx *tx, const struct dy_import *i, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &IMPORT_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(i->id), DY_V(i->kind), DY_V(i->file_name),
	                            DY_V(i->file_hash), DY_V(i->mapping), DY_V(i->state),
	                            DY_V(i->rows), DY_V(i->creates), DY_V(i->changes),
	                            DY_V(i->sames), DY_V(i->bads), DY_V(i->skips),
	                            DY_V(i->next_row), DY_V(i->n_changes), DY_V(i->account),
	                            DY_V(i->created_at)),
	                    NULL, err);
}

enum dy_code
dy_import_update(struct dy_wtx *tx, const struct dy_import *i, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &IMPORT_UPDATE,
	                    DY_ARGS(DY_V(community), DY_V(i->id), DY_V(i->mapping), DY_V(i->state),
	                            DY_V(i->rows), DY_V(i->creates), DY_V(i->changes),
	                            DY_V(i->sames), DY_V(i->bads), DY_V(i->skips),
	                            DY_V(i->next_row), DY_V(i->n_changes), DY_V(i->done_at),
	                            DY_V(i->undone_at)),
	                    NULL, err);
}

static void
import_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_import *i)
{
	i->id = dy_rows_id(rows);
	i->kind = dy_rows_str(rows, arena);
	i->file_name = dy_rows_str(rows, arena);
	i->file_hash = dy_rows_bytes(rows, arena);
	i->mapping = dy_rows_str(rows, arena);
	i->state = dy_rows_str(rows, arena);
	i->rows = dy_rows_int(rows);
	i->creates = dy_rows_int(rows);
	i->changes = dy_rows_int(rows);
	i->sames = dy_rows_int(rows);
	i->bads = dy_rows_int(rows);
	i->skips = dy_rows_int(rows);
	i->next_row = dy_rows_int(rows);
	i->n_changes = dy_rows_int(rows);
	i->account = dy_rows_id(rows);
	i->created_at = dy_rows_time(rows);
	i->done_at = dy_rows_time(rows);
	i->undone_at = dy_rows_time(rows);
}

enum dy_code
dy_import_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_import *out,
              struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &IMPORT_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such import");
	import_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_import_list(struct dy_rtx *tx, struct dy_arena *arena, int64_t limit, struct dy_import_list *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_import_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &IMPORT_LIST, DY_ARGS(DY_V(community), DY_V(limit)), &rows, err));
	while (dy_rows_next(rows))
		import_read(rows, arena,
		            dy_arena_push(arena, (void **)&list.items, &list.count, &list.cap,
		                          sizeof(*list.items)));
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_import_unfinished(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str kind,
                     struct dy_bytes file_hash, struct dy_import *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	*out = (struct dy_import){ 0 };
	DY_TRY(dy_sql_read_one(tx, &IMPORT_UNFINISHED,
	                       DY_ARGS(DY_V(community), DY_V(file_hash), DY_V(kind)), &rows, &found,
	                       err));
	if (found)
		import_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_import_row_insert(struct dy_wtx *tx, struct dy_id import, const struct dy_import_row_kept *row,
                     struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &ROW_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(import), DY_V(row->number),
	                            DY_V(row->verdict), DY_V(row->detail)),
	                    NULL, err);
}

enum dy_code
dy_import_rows_delete(struct dy_wtx *tx, struct dy_id import, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &ROWS_DELETE, DY_ARGS(DY_V(community), DY_V(import)), NULL, err);
}

enum dy_code
dy_import_rows(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id import,
               struct dy_str verdict, int64_t after, int64_t limit, struct dy_import_row_list *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_import_row_list list = { 0 };

	DY_TRY(dy_sql_read(
		tx, &ROWS,
		DY_ARGS(DY_V(community), DY_V(import), DY_V(verdict), DY_V(after), DY_V(limit)),
		&rows, err));
	while (dy_rows_next(rows)) {
		struct dy_import_row_kept *r = dy_arena_push(arena, (void **)&list.items,
		                                             &list.count, &list.cap, sizeof(*r));
		r->number = dy_rows_int(rows);
		r->verdict = dy_rows_str(rows, arena);
		r->detail = dy_rows_bytes(rows, arena);
	}
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_import_change_insert(struct dy_wtx *tx, struct dy_id import, const struct dy_import_change *c,
                        struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &CHANGE_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(import), DY_V(c->n), DY_V(c->number),
	                            DY_V(c->entity), DY_V(c->id), DY_V(c->act), DY_V(c->before),
	                            DY_V(c->version)),
	                    NULL, err);
}

enum dy_code
dy_import_changes(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id import,
                  struct dy_import_change_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_import_change_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &CHANGES, DY_ARGS(DY_V(community), DY_V(import)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_import_change *c = dy_arena_push(arena, (void **)&list.items, &list.count,
		                                           &list.cap, sizeof(*c));
		c->n = dy_rows_int(rows);
		c->number = dy_rows_int(rows);
		c->entity = dy_rows_str(rows, arena);
		c->id = dy_rows_id(rows);
		c->act = dy_rows_str(rows, arena);
		c->before = dy_rows_bytes(rows, arena);
		c->version = dy_rows_int(rows);
	}
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_import_changes_delete(struct dy_wtx *tx, struct dy_id import, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &CHANGES_DELETE, DY_ARGS(DY_V(community), DY_V(import)), NULL, err);
}
