/* Teams by minimum-cost flow: source -> person (a further unit costs more) -> place (unit and role)
 * -> sink, with successive shortest paths (Bellman and Ford's on a queue). One unit of flow for each
 * place; a place nobody can take stays open. Costs are whole centimetres. */
#include "dyplan/zone.h"
#include "../kit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Best way so far to a node, and the node it comes from. Nodes: places, then people. */
struct flow {
	const struct dyp_zone_team_problem *p;
	uint32_t places;
	uint32_t *holder; /* by place: person or NONE */
	uint32_t *load;   /* by person */
	int64_t *cost;    /* [units * people] metres between them, in centimetres */
	int64_t *way;     /* by node */
	uint32_t *came;
	bool *queued;
	uint32_t *queue;
};

static int64_t
centimetres(double metres)
{
	return (int64_t)(metres * 100 + 0.5);
}

static uint32_t
before_of(const struct flow *f, uint32_t place)
{
	const struct dyp_zone_place *u = &f->p->units[place / f->p->n_roles];

	return u->before != NULL ? u->before[place % f->p->n_roles] : DYP_ZONE_NONE;
}

static bool
may(const struct flow *f, uint32_t person, uint32_t place)
{
	return (f->p->people[person].roles >> (place % f->p->n_roles) & 1) != 0;
}

static int64_t
price(const struct flow *f, uint32_t person, uint32_t place)
{
	int64_t way = f->cost[(size_t)(place / f->p->n_roles) * f->p->n_people + person];
	uint32_t before = before_of(f, place);

	return way +
	       (before != DYP_ZONE_NONE && before != person ? centimetres(f->p->change_price) : 0);
}

/* What the person's next unit costs above the first: the price rises by one load price each. */
static int64_t
load_price(const struct flow *f, uint32_t person, uint32_t load)
{
	(void)person;
	return centimetres(f->p->load_price) * load;
}

static void
push(struct flow *f, uint32_t *tail, uint32_t node, int64_t way, uint32_t came)
{
	uint32_t size = f->places + f->p->n_people;

	f->way[node] = way;
	f->came[node] = came;
	if (f->queued[node])
		return;
	f->queued[node] = true;
	f->queue[*tail] = node;
	*tail = (*tail + 1) % (size + 1);
}

/* Shortest ways from the open place over people and the places they hold. Returns the person with
 * room where the way ends best, or NONE. Each step: the place takes a person, who then either has
 * room, or gives up another place, which has to find somebody in turn. */
static uint32_t
find_way(struct flow *f, uint32_t open)
{
	uint32_t size = f->places + f->p->n_people, head = 0, tail = 0, best = DYP_ZONE_NONE;
	int64_t least = INT64_MAX;

	for (uint32_t i = 0; i < size; i++) {
		f->way[i] = INT64_MAX;
		f->queued[i] = false;
	}
	push(f, &tail, open, 0, DYP_ZONE_NONE);
	while (head != tail) {
		uint32_t node = f->queue[head];
		head = (head + 1) % (size + 1);
		f->queued[node] = false;
		if (node < f->places) {
			for (uint32_t i = 0; i < f->p->n_people; i++)
				if (may(f, i, node) && f->holder[node] != i &&
				    f->p->people[i].max_units > 0 &&
				    f->way[node] + price(f, i, node) < f->way[f->places + i])
					push(f, &tail, f->places + i,
					     f->way[node] + price(f, i, node), node);
			continue;
		}
		uint32_t person = node - f->places;
		for (uint32_t k = 0; k < f->places; k++)
			if (f->holder[k] == person &&
			    f->way[node] - price(f, person, k) < f->way[k])
				push(f, &tail, k, f->way[node] - price(f, person, k), node);
	}
	for (uint32_t i = 0; i < f->p->n_people; i++) {
		if (f->way[f->places + i] == INT64_MAX || f->load[i] >= f->p->people[i].max_units)
			continue;
		int64_t end = f->way[f->places + i] + load_price(f, i, f->load[i]);
		if (end < least) {
			least = end;
			best = i;
		}
	}
	return best;
}

static void
take_way(struct flow *f, uint32_t person)
{
	uint32_t node = f->places + person;

	f->load[person]++;
	while (node != DYP_ZONE_NONE) {
		uint32_t place = f->came[node];
		f->holder[place] = node - f->places;
		node = f->came[place];
	}
}

static void
explain(const struct flow *f, uint32_t place, struct dyp_zone_team *t)
{
	uint32_t person = f->holder[place], before = before_of(f, place);
	uint32_t able = 0, nearer = 0;

	for (uint32_t i = 0; i < f->p->n_people; i++)
		able += may(f, i, place) && f->p->people[i].max_units > 0;
	if (person == DYP_ZONE_NONE) {
		t->unfilled++;
		(void)snprintf(
			t->why[place], sizeof t->why[place],
			able == 0 ? "nobody may hold this role"
				  : "all %u who may hold this role have as many units as they can",
			able);
		return;
	}
	int64_t way = f->cost[(size_t)(place / f->p->n_roles) * f->p->n_people + person];
	for (uint32_t i = 0; i < f->p->n_people; i++)
		nearer += may(f, i, place) && f->p->people[i].max_units > 0 &&
		          f->cost[(size_t)(place / f->p->n_roles) * f->p->n_people + i] < way;
	t->metres += (double)way / 100;
	t->changed += before != DYP_ZONE_NONE && before != person;
	(void)snprintf(t->why[place], sizeof t->why[place], "%s, %lld m away; %u of %u live nearer",
	               before == person          ? "stays"
	               : before != DYP_ZONE_NONE ? "takes over"
	                                         : "new",
	               (long long)(way / 100), nearer, able);
}

