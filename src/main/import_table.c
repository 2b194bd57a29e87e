/* danyuan import households FILE ...: a dry run beside a running server, or the import itself, alone. */
#include "import_table.h"

#include "cli.h"
#include "data.h"

#include <stdio.h>
#include <string.h>

#define CHUNK_ROWS 1000

/* One data folder with its community and, to write, somebody who may: who can read the key file may do everything. */
struct desk {
	struct dy_arena *arena;
	const char *dir, *code;
	struct dy_data data;
	struct dy_store *store;
	struct dy_id community;
	struct dy_post post;
	struct dy_actor actor;
	struct dy_time now;
};

static enum dy_code
community_find(struct desk *d, struct dy_err *err)
{
	struct dy_reader *reader = NULL;
	struct dy_community only = { 0 };
	enum dy_code rc = dy_reader_open(d->store, &reader, err);

	if (rc == DY_OK) {
		DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
		rc = dy_rtx_begin(reader, d->community, &tx, err);
		if (rc == DY_OK && d->code != NULL)
			rc = dy_community_of_division(tx, dy_str_from(d->code), &d->community, err);
		else if (rc == DY_OK)
			rc = dy_community_only(tx, d->arena, &only, err);
		if (rc == DY_OK && d->code == NULL)
			d->community = only.id;
	}
	dy_reader_close(reader);
	DY_TRY(rc);
	if (d->community.v == 0)
		return dy_raise(err, DY_E_INPUT, "community",
		                "there is no community with the code %.20s", d->code);
	d->post = (struct dy_post){ .scope = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY,
		                               d->community } };
	d->actor = (struct dy_actor){ .community = d->community,
		                      .is_staff = true,
		                      .posts = { .items = &d->post, .count = 1 } };
	return DY_OK;
}

static enum dy_code
desk_open(struct desk *d, bool writes, struct dy_err *err)
{
	d->arena = dy_arena_new(DY_SHEET_ARENA);
	d->now = dy_time_now();
	d->data.lock = -1;
	DY_TRY(dy_data_open(d->arena, d->dir, writes ? DY_DATA_WRITE : DY_DATA_READ, &d->data,
	                    err));
	struct dy_store_options options = { .path = d->data.database,
		                            .must_exist = true,
		                            .read_only = !writes };
	DY_TRY(dy_store_open(&options, &d->store, err));
	return community_find(d, err);
}

static void
desk_close(struct desk *d)
{
	dy_store_close(d->store);
	dy_data_close(&d->data);
	dy_arena_free(d->arena);
}

struct table {
	struct desk desk;
	const char *file, *corrected, *language;
	bool dry_run, hidden_rows;
	enum dy_tongue tongue;
	enum dy_import_kind kind;
	struct dy_workbook book;
	struct dy_import_job job;
	struct dy_import record;
	struct dy_import_session *session;
	size_t from, to;
};

static enum dy_code
table_read(struct table *t, struct dy_err *err)
{
	struct dy_arena *arena = t->desk.arena;
	uint8_t *hash = dy_arena_alloc(arena, DY_HASH_BYTES);
	struct dy_str bytes;

	DY_TRY(dy_sheet_file_read(arena, t->file, &bytes, err));
	DY_TRY(dy_workbook_read(arena, bytes, &t->book, err));
	t->job = (struct dy_import_job){ .kind = t->kind, .book = &t->book };
	DY_TRY(dy_import_map_find(&t->book, t->kind, &t->job.map, err));
	t->job.map.hidden_rows = t->hidden_rows;
	dy_import_parse(arena, &t->job, t->desk.now);
	dy_hash(bytes.ptr, bytes.len, NULL, hash);
	const char *slash = strrchr(t->file, '/');
	t->record.file_hash = (struct dy_bytes){ hash, DY_HASH_BYTES };
	t->record.file_name = dy_str_from(slash != NULL ? slash + 1 : t->file);
	t->record.kind = dy_str_from(dy_import_kind_name(t->kind));
	t->record.mapping = dy_import_map_encode(arena, &t->job.map);
	return DY_OK;
}

static enum dy_code
table_check(struct table *t, struct dy_err *err)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_reader *reader;

	DY_TRY(dy_reader_open(t->desk.store, &reader, err));
	enum dy_code rc = dy_rtx_begin(reader, t->desk.community, &tx, err);
	if (rc == DY_OK)
		rc = dy_import_check(tx, t->desk.arena, &t->desk.data.key, &t->job, t->desk.now,
		                     err);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	return rc;
}

static enum dy_code
chunk_run(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct table *t = ctx;
	struct dy_call call = {
		.writer = writer,
		.arena = t->desk.arena,
		.key = &t->desk.data.key,
		.actor = &t->desk.actor,
		.now = t->desk.now,
		.err = err,
	};

	if (t->session == NULL)
		t->session = dy_import_session_new(t->desk.arena, call.key, &t->job, t->desk.now);
	return dy_app_import_chunk(&call, t->session, &t->record, t->from, t->to);
}

