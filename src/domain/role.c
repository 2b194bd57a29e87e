/* Roles and capabilities, as one table. */
#include "domain/role.h"

#define CAP(name) (1u << DY_CAP_##name)

#define STAFF     (CAP(REQUEST_REPORT) | CAP(REQUEST_READ) | CAP(TEAM_READ) | CAP(PLACE_READ))
#define WORKER    (STAFF | CAP(REQUEST_WORK))
#define MANAGER                                                                                    \
	(WORKER | CAP(REQUEST_MANAGE) | CAP(POSTER_PRINT) | CAP(SIGN_UP_MANAGE) |                  \
	 CAP(NOTICE_SEND) | CAP(REGISTER_READ) | CAP(REGISTER_WRITE) | CAP(OVERSIGHT))

static const struct {
	const char *name;
	unsigned caps;
} ROLES[DY_ROLES] = {
	[DY_ROLE_RESIDENT] = { "resident", CAP(REQUEST_REPORT) },
	[DY_ROLE_LEADER] = { "leader", MANAGER },
	[DY_ROLE_CADRE] = { "cadre", MANAGER | CAP(AUDIT_READ) | CAP(IMPORT) },
	[DY_ROLE_GRID_MANAGER] = { "grid_manager", MANAGER },
	[DY_ROLE_CAPTAIN] = { "captain", WORKER | CAP(SIGN_UP_MANAGE) | CAP(NOTICE_SEND) |
	                                         CAP(REGISTER_READ) },
	[DY_ROLE_VOLUNTEER] = { "volunteer", WORKER },
	[DY_ROLE_PROPERTY] = { "property", WORKER },
	[DY_ROLE_MEDIC] = { "medic", WORKER },
	[DY_ROLE_POLICE] = { "police", WORKER },
	[DY_ROLE_COURIER] = { "courier", STAFF },
	[DY_ROLE_SHOPKEEPER] = { "shopkeeper", CAP(REQUEST_REPORT) },
	[DY_ROLE_SECRETARY] = { "secretary", MANAGER | CAP(REQUEST_SUPERVISE) | CAP(POST_WRITE) |
	                                             CAP(ACCOUNT_WRITE) | CAP(SETTING_WRITE) |
	                                             CAP(AUDIT_READ) | CAP(IMPORT) },
	[DY_ROLE_OFFICER] = { "officer",
	                      STAFF | CAP(REQUEST_SUPERVISE) | CAP(AUDIT_READ) | CAP(OVERSIGHT) },
};

static const char *const SCOPES[] = { "unit", "grid", "community" };

static const char *const CAPS[DY_CAPS] = {
	[DY_CAP_NONE] = "none",
	[DY_CAP_PUBLIC] = "public",
	[DY_CAP_SIGNED_IN] = "signed_in",
	[DY_CAP_REQUEST_REPORT] = "request_report",
	[DY_CAP_REQUEST_READ] = "request_read",
	[DY_CAP_REQUEST_WORK] = "request_work",
	[DY_CAP_REQUEST_MANAGE] = "request_manage",
	[DY_CAP_REQUEST_SUPERVISE] = "request_supervise",
	[DY_CAP_TEAM_READ] = "team_read",
	[DY_CAP_POST_WRITE] = "post_write",
	[DY_CAP_ACCOUNT_WRITE] = "account_write",
	[DY_CAP_PLACE_READ] = "place_read",
	[DY_CAP_POSTER_PRINT] = "poster_print",
	[DY_CAP_SETTING_WRITE] = "setting_write",
	[DY_CAP_AUDIT_READ] = "audit_read",
	[DY_CAP_SIGN_UP_MANAGE] = "sign_up_manage",
	[DY_CAP_NOTICE_SEND] = "notice_send",
	[DY_CAP_REGISTER_READ] = "register_read",
	[DY_CAP_REGISTER_WRITE] = "register_write",
	[DY_CAP_IMPORT] = "import",
	[DY_CAP_OVERSIGHT] = "oversight",
};

const char *
dy_role_name(enum dy_role role)
{
	return ROLES[role].name;
}

bool
dy_role_find(struct dy_str name, enum dy_role *out)
{
	for (int i = 0; i < DY_ROLES; i++) {
		if (dy_str_is(name, ROLES[i].name)) {
			*out = (enum dy_role)i;
			return true;
		}
	}
	return false;
}

const char *
dy_scope_name(enum dy_scope_kind kind)
{
	return SCOPES[kind];
}

bool
dy_scope_find(struct dy_str name, enum dy_scope_kind *out)
{
	for (size_t i = 0; i < DY_COUNT(SCOPES); i++) {
		if (dy_str_is(name, SCOPES[i])) {
			*out = (enum dy_scope_kind)i;
			return true;
		}
	}
	return false;
}

const char *
dy_cap_name(enum dy_cap cap)
{
	return CAPS[cap];
}

bool
dy_role_has(enum dy_role role, enum dy_cap cap)
{
	if (cap == DY_CAP_NONE)
		return false;
	if (cap == DY_CAP_PUBLIC || cap == DY_CAP_SIGNED_IN)
		return true;
	return (ROLES[role].caps & 1u << cap) != 0;
}

bool
dy_post_covers(const struct dy_post_scope *post, struct dy_id grid, struct dy_id unit)
{
	switch (post->kind) {
	case DY_SCOPE_UNIT: return dy_id_eq(post->scope, unit);
	case DY_SCOPE_GRID: return dy_id_eq(post->scope, grid);
	case DY_SCOPE_COMMUNITY: return true;
	}
	return false;
}
