#include "domain/paste.h"

#include "dyt.h"
#include "paste_corpus.h"

#include <stdlib.h>

#define ARENA ((size_t)12 << 20) /* less than one HTTP request may use */

static struct dy_paste
read_ok(struct dy_arena *arena, const char *text)
{
	struct dy_err err = { 0 };
	struct dy_paste paste;

	DYT_OK(dy_paste_read(arena, dy_str_from(text), &paste, &err));
	return paste;
}

static const char *
door_of(struct dy_arena *arena, const struct dy_paste *paste, size_t i)
{
	return i < paste->count ? dy_str_z(arena, dy_paste_door_text(arena, &paste->items[i].door))
	                        : "(no proposal)";
}

DYT(a_door_is_found_in_every_spelling)
{
	static const struct {
		const char *text, *door;
	} row[] = {
		{ "3-1-501 缺米", "3-1-501" },
		{ "3幢1单元501 缺米", "3-1-501" },
		{ "三号楼501 缺米", "3-501" },
		{ "3#501 缺米", "3-501" },
		{ "3栋501室 缺米", "3-501" },
		{ "3/1/501 缺米", "3-1-501" },
		{ "3.1.501 缺米", "3-1-501" },
		{ "3 1 501 缺米", "3-1-501" },
		{ "3、1、501 缺米", "3-1-501" },
		{ "３－１－５０１ 缺米", "3-1-501" },
		{ "3—1—501 缺米", "3-1-501" },
		{ "3一1一501 缺米", "3-1-501" },
		{ "03-01-0501 缺米", "3-1-501" },
		{ "3幢1-501 缺米", "3-1-501" },
		{ "3-1单元501 缺米", "3-1-501" },
		{ "3号楼1单元5楼501 缺米", "3-1-501" },
		{ "三幢一单元五零一 缺米", "3-1-501" },
		{ "十二栋二单元一二零三 缺米", "12-2-1203" },
		{ "3️⃣-1️⃣-501 缺米", "3-1-501" },
		{ "③号楼501 缺米", "3-501" },
		{ "A座1203 缺米", "A-1203" },
		{ "3-1-501a 缺米", "3-1-501A" },
		{ "2-3-1-501 缺米", "3-1-501" },
		{ "3撞1单元501 缺米", "3-1-501" },
		{ "3樓1單元501 缺米", "3-1-501" },
		{ "家里缺米，住3-1-501", "3-1-501" },
		{ "东海新村3幢1单元501 缺米", "3-1-501" },
		{ "3-1-501王阿姨：缺米", "3-1-501" },
		{ "王阿姨(3-1-501): 缺米", "3-1-501" },
		{ "501室 缺米", "501" },
		{ "3幢的电梯坏了", "3" },
		{ "3幢1单元的电梯坏了", "3-1" },
		/* none of these is a door */
		{ "缺米了，2022-04-03", "" },
		{ "缺米，4月3号楼下见", "" },
		{ "缺米，要2-3斤", "" },
		{ "缺米，1-500克都行", "" },
		{ "缺米 0580-5012345", "" },
		{ "缺米 13812345678", "" },
		{ "缺米，8:00-11:00在家", "" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_arena *arena = dy_arena_new(ARENA);
		struct dy_paste paste = read_ok(arena, row[i].text);
		DYT_ROW(row[i].text);
		DYT_INT(paste.count, 1);
		DYT_STR(door_of(arena, &paste, 0), row[i].door);
		dy_arena_free(arena);
	}
}

DYT(who_said_it_is_known_in_every_copy_format)
{
	static const struct {
		const char *why, *text;
		size_t line;
	} row[] = {
		{ "name colon", "小王: 你好\n阿姨: 3-1-501家里没米了\n", 2 },
		{ "three lines", "小王\n07:10\n你好\n阿姨\n07:12\n3-1-501家里没米了\n", 6 },
		{ "desktop",
		  "小王 2022/4/3 7:10:01\n你好\n\n阿姨 2022/4/3 7:12:15\n3-1-501家里没米了\n", 5 },
		{ "name alone", "小王:\n你好\n\n阿姨:\n3-1-501家里没米了\n", 5 },
		{ "stamp first", "[2022-04-03 07:12] 阿姨\n3-1-501家里没米了\n", 2 },
		{ "stamp and colon", "[2022-04-03 07:12] 阿姨: 3-1-501家里没米了\n", 1 },
		{ "export", "—————  2022-04-03  —————\n\n\n阿姨  07:12\n\n3-1-501家里没米了\n", 6 },
		{ "day words", "阿姨 昨天 晚上8:12\n3-1-501家里没米了\n", 2 },
		{ "quoting", "阿姨: 「小王：你好」\n- - - - - - - - -\n3-1-501家里没米了\n", 3 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_arena *arena = dy_arena_new(ARENA);
		struct dy_paste paste = read_ok(arena, row[i].text);
		DYT_ROW(row[i].why);
		DYT_INT(paste.count, 1);
		DYT_INT(paste.items[0].line, row[i].line);
		DYT_STR(dy_str_z(arena, paste.items[0].sender), "阿姨");
		dy_arena_free(arena);
	}
}

DYT(what_the_same_person_said_before_and_after_counts)
{
	static const struct {
		const char *why, *text, *door, *category;
		size_t count, lines;
	} row[] = {
		{ "door before", "阿姨: 我是3-1-501\n阿姨: 家里没米了\n", "3-1-501", "FOOD", 1, 1 },
		{ "door after", "阿姨: 家里没米了\n阿姨: 3-1-501\n", "3-1-501", "FOOD", 1, 2 },
		{ "somebody else's door", "阿姨: 家里没米了\n小王: 3-1-501\n", "", "FOOD", 1, 1 },
		{ "a slip", "阿姨: 3-1-501没米了\n阿姨: 打错了，是502\n", "3-1-502", "FOOD", 1, 2 },
		{ "a slip in full", "阿姨: 3-1-501没米了\n阿姨: 更正：3-2-601\n", "3-2-601", "FOOD",
		  1, 2 },
		{ "the same matter goes on", "阿姨: 3-1-501没米了\n阿姨: 油也没有了\n", "3-1-501",
		  "FOOD", 1, 2 },
		{ "another matter", "阿姨: 3-1-501没米了\n阿姨: 还有水管漏水\n", "3-1-501", "FOOD",
		  2, 1 },
		{ "text before name", "3-1-501阿姨: 帮我妈5-2-302买点米\n", "5-2-302", "FOOD", 1,
		  1 },
		{ "the one above", "3-1-501阿姨: 楼上601漏水到我家\n", "3-1-501", "REPR", 1, 1 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_arena *arena = dy_arena_new(ARENA);
		struct dy_paste paste = read_ok(arena, row[i].text);
		DYT_ROW(row[i].why);
		DYT_INT(paste.count, row[i].count);
		DYT_STR(door_of(arena, &paste, 0), row[i].door);
		DYT_STR(paste.items[0].category, row[i].category);
		DYT_INT(paste.items[0].n_lines, row[i].lines);
		dy_arena_free(arena);
	}
}

DYT(what_is_no_request_is_left_alone)
{
	static const char *const row[] = {
		"谢谢大家",
		"收到",
		"阿姨: 米已经买到了，谢谢",
		"我给你送一袋米上去",
		"[图片]",
		"小王拍了拍阿姨",
		"“小王”撤回了一条消息",
		"社区小林: 【通知】明天停水，请大家储水",
		"没有着火，大家放心",
		"哈哈哈笑死我了救命",
		"「阿姨：家里没米了」\n- - - - - - - -\n我家有，来拿",
		"阿姨加入了群聊",
		"今天天气真好",
		"+1",
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_arena *arena = dy_arena_new(ARENA);
		struct dy_paste paste = read_ok(arena, row[i]);
		DYT_ROW(row[i]);
		DYT_INT(paste.count, 0);
		dy_arena_free(arena);
	}
}

DYT(urgency_is_seen_and_taken_back)
{
	static const struct {
		const char *text;
		bool urgent;
	} row[] = {
		{ "3-1-501 家里没米了", false },
		{ "3-1-501 家里没米了，很急", true },
		{ "3-1-501 家里没米了，不急，有空再说", false },
		{ "3-1-501 断粮了", true },
		{ "3-1-501 我妈82了，药吃完了", true },
		{ "3-1-501 老人摔倒起不来", true },
		{ "3-1-501 煤气味很大", true },
		{ "3-1-501 电梯里困了人", true },
		{ "3-1-501 宝宝没奶粉了", true },
		{ "3-1-501 路灯不亮", false },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_arena *arena = dy_arena_new(ARENA);
		struct dy_paste paste = read_ok(arena, row[i].text);
		DYT_ROW(row[i].text);
		DYT_INT(paste.count, 1);
		DYT_INT(paste.items[0].urgent, row[i].urgent);
		dy_arena_free(arena);
	}
}

DYT(several_needs_and_several_doors_come_apart)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_paste paste =
		read_ok(arena, "阿姨: 3-1-501没米了，另外水管漏水\n小王: 3-1-601、602都停水了\n"
	                       "阿芳: 4-1-101要米，4-1-102要退烧药\n小王: 3-1-601停水了\n");
	static const char *const want[][2] = {
		{ "3-1-501", "FOOD" }, { "3-1-501", "REPR" }, { "3-1-601", "REPR" },
		{ "3-1-602", "REPR" }, { "4-1-101", "FOOD" }, { "4-1-102", "MED2" },
		{ "3-1-601", "REPR" },
	};

	DYT_INT(paste.count, DY_COUNT(want));
	for (size_t i = 0; i < DY_COUNT(want); i++) {
		DYT_ROW(want[i][0]);
		DYT_STR(door_of(arena, &paste, i), want[i][0]);
		DYT_STR(paste.items[i].category, want[i][1]);
	}
	DYT_INT(paste.items[6].same_as, 3);
	DYT_INT(paste.items[3].shared_as, 3);
	dy_arena_free(arena);
}

DYT(a_chain_asks_for_what_its_title_says)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_paste paste = read_ok(arena, "#接龙\n3幢1单元买药登记\n例：101 阿司匹林\n1. 101 "
	                                       "连花清瘟\n3️⃣ "
	                                       "202 体温计\n③ 2单元303 纱布\n");

	DYT_INT(paste.count, 3);
	DYT_STR(door_of(arena, &paste, 0), "3-1-101");
	DYT_STR(door_of(arena, &paste, 1), "3-1-202");
	DYT_STR(door_of(arena, &paste, 2), "3-2-303");
	for (size_t i = 0; i < 3; i++)
		DYT_STR(paste.items[i].category, "MED2");
	paste = read_ok(arena, "#接龙\n核酸已做请接龙\n1. 3-1-101 已做\n2. 3-1-102 已做\n");
	DYT_INT(paste.count, 0);
	dy_arena_free(arena);
}

DYT(for_whom_and_whom_to_call_is_kept)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_paste paste =
		read_ok(arena, "小雪: 帮我妈买点菜，5-2-302，电话139 0000 1234，谢谢\n");

	DYT_INT(paste.count, 1);
	DYT_STR(dy_str_z(arena, paste.items[0].on_behalf), "我妈");
	DYT_STR(dy_str_z(arena, paste.items[0].contact), "13900001234");
	dy_arena_free(arena);
}