static bool
flow_init(struct flow *f, struct dyp_pool *pool)
{
	const struct dyp_zone_team_problem *p = f->p;
	size_t size = (size_t)f->places + p->n_people;

	f->holder = DYP_NEW_ARRAY(pool, f->places, uint32_t);
	f->load = DYP_NEW_ARRAY(pool, p->n_people, uint32_t);
	f->cost = DYP_NEW_ARRAY(pool, (size_t)p->n_units * p->n_people, int64_t);
	f->way = DYP_NEW_ARRAY(pool, size, int64_t);
	f->came = DYP_NEW_ARRAY(pool, size, uint32_t);
	f->queued = DYP_NEW_ARRAY(pool, size, bool);
	f->queue = DYP_NEW_ARRAY(pool, size + 1, uint32_t);
	if (pool->failed)
		return false;
	for (uint32_t u = 0; u < p->n_units; u++)
		for (uint32_t i = 0; i < p->n_people; i++) {
			double dx = p->units[u].x - p->people[i].x;
			double dy = p->units[u].y - p->people[i].y;
			f->cost[(size_t)u * p->n_people + i] = centimetres(sqrt(dx * dx + dy * dy));
		}
	for (uint32_t k = 0; k < f->places; k++)
		f->holder[k] = DYP_ZONE_NONE;
	return true;
}

static enum dyp_code
check(const struct dyp_zone_team_problem *p, struct dyp_err *err)
{
	if (p->n_roles < 1 || p->n_roles > 32)
		return dyp_raise(err, DYP_BAD_INPUT, "/roles", "between 1 and 32 roles");
	if (p->n_units > 100000 || p->n_people > 100000)
		return dyp_raise(err, DYP_BAD_INPUT, "/units", "more than 100000 units or people");
	if (!(p->change_price >= 0 && p->change_price <= 1e7) ||
	    !(p->load_price >= 0 && p->load_price <= 1e7))
		return dyp_raise(err, DYP_BAD_INPUT, "/change_price", "a price is below 0");
	for (uint32_t i = 0; i < p->n_people; i++)
		if (!(fabs(p->people[i].x) <= 1e7) || !(fabs(p->people[i].y) <= 1e7))
			return dyp_raise_item(err, DYP_BAD_INPUT, "people", i, "x",
			                      "not a position");
	for (uint32_t u = 0; u < p->n_units; u++) {
		if (!(fabs(p->units[u].x) <= 1e7) || !(fabs(p->units[u].y) <= 1e7))
			return dyp_raise_item(err, DYP_BAD_INPUT, "units", u, "x",
			                      "not a position");
		for (uint32_t r = 0; p->units[u].before != NULL && r < p->n_roles; r++)
			if (p->units[u].before[r] != DYP_ZONE_NONE &&
			    p->units[u].before[r] >= p->n_people)
				return dyp_raise_item(err, DYP_BAD_INPUT, "units", u, "before",
				                      "names a person that there is not");
	}
	return DYP_OK;
}

enum dyp_code
dyp_zone_assign(const struct dyp_zone_team_problem *problem, const struct dyp_memory *memory,
                struct dyp_zone_team **out, struct dyp_err *err)
{
	const struct dyp_zone_team_problem *p = problem;
	struct dyp_memory from = dyp_memory_or_default(memory);
	struct flow f = { .p = p, .places = p->n_units * (p->n_roles & 63) };
	struct dyp_pool pool;

	*out = NULL;
	enum dyp_code rc = check(p, err);
	if (rc != DYP_OK)
		return rc;
	dyp_pool_init(&pool, &from);
	struct dyp_zone_team *t = dyp_memory_get(&from, 1, sizeof *t);
	if (t != NULL)
		*t = (struct dyp_zone_team){
			.n_units = p->n_units,
			.n_roles = p->n_roles,
			.person = dyp_memory_get(&from, f.places, sizeof *t->person),
			.why = dyp_memory_get(&from, f.places, sizeof *t->why),
			.memory = from,
		};
	if (t == NULL || t->person == NULL || t->why == NULL || !flow_init(&f, &pool)) {
		dyp_zone_team_free(t);
		rc = dyp_raise_memory(err);
	} else {
		for (uint32_t k = 0; k < f.places; k++) {
			uint32_t person = find_way(&f, k);
			if (person != DYP_ZONE_NONE)
				take_way(&f, person);
		}
		for (uint32_t k = 0; k < f.places; k++) {
			t->person[k] = f.holder[k];
			explain(&f, k, t);
		}
		*out = t;
	}
	dyp_pool_release(&pool);
	return rc;
}

void
dyp_zone_team_free(struct dyp_zone_team *team)
{
	if (team == NULL)
		return;
	struct dyp_memory memory = team->memory;
	if (team->person != NULL)
		memory.put(memory.ctx, team->person);
	if (team->why != NULL)
		memory.put(memory.ctx, team->why);
	memory.put(memory.ctx, team);
}
