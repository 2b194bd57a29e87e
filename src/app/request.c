/* Reporting a need, and every act on it. */
#include "inside.h"

#include "domain/danger.h"
#include "store/event.h"
#include "store/household.h"
#include "store/intake.h"

#include <string.h>

#define CALLBACK_CODES  9000
#define REMIND_EVERY_MS (10 * DY_MINUTE_MS)
#define RATING_POOR     2 /* and below: say why */
#define LEVEL_TOP       3
#define INSIDERS        (DY_SIDE_RESIDENT | DY_SIDE_REGISTRANT | DY_SIDE_OWNER | DY_SIDE_MANAGER)

unsigned
dy_request_sides(const struct dy_actor *actor, const struct dy_request *r)
{
	unsigned sides = 0;

	if (actor->account.v == 0)
		return 0;
	/* who wrote it down for somebody is not that somebody: the judgement stays the household's */
	if ((dy_id_eq(actor->account, r->reporter) && !actor->is_staff) ||
	    (actor->household.v != 0 && dy_id_eq(actor->household, r->household)))
		sides |= DY_SIDE_RESIDENT;
	else if (dy_id_eq(actor->account, r->reporter))
		sides |= DY_SIDE_REGISTRANT;
	/* who owns it without a post there any more has lost the power with the post */
	if (dy_id_eq(actor->account, r->owner) &&
	    (dy_actor_has_at(actor, DY_CAP_REQUEST_WORK, r->grid, r->unit) ||
	     dy_actor_has_at(actor, DY_CAP_REQUEST_SUPERVISE, r->grid, r->unit)))
		sides |= DY_SIDE_OWNER;
	if (dy_actor_has_at(actor, DY_CAP_REQUEST_WORK, r->grid, r->unit))
		sides |= DY_SIDE_WORKER;
	if (dy_actor_has_at(actor, DY_CAP_REQUEST_MANAGE, r->grid, r->unit))
		sides |= DY_SIDE_MANAGER;
	if (dy_actor_has_at(actor, DY_CAP_REQUEST_SUPERVISE, r->grid, r->unit))
		sides |= DY_SIDE_SUPERVISOR;
	return sides;
}

bool
dy_request_is_private(const struct dy_request *r)
{
	const struct dy_category *category = dy_category_find(r->category);
	return category != NULL && category->is_private;
}

bool
dy_request_may_read(const struct dy_actor *actor, const struct dy_request *r)
{
	unsigned sides = dy_request_sides(actor, r);

	if ((sides & INSIDERS) != 0)
		return true;
	return !dy_request_is_private(r) &&
	       dy_actor_has_at(actor, DY_CAP_REQUEST_READ, r->grid, r->unit);
}

bool
dy_request_may_see_door(const struct dy_actor *actor, const struct dy_request *r)
{
	unsigned sides = dy_request_sides(actor, r);
	return (sides & INSIDERS) != 0;
}

enum dy_code
dy_request_event(struct dy_wtx *tx, struct dy_call *call, const char *verb,
                 const struct dy_request *r, struct dy_id former, struct dy_id told)
{
	char id[DY_ID_TEXT + 1] = "";

	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.subject = r->id,
		.rooms = { .household = r->household,
		           .unit = r->unit,
		           .grid = r->grid,
		           .owner = r->owner,
		           .reporter = r->reporter },
	};

	if (!dy_id_eq(former, r->owner)) /* it leaves their list */
		e.rooms.former = former;
	if (dy_request_is_private(r))
		e.rooms.reach = DY_REACH_MANAGERS;
	char version[DY_INT_TEXT];
	if (told.v != 0)
		dy_id_encode(told, id);
	e.topic = DY_JOIN(call->arena, "request.", verb);
	e.payload =
		DY_JOIN(call->arena, "{\"state\":\"", dy_state_name(r->state),
	                "\",\"version\":", dy_int_text(r->version, version),
	                ",\"urgent\":", r->urgent ? "true" : "false",
	                told.v != 0 ? ",\"to_account_id\":\"" : "", id, told.v != 0 ? "\"}" : "}");
	return dy_event_append(tx, &e, NULL, call->err);
}

