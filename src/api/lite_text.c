/* Words of the plain pages, in both languages. */
#include "lite.h"

#include <string.h>

struct word {
	const char *key, *zh, *en;
};

static const struct word WORDS[] = {
	{ "lang", "zh-CN", "en" },
	{ "other", "English", "中文" },
	{ "home", "我的诉求", "My requests" },
	{ "report", "我要报事", "Report a need" },
	{ "back", "返回", "Back" },
	{ "again", "重新打开", "Open again" },
	{ "none", "还没有报过事。", "Nothing reported yet." },
	{ "welcome", "社区服务", "Community services" },
	{ "scan", "请扫描楼道里的二维码，或按海报上的网址打开本楼道的页面。",
	  "Scan the code on your stair, or open the address on the poster." },
	{ "staff", "工作人员请用工作台。", "Staff: please use the console." },
	{ "call", "打电话", "Phone" },
	{ "callWho", "可以打电话给", "You can phone" },
	{ "emergency", "急救120 报警110 火警119", "Ambulance 120, police 110, fire 119" },
	{ "stair", "本楼道", "This stair" },
	{ "doorReport", "不登录，直接报事", "Report without signing in" },
	{ "doorReportHint", "楼长会先核实。请留电话，或记下查询网址。",
	  "The captain confirms it first. Leave a phone number, or keep the address to follow "
	  "it." },
	{ "join", "登录到我家", "Sign in to my home" },
	{ "joinHint", "住户码在门牌卡上，由社区发放。",
	  "The household code is on the card from the office." },
	{ "door", "门牌（如 501，公共区域可不填）",
	  "Door (such as 501; leave out for shared places)" },
	{ "doorHome", "门牌（如 501）", "Door (such as 501)" },
	{ "code", "住户码", "Household code" },
	{ "name", "怎么称呼您", "Your name" },
	{ "phone", "联系电话（可不填）", "Phone (optional)" },
	{ "words", "什么事", "What is the matter" },
	{ "kind", "类别", "Kind" },
	{ "kindAuto", "不确定，请系统判断", "Not sure, let the system decide" },
	{ "behalf", "替别人报？写姓名（可不填）", "For somebody else? Their name (optional)" },
	{ "urgent", "很急", "Urgent" },
	{ "send", "发送", "Send" },
	{ "sendAnyway", "不是同一件事，仍然发送", "Not the same, send it" },
	{ "similar", "邻居已经报过同样的事", "Your neighbours reported this already" },
	{ "similarOwn", "您家已经报过", "Your home reported this already" },
	{ "similarHint", "点关注，有进展会一起告诉您，不用重复报。",
	  "Follow it and you hear of every step; no need to report it again." },
	{ "follow", "关注这件事", "Follow it" },
	{ "open", "打开", "Open" },
	{ "where", "地点", "Where" },
	{ "number", "编号", "Number" },
	{ "callback", "回拨码", "Call-back code" },
	{ "callbackHint", "有人打电话来，能说出这四位数才是社区的人。",
	  "Who phones you from the team can say these four digits." },
	{ "state", "进度", "State" },
	{ "owner", "经办人", "In hand of" },
	{ "unverified", "等楼长核实", "To be confirmed by the captain" },
	{ "history", "经过", "History" },
	{ "you", "居民", "Resident" },
	{ "keep", "请收藏本页网址，这是查询进度的唯一入口，不要发给别人。",
	  "Keep this page's address: it is the only way to follow your request. Do not pass it "
	  "on." },
	{ "answer", "补充一句", "Add a word" },
	{ "answerDo", "发送", "Send" },
	{ "remind", "催一下", "Ask for haste" },
	{ "remindDo", "催一下", "Ask for haste" },
	{ "confirm", "办好了吗？", "Is it done?" },
	{ "confirmDo", "办好了，结案", "Done, close it" },
	{ "reopen", "还没办好", "Not done yet" },
	{ "reopenDo", "要求重办", "Ask to do it again" },
	{ "withdraw", "不用办了", "No longer needed" },
	{ "withdrawDo", "撤回", "Withdraw" },
	{ "rate", "评价", "Judge" },
	{ "rateDo", "提交评价", "Send" },
	{ "resume", "继续办理", "Go on" },
	{ "resumeDo", "继续", "Go on" },
	{ "rating", "满意吗", "Are you content" },
	{ "r0", "不评价", "No judgement" },
	{ "r5", "很满意", "Very" },
	{ "r4", "满意", "Yes" },
	{ "r3", "一般", "So-so" },
	{ "r2", "不满意", "No" },
	{ "r1", "很不满意", "Not at all" },
	{ "why", "说明（不满意时请写原因）", "Words (needed when you are not content)" },
	{ "wrong", "没有成功", "That did not work" },
	{ "bad.door", "没有这个门牌，请照门上写的填。",
	  "There is no such door; write it as on the wall." },
	{ "bad.text", "请写一两句话（最多1000字）。",
	  "Write a sentence or two (at most 1000 characters)." },
	{ "bad.contact", "电话只写数字，3到20位。", "A phone number has 3 to 20 digits." },
	{ "bad.phone", "电话只写数字，3到20位。", "A phone number has 3 to 20 digits." },
	{ "bad.name", "请写怎么称呼您。", "Write your name." },
	{ "bad.household_code", "门牌号和住户码对不上，请核对。",
	  "Door and household code do not belong together." },
	{ "bad.rating", "请选一项评价。", "Choose a judgement." },
	{ "bad.category", "请选一个类别。", "Choose a kind." },
	{ "bad.form", "页面已过期，请重新打开再填。", "The page is out of date; open it again." },
	{ "bad.act", "现在不能这样做，请重新打开看看。",
	  "That is not possible now; open it again." },
	{ "bad.busy", "现在使用的人很多，请过一会儿再试；急事请打电话。",
	  "Very many people are here just now; try again soon, phone if it is urgent." },
	{ "sample", "示例社区，数据是生成的。", "A sample community; its data are generated." },
};

