/* Readers of spreadsheets: files that LibreOffice made (tests/data/import), files that nobody should make, and what is
 * written reads back. */
#include "dyt.h"
#include "make_xlsx.h"
#include "sheet/sheet.h"

#include <stdlib.h>
#include <unistd.h>

static struct dy_arena *arena;

static struct dy_workbook
file(const char *name)
{
	const char *root = getenv("DY_SOURCE_ROOT");
	struct dy_workbook book;
	struct dy_err err = { 0 };
	struct dy_str bytes;

	DYT_TRUE(root != NULL);
	const char *path = dy_arena_printf(arena, "%s/tests/data/import/%s", root, name);
	DYT_OK(dy_sheet_file_read(arena, path, &bytes, &err));
	enum dy_code rc = dy_workbook_read(arena, bytes, &book, &err);
	if (rc != DY_OK)
		print_error("%s: %s\n", name, err.text);
	DYT_OK(rc);
	return book;
}

static const struct dy_sheet_row *
row_at(const struct dy_sheet *sheet, uint32_t number)
{
	for (size_t i = 0; i < sheet->n_rows; i++) {
		if (sheet->rows[i].number == number)
			return &sheet->rows[i];
	}
	return NULL;
}

static const char *
text_at(const struct dy_sheet *sheet, uint32_t number, uint32_t column)
{
	const struct dy_sheet_row *row = row_at(sheet, number);

	return row == NULL ? "(no row)" : dy_str_z(arena, dy_sheet_cell(row, column).text);
}

static enum dy_cell_kind
kind_at(const struct dy_sheet *sheet, uint32_t number, uint32_t column)
{
	return dy_sheet_cell(row_at(sheet, number), column).kind;
}

DYT(an_office_file_reads_as_it_looks)
{
	arena = dy_arena_new(DY_SHEET_ARENA);
	struct dy_workbook book = file("households-merged.xlsx");
	DYT_STR(book.format, "xlsx");
	DYT_INT(book.n_sheets, 2);
	DYT_TRUE(dy_str_is(book.sheets[0].name, "填写说明"));
	const struct dy_sheet *s = &book.sheets[1];
	DYT_INT(s->n_rows, 8); /* the empty row is left out, the others keep their numbers */
	DYT_STR(text_at(s, 1, 0), "某社区住户登记表（示例数据）");
	DYT_STR(text_at(s, 1, 10), "某社区住户登记表（示例数据）"); /* merged over the table */
	DYT_STR(text_at(s, 3, 5), "联系电话");
	DYT_STR(text_at(s, 4, 5), "13900000001"); /* shown as 1.39E+10 */
	DYT_INT(kind_at(s, 4, 5), DY_CELL_NUMBER);
	DYT_STR(text_at(s, 4, 9), "2026-03-01");
	DYT_INT(kind_at(s, 4, 9), DY_CELL_DATE);
	DYT_STR(text_at(s, 5, 1), "1幢"); /* the building is merged over its doors */
	DYT_STR(text_at(s, 6, 1), "1幢");
	DYT_STR(text_at(s, 6, 9), "2026年3月5日"); /* a text, left as it is */
	DYT_TRUE(row_at(s, 7) == NULL);
	DYT_TRUE(row_at(s, 8)->hidden);
	DYT_TRUE(!row_at(s, 9)->hidden);
	DYT_STR(text_at(s, 9, 1), "二号楼");
	dy_arena_free(arena);
}

DYT(dates_are_the_same_in_both_day_counts)
{
	arena = dy_arena_new(DY_SHEET_ARENA);
	struct dy_workbook book = file("households-1904.xlsx");
	DYT_STR(text_at(&book.sheets[0], 2, 9), "2026-03-01");
	DYT_STR(text_at(&book.sheets[0], 3, 10), "2027-03-01");
	dy_arena_free(arena);
}

