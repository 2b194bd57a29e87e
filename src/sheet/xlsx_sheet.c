/* One sheet of an .xlsx: rows, cells, merged areas. */
#include "xlsx.h"

#include <string.h>

#define ROW_NUMBER_MAX 1048576
#define COLUMN_MAX     16384

/* "AB12" into zero-based column and row from 1; either part may be missing. */
static bool
reference(struct dy_str *text, uint32_t *column, uint32_t *row)
{
	uint32_t c = 0, r = 0;
	size_t i = 0;

	for (; i < text->len && text->ptr[i] >= 'A' && text->ptr[i] <= 'Z'; i++) {
		c = c * 26 + (uint32_t)(text->ptr[i] - 'A' + 1);
		if (c > COLUMN_MAX)
			return false;
	}
	size_t digits = i;
	for (; i < text->len && text->ptr[i] >= '0' && text->ptr[i] <= '9'; i++) {
		r = r * 10 + (uint32_t)(text->ptr[i] - '0');
		if (r > ROW_NUMBER_MAX)
			return false;
	}
	if (digits == 0 || i == digits || r == 0)
		return false;
	*column = c - 1;
	*row = r;
	*text = dy_str_slice(*text, i, text->len);
	return true;
}

static enum dy_code
damaged(struct dy_err *err)
{
	return dy_sheet_bad(err,
	                    "rows or cells of the sheet are out of order; open the file in the "
	                    "spreadsheet program and save it again");
}

static enum dy_code
row_start(struct dy_xlsx *x, const char **attributes, struct dy_err *err)
{
	struct dy_str hidden = dy_xml_attribute(attributes, "hidden");
	struct dy_str r = dy_xml_attribute(attributes, "r");
	uint64_t number = (uint64_t)x->row + 1;

	if ((r.len > 0 && !dy_str_to_u64(r, &number)) || number <= x->row ||
	    number > ROW_NUMBER_MAX)
		return damaged(err);
	x->row = (uint32_t)number;
	x->column = 0;
	x->row_hidden = dy_str_is(hidden, "1") || dy_str_is(hidden, "true");
	return DY_OK;
}

static enum dy_code
cell_start(struct dy_xlsx *x, const char **attributes, struct dy_err *err)
{
	static const struct {
		const char *name;
		char type;
	} TYPES[] = { { "s", 's' }, { "inlineStr", 't' }, { "str", 't' }, { "b", 'b' },
		      { "e", 'e' }, { "d", 'd' },         { "n", 'n' },   { "", 'n' } };
	struct dy_str t = dy_xml_attribute(attributes, "t");
	struct dy_str r = dy_xml_attribute(attributes, "r");
	uint32_t row;

	if (r.len > 0 && (!reference(&r, &x->column, &row) || row != x->row))
		return damaged(err);
	x->type = 't';
	for (size_t i = 0; i < DY_COUNT(TYPES); i++) {
		if (dy_str_is(t, TYPES[i].name))
			x->type = TYPES[i].type;
	}
	x->style = 0;
	(void)dy_str_to_u64(dy_xml_attribute(attributes, "s"), &x->style);
	x->has_value = false;
	dy_strbuf_reset(&x->text);
	return DY_OK;
}

static enum dy_code
merge_start(struct dy_xlsx *x, const char **attributes, struct dy_err *err)
{
	struct dy_str ref = dy_xml_attribute(attributes, "ref");
	struct dy_xlsx_area a;

	if (!reference(&ref, &a.column, &a.row) || !dy_str_starts(ref, DY_STR(":")))
		return DY_OK;
	ref = dy_str_slice(ref, 1, ref.len);
	if (!reference(&ref, &a.last_column, &a.last_row))
		return DY_OK;
	if (x->n_merges >= DY_XLSX_MERGES_MAX)
		return dy_sheet_too_large(err, "there are over 20,000 merged areas");
	*(struct dy_xlsx_area *)dy_arena_push(x->arena, (void **)&x->merges, &x->n_merges,
	                                      &x->cap_merges, sizeof(a)) = a;
	return DY_OK;
}

static enum dy_code
sheet_start(void *ctx, const char *name, const char **attributes, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;

	if (strcmp(name, "rPh") == 0)
		x->skip++;
	x->keep = x->skip == 0 && (strcmp(name, "v") == 0 || strcmp(name, "t") == 0);
	x->has_value = x->has_value || x->keep;
	if (strcmp(name, "row") == 0)
		return row_start(x, attributes, err);
	if (strcmp(name, "c") == 0 && x->row > 0)
		return cell_start(x, attributes, err);
	if (strcmp(name, "mergeCell") == 0)
		return merge_start(x, attributes, err);
	return DY_OK;
}

