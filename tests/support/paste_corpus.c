/* Labelled blocks of group chat. */
#include "paste_corpus.h"

#include "base/arena.h"
#include "domain/category.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX   ((size_t)1 << 20)
#define ARENA_MAX  ((size_t)64 << 20)
#define LABELS_MAX 200

struct label {
	size_t line, same; /* same: the line of the proposal it repeats, 0: none */
	struct dy_str door, category;
	bool urgent, is_matched;
	size_t proposal; /* index + 1 of what was matched */
};
struct block {
	struct dy_str name, text;
	struct label labels[LABELS_MAX];
	size_t n;
};

const char *
pc_category(size_t i)
{
	size_t n;
	const struct dy_category *all = dy_categories(&n);

	return i < n ? all[i].code : "?";
}

static size_t
category_index(struct dy_str code)
{
	size_t i = 0;

	while (i < PC_CATEGORIES && !dy_str_is(code, pc_category(i)))
		i++;
	return i;
}

double
pc_precision(const struct pc_share *s)
{
	return s->told == 0 ? 100 : 100.0 * (double)s->right / (double)s->told;
}

double
pc_recall(const struct pc_share *s)
{
	return s->wanted == 0 ? 100 : 100.0 * (double)s->right / (double)s->wanted;
}

static bool
label_read(struct dy_str line, struct label *out)
{
	uint64_t n;

	*out = (struct label){ 0 };
	if (!dy_str_to_u64(dy_str_split(&line, ' '), &n) || n == 0)
		return false;
	out->line = (size_t)n;
	out->door = dy_str_split(&line, ' ');
	if (dy_str_is(out->door, "-"))
		out->door.len = 0;
	out->category = dy_str_split(&line, ' ');
	while (line.len > 0) {
		struct dy_str word = dy_str_split(&line, ' ');
		if (dy_str_is(word, "!"))
			out->urgent = true;
		else if (word.len > 1 && word.ptr[0] == '=' &&
		         dy_str_to_u64(dy_str_slice(word, 1, word.len), &n))
			out->same = (size_t)n;
		else if (word.len > 0)
			return false;
	}
	return category_index(out->category) < PC_CATEGORIES;
}

static bool
has_line(const struct dy_paste_proposal *p, size_t line)
{
	for (size_t i = 0; i < p->n_lines; i++) {
		if (p->lines[i] == line)
			return true;
	}
	return false;
}

/* How well a proposal fits a label; 0: not at all. */
static int
fit(struct dy_arena *arena, const struct dy_paste_proposal *p, const struct label *l)
{
	int score = p->line == l->line ? 8 : has_line(p, l->line) ? 1 : 0;

	if (score == 0)
		return 0;
	if (dy_str_is(l->category, p->category))
		score += 2;
	if (dy_str_eq(l->door, dy_paste_door_text(arena, &p->door)))
		score += 1;
	return score;
}

static void
labels_match(struct dy_arena *arena, struct block *b, const struct dy_paste *paste, size_t *owner)
{
	for (int want = 11; want > 0; want--) {
		for (size_t i = 0; i < b->n; i++) {
			struct label *l = &b->labels[i];
			for (size_t k = 0; k < paste->count && !l->is_matched; k++) {
				if (owner[k] == 0 && fit(arena, &paste->items[k], l) == want) {
					owner[k] = i + 1;
					l->is_matched = true;
					l->proposal = k + 1;
				}
			}
		}
	}
}

static void
proposal_count(struct dy_arena *arena, const struct block *b, const struct dy_paste_proposal *p,
               const struct label *l, FILE *mistakes, struct pc_result *out)
{
	struct dy_str door = dy_paste_door_text(arena, &p->door);
	bool door_right = l != NULL && dy_str_eq(l->door, door);
	bool right = l != NULL && dy_str_is(l->category, p->category);
	size_t c = category_index(dy_str_from(p->category));
	size_t bin = (size_t)(p->confidence > 99 ? 99 : p->confidence) / PC_BINS;

	out->request.told++;
	out->request.right += l != NULL;
	out->door.told += door.len > 0;
	out->door.right += door_right && door.len > 0;
	out->category.told++;
	out->category.right += right;
	out->by_category[c].told++;
	out->by_category[c].right += right;
	out->urgent.told += p->urgent;
	out->urgent.right += p->urgent && l != NULL && l->urgent;
	out->bin_told[bin]++;
	out->bin_right[bin] += right;
	out->bin_sum[bin] += (size_t)p->confidence;
	if (mistakes == NULL || (right && door_right && p->urgent == l->urgent))
		return;
	(void)fprintf(mistakes, "%.*s:%zu: %.*s %s%s (%d%%) \"%.*s\"; wanted ", DY_FMT(b->name),
	              p->line, DY_FMT(door), p->category, p->urgent ? " !" : "", p->confidence,
	              DY_FMT(p->text));
	if (l == NULL)
		(void)fprintf(mistakes, "nothing\n");
	else
		(void)fprintf(mistakes, "%.*s %.*s%s\n", DY_FMT(l->door), DY_FMT(l->category),
		              l->urgent ? " !" : "");
}

