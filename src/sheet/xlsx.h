/* State of reading one .xlsx; xlsx.c reads what sheets refer to, xlsx_sheet.c the sheets. */
#ifndef DY_SHEET_XLSX_H
#define DY_SHEET_XLSX_H

#include "xml.h"

#define DY_XLSX_MERGES_MAX 20000

struct dy_xlsx_sheet {
	struct dy_str name, link, part;
	bool hidden, is_read;
};
struct dy_xlsx_link {
	struct dy_str id, part;
};
struct dy_xlsx_format {
	int64_t id;
	bool is_date;
};
struct dy_xlsx_area {
	uint32_t row, column, last_row, last_column;
};

struct dy_xlsx {
	struct dy_arena *arena;
	struct dy_workbook *out;
	struct dy_xml *xml; /* the part under way */
	struct dy_sheet_count count;
	struct dy_xlsx_sheet sheets[DY_SHEET_SHEETS_MAX];
	size_t n_sheets;
	struct dy_xlsx_link *links;
	size_t n_links, cap_links;
	struct dy_xlsx_format *formats;
	size_t n_formats, cap_formats;
	bool *styles; /* of each cell format: does it show a date? */
	size_t n_styles, cap_styles;
	struct dy_str *shared;
	size_t n_shared, cap_shared;
	unsigned seen; /* parts that came */
	bool is_1904, in_formats;
	/* text being collected */
	struct dy_strbuf text;
	bool keep;
	int skip;
	/* the sheet under way */
	struct dy_sheet *sheet;
	struct dy_sheet_line line;
	uint32_t row, column;
	bool row_hidden;
	char type; /* of the cell: 'n', 's' shared, 't' text, 'b', 'e', 'd' */
	uint64_t style;
	bool has_value;
	struct dy_xlsx_area *merges;
	size_t n_merges, cap_merges;
};

void dy_xlsx_text_add(struct dy_xlsx *x, const char *ptr, size_t n);
enum dy_code dy_xlsx_text_take(struct dy_xlsx *x, struct dy_str *out,
                               struct dy_err *err) DY_NODISCARD;
extern const struct dy_xml_hand dy_xlsx_sheet_hand;

#endif
