#include "domain/category.h"
#include "domain/danger.h"
#include "domain/door_query.h"
#include "domain/need.h"
#include "domain/propose.h"
#include "domain/shared.h"
#include "dyt.h"

DYT(danger_is_found_and_harmless_words_are_not)
{
	enum { L = DY_DANGER_LIFE, V = DY_DANGER_VIOLENCE, F = DY_DANGER_FIRE };
	static const struct {
		const char *why, *text;
		unsigned want;
	} row[] = {
		{ "plain", "老人晕倒了", L },
		{ "nothing", "想买点菜", 0 },
		{ "empty", "", 0 },
		{ "fire", "There is a fire in 3-1-501", F },
		{ "Fire, upper case", "FIRE! help", F },
		{ "fires", "two fires on the stair", F },
		{ "fireworks", "who is setting off fireworks", 0 },
		{ "firewood", "firewood blocks the stair", 0 },
		{ "misfire", "the alarm misfired", 0 },
		{ "bleeding", "he is bleeding", L },
		{ "strokes of luck", "keystroke", 0 },
		{ "not on fire but smoking: denied", "it is not fire, only smoke", 0 },
		{ "not bleeding", "fell, not bleeding", 0 },
		{ "no denial inside a word", "volcano fire", F },
		{ "denied", "没有着火", 0 },
		{ "denied shortly", "没着火，只是烟", 0 },
		{ "it is not", "不是昏迷，是睡着了", 0 },
		{ "a question is not a denial", "有没有着火啊，好大的烟", F },
		{ "is it or not", "是不是中风了", L },
		{ "double denial", "不是没有着火", F },
		{ "one denied, one real", "没有着火，但是有人昏迷", L },
		{ "denied once, real once", "昨天没有着火，今天着火了", F },
		{ "help is never denied", "没有救命的药了", L },
		{ "no answer", "没有昏迷，但是叫不醒", L },
		{ "not breathing", "人没有呼吸了", L },
		{ "sale", "跳楼价大甩卖的广告乱贴", 0 },
		{ "not a sale", "有人要跳楼", L },
		{ "violence", "楼上打人了", V },
		{ "lift", "小孩困在电梯里", F },
		{ "two", "着火了，有人昏迷", L | F },
		{ "will to live", "我不想活了", L },
		{ "gas leak", "厨房燃气泄漏", F },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_INT(dy_danger_of(dy_str_from(row[i].text)), row[i].want);
	}
}

DYT(each_danger_has_its_number)
{
	DYT_STR(dy_danger_phone(DY_DANGER_LIFE), "120");
	DYT_STR(dy_danger_phone(DY_DANGER_VIOLENCE), "110");
	DYT_STR(dy_danger_phone(DY_DANGER_FIRE), "119");
}

DYT(a_second_person_is_asked_after_a_minute_without_a_human)
{
	struct dy_time at = { 1000000 }, none = { 0 };

	DYT_INT(dy_second_man_due(DY_DANGER_LIFE, false, true, at, none).ms, 1060000);
	DYT_INT(dy_second_man_due(0, true, true, at, none).ms, 1060000);
	DYT_INT(dy_second_man_due(0, true, false, at, none).ms, 0);
	DYT_INT(dy_second_man_due(0, false, true, at, none).ms, 0);
	DYT_INT(dy_second_man_due(DY_DANGER_LIFE, true, true, at, at).ms, 0);
}

DYT(needs_of_a_household_press_where_they_matter)
{
	static const struct {
		const char *code;
		enum dy_fact_kind need;
		bool want;
	} row[] = {
		{ "MED2", DY_NEED_DIALYSIS, true }, { "CARE", DY_NEED_ELDERLY_ALONE, true },
		{ "FOOD", DY_NEED_INFANT, true },   { "FOOD", DY_NEED_DIALYSIS, false },
		{ "REPR", DY_NEED_DIALYSIS, true }, { "REPR", DY_NEED_INFANT, false },
		{ "MED2", DY_NEED_PET, false },     { "IDEA", DY_NEED_ELDERLY_ALONE, false },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].code);
		DYT_INT(dy_flags_are_frail(dy_category_find(dy_str_from(row[i].code)),
		                           DY_FLAG(row[i].need)),
		        row[i].want);
	}
}

DYT(a_category_is_proposed_from_words)
{
	static const struct {
		const char *text, *want; /* "": no idea */
	} row[] = {
		{ "药", "MED2" },         { "电梯停了", "REPR" }, { "没米了", "FOOD" },
		{ "垃圾没人收", "WAST" }, { "隔壁太吵", "DISP" }, { "老人昏迷", "MED1" },
		{ "楼上打人", "DISP" },   { "几时解封", "INFO" }, { "the lift is stuck", "REPR" },
		{ "你好", "" },           { "compass", "" }, /* holds "pass" */
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		const struct dy_category *c = dy_category_propose(dy_str_from(row[i].text));
		DYT_ROW(row[i].text);
		DYT_STR(c != NULL ? c->code : "", row[i].want);
	}
	DYT_STR(dy_category_guess(DY_STR("你好"))->code, "INFO");
}

