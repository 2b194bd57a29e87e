/* The live feed: who stands in which room, and events from the writer to the hubs.
 *
 * An event goes to rooms; a person stands in rooms by household and posts. The same rule decides what is sent again
 * after Last-Event-ID, so that a stream that resumes sees neither more nor less than one that stayed. */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#define PAGE        500
#define RESUME_MAX  20000 /* events; a client further behind starts anew and loads its lists */
#define EVENT_ROOMS 8
#define ROOMS_MAX   64

enum room_kind {
	ROOM_HOUSEHOLD = 1,
	ROOM_UNIT,
	ROOM_UNIT_MANAGERS,
	ROOM_GRID,
	ROOM_GRID_MANAGERS,
	ROOM_ALL,          /* posts over the community */
	ROOM_ALL_MANAGERS, /* posts over the community that manage requests */
	ROOM_EVERYONE,
	ROOM_PERSON,  /* events that name the account: its own work, what it reported for others */
	ROOM_ACCOUNT, /* no event goes there: what the person hears is to be found anew */
};

struct rooms {
	uint64_t keys[ROOMS_MAX];
	size_t n;
};

/* splitmix64's finalizer (Steele, Lea, Flood 2014) over community, kind and id: rooms of different communities differ. */
static uint64_t
room(struct dy_id community, enum room_kind kind, struct dy_id id)
{
	uint64_t z = (uint64_t)community.v * 0x9e3779b97f4a7c15ull + (uint64_t)kind;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull + (uint64_t)id.v;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static void
room_add(struct rooms *rooms, struct dy_id community, enum room_kind kind, struct dy_id id)
{
	if (rooms->n < ROOMS_MAX)
		rooms->keys[rooms->n++] = room(community, kind, id);
}

static void
rooms_of_event(const struct dy_event *e, struct rooms *out)
{
	bool managers = e->rooms.reach == DY_REACH_MANAGERS;
	struct dy_id none = { 0 };

	const struct dy_id persons[] = { e->rooms.owner, e->rooms.former, e->rooms.reporter };

	out->n = 0;
	for (size_t i = 0; i < DY_COUNT(persons); i++) {
		if (persons[i].v != 0)
			room_add(out, e->community, ROOM_PERSON, persons[i]);
	}
	if (e->rooms.household.v != 0)
		room_add(out, e->community, ROOM_HOUSEHOLD, e->rooms.household);
	if (e->rooms.unit.v != 0)
		room_add(out, e->community, managers ? ROOM_UNIT_MANAGERS : ROOM_UNIT,
		         e->rooms.unit);
	if (e->rooms.grid.v != 0)
		room_add(out, e->community, managers ? ROOM_GRID_MANAGERS : ROOM_GRID,
		         e->rooms.grid);
	room_add(out, e->community, managers ? ROOM_ALL_MANAGERS : ROOM_ALL, none);
	if (e->rooms.reach == DY_REACH_EVERYONE)
		room_add(out, e->community, ROOM_EVERYONE, none);
}

static void
rooms_of_actor(const struct dy_actor *a, struct rooms *out)
{
	struct dy_id none = { 0 };

	out->n = 0;
	room_add(out, a->community, ROOM_ACCOUNT, a->account);
	room_add(out, a->community, ROOM_PERSON, a->account);
	room_add(out, a->community, ROOM_EVERYONE, none);
	if (a->household.v != 0)
		room_add(out, a->community, ROOM_HOUSEHOLD, a->household);
	for (size_t i = 0; i < a->posts.count; i++) {
		const struct dy_post_scope *post = &a->posts.items[i].scope;
		bool manages = dy_role_has(post->role, DY_CAP_REQUEST_MANAGE);
		enum room_kind kind = ROOM_UNIT, managers = ROOM_UNIT_MANAGERS;
		struct dy_id id = post->scope;
		if (!dy_role_has(post->role, DY_CAP_REQUEST_READ))
			continue;
		if (post->kind == DY_SCOPE_GRID) {
			kind = ROOM_GRID;
			managers = ROOM_GRID_MANAGERS;
		} else if (post->kind == DY_SCOPE_COMMUNITY) {
			kind = ROOM_ALL;
			managers = ROOM_ALL_MANAGERS;
			id = none;
		}
		room_add(out, a->community, kind, id);
		if (manages)
			room_add(out, a->community, managers, id);
	}
}

static bool
rooms_meet(const struct rooms *a, const struct rooms *b)
{
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < b->n; k++) {
			if (a->keys[i] == b->keys[k])
				return true;
		}
	}
	return false;
}

/* The room whose streams end because what their person may hear has changed; 0: none. They come back with their
 * position, and with what is left to them. */
static uint64_t
room_ended_by(const struct dy_event *e)
{
	static const char *const topics[] = { "post.given", "post.ended", "account.signed_out" };

	for (size_t i = 0; i < DY_COUNT(topics); i++) {
		if (dy_str_is(e->topic, topics[i]))
			return room(e->community, ROOM_ACCOUNT, e->subject);
	}
	return 0;
}

