/* Doors in running text, in every spelling people use. The text is of one spelling already (paste_text.c). */
#include "paste_inside.h"

#include <string.h>

#define DIGITS_MAX   5 /* more is a phone number or a bar code */
#define BUILDING_MAX 3 /* digits */
#define STAIR_MAX    2
#define DOOR_MIN     3
#define DOOR_MAX     4
#define ESTATE_CHARS 8
#define BEFORE_CHARS 5  /* looked back for "the one above" */
#define SHARED_MAX   30 /* doors that share one building: "3-1-501, 502, ..." */

struct number {
	size_t from, to;
	size_t digits; /* as it is said: 0501 has 3, 五零一 has 3 */
	struct dy_str text;
	bool is_chinese, is_letter;
};
struct reader {
	struct dy_arena *arena;
	struct dy_str s;
};

static const char *const BUILDING[] = { "号楼", "#楼", "号幢", "号栋", "幢楼", "栋楼", "幢",
	                                "栋",   "座",  "橦",   "憧",   "撞",   "懂",   NULL };
/* count only with a number behind */
static const char *const BUILDING_WEAK[] = { "号", "楼", "动", "洞", "冻", "#", NULL };
static const char *const STAIR[] = { "号单元", "单元", "单员", "单园", "单圆",
	                             "丹元",   "但元", "号门", "号梯", "门洞",
	                             "楼道",   "梯",   "门",   "单",   NULL };
static const char *const DOOR[] = { "号房", "房间", "室", "户", "房", "号", NULL };
/* behind a number: it counts something and is no door */
static const char *const UNITS[] = { "元", "块", "斤", "克",   "g",  "k",  "m",  "个", "袋", "包",
	                             "瓶", "箱", "只", "份",   "片", "粒", "盒", "支", "天", "日",
	                             "月", "年", "点", "分",   "岁", "度", "人", "米", "平", "公",
	                             "%",  "次", "位", "多",   "万", "千", "w",  "小", "秒", "路",
	                             "班", "期", "名", "张",   "条", "双", "套", "辆", "折", "毫",
	                             "升", "l",  "℃",  "号线", "床", "杯", "颗", "根", "桶", "卷",
	                             "+",  "户", "票", "页",   "集", NULL };
static const char *const NEIGHBOUR[] = { "楼上", "楼下", "隔壁",     "对门",      "对面", "上面",
	                                 "下面", "邻居", "upstairs", "next door", NULL };
static const char *const ESTATE[] = { "新村", "小区", "花园", "公寓", "家园", "花苑",
	                              "佳苑", "大院", "苑",   "园",   "村",   "里",
	                              "府",   "城",   "湾",   "庭",   "期",   NULL };
static const char *const ESTATE_STOP[] = { "我", "住", "在", "是", "家", "的", "帮",
	                                   "到", "来", "从", "给", "说", "和", "跟",
	                                   "去", "位", "于", "请", NULL };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
word_at(struct dy_str s, size_t at, const char *const *words)
{
	struct dy_str rest = dy_str_slice(s, at, s.len);

	for (; *words != NULL; words++) {
		struct dy_str word = dy_str_from(*words);
		if (dy_str_starts(rest, word))
			return word.len;
	}
	return 0;
}

/* Where the character before `at` starts. */
static size_t
back(struct dy_str s, size_t at)
{
	do
		at--;
	while (at > 0 && ((unsigned char)s.ptr[at] & 0xc0) == 0x80);
	return at;
}

static bool
ends_with(struct dy_str s, size_t at, const char *const *words)
{
	for (; *words != NULL; words++) {
		size_t n = strlen(*words);
		if (at >= n && memcmp(s.ptr + at - n, *words, n) == 0)
			return true;
	}
	return false;
}

/* Numbers */

static int
chinese_digit(uint32_t cp)
{
	static const uint32_t DIGITS[] = { 0x96f6, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
		                           0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341 }; /* 零..十 */

	for (int i = 0; i <= 10; i++) {
		if (DIGITS[i] == cp)
			return i;
	}
	return cp == 0x3007 ? 0 : cp == 0x5e7a ? 1 : cp == 0x4e24 ? 2 : -1; /* 〇 幺 两 */
}

