/* The sample community: figures, a plan that can stand, true events, and the same again from the same seed. */
#include "dyt.h"

#include "demo_stage.h"

#include "domain/category.h"
#include "store/event.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

#define ARENA_MAX   ((size_t)512 << 20)
#define OTHER_CODE  "330922100002"
#define UNITS_MAX   64
#define FOLDER_TEXT 32

static const struct dy_time MOMENT = { INT64_C(1777015800000) }; /* 2026-04-24 15:30 in Shanghai */

/* A data folder with one sample in it. */
struct sample {
	char folder[FOLDER_TEXT];
	char photos[FOLDER_TEXT + 8];
	char path[FOLDER_TEXT + 16];
	struct dy_arena *arena;
	struct dy_key key;
	struct dy_store *store;
	struct dy_demo_made made;
};

static enum dy_code
sample_add(struct sample *s, const char *code, uint64_t seed, struct dy_demo_made *out,
           struct dy_err *err)
{
	struct dy_demo_wish wish = { .code = dy_str_from(code),
		                     .name = DY_STR_INIT("样例社区"),
		                     .seed = seed,
		                     .moment = MOMENT,
		                     .key = &s->key,
		                     .photo_dir = s->photos };
	return dy_demo_make(s->store, s->arena, &wish, out, err);
}

static void
sample_open(struct sample *s, uint64_t seed)
{
	struct dy_err err = { 0 };

	(void)snprintf(s->folder, sizeof(s->folder), "dy-demo-XXXXXX");
	DYT_TRUE(mkdtemp(s->folder) != NULL);
	(void)snprintf(s->photos, sizeof(s->photos), "%s/photos", s->folder);
	(void)snprintf(s->path, sizeof(s->path), "%s/danyuan.db", s->folder);
	DYT_INT(mkdir(s->photos, 0700), 0);
	s->arena = dy_arena_new(ARENA_MAX);
	dy_random_bytes(&s->key, sizeof(s->key));
	struct dy_store_options options = { .path = s->path };
	DYT_OK(dy_store_open(&options, &s->store, &err));
	enum dy_code rc = sample_add(s, DY_DEMO_REFERENCE, seed, &s->made, &err);
	if (rc != DY_OK)
		print_error("%s: %s\n", err.field, err.text);
	DYT_OK(rc);
}

static void
sample_close(struct sample *s)
{
	char command[FOLDER_TEXT + 16];

	dy_store_close(s->store);
	dy_arena_free(s->arena);
	(void)snprintf(command, sizeof(command), "rm -r %s", s->folder);
	DYT_INT(system(command), 0); /* NOLINT: a name made by mkdtemp */
}

/* One number of a query over one community. */
static int64_t
number_of(struct sample *s, struct dy_id community, const char *text)
{
	struct dy_sql sql = { .name = "test_number", .in = "i", .out = "n", .text = text };
	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	struct dy_rows *rows = NULL;
	struct dy_err err = { 0 };

	DYT_OK(dy_reader_open(s->store, &reader, &err));
	DYT_OK(dy_rtx_begin(reader, community, &tx, &err));
	enum dy_code rc = dy_sql_read(tx, &sql, DY_ARGS(DY_V(community)), &rows, &err);
	if (rc != DY_OK)
		print_error("%s\n", err.text);
	DYT_OK(rc);
	DYT_TRUE(dy_rows_next(rows));
	int64_t n = dy_rows_int(rows);
	dy_rows_close(&rows);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	return n;
}

