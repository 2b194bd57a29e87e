/* Tours of several trips whose only features beyond load and windows are reloads and releases:
 * positions in O(1), a walk to the position when the stop's release delays the departure.
 *
 * A trip begins at its head, the start of the tour or a reload node. Heads carry the load and the
 * latest release of their trip, and leave no earlier than that release. */
#include "search.h"

enum { TOURS_OFFERED_TRIPS = 24 };

struct place_for {
	int64_t delta;
	int32_t after;
	int32_t reload; /* node to link as well, or -1 */
	int32_t reload_place;
	bool reload_first; /* reload, stop; else stop, reload */
};

static inline int32_t
release_of(const struct rp_model *m, int32_t stop)
{
	return m->problem->stops[stop].release_s;
}

/* Leaving a head reached (or opened) at `arrival` for a trip released at `release`. */
static inline int32_t
departure(const struct rp_state *s, int32_t head, int32_t arrival, int32_t release)
{
	int32_t leave = arrival + s->task[head].service;

	return leave > release ? leave : release;
}

static int32_t
arrival_at(const struct rp_search *x, const struct rp_type *t, int32_t node)
{
	const struct rp_node *a = &x->s.node[node];

	if (a->prev < 0)
		return x->s.task[node].open;
	return x->s.node[a->prev].leave + rp_drive(x->m, t, a->prev_place, a->place);
}

void
rp_refresh_trips(struct rp_state *s, int32_t tour)
{
	const struct rp_model *m = s->m;
	const struct rp_type *t = s->tour[tour].type;
	int32_t head = rp_start(m, tour);

	for (int32_t i = head; i >= 0; i = s->node[i].next) {
		struct rp_node *x = &s->node[i];
		rp_save(s, i);
		if (i >= m->n) {
			head = i;
			x->trip_load = x->release = 0;
		} else {
			struct rp_node *h = &s->node[head];
			int32_t release = release_of(m, i);
			h->trip_load += x->load;
			h->release = release > h->release ? release : h->release;
		}
		x->head = head;
	}
	int32_t at = s->task[rp_start(m, tour)].open;
	for (int32_t i = rp_start(m, tour); i >= 0; i = s->node[i].next) {
		struct rp_node *x = &s->node[i];
		const struct rp_task *w = &s->task[i];
		at = at > w->open ? at : w->open;
		x->leave = i < m->n ? at + w->service : departure(s, i, at, x->release);
		at = x->leave + rp_drive(m, t, x->place, x->next_place);
	}
	int32_t end = rp_end(m, tour);
	s->node[end].latest = s->task[end].close;
	for (int32_t i = s->node[end].prev; i >= 0; i = s->node[i].prev) {
		struct rp_node *x = &s->node[i];
		int32_t latest = s->node[x->next].latest - rp_drive(m, t, x->place, x->next_place) -
		                 s->task[i].service;
		x->latest = latest < s->task[i].close ? latest : s->task[i].close;
	}
}

bool
rp_trips_fit(const struct rp_state *s, int32_t tour)
{
	const struct rp_model *m = s->m;

	for (int32_t i = rp_start(m, tour); i >= 0; i = s->node[i].next) {
		const struct rp_node *x = &s->node[i];
		if (x->leave - s->task[i].service > x->latest ||
		    (i >= m->n && x->trip_load > s->tour[tour].type->capacity))
			return false;
	}
	return true;
}

void
rp_tidy_trips(struct rp_state *s, int32_t tour)
{
	const struct rp_model *m = s->m;

	for (int32_t i = s->node[rp_start(m, tour)].next; i != rp_end(m, tour);) {
		int32_t next = s->node[i].next;
		if (i >= m->n && (next >= m->n || s->node[i].prev == rp_start(m, tour)))
			rp_unlink(s, i);
		i = next;
	}
	rp_refresh_trips(s, tour);
}

/* When the vehicle can be at the stop behind p at the earliest, if the stop's release holds up the
 * trip; -1: a stop before it misses its window. */
static int32_t
delayed_leave(const struct rp_search *x, const struct rp_type *t, int32_t p, int32_t release)
{
	const struct rp_state *s = &x->s;
	int32_t i = s->node[p].head;
	int32_t leave = release;

	while (i != p) {
		const struct rp_node *a = &s->node[i];
		const struct rp_task *w = &s->task[a->next];
		leave += rp_drive(x->m, t, a->place, a->next_place);
		leave = leave > w->open ? leave : w->open;
		if (leave > w->close)
			return -1;
		leave += w->service;
		i = a->next;
	}
	return leave;
}

