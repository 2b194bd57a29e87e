/* The division before, mended: what is connected keeps its unit, the rest joins the lightest
 * neighbour, and units are merged or divided until there are as many as asked for. */
#include "field.h"

#include <math.h>
#include <string.h>

/* Atoms of one unit that links connect with `atom`; marks them, returns their weight. */
static double
flood(struct zp_field *f, uint32_t atom, bool *has_pin)
{
	uint32_t n = 0, unit = f->unit[atom];
	double weight = 0;

	*has_pin = false;
	f->queue[n++] = atom;
	f->mark[atom] = f->round;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t a = f->queue[i];
		weight += f->h[a];
		*has_pin = *has_pin || f->is_pinned[a];
		for (uint32_t k = f->adj_first[a]; k < f->adj_first[a + 1]; k++)
			if (f->mark[f->adj[k]] != f->round && f->unit[f->adj[k]] == unit) {
				f->mark[f->adj[k]] = f->round;
				f->queue[n++] = f->adj[k];
			}
	}
	return weight;
}

/* First atom of the part that each unit keeps: one with pinned atoms, else the heaviest. */
static void
keep_heaviest(struct zp_field *f, uint32_t units)
{
	uint32_t *kept = f->tree->count;
	double *weight = (double *)(void *)f->tree->sum;

	for (uint32_t u = 0; u < units; u++) {
		kept[u] = DYP_ZONE_NONE;
		weight[u] = -1;
	}
	f->round += 2;
	for (uint32_t a = 0; a < f->n; a++) {
		bool has_pin;
		if (f->unit[a] == DYP_ZONE_NONE || f->mark[a] == f->round)
			continue;
		double w = flood(f, a, &has_pin) + (has_pin ? 1e12 : 0);
		if (w > weight[f->unit[a]]) {
			weight[f->unit[a]] = w;
			kept[f->unit[a]] = a;
		}
	}
	f->round += 2;
	for (uint32_t u = 0; u < units; u++) {
		bool has_pin;
		if (kept[u] != DYP_ZONE_NONE)
			(void)flood(f, kept[u], &has_pin);
	}
	for (uint32_t a = 0; a < f->n; a++)
		if (f->mark[a] != f->round && !f->is_pinned[a])
			f->unit[a] = DYP_ZONE_NONE;
}

/* Atoms without unit join the lightest unit beside them, until none is left. */
static void
fill(struct zp_field *f, uint32_t units)
{
	double *weight = (double *)(void *)f->tree->sum;
	bool changed = true;

	for (uint32_t u = 0; u < units; u++)
		weight[u] = 0;
	for (uint32_t a = 0; a < f->n; a++)
		if (f->unit[a] != DYP_ZONE_NONE)
			weight[f->unit[a]] += f->w[a];
	while (changed) {
		changed = false;
		for (uint32_t a = 0; a < f->n; a++) {
			uint32_t best = DYP_ZONE_NONE;
			if (f->unit[a] != DYP_ZONE_NONE)
				continue;
			for (uint32_t k = f->adj_first[a]; k < f->adj_first[a + 1]; k++) {
				uint32_t u = f->unit[f->adj[k]];
				if (u != DYP_ZONE_NONE &&
				    (best == DYP_ZONE_NONE || weight[u] < weight[best]))
					best = u;
			}
			if (best == DYP_ZONE_NONE)
				continue;
			f->unit[a] = best;
			weight[best] += f->w[a];
			changed = true;
		}
	}
}

/* The shortest way over atoms that are not pinned elsewhere, from the part around `from` to a
 * pinned atom of its unit outside that part, becomes the unit's. False: there is no way. */
static bool
connect_pins(struct zp_field *f, uint32_t from)
{
	uint32_t n = 0, unit = f->unit[from], end = DYP_ZONE_NONE;
	uint32_t *came = f->tree->parent;
	bool has_pin;

	f->round += 2;
	(void)flood(f, from, &has_pin);
	for (uint32_t a = 0; a < f->n; a++)
		if (f->mark[a] == f->round) {
			f->queue[n++] = a;
			came[a] = DYP_ZONE_NONE;
		}
	for (uint32_t i = 0; i < n && end == DYP_ZONE_NONE; i++)
		for (uint32_t k = f->adj_first[f->queue[i]];
		     k < f->adj_first[f->queue[i] + 1] && end == DYP_ZONE_NONE; k++) {
			uint32_t b = f->adj[k];
			if (f->mark[b] == f->round || (f->is_pinned[b] && f->unit[b] != unit))
				continue;
			f->mark[b] = f->round;
			came[b] = f->queue[i];
			f->queue[n++] = b;
			if (f->is_pinned[b])
				end = b;
		}
	if (end == DYP_ZONE_NONE)
		return false;
	for (uint32_t a = end; a != DYP_ZONE_NONE; a = came[a])
		f->unit[a] = unit;
	return true;
}

