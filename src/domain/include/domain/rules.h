/* The workflow of a community as data: categories, deadlines, who comes next, the ladder of cards.
 *
 * The built-in rules are the table of category.c; a community's own are a JSON object that names only what differs
 * (rules_json.h). Deadlines depend on category, mode, and on day or night by the calendar.
 * Ownership: texts of decoded rules live as long as the arena. Threads: pure. */
#ifndef DY_DOMAIN_RULES_H
#define DY_DOMAIN_RULES_H

#include "domain/category.h"
#include "domain/mode.h"
#include "domain/role.h"

#include <stddef.h>

#define DY_RULES_CATEGORIES 14
#define DY_NEXT_ROLES       4

enum dy_daypart { DY_BY_DAY, DY_BY_NIGHT };
#define DY_DAYPARTS 2

struct dy_deadlines {
	struct dy_due respond[DY_DAYPARTS], close[DY_DAYPARTS];
};

struct dy_rule {
	struct dy_category category; /* respond, close and close_night are those of normal mode */
	struct dy_deadlines modes[DY_MODES];
	enum dy_role next[DY_NEXT_ROLES]; /* who is asked first, in this order */
	size_t n_next;
	const char *const *words; /* the community's own, at the end of category.urgent_words */
	size_t n_words;
};

/* How long after a missed deadline the next card comes: a share of the time that was given, but not less than so many
 * minutes. */
struct dy_ladder {
	int64_t red_percent, red_min_minutes;
	int64_t town_percent, town_min_minutes;
};

struct dy_rules {
	int64_t version; /* 0: the built-in rules, never stored */
	struct dy_calendar calendar;
	struct dy_rule categories[DY_RULES_CATEGORIES];
	int64_t urgent_respond_minutes; /* urgent ones are answered within, whatever the category says */
	struct dy_ladder ladder, urgent_ladder;
	int64_t release_minutes, urgent_release_minutes; /* claimed without a sign of work */
	int64_t confirm_hours; /* done, and the resident says nothing: closed */
	int64_t suspend_hours; /* the resident was asked and says nothing: the clock goes on */
};

void dy_rules_init(struct dy_rules *rules); /* the built-in ones */
/* NULL: unknown category. */
const struct dy_rule *dy_rules_find(const struct dy_rules *rules, struct dy_str code);

/* 0: no deadline. */
struct dy_time dy_rules_respond_due(const struct dy_rules *rules, const struct dy_rule *rule,
                                    enum dy_mode mode, const struct dy_zone *zone, bool urgent,
                                    struct dy_time from);
struct dy_time dy_rules_close_due(const struct dy_rules *rules, const struct dy_rule *rule,
                                  enum dy_mode mode, const struct dy_zone *zone,
                                  struct dy_time from);

#endif
