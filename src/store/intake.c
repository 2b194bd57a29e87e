/* Tracking links, followers, needs, printed codes. */
#include "store/intake.h"

static const struct dy_sql TRACK_INSERT = {
	.name = "track_insert",
	.in = "ibit",
	.out = "",
	.text = "INSERT INTO request_track (community_id, track_hash, request_id, created_at)"
		" VALUES ($1, $2, $3, $4)",
};
static const struct dy_sql TRACK_FIND = {
	.name = "track_find",
	.in = "ib",
	.out = "i",
	.text = "SELECT request_id FROM request_track WHERE community_id = $1 AND track_hash = $2",
};
static const struct dy_sql FOLLOWER_INSERT = {
	.name = "follower_insert",
	.in = "iiit",
	.out = "",
	.text = "INSERT INTO request_follower (community_id, request_id, household_id, created_at)"
		" VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (community_id, request_id, household_id) DO NOTHING",
};
static const struct dy_sql FOLLOWER_DELETE = {
	.name = "follower_delete",
	.in = "iii",
	.out = "",
	.text = "DELETE FROM request_follower WHERE community_id = $1 AND request_id = $2"
		" AND household_id = $3",
};
static const struct dy_sql FOLLOWER_COUNT = {
	.name = "follower_count",
	.in = "ii",
	.out = "",
	.text = "UPDATE request SET followers = (SELECT COUNT(*) FROM request_follower f"
		" WHERE f.community_id = $1 AND f.request_id = $2)"
		" + (SELECT COUNT(*) FROM request m WHERE m.community_id = $1"
		" AND m.merged_into = $2 AND m.household_id IS NULL)"
		" WHERE community_id = $1 AND request_id = $2",
};
static const struct dy_sql FOLLOWER_FIND = {
	.name = "follower_find",
	.in = "iii",
	.out = "i",
	.text = "SELECT household_id FROM request_follower WHERE community_id = $1"
		" AND request_id = $2 AND household_id = $3",
};
static const struct dy_sql FOLLOWER_LIST = {
	.name = "follower_list",
	.in = "ii",
	.out = "i",
	.text = "SELECT household_id FROM request_follower WHERE community_id = $1"
		" AND request_id = $2 ORDER BY household_id",
};
static const struct dy_sql FOLLOWED_LIST = {
	.name = "followed_list",
	.in = "ii",
	.out = "i",
	.text = "SELECT request_id FROM request_follower WHERE community_id = $1"
		" AND household_id = $2 ORDER BY created_at DESC, request_id DESC LIMIT 100",
};
static const struct dy_sql FOLLOWER_COPY = {
	.name = "follower_copy",
	.in = "iiit",
	.out = "",
	.text = "INSERT INTO request_follower (community_id, request_id, household_id, created_at)"
		" SELECT f.community_id, CAST($3 AS BIGINT), f.household_id, CAST($4 AS BIGINT)"
		" FROM request_follower f"
		" WHERE f.community_id = $1 AND f.request_id = $2"
		" ON CONFLICT (community_id, request_id, household_id) DO NOTHING",
};
static const struct dy_sql MERGED_LIST = {
	.name = "merged_list",
	.in = "ii",
	.out = "i",
	.text = "SELECT request_id FROM request WHERE community_id = $1 AND merged_into = $2"
		" ORDER BY request_id",
};
static const struct dy_sql MERGED_MOVE = {
	.name = "merged_move",
	.in = "iii",
	.out = "",
	.text = "UPDATE request SET merged_into = $3 WHERE community_id = $1 AND merged_into = $2",
};
static const struct dy_sql NEED_INSERT = {
	.name = "need_insert",
	.in = "iinssst",
	.out = "",
	.text = "INSERT INTO request_need (community_id, request_id, number, category, text, state,"
		" created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
};
static const struct dy_sql NEED_END = {
	.name = "need_end",
	.in = "iinsit",
	.out = "",
	.text = "UPDATE request_need SET state = $4, ended_by = $5, ended_at = $6"
		" WHERE community_id = $1 AND request_id = $2 AND number = $3 AND state = 'open'",
};
static const struct dy_sql NEED_COUNT = {
	.name = "need_count",
	.in = "ii",
	.out = "",
	.text = "UPDATE request SET open_needs = (SELECT COUNT(*) FROM request_need n"
		" WHERE n.community_id = $1 AND n.request_id = $2 AND n.state = 'open')"
		" WHERE community_id = $1 AND request_id = $2",
};
static const struct dy_sql NEED_LIST = {
	.name = "need_list",
	.in = "ii",
	.out = "nssstt?",
	.text = "SELECT number, category, text, state, created_at, ended_at FROM request_need"
		" WHERE community_id = $1 AND request_id = $2 ORDER BY number",
};
static const struct dy_sql DOOR_BY_ADDRESS = {
	.name = "door_by_address",
	.in = "isss",
	.out = "i",
	.text = "SELECT d.door_id FROM building b"
		" JOIN stair s ON s.community_id = b.community_id AND s.building_id = b.building_id"
		" JOIN door d ON d.community_id = s.community_id AND d.stair_id = s.stair_id"
		" WHERE b.community_id = $1 AND b.code = $2 AND ($3 = '' OR s.code = $3)"
		" AND d.code = $4 ORDER BY s.code, d.door_id LIMIT 2",
};
static const struct dy_sql DOORS_OF_BUILDING = {
	.name = "doors_of_building",
	.in = "ii",
	.out = "iss",
	.text = "SELECT d.door_id, s.code, d.code FROM stair s"
		" JOIN door d ON d.community_id = s.community_id AND d.stair_id = s.stair_id"
		" WHERE s.community_id = $1 AND s.building_id = $2"
		" ORDER BY s.code, d.floor, d.code LIMIT 1000",
};
static const struct dy_sql CARD_LIST = {
	.name = "code_card_list",
	.in = "ii",
	.out = "iisbt?",
	.text = "SELECT h.household_id, d.door_id, d.code, h.code_sealed, h.code_printed_at"
		" FROM door d JOIN household h ON h.community_id = d.community_id"
		" AND h.door_id = d.door_id AND h.moved_out_at IS NULL"
		" WHERE d.community_id = $1 AND d.stair_id = $2 ORDER BY d.floor, d.code",
};
static const struct dy_sql CODE_REPLACE = {
	.name = "code_replace",
	.in = "iibb",
	.out = "",
	.text = "UPDATE household SET code_hash = $3, code_sealed = $4"
		" WHERE community_id = $1 AND household_id = $2",
};
static const struct dy_sql CODE_PRINTED = {
	.name = "code_printed",
	.in = "iit",
	.out = "",
	.text = "UPDATE household SET code_printed_at = $3"
		" WHERE community_id = $1 AND household_id = $2",
};

