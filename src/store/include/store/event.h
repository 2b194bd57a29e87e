/* Events: history, audit chain, outbox and live feed in one table.
 *
 * seq is gapless per community; hash = BLAKE2b-256(previous hash, seq, at, actor, topic, subject, rooms,
 *   payload), so a changed or missing row breaks the chain (dy_event_verify).
 * payload is a JSON object without personal data: everyone who may see the subject may see it. */
#ifndef DY_STORE_EVENT_H
#define DY_STORE_EVENT_H

#include "base/crypto.h"
#include "store/sql.h"

/* Who may see an event: those who stand in one of its rooms. Zero fields are absent. Posts over the whole community see
 * every event, but for DY_REACH_MANAGERS. */
enum dy_event_reach {
	DY_REACH_TEAM,     /* the household, the unit's team, posts over the grid */
	DY_REACH_EVERYONE, /* all signed-in people of the community, residents too */
	DY_REACH_MANAGERS, /* the household, and posts that manage requests in the unit or above it */
};
struct dy_event_rooms {
	struct dy_id household, unit, grid;
	/* accounts that hear it whatever their posts: who works on it, who did before, who reported it for another */
	struct dy_id owner, former, reporter;
	enum dy_event_reach reach;
};

struct dy_event {
	struct dy_id community;
	int64_t seq;
	struct dy_time at;
	struct dy_id actor;   /* account, 0: the system */
	struct dy_str topic;  /* "request.claimed" */
	struct dy_id subject; /* the request, post, ... */
	struct dy_event_rooms rooms;
	struct dy_str payload;
};

/* Appends in the caller's transaction; fills seq (out may be NULL). draft->community and ->seq are ignored. */
enum dy_code dy_event_append(struct dy_wtx *tx, const struct dy_event *draft, int64_t *seq,
                             struct dy_err *err) DY_NODISCARD;

struct dy_event_list {
	struct dy_event *items;
	size_t count, cap;
};

/* Events with seq > after, oldest first, at most limit. */
enum dy_code dy_event_list_after(struct dy_rtx *tx, struct dy_arena *arena, int64_t after,
                                 int64_t limit, struct dy_event_list *out,
                                 struct dy_err *err) DY_NODISCARD;
/* Position of the newest event, 0 when there is none. */
enum dy_code dy_event_head(struct dy_rtx *tx, int64_t *seq, struct dy_err *err) DY_NODISCARD;

/* The head of the chain; zero bytes when there is no event yet. */
enum dy_code dy_event_head_hash(struct dy_rtx *tx, int64_t *seq, uint8_t hash[DY_HASH_BYTES],
                                struct dy_err *err) DY_NODISCARD;

struct dy_event_audit {
	int64_t checked;
	int64_t first_bad; /* 0: the chain holds; else the seq at fault */
	char reason[96];
};
enum dy_code dy_event_verify(struct dy_rtx *tx, struct dy_event_audit *out,
                             struct dy_err *err) DY_NODISCARD;

#endif
