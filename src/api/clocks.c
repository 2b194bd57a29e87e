/* Deadlines, cards and hands of a request for its readers. */
#include "clocks.h"

#define NEXT_HANDS 3

static struct dy_hand_where
where_of(const struct dy_request *r)
{
	return (struct dy_hand_where){
		.grid = r->grid, .unit = r->unit, .level = r->level, .owner = r->owner
	};
}

static void
hand_write(struct dy_jw *w, const struct dy_hand *h)
{
	dy_jw_kid(w, "id", h->account);
	dy_jw_kstr(w, "name", h->name);
	dy_jw_kcstr(w, "role", dy_role_name(h->scope.role));
}

static void
answerable_write(struct dy_q *q, const struct dy_request *r)
{
	struct dy_jw *w = &q->w;
	struct dy_hand_where where = where_of(r);
	enum dy_hand_why why;
	const struct dy_hand *h = NULL;

	if (dy_state_is_open(r->state))
		h = dy_hand_find(&q->hands, &where, &why);
	dy_jw_key(w, "answerable");
	if (h == NULL) {
		dy_jw_null(w);
		return;
	}
	dy_jw_obj(w);
	hand_write(w, h);
	dy_jw_kcstr(w, "why", dy_hand_why_name(why));
	dy_jw_obj_end(w);
}

/* For staff, while nobody owns it. */
static void
next_hands_write(struct dy_q *q, const struct dy_request *r)
{
	struct dy_jw *w = &q->w;
	struct dy_hand_where where = where_of(r);
	const struct dy_rule *rule = dy_rules_find(q->rules, r->category);
	const struct dy_hand *next[NEXT_HANDS];
	size_t n = 0;

	if (rule != NULL && q->actor.is_staff && r->owner.v == 0 && dy_state_is_open(r->state))
		n = dy_hands_next(&q->hands, &where, rule->next, rule->n_next, next, NEXT_HANDS);
	dy_jw_key(w, "next_hands");
	dy_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		dy_jw_obj(w);
		hand_write(w, next[i]);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

static void
times_write(struct dy_q *q, const struct dy_request *r)
{
	struct dy_jw *w = &q->w;
	const struct dy_zone *zone = dy_zone_default();
	struct dy_clock clock = dy_request_clock_of(r);
	struct dy_time release = { 0 };
	bool of_close;

	struct dy_time due = dy_clock_deadline(&clock, &of_close);
	dy_jw_kcstr(w, "overdue", dy_overdue_name(dy_clock_overdue(&clock, q->rules, q->now)));
	dy_jw_kcstr(w, "card", dy_card_name((enum dy_card)r->clock.card));
	dy_jw_ktime(w, "next_due_at", zone, due);
	dy_jw_kcstr(w, "next_due", due.ms == 0 ? NULL : of_close ? "close" : "respond");
	if (r->state == DY_STATE_CLAIMED && clock.owned_at.ms != 0)
		release.ms = clock.owned_at.ms +
		             DY_MINUTE_MS * (r->urgent ? q->rules->urgent_release_minutes
		                                       : q->rules->release_minutes);
	dy_jw_ktime(w, "release_at", zone, release);
	dy_jw_key(w, "extension_minutes");
	if (r->clock.extend_minutes > 0)
		dy_jw_int(w, r->clock.extend_minutes);
	else
		dy_jw_null(w);
}

enum dy_code
dy_clocks_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_request *r)
{
	DY_TRY(dy_q_hands(q, tx));
	times_write(q, r);
	answerable_write(q, r);
	next_hands_write(q, r);
	return DY_OK;
}
