/* Plays the sample: community, places, staff and two weeks of requests, all through the use cases, in one job of the writer.
 * Everything is stored, or nothing is. Ids, links, codes and passwords are random; all else follows from the wish. */
#ifndef DY_MAIN_DEMO_STAGE_H
#define DY_MAIN_DEMO_STAGE_H

#include "demo_script.h"
#include "secret.h"

struct dy_demo_wish {
	struct dy_str code, name; /* of the community */
	uint64_t seed;
	struct dy_time moment; /* the sample ends here */
	const struct dy_key *key;
	const char *photo_dir; /* must exist */
};
struct dy_demo_login {
	const char *role, *login;
	char password[DY_PASSWORD_TEXT];
	struct dy_str name, scope_name;
	struct dy_post_scope scope;
};
#define DY_DEMO_LOGINS 8
struct dy_demo_door {
	struct dy_str url_path, address, door, household_code, unit;
};
#define DY_DEMO_DOORS 9

struct dy_demo_made {
	struct dy_id community;
	struct dy_demo_plan plan;
	struct dy_demo_staff staff;
	struct dy_demo_login logins[DY_DEMO_LOGINS];
	struct dy_demo_door doors[DY_DEMO_DOORS];
	size_t n_logins, n_doors, n_requests, n_photos;
	size_t by_state[DY_STATES];
};

enum dy_code dy_demo_make(struct dy_store *store, struct dy_arena *arena,
                          const struct dy_demo_wish *wish, struct dy_demo_made *out,
                          struct dy_err *err) DY_NODISCARD;

#endif
