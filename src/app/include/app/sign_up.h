/* Sign-ups (接龙): a list with room for so many seats, one entry for each household or person, a waiting line.
 *
 * Whoever comes first is first: seats go in the order of arrival, nobody is overtaken in the line, and the end is the end.
 * Ownership: results point into call->arena. Errors: as in app/app.h; DY_E_INPUT and DY_E_CONFLICT name the member. */
#ifndef DY_APP_SIGN_UP_H
#define DY_APP_SIGN_UP_H

#include "app/app.h"
#include "store/sign_up.h"

#define DY_SEATS_MAX       100000
#define DY_ENTRY_SEATS_MAX 20
#define DY_SIGN_UP_DAYS    90 /* how far ahead it may close */

enum dy_sign_up_phase { DY_SIGN_UP_SOON, DY_SIGN_UP_OPEN, DY_SIGN_UP_FULL, DY_SIGN_UP_CLOSED };

const char *dy_sign_up_phase_name(enum dy_sign_up_phase phase);
enum dy_sign_up_phase dy_sign_up_phase(const struct dy_sign_up *s, struct dy_time now);

struct dy_sign_up_draft {
	struct dy_str title, text;
	bool per_person;
	int64_t capacity, entry_max;
	struct dy_id unit, grid; /* at most one; none: the whole community */
	struct dy_time opens_at, closes_at;
};
/* For who may manage sign-ups at that place. */
enum dy_code dy_app_sign_up_make(struct dy_call *call, const struct dy_sign_up_draft *draft,
                                 struct dy_sign_up *out) DY_NODISCARD;

struct dy_sign_up_edit {
	struct dy_id id;
	int64_t version; /* the one seen */
	struct dy_str title, text;
	int64_t capacity;
	struct dy_time closes_at; /* now or before: closes it */
};
/* More room lets the line move up at once. */
enum dy_code dy_app_sign_up_change(struct dy_call *call, const struct dy_sign_up_edit *edit,
                                   struct dy_sign_up *out) DY_NODISCARD;

struct dy_entry_draft {
	struct dy_id sign_up;
	int64_t seats;
	struct dy_str note;
	struct dy_id door;           /* staff, for the household of a door; 0: for oneself */
	const struct dy_where *home; /* where the actor lives, read just before; NULL: not yet */
};
/* In, or in the line; DY_E_CONFLICT when it is not open or the member is in it already. */
enum dy_code dy_app_sign_up_join(struct dy_call *call, const struct dy_entry_draft *draft,
                                 struct dy_sign_up_entry *out) DY_NODISCARD;
/* One's own until it closes; who manages it takes out anybody at any time. The line moves up. */
enum dy_code dy_app_sign_up_leave(struct dy_call *call, struct dy_id sign_up,
                                  struct dy_id member) DY_NODISCARD;

bool dy_sign_up_may_manage(const struct dy_actor *actor, const struct dy_sign_up *s);
/* home: where the actor lives; NULL: nowhere here. */
bool dy_sign_up_may_see(const struct dy_actor *actor, const struct dy_where *home,
                        const struct dy_sign_up *s);
/* Who the actor is in this list: the household or the person; 0: cannot be in it. */
struct dy_id dy_sign_up_member(const struct dy_actor *actor, const struct dy_sign_up *s);

#endif