enum dy_code
dy_request_entry(struct dy_wtx *tx, struct dy_call *call, const struct dy_request *r,
                 const struct dy_entry_draft *draft)
{
	struct dy_entry e = {
		.number = r->version, /* each version has its entry */
		.at = call->now,
		.actor_side = dy_str_from(draft->side),
		.act = dy_str_from(draft->act),
		.from_state = dy_str_from(draft->from),
		.to_state = dy_str_from(dy_state_name(r->state)),
		.text = draft->text,
		.visibility = draft->team_only ? DY_STR("team") : DY_STR("all"),
	};

	if (!draft->nameless)
		e.actor = call->actor->account;
	DY_TRY(dy_entry_insert(tx, r->id, &e, call->err));
	for (size_t i = 0; draft->photos != NULL && i < draft->photos->count; i++)
		DY_TRY(dy_photo_attach(tx, draft->photos->ids[i], call->actor->account, r->id,
		                       e.number, call->err));
	return DY_OK;
}

static enum dy_code
door_of_address(struct dy_wtx *tx, struct dy_call *call, const struct dy_address *address,
                struct dy_id *out)
{
	int n;

	DY_TRY(dy_door_by_address(dy_wtx_read(tx), address, &n, out, call->err));
	if (n == 0)
		return dy_raise(call->err, DY_E_INPUT, "/door", "there is no such door");
	if (n > 1)
		return dy_raise(call->err, DY_E_INPUT, "/door",
		                "several stairs have this door; name the stair, like 3-1-501");
	return DY_OK;
}

/* Where the need is: at the named door, or at the reporter's own. */
static enum dy_code
draft_where(struct dy_wtx *tx, struct dy_call *call, const struct dy_request_draft *draft,
            struct dy_where *out)
{
	const struct dy_actor *actor = call->actor;
	struct dy_rtx *rtx = dy_wtx_read(tx);
	struct dy_id door = draft->door;
	struct dy_where home = { 0 };

	if (draft->address.building.len > 0)
		DY_TRY(door_of_address(tx, call, &draft->address, &door));
	if (draft->home != NULL)
		home = *draft->home;
	else if (actor->household.v != 0)
		DY_TRY(dy_where_household(rtx, call->arena, actor->household, call->now, &home,
		                          call->err));
	if (door.v == 0 && home.door.v == 0)
		return dy_raise(call->err, DY_E_INPUT, "/door_id", "say which door it is for");
	if (door.v == 0 || dy_id_eq(door, home.door)) {
		*out = home;
		return DY_OK;
	}
	DY_TRY(dy_where_door(rtx, call->arena, door, call->now, out, call->err));
	/* neighbours help neighbours of their unit; staff within their scope */
	if (dy_id_eq(out->unit, home.unit) ||
	    dy_actor_has_at(actor, DY_CAP_REQUEST_REPORT, out->grid, out->unit))
		return DY_OK;
	return dy_raise(call->err, DY_E_NOT_FOUND, "/door_id", "no such door");
}

/* How it came in: what staff say, else by whose door it is. */
static struct dy_str
channel_of(const struct dy_call *call, const struct dy_request_draft *draft,
           const struct dy_where *where)
{
	bool own =
		call->actor->household.v != 0 && dy_id_eq(where->household, call->actor->household);

	if (draft->channel.len > 0)
		return draft->channel;
	return own && draft->on_behalf.len == 0 ? DY_STR("web") : DY_STR("proxy");
}

