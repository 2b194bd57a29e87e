/* Imports over a real store: the same file twice changes nothing, what a resident said stays, chunks survive others' writes, a
 * whole import is taken back or nothing of it. */
#include "app/import.h"
#include "dyt_community.h"
#include "dyt_store.h"

#define NOON 1750046400000 /* 2025-06-16 12:00 in Shanghai */

struct world {
	struct dyt_store s;
	struct dyt_community c;
	struct dy_key key;
	struct dy_arena *arena;
	struct dy_reader *reader;
	struct dy_time now;
	struct dy_err err;
	struct dy_post post;
	struct dy_actor actor;
};

static void
world_open(struct world *w)
{
	*w = (struct world){ .now = { NOON }, .arena = dy_arena_new(DY_SHEET_ARENA) };
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
	w->post = (struct dy_post){ .scope = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, w->c.id } };
	w->actor = (struct dy_actor){ .community = w->c.id,
		                      .is_staff = true,
		                      .posts = { &w->post, 1, 1 } };
}

static void
world_close(struct world *w)
{
	dy_reader_close(w->reader);
	dyt_store_close(&w->s);
	dy_arena_free(w->arena);
}

struct run {
	struct world *w;
	struct dy_import_job job;
	struct dy_workbook book;
	struct dy_import record;
	struct dy_import_session *session;
	size_t from, to;
	struct dy_import_obstacles obstacles;
	bool undo;
};

static enum dy_code
run_step(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct run *r = ctx;
	struct dy_call call = { .writer = writer,
		                .arena = r->w->arena,
		                .key = &r->w->key,
		                .actor = &r->w->actor,
		                .now = r->w->now,
		                .err = err };

	if (r->undo)
		return dy_app_import_undo(&call, r->record.id, &r->obstacles);
	if (r->session == NULL)
		r->session = dy_import_session_new(r->w->arena, &r->w->key, &r->job, r->w->now);
	return dy_app_import_chunk(&call, r->session, &r->record, r->from, r->to);
}

static void
run_read(struct world *w, enum dy_import_kind kind, const char *text, struct run *r)
{
	static const uint8_t HASH[DY_HASH_BYTES] = { 1 };

	*r = (struct run){ .w = w };
	DYT_OK(dy_workbook_read(w->arena, dy_str_from(text), &r->book, &w->err));
	r->job = (struct dy_import_job){ .kind = kind, .book = &r->book };
	enum dy_code rc = dy_import_map_find(&r->book, kind, &r->job.map, &w->err);
	if (rc != DY_OK)
		print_error("%s\n", w->err.text);
	DYT_OK(rc);
	dy_import_parse(w->arena, &r->job, w->now);
	r->record = (struct dy_import){ .id = dy_id_make(w->now, dy_random_u64()),
		                        .kind = dy_str_from(dy_import_kind_name(kind)),
		                        .file_name = DY_STR_INIT("a.csv"),
		                        .file_hash = { HASH, DY_HASH_BYTES },
		                        .mapping = DY_STR_INIT("") };
}

/* Writes it in chunks of `step` rows. */
static void
run_all(struct world *w, struct run *r, size_t step)
{
	do {
		r->to = r->from + step < r->job.n_rows ? r->from + step : r->job.n_rows;
		enum dy_code rc = dy_store_run(w->s.store, run_step, r, &w->err);
		if (rc != DY_OK)
			print_error("%s: %s\n", w->err.field, w->err.text);
		DYT_OK(rc);
		r->from = r->to;
	} while (r->from < r->job.n_rows);
	dy_import_session_free(&r->session);
}

static void
import(struct world *w, enum dy_import_kind kind, const char *text, size_t step, struct run *r)
{
	run_read(w, kind, text, r);
	run_all(w, r, step);
}

static void
check(struct world *w, enum dy_import_kind kind, const char *text, struct run *r)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;

	run_read(w, kind, text, r);
	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_import_check(tx, w->arena, &w->key, &r->job, w->now, &w->err));
}

