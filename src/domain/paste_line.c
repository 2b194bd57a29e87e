/* One line of copied chat by itself: a time, a name, "name: text", an entry of a list, something the program says. */
#include "paste_inside.h"

#include <string.h>

#define NAME_CHARS   20
#define HEAD_BYTES   160 /* a longer line is no head */
#define SYSTEM_CHARS 45
#define RULE_MIN     5 /* dashes */

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

size_t
dy_paste_any_at(struct dy_str s, size_t at, const char *const *words)
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
	size_t word = dy_paste_any_at(s, at, DAYS);
	size_t i = at;

	if (word > 0)
		return word;
	size_t n = digits_at(s, i, 4);
	if (n == 4 || n == 2) {
		size_t sep = dy_paste_any_at(s, i + n, YEAR);
		size_t month = sep > 0 ? digits_at(s, i + n + sep, 2) : 0;
		size_t sep2 = month > 0 ? dy_paste_any_at(s, i + n + sep + month, MONTH) : 0;
		if (sep2 > 0)
			i += n + sep;
		else if (n == 4)
			return 0;
	}
	n = digits_at(s, i, 2);
	size_t sep = n > 0 ? dy_paste_any_at(s, i + n, MONTH) : 0;
	size_t day = sep > 0 ? digits_at(s, i + n + sep, 2) : 0;
	/* 03-01-0501 is a door */
	if (day == 0 || digits_at(s, i + n + sep, 3) > 2)
		return 0;
	i += n + sep + day;
	return i + dy_paste_any_at(s, i, (const char *const[]){ "日", "号", NULL }) - at;
}

/* 07:12, 7:12:33, 上午7:12 */
static size_t
clock_at(struct dy_str s, size_t at)
{
	static const char *const PART[] = { "上午", "下午", "晚上", "中午", "凌晨",
		                            "早上", "am",   "pm",   NULL };
	size_t i = at + dy_paste_any_at(s, at, PART);

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
	    dy_paste_any_at(s, i + 1, (const char *const[]){ "am", "pm", NULL }))
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
	return dy_paste_any_at(name, 0, START) > 0 || dy_str_contains(name, DY_STR("接龙"));
}

bool
dy_paste_is_name(struct dy_str name)
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
size_t
dy_paste_numbering(struct dy_str s)
{
	static const char *const SEP[] = { ". ", ".", "、", ")", ": ", ":", ", ", " ", NULL };
	size_t open = s.len > 0 && s.ptr[0] == '(' ? 1 : 0;
	size_t n = digits_at(s, open, 3);

	if (n == 0 || (open + n < s.len && is_digit(s.ptr[open + n])))
		return 0;
	size_t sep = dy_paste_any_at(s, open + n, SEP);
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
head_with_stamp(struct dy_str s, struct dy_paste_line *out)
{
	for (size_t i = 1; i < s.len && s.len <= HEAD_BYTES; i++) {
		if (s.ptr[i] != ' ' && s.ptr[i] != '(')
			continue;
		size_t at = i + 1;
		size_t stamp = stamp_at(s, at);
		struct dy_str rest = dy_str_trim(dy_str_slice(s, at + stamp, s.len));
		struct dy_str name = dy_str_trim(dy_str_slice(s, 0, i));
		if (stamp == 0 || !dy_paste_is_name(name))
			continue;
		if (rest.len > 0 && rest.ptr[0] == ')')
			rest = dy_str_trim(dy_str_slice(rest, 1, rest.len));
		if (rest.len > 0 && rest.ptr[0] != ':')
			continue;
		out->name = name;
		out->text = rest.len > 0 ? dy_str_trim(dy_str_slice(rest, 1, rest.len)) : rest;
		out->kind = out->text.len > 0 ? DY_PASTE_LINE_INLINE : DY_PASTE_LINE_HEAD;
		return true;
	}
	return false;
}

static bool inline_read(struct dy_str s, struct dy_paste_line *out);

/* "[2022-04-03 07:12] name", with or without ": text"; "2022-04-03 07:12:01 name" */
static bool
head_behind_stamp(struct dy_str s, struct dy_paste_line *out)
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
		out->kind = DY_PASTE_LINE_STAMP;
		return true;
	}
	if (inline_read(rest, out))
		return true;
	if (!dy_paste_is_name(rest))
		return false;
	out->kind = DY_PASTE_LINE_HEAD;
	out->name = rest;
	return true;
}

/* "name: text", "name:" */
static bool
inline_read(struct dy_str s, struct dy_paste_line *out)
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
	if (!dy_paste_is_name(name))
		return false;
	out->name = name;
	out->text = text;
	out->kind = text.len > 0 ? DY_PASTE_LINE_INLINE : DY_PASTE_LINE_HEAD;
	return true;
}

void
dy_paste_line_read(struct dy_str raw, struct dy_paste_line *out)
{
	struct dy_str s = dy_str_trim(raw);

	*out = (struct dy_paste_line){ .all = s, .text = s };
	if (s.len == 0)
		out->kind = DY_PASTE_LINE_BLANK;
	else if (is_rule(s))
		out->kind = DY_PASTE_LINE_RULE;
	else if (is_system(s))
		out->kind = DY_PASTE_LINE_SYSTEM;
	else if (head_behind_stamp(s, out) || head_with_stamp(s, out))
		return;
	else if (dy_paste_numbering(s) > 0)
		out->kind = DY_PASTE_LINE_NUMBER;
	else if (!inline_read(s, out))
		out->kind = DY_PASTE_LINE_TEXT;
}
