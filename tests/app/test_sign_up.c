/* Sign-ups against a simple model under random interleavings, and the rules one by one. The model is a list in order of
 * arrival; it knows nothing of the store's counters. */
#include "dyt_community.h"
#include "dyt_store.h"

#include "app/sign_up.h"
#include "base/rng.h"

#include <stdlib.h>

#define NOON    1750046400000 /* 2025-06-16 12:00 in Shanghai */
#define MEMBERS (DYT_UNITS * DYT_DOORS)
#define ROUNDS  60
#define STEPS   80

struct world {
	struct dyt_store s;
	struct dyt_community c;
	struct dy_key key;
	struct dy_arena *arena;
	struct dy_reader *reader;
	struct dy_actor secretary, members[MEMBERS];
	struct dy_time now;
	struct dy_err err;
};

static struct dy_actor
actor_with(struct world *w, int64_t person, struct dy_id household)
{
	struct dy_actor a = { .community = w->c.id,
		              .account = dyt_account_id(&w->c, person),
		              .household = household };
	return a;
}

static void
world_open(struct world *w)
{
	static struct dy_post post;

	*w = (struct world){ .now = { NOON }, .arena = dy_arena_new((size_t)64 << 20) };
	DYT_OK(dy_crypto_init(&w->err));
	dyt_store_open(&w->s, (struct dy_store_options){ 0 });
	w->c = (struct dyt_community){ .id = dy_id_make(w->now, 5),
		                       .code = "330922100009",
		                       .name = "示例社区",
		                       .volunteers = MEMBERS,
		                       .key = &w->key,
		                       .now = { NOON - DY_DAY_MS },
		                       .password_hash = "none",
		                       .arena = w->arena };
	DYT_OK(dy_store_run(w->s.store, dyt_community_make, &w->c, &w->err));
	DYT_OK(dy_reader_open(w->s.store, &w->reader, &w->err));
	w->secretary = actor_with(w, DYT_SECRETARY, (struct dy_id){ 0 });
	post.scope = (struct dy_post_scope){ DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, w->c.id };
	w->secretary.is_staff = true;
	w->secretary.posts = (struct dy_post_list){ .items = &post, .count = 1 };
	for (int64_t i = 0; i < MEMBERS; i++)
		w->members[i] =
			actor_with(w, DYT_STAFF + i,
		                   dyt_household_id(&w->c, i / DYT_DOORS + 1, i % DYT_DOORS + 1));
}

static void
world_close(struct world *w)
{
	dy_reader_close(w->reader);
	dyt_store_close(&w->s);
	dy_arena_free(w->arena);
}

/* One use case as a job of the writer. */
struct use {
	struct world *w;
	const struct dy_actor *actor;
	const struct dy_sign_up_draft *make;
	const struct dy_sign_up_edit *change;
	const struct dy_entry_draft *join;
	struct dy_id leave, member;
	struct dy_sign_up *out;
	struct dy_sign_up_entry *entry;
};

static enum dy_code
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

	if (u->make != NULL)
		return dy_app_sign_up_make(&call, u->make, u->out);
	if (u->change != NULL)
		return dy_app_sign_up_change(&call, u->change, u->out);
	if (u->join != NULL)
		return dy_app_sign_up_join(&call, u->join, u->entry);
	return dy_app_sign_up_leave(&call, u->leave, u->member);
}

static enum dy_code
use(struct world *w, struct use u)
{
	u.w = w;
	w->err = (struct dy_err){ 0 };
	return dy_store_run(w->s.store, use_run, &u, &w->err);
}

static struct dy_sign_up
make(struct world *w, int64_t capacity, int64_t entry_max)
{
	struct dy_sign_up_draft d = { .title = DY_STR_INIT("领菜"),
		                      .capacity = capacity,
		                      .entry_max = entry_max,
		                      .closes_at = { w->now.ms + DY_DAY_MS } };
	struct dy_sign_up s;

	DYT_OK(use(w, (struct use){ .actor = &w->secretary, .make = &d, .out = &s }));
	return s;
}

static enum dy_code
join(struct world *w, const struct dy_actor *who, struct dy_id id, int64_t seats,
     struct dy_sign_up_entry *out)
{
	struct dy_entry_draft d = { .sign_up = id, .seats = seats };

	return use(w, (struct use){ .actor = who, .join = &d, .entry = out });
}

static enum dy_code
leave(struct world *w, const struct dy_actor *who, struct dy_id id, struct dy_id member)
{
	return use(w, (struct use){ .actor = who, .leave = id, .member = member });
}

/* The model: who came, in their order. */
struct line {
	struct {
		int member;
		int64_t seats, place;
		bool in;
	} at[MEMBERS];
	size_t n;
	int64_t capacity, next_place;
};

