/* Use cases of intake beside the plain report: through a door link without signing in, followers, several needs, cards with
 * household codes. As app.h: results point into call->arena; what a person may not see is DY_E_NOT_FOUND. */
#ifndef DY_APP_INTAKE_H
#define DY_APP_INTAKE_H

#include "app/app.h"
#include "store/intake.h"

/* Without signing in. call->actor->community is the link's. */
struct dy_door_report {
	struct dy_str link, door; /* door as on the wall; empty: the stair itself */
	struct dy_str category;   /* empty: guessed from the words */
	struct dy_str text, contact;
	bool urgent;
};
/* track gets the secret by which they follow it. DY_E_NOT_FOUND: the link is not valid; DY_E_INPUT names the member. */
enum dy_code dy_app_door_report(struct dy_call *call, const struct dy_door_report *draft,
                                struct dy_request *out, char track[DY_LINK_TEXT + 1]) DY_NODISCARD;
/* What a tracking link leads to. */
enum dy_code dy_app_track_open(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str track,
                               struct dy_request *out, struct dy_err *err) DY_NODISCARD;
/* An act of the resident who holds the link; draft->request is not looked at. */
enum dy_code dy_app_track_act(struct dy_call *call, struct dy_str track,
                              const struct dy_act_draft *draft,
                              struct dy_request *out) DY_NODISCARD;
/* Somebody of the team has spoken to them: it is genuine. */
enum dy_code dy_app_verify(struct dy_call *call, struct dy_id request, struct dy_str text,
                           struct dy_request *out) DY_NODISCARD;

/* The household of the actor waits for a neighbour's request (on) or not any more. */
enum dy_code dy_app_follow(struct dy_call *call, struct dy_id request, bool on,
                           struct dy_request *out) DY_NODISCARD;
/* May this person read it as one who follows: without door and without the reporter's own words? */
enum dy_code dy_request_may_follow_read(struct dy_rtx *tx, const struct dy_actor *actor,
                                        const struct dy_request *r, bool *out,
                                        struct dy_err *err) DY_NODISCARD;

struct dy_need_draft {
	struct dy_str category, text;
};
/* Splits a request into needs, or adds some. The first time there are at least two. */
enum dy_code dy_app_needs_add(struct dy_call *call, struct dy_id request,
                              const struct dy_need_draft *needs, size_t n,
                              struct dy_request *out) DY_NODISCARD;
enum dy_code dy_app_need_end(struct dy_call *call, struct dy_id request, int64_t number,
                             bool is_done, struct dy_str text, struct dy_request *out) DY_NODISCARD;

/* A card for a household's door: the code that its people type to join. */
struct dy_home_card {
	struct dy_id household, door;
	struct dy_str door_code, code;
	bool is_new; /* the code before is not valid any more */
};
struct dy_home_card_list {
	struct dy_home_card *items;
	size_t count, cap;
};
struct dy_home_card_draft {
	struct dy_id stair;
	const struct dy_id
		*doors; /* none: every household of the stair whose code was never printed */
	size_t n_doors;
};
/* A code that was on paper once is replaced. One event for each household, which it hears. */
enum dy_code dy_app_cards_print(struct dy_call *call, const struct dy_home_card_draft *draft,
                                struct dy_home_card_list *out) DY_NODISCARD;

#endif
