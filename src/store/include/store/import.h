/* Imports: their record, the verdict of each row, what they wrote; and the whole of a community's places and households, which
 * only an import needs at once.
 *
 * Ownership: lists point into the arena. */
#ifndef DY_STORE_IMPORT_H
#define DY_STORE_IMPORT_H

#include "store/household.h"
#include "store/person.h"
#include "store/place.h"

struct dy_import {
	struct dy_id id, account;
	struct dy_str kind, file_name, mapping, state;
	struct dy_bytes file_hash;
	int64_t rows, creates, changes, sames, bads,
		skips; /* verdicts of the dry run, then of the import */
	int64_t next_row, n_changes;
	struct dy_time created_at, done_at, undone_at;
};
struct dy_import_list {
	struct dy_import *items;
	size_t count, cap;
};
enum dy_code dy_import_insert(struct dy_wtx *tx, const struct dy_import *i,
                              struct dy_err *err) DY_NODISCARD;
/* State, counts, mapping, progress and times. */
enum dy_code dy_import_update(struct dy_wtx *tx, const struct dy_import *i,
                              struct dy_err *err) DY_NODISCARD;
enum dy_code dy_import_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                           struct dy_import *out, struct dy_err *err) DY_NODISCARD;
/* Newest first, at most limit. */
enum dy_code dy_import_list(struct dy_rtx *tx, struct dy_arena *arena, int64_t limit,
                            struct dy_import_list *out, struct dy_err *err) DY_NODISCARD;
/* An import of this file that was cut off; out->id 0: there is none. */
enum dy_code dy_import_unfinished(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str kind,
                                  struct dy_bytes file_hash, struct dy_import *out,
                                  struct dy_err *err) DY_NODISCARD;

struct dy_import_row_kept {
	int64_t number;
	struct dy_str verdict;
	struct dy_bytes detail; /* sealed */
};
struct dy_import_row_list {
	struct dy_import_row_kept *items;
	size_t count, cap;
};
enum dy_code dy_import_row_insert(struct dy_wtx *tx, struct dy_id import,
                                  const struct dy_import_row_kept *row,
                                  struct dy_err *err) DY_NODISCARD;
enum dy_code dy_import_rows_delete(struct dy_wtx *tx, struct dy_id import,
                                   struct dy_err *err) DY_NODISCARD;
/* verdict "": of every kind. Rows with number > after, ascending. */
enum dy_code dy_import_rows(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id import,
                            struct dy_str verdict, int64_t after, int64_t limit,
                            struct dy_import_row_list *out, struct dy_err *err) DY_NODISCARD;

struct dy_import_change {
	int64_t n, number; /* number: the row that caused it */
	struct dy_str entity;
	struct dy_id id;
	struct dy_str act;
	struct dy_bytes before; /* sealed */
	int64_t version;
};
struct dy_import_change_list {
	struct dy_import_change *items;
	size_t count, cap;
};
enum dy_code dy_import_change_insert(struct dy_wtx *tx, struct dy_id import,
                                     const struct dy_import_change *c,
                                     struct dy_err *err) DY_NODISCARD;
/* Newest first. */
enum dy_code dy_import_changes(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id import,
                               struct dy_import_change_list *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_import_changes_delete(struct dy_wtx *tx, struct dy_id import,
                                      struct dy_err *err) DY_NODISCARD;

/* The whole community; bounded by DY_PLACES_MAX. */
struct dy_book_household {
	struct dy_id id, door;
	struct dy_bytes name_sealed, phone_sealed;
	int64_t residents, elderly, version;
};
struct dy_book_household_list {
	struct dy_book_household *items;
	size_t count, cap;
};
struct dy_book_fact {
	struct dy_id household;
	struct dy_fact fact;
};
struct dy_book_fact_list {
	struct dy_book_fact *items;
	size_t count, cap;
};
enum dy_code dy_book_doors(struct dy_rtx *tx, struct dy_arena *arena, struct dy_door_list *out,
                           struct dy_err *err) DY_NODISCARD;
enum dy_code dy_book_households(struct dy_rtx *tx, struct dy_arena *arena,
                                struct dy_book_household_list *out,
                                struct dy_err *err) DY_NODISCARD;
enum dy_code dy_book_facts(struct dy_rtx *tx, struct dy_arena *arena, struct dy_book_fact_list *out,
                           struct dy_err *err) DY_NODISCARD;

enum dy_code dy_building_change(struct dy_wtx *tx, const struct dy_building *b,
                                struct dy_err *err) DY_NODISCARD;
enum dy_code dy_post_set_deputy(struct dy_wtx *tx, struct dy_id post, bool is_deputy,
                                struct dy_err *err) DY_NODISCARD;

/* How many rows of others stand in the way of taking an entity back: accounts, sessions, posts, doors, ...; not requests. */
enum dy_code dy_import_uses(struct dy_rtx *tx, struct dy_str entity, struct dy_id id, int64_t *out,
                            struct dy_err *err) DY_NODISCARD;
/* Ids of places, households and people that requests made since then speak of; some come twice. */
struct dy_used_list {
	struct dy_id *items;
	size_t count, cap;
};
enum dy_code dy_used_since(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time since,
                           struct dy_used_list *out, struct dy_err *err) DY_NODISCARD;
/* 0: there is no such household. */
enum dy_code dy_household_version(struct dy_rtx *tx, struct dy_id id, int64_t *out,
                                  struct dy_err *err) DY_NODISCARD;
/* Removes what an import made; a household with its facts, a stair with its token and its place in the unit. */
enum dy_code dy_import_remove(struct dy_wtx *tx, struct dy_str entity, struct dy_id id,
                              struct dy_err *err) DY_NODISCARD;

#endif
