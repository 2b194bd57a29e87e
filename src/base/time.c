/* Time: civil dates after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2021. */
#include "base/time.h"

#include <time.h>

/* 9999-12-30T23:59:59.999Z: written in any zone of the table the year still has four digits. */
#define DECODED_MS_MAX INT64_C(253402214399999)

static const struct dy_zone ZONES[] = {
	{ "Asia/Shanghai", 480 }, { "Asia/Urumqi", 360 }, { "Asia/Hong_Kong", 480 },
	{ "Asia/Macau", 480 },    { "UTC", 0 },
};

struct dy_time
dy_time_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	struct dy_time t = { (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 };
	return t;
}

int64_t
dy_tick_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
dy_tick_ms(void)
{
	return dy_tick_us() / 1000;
}

const struct dy_zone *
dy_zone_find(struct dy_str name)
{
	for (size_t i = 0; i < DY_COUNT(ZONES); i++) {
		if (dy_str_is(name, ZONES[i].name))
			return &ZONES[i];
	}
	return NULL;
}

const struct dy_zone *
dy_zone_default(void)
{
	return &ZONES[0];
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;
	return a % b < 0 ? q - 1 : q;
}

static int64_t
days_from_civil(int64_t y, int64_t m, int64_t d)
{
	y -= m <= 2;
	int64_t era = floor_div(y, 400);
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static void
civil_from_days(int64_t z, struct dy_civil *out)
{
	z += 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	out->year = (int)(yoe + era * 400 + (out->month <= 2));
}

struct dy_day
dy_day_of(const struct dy_zone *zone, struct dy_time t)
{
	struct dy_day day = { (int32_t)floor_div(t.ms + zone->offset_min * DY_MINUTE_MS,
		                                 DY_DAY_MS) };
	return day;
}

struct dy_time
dy_day_start(const struct dy_zone *zone, struct dy_day day)
{
	struct dy_time t = { day.n * DY_DAY_MS - zone->offset_min * DY_MINUTE_MS };
	return t;
}

void
dy_civil_of(const struct dy_zone *zone, struct dy_time t, struct dy_civil *out)
{
	struct dy_day day = dy_day_of(zone, t);
	int64_t rest = t.ms - dy_day_start(zone, day).ms;

	civil_from_days(day.n, out);
	out->hour = (int)(rest / DY_HOUR_MS);
	out->minute = (int)(rest / DY_MINUTE_MS % 60);
	out->second = (int)(rest / DY_SECOND_MS % 60);
	out->millisecond = (int)(rest % 1000);
	out->weekday = (int)((day.n + 3) - floor_div(day.n + 3, 7) * 7); /* 1970-01-01: Thursday */
}

struct dy_time
dy_civil_time(const struct dy_zone *zone, const struct dy_civil *c)
{
	struct dy_day day = { (int32_t)days_from_civil(c->year, c->month, c->day) };
	struct dy_time t = dy_day_start(zone, day);
	t.ms += c->hour * DY_HOUR_MS + c->minute * DY_MINUTE_MS + c->second * DY_SECOND_MS +
	        c->millisecond;
	return t;
}

static char *
put(char *at, int v, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		at[i] = (char)('0' + v % 10);
		v /= 10;
	}
	return at + digits;
}

size_t
dy_time_encode(const struct dy_zone *zone, struct dy_time t, char *buf, size_t cap)
{
	struct dy_civil c;
	char *at = buf;

	DY_ASSERT(cap >= 32);
	dy_civil_of(zone, t, &c);
	at = put(at, c.year, 4);
	*at++ = '-';
	at = put(at, c.month, 2);
	*at++ = '-';
	at = put(at, c.day, 2);
	*at++ = 'T';
	at = put(at, c.hour, 2);
	*at++ = ':';
	at = put(at, c.minute, 2);
	*at++ = ':';
	at = put(at, c.second, 2);
	*at++ = '.';
	at = put(at, c.millisecond, 3);
	if (zone->offset_min == 0) {
		*at++ = 'Z';
	} else {
		int offset = zone->offset_min < 0 ? -zone->offset_min : zone->offset_min;
		*at++ = zone->offset_min < 0 ? '-' : '+';
		at = put(at, offset / 60, 2);
		*at++ = ':';
		at = put(at, offset % 60, 2);
	}
	*at = '\0';
	return (size_t)(at - buf);
}

