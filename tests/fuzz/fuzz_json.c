/* Bodies: what is read and written again reads the same. */
#include "base/json.h"
#include "base/limits.h"
#include "fuzz.h"

#include <string.h>

static const char *const NAMES[] = { "a", "b", "text", "id", "at", "n", "list", "o" };
static const char *const WORDS[] = { "red", "green" };

/* Takes what it knows, of whatever type it is, and writes it again. */
static void
copy(struct dy_json *j, struct dy_jw *w, int depth)
{
	dy_jw_obj(w);
	for (size_t i = 0; i < DY_COUNT(NAMES); i++) {
		struct dy_json *below;
		struct dy_json_list *list;
		struct dy_str s;
		struct dy_time t;
		struct dy_id id;
		int64_t n;
		size_t word;
		bool b;
		if (!dy_json_has(j, NAMES[i]))
			continue;
		(void)!dy_json_id(j, NAMES[i], &id, NULL);
		(void)!dy_json_time(j, NAMES[i], &t, NULL);
		(void)!dy_json_word(j, NAMES[i], WORDS, 2, &word, NULL);
		if (dy_json_str(j, NAMES[i], 0, DY_TEXT_MAX, &s, NULL) == DY_OK) {
			FUZZ_TRUE(dy_str_is_utf8(s));
			FUZZ_TRUE(dy_str_chars(s) <= DY_TEXT_MAX);
			FUZZ_TRUE(dy_str_eq(s, dy_str_trim(s)));
			dy_jw_kstr(w, NAMES[i], s);
		} else if (dy_json_int(j, NAMES[i], INT64_MIN, INT64_MAX, &n, NULL) == DY_OK) {
			dy_jw_kint(w, NAMES[i], n);
		} else if (dy_json_bool(j, NAMES[i], &b, NULL) == DY_OK) {
			dy_jw_kbool(w, NAMES[i], b);
		} else if (dy_json_obj(j, NAMES[i], &below, NULL) == DY_OK) {
			FUZZ_TRUE(depth < DY_JSON_DEPTH);
			dy_jw_key(w, NAMES[i]);
			copy(below, w, depth + 1);
		} else if (dy_json_array(j, NAMES[i], 50, &list, NULL) == DY_OK) {
			FUZZ_TRUE(dy_json_list_count(list) <= 50);
			dy_jw_key(w, NAMES[i]);
			dy_jw_arr(w);
			for (size_t e = 0; e < dy_json_list_count(list); e++) {
				if (dy_json_list_str(list, e, 0, 100, &s, NULL) == DY_OK)
					dy_jw_str(w, s);
				else if (dy_json_list_obj(list, e, &below, NULL) == DY_OK)
					copy(below, w, depth + 1);
				else if (dy_json_list_id(list, e, &id, NULL) == DY_OK)
					dy_jw_id(w, id);
			}
			dy_jw_arr_end(w);
		}
	}
	dy_jw_obj_end(w);
}

/* Reads text and writes what it held into sb; false when it is refused. */
static bool
again(struct dy_arena *arena, struct dy_str text, struct dy_strbuf *sb)
{
	struct dy_err err = { 0 };
	struct dy_json *j;
	struct dy_jw w;

	if (dy_json_open(arena, text, &j, &err) != DY_OK) {
		FUZZ_TRUE(err.text[0] != '\0');
		return false;
	}
	dy_jw_init(&w, sb);
	copy(j, &w, 1);
	if (dy_json_end(j, &err) != DY_OK)
		FUZZ_TRUE(err.field[0] == '/');
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dy_arena *arena =
		dy_arena_new(DY_REQUEST_ARENA); /* as large as a request's, or it aborts */
	struct dy_strbuf first, second;

	/* escapes make a text up to three times as long (a DEL becomes six bytes, but DEL is refused) */
	dy_strbuf_init(&first, DY_ANSWER_MAX);
	dy_strbuf_init(&second, DY_ANSWER_MAX);
	if (again(arena, fuzz_str(data, size), &first) && first.len <= DY_JSON_BODY_MAX) {
		FUZZ_TRUE(!first.overflow);
		FUZZ_TRUE(again(arena, dy_strbuf_str(&first), &second));
		FUZZ_TRUE(dy_str_eq(dy_strbuf_str(&first), dy_strbuf_str(&second)));
	}
	dy_strbuf_release(&first);
	dy_strbuf_release(&second);
	dy_arena_free(arena);
	return 0;
}
