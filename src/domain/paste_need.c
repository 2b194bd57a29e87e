/* What a stretch of text wants: words to clauses, clauses to needs, points and urgency. */
#include "paste_inside.h"

#include "domain/danger.h"

#include <string.h>

#define CLAUSES_MAX 64 /* of one message; the rest belongs to the last */
#define ALONE       5  /* a word of this weight says it alone */
#define DANGER      6  /* of MED1: no doubt */
#define NEAR_BYTES  9  /* between "no" and what it denies */
#define SCORE_MAX   9
#define SPLIT_SCORE 3
#define CLOSE       1 /* scores so near are told apart by what was said first */
#define CLOSE_FROM  3
#define SPLIT_SIGN  3
#define OLD_AGE     75 /* product design 4: urgent from this age */
#define OLDEST_AGE  110

struct clause {
	size_t from, to;
	int score[DY_PW_CATEGORIES];
	uint32_t first[DY_PW_CATEGORIES];
	int sign[DY_PW_KINDS];
	bool asks;
	bool thanks_first; /* it begins with thanks: no polite end of a request */
};
struct clauses {
	struct clause items[CLAUSES_MAX];
	size_t count;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
ends_clause(struct dy_str s, size_t i)
{
	char c = s.ptr[i];

	if (c == '\0' || strchr(",;!?\n.", c) == NULL)
		return false;
	/* 38.5 is one number */
	return !(c == '.' && i > 0 && i + 1 < s.len && is_digit(s.ptr[i - 1]) &&
	         is_digit(s.ptr[i + 1]));
}

/* Ends of clauses, and starts of what "besides" begins. */
static void
clauses_cut(struct dy_str s, const struct dy_paste_hits *hits, struct clauses *out)
{
	size_t from = 0, h = 0;

	out->count = 0;
	for (size_t i = 0; i <= s.len; i++) {
		bool more = false;
		while (h < hits->count && hits->items[h].from <= i) {
			more = more ||
			       (hits->items[h].from == i && hits->items[h].kind == DY_PW_MORE);
			h++;
		}
		bool end = i == s.len || ends_clause(s, i) || (more && i > from);
		if (!end)
			continue;
		size_t to = i < s.len && ends_clause(s, i) ? i + 1 : i;
		if (to == from)
			continue;
		if (out->count == CLAUSES_MAX) {
			out->items[CLAUSES_MAX - 1].to = to;
		} else {
			struct clause *c = &out->items[out->count++];
			memset(c, 0, sizeof(*c));
			c->from = from;
			c->to = to;
			c->asks = i < s.len && s.ptr[i] == '?';
		}
		from = to;
	}
}

/* Is there a "no" of this kind just before the hit, in the same clause? */
static bool
follows(const struct dy_paste_hits *hits, size_t i, enum dy_paste_word_kind kind, size_t from)
{
	const struct dy_paste_hit *hit = &hits->items[i];

	for (size_t k = i; k-- > 0;) {
		const struct dy_paste_hit *before = &hits->items[k];
		if (before->from < from || before->from + 3 * NEAR_BYTES < hit->from)
			return false;
		if (before->kind == kind && before->to <= hit->from &&
		    hit->from - before->to <= NEAR_BYTES)
			return true;
	}
	return false;
}

static void
hit_count(struct clause *c, const struct dy_paste_hits *hits, size_t i)
{
	const struct dy_paste_hit *hit = &hits->items[i];
	unsigned kind = hit->kind;

	if (kind < DY_PW_CATEGORIES) {
		/* "nothing is burning", "nobody is trapped" */
		if ((kind == DY_PW_MED1 || hit->weight >= ALONE) && kind != DY_PW_IDEA &&
		    follows(hits, i, DY_PW_NOT, c->from))
			return;
		c->score[kind] += hit->weight;
		if (c->first[kind] == 0)
			c->first[kind] = hit->from + 1;
		if (hit->weight >= ALONE)
			c->sign[DY_PW_FAULT] += 3;
		/* "no rice", "without her pills" */
		if ((kind == DY_PW_FOOD || kind == DY_PW_MED2) &&
		    follows(hits, i, DY_PW_WITHOUT, c->from)) {
			c->sign[DY_PW_LACK] += 4;
			c->score[kind] += 1;
		}
		return;
	}
	if (kind == DY_PW_THANKS && hit->from <= c->from + 3)
		c->thanks_first = true;
	if (kind == DY_PW_URGENT && (follows(hits, i, DY_PW_NOT, c->from)))
		return;
	c->sign[kind] += hit->weight;
}

/* A lack in the clause speaks of its food or medicine, a fault of its pipes and parcels. */
static void
clause_lean(struct clause *c)
{
	static const int LACKS[] = { DY_PW_FOOD, DY_PW_MED2 };
	static const int FAULTS[] = { DY_PW_REPR, DY_PW_DELV };

	for (size_t i = 0; i < 2; i++) {
		if (c->sign[DY_PW_LACK] > 0 && c->score[LACKS[i]] > 0)
			c->score[LACKS[i]] += 2;
		if (c->sign[DY_PW_FAULT] > 0 && c->score[FAULTS[i]] >= 3)
			c->score[FAULTS[i]] += 1;
	}
}

static void
clauses_score(const struct dy_paste_hits *hits, struct clauses *clauses)
{
	size_t k = 0;

	for (size_t i = 0; i < hits->count && clauses->count > 0; i++) {
		while (k + 1 < clauses->count && hits->items[i].from >= clauses->items[k].to)
			k++;
		hit_count(&clauses->items[k], hits, i);
	}
	for (size_t i = 0; i < clauses->count; i++)
		clause_lean(&clauses->items[i]);
}

/* The highest score; of scores that are close, what was said first. first: NULL, or where. */
static int
best_of(const int *score, const uint32_t *first, int except)
{
	int best = -1, top;

	if (except != DY_PW_MED1 && score[DY_PW_MED1] >= DANGER)
		return DY_PW_MED1;
	for (int i = 0; i < DY_PW_CATEGORIES; i++) {
		if (i != except && score[i] > 0 && (best < 0 || score[i] > score[best]))
			best = i;
	}
	if (best < 0 || first == NULL || score[best] < CLOSE_FROM)
		return best;
	top = score[best];
	for (int i = 0; i < DY_PW_CATEGORIES; i++) {
		if (i != except && score[i] + CLOSE >= top && first[i] > 0 && first[best] > 0 &&
		    first[i] < first[best] && i != DY_PW_CARE && i != DY_PW_INFO && i != DY_PW_MED1)
			best = i;
	}
	return best;
}

static int
signs_of(const int *sign)
{
	return sign[DY_PW_ASK] + sign[DY_PW_LACK] + sign[DY_PW_FAULT];
}

/* Things one can run short of or that break: two of them in one message are two needs. The others colour each other. */
static bool
stands_apart(int category)
{
	return category == DY_PW_FOOD || category == DY_PW_MED2 || category == DY_PW_REPR ||
	       category == DY_PW_DELV || category == DY_PW_WAST || category == DY_PW_SHOP;
}

static bool
begins_need(const struct dy_paste_need *n, const struct clause *c)
{
	int was = best_of(n->score, NULL, -1), is = best_of(c->score, NULL, -1);

	if (was < 0 || is < 0 || was == is || n->score[was] < SPLIT_SCORE ||
	    c->score[is] < SPLIT_SCORE || was == DY_PW_MED1 || is == DY_PW_MED1)
		return false;
	if (c->sign[DY_PW_MORE] > 0)
		return true;
	return stands_apart(was) && stands_apart(is) && c->score[is] >= ALONE &&
	       signs_of(n->sign) >= SPLIT_SIGN &&
	       c->sign[DY_PW_LACK] + c->sign[DY_PW_FAULT] >= SPLIT_SIGN;
}

static void
clause_join(struct dy_paste_need *n, const struct clause *c)
{
	for (int i = 0; i < DY_PW_CATEGORIES; i++) {
		n->score[i] += c->score[i];
		if (n->first[i] == 0)
			n->first[i] = c->first[i];
	}
	/* thanks that open a message are its matter, not its manners */
	if (c->thanks_first && c->from == n->from)
		n->thanks_first = true;
	for (int i = 0; i < DY_PW_KINDS; i++)
		n->sign[i] += c->sign[i];
	n->asks = n->asks || c->asks;
	n->to = c->to;
}

static int
most(int value, int max)
{
	return value < max ? value : max;
}

/* How much speaks for a request, less what speaks against it. */
static void
points_set(struct dy_paste_need *n, const struct dy_paste_context *context)
{
	const int *sign = n->sign;
	int category = n->category < 0 ? 0 : most(n->score[n->category], SCORE_MAX);
	int pro = most(sign[DY_PW_ASK], 6) + most(sign[DY_PW_LACK], 8) +
	          most(sign[DY_PW_FAULT], 8) + (n->asks ? 2 : 0) + (sign[DY_PW_BEHALF] > 0 ? 3 : 0);
	int answer = n->category == DY_PW_IDEA ? 0 : most(sign[DY_PW_ANSWER], 12);
	int thanks = most(sign[DY_PW_THANKS], 8);
	int chat = most(sign[DY_PW_CHAT], 6);

	if (n->thanks_first)
		thanks *= 2;
	/* "hello, could somebody ... thank you" is a polite request */
	if (category >= 2 && pro >= 2 && !n->thanks_first) {
		thanks = most(thanks, 1);
		chat = 0;
	}
	n->points = category + pro - answer - thanks - chat - most(sign[DY_PW_SOLVED], 10) -
	            most(2 * sign[DY_PW_NOTICE], 14);
	n->points += context->has_door ? 2 : context->is_known ? 1 : 0;
	if (context->is_entry && context->title >= 0)
		n->points += 5;
	/* what a household lacks is asked for with a door, or in words that leave no doubt */
	if (!context->is_known && !context->is_entry && sign[DY_PW_LACK] + sign[DY_PW_FAULT] == 0 &&
	    (n->category == DY_PW_FOOD || n->category == DY_PW_MED2 || n->category == DY_PW_DELV ||
	     n->category == DY_PW_CARE || n->category == DY_PW_REPR))
		n->points -= 2;
	n->points -= most(2 * sign[DY_PW_JOKE], 16);
	/* those who answer also pass on needs: with a door and a question */
	if (context->from_team)
		n->points -= context->has_door && pro >= 2 && answer == 0 && sign[DY_PW_NOTICE] == 0
		                     ? 1
		                     : 4;
	/* what only names a thing is no need: neither asked for, nor lacking, nor broken */
	if (pro < 2 && !context->has_door && !context->is_entry && category < SCORE_MAX)
		n->points = most(n->points, DY_PASTE_POINTS - 1);
	if (category < 3 && sign[DY_PW_LACK] == 0 && !context->has_door && !context->is_entry &&
	    n->category != DY_PW_INFO)
		n->points = most(n->points, DY_PASTE_POINTS - 1);
	if (n->category < 0 || (category < 2 && n->category != DY_PW_INFO && !context->is_entry))
		n->points = most(n->points, DY_PASTE_POINTS - 1);
	if (n->category == DY_PW_MED1 && n->score[DY_PW_MED1] >= DANGER &&
	    sign[DY_PW_SOLVED] == 0 && sign[DY_PW_NOTICE] == 0 && sign[DY_PW_JOKE] == 0 &&
	    !context->from_team)
		n->points = n->points > DY_PASTE_POINTS + 4 ? n->points : DY_PASTE_POINTS + 4;
}

static bool
is_urgent(const struct dy_paste_need *n)
{
	const int *sign = n->sign;
	bool calm = sign[DY_PW_CALM] > 0;

	switch (n->category) {
	case DY_PW_MED1: return true;
	case DY_PW_MED2:
		if (sign[DY_PW_FRAIL] >= 2 || sign[DY_PW_LACK] > 0)
			return true;
		break;
	case DY_PW_FOOD:
		if (sign[DY_PW_FRAIL] >= 3 || (sign[DY_PW_FRAIL] >= 2 && sign[DY_PW_LACK] > 0))
			return true;
		break;
	case DY_PW_CARE:
		if (sign[DY_PW_FRAIL] >= 3 || sign[DY_PW_MISSING] > 0)
			return true;
		break;
	case DY_PW_WAST:
		if (sign[DY_PW_SEALED] > 0)
			return true;
		break;
	case DY_PW_DELV:
		if (sign[DY_PW_PERISH] > 0)
			return true;
		break;
	case DY_PW_PASS:
		if (sign[DY_PW_DEADLINE] > 0)
			return true;
		break;
	default: break;
	}
	return sign[DY_PW_URGENT] > 0 && !calm;
}

/* "my mother is 82": an age from which one is not left waiting */
static bool
says_age(struct dy_str s)
{
	static const char *const BEFORE[] = { "爸", "妈", "婆", "公", "爷", "奶",
		                              "人", "伴", "亲", "太", NULL };
	static const char *const BEHIND[] = { "岁", "多岁", "周岁", "了", "高龄", "多了", NULL };

	for (size_t i = 0; i + 1 < s.len; i++) {
		if (!is_digit(s.ptr[i]) ||
		    (i > 0 && (is_digit(s.ptr[i - 1]) || s.ptr[i - 1] == '.')))
			continue;
		size_t to = i;
		int age = 0;
		while (to < s.len && to < i + 4 && is_digit(s.ptr[to]))
			age = age * 10 + (s.ptr[to++] - '0');
		if (age < OLD_AGE || age > OLDEST_AGE)
			continue;
		struct dy_str behind = dy_str_slice(s, to, s.len);
		for (size_t k = 0; BEHIND[k] != NULL; k++) {
			if (dy_str_starts(behind, dy_str_from(BEHIND[k])))
				return true;
		}
		for (size_t k = 0; BEFORE[k] != NULL; k++) {
			size_t n = strlen(BEFORE[k]);
			if (i >= n && memcmp(s.ptr + i - n, BEFORE[k], n) == 0 &&
			    (behind.len == 0 || strchr(" ,.;!?\n", behind.ptr[0]) != NULL))
				return true;
		}
	}
	return false;
}

static void
need_finish(struct dy_paste_need *n, struct dy_str text, const struct dy_paste_context *context)
{
	if (says_age(text))
		n->sign[DY_PW_FRAIL] += 3;
	if (n->sign[DY_PW_FALL] > 0 && n->sign[DY_PW_HURT] > 0)
		n->score[DY_PW_MED1] += DANGER + 2;
	/* "3-1-202 none" in a chain */
	bool is_blank = context->is_entry && best_of(n->score, NULL, -1) < 0 &&
	                n->sign[DY_PW_WITHOUT] + n->sign[DY_PW_SOLVED] > 0;
	if (context->is_entry && context->title >= 0 && !is_blank)
		n->score[context->title] += 2;
	n->category = best_of(n->score, n->first, -1);
	/* food and pills that were bought or brought are what the trouble is with, not what is wanted */
	if ((n->category == DY_PW_FOOD || n->category == DY_PW_MED2) && n->sign[DY_PW_LACK] == 0) {
		int other = n->score[DY_PW_SHOP] > n->score[DY_PW_DELV] ? DY_PW_SHOP : DY_PW_DELV;
		if (n->score[other] >= 4)
			n->category = other;
	}
	/* how to get out is asked, the hospital is only why; not so when the treatment cannot wait */
	if (n->category == DY_PW_MED2 && n->score[DY_PW_PASS] >= 4 && n->sign[DY_PW_LACK] == 0 &&
	    n->sign[DY_PW_URGENT] == 0)
		n->category = DY_PW_PASS;
	if (n->category == DY_PW_PASS && n->score[DY_PW_MED2] >= 4 && n->sign[DY_PW_URGENT] > 0)
		n->category = DY_PW_MED2;
	/* a question about nothing we know is a question */
	if (n->category < 0 && (n->asks || n->sign[DY_PW_ASK] >= 3) &&
	    (context->has_door || context->is_known))
		n->category = DY_PW_INFO;
	n->second = n->category < 0 ? -1 : best_of(n->score, NULL, n->category);
	points_set(n, context);
	/* what any report with these words is */
	n->urgent = is_urgent(n) || dy_danger_of(text) != 0;
}

size_t
dy_paste_needs_find(const struct dy_paste_lexicon *lexicon, struct dy_arena *arena,
                    struct dy_str text, const struct dy_paste_context *context,
                    struct dy_paste_need *out, uint64_t *steps)
{
	struct dy_arena_mark mark = dy_arena_mark(arena); /* what is found outlives no call */
	struct clauses clauses;
	struct dy_paste_hits hits;
	size_t n = 0;

