/* Categories: the table of product design 4. */
#include "domain/category.h"

#include "domain/danger.h"

#define MIN(n)                                                                                     \
	{                                                                                          \
		DY_DUE_AFTER, (n)*DY_MINUTE_MS                                                     \
	}
#define HOURS(n)                                                                                   \
	{                                                                                          \
		DY_DUE_AFTER, (n)*DY_HOUR_MS                                                       \
	}
#define DAYS(n)                                                                                    \
	{                                                                                          \
		DY_DUE_AFTER, (n)*DY_DAY_MS                                                        \
	}
#define SAME_DAY                                                                                   \
	{                                                                                          \
		DY_DUE_SAME_DAY, 0                                                                 \
	}
#define NINE                                                                                       \
	{                                                                                          \
		DY_DUE_NEXT_NINE, 0                                                                \
	}
#define NO_DUE                                                                                     \
	{                                                                                          \
		DY_DUE_NONE, 0                                                                     \
	}

#define DAY_BEGINS_H      8
#define DAY_ENDS_H        20
#define LATE_UNTIL_H      12
#define MORNING_H         9
#define URGENT_RESPOND_MS (DY_URGENT_RESPOND_MINUTES * DY_MINUTE_MS)

static const char *const FOOD_WORDS[] = { "断粮",     "没吃的",  "没饭吃", "断奶",
	                                  "奶粉没了", "no food", NULL };
static const char *const MEDICINE_WORDS[] = { "透析", "化疗",     "胰岛素",  "断药",
	                                      "临产", "dialysis", "insulin", NULL };
static const char *const REPAIR_WORDS[] = { "煤气", "燃气", "漏气", "漏电", "gas", NULL };
static const char *const WASTE_WORDS[] = { "封门", "封控", NULL };
static const struct dy_category CATEGORIES[] = {
	{ "MED1", DY_URGENT_ALWAYS, NULL, false, true, DY_EVIDENCE_NOTE, MIN(1), HOURS(1),
	  HOURS(1) },
	{ "MED2", DY_URGENT_IF_ELDERLY, MEDICINE_WORDS, false, true, DY_EVIDENCE_NOTE, MIN(3),
	  HOURS(4), NINE },
	{ "FOOD", DY_URGENT_BY_WORDS, FOOD_WORDS, false, false, DY_EVIDENCE_NOTE, MIN(3), SAME_DAY,
	  SAME_DAY },
	{ "CARE", DY_URGENT_IF_ELDERLY, NULL, false, false, DY_EVIDENCE_NOTE, MIN(3), SAME_DAY,
	  SAME_DAY },
	{ "REPR", DY_URGENT_BY_WORDS, REPAIR_WORDS, false, false, DY_EVIDENCE_PHOTO, MIN(5),
	  HOURS(24), HOURS(24) },
	{ "DELV", DY_URGENT_NEVER, NULL, false, false, DY_EVIDENCE_NONE, MIN(5), SAME_DAY,
	  SAME_DAY },
	{ "PASS", DY_URGENT_NEVER, NULL, false, false, DY_EVIDENCE_NOTE, MIN(10), HOURS(4),
	  HOURS(4) },
	{ "TEST", DY_URGENT_NEVER, NULL, false, false, DY_EVIDENCE_NONE, MIN(5), HOURS(4), NINE },
	{ "INFO", DY_URGENT_NEVER, NULL, false, false, DY_EVIDENCE_NONE, MIN(3), HOURS(4), NINE },
	{ "WAST", DY_URGENT_BY_WORDS, WASTE_WORDS, false, false, DY_EVIDENCE_PHOTO, MIN(10),
	  SAME_DAY, SAME_DAY },
	{ "DISP", DY_URGENT_NEVER, NULL, true, false, DY_EVIDENCE_NOTE, MIN(10), DAYS(3), DAYS(3) },
	{ "PSYC", DY_URGENT_NEVER, NULL, true, false, DY_EVIDENCE_NONE, MIN(3), SAME_DAY,
	  SAME_DAY },
	{ "SHOP", DY_URGENT_NEVER, NULL, false, false, DY_EVIDENCE_NOTE, MIN(10), DAYS(2),
	  DAYS(2) },
	{ "IDEA", DY_URGENT_NEVER, NULL, false, false, DY_EVIDENCE_NONE, SAME_DAY, NO_DUE, NO_DUE },
};

const struct dy_category *
dy_categories(size_t *n)
{
	*n = DY_COUNT(CATEGORIES);
	return CATEGORIES;
}