static void
counts(const struct run *r, size_t create, size_t change, size_t same, size_t bad)
{
	DYT_INT(r->job.counts[DY_VERDICT_CREATE], create);
	DYT_INT(r->job.counts[DY_VERDICT_CHANGE], change);
	DYT_INT(r->job.counts[DY_VERDICT_SAME], same);
	DYT_INT(r->job.counts[DY_VERDICT_BAD], bad);
}

static const char HOMES[] = "地址,姓名,电话,人数,透析,有效期至\n"
			    "1-1-101,示例甲,13900000001,3,是,2026-12-31\n"
			    "1-1-201,示例乙,13900000002,2,,\n"
			    "2-1-909,示例丙,13900000003,1,,\n"
			    "9-1-101,示例丁,13900000004,1,,\n";
static const char PLACES[] = "网格,最小单元,楼栋,楼名,层数,单元,每层户数,房号\n"
			     "1号网格,1号单元,1,,3,1,,\n"
			     "3号网格,7号单元,7,海棠苑7幢,2,1,2,\n"
			     "3号网格,7号单元,7,海棠苑7幢,2,2,,301A\n";
static const char POSTS[] = "姓名,电话,岗位,网格,最小单元,是否副职\n"
			    "示例新组长,13900000101,组长,,2号单元,是\n"
			    "示例新网格员,+86 139-0000-0102,网格员,2号网格,,\n"
			    "示例干部,13900000103,社区干部,,,\n";

DYT(the_same_file_again_changes_nothing)
{
	static const struct {
		enum dy_import_kind kind;
		const char *text;
		size_t create, change, same, bad;
	} row[] = {
		{ DY_IMPORT_HOUSEHOLDS, HOMES, 1, 2, 0, 1 },
		{ DY_IMPORT_PLACES, PLACES, 2, 0, 1, 0 },
		{ DY_IMPORT_POSTS, POSTS, 3, 0, 0, 0 },
	};
	struct world w;
	struct run r;

	world_open(&w);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(dy_import_kind_name(row[i].kind));
		check(&w, row[i].kind, row[i].text, &r); /* what a dry run says is what happens */
		counts(&r, row[i].create, row[i].change, row[i].same, row[i].bad);
		import(&w, row[i].kind, row[i].text, 2, &r);
		counts(&r, row[i].create, row[i].change, row[i].same, row[i].bad);
		w.now.ms += DY_HOUR_MS;
		import(&w, row[i].kind, row[i].text, 1, &r);
		counts(&r, 0, 0, row[i].create + row[i].change + row[i].same, row[i].bad);
		DYT_INT(r.record.n_changes, 0);
	}
	world_close(&w);
}

static struct dy_record
record(struct world *w, struct dy_id household)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	struct dy_record r;

	DYT_OK(dy_rtx_begin(w->reader, w->c.id, &tx, &w->err));
	DYT_OK(dy_record_get(tx, w->arena, household, w->now, &r, &w->err));
	return r;
}

static struct dy_str
name_of(struct world *w, struct dy_id household)
{
	return dy_text_unseal(w->arena, &w->key, record(w, household).name_sealed);
}