DYT(shared_faults_are_told_apart)
{
	static const struct {
		const char *category, *text, *want;
	} row[] = {
		{ "REPR", "电梯坏了", "lift" },        { "REPR", "整栋停水", "water" },
		{ "REPR", "我家水管漏水", "" },        { "REPR", "停电了", "power" },
		{ "WAST", "垃圾满了", "rubbish" },     { "REPR", "垃圾满了", "" },
		{ "REPR", "楼道灯不亮", "light" },     { "FOOD", "电梯坏了买不了菜", "" },
		{ "REPR", "The LIFT is out", "lift" }, { "REPR", "please lifts it", "lift" },
		{ "REPR", "shoplifting", "" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].text);
		DYT_STR(dy_fault_name(dy_fault_of(dy_str_from(row[i].category),
		                                  dy_str_from(row[i].text))),
		        row[i].want);
	}
}

DYT(likeness_knows_household_unit_fault_and_age)
{
	static const struct {
		const char *why;
		int64_t household, unit;
		const char *category, *text;
		int64_t hours; /* before the draft */
		enum dy_likeness want;
	} row[] = {
		{ "own, this morning", 7, 1, "REPR", "灯", 3, DY_LIKE_OWN },
		{ "own, another kind", 7, 1, "FOOD", "米", 3, DY_LIKE_NONE },
		{ "own, yesterday", 7, 1, "REPR", "电梯", 25, DY_LIKE_NONE },
		{ "neighbour's lift", 8, 1, "REPR", "电梯不动", 50, DY_LIKE_NEIGHBOUR },
		{ "neighbour's tap", 8, 1, "REPR", "水龙头滴水", 1, DY_LIKE_NONE },
		{ "lift of another unit", 8, 2, "REPR", "电梯不动", 1, DY_LIKE_NONE },
		{ "lift of last week", 8, 1, "REPR", "电梯不动", 100, DY_LIKE_NONE },
		{ "at no door", 0, 1, "REPR", "电梯不动", 1, DY_LIKE_NEIGHBOUR },
	};
	struct dy_sighting draft = { .household = { 7 },
		                     .unit = { 1 },
		                     .category = DY_STR_INIT("REPR"),
		                     .text = DY_STR_INIT("电梯停了"),
		                     .at = { 1000 * DY_HOUR_MS } };
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_sighting open = { .household = { row[i].household },
			                    .unit = { row[i].unit },
			                    .category = dy_str_from(row[i].category),
			                    .text = dy_str_from(row[i].text),
			                    .at = { draft.at.ms - row[i].hours * DY_HOUR_MS } };
		DYT_ROW(row[i].why);
		DYT_INT(dy_likeness_of(&draft, &open), row[i].want);
	}
}

DYT(a_neighbours_words_come_without_numbers_that_name_them)
{
	static const struct {
		const char *text, *want;
	} row[] = {
		{ "501门口，电话13800000000", "…门口，电话…" },
		{ "3幢1单元电梯", "3幢1单元电梯" },
		{ "12", "12" },
		{ "123", "…" },
		{ "", "" },
		{ "a1b22c333d", "a1b22c…d" },
	};
	struct dy_arena *arena = dy_arena_new(1 << 16);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].text);
		struct dy_str got = dy_text_masked(arena, dy_str_from(row[i].text));
		DYT_STR(dy_str_z(arena, got), row[i].want);
	}
	dy_arena_free(arena);
}

DYT(doors_are_found_by_what_is_typed)
{
	static const struct {
		const char *typed;
		bool building, door;
	} row[] = {
		/* building 3 "海棠苑三幢", stair 1, door 501 */
		{ "3-1-501", true, true },
		{ "3-1-5", true, true },
		{ "3-1", true, true },
		{ "3-501", true, true },
		{ "3", true, true },
		{ "３幢１单元５０１", true, true },
		{ "3号楼1单元501室", true, true },
		{ "海棠 501", true, true },
		{ "海棠苑1-501", true, true },
		{ "海棠", true, true },
		{ "4-1-501", false, true },
		{ "3-2-501", true, false },
		{ "3-1-502", true, false },
		{ "玫瑰 501", false, true },
		{ "3-1-501-9", false, false },
		{ "", false, true },
		{ "海棠 2-501", true, false },
	};
	struct dy_arena *arena = dy_arena_new(1 << 16);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_door_query q;
		DYT_ROW(row[i].typed);
		dy_door_query_read(arena, dy_str_from(row[i].typed), &q);
		DYT_INT(dy_door_query_fits_building(&q, DY_STR("3"), DY_STR("海棠苑三幢")),
		        row[i].building);
		DYT_INT(dy_door_query_fits_door(&q, DY_STR("1"), DY_STR("501")), row[i].door);
	}
	dy_arena_free(arena);
}

DYT_MAIN(DYT_TEST(danger_is_found_and_harmless_words_are_not), DYT_TEST(each_danger_has_its_number),
         DYT_TEST(a_second_person_is_asked_after_a_minute_without_a_human),
         DYT_TEST(needs_of_a_household_press_where_they_matter),
         DYT_TEST(a_category_is_proposed_from_words), DYT_TEST(shared_faults_are_told_apart),
         DYT_TEST(likeness_knows_household_unit_fault_and_age),
         DYT_TEST(a_neighbours_words_come_without_numbers_that_name_them),
         DYT_TEST(doors_are_found_by_what_is_typed))
