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

#endif
