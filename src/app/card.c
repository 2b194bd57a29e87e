/* Cards with household codes. A code goes onto paper once: who asks for it again gets another, and the old one is void. */
#include "app/intake.h"
#include "app/place.h"
#include "store/event.h"

static bool
is_asked(const struct dy_home_card_draft *draft, const struct dy_code_card *card)
{
	if (draft->n_doors == 0)
		return card->printed_at.ms == 0;
	for (size_t i = 0; i < draft->n_doors; i++) {
		if (dy_id_eq(draft->doors[i], card->door))
			return true;
	}
	return false;
}

static enum dy_code
code_renew(struct dy_wtx *tx, struct dy_call *call, struct dy_id household, struct dy_str *out)
{
	uint8_t hash[DY_HASH_BYTES];
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };

	*out = dy_household_code_make(call->arena);
	dy_household_code_hash(dy_wtx_community(tx), *out, hash);
	return dy_code_replace(tx, household, hash_bytes,
	                       dy_text_seal(call->arena, call->key, *out), call->err);
}

static enum dy_code
card_print(struct dy_wtx *tx, struct dy_call *call, const struct dy_where *where,
           const struct dy_code_card *from, struct dy_home_card *out)
{
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = DY_STR_INIT("household.code_printed"),
		.subject = from->household,
		.rooms = { .household = from->household,
		           .unit = where->unit,
		           .grid = where->grid,
		           .reach = DY_REACH_MANAGERS },
	};

	*out = (struct dy_home_card){ .household = from->household,
		                      .door = from->door,
		                      .door_code = from->door_code };
	out->code = dy_text_unseal(call->arena, call->key, from->code_sealed);
	out->is_new = from->printed_at.ms != 0 || out->code.len == 0;
	if (out->is_new)
		DY_TRY(code_renew(tx, call, from->household, &out->code));
	DY_TRY(dy_code_printed(tx, from->household, call->now, call->err));
	e.payload = out->is_new ? DY_STR("{\"renewed\":true}") : DY_STR("{\"renewed\":false}");
	return dy_event_append(tx, &e, NULL, call->err);
}

enum dy_code
dy_app_cards_print(struct dy_call *call, const struct dy_home_card_draft *draft,
                   struct dy_home_card_list *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_code_card_list all;
	struct dy_where where;

	*out = (struct dy_home_card_list){ 0 };
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_where_stair(dy_wtx_read(tx), call->arena, draft->stair, call->now, &where,
	                      call->err));
	if (!dy_actor_has_at(call->actor, DY_CAP_POSTER_PRINT, where.grid, where.unit))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such stair");
	DY_TRY(dy_code_card_list(dy_wtx_read(tx), call->arena, draft->stair, &all, call->err));
	for (size_t i = 0; i < all.count; i++) {
		if (!is_asked(draft, &all.items[i]))
			continue;
		struct dy_home_card *card = dy_arena_push(call->arena, (void **)&out->items,
		                                          &out->count, &out->cap, sizeof(*card));
		DY_TRY(card_print(tx, call, &where, &all.items[i], card));
	}
	if (out->count < draft->n_doors)
		return dy_raise(call->err, DY_E_INPUT, "/door_ids",
		                "one of these doors is not on this stair, or nobody lives there");
	return dy_wtx_commit(&tx, call->err);
}
