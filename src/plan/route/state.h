/* A plan under search: tours as linked lists of nodes, changed in place, undone from a journal.
 *
 * A node is one cache line and knows its neighbours' places and both its legs, so that a position
 * is priced from one node alone. In timed models that are not rich it also says when the tour can
 * have left it and when it must have begun at the latest; with a limit on durations it carries the
 * summaries of the stretches before and behind it as well: duration, and earliest and latest begin
 * of that duration (Vidal et al. 2013, "A hybrid genetic algorithm with adaptive diversity
 * management for ... time windows"; here without time warp, as every tour kept is feasible). */
#ifndef DYP_ROUTE_STATE_H
#define DYP_ROUTE_STATE_H

#include "model.h"

struct rp_node {
	int32_t prev, next, tour, place;
	int32_t leg, leg_in; /* cost of the arcs to next and from prev, before mul */
	int32_t prev_place, next_place;
	int32_t leave;  /* earliest end of service, all before it done */
	int32_t latest; /* latest begin of service that still reaches all behind it */
	union {
		struct {                /* models that limit durations */
			int32_t fd, fl; /* from the start to here: duration, latest begin */
			int32_t bd, be; /* from here to the end: duration, earliest begin */
		};
		struct { /* models with trips; see trips.c */
			int32_t head;
			int32_t trip_load, release; /* of heads */
		};
	};
	int32_t load;
	int32_t mark; /* journal round that saved it */
};

/* What a node asks for, by itself. */
struct rp_task {
	int32_t open, close, service;
};

struct rp_tour {
	const struct rp_type *type;
	int64_t cost; /* rich models: all of it; else unused */
	int64_t arcs; /* sum of the legs, before mul */
	int32_t load, count;
	int32_t duration; /* rich models */
	bool broken;      /* rich models: taking stops out made it impossible */
	int32_t mark;
	int32_t free_next;  /* in the list of unused vehicles of its type */
	int32_t fixed_last; /* node after which stops may be inserted */
};

struct rp_saved_node {
	int32_t at;
	struct rp_node was;
};

struct rp_saved_tour {
	int32_t at;
	struct rp_tour was;
};

struct rp_score {
	int64_t unserved[DYP_ROUTE_TIERS];
	int64_t cost; /* tours and lost prizes */
};

struct rp_state {
	const struct rp_model *m;
	struct rp_node *node;
	struct rp_task *task; /* by node */
	struct rp_tour *tour;
	int32_t *room;    /* by tour: capacity left, first dimension */
	int32_t *unused;  /* by type: first vehicle without stops, or -1 */
	int32_t *bank;    /* stops out of the plan */
	int32_t *bank_at; /* by stop: position in bank, or -1 */
	int32_t bank_count;
	struct rp_saved_node *nodes_was;
	struct rp_saved_tour *tours_was;
	int32_t nodes_saved, tours_saved, round;
	int32_t served, used; /* stops in tours, tours with stops */
	int64_t cost;         /* what the search minimises */
	struct rp_score score;
	int64_t spread;       /* rich: part of cost for unequal durations */
	int32_t broken;       /* tours that are */
	struct rp_eval *eval; /* rich: scratch of the whole-route evaluation */
};

/* The memory comes from the pool, which must outlive the state. False: no memory. */
bool rp_state_init(struct rp_state *s, const struct rp_model *m, struct dyp_pool *pool);
void rp_state_clear(struct rp_state *s); /* every stop into the bank */

/* A round of changes: begin, change, then commit by doing nothing or go back. The bank is part of
 * neither: after going back the caller moves stops to and from it. */
void rp_begin(struct rp_state *s);
void rp_go_back(struct rp_state *s);

void rp_bank_add(struct rp_state *s, int32_t stop);
void rp_bank_drop(struct rp_state *s, int32_t stop);

/* Links a node behind `after` or takes it out; costs, loads and counts follow, summaries do not. */
void rp_link(struct rp_state *s, int32_t node, int32_t after);
void rp_unlink(struct rp_state *s, int32_t node);
/* Brings summaries up to date after changes between the nodes a and b (both untouched, a before
 * b, in the same tour). */
void rp_refresh(struct rp_state *s, int32_t a, int32_t b);

/* Models with trips: all that is known of a tour anew; does it fit; drop idle reloads first. */
void rp_refresh_trips(struct rp_state *s, int32_t tour);
bool rp_trips_fit(const struct rp_state *s, int32_t tour);
void rp_tidy_trips(struct rp_state *s, int32_t tour);

int rp_score_compare(const struct rp_score *a, const struct rp_score *b);

static inline int32_t
rp_start(const struct rp_model *m, int32_t tour)
{
	return m->n + 2 * tour;
}

static inline int32_t
rp_end(const struct rp_model *m, int32_t tour)
{
	return m->n + 2 * tour + 1;
}

static inline void
rp_save(struct rp_state *s, int32_t node)
{
	struct rp_node *x = &s->node[node];

	if (x->mark == s->round)
		return;
	s->nodes_was[s->nodes_saved].at = node;
	s->nodes_was[s->nodes_saved++].was = *x;
	x->mark = s->round;
}

static inline void
rp_save_tour(struct rp_state *s, int32_t tour)
{
	struct rp_tour *t = &s->tour[tour];

	if (t->mark == s->round)
		return;
	s->tours_was[s->tours_saved].at = tour;
	s->tours_was[s->tours_saved++].was = *t;
	t->mark = s->round;
}

static inline int32_t
rp_arc(const struct rp_model *m, const struct rp_type *t, int32_t from, int32_t to)
{
	return t->cost[(size_t)from * (size_t)m->places + (size_t)to];
}

static inline int32_t
rp_drive(const struct rp_model *m, const struct rp_type *t, int32_t from, int32_t to)
{
	return t->seconds[(size_t)from * (size_t)m->places + (size_t)to];
}

/* A stretch of a tour: its duration, and the earliest and latest begin of that duration. */
struct rp_span {
	int32_t d, e, l;
	bool late;
};

static inline struct rp_span
rp_join(struct rp_span a, int32_t drive, struct rp_span b)
{
	int32_t delta = a.d + drive;
	int32_t wait = b.e - delta - a.l;
	struct rp_span c = { .late = a.late | b.late | (a.e + delta > b.l) };

	if (wait < 0)
		wait = 0;
	c.d = a.d + b.d + drive + wait;
	c.e = (b.e - delta > a.e ? b.e - delta : a.e) - wait;
	c.l = b.l - delta < a.l ? b.l - delta : a.l;
	return c;
}

static inline struct rp_span
rp_prefix(const struct rp_node *x)
{
	return (struct rp_span){ .d = x->fd, .e = x->leave - x->fd, .l = x->fl };
}

static inline struct rp_span
rp_suffix(const struct rp_node *x)
{
	return (struct rp_span){ .d = x->bd, .e = x->be, .l = x->latest };
}

static inline struct rp_span
rp_alone(const struct rp_task *x)
{
	return (struct rp_span){ .d = x->service, .e = x->open, .l = x->close };
}

#endif
