/* The transition table. Each row: in this state, this act, by one of these sides, leads there. */
#include "domain/request.h"

#include <stdint.h>

#define R        DY_SIDE_RESIDENT
#define W        DY_SIDE_WORKER
#define O        DY_SIDE_OWNER
#define M        DY_SIDE_MANAGER
#define S        DY_SIDE_SUPERVISOR
#define SYS      DY_SIDE_SYSTEM
#define G        DY_SIDE_REGISTRANT

#define SAME     DY_STATES       /* stays where it is */
#define PRIOR    (DY_STATES + 1) /* back to the state before it was suspended */

#define RESPONDS DY_EFFECT_RESPONDS
#define TEXT     DY_EFFECT_NEEDS_TEXT
#define ENDS     DY_EFFECT_ENDS

struct row {
	enum dy_state state;
	enum dy_act act;
	unsigned sides;
	int next;
	unsigned effects;
};

#define ROW(s, a, who, to, fx)                                                                     \
	{                                                                                          \
		DY_STATE_##s, DY_ACT_##a, who, to, fx                                              \
	}
#define TO(s) DY_STATE_##s

/* What is possible in every state that is still open. */
#define IN_ANY_OPEN(s)                                                                             \
	ROW(s, REMIND, R | G | SYS, SAME, 0),                                                      \
		ROW(s, WITHDRAW, R, TO(WITHDRAWN), ENDS | DY_EFFECT_DISOWNS),                      \
		ROW(s, WITHDRAW, G, TO(WITHDRAWN), ENDS | DY_EFFECT_DISOWNS | TEXT)

/* While its clock runs: cards. */
#define IN_ANY_TIMED(s)                                                                            \
	ROW(s, YELLOW_CARD, SYS, SAME, DY_EFFECT_CARDS),                                           \
		ROW(s, RED_CARD, SYS, SAME, DY_EFFECT_CARDS)

/* Before anybody has taken it in hand. */
#define IN_ANY_WAITING(s)                                                                          \
	ROW(s, CLAIM, W, TO(CLAIMED), RESPONDS | DY_EFFECT_OWNS),                                  \
		ROW(s, DISPATCH, M | S, TO(DISPATCHED), RESPONDS | DY_EFFECT_GIVES),               \
		ROW(s, MERGE, M, TO(MERGED), ENDS | DY_EFFECT_NEEDS_TARGET),                       \
		ROW(s, REFUSE, M, TO(REFUSED), RESPONDS | ENDS | TEXT), IN_ANY_TIMED(s)

/* While somebody owns it. */
#define IN_ANY_OWNED(s)                                                                            \
	ROW(s, ANSWER, R | G | W | O | M | S, SAME, TEXT),                                         \
		ROW(s, ASK, O | M, TO(SUSPENDED), RESPONDS | DY_EFFECT_PAUSES | TEXT),             \
		ROW(s, FINISH, O, TO(DONE), RESPONDS | DY_EFFECT_IS_DONE | TEXT),                  \
		ROW(s, RELEASE, O | M | SYS, TO(ACCEPTED), DY_EFFECT_DISOWNS),                     \
		ROW(s, HAND_OVER, O | M, TO(DISPATCHED), DY_EFFECT_GIVES),                         \
		ROW(s, RETURN, O, TO(RETURNED), DY_EFFECT_DISOWNS | TEXT),                         \
		ROW(s, ESCALATE, O | M | SYS, TO(ESCALATED),                                       \
	            DY_EFFECT_RAISES | DY_EFFECT_DISOWNS | TEXT),                                  \
		ROW(s, EXTEND_ASK, O, SAME, TEXT | DY_EFFECT_NEEDS_MINUTES),                       \
		ROW(s, EXTEND_GRANT, M | S, SAME, DY_EFFECT_NEEDS_MINUTES),                        \
		ROW(s, EXTEND_DENY, M | S, SAME, TEXT),                                            \
		ROW(s, MERGE, M, TO(MERGED), ENDS | DY_EFFECT_NEEDS_TARGET), IN_ANY_TIMED(s),      \
		IN_ANY_OPEN(s)

