/* A row of posts or volunteers: a person, found by phone or made, and what they answer for. */
#include "import_do.h"

#include "domain/address.h"

struct person {
	struct dy_import_session *s;
	struct dy_import_row *row;
	size_t account, unit, grid;
	struct dy_post_scope scope;
	bool has_scope;
};

static void
fault(struct person *p, int field, enum dy_fault what, struct dy_str value)
{
	dy_import_fault_add(p->s->arena, p->s->job, p->row, field, what,
	                    dy_str_dup(p->s->arena, value));
}

static void
account_resolve(struct person *p)
{
	const struct dy_book *book = &p->s->book;
	struct dy_import_row *row = p->row;
	bool several;

	p->account = dy_book_person(book, row->phone, row->name, &several);
	if (several)
		fault(p, DY_F_NAME, DY_FAULT_PERSON_SEVERAL, row->name);
	if (p->account == DY_NOWHERE)
		return;
	const struct dy_book_person *there = &book->persons[p->account];
	if (!dy_str_eq(there->name, row->name))
		fault(p, DY_F_PHONE, DY_FAULT_PHONE_OTHER,
		      dy_name_masked(p->s->arena, there->name));
	else if (there->disabled)
		fault(p, DY_F_NAME, DY_NOTE_DISABLED, there->name);
}

static void
over_unit(struct person *p, size_t unit)
{
	p->unit = unit;
	p->scope.kind = DY_SCOPE_UNIT;
	p->scope.scope = p->s->book.units.items[unit].id;
	p->has_scope = true;
}

static void
over_grid(struct person *p, size_t grid)
{
	p->grid = grid;
	p->scope.kind = DY_SCOPE_GRID;
	p->scope.scope = p->s->book.grids.items[grid].id;
	p->has_scope = true;
}

static void
over_community(struct person *p)
{
	p->scope.kind = DY_SCOPE_COMMUNITY;
	p->scope.scope = p->s->community;
	p->has_scope = true;
}

/* "1号网格", "3号单元", "全社区" in one column. */
static void
scope_text(struct person *p)
{
	static const struct dy_str WHOLE[] = { DY_STR_INIT("全社区"), DY_STR_INIT("社区"),
		                               DY_STR_INIT("全部"), DY_STR_INIT("community"),
		                               DY_STR_INIT("all") };
	const struct dy_book *book = &p->s->book;
	struct dy_str text = p->row->scope;

	for (size_t i = 0; i < DY_COUNT(WHOLE); i++) {
		if (dy_str_ieq(text, WHOLE[i])) {
			over_community(p);
			return;
		}
	}
	bool is_grid = (dy_str_contains(text, DY_STR("网格")) &&
	                !dy_str_contains(text, DY_STR("微网格"))) ||
	               dy_str_contains(text, DY_STR("rid"));
	size_t unit = is_grid ? DY_NOWHERE : dy_book_unit(book, text, DY_NOWHERE);
	size_t grid = unit == DY_NOWHERE ? dy_book_grid(book, text) : DY_NOWHERE;
	if (unit != DY_NOWHERE)
		over_unit(p, unit);
	else if (grid != DY_NOWHERE)
		over_grid(p, grid);
	else
		fault(p, DY_F_SCOPE, DY_FAULT_SCOPE_UNKNOWN, text);
}

static void
scope_resolve(struct person *p)
{
	const struct dy_book *book = &p->s->book;
	struct dy_import_row *row = p->row;
	size_t grid = row->grid.len > 0 ? dy_book_grid(book, row->grid) : DY_NOWHERE;

	p->scope.role = row->role;
	if (row->grid.len > 0 && grid == DY_NOWHERE) {
		fault(p, DY_F_GRID, DY_FAULT_SCOPE_UNKNOWN, row->grid);
		return;
	}
	if (row->unit.len > 0) {
		size_t unit = dy_book_unit(book, row->unit, grid);
		if (unit == DY_NOWHERE)
			fault(p, DY_F_UNIT, DY_FAULT_SCOPE_UNKNOWN, row->unit);
		else
			over_unit(p, unit);
		return;
	}
	if (grid != DY_NOWHERE) {
		over_grid(p, grid);
		return;
	}
	if (row->scope.len > 0) {
		scope_text(p);
		return;
	}
	if (row->building.len > 0) {
		size_t stair = dy_import_stair_find(p->s, row);
		if (stair != DY_NOWHERE && book->stairs[stair].unit != DY_NOWHERE)
			over_unit(p, book->stairs[stair].unit);
		return;
	}
	if (row->role == DY_ROLE_CADRE)
		over_community(p);
}