DYT(a_whole_import_is_taken_back)
{
	struct world w;
	struct run homes, places, posts;

	world_open(&w);
	struct dy_id home = dyt_household_id(&w.c, 1, 1);
	import(&w, DY_IMPORT_PLACES, PLACES, 10, &places);
	import(&w, DY_IMPORT_HOUSEHOLDS, HOMES, 10, &homes);
	import(&w, DY_IMPORT_POSTS, POSTS, 10, &posts);
	DYT_TRUE(dy_str_is(name_of(&w, home), "示例甲"));
	DYT_INT(record(&w, home).flags, DY_FLAG(DY_NEED_DIALYSIS));
	struct run *all[] = { &posts, &homes, &places };
	for (size_t i = 0; i < DY_COUNT(all); i++) {
		all[i]->undo = true;
		DYT_OK(dy_store_run(w.s.store, run_step, all[i], &w.err));
		DYT_INT(all[i]->obstacles.count, 0);
		DYT_INT(dy_store_run(w.s.store, run_step, all[i], &w.err),
		        DY_E_CONFLICT); /* once */
	}
	DYT_INT(name_of(&w, home).len, 0);
	DYT_INT(record(&w, home).flags, 0);
	DYT_INT(record(&w, home).residents, 2);
	/* and all of it can be done again */
	struct run r;
	check(&w, DY_IMPORT_PLACES, PLACES, &r);
	counts(&r, 2, 0, 1, 0);
	check(&w, DY_IMPORT_HOUSEHOLDS, HOMES, &r);
	counts(&r, 1, 2, 0, 1);
	check(&w, DY_IMPORT_POSTS, POSTS, &r);
	counts(&r, 3, 0, 0, 0);
	world_close(&w);
}

struct correction {
	struct world *w;
	struct dy_id household;
};

static enum dy_code
resident_corrects(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct correction *c = ctx;
	struct world *w = c->w;
	struct dy_record r;
	const struct dy_fact facts[] = {
		{ DY_FACT_PHONE, DY_SOURCE_RESIDENT, w->now, { 0 } },
		{ DY_NEED_DIALYSIS, DY_SOURCE_RESIDENT, w->now, { 0 } },
	};

	DY_TRY(dy_wtx_begin(writer, w->c.id, &tx, err));
	DY_TRY(dy_record_get(dy_wtx_read(tx), w->arena, c->household, w->now, &r, err));
	r.phone_sealed = dy_text_seal(w->arena, &w->key, DY_STR("13911111111"));
	DY_TRY(dy_record_put(tx, &r, err));
	for (size_t i = 0; i < DY_COUNT(facts); i++)
		DY_TRY(dy_fact_put(tx, c->household, &facts[i], err));
	struct dy_event e = { .at = w->now,
		              .topic = DY_STR_INIT("household.changed"),
		              .subject = c->household,
		              .payload = DY_STR_INIT("{}") };
	DY_TRY(dy_event_append(tx, &e, NULL, err));
	return dy_wtx_commit(&tx, err);
}

DYT(what_was_changed_since_stands_in_the_way_and_nothing_is_taken_back)
{
	struct world w;
	struct run r;

	world_open(&w);
	import(&w, DY_IMPORT_HOUSEHOLDS, HOMES, 10, &r);
	struct correction c = { &w, dyt_household_id(&w.c, 1, 1) };
	DYT_OK(dy_store_run(w.s.store, resident_corrects, &c, &w.err));
	r.undo = true;
	DYT_OK(dy_store_run(w.s.store, run_step, &r, &w.err));
	DYT_INT(r.obstacles.count, 1);
	DYT_INT(r.obstacles.items[0].number, 2);
	DYT_TRUE(dy_str_is(r.obstacles.items[0].entity, "household"));
	DYT_TRUE(dy_str_is(r.obstacles.items[0].reason, "changed"));
	DYT_TRUE(dy_str_is(name_of(&w, dyt_household_id(&w.c, 1, 2)), "示例乙")); /* still there */
	world_close(&w);
}

DYT(what_residents_say_themselves_stays)
{
	struct world w;
	struct run r;

	world_open(&w);
	struct correction c = { &w, dyt_household_id(&w.c, 1, 1) };
	DYT_OK(dy_store_run(w.s.store, resident_corrects, &c, &w.err));
	import(&w, DY_IMPORT_HOUSEHOLDS, "地址,姓名,电话,透析\n1-1-101,示例甲,13900000001,否\n", 10,
	       &r);
	counts(&r, 0, 1, 0, 0); /* the name is new, phone and need are not touched */
	struct dy_record now = record(&w, c.household);
	DYT_TRUE(dy_str_is(dy_text_unseal(w.arena, &w.key, now.phone_sealed), "13911111111"));
	DYT_INT(now.flags, DY_FLAG(DY_NEED_DIALYSIS));
	struct dy_import_told told;
	dy_import_told(&r.job, 0, &told);
	DYT_INT(told.n_faults, 2);
	DYT_STR(dy_import_fault_code(&told.faults[0]), "kept");
	DYT_TRUE(told.faults[0].is_note);
	import(&w, DY_IMPORT_HOUSEHOLDS, "地址,姓名,电话,透析\n1-1-101,示例甲,13900000001,否\n", 10,
	       &r);
	counts(&r, 0, 0, 1, 0);
	world_close(&w);
}

