/* Rates of units, and the requests behind them. */
#include "store/oversight.h"

#define COUNTS   " r.state NOT IN ('merged', 'refused', 'withdrawn')"
#define OPEN     " r.state NOT IN ('closed', 'done', 'merged', 'refused', 'withdrawn')"
#define FINISHED " r.state IN ('closed', 'done')"
/* when it was finished: one-step closes have no done_at */
#define DONE_AT "COALESCE(r.done_at, r.closed_at)"
#define REOPENED                                                                                   \
	"EXISTS (SELECT 1 FROM request_entry e WHERE e.community_id = $1"                          \
	" AND e.request_id = r.request_id AND e.act = 'reopen')"
#define CONFIRMED                                                                                  \
	"EXISTS (SELECT 1 FROM request_entry e WHERE e.community_id = $1"                          \
	" AND e.request_id = r.request_id AND e.act = 'confirm')"
#define COLUMN(claim) ", SUM(CASE WHEN " claim " THEN 1 ELSE 0 END)"

#define RESPONDED                                                                                  \
	"r.responded_at IS NOT NULL AND (r.respond_due_at IS NULL OR r.responded_at <= "           \
	"r.respond_due_at)"
#define RESPONDED_OF(now) "(r.responded_at IS NOT NULL OR r.respond_due_at <= " now ")"
#define SOLVED            FINISHED " AND (r.close_due_at IS NULL OR " DONE_AT " <= r.close_due_at)"
#define SOLVED_OF(now)    "(" FINISHED " OR r.close_due_at <= " now ")"
#define SATISFIED                                                                                  \
	"NOT " REOPENED " AND (r.rating >= 4 OR (COALESCE(r.rating, 0) = 0 AND " CONFIRMED "))"
#define JUDGED "(r.rating > 0 OR " CONFIRMED " OR " REOPENED ")"

/* $4 and $5: ids of the period, a minute wider on both sides: they begin with the time, and the key finds them */
#define PERIOD                                                                                     \
	" r.community_id = $1 AND r.request_id >= $4 AND r.request_id < $5"                        \
	" AND r.created_at >= $2 AND r.created_at < $3 AND" COUNTS

#define RATE_COLUMNS                                                                               \
	COLUMN(RESPONDED)                                                                          \
	COLUMN(RESPONDED_OF("$6"))                                                                 \
	COLUMN(SOLVED)                                                                             \
	COLUMN(SOLVED_OF("$6"))                                                                    \
	COLUMN(SATISFIED)                                                                          \
	COLUMN(JUDGED)                                                                             \
	COLUMN(REOPENED)

static const struct dy_sql RATES = {
	.name = "oversight_rates",
	.in = "ittiit",
	.out = "innnnnnnn",
	.text = "SELECT r.unit_id, COUNT(*)" RATE_COLUMNS " FROM request r WHERE" PERIOD
		" GROUP BY r.unit_id",
};
static const struct dy_sql OPEN_NOW = {
	.name = "oversight_open",
	.in = "it",
	.out = "inn",
	.text = "SELECT r.unit_id, COUNT(*), SUM(CASE WHEN r.paused_at IS NULL AND (r.close_due_at "
		"< $2"
		" OR (r.responded_at IS NULL AND r.respond_due_at < $2)) THEN 1 ELSE 0 END)"
		" FROM request r WHERE r.community_id = $1 AND" OPEN " GROUP BY r.unit_id",
};

#define CASE_COLUMNS                                                                               \
	"SELECT r.request_id, r.unit_id, r.grid_id, r.day, r.day_number,"                          \
	" CASE WHEN " REOPENED " THEN 1 ELSE 0 END, COALESCE(r.rating, 0), r.category, r.state,"   \
	" r.created_at, r.responded_at, r.respond_due_at, " DONE_AT ", r.close_due_at"             \
	" FROM request r"
#define CASE_OUT    "iiinnnnsstt?t?t?t?"
#define CASE_ORDER  " AND ($6 = 0 OR r.unit_id = $6) ORDER BY r.request_id DESC LIMIT $7"
#define CASE_IN     "ittiinn"
#define CASE_NOW_IN "ittiinnt" /* the last: now */

