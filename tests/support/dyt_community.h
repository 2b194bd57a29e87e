/* A small community for tests of app and api: 2 grids, 3 units of one stair, 3 doors each, staff in every role that
 * matters, and as many more volunteers of the first unit as wanted. Ids are the community's plus a fixed number. */
#ifndef DY_TESTS_COMMUNITY_H
#define DY_TESTS_COMMUNITY_H

#include "app/app.h"
#include "dyt.h"

#define DYT_UNITS    3
#define DYT_DOORS    3 /* of a stair */
#define DYT_PASSWORD "generated for tests"

enum dyt_person {
	DYT_SECRETARY,
	DYT_OFFICER,
	DYT_CADRE,
	DYT_MANAGER, /* of the first grid */
	DYT_LEADER,
	DYT_LEADER_2,
	DYT_CAPTAIN,
	DYT_VOLUNTEER,
	DYT_VOLUNTEER_2,
	DYT_VOLUNTEER_3,
	DYT_PROPERTY,
	DYT_COURIER,
	DYT_SHOPKEEPER,
	DYT_STAFF /* how many; more volunteers follow */
};

static const struct {
	const char *login;
	struct dy_post_scope post; /* scope: number of the unit or grid from 1 */
} DYT_PEOPLE[DYT_STAFF] = {
	[DYT_SECRETARY] = { "secretary", { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, { 0 } } },
	[DYT_OFFICER] = { "officer", { DY_ROLE_OFFICER, DY_SCOPE_COMMUNITY, { 0 } } },
	[DYT_CADRE] = { "cadre", { DY_ROLE_CADRE, DY_SCOPE_COMMUNITY, { 0 } } },
	[DYT_MANAGER] = { "manager", { DY_ROLE_GRID_MANAGER, DY_SCOPE_GRID, { 1 } } },
	[DYT_LEADER] = { "leader", { DY_ROLE_LEADER, DY_SCOPE_UNIT, { 1 } } },
	[DYT_LEADER_2] = { "leader-2", { DY_ROLE_LEADER, DY_SCOPE_UNIT, { 2 } } },
	[DYT_CAPTAIN] = { "captain", { DY_ROLE_CAPTAIN, DY_SCOPE_UNIT, { 1 } } },
	[DYT_VOLUNTEER] = { "volunteer", { DY_ROLE_VOLUNTEER, DY_SCOPE_UNIT, { 1 } } },
	[DYT_VOLUNTEER_2] = { "volunteer-2", { DY_ROLE_VOLUNTEER, DY_SCOPE_UNIT, { 2 } } },
	[DYT_VOLUNTEER_3] = { "volunteer-3", { DY_ROLE_VOLUNTEER, DY_SCOPE_UNIT, { 3 } } },
	[DYT_PROPERTY] = { "property", { DY_ROLE_PROPERTY, DY_SCOPE_UNIT, { 1 } } },
	[DYT_COURIER] = { "courier", { DY_ROLE_COURIER, DY_SCOPE_UNIT, { 1 } } },
	[DYT_SHOPKEEPER] = { "shopkeeper", { DY_ROLE_SHOPKEEPER, DY_SCOPE_UNIT, { 1 } } },
};

struct dyt_community {
	struct dy_id id;
	const char *code, *name;
	int volunteers; /* more of them, "runner-0" and up */
	const struct dy_key *key;
	struct dy_time now;
	char password_hash[DY_PASSWORD_HASH];
	char links[DYT_UNITS][DY_LINK_TEXT + 1]; /* made here */
	struct dy_arena *arena;
};

static inline struct dy_id
dyt_id(const struct dyt_community *c, int64_t n)
{
	return (struct dy_id){ c->id.v + n };
}
static inline struct dy_id
dyt_grid_id(const struct dyt_community *c, int64_t n)
{
	return dyt_id(c, 10 + n);
}
static inline struct dy_id
dyt_unit_id(const struct dyt_community *c, int64_t n)
{
	return dyt_id(c, 20 + n);
}
static inline struct dy_id
dyt_stair_id(const struct dyt_community *c, int64_t unit)
{
	return dyt_id(c, 40 + unit);
}
static inline struct dy_id
dyt_door_id(const struct dyt_community *c, int64_t unit, int64_t door)
{
	return dyt_id(c, 100 + unit * 10 + door);
}
static inline struct dy_id
dyt_household_id(const struct dyt_community *c, int64_t unit, int64_t door)
{
	return dyt_id(c, 200 + unit * 10 + door);
}
static inline struct dy_id
dyt_account_id(const struct dyt_community *c, int64_t person)
{
	return dyt_id(c, 1000 + person);
}
static inline struct dy_id
dyt_post_id(const struct dyt_community *c, int64_t person)
{
	return dyt_id(c, 3000 + person);
}
/* Code of the household at a door of a unit, both from 1. */
static inline const char *
dyt_household_code(struct dy_arena *arena, int64_t unit, int64_t door)
{
	return dy_arena_printf(arena, "KEY%lld%lldX", (long long)unit, (long long)door);
}

static inline enum dy_code
dyt_household_add(struct dy_wtx *tx, struct dyt_community *c, int64_t unit, int64_t door,
                  struct dy_err *err)
{
	uint8_t *hash = dy_arena_alloc(c->arena, DY_HASH_BYTES);
	struct dy_str code = dy_str_from(dyt_household_code(c->arena, unit, door));
	struct dy_door d = {
		.id = dyt_door_id(c, unit, door),
		.stair = dyt_stair_id(c, unit),
		.code = dy_str_from(dy_arena_printf(c->arena, "%lld01", (long long)door)),
		.floor = door,
	};
	struct dy_household h = {
		.id = dyt_household_id(c, unit, door),
		.door = d.id,
		.residents = 2,
		.elderly = door == 3,
		.code_hash = { hash, DY_HASH_BYTES },
		.code_sealed = dy_text_seal(c->arena, c->key, code),
	};

