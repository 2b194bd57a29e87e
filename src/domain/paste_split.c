/* Who said what: the formats in which chat is copied, exported and forwarded.
 *
 * Two passes over lines: each line is given a kind by itself, then lines are put together to messages. A block in which
 * nobody is named is one message a line. */
#include "paste_inside.h"

#include <string.h>

#define QUOTE_LINES 6

struct lines {
	struct dy_paste_line *items;
	size_t count, cap;
};

/* A name in its own line stands over a time, or between blank lines in a block that has no other heads. */
static void
names_find(struct lines *l)
{
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < l->count; i++) {
		struct dy_paste_line *line = &l->items[i];
		if (line->kind == DY_PASTE_LINE_BLANK)
			continue;
		if (line->kind == DY_PASTE_LINE_STAMP && last != SIZE_MAX) {
			struct dy_paste_line *before = &l->items[last];
			bool short_text = (before->kind == DY_PASTE_LINE_TEXT ||
			                   before->kind == DY_PASTE_LINE_NUMBER) &&
			                  dy_paste_is_name(before->all);
			/* somebody speaks after it */
			bool goes_on = i + 1 < l->count &&
			               l->items[i + 1].kind != DY_PASTE_LINE_HEAD &&
			               l->items[i + 1].kind != DY_PASTE_LINE_INLINE;
			if (short_text && goes_on) {
				before->kind = DY_PASTE_LINE_HEAD;
				before->name = before->all;
			}
		}
		last = i;
	}
}

/* Messages */

struct splitter {
	struct dy_arena *arena;
	const struct lines *lines;
	struct dy_paste_messages *out;
	struct dy_str sender; /* of the head that stands open */
	bool is_open;         /* text lines go on with the last message */
	bool below_inline;    /* that message began as "name: text" */
	bool joins;           /* lines without a head belong to the message above */
	size_t chain, chains; /* the chain under way, 0: none */
	bool has_entries;
	struct dy_str quote;
};

static void
message_add(struct splitter *s, size_t line, struct dy_str text, enum dy_paste_kind kind)
{
	struct dy_paste_message *m = dy_arena_push(s->arena, (void **)&s->out->items,
	                                           &s->out->count, &s->out->cap, sizeof(*m));

	*m = (struct dy_paste_message){ .sender = s->sender,
		                        .text = text,
		                        .quote = s->quote,
		                        .line = line + 1,
		                        .kind = kind,
		                        .chain = s->chain };
	s->quote = (struct dy_str){ "", 0 };
}

/* The text goes on: slices of one block, so that from and to are enough. */
static void
message_grow(struct splitter *s, struct dy_str text)
{
	struct dy_paste_message *m = &s->out->items[s->out->count - 1];
	m->text.len = (size_t)(text.ptr + text.len - m->text.ptr);
}

static bool
begins_chain(struct dy_str s)
{
	return dy_str_contains(s, DY_STR("接龙")) && !dy_str_contains(s, DY_STR("怎么接龙")) &&
	       !dy_str_contains(s, DY_STR("接龙了")) && !dy_str_contains(s, DY_STR("接龙吗"));
}

static bool
is_example(struct dy_str s)
{
	static const char *const WORDS[] = { "例",  "示例", "样例", "格式", "如:",
		                             "如 ", "比如", "模板", NULL };
	return dy_paste_any_at(s, 0, WORDS) > 0;
}

/* Does an address stand at the head of an entry's text, or behind a short name? */
static bool
has_door(struct splitter *s, struct dy_str text)
{
	struct dy_paste_doors doors;
	struct dy_str head = dy_str_slice(text, 0, 60);

	while (head.len > 0 && head.len < text.len &&
	       ((unsigned char)text.ptr[head.len] & 0xc0) == 0x80)
		head.len--;
	dy_paste_doors_find(s->arena, head, &doors);
	return doors.count > 0 && doors.items[0].is_sure;
}

static void
text_take(struct splitter *s, size_t i, struct dy_str text, bool is_number)
{
	struct dy_paste_door door;

	if (s->chain == 0 && begins_chain(text)) {
		s->chain = ++s->chains;
		s->has_entries = false;
		message_add(s, i, text, DY_PASTE_TITLE);
		return;
	}
	if (is_number && s->chain == 0) {
		/* 10.2.601 is a door; a list item with a door is an entry all the same */
		bool is_door = dy_paste_door_at(s->arena, text, &door) > 0;
		size_t n = is_door ? 0 : dy_paste_numbering(text);
		struct dy_str entry = dy_str_slice(text, n, text.len);
		if (!s->is_open || (n > 0 && has_door(s, entry))) {
			if (!s->is_open)
				s->sender = (struct dy_str){ "", 0 };
			message_add(s, i, entry, DY_PASTE_SAID);
			return;
		}
	}
	if (s->chain != 0 && is_number) {
		struct dy_str entry = dy_str_slice(text, dy_paste_numbering(text), text.len);
		s->has_entries = true;
		s->sender = (struct dy_str){ "", 0 };
		message_add(s, i, entry, is_example(entry) ? DY_PASTE_TITLE : DY_PASTE_ENTRY);
		return;
	}
	if (s->chain != 0 && (!s->has_entries || is_example(text))) {
		message_add(s, i, text, DY_PASTE_TITLE);
		return;
	}
	if (s->chain != 0) {
		s->chain = 0;
		s->is_open = false;
	}
	/* below "name: text" a line that begins with a door is somebody else's; below a head it goes on */
	if (s->is_open && s->below_inline && dy_paste_door_at(s->arena, text, &door) > 0) {
		s->sender = (struct dy_str){ "", 0 };
		s->is_open = false;
	}
	if (s->is_open && s->out->count > 0) {
		message_grow(s, text);
		return;
	}
	message_add(s, i, text, DY_PASTE_SAID);
}