static enum dy_code
account_make(struct person *p)
{
	struct dy_import_session *s = p->s;
	struct dy_import_row *row = p->row;
	struct dy_id id = dy_import_new_id(s);

	if (s->tx != NULL) {
		struct dy_account a = {
			.id = id,
			.kind = DY_STR_INIT("staff"),
			.name = row->name,
			.phone_sealed = dy_text_seal(s->call->arena, s->key, row->phone),
			.language = DY_STR_INIT("zh-CN"),
			.created_at = s->now,
		};
		DY_TRY(dy_account_insert(s->tx, &a, s->err));
		DY_TRY(dy_import_event(s, "account.created", id, (struct dy_event_rooms){ 0 },
		                       "{}"));
		DY_TRY(dy_import_log(s, row, "account", id, DY_STR(""), 0));
	}
	p->account = dy_book_add_person(&s->book, id, row->name, row->phone, false);
	row->made |= 1u << DY_MADE_ACCOUNT;
	return DY_OK;
}

static struct dy_event_rooms
rooms_of(const struct person *p)
{
	struct dy_event_rooms rooms = { 0 };
	const struct dy_book *book = &p->s->book;

	if (p->unit != DY_NOWHERE) {
		rooms.unit = book->units.items[p->unit].id;
		rooms.grid = book->units.items[p->unit].grid;
	} else if (p->grid != DY_NOWHERE) {
		rooms.grid = book->grids.items[p->grid].id;
	}
	return rooms;
}

static enum dy_code
post_event(struct person *p, const char *topic, struct dy_id post)
{
	char id[DY_ID_TEXT + 1];

	dy_id_encode(post, id);
	return dy_import_event(p->s, topic, p->s->book.persons[p->account].id, rooms_of(p),
	                       dy_arena_printf(p->s->call->arena, "{\"post_id\":\"%s\"}", id));
}

static enum dy_code
post_make(struct person *p)
{
	struct dy_import_session *s = p->s;
	struct dy_post post = { .id = dy_import_new_id(s),
		                .account = s->book.persons[p->account].id,
		                .scope = p->scope,
		                .is_deputy = p->row->deputy == DY_TRI_YES,
		                .from = s->now };

	if (s->tx != NULL) {
		DY_TRY(dy_post_insert(s->tx, &post, s->err));
		DY_TRY(post_event(p, "post.given", post.id));
		DY_TRY(dy_import_log(s, p->row, "post", post.id, DY_STR(""), 0));
	}
	(void)dy_book_add_post(&s->book, &post);
	p->row->made |= 1u << DY_MADE_POST;
	return DY_OK;
}

static enum dy_code
post_change(struct person *p, struct dy_post *post, bool is_deputy)
{
	struct dy_import_session *s = p->s;

	if (s->tx != NULL) {
		DY_TRY(dy_post_set_deputy(s->tx, post->id, is_deputy, s->err));
		DY_TRY(post_event(p, "post.given", post->id));
		DY_TRY(dy_import_log(s, p->row, "post", post->id,
		                     post->is_deputy ? DY_STR("deputy") : DY_STR("full"), 0));
	}
	post->is_deputy = is_deputy;
	p->row->changed |= 1u << DY_F_DEPUTY;
	return DY_OK;
}

enum dy_code
dy_import_do_person(struct dy_import_session *s, struct dy_import_row *row)
{
	struct person p = { .s = s, .row = row, .unit = DY_NOWHERE, .grid = DY_NOWHERE };

	account_resolve(&p);
	scope_resolve(&p);
	if (!p.has_scope && !row->is_bad)
		fault(&p, s->job->kind == DY_IMPORT_POSTS ? DY_F_SCOPE : DY_F_UNIT,
		      DY_FAULT_SCOPE_MISSING, DY_STR(""));
	if (row->is_bad)
		return DY_OK;
	if (p.account == DY_NOWHERE)
		DY_TRY(account_make(&p));
	size_t post = dy_book_post(&s->book, s->book.persons[p.account].id, &p.scope);
	if (post == DY_NOWHERE)
		return post_make(&p);
	struct dy_post *there = &s->book.posts.items[post];
	if (row->deputy == DY_TRI_UNSAID || there->is_deputy == (row->deputy == DY_TRI_YES))
		return DY_OK;
	return post_change(&p, there, row->deputy == DY_TRI_YES);
}
