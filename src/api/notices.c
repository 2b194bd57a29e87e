/* Notices: lists, one, the preview of who gets it, the check that one is genuine, CAP. */
#include "notices.h"

#include "domain/alert.h"
#include "domain/need.h"
#include "store/household.h"

#define SCAN_MAX     500 /* of the community's notices, before those of other places are left out */
#define MINE_SHOWN   50
#define EXPIRED_DAYS 14 /* how long a notice that has run out stays on the page */

static void
needs_write(struct dy_jw *w, unsigned needs)
{
	dy_jw_key(w, "needs");
	dy_jw_arr(w);
	for (int kind = DY_NEED_FIRST; kind < DY_FACTS; kind++) {
		if ((needs & DY_FLAG(kind)) != 0)
			dy_jw_cstr(w, dy_fact_name((enum dy_fact_kind)kind));
	}
	dy_jw_arr_end(w);
}

enum dy_code
dy_notice_need_read(struct dy_str text, unsigned *needs, const char *field, struct dy_err *err)
{
	enum dy_fact_kind kind;

	if (!dy_fact_find(text, &kind) || !dy_fact_is_need(kind))
		return dy_raise(err, DY_E_INPUT, field, "there is no such need");
	*needs |= DY_FLAG(kind);
	return DY_OK;
}

