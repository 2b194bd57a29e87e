/* The SSE hub: long-lived answers, grouped by room, fed with shared frames.
 *
 * A room is a 64-bit key chosen by the program. A stream stands in some rooms; a frame goes to some rooms; a
 * stream gets a frame once, and only frames with a number above the last it got.
 * Ownership: a frame is reference-counted and shared by all streams of all loops.
 * Threads: a hub belongs to its loop; dy_hub_publish() is called on that loop's thread (hand frames over with
 *   dy_loop_post). Frames may be referenced and released on any thread.
 * Slow clients: at most DY_STREAM_BEHIND bytes may wait; then the stream is closed and comes back with
 *   Last-Event-ID. Idle streams hold no buffer. Sending goes in slices (256 streams or 2 ms) between other work. */
#ifndef DY_NET_HUB_H
#define DY_NET_HUB_H

#include "net/server.h"

struct dy_hub;
struct dy_stream;
struct dy_frame;

/* A complete "id: ...\nevent: ...\ndata: ...\n\n" text. number: 0 for frames outside the sequence. One reference. */
struct dy_frame *dy_frame_new(int64_t number, struct dy_str event, struct dy_str data);
void dy_frame_ref(struct dy_frame *frame);
void dy_frame_unref(struct dy_frame *frame); /* NULL is fine */
int64_t dy_frame_number(const struct dy_frame *frame);

struct dy_stream_options {
	const uint64_t *rooms; /* copied */
	size_t n_rooms;        /* 1 .. 64 */
	int64_t after;         /* number of the last frame the client has */
	int64_t until_ms; /* by dy_tick_ms(): then it is told to come back, and closed; 0: never */
	/* The client is gone or dropped; last call for this stream. May be NULL. */
	void (*on_close)(void *ctx, struct dy_stream *stream);
	void *ctx;
};

/* Answers the exchange with 200 text/event-stream and keeps the connection. Frames that the client missed are sent
 * by the caller with dy_stream_send() right after this call, in order, before control returns to the loop.
 * NULL: the client is gone. The exchange is gone in any case, with its arena. */
struct dy_stream *dy_exchange_stream(struct dy_exchange *x,
                                     const struct dy_stream_options *options);
/* false: the stream is gone (the client left, or is too far behind) and must not be used again. */
bool dy_stream_send(struct dy_stream *stream, struct dy_frame *frame);
void dy_stream_close(struct dy_stream *stream);

/* To every stream standing in any of the rooms. */
void dy_hub_publish(struct dy_hub *hub, struct dy_frame *frame, const uint64_t *rooms,
                    size_t n_rooms);
/* Closes every stream standing in the room, at once. */
void dy_hub_end(struct dy_hub *hub, uint64_t room);
size_t dy_hub_streams(const struct dy_hub *hub);

#endif
