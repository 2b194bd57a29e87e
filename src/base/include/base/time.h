/* Points in time, days and zones.
 *
 * Units: UTC milliseconds since 1970 for struct dy_time; a day is the count of days since
 *   1970-01-01 in the community's zone.
 * Threads: pure functions, but dy_time_now() and dy_tick_ms(), which read the clock.
 * Zones are fixed offsets known by name: every zone of the product's users has had no
 *   daylight saving since 1991, so a table replaces tzdata (docs/adr/0006-zones.md). */
#ifndef DY_BASE_TIME_H
#define DY_BASE_TIME_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define DY_SECOND_MS ((int64_t)1000)
#define DY_MINUTE_MS ((int64_t)60 * 1000)
#define DY_HOUR_MS   ((int64_t)3600 * 1000)
#define DY_DAY_MS    ((int64_t)86400 * 1000)

struct dy_time {
	int64_t ms;
};

struct dy_day {
	int32_t n;
};

struct dy_zone {
	const char *name; /* "Asia/Shanghai" */
	int32_t offset_min;
};

struct dy_civil {
	int year, month, day; /* 1-based month and day */
	int hour, minute, second, millisecond;
	int weekday; /* 0 = Monday */
};

struct dy_time dy_time_now(void); /* wall clock */
int64_t dy_tick_ms(void);         /* monotonic, for deadlines of connections */
int64_t dy_tick_us(void);         /* monotonic, for measuring */

/* NULL when the name is not in the table. */
const struct dy_zone *dy_zone_find(struct dy_str name);
const struct dy_zone *dy_zone_default(void); /* Asia/Shanghai */

struct dy_day dy_day_of(const struct dy_zone *zone, struct dy_time t);
struct dy_time dy_day_start(const struct dy_zone *zone, struct dy_day day);
void dy_civil_of(const struct dy_zone *zone, struct dy_time t, struct dy_civil *out);
struct dy_time dy_civil_time(const struct dy_zone *zone, const struct dy_civil *c);

/* "2026-04-23T08:15:00.000+08:00" into buf[>= 32]; returns the length. */
size_t dy_time_encode(const struct dy_zone *zone, struct dy_time t, char *buf, size_t cap);
/* RFC 3339 date-time with zone; fraction optional. field names the input in the error. */
enum dy_code dy_time_decode(struct dy_str s, const char *field, struct dy_time *out,
                            struct dy_err *err) DY_NODISCARD;
size_t dy_day_encode(struct dy_day day, char *buf, size_t cap); /* "2026-04-23" */
enum dy_code dy_day_decode(struct dy_str s, const char *field, struct dy_day *out,
                           struct dy_err *err) DY_NODISCARD;

#endif
