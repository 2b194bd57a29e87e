/* Doing a row: decide what it means for the community, and write it unless this is a dry run. */
#ifndef DY_APP_IMPORT_DO_H
#define DY_APP_IMPORT_DO_H

#include "import_book.h"

#include "store/event.h"

struct dy_import_session {
	struct dy_arena *arena; /* the job's: labels and faults */
	const struct dy_key *key;
	struct dy_import_job *job;
	struct dy_time now;
	struct dy_id community;
	struct dy_book book;
	bool is_loaded, has_begun;
	int64_t before_creates, before_changes; /* of an import that was cut off and goes on */
	uint64_t next_id;
	/* while a chunk is written; tx NULL: a dry run */
	struct dy_wtx *tx;
	struct dy_call *call;
	struct dy_import *record;
	struct dy_err *err;
};

struct dy_id dy_import_new_id(struct dy_import_session *s);
/* Remembers what was made or changed, for taking it back. before: open text, "" for what was made. */
enum dy_code dy_import_log(struct dy_import_session *s, const struct dy_import_row *row,
                           const char *entity, struct dy_id id, struct dy_str before,
                           int64_t version) DY_NODISCARD;
enum dy_code dy_import_event(struct dy_import_session *s, const char *topic, struct dy_id subject,
                             struct dy_event_rooms rooms, const char *payload) DY_NODISCARD;
/* The building and stair of a row, for households and people; faults are said. DY_NOWHERE: not found. */
size_t dy_import_stair_find(struct dy_import_session *s, struct dy_import_row *row);
int64_t dy_import_floor_of(struct dy_str door,
                           int64_t floors); /* "501" is on floor 5; at most floors */
/* A new door in the book, and in the database. */
enum dy_code dy_import_door_make(struct dy_import_session *s, struct dy_import_row *row,
                                 size_t stair, struct dy_str code, int64_t floor,
                                 size_t *out) DY_NODISCARD;

enum dy_code dy_import_do_place(struct dy_import_session *s,
                                struct dy_import_row *row) DY_NODISCARD;
enum dy_code dy_import_do_home(struct dy_import_session *s, struct dy_import_row *row) DY_NODISCARD;
enum dy_code dy_import_do_person(struct dy_import_session *s,
                                 struct dy_import_row *row) DY_NODISCARD;

/* What a household or a building was, as text for the log, and back (undo). */
struct dy_str dy_import_home_text(struct dy_arena *arena, const struct dy_book_home *home);
enum dy_code dy_import_home_read(struct dy_arena *arena, struct dy_str text,
                                 struct dy_book_home *out, struct dy_err *err) DY_NODISCARD;
struct dy_str dy_import_building_text(struct dy_arena *arena, const struct dy_building *before,
                                      const struct dy_building *after);
enum dy_code dy_import_building_read(struct dy_arena *arena, struct dy_str text,
                                     struct dy_building *before, struct dy_building *after,
                                     struct dy_err *err) DY_NODISCARD;

#endif
