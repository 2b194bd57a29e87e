/* Roles, the scopes of posts, and what a role may do.
 *
 * A capability is granted by role within the scope of a post and below. Zero is no capability, so that a forgotten one
 * is a refusal. Threads: pure. */
#ifndef DY_DOMAIN_ROLE_H
#define DY_DOMAIN_ROLE_H

#include "base/id.h"
#include "base/str.h"

#include <stdbool.h>

enum dy_role {
	DY_ROLE_RESIDENT, /* by household, not by post */
	DY_ROLE_LEADER,
	DY_ROLE_CADRE,
	DY_ROLE_GRID_MANAGER,
	DY_ROLE_CAPTAIN,
	DY_ROLE_VOLUNTEER,
	DY_ROLE_PROPERTY,
	DY_ROLE_MEDIC,
	DY_ROLE_POLICE,
	DY_ROLE_COURIER,
	DY_ROLE_SHOPKEEPER,
	DY_ROLE_SECRETARY,
	DY_ROLE_OFFICER,
};
#define DY_ROLES 13

enum dy_scope_kind { DY_SCOPE_UNIT, DY_SCOPE_GRID, DY_SCOPE_COMMUNITY };

enum dy_cap {
	DY_CAP_NONE,      /* refuses everybody */
	DY_CAP_PUBLIC,    /* without signing in */
	DY_CAP_SIGNED_IN, /* any account */
	DY_CAP_REQUEST_REPORT,
	DY_CAP_REQUEST_READ,   /* the board of one's scope */
	DY_CAP_REQUEST_WORK,   /* claim, answer, finish, ... */
	DY_CAP_REQUEST_MANAGE, /* dispatch, refuse, merge, verify */
	DY_CAP_REQUEST_SUPERVISE,
	DY_CAP_TEAM_READ,
	DY_CAP_POST_WRITE,
	DY_CAP_ACCOUNT_WRITE,
	DY_CAP_PLACE_READ,
	DY_CAP_POSTER_PRINT,
	DY_CAP_SETTING_WRITE,
	DY_CAP_AUDIT_READ,
	DY_CAP_SIGN_UP_MANAGE,
	DY_CAP_NOTICE_SEND,
	DY_CAP_REGISTER_READ,  /* households, masked; in full with a purpose */
	DY_CAP_REGISTER_WRITE, /* correct them */
	DY_CAP_IMPORT,         /* spreadsheets */
	DY_CAP_OVERSIGHT,      /* rates of units and grids */
};
#define DY_CAPS 21

const char *dy_role_name(enum dy_role role); /* "grid_manager" */
bool dy_role_find(struct dy_str name, enum dy_role *out);
const char *dy_scope_name(enum dy_scope_kind kind);
bool dy_scope_find(struct dy_str name, enum dy_scope_kind *out);
const char *dy_cap_name(enum dy_cap cap); /* "request_work" */
bool dy_role_has(enum dy_role role, enum dy_cap cap);

struct dy_post_scope {
	enum dy_role role;
	enum dy_scope_kind kind;
	struct dy_id scope;
};

/* Does the post's scope hold this unit of this grid? */
bool dy_post_covers(const struct dy_post_scope *post, struct dy_id grid, struct dy_id unit);

#endif
