/* The slow parts of imports, on the bulk pool: reading files, comparing rows, writing chunk by chunk. Each has an arena of its
 * own: a table is larger than a request may be. */
#include "import_files.h"

#include <string.h>

#define CHUNK_ROWS   500 /* of one transaction: others write in between */
#define HEADERS_MAX  DY_SHEET_COLS_MAX
#define SHAPE_MAX    262144
#define HEADER_CHARS 60

struct work {
	struct dy_q *q;
	struct dy_arena *arena;
	struct dy_workbook book;
	struct dy_import_job job;
	struct dy_import record;
	struct dy_import_session *session;
	size_t from, to;
};

static void
work_release(struct work *w)
{
	dy_import_session_free(&w->session);
	dy_arena_free(w->arena);
}

static struct dy_call
call_of(struct work *w, struct dy_writer *writer, struct dy_err *err)
{
	return (struct dy_call){
		.writer = writer,
		.arena = w->arena,
		.key = w->q->api->options.key,
		.actor = &w->q->actor,
		.now = w->q->now,
		.err = err,
	};
}

/* The sheets and the headers of the chosen one: what a person needs to choose others. */
static struct dy_str
shape_of(struct work *w)
{
	const struct dy_sheet *sheet = &w->book.sheets[w->job.map.sheet];
	struct dy_strbuf sb;
	struct dy_jw j;

	dy_strbuf_init(&sb, SHAPE_MAX);
	dy_jw_init(&j, &sb);
	dy_jw_obj(&j);
	dy_jw_key(&j, "sheets");
	dy_jw_arr(&j);
	for (size_t i = 0; i < w->book.n_sheets; i++) {
		dy_jw_obj(&j);
		dy_jw_kstr(&j, "name", w->book.sheets[i].name);
		dy_jw_kbool(&j, "hidden", w->book.sheets[i].hidden);
		dy_jw_kint(&j, "rows", (int64_t)w->book.sheets[i].n_rows);
		dy_jw_obj_end(&j);
	}
	dy_jw_arr_end(&j);
	dy_jw_key(&j, "headers");
	dy_jw_arr(&j);
	for (size_t r = 0; r < sheet->n_rows; r++) {
		if (sheet->rows[r].number != w->job.map.header)
			continue;
		for (uint32_t c = 0; c < sheet->rows[r].n; c++) {
			struct dy_str text = dy_sheet_clean(w->arena, sheet->rows[r].cells[c].text);
			size_t cut = 0;
			for (size_t n = 0, used; n < HEADER_CHARS && cut < text.len;
			     n++, cut += used) {
				uint32_t cp;
				used = dy_utf8_next(dy_str_slice(text, cut, text.len), &cp);
			}
			dy_jw_str(&j, dy_str_slice(text, 0, cut));
		}
	}
	dy_jw_arr_end(&j);
	dy_jw_obj_end(&j);
	struct dy_str out = dy_str_dup(w->arena, dy_strbuf_str(&sb));
	dy_strbuf_release(&sb);
	return out;
}

static enum dy_code
copy_make(void *ctx, const char *path, const char *tmp_dir, struct dy_err *err)
{
	struct work *w = ctx;
	return dy_import_corrected(w->arena, path, tmp_dir, &w->job,
	                           dy_str_is(w->q->actor.language, "en") ? DY_EN : DY_ZH, err);
}

static enum dy_code
keep_run(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct work *w = ctx;
	struct dy_call call = call_of(w, writer, err);
	return dy_app_import_keep(&call, &w->job, &w->record);
}

static enum dy_code
reading(struct work *w, enum dy_code (*fn)(struct work *w, struct dy_rtx *tx, struct dy_err *err))
{
	struct dy_err *err = &w->q->err;
	struct dy_reader *reader;
	struct dy_rtx *tx = NULL;

	DY_TRY(dy_reader_open(w->q->api->store, &reader, err));
	enum dy_code rc = dy_rtx_begin(reader, w->q->actor.community, &tx, err);
	if (rc == DY_OK)
		rc = fn(w, tx, err);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	return rc;
}

static enum dy_code
check_now(struct work *w, struct dy_rtx *tx, struct dy_err *err)
{
	return dy_import_check(tx, w->arena, w->q->api->options.key, &w->job, w->q->now, err);
}

static enum dy_code
record_get(struct work *w, struct dy_rtx *tx, struct dy_err *err)
{
	const struct dy_import_draft *d = w->q->draft;
	return dy_import_get(tx, w->arena, d->id, &w->record, err);
}

/* From a map to a kept dry run, with shape and corrected copy. */
static enum dy_code
check_and_keep(struct work *w)
{
	struct dy_q *q = w->q;
	struct dy_str copy;

	dy_import_parse(w->arena, &w->job, q->now);
	DY_TRY(reading(w, check_now));
	DY_TRY(dy_import_part_write(q->api, w->arena, w->record.id, DY_PART_SHAPE, shape_of(w),
	                            &q->err));
	dy_import_part_remove(q->api, w->arena, w->record.id, DY_PART_COPY);
	if (w->job.counts[DY_VERDICT_BAD] > 0) {
		DY_TRY(dy_import_made_read(q->api, w->arena, copy_make, w, &copy, &q->err));
		DY_TRY(dy_import_part_write(q->api, w->arena, w->record.id, DY_PART_COPY, copy,
		                            &q->err));
	}
	return dy_store_run(q->api->store, keep_run, w, &q->err);
}

