/* What the files of notices share. */
#ifndef DY_API_NOTICES_H
#define DY_API_NOTICES_H

#include "app/notice.h"
#include "routes.h"

/* For the office: what it was for when it was sent, and who has it now. */
enum dy_code dy_notice_write(struct dy_q *q, struct dy_rtx *tx,
                             const struct dy_notice *n) DY_NODISCARD;
/* The notice of the path. */
enum dy_code dy_notice_find(struct dy_q *q, struct dy_notice *n) DY_NODISCARD;
enum dy_code dy_notice_need_read(struct dy_str text, unsigned *needs, const char *field,
                                 struct dy_err *err) DY_NODISCARD;

#endif
