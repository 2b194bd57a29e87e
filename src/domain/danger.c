/* Words of danger. */
#include "domain/danger.h"

#include "domain/need.h"

#include <string.h>

struct danger_word {
	enum dy_danger kind;
	bool deniable; /* "没有着火" is said by who looked; "没有救命" by nobody */
	struct dy_str word;
};

static const struct danger_word WORDS[] = {
	{ DY_DANGER_LIFE, false, DY_STR_INIT("救命") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("昏迷") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("晕倒") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("晕过去") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("休克") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("不省人事") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("叫不醒") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("没反应") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("没有反应") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("胸痛") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("胸口痛") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("心梗") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("中风") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("大出血") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("吐血") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("血流不止") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("抽搐") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("呼吸困难") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("没呼吸") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("没有呼吸") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("没心跳") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("喘不上气") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("喘不过气") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("窒息") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("噎住") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("触电") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("溺水") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("中毒") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("自杀") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("不想活") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("活不下去") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("跳楼") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("割腕") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("unconscious") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("chest pain") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("bleeding") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("not breathing") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("can't breathe") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("cannot breathe") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("heart attack") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("stroke") },
	{ DY_DANGER_LIFE, true, DY_STR_INIT("choking") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("suicide") },
	{ DY_DANGER_LIFE, false, DY_STR_INIT("kill myself") },
	{ DY_DANGER_VIOLENCE, true, DY_STR_INIT("打人") },
	{ DY_DANGER_VIOLENCE, true, DY_STR_INIT("家暴") },
	{ DY_DANGER_VIOLENCE, false, DY_STR_INIT("持刀") },
	{ DY_DANGER_VIOLENCE, true, DY_STR_INIT("抢劫") },
	{ DY_DANGER_VIOLENCE, true, DY_STR_INIT("knife") },
	{ DY_DANGER_VIOLENCE, true, DY_STR_INIT("violence") },
	{ DY_DANGER_FIRE, true, DY_STR_INIT("着火") },
	{ DY_DANGER_FIRE, true, DY_STR_INIT("起火") },
	{ DY_DANGER_FIRE, true, DY_STR_INIT("失火") },
	{ DY_DANGER_FIRE, true, DY_STR_INIT("火灾") },
	{ DY_DANGER_FIRE, false, DY_STR_INIT("煤气泄漏") },
	{ DY_DANGER_FIRE, false, DY_STR_INIT("燃气泄漏") },
	{ DY_DANGER_FIRE, false, DY_STR_INIT("漏气") },
	{ DY_DANGER_FIRE, true, DY_STR_INIT("被困") },
	{ DY_DANGER_FIRE, false, DY_STR_INIT("困在电梯") },
	{ DY_DANGER_FIRE, false, DY_STR_INIT("关在电梯") },
	{ DY_DANGER_FIRE, true, DY_STR_INIT("trapped") },
	{ DY_DANGER_FIRE, true, DY_STR_INIT("fire") },
	{ DY_DANGER_FIRE, false, DY_STR_INIT("gas leak") },
};

/* Selling, not dying. */
static const char *const HARMLESS[] = { "跳楼价", "跳楼大甩卖", "跳楼甩卖", NULL };

static const char *const DENIALS[] = { "没有", "并非", "不是", "没", "未", "无", NULL };
static const char *const ENGLISH_DENIALS[] = { "no ", "not ", "without ", "never ", NULL };

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_letter(char c)
{
	c = lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_at(struct dy_str text, size_t at, struct dy_str word)
{
	if (word.len > text.len - at)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (lower(text.ptr[at + i]) != word.ptr[i])
			return false;
	}
	if (!is_letter(word.ptr[0]))
		return true;
	size_t end = at + word.len;
	if (end < text.len && lower(text.ptr[end]) == 's') /* fires */
		end++;
	return (at == 0 || !is_letter(text.ptr[at - 1])) &&
	       (end >= text.len || !is_letter(text.ptr[end]));
}

/* Where the word is at or behind `from`; text.len: nowhere. */
static size_t
find(struct dy_str text, size_t from, struct dy_str word)
{
	for (size_t i = from; i < text.len; i++) {
		if (is_at(text, i, word))
			return i;
	}
	return text.len;
}

