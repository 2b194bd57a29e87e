/* Sign-ups (接龙) and their entries.
 *
 * Seats are given by one conditional statement on the sign-up's own row, which every entry has to pass: never by reading first.
 * Ownership: results point into the arena. Errors: DY_E_NOT_FOUND when there is no such row. */
#ifndef DY_STORE_SIGN_UP_H
#define DY_STORE_SIGN_UP_H

#include "store/sql.h"

enum dy_entry_state { DY_ENTRY_IN, DY_ENTRY_WAITING, DY_ENTRY_CANCELLED };

const char *dy_entry_state_name(enum dy_entry_state state);

struct dy_sign_up {
	struct dy_id id;
	struct dy_str title, text;
	bool per_person; /* else one entry for each household */
	int64_t capacity, entry_max;
	int64_t taken, waiting; /* seats given; entries that wait */
	struct dy_id unit, grid;
	struct dy_time opens_at, closes_at, created_at;
	struct dy_id created_by;
	int64_t version;
	struct dy_str unit_name; /* joined when read */
};
struct dy_sign_up_list {
	struct dy_sign_up *items;
	size_t count, cap;
};

struct dy_sign_up_entry {
	struct dy_id member; /* household or account */
	int64_t place;
	enum dy_entry_state state;
	int64_t seats;
	struct dy_str note;
	struct dy_id account, household, door;
	struct dy_time at;
	/* joined when read */
	struct dy_str name, building_code, stair_code, door_code;
};
struct dy_sign_up_entry_list {
	struct dy_sign_up_entry *items;
	size_t count, cap;
};

enum dy_code dy_sign_up_insert(struct dy_wtx *tx, const struct dy_sign_up *s,
                               struct dy_err *err) DY_NODISCARD;
enum dy_code dy_sign_up_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                            struct dy_sign_up *out, struct dy_err *err) DY_NODISCARD;
/* Those that close after `since`, the last to close first; at most limit. */
enum dy_code dy_sign_up_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time since,
                             int64_t limit, struct dy_sign_up_list *out,
                             struct dy_err *err) DY_NODISCARD;
/* Title, text, capacity, closing time. DY_E_CONFLICT: s->version is not the stored one, or fewer seats than are taken. */
enum dy_code dy_sign_up_update(struct dy_wtx *tx, const struct dy_sign_up *s,
                               struct dy_err *err) DY_NODISCARD;

/* Gives seats while there are that many, nobody waits and it is open at `now`; *given tells. */
enum dy_code dy_sign_up_take(struct dy_wtx *tx, struct dy_id id, int64_t seats, struct dy_time now,
                             bool *given, struct dy_err *err) DY_NODISCARD;
/* One more in the line while it is open at `now`; *given tells. */
enum dy_code dy_sign_up_queue(struct dy_wtx *tx, struct dy_id id, struct dy_time now, bool *given,
                              struct dy_err *err) DY_NODISCARD;
/* Gives seats to one who waits while there are that many; *given tells. */
enum dy_code dy_sign_up_promote(struct dy_wtx *tx, struct dy_id id, int64_t seats, bool *given,
                                struct dy_err *err) DY_NODISCARD;
/* Takes seats back (in) or one out of the line (waiting). */
enum dy_code dy_sign_up_free(struct dy_wtx *tx, struct dy_id id, enum dy_entry_state state,
                             int64_t seats, struct dy_err *err) DY_NODISCARD;
/* The place that was given by the last take or queue. */
enum dy_code dy_sign_up_place(struct dy_rtx *tx, struct dy_id id, int64_t *out,
                              struct dy_err *err) DY_NODISCARD;

/* *found false: this member has never been in it. */
enum dy_code dy_sign_up_entry_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id sign_up,
                                  struct dy_id member, bool *found, struct dy_sign_up_entry *out,
                                  struct dy_err *err) DY_NODISCARD;
/* A new entry, or the member's cancelled one again. */
enum dy_code dy_sign_up_entry_put(struct dy_wtx *tx, struct dy_id sign_up,
                                  const struct dy_sign_up_entry *e,
                                  struct dy_err *err) DY_NODISCARD;
enum dy_code dy_sign_up_entry_set(struct dy_wtx *tx, struct dy_id sign_up, struct dy_id member,
                                  enum dy_entry_state state, struct dy_time now,
                                  struct dy_err *err) DY_NODISCARD;
/* The head of the line. *found false: nobody waits. */
enum dy_code dy_sign_up_first_waiting(struct dy_rtx *tx, struct dy_arena *arena,
                                      struct dy_id sign_up, bool *found,
                                      struct dy_sign_up_entry *out,
                                      struct dy_err *err) DY_NODISCARD;
/* How many wait in front of this place. */
enum dy_code dy_sign_up_ahead(struct dy_rtx *tx, struct dy_id sign_up, int64_t place, int64_t *out,
                              struct dy_err *err) DY_NODISCARD;
/* In the order of their places, cancelled ones left out; those behind `after`, at most limit. */
enum dy_code dy_sign_up_entries(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id sign_up,
                                int64_t after, int64_t limit, struct dy_sign_up_entry_list *out,
                                struct dy_err *err) DY_NODISCARD;

#endif
