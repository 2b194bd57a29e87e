/* The SSE hub: rooms, shared frames, slices. */
#include "net/hub.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "base/time.h"
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_BITS        16
#define ROOM_SLOTS       (1 << ROOM_BITS)
#define SLICE_STREAMS    256
#define SLICE_US         2000
#define RETRY_MS         1000
#define RETRY_JITTER_MS  2000
#define ROOMS_PER_STREAM 64
#define BEAT_TURNS       64 /* turns of the clock, within which each stream has its turn */
#define BEATS_MIN        64

struct dy_frame {
	_Atomic unsigned refs;
	int64_t number;
	size_t len;
	char text[];
};

/* A stream's place in a room. */
struct member {
	struct dy_stream *stream;
	struct room *room;
	struct member *prev, *next;
};

struct room {
	uint64_t key;
	struct room *next; /* in its slot */
	struct member *members;
};

struct pending {
	struct pending *next;
	struct dy_frame *frame;
};

struct dy_stream {
	struct dy_conn *conn;
	struct dy_hub *hub;
	int64_t last;
	int64_t beat_ms, until_ms;
	struct pending *first, *tail; /* frames behind the one being written */
	size_t behind;
	bool is_writing;
	uv_write_t write;
	struct dy_frame *writing;
	void (*on_close)(void *ctx, struct dy_stream *stream);
	void *ctx;
	bool is_gone;
	size_t n_members;
	struct member members[];
};

/* A publication on its way through the rooms. */
struct round {
	struct round *next;
	struct dy_frame *frame;
	size_t at_room;
	struct member *at; /* next to serve */
	bool in_room;
	size_t n_rooms;
	uint64_t rooms[];
};

struct dy_hub {
	struct dy_loop *loop;
	struct room *slots[ROOM_SLOTS];
	size_t n_streams;
	struct round *first, *last;
	uv_idle_t idle;
	bool idle_runs;
	struct dy_frame *beat;
	size_t beats_left; /* in this turn */
};

/* A reader of event streams ends a line at CR too: text must not smuggle in a field of its own. */
static struct dy_str
line_cut(struct dy_str *rest)
{
	size_t n = 0;

	while (n < rest->len && rest->ptr[n] != '\n' && rest->ptr[n] != '\r')
		n++;
	struct dy_str line = dy_str_slice(*rest, 0, n);
	*rest = dy_str_slice(*rest, n + 1, rest->len);
	return line;
}

struct dy_frame *
dy_frame_new(int64_t number, struct dy_str event, struct dy_str data)
{
	struct dy_strbuf sb;

	dy_strbuf_init(&sb, DY_ANSWER_MAX);
	if (number > 0)
		dy_strbuf_addf(&sb, "id: %lld\n", (long long)number);
	if (event.len > 0)
		dy_strbuf_addf(&sb, "event: %.*s\n", DY_FMT(event));
	while (data.len > 0) {
		struct dy_str line = line_cut(&data);
		dy_strbuf_addf(&sb, "data: %.*s\n", DY_FMT(line));
	}
	dy_strbuf_addc(&sb, '\n');
	struct dy_frame *frame = malloc(sizeof(*frame) + sb.len);
	DY_ASSERT(frame != NULL && !sb.overflow);
	atomic_init(&frame->refs, 1);
	frame->number = number;
	frame->len = sb.len;
	memcpy(frame->text, sb.ptr, sb.len);
	dy_strbuf_release(&sb);
	return frame;
}

void
dy_frame_ref(struct dy_frame *frame)
{
	(void)atomic_fetch_add_explicit(&frame->refs, 1, memory_order_relaxed);
}

void
dy_frame_unref(struct dy_frame *frame)
{
	if (frame != NULL && atomic_fetch_sub_explicit(&frame->refs, 1, memory_order_acq_rel) == 1)
		free(frame);
}

int64_t
dy_frame_number(const struct dy_frame *frame)
{
	return frame->number;
}

static struct room **
room_slot(struct dy_hub *hub, uint64_t key)
{
	return &hub->slots[(key * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - ROOM_BITS)];
}

