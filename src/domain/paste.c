/* The reader: messages, needs and doors put together to proposals, with what a sender said before. */
#include "paste_inside.h"

#include "domain/shared.h"

#include <string.h>

#define RECENT     6    /* messages after which a sender's word is a new matter */
#define LINES_MAX  40   /* of one proposal */
#define TEXT_BYTES 3000 /* of one proposal; what is longer is no message of a chat */

struct sender {
	struct dy_str name;
	struct dy_address door;
	struct dy_str estate;
	size_t proposal; /* their last, index + 1 */
	size_t message;  /* of that proposal, and of what was added to it */
	bool is_used;
};
struct chain {
	int score[DY_PW_CATEGORIES];
	int report;
	struct dy_address door;
};
struct keeper {
	struct dy_arena *arena;
	const struct dy_paste_lexicon *lexicon;
	struct dy_paste_text text;
	struct dy_paste_messages messages;
	struct dy_paste *out;
	struct sender *senders;
	size_t senders_mask;
	struct chain *chains;
	size_t n_chains;
	size_t also; /* proposal (index + 1) of the message before: what "we too" means */
};

const char *
dy_paste_door_from_name(enum dy_paste_door_from from)
{
	static const char *const names[] = {
		"none", "text", "name", "earlier", "title", "neighbour"
	};
	return names[from];
}

struct dy_str
dy_paste_door_text(struct dy_arena *arena, const struct dy_address *d)
{
	const char *a = d->building.len > 0 && d->stair.len + d->door.len > 0 ? "-" : "";
	const char *b = d->stair.len > 0 && d->door.len > 0 ? "-" : "";

	return dy_str_from(dy_arena_printf(arena, "%.*s%s%.*s%s%.*s", DY_FMT(d->building), a,
	                                   DY_FMT(d->stair), b, DY_FMT(d->door)));
}

/* Senders */

static struct sender *
sender_find(struct keeper *k, struct dy_str name)
{
	uint64_t h = dy_str_hash(name);

	for (size_t i = h & k->senders_mask;; i = (i + 1) & k->senders_mask) {
		struct sender *s = &k->senders[i];
		if (!s->is_used) {
			s->is_used = true;
			s->name = name;
			return s;
		}
		if (dy_str_eq(s->name, name))
			return s;
	}
}

static bool
is_of_team(struct dy_str name)
{
	static const char *const WORDS[] = { "社区", "网格",     "物业", "志愿者", "楼长", "楼道长",
		                             "居委", "书记",     "主任", "管家",   "客服", "保安",
		                             "团长", "工作人员", "群主", "店",     "超市", "机器人",
		                             "公告", "单元长",   "党员", "大白",   "公司", "师傅",
		                             "小哥", "医生",     "电工", "骑手",   "商家", "老板",
		                             "助理", "管理",     "前台", "律师",   "中介", "推销",
		                             NULL };

	for (size_t i = 0; WORDS[i] != NULL; i++) {
		if (dy_str_contains(name, dy_str_from(WORDS[i])))
			return true;
	}
	return false;
}

/* Doors */

/* What is missing in *a and what b knows: 501 of somebody in 3-1. */
static void
door_complete(struct dy_address *a, const struct dy_address *b)
{
	if (a->building.len == 0 && b->building.len > 0) {
		a->building = b->building;
		if (a->stair.len == 0)
			a->stair = b->stair;
	}
}

static struct dy_paste_door
name_door(struct keeper *k, struct dy_str name)
{
	struct dy_paste_doors doors;

	dy_paste_doors_find(k->arena, name, &doors);
	for (size_t i = 0; i < doors.count; i++) {
		if (doors.items[i].at.door.len > 0)
			return doors.items[i];
	}
	return doors.count > 0 ? doors.items[0] : (struct dy_paste_door){ 0 };
}

/* Lines */

