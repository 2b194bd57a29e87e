/* Who said what: the formats in which chat is copied, exported and forwarded.
 *
 * Two passes over lines: each line is given a kind by itself, then lines are put together to messages. A block in which
 * nobody is named is one message a line. */
#include "paste_inside.h"

#include <string.h>

#define NAME_CHARS   20
#define HEAD_BYTES   160 /* a longer line is no head */
#define SYSTEM_CHARS 45
#define RULE_MIN     5 /* dashes */
#define QUOTE_LINES  6

enum line_kind {
	LINE_BLANK,
	LINE_RULE,
	LINE_STAMP,  /* a time alone */
	LINE_HEAD,   /* a name, with or without a time */
	LINE_INLINE, /* "name: text" */
	LINE_SYSTEM,
	LINE_NUMBER, /* an entry of a chain, or of a list */
	LINE_TEXT,
};
struct line {
	enum line_kind kind;
	struct dy_str all, name, text;
};
struct lines {
	struct line *items;
	size_t count, cap;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Times */

static size_t
digits_at(struct dy_str s, size_t at, size_t max)
{
	size_t n = 0;

	while (at + n < s.len && n < max && is_digit(s.ptr[at + n]))
		n++;
	return n;
}

static size_t
any_at(struct dy_str s, size_t at, const char *const *words)
{
	struct dy_str rest = dy_str_slice(s, at, s.len);

	for (; *words != NULL; words++) {
		struct dy_str word = dy_str_from(*words);
		if (dy_str_starts(rest, word))
			return word.len;
	}
	return 0;
}

/* 2022-04-03, 2022/4/3, 2022年4月3日, 4月3日, 昨天, 星期三; 0 when none starts here. */
static size_t
date_at(struct dy_str s, size_t at)
{
	static const char *const DAYS[] = { "昨天",   "今天",   "前天",   "星期一",    "星期二",
		                            "星期三", "星期四", "星期五", "星期六",    "星期日",
		                            "星期天", "周一",   "周二",   "周三",      "周四",
		                            "周五",   "周六",   "周日",   "yesterday", NULL };
	static const char *const YEAR[] = { "年", "-", "/", ".", NULL };
	static const char *const MONTH[] = { "月", "-", "/", ".", NULL };
	size_t word = any_at(s, at, DAYS);
	size_t i = at;

	if (word > 0)
		return word;
	size_t n = digits_at(s, i, 4);
	if (n == 4 || n == 2) {
		size_t sep = any_at(s, i + n, YEAR);
		size_t month = sep > 0 ? digits_at(s, i + n + sep, 2) : 0;
		size_t sep2 = month > 0 ? any_at(s, i + n + sep + month, MONTH) : 0;
		if (sep2 > 0)
			i += n + sep;
		else if (n == 4)
			return 0;
	}
	n = digits_at(s, i, 2);
	size_t sep = n > 0 ? any_at(s, i + n, MONTH) : 0;
	size_t day = sep > 0 ? digits_at(s, i + n + sep, 2) : 0;
	/* 03-01-0501 is a door */
	if (day == 0 || digits_at(s, i + n + sep, 3) > 2)
		return 0;
	i += n + sep + day;
	return i + any_at(s, i, (const char *const[]){ "日", "号", NULL }) - at;
}

/* 07:12, 7:12:33, 上午7:12 */
static size_t
clock_at(struct dy_str s, size_t at)
{
	static const char *const PART[] = { "上午", "下午", "晚上", "中午", "凌晨",
		                            "早上", "am",   "pm",   NULL };
	size_t i = at + any_at(s, at, PART);

	while (i < s.len && s.ptr[i] == ' ')
		i++;
	size_t hour = digits_at(s, i, 2);
	if (hour == 0 || i + hour >= s.len || s.ptr[i + hour] != ':' ||
	    digits_at(s, i + hour + 1, 2) != 2)
		return 0;
	i += hour + 3;
	if (i < s.len && s.ptr[i] == ':' && digits_at(s, i + 1, 2) == 2)
		i += 3;
	if (i < s.len && is_digit(s.ptr[i]))
		return 0;
	if (i + 2 < s.len && s.ptr[i] == ' ' &&
	    any_at(s, i + 1, (const char *const[]){ "am", "pm", NULL }))
		i += 3;
	return i - at;
}

/* A time with or without a date, or a whole date. */
static size_t
stamp_at(struct dy_str s, size_t at)
{
	size_t date = date_at(s, at);
	size_t i = at + date;

	while (i < s.len && (s.ptr[i] == ' ' || (date > 0 && s.ptr[i] == 't')))
		i++;
	size_t clock = clock_at(s, i);
	if (clock > 0)
		return i + clock - at;
	return date >= 8 && is_digit(s.ptr[at]) ? date : 0;
}

/* Names */

/* Heads of fields and of sentences, which are no one's name. */
static bool
is_no_name(struct dy_str name)
{
	static const char *const WHOLE[] = {
		"地址",   "门牌",     "门牌号",   "房号",     "房间号",     "楼号",   "住址",
		"需求",   "诉求",     "需要",     "姓名",     "名字",       "电话",   "手机",
		"手机号", "联系电话", "联系方式", "时间",     "地点",       "备注",   "内容",
		"说明",   "例",       "例如",     "示例",     "格式",       "通知",   "注意",
		"提醒",   "温馨提示", "ps",       "药名",     "数量",       "品名",   "问题",
		"标题",   "求助",     "急",       "紧急",     "请问",       "问",     "报修",
		"求购",   "楼栋",     "单元",     "如",       "比如",       "另",     "另外",
		"公告",   "主题",     "求",       "急求",     "注",         "答",     "回复",
		"药品",   "物品",     "紧急求助", "http",     "https",      "原因",   "情况",
		"病情",   "症状",     "年龄",     "人数",     "需要的东西", "缺",     "更正",
		"纠正",   "补充",     "回",       "另外",     "再补充",     "@all",   "需",
		"物资",   "需要物品", "药品名",   "楼号门牌", "单元楼",     "楼栋号", "关键",
		NULL
	};
	static const char *const START[] = { "我",     "你",   "请",   "大家", "各位", "今天",
		                             "明天",   "现在", "刚才", "这个", "那个", "他",
		                             "她",     "家里", "麻烦", "建议", "想",   "能不能",
		                             "有没有", "谁",   "因为", "但是", "还有", "急需",
		                             "如果",   "求",   "需要", "刚刚", "昨天", "昨晚",
		                             "@",      "例",   "#",    "http", NULL };

	for (size_t i = 0; WHOLE[i] != NULL; i++) {
		if (dy_str_is(name, WHOLE[i]))
			return true;
	}
	return any_at(name, 0, START) > 0 || dy_str_contains(name, DY_STR("接龙"));
}

static bool
is_name(struct dy_str name)
{
	name = dy_str_trim(name);
	if (name.len == 0 || name.len > 4 * NAME_CHARS || dy_str_chars(name) > NAME_CHARS)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (strchr(",;!?<>|\n\"", c) != NULL || (c == '.' && i + 1 == name.len))
			return false;
	}
	return !is_no_name(name) && !dy_str_starts(name, DY_STR("「")) &&
	       !dy_str_starts(name, DY_STR("【"));
}

