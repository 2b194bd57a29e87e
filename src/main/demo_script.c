/* The script: stories first, ordinary days around them, then everything in the order of time. */
#include "demo_script.h"

#include "demo_name.h"

#include "domain/category.h"

#include <stdlib.h>
#include <string.h>

#define DAYS           14
#define ORDINARY       165 /* ordinary requests in those days */
#define SHOWN_PCT      22  /* of stories that happen in the unit whose people have sign-ins */
#define CLAIMED_PCT    66  /* the others are sent by the leader */
#define LATE_PCT       7   /* first responses that come late */
#define DRAWS_MAX      20000
#define WORK_BEGINS_MS (8 * DY_HOUR_MS)
#define WORK_ENDS_MS   (20 * DY_HOUR_MS)

struct writing {
	struct dy_arena *arena;
	struct dy_rng rng;
	const struct dy_demo_plan *plan;
	const struct dy_demo_staff *staff;
	struct dy_demo_script *script;
	struct dy_time moment;
	bool *has_joined;    /* households */
	size_t *needs_told;  /* how often each need was told */
	size_t *story_cases; /* of each story, SIZE_MAX when no home fits it */
	size_t household;    /* of the case being written */
	size_t unit;         /* its unit */
	size_t case_;        /* its index */
	struct dy_time at;   /* of the step written last */
	struct dy_demo_slots slots;
};

static const struct dy_door_draft *
door_of(const struct writing *w, size_t household)
{
	return &w->plan->places.doors[w->plan->places.households[household].door];
}

static size_t
building_of(const struct writing *w, size_t household)
{
	return w->plan->places.stairs[door_of(w, household)->stair].building;
}

static bool
is_fit(const struct writing *w, size_t household, enum dy_demo_where where, size_t same_stair)
{
	const struct dy_door_draft *door = door_of(w, household);
	size_t building = building_of(w, household);
	enum dy_demo_kind kind = w->plan->shapes[building].kind;

	switch (where) {
	case DY_DEMO_ANYWHERE: return true;
	case DY_DEMO_AT_ELDERLY: return w->plan->places.households[household].elderly > 0;
	case DY_DEMO_IN_TOWER: return kind == DY_DEMO_TOWER && door->floor > 3;
	case DY_DEMO_IN_OLD: return kind == DY_DEMO_OLD;
	case DY_DEMO_IN_SLAB: return kind == DY_DEMO_SLAB;
	case DY_DEMO_BELOW_TOP: return door->floor < w->plan->places.buildings[building].floors;
	case DY_DEMO_SAME_STAIR: return door->stair == same_stair && door->floor > 3;
	}
	return false;
}

/* A community without towers has no trouble with lifts there: false when no household fits. */
static bool
household_draw(struct writing *w, enum dy_demo_where where, uint32_t shown_pct)
{
	const struct dy_places_draft *d = &w->plan->places;
	size_t same_stair = door_of(w, w->household)->stair;
	bool in_shown = dy_rng_below(&w->rng, 100) < shown_pct;

	for (int i = 0; i < DRAWS_MAX; i++) {
		size_t h = dy_rng_below(&w->rng, (uint32_t)d->n_households);
		size_t unit = d->stairs[door_of(w, h)->stair].unit;
		if (in_shown && unit != w->staff->shown_unit && i < DRAWS_MAX / 2)
			continue;
		if (w->has_joined[h] || !is_fit(w, h, where, same_stair))
			continue;
		w->household = h;
		w->unit = unit;
		return true;
	}
	return false;
}

static struct dy_demo_scene *
scene_add(struct writing *w, enum dy_demo_scene_kind kind, struct dy_time at)
{
	struct dy_demo_script *s = w->script;
	struct dy_demo_scene *scene = dy_arena_push(w->arena, (void **)&s->scenes, &s->n_scenes,
	                                            &s->cap_scenes, sizeof(*scene));

	*scene = (struct dy_demo_scene){
		.at = at, .order = s->n_scenes, .kind = kind, .of = w->case_
	};
	return scene;
}

