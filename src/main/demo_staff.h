/* Who serves the sample community: cadres, grid managers, leaders, captains, volunteers, property staff, and the five-in-one
 * teams they form, with a few vacancies left open. Pure: equal plan and seed give the same people. */
#ifndef DY_MAIN_DEMO_STAFF_H
#define DY_MAIN_DEMO_STAFF_H

#include "demo_plan.h"
#include "demo_text.h"

#include "domain/role.h"

#define DY_DEMO_POSTS 10

struct dy_demo_post {
	enum dy_role role;
	enum dy_scope_kind kind;
	size_t index; /* of the grid or unit in the plan */
	bool is_deputy;
};
struct dy_demo_person {
	struct dy_str name, phone;
	const char *login; /* NULL: without a sign-in */
	struct dy_demo_post posts[DY_DEMO_POSTS];
	size_t n_posts;
};

/* Indexes of persons by enum dy_demo_who; where nobody holds the post, who stands in. */
struct dy_demo_team {
	size_t who[DY_DEMO_PROPERTY + 1];
};

struct dy_demo_staff {
	struct dy_demo_person *persons; /* the first is the secretary */
	struct dy_demo_team *teams;     /* of each unit */
	size_t n_persons, cap_persons;
	size_t shown_unit; /* the unit whose people have sign-ins */
	size_t vacancies;
};

void dy_demo_staff_make(struct dy_arena *arena, const struct dy_demo_plan *plan, uint64_t seed,
                        struct dy_demo_staff *out);

#endif
