/* Use cases over a real store: sides and permissions, clocks, what a refused act leaves behind, events and their chain,
 * sessions and sweeping. Time is a parameter here, which the API suite cannot move. */
#include "dyt_community.h"
#include "dyt_store.h"
#include "store/idem.h"

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

static void
world_open(struct world *w)
{
	*w = (struct world){ .now = { NOON }, .arena = dy_arena_new((size_t)16 << 20) };
	DYT_OK(dy_crypto_init(&w->err));
	dyt_store_open(&w->s, (struct dy_store_options){ 0 });
	w->c = (struct dyt_community){ .id = dy_id_make(w->now, 5),
		                       .code = "330922100009",
		                       .name = "示例社区",
		                       .volunteers = 1,
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

/* One use case as a job of the writer. */
struct use {
	struct world *w;
	struct dy_actor *actor;
	const struct dy_request_draft *report;
	const struct dy_act_draft *act;
	const struct dy_join_draft *join;
	struct dy_photo *photo;
	struct dy_id end_post, sign_in;
	bool sweep;
	struct dy_request *out;
	char token[DY_LINK_TEXT + 1];
};

static enum dy_code
use_run(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct use *u = ctx;
	struct dy_request ignored;
	struct dy_call call = {
		.writer = writer,
		.arena = u->w->arena,
		.key = &u->w->key,
		.actor = u->actor,
		.now = u->w->now,
		.err = err,
	};

	if (u->report != NULL)
		return dy_app_report(&call, u->report, u->out != NULL ? u->out : &ignored);
	if (u->act != NULL)
		return dy_app_act(&call, u->act, u->out != NULL ? u->out : &ignored);
	if (u->join != NULL)
		return dy_app_join(&call, u->join, u->token);
	if (u->photo != NULL)
		return dy_app_photo_add(&call, u->photo);
	if (u->sign_in.v != 0)
		return dy_app_sign_in(&call, u->w->c.id, u->sign_in, u->token);
	if (u->sweep)
		return dy_app_sweep(&call, u->w->c.id);
	return dy_app_post_end(&call, u->end_post);
}

static enum dy_code
use(struct world *w, struct use u)
{
	u.w = w;
	w->err = (struct dy_err){ 0 };
	return dy_store_run(w->s.store, use_run, &u, &w->err);
}

static struct dy_actor
actor_of(struct world *w, const char *token)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_actor a;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_app_actor(tx, w->arena, dy_str_from(token), w->now, &a, &w->err));
	return a;
}

static struct dy_actor
staff(struct world *w, int person)
{
	struct use u = { .w = w, .sign_in = dyt_account_id(&w->c, person) };

	DYT_OK(dy_store_run(w->s.store, use_run, &u, &w->err));
	struct dy_actor a = actor_of(w, dy_arena_dup(w->arena, u.token, DY_LINK_TEXT));
	DYT_INT(a.session_until.ms - w->now.ms, DY_SESSION_DAYS_STAFF * INT64_C(86400000));
	return a;
}

static const char *
join(struct world *w, int64_t unit, int64_t door)
{
	struct dy_join_draft d = {
		.link = dy_str_from(w->c.links[unit - 1]),
		.door = dy_str_from(dy_arena_printf(w->arena, "%lld01", (long long)door)),
		.household_code = dy_str_from(dyt_household_code(w->arena, unit, door)),
		.name = DY_STR_INIT("王示例"),
		.language = DY_STR_INIT("zh-CN"),
	};
	struct use u = { .w = w, .join = &d };

	DYT_OK(dy_store_run(w->s.store, use_run, &u, &w->err));
	return dy_arena_dup(w->arena, u.token, DY_LINK_TEXT);
}

static struct dy_request
report(struct world *w, struct dy_actor *by, const char *category)
{
	struct dy_request_draft d = { .category = dy_str_from(category),
		                      .text = DY_STR_INIT("来看看") };
	struct dy_request r;

	DYT_OK(use(w, (struct use){ .actor = by, .report = &d, .out = &r }));
	return r;
}

static enum dy_code
act(struct world *w, struct dy_actor *by, struct dy_request *r, enum dy_act what, const char *text)
{
	struct dy_act_draft d = {
		.request = r->id, .act = what, .version = r->version, .text = dy_str_from(text)
	};
	return use(w, (struct use){ .actor = by, .act = &d, .out = r });
}

