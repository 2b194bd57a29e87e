/* Who answers for a request, and by which rules: read once in a while for each community, kept by each loop.
 *
 * A list of requests names for each who answers for it. What that takes (posts, absences, duties, rules) is the same for
 * all of them and changes rarely: it is kept for DY_HANDS_MS, and only while nobody's rights have changed. */
#include "hands.h"

#include "inside.h"

#include <stdlib.h>

#define SLOTS       64 /* communities that a loop remembers; two that meet take turns */
#define ARENA_MAX   ((size_t)64 << 20)
#define DY_HANDS_MS 2000

struct slot {
	struct dy_arena *arena;
	struct dy_id community;
	uint64_t epoch;
	int64_t until_ms;
	struct dy_hands hands;
	struct dy_rules *rules;
};
struct dy_hands_kept {
	struct slot slots[SLOTS];
};

struct dy_hands_kept *
dy_hands_kept_new(void)
{
	struct dy_hands_kept *kept = calloc(1, sizeof(*kept));

	DY_ASSERT(kept != NULL);
	return kept;
}

void
dy_hands_kept_free(struct dy_hands_kept *kept)
{
	for (size_t i = 0; kept != NULL && i < SLOTS; i++)
		dy_arena_free(kept->slots[i].arena);
	free(kept);
}

static enum dy_code
both_read(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now, struct dy_hands *hands,
          struct dy_rules **rules, struct dy_err *err)
{
	*rules = DY_NEW(arena, struct dy_rules);
	DY_TRY(dy_app_rules_get(tx, arena, *rules, err));
	return dy_hands_read(tx, arena, now, hands, err);
}

static enum dy_code
slot_fill(struct dy_q *q, struct dy_rtx *tx, struct slot *slot, uint64_t epoch)
{
	if (slot->arena == NULL)
		slot->arena = dy_arena_new(ARENA_MAX);
	dy_arena_reset(slot->arena);
	slot->community.v = 0;
	DY_TRY(both_read(tx, slot->arena, q->now, &slot->hands, &slot->rules, &q->err));
	slot->community = q->actor.community;
	slot->epoch = epoch;
	slot->until_ms = dy_tick_ms() + DY_HANDS_MS;
	return DY_OK;
}

/* The loop's memory may be renewed while the writer is at work: what goes there is the query's own. */
static void
slot_copy(struct dy_q *q, const struct slot *slot)
{
	struct dy_hand *items = dy_arena_alloc(q->arena, (slot->hands.count + 1) * sizeof(*items));

	for (size_t i = 0; i < slot->hands.count; i++) {
		items[i] = slot->hands.items[i];
		items[i].name = dy_str_dup(q->arena, items[i].name);
	}
	q->hands = (struct dy_hands){ items, slot->hands.count };
}

enum dy_code
dy_q_hands(struct dy_q *q, struct dy_rtx *tx)
{
	if (q->has_hands)
		return DY_OK;
	if (q->writer != NULL) {
		DY_TRY(both_read(tx, q->arena, q->now, &q->hands, &q->rules, &q->err));
		q->has_hands = true;
		return DY_OK;
	}
	struct dy_api_loop *loop = dy_loop_ctx(dy_exchange_loop(q->x));
	struct slot *slot = &loop->hands->slots[(uint64_t)q->actor.community.v % SLOTS];
	uint64_t epoch = dy_api_epoch(q->api);
	if (!dy_id_eq(slot->community, q->actor.community) || slot->epoch != epoch ||
	    dy_tick_ms() >= slot->until_ms)
		DY_TRY(slot_fill(q, tx, slot, epoch));
	if (q->route->method == DY_GET || q->shows) { /* within this turn of the loop */
		q->hands = slot->hands;
		q->rules = slot->rules;
		q->has_hands = true;
		return DY_OK;
	}
	slot_copy(q, slot);
	q->rules = DY_NEW(q->arena, struct dy_rules);
	q->has_hands = true;
	return dy_app_rules_get(tx, q->arena, q->rules, &q->err);
}