/* Lines */

static bool
is_rule(struct dy_str s)
{
	size_t dashes = 0;

	for (size_t i = 0; i < s.len; i++) {
		dashes += s.ptr[i] == '-' || s.ptr[i] == '=' || s.ptr[i] == '_' || s.ptr[i] == '*';
		if (strchr("-=_* /.:0123456789", s.ptr[i]) == NULL)
			return false;
	}
	return dashes >= RULE_MIN;
}

static bool
is_system(struct dy_str s)
{
	static const char *const WORDS[] = { "撤回了一条消息",
		                             "拍了拍",
		                             "加入了群聊",
		                             "加入群聊",
		                             "进入群聊",
		                             "邀请",
		                             "领取了",
		                             "修改群名",
		                             "以下是新消息",
		                             "移出了群聊",
		                             "移出群聊",
		                             "退出了群聊",
		                             "群聊的聊天记录",
		                             "的聊天记录",
		                             "以下为新消息",
		                             "开启了群",
		                             "消息已被",
		                             "发起了群",
		                             "红包已被领完",
		                             "recalled a message",
		                             "joined the group",
		                             "已被群主",
		                             "成为新群主",
		                             "你已添加了",
		                             NULL };

	if (s.len > 4 * SYSTEM_CHARS || dy_str_chars(s) > SYSTEM_CHARS)
		return false;
	for (size_t i = 0; WORDS[i] != NULL; i++) {
		if (!dy_str_contains(s, dy_str_from(WORDS[i])))
			continue;
		if (strcmp(WORDS[i], "邀请") == 0 && !dy_str_contains(s, DY_STR("群聊")))
			continue;
		if (strcmp(WORDS[i], "领取了") == 0 && !dy_str_contains(s, DY_STR("红包")))
			continue;
		return true;
	}
	return false;
}

