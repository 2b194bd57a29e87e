/* Reports through a door link without signing in, and what their holder does with the tracking link. */
#include "app/intake.h"

#include "domain/propose.h"
#include "inside.h"

static enum dy_code
door_where(struct dy_wtx *tx, struct dy_call *call, const struct dy_door_report *draft,
           struct dy_where *out)
{
	uint8_t hash[DY_HASH_BYTES];
	struct dy_id community, door;

	if (!dy_link_split(draft->link, &community, hash) ||
	    !dy_id_eq(community, dy_wtx_community(tx)))
		return dy_raise(call->err, DY_E_NOT_FOUND, "/token", "this is not a door link");
	struct dy_bytes link_hash = { hash, DY_HASH_BYTES };
	DY_TRY(dy_where_token(dy_wtx_read(tx), call->arena, link_hash, call->now, out, call->err));
	if (draft->door.len == 0)
		return DY_OK;
	if (dy_door_find(dy_wtx_read(tx), out->stair, draft->door, &door, NULL) != DY_OK)
		return dy_raise(call->err, DY_E_INPUT, "/door",
		                "there is no such door on this stair; write it as on the wall");
	return dy_where_door(dy_wtx_read(tx), call->arena, door, call->now, out, call->err);
}

enum dy_code
dy_app_door_report(struct dy_call *call, const struct dy_door_report *draft, struct dy_request *out,
                   char track[DY_LINK_TEXT + 1])
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_request_draft request = {
		.category = draft->category,
		.text = draft->text,
		.contact = draft->contact,
		.urgent = draft->urgent,
		.channel = DY_STR_INIT("door"),
		.unverified = true,
	};
	uint8_t hash[DY_HASH_BYTES];
	struct dy_where where;
	struct dy_id community;

	if (request.category.len == 0)
		request.category = dy_str_from(dy_category_guess(draft->text)->code);
	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(door_where(tx, call, draft, &where));
	DY_TRY(dy_request_make(tx, call, &request, &where, true, out));
	dy_link_make(dy_wtx_community(tx), track);
	bool good = dy_link_split(dy_str_from(track), &community, hash);
	DY_ASSERT(good);
	struct dy_bytes track_hash = { hash, DY_HASH_BYTES };
	DY_TRY(dy_track_insert(tx, track_hash, out->id, call->now, call->err));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_track_open(struct dy_rtx *tx, struct dy_arena *arena, struct dy_str track,
                  struct dy_request *out, struct dy_err *err)
{
	uint8_t hash[DY_HASH_BYTES];
	struct dy_bytes hash_bytes = { hash, DY_HASH_BYTES };
	struct dy_id community, request;
	bool found = false;

	if (dy_link_split(track, &community, hash) && dy_id_eq(community, dy_rtx_community(tx)))
		DY_TRY(dy_track_find(tx, hash_bytes, &found, &request, err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "/token", "no such tracking link");
	return dy_request_get(tx, arena, request, out, err);
}

enum dy_code
dy_app_track_act(struct dy_call *call, struct dy_str track, const struct dy_act_draft *draft,
                 struct dy_request *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_request r;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_app_track_open(dy_wtx_read(tx), call->arena, track, &r, call->err));
	DY_TRY(dy_request_act(tx, call, draft, &r, DY_SIDE_RESIDENT, out));
	return dy_wtx_commit(&tx, call->err);
}

enum dy_code
dy_app_verify(struct dy_call *call, struct dy_id request, struct dy_str text,
              struct dy_request *out)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_request r;

	DY_TRY(dy_wtx_begin(call->writer, call->actor->community, &tx, call->err));
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, request, &r, call->err));
	if (!dy_request_may_read(call->actor, &r))
		return dy_raise(call->err, DY_E_NOT_FOUND, "", "no such request");
	if ((dy_request_sides(call->actor, &r) & (DY_SIDE_WORKER | DY_SIDE_MANAGER)) == 0)
		return dy_raise(call->err, DY_E_DENIED, "", "the unit's team confirms it");
	if (!r.unverified)
		return dy_raise(call->err, DY_E_CONFLICT, "", "it is confirmed already");
	r.unverified = false;
	r.changed_at = call->now;
	DY_TRY(dy_request_update(tx, &r, call->err));
	struct dy_entry_draft entry = { .act = "verify",
		                        .from = dy_state_name(r.state),
		                        .side = "staff",
		                        .text = text,
		                        .team_only = true };
	DY_TRY(dy_request_entry(tx, call, &r, &entry));
	DY_TRY(dy_request_event(tx, call, "verify", &r, r.owner, (struct dy_id){ 0 }));
	DY_TRY(dy_request_get(dy_wtx_read(tx), call->arena, r.id, out, call->err));
	return dy_wtx_commit(&tx, call->err);
}
