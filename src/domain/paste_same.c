/* Which proposals of a block speak of the same: a household's own need said twice, a fault that a stair shares. */
#include "paste_inside.h"

#include "domain/shared.h"

#define FAULT_BYTES 300 /* of a proposal's text in which a shared fault is looked for */
#define SLOTS       2048

_Static_assert(SLOTS >= 4 * DY_PASTE_PROPOSALS_MAX, "two keys a proposal, half empty");

struct slot {
	uint64_t key; /* 0: free */
	size_t proposal;
};

/* The proposal that had this key before, 0 for none: then this one has it. */
static size_t
find_or_keep(struct slot *slots, uint64_t key, size_t proposal)
{
	key |= 1;
	for (size_t i = key % SLOTS;; i = (i + 1) % SLOTS) {
		if (slots[i].key == key)
			return slots[i].proposal;
		if (slots[i].key == 0) {
			slots[i] = (struct slot){ key, proposal };
			return 0;
		}
	}
}

void
dy_paste_same_find(struct dy_arena *arena, struct dy_paste *paste)
{
	struct slot *slots = DY_NEW_ARRAY(arena, SLOTS, struct slot);

	for (size_t i = 0; i < paste->count; i++) {
		struct dy_paste_proposal *p = &paste->items[i];
		struct dy_arena_mark mark = dy_arena_mark(arena);
		enum dy_fault fault = dy_fault_of(dy_str_from(p->category),
		                                  dy_str_slice(p->text, 0, FAULT_BYTES));
		if (p->door.building.len > 0 && p->door.door.len > 0) {
			struct dy_str door = dy_paste_door_text(arena, &p->door);
			const char *key = dy_arena_printf(arena, "%s/%d/%.*s", p->category,
			                                  (int)fault, DY_FMT(door));
			p->same_as = find_or_keep(slots, dy_str_hash(dy_str_from(key)), i + 1);
		}
		if (fault != DY_FAULT_NONE && p->door.building.len > 0) {
			const char *key =
				dy_arena_printf(arena, "%d/%.*s/%.*s", (int)fault,
			                        DY_FMT(p->door.building), DY_FMT(p->door.stair));
			p->shared_as = find_or_keep(slots, dy_str_hash(dy_str_from(key)), i + 1);
			if (p->shared_as == p->same_as)
				p->shared_as = 0;
		}
		dy_arena_rewind(arena, mark);
	}
}