/* An import of this file that was cut off goes on under its own id, so that taking it back takes back all of it. */
static enum dy_code
record_find(struct table *t, struct dy_err *err)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_reader *reader;
	struct dy_import before;

	DY_TRY(dy_reader_open(t->desk.store, &reader, err));
	enum dy_code rc = dy_rtx_begin(reader, t->desk.community, &tx, err);
	if (rc == DY_OK)
		rc = dy_import_unfinished(tx, t->desk.arena, t->record.kind, t->record.file_hash,
		                          &before, err);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	DY_TRY(rc);
	if (before.id.v != 0)
		t->record = before;
	else
		t->record.id = dy_id_make(t->desk.now, dy_random_u64());
	return DY_OK;
}

static enum dy_code
table_write(struct table *t, struct dy_err *err)
{
	enum dy_code rc = record_find(t, err);

	do {
		t->to = t->from + CHUNK_ROWS < t->job.n_rows ? t->from + CHUNK_ROWS : t->job.n_rows;
		if (rc == DY_OK)
			rc = dy_store_run(t->desk.store, chunk_run, t, err);
		t->from = t->to;
	} while (rc == DY_OK && t->from < t->job.n_rows);
	dy_import_session_free(&t->session);
	return rc;
}

static const char *
column_text(const struct table *t, int column, char *buf, size_t cap)
{
	char name[4] = "";

	if (column < 0)
		return "";
	dy_sheet_column_name((uint32_t)column, name);
	(void)snprintf(buf, cap, t->tongue == DY_ZH ? " %s 列" : " column %s", name);
	return buf;
}

static void
row_print(struct table *t, size_t i)
{
	struct dy_import_told told;
	char column[32];

	dy_import_told(&t->job, i, &told);
	if (told.n_faults == 0 && !t->dry_run)
		return;
	(void)printf("%u\t%s\t%.*s\t", (unsigned)told.number, dy_verdict_name(told.verdict),
	             DY_FMT(told.label));
	for (size_t k = 0; k < told.n_does; k++)
		(void)printf("%s%s", k > 0 ? "," : "", told.does[k]);
	(void)printf("\n");
	for (size_t k = 0; k < told.n_faults; k++)
		(void)printf("\t%s%s: %s\n", told.faults[k].is_note ? "note" : "fault",
		             column_text(t, told.faults[k].column, column, sizeof(column)),
		             dy_import_fault_text(t->desk.arena, &told.faults[k], t->tongue));
}

static void
table_print(struct table *t)
{
	char id[DY_ID_TEXT + 1];
	const size_t *n = t->job.counts;

	for (size_t i = 0; i < t->job.n_rows; i++)
		row_print(t, i);
	(void)printf(
		"%s%s: %zu rows: %zu new, %zu changed, %zu unchanged, %zu faulty, %zu left out\n",
		t->dry_run ? "dry run, nothing written: " : "", t->file, t->job.n_rows,
		n[DY_VERDICT_CREATE], n[DY_VERDICT_CHANGE], n[DY_VERDICT_SAME], n[DY_VERDICT_BAD],
		n[DY_VERDICT_SKIP]);
	if (t->dry_run)
		return;
	dy_id_encode(t->record.id, id);
	(void)printf("import %s; to take it back: danyuan import undo %s --data %s\n", id, id,
	             t->desk.dir);
}

static enum dy_code
table_run(struct table *t, struct dy_err *err)
{
	DY_TRY(desk_open(&t->desk, !t->dry_run, err));
	DY_TRY(table_read(t, err));
	DY_TRY(t->dry_run ? table_check(t, err) : table_write(t, err));
	if (t->corrected != NULL)
		DY_TRY(dy_import_corrected(t->desk.arena, t->corrected, NULL, &t->job, t->tongue,
		                           err));
	return DY_OK;
}

int
dy_import_table_command(enum dy_import_kind kind, int argc, char **argv)
{
	struct table t = { .kind = kind };
	struct dy_err err = { 0 };
	const struct dy_operand operands[] = { { "FILE", "an .xlsx or .csv file", &t.file } };
	const struct dy_option options[] = {
		{ "data", "DIR", "folder with the community's data", &t.desk.dir, NULL, true,
		  false },
		{ "community", "CODE", "division code; needed when there are several", &t.desk.code,
		  NULL, false, false },
		{ "dry-run", NULL, "say what each row would do, write nothing", NULL, &t.dry_run,
		  false, false },
		{ "corrected", "OUT.xlsx", "write a copy with the faulty cells marked",
		  &t.corrected, NULL, false, false },
		{ "hidden-rows", NULL, "take hidden rows too", NULL, &t.hidden_rows, false, false },
		{ "language", "TAG", "of the explanations: en or zh-CN", &t.language, NULL, false,
		  false },
	};
	char name[40];
	int status;

	(void)snprintf(name, sizeof(name), "import %s", dy_import_kind_name(kind));
	const struct dy_cli cli = {
		.name = name,
		.summary = "take in a table",
		.details = "Rows without a fault are taken in, faulty ones are named and left out. "
			   "The same "
			   "file again\nchanges nothing; an import that was cut off goes on where "
			   "it stopped. "
			   "Exit status 1: there\nwere faulty rows. A dry run works while the "
			   "server runs.\n",
		.options = options,
		.n_options = DY_COUNT(options),
		.operands = operands,
		.n_operands = DY_COUNT(operands),
	};
	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	t.tongue = t.language != NULL && strncmp(t.language, "zh", 2) == 0 ? DY_ZH : DY_EN;
	enum dy_code rc = table_run(&t, &err);
	if (rc == DY_OK)
		table_print(&t);
	status = rc != DY_OK                        ? dy_cli_fail(&cli, &err)
	         : t.job.counts[DY_VERDICT_BAD] > 0 ? DY_EXIT_FAILED
	                                            : DY_EXIT_OK;
	desk_close(&t.desk);
	return status;
}