DYT(chunks_heed_what_others_write_between_them)
{
	struct world w;
	struct run r;

	world_open(&w);
	run_read(&w, DY_IMPORT_HOUSEHOLDS, HOMES, &r);
	r.to = 1;
	DYT_OK(dy_store_run(w.s.store, run_step, &r, &w.err));
	DYT_TRUE(dy_str_is(r.record.state, "running"));
	/* the second row's resident says something of their own, and the chain of events goes on */
	struct correction c = { &w, dyt_household_id(&w.c, 1, 2) };
	DYT_OK(dy_store_run(w.s.store, resident_corrects, &c, &w.err));
	r.from = 1;
	run_all(&w, &r, 10);
	DYT_TRUE(dy_str_is(r.record.state, "done"));
	world_close(&w);
}

DYT(one_file_contradicts_itself)
{
	static const struct {
		const char *why;
		enum dy_import_kind kind;
		const char *text;
		size_t bad;
		const char *code;
	} row[] = {
		{ "two rows about one door", DY_IMPORT_HOUSEHOLDS,
		  "地址,姓名\n1-1-101,a\n1幢1单元101室,b\n", 1, "same_row" },
		{ "floors of one building", DY_IMPORT_PLACES,
		  "网格,最小单元,楼栋,层数,单元\n1号网格,1号单元,8,3,1\n1号网格,1号单元,8,4,2\n", 1,
		  "otherwise" },
		{ "a stair of another unit", DY_IMPORT_PLACES, "最小单元,楼栋,单元\n2号单元,1,1\n",
		  1, "stair_elsewhere" },
		{ "a new unit without its grid", DY_IMPORT_PLACES,
		  "最小单元,楼栋,单元\n9号单元,9,1\n", 1, "grid_missing" },
		{ "a phone of somebody else", DY_IMPORT_POSTS,
		  "姓名,电话,岗位,最小单元\n某人,0580-1234567,组长,1号单元\n", 1, "phone_other" },
		{ "power over everybody", DY_IMPORT_POSTS, "姓名,岗位,范围\n某人,社区书记,全社区\n",
		  1, "role_console" },
		{ "nothing says where", DY_IMPORT_POSTS, "姓名,岗位,最小单元\n某人,组长,\n", 1,
		  "scope_missing" },
		{ "more elderly than people", DY_IMPORT_HOUSEHOLDS,
		  "地址,人数,老人数\n1-1-101,1,2\n", 1, "elderly_more" },
		{ "until before since", DY_IMPORT_HOUSEHOLDS,
		  "地址,透析,登记日期,有效期至\n1-1-101,是,2026-03-01,2026-02-01\n", 1,
		  "until_before" },
		{ "an unknown need", DY_IMPORT_HOUSEHOLDS,
		  "地址,特殊需求\n1-1-101,独居老人、会飞\n", 1, "need_unknown" },
	};
	struct world w;
	struct run r;

	world_open(&w);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_import_told told;
		size_t bad = 0;
		DYT_ROW(row[i].why);
		check(&w, row[i].kind, row[i].text, &r);
		for (size_t k = 0; k < r.job.n_rows; k++) {
			dy_import_told(&r.job, k, &told);
			if (told.verdict != DY_VERDICT_BAD)
				continue;
			bad++;
			DYT_STR(dy_import_fault_code(&told.faults[0]), row[i].code);
			for (int t = 0; t < 2; t++)
				DYT_TRUE(strstr(dy_import_fault_text(w.arena, &told.faults[0],
				                                     (enum dy_tongue)t),
				                "%") == NULL);
		}
		DYT_INT(bad, row[i].bad);
	}
	world_close(&w);
}

