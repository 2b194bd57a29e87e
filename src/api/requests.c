/* Requests: lists, one, its history, reporting, acts. */
#include "requests.h"

#include "clocks.h"

#include <string.h>

#define SCAN_PAGE 500

static const struct {
	unsigned effect;
	const char *field;
} NEEDS[] = {
	{ DY_EFFECT_NEEDS_TEXT, "text" },
	{ DY_EFFECT_GIVES, "to_account_id" },
	{ DY_EFFECT_NEEDS_TARGET, "into_request_id" },
	{ DY_EFFECT_NEEDS_MINUTES, "extend_minutes" },
	{ DY_EFFECT_NEEDS_RATING, "rating" },
};

static const char *
address_of(struct dy_q *q, const struct dy_request *r)
{
	struct dy_address a = { r->building_code, r->stair_code, r->door_code };
	struct dy_str text = dy_request_may_see_door(&q->actor, r)
	                             ? dy_address_text(q->arena, &a)
	                             : dy_address_masked(q->arena, &a);
	return dy_str_z(q->arena, text);
}

const char *
dy_request_number_text(struct dy_q *q, const struct dy_request *r)
{
	struct dy_civil c;
	struct dy_day day = { (int32_t)r->day };

	dy_civil_of(dy_zone_default(), dy_day_start(dy_zone_default(), day), &c);
	return dy_arena_printf(q->arena, "%02d%02d-%03lld", c.month, c.day,
	                       (long long)r->day_number);
}

static void
times_write(struct dy_jw *w, const struct dy_request *r)
{
	const struct dy_zone *zone = dy_zone_default();

	dy_jw_ktime(w, "created_at", zone, r->created_at);
	dy_jw_ktime(w, "changed_at", zone, r->changed_at);
	dy_jw_ktime(w, "responded_at", zone, r->responded_at);
	dy_jw_ktime(w, "done_at", zone, r->done_at);
	dy_jw_ktime(w, "closed_at", zone, r->closed_at);
	dy_jw_ktime(w, "respond_due_at", zone, r->respond_due_at);
	dy_jw_ktime(w, "close_due_at", zone, r->close_due_at);
	dy_jw_kbool(w, "paused", r->paused_at.ms != 0);
}

/* What only those who work on it and the household itself may know. */
static void
private_write(struct dy_q *q, const struct dy_request *r)
{
	struct dy_jw *w = &q->w;
	struct dy_str contact = DY_STR("");

	dy_jw_key(w, "callback_code");
	if (q->actor.is_staff || dy_id_eq(r->reporter, q->actor.account))
		dy_jw_str(w, r->callback_code);
	else
		dy_jw_null(w);
	if (dy_request_may_see_door(&q->actor, r))
		contact = dy_text_unseal(q->arena, q->api->options.key, r->contact_sealed);
	dy_jw_key(w, "contact");
	if (contact.len > 0)
		dy_jw_str(w, contact);
	else
		dy_jw_null(w);
}

static void
owner_write(struct dy_q *q, const struct dy_request *r)
{
	struct dy_jw *w = &q->w;

	dy_jw_key(w, "owner");
	if (r->owner.v == 0) {
		dy_jw_null(w);
		return;
	}
	dy_jw_obj(w);
	dy_jw_kid(w, "id", r->owner);
	dy_jw_kstr(w, "name", r->owner_name);
	dy_jw_kstr(w, "phone",
	           dy_request_may_see_door(&q->actor, r)
	                   ? dy_text_unseal(q->arena, q->api->options.key, r->owner_phone_sealed)
	                   : DY_STR(""));
	dy_jw_obj_end(w);
}