DYT(csv_reads_the_same_in_every_encoding_and_with_every_separator)
{
	static const struct {
		const char *name, *encoding;
		char separator;
	} row[] = {
		{ "households-utf8.csv", "UTF-8", ',' },
		{ "households-bom.csv", "UTF-8", ',' },
		{ "households-gb18030.csv", "GB18030", ',' },
		{ "households-semicolon.csv", "UTF-8", ';' },
		{ "households-tab.csv", "GB18030", '\t' },
		{ "households-utf16.csv", "UTF-16LE", ',' },
	};
	arena = dy_arena_new(DY_SHEET_ARENA);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].name);
		struct dy_workbook book = file(row[i].name);
		const struct dy_sheet *s = &book.sheets[0];
		DYT_STR(book.encoding, row[i].encoding);
		DYT_INT(book.separator, row[i].separator);
		DYT_INT(s->n_rows, 4);
		DYT_STR(text_at(s, 1, 0), "地址");
		DYT_STR(text_at(s, 3, 1), "示例乙, 住二楼");
		DYT_STR(text_at(s, 4, 1), "示例“戊”");
		DYT_STR(text_at(s, 4, 3), "4");
	}
	dy_arena_free(arena);
}

static struct dy_workbook
csv(const char *text)
{
	struct dy_workbook book;
	struct dy_err err = { 0 };

	DYT_OK(dy_workbook_read(arena, dy_str_from(text), &book, &err));
	return book;
}

DYT(csv_oddities)
{
	static const struct {
		const char *why, *text;
		uint32_t row, column;
		const char *want;
		enum dy_cell_kind kind;
	} row[] = {
		{ "quotes in quotes", "a,\"he said \"\"no\"\"\"\n", 1, 1, "he said \"no\"",
		  DY_CELL_TEXT },
		{ "a line break in quotes", "a,\"x\ny\"\r\nb,c\r\n", 1, 1, "x\ny", DY_CELL_TEXT },
		{ "rows are counted, not lines", "a,\"x\ny\"\nb,c\n", 2, 1, "c", DY_CELL_TEXT },
		{ "the last line without its end", "a,b\nc,d", 2, 1, "d", DY_CELL_TEXT },
		{ "old line ends", "a,b\rc,d\r", 2, 0, "c", DY_CELL_TEXT },
		{ "Excel's own first line", "sep=;\na;b\n", 2, 1, "b", DY_CELL_TEXT },
		{ "text kept as text by a formula", "a,=\"0571\"\n", 1, 1, "0571", DY_CELL_TEXT },
		{ "text kept as text by an apostrophe", "a,'0571\n", 1, 1, "0571", DY_CELL_TEXT },
		{ "an exponent that keeps its digits", "a,1.3900000001E+10\n", 1, 1, "13900000001",
		  DY_CELL_NUMBER },
		{ "an exponent that lost them", "a,1.39E+10\n", 1, 1, "1.39E+10", DY_CELL_ERROR },
		{ "an error of the spreadsheet", "a,#REF!\n", 1, 1, "#REF!", DY_CELL_ERROR },
		{ "empty rows keep their number", "a,b\n,,\n\nc,d\n", 4, 0, "c", DY_CELL_TEXT },
		{ "an unclosed quote takes the rest", "a,\"b\nc", 1, 1, "b\nc", DY_CELL_TEXT },
		{ "a comma in one cell of a list by semicolons", "a;b;c\n1;2,5;3\n4;5;6\n", 2, 1,
		  "2,5", DY_CELL_TEXT },
	};
	arena = dy_arena_new(DY_SHEET_ARENA);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		struct dy_workbook book = csv(row[i].text);
		DYT_STR(text_at(&book.sheets[0], row[i].row, row[i].column), row[i].want);
		DYT_INT(kind_at(&book.sheets[0], row[i].row, row[i].column), row[i].kind);
	}
	dy_arena_free(arena);
}

#define SHEET(inner)                                                                               \
	{                                                                                          \
		"xl/worksheets/sheet1.xml",                                                        \
			"<worksheet><sheetData>" inner "</sheetData></worksheet>", 0               \
	}

