/* The book of a community. Keys are codes as they are compared; arrays grow, indexes stay. */
#include "import_book.h"

#include "store/event.h"

#include <string.h>

#define SEVERAL (SIZE_MAX - 1)

/* A copy of a list's id as a key. */
static struct dy_str
id_key(struct dy_arena *arena, struct dy_id id)
{
	return (struct dy_str){ dy_arena_dup(arena, (const char *)&id.v, sizeof(id.v)),
		                sizeof(id.v) };
}

static struct dy_str
below_key(struct dy_arena *arena, size_t above, struct dy_str code)
{
	return dy_str_from(dy_arena_printf(arena, "%zu/%.*s", above, DY_FMT(code)));
}

static size_t
find_below(const struct dy_keys *keys, size_t above, struct dy_str code)
{
	char text[96];
	size_t found;
	int n = snprintf(text, sizeof(text), "%zu/%.*s", above, DY_FMT(code));

	if (n < 0 || (size_t)n >= sizeof(text))
		return DY_NOWHERE;
	return dy_keys_find(keys, (struct dy_str){ text, (size_t)n }, &found) ? found : DY_NOWHERE;
}

size_t
dy_book_building(const struct dy_book *book, struct dy_str code)
{
	size_t found;
	return dy_keys_find(&book->building_of, code, &found) ? found : DY_NOWHERE;
}

size_t
dy_book_stair(const struct dy_book *book, size_t building, struct dy_str code)
{
	return find_below(&book->stair_of, building, code);
}

size_t
dy_book_door(const struct dy_book *book, size_t stair, struct dy_str code)
{
	return find_below(&book->door_of, stair, code);
}

size_t
dy_book_grid(const struct dy_book *book, struct dy_str name)
{
	int64_t number;

	for (size_t i = 0; i < book->grids.count; i++) {
		if (dy_str_ieq(book->grids.items[i].name, name))
			return i;
	}
	if (!dy_import_number_in(book->arena, name, &number))
		return DY_NOWHERE;
	for (size_t i = 0; i < book->grids.count; i++) {
		if (book->grids.items[i].number == number)
			return i;
	}
	return DY_NOWHERE;
}

size_t
dy_book_unit(const struct dy_book *book, struct dy_str name, size_t grid)
{
	struct dy_id only = grid == DY_NOWHERE ? (struct dy_id){ 0 } : book->grids.items[grid].id;
	int64_t number;

	for (size_t i = 0; i < book->units.count; i++) {
		if (dy_str_ieq(book->units.items[i].name, name) &&
		    (only.v == 0 || dy_id_eq(book->units.items[i].grid, only)))
			return i;
	}
	if (!dy_import_number_in(book->arena, name, &number))
		return DY_NOWHERE;
	for (size_t i = 0; i < book->units.count; i++) {
		if (book->units.items[i].number == number &&
		    (only.v == 0 || dy_id_eq(book->units.items[i].grid, only)))
			return i;
	}
	return DY_NOWHERE;
}

size_t
dy_book_grid_of(const struct dy_book *book, size_t unit)
{
	for (size_t i = 0; i < book->grids.count; i++) {
		if (dy_id_eq(book->grids.items[i].id, book->units.items[unit].grid))
			return i;
	}
	return DY_NOWHERE;
}

size_t
dy_book_person(const struct dy_book *book, struct dy_str phone, struct dy_str name, bool *several)
{
	size_t found;

	*several = false;
	if (phone.len > 0)
		return dy_keys_find(&book->person_of_phone, phone, &found) ? found : DY_NOWHERE;
	if (!dy_keys_find(&book->person_of_name, name, &found))
		return DY_NOWHERE;
	*several = found == SEVERAL;
	return *several ? DY_NOWHERE : found;
}

static struct dy_str
post_key(struct dy_arena *arena, struct dy_id account, const struct dy_post_scope *scope)
{
	int64_t parts[4] = { account.v, scope->role, scope->kind, scope->scope.v };
	return (struct dy_str){ dy_arena_dup(arena, (const char *)parts, sizeof(parts)),
		                sizeof(parts) };
}

size_t
dy_book_post(const struct dy_book *book, struct dy_id account, const struct dy_post_scope *scope)
{
	int64_t parts[4] = { account.v, scope->role, scope->kind, scope->scope.v };
	size_t found;

	return dy_keys_find(&book->post_of, (struct dy_str){ (const char *)parts, sizeof(parts) },
	                    &found)
	               ? found
	               : DY_NOWHERE;
}

size_t
dy_book_add_grid(struct dy_book *book, const struct dy_grid *g)
{
	*(struct dy_grid *)dy_arena_push(book->arena, (void **)&book->grids.items,
	                                 &book->grids.count, &book->grids.cap, sizeof(*g)) = *g;
	return book->grids.count - 1;
}

