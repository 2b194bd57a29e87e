/* Notices. */
#include "store/notice.h"

static const struct dy_sql NOTICE_INSERT = {
	.name = "notice_insert",
	.in = "iissssssssstt?tnnsi?nitt?s",
	.out = "",
	.text = "INSERT INTO notice (community_id, notice_id, code, status, msg_type, category,"
		" urgency, severity, certainty, headline, description, effective_at, onset_at,"
		" expires_at, wants_confirm, needs, state, replaces_id, recipients, created_by,"
		" created_at, sent_at, instruction)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17, $18, $19, $20, $21, $22, $23)",
};
static const struct dy_sql AREA_INSERT = {
	.name = "notice_area_insert",
	.in = "iisi",
	.out = "",
	.text = "INSERT INTO notice_area (community_id, notice_id, kind, place_id)"
		" VALUES ($1, $2, $3, $4)",
};
#define NOTICE_COLUMNS                                                                             \
	"SELECT n.notice_id, n.code, n.status, n.msg_type, n.category, n.urgency, n.severity,"     \
	" n.certainty, n.headline, n.description, n.instruction, n.effective_at, n.onset_at,"      \
	" n.expires_at, n.wants_confirm, n.needs, n.state, n.replaces_id, n.replaced_by,"          \
	" n.recipients, n.created_by, n.decided_by, n.created_at, n.sent_at, a.name, d.name,"      \
	" r.msg_type FROM notice n"                                                                \
	" JOIN account a ON a.community_id = n.community_id AND a.account_id = n.created_by"       \
	" LEFT JOIN account d ON d.community_id = n.community_id AND d.account_id = n.decided_by"  \
	" LEFT JOIN notice r ON r.community_id = n.community_id AND r.notice_id = n.replaced_by"
