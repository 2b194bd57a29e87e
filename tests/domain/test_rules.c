#include "domain/address.h"
#include "domain/category.h"
#include "domain/role.h"
#include "dyt.h"

DYT(addresses_are_read_as_people_write_them)
{
	static const struct {
		const char *why, *in, *want; /* NULL: refused */
	} row[] = {
		{ "canonical", "3-1-501", "3-1-501" },
		{ "words", "3幢1单元501", "3-1-501" },
		{ "with room", "3号楼1单元501室", "3-1-501" },
		{ "full width", "３幢１单元５０１", "3-1-501" },
		{ "chinese", "三幢一单元501", "3-1-501" },
		{ "twelve", "十二幢二单元301", "12-2-301" },
		{ "twenty-three", "二十三栋一单元101", "23-1-101" },
		{ "twenty", "二十幢1单元101", "20-1-101" },
		{ "ten", "十号楼1单元101", "10-1-101" },
		{ "no stair", "3栋501", "3--501" },
		{ "hash", "3#501", "3--501" },
		{ "gate", "3幢1门501", "3-1-501" },
		{ "blanks around", " 3-1-501 ", "3-1-501" },
		{ "empty", "", NULL },
		{ "only a building", "3幢", NULL },
		{ "no number", "幢单元", NULL },
		{ "rest", "3-1-501-2", NULL },
		{ "text behind", "3-1-501缺药", NULL },
		{ "too many digits", "3-1-1234567", NULL },
	};
	struct dy_arena *arena = dy_arena_new(1 << 20);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_address a;
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		enum dy_code rc = dy_address_decode(arena, dy_str_from(row[i].in), &a, &err);
		DYT_INT(rc, row[i].want != NULL ? DY_OK : DY_E_INPUT);
		if (rc == DY_OK)
			DYT_STR(dy_address_code(arena, &a).ptr, row[i].want);
	}
	dy_arena_free(arena);
}

DYT(a_masked_address_never_holds_the_door)
{
	struct dy_arena *arena = dy_arena_new(1 << 20);
	struct dy_address a = { DY_STR_INIT("3"), DY_STR_INIT("1"), DY_STR_INIT("501") };
	struct dy_address stair = { DY_STR_INIT("3"), DY_STR_INIT("1"), { "", 0 } };

	DYT_STR(dy_address_text(arena, &a).ptr, "3幢1单元501");
	DYT_STR(dy_address_masked(arena, &a).ptr, "3幢1单元一户");
	DYT_STR(dy_address_masked(arena, &stair).ptr, "3幢1单元");
	DYT_STR(dy_name_masked(arena, DY_STR("王小明")).ptr, "王*");
	DYT_INT(dy_name_masked(arena, DY_STR("")).len, 0);
	dy_arena_free(arena);
}

DYT(urgency_comes_from_category_words_and_age)
{
	static const struct {
		const char *why, *code, *text;
		bool elderly, asked, want;
	} row[] = {
		{ "always", "MED1", "x", false, false, true },
		{ "ordinary medicine", "MED2", "买降压药", false, false, false },
		{ "medicine, elderly", "MED2", "买降压药", true, false, true },
		{ "dialysis", "MED2", "明天要去透析", false, false, true },
		{ "out of food", "FOOD", "家里断粮两天了", false, false, true },
		{ "vegetables", "FOOD", "想买点菜", true, false, false },
		{ "gas", "REPR", "闻到煤气味", false, false, true },
		{ "danger in any category", "INFO", "我不想活了", false, false, true },
		{ "wish counts", "REPR", "水管漏水", false, true, true },
		{ "wish without urgency", "IDEA", "装个秋千", false, true, false },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_INT(dy_category_is_urgent(dy_category_find(dy_str_from(row[i].code)),
		                              dy_str_from(row[i].text), row[i].elderly,
		                              row[i].asked),
		        row[i].want);
	}
}

/* Times of 2022-04-23 in Shanghai, as hour and minute; 24 and more is the next day. */
static struct dy_time
clock_of(int hour, int minute)
{
	struct dy_civil c = { .year = 2022, .month = 4, .day = 23, .minute = minute };
	struct dy_time t = dy_civil_time(dy_zone_default(), &c);
	t.ms += hour * DY_HOUR_MS;
	return t;
}

