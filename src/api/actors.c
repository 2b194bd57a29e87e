/* Memory of sessions: a table of slots, each one block of memory with the actor and its texts. */
#include "actors.h"

#include <stdlib.h>
#include <string.h>

struct slot {
	uint8_t hash[DY_HASH_BYTES];
	uint64_t epoch;
	int64_t until_ms;
	struct dy_actor actor; /* its texts and posts lie in block */
	char *block;
	struct dy_where home; /* its texts lie in home_block; NULL: not known */
	char *home_block;
};

struct dy_actors {
	struct slot slots[DY_ACTORS_SLOTS];
};

struct dy_actors *
dy_actors_new(void)
{
	struct dy_actors *actors = calloc(1, sizeof(*actors));

	DY_ASSERT(actors != NULL);
	return actors;
}

void
dy_actors_free(struct dy_actors *actors)
{
	for (size_t i = 0; actors != NULL && i < DY_ACTORS_SLOTS; i++) {
		free(actors->slots[i].block);
		free(actors->slots[i].home_block);
	}
	free(actors);
}

#define ROW 4

static struct slot *
row_of(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES])
{
	uint64_t bits;

	memcpy(&bits, hash, sizeof(bits));
	return &actors->slots[bits % (DY_ACTORS_SLOTS / ROW) * ROW];
}

static size_t
size_of(const struct dy_actor *a)
{
	size_t n = a->posts.count * sizeof(a->posts.items[0]) + a->name.len + a->language.len;

	for (size_t i = 0; i < a->posts.count; i++)
		n += a->posts.items[i].account_name.len + a->posts.items[i].scope_name.len;
	return n;
}

static void
text_move(struct dy_str *s, char **at)
{
	if (s->len > 0)
		memcpy(*at, s->ptr, s->len);
	s->ptr = *at;
	*at += s->len;
}

/* Copies what the actor points to into block, posts first: they need alignment. */
static void
pack(struct dy_actor *a, char *block)
{
	size_t posts = a->posts.count * sizeof(a->posts.items[0]);
	char *at = block + posts;

	if (a->posts.count > 0)
		memcpy(block, a->posts.items, posts);
	a->posts.items = (struct dy_post *)(void *)block;
	a->posts.cap = a->posts.count;
	text_move(&a->name, &at);
	text_move(&a->language, &at);
	for (size_t i = 0; i < a->posts.count; i++) {
		text_move(&a->posts.items[i].account_name, &at);
		text_move(&a->posts.items[i].scope_name, &at);
	}
}

static struct slot *
slot_find(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
          int64_t now_ms)
{
	struct slot *row = row_of(actors, hash);

	for (size_t i = 0; i < ROW; i++) {
		struct slot *slot = &row[i];
		if (slot->block != NULL && memcmp(slot->hash, hash, DY_HASH_BYTES) == 0)
			return slot->epoch == epoch && now_ms < slot->until_ms ? slot : NULL;
	}
	return NULL;
}

bool
dy_actors_find(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
               int64_t now_ms, struct dy_arena *arena, struct dy_actor *out)
{
	const struct slot *slot = slot_find(actors, hash, epoch, now_ms);

	if (slot == NULL)
		return false;
	*out = slot->actor;
	pack(out, dy_arena_alloc(arena, size_of(out) + 1));
	return true;
}

void
dy_actors_keep(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
               int64_t now_ms, struct dy_time now, const struct dy_actor *actor)
{
	struct slot *row = row_of(actors, hash);
	struct slot *slot = row;

	for (size_t i = 0; i < ROW; i++) {
		if (row[i].block != NULL && memcmp(row[i].hash, hash, DY_HASH_BYTES) == 0) {
			slot = &row[i];
			break;
		}
		if (row[i].until_ms < slot->until_ms)
			slot = &row[i];
	}
	free(slot->block);
	slot->block = malloc(size_of(actor) + 1);
	DY_ASSERT(slot->block != NULL);
	free(slot->home_block);
	slot->home_block = NULL;
	memcpy(slot->hash, hash, DY_HASH_BYTES);
	slot->epoch = epoch;
	int64_t left_ms = actor->session_until.ms - now.ms;
	/* those who came at once are not read again at once */
	int64_t keep_ms = DY_ACTORS_MS - hash[DY_HASH_BYTES - 1] * (DY_ACTORS_MS / 512);
	slot->until_ms = now_ms + (left_ms < keep_ms ? left_ms : keep_ms);
	slot->actor = *actor;
	pack(&slot->actor, slot->block);
}

static size_t
home_size(const struct dy_where *h)
{
	return h->building_code.len + h->building_name.len + h->stair_code.len + h->door_code.len +
	       h->unit_name.len + h->code_hash.len;
}

static void
home_pack(struct dy_where *h, char *at)
{
	text_move(&h->building_code, &at);
	text_move(&h->building_name, &at);
	text_move(&h->stair_code, &at);
	text_move(&h->door_code, &at);
	text_move(&h->unit_name, &at);
	if (h->code_hash.len > 0)
		memcpy(at, h->code_hash.ptr, h->code_hash.len);
	h->code_hash.ptr = (const uint8_t *)at;
}

bool
dy_actors_home(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
               int64_t now_ms, struct dy_arena *arena, struct dy_where *out)
{
	const struct slot *slot = slot_find(actors, hash, epoch, now_ms);

	if (slot == NULL || slot->home_block == NULL)
		return false;
	*out = slot->home;
	home_pack(out, dy_arena_alloc(arena, home_size(out) + 1));
	return true;
}

void
dy_actors_keep_home(struct dy_actors *actors, const uint8_t hash[DY_HASH_BYTES], uint64_t epoch,
                    int64_t now_ms, const struct dy_where *home)
{
	struct slot *slot = slot_find(actors, hash, epoch, now_ms);

	if (slot == NULL)
		return; /* the actor's own memory is gone meanwhile */
	free(slot->home_block);
	slot->home_block = malloc(home_size(home) + 1);
	DY_ASSERT(slot->home_block != NULL);
	slot->home = *home;
	home_pack(&slot->home, slot->home_block);
}
