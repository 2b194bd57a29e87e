/* Tours as linked lists with an undo journal. A round costs what it touches, whatever the size of
 * the problem (Accorsi, Vigo 2024, FILO2, has the same principle with do/undo lists). */
#include "state.h"
#include "eval.h"

#include <string.h>

static bool
get_memory(struct rp_state *s, const struct rp_model *m, struct dyp_pool *pool)
{
	size_t nodes = (size_t)m->nodes;

	*s = (struct rp_state){ .m = m };
	s->node = DYP_NEW_ARRAY(pool, nodes, struct rp_node);
	s->task = DYP_NEW_ARRAY(pool, nodes, struct rp_task);
	s->tour = DYP_NEW_ARRAY(pool, (size_t)m->vehicles, struct rp_tour);
	s->room = DYP_NEW_ARRAY(pool, (size_t)m->vehicles, int32_t);
	s->unused = DYP_NEW_ARRAY(pool, (size_t)m->types, int32_t);
	s->bank = DYP_NEW_ARRAY(pool, (size_t)m->n, int32_t);
	s->bank_at = DYP_NEW_ARRAY(pool, (size_t)m->n, int32_t);
	s->nodes_was = DYP_NEW_ARRAY(pool, nodes, struct rp_saved_node);
	s->tours_was = DYP_NEW_ARRAY(pool, (size_t)m->vehicles, struct rp_saved_tour);
	s->eval = rp_eval_new(m, pool);
	return !pool->failed;
}

static void
fill_node(struct rp_state *s, int32_t i)
{
	const struct rp_model *m = s->m;
	struct rp_node *x = &s->node[i];
	struct rp_task *w = &s->task[i];

	*x = (struct rp_node){ .prev = -1, .next = -1, .tour = -1 };
	*w = (struct rp_task){ .close = DYP_ROUTE_TIME_MAX };
	if (i < m->n) {
		const struct dyp_route_stop *stop = &m->problem->stops[i];
		x->place = (int32_t)stop->place;
		x->load = stop->delivery != NULL && m->problem->dims > 0 ? stop->delivery[0] : 0;
		w->service = stop->service_s;
		if (stop->n_windows > 0) {
			w->open = stop->windows[0].from;
			w->close = stop->windows[stop->n_windows - 1].to;
		}
	} else if (i < m->reload0) {
		int32_t v = (i - m->n) / 2;
		const struct rp_type *t = &m->type[m->type_of[v]];
		bool end = (i - m->n) % 2 == 1;
		x->place = end ? t->end : t->start;
		x->prev_place = x->next_place = end ? t->start : t->end;
		x->leg = x->leg_in = rp_arc(m, t, t->start, t->end);
		w->open = t->open;
		w->close = t->close;
		x->tour = v;
		x->next = end ? -1 : i + 1;
		x->prev = end ? i - 1 : -1;
	} else {
		int32_t v = m->reload_owner[i - m->reload0];
		w->service = m->problem->vehicles[v].reload_s;
	}
}

void
rp_state_clear(struct rp_state *s)
{
	const struct rp_model *m = s->m;

	/* nothing is journalled while the round equals the fresh marks */
	s->round = 0;
	s->nodes_saved = s->tours_saved = 0;
	for (int32_t i = 0; i < m->nodes; i++)
		fill_node(s, i);
	for (int32_t t = 0; t < m->types; t++)
		s->unused[t] = -1;
	for (int32_t v = m->vehicles; v-- > 0;) {
		int32_t t = m->type_of[v];
		s->tour[v] = (struct rp_tour){ .type = &m->type[t],
			                       .free_next = s->unused[t],
			                       .fixed_last = rp_start(m, v) };
		s->unused[t] = v;
		s->room[v] = m->type[t].capacity;
		s->tour[v].arcs = s->node[rp_start(m, v)].leg;
		if (m->timed && !m->rich)
			rp_refresh(s, rp_start(m, v), rp_end(m, v));
	}
	s->bank_count = s->served = s->used = 0;
	s->cost = s->spread = 0;
	s->broken = 0;
	s->score = (struct rp_score){ 0 };
	for (int32_t i = 0; i < m->n; i++)
		s->bank_at[i] = -1;
	for (int32_t i = 0; i < m->n; i++)
		rp_bank_add(s, i);
	rp_begin(s);
}

bool
rp_state_init(struct rp_state *s, const struct rp_model *m, struct dyp_pool *pool)
{
	if (!get_memory(s, m, pool))
		return false;
	rp_state_clear(s);
	return true;
}

void
rp_begin(struct rp_state *s)
{
	s->nodes_saved = s->tours_saved = 0;
	if (++s->round == INT32_MAX) {
		for (int32_t i = 0; i < s->m->nodes; i++)
			s->node[i].mark = 0;
		for (int32_t v = 0; v < s->m->vehicles; v++)
			s->tour[v].mark = 0;
		s->round = 1;
	}
}

