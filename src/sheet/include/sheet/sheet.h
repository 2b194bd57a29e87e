/* Spreadsheets: .xlsx and .csv bytes into tables of text, and tables back into .xlsx or .csv.
 *
 * Cells come out as text as a person would type it: numbers without exponent, dates as 2026-04-23, shared strings and
 *   formula results resolved, merged areas filled, hidden rows and sheets marked. Nothing is guessed about their meaning.
 * Ownership: a workbook lives in the arena. The bytes read from are not needed afterwards.
 * Threads: no global state.
 * Errors: a file that is too large, damaged, or not a spreadsheet gives DY_E_LIMIT or DY_E_INPUT at "file" and says what to do.
 *   Limits hold before memory is asked for: a small file cannot make a large one of us. */
#ifndef DY_SHEET_SHEET_H
#define DY_SHEET_SHEET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define DY_SHEET_FILE_MAX   ((size_t)10 << 20)  /* bytes of the file */
#define DY_SHEET_PLAIN_MAX  ((size_t)160 << 20) /* bytes of everything in it, unpacked */
#define DY_SHEET_RATIO_MAX  200                 /* unpacked to packed, beyond the first 4 MB */
#define DY_SHEET_PARTS_MAX  2000                /* files inside an .xlsx */
#define DY_SHEET_SHEETS_MAX 50
#define DY_SHEET_ROWS_MAX   50000   /* rows that hold something, over all sheets */
#define DY_SHEET_CELLS_MAX  1000000 /* cells that hold something, over all sheets */
#define DY_SHEET_COLS_MAX   64    /* columns A to BL; what stands further right is not looked at */
#define DY_SHEET_TEXT_MAX   32767 /* bytes of one cell */
#define DY_SHEET_ARENA                                                                             \
	((size_t)256 << 20) /* an arena of this size holds whatever the limits let in */

enum dy_cell_kind {
	DY_CELL_EMPTY,
	DY_CELL_TEXT,
	DY_CELL_NUMBER,
	DY_CELL_DATE, /* a number that its format shows as a date */
	DY_CELL_BOOL,
	DY_CELL_ERROR, /* #REF! and the like, or a number that lost digits */
};

struct dy_cell {
	struct dy_str text; /* "" when empty */
	enum dy_cell_kind kind;
};
struct dy_sheet_row {
	uint32_t number; /* as the spreadsheet shows it, from 1 */
	uint32_t n;      /* cells[0..n) are columns A, B, ... */
	struct dy_cell *cells;
	bool hidden;
};
struct dy_sheet {
	struct dy_str name; /* "" for .csv */
	bool hidden;
	struct dy_sheet_row *rows; /* only rows that hold something, ascending */
	size_t n_rows, cap_rows;
};
struct dy_workbook {
	struct dy_sheet *sheets;
	size_t n_sheets, cap_sheets;
	const char *format;   /* "xlsx", "csv" */
	const char *encoding; /* of .csv: "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE" */
	char separator;       /* of .csv */
};

/* By content, never by name. */
enum dy_code dy_workbook_read(struct dy_arena *arena, struct dy_str bytes, struct dy_workbook *out,
                              struct dy_err *err) DY_NODISCARD;
/* The whole file into the arena, or an error at "file". */
enum dy_code dy_sheet_file_read(struct dy_arena *arena, const char *path, struct dy_str *out,
                                struct dy_err *err) DY_NODISCARD;

/* The cell of a row; an empty one right of the last. */
struct dy_cell dy_sheet_cell(const struct dy_sheet_row *row, uint32_t column);
/* "A", "BL" for column 0, 63; buf[>= 4]. */
void dy_sheet_column_name(uint32_t column, char *buf);
/* Full-width letters and digits become ASCII, blanks of every script one blank, invisible characters go, ends are trimmed. */
struct dy_str dy_sheet_clean(struct dy_arena *arena, struct dy_str text);

/* What is written. Every text is written as text: nothing a person typed is ever run as a formula. */
struct dy_sheet_out_cell {
	struct dy_str text;
	const char *comment; /* NULL: none */
	bool is_bad, is_head, is_number;
};
struct dy_sheet_out_row {
	const struct dy_sheet_out_cell *cells;
	size_t n;
};
struct dy_sheet_out {
	const char *name; /* of the sheet, at most 31 characters */
	const struct dy_sheet_out_row *rows;
	size_t n_rows;
	uint32_t frozen;      /* rows that stay in view */
	const double *widths; /* of the columns, in characters; NULL: as they come */
	size_t n_widths;
};
/* tmp_dir: where unfinished parts lie meanwhile; NULL: the system's. */
enum dy_code dy_xlsx_write(const char *path, const char *tmp_dir, const struct dy_sheet_out *sheets,
                           size_t n_sheets, struct dy_err *err) DY_NODISCARD;
/* UTF-8 with a mark, commas, CRLF. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
void dy_csv_write(struct dy_strbuf *sb, const struct dy_sheet_out *sheet);

#endif
