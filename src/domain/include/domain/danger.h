/* Words that mean danger: to life, by people, by fire or gas. They make any request urgent and say whom to phone at once.
 *
 * Recall comes first: in doubt a text is dangerous. A plain "no" right before a symptom or a fire ("没有着火", "not bleeding")
 * takes that one word back; a question ("有没有着火"), a double no, and words that nobody denies in passing do not.
 * English words are matched whole ("fire", not "fireworks").
 * Threads: pure. */
#ifndef DY_DOMAIN_DANGER_H
#define DY_DOMAIN_DANGER_H

#include "base/str.h"
#include "base/time.h"
#include "domain/category.h"

#include <stdbool.h>

enum dy_danger { DY_DANGER_LIFE = 1, DY_DANGER_VIOLENCE = 2, DY_DANGER_FIRE = 4 };
#define DY_DANGERS       3
#define DY_SECOND_MAN_MS DY_MINUTE_MS

unsigned dy_danger_of(struct dy_str text); /* mask of enum dy_danger */
/* The number to phone for one danger: "120", "110", "119". */
const char *dy_danger_phone(enum dy_danger danger);

/* Does the text hold one of the words (NULL-terminated list, NULL: none)? English ones whole, in any case. */
bool dy_text_holds(struct dy_str text, const char *const *words);

/* Do these needs of the household (mask of DY_FLAG() of domain/need.h) make this kind of request as pressing as old age does:
 * medicine and care for any of them that is one of health, food where there is an infant, repairs where somebody lives on
 * dialysis. */
bool dy_flags_are_frail(const struct dy_category *category, unsigned flags);

/* When a second responder is asked for something that may cost a life and that nobody has answered. 0: not for this one. */
struct dy_time dy_second_man_due(unsigned dangers, bool is_medical, bool is_urgent,
                                 struct dy_time created, struct dy_time responded);

#endif
