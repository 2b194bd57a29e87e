#include "make_xlsx.h"

#include "base/err.h"

#include <archive.h>
#include <archive_entry.h>

static const struct dyt_part WORKBOOK[] = {
	{ "xl/workbook.xml",
	  "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>",
	  0 },
	{ "xl/_rels/workbook.xml.rels",
	  "<Relationships><Relationship Id=\"r1\" "
	  "Target=\"worksheets/sheet1.xml\"/></Relationships>",
	  0 },
};

static void
part_add(struct archive *a, const struct dyt_part *p)
{
	struct archive_entry *entry = archive_entry_new();
	size_t n = strlen(p->text);

	archive_entry_set_pathname(entry, p->name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, (la_int64_t)(n * (p->repeat + 1)));
	DY_ASSERT(archive_write_header(a, entry) == ARCHIVE_OK);
	for (size_t i = 0; i <= p->repeat; i++)
		DY_ASSERT(archive_write_data(a, p->text, n) == (la_ssize_t)n);
	archive_entry_free(entry);
}

struct dy_str
dyt_xlsx(struct dy_arena *arena, const struct dyt_part *parts, size_t n, bool workbook)
{
	size_t cap = 65536; /* headers */

	for (size_t i = 0; i < n; i++)
		cap += strlen(parts[i].text) + parts[i].repeat / 10; /* repeats pack well */
	char *bytes = dy_arena_alloc(arena, cap);
	size_t used = 0;
	struct archive *a = archive_write_new();

	DY_ASSERT(archive_write_set_format_zip(a) == ARCHIVE_OK);
	DY_ASSERT(archive_write_open_memory(a, bytes, cap, &used) == ARCHIVE_OK);
	for (size_t i = 0; workbook && i < DY_COUNT(WORKBOOK); i++)
		part_add(a, &WORKBOOK[i]);
	for (size_t i = 0; i < n; i++)
		part_add(a, &parts[i]);
	DY_ASSERT(archive_write_close(a) == ARCHIVE_OK);
	(void)archive_write_free(a);
	return (struct dy_str){ bytes, used };
}
