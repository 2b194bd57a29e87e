/* Whole-route evaluation.
 *
 * A tour is laid out as items (start, stops, breaks, reloads, end), then timed three times:
 * forward, as early as possible; backward from the earliest end, as late as possible without
 * leaving a window or paying more for lateness; forward again from that latest start. The last
 * pass is the schedule: earliest end, least duration for that end.
 *
 * Breaks are laid out on the first pass: before the last moment it still fits, or for nothing
 * where the vehicle would wait anyway. A break is due when the tour outlasts its last window. */
#include "eval_inside.h"

struct rp_eval *
rp_eval_new(const struct rp_model *m, struct dyp_pool *pool)
{
	struct rp_eval *e = DYP_NEW_ARRAY(pool, 1, struct rp_eval);
	uint32_t breaks = 0;

	for (int32_t v = 0; v < m->vehicles; v++)
		if (m->problem->vehicles[v].n_breaks > breaks)
			breaks = m->problem->vehicles[v].n_breaks;
	int32_t *seq = DYP_NEW_ARRAY(pool, (size_t)m->nodes + RP_TRIAL_NODES, int32_t);
	struct item *item =
		DYP_NEW_ARRAY(pool, (size_t)m->nodes + RP_TRIAL_NODES + breaks, struct item);
	int32_t *seen = DYP_NEW_ARRAY(pool, (size_t)m->n, int32_t);
	if (pool->failed)
		return NULL;
	e->seq = seq;
	e->item = item;
	e->seen = seen;
	return e;
}

static int32_t
emit(const struct rp_trial *trial, int32_t *seq, int32_t count, int32_t node)
{
	if (node != trial->without)
		seq[count++] = node;
	for (int32_t k = trial->count; k-- > 0;)
		if (trial->after[k] == node)
			count = emit(trial, seq, count, trial->node[k]);
	return count;
}

static int32_t
lay_sequence(const struct rp_state *s, const struct rp_trial *trial)
{
	int32_t count = 0;

	for (int32_t i = rp_start(s->m, trial->tour); i >= 0; i = s->node[i].next)
		count = emit(trial, s->eval->seq, count, i);
	return count;
}

struct timing {
	const struct rp_state *s;
	const struct dyp_route_vehicle *v;
	const struct rp_type *t;
	int32_t count; /* items */
	uint32_t next_break;
	int64_t travel, metres, arcs, tasks_s, late_cost;
	int32_t tasks;
};

static int32_t
release_of_trip(const struct rp_state *s, int32_t at)
{
	const int32_t *seq = s->eval->seq;
	int32_t latest = 0;

	for (int32_t i = at + 1; seq[i] < s->m->n; i++) {
		int32_t r = s->m->problem->stops[seq[i]].release_s;
		latest = r > latest ? r : latest;
	}
	return latest;
}

static int32_t
lasting(const struct timing *w, const struct dyp_route_stop *stop, bool moved)
{
	int32_t service =
		stop->service_by_kind != NULL ? stop->service_by_kind[w->v->kind] : stop->service_s;
	int32_t setup =
		stop->setup_by_kind != NULL ? stop->setup_by_kind[w->v->kind] : stop->setup_s;

	return service + (moved ? setup : 0);
}

/* First window that is still open at t; NULL when none is. */
static const struct dyp_route_window *
window_at(const struct dyp_route_window *w, uint32_t count, int32_t t)
{
	for (uint32_t i = 0; i < count; i++)
		if (w[i].to >= t)
			return &w[i];
	return NULL;
}

static int64_t
bend_cost(const struct dyp_route_bend *bend, uint32_t count, int64_t value)
{
	int64_t cost = 0;

	for (uint32_t i = 0; i < count; i++)
		if (value > bend[i].from)
			cost += (value - bend[i].from) * bend[i].per_s;
	return cost;
}

