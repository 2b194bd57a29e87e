/* Notices, whom they are for, who has them, who knocks.
 *
 * Ownership: results point into the arena. Errors: DY_E_NOT_FOUND when there is no such row. */
#ifndef DY_STORE_NOTICE_H
#define DY_STORE_NOTICE_H

#include "domain/notice.h"
#include "store/sql.h"

struct dy_notice {
	struct dy_id id;
	struct dy_str code, status, msg_type, category, urgency, severity, certainty;
	struct dy_str headline, description, instruction;
	struct dy_time effective_at, onset_at, expires_at;
	bool wants_confirm;
	unsigned needs;
	struct dy_str state; /* "pending", "sent", "refused" */
	struct dy_id replaces, replaced_by;
	int64_t recipients;
	struct dy_id created_by, decided_by;
	struct dy_time created_at, sent_at;
	/* joined when read */
	struct dy_str created_name, decided_name, replaced_type;
};
struct dy_notice_list {
	struct dy_notice *items;
	size_t count, cap;
};
struct dy_area_list {
	struct dy_area *items;
	size_t count, cap;
};

enum dy_code dy_notice_insert(struct dy_wtx *tx, const struct dy_notice *n,
                              const struct dy_area_list *areas, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_notice_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                           struct dy_notice *out, struct dy_err *err) DY_NODISCARD;
/* *found false: no notice has this code. */
enum dy_code dy_notice_by_code(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str code,
                               bool *found, struct dy_notice *out, struct dy_err *err) DY_NODISCARD;
/* Sent ones that run out after `since`, last sent first; at most limit. */
enum dy_code dy_notice_list_sent(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time since,
                                 int64_t limit, struct dy_notice_list *out,
                                 struct dy_err *err) DY_NODISCARD;
/* All, newest first, older than `before` (0: from the newest); at most limit. */
enum dy_code dy_notice_list_all(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id before,
                                int64_t limit, struct dy_notice_list *out,
                                struct dy_err *err) DY_NODISCARD;
enum dy_code dy_notice_areas(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id notice,
                             struct dy_area_list *out, struct dy_err *err) DY_NODISCARD;
/* From pending to sent or refused; *done false: somebody was faster. */
enum dy_code dy_notice_decide(struct dy_wtx *tx, const struct dy_notice *n, bool *done,
                              struct dy_err *err) DY_NODISCARD;
/* Puts `by` in the place of a sent notice; *done false: something stands there already. */
enum dy_code dy_notice_replace(struct dy_wtx *tx, struct dy_id notice, struct dy_id by, bool *done,
                               struct dy_err *err) DY_NODISCARD;

enum dy_mark { DY_MARK_NONE, DY_MARK_NOT_HOME, DY_MARK_READ, DY_MARK_TOLD, DY_MARK_CONFIRMED };
const char *dy_mark_name(enum dy_mark mark); /* "not_home" */

/* Never takes back more than there was; *grew tells whether it changed something. */
enum dy_code dy_receipt_put(struct dy_wtx *tx, struct dy_id notice, struct dy_id household,
                            enum dy_mark mark, struct dy_id account, struct dy_time at, bool *grew,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_receipt_get(struct dy_rtx *tx, struct dy_id notice, struct dy_id household,
                            enum dy_mark *out, struct dy_err *err) DY_NODISCARD;
struct dy_receipt_counts {
	int64_t of[DY_MARK_CONFIRMED + 1];
};
enum dy_code dy_receipt_count(struct dy_rtx *tx, struct dy_id notice, struct dy_receipt_counts *out,
                              struct dy_err *err) DY_NODISCARD;
/* account 0: nobody any more. */
enum dy_code dy_notice_task_put(struct dy_wtx *tx, struct dy_id notice, struct dy_id household,
                                struct dy_id account, struct dy_err *err) DY_NODISCARD;

enum dy_code dy_stair_building(struct dy_rtx *tx, struct dy_id stair, struct dy_id *out,
                               struct dy_err *err) DY_NODISCARD;

/* A household as a notice sees it. */
struct dy_home {
	struct dy_id household;
	struct dy_target_home at;
	struct dy_str building_code, stair_code, door_code, unit_name;
	int64_t floor, residents;
	bool is_reachable; /* somebody of it has joined */
	enum dy_mark mark; /* of the notice asked for */
	struct dy_id task; /* who knocks */
	struct dy_str task_name;
};
struct dy_home_list {
	struct dy_home *items;
	size_t count, cap;
};
/* Households of a unit (0: of the community), in the order of building, stair, floor and door. notice 0: none. */
enum dy_code dy_home_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id notice,
                          struct dy_id unit, struct dy_time now, struct dy_home_list *out,
                          struct dy_err *err) DY_NODISCARD;

#endif
