/* A row of the household register: the door it stands at, and what it says about who lives there. */
#include "import_do.h"

#include "app/place.h"
#include "domain/address.h"

#include <string.h>

#define YEAR_MS ((int64_t)DY_FACT_DAYS * DY_DAY_MS)

struct home {
	struct dy_import_session *s;
	struct dy_import_row *row;
	struct dy_book_home before, after;
	unsigned put, drop; /* masks of facts to write and to remove */
	bool is_new;
};

static void
fault(struct home *h, int field, enum dy_fault what)
{
	dy_import_fault_add(h->s->arena, h->s->job, h->row, field, what, DY_STR(""));
}

/* What people said themselves stays, as long as it is to be believed. */
static bool
is_resident_word(const struct home *h, enum dy_fact_kind kind)
{
	const struct dy_fact *f = &h->before.facts.items[kind];

	return (h->before.facts.has & DY_FLAG(kind)) != 0 && f->source == DY_SOURCE_RESIDENT &&
	       (f->expires.ms == 0 || f->expires.ms > h->s->now.ms);
}

static void
fact_set(struct home *h, enum dy_fact_kind kind)
{
	struct dy_time since = h->row->since.ms != 0 ? h->row->since : h->s->now;
	struct dy_time until =
		h->row->until.ms != 0 ? h->row->until : (struct dy_time){ since.ms + YEAR_MS };

	h->after.facts.items[kind] = (struct dy_fact){ kind, DY_SOURCE_IMPORT, since, until };
	h->after.facts.has |= DY_FLAG(kind);
	h->put |= DY_FLAG(kind);
}

static void
text_set(struct home *h, enum dy_import_field field, enum dy_fact_kind kind, struct dy_str value,
         bool same, struct dy_str *to)
{
	if (value.len == 0 || same)
		return;
	if (to->len > 0 && is_resident_word(h, kind)) {
		fault(h, (int)field, DY_NOTE_KEPT);
		return;
	}
	*to = value;
	h->row->changed |= 1u << field;
	fact_set(h, kind);
}

static void
size_set(struct home *h)
{
	struct dy_import_row *row = h->row;
	int64_t residents = row->residents >= 0 ? row->residents : h->after.residents;
	int64_t elderly = row->elderly >= 0 ? row->elderly : h->after.elderly;

	if (h->is_new && row->residents < 0)
		residents = elderly;
	if (residents == h->after.residents && elderly == h->after.elderly)
		return;
	if (is_resident_word(h, DY_FACT_SIZE)) {
		fault(h, DY_F_RESIDENTS, DY_NOTE_KEPT);
		return;
	}
	if (elderly > residents) {
		fault(h, row->elderly >= 0 ? DY_F_ELDERLY : DY_F_RESIDENTS, DY_FAULT_ELDERLY_MORE);
		return;
	}
	row->changed |= residents != h->after.residents ? 1u << DY_F_RESIDENTS : 0;
	row->changed |= elderly != h->after.elderly ? 1u << DY_F_ELDERLY : 0;
	h->after.residents = residents;
	h->after.elderly = elderly;
	fact_set(h, DY_FACT_SIZE);
}

static void
need_set(struct home *h, enum dy_fact_kind kind)
{
	static const enum dy_import_field FIELDS[DY_FACTS] = {
		[DY_NEED_ELDERLY_ALONE] = DY_F_ELDERLY_ALONE,
		[DY_NEED_DIALYSIS] = DY_F_DIALYSIS,
		[DY_NEED_INFANT] = DY_F_INFANT,
		[DY_NEED_DISABLED] = DY_F_DISABLED,
		[DY_NEED_PET] = DY_F_PET,
	};
	const struct dy_fact *f = &h->before.facts.items[kind];
	bool has = (h->before.facts.has & DY_FLAG(kind)) != 0;
	bool holds = has && (f->expires.ms == 0 || f->expires.ms > h->s->now.ms);
	struct dy_time until = h->row->until;

	if (h->row->need[kind] == DY_TRI_UNSAID)
		return;
	if (is_resident_word(h, kind)) {
		if (h->row->need[kind] == DY_TRI_NO)
			fault(h, -1, DY_NOTE_KEPT);
		return;
	}
	if (h->row->need[kind] == DY_TRI_NO) {
		if (!has)
			return;
		h->after.facts.has &= ~DY_FLAG(kind);
		h->drop |= DY_FLAG(kind);
	} else {
		/* a file whose own date has passed renews nothing */
		bool is_over = until.ms != 0 && until.ms <= h->s->now.ms;
		if (holds && (until.ms == 0 || until.ms == f->expires.ms))
			return;
		if (has && is_over && until.ms == f->expires.ms)
			return;
		fact_set(h, kind);
	}
	h->row->changed |= 1u << FIELDS[kind];
}

