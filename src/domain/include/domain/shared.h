/* What several households report of one fault, and what somebody has reported before: the rule behind "your neighbours
 * already reported this".
 *
 * Threads: pure. */
#ifndef DY_DOMAIN_SHARED_H
#define DY_DOMAIN_SHARED_H

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>

/* A thing that a stair or a compound has once. */
enum dy_fault {
	DY_FAULT_NONE,
	DY_FAULT_LIFT,
	DY_FAULT_WATER,
	DY_FAULT_POWER,
	DY_FAULT_GAS,
	DY_FAULT_DRAIN,
	DY_FAULT_LIGHT,
	DY_FAULT_GATE,
	DY_FAULT_RUBBISH,
};
#define DY_FAULTS 9

#define DY_SAME_HOME_MS                                                                            \
	(24 * DY_HOUR_MS) /* one's own report of the same kind is the same within a day */
#define DY_SAME_FAULT_MS (72 * DY_HOUR_MS) /* a shared fault within three */

const char *dy_fault_name(enum dy_fault fault); /* "lift"; "" for none */
/* Only categories that know shared faults (REPR, WAST) have one. */
enum dy_fault dy_fault_of(struct dy_str category, struct dy_str text);

enum dy_likeness { DY_LIKE_NONE, DY_LIKE_OWN, DY_LIKE_NEIGHBOUR };
const char *dy_likeness_name(enum dy_likeness likeness); /* "own", "neighbour" */

/* What is compared of a draft and of an open request. */
struct dy_sighting {
	struct dy_id household, unit; /* household 0: unknown */
	struct dy_str category, text;
	struct dy_time at;
};
enum dy_likeness dy_likeness_of(const struct dy_sighting *draft, const struct dy_sighting *open);

/* A neighbour's words for others: numbers of three digits and more (doors, phones) become "…". */
struct dy_str dy_text_masked(struct dy_arena *arena, struct dy_str text);

#endif
