/* The chain of hands. */
#include "domain/hand.h"

#define LEVELS 4

/* Who answers at a level, the first that is present; a role counts by the scope of its post. */
static const struct {
	enum dy_scope_kind kind;
	enum dy_role roles[4];
	size_t n;
} CHAIN[LEVELS] = {
	{ DY_SCOPE_UNIT,
	  { DY_ROLE_LEADER, DY_ROLE_CADRE, DY_ROLE_GRID_MANAGER, DY_ROLE_CAPTAIN },
	  4 },
	{ DY_SCOPE_GRID, { DY_ROLE_GRID_MANAGER, DY_ROLE_CADRE, DY_ROLE_LEADER }, 3 },
	{ DY_SCOPE_COMMUNITY, { DY_ROLE_SECRETARY, DY_ROLE_CADRE, DY_ROLE_GRID_MANAGER }, 3 },
	{ DY_SCOPE_COMMUNITY, { DY_ROLE_OFFICER }, 1 },
};

const char *
dy_hand_why_name(enum dy_hand_why why)
{
	static const char *const names[] = { "owner", "duty", "post", "deputy", "above", "last" };
	return names[why];
}

static bool
may_answer(const struct dy_hand *h)
{
	return dy_role_has(h->scope.role, DY_CAP_REQUEST_WORK) ||
	       dy_role_has(h->scope.role, DY_CAP_REQUEST_SUPERVISE);
}

static bool
is_at(const struct dy_hand *h, const struct dy_hand_where *where, int level)
{
	if (h->is_absent || h->scope.kind != CHAIN[level].kind || !may_answer(h) ||
	    !dy_post_covers(&h->scope, where->grid, where->unit))
		return false;
	/* the town's people hold posts over the community, too */
	return (h->scope.role == DY_ROLE_OFFICER) == (level == LEVELS - 1);
}

/* Deputies come behind those they stand for. */
static const struct dy_hand *
role_at(const struct dy_hands *hands, const struct dy_hand_where *where, int level,
        enum dy_role role)
{
	const struct dy_hand *deputy = NULL;

	for (size_t i = 0; i < hands->count; i++) {
		const struct dy_hand *h = &hands->items[i];
		if (h->scope.role != role || !is_at(h, where, level))
			continue;
		if (!h->is_deputy)
			return h;
		if (deputy == NULL)
			deputy = h;
	}
	return deputy;
}

static const struct dy_hand *
at_level(const struct dy_hands *hands, const struct dy_hand_where *where, int level,
         enum dy_hand_why *why)
{
	for (size_t i = 0; i < hands->count; i++) {
		*why = DY_HAND_DUTY;
		if (hands->items[i].is_on_duty && is_at(&hands->items[i], where, level))
			return &hands->items[i];
	}
	for (size_t k = 0; k < CHAIN[level].n; k++) {
		const struct dy_hand *h = role_at(hands, where, level, CHAIN[level].roles[k]);
		if (h == NULL)
			continue;
		*why = h->is_deputy ? DY_HAND_DEPUTY : DY_HAND_POST;
		return h;
	}
	return NULL;
}

static const struct dy_hand *
owner_find(const struct dy_hands *hands, const struct dy_hand_where *where)
{
	for (size_t i = 0; where->owner.v != 0 && i < hands->count; i++) {
		const struct dy_hand *h = &hands->items[i];
		if (dy_id_eq(h->account, where->owner) && !h->is_absent && may_answer(h) &&
		    dy_post_covers(&h->scope, where->grid, where->unit))
			return h;
	}
	return NULL;
}

/* Nobody is present: who can still change that. */
static const struct dy_hand *
last_find(const struct dy_hands *hands)
{
	const struct dy_hand *last = NULL;

	for (size_t i = 0; i < hands->count; i++) {
		const struct dy_hand *h = &hands->items[i];
		if (h->scope.kind != DY_SCOPE_COMMUNITY || !may_answer(h))
			continue;
		if (h->scope.role == DY_ROLE_SECRETARY)
			return h;
		last = h;
	}
	return last;
}

const struct dy_hand *
dy_hand_find(const struct dy_hands *hands, const struct dy_hand_where *where, enum dy_hand_why *why)
{
	const struct dy_hand *h = owner_find(hands, where);
	int level = where->level < 0 ? 0 : where->level >= LEVELS ? LEVELS - 1 : (int)where->level;

	*why = DY_HAND_OWNER;
	if (h != NULL)
		return h;
	for (int up = level; up < LEVELS; up++) {
		h = at_level(hands, where, up, why);
		if (h != NULL) {
			if (up > level)
				*why = DY_HAND_ABOVE;
			return h;
		}
	}
	/* nobody in the town: back to the highest below that has somebody */
	for (int down = level - 1; down >= 0; down--) {
		h = at_level(hands, where, down, why);
		if (h != NULL)
			return h;
	}
	*why = DY_HAND_LAST;
	return last_find(hands);
}

static bool
is_among(const struct dy_hand *const *list, size_t n, struct dy_id account)
{
	for (size_t i = 0; i < n; i++) {
		if (dy_id_eq(list[i]->account, account))
			return true;
	}
	return false;
}

size_t
dy_hands_next(const struct dy_hands *hands, const struct dy_hand_where *where,
              const enum dy_role *roles, size_t n_roles, const struct dy_hand **out, size_t cap)
{
	size_t n = 0;

	for (size_t k = 0; k < n_roles; k++) {
		for (int duty = 1; duty >= 0; duty--) {
			for (size_t i = 0; i < hands->count && n < cap; i++) {
				const struct dy_hand *h = &hands->items[i];
				if (h->scope.role == roles[k] && h->is_on_duty == (duty == 1) &&
				    !h->is_absent && may_answer(h) &&
				    dy_post_covers(&h->scope, where->grid, where->unit) &&
				    !is_among(out, n, h->account))
					out[n++] = h;
			}
		}
	}
	return n;
}

static bool
is_same_post(const struct dy_hand *h, const struct dy_post_scope *post)
{
	return h->scope.role == post->role && h->scope.kind == post->kind &&
	       dy_id_eq(h->scope.scope, post->scope);
}

const struct dy_hand *
dy_hand_deputy(const struct dy_hands *hands, const struct dy_post_scope *post, struct dy_id grid,
               struct dy_id unit, struct dy_id missing)
{
	const struct dy_hand *same = NULL;
	enum dy_hand_why why;

	for (size_t i = 0; i < hands->count; i++) {
		const struct dy_hand *h = &hands->items[i];
		if (h->is_absent || dy_id_eq(h->account, missing) || !is_same_post(h, post) ||
		    !may_answer(h))
			continue;
		if (h->is_deputy)
			return h;
		if (same == NULL)
			same = h;
	}
	if (same != NULL)
		return same;
	struct dy_hand_where where = { .grid = grid, .unit = unit, .level = (int64_t)post->kind };
	for (; where.level < LEVELS; where.level++) {
		const struct dy_hand *h = dy_hand_find(hands, &where, &why);
		if (h != NULL && why != DY_HAND_LAST && !dy_id_eq(h->account, missing))
			return h;
	}
	return NULL;
}

void
dy_hands_count(const struct dy_hands *hands, const struct dy_post_scope *post, int64_t *members,
               int64_t *deputies)
{
	*members = 0;
	*deputies = 0;
	for (size_t i = 0; i < hands->count; i++) {
		const struct dy_hand *h = &hands->items[i];
		/* a duty shows the same person a second time */
		if (h->is_absent || h->is_on_duty || !is_same_post(h, post))
			continue;
		*members += !h->is_deputy;
		*deputies += h->is_deputy;
	}
}
