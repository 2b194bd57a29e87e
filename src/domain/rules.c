/* The built-in rules, made from the table of categories, and deadlines under any rules. */
#include "domain/rules.h"

#include <string.h>

#define NIGHT_EXTRA_MS       (10 * DY_MINUTE_MS) /* a team sleeps: 5 -> 15 minutes */
#define NIGHT_EXTRA_SHORT_MS (7 * DY_MINUTE_MS)  /* 3 -> 10 minutes */
#define SHORT_MS             (3 * DY_MINUTE_MS)

static const struct {
	const char *code;
	size_t n;
	enum dy_role roles[DY_NEXT_ROLES];
} NEXT[] = {
	{ "MED1", 3, { DY_ROLE_LEADER, DY_ROLE_MEDIC, DY_ROLE_CAPTAIN } },
	{ "MED2", 2, { DY_ROLE_VOLUNTEER, DY_ROLE_MEDIC } },
	{ "FOOD", 2, { DY_ROLE_VOLUNTEER, DY_ROLE_CAPTAIN } },
	{ "CARE", 2, { DY_ROLE_CAPTAIN, DY_ROLE_VOLUNTEER } },
	{ "REPR", 2, { DY_ROLE_PROPERTY, DY_ROLE_LEADER } },
	{ "DELV", 2, { DY_ROLE_VOLUNTEER, DY_ROLE_CAPTAIN } },
	{ "PASS", 2, { DY_ROLE_LEADER, DY_ROLE_CADRE } },
	{ "TEST", 2, { DY_ROLE_LEADER, DY_ROLE_CADRE } },
	{ "INFO", 2, { DY_ROLE_LEADER, DY_ROLE_CADRE } },
	{ "WAST", 2, { DY_ROLE_PROPERTY, DY_ROLE_LEADER } },
	{ "DISP", 2, { DY_ROLE_GRID_MANAGER, DY_ROLE_LEADER } },
	{ "PSYC", 2, { DY_ROLE_VOLUNTEER, DY_ROLE_LEADER } },
	{ "SHOP", 2, { DY_ROLE_CADRE, DY_ROLE_LEADER } },
	{ "IDEA", 2, { DY_ROLE_LEADER, DY_ROLE_CADRE } },
};

static struct dy_due
by_night(struct dy_due respond)
{
	if (respond.kind == DY_DUE_AFTER)
		respond.ms += respond.ms > SHORT_MS ? NIGHT_EXTRA_MS : NIGHT_EXTRA_SHORT_MS;
	return respond;
}

/* In an alert or an emergency somebody on duty is awake: the night is as the day. */
static void
rule_fill(struct dy_rule *rule, const struct dy_category *category)
{
	*rule = (struct dy_rule){ .category = *category };
	for (int mode = 0; mode < DY_MODES; mode++) {
		bool awake = mode == DY_MODE_ALERT || mode == DY_MODE_EMERGENCY ||
		             category->urgent == DY_URGENT_ALWAYS;
		struct dy_deadlines *d = &rule->modes[mode];
		d->respond[DY_BY_DAY] = category->respond;
		d->respond[DY_BY_NIGHT] = awake ? category->respond : by_night(category->respond);
		d->close[DY_BY_DAY] = category->close;
		d->close[DY_BY_NIGHT] = category->close_night;
	}
	for (size_t i = 0; i < DY_COUNT(NEXT); i++) {
		if (strcmp(NEXT[i].code, category->code) != 0)
			continue;
		rule->n_next = NEXT[i].n;
		memcpy(rule->next, NEXT[i].roles, sizeof(rule->next));
	}
}

void
dy_rules_init(struct dy_rules *rules)
{
	size_t n;
	const struct dy_category *all = dy_categories(&n);

	*rules = (struct dy_rules){
		.calendar = dy_calendar_default(),
		.urgent_respond_minutes = DY_URGENT_RESPOND_MINUTES,
		.ladder = { 100, 30, 300, 1440 },
		.urgent_ladder = { 100, 3, 300, 10 },
		.release_minutes = 120,
		.urgent_release_minutes = 10,
		.confirm_hours = 72,
		.suspend_hours = 72,
	};
	DY_ASSERT(n == DY_RULES_CATEGORIES);
	for (size_t i = 0; i < n; i++)
		rule_fill(&rules->categories[i], &all[i]);
}

const struct dy_rule *
dy_rules_find(const struct dy_rules *rules, struct dy_str code)
{
	for (size_t i = 0; i < DY_RULES_CATEGORIES; i++) {
		if (dy_str_is(code, rules->categories[i].category.code))
			return &rules->categories[i];
	}
	return NULL;
}

static enum dy_daypart
daypart(const struct dy_rules *rules, const struct dy_zone *zone, struct dy_time t)
{
	return dy_calendar_is_night(&rules->calendar, zone, t) ? DY_BY_NIGHT : DY_BY_DAY;
}

struct dy_time
dy_rules_respond_due(const struct dy_rules *rules, const struct dy_rule *rule, enum dy_mode mode,
                     const struct dy_zone *zone, bool urgent, struct dy_time from)
{
	/* what is urgent stays by night as by day */
	enum dy_daypart part = urgent ? DY_BY_DAY : daypart(rules, zone, from);
	struct dy_time due =
		dy_due_time(&rule->modes[mode].respond[part], &rules->calendar, zone, from);
	int64_t at_most = from.ms + rules->urgent_respond_minutes * DY_MINUTE_MS;

	if (urgent && (due.ms == 0 || due.ms > at_most))
		due.ms = at_most;
	return due;
}

struct dy_time
dy_rules_close_due(const struct dy_rules *rules, const struct dy_rule *rule, enum dy_mode mode,
                   const struct dy_zone *zone, struct dy_time from)
{
	return dy_due_time(&rule->modes[mode].close[daypart(rules, zone, from)], &rules->calendar,
	                   zone, from);
}
