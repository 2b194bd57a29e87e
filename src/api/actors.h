/* Who the last sessions belong to, and where they live: a loop's own memory of what dy_app_actor() said.
 *
 * An entry holds for DY_ACTORS_MS at most and half of that at least (a post that ends by time ends as late as that), and only
 * while nothing was written that could change anybody's rights (the epoch): a page asks for five things in a row, and
 * looking its reader up each time costs more than most answers.
 * Keys are the hashes of tokens, never tokens. Threads: one loop's. */
#ifndef DY_API_ACTORS_H
#define DY_API_ACTORS_H

#include "app/app.h"

#define DY_ACTORS_SLOTS                                                                            \
	8192 /* power of two; in rows of four: of five sessions that meet, the oldest goes */
#define DY_ACTORS_MS 15000

struct dy_actors;

struct dy_actors *dy_actors_new(void);
void dy_actors_free(struct dy_actors *actors); /* NULL is fine */
/* Copied into the arena. false: not known, or no longer sure. */
bool dy_actors_find(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
                    int64_t now_ms, struct dy_arena *arena, struct dy_actor *out);
/* epoch: read before the actor was looked up. Not longer than the session itself holds. */
void dy_actors_keep(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
                    int64_t now_ms, struct dy_time now, const struct dy_actor *actor);
/* Where the person lives, for as long as the entry holds. */
bool dy_actors_home(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
                    int64_t now_ms, struct dy_arena *arena, struct dy_where *out);
void dy_actors_keep_home(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES],
                         uint64_t epoch, int64_t now_ms, const struct dy_where *home);

#endif
