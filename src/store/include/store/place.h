/* Community, grids, units, buildings, stairs, doors, households. */
#ifndef DY_STORE_PLACE_H
#define DY_STORE_PLACE_H

#include "base/crypto.h"
#include "store/sql.h"

struct dy_community {
	struct dy_id id;
	struct dy_str division_code, name, zone, mode, phone;
	bool is_sample;
	struct dy_time created_at;
};

enum dy_code dy_community_insert(struct dy_wtx *tx, const struct dy_community *c,
                                 struct dy_err *err) DY_NODISCARD;
/* The only community of this database; DY_E_NOT_FOUND when there is none, DY_E_CONFLICT when there are several. */
enum dy_code dy_community_only(struct dy_rtx *tx, struct dy_arena *arena, struct dy_community *out,
                               struct dy_err *err) DY_NODISCARD;
struct dy_community_list {
	struct dy_community *items;
	size_t count, cap;
};
/* Those this database holds, by division code; at most 500. */
enum dy_code dy_community_list(struct dy_rtx *tx, struct dy_arena *arena,
                               struct dy_community_list *out, struct dy_err *err) DY_NODISCARD;
/* Ids above `after`, at most cap of them: for the program's own housekeeping, never for a request. */
enum dy_code dy_community_page(struct dy_rtx *tx, struct dy_id after, struct dy_id *out, size_t cap,
                               size_t *n, struct dy_err *err) DY_NODISCARD;
/* *out 0: none has this code. */
enum dy_code dy_community_of_division(struct dy_rtx *tx, struct dy_str code, struct dy_id *out,
                                      struct dy_err *err) DY_NODISCARD;
enum dy_code dy_community_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_community *out,
                              struct dy_err *err) DY_NODISCARD;

struct dy_grid {
	struct dy_id id;
	int64_t number;
	struct dy_str name;
};
struct dy_unit {
	struct dy_id id, grid;
	int64_t number;
	struct dy_str name, grid_name;
	int64_t households;
};
struct dy_building {
	struct dy_id id;
	struct dy_str code, name;
	int64_t lat_e7, lon_e7, floors;
};
struct dy_stair {
	struct dy_id id, building, unit;
	struct dy_str code, building_code;
};
struct dy_door {
	struct dy_id id, stair;
	struct dy_str code;
	int64_t floor;
};
struct dy_household {
	struct dy_id id, door;
	struct dy_bytes name_sealed, phone_sealed;
	int64_t residents, elderly;
	struct dy_bytes code_hash, code_sealed;
};

enum dy_code dy_grid_insert(struct dy_wtx *tx, const struct dy_grid *g, struct dy_time from,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_unit_insert(struct dy_wtx *tx, const struct dy_unit *u, struct dy_time from,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_building_insert(struct dy_wtx *tx, const struct dy_building *b,
                                struct dy_err *err) DY_NODISCARD;
/* With its membership in the unit from that time on. */
enum dy_code dy_stair_insert(struct dy_wtx *tx, const struct dy_stair *s, struct dy_time from,
                             struct dy_err *err) DY_NODISCARD;
enum dy_code dy_stair_token_insert(struct dy_wtx *tx, struct dy_id stair, struct dy_bytes hash,
                                   struct dy_bytes sealed, struct dy_time now,
                                   struct dy_err *err) DY_NODISCARD;
enum dy_code dy_door_insert(struct dy_wtx *tx, const struct dy_door *d,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_household_insert(struct dy_wtx *tx, const struct dy_household *h,
                                 struct dy_time from, struct dy_err *err) DY_NODISCARD;

/* Where a stair or a door stands, now. */
struct dy_where {
	struct dy_id stair, door, household, unit, grid;
	struct dy_str building_code, building_name, stair_code, door_code, unit_name;
	int64_t elderly;
	struct dy_bytes code_hash; /* of the household, when there is one */
};
enum dy_code dy_where_stair(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair,
                            struct dy_time now, struct dy_where *out,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_where_token(struct dy_rtx *tx, struct dy_arena *arena, struct dy_bytes hash,
                            struct dy_time now, struct dy_where *out,
                            struct dy_err *err) DY_NODISCARD;
/* door empty: by id; else the door with this code on the stair. */
enum dy_code dy_where_door(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id door,
                           struct dy_time now, struct dy_where *out,
                           struct dy_err *err) DY_NODISCARD;
enum dy_code dy_where_household(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
                                struct dy_time now, struct dy_where *out,
                                struct dy_err *err) DY_NODISCARD;
enum dy_code dy_door_find(struct dy_rtx *tx, struct dy_id stair, struct dy_str code,
                          struct dy_id *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_unit_grid(struct dy_rtx *tx, struct dy_id unit, struct dy_time now,
                          struct dy_id *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_stair_sealed_token(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair,
                                   struct dy_bytes *out, struct dy_err *err) DY_NODISCARD;

struct dy_grid_list {
	struct dy_grid *items;
	size_t count, cap;
};
struct dy_unit_list {
	struct dy_unit *items;
	size_t count, cap;
};
struct dy_building_list {
	struct dy_building *items;
	size_t count, cap;
};
struct dy_stair_list {
	struct dy_stair *items;
	size_t count, cap;
};
struct dy_door_list {
	struct dy_door *items;
	size_t count, cap;
};
enum dy_code dy_grid_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
                          struct dy_grid_list *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_unit_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
                          struct dy_unit_list *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_building_list(struct dy_rtx *tx, struct dy_arena *arena,
                              struct dy_building_list *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_stair_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
                           struct dy_stair_list *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_door_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id stair,
                          struct dy_door_list *out, struct dy_err *err) DY_NODISCARD;

#endif
