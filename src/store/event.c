/* Events: appended in the writer's batch, chained by hash, read back for feeds and audits.
 *
 * Heads are kept in memory for the length of one batch (there is one writer) and written once before the
 * commit, so that a batch of 500 commands costs one update of event_head per community. */
#include "store/event.h"

#include "writer.h"

#include <stdio.h>
#include <string.h>

#define VERIFY_PAGE 1000

static const struct dy_sql HEAD_READ = {
	.name = "event_head_read",
	.in = "i",
	.out = "nb",
	.text = "SELECT seq, hash FROM event_head WHERE community_id = $1",
};
static const struct dy_sql HEAD_INSERT = {
	.name = "event_head_insert",
	.in = "inb",
	.out = "",
	.text = "INSERT INTO event_head (community_id, seq, hash) VALUES ($1, $2, $3)",
};
static const struct dy_sql HEAD_UPDATE = {
	.name = "event_head_update",
	.in = "inb",
	.out = "",
	.text = "UPDATE event_head SET seq = $2, hash = $3 WHERE community_id = $1",
};
static const struct dy_sql EVENT_INSERT = {
	.name = "event_insert",
	.in = "inti?sii?i?i?i?i?i?nsb",
	.out = "",
	.text = "INSERT INTO event (community_id, seq, at, actor_id, topic, subject_id, "
		"household_id,"
		" unit_id, grid_id, owner_id, former_id, reporter_id, reach, payload, hash)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
};

#define EVENT_COLUMNS                                                                              \
	"SELECT seq, at, actor_id, topic, subject_id, household_id, unit_id, grid_id, owner_id,"   \
	" former_id, reporter_id, reach, payload, hash FROM event"
#define EVENT_OUT "nti?sii?i?i?i?i?i?nsb"

static const struct dy_sql EVENTS_AFTER = {
	.name = "events_after",
	.in = "inn",
	.out = EVENT_OUT,
	.text = EVENT_COLUMNS " WHERE community_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
};
static const struct dy_sql EVENT_NEWEST = {
	.name = "event_newest",
	.in = "i",
	.out = "n",
	.text = "SELECT seq FROM event WHERE community_id = $1 ORDER BY seq DESC LIMIT 1",
};

const struct dy_sql *const dy_event_sql[] = { &HEAD_READ,    &HEAD_INSERT,  &HEAD_UPDATE,
	                                      &EVENT_INSERT, &EVENTS_AFTER, &EVENT_NEWEST };
const size_t dy_event_sql_n = DY_COUNT(dy_event_sql);

static void
hash_number(struct dy_hasher *h, int64_t v)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)v >> (8 * i));
	dy_hasher_update(h, bytes, sizeof(bytes));
}

static void
hash_text(struct dy_hasher *h, struct dy_str s)
{
	hash_number(h, (int64_t)s.len); /* lengths keep neighbouring texts apart */
	dy_hasher_update(h, s.ptr, s.len);
}

static void
event_hash(const uint8_t before[DY_HASH_BYTES], const struct dy_event *e,
           uint8_t out[DY_HASH_BYTES])
{
	struct dy_hasher h;

	dy_hasher_init(&h);
	dy_hasher_update(&h, before, DY_HASH_BYTES);
	hash_number(&h, e->seq);
	hash_number(&h, e->at.ms);
	hash_number(&h, e->actor.v);
	hash_text(&h, e->topic);
	hash_number(&h, e->subject.v);
	hash_number(&h, e->rooms.household.v);
	hash_number(&h, e->rooms.unit.v);
	hash_number(&h, e->rooms.grid.v);
	hash_number(&h, (int64_t)e->rooms.reach);
	hash_text(&h, e->payload);
	/* events older than these rooms have none, and keep the hash they had */
	if (e->rooms.owner.v != 0 || e->rooms.former.v != 0 || e->rooms.reporter.v != 0) {
		hash_number(&h, e->rooms.owner.v);
		hash_number(&h, e->rooms.former.v);
		hash_number(&h, e->rooms.reporter.v);
	}
	dy_hasher_final(&h, out);
}

static struct dy_head *
head_find(struct dy_writer *w, struct dy_id community)
{
	for (size_t i = 0; i < w->n_heads; i++) {
		if (dy_id_eq(w->heads[i].community, community))
			return &w->heads[i];
	}
	return NULL;
}

static enum dy_code
head_load(struct dy_wtx *tx, struct dy_head **out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_writer *w = tx->writer;
	struct dy_head head = { .community = tx->rtx.community };

	*out = head_find(w, head.community);
	if (*out != NULL)
		return DY_OK;
	DY_TRY(dy_sql_read_one(&tx->rtx, &HEAD_READ, DY_ARGS(DY_V(head.community)), &rows,
	                       &head.is_stored, err));
	if (head.is_stored) {
		head.seq = dy_rows_int(rows);
		struct dy_bytes hash = dy_rows_bytes(rows, w->batch->arena);
		DY_ASSERT(hash.len == DY_HASH_BYTES);
		memcpy(head.hash, hash.ptr, DY_HASH_BYTES);
	}
	w->heads = dy_grow(w->heads, w->n_heads, &w->cap_heads, sizeof(*w->heads));
	w->heads[w->n_heads] = head;
	*out = &w->heads[w->n_heads++];
	return DY_OK;
}

