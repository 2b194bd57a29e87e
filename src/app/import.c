/* Checking and writing an import: rows one after the other against the book, in chunks of one transaction each. */
#include "import_do.h"

#include "base/json.h"

#include <string.h>

#define ID_RANDOM_BITS 21
#define DETAIL_MAX     65536
#define CHECK_ARENA    ((size_t)256 << 20)

enum dy_code
dy_app_import_may(const struct dy_actor *actor, enum dy_import_kind kind, struct dy_err *err)
{
	static const struct dy_id nowhere;
	bool people = kind == DY_IMPORT_POSTS || kind == DY_IMPORT_VOLUNTEERS;

	if (dy_actor_has_at(actor, DY_CAP_IMPORT, nowhere, nowhere) &&
	    (!people || (dy_actor_has_at(actor, DY_CAP_POST_WRITE, nowhere, nowhere) &&
	                 dy_actor_has_at(actor, DY_CAP_ACCOUNT_WRITE, nowhere, nowhere))))
		return DY_OK;
	return dy_raise(err, DY_E_DENIED, "", "your posts do not allow this");
}

/* Ids of one import count up from a random start: at one moment only 2^21 exist, and random ones would soon collide. */
struct dy_id
dy_import_new_id(struct dy_import_session *s)
{
	if (s->tx != NULL)
		return dy_wtx_new_id(s->tx, s->now);
	return (struct dy_id){ (int64_t)(++s->next_id) }; /* a dry run's: never stored */
}

enum dy_code
dy_import_log(struct dy_import_session *s, const struct dy_import_row *row, const char *entity,
              struct dy_id id, struct dy_str before, int64_t version)
{
	struct dy_import_change c = {
		.n = ++s->record->n_changes,
		.number = row->from->number,
		.entity = dy_str_from(entity),
		.id = id,
		.act = before.len > 0 ? DY_STR("change") : DY_STR("create"),
		.before = dy_text_seal(s->call->arena, s->key, before),
		.version = version,
	};
	return dy_import_change_insert(s->tx, s->record->id, &c, s->err);
}

enum dy_code
dy_import_event(struct dy_import_session *s, const char *topic, struct dy_id subject,
                struct dy_event_rooms rooms, const char *payload)
{
	struct dy_event e = {
		.at = s->now,
		.actor = s->call->actor->account,
		.topic = dy_str_from(topic),
		.subject = subject,
		.rooms = rooms,
		.payload = dy_str_from(payload),
	};
	return dy_event_append(s->tx, &e, NULL, s->err);
}

size_t
dy_import_stair_find(struct dy_import_session *s, struct dy_import_row *row)
{
	int field = s->job->map.column[DY_F_BUILDING] >= 0 ? DY_F_BUILDING : DY_F_ADDRESS;
	size_t building = dy_book_building(&s->book, row->building);
	size_t stair = DY_NOWHERE;
	struct dy_str shown = row->building;

	if (building != DY_NOWHERE && row->stair.len == 0) {
		const struct dy_book_building *b = &s->book.buildings[building];
		if (b->stairs > 1) {
			dy_import_fault_add(s->arena, s->job, row, field, DY_FAULT_WHICH_STAIR,
			                    row->building);
			return DY_NOWHERE;
		}
		stair = b->only_stair;
	} else if (building != DY_NOWHERE) {
		stair = dy_book_stair(&s->book, building, row->stair);
	}
	if (row->stair.len > 0)
		shown = dy_str_from(dy_arena_printf(s->arena, "%.*s-%.*s", DY_FMT(row->building),
		                                    DY_FMT(row->stair)));
	if (stair == DY_NOWHERE)
		dy_import_fault_add(s->arena, s->job, row, field, DY_FAULT_NO_STAIR, shown);
	return stair;
}

int64_t
dy_import_floor_of(struct dy_str door, int64_t floors)
{
	uint64_t n;
	int64_t floor = 1;

	if (door.len >= 3 && dy_str_to_u64(door, &n) && n < 100000)
		floor = (int64_t)(n / 100);
	if (floor < 1)
		floor = 1;
	return floor > floors ? floors : floor;
}

enum dy_code
dy_import_door_make(struct dy_import_session *s, struct dy_import_row *row, size_t stair,
                    struct dy_str code, int64_t floor, size_t *out)
{
	struct dy_door door = { dy_import_new_id(s), s->book.stairs[stair].id, code, floor };

	if (s->book.n_doors >= DY_PLACES_MAX)
		return dy_raise(s->err, DY_E_LIMIT, "file", "over %d doors in one community",
		                DY_PLACES_MAX);
	if (s->tx != NULL) {
		DY_TRY(dy_door_insert(s->tx, &door, s->err));
		DY_TRY(dy_import_log(s, row, "door", door.id, DY_STR(""), 0));
	}
	*out = dy_book_add_door(&s->book, door.id, stair, code, floor);
	row->made |= 1u << DY_MADE_DOOR;
	return DY_OK;
}

