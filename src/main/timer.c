/* Every second: is anything due in a community? Then a turn of its clock, as a job of the writer. Every minute:
 * absences that began or ended. Every hour: what is over goes, community by community, so that each turn of the writer is short. */
#include "timer.h"

#include "app/clock.h"
#include "app/duty.h"
#include "base/log.h"
#include "store/place.h"

#include <stdlib.h>

#define ARENA_MAX      ((size_t)64 << 20)
#define PAGE           64
#define TURNS_MAX      50 /* of one community in a row */
#define SWEEP_EVERY_MS (3600 * DY_SECOND_MS)
#define COVER_EVERY_MS (60 * DY_SECOND_MS)

struct dy_timer {
	struct dy_store *store;
	struct dy_reader *reader;
	struct dy_arena *arena;
	struct dy_id community; /* the one at work */
	struct dy_clock_turn turn;
	int64_t swept_ms, covered_ms; /* monotonic */
};

enum dy_code
dy_timer_open(struct dy_store *store, struct dy_timer **out, struct dy_err *err)
{
	struct dy_timer *t = calloc(1, sizeof(*t));

	DY_ASSERT(t != NULL);
	t->store = store;
	t->swept_ms = dy_tick_ms();
	t->arena = dy_arena_new(ARENA_MAX);
	enum dy_code rc = dy_reader_open(store, &t->reader, err);
	if (rc != DY_OK) {
		dy_timer_close(t);
		return rc;
	}
	*out = t;
	return DY_OK;
}

void
dy_timer_close(struct dy_timer *t)
{
	if (t == NULL)
		return;
	if (t->reader != NULL)
		dy_reader_close(t->reader);
	dy_arena_free(t->arena);
	free(t);
}

static enum dy_code
turn_write(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct dy_timer *t = ctx;
	struct dy_call call = {
		.writer = writer, .arena = t->arena, .now = dy_time_now(), .err = err
	};
	return dy_app_clock_turn(&call, t->community, &t->turn);
}

static enum dy_code
sweep_write(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct dy_timer *t = ctx;
	struct dy_call call = {
		.writer = writer, .arena = t->arena, .now = dy_time_now(), .err = err
	};
	return dy_app_sweep(&call, t->community);
}

static enum dy_code
cover_write(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct dy_timer *t = ctx;
	struct dy_call call = {
		.writer = writer, .arena = t->arena, .now = dy_time_now(), .err = err
	};
	return dy_app_cover_sweep(&call, t->community);
}

static enum dy_code
is_due(struct dy_timer *t, bool *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;

	DY_TRY(dy_rtx_begin(t->reader, t->community, &tx, err));
	return dy_app_clock_is_due(tx, dy_time_now(), out, err);
}

static enum dy_code
community_do(struct dy_timer *t, bool cover, bool sweep, struct dy_err *err)
{
	bool due = false;

	DY_TRY(is_due(t, &due, err));
	for (int i = 0; due && i < TURNS_MAX; i++) {
		dy_arena_reset(t->arena);
		DY_TRY(dy_store_run(t->store, turn_write, t, err));
		due = t->turn.more;
		if (t->turn.failed > 0)
			dy_log(DY_LOG_WARN, "clock_failed", "code=%s where=%s",
			       dy_code_name(t->turn.fault.code),
			       t->turn.fault.where != NULL ? t->turn.fault.where : "-");
	}
	dy_arena_reset(t->arena);
	if (cover)
		DY_TRY(dy_store_run(t->store, cover_write, t, err));
	return sweep ? dy_store_run(t->store, sweep_write, t, err) : DY_OK;
}

static enum dy_code
page_read(struct dy_timer *t, struct dy_id after, struct dy_id ids[PAGE], size_t *n,
          struct dy_err *err)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;

	DY_TRY(dy_rtx_begin(t->reader, (struct dy_id){ 0 }, &tx, err));
	return dy_community_page(tx, after, ids, PAGE, n, err);
}

static void
fault_log(const char *what, enum dy_code rc, const struct dy_err *err)
{
	dy_log(DY_LOG_WARN, what, "code=%s where=%s", dy_code_name(rc),
	       err->where != NULL ? err->where : "-");
}

void
dy_timer_tick(struct dy_timer *t)
{
	struct dy_id ids[PAGE], after = { 0 };
	struct dy_err err = { 0 };
	size_t n = PAGE;
	bool sweep = dy_tick_ms() - t->swept_ms >= SWEEP_EVERY_MS;

	bool cover = dy_tick_ms() - t->covered_ms >= COVER_EVERY_MS;

	if (sweep)
		t->swept_ms = dy_tick_ms();
	if (cover)
		t->covered_ms = dy_tick_ms();
	while (n == PAGE) {
		enum dy_code rc = page_read(t, after, ids, &n, &err);
		if (rc != DY_OK) {
			fault_log("timer_failed", rc, &err);
			return;
		}
		for (size_t i = 0; i < n; i++) {
			t->community = after = ids[i];
			err = (struct dy_err){ 0 };
			rc = community_do(t, cover, sweep, &err);
			if (rc != DY_OK)
				fault_log("clock_failed", rc, &err);
		}
	}
}
