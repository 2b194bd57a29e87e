/* Turning the clock: what the program does by time alone.
 *
 * Time is call->now: wall clock in a running server, anything in tests. A clock that was set back makes nothing due; one that
 * jumps ahead does what is due once. Idempotent: a turn right after a turn does nothing. */
#ifndef DY_APP_CLOCK_H
#define DY_APP_CLOCK_H

#include "app/app.h"

#define DY_CLOCK_TURN 64 /* requests in one turn: a turn of the writer stays short */

struct dy_clock_turn {
	size_t done, failed;
	bool more;           /* turn again */
	struct dy_err fault; /* of the last that failed; it is tried again in ten minutes */
};

/* call->actor is not looked at: the program acts. */
enum dy_code dy_app_clock_turn(struct dy_call *call, struct dy_id community,
                               struct dy_clock_turn *out) DY_NODISCARD;
/* Is there anything to do? Cheap: asked every second. */
enum dy_code dy_app_clock_is_due(struct dy_rtx *tx, struct dy_time now, bool *out,
                                 struct dy_err *err) DY_NODISCARD;

#endif