static enum dy_code
row_do(struct dy_import_session *s, struct dy_import_row *row)
{
	if (row->verdict == DY_VERDICT_SKIP)
		return DY_OK;
	if (!row->is_bad) {
		switch (s->job->kind) {
		case DY_IMPORT_PLACES: DY_TRY(dy_import_do_place(s, row)); break;
		case DY_IMPORT_HOUSEHOLDS: DY_TRY(dy_import_do_home(s, row)); break;
		case DY_IMPORT_POSTS:
		case DY_IMPORT_VOLUNTEERS: DY_TRY(dy_import_do_person(s, row)); break;
		}
	}
	if (row->is_bad && s->job->kind == DY_IMPORT_HOUSEHOLDS && row->building.len > 0)
		(void)dy_import_stair_find(s, row); /* so that everything is mended in one go */
	if (row->is_bad)
		row->verdict = DY_VERDICT_BAD;
	else if (row->made != 0)
		row->verdict = DY_VERDICT_CREATE;
	else
		row->verdict = row->changed != 0 ? DY_VERDICT_CHANGE : DY_VERDICT_SAME;
	return DY_OK;
}

struct dy_import_session *
dy_import_session_new(struct dy_arena *arena, const struct dy_key *key, struct dy_import_job *job,
                      struct dy_time now)
{
	struct dy_import_session *s = DY_NEW(arena, struct dy_import_session);

	s->arena = arena;
	s->key = key;
	s->job = job;
	s->now = now;
	s->book.arena = dy_arena_new(CHECK_ARENA);
	return s;
}

void
dy_import_session_free(struct dy_import_session **session)
{
	if (*session != NULL)
		dy_arena_free((*session)->book.arena);
	*session = NULL;
}

/* The book as it is in this transaction: read again when somebody else has written since. */
static enum dy_code
book_refresh(struct dy_import_session *s, struct dy_rtx *tx)
{
	int64_t seq;

	s->community = dy_rtx_community(tx);
	DY_TRY(dy_event_head(tx, &seq, s->err));
	if (s->is_loaded && seq == s->book.seq)
		return DY_OK;
	s->is_loaded = true;
	return dy_book_load(tx, &s->book, s->key, s->job->kind, s->now, s->err);
}

enum dy_code
dy_import_check(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_key *key,
                struct dy_import_job *job, struct dy_time now, struct dy_err *err)
{
	DY_CLEANUP(dy_import_session_free)
	struct dy_import_session *s = dy_import_session_new(arena, key, job, now);

	s->err = err;
	memset(job->counts, 0, sizeof(job->counts));
	DY_TRY(book_refresh(s, tx));
	for (size_t i = 0; i < job->n_rows; i++) {
		DY_TRY(row_do(s, &job->rows[i]));
		job->counts[job->rows[i].verdict]++;
	}
	return DY_OK;
}

static void
counts_keep(struct dy_import *record, const struct dy_import_job *job)
{
	record->rows = (int64_t)job->n_rows;
	record->creates = (int64_t)job->counts[DY_VERDICT_CREATE];
	record->changes = (int64_t)job->counts[DY_VERDICT_CHANGE];
	record->sames = (int64_t)job->counts[DY_VERDICT_SAME];
	record->bads = (int64_t)job->counts[DY_VERDICT_BAD];
	record->skips = (int64_t)job->counts[DY_VERDICT_SKIP];
}

static enum dy_code
chunk_event(struct dy_import_session *s)
{
	const struct dy_import *r = s->record;

	return dy_import_event(
		s, "import.applied", r->id, (struct dy_event_rooms){ 0 },
		dy_arena_printf(s->call->arena,
	                        "{\"kind\":\"%s\",\"row\":%lld,\"created\":%lld,\"changed\":%lld}",
	                        dy_import_kind_name(s->job->kind), (long long)r->next_row,
	                        (long long)r->creates, (long long)r->changes));
}