/* May the stop be driven to from where the vehicle leaves at `leave`, and then on to q? */
static bool
reaches(const struct rp_search *x, const struct rp_type *t, int32_t leave, int32_t from_place,
        int32_t stop, int32_t q)
{
	const struct rp_state *s = &x->s;
	const struct rp_task *u = &s->task[stop];
	int32_t place = s->node[stop].place;
	int32_t begin = leave + rp_drive(x->m, t, from_place, place);

	begin = begin > u->open ? begin : u->open;
	return begin <= u->close &&
	       begin + u->service + rp_drive(x->m, t, place, s->node[q].place) <= s->node[q].latest;
}

static void
try_position(const struct rp_search *x, int32_t stop, int32_t p, struct place_for *best)
{
	const struct rp_state *s = &x->s;
	const struct rp_node *a = &s->node[p];
	const struct rp_tour *tour = &s->tour[a->tour];
	const struct rp_type *t = tour->type;
	int32_t place = s->node[stop].place;

	if (a->next < 0)
		return;
	int64_t delta = ((int64_t)rp_arc(x->m, t, a->place, place) +
	                 rp_arc(x->m, t, place, a->next_place) - (tour->count > 0 ? a->leg : 0)) *
	                        t->mul +
	                (tour->count > 0 ? 0 : t->fixed) + rp_price_of_change(x->m, stop, a->tour);
	if (delta >= best->delta || s->node[a->head].trip_load + s->node[stop].load > t->capacity)
		return;
	int32_t leave = a->leave;
	if (release_of(x->m, stop) > s->node[a->head].leave) {
		leave = delayed_leave(x, t, p, release_of(x->m, stop));
		if (leave < 0)
			return;
	}
	if (reaches(x, t, leave, a->place, stop, a->next))
		*best = (struct place_for){ .delta = delta, .after = p, .reload = -1 };
}

static int32_t
unused_reload(const struct rp_search *x, int32_t tour)
{
	const struct rp_model *m = x->m;

	for (int32_t i = m->reload_of[tour]; i < m->reload_of[tour + 1]; i++)
		if (x->s.node[m->reload0 + i].tour < 0)
			return m->reload0 + i;
	return -1;
}

static int64_t
detour_of_two(const struct rp_search *x, const struct rp_type *t, const struct rp_node *p,
              int32_t first, int32_t second)
{
	return ((int64_t)rp_arc(x->m, t, p->place, first) + rp_arc(x->m, t, first, second) +
	        rp_arc(x->m, t, second, p->next_place) - p->leg) *
	       t->mul;
}

/* The stop as the last trip of its tour. */
static void
try_last_trip(const struct rp_search *x, int32_t stop, int32_t tour, int32_t reload,
              int32_t reload_place, struct place_for *best)
{
	const struct rp_state *s = &x->s;
	const struct rp_type *t = s->tour[tour].type;
	int32_t end = rp_end(x->m, tour);
	int32_t p = s->node[end].prev;
	const struct rp_node *a = &s->node[p];
	int64_t delta = detour_of_two(x, t, a, reload_place, s->node[stop].place) +
	                rp_price_of_change(x->m, stop, tour);

	if (delta >= best->delta)
		return;
	int32_t leave = departure(s, reload, a->leave + rp_drive(x->m, t, a->place, reload_place),
	                          release_of(x->m, stop));
	if (reaches(x, t, leave, reload_place, stop, end))
		*best = (struct place_for){ delta, p, reload, reload_place, true };
}

/* The stop as a trip of its own before the trip of `head`. */
static void
try_trip_before(const struct rp_search *x, int32_t stop, int32_t head, int32_t reload,
                int32_t reload_place, struct place_for *best)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	const struct rp_node *h = &s->node[head];
	const struct rp_type *t = s->tour[h->tour].type;
	const struct rp_task *u = &s->task[stop];
	int32_t place = s->node[stop].place;
	int64_t delta =
		detour_of_two(x, t, h, place, reload_place) + rp_price_of_change(m, stop, h->tour);

	if (delta >= best->delta)
		return;
	int32_t leave = departure(s, head, arrival_at(x, t, head), release_of(m, stop));
	int32_t begin = leave + rp_drive(m, t, h->place, place);
	begin = begin > u->open ? begin : u->open;
	if (begin > u->close)
		return;
	leave = departure(s, reload, begin + u->service + rp_drive(m, t, place, reload_place),
	                  h->release);
	const struct rp_node *f = &s->node[h->next];
	if (leave + rp_drive(m, t, reload_place, f->place) <= f->latest)
		*best = (struct place_for){ delta, head, reload, reload_place, false };
}