DYT(doors_are_matched_with_those_there_are)
{
	static const struct dy_paste_place places[] = {
		{ DY_STR_INIT("3"), DY_STR_INIT("东海新村3幢"), DY_STR_INIT("1"),
		  DY_STR_INIT("501"), 1 },
		{ DY_STR_INIT("3"), DY_STR_INIT("东海新村3幢"), DY_STR_INIT("2"),
		  DY_STR_INIT("501"), 2 },
		{ DY_STR_INIT("3"), DY_STR_INIT("东海新村3幢"), DY_STR_INIT("2"),
		  DY_STR_INIT("502"), 3 },
		{ DY_STR_INIT("4"), DY_STR_INIT(""), DY_STR_INIT(""), DY_STR_INIT("0101"), 4 },
	};
	static const struct {
		const char *why;
		struct dy_address door;
		const char *estate;
		size_t count;
		int64_t id;
	} row[] = {
		{ "exact", { DY_STR_INIT("3"), DY_STR_INIT("2"), DY_STR_INIT("501") }, "", 1, 2 },
		{ "two stairs have it",
		  { DY_STR_INIT("3"), DY_STR_INIT(""), DY_STR_INIT("501") },
		  "",
		  2,
		  1 },
		{ "one stair has it",
		  { DY_STR_INIT("3"), DY_STR_INIT(""), DY_STR_INIT("502") },
		  "",
		  1,
		  3 },
		{ "no building said",
		  { DY_STR_INIT(""), DY_STR_INIT(""), DY_STR_INIT("502") },
		  "",
		  1,
		  3 },
		{ "no such door",
		  { DY_STR_INIT("3"), DY_STR_INIT("1"), DY_STR_INIT("502") },
		  "",
		  0,
		  0 },
		{ "stair said where there is none",
		  { DY_STR_INIT("4"), DY_STR_INIT("1"), DY_STR_INIT("101") },
		  "",
		  1,
		  4 },
		{ "run together",
		  { DY_STR_INIT("3"), DY_STR_INIT(""), DY_STR_INIT("2501") },
		  "",
		  1,
		  2 },
		{ "estate",
		  { DY_STR_INIT("3"), DY_STR_INIT("1"), DY_STR_INIT("501") },
		  "东海新村",
		  1,
		  1 },
		{ "unknown estate",
		  { DY_STR_INIT("3"), DY_STR_INIT("1"), DY_STR_INIT("501") },
		  "西湖花园",
		  1,
		  1 },
		{ "a stair is no door",
		  { DY_STR_INIT("3"), DY_STR_INIT("1"), DY_STR_INIT("") },
		  "",
		  0,
		  0 },
	};
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_paste_places *index = dy_paste_places_new(arena, places, DY_COUNT(places));

	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_paste_matches found;
		DYT_ROW(row[i].why);
		dy_paste_match(index, &row[i].door, dy_str_from(row[i].estate), &found);
		DYT_INT(found.count, row[i].count);
		if (found.count > 0)
			DYT_INT(found.items[0]->id, row[i].id);
	}
	dy_arena_free(arena);
}