size_t
dy_book_add_unit(struct dy_book *book, const struct dy_unit *u)
{
	*(struct dy_unit *)dy_arena_push(book->arena, (void **)&book->units.items,
	                                 &book->units.count, &book->units.cap, sizeof(*u)) = *u;
	return book->units.count - 1;
}

size_t
dy_book_add_building(struct dy_book *book, const struct dy_building *b)
{
	struct dy_book_building *to =
		dy_arena_push(book->arena, (void **)&book->buildings, &book->n_buildings,
	                      &book->cap_buildings, sizeof(*to));

	to->b = *b;
	to->only_stair = DY_NOWHERE;
	dy_keys_put(book->arena, &book->building_of, dy_import_building_code(book->arena, b->code),
	            book->n_buildings - 1);
	return book->n_buildings - 1;
}

size_t
dy_book_add_stair(struct dy_book *book, struct dy_id id, size_t building, size_t unit,
                  struct dy_str code)
{
	struct dy_book_stair *to = dy_arena_push(book->arena, (void **)&book->stairs,
	                                         &book->n_stairs, &book->cap_stairs, sizeof(*to));
	size_t at = book->n_stairs - 1;

	*to = (struct dy_book_stair){ id, building, unit };
	dy_keys_put(book->arena, &book->stair_of,
	            below_key(book->arena, building, dy_import_stair_code(book->arena, code)), at);
	book->buildings[building].stairs++;
	book->buildings[building].only_stair = at;
	return at;
}

size_t
dy_book_add_door(struct dy_book *book, struct dy_id id, size_t stair, struct dy_str code,
                 int64_t floor)
{
	struct dy_book_door *to = dy_arena_push(book->arena, (void **)&book->doors, &book->n_doors,
	                                        &book->cap_doors, sizeof(*to));

	*to = (struct dy_book_door){ id, stair, DY_NOWHERE, floor };
	dy_keys_put(book->arena, &book->door_of,
	            below_key(book->arena, stair, dy_import_door_code(book->arena, code)),
	            book->n_doors - 1);
	return book->n_doors - 1;
}

size_t
dy_book_add_home(struct dy_book *book, const struct dy_book_home *home)
{
	*(struct dy_book_home *)dy_arena_push(book->arena, (void **)&book->homes, &book->n_homes,
	                                      &book->cap_homes, sizeof(*home)) = *home;
	book->doors[home->door].home = book->n_homes - 1;
	return book->n_homes - 1;
}

size_t
dy_book_add_person(struct dy_book *book, struct dy_id id, struct dy_str name, struct dy_str phone,
                   bool disabled)
{
	struct dy_book_person *to =
		dy_arena_push(book->arena, (void **)&book->persons, &book->n_persons,
	                      &book->cap_persons, sizeof(*to));
	size_t at = book->n_persons - 1, other;

	*to = (struct dy_book_person){ id, dy_sheet_clean(book->arena, name), disabled };
	if (phone.len > 0 && !dy_keys_find(&book->person_of_phone, phone, &other))
		dy_keys_put(book->arena, &book->person_of_phone, phone, at);
	bool there = dy_keys_find(&book->person_of_name, to->name, &other);
	dy_keys_put(book->arena, &book->person_of_name, to->name, there ? SEVERAL : at);
	return at;
}

size_t
dy_book_add_post(struct dy_book *book, const struct dy_post *post)
{
	*(struct dy_post *)dy_arena_push(book->arena, (void **)&book->posts.items,
	                                 &book->posts.count, &book->posts.cap, sizeof(*post)) =
		*post;
	dy_keys_put(book->arena, &book->post_of, post_key(book->arena, post->account, &post->scope),
	            book->posts.count - 1);
	return book->posts.count - 1;
}

static size_t
index_of(const struct dy_keys *keys, struct dy_id id)
{
	size_t found;
	return dy_keys_find(keys, (struct dy_str){ (const char *)&id.v, sizeof(id.v) }, &found)
	               ? found
	               : DY_NOWHERE;
}

static enum dy_code
stairs_load(struct dy_rtx *tx, struct dy_book *book, struct dy_keys *stair_by_id,
            struct dy_time now, struct dy_err *err)
{
	struct dy_building_list buildings;
	struct dy_stair_list stairs;
	struct dy_keys building_by_id = { 0 }, unit_by_id = { 0 };

	DY_TRY(dy_building_list(tx, book->arena, &buildings, err));
	DY_TRY(dy_stair_list(tx, book->arena, now, &stairs, err));
	for (size_t i = 0; i < buildings.count; i++)
		dy_keys_put(book->arena, &building_by_id,
		            id_key(book->arena, buildings.items[i].id),
		            dy_book_add_building(book, &buildings.items[i]));
	for (size_t i = 0; i < book->units.count; i++)
		dy_keys_put(book->arena, &unit_by_id, id_key(book->arena, book->units.items[i].id),
		            i);
	for (size_t i = 0; i < stairs.count; i++) {
		const struct dy_stair *s = &stairs.items[i];
		size_t building = index_of(&building_by_id, s->building);
		size_t known;
		if (building == DY_NOWHERE ||
		    dy_keys_find(stair_by_id,
		                 (struct dy_str){ (const char *)&s->id.v, sizeof(s->id.v) },
		                 &known))
			continue;
		dy_keys_put(book->arena, stair_by_id, id_key(book->arena, s->id),
		            dy_book_add_stair(book, s->id, building, index_of(&unit_by_id, s->unit),
		                              s->code));
	}
	return DY_OK;
}