static bool
chinese_number(const struct reader *r, size_t at, struct number *out)
{
	char text[12];
	size_t n_text = 0, n_chars = 0, i = at;
	long value = 0, unit = 0;
	bool has_ten = false;
	uint32_t cp;

	for (size_t n = dy_utf8_next(dy_str_slice(r->s, i, r->s.len), &cp); n > 0;
	     n = dy_utf8_next(dy_str_slice(r->s, i, r->s.len), &cp)) {
		int d = chinese_digit(cp);
		if (d < 0)
			break;
		if (++n_chars > DIGITS_MAX)
			return false;
		if (d == 10) {
			value = (unit == 0 ? 1 : unit) * 10;
			unit = 0;
			has_ten = true;
		} else {
			text[n_text++] = (char)('0' + d);
			unit = d;
		}
		i += n;
	}
	if (n_chars == 0)
		return false;
	*out = (struct number){ .from = at, .to = i, .is_chinese = true };
	const char *z = has_ten ? dy_arena_printf(r->arena, "%ld", value + unit)
	                        : dy_arena_printf(r->arena, "%.*s", (int)n_text, text);
	out->text = dy_str_from(z);
	out->digits = out->text.len;
	return true;
}

/* Whole and part of no longer number. Leading zeros go: 0501 is 501. */
static bool
number_at(const struct reader *r, size_t at, struct number *out)
{
	size_t i = at, zeros = 0;

	while (i < r->s.len && is_digit(r->s.ptr[i]))
		i++;
	if (i == at)
		return chinese_number(r, at, out);
	while (at + zeros + 1 < i && r->s.ptr[at + zeros] == '0')
		zeros++;
	*out = (struct number){ .from = at, .to = i, .digits = i - at - zeros };
	out->text = dy_str_slice(r->s, at + zeros, i);
	return i - at <= DIGITS_MAX;
}

/* 501A; the letter stands alone */
static void
suffix_take(const struct reader *r, struct number *n)
{
	char c = n->to < r->s.len ? r->s.ptr[n->to] : '\0';
	char next = n->to + 1 < r->s.len ? r->s.ptr[n->to + 1] : '\0';

	if (n->is_chinese || c < 'a' || c > 'f' || (next >= 'a' && next <= 'z') || is_digit(next))
		return;
	n->text = dy_str_from(dy_arena_printf(r->arena, "%.*s%c", DY_FMT(n->text), c - 32));
	n->to++;
}

static bool
is_door_number(const struct number *n)
{
	return n->digits >= DOOR_MIN && n->digits <= DOOR_MAX;
}

static size_t
blanks(const struct reader *r, size_t at)
{
	while (at < r->s.len && r->s.ptr[at] == ' ')
		at++;
	return at;
}

/* '-', '/', '.', ... between the parts of an address; ' ' for blanks alone, '\0' for nothing. */
static char
separator(const struct reader *r, size_t *at)
{
	static const char LIST[] = "、";
	size_t i = blanks(r, *at);
	char c = i < r->s.len ? r->s.ptr[i] : '\0';

	if (c != '\0' && strchr("-/.#_~", c) != NULL) {
		i++;
		while (i < r->s.len && (r->s.ptr[i] == '-' || r->s.ptr[i] == '#'))
			i++;
	} else if (dy_str_starts(dy_str_slice(r->s, i, r->s.len), DY_STR("、"))) {
		i += sizeof(LIST) - 1;
		c = ',';
	} else if (i > *at) {
		*at = i;
		return ' ';
	} else {
		return '\0';
	}
	*at = blanks(r, i);
	return c;
}

static bool
counts_something(const struct reader *r, size_t at)
{
	size_t word = word_at(r->s, at, UNITS);
	char last = word > 0 ? r->s.ptr[at + word - 1] : '\0';
	char next = at + word < r->s.len ? r->s.ptr[at + word] : '\0';

	/* "500ml" counts, "501 me" does not */
	return word > 0 && !(last >= 'a' && last <= 'z' && next >= 'a' && next <= 'z' &&
	                     !(last == 'm' && next == 'l') && !(last == 'k' && next == 'g'));
}

/* The end of a door: 室, 号 and the like; false when the number goes on or, in a form that may be a count, counts. */
static bool
door_end(const struct reader *r, struct number *n, bool may_count)
{
	suffix_take(r, n);
	size_t word = word_at(r->s, n->to, DOOR);
	if (word > 0) {
		n->to += word;
		return true;
	}
	return !(n->to < r->s.len && is_digit(r->s.ptr[n->to])) &&
	       !(may_count && counts_something(r, n->to));
}

/* Forms */