DYT(what_cannot_be_read_says_why)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_err err = { 0 };
	struct dy_paste paste;
	char *big = calloc(1, DY_PASTE_BYTES_MAX + 2);

	DYT_TRUE(big != NULL);
	memset(big, 'a', DY_PASTE_BYTES_MAX + 1);
	DYT_INT(dy_paste_read(arena, dy_str_from(big), &paste, &err), DY_E_LIMIT);
	DYT_STR(err.field, "/text");
	DYT_INT(dy_paste_read(arena, dy_str_from(" \n "), &paste, &err), DY_E_INPUT);
	DYT_INT(dy_paste_read(arena, dy_str_from("\xff\xfe"), &paste, &err), DY_E_INPUT);
	free(big);
	dy_arena_free(arena);
}

/* Work, counted, for n copies of a line. */
static uint64_t
steps_of(const char *line, size_t n)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_err err = { 0 };
	struct dy_paste paste;
	size_t len = strlen(line);
	char *text = malloc(len * n + 1);

	DYT_TRUE(text != NULL);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * len, line, len);
	DYT_OK(dy_paste_read(arena, (struct dy_str){ text, len * n }, &paste, &err));
	free(text);
	dy_arena_free(arena);
	return paste.steps;
}

DYT(work_grows_no_faster_than_the_text)
{
	static const char *const row[] = {
		"3-1-501王阿姨: 家里没米了，能帮忙买点吗？另外水管漏水\n",
		"3-1-501 没米，", /* one message, many doors */
		"没没没没没没没",
		"1-",
		"1 1 ",
		"@@@@",
		"「「「「「」」」」」\n- - - - - - - - - - -\n",
		"1. 3-1-501 米，谢谢邻居们\n",
		"阿姨: 打错了，是502\n",
		"另外没米另外没药",
		"大家好，今天的天气真是好呀\n",
		"13812345678",
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		size_t n = (size_t)(DY_PASTE_BYTES_MAX / 8) / strlen(row[i]);
		DYT_ROW(row[i]);
		uint64_t small = steps_of(row[i], n), large = steps_of(row[i], 8 * n);
		DYT_TRUE(large <= 9 * small);
	}
}

