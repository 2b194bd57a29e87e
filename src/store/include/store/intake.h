/* What hangs on a request beside its conversation: tracking links, followers, several needs; and doors found by what somebody
 * types. */
#ifndef DY_STORE_INTAKE_H
#define DY_STORE_INTAKE_H

#include "domain/address.h"
#include "store/place.h"
#include "store/request.h"

/* Tracking links. *found false: no such link. */
enum dy_code dy_track_insert(struct dy_wtx *tx, struct dy_bytes hash, struct dy_id request,
                             struct dy_time now, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_track_find(struct dy_rtx *tx, struct dy_bytes hash, bool *found, struct dy_id *out,
                           struct dy_err *err) DY_NODISCARD;

/* Followers are households. Adding one that follows already changes nothing; the request's count is kept right. */
enum dy_code dy_follower_add(struct dy_wtx *tx, struct dy_id request, struct dy_id household,
                             struct dy_time now, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_follower_remove(struct dy_wtx *tx, struct dy_id request, struct dy_id household,
                                struct dy_err *err) DY_NODISCARD;
enum dy_code dy_follower_is(struct dy_rtx *tx, struct dy_id request, struct dy_id household,
                            bool *out, struct dy_err *err) DY_NODISCARD;
struct dy_id_list {
	struct dy_id *items;
	size_t count, cap;
};
enum dy_code dy_follower_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
                              struct dy_id_list *out, struct dy_err *err) DY_NODISCARD;
/* Requests a household follows, newest first, at most 100. */
enum dy_code dy_followed_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
                              struct dy_id_list *out, struct dy_err *err) DY_NODISCARD;
/* Requests that were merged into this one. */
enum dy_code dy_merged_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id target,
                            struct dy_id_list *out, struct dy_err *err) DY_NODISCARD;
/* What was merged into `from` is now merged into `to`; its followers follow `to` as well. */
enum dy_code dy_merged_move(struct dy_wtx *tx, struct dy_id from, struct dy_id to,
                            struct dy_time now, struct dy_err *err) DY_NODISCARD;

/* Needs */
struct dy_need {
	int64_t number;
	struct dy_str category, text, state; /* "open", "done", "dropped" */
	struct dy_time created_at, ended_at;
};
struct dy_need_list {
	struct dy_need *items;
	size_t count, cap;
};
enum dy_code dy_need_insert(struct dy_wtx *tx, struct dy_id request, const struct dy_need *n,
                            struct dy_err *err) DY_NODISCARD;
/* DY_E_CONFLICT when it is not open. */
enum dy_code dy_need_end(struct dy_wtx *tx, struct dy_id request, int64_t number,
                         struct dy_str state, struct dy_id by, struct dy_time now,
                         struct dy_err *err) DY_NODISCARD;
enum dy_code dy_need_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
                          struct dy_need_list *out, struct dy_err *err) DY_NODISCARD;

/* The door of an address; stair empty: of any stair. *n: how many fit, 2 meaning several; *out is the first. */
enum dy_code dy_door_by_address(struct dy_rtx *tx, const struct dy_address *address, int *n,
                                struct dy_id *out, struct dy_err *err) DY_NODISCARD;
struct dy_door_row {
	struct dy_id door;
	struct dy_str stair_code, door_code;
};
struct dy_door_row_list {
	struct dy_door_row *items;
	size_t count, cap;
};
enum dy_code dy_door_list_building(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id building,
                                   struct dy_door_row_list *out, struct dy_err *err) DY_NODISCARD;

/* Household codes on paper */
struct dy_code_card {
	struct dy_id household, door;
	struct dy_str door_code;
	struct dy_bytes code_sealed;
	struct dy_time printed_at; /* 0: never */
};
struct dy_code_card_list {
	struct dy_code_card *items;
	size_t count, cap;
};
/* Households of a stair, by floor and door. */
enum dy_code dy_code_card_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair,
                               struct dy_code_card_list *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_code_replace(struct dy_wtx *tx, struct dy_id household, struct dy_bytes hash,
                             struct dy_bytes sealed, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_code_printed(struct dy_wtx *tx, struct dy_id household, struct dy_time now,
                             struct dy_err *err) DY_NODISCARD;

#endif