/* What must be equal when seed and day are: everything but ids, links, codes and passwords. */
static const char *const CONTENT[] = {
	"SELECT number || name || valid_from FROM grid WHERE community_id = $1 ORDER BY number",
	"SELECT u.number || u.name || g.number FROM unit u JOIN grid g ON g.community_id = "
	"u.community_id AND g.grid_id = u.grid_id WHERE u.community_id = $1 ORDER BY u.number",
	"SELECT code || name || lat_e7 || ' ' || lon_e7 || ' ' || floors FROM building WHERE"
	" community_id = $1 ORDER BY building_id",
	"SELECT b.code || '-' || s.code || '-' || d.code || ' ' || d.floor || ' ' || h.residents ||"
	" ' ' || h.elderly FROM household h JOIN door d ON d.community_id = h.community_id AND"
	" d.door_id = h.door_id JOIN stair s ON s.community_id = d.community_id AND s.stair_id ="
	" d.stair_id JOIN building b ON b.community_id = s.community_id AND b.building_id ="
	" s.building_id WHERE h.community_id = $1 ORDER BY h.household_id",
	"SELECT kind || name || COALESCE(login, '-') || elder_mode || created_at FROM account WHERE"
	" community_id = $1 ORDER BY created_at, name",
	"SELECT a.name || p.role || p.scope_kind || p.is_deputy || p.valid_from FROM post p JOIN"
	" account a ON a.community_id = p.community_id AND a.account_id = p.account_id"
	" WHERE p.community_id = $1 ORDER BY p.valid_from, a.name",
	"SELECT day || '-' || day_number || category || is_urgent || state || level || ' ' || text "
	"||"
	" created_at || ' ' || changed_at || ' ' || COALESCE(close_due_at, 0) || ' ' ||"
	" COALESCE(rating, 0) || channel FROM request WHERE community_id = $1 ORDER BY day,"
	" day_number",
	"SELECT r.day || '-' || r.day_number || ' ' || e.number || ' ' || e.at || e.act || e.text "
	"||"
	" e.visibility FROM request_entry e JOIN request r ON r.community_id = e.community_id AND"
	" r.request_id = e.request_id WHERE e.community_id = $1 ORDER BY r.day, r.day_number, "
	"e.number",
	/* not the payload: some name an id */
	"SELECT seq || ' ' || at || topic FROM event WHERE community_id = $1 ORDER BY "
	"seq",
};

static void
content_hash(struct sample *s, struct dy_id community, uint8_t out[DY_HASH_BYTES])
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	struct dy_err err = { 0 };
	struct dy_hasher h;

	dy_hasher_init(&h);
	DYT_OK(dy_reader_open(s->store, &reader, &err));
	DYT_OK(dy_rtx_begin(reader, community, &tx, &err));
	for (size_t i = 0; i < DY_COUNT(CONTENT); i++) {
		/* one for each text: prepared statements are kept by address */
		static struct dy_sql sql[DY_COUNT(CONTENT)];
		sql[i] = (struct dy_sql){
			.name = "test_content", .in = "i", .out = "s", .text = CONTENT[i]
		};
		struct dy_rows *rows = NULL;
		size_t n = 0;
		enum dy_code rc = dy_sql_read(tx, &sql[i], DY_ARGS(DY_V(community)), &rows, &err);
		if (rc != DY_OK)
			print_error("%s\n", err.text);
		DYT_OK(rc);
		while (dy_rows_next(rows)) {
			struct dy_str text = dy_rows_str(rows, arena);
			dy_hasher_update(&h, text.ptr, text.len);
			dy_hasher_update(&h, "\n", 1);
			n++;
		}
		DYT_OK(dy_rows_end(rows, &err));
		dy_rows_close(&rows);
		DYT_TRUE(n > 0);
	}
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dy_hasher_final(&h, out);
}

static struct sample shared; /* made once: most tests only look at it */

static int
open_shared(void **state)
{
	(void)state;
	sample_open(&shared, 1);
	return 0;
}

static int
close_shared(void **state)
{
	(void)state;
	sample_close(&shared);
	return 0;
}

/* The plan */

