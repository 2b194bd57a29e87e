/* Taking a whole import back, newest change first, as long as nobody else has touched what it made or changed. */
#include "import_do.h"

#include "base/json.h"

#define TEXT_MAX    8192
#define UNDO_MS_MAX 10000 /* the writer serves nobody else meanwhile; 10,000 rows take about 2 s */

static void
text_take(struct dy_arena *arena, struct dy_strbuf *sb, struct dy_str *out)
{
	*out = dy_str_dup(arena, dy_strbuf_str(sb));
	dy_strbuf_release(sb);
}

struct dy_str
dy_import_home_text(struct dy_arena *arena, const struct dy_book_home *home)
{
	struct dy_strbuf sb;
	struct dy_jw w;
	struct dy_str out;

	dy_strbuf_init(&sb, TEXT_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_kstr(&w, "name", home->name);
	dy_jw_kstr(&w, "phone", home->phone);
	dy_jw_kint(&w, "residents", home->residents);
	dy_jw_kint(&w, "elderly", home->elderly);
	dy_jw_key(&w, "facts");
	dy_jw_arr(&w);
	for (int k = 0; k < DY_FACTS; k++) {
		const struct dy_fact *f = &home->facts.items[k];
		if ((home->facts.has & DY_FLAG(k)) == 0)
			continue;
		dy_jw_obj(&w);
		dy_jw_kint(&w, "kind", k);
		dy_jw_kint(&w, "source", f->source);
		dy_jw_kint(&w, "since", f->since.ms);
		dy_jw_kint(&w, "expires", f->expires.ms);
		dy_jw_obj_end(&w);
	}
	dy_jw_arr_end(&w);
	dy_jw_obj_end(&w);
	text_take(arena, &sb, &out);
	return out;
}

enum dy_code
dy_import_home_read(struct dy_arena *arena, struct dy_str text, struct dy_book_home *out,
                    struct dy_err *err)
{
	struct dy_json_list *list;
	struct dy_json *j, *item;

	*out = (struct dy_book_home){ 0 };
	DY_TRY(dy_json_open(arena, text, &j, err));
	DY_TRY(dy_json_str(j, "name", 0, DY_TEXT_MAX, &out->name, err));
	DY_TRY(dy_json_str(j, "phone", 0, DY_TEXT_MAX, &out->phone, err));
	DY_TRY(dy_json_int(j, "residents", INT32_MIN, INT32_MAX, &out->residents, err));
	DY_TRY(dy_json_int(j, "elderly", INT32_MIN, INT32_MAX, &out->elderly, err));
	DY_TRY(dy_json_array(j, "facts", DY_FACTS, &list, err));
	for (size_t i = 0; i < dy_json_list_count(list); i++) {
		int64_t kind, source;
		DY_TRY(dy_json_list_obj(list, i, &item, err));
		DY_TRY(dy_json_int(item, "kind", 0, DY_FACTS - 1, &kind, err));
		DY_TRY(dy_json_int(item, "source", 0, DY_SOURCES - 1, &source, err));
		struct dy_fact *f = &out->facts.items[kind];
		f->kind = (enum dy_fact_kind)kind;
		f->source = (enum dy_fact_source)source;
		DY_TRY(dy_json_int(item, "since", INT64_MIN, INT64_MAX, &f->since.ms, err));
		DY_TRY(dy_json_int(item, "expires", INT64_MIN, INT64_MAX, &f->expires.ms, err));
		out->facts.has |= DY_FLAG(kind);
	}
	return dy_json_end(j, err);
}

static void
building_write(struct dy_jw *w, const char *name, const struct dy_building *b)
{
	dy_jw_key(w, name);
	dy_jw_obj(w);
	dy_jw_kstr(w, "name", b->name);
	dy_jw_kint(w, "lat", b->lat_e7);
	dy_jw_kint(w, "lon", b->lon_e7);
	dy_jw_kint(w, "floors", b->floors);
	dy_jw_obj_end(w);
}

struct dy_str
dy_import_building_text(struct dy_arena *arena, const struct dy_building *before,
                        const struct dy_building *after)
{
	struct dy_strbuf sb;
	struct dy_jw w;
	struct dy_str out;

	dy_strbuf_init(&sb, TEXT_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	building_write(&w, "before", before);
	building_write(&w, "after", after);
	dy_jw_obj_end(&w);
	text_take(arena, &sb, &out);
	return out;
}

static enum dy_code
building_read(struct dy_json *j, const char *name, struct dy_building *out, struct dy_err *err)
{
	struct dy_json *item;

	*out = (struct dy_building){ 0 };
	DY_TRY(dy_json_obj(j, name, &item, err));
	DY_TRY(dy_json_str(item, "name", 0, DY_TEXT_MAX, &out->name, err));
	DY_TRY(dy_json_int(item, "lat", INT64_MIN, INT64_MAX, &out->lat_e7, err));
	DY_TRY(dy_json_int(item, "lon", INT64_MIN, INT64_MAX, &out->lon_e7, err));
	return dy_json_int(item, "floors", 0, INT32_MAX, &out->floors, err);
}

enum dy_code
dy_import_building_read(struct dy_arena *arena, struct dy_str text, struct dy_building *before,
                        struct dy_building *after, struct dy_err *err)
{
	struct dy_json *j;

	DY_TRY(dy_json_open(arena, text, &j, err));
	DY_TRY(building_read(j, "before", before, err));
	DY_TRY(building_read(j, "after", after, err));
	return dy_json_end(j, err);
}

struct undoing {
	struct dy_call *call;
	struct dy_wtx *tx;
	struct dy_building_list buildings;
	struct dy_post_list posts;
	struct dy_keys used; /* ids that requests speak of */
	struct dy_import_obstacles *out;
};

static enum dy_code
used_load(struct undoing *u, struct dy_time since)
{
	struct dy_used_list list;

	DY_TRY(dy_used_since(dy_wtx_read(u->tx), u->call->arena, since, &list, u->call->err));
	for (size_t i = 0; i < list.count; i++) {
		struct dy_str key = { (const char *)&list.items[i].v, sizeof(list.items[i].v) };
		dy_keys_put(u->call->arena, &u->used, key, i);
	}
	return DY_OK;
}

static bool
is_used(const struct undoing *u, struct dy_id id)
{
	size_t at;
	return dy_keys_find(&u->used, (struct dy_str){ (const char *)&id.v, sizeof(id.v) }, &at);
}

static void
obstacle(struct undoing *u, const struct dy_import_change *c, const char *reason)
{
	if (u->out->count >= DY_OBSTACLES_MAX)
		return;
	struct dy_import_obstacle *o = dy_arena_push(u->call->arena, (void **)&u->out->items,
	                                             &u->out->count, &u->out->cap, sizeof(*o));
	*o = (struct dy_import_obstacle){ c->number, c->entity, dy_str_from(reason) };
}

static enum dy_code
household_restore(struct undoing *u, const struct dy_import_change *c, struct dy_str text)
{
	struct dy_call *call = u->call;
	struct dy_book_home home;

	DY_TRY(dy_import_home_read(call->arena, text, &home, call->err));
	struct dy_record r = { .id = c->id,
		               .name_sealed = dy_text_seal(call->arena, call->key, home.name),
		               .phone_sealed = dy_text_seal(call->arena, call->key, home.phone),
		               .residents = home.residents,
		               .elderly = home.elderly,
		               .version = c->version };
	DY_TRY(dy_record_put(u->tx, &r, call->err));
	for (int k = 0; k < DY_FACTS; k++) {
		if ((home.facts.has & DY_FLAG(k)) != 0)
			DY_TRY(dy_fact_put(u->tx, c->id, &home.facts.items[k], call->err));
		else
			DY_TRY(dy_fact_drop(u->tx, c->id, (enum dy_fact_kind)k, call->err));
	}
	return DY_OK;
}

static enum dy_code
building_restore(struct undoing *u, const struct dy_import_change *c, struct dy_str text)
{
	struct dy_building before, after;

	DY_TRY(dy_import_building_read(u->call->arena, text, &before, &after, u->call->err));
	before.id = c->id;
	for (size_t i = 0; i < u->buildings.count; i++) {
		struct dy_building *now = &u->buildings.items[i];
		if (!dy_id_eq(now->id, c->id))
			continue;
		if (!dy_str_eq(now->name, after.name) || now->floors != after.floors ||
		    now->lat_e7 != after.lat_e7 || now->lon_e7 != after.lon_e7)
			break;
		struct dy_str code = now->code;
		*now = before;
		now->code = code;
		return dy_building_change(u->tx, &before, u->call->err);
	}
	obstacle(u, c, "changed");
	return DY_OK;
}

static enum dy_code
post_restore(struct undoing *u, const struct dy_import_change *c, struct dy_str text)
{
	bool was = dy_str_is(text, "deputy");

	for (size_t i = 0; i < u->posts.count; i++) {
		if (dy_id_eq(u->posts.items[i].id, c->id) && u->posts.items[i].is_deputy != was)
			return dy_post_set_deputy(u->tx, c->id, was, u->call->err);
	}
	obstacle(u, c, "changed");
	return DY_OK;
}

static enum dy_code
change_restore(struct undoing *u, const struct dy_import_change *c)
{
	struct dy_str text = dy_text_unseal(u->call->arena, u->call->key, c->before);

	if (dy_str_is(c->entity, "household"))
		return household_restore(u, c, text);
	if (dy_str_is(c->entity, "building"))
		return building_restore(u, c, text);
	return post_restore(u, c, text);
}

static enum dy_code
change_undo(struct undoing *u, const struct dy_import_change *c)
{
	struct dy_rtx *rtx = dy_wtx_read(u->tx);
	int64_t version, uses;

	if (dy_str_is(c->entity, "household")) {
		DY_TRY(dy_household_version(rtx, c->id, &version, u->call->err));
		if (version != c->version) {
			obstacle(u, c, "changed");
			return DY_OK;
		}
	}
	if (dy_str_is(c->act, "change"))
		return change_restore(u, c);
	DY_TRY(dy_import_uses(rtx, c->entity, c->id, &uses, u->call->err));
	if (uses > 0 || is_used(u, c->id)) {
		obstacle(u, c, "used");
		return DY_OK;
	}
	/* what is of no count here may still refer to it: then the database refuses */
	enum dy_code rc = dy_import_remove(u->tx, c->entity, c->id, u->call->err);
	if (rc == DY_E_CONFLICT) {
		obstacle(u, c, "used");
		return DY_OK;
	}
	return rc;
}

static enum dy_code
finish(struct undoing *u, struct dy_import *record)
{
	struct dy_call *call = u->call;
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = DY_STR_INIT("import.undone"),
		.subject = record->id,
		.payload = DY_STR_INIT("{}"),
	};

	record->state = DY_STR("undone");
	record->undone_at = call->now;
	DY_TRY(dy_import_changes_delete(u->tx, record->id, call->err));
	DY_TRY(dy_import_update(u->tx, record, call->err));
	return dy_event_append(u->tx, &e, NULL, call->err);
}

enum dy_code
dy_app_import_undo(struct dy_call *call, struct dy_id id, struct dy_import_obstacles *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_import_change_list changes;
	struct dy_import record;
	enum dy_import_kind kind;

	*out = (struct dy_import_obstacles){ 0 };
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_import_get(dy_wtx_read(tx), call->arena, id, &record, call->err));
	if (!dy_import_kind_find(record.kind, &kind))
		return dy_raise(call->err, DY_E_BUG, "", "an import of an unknown kind");
	DY_TRY(dy_app_import_may(call->actor, kind, call->err));
	if (!dy_str_is(record.state, "done") && !dy_str_is(record.state, "running"))
		return dy_raise(call->err, DY_E_CONFLICT, "/state",
		                "this import has written nothing, or was taken back already");
	struct undoing u = { .call = call, .tx = tx, .out = out };
	DY_TRY(dy_building_list(dy_wtx_read(tx), call->arena, &u.buildings, call->err));
	DY_TRY(dy_post_list_all(dy_wtx_read(tx), call->arena, call->now, &u.posts, call->err));
	DY_TRY(dy_import_changes(dy_wtx_read(tx), call->arena, id, &changes, call->err));
	DY_TRY(used_load(&u, record.created_at));
	int64_t began = dy_tick_ms();
	for (size_t i = 0; i < changes.count && out->count < DY_OBSTACLES_MAX; i++) {
		if (dy_tick_ms() - began > UNDO_MS_MAX)
			return dy_raise(
				call->err, DY_E_LIMIT, "",
				"taking this much back would hold up everybody; nothing was "
				"taken back");
		struct dy_arena_mark mark = dy_arena_mark(call->arena);
		size_t before = out->count;
		DY_TRY(change_undo(&u, &changes.items[i]));
		if (out->count == before) /* else the list of obstacles lies behind the mark */
			dy_arena_rewind(call->arena, mark);
	}
	if (out->count > 0)
		return DY_OK; /* the transaction ends here and leaves nothing */
	DY_TRY(finish(&u, &record));
	return dy_wtx_commit(&tx, call->err);
}
