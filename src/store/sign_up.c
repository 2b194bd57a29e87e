/* Sign-ups (接龙) and their entries. */
#include "store/sign_up.h"

static const struct dy_sql SIGN_UP_INSERT = {
	.name = "sign_up_insert",
	.in = "iisssnni?i?ttit",
	.out = "",
	.text = "INSERT INTO sign_up (community_id, sign_up_id, title, text, per, capacity,"
		" entry_max, unit_id, grid_id, opens_at, closes_at, created_by, created_at, taken,"
		" waiting, next_place, version)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 1, 1)",
};
#define SIGN_UP_COLUMNS                                                                            \
	"SELECT s.sign_up_id, s.title, s.text, s.per, s.capacity, s.entry_max, s.taken,"           \
	" s.waiting, s.unit_id, s.grid_id, s.opens_at, s.closes_at, s.created_by, s.created_at,"   \
	" s.version, u.name FROM sign_up s"                                                        \
	" LEFT JOIN unit u ON u.community_id = s.community_id AND u.unit_id = s.unit_id"
#define SIGN_UP_OUT "isssnnnni?i?ttitns?"
static const struct dy_sql SIGN_UP_GET = {
	.name = "sign_up_get",
	.in = "ii",
	.out = SIGN_UP_OUT,
	.text = SIGN_UP_COLUMNS " WHERE s.community_id = $1 AND s.sign_up_id = $2",
};
static const struct dy_sql SIGN_UP_LIST = {
	.name = "sign_up_list",
	.in = "itn",
	.out = SIGN_UP_OUT,
	.text = SIGN_UP_COLUMNS " WHERE s.community_id = $1 AND s.closes_at > $2"
				" ORDER BY s.closes_at DESC, s.sign_up_id DESC LIMIT $3",
};
static const struct dy_sql SIGN_UP_UPDATE = {
	.name = "sign_up_update",
	.in = "iinssnt",
	.out = "",
	.text = "UPDATE sign_up SET version = version + 1, title = $4, text = $5, capacity = $6,"
		" closes_at = $7 WHERE community_id = $1 AND sign_up_id = $2 AND version = $3"
		" AND taken <= $6",
};
static const struct dy_sql SIGN_UP_TAKE = {
	.name = "sign_up_take",
	.in = "iint",
	.out = "",
	.text = "UPDATE sign_up SET taken = taken + $3, next_place = next_place + 1"
		" WHERE community_id = $1 AND sign_up_id = $2 AND taken + $3 <= capacity"
		" AND waiting = 0 AND opens_at <= $4 AND closes_at > $4",
};
static const struct dy_sql SIGN_UP_QUEUE = {
	.name = "sign_up_queue",
	.in = "iit",
	.out = "",
	.text = "UPDATE sign_up SET waiting = waiting + 1, next_place = next_place + 1"
		" WHERE community_id = $1 AND sign_up_id = $2 AND opens_at <= $3 AND closes_at > "
		"$3",
};
static const struct dy_sql SIGN_UP_PROMOTE = {
	.name = "sign_up_promote",
	.in = "iin",
	.out = "",
	.text = "UPDATE sign_up SET taken = taken + $3, waiting = waiting - 1"
		" WHERE community_id = $1 AND sign_up_id = $2 AND taken + $3 <= capacity",
};
static const struct dy_sql SIGN_UP_FREE = {
	.name = "sign_up_free",
	.in = "iinn",
	.out = "",
	.text = "UPDATE sign_up SET taken = taken - $3, waiting = waiting - $4"
		" WHERE community_id = $1 AND sign_up_id = $2",
};
static const struct dy_sql SIGN_UP_PLACE = {
	.name = "sign_up_place",
	.in = "ii",
	.out = "n",
	.text = "SELECT next_place - 1 FROM sign_up WHERE community_id = $1 AND sign_up_id = $2",
};

#define ENTRY_COLUMNS                                                                              \
	"SELECT e.member_id, e.place, e.state, e.seats, e.note, e.account_id, e.household_id,"     \
	" e.door_id, e.at, a.name, b.code, st.code, d.code FROM sign_up_entry e"                   \
	" JOIN account a ON a.community_id = e.community_id AND a.account_id = e.account_id"       \
	" LEFT JOIN door d ON d.community_id = e.community_id AND d.door_id = e.door_id"           \
	" LEFT JOIN stair st ON st.community_id = d.community_id AND st.stair_id = d.stair_id"     \
	" LEFT JOIN building b ON b.community_id = st.community_id"                                \
	" AND b.building_id = st.building_id"
