/* Bench of imports: 10,000 households from an .xlsx file into an empty register of 126 stairs, as `danyuan import` does it: reading,
 * dry run, writing in chunks of 1,000 rows with their fsyncs, the same file again. Goal: 10,000 rows in at most 5 s.
 *
 * Bare loop: copying the finished bytes of the file 100 times, so that a slower machine shows. */
#include "app/import.h"
#include "kit.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS       10000
#define CHUNK_ROWS 1000
#define BUILDINGS  42
#define STAIRS     3
#define FLOORS     20
#define DOORS      4
#define COLUMNS    7

struct bench {
	struct dy_store *store;
	struct dy_arena *arena;
	struct dy_key key;
	struct dy_id community;
	struct dy_post post;
	struct dy_actor actor;
	struct dy_time now;
	struct dy_import_job job;
	struct dy_import record;
	struct dy_import_session *session;
	size_t from, to;
};

static void
must(enum dy_code rc, const struct dy_err *err)
{
	if (rc != DY_OK)
		bk_fail(err->text);
}

static struct dy_sheet_out_row
row_of(struct dy_arena *arena, const char *const *texts, size_t n)
{
	struct dy_sheet_out_cell *cells = DY_NEW_ARRAY(arena, n, struct dy_sheet_out_cell);

	for (size_t i = 0; i < n; i++)
		cells[i].text = dy_str_from(texts[i]);
	return (struct dy_sheet_out_row){ cells, n };
}

/* Home number n of the sample: every place has one. */
static void
home_row(struct dy_arena *arena, int n, const char *out[COLUMNS])
{
	int door = n % DOORS + 1, floor = n / DOORS % FLOORS + 1;
	int stair = n / (DOORS * FLOORS) % STAIRS + 1, building = n / (DOORS * FLOORS * STAIRS) + 1;

	out[0] = dy_arena_printf(arena, "%d幢", building);
	out[1] = dy_arena_printf(arena, "%d单元", stair);
	out[2] = dy_arena_printf(arena, "%d%02d", floor, door);
	out[3] = dy_arena_printf(arena, "示例%d", n);
	out[4] = dy_arena_printf(arena, "139 %04d %04d", n / 10000, n % 10000);
	out[5] = dy_arena_printf(arena, "%d人", n % 6);
	out[6] = n % 50 == 0 ? "透析、宠物" : "";
}

static struct dy_str
file_make(struct dy_arena *arena, enum dy_import_kind kind)
{
	static const char *const HOME_HEAD[COLUMNS] = { "楼栋", "单元", "房号",    "户主姓名",
		                                        "电话", "人数", "特殊需求" };
	static const char *const PLACE_HEAD[5] = { "网格", "最小单元", "楼栋", "层数", "单元" };
	size_t n = kind == DY_IMPORT_PLACES ? BUILDINGS * STAIRS : ROWS;
	struct dy_sheet_out_row *rows = DY_NEW_ARRAY(arena, n + 1, struct dy_sheet_out_row);
	const char *path = dy_arena_printf(arena, "%s/in.xlsx", bk_folder());
	struct dy_err err = { 0 };
	struct dy_str bytes;

	rows[0] = kind == DY_IMPORT_PLACES ? row_of(arena, PLACE_HEAD, 5)
	                                   : row_of(arena, HOME_HEAD, COLUMNS);
	for (size_t i = 0; i < n; i++) {
		const char *texts[COLUMNS];
		int b = (int)i / STAIRS;
		if (kind == DY_IMPORT_PLACES) {
			texts[0] = dy_arena_printf(arena, "%d号网格", b % 7 + 1);
			texts[1] = dy_arena_printf(arena, "%d号单元", (b % 7 + 1) * 10 + b % 3);
			texts[2] = dy_arena_printf(arena, "%d", b + 1);
			texts[3] = dy_arena_printf(arena, "%d", FLOORS);
			texts[4] = dy_arena_printf(arena, "%d", (int)i % STAIRS + 1);
			rows[i + 1] = row_of(arena, texts, 5);
		} else {
			home_row(arena, (int)i, texts);
			rows[i + 1] = row_of(arena, texts, COLUMNS);
		}
	}
	struct dy_sheet_out sheet = { .name = "a", .rows = rows, .n_rows = n + 1 };
	must(dy_xlsx_write(path, NULL, &sheet, 1, &err), &err);
	must(dy_sheet_file_read(arena, path, &bytes, &err), &err);
	(void)unlink(path);
	return bytes;
}

static enum dy_code
step(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct bench *b = ctx;
	struct dy_call call = { .writer = writer,
		                .arena = b->arena,
		                .key = &b->key,
		                .actor = &b->actor,
		                .now = b->now,
		                .err = err };

	if (b->community.v == 0) {
		struct dy_init_draft draft = { .division_code = DY_STR_INIT("330922100001"),
			                       .name = DY_STR_INIT("示例社区"),
			                       .login = DY_STR_INIT("secretary"),
			                       .password = DY_STR_INIT("generated for benches"),
			                       .person = DY_STR_INIT("示例") };
		struct dy_id account;
		return dy_app_init(&call, &draft, &b->community, &account);
	}
	return dy_app_import_chunk(&call, b->session, &b->record, b->from, b->to);
}