/* Begins a case at w->household: whoever reports has joined a little before. */
static void
case_begin(struct writing *w, const char *category, bool by_proxy, enum dy_demo_picture before,
           const char *text, struct dy_time at)
{
	const struct dy_places_draft *d = &w->plan->places;
	const struct dy_household_draft *home = &d->households[w->household];
	const struct dy_door_draft *door = door_of(w, w->household);
	const struct dy_stair_draft *stair = &d->stairs[door->stair];
	struct dy_demo_script *s = w->script;

	struct dy_demo_case *c =
		dy_arena_push(w->arena, (void **)&s->cases, &s->n_cases, &s->cap_cases, sizeof(*c));
	w->case_ = s->n_cases - 1;
	w->at = at;
	w->slots = (struct dy_demo_slots){ d->buildings[stair->building].code, stair->code,
		                           door->code, door->floor };
	*c = (struct dy_demo_case){ .household = w->household,
		                    .category = category,
		                    .text = dy_demo_tell(w->arena, &w->rng, text, &w->slots),
		                    .by_proxy = by_proxy,
		                    .before = before };
	if (by_proxy) {
		static const char *const TITLES[] = { "阿婆", "阿公", "老人家" };
		c->on_behalf = dy_str_from(dy_arena_printf(
			w->arena, "%.*s%s，电话报的", DY_FMT(dy_demo_surname(home->name)),
			TITLES[dy_rng_below(&w->rng, DY_COUNT(TITLES))]));
		c->contact = home->phone;
	} else {
		struct dy_time before_at = { at.ms - dy_rng_between(&w->rng, 1, 9) * DY_MINUTE_MS };
		scene_add(w, DY_DEMO_JOIN, before_at)->household = w->household;
		if (dy_rng_chance(&w->rng, 2, 5))
			c->contact = home->phone;
	}
	w->has_joined[w->household] = true;
	(void)scene_add(w, DY_DEMO_REPORT, at);
}

static bool
needs_photo(const struct writing *w, enum dy_act act)
{
	const struct dy_category *c =
		dy_category_find(dy_str_from(w->script->cases[w->case_].category));
	return (act == DY_ACT_FINISH || act == DY_ACT_CLOSE_NOW) &&
	       c->evidence == DY_EVIDENCE_PHOTO;
}

static void
step_add(struct writing *w, const struct dy_demo_step *step)
{
	w->at.ms += step->after * DY_MINUTE_MS + dy_rng_below(&w->rng, 50) * DY_SECOND_MS;
	struct dy_demo_scene *scene = scene_add(w, DY_DEMO_ACT, w->at);
	scene->act = step->act;
	scene->who = step->who;
	scene->to = step->to;
	scene->picture = step->picture;
	scene->number = step->number;
	scene->team_only = step->team_only;
	scene->text =
		dy_demo_tell(w->arena, &w->rng, step->text != NULL ? step->text : "", &w->slots);
	if (scene->picture == DY_DEMO_NO_PICTURE && needs_photo(w, step->act)) {
		bool is_waste = strcmp(w->script->cases[w->case_].category, "WAST") == 0;
		scene->picture = is_waste ? DY_DEMO_CLEAN : DY_DEMO_FIXED;
	}
}

static void
story_write(struct writing *w, const struct dy_demo_story *stories, size_t i)
{
	const struct dy_demo_story *story = &stories[i];
	size_t into = w->story_cases[i - (size_t)story->into];
	const struct dy_zone *zone = dy_zone_default();
	struct dy_time at = { w->moment.ms - story->age * DY_MINUTE_MS };

	if (story->days > 0) {
		struct dy_day day = dy_day_of(zone, w->moment);
		day.n -= story->days;
		at = dy_day_start(zone, day);
		at.ms += (story->clock / 100 * 60 + story->clock % 100) * DY_MINUTE_MS;
	}
	w->story_cases[i] = SIZE_MAX;
	if ((story->into > 0 && into == SIZE_MAX) || !household_draw(w, story->where, SHOWN_PCT))
		return;
	case_begin(w, story->category, story->by_proxy, story->before, story->text, at);
	w->story_cases[i] = w->case_;
	w->script->cases[w->case_].into = into;
	for (size_t k = 0; k < DY_DEMO_STEPS && story->steps[k].text != NULL; k++)
		step_add(w, &story->steps[k]);
}

