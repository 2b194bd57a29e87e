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

static const struct dy_sql VERSION_ADD = {
	.name = "setting_version_add",
	.in = "isnsti?s",
	.out = "",
	.text = "INSERT INTO setting_version (community_id, name, version, value, at, account_id,"
		" note) VALUES ($1, $2, $3, $4, $5, $6, $7)",
};
static const struct dy_sql VERSIONS = {
	.name = "setting_versions",
	.in = "is",
	.out = "nts?s",
	.text = "SELECT v.version, v.at, a.name, v.note FROM setting_version v"
		" LEFT JOIN account a ON a.community_id = v.community_id"
		" AND a.account_id = v.account_id"
		" WHERE v.community_id = $1 AND v.name = $2 ORDER BY v.version DESC LIMIT 100",
};
static const struct dy_sql VERSION_GET = {
	.name = "setting_version_get",
	.in = "isn",
	.out = "s",
	.text = "SELECT value FROM setting_version WHERE community_id = $1 AND name = $2"
		" AND version = $3",
};

const struct dy_sql *const dy_setting_sql[] = { &SETTING_GET, &SETTING_ADD, &SETTING_CHANGE,
	                                        &VERSION_ADD, &VERSIONS,    &VERSION_GET };
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

enum dy_code
dy_setting_version_add(struct dy_wtx *tx, struct dy_str name, int64_t version, struct dy_str value,
                       struct dy_id account, struct dy_str note, struct dy_time at,
                       struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &VERSION_ADD,
	                    DY_ARGS(DY_V(community), DY_V(name), DY_V(version), DY_V(value),
	                            DY_V(at), DY_V(account), DY_V(note)),
	                    NULL, err);
}

enum dy_code
dy_setting_version_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str name,
                        struct dy_setting_version_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_setting_version_list){ 0 };
	DY_TRY(dy_sql_read(tx, &VERSIONS, DY_ARGS(DY_V(community), DY_V(name)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_setting_version *v = dy_arena_push(arena, (void **)&out->items,
		                                             &out->count, &out->cap, sizeof(*v));
		v->version = dy_rows_int(rows);
		v->at = dy_rows_time(rows);
		v->account_name = dy_rows_str(rows, arena);
		v->note = dy_rows_str(rows, arena);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_setting_version_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str name,
                       int64_t version, struct dy_str *value, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &VERSION_GET,
	                       DY_ARGS(DY_V(community), DY_V(name), DY_V(version)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "/version", "there was no such version");
	*value = dy_rows_str(rows, arena);
	return DY_OK;
}
