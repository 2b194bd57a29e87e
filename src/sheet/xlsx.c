/* .xlsx (ECMA-376, SpreadsheetML): first what sheets refer to (names, styles, shared texts), then the sheets. */
#include "xlsx.h"

#include <string.h>
#include <strings.h>

#define STYLES_MAX  65536
#define FORMATS_MAX 4096
#define LINKS_MAX   500
#define PART_NAME   200

void
dy_xlsx_text_add(struct dy_xlsx *x, const char *ptr, size_t n)
{
	if (x->keep)
		dy_strbuf_add(&x->text, ptr, n);
}

enum dy_code
dy_xlsx_text_take(struct dy_xlsx *x, struct dy_str *out, struct dy_err *err)
{
	if (x->text.overflow)
		return dy_sheet_too_large(err, "a cell has over 32,767 characters");
	x->count.text += x->text.len;
	if (x->count.text > DY_SHEET_TEXTS_MAX)
		return dy_sheet_too_large(err, "there is too much text in the file");
	*out = dy_str_dup(x->arena, dy_strbuf_str(&x->text));
	dy_strbuf_reset(&x->text);
	return DY_OK;
}

/* xl/workbook.xml: the sheets, and which day is day 0 */
static enum dy_code
book_start(void *ctx, const char *name, const char **attributes, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;

	if (strcmp(name, "workbookPr") == 0) {
		struct dy_str v = dy_xml_attribute(attributes, "date1904");
		x->is_1904 = dy_str_is(v, "1") || dy_str_is(v, "true");
	}
	if (strcmp(name, "sheet") != 0)
		return DY_OK;
	if (x->n_sheets >= DY_SHEET_SHEETS_MAX)
		return dy_sheet_too_large(err, "there are over 50 sheets; keep the one to import");
	struct dy_xlsx_sheet *s = &x->sheets[x->n_sheets++];
	struct dy_str state = dy_xml_attribute(attributes, "state");
	s->name = dy_str_dup(x->arena, dy_xml_attribute(attributes, "name"));
	s->link = dy_str_dup(x->arena, dy_xml_attribute(attributes, "id"));
	s->hidden = dy_str_is(state, "hidden") || dy_str_is(state, "veryHidden");
	return DY_OK;
}

/* xl/_rels/workbook.xml.rels: where each sheet lies */
static enum dy_code
link_start(void *ctx, const char *name, const char **attributes, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;
	struct dy_str target = dy_xml_attribute(attributes, "Target");

	if (strcmp(name, "Relationship") != 0)
		return DY_OK;
	if (x->n_links >= LINKS_MAX || target.len > PART_NAME)
		return dy_sheet_too_large(err, "there are too many parts inside");
	struct dy_xlsx_link *l =
		dy_arena_push(x->arena, (void **)&x->links, &x->n_links, &x->cap_links, sizeof(*l));
	l->id = dy_str_dup(x->arena, dy_xml_attribute(attributes, "Id"));
	if (target.len > 0 && target.ptr[0] == '/')
		l->part = dy_str_dup(x->arena, dy_str_slice(target, 1, target.len));
	else
		l->part = dy_str_from(dy_arena_printf(x->arena, "xl/%.*s", DY_FMT(target)));
	return DY_OK;
}

/* xl/styles.xml: which cell formats show a date */
static enum dy_code
style_start(void *ctx, const char *name, const char **attributes, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;
	int64_t id = 0;

	if (strcmp(name, "cellXfs") == 0)
		x->in_formats = true;
	(void)dy_str_to_i64(dy_xml_attribute(attributes, "numFmtId"), &id);
	if (strcmp(name, "numFmt") == 0) {
		if (x->n_formats >= FORMATS_MAX)
			return dy_sheet_too_large(err, "there are too many number formats");
		struct dy_xlsx_format *f = dy_arena_push(
			x->arena, (void **)&x->formats, &x->n_formats, &x->cap_formats, sizeof(*f));
		f->id = id;
		f->is_date = dy_format_is_date(id, dy_xml_attribute(attributes, "formatCode"));
	}
	if (strcmp(name, "xf") != 0 || !x->in_formats)
		return DY_OK;
	if (x->n_styles >= STYLES_MAX)
		return dy_sheet_too_large(err, "there are too many cell formats");
	bool is_date = dy_format_is_date(id, DY_STR(""));
	for (size_t i = 0; i < x->n_formats; i++) {
		if (x->formats[i].id == id)
			is_date = x->formats[i].is_date;
	}
	*(bool *)dy_arena_push(x->arena, (void **)&x->styles, &x->n_styles, &x->cap_styles,
	                       sizeof(bool)) = is_date;
	return DY_OK;
}

static enum dy_code
style_end(void *ctx, const char *name, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;

	(void)err;
	if (strcmp(name, "cellXfs") == 0)
		x->in_formats = false;
	return DY_OK;
}

/* xl/sharedStrings.xml: texts, in runs; how to pronounce them (rPh) is left out */
static enum dy_code
shared_start(void *ctx, const char *name, const char **attributes, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;

	(void)attributes;
	(void)err;
	if (strcmp(name, "rPh") == 0)
		x->skip++;
	x->keep = strcmp(name, "t") == 0 && x->skip == 0;
	return DY_OK;
}

