/* Idempotency: the answer to a write is stored with the write, under the client's key.
 *
 * Keys are 8 to 64 visible ASCII characters, unique per community and account; the hash is of method, path and body.
 * Same key and same hash: the stored answer. Same key and another hash: DY_E_CONFLICT. */
#ifndef DY_STORE_IDEM_H
#define DY_STORE_IDEM_H

#include "base/crypto.h"
#include "store/sql.h"

struct dy_idem {
	struct dy_id account; /* 0: no session (join, login) */
	struct dy_str key;
	uint8_t hash[DY_HASH_BYTES];
};

struct dy_idem_answer {
	int64_t status;
	struct dy_str body;
};

/* *found false: not seen before. */
enum dy_code dy_idem_find(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_idem *idem,
                          bool *found, struct dy_idem_answer *out, struct dy_err *err) DY_NODISCARD;
enum dy_code dy_idem_store(struct dy_wtx *tx, const struct dy_idem *idem,
                           const struct dy_idem_answer *answer, struct dy_time now,
                           struct dy_err *err) DY_NODISCARD;
/* Removes keys older than before; at most limit a call. */
enum dy_code dy_idem_sweep(struct dy_wtx *tx, struct dy_time before, int64_t limit,
                           struct dy_err *err) DY_NODISCARD;

#endif
