/* The plain pages under /lite: no script, at most 14 KB, for any browser that knows forms. */
#ifndef DY_API_LITE_H
#define DY_API_LITE_H

#include "form.h"
#include "html.h"
#include "requests.h"

/* Which form a POST carries; what is shown again when it is refused. */
enum dy_lite_kind { DY_LITE_NONE, DY_LITE_DOOR, DY_LITE_JOIN, DY_LITE_REPORT, DY_LITE_ACT };

struct dy_lite_like {
	struct dy_id id;
	bool own;
	struct dy_str text, place;
};
#define DY_LITE_LIKES 3

struct dy_lite_draft {
	enum dy_lite_kind kind;
	struct dy_form form;
	struct dy_str place; /* the stair, or the own door */
	const char *action;  /* where the form goes */
	struct dy_lite_like likes[DY_LITE_LIKES];
	size_t n_likes;
	struct dy_door_report door;
	struct dy_join_draft join;
	struct dy_request_draft report;
	struct dy_act_draft act;
};

#define DY_LITE_TEXT_MAX 1000 /* characters of words on a plain page */

/* lite_text.c */
struct dy_str dy_lite_text(const char *key, bool chinese); /* an unknown key aborts */
struct dy_str dy_lite_category(struct dy_str code, bool chinese);
struct dy_str dy_lite_state(enum dy_state state, bool chinese);
struct dy_str dy_lite_act(struct dy_str act, bool chinese);

/* lite_page.c. All write to q->body. */
bool dy_lite_zh(const struct dy_q *q);
struct dy_str dy_lt(const struct dy_q *q, const char *key);
void dy_lite_begin(struct dy_q *q, const char *title_key);
void dy_lite_end(struct dy_q *q);
/* The hidden key of a form, made for this session. */
void dy_lite_key(struct dy_q *q);
bool dy_lite_key_is(const struct dy_q *q, struct dy_str key);
void dy_lite_door_form(struct dy_q *q, const struct dy_lite_draft *d);
void dy_lite_join_form(struct dy_q *q, const struct dy_lite_draft *d);
void dy_lite_report_form(struct dy_q *q, const struct dy_lite_draft *d);
/* A request with its history and the forms of what can be done. */
struct dy_lite_view {
	const struct dy_request *r;
	const struct dy_entry_list *entries;
	const struct dy_helper *helper;
	const char *action; /* where acts go */
	unsigned acts;
	bool shows_door, shows_words;
};
void dy_lite_request(struct dy_q *q, const struct dy_lite_view *view);

/* lite.c: somebody is signed in; at_home: and belongs to a household. */
enum dy_code dy_lite_signed_in(struct dy_q *q, bool at_home) DY_NODISCARD;

/* lite_act.c: the POST side. */
enum dy_code dy_lite_door_prepare(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_door_report(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_join_prepare(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_join(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_report_prepare(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_report(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_act_prepare(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_act_do(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_track_prepare(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_track_do(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_follow_prepare(struct dy_q *q) DY_NODISCARD;
enum dy_code dy_lite_follow_do(struct dy_q *q) DY_NODISCARD;

/* follow.c: open requests of the place that may be about the same. */
struct dy_similar {
	const struct dy_request *r;
	enum dy_likeness like;
};
enum dy_code dy_similar_find(struct dy_q *q, struct dy_sighting *draft,
                             const struct dy_where *where, struct dy_similar *out, size_t cap,
                             size_t *n) DY_NODISCARD;

#endif