enum dy_code
dy_request_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_request *r)
{
	struct dy_jw *w = &q->w;
	unsigned acts = dy_request_acts(r->state, dy_request_sides(&q->actor, r));
	struct dy_photo_refs photos = { 0 };

	dy_jw_obj(w);
	dy_jw_kid(w, "id", r->id);
	dy_jw_kcstr(w, "number", dy_request_number_text(q, r));
	dy_jw_kstr(w, "category", r->category);
	dy_jw_kbool(w, "urgent", r->urgent);
	dy_jw_kcstr(w, "state", dy_state_name(r->state));
	dy_jw_kint(w, "level", r->level);
	dy_jw_kcstr(w, "address", address_of(q, r));
	dy_jw_kid(w, "unit_id", r->unit);
	dy_jw_kstr(w, "unit_name", r->unit_name);
	dy_jw_kid(w, "grid_id", r->grid);
	/* who follows a neighbour's request sees what is the matter, and no number that could be a door or a phone */
	dy_jw_kstr(w, "text",
	           dy_request_may_read(&q->actor, r) ? r->text : dy_text_masked(q->arena, r->text));
	dy_jw_kstr(w, "channel", r->channel);
	dy_jw_kbool(w, "verified", !r->unverified);
	dy_jw_kint(w, "reminders", r->reminders);
	dy_jw_kint(w, "followers", r->followers);
	dy_jw_kint(w, "open_needs", r->open_needs);
	dy_advice_write(q,
	                dy_state_is_open(r->state) ? dy_request_dangers(r->category, r->text) : 0);
	dy_jw_kbool(w, "reporter_is_me", dy_id_eq(r->reporter, q->actor.account));
	private_write(q, r);
	owner_write(q, r);
	dy_jw_kid(w, "merged_into", r->merged_into);
	dy_jw_key(w, "rating");
	if (r->rating > 0)
		dy_jw_int(w, r->rating);
	else
		dy_jw_null(w);
	times_write(w, r);
	DY_TRY(dy_clocks_write(q, tx, r));
	dy_jw_kint(w, "progress", dy_state_progress(r->state));
	dy_jw_key(w, "photo_ids");
	dy_jw_arr(w);
	if (r->photos > 0)
		DY_TRY(dy_photo_list(tx, q->arena, r->id, &photos, &q->err));
	for (size_t i = 0; i < photos.count; i++) {
		if (photos.items[i].entry_number ==
		    1) /* the report's own; others stand at their entry */
			dy_jw_id(w, photos.items[i].id);
	}
	dy_jw_arr_end(w);
	dy_jw_kint(w, "version", r->version);
	dy_jw_key(w, "acts");
	dy_jw_arr(w);
	for (int i = 0; i < DY_ACTS; i++) {
		if ((acts & 1u << i) != 0)
			dy_jw_cstr(w, dy_act_name((enum dy_act)i));
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
	return DY_OK;
}

enum dy_code
dy_request_one_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_request *r)
{
	dy_q_header(q, "ETag",
	            dy_str_from(dy_arena_printf(q->arena, "\"%lld\"", (long long)r->version)));
	return dy_request_write(q, tx, r);
}

/* Lists */
struct wanted {
	bool mine, open, ended;
	bool one_state;
	enum dy_state state;
	struct dy_id unit;
	int64_t limit;
	struct dy_request_page page;
};

/* "<urgent>-<ms>-<id>", as next_write() makes it */
static enum dy_code
cursor_read(struct dy_q *q, struct dy_request_page *page)
{
	struct dy_str text, urgent, at;

	if (!dy_q_query(q, "after", &text) || text.len == 0)
		return DY_OK;
	urgent = dy_str_split(&text, '-');
	at = dy_str_split(&text, '-');
	page->urgent = dy_str_is(urgent, "1");
	if (!dy_str_to_i64(at, &page->created_at.ms) || page->created_at.ms < 1 ||
	    dy_id_decode(text, "/after", &page->id, NULL) != DY_OK)
		return dy_raise(&q->err, DY_E_INPUT, "/after", "send `next` of the page before");
	return DY_OK;
}