/* "12. ", "3、", "4)", "5: ": bytes before the entry's text. */
static size_t
numbering(struct dy_str s)
{
	static const char *const SEP[] = { ". ", ".", "、", ")", ": ", ":", ", ", " ", NULL };
	size_t open = s.len > 0 && s.ptr[0] == '(' ? 1 : 0;
	size_t n = digits_at(s, open, 3);

	if (n == 0 || (open + n < s.len && is_digit(s.ptr[open + n])))
		return 0;
	size_t sep = any_at(s, open + n, SEP);
	/* 602: is somebody who calls themselves by their door */
	if (sep == 0 || (n > 2 && s.ptr[open + n] == ':'))
		return 0;
	size_t i = open + n + sep;
	while (i < s.len && s.ptr[i] == ' ')
		i++;
	return i < s.len ? i : 0;
}

/* "name 2022/4/3 7:12:15", "name  07:12" */
static bool
head_with_stamp(struct dy_str s, struct line *out)
{
	for (size_t i = 1; i < s.len && s.len <= HEAD_BYTES; i++) {
		if (s.ptr[i] != ' ' && s.ptr[i] != '(')
			continue;
		size_t at = i + 1;
		size_t stamp = stamp_at(s, at);
		struct dy_str rest = dy_str_trim(dy_str_slice(s, at + stamp, s.len));
		struct dy_str name = dy_str_trim(dy_str_slice(s, 0, i));
		if (stamp == 0 || !is_name(name))
			continue;
		if (rest.len > 0 && rest.ptr[0] == ')')
			rest = dy_str_trim(dy_str_slice(rest, 1, rest.len));
		if (rest.len > 0 && rest.ptr[0] != ':')
			continue;
		out->name = name;
		out->text = rest.len > 0 ? dy_str_trim(dy_str_slice(rest, 1, rest.len)) : rest;
		out->kind = out->text.len > 0 ? LINE_INLINE : LINE_HEAD;
		return true;
	}
	return false;
}

static bool inline_read(struct dy_str s, struct line *out);

/* "[2022-04-03 07:12] name", with or without ": text"; "2022-04-03 07:12:01 name" */
static bool
head_behind_stamp(struct dy_str s, struct line *out)
{
	size_t open = s.len > 0 && (s.ptr[0] == '[' || s.ptr[0] == '(') ? 1 : 0;
	size_t stamp = stamp_at(s, open);

	if (stamp == 0)
		return false;
	struct dy_str rest = dy_str_slice(s, open + stamp, s.len);
	rest = dy_str_trim(rest);
	if (open && rest.len > 0 && (rest.ptr[0] == ']' || rest.ptr[0] == ')'))
		rest = dy_str_trim(dy_str_slice(rest, 1, rest.len));
	if (rest.len == 0) {
		out->kind = LINE_STAMP;
		return true;
	}
	if (inline_read(rest, out))
		return true;
	if (!is_name(rest))
		return false;
	out->kind = LINE_HEAD;
	out->name = rest;
	return true;
}

/* "name: text", "name:" */
static bool
inline_read(struct dy_str s, struct line *out)
{
	const char *colon = memchr(s.ptr, ':', s.len < HEAD_BYTES ? s.len : HEAD_BYTES);

	if (colon == NULL)
		return false;
	size_t at = (size_t)(colon - s.ptr);
	struct dy_str name = dy_str_trim(dy_str_slice(s, 0, at));
	struct dy_str text = dy_str_trim(dy_str_slice(s, at + 1, s.len));
	/* 8:30 is a time, not a person called 8 */
	if (at + 1 < s.len && at > 0 && is_digit(s.ptr[at - 1]) && digits_at(s, at + 1, 3) == 2 &&
	    digits_at(s, 0, 3) == at)
		return false;
	if (!is_name(name))
		return false;
	out->name = name;
	out->text = text;
	out->kind = text.len > 0 ? LINE_INLINE : LINE_HEAD;
	return true;
}