static enum dy_code
doors_load(struct dy_rtx *tx, struct dy_book *book, const struct dy_keys *stair_by_id,
           struct dy_keys *door_by_id, struct dy_err *err)
{
	struct dy_door_list doors;

	DY_TRY(dy_book_doors(tx, book->arena, &doors, err));
	for (size_t i = 0; i < doors.count; i++) {
		const struct dy_door *d = &doors.items[i];
		size_t stair = index_of(stair_by_id, d->stair);
		if (stair == DY_NOWHERE)
			continue;
		dy_keys_put(book->arena, door_by_id, id_key(book->arena, d->id),
		            dy_book_add_door(book, d->id, stair, d->code, d->floor));
	}
	return DY_OK;
}

static enum dy_code
homes_load(struct dy_rtx *tx, struct dy_book *book, const struct dy_key *key,
           const struct dy_keys *door_by_id, struct dy_err *err)
{
	struct dy_book_household_list list;
	struct dy_book_fact_list facts;
	struct dy_keys home_by_id = { 0 };

	DY_TRY(dy_book_households(tx, book->arena, &list, err));
	for (size_t i = 0; i < list.count; i++) {
		const struct dy_book_household *h = &list.items[i];
		struct dy_book_home home = {
			.id = h->id,
			.door = index_of(door_by_id, h->door),
			.name = dy_text_unseal(book->arena, key, h->name_sealed),
			.phone = dy_text_unseal(book->arena, key, h->phone_sealed),
			.residents = h->residents,
			.elderly = h->elderly,
			.version = h->version,
		};
		if (home.door != DY_NOWHERE)
			dy_keys_put(book->arena, &home_by_id, id_key(book->arena, h->id),
			            dy_book_add_home(book, &home));
	}
	DY_TRY(dy_book_facts(tx, book->arena, &facts, err));
	for (size_t i = 0; i < facts.count; i++) {
		size_t at = index_of(&home_by_id, facts.items[i].household);
		if (at == DY_NOWHERE)
			continue;
		book->homes[at].facts.items[facts.items[i].fact.kind] = facts.items[i].fact;
		book->homes[at].facts.has |= DY_FLAG(facts.items[i].fact.kind);
	}
	return DY_OK;
}

static enum dy_code
persons_load(struct dy_rtx *tx, struct dy_book *book, const struct dy_key *key, struct dy_time now,
             struct dy_err *err)
{
	static const int64_t PAGE = 1000;
	struct dy_account_list page;
	struct dy_id after = { 0 };
	struct dy_post_list posts;

	do {
		DY_TRY(dy_account_list_staff(tx, book->arena, after, PAGE, &page, err));
		for (size_t i = 0; i < page.count; i++) {
			const struct dy_account *a = &page.items[i];
			struct dy_str phone = dy_text_unseal(book->arena, key, a->phone_sealed);
			(void)dy_book_add_person(book, a->id, a->name,
			                         dy_import_phone_key(book->arena, phone),
			                         a->disabled);
			after = a->id;
		}
	} while ((int64_t)page.count == PAGE);
	DY_TRY(dy_post_list_all(tx, book->arena, now, &posts, err));
	for (size_t i = 0; i < posts.count; i++)
		(void)dy_book_add_post(book, &posts.items[i]);
	return DY_OK;
}

enum dy_code
dy_book_load(struct dy_rtx *tx, struct dy_book *book, const struct dy_key *key,
             enum dy_import_kind kind, struct dy_time now, struct dy_err *err)
{
	struct dy_keys stair_by_id = { 0 }, door_by_id = { 0 };
	struct dy_arena *arena = book->arena;

	dy_arena_reset(arena);
	*book = (struct dy_book){ .arena = arena };
	DY_TRY(dy_event_head(tx, &book->seq, err));
	DY_TRY(dy_grid_list(tx, arena, now, &book->grids, err));
	DY_TRY(dy_unit_list(tx, arena, now, &book->units, err));
	DY_TRY(stairs_load(tx, book, &stair_by_id, now, err));
	if (kind == DY_IMPORT_POSTS || kind == DY_IMPORT_VOLUNTEERS)
		return persons_load(tx, book, key, now, err);
	DY_TRY(doors_load(tx, book, &stair_by_id, &door_by_id, err));
	if (kind == DY_IMPORT_HOUSEHOLDS)
		return homes_load(tx, book, key, &door_by_id, err);
	return DY_OK;
}
