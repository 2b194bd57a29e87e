/* One spelling of everything: what people's keyboards, phones and pictures make of the same text. */
#include "paste_inside.h"

#include <stdio.h>
#include <string.h>

#define KEYCAP      0x20e3
#define SOS         0x1f198
#define VARIATION   0xfe0f
#define STICKER_MAX 8 /* characters between the brackets of a sticker or a picture's stand-in */

struct maker {
	struct dy_str raw;
	char *out;
	uint32_t *origin;
	size_t len;
};

static const struct {
	const char *from, *to;
} SIMPLE[] = {
	{ "樓", "楼" }, { "號", "号" }, { "單", "单" }, { "棟", "栋" }, { "藥", "药" },
	{ "電", "电" }, { "沒", "没" }, { "點", "点" }, { "買", "买" }, { "誰", "谁" },
	{ "幫", "帮" }, { "飯", "饭" }, { "嗎", "吗" }, { "請", "请" }, { "門", "门" },
	{ "壞", "坏" }, { "媽", "妈" }, { "爺", "爷" }, { "醫", "医" }, { "麼", "么" },
	{ "個", "个" }, { "來", "来" }, { "這", "这" }, { "時", "时" }, { "間", "间" },
	{ "燈", "灯" }, { "廁", "厕" }, { "馬", "马" }, { "斷", "断" }, { "氣", "气" },
	{ "漲", "涨" }, { "價", "价" }, { "貨", "货" }, { "遞", "递" }, { "發", "发" },
	{ "燒", "烧" }, { "證", "证" }, { "過", "过" }, { "進", "进" }, { "測", "测" },
	{ "檢", "检" }, { "結", "结" }, { "問", "问" }, { "東", "东" }, { "邊", "边" },
	{ "鄰", "邻" }, { "鬧", "闹" }, { "雞", "鸡" }, { "難", "难" }, { "覺", "觉" },
	{ "議", "议" }, { "願", "愿" }, { "車", "车" }, { "務", "务" }, { "兩", "两" },
	{ "謝", "谢" }, { "給", "给" }, { "對", "对" }, { "見", "见" }, { "錢", "钱" },
};

static void
add(struct maker *m, const char *bytes, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++) {
		m->origin[m->len] = (uint32_t)at;
		m->out[m->len++] = bytes[i];
	}
}

static void
addc(struct maker *m, char c, size_t at)
{
	add(m, &c, 1, at);
}

static uint32_t
peek(const struct maker *m, size_t at)
{
	uint32_t cp = 0;

	(void)dy_utf8_next(dy_str_slice(m->raw, at, m->raw.len), &cp);
	return cp;
}

static bool
is_dash(uint32_t cp)
{
	return (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0x2500 || cp == 0xfe63 ||
	       cp == 0x30fc || cp == 0xff0d || cp == 0x2e3a || cp == 0x2501 || cp == 0x00ad;
}

static bool
is_nothing(uint32_t cp)
{
	return cp == VARIATION || cp == 0xfeff || cp == 0x2060 || cp == '\r' ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
	       (cp >= 0x1f3fb && cp <= 0x1f3ff);
}

static bool
is_blank(uint32_t cp)
{
	return cp == 0x3000 || cp == 0x00a0 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x202f ||
	       cp == '\t' || (cp < 0x20 && cp != '\n') || cp == 0x7f;
}

static bool
is_picture(uint32_t cp)
{
	return (cp >= 0x1f000 && cp <= 0x1faff) || (cp >= 0x2600 && cp <= 0x27bf) ||
	       (cp >= 0xe000 && cp <= 0xf8ff) || (cp >= 0x2b00 && cp <= 0x2bff);
}

/* Does a digit in a circle or a key stand for a part of an address, and not for a place in a list? */
static bool
goes_on(const struct maker *m, size_t at)
{
	static const uint32_t WORDS[] = {
		0x53f7, 0x5e62, 0x680b, 0x5355, 0x697c, 0x5ba4,
		0x68af, 0x95e8, '-',    '#',    '/',    0xff0d
	}; /* 号幢栋单楼室梯门 */
	uint32_t cp = peek(m, at);

	if (is_dash(cp))
		return true;
	for (size_t i = 0; i < DY_COUNT(WORDS); i++) {
		if (WORDS[i] == cp)
			return true;
	}
	/* the next key of a number of several digits */
	uint32_t next = peek(m, at + 1);
	return cp >= '0' && cp <= '9' && (next == VARIATION || next == KEYCAP);
}

/* "[强]", "[图片]", "[Smile]": returns its bytes, 0 when it is none. */
static size_t
sticker_at(const struct maker *m, size_t at)
{
	size_t i = at + 1;
	uint32_t cp;

	for (int n = 0; n <= STICKER_MAX; n++) {
		size_t bytes = dy_utf8_next(dy_str_slice(m->raw, i, m->raw.len), &cp);
		if (bytes == 0 || cp == '\n' || cp == '[' || (cp >= '0' && cp <= '9') || cp == ':')
			return 0;
		i += bytes;
		if (cp == ']')
			return n > 0 ? i - at : 0;
	}
	return 0;
}

static bool
circled(struct maker *m, uint32_t cp, size_t at, size_t after)
{
	char text[8];
	uint32_t number = 0;

	if (cp >= 0x2460 && cp <= 0x2473)
		number = cp - 0x2460 + 1;
	else if (cp >= 0x2474 && cp <= 0x2487)
		number = cp - 0x2474 + 1;
	else if (cp >= 0x2488 && cp <= 0x249b)
		number = cp - 0x2488 + 1;
	else if (cp >= 0x2776 && cp <= 0x277f)
		number = cp - 0x2776 + 1;
	else if (cp == 0x1f51f)
		number = 10;
	else
		return false;
	int n = snprintf(text, sizeof(text), "%u%s", number, goes_on(m, after) ? "" : ".");
	add(m, text, (size_t)n, at);
	return true;
}

/* Punctuation: everything the word tables and the door reader know is ASCII, but the list comma. '\0': none. */
static char
punctuation(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		char ascii;
	} MARKS[] = {
		{ 0x3002, '.' }, { 0x2026, '.' },  { 0xff61, '.' },  { 0x201c, '"' },
		{ 0x201d, '"' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x301c, '~' },
		{ 0xfe50, ',' }, { 0x2236, ':' },  { 0xfe55, ':' },  { 0x2215, '/' },
	};

	for (size_t i = 0; i < DY_COUNT(MARKS); i++) {
		if (MARKS[i].cp == cp)
			return MARKS[i].ascii;
	}
	return '\0';
}

