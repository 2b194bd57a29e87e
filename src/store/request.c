/* Requests and their conversation. */
#include "store/request.h"

#include "store/counter.h"

#include <string.h>

#include "store/clock.h"

static const struct dy_sql REQUEST_INSERT = {
	.name = "request_insert",
	.in = "iinnssnsi?i?iisb?si?tt?t?in",
	.out = "",
	.text = "INSERT INTO request (community_id, request_id, day, day_number, callback_code, "
		"category,"
		" is_urgent, state, household_id, door_id, stair_id, unit_id, text, contact_sealed,"
		" channel, reporter_id, created_at, respond_due_at, close_due_at, grid_id, level,"
		" changed_at, version, is_verified) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
		"$10,"
		" $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0, $17, 1, $21)",
};
static const struct dy_sql REQUEST_UPDATE = {
	.name = "request_update",
	.in = "iinss?ni?i?tt?t?t?t?t?t?nnnt?n",
	.out = "",
	.text = "UPDATE request SET version = version + 1, state = $4, prior_state = $5, level = "
		"$6,"
		" owner_id = $7, merged_into = $8, changed_at = $9, responded_at = $10, done_at = "
		"$11,"
		" closed_at = $12, respond_due_at = $13, close_due_at = $14, paused_at = $15,"
		" rating = $16, is_verified = $17, reminders = $18, reminded_at = $19,"
		" is_urgent = $20 WHERE community_id = $1 AND request_id = $2 AND version = $3",
};

#define REQUEST_COLUMNS                                                                            \
	"SELECT r.request_id, r.day, r.day_number, r.callback_code, r.category, r.is_urgent,"      \
	" r.state, r.prior_state, r.level, r.household_id, r.door_id, r.stair_id, r.unit_id,"      \
	" r.grid_id, r.text, r.contact_sealed, r.channel, r.reporter_id, r.owner_id,"              \
	" r.merged_into, r.created_at, r.changed_at, r.responded_at, r.done_at, r.closed_at,"      \
	" r.respond_due_at, r.close_due_at, r.paused_at, COALESCE(r.rating, 0), r.version,"        \
	" r.is_verified, r.reminders, r.reminded_at, r.followers, r.open_needs,"                   \
	" (SELECT COUNT(*) FROM photo p WHERE p.community_id = r.community_id"                     \
	" AND p.request_id = r.request_id),"                                                       \
	" k.next_at, COALESCE(k.from_at, r.created_at), k.owned_at, COALESCE(k.respond_rung, 0),"  \
	" COALESCE(k.close_rung, 0), COALESCE(k.card, 0), COALESCE(k.paused_ms, 0),"               \
	" COALESCE(k.extended_ms, 0), COALESCE(k.extend_minutes, 0),"                              \
	" COALESCE(k.seen_version, 1),"                                                            \
	" u.name, b.code, s.code, d.code, o.name, o.phone_sealed FROM request r"                   \
	" JOIN unit u ON u.community_id = r.community_id AND u.unit_id = r.unit_id"                \
	" JOIN stair s ON s.community_id = r.community_id AND s.stair_id = r.stair_id"             \
	" JOIN building b ON b.community_id = s.community_id AND b.building_id = s.building_id"    \
	" LEFT JOIN request_clock k ON k.community_id = r.community_id"                            \
	" AND k.request_id = r.request_id"                                                         \
	" LEFT JOIN door d ON d.community_id = r.community_id AND d.door_id = r.door_id"           \
	" LEFT JOIN account o ON o.community_id = r.community_id AND o.account_id = r.owner_id"
#define REQUEST_OUT "innssnss?ni?i?iiisb?si?i?i?ttt?t?t?t?t?t?nnnnt?nnnt?tt?nnnnnnnssss?s?b?"
#define ENDED       "('closed', 'merged', 'refused', 'withdrawn')"

static const struct dy_sql REQUEST_GET = {
	.name = "request_get",
	.in = "ii",
	.out = REQUEST_OUT,
	.text = REQUEST_COLUMNS " WHERE r.community_id = $1 AND r.request_id = $2",
};
/* Open: urgent first, then oldest. The cursor is the last row of the page before. */
#define OPEN_STATES                                                                                \
	"('reported', 'accepted', 'dispatched', 'claimed', 'working', 'done', 'suspended',"        \
	" 'escalated', 'returned', 'reopened')"
#define OPEN_AFTER                                                                                 \
	" AND (r.is_urgent < $2 OR (r.is_urgent = $2 AND (r.created_at > $3"                       \
	" OR (r.created_at = $3 AND r.request_id > $4))))"
