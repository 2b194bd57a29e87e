/* Making places: the whole list is checked, then written in one transaction. */
#include "app/place.h"

#include "store/event.h"

#include <string.h>

#define CODE_CHARS     8 /* characters of a household code, without the hyphen */
#define FLOORS_MAX     200
#define RESIDENTS_MAX  99
#define PLACE_CODE_MAX 12
#define RANDOM_BITS    21 /* of an id */

static enum dy_code
at(struct dy_err *err, const char *list, size_t i, const char *member, const char *text)
{
	char field[48];

	(void)snprintf(field, sizeof(field), "/%s/%zu/%s", list, i, member);
	return dy_raise(err, DY_E_INPUT, field, "%s", text);
}

static bool
is_name(struct dy_str s, size_t max)
{
	return s.len > 0 && dy_str_is_utf8(s) && dy_str_chars(s) <= max;
}

static enum dy_code
areas_check(const struct dy_places_draft *d, struct dy_err *err)
{
	for (size_t i = 0; i < d->n_grids; i++) {
		if (!is_name(d->grids[i].name, DY_NAME_MAX))
			return at(err, "grids", i, "name", "must have 1 to 40 characters");
	}
	for (size_t i = 0; i < d->n_units; i++) {
		if (d->units[i].grid >= d->n_grids)
			return at(err, "units", i, "grid", "there is no such grid in the list");
		if (!is_name(d->units[i].name, DY_NAME_MAX))
			return at(err, "units", i, "name", "must have 1 to 40 characters");
	}
	return DY_OK;
}

static enum dy_code
buildings_check(const struct dy_places_draft *d, struct dy_err *err)
{
	static const int64_t NORTH_E7 = 90 * 10000000LL;
	static const int64_t EAST_E7 = 180 * 10000000LL;

	for (size_t i = 0; i < d->n_buildings; i++) {
		const struct dy_building_draft *b = &d->buildings[i];
		if (!is_name(b->code, PLACE_CODE_MAX))
			return at(err, "buildings", i, "code", "must have 1 to 12 characters");
		if (!is_name(b->name, DY_NAME_MAX))
			return at(err, "buildings", i, "name", "must have 1 to 40 characters");
		if (b->floors < 1 || b->floors > FLOORS_MAX)
			return at(err, "buildings", i, "floors", "must be 1 to 200");
		if (b->lat_e7 < -NORTH_E7 || b->lat_e7 > NORTH_E7)
			return at(err, "buildings", i, "lat", "must be -90 to 90 degrees");
		if (b->lon_e7 < -EAST_E7 || b->lon_e7 > EAST_E7)
			return at(err, "buildings", i, "lon", "must be -180 to 180 degrees");
	}
	return DY_OK;
}

static enum dy_code
doors_check(const struct dy_places_draft *d, struct dy_err *err)
{
	for (size_t i = 0; i < d->n_stairs; i++) {
		if (d->stairs[i].building >= d->n_buildings)
			return at(err, "stairs", i, "building",
			          "there is no such building in the list");
		if (d->stairs[i].unit >= d->n_units)
			return at(err, "stairs", i, "unit", "there is no such unit in the list");
		if (!is_name(d->stairs[i].code, PLACE_CODE_MAX))
			return at(err, "stairs", i, "code", "must have 1 to 12 characters");
	}
	for (size_t i = 0; i < d->n_doors; i++) {
		if (d->doors[i].stair >= d->n_stairs)
			return at(err, "doors", i, "stair", "there is no such stair in the list");
		if (!is_name(d->doors[i].code, PLACE_CODE_MAX))
			return at(err, "doors", i, "code", "must have 1 to 12 characters");
		if (d->doors[i].floor < 1 ||
		    d->doors[i].floor > d->buildings[d->stairs[d->doors[i].stair].building].floors)
			return at(err, "doors", i, "floor", "must be one of the building's floors");
	}
	return DY_OK;
}

static enum dy_code
households_check(struct dy_arena *arena, const struct dy_places_draft *d, struct dy_err *err)
{
	bool *taken = DY_NEW_ARRAY(arena, d->n_doors, bool);

	for (size_t i = 0; i < d->n_households; i++) {
		const struct dy_household_draft *h = &d->households[i];
		if (h->door >= d->n_doors)
			return at(err, "households", i, "door",
			          "there is no such door in the list");
		if (taken[h->door])
			return at(err, "households", i, "door", "a household lives there already");
		taken[h->door] = true;
		if (h->residents < 0 || h->residents > RESIDENTS_MAX)
			return at(err, "households", i, "residents", "must be 0 to 99");
		if (h->elderly < 0 || h->elderly > h->residents)
			return at(err, "households", i, "elderly",
			          "must be 0 to the number of residents");
	}
	return DY_OK;
}

