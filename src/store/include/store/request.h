/* Requests and their conversation. */
#ifndef DY_STORE_REQUEST_H
#define DY_STORE_REQUEST_H

#include "domain/request.h"
#include "store/sql.h"

/* Written with the request, into a table of its own (store/clock.h). */
struct dy_request_clock {
	struct dy_time next_at;  /* when the program looks at it again; 0: never */
	struct dy_time from_at;  /* the report, or its reopening: where its deadlines count from */
	struct dy_time owned_at; /* since when its owner has it, or showed the last sign of work */
	int64_t respond_rung, close_rung; /* of domain/clock.h */
	int64_t card;                     /* enum dy_card: the highest given since from_at */
	int64_t paused_ms, extended_ms;
	int64_t extend_minutes; /* asked for and not answered yet; 0: none */
	int64_t seen_version;   /* after the last act of a person */
};

struct dy_request {
	struct dy_id id;
	int64_t day, day_number;
	struct dy_str callback_code, category;
	bool urgent;
	enum dy_state state, prior;
	int64_t level;
	struct dy_id household, door, stair, unit, grid;
	struct dy_str text;
	struct dy_bytes contact_sealed;
	struct dy_str channel;
	struct dy_id reporter, owner, merged_into;
	struct dy_time created_at, changed_at, responded_at, done_at, closed_at;
	struct dy_time respond_due_at, close_due_at, paused_at;
	int64_t rating, version;
	struct dy_request_clock clock;
	bool unverified; /* posted without an account, not confirmed by the team yet */
	int64_t reminders;
	struct dy_time reminded_at;
	int64_t followers, open_needs; /* kept by store/intake.h */
	/* joined when read */
	int64_t photos; /* of all its entries */
	struct dy_str unit_name, building_code, stair_code, door_code, owner_name;
	struct dy_bytes owner_phone_sealed;
};
struct dy_request_list {
	struct dy_request *items;
	size_t count, cap;
};
struct dy_entry {
	int64_t number;
	struct dy_time at;
	struct dy_id actor;
	struct dy_str actor_side, act, from_state, to_state, text, visibility, actor_name;
};
struct dy_entry_list {
	struct dy_entry *items;
	size_t count, cap;
};

/* Next number of the day, starting at 1. */
enum dy_code dy_request_number(struct dy_wtx *tx, int64_t day, int64_t *out,
                               struct dy_err *err) DY_NODISCARD;
enum dy_code dy_request_insert(struct dy_wtx *tx, const struct dy_request *r,
                               struct dy_err *err) DY_NODISCARD;
/* Writes what acts change. DY_E_CONFLICT when r->version is not the stored one; on success r->version is the new. */
enum dy_code dy_request_update(struct dy_wtx *tx, struct dy_request *r,
                               struct dy_err *err) DY_NODISCARD;
enum dy_code dy_request_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                            struct dy_request *out, struct dy_err *err) DY_NODISCARD;
/* A page: at most limit rows behind the row that the cursor names. */
struct dy_request_page {
	int64_t limit;
	struct dy_id unit; /* 0: of all units */
	struct dy_id id;   /* the cursor: last row of the page before; 0: from the start */
	struct dy_time created_at;
	bool urgent;
};
/* Open ones: urgent first, then oldest. */
enum dy_code dy_request_list_open(struct dy_rtx *tx, struct dy_arena *arena,
                                  const struct dy_request_page *page, struct dy_request_list *out,
                                  struct dy_err *err) DY_NODISCARD;
/* Closed, merged, refused, withdrawn ones: newest first. */
enum dy_code dy_request_list_ended(struct dy_rtx *tx, struct dy_arena *arena,
                                   const struct dy_request_page *page, struct dy_request_list *out,
                                   struct dy_err *err) DY_NODISCARD;
/* Of a person or of their household, in any state: newest first. page->unit is not looked at. */
enum dy_code dy_request_list_mine(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id reporter,
                                  struct dy_id household, const struct dy_request_page *page,
                                  struct dy_request_list *out, struct dy_err *err) DY_NODISCARD;

/* e->number 0: the next of the request; then it is filled. */
enum dy_code dy_entry_insert(struct dy_wtx *tx, struct dy_id request, struct dy_entry *e,
                             struct dy_err *err) DY_NODISCARD;
enum dy_code dy_entry_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
                           struct dy_entry_list *out, struct dy_err *err) DY_NODISCARD;

#endif
