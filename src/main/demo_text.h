/* What the people of the sample community say: ordinary needs, told again and again in other words, and whole stories that
 * lead a request through the rarer states.
 *
 * Texts are templates: [a|b|c] takes one of the three, {b} {s} {f} {d} stand for building, stair, floor and door, {k} for a number.
 * The texts themselves are Chinese, as their readers are: they are data, not messages of the program. */
#ifndef DY_MAIN_DEMO_TEXT_H
#define DY_MAIN_DEMO_TEXT_H

#include "base/rng.h"
#include "domain/request.h"

enum dy_demo_where {
	DY_DEMO_ANYWHERE,
	DY_DEMO_AT_ELDERLY,
	DY_DEMO_IN_TOWER,
	DY_DEMO_IN_OLD,
	DY_DEMO_IN_SLAB,
	DY_DEMO_BELOW_TOP,  /* somebody lives upstairs */
	DY_DEMO_SAME_STAIR, /* as the story before */
};

enum dy_demo_who {
	DY_DEMO_RESIDENT,
	DY_DEMO_HAND, /* who usually does this kind of work */
	DY_DEMO_LEADER,
	DY_DEMO_CADRE,
	DY_DEMO_GRID,
	DY_DEMO_SECRETARY,
	DY_DEMO_CAPTAIN,
	DY_DEMO_VOLUNTEER,
	DY_DEMO_SECOND, /* another volunteer */
	DY_DEMO_PROPERTY,
};

enum dy_demo_picture {
	DY_DEMO_NO_PICTURE,
	DY_DEMO_LEAK,
	DY_DEMO_LAMP,
	DY_DEMO_LIFT,
	DY_DEMO_WALL,
	DY_DEMO_WASTE,
	DY_DEMO_PARCEL,
	DY_DEMO_FIXED,
	DY_DEMO_CLEAN,
};
#define DY_DEMO_PICTURES 9

struct dy_demo_need {
	const char *category;
	enum dy_demo_where where;
	bool by_proxy; /* the captain writes it down for a resident */
	enum dy_demo_picture before;
	const char *text;
	const char *done; /* what is said when it is finished, or answered at once */
};

struct dy_demo_step {
	enum dy_act act;
	enum dy_demo_who who;
	int after; /* minutes since the step before */
	const char *text;
	enum dy_demo_who to;          /* of dispatch and hand_over */
	enum dy_demo_picture picture; /* beside the photo that the category asks for */
	int number;                   /* minutes of an extension, stars of a rating */
	bool team_only;
};
#define DY_DEMO_STEPS 9

/* Reported either age minutes ago, or days ago at a time of day ("hhmm"). */
struct dy_demo_story {
	int age, days, clock;
	int into; /* of what is merged: into the story so many before this one */
	const char *category;
	enum dy_demo_where where;
	bool by_proxy;
	enum dy_demo_picture before;
	const char *text;
	struct dy_demo_step steps[DY_DEMO_STEPS]; /* ends at the first without text and time */
};

const struct dy_demo_need *dy_demo_needs(size_t *n); /* grouped by category */
const struct dy_demo_story *dy_demo_stories(size_t *n);

struct dy_demo_slots {
	struct dy_str building, stair, door;
	int64_t floor;
};
struct dy_str dy_demo_tell(struct dy_arena *arena, struct dy_rng *rng, const char *template,
                           const struct dy_demo_slots *slots);

#endif