static void
same_count(const struct block *b, const struct dy_paste *paste, const size_t *owner,
           struct pc_result *out)
{
	for (size_t i = 0; i < b->n; i++)
		out->same.wanted += b->labels[i].same > 0;
	for (size_t k = 0; k < paste->count; k++) {
		const struct dy_paste_proposal *p = &paste->items[k];
		if (p->same_as == 0)
			continue;
		out->same.told++;
		const struct label *l = owner[k] > 0 ? &b->labels[owner[k] - 1] : NULL;
		out->same.right +=
			l != NULL && l->same > 0 && paste->items[p->same_as - 1].line == l->same;
	}
}

static void
lines_count(const struct block *b, const struct dy_paste *paste, struct pc_result *out)
{
	size_t number = 0;

	for (struct dy_str rest = b->text; rest.len > 0;) {
		struct dy_str line = dy_str_trim(dy_str_split(&rest, '\n'));
		bool wanted = false, told = false;
		number++;
		if (line.len == 0)
			continue;
		for (size_t i = 0; i < b->n; i++)
			wanted = wanted || b->labels[i].line == number;
		for (size_t k = 0; k < paste->count; k++)
			told = told || paste->items[k].line == number;
		out->lines++;
		out->other.wanted += !wanted;
		out->other.told += !told;
		out->other.right += !wanted && !told;
	}
}

static bool
block_run(struct block *b, FILE *mistakes, struct pc_result *out)
{
	struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_err err = { 0 };
	struct dy_paste paste;

	if (dy_paste_read(arena, b->text, &paste, &err) != DY_OK) {
		(void)fprintf(stderr, "%.*s: %s\n", DY_FMT(b->name), err.text);
		dy_arena_free(arena);
		return false;
	}
	size_t *owner = DY_NEW_ARRAY(arena, paste.count + 1, size_t);
	labels_match(arena, b, &paste, owner);
	for (size_t k = 0; k < paste.count; k++)
		proposal_count(arena, b, &paste.items[k],
		               owner[k] > 0 ? &b->labels[owner[k] - 1] : NULL, mistakes, out);
	for (size_t i = 0; i < b->n; i++) {
		const struct label *l = &b->labels[i];
		out->request.wanted++;
		out->category.wanted++;
		out->by_category[category_index(l->category)].wanted++;
		out->door.wanted += l->door.len > 0;
		out->urgent.wanted += l->urgent;
		if (!l->is_matched && mistakes != NULL)
			(void)fprintf(mistakes, "%.*s:%zu: missed %.*s %.*s%s\n", DY_FMT(b->name),
			              l->line, DY_FMT(l->door), DY_FMT(l->category),
			              l->urgent ? " !" : "");
	}
	same_count(b, &paste, owner, out);
	lines_count(b, &paste, out);
	out->blocks++;
	dy_arena_free(arena);
	return true;
}

static char *
file_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rbe");
	char *text = f != NULL ? malloc(FILE_MAX) : NULL;

	*size = text != NULL ? fread(text, 1, FILE_MAX, f) : 0;
	if (f != NULL)
		(void)fclose(f);
	return text;
}

bool
pc_run(const char *path, FILE *mistakes, struct pc_result *out)
{
	size_t size;
	char *bytes = file_read(path, &size);
	struct block *b = calloc(1, sizeof(*b));
	struct dy_str rest = { bytes, size };
	enum { OUTSIDE, TEXT, LABELS } where = OUTSIDE;
	bool good = bytes != NULL && b != NULL && size > 0;

	*out = (struct pc_result){ 0 };
	while (good && rest.len > 0) {
		struct dy_str line = dy_str_split(&rest, '\n');
		if (dy_str_starts(line, DY_STR("=== "))) {
			if (where == LABELS)
				good = block_run(b, mistakes, out);
			memset(b, 0, sizeof(*b));
			b->name = dy_str_slice(line, 4, line.len);
			b->text.ptr = rest.ptr;
			where = TEXT;
		} else if (where == TEXT && dy_str_is(line, "---")) {
			b->text.len = (size_t)(line.ptr - b->text.ptr);
			where = LABELS;
		} else if (where == LABELS && dy_str_trim(line).len > 0) {
			good = b->n < LABELS_MAX && label_read(line, &b->labels[b->n++]);
			if (!good)
				(void)fprintf(stderr, "%s: %.*s: not a label: %.*s\n", path,
				              DY_FMT(b->name), DY_FMT(line));
		}
	}
	if (good && where == LABELS)
		good = block_run(b, mistakes, out);
	free(b);
	free(bytes);
	return good;
}