/* 3-1-501, 3/1/501, 3.1.501, 3 1 501, 3-501, 3-1单元501; with a phase before: 2-3-1-501 */
static bool
plain_form(const struct reader *r, struct number a, struct dy_paste_door *out)
{
	struct number n[4] = { a };
	size_t count = 1;
	size_t at = a.to;
	char first = '\0';

	if (a.is_chinese)
		return false;
	while (count < 4) {
		size_t i = at;
		char c = separator(r, &i);
		/* blanks, list commas and points alone also stand between things that are no address: then all alike */
		bool is_weak = c == ' ' || c == ',' || c == '.';
		bool was_weak = first == ' ' || first == ',' || first == '.';
		if (c == '\0' || (count > 1 && (is_weak || was_weak) && c != first && c != ' ') ||
		    (first == ',' && c == ' ') || (first == '.' && c == ' ') ||
		    !number_at(r, i, &n[count]) || n[count].is_chinese)
			break;
		if (count == 1)
			first = c;
		at = n[count++].to;
		if (is_door_number(&n[count - 1]))
			break;
	}
	struct number *last = &n[count - 1];
	if (count >= 3 && is_door_number(last) && n[count - 2].digits <= STAIR_MAX &&
	    n[count - 3].digits <= BUILDING_MAX &&
	    door_end(r, last, first == ' ' || first == ',')) {
		out->at = (struct dy_address){ n[count - 3].text, n[count - 2].text, last->text };
		out->to = last->to;
		return true;
	}
	if (count >= 2 && (first == '-' || first == '/' || first == '#' || first == '_') &&
	    n[0].digits <= BUILDING_MAX) {
		size_t word = word_at(r->s, n[1].to, STAIR);
		struct number door;
		if (word > 0 && n[1].digits <= STAIR_MAX && n[1].to != 0) {
			out->at = (struct dy_address){ n[0].text, n[1].text, { "", 0 } };
			out->to = n[1].to + word;
			size_t i = blanks(r, out->to);
			if (number_at(r, i, &door) && is_door_number(&door) &&
			    door_end(r, &door, false)) {
				out->at.door = door.text;
				out->to = door.to;
			}
			return true;
		}
		/* "3-1 the lift": a stair; "11-1-3楼": its floor is said too */
		static const char *const SHARED[] = { "电梯", "楼道", "门口", "门禁", "楼下",
			                              "楼上", "大门", "整",   "全",   "都",
			                              "停",   "没水", "没电", NULL };
		static const char *const FLOOR[] = { "楼", "层", NULL };
		bool has_floor = count >= 3 && word_at(r->s, n[2].to, FLOOR) > 0;
		if (word == 0 && n[1].digits <= STAIR_MAX && first == '-' &&
		    (has_floor || word_at(r->s, n[1].to, SHARED) > 0)) {
			out->at = (struct dy_address){ n[0].text, n[1].text, { "", 0 } };
			out->to = has_floor ? n[2].to : n[1].to;
			return true;
		}
		if (is_door_number(&n[1]) && door_end(r, &n[1], true)) {
			out->at = (struct dy_address){ n[0].text, { "", 0 }, n[1].text };
			out->to = n[1].to;
			return true;
		}
	}
	return false;
}

/* Behind the building's word: "1单元501", "1-501", "1#501", "501室", nothing. */
static bool
behind_building(const struct reader *r, size_t at, struct dy_paste_door *out)
{
	struct number second, third;
	size_t i = at;

	(void)separator(r, &i);
	if (!number_at(r, i, &second))
		return false;
	size_t word = second.digits <= STAIR_MAX ? word_at(r->s, blanks(r, second.to), STAIR) : 0;
	i = word > 0 ? blanks(r, second.to) + word : second.to;
	if (word > 0) {
		out->at.stair = second.text;
		out->to = i;
	}
	char c = separator(r, &i);
	if (second.digits <= STAIR_MAX &&
	    (word > 0 || c == '-' || c == '/' || c == '#' || c == '.') && number_at(r, i, &third) &&
	    third.digits <= DOOR_MAX &&
	    (third.digits >= DOOR_MIN || word_at(r->s, third.to, DOOR) > 0) &&
	    door_end(r, &third, false)) {
		out->at.stair = second.text;
		out->at.door = third.text;
		out->to = third.to;
		return true;
	}
	if (word > 0) {
		/* 2单元十二楼1201: the floor is said too */
		size_t floor = word_at(r->s, third.to, (const char *const[]){ "楼", "层", NULL });
		struct number door;
		if (third.to > out->to && third.from == i && floor > 0 &&
		    number_at(r, third.to + floor, &door) && is_door_number(&door) &&
		    door_end(r, &door, false)) {
			out->at.door = door.text;
			out->to = door.to;
		}
		return true;
	}
	if (is_door_number(&second) && door_end(r, &second, true)) {
		out->at.door = second.text;
		out->to = second.to;
		return true;
	}
	return false;
}

