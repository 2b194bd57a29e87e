/* The whole of a community for an import, and taking back what an import made. */
#include "store/import.h"

static const struct dy_sql DOORS = {
	.name = "book_doors",
	.in = "i",
	.out = "iisn",
	.text = "SELECT door_id, stair_id, code, floor FROM door WHERE community_id = $1",
};
static const struct dy_sql HOUSEHOLDS = {
	.name = "book_households",
	.in = "i",
	.out = "iib?b?nnn",
	.text = "SELECT household_id, door_id, name_sealed, phone_sealed, residents, elderly,"
		" version FROM household WHERE community_id = $1 AND moved_out_at IS NULL",
};
static const struct dy_sql FACTS = {
	.name = "book_facts",
	.in = "i",
	.out = "isstt?",
	.text = "SELECT household_id, kind, source, since, expires_at FROM household_fact"
		" WHERE community_id = $1",
};
static const struct dy_sql BUILDING_CHANGE = {
	.name = "building_change",
	.in = "iisnnn",
	.out = "",
	.text = "UPDATE building SET name = $3, lat_e7 = $4, lon_e7 = $5, floors = $6"
		" WHERE community_id = $1 AND building_id = $2",
};
static const struct dy_sql POST_DEPUTY = {
	.name = "post_set_deputy",
	.in = "iin",
	.out = "",
	.text = "UPDATE post SET is_deputy = $3 WHERE community_id = $1 AND post_id = $2",
};

/* Who else refers to an entity: each row of theirs counts. Requests are many and not indexed by place: see USED_SINCE. */
#define COUNT_OF(table, column)                                                                    \
	"(SELECT COUNT(*) FROM " table " x WHERE x.community_id = $1 AND x." column " = $2)"

static const struct dy_sql USES_GRID = {
	.name = "uses_grid",
	.in = "ii",
	.out = "n",
	.text = "SELECT " COUNT_OF("unit", "grid_id") " + " COUNT_OF(
		"post", "scope_id") " FROM community WHERE community_id = $1",
};
static const struct dy_sql USES_UNIT = {
	.name = "uses_unit",
	.in = "ii",
	.out = "n",
	.text = "SELECT " COUNT_OF("unit_stair", "unit_id") " + " COUNT_OF(
		"post", "scope_id") " FROM community WHERE community_id = $1",
};
static const struct dy_sql USES_BUILDING = {
	.name = "uses_building",
	.in = "ii",
	.out = "n",
	.text = "SELECT " COUNT_OF("stair",
	                           "building_id") " FROM community WHERE community_id = $1",
};
static const struct dy_sql USES_STAIR = {
	.name = "uses_stair",
	.in = "ii",
	.out = "n",
	.text = "SELECT " COUNT_OF("door", "stair_id") " FROM community WHERE community_id = $1",
};
static const struct dy_sql USES_DOOR = {
	.name = "uses_door",
	.in = "ii",
	.out = "n",
	.text = "SELECT " COUNT_OF("household",
	                           "door_id") " FROM community WHERE community_id = $1",
};
static const struct dy_sql USES_HOUSEHOLD = {
	.name = "uses_household",
	.in = "ii",
	.out = "n",
	.text = "SELECT " COUNT_OF("account",
	                           "household_id") " FROM community WHERE community_id = $1",
};
/* without a login nobody has signed in, so no entry and no photo can be theirs */
static const struct dy_sql USES_ACCOUNT = {
	.name = "uses_account",
	.in = "ii",
	.out = "n",
	.text = "SELECT " COUNT_OF("session", "account_id") " + " COUNT_OF(
		"post", "account_id") " + "
				      "(SELECT COUNT(*) FROM account x WHERE x.community_id = $1 "
				      "AND x.account_id = $2"
				      " AND (x.version > 1 OR x.login IS NOT NULL))"
				      " FROM community WHERE community_id = $1",
};
/* an import's own post is in nobody's way until it was ended */
static const struct dy_sql USES_POST = {
	.name = "uses_post",
	.in = "ii",
	.out = "n",
	.text = "SELECT COUNT(*) FROM post WHERE community_id = $1 AND post_id = $2"
		" AND valid_to IS NOT NULL",
};
static const struct dy_sql USED_SINCE = {
	.name = "used_since",
	.in = "it",
	.out = "iiii?i?i?i?",
	.text = "SELECT grid_id, unit_id, stair_id, door_id, household_id, reporter_id, owner_id"
		" FROM request WHERE community_id = $1 AND created_at >= $2",
};
static const struct dy_sql HOUSEHOLD_VERSION = {
	.name = "household_version",
	.in = "ii",
	.out = "n",
	.text = "SELECT version FROM household WHERE community_id = $1 AND household_id = $2",
};

