/* Spreadsheets from strangers: the first byte says whether the rest is a whole .xlsx or one part of it. */
#include "fuzz.h"
#include "make_xlsx.h"
#include "sheet/sheet.h"

static void
check(const struct dy_workbook *book)
{
	size_t rows = 0, cells = 0;

	FUZZ_TRUE(book->n_sheets <= DY_SHEET_SHEETS_MAX);
	for (size_t i = 0; i < book->n_sheets; i++) {
		const struct dy_sheet *s = &book->sheets[i];
		uint32_t before = 0;
		for (size_t r = 0; r < s->n_rows; r++) {
			FUZZ_TRUE(s->rows[r].number > before);
			FUZZ_TRUE(s->rows[r].n <= DY_SHEET_COLS_MAX);
			before = s->rows[r].number;
			rows++;
			for (uint32_t c = 0; c < s->rows[r].n; c++, cells++) {
				struct dy_cell cell = dy_sheet_cell(&s->rows[r], c);
				FUZZ_TRUE(dy_str_is_utf8(cell.text));
				FUZZ_TRUE((cell.kind == DY_CELL_EMPTY) ==
				          (dy_str_trim(cell.text).len == 0));
			}
		}
	}
	FUZZ_TRUE(rows <= DY_SHEET_ROWS_MAX);
	FUZZ_TRUE(cells <= DY_SHEET_CELLS_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const PARTS[] = { NULL,
		                             "xl/worksheets/sheet1.xml",
		                             "xl/sharedStrings.xml",
		                             "xl/styles.xml",
		                             "xl/workbook.xml",
		                             "xl/_rels/workbook.xml.rels" };
	struct dy_arena *arena = dy_arena_new(DY_SHEET_ARENA);
	unsigned choice = fuzz_choice(&data, &size) % DY_COUNT(PARTS);
	struct dy_str bytes = fuzz_str(data, size);
	struct dy_workbook book;
	struct dy_err err = { 0 };

	if (choice > 0) {
		struct dyt_part part = { PARTS[choice], dy_str_z(arena, bytes), 0 };
		bytes = dyt_xlsx(arena, &part, 1, choice < 4);
	}
	if (dy_workbook_read(arena, bytes, &book, &err) == DY_OK)
		check(&book);
	else
		FUZZ_TRUE(err.text[0] != '\0');
	dy_arena_free(arena);
	return 0;
}
