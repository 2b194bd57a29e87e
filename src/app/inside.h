/* Inside of app: what the use cases of requests share. */
#ifndef DY_APP_INSIDE_H
#define DY_APP_INSIDE_H

#include "app/app.h"
#include "domain/category.h"

/* Reads call->rules when it is not there yet. */
enum dy_code dy_call_rules(struct dy_wtx *tx, struct dy_call *call) DY_NODISCARD;
/* Both deadlines, from where the clock counts, with the pauses and extensions there were. */
void dy_request_dues(struct dy_call *call, const struct dy_rule *rule, enum dy_mode mode,
                     struct dy_request *r);
/* When the clock has to look at it again. */
void dy_request_clock_set(struct dy_call *call, struct dy_request *r);
/* An act of the clock: same table, same entry, same event. */
enum dy_code dy_request_system_act(struct dy_wtx *tx, struct dy_call *call,
                                   const struct dy_act_draft *draft,
                                   struct dy_request *r) DY_NODISCARD;

bool dy_request_is_private(const struct dy_request *r);
/* former: the owner before, who loses it from their list; else the owner. told: who is to look after it now, when the clock says
 * so; 0: nobody in particular. */
enum dy_code dy_request_event(struct dy_wtx *tx, struct dy_call *call, const char *verb,
                              const struct dy_request *r, struct dy_id former,
                              struct dy_id told) DY_NODISCARD;

struct dy_entry_draft {
	const char *act, *from; /* from: name of the state before */
	const char *side;       /* "resident", "staff", "system" */
	struct dy_str text;
	bool team_only;
	bool nameless;                     /* who did it is not told here */
	const struct dy_photo_set *photos; /* NULL: none */
};
/* With the version of r as its number: each version has its entry. */
enum dy_code dy_request_entry(struct dy_wtx *tx, struct dy_call *call, const struct dy_request *r,
                              const struct dy_entry_draft *draft) DY_NODISCARD;

/* A new request at a place: urgency, deadlines, number; stored with its first entry and event. */
enum dy_code dy_request_make(struct dy_wtx *tx, struct dy_call *call,
                             const struct dy_request_draft *draft, const struct dy_where *where,
                             bool as_resident, struct dy_request *out) DY_NODISCARD;

/* The act by somebody who stands on these sides, with every check; r is the request as it is now. */
enum dy_code dy_request_act(struct dy_wtx *tx, struct dy_call *call,
                            const struct dy_act_draft *draft, struct dy_request *r, unsigned sides,
                            struct dy_request *out) DY_NODISCARD;

/* follow.c: after an act on r that others may read, everybody who waits for the same hears of it. */
enum dy_code dy_request_tell_followers(struct dy_wtx *tx, struct dy_call *call,
                                       const struct dy_act_draft *draft, const struct dy_request *r,
                                       bool as_resident, bool changed) DY_NODISCARD;
/* r was merged into target: who waited for r waits for target. */
enum dy_code dy_request_followers_move(struct dy_wtx *tx, struct dy_call *call,
                                       const struct dy_request *r,
                                       struct dy_id target) DY_NODISCARD;

#endif