#define NOTICE_OUT "isssssssssstt?tnnsi?i?nii?tt?ss?s?"
static const struct dy_sql NOTICE_GET = {
	.name = "notice_get",
	.in = "ii",
	.out = NOTICE_OUT,
	.text = NOTICE_COLUMNS " WHERE n.community_id = $1 AND n.notice_id = $2",
};
static const struct dy_sql NOTICE_BY_CODE = {
	.name = "notice_by_code",
	.in = "is",
	.out = NOTICE_OUT,
	.text = NOTICE_COLUMNS " WHERE n.community_id = $1 AND n.code = $2",
};
static const struct dy_sql NOTICE_LIST_SENT = {
	.name = "notice_list_sent",
	.in = "itn",
	.out = NOTICE_OUT,
	.text = NOTICE_COLUMNS " WHERE n.community_id = $1 AND n.state = 'sent'"
			       " AND n.expires_at > $2"
			       " ORDER BY n.sent_at DESC, n.notice_id DESC LIMIT $3",
};
static const struct dy_sql NOTICE_LIST_ALL = {
	.name = "notice_list_all",
	.in = "iin",
	.out = NOTICE_OUT,
	.text = NOTICE_COLUMNS " WHERE n.community_id = $1 AND n.notice_id < $2"
			       " ORDER BY n.notice_id DESC LIMIT $3",
};
static const struct dy_sql AREA_LIST = {
	.name = "notice_area_list",
	.in = "ii",
	.out = "si",
	.text = "SELECT kind, place_id FROM notice_area WHERE community_id = $1 AND notice_id = $2"
		" ORDER BY kind, place_id",
};
static const struct dy_sql NOTICE_DECIDE = {
	.name = "notice_decide",
	.in = "iisit?n",
	.out = "",
	.text = "UPDATE notice SET state = $3, decided_by = $4, sent_at = $5, recipients = $6"
		" WHERE community_id = $1 AND notice_id = $2 AND state = 'pending'",
};
static const struct dy_sql NOTICE_REPLACE = {
	.name = "notice_replace",
	.in = "iii",
	.out = "",
	.text = "UPDATE notice SET replaced_by = $3 WHERE community_id = $1 AND notice_id = $2"
		" AND state = 'sent' AND replaced_by IS NULL",
};
static const struct dy_sql RECEIPT_PUT = {
	.name = "notice_receipt_put",
	.in = "iiinit",
	.out = "",
	.text = "INSERT INTO notice_receipt (community_id, notice_id, household_id, mark,"
		" account_id, at) VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (community_id, notice_id, household_id) DO UPDATE SET mark = $4,"
		" account_id = $5, at = $6 WHERE notice_receipt.mark < $4",
};
static const struct dy_sql RECEIPT_GET = {
	.name = "notice_receipt_get",
	.in = "iii",
	.out = "n",
	.text = "SELECT mark FROM notice_receipt WHERE community_id = $1 AND notice_id = $2"
		" AND household_id = $3",
};
static const struct dy_sql RECEIPT_COUNT = {
	.name = "notice_receipt_count",
	.in = "ii",
	.out = "nn",
	.text = "SELECT mark, COUNT(*) FROM notice_receipt WHERE community_id = $1"
		" AND notice_id = $2 GROUP BY mark",
};
static const struct dy_sql TASK_PUT = {
	.name = "notice_task_put",
	.in = "iiii",
	.out = "",
	.text = "INSERT INTO notice_task (community_id, notice_id, household_id, account_id)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT (community_id, notice_id, household_id)"
		" DO UPDATE SET account_id = $4",
};
static const struct dy_sql TASK_DROP = {
	.name = "notice_task_drop",
	.in = "iii",
	.out = "",
	.text = "DELETE FROM notice_task WHERE community_id = $1 AND notice_id = $2"
		" AND household_id = $3",
};
/* The numbers of the needs are those of enum dy_fact_kind, as DY_FLAG() has them. */
static const struct dy_sql HOME_LIST = {
	.name = "notice_home_list",
	.in = "iti?i?",
	.out = "iiiiisssnnnnsni?s?",
	.text = "SELECT h.household_id, u.grid_id, u.unit_id, s.building_id, s.stair_id, b.code,"
		" s.code, d.code, d.floor, h.residents,"
		" (SELECT COUNT(*) FROM account a WHERE a.community_id = h.community_id"
		"  AND a.household_id = h.household_id AND a.disabled_at IS NULL),"
		" (SELECT COALESCE(SUM(CASE f.kind WHEN 'elderly_alone' THEN 8 WHEN 'dialysis'"
		"  THEN 16 WHEN 'infant' THEN 32 WHEN 'disabled' THEN 64 WHEN 'pet' THEN 128 ELSE 0"
		"  END), 0) FROM household_fact f WHERE f.community_id = h.community_id"
		"  AND f.household_id = h.household_id"
		"  AND (f.expires_at IS NULL OR f.expires_at > $2)),"
		" u.name, COALESCE(r.mark, 0), t.account_id, k.name FROM household h"
		" JOIN door d ON d.community_id = h.community_id AND d.door_id = h.door_id"
		" JOIN stair s ON s.community_id = d.community_id AND s.stair_id = d.stair_id"
		" JOIN building b ON b.community_id = s.community_id"
		"  AND b.building_id = s.building_id"
		" JOIN unit_stair us ON us.community_id = s.community_id"
		"  AND us.stair_id = s.stair_id"
		" JOIN unit u ON u.community_id = us.community_id AND u.unit_id = us.unit_id"
		" LEFT JOIN notice_receipt r ON r.community_id = h.community_id"
		"  AND r.notice_id = $3 AND r.household_id = h.household_id"
		" LEFT JOIN notice_task t ON t.community_id = h.community_id"
		"  AND t.notice_id = $3 AND t.household_id = h.household_id"
		" LEFT JOIN account k ON k.community_id = t.community_id"
		"  AND k.account_id = t.account_id"
		" WHERE h.community_id = $1 AND h.moved_out_at IS NULL AND us.valid_from <= $2"
		" AND (us.valid_to IS NULL OR us.valid_to > $2) AND ($4 IS NULL OR us.unit_id = $4)"
		" ORDER BY LENGTH(b.code), b.code, LENGTH(s.code), s.code, d.floor,"
		" LENGTH(d.code), d.code",
};