static bool
break_load_fits(const struct timing *w, const struct dyp_route_break *b, int32_t at)
{
	const struct rp_model *m = w->s->m;
	const int32_t *seq = w->s->eval->seq;
	int32_t from = at;

	if (b->max_load == NULL)
		return true;
	while (seq[from] < m->n)
		from--;
	for (uint32_t d = 0; d < m->problem->dims; d++) {
		int64_t load = 0;
		for (int32_t i = from + 1; seq[i] < m->n; i++) {
			const struct dyp_route_stop *stop = &m->problem->stops[seq[i]];
			if (comes_from_depot(m, seq[i]))
				load += stop->delivery[d];
			if (i <= at)
				load += amount(stop->pickup, d) - amount(stop->delivery, d);
		}
		if (load > b->max_load[d])
			return false;
	}
	return true;
}

/* Breaks to take at time t after item `at` of seq, before the drive to the next one, which could
 * begin at `next_begin` and be over at `next_over`. Returns the time after them, or -1. */
static int32_t
take_breaks(struct timing *w, int32_t at, int32_t t, int32_t drive, int32_t next_begin,
            int32_t next_over)
{
	struct item *item = w->s->eval->item;

	while (w->next_break < w->v->n_breaks) {
		const struct dyp_route_break *b = &w->v->breaks[w->next_break];
		if (b->n_windows == 0) {
			w->next_break++;
			continue;
		}
		int32_t last = b->windows[b->n_windows - 1].to;
		const struct dyp_route_window *win = window_at(b->windows, b->n_windows, t);
		bool due = next_over > last;
		bool fits = break_load_fits(w, b, at);
		bool is_free =
			win != NULL && t >= win->from && next_begin - t - drive >= b->service_s;
		if (!due && !(is_free && fits))
			return t;
		if (win == NULL || !fits)
			return -1;
		int32_t begin = t > win->from ? t : win->from;
		item[w->count++] = (struct item){ .node = -1,
			                          .brk = (int32_t)w->next_break,
			                          .lasts = b->service_s,
			                          .from = win->from,
			                          .cap = win->to,
			                          .begin = begin };
		w->next_break++;
		t = begin + b->service_s;
		if (t + drive > next_begin) {
			next_over += t + drive - next_begin;
			next_begin = t + drive;
		}
	}
	return t;
}

/* The next item, its window chosen; its begin when reached at `arrival`, or -1 and the excess. */
static int32_t
begin_of(const struct timing *w, struct item *x, int32_t at, int32_t before, int32_t arrival,
         struct rp_verdict *verdict)
{
	const struct rp_state *s = w->s;
	const struct rp_model *m = s->m;
	int32_t node = s->eval->seq[at];

	x->node = node;
	if (node >= m->reload0) {
		x->lasts = w->v->reload_s;
		x->from = release_of_trip(s, at) - x->lasts;
		x->cap = DYP_ROUTE_TIME_MAX;
	} else if (node >= m->n) {
		x->lasts = 0;
		x->from = 0;
		x->cap = w->t->close;
		if (arrival > x->cap) {
			*verdict = (struct rp_verdict){ RP_NO_SHIFT, arrival - x->cap, 0, 0, 0 };
			return -1;
		}
	} else {
		const struct dyp_route_stop *stop = &m->problem->stops[node];
		x->lasts = lasting(w, stop, s->node[before].place != s->node[node].place);
		x->from = 0;
		x->cap = DYP_ROUTE_TIME_MAX;
		if (stop->n_windows > 0) {
			const struct dyp_route_window *win =
				window_at(stop->windows, stop->n_windows, arrival);
			if (win == NULL) {
				int32_t last = stop->windows[stop->n_windows - 1].to;
				*verdict = (struct rp_verdict){ RP_NO_WINDOW, arrival - last, 0, 0,
					                        0 };
				return -1;
			}
			x->from = win->from;
			x->cap = win->to;
		}
	}
	return arrival > x->from ? arrival : x->from;
}

static void
count_arc(struct timing *w, int32_t from, int32_t to)
{
	const struct rp_model *m = w->s->m;
	size_t cell = (size_t)from * (size_t)m->places + (size_t)to;

	w->travel += w->t->seconds[cell];
	w->metres += w->t->metres[cell];
	w->arcs += w->t->cost[cell];
}