static void
households_count(const struct dy_places_draft *d, int64_t out[UNITS_MAX])
{
	memset(out, 0, UNITS_MAX * sizeof(out[0]));
	DYT_TRUE(d->n_units <= UNITS_MAX);
	for (size_t i = 0; i < d->n_households; i++)
		out[d->stairs[d->doors[d->households[i].door].stair].unit]++;
}

static void
buildings_stand_apart(const struct dy_demo_plan *plan)
{
	for (size_t i = 0; i < plan->places.n_buildings; i++) {
		for (size_t k = i + 1; k < plan->places.n_buildings; k++)
			DYT_TRUE(!dy_demo_shapes_touch(&plan->shapes[i], &plan->shapes[k], 2));
	}
}

/* From any building of the grid one gets to any other by steps of at most reach metres, without leaving the grid. */
static void
grid_hangs_together(const struct dy_demo_plan *plan, size_t grid, double reach)
{
	const struct dy_places_draft *d = &plan->places;
	size_t n = d->n_buildings, seen = 0, members = 0, first = n;
	bool *reached = calloc(n, sizeof(*reached));
	bool grew = true;

	DYT_TRUE(reached != NULL);
	for (size_t i = 0; i < n; i++) {
		if (d->units[plan->shapes[i].unit].grid != grid)
			continue;
		members++;
		if (first == n)
			first = i;
	}
	DYT_TRUE(first < n);
	reached[first] = true;
	while (grew) {
		grew = false;
		for (size_t i = 0; i < n; i++) {
			for (size_t k = 0; k < n && reached[i]; k++) {
				const struct dy_demo_shape *a = &plan->shapes[i];
				const struct dy_demo_shape *b = &plan->shapes[k];
				if (reached[k] || d->units[b->unit].grid != grid ||
				    hypot(a->x - b->x, a->y - b->y) > reach)
					continue;
				reached[k] = true;
				grew = true;
			}
		}
	}
	for (size_t i = 0; i < n; i++)
		seen += reached[i];
	free(reached);
	DYT_INT(seen, members);
}

DYT(the_reference_plan_has_the_figures_of_the_report)
{
	const struct dy_demo_plan *plan = &shared.made.plan;
	const struct dy_places_draft *d = &plan->places;
	int64_t households[UNITS_MAX];

	DYT_INT(d->n_grids, 7);
	DYT_INT(d->n_units, 22);
	DYT_TRUE(d->n_households > 1900 && d->n_households < 2100);
	DYT_TRUE(plan->residents > 5000 && plan->residents < 5400);
	DYT_TRUE(plan->elderly * 100 > plan->residents * 25 &&
	         plan->elderly * 100 < plan->residents * 29);
	households_count(d, households);
	for (size_t i = 0; i < d->n_units; i++)
		DYT_TRUE(households[i] >= 60 && households[i] <= 110);
	for (size_t i = 0; i < d->n_stairs; i++) /* whole buildings, so whole stairs */
		DYT_INT(d->stairs[i].unit, plan->shapes[d->stairs[i].building].unit);
	for (size_t i = 0; i < d->n_buildings; i++) {
		DYT_TRUE(llabs(d->buildings[i].lat_e7 - 307270000) < 60000);
		DYT_TRUE(llabs(d->buildings[i].lon_e7 - 1224500000) < 70000);
	}
	buildings_stand_apart(plan);
	for (size_t i = 0; i < d->n_grids; i++)
		grid_hangs_together(plan, i, 110);
}

DYT(other_codes_give_other_plans_that_stand_as_well)
{
	int64_t households[UNITS_MAX];
	char code[16];

	for (int i = 2; i < 32; i++) {
		DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
		struct dy_demo_plan plan;
		struct dy_err err = { 0 };
		(void)snprintf(code, sizeof(code), "330902%06d", i);
		DYT_ROW(code);
		dy_demo_plan_make(arena, dy_str_from(code), 1, &plan);
		DYT_OK(dy_places_check(arena, &plan.places, &err));
		DYT_TRUE(plan.places.n_grids >= 4 && plan.places.n_grids <= 8);
		households_count(&plan.places, households);
		for (size_t k = 0; k < plan.places.n_units; k++)
			DYT_TRUE(households[k] >= 55 && households[k] <= 110);
		buildings_stand_apart(&plan);
	}
	DYT_ROW("");
}