static const struct dy_sql STAIR_BUILDING = {
	.name = "stair_building",
	.in = "ii",
	.out = "i",
	.text = "SELECT building_id FROM stair WHERE community_id = $1 AND stair_id = $2",
};

const struct dy_sql *const dy_notice_sql[] = {
	&STAIR_BUILDING, &NOTICE_INSERT,    &AREA_INSERT,     &NOTICE_GET,
	&NOTICE_BY_CODE, &NOTICE_LIST_SENT, &NOTICE_LIST_ALL, &AREA_LIST,
	&NOTICE_DECIDE,  &NOTICE_REPLACE,   &RECEIPT_PUT,     &RECEIPT_GET,
	&RECEIPT_COUNT,  &TASK_PUT,         &TASK_DROP,       &HOME_LIST,
};
const size_t dy_notice_sql_n = DY_COUNT(dy_notice_sql);

enum dy_code
dy_notice_insert(struct dy_wtx *tx, const struct dy_notice *n, const struct dy_area_list *areas,
                 struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t wants = n->wants_confirm, needs = n->needs;

	DY_TRY(dy_sql_write(tx, &NOTICE_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(n->id), DY_V(n->code), DY_V(n->status),
	                            DY_V(n->msg_type), DY_V(n->category), DY_V(n->urgency),
	                            DY_V(n->severity), DY_V(n->certainty), DY_V(n->headline),
	                            DY_V(n->description), DY_V(n->effective_at), DY_V(n->onset_at),
	                            DY_V(n->expires_at), DY_V(wants), DY_V(needs), DY_V(n->state),
	                            DY_V(n->replaces), DY_V(n->recipients), DY_V(n->created_by),
	                            DY_V(n->created_at), DY_V(n->sent_at), DY_V(n->instruction)),
	                    NULL, err));
	for (size_t i = 0; i < areas->count; i++) {
		struct dy_str kind = dy_str_from(dy_area_name(areas->items[i].kind));
		DY_TRY(dy_sql_write(
			tx, &AREA_INSERT,
			DY_ARGS(DY_V(community), DY_V(n->id), DY_V(kind), DY_V(areas->items[i].id)),
			NULL, err));
	}
	return DY_OK;
}

static void
notice_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_notice *n)
{
	n->id = dy_rows_id(rows);
	n->code = dy_rows_str(rows, arena);
	n->status = dy_rows_str(rows, arena);
	n->msg_type = dy_rows_str(rows, arena);
	n->category = dy_rows_str(rows, arena);
	n->urgency = dy_rows_str(rows, arena);
	n->severity = dy_rows_str(rows, arena);
	n->certainty = dy_rows_str(rows, arena);
	n->headline = dy_rows_str(rows, arena);
	n->description = dy_rows_str(rows, arena);
	n->instruction = dy_rows_str(rows, arena);
	n->effective_at = dy_rows_time(rows);
	n->onset_at = dy_rows_time(rows);
	n->expires_at = dy_rows_time(rows);
	n->wants_confirm = dy_rows_int(rows) != 0;
	n->needs = (unsigned)dy_rows_int(rows);
	n->state = dy_rows_str(rows, arena);
	n->replaces = dy_rows_id(rows);
	n->replaced_by = dy_rows_id(rows);
	n->recipients = dy_rows_int(rows);
	n->created_by = dy_rows_id(rows);
	n->decided_by = dy_rows_id(rows);
	n->created_at = dy_rows_time(rows);
	n->sent_at = dy_rows_time(rows);
	n->created_name = dy_rows_str(rows, arena);
	n->decided_name = dy_rows_str(rows, arena);
	n->replaced_type = dy_rows_str(rows, arena);
}