#define ENTRY_OUT "insnsii?i?tss?s?s?"
static const struct dy_sql ENTRY_GET = {
	.name = "sign_up_entry_get",
	.in = "iii",
	.out = ENTRY_OUT,
	.text = ENTRY_COLUMNS
	" WHERE e.community_id = $1 AND e.sign_up_id = $2 AND e.member_id = $3",
};
static const struct dy_sql ENTRY_FIRST_WAITING = {
	.name = "sign_up_entry_first_waiting",
	.in = "ii",
	.out = ENTRY_OUT,
	.text = ENTRY_COLUMNS " WHERE e.community_id = $1 AND e.sign_up_id = $2"
			      " AND e.state = 'waiting' ORDER BY e.place LIMIT 1",
};
static const struct dy_sql ENTRY_LIST = {
	.name = "sign_up_entry_list",
	.in = "iinn",
	.out = ENTRY_OUT,
	.text = ENTRY_COLUMNS " WHERE e.community_id = $1 AND e.sign_up_id = $2 AND e.place > $3"
			      " AND e.state <> 'cancelled' ORDER BY e.place LIMIT $4",
};
static const struct dy_sql ENTRY_PUT = {
	.name = "sign_up_entry_put",
	.in = "iiinsnsii?i?t",
	.out = "",
	.text = "INSERT INTO sign_up_entry (community_id, sign_up_id, member_id, place, state,"
		" seats, note, account_id, household_id, door_id, at, changed_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
		" ON CONFLICT (community_id, sign_up_id, member_id) DO UPDATE SET place = $4,"
		" state = $5, seats = $6, note = $7, account_id = $8, household_id = $9,"
		" door_id = $10, at = $11, changed_at = $11",
};
static const struct dy_sql ENTRY_SET = {
	.name = "sign_up_entry_set",
	.in = "iiist",
	.out = "",
	.text = "UPDATE sign_up_entry SET state = $4, changed_at = $5"
		" WHERE community_id = $1 AND sign_up_id = $2 AND member_id = $3",
};
static const struct dy_sql ENTRY_AHEAD = {
	.name = "sign_up_entry_ahead",
	.in = "iin",
	.out = "n",
	.text = "SELECT COUNT(*) FROM sign_up_entry WHERE community_id = $1 AND sign_up_id = $2"
		" AND state = 'waiting' AND place < $3",
};

const struct dy_sql *const dy_sign_up_sql[] = {
	&SIGN_UP_INSERT, &SIGN_UP_GET,     &SIGN_UP_LIST, &SIGN_UP_UPDATE, &SIGN_UP_TAKE,
	&SIGN_UP_QUEUE,  &SIGN_UP_PROMOTE, &SIGN_UP_FREE, &SIGN_UP_PLACE,  &ENTRY_GET,
	&ENTRY_LIST,     &ENTRY_PUT,       &ENTRY_SET,    &ENTRY_AHEAD,    &ENTRY_FIRST_WAITING,
};
const size_t dy_sign_up_sql_n = DY_COUNT(dy_sign_up_sql);

static const char *const STATES[] = { "in", "waiting", "cancelled" };

const char *
dy_entry_state_name(enum dy_entry_state state)
{
	return STATES[state];
}

enum dy_code
dy_sign_up_insert(struct dy_wtx *tx, const struct dy_sign_up *s, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str per = s->per_person ? DY_STR("person") : DY_STR("household");

	return dy_sql_write(tx, &SIGN_UP_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(s->id), DY_V(s->title), DY_V(s->text),
	                            DY_V(per), DY_V(s->capacity), DY_V(s->entry_max), DY_V(s->unit),
	                            DY_V(s->grid), DY_V(s->opens_at), DY_V(s->closes_at),
	                            DY_V(s->created_by), DY_V(s->created_at)),
	                    NULL, err);
}

