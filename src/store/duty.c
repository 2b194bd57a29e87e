/* Absences, duties, vacancies, hands. */
#include "store/duty.h"

#define ABSENT_NOW                                                                                 \
	"CASE WHEN EXISTS (SELECT 1 FROM absence b WHERE b.community_id = $1"                      \
	" AND b.account_id = a.account_id AND b.starts_at <= $2"                                   \
	" AND (b.ends_at IS NULL OR b.ends_at > $2)) THEN 1 ELSE 0 END"
#define POST_NOW                                                                                   \
	" JOIN account a ON a.community_id = p.community_id AND a.account_id = p.account_id"       \
	" AND a.disabled_at IS NULL"
#define SCOPE_NAME(t)                                                                              \
	"COALESCE((SELECT u.name FROM unit u WHERE u.community_id = $1"                            \
	" AND u.unit_id = " t ".scope_id),"                                                        \
	" (SELECT g.name FROM grid g WHERE g.community_id = $1 AND g.grid_id = " t ".scope_id),"   \
	" (SELECT c.name FROM community c WHERE c.community_id = $1), '')"

static const struct dy_sql HANDS_ON_DUTY = {
	.name = "hands_on_duty",
	.in = "it",
	.out = "isssinn",
	.text = "SELECT d.account_id, a.name, p.role, d.scope_kind, d.scope_id, "
		"p.is_deputy, " ABSENT_NOW
		" FROM duty d JOIN post p ON p.community_id = d.community_id"
		" AND p.account_id = d.account_id" POST_NOW
		" WHERE d.community_id = $1 AND d.ends_at > $2 AND d.starts_at <= $2"
		" AND d.cancelled_at IS NULL AND p.valid_from <= $2"
		" AND (p.valid_to IS NULL OR p.valid_to > $2) ORDER BY d.starts_at DESC, p.post_id",
};
static const struct dy_sql HANDS_IN_POSTS = {
	.name = "hands_in_posts",
	.in = "it",
	.out = "isssinn",
	.text = "SELECT p.account_id, a.name, p.role, p.scope_kind, p.scope_id, "
		"p.is_deputy, " ABSENT_NOW " FROM post p" POST_NOW
		" WHERE p.community_id = $1 AND p.valid_from <= $2"
		" AND (p.valid_to IS NULL OR p.valid_to > $2) ORDER BY p.post_id",
};

static const struct dy_sql ABSENCE_INSERT = {
	.name = "absence_insert",
	.in = "iiistt?it",
	.out = "",
	.text = "INSERT INTO absence (community_id, absence_id, account_id, reason, starts_at,"
		" ends_at, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
};
#define ABSENCE_COLUMNS                                                                            \
	"SELECT b.absence_id, b.account_id, b.reason, b.starts_at, b.ends_at, a.name"              \
	" FROM absence b JOIN account a ON a.community_id = b.community_id"                        \
	" AND a.account_id = b.account_id"
#define ABSENCE_OUT "iistt?s"
static const struct dy_sql ABSENCE_GET = {
	.name = "absence_get",
	.in = "iit",
	.out = ABSENCE_OUT,
	.text = ABSENCE_COLUMNS " WHERE b.community_id = $1 AND b.absence_id = $2"
				" AND (b.ends_at IS NULL OR b.ends_at > $3)",
};
static const struct dy_sql ABSENCE_END = {
	.name = "absence_end",
	.in = "iit",
	.out = "",
	.text = "UPDATE absence SET ends_at = $3 WHERE community_id = $1 AND absence_id = $2",
};
static const struct dy_sql ABSENCES = {
	.name = "absences",
	.in = "it",
	.out = ABSENCE_OUT,
	.text = ABSENCE_COLUMNS
	" WHERE b.community_id = $1 AND (b.ends_at IS NULL OR b.ends_at > $2)"
	" ORDER BY b.starts_at, b.absence_id LIMIT 500",
};
static const struct dy_sql ABSENCES_OF = {
	.name = "absences_of",
	.in = "iti",
	.out = ABSENCE_OUT,
	.text = ABSENCE_COLUMNS
	" WHERE b.community_id = $1 AND b.account_id = $3 AND (b.ends_at IS NULL OR b.ends_at > $2)"
	" ORDER BY b.starts_at, b.absence_id LIMIT 500",
};

