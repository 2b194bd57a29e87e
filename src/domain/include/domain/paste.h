/* From a block of group chat to proposed requests.
 *
 * Only proposes: a person confirms, merges or drops each proposal. Nothing is looked up, nothing is learnt; every decision
 * comes from the weighted words of paste_words.txt and the rules of docs/internals/paste.md.
 * Units: lines count from 1 in the block as pasted; confidence is per cent.
 * Ownership: results point into the arena, never into the text given. Threads: pure.
 * Errors: DY_E_LIMIT for more than DY_PASTE_BYTES_MAX or DY_PASTE_LINES_MAX, DY_E_INPUT for text that is not UTF-8 or is empty.
 * Time: linear in the text; dy_paste.steps counts the work. */
#ifndef DY_DOMAIN_PASTE_H
#define DY_DOMAIN_PASTE_H

#include "base/err.h"
#include "domain/address.h"

#include <stdint.h>

#define DY_PASTE_BYTES_MAX     (64 * 1024)
#define DY_PASTE_LINES_MAX     3000
#define DY_PASTE_PROPOSALS_MAX 500 /* more is no chat; the rest is counted in dropped */

enum dy_paste_door_from {
	DY_PASTE_DOOR_NONE,
	DY_PASTE_DOOR_TEXT,      /* said with the need */
	DY_PASTE_DOOR_NAME,      /* in the sender's name */
	DY_PASTE_DOOR_EARLIER,   /* the sender said it before or after */
	DY_PASTE_DOOR_TITLE,     /* completed from the head of a chain */
	DY_PASTE_DOOR_NEIGHBOUR, /* "the one above, 601": nobody said another */
};
const char *dy_paste_door_from_name(enum dy_paste_door_from from);

struct dy_paste_proposal {
	size_t line;         /* where the need stands */
	const size_t *lines; /* all lines it was made of, ascending */
	size_t n_lines;
	struct dy_str sender, text, on_behalf, contact; /* as written; contact: a mobile number */
	struct dy_address door; /* missing parts are empty; a stair alone is a shared fault */
	struct dy_str estate;   /* "东海新村" before the building, or empty */
	enum dy_paste_door_from door_from;
	const char *category, *second; /* second: the next best, or NULL */
	bool urgent;
	int confidence; /* that this is a request, of this category: see docs/internals/paste.md */
	size_t same_as; /* proposal (index + 1) of the same door and category, 0: none */
	size_t shared_as; /* proposal (index + 1) of a fault of the same stair or building, 0: none */
};

struct dy_paste {
	struct dy_paste_proposal *items;
	size_t count, cap;
	size_t lines, messages, dropped;
	uint64_t steps; /* characters, words and doors looked at */
};

enum dy_code dy_paste_read(struct dy_arena *arena, struct dy_str text, struct dy_paste *out,
                           struct dy_err *err) DY_NODISCARD;

/* 3-1-501; parts that are missing are left out: 3-501, 3-1, 501. */
struct dy_str dy_paste_door_text(struct dy_arena *arena, const struct dy_address *door);

/* The real doors a written one may mean. */
struct dy_paste_place {
	struct dy_str building, building_name, stair, door;
	int64_t id;
};
struct dy_paste_places;
/* places stay as they are while the index is used. */
struct dy_paste_places *dy_paste_places_new(struct dy_arena *arena,
                                            const struct dy_paste_place *places, size_t n);
#define DY_PASTE_MATCHES_MAX 5
struct dy_paste_matches {
	const struct dy_paste_place *items[DY_PASTE_MATCHES_MAX];
	size_t count; /* of all that fit; items holds the first DY_PASTE_MATCHES_MAX */
};
/* Exactly one: it is that door. None: no such door. More: ambiguous, a person chooses. */
void dy_paste_match(const struct dy_paste_places *index, const struct dy_address *door,
                    struct dy_str estate, struct dy_paste_matches *out);

#endif
