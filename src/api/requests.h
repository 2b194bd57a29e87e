/* What the routes of requests, intake and followers share. */
#ifndef DY_API_REQUESTS_H
#define DY_API_REQUESTS_H

#include "app/intake.h"
#include "domain/address.h"
#include "domain/category.h"
#include "domain/danger.h"
#include "domain/propose.h"
#include "domain/shared.h"
#include "routes.h"

/* The request of the first path parameter, when this person may read it, as a follower too. */
enum dy_code dy_request_find(struct dy_q *q, struct dy_request *r) DY_NODISCARD;
enum dy_code dy_request_write(struct dy_q *q, struct dy_rtx *tx,
                              const struct dy_request *r) DY_NODISCARD;
/* The same as the whole answer, with its version as ETag. */
enum dy_code dy_request_one_write(struct dy_q *q, struct dy_rtx *tx,
                                  const struct dy_request *r) DY_NODISCARD;
/* .show of routes that change one request: q->subject and q->result. */
enum dy_code dy_request_show(struct dy_q *q) DY_NODISCARD;
const char *dy_request_number_text(struct dy_q *q, const struct dy_request *r); /* "0423-017" */

/* advice.c: dangers of a request, and "advice": what to do at once, in the reader's language. */
unsigned dy_request_dangers(struct dy_str category, struct dy_str text);
bool dy_intake_is_urgent(struct dy_str category, struct dy_str text); /* by kind and words alone */
void dy_advice_write(struct dy_q *q, unsigned dangers);
const char *dy_advice_text(enum dy_danger danger, bool chinese);

/* Whom to phone in a unit: the captain, else the office. name and phone may be empty. */
struct dy_helper {
	struct dy_str name, phone;
};
enum dy_code dy_helper_find(struct dy_q *q, struct dy_rtx *tx, struct dy_id unit,
                            struct dy_helper *out) DY_NODISCARD;
void dy_helper_write(struct dy_q *q, const struct dy_helper *h); /* "call": {...} */

/* intake.c */
/* The community a link names becomes that of the query, without anybody signed in. */
enum dy_code dy_q_as_visitor(struct dy_q *q, struct dy_str link) DY_NODISCARD;
enum dy_code dy_door_report_rate(struct dy_q *q, const struct dy_door_report *d) DY_NODISCARD;
enum dy_code dy_track_rate(struct dy_q *q, struct dy_str track) DY_NODISCARD;
/* A refusal because it came too soon: says when to come back. */
void dy_q_wait(struct dy_q *q, const struct dy_call *call);

#endif