/* Takes n digits off *s; false when they are not there. */
static bool
take_digits(struct dy_str *s, size_t n, int *out)
{
	int v = 0;

	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->ptr[i] < '0' || s->ptr[i] > '9')
			return false;
		v = v * 10 + (s->ptr[i] - '0');
	}
	*s = dy_str_slice(*s, n, s->len);
	*out = v;
	return true;
}

static bool
take_char(struct dy_str *s, char c)
{
	if (s->len == 0 || s->ptr[0] != c)
		return false;
	*s = dy_str_slice(*s, 1, s->len);
	return true;
}

/* RFC 3339 permits 't' and 'z' too. */
static bool
take_letter(struct dy_str *s, char upper)
{
	return take_char(s, upper) || take_char(s, (char)(upper - 'A' + 'a'));
}

static int
month_days(int year, int month)
{
	static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : DAYS[month - 1];
}

static bool
take_date(struct dy_str *s, struct dy_civil *c)
{
	return take_digits(s, 4, &c->year) && take_char(s, '-') && take_digits(s, 2, &c->month) &&
	       take_char(s, '-') && take_digits(s, 2, &c->day) && c->year >= 1970 &&
	       c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= month_days(c->year, c->month);
}

/* Any number of digits; what is finer than a millisecond is cut. */
static bool
take_fraction(struct dy_str *s, int *ms)
{
	static const int SCALE[] = { 100, 10, 1 };
	size_t n = 0;

	*ms = 0;
	if (!take_char(s, '.'))
		return true;
	for (int digit; take_digits(s, 1, &digit); n++)
		*ms += n < DY_COUNT(SCALE) ? digit * SCALE[n] : 0;
	return n >= 1 && n <= 9;
}

static bool
take_zone(struct dy_str *s, int *offset_min)
{
	int hours;
	int minutes;

	*offset_min = 0;
	if (take_letter(s, 'Z'))
		return true;
	if (s->len == 0 || (s->ptr[0] != '+' && s->ptr[0] != '-'))
		return false;
	int sign = s->ptr[0] == '-' ? -1 : 1;
	*s = dy_str_slice(*s, 1, s->len);
	if (!take_digits(s, 2, &hours) || !take_char(s, ':') || !take_digits(s, 2, &minutes))
		return false;
	*offset_min = sign * (hours * 60 + minutes);
	return hours <= 23 && minutes <= 59;
}

enum dy_code
dy_time_decode(struct dy_str s, const char *field, struct dy_time *out, struct dy_err *err)
{
	struct dy_civil c = { 0 };
	struct dy_zone zone = { "", 0 };
	struct dy_time t;
	int offset = 0;

	bool good = take_date(&s, &c) && take_letter(&s, 'T') && take_digits(&s, 2, &c.hour) &&
	            take_char(&s, ':') && take_digits(&s, 2, &c.minute) && take_char(&s, ':') &&
	            take_digits(&s, 2, &c.second) && c.hour <= 23 && c.minute <= 59 &&
	            c.second <= 59 && take_fraction(&s, &c.millisecond) && take_zone(&s, &offset) &&
	            s.len == 0;
	if (!good)
		return dy_raise(err, DY_E_INPUT, field,
		                "not a time; write it like 2026-04-23T08:15:00+08:00");
	zone.offset_min = offset;
	t = dy_civil_time(&zone, &c);
	if (t.ms < 0 || t.ms > DECODED_MS_MAX)
		return dy_raise(err, DY_E_INPUT, field, "the time must be from 1970 to 9999");
	*out = t;
	return DY_OK;
}

size_t
dy_day_encode(struct dy_day day, char *buf, size_t cap)
{
	struct dy_civil c;

	DY_ASSERT(cap >= 11);
	civil_from_days(day.n, &c);
	char *at = put(buf, c.year, 4);
	*at++ = '-';
	at = put(at, c.month, 2);
	*at++ = '-';
	at = put(at, c.day, 2);
	*at = '\0';
	return (size_t)(at - buf);
}

enum dy_code
dy_day_decode(struct dy_str s, const char *field, struct dy_day *out, struct dy_err *err)
{
	struct dy_civil c = { 0 };

	if (!take_date(&s, &c) || s.len != 0)
		return dy_raise(err, DY_E_INPUT, field, "not a day; write it like 2026-04-23");
	out->n = (int32_t)days_from_civil(c.year, c.month, c.day);
	return DY_OK;
}
