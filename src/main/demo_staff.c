/* The staff. */
#include "demo_staff.h"

#include "demo_name.h"

#define VOLUNTEERS_PER_100_UNITS 455 /* 22 units: 100 volunteers */
#define CAPTAINS_MANY            3   /* where a unit has three buildings or more */
#define UNITS_OF_A_JANITOR       2

struct staffing {
	struct dy_arena *arena;
	struct dy_rng rng;
	const struct dy_demo_plan *plan;
	struct dy_demo_staff *staff;
};

static bool
is_taken(const struct dy_demo_staff *staff, struct dy_str name)
{
	for (size_t i = 0; i < staff->n_persons; i++) {
		if (dy_str_eq(staff->persons[i].name, name))
			return true;
	}
	return false;
}

static size_t
person_add(struct staffing *s, uint32_t elderly_pct)
{
	struct dy_demo_staff *staff = s->staff;
	struct dy_str name;

	do {
		bool is_elderly = dy_rng_below(&s->rng, 100) < elderly_pct;
		name = dy_demo_name(s->arena, &s->rng, is_elderly);
	} while (is_taken(staff, name));
	struct dy_demo_person *p =
		dy_arena_push(s->arena, (void **)&staff->persons, &staff->n_persons,
	                      &staff->cap_persons, sizeof(*p));
	p->name = name;
	p->phone = dy_demo_phone(s->arena, &s->rng);
	return staff->n_persons - 1;
}

static void
post_add(struct staffing *s, size_t person, enum dy_role role, enum dy_scope_kind kind,
         size_t index, bool is_deputy)
{
	struct dy_demo_person *p = &s->staff->persons[person];

	DY_ASSERT(p->n_posts < DY_DEMO_POSTS);
	p->posts[p->n_posts++] = (struct dy_demo_post){ role, kind, index, is_deputy };
}

/* What a reference plan lacks, so that the alarm of vacancies has something to show. */
enum vacancy { NONE_VACANT, NO_DEPUTY, NO_PROPERTY, ONE_VOLUNTEER, NO_CAPTAIN };

static enum vacancy
vacancy_of(size_t unit)
{
	static const enum vacancy OPEN[] = {
		[5] = NO_DEPUTY, [10] = NO_PROPERTY, [13] = ONE_VOLUNTEER, [18] = NO_CAPTAIN
	};
	return unit < DY_COUNT(OPEN) ? OPEN[unit] : NONE_VACANT;
}

static size_t
buildings_of(const struct dy_demo_plan *plan, size_t unit)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->places.n_buildings; i++)
		n += plan->shapes[i].unit == unit;
	return n;
}

/* Captains know their buildings; the first of them is the leader's deputy. */
static void
captains_add(struct staffing *s, size_t unit)
{
	struct dy_demo_team *team = &s->staff->teams[unit];
	enum vacancy vacancy = vacancy_of(unit);
	size_t n = buildings_of(s->plan, unit) >= CAPTAINS_MANY ? 3 : 2;

	for (size_t i = 0; i < n && vacancy != NO_CAPTAIN; i++) {
		size_t person = person_add(s, 55);
		post_add(s, person, DY_ROLE_CAPTAIN, DY_SCOPE_UNIT, unit, false);
		if (i > 0)
			continue;
		team->who[DY_DEMO_CAPTAIN] = person;
		if (vacancy != NO_DEPUTY)
			post_add(s, person, DY_ROLE_LEADER, DY_SCOPE_UNIT, unit, true);
	}
}

static size_t
volunteers_of(size_t unit)
{
	return (unit + 1) * VOLUNTEERS_PER_100_UNITS / 100 - unit * VOLUNTEERS_PER_100_UNITS / 100;
}

static void
volunteers_add(struct staffing *s, size_t unit)
{
	struct dy_demo_team *team = &s->staff->teams[unit];
	size_t n = volunteers_of(unit);

	if (vacancy_of(unit) == ONE_VOLUNTEER)
		n = 1;
	else if (unit > 0 && vacancy_of(unit - 1) == ONE_VOLUNTEER)
		n += volunteers_of(unit - 1) - 1; /* the neighbours have more */
	for (size_t i = 0; i < n; i++) {
		size_t person = person_add(s, 25);
		post_add(s, person, DY_ROLE_VOLUNTEER, DY_SCOPE_UNIT, unit, false);
		if (i == 0)
			team->who[DY_DEMO_VOLUNTEER] = person;
		if (i == 0 || i == 1)
			team->who[DY_DEMO_SECOND] = person;
	}
	if (vacancy_of(unit) == ONE_VOLUNTEER)
		team->who[DY_DEMO_SECOND] = team->who[DY_DEMO_CAPTAIN];
	if (vacancy_of(unit) == NO_CAPTAIN) {
		team->who[DY_DEMO_CAPTAIN] = team->who[DY_DEMO_VOLUNTEER];
		post_add(s, team->who[DY_DEMO_VOLUNTEER], DY_ROLE_LEADER, DY_SCOPE_UNIT, unit,
		         true);
	}
}