/* flags: needs of the household that the register knows. */
static void
request_fill(struct dy_call *call, const struct dy_request_draft *draft, const struct dy_rule *rule,
             const struct dy_where *where, unsigned flags, enum dy_mode mode, struct dy_request *r)
{
	const struct dy_zone *zone = dy_zone_default();
	const struct dy_category *category = &rule->category;

	*r = (struct dy_request){
		.day = dy_day_of(zone, call->now).n,
		.category = draft->category,
		.urgent = dy_category_is_urgent(category, draft->text, where->elderly > 0,
		                                draft->urgent) ||
		          dy_flags_are_frail(category, flags),
		.state = DY_STATE_REPORTED,
		.household = where->household,
		.door = where->door,
		.stair = where->stair,
		.unit = where->unit,
		.grid = where->grid,
		.text = draft->text,
		.contact_sealed = dy_text_seal(call->arena, call->key, draft->contact),
		.channel = channel_of(call, draft, where),
		.unverified = draft->unverified,
		.reporter = call->actor->account,
		.created_at = call->now,
		.changed_at = call->now,
		.version = 1,
		.unit_name = where->unit_name,
		.building_code = where->building_code,
		.stair_code = where->stair_code,
		.door_code = where->door_code,
	};
	char code[DY_INT_TEXT];
	r->callback_code =
		DY_JOIN(call->arena, dy_int_text(1000 + dy_random_below(CALLBACK_CODES), code));
	r->clock = (struct dy_request_clock){ .from_at = call->now, .seen_version = 1 };
	dy_request_dues(call, rule, mode, r);
	if (draft->on_behalf.len > 0)
		r->text =
			dy_str_from(dy_arena_printf(call->arena, "%.*s\n(代 %.*s)",
		                                    DY_FMT(draft->text), DY_FMT(draft->on_behalf)));
}

enum dy_code
dy_request_make(struct dy_wtx *tx, struct dy_call *call, const struct dy_request_draft *draft,
                const struct dy_where *where, bool as_resident, struct dy_request *out)
{
	struct dy_entry_draft entry = { .act = "report",
		                        .from = "",
		                        .side = as_resident ? "resident" : "staff",
		                        .photos = &draft->photos };
	enum dy_mode mode;
	unsigned flags;

	DY_TRY(dy_call_rules(tx, call));
	const struct dy_rule *rule = dy_rules_find(call->rules, draft->category);
	if (rule == NULL)
		return dy_raise(call->err, DY_E_INPUT, "/category", "no such category");
	DY_TRY(dy_app_mode(dy_wtx_read(tx), call->arena, where->grid, where->unit, &mode,
	                   call->err));
	DY_TRY(dy_household_flags(dy_wtx_read(tx), where->household, call->now, &flags, call->err));
	request_fill(call, draft, rule, where, flags, mode, out);
	out->id = dy_wtx_new_id(tx, call->now);
	out->photos = (int64_t)draft->photos.count;
	DY_TRY(dy_request_number(tx, out->day, &out->day_number, call->err));
	DY_TRY(dy_request_insert(tx, out, call->err));
	entry.text = out->text;
	DY_TRY(dy_request_entry(tx, call, out, &entry));
	return dy_request_event(tx, call, "reported", out, out->owner, (struct dy_id){ 0 });
}

enum dy_code
dy_app_report(struct dy_call *call, const struct dy_request_draft *draft, struct dy_request *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_where where = { 0 };

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_call_rules(tx, call));
	if (dy_rules_find(call->rules, draft->category) == NULL)
		return dy_raise(call->err, DY_E_INPUT, "/category", "no such category");
	DY_TRY(draft_where(tx, call, draft, &where));
	DY_TRY(dy_request_make(tx, call, draft, &where, !call->actor->is_staff, out));
	return dy_wtx_commit(&tx, call->err);
}

bool
dy_request_needs_photo(const struct dy_rules *rules, const struct dy_request *r, enum dy_act act)
{
	const struct dy_rule *rule = dy_rules_find(rules, r->category);
	return (act == DY_ACT_FINISH || act == DY_ACT_CLOSE_NOW) && rule != NULL &&
	       rule->category.evidence == DY_EVIDENCE_PHOTO;
}

/* What the act has no use for is refused: a judgement in particular is the resident's, given with the acts that ask
 * for it, and never slipped in by the team. */