static void
sign_up_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_sign_up *s)
{
	s->id = dy_rows_id(rows);
	s->title = dy_rows_str(rows, arena);
	s->text = dy_rows_str(rows, arena);
	s->per_person = dy_str_is(dy_rows_str(rows, arena), "person");
	s->capacity = dy_rows_int(rows);
	s->entry_max = dy_rows_int(rows);
	s->taken = dy_rows_int(rows);
	s->waiting = dy_rows_int(rows);
	s->unit = dy_rows_id(rows);
	s->grid = dy_rows_id(rows);
	s->opens_at = dy_rows_time(rows);
	s->closes_at = dy_rows_time(rows);
	s->created_by = dy_rows_id(rows);
	s->created_at = dy_rows_time(rows);
	s->version = dy_rows_int(rows);
	s->unit_name = dy_rows_str(rows, arena);
}

enum dy_code
dy_sign_up_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_sign_up *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &SIGN_UP_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such sign-up");
	sign_up_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_sign_up_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time since, int64_t limit,
                struct dy_sign_up_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_sign_up_list){ 0 };
	DY_TRY(dy_sql_read(tx, &SIGN_UP_LIST, DY_ARGS(DY_V(community), DY_V(since), DY_V(limit)),
	                   &rows, err));
	while (dy_rows_next(rows))
		sign_up_read(rows, arena,
		             dy_arena_push(arena, (void **)&out->items, &out->count, &out->cap,
		                           sizeof(*out->items)));
	return dy_rows_end(rows, err);
}

enum dy_code
dy_sign_up_update(struct dy_wtx *tx, const struct dy_sign_up *s, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed;

	DY_TRY(dy_sql_write(tx, &SIGN_UP_UPDATE,
	                    DY_ARGS(DY_V(community), DY_V(s->id), DY_V(s->version), DY_V(s->title),
	                            DY_V(s->text), DY_V(s->capacity), DY_V(s->closes_at)),
	                    &changed, err));
	if (changed == 0)
		return dy_raise(err, DY_E_CONFLICT, "/capacity",
		                "more seats are taken than that, or somebody has changed it "
		                "meanwhile; load it again");
	return DY_OK;
}

/* A conditional write that changes one row or none. */
static enum dy_code
try_write(struct dy_wtx *tx, const struct dy_sql *sql, struct dy_args args, bool *given,
          struct dy_err *err)
{
	int64_t changed;

	DY_TRY(dy_sql_write(tx, sql, args, &changed, err));
	*given = changed == 1;
	return DY_OK;
}

enum dy_code
dy_sign_up_take(struct dy_wtx *tx, struct dy_id id, int64_t seats, struct dy_time now, bool *given,
                struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return try_write(tx, &SIGN_UP_TAKE,
	                 DY_ARGS(DY_V(community), DY_V(id), DY_V(seats), DY_V(now)), given, err);
}

enum dy_code
dy_sign_up_queue(struct dy_wtx *tx, struct dy_id id, struct dy_time now, bool *given,
                 struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return try_write(tx, &SIGN_UP_QUEUE, DY_ARGS(DY_V(community), DY_V(id), DY_V(now)), given,
	                 err);
}

enum dy_code
dy_sign_up_promote(struct dy_wtx *tx, struct dy_id id, int64_t seats, bool *given,
                   struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return try_write(tx, &SIGN_UP_PROMOTE, DY_ARGS(DY_V(community), DY_V(id), DY_V(seats)),
	                 given, err);
}

enum dy_code
dy_sign_up_free(struct dy_wtx *tx, struct dy_id id, enum dy_entry_state state, int64_t seats,
                struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t given = state == DY_ENTRY_IN ? seats : 0;
	int64_t waiting = state == DY_ENTRY_WAITING ? 1 : 0;

	return dy_sql_write(tx, &SIGN_UP_FREE,
	                    DY_ARGS(DY_V(community), DY_V(id), DY_V(given), DY_V(waiting)), NULL,
	                    err);
}

static enum dy_code
one_number(struct dy_rtx *tx, const struct dy_sql *sql, struct dy_args args, int64_t *out,
           struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	*out = 0;
	DY_TRY(dy_sql_read(tx, sql, args, &rows, err));
	while (dy_rows_next(rows))
		*out = dy_rows_int(rows);
	return dy_rows_end(rows, err);
}