const struct dy_sql *const dy_intake_sql[] = {
	&TRACK_INSERT,    &TRACK_FIND,        &FOLLOWER_INSERT, &FOLLOWER_DELETE, &FOLLOWER_COUNT,
	&FOLLOWER_FIND,   &FOLLOWER_LIST,     &FOLLOWED_LIST,   &FOLLOWER_COPY,   &MERGED_LIST,
	&MERGED_MOVE,     &NEED_INSERT,       &NEED_END,        &NEED_COUNT,      &NEED_LIST,
	&DOOR_BY_ADDRESS, &DOORS_OF_BUILDING, &CARD_LIST,       &CODE_REPLACE,    &CODE_PRINTED,
};
const size_t dy_intake_sql_n = DY_COUNT(dy_intake_sql);

enum dy_code
dy_track_insert(struct dy_wtx *tx, struct dy_bytes hash, struct dy_id request, struct dy_time now,
                struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &TRACK_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(hash), DY_V(request), DY_V(now)), NULL,
	                    err);
}

enum dy_code
dy_track_find(struct dy_rtx *tx, struct dy_bytes hash, bool *found, struct dy_id *out,
              struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read_one(tx, &TRACK_FIND, DY_ARGS(DY_V(community), DY_V(hash)), &rows, found,
	                       err));
	if (*found)
		*out = dy_rows_id(rows);
	return DY_OK;
}

static enum dy_code
followers_count(struct dy_wtx *tx, struct dy_id request, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &FOLLOWER_COUNT, DY_ARGS(DY_V(community), DY_V(request)), NULL,
	                    err);
}

enum dy_code
dy_follower_add(struct dy_wtx *tx, struct dy_id request, struct dy_id household, struct dy_time now,
                struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	DY_TRY(dy_sql_write(tx, &FOLLOWER_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(request), DY_V(household), DY_V(now)),
	                    NULL, err));
	return followers_count(tx, request, err);
}

enum dy_code
dy_follower_remove(struct dy_wtx *tx, struct dy_id request, struct dy_id household,
                   struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	DY_TRY(dy_sql_write(tx, &FOLLOWER_DELETE,
	                    DY_ARGS(DY_V(community), DY_V(request), DY_V(household)), NULL, err));
	return followers_count(tx, request, err);
}

enum dy_code
dy_follower_is(struct dy_rtx *tx, struct dy_id request, struct dy_id household, bool *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	return dy_sql_read_one(tx, &FOLLOWER_FIND,
	                       DY_ARGS(DY_V(community), DY_V(request), DY_V(household)), &rows, out,
	                       err);
}