static void
line_add(struct keeper *k, struct dy_paste_proposal *p, size_t line)
{
	size_t *lines = DY_NEW_ARRAY(k->arena, p->n_lines + 1, size_t);
	size_t i = 0;

	if (p->n_lines >= LINES_MAX)
		return;
	for (size_t n = 0; n < p->n_lines; n++) {
		if (p->lines[n] == line)
			return;
	}
	while (i < p->n_lines && p->lines[i] < line) {
		lines[i] = p->lines[i];
		i++;
	}
	lines[i] = line;
	for (size_t n = i; n < p->n_lines; n++)
		lines[n + 1] = p->lines[n];
	p->lines = lines;
	p->n_lines++;
}

/* One message */

struct speech {
	const struct dy_paste_message *m;
	size_t index;
	struct sender *sender; /* NULL: nobody known */
	struct dy_paste_door name;
	bool from_team;
	struct dy_paste_groups groups;
	size_t proposals; /* made of it */
	size_t joined;    /* needs of it that went to an earlier proposal */
	size_t at, line;  /* the line of the text's offset `at` */
};

/* Needs come in order, so the line of an offset is found by going on from the last. */
static size_t
line_at(struct speech *s, size_t offset)
{
	if (offset < s->at)
		return s->m->line;
	for (; s->at < offset && s->at < s->m->text.len; s->at++)
		s->line += s->m->text.ptr[s->at] == '\n';
	return s->line;
}

static bool
is_recent(const struct speech *s)
{
	return s->sender != NULL && s->sender->proposal > 0 &&
	       s->index - s->sender->message <= RECENT;
}

static void
door_give(struct keeper *k, const struct speech *s, const struct dy_paste_door *said,
          struct dy_paste_proposal *p)
{
	const struct chain *chain = s->m->chain > 0 ? &k->chains[s->m->chain] : NULL;

	/* "502, stop that": a bare number is the sender's door only when they have no other */
	bool is_vague = said != NULL && (said->is_neighbour || !said->is_sure);
	if (said != NULL && !(is_vague && (s->name.at.door.len > 0 ||
	                                   (s->sender && s->sender->door.door.len > 0)))) {
		p->door = said->at;
		p->estate = said->estate;
		p->door_from = said->is_neighbour ? DY_PASTE_DOOR_NEIGHBOUR : DY_PASTE_DOOR_TEXT;
		/* a building that is the sender's own is no less exact than their name */
		if (p->door.door.len == 0 && dy_str_eq(p->door.building, s->name.at.building) &&
		    s->name.at.door.len > 0) {
			p->door = s->name.at;
			p->door_from = DY_PASTE_DOOR_NAME;
		}
	} else if (s->name.at.door.len > 0 || s->name.at.building.len > 0) {
		p->door = s->name.at;
		p->estate = s->name.estate;
		p->door_from = DY_PASTE_DOOR_NAME;
	} else if (s->sender != NULL && s->sender->door.door.len > 0) {
		p->door = s->sender->door;
		p->estate = s->sender->estate;
		p->door_from = DY_PASTE_DOOR_EARLIER;
	}
	if (p->door.building.len == 0 && p->door.door.len > 0) {
		door_complete(&p->door, &s->name.at);
		if (s->sender != NULL)
			door_complete(&p->door, &s->sender->door);
		if (chain != NULL && p->door.building.len == 0) {
			door_complete(&p->door, &chain->door);
			if (p->door.building.len > 0)
				p->door_from = DY_PASTE_DOOR_TITLE;
		}
	}
}

static int
door_confidence(const struct dy_paste_proposal *p, int confidence)
{
	if (p->door.door.len == 0)
		return confidence - 10;
	if (p->door.building.len == 0 || p->door_from == DY_PASTE_DOOR_NEIGHBOUR)
		return confidence - 15;
	return confidence;
}