/* What is stored */

DYT(what_is_stored_is_what_was_planned)
{
	struct dy_id c = shared.made.community;
	const struct dy_places_draft *d = &shared.made.plan.places;

	DYT_INT(number_of(&shared, c, "SELECT COUNT(*) FROM grid WHERE community_id = $1"), 7);
	DYT_INT(number_of(&shared, c, "SELECT COUNT(*) FROM unit WHERE community_id = $1"), 22);
	DYT_INT(number_of(&shared, c, "SELECT COUNT(*) FROM door WHERE community_id = $1"),
	        d->n_doors);
	DYT_INT(number_of(&shared, c, "SELECT COUNT(*) FROM household WHERE community_id = $1"),
	        d->n_households);
	DYT_INT(number_of(&shared, c,
	                  "SELECT COUNT(*) FROM door d WHERE d.community_id = $1 AND (SELECT"
	                  " COUNT(*) FROM unit_stair us WHERE us.community_id = $1 AND"
	                  " us.stair_id = d.stair_id) <> 1"),
	        0);
	DYT_INT(number_of(&shared, c,
	                  "SELECT COUNT(*) FROM community WHERE community_id = $1"
	                  " AND is_sample = 1"),
	        1);
}

DYT(every_state_and_category_stands_on_the_board)
{
	struct dy_id c = shared.made.community;
	size_t n;

	for (int i = 0; i < DY_STATES; i++) {
		DYT_ROW(dy_state_name((enum dy_state)i));
		DYT_TRUE(shared.made.by_state[i] > 0);
	}
	DYT_ROW("");
	(void)dy_categories(&n);
	DYT_INT(number_of(&shared, c,
	                  "SELECT COUNT(DISTINCT state) FROM request WHERE community_id = $1"),
	        DY_STATES);
	DYT_INT(number_of(&shared, c,
	                  "SELECT COUNT(DISTINCT category) FROM request WHERE community_id = $1"),
	        n);
	DYT_TRUE(number_of(&shared, c,
	                   "SELECT COUNT(*) FROM request WHERE community_id = $1 AND level >= 2") >
	         0);
	DYT_TRUE(number_of(&shared, c,
	                   "SELECT COUNT(*) FROM photo WHERE community_id = $1 AND request_id IS"
	                   " NOT NULL") == (int64_t)shared.made.n_photos);
}

DYT(some_of_what_is_open_is_late_and_some_is_very_late)
{
	struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	struct dy_request_page page = { .limit = 200 };
	struct dy_request_list list = { 0 };
	struct dy_err err = { 0 };
	size_t levels[4] = { 0 };

	DYT_OK(dy_reader_open(shared.store, &reader, &err));
	DYT_OK(dy_rtx_begin(reader, shared.made.community, &tx, &err));
	DYT_OK(dy_request_list_open(tx, arena, &page, &list, &err));
	for (size_t i = 0; i < list.count; i++) {
		const struct dy_request *r = &list.items[i];
		if (r->paused_at.ms == 0 && r->done_at.ms == 0)
			levels[dy_overdue_of(r->created_at.ms, r->close_due_at.ms, MOMENT.ms)]++;
	}
	DYT_TRUE(levels[DY_OVERDUE_YELLOW] > 0);
	DYT_TRUE(levels[DY_OVERDUE_RED] > 0);
	DYT_TRUE(levels[DY_OVERDUE_NONE] > levels[DY_OVERDUE_YELLOW] + levels[DY_OVERDUE_RED]);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dy_arena_free(arena);
}