static void
line_read(struct dy_str raw, struct line *out)
{
	struct dy_str s = dy_str_trim(raw);

	*out = (struct line){ .all = s, .text = s };
	if (s.len == 0)
		out->kind = LINE_BLANK;
	else if (is_rule(s))
		out->kind = LINE_RULE;
	else if (is_system(s))
		out->kind = LINE_SYSTEM;
	else if (head_behind_stamp(s, out) || head_with_stamp(s, out))
		return;
	else if (numbering(s) > 0)
		out->kind = LINE_NUMBER;
	else if (!inline_read(s, out))
		out->kind = LINE_TEXT;
}

/* A name in its own line stands over a time, or between blank lines in a block that has no other heads. */
static void
names_find(struct lines *l)
{
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < l->count; i++) {
		struct line *line = &l->items[i];
		if (line->kind == LINE_BLANK)
			continue;
		if (line->kind == LINE_STAMP && last != SIZE_MAX) {
			struct line *before = &l->items[last];
			bool short_text =
				(before->kind == LINE_TEXT || before->kind == LINE_NUMBER) &&
				is_name(before->all);
			/* somebody speaks after it */
			bool goes_on = i + 1 < l->count && l->items[i + 1].kind != LINE_HEAD &&
			               l->items[i + 1].kind != LINE_INLINE;
			if (short_text && goes_on) {
				before->kind = LINE_HEAD;
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
	return any_at(s, 0, WORDS) > 0;
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
		size_t n = is_door ? 0 : numbering(text);
		struct dy_str entry = dy_str_slice(text, n, text.len);
		if (!s->is_open || (n > 0 && has_door(s, entry))) {
			if (!s->is_open)
				s->sender = (struct dy_str){ "", 0 };
			message_add(s, i, entry, DY_PASTE_SAID);
			return;
		}
	}
	if (s->chain != 0 && is_number) {
		struct dy_str entry = dy_str_slice(text, numbering(text), text.len);
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
	while (rule < s->lines->count && s->lines->items[rule].kind == LINE_BLANK)
		rule++;
	if (rule >= s->lines->count || s->lines->items[rule].kind != LINE_RULE)
		return i;
	const struct dy_str last = s->lines->items[end].all;
	s->quote = (struct dy_str){ text.ptr, (size_t)(last.ptr + last.len - text.ptr) };
	return rule;
}

static size_t
line_take(struct splitter *s, size_t i)
{
	const struct line *line = &s->lines->items[i];
	size_t quoted;

	switch (line->kind) {
	case LINE_BLANK:
		if (s->chain != 0 && s->has_entries)
			s->chain = 0;
		break;
	case LINE_RULE:
	case LINE_STAMP: break;
	case LINE_SYSTEM: s->is_open = false; break;
	case LINE_HEAD:
	case LINE_INLINE:
		/* "例: 1-1-101" of a chain is no person */
		s->chain = 0;
		s->sender = line->name;
		s->is_open = false;
		s->below_inline = false;
		if (line->kind == LINE_HEAD)
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
	case LINE_NUMBER:
	case LINE_TEXT: {
		bool had_head = s->sender.len > 0;
		quoted = quote_take(s, i, line->all);
		if (quoted != i) {
			if (!had_head || s->is_open)
				s->sender = (struct dy_str){ "", 0 };
			s->is_open = false;
			return quoted;
		}
		text_take(s, i, line->all, line->kind == LINE_NUMBER);
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
		struct line *line = dy_arena_push(arena, (void **)&lines.items, &lines.count,
		                                  &lines.cap, sizeof(*line));
		line_read(raw, line);
		n_inline += line->kind == LINE_INLINE;
		n_text += line->kind == LINE_TEXT;
	}
	names_find(&lines);
	s.joins = n_inline >= n_text;
	for (size_t i = 0; i < lines.count; i++)
		i = line_take(&s, i);
	out->lines = lines.count;
}
