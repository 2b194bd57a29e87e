/* Arena: many small allocations, freed together.
 *
 * Ownership: memory lives until dy_arena_reset(), dy_arena_rewind() or dy_arena_free().
 * Threads: one arena belongs to one thread at a time.
 * Errors: allocation cannot fail; true exhaustion, or passing the arena's maximum, aborts.
 *   Compare user-chosen sizes with a limit of base/limits.h before asking. */
#ifndef DY_BASE_ARENA_H
#define DY_BASE_ARENA_H

#include "base/attr.h"

#include <stddef.h>

struct dy_arena;

struct dy_arena_mark {
	void *block;
	size_t used;
};

/* max: bytes after which the arena aborts; guards against runaway loops. */
struct dy_arena *dy_arena_new(size_t max);
void dy_arena_free(struct dy_arena *arena);     /* NULL is fine */
void dy_arena_cleanup(struct dy_arena **arena); /* for DY_CLEANUP */

/* Keeps the first block for the next use, so that a reused arena does not touch malloc. */
void dy_arena_reset(struct dy_arena *arena);

/* Zeroed memory aligned for any type. */
void *dy_arena_alloc(struct dy_arena *arena, size_t size);
void *dy_arena_array(struct dy_arena *arena, size_t count, size_t size);
char *dy_arena_dup(struct dy_arena *arena, const char *ptr, size_t len); /* NUL-terminated copy */
char *dy_arena_printf(struct dy_arena *arena, const char *fmt, ...) DY_PRINTF(2, 3);

struct dy_arena_mark dy_arena_mark(const struct dy_arena *arena);
void dy_arena_rewind(struct dy_arena *arena, struct dy_arena_mark mark);

/* Grows an array kept in an arena: returns the slot for one more element, zeroed.
 * *items, *count and *cap belong to the list; element size must not change. */
void *dy_arena_push(struct dy_arena *arena, void **items, size_t *count, size_t *cap, size_t size);

#define DY_NEW(arena, type)          ((type *)dy_arena_alloc((arena), sizeof(type)))
#define DY_NEW_ARRAY(arena, n, type) ((type *)dy_arena_array((arena), (n), sizeof(type)))

#endif