static int64_t
line_taken(const struct line *l)
{
	int64_t taken = 0;

	for (size_t i = 0; i < l->n; i++)
		taken += l->at[i].in ? l->at[i].seats : 0;
	return taken;
}

/* In their order, as long as the next one fits. */
static void
line_move(struct line *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i].in)
			continue;
		if (line_taken(l) + l->at[i].seats > l->capacity)
			return;
		l->at[i].in = true;
	}
}

static int
line_find(const struct line *l, int member)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i].member == member)
			return (int)i;
	}
	return -1;
}

static void
line_compare(struct world *w, const struct line *l, struct dy_id id)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_sign_up_entry_list list;
	struct dy_sign_up s;
	int64_t waiting = 0;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_sign_up_get(tx, w->arena, id, &s, &w->err));
	DYT_OK(dy_sign_up_entries(tx, w->arena, id, 0, 500, &list, &w->err));
	DYT_INT(list.count, l->n);
	for (size_t i = 0; i < l->n; i++) {
		const struct dy_sign_up_entry *e = &list.items[i];
		DYT_TRUE(dy_id_eq(e->member, w->members[l->at[i].member].household));
		DYT_INT(e->place, l->at[i].place);
		DYT_INT(e->seats, l->at[i].seats);
		DYT_INT(e->state, l->at[i].in ? DY_ENTRY_IN : DY_ENTRY_WAITING);
		waiting += !l->at[i].in;
	}
	DYT_INT(s.taken, line_taken(l));
	DYT_INT(s.waiting, waiting);
	DYT_INT(s.capacity, l->capacity);
	DYT_TRUE(s.taken <= s.capacity);
}

static void
step_join(struct world *w, struct line *l, struct dy_id id, int member, int64_t seats)
{
	struct dy_sign_up_entry e;
	enum dy_code rc = join(w, &w->members[member], id, seats, &e);

	if (line_find(l, member) >= 0) {
		DYT_INT(rc, DY_E_CONFLICT);
		return;
	}
	DYT_OK(rc);
	l->at[l->n].member = member;
	l->at[l->n].seats = seats;
	l->at[l->n].place = l->next_place++;
	l->at[l->n++].in = false;
	line_move(l);
	DYT_INT(e.state, l->at[l->n - 1].in ? DY_ENTRY_IN : DY_ENTRY_WAITING);
}

static void
step_leave(struct world *w, struct line *l, struct dy_id id, int member)
{
	const struct dy_actor *a = &w->members[member];
	enum dy_code rc = leave(w, a, id, a->household);
	int i = line_find(l, member);

	DYT_INT(rc, i >= 0 ? DY_OK : DY_E_NOT_FOUND);
	if (i < 0)
		return;
	memmove(&l->at[i], &l->at[i + 1], (l->n - (size_t)i - 1) * sizeof(l->at[0]));
	l->n--;
	line_move(l);
}

static void
step_resize(struct world *w, struct line *l, struct dy_id id, int64_t version, int64_t capacity)
{
	struct dy_sign_up out;
	struct dy_sign_up_edit d = { .id = id,
		                     .version = version,
		                     .title = DY_STR_INIT("领菜"),
		                     .capacity = capacity,
		                     .closes_at = { w->now.ms + DY_DAY_MS } };

	if (line_taken(l) > capacity) {
		DYT_INT(use(w, (struct use){ .actor = &w->secretary, .change = &d, .out = &out }),
		        DY_E_CONFLICT);
		return;
	}
	DYT_OK(use(w, (struct use){ .actor = &w->secretary, .change = &d, .out = &out }));
	l->capacity = capacity;
	line_move(l);
}

static void
step_any(struct world *w, struct line *l, struct dy_id id, int64_t *version, struct dy_rng *rng)
{
	int member = (int)dy_rng_below(rng, MEMBERS);
	uint32_t what = dy_rng_below(rng, 10);

	if (what < 5) {
		step_join(w, l, id, member, dy_rng_between(rng, 1, 3));
	} else if (what < 9) {
		step_leave(w, l, id, member);
	} else {
		int64_t capacity = dy_rng_between(rng, 3, 10);
		bool fits = line_taken(l) <= capacity;
		step_resize(w, l, id, *version, capacity);
		*version += fits;
	}
}

DYT(random_entries_agree_with_a_simple_list)
{
	struct world w;

	world_open(&w);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		struct dy_rng rng = dy_rng_seed(round, 1);
		struct line l = { .capacity = dy_rng_between(&rng, 3, 8), .next_place = 1 };
		struct dy_sign_up s = make(&w, l.capacity, 3);
		int64_t version = 1;
		for (int step = 0; step < STEPS; step++) {
			step_any(&w, &l, s.id, &version, &rng);
			line_compare(&w, &l, s.id);
		}
	}
	world_close(&w);
}

