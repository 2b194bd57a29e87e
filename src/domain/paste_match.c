/* From a door as it was written to the doors there are. */
#include "paste_inside.h"

#include <string.h>

struct slot {
	uint64_t key;   /* of building and door; 0: free */
	uint32_t first; /* place, index + 1 */
};
struct dy_paste_places {
	const struct dy_paste_place *places;
	size_t n;
	struct slot *slots;
	size_t mask;
	uint32_t *next; /* place of the same key, index + 1 */
};

static uint64_t
key_of(struct dy_str building, struct dy_str door)
{
	uint64_t h = dy_str_hash(building) * 0x9e3779b97f4a7c15u ^ dy_str_hash(door);
	return h | 1;
}

static struct slot *
slot_of(const struct dy_paste_places *index, uint64_t key)
{
	for (size_t i = (key >> 1) & index->mask;; i = (i + 1) & index->mask) {
		if (index->slots[i].key == key || index->slots[i].key == 0)
			return &index->slots[i];
	}
}

/* Codes on doors are digits or digits and a letter: 0501 and 501 are one, 501a and 501A too. */
static struct dy_str
plain(struct dy_str code)
{
	while (code.len > 1 && code.ptr[0] == '0')
		code = dy_str_slice(code, 1, code.len);
	return code;
}

struct dy_paste_places *
dy_paste_places_new(struct dy_arena *arena, const struct dy_paste_place *places, size_t n)
{
	struct dy_paste_places *index = DY_NEW(arena, struct dy_paste_places);
	size_t room = 16;

	while (room < 4 * n)
		room *= 2;
	index->places = places;
	index->n = n;
	index->mask = room - 1;
	index->slots = DY_NEW_ARRAY(arena, room, struct slot);
	index->next = DY_NEW_ARRAY(arena, n + 1, uint32_t);
	/* from behind, so that each list is in the order given; the door alone too: 501 of a group of one stair */
	for (size_t i = n; i-- > 0;) {
		uint64_t key = key_of(plain(places[i].building), plain(places[i].door));
		struct slot *slot = slot_of(index, key);
		index->next[i] = slot->first;
		*slot = (struct slot){ key, (uint32_t)i + 1 };
	}
	return index;
}

static bool
is_same(struct dy_str a, struct dy_str b)
{
	return dy_str_ieq(plain(a), plain(b));
}

static void
keep(struct dy_paste_matches *out, const struct dy_paste_place *place)
{
	if (out->count < DY_PASTE_MATCHES_MAX)
		out->items[out->count] = place;
	out->count++;
}

static void
find(const struct dy_paste_places *index, const struct dy_address *d, struct dy_str estate,
     struct dy_paste_matches *out)
{
	struct slot *slot = slot_of(index, key_of(plain(d->building), plain(d->door)));

	for (uint32_t i = slot->first; i != 0; i = index->next[i - 1]) {
		const struct dy_paste_place *p = &index->places[i - 1];
		/* two keys of one hash are told apart here */
		if (!is_same(p->building, d->building) || !is_same(p->door, d->door))
			continue;
		if (d->stair.len > 0 && p->stair.len > 0 && !is_same(p->stair, d->stair))
			continue;
		if (estate.len > 0 && p->building_name.len > 0 &&
		    !dy_str_contains(p->building_name, estate))
			continue;
		keep(out, p);
	}
}

/* 501 alone, or 1-501: every building may have it. */
static void
find_everywhere(const struct dy_paste_places *index, const struct dy_address *d,
                struct dy_paste_matches *out)
{
	for (size_t i = 0; i < index->n; i++) {
		const struct dy_paste_place *p = &index->places[i];
		if (is_same(p->door, d->door) && (d->stair.len == 0 || is_same(p->stair, d->stair)))
			keep(out, p);
	}
}

void
dy_paste_match(const struct dy_paste_places *index, const struct dy_address *door,
               struct dy_str estate, struct dy_paste_matches *out)
{
	const struct dy_str none = { "", 0 };

	*out = (struct dy_paste_matches){ 0 };
	if (door->door.len == 0)
		return;
	if (door->building.len == 0) {
		find_everywhere(index, door, out);
		return;
	}
	find(index, door, estate, out);
	/* an estate nobody here calls so: the number still says which */
	if (out->count == 0 && estate.len > 0)
		find(index, door, none, out);
	/* 3-1501 where there is 3-1-501 */
	if (out->count == 0 && door->stair.len == 0 && door->door.len == 4) {
		struct dy_address split = { door->building, dy_str_slice(door->door, 0, 1),
			                    dy_str_slice(door->door, 1, 4) };
		find(index, &split, none, out);
	}
}