static struct room *
room_find(struct dy_hub *hub, uint64_t key)
{
	for (struct room *room = *room_slot(hub, key); room != NULL; room = room->next) {
		if (room->key == key)
			return room;
	}
	return NULL;
}

static void
room_join(struct dy_hub *hub, uint64_t key, struct dy_stream *stream, struct member *m)
{
	struct room *room = room_find(hub, key);

	if (room == NULL) {
		room = calloc(1, sizeof(*room));
		DY_ASSERT(room != NULL);
		room->key = key;
		room->next = *room_slot(hub, key);
		*room_slot(hub, key) = room;
	}
	*m = (struct member){ .stream = stream, .room = room, .next = room->members };
	if (room->members != NULL)
		room->members->prev = m;
	room->members = m;
}

static void
room_leave(struct dy_hub *hub, struct member *m)
{
	struct room *room = m->room;

	for (struct round *r = hub->first; r != NULL; r = r->next) {
		if (r->at == m)
			r->at = m->next;
	}
	if (m->prev != NULL)
		m->prev->next = m->next;
	else
		room->members = m->next;
	if (m->next != NULL)
		m->next->prev = m->prev;
	if (room->members != NULL)
		return;
	struct room **at = room_slot(hub, room->key);
	while (*at != room)
		at = &(*at)->next;
	*at = room->next;
	free(room);
}

static void
stream_free(struct dy_stream *stream)
{
	while (stream->first != NULL) {
		struct pending *p = stream->first;
		stream->first = p->next;
		dy_frame_unref(p->frame);
		free(p);
	}
	free(stream);
}

void
dy_stream_gone(struct dy_stream *stream)
{
	for (size_t i = 0; i < stream->n_members; i++)
		room_leave(stream->hub, &stream->members[i]);
	stream->hub->n_streams--;
	dy_uncount(stream->hub->loop, DY_N_STREAMS);
	if (stream->on_close != NULL)
		stream->on_close(stream->ctx, stream);
	stream->is_gone = true;
	if (!stream->is_writing)
		stream_free(stream);
}

static void stream_pump(struct dy_stream *stream);

static void
on_frame_written(uv_write_t *req, int status)
{
	struct dy_stream *stream = req->data;

	dy_frame_unref(stream->writing);
	stream->writing = NULL;
	stream->is_writing = false;
	if (stream->is_gone)
		stream_free(stream);
	else if (status < 0)
		dy_conn_close(stream->conn);
	else
		stream_pump(stream);
}

/* Starts an asynchronous write of frame from this byte on; takes over one reference. */
static void
stream_write_rest(struct dy_stream *stream, struct dy_frame *frame, size_t from)
{
	uv_buf_t buf = uv_buf_init(frame->text + from, (unsigned)(frame->len - from));

	stream->write.data = stream;
	stream->writing = frame;
	stream->is_writing = true;
	stream->conn->stalled_bytes = buf.len;
	stream->conn->deadline_ms = dy_tick_ms() + stream->hub->loop->net->options.write_stall_ms;
	if (uv_write(&stream->write, &stream->conn->uv.stream, &buf, 1, on_frame_written) != 0) {
		stream->is_writing = false;
		dy_frame_unref(frame);
		dy_conn_close(stream->conn);
	}
}

static void
stream_pump(struct dy_stream *stream)
{
	struct pending *p = stream->first;

	if (p == NULL || stream->is_writing)
		return;
	stream->first = p->next;
	if (stream->first == NULL)
		stream->tail = NULL;
	stream->behind -= p->frame->len;
	struct dy_frame *frame = p->frame;
	free(p);
	stream_write_rest(stream, frame, 0);
}