static const struct dy_sql DUTY_INSERT = {
	.name = "duty_insert",
	.in = "iiisittsit",
	.out = "",
	.text = "INSERT INTO duty (community_id, duty_id, account_id, scope_kind, scope_id,"
		" starts_at, ends_at, note, created_by, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
};
#define DUTY_COLUMNS                                                                               \
	"SELECT d.duty_id, d.account_id, d.scope_kind, d.scope_id, d.starts_at, d.ends_at,"        \
	" d.note, d.note_at, a.name, " SCOPE_NAME(                                                 \
		"d") " FROM duty d JOIN account a ON a.community_id = d.community_id"              \
		     " AND a.account_id = d.account_id"
#define DUTY_OUT "iisittst?ss"
static const struct dy_sql DUTY_GET = {
	.name = "duty_get",
	.in = "ii",
	.out = DUTY_OUT,
	.text = DUTY_COLUMNS " WHERE d.community_id = $1 AND d.duty_id = $2"
			     " AND d.cancelled_at IS NULL",
};
static const struct dy_sql DUTY_CANCEL = {
	.name = "duty_cancel",
	.in = "iit",
	.out = "",
	.text = "UPDATE duty SET cancelled_at = $3 WHERE community_id = $1 AND duty_id = $2",
};
static const struct dy_sql DUTY_NOTE = {
	.name = "duty_note",
	.in = "iist",
	.out = "",
	.text = "UPDATE duty SET note = $3, note_at = $4 WHERE community_id = $1 AND duty_id = $2",
};
static const struct dy_sql DUTIES = {
	.name = "duties",
	.in = "itt",
	.out = DUTY_OUT,
	.text = DUTY_COLUMNS " WHERE d.community_id = $1 AND d.ends_at > $2 AND d.starts_at < $3"
			     " AND d.cancelled_at IS NULL"
			     " ORDER BY d.starts_at, d.duty_id LIMIT 500",
};

const struct dy_sql *const dy_duty_sql[] = { &HANDS_ON_DUTY, &HANDS_IN_POSTS, &ABSENCE_INSERT,
	                                     &ABSENCE_GET,   &ABSENCE_END,    &ABSENCES,
	                                     &ABSENCES_OF,   &DUTY_INSERT,    &DUTY_GET,
	                                     &DUTY_CANCEL,   &DUTY_NOTE,      &DUTIES };
const size_t dy_duty_sql_n = DY_COUNT(dy_duty_sql);

struct hand_list {
	struct dy_hand *items;
	size_t count, cap;
};

static enum dy_code
hands_add(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_sql *sql, struct dy_time now,
          bool on_duty, struct hand_list *list, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	DY_TRY(dy_sql_read(tx, sql, DY_ARGS(DY_V(community), DY_V(now)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_hand *h = dy_arena_push(arena, (void **)&list->items, &list->count,
		                                  &list->cap, sizeof(*h));
		*h = (struct dy_hand){ .is_on_duty = on_duty };
		h->account = dy_rows_id(rows);
		h->name = dy_rows_str(rows, arena);
		bool known = dy_role_find(dy_rows_str(rows, arena), &h->scope.role);
		known = dy_scope_find(dy_rows_str(rows, arena), &h->scope.kind) && known;
		h->scope.scope = dy_rows_id(rows);
		h->is_deputy = dy_rows_int(rows) != 0;
		h->is_absent = dy_rows_int(rows) != 0;
		if (!known)
			return dy_raise(err, DY_E_BUG, "", "a stored post has an unknown role");
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_hands_read(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now, struct dy_hands *out,
              struct dy_err *err)
{
	struct hand_list list = { 0 };

	DY_TRY(hands_add(tx, arena, &HANDS_ON_DUTY, now, true, &list, err));
	DY_TRY(hands_add(tx, arena, &HANDS_IN_POSTS, now, false, &list, err));
	*out = (struct dy_hands){ list.items, list.count };
	return DY_OK;
}

enum dy_code
dy_absence_insert(struct dy_wtx *tx, const struct dy_absence *a, struct dy_id by,
                  struct dy_time now, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &ABSENCE_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(a->id), DY_V(a->account), DY_V(a->reason),
	                            DY_V(a->from), DY_V(a->to), DY_V(by), DY_V(now)),
	                    NULL, err);
}

static void
absence_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_absence *a)
{
	a->id = dy_rows_id(rows);
	a->account = dy_rows_id(rows);
	a->reason = dy_rows_str(rows, arena);
	a->from = dy_rows_time(rows);
	a->to = dy_rows_time(rows);
	a->account_name = dy_rows_str(rows, arena);
}

enum dy_code
dy_absence_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_time now,
               struct dy_absence *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &ABSENCE_GET, DY_ARGS(DY_V(community), DY_V(id), DY_V(now)),
	                       &rows, &found, err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "there is no such absence, or it is over");
	absence_read(rows, arena, out);
	return DY_OK;
}

