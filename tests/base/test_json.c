#include "base/json.h"
#include "dyt.h"

#define ARENA ((size_t)16 << 20)

DYT(what_is_not_one_strict_object_is_refused)
{
	static const struct {
		const char *why, *text;
	} row[] = {
		{ "empty", "" },
		{ "array", "[]" },
		{ "bare text", "\"a\"" },
		{ "rest behind", "{} x" },
		{ "duplicate member", "{\"a\":1,\"a\":2}" },
		{ "bad utf-8", "{\"a\":\"\xff\"}" },
		{ "NUL by escape", "{\"a\":\"\\u0000\"}" },
		{ "lone surrogate", "{\"a\":\"\\ud800\"}" },
		{ "trailing comma", "{\"a\":1,}" },
		{ "comment", "{/*x*/}" },
		{ "single quotes", "{'a':1}" },
		{ "17 deep", "{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}" },
	};
	struct dy_arena *arena = dy_arena_new(ARENA);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_err err = { 0 };
		struct dy_json *j;
		DYT_ROW(row[i].why);
		DYT_INT(dy_json_open(arena, dy_str_from(row[i].text), &j, &err), DY_E_INPUT);
		DYT_TRUE(err.text[0] != '\0');
	}
	dy_arena_free(arena);
}

DYT(a_body_of_64_kib_of_small_values_fits_the_arena)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	char *text = dy_arena_alloc(arena, 65536);
	struct dy_err err = { 0 };
	struct dy_json *j;
	size_t n = 0;

	memcpy(text, "{\"a\":[0", 7);
	for (n = 7; n + 4 < 65536; n += 2)
		memcpy(text + n, ",0", 2);
	memcpy(text + n, "]}", 2);
	DYT_OK(dy_json_open(arena, (struct dy_str){ text, n + 2 }, &j, &err));
	char *large = dy_arena_alloc(arena, 65537);
	memset(large, ' ', 65537);
	DYT_INT(dy_json_open(arena, (struct dy_str){ large, 65537 }, &j, &err), DY_E_LIMIT);
	dy_arena_free(arena);
}

DYT(a_long_name_over_many_members_fits_the_arena)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	char *text = dy_arena_alloc(arena, 65536);
	struct dy_err err = { 0 };
	struct dy_json *j;
	int n = 30000;

	memset(text, 'n', 65536);
	memcpy(text, "{\"", 2);
	memcpy(text + n, "\":{\"0\":0", 9);
	n += 9;
	for (int i = 1; n + 20 < 65536; i++)
		n += snprintf(text + n, 20, ",\"%x\":0", (unsigned)i);
	memcpy(text + n, "}}", 2);
	DYT_OK(dy_json_open(arena, (struct dy_str){ text, (size_t)n + 2 }, &j, &err));
	DYT_INT(dy_json_end(j, &err), DY_E_INPUT);
	DYT_TRUE(strncmp(err.field, "/nnnn", 5) == 0);
	dy_arena_free(arena);
}

DYT(every_member_error_names_the_member)
{
	static const struct {
		const char *why, *text, *field;
		int kind; /* s str 2..4, n int 1..5, b bool, i id, t time, w word, o object, l list, S list of str */
	} row[] = {
		{ "missing", "{}", "/x", 's' },
		{ "null is missing", "{\"x\":null}", "/x", 's' },
		{ "wrong type", "{\"x\":1}", "/x", 's' },
		{ "too short after trim", "{\"x\":\" a \"}", "/x", 's' },
		{ "blank only", "{\"x\":\"  \"}", "/x", 's' },
		{ "too long in characters", "{\"x\":\"一二三四五\"}", "/x", 's' },
		{ "control character", "{\"x\":\"a\\u0007b\"}", "/x", 's' },
		{ "text for int", "{\"x\":\"1\"}", "/x", 'n' },
		{ "real for int", "{\"x\":1.0}", "/x", 'n' },
		{ "below", "{\"x\":0}", "/x", 'n' },
		{ "above", "{\"x\":6}", "/x", 'n' },
		{ "int for bool", "{\"x\":1}", "/x", 'b' },
		{ "short id", "{\"x\":\"123\"}", "/x", 'i' },
		{ "number for id", "{\"x\":123}", "/x", 'i' },
		{ "bad time", "{\"x\":\"2026-02-30T00:00:00Z\"}", "/x", 't' },
		{ "number for time", "{\"x\":1}", "/x", 't' },
		{ "unknown word", "{\"x\":\"blue\"}", "/x", 'w' },
		{ "number for word", "{\"x\":2}", "/x", 'w' },
		{ "list for object", "{\"x\":[]}", "/x", 'o' },
		{ "unknown inside object", "{\"x\":{\"y\":1}}", "/x/y", 'o' },
		{ "object for list", "{\"x\":{}}", "/x", 'l' },
		{ "too many", "{\"x\":[\"aa\",\"bb\",\"cc\"]}", "/x", 'l' },
		{ "bad element", "{\"x\":[\"aa\",1]}", "/x/1", 'S' },
		{ "unknown beside", "{\"x\":true,\"z\":1}", "/z", 'b' },
	};
	static const char *const words[] = { "red", "green" };
	struct dy_arena *arena = dy_arena_new(ARENA);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_err err = { 0 };
		struct dy_json *j;
		struct dy_json *below;
		struct dy_json_list *list;
		struct dy_str s;
		struct dy_id id;
		struct dy_time t;
		int64_t n;
		size_t word;
		bool b;
		enum dy_code rc = DY_OK;
		DYT_ROW(row[i].why);
		DYT_OK(dy_json_open(arena, dy_str_from(row[i].text), &j, &err));
		switch (row[i].kind) {
		case 's': rc = dy_json_str(j, "x", 2, 4, &s, &err); break;
		case 'n': rc = dy_json_int(j, "x", 1, 5, &n, &err); break;
		case 'b': rc = dy_json_bool(j, "x", &b, &err); break;
		case 'i': rc = dy_json_id(j, "x", &id, &err); break;
		case 't': rc = dy_json_time(j, "x", &t, &err); break;
		case 'w': rc = dy_json_word(j, "x", words, 2, &word, &err); break;
		case 'o': rc = dy_json_obj(j, "x", &below, &err); break;
		default: rc = dy_json_array(j, "x", 2, &list, &err); break;
		}
		for (size_t e = 0; rc == DY_OK && row[i].kind == 'S' && e < 2; e++)
			rc = dy_json_list_str(list, e, 1, 4, &s, &err);
		if (rc == DY_OK)
			rc = dy_json_end(j, &err);
		DYT_TRUE(rc == DY_E_INPUT || rc == DY_E_LIMIT);
		DYT_STR(err.field, row[i].field);
	}
	dy_arena_free(arena);
}