DYT(phones_and_dates_as_people_write_them)
{
	static const struct {
		const char *cell, *want; /* "" want: a fault */
	} row[] = {
		{ "13900000001", "13900000001" },
		{ "139 0000 0001", "13900000001" },
		{ "+86 139-0000-0001", "13900000001" },
		{ "8613900000001", "13900000001" },
		{ "１３９００００００００１", "" },
		{ "１３９０００００００１", "13900000001" },
		{ "0580-5081234", "05805081234" },
		{ "(0580)5081234", "05805081234" },
		{ "5081234", "5081234" },
		{ "668812", "668812" },
		{ "1390000000", "" },
		{ "23900000001", "" },
		{ "400-800-1234", "4008001234" },
		{ "无", "" },
		{ "13900000001/13900000002", "13900000001" },
		{ "13900000001 13900000002", "13900000001" },
	};
	struct world w;
	struct run r;

	world_open(&w);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].cell);
		check(&w, DY_IMPORT_HOUSEHOLDS,
		      dy_arena_printf(w.arena, "地址,电话\n1-1-101,%s\n", row[i].cell), &r);
		counts(&r, 0, row[i].want[0] != '\0', 0, row[i].want[0] == '\0');
	}
	static const struct {
		const char *cell;
		bool good;
	} date[] = {
		{ "2026-04-23", true },  { "2026/4/3", true },     { "2026.4.3", true },
		{ "20260423", true },    { "2026年4月3日", true }, { "2026-04-23 08:00", true },
		{ "2026-02-30", false }, { "明年", false },        { "4/23", false },
		{ "123456789", false },
	};
	for (size_t i = 0; i < DY_COUNT(date); i++) {
		DYT_ROW(date[i].cell);
		check(&w, DY_IMPORT_HOUSEHOLDS,
		      dy_arena_printf(w.arena, "地址,透析,有效期至\n1-1-101,是,%s\n", date[i].cell),
		      &r);
		counts(&r, 0, date[i].good, 0, !date[i].good);
	}
	world_close(&w);
}

DYT(maps_survive_being_written_down)
{
	struct world w;
	struct run r;
	struct dy_import_map again;

	world_open(&w);
	run_read(&w, DY_IMPORT_HOUSEHOLDS,
	         "某社区登记表,,\n序号,* 联系电话（必填）:,住 址\n1,13900000001,1-1-101\n", &r);
	DYT_INT(r.job.map.header, 2);
	DYT_INT(r.job.map.column[DY_F_PHONE], 1);
	DYT_INT(r.job.map.column[DY_F_ADDRESS], 2);
	DYT_OK(dy_import_map_decode(dy_import_map_encode(w.arena, &r.job.map), &again, &w.err));
	DYT_INT(memcmp(&again, &r.job.map, sizeof(again)), 0);
	struct dy_workbook book;
	DYT_OK(dy_workbook_read(w.arena, DY_STR("甲,乙\n1,2\n"), &book, &w.err));
	DYT_INT(dy_import_map_find(&book, DY_IMPORT_POSTS, &again, &w.err), DY_E_INPUT);
	DYT_STR(w.err.field, "file");
	world_close(&w);
}

DYT_MAIN(DYT_TEST(the_same_file_again_changes_nothing), DYT_TEST(a_whole_import_is_taken_back),
         DYT_TEST(what_was_changed_since_stands_in_the_way_and_nothing_is_taken_back),
         DYT_TEST(what_residents_say_themselves_stays),
         DYT_TEST(chunks_heed_what_others_write_between_them),
         DYT_TEST(one_file_contradicts_itself), DYT_TEST(phones_and_dates_as_people_write_them),
         DYT_TEST(maps_survive_being_written_down))