#define OPEN_ORDER " ORDER BY r.is_urgent DESC, r.created_at, r.request_id LIMIT $5"
/* The others: newest first. */
#define NEWEST_AFTER " AND (r.created_at < $2 OR (r.created_at = $2 AND r.request_id < $3))"
#define NEWEST_ORDER " ORDER BY r.created_at DESC, r.request_id DESC LIMIT $4"

static const struct dy_sql REQUESTS_OPEN = {
	.name = "requests_open",
	.in = "int?i?n",
	.out = REQUEST_OUT,
	.text = REQUEST_COLUMNS
	" WHERE r.community_id = $1 AND r.state IN " OPEN_STATES OPEN_AFTER OPEN_ORDER,
};
static const struct dy_sql REQUESTS_OPEN_UNIT = {
	.name = "requests_open_unit",
	.in = "int?i?ni",
	.out = REQUEST_OUT,
	.text = REQUEST_COLUMNS " WHERE r.community_id = $1 AND r.unit_id = $6"
				" AND r.state IN " OPEN_STATES OPEN_AFTER OPEN_ORDER,
};
static const struct dy_sql REQUESTS_ENDED = {
	.name = "requests_ended",
	.in = "iti?n",
	.out = REQUEST_OUT,
	.text = REQUEST_COLUMNS
	" WHERE r.community_id = $1 AND r.state IN " ENDED NEWEST_AFTER NEWEST_ORDER,
};
static const struct dy_sql REQUESTS_ENDED_UNIT = {
	.name = "requests_ended_unit",
	.in = "iti?ni",
	.out = REQUEST_OUT,
	.text = REQUEST_COLUMNS " WHERE r.community_id = $1 AND r.unit_id = $5"
				" AND r.state IN " ENDED NEWEST_AFTER NEWEST_ORDER,
};
static const struct dy_sql REQUESTS_MINE = {
	.name = "requests_mine",
	.in = "iti?nii?",
	.out = REQUEST_OUT,
	.text = REQUEST_COLUMNS
	" WHERE r.community_id = $1"
	/* the reporter's own household has channel 'web': request_by_proxy holds the others */
	" AND ((r.reporter_id = $5 AND r.channel <> 'web') OR r.household_id = $6)" NEWEST_AFTER
		NEWEST_ORDER,
};
static const struct dy_sql ENTRY_INSERT = {
	.name = "entry_insert",
	.in = "iinti?ssssss",
	.out = "",
	.text = "INSERT INTO request_entry (community_id, request_id, number, at, actor_id,"
		" actor_side, act, from_state, to_state, text, visibility)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};
static const struct dy_sql ENTRY_NEXT = {
	.name = "entry_next",
	.in = "ii",
	.out = "n",
	.text = "SELECT COALESCE(MAX(number), 0) + 1 FROM request_entry"
		" WHERE community_id = $1 AND request_id = $2",
};
static const struct dy_sql ENTRY_LIST = {
	.name = "entry_list",
	.in = "ii",
	.out = "nti?sssssss?",
	.text = "SELECT e.number, e.at, e.actor_id, e.actor_side, e.act, e.from_state, e.to_state,"
		" e.text, e.visibility, a.name FROM request_entry e"
		" LEFT JOIN account a ON a.community_id = e.community_id AND a.account_id = "
		"e.actor_id"
		" WHERE e.community_id = $1 AND e.request_id = $2 ORDER BY e.number LIMIT 500",
};

const struct dy_sql *const dy_request_sql[] = {
	&REQUEST_INSERT,     &REQUEST_UPDATE, &REQUEST_GET,         &REQUESTS_OPEN,
	&REQUESTS_OPEN_UNIT, &REQUESTS_ENDED, &REQUESTS_ENDED_UNIT, &REQUESTS_MINE,
	&ENTRY_INSERT,       &ENTRY_NEXT,     &ENTRY_LIST
};
const size_t dy_request_sql_n = DY_COUNT(dy_request_sql);

enum dy_code
dy_request_number(struct dy_wtx *tx, int64_t day, int64_t *out, struct dy_err *err)
{
	static const char head[] = "request-day-";
	char text[DY_COUNTER_NAME], number[DY_INT_TEXT];
	struct dy_str digits = dy_str_from(dy_int_text(day, number));

	memcpy(text, head, sizeof(head) - 1);
	memcpy(text + sizeof(head) - 1, digits.ptr, digits.len);
	return dy_counter_next(tx, (struct dy_str){ text, sizeof(head) - 1 + digits.len }, out,
	                       err);
}

enum dy_code
dy_request_insert(struct dy_wtx *tx, const struct dy_request *r, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str state = dy_str_from(dy_state_name(r->state));
	int64_t urgent = r->urgent;
	int64_t verified = !r->unverified;

	DY_TRY(dy_sql_write(tx, &REQUEST_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(r->id), DY_V(r->day), DY_V(r->day_number),
	                            DY_V(r->callback_code), DY_V(r->category), DY_V(urgent),
	                            DY_V(state), DY_V(r->household), DY_V(r->door), DY_V(r->stair),
	                            DY_V(r->unit), DY_V(r->text), DY_V(r->contact_sealed),
	                            DY_V(r->channel), DY_V(r->reporter), DY_V(r->created_at),
	                            DY_V(r->respond_due_at), DY_V(r->close_due_at), DY_V(r->grid),
	                            DY_V(verified)),
	                    NULL, err));
	return dy_request_clock_put(tx, r, err);
}