static void
corpus_run(const char *name, struct pc_result *out)
{
	const char *root = getenv("DY_SOURCE_ROOT");
	char path[1024];

	(void)snprintf(path, sizeof(path), "%s/tests/data/paste/%s.txt", root != NULL ? root : ".",
	               name);
	DYT_TRUE(pc_run(path, NULL, out));
	print_message(
		"# %s: %zu lines, door %.1f/%.1f %%, category %.1f/%.1f %%, urgent %.1f/%.1f %%, "
		"request %.1f/%.1f %%\n",
		name, out->lines, pc_precision(&out->door), pc_recall(&out->door),
		pc_precision(&out->category), pc_recall(&out->category), pc_precision(&out->urgent),
		pc_recall(&out->urgent), pc_precision(&out->request), pc_recall(&out->request));
}

DYT(the_corpus_meets_the_goals)
{
	struct pc_result r;

	corpus_run("corpus", &r);
	DYT_TRUE(r.lines >= 400);
	DYT_TRUE(pc_precision(&r.door) >= 98 && pc_recall(&r.door) >= 98);
	DYT_TRUE(pc_precision(&r.category) >= 92 && pc_recall(&r.category) >= 92);
	DYT_TRUE(pc_recall(&r.urgent) == 100);
	DYT_TRUE(pc_precision(&r.request) >= 95 && pc_recall(&r.request) >= 95);
	DYT_TRUE(pc_recall(&r.same) == 100);
}