static struct dy_frame *
frame_of(const struct dy_event *e)
{
	struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, DY_JSON_BODY_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_kint(&w, "seq", e->seq);
	dy_jw_kstr(&w, "topic", e->topic);
	dy_jw_kid(&w, "subject", e->subject);
	dy_jw_ktime(&w, "at", dy_zone_default(), e->at);
	dy_jw_kid(&w, "unit_id", e->rooms.unit);
	dy_jw_key(&w, "payload");
	dy_jw_raw(&w, e->payload);
	dy_jw_obj_end(&w);
	struct dy_frame *frame = dy_frame_new(e->seq, DY_STR(""), dy_strbuf_str(&sb));
	dy_strbuf_release(&sb);
	return frame;
}

/* A batch of frames on its way to one loop. */
struct parcel {
	struct dy_task task;
	size_t n;
	struct {
		struct dy_frame *frame;
		uint64_t ends;
		struct rooms_small {
			uint64_t keys[EVENT_ROOMS];
			size_t n;
		} rooms;
	} items[];
};

static void
parcel_open(struct dy_task *task, struct dy_loop *loop)
{
	struct parcel *p = (struct parcel *)task;

	for (size_t i = 0; i < p->n; i++) {
		dy_hub_publish(dy_loop_hub(loop), p->items[i].frame, p->items[i].rooms.keys,
		               p->items[i].rooms.n);
		dy_frame_unref(p->items[i].frame);
		if (p->items[i].ends != 0)
			dy_hub_end(dy_loop_hub(loop), p->items[i].ends);
	}
	free(p);
}

void
dy_feed_events(void *ctx, const struct dy_event *events, size_t n)
{
	struct dy_api *api = ctx;

	if (!atomic_load(&api->ready))
		return; /* before the first stream or after the last */
	unsigned loops = dy_net_loops(api->net);
	struct parcel *parcels[DY_API_LOOPS];
	for (unsigned l = 0; l < loops; l++) {
		parcels[l] = malloc(sizeof(struct parcel) + n * sizeof(parcels[l]->items[0]));
		DY_ASSERT(parcels[l] != NULL);
		parcels[l]->task = (struct dy_task){ .fn = parcel_open };
		parcels[l]->n = n;
	}
	for (size_t i = 0; i < n; i++) {
		struct dy_frame *frame = frame_of(&events[i]);
		struct rooms rooms;
		rooms_of_event(&events[i], &rooms);
		for (unsigned l = 0; l < loops; l++) {
			dy_frame_ref(frame);
			parcels[l]->items[i].frame = frame;
			parcels[l]->items[i].ends = room_ended_by(&events[i]);
			memcpy(parcels[l]->items[i].rooms.keys, rooms.keys,
			       rooms.n * sizeof(rooms.keys[0]));
			parcels[l]->items[i].rooms.n = rooms.n;
		}
		dy_frame_unref(frame);
	}
	for (unsigned l = 0; l < loops; l++)
		dy_loop_post(dy_net_loop(api->net, l), &parcels[l]->task);
}

/* Where the client stands: Last-Event-ID, or the query; -1 when it has no position. */
static enum dy_code
position(struct dy_q *q, int64_t *out)
{
	struct dy_str text = dy_exchange_header(q->x, "last-event-id");

	*out = -1;
	if (text.len == 0 && !dy_q_query(q, "last_event_id", &text))
		return DY_OK;
	if (!dy_str_to_i64(text, out) || *out < 0)
		return dy_raise(&q->err, DY_E_INPUT, "/last_event_id",
		                "send the id of the last event, or nothing");
	return DY_OK;
}

static enum dy_code
resend(struct dy_q *q, struct dy_arena *arena, struct dy_stream *stream, const struct rooms *own,
       int64_t after, int64_t head)
{
	struct dy_event_list page;
	struct rooms rooms;

	if (head - after > RESUME_MAX)
		after = head - RESUME_MAX;
	while (after < head) {
		struct dy_arena_mark mark = dy_arena_mark(arena);
		DY_TRY(dy_event_list_after(q->tx, arena, after, PAGE, &page, &q->err));
		if (page.count == 0)
			break;
		for (size_t i = 0; i < page.count; i++) {
			rooms_of_event(&page.items[i], &rooms);
			if (!rooms_meet(&rooms, own))
				continue;
			struct dy_frame *frame = frame_of(&page.items[i]);
			bool there = dy_stream_send(stream, frame);
			dy_frame_unref(frame);
			if (!there)
				return DY_OK; /* it comes back with its position */
		}
		after = page.items[page.count - 1].seq;
		dy_arena_rewind(arena, mark);
	}
	return DY_OK;
}

enum dy_code
dy_feed_open(struct dy_q *q)
{
	struct rooms own;
	int64_t after, head;

	DY_TRY(position(q, &after));
	DY_TRY(dy_event_head(q->tx, &head, &q->err));
	if (after < 0 || after > head)
		after = head;
	rooms_of_actor(&q->actor, &own);
	struct dy_stream_options options = {
		.rooms = own.keys,
		.n_rooms = own.n,
		.after = after,
		.until_ms = dy_tick_ms() + (q->actor.session_until.ms - q->now.ms),
	};
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(DY_REQUEST_ARENA);
	struct dy_stream *stream = dy_exchange_stream(q->x, &options);
	if (stream != NULL && resend(q, arena, stream, &own, after, head) != DY_OK)
		dy_stream_close(stream); /* it comes back with its position */
	return DY_OK;
}