/* Who usually does it. */
static enum dy_demo_who
hand_of(const char *category)
{
	static const struct {
		const char *category;
		enum dy_demo_who who;
	} HANDS[] = {
		{ "REPR", DY_DEMO_PROPERTY },  { "WAST", DY_DEMO_PROPERTY },
		{ "CARE", DY_DEMO_CAPTAIN },   { "MED2", DY_DEMO_VOLUNTEER },
		{ "FOOD", DY_DEMO_VOLUNTEER }, { "DELV", DY_DEMO_SECOND },
		{ "DISP", DY_DEMO_GRID },      { "PSYC", DY_DEMO_LEADER },
		{ "SHOP", DY_DEMO_CADRE },     { "IDEA", DY_DEMO_CADRE },
		{ "PASS", DY_DEMO_CADRE },     { "TEST", DY_DEMO_LEADER },
	};
	for (size_t i = 0; i < DY_COUNT(HANDS); i++) {
		if (strcmp(HANDS[i].category, category) == 0)
			return HANDS[i].who;
	}
	return DY_DEMO_LEADER;
}

static bool
is_answer(const char *category)
{
	static const char *const ANSWERS[] = { "INFO", "TEST", "PASS", "IDEA" };

	for (size_t i = 0; i < DY_COUNT(ANSWERS); i++) {
		if (strcmp(ANSWERS[i], category) == 0)
			return true;
	}
	return false;
}

/* Minutes to the first response: soon, seldom late. */
static int
soon(struct writing *w)
{
	if (dy_rng_below(&w->rng, 100) < LATE_PCT)
		return (int)dy_rng_between(&w->rng, 14, 55);
	return (int)dy_rng_between(&w->rng, 1, 4);
}

/* Work is done by day: what would fall into the night is done next morning. */
static int
by_day(struct writing *w, int lo, int hi)
{
	const struct dy_zone *zone = dy_zone_default();
	int64_t minutes = dy_rng_between(&w->rng, lo, hi);
	struct dy_time then = { w->at.ms + minutes * DY_MINUTE_MS };
	int64_t clock = then.ms - dy_day_start(zone, dy_day_of(zone, then)).ms;

	if (clock < WORK_BEGINS_MS)
		minutes += (WORK_BEGINS_MS - clock) / DY_MINUTE_MS + dy_rng_between(&w->rng, 5, 70);
	else if (clock > WORK_ENDS_MS)
		minutes += (WORK_BEGINS_MS + DY_DAY_MS - clock) / DY_MINUTE_MS +
		           dy_rng_between(&w->rng, 5, 70);
	return (int)minutes;
}

static void
do_step(struct writing *w, enum dy_act act, enum dy_demo_who who, int after, const char *text)
{
	struct dy_demo_step step = { .act = act, .who = who, .after = after, .text = text };
	step_add(w, &step);
}

static void
rating_write(struct writing *w, uint32_t chance_pct)
{
	static const int STARS[] = { 5, 5, 5, 5, 5, 5, 4, 4, 4, 3 };
	struct dy_demo_step step = { .act = DY_ACT_RATE, .who = DY_DEMO_RESIDENT, .after = 1 };

	if (dy_rng_below(&w->rng, 100) >= chance_pct)
		return;
	step.number = STARS[dy_rng_below(&w->rng, DY_COUNT(STARS))];
	step_add(w, &step);
}

static void
resident_ends(struct writing *w)
{
	do_step(w, DY_ACT_CONFIRM, DY_DEMO_RESIDENT, by_day(w, 6, 200),
	        "[|好了，谢谢！|可以了|已经好了，辛苦了。|收到]");
	rating_write(w, 72);
}

