/* The book: what a community has, in memory, so that 10,000 rows need no 10,000 look-ups. It follows what an import writes. */
#ifndef DY_APP_IMPORT_BOOK_H
#define DY_APP_IMPORT_BOOK_H

#include "import_inside.h"

#define DY_NOWHERE SIZE_MAX

struct dy_book_building {
	struct dy_building b;
	size_t stairs, only_stair; /* how many; the last one */
	/* what rows of this file said about it */
	const struct dy_import_row *said_name, *said_floors, *said_lat;
};
struct dy_book_stair {
	struct dy_id id;
	size_t building, unit; /* unit DY_NOWHERE: belongs to none now */
};
struct dy_book_door {
	struct dy_id id;
	size_t stair, home; /* home DY_NOWHERE: nobody is registered */
	int64_t floor;
};
struct dy_book_home {
	struct dy_id id;
	size_t door;
	struct dy_str name, phone; /* open */
	int64_t residents, elderly, version;
	struct dy_facts facts;
};
struct dy_book_person {
	struct dy_id id;
	struct dy_str name;
	bool disabled;
};

struct dy_book {
	struct dy_arena *arena;
	int64_t seq; /* of the community's newest event when this was true */
	struct dy_grid_list grids;
	struct dy_unit_list units;
	struct dy_book_building *buildings;
	struct dy_book_stair *stairs;
	struct dy_book_door *doors;
	struct dy_book_home *homes;
	struct dy_book_person *persons;
	struct dy_post_list posts;
	size_t n_buildings, cap_buildings, n_stairs, cap_stairs, n_doors, cap_doors, n_homes,
		cap_homes, n_persons, cap_persons;
	struct dy_keys building_of, stair_of, door_of, person_of_phone, person_of_name, post_of;
};

enum dy_code dy_book_load(struct dy_rtx *tx, struct dy_book *book, const struct dy_key *key,
                          enum dy_import_kind kind, struct dy_time now,
                          struct dy_err *err) DY_NODISCARD;

size_t dy_book_building(const struct dy_book *book, struct dy_str code); /* DY_NOWHERE: none */
size_t dy_book_stair(const struct dy_book *book, size_t building, struct dy_str code);
size_t dy_book_door(const struct dy_book *book, size_t stair, struct dy_str code);
/* By name, else by the number in it; grid: only units of this one, unless DY_NOWHERE. */
size_t dy_book_grid(const struct dy_book *book, struct dy_str name);
size_t dy_book_unit(const struct dy_book *book, struct dy_str name, size_t grid);
size_t dy_book_grid_of(const struct dy_book *book, size_t unit);
/* By phone, or without one by name; *several: more than one is called so. */
size_t dy_book_person(const struct dy_book *book, struct dy_str phone, struct dy_str name,
                      bool *several);
size_t dy_book_post(const struct dy_book *book, struct dy_id account,
                    const struct dy_post_scope *scope);

size_t dy_book_add_grid(struct dy_book *book, const struct dy_grid *g);
size_t dy_book_add_unit(struct dy_book *book, const struct dy_unit *u);
size_t dy_book_add_building(struct dy_book *book, const struct dy_building *b);
size_t dy_book_add_stair(struct dy_book *book, struct dy_id id, size_t building, size_t unit,
                         struct dy_str code);
size_t dy_book_add_door(struct dy_book *book, struct dy_id id, size_t stair, struct dy_str code,
                        int64_t floor);
size_t dy_book_add_home(struct dy_book *book, const struct dy_book_home *home);
size_t dy_book_add_person(struct dy_book *book, struct dy_id id, struct dy_str name,
                          struct dy_str phone, bool disabled);
size_t dy_book_add_post(struct dy_book *book, const struct dy_post *post);

#endif