static enum dy_code
extras_check(struct dy_call *call, const struct dy_act_draft *draft, unsigned effects)
{
	const struct {
		const char *field;
		bool given, used;
	} extras[] = {
		{ "/to_account_id", draft->to_account.v != 0, (effects & DY_EFFECT_GIVES) != 0 },
		{ "/into_request_id", draft->into_request.v != 0,
		  (effects & DY_EFFECT_NEEDS_TARGET) != 0 },
		{ "/extend_minutes", draft->extend_minutes != 0,
		  (effects & DY_EFFECT_NEEDS_MINUTES) != 0 },
		{ "/rating", draft->rating != 0,
		  draft->act == DY_ACT_CONFIRM || (effects & DY_EFFECT_NEEDS_RATING) != 0 },
	};

	for (size_t i = 0; i < DY_COUNT(extras); i++) {
		if (extras[i].given && !extras[i].used)
			return dy_raise(call->err, DY_E_INPUT, extras[i].field,
			                "'%s' does not take this; leave it out",
			                dy_act_name(draft->act));
	}
	return DY_OK;
}

static enum dy_code
needs_check(struct dy_call *call, const struct dy_act_draft *draft, const struct dy_request *r,
            unsigned effects)
{
	if (dy_request_needs_photo(call->rules, r, draft->act) && draft->photos.count == 0)
		return dy_raise(call->err, DY_E_INPUT, "/photo_ids",
		                "this kind of work is closed with a photo of the result");
	if ((effects & DY_EFFECT_NEEDS_TEXT) != 0 && draft->text.len == 0)
		return dy_raise(call->err, DY_E_INPUT, "/text", "say why, or what was done");
	if ((effects & DY_EFFECT_GIVES) != 0 && draft->to_account.v == 0)
		return dy_raise(call->err, DY_E_INPUT, "/to_account_id", "say who takes it");
	if ((effects & DY_EFFECT_NEEDS_TARGET) != 0 && draft->into_request.v == 0)
		return dy_raise(call->err, DY_E_INPUT, "/into_request_id",
		                "say which request it joins");
	if ((effects & DY_EFFECT_NEEDS_MINUTES) != 0 && draft->extend_minutes == 0)
		return dy_raise(call->err, DY_E_INPUT, "/extend_minutes", "say how much longer");
	if ((effects & DY_EFFECT_NEEDS_RATING) != 0 && draft->rating == 0)
		return dy_raise(call->err, DY_E_INPUT, "/rating", "give 1 to 5");
	if (draft->rating != 0 && draft->rating <= RATING_POOR && draft->text.len == 0)
		return dy_raise(call->err, DY_E_INPUT, "/text", "say what was not good");
	return DY_OK;
}

/* What holds several needs is finished when each of them is. */
static enum dy_code
open_needs_check(struct dy_call *call, const struct dy_act_draft *draft, const struct dy_request *r)
{
	if (r->open_needs > 0 && (draft->act == DY_ACT_FINISH || draft->act == DY_ACT_CLOSE_NOW ||
	                          draft->act == DY_ACT_CLOSE))
		return dy_raise(call->err, DY_E_CONFLICT, "/act",
		                "%lld of its needs are still open; end each of them first",
		                (long long)r->open_needs);
	return DY_OK;
}

/* Others wait for it as well: it is not one household's to take back. */
static enum dy_code
withdraw_check(struct dy_call *call, const struct dy_act_draft *draft, const struct dy_request *r)
{
	if (draft->act == DY_ACT_WITHDRAW && r->followers > 0)
		return dy_raise(call->err, DY_E_CONFLICT, "/act",
		                "neighbours wait for the same; it stays open for them");
	return DY_OK;
}

/* Reminding counts, and helps once in a while only. */
static enum dy_code
remind_apply(struct dy_call *call, struct dy_request *r)
{
	int64_t since = call->now.ms - r->reminded_at.ms;

	if (r->reminded_at.ms != 0 && since < REMIND_EVERY_MS) {
		call->wait_ms = REMIND_EVERY_MS - since;
		return dy_raise(call->err, DY_E_LIMIT, "/act",
		                "they were reminded a moment ago; again in %lld min",
		                (long long)(call->wait_ms / DY_MINUTE_MS + 1));
	}
	r->reminders++;
	r->reminded_at = call->now;
	return DY_OK;
}

