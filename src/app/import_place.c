/* A row of places: grid, unit, building, stair, doors; each is made when it is not there. */
#include "import_do.h"

#include "app/place.h"

#include <string.h>

#define FLOORS_LEAST 1

struct place {
	struct dy_import_session *s;
	struct dy_import_row *row;
	size_t building, stair, unit, grid; /* DY_NOWHERE: to be made, or not needed */
	bool needs_stair;
	struct dy_building after; /* what the building is to be */
};

static void
fault(struct place *p, int field, enum dy_fault what, struct dy_str value)
{
	dy_import_fault_add(p->s->arena, p->s->job, p->row, field, what,
	                    dy_str_dup(p->s->arena, value));
}

static struct dy_str
row_number(struct place *p, const struct dy_import_row *row)
{
	return dy_str_from(dy_arena_printf(p->s->arena, "%u", (unsigned)row->from->number));
}

/* Two rows of a file must not say different things about one building. */
static void
agree(struct place *p, const struct dy_import_row **said, int field, bool differs)
{
	if (*said == NULL)
		*said = p->row;
	else if (differs)
		fault(p, field, DY_FAULT_OTHERWISE, row_number(p, *said));
}

static void
building_resolve(struct place *p)
{
	struct dy_import_row *row = p->row;
	struct dy_building *b = &p->after;

	p->building = dy_book_building(&p->s->book, row->building);
	if (p->building != DY_NOWHERE) {
		struct dy_book_building *there = &p->s->book.buildings[p->building];
		*b = there->b;
		if (row->building_name.len > 0)
			agree(p, &there->said_name, DY_F_BUILDING_NAME,
			      !dy_str_eq(row->building_name, b->name));
		if (row->floors > 0)
			agree(p, &there->said_floors, DY_F_FLOORS, row->floors != b->floors);
		if (row->lat_e7 != -1)
			agree(p, &there->said_lat, DY_F_LAT,
			      row->lat_e7 != b->lat_e7 || row->lon_e7 != b->lon_e7);
	} else {
		*b = (struct dy_building){ .code = row->building,
			                   .name = row->building,
			                   .floors = FLOORS_LEAST };
	}
	if (row->building_name.len > 0)
		b->name = row->building_name;
	if (row->lat_e7 != -1) {
		b->lat_e7 = row->lat_e7;
		b->lon_e7 = row->lon_e7;
	}
	if (row->floors > 0)
		b->floors = row->floors;
}

static void
stair_resolve(struct place *p)
{
	struct dy_import_row *row = p->row;
	size_t have = p->building == DY_NOWHERE ? 0 : p->s->book.buildings[p->building].stairs;
	bool any =
		row->stair.len > 0 || row->door.len > 0 || row->per_floor > 0 || row->unit.len > 0;

	p->stair = DY_NOWHERE;
	p->needs_stair = any;
	if (!any)
		return;
	if (row->stair.len == 0 && have > 1) {
		fault(p, DY_F_STAIR, DY_FAULT_WHICH_STAIR, row->building);
		return;
	}
	if (row->stair.len == 0 && have == 1) {
		p->stair = p->s->book.buildings[p->building].only_stair;
		return;
	}
	if (row->stair.len == 0)
		row->stair = DY_STR("1");
	if (p->building != DY_NOWHERE)
		p->stair = dy_book_stair(&p->s->book, p->building, row->stair);
}

