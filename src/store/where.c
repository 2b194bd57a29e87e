/* Where a stair, a door or a door link stands: building, unit, grid, household. */
#include "store/place.h"

#define WHERE_COLUMNS "SELECT s.stair_id, u.unit_id, u.grid_id, b.code, b.name, s.code, u.name"
#define WHERE_FROM                                                                                 \
	" FROM stair s"                                                                            \
	" JOIN building b ON b.community_id = s.community_id AND b.building_id = s.building_id"    \
	" JOIN unit_stair us ON us.community_id = s.community_id AND us.stair_id = s.stair_id"     \
	" JOIN unit u ON u.community_id = us.community_id AND u.unit_id = us.unit_id"
#define WHERE_NOW " AND us.valid_from <= $3 AND (us.valid_to IS NULL OR us.valid_to > $3)"

static const struct dy_sql WHERE_STAIR = {
	.name = "where_stair",
	.in = "iit",
	.out = "iiissss",
	.text = WHERE_COLUMNS WHERE_FROM " WHERE s.community_id = $1 AND s.stair_id = $2" WHERE_NOW
					 " LIMIT 1",
};
static const struct dy_sql WHERE_TOKEN = {
	.name = "where_token",
	.in = "ibt",
	.out = "iiissss",
	.text = WHERE_COLUMNS WHERE_FROM
	" JOIN stair_token t ON t.community_id = s.community_id AND t.stair_id = s.stair_id"
	" WHERE s.community_id = $1 AND t.token_hash = $2 AND t.revoked_at IS NULL" WHERE_NOW
	" LIMIT 1",
};
static const struct dy_sql WHERE_DOOR = {
	.name = "where_door",
	.in = "iit",
	.out = "iiissssisi?nb?",
	.text = WHERE_COLUMNS
	", d.door_id, d.code, h.household_id, COALESCE(h.elderly, 0),"
	" h.code_hash" WHERE_FROM
	" JOIN door d ON d.community_id = s.community_id AND d.stair_id = s.stair_id"
	" LEFT JOIN household h ON h.community_id = d.community_id"
	"  AND h.door_id = d.door_id AND h.moved_out_at IS NULL"
	" WHERE s.community_id = $1 AND d.door_id = $2" WHERE_NOW " LIMIT 1",
};
/* Where a household lives: the door's row, found from the household. */
static const struct dy_sql WHERE_HOUSEHOLD = {
	.name = "where_household",
	.in = "iit",
	.out = "iiissssisi?nb?",
	.text = WHERE_COLUMNS
	", d.door_id, d.code, h.household_id, h.elderly, h.code_hash" WHERE_FROM
	" JOIN door d ON d.community_id = s.community_id AND d.stair_id = s.stair_id"
	" JOIN household h ON h.community_id = d.community_id AND h.door_id = d.door_id"
	"  AND h.moved_out_at IS NULL"
	" WHERE h.community_id = $1 AND h.household_id = $2" WHERE_NOW " LIMIT 1",
};
static const struct dy_sql DOOR_FIND = {
	.name = "door_find",
	.in = "iis",
	.out = "i",
	.text = "SELECT door_id FROM door WHERE community_id = $1 AND stair_id = $2 AND code = $3",
};
static const struct dy_sql UNIT_GRID = {
	.name = "unit_grid",
	.in = "iit",
	.out = "i",
	.text = "SELECT grid_id FROM unit WHERE community_id = $1 AND unit_id = $2"
		" AND (valid_to IS NULL OR valid_to > $3)",
};
static const struct dy_sql STAIR_SEALED_TOKEN = {
	.name = "stair_sealed_token",
	.in = "ii",
	.out = "b",
	.text = "SELECT sealed FROM stair_token WHERE community_id = $1 AND stair_id = $2"
		" AND revoked_at IS NULL ORDER BY created_at DESC LIMIT 1",
};

const struct dy_sql *const dy_where_sql[] = { &WHERE_STAIR,       &WHERE_TOKEN, &WHERE_DOOR,
	                                      &WHERE_HOUSEHOLD,   &DOOR_FIND,   &UNIT_GRID,
	                                      &STAIR_SEALED_TOKEN };