/* Who gets it must be able to work there. */
static enum dy_code
taker_check(struct dy_wtx *tx, struct dy_call *call, const struct dy_request *r,
            struct dy_id account)
{
	struct dy_actor taker = { .account = account };

	DY_TRY(dy_post_list_account(dy_wtx_read(tx), call->arena, account, call->now, &taker.posts,
	                            call->err));
	if (!dy_actor_has_at(&taker, DY_CAP_REQUEST_WORK, r->grid, r->unit))
		return dy_raise(call->err, DY_E_INPUT, "/to_account_id",
		                "this person has no post in the request's unit");
	return DY_OK;
}

static enum dy_code
target_check(struct dy_wtx *tx, struct dy_call *call, const struct dy_request *r,
             struct dy_id target_id)
{
	struct dy_request target;

	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, target_id, &target, call->err));
	if (dy_id_eq(target_id, r->id) || !dy_state_is_open(target.state) ||
	    !dy_request_may_read(call->actor, &target))
		return dy_raise(call->err, DY_E_INPUT, "/into_request_id",
		                "it can only join another request that is still open");
	return DY_OK;
}

static void
pause_apply(struct dy_call *call, unsigned effects, struct dy_request *r)
{
	if ((effects & DY_EFFECT_PAUSES) != 0)
		r->paused_at = call->now;
	if ((effects & (DY_EFFECT_RUNS | DY_EFFECT_ENDS)) == 0 || r->paused_at.ms == 0)
		return;
	/* a wall clock that was set back in between has not made the pause shorter than nothing */
	int64_t stood = call->now.ms > r->paused_at.ms ? call->now.ms - r->paused_at.ms : 0;
	if (r->respond_due_at.ms != 0)
		r->respond_due_at.ms += stood;
	if (r->close_due_at.ms != 0)
		r->close_due_at.ms += stood;
	r->clock.paused_ms += stood;
	r->paused_at.ms = 0;
	if (r->clock.owned_at.ms != 0)
		r->clock.owned_at = call->now;
}

static void
revive(struct dy_call *call, enum dy_mode mode, struct dy_request *r)
{
	const struct dy_rule *rule = dy_rules_find(call->rules, r->category);
	struct dy_time responded = r->respond_due_at;

	r->closed_at.ms = 0;
	r->done_at.ms = 0;
	r->rating = 0;
	r->clock = (struct dy_request_clock){ .from_at = call->now,
		                              .respond_rung = r->clock.respond_rung };
	if (rule != NULL)
		dy_request_dues(call, rule, mode, r);
	r->respond_due_at = responded; /* somebody had answered, or not: that is history */
}

static void
extension_apply(const struct dy_act_draft *draft, struct dy_request *r)
{
	if (draft->act == DY_ACT_EXTEND_ASK)
		r->clock.extend_minutes = draft->extend_minutes;
	if (draft->act == DY_ACT_EXTEND_GRANT || draft->act == DY_ACT_EXTEND_DENY)
		r->clock.extend_minutes = 0;
	if (draft->act != DY_ACT_EXTEND_GRANT || r->close_due_at.ms == 0)
		return;
	r->close_due_at.ms += draft->extend_minutes * DY_MINUTE_MS;
	r->clock.extended_ms += draft->extend_minutes * DY_MINUTE_MS;
	r->clock.close_rung = 0; /* the new deadline has its own reminder */
}