static void
areas_write(struct dy_jw *w, const struct dy_area_list *areas)
{
	dy_jw_key(w, "areas");
	dy_jw_arr(w);
	for (size_t i = 0; i < areas->count; i++) {
		dy_jw_obj(w);
		dy_jw_kcstr(w, "kind", dy_area_name(areas->items[i].kind));
		dy_jw_kid(w, "id", areas->items[i].id);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

static enum dy_code
body_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_notice *n)
{
	struct dy_jw *w = &q->w;
	const struct dy_zone *zone = dy_zone_default();
	struct dy_area_list areas;

	DY_TRY(dy_notice_areas(tx, q->arena, n->id, &areas, &q->err));
	dy_jw_kid(w, "id", n->id);
	dy_jw_kstr(w, "code", n->code);
	dy_jw_kcstr(w, "phase", dy_notice_phase_name(dy_notice_phase_of(n, q->now)));
	dy_jw_kstr(w, "status", n->status);
	dy_jw_kstr(w, "msg_type", n->msg_type);
	dy_jw_kstr(w, "category", n->category);
	dy_jw_kstr(w, "urgency", n->urgency);
	dy_jw_kstr(w, "severity", n->severity);
	dy_jw_kstr(w, "certainty", n->certainty);
	dy_jw_kstr(w, "headline", n->headline);
	dy_jw_kstr(w, "description", n->description);
	dy_jw_kstr(w, "instruction", n->instruction);
	dy_jw_ktime(w, "effective_at", zone, n->effective_at);
	dy_jw_ktime(w, "onset_at", zone, n->onset_at);
	dy_jw_ktime(w, "expires_at", zone, n->expires_at);
	dy_jw_ktime(w, "sent_at", zone, n->sent_at);
	dy_jw_kbool(w, "wants_confirm", n->wants_confirm);
	dy_jw_kid(w, "replaces_id", n->replaces);
	dy_jw_kid(w, "replaced_by", n->replaced_by);
	dy_jw_kstr(w, "sender", n->created_name);
	needs_write(w, n->needs);
	areas_write(w, &areas);
	return DY_OK;
}

/* For the office: what it was for then, and who has it now. */
enum dy_code
dy_notice_write(struct dy_q *q, struct dy_rtx *tx, const struct dy_notice *n)
{
	struct dy_jw *w = &q->w;
	struct dy_receipt_counts counts;

	DY_TRY(dy_receipt_count(tx, n->id, &counts, &q->err));
	dy_jw_obj(w);
	DY_TRY(body_write(q, tx, n));
	dy_jw_kstr(w, "decided_by", n->decided_name);
	dy_jw_kint(w, "recipients", n->recipients);
	dy_jw_kint(w, "read", counts.of[DY_MARK_READ]);
	dy_jw_kint(w, "told", counts.of[DY_MARK_TOLD]);
	dy_jw_kint(w, "confirmed", counts.of[DY_MARK_CONFIRMED]);
	dy_jw_kint(w, "not_home", counts.of[DY_MARK_NOT_HOME]);
	dy_jw_kbool(w, "may_decide",
	            dy_str_is(n->state, "pending") && !dy_id_eq(n->created_by, q->actor.account) &&
	                    dy_actor_has(&q->actor, DY_CAP_NOTICE_SEND));
	dy_jw_obj_end(w);
	return DY_OK;
}

static enum dy_code
list_notices(struct dy_q *q)
{
	struct dy_notice_list list;
	struct dy_id after;
	int64_t limit;

	DY_TRY(dy_q_query_id(q, "after", &after));
	DY_TRY(dy_q_query_limit(q, &limit));
	DY_TRY(dy_notice_list_all(q->tx, q->arena, after, limit + 1, &list, &q->err));
	bool more = (int64_t)list.count > limit;
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count && (int64_t)i < limit; i++) {
		DY_TRY(dy_notice_write(q, q->tx, &list.items[i]));
		after = list.items[i].id;
	}
	if (!more) {
		dy_list_end(q);
		return DY_OK;
	}
	dy_jw_arr_end(&q->w);
	dy_jw_kid(&q->w, "next", after);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* Mine: what is for my household, with what it has done about it. */
static enum dy_code
target_home(struct dy_q *q, const struct dy_where *at, struct dy_target_home *out)
{
	*out = (struct dy_target_home){ .grid = at->grid, .unit = at->unit, .stair = at->stair };
	DY_TRY(dy_household_flags(q->tx, at->household, q->now, &out->needs, &q->err));
	return dy_stair_building(q->tx, at->stair, &out->building, &q->err);
}

static enum dy_code
mine_write(struct dy_q *q, const struct dy_notice *n, const struct dy_target_home *home,
           size_t *shown)
{
	enum dy_notice_phase phase = dy_notice_phase_of(n, q->now);
	struct dy_area_list areas;
	enum dy_mark mark;

	DY_TRY(dy_notice_areas(q->tx, q->arena, n->id, &areas, &q->err));
	struct dy_target target = { areas.items, areas.count, n->needs };
	if (phase == DY_NOTICE_SCHEDULED || !dy_target_hits(&target, home))
		return DY_OK;
	DY_TRY(dy_receipt_get(q->tx, n->id, q->actor.household, &mark, &q->err));
	++*shown;
	dy_jw_obj(&q->w);
	DY_TRY(body_write(q, q->tx, n));
	dy_jw_kcstr(&q->w, "mark", dy_mark_name(mark));
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
list_my_notices(struct dy_q *q)
{
	struct dy_time since = { q->now.ms - EXPIRED_DAYS * DY_DAY_MS };
	struct dy_notice_list list;
	struct dy_target_home home = { 0 };
	struct dy_where at;
	size_t shown = 0;

	DY_TRY(dy_notice_list_sent(q->tx, q->arena, since, SCAN_MAX, &list, &q->err));
	if (q->actor.household.v != 0) {
		DY_TRY(dy_where_household(q->tx, q->arena, q->actor.household, q->now, &at,
		                          &q->err));
		DY_TRY(target_home(q, &at, &home));
	}
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count && q->actor.household.v != 0 && shown < MINE_SHOWN; i++)
		DY_TRY(mine_write(q, &list.items[i], &home, &shown));
	dy_list_end(q);
	dy_q_etag(q);
	return DY_OK;
}

enum dy_code
dy_notice_find(struct dy_q *q, struct dy_notice *n)
{
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	return dy_notice_get(q->tx, q->arena, id, n, &q->err);
}

static enum dy_code
get_notice(struct dy_q *q)
{
	struct dy_notice n;

	DY_TRY(dy_notice_find(q, &n));
	return dy_notice_write(q, q->tx, &n);
}

/* Preview: who gets it, and who cannot be reached by phone. */
static enum dy_code
target_query(struct dy_q *q, struct dy_notice *n, struct dy_area_list *areas)
{
	struct dy_str text, part, kind;

	if (dy_q_query(q, "areas", &text)) {
		while (text.len > 0) {
			part = dy_str_split(&text, ',');
			kind = dy_str_split(&part, ':');
			if (areas->count == DY_NOTICE_AREAS_MAX)
				return dy_raise(&q->err, DY_E_INPUT, "/areas", "at most %d places",
				                DY_NOTICE_AREAS_MAX);
			struct dy_area *a = dy_arena_push(q->arena, (void **)&areas->items,
			                                  &areas->count, &areas->cap, sizeof(*a));
			if (!dy_area_find(kind, &a->kind) ||
			    dy_id_decode(part, "/areas", &a->id, NULL) != DY_OK)
				return dy_raise(&q->err, DY_E_INPUT, "/areas",
				                "write kind:id, with commas between");
		}
	}
	if (dy_q_query(q, "needs", &text)) {
		while (text.len > 0)
			DY_TRY(dy_notice_need_read(dy_str_split(&text, ','), &n->needs, "/needs",
			                           &q->err));
	}
	return DY_OK;
}

struct unit_sum {
	struct dy_id unit;
	struct dy_str name;
	int64_t households, residents, unreachable;
};

static void
sums_write(struct dy_q *q, const struct unit_sum *sums, size_t n)
{
	dy_jw_key(&q->w, "units");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < n; i++) {
		dy_jw_obj(&q->w);
		dy_jw_kid(&q->w, "unit_id", sums[i].unit);
		dy_jw_kstr(&q->w, "unit_name", sums[i].name);
		dy_jw_kint(&q->w, "households", sums[i].households);
		dy_jw_kint(&q->w, "residents", sums[i].residents);
		dy_jw_kint(&q->w, "unreachable", sums[i].unreachable);
		dy_jw_obj_end(&q->w);
	}
	dy_jw_arr_end(&q->w);
}