static bool
simple_add(struct maker *m, const char *bytes, size_t n, size_t at)
{
	if (n != 3)
		return false;
	for (size_t i = 0; i < DY_COUNT(SIMPLE); i++) {
		if (memcmp(SIMPLE[i].from, bytes, 3) == 0) {
			add(m, SIMPLE[i].to, 3, at);
			return true;
		}
	}
	return false;
}

static bool
is_digit_before(const struct maker *m)
{
	return m->len > 0 && m->out[m->len - 1] >= '0' && m->out[m->len - 1] <= '9';
}

/* The one ASCII character that stands for this one, '\0' when it stays as it is. */
static char
ascii_of(const struct maker *m, uint32_t cp, uint32_t next)
{
	/* 8一2一1502 */
	bool is_one_as_dash = cp == 0x4e00 && is_digit_before(m) && next >= '0' && next <= '9';

	if (is_dash(cp) || is_one_as_dash)
		return '-';
	if (is_blank(cp) || is_picture(cp))
		return ' ';
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp = cp - 0xff01 + '!';
	else if (cp >= 0x80 || cp < 'A' || cp > 'Z')
		return punctuation(cp);
	return cp >= 'A' && cp <= 'Z' ? (char)(cp + 32) : (char)cp;
}

static void
one(struct maker *m, uint32_t cp, size_t at, size_t n)
{
	if (is_nothing(cp))
		return;
	if (cp == KEYCAP) {
		if (is_digit_before(m) && !goes_on(m, at + n))
			addc(m, '.', at);
		return;
	}
	if (cp == SOS) {
		add(m, "sos", 3, at);
		return;
	}
	if (circled(m, cp, at, at + n))
		return;
	char c = ascii_of(m, cp, peek(m, at + n));
	if (c != '\0')
		addc(m, c, at);
	else if (!simple_add(m, m->raw.ptr + at, n, at))
		add(m, m->raw.ptr + at, n, at);
}

void
dy_paste_text_make(struct dy_arena *arena, struct dy_str raw, struct dy_paste_text *out)
{
	struct maker m = { .raw = raw };
	size_t at = 0;
	uint32_t cp;

	/* nothing grows: a circled number has three bytes and becomes at most three, a key's dot takes the key's place */
	m.out = dy_arena_alloc(arena, raw.len + 1);
	m.origin = DY_NEW_ARRAY(arena, raw.len + 1, uint32_t);
	while (at < raw.len) {
		size_t n = dy_utf8_next(dy_str_slice(raw, at, raw.len), &cp);
		if (n == 0)
			break;
		size_t sticker = cp == '[' ? sticker_at(&m, at) : 0;
		if (sticker > 0) {
			addc(&m, ' ', at);
			n = sticker;
		} else {
			one(&m, cp, at, n);
		}
		at += n;
	}
	m.origin[m.len] = (uint32_t)raw.len;
	out->raw = raw;
	out->text = (struct dy_str){ m.out, m.len };
	out->origin = m.origin;
}

struct dy_str
dy_paste_text_raw(struct dy_arena *arena, const struct dy_paste_text *t, size_t from, size_t to)
{
	struct dy_str raw = dy_str_trim(dy_str_slice(t->raw, t->origin[from], t->origin[to]));
	char *text = dy_arena_alloc(arena, raw.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.len; i++) {
		bool blank = (unsigned char)raw.ptr[i] <= ' ';
		if (!blank)
			text[n++] = raw.ptr[i];
		else if (n > 0 && text[n - 1] != ' ')
			text[n++] = ' ';
	}
	return (struct dy_str){ text, n };
}
