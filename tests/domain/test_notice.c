/* Notices: targets against brute force, the sharing of doors, and the alert as CAP wants it. */
#include "dyt.h"

#include "base/rng.h"
#include "domain/alert.h"
#include "domain/need.h"
#include "domain/notice.h"

#define PLACES 6
#define HOMES  300

/* The slow way: a set of places of each kind, looked up by the name of the kind. */
static bool
hits_slowly(const struct dy_area *areas, size_t n, unsigned needs, const struct dy_target_home *h)
{
	bool in_place = n == 0;
	bool in_need = needs == 0;

	for (size_t i = 0; i < n; i++) {
		const char *kind = dy_area_name(areas[i].kind);
		int64_t at = strcmp(kind, "grid") == 0       ? h->grid.v
		             : strcmp(kind, "unit") == 0     ? h->unit.v
		             : strcmp(kind, "building") == 0 ? h->building.v
		                                             : h->stair.v;
		if (at == areas[i].id.v)
			in_place = true;
	}
	for (int bit = 0; bit < 32; bit++) {
		if ((needs >> bit & 1) != 0 && (h->needs >> bit & 1) != 0)
			in_need = true;
	}
	return in_place && in_need;
}

DYT(targets_agree_with_brute_force)
{
	struct dy_rng rng = dy_rng_seed(7, 1);
	size_t hit = 0, tried = 0;

	for (int round = 0; round < 400; round++) {
		struct dy_area areas[5];
		size_t n = dy_rng_below(&rng, 6);
		unsigned needs =
			dy_rng_chance(&rng, 1, 2) ? 0 : dy_rng_below(&rng, 32) << DY_NEED_FIRST;
		for (size_t i = 0; i < n; i++)
			areas[i] = (struct dy_area){ (enum dy_area_kind)dy_rng_below(&rng, 4),
				                     { 1 + dy_rng_below(&rng, PLACES) } };
		struct dy_target target = { areas, n, needs };
		for (int k = 0; k < HOMES; k++) {
			struct dy_target_home h = { .grid = { 1 + dy_rng_below(&rng, PLACES) },
				                    .unit = { 1 + dy_rng_below(&rng, PLACES) },
				                    .building = { 1 + dy_rng_below(&rng, PLACES) },
				                    .stair = { 1 + dy_rng_below(&rng, PLACES) },
				                    .needs = dy_rng_below(&rng, 256) };
			bool want = hits_slowly(areas, n, needs, &h);
			DYT_INT(dy_target_hits(&target, &h), want);
			hit += want;
			tried++;
		}
	}
	DYT_TRUE(hit > tried / 10 && hit < tried - tried / 10);
}

DYT(doors_are_shared_in_runs_of_neighbours_and_whole_floors)
{
	struct dy_rng rng = dy_rng_seed(11, 1);

	for (int round = 0; round < 300; round++) {
		int64_t floor[120];
		size_t out[120], of[8] = { 0 };
		size_t n = dy_rng_below(&rng, 120), people = 1 + dy_rng_below(&rng, 8);
		size_t largest = 0, run = 0;
		for (size_t i = 0; i < n; i++) {
			bool same = i > 0 && dy_rng_chance(&rng, 2, 3) && run < 6;
			floor[i] = same ? floor[i - 1] : (int64_t)i;
			run = same ? run + 1 : 1;
			largest = run > largest ? run : largest;
		}
		dy_homes_share(floor, n, people, out);
		for (size_t i = 0; i < n; i++) {
			DYT_TRUE(out[i] < people);
			DYT_TRUE(i == 0 || out[i] == out[i - 1] || out[i] == out[i - 1] + 1);
			DYT_TRUE(i == 0 || floor[i] != floor[i - 1] || out[i] == out[i - 1]);
			of[out[i]]++;
		}
		for (size_t p = 0; p < people; p++)
			DYT_TRUE(of[p] <= (n + people - 1) / people + 2 * largest);
	}
}

DYT(an_alert_is_written_as_cap_wants_it)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(65536);
	DY_CLEANUP(dy_strbuf_release) struct dy_strbuf out;
	struct dy_alert a = {
		.identifier = DY_STR_INIT("danyuan.330922100001.1"),
		.sender = DY_STR_INIT("330922100001"),
		.sender_name = DY_STR_INIT("东海社区"),
		.status = DY_STR_INIT("exercise"),
		.msg_type = DY_STR_INIT("update"),
		.references = DY_STR_INIT(
			"330922100001,danyuan.330922100001.0,2022-04-23T09:00:00+08:00"),
		.category = DY_STR_INIT("cbrne"),
		.urgency = DY_STR_INIT("immediate"),
		.severity = DY_STR_INIT("severe"),
		.certainty = DY_STR_INIT("likely"),
		.headline = DY_STR_INIT("3幢 <封控> & \"静止\""),
		.instruction = DY_STR_INIT("不出门\x01"),
		.area = DY_STR_INIT("东海社区"),
		.sent = { 1650676324120 },
		.effective = { 1650676324120 },
		.expires = { 1650762724120 },
		.zone = dy_zone_default(),
	};
	static const char want[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
		"<identifier>danyuan.330922100001.1</identifier>\n<sender>330922100001</sender>\n"
		"<sent>2022-04-23T09:12:04+08:00</sent>\n<status>Exercise</status>\n"
		"<msgType>Update</msgType>\n<scope>Public</scope>\n"
		"<references>330922100001,danyuan.330922100001.0,2022-04-23T09:00:00+08:00"
		"</references>\n<info>\n<language>zh-CN</language>\n<category>CBRNE</category>\n"
		"<event>3幢 &lt;封控&gt; &amp; &quot;静止&quot;</event>\n"
		"<urgency>Immediate</urgency>\n<severity>Severe</severity>\n"
		"<certainty>Likely</certainty>\n"
		"<effective>2022-04-23T09:12:04+08:00</effective>\n"
		"<expires>2022-04-24T09:12:04+08:00</expires>\n<senderName>东海社区</senderName>\n"
		"<headline>3幢 &lt;封控&gt; &amp; &quot;静止&quot;</headline>\n"
		"<instruction>不出门 </instruction>\n<area>\n<areaDesc>东海社区</areaDesc>\n"
		"</area>\n</info>\n</alert>\n";

	dy_strbuf_init(&out, 65536);
	dy_alert_write(&out, arena, &a);
	DYT_STR(dy_str_z(arena, dy_strbuf_str(&out)), want);
}

DYT_MAIN(DYT_TEST(targets_agree_with_brute_force),
         DYT_TEST(doors_are_shared_in_runs_of_neighbours_and_whole_floors),
         DYT_TEST(an_alert_is_written_as_cap_wants_it))