static enum dy_code
notice_one(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_sql *sql, struct dy_args args,
           bool *found, struct dy_notice *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	DY_TRY(dy_sql_read_one(tx, sql, args, &rows, found, err));
	if (*found)
		notice_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_notice_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_notice *out,
              struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(notice_one(tx, arena, &NOTICE_GET, DY_ARGS(DY_V(community), DY_V(id)), &found, out,
	                  err));
	return found ? DY_OK : dy_raise(err, DY_E_NOT_FOUND, "", "no such notice");
}

enum dy_code
dy_notice_by_code(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str code, bool *found,
                  struct dy_notice *out, struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);

	return notice_one(tx, arena, &NOTICE_BY_CODE, DY_ARGS(DY_V(community), DY_V(code)), found,
	                  out, err);
}

static enum dy_code
notices_read(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_sql *sql,
             struct dy_args args, struct dy_notice_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	*out = (struct dy_notice_list){ 0 };
	DY_TRY(dy_sql_read(tx, sql, args, &rows, err));
	while (dy_rows_next(rows))
		notice_read(rows, arena,
		            dy_arena_push(arena, (void **)&out->items, &out->count, &out->cap,
		                          sizeof(*out->items)));
	return dy_rows_end(rows, err);
}

enum dy_code
dy_notice_list_sent(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time since, int64_t limit,
                    struct dy_notice_list *out, struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);

	return notices_read(tx, arena, &NOTICE_LIST_SENT,
	                    DY_ARGS(DY_V(community), DY_V(since), DY_V(limit)), out, err);
}

enum dy_code
dy_notice_list_all(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id before, int64_t limit,
                   struct dy_notice_list *out, struct dy_err *err)
{
	struct dy_id community = dy_rtx_community(tx);
	struct dy_id from = before.v != 0 ? before : (struct dy_id){ INT64_MAX };

	return notices_read(tx, arena, &NOTICE_LIST_ALL,
	                    DY_ARGS(DY_V(community), DY_V(from), DY_V(limit)), out, err);
}

enum dy_code
dy_notice_areas(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id notice,
                struct dy_area_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool known = true;

	*out = (struct dy_area_list){ 0 };
	DY_TRY(dy_sql_read(tx, &AREA_LIST, DY_ARGS(DY_V(community), DY_V(notice)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_area *a = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*a));
		known = dy_area_find(dy_rows_str(rows, arena), &a->kind) && known;
		a->id = dy_rows_id(rows);
	}
	DY_TRY(dy_rows_end(rows, err));
	return known ? DY_OK : dy_raise(err, DY_E_BUG, "", "a stored area has an unknown kind");
}

enum dy_code
dy_notice_decide(struct dy_wtx *tx, const struct dy_notice *n, bool *done, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed;

	DY_TRY(dy_sql_write(tx, &NOTICE_DECIDE,
	                    DY_ARGS(DY_V(community), DY_V(n->id), DY_V(n->state),
	                            DY_V(n->decided_by), DY_V(n->sent_at), DY_V(n->recipients)),
	                    &changed, err));
	*done = changed == 1;
	return DY_OK;
}

enum dy_code
dy_notice_replace(struct dy_wtx *tx, struct dy_id notice, struct dy_id by, bool *done,
                  struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed;

	DY_TRY(dy_sql_write(tx, &NOTICE_REPLACE, DY_ARGS(DY_V(community), DY_V(notice), DY_V(by)),
	                    &changed, err));
	*done = changed == 1;
	return DY_OK;
}

static const char *const MARKS[] = { "none", "not_home", "read", "told", "confirmed" };

const char *
dy_mark_name(enum dy_mark mark)
{
	return MARKS[mark];
}