static enum dy_code
preview_notice(struct dy_q *q)
{
	struct dy_notice n = { 0 };
	struct dy_area_list areas = { 0 };
	struct dy_home_list homes;
	struct {
		struct unit_sum *items;
		size_t count, cap;
	} sums = { 0 };
	struct unit_sum all = { 0 };
	int64_t hits;

	DY_TRY(target_query(q, &n, &areas));
	DY_TRY(dy_home_list(q->tx, q->arena, n.id, n.id, q->now, &homes, &q->err));
	DY_TRY(dy_notice_reach(&q->actor, &n, &areas, &homes, &hits, &q->err));
	struct dy_target target = { areas.items, areas.count, n.needs };
	for (size_t i = 0; i < homes.count; i++) {
		const struct dy_home *h = &homes.items[i];
		struct unit_sum *sum = NULL;
		if (!dy_target_hits(&target, &h->at))
			continue;
		for (size_t k = 0; k < sums.count && sum == NULL; k++) {
			if (dy_id_eq(sums.items[k].unit, h->at.unit))
				sum = &sums.items[k];
		}
		if (sum == NULL) {
			sum = dy_arena_push(q->arena, (void **)&sums.items, &sums.count, &sums.cap,
			                    sizeof(*sum));
			*sum = (struct unit_sum){ .unit = h->at.unit, .name = h->unit_name };
		}
		sum->households++;
		sum->residents += h->residents;
		sum->unreachable += !h->is_reachable;
		all.residents += h->residents;
		all.unreachable += !h->is_reachable;
	}
	dy_jw_obj(&q->w);
	dy_jw_kint(&q->w, "households", hits);
	dy_jw_kint(&q->w, "residents", all.residents);
	dy_jw_kint(&q->w, "unreachable", all.unreachable);
	sums_write(q, sums.items, sums.count);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* Is this paper genuine? Anybody who has the code may ask. */
static enum dy_code
check_notice(struct dy_q *q)
{
	struct dy_community community;
	struct dy_notice n;
	struct dy_id id;
	bool found;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_q_community(q, id));
	DY_TRY(dy_community_get(q->tx, q->arena, &community, &q->err));
	DY_TRY(dy_notice_by_code(q->tx, q->arena, q->params[1], &found, &n, &q->err));
	if (!found || !dy_str_is(n.state, "sent") || n.effective_at.ms > q->now.ms)
		return dy_raise(&q->err, DY_E_NOT_FOUND, "/code",
		                "this community has sent no notice with this code");
	dy_jw_obj(&q->w);
	dy_jw_kstr(&q->w, "community", community.name);
	DY_TRY(body_write(q, q->tx, &n));
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* What is printed under a notice: leads into the app's page for it. */
static enum dy_code
open_notice(struct dy_q *q)
{
	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < q->params[i].len; k++) {
			char c = q->params[i].ptr[k];
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			      (c >= 'A' && c <= 'Z')))
				return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such notice");
		}
	}
	q->status = 302;
	q->type = NULL;
	dy_q_header(q, "Location",
	            dy_str_from(dy_arena_printf(q->arena, "/#/n/%.*s/%.*s", DY_FMT(q->params[0]),
	                                        DY_FMT(q->params[1]))));
	return DY_OK;
}