enum dy_code
dy_places_check(struct dy_arena *arena, const struct dy_places_draft *d, struct dy_err *err)
{
	const struct {
		const char *field;
		size_t n;
	} lists[] = {
		{ "/grids", d->n_grids },         { "/units", d->n_units },
		{ "/buildings", d->n_buildings }, { "/stairs", d->n_stairs },
		{ "/doors", d->n_doors },         { "/households", d->n_households },
	};

	for (size_t i = 0; i < DY_COUNT(lists); i++) {
		if (lists[i].n > DY_PLACES_MAX)
			return dy_raise(err, DY_E_LIMIT, lists[i].field, "at most %d at once",
			                DY_PLACES_MAX);
	}
	DY_TRY(areas_check(d, err));
	DY_TRY(buildings_check(d, err));
	DY_TRY(doors_check(d, err));
	return households_check(arena, d, err);
}

/* The list being written. Its ids count up from a random start: at one moment only 2^21 ids exist, and random
 * ones would soon collide. */
struct making {
	struct dy_wtx *tx;
	struct dy_call *call;
	const struct dy_places_draft *d;
	struct dy_places *out;
	uint64_t next_id;
};

static struct dy_id
id_next(struct making *m)
{
	return dy_id_make(m->call->now, m->next_id++);
}

static struct dy_id *
ids_new(struct making *m, size_t n)
{
	struct dy_id *ids = DY_NEW_ARRAY(m->call->arena, n, struct dy_id);

	for (size_t i = 0; i < n; i++)
		ids[i] = id_next(m);
	return ids;
}

static enum dy_code
made_event(struct making *m, const char *topic, struct dy_id subject, struct dy_event_rooms rooms,
           const char *payload)
{
	struct dy_event e = {
		.at = m->call->now,
		.actor = m->call->actor->account,
		.topic = dy_str_from(topic),
		.subject = subject,
		.rooms = rooms,
		.payload = dy_str_from(payload),
	};
	return dy_event_append(m->tx, &e, NULL, m->call->err);
}

static enum dy_code
areas_write(struct making *m)
{
	const struct dy_places_draft *d = m->d;
	struct dy_places *out = m->out;

	for (size_t i = 0; i < d->n_grids; i++) {
		struct dy_grid g = { out->grids[i], d->grids[i].number, d->grids[i].name };
		DY_TRY(dy_grid_insert(m->tx, &g, m->call->now, m->call->err));
		DY_TRY(made_event(m, "grid.made", g.id, (struct dy_event_rooms){ .grid = g.id },
		                  "{}"));
	}
	for (size_t i = 0; i < d->n_units; i++) {
		struct dy_unit u = { .id = out->units[i],
			             .grid = out->grids[d->units[i].grid],
			             .number = d->units[i].number,
			             .name = d->units[i].name };
		DY_TRY(dy_unit_insert(m->tx, &u, m->call->now, m->call->err));
		DY_TRY(made_event(m, "unit.made", u.id,
		                  (struct dy_event_rooms){ .unit = u.id, .grid = u.grid }, "{}"));
	}
	for (size_t i = 0; i < d->n_buildings; i++) {
		const struct dy_building_draft *from = &d->buildings[i];
		struct dy_building b = { out->buildings[i], from->code,   from->name,
			                 from->lat_e7,      from->lon_e7, from->floors };
		DY_TRY(dy_building_insert(m->tx, &b, m->call->err));
		DY_TRY(made_event(m, "building.made", b.id, (struct dy_event_rooms){ 0 }, "{}"));
	}
	return DY_OK;
}

enum dy_code
dy_stair_link_make(struct dy_wtx *tx, struct dy_call *call, struct dy_id stair, struct dy_str *out)
{
	char *link = dy_arena_alloc(call->arena, DY_LINK_TEXT + 1);
	uint8_t hash[DY_HASH_BYTES];
	struct dy_id community;

	dy_link_make(dy_wtx_community(tx), link);
	*out = dy_str_from(link);
	bool good = dy_link_split(*out, &community, hash);
	DY_ASSERT(good);
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	return dy_stair_token_insert(tx, stair, hash_bytes,
	                             dy_text_seal(call->arena, call->key, *out), call->now,
	                             call->err);
}