static void
stream_put(struct dy_stream *stream, struct dy_frame *frame)
{
	dy_count(stream->hub->loop, DY_N_FRAMES, 1);
	stream->beat_ms = dy_tick_ms();
	if (!stream->is_writing) {
		uv_buf_t buf = uv_buf_init(frame->text, (unsigned)frame->len);
		int n = uv_try_write(&stream->conn->uv.stream, &buf, 1);
		if (n < 0 && n != UV_EAGAIN) {
			dy_conn_close(stream->conn);
			return;
		}
		size_t sent = n > 0 ? (size_t)n : 0;
		if (sent < frame->len) {
			dy_frame_ref(frame);
			stream_write_rest(stream, frame, sent);
		}
		return;
	}
	if (stream->behind + frame->len > DY_STREAM_BEHIND) {
		dy_count(stream->hub->loop, DY_N_DROPPED, 1);
		dy_conn_close(stream->conn); /* comes back with Last-Event-ID */
		return;
	}
	struct pending *p = malloc(sizeof(*p));
	DY_ASSERT(p != NULL);
	*p = (struct pending){ .frame = frame };
	dy_frame_ref(frame);
	stream->behind += frame->len;
	if (stream->tail != NULL)
		stream->tail->next = p;
	else
		stream->first = p;
	stream->tail = p;
}

bool
dy_stream_send(struct dy_stream *stream, struct dy_frame *frame)
{
	struct dy_conn *conn = stream->conn; /* outlives the stream until the end of this turn */

	if (frame->number > 0) {
		if (frame->number <= stream->last)
			return true;
		stream->last = frame->number;
	}
	stream_put(stream, frame);
	return conn->state == DY_CONN_STREAM;
}

void
dy_stream_close(struct dy_stream *stream)
{
	dy_conn_close(stream->conn);
}

static struct dy_frame *
text_frame(const char *text)
{
	size_t len = strlen(text);
	struct dy_frame *frame = malloc(sizeof(*frame) + len);

	DY_ASSERT(frame != NULL);
	atomic_init(&frame->refs, 1);
	frame->number = 0;
	frame->len = len;
	memcpy(frame->text, text, len);
	return frame;
}

static struct dy_frame *
retry_frame(unsigned ms)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "retry: %u\n\n", ms);
	return text_frame(text);
}

/* Streams that were opened together, or heard the same event, would all beat in one turn of the loop. */
void
dy_hub_turn(struct dy_hub *hub)
{
	hub->beats_left = hub->n_streams / BEAT_TURNS + BEATS_MIN;
}

void
dy_stream_beat(struct dy_stream *stream, int64_t now_ms)
{
	struct dy_hub *hub = stream->hub;

	if (stream->until_ms != 0 && now_ms >= stream->until_ms) {
		dy_stream_farewell(stream);
		return;
	}
	if (stream->is_writing || hub->beats_left == 0 ||
	    now_ms - stream->beat_ms < (int64_t)hub->loop->net->options.heartbeat_ms)
		return;
	hub->beats_left--;
	stream_put(stream, hub->beat);
}

void
dy_stream_farewell(struct dy_stream *stream)
{
	struct dy_conn *conn = stream->conn;
	struct dy_frame *frame = retry_frame(RETRY_MS + dy_random_below(5 * RETRY_JITTER_MS));

	stream_put(stream, frame);
	dy_frame_unref(frame);
	dy_conn_close(conn);
}