static const struct dy_sql REMOVE_GRID = {
	.name = "remove_grid",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM grid WHERE community_id = $1 AND grid_id = $2",
};
static const struct dy_sql REMOVE_UNIT = {
	.name = "remove_unit",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM unit WHERE community_id = $1 AND unit_id = $2",
};
static const struct dy_sql REMOVE_BUILDING = {
	.name = "remove_building",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM building WHERE community_id = $1 AND building_id = $2",
};
static const struct dy_sql REMOVE_STAIR_TOKEN = {
	.name = "remove_stair_token",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM stair_token WHERE community_id = $1 AND stair_id = $2",
};
static const struct dy_sql REMOVE_UNIT_STAIR = {
	.name = "remove_unit_stair",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM unit_stair WHERE community_id = $1 AND stair_id = $2",
};
static const struct dy_sql REMOVE_STAIR = {
	.name = "remove_stair",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM stair WHERE community_id = $1 AND stair_id = $2",
};
static const struct dy_sql REMOVE_DOOR = {
	.name = "remove_door",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM door WHERE community_id = $1 AND door_id = $2",
};
static const struct dy_sql REMOVE_FACTS = {
	.name = "remove_facts",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM household_fact WHERE community_id = $1 AND household_id = $2",
};
static const struct dy_sql REMOVE_HOUSEHOLD = {
	.name = "remove_household",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM household WHERE community_id = $1 AND household_id = $2",
};
static const struct dy_sql REMOVE_ACCOUNT = {
	.name = "remove_account",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM account WHERE community_id = $1 AND account_id = $2",
};
static const struct dy_sql REMOVE_POST = {
	.name = "remove_post",
	.in = "ii",
	.out = "",
	.text = "DELETE FROM post WHERE community_id = $1 AND post_id = $2",
};

const struct dy_sql *const dy_book_sql[] = {
	&DOORS,          &HOUSEHOLDS,   &FACTS,           &BUILDING_CHANGE,    &POST_DEPUTY,
	&USES_GRID,      &USES_UNIT,    &USES_BUILDING,   &USES_STAIR,         &USES_DOOR,
	&USES_HOUSEHOLD, &USES_ACCOUNT, &USES_POST,       &USED_SINCE,         &HOUSEHOLD_VERSION,
	&REMOVE_GRID,    &REMOVE_UNIT,  &REMOVE_BUILDING, &REMOVE_STAIR_TOKEN, &REMOVE_UNIT_STAIR,
	&REMOVE_STAIR,   &REMOVE_DOOR,  &REMOVE_FACTS,    &REMOVE_HOUSEHOLD,   &REMOVE_ACCOUNT,
	&REMOVE_POST,
};
const size_t dy_book_sql_n = DY_COUNT(dy_book_sql);

static const struct {
	const char *entity;
	const struct dy_sql *uses;
	const struct dy_sql *remove[3]; /* in this order */
} ENTITIES[] = {
	{ "grid", &USES_GRID, { &REMOVE_GRID } },
	{ "unit", &USES_UNIT, { &REMOVE_UNIT } },
	{ "building", &USES_BUILDING, { &REMOVE_BUILDING } },
	{ "stair", &USES_STAIR, { &REMOVE_STAIR_TOKEN, &REMOVE_UNIT_STAIR, &REMOVE_STAIR } },
	{ "door", &USES_DOOR, { &REMOVE_DOOR } },
	{ "household", &USES_HOUSEHOLD, { &REMOVE_FACTS, &REMOVE_HOUSEHOLD } },
	{ "account", &USES_ACCOUNT, { &REMOVE_ACCOUNT } },
	{ "post", &USES_POST, { &REMOVE_POST } },
};