DYT(request_numbers_are_unique_and_without_gaps)
{
	struct dy_id c = shared.made.community;

	DYT_INT(number_of(&shared, c, "SELECT COUNT(*) FROM request WHERE community_id = $1"),
	        shared.made.n_requests);
	DYT_INT(number_of(&shared, c,
	                  "SELECT COUNT(*) FROM (SELECT DISTINCT day, day_number FROM request"
	                  " WHERE community_id = $1) x"),
	        shared.made.n_requests);
	DYT_INT(number_of(&shared, c,
	                  "SELECT COUNT(*) FROM (SELECT day FROM request WHERE community_id = $1"
	                  " GROUP BY day HAVING MAX(day_number) <> COUNT(*)) x"),
	        0);
}

DYT(the_history_is_true_and_ends_at_the_moment)
{
	struct dy_id c = shared.made.community;
	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	struct dy_event_audit audit;
	struct dy_err err = { 0 };

	DYT_OK(dy_reader_open(shared.store, &reader, &err));
	DYT_OK(dy_rtx_begin(reader, c, &tx, &err));
	DYT_OK(dy_event_verify(tx, &audit, &err));
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	DYT_INT(audit.first_bad, 0);
	DYT_TRUE(audit.checked > 1500);
	DYT_INT(number_of(&shared, c, "SELECT MAX(at) FROM event WHERE community_id = $1") <=
	                MOMENT.ms,
	        1);
	DYT_INT(number_of(&shared, c,
	                  "SELECT COUNT(*) FROM event a JOIN event b ON b.community_id = $1 AND"
	                  " b.seq = a.seq + 1 WHERE a.community_id = $1 AND b.at < a.at"),
	        0);
	/* each entry of a request has its event */
	DYT_INT(number_of(&shared, c, "SELECT COUNT(*) FROM request_entry WHERE community_id = $1"),
	        number_of(&shared, c,
	                  "SELECT COUNT(*) FROM event WHERE community_id = $1 AND topic LIKE"
	                  " 'request.%'"));
}

DYT(teams_are_full_but_for_the_vacancies_that_are_told)
{
	struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	struct dy_team_rule rule;
	struct dy_unit_list units;
	struct dy_post_list posts;
	struct dy_err err = { 0 };
	size_t vacancies = 0, volunteers = 0, cadres = 0;

	dy_team_rule_default(&rule);
	DYT_OK(dy_reader_open(shared.store, &reader, &err));
	DYT_OK(dy_rtx_begin(reader, shared.made.community, &tx, &err));
	DYT_OK(dy_unit_list(tx, arena, MOMENT, &units, &err));
	DYT_OK(dy_post_list_all(tx, arena, MOMENT, &posts, &err));
	for (size_t u = 0; u < units.count; u++) {
		for (size_t k = 0; k < rule.count; k++) {
			int64_t members = 0, deputies = 0;
			for (size_t i = 0; i < posts.count; i++) {
				const struct dy_post *p = &posts.items[i];
				if (p->scope.role != rule.needs[k].role ||
				    !dy_id_eq(p->scope.scope, units.items[u].id))
					continue;
				members += !p->is_deputy;
				deputies += p->is_deputy;
			}
			vacancies += (size_t)dy_team_missing(&rule.needs[k], members, deputies);
		}
	}
	for (size_t i = 0; i < posts.count; i++) {
		volunteers += posts.items[i].scope.role == DY_ROLE_VOLUNTEER;
		cadres += posts.items[i].scope.role == DY_ROLE_SECRETARY;
	}
	DYT_INT(vacancies, shared.made.staff.vacancies);
	DYT_INT(vacancies, 4);
	DYT_INT(volunteers, 100);
	DYT_INT(cadres, 1);
	/* seven more cadres, each for the units of a grid */
	DYT_INT(number_of(&shared, shared.made.community,
	                  "SELECT COUNT(DISTINCT account_id) FROM post WHERE community_id = $1 AND"
	                  " role = 'cadre'"),
	        7);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dy_arena_free(arena);
}

