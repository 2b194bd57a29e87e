/* Moving in with spreadsheets: households, posts, places and volunteers.
 *
 * Steps: read a workbook (sheet/sheet.h), find sheet, header and columns (dy_import_map), read the rows into drafts with the
 *   faults of each cell (dy_import_parse, pure), compare them with the community (dy_import_check: the dry run) or write them
 *   (dy_import_chunk, some rows a time, each time in one transaction). Check and write are the same code: a dry run is an import
 *   whose writes are left out.
 * Natural keys: a place by its codes; a household by its door; a person by phone, without one by name. So the same file again
 *   changes nothing. What a resident has given stays: a spreadsheet is older than what people say themselves.
 * An empty cell says nothing and changes nothing.
 * Ownership: everything lives in the arena that is passed; it needs DY_SHEET_ARENA. Threads: one at a time.
 * Errors: faults of rows are verdicts, not errors; a file that cannot be used at all is DY_E_INPUT at "file" or a field. */
#ifndef DY_APP_IMPORT_H
#define DY_APP_IMPORT_H

#include "app/app.h"
#include "sheet/sheet.h"
#include "store/import.h"

enum dy_import_kind {
	DY_IMPORT_PLACES,
	DY_IMPORT_HOUSEHOLDS,
	DY_IMPORT_POSTS,
	DY_IMPORT_VOLUNTEERS,
};
#define DY_IMPORT_KINDS 4

const char *dy_import_kind_name(enum dy_import_kind kind); /* "households" */
bool dy_import_kind_find(struct dy_str name, enum dy_import_kind *out);

enum dy_import_field {
	DY_F_ADDRESS,
	DY_F_BUILDING,
	DY_F_STAIR,
	DY_F_DOOR,
	DY_F_BUILDING_NAME,
	DY_F_FLOORS,
	DY_F_DOORS_PER_FLOOR,
	DY_F_FLOOR,
	DY_F_GRID,
	DY_F_UNIT,
	DY_F_LAT,
	DY_F_LON,
	DY_F_NAME,
	DY_F_PHONE,
	DY_F_RESIDENTS,
	DY_F_ELDERLY,
	DY_F_NEEDS,
	DY_F_ELDERLY_ALONE,
	DY_F_DIALYSIS,
	DY_F_INFANT,
	DY_F_DISABLED,
	DY_F_PET,
	DY_F_SINCE,
	DY_F_UNTIL,
	DY_F_ROLE,
	DY_F_SCOPE,
	DY_F_DEPUTY,
};
#define DY_FIELDS 27

enum dy_tongue { DY_ZH, DY_EN };

struct dy_import_column {
	enum dy_import_field field;
	const char *name;     /* "phone": in JSON and on the command line */
	const char *title[2]; /* by tongue; what a template's header says */
	const char *others;   /* more headers that mean it, "a|b|c" */
	const char *example;
	const char *doc[2];
};
/* The columns of a kind, in a template's order. */
const struct dy_import_column *dy_import_columns(enum dy_import_kind kind, size_t *n);
const char *dy_import_field_name(enum dy_import_field field);

struct dy_import_map {
	size_t sheet;          /* of the workbook */
	uint32_t header;       /* row number; data begins behind it; 0: there is none */
	int column[DY_FIELDS]; /* of the sheet, -1: not there */
	bool hidden_rows;      /* they are imported too */
};
/* The visible sheet and the row whose cells name most columns. DY_E_INPUT: no row names enough of them. */
enum dy_code dy_import_map_find(const struct dy_workbook *book, enum dy_import_kind kind,
                                struct dy_import_map *out, struct dy_err *err) DY_NODISCARD;
/* A map somebody chose: it must name the columns without which nothing can be imported. */
enum dy_code dy_import_map_check(const struct dy_workbook *book, enum dy_import_kind kind,
                                 const struct dy_import_map *map, struct dy_err *err) DY_NODISCARD;

enum dy_verdict {
	DY_VERDICT_CREATE,
	DY_VERDICT_CHANGE,
	DY_VERDICT_SAME,
	DY_VERDICT_BAD,
	DY_VERDICT_SKIP, /* a hidden row */
};
#define DY_VERDICTS 5
const char *dy_verdict_name(enum dy_verdict verdict);

