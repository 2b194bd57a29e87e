/* Doors: found while they are typed, and cards with the codes of their households. */
#include "app/intake.h"
#include "domain/address.h"
#include "domain/door_query.h"
#include "routes.h"

#define FOUND_MAX 20
#define CARDS_MAX 200

static enum dy_code
door_write(struct dy_q *q, const struct dy_where *where)
{
	struct dy_address a = { where->building_code, where->stair_code, where->door_code };
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kid(w, "id", where->door);
	dy_jw_kstr(w, "code", dy_address_code(q->arena, &a));
	dy_jw_kstr(w, "address", dy_address_text(q->arena, &a));
	dy_jw_kid(w, "stair_id", where->stair);
	dy_jw_kid(w, "unit_id", where->unit);
	dy_jw_kstr(w, "unit_name", where->unit_name);
	dy_jw_kbool(w, "lived_in", where->household.v != 0);
	dy_jw_obj_end(w);
	return DY_OK;
}

/* The doors of one building that fit and stand in this person's scope. */
static enum dy_code
building_search(struct dy_q *q, const struct dy_door_query *query, struct dy_id building, int *n)
{
	struct dy_door_row_list rows;
	struct dy_where where;

	DY_TRY(dy_door_list_building(q->tx, q->arena, building, &rows, &q->err));
	for (size_t i = 0; i < rows.count && *n < FOUND_MAX; i++) {
		const struct dy_door_row *d = &rows.items[i];
		if (!dy_door_query_fits_door(query, d->stair_code, d->door_code))
			continue;
		enum dy_code rc = dy_where_door(q->tx, q->arena, d->door, q->now, &where, NULL);
		if (rc == DY_E_NOT_FOUND) /* of a stair that belongs to no unit yet */
			continue;
		DY_TRY(rc);
		if (!dy_actor_has_at(&q->actor, DY_CAP_PLACE_READ, where.grid, where.unit))
			continue;
		DY_TRY(door_write(q, &where));
		(*n)++;
	}
	return DY_OK;
}

static enum dy_code
search_doors(struct dy_q *q)
{
	struct dy_building_list buildings;
	struct dy_door_query query;
	struct dy_address address;
	struct dy_str text;
	int n = 0;

	if (!dy_q_query(q, "q", &text) || dy_str_trim(text).len == 0)
		return dy_raise(&q->err, DY_E_INPUT, "/q", "type a door, like 3-1-501");
	dy_door_query_read(q->arena, dy_str_trim(text), &query);
	/* whole addresses in any script people write: 三幢一单元501 */
	if (dy_address_decode(q->arena, text, &address, NULL) == DY_OK)
		dy_door_query_read(q->arena, dy_address_code(q->arena, &address), &query);
	DY_TRY(dy_building_list(q->tx, q->arena, &buildings, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < buildings.count && n < FOUND_MAX; i++) {
		const struct dy_building *b = &buildings.items[i];
		if (dy_door_query_fits_building(&query, b->code, b->name))
			DY_TRY(building_search(q, &query, b->id, &n));
	}
	dy_list_end(q);
	return DY_OK;
}

/* Cards */
static enum dy_code
cards_prepare(struct dy_q *q)
{
	struct dy_home_card_draft *d = DY_NEW(q->arena, struct dy_home_card_draft);
	struct dy_json_list *list;
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_id(j, "stair_id", &d->stair, &q->err));
	if (dy_json_has(j, "door_ids")) {
		DY_TRY(dy_json_array(j, "door_ids", CARDS_MAX, &list, &q->err));
		d->n_doors = dy_json_list_count(list);
		struct dy_id *ids = DY_NEW_ARRAY(q->arena, d->n_doors + 1, struct dy_id);
		for (size_t i = 0; i < d->n_doors; i++)
			DY_TRY(dy_json_list_id(list, i, &ids[i], &q->err));
		d->doors = ids;
	}
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
print_door_cards(struct dy_q *q)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	const struct dy_home_card_draft *d = q->draft;
	struct dy_call call = dy_q_call(q);
	struct dy_home_card_list cards;
	struct dy_where where;
	struct dy_jw *w = &q->w;

	DY_TRY(dy_wtx_begin(q->writer, q->actor.community, &tx, &q->err));
	DY_TRY(dy_app_cards_print(&call, d, &cards));
	DY_TRY(dy_where_stair(dy_wtx_read(tx), q->arena, d->stair, q->now, &where, &q->err));
	q->status = 201;
	dy_jw_obj(w);
	dy_jw_key(w, "items");
	dy_jw_arr(w);
	for (size_t i = 0; i < cards.count; i++) {
		const struct dy_home_card *c = &cards.items[i];
		struct dy_address a = { where.building_code, where.stair_code, c->door_code };
		dy_jw_obj(w);
		dy_jw_kid(w, "door_id", c->door);
		dy_jw_kstr(w, "door", c->door_code);
		dy_jw_kstr(w, "address", dy_address_text(q->arena, &a));
		dy_jw_kstr(w, "code", c->code);
		dy_jw_kbool(w, "renewed", c->is_new);
		dy_jw_obj_end(w);
	}
	dy_list_end(q);
	return dy_wtx_commit(&tx, &q->err);
}

const struct dy_route dy_door_routes[] = {
	{ DY_GET, "/api/v1/doors", .op = "searchDoors", .cap = DY_CAP_PLACE_READ,
	  .fn = search_doors },
	{ DY_POST, "/api/v1/door-cards", .op = "printDoorCards", .cap = DY_CAP_POSTER_PRINT,
	  .prepare = cards_prepare, .fn = print_door_cards, .body_max = 16384,
	  .flags = DY_ROUTE_SEALED },
};
const size_t dy_door_routes_n = DY_COUNT(dy_door_routes);
