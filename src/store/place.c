/* Places: inserts and lists. Look-ups of where something stands are in where.c. */
#include "store/place.h"

static const struct dy_sql COMMUNITY_INSERT = {
	.name = "community_insert",
	.in = "isssssnt",
	.out = "",
	.text = "INSERT INTO community (community_id, division_code, name, zone, mode, phone, "
		"is_sample,"
		" created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
};
static const struct dy_sql COMMUNITY_ALL = {
	.name = "community_all",
	.in = "",
	.out = "isssssnt",
	.text = "SELECT community_id, division_code, name, zone, mode, phone, is_sample, created_at"
		" FROM community ORDER BY community_id LIMIT 2",
};
static const struct dy_sql COMMUNITY_LIST = {
	.name = "community_list",
	.in = "",
	.out = "isssssnt",
	.text = "SELECT community_id, division_code, name, zone, mode, phone, is_sample, created_at"
		" FROM community ORDER BY division_code, community_id LIMIT 500",
};
static const struct dy_sql COMMUNITY_GET = {
	.name = "community_get",
	.in = "i",
	.out = "isssssnt",
	.text = "SELECT community_id, division_code, name, zone, mode, phone, is_sample, created_at"
		" FROM community WHERE community_id = $1",
};
static const struct dy_sql COMMUNITY_PAGE = {
	.name = "community_page",
	.in = "nn",
	.out = "i",
	.text = "SELECT community_id FROM community WHERE community_id > $1"
		" ORDER BY community_id LIMIT $2",
};
static const struct dy_sql COMMUNITY_OF_DIVISION = {
	.name = "community_of_division",
	.in = "s",
	.out = "i",
	.text = "SELECT community_id FROM community WHERE division_code = $1 ORDER BY community_id"
		" LIMIT 1",
};
static const struct dy_sql GRID_INSERT = {
	.name = "grid_insert",
	.in = "iinst",
	.out = "",
	.text = "INSERT INTO grid (community_id, grid_id, number, name, valid_from)"
		" VALUES ($1, $2, $3, $4, $5)",
};
static const struct dy_sql UNIT_INSERT = {
	.name = "unit_insert",
	.in = "iiinst",
	.out = "",
	.text = "INSERT INTO unit (community_id, unit_id, grid_id, number, name, valid_from)"
		" VALUES ($1, $2, $3, $4, $5, $6)",
};
static const struct dy_sql BUILDING_INSERT = {
	.name = "building_insert",
	.in = "iissnnn",
	.out = "",
	.text = "INSERT INTO building (community_id, building_id, code, name, lat_e7, lon_e7, "
		"floors)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)",
};
static const struct dy_sql STAIR_INSERT = {
	.name = "stair_insert",
	.in = "iiis",
	.out = "",
	.text = "INSERT INTO stair (community_id, stair_id, building_id, code) VALUES ($1, $2, $3, "
		"$4)",
};
static const struct dy_sql UNIT_STAIR_INSERT = {
	.name = "unit_stair_insert",
	.in = "iiti",
	.out = "",
	.text = "INSERT INTO unit_stair (community_id, stair_id, valid_from, unit_id)"
		" VALUES ($1, $2, $3, $4)",
};
static const struct dy_sql STAIR_TOKEN_INSERT = {
	.name = "stair_token_insert",
	.in = "ibibt",
	.out = "",
	.text = "INSERT INTO stair_token (community_id, token_hash, stair_id, sealed, created_at)"
		" VALUES ($1, $2, $3, $4, $5)",
};
static const struct dy_sql DOOR_INSERT = {
	.name = "door_insert",
	.in = "iiisn",
	.out = "",
	.text = "INSERT INTO door (community_id, door_id, stair_id, code, floor)"
		" VALUES ($1, $2, $3, $4, $5)",
};
static const struct dy_sql HOUSEHOLD_INSERT = {
	.name = "household_insert",
	.in = "iiib?b?nnbbt",
	.out = "",
	.text = "INSERT INTO household (community_id, household_id, door_id, name_sealed, "
		"phone_sealed,"
		" residents, elderly, code_hash, code_sealed, moved_in_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
};
static const struct dy_sql GRID_LIST = {
	.name = "grid_list",
	.in = "it",
	.out = "ins",
	.text = "SELECT grid_id, number, name FROM grid WHERE community_id = $1"
		" AND (valid_to IS NULL OR valid_to > $2) ORDER BY number",
};
static const struct dy_sql UNIT_LIST = {
	.name = "unit_list",
	.in = "it",
	.out = "iinssn",
	.text = "SELECT u.unit_id, u.grid_id, u.number, u.name, g.name,"
		" (SELECT COUNT(*) FROM unit_stair us"
		"  JOIN door d ON d.community_id = us.community_id AND d.stair_id = us.stair_id"
		"  JOIN household h ON h.community_id = d.community_id AND h.door_id = d.door_id"
		"  WHERE us.community_id = $1 AND us.unit_id = u.unit_id AND us.valid_to IS NULL"
		"  AND h.moved_out_at IS NULL)"
		" FROM unit u JOIN grid g ON g.community_id = u.community_id AND g.grid_id = "
		"u.grid_id"
		" WHERE u.community_id = $1 AND (u.valid_to IS NULL OR u.valid_to > $2)"
		" ORDER BY u.number",
};
static const struct dy_sql BUILDING_LIST = {
	.name = "building_list",
	.in = "i",
	.out = "issnnn",
	.text = "SELECT building_id, code, name, COALESCE(lat_e7, 0), COALESCE(lon_e7, 0), floors"
		" FROM building WHERE community_id = $1 ORDER BY building_id",
};
static const struct dy_sql STAIR_LIST = {
	.name = "stair_list",
	.in = "it",
	.out = "iii?ss",
	.text = "SELECT s.stair_id, s.building_id, us.unit_id, s.code, b.code FROM stair s"
		" JOIN building b ON b.community_id = s.community_id AND b.building_id = "
		"s.building_id"
		" LEFT JOIN unit_stair us ON us.community_id = s.community_id"
		"  AND us.stair_id = s.stair_id AND (us.valid_to IS NULL OR us.valid_to > $2)"
		" WHERE s.community_id = $1 ORDER BY s.building_id, s.code",
};
static const struct dy_sql DOOR_LIST = {
	.name = "door_list",
	.in = "ii",
	.out = "isn",
	.text = "SELECT door_id, code, floor FROM door WHERE community_id = $1 AND stair_id = $2"
		" ORDER BY floor, code",
};

