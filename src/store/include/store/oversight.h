/* Rates of units: how requests were responded to, solved and judged. Counts and times only, never names or texts.
 *
 * A request counts in the period in which it was reported; merged, refused and withdrawn ones do not count.
 *   responded: a human response within its deadline, of those answered or past it;
 *   solved: finished within the deadline for closing, of those finished or past it;
 *   satisfied: judged 4 or 5, or confirmed without a judgement, of those judged, confirmed or reopened; a reopened one is not.
 * Ownership: lists point into the arena. */
#ifndef DY_STORE_OVERSIGHT_H
#define DY_STORE_OVERSIGHT_H

#include "store/sql.h"

struct dy_rates {
	struct dy_id unit;
	int64_t requests;
	int64_t responded, responded_of, solved, solved_of, satisfied, satisfied_of;
	int64_t reopened;
	int64_t open, overdue; /* now, whenever they were reported */
};
struct dy_rates_list {
	struct dy_rates *items;
	size_t count, cap;
};
struct dy_period {
	struct dy_time from, to, now; /* [from, to) */
};
/* One entry for each unit that has any; not sorted. */
enum dy_code dy_rates_list(struct dy_rtx *tx, struct dy_arena *arena,
                           const struct dy_period *period, struct dy_rates_list *out,
                           struct dy_err *err) DY_NODISCARD;

/* Requests behind a figure. */
enum dy_which {
	DY_WHICH_ALL,
	DY_WHICH_LATE,
	DY_WHICH_UNSOLVED,
	DY_WHICH_UNSATISFIED,
	DY_WHICH_OVERDUE
};
#define DY_WHICHES 5
struct dy_case {
	struct dy_id id, unit, grid;
	int64_t day, day_number, reopened, rating;
	struct dy_str category, state;
	struct dy_time created_at, responded_at, respond_due_at, done_at, close_due_at;
};
struct dy_case_list {
	struct dy_case *items;
	size_t count, cap;
};
/* unit 0: all. Newest first, at most limit. DY_WHICH_OVERDUE heeds now, not the period. */
enum dy_code dy_case_list(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_period *period,
                          struct dy_id unit, enum dy_which which, int64_t limit,
                          struct dy_case_list *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_case_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                         struct dy_case *out, struct dy_err *err) DY_NODISCARD;

/* The chain of acts of a request: what, by which side, when. */
struct dy_case_act {
	struct dy_time at;
	struct dy_str act, side, from_state, to_state;
};
struct dy_case_act_list {
	struct dy_case_act *items;
	size_t count, cap;
};
enum dy_code dy_case_acts(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                          struct dy_case_act_list *out, struct dy_err *err) DY_NODISCARD;

#endif
