/* Writing: .xlsx through libxlsxwriter, .csv by hand. */
#include "inside.h"

#include <string.h>
#include <xlsxwriter.h>

struct styles {
	lxw_format *head, *bad, *text;
};

static void
styles_make(lxw_workbook *book, struct styles *s)
{
	s->head = workbook_add_format(book);
	format_set_bold(s->head);
	format_set_bg_color(s->head, 0xE8EEF4);
	format_set_border(s->head, LXW_BORDER_THIN);
	format_set_text_wrap(s->head);
	s->bad = workbook_add_format(book);
	format_set_bg_color(s->bad, 0xFFD6D6);
	format_set_num_format(s->bad, "@");
	s->text = workbook_add_format(book);
	format_set_num_format(s->text,
	                      "@"); /* so that 3-1 does not become a date when it is edited */
}

static bool
cell_write(struct dy_arena *arena, lxw_worksheet *sheet, const struct styles *styles, lxw_row_t row,
           lxw_col_t column, const struct dy_sheet_out_cell *cell)
{
	lxw_format *format = cell->is_head  ? styles->head
	                     : cell->is_bad ? styles->bad
	                                    : styles->text;
	lxw_comment_options options = { .visible = LXW_COMMENT_DISPLAY_HIDDEN, .width = 260 };
	int64_t number;
	lxw_error rc;

	if (cell->is_number && dy_str_to_i64(cell->text, &number))
		rc = worksheet_write_number(sheet, row, column, (double)number, NULL);
	else if (cell->text.len == 0)
		rc = cell->is_bad || cell->is_head
		             ? worksheet_write_blank(sheet, row, column, format)
		             : LXW_NO_ERROR;
	else
		rc = worksheet_write_string(sheet, row, column, dy_str_z(arena, cell->text),
		                            format);
	if (rc == LXW_NO_ERROR && cell->comment != NULL)
		rc = worksheet_write_comment_opt(sheet, row, column, cell->comment, &options);
	return rc == LXW_NO_ERROR;
}

static bool
sheet_write(lxw_workbook *book, const struct styles *styles, const struct dy_sheet_out *s)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)1 << 20);
	lxw_worksheet *sheet = workbook_add_worksheet(book, s->name);

	if (sheet == NULL) /* a name that no sheet may have */
		sheet = workbook_add_worksheet(book, NULL);
	bool good = sheet != NULL;

	for (size_t i = 0; good && i < s->n_widths; i++)
		good = worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, s->widths[i],
		                            NULL) == LXW_NO_ERROR;
	if (good && s->frozen > 0)
		worksheet_freeze_panes(sheet, s->frozen, 0);
	for (size_t r = 0; good && r < s->n_rows; r++) {
		for (size_t c = 0; good && c < s->rows[r].n; c++)
			good = cell_write(arena, sheet, styles, (lxw_row_t)r, (lxw_col_t)c,
			                  &s->rows[r].cells[c]);
		dy_arena_reset(arena);
	}
	return good;
}

enum dy_code
dy_xlsx_write(const char *path, const char *tmp_dir, const struct dy_sheet_out *sheets,
              size_t n_sheets, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(65536);
	lxw_workbook_options options = { 0 };
	struct styles styles;

	if (tmp_dir != NULL)
		options.tmpdir = dy_arena_dup(arena, tmp_dir, strlen(tmp_dir));
	lxw_workbook *book = workbook_new_opt(path, &options);
	if (book == NULL)
		return dy_raise(err, DY_E_IO, "file", "cannot write %.100s", path);
	styles_make(book, &styles);
	bool good = true;
	for (size_t i = 0; good && i < n_sheets; i++)
		good = sheet_write(book, &styles, &sheets[i]);
	if (workbook_close(book) != LXW_NO_ERROR || !good)
		return dy_raise(err, DY_E_IO, "file", "cannot write %.100s", path);
	return DY_OK;
}

/* "=1+1", "@x", "-2+3" and a leading tab would run in a spreadsheet; "-12.5" and "+8613900000000" are only numbers. */
static bool
is_formula(struct dy_str s)
{
	if (s.len == 0 || memchr("=+-@\t\r", s.ptr[0], 6) == NULL)
		return false;
	if (s.ptr[0] != '+' && s.ptr[0] != '-')
		return true;
	for (size_t i = 1; i < s.len; i++) {
		if (memchr("0123456789.", s.ptr[i], 11) == NULL)
			return true;
	}
	return s.len < 2;
}

static void
csv_cell(struct dy_strbuf *sb, struct dy_str s)
{
	bool quote = is_formula(s);

	for (size_t i = 0; i < s.len && !quote; i++)
		quote = memchr(",\"\r\n;\t", s.ptr[i], 6) != NULL;
	if (quote)
		dy_strbuf_addc(sb, '"');
	if (is_formula(s))
		dy_strbuf_addc(sb, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			dy_strbuf_addc(sb, '"');
		dy_strbuf_addc(sb, s.ptr[i]);
	}
	if (quote)
		dy_strbuf_addc(sb, '"');
}

void
dy_csv_write(struct dy_strbuf *sb, const struct dy_sheet_out *sheet)
{
	dy_strbuf_adds(sb, "\xef\xbb\xbf");
	for (size_t r = 0; r < sheet->n_rows; r++) {
		for (size_t c = 0; c < sheet->rows[r].n; c++) {
			if (c > 0)
				dy_strbuf_addc(sb, ',');
			csv_cell(sb, sheet->rows[r].cells[c].text);
		}
		dy_strbuf_adds(sb, "\r\n");
	}
}