const struct dy_sql *const dy_place_sql[] = {
	&COMMUNITY_INSERT,
	&COMMUNITY_ALL,
	&COMMUNITY_GET,
	&COMMUNITY_PAGE,
	&COMMUNITY_OF_DIVISION,
	&GRID_INSERT,
	&UNIT_INSERT,
	&BUILDING_INSERT,
	&STAIR_INSERT,
	&UNIT_STAIR_INSERT,
	&STAIR_TOKEN_INSERT,
	&DOOR_INSERT,
	&HOUSEHOLD_INSERT,
	&GRID_LIST,
	&UNIT_LIST,
	&BUILDING_LIST,
	&STAIR_LIST,
	&DOOR_LIST,
	&COMMUNITY_LIST,
};
const size_t dy_place_sql_n = DY_COUNT(dy_place_sql);

enum dy_code
dy_community_insert(struct dy_wtx *tx, const struct dy_community *c, struct dy_err *err)
{
	int64_t is_sample = c->is_sample;

	return dy_sql_write(tx, &COMMUNITY_INSERT,
	                    DY_ARGS(DY_V(c->id), DY_V(c->division_code), DY_V(c->name),
	                            DY_V(c->zone), DY_V(c->mode), DY_V(c->phone), DY_V(is_sample),
	                            DY_V(c->created_at)),
	                    NULL, err);
}

static void
community_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_community *out)
{
	out->id = dy_rows_id(rows);
	out->division_code = dy_rows_str(rows, arena);
	out->name = dy_rows_str(rows, arena);
	out->zone = dy_rows_str(rows, arena);
	out->mode = dy_rows_str(rows, arena);
	out->phone = dy_rows_str(rows, arena);
	out->is_sample = dy_rows_int(rows) != 0;
	out->created_at = dy_rows_time(rows);
}

enum dy_code
dy_community_only(struct dy_rtx *tx, struct dy_arena *arena, struct dy_community *out,
                  struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	DY_TRY(dy_sql_read(tx, &COMMUNITY_ALL, DY_NO_ARGS, &rows, err));
	if (!dy_rows_next(rows)) {
		DY_TRY(dy_rows_end(rows, err));
		return dy_raise(err, DY_E_NOT_FOUND, "",
		                "there is no community yet; run danyuan init");
	}
	community_read(rows, arena, out);
	if (dy_rows_next(rows))
		return dy_raise(err, DY_E_CONFLICT, "/community",
		                "name one of several communities");
	return dy_rows_end(rows, err);
}

enum dy_code
dy_community_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_community_list *out,
                  struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	*out = (struct dy_community_list){ 0 };
	DY_TRY(dy_sql_read(tx, &COMMUNITY_LIST, DY_NO_ARGS, &rows, err));
	while (dy_rows_next(rows))
		community_read(rows, arena,
		               dy_arena_push(arena, (void **)&out->items, &out->count, &out->cap,
		                             sizeof(*out->items)));
	return dy_rows_end(rows, err);
}