/* Length of the denial that ends right before `at`, 0: none. */
static size_t
denial_before(struct dy_str text, size_t at, const char *const *denials)
{
	for (; *denials != NULL; denials++) {
		struct dy_str d = dy_str_from(*denials);
		if (d.len > at)
			continue;
		bool same = true;
		for (size_t i = 0; i < d.len && same; i++)
			same = lower(text.ptr[at - d.len + i]) == d.ptr[i];
		if (same)
			return d.len;
	}
	return 0;
}

static bool
is_denied(struct dy_str text, size_t at)
{
	size_t n = denial_before(text, at, ENGLISH_DENIALS);

	if (n > 0)
		return n == at || !is_letter(text.ptr[at - n - 1]);
	n = denial_before(text, at, DENIALS);
	if (n == 0)
		return false;
	struct dy_str before = dy_str_slice(text, 0, at - n);
	static const char *const asking[] = { "有", "是", NULL }; /* 有没有, 是不是 */
	return denial_before(before, before.len, asking) == 0 &&
	       denial_before(before, before.len, DENIALS) == 0;
}

static bool
is_harmless(struct dy_str text, size_t at)
{
	for (const char *const *h = HARMLESS; *h != NULL; h++) {
		if (is_at(text, at, dy_str_from(*h)))
			return true;
	}
	return false;
}

/* Which three bytes in a row a text may hold, by hash: most words are ruled out by one look. */
struct triples {
	uint64_t bits[64];
};

static unsigned
triple(char a, char b, char c)
{
	unsigned v = (unsigned char)a | (unsigned)(unsigned char)b << 8 |
	             (unsigned)(unsigned char)c << 16;
	return v * 0x9e3779b1u >> 20;
}

static void
triples_fill(struct triples *t, struct dy_str text)
{
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i + 3 <= text.len; i++) {
		const char *p = text.ptr + i;
		unsigned bit = triple(lower(p[0]), lower(p[1]), lower(p[2]));
		t->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
	}
}

static bool
triples_may_hold(const struct triples *t, struct dy_str word)
{
	if (word.len < 3)
		return true;
	unsigned bit = triple(word.ptr[0], word.ptr[1], word.ptr[2]); /* in lower case as it is */
	return (t->bits[bit / 64] >> (bit % 64) & 1) != 0;
}

unsigned
dy_danger_of(struct dy_str text)
{
	struct triples triples;
	unsigned mask = 0;

	triples_fill(&triples, text);
	for (size_t i = 0; i < DY_COUNT(WORDS); i++) {
		struct dy_str word = WORDS[i].word;
		if ((mask & WORDS[i].kind) != 0 || !triples_may_hold(&triples, word))
			continue;
		for (size_t at = find(text, 0, word); at < text.len;
		     at = find(text, at + word.len, word)) {
			if (is_harmless(text, at) || (WORDS[i].deniable && is_denied(text, at)))
				continue;
			mask |= WORDS[i].kind;
			break;
		}
	}
	return mask;
}

const char *
dy_danger_phone(enum dy_danger danger)
{
	switch (danger) {
	case DY_DANGER_LIFE: return "120";
	case DY_DANGER_VIOLENCE: return "110";
	case DY_DANGER_FIRE: return "119";
	}
	return "120";
}

bool
dy_text_holds(struct dy_str text, const char *const *words)
{
	for (; words != NULL && *words != NULL; words++) {
		if (find(text, 0, dy_str_from(*words)) < text.len)
			return true;
	}
	return false;
}

bool
dy_flags_are_frail(const struct dy_category *category, unsigned flags)
{
	unsigned health = DY_FLAG(DY_NEED_ELDERLY_ALONE) | DY_FLAG(DY_NEED_DIALYSIS) |
	                  DY_FLAG(DY_NEED_INFANT) | DY_FLAG(DY_NEED_DISABLED);

	if (dy_str_is(dy_str_from(category->code), "FOOD"))
		return (flags & DY_FLAG(DY_NEED_INFANT)) != 0;
	if (dy_str_is(dy_str_from(category->code), "REPR"))
		return (flags & DY_FLAG(DY_NEED_DIALYSIS)) != 0;
	return category->urgent == DY_URGENT_IF_ELDERLY && (flags & health) != 0;
}

struct dy_time
dy_second_man_due(unsigned dangers, bool is_medical, bool is_urgent, struct dy_time created,
                  struct dy_time responded)
{
	struct dy_time due = { 0 };

	if (responded.ms == 0 && (dangers != 0 || (is_medical && is_urgent)))
		due.ms = created.ms + DY_SECOND_MAN_MS;
	return due;
}