static enum dy_code
shared_end(void *ctx, const char *name, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;
	struct dy_str text;

	x->keep = false;
	if (strcmp(name, "rPh") == 0 && x->skip > 0)
		x->skip--;
	if (strcmp(name, "si") != 0)
		return DY_OK;
	if (x->n_shared >= DY_SHEET_CELLS_MAX)
		return dy_sheet_too_large(err, "there are over a million texts in the file");
	DY_TRY(dy_xlsx_text_take(x, &text, err));
	*(struct dy_str *)dy_arena_push(x->arena, (void **)&x->shared, &x->n_shared, &x->cap_shared,
	                                sizeof(text)) = text;
	return DY_OK;
}

static enum dy_code
nothing_end(void *ctx, const char *name, struct dy_err *err)
{
	(void)ctx;
	(void)name;
	(void)err;
	return DY_OK;
}

static void
text_keep(void *ctx, const char *ptr, size_t n)
{
	dy_xlsx_text_add(ctx, ptr, n);
}

static const struct dy_xml_hand BOOK = { book_start, nothing_end, NULL };
static const struct dy_xml_hand LINKS = { link_start, nothing_end, NULL };
static const struct dy_xml_hand STYLES = { style_start, style_end, NULL };
static const struct dy_xml_hand SHARED = { shared_start, shared_end, text_keep };

static void
part_begin(struct dy_xlsx *x, const struct dy_xml_hand *hand)
{
	x->xml = dy_xml_new(hand, x);
	x->keep = false;
	x->skip = 0;
	dy_strbuf_reset(&x->text);
}

static bool
reference_part(void *ctx, const char *name)
{
	struct dy_xlsx *x = ctx;
	static const struct {
		const char *name;
		const struct dy_xml_hand *hand;
	} PARTS[] = {
		{ "xl/workbook.xml", &BOOK },
		{ "xl/_rels/workbook.xml.rels", &LINKS },
		{ "xl/styles.xml", &STYLES },
		{ "xl/sharedStrings.xml", &SHARED },
	};

	for (size_t i = 0; i < DY_COUNT(PARTS); i++) {
		if (strcasecmp(name, PARTS[i].name) != 0 || (x->seen & 1u << i) != 0)
			continue;
		x->seen |= 1u << i;
		part_begin(x, PARTS[i].hand);
		return true;
	}
	return false;
}

static enum dy_code
part_bytes(void *ctx, const char *ptr, size_t n, bool last, struct dy_err *err)
{
	struct dy_xlsx *x = ctx;
	enum dy_code rc = dy_xml_bytes(x->xml, ptr, n, last, err);

	if (rc == DY_OK && !last)
		return DY_OK;
	dy_xml_free(x->xml);
	x->xml = NULL;
	return rc;
}

static bool
sheet_part(void *ctx, const char *name)
{
	struct dy_xlsx *x = ctx;

	for (size_t i = 0; i < x->n_sheets; i++) {
		struct dy_xlsx_sheet *s = &x->sheets[i];
		if (s->part.len == 0 || s->is_read ||
		    strcasecmp(name, dy_str_z(x->arena, s->part)) != 0)
			continue;
		s->is_read = true;
		x->sheet = &x->out->sheets[i];
		x->row = 0;
		x->column = 0;
		x->n_merges = 0;
		x->line = (struct dy_sheet_line){ 0 };
		part_begin(x, &dy_xlsx_sheet_hand);
		return true;
	}
	return false;
}

static enum dy_code
sheets_prepare(struct dy_xlsx *x, struct dy_err *err)
{
	if (x->n_sheets == 0)
		return dy_sheet_bad(err, "this is a packed file, but no .xlsx spreadsheet");
	x->out->format = "xlsx";
	x->out->encoding = "UTF-8";
	x->out->sheets = DY_NEW_ARRAY(x->arena, x->n_sheets, struct dy_sheet);
	x->out->n_sheets = x->n_sheets;
	for (size_t i = 0; i < x->n_sheets; i++) {
		x->out->sheets[i].name = x->sheets[i].name;
		x->out->sheets[i].hidden = x->sheets[i].hidden;
		for (size_t k = 0; k < x->n_links; k++) {
			if (dy_str_eq(x->links[k].id, x->sheets[i].link))
				x->sheets[i].part = x->links[k].part;
		}
	}
	return DY_OK;
}

static void
xlsx_release(struct dy_xlsx *x)
{
	dy_xml_free(x->xml);
	dy_strbuf_release(&x->text);
}

enum dy_code
dy_xlsx_read(struct dy_arena *arena, struct dy_str bytes, struct dy_workbook *out,
             struct dy_err *err)
{
	DY_CLEANUP(xlsx_release) struct dy_xlsx x = { .arena = arena, .out = out };
	struct dy_zip_walk walk = { .ctx = &x, .part = reference_part, .bytes = part_bytes };

	dy_strbuf_init(&x.text, DY_SHEET_TEXT_MAX + 1);
	DY_TRY(dy_zip_read(bytes, &walk, err));
	DY_TRY(sheets_prepare(&x, err));
	walk.part = sheet_part;
	return dy_zip_read(bytes, &walk, err);
}