static void
next_write(struct dy_q *q, const struct dy_request *last)
{
	char id[DY_ID_TEXT + 1];

	dy_jw_arr_end(&q->w);
	if (last == NULL) {
		dy_jw_key(&q->w, "next");
		dy_jw_null(&q->w);
	} else {
		dy_id_encode(last->id, id);
		dy_jw_kcstr(&q->w, "next",
		            dy_arena_printf(q->arena, "%d-%lld-%s", last->urgent,
		                            (long long)last->created_at.ms, id));
	}
	dy_jw_obj_end(&q->w);
}

static enum dy_code
wanted_read(struct dy_q *q, struct wanted *want)
{
	struct dy_str text;

	*want = (struct wanted){ .mine = true };
	if (dy_q_query(q, "view", &text) && !dy_str_is(text, "mine")) {
		if (!dy_str_is(text, "board"))
			return dy_raise(&q->err, DY_E_INPUT, "/view", "view is mine or board");
		if (!dy_actor_has(&q->actor, DY_CAP_REQUEST_READ))
			return dy_raise(&q->err, DY_E_DENIED, "/view", "your posts have no board");
		want->mine = false;
	}
	want->open = !want->mine;
	if (dy_q_query(q, "state", &text) && text.len > 0) {
		want->open = dy_str_is(text, "open");
		if (!want->open) {
			if (!dy_state_find(text, &want->state))
				return dy_raise(&q->err, DY_E_INPUT, "/state",
				                "state is open or the name of a state");
			want->one_state = true;
			want->ended = !dy_state_is_open(want->state);
		}
	}
	DY_TRY(dy_q_query_id(q, "unit", &want->unit));
	DY_TRY(dy_q_query_limit(q, &want->limit));
	return cursor_read(q, &want->page);
}

/* When everything this person may read is in one unit, only that unit is read. */
static struct dy_id
only_unit(const struct dy_actor *actor)
{
	struct dy_id unit = { 0 };

	for (size_t i = 0; i < actor->posts.count; i++) {
		const struct dy_post_scope *scope = &actor->posts.items[i].scope;
		if (scope->kind != DY_SCOPE_UNIT || (unit.v != 0 && !dy_id_eq(unit, scope->scope)))
			return (struct dy_id){ 0 };
		unit = scope->scope;
	}
	return unit;
}

static bool
is_wanted(const struct dy_q *q, const struct wanted *want, const struct dy_request *r)
{
	if (want->one_state && r->state != want->state)
		return false;
	if (want->open && !dy_state_is_open(r->state))
		return false;
	if (want->unit.v != 0 && !dy_id_eq(want->unit, r->unit))
		return false;
	return dy_request_may_read(&q->actor, r);
}

static enum dy_code
page_read(struct dy_q *q, const struct wanted *want, struct dy_request_list *list)
{
	if (want->mine)
		return dy_request_list_mine(q->tx, q->arena, q->actor.account, q->actor.household,
		                            &want->page, list, &q->err);
	if (want->ended)
		return dy_request_list_ended(q->tx, q->arena, &want->page, list, &q->err);
	return dy_request_list_open(q->tx, q->arena, &want->page, list, &q->err);
}

static enum dy_code
list_requests(struct dy_q *q)
{
	struct wanted want;
	struct dy_request_list list;
	struct dy_request last = { 0 };
	int64_t n = 0;
	bool more = true;

	DY_TRY(wanted_read(q, &want));
	want.page.unit = want.unit.v != 0 ? want.unit : only_unit(&q->actor);
	want.page.limit = want.limit + 1 > SCAN_PAGE ? SCAN_PAGE : want.limit + 1;
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	while (more) {
		struct dy_arena_mark mark = dy_arena_mark(q->arena);
		DY_TRY(page_read(q, &want, &list));
		more = (int64_t)list.count == want.page.limit;
		for (size_t i = 0; i < list.count; i++) {
			const struct dy_request *r = &list.items[i];
			if (!is_wanted(q, &want, r))
				continue;
			if (n++ == want.limit) {
				next_write(q, &last);
				dy_q_etag(q);
				return DY_OK;
			}
			DY_TRY(dy_request_write(q, q->tx, r));
			last = *r;
		}
		if (more) {
			const struct dy_request *end = &list.items[list.count - 1];
			want.page.id = end->id;
			want.page.created_at = end->created_at;
			want.page.urgent = end->urgent;
			want.page.limit = SCAN_PAGE;
		}
		dy_arena_rewind(q->arena, mark);
	}
	next_write(q, NULL);
	dy_q_etag(q);
	return DY_OK;
}