static struct dy_paste_proposal *
propose(struct keeper *k, struct speech *s, const struct dy_paste_group *g,
        const struct dy_paste_need *n, const struct dy_paste_door *door, bool whole)
{
	if (k->out->count == DY_PASTE_PROPOSALS_MAX) {
		k->out->dropped++;
		return NULL;
	}
	struct dy_paste_proposal *p = dy_arena_push(k->arena, (void **)&k->out->items,
	                                            &k->out->count, &k->out->cap, sizeof(*p));
	size_t base = (size_t)(s->m->text.ptr - k->text.text.ptr);
	size_t from = whole ? 0 : g->from + n->from, to = whole ? s->m->text.len : g->from + n->to;

	/* what was cut off a list ends and begins with its commas */
	while (from < to && strchr(" ,;\n", s->m->text.ptr[from]) != NULL)
		from++;
	while (to > from && strchr(" ,;\n", s->m->text.ptr[to - 1]) != NULL)
		to--;
	if (to - from > TEXT_BYTES) {
		to = from + TEXT_BYTES;
		while (to > from && ((unsigned char)s->m->text.ptr[to] & 0xc0) == 0x80)
			to--;
	}
	p->line = line_at(s, from);
	line_add(k, p, p->line);
	for (size_t line = p->line, end = line_at(s, to); line < end && p->n_lines < LINES_MAX;)
		line_add(k, p, ++line);
	p->text = dy_paste_text_raw(k->arena, &k->text, base + from, base + to);
	if (s->m->sender.len > 0) {
		size_t at = (size_t)(s->m->sender.ptr - k->text.text.ptr);
		p->sender = dy_paste_text_raw(k->arena, &k->text, at, at + s->m->sender.len);
	}
	p->contact = s->groups.contact;
	if (n->behalf_to > n->behalf_from) {
		size_t at = base + g->from;
		uint32_t cp;
		size_t verb = dy_utf8_next(
			dy_str_slice(s->m->text, g->from + n->behalf_from, s->m->text.len), &cp);
		p->on_behalf = dy_paste_text_raw(k->arena, &k->text, at + n->behalf_from + verb,
		                                 at + n->behalf_to);
	}
	door_give(k, s, door, p);
	p->category = dy_paste_word_kinds[n->category];
	p->second = n->second >= 0 ? dy_paste_word_kinds[n->second] : NULL;
	p->urgent = n->urgent;
	int margin = n->score[n->category] - (n->second >= 0 ? n->score[n->second] : 0);
	p->confidence = door_confidence(p, dy_paste_confidence(n->points, margin));
	if (s->sender != NULL) {
		s->sender->proposal = k->out->count;
		s->sender->message = s->index;
	}
	s->proposals++;
	return p;
}

/* A need that belongs to the sender's last proposal: the same matter, no new door. */
static bool
goes_on(struct keeper *k, struct speech *s, const struct dy_paste_group *g,
        const struct dy_paste_need *n)
{
	if (!is_recent(s) || g->n_doors > 0 || s->proposals > 0)
		return false;
	struct dy_paste_proposal *last = &k->out->items[s->sender->proposal - 1];

	/* a question that names nothing is about what was said before */
	bool is_vague = n->category == DY_PW_INFO && n->score[DY_PW_INFO] == 0;
	if (n->category < 0 ||
	    (!is_vague && strcmp(last->category, dy_paste_word_kinds[n->category]) != 0))
		return false;
	/* the lift in the morning and the water at noon are two matters */
	enum dy_fault was = dy_fault_of(dy_str_from(last->category), last->text);
	enum dy_fault is =
		dy_fault_of(dy_str_from(last->category),
	                    dy_str_slice(s->m->text, g->from + n->from, g->from + n->to));
	if (was != DY_FAULT_NONE && is != DY_FAULT_NONE && was != is)
		return false;
	s->joined++;
	line_add(k, last, line_at(s, g->from + n->from));
	last->urgent = last->urgent || n->urgent;
	if (last->contact.len == 0)
		last->contact = s->groups.contact;
	s->sender->message = s->index;
	return true;
}

