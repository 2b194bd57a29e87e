/* Group chat pasted into the console: what it proposes. Stores nothing. */
#include "requests.h"

#include "app/paste.h"

static enum dy_code
paste_prepare(struct dy_q *q)
{
	struct dy_str *text = DY_NEW(q->arena, struct dy_str);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_str(j, "text", 1, DY_PASTE_BYTES_MAX, text, &q->err));
	q->draft = text;
	return dy_json_end(j, &q->err);
}

static void
optional_write(struct dy_jw *w, const char *name, struct dy_str text)
{
	dy_jw_key(w, name);
	if (text.len > 0)
		dy_jw_str(w, text);
	else
		dy_jw_null(w);
}

/* Index of another proposal, from 0. */
static void
index_write(struct dy_jw *w, const char *name, size_t index)
{
	dy_jw_key(w, name);
	if (index > 0)
		dy_jw_int(w, (int64_t)index - 1);
	else
		dy_jw_null(w);
}

static void
door_write(struct dy_q *q, const struct dy_paste_row *row)
{
	const struct dy_paste_proposal *p = row->proposal;
	size_t n =
		row->doors.count < DY_PASTE_MATCHES_MAX ? row->doors.count : DY_PASTE_MATCHES_MAX;
	struct dy_jw *w = &q->w;

	dy_jw_key(w, "door");
	dy_jw_obj(w);
	dy_jw_kstr(w, "written", dy_paste_door_text(q->arena, &p->door));
	dy_jw_kcstr(w, "from", dy_paste_door_from_name(p->door_from));
	dy_jw_kcstr(w, "state", dy_paste_door_state_name(row->door_state));
	dy_jw_key(w, "choices");
	dy_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		const struct dy_paste_place *place = row->doors.items[i];
		struct dy_address a = { place->building, place->stair, place->door };
		dy_jw_obj(w);
		dy_jw_kid(w, "id", (struct dy_id){ place->id });
		dy_jw_kstr(w, "code", dy_paste_door_text(q->arena, &a));
		dy_jw_kstr(w, "text", dy_address_text(q->arena, &a));
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
}

static void
known_write(struct dy_q *q, const struct dy_paste_row *row)
{
	const struct dy_request *r = &row->known;
	struct dy_jw *w = &q->w;

	dy_jw_key(w, "known");
	if (!row->is_registered && row->likeness == DY_LIKE_NONE) {
		dy_jw_null(w);
		return;
	}
	dy_jw_obj(w);
	dy_jw_kid(w, "id", r->id);
	dy_jw_kcstr(w, "number", dy_request_number_text(q, r));
	dy_jw_kcstr(w, "likeness",
	            row->is_registered ? "registered" : dy_likeness_name(row->likeness));
	dy_jw_kcstr(w, "state", dy_state_name(r->state));
	dy_jw_kbool(w, "open", dy_state_is_open(r->state));
	dy_jw_kstr(w, "text", r->text);
	dy_jw_ktime(w, "created_at", dy_zone_default(), r->created_at);
	dy_jw_obj_end(w);
}

static void
row_write(struct dy_q *q, const struct dy_paste_row *row)
{
	const struct dy_paste_proposal *p = row->proposal;
	struct dy_jw *w = &q->w;

	dy_jw_obj(w);
	dy_jw_kint(w, "line", (int64_t)p->line);
	dy_jw_key(w, "lines");
	dy_jw_arr(w);
	for (size_t i = 0; i < p->n_lines; i++)
		dy_jw_int(w, (int64_t)p->lines[i]);
	dy_jw_arr_end(w);
	dy_jw_kstr(w, "sender", p->sender);
	dy_jw_kstr(w, "text", p->text);
	dy_jw_kcstr(w, "category", p->category);
	dy_jw_kcstr(w, "second", p->second);
	dy_jw_kbool(w, "urgent", p->urgent);
	dy_jw_kint(w, "confidence", p->confidence);
	optional_write(w, "on_behalf", p->on_behalf);
	optional_write(w, "contact", p->contact);
	door_write(q, row);
	dy_jw_kcstr(w, "key", row->key);
	index_write(w, "same_as", p->same_as);
	index_write(w, "shared_as", p->shared_as);
	known_write(q, row);
	dy_jw_obj_end(w);
}

static enum dy_code
read_paste(struct dy_q *q)
{
	const struct dy_str *text = q->draft;
	struct dy_paste_plan plan;
	struct dy_jw *w = &q->w;

	DY_TRY(dy_app_paste(q->tx, q->arena, &q->actor, q->now, *text, &plan, &q->err));
	dy_jw_obj(w);
	dy_jw_kint(w, "lines", (int64_t)plan.paste.lines);
	dy_jw_kint(w, "messages", (int64_t)plan.paste.messages);
	dy_jw_kint(w, "dropped", (int64_t)plan.paste.dropped);
	dy_jw_key(w, "items");
	dy_jw_arr(w);
	for (size_t i = 0; i < plan.paste.count; i++)
		row_write(q, &plan.rows[i]);
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
	return DY_OK;
}

const struct dy_route dy_paste_routes[] = {
	{ DY_POST, "/api/v1/pastes", .op = "readPaste", .cap = DY_CAP_PLACE_READ,
	  .prepare = paste_prepare, .fn = read_paste, .body_max = DY_JSON_BODY_MAX,
	  .flags = DY_ROUTE_LOOKUP },
};
const size_t dy_paste_routes_n = DY_COUNT(dy_paste_routes);
