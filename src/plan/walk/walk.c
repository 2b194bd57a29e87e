/* Times and lengths between landings and points outside. */
#include "dyplan/walk.h"
#include "../kit.h"

enum { MOST_COORDINATE = 1000000, MOST_FLOOR = 200 };

#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum dyp_code rc_ = (call);                                                        \
		if (rc_ != DYP_OK)                                                                 \
			return rc_;                                                                \
	} while (0)

struct dyp_walk_pace
dyp_walk_pace_default(void)
{
	return (struct dyp_walk_pace){ .ground_mm_s = 1200,
		                       .detour_pct = 130,
		                       .up_s = 16,
		                       .down_s = 12,
		                       .lift_wait_s = 30,
		                       .lift_floor_s = 3,
		                       .door_s = 35,
		                       .bag_s = 8 };
}

int32_t
dyp_walk_service_s(const struct dyp_walk_pace *pace, uint32_t bags)
{
	int64_t more = bags > 1 ? (int64_t)(bags - 1) * pace->bag_s : 0;
	int64_t all = pace->door_s + more;

	return all < DYP_ROUTE_TIME_MAX ? (int32_t)all : DYP_ROUTE_TIME_MAX;
}

int32_t
dyp_walk_floors_s(const struct dyp_walk_pace *pace, bool has_lift, int32_t from, int32_t to)
{
	int32_t floors = to > from ? to - from : from - to;
	int32_t on_foot = floors * (to > from ? pace->up_s : pace->down_s);
	int32_t by_lift = pace->lift_wait_s + floors * pace->lift_floor_s;

	return has_lift && by_lift < on_foot ? by_lift : on_foot;
}

/* Rounded to whole metres; exact integers, so that matrices are the same on every machine. */
static int64_t
root(int64_t square)
{
	int64_t low = 0;
	int64_t high = INT64_C(4000000);

	while (low < high) {
		int64_t mid = (low + high + 1) / 2;
		if (mid * mid <= square)
			low = mid;
		else
			high = mid - 1;
	}
	return square - low * low > low ? low + 1 : low;
}

struct spot {
	int64_t x, y;
	uint32_t gate;
};

static struct spot
ground_of(const struct dyp_walk_map *map, const struct dyp_walk_place *p)
{
	if (p->stair == DYP_ROUTE_NONE)
		return (struct spot){ p->x, p->y, p->gate };
	const struct dyp_walk_stair *s = &map->stairs[p->stair];
	return (struct spot){ s->x, s->y, s->gate };
}

static int64_t
air_line(int64_t ax, int64_t ay, int64_t bx, int64_t by)
{
	return root((ax - bx) * (ax - bx) + (ay - by) * (ay - by));
}

/* Through the gates when the two spots lie in different compounds. */
static int64_t
metres_on_ground(const struct dyp_walk_map *map, const struct dyp_walk_pace *pace, struct spot a,
                 struct spot b)
{
	int64_t sum = 0;

	if (a.gate != b.gate && a.gate != DYP_ROUTE_NONE) {
		const struct dyp_walk_gate *g = &map->gates[a.gate];
		sum += air_line(a.x, a.y, g->x, g->y);
		a.x = g->x;
		a.y = g->y;
	}
	if (a.gate != b.gate && b.gate != DYP_ROUTE_NONE) {
		const struct dyp_walk_gate *g = &map->gates[b.gate];
		sum += air_line(b.x, b.y, g->x, g->y);
		b.x = g->x;
		b.y = g->y;
	}
	sum += air_line(a.x, a.y, b.x, b.y);
	return (sum * pace->detour_pct + 50) / 100;
}

static int32_t
seconds_between(const struct dyp_walk_map *map, const struct dyp_walk_pace *pace,
                const struct dyp_walk_place *a, const struct dyp_walk_place *b, int64_t metres)
{
	bool same = a->stair != DYP_ROUTE_NONE && a->stair == b->stair;
	int64_t s = (metres * 1000 + pace->ground_mm_s / 2) / pace->ground_mm_s;

	if (same)
		return dyp_walk_floors_s(pace, map->stairs[a->stair].has_lift, a->floor, b->floor);
	if (a->stair != DYP_ROUTE_NONE)
		s += dyp_walk_floors_s(pace, map->stairs[a->stair].has_lift, a->floor, 1);
	if (b->stair != DYP_ROUTE_NONE)
		s += dyp_walk_floors_s(pace, map->stairs[b->stair].has_lift, 1, b->floor);
	return (int32_t)s;
}