static void
unit_resolve(struct place *p)
{
	struct dy_import_row *row = p->row;
	struct dy_book *book = &p->s->book;

	p->grid = row->grid.len > 0 ? dy_book_grid(book, row->grid) : DY_NOWHERE;
	p->unit = row->unit.len > 0 ? dy_book_unit(book, row->unit, p->grid) : DY_NOWHERE;
	if (row->unit.len > 0 && p->unit == DY_NOWHERE && p->grid != DY_NOWHERE) {
		/* of another grid: a slip, unless a unit with this number is new in this grid */
		size_t elsewhere = dy_book_unit(book, row->unit, DY_NOWHERE);
		if (elsewhere != DY_NOWHERE)
			fault(p, DY_F_GRID, DY_FAULT_UNIT_ELSEWHERE,
			      book->units.items[elsewhere].grid_name);
	} else if (row->grid.len > 0 && p->grid == DY_NOWHERE && p->unit != DY_NOWHERE) {
		fault(p, DY_F_GRID, DY_FAULT_UNIT_ELSEWHERE, book->units.items[p->unit].grid_name);
	}
	if (p->stair != DY_NOWHERE) {
		size_t now = book->stairs[p->stair].unit;
		if (row->unit.len > 0 && now != p->unit)
			fault(p, DY_F_UNIT, DY_FAULT_STAIR_ELSEWHERE,
			      now == DY_NOWHERE ? DY_STR("") : book->units.items[now].name);
		return;
	}
	if (!p->needs_stair)
		return;
	if (row->unit.len == 0)
		fault(p, DY_F_UNIT, DY_FAULT_UNIT_MISSING, DY_STR(""));
	else if (p->unit == DY_NOWHERE && row->grid.len == 0)
		fault(p, DY_F_UNIT, DY_FAULT_GRID_MISSING, row->unit);
}

/* Floors follow the doors where nobody said how many there are. */
static int64_t
door_floor(struct place *p)
{
	struct dy_import_row *row = p->row;
	bool said = row->floors > 0 || (p->building != DY_NOWHERE &&
	                                p->s->book.buildings[p->building].said_floors != NULL);
	int64_t floor = row->floor > 0 ? row->floor : dy_import_floor_of(row->door, INT64_MAX);

	if (row->floor == 0 || (said && row->floor > p->after.floors)) {
		fault(p, DY_F_FLOOR, DY_FAULT_FLOOR,
		      dy_str_from(dy_arena_printf(p->s->arena, "%lld", (long long)row->floor)));
		return 1;
	}
	if (floor > 200)
		floor = 1;
	if (floor > p->after.floors) {
		if (said)
			floor = p->after.floors;
		else
			p->after.floors = floor;
	}
	return floor;
}

static enum dy_code
areas_make(struct place *p)
{
	struct dy_import_session *s = p->s;
	struct dy_book *book = &s->book;
	struct dy_import_row *row = p->row;
	int64_t number;

	if (p->unit != DY_NOWHERE || row->unit.len == 0)
		return DY_OK;
	if (p->grid == DY_NOWHERE) {
		if (!dy_import_number_in(s->arena, row->grid, &number))
			number = (int64_t)book->grids.count + 1;
		struct dy_grid g = { dy_import_new_id(s), number, row->grid };
		if (s->tx != NULL) {
			DY_TRY(dy_grid_insert(s->tx, &g, s->now, s->err));
			DY_TRY(dy_import_event(s, "grid.made", g.id,
			                       (struct dy_event_rooms){ .grid = g.id }, "{}"));
			DY_TRY(dy_import_log(s, row, "grid", g.id, DY_STR(""), 0));
		}
		p->grid = dy_book_add_grid(book, &g);
		row->made |= 1u << DY_MADE_GRID;
	}
	if (!dy_import_number_in(s->arena, row->unit, &number))
		number = (int64_t)book->units.count + 1;
	struct dy_unit u = { .id = dy_import_new_id(s),
		             .grid = book->grids.items[p->grid].id,
		             .number = number,
		             .name = row->unit,
		             .grid_name = book->grids.items[p->grid].name };
	if (s->tx != NULL) {
		DY_TRY(dy_unit_insert(s->tx, &u, s->now, s->err));
		DY_TRY(dy_import_event(s, "unit.made", u.id,
		                       (struct dy_event_rooms){ .unit = u.id, .grid = u.grid },
		                       "{}"));
		DY_TRY(dy_import_log(s, row, "unit", u.id, DY_STR(""), 0));
	}
	p->unit = dy_book_add_unit(book, &u);
	row->made |= 1u << DY_MADE_UNIT;
	return DY_OK;
}

