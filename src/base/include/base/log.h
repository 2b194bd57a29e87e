/* One line per event on stderr: time, level, event, key=value pairs.
 *
 * Only src/main and src/api log outcomes. Never log names, addresses, phone numbers or tokens;
 *   tools/check_log_fields.py holds the list of keys that may appear.
 * Threads: any; a line is one write(2). */
#ifndef DY_BASE_LOG_H
#define DY_BASE_LOG_H

#include "base/attr.h"

enum dy_log_level { DY_LOG_DEBUG, DY_LOG_INFO, DY_LOG_WARN, DY_LOG_ERROR };

void dy_log_set_level(enum dy_log_level level);

/* fmt is a list of key=value pairs: dy_log(DY_LOG_INFO, "request", "op=%s ms=%lld", ...). Values with
 * blanks, quotes or control characters are the caller's to avoid; control characters become '?'. */
void dy_log(enum dy_log_level level, const char *event, const char *fmt, ...) DY_PRINTF(3, 4);

#endif
