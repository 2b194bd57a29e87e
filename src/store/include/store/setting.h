/* Settings of a community: named texts with versions. */
#ifndef DY_STORE_SETTING_H
#define DY_STORE_SETTING_H

#include "store/sql.h"

/* version 0 and an empty value: never set. */
enum dy_code dy_setting_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str name,
                            struct dy_str *value, int64_t *version,
                            struct dy_err *err) DY_NODISCARD;
/* DY_E_CONFLICT when *version is not the stored one; on success *version is the new. */
enum dy_code dy_setting_put(struct dy_wtx *tx, struct dy_str name, struct dy_str value,
                            int64_t *version, struct dy_err *err) DY_NODISCARD;

/* Versions of settings that keep them. */
struct dy_setting_version {
	int64_t version;
	struct dy_time at;
	struct dy_str account_name, note;
};
struct dy_setting_version_list {
	struct dy_setting_version *items;
	size_t count, cap;
};
enum dy_code dy_setting_version_add(struct dy_wtx *tx, struct dy_str name, int64_t version,
                                    struct dy_str value, struct dy_id account, struct dy_str note,
                                    struct dy_time at, struct dy_err *err) DY_NODISCARD;
/* Newest first; at most 100. */
enum dy_code dy_setting_version_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str name,
                                     struct dy_setting_version_list *out,
                                     struct dy_err *err) DY_NODISCARD;
/* DY_E_NOT_FOUND when there was no such version. */
enum dy_code dy_setting_version_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str name,
                                    int64_t version, struct dy_str *value,
                                    struct dy_err *err) DY_NODISCARD;

#endif