static const struct word CATEGORIES[] = {
	{ "MED1", "生命危险", "Danger to life" },
	{ "MED2", "用药就医", "Medicine, doctor" },
	{ "FOOD", "吃饭用水", "Food and water" },
	{ "CARE", "照看老幼", "Care for old and young" },
	{ "REPR", "水电煤气电梯", "Water, power, gas, lift" },
	{ "WAST", "垃圾消毒", "Rubbish" },
	{ "DELV", "快递配送", "Parcels" },
	{ "PASS", "出入证明", "Passes" },
	{ "INFO", "政策咨询", "Questions" },
	{ "TEST", "检测结果", "Tests" },
	{ "DISP", "邻里纠纷", "Disputes" },
	{ "PSYC", "心里难受", "Feeling low" },
	{ "SHOP", "买卖投诉", "Shopping" },
	{ "IDEA", "建议出力", "Ideas, help" },
};

static const struct word STATES[DY_STATES] = {
	[DY_STATE_REPORTED] = { "", "已收到", "Received" },
	[DY_STATE_ACCEPTED] = { "", "已受理", "Accepted" },
	[DY_STATE_DISPATCHED] = { "", "已派单", "Assigned" },
	[DY_STATE_CLAIMED] = { "", "已接单", "Taken" },
	[DY_STATE_WORKING] = { "", "处理中", "In work" },
	[DY_STATE_DONE] = { "", "待您确认", "Done, please confirm" },
	[DY_STATE_CLOSED] = { "", "已办结", "Closed" },
	[DY_STATE_SUSPENDED] = { "", "等您补充", "Waiting for your answer" },
	[DY_STATE_ESCALATED] = { "", "已上报", "With the level above" },
	[DY_STATE_RETURNED] = { "", "重新安排中", "Being arranged anew" },
	[DY_STATE_MERGED] = { "", "已并案", "Joined with the same matter" },
	[DY_STATE_REFUSED] = { "", "不予受理", "Refused" },
	[DY_STATE_WITHDRAWN] = { "", "已撤回", "Withdrawn" },
	[DY_STATE_REOPENED] = { "", "已重开", "Opened again" },
};

static const struct word ACTS[] = {
	{ "report", "报事", "Reported" },
	{ "accept", "受理", "Accepted" },
	{ "dispatch", "派单", "Assigned" },
	{ "claim", "接单", "Taken" },
	{ "release", "放回", "Given back" },
	{ "start", "开始处理", "Work began" },
	{ "answer", "回复", "Answer" },
	{ "ask", "请补充", "Question" },
	{ "resume", "继续", "Goes on" },
	{ "finish", "处理完成", "Finished" },
	{ "close", "核查结案", "Closed" },
	{ "close_now", "当场办结", "Closed at once" },
	{ "confirm", "确认办结", "Confirmed" },
	{ "reopen", "要求重办", "Opened again" },
	{ "escalate", "上报上级", "Sent up" },
	{ "return", "退回重派", "Returned" },
	{ "extend_ask", "申请延期", "More time asked" },
	{ "extend_grant", "同意延期", "More time given" },
	{ "extend_deny", "不同意延期", "More time denied" },
	{ "merge", "并案", "Joined" },
	{ "refuse", "不予受理", "Refused" },
	{ "withdraw", "撤回", "Withdrawn" },
	{ "remind", "催办", "Haste asked" },
	{ "rate", "评价", "Judged" },
	{ "hand_over", "转交", "Handed over" },
	{ "verify", "已核实", "Confirmed as genuine" },
	{ "split", "分成几件事", "Split" },
	{ "need_done", "其中一件办好", "One need done" },
	{ "need_dropped", "其中一件不办", "One need not done" },
	{ "yellow_card", "超时，已提醒上一级", "Late: the level above was told" },
	{ "red_card", "超时较久，已督办", "Very late: under supervision" },
};

static struct dy_str
word_of(const struct word *w, bool chinese)
{
	return dy_str_from(chinese ? w->zh : w->en);
}

struct dy_str
dy_lite_text(const char *key, bool chinese)
{
	for (size_t i = 0; i < DY_COUNT(WORDS); i++) {
		if (strcmp(WORDS[i].key, key) == 0)
			return word_of(&WORDS[i], chinese);
	}
	DY_ASSERT(false);
	return DY_STR("");
}

static struct dy_str
code_text(const struct word *words, size_t n, struct dy_str code, bool chinese)
{
	for (size_t i = 0; i < n; i++) {
		if (dy_str_is(code, words[i].key))
			return word_of(&words[i], chinese);
	}
	return code; /* of a community's own making, or newer than this table */
}

struct dy_str
dy_lite_category(struct dy_str code, bool chinese)
{
	return code_text(CATEGORIES, DY_COUNT(CATEGORIES), code, chinese);
}

struct dy_str
dy_lite_state(enum dy_state state, bool chinese)
{
	return word_of(&STATES[state], chinese);
}

struct dy_str
dy_lite_act(struct dy_str act, bool chinese)
{
	return code_text(ACTS, DY_COUNT(ACTS), act, chinese);
}