static enum dy_code
event_insert(struct dy_wtx *tx, const struct dy_event *e, const uint8_t hash[DY_HASH_BYTES],
             struct dy_err *err)
{
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	int64_t reach = e->rooms.reach;

	return dy_sql_write(tx, &EVENT_INSERT,
	                    DY_ARGS(DY_V(e->community), DY_V(e->seq), DY_V(e->at), DY_V(e->actor),
	                            DY_V(e->topic), DY_V(e->subject), DY_V(e->rooms.household),
	                            DY_V(e->rooms.unit), DY_V(e->rooms.grid), DY_V(e->rooms.owner),
	                            DY_V(e->rooms.former), DY_V(e->rooms.reporter), DY_V(reach),
	                            DY_V(e->payload), DY_V(hash_bytes)),
	                    NULL, err);
}

enum dy_code
dy_event_append(struct dy_wtx *tx, const struct dy_event *draft, int64_t *seq, struct dy_err *err)
{
	struct dy_writer *w = tx->writer;
	struct dy_pending pending = { .event = *draft };
	struct dy_head *head;
	uint8_t hash[DY_HASH_BYTES];

	DY_ASSERT(tx->rtx.community.v != 0);
	DY_TRY(head_load(tx, &head, err));
	pending.event.community = tx->rtx.community;
	pending.event.seq = head->seq + 1;
	pending.event.topic = dy_str_dup(w->batch->arena, draft->topic);
	pending.event.payload = dy_str_dup(w->batch->arena, draft->payload);
	memcpy(pending.hash_before, head->hash, DY_HASH_BYTES);
	event_hash(head->hash, &pending.event, hash);
	DY_TRY(event_insert(tx, &pending.event, hash, err));
	head->seq++;
	head->is_dirty = true;
	memcpy(head->hash, hash, DY_HASH_BYTES);
	struct dy_batch *b = w->batch;
	b->pending = dy_grow(b->pending, b->n_pending, &b->cap_pending, sizeof(*b->pending));
	b->pending[b->n_pending++] = pending;
	if (seq != NULL)
		*seq = pending.event.seq;
	return DY_OK;
}

void
dy_events_rewind(struct dy_writer *writer, size_t mark)
{
	struct dy_batch *b = writer->batch;

	while (b->n_pending > mark) {
		const struct dy_pending *p = &b->pending[--b->n_pending];
		struct dy_head *head = head_find(writer, p->event.community);
		head->seq = p->event.seq - 1;
		memcpy(head->hash, p->hash_before, DY_HASH_BYTES);
	}
}

enum dy_code
dy_events_flush(struct dy_writer *writer, struct dy_err *err)
{
	for (size_t i = 0; i < writer->n_heads; i++) {
		struct dy_head *head = &writer->heads[i];
		if (!head->is_dirty || head->seq == 0)
			continue;
		struct dy_wtx tx = { .writer = writer };
		tx.rtx = (struct dy_rtx){ writer->driver, writer->conn, head->community, true };
		struct dy_bytes hash = { head->hash, DY_HASH_BYTES };
		DY_TRY(dy_sql_write(&tx, head->is_stored ? &HEAD_UPDATE : &HEAD_INSERT,
		                    DY_ARGS(DY_V(head->community), DY_V(head->seq), DY_V(hash)),
		                    NULL, err));
	}
	return DY_OK;
}

void
dy_events_reset(struct dy_writer *writer)
{
	writer->batch->n_pending = 0;
	writer->n_heads = 0;
}

static void
event_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_id community, struct dy_event *e,
           struct dy_bytes *hash)
{
	e->community = community;
	e->seq = dy_rows_int(rows);
	e->at = dy_rows_time(rows);
	e->actor = dy_rows_id(rows);
	e->topic = dy_rows_str(rows, arena);
	e->subject = dy_rows_id(rows);
	e->rooms.household = dy_rows_id(rows);
	e->rooms.unit = dy_rows_id(rows);
	e->rooms.grid = dy_rows_id(rows);
	e->rooms.owner = dy_rows_id(rows);
	e->rooms.former = dy_rows_id(rows);
	e->rooms.reporter = dy_rows_id(rows);
	e->rooms.reach = (enum dy_event_reach)dy_rows_int(rows);
	e->payload = dy_rows_str(rows, arena);
	*hash = dy_rows_bytes(rows, arena);
}