const size_t dy_where_sql_n = DY_COUNT(dy_where_sql);

static void
stair_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_where *out)
{
	*out = (struct dy_where){ 0 };
	out->stair = dy_rows_id(rows);
	out->unit = dy_rows_id(rows);
	out->grid = dy_rows_id(rows);
	out->building_code = dy_rows_str(rows, arena);
	out->building_name = dy_rows_str(rows, arena);
	out->stair_code = dy_rows_str(rows, arena);
	out->unit_name = dy_rows_str(rows, arena);
}

enum dy_code
dy_where_stair(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair, struct dy_time now,
               struct dy_where *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &WHERE_STAIR, DY_ARGS(DY_V(community), DY_V(stair), DY_V(now)),
	                       &rows, &found, err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such stair");
	stair_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_where_token(struct dy_rtx *tx, struct dy_arena *arena, struct dy_bytes hash, struct dy_time now,
               struct dy_where *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &WHERE_TOKEN, DY_ARGS(DY_V(community), DY_V(hash), DY_V(now)),
	                       &rows, &found, err));
	if (!found)
		return dy_raise(
			err, DY_E_NOT_FOUND, "/token",
			"this door link is not valid any more; scan the code on your stair again");
	stair_read(rows, arena, out);
	return DY_OK;
}

static enum dy_code
where_read(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_sql *sql, struct dy_id id,
           struct dy_time now, bool *found, struct dy_where *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read_one(tx, sql, DY_ARGS(DY_V(community), DY_V(id), DY_V(now)), &rows, found,
	                       err));
	if (!*found)
		return DY_OK;
	stair_read(rows, arena, out);
	out->door = dy_rows_id(rows);
	out->door_code = dy_rows_str(rows, arena);
	out->household = dy_rows_id(rows);
	out->elderly = dy_rows_int(rows);
	out->code_hash = dy_rows_bytes(rows, arena);
	return DY_OK;
}

enum dy_code
dy_where_door(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id door, struct dy_time now,
              struct dy_where *out, struct dy_err *err)
{
	bool found;

	DY_TRY(where_read(tx, arena, &WHERE_DOOR, door, now, &found, out, err));
	return found ? DY_OK : dy_raise(err, DY_E_NOT_FOUND, "/door_id", "no such door");
}

enum dy_code
dy_where_household(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
                   struct dy_time now, struct dy_where *out, struct dy_err *err)
{
	bool found;

	DY_TRY(where_read(tx, arena, &WHERE_HOUSEHOLD, household, now, &found, out, err));
	return found ? DY_OK : dy_raise(err, DY_E_NOT_FOUND, "", "no such household");
}

static enum dy_code
one_id(struct dy_rows *rows, bool found, struct dy_id *out, const char *field, const char *text,
       struct dy_err *err)
{
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, field, "%s", text);
	*out = dy_rows_id(rows);
	return DY_OK;
}

enum dy_code
dy_door_find(struct dy_rtx *tx, struct dy_id stair, struct dy_str code, struct dy_id *out,
             struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &DOOR_FIND, DY_ARGS(DY_V(community), DY_V(stair), DY_V(code)),
	                       &rows, &found, err));
	return one_id(rows, found, out, "/door", "there is no such door on this stair", err);
}

enum dy_code
dy_unit_grid(struct dy_rtx *tx, struct dy_id unit, struct dy_time now, struct dy_id *out,
             struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &UNIT_GRID, DY_ARGS(DY_V(community), DY_V(unit), DY_V(now)),
	                       &rows, &found, err));
	return one_id(rows, found, out, "", "no such unit", err);
}

enum dy_code
dy_stair_sealed_token(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair,
                      struct dy_bytes *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &STAIR_SEALED_TOKEN, DY_ARGS(DY_V(community), DY_V(stair)),
	                       &rows, &found, err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "this stair has no door link");
	*out = dy_rows_bytes(rows, arena);
	return DY_OK;
}