static const struct dy_sql CASES_ALL = {
	.name = "oversight_all",
	.in = CASE_IN,
	.out = CASE_OUT,
	.text = CASE_COLUMNS " WHERE" PERIOD "" CASE_ORDER,
};
static const struct dy_sql CASES_LATE = {
	.name = "oversight_late",
	.in = CASE_NOW_IN,
	.out = CASE_OUT,
	.text = CASE_COLUMNS " WHERE" PERIOD " AND " RESPONDED_OF("$8") " AND NOT (" RESPONDED
									")" CASE_ORDER,
};
static const struct dy_sql CASES_UNSOLVED = {
	.name = "oversight_unsolved",
	.in = CASE_NOW_IN,
	.out = CASE_OUT,
	.text = CASE_COLUMNS " WHERE" PERIOD " AND " SOLVED_OF("$8") " AND NOT (" SOLVED
								     ")" CASE_ORDER,
};
static const struct dy_sql CASES_UNSATISFIED = {
	.name = "oversight_unsatisfied",
	.in = CASE_IN,
	.out = CASE_OUT,
	.text = CASE_COLUMNS " WHERE" PERIOD " AND " JUDGED " AND NOT (" SATISFIED ")" CASE_ORDER,
};
static const struct dy_sql CASES_OVERDUE = {
	.name = "oversight_overdue",
	.in = "itnn",
	.out = CASE_OUT,
	.text = CASE_COLUMNS " WHERE r.community_id = $1 AND" OPEN " AND r.paused_at IS NULL"
			     " AND (r.close_due_at < $2"
			     " OR (r.responded_at IS NULL AND r.respond_due_at < $2))"
			     " AND ($3 = 0 OR r.unit_id = $3) ORDER BY r.request_id DESC LIMIT $4",
};
static const struct dy_sql CASE_GET = {
	.name = "oversight_case",
	.in = "ii",
	.out = CASE_OUT,
	.text = CASE_COLUMNS " WHERE r.community_id = $1 AND r.request_id = $2",
};
static const struct dy_sql CASE_ACTS = {
	.name = "oversight_acts",
	.in = "ii",
	.out = "tssss",
	.text = "SELECT at, act, actor_side, from_state, to_state FROM request_entry"
		" WHERE community_id = $1 AND request_id = $2 ORDER BY number LIMIT 500",
};

const struct dy_sql *const dy_oversight_sql[] = {
	&RATES,         &OPEN_NOW, &CASES_ALL, &CASES_LATE, &CASES_UNSOLVED, &CASES_UNSATISFIED,
	&CASES_OVERDUE, &CASE_GET, &CASE_ACTS,
};
const size_t dy_oversight_sql_n = DY_COUNT(dy_oversight_sql);

static struct dy_id
id_from(struct dy_time t, int64_t shift_ms)
{
	int64_t ms = t.ms + shift_ms;
	return dy_id_make((struct dy_time){ ms > 1 ? ms : 1 }, 0);
}