/* "We too": the category of the message before. */
static bool
joins_before(struct keeper *k, struct speech *s, const struct dy_paste_group *g,
             struct dy_paste_need *n)
{
	bool weak = n->category < 0 || n->points < DY_PASTE_POINTS;
	bool has_door = g->n_doors > 0 || s->name.at.door.len > 0 ||
	                (s->sender != NULL && s->sender->door.door.len > 0);

	if (k->also == 0 || n->sign[DY_PW_ALSO] == 0 || !weak || !has_door ||
	    n->sign[DY_PW_SOLVED] > 0 || n->sign[DY_PW_NOTICE] > 0)
		return false;
	const struct dy_paste_proposal *before = &k->out->items[k->also - 1];
	for (int i = 0; i < DY_PW_CATEGORIES; i++) {
		if (strcmp(dy_paste_word_kinds[i], before->category) == 0)
			n->category = i;
	}
	n->points = DY_PASTE_POINTS;
	n->urgent = n->urgent || before->urgent;
	return true;
}

static void
group_take(struct keeper *k, struct speech *s, const struct dy_paste_group *g)
{
	const struct chain *chain = s->m->chain > 0 ? &k->chains[s->m->chain] : NULL;
	struct dy_paste_need needs[DY_PASTE_NEEDS_MAX];
	struct dy_paste_context context = {
		.has_door = g->n_doors > 0,
		.is_known = g->n_doors > 0 || s->name.at.door.len > 0 ||
		            (s->sender != NULL && s->sender->door.door.len > 0),
		.is_entry = s->m->kind == DY_PASTE_ENTRY,
		.title = -1,
		.from_team = s->from_team,
	};

	if (chain != NULL && chain->report == 0) {
		int best = -1;
		for (int i = 0; i < DY_PW_CATEGORIES; i++) {
			if (chain->score[i] >= 2 &&
			    (best < 0 || chain->score[i] > chain->score[best]))
				best = i;
		}
		context.title = best;
	}
	struct dy_str text = { s->groups.masked + g->from, g->to - g->from };
	size_t n = dy_paste_needs_find(k->lexicon, k->arena, text, &context, needs, &k->out->steps);
	for (size_t i = 0; i < n; i++) {
		bool also = joins_before(k, s, g, &needs[i]);
		if (!also && needs[i].points < DY_PASTE_POINTS)
			continue;
		if (goes_on(k, s, g, &needs[i]))
			continue;
		bool whole = n == 1 && s->groups.count == 1;
		for (size_t d = 0; d < (g->n_doors > 0 ? g->n_doors : 1); d++) {
			const struct dy_paste_door *door =
				g->n_doors > 0 ? &s->groups.doors.items[g->door + d] : NULL;
			if (propose(k, s, g, &needs[i], door, whole) == NULL)
				return;
		}
	}
}

/* "3-1-502 it is": the door of the sender's last proposal. */
static bool
is_correction(const struct speech *s, struct dy_address *out)
{
	static const char *const WORDS[] = { "打错",   "写错",   "发错",       "说错",   "输错",
		                             "手误",   "更正",   "纠正",       "应该是", "打错字",
		                             "门牌错", "号码错", "口误",       "错了",   "搞错",
		                             "不对",   "typo",   "correction", "i mean", NULL };
	const struct dy_str text = s->m->text;
	bool found = false;

	if (s->sender == NULL || s->sender->proposal == 0)
		return false;
	for (size_t i = 0; WORDS[i] != NULL && !found; i++)
		found = dy_str_contains(text, dy_str_from(WORDS[i]));
	/* "*502", the way it is done in English chats */
	found = found || (text.len > 0 && text.ptr[0] == '*');
	if (!found)
		return false;
	for (size_t i = 0; i < s->groups.doors.count; i++) {
		const struct dy_paste_door *d = &s->groups.doors.items[i];
		struct dy_str before = dy_str_slice(text, 0, d->from);
		if (before.len >= 6 && memcmp(before.ptr + before.len - 6, "不是", 6) == 0)
			continue;
		*out = d->at;
		return true;
	}
	/* a bare number: 502 */
	for (size_t i = 0; i < text.len; i++) {
		size_t n = 0;
		while (i + n < text.len && text.ptr[i + n] >= '0' && text.ptr[i + n] <= '9')
			n++;
		if (n == 3 || n == 4) {
			*out = (struct dy_address){ .door = dy_str_slice(text, i, i + n) };
			return true;
		}
		i += n;
	}
	return false;
}

