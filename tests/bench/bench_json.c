/* Bench of JSON: our writer beside jansson's, and strict decoding of a small body.
 *
 * The object is like an item of the request list: 14 members, two of them Chinese text. Bare loop: copying the
 * finished bytes into a buffer. */
#include "kit.h"

#include "base/json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_US INT64_C(1000000)
#define CHECK  256 /* objects between looks at the clock */

static const char TEXT[] = "三楼楼道里的灯不亮了，老人晚上下楼看不见台阶";
static const struct dy_id ID = { INT64_C(3713849823498123) };
static struct dy_strbuf sb;

static void
write_own(void)
{
	struct dy_time at = { INT64_C(1776903300000) };
	struct dy_jw w;

	dy_strbuf_reset(&sb);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_kid(&w, "id", ID);
	dy_jw_kcstr(&w, "number", "0423-017");
	dy_jw_kcstr(&w, "category", "REPR");
	dy_jw_kbool(&w, "urgent", false);
	dy_jw_kcstr(&w, "state", "reported");
	dy_jw_kint(&w, "level", 0);
	dy_jw_kcstr(&w, "address", "3幢1单元501");
	dy_jw_kid(&w, "unit_id", ID);
	dy_jw_kcstr(&w, "unit_name", "3单元");
	dy_jw_kid(&w, "grid_id", ID);
	dy_jw_kstr(&w, "text", DY_STR(TEXT));
	dy_jw_ktime(&w, "created_at", dy_zone_default(), at);
	dy_jw_ktime(&w, "changed_at", dy_zone_default(), at);
	dy_jw_kint(&w, "version", 1);
	dy_jw_obj_end(&w);
}

static void
write_jansson(void)
{
	json_t *o =
		json_pack("{s:s,s:s,s:s,s:b,s:s,s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i}", "id",
	                  "03a6rkqj0g4yb", "number", "0423-017", "category", "REPR", "urgent", 0,
	                  "state", "reported", "level", 0, "address", "3幢1单元501", "unit_id",
	                  "03a6rkqj0g4yb", "unit_name", "3单元", "grid_id", "03a6rkqj0g4yb", "text",
	                  TEXT, "created_at", "2026-04-23T08:15:00.000+08:00", "changed_at",
	                  "2026-04-23T08:15:00.000+08:00", "version", 1);
	char *text = json_dumps(o, JSON_COMPACT);

	if (text == NULL)
		bk_fail("jansson");
	free(text);
	json_decref(o);
}

static char copy[4096];

static void
write_bare(void)
{
	memcpy(copy, sb.ptr, sb.len);
	__asm__ volatile("" : : "r"(copy) : "memory"); /* the copy counts */
}

static void
read_own(void)
{
	static const char body[] = "{\"category\":\"REPR\",\"text\":\"三楼楼道里的灯不亮了\"}";
	static struct dy_arena *arena;
	struct dy_json *j;
	struct dy_str category, text;
	struct dy_err err = { 0 };

	if (arena == NULL)
		arena = dy_arena_new((size_t)1 << 20);
	bk_must(dy_json_open(arena, DY_STR(body), &j, &err), &err, "open");
	bk_must(dy_json_str(j, "category", 4, 4, &category, &err), &err, "category");
	bk_must(dy_json_str(j, "text", 1, 2000, &text, &err), &err, "text");
	bk_must(dy_json_end(j, &err), &err, "end");
	dy_arena_reset(arena);
}

static double
row(const char *what, void (*fn)(void), double base, const char *note)
{
	uint64_t n = 0;
	int64_t began = bk_now_us(), now = began;

	for (; now < began + RUN_US; now = bk_now_us()) {
		for (int i = 0; i < CHECK; i++)
			fn();
		n += CHECK;
	}
	double each = (double)(now - began) / (double)n;
	bk_row(what, 1e6 / each, each, base > 0 ? each / base : 0, note);
	return each;
}

int
main(void)
{
	dy_strbuf_init(&sb, 65536);
	bk_title("json: one item of a list");
	double own = row("our writer", write_own, 0, "");
	(void)row("jansson: pack and dump", write_jansson, own, "to our writer");
	(void)row("bare loop: copy of the bytes", write_bare, own, "to our writer");
	(void)row("strict decoding of a report's body", read_own, own, "to our writer");
	dy_strbuf_release(&sb);
	return bk_end();
}
