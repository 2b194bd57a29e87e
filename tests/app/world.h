/* A community in memory of a test, with a clock that the test moves. Staff are people in posts, without a session. */
#ifndef DY_TESTS_WORLD_H
#define DY_TESTS_WORLD_H

#include "app/clock.h"
#include "dyt_community.h"
#include "dyt_store.h"
#include "store/duty.h"

#define NOON 1750046400000 /* 2025-06-16 12:00 in Shanghai, a Monday */

struct world {
	struct dyt_store s;
	struct dyt_community c;
	struct dy_key key;
	struct dy_arena *arena;
	struct dy_reader *reader;
	struct dy_time now;
	struct dy_err err;
};

static inline void
world_open(struct world *w)
{
	*w = (struct world){ .now = { NOON }, .arena = dy_arena_new((size_t)512 << 20) };
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

static inline void
world_close(struct world *w)
{
	dy_reader_close(w->reader);
	dyt_store_close(&w->s);
	dy_arena_free(w->arena);
}

/* Any use case as a job of the writer: fn gets the call and what it is about. */
typedef enum dy_code (*use_fn)(struct dy_call *call, void *what);
struct use {
	struct world *w;
	const struct dy_actor *actor;
	use_fn fn;
	void *what;
};

static inline enum dy_code
use_run(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct use *u = ctx;
	struct dy_call call = {
		.writer = writer,
		.arena = u->w->arena,
		.key = &u->w->key,
		.actor = u->actor,
		.now = u->w->now,
		.err = err,
	};
	return u->fn(&call, u->what);
}

static inline enum dy_code
use(struct world *w, const struct dy_actor *actor, use_fn fn, void *what)
{
	struct use u = { w, actor, fn, what };

	w->err = (struct dy_err){ 0 };
	return dy_store_run(w->s.store, use_run, &u, &w->err);
}

static inline struct dy_actor
staff(struct world *w, int person)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_actor a = { .community = w->c.id,
		              .account = dyt_account_id(&w->c, person),
		              .is_staff = true,
		              .name = DY_STR_INIT("示例") };

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_post_list_account(tx, w->arena, a.account, w->now, &a.posts, &w->err));
	return a;
}

/* Somebody of a household: no session is needed to act. */
static inline struct dy_actor
resident(struct world *w, int64_t unit, int64_t door)
{
	return (struct dy_actor){ .community = w->c.id,
		                  .account = dyt_account_id(&w->c, 900 + unit * 10 + door),
		                  .household = dyt_household_id(&w->c, unit, door),
		                  .name = DY_STR_INIT("王示例") };
}

struct report_use {
	struct dy_request_draft draft;
	struct dy_request out;
};

static inline enum dy_code
report_do(struct dy_call *call, void *what)
{
	struct report_use *u = what;
	return dy_app_report(call, &u->draft, &u->out);
}

static inline struct dy_request
report(struct world *w, const struct dy_actor *by, const char *category, const char *text)
{
	struct report_use u = { .draft = { .category = dy_str_from(category),
		                           .text = dy_str_from(text) } };

	DYT_OK(use(w, by, report_do, &u));
	return u.out;
}

struct act_use {
	struct dy_act_draft draft;
	struct dy_request *out;
};

static inline enum dy_code
act_do(struct dy_call *call, void *what)
{
	struct act_use *u = what;
	return dy_app_act(call, &u->draft, u->out);
}

static inline enum dy_code
act(struct world *w, const struct dy_actor *by, struct dy_request *r, enum dy_act what,
    const char *text)
{
	struct act_use u = {
		{ .request = r->id, .act = what, .version = r->version, .text = dy_str_from(text) },
		r
	};
	return use(w, by, act_do, &u);
}

static inline struct dy_request
stored(struct world *w, struct dy_id id)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_request r;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_request_get(tx, w->arena, id, &r, &w->err));
	return r;
}

static inline struct dy_entry_list
entries(struct world *w, struct dy_id id)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_entry_list list;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_entry_list(tx, w->arena, id, &list, &w->err));
	return list;
}

/* How many entries of the clock with this act. */
static inline size_t
clock_acts(struct world *w, struct dy_id id, const char *name)
{
	struct dy_entry_list list = entries(w, id);
	size_t n = 0;

	for (size_t i = 0; i < list.count; i++)
		n += dy_str_is(list.items[i].actor_side, "system") &&
		     dy_str_is(list.items[i].act, name);
	return n;
}

static inline enum dy_code
turn_do(struct dy_call *call, void *what)
{
	struct dy_clock_turn *turn = what;
	return dy_app_clock_turn(call, call->actor->community, turn);
}

/* One look of the timer at w->now; returns how much was done. */
static inline size_t
turn(struct world *w)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_actor nobody = { .community = w->c.id };
	struct dy_clock_turn turn = { 0 };
	bool due;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_app_clock_is_due(tx, w->now, &due, &w->err));
	dy_rtx_end(&tx);
	if (!due)
		return 0;
	DYT_OK(use(w, &nobody, turn_do, &turn));
	DYT_INT(turn.failed, 0);
	return turn.done;
}

/* Lets time pass, with a look every step. */
static inline void
pass(struct world *w, int64_t ms, int64_t step)
{
	int64_t until = w->now.ms + ms;

	while (w->now.ms < until) {
		w->now.ms = w->now.ms + step < until ? w->now.ms + step : until;
		(void)turn(w);
	}
}

#endif
