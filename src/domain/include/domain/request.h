/* The life of a request: states, acts, sides, and the one table that says what is possible.
 *
 * Real states are those of enum dy_state. Product terms that are no states: "extended" is an act that moves the deadline
 * and keeps the state; escalation is a state (it waits for a hand above) and raises the request's level.
 * A person may stand on several sides at once; sides are a mask.
 * Threads: pure. Errors: DY_E_CONFLICT when nobody can do the act in that state, DY_E_DENIED when another side can. */
#ifndef DY_DOMAIN_REQUEST_H
#define DY_DOMAIN_REQUEST_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

enum dy_state {
	DY_STATE_REPORTED,
	DY_STATE_ACCEPTED,
	DY_STATE_DISPATCHED,
	DY_STATE_CLAIMED,
	DY_STATE_WORKING,
	DY_STATE_DONE,
	DY_STATE_CLOSED,
	DY_STATE_SUSPENDED,
	DY_STATE_ESCALATED,
	DY_STATE_RETURNED,
	DY_STATE_MERGED,
	DY_STATE_REFUSED,
	DY_STATE_WITHDRAWN,
	DY_STATE_REOPENED,
};
#define DY_STATES 14

enum dy_act {
	DY_ACT_ACCEPT,
	DY_ACT_DISPATCH,
	DY_ACT_CLAIM,
	DY_ACT_RELEASE,
	DY_ACT_START,
	DY_ACT_ANSWER,
	DY_ACT_ASK,
	DY_ACT_RESUME,
	DY_ACT_FINISH,
	DY_ACT_CLOSE,
	DY_ACT_CLOSE_NOW,
	DY_ACT_CONFIRM,
	DY_ACT_REOPEN,
	DY_ACT_ESCALATE,
	DY_ACT_RETURN,
	DY_ACT_EXTEND_ASK,
	DY_ACT_EXTEND_GRANT,
	DY_ACT_EXTEND_DENY,
	DY_ACT_MERGE,
	DY_ACT_REFUSE,
	DY_ACT_WITHDRAW,
	DY_ACT_REMIND,
	DY_ACT_RATE,
	DY_ACT_HAND_OVER,
	DY_ACT_YELLOW_CARD, /* by the clock alone, as the next */
	DY_ACT_RED_CARD,
};
#define DY_ACTS 26

enum dy_side {
	DY_SIDE_RESIDENT = 1,    /* the reporter, or the household it is for */
	DY_SIDE_WORKER = 2,      /* a post with request_work over the unit */
	DY_SIDE_OWNER = 4,       /* has claimed it, or was given it */
	DY_SIDE_MANAGER = 8,     /* a post with request_manage over the unit */
	DY_SIDE_SUPERVISOR = 16, /* a post with request_supervise */
	DY_SIDE_SYSTEM = 32,     /* timers */
	DY_SIDE_REGISTRANT =
		64, /* staff who wrote it down for somebody: never the resident's judgement */
};
#define DY_SIDES 7

enum dy_effect {
	DY_EFFECT_RESPONDS = 1,  /* counts as the first human response */
	DY_EFFECT_OWNS = 2,      /* the actor becomes owner */
	DY_EFFECT_GIVES = 4,     /* to_account_id becomes owner */
	DY_EFFECT_DISOWNS = 8,   /* nobody owns it */
	DY_EFFECT_PAUSES = 16,   /* the clock stands */
	DY_EFFECT_RUNS = 32,     /* the clock goes on */
	DY_EFFECT_ENDS = 64,     /* clock and work are over */
	DY_EFFECT_RAISES = 128,  /* level + 1 */
	DY_EFFECT_REVIVES = 256, /* was ended, is open again */
	DY_EFFECT_NEEDS_TEXT = 512,
	DY_EFFECT_NEEDS_TARGET = 1024, /* into_request_id */
	DY_EFFECT_NEEDS_MINUTES = 2048,
	DY_EFFECT_NEEDS_RATING = 4096,
	DY_EFFECT_IS_DONE = 8192, /* waits for the resident's word */
	DY_EFFECT_CARDS = 16384,  /* the clock's: somebody above is told */
};

struct dy_step {
	enum dy_state next;
	unsigned effects;
};

const char *dy_state_name(enum dy_state state);
bool dy_state_find(struct dy_str name, enum dy_state *out);
const char *dy_act_name(enum dy_act act);
bool dy_act_find(struct dy_str name, enum dy_act *out);

/* prior: the state before DY_STATE_SUSPENDED, for resuming. */
enum dy_code dy_request_step(enum dy_state state, enum dy_state prior, enum dy_act act,
                             unsigned sides, struct dy_step *out, struct dy_err *err) DY_NODISCARD;
/* Bit i: (enum dy_act)i is possible for one of the sides. */
unsigned dy_request_acts(enum dy_state state, unsigned sides);

bool dy_state_is_open(enum dy_state state);   /* still somebody's work: what Open311 calls open */
bool dy_state_has_owner(enum dy_state state); /* somebody by name must own it */
int dy_state_progress(enum dy_state state);   /* 1 received .. 5 closed, for the resident */
/* GB/T 30428 link: 1 collected, 2 filed, 3 assigned, 4 handled, 5 reported back, 6 verified and closed, 7 judged. */
int dy_state_link(enum dy_state state, bool is_rated);

enum dy_overdue { DY_OVERDUE_NONE, DY_OVERDUE_REMINDER, DY_OVERDUE_YELLOW, DY_OVERDUE_RED };
const char *dy_overdue_name(enum dy_overdue level);
/* All in ms; due 0: no deadline. Reminder in the last tenth of the time given, yellow card when over, red card when over
 * by as long as was given. */
enum dy_overdue dy_overdue_of(int64_t from, int64_t due, int64_t now);

#endif
