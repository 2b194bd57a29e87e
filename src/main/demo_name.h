/* Invented names and telephone numbers of the sample community.
 *
 * The numbers are 0580-0 and six digits: no subscriber's number begins with 0, so nobody can be called by mistake. */
#ifndef DY_MAIN_DEMO_NAME_H
#define DY_MAIN_DEMO_NAME_H

#include "base/arena.h"
#include "base/rng.h"
#include "base/str.h"

/* Given names go with age: 秀英 is a grandmother, 子涵 a child. */
struct dy_str dy_demo_name(struct dy_arena *arena, struct dy_rng *rng, bool is_elderly);
struct dy_str dy_demo_surname(struct dy_str name);
struct dy_str dy_demo_phone(struct dy_arena *arena, struct dy_rng *rng);

#endif
