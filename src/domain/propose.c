/* Proposed categories, in the order of what may cost most. The web console has the same words (web/src/console/report). */
#include "domain/propose.h"

#include "domain/danger.h"

static const char *const MED2[] = { "药",       "透析",     "化疗",    "胰岛素", "医院", "看病",
	                            "产检",     "临产",     "复诊",    "血压",   "血糖", "medicine",
	                            "dialysis", "hospital", "insulin", NULL };
static const char *const DELV[] = { "快递",   "包裹",   "外卖",     "送错",
	                            "没送到", "parcel", "delivery", NULL };
static const char *const FOOD[] = { "菜",   "米",   "粮",   "奶粉", "饮用水", "桶装水",
	                            "吃的", "断奶", "food", "milk", NULL };
static const char *const REPR[] = { "漏水", "停水", "没水",   "停电",  "没电", "跳闸",
	                            "煤气", "燃气", "电梯",   "水管",  "堵",   "路灯",
	                            "维修", "坏了", "leak",   "power", "lift", "elevator",
	                            "gas",  "下水", "楼道灯", NULL };
static const char *const WAST[] = { "垃圾", "消毒", "消杀", "臭", "rubbish", "garbage", NULL };
static const char *const TEST[] = { "核酸", "检测", "采样", "test result", NULL };
static const char *const PASS[] = {
	"出门", "通行证", "出入", "返岗", "复工", "pass", "permit", NULL
};
static const char *const DISP[] = { "吵",   "噪音",  "装修",      "邻居", "占道",
	                            "纠纷", "noise", "neighbour", NULL };
static const char *const PSYC[] = { "睡不着", "难受",    "害怕",   "孤单", "焦虑",
	                            "想哭",   "anxious", "lonely", NULL };
static const char *const SHOP[] = {
	"缺斤", "涨价", "价格", "退款", "质量", "price", "refund", NULL
};
static const char *const CARE[] = { "老人",     "独居",    "轮椅",  "孩子",
	                            "没人照看", "elderly", "child", NULL };
static const char *const INFO[] = { "政策", "几时", "什么时候", "解封", "怎么办理",
	                            "证明", "when", "policy",   NULL };
static const char *const IDEA[] = {
	"建议", "我可以帮", "愿意", "志愿", "suggest", "volunteer", NULL
};

static const struct {
	const char *code;
	const char *const *words;
} RULES[] = {
	{ "MED2", MED2 }, { "DELV", DELV }, { "FOOD", FOOD }, { "REPR", REPR }, { "WAST", WAST },
	{ "TEST", TEST }, { "PASS", PASS }, { "DISP", DISP }, { "PSYC", PSYC }, { "SHOP", SHOP },
	{ "CARE", CARE }, { "INFO", INFO }, { "IDEA", IDEA },
};

const struct dy_category *
dy_category_propose(struct dy_str text)
{
	/* danger to life or by fire goes the shortest way; a fight is a dispute that is urgent */
	if ((dy_danger_of(text) & (DY_DANGER_LIFE | DY_DANGER_FIRE)) != 0)
		return dy_category_find(DY_STR("MED1"));
	for (size_t i = 0; i < DY_COUNT(RULES); i++) {
		if (dy_text_holds(text, RULES[i].words))
			return dy_category_find(dy_str_from(RULES[i].code));
	}
	if (dy_danger_of(text) != 0)
		return dy_category_find(DY_STR("DISP"));
	return NULL;
}

const struct dy_category *
dy_category_guess(struct dy_str text)
{
	const struct dy_category *c = dy_category_propose(text);
	return c != NULL ? c : dy_category_find(DY_STR("INFO"));
}