/* 3幢1单元501, 三号楼501, 3#501, a座1203; the building alone counts with a strong word. */
static bool
word_form(const struct reader *r, struct number a, struct dy_paste_door *out)
{
	size_t word = word_at(r->s, blanks(r, a.to), BUILDING);
	bool is_strong = word > 0;
	static const char *const MONTH[] = { "月", "第", NULL };

	if (a.digits > BUILDING_MAX || ends_with(r->s, a.from, MONTH))
		return false;
	if (word == 0 && !a.is_letter)
		word = word_at(r->s, a.to, BUILDING_WEAK);
	if (word == 0)
		return false;
	out->at = (struct dy_address){ .building = a.text };
	out->to = blanks(r, a.to) + word;
	if (behind_building(r, out->to, out)) {
		/* 5楼501 is a floor and a door */
		if (!is_strong && out->at.stair.len == 0 && out->at.door.len > a.text.len &&
		    dy_str_starts(out->at.door, a.text) &&
		    dy_str_starts(dy_str_slice(r->s, a.to, r->s.len), DY_STR("楼")))
			out->at.building = (struct dy_str){ "", 0 };
		return true;
	}
	return is_strong;
}

/* 1单元501: the building is known to the group */
static bool
stair_form(const struct reader *r, struct number a, struct dy_paste_door *out)
{
	static const char *const WORD[] = { "单元", "号门", "门洞", NULL };
	struct number door;
	size_t word = a.digits <= STAIR_MAX ? word_at(r->s, a.to, WORD) : 0;

	if (word == 0)
		return false;
	size_t at = a.to + word;
	(void)separator(r, &at);
	if (!number_at(r, at, &door) || !is_door_number(&door) || !door_end(r, &door, false))
		return false;
	out->at = (struct dy_address){ .stair = a.text, .door = door.text };
	out->to = door.to;
	return true;
}

/* 501室 anywhere; 501 alone at the start, or of a neighbour */
static bool
bare_form(const struct reader *r, struct number a, bool is_head, struct dy_paste_door *out)
{
	static const char *const NUMBERS[] = { "110", "119", "120", "122", "911",
		                               "100", "200", "500", NULL };
	static const char *const ROOM[] = { "室", "号房", "房间", NULL };
	size_t word = word_at(r->s, a.to, ROOM);

	if (!is_door_number(&a))
		return false;
	if (word == 0 && !is_head && !out->is_neighbour)
		return false;
	for (size_t i = 0; NUMBERS[i] != NULL; i++) {
		if (word == 0 && dy_str_is(a.text, NUMBERS[i]))
			return false;
	}
	if (a.is_chinese && word == 0 && !is_head && !out->is_neighbour)
		return false;
	char next = a.to < r->s.len ? r->s.ptr[a.to] : '\0';
	if (word == 0 && next != '\0' && strchr("-/.:%+*", next) != NULL && next != ':')
		return false;
	if (!door_end(r, &a, true))
		return false;
	out->at = (struct dy_address){ .door = a.text };
	out->to = a.to;
	out->is_sure = word > 0;
	return true;
}

/* "东海新村" before the building */
static struct dy_str
estate_before(struct dy_str s, size_t at)
{
	size_t from = at;
	uint32_t cp;

	if (at == 0 || !ends_with(s, at, ESTATE))
		return (struct dy_str){ "", 0 };
	for (int i = 0; i < ESTATE_CHARS && from > 0; i++) {
		size_t b = back(s, from);
		(void)dy_utf8_next(dy_str_slice(s, b, s.len), &cp);
		if (cp < 0x4e00 || cp > 0x9fff || word_at(s, b, ESTATE_STOP) > 0)
			break;
		from = b;
	}
	return dy_str_slice(s, from, at);
}

