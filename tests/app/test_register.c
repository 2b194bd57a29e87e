/* The household register over a real store: which needs count, and when. */
#include "dyt_community.h"
#include "dyt_store.h"
#include "store/household.h"

#define NOON 1750046400000 /* 2025-06-16 12:00 in Shanghai */

struct world {
	struct dyt_store s;
	struct dyt_community c;
	struct dy_key key;
	struct dy_arena *arena;
	struct dy_reader *reader;
	struct dy_time now;
	struct dy_err err;
};

static void
world_open(struct world *w)
{
	*w = (struct world){ .now = { NOON }, .arena = dy_arena_new((size_t)16 << 20) };
	DYT_OK(dy_crypto_init(&w->err));
	dyt_store_open(&w->s, (struct dy_store_options){ 0 });
	w->c = (struct dyt_community){ .id = dy_id_make(w->now, 5),
		                       .code = "330922100009",
		                       .name = "示例社区",
		                       .key = &w->key,
		                       .now = { NOON - DY_DAY_MS },
		                       .password_hash = "none",
		                       .arena = w->arena };
	DYT_OK(dy_store_run(w->s.store, dyt_community_make, &w->c, &w->err));
	DYT_OK(dy_reader_open(w->s.store, &w->reader, &w->err));
}

static void
world_close(struct world *w)
{
	dy_reader_close(w->reader);
	dyt_store_close(&w->s);
	dy_arena_free(w->arena);
}

struct putting {
	struct dy_id community, household;
	const struct dy_fact *facts;
	size_t n;
	bool drop_first;
};

static enum dy_code
facts_put(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	const struct putting *p = ctx;

	DY_TRY(dy_wtx_begin(writer, p->community, &tx, err));
	if (p->drop_first)
		DY_TRY(dy_fact_drop(tx, p->household, p->facts[0].kind, err));
	for (size_t i = 0; i < p->n && !p->drop_first; i++)
		DY_TRY(dy_fact_put(tx, p->household, &p->facts[i], err));
	return dy_wtx_commit(&tx, err);
}

static unsigned
flags_at(struct world *w, struct dy_id household, int64_t ms)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	unsigned flags = 77;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_household_flags(tx, household, (struct dy_time){ ms }, &flags, &w->err));
	return flags;
}

DYT(only_needs_that_hold_now_count)
{
	struct world w;

	world_open(&w);
	struct dy_id home = dyt_household_id(&w.c, 1, 1);
	struct dy_id none = { 0 };
	const struct dy_fact facts[] = {
		{ DY_FACT_NAME, DY_SOURCE_STAFF, { NOON }, { 0 } },
		{ DY_NEED_DIALYSIS, DY_SOURCE_IMPORT, { NOON }, { NOON + 1000 } },
		{ DY_NEED_PET, DY_SOURCE_RESIDENT, { NOON }, { 0 } },
	};
	struct putting p = { w.c.id, home, facts, DY_COUNT(facts), false };
	DYT_INT(flags_at(&w, home, NOON), 0);
	DYT_OK(dy_store_run(w.s.store, facts_put, &p, &w.err));
	unsigned both = DY_FLAG(DY_NEED_DIALYSIS) | DY_FLAG(DY_NEED_PET);
	DYT_INT(flags_at(&w, home, NOON + 999), both);
	DYT_INT(flags_at(&w, home, NOON + 1000),
	        DY_FLAG(DY_NEED_PET)); /* it does not count from then */
	DYT_INT(flags_at(&w, none, NOON), 0);
	DYT_INT(flags_at(&w, dyt_household_id(&w.c, 1, 2), NOON), 0);

	/* the same kind again is the same fact, not a second one */
	const struct dy_fact longer = {
		DY_NEED_DIALYSIS, DY_SOURCE_STAFF, { NOON + 5 }, { NOON + 5000 }
	};
	p = (struct putting){ w.c.id, home, &longer, 1, false };
	DYT_OK(dy_store_run(w.s.store, facts_put, &p, &w.err));
	DYT_INT(flags_at(&w, home, NOON + 4999), both);
	p.drop_first = true;
	DYT_OK(dy_store_run(w.s.store, facts_put, &p, &w.err));
	DYT_INT(flags_at(&w, home, NOON), DY_FLAG(DY_NEED_PET));
	world_close(&w);
}

DYT(records_are_listed_by_unit_and_by_need)
{
	struct world w;
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_record_list list;

	world_open(&w);
	const struct dy_fact pet = { DY_NEED_PET, DY_SOURCE_STAFF, { NOON }, { NOON + 1000 } };
	struct putting p = { w.c.id, dyt_household_id(&w.c, 2, 3), &pet, 1, false };
	DYT_OK(dy_store_run(w.s.store, facts_put, &p, &w.err));
	DYT_OK(dy_rtx_begin(w.reader, w.c.id, &tx, &w.err));
	const struct {
		const char *why;
		struct dy_record_query q;
		int64_t at;
		size_t want;
	} row[] = {
		{ "everybody", { .need = -1, .limit = 50 }, NOON, DYT_UNITS * DYT_DOORS },
		{ "one unit",
		  { .unit = dyt_unit_id(&w.c, 2), .need = -1, .limit = 50 },
		  NOON,
		  DYT_DOORS },
		{ "a page", { .need = -1, .limit = 2 }, NOON, 2 },
		{ "who has a pet", { .need = DY_NEED_PET, .limit = 50 }, NOON, 1 },
		{ "that was told long ago", { .need = DY_NEED_PET, .limit = 50 }, NOON + 1000, 0 },
		{ "in another unit",
		  { .unit = dyt_unit_id(&w.c, 1), .need = DY_NEED_PET, .limit = 50 },
		  NOON,
		  0 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_OK(dy_record_list(tx, w.arena, &row[i].q, (struct dy_time){ row[i].at }, &list,
		                      &w.err));
		DYT_INT(list.count, row[i].want);
	}
	DYT_OK(dy_record_list(tx, w.arena, &row[3].q, w.now, &list, &w.err));
	DYT_INT(list.items[0].flags, DY_FLAG(DY_NEED_PET));
	DYT_TRUE(dy_str_is(list.items[0].building_code, "2"));
	dy_rtx_end(&tx);
	world_close(&w);
}

DYT_MAIN(DYT_TEST(only_needs_that_hold_now_count), DYT_TEST(records_are_listed_by_unit_and_by_need))