static const struct row ROWS[] = {
	ROW(REPORTED, ACCEPT, W | M, TO(ACCEPTED), RESPONDS),
	ROW(REPORTED, ANSWER, W | M | S, TO(ACCEPTED), RESPONDS | TEXT),
	ROW(REPORTED, ANSWER, R | G, SAME, TEXT),
	ROW(REPORTED, CLOSE_NOW, W | M, TO(CLOSED), RESPONDS | ENDS | TEXT),
	ROW(REPORTED, ESCALATE, W | M | SYS, TO(ESCALATED), DY_EFFECT_RAISES | TEXT),
	IN_ANY_WAITING(REPORTED),
	IN_ANY_OPEN(REPORTED),

	ROW(ACCEPTED, ANSWER, W | M | S, SAME, RESPONDS | TEXT),
	ROW(ACCEPTED, ANSWER, R | G, SAME, TEXT),
	ROW(ACCEPTED, ASK, W | M, TO(SUSPENDED), RESPONDS | DY_EFFECT_PAUSES | TEXT),
	ROW(ACCEPTED, CLOSE_NOW, W | M, TO(CLOSED), RESPONDS | ENDS | TEXT),
	ROW(ACCEPTED, ESCALATE, W | M | SYS, TO(ESCALATED), DY_EFFECT_RAISES | TEXT),
	IN_ANY_WAITING(ACCEPTED),
	IN_ANY_OPEN(ACCEPTED),

	ROW(DISPATCHED, START, O, TO(WORKING), RESPONDS),
	ROW(DISPATCHED, DISPATCH, M | S, TO(DISPATCHED), DY_EFFECT_GIVES),
	IN_ANY_OWNED(DISPATCHED),

	ROW(CLAIMED, START, O, TO(WORKING), RESPONDS),
	IN_ANY_OWNED(CLAIMED),

	IN_ANY_OWNED(WORKING),

	ROW(DONE, CONFIRM, R, TO(CLOSED), ENDS),
	ROW(DONE, CLOSE, M | S | SYS, TO(CLOSED), ENDS),
	ROW(DONE, REOPEN, R, TO(REOPENED), DY_EFFECT_REVIVES | TEXT),
	ROW(DONE, RETURN, M | S, TO(REOPENED), DY_EFFECT_REVIVES | TEXT),
	ROW(DONE, ANSWER, R | G | W | O | M | S, SAME, TEXT),
	ROW(DONE, HAND_OVER, O | M, SAME, DY_EFFECT_GIVES),

	ROW(CLOSED, REOPEN, R | M | S, TO(REOPENED), DY_EFFECT_REVIVES | TEXT),
	ROW(CLOSED, RATE, R, SAME, DY_EFFECT_NEEDS_RATING),

	ROW(SUSPENDED, RESUME, R | G | W | O | M | SYS, PRIOR, DY_EFFECT_RUNS),
	ROW(SUSPENDED, ANSWER, R | G, PRIOR, DY_EFFECT_RUNS | TEXT),
	ROW(SUSPENDED, ANSWER, W | O | M | S, SAME, TEXT),
	ROW(SUSPENDED, HAND_OVER, O | M, SAME, DY_EFFECT_GIVES),
	IN_ANY_OPEN(SUSPENDED),

	ROW(ESCALATED, ACCEPT, M | S, TO(ACCEPTED), RESPONDS),
	ROW(ESCALATED, CLAIM, M | S, TO(CLAIMED), RESPONDS | DY_EFFECT_OWNS),
	ROW(ESCALATED, DISPATCH, M | S, TO(DISPATCHED), RESPONDS | DY_EFFECT_GIVES),
	ROW(ESCALATED, ESCALATE, M | S | SYS, TO(ESCALATED), DY_EFFECT_RAISES | TEXT),
	ROW(ESCALATED, RETURN, M | S, TO(RETURNED), TEXT),
	ROW(ESCALATED, CLOSE_NOW, M | S, TO(CLOSED), RESPONDS | ENDS | TEXT),
	ROW(ESCALATED, REFUSE, M | S, TO(REFUSED), RESPONDS | ENDS | TEXT),
	ROW(ESCALATED, ANSWER, R | G | W | M | S, SAME, TEXT),
	IN_ANY_TIMED(ESCALATED),
	IN_ANY_OPEN(ESCALATED),

	ROW(RETURNED, ACCEPT, W | M, TO(ACCEPTED), RESPONDS),
	ROW(RETURNED, ESCALATE, M | SYS, TO(ESCALATED), DY_EFFECT_RAISES | TEXT),
	ROW(RETURNED, ANSWER, R | G | W | M | S, SAME, TEXT),
	IN_ANY_WAITING(RETURNED),
	IN_ANY_OPEN(RETURNED),

	ROW(REFUSED, REOPEN, R | M | S, TO(REOPENED), DY_EFFECT_REVIVES | TEXT),

	ROW(REOPENED, START, O, TO(WORKING), RESPONDS),
	ROW(REOPENED, CLAIM, W | M, TO(CLAIMED), RESPONDS | DY_EFFECT_OWNS),
	ROW(REOPENED, DISPATCH, M | S, TO(DISPATCHED), RESPONDS | DY_EFFECT_GIVES),
	ROW(REOPENED, REFUSE, M, TO(REFUSED), RESPONDS | ENDS | TEXT),
	IN_ANY_OWNED(REOPENED),
};

static const char *const STATE_NAMES[DY_STATES] = {
	"reported",  "accepted",  "dispatched", "claimed", "working", "done",      "closed",
	"suspended", "escalated", "returned",   "merged",  "refused", "withdrawn", "reopened",
};

static const char *const ACT_NAMES[DY_ACTS] = {
	"accept", "dispatch",   "claim",        "release",     "start",    "answer", "ask",
	"resume", "finish",     "close",        "close_now",   "confirm",  "reopen", "escalate",
	"return", "extend_ask", "extend_grant", "extend_deny", "merge",    "refuse", "withdraw",
	"remind", "rate",       "hand_over",    "yellow_card", "red_card",
};