static enum dy_code
building_make(struct place *p)
{
	struct dy_import_session *s = p->s;
	struct dy_import_row *row = p->row;

	if (p->building == DY_NOWHERE) {
		p->after.id = dy_import_new_id(s);
		if (s->tx != NULL) {
			DY_TRY(dy_building_insert(s->tx, &p->after, s->err));
			DY_TRY(dy_import_event(s, "building.made", p->after.id,
			                       (struct dy_event_rooms){ 0 }, "{}"));
			DY_TRY(dy_import_log(s, row, "building", p->after.id, DY_STR(""), 0));
		}
		p->building = dy_book_add_building(&s->book, &p->after);
		row->made |= 1u << DY_MADE_BUILDING;
		struct dy_book_building *b = &s->book.buildings[p->building];
		b->said_name = row->building_name.len > 0 ? row : NULL;
		b->said_floors = row->floors > 0 ? row : NULL;
		b->said_lat = row->lat_e7 != -1 ? row : NULL;
		return DY_OK;
	}
	struct dy_building *now = &s->book.buildings[p->building].b;
	row->changed |= dy_str_eq(now->name, p->after.name) ? 0 : 1u << DY_F_BUILDING_NAME;
	row->changed |= now->floors == p->after.floors ? 0 : 1u << DY_F_FLOORS;
	row->changed |= now->lat_e7 == p->after.lat_e7 ? 0 : 1u << DY_F_LAT;
	row->changed |= now->lon_e7 == p->after.lon_e7 ? 0 : 1u << DY_F_LON;
	if (row->changed == 0)
		return DY_OK;
	if (s->tx != NULL) {
		DY_TRY(dy_building_change(s->tx, &p->after, s->err));
		DY_TRY(dy_import_event(s, "building.changed", now->id, (struct dy_event_rooms){ 0 },
		                       "{}"));
		DY_TRY(dy_import_log(s, row, "building", now->id,
		                     dy_import_building_text(s->arena, now, &p->after), 0));
	}
	*now = p->after;
	return DY_OK;
}

static enum dy_code
stair_make(struct place *p)
{
	struct dy_import_session *s = p->s;
	struct dy_str link;

	if (!p->needs_stair || p->stair != DY_NOWHERE)
		return DY_OK;
	const struct dy_unit *unit = &s->book.units.items[p->unit];
	struct dy_stair stair = { .id = dy_import_new_id(s),
		                  .building = s->book.buildings[p->building].b.id,
		                  .unit = unit->id,
		                  .code = p->row->stair };
	if (s->tx != NULL) {
		DY_TRY(dy_stair_insert(s->tx, &stair, s->now, s->err));
		DY_TRY(dy_stair_link_make(s->tx, s->call, stair.id, &link));
		DY_TRY(dy_import_event(
			s, "stair.made", stair.id,
			(struct dy_event_rooms){ .unit = unit->id, .grid = unit->grid }, "{}"));
		DY_TRY(dy_import_log(s, p->row, "stair", stair.id, DY_STR(""), 0));
	}
	p->stair = dy_book_add_stair(&s->book, stair.id, p->building, p->unit, stair.code);
	p->row->made |= 1u << DY_MADE_STAIR;
	return DY_OK;
}

static enum dy_code
doors_make(struct place *p, int64_t floor)
{
	struct dy_import_session *s = p->s;
	struct dy_import_row *row = p->row;
	size_t door;

	if (row->door.len > 0 && dy_book_door(&s->book, p->stair, row->door) == DY_NOWHERE)
		DY_TRY(dy_import_door_make(s, row, p->stair, row->door, floor, &door));
	for (int64_t f = 1; f <= row->floors && row->per_floor > 0; f++) {
		for (int64_t n = 1; n <= row->per_floor; n++) {
			struct dy_str code = dy_str_from(dy_arena_printf(
				s->arena, "%lld%02lld", (long long)f, (long long)n));
			if (dy_book_door(&s->book, p->stair, code) == DY_NOWHERE)
				DY_TRY(dy_import_door_make(s, row, p->stair, code, f, &door));
		}
	}
	return DY_OK;
}

enum dy_code
dy_import_do_place(struct dy_import_session *s, struct dy_import_row *row)
{
	struct place p = { .s = s, .row = row };
	int64_t floor = 1;

	building_resolve(&p);
	stair_resolve(&p);
	unit_resolve(&p);
	if (row->door.len > 0)
		floor = door_floor(&p);
	if (row->is_bad)
		return DY_OK;
	DY_TRY(areas_make(&p));
	DY_TRY(building_make(&p));
	DY_TRY(stair_make(&p));
	return doors_make(&p, floor);
}