/* A quotation, ended by 」 and a rule: returns the index of its last line, or `i` when it is none. */
static size_t
quote_take(struct splitter *s, size_t i, struct dy_str text)
{
	struct dy_str close = DY_STR("」");
	size_t end = i;

	if (!dy_str_starts(text, DY_STR("「")))
		return i;
	for (struct dy_str at = text; end < s->lines->count && end < i + QUOTE_LINES; end++) {
		if (end > i)
			at = s->lines->items[end].all;
		if (dy_str_contains(at, close))
			break;
	}
	if (end >= s->lines->count || end >= i + QUOTE_LINES)
		return i;
	size_t rule = end + 1;
	while (rule < s->lines->count && s->lines->items[rule].kind == DY_PASTE_LINE_BLANK)
		rule++;
	if (rule >= s->lines->count || s->lines->items[rule].kind != DY_PASTE_LINE_RULE)
		return i;
	const struct dy_str last = s->lines->items[end].all;
	s->quote = (struct dy_str){ text.ptr, (size_t)(last.ptr + last.len - text.ptr) };
	return rule;
}

static size_t
line_take(struct splitter *s, size_t i)
{
	const struct dy_paste_line *line = &s->lines->items[i];
	size_t quoted;

	switch (line->kind) {
	case DY_PASTE_LINE_BLANK:
		if (s->chain != 0 && s->has_entries)
			s->chain = 0;
		break;
	case DY_PASTE_LINE_RULE:
	case DY_PASTE_LINE_STAMP: break;
	case DY_PASTE_LINE_SYSTEM: s->is_open = false; break;
	case DY_PASTE_LINE_HEAD:
	case DY_PASTE_LINE_INLINE:
		/* "例: 1-1-101" of a chain is no person */
		s->chain = 0;
		s->sender = line->name;
		s->is_open = false;
		s->below_inline = false;
		if (line->kind == DY_PASTE_LINE_HEAD)
			break;
		quoted = quote_take(s, i, line->text);
		if (quoted != i)
			return quoted;
		text_take(s, i, line->text, false);
		s->is_open = s->joins && s->chain == 0;
		s->below_inline = true;
		if (!s->joins && s->chain == 0)
			s->sender = (struct dy_str){ "", 0 };
		break;
	case DY_PASTE_LINE_NUMBER:
	case DY_PASTE_LINE_TEXT: {
		bool had_head = s->sender.len > 0;
		quoted = quote_take(s, i, line->all);
		if (quoted != i) {
			if (!had_head || s->is_open)
				s->sender = (struct dy_str){ "", 0 };
			s->is_open = false;
			return quoted;
		}
		text_take(s, i, line->all, line->kind == DY_PASTE_LINE_NUMBER);
		/* behind a head in a line of its own, text goes on to the next head */
		s->is_open = had_head && s->sender.len > 0 && s->chain == 0;
		break;
	}
	}
	return i;
}

void
dy_paste_split(struct dy_arena *arena, struct dy_str text, struct dy_paste_messages *out)
{
	struct lines lines = { 0 };
	struct splitter s = { .arena = arena, .lines = &lines, .out = out };
	size_t n_inline = 0, n_text = 0;

	*out = (struct dy_paste_messages){ 0 };
	for (struct dy_str rest = text; rest.len > 0;) {
		struct dy_str raw = dy_str_split(&rest, '\n');
		struct dy_paste_line *line = dy_arena_push(arena, (void **)&lines.items,
		                                           &lines.count, &lines.cap, sizeof(*line));
		dy_paste_line_read(raw, line);
		n_inline += line->kind == DY_PASTE_LINE_INLINE;
		n_text += line->kind == DY_PASTE_LINE_TEXT;
	}
	names_find(&lines);
	s.joins = n_inline >= n_text;
	for (size_t i = 0; i < lines.count; i++)
		i = line_take(&s, i);
	out->lines = lines.count;
}
