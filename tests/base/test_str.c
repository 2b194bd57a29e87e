#include "base/arena.h"
#include "base/rng.h"
#include "base/str.h"
#include "dyt.h"

DYT(text_is_trimmed_at_both_ends)
{
	static const struct {
		const char *why, *in, *want;
	} row[] = {
		{ "nothing to do", "a b", "a b" },
		{ "spaces and tabs", " \t a\r\n", "a" },
		{ "ideographic space", "\xe3\x80\x80单元\xe3\x80\x80 ", "单元" },
		{ "only blanks", " \xe3\x80\x80 ", "" },
		{ "empty", "", "" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_TRUE(dy_str_is(dy_str_trim(dy_str_from(row[i].in)), row[i].want));
	}
}

DYT(numbers_are_read_whole_or_not_at_all)
{
	static const struct {
		const char *why, *in;
		bool good;
		int64_t want;
	} row[] = {
		{ "zero", "0", true, 0 },
		{ "negative", "-42", true, -42 },
		{ "largest", "9223372036854775807", true, INT64_MAX },
		{ "smallest", "-9223372036854775808", true, INT64_MIN },
		{ "one too many", "9223372036854775808", false, 0 },
		{ "one too few", "-9223372036854775809", false, 0 },
		{ "past 64 bits", "18446744073709551616", false, 0 },
		{ "21 digits", "000000000000000000001", false, 0 },
		{ "empty", "", false, 0 },
		{ "only a sign", "-", false, 0 },
		{ "plus", "+1", false, 0 },
		{ "blank", " 1", false, 0 },
		{ "letters behind", "1a", false, 0 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		int64_t v = 7;
		DYT_ROW(row[i].why);
		DYT_INT(dy_str_to_i64(dy_str_from(row[i].in), &v), row[i].good);
		DYT_INT(v, row[i].good ? row[i].want : 7);
	}
}

DYT(utf8_is_checked_strictly)
{
	static const struct {
		const char *why, *in;
		bool good;
	} row[] = {
		{ "ascii", "unit", true },
		{ "chinese", "最小单元", true },
		{ "four bytes", "\xf0\x9f\x8f\xa0", true },
		{ "last code point", "\xf4\x8f\xbf\xbf", true },
		{ "above the last", "\xf4\x90\x80\x80", false },
		{ "surrogate", "\xed\xa0\x80", false },
		{ "overlong two", "\xc0\xaf", false },
		{ "overlong three", "\xe0\x80\xaf", false },
		{ "overlong four", "\xf0\x80\x80\xaf", false },
		{ "cut short", "\xe5\x8d", false },
		{ "lone continuation", "\x80", false },
		{ "bad continuation", "\xe5\x8d\x41", false },
		{ "byte ff", "\xff", false },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_INT(dy_str_is_utf8(dy_str_from(row[i].in)), row[i].good);
	}
	DYT_INT(dy_str_chars(DY_STR("3幢1单元")), 5);
}

DYT(texts_are_compared_and_cut_within_their_length)
{
	struct dy_str none = dy_str_from(NULL);
	struct dy_str rest = none;

	DYT_TRUE(dy_str_ieq(DY_STR("Chunked"), DY_STR("cHUNKED")));
	DYT_TRUE(!dy_str_ieq(DY_STR("[\\]"), DY_STR("{|}"))); /* letters only */
	DYT_TRUE(!dy_str_ieq(DY_STR("a"), DY_STR("ab")));
	DYT_TRUE(dy_str_eq(none, DY_STR("")) && dy_str_starts(DY_STR("a"), none));
	DYT_TRUE(dy_str_starts(DY_STR("abc"), DY_STR("ab")) &&
	         !dy_str_starts(DY_STR("a"), DY_STR("ab")));
	DYT_TRUE(!dy_str_starts(DY_STR("abc"), DY_STR("b")));
	DYT_TRUE(dy_str_contains(DY_STR("abc"), DY_STR("bc")) && dy_str_contains(none, none));
	DYT_TRUE(!dy_str_contains(DY_STR("abc"), DY_STR("cd")) &&
	         !dy_str_contains(none, DY_STR("a")));
	DYT_TRUE(dy_str_is(dy_str_slice(DY_STR("abc"), 1, 99), "bc"));
	DYT_INT(dy_str_slice(DY_STR("abc"), 9, 2).len, 0);
	DYT_INT(dy_str_slice(none, 0, 5).len, 0);
	DYT_INT(dy_str_split(&rest, ',').len, 0);
	DYT_INT(rest.len, 0);
	DYT_TRUE(dy_str_hash(DY_STR("a")) ==
	         UINT64_C(0xaf63dc4c8601ec8c)); /* FNV-1a's own vector */
}

DYT(a_builder_is_whole_before_its_first_byte_and_at_its_limit)
{
	struct dy_strbuf sb;

	dy_strbuf_init(&sb, 300);
	DYT_TRUE(dy_str_is(dy_strbuf_str(&sb), ""));
	dy_strbuf_reset(&sb);
	dy_strbuf_add(&sb, NULL, 0);
	DYT_STR(sb.ptr, "");
	for (int i = 0; i < 300; i++)
		dy_strbuf_addc(&sb, 'x');
	DYT_TRUE(!sb.overflow && sb.len == 300);
	dy_strbuf_addf(&sb, "%s", "y");
	DYT_TRUE(sb.overflow && sb.len == 300 && sb.ptr[300] == '\0');
	DYT_TRUE(dy_strbuf_reserve(&sb, 0) == NULL); /* once full, nothing more */
	dy_strbuf_release(&sb);
	DYT_INT(sb.max, 300);
}

DYT(split_walks_over_every_part)
{
	struct dy_str rest = DY_STR("a,,b");

	DYT_TRUE(dy_str_is(dy_str_split(&rest, ','), "a"));
	DYT_TRUE(dy_str_is(dy_str_split(&rest, ','), ""));
	DYT_TRUE(dy_str_is(dy_str_split(&rest, ','), "b"));
	DYT_INT(rest.len, 0);
}

DYT(a_full_builder_drops_the_rest_and_says_so)
{
	struct dy_strbuf sb;

	dy_strbuf_init(&sb, 5);
	dy_strbuf_adds(&sb, "abc");
	dy_strbuf_addf(&sb, "%d", 12);
	DYT_TRUE(!sb.overflow);
	dy_strbuf_addc(&sb, 'x');
	DYT_TRUE(sb.overflow);
	DYT_STR(sb.ptr, "abc12");
	dy_strbuf_reset(&sb);
	dy_strbuf_adds(&sb, "ok");
	DYT_STR(sb.ptr, "ok");
	dy_strbuf_release(&sb);
}

DYT(an_arena_rewinds_to_its_mark)
{
	struct dy_arena *arena = dy_arena_new(1 << 20);
	char *before = dy_arena_dup(arena, "kept", 4);
	struct dy_arena_mark mark = dy_arena_mark(arena);
	char *first = dy_arena_alloc(arena, 100);

	for (int i = 0; i < 100; i++)
		(void)dy_arena_alloc(arena, 1000); /* several blocks */
	dy_arena_rewind(arena, mark);
	char *again = dy_arena_alloc(arena, 100);
	DYT_TRUE(first == again);
	DYT_INT(again[99], 0);
	DYT_STR(before, "kept");
	dy_arena_reset(arena);
	DYT_STR(dy_arena_printf(arena, "%s-%d", "3", 501), "3-501");
	dy_arena_free(arena);
}

DYT(equal_seeds_give_equal_numbers)
{
	/* O'Neill's reference output for pcg32 seeded with (42, 54) */
	static const uint32_t WANT[] = { 0xa15c02b7, 0x7b47f409, 0xba1d3330,
		                         0x83d2f293, 0xbfa4784b, 0xcbed606e };
	struct dy_rng rng = dy_rng_seed(42, 54);

	for (size_t i = 0; i < DY_COUNT(WANT); i++)
		DYT_INT(dy_rng_u32(&rng), WANT[i]);
	for (int i = 0; i < 1000; i++) {
		DYT_TRUE(dy_rng_below(&rng, 7) < 7);
		int64_t v = dy_rng_between(&rng, -3, 3);
		DYT_TRUE(v >= -3 && v <= 3);
		double unit = dy_rng_unit(&rng);
		DYT_TRUE(unit >= 0 && unit < 1);
	}
}

DYT(a_shuffle_keeps_every_item)
{
	struct dy_rng rng = dy_rng_seed(1, 1);
	int items[50];
	int sum = 0;

	for (int i = 0; i < 50; i++)
		items[i] = i;
	dy_rng_shuffle(&rng, items, 50, sizeof(items[0]));
	for (int i = 0; i < 50; i++)
		sum += items[i];
	DYT_INT(sum, 1225);
	DYT_TRUE(items[0] != 0 || items[1] != 1 || items[2] != 2);
}

DYT(texts_are_joined_and_numbers_written)
{
	struct dy_arena *arena = dy_arena_new(8192);
	char out[DY_INT_TEXT];

	DYT_TRUE(dy_str_is(DY_JOIN(arena, "a", "", "bc"), "abc"));
	DYT_TRUE(dy_str_is(DY_JOIN(arena, "", ""), ""));
	DYT_TRUE(strcmp(dy_int_text(0, out), "0") == 0);
	DYT_TRUE(strcmp(dy_int_text(-1, out), "-1") == 0);
	DYT_TRUE(strcmp(dy_int_text(1234567890, out), "1234567890") == 0);
	DYT_TRUE(strcmp(dy_int_text(INT64_MAX, out), "9223372036854775807") == 0);
	DYT_TRUE(strcmp(dy_int_text(INT64_MIN, out), "-9223372036854775808") == 0);
	dy_arena_free(arena);
}

DYT_MAIN(DYT_TEST(texts_are_joined_and_numbers_written), DYT_TEST(text_is_trimmed_at_both_ends),
         DYT_TEST(numbers_are_read_whole_or_not_at_all), DYT_TEST(utf8_is_checked_strictly),
         DYT_TEST(split_walks_over_every_part),
         DYT_TEST(texts_are_compared_and_cut_within_their_length),
         DYT_TEST(a_builder_is_whole_before_its_first_byte_and_at_its_limit),
         DYT_TEST(a_full_builder_drops_the_rest_and_says_so),
         DYT_TEST(an_arena_rewinds_to_its_mark), DYT_TEST(equal_seeds_give_equal_numbers),
         DYT_TEST(a_shuffle_keeps_every_item))