DYT(cells_of_every_type)
{
	static const struct dyt_part parts[] = {
		{ "xl/styles.xml",
		  "<styleSheet><numFmts><numFmt numFmtId=\"164\" "
		  "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
		  "<numFmt numFmtId=\"165\" formatCode=\"[Red]0.00&quot;day&quot;\"/>"
		  "<numFmt numFmtId=\"166\" formatCode=\"[$-804]General\"/></numFmts>"
		  "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
		  "<xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf "
		  "numFmtId=\"166\"/>"
		  "<xf numFmtId=\"31\"/></cellXfs></styleSheet>",
		  0 },
		{ "xl/sharedStrings.xml",
		  "<sst><si><t>plain</t></si><si><r><t>two "
		  "</t></r><r><t>runs</t></r><rPh><t>pron</t></rPh></si></sst>",
		  0 },
		{ "xl/worksheets/sheet1.xml",
		  "<x:worksheet xmlns:x=\"y\"><x:sheetData><x:row r=\"2\">"
		  "<x:c r=\"A2\" t=\"s\"><x:v>0</x:v></x:c><x:c t=\"s\"><x:v>1</x:v></x:c>"
		  "<x:c t=\"inlineStr\"><x:is><x:t>in line</x:t></x:is></x:c>"
		  "<x:c t=\"str\"><x:f>A1</x:f><x:v>formula</x:v></x:c><x:c "
		  "t=\"b\"><x:v>1</x:v></x:c>"
		  "<x:c t=\"e\"><x:v>#REF!</x:v></x:c><x:c><x:v>1.3900000001E10</x:v></x:c>"
		  "<x:c s=\"1\"><x:v>44927</x:v></x:c><x:c s=\"2\"><x:v>44927.5</x:v></x:c>"
		  "<x:c s=\"3\"><x:v>44927</x:v></x:c><x:c s=\"4\"><x:v>0.1</x:v></x:c>"
		  "<x:c s=\"5\"><x:v>59</x:v></x:c><x:c s=\"5\"><x:v>60</x:v></x:c><x:c "
		  "s=\"5\"><x:v>61</x:v></x:c>"
		  "<x:c t=\"d\"><x:v>2026-03-01T00:00:00</x:v></x:c></x:row>"
		  "<x:row><x:c><x:v>7</x:v></x:c><x:c "
		  "r=\"BM3\"><x:v>9</x:v></x:c></x:row></x:sheetData></x:worksheet>",
		  0 },
	};
	static const struct {
		const char *text;
		enum dy_cell_kind kind;
	} want[] = {
		{ "plain", DY_CELL_TEXT },
		{ "two runs", DY_CELL_TEXT },
		{ "in line", DY_CELL_TEXT },
		{ "formula", DY_CELL_TEXT },
		{ "TRUE", DY_CELL_BOOL },
		{ "#REF!", DY_CELL_ERROR },
		{ "13900000001", DY_CELL_NUMBER },
		{ "2023-01-01", DY_CELL_DATE },
		{ "2023-01-01 12:00:00", DY_CELL_DATE },
		{ "44927", DY_CELL_NUMBER },
		{ "0.1", DY_CELL_NUMBER },
		{ "1900-02-28", DY_CELL_DATE },
		{ "60", DY_CELL_NUMBER }, /* 29 February 1900 never was */
		{ "1900-03-01", DY_CELL_DATE },
		{ "2026-03-01", DY_CELL_DATE },
	};
	struct dy_workbook book;
	struct dy_err err = { 0 };

	arena = dy_arena_new(DY_SHEET_ARENA);
	DYT_OK(dy_workbook_read(arena, dyt_xlsx(arena, parts, DY_COUNT(parts), true), &book, &err));
	const struct dy_sheet *s = &book.sheets[0];
	DYT_INT(s->n_rows, 2);
	for (uint32_t i = 0; i < DY_COUNT(want); i++) {
		DYT_ROW(want[i].text);
		DYT_STR(text_at(s, 2, i), want[i].text);
		DYT_INT(kind_at(s, 2, i), want[i].kind);
	}
	DYT_STR(text_at(s, 3, 0), "7"); /* a row without a number follows the one before */
	DYT_INT(row_at(s, 3)->n, 1);    /* column BM is not looked at */
	dy_arena_free(arena);
}

