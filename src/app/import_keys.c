/* A map from texts to numbers: open addressing, never more than half full. */
#include "import_inside.h"

#define FIRST_CAP 64

static struct dy_key_slot *
slot_of(struct dy_key_slot *slots, size_t cap, struct dy_str key)
{
	size_t i = (size_t)dy_str_hash(key) & (cap - 1);

	while (slots[i].key.ptr != NULL && !dy_str_eq(slots[i].key, key))
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

void
dy_keys_put(struct dy_arena *arena, struct dy_keys *keys, struct dy_str key, size_t value)
{
	if (key.ptr == NULL)
		key = DY_STR("");
	if ((keys->count + 1) * 2 > keys->cap) {
		size_t cap = keys->cap == 0 ? FIRST_CAP : keys->cap * 2;
		struct dy_key_slot *slots = DY_NEW_ARRAY(arena, cap, struct dy_key_slot);
		for (size_t i = 0; i < keys->cap; i++) {
			if (keys->slots[i].key.ptr != NULL)
				*slot_of(slots, cap, keys->slots[i].key) = keys->slots[i];
		}
		keys->slots = slots;
		keys->cap = cap;
	}
	struct dy_key_slot *slot = slot_of(keys->slots, keys->cap, key);
	keys->count += slot->key.ptr == NULL;
	*slot = (struct dy_key_slot){ key, value };
}

bool
dy_keys_find(const struct dy_keys *keys, struct dy_str key, size_t *value)
{
	if (keys->cap == 0)
		return false;
	const struct dy_key_slot *slot =
		slot_of(keys->slots, keys->cap, key.ptr == NULL ? DY_STR("") : key);
	if (slot->key.ptr == NULL)
		return false;
	*value = slot->value;
	return true;
}
