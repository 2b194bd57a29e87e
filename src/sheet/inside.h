/* Inside of sheet: the counters every reader heeds, and pieces of an .xlsx. */
#ifndef DY_SHEET_INSIDE_H
#define DY_SHEET_INSIDE_H

#include "sheet/sheet.h"

/* Shared by the sheets of a file. */
struct dy_sheet_count {
	size_t rows, cells, text;
};
#define DY_SHEET_TEXTS_MAX ((size_t)64 << 20) /* bytes of all cells */

enum dy_code dy_sheet_bad(struct dy_err *err, const char *text) DY_NODISCARD; /* at "file" */
enum dy_code dy_sheet_too_large(struct dy_err *err, const char *text) DY_NODISCARD;

/* A row under construction; cells beyond DY_SHEET_COLS_MAX are dropped. */
struct dy_sheet_line {
	struct dy_cell cells[DY_SHEET_COLS_MAX];
	uint32_t n;
	bool any;
};
void dy_sheet_line_set(struct dy_sheet_line *line, uint32_t column, struct dy_cell cell);
/* Keeps a row that holds something. */
enum dy_code dy_sheet_line_end(struct dy_arena *arena, struct dy_sheet *sheet,
                               struct dy_sheet_line *line, uint32_t number, bool hidden,
                               struct dy_sheet_count *count, struct dy_err *err) DY_NODISCARD;

enum dy_code dy_csv_read(struct dy_arena *arena, struct dy_str bytes, struct dy_workbook *out,
                         struct dy_err *err) DY_NODISCARD;
enum dy_code dy_xlsx_read(struct dy_arena *arena, struct dy_str bytes, struct dy_workbook *out,
                          struct dy_err *err) DY_NODISCARD;

/* zip.c: calls part() for every file inside, in order; part() returns false to skip its bytes, which otherwise go to bytes()
 * in pieces. */
struct dy_zip_walk {
	void *ctx;
	bool (*part)(void *ctx, const char *name);
	enum dy_code (*bytes)(void *ctx, const char *ptr, size_t n, bool last, struct dy_err *err);
};
enum dy_code dy_zip_read(struct dy_str bytes, const struct dy_zip_walk *walk,
                         struct dy_err *err) DY_NODISCARD;

/* format.c */
bool dy_format_is_date(int64_t id, struct dy_str code); /* code "": a built-in format */
/* Text of a number as stored; is_date and is_1904 say how to read it. false: it is no number. */
bool dy_number_text(struct dy_arena *arena, struct dy_str raw, bool is_date, bool is_1904,
                    struct dy_cell *out);

#endif