enum dy_code
dy_request_update(struct dy_wtx *tx, struct dy_request *r, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str state = dy_str_from(dy_state_name(r->state));
	struct dy_str prior = { "", 0 };
	int64_t urgent = r->urgent;
	int64_t verified = !r->unverified;
	int64_t changed;

	if (r->state == DY_STATE_SUSPENDED)
		prior = dy_str_from(dy_state_name(r->prior));
	DY_TRY(dy_sql_write(tx, &REQUEST_UPDATE,
	                    DY_ARGS(DY_V(community), DY_V(r->id), DY_V(r->version), DY_V(state),
	                            DY_V(prior), DY_V(r->level), DY_V(r->owner),
	                            DY_V(r->merged_into), DY_V(r->changed_at),
	                            DY_V(r->responded_at), DY_V(r->done_at), DY_V(r->closed_at),
	                            DY_V(r->respond_due_at), DY_V(r->close_due_at),
	                            DY_V(r->paused_at), DY_V(r->rating), DY_V(verified),
	                            DY_V(r->reminders), DY_V(r->reminded_at), DY_V(urgent)),
	                    &changed, err));
	if (changed == 0)
		return dy_raise(err, DY_E_CONFLICT, "/version",
		                "somebody has changed this request meanwhile; load it again");
	r->version++;
	return dy_request_clock_put(tx, r, err);
}

static enum dy_code
request_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_request *r, struct dy_err *err)
{
	r->id = dy_rows_id(rows);
	r->day = dy_rows_int(rows);
	r->day_number = dy_rows_int(rows);
	r->callback_code = dy_rows_str(rows, arena);
	r->category = dy_rows_str(rows, arena);
	r->urgent = dy_rows_int(rows) != 0;
	bool known = dy_state_find(dy_rows_str(rows, arena), &r->state);
	if (!dy_state_find(dy_rows_str(rows, arena), &r->prior))
		r->prior = DY_STATE_REPORTED;
	r->level = dy_rows_int(rows);
	r->household = dy_rows_id(rows);
	r->door = dy_rows_id(rows);
	r->stair = dy_rows_id(rows);
	r->unit = dy_rows_id(rows);
	r->grid = dy_rows_id(rows);
	r->text = dy_rows_str(rows, arena);
	r->contact_sealed = dy_rows_bytes(rows, arena);
	r->channel = dy_rows_str(rows, arena);
	r->reporter = dy_rows_id(rows);
	r->owner = dy_rows_id(rows);
	r->merged_into = dy_rows_id(rows);
	r->created_at = dy_rows_time(rows);
	r->changed_at = dy_rows_time(rows);
	r->responded_at = dy_rows_time(rows);
	r->done_at = dy_rows_time(rows);
	r->closed_at = dy_rows_time(rows);
	r->respond_due_at = dy_rows_time(rows);
	r->close_due_at = dy_rows_time(rows);
	r->paused_at = dy_rows_time(rows);
	r->rating = dy_rows_int(rows);
	r->version = dy_rows_int(rows);
	r->unverified = dy_rows_int(rows) == 0;
	r->reminders = dy_rows_int(rows);
	r->reminded_at = dy_rows_time(rows);
	r->followers = dy_rows_int(rows);
	r->open_needs = dy_rows_int(rows);
	r->photos = dy_rows_int(rows);
	r->clock.next_at = dy_rows_time(rows);
	r->clock.from_at = dy_rows_time(rows);
	r->clock.owned_at = dy_rows_time(rows);
	r->clock.respond_rung = dy_rows_int(rows);
	r->clock.close_rung = dy_rows_int(rows);
	r->clock.card = dy_rows_int(rows);
	r->clock.paused_ms = dy_rows_int(rows);
	r->clock.extended_ms = dy_rows_int(rows);
	r->clock.extend_minutes = dy_rows_int(rows);
	r->clock.seen_version = dy_rows_int(rows);
	r->unit_name = dy_rows_str(rows, arena);
	r->building_code = dy_rows_str(rows, arena);
	r->stair_code = dy_rows_str(rows, arena);
	r->door_code = dy_rows_str(rows, arena);
	r->owner_name = dy_rows_str(rows, arena);
	r->owner_phone_sealed = dy_rows_bytes(rows, arena);
	return known ? DY_OK : dy_raise(err, DY_E_BUG, "", "a stored request has an unknown state");
}