const char *
dy_state_name(enum dy_state state)
{
	return STATE_NAMES[state];
}

const char *
dy_act_name(enum dy_act act)
{
	return ACT_NAMES[act];
}

static bool
name_find(const char *const *names, int n, struct dy_str name, int *out)
{
	for (int i = 0; i < n; i++) {
		if (dy_str_is(name, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool
dy_state_find(struct dy_str name, enum dy_state *out)
{
	int i;

	if (!name_find(STATE_NAMES, DY_STATES, name, &i))
		return false;
	*out = (enum dy_state)i;
	return true;
}

bool
dy_act_find(struct dy_str name, enum dy_act *out)
{
	int i;

	if (!name_find(ACT_NAMES, DY_ACTS, name, &i))
		return false;
	*out = (enum dy_act)i;
	return true;
}

/* The first row for one of the sides; *exists tells whether another side had one. */
static const struct row *
row_find(enum dy_state state, enum dy_act act, unsigned sides, bool *exists)
{
	*exists = false;
	for (size_t i = 0; i < DY_COUNT(ROWS); i++) {
		if (ROWS[i].state != state || ROWS[i].act != act)
			continue;
		*exists = true;
		if ((ROWS[i].sides & sides) != 0)
			return &ROWS[i];
	}
	return NULL;
}

enum dy_code
dy_request_step(enum dy_state state, enum dy_state prior, enum dy_act act, unsigned sides,
                struct dy_step *out, struct dy_err *err)
{
	bool exists;
	const struct row *row = row_find(state, act, sides, &exists);

	if (row == NULL && exists)
		return dy_raise(err, DY_E_DENIED, "/act", "'%s' is for others to do while it is %s",
		                ACT_NAMES[act], STATE_NAMES[state]);
	if (row == NULL)
		return dy_raise(err, DY_E_CONFLICT, "/act",
		                "'%s' is not possible while it is %s; load it again",
		                ACT_NAMES[act], STATE_NAMES[state]);
	out->next = row->next == SAME    ? state
	            : row->next == PRIOR ? prior
	                                 : (enum dy_state)row->next;
	out->effects = row->effects;
	return DY_OK;
}

unsigned
dy_request_acts(enum dy_state state, unsigned sides)
{
	unsigned acts = 0;

	for (size_t i = 0; i < DY_COUNT(ROWS); i++) {
		if (ROWS[i].state == state && (ROWS[i].sides & sides) != 0)
			acts |= 1u << ROWS[i].act;
	}
	return acts;
}

bool
dy_state_is_open(enum dy_state state)
{
	return state != DY_STATE_CLOSED && state != DY_STATE_MERGED && state != DY_STATE_REFUSED &&
	       state != DY_STATE_WITHDRAWN;
}

bool
dy_state_has_owner(enum dy_state state)
{
	return state == DY_STATE_DISPATCHED || state == DY_STATE_CLAIMED ||
	       state == DY_STATE_WORKING;
}

int
dy_state_progress(enum dy_state state)
{
	switch (state) {
	case DY_STATE_REPORTED:
	case DY_STATE_ACCEPTED:
	case DY_STATE_RETURNED: return 1;
	case DY_STATE_DISPATCHED:
	case DY_STATE_CLAIMED:
	case DY_STATE_ESCALATED:
	case DY_STATE_REOPENED: return 2;
	case DY_STATE_WORKING:
	case DY_STATE_SUSPENDED: return 3;
	case DY_STATE_DONE: return 4;
	case DY_STATE_CLOSED:
	case DY_STATE_MERGED:
	case DY_STATE_REFUSED:
	case DY_STATE_WITHDRAWN: return 5;
	}
	return 1;
}

int
dy_state_link(enum dy_state state, bool is_rated)
{
	switch (state) {
	case DY_STATE_REPORTED: return 1;
	case DY_STATE_ACCEPTED:
	case DY_STATE_RETURNED:
	case DY_STATE_REOPENED: return 2;
	case DY_STATE_DISPATCHED:
	case DY_STATE_CLAIMED:
	case DY_STATE_ESCALATED: return 3;
	case DY_STATE_WORKING:
	case DY_STATE_SUSPENDED: return 4;
	case DY_STATE_DONE: return 5;
	case DY_STATE_CLOSED: return is_rated ? 7 : 6;
	case DY_STATE_MERGED:
	case DY_STATE_REFUSED:
	case DY_STATE_WITHDRAWN: return 6;
	}
	return 1;
}

const char *
dy_overdue_name(enum dy_overdue level)
{
	static const char *const names[] = { "none", "reminder", "yellow", "red" };
	return names[level];
}

enum dy_overdue
dy_overdue_of(int64_t from, int64_t due, int64_t now)
{
	int64_t given = due - from;

	if (due == 0 || given <= 0 || now < due - given / 10)
		return DY_OVERDUE_NONE;
	if (now < due)
		return DY_OVERDUE_REMINDER;
	return now - due < given ? DY_OVERDUE_YELLOW : DY_OVERDUE_RED;
}