/* One */
enum dy_code
dy_request_find(struct dy_q *q, struct dy_request *r)
{
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_request_get(q->tx, q->arena, id, r, &q->err));
	bool may = dy_request_may_read(&q->actor, r);
	if (!may)
		DY_TRY(dy_request_may_follow_read(q->tx, &q->actor, r, &may, &q->err));
	return may ? DY_OK : dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such request");
}

static enum dy_code
get_request(struct dy_q *q)
{
	struct dy_request r;

	DY_TRY(dy_request_find(q, &r));
	return dy_request_one_write(q, q->tx, &r);
}

/* A follower reads what the team says; of the household only the report, without its numbers. */
static struct dy_str
entry_text(struct dy_q *q, const struct dy_request *r, const struct dy_entry *e)
{
	if (dy_request_may_read(&q->actor, r))
		return e->text;
	if (e->number == 1)
		return dy_text_masked(q->arena, e->text);
	return dy_str_is(e->actor_side, "resident") ? DY_STR("") : e->text;
}

static void
entry_write(struct dy_q *q, const struct dy_request *r, const struct dy_entry *e,
            const struct dy_photo_refs *photos)
{
	struct dy_jw *w = &q->w;
	struct dy_str name = e->actor_name;

	if (dy_str_is(e->actor_side, "resident") && !dy_request_may_see_door(&q->actor, r))
		name = dy_name_masked(q->arena, name);
	dy_jw_obj(w);
	dy_jw_kint(w, "number", e->number);
	dy_jw_ktime(w, "at", dy_zone_default(), e->at);
	dy_jw_kstr(w, "act", e->act);
	dy_jw_kstr(w, "actor_name", name);
	dy_jw_kstr(w, "actor_side", e->actor_side);
	dy_jw_kstr(w, "from_state", e->from_state);
	dy_jw_kstr(w, "to_state", e->to_state);
	dy_jw_kstr(w, "text", entry_text(q, r, e));
	dy_jw_kstr(w, "visibility", e->visibility);
	dy_jw_key(w, "photo_ids");
	dy_jw_arr(w);
	for (size_t i = 0; i < photos->count; i++) {
		if (photos->items[i].entry_number == e->number)
			dy_jw_id(w, photos->items[i].id);
	}
	dy_jw_arr_end(w);
	dy_jw_obj_end(w);
}