static void
owner_apply(struct dy_call *call, const struct dy_act_draft *draft, unsigned effects,
            unsigned sides, struct dy_request *r)
{
	if ((effects & DY_EFFECT_OWNS) != 0) {
		r->owner = call->actor->account;
		r->owner_name = call->actor->name;
	}
	if ((effects & DY_EFFECT_GIVES) != 0)
		r->owner = draft->to_account;
	if ((effects & (DY_EFFECT_OWNS | DY_EFFECT_GIVES)) != 0 || (sides & DY_SIDE_OWNER) != 0)
		r->clock.owned_at = call->now; /* any act of the owner is a sign of work */
	if ((effects & DY_EFFECT_DISOWNS) != 0) {
		r->owner.v = 0;
		r->clock.owned_at.ms = 0;
		r->clock.extend_minutes = 0;
	}
}

static void
effects_apply(struct dy_call *call, const struct dy_act_draft *draft, const struct dy_step *step,
              unsigned sides, enum dy_mode mode, struct dy_request *r)
{
	unsigned effects = step->effects;

	if (step->next == DY_STATE_SUSPENDED && r->state != DY_STATE_SUSPENDED)
		r->prior = r->state;
	r->state = step->next;
	if ((effects & DY_EFFECT_RESPONDS) != 0 && r->responded_at.ms == 0 &&
	    (sides & DY_SIDE_RESIDENT) == 0)
		r->responded_at = call->now;
	owner_apply(call, draft, effects, sides, r);
	if ((effects & DY_EFFECT_RAISES) != 0 && draft->level == 0 && r->level < LEVEL_TOP)
		r->level++;
	if (draft->level > r->level)
		r->level = draft->level;
	if ((effects & DY_EFFECT_NEEDS_TARGET) != 0)
		r->merged_into = draft->into_request;
	extension_apply(draft, r);
	if (draft->rating != 0)
		r->rating = draft->rating;
	pause_apply(call, effects, r);
	if ((effects & DY_EFFECT_IS_DONE) != 0)
		r->done_at = call->now;
	if ((effects & DY_EFFECT_ENDS) != 0)
		r->closed_at = call->now;
	if ((effects & DY_EFFECT_REVIVES) != 0)
		revive(call, mode, r);
	r->changed_at = call->now;
	if (sides != DY_SIDE_SYSTEM)
		r->clock.seen_version = r->version + 1;
}

static const char *
side_name(unsigned sides)
{
	if (sides == DY_SIDE_SYSTEM)
		return "system";
	return (sides & ~(unsigned)DY_SIDE_RESIDENT) == 0 ? "resident" : "staff";
}

/* The act itself, by somebody who stands on these sides. */
static enum dy_code
act_write(struct dy_wtx *tx, struct dy_call *call, const struct dy_act_draft *draft, unsigned sides,
          const struct dy_step *step, struct dy_request *r)
{
	enum dy_mode mode;

	DY_TRY(dy_call_rules(tx, call));
	DY_TRY(dy_app_mode(dy_wtx_read(tx), call->arena, r->grid, r->unit, &mode, call->err));
	enum dy_state before = r->state;
	struct dy_id former = r->owner;
	if (draft->act == DY_ACT_REMIND && sides != DY_SIDE_SYSTEM)
		DY_TRY(remind_apply(call, r));
	effects_apply(call, draft, step, sides, mode, r);
	dy_request_clock_set(call, r);
	DY_TRY(dy_request_update(tx, r, call->err));
	struct dy_entry_draft entry = { .act = dy_act_name(draft->act),
		                        .from = dy_state_name(before),
		                        .side = side_name(sides),
		                        .text = draft->text,
		                        .photos = &draft->photos };
	bool as_resident = entry.side[0] == 'r';
	entry.team_only = draft->team_only && !as_resident;
	DY_TRY(dy_request_entry(tx, call, r, &entry));
	DY_TRY(dy_request_event(tx, call, dy_act_name(draft->act), r, former,
	                        sides == DY_SIDE_SYSTEM ? draft->told : draft->to_account));
	if ((step->effects & DY_EFFECT_NEEDS_TARGET) != 0)
		return dy_request_followers_move(tx, call, r, draft->into_request);
	if (!entry.team_only && r->followers > 0)
		return dy_request_tell_followers(tx, call, draft, r, as_resident,
		                                 r->state != before);
	return DY_OK;
}

