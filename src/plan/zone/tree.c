/* Random spanning trees that prefer short links (Prim's algorithm on randomly stretched lengths). */
#include "field.h"

static float
stretched(uint64_t salt, uint32_t a, uint32_t b, float metres)
{
	uint64_t pair = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	uint64_t draw = dyp_mix(salt ^ (pair * UINT64_C(0x9e3779b97f4a7c15)));

	return (metres + 2.0F) * (0.2F + (float)(draw >> 40) * 0x1.0p-24F);
}

static bool
is_before(struct zp_arc a, struct zp_arc b)
{
	return a.key < b.key || (a.key == b.key && (a.b < b.b || (a.b == b.b && a.a < b.a)));
}

static void
push(struct zp_arc *heap, uint32_t *n, struct zp_arc arc)
{
	uint32_t i = (*n)++;

	while (i > 0 && is_before(arc, heap[(i - 1) / 2])) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = arc;
}

static struct zp_arc
pop(struct zp_arc *heap, uint32_t *n)
{
	struct zp_arc top = heap[0], last = heap[--*n];
	uint32_t i = 0;

	for (;;) {
		uint32_t c = 2 * i + 1;
		if (c >= *n)
			break;
		if (c + 1 < *n && is_before(heap[c + 1], heap[c]))
			c++;
		if (!is_before(heap[c], last))
			break;
		heap[i] = heap[c];
		i = c;
	}
	heap[i] = last;
	return top;
}

void
zp_tree_grow(struct zp_field *f, const uint32_t *list, uint32_t n)
{
	struct zp_tree *t = f->tree;
	uint64_t salt = dyp_rng_next(&f->rng);
	uint32_t heap_n = 0, n_order = 0;
	struct zp_arc arc = { .a = DYP_ZONE_NONE, .b = list[dyp_rng_below(&f->rng, n)] };

	f->round += 2;
	for (uint32_t i = 0; i < n; i++)
		f->mark[list[i]] = f->round; /* to be reached */
	for (;;) {
		f->mark[arc.b] = f->round + 1;
		t->order[n_order++] = arc.b;
		t->parent[arc.b] = arc.a;
		for (uint32_t i = f->adj_first[arc.b]; i < f->adj_first[arc.b + 1]; i++)
			if (f->mark[f->adj[i]] == f->round)
				push(t->arc, &heap_n,
				     (struct zp_arc){
					     stretched(salt, arc.b, f->adj[i], f->adj_metres[i]),
					     arc.b, f->adj[i] });
		while (heap_n > 0 && f->mark[t->arc[0].b] != f->round)
			(void)pop(t->arc, &heap_n);
		if (heap_n == 0)
			return;
		arc = pop(t->arc, &heap_n);
	}
}

void
zp_tree_sum(struct zp_field *f, uint32_t n)
{
	struct zp_tree *t = f->tree;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t a = t->order[i];
		t->sum[a] = (struct zp_sum){ .w = f->w[a],
			                     .h = f->h[a],
			                     .in_range = f->households[a],
			                     .x = f->h[a] * f->x[a],
			                     .y = f->h[a] * f->y[a],
			                     .second = f->second[a],
			                     .count = 1 };
	}
	for (uint32_t i = n; i-- > 1;) {
		const struct zp_sum *s = &t->sum[t->order[i]];
		struct zp_sum *up = &t->sum[t->parent[t->order[i]]];
		up->w += s->w;
		up->h += s->h;
		up->in_range += s->in_range;
		up->x += s->x;
		up->y += s->y;
		up->second += s->second;
		up->count += s->count;
	}
}
