/* The household register: residents see and correct their own household; staff see it masked, and in full only for a purpose they
 * state, which the household is shown.
 *
 * Errors: a household outside of one's scope is DY_E_NOT_FOUND. Ownership: results point into call->arena. */
#ifndef DY_APP_REGISTER_H
#define DY_APP_REGISTER_H

#include "app/app.h"
#include "store/household.h"

#define DY_PURPOSE_TEXT_MAX 100 /* characters */

/* Names of purposes: "visit", "medical", "delivery", "verify", "emergency", "other" (needs words). */
extern const char *const dy_purposes[];
extern const size_t dy_purposes_n;

struct dy_opening_draft {
	struct dy_id household;
	size_t purpose; /* of dy_purposes */
	struct dy_str text;
};
/* The record in full; that it was opened, by whom and for what, is an event of the household. */
enum dy_code dy_app_record_open(struct dy_call *call, const struct dy_opening_draft *draft,
                                struct dy_record *out, struct dy_facts *facts) DY_NODISCARD;

struct dy_record_draft {
	struct dy_id household; /* 0: the actor's own */
	int64_t version;        /* the one seen */
	struct dy_str name, phone;
	int64_t residents, elderly;
	unsigned needs;                 /* mask: those that hold; the others are dropped */
	struct dy_time until[DY_FACTS]; /* of a need; 0: as it is, or a year for a new one */
};
/* By a resident of it, or by who may correct the register there. What did not change keeps its source. */
enum dy_code dy_app_record_correct(struct dy_call *call, const struct dy_record_draft *draft,
                                   struct dy_record *out, struct dy_facts *facts) DY_NODISCARD;

/* 王* and 139****0001 */
struct dy_str dy_phone_masked(struct dy_arena *arena, struct dy_str phone);

#endif
