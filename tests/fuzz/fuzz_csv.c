/* CSV of any bytes: refused with a reason, or rows of UTF-8 that read the same when they are written and read again. */
#include "fuzz.h"
#include "sheet/sheet.h"

#define PACKED "PK\003\004"

static void
write_again(struct dy_arena *arena, const struct dy_sheet *s, struct dy_strbuf *sb)
{
	struct dy_sheet_out_row *rows = DY_NEW_ARRAY(arena, s->n_rows + 1, struct dy_sheet_out_row);

	for (size_t r = 0; r < s->n_rows; r++) {
		struct dy_sheet_out_cell *cells =
			DY_NEW_ARRAY(arena, s->rows[r].n + 1, struct dy_sheet_out_cell);
		for (uint32_t c = 0; c < s->rows[r].n; c++) {
			cells[c].text = dy_sheet_clean(arena, s->rows[r].cells[c].text);
			FUZZ_TRUE(dy_str_is_utf8(cells[c].text));
		}
		rows[r] = (struct dy_sheet_out_row){ cells, s->rows[r].n };
	}
	struct dy_sheet_out out = { .name = "a", .rows = rows, .n_rows = s->n_rows };
	dy_csv_write(sb, &out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dy_arena *arena = dy_arena_new(DY_SHEET_ARENA);
	struct dy_str bytes = fuzz_str(data, size);
	struct dy_workbook book, again;
	struct dy_strbuf sb;
	struct dy_err err = { 0 };

	dy_strbuf_init(&sb, (size_t)32 << 20);
	if (dy_str_starts(bytes, DY_STR(PACKED))) {
		/* not ours: fuzz_xlsx */
	} else if (dy_workbook_read(arena, bytes, &book, &err) != DY_OK) {
		FUZZ_TRUE(err.text[0] != '\0');
	} else {
		uint32_t before = 0;
		FUZZ_TRUE(book.n_sheets == 1);
		for (size_t r = 0; r < book.sheets[0].n_rows; r++) {
			FUZZ_TRUE(book.sheets[0].rows[r].number > before);
			before = book.sheets[0].rows[r].number;
		}
		write_again(arena, &book.sheets[0], &sb);
		FUZZ_TRUE(!sb.overflow);
		enum dy_code rc = dy_workbook_read(arena, dy_strbuf_str(&sb), &again, &err);
		FUZZ_TRUE(rc == DY_OK || rc == DY_E_LIMIT);
		FUZZ_TRUE(rc != DY_OK || again.sheets[0].n_rows <= book.sheets[0].n_rows);
	}
	dy_strbuf_release(&sb);
	dy_arena_free(arena);
	return 0;
}