/* The printed secrets work. */

struct joining {
	struct sample *sample;
	const struct dy_demo_door *door;
};

static enum dy_code
join(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct joining *j = ctx;
	struct dy_call call = { .writer = writer,
		                .arena = j->sample->arena,
		                .key = &j->sample->key,
		                .now = MOMENT,
		                .err = err };
	char token[DY_LINK_TEXT + 1];
	struct dy_join_draft draft = { .link = dy_str_slice(j->door->url_path, 3, 99),
		                       .door = j->door->door,
		                       .household_code = j->door->household_code,
		                       .name = DY_STR_INIT("测试"),
		                       .language = DY_STR_INIT("zh-CN") };
	return dy_app_join(&call, &draft, token);
}

DYT(links_codes_and_passwords_that_are_told_work)
{
	struct dy_err err = { 0 };

	DYT_TRUE(shared.made.n_doors >= 6);
	for (size_t i = 0; i < shared.made.n_doors; i++) {
		struct joining j = { &shared, &shared.made.doors[i] };
		DYT_OK(dy_store_run(shared.store, join, &j, &err));
	}
	struct dy_demo_door door = shared.made.doors[0];
	struct joining wrong = { &shared, &door };
	door.household_code = shared.made.doors[1].household_code;
	DYT_INT(dy_store_run(shared.store, join, &wrong, &err), DY_E_INPUT);

	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	DYT_OK(dy_reader_open(shared.store, &reader, &err));
	DYT_OK(dy_rtx_begin(reader, shared.made.community, &tx, &err));
	DYT_INT(shared.made.n_logins, 7);
	for (size_t i = 0; i < shared.made.n_logins; i++) {
		const struct dy_demo_login *login = &shared.made.logins[i];
		struct dy_account account;
		bool found;
		DYT_ROW(login->login);
		DYT_OK(dy_account_by_login(tx, shared.arena, dy_str_from(login->login), &found,
		                           &account, &err));
		DYT_TRUE(found);
		DYT_TRUE(dy_str_eq(account.name, login->name));
		DYT_TRUE(dy_password_is(dy_str_from(login->password),
		                        dy_str_z(shared.arena, account.password_hash)));
	}
	DYT_ROW("");
	dy_rtx_end(&tx);
	dy_reader_close(reader);
}

DYT(equal_seeds_give_equal_content_and_other_secrets)
{
	struct sample a = { 0 }, b = { 0 }, c = { 0 };
	uint8_t hash_a[DY_HASH_BYTES], hash_b[DY_HASH_BYTES], hash_c[DY_HASH_BYTES];

	sample_open(&a, 42);
	sample_open(&b, 42);
	sample_open(&c, 43);
	content_hash(&a, a.made.community, hash_a);
	content_hash(&b, b.made.community, hash_b);
	content_hash(&c, c.made.community, hash_c);
	DYT_INT(memcmp(hash_a, hash_b, DY_HASH_BYTES), 0);
	DYT_TRUE(memcmp(hash_a, hash_c, DY_HASH_BYTES) != 0);
	for (size_t i = 0; i < a.made.n_logins; i++)
		DYT_TRUE(strcmp(a.made.logins[i].password, b.made.logins[i].password) != 0);
	DYT_TRUE(!dy_str_eq(a.made.doors[0].household_code, b.made.doors[0].household_code));
	DYT_TRUE(!dy_str_eq(a.made.doors[0].url_path, b.made.doors[0].url_path));
	sample_close(&a);
	sample_close(&b);
	sample_close(&c);
}