	dy_household_code_hash(c->id, code, hash);
	DY_TRY(dy_door_insert(tx, &d, err));
	return dy_household_insert(tx, &h, c->now, err);
}

static inline enum dy_code
dyt_unit_add(struct dy_wtx *tx, struct dyt_community *c, int64_t unit, struct dy_err *err)
{
	struct dy_str number = dy_str_from(dy_arena_printf(c->arena, "%lld", (long long)unit));
	struct dy_unit u = { .id = dyt_unit_id(c, unit),
		             .grid = dyt_grid_id(c, unit == 3 ? 2 : 1),
		             .number = unit,
		             .name = dy_str_from(
				     dy_arena_printf(c->arena, "%lld号单元", (long long)unit)) };
	struct dy_building b = { .id = dyt_id(c, 30 + unit),
		                 .code = number,
		                 .name = number,
		                 .lat_e7 = unit == 1 ? 307000000 : 0,
		                 .lon_e7 = unit == 1 ? 1224000000 : 0,
		                 .floors = 3 };
	struct dy_stair s = { .id = dyt_stair_id(c, unit),
		              .building = b.id,
		              .unit = u.id,
		              .code = DY_STR_INIT("1"),
		              .building_code = number };
	uint8_t hash[DY_HASH_BYTES];
	struct dy_id community;

	dy_link_make(c->id, c->links[unit - 1]);
	struct dy_str link = dy_str_from(c->links[unit - 1]);
	DYT_TRUE(dy_link_split(link, &community, hash));
	DY_TRY(dy_unit_insert(tx, &u, c->now, err));
	DY_TRY(dy_building_insert(tx, &b, err));
	DY_TRY(dy_stair_insert(tx, &s, c->now, err));
	DY_TRY(dy_stair_token_insert(tx, s.id, (struct dy_bytes){ hash, DY_HASH_BYTES },
	                             dy_text_seal(c->arena, c->key, link), c->now, err));
	for (int64_t door = 1; door <= DYT_DOORS; door++)
		DY_TRY(dyt_household_add(tx, c, unit, door, err));
	return DY_OK;
}

static inline struct dy_id
dyt_scope_id(const struct dyt_community *c, const struct dy_post_scope *post)
{
	switch (post->kind) {
	case DY_SCOPE_UNIT: return dyt_unit_id(c, post->scope.v);
	case DY_SCOPE_GRID: return dyt_grid_id(c, post->scope.v);
	case DY_SCOPE_COMMUNITY: return c->id;
	}
	return c->id;
}

static inline enum dy_code
dyt_person_add(struct dy_wtx *tx, struct dyt_community *c, int person, struct dy_err *err)
{
	int like = person < DYT_STAFF ? person : DYT_VOLUNTEER;
	const char *login = person < DYT_STAFF
	                            ? DYT_PEOPLE[person].login
	                            : dy_arena_printf(c->arena, "runner-%d", person - DYT_STAFF);
	struct dy_account a = {
		.id = dyt_account_id(c, person),
		.kind = DY_STR_INIT("staff"),
		.login = dy_str_from(login),
		.password_hash = dy_str_from(c->password_hash),
		.name = dy_str_from(dy_arena_printf(c->arena, "示例%s", login)),
		.phone_sealed = dy_text_seal(c->arena, c->key, DY_STR("0580-1234567")),
		.language = person == DYT_OFFICER ? DY_STR("en") : DY_STR("zh-CN"),
		.created_at = c->now,
	};
	struct dy_post p = {
		.id = dyt_post_id(c, person),
		.account = a.id,
		.scope = DYT_PEOPLE[like].post,
		.from = c->now,
	};

	p.scope.scope = dyt_scope_id(c, &DYT_PEOPLE[like].post);
	DY_TRY(dy_account_insert(tx, &a, err));
	return dy_post_insert(tx, &p, err);
}

/* For dy_store_run(). */
static inline enum dy_code
dyt_community_make(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dyt_community *c = ctx;
	struct dy_community row = {
		.id = c->id,
		.division_code = dy_str_from(c->code),
		.name = dy_str_from(c->name),
		.zone = DY_STR_INIT("Asia/Shanghai"),
		.mode = DY_STR_INIT("normal"),
		.phone = DY_STR_INIT("0580-7654321"),
		.is_sample = true,
		.created_at = c->now,
	};

	DY_TRY(dy_wtx_begin(writer, c->id, &tx, err));
	DY_TRY(dy_community_insert(tx, &row, err));
	for (int64_t n = 1; n <= 2; n++) {
		struct dy_grid g = { .id = dyt_grid_id(c, n),
			             .number = n,
			             .name = n == 1 ? DY_STR("1号网格") : DY_STR("2号网格") };
		DY_TRY(dy_grid_insert(tx, &g, c->now, err));
	}
	for (int64_t unit = 1; unit <= DYT_UNITS; unit++)
		DY_TRY(dyt_unit_add(tx, c, unit, err));
	for (int person = 0; person < DYT_STAFF + c->volunteers; person++)
		DY_TRY(dyt_person_add(tx, c, person, err));
	return dy_wtx_commit(&tx, err);
}

#endif