static struct dy_request
stored(struct world *w, struct dy_id id)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_request r;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_request_get(tx, w->arena, id, &r, &w->err));
	return r;
}

static size_t
entries_of(struct world *w, struct dy_id id)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_entry_list list;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_entry_list(tx, w->arena, id, &list, &w->err));
	return list.count;
}

static struct dy_event_list
events_of(struct world *w, struct dy_id subject)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_event_list list;
	size_t n = 0;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_event_list_after(tx, w->arena, 0, INT32_MAX, &list, &w->err));
	for (size_t i = 0; i < list.count; i++) {
		if (dy_id_eq(list.items[i].subject, subject))
			list.items[n++] = list.items[i];
	}
	list.count = n;
	return list;
}

DYT(each_side_may_read_see_the_door_and_act_as_the_table_says)
{
	static const struct {
		const char *why;
		int person;
		const char *category;
		bool reads, sees_door;
		unsigned sides;
	} row[] = {
		{ "leader of the unit", DYT_LEADER, "FOOD", true, true,
		  DY_SIDE_WORKER | DY_SIDE_MANAGER },
		{ "captain of the unit", DYT_CAPTAIN, "FOOD", true, false, DY_SIDE_WORKER },
		{ "courier of the unit", DYT_COURIER, "FOOD", true, false, 0 },
		{ "shopkeeper of the unit", DYT_SHOPKEEPER, "FOOD", false, false, 0 },
		{ "leader of another unit", DYT_LEADER_2, "FOOD", false, false, 0 },
		{ "manager of the grid", DYT_MANAGER, "FOOD", true, true,
		  DY_SIDE_WORKER | DY_SIDE_MANAGER },
		{ "volunteer of the other grid", DYT_VOLUNTEER_3, "FOOD", false, false, 0 },
		{ "officer", DYT_OFFICER, "FOOD", true, false, DY_SIDE_SUPERVISOR },
		{ "secretary", DYT_SECRETARY, "FOOD", true, true,
		  DY_SIDE_WORKER | DY_SIDE_MANAGER | DY_SIDE_SUPERVISOR },
		{ "captain, private", DYT_CAPTAIN, "DISP", false, false, DY_SIDE_WORKER },
		{ "officer, private", DYT_OFFICER, "DISP", false, false, DY_SIDE_SUPERVISOR },
		{ "leader, private", DYT_LEADER, "DISP", true, true,
		  DY_SIDE_WORKER | DY_SIDE_MANAGER },
	};
	struct world w;

	world_open(&w);
	struct dy_actor home = actor_of(&w, join(&w, 1, 1));
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_actor a = staff(&w, row[i].person);
		struct dy_request r = report(&w, &home, row[i].category);
		DYT_ROW(row[i].why);
		DYT_INT(dy_request_may_read(&a, &r), row[i].reads);
		DYT_INT(dy_request_may_see_door(&a, &r), row[i].sees_door);
		DYT_INT(dy_request_sides(&a, &r), row[i].sides);
		enum dy_code want = !row[i].reads                          ? DY_E_NOT_FOUND
		                    : (row[i].sides & DY_SIDE_WORKER) != 0 ? DY_OK
		                                                           : DY_E_DENIED;
		DYT_INT(act(&w, &a, &r, DY_ACT_CLAIM, ""), want);
	}
	struct dy_actor nobody = { .community = w.c.id };
	struct dy_request r = report(&w, &home, "FOOD");
	DYT_INT(dy_request_sides(&nobody, &r), 0);
	DYT_TRUE(!dy_request_may_read(&nobody, &r));
	world_close(&w);
}

DYT(an_owner_whose_post_has_ended_owns_nothing_any_more)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = actor_of(&w, join(&w, 1, 1));
	struct dy_actor secretary = staff(&w, DYT_SECRETARY);
	struct dy_actor owner = staff(&w, DYT_VOLUNTEER);
	struct dy_request r = report(&w, &home, "FOOD");
	DYT_OK(act(&w, &owner, &r, DY_ACT_CLAIM, ""));
	DYT_TRUE((dy_request_sides(&owner, &r) & DY_SIDE_OWNER) != 0);
	struct dy_id post = dyt_post_id(&w.c, DYT_VOLUNTEER);
	DYT_OK(use(&w, (struct use){ .actor = &secretary, .end_post = post }));
	owner = staff(&w, DYT_VOLUNTEER);
	DYT_INT(owner.posts.count, 0);
	DYT_INT(dy_request_sides(&owner, &r), 0);
	DYT_TRUE(!dy_request_may_see_door(&owner, &r));
	DYT_INT(act(&w, &owner, &r, DY_ACT_FINISH, "好了"), DY_E_NOT_FOUND);
	struct dy_event_list events = events_of(&w, dyt_account_id(&w.c, DYT_VOLUNTEER));
	DYT_TRUE(dy_str_is(events.items[events.count - 2].topic, "post.ended"));
	world_close(&w);
}

