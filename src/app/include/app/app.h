/* Use cases: rule, transaction, permission, write, event. The only place that begins a write.
 *
 * Ownership: results point into call->arena. Threads: a call belongs to one thread; functions taking a dy_rtx read only.
 * Errors: what a person may not see is DY_E_NOT_FOUND, what they may see but not do is DY_E_DENIED. */
#ifndef DY_APP_APP_H
#define DY_APP_APP_H

#include "base/crypto.h"
#include "base/limits.h"
#include "domain/clock.h"
#include "domain/address.h"
#include "domain/team.h"
#include "store/person.h"
#include "store/photo.h"
#include "store/place.h"
#include "store/request.h"
#include "store/store.h"

#define DY_SESSION_DAYS_RESIDENT 180
#define DY_SESSION_DAYS_STAFF    14
#define DY_LINK_TEXT             39 /* community id and 128 random bits, in base32 */

struct dy_actor {
	struct dy_id community;
	struct dy_id account; /* 0: nobody is signed in */
	struct dy_id household;
	bool is_staff;
	bool elder_mode;
	struct dy_str name, language;
	struct dy_time session_until; /* 0: not by a session */
	struct dy_post_list posts;
};

struct dy_call {
	struct dy_writer *writer; /* NULL when only reading */
	struct dy_arena *arena;
	const struct dy_key *key; /* seals phone numbers */
	const struct dy_actor *actor;
	struct dy_time now;
	struct dy_err *err;
	const struct dy_rules *rules; /* of the community; NULL: read when needed */
	int64_t wait_ms;              /* out, with DY_E_LIMIT: when it may be tried again */
};

/* Session tokens and door links: "<community id><random>". */
void dy_link_make(struct dy_id community, char out[DY_LINK_TEXT + 1]);
/* The community a link names and the hash it is stored under; false when it cannot be one. */
bool dy_link_split(struct dy_str link, struct dy_id *community, uint8_t hash[DY_HASH_BYTES]);

/* Who holds this session; actor->account 0 when nobody. */
enum dy_code dy_app_actor(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str session,
                          struct dy_time now, struct dy_actor *out,
                          struct dy_err *err) DY_NODISCARD;
bool dy_actor_has(const struct dy_actor *actor, enum dy_cap cap); /* somewhere */
bool dy_actor_has_at(const struct dy_actor *actor, enum dy_cap cap, struct dy_id grid,
                     struct dy_id unit);

/* A session for an account whose password was verified. token gets the cookie's value. */
enum dy_code dy_app_sign_in(struct dy_call *call, struct dy_id community, struct dy_id account,
                            char token[DY_LINK_TEXT + 1]) DY_NODISCARD;
enum dy_code dy_app_sign_out(struct dy_call *call, struct dy_str token) DY_NODISCARD;
enum dy_code dy_app_change_me(struct dy_call *call, struct dy_str language,
                              bool elder_mode) DY_NODISCARD;

struct dy_join_draft {
	struct dy_str link, door, household_code, name, phone, language;
	bool elder_mode;
};
/* Joins a household through its stair's door link. Wrong door and wrong code give the same answer. */
enum dy_code dy_app_join(struct dy_call *call, const struct dy_join_draft *draft,
                         char token[DY_LINK_TEXT + 1]) DY_NODISCARD;
/* Hash of a household code as stored: blanks out, upper case. */
void dy_household_code_hash(struct dy_id community, struct dy_str code, uint8_t out[DY_HASH_BYTES]);

/* Photos uploaded before by the same person. */
struct dy_photo_set {
	struct dy_id ids[DY_PHOTOS_MAX];
	size_t count;
};
/* The row of a picture that was stored; p->id, uploader and created_at are given here. */
enum dy_code dy_app_photo_add(struct dy_call *call, struct dy_photo *p) DY_NODISCARD;
/* May this person see the picture? p->request 0: only who uploaded it. */
enum dy_code dy_photo_may_see(struct dy_rtx *tx, struct dy_arena *arena,
                              const struct dy_actor *actor, const struct dy_photo *p, bool *out,
                              struct dy_err *err) DY_NODISCARD;