enum dy_code
dy_app_import_chunk(struct dy_call *call, struct dy_import_session *s, struct dy_import *record,
                    size_t from, size_t to)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	bool is_first = record->state.len == 0;
	struct dy_import before = *record;
	struct dy_import_job *job = s->job;
	enum dy_code rc = DY_OK;

	DY_TRY(dy_app_import_may(call->actor, job->kind, call->err));
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	s->call = call;
	s->err = call->err;
	s->record = record;
	rc = book_refresh(s, dy_wtx_read(tx));
	if (rc == DY_OK && is_first) {
		record->state = DY_STR("running");
		record->created_at = s->now;
		rc = dy_import_insert(tx, record, call->err);
	}
	if (!s->has_begun &&
	    dy_str_is(record->state,
	              "running")) { /* rows that are written already come out as unchanged */
		s->before_creates = record->creates;
		s->before_changes = record->changes;
	}
	s->has_begun = true;
	s->tx = tx;
	for (size_t i = from; rc == DY_OK && i < to; i++) {
		rc = row_do(s, &job->rows[i]);
		job->counts[job->rows[i].verdict]++;
		record->next_row = job->rows[i].from->number;
	}
	if (rc == DY_OK) {
		counts_keep(record, job);
		record->creates += s->before_creates;
		record->changes += s->before_changes;
		record->sames -= s->before_creates + s->before_changes;
		if (record->sames < 0)
			record->sames = 0;
		record->state = to >= job->n_rows ? DY_STR("done") : DY_STR("running");
		if (to >= job->n_rows)
			record->done_at = s->now;
		rc = dy_import_update(tx, record, call->err);
	}
	if (rc == DY_OK)
		rc = chunk_event(s);
	if (rc == DY_OK)
		rc = dy_event_head(dy_wtx_read(tx), &s->book.seq, call->err);
	if (rc == DY_OK)
		rc = dy_wtx_commit(&tx, call->err);
	s->tx = NULL;
	s->call = NULL;
	if (rc != DY_OK) { /* the book knows what was not stored */
		s->is_loaded = false;
		*record = before;
	}
	return rc;
}

/* What is kept of a row's verdict, for the pages of the console. */
static void
detail_write(struct dy_arena *arena, struct dy_jw *w, const struct dy_import_told *told)
{
	dy_jw_obj(w);
	dy_jw_kstr(w, "label", told->label);
	dy_jw_key(w, "does");
	dy_jw_arr(w);
	for (size_t i = 0; i < told->n_does; i++)
		dy_jw_str(w, dy_str_from(told->does[i]));
	dy_jw_arr_end(w);
	dy_jw_key(w, "faults");
	dy_jw_arr(w);
	for (size_t i = 0; i < told->n_faults; i++) {
		const struct dy_import_fault *f = &told->faults[i];
		dy_jw_obj(w);
		dy_jw_kcstr(w, "code", dy_import_fault_code(f));
		dy_jw_kint(w, "column", f->column);
		dy_jw_kbool(w, "note", f->is_note);
		dy_jw_kcstr(w, "zh", dy_import_fault_text(arena, f, DY_ZH));
		dy_jw_kcstr(w, "en", dy_import_fault_text(arena, f, DY_EN));
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
}

static enum dy_code
rows_keep(struct dy_wtx *tx, struct dy_call *call, const struct dy_import_job *job, struct dy_id id)
{
	DY_CLEANUP(dy_strbuf_release) struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, DETAIL_MAX);
	for (size_t i = 0; i < job->n_rows; i++) {
		struct dy_arena_mark mark = dy_arena_mark(call->arena);
		struct dy_import_told told;
		dy_import_told(job, i, &told);
		dy_strbuf_reset(&sb);
		dy_jw_init(&w, &sb);
		detail_write(call->arena, &w, &told);
		struct dy_import_row_kept row = {
			.number = told.number,
			.verdict = dy_str_from(dy_verdict_name(told.verdict)),
			.detail = dy_text_seal(call->arena, call->key, dy_strbuf_str(&sb)),
		};
		DY_TRY(dy_import_row_insert(tx, id, &row, call->err));
		dy_arena_rewind(call->arena, mark);
	}
	return DY_OK;
}

enum dy_code
dy_app_import_keep(struct dy_call *call, const struct dy_import_job *job, struct dy_import *record)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	bool is_new = record->state.len == 0;

	DY_TRY(dy_app_import_may(call->actor, job->kind, call->err));
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	counts_keep(record, job);
	record->mapping = dy_import_map_encode(call->arena, &job->map);
	if (is_new) {
		record->state = DY_STR("checked");
		record->account = call->actor->account;
		record->created_at = call->now;
		DY_TRY(dy_import_insert(tx, record, call->err));
	} else {
		DY_TRY(dy_import_rows_delete(tx, record->id, call->err));
		DY_TRY(dy_import_update(tx, record, call->err));
	}
	DY_TRY(rows_keep(tx, call, job, record->id));
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = DY_STR_INIT("import.checked"),
		.subject = record->id,
		.payload = DY_STR_INIT("{}"),
	};
	DY_TRY(dy_event_append(tx, &e, NULL, call->err));
	return dy_wtx_commit(&tx, call->err);
}