static enum dy_code
list_request_entries(struct dy_q *q)
{
	struct dy_request r;
	struct dy_entry_list entries;
	struct dy_photo_refs photos;

	DY_TRY(dy_request_find(q, &r));
	bool team = (dy_request_sides(&q->actor, &r) & ~(unsigned)DY_SIDE_RESIDENT) != 0 ||
	            dy_actor_has_at(&q->actor, DY_CAP_REQUEST_READ, r.grid, r.unit);
	DY_TRY(dy_entry_list(q->tx, q->arena, r.id, &entries, &q->err));
	DY_TRY(dy_photo_list(q->tx, q->arena, r.id, &photos, &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < entries.count; i++) {
		if (team || dy_str_is(entries.items[i].visibility, "all"))
			entry_write(q, &r, &entries.items[i], &photos);
	}
	dy_list_end(q);
	return DY_OK;
}

static enum dy_code
list_request_acts(struct dy_q *q)
{
	struct dy_request r;
	struct dy_step step;

	DY_TRY(dy_request_find(q, &r));
	DY_TRY(dy_q_hands(q, q->tx));
	unsigned sides = dy_request_sides(&q->actor, &r);
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (int i = 0; i < DY_ACTS; i++) {
		enum dy_act act = (enum dy_act)i;
		if (dy_request_step(r.state, r.prior, act, sides, &step, NULL) != DY_OK)
			continue;
		dy_jw_obj(&q->w);
		dy_jw_kcstr(&q->w, "act", dy_act_name(act));
		dy_jw_key(&q->w, "needs");
		dy_jw_arr(&q->w);
		for (size_t k = 0; k < DY_COUNT(NEEDS); k++) {
			if ((step.effects & NEEDS[k].effect) != 0)
				dy_jw_cstr(&q->w, NEEDS[k].field);
		}
		if (dy_request_needs_photo(q->rules, &r, act))
			dy_jw_cstr(&q->w, "photo_ids");
		dy_jw_arr_end(&q->w);
		dy_jw_obj_end(&q->w);
	}
	dy_list_end(q);
	return DY_OK;
}

/* Writing */
static enum dy_code
photos_read(struct dy_json *j, struct dy_photo_set *out, struct dy_err *err)
{
	struct dy_json_list *list;

	if (!dy_json_has(j, "photo_ids"))
		return DY_OK;
	DY_TRY(dy_json_array(j, "photo_ids", DY_PHOTOS_MAX, &list, err));
	out->count = dy_json_list_count(list);
	for (size_t i = 0; i < out->count; i++)
		DY_TRY(dy_json_list_id(list, i, &out->ids[i], err));
	return DY_OK;
}

/* Staff say how it reached them; everybody else is here in person. */
static enum dy_code
channel_read(struct dy_q *q, struct dy_json *j, struct dy_request_draft *d)
{
	static const char *const names[] = { "phone", "paper", "paste", "proxy" };
	size_t i;

	if (!dy_json_has(j, "channel"))
		return DY_OK;
	DY_TRY(dy_json_word(j, "channel", names, DY_COUNT(names), &i, &q->err));
	if (!q->actor.is_staff)
		return dy_raise(&q->err, DY_E_INPUT, "/channel", "this is for staff to say");
	d->channel = dy_str_from(names[i]);
	return DY_OK;
}

/* A door as people write it, instead of its id. */
static enum dy_code
door_text_read(struct dy_q *q, struct dy_json *j, struct dy_request_draft *d)
{
	struct dy_str text = { "", 0 };

	DY_TRY(dy_json_opt_str(j, "door", 40, &text, &q->err));
	if (text.len == 0)
		return DY_OK;
	if (d->door.v != 0)
		return dy_raise(&q->err, DY_E_INPUT, "/door", "send door or door_id, not both");
	if (dy_address_decode(q->arena, text, &d->address, NULL) != DY_OK)
		return dy_raise(&q->err, DY_E_INPUT, "/door", "write the door like 3-1-501");
	return DY_OK;
}

static enum dy_code
report_prepare(struct dy_q *q)
{
	struct dy_request_draft *d = DY_NEW(q->arena, struct dy_request_draft);
	struct dy_json *j;

	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_opt_str(j, "category", 4, &d->category, &q->err));
	DY_TRY(dy_json_str(j, "text", 1, DY_TEXT_MAX, &d->text, &q->err));
	DY_TRY(photos_read(j, &d->photos, &q->err));
	DY_TRY(dy_json_opt_id(j, "door_id", &d->door, &q->err));
	DY_TRY(dy_json_opt_str(j, "on_behalf", 60, &d->on_behalf, &q->err));
	DY_TRY(dy_json_opt_str(j, "contact", 60, &d->contact, &q->err));
	DY_TRY(dy_json_opt_bool(j, "urgent", &d->urgent, &q->err));
	DY_TRY(channel_read(q, j, d));
	DY_TRY(door_text_read(q, j, d));
	DY_TRY(dy_json_end(j, &q->err));
	DY_TRY(dy_check_phone(d->contact, "/contact", &q->err));
	if (d->category.len == 0)
		d->category = dy_str_from(dy_category_guess(d->text)->code);
	q->job.urgent = dy_intake_is_urgent(d->category, d->text) || dy_str_is(d->channel, "phone");
	q->draft = d;
	return DY_OK;
}

