/* Counters of a community: 1, 2, 3, ... without gaps, in the order of commits. */
#ifndef DY_STORE_COUNTER_H
#define DY_STORE_COUNTER_H

#include "store/sql.h"

#define DY_COUNTER_NAME 40 /* bytes at most */

/* The next number; taken back with the transaction. */
enum dy_code dy_counter_next(struct dy_wtx *tx, struct dy_str name, int64_t *out,
                             struct dy_err *err) DY_NODISCARD;

#endif