struct dy_request_draft {
	struct dy_str category, text, contact, on_behalf;
	struct dy_id door;         /* 0: the reporter's own */
	struct dy_address address; /* or the door as people write it; building empty: not given */
	bool urgent;
	struct dy_str channel; /* "phone", "paper", ... as staff say; empty: by whose door it is */
	bool unverified;       /* by somebody who did not sign in */
	struct dy_photo_set photos;
	const struct dy_where *home; /* where the reporter lives, read just before; NULL: not yet */
};
enum dy_code dy_app_report(struct dy_call *call, const struct dy_request_draft *draft,
                           struct dy_request *out) DY_NODISCARD;

struct dy_act_draft {
	struct dy_id request;
	enum dy_act act;
	int64_t version; /* the one seen; 0: whatever it is (the program's own acts) */
	struct dy_str text;
	struct dy_id to_account, into_request;
	int64_t extend_minutes, rating;
	int64_t level;     /* the clock's: escalated at least so far */
	struct dy_id told; /* the clock's: who is told */
	bool team_only;
	struct dy_photo_set photos;
};
enum dy_code dy_app_act(struct dy_call *call, const struct dy_act_draft *draft,
                        struct dy_request *out) DY_NODISCARD;

/* The rules of the community, or the built-in ones with version 0. */
enum dy_code dy_app_rules_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_rules *out,
                              struct dy_err *err) DY_NODISCARD;
/* The mode that holds in a unit of a grid: the only place that knows. */
enum dy_code dy_app_mode(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id grid,
                         struct dy_id unit, enum dy_mode *out, struct dy_err *err) DY_NODISCARD;
/* What the rules of time look at. */
struct dy_clock dy_request_clock_of(const struct dy_request *r);

/* Sides of the actor on a request (enum dy_side mask), and whether they may see it at all. */
unsigned dy_request_sides(const struct dy_actor *actor, const struct dy_request *r);
bool dy_request_may_read(const struct dy_actor *actor, const struct dy_request *r);
bool dy_request_may_see_door(const struct dy_actor *actor, const struct dy_request *r);

/* Acts that are finished only with evidence: does this one need a photo? */
bool dy_request_needs_photo(const struct dy_rules *rules, const struct dy_request *r,
                            enum dy_act act);

struct dy_account_draft {
	struct dy_str login, password_hash, name, phone;
};
enum dy_code dy_app_account_create(struct dy_call *call, const struct dy_account_draft *draft,
                                   struct dy_account *out) DY_NODISCARD;
struct dy_post_draft {
	struct dy_id account;
	struct dy_post_scope scope;
	bool is_deputy;
};
enum dy_code dy_app_post_give(struct dy_call *call, const struct dy_post_draft *draft,
                              struct dy_post *out) DY_NODISCARD;
/* Refused for the last secretary: somebody must be able to give posts. */
enum dy_code dy_app_post_end(struct dy_call *call, struct dy_id post) DY_NODISCARD;

/* The rule of the community, or the built-in one with version 0. */
enum dy_code dy_team_rule_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_team_rule *out,
                              struct dy_err *err) DY_NODISCARD;
/* rule->version is the one read before; on success the new one. */
enum dy_code dy_app_team_rule_put(struct dy_call *call, struct dy_team_rule *rule) DY_NODISCARD;

/* Housekeeping: sessions and idempotency keys that are over, for one community. */
enum dy_code dy_app_sweep(struct dy_call *call, struct dy_id community) DY_NODISCARD;

/* Sealed texts in and out; an empty text stays empty. */
struct dy_bytes dy_text_seal(struct dy_arena *arena, const struct dy_key *key, struct dy_str plain);
struct dy_str dy_text_unseal(struct dy_arena *arena, const struct dy_key *key,
                             struct dy_bytes sealed); /* "" when it is not ours */

/* First community of a database with its first secretary. */
struct dy_init_draft {
	struct dy_str division_code, name, phone, login, password, person;
	bool is_sample;
};
/* DY_E_INPUT names the member at fault. */
enum dy_code dy_init_check(const struct dy_init_draft *draft, struct dy_err *err) DY_NODISCARD;
/* DY_E_CONFLICT when the database holds a community with this code. */
enum dy_code dy_app_init(struct dy_call *call, const struct dy_init_draft *draft,
                         struct dy_id *community, struct dy_id *account) DY_NODISCARD;

#endif
