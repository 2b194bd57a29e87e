/* What to do about a problem, in the user's language. Field errors carry their own sentence in `detail`. */
#include "inside.h"

static const struct {
	const char *problem, *en, *zh;
} MESSAGES[] = {
	{ "not_signed_in", "Please sign in first, or scan the code on your stair.",
	  "请先登录，或扫描楼道里的二维码。" },
	{ "wrong_login", "Login or password is not right. Check both and try again.",
	  "账号或密码不对，请核对后再试。" },
	{ "denied", "Your posts do not allow this. Ask your leader or the community office.",
	  "您的岗位不能做这件事，请找单元长或社区办公室。" },
	{ "origin", "Open the page again from the community's own address and repeat.",
	  "请从社区自己的网址重新打开页面再试。" },
	{ "not_found", "It is not there, or not yours to see.", "没有找到，或您无权查看。" },
	{ "door_link", "This code is not valid any more. Scan the poster on your stair again.",
	  "这个二维码已失效，请重新扫描楼道里的海报。" },
	{ "track_link", "This link leads to no request. Copy it whole, or phone the office.",
	  "这个链接找不到诉求，请完整复制，或打电话给社区。" },
	{ "household_code", "Door and household code do not belong together. Check both.",
	  "门牌号和住户码对不上，请核对这两项。" },
	{ "conflict", "That is not possible any more in its present state. Load it again.",
	  "它的状态已经变了，现在不能这样做。请刷新后再看。" },
	{ "version_conflict", "Somebody changed it meanwhile. Look at it again, then repeat.",
	  "刚刚有人改过它。请看一下最新情况再操作。" },
	{ "login_taken", "This login is taken. Choose another.", "这个账号已有人使用，请换一个。" },
	{ "idempotency_key", "The app is out of date. Load the page again.",
	  "页面版本过旧，请刷新页面。" },
	{ "idempotency_conflict", "The app sent two different things as one. Load the page again.",
	  "页面把两件事当成一件发送了，请刷新页面。" },
	{ "too_large", "That is too large. Send a smaller one.", "内容太大了，请换小一点的。" },
	{ "photo", "This picture cannot be read. Send a JPEG, PNG or WebP photo.",
	  "这张图片读不了，请发 JPEG、PNG 或 WebP 照片。" },
	{ "evidence", "Add a photo of the result.", "请附上处理结果的照片。" },
	{ "rate_limited", "Too many tries. Wait a little and try again.",
	  "操作太频繁，请稍等再试。" },
	{ "overloaded", "Very many people are writing just now. It is tried again by itself.",
	  "现在使用的人很多，稍后会自动再试。" },
	{ "unavailable", "It was not stored. Try again in a moment; by phone if it is urgent.",
	  "没有保存成功，请稍后再试；急事请打电话。" },
	{ "internal", "That is our mistake. Tell the community office the number below.",
	  "系统出错了，请把下面的编号告诉社区办公室。" },
};

const char *
dy_hint(const char *problem, bool chinese)
{
	for (size_t i = 0; i < DY_COUNT(MESSAGES); i++) {
		if (strcmp(MESSAGES[i].problem, problem) == 0)
			return chinese ? MESSAGES[i].zh : MESSAGES[i].en;
	}
	return "";
}