/* A vehicle that gained its first stop leaves the list of unused ones, wherever it stands. */
static void
take_from_unused(struct rp_state *s, int32_t tour)
{
	int32_t *at = &s->unused[s->m->type_of[tour]];

	while (*at != tour)
		at = &s->tour[*at].free_next;
	*at = s->tour[tour].free_next;
}

static void
put_to_unused(struct rp_state *s, int32_t tour)
{
	int32_t t = s->m->type_of[tour];

	s->tour[tour].free_next = s->unused[t];
	s->unused[t] = tour;
}

void
rp_go_back(struct rp_state *s)
{
	for (int32_t i = 0; i < s->nodes_saved; i++)
		s->node[s->nodes_was[i].at] = s->nodes_was[i].was;
	for (int32_t i = 0; i < s->tours_saved; i++) {
		int32_t v = s->tours_was[i].at;
		const struct rp_tour *was = &s->tours_was[i].was;
		bool is_used = s->tour[v].count > 0;
		if (is_used != (was->count > 0)) {
			if (is_used)
				put_to_unused(s, v);
			else
				take_from_unused(s, v);
			s->used += is_used ? -1 : 1;
		}
		int32_t free_next = s->tour[v].free_next;
		s->tour[v] = *was;
		s->tour[v].free_next = free_next;
		s->room[v] = was->type->capacity - was->load;
	}
	s->nodes_saved = s->tours_saved = 0;
}

void
rp_bank_add(struct rp_state *s, int32_t stop)
{
	const struct rp_model *m = s->m;
	int32_t g = m->group_next[stop];

	s->bank_at[stop] = s->bank_count;
	s->bank[s->bank_count++] = stop;
	for (; g != stop; g = m->group_next[g])
		if (s->bank_at[g] < 0)
			return; /* an alternative is still served */
	int32_t first = stop;   /* of a group the first stop's price counts */
	for (g = m->group_next[stop]; g != stop; g = m->group_next[g])
		first = g < first ? g : first;
	s->cost += m->absence[first];
	if (m->weight[first] == 0)
		s->score.cost += m->absence[first];
	else
		s->score.unserved[m->problem->stops[first].tier] += m->weight[first];
}

void
rp_bank_drop(struct rp_state *s, int32_t stop)
{
	const struct rp_model *m = s->m;
	int32_t first = stop;

	for (int32_t g = m->group_next[stop]; g != stop; g = m->group_next[g])
		first = g < first ? g : first;
	s->cost -= m->absence[first];
	if (m->weight[first] == 0)
		s->score.cost -= m->absence[first];
	else
		s->score.unserved[m->problem->stops[first].tier] -= m->weight[first];
	int32_t at = s->bank_at[stop];
	int32_t last = s->bank[--s->bank_count];
	s->bank[at] = last;
	s->bank_at[last] = at;
	s->bank_at[stop] = -1;
}

static inline void
add_cost(struct rp_state *s, int64_t delta)
{
	s->cost += delta;
	s->score.cost += delta;
}

static inline int64_t
cost_of(const struct rp_tour *t)
{
	return t->count > 0 ? t->type->fixed + t->arcs * t->type->mul : 0;
}

void
rp_link(struct rp_state *s, int32_t i, int32_t after)
{
	const struct rp_model *m = s->m;
	struct rp_node *x = &s->node[i];
	struct rp_node *p = &s->node[after];
	int32_t nx = p->next;
	struct rp_node *q = &s->node[nx];
	int32_t v = p->tour;
	struct rp_tour *t = &s->tour[v];

	rp_save(s, i);
	rp_save(s, after);
	rp_save(s, nx);
	rp_save_tour(s, v);
	int32_t old = p->leg;
	x->prev = after;
	x->next = nx;
	x->tour = v;
	x->prev_place = p->place;
	x->next_place = q->place;
	p->next = i;
	p->next_place = x->place;
	q->prev = i;
	q->prev_place = x->place;
	p->leg = x->leg_in = rp_arc(m, t->type, p->place, x->place);
	x->leg = q->leg_in = rp_arc(m, t->type, x->place, q->place);
	int64_t was = cost_of(t);
	t->arcs += (int64_t)p->leg + x->leg - old;
	t->load += x->load;
	s->room[v] -= x->load;
	if (i < m->n) {
		s->served++;
		if (t->count++ == 0) {
			take_from_unused(s, v);
			s->used++;
		}
	}
	if (!m->rich)
		add_cost(s, cost_of(t) - was + (i < m->n ? rp_price_of_change(m, i, v) : 0));
}

void
rp_unlink(struct rp_state *s, int32_t i)
{
	const struct rp_model *m = s->m;
	struct rp_node *x = &s->node[i];
	struct rp_node *p = &s->node[x->prev];
	struct rp_node *q = &s->node[x->next];
	int32_t v = x->tour;
	struct rp_tour *t = &s->tour[v];

	rp_save(s, i);
	rp_save(s, x->prev);
	rp_save(s, x->next);
	rp_save_tour(s, v);
	int64_t old = (int64_t)p->leg + x->leg;
	p->next = x->next;
	q->prev = x->prev;
	p->next_place = q->place;
	q->prev_place = p->place;
	p->leg = q->leg_in = rp_arc(m, t->type, p->place, q->place);
	x->tour = x->prev = x->next = -1;
	int64_t was = cost_of(t);
	t->arcs += p->leg - old;
	t->load -= x->load;
	s->room[v] += x->load;
	if (i < m->n) {
		s->served--;
		if (--t->count == 0) {
			put_to_unused(s, v);
			s->used--;
		}
	}
	if (!m->rich)
		add_cost(s, cost_of(t) - was - (i < m->n ? rp_price_of_change(m, i, v) : 0));
}

