/* Every community of a database in turn. Threads: the caller's. */
#ifndef DY_MAIN_EACH_H
#define DY_MAIN_EACH_H

#include "store/store.h"

typedef enum dy_code (*dy_each_fn)(void *ctx, struct dy_reader *reader, struct dy_id community,
                                   struct dy_err *err);

/* Ends at the first that fails. The reader has no transaction open when fn is called. */
enum dy_code dy_each_community(struct dy_store *store, dy_each_fn fn, void *ctx,
                               struct dy_err *err) DY_NODISCARD;

#endif
