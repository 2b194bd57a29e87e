/* What the register knows of a household: facts, of which some are needs that services have to heed.
 *
 * Every fact has a source, a day it is known since and mostly an expiry; a need that has expired does not count.
 * Threads: pure. */
#ifndef DY_DOMAIN_NEED_H
#define DY_DOMAIN_NEED_H

#include "base/str.h"
#include "base/time.h"

#include <stdbool.h>

enum dy_fact_kind {
	DY_FACT_SIZE,
	DY_FACT_NAME,
	DY_FACT_PHONE,
	DY_NEED_ELDERLY_ALONE,
	DY_NEED_DIALYSIS,
	DY_NEED_INFANT,
	DY_NEED_DISABLED,
	DY_NEED_PET,
};
#define DY_FACTS      8
#define DY_NEED_FIRST DY_NEED_ELDERLY_ALONE
#define DY_FACT_DAYS  365 /* how long a need is believed when nobody says otherwise */

/* Mask of needs: dy_household_flags() gives one. */
#define DY_FLAG(kind) (1u << (kind))

enum dy_fact_source { DY_SOURCE_RESIDENT, DY_SOURCE_STAFF, DY_SOURCE_IMPORT };
#define DY_SOURCES 3

const char *dy_fact_name(enum dy_fact_kind kind); /* "elderly_alone" */
bool dy_fact_find(struct dy_str name, enum dy_fact_kind *out);
bool dy_fact_is_need(enum dy_fact_kind kind);
const char *dy_source_name(enum dy_fact_source source); /* "resident" */
bool dy_source_find(struct dy_str name, enum dy_fact_source *out);

#endif