enum dy_code
dy_import_pool_check(struct dy_q *q)
{
	DY_CLEANUP(work_release) struct work w = { .q = q, .arena = dy_arena_new(DY_SHEET_ARENA) };
	struct dy_import_draft *d = q->draft;
	const char *path = dy_exchange_file(q->x);
	struct dy_hasher h;
	struct dy_str bytes;

	DY_TRY(dy_app_import_may(&q->actor, d->kind, &q->err));
	if (path == NULL)
		return dy_raise(&q->err, DY_E_INPUT, "", "the body must be the file itself");
	DY_TRY(dy_sheet_file_read(w.arena, path, &bytes, &q->err));
	DY_TRY(dy_workbook_read(w.arena, bytes, &w.book, &q->err));
	w.job = (struct dy_import_job){ .kind = d->kind, .book = &w.book };
	DY_TRY(dy_import_map_find(&w.book, d->kind, &w.job.map, &q->err));
	w.job.map.hidden_rows = d->hidden_rows;
	uint8_t *hash = dy_arena_alloc(w.arena, DY_HASH_BYTES);
	dy_hash(bytes.ptr, bytes.len, NULL, hash);
	dy_hasher_init(&h); /* the same upload again is the same write */
	dy_hasher_update(&h, hash, DY_HASH_BYTES);
	dy_hasher_update(&h, dy_import_kind_name(d->kind), 6);
	dy_hasher_final(&h, q->idem.hash);
	d->id = dy_id_make(q->now, dy_random_u64());
	w.record = (struct dy_import){ .id = d->id,
		                       .kind = dy_str_from(dy_import_kind_name(d->kind)),
		                       .file_name = d->name,
		                       .file_hash = { hash, DY_HASH_BYTES } };
	dy_import_parts_sweep(q->api, w.arena, q->now);
	DY_TRY(dy_import_part_write(q->api, w.arena, d->id, DY_PART_FILE, bytes, &q->err));
	return check_and_keep(&w);
}

static enum dy_code
record_find(struct work *w)
{
	struct dy_q *q = w->q;
	struct dy_import_draft *d = q->draft;

	DY_TRY(reading(w, record_get));
	if (!dy_import_kind_find(w->record.kind, &d->kind))
		return dy_raise(&q->err, DY_E_BUG, "", "an import of an unknown kind");
	return dy_app_import_may(&q->actor, d->kind, &q->err);
}

/* The kept file of a record, read with its map. */
static enum dy_code
record_open(struct work *w)
{
	struct dy_q *q = w->q;
	const struct dy_import_draft *d = q->draft;
	struct dy_str bytes;

	DY_TRY(dy_import_part_read(q->api, w->arena, d->id, DY_PART_FILE, &bytes, &q->err));
	DY_TRY(dy_workbook_read(w->arena, bytes, &w->book, &q->err));
	w->job = (struct dy_import_job){ .kind = d->kind, .book = &w->book };
	return dy_import_map_decode(w->record.mapping, &w->job.map, &q->err);
}

enum dy_code
dy_import_pool_map(struct dy_q *q)
{
	DY_CLEANUP(work_release) struct work w = { .q = q, .arena = dy_arena_new(DY_SHEET_ARENA) };
	const struct dy_import_draft *d = q->draft;

	DY_TRY(record_find(&w));
	if (!dy_str_is(w.record.state, "checked"))
		return dy_raise(&q->err, DY_E_CONFLICT, "/state",
		                "this import has been run already; choose the file again");
	DY_TRY(record_open(&w));
	DY_TRY(dy_import_map_check(&w.book, d->kind, &d->map, &q->err));
	w.job.map = d->map;
	return check_and_keep(&w);
}

static enum dy_code
chunk_run(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct work *w = ctx;
	struct dy_call call = call_of(w, writer, err);
	return dy_app_import_chunk(&call, w->session, &w->record, w->from, w->to);
}

enum dy_code
dy_import_pool_run(struct dy_q *q)
{
	DY_CLEANUP(work_release) struct work w = { .q = q, .arena = dy_arena_new(DY_SHEET_ARENA) };
	enum dy_code rc = DY_OK;

	DY_TRY(record_find(&w));
	if (dy_str_is(w.record.state, "done"))
		return DY_OK; /* the same call again */
	if (dy_str_is(w.record.state, "undone"))
		return dy_raise(&q->err, DY_E_CONFLICT, "/state",
		                "this import was taken back; choose the file again");
	DY_TRY(record_open(&w));
	dy_import_parse(w.arena, &w.job, q->now);
	w.session = dy_import_session_new(w.arena, q->api->options.key, &w.job, q->now);
	do {
		w.to = w.from + CHUNK_ROWS < w.job.n_rows ? w.from + CHUNK_ROWS : w.job.n_rows;
		if (!atomic_load(
			    &q->api->ready)) /* what is written stays; it goes on after the restart */
			return dy_raise(&q->err, DY_E_BUSY, "", "the server is being restarted");
		rc = dy_store_run(q->api->store, chunk_run, &w, &q->err);
		w.from = w.to;
	} while (rc == DY_OK && w.from < w.job.n_rows);
	if (rc == DY_OK)
		dy_import_part_remove(q->api, w.arena, w.record.id, DY_PART_FILE);
	return rc;
}
