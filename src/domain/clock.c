/* Ladders of reminders and cards, and the other things that time alone brings. */
#include "domain/clock.h"

#define REMIND_SHARE 10 /* the last tenth */

const char *
dy_card_name(enum dy_card card)
{
	static const char *const names[] = { "none", "yellow", "red" };
	return names[card];
}

static bool
is_running(const struct dy_clock *clock)
{
	return dy_state_is_open(clock->state) && clock->state != DY_STATE_DONE &&
	       clock->state != DY_STATE_SUSPENDED && clock->paused_at.ms == 0;
}

static bool
ladder_stands(const struct dy_clock *clock, bool of_close)
{
	if (!is_running(clock))
		return false;
	return of_close ? clock->close_due.ms != 0
	                : clock->respond_due.ms != 0 && !clock->responded;
}

static int64_t
after(int64_t given, int64_t percent, int64_t min_minutes)
{
	int64_t ms = given / 100 * percent + given % 100 * percent / 100;
	return ms > min_minutes * DY_MINUTE_MS ? ms : min_minutes * DY_MINUTE_MS;
}

struct dy_time
dy_clock_rung_at(const struct dy_clock *clock, const struct dy_rules *rules, bool of_close,
                 int64_t rung)
{
	const struct dy_ladder *l = clock->urgent ? &rules->urgent_ladder : &rules->ladder;
	struct dy_time at = of_close ? clock->close_due : clock->respond_due;
	int64_t given = at.ms - clock->from.ms;

	if (given < 0)
		given = 0;
	switch (rung) {
	case DY_RUNG_REMIND:
		at.ms -= given / REMIND_SHARE;
		if (!of_close && clock->second_due.ms != 0 && clock->second_due.ms < at.ms)
			at = clock->second_due;
		break;
	case DY_RUNG_YELLOW: break;
	case DY_RUNG_RED: at.ms += after(given, l->red_percent, l->red_min_minutes); break;
	default:
		at.ms += after(given, l->red_percent, l->red_min_minutes) +
		         after(given, l->town_percent, l->town_min_minutes) +
		         (rung - DY_RUNG_TOWN) * DY_DAY_MS;
	}
	return at;
}

/* The other things: at most one of them can be waiting in a state. */
static struct dy_due_work
other_work(const struct dy_clock *clock, const struct dy_rules *rules)
{
	struct dy_due_work work = { 0 };
	int64_t minutes = clock->urgent ? rules->urgent_release_minutes : rules->release_minutes;

	if (clock->state == DY_STATE_CLAIMED && clock->owned_at.ms != 0) {
		work.act = DY_DUE_ACT_RELEASE;
		work.at.ms = clock->owned_at.ms + minutes * DY_MINUTE_MS;
	} else if (clock->state == DY_STATE_DONE && clock->done_at.ms != 0) {
		work.act = DY_DUE_ACT_CLOSE;
		work.at.ms = clock->done_at.ms + rules->confirm_hours * DY_HOUR_MS;
	} else if (clock->state == DY_STATE_SUSPENDED && clock->paused_at.ms != 0) {
		work.act = DY_DUE_ACT_RESUME;
		work.at.ms = clock->paused_at.ms + rules->suspend_hours * DY_HOUR_MS;
	}
	return work;
}

static struct dy_due_work
rung_work(const struct dy_clock *clock, const struct dy_rules *rules, bool of_close, int64_t rung)
{
	return (struct dy_due_work){
		.act = DY_DUE_ACT_RUNG,
		.of_close = of_close,
		.rung = rung,
		.at = dy_clock_rung_at(clock, rules, of_close, rung),
	};
}

struct dy_due_work
dy_clock_next(const struct dy_clock *clock, const struct dy_rules *rules)
{
	struct dy_due_work next = other_work(clock, rules);

	for (int of_close = 0; of_close <= 1; of_close++) {
		if (!ladder_stands(clock, of_close == 1))
			continue;
		int64_t rung = of_close == 1 ? clock->close_rung : clock->respond_rung;
		struct dy_due_work work = rung_work(clock, rules, of_close == 1, rung);
		if (next.act == DY_DUE_ACT_NONE || work.at.ms < next.at.ms)
			next = work;
	}
	return next;
}

struct dy_due_work
dy_clock_due(const struct dy_clock *clock, const struct dy_rules *rules, struct dy_time now)
{
	struct dy_due_work due = dy_clock_next(clock, rules);

	if (due.act == DY_DUE_ACT_NONE || due.at.ms > now.ms)
		return (struct dy_due_work){ 0 };
	if (due.act != DY_DUE_ACT_RUNG)
		return due;
	/* the town is not reached by sleeping over the cards, nor slept over: people get their turn. What is left above are
	 * days, of which only the last counts; a standstill of years is a few hundred steps. */
	int64_t last = due.rung < DY_RUNG_RED     ? DY_RUNG_RED
	               : due.rung < DY_RUNG_DAILY ? due.rung
	                                          : INT64_MAX;
	while (due.rung < last &&
	       dy_clock_rung_at(clock, rules, due.of_close, due.rung + 1).ms <= now.ms)
		due.rung++;
	due.at = dy_clock_rung_at(clock, rules, due.of_close, due.rung);
	return due;
}

enum dy_overdue
dy_clock_overdue(const struct dy_clock *clock, const struct dy_rules *rules, struct dy_time now)
{
	enum dy_overdue level = DY_OVERDUE_NONE;

	for (int of_close = 0; of_close <= 1; of_close++) {
		struct dy_clock at_pause = *clock;
		/* while the clock stands it shows what it showed when it stopped */
		if (clock->paused_at.ms != 0 && clock->state == DY_STATE_SUSPENDED) {
			at_pause.state = DY_STATE_ACCEPTED;
			at_pause.paused_at.ms = 0;
		}
		if (!ladder_stands(&at_pause, of_close == 1))
			continue;
		int64_t at = clock->paused_at.ms != 0 ? clock->paused_at.ms : now.ms;
		for (int rung = DY_RUNG_REMIND; rung <= DY_RUNG_RED; rung++) {
			if (dy_clock_rung_at(clock, rules, of_close == 1, rung).ms <= at &&
			    rung + 1 > (int)level)
				level = (enum dy_overdue)(rung + 1);
		}
	}
	return level;
}

struct dy_time
dy_clock_deadline(const struct dy_clock *clock, bool *of_close)
{
	struct dy_time none = { 0 };

	*of_close = !ladder_stands(clock, false);
	if (!*of_close)
		return clock->respond_due;
	return ladder_stands(clock, true) ? clock->close_due : none;
}