enum dy_code
dy_absence_end(struct dy_wtx *tx, struct dy_id id, struct dy_time at, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &ABSENCE_END, DY_ARGS(DY_V(community), DY_V(id), DY_V(at)), NULL,
	                    err);
}

enum dy_code
dy_absence_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id account, struct dy_time now,
                struct dy_absence_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_absence_list){ 0 };
	if (account.v != 0)
		DY_TRY(dy_sql_read(tx, &ABSENCES_OF,
		                   DY_ARGS(DY_V(community), DY_V(now), DY_V(account)), &rows, err));
	else
		DY_TRY(dy_sql_read(tx, &ABSENCES, DY_ARGS(DY_V(community), DY_V(now)), &rows, err));
	while (dy_rows_next(rows))
		absence_read(rows, arena,
		             dy_arena_push(arena, (void **)&out->items, &out->count, &out->cap,
		                           sizeof(*out->items)));
	return dy_rows_end(rows, err);
}

enum dy_code
dy_duty_insert(struct dy_wtx *tx, const struct dy_duty *d, struct dy_id by, struct dy_time now,
               struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str kind = dy_str_from(dy_scope_name(d->kind));

	return dy_sql_write(tx, &DUTY_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(d->id), DY_V(d->account), DY_V(kind),
	                            DY_V(d->scope), DY_V(d->from), DY_V(d->to), DY_V(d->note),
	                            DY_V(by), DY_V(now)),
	                    NULL, err);
}

static enum dy_code
duty_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_duty *d, struct dy_err *err)
{
	d->id = dy_rows_id(rows);
	d->account = dy_rows_id(rows);
	bool known = dy_scope_find(dy_rows_str(rows, arena), &d->kind);
	d->scope = dy_rows_id(rows);
	d->from = dy_rows_time(rows);
	d->to = dy_rows_time(rows);
	d->note = dy_rows_str(rows, arena);
	d->note_at = dy_rows_time(rows);
	d->account_name = dy_rows_str(rows, arena);
	d->scope_name = dy_rows_str(rows, arena);
	return known ? DY_OK : dy_raise(err, DY_E_BUG, "", "a stored duty has an unknown scope");
}

enum dy_code
dy_duty_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_duty *out,
            struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &DUTY_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "there is no such duty");
	return duty_read(rows, arena, out, err);
}

enum dy_code
dy_duty_cancel(struct dy_wtx *tx, struct dy_id id, struct dy_time at, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &DUTY_CANCEL, DY_ARGS(DY_V(community), DY_V(id), DY_V(at)), NULL,
	                    err);
}

enum dy_code
dy_duty_note(struct dy_wtx *tx, struct dy_id id, struct dy_str note, struct dy_time at,
             struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &DUTY_NOTE,
	                    DY_ARGS(DY_V(community), DY_V(id), DY_V(note), DY_V(at)), NULL, err);
}

enum dy_code
dy_duty_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time from, struct dy_time to,
             struct dy_duty_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_duty_list){ 0 };
	DY_TRY(dy_sql_read(tx, &DUTIES, DY_ARGS(DY_V(community), DY_V(from), DY_V(to)), &rows,
	                   err));
	while (dy_rows_next(rows)) {
		struct dy_duty *d = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                  &out->cap, sizeof(*d));
		DY_TRY(duty_read(rows, arena, d, err));
	}
	return dy_rows_end(rows, err);
}