/* The first unit of a grid is led by the grid manager, the last by one of its residents, others by the cadre. */
static void
leader_set(struct staffing *s, size_t unit, size_t k, size_t n, size_t manager, size_t cadre)
{
	size_t leader = k == 0 ? manager : k + 1 == n ? person_add(s, 50) : cadre;

	s->staff->teams[unit].who[DY_DEMO_LEADER] = leader;
	s->staff->teams[unit].who[DY_DEMO_GRID] = manager;
	s->staff->teams[unit].who[DY_DEMO_CADRE] = cadre;
	post_add(s, leader, DY_ROLE_LEADER, DY_SCOPE_UNIT, unit, false);
	post_add(s, cadre, DY_ROLE_CADRE, DY_SCOPE_UNIT, unit, false);
}

static void
grid_staff(struct staffing *s, size_t grid, size_t cadre)
{
	const struct dy_places_draft *d = &s->plan->places;
	size_t manager = person_add(s, 0);
	size_t first = 0, n = 0, janitor = 0;

	for (size_t i = d->n_units; i > 0; i--) {
		if (d->units[i - 1].grid == grid) {
			first = i - 1;
			n++;
		}
	}
	post_add(s, manager, DY_ROLE_GRID_MANAGER, DY_SCOPE_GRID, grid, false);
	for (size_t k = 0; k < n; k++) {
		struct dy_demo_team *team = &s->staff->teams[first + k];
		leader_set(s, first + k, k, n, manager, cadre);
		captains_add(s, first + k);
		volunteers_add(s, first + k);
		if (k % UNITS_OF_A_JANITOR == 0)
			janitor = person_add(s, 15);
		team->who[DY_DEMO_PROPERTY] = janitor;
		if (vacancy_of(first + k) == NO_PROPERTY)
			team->who[DY_DEMO_PROPERTY] = team->who[DY_DEMO_CAPTAIN];
		else
			post_add(s, janitor, DY_ROLE_PROPERTY, DY_SCOPE_UNIT, first + k, false);
		s->staff->vacancies += vacancy_of(first + k) != NONE_VACANT;
	}
	if (grid == 0)
		s->staff->shown_unit = first + n - 1;
}

/* The people of one unit, one for each role, can sign in: a request can be led through all hands. */
static void
logins_give(struct dy_demo_staff *staff)
{
	const struct dy_demo_team *team = &staff->teams[staff->shown_unit];

	staff->persons[0].login = "secretary";
	staff->persons[team->who[DY_DEMO_CADRE]].login = "cadre";
	staff->persons[team->who[DY_DEMO_GRID]].login = "grid1";
	staff->persons[team->who[DY_DEMO_LEADER]].login = "leader";
	staff->persons[team->who[DY_DEMO_CAPTAIN]].login = "captain";
	staff->persons[team->who[DY_DEMO_VOLUNTEER]].login = "volunteer";
	staff->persons[team->who[DY_DEMO_PROPERTY]].login = "property";
}

void
dy_demo_staff_make(struct dy_arena *arena, const struct dy_demo_plan *plan, uint64_t seed,
                   struct dy_demo_staff *out)
{
	struct staffing s = { arena, dy_rng_seed(seed, 2), plan, out };
	const struct dy_places_draft *d = &plan->places;

	*out = (struct dy_demo_staff){ .teams = DY_NEW_ARRAY(arena, d->n_units,
		                                             struct dy_demo_team) };
	(void)person_add(&s, 0);
	for (size_t i = 0; i < d->n_grids; i++)
		(void)person_add(&s, 0); /* the other cadres, one for each grid */
	for (size_t i = 0; i < d->n_grids; i++)
		grid_staff(&s, i, i + 1);
	post_add(&s, person_add(&s, 0), DY_ROLE_MEDIC, DY_SCOPE_COMMUNITY, 0, false);
	post_add(&s, person_add(&s, 0), DY_ROLE_POLICE, DY_SCOPE_COMMUNITY, 0, false);
	for (size_t i = 0; i < d->n_units; i++)
		out->teams[i].who[DY_DEMO_SECRETARY] = 0;
	logins_give(out);
}