const struct dy_category *
dy_category_find(struct dy_str code)
{
	for (size_t i = 0; i < DY_COUNT(CATEGORIES); i++) {
		if (dy_str_is(code, CATEGORIES[i].code))
			return &CATEGORIES[i];
	}
	return NULL;
}

const char *
dy_evidence_name(enum dy_evidence evidence)
{
	static const char *const names[] = { "none", "note", "photo" };
	return names[evidence];
}

bool
dy_category_is_urgent(const struct dy_category *category, struct dy_str text, bool elderly,
                      bool asked_for)
{
	if (category->urgent == DY_URGENT_ALWAYS || dy_danger_of(text) != 0)
		return true;
	if (category->urgent == DY_URGENT_IF_ELDERLY && elderly)
		return true;
	/* a wish counts where the category knows urgency at all; elsewhere it would only wear the word out */
	if (asked_for && category->urgent != DY_URGENT_NEVER)
		return true;
	return dy_text_holds(text, category->urgent_words);
}

static struct dy_time
at_minute(const struct dy_zone *zone, struct dy_time t, int days_ahead, int64_t minute)
{
	struct dy_day day = dy_day_of(zone, t);

	day.n += days_ahead;
	struct dy_time at = dy_day_start(zone, day);
	at.ms += minute * DY_MINUTE_MS;
	return at;
}

struct dy_calendar
dy_calendar_default(void)
{
	return (struct dy_calendar){ .day_begins = DAY_BEGINS_H * 60,
		                     .day_ends = DAY_ENDS_H * 60,
		                     .morning = MORNING_H * 60,
		                     .late_until = LATE_UNTIL_H * 60 };
}

bool
dy_calendar_is_night(const struct dy_calendar *calendar, const struct dy_zone *zone,
                     struct dy_time t)
{
	return t.ms < at_minute(zone, t, 0, calendar->day_begins).ms ||
	       t.ms >= at_minute(zone, t, 0, calendar->day_ends).ms;
}

bool
dy_is_night(const struct dy_zone *zone, struct dy_time t)
{
	struct dy_calendar calendar = dy_calendar_default();
	return dy_calendar_is_night(&calendar, zone, t);
}

struct dy_time
dy_due_time(const struct dy_due *due, const struct dy_calendar *calendar,
            const struct dy_zone *zone, struct dy_time from)
{
	struct dy_time none = { 0 };

	switch (due->kind) {
	case DY_DUE_NONE: return none;
	case DY_DUE_AFTER: from.ms += due->ms; return from;
	case DY_DUE_SAME_DAY: {
		struct dy_time evening = at_minute(zone, from, 0, calendar->day_ends);
		return from.ms < evening.ms ? evening
		                            : at_minute(zone, from, 1, calendar->late_until);
	}
	case DY_DUE_NEXT_NINE: {
		struct dy_time morning = at_minute(zone, from, 0, calendar->morning);
		return from.ms < morning.ms ? morning : at_minute(zone, from, 1, calendar->morning);
	}
	}
	return none;
}

static struct dy_time
due_time(const struct dy_due *due, const struct dy_zone *zone, struct dy_time from)
{
	struct dy_calendar calendar = dy_calendar_default();
	return dy_due_time(due, &calendar, zone, from);
}

struct dy_time
dy_respond_due(const struct dy_category *category, const struct dy_zone *zone, bool urgent,
               struct dy_time from)
{
	struct dy_time due = due_time(&category->respond, zone, from);
	bool is_night = dy_is_night(zone, from);

	/* by night a team sleeps: 10 minutes instead of 3, 5 -> 15; what is urgent stays as by day */
	if (is_night && !urgent && category->respond.kind == DY_DUE_AFTER)
		due.ms += category->respond.ms > 3 * DY_MINUTE_MS ? 10 * DY_MINUTE_MS
		                                                  : 7 * DY_MINUTE_MS;
	if (urgent && due.ms > from.ms + URGENT_RESPOND_MS)
		due.ms = from.ms + URGENT_RESPOND_MS;
	return due;
}

struct dy_time
dy_close_due(const struct dy_category *category, const struct dy_zone *zone, struct dy_time from)
{
	bool is_night = dy_is_night(zone, from);
	return due_time(is_night ? &category->close_night : &category->close, zone, from);
}

int64_t
dy_due_minutes(const struct dy_due *due)
{
	switch (due->kind) {
	case DY_DUE_NONE: return -1;
	case DY_DUE_AFTER: return due->ms / DY_MINUTE_MS;
	case DY_DUE_SAME_DAY:
	case DY_DUE_NEXT_NINE: return 12 * 60; /* at most a working day */
	}
	return -1;
}