/* What is printed beside the code. */
static enum dy_code
draw_notice_code(struct dy_q *q)
{
	struct dy_notice n;

	DY_TRY(dy_notice_find(q, &n));
	char community[DY_ID_TEXT + 1];
	dy_id_encode(q->actor.community, community);
	q->type = "image/svg+xml";
	return dy_qr_draw(q, dy_arena_printf(q->arena, "%s/n/%s/%.*s", dy_q_origin(q), community,
	                                     DY_FMT(n.code)));
}

/* CAP 1.2, for other systems. */
static enum dy_code
get_cap(struct dy_q *q)
{
	struct dy_community community;
	struct dy_notice n, old;
	struct dy_id id;
	char text[DY_ID_TEXT + 1];
	bool found;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_q_community(q, id));
	DY_TRY(dy_community_get(q->tx, q->arena, &community, &q->err));
	DY_TRY(dy_notice_by_code(q->tx, q->arena, q->params[1], &found, &n, &q->err));
	if (!found || !dy_str_is(n.state, "sent"))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "/code", "no such notice");
	dy_id_encode(n.id, text);
	struct dy_alert cap = {
		.sender = community.division_code,
		.sender_name = community.name,
		.identifier = dy_str_from(dy_arena_printf(q->arena, "danyuan.%.*s.%s",
		                                          DY_FMT(community.division_code), text)),
		.status = n.status,
		.msg_type = n.msg_type,
		.category = n.category,
		.urgency = n.urgency,
		.severity = n.severity,
		.certainty = n.certainty,
		.headline = n.headline,
		.description = n.description,
		.instruction = n.instruction,
		.area = community.name,
		.web = dy_str_from(dy_arena_printf(q->arena, "%s/n/%.*s/%.*s", dy_q_origin(q),
		                                   DY_FMT(q->params[0]), DY_FMT(n.code))),
		.sent = n.sent_at,
		.effective = n.effective_at,
		.onset = n.onset_at,
		.expires = n.expires_at,
		.zone = dy_zone_default(),
	};
	if (n.replaces.v != 0) {
		DY_TRY(dy_notice_get(q->tx, q->arena, n.replaces, &old, &q->err));
		dy_id_encode(old.id, text);
		cap.references = dy_str_from(dy_arena_printf(
			q->arena, "%.*s,danyuan.%.*s.%s,%.*s", DY_FMT(community.division_code),
			DY_FMT(community.division_code), text,
			DY_FMT(dy_alert_time(q->arena, cap.zone, old.sent_at))));
	}
	q->type = "application/cap+xml";
	dy_alert_write(&q->body, q->arena, &cap);
	return DY_OK;
}

const struct dy_route dy_notice_routes[] = {
	{ DY_GET, "/api/v1/notices", .op = "listNotices", .cap = DY_CAP_TEAM_READ,
	  .fn = list_notices },
	{ DY_GET, "/api/v1/notices/mine", .op = "listMyNotices", .cap = DY_CAP_SIGNED_IN,
	  .fn = list_my_notices },
	{ DY_GET, "/api/v1/notices/preview", .op = "previewNotice", .cap = DY_CAP_NOTICE_SEND,
	  .fn = preview_notice },
	{ DY_GET, "/api/v1/notices/{id}", .op = "getNotice", .cap = DY_CAP_TEAM_READ,
	  .fn = get_notice },
	{ DY_GET, "/api/v1/notices/{id}/code.svg", .op = "drawNoticeCode", .cap = DY_CAP_TEAM_READ,
	  .fn = draw_notice_code },
	{ DY_GET, "/api/v1/notice-codes/{community}/{code}", .op = "checkNotice",
	  .cap = DY_CAP_PUBLIC, .fn = check_notice },
	{ DY_GET, "/api/v1/notice-codes/{community}/{code}/cap", .op = "getCap",
	  .cap = DY_CAP_PUBLIC, .fn = get_cap },
	{ DY_GET, "/n/{community}/{code}", .op = "openNotice", .cap = DY_CAP_PUBLIC,
	  .fn = open_notice },
};
const size_t dy_notice_routes_n = DY_COUNT(dy_notice_routes);
