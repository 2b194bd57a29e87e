/* What time says about a request, as members of its JSON object. */
#ifndef DY_API_CLOCKS_H
#define DY_API_CLOCKS_H

#include "inside.h"

/* overdue, card, the next deadline, release, extension, who answers for it, who could be asked. */
enum dy_code dy_clocks_write(struct dy_q *q, struct dy_rtx *tx,
                             const struct dy_request *r) DY_NODISCARD;

#endif
