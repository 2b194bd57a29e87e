/* Who has a notice: receipts from homes, ticks at doors, and who knocks where. */
#include "app/notice.h"

#include "store/event.h"
#include "store/household.h"

static enum dy_code
receipt_event(struct dy_wtx *tx, struct dy_call *call, enum dy_mark mark, struct dy_id notice,
              const struct dy_where *at)
{
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = dy_str_from(dy_arena_printf(call->arena, "notice.%s", dy_mark_name(mark))),
		.subject = notice,
		.rooms = { .household = at->household, .unit = at->unit, .grid = at->grid },
		.payload = DY_STR_INIT("{}"),
	};
	return dy_event_append(tx, &e, NULL, call->err);
}

static enum dy_code
is_for(struct dy_rtx *tx, struct dy_call *call, const struct dy_notice *n,
       const struct dy_where *at, bool *out)
{
	struct dy_area_list areas;
	struct dy_target_home home = { .grid = at->grid, .unit = at->unit, .stair = at->stair };

	DY_TRY(dy_notice_areas(tx, call->arena, n->id, &areas, call->err));
	if (n->needs != 0)
		DY_TRY(dy_household_flags(tx, at->household, call->now, &home.needs, call->err));
	DY_TRY(dy_stair_building(tx, at->stair, &home.building, call->err));
	struct dy_target target = { areas.items, areas.count, n->needs };
	*out = dy_target_hits(&target, &home);
	return DY_OK;
}

/* A notice that is there for people by now. */
static enum dy_code
notice_of(struct dy_rtx *tx, struct dy_call *call, struct dy_id id, struct dy_notice *out)
{
	DY_TRY(dy_notice_get(tx, call->arena, id, out, call->err));
	enum dy_notice_phase phase = dy_notice_phase_of(out, call->now);
	if (phase == DY_NOTICE_PENDING || phase == DY_NOTICE_REFUSED ||
	    phase == DY_NOTICE_SCHEDULED)
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such notice");
	return DY_OK;
}

enum dy_code
dy_app_notice_receipt(struct dy_call *call, struct dy_id notice, bool confirmed, enum dy_mark *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	enum dy_mark mark = confirmed ? DY_MARK_CONFIRMED : DY_MARK_READ;
	struct dy_notice n;
	struct dy_where at;
	bool is_mine, grew;

	if (call->actor->household.v == 0)
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such notice");
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	struct dy_rtx *rtx = dy_wtx_read(tx);
	DY_TRY(notice_of(rtx, call, notice, &n));
	DY_TRY(dy_where_household(rtx, call->arena, call->actor->household, call->now, &at,
	                          call->err));
	DY_TRY(is_for(rtx, call, &n, &at, &is_mine));
	if (!is_mine)
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such notice");
	DY_TRY(dy_receipt_put(tx, notice, at.household, mark, call->actor->account, call->now,
	                      &grew, call->err));
	if (grew)
		DY_TRY(receipt_event(tx, call, mark, notice, &at));
	DY_TRY(dy_receipt_get(rtx, notice, at.household, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}

static enum dy_code
knock(struct dy_wtx *tx, struct dy_call *call, const struct dy_notice *n, size_t i,
      const struct dy_knock *k, size_t *n_new)
{
	enum dy_mark mark = k->told ? DY_MARK_TOLD : DY_MARK_NOT_HOME;
	struct dy_where at;
	char field[48];
	bool is_theirs = false, grew;

	(void)snprintf(field, sizeof(field), "/items/%zu/household_id", i);
	if (dy_where_household(dy_wtx_read(tx), call->arena, k->household, call->now, &at, NULL) !=
	            DY_OK ||
	    !dy_actor_has_at(call->actor, DY_CAP_REQUEST_WORK, at.grid, at.unit))
		return dy_raise(call->err, DY_E_INPUT, field,
		                "no such household, or your posts do not reach it");
	DY_TRY(is_for(dy_wtx_read(tx), call, n, &at, &is_theirs));
	if (!is_theirs)
		return dy_raise(call->err, DY_E_INPUT, field,
		                "the notice is not for this household");
	DY_TRY(dy_receipt_put(tx, n->id, k->household, mark, call->actor->account, call->now, &grew,
	                      call->err));
	*n_new += grew;
	return grew ? receipt_event(tx, call, mark, n->id, &at) : DY_OK;
}

enum dy_code
dy_app_notice_knocks(struct dy_call *call, struct dy_id notice, const struct dy_knock *knocks,
                     size_t n_knocks, size_t *n_new)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_notice n;

	*n_new = 0;
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(notice_of(dy_wtx_read(tx), call, notice, &n));
	for (size_t i = 0; i < n_knocks; i++)
		DY_TRY(knock(tx, call, &n, i, &knocks[i], n_new));
	return dy_wtx_commit(&tx, call->err);
}

/* Who knocks must be able to work there. */
static enum dy_code
sharers_check(struct dy_rtx *tx, struct dy_call *call, struct dy_id grid, struct dy_id unit,
              const struct dy_id *accounts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct dy_actor who = { .account = accounts[i] };
		char field[48];
		(void)snprintf(field, sizeof(field), "/account_ids/%zu", i);
		DY_TRY(dy_post_list_account(tx, call->arena, accounts[i], call->now, &who.posts,
		                            call->err));
		if (!dy_actor_has_at(&who, DY_CAP_REQUEST_WORK, grid, unit))
			return dy_raise(call->err, DY_E_INPUT, field,
			                "this person has no post in the unit");
	}
	return DY_OK;
}