struct dy_stream *
dy_exchange_stream(struct dy_exchange *x, const struct dy_stream_options *options)
{
	static const char HEAD[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
				   "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n"
				   "X-Content-Type-Options: nosniff\r\n\r\n";
	struct dy_conn *conn = x->conn;
	struct dy_hub *hub = x->loop->hub;

	DY_ASSERT(options->n_rooms > 0 && options->n_rooms <= ROOMS_PER_STREAM && !x->is_answered);
	x->is_answered = true;
	if (conn == NULL) {
		dy_exchange_drop(x);
		return NULL;
	}
	struct dy_stream *stream =
		calloc(1, sizeof(*stream) + options->n_rooms * sizeof(struct member));
	DY_ASSERT(stream != NULL);
	stream->conn = conn;
	stream->hub = hub;
	stream->last = options->after;
	stream->beat_ms = dy_tick_ms();
	stream->until_ms = options->until_ms;
	stream->on_close = options->on_close;
	stream->ctx = options->ctx;
	stream->n_members = options->n_rooms;
	for (size_t i = 0; i < options->n_rooms; i++)
		room_join(hub, options->rooms[i], stream, &stream->members[i]);
	hub->n_streams++;
	dy_count(x->loop, DY_N_STREAMS, 1);
	conn->exchange = NULL;
	conn->events = stream;
	conn->state = DY_CONN_STREAM;
	conn->deadline_ms = 0;
	dy_strbuf_release(&conn->in);
	dy_exchange_drop(x);
	if (!dy_conn_write(conn, (struct dy_str){ HEAD, sizeof(HEAD) - 1 },
	                   (struct dy_str){ "", 0 }))
		return NULL;
	struct dy_frame *retry = retry_frame(RETRY_MS + dy_random_below(RETRY_JITTER_MS));
	stream_put(stream, retry);
	dy_frame_unref(retry);
	return conn->state == DY_CONN_STREAM ? stream : NULL;
}

/* Serves the round until it ends or the slice is used up; true at its end. */
static bool
round_serve(struct dy_hub *hub, struct round *r, int *budget, int64_t until_us)
{
	while (r->at_room < r->n_rooms) {
		if (!r->in_room) {
			struct room *room = room_find(hub, r->rooms[r->at_room]);
			r->at = room != NULL ? room->members : NULL;
			r->in_room = true;
		}
		while (r->at != NULL) {
			if (*budget <= 0 || (*budget % 32 == 0 && dy_tick_us() > until_us))
				return false;
			struct member *m = r->at;
			r->at = m->next; /* before sending: a send may close the stream */
			--*budget;
			dy_stream_send(m->stream, r->frame);
		}
		r->in_room = false;
		r->at_room++;
	}
	return true;
}

static void
hub_slice(struct dy_hub *hub)
{
	int64_t until_us = dy_tick_us() + SLICE_US;
	int budget = SLICE_STREAMS;

	while (hub->first != NULL && budget > 0) {
		struct round *r = hub->first;
		if (!round_serve(hub, r, &budget, until_us))
			break;
		hub->first = r->next;
		if (hub->first == NULL)
			hub->last = NULL;
		dy_frame_unref(r->frame);
		free(r);
	}
}

static void
on_idle(uv_idle_t *idle)
{
	struct dy_hub *hub = idle->data;

	hub_slice(hub);
	if (hub->first == NULL) {
		(void)uv_idle_stop(&hub->idle);
		hub->idle_runs = false;
	}
}

void
dy_hub_publish(struct dy_hub *hub, struct dy_frame *frame, const uint64_t *rooms, size_t n_rooms)
{
	struct round *r = calloc(1, sizeof(*r) + n_rooms * sizeof(rooms[0]));

	DY_ASSERT(r != NULL);
	dy_frame_ref(frame);
	r->frame = frame;
	r->n_rooms = n_rooms;
	memcpy(r->rooms, rooms, n_rooms * sizeof(rooms[0]));
	if (hub->last != NULL)
		hub->last->next = r;
	else
		hub->first = r;
	hub->last = r;
	if (!hub->idle_runs) {
		(void)uv_idle_start(&hub->idle, on_idle);
		hub->idle_runs = true;
	}
}

void
dy_hub_end(struct dy_hub *hub, uint64_t key)
{
	/* each leaves the room as it closes; the last takes the room with it */
	for (struct room *room = room_find(hub, key); room != NULL; room = room_find(hub, key))
		dy_conn_close(room->members->stream->conn);
}

size_t
dy_hub_streams(const struct dy_hub *hub)
{
	return hub->n_streams;
}

struct dy_hub *
dy_hub_new(struct dy_loop *loop)
{
	struct dy_hub *hub = calloc(1, sizeof(*hub));

	DY_ASSERT(hub != NULL);
	hub->loop = loop;
	(void)uv_idle_init(&loop->uv, &hub->idle);
	hub->idle.data = hub;
	hub->beat = text_frame(": beat\n\n");
	return hub;
}

void
dy_hub_free(struct dy_hub *hub)
{
	while (hub != NULL && hub->first != NULL) {
		struct round *r = hub->first;
		hub->first = r->next;
		dy_frame_unref(r->frame);
		free(r);
	}
	if (hub != NULL)
		dy_frame_unref(hub->beat);
	free(hub);
}