static void
decide(struct home *h)
{
	struct dy_import_row *row = h->row;
	struct dy_arena *arena = h->s->book.arena;

	text_set(h, DY_F_NAME, DY_FACT_NAME, row->name,
	         dy_str_eq(row->name, dy_sheet_clean(arena, h->after.name)), &h->after.name);
	text_set(h, DY_F_PHONE, DY_FACT_PHONE, row->phone,
	         dy_str_eq(row->phone, dy_import_phone_key(arena, h->after.phone)),
	         &h->after.phone);
	size_set(h);
	for (int k = DY_NEED_FIRST; k < DY_FACTS; k++)
		need_set(h, (enum dy_fact_kind)k);
}

static enum dy_code
facts_write(struct home *h)
{
	for (int k = 0; k < DY_FACTS; k++) {
		enum dy_fact_kind kind = (enum dy_fact_kind)k;
		if ((h->put & DY_FLAG(kind)) != 0)
			DY_TRY(dy_fact_put(h->s->tx, h->after.id, &h->after.facts.items[kind],
			                   h->s->err));
		if ((h->drop & DY_FLAG(kind)) != 0)
			DY_TRY(dy_fact_drop(h->s->tx, h->after.id, kind, h->s->err));
	}
	return DY_OK;
}

static enum dy_code
home_insert(struct home *h)
{
	struct dy_import_session *s = h->s;
	struct dy_call *call = s->call;
	uint8_t hash[DY_HASH_BYTES];

	h->after.id = dy_import_new_id(s);
	h->after.version = 1;
	if (s->tx == NULL)
		return DY_OK;
	struct dy_str code = dy_household_code_make(call->arena);
	dy_household_code_hash(dy_wtx_community(s->tx), code, hash);
	struct dy_household row = {
		.id = h->after.id,
		.door = s->book.doors[h->after.door].id,
		.name_sealed = dy_text_seal(call->arena, s->key, h->after.name),
		.phone_sealed = dy_text_seal(call->arena, s->key, h->after.phone),
		.residents = h->after.residents,
		.elderly = h->after.elderly,
		.code_hash = { hash, DY_HASH_BYTES },
		.code_sealed = dy_text_seal(call->arena, s->key, code),
	};
	DY_TRY(dy_household_insert(s->tx, &row, s->now, s->err));
	DY_TRY(facts_write(h));
	return dy_import_log(s, h->row, "household", h->after.id, DY_STR(""), h->after.version);
}

static enum dy_code
home_change(struct home *h)
{
	struct dy_import_session *s = h->s;
	struct dy_record r = {
		.id = h->after.id,
		.residents = h->after.residents,
		.elderly = h->after.elderly,
		.version = h->after.version,
	};

	h->after.version++;
	if (s->tx == NULL)
		return DY_OK;
	r.name_sealed = dy_text_seal(s->call->arena, s->key, h->after.name);
	r.phone_sealed = dy_text_seal(s->call->arena, s->key, h->after.phone);
	DY_TRY(dy_record_put(s->tx, &r, s->err));
	DY_TRY(facts_write(h));
	struct dy_event_rooms rooms = { .household = h->after.id, .reach = DY_REACH_MANAGERS };
	DY_TRY(dy_import_event(s, "household.changed", h->after.id, rooms,
	                       "{\"source\":\"import\"}"));
	return dy_import_log(s, h->row, "household", h->after.id,
	                     dy_import_home_text(s->call->arena, &h->before), h->after.version);
}

enum dy_code
dy_import_do_home(struct dy_import_session *s, struct dy_import_row *row)
{
	struct home h = { .s = s, .row = row };
	size_t stair = dy_import_stair_find(s, row);

	if (stair == DY_NOWHERE || row->is_bad)
		return DY_OK;
	size_t door = dy_book_door(&s->book, stair, row->door);
	size_t home = door == DY_NOWHERE ? DY_NOWHERE : s->book.doors[door].home;
	h.is_new = home == DY_NOWHERE;
	if (!h.is_new)
		h.before = s->book.homes[home];
	h.after = h.before;
	decide(&h);
	if (row->is_bad)
		return DY_OK;
	if (door == DY_NOWHERE) {
		int64_t floors = s->book.buildings[s->book.stairs[stair].building].b.floors;
		DY_TRY(dy_import_door_make(s, row, stair, row->door,
		                           dy_import_floor_of(row->door, floors), &door));
	}
	h.after.door = door;
	/* what the book keeps must outlive a row that is read again */
	h.after.name = dy_str_dup(s->book.arena, h.after.name);
	h.after.phone = dy_str_dup(s->book.arena, h.after.phone);
	if (h.is_new) {
		DY_TRY(home_insert(&h));
		(void)dy_book_add_home(&s->book, &h.after);
		row->made |= 1u << DY_MADE_HOUSEHOLD;
		row->changed = 0;
	} else if (row->changed != 0) {
		DY_TRY(home_change(&h));
		s->book.homes[home] = h.after;
	}
	return DY_OK;
}
