/* Sign-ups (接龙): making them, entering, leaving, moving up. */
#include "app/sign_up.h"

#include "store/event.h"

static const char *const PHASES[] = { "soon", "open", "full", "closed" };

const char *
dy_sign_up_phase_name(enum dy_sign_up_phase phase)
{
	return PHASES[phase];
}

enum dy_sign_up_phase
dy_sign_up_phase(const struct dy_sign_up *s, struct dy_time now)
{
	if (now.ms >= s->closes_at.ms)
		return DY_SIGN_UP_CLOSED;
	if (now.ms < s->opens_at.ms)
		return DY_SIGN_UP_SOON;
	return s->taken >= s->capacity || s->waiting > 0 ? DY_SIGN_UP_FULL : DY_SIGN_UP_OPEN;
}

bool
dy_sign_up_may_manage(const struct dy_actor *actor, const struct dy_sign_up *s)
{
	return dy_actor_has_at(actor, DY_CAP_SIGN_UP_MANAGE, s->grid, s->unit);
}

bool
dy_sign_up_may_see(const struct dy_actor *actor, const struct dy_where *home,
                   const struct dy_sign_up *s)
{
	if (s->unit.v == 0 && s->grid.v == 0)
		return actor->account.v != 0;
	if (home != NULL && home->unit.v != 0 &&
	    (s->unit.v != 0 ? dy_id_eq(home->unit, s->unit) : dy_id_eq(home->grid, s->grid)))
		return true;
	return dy_actor_has_at(actor, DY_CAP_TEAM_READ, s->grid, s->unit);
}

struct dy_id
dy_sign_up_member(const struct dy_actor *actor, const struct dy_sign_up *s)
{
	return s->per_person ? actor->account : actor->household;
}

static enum dy_code
sign_up_event(struct dy_wtx *tx, struct dy_call *call, const char *verb, const struct dy_sign_up *s,
              const struct dy_sign_up_entry *entry)
{
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = dy_str_from(dy_arena_printf(call->arena, "sign_up.%s", verb)),
		.subject = s->id,
		.rooms = { .unit = s->unit, .grid = s->grid, .reach = DY_REACH_EVERYONE },
		.payload = DY_STR_INIT("{}"),
	};

	if (entry != NULL) {
		/* who is in is for the household and the team; how many, for everyone who looks */
		e.rooms.household = entry->household;
		e.rooms.reach = DY_REACH_TEAM;
		e.payload = dy_str_from(dy_arena_printf(
			call->arena, "{\"place\":%lld,\"state\":\"%s\",\"seats\":%lld}",
			(long long)entry->place, dy_entry_state_name(entry->state),
			(long long)entry->seats));
	}
	return dy_event_append(tx, &e, NULL, call->err);
}

static enum dy_code
closing_check(struct dy_call *call, struct dy_time opens_at, struct dy_time closes_at)
{
	if (closes_at.ms <= call->now.ms || closes_at.ms <= opens_at.ms)
		return dy_raise(call->err, DY_E_INPUT, "/closes_at",
		                "it must close later than now and than it opens");
	if (closes_at.ms > call->now.ms + DY_SIGN_UP_DAYS * DY_DAY_MS)
		return dy_raise(call->err, DY_E_INPUT, "/closes_at", "it must close within %d days",
		                DY_SIGN_UP_DAYS);
	return DY_OK;
}

static enum dy_code
draft_check(struct dy_call *call, const struct dy_sign_up_draft *d)
{
	if (d->unit.v != 0 && d->grid.v != 0)
		return dy_raise(call->err, DY_E_INPUT, "/grid_id",
		                "name a unit or a grid, not both");
	if (d->capacity < 1 || d->capacity > DY_SEATS_MAX)
		return dy_raise(call->err, DY_E_INPUT, "/capacity", "give 1 to %d", DY_SEATS_MAX);
	if (d->entry_max < 1 || d->entry_max > DY_ENTRY_SEATS_MAX || d->entry_max > d->capacity)
		return dy_raise(call->err, DY_E_INPUT, "/entry_max",
		                "give 1 to %d, and not more than there is room for",
		                DY_ENTRY_SEATS_MAX);
	return closing_check(call, d->opens_at, d->closes_at);
}

/* The grid of a unit, so that posts over the grid hold; the place must exist. */
static enum dy_code
place_check(struct dy_rtx *tx, struct dy_call *call, const struct dy_sign_up *s, struct dy_id *grid)
{
	struct dy_grid_list grids;

	*grid = s->grid;
	if (s->unit.v != 0 && dy_unit_grid(tx, s->unit, call->now, grid, NULL) != DY_OK)
		return dy_raise(call->err, DY_E_INPUT, "/unit_id", "there is no such unit");
	if (s->unit.v != 0 || s->grid.v == 0)
		return DY_OK;
	DY_TRY(dy_grid_list(tx, call->arena, call->now, &grids, call->err));
	for (size_t i = 0; i < grids.count; i++) {
		if (dy_id_eq(grids.items[i].id, s->grid))
			return DY_OK;
	}
	return dy_raise(call->err, DY_E_INPUT, "/grid_id", "there is no such grid");
}

