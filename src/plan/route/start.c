/* The first plan. Savings (Clarke, Wright 1964) over neighbour pairs when all vehicles are alike,
 * merging ends of chains under capacity and windows; greedy insertion otherwise. */
#include "search.h"

#include <stdlib.h>

struct merge {
	int64_t saving;
	int32_t from, to; /* from becomes the stop before to */
};

struct chain {
	int32_t first, last, load;
	struct rp_span span;
};

static int
by_saving(const void *a, const void *b)
{
	const struct merge *x = a;
	const struct merge *y = b;

	if (x->saving != y->saving)
		return x->saving > y->saving ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static size_t
list_merges(const struct rp_search *x, struct merge *list)
{
	const struct rp_model *m = x->m;
	const struct rp_type *t = &m->type[0];
	const struct rp_node *node = x->s.node;
	size_t count = 0;

	for (int32_t i = 0; i < m->n; i++) {
		const int32_t *around = rp_near_around(x->near, i);
		for (int32_t k = 0; k < x->near->wide; k++) {
			int32_t j = around[k];
			int64_t saving = (int64_t)rp_arc(m, t, node[i].place, t->end) +
			                 rp_arc(m, t, t->start, node[j].place) -
			                 rp_arc(m, t, node[i].place, node[j].place);
			if (saving > 0)
				list[count++] = (struct merge){ saving, i, j };
		}
	}
	qsort(list, count, sizeof *list, by_saving);
	return count;
}

static bool
fits_in_shift(const struct rp_search *x, struct rp_span span, int32_t first, int32_t last)
{
	const struct rp_model *m = x->m;
	const struct rp_type *t = &m->type[0];
	struct rp_span depot = { .d = 0, .e = t->open, .l = t->close };

	if (!m->timed)
		return true;
	span = rp_join(depot, rp_drive(m, t, t->start, x->s.node[first].place), span);
	span = rp_join(span, rp_drive(m, t, x->s.node[last].place, t->end), depot);
	return !span.late && span.d <= t->max_duration;
}

static void
reverse_chain(struct chain *c, int32_t *next, int32_t *prev)
{
	for (int32_t i = c->first; i >= 0;) {
		int32_t after = next[i];
		next[i] = prev[i];
		prev[i] = after;
		i = after;
	}
	int32_t first = c->first;
	c->first = c->last;
	c->last = first;
}

static void
merge_chains(const struct rp_search *x, struct chain *chain, int32_t *of, int32_t *next,
             int32_t *prev, const struct merge *list, size_t count)
{
	const struct rp_model *m = x->m;
	const struct rp_type *t = &m->type[0];
	bool may_turn = !m->timed && m->symmetric && t->start == t->end;

	for (size_t k = 0; k < count; k++) {
		int32_t i = list[k].from;
		int32_t j = list[k].to;
		struct chain *a = &chain[of[i]];
		struct chain *b = &chain[of[j]];
		if (a == b || (int64_t)a->load + b->load > t->capacity)
			continue;
		if (may_turn && a->last != i && a->first == i)
			reverse_chain(a, next, prev);
		if (may_turn && b->first != j && b->last == j)
			reverse_chain(b, next, prev);
		if (a->last != i || b->first != j)
			continue;
		struct rp_span span = a->span;
		if (m->timed) {
			span = rp_join(span, rp_drive(m, t, x->s.node[i].place, x->s.node[j].place),
			               b->span);
			if (span.late || !fits_in_shift(x, span, a->first, b->last))
				continue;
		}
		next[i] = j;
		prev[j] = i;
		a->span = span;
		a->load += b->load;
		a->last = b->last;
		int32_t to = of[i];
		for (int32_t s = j; s >= 0; s = next[s])
			of[s] = to;
		b->first = b->last = -1;
	}
}

static int
by_load(const void *a, const void *b)
{
	const struct chain *x = a;
	const struct chain *y = b;

	if ((x->first < 0) != (y->first < 0))
		return x->first < 0 ? 1 : -1;
	if (x->load != y->load)
		return x->load > y->load ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static void
adopt_chains(struct rp_search *x, const struct chain *chain, const int32_t *next)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;

	for (int32_t c = 0; c < m->n && c < m->vehicles && chain[c].first >= 0; c++) {
		int32_t at = rp_start(m, c);
		if (chain[c].load > m->type[0].capacity ||
		    !fits_in_shift(x, chain[c].span, chain[c].first, chain[c].last))
			continue;
		for (int32_t i = chain[c].first; i >= 0; i = next[i]) {
			rp_bank_drop(s, i);
			rp_link(s, i, at);
			at = i;
		}
		if (m->timed)
			rp_refresh(s, rp_start(m, c), rp_end(m, c));
	}
}

static bool
start_by_savings(struct rp_search *x, const struct dyp_memory *memory)
{
	const struct rp_model *m = x->m;
	struct dyp_pool pool;
	size_t n = (size_t)m->n;

	dyp_pool_init(&pool, memory);
	struct merge *list = DYP_NEW_ARRAY(&pool, n * (size_t)x->near->wide, struct merge);
	struct chain *chain = DYP_NEW_ARRAY(&pool, n, struct chain);
	int32_t *of = DYP_NEW_ARRAY(&pool, n, int32_t);
	int32_t *next = DYP_NEW_ARRAY(&pool, n, int32_t);
	int32_t *prev = DYP_NEW_ARRAY(&pool, n, int32_t);
	if (pool.failed) {
		dyp_pool_release(&pool);
		return false;
	}
	for (int32_t i = 0; i < m->n; i++) {
		of[i] = i;
		next[i] = prev[i] = -1;
		chain[i] = (struct chain){ i, i, x->s.node[i].load, rp_alone(&x->s.task[i]) };
	}
	size_t count = list_merges(x, list);
	merge_chains(x, chain, of, next, prev, list, count);
	qsort(chain, n, sizeof *chain, by_load);
	adopt_chains(x, chain, next);
	dyp_pool_release(&pool);
	return true;
}

bool
rp_start_plan(struct rp_search *x, struct dyp_pool *pool)
{
	const struct rp_model *m = x->m;

	if (!m->rich && !m->trips && m->types == 1 && m->all_may && !m->has_bank &&
	    !start_by_savings(x, &pool->memory))
		return false;
	rp_begin(&x->s);
	x->n_out = 0;
	for (int32_t i = 0; i < x->s.bank_count; i++)
		x->out[x->n_out++] = x->s.bank[i];
	x->mark++;
	x->n_hit = 0;
	rp_recreate(x);
	rp_keep_best(x);
	return true;
}
