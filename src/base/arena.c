/* Arena: a chain of blocks; the first one is kept over resets. */
#include "base/arena.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK ((size_t)4096)
#define ALIGNMENT   _Alignof(max_align_t)

struct block {
	struct block *prev;
	size_t cap;
	size_t used;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct dy_arena {
	struct block *top;
	size_t total; /* capacity of all blocks */
	size_t max;
};

static struct block *
block_push(struct dy_arena *arena, size_t at_least)
{
	size_t cap = arena->top != NULL ? arena->top->cap * 2 : FIRST_BLOCK;
	if (cap > (size_t)1 << 20)
		cap = (size_t)1 << 20;
	if (cap < at_least)
		cap = at_least;
	DY_ASSERT(arena->total + at_least <= arena->max);
	struct block *b = malloc(sizeof(*b) + cap);
	DY_ASSERT(b != NULL);
	b->prev = arena->top;
	b->cap = cap;
	b->used = 0;
	arena->top = b;
	arena->total += cap;
	return b;
}

struct dy_arena *
dy_arena_new(size_t max)
{
	struct dy_arena *arena = calloc(1, sizeof(*arena));
	DY_ASSERT(arena != NULL);
	arena->max = max;
	return arena;
}

static void
block_pop(struct dy_arena *arena)
{
	struct block *b = arena->top;
	arena->top = b->prev;
	arena->total -= b->cap;
	free(b);
}

void
dy_arena_free(struct dy_arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->top != NULL)
		block_pop(arena);
	free(arena);
}

void
dy_arena_cleanup(struct dy_arena **arena)
{
	dy_arena_free(*arena);
	*arena = NULL;
}

void
dy_arena_reset(struct dy_arena *arena)
{
	while (arena->top != NULL && arena->top->prev != NULL)
		block_pop(arena);
	if (arena->top != NULL)
		arena->top->used = 0;
}

static void *
take(struct dy_arena *arena, size_t size)
{
	DY_ASSERT(size <= arena->max);
	size_t need = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	struct block *b = arena->top;
	if (b == NULL || b->cap - b->used < need)
		b = block_push(arena, need);
	void *p = b->bytes + b->used;
	b->used += need;
	return p;
}

void *
dy_arena_alloc(struct dy_arena *arena, size_t size)
{
	void *p = take(arena, size);
	memset(p, 0, size);
	return p;
}

void *
dy_arena_array(struct dy_arena *arena, size_t count, size_t size)
{
	DY_ASSERT(size == 0 || count <= SIZE_MAX / size);
	return dy_arena_alloc(arena, count * size);
}

char *
dy_arena_dup(struct dy_arena *arena, const char *ptr, size_t len)
{
	DY_ASSERT(len < SIZE_MAX);
	char *copy = take(arena, len + 1);
	if (len > 0)
		memcpy(copy, ptr, len);
	copy[len] = '\0';
	return copy;
}

char *
dy_arena_printf(struct dy_arena *arena, const char *fmt, ...)
{
	va_list args;
	va_list again;

	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	DY_ASSERT(n >= 0);
	char *text = take(arena, (size_t)n + 1);
	(void)vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

struct dy_arena_mark
dy_arena_mark(const struct dy_arena *arena)
{
	struct dy_arena_mark mark = { arena->top, arena->top != NULL ? arena->top->used : 0 };
	return mark;
}

void
dy_arena_rewind(struct dy_arena *arena, struct dy_arena_mark mark)
{
	if (mark.block == NULL) {
		dy_arena_reset(arena);
		return;
	}
	while (arena->top != mark.block) {
		DY_ASSERT(arena->top != NULL);
		block_pop(arena);
	}
	DY_ASSERT(mark.used <= arena->top->used);
	arena->top->used = mark.used;
}

void *
dy_arena_push(struct dy_arena *arena, void **items, size_t *count, size_t *cap, size_t size)
{
	if (*count == *cap) {
		size_t bigger = *cap == 0 ? 8 : *cap * 2;
		void *moved = dy_arena_array(arena, bigger, size);
		if (*count > 0)
			memcpy(moved, *items, *count * size);
		*items = moved;
		*cap = bigger;
	}
	return (unsigned char *)*items + (*count)++ * size;
}
