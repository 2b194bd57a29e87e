/* A community for benches: see seed.h. */
#include "seed.h"

#include "kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNITS          20
#define UNITS_OF_GRID  4
#define DOORS_OF_STAIR 24
#define CHUNK          2000 /* people in one command of the writer */

struct filling {
	struct seed *seed;
	struct dy_arena *arena;
	struct dy_time now;
	struct dy_time id_ms; /* a millisecond of its own for each id: no two meet */
	struct dy_id units[UNITS], grids[UNITS];
	size_t from, to;
};

static struct dy_id
new_id(struct filling *f)
{
	f->id_ms.ms++;
	return dy_id_make(f->id_ms, dy_random_u64());
}

static struct dy_str
text_of(struct filling *f, const char *fmt, size_t n)
{
	char text[64];

	(void)snprintf(text, sizeof(text), fmt, n);
	return dy_str_dup(f->arena, dy_str_from(text));
}

static enum dy_code
fill_units(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct filling *f = ctx;
	struct dy_community c = {
		.id = f->seed->community,
		.division_code = DY_STR_INIT("330922100001"),
		.name = DY_STR_INIT("测试社区"),
		.zone = DY_STR_INIT("Asia/Shanghai"),
		.mode = DY_STR_INIT("normal"),
		.is_sample = true,
		.created_at = f->now,
	};

	DY_TRY(dy_wtx_begin(writer, c.id, &tx, err));
	DY_TRY(dy_community_insert(tx, &c, err));
	for (size_t i = 0; i < UNITS; i++) {
		struct dy_grid g = { .id = new_id(f),
			             .number = (int64_t)(i / UNITS_OF_GRID) + 1,
			             .name = text_of(f, "%zu网格", i / UNITS_OF_GRID + 1) };
		f->grids[i] = i % UNITS_OF_GRID == 0 ? g.id : f->grids[i - 1];
		if (i % UNITS_OF_GRID == 0)
			DY_TRY(dy_grid_insert(tx, &g, f->now, err));
		struct dy_unit u = { .id = new_id(f),
			             .grid = f->grids[i],
			             .number = (int64_t)i + 1,
			             .name = text_of(f, "%zu单元", i + 1) };
		f->units[i] = u.id;
		DY_TRY(dy_unit_insert(tx, &u, f->now, err));
	}
	return dy_wtx_commit(&tx, err);
}

static enum dy_code
fill_stair(struct dy_wtx *tx, struct filling *f, size_t n, struct dy_id *stair, struct dy_err *err)
{
	struct dy_building b = { .id = new_id(f),
		                 .code = text_of(f, "%zu", n + 1),
		                 .name = text_of(f, "%zu幢", n + 1),
		                 .floors = 6 };
	struct dy_stair s = { .id = new_id(f),
		              .building = b.id,
		              .unit = f->units[n % UNITS],
		              .code = DY_STR_INIT("1") };

	*stair = s.id;
	DY_TRY(dy_building_insert(tx, &b, err));
	return dy_stair_insert(tx, &s, f->now, err);
}

static enum dy_code
fill_doors(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	static const uint8_t blank[DY_HASH_BYTES] = { 1 };
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct filling *f = ctx;
	struct dy_id stair = { 0 };

	DY_TRY(dy_wtx_begin(writer, f->seed->community, &tx, err));
	for (size_t i = 0; i < f->seed->n_households; i++) {
		if (i % DOORS_OF_STAIR == 0)
			DY_TRY(fill_stair(tx, f, i / DOORS_OF_STAIR, &stair, err));
		struct dy_door d = { .id = new_id(f),
			             .stair = stair,
			             .code = text_of(f, "%zu", 101 + i % DOORS_OF_STAIR),
			             .floor = 1 };
		struct dy_household h = { .id = new_id(f),
			                  .door = d.id,
			                  .residents = 2,
			                  .code_hash = { blank, sizeof(blank) },
			                  .code_sealed = { blank, sizeof(blank) } };
		DY_TRY(dy_door_insert(tx, &d, err));
		DY_TRY(dy_household_insert(tx, &h, f->now, err));
		f->seed->households[i] = h.id;
	}
	return dy_wtx_commit(&tx, err);
}