/* What stands in the cell, by its type. */
static enum dy_code
cell_value(struct dy_xlsx *x, struct dy_str raw, struct dy_cell *out, struct dy_err *err)
{
	bool is_date = x->style < x->n_styles && x->styles[x->style];
	uint64_t index;

	*out = (struct dy_cell){ raw, DY_CELL_TEXT };
	switch (x->type) {
	case 's':
		if (!dy_str_to_u64(dy_str_trim(raw), &index) || index >= x->n_shared)
			return dy_sheet_bad(err, "a cell refers to a text that is not in the file");
		out->text = x->shared[index];
		break;
	case 'b':
		out->kind = DY_CELL_BOOL;
		out->text = dy_str_is(raw, "1") ? DY_STR("TRUE") : DY_STR("FALSE");
		break;
	case 'e': out->kind = DY_CELL_ERROR; break;
	case 'd':
		out->kind = DY_CELL_DATE;
		out->text = dy_str_slice(raw, 0, 10);
		break;
	case 'n': (void)dy_number_text(x->arena, dy_str_trim(raw), is_date, x->is_1904, out); break;
	default: break;
	}
	return DY_OK;
}

static enum dy_code
cell_end(struct dy_xlsx *x, struct dy_err *err)
{
	struct dy_cell cell;
	struct dy_str raw;

	if (x->has_value) {
		DY_TRY(dy_xlsx_text_take(x, &raw, err));
		DY_TRY(cell_value(x, raw, &cell, err));
		if (dy_str_trim(cell.text).len == 0)
			cell.kind = DY_CELL_EMPTY;
		dy_sheet_line_set(&x->line, x->column, cell);
	}
	x->column++;
	return DY_OK;
}

static size_t
row_from(const struct dy_sheet *sheet, uint32_t number)
{
	size_t low = 0, high = sheet->n_rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (sheet->rows[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Every cell of a merged area holds what its first one does: a building merged over its doors belongs to each of them. */
static enum dy_code
merge_fill(struct dy_xlsx *x, const struct dy_xlsx_area *a, struct dy_err *err)
{
	struct dy_sheet *sheet = x->sheet;
	size_t i = row_from(sheet, a->row);

	if (i >= sheet->n_rows || sheet->rows[i].number != a->row)
		return DY_OK; /* nothing stands in it */
	struct dy_cell value = dy_sheet_cell(&sheet->rows[i], a->column);
	uint32_t end = a->last_column < DY_SHEET_COLS_MAX ? a->last_column + 1 : DY_SHEET_COLS_MAX;
	if (value.kind == DY_CELL_EMPTY || a->last_column < a->column)
		return DY_OK;
	for (; i < sheet->n_rows && sheet->rows[i].number <= a->last_row; i++) {
		struct dy_sheet_row *row = &sheet->rows[i];
		if (row->n < end) {
			struct dy_cell *cells = DY_NEW_ARRAY(x->arena, end, struct dy_cell);
			memcpy(cells, row->cells, row->n * sizeof(cells[0]));
			x->count.cells += end;
			row->cells = cells;
			row->n = end;
		}
		if (x->count.cells > DY_SHEET_CELLS_MAX)
			return dy_sheet_too_large(err, "merged areas make over a million cells");
		for (uint32_t c = a->column; c < end; c++) {
			if (row->cells[c].kind == DY_CELL_EMPTY)
				row->cells[c] = value;
		}
	}
	return DY_OK;
}

static enum dy_code
sheet_end(void *ctx, const char *name, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;

	x->keep = false;
	if (strcmp(name, "rPh") == 0 && x->skip > 0)
		x->skip--;
	if (strcmp(name, "c") == 0 && x->row > 0)
		return cell_end(x, err);
	if (strcmp(name, "row") == 0)
		return dy_sheet_line_end(x->arena, x->sheet, &x->line, x->row, x->row_hidden,
		                         &x->count, err);
	if (strcmp(name, "worksheet") == 0) {
		for (size_t i = 0; i < x->n_merges; i++)
			DY_TRY(merge_fill(x, &x->merges[i], err));
	}
	return DY_OK;
}

static void
sheet_text(void *ctx, const char *ptr, size_t n)
{
	dy_xlsx_text_add(ctx, ptr, n);
}

const struct dy_xml_hand dy_xlsx_sheet_hand = { sheet_start, sheet_end, sheet_text };