/* What was never tuned on does not fall behind unnoticed. */
DYT(the_held_out_set_is_not_lost)
{
	struct pc_result r;

	corpus_run("held_out", &r);
	DYT_TRUE(r.lines >= 150);
	DYT_TRUE(pc_precision(&r.door) >= 95 && pc_recall(&r.door) >= 98);
	DYT_TRUE(pc_precision(&r.category) >= 88 && pc_recall(&r.category) >= 92);
	DYT_TRUE(pc_recall(&r.urgent) >= 94);
}

DYT_MAIN(DYT_TEST(a_door_is_found_in_every_spelling),
         DYT_TEST(who_said_it_is_known_in_every_copy_format),
         DYT_TEST(what_the_same_person_said_before_and_after_counts),
         DYT_TEST(what_is_no_request_is_left_alone), DYT_TEST(urgency_is_seen_and_taken_back),
         DYT_TEST(several_needs_and_several_doors_come_apart),
         DYT_TEST(a_chain_asks_for_what_its_title_says),
         DYT_TEST(for_whom_and_whom_to_call_is_kept),
         DYT_TEST(doors_are_matched_with_those_there_are), DYT_TEST(what_cannot_be_read_says_why),
         DYT_TEST(work_grows_no_faster_than_the_text), DYT_TEST(the_corpus_meets_the_goals),
         DYT_TEST(the_held_out_set_is_not_lost))
