/* Accounts, posts, sessions. */
#ifndef DY_STORE_PERSON_H
#define DY_STORE_PERSON_H

#include "domain/role.h"
#include "store/sql.h"

struct dy_account {
	struct dy_id id;
	struct dy_str kind; /* "staff", "resident" */
	struct dy_str login, password_hash, name;
	struct dy_bytes phone_sealed;
	struct dy_id household;
	struct dy_str language;
	bool elder_mode;
	bool disabled;
	struct dy_time created_at;
};
struct dy_post {
	struct dy_id id, account;
	struct dy_post_scope scope;
	bool is_deputy;
	struct dy_time from;
	struct dy_str account_name, scope_name;
};
struct dy_post_list {
	struct dy_post *items;
	size_t count, cap;
};

enum dy_code dy_account_insert(struct dy_wtx *tx, const struct dy_account *a,
                               struct dy_err *err) DY_NODISCARD;
enum dy_code dy_account_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                            struct dy_account *out, struct dy_err *err) DY_NODISCARD;
/* *found false: no such login. */
enum dy_code dy_account_by_login(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str login,
                                 bool *found, struct dy_account *out,
                                 struct dy_err *err) DY_NODISCARD;
struct dy_account_list {
	struct dy_account *items;
	size_t count, cap;
};
/* Staff by id; after 0: from the first. */
enum dy_code dy_account_list_staff(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id after,
                                   int64_t limit, struct dy_account_list *out,
                                   struct dy_err *err) DY_NODISCARD;
enum dy_code dy_account_change(struct dy_wtx *tx, struct dy_id id, struct dy_str language,
                               bool elder_mode, struct dy_err *err) DY_NODISCARD;

enum dy_code dy_post_insert(struct dy_wtx *tx, const struct dy_post *p,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_post_list_account(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id account,
                                  struct dy_time now, struct dy_post_list *out,
                                  struct dy_err *err) DY_NODISCARD;
/* All posts held now, by scope and role. */
enum dy_code dy_post_list_all(struct dy_rtx *tx, struct dy_arena *arena, struct dy_time now,
                              struct dy_post_list *out, struct dy_err *err) DY_NODISCARD;
/* A post held now. */
enum dy_code dy_post_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                         struct dy_time now, struct dy_post *out, struct dy_err *err) DY_NODISCARD;
/* Ends it at that time; no error when it has ended. */
enum dy_code dy_post_end(struct dy_wtx *tx, struct dy_id id, struct dy_time at,
                         struct dy_err *err) DY_NODISCARD;

enum dy_code dy_session_insert(struct dy_wtx *tx, struct dy_bytes token_hash, struct dy_id account,
                               struct dy_time now, struct dy_time until,
                               struct dy_err *err) DY_NODISCARD;
enum dy_code dy_session_delete(struct dy_wtx *tx, struct dy_bytes token_hash,
                               struct dy_err *err) DY_NODISCARD;
/* *found false: no such session, or over. *until: when it will be. */
enum dy_code dy_session_account(struct dy_rtx *tx, struct dy_bytes token_hash, struct dy_time now,
                                bool *found, struct dy_id *out, struct dy_time *until,
                                struct dy_err *err) DY_NODISCARD;
/* Removes what has expired. */
enum dy_code dy_session_sweep(struct dy_wtx *tx, struct dy_time now,
                              struct dy_err *err) DY_NODISCARD;

#endif