static struct rp_verdict
time_forward(struct timing *w, int32_t count)
{
	const struct rp_state *s = w->s;
	const struct rp_model *m = s->m;
	const int32_t *seq = s->eval->seq;
	struct item *item = s->eval->item;
	struct rp_verdict verdict = { .why = RP_FITS };
	int32_t release = release_of_trip(s, 0);
	int32_t t = w->t->open > release ? w->t->open : release;

	item[0] = (struct item){ .node = seq[0], .from = t, .cap = w->t->close, .begin = t };
	w->count = 1;
	for (int32_t i = 1; i < count; i++) {
		int32_t from = s->node[seq[i - 1]].place;
		int32_t to = s->node[seq[i]].place;
		int32_t drive = rp_drive(m, w->t, from, to);
		struct item x = { .brk = -1, .drive = drive };
		int32_t begin = begin_of(w, &x, i, seq[i - 1], t + drive, &verdict);
		if (begin < 0)
			return verdict;
		if (w->next_break < w->v->n_breaks) {
			int32_t later = take_breaks(w, i - 1, t, drive, begin, begin + x.lasts);
			if (later < 0)
				return (struct rp_verdict){ .why = RP_NO_SHIFT, .excess = 1 };
			if (later != t)
				begin = begin_of(w, &x, i, seq[i - 1], later + drive, &verdict);
			if (begin < 0)
				return verdict;
		}
		x.begin = begin;
		t = begin + x.lasts;
		item[w->count++] = x;
		count_arc(w, from, to);
		if (seq[i] < m->n) {
			const struct dyp_route_stop *stop = &m->problem->stops[seq[i]];
			w->tasks++;
			w->tasks_s += x.lasts;
			w->late_cost += bend_cost(stop->late, stop->n_late, begin);
		}
	}
	return verdict;
}

/* Latest start with the same end and no more lateness. */
static int32_t
latest_start(const struct timing *w)
{
	const struct rp_model *m = w->s->m;
	const struct item *item = w->s->eval->item;
	int32_t latest = item[w->count - 1].begin;

	for (int32_t i = w->count - 1; i-- > 0;) {
		const struct item *x = &item[i];
		int32_t cap = x->cap;
		if (x->node >= 0 && x->node < m->n && m->problem->stops[x->node].n_late > 0)
			cap = x->begin;
		int32_t own = latest - item[i + 1].drive - x->lasts;
		latest = own < cap ? own : cap;
	}
	return latest > item[0].begin ? latest : item[0].begin;
}

static void
time_again(const struct timing *w, int32_t start)
{
	struct item *item = w->s->eval->item;
	int32_t t = start;

	item[0].begin = item[0].arrival = start;
	for (int32_t i = 1; i < w->count; i++) {
		item[i].arrival = t + item[i].drive;
		item[i].begin = item[i].arrival > item[i].from ? item[i].arrival : item[i].from;
		t = item[i].begin + item[i].lasts;
	}
}