enum dy_code
dy_app_sign_up_make(struct dy_call *call, const struct dy_sign_up_draft *draft,
                    struct dy_sign_up *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_sign_up s = {
		.title = draft->title,
		.text = draft->text,
		.per_person = draft->per_person,
		.capacity = draft->capacity,
		.entry_max = draft->entry_max,
		.unit = draft->unit,
		.grid = draft->grid,
		.opens_at = draft->opens_at,
		.closes_at = draft->closes_at,
		.created_by = call->actor->account,
		.created_at = call->now,
		.version = 1,
	};

	if (s.opens_at.ms == 0)
		s.opens_at = call->now;
	DY_TRY(draft_check(call, draft));
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(place_check(dy_wtx_read(tx), call, &s, &s.grid));
	if (!dy_sign_up_may_manage(call->actor, &s))
		return dy_raise(call->err, DY_E_DENIED, "", "your posts do not reach that place");
	s.id = dy_wtx_new_id(tx, call->now);
	DY_TRY(dy_sign_up_insert(tx, &s, call->err));
	DY_TRY(sign_up_event(tx, call, "created", &s, NULL));
	DY_TRY(dy_sign_up_get(dy_wtx_read(tx), call->arena, s.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

/* Lets the line move up, in its order: the first who does not fit waits, and all behind. */
static enum dy_code
move_up(struct dy_wtx *tx, struct dy_call *call, const struct dy_sign_up *s)
{
	bool given = true;

	while (given) {
		struct dy_sign_up_entry next;
		bool found;
		DY_TRY(dy_sign_up_first_waiting(dy_wtx_read(tx), call->arena, s->id, &found, &next,
		                                call->err));
		if (!found)
			return DY_OK;
		DY_TRY(dy_sign_up_promote(tx, s->id, next.seats, &given, call->err));
		if (!given)
			return DY_OK;
		next.state = DY_ENTRY_IN;
		DY_TRY(dy_sign_up_entry_set(tx, s->id, next.member, next.state, call->now,
		                            call->err));
		DY_TRY(sign_up_event(tx, call, "moved_up", s, &next));
	}
	return DY_OK;
}

enum dy_code
dy_app_sign_up_change(struct dy_call *call, const struct dy_sign_up_edit *edit,
                      struct dy_sign_up *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_sign_up s;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_sign_up_get(dy_wtx_read(tx), call->arena, edit->id, &s, call->err));
	if (!dy_sign_up_may_manage(call->actor, &s))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such sign-up");
	if (edit->version != s.version)
		return dy_raise(call->err, DY_E_CONFLICT, "/version",
		                "somebody has changed it meanwhile; load it again");
	if (edit->capacity < s.taken)
		return dy_raise(call->err, DY_E_CONFLICT, "/capacity",
		                "%lld are taken; it cannot have less room than that",
		                (long long)s.taken);
	if (edit->capacity > DY_SEATS_MAX || edit->capacity < s.entry_max)
		return dy_raise(call->err, DY_E_INPUT, "/capacity", "give %lld to %d",
		                (long long)s.entry_max, DY_SEATS_MAX);
	if (edit->closes_at.ms > call->now.ms)
		DY_TRY(closing_check(call, s.opens_at, edit->closes_at));
	bool closes = edit->closes_at.ms <= call->now.ms && s.closes_at.ms > call->now.ms;
	s.title = edit->title;
	s.text = edit->text;
	s.capacity = edit->capacity;
	s.closes_at = edit->closes_at.ms > call->now.ms || !closes ? edit->closes_at : call->now;
	DY_TRY(dy_sign_up_update(tx, &s, call->err));
	DY_TRY(sign_up_event(tx, call, closes ? "closed" : "changed", &s, NULL));
	DY_TRY(move_up(tx, call, &s));
	DY_TRY(dy_sign_up_get(dy_wtx_read(tx), call->arena, s.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

/* Whose entry it is to be: the actor's own, or the household of a door for staff. */
static enum dy_code
member_of(struct dy_rtx *tx, struct dy_call *call, const struct dy_entry_draft *draft,
          const struct dy_sign_up *s, struct dy_sign_up_entry *e)
{
	struct dy_where where = { 0 };

	if (draft->door.v != 0) {
		if (s->per_person)
			return dy_raise(call->err, DY_E_INPUT, "/door_id",
			                "each person enters this list alone");
		DY_TRY(dy_where_door(tx, call->arena, draft->door, call->now, &where, call->err));
		if (!dy_actor_has_at(call->actor, DY_CAP_REQUEST_REPORT, where.grid, where.unit) ||
		    where.household.v == 0)
			return dy_raise(call->err, DY_E_INPUT, "/door_id",
			                "no household lives at this door, or it is not yours");
	} else if (draft->home != NULL) {
		where = *draft->home;
	} else if (call->actor->household.v != 0) {
		DY_TRY(dy_where_household(tx, call->arena, call->actor->household, call->now,
		                          &where, call->err));
	}
	struct dy_actor member = *call->actor;
	if (draft->door.v != 0)
		member = (struct dy_actor){ .account = call->actor->account };
	if (!dy_sign_up_may_see(&member, &where, s))
		return draft->door.v != 0
		               ? dy_raise(call->err, DY_E_INPUT, "/door_id",
		                          "this door is not of the place the list is for")
		               : dy_raise(call->err, DY_E_NOT_FOUND, "", "no such sign-up");
	e->member = s->per_person ? call->actor->account : where.household;
	e->household = where.household;
	e->door = where.door;
	if (e->member.v == 0)
		return dy_raise(call->err, DY_E_INPUT, "/door_id",
		                "say which door's household enters");
	return DY_OK;
}

static enum dy_code
not_open(struct dy_call *call, const struct dy_sign_up *s)
{
	if (dy_sign_up_phase(s, call->now) == DY_SIGN_UP_SOON)
		return dy_raise(call->err, DY_E_CONFLICT, "", "it has not opened yet");
	return dy_raise(call->err, DY_E_CONFLICT, "", "it is closed");
}

enum dy_code
dy_app_sign_up_join(struct dy_call *call, const struct dy_entry_draft *draft,
                    struct dy_sign_up_entry *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_sign_up s;
	struct dy_sign_up_entry before, e = {
		.seats = draft->seats,
		.note = draft->note,
		.account = call->actor->account,
		.at = call->now,
	};
	bool given, known;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	struct dy_rtx *rtx = dy_wtx_read(tx);
	DY_TRY(dy_sign_up_get(rtx, call->arena, draft->sign_up, &s, call->err));
	DY_TRY(member_of(rtx, call, draft, &s, &e));
	if (e.seats < 1 || e.seats > s.entry_max)
		return dy_raise(call->err, DY_E_INPUT, "/seats", "give 1 to %lld",
		                (long long)s.entry_max);
	/* the row is changed first: from here on entries of this list come one after the other */
	DY_TRY(dy_sign_up_take(tx, s.id, e.seats, call->now, &given, call->err));
	e.state = DY_ENTRY_IN;
	if (!given) {
		DY_TRY(dy_sign_up_queue(tx, s.id, call->now, &given, call->err));
		e.state = DY_ENTRY_WAITING;
	}
	if (!given)
		return not_open(call, &s);
	DY_TRY(dy_sign_up_entry_get(rtx, call->arena, s.id, e.member, &known, &before, call->err));
	if (known && before.state != DY_ENTRY_CANCELLED)
		return dy_raise(call->err, DY_E_CONFLICT, "/sign_up",
		                "already in this list, at place %lld", (long long)before.place);
	DY_TRY(dy_sign_up_place(rtx, s.id, &e.place, call->err));
	DY_TRY(dy_sign_up_entry_put(tx, s.id, &e, call->err));
	DY_TRY(sign_up_event(tx, call, "joined", &s, &e));
	DY_TRY(dy_wtx_commit(&tx, call->err));
	*out = e; /* what is joined when read is read by who shows it */
	return DY_OK;
}

enum dy_code
dy_app_sign_up_leave(struct dy_call *call, struct dy_id sign_up, struct dy_id member)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_sign_up s;
	struct dy_sign_up_entry e;
	bool known;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	struct dy_rtx *rtx = dy_wtx_read(tx);
	DY_TRY(dy_sign_up_get(rtx, call->arena, sign_up, &s, call->err));
	bool manages = dy_sign_up_may_manage(call->actor, &s);
	bool own = dy_id_eq(member, dy_sign_up_member(call->actor, &s));
	DY_TRY(dy_sign_up_entry_get(rtx, call->arena, s.id, member, &known, &e, call->err));
	if (!known || e.state == DY_ENTRY_CANCELLED || (!own && !manages))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such entry");
	if (!manages && call->now.ms >= s.closes_at.ms)
		return not_open(call, &s);
	DY_TRY(dy_sign_up_free(tx, s.id, e.state, e.seats, call->err));
	e.state = DY_ENTRY_CANCELLED;
	DY_TRY(dy_sign_up_entry_set(tx, s.id, member, e.state, call->now, call->err));
	DY_TRY(sign_up_event(tx, call, "left", &s, &e));
	DY_TRY(move_up(tx, call, &s));
	return dy_wtx_commit(&tx, call->err);
}