enum dy_code
dy_receipt_put(struct dy_wtx *tx, struct dy_id notice, struct dy_id household, enum dy_mark mark,
               struct dy_id account, struct dy_time at, bool *grew, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t rank = mark, changed;

	DY_TRY(dy_sql_write(tx, &RECEIPT_PUT,
	                    DY_ARGS(DY_V(community), DY_V(notice), DY_V(household), DY_V(rank),
	                            DY_V(account), DY_V(at)),
	                    &changed, err));
	*grew = changed == 1;
	return DY_OK;
}

/* A number outside of the marks comes from a newer program: it counts as the most. */
static enum dy_mark
mark_of(int64_t n)
{
	return n >= 0 && n <= DY_MARK_CONFIRMED ? (enum dy_mark)n : DY_MARK_CONFIRMED;
}

enum dy_code
dy_receipt_get(struct dy_rtx *tx, struct dy_id notice, struct dy_id household, enum dy_mark *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = DY_MARK_NONE;
	DY_TRY(dy_sql_read(tx, &RECEIPT_GET,
	                   DY_ARGS(DY_V(community), DY_V(notice), DY_V(household)), &rows, err));
	while (dy_rows_next(rows))
		*out = mark_of(dy_rows_int(rows));
	return dy_rows_end(rows, err);
}

enum dy_code
dy_receipt_count(struct dy_rtx *tx, struct dy_id notice, struct dy_receipt_counts *out,
                 struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_receipt_counts){ 0 };
	DY_TRY(dy_sql_read(tx, &RECEIPT_COUNT, DY_ARGS(DY_V(community), DY_V(notice)), &rows, err));
	while (dy_rows_next(rows)) {
		enum dy_mark mark = mark_of(dy_rows_int(rows));
		out->of[mark] += dy_rows_int(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_notice_task_put(struct dy_wtx *tx, struct dy_id notice, struct dy_id household,
                   struct dy_id account, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	if (account.v == 0)
		return dy_sql_write(tx, &TASK_DROP,
		                    DY_ARGS(DY_V(community), DY_V(notice), DY_V(household)), NULL,
		                    err);
	return dy_sql_write(tx, &TASK_PUT,
	                    DY_ARGS(DY_V(community), DY_V(notice), DY_V(household), DY_V(account)),
	                    NULL, err);
}

static void
home_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_home *h)
{
	h->household = dy_rows_id(rows);
	h->at.grid = dy_rows_id(rows);
	h->at.unit = dy_rows_id(rows);
	h->at.building = dy_rows_id(rows);
	h->at.stair = dy_rows_id(rows);
	h->building_code = dy_rows_str(rows, arena);
	h->stair_code = dy_rows_str(rows, arena);
	h->door_code = dy_rows_str(rows, arena);
	h->floor = dy_rows_int(rows);
	h->residents = dy_rows_int(rows);
	h->is_reachable = dy_rows_int(rows) > 0;
	h->at.needs = (unsigned)dy_rows_int(rows);
	h->unit_name = dy_rows_str(rows, arena);
	h->mark = mark_of(dy_rows_int(rows));
	h->task = dy_rows_id(rows);
	h->task_name = dy_rows_str(rows, arena);
}

enum dy_code
dy_home_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id notice, struct dy_id unit,
             struct dy_time now, struct dy_home_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_home_list){ 0 };
	DY_TRY(dy_sql_read(tx, &HOME_LIST,
	                   DY_ARGS(DY_V(community), DY_V(now), DY_V(notice), DY_V(unit)), &rows,
	                   err));
	while (dy_rows_next(rows))
		home_read(rows, arena,
		          dy_arena_push(arena, (void **)&out->items, &out->count, &out->cap,
		                        sizeof(*out->items)));
	return dy_rows_end(rows, err);
}

enum dy_code
dy_stair_building(struct dy_rtx *tx, struct dy_id stair, struct dy_id *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_id){ 0 };
	DY_TRY(dy_sql_read(tx, &STAIR_BUILDING, DY_ARGS(DY_V(community), DY_V(stair)), &rows, err));
	while (dy_rows_next(rows))
		*out = dy_rows_id(rows);
	return dy_rows_end(rows, err);
}