DYT(deadlines_know_day_and_night)
{
	static const struct {
		const char *why, *code;
		bool urgent;
		int hour, minute;
		int respond_min;           /* minutes after the report */
		int close_hour, close_min; /* -1: none */
	} row[] = {
		{ "life, noon", "MED1", true, 12, 0, 1, 13, 0 },
		{ "life, night", "MED1", true, 2, 0, 1, 3, 0 },
		{ "medicine by day", "MED2", false, 10, 0, 3, 14, 0 },
		{ "medicine by night", "MED2", false, 22, 0, 10, 33, 0 },
		{ "medicine at 4", "MED2", false, 4, 0, 10, 9, 0 },
		{ "food by day", "FOOD", false, 10, 0, 3, 20, 0 },
		{ "food, late", "FOOD", false, 21, 0, 10, 36, 0 },
		{ "food at exactly 20:00", "FOOD", false, 20, 0, 10, 36, 0 },
		{ "repair", "REPR", false, 9, 0, 5, 33, 0 },
		{ "urgent repair", "REPR", true, 9, 0, 3, 33, 0 },
		{ "repair by night", "REPR", false, 23, 0, 15, 47, 0 },
		{ "dispute", "DISP", false, 9, 0, 10, 81, 0 },
		{ "permit", "PASS", false, 9, 30, 10, 13, 30 },
		{ "idea", "IDEA", false, 9, 0, 660, -1, 0 },
		{ "question at night", "INFO", false, 23, 30, 10, 33, 0 },
		{ "calm words", "PSYC", false, 8, 0, 3, 20, 0 },
	};
	const struct dy_zone *zone = dy_zone_default();
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		const struct dy_category *c = dy_category_find(dy_str_from(row[i].code));
		struct dy_time from = clock_of(row[i].hour, row[i].minute);
		DYT_ROW(row[i].why);
		DYT_INT((dy_respond_due(c, zone, row[i].urgent, from).ms - from.ms) / DY_MINUTE_MS,
		        row[i].respond_min);
		DYT_INT(dy_close_due(c, zone, from).ms,
		        row[i].close_hour < 0 ? 0
		                              : clock_of(row[i].close_hour, row[i].close_min).ms);
	}
}

DYT(there_are_fourteen_categories_and_each_is_found)
{
	size_t n;
	const struct dy_category *all = dy_categories(&n);

	DYT_INT(n, 14);
	for (size_t i = 0; i < n; i++)
		DYT_TRUE(dy_category_find(dy_str_from(all[i].code)) == &all[i]);
	DYT_TRUE(dy_category_find(DY_STR("NONE")) == NULL);
}

DYT(nobody_has_the_capability_none)
{
	for (int r = 0; r < DY_ROLES; r++) {
		enum dy_role role = (enum dy_role)r;
		enum dy_role back;
		DYT_ROW(dy_role_name(role));
		DYT_TRUE(!dy_role_has(role, DY_CAP_NONE));
		DYT_TRUE(dy_role_has(role, DY_CAP_PUBLIC));
		DYT_TRUE(dy_role_find(dy_str_from(dy_role_name(role)), &back));
		DYT_INT(back, role);
		/* who manages also works, who works also reads */
		if (dy_role_has(role, DY_CAP_REQUEST_MANAGE))
			DYT_TRUE(dy_role_has(role, DY_CAP_REQUEST_WORK));
		if (dy_role_has(role, DY_CAP_REQUEST_WORK))
			DYT_TRUE(dy_role_has(role, DY_CAP_REQUEST_READ));
		/* only the secretary appoints people */
		DYT_INT(dy_role_has(role, DY_CAP_POST_WRITE), role == DY_ROLE_SECRETARY);
	}
	DYT_TRUE(!dy_role_has(DY_ROLE_RESIDENT, DY_CAP_REQUEST_READ));
}

DYT(a_post_covers_its_scope_and_what_is_below)
{
	struct dy_id grid = { 1 };
	struct dy_id unit = { 2 };
	struct dy_id other = { 3 };
	struct dy_post_scope of_unit = { DY_ROLE_CAPTAIN, DY_SCOPE_UNIT, unit };
	struct dy_post_scope of_grid = { DY_ROLE_GRID_MANAGER, DY_SCOPE_GRID, grid };
	struct dy_post_scope of_all = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, { 9 } };

	DYT_TRUE(dy_post_covers(&of_unit, grid, unit));
	DYT_TRUE(!dy_post_covers(&of_unit, grid, other));
	DYT_TRUE(dy_post_covers(&of_grid, grid, other));
	DYT_TRUE(!dy_post_covers(&of_grid, other, unit));
	DYT_TRUE(dy_post_covers(&of_all, other, other));
}

DYT_MAIN(DYT_TEST(addresses_are_read_as_people_write_them),
         DYT_TEST(a_masked_address_never_holds_the_door),
         DYT_TEST(urgency_comes_from_category_words_and_age),
         DYT_TEST(deadlines_know_day_and_night),
         DYT_TEST(there_are_fourteen_categories_and_each_is_found),
         DYT_TEST(nobody_has_the_capability_none),
         DYT_TEST(a_post_covers_its_scope_and_what_is_below))
