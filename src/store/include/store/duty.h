/* Who is absent, who is on duty, posts that lost their person, and from these: the hands that are there now. */
#ifndef DY_STORE_DUTY_H
#define DY_STORE_DUTY_H

#include "domain/hand.h"
#include "store/sql.h"

/* Everybody in a post now, those on duty first: for a duty, with the scope of the duty. */
enum dy_code dy_hands_read(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
                           struct dy_hands *out, struct dy_err *err) DY_NODISCARD;

struct dy_absence {
	struct dy_id id, account;
	struct dy_str reason, account_name; /* "ill", "leave", "away" */
	struct dy_time from, to;            /* to 0: until told otherwise */
};
struct dy_absence_list {
	struct dy_absence *items;
	size_t count, cap;
};
enum dy_code dy_absence_insert(struct dy_wtx *tx, const struct dy_absence *a, struct dy_id by,
                               struct dy_time now, struct dy_err *err) DY_NODISCARD;
/* DY_E_NOT_FOUND when it has ended. */
enum dy_code dy_absence_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                            struct dy_time now, struct dy_absence *out,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_absence_end(struct dy_wtx *tx, struct dy_id id, struct dy_time at,
                            struct dy_err *err) DY_NODISCARD;
/* Of now and to come; of one person, or of all (account 0). */
enum dy_code dy_absence_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id account,
                             struct dy_time now, struct dy_absence_list *out,
                             struct dy_err *err) DY_NODISCARD;

struct dy_duty {
	struct dy_id id, account;
	enum dy_scope_kind kind;
	struct dy_id scope;
	struct dy_time from, to, note_at;
	struct dy_str note, account_name, scope_name;
};
struct dy_duty_list {
	struct dy_duty *items;
	size_t count, cap;
};
enum dy_code dy_duty_insert(struct dy_wtx *tx, const struct dy_duty *d, struct dy_id by,
                            struct dy_time now, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_duty_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                         struct dy_duty *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_duty_cancel(struct dy_wtx *tx, struct dy_id id, struct dy_time at,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_duty_note(struct dy_wtx *tx, struct dy_id id, struct dy_str note, struct dy_time at,
                          struct dy_err *err) DY_NODISCARD;
/* That touch the time from-to, by their beginning; at most 500. */
enum dy_code dy_duty_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time from,
                          struct dy_time to, struct dy_duty_list *out,
                          struct dy_err *err) DY_NODISCARD;

struct dy_vacancy {
	struct dy_id id, post, account;
	enum dy_role role;
	enum dy_scope_kind kind;
	struct dy_id scope, grid, unit;
	struct dy_str reason; /* "post_ended", or that of the absence */
	int64_t open_items;
	struct dy_id deputy, closed_by, taken_by; /* deputy 0: nobody to propose */
	struct dy_time opened_at, closed_at;
	struct dy_str closed_how; /* "taken_over", "back", "filled" */
	struct dy_str account_name, deputy_name, taken_name, scope_name;
};
struct dy_vacancy_list {
	struct dy_vacancy *items;
	size_t count, cap;
};
enum dy_code dy_vacancy_insert(struct dy_wtx *tx, const struct dy_vacancy *v,
                               struct dy_err *err) DY_NODISCARD;
enum dy_code dy_vacancy_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                            struct dy_vacancy *out, struct dy_err *err) DY_NODISCARD;
/* DY_E_CONFLICT when it is closed already. */
enum dy_code dy_vacancy_close(struct dy_wtx *tx, const struct dy_vacancy *v,
                              struct dy_err *err) DY_NODISCARD;
/* Was an alarm raised for this post since then, closed by now or not? */
enum dy_code dy_vacancy_was_raised(struct dy_rtx *tx, struct dy_id post, struct dy_time since,
                                   bool *out, struct dy_err *err) DY_NODISCARD;
/* Open ones first, newest first; at most 200. */
enum dy_code dy_vacancy_list(struct dy_rtx *tx, struct dy_arena *arena, bool with_closed,
                             struct dy_vacancy_list *out, struct dy_err *err) DY_NODISCARD;

#endif