static enum dy_code
open_read(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now, struct dy_rates_list *list,
          struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read(tx, &OPEN_NOW, DY_ARGS(DY_V(community), DY_V(now)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_id unit = dy_rows_id(rows);
		struct dy_rates *r = NULL;
		for (size_t i = 0; i < list->count && r == NULL; i++)
			r = dy_id_eq(list->items[i].unit, unit) ? &list->items[i] : NULL;
		if (r == NULL) {
			r = dy_arena_push(arena, (void **)&list->items, &list->count, &list->cap,
			                  sizeof(*r));
			r->unit = unit;
		}
		r->open = dy_rows_int(rows);
		r->overdue = dy_rows_int(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_rates_list(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_period *p,
              struct dy_rates_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_id first = id_from(p->from, -DY_MINUTE_MS), last = id_from(p->to, DY_MINUTE_MS);
	struct dy_rates_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &RATES,
	                   DY_ARGS(DY_V(community), DY_V(p->from), DY_V(p->to), DY_V(first),
	                           DY_V(last), DY_V(p->now)),
	                   &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_rates *r = dy_arena_push(arena, (void **)&list.items, &list.count,
		                                   &list.cap, sizeof(*r));
		r->unit = dy_rows_id(rows);
		r->requests = dy_rows_int(rows);
		r->responded = dy_rows_int(rows);
		r->responded_of = dy_rows_int(rows);
		r->solved = dy_rows_int(rows);
		r->solved_of = dy_rows_int(rows);
		r->satisfied = dy_rows_int(rows);
		r->satisfied_of = dy_rows_int(rows);
		r->reopened = dy_rows_int(rows);
	}
	DY_TRY(dy_rows_end(rows, err));
	DY_TRY(open_read(tx, arena, p->now, &list, err));
	*out = list;
	return DY_OK;
}

static void
case_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_case *c)
{
	c->id = dy_rows_id(rows);
	c->unit = dy_rows_id(rows);
	c->grid = dy_rows_id(rows);
	c->day = dy_rows_int(rows);
	c->day_number = dy_rows_int(rows);
	c->reopened = dy_rows_int(rows);
	c->rating = dy_rows_int(rows);
	c->category = dy_rows_str(rows, arena);
	c->state = dy_rows_str(rows, arena);
	c->created_at = dy_rows_time(rows);
	c->responded_at = dy_rows_time(rows);
	c->respond_due_at = dy_rows_time(rows);
	c->done_at = dy_rows_time(rows);
	c->close_due_at = dy_rows_time(rows);
}

enum dy_code
dy_case_list(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_period *p,
             struct dy_id unit, enum dy_which which, int64_t limit, struct dy_case_list *out,
             struct dy_err *err)
{
	static const struct dy_sql *const SQL[DY_WHICHES] = { &CASES_ALL, &CASES_LATE,
		                                              &CASES_UNSOLVED, &CASES_UNSATISFIED,
		                                              &CASES_OVERDUE };
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_id first = id_from(p->from, -DY_MINUTE_MS), last = id_from(p->to, DY_MINUTE_MS);
	struct dy_case_list list = { 0 };
	int64_t only = unit.v;

	if (which == DY_WHICH_OVERDUE)
		DY_TRY(dy_sql_read(tx, SQL[which],
		                   DY_ARGS(DY_V(community), DY_V(p->now), DY_V(only), DY_V(limit)),
		                   &rows, err));
	else if (which == DY_WHICH_LATE || which == DY_WHICH_UNSOLVED)
		DY_TRY(dy_sql_read(tx, SQL[which],
		                   DY_ARGS(DY_V(community), DY_V(p->from), DY_V(p->to), DY_V(first),
		                           DY_V(last), DY_V(only), DY_V(limit), DY_V(p->now)),
		                   &rows, err));
	else
		DY_TRY(dy_sql_read(tx, SQL[which],
		                   DY_ARGS(DY_V(community), DY_V(p->from), DY_V(p->to), DY_V(first),
		                           DY_V(last), DY_V(only), DY_V(limit)),
		                   &rows, err));
	while (dy_rows_next(rows))
		case_read(rows, arena,
		          dy_arena_push(arena, (void **)&list.items, &list.count, &list.cap,
		                        sizeof(*list.items)));
	*out = list;
	return dy_rows_end(rows, err);
}

enum dy_code
dy_case_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_case *out,
            struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &CASE_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such request");
	case_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_case_acts(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
             struct dy_case_act_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_case_act_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &CASE_ACTS, DY_ARGS(DY_V(community), DY_V(id)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_case_act *a = dy_arena_push(arena, (void **)&list.items, &list.count,
		                                      &list.cap, sizeof(*a));
		a->at = dy_rows_time(rows);
		a->act = dy_rows_str(rows, arena);
		a->side = dy_rows_str(rows, arena);
		a->from_state = dy_rows_str(rows, arena);
		a->to_state = dy_rows_str(rows, arena);
	}
	*out = list;
	return dy_rows_end(rows, err);
}
