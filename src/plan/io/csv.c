/* A small strict CSV reader whose errors name file, row and field. */
#include "csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum dyp_code
dyp_csv_fault(const struct dyp_csv *csv, const char *const *names, int which, struct dyp_err *err,
              const char *text, ...)
{
	char line[160];
	va_list args;

	va_start(args, text);
	(void)vsnprintf(line, sizeof line, text, args);
	va_end(args);
	const char *name = which >= 0 ? names[which] : "";
	name += *name == '?';
	char field[64];
	(void)snprintf(field, sizeof field, "%s, row %u%s%s", csv->file, csv->row,
	               *name != '\0' ? ", field " : "", name);
	return dyp_raise(err, DYP_BAD_INPUT, field, "%s", line);
}

/* One field from csv->at on, which then stands behind it. False: a quote is never closed. */
static bool
read_field(struct dyp_csv *csv, struct dyp_csv_field *f)
{
	if (csv->at < csv->end && *csv->at == '"') {
		const char *p = ++csv->at;
		while (p < csv->end && (*p != '"' || (p + 1 < csv->end && p[1] == '"')))
			p += *p == '"' ? 2 : 1;
		if (p >= csv->end)
			return false;
		*f = (struct dyp_csv_field){ csv->at, (size_t)(p - csv->at), true };
		csv->at = p + 1;
		return csv->at == csv->end || *csv->at == ',' || *csv->at == '\r' ||
		       *csv->at == '\n';
	}
	const char *p = csv->at;
	while (p < csv->end && *p != ',' && *p != '\n' && *p != '\r')
		p++;
	*f = (struct dyp_csv_field){ csv->at, (size_t)(p - csv->at), false };
	csv->at = p;
	return true;
}

static enum dyp_code
read_row(struct dyp_csv *csv, struct dyp_err *err)
{
	csv->n_fields = 0;
	csv->row++;
	for (;;) {
		if (csv->n_fields == DYP_CSV_FIELDS)
			return dyp_csv_fault(csv, NULL, -1, err, "more than %d fields",
			                     DYP_CSV_FIELDS);
		if (!read_field(csv, &csv->field[csv->n_fields++]))
			return dyp_csv_fault(csv, NULL, -1, err, "a quote is not closed rightly");
		if (csv->at == csv->end || *csv->at != ',')
			break;
		csv->at++;
	}
	if (csv->at < csv->end && *csv->at == '\r')
		csv->at++;
	if (csv->at < csv->end && *csv->at == '\n')
		csv->at++;
	return DYP_OK;
}

enum dyp_code
dyp_csv_open(struct dyp_csv *csv, const char *file, const char *text, size_t size,
             const char *const *names, struct dyp_err *err)
{
	*csv = (struct dyp_csv){ .file = file, .at = text, .end = text + size };
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		csv->at += 3;
	if (csv->at == csv->end)
		return dyp_csv_fault(csv, NULL, -1, err, "the file is empty");
	enum dyp_code rc = read_row(csv, err);
	csv->n_columns = csv->n_fields;
	for (int i = 0; rc == DYP_OK && names[i] != NULL; i++) {
		const char *name = names[i] + (names[i][0] == '?');
		csv->column[i] = -1;
		for (uint32_t k = 0; k < csv->n_fields; k++)
			if (csv->field[k].len == strlen(name) &&
			    memcmp(csv->field[k].ptr, name, csv->field[k].len) == 0)
				csv->column[i] = (int)k;
		if (csv->column[i] < 0 && names[i][0] != '?')
			rc = dyp_csv_fault(csv, names, i, err, "the column is missing");
	}
	return rc;
}

enum dyp_code
dyp_csv_next(struct dyp_csv *csv, bool *more, struct dyp_err *err)
{
	*more = false;
	while (csv->at < csv->end) {
		enum dyp_code rc = read_row(csv, err);
		if (rc != DYP_OK)
			return rc;
		if (csv->n_fields == 1 && csv->field[0].len == 0)
			continue;
		if (csv->n_fields != csv->n_columns)
			return dyp_csv_fault(csv, NULL, -1, err, "%u fields, the header has %u",
			                     csv->n_fields, csv->n_columns);
		*more = true;
		return DYP_OK;
	}
	return DYP_OK;
}

struct dyp_csv_field
dyp_csv_text(const struct dyp_csv *csv, int which)
{
	int k = csv->column[which];

	return k >= 0 ? csv->field[k] : (struct dyp_csv_field){ "", 0, false };
}

enum dyp_code
dyp_csv_number(const struct dyp_csv *csv, const char *const *names, int which, double low,
               double high, double *out, struct dyp_err *err)
{
	struct dyp_csv_field f = dyp_csv_text(csv, which);
	char text[40], *stop = NULL;
	bool plain = f.len > 0 && f.len < sizeof text;

	for (size_t i = 0; i < f.len && plain; i++)
		plain = strchr("0123456789+-.eE", f.ptr[i]) != NULL && f.ptr[i] != '\0';
	if (plain) {
		memcpy(text, f.ptr, f.len);
		text[f.len] = '\0';
		*out = strtod(text, &stop);
		plain = *stop == '\0' && isfinite(*out);
	}
	if (!plain)
		return dyp_csv_fault(csv, names, which, err, "\"%.*s\" is not a number",
		                     f.len > 30 ? 30 : (int)f.len, f.ptr);
	if (*out < low || *out > high)
		return dyp_csv_fault(csv, names, which, err, "%g is not within %g and %g", *out,
		                     low, high);
	return DYP_OK;
}

enum dyp_code
dyp_csv_whole(const struct dyp_csv *csv, const char *const *names, int which, int64_t low,
              int64_t high, int64_t *out, struct dyp_err *err)
{
	double v = 0;
	enum dyp_code rc = dyp_csv_number(csv, names, which, (double)low, (double)high, &v, err);

	if (rc == DYP_OK && v != floor(v))
		return dyp_csv_fault(csv, names, which, err, "%g is not a whole number", v);
	if (rc == DYP_OK)
		*out = (int64_t)v;
	return rc;
}
