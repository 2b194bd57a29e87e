/* The sample's notices and its sign-up: sent by the secretary, read and entered by some of those who have joined. */
#ifndef DY_MAIN_DEMO_NEWS_H
#define DY_MAIN_DEMO_NEWS_H

#include "app/app.h"

struct dy_demo_readers {
	const struct dy_id *units;
	size_t n_units;
	const struct dy_actor *residents; /* account 0: has not joined */
	size_t n_residents;
};
/* call is the secretary's; its time is the end of the sample. */
enum dy_code dy_demo_news(struct dy_call *call, const struct dy_demo_readers *readers) DY_NODISCARD;

#endif
