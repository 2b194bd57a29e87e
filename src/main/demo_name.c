/* Names: common surnames of the islands and given names of two generations. */
#include "demo_name.h"

#define CHAR_BYTES 3 /* of a Chinese character in UTF-8 */

/* By frequency: the first ones are drawn more often. */
static const char SURNAMES[] = "陈王张李刘周林徐黄金沈邵傅邬乐虞洪柯应郑吴胡朱孙杨何许方夏俞"
			       "余叶顾蒋施庄童毛戴贺章史江汤翁钟丁倪袁潘姚";
#define N_SURNAMES ((sizeof(SURNAMES) - 1) / CHAR_BYTES)

static const char *const OLD_NAMES[] = {
	"秀英", "阿毛", "国芬", "桂花", "信昌", "财根", "阿菊", "美娣", "杏娣", "忠良",
	"彩娥", "志康", "福明", "安国", "和平", "翠凤", "素珍", "月仙", "满康", "海根",
	"阿龙", "如意", "雪娣", "永年", "亚珍", "宝林", "金娣", "岳定", "春香", "文彪",
	"惠芬", "祥法", "亚芬", "定海", "瑞康", "银凤", "存德", "梅芬", "善祥", "阿英",
	"招娣", "仁忠", "裕国", "菊芬", "友根", "亚娟", "松年", "兰芳",
};
static const char *const NAMES[] = {
	"海波", "佳琪", "军",   "静",   "晓燕", "建波", "丽君", "伟峰", "婷婷", "浩",
	"佩佩", "艳",   "志强", "凯",   "莎莎", "海燕", "斌",   "雅君", "磊",   "晨曦",
	"科杰", "露露", "宏伟", "琼",   "双双", "勇",   "燕飞", "俊杰", "丹",   "世杰",
	"梦瑶", "敏",   "立波", "莹",   "松涛", "雯",   "建军", "洁",   "一帆", "海英",
	"鹏飞", "颖",   "旭东", "蓓蕾", "平",   "晓峰", "思远", "玲玲", "国良", "萍",
	"嘉豪", "安琪", "洪亮", "芳芳", "君",   "舟",   "海娜", "赛君", "波",   "盈盈",
};

static struct dy_str
surname_draw(struct dy_rng *rng)
{
	/* the lesser of two draws: the first names come up about twice as often as the middle ones */
	uint32_t a = dy_rng_below(rng, N_SURNAMES);
	uint32_t b = dy_rng_below(rng, N_SURNAMES);
	uint32_t i = a < b ? a : b;

	return (struct dy_str){ SURNAMES + (size_t)i * CHAR_BYTES, CHAR_BYTES };
}

struct dy_str
dy_demo_name(struct dy_arena *arena, struct dy_rng *rng, bool is_elderly)
{
	struct dy_str surname = surname_draw(rng);
	const char *given = is_elderly ? OLD_NAMES[dy_rng_below(rng, DY_COUNT(OLD_NAMES))]
	                               : NAMES[dy_rng_below(rng, DY_COUNT(NAMES))];

	return dy_str_from(dy_arena_printf(arena, "%.*s%s", DY_FMT(surname), given));
}

struct dy_str
dy_demo_surname(struct dy_str name)
{
	return dy_str_slice(name, 0, CHAR_BYTES);
}

struct dy_str
dy_demo_phone(struct dy_arena *arena, struct dy_rng *rng)
{
	return dy_str_from(dy_arena_printf(arena, "0580-0%06u", dy_rng_below(rng, 1000000)));
}