enum dy_code
dy_community_page(struct dy_rtx *tx, struct dy_id after, struct dy_id *out, size_t cap, size_t *n,
                  struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	int64_t limit = (int64_t)cap;
	int64_t from = after.v;
	size_t count = 0;

	DY_TRY(dy_sql_read(tx, &COMMUNITY_PAGE, DY_ARGS(DY_V(from), DY_V(limit)), &rows, err));
	while (count < cap && dy_rows_next(rows))
		out[count++] = dy_rows_id(rows);
	*n = count;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_community_of_division(struct dy_rtx *tx, struct dy_str code, struct dy_id *out,
                         struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	bool found;

	DY_TRY(dy_sql_read_one(tx, &COMMUNITY_OF_DIVISION, DY_ARGS(DY_V(code)), &rows, &found,
	                       err));
	*out = found ? dy_rows_id(rows) : (struct dy_id){ 0 };
	return DY_OK;
}

enum dy_code
dy_community_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_community *out,
                 struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &COMMUNITY_GET, DY_ARGS(DY_V(community)), &rows, &found, err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such community");
	community_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_grid_insert(struct dy_wtx *tx, const struct dy_grid *g, struct dy_time from, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(
		tx, &GRID_INSERT,
		DY_ARGS(DY_V(community), DY_V(g->id), DY_V(g->number), DY_V(g->name), DY_V(from)),
		NULL, err);
}

enum dy_code
dy_unit_insert(struct dy_wtx *tx, const struct dy_unit *u, struct dy_time from, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &UNIT_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(u->id), DY_V(u->grid), DY_V(u->number),
	                            DY_V(u->name), DY_V(from)),
	                    NULL, err);
}

enum dy_code
dy_building_insert(struct dy_wtx *tx, const struct dy_building *b, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &BUILDING_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(b->id), DY_V(b->code), DY_V(b->name),
	                            DY_V(b->lat_e7), DY_V(b->lon_e7), DY_V(b->floors)),
	                    NULL, err);
}

enum dy_code
dy_stair_insert(struct dy_wtx *tx, const struct dy_stair *s, struct dy_time from,
                struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	DY_TRY(dy_sql_write(tx, &STAIR_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(s->id), DY_V(s->building), DY_V(s->code)),
	                    NULL, err));
	return dy_sql_write(tx, &UNIT_STAIR_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(s->id), DY_V(from), DY_V(s->unit)), NULL,
	                    err);
}

enum dy_code
dy_stair_token_insert(struct dy_wtx *tx, struct dy_id stair, struct dy_bytes hash,
                      struct dy_bytes sealed, struct dy_time now, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(
		tx, &STAIR_TOKEN_INSERT,
		DY_ARGS(DY_V(community), DY_V(hash), DY_V(stair), DY_V(sealed), DY_V(now)), NULL,
		err);
}

enum dy_code
dy_door_insert(struct dy_wtx *tx, const struct dy_door *d, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &DOOR_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(d->id), DY_V(d->stair), DY_V(d->code),
	                            DY_V(d->floor)),
	                    NULL, err);
}

enum dy_code
dy_household_insert(struct dy_wtx *tx, const struct dy_household *h, struct dy_time from,
                    struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	return dy_sql_write(tx, &HOUSEHOLD_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(h->id), DY_V(h->door),
	                            DY_V(h->name_sealed), DY_V(h->phone_sealed), DY_V(h->residents),
	                            DY_V(h->elderly), DY_V(h->code_hash), DY_V(h->code_sealed),
	                            DY_V(from)),
	                    NULL, err);
}

enum dy_code
dy_grid_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
             struct dy_grid_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_grid_list){ 0 };
	DY_TRY(dy_sql_read(tx, &GRID_LIST, DY_ARGS(DY_V(community), DY_V(now)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_grid *g = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*g));
		g->id = dy_rows_id(rows);
		g->number = dy_rows_int(rows);
		g->name = dy_rows_str(rows, arena);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_unit_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
             struct dy_unit_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_unit_list){ 0 };
	DY_TRY(dy_sql_read(tx, &UNIT_LIST, DY_ARGS(DY_V(community), DY_V(now)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_unit *u = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*u));
		u->id = dy_rows_id(rows);
		u->grid = dy_rows_id(rows);
		u->number = dy_rows_int(rows);
		u->name = dy_rows_str(rows, arena);
		u->grid_name = dy_rows_str(rows, arena);
		u->households = dy_rows_int(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_building_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_building_list *out,
                 struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_building_list){ 0 };
	DY_TRY(dy_sql_read(tx, &BUILDING_LIST, DY_ARGS(DY_V(community)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_building *b = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                      &out->cap, sizeof(*b));
		b->id = dy_rows_id(rows);
		b->code = dy_rows_str(rows, arena);
		b->name = dy_rows_str(rows, arena);
		b->lat_e7 = dy_rows_int(rows);
		b->lon_e7 = dy_rows_int(rows);
		b->floors = dy_rows_int(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_stair_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
              struct dy_stair_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_stair_list){ 0 };
	DY_TRY(dy_sql_read(tx, &STAIR_LIST, DY_ARGS(DY_V(community), DY_V(now)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_stair *s = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                   &out->cap, sizeof(*s));
		s->id = dy_rows_id(rows);
		s->building = dy_rows_id(rows);
		s->unit = dy_rows_id(rows);
		s->code = dy_rows_str(rows, arena);
		s->building_code = dy_rows_str(rows, arena);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_door_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair,
             struct dy_door_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_door_list){ 0 };
	DY_TRY(dy_sql_read(tx, &DOOR_LIST, DY_ARGS(DY_V(community), DY_V(stair)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_door *d = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*d));
		d->id = dy_rows_id(rows);
		d->stair = stair;
		d->code = dy_rows_str(rows, arena);
		d->floor = dy_rows_int(rows);
	}
	return dy_rows_end(rows, err);
}