struct undo {
	struct desk desk;
	struct dy_id id;
	struct dy_import_obstacles obstacles;
};

static enum dy_code
undo_run(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct undo *u = ctx;
	struct dy_call call = {
		.writer = writer,
		.arena = u->desk.arena,
		.key = &u->desk.data.key,
		.actor = &u->desk.actor,
		.now = u->desk.now,
		.err = err,
	};
	return dy_app_import_undo(&call, u->id, &u->obstacles);
}

int
dy_import_undo_command(int argc, char **argv)
{
	struct undo u = { .desk.data.lock = -1 };
	struct dy_err err = { 0 };
	const char *id = NULL;
	const struct dy_operand operands[] = { { "ID", "of the import, as it was printed", &id } };
	const struct dy_option options[] = {
		{ "data", "DIR", "folder with the community's data", &u.desk.dir, NULL, true,
		  false },
		{ "community", "CODE", "division code; needed when there are several", &u.desk.code,
		  NULL, false, false },
	};
	const struct dy_cli cli = {
		.name = "import undo",
		.summary = "take a whole import back",
		.details = "All of it or nothing: when something of it was used or changed "
			   "meanwhile, that is "
			   "listed and\nnothing is done (exit status 1).\n",
		.options = options,
		.n_options = DY_COUNT(options),
		.operands = operands,
		.n_operands = DY_COUNT(operands),
	};
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	enum dy_code rc = dy_id_decode(dy_str_from(id), "ID", &u.id, &err);
	if (rc == DY_OK)
		rc = desk_open(&u.desk, true, &err);
	if (rc == DY_OK)
		rc = dy_store_run(u.desk.store, undo_run, &u, &err);
	status = rc != DY_OK ? dy_cli_fail(&cli, &err) : DY_EXIT_OK;
	for (size_t i = 0; rc == DY_OK && i < u.obstacles.count; i++)
		(void)printf("in the way: row %lld: the %.*s was %.*s\n",
		             (long long)u.obstacles.items[i].number,
		             DY_FMT(u.obstacles.items[i].entity),
		             DY_FMT(u.obstacles.items[i].reason));
	if (rc == DY_OK && u.obstacles.count > 0)
		status = DY_EXIT_FAILED;
	if (rc == DY_OK)
		(void)printf(u.obstacles.count > 0 ? "nothing was taken back\n" : "taken back\n");
	desk_close(&u.desk);
	return status;
}

static enum dy_code
list_run(struct desk *d, struct dy_err *err)
{
	static const int64_t LAST = 50;
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_import_list list = { 0 };
	struct dy_reader *reader;
	char id[DY_ID_TEXT + 1], at[40];

	DY_TRY(desk_open(d, false, err));
	DY_TRY(dy_reader_open(d->store, &reader, err));
	enum dy_code rc = dy_rtx_begin(reader, d->community, &tx, err);
	if (rc == DY_OK)
		rc = dy_import_list(tx, d->arena, LAST, &list, err);
	for (size_t i = 0; rc == DY_OK && i < list.count; i++) {
		const struct dy_import *r = &list.items[i];
		dy_id_encode(r->id, id);
		size_t n = dy_time_encode(dy_zone_default(), r->created_at, at, sizeof(at));
		(void)printf("%s\t%.*s\t%.*s\t%.*s\t%.*s\t%lld rows, %lld new, %lld changed, %lld "
		             "faulty\n",
		             id, (int)n, at, DY_FMT(r->kind), DY_FMT(r->state),
		             DY_FMT(r->file_name), (long long)r->rows, (long long)r->creates,
		             (long long)r->changes, (long long)r->bads);
	}
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	return rc;
}

int
dy_import_list_command(int argc, char **argv)
{
	struct desk d = { .data.lock = -1 };
	struct dy_err err = { 0 };
	const struct dy_option options[] = {
		{ "data", "DIR", "folder with the community's data", &d.dir, NULL, true, false },
		{ "community", "CODE", "division code; needed when there are several", &d.code,
		  NULL, false, false },
	};
	const struct dy_cli cli = { .name = "import list",
		                    .summary = "the last imports, newest first",
		                    .options = options,
		                    .n_options = DY_COUNT(options) };
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	status = list_run(&d, &err) == DY_OK ? DY_EXIT_OK : dy_cli_fail(&cli, &err);
	desk_close(&d);
	return status;
}