/* Joins what is pinned to one unit and lies apart. */
static bool
mend_pins(struct zp_field *f, uint32_t units, uint32_t *atom)
{
	for (uint32_t pass = 0; pass <= f->n; pass++) {
		bool whole = true;
		keep_heaviest(f, units);
		/* the marks of keep_heaviest: pinned atoms outside the kept part have none */
		for (uint32_t a = 0; a < f->n && whole; a++)
			if (f->is_pinned[a] && f->mark[a] != f->round) {
				whole = false;
				*atom = a;
			}
		if (whole)
			return true;
		if (!connect_pins(f, *atom))
			return false;
	}
	return false;
}

static void
merge_lightest(struct zp_field *f)
{
	uint32_t least = DYP_ZONE_NONE, into = DYP_ZONE_NONE, last = f->k - 1;

	for (uint32_t u = 0; u < f->k; u++) {
		bool pinned = false;
		for (uint32_t a = f->sum[u].head; a != DYP_ZONE_NONE; a = f->next[a])
			pinned = pinned || f->is_pinned[a];
		if (!pinned && (least == DYP_ZONE_NONE || f->sum[u].w < f->sum[least].w))
			least = u;
	}
	if (least == DYP_ZONE_NONE)
		return;
	for (uint32_t a = f->sum[least].head; a != DYP_ZONE_NONE; a = f->next[a])
		for (uint32_t k = f->adj_first[a]; k < f->adj_first[a + 1]; k++) {
			uint32_t u = f->unit[f->adj[k]];
			if (u != least && (into == DYP_ZONE_NONE || f->sum[u].w < f->sum[into].w))
				into = u;
		}
	if (into == DYP_ZONE_NONE)
		return;
	for (uint32_t a = 0; a < f->n; a++) {
		f->unit[a] = f->unit[a] == least ? into : f->unit[a];
		f->unit[a] = f->unit[a] == last ? least : f->unit[a];
		f->home[a] = f->home[a] == least ? DYP_ZONE_NONE - 1 : f->home[a];
		f->home[a] = f->home[a] == last && last != least ? least : f->home[a];
	}
	f->label[least] = f->label[last];
	f->k--;
	zp_field_sum(f);
}

/* Cuts the heaviest unit in two at the best tree edge below which nothing is pinned. */
static bool
divide_heaviest(struct zp_field *f)
{
	struct zp_tree *t = f->tree;
	uint32_t heavy = DYP_ZONE_NONE, n = 0, root = DYP_ZONE_NONE;
	double least = HUGE_VAL;

	for (uint32_t u = 0; u < f->k; u++)
		if (f->sum[u].count > 1 &&
		    (heavy == DYP_ZONE_NONE || f->sum[u].w > f->sum[heavy].w))
			heavy = u;
	if (heavy == DYP_ZONE_NONE)
		return false;
	for (uint32_t a = f->sum[heavy].head; a != DYP_ZONE_NONE; a = f->next[a])
		t->list[n++] = a;
	zp_tree_grow(f, t->list, n);
	zp_tree_sum(f, n);
	for (uint32_t i = n; i-- > 1;) {
		uint32_t a = t->order[i];
		double off = fabs(t->sum[a].w - 0.5 * f->sum[heavy].w);
		bool pinned = false;
		for (uint32_t k = i; k < n && !pinned; k++) {
			/* below a: the way up passes a */
			uint32_t b = t->order[k];
			while (b != a && b != t->order[0])
				b = t->parent[b];
			pinned = b == a && f->is_pinned[t->order[k]];
		}
		if (!pinned && off < least) {
			least = off;
			root = a;
		}
	}
	if (root == DYP_ZONE_NONE)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t b = t->order[i];
		if (b == root || (i > 0 && f->unit[t->parent[b]] == f->k))
			f->unit[b] = f->k;
	}
	f->label[f->k] = DYP_ZONE_NONE;
	f->k++;
	zp_field_sum(f);
	return true;
}

bool
zp_adopt(struct zp_field *f, uint32_t *atom)
{
	uint32_t wanted = f->k, units = 0;

	for (uint32_t a = 0; a < f->n; a++) {
		f->unit[a] = f->home[a];
		if (f->home[a] != DYP_ZONE_NONE && f->home[a] >= units)
			units = f->home[a] + 1;
	}
	if (!mend_pins(f, units, atom))
		return false;
	fill(f, units);
	f->k = units;
	/* a unit whose atoms all went to others is taken out */
	for (uint32_t u = 0; u < f->k;) {
		bool used = false;
		for (uint32_t a = 0; a < f->n && !used; a++)
			used = f->unit[a] == u;
		if (used) {
			u++;
			continue;
		}
		uint32_t last = f->k - 1;
		for (uint32_t a = 0; a < f->n; a++) {
			f->unit[a] = f->unit[a] == last ? u : f->unit[a];
			f->home[a] = f->home[a] == u ? DYP_ZONE_NONE - 1 : f->home[a];
			f->home[a] = f->home[a] == last && last != u ? u : f->home[a];
		}
		f->label[u] = f->label[last];
		f->k--;
	}
	zp_field_sum(f);
	for (uint32_t k = f->k; f->k > wanted; k = f->k) {
		merge_lightest(f);
		if (f->k == k)
			break;
	}
	while (f->k < wanted && divide_heaviest(f))
		;
	return true;
}
