#include "domain/category.h"
#include "domain/team.h"
#include "dyt.h"

DYT(the_built_in_rule_is_sound_and_survives_its_text)
{
	struct dy_arena *arena = dy_arena_new(1 << 16);
	struct dy_team_rule rule, back;

	dy_team_rule_default(&rule);
	DYT_OK(dy_team_rule_check(&rule, NULL));
	struct dy_str text = dy_team_rule_encode(arena, &rule);
	DYT_TRUE(dy_str_is(text, "leader 1 deputy\ncadre 1\ncaptain 1\nvolunteer 2\nproperty 1\n"));
	DYT_OK(dy_team_rule_decode(text, &back, NULL));
	DYT_INT(back.count, rule.count);
	for (size_t i = 0; i < rule.count; i++) {
		DYT_INT(back.needs[i].role, rule.needs[i].role);
		DYT_INT(back.needs[i].min, rule.needs[i].min);
		DYT_INT(back.needs[i].deputy, rule.needs[i].deputy);
	}
	dy_arena_free(arena);
}

DYT(a_wrong_rule_names_its_entry)
{
	static const struct {
		const char *why;
		struct dy_team_need second;
		const char *field;
	} row[] = {
		{ "good", { DY_ROLE_CADRE, 99, true }, "" },
		{ "no post", { DY_ROLE_RESIDENT, 1, false }, "/roles/1" },
		{ "twice", { DY_ROLE_LEADER, 1, false }, "/roles/1" },
		{ "negative", { DY_ROLE_CADRE, -1, false }, "/roles/1" },
		{ "too many", { DY_ROLE_CADRE, 100, false }, "/roles/1" },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_team_rule rule = {
			.needs = { { DY_ROLE_LEADER, 1, false }, row[i].second }, .count = 2
		};
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		DYT_INT(dy_team_rule_check(&rule, &err),
		        row[i].field[0] == '\0' ? DY_OK : DY_E_INPUT);
		DYT_STR(err.field, row[i].field);
	}
}

DYT(a_damaged_stored_rule_is_noticed)
{
	static const struct {
		const char *why, *text;
		enum dy_code want;
	} row[] = {
		{ "empty", "", DY_OK },
		{ "unknown role", "king 1\n", DY_E_BUG },
		{ "no number", "leader\n", DY_E_BUG },
		{ "no whole number", "leader 1.5\n", DY_E_BUG },
		{ "empty line", "\nleader 1\n", DY_E_BUG },
		{ "twice", "leader 1\nleader 1\n", DY_E_INPUT },
		{ "more entries than roles",
		  "leader 1\nleader 1\nleader 1\nleader 1\nleader 1\nleader 1\nleader 1\nleader 1\n"
		  "leader 1\nleader 1\nleader 1\nleader 1\nleader 1\nleader 1\n",
		  DY_E_BUG },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_team_rule rule;
		DYT_ROW(row[i].why);
		DYT_INT(dy_team_rule_decode(dy_str_from(row[i].text), &rule, NULL), row[i].want);
	}
}

DYT(what_is_missing_counts_members_and_the_deputy)
{
	static const struct {
		const char *why;
		struct dy_team_need need;
		int64_t members, deputies, missing;
	} row[] = {
		{ "complete", { DY_ROLE_LEADER, 1, true }, 1, 1, 0 },
		{ "no deputy", { DY_ROLE_LEADER, 1, true }, 1, 0, 1 },
		{ "nobody", { DY_ROLE_LEADER, 1, true }, 0, 0, 2 },
		{ "more than needed", { DY_ROLE_VOLUNTEER, 2, false }, 5, 0, 0 },
		{ "one of two", { DY_ROLE_VOLUNTEER, 2, false }, 1, 3, 1 },
		{ "none wanted", { DY_ROLE_MEDIC, 0, false }, 0, 0, 0 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		DYT_INT(dy_team_missing(&row[i].need, row[i].members, row[i].deputies),
		        row[i].missing);
	}
}

DYT(names_of_evidence_and_scopes_are_found)
{
	enum dy_scope_kind kind;

	DYT_STR(dy_evidence_name(DY_EVIDENCE_NONE), "none");
	DYT_STR(dy_evidence_name(DY_EVIDENCE_NOTE), "note");
	DYT_STR(dy_evidence_name(DY_EVIDENCE_PHOTO), "photo");
	DYT_TRUE(dy_scope_find(DY_STR("grid"), &kind) && kind == DY_SCOPE_GRID);
	DYT_TRUE(!dy_scope_find(DY_STR("street"), &kind));
}

DYT_MAIN(DYT_TEST(the_built_in_rule_is_sound_and_survives_its_text),
         DYT_TEST(a_wrong_rule_names_its_entry), DYT_TEST(a_damaged_stored_rule_is_noticed),
         DYT_TEST(what_is_missing_counts_members_and_the_deputy),
         DYT_TEST(names_of_evidence_and_scopes_are_found))
