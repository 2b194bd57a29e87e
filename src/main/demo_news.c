/* The sample's notices and its sign-up, all at the end of its time: the history stays in order. */
#include "demo_news.h"

#include "app/notice.h"
#include "app/sign_up.h"

#define READ_OF   3 /* two of three who have joined have read */
#define ENTER_OF  2
#define SEATS     20
#define FEW_UNITS 3

static struct dy_call
call_of(const struct dy_call *call, const struct dy_actor *who)
{
	struct dy_call own = *call;

	own.actor = who;
	return own;
}

static enum dy_code
read_by_most(const struct dy_call *call, const struct dy_demo_readers *readers, struct dy_id notice)
{
	size_t joined = 0;

	for (size_t i = 0; i < readers->n_residents; i++) {
		const struct dy_actor *who = &readers->residents[i];
		enum dy_mark mark;
		if (who->account.v == 0 || joined++ % READ_OF == 0)
			continue;
		struct dy_call own = call_of(call, who);
		DY_TRY(dy_app_notice_receipt(&own, notice, false, &mark));
	}
	return DY_OK;
}

static enum dy_code
notices(struct dy_call *call, const struct dy_demo_readers *readers)
{
	struct dy_area areas[FEW_UNITS];
	struct dy_notice_draft water = {
		.n = { .status = DY_STR_INIT("actual"),
		       .msg_type = DY_STR_INIT("alert"),
		       .category = DY_STR_INIT("infra"),
		       .urgency = DY_STR_INIT("expected"),
		       .severity = DY_STR_INIT("moderate"),
		       .certainty = DY_STR_INIT("observed"),
		       .headline = DY_STR_INIT("明天 9 点到 12 点停水"),
		       .description = DY_STR_INIT("检修水泵，只影响这三个单元。"),
		       .instruction = DY_STR_INIT("请提前接好水，关好龙头。"),
		       .expires_at = { call->now.ms + 2 * DY_DAY_MS },
		       .wants_confirm = true },
		.areas = { .items = areas },
	};
	struct dy_notice_draft boats = {
		.n = { .status = DY_STR_INIT("actual"),
		       .msg_type = DY_STR_INIT("alert"),
		       .category = DY_STR_INIT("transport"),
		       .urgency = DY_STR_INIT("future"),
		       .severity = DY_STR_INIT("minor"),
		       .certainty = DY_STR_INIT("likely"),
		       .headline = DY_STR_INIT("周末风大，客船可能停航"),
		       .description = DY_STR_INIT("以码头当天公告为准，看病请提前安排。"),
		       .expires_at = { call->now.ms + 3 * DY_DAY_MS } },
	};
	struct dy_notice made;

	for (size_t i = 0; i < FEW_UNITS && i < readers->n_units; i++)
		areas[water.areas.count++] = (struct dy_area){ DY_AREA_UNIT, readers->units[i] };
	DY_TRY(dy_app_notice_make(call, &boats, &made));
	DY_TRY(read_by_most(call, readers, made.id));
	/* nobody has seen this one yet: there are doors to knock at */
	return dy_app_notice_make(call, &water, &made);
}

static enum dy_code
sign_up(struct dy_call *call, const struct dy_demo_readers *readers)
{
	struct dy_sign_up_draft draft = {
		.title = DY_STR_INIT("周六上午领蔬菜包"),
		.text = DY_STR_INIT("社区门口，带好袋子。"),
		.capacity = SEATS,
		.entry_max = 1,
		.closes_at = { call->now.ms + 2 * DY_DAY_MS },
	};
	struct dy_sign_up made;
	size_t joined = 0;

	DY_TRY(dy_app_sign_up_make(call, &draft, &made));
	for (size_t i = 0; i < readers->n_residents; i++) {
		const struct dy_actor *who = &readers->residents[i];
		struct dy_sign_up_entry entry;
		if (who->account.v == 0 || joined++ % ENTER_OF == 0)
			continue;
		struct dy_entry_draft enter = { .sign_up = made.id, .seats = 1 };
		struct dy_call own = call_of(call, who);
		DY_TRY(dy_app_sign_up_join(&own, &enter, &entry));
	}
	return DY_OK;
}

enum dy_code
dy_demo_news(struct dy_call *call, const struct dy_demo_readers *readers)
{
	DY_TRY(notices(call, readers));
	return sign_up(call, readers);
}
