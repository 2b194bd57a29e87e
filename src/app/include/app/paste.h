/* What a pasted block of group chat proposes, held against the community's doors and requests.
 *
 * Reads only: each proposal is confirmed through dy_app_report(), with the key given here, or merged by an act. The key names
 * the day, the door, the category and the words: the same block pasted twice on one day registers once.
 * Ownership: results point into the arena. Threads: the caller's. Errors: those of dy_paste_read(). */
#ifndef DY_APP_PASTE_H
#define DY_APP_PASTE_H

#include "app/app.h"
#include "domain/paste.h"
#include "domain/shared.h"

#define DY_PASTE_KEY 38 /* characters of a key */

enum dy_paste_door_state {
	DY_PASTE_DOOR_UNSAID,  /* nobody said one, or only a building or a stair */
	DY_PASTE_DOOR_UNKNOWN, /* none of the doors where this person may report */
	DY_PASTE_DOOR_ONE,
	DY_PASTE_DOOR_SEVERAL, /* a person chooses */
};
const char *dy_paste_door_state_name(enum dy_paste_door_state state);

struct dy_paste_row {
	const struct dy_paste_proposal *proposal;
	enum dy_paste_door_state door_state;
	struct dy_paste_matches doors; /* their ids are ids of doors */
	char key[DY_PASTE_KEY + 1];
	bool is_registered; /* by this very text: `known` is the request */
	enum dy_likeness likeness;
	struct dy_request known; /* when is_registered or likeness is not DY_LIKE_NONE */
};
struct dy_paste_plan {
	struct dy_paste paste;
	struct dy_paste_row *rows; /* paste.count of them */
};

/* Doors and requests are those this person may report for and may read; actor NULL: all (the program's own commands). */
enum dy_code dy_app_paste(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_actor *actor,
                          struct dy_time now, struct dy_str text, struct dy_paste_plan *out,
                          struct dy_err *err) DY_NODISCARD;

#endif