static enum dy_code
report_look(struct dy_q *q)
{
	struct dy_request_draft *d = q->draft;

	if (q->actor.household.v == 0)
		return DY_OK;
	/* six tables, an eighth of the writer's work on a report: read here, where there is one thread a core */
	struct dy_where *home = DY_NEW(q->arena, struct dy_where);
	DY_TRY(dy_q_home(q, home));
	d->home = home;
	return DY_OK;
}

static enum dy_code
report_request(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_request *r = DY_NEW(q->arena, struct dy_request);

	DY_TRY(dy_app_report(&call, q->draft, r));
	q->status = 201;
	q->subject = r->id;
	q->result = r;
	return DY_OK;
}

enum dy_code
dy_request_show(struct dy_q *q)
{
	const struct dy_request *r = q->result;
	struct dy_request now;

	if (r == NULL) {
		DY_TRY(dy_request_get(q->tx, q->arena, q->subject, &now, &q->err));
		if (!dy_request_may_read(&q->actor, &now))
			return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such request");
		r = &now;
	}
	return dy_request_one_write(q, q->tx, r);
}

static enum dy_code
version_read(struct dy_q *q, int64_t *out)
{
	struct dy_str text = dy_exchange_header(q->x, "if-match");

	if (text.len < 3 || text.ptr[0] != '"' || text.ptr[text.len - 1] != '"' ||
	    !dy_str_to_i64(dy_str_slice(text, 1, text.len - 1), out) || *out < 1)
		return dy_raise(&q->err, DY_E_INPUT, "/If-Match",
		                "send If-Match with the version you have seen, in double quotes");
	return DY_OK;
}

static enum dy_code
act_prepare(struct dy_q *q)
{
	static const char *const visible[] = { "all", "team" };
	struct dy_act_draft *d = DY_NEW(q->arena, struct dy_act_draft);
	struct dy_str act;
	struct dy_json *j;
	size_t i = 0;

	DY_TRY(dy_q_param_id(q, 0, &d->request));
	DY_TRY(version_read(q, &d->version));
	DY_TRY(dy_q_json(q, &j));
	DY_TRY(dy_json_str(j, "act", 1, 20, &act, &q->err));
	if (!dy_act_find(act, &d->act))
		return dy_raise(&q->err, DY_E_INPUT, "/act", "there is no such act");
	DY_TRY(dy_json_opt_str(j, "text", DY_TEXT_MAX, &d->text, &q->err));
	DY_TRY(photos_read(j, &d->photos, &q->err));
	DY_TRY(dy_json_opt_id(j, "to_account_id", &d->to_account, &q->err));
	DY_TRY(dy_json_opt_id(j, "into_request_id", &d->into_request, &q->err));
	if (dy_json_has(j, "extend_minutes"))
		DY_TRY(dy_json_int(j, "extend_minutes", 1, 43200, &d->extend_minutes, &q->err));
	if (dy_json_has(j, "rating"))
		DY_TRY(dy_json_int(j, "rating", 1, 5, &d->rating, &q->err));
	if (dy_json_has(j, "visibility"))
		DY_TRY(dy_json_word(j, "visibility", visible, DY_COUNT(visible), &i, &q->err));
	d->team_only = i == 1;
	q->draft = d;
	return dy_json_end(j, &q->err);
}