static void
prepare(struct bench *b, struct dy_workbook *book, struct dy_str bytes, enum dy_import_kind kind)
{
	static const uint8_t HASH[DY_HASH_BYTES] = { 1 };
	struct dy_err err = { 0 };

	must(dy_workbook_read(b->arena, bytes, book, &err), &err);
	b->job = (struct dy_import_job){ .kind = kind, .book = book };
	must(dy_import_map_find(book, kind, &b->job.map, &err), &err);
	dy_import_parse(b->arena, &b->job, b->now);
	b->record = (struct dy_import){ .id = dy_id_make(b->now, dy_random_u64()),
		                        .kind = dy_str_from(dy_import_kind_name(kind)),
		                        .file_name = DY_STR_INIT("in.xlsx"),
		                        .file_hash = { HASH, DY_HASH_BYTES },
		                        .mapping = DY_STR_INIT("") };
}

static void
write_all(struct bench *b)
{
	struct dy_err err = { 0 };

	b->session = dy_import_session_new(b->arena, &b->key, &b->job, b->now);
	for (b->from = 0; b->from < b->job.n_rows; b->from = b->to) {
		b->to = b->from + CHUNK_ROWS < b->job.n_rows ? b->from + CHUNK_ROWS : b->job.n_rows;
		must(dy_store_run(b->store, step, b, &err), &err);
	}
	dy_import_session_free(&b->session);
}

static double
whole(struct bench *b, struct dy_str bytes, size_t want_new)
{
	struct dy_workbook book;
	int64_t began = bk_now_us();

	prepare(b, &book, bytes, DY_IMPORT_HOUSEHOLDS);
	write_all(b);
	if (b->job.counts[DY_VERDICT_CREATE] != want_new || b->job.counts[DY_VERDICT_BAD] != 0)
		bk_fail("the import did not do what it should");
	return (double)(bk_now_us() - began) / 1e6;
}

static double
dry_run(struct bench *b, struct dy_str bytes)
{
	struct dy_rtx *tx;
	struct dy_reader *reader;
	struct dy_workbook book;
	struct dy_err err = { 0 };
	int64_t began = bk_now_us();

	prepare(b, &book, bytes, DY_IMPORT_HOUSEHOLDS);
	must(dy_reader_open(b->store, &reader, &err), &err);
	must(dy_rtx_begin(reader, b->community, &tx, &err), &err);
	must(dy_import_check(tx, b->arena, &b->key, &b->job, b->now, &err), &err);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	if (b->job.counts[DY_VERDICT_CREATE] != ROWS)
		bk_fail("the dry run did not say what it should");
	return (double)(bk_now_us() - began) / 1e6;
}

static double
bare(struct dy_str bytes)
{
	char *copy = malloc(bytes.len);
	int64_t began = bk_now_us();

	if (copy == NULL)
		bk_fail("no memory");
	for (int i = 0; i < 100; i++) {
		memcpy(copy, bytes.ptr, bytes.len);
		__asm__ volatile("" : : "r"(copy) : "memory");
	}
	double s = (double)(bk_now_us() - began) / 1e6;
	free(copy);
	return s;
}

static void
row(const char *what, double s, double base)
{
	bk_row(what, ROWS / s, s * 1e6 / ROWS, s / base, "");
}

int
main(void)
{
	struct bench b = { .now = dy_time_now(), .arena = dy_arena_new((size_t)1 << 30) };
	struct dy_arena *files = dy_arena_new((size_t)256 << 20);
	struct dy_err err = { 0 };
	struct dy_workbook book;

	must(dy_crypto_init(&err), &err);
	const char *path = dy_arena_printf(files, "%s/danyuan.db", bk_folder());
	struct dy_store_options options = { .path = path };
	must(dy_store_open(&options, &b.store, &err), &err);
	must(dy_store_run(b.store, step, &b, &err), &err);
	b.post =
		(struct dy_post){ .scope = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, b.community } };
	b.actor = (struct dy_actor){ .community = b.community,
		                     .is_staff = true,
		                     .posts = { &b.post, 1, 1 } };
	prepare(&b, &book, file_make(files, DY_IMPORT_PLACES), DY_IMPORT_PLACES);
	write_all(&b);
	struct dy_str bytes = file_make(files, DY_IMPORT_HOUSEHOLDS);

	bk_title("import: 10,000 households from .xlsx");
	double base = bare(bytes);
	row("copying the file 100 times (bare)", base, base);
	row("dry run", dry_run(&b, bytes), base);
	double s = whole(&b, bytes, ROWS);
	row("import, new", s, base);
	row("the same file again", whole(&b, bytes, 0), base);
	(void)bk_goal("10,000 rows, from the file to the disk", s, "s", 5, false);
	dy_store_close(b.store);
	dy_arena_free(files);
	dy_arena_free(b.arena);
	return bk_end();
}
