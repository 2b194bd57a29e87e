/* Notices: words, targets, sharing. */
#include "domain/notice.h"

static const char *const STATUS[] = { "actual", "exercise", "test" };
static const char *const TYPE[] = { "alert", "update", "cancel" };
static const char *const CATEGORY[] = {
	"geo",    "met", "safety",    "security", "rescue", "fire",
	"health", "env", "transport", "infra",    "cbrne",  "other"
};
static const char *const URGENCY[] = { "immediate", "expected", "future", "past", "unknown" };
static const char *const SEVERITY[] = { "extreme", "severe", "moderate", "minor", "unknown" };
static const char *const CERTAINTY[] = { "observed", "likely", "possible", "unlikely", "unknown" };

static const struct {
	const char *const *words;
	size_t n;
} WORDS[] = {
	[DY_WORD_STATUS] = { STATUS, DY_COUNT(STATUS) },
	[DY_WORD_TYPE] = { TYPE, DY_COUNT(TYPE) },
	[DY_WORD_CATEGORY] = { CATEGORY, DY_COUNT(CATEGORY) },
	[DY_WORD_URGENCY] = { URGENCY, DY_COUNT(URGENCY) },
	[DY_WORD_SEVERITY] = { SEVERITY, DY_COUNT(SEVERITY) },
	[DY_WORD_CERTAINTY] = { CERTAINTY, DY_COUNT(CERTAINTY) },
};
static const char *const AREAS[] = { "grid", "unit", "building", "stair" };
static const char *const PHASES[] = { "pending", "refused", "scheduled", "current",
	                              "expired", "updated", "cancelled" };

const char *const *
dy_notice_words(enum dy_notice_word kind, size_t *n)
{
	*n = WORDS[kind].n;
	return WORDS[kind].words;
}

bool
dy_notice_word_is(enum dy_notice_word kind, struct dy_str text)
{
	for (size_t i = 0; i < WORDS[kind].n; i++) {
		if (dy_str_is(text, WORDS[kind].words[i]))
			return true;
	}
	return false;
}

const char *
dy_area_name(enum dy_area_kind kind)
{
	return AREAS[kind];
}

bool
dy_area_find(struct dy_str name, enum dy_area_kind *out)
{
	for (size_t i = 0; i < DY_COUNT(AREAS); i++) {
		if (dy_str_is(name, AREAS[i])) {
			*out = (enum dy_area_kind)i;
			return true;
		}
	}
	return false;
}

static bool
area_holds(const struct dy_area *area, const struct dy_target_home *home)
{
	switch (area->kind) {
	case DY_AREA_GRID: return dy_id_eq(area->id, home->grid);
	case DY_AREA_UNIT: return dy_id_eq(area->id, home->unit);
	case DY_AREA_BUILDING: return dy_id_eq(area->id, home->building);
	case DY_AREA_STAIR: return dy_id_eq(area->id, home->stair);
	}
	return false;
}

bool
dy_target_hits(const struct dy_target *target, const struct dy_target_home *home)
{
	if (target->needs != 0 && (target->needs & home->needs) == 0)
		return false;
	for (size_t i = 0; i < target->n_areas; i++) {
		if (area_holds(&target->areas[i], home))
			return true;
	}
	return target->n_areas == 0;
}

const char *
dy_notice_phase_name(enum dy_notice_phase phase)
{
	return PHASES[phase];
}

void
dy_homes_share(const int64_t *floor, size_t n, size_t people, size_t *out)
{
	size_t who = 0, given = 0;

	for (size_t i = 0; i < n;) {
		size_t end = i + 1;
		while (end < n && floor[end] == floor[i])
			end++;
		/* this floor goes to the next person when that brings this one nearer to an equal share of what is left */
		size_t left = n - i + given;
		size_t share = (left + people - who - 1) / (people - who);
		bool is_over = given + (end - i) > share && given > 0 &&
		               given + (end - i) - share > share - given;
		if (who + 1 < people && (given >= share || is_over)) {
			who++;
			given = 0;
		}
		given += end - i;
		for (; i < end; i++)
			out[i] = who;
	}
}