enum dy_code
dy_request_act_as(struct dy_wtx *tx, struct dy_call *call, const struct dy_act_draft *draft,
                  unsigned sides, struct dy_request *r)
{
	struct dy_step step;

	DY_TRY(dy_request_step(r->state, r->prior, draft->act, sides, &step, call->err));
	return act_write(tx, call, draft, sides, &step, r);
}

/* What the clock did meanwhile does not make a person's view of it old: only acts of people do. */
static enum dy_code
version_check(struct dy_call *call, const struct dy_act_draft *draft, const struct dy_request *r)
{
	if (draft->version == 0 || draft->version == r->version ||
	    (draft->version < r->version && draft->version >= r->clock.seen_version))
		return DY_OK;
	return dy_raise(call->err, DY_E_CONFLICT, "/version",
	                "somebody has changed this request meanwhile; load it again");
}

enum dy_code
dy_request_act(struct dy_wtx *tx, struct dy_call *call, const struct dy_act_draft *draft,
               struct dy_request *r, unsigned sides, struct dy_request *out)
{
	struct dy_step step;

	DY_TRY(dy_request_step(r->state, r->prior, draft->act, sides, &step, call->err));
	DY_TRY(version_check(call, draft, r));
	DY_TRY(dy_call_rules(tx, call));
	DY_TRY(needs_check(call, draft, r, step.effects));
	DY_TRY(extras_check(call, draft, step.effects));
	DY_TRY(open_needs_check(call, draft, r));
	DY_TRY(withdraw_check(call, draft, r));
	if ((step.effects & DY_EFFECT_GIVES) != 0)
		DY_TRY(taker_check(tx, call, r, draft->to_account));
	if ((step.effects & DY_EFFECT_NEEDS_TARGET) != 0)
		DY_TRY(target_check(tx, call, r, draft->into_request));
	DY_TRY(act_write(tx, call, draft, sides, &step, r));
	/* joined columns may be new: the owner's name */
	return dy_request_get(dy_wtx_read(tx), call->arena, r->id, out, call->err);
}

enum dy_code
dy_app_act(struct dy_call *call, const struct dy_act_draft *draft, struct dy_request *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_request r;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, draft->request, &r, call->err));
	if (!dy_request_may_read(call->actor, &r))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such request");
	DY_TRY(dy_request_act(tx, call, draft, &r, dy_request_sides(call->actor, &r), out));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_photo_add(struct dy_call *call, struct dy_photo *p)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event e = {
		.at = call->now,
		.actor = call->actor->account,
		.topic = DY_STR_INIT("photo.uploaded"),
		.subject = p->id,
		.rooms = { .household = call->actor->household, .reach = DY_REACH_MANAGERS },
		.payload = DY_STR_INIT("{}"),
	};

	p->uploader = call->actor->account;
	p->created_at = call->now;
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_photo_insert(tx, p, call->err));
	DY_TRY(dy_event_append(tx, &e, NULL, call->err));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_photo_may_see(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_actor *actor,
                 const struct dy_photo *p, bool *out, struct dy_err *err)
{
	struct dy_request r;
	struct dy_entry_list entries;

	*out = dy_id_eq(p->uploader, actor->account);
	if (*out || p->request.v == 0)
		return DY_OK;
	DY_TRY(dy_request_get(tx, arena, p->request, &r, err));
	if (!dy_request_may_read(actor, &r))
		return DY_OK;
	*out = true;
	if ((dy_request_sides(actor, &r) & ~(unsigned)DY_SIDE_RESIDENT) != 0 ||
	    dy_actor_has_at(actor, DY_CAP_REQUEST_READ, r.grid, r.unit))
		return DY_OK;
	/* pictures of entries that only the team sees */
	DY_TRY(dy_entry_list(tx, arena, p->request, &entries, err));
	for (size_t i = 0; i < entries.count; i++) {
		if (entries.items[i].number == p->entry_number)
			*out = dy_str_is(entries.items[i].visibility, "all");
	}
	return DY_OK;
}