static void
answered_at_once(struct writing *w, const struct dy_demo_need *need)
{
	do_step(w, DY_ACT_CLOSE_NOW, hand_of(need->category), soon(w), need->done);
	rating_write(w, 45);
}

static void
claimed(struct writing *w, const struct dy_demo_need *need)
{
	enum dy_demo_who hand = hand_of(need->category);

	do_step(w, DY_ACT_CLAIM, hand, soon(w), "[|||我来。|收到，马上过来。]");
	if (dy_rng_chance(&w->rng, 2, 3))
		do_step(w, DY_ACT_START, hand, by_day(w, 6, 50), "[||到了。|在路上。]");
	do_step(w, DY_ACT_FINISH, hand, by_day(w, 20, 160), need->done);
	if (dy_rng_chance(&w->rng, 3, 4))
		resident_ends(w);
	else
		do_step(w, DY_ACT_CLOSE, DY_DEMO_LEADER, by_day(w, 200, 700),
		        "[|电话回访过，已解决。|现场看过。]");
}

/* Through the leader: taken in, sent, done, verified. */
static void
sent(struct writing *w, const struct dy_demo_need *need, bool by_proxy)
{
	enum dy_demo_who hand = by_proxy ? DY_DEMO_VOLUNTEER : hand_of(need->category);
	struct dy_demo_step send = { .act = DY_ACT_DISPATCH,
		                     .who = DY_DEMO_LEADER,
		                     .after = (int)dy_rng_between(&w->rng, 2, 15),
		                     .text = "[||请去看看。|今天处理一下。]",
		                     .to = hand };

	do_step(w, DY_ACT_ACCEPT, DY_DEMO_LEADER, soon(w), "[||收到。|收到，马上安排。]");
	step_add(w, &send);
	do_step(w, DY_ACT_START, hand, by_day(w, 5, 40), "[||到了。]");
	do_step(w, DY_ACT_FINISH, hand, by_day(w, 15, 140), need->done);
	if (by_proxy || dy_rng_chance(&w->rng, 1, 2))
		do_step(w, DY_ACT_CLOSE, DY_DEMO_LEADER, by_day(w, 60, 500),
		        "[|电话回访过，满意。|去看过了。]");
	else
		resident_ends(w);
}

/* Requests come from half past seven to half past nine in the evening, most in the morning and after work. */
static struct dy_time
ordinary_time(struct writing *w, size_t i)
{
	static const int HOURS[] = { 7,  8,  8,  9,  9,  9,  10, 10, 11, 12, 13,
		                     14, 15, 16, 17, 17, 18, 18, 19, 19, 20, 21 };
	const struct dy_zone *zone = dy_zone_default();
	struct dy_day day = dy_day_of(zone, w->moment);
	int hour = HOURS[dy_rng_below(&w->rng, DY_COUNT(HOURS))];

	day.n -= (int32_t)(DAYS - 1 - i * DAYS / ORDINARY);
	struct dy_time at = dy_day_start(zone, day);
	at.ms += hour * DY_HOUR_MS + dy_rng_below(&w->rng, 3600) * DY_SECOND_MS;
	return at;
}

