/* The categories of needs, with deadlines, urgency and evidence, as data.
 *
 * By the built-in calendar day is 08:00 to 20:00 in the community's zone. "Same day" means its evening; what is reported
 * later has until 12:00 of the next day. Threads: pure. */
#ifndef DY_DOMAIN_CATEGORY_H
#define DY_DOMAIN_CATEGORY_H

#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>

#define DY_URGENT_RESPOND_MINUTES 3

enum dy_due_kind {
	DY_DUE_NONE,
	DY_DUE_AFTER, /* ms after the report */
	DY_DUE_SAME_DAY,
	DY_DUE_NEXT_NINE, /* the next morning, 9:00 by the built-in calendar */
};

/* Minutes from midnight. */
struct dy_calendar {
	int64_t day_begins, day_ends, morning, late_until;
};

struct dy_due {
	enum dy_due_kind kind;
	int64_t ms;
};

enum dy_evidence { DY_EVIDENCE_NONE, DY_EVIDENCE_NOTE, DY_EVIDENCE_PHOTO };
enum dy_urgent_rule { DY_URGENT_NEVER, DY_URGENT_BY_WORDS, DY_URGENT_IF_ELDERLY, DY_URGENT_ALWAYS };

struct dy_category {
	const char *code;
	enum dy_urgent_rule urgent;
	const char *const *urgent_words; /* NULL-terminated, or NULL */
	bool is_private;
	bool is_medical;
	enum dy_evidence evidence;
	struct dy_due respond, close, close_night;
};

const struct dy_category *dy_categories(size_t *n);             /* in the order to offer them */
const struct dy_category *dy_category_find(struct dy_str code); /* NULL: unknown */
const char *dy_evidence_name(enum dy_evidence evidence);

/* Words that make a request urgent in any category: danger to life. */
bool dy_category_is_urgent(const struct dy_category *category, struct dy_str text, bool elderly,
                           bool asked_for);

struct dy_calendar dy_calendar_default(void);
bool dy_calendar_is_night(const struct dy_calendar *calendar, const struct dy_zone *zone,
                          struct dy_time t);
struct dy_time dy_due_time(const struct dy_due *due, const struct dy_calendar *calendar,
                           const struct dy_zone *zone, struct dy_time from); /* 0: none */

bool dy_is_night(const struct dy_zone *zone, struct dy_time t);
/* 0: no deadline. Urgent requests have the respond deadline of a life-threatening one, at most 3 minutes. */
struct dy_time dy_respond_due(const struct dy_category *category, const struct dy_zone *zone,
                              bool urgent, struct dy_time from);
struct dy_time dy_close_due(const struct dy_category *category, const struct dy_zone *zone,
                            struct dy_time from);
/* Minutes by day for display, -1: none. */
int64_t dy_due_minutes(const struct dy_due *due);

#endif
