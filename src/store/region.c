/* Administrative divisions. */
#include "store/region.h"

/* Parent, level and path follow from the code: only the name can differ. */
static const struct dy_sql REGION_PUT = {
	.name = "region_put",
	.in = "ss?nss",
	.out = "",
	.text = "INSERT INTO region (code, parent_code, level, name, path)"
		" VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (code) DO UPDATE SET name = excluded.name"
		" WHERE region.name <> excluded.name",
};
static const struct dy_sql REGION_FIND = {
	.name = "region_find",
	.in = "s",
	.out = "ss?nss",
	.text = "SELECT code, parent_code, level, name, path FROM region WHERE code = $1",
};

const struct dy_sql *const dy_region_sql[] = { &REGION_PUT, &REGION_FIND };
const size_t dy_region_sql_n = DY_COUNT(dy_region_sql);

enum dy_code
dy_region_put(struct dy_wtx *tx, const struct dy_region *r, bool *changed, struct dy_err *err)
{
	int64_t rows = 0;

	DY_TRY(dy_sql_write(tx, &REGION_PUT,
	                    DY_ARGS(DY_V(r->code), DY_V(r->parent), DY_V(r->level), DY_V(r->name),
	                            DY_V(r->path)),
	                    &rows, err));
	*changed = rows > 0;
	return DY_OK;
}

enum dy_code
dy_region_find(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str code, bool *found,
               struct dy_region *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	DY_TRY(dy_sql_read_one(tx, &REGION_FIND, DY_ARGS(DY_V(code)), &rows, found, err));
	if (!*found)
		return DY_OK;
	out->code = dy_rows_str(rows, arena);
	out->parent = dy_rows_str(rows, arena);
	out->level = dy_rows_int(rows);
	out->name = dy_rows_str(rows, arena);
	out->path = dy_rows_str(rows, arena);
	return DY_OK;
}
