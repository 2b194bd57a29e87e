/* What all readers share: rows under construction, limits, cleaning, telling formats apart. */
#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum dy_code
dy_sheet_bad(struct dy_err *err, const char *text)
{
	return dy_raise(err, DY_E_INPUT, "file", "%s", text);
}

enum dy_code
dy_sheet_too_large(struct dy_err *err, const char *text)
{
	return dy_raise(err, DY_E_LIMIT, "file", "%s", text);
}

void
dy_sheet_line_set(struct dy_sheet_line *line, uint32_t column, struct dy_cell cell)
{
	if (column >= DY_SHEET_COLS_MAX)
		return;
	line->cells[column] = cell;
	if (cell.kind == DY_CELL_EMPTY)
		return;
	line->any = true;
	if (column >= line->n)
		line->n = column + 1;
}

enum dy_code
dy_sheet_line_end(struct dy_arena *arena, struct dy_sheet *sheet, struct dy_sheet_line *line,
                  uint32_t number, bool hidden, struct dy_sheet_count *count, struct dy_err *err)
{
	if (line->any) {
		count->rows++;
		count->cells += line->n;
		if (count->rows > DY_SHEET_ROWS_MAX || count->cells > DY_SHEET_CELLS_MAX)
			return dy_sheet_too_large(err, "over 50,000 rows or a million cells; split "
			                               "it into several files");
		struct dy_sheet_row *row =
			dy_arena_push(arena, (void **)&sheet->rows, &sheet->n_rows,
		                      &sheet->cap_rows, sizeof(*row));
		row->number = number;
		row->hidden = hidden;
		row->n = line->n;
		row->cells = DY_NEW_ARRAY(arena, line->n, struct dy_cell);
		memcpy(row->cells, line->cells, line->n * sizeof(line->cells[0]));
	}
	*line = (struct dy_sheet_line){ 0 };
	return DY_OK;
}

struct dy_cell
dy_sheet_cell(const struct dy_sheet_row *row, uint32_t column)
{
	if (column < row->n)
		return row->cells[column];
	return (struct dy_cell){ .text = DY_STR_INIT("") };
}

void
dy_sheet_column_name(uint32_t column, char *buf)
{
	size_t n = 0;

	if (column >= 26)
		buf[n++] = (char)('A' + column / 26 - 1);
	buf[n++] = (char)('A' + column % 26);
	buf[n] = '\0';
}

enum { KEEP, BLANK, DROP };

static int
class_of(uint32_t cp)
{
	if (cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xa0 || cp == 0x3000 ||
	    (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f)
		return BLANK;
	if (cp < ' ' || cp == 0x7f || (cp >= 0x200b && cp <= 0x200f) ||
	    (cp >= 0x202a && cp <= 0x202e) || cp == 0x2060 || cp == 0xfeff)
		return DROP;
	return KEEP;
}

struct dy_str
dy_sheet_clean(struct dy_arena *arena, struct dy_str text)
{
	char *out = dy_arena_alloc(arena, text.len + 1); /* no character grows */
	size_t n = 0;
	bool blank = false;

	while (text.len > 0) {
		uint32_t cp;
		size_t used = dy_utf8_next(text, &cp);
		if (used == 0)
			break; /* readers give UTF-8 */
		int class = class_of(cp);
		if (class == KEEP) {
			if (blank && n > 0)
				out[n++] = ' ';
			blank = false;
			if (cp >= 0xff01 && cp <= 0xff5e) {
				out[n++] = (char)(cp - 0xff01 + '!');
			} else {
				memcpy(out + n, text.ptr, used);
				n += used;
			}
		} else if (class == BLANK) {
			blank = true;
		}
		text = dy_str_slice(text, used, text.len);
	}
	out[n] = '\0';
	return (struct dy_str){ out, n };
}

enum dy_code
dy_workbook_read(struct dy_arena *arena, struct dy_str bytes, struct dy_workbook *out,
                 struct dy_err *err)
{
	*out = (struct dy_workbook){ 0 };
	if (bytes.len == 0)
		return dy_sheet_bad(err, "the file is empty");
	if (bytes.len > DY_SHEET_FILE_MAX)
		return dy_sheet_too_large(err, "the file is over 10 MB; split it, and leave "
		                               "pictures out");
	if (dy_str_starts(bytes, DY_STR("PK\003\004")))
		return dy_xlsx_read(arena, bytes, out, err);
	if (dy_str_starts(bytes, DY_STR("\xd0\xcf\x11\xe0")))
		return dy_sheet_bad(err, "this is an old .xls file or one with a password; save it "
		                         "as .xlsx without a password");
	if (dy_str_starts(bytes, DY_STR("%PDF")) || dy_str_starts(bytes, DY_STR("{\\rtf")) ||
	    dy_str_starts(bytes, DY_STR("\x89PNG")) || dy_str_starts(bytes, DY_STR("\xff\xd8\xff")))
		return dy_sheet_bad(err, "this is not a spreadsheet; give an .xlsx or .csv file");
	return dy_csv_read(arena, bytes, out, err);
}

enum dy_code
dy_sheet_file_read(struct dy_arena *arena, const char *path, struct dy_str *out, struct dy_err *err)
{
	struct stat st;
	size_t have = 0;
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return dy_raise(err, DY_E_INPUT, "file", "cannot read %.100s: %s", path,
		                strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > (off_t)DY_SHEET_FILE_MAX) {
		(void)close(fd);
		return dy_raise(err, DY_E_LIMIT, "file", "%.100s is no file, or over 10 MB", path);
	}
	size_t size = (size_t)st.st_size;
	char *text = dy_arena_alloc(arena, size + 1);
	while (have < size && (n = read(fd, text + have, size - have)) > 0)
		have += (size_t)n;
	(void)close(fd);
	if (n < 0)
		return dy_raise(err, DY_E_IO, "file", "cannot read %.100s", path);
	*out = (struct dy_str){ text, have };
	return DY_OK;
}