DYT(the_last_secretary_stays_and_a_post_ends_once)
{
	struct world w;

	world_open(&w);
	struct dy_actor secretary = staff(&w, DYT_SECRETARY);
	struct dy_actor leader = staff(&w, DYT_LEADER);
	struct use last = { .actor = &secretary, .end_post = dyt_post_id(&w.c, DYT_SECRETARY) };
	DYT_INT(use(&w, last), DY_E_CONFLICT);
	last.end_post = dyt_post_id(&w.c, DYT_CADRE);
	DYT_INT(use(&w, (struct use){ .actor = &leader, .end_post = last.end_post }), DY_E_DENIED);
	DYT_OK(use(&w, last));
	w.now.ms++;
	DYT_INT(use(&w, last), DY_E_NOT_FOUND);
	world_close(&w);
}

DYT(asking_the_resident_stops_the_clock_for_as_long_as_it_takes)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = actor_of(&w, join(&w, 1, 1));
	struct dy_actor captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "SHOP");
	int64_t due = r.close_due_at.ms;
	DYT_INT(due, NOON + 2 * DY_DAY_MS);
	w.now.ms += DY_HOUR_MS;
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLAIM, ""));
	DYT_INT(r.responded_at.ms, NOON + DY_HOUR_MS);
	DYT_OK(act(&w, &captain, &r, DY_ACT_ASK, "哪一家？"));
	DYT_INT(r.paused_at.ms, w.now.ms);
	w.now.ms += 5 * DY_HOUR_MS;
	DYT_OK(act(&w, &home, &r, DY_ACT_ANSWER, "门口那家"));
	DYT_INT(r.state, DY_STATE_CLAIMED);
	DYT_INT(r.paused_at.ms, 0);
	DYT_INT(r.close_due_at.ms, due + 5 * DY_HOUR_MS);
	DYT_OK(act(&w, &captain, &r, DY_ACT_ASK, "几斤？"));
	w.now.ms += DY_HOUR_MS;
	DYT_OK(act(&w, &home, &r, DY_ACT_WITHDRAW, ""));
	DYT_INT(r.paused_at.ms, 0);
	DYT_INT(r.closed_at.ms, w.now.ms);
	DYT_INT(r.owner.v, 0);
	world_close(&w);
}

DYT(reopening_begins_a_new_deadline_and_forgets_the_judgement)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = actor_of(&w, join(&w, 1, 1));
	struct dy_actor captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "SHOP");
	DYT_OK(act(&w, &captain, &r, DY_ACT_CLOSE_NOW, "退了"));
	struct dy_act_draft rate = { .request = r.id,
		                     .act = DY_ACT_RATE,
		                     .version = r.version,
		                     .rating = 2,
		                     .text = DY_STR_INIT("少退了两块") };
	DYT_OK(use(&w, (struct use){ .actor = &home, .act = &rate, .out = &r }));
	DYT_INT(r.rating, 2);
	w.now.ms += 10 * DY_DAY_MS;
	DYT_OK(act(&w, &home, &r, DY_ACT_REOPEN, "没退"));
	DYT_INT(r.rating, 0);
	DYT_INT(r.closed_at.ms, 0);
	DYT_INT(r.close_due_at.ms, w.now.ms + 2 * DY_DAY_MS);
	world_close(&w);
}