static struct rp_verdict
check_limits(const struct timing *w, int32_t duration)
{
	const struct dyp_route_vehicle *v = w->v;
	const struct {
		int64_t is, most;
	} row[] = {
		{ w->tasks, v->max_tasks },
		{ w->travel, v->max_travel_s },
		{ w->metres, v->max_metres },
		{ duration, v->max_duration_s },
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (row[i].most > 0 && row[i].is > row[i].most)
			return (struct rp_verdict){ RP_NO_LIMIT, row[i].is - row[i].most,
				                    (int32_t)i, 0, 0 };
	return (struct rp_verdict){ .why = RP_FITS };
}

static int64_t
price_of_changes(const struct rp_state *s, int32_t tour, int32_t count)
{
	const struct rp_model *m = s->m;
	int64_t changed = 0;

	if (m->home == NULL)
		return 0;
	for (int32_t i = 0; i < count; i++) {
		int32_t stop = s->eval->seq[i];
		changed += stop < m->n && m->home[stop] >= 0 && m->home[stop] != tour;
	}
	return changed * m->change_price;
}

static struct rp_verdict
evaluate(const struct rp_state *s, const struct rp_trial *trial, struct timing *w)
{
	const struct rp_model *m = s->m;
	int32_t count = lay_sequence(s, trial);
	int32_t v = trial->tour;

	*w = (struct timing){ .s = s, .v = &m->problem->vehicles[v], .t = s->tour[v].type };
	struct rp_verdict verdict = rp_check_trips(s, v, count);
	if (verdict.why == RP_FITS)
		verdict = time_forward(w, count);
	if (verdict.why != RP_FITS)
		return verdict;
	int32_t start = latest_start(w);
	int32_t end = s->eval->item[w->count - 1].begin;
	int32_t duration = end - start;
	verdict = check_limits(w, duration);
	if (verdict.why == RP_FITS && m->problem->n_stocks > 0)
		verdict = rp_check_stocks(s, v, count);
	if (verdict.why != RP_FITS)
		return verdict;
	int64_t overtime = w->v->shift_to > 0 && end > w->v->shift_to ? end - w->v->shift_to : 0;
	verdict.duration = duration;
	verdict.cost = w->t->fixed + w->arcs * w->t->mul + w->tasks_s * w->v->per_task_s +
	               (int64_t)duration * w->v->per_s + w->late_cost +
	               overtime * w->v->overtime_per_s + price_of_changes(s, v, count) +
	               bend_cost(w->v->long_day, w->v->n_long_day, duration);
	return verdict;
}

struct rp_verdict
rp_evaluate(const struct rp_state *s, const struct rp_trial *trial)
{
	struct timing w;

	return evaluate(s, trial, &w);
}

uint32_t
rp_eval_steps(const struct rp_state *s, int32_t tour, struct dyp_route_step *out)
{
	const struct rp_model *m = s->m;
	const struct rp_trial as_is = { .tour = tour, .without = -1 };
	const struct dyp_route_vehicle *v = &m->problem->vehicles[tour];
	struct timing w;

	if (evaluate(s, &as_is, &w).why != RP_FITS)
		return 0;
	time_again(&w, latest_start(&w));
	for (int32_t i = 0; i < w.count; i++) {
		const struct item *x = &s->eval->item[i];
		struct dyp_route_step *step = &out[i];
		*step = (struct dyp_route_step){ .arrival = x->arrival,
			                         .begin = x->begin,
			                         .leave = x->begin + x->lasts };
		if (x->node < 0) {
			step->kind = DYP_STEP_BREAK;
			step->index = (uint32_t)x->brk;
		} else if (x->node < m->n) {
			step->kind = DYP_STEP_STOP;
			step->index = (uint32_t)x->node;
		} else if (x->node >= m->reload0) {
			step->kind = DYP_STEP_RELOAD;
			step->index = (uint32_t)s->node[x->node].place;
		} else {
			step->kind = i == 0 ? DYP_STEP_START : DYP_STEP_END;
			step->index = i == 0 ? v->start : v->end;
		}
	}
	return (uint32_t)w.count;
}

static int64_t
spread_cost(const struct rp_state *s)
{
	int32_t least = INT32_MAX;
	int32_t most = 0;

	for (int32_t v = 0; v < s->m->vehicles; v++) {
		if (s->tour[v].count == 0)
			continue;
		least = s->tour[v].duration < least ? s->tour[v].duration : least;
		most = s->tour[v].duration > most ? s->tour[v].duration : most;
	}
	return most > least ? (int64_t)(most - least) * s->m->problem->spread_per_s : 0;
}

bool
rp_recost(struct rp_state *s, int32_t tour)
{
	struct rp_tour *t = &s->tour[tour];
	const struct rp_trial as_is = { .tour = tour, .without = -1 };
	struct rp_verdict verdict = { .why = RP_FITS };

	rp_save_tour(s, tour);
	if (t->count > 0)
		verdict = rp_evaluate(s, &as_is);
	bool broken = verdict.why != RP_FITS;
	int64_t cost = broken ? t->cost : verdict.cost;
	int64_t delta = cost - t->cost;
	s->broken += (broken ? 1 : 0) - (t->broken ? 1 : 0);
	t->broken = broken;
	t->cost = cost;
	t->duration = verdict.duration;
	if (s->m->problem->spread_per_s > 0) {
		int64_t spread = spread_cost(s);
		delta += spread - s->spread;
		s->spread = spread;
	}
	s->cost += delta;
	s->score.cost += delta;
	return !broken;
}
