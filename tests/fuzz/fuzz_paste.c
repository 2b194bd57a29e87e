/* Group chat as people paste it: whatever comes, proposals are whole, point at lines of the text and are no more than the text
 * could hold; reading twice gives the same; the work stays in proportion. */
#include "domain/category.h"
#include "domain/paste.h"
#include "fuzz.h"

#include <string.h>

#define ARENA      ((size_t)12 << 20) /* less than one HTTP request may use */
#define STEPS_EACH 64 /* for each byte, at most: places, words and doors looked at */
#define STEPS_BASE 4096

static void
proposal_check(struct dy_arena *arena, const struct dy_paste *paste, size_t i)
{
	const struct dy_paste_proposal *p = &paste->items[i];
	bool has_line = false;

	FUZZ_TRUE(p->line >= 1 && p->line <= paste->lines && p->n_lines >= 1);
	for (size_t n = 0; n < p->n_lines; n++) {
		has_line = has_line || p->lines[n] == p->line;
		FUZZ_TRUE(p->lines[n] >= 1 && p->lines[n] <= paste->lines);
		FUZZ_TRUE(n == 0 || p->lines[n] > p->lines[n - 1]);
	}
	FUZZ_TRUE(has_line);
	FUZZ_TRUE(dy_category_find(dy_str_from(p->category)) != NULL);
	FUZZ_TRUE(p->second == NULL || dy_category_find(dy_str_from(p->second)) != NULL);
	FUZZ_TRUE(p->confidence >= 0 && p->confidence <= 100);
	FUZZ_TRUE(p->same_as <= i && p->shared_as <= i);
	FUZZ_TRUE(dy_str_is_utf8(p->text) && dy_str_is_utf8(p->sender) &&
	          dy_str_is_utf8(p->on_behalf) && dy_str_is_utf8(p->estate) &&
	          dy_str_is_utf8(dy_paste_door_text(arena, &p->door)));
	FUZZ_TRUE(strcmp(p->category, "MED1") != 0 || p->urgent);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dy_arena *arena = dy_arena_new(ARENA);
	struct dy_paste paste, again;
	struct dy_err err = { 0 };
	struct dy_str text = fuzz_str(data, size);
	enum dy_code rc = dy_paste_read(arena, text, &paste, &err);

	if (rc != DY_OK) {
		FUZZ_TRUE((rc == DY_E_INPUT || rc == DY_E_LIMIT) &&
		          strcmp(err.field, "/text") == 0);
		FUZZ_TRUE(rc != DY_E_LIMIT || size >= DY_PASTE_LINES_MAX);
		dy_arena_free(arena);
		return 0;
	}
	FUZZ_TRUE(paste.steps <= STEPS_EACH * (uint64_t)size + STEPS_BASE);
	for (size_t i = 0; i < paste.count; i++)
		proposal_check(arena, &paste, i);
	/* the table of words is made anew each time: once in a while is enough */
	if (size % 8 != 0) {
		dy_arena_free(arena);
		return 0;
	}
	struct dy_arena *other = dy_arena_new(ARENA);
	FUZZ_TRUE(dy_paste_read(other, text, &again, &err) == DY_OK);
	FUZZ_TRUE(again.count == paste.count && again.steps == paste.steps);
	dy_arena_free(other);
	dy_arena_free(arena);
	return 0;
}
