/* Inside of app: what the use cases of requests share. */
#ifndef DY_APP_INSIDE_H
#define DY_APP_INSIDE_H

#include "app/app.h"
#include "domain/category.h"
#include "store/duty.h"
#include "store/event.h"

extern const struct dy_str dy_workflow_setting; /* the rules, as JSON */
/* Reads call->rules when it is not there yet. */
enum dy_code dy_call_rules(struct dy_wtx *tx, struct dy_call *call) DY_NODISCARD;
/* Both deadlines, from where the clock counts, with the pauses and extensions there were. */
void dy_request_dues(struct dy_call *call, const struct dy_rule *rule, enum dy_mode mode,
                     struct dy_request *r);
/* When the clock has to look at it again. */
void dy_request_clock_set(struct dy_call *call, struct dy_request *r);
/* An act by who stands on these sides, whoever call->actor is: same table, same entry, same event. What the act needs
 * was checked before. */
enum dy_code dy_request_act_as(struct dy_wtx *tx, struct dy_call *call,
                               const struct dy_act_draft *draft, unsigned sides,
                               struct dy_request *r) DY_NODISCARD;

/* The rooms of a post's scope; DY_E_INPUT when there is no such scope. */
enum dy_code dy_scope_rooms(struct dy_rtx *tx, struct dy_call *call,
                            const struct dy_post_scope *scope,
                            struct dy_event_rooms *out) DY_NODISCARD;
/* An alarm, when the loss of this post leaves something uncovered. */
enum dy_code dy_vacancy_raise(struct dy_wtx *tx, struct dy_call *call, const struct dy_post *post,
                              struct dy_str reason) DY_NODISCARD;
/* Somebody was given such a post: its alarms are over. */
enum dy_code dy_vacancies_fill(struct dy_wtx *tx, struct dy_call *call,
                               const struct dy_post *post) DY_NODISCARD;
/* Alarms for every post of somebody who is absent from now on; none a second time. */
enum dy_code dy_absence_alarms(struct dy_wtx *tx, struct dy_call *call,
                               const struct dy_absence *a) DY_NODISCARD;
/* Alarms of people who are not absent any more are over. */
enum dy_code dy_vacancies_back(struct dy_wtx *tx, struct dy_call *call) DY_NODISCARD;

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
