/* The five-in-one team rule. */
#include "domain/team.h"

#include <stdio.h>

void
dy_team_rule_default(struct dy_team_rule *out)
{
	static const struct dy_team_need needs[] = {
		{ DY_ROLE_LEADER, 1, true },    { DY_ROLE_CADRE, 1, false },
		{ DY_ROLE_CAPTAIN, 1, false },  { DY_ROLE_VOLUNTEER, 2, false },
		{ DY_ROLE_PROPERTY, 1, false },
	};

	*out = (struct dy_team_rule){ .count = DY_COUNT(needs) };
	for (size_t i = 0; i < DY_COUNT(needs); i++)
		out->needs[i] = needs[i];
}

enum dy_code
dy_team_rule_check(const struct dy_team_rule *rule, struct dy_err *err)
{
	unsigned seen = 0;
	char field[32];

	for (size_t i = 0; i < rule->count; i++) {
		const struct dy_team_need *need = &rule->needs[i];
		(void)snprintf(field, sizeof(field), "/roles/%zu", i);
		if (need->role == DY_ROLE_RESIDENT)
			return dy_raise(err, DY_E_INPUT, field, "this role is not a post");
		if ((seen & 1u << need->role) != 0)
			return dy_raise(err, DY_E_INPUT, field,
			                "this role stands twice; name each role once");
		if (need->min < 0 || need->min > DY_TEAM_MIN_MAX)
			return dy_raise(err, DY_E_INPUT, field, "min must be 0 to 99");
		seen |= 1u << need->role;
	}
	return DY_OK;
}

struct dy_str
dy_team_rule_encode(struct dy_arena *arena, const struct dy_team_rule *rule)
{
	const char *text = "";

	for (size_t i = 0; i < rule->count; i++) {
		const struct dy_team_need *need = &rule->needs[i];
		text = dy_arena_printf(arena, "%s%s %lld%s\n", text, dy_role_name(need->role),
		                       (long long)need->min, need->deputy ? " deputy" : "");
	}
	return dy_str_from(text);
}

enum dy_code
dy_team_rule_decode(struct dy_str text, struct dy_team_rule *out, struct dy_err *err)
{
	*out = (struct dy_team_rule){ 0 };
	while (text.len > 0) {
		struct dy_str line = dy_str_split(&text, '\n');
		struct dy_str role = dy_str_split(&line, ' ');
		struct dy_str min = dy_str_split(&line, ' ');
		if (out->count == DY_ROLES)
			return dy_raise(err, DY_E_BUG, "", "the stored team rule is too long");
		struct dy_team_need *need = &out->needs[out->count++];
		if (!dy_role_find(role, &need->role) || !dy_str_to_i64(min, &need->min))
			return dy_raise(err, DY_E_BUG, "", "the stored team rule cannot be read");
		need->deputy = dy_str_is(line, "deputy");
	}
	return dy_team_rule_check(out, err);
}

int64_t
dy_team_missing(const struct dy_team_need *need, int64_t members, int64_t deputies)
{
	int64_t missing = members < need->min ? need->min - members : 0;
	return missing + (need->deputy && deputies == 0);
}
