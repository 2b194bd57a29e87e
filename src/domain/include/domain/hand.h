/* Who answers for a request: never nobody.
 *
 * Its owner, while present and in a post there. Else, at the level it was escalated to, who is on duty for that scope, who
 * leads it, a deputy; when a level has nobody, the next one up; above the town nobody is left but the secretary, present or
 * not. Threads: pure. */
#ifndef DY_DOMAIN_HAND_H
#define DY_DOMAIN_HAND_H

#include "domain/role.h"

#include <stddef.h>
#include <stdint.h>

/* A person in a post now. */
struct dy_hand {
	struct dy_id account;
	struct dy_str name;
	struct dy_post_scope scope;
	bool is_deputy;
	bool is_absent;
	bool is_on_duty; /* for this scope, now */
};
struct dy_hands {
	const struct dy_hand *items;
	size_t count;
};

enum dy_hand_why {
	DY_HAND_OWNER, /* has it in hand */
	DY_HAND_DUTY,  /* on duty for the scope */
	DY_HAND_POST,  /* leads the scope */
	DY_HAND_DEPUTY,
	DY_HAND_ABOVE, /* the level it stands at has nobody: the next hand up */
	DY_HAND_LAST,  /* nobody is present at all: the secretary */
};
const char *dy_hand_why_name(enum dy_hand_why why);

struct dy_hand_where {
	struct dy_id grid, unit;
	int64_t level; /* 0 unit, 1 grid, 2 community, 3 town */
	struct dy_id owner;
};

/* NULL only when nobody holds a post that may manage or supervise requests: a community has a secretary. */
const struct dy_hand *dy_hand_find(const struct dy_hands *hands, const struct dy_hand_where *where,
                                   enum dy_hand_why *why);
/* Who could stand in for somebody in this post: a deputy of the same post, somebody in the same post, else who answers for
 * the scope, or above it. NULL: nobody is present. */
const struct dy_hand *dy_hand_deputy(const struct dy_hands *hands, const struct dy_post_scope *post,
                                     struct dy_id grid, struct dy_id unit, struct dy_id missing);
/* Present full members and deputies of a role at exactly this scope. */
void dy_hands_count(const struct dy_hands *hands, const struct dy_post_scope *post,
                    int64_t *members, int64_t *deputies);
/* Present people to ask first, by the order of the roles; at most cap, each once. Returns how many. */
size_t dy_hands_next(const struct dy_hands *hands, const struct dy_hand_where *where,
                     const enum dy_role *roles, size_t n_roles, const struct dy_hand **out,
                     size_t cap);

#endif