enum dy_code
dy_book_doors(struct dy_rtx *tx, struct dy_arena *arena, struct dy_door_list *out,
              struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_door_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &DOORS, DY_ARGS(DY_V(community)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_door *d = dy_arena_push(arena, (void **)&list.items, &list.count,
		                                  &list.cap, sizeof(*d));
		d->id = dy_rows_id(rows);
		d->stair = dy_rows_id(rows);
		d->code = dy_rows_str(rows, arena);
		d->floor = dy_rows_int(rows);
	}
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_book_households(struct dy_rtx *tx, struct dy_arena *arena, struct dy_book_household_list *out,
                   struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_book_household_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &HOUSEHOLDS, DY_ARGS(DY_V(community)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_book_household *h = dy_arena_push(arena, (void **)&list.items,
		                                            &list.count, &list.cap, sizeof(*h));
		h->id = dy_rows_id(rows);
		h->door = dy_rows_id(rows);
		h->name_sealed = dy_rows_bytes(rows, arena);
		h->phone_sealed = dy_rows_bytes(rows, arena);
		h->residents = dy_rows_int(rows);
		h->elderly = dy_rows_int(rows);
		h->version = dy_rows_int(rows);
	}
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_book_facts(struct dy_rtx *tx, struct dy_arena *arena, struct dy_book_fact_list *out,
              struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_book_fact_list list = { 0 };
	char kind[32], source[32]; /* longer names are none of ours */

	DY_TRY(dy_sql_read(tx, &FACTS, DY_ARGS(DY_V(community)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_book_fact f;
		struct dy_arena_mark mark = dy_arena_mark(arena);
		f.household = dy_rows_id(rows);
		struct dy_str text = dy_rows_str(rows, arena);
		(void)snprintf(kind, sizeof(kind), "%.*s", DY_FMT(text));
		text = dy_rows_str(rows, arena);
		(void)snprintf(source, sizeof(source), "%.*s", DY_FMT(text));
		dy_arena_rewind(arena, mark);
		f.fact.since = dy_rows_time(rows);
		f.fact.expires = dy_rows_time(rows);
		if (dy_fact_find(dy_str_from(kind), &f.fact.kind) &&
		    dy_source_find(dy_str_from(source), &f.fact.source))
			*(struct dy_book_fact *)dy_arena_push(
				arena, (void **)&list.items, &list.count, &list.cap, sizeof(f)) = f;
	}
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_building_change(struct dy_wtx *tx, const struct dy_building *b, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &BUILDING_CHANGE,
	                    DY_ARGS(DY_V(community), DY_V(b->id), DY_V(b->name), DY_V(b->lat_e7),
	                            DY_V(b->lon_e7), DY_V(b->floors)),
	                    NULL, err);
}

enum dy_code
dy_post_set_deputy(struct dy_wtx *tx, struct dy_id post, bool is_deputy, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t deputy = is_deputy;

	return dy_sql_write(tx, &POST_DEPUTY, DY_ARGS(DY_V(community), DY_V(post), DY_V(deputy)),
	                    NULL, err);
}

enum dy_code
dy_import_uses(struct dy_rtx *tx, struct dy_str entity, struct dy_id id, int64_t *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	*out = 0;
	for (size_t i = 0; i < DY_COUNT(ENTITIES); i++) {
		if (!dy_str_is(entity, ENTITIES[i].entity))
			continue;
		DY_TRY(dy_sql_read_one(tx, ENTITIES[i].uses, DY_ARGS(DY_V(community), DY_V(id)),
		                       &rows, &found, err));
		*out = found ? dy_rows_int(rows) : 0;
		return DY_OK;
	}
	return dy_raise(err, DY_E_BUG, "", "an import made something unknown");
}

enum dy_code
dy_import_remove(struct dy_wtx *tx, struct dy_str entity, struct dy_id id, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	for (size_t i = 0; i < DY_COUNT(ENTITIES); i++) {
		if (!dy_str_is(entity, ENTITIES[i].entity))
			continue;
		for (size_t k = 0; k < 3 && ENTITIES[i].remove[k] != NULL; k++)
			DY_TRY(dy_sql_write(tx, ENTITIES[i].remove[k],
			                    DY_ARGS(DY_V(community), DY_V(id)), NULL, err));
		return DY_OK;
	}
	return dy_raise(err, DY_E_BUG, "", "an import made something unknown");
}

enum dy_code
dy_used_since(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time since,
              struct dy_used_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_used_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &USED_SINCE, DY_ARGS(DY_V(community), DY_V(since)), &rows, err));
	while (dy_rows_next(rows)) {
		for (int i = 0; i < 7; i++) {
			struct dy_id id = dy_rows_id(rows);
			if (id.v != 0)
				*(struct dy_id *)dy_arena_push(arena, (void **)&list.items,
				                               &list.count, &list.cap, sizeof(id)) =
					id;
		}
	}
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_household_version(struct dy_rtx *tx, struct dy_id id, int64_t *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &HOUSEHOLD_VERSION, DY_ARGS(DY_V(community), DY_V(id)), &rows,
	                       &found, err));
	*out = found ? dy_rows_int(rows) : 0;
	return DY_OK;
}