	dy_paste_hits_find(lexicon, arena, text, &hits, steps);
	clauses_cut(text, &hits, &clauses);
	clauses_score(&hits, &clauses);
	*steps += text.len + hits.count;
	for (size_t i = 0; i < clauses.count; i++) {
		const struct clause *c = &clauses.items[i];
		if (n == 0 || (n < DY_PASTE_NEEDS_MAX && begins_need(&out[n - 1], c))) {
			memset(&out[n], 0, sizeof(out[n]));
			out[n++].from = c->from;
		}
		clause_join(&out[n - 1], c);
	}
	for (size_t i = 0, k = 0; i < hits.count && n > 0; i++) {
		const struct dy_paste_hit *hit = &hits.items[i];
		while (k + 1 < n && hit->from >= out[k].to)
			k++;
		if (hit->kind == DY_PW_BEHALF) {
			out[k].behalf_from = hit->from;
			out[k].behalf_to = hit->to;
		}
	}
	for (size_t i = 0; i < n; i++)
		need_finish(&out[i], dy_str_slice(text, out[i].from, out[i].to), context);
	dy_arena_rewind(arena, mark);
	return n;
}

/* Share of proposals of these points that were requests of the proposed category in the labelled corpus, smoothed to
 * rise (docs/internals/paste.md). margin: score of the category less that of the next best. */
int
dy_paste_confidence(int points, int margin)
{
	static const int BY_POINTS[] = { 62, 70, 76, 81, 85, 88, 91, 93, 95, 96, 97 };
	int i = points - DY_PASTE_POINTS;
	int last = (int)DY_COUNT(BY_POINTS) - 1;
	int confidence = BY_POINTS[i < 0 ? 0 : i > last ? last : i];

	if (margin <= 0)
		confidence -= 20;
	else if (margin <= 2)
		confidence -= 8;
	return confidence < 30 ? 30 : confidence;
}