static bool
is_far(int32_t v, int32_t most)
{
	return v < -most || v > most;
}

static enum dyp_code
check_pace(const struct dyp_walk_pace *p, struct dyp_err *err)
{
	if (p->ground_mm_s < 1 || p->detour_pct < 100 || p->detour_pct > 1000 || p->up_s < 1 ||
	    p->down_s < 1 || p->lift_floor_s < 1 || p->lift_wait_s < 0 || p->door_s < 1 ||
	    p->bag_s < 0 || p->up_s > 3600 || p->down_s > 3600 || p->lift_floor_s > 3600 ||
	    p->lift_wait_s > 86400 || p->door_s > 86400 || p->bag_s > 86400)
		return dyp_raise(err, DYP_BAD_INPUT, "/pace",
		                 "speeds and times must be above 0, the detour 100..1000 per cent");
	return DYP_OK;
}

static enum dyp_code
check_map(const struct dyp_walk_map *map, struct dyp_err *err)
{
	for (uint32_t i = 0; i < map->n_gates; i++)
		if (is_far(map->gates[i].x, MOST_COORDINATE) ||
		    is_far(map->gates[i].y, MOST_COORDINATE))
			return dyp_raise_item(err, DYP_BAD_INPUT, "gates", i, "x",
			                      "farther than %d m", MOST_COORDINATE);
	for (uint32_t i = 0; i < map->n_stairs; i++) {
		const struct dyp_walk_stair *s = &map->stairs[i];
		if (is_far(s->x, MOST_COORDINATE) || is_far(s->y, MOST_COORDINATE))
			return dyp_raise_item(err, DYP_BAD_INPUT, "stairs", i, "x",
			                      "farther than %d m", MOST_COORDINATE);
		if (s->gate != DYP_ROUTE_NONE && s->gate >= map->n_gates)
			return dyp_raise_item(err, DYP_BAD_INPUT, "stairs", i, "gate",
			                      "there is no gate %u", s->gate);
	}
	return DYP_OK;
}

static enum dyp_code
check_place(const struct dyp_walk_map *map, const struct dyp_walk_place *p, uint32_t i,
            struct dyp_err *err)
{
	if (p->stair != DYP_ROUTE_NONE && p->stair >= map->n_stairs)
		return dyp_raise_item(err, DYP_BAD_INPUT, "places", i, "stair",
		                      "there is no stair %u", p->stair);
	if (p->stair != DYP_ROUTE_NONE && is_far(p->floor, MOST_FLOOR))
		return dyp_raise_item(err, DYP_BAD_INPUT, "places", i, "floor", "%d is not in +-%d",
		                      p->floor, MOST_FLOOR);
	if (p->stair == DYP_ROUTE_NONE &&
	    (is_far(p->x, MOST_COORDINATE) || is_far(p->y, MOST_COORDINATE)))
		return dyp_raise_item(err, DYP_BAD_INPUT, "places", i, "x", "farther than %d m",
		                      MOST_COORDINATE);
	if (p->stair == DYP_ROUTE_NONE && p->gate != DYP_ROUTE_NONE && p->gate >= map->n_gates)
		return dyp_raise_item(err, DYP_BAD_INPUT, "places", i, "gate",
		                      "there is no gate %u", p->gate);
	return DYP_OK;
}

enum dyp_code
dyp_walk_matrix(const struct dyp_walk_map *map, const struct dyp_walk_pace *pace,
                const struct dyp_walk_place *places, uint32_t n, int32_t *seconds, int32_t *metres,
                struct dyp_err *err)
{
	TRY(check_pace(pace, err));
	TRY(check_map(map, err));
	for (uint32_t i = 0; i < n; i++)
		TRY(check_place(map, &places[i], i, err));
	for (uint32_t i = 0; i < n; i++) {
		struct spot a = ground_of(map, &places[i]);
		for (uint32_t j = 0; j < n; j++) {
			struct spot b = ground_of(map, &places[j]);
			int64_t m = i == j ? 0 : metres_on_ground(map, pace, a, b);
			size_t cell = (size_t)i * n + j;
			seconds[cell] =
				i == j ? 0 : seconds_between(map, pace, &places[i], &places[j], m);
			if (metres != NULL)
				metres[cell] = (int32_t)m;
		}
	}
	return DYP_OK;
}