/* Number of rows that name something of another community: joins on ids alone would find them. */
static void
nothing_crosses(struct sample *s, struct dy_id community)
{
	static const char *const CROSSING[] = {
		"SELECT COUNT(*) FROM request r WHERE r.community_id = $1 AND NOT EXISTS (SELECT 1"
		" FROM household h WHERE h.community_id = $1 AND h.household_id = r.household_id)",
		"SELECT COUNT(*) FROM request_entry e WHERE e.community_id = $1 AND NOT EXISTS"
		" (SELECT 1 FROM account a WHERE a.community_id = $1 AND a.account_id = "
		"e.actor_id)",
		"SELECT COUNT(*) FROM post p WHERE p.community_id = $1 AND p.scope_kind = 'unit' "
		"AND"
		" NOT EXISTS (SELECT 1 FROM unit u WHERE u.community_id = $1 AND u.unit_id ="
		" p.scope_id)",
	};
	for (size_t i = 0; i < DY_COUNT(CROSSING); i++)
		DYT_INT(number_of(s, community, CROSSING[i]), 0);
}

DYT(a_second_community_stands_beside_the_first_and_apart)
{
	struct sample s = { 0 };
	struct dy_demo_made other;
	struct dy_err err = { 0 };
	uint8_t before[DY_HASH_BYTES], after[DY_HASH_BYTES];
	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	struct dy_event_audit audit;

	sample_open(&s, 1);
	content_hash(&s, s.made.community, before);
	DYT_OK(sample_add(&s, OTHER_CODE, 1, &other, &err));
	content_hash(&s, s.made.community, after);
	DYT_INT(memcmp(before, after, DY_HASH_BYTES), 0);
	nothing_crosses(&s, s.made.community);
	nothing_crosses(&s, other.community);
	DYT_OK(dy_reader_open(s.store, &reader, &err));
	DYT_OK(dy_rtx_begin(reader, other.community, &tx, &err));
	DYT_OK(dy_event_verify(tx, &audit, &err));
	DYT_INT(audit.first_bad, 0);
	/* a poster of the first opens nothing in the second */
	uint8_t hash[DY_HASH_BYTES];
	struct dy_id community;
	struct dy_where where;
	DYT_TRUE(dy_link_split(dy_str_slice(s.made.doors[0].url_path, 3, 99), &community, hash));
	DYT_TRUE(dy_id_eq(community, s.made.community));
	struct dy_bytes bytes = { hash, DY_HASH_BYTES };
	DYT_INT(dy_where_token(tx, s.arena, bytes, MOMENT, &where, &err), DY_E_NOT_FOUND);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	/* the same once more: refused, and nothing of it stays */
	content_hash(&s, other.community, before);
	DYT_INT(sample_add(&s, OTHER_CODE, 1, &other, &err), DY_E_CONFLICT);
	DYT_INT(number_of(&s, s.made.community,
	                  "SELECT COUNT(*) FROM community WHERE community_id = $1 OR 1 = 1"),
	        2);
	sample_close(&s);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		DYT_TEST(the_reference_plan_has_the_figures_of_the_report),
		DYT_TEST(other_codes_give_other_plans_that_stand_as_well),
		DYT_TEST(what_is_stored_is_what_was_planned),
		DYT_TEST(every_state_and_category_stands_on_the_board),
		DYT_TEST(some_of_what_is_open_is_late_and_some_is_very_late),
		DYT_TEST(request_numbers_are_unique_and_without_gaps),
		DYT_TEST(the_history_is_true_and_ends_at_the_moment),
		DYT_TEST(teams_are_full_but_for_the_vacancies_that_are_told),
		DYT_TEST(links_codes_and_passwords_that_are_told_work),
		DYT_TEST(equal_seeds_give_equal_content_and_other_secrets),
		DYT_TEST(a_second_community_stands_beside_the_first_and_apart),
	};
	struct dy_err err = { 0 };

	(void)argc;
	if (dy_crypto_init(&err) != DY_OK || VIPS_INIT(argv[0]) != 0)
		return 1;
	int failed = cmocka_run_group_tests(tests, open_shared, close_shared);
	vips_shutdown();
	return failed;
}
