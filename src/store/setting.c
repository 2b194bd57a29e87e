/* Settings of a community. */
#include "store/setting.h"

static const struct dy_sql SETTING_GET = {
	.name = "setting_get",
	.in = "is",
	.out = "sn",
	.text = "SELECT value, version FROM setting WHERE community_id = $1 AND name = $2",
};
static const struct dy_sql SETTING_ADD = {
	.name = "setting_add",
	.in = "iss",
	.out = "",
	.text = "INSERT INTO setting (community_id, name, value, version) VALUES ($1, $2, $3, 1)"
		" ON CONFLICT (community_id, name) DO NOTHING",
};
static const struct dy_sql SETTING_CHANGE = {
	.name = "setting_change",
	.in = "issn",
	.out = "",
	.text = "UPDATE setting SET value = $3, version = version + 1"
		" WHERE community_id = $1 AND name = $2 AND version = $4",
};

const struct dy_sql *const dy_setting_sql[] = { &SETTING_GET, &SETTING_ADD, &SETTING_CHANGE };
const size_t dy_setting_sql_n = DY_COUNT(dy_setting_sql);

enum dy_code
dy_setting_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str name, struct dy_str *value,
               int64_t *version, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	*value = DY_STR("");
	*version = 0;
	DY_TRY(dy_sql_read_one(tx, &SETTING_GET, DY_ARGS(DY_V(community), DY_V(name)), &rows,
	                       &found, err));
	if (found) {
		*value = dy_rows_str(rows, arena);
		*version = dy_rows_int(rows);
	}
	return DY_OK;
}

enum dy_code
dy_setting_put(struct dy_wtx *tx, struct dy_str name, struct dy_str value, int64_t *version,
               struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed = 0;

	if (*version == 0)
		DY_TRY(dy_sql_write(tx, &SETTING_ADD,
		                    DY_ARGS(DY_V(community), DY_V(name), DY_V(value)), &changed,
		                    err));
	else
		DY_TRY(dy_sql_write(
			tx, &SETTING_CHANGE,
			DY_ARGS(DY_V(community), DY_V(name), DY_V(value), DY_V(*version)), &changed,
			err));
	if (changed == 0)
		return dy_raise(err, DY_E_CONFLICT, "/version",
		                "somebody has changed this meanwhile; load it again");
	(*version)++;
	return DY_OK;
}