DYT(a_good_body_gives_its_values)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_err err = { 0 };
	struct dy_json *j;
	struct dy_json *contact;
	struct dy_json_list *list;
	struct dy_str s;
	struct dy_id id;
	struct dy_time t;
	int64_t n;
	bool b;

	DYT_OK(dy_json_open(
		arena,
		DY_STR("{\"text\":\"  缺药\\n急 \",\"n\":-3,\"b\":true,\"id\":\"0000000000001\","
	               "\"at\":\"1970-01-01T08:00:01+08:00\",\"none\":null,"
	               "\"contact\":{\"phone\":\"1\"},\"ids\":[\"0000000000002\"]}"),
		&j, &err));
	DYT_OK(dy_json_str(j, "text", 1, 10, &s, &err));
	DYT_TRUE(dy_str_is(s, "缺药\n急"));
	DYT_OK(dy_json_int(j, "n", -5, 5, &n, &err));
	DYT_INT(n, -3);
	DYT_OK(dy_json_bool(j, "b", &b, &err));
	DYT_TRUE(b);
	DYT_OK(dy_json_id(j, "id", &id, &err));
	DYT_INT(id.v, 1);
	DYT_OK(dy_json_time(j, "at", &t, &err));
	DYT_INT(t.ms, 1000);
	DYT_TRUE(!dy_json_has(j, "none"));
	DYT_TRUE(!dy_json_has(j, "absent"));
	DYT_OK(dy_json_obj(j, "contact", &contact, &err));
	DYT_OK(dy_json_str(contact, "phone", 1, 3, &s, &err));
	DYT_OK(dy_json_array(j, "ids", 3, &list, &err));
	DYT_INT(dy_json_list_count(list), 1);
	DYT_OK(dy_json_list_id(list, 0, &id, &err));
	DYT_INT(id.v, 2);
	DYT_OK(dy_json_end(j, &err));
	dy_arena_free(arena);
}

DYT(what_is_written_escapes_and_reads_back)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_strbuf sb;
	struct dy_err err = { 0 };
	struct dy_json *j;
	struct dy_str s;
	struct dy_jw w;

	dy_strbuf_init(&sb, 4096);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_kstr(&w, "s", DY_STR("\"\\/\n\t\x01单\xff!"));
	dy_jw_kint(&w, "min", INT64_MIN);
	dy_jw_kid(&w, "none", (struct dy_id){ 0 });
	dy_jw_kid(&w, "id", (struct dy_id){ 31 });
	dy_jw_ktime(&w, "t", dy_zone_default(), (struct dy_time){ 1000 });
	dy_jw_key(&w, "list");
	dy_jw_arr(&w);
	dy_jw_bool(&w, false);
	dy_jw_null(&w);
	dy_jw_obj(&w);
	dy_jw_obj_end(&w);
	dy_jw_raw(&w, DY_STR("7"));
	dy_jw_arr_end(&w);
	dy_jw_kcstr(&w, "c", NULL);
	dy_jw_obj_end(&w);
	DYT_STR(sb.ptr,
	        "{\"s\":\"\\\"\\\\/\\n\\t\\u0001单\xef\xbf\xbd!\",\"min\":-9223372036854775808,"
	        "\"none\":null,\"id\":\"000000000000z\","
	        "\"t\":\"1970-01-01T08:00:01.000+08:00\",\"list\":[false,null,{},7],"
	        "\"c\":null}");
	dy_strbuf_reset(&sb);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_kstr(&w, "s", DY_STR("引号\" 斜线\\"));
	dy_jw_obj_end(&w);
	DYT_OK(dy_json_open(arena, dy_strbuf_str(&sb), &j, &err));
	DYT_OK(dy_json_str(j, "s", 1, 20, &s, &err));
	DYT_TRUE(dy_str_is(s, "引号\" 斜线\\"));
	dy_strbuf_release(&sb);
	dy_arena_free(arena);
}

DYT_MAIN(DYT_TEST(what_is_not_one_strict_object_is_refused),
         DYT_TEST(a_body_of_64_kib_of_small_values_fits_the_arena),
         DYT_TEST(a_long_name_over_many_members_fits_the_arena),
         DYT_TEST(every_member_error_names_the_member), DYT_TEST(a_good_body_gives_its_values),
         DYT_TEST(what_is_written_escapes_and_reads_back))