static inline int32_t
drive_from(const struct rp_model *m, const struct rp_type *t, const struct rp_node *x)
{
	return m->same_time ? x->leg : rp_drive(m, t, x->place, x->next_place);
}

static void
refresh_forward(struct rp_state *s, const struct rp_type *t, int32_t a, int32_t b)
{
	const struct rp_model *m = s->m;
	const struct rp_node *p = &s->node[a];
	bool past = false;

	for (int32_t i = p->next; i >= 0; i = p->next) {
		struct rp_node *x = &s->node[i];
		const struct rp_task *w = &s->task[i];
		int32_t leave = p->leave + drive_from(m, t, p);
		leave = (leave > w->open ? leave : w->open) + w->service;
		past |= i == b;
		if (past && leave == x->leave)
			return;
		rp_save(s, i);
		x->leave = leave;
		p = x;
	}
}

static void
refresh_backward(struct rp_state *s, const struct rp_type *t, int32_t a, int32_t b)
{
	const struct rp_model *m = s->m;
	const struct rp_node *q = &s->node[b];
	bool past = false;

	for (int32_t i = q->prev; i >= 0; i = q->prev) {
		struct rp_node *x = &s->node[i];
		const struct rp_task *w = &s->task[i];
		int32_t latest = q->latest - drive_from(m, t, x) - w->service;
		latest = latest < w->close ? latest : w->close;
		past |= i == a;
		if (past && latest == x->latest)
			return;
		rp_save(s, i);
		x->latest = latest;
		q = x;
	}
}

/* The same with durations, for models that limit them. */
static void
span_forward(struct rp_state *s, const struct rp_type *t, int32_t a, int32_t b)
{
	const struct rp_model *m = s->m;
	const struct rp_node *p = &s->node[a];
	bool past = false;

	for (int32_t i = p->next; i >= 0; i = p->next) {
		struct rp_node *x = &s->node[i];
		struct rp_span span =
			rp_join(rp_prefix(p), drive_from(m, t, p), rp_alone(&s->task[i]));
		past |= i == b;
		if (past && span.d == x->fd && span.e + span.d == x->leave && span.l == x->fl)
			return;
		rp_save(s, i);
		x->fd = span.d;
		x->leave = span.e + span.d;
		x->fl = span.l;
		p = x;
	}
}

static void
span_backward(struct rp_state *s, const struct rp_type *t, int32_t a, int32_t b)
{
	const struct rp_model *m = s->m;
	const struct rp_node *q = &s->node[b];
	bool past = false;

	for (int32_t i = q->prev; i >= 0; i = q->prev) {
		struct rp_node *x = &s->node[i];
		struct rp_span span =
			rp_join(rp_alone(&s->task[i]), drive_from(m, t, x), rp_suffix(q));
		past |= i == a;
		if (past && span.d == x->bd && span.e == x->be && span.l == x->latest)
			return;
		rp_save(s, i);
		x->bd = span.d;
		x->be = span.e;
		x->latest = span.l;
		q = x;
	}
}

/* The ends of a tour say their own times. */
static void
refresh_end(struct rp_state *s, int32_t i)
{
	struct rp_node *x = &s->node[i];
	const struct rp_task *w = &s->task[i];

	rp_save(s, i);
	if (x->prev < 0) {
		x->leave = w->open + w->service;
		x->fd = w->service;
		x->fl = w->close;
	} else {
		x->latest = w->close;
		x->bd = w->service;
		x->be = w->open;
	}
}

void
rp_refresh(struct rp_state *s, int32_t a, int32_t b)
{
	const struct rp_type *t = s->tour[s->node[a].tour].type;

	if (s->m->trips) {
		rp_refresh_trips(s, s->node[a].tour);
		return;
	}
	if (s->node[a].prev < 0)
		refresh_end(s, a);
	if (s->node[b].next < 0)
		refresh_end(s, b);
	if (s->m->has_limit) {
		span_forward(s, t, a, b);
		span_backward(s, t, a, b);
	} else {
		refresh_forward(s, t, a, b);
		refresh_backward(s, t, a, b);
	}
}

int
rp_score_compare(const struct rp_score *a, const struct rp_score *b)
{
	for (int k = DYP_ROUTE_TIERS; k-- > 0;)
		if (a->unserved[k] != b->unserved[k])
			return a->unserved[k] < b->unserved[k] ? -1 : 1;
	return a->cost == b->cost ? 0 : a->cost < b->cost ? -1 : 1;
}
