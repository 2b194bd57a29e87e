/* Pasted chat against doors and requests. */
#include "app/paste.h"

#include "store/intake.h"

#include <string.h>

#define LOOKED_AT       200 /* requests of a unit, open and ended */
#define BARE_BUILDINGS  10  /* a door without a building is looked for only in so many */
#define KEY_BYTES       16
#define REGISTERED_DAYS 7 /* an ended request of the same words is the same matter for so long */

const char *
dy_paste_door_state_name(enum dy_paste_door_state state)
{
	static const char *const names[] = { "unsaid", "unknown", "one", "several" };
	return names[state];
}

/* Doors */

struct places {
	struct dy_paste_place *items;
	size_t count, cap;
};
struct town {
	struct dy_rtx *tx;
	struct dy_arena *arena;
	const struct dy_actor *actor;
	struct dy_time now;
	struct dy_err *err;
	struct dy_building_list buildings;
	struct dy_stair_list stairs;
	struct dy_unit_list units;
	bool *is_loaded; /* by building */
	struct places places;
};

static struct dy_id
grid_of(const struct town *t, struct dy_id unit)
{
	for (size_t i = 0; i < t->units.count; i++) {
		if (dy_id_eq(t->units.items[i].id, unit))
			return t->units.items[i].grid;
	}
	return (struct dy_id){ 0 };
}

static bool
may_report(const struct town *t, const struct dy_stair *s)
{
	return t->actor == NULL ||
	       dy_actor_has_at(t->actor, DY_CAP_REQUEST_REPORT, grid_of(t, s->unit), s->unit);
}

static const struct dy_stair *
stair_find(const struct town *t, struct dy_id building, struct dy_str code)
{
	for (size_t i = 0; i < t->stairs.count; i++) {
		const struct dy_stair *s = &t->stairs.items[i];
		if (dy_id_eq(s->building, building) && dy_str_eq(s->code, code))
			return s;
	}
	return NULL;
}

static enum dy_code
building_load(struct town *t, size_t i)
{
	const struct dy_building *b = &t->buildings.items[i];
	struct dy_door_row_list doors;
	const struct dy_stair *stair = NULL;
	struct dy_str code = DY_STR_INIT("");
	bool may = false;

	if (t->is_loaded[i])
		return DY_OK;
	t->is_loaded[i] = true;
	DY_TRY(dy_door_list_building(t->tx, t->arena, b->id, &doors, t->err));
	for (size_t k = 0; k < doors.count; k++) {
		const struct dy_door_row *d = &doors.items[k];
		if (stair == NULL || !dy_str_eq(d->stair_code, code)) {
			code = d->stair_code;
			stair = stair_find(t, b->id, code);
			may = stair != NULL && may_report(t, stair);
		}
		if (!may)
			continue;
		struct dy_paste_place *p =
			dy_arena_push(t->arena, (void **)&t->places.items, &t->places.count,
		                      &t->places.cap, sizeof(*p));
		*p = (struct dy_paste_place){ b->code, b->name, d->stair_code, d->door_code,
			                      d->door.v };
	}
	return DY_OK;
}

static struct dy_str
without_zeros(struct dy_str code)
{
	while (code.len > 1 && code.ptr[0] == '0')
		code = dy_str_slice(code, 1, code.len);
	return code;
}

/* Where a door without a building may be: in the buildings of this person's posts, when they are few. */
static enum dy_code
own_buildings_load(struct town *t)
{
	size_t n = 0;
	bool *is_own = DY_NEW_ARRAY(t->arena, t->buildings.count + 1, bool);

	for (size_t i = 0; i < t->stairs.count; i++) {
		for (size_t k = 0; k < t->buildings.count; k++) {
			if (!dy_id_eq(t->stairs.items[i].building, t->buildings.items[k].id) ||
			    is_own[k] || !may_report(t, &t->stairs.items[i]))
				continue;
			is_own[k] = true;
			n++;
		}
	}
	for (size_t k = 0; k < t->buildings.count && n <= BARE_BUILDINGS; k++) {
		if (is_own[k])
			DY_TRY(building_load(t, k));
	}
	return DY_OK;
}

static enum dy_code
town_load(struct town *t, const struct dy_paste *paste)
{
	bool bare = false;

	DY_TRY(dy_building_list(t->tx, t->arena, &t->buildings, t->err));
	DY_TRY(dy_stair_list(t->tx, t->arena, t->now, &t->stairs, t->err));
	DY_TRY(dy_unit_list(t->tx, t->arena, t->now, &t->units, t->err));
	t->is_loaded = DY_NEW_ARRAY(t->arena, t->buildings.count + 1, bool);
	for (size_t i = 0; i < paste->count; i++) {
		const struct dy_address *d = &paste->items[i].door;
		bare = bare || (d->building.len == 0 && d->door.len > 0);
		for (size_t k = 0; k < t->buildings.count && d->building.len > 0; k++) {
			if (dy_str_ieq(without_zeros(t->buildings.items[k].code), d->building))
				DY_TRY(building_load(t, k));
		}
	}
	return bare ? own_buildings_load(t) : DY_OK;
}

/* Requests there are */

struct unit_requests {
	struct dy_id unit;
	struct dy_request_list open, ended;
};
struct units {
	struct unit_requests *items;
	size_t count, cap;
};