static enum dy_code
events_read(struct dy_rtx *tx, struct dy_rows *rows, struct dy_arena *arena,
            struct dy_event_list *out, struct dy_err *err)
{
	struct dy_bytes hash;

	*out = (struct dy_event_list){ 0 };
	while (dy_rows_next(rows)) {
		struct dy_event *e = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                   &out->cap, sizeof(*out->items));
		event_read(rows, arena, tx->community, e, &hash);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_event_list_after(struct dy_rtx *tx, struct dy_arena *arena, int64_t after, int64_t limit,
                    struct dy_event_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;

	DY_TRY(dy_sql_read(tx, &EVENTS_AFTER,
	                   DY_ARGS(DY_V(tx->community), DY_V(after), DY_V(limit)), &rows, err));
	return events_read(tx, rows, arena, out, err);
}

enum dy_code
dy_event_head_hash(struct dy_rtx *tx, int64_t *seq, uint8_t hash[DY_HASH_BYTES], struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(4096);
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	*seq = 0;
	memset(hash, 0, DY_HASH_BYTES);
	DY_TRY(dy_sql_read_one(tx, &HEAD_READ, DY_ARGS(DY_V(community)), &rows, &found, err));
	if (!found)
		return DY_OK;
	*seq = dy_rows_int(rows);
	struct dy_bytes stored = dy_rows_bytes(rows, arena);
	if (stored.len == DY_HASH_BYTES)
		memcpy(hash, stored.ptr, DY_HASH_BYTES);
	return DY_OK;
}

enum dy_code
dy_event_head(struct dy_rtx *tx, int64_t *seq, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	bool found;

	DY_TRY(dy_sql_read_one(tx, &EVENT_NEWEST, DY_ARGS(DY_V(tx->community)), &rows, &found,
	                       err));
	*seq = found ? dy_rows_int(rows) : 0;
	return DY_OK;
}

static void
blame(struct dy_event_audit *audit, int64_t seq, const char *reason)
{
	audit->first_bad = seq;
	(void)snprintf(audit->reason, sizeof(audit->reason), "%s", reason);
}

/* One page; *before is the hash of the last good event. */
static enum dy_code
verify_page(struct dy_rtx *tx, struct dy_arena *arena, struct dy_event_audit *audit,
            uint8_t before[DY_HASH_BYTES], bool *more, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	int64_t page = VERIFY_PAGE;

	*more = false;
	DY_TRY(dy_sql_read(tx, &EVENTS_AFTER,
	                   DY_ARGS(DY_V(tx->community), DY_V(audit->checked), DY_V(page)), &rows,
	                   err));
	while (audit->first_bad == 0 && dy_rows_next(rows)) {
		struct dy_event e;
		struct dy_bytes stored;
		uint8_t hash[DY_HASH_BYTES];
		event_read(rows, arena, tx->community, &e, &stored);
		*more = true;
		event_hash(before, &e, hash);
		if (e.seq != audit->checked + 1)
			blame(audit, audit->checked + 1, "the event is missing");
		else if (stored.len != DY_HASH_BYTES ||
		         memcmp(hash, stored.ptr, DY_HASH_BYTES) != 0)
			blame(audit, e.seq, "the event or its hash was changed");
		else
			audit->checked++;
		memcpy(before, hash, DY_HASH_BYTES);
	}
	return dy_rows_end(rows, err);
}

static enum dy_code
verify_head(struct dy_rtx *tx, struct dy_arena *arena, struct dy_event_audit *audit,
            const uint8_t last[DY_HASH_BYTES], struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	bool found;

	DY_TRY(dy_sql_read_one(tx, &HEAD_READ, DY_ARGS(DY_V(tx->community)), &rows, &found, err));
	int64_t seq = found ? dy_rows_int(rows) : 0;
	struct dy_bytes hash = { last, DY_HASH_BYTES };
	if (found)
		hash = dy_rows_bytes(rows, arena);
	if (seq > audit->checked)
		blame(audit, audit->checked + 1, "events at the end are missing");
	else if (seq < audit->checked)
		blame(audit, seq + 1, "there are more events than the head knows");
	else if (hash.len != DY_HASH_BYTES || memcmp(hash.ptr, last, DY_HASH_BYTES) != 0)
		blame(audit, seq, "the head's hash differs from the last event's");
	return DY_OK;
}

enum dy_code
dy_event_verify(struct dy_rtx *tx, struct dy_event_audit *out, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)256 << 20);
	uint8_t before[DY_HASH_BYTES] = { 0 };
	bool more = true;

	*out = (struct dy_event_audit){ 0 };
	while (more && out->first_bad == 0) {
		DY_TRY(verify_page(tx, arena, out, before, &more, err));
		dy_arena_reset(arena);
	}
	if (out->first_bad == 0)
		DY_TRY(verify_head(tx, arena, out, before, err));
	return DY_OK;
}
