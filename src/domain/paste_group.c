/* One message, several doors: which words belong to which door. */
#include "paste_inside.h"

#include <string.h>

#define MOBILE_DIGITS 11
#define MENTION_MAX   40 /* bytes of a name behind @ */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
blank(char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		text[i] = text[i] == '\n' ? '\n' : ' ';
}

/* "@name " up to the blank; "@all" stays, for the word tables. */
static void
mentions_blank(struct dy_str s, char *masked)
{
	static const struct dy_str ALL[] = { DY_STR_INIT("@所有人"), DY_STR_INIT("@all") };

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '@')
			continue;
		struct dy_str rest = dy_str_slice(s, i, s.len);
		if (dy_str_starts(rest, ALL[0]) || dy_str_starts(rest, ALL[1]))
			continue;
		size_t to = i + 1;
		while (to < s.len && to < i + MENTION_MAX && strchr(" \n,:;!?", s.ptr[to]) == NULL)
			to++;
		if (to < s.len && to < i + MENTION_MAX)
			blank(masked, i, to);
		else
			masked[i] = ' '; /* no end in sight: the words behind may be the need */
		i = to - 1;
	}
}

/* The first mobile number, digits only; all of them are blanked. */
static void
mobiles_take(struct dy_arena *arena, struct dy_str s, struct dy_paste_groups *g)
{
	char digits[MOBILE_DIGITS + 1];

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '1' || (i > 0 && is_digit(s.ptr[i - 1])))
			continue;
		size_t n = 0, to = i;
		while (to < s.len && n < MOBILE_DIGITS) {
			if (is_digit(s.ptr[to]))
				digits[n++] = s.ptr[to];
			else if (n == 0 || (s.ptr[to] != ' ' && s.ptr[to] != '-') ||
			         (n != 3 && n != 7))
				break;
			to++;
		}
		if (n < MOBILE_DIGITS || digits[1] < '3' || (to < s.len && is_digit(s.ptr[to])))
			continue;
		digits[n] = '\0';
		if (g->contact.len == 0)
			g->contact = dy_str_from(dy_arena_dup(arena, digits, n));
		blank(g->masked, i, to);
		i = to - 1;
	}
}

static int
parts_of(const struct dy_address *a)
{
	return (a->building.len > 0) + (a->stair.len > 0) + 2 * (a->door.len > 0);
}

/* What is said less exactly than another door of the message is no door of its own: "3号楼 ... 3-1-501". */
static void
vague_drop(struct dy_paste_doors *doors)
{
	int most = 0;
	size_t n = 0;
	bool has_own = false;

	for (size_t i = 0; i < doors->count; i++) {
		int parts = parts_of(&doors->items[i].at);
		most = parts > most ? parts : most;
		has_own = has_own || (!doors->items[i].is_neighbour && !doors->items[i].is_goal &&
		                      doors->items[i].at.door.len > 0);
	}
	for (size_t i = 0; i < doors->count; i++) {
		const struct dy_paste_door *d = &doors->items[i];
		if ((d->at.door.len == 0 && parts_of(&d->at) < most) ||
		    ((d->is_neighbour || d->is_goal) && has_own) ||
		    (!d->is_sure && most > 2 && !d->is_neighbour))
			continue;
		doors->items[n++] = *d;
	}
	doors->count = n;
}

/* Do words stand between the two, or only "and"? */
static bool
has_words(const char *masked, size_t from, size_t to)
{
	static const char *const AND[] = { "、", "和", "及", "跟", "与", "还有", "以及", NULL };
	size_t i = from;

	while (i < to) {
		size_t skip = 0;
		for (size_t k = 0; AND[k] != NULL && skip == 0; k++) {
			size_t n = strlen(AND[k]);
			if (to - i >= n && memcmp(masked + i, AND[k], n) == 0)
				skip = n;
		}
		if (skip == 0 && strchr(" ,/&+.;\n", masked[i]) != NULL)
			skip = 1;
		if (skip == 0)
			return true;
		i += skip;
	}
	return false;
}

static bool
wants_something(const struct dy_paste_lexicon *lexicon, struct dy_arena *arena, struct dy_str text,
                uint64_t *steps)
{
	const struct dy_paste_context context = { .title = -1 };
	struct dy_paste_need needs[DY_PASTE_NEEDS_MAX];
	size_t n = dy_paste_needs_find(lexicon, arena, text, &context, needs, steps);

	for (size_t i = 0; i < n; i++) {
		if (needs[i].category >= 0 && needs[i].score[needs[i].category] >= 2)
			return true;
	}
	return false;
}

static struct dy_paste_group *
push(struct dy_arena *arena, struct dy_paste_groups *g)
{
	return dy_arena_push(arena, (void **)&g->items, &g->count, &g->cap,
	                     sizeof(struct dy_paste_group));
}

/* "who wants rice 3-1-501, who wants pills 3-1-502": the words stand before their doors. */
static bool
doors_behind(const struct dy_paste_lexicon *lexicon, struct dy_arena *arena, struct dy_str masked,
             struct dy_paste_groups *g, uint64_t *steps)
{
	const struct dy_paste_doors *d = &g->doors;
	size_t from = 0;

	if (d->count < 2 || has_words(g->masked, d->items[d->count - 1].to, masked.len))
		return false;
	for (size_t i = 0; i < d->count; i++) {
		if (!wants_something(lexicon, arena, dy_str_slice(masked, from, d->items[i].from),
		                     steps))
			return false;
		from = d->items[i].to;
	}
	from = 0;
	for (size_t i = 0; i < d->count; i++) {
		*push(arena, g) = (struct dy_paste_group){ from, d->items[i].to, i, 1 };
		from = d->items[i].to;
	}
	return true;
}

void
dy_paste_groups_find(const struct dy_paste_lexicon *lexicon, struct dy_arena *arena,
                     struct dy_str text, struct dy_paste_groups *out, uint64_t *steps)
{
	struct dy_paste_doors *d = &out->doors;

	*out = (struct dy_paste_groups){ .masked = dy_arena_dup(arena, text.ptr, text.len) };
	mentions_blank(text, out->masked);
	mobiles_take(arena, text, out);
	struct dy_str masked = { out->masked, text.len };
	/* doors point into a text that stays: theirs is blanked below */
	dy_paste_doors_find(arena, dy_str_dup(arena, masked), d);
	for (size_t i = 0; i < d->count; i++)
		blank(out->masked, d->items[i].from, d->items[i].to);
	vague_drop(d);
	*steps += text.len + d->count;
	if (d->count == 0) {
		*push(arena, out) = (struct dy_paste_group){ 0, text.len, 0, 0 };
		return;
	}
	if (doors_behind(lexicon, arena, masked, out, steps))
		return;
	struct dy_paste_group g = { 0, text.len, 0, 1 };
	for (size_t i = 1; i < d->count; i++) {
		size_t from = d->items[i - 1].to, to = d->items[i].from;
		if (!has_words(out->masked, from, to)) {
			/* "3-1-501, 502": the same words for both, unless one was dropped between */
			if (g.door + g.n_doors == i)
				g.n_doors++;
			continue;
		}
		if (!wants_something(lexicon, arena, dy_str_slice(masked, from, to), steps))
			continue; /* "I am in 3-1-501, the one above, 3-1-601, ...": the first speaks */
		g.to = to;
		*push(arena, out) = g;
		g = (struct dy_paste_group){ to, text.len, i, 1 };
	}
	*push(arena, out) = g;
}
