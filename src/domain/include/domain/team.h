/* The five-in-one team: which roles a unit needs, and what is missing. Threads: pure. */
#ifndef DY_DOMAIN_TEAM_H
#define DY_DOMAIN_TEAM_H

#include "domain/role.h"

#include <stddef.h>
#include <stdint.h>

#define DY_TEAM_MIN_MAX 99

struct dy_team_need {
	enum dy_role role;
	int64_t min;
	bool deputy; /* a deputy is wanted as well */
};
struct dy_team_rule {
	int64_t version; /* 0: the built-in rule, never stored */
	struct dy_team_need needs[DY_ROLES];
	size_t count;
};

/* Leader with deputy, cadre, captain, two volunteers, property staff. */
void dy_team_rule_default(struct dy_team_rule *out);
/* Every role once, none that is not a post; DY_E_INPUT names the entry ("/roles/3"). */
enum dy_code dy_team_rule_check(const struct dy_team_rule *rule, struct dy_err *err) DY_NODISCARD;
/* The text that is stored: "leader 1 deputy\ncadre 1\n...". */
struct dy_str dy_team_rule_encode(struct dy_arena *arena, const struct dy_team_rule *rule);
enum dy_code dy_team_rule_decode(struct dy_str text, struct dy_team_rule *out,
                                 struct dy_err *err) DY_NODISCARD;
/* How many are missing when so many full members and deputies hold the role. */
int64_t dy_team_missing(const struct dy_team_need *need, int64_t members, int64_t deputies);

#endif