enum dy_code
dy_request_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_request *out,
               struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &REQUEST_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such request");
	return request_read(rows, arena, out, err);
}

static enum dy_code
requests_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_request_list *out,
              struct dy_err *err)
{
	*out = (struct dy_request_list){ 0 };
	while (dy_rows_next(rows)) {
		struct dy_request *r = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                     &out->cap, sizeof(*r));
		DY_TRY(request_read(rows, arena, r, err));
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_request_list_open(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_request_page *page,
                     struct dy_request_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	/* before the first row: more urgent than anything */
	int64_t urgent = page->id.v != 0 ? (int64_t)page->urgent : 2;

	if (page->unit.v != 0)
		DY_TRY(dy_sql_read(tx, &REQUESTS_OPEN_UNIT,
		                   DY_ARGS(DY_V(community), DY_V(urgent), DY_V(page->created_at),
		                           DY_V(page->id), DY_V(page->limit), DY_V(page->unit)),
		                   &rows, err));
	else
		DY_TRY(dy_sql_read(tx, &REQUESTS_OPEN,
		                   DY_ARGS(DY_V(community), DY_V(urgent), DY_V(page->created_at),
		                           DY_V(page->id), DY_V(page->limit)),
		                   &rows, err));
	return requests_read(rows, arena, out, err);
}

static struct dy_time
newest_from(const struct dy_request_page *page)
{
	return page->id.v != 0 ? page->created_at : (struct dy_time){ INT64_MAX };
}

enum dy_code
dy_request_list_ended(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_request_page *page,
                      struct dy_request_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_time from = newest_from(page);

	if (page->unit.v != 0)
		DY_TRY(dy_sql_read(tx, &REQUESTS_ENDED_UNIT,
		                   DY_ARGS(DY_V(community), DY_V(from), DY_V(page->id),
		                           DY_V(page->limit), DY_V(page->unit)),
		                   &rows, err));
	else
		DY_TRY(dy_sql_read(
			tx, &REQUESTS_ENDED,
			DY_ARGS(DY_V(community), DY_V(from), DY_V(page->id), DY_V(page->limit)),
			&rows, err));
	return requests_read(rows, arena, out, err);
}

enum dy_code
dy_request_list_mine(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id reporter,
                     struct dy_id household, const struct dy_request_page *page,
                     struct dy_request_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_time from = newest_from(page);

	DY_TRY(dy_sql_read(tx, &REQUESTS_MINE,
	                   DY_ARGS(DY_V(community), DY_V(from), DY_V(page->id), DY_V(page->limit),
	                           DY_V(reporter), DY_V(household)),
	                   &rows, err));
	return requests_read(rows, arena, out, err);
}

static enum dy_code
entry_next(struct dy_rtx *tx, struct dy_id request, int64_t *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read(tx, &ENTRY_NEXT, DY_ARGS(DY_V(community), DY_V(request)), &rows, err));
	while (dy_rows_next(rows))
		*out = dy_rows_int(rows);
	return dy_rows_end(rows, err);
}

enum dy_code
dy_entry_insert(struct dy_wtx *tx, struct dy_id request, struct dy_entry *e, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	if (e->number == 0)
		DY_TRY(entry_next(dy_wtx_read(tx), request, &e->number, err));
	return dy_sql_write(tx, &ENTRY_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(request), DY_V(e->number), DY_V(e->at),
	                            DY_V(e->actor), DY_V(e->actor_side), DY_V(e->act),
	                            DY_V(e->from_state), DY_V(e->to_state), DY_V(e->text),
	                            DY_V(e->visibility)),
	                    NULL, err);
}

enum dy_code
dy_entry_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
              struct dy_entry_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_entry_list){ 0 };
	DY_TRY(dy_sql_read(tx, &ENTRY_LIST, DY_ARGS(DY_V(community), DY_V(request)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_entry *e = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                   &out->cap, sizeof(*e));
		e->number = dy_rows_int(rows);
		e->at = dy_rows_time(rows);
		e->actor = dy_rows_id(rows);
		e->actor_side = dy_rows_str(rows, arena);
		e->act = dy_rows_str(rows, arena);
		e->from_state = dy_rows_str(rows, arena);
		e->to_state = dy_rows_str(rows, arena);
		e->text = dy_rows_str(rows, arena);
		e->visibility = dy_rows_str(rows, arena);
		e->actor_name = dy_rows_str(rows, arena);
	}
	return dy_rows_end(rows, err);
}
