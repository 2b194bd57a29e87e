#include "base/time.h"
#include "dyt.h"

DYT(times_are_decoded_strictly)
{
	static const struct {
		const char *why, *in;
		bool good;
		int64_t ms;
	} row[] = {
		{ "utc", "1970-01-01T00:00:00Z", true, 0 },
		{ "lower case", "1970-01-01t00:00:00z", true, 0 },
		{ "shanghai", "2022-04-23T08:15:00+08:00", true, 1650672900000 },
		{ "fraction", "1970-01-01T00:00:00.1239Z", true, 123 },
		{ "nine digits", "1970-01-01T00:00:00.000000001Z", true, 0 },
		{ "west", "1970-01-01T00:00:00-01:30", true, 5400000 },
		{ "leap day", "2024-02-29T00:00:00Z", true, 1709164800000 },
		{ "400-year leap day", "2000-02-29T00:00:00Z", true, 951782400000 },
		{ "no leap day", "2023-02-29T00:00:00Z", false, 0 },
		{ "2100 is no leap year", "2100-02-29T00:00:00Z", false, 0 },
		{ "month 13", "2022-13-01T00:00:00Z", false, 0 },
		{ "day 0", "2022-01-00T00:00:00Z", false, 0 },
		{ "hour 24", "2022-01-01T24:00:00Z", false, 0 },
		{ "minute 60", "2022-01-01T00:60:00Z", false, 0 },
		{ "leap second", "2016-12-31T23:59:60Z", false, 0 },
		{ "no zone", "2022-01-01T00:00:00", false, 0 },
		{ "dot without digits", "2022-01-01T00:00:00.Z", false, 0 },
		{ "ten digits", "2022-01-01T00:00:00.0123456789Z", false, 0 },
		{ "bad zone", "2022-01-01T00:00:00+8:00", false, 0 },
		{ "zone minutes too large", "2022-01-01T00:00:00+08:60", false, 0 },
		{ "neither sign nor Z", "2022-01-01T00:00:00*08:00", false, 0 },
		{ "day 31 of April", "2022-04-31T00:00:00Z", false, 0 },
		{ "month 0", "2022-00-01T00:00:00Z", false, 0 },
		{ "zone too large", "2022-01-01T00:00:00+24:00", false, 0 },
		{ "rest behind", "2022-01-01T00:00:00Zx", false, 0 },
		{ "blank for T", "2022-01-01 00:00:00Z", false, 0 },
		{ "before 1970", "1969-12-31T23:59:59Z", false, 0 },
		{ "control bytes that are separators without bit 5",
		  "2022\r01\r01T00\x1a"
		  "00\x1a"
		  "00Z",
		  false, 0 },
		{ "before 1970 by its zone", "1970-01-01T00:00:00+08:00", false, 0 },
		{ "first moment", "1970-01-01T08:00:00+08:00", true, 0 },
		{ "past 9999 by its zone", "9999-12-31T23:59:59-08:00", false, 0 },
		{ "last moment", "9999-12-30T23:59:59.999Z", true, 253402214399999 },
		{ "empty", "", false, 0 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_time t = { -1 };
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		DYT_INT(dy_time_decode(dy_str_from(row[i].in), "/at", &t, &err),
		        row[i].good ? DY_OK : DY_E_INPUT);
		DYT_INT(t.ms, row[i].good ? row[i].ms : -1);
		DYT_STR(err.field, row[i].good ? "" : "/at");
	}
}

DYT(a_day_begins_at_midnight_of_the_zone)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_time late = { 1650729599999 };  /* 2022-04-23 23:59:59.999 +08:00 */
	struct dy_time after = { 1650729600000 }; /* 2022-04-24 00:00 +08:00 */
	char text[16];

	DYT_INT(dy_day_of(zone, after).n, dy_day_of(zone, late).n + 1);
	DYT_INT(dy_day_start(zone, dy_day_of(zone, after)).ms, after.ms);
	(void)dy_day_encode(dy_day_of(zone, late), text, sizeof(text));
	DYT_STR(text, "2022-04-23");
}

DYT(civil_times_survive_the_round_trip)
{
	const struct dy_zone *zone = dy_zone_default();

	for (int64_t ms = 0; ms < 4102444800000; ms += INT64_C(86399999) * 37) {
		struct dy_civil c;
		char text[40];
		struct dy_time back;
		dy_civil_of(zone, (struct dy_time){ ms }, &c);
		DYT_INT(dy_civil_time(zone, &c).ms, ms);
		size_t n = dy_time_encode(zone, (struct dy_time){ ms }, text, sizeof(text));
		DYT_OK(dy_time_decode((struct dy_str){ text, n }, "", &back, NULL));
		DYT_INT(back.ms, ms);
	}
}

DYT(times_before_1970_and_west_of_greenwich_are_written)
{
	const struct dy_zone west = { "west", -210 };
	char text[40];

	(void)dy_time_encode(dy_zone_find(DY_STR("UTC")), (struct dy_time){ -1 }, text,
	                     sizeof(text));
	DYT_STR(text, "1969-12-31T23:59:59.999Z");
	(void)dy_time_encode(&west, (struct dy_time){ 0 }, text, sizeof(text));
	DYT_STR(text, "1969-12-31T20:30:00.000-03:30");
	(void)dy_day_encode((struct dy_day){ -719468 }, text, sizeof(text));
	DYT_STR(text, "0000-03-01");
	DYT_TRUE(dy_zone_find(DY_STR("Asia/Urumqi"))->offset_min == 360);
}

DYT(weekdays_begin_on_monday)
{
	struct dy_civil c;
	struct dy_day day;

	DYT_OK(dy_day_decode(DY_STR("2022-04-25"), "", &day, NULL)); /* a Monday */
	dy_civil_of(dy_zone_default(), dy_day_start(dy_zone_default(), day), &c);
	DYT_INT(c.weekday, 0);
	DYT_INT(dy_day_decode(DY_STR("2022-4-25"), "", &day, NULL), DY_E_INPUT);
	DYT_TRUE(dy_zone_find(DY_STR("Mars/Base")) == NULL);
}

DYT_MAIN(DYT_TEST(times_are_decoded_strictly), DYT_TEST(a_day_begins_at_midnight_of_the_zone),
         DYT_TEST(civil_times_survive_the_round_trip),
         DYT_TEST(times_before_1970_and_west_of_greenwich_are_written),
         DYT_TEST(weekdays_begin_on_monday))