static void
try_trips(const struct rp_search *x, int32_t stop, int32_t tour, struct place_for *best)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	const struct dyp_route_vehicle *v = &m->problem->vehicles[tour];
	int32_t reload = s->tour[tour].count > 0 ? unused_reload(x, tour) : -1;

	if (reload < 0 || s->node[stop].load > s->tour[tour].type->capacity)
		return;
	for (uint32_t k = 0; k < v->n_reloads; k++) {
		int32_t place = (int32_t)v->reloads[k];
		try_last_trip(x, stop, tour, reload, place, best);
		try_trip_before(x, stop, rp_start(m, tour), reload, place, best);
		for (int32_t i = m->reload_of[tour]; i < m->reload_of[tour + 1]; i++)
			if (s->node[m->reload0 + i].tour >= 0)
				try_trip_before(x, stop, m->reload0 + i, reload, place, best);
	}
}

static bool
blinks(struct rp_search *x)
{
	if (--x->blink > 0)
		return false;
	x->blink = 1 + (int32_t)dyp_rng_below(&x->rng, 199);
	return true;
}

static struct place_for
best_place(struct rp_search *x, int32_t stop, bool everywhere)
{
	const struct rp_model *m = x->m;
	const struct rp_state *s = &x->s;
	const int32_t *near = rp_near_list(x->near, stop);
	struct place_for best = { .delta = INT64_MAX, .after = -1, .reload = -1 };

	for (int32_t k = 0; k < x->near->width; k++) {
		const struct rp_node *c = &s->node[near[k]];
		if (c->tour < 0 || !rp_may(s->tour[c->tour].type, stop) || blinks(x))
			continue;
		try_position(x, stop, near[k], &best);
		try_position(x, stop, c->prev, &best);
	}
	/* at equal cost an unused vehicle: it leaves more time than another trip */
	for (int32_t k = 0; k < m->types; k++)
		if (s->unused[k] >= 0 && rp_may(&m->type[k], stop))
			try_position(x, stop, rp_start(m, s->unused[k]), &best);
	/* a trip costs the same in most vehicles: any of them, so that schedules change */
	int32_t v0 = (int32_t)dyp_rng_below(&x->rng, (uint32_t)m->vehicles);
	for (int32_t k = 0; k < m->vehicles && k < TOURS_OFFERED_TRIPS; k++) {
		int32_t v = v0 + k < m->vehicles ? v0 + k : v0 + k - m->vehicles;
		if (rp_may(s->tour[v].type, stop))
			try_trips(x, stop, v, &best);
	}
	for (int32_t v = 0; best.after < 0 && everywhere && v < m->vehicles; v++) {
		if (s->tour[v].count == 0 || !rp_may(s->tour[v].type, stop))
			continue;
		for (int32_t p = rp_start(m, v); s->node[p].next >= 0; p = s->node[p].next)
			try_position(x, stop, p, &best);
		try_trips(x, stop, v, &best);
	}
	return best;
}

bool
rp_trips_insert(struct rp_search *x, int32_t stop, bool everywhere)
{
	struct rp_state *s = &x->s;
	struct place_for best = best_place(x, stop, everywhere);

	if (best.after < 0 || best.delta >= x->m->absence[stop] * x->patience)
		return false;
	rp_bank_drop(s, stop);
	if (best.reload >= 0) {
		rp_save(s, best.reload);
		s->node[best.reload].place = best.reload_place;
	}
	if (best.reload >= 0 && best.reload_first)
		rp_link(s, best.reload, best.after);
	rp_link(s, stop, best.reload >= 0 && best.reload_first ? best.reload : best.after);
	if (best.reload >= 0 && !best.reload_first)
		rp_link(s, best.reload, stop);
	rp_refresh_trips(s, s->node[stop].tour);
	return true;
}

