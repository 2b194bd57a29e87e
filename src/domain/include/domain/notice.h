/* Notices after CAP 1.2 (Common Alerting Protocol, OASIS 2010): their words, whom they are for, how far they are, and how
 * the households that have not read one are shared out for knocking.
 *
 * Threads: pure. */
#ifndef DY_DOMAIN_NOTICE_H
#define DY_DOMAIN_NOTICE_H

#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>

/* The words of CAP, in lower case; CAP itself writes them with a capital letter. */
enum dy_notice_word {
	DY_WORD_STATUS,
	DY_WORD_TYPE,
	DY_WORD_CATEGORY,
	DY_WORD_URGENCY,
	DY_WORD_SEVERITY,
	DY_WORD_CERTAINTY
};
/* The permitted words of one kind. */
const char *const *dy_notice_words(enum dy_notice_word kind, size_t *n);
bool dy_notice_word_is(enum dy_notice_word kind, struct dy_str text);

enum dy_area_kind { DY_AREA_GRID, DY_AREA_UNIT, DY_AREA_BUILDING, DY_AREA_STAIR };
const char *dy_area_name(enum dy_area_kind kind);
bool dy_area_find(struct dy_str name, enum dy_area_kind *out);

struct dy_area {
	enum dy_area_kind kind;
	struct dy_id id;
};
/* Any of the areas (none: everywhere), and any of the needs (0: everybody). */
struct dy_target {
	const struct dy_area *areas;
	size_t n_areas;
	unsigned needs; /* mask of DY_FLAG() */
};
struct dy_target_home {
	struct dy_id grid, unit, building, stair;
	unsigned needs;
};
bool dy_target_hits(const struct dy_target *target, const struct dy_target_home *home);

enum dy_notice_phase {
	DY_NOTICE_PENDING,
	DY_NOTICE_REFUSED,
	DY_NOTICE_SCHEDULED,
	DY_NOTICE_CURRENT,
	DY_NOTICE_EXPIRED,
	DY_NOTICE_UPDATED, /* a newer one stands in its place */
	DY_NOTICE_CANCELLED,
};
const char *dy_notice_phase_name(enum dy_notice_phase phase);

/* Shares n homes, in the order of walking, among people: each gets a run of neighbours, runs are as equal as whole floors allow.
 * floor[i]: any number that is the same for homes of one floor of one stair, next to each other. out[i]: 0 .. people - 1. */
void dy_homes_share(const int64_t *floor, size_t n, size_t people, size_t *out);

#endif
