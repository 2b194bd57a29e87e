/* CSV as offices make it: UTF-8, GB18030 or UTF-16; commas, semicolons or tabs; quotes as in RFC 4180. */
#include "inside.h"

#include <iconv.h>
#include <string.h>

#define SNIFF_LINES    50
#define ROW_NUMBER_MAX 1048576

/* text in some encoding into UTF-8 in the arena; false when it is not in that encoding. */
static bool
convert(struct dy_arena *arena, const char *from, struct dy_str bytes, struct dy_str *out)
{
	iconv_t cd = iconv_open("UTF-8", from);
	size_t cap = bytes.len * 2 + 16; /* two bytes become three, four stay four */
	char *text = dy_arena_alloc(arena, cap);
	char *in = dy_arena_dup(arena, bytes.ptr, bytes.len); /* iconv() takes it as writable */
	char *to = text;
	size_t left = bytes.len;

	if (cd == (iconv_t)-1)
		return false;
	size_t rc = iconv(cd, &in, &left, &to, &cap);
	(void)iconv_close(cd);
	*out = (struct dy_str){ text, (size_t)(to - text) };
	return rc != (size_t)-1 && left == 0;
}

static enum dy_code
decode(struct dy_arena *arena, struct dy_str bytes, struct dy_workbook *book, struct dy_str *out,
       struct dy_err *err)
{
	static const struct {
		struct dy_str mark;
		const char *name;
	} MARKS[] = {
		{ DY_STR_INIT("\xff\xfe"), "UTF-16LE" },
		{ DY_STR_INIT("\xfe\xff"), "UTF-16BE" },
	};
	struct dy_str text = bytes;
	bool good = true;

	book->encoding = "UTF-8";
	if (dy_str_starts(bytes, DY_STR("\xef\xbb\xbf")))
		text = dy_str_slice(bytes, 3, bytes.len);
	for (size_t i = 0; i < DY_COUNT(MARKS); i++) {
		if (!dy_str_starts(bytes, MARKS[i].mark))
			continue;
		book->encoding = MARKS[i].name;
		good = convert(arena, MARKS[i].name, dy_str_slice(bytes, 2, bytes.len), &text);
	}
	if (good && !dy_str_is_utf8(text)) {
		book->encoding = "GB18030";
		good = convert(arena, "GB18030", bytes, &text);
	}
	if (!good || !dy_str_is_utf8(text) || memchr(text.ptr, 0, text.len) != NULL)
		return dy_sheet_bad(err, "neither a spreadsheet nor text in UTF-8 or GB18030; save "
		                         "it as .xlsx or \"CSV UTF-8\"");
	*out = dy_str_dup(arena, text);
	return DY_OK;
}

/* How many lines have the commonest count of c, not counting lines without; and quoted ones are skipped over. */
static size_t
sniff_one(struct dy_str text, char c)
{
	size_t counts[SNIFF_LINES] = { 0 };
	size_t line = 0, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len && line < SNIFF_LINES; i++) {
		if (text.ptr[i] == '"')
			quoted = !quoted;
		else if (text.ptr[i] == '\n' && !quoted)
			line++;
		else if (text.ptr[i] == c && !quoted)
			counts[line]++;
	}
	for (size_t i = 0; i < SNIFF_LINES; i++) {
		size_t same = 0;
		for (size_t k = 0; k < SNIFF_LINES && counts[i] > 0; k++)
			same += counts[k] == counts[i];
		if (same > best)
			best = same;
	}
	return best;
}

/* The separator; Excel's own first line "sep=;" is taken off. */
static char
sniff(struct dy_str *text)
{
	static const char SEPARATORS[] = { ',', '\t', ';' };
	size_t best = 0;
	char found = ',';

	if (text->len > 5 && memcmp(text->ptr, "sep=", 4) == 0) {
		found = text->ptr[4];
		struct dy_str first = dy_str_split(text, '\n');
		(void)first;
		return found;
	}
	for (size_t i = 0; i < DY_COUNT(SEPARATORS); i++) {
		size_t n = sniff_one(*text, SEPARATORS[i]);
		if (n > best) {
			best = n;
			found = SEPARATORS[i];
		}
	}
	return found;
}

static bool
is_exponent(struct dy_str s)
{
	size_t i = 0;

	while (i < s.len && (memchr("+-.0123456789", s.ptr[i], 13) != NULL))
		i++;
	return i > 0 && i + 2 < s.len && (s.ptr[i] == 'E' || s.ptr[i] == 'e') &&
	       (s.ptr[i + 1] == '+' || s.ptr[i + 1] == '-');
}