enum dy_code
dy_sign_up_place(struct dy_rtx *tx, struct dy_id id, int64_t *out, struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);

	return one_number(tx, &SIGN_UP_PLACE, DY_ARGS(DY_V(community), DY_V(id)), out, err);
}

enum dy_code
dy_sign_up_ahead(struct dy_rtx *tx, struct dy_id sign_up, int64_t place, int64_t *out,
                 struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);

	return one_number(tx, &ENTRY_AHEAD, DY_ARGS(DY_V(community), DY_V(sign_up), DY_V(place)),
	                  out, err);
}

static enum dy_code
entry_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_sign_up_entry *e,
           struct dy_err *err)
{
	bool known = false;

	e->member = dy_rows_id(rows);
	e->place = dy_rows_int(rows);
	struct dy_str state = dy_rows_str(rows, arena);
	for (size_t i = 0; i < DY_COUNT(STATES) && !known; i++) {
		known = dy_str_is(state, STATES[i]);
		e->state = (enum dy_entry_state)i;
	}
	e->seats = dy_rows_int(rows);
	e->note = dy_rows_str(rows, arena);
	e->account = dy_rows_id(rows);
	e->household = dy_rows_id(rows);
	e->door = dy_rows_id(rows);
	e->at = dy_rows_time(rows);
	e->name = dy_rows_str(rows, arena);
	e->building_code = dy_rows_str(rows, arena);
	e->stair_code = dy_rows_str(rows, arena);
	e->door_code = dy_rows_str(rows, arena);
	return known ? DY_OK : dy_raise(err, DY_E_BUG, "", "a stored entry has an unknown state");
}

static enum dy_code
entry_one(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_sql *sql, struct dy_args args,
          bool *found, struct dy_sign_up_entry *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	DY_TRY(dy_sql_read_one(tx, sql, args, &rows, found, err));
	return *found ? entry_read(rows, arena, out, err) : DY_OK;
}

enum dy_code
dy_sign_up_entry_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id sign_up,
                     struct dy_id member, bool *found, struct dy_sign_up_entry *out,
                     struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);

	return entry_one(tx, arena, &ENTRY_GET,
	                 DY_ARGS(DY_V(community), DY_V(sign_up), DY_V(member)), found, out, err);
}

enum dy_code
dy_sign_up_first_waiting(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id sign_up,
                         bool *found, struct dy_sign_up_entry *out, struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);

	return entry_one(tx, arena, &ENTRY_FIRST_WAITING, DY_ARGS(DY_V(community), DY_V(sign_up)),
	                 found, out, err);
}

enum dy_code
dy_sign_up_entry_put(struct dy_wtx *tx, struct dy_id sign_up, const struct dy_sign_up_entry *e,
                     struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str state = dy_str_from(STATES[e->state]);

	return dy_sql_write(tx, &ENTRY_PUT,
	                    DY_ARGS(DY_V(community), DY_V(sign_up), DY_V(e->member), DY_V(e->place),
	                            DY_V(state), DY_V(e->seats), DY_V(e->note), DY_V(e->account),
	                            DY_V(e->household), DY_V(e->door), DY_V(e->at)),
	                    NULL, err);
}

enum dy_code
dy_sign_up_entry_set(struct dy_wtx *tx, struct dy_id sign_up, struct dy_id member,
                     enum dy_entry_state state, struct dy_time now, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str name = dy_str_from(STATES[state]);

	return dy_sql_write(
		tx, &ENTRY_SET,
		DY_ARGS(DY_V(community), DY_V(sign_up), DY_V(member), DY_V(name), DY_V(now)), NULL,
		err);
}

enum dy_code
dy_sign_up_entries(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id sign_up, int64_t after,
                   int64_t limit, struct dy_sign_up_entry_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_sign_up_entry_list){ 0 };
	DY_TRY(dy_sql_read(tx, &ENTRY_LIST,
	                   DY_ARGS(DY_V(community), DY_V(sign_up), DY_V(after), DY_V(limit)), &rows,
	                   err));
	while (dy_rows_next(rows)) {
		struct dy_sign_up_entry *e = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                           &out->cap, sizeof(*e));
		DY_TRY(entry_read(rows, arena, e, err));
	}
	return dy_rows_end(rows, err);
}