static void
correct(struct keeper *k, struct speech *s, struct dy_address door)
{
	struct dy_paste_proposal *last = &k->out->items[s->sender->proposal - 1];
	struct dy_address was = last->door;

	if (door.building.len == 0) {
		door.building = was.building;
		door.stair = door.stair.len > 0 ? door.stair : was.stair;
	}
	/* all that the same message wanted */
	for (size_t i = s->sender->proposal; i-- > 0;) {
		struct dy_paste_proposal *p = &k->out->items[i];
		if (p->line != last->line || !dy_str_eq(p->door.door, was.door))
			break;
		p->door = door;
		p->door_from = DY_PASTE_DOOR_TEXT;
		line_add(k, p, s->m->line);
	}
	s->sender->door = door;
}

/* What is no need of its own still tells about the last one: a door, a number to call, an age. */
static void
aside_take(struct keeper *k, struct speech *s)
{
	const struct dy_paste_doors *doors = &s->groups.doors;
	struct dy_paste_proposal *last;

	if (!is_recent(s))
		return;
	last = &k->out->items[s->sender->proposal - 1];
	if (doors->count > 0 && !doors->items[0].is_neighbour && last->door.door.len == 0) {
		for (size_t i = s->sender->proposal; i-- > 0;) {
			struct dy_paste_proposal *p = &k->out->items[i];
			if (p->door.door.len > 0 || !dy_str_eq(p->sender, last->sender))
				break;
			p->door = doors->items[0].at;
			p->estate = doors->items[0].estate;
			p->door_from = DY_PASTE_DOOR_EARLIER;
			p->confidence += p->door.building.len > 0 ? 10 : 0;
			line_add(k, p, s->m->line);
		}
	}
	if (s->groups.contact.len > 0 && last->contact.len == 0) {
		last->contact = s->groups.contact;
		line_add(k, last, s->m->line);
	}
}

/* The door a sender names is remembered, also when they want nothing yet. */
static void
door_remember(struct speech *s)
{
	const struct dy_paste_doors *doors = &s->groups.doors;

	if (s->sender == NULL)
		return;
	for (size_t i = 0; i < doors->count; i++) {
		const struct dy_paste_door *d = &doors->items[i];
		if (d->is_neighbour || d->at.door.len == 0 ||
		    (doors->count > 1 && s->proposals > 1))
			continue;
		struct dy_address door = d->at;
		door_complete(&door, &s->sender->door);
		s->sender->door = door;
		s->sender->estate = d->estate;
		return;
	}
}

static void
message_take(struct keeper *k, const struct dy_paste_message *m, size_t index)
{
	struct speech s = { .m = m, .index = index, .line = m->line };
	struct dy_arena_mark mark = dy_arena_mark(k->arena);
	struct dy_address door;
	size_t before = k->out->count;

	if (m->sender.len > 0 && m->kind == DY_PASTE_SAID) {
		s.sender = sender_find(k, m->sender);
		s.name = name_door(k, m->sender);
		s.from_team = s.name.at.door.len == 0 && is_of_team(m->sender);
	}
	dy_paste_groups_find(k->lexicon, k->arena, m->text, &s.groups, &k->out->steps);
	if (is_correction(&s, &door)) {
		correct(k, &s, door);
		return;
	}
	for (size_t i = 0; i < s.groups.count; i++)
		group_take(k, &s, &s.groups.items[i]);
	if (s.proposals == 0)
		aside_take(k, &s);
	door_remember(&s);
	k->also = k->out->count > before ? k->out->count : 0;
	/* nothing of it is kept: most lines are no requests */
	if (k->out->count == before && s.joined == 0 &&
	    (s.sender == NULL || (s.groups.doors.count == 0 && s.groups.contact.len == 0)))
		dy_arena_rewind(k->arena, mark);
}