/* By the weight of its category, then the need that was told least. */
static size_t
need_draw(struct writing *w)
{
	static const struct {
		const char *category;
		uint32_t weight;
	} WEIGHTS[] = {
		{ "REPR", 24 }, { "WAST", 13 }, { "CARE", 10 }, { "MED2", 8 }, { "FOOD", 5 },
		{ "DELV", 9 },  { "PASS", 6 },  { "TEST", 4 },  { "INFO", 9 }, { "DISP", 4 },
		{ "PSYC", 2 },  { "SHOP", 2 },  { "IDEA", 4 },
	};
	size_t n, best = 0, i = 0;
	const struct dy_demo_need *needs = dy_demo_needs(&n);
	uint32_t draw = dy_rng_below(&w->rng, 100);

	while (i + 1 < DY_COUNT(WEIGHTS) && draw >= WEIGHTS[i].weight)
		draw -= WEIGHTS[i++].weight;
	size_t least = SIZE_MAX;
	size_t turn = dy_rng_below(&w->rng, (uint32_t)n); /* not always the first one written */
	for (size_t k = 0; k < n; k++) {
		size_t need = (turn + k) % n;
		if (strcmp(needs[need].category, WEIGHTS[i].category) == 0 &&
		    w->needs_told[need] < least) {
			least = w->needs_told[need];
			best = need;
		}
	}
	w->needs_told[best]++;
	return best;
}

/* What people put around a need; "%" stands for it. */
static const char *
frame_of(const struct dy_demo_need *need)
{
	const struct dy_category *c = dy_category_find(dy_str_from(need->category));

	if (need->by_proxy || c->is_private)
		return "%";
	if (is_answer(need->category))
		return "[|||请问，|社区你好，]%";
	if (strcmp(need->category, "WAST") == 0 || strcmp(need->category, "SHOP") == 0)
		return "[||||你好，|麻烦了，]%[||||谢谢！|辛苦了。]";
	return "[||||你好，|麻烦了，]%[||||谢谢！|辛苦了。|家里一直有人。]";
}

static void
ordinary_write(struct writing *w, size_t i)
{
	size_t n;
	const struct dy_demo_need *need = &dy_demo_needs(&n)[need_draw(w)];
	struct dy_time at = ordinary_time(w, i);
	uint32_t draw = dy_rng_below(&w->rng, 100);
	const char *frame = frame_of(need);

	/* what came in the last half hour is told by stories */
	if (at.ms > w->moment.ms - 30 * DY_MINUTE_MS || !household_draw(w, need->where, 5))
		return;
	const char *middle = strchr(frame, '%');
	const char *text = dy_arena_printf(w->arena, "%.*s%s%s", (int)(middle - frame), frame,
	                                   need->text, middle + 1);
	case_begin(w, need->category, need->by_proxy, need->before, text, at);
	if (need->by_proxy)
		sent(w, need, true);
	else if (is_answer(need->category))
		answered_at_once(w, need);
	else if (draw < CLAIMED_PCT || dy_category_find(dy_str_from(need->category))->is_private)
		claimed(w, need); /* what is private stays with whom it was told */
	else
		sent(w, need, false);
}

static int
by_time(const void *a, const void *b)
{
	const struct dy_demo_scene *x = a, *y = b;

	if (x->at.ms != y->at.ms)
		return x->at.ms < y->at.ms ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void
dy_demo_script_make(struct dy_arena *arena, const struct dy_demo_plan *plan,
                    const struct dy_demo_staff *staff, uint64_t seed, struct dy_time moment,
                    struct dy_demo_script *out)
{
	struct writing w = { .arena = arena,
		             .rng = dy_rng_seed(seed, 3),
		             .plan = plan,
		             .staff = staff,
		             .script = out,
		             .moment = moment };
	size_t n;

	*out = (struct dy_demo_script){ 0 };
	w.has_joined = DY_NEW_ARRAY(arena, plan->places.n_households, bool);
	(void)dy_demo_needs(&n);
	w.needs_told = DY_NEW_ARRAY(arena, n, size_t);
	const struct dy_demo_story *stories = dy_demo_stories(&n);
	w.story_cases = DY_NEW_ARRAY(arena, n, size_t);
	for (size_t i = 0; i < n; i++)
		story_write(&w, stories, i);
	for (size_t i = 0; i < ORDINARY; i++)
		ordinary_write(&w, i);
	qsort(out->scenes, out->n_scenes, sizeof(*out->scenes), by_time);
	/* what lies ahead has not happened yet */
	while (out->n_scenes > 0 && out->scenes[out->n_scenes - 1].at.ms > moment.ms)
		out->n_scenes--;
}
