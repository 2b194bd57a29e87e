/* The script of the sample's two weeks: who joins, reports and acts, and when. Pure: equal plan, staff, seed and moment give
 * the same script. The stage (demo_stage.h) plays it. */
#ifndef DY_MAIN_DEMO_SCRIPT_H
#define DY_MAIN_DEMO_SCRIPT_H

#include "demo_staff.h"

struct dy_demo_case { /* one request */
	size_t household;
	const char *category;
	struct dy_str text, on_behalf, contact;
	bool by_proxy; /* reported by the captain for the household */
	enum dy_demo_picture before;
	size_t into; /* case that it is merged into */
};
enum dy_demo_scene_kind { DY_DEMO_JOIN, DY_DEMO_REPORT, DY_DEMO_ACT };
struct dy_demo_scene {
	struct dy_time at;
	size_t order; /* scenes of the same moment keep the order they were written in */
	enum dy_demo_scene_kind kind;
	size_t household; /* of a join */
	size_t of;        /* the case */
	enum dy_act act;
	enum dy_demo_who who, to;
	struct dy_str text;
	enum dy_demo_picture picture;
	int number;
	bool team_only;
};
struct dy_demo_script {
	struct dy_demo_case *cases;
	struct dy_demo_scene *scenes; /* in the order of time, none behind the moment */
	size_t n_cases, n_scenes, cap_cases, cap_scenes;
};

void dy_demo_script_make(struct dy_arena *arena, const struct dy_demo_plan *plan,
                         const struct dy_demo_staff *staff, uint64_t seed, struct dy_time moment,
                         struct dy_demo_script *out);

#endif
