/* Inside of importing: drafts of rows, the catalogue of faults, the book of what a community has. */
#ifndef DY_APP_IMPORT_INSIDE_H
#define DY_APP_IMPORT_INSIDE_H

#include "app/import.h"
#include "domain/address.h"

enum dy_fault {
	DY_FAULT_ADDRESS_MISSING,
	DY_FAULT_ADDRESS_SHAPE,
	DY_FAULT_CODE_LONG,
	DY_FAULT_BECAME_DATE,
	DY_FAULT_CELL_ERROR,
	DY_FAULT_DIGITS_LOST,
	DY_FAULT_NO_STAIR,
	DY_FAULT_WHICH_STAIR,
	DY_FAULT_SAME_ROW,
	DY_FAULT_NAME_MISSING,
	DY_FAULT_NAME_LONG,
	DY_FAULT_PHONE_SHAPE,
	DY_FAULT_COUNT,
	DY_FAULT_ELDERLY_MORE,
	DY_FAULT_YES_NO,
	DY_FAULT_NEED_UNKNOWN,
	DY_FAULT_DATE_SHAPE,
	DY_FAULT_UNTIL_BEFORE,
	DY_FAULT_ROLE_MISSING,
	DY_FAULT_ROLE_UNKNOWN,
	DY_FAULT_ROLE_CONSOLE,
	DY_FAULT_SCOPE_MISSING,
	DY_FAULT_SCOPE_UNKNOWN,
	DY_FAULT_PERSON_SEVERAL,
	DY_FAULT_PHONE_OTHER,
	DY_FAULT_BUILDING_MISSING,
	DY_FAULT_UNIT_MISSING,
	DY_FAULT_GRID_MISSING,
	DY_FAULT_STAIR_ELSEWHERE,
	DY_FAULT_UNIT_ELSEWHERE,
	DY_FAULT_FLOORS,
	DY_FAULT_FLOOR,
	DY_FAULT_PER_FLOOR,
	DY_FAULT_DEGREES,
	DY_FAULT_DEGREES_HALF,
	DY_FAULT_OTHERWISE,
	/* notes */
	DY_NOTE_HIDDEN,
	DY_NOTE_SECOND_PHONE,
	DY_NOTE_KEPT,
	DY_NOTE_DISABLED,
};

enum { DY_TRI_UNSAID, DY_TRI_YES, DY_TRI_NO };

struct dy_import_row {
	const struct dy_sheet_row *from;
	struct dy_str building, stair, door; /* codes as they are compared */
	struct dy_str building_name, grid, unit, scope, name, phone;
	int64_t floors, floor, per_floor, lat_e7, lon_e7, residents, elderly; /* -1: unsaid */
	unsigned char need[DY_FACTS], deputy;                                 /* DY_TRI_... */
	struct dy_time since, until;                                          /* 0: unsaid */
	enum dy_role role;
	bool has_role;
	/* the outcome */
	enum dy_verdict verdict;
	struct dy_str label;
	unsigned made;    /* mask of enum dy_made */
	unsigned changed; /* mask of fields: 1 << enum dy_import_field */
	struct dy_import_fault *faults;
	size_t n_faults, cap_faults;
	bool is_bad;
};

enum dy_made {
	DY_MADE_GRID,
	DY_MADE_UNIT,
	DY_MADE_BUILDING,
	DY_MADE_STAIR,
	DY_MADE_DOOR,
	DY_MADE_HOUSEHOLD,
	DY_MADE_ACCOUNT,
	DY_MADE_POST,
};
#define DY_MADES 8
const char *dy_made_name(enum dy_made made);

/* column: a field of the map, or -1 for the row. */
void dy_import_fault_add(struct dy_arena *arena, const struct dy_import_job *job,
                         struct dy_import_row *row, int field, enum dy_fault fault,
                         struct dy_str value);

/* import_cell.c: what one text says. */
/* Strips one of the words (NULL at the end) from the end. */
struct dy_str dy_import_without(struct dy_str s, const char *const *words);
/* "三" is 3, "03" is 3; what is not a number stays, in capitals. */
struct dy_str dy_import_number_or_text(struct dy_arena *arena, struct dy_str s);
bool dy_import_address(struct dy_arena *arena, struct dy_str text, struct dy_address *out);
bool dy_import_is_phone(struct dy_str digits);
bool dy_import_is_word(struct dy_str s, const char *words); /* "a|b|c" */
bool dy_import_date(struct dy_str s, struct dy_day *out);
struct dy_str dy_import_building_code(struct dy_arena *arena, struct dy_str text);
struct dy_str dy_import_stair_code(struct dy_arena *arena, struct dy_str text);
struct dy_str dy_import_door_code(struct dy_arena *arena, struct dy_str text);
/* Digits of a phone number as they are compared: no blanks, no +86. */
struct dy_str dy_import_phone_key(struct dy_arena *arena, struct dy_str text);
/* The number in "3号单元", "第三网格", "Unit 3"; false: there is none. */
bool dy_import_number_in(struct dy_arena *arena, struct dy_str text, int64_t *out);

/* import_keys.c: keys to numbers. */
struct dy_keys {
	struct dy_key_slot {
		struct dy_str key; /* ptr NULL: free */
		size_t value;
	} * slots;
	size_t count, cap;
};
void dy_keys_put(struct dy_arena *arena, struct dy_keys *keys, struct dy_str key, size_t value);
bool dy_keys_find(const struct dy_keys *keys, struct dy_str key, size_t *value);

#endif