static enum dy_code
unit_load(struct town *t, struct units *units, struct dy_id unit, const struct unit_requests **out)
{
	for (size_t i = 0; i < units->count; i++) {
		if (dy_id_eq(units->items[i].unit, unit)) {
			*out = &units->items[i];
			return DY_OK;
		}
	}
	struct dy_request_page page = { .limit = LOOKED_AT, .unit = unit };
	struct unit_requests *u = dy_arena_push(t->arena, (void **)&units->items, &units->count,
	                                        &units->cap, sizeof(*u));
	u->unit = unit;
	DY_TRY(dy_request_list_open(t->tx, t->arena, &page, &u->open, t->err));
	DY_TRY(dy_request_list_ended(t->tx, t->arena, &page, &u->ended, t->err));
	*out = u;
	return DY_OK;
}

static bool
may_read(const struct town *t, const struct dy_request *r)
{
	return t->actor == NULL || dy_request_may_read(t->actor, r);
}

/* By the very words, at the very door: the block, or this line of it, was pasted before. */
static bool
is_registered(const struct town *t, const struct dy_paste_proposal *p, struct dy_id door,
              const struct dy_request *r)
{
	return dy_id_eq(r->door, door) && dy_str_is(r->category, p->category) &&
	       dy_str_starts(r->text, p->text) &&
	       t->now.ms - r->created_at.ms < REGISTERED_DAYS * DY_DAY_MS && may_read(t, r);
}

static void
known_find(const struct town *t, const struct unit_requests *u, const struct dy_where *where,
           struct dy_paste_row *row)
{
	const struct dy_paste_proposal *p = row->proposal;
	const struct dy_request_list *lists[] = { &u->open, &u->ended };
	struct dy_sighting seen = { where->household, where->unit, dy_str_from(p->category),
		                    p->text, t->now };

	for (size_t k = 0; k < DY_COUNT(lists); k++) {
		for (size_t i = 0; i < lists[k]->count; i++) {
			const struct dy_request *r = &lists[k]->items[i];
			if (!is_registered(t, p, where->door, r))
				continue;
			row->is_registered = true;
			row->known = *r;
			return;
		}
	}
	for (int like = DY_LIKE_OWN; like <= DY_LIKE_NEIGHBOUR; like++) {
		for (size_t i = 0; i < u->open.count; i++) {
			const struct dy_request *r = &u->open.items[i];
			struct dy_sighting open = { r->household, r->unit, r->category, r->text,
				                    r->created_at };
			if ((int)dy_likeness_of(&seen, &open) != like || !may_read(t, r))
				continue;
			row->likeness = (enum dy_likeness)like;
			row->known = *r;
			return;
		}
	}
}

/* Keys */

static void
key_make(const struct town *t, struct dy_paste_row *row)
{
	const struct dy_paste_proposal *p = row->proposal;
	uint8_t hash[DY_HASH_BYTES];
	struct dy_day day = dy_day_of(dy_zone_default(), t->now);
	int64_t door = row->door_state == DY_PASTE_DOOR_ONE ? row->doors.items[0]->id : 0;
	const char *text = dy_arena_printf(t->arena, "%d/%lld/%s/%.*s", day.n, (long long)door,
	                                   p->category, DY_FMT(p->text));

	dy_hash(text, strlen(text), NULL, hash);
	size_t n = (size_t)snprintf(row->key, sizeof(row->key), "paste-");
	for (size_t i = 0; i < KEY_BYTES; i++)
		n += (size_t)snprintf(row->key + n, sizeof(row->key) - n, "%02x", hash[i]);
}

static enum dy_code
row_fill(struct town *t, const struct dy_paste_places *index, struct units *units,
         struct dy_paste_row *row)
{
	const struct dy_paste_proposal *p = row->proposal;
	const struct unit_requests *u;
	struct dy_where where;

	dy_paste_match(index, &p->door, p->estate, &row->doors);
	row->door_state = p->door.door.len == 0   ? DY_PASTE_DOOR_UNSAID
	                  : row->doors.count == 0 ? DY_PASTE_DOOR_UNKNOWN
	                  : row->doors.count == 1 ? DY_PASTE_DOOR_ONE
	                                          : DY_PASTE_DOOR_SEVERAL;
	key_make(t, row);
	if (row->door_state != DY_PASTE_DOOR_ONE)
		return DY_OK;
	struct dy_id door = { row->doors.items[0]->id };
	DY_TRY(dy_where_door(t->tx, t->arena, door, t->now, &where, t->err));
	DY_TRY(unit_load(t, units, where.unit, &u));
	known_find(t, u, &where, row);
	return DY_OK;
}

enum dy_code
dy_app_paste(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_actor *actor,
             struct dy_time now, struct dy_str text, struct dy_paste_plan *out, struct dy_err *err)
{
	struct town t = { .tx = tx, .arena = arena, .actor = actor, .now = now, .err = err };
	struct units units = { 0 };

	DY_TRY(dy_paste_read(arena, text, &out->paste, err));
	DY_TRY(town_load(&t, &out->paste));
	const struct dy_paste_places *index =
		dy_paste_places_new(arena, t.places.items, t.places.count);
	out->rows = DY_NEW_ARRAY(arena, out->paste.count + 1, struct dy_paste_row);
	for (size_t i = 0; i < out->paste.count; i++) {
		out->rows[i].proposal = &out->paste.items[i];
		DY_TRY(row_fill(&t, index, &units, &out->rows[i]));
	}
	return DY_OK;
}