DYT(what_cannot_be_read_says_what_to_do)
{
	static const struct {
		const char *why;
		struct dyt_part part;
		bool workbook;
		enum dy_code want;
		const char *says;
	} row[] = {
		{ "a bomb",
		  { "xl/worksheets/sheet1.xml", "          ", 2000000 },
		  true,
		  DY_E_LIMIT,
		  "far larger" },
		{ "a million laughs",
		  { "xl/worksheets/sheet1.xml",
		    "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b "
		    "\"&a;&a;&a;\">]><worksheet>&b;</worksheet>",
		    0 },
		  true,
		  DY_E_INPUT,
		  "document type" },
		{ "an outside entity",
		  { "xl/sharedStrings.xml", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><sst/>", 0 },
		  true,
		  DY_E_INPUT,
		  "document type" },
		{ "broken XML",
		  { "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>", 0 },
		  true,
		  DY_E_INPUT,
		  "damaged" },
		{ "rows backwards", SHEET("<row r=\"5\"/><row r=\"4\"/>"), true, DY_E_INPUT,
		  "out of order" },
		{ "a row beyond the end", SHEET("<row r=\"1048577\"/>"), true, DY_E_INPUT,
		  "out of order" },
		{ "a cell of another row", SHEET("<row r=\"5\"><c r=\"A6\"><v>1</v></c></row>"),
		  true, DY_E_INPUT, "out of order" },
		{ "a text that is not there", SHEET("<row r=\"1\"><c t=\"s\"><v>5</v></c></row>"),
		  true, DY_E_INPUT, "not in the file" },
		{ "no spreadsheet at all",
		  { "word/document.xml", "<w/>", 0 },
		  false,
		  DY_E_INPUT,
		  "no .xlsx" },
		{ "too many rows",
		  { "xl/worksheets/sheet1.xml", "", 0 },
		  true,
		  DY_E_LIMIT,
		  "50,000 rows" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dyt_part part = row[i].part;
		struct dy_workbook book;
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		arena = dy_arena_new(DY_SHEET_ARENA);
		if (strcmp(row[i].why, "too many rows") == 0) {
			struct dy_strbuf sb;
			dy_strbuf_init(&sb, (size_t)8 << 20);
			dy_strbuf_adds(&sb, "<worksheet><sheetData>");
			for (int n = 0; n < DY_SHEET_ROWS_MAX + 1; n++)
				dy_strbuf_adds(&sb, "<row><c><v>1</v></c></row>");
			dy_strbuf_adds(&sb, "</sheetData></worksheet>");
			part.text = dy_str_z(arena, dy_strbuf_str(&sb));
			dy_strbuf_release(&sb);
		}
		struct dy_str bytes = dyt_xlsx(arena, &part, 1, row[i].workbook);
		DYT_INT(dy_workbook_read(arena, bytes, &book, &err), row[i].want);
		DYT_STR(err.field, "file");
		if (strstr(err.text, row[i].says) == NULL)
			DYT_STR(err.text, row[i].says);
		dy_arena_free(arena);
	}
}

DYT(other_files_are_refused_by_name)
{
	static const struct {
		const char *why;
		struct dy_str bytes;
		const char *says;
	} row[] = {
		{ "nothing", { "", 0 }, "empty" },
		{ "old Excel", DY_STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ".xls" },
		{ "a PDF", DY_STR_INIT("%PDF-1.7"), "not a spreadsheet" },
		{ "bytes", DY_STR_INIT("a\0b\xff\xff\xff\xff"), "neither" },
		{ "half a zip", DY_STR_INIT("PK\003\004half"), "" },
	};
	arena = dy_arena_new(DY_SHEET_ARENA);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_workbook book;
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		DYT_INT(dy_workbook_read(arena, row[i].bytes, &book, &err), DY_E_INPUT);
		DYT_TRUE(strstr(err.text, row[i].says) != NULL);
	}
	dy_arena_free(arena);
}

DYT(every_cut_of_a_file_is_an_answer)
{
	const char *root = getenv("DY_SOURCE_ROOT");
	struct dy_arena *own = dy_arena_new((size_t)1 << 20);
	struct dy_str bytes;

	DYT_OK(dy_sheet_file_read(
		own, dy_arena_printf(own, "%s/tests/data/import/places.xlsx", root), &bytes, NULL));
	for (size_t n = 1; n < bytes.len; n += 7) {
		struct dy_workbook book;
		struct dy_err err = { 0 };
		arena = dy_arena_new(DY_SHEET_ARENA);
		if (dy_workbook_read(arena, dy_str_slice(bytes, 0, n), &book, &err) != DY_OK)
			DYT_TRUE(err.text[0] != '\0');
		dy_arena_free(arena);
	}
	dy_arena_free(own);
}

DYT(texts_are_cleaned)
{
	static const struct {
		const char *text, *want;
	} row[] = {
		{ "  ３幢　１单元\t501\n", "3幢 1单元 501" },
		{ "\xef\xbb\xbf王\xe2\x80\x8b小", "王小" },
		{ "ＡＢｃ＃", "ABc#" },
		{ "\xc2\xa0", "" },
	};
	arena = dy_arena_new(65536);
	for (size_t i = 0; i < DY_COUNT(row); i++)
		DYT_STR(dy_str_z(arena, dy_sheet_clean(arena, dy_str_from(row[i].text))),
		        row[i].want);
	dy_arena_free(arena);
}

DYT(what_is_written_reads_back_and_runs_nothing)
{
	static const char *const TEXTS[] = { "=1+1",           "@sum", "+A1",       "-2+3", "-12.5",
		                             "+8613900000001", "a,b",  "say \"x\"", "3-1",  "" };
	char path[] = "sheet-XXXXXX";
	struct dy_sheet_out_cell cells[DY_COUNT(TEXTS)];
	struct dy_workbook book;
	struct dy_strbuf sb;
	struct dy_str bytes;
	struct dy_err err = { 0 };

	arena = dy_arena_new(DY_SHEET_ARENA);
	for (size_t i = 0; i < DY_COUNT(TEXTS); i++)
		cells[i] = (struct dy_sheet_out_cell){ .text = dy_str_from(TEXTS[i]),
			                               .comment = i == 2 ? "mend this" : NULL,
			                               .is_bad = i == 2 };
	struct dy_sheet_out_row row = { cells, DY_COUNT(cells) };
	struct dy_sheet_out sheet = { .name = "a", .rows = &row, .n_rows = 1 };
	int fd = mkstemp(path);
	DYT_TRUE(fd >= 0);
	(void)close(fd);
	DYT_OK(dy_xlsx_write(path, NULL, &sheet, 1, &err));
	DYT_OK(dy_sheet_file_read(arena, path, &bytes, &err));
	(void)unlink(path);
	DYT_OK(dy_workbook_read(arena, bytes, &book, &err));
	for (uint32_t i = 0; i < DY_COUNT(TEXTS); i++) {
		DYT_STR(text_at(&book.sheets[0], 1, i), TEXTS[i]);
		DYT_TRUE(TEXTS[i][0] == '\0' || kind_at(&book.sheets[0], 1, i) == DY_CELL_TEXT);
	}
	dy_strbuf_init(&sb, 65536);
	dy_csv_write(&sb, &sheet);
	DYT_STR(sb.ptr, "\xef\xbb\xbf\"'=1+1\",\"'@sum\",\"'+A1\",\"'-2+3\",-12.5,+8613900000001,"
	                "\"a,b\",\"say \"\"x\"\"\",3-1,\r\n");
	dy_strbuf_release(&sb);
	dy_arena_free(arena);
}

DYT_MAIN(DYT_TEST(an_office_file_reads_as_it_looks),
         DYT_TEST(dates_are_the_same_in_both_day_counts),
         DYT_TEST(csv_reads_the_same_in_every_encoding_and_with_every_separator),
         DYT_TEST(csv_oddities), DYT_TEST(cells_of_every_type),
         DYT_TEST(what_cannot_be_read_says_what_to_do), DYT_TEST(other_files_are_refused_by_name),
         DYT_TEST(every_cut_of_a_file_is_an_answer), DYT_TEST(texts_are_cleaned),
         DYT_TEST(what_is_written_reads_back_and_runs_nothing))
