/* Places: the tree of the community, doors of a stair, door posters. */
#include "routes.h"

#include "domain/address.h"

#include <qrencode.h>

#define QR_QUIET 4 /* modules of white around the code, ISO/IEC 18004 */

static struct dy_str
stair_text(struct dy_q *q, struct dy_str building, struct dy_str stair)
{
	struct dy_address a = { building, stair, DY_STR_INIT("") };
	return dy_address_text(q->arena, &a);
}

static void
degrees_write(struct dy_jw *w, const char *name, int64_t e7)
{
	char text[32];

	dy_jw_key(w, name);
	if (e7 == 0) {
		dy_jw_null(w);
		return;
	}
	(void)snprintf(text, sizeof(text), "%.7f", (double)e7 / 1e7);
	dy_jw_raw(w, dy_str_from(text));
}

static enum dy_code
areas_write(struct dy_q *q)
{
	struct dy_jw *w = &q->w;
	struct dy_grid_list grids;
	struct dy_unit_list units;

	DY_TRY(dy_grid_list(q->tx, q->arena, q->now, &grids, &q->err));
	DY_TRY(dy_unit_list(q->tx, q->arena, q->now, &units, &q->err));
	dy_jw_key(w, "grids");
	dy_jw_arr(w);
	for (size_t i = 0; i < grids.count; i++) {
		dy_jw_obj(w);
		dy_jw_kid(w, "id", grids.items[i].id);
		dy_jw_kint(w, "number", grids.items[i].number);
		dy_jw_kstr(w, "name", grids.items[i].name);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_key(w, "units");
	dy_jw_arr(w);
	for (size_t i = 0; i < units.count; i++) {
		dy_jw_obj(w);
		dy_jw_kid(w, "id", units.items[i].id);
		dy_jw_kid(w, "grid_id", units.items[i].grid);
		dy_jw_kint(w, "number", units.items[i].number);
		dy_jw_kstr(w, "name", units.items[i].name);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	return DY_OK;
}

static enum dy_code
list_places(struct dy_q *q)
{
	struct dy_jw *w = &q->w;
	struct dy_building_list buildings;
	struct dy_stair_list stairs;

	DY_TRY(dy_building_list(q->tx, q->arena, &buildings, &q->err));
	DY_TRY(dy_stair_list(q->tx, q->arena, q->now, &stairs, &q->err));
	dy_jw_obj(w);
	DY_TRY(areas_write(q));
	dy_jw_key(w, "buildings");
	dy_jw_arr(w);
	for (size_t i = 0; i < buildings.count; i++) {
		const struct dy_building *b = &buildings.items[i];
		dy_jw_obj(w);
		dy_jw_kid(w, "id", b->id);
		dy_jw_kstr(w, "code", b->code);
		dy_jw_kstr(w, "name", b->name);
		degrees_write(w, "lat", b->lat_e7);
		degrees_write(w, "lon", b->lon_e7);
		dy_jw_kint(w, "floors", b->floors);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_key(w, "stairs");
	dy_jw_arr(w);
	for (size_t i = 0; i < stairs.count; i++) {
		const struct dy_stair *s = &stairs.items[i];
		dy_jw_obj(w);
		dy_jw_kid(w, "id", s->id);
		dy_jw_kid(w, "building_id", s->building);
		dy_jw_kid(w, "unit_id", s->unit);
		dy_jw_kstr(w, "code", s->code);
		dy_jw_kstr(w, "text", stair_text(q, s->building_code, s->code));
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
	dy_q_etag(q);
	return DY_OK;
}

static enum dy_code
list_stair_doors(struct dy_q *q)
{
	struct dy_where where;
	struct dy_door_list doors;
	struct dy_id stair;

	DY_TRY(dy_q_param_id(q, 0, &stair));
	DY_TRY(dy_where_stair(q->tx, q->arena, stair, q->now, &where, &q->err));
	if (!dy_actor_has_at(&q->actor, DY_CAP_PLACE_READ, where.grid, where.unit))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such stair");
	DY_TRY(dy_door_list(q->tx, q->arena, stair, &doors, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < doors.count; i++) {
		dy_jw_obj(&q->w);
		dy_jw_kid(&q->w, "id", doors.items[i].id);
		dy_jw_kstr(&q->w, "code", doors.items[i].code);
		dy_jw_kint(&q->w, "floor", doors.items[i].floor);
		dy_jw_obj_end(&q->w);
	}
	dy_list_end(q);
	return DY_OK;
}

/* Posters */
/* *out NULL: the stair has no link. */
static enum dy_code
link_url(struct dy_q *q, struct dy_id stair, const char **out)
{
	struct dy_bytes sealed;

	*out = NULL;
	enum dy_code rc = dy_stair_sealed_token(q->tx, q->arena, stair, &sealed, &q->err);
	if (rc == DY_E_NOT_FOUND)
		return DY_OK;
	DY_TRY(rc);
	struct dy_str token = dy_text_unseal(q->arena, q->api->options.key, sealed);
	if (token.len == 0)
		return dy_raise(&q->err, DY_E_IO, "", "the stored door link cannot be opened");
	*out = dy_arena_printf(q->arena, "%s/q/%.*s", dy_q_origin(q), DY_FMT(token));
	return DY_OK;
}

enum dy_code
dy_qr_draw(struct dy_q *q, const char *text)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (code == NULL)
		return dy_raise(&q->err, DY_E_BUG, "", "the text does not fit a QR code");
	int side = code->width + 2 * QR_QUIET;
	dy_strbuf_addf(&q->body,
	               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
	               "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
	               "<path d=\"",
	               side, side, side, side);
	for (int y = 0; y < code->width; y++) {
		for (int x = 0; x < code->width; x++) {
			int run = 0;
			while (x + run < code->width && (code->data[y * code->width + x + run] & 1))
				run++;
			if (run == 0)
				continue;
			dy_strbuf_addf(&q->body, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET,
			               run, run);
			x += run;
		}
	}
	dy_strbuf_adds(&q->body, "\"/></svg>\n");
	QRcode_free(code);
	q->type = "image/svg+xml";
	return DY_OK;
}

static enum dy_code
get_stair_poster(struct dy_q *q)
{
	struct dy_where where;
	struct dy_id stair;
	const char *url;

	DY_TRY(dy_q_param_id(q, 0, &stair));
	DY_TRY(dy_where_stair(q->tx, q->arena, stair, q->now, &where, &q->err));
	if (!dy_actor_has_at(&q->actor, DY_CAP_POSTER_PRINT, where.grid, where.unit))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such stair");
	DY_TRY(link_url(q, stair, &url));
	if (url == NULL)
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "this stair has no door link");
	DY_TRY(dy_qr_draw(q, url));
	dy_q_etag(q);
	return DY_OK;
}

static enum dy_code
poster_write(struct dy_q *q, const struct dy_community *community, const struct dy_post_list *posts,
             const struct dy_stair *s, const struct dy_where *where)
{
	struct dy_jw *w = &q->w;
	struct dy_account captain;
	struct dy_str phone = community->phone;
	const char *url;
	bool found;

	DY_TRY(link_url(q, s->id, &url));
	DY_TRY(dy_captain_find(q->tx, q->arena, posts, s->unit, &found, &captain, &q->err));
	if (found && captain.phone_sealed.len > 0)
		phone = dy_text_unseal(q->arena, q->api->options.key, captain.phone_sealed);
	dy_jw_obj(w);
	dy_jw_kid(w, "stair_id", s->id);
	dy_jw_kstr(w, "community_name", community->name);
	dy_jw_kstr(w, "stair_text", stair_text(q, s->building_code, s->code));
	dy_jw_kstr(w, "unit_name", where->unit_name);
	dy_jw_kstr(w, "captain_name", found ? captain.name : DY_STR(""));
	dy_jw_kstr(w, "phone", phone);
	dy_jw_key(w, "url");
	if (url != NULL)
		dy_jw_cstr(w, url);
	else
		dy_jw_null(w);
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
list_posters(struct dy_q *q)
{
	struct dy_community community;
	struct dy_post_list posts;
	struct dy_stair_list stairs;
	struct dy_where where;
	struct dy_id unit, stair;

	DY_TRY(dy_q_query_id(q, "unit", &unit));
	DY_TRY(dy_q_query_id(q, "stair", &stair));
	if (unit.v == 0 && stair.v == 0)
		return dy_raise(&q->err, DY_E_INPUT, "/unit", "say which unit or which stair");
	DY_TRY(dy_community_get(q->tx, q->arena, &community, &q->err));
	DY_TRY(dy_post_list_all(q->tx, q->arena, q->now, &posts, &q->err));
	DY_TRY(dy_stair_list(q->tx, q->arena, q->now, &stairs, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < stairs.count; i++) {
		const struct dy_stair *s = &stairs.items[i];
		if ((unit.v != 0 && !dy_id_eq(s->unit, unit)) ||
		    (stair.v != 0 && !dy_id_eq(s->id, stair)))
			continue;
		DY_TRY(dy_where_stair(q->tx, q->arena, s->id, q->now, &where, &q->err));
		if (!dy_actor_has_at(&q->actor, DY_CAP_POSTER_PRINT, where.grid, where.unit))
			continue;
		DY_TRY(poster_write(q, &community, &posts, s, &where));
	}
	dy_list_end(q);
	return DY_OK;
}

const struct dy_route dy_place_routes[] = {
	{ DY_GET, "/api/v1/places", .op = "listPlaces", .cap = DY_CAP_PLACE_READ,
	  .fn = list_places },
	{ DY_GET, "/api/v1/stairs/{id}/doors", .op = "listStairDoors", .cap = DY_CAP_PLACE_READ,
	  .fn = list_stair_doors },
	{ DY_GET, "/api/v1/stairs/{id}/poster.svg", .op = "getStairPoster",
	  .cap = DY_CAP_POSTER_PRINT, .fn = get_stair_poster },
	{ DY_GET, "/api/v1/posters", .op = "listPosters", .cap = DY_CAP_POSTER_PRINT,
	  .fn = list_posters },
};
const size_t dy_place_routes_n = DY_COUNT(dy_place_routes);