struct dy_import_fault {
	int fault;           /* of the catalogue */
	int column;          /* of the sheet, -1: the whole row */
	struct dy_str value; /* what the text quotes */
	bool is_note;        /* worth saying, hinders nothing */
};
const char *dy_import_fault_code(const struct dy_import_fault *fault); /* "phone_shape" */
/* What is wrong and what to do. */
const char *dy_import_fault_text(struct dy_arena *arena, const struct dy_import_fault *fault,
                                 enum dy_tongue tongue);

struct dy_import_row; /* a draft */
struct dy_import_job {
	enum dy_import_kind kind;
	const struct dy_workbook *book;
	struct dy_import_map map;
	struct dy_import_row *rows;
	size_t n_rows;
	size_t counts[DY_VERDICTS];
};
/* Verdict and words of a row, after a check or an import. */
struct dy_import_told {
	uint32_t number; /* as in the file */
	enum dy_verdict verdict;
	struct dy_str label;  /* "3-1-501", or a person's name */
	const char *does[12]; /* "household", "door": what is made; "phone": what is changed */
	size_t n_does;
	const struct dy_import_fault *faults;
	size_t n_faults;
};
void dy_import_told(const struct dy_import_job *job, size_t i, struct dy_import_told *out);

/* Rows into drafts. */
void dy_import_parse(struct dy_arena *arena, struct dy_import_job *job, struct dy_time now);

/* The dry run: fills verdicts and counts. */
enum dy_code dy_import_check(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_key *key,
                             struct dy_import_job *job, struct dy_time now,
                             struct dy_err *err) DY_NODISCARD;

/* Writing: a session keeps what it knows of the community between chunks, as long as nobody else writes. */
struct dy_import_session;
struct dy_import_session *dy_import_session_new(struct dy_arena *arena, const struct dy_key *key,
                                                struct dy_import_job *job, struct dy_time now);
void dy_import_session_free(struct dy_import_session **session); /* for DY_CLEANUP; NULL is fine */
/* Rows job->rows[from..to). record: the import's row in the database, inserted when its state is "", else updated: its counts,
 * next_row and n_changes go on. */
enum dy_code dy_app_import_chunk(struct dy_call *call, struct dy_import_session *session,
                                 struct dy_import *record, size_t from, size_t to) DY_NODISCARD;
enum dy_code dy_app_import_may(const struct dy_actor *actor, enum dy_import_kind kind,
                               struct dy_err *err) DY_NODISCARD;

/* A dry run that is kept: the import's record with state "checked" and the verdict of each row. */
enum dy_code dy_app_import_keep(struct dy_call *call, const struct dy_import_job *job,
                                struct dy_import *record) DY_NODISCARD;

/* What stands in the way of taking an import back. */
struct dy_import_obstacle {
	int64_t number;               /* row of the file */
	struct dy_str entity, reason; /* "household", "used", "changed" */
};
struct dy_import_obstacles {
	struct dy_import_obstacle *items;
	size_t count, cap;
};
#define DY_OBSTACLES_MAX 100
/* Takes everything back, or nothing: then out lists why (at most DY_OBSTACLES_MAX). */
enum dy_code dy_app_import_undo(struct dy_call *call, struct dy_id import,
                                struct dy_import_obstacles *out) DY_NODISCARD;

/* A file of ours: header in both languages, how to fill it, an example. */
enum dy_code dy_import_template(const char *path, const char *tmp_dir, enum dy_import_kind kind,
                                struct dy_err *err) DY_NODISCARD;
/* The file again, faulty cells marked and explained, good rows kept. */
enum dy_code dy_import_corrected(struct dy_arena *arena, const char *path, const char *tmp_dir,
                                 const struct dy_import_job *job, enum dy_tongue tongue,
                                 struct dy_err *err) DY_NODISCARD;

/* "households;sheet=1;header=3;address=0;..." and back. */
struct dy_str dy_import_map_encode(struct dy_arena *arena, const struct dy_import_map *map);
enum dy_code dy_import_map_decode(struct dy_str text, struct dy_import_map *out,
                                  struct dy_err *err) DY_NODISCARD;

#endif