static enum dy_code
ids_read(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_sql *sql, struct dy_id of,
         struct dy_id_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_id_list){ 0 };
	DY_TRY(dy_sql_read(tx, sql, DY_ARGS(DY_V(community), DY_V(of)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_id *id = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                 &out->cap, sizeof(*id));
		*id = dy_rows_id(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_follower_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
                 struct dy_id_list *out, struct dy_err *err)
{
	return ids_read(tx, arena, &FOLLOWER_LIST, request, out, err);
}

enum dy_code
dy_followed_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
                 struct dy_id_list *out, struct dy_err *err)
{
	return ids_read(tx, arena, &FOLLOWED_LIST, household, out, err);
}

enum dy_code
dy_merged_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id target,
               struct dy_id_list *out, struct dy_err *err)
{
	return ids_read(tx, arena, &MERGED_LIST, target, out, err);
}

enum dy_code
dy_merged_move(struct dy_wtx *tx, struct dy_id from, struct dy_id to, struct dy_time now,
               struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	DY_TRY(dy_sql_write(tx, &MERGED_MOVE, DY_ARGS(DY_V(community), DY_V(from), DY_V(to)), NULL,
	                    err));
	DY_TRY(dy_sql_write(tx, &FOLLOWER_COPY,
	                    DY_ARGS(DY_V(community), DY_V(from), DY_V(to), DY_V(now)), NULL, err));
	return followers_count(tx, to, err);
}

static enum dy_code
needs_count(struct dy_wtx *tx, struct dy_id request, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &NEED_COUNT, DY_ARGS(DY_V(community), DY_V(request)), NULL, err);
}

enum dy_code
dy_need_insert(struct dy_wtx *tx, struct dy_id request, const struct dy_need *n, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	DY_TRY(dy_sql_write(tx, &NEED_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(request), DY_V(n->number),
	                            DY_V(n->category), DY_V(n->text), DY_V(n->state),
	                            DY_V(n->created_at)),
	                    NULL, err));
	return needs_count(tx, request, err);
}

enum dy_code
dy_need_end(struct dy_wtx *tx, struct dy_id request, int64_t number, struct dy_str state,
            struct dy_id by, struct dy_time now, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed;

	DY_TRY(dy_sql_write(tx, &NEED_END,
	                    DY_ARGS(DY_V(community), DY_V(request), DY_V(number), DY_V(state),
	                            DY_V(by), DY_V(now)),
	                    &changed, err));
	if (changed == 0)
		return dy_raise(err, DY_E_CONFLICT, "/number", "this need is not open");
	return needs_count(tx, request, err);
}

enum dy_code
dy_need_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
             struct dy_need_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_need_list){ 0 };
	DY_TRY(dy_sql_read(tx, &NEED_LIST, DY_ARGS(DY_V(community), DY_V(request)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_need *n = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*n));
		n->number = dy_rows_int(rows);
		n->category = dy_rows_str(rows, arena);
		n->text = dy_rows_str(rows, arena);
		n->state = dy_rows_str(rows, arena);
		n->created_at = dy_rows_time(rows);
		n->ended_at = dy_rows_time(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_door_by_address(struct dy_rtx *tx, const struct dy_address *address, int *n, struct dy_id *out,
                   struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*n = 0;
	DY_TRY(dy_sql_read(tx, &DOOR_BY_ADDRESS,
	                   DY_ARGS(DY_V(community), DY_V(address->building), DY_V(address->stair),
	                           DY_V(address->door)),
	                   &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_id id = dy_rows_id(rows);
		if ((*n)++ == 0)
			*out = id;
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_door_list_building(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id building,
                      struct dy_door_row_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_door_row_list){ 0 };
	DY_TRY(dy_sql_read(tx, &DOORS_OF_BUILDING, DY_ARGS(DY_V(community), DY_V(building)), &rows,
	                   err));
	while (dy_rows_next(rows)) {
		struct dy_door_row *d = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                      &out->cap, sizeof(*d));
		d->door = dy_rows_id(rows);
		d->stair_code = dy_rows_str(rows, arena);
		d->door_code = dy_rows_str(rows, arena);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_code_card_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair,
                  struct dy_code_card_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_code_card_list){ 0 };
	DY_TRY(dy_sql_read(tx, &CARD_LIST, DY_ARGS(DY_V(community), DY_V(stair)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_code_card *c = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                       &out->cap, sizeof(*c));
		c->household = dy_rows_id(rows);
		c->door = dy_rows_id(rows);
		c->door_code = dy_rows_str(rows, arena);
		c->code_sealed = dy_rows_bytes(rows, arena);
		c->printed_at = dy_rows_time(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_code_replace(struct dy_wtx *tx, struct dy_id household, struct dy_bytes hash,
                struct dy_bytes sealed, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &CODE_REPLACE,
	                    DY_ARGS(DY_V(community), DY_V(household), DY_V(hash), DY_V(sealed)),
	                    NULL, err);
}

enum dy_code
dy_code_printed(struct dy_wtx *tx, struct dy_id household, struct dy_time now, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &CODE_PRINTED, DY_ARGS(DY_V(community), DY_V(household), DY_V(now)),
	                    NULL, err);
}
