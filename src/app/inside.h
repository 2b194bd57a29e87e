/* Inside of app: what the use cases of requests share. */
#ifndef DY_APP_INSIDE_H
#define DY_APP_INSIDE_H

#include "app/app.h"

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

#endif