DYT(it_opens_and_closes_to_the_millisecond)
{
	struct world w;
	struct dy_sign_up_entry e;
	struct dy_sign_up s;

	world_open(&w);
	struct dy_sign_up_draft d = { .title = DY_STR_INIT("打疫苗"),
		                      .capacity = 9,
		                      .entry_max = 1,
		                      .opens_at = { NOON + 1000 },
		                      .closes_at = { NOON + 2000 } };
	DYT_OK(use(&w, (struct use){ .actor = &w.secretary, .make = &d, .out = &s }));
	w.now.ms = NOON + 999;
	DYT_INT(join(&w, &w.members[0], s.id, 1, &e), DY_E_CONFLICT);
	w.now.ms = NOON + 1000;
	DYT_OK(join(&w, &w.members[0], s.id, 1, &e));
	w.now.ms = NOON + 1999;
	DYT_OK(join(&w, &w.members[1], s.id, 1, &e));
	w.now.ms = NOON + 2000;
	DYT_INT(join(&w, &w.members[2], s.id, 1, &e), DY_E_CONFLICT);
	DYT_INT(leave(&w, &w.members[0], s.id, w.members[0].household), DY_E_CONFLICT);
	DYT_OK(leave(&w, &w.secretary, s.id, w.members[0].household));
	DYT_INT(leave(&w, &w.secretary, s.id, w.members[0].household), DY_E_NOT_FOUND);
	world_close(&w);
}

DYT(a_list_of_one_unit_is_for_its_people)
{
	struct world w;
	struct dy_sign_up_entry e;
	struct dy_sign_up s;

	world_open(&w);
	struct dy_sign_up_draft d = { .title = DY_STR_INIT("领菜"),
		                      .capacity = 2,
		                      .entry_max = 1,
		                      .unit = dyt_unit_id(&w.c, 2),
		                      .closes_at = { NOON + 5000 } };
	DYT_OK(use(&w, (struct use){ .actor = &w.secretary, .make = &d, .out = &s }));
	DYT_TRUE(dy_id_eq(s.grid, dyt_grid_id(&w.c, 1)));
	DYT_INT(join(&w, &w.members[0], s.id, 1, &e), DY_E_NOT_FOUND);
	DYT_OK(join(&w, &w.members[DYT_DOORS], s.id, 1, &e));
	DYT_INT(leave(&w, &w.members[DYT_DOORS + 1], s.id, e.member), DY_E_NOT_FOUND);
	DYT_INT(use(&w, (struct use){ .actor = &w.members[0], .make = &d, .out = &s }),
	        DY_E_DENIED);
	struct dy_entry_draft for_door = { .sign_up = s.id,
		                           .seats = 1,
		                           .door = dyt_door_id(&w.c, 2, 2) };
	DYT_OK(use(&w, (struct use){ .actor = &w.secretary, .join = &for_door, .entry = &e }));
	DYT_TRUE(dy_id_eq(e.member, dyt_household_id(&w.c, 2, 2)));
	for_door.door = dyt_door_id(&w.c, 1, 1);
	DYT_INT(use(&w, (struct use){ .actor = &w.secretary, .join = &for_door, .entry = &e }),
	        DY_E_INPUT);
	DYT_STR(w.err.field, "/door_id");
	world_close(&w);
}

DYT(a_draft_that_cannot_be_names_its_member)
{
	static const struct {
		const char *field;
		int64_t capacity, entry_max, opens, closes;
	} row[] = {
		{ "/capacity", 0, 1, 0, 1000 },
		{ "/capacity", DY_SEATS_MAX + 1, 1, 0, 1000 },
		{ "/entry_max", 5, 0, 0, 1000 },
		{ "/entry_max", 5, 6, 0, 1000 },
		{ "/closes_at", 5, 1, 0, 0 },
		{ "/closes_at", 5, 1, 2000, 1000 },
		{ "/closes_at", 5, 1, 0, 91LL * DY_DAY_MS },
	};
	struct world w;
	struct dy_sign_up s;

	world_open(&w);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_sign_up_draft d = {
			.title = DY_STR_INIT("领菜"),
			.capacity = row[i].capacity,
			.entry_max = row[i].entry_max,
			.opens_at = { row[i].opens == 0 ? 0 : NOON + row[i].opens },
			.closes_at = { NOON + row[i].closes },
		};
		DYT_ROW(row[i].field);
		DYT_INT(use(&w, (struct use){ .actor = &w.secretary, .make = &d, .out = &s }),
		        DY_E_INPUT);
		DYT_STR(w.err.field, row[i].field);
	}
	world_close(&w);
}

DYT_MAIN(DYT_TEST(random_entries_agree_with_a_simple_list),
         DYT_TEST(it_opens_and_closes_to_the_millisecond),
         DYT_TEST(a_list_of_one_unit_is_for_its_people),
         DYT_TEST(a_draft_that_cannot_be_names_its_member))
