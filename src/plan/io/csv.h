/* Rows of a CSV text with a header: quotes, CR LF and a byte order mark are understood. Fields are
 * found by the name in the header, in any order. */
#ifndef DYP_IO_CSV_H
#define DYP_IO_CSV_H

#include "../kit.h"

#define DYP_CSV_FIELDS 32

struct dyp_csv {
	const char *file; /* for errors */
	const char *at, *end;
	uint32_t row; /* 1: the header, as spreadsheets count */
	uint32_t n_fields, n_columns;
	struct dyp_csv_field {
		const char *ptr;
		size_t len;
		bool is_quoted; /* quotes inside are still doubled */
	} field[DYP_CSV_FIELDS];
	int column[DYP_CSV_FIELDS]; /* of the wanted names, or -1 */
};

/* Reads the header. names: those wanted, ended by NULL, in the order of the later numbers; one
 * that begins with '?' may be absent. */
enum dyp_code dyp_csv_open(struct dyp_csv *csv, const char *file, const char *text, size_t size,
                           const char *const *names, struct dyp_err *err);
/* The next row that is not empty; *more is false after the last. */
enum dyp_code dyp_csv_next(struct dyp_csv *csv, bool *more, struct dyp_err *err);

/* Values of the row by number of the name; `names` only for errors. */
enum dyp_code dyp_csv_number(const struct dyp_csv *csv, const char *const *names, int which,
                             double low, double high, double *out, struct dyp_err *err);
enum dyp_code dyp_csv_whole(const struct dyp_csv *csv, const char *const *names, int which,
                            int64_t low, int64_t high, int64_t *out, struct dyp_err *err);
/* Empty when the column or the field is. */
struct dyp_csv_field dyp_csv_text(const struct dyp_csv *csv, int which);
enum dyp_code dyp_csv_fault(const struct dyp_csv *csv, const char *const *names, int which,
                            struct dyp_err *err, const char *text, ...) DYP_PRINTF(5, 6);

#endif