static enum dy_code
act_on_request(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_request *r = DY_NEW(q->arena, struct dy_request);

	enum dy_code rc = dy_app_act(&call, q->draft, r);
	dy_q_wait(q, &call);
	const struct dy_act_draft *d = q->draft;
	if (rc == DY_E_INPUT && d->photos.count == 0 && strcmp(q->err.field, "/photo_ids") == 0)
		q->problem = "evidence";
	DY_TRY(rc);
	q->subject = r->id;
	q->result = r;
	return DY_OK;
}

static void
minutes_write(struct dy_jw *w, const char *name, const struct dy_due *due)
{
	int64_t minutes = dy_due_minutes(due);

	dy_jw_key(w, name);
	if (minutes >= 0)
		dy_jw_int(w, minutes);
	else
		dy_jw_null(w);
}

static enum dy_code
list_categories(struct dy_q *q)
{
	struct dy_rules built_in;
	const struct dy_rules *rules = &built_in;

	/* as the community of who is signed in has them; to others, as they are without rules of one's own */
	if (q->actor.community.v != 0) {
		DY_TRY(dy_q_hands(q, q->tx));
		rules = q->rules;
	} else {
		dy_rules_init(&built_in);
	}
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < DY_RULES_CATEGORIES; i++) {
		const struct dy_rule *rule = &rules->categories[i];
		const struct dy_deadlines *d = &rule->modes[DY_MODE_NORMAL];
		dy_jw_obj(&q->w);
		dy_jw_kcstr(&q->w, "code", rule->category.code);
		dy_jw_kbool(&q->w, "always_urgent", rule->category.urgent == DY_URGENT_ALWAYS);
		dy_jw_kbool(&q->w, "private", rule->category.is_private);
		minutes_write(&q->w, "respond_minutes", &d->respond[DY_BY_DAY]);
		minutes_write(&q->w, "close_minutes", &d->close[DY_BY_DAY]);
		dy_jw_kcstr(&q->w, "evidence", dy_evidence_name(rule->category.evidence));
		dy_jw_obj_end(&q->w);
	}
	dy_list_end(q);
	dy_q_etag(q);
	return DY_OK;
}

const struct dy_route dy_request_routes[] = {
	{ DY_GET, "/api/v1/categories", .op = "listCategories", .cap = DY_CAP_PUBLIC,
	  .fn = list_categories },
	{ DY_GET, "/api/v1/requests", .op = "listRequests", .cap = DY_CAP_SIGNED_IN,
	  .fn = list_requests },
	{ DY_POST, "/api/v1/requests", .op = "reportRequest", .cap = DY_CAP_REQUEST_REPORT,
	  .prepare = report_prepare, .look = report_look, .fn = report_request,
	  .show = dy_request_show, .body_max = DY_JSON_BODY_MAX,
	  .flags = DY_ROUTE_REPEATABLE | DY_ROUTE_URGENT },
	{ DY_GET, "/api/v1/requests/{id}", .op = "getRequest", .cap = DY_CAP_SIGNED_IN,
	  .fn = get_request },
	{ DY_GET, "/api/v1/requests/{id}/entries", .op = "listRequestEntries",
	  .cap = DY_CAP_SIGNED_IN, .fn = list_request_entries },
	{ DY_GET, "/api/v1/requests/{id}/acts", .op = "listRequestActs", .cap = DY_CAP_SIGNED_IN,
	  .fn = list_request_acts },
	{ DY_POST, "/api/v1/requests/{id}/acts", .op = "actOnRequest", .cap = DY_CAP_SIGNED_IN,
	  .prepare = act_prepare, .fn = act_on_request, .show = dy_request_show,
	  .body_max = DY_JSON_BODY_MAX, .flags = DY_ROUTE_REPEATABLE },
};
const size_t dy_request_routes_n = DY_COUNT(dy_request_routes);