/* "=""0571""" and "'0571" are texts that somebody kept from becoming numbers; "1.38E+10" lost its digits. */
static struct dy_cell
cell_of(struct dy_arena *arena, struct dy_str raw)
{
	struct dy_cell cell = { .text = dy_str_trim(raw), .kind = DY_CELL_TEXT };

	if (cell.text.len > 2 && dy_str_starts(cell.text, DY_STR("=\"")) &&
	    cell.text.ptr[cell.text.len - 1] == '"')
		cell.text = dy_str_slice(cell.text, 2, cell.text.len - 1);
	else if (cell.text.len > 1 && cell.text.ptr[0] == '\'')
		cell.text = dy_str_slice(cell.text, 1, cell.text.len);
	else if (cell.text.len > 2 && cell.text.ptr[0] == '#' &&
	         cell.text.ptr[cell.text.len - 1] == '!')
		cell.kind = DY_CELL_ERROR;
	if (cell.text.len == 0)
		return (struct dy_cell){ .text = DY_STR_INIT("") };
	if (is_exponent(cell.text)) {
		struct dy_cell number;
		size_t digits = 0;
		for (size_t i = 0;
		     i < cell.text.len && cell.text.ptr[i] != 'E' && cell.text.ptr[i] != 'e'; i++)
			digits += cell.text.ptr[i] >= '0' && cell.text.ptr[i] <= '9';
		if (dy_number_text(arena, cell.text, false, false, &number)) {
			/* all digits still there, or some are gone for good */
			if (number.text.len <= digits)
				return number;
			cell.kind = DY_CELL_ERROR;
		}
	}
	return cell;
}

struct scan {
	struct dy_arena *arena;
	struct dy_sheet *sheet;
	struct dy_sheet_count *count;
	struct dy_sheet_line line;
	uint32_t column, row;
	char separator;
};

static enum dy_code
field_end(struct scan *s, struct dy_str raw, struct dy_err *err)
{
	if (raw.len > DY_SHEET_TEXT_MAX)
		return dy_raise(err, DY_E_LIMIT, "file",
		                "row %u: a cell has over 32,767 characters; is a quote missing?",
		                (unsigned)s->row);
	dy_sheet_line_set(&s->line, s->column, cell_of(s->arena, raw));
	s->column++;
	return DY_OK;
}

/* A quoted field; text begins behind its quote, *used gets its length with the closing quote. */
static struct dy_str
quoted(struct dy_arena *arena, struct dy_str text, size_t *used)
{
	size_t i = 0, n = 0;

	while (i < text.len &&
	       (text.ptr[i] != '"' || (i + 1 < text.len && text.ptr[i + 1] == '"'))) {
		i += text.ptr[i] == '"' ? 2 : 1;
		n++;
	}
	*used = i < text.len ? i + 1 : i;
	char *out = dy_arena_alloc(arena, n + 1);
	for (size_t k = 0, to = 0; to < n; k++) {
		out[to++] = text.ptr[k];
		k += text.ptr[k] == '"';
	}
	return (struct dy_str){ out, n };
}

static enum dy_code
rows_read(struct scan *s, struct dy_str text, struct dy_err *err)
{
	size_t i = 0;

	while (i < text.len) {
		struct dy_str raw = { "", 0 };
		if (text.ptr[i] == '"') {
			size_t used;
			raw = quoted(s->arena, dy_str_slice(text, i + 1, text.len), &used);
			i += 1 + used;
		}
		size_t from = i;
		while (i < text.len && text.ptr[i] != s->separator && text.ptr[i] != '\n' &&
		       text.ptr[i] != '\r')
			i++;
		if (raw.len == 0)
			raw = dy_str_slice(text, from, i);
		DY_TRY(field_end(s, raw, err));
		if (i < text.len && text.ptr[i] == s->separator) {
			i++;
			continue;
		}
		if (i + 1 < text.len && text.ptr[i] == '\r' && text.ptr[i + 1] == '\n')
			i++;
		i++;
		DY_TRY(dy_sheet_line_end(s->arena, s->sheet, &s->line, s->row, false, s->count,
		                         err));
		s->column = 0;
		if (++s->row > ROW_NUMBER_MAX)
			return dy_sheet_too_large(err, "over a million lines");
	}
	return dy_sheet_line_end(s->arena, s->sheet, &s->line, s->row, false, s->count, err);
}

enum dy_code
dy_csv_read(struct dy_arena *arena, struct dy_str bytes, struct dy_workbook *out,
            struct dy_err *err)
{
	struct dy_sheet_count count = { 0 };
	struct dy_str text = { "", 0 };

	out->format = "csv";
	DY_TRY(decode(arena, bytes, out, &text, err));
	struct dy_str whole = text;
	out->separator = sniff(&text);
	out->sheets = DY_NEW(arena, struct dy_sheet);
	out->n_sheets = 1;
	out->sheets[0].name = DY_STR("");
	struct scan s = { .arena = arena,
		          .sheet = &out->sheets[0],
		          .count = &count,
		          .row = text.ptr == whole.ptr ? 1 : 2,
		          .separator = out->separator };
	return rows_read(&s, text, err);
}