DYT(a_refused_act_leaves_nothing_behind)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = actor_of(&w, join(&w, 1, 1));
	struct dy_actor captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "FOOD");
	uint8_t hash[DY_HASH_BYTES] = { 1 };
	struct dy_photo photo = { .id = dy_id_make(w.now, 77),
		                  .bytes = 1,
		                  .width = 1,
		                  .height = 1,
		                  .hash = { hash, DY_HASH_BYTES } };
	DYT_OK(use(&w, (struct use){ .actor = &home, .photo = &photo }));
	struct dy_act_draft claim = { .request = r.id,
		                      .act = DY_ACT_CLAIM,
		                      .version = r.version,
		                      .photos = { .ids = { photo.id }, .count = 1 } };
	DYT_INT(use(&w, (struct use){ .actor = &captain, .act = &claim }), DY_E_INPUT);
	DYT_STR(w.err.field, "/photo_ids");
	struct dy_request after = stored(&w, r.id);
	DYT_INT(after.state, DY_STATE_REPORTED);
	DYT_INT(after.version, r.version);
	DYT_INT(after.owner.v, 0);
	DYT_INT(entries_of(&w, r.id), 1);
	DYT_INT(events_of(&w, r.id).count, 1);
	claim.version++;
	claim.photos.count = 0;
	DYT_INT(use(&w, (struct use){ .actor = &captain, .act = &claim }), DY_E_CONFLICT);
	DYT_STR(w.err.field, "/version");
	DYT_INT(entries_of(&w, r.id), 1);
	world_close(&w);
}

DYT(every_act_is_one_entry_and_one_event_and_the_chain_holds)
{
	static const struct {
		bool home;
		enum dy_act act;
		const char *text, *topic;
	} walk[] = {
		{ false, DY_ACT_ACCEPT, "", "request.accept" },
		{ false, DY_ACT_CLAIM, "", "request.claim" },
		{ false, DY_ACT_START, "", "request.start" },
		{ false, DY_ACT_ANSWER, "在路上", "request.answer" },
		{ false, DY_ACT_FINISH, "送到", "request.finish" },
		{ true, DY_ACT_REOPEN, "少一样", "request.reopen" },
		{ false, DY_ACT_FINISH, "补上", "request.finish" },
		{ true, DY_ACT_CONFIRM, "", "request.confirm" },
	};
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_event_audit audit;
	struct world w;

	world_open(&w);
	struct dy_actor home = actor_of(&w, join(&w, 1, 2));
	struct dy_actor captain = staff(&w, DYT_CAPTAIN);
	struct dy_request r = report(&w, &home, "FOOD");
	for (size_t i = 0; i < DY_COUNT(walk); i++) {
		DYT_ROW(walk[i].topic);
		DYT_OK(act(&w, walk[i].home ? &home : &captain, &r, walk[i].act, walk[i].text));
		struct dy_event_list events = events_of(&w, r.id);
		DYT_INT(events.count, i + 2);
		DYT_INT(entries_of(&w, r.id), i + 2);
		const struct dy_event *e = &events.items[i + 1];
		DYT_TRUE(dy_str_is(e->topic, walk[i].topic));
		DYT_INT(e->rooms.household.v, r.household.v);
		DYT_INT(e->rooms.unit.v, dyt_unit_id(&w.c, 1).v);
		DYT_INT(e->rooms.reach, DY_REACH_TEAM);
		DYT_TRUE(!dy_str_contains(e->payload, DY_STR("在路上")));
	}
	struct dy_request secret = report(&w, &home, "PSYC");
	DYT_INT(events_of(&w, secret.id).items[0].rooms.reach, DY_REACH_MANAGERS);
	DYT_OK(dy_rtx_begin(w.reader, w.c.id, &tx, &w.err));
	DYT_OK(dy_event_verify(tx, &audit, &w.err));
	DYT_INT(audit.first_bad, 0);
	DYT_TRUE(audit.checked >= (int64_t)DY_COUNT(walk) + 2);
	dy_rtx_end(&tx);
	world_close(&w);
}

DYT(sessions_end_in_time_and_sweeping_takes_only_what_is_over)
{
	struct world w;

	world_open(&w);
	struct use sign_in = { .w = &w, .sign_in = dyt_account_id(&w.c, DYT_LEADER) };
	DYT_OK(dy_store_run(w.s.store, use_run, &sign_in, &w.err));
	const char *resident = join(&w, 1, 1);
	w.now.ms = NOON + DY_SESSION_DAYS_STAFF * DY_DAY_MS - 1;
	DYT_TRUE(actor_of(&w, sign_in.token).account.v != 0);
	w.now.ms++;
	DYT_INT(actor_of(&w, sign_in.token).account.v, 0);
	DYT_OK(use(&w, (struct use){ .sweep = true }));
	DYT_TRUE(actor_of(&w, resident).account.v != 0);
	w.now.ms = NOON;
	DYT_INT(actor_of(&w, sign_in.token).account.v, 0); /* swept for good */
	w.now.ms = NOON + DY_SESSION_DAYS_RESIDENT * DY_DAY_MS;
	DYT_INT(actor_of(&w, resident).account.v, 0);
	world_close(&w);
}