static bool
is_neighbour_before(struct dy_str s, size_t at)
{
	size_t from = at;

	for (int i = 0; i < BEFORE_CHARS && from > 0; i++)
		from = back(s, from);
	struct dy_str before = dy_str_slice(s, from, at);
	/* "the one above, 601", "楼上的601": nothing but 的 and 那家 between */
	static const char *const OF[] = { "的", "那家", "家", " ", NULL };
	size_t end = before.len;
	for (size_t i = 0; OF[i] != NULL; i++) {
		size_t n = strlen(OF[i]);
		if (end >= n && memcmp(before.ptr + end - n, OF[i], n) == 0)
			end -= n;
	}
	return ends_with(before, end, NEIGHBOUR);
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* May an address begin here? Not inside a number, a date, a time, a word. */
static bool
may_begin(struct dy_str s, size_t at)
{
	if (at == 0)
		return true;
	char before = s.ptr[at - 1];
	if (is_digit(before) || is_letter(before))
		return false;
	if (at > 1 && strchr("-/:", before) != NULL && is_digit(s.ptr[at - 2]))
		return false;
	return true;
}

static bool
door_read(const struct reader *r, size_t at, bool is_head, struct dy_paste_door *out)
{
	struct number a;

	*out = (struct dy_paste_door){ .from = at, .is_sure = true };
	if (!may_begin(r->s, at))
		return false;
	if (is_letter(r->s.ptr[at])) {
		a = (struct number){ .from = at, .to = at + 1, .digits = 1, .is_letter = true };
		a.text = dy_str_from(dy_arena_printf(r->arena, "%c", r->s.ptr[at] - 32));
		return word_form(r, a, out);
	}
	if (!number_at(r, at, &a))
		return false;
	static const char *const GOAL[] = { "送到", "送错到", "放到", "放在", "到了",
		                            "送去", "错到",   "给了", "送给", NULL };
	out->is_goal = ends_with(r->s, at, GOAL);
	out->is_neighbour = is_neighbour_before(r->s, at);
	return plain_form(r, a, out) || word_form(r, a, out) || stair_form(r, a, out) ||
	       bare_form(r, a, is_head, out);
}

size_t
dy_paste_door_at(struct dy_arena *arena, struct dy_str text, struct dy_paste_door *out)
{
	const struct reader r = { arena, text };
	uint32_t cp;

	if (text.len == 0 || (!is_digit(text.ptr[0]) && !is_letter(text.ptr[0]) &&
	                      (dy_utf8_next(text, &cp) == 0 || chinese_digit(cp) < 0)))
		return 0;
	return door_read(&r, 0, true, out) ? out->to : 0;
}

static struct dy_paste_door *
push(struct dy_arena *arena, struct dy_paste_doors *list, const struct dy_paste_door *d)
{
	struct dy_paste_door *slot = dy_arena_push(arena, (void **)&list->items, &list->count,
	                                           &list->cap, sizeof(*slot));
	*slot = *d;
	return slot;
}

/* "3-1-501、502和601": those that share the building and the stair */
static size_t
shared_take(const struct reader *r, struct dy_paste_door first, struct dy_paste_doors *out)
{
	static const char *const AND[] = { "、", "和", "及", "跟", "与", "/", ",", NULL };
	size_t at = first.to;

	if (first.at.door.len == 0 || first.at.building.len == 0)
		return at;
	for (int k = 0; k < SHARED_MAX; k++) {
		struct dy_paste_door next = first;
		struct number n, more;
		size_t i = blanks(r, at);
		size_t word = word_at(r->s, i, AND);
		if (word == 0 || !number_at(r, blanks(r, i + word), &n) || n.is_chinese ||
		    !is_door_number(&n) || !door_end(r, &n, true))
			break;
		/* the start of a whole address of its own is none of these */
		size_t j = n.to;
		char c = separator(r, &j);
		if (c != '\0' && c != ' ' && c != ',' && number_at(r, j, &more))
			break;
		next.at.door = n.text;
		next.from = n.from;
		next.to = at = n.to;
		push(r->arena, out, &next);
	}
	return at;
}

void
dy_paste_doors_find(struct dy_arena *arena, struct dy_str text, struct dy_paste_doors *out)
{
	const struct reader r = { arena, text };
	struct dy_paste_door d;
	bool is_head = true;
	uint32_t cp;

	*out = (struct dy_paste_doors){ 0 };
	for (size_t at = 0; at < text.len;) {
		size_t n = dy_utf8_next(dy_str_slice(text, at, text.len), &cp);
		if (n == 0)
			return;
		bool may = (cp < 0x80 && (is_digit((char)cp) || is_letter((char)cp))) ||
		           chinese_digit(cp) >= 0;
		if (may && door_read(&r, at, is_head, &d)) {
			d.estate = estate_before(text, at);
			push(arena, out, &d);
			at = shared_take(&r, d, out);
			is_head = false;
			continue;
		}
		/* a number that is no address is passed whole: "13912345678-1" starts nowhere inside */
		struct number whole;
		if (may && cp < 0x80 && is_digit((char)cp)) {
			(void)number_at(&r, at, &whole);
			n = whole.to - at;
		}
		if (cp != ' ' && cp != '\n')
			is_head = cp == '\n';
		at += n;
	}
}
