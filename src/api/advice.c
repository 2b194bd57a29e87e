/* What to do at once when words of danger are read, and whom to phone. */
#include "requests.h"

static const struct {
	enum dy_danger danger;
	const char *en, *zh;
} ADVICE[DY_DANGERS] = {
	{ DY_DANGER_LIFE,
	  "Call 120 now. Say the address, stay with the person, have somebody wait at the door.",
	  "请马上拨打120，说清地址，守在病人身边，派人到楼下接应。" },
	{ DY_DANGER_VIOLENCE, "Call 110 now. Go to a safe room and lock it; do not step between.",
	  "请马上拨打110，先到安全的房间锁好门，不要上前劝架。" },
	{ DY_DANGER_FIRE,
	  "Call 119 now. Leave by the stairs, never by the lift; with gas touch no switch.",
	  "请马上拨打119，走楼梯撤离，不要坐电梯；闻到煤气不要碰任何开关。" },
};

unsigned
dy_request_dangers(struct dy_str category, struct dy_str text)
{
	unsigned dangers = dy_danger_of(text);

	if (dangers == 0 && dy_str_is(category, "MED1"))
		dangers = DY_DANGER_LIFE;
	return dangers;
}

bool
dy_intake_is_urgent(struct dy_str category, struct dy_str text)
{
	const struct dy_category *c = dy_category_find(category);
	return c != NULL && (c->is_medical || dy_category_is_urgent(c, text, false, false));
}

const char *
dy_advice_text(enum dy_danger danger, bool chinese)
{
	for (size_t i = 0; i < DY_COUNT(ADVICE); i++) {
		if (ADVICE[i].danger == danger)
			return chinese ? ADVICE[i].zh : ADVICE[i].en;
	}
	return "";
}

void
dy_advice_write(struct dy_q *q, unsigned dangers)
{
	struct dy_jw *w = &q->w;
	bool chinese = dy_q_speaks_chinese(q);

	dy_jw_key(w, "advice");
	dy_jw_arr(w);
	for (size_t i = 0; i < DY_COUNT(ADVICE); i++) {
		if ((dangers & ADVICE[i].danger) == 0)
			continue;
		dy_jw_obj(w);
		dy_jw_kcstr(w, "phone", dy_danger_phone(ADVICE[i].danger));
		dy_jw_kcstr(w, "text", dy_advice_text(ADVICE[i].danger, chinese));
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

enum dy_code
dy_helper_find(struct dy_q *q, struct dy_rtx *tx, struct dy_id unit, struct dy_helper *out)
{
	struct dy_community community;
	struct dy_post_list posts;
	struct dy_account captain;
	bool found;

	DY_TRY(dy_community_get(tx, q->arena, &community, &q->err));
	DY_TRY(dy_post_list_all(tx, q->arena, q->now, &posts, &q->err));
	DY_TRY(dy_captain_find(tx, q->arena, &posts, unit, &found, &captain, &q->err));
	*out = (struct dy_helper){ .name = DY_STR_INIT("") };
	if (found) {
		out->name = captain.name;
		out->phone = dy_text_unseal(q->arena, q->api->options.key, captain.phone_sealed);
	}
	if (out->phone.len == 0)
		*out = (struct dy_helper){ community.name, community.phone };
	return DY_OK;
}

void
dy_helper_write(struct dy_q *q, const struct dy_helper *h)
{
	dy_jw_key(&q->w, "call");
	dy_jw_obj(&q->w);
	dy_jw_kstr(&q->w, "name", h->name);
	dy_jw_kstr(&q->w, "phone", h->phone);
	dy_jw_obj_end(&q->w);
}
