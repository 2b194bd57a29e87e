/* A category proposed from the words of a report. A proposal only: who registers it decides. Threads: pure. */
#ifndef DY_DOMAIN_PROPOSE_H
#define DY_DOMAIN_PROPOSE_H

#include "domain/category.h"

/* NULL: nothing in the words says what it is about. */
const struct dy_category *dy_category_propose(struct dy_str text);
/* The same, or INFO: somebody reads it and answers. */
const struct dy_category *dy_category_guess(struct dy_str text);

#endif
