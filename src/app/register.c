/* Opening and correcting records of households. */
#include "app/register.h"

#include "base/json.h"
#include "store/event.h"

#include <string.h>

#define PAYLOAD_MAX 4096
#define SHOWN_FIRST 3 /* digits of a masked number */
#define SHOWN_LAST  4

const char *const dy_purposes[] = {
	"visit", "medical", "delivery", "verify", "emergency", "other"
};
const size_t dy_purposes_n = DY_COUNT(dy_purposes);

struct dy_str
dy_phone_masked(struct dy_arena *arena, struct dy_str phone)
{
	if (phone.len == 0)
		return DY_STR("");
	if (phone.len < SHOWN_FIRST + SHOWN_LAST + 1)
		return DY_STR("****");
	return dy_str_from(dy_arena_printf(arena, "%.*s****%.*s", SHOWN_FIRST, phone.ptr,
	                                   SHOWN_LAST, phone.ptr + phone.len - SHOWN_LAST));
}

static enum dy_code
record_event(struct dy_wtx *tx, struct dy_call *call, const struct dy_record *r, const char *topic,
             const struct dy_strbuf *payload)
{
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = dy_str_from(topic),
		.subject = r->id,
		.rooms = { .household = r->id,
		           .unit = r->unit,
		           .grid = r->grid,
		           .reach = DY_REACH_MANAGERS },
		.payload = dy_strbuf_str(payload),
	};
	return dy_event_append(tx, &e, NULL, call->err);
}

static enum dy_code
record_find(struct dy_wtx *tx, struct dy_call *call, struct dy_id id, enum dy_cap cap,
            struct dy_record *out)
{
	DY_TRY(dy_record_get(dy_wtx_read(tx), call->arena, id, call->now, out, call->err));
	if (!dy_actor_has_at(call->actor, cap, out->grid, out->unit))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such household");
	return DY_OK;
}

enum dy_code
dy_app_record_open(struct dy_call *call, const struct dy_opening_draft *draft,
                   struct dy_record *out, struct dy_facts *facts)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	DY_CLEANUP(dy_strbuf_release) struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, PAYLOAD_MAX);
	if (strcmp(dy_purposes[draft->purpose], "other") == 0 && draft->text.len == 0)
		return dy_raise(call->err, DY_E_INPUT, "/text", "say what for");
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(record_find(tx, call, draft->household, DY_CAP_REGISTER_READ, out));
	DY_TRY(dy_facts_get(dy_wtx_read(tx), call->arena, out->id, facts, call->err));
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_kcstr(&w, "purpose", dy_purposes[draft->purpose]);
	dy_jw_kstr(&w, "text", draft->text);
	dy_jw_obj_end(&w);
	DY_TRY(record_event(tx, call, out, "household.opened", &sb));
	return dy_wtx_commit(&tx, call->err);
}

struct correcting {
	struct dy_wtx *tx;
	struct dy_call *call;
	const struct dy_record_draft *draft;
	enum dy_fact_source source;
	struct dy_id household;
	struct dy_jw w; /* names of what changed */
	unsigned changed;
};

static enum dy_code
fact_say(struct correcting *c, struct dy_facts *facts, enum dy_fact_kind kind, struct dy_time until)
{
	struct dy_fact *f = &facts->items[kind];

	if (until.ms == 0)
		until.ms = c->call->now.ms + DY_FACT_DAYS * DY_DAY_MS;
	*f = (struct dy_fact){ kind, c->source, c->call->now, until };
	facts->has |= DY_FLAG(kind);
	c->changed |= DY_FLAG(kind);
	dy_jw_str(&c->w, dy_str_from(dy_fact_name(kind)));
	return dy_fact_put(c->tx, c->household, f, c->call->err);
}