/* A random trip of the tour after its first, or the tour's end. */
static int32_t
draw_cut(struct rp_search *x, int32_t tour)
{
	const struct rp_model *m = x->m;
	int32_t cut = rp_end(m, tour);
	uint32_t seen = 1;

	for (int32_t i = rp_start(m, tour); i != rp_end(m, tour); i = x->s.node[i].next)
		if (i >= m->reload0 && dyp_rng_below(&x->rng, ++seen) == 0)
			cut = i;
	return cut;
}

/* Would the trips from `cut` on be in time behind the stop `p` of another tour of that type? */
static bool
tail_fits(const struct rp_search *x, int32_t p, int32_t cut)
{
	const struct rp_state *s = &x->s;
	int32_t at = s->node[p].leave;
	int32_t place = s->node[p].place;
	const struct rp_type *t = s->tour[s->node[p].tour].type;

	for (int32_t i = cut; i >= 0; i = s->node[i].next) {
		const struct rp_task *w = &s->task[i];
		at += rp_drive(x->m, t, place, s->node[i].place);
		at = at > w->open ? at : w->open;
		if (at > w->close)
			return false;
		at = i < x->m->n ? at + w->service : departure(s, i, at, s->node[i].release);
		place = s->node[i].place;
	}
	return true;
}

/* Takes the nodes from cut to the end out of the tour; reloads become ~place in the list. */
static int32_t
cut_tail(struct rp_search *x, int32_t tour, int32_t cut, int32_t *list)
{
	struct rp_state *s = &x->s;
	int32_t count = 0;

	while (cut != rp_end(x->m, tour)) {
		int32_t next = s->node[cut].next;
		list[count++] = cut < x->m->n ? cut : ~s->node[cut].place;
		rp_unlink(s, cut);
		cut = next;
	}
	return count;
}

static void
add_tail(struct rp_search *x, int32_t tour, const int32_t *list, int32_t count)
{
	struct rp_state *s = &x->s;

	for (int32_t k = 0; k < count; k++) {
		int32_t node = list[k];
		if (node < 0) {
			node = unused_reload(x, tour);
			rp_save(s, node);
			s->node[node].place = ~list[k];
		}
		rp_link(s, node, s->node[rp_end(x->m, tour)].prev);
	}
	rp_refresh_trips(s, tour);
}

static int32_t
reloads_in(const struct rp_search *x, int32_t from)
{
	int32_t count = 0;

	for (int32_t i = from; i >= 0; i = x->s.node[i].next)
		count += i >= x->m->reload0;
	return count;
}

static int32_t
room_for_reloads(const struct rp_search *x, int32_t tour, int32_t cut)
{
	const struct rp_model *m = x->m;

	return m->reload_of[tour + 1] - m->reload_of[tour] -
	       (reloads_in(x, rp_start(m, tour)) - reloads_in(x, cut));
}

void
rp_swap_trips(struct rp_search *x)
{
	const struct rp_model *m = x->m;
	struct rp_state *s = &x->s;

	if (x->n_hit == 0 || m->nodes == m->reload0 || m->home != NULL)
		return;
	int32_t a = x->hit_tours[dyp_rng_below(&x->rng, (uint32_t)x->n_hit)];
	int32_t b = (int32_t)dyp_rng_below(&x->rng, (uint32_t)m->vehicles);
	if (a == b || s->tour[a].count == 0 || s->tour[b].count == 0 ||
	    s->tour[a].type != s->tour[b].type)
		return;
	int32_t cut_a = draw_cut(x, a);
	int32_t cut_b = draw_cut(x, b);
	if ((cut_a < m->reload0 && cut_b < m->reload0) ||
	    !tail_fits(x, s->node[cut_a].prev, cut_b) ||
	    !tail_fits(x, s->node[cut_b].prev, cut_a) ||
	    reloads_in(x, cut_b) > room_for_reloads(x, a, cut_a) ||
	    reloads_in(x, cut_a) > room_for_reloads(x, b, cut_b))
		return;
	int32_t n_a = cut_tail(x, a, cut_a, x->spare);
	int32_t n_b = cut_tail(x, b, cut_b, x->spare + n_a);
	add_tail(x, a, x->spare + n_a, n_b);
	add_tail(x, b, x->spare, n_a);
}
