/* Cover: who is absent, who is on duty, alarms of posts that lost their person, and handing over what they had in hand.
 *
 * An alarm is raised in the transaction that ends a post or begins an absence (one that begins later: by the next turn of
 * the clock). It names a deputy; one act hands everything over. */
#ifndef DY_APP_DUTY_H
#define DY_APP_DUTY_H

#include "app/app.h"
#include "store/duty.h"

#define DY_DUTY_DAYS_MAX 31  /* of one duty */
#define DY_HANDED_MAX    500 /* requests in one hand-over */

struct dy_absence_draft {
	struct dy_id account;    /* 0: oneself */
	struct dy_str reason;    /* "ill", "leave", "away" */
	struct dy_time from, to; /* from 0: now; to 0: until told otherwise */
};
enum dy_code dy_app_absence_begin(struct dy_call *call, const struct dy_absence_draft *draft,
                                  struct dy_absence *out) DY_NODISCARD;
enum dy_code dy_app_absence_end(struct dy_call *call, struct dy_id absence) DY_NODISCARD;

struct dy_duty_draft {
	struct dy_id account;
	enum dy_scope_kind kind;
	struct dy_id scope;
	struct dy_time from, to;
	struct dy_str note;
};
enum dy_code dy_app_duty_plan(struct dy_call *call, const struct dy_duty_draft *draft,
                              struct dy_duty *out) DY_NODISCARD;
enum dy_code dy_app_duty_cancel(struct dy_call *call, struct dy_id duty) DY_NODISCARD;
/* By who is on duty, or who manages the scope. */
enum dy_code dy_app_duty_note(struct dy_call *call, struct dy_id duty, struct dy_str note,
                              struct dy_duty *out) DY_NODISCARD;

struct dy_handed {
	struct dy_id request;
	int64_t day, day_number;
	const char *left; /* NULL: handed over; else why it stayed: "denied", "no_post" */
};
struct dy_hand_over {
	struct dy_handed items[DY_HANDED_MAX];
	size_t count, handed;
	bool more; /* there are more than fit into one act: do it again */
};
/* Everything open that one person owns, to another, as far as the actor may and the taker can. */
enum dy_code dy_app_hand_over(struct dy_call *call, struct dy_id from, struct dy_id to,
                              struct dy_str text, struct dy_hand_over *out) DY_NODISCARD;
/* Takes an alarm over; to 0: the proposed deputy. For who manages the scope, and for the deputy. */
enum dy_code dy_app_take_over(struct dy_call *call, struct dy_id vacancy, struct dy_id to,
                              struct dy_vacancy *out, struct dy_hand_over *handed) DY_NODISCARD;

bool dy_vacancy_may_read(const struct dy_actor *actor, const struct dy_vacancy *v);
bool dy_vacancy_may_take(const struct dy_actor *actor, const struct dy_vacancy *v);

/* By time alone: absences that have begun or ended meanwhile. For the timer, once a minute. */
enum dy_code dy_app_cover_sweep(struct dy_call *call, struct dy_id community) DY_NODISCARD;

#endif
