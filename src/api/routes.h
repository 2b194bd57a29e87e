/* The route tables, one per resource, and what their files share. */
#ifndef DY_API_ROUTES_H
#define DY_API_ROUTES_H

#include "inside.h"

/* A row for each file of routes. */
#define DY_ROUTE_FILES(FILE)                                                                       \
	FILE(session)                                                                              \
	FILE(request)                                                                              \
	FILE(place)                                                                                \
	FILE(people)                                                                               \
	FILE(photo)                                                                                \
	FILE(notice)                                                                               \
	FILE(notice_send)                                                                          \
	FILE(receipt)                                                                              \
	FILE(sign_up)                                                                              \
	FILE(intake)                                                                               \
	FILE(follow)                                                                               \
	FILE(door)                                                                                 \
	FILE(duty)                                                                                 \
	FILE(vacancy)                                                                              \
	FILE(lite)                                                                                 \
	FILE(household)                                                                            \
	FILE(import)                                                                               \
	FILE(oversight)                                                                            \
	FILE(workflow)                                                                             \
	FILE(paste)                                                                                \
	FILE(operation)

#define DY_DECLARE_ROUTES(name)                                                                    \
	extern const struct dy_route dy_##name##_routes[];                                         \
	extern const size_t dy_##name##_routes_n;
DY_ROUTE_FILES(DY_DECLARE_ROUTES)
#undef DY_DECLARE_ROUTES

/* Ends {"items":[...  with "next": null. */
void dy_list_end(struct dy_q *q);

/* Guesses of one thing (a login, a door's code), from anywhere. */
enum dy_code dy_tries_take(struct dy_q *q, const char *key, const char *field) DY_NODISCARD;

/* places.c: the body becomes an SVG picture of the text's QR code. */
enum dy_code dy_qr_draw(struct dy_q *q, const char *text) DY_NODISCARD;

/* Building captain of a unit or, while there is none, its leader; *found false: neither. */
enum dy_code dy_captain_find(struct dy_rtx *tx, struct dy_arena *arena,
                             const struct dy_post_list *posts, struct dy_id unit, bool *found,
                             struct dy_account *out, struct dy_err *err) DY_NODISCARD;

#endif
