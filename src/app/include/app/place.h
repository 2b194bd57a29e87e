/* Making the places of a community: grids, units, buildings, stairs, doors, households, as one list.
 *
 * Parts of a list name each other by index: a stair says which of the list's buildings and units it belongs to. So a list is
 * complete in itself, is checked before anything is written, and is stored whole or not at all, in one job of the writer.
 * Ownership: results point into call->arena. Errors: DY_E_INPUT names the entry ("/stairs/17/unit"). */
#ifndef DY_APP_PLACE_H
#define DY_APP_PLACE_H

#include "app/app.h"

struct dy_grid_draft {
	int64_t number;
	struct dy_str name;
};
struct dy_unit_draft {
	size_t grid;
	int64_t number;
	struct dy_str name;
};
struct dy_building_draft {
	struct dy_str code, name;
	int64_t lat_e7, lon_e7, floors;
};
struct dy_stair_draft {
	size_t building, unit;
	struct dy_str code;
};
struct dy_door_draft {
	size_t stair;
	struct dy_str code;
	int64_t floor;
};
struct dy_household_draft {
	size_t door;
	struct dy_str name, phone; /* sealed when stored; may be empty */
	int64_t residents, elderly;
};

struct dy_places_draft {
	const struct dy_grid_draft *grids;
	const struct dy_unit_draft *units;
	const struct dy_building_draft *buildings;
	const struct dy_stair_draft *stairs;
	const struct dy_door_draft *doors;
	const struct dy_household_draft *households;
	size_t n_grids, n_units, n_buildings, n_stairs, n_doors, n_households;
};

/* What was made, by the draft's indexes. links and codes are secrets: they are stored hashed and sealed. */
struct dy_places {
	struct dy_id *grids, *units, *buildings, *stairs, *doors, *households;
	struct dy_str *links; /* of each stair: what its poster carries */
	struct dy_str *codes; /* of each household: what a resident types to join */
};

/* Pure: sizes, indexes, names, codes, numbers of people, at most one household a door. */
enum dy_code dy_places_check(struct dy_arena *arena, const struct dy_places_draft *draft,
                             struct dy_err *err) DY_NODISCARD;
struct dy_str dy_household_code_make(struct dy_arena *arena); /* "K7QM-2XTP" */
/* For who may change the community's settings. One event for each grid, unit, building and stair. */
enum dy_code dy_app_places_make(struct dy_call *call, const struct dy_places_draft *draft,
                                struct dy_places *out) DY_NODISCARD;

/* A new door link for a stair, stored hashed and sealed. */
enum dy_code dy_stair_link_make(struct dy_wtx *tx, struct dy_call *call, struct dy_id stair,
                                struct dy_str *out) DY_NODISCARD;

#endif
