/* Notices: writing, agreeing, replacing; receipts and the door-knock list.
 *
 * Who gets one is worked out when it is looked at, from its areas and needs: who moves in meanwhile gets it too.
 * Ownership: results point into call->arena. Errors: as in app/app.h; DY_E_INPUT and DY_E_CONFLICT name the member. */
#ifndef DY_APP_NOTICE_H
#define DY_APP_NOTICE_H

#include "app/app.h"
#include "store/notice.h"

#define DY_NOTICE_AREAS_MAX 200
#define DY_NOTICE_DAYS_MAX  365
#define DY_KNOCKS_MAX       500
#define DY_SHARERS_MAX      50

struct dy_notice_draft {
	struct dy_notice n; /* words, texts, times, wants_confirm, needs, replaces */
	struct dy_area_list areas;
	const struct dy_home_list *homes; /* of the community, read just before; NULL: not yet */
};
/* For who may send to every household it is for. Sent at once, or kept until a second person agrees when the community
 * wants that. */
enum dy_code dy_app_notice_make(struct dy_call *call, const struct dy_notice_draft *draft,
                                struct dy_notice *out) DY_NODISCARD;
/* A second person sends or refuses it. */
enum dy_code dy_app_notice_decide(struct dy_call *call, struct dy_id notice, bool agrees,
                                  struct dy_notice *out) DY_NODISCARD;

/* The household of the actor has read or confirmed it. */
enum dy_code dy_app_notice_receipt(struct dy_call *call, struct dy_id notice, bool confirmed,
                                   enum dy_mark *out) DY_NODISCARD;

struct dy_knock {
	struct dy_id household;
	bool told; /* else nobody was there */
};
/* Ticks off doors, any number of times; *n_new: how many said something new. */
enum dy_code dy_app_notice_knocks(struct dy_call *call, struct dy_id notice,
                                  const struct dy_knock *knocks, size_t n,
                                  size_t *n_new) DY_NODISCARD;
/* Shares out the homes of a unit that still have to be told; *shared: how many. */
enum dy_code dy_app_notice_share(struct dy_call *call, struct dy_id notice, struct dy_id unit,
                                 const struct dy_id *accounts, size_t n,
                                 size_t *shared) DY_NODISCARD;

enum dy_notice_phase dy_notice_phase_of(const struct dy_notice *n, struct dy_time now);
/* Somebody has to knock there. */
bool dy_notice_is_missing(const struct dy_notice *n, enum dy_mark mark);
/* May the actor send to all of these? *hits: how many homes it is for. DY_E_INPUT names an area where nobody lives. */
enum dy_code dy_notice_reach(const struct dy_actor *actor, const struct dy_notice *n,
                             const struct dy_area_list *areas, const struct dy_home_list *homes,
                             int64_t *hits, struct dy_err *err) DY_NODISCARD;

struct dy_notice_rule {
	bool second_approver;
	int64_t version; /* 0: the built-in one */
};
enum dy_code dy_notice_rule_get(struct dy_rtx *tx, struct dy_arena *arena,
                                struct dy_notice_rule *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_app_notice_rule_put(struct dy_call *call, struct dy_notice_rule *rule) DY_NODISCARD;

#endif
