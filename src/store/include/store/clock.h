/* The clocks of requests: due work, as rows. */
#ifndef DY_STORE_CLOCK_H
#define DY_STORE_CLOCK_H

#include "store/request.h"

/* Called by dy_request_insert() and dy_request_update(): a request and its clock are written together. */
enum dy_code dy_request_clock_put(struct dy_wtx *tx, const struct dy_request *r,
                                  struct dy_err *err) DY_NODISCARD;
/* Requests whose next work is due, the longest waiting first; at most cap. */
enum dy_code dy_clock_list_due(struct dy_rtx *tx, struct dy_time now, struct dy_id *out, size_t cap,
                               size_t *n, struct dy_err *err) DY_NODISCARD;
/* Looks at it again then: what could not be done must not hold up the others. */
enum dy_code dy_clock_delay(struct dy_wtx *tx, struct dy_id request, struct dy_time until,
                            struct dy_err *err) DY_NODISCARD;
/* Deadlines reckoned anew under other rules: no act, so no version and no entry. */
enum dy_code dy_request_dues_put(struct dy_wtx *tx, const struct dy_request *r,
                                 struct dy_err *err) DY_NODISCARD;
/* Open requests that this person owns, or all open ones (owner 0), oldest first, behind `after`; at most cap. */
enum dy_code dy_request_list_owned(struct dy_rtx *tx, struct dy_id owner, struct dy_id after,
                                   struct dy_id *out, size_t cap, size_t *n,
                                   struct dy_err *err) DY_NODISCARD;

#endif