static enum dy_code
fill_person(struct filling *f, struct dy_writer *writer, struct seed_person *p, const char *kind,
            struct dy_id household, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_account a = { .id = new_id(f),
		                .kind = dy_str_from(kind),
		                .name = DY_STR_INIT("张三"),
		                .household = household,
		                .language = DY_STR_INIT("zh-CN"),
		                .created_at = f->now };
	struct dy_actor nobody = { .community = f->seed->community };
	struct dy_call call = {
		.writer = writer, .arena = f->arena, .actor = &nobody, .now = f->now, .err = err
	};

	p->account = a.id;
	p->household = household;
	DY_TRY(dy_wtx_begin(writer, f->seed->community, &tx, err));
	DY_TRY(dy_account_insert(tx, &a, err));
	DY_TRY(dy_app_sign_in(&call, f->seed->community, a.id, p->token));
	return dy_wtx_commit(&tx, err);
}

static enum dy_code
fill_residents(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct filling *f = ctx;

	for (size_t i = f->from; i < f->to; i++)
		DY_TRY(fill_person(f, writer, &f->seed->residents[i], "resident",
		                   f->seed->households[i % f->seed->n_households], err));
	return DY_OK;
}

static enum dy_code
fill_staff(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct filling *f = ctx;
	struct seed *s = f->seed;
	struct dy_id none = { 0 };

	DY_TRY(dy_wtx_begin(writer, s->community, &tx, err));
	DY_TRY(fill_person(f, writer, &s->secretary, "staff", none, err));
	DY_TRY(fill_person(f, writer, &s->leader, "staff", none, err));
	struct dy_post posts[] = {
		{ .id = new_id(f),
		  .account = s->secretary.account,
		  .scope = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, s->community },
		  .from = f->now },
		{ .id = new_id(f),
		  .account = s->leader.account,
		  .scope = { DY_ROLE_LEADER, DY_SCOPE_UNIT, f->units[0] },
		  .from = f->now },
	};
	for (size_t i = 0; i < DY_COUNT(posts); i++)
		DY_TRY(dy_post_insert(tx, &posts[i], err));
	return dy_wtx_commit(&tx, err);
}

void
seed_fill(struct dy_store *store, struct seed *seed, size_t households, size_t residents)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)256 << 20);
	struct filling f = { .seed = seed, .arena = arena, .now = dy_time_now() };
	struct dy_err err = { 0 };

	f.now.ms -= DY_HOUR_MS; /* posts and sessions hold already */
	f.id_ms = f.now;
	*seed = (struct seed){ .n_households = households, .n_residents = residents };
	seed->community = new_id(&f);
	seed->households = calloc(households, sizeof(seed->households[0]));
	seed->residents = calloc(residents, sizeof(seed->residents[0]));
	DY_ASSERT(seed->households != NULL && seed->residents != NULL);
	bk_must(dy_store_run(store, fill_units, &f, &err), &err, "units");
	bk_must(dy_store_run(store, fill_doors, &f, &err), &err, "doors");
	bk_must(dy_store_run(store, fill_staff, &f, &err), &err, "staff");
	for (f.from = 0; f.from < residents; f.from = f.to) {
		f.to = f.from + CHUNK < residents ? f.from + CHUNK : residents;
		bk_must(dy_store_run(store, fill_residents, &f, &err), &err, "residents");
		dy_arena_reset(arena);
	}
}

struct reporting {
	const struct seed *seed;
	struct dy_arena *arena;
	struct dy_id *ids;
	size_t n, done;
};

/* One command of the writer each time: not all at once in its memory. */
static enum dy_code
report_all(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct reporting *r = ctx;

	for (size_t end = r->done + CHUNK; r->done < r->n && r->done < end; r->done++) {
		size_t i = r->done;
		const struct seed_person *p = &r->seed->residents[i % r->seed->n_residents];
		struct dy_actor actor = { .community = r->seed->community,
			                  .account = p->account,
			                  .household = p->household };
		struct dy_call call = { .writer = writer,
			                .arena = r->arena,
			                .actor = &actor,
			                .now = dy_time_now(),
			                .err = err };
		struct dy_request_draft draft = { .category = DY_STR_INIT("REPR"),
			                          .text = DY_STR_INIT("楼道里的灯不亮了") };
		struct dy_request out;
		DY_TRY(dy_app_report(&call, &draft, &out));
		if (r->ids != NULL)
			r->ids[i] = out.id;
	}
	return DY_OK;
}

void
seed_requests(struct dy_store *store, const struct seed *seed, size_t n, struct dy_id *ids)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)256 << 20);
	struct reporting r = { seed, arena, ids, n, 0 };
	struct dy_err err = { 0 };

	while (r.done < n) {
		bk_must(dy_store_run(store, report_all, &r, &err), &err, "requests");
		dy_arena_reset(arena);
	}
}

void
seed_free(struct seed *seed)
{
	free(seed->households);
	free(seed->residents);
	*seed = (struct seed){ 0 };
}