static enum dy_code
need_say(struct correcting *c, struct dy_facts *facts, enum dy_fact_kind kind)
{
	const struct dy_fact *f = &facts->items[kind];
	struct dy_time until = c->draft->until[kind];
	bool has = (facts->has & DY_FLAG(kind)) != 0;
	bool holds = has && (f->expires.ms == 0 || f->expires.ms > c->call->now.ms);

	if ((c->draft->needs & DY_FLAG(kind)) != 0) {
		if (holds && (until.ms == 0 || until.ms == f->expires.ms))
			return DY_OK;
		return fact_say(c, facts, kind, until);
	}
	if (!has)
		return DY_OK;
	facts->has &= ~DY_FLAG(kind);
	c->changed |= DY_FLAG(kind);
	dy_jw_str(&c->w, dy_str_from(dy_fact_name(kind)));
	return dy_fact_drop(c->tx, c->household, kind, c->call->err);
}

/* Writes what differs, into r and facts too. */
static enum dy_code
differences(struct correcting *c, struct dy_record *r, struct dy_facts *facts)
{
	const struct dy_record_draft *d = c->draft;
	struct dy_call *call = c->call;
	const struct dy_time usual = { 0 };

	if (d->residents != r->residents || d->elderly != r->elderly)
		DY_TRY(fact_say(c, facts, DY_FACT_SIZE, usual));
	if (!dy_str_eq(d->name, dy_text_unseal(call->arena, call->key, r->name_sealed)))
		DY_TRY(fact_say(c, facts, DY_FACT_NAME, usual));
	if (!dy_str_eq(d->phone, dy_text_unseal(call->arena, call->key, r->phone_sealed)))
		DY_TRY(fact_say(c, facts, DY_FACT_PHONE, usual));
	for (int k = DY_NEED_FIRST; k < DY_FACTS; k++)
		DY_TRY(need_say(c, facts, (enum dy_fact_kind)k));
	r->residents = d->residents;
	r->elderly = d->elderly;
	r->name_sealed = dy_text_seal(call->arena, call->key, d->name);
	r->phone_sealed = dy_text_seal(call->arena, call->key, d->phone);
	return DY_OK;
}

enum dy_code
dy_app_record_correct(struct dy_call *call, const struct dy_record_draft *draft,
                      struct dy_record *out, struct dy_facts *facts)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	DY_CLEANUP(dy_strbuf_release) struct dy_strbuf sb;
	bool is_own = draft->household.v == 0;
	struct correcting c = { .call = call,
		                .draft = draft,
		                .source = is_own ? DY_SOURCE_RESIDENT : DY_SOURCE_STAFF };

	dy_strbuf_init(&sb, PAYLOAD_MAX);
	if (draft->elderly > draft->residents)
		return dy_raise(call->err, DY_E_INPUT, "/elderly",
		                "must be 0 to the number of residents");
	for (int k = DY_NEED_FIRST; k < DY_FACTS; k++) {
		if (draft->until[k].ms != 0 && draft->until[k].ms <= call->now.ms)
			return dy_raise(call->err, DY_E_INPUT, "/needs",
			                "an expiry lies in the past");
	}
	c.household = is_own ? call->actor->household : draft->household;
	if (c.household.v == 0)
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "you belong to no household");
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	c.tx = tx;
	if (is_own)
		DY_TRY(dy_record_get(dy_wtx_read(tx), call->arena, c.household, call->now, out,
		                     call->err));
	else
		DY_TRY(record_find(tx, call, c.household, DY_CAP_REGISTER_WRITE, out));
	DY_TRY(dy_facts_get(dy_wtx_read(tx), call->arena, c.household, facts, call->err));
	out->version = draft->version; /* the one seen decides */
	dy_jw_init(&c.w, &sb);
	dy_jw_obj(&c.w);
	dy_jw_kcstr(&c.w, "source", dy_source_name(c.source));
	dy_jw_key(&c.w, "fields");
	dy_jw_arr(&c.w);
	DY_TRY(differences(&c, out, facts));
	dy_jw_arr_end(&c.w);
	dy_jw_obj_end(&c.w);
	DY_TRY(dy_record_put(tx, out, call->err));
	if (c.changed != 0)
		DY_TRY(record_event(tx, call, out, "household.changed", &sb));
	DY_TRY(dy_household_flags(dy_wtx_read(tx), out->id, call->now, &out->flags, call->err));
	return dy_wtx_commit(&tx, call->err);
}