/* The homes of the unit that have to be told, in the order of walking. */
static enum dy_code
missing_of(struct dy_rtx *tx, struct dy_call *call, const struct dy_notice *n, struct dy_id unit,
           struct dy_home_list *homes)
{
	struct dy_area_list areas;
	size_t kept = 0;

	DY_TRY(dy_notice_areas(tx, call->arena, n->id, &areas, call->err));
	DY_TRY(dy_home_list(tx, call->arena, n->id, unit, call->now, homes, call->err));
	struct dy_target target = { areas.items, areas.count, n->needs };
	for (size_t i = 0; i < homes->count; i++) {
		const struct dy_home *h = &homes->items[i];
		if (dy_target_hits(&target, &h->at) && dy_notice_is_missing(n, h->mark))
			homes->items[kept++] = *h;
	}
	homes->count = kept;
	return DY_OK;
}

enum dy_code
dy_app_notice_share(struct dy_call *call, struct dy_id notice, struct dy_id unit,
                    const struct dy_id *accounts, size_t n_accounts, size_t *shared)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_home_list homes;
	struct dy_notice n;
	struct dy_id grid;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	struct dy_rtx *rtx = dy_wtx_read(tx);
	DY_TRY(notice_of(rtx, call, notice, &n));
	if (dy_unit_grid(rtx, unit, call->now, &grid, NULL) != DY_OK ||
	    !dy_actor_has_at(call->actor, DY_CAP_NOTICE_SEND, grid, unit))
		return dy_raise(call->err, DY_E_INPUT, "/unit_id",
		                "no such unit, or your posts do not reach it");
	DY_TRY(sharers_check(rtx, call, grid, unit, accounts, n_accounts));
	DY_TRY(missing_of(rtx, call, &n, unit, &homes));
	int64_t *floor = dy_arena_alloc(call->arena, (homes.count + 1) * sizeof(*floor));
	size_t *who = dy_arena_alloc(call->arena, (homes.count + 1) * sizeof(*who));
	for (size_t i = 0; i < homes.count; i++) {
		const struct dy_home *h = &homes.items[i];
		bool same =
			i > 0 && dy_id_eq(h->at.stair, h[-1].at.stair) && h->floor == h[-1].floor;
		floor[i] = same ? floor[i - 1] : (int64_t)i;
	}
	dy_homes_share(floor, homes.count, n_accounts, who);
	for (size_t i = 0; i < homes.count; i++)
		DY_TRY(dy_notice_task_put(tx, notice, homes.items[i].household, accounts[who[i]],
		                          call->err));
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = DY_STR_INIT("notice.shared"),
		.subject = notice,
		.rooms = { .unit = unit, .grid = grid },
		.payload = DY_STR_INIT("{}"),
	};
	DY_TRY(dy_event_append(tx, &e, NULL, call->err));
	*shared = homes.count;
	return dy_wtx_commit(&tx, call->err);
}