static enum dy_code
stairs_write(struct making *m)
{
	const struct dy_places_draft *d = m->d;
	struct dy_call *call = m->call;
	int64_t *doors = DY_NEW_ARRAY(call->arena, d->n_stairs, int64_t);
	int64_t *households = DY_NEW_ARRAY(call->arena, d->n_stairs, int64_t);

	for (size_t i = 0; i < d->n_doors; i++)
		doors[d->doors[i].stair]++;
	for (size_t i = 0; i < d->n_households; i++)
		households[d->doors[d->households[i].door].stair]++;
	for (size_t i = 0; i < d->n_stairs; i++) {
		size_t unit = d->stairs[i].unit;
		struct dy_stair s = { .id = m->out->stairs[i],
			              .building = m->out->buildings[d->stairs[i].building],
			              .unit = m->out->units[unit],
			              .code = d->stairs[i].code };
		DY_TRY(dy_stair_insert(m->tx, &s, call->now, call->err));
		DY_TRY(dy_stair_link_make(m->tx, call, s.id, &m->out->links[i]));
		struct dy_event_rooms rooms = { .unit = s.unit,
			                        .grid = m->out->grids[d->units[unit].grid] };
		DY_TRY(made_event(m, "stair.made", s.id, rooms,
		                  dy_arena_printf(call->arena,
		                                  "{\"doors\":%lld,\"households\":%lld}",
		                                  (long long)doors[i], (long long)households[i])));
	}
	for (size_t i = 0; i < d->n_doors; i++) {
		struct dy_door door = { m->out->doors[i], m->out->stairs[d->doors[i].stair],
			                d->doors[i].code, d->doors[i].floor };
		DY_TRY(dy_door_insert(m->tx, &door, call->err));
	}
	return DY_OK;
}

/* "K7QM-2XTP": no character that is mistaken for another when read out or copied by hand. */
struct dy_str
dy_household_code_make(struct dy_arena *arena)
{
	static const char ALPHABET[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
	char text[CODE_CHARS];

	for (size_t i = 0; i < CODE_CHARS; i++)
		text[i] = ALPHABET[dy_random_below(sizeof(ALPHABET) - 1)];
	return dy_str_from(dy_arena_printf(arena, "%.4s-%.4s", text, text + CODE_CHARS / 2));
}

static enum dy_code
households_write(struct making *m)
{
	const struct dy_places_draft *d = m->d;
	struct dy_call *call = m->call;

	for (size_t i = 0; i < d->n_households; i++) {
		const struct dy_household_draft *from = &d->households[i];
		uint8_t hash[DY_HASH_BYTES];
		m->out->codes[i] = dy_household_code_make(call->arena);
		dy_household_code_hash(dy_wtx_community(m->tx), m->out->codes[i], hash);
		struct dy_household h = {
			.id = m->out->households[i],
			.door = m->out->doors[from->door],
			.name_sealed = dy_text_seal(call->arena, call->key, from->name),
			.phone_sealed = dy_text_seal(call->arena, call->key, from->phone),
			.residents = from->residents,
			.elderly = from->elderly,
			.code_hash = { hash, DY_HASH_BYTES },
			.code_sealed = dy_text_seal(call->arena, call->key, m->out->codes[i]),
		};
		DY_TRY(dy_household_insert(m->tx, &h, call->now, call->err));
	}
	return DY_OK;
}

enum dy_code
dy_app_places_make(struct dy_call *call, const struct dy_places_draft *d, struct dy_places *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	static const struct dy_id nowhere;
	struct dy_places made;
	struct making m = { .call = call, .d = d, .out = &made };

	if (!dy_actor_has_at(call->actor, DY_CAP_SETTING_WRITE, nowhere, nowhere))
		return dy_raise(call->err, DY_E_DENIED, "", "your posts do not allow this");
	DY_TRY(dy_places_check(call->arena, d, call->err));
	size_t n = d->n_grids + d->n_units + d->n_buildings + d->n_stairs + d->n_doors +
	           d->n_households;
	m.next_id = dy_random_below((UINT32_C(1) << RANDOM_BITS) - (uint32_t)n);
	made = (struct dy_places){
		.grids = ids_new(&m, d->n_grids),
		.units = ids_new(&m, d->n_units),
		.buildings = ids_new(&m, d->n_buildings),
		.stairs = ids_new(&m, d->n_stairs),
		.doors = ids_new(&m, d->n_doors),
		.households = ids_new(&m, d->n_households),
		.links = DY_NEW_ARRAY(call->arena, d->n_stairs, struct dy_str),
		.codes = DY_NEW_ARRAY(call->arena, d->n_households, struct dy_str),
	};
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	m.tx = tx;
	DY_TRY(areas_write(&m));
	DY_TRY(stairs_write(&m));
	DY_TRY(households_write(&m));
	DY_TRY(dy_wtx_commit(&tx, call->err));
	*out = made;
	return DY_OK;
}
