/* Files for people: a template to fill, and their own file with its faults marked. */
#include "import_inside.h"

#include <string.h>

#define WIDTH      14.0
#define WIDTH_TEXT 60.0

static struct dy_sheet_out_cell
text_cell(const char *text, bool is_head)
{
	return (struct dy_sheet_out_cell){ .text = dy_str_from(text), .is_head = is_head };
}

enum dy_code
dy_import_template(const char *path, const char *tmp_dir, enum dy_import_kind kind,
                   struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)1 << 20);
	static const char *const HELP_HEAD[] = { "列 Column", "示例 Example", "说明",
		                                 "How to fill" };
	static const double HELP_WIDTHS[] = { 28, 20, WIDTH_TEXT, WIDTH_TEXT };
	size_t n;
	const struct dy_import_column *columns = dy_import_columns(kind, &n);
	struct dy_sheet_out_cell *head = DY_NEW_ARRAY(arena, n, struct dy_sheet_out_cell);
	struct dy_sheet_out_row *help = DY_NEW_ARRAY(arena, n + 1, struct dy_sheet_out_row);
	double *widths = DY_NEW_ARRAY(arena, n, double);

	help[0].cells = DY_NEW_ARRAY(arena, DY_COUNT(HELP_HEAD), struct dy_sheet_out_cell);
	for (size_t k = 0; k < DY_COUNT(HELP_HEAD); k++)
		((struct dy_sheet_out_cell *)help[0].cells)[k] = text_cell(HELP_HEAD[k], true);
	help[0].n = DY_COUNT(HELP_HEAD);
	for (size_t i = 0; i < n; i++) {
		const struct dy_import_column *c = &columns[i];
		head[i] = text_cell(
			dy_arena_printf(arena, "%s %s", c->title[DY_ZH], c->title[DY_EN]), true);
		widths[i] = WIDTH;
		struct dy_sheet_out_cell *row = DY_NEW_ARRAY(arena, 4, struct dy_sheet_out_cell);
		row[0] = text_cell(head[i].text.ptr, false);
		row[1] = text_cell(c->example, false);
		row[2] = text_cell(c->doc[DY_ZH], false);
		row[3] = text_cell(c->doc[DY_EN], false);
		help[i + 1] = (struct dy_sheet_out_row){ row, 4 };
	}
	struct dy_sheet_out_row first = { head, n };
	struct dy_sheet_out sheets[] = {
		{ .name = dy_import_kind_name(kind),
		  .rows = &first,
		  .n_rows = 1,
		  .frozen = 1,
		  .widths = widths,
		  .n_widths = n },
		{ .name = "填写说明 How to fill",
		  .rows = help,
		  .n_rows = n + 1,
		  .frozen = 1,
		  .widths = HELP_WIDTHS,
		  .n_widths = DY_COUNT(HELP_WIDTHS) },
	};
	return dy_xlsx_write(path, tmp_dir, sheets, DY_COUNT(sheets), err);
}

struct copying {
	struct dy_arena *arena;
	const struct dy_import_job *job;
	enum dy_tongue tongue;
	uint32_t columns; /* of the widest row; the verdict comes behind them */
};

static const char *
all_texts(struct copying *c, const struct dy_import_row *row, int column, bool notes)
{
	const char *text = NULL;

	for (size_t i = 0; i < row->n_faults; i++) {
		const struct dy_import_fault *f = &row->faults[i];
		if ((column >= 0 && f->column != column) || (f->is_note && !notes))
			continue;
		const char *one = dy_import_fault_text(c->arena, f, c->tongue);
		text = text == NULL ? one : dy_arena_printf(c->arena, "%s\n%s", text, one);
	}
	return text;
}

static const char *
verdict_text(enum dy_verdict verdict, enum dy_tongue tongue)
{
	static const char *const TEXTS[DY_VERDICTS][2] = {
		{ "新增", "new" },    { "更新", "changed" },  { "不变", "unchanged" },
		{ "有错", "faulty" }, { "跳过", "left out" },
	};
	return TEXTS[verdict][tongue];
}

static struct dy_sheet_out_row
row_copy(struct copying *c, const struct dy_sheet_row *from, const struct dy_import_row *row,
         bool is_head)
{
	size_t n = c->columns + 2;
	struct dy_sheet_out_cell *cells = DY_NEW_ARRAY(c->arena, n, struct dy_sheet_out_cell);

	for (uint32_t i = 0; i < c->columns; i++) {
		struct dy_cell cell = dy_sheet_cell(from, i);
		cells[i].text = cell.text;
		cells[i].is_head = is_head;
		if (row == NULL)
			continue;
		cells[i].comment = all_texts(c, row, (int)i, false);
		cells[i].is_bad = cells[i].comment != NULL;
		/* a good number is written the way it was understood */
		if (!cells[i].is_bad && (int)i == c->job->map.column[DY_F_PHONE] &&
		    row->phone.len > 0)
			cells[i].text = row->phone;
	}
	if (is_head) {
		cells[c->columns] = text_cell(c->tongue == DY_ZH ? "校验结果" : "Verdict", true);
		cells[c->columns + 1] = text_cell(c->tongue == DY_ZH ? "说明" : "What to do", true);
	} else if (row != NULL) {
		const char *why = all_texts(c, row, -1, true);
		cells[c->columns] = text_cell(verdict_text(row->verdict, c->tongue), false);
		cells[c->columns].is_bad = row->verdict == DY_VERDICT_BAD;
		cells[c->columns + 1] = text_cell(why != NULL ? why : "", false);
	}
	return (struct dy_sheet_out_row){ cells, n };
}

enum dy_code
dy_import_corrected(struct dy_arena *arena, const char *path, const char *tmp_dir,
                    const struct dy_import_job *job, enum dy_tongue tongue, struct dy_err *err)
{
	const struct dy_sheet *sheet = &job->book->sheets[job->map.sheet];
	struct copying c = { .arena = arena, .job = job, .tongue = tongue };
	uint32_t last = 0;
	size_t next = 0;

	for (size_t i = 0; i < sheet->n_rows; i++) {
		last = sheet->rows[i].number;
		c.columns = sheet->rows[i].n > c.columns ? sheet->rows[i].n : c.columns;
	}
	/* rows keep their numbers, unless that would make a file of mostly nothing */
	bool same = last <= 2 * DY_SHEET_ROWS_MAX;
	size_t n_rows = same ? last : sheet->n_rows;
	struct dy_sheet_out_row *rows = DY_NEW_ARRAY(arena, n_rows, struct dy_sheet_out_row);
	double *widths = DY_NEW_ARRAY(arena, c.columns + 2, double);
	for (size_t i = 0; i < sheet->n_rows; i++) {
		const struct dy_sheet_row *from = &sheet->rows[i];
		const struct dy_import_row *row = NULL;
		if (next < job->n_rows && job->rows[next].from == from)
			row = &job->rows[next++];
		rows[same ? from->number - 1 : i] =
			row_copy(&c, from, row, from->number == job->map.header);
	}
	for (uint32_t i = 0; i < c.columns + 2; i++)
		widths[i] = i == c.columns + 1 ? WIDTH_TEXT : WIDTH;
	struct dy_sheet_out out = {
		.name = sheet->name.len > 0 ? dy_str_z(arena, sheet->name)
		                            : dy_import_kind_name(job->kind),
		.rows = rows,
		.n_rows = n_rows,
		.frozen = same ? job->map.header : 0,
		.widths = widths,
		.n_widths = c.columns + 2,
	};
	return dy_xlsx_write(path, tmp_dir, &out, 1, err);
}
