/* The search for the words of the table: a trie over code points, kept as one hash of edges. */
#include "paste_inside.h"

#define EDGES_PER_WORD 8 /* room; words have three code points in the mean */

struct edge {
	uint32_t node, cp, child; /* child 0: free */
};
struct dy_paste_lexicon {
	struct edge *edges;
	uint32_t mask, nodes;
	uint32_t *first; /* of a node: first word that ends there, index + 1 */
	uint32_t *next;  /* of a word: the next of the same spelling, index + 1 */
};

static uint32_t
slot_of(const struct dy_paste_lexicon *l, uint32_t node, uint32_t cp)
{
	uint32_t h = (node * 0x9e3779b1u) ^ (cp * 0x85ebca6bu);

	h ^= h >> 15;
	for (h &= l->mask; l->edges[h].child != 0; h = (h + 1) & l->mask) {
		if (l->edges[h].node == node && l->edges[h].cp == cp)
			break;
	}
	return h;
}

static void
word_add(struct dy_paste_lexicon *l, uint32_t index)
{
	struct dy_str rest = dy_str_from(dy_paste_words[index].text);
	uint32_t node = 0;
	uint32_t cp;

	for (size_t n = dy_utf8_next(rest, &cp); n > 0; n = dy_utf8_next(rest, &cp)) {
		uint32_t slot = slot_of(l, node, cp);
		if (l->edges[slot].child == 0)
			l->edges[slot] = (struct edge){ node, cp, ++l->nodes };
		node = l->edges[slot].child;
		rest = dy_str_slice(rest, n, rest.len);
	}
	l->next[index] = l->first[node];
	l->first[node] = index + 1;
}

struct dy_paste_lexicon *
dy_paste_lexicon_new(struct dy_arena *arena)
{
	struct dy_paste_lexicon *l = DY_NEW(arena, struct dy_paste_lexicon);
	size_t room = 1;

	while (room < dy_paste_words_n * EDGES_PER_WORD)
		room *= 2;
	l->mask = (uint32_t)room - 1;
	l->edges = DY_NEW_ARRAY(arena, room, struct edge);
	l->first = DY_NEW_ARRAY(arena, room, uint32_t);
	l->next = DY_NEW_ARRAY(arena, dy_paste_words_n, uint32_t);
	for (uint32_t i = 0; i < dy_paste_words_n; i++)
		word_add(l, i);
	DY_ASSERT(l->nodes < l->mask / 4 * 3);
	return l;
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Latin words stand alone: "pass" is not in "passionate", nor "ok" in "book". */
static bool
stands_alone(struct dy_str text, size_t from, size_t to)
{
	return !(from > 0 && is_letter(text.ptr[from]) && is_letter(text.ptr[from - 1])) &&
	       !(to < text.len && is_letter(text.ptr[to - 1]) && is_letter(text.ptr[to]) &&
	         text.ptr[to] != 's');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Numbers too: 120 is not in 1200. */
static bool
number_alone(struct dy_str text, size_t from, size_t to)
{
	return !(from > 0 && is_digit(text.ptr[from]) && is_digit(text.ptr[from - 1])) &&
	       !(to < text.len && is_digit(text.ptr[to - 1]) && is_digit(text.ptr[to]));
}

/* Words that colour a need and are seen inside others too: the baby in "baby's milk powder". */
static bool
is_colour(unsigned kind)
{
	return kind == DY_PW_URGENT || kind == DY_PW_FRAIL || kind == DY_PW_CHRONIC ||
	       kind == DY_PW_SEALED || kind == DY_PW_PERISH || kind == DY_PW_DEADLINE ||
	       kind == DY_PW_MISSING || kind == DY_PW_FALL || kind == DY_PW_HURT;
}

struct finder {
	const struct dy_paste_lexicon *l;
	struct dy_arena *arena;
	struct dy_str text;
	struct dy_paste_hits *out;
	size_t covered; /* end of the last word counted */
	bool is_hidden; /* that word hides all within: NONE or CALM */
};

static void
words_add(struct finder *f, uint32_t word, size_t at, size_t to, bool colours)
{
	for (; word != 0; word = f->l->next[word - 1]) {
		const struct dy_paste_word *w = &dy_paste_words[word - 1];
		if (colours && !is_colour(w->kind))
			continue;
		struct dy_paste_hit *hit =
			dy_arena_push(f->arena, (void **)&f->out->items, &f->out->count,
		                      &f->out->cap, sizeof(*hit));
		*hit = (struct dy_paste_hit){ (uint32_t)at, (uint32_t)to, w->kind, w->weight };
	}
}

static bool
has_own(const struct dy_paste_lexicon *l, uint32_t word)
{
	for (; word != 0; word = l->next[word - 1]) {
		if (!is_colour(dy_paste_words[word - 1].kind))
			return true;
	}
	return false;
}

static bool
hides(const struct dy_paste_lexicon *l, uint32_t word)
{
	for (; word != 0; word = l->next[word - 1]) {
		if (dy_paste_words[word - 1].kind == DY_PW_NONE ||
		    dy_paste_words[word - 1].kind == DY_PW_CALM)
			return true;
	}
	return false;
}

/* All words that begin at `at`: the longest counts if it is not inside the one before, shorter ones only as colour. */
static void
place_read(struct finder *f, size_t at, uint64_t *steps)
{
	const struct dy_paste_lexicon *l = f->l;
	uint32_t node = 0, found[8];
	size_t to[8], n_found = 0, i = at;
	uint32_t cp;

	for (size_t n = dy_utf8_next(dy_str_slice(f->text, i, f->text.len), &cp); n > 0;
	     n = dy_utf8_next(dy_str_slice(f->text, i, f->text.len), &cp)) {
		uint32_t slot = slot_of(l, node, cp);
		++*steps;
		if (l->edges[slot].child == 0)
			break;
		node = l->edges[slot].child;
		i += n;
		if (l->first[node] == 0 || !stands_alone(f->text, at, i) ||
		    !number_alone(f->text, at, i))
			continue;
		if (n_found == DY_COUNT(found))
			n_found--;
		found[n_found] = l->first[node];
		to[n_found++] = i;
	}
	if (n_found == 0)
		return;
	size_t last = n_found; /* the longest that is more than colour, + 1 */
	while (last > 0 && !has_own(l, found[last - 1]))
		last--;
	bool counts = last > 0 && to[last - 1] > f->covered;
	bool within = f->is_hidden && at < f->covered;
	bool hidden = counts ? hides(l, found[last - 1]) : within;
	for (size_t k = 0; k < n_found && !within; k++) {
		bool is_last = counts && k + 1 == last;
		if (is_last || !hidden || k + 1 > last)
			words_add(f, found[k], at, to[k], !is_last);
	}
	if (counts) {
		if (within)
			words_add(f, found[last - 1], at, to[last - 1], false);
		f->covered = to[last - 1];
		f->is_hidden = hidden;
	}
}

void
dy_paste_hits_find(const struct dy_paste_lexicon *l, struct dy_arena *arena, struct dy_str text,
                   struct dy_paste_hits *out, uint64_t *steps)
{
	struct finder f = { .l = l, .arena = arena, .text = text, .out = out };
	size_t at = 0;
	uint32_t cp;

	*out = (struct dy_paste_hits){ 0 };
	for (size_t n = dy_utf8_next(text, &cp); n > 0;
	     n = dy_utf8_next(dy_str_slice(text, at, text.len), &cp)) {
		place_read(&f, at, steps);
		at += n;
	}
}