/* Stores one key, or sweeps, at w->now. */
static enum dy_code
idem_add(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct world *w = ctx;
	struct dy_idem idem = { .key = dy_str_from(dy_arena_printf(w->arena, "key-%lld",
		                                                   (long long)w->now.ms)),
		                .account = dyt_account_id(&w->c, DYT_LEADER) };
	struct dy_idem_answer answer = { 201, DY_STR_INIT("{}") };

	DY_TRY(dy_wtx_begin(writer, w->c.id, &tx, err));
	DY_TRY(dy_idem_store(tx, &idem, &answer, w->now, err));
	return dy_wtx_commit(&tx, err);
}

static bool
idem_is_there(struct world *w, int64_t ms)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_idem idem = { .key = dy_str_from(
					dy_arena_printf(w->arena, "key-%lld", (long long)ms)),
		                .account = dyt_account_id(&w->c, DYT_LEADER) };
	struct dy_idem_answer answer;
	bool found;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_idem_find(tx, w->arena, &idem, &found, &answer, &w->err));
	return found;
}

DYT(keys_are_kept_for_a_day_and_then_swept)
{
	struct world w;

	world_open(&w);
	DYT_OK(dy_store_run(w.s.store, idem_add, &w, &w.err));
	w.now.ms += DY_HOUR_MS;
	DYT_OK(dy_store_run(w.s.store, idem_add, &w, &w.err));
	w.now.ms = NOON + DY_DAY_MS;
	DYT_OK(use(&w, (struct use){ .sweep = true }));
	DYT_TRUE(idem_is_there(&w, NOON));
	w.now.ms++;
	DYT_OK(use(&w, (struct use){ .sweep = true }));
	DYT_TRUE(!idem_is_there(&w, NOON));
	DYT_TRUE(idem_is_there(&w, NOON + DY_HOUR_MS));
	world_close(&w);
}

DYT(numbers_of_a_day_are_gapless_and_begin_anew_at_midnight)
{
	struct world w;

	world_open(&w);
	struct dy_actor home = actor_of(&w, join(&w, 1, 1));
	for (int64_t i = 1; i <= 3; i++)
		DYT_INT(report(&w, &home, "FOOD").day_number, i);
	struct dy_request_draft bad = { .category = DY_STR_INIT("FOOD"),
		                        .text = DY_STR_INIT("x"),
		                        .photos = { .ids = { { 9 } }, .count = 1 } };
	DYT_INT(use(&w, (struct use){ .actor = &home, .report = &bad }), DY_E_INPUT);
	DYT_INT(report(&w, &home, "FOOD").day_number, 4);
	w.now.ms = NOON + 12 * DY_HOUR_MS - 1;
	DYT_INT(report(&w, &home, "FOOD").day_number, 5);
	w.now.ms++;
	DYT_INT(report(&w, &home, "FOOD").day_number, 1);
	world_close(&w);
}

DYT_MAIN(DYT_TEST(each_side_may_read_see_the_door_and_act_as_the_table_says),
         DYT_TEST(an_owner_whose_post_has_ended_owns_nothing_any_more),
         DYT_TEST(the_last_secretary_stays_and_a_post_ends_once),
         DYT_TEST(asking_the_resident_stops_the_clock_for_as_long_as_it_takes),
         DYT_TEST(reopening_begins_a_new_deadline_and_forgets_the_judgement),
         DYT_TEST(a_refused_act_leaves_nothing_behind),
         DYT_TEST(every_act_is_one_entry_and_one_event_and_the_chain_holds),
         DYT_TEST(sessions_end_in_time_and_sweeping_takes_only_what_is_over),
         DYT_TEST(keys_are_kept_for_a_day_and_then_swept),
         DYT_TEST(numbers_of_a_day_are_gapless_and_begin_anew_at_midnight))
