/* Log lines: one write(2) each, so that threads do not mix. */
#include "base/log.h"

#include "base/time.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

static _Atomic int threshold = DY_LOG_INFO;

void
dy_log_set_level(enum dy_log_level level)
{
	atomic_store(&threshold, (int)level);
}

static const char *
level_name(enum dy_log_level level)
{
	switch (level) {
	case DY_LOG_DEBUG: return "debug";
	case DY_LOG_INFO: return "info";
	case DY_LOG_WARN: return "warn";
	case DY_LOG_ERROR: return "error";
	}
	return "error";
}

void
dy_log(enum dy_log_level level, const char *event, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	char stamp[40];
	va_list args;

	if ((int)level < atomic_load_explicit(&threshold, memory_order_relaxed))
		return;
	(void)dy_time_encode(dy_zone_find(DY_STR("UTC")), dy_time_now(), stamp, sizeof(stamp));
	int n = snprintf(line, sizeof(line) - 1, "time=%s level=%s event=%s ", stamp,
	                 level_name(level), event);
	size_t used = n > 0 ? (size_t)n : 0;
	if (used > sizeof(line) - 2) /* the event's name was cut */
		used = sizeof(line) - 2;
	va_start(args, fmt);
	n = vsnprintf(line + used, sizeof(line) - 1 - used, fmt, args);
	va_end(args);
	used += n > 0 ? (size_t)n : 0;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	for (size_t i = 0; i < used; i++) {
		if ((unsigned char)line[i] < ' ' || line[i] == 127)
			line[i] = '?';
	}
	line[used++] = '\n';
	ssize_t written = write(STDERR_FILENO, line, used);
	(void)written; /* nowhere left to report to */
}
