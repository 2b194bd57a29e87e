/* The clocks of a request: what the program does by itself, and when.
 *
 * Two ladders, of the first response and of the close, each: a reminder in the last tenth of the time given, a yellow
 * card at the deadline, a red card, the town, then a reminder a day. Besides: a claim without a sign of work is released,
 * what is done and not judged is closed, a resident who was asked and says nothing does not stop the clock for ever.
 *
 * A rung that was done is counted, so none is done twice, whatever the wall clock does; after a standstill only the highest
 * rung that is due is done, once. Threads: pure. Times: 0 is none. */
#ifndef DY_DOMAIN_CLOCK_H
#define DY_DOMAIN_CLOCK_H

#include "domain/request.h"
#include "domain/rules.h"

enum dy_rung { DY_RUNG_REMIND, DY_RUNG_YELLOW, DY_RUNG_RED, DY_RUNG_TOWN, DY_RUNG_DAILY };

enum dy_card { DY_CARD_NONE, DY_CARD_YELLOW, DY_CARD_RED };
const char *dy_card_name(enum dy_card card);

struct dy_clock {
	enum dy_state state;
	bool urgent, responded;
	/* Somebody's life or health may depend on it: the reminder of the first response comes after a minute at the latest, and
	 * goes to a second person. Else 0. */
	struct dy_time second_due;
	struct dy_time from; /* both ladders count from here; moves with every pause */
	struct dy_time respond_due, close_due, paused_at, owned_at, done_at;
	int64_t respond_rung, close_rung; /* how many were done */
};

enum dy_due_act {
	DY_DUE_ACT_NONE,
	DY_DUE_ACT_RUNG,    /* see .of_close and .rung */
	DY_DUE_ACT_RELEASE, /* claimed, and no sign of work */
	DY_DUE_ACT_CLOSE,   /* done, and no word from the resident */
	DY_DUE_ACT_RESUME,  /* asked, and no word from the resident */
};
struct dy_due_work {
	enum dy_due_act act;
	bool of_close; /* of the close's ladder, else of the first response's */
	int64_t rung;  /* enum dy_rung; above DY_RUNG_DAILY: the days after */
	struct dy_time at;
};

/* The next thing to come; act NONE and at 0 when nothing will. */
struct dy_due_work dy_clock_next(const struct dy_clock *clock, const struct dy_rules *rules);
/* What is to be done now, the highest rung of what is due; act NONE: nothing. */
struct dy_due_work dy_clock_due(const struct dy_clock *clock, const struct dy_rules *rules,
                                struct dy_time now);
/* When a rung of a ladder comes. */
struct dy_time dy_clock_rung_at(const struct dy_clock *clock, const struct dy_rules *rules,
                                bool of_close, int64_t rung);
/* As the clock stands now, whether or not the cards were given yet. */
enum dy_overdue dy_clock_overdue(const struct dy_clock *clock, const struct dy_rules *rules,
                                 struct dy_time now);
/* The deadline that comes next: of the first response while there was none, else of the close. 0: none, or it stands. */
struct dy_time dy_clock_deadline(const struct dy_clock *clock, bool *of_close);

#endif