static void
title_take(struct keeper *k, const struct dy_paste_message *m)
{
	static const char *const EXAMPLE[] = { "例", "示例", "格式", "如", "模板", NULL };
	const struct dy_paste_context context = { .title = -1 };
	struct dy_paste_need needs[DY_PASTE_NEEDS_MAX];
	struct dy_paste_groups groups;
	struct chain *chain = &k->chains[m->chain];

	for (size_t i = 0; EXAMPLE[i] != NULL; i++) {
		if (dy_str_starts(m->text, dy_str_from(EXAMPLE[i])))
			return;
	}
	dy_paste_groups_find(k->lexicon, k->arena, m->text, &groups, &k->out->steps);
	struct dy_str text = { groups.masked, m->text.len };
	size_t n = dy_paste_needs_find(k->lexicon, k->arena, text, &context, needs, &k->out->steps);
	for (size_t i = 0; i < n; i++) {
		for (int c = 0; c < DY_PW_CATEGORIES; c++)
			chain->score[c] += needs[i].score[c];
		chain->report += needs[i].sign[DY_PW_REPORT];
	}
	if (groups.doors.count == 1 && groups.doors.items[0].at.door.len == 0)
		chain->door = groups.doors.items[0].at;
}

static void
keeper_init(struct keeper *k, struct dy_arena *arena, struct dy_paste *out)
{
	size_t room = 16;

	while (room < 2 * (k->messages.count + 1))
		room *= 2;
	k->arena = arena;
	k->out = out;
	k->senders_mask = room - 1;
	k->senders = DY_NEW_ARRAY(arena, room, struct sender);
	for (size_t i = 0; i < k->messages.count; i++) {
		if (k->messages.items[i].chain > k->n_chains)
			k->n_chains = k->messages.items[i].chain;
	}
	k->chains = DY_NEW_ARRAY(arena, k->n_chains + 1, struct chain);
}

enum dy_code
dy_paste_read(struct dy_arena *arena, struct dy_str text, struct dy_paste *out, struct dy_err *err)
{
	struct keeper k = { 0 };

	if (text.len > DY_PASTE_BYTES_MAX)
		return dy_raise(err, DY_E_LIMIT, "/text",
		                "at most %d KiB at once; paste it in parts",
		                DY_PASTE_BYTES_MAX / 1024);
	size_t lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	if (lines > DY_PASTE_LINES_MAX)
		return dy_raise(err, DY_E_LIMIT, "/text",
		                "at most %d lines at once; paste it in parts", DY_PASTE_LINES_MAX);
	if (!dy_str_is_utf8(text))
		return dy_raise(err, DY_E_INPUT, "/text", "the text is not UTF-8");
	if (dy_str_trim(text).len == 0)
		return dy_raise(err, DY_E_INPUT, "/text", "paste some lines of chat");
	*out = (struct dy_paste){ 0 };
	dy_paste_text_make(arena, text, &k.text);
	dy_paste_split(arena, k.text.text, &k.messages);
	k.lexicon = dy_paste_lexicon_new(arena);
	keeper_init(&k, arena, out);
	out->lines = k.messages.lines;
	out->messages = k.messages.count;
	out->steps = k.text.text.len;
	for (size_t i = 0; i < k.messages.count; i++) {
		const struct dy_paste_message *m = &k.messages.items[i];
		if (m->kind == DY_PASTE_TITLE)
			title_take(&k, m);
		else
			message_take(&k, m, i + 1);
	}
	dy_paste_same_find(arena, out);
	return DY_OK;
}
