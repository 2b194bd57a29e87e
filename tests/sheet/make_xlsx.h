/* Hand-made .xlsx files for tests: what no office program writes, and what only an attacker does. */
#ifndef DY_TESTS_MAKE_XLSX_H
#define DY_TESTS_MAKE_XLSX_H

#include "base/arena.h"
#include "base/str.h"

struct dyt_part {
	const char *name, *text;
	size_t repeat; /* text so many times more */
};
/* Packed as .xlsx; the parts that make it a workbook of one sheet "a" are added when `workbook`. */
struct dy_str dyt_xlsx(struct dy_arena *arena, const struct dyt_part *parts, size_t n,
                       bool workbook);

#endif
