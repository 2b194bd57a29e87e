/* Reading and writing rules as JSON. Numbers and deadlines are tables, so that reading, writing and comparing cannot part. */
#include "domain/rules_json.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define DUE_MAX_MS    (60 * DY_DAY_MS)
#define MINUTES_A_DAY (24 * 60)
#define WORDS_MAX     30
#define WORD_MAX      20
#define FIELD_MAX     96
#define WHERE_MAX     64
#define LIFE_MAX_MIN  5 /* nobody may make danger to life wait longer */

/* Plain numbers of the rules. */
static const struct {
	const char *object, *name; /* object "": a member of the rules themselves */
	size_t offset;
	int64_t min, max;
} NUMBERS[] = {
	{ "", "urgent_respond_minutes", offsetof(struct dy_rules, urgent_respond_minutes), 1, 60 },
	{ "", "release_minutes", offsetof(struct dy_rules, release_minutes), 1, 10080 },
	{ "", "urgent_release_minutes", offsetof(struct dy_rules, urgent_release_minutes), 1,
	  10080 },
	{ "", "confirm_hours", offsetof(struct dy_rules, confirm_hours), 1, 720 },
	{ "", "suspend_hours", offsetof(struct dy_rules, suspend_hours), 1, 720 },
	{ "ladder", "red_percent", offsetof(struct dy_rules, ladder.red_percent), 0, 1000 },
	{ "ladder", "red_min_minutes", offsetof(struct dy_rules, ladder.red_min_minutes), 1,
	  10080 },
	{ "ladder", "town_percent", offsetof(struct dy_rules, ladder.town_percent), 0, 1000 },
	{ "ladder", "town_min_minutes", offsetof(struct dy_rules, ladder.town_min_minutes), 1,
	  43200 },
	{ "urgent_ladder", "red_percent", offsetof(struct dy_rules, urgent_ladder.red_percent), 0,
	  1000 },
	{ "urgent_ladder", "red_min_minutes",
	  offsetof(struct dy_rules, urgent_ladder.red_min_minutes), 1, 10080 },
	{ "urgent_ladder", "town_percent", offsetof(struct dy_rules, urgent_ladder.town_percent), 0,
	  1000 },
	{ "urgent_ladder", "town_min_minutes",
	  offsetof(struct dy_rules, urgent_ladder.town_min_minutes), 1, 43200 },
};

static const struct {
	const char *name;
	size_t offset;
} TIMES[] = {
	{ "day_begins", offsetof(struct dy_calendar, day_begins) },
	{ "day_ends", offsetof(struct dy_calendar, day_ends) },
	{ "morning", offsetof(struct dy_calendar, morning) },
	{ "late_until", offsetof(struct dy_calendar, late_until) },
};

static const struct {
	const char *name;
	size_t offset;
} DUES[] = {
	{ "respond", offsetof(struct dy_deadlines, respond[DY_BY_DAY]) },
	{ "respond_night", offsetof(struct dy_deadlines, respond[DY_BY_NIGHT]) },
	{ "close", offsetof(struct dy_deadlines, close[DY_BY_DAY]) },
	{ "close_night", offsetof(struct dy_deadlines, close[DY_BY_NIGHT]) },
};

static const struct {
	const char *name;
	int64_t ms;
} UNITS[] = { { "min", DY_MINUTE_MS }, { "h", DY_HOUR_MS }, { "d", DY_DAY_MS } };

static const char *const OBJECTS[] = { "", "ladder", "urgent_ladder" };
static const char *const URGENT[] = { "never", "by_words", "if_elderly", "always" };
static const char *const EVIDENCE[] = { "none", "note", "photo" };

static int64_t *
number_at(void *base, size_t offset)
{
	return (int64_t *)(void *)((char *)base + offset);
}
static int64_t
number_of(const void *base, size_t offset)
{
	return *(const int64_t *)(const void *)((const char *)base + offset);
}
static struct dy_due *
due_at(struct dy_deadlines *d, size_t i)
{
	return (struct dy_due *)(void *)((char *)d + DUES[i].offset);
}
static const struct dy_due *
due_of(const struct dy_deadlines *d, size_t i)
{
	return (const struct dy_due *)(const void *)((const char *)d + DUES[i].offset);
}

bool
dy_due_read(struct dy_str text, struct dy_due *out)
{
	int64_t n;

	*out = (struct dy_due){ DY_DUE_NONE, 0 };
	if (dy_str_is(text, "none"))
		return true;
	if (dy_str_is(text, "same_day") || dy_str_is(text, "next_morning")) {
		out->kind = dy_str_is(text, "same_day") ? DY_DUE_SAME_DAY : DY_DUE_NEXT_NINE;
		return true;
	}
	struct dy_str amount = dy_str_split(&text, ' ');
	if (!dy_str_to_i64(amount, &n) || n < 1)
		return false;
	for (size_t i = 0; i < DY_COUNT(UNITS); i++) {
		if (!dy_str_is(text, UNITS[i].name) || n > DUE_MAX_MS / UNITS[i].ms)
			continue;
		*out = (struct dy_due){ DY_DUE_AFTER, n * UNITS[i].ms };
		return true;
	}
	return false;
}

const char *
dy_due_write(const struct dy_due *due, char out[DY_DUE_TEXT])
{
	size_t unit = DY_COUNT(UNITS) - 1;

	switch (due->kind) {
	case DY_DUE_NONE: return "none";
	case DY_DUE_SAME_DAY: return "same_day";
	case DY_DUE_NEXT_NINE: return "next_morning";
	case DY_DUE_AFTER: break;
	}
	/* in the largest unit that is exact; a day of 24 hours stays "24 h" */
	while (unit > 0 && (due->ms % UNITS[unit].ms != 0 ||
	                    (UNITS[unit].ms == DY_DAY_MS && due->ms == DY_DAY_MS)))
		unit--;
	(void)snprintf(out, DY_DUE_TEXT, "%lld %s", (long long)(due->ms / UNITS[unit].ms),
	               UNITS[unit].name);
	return out;
}

static enum dy_code
numbers_read(struct dy_json *j, const char *object, struct dy_rules *rules, struct dy_err *err)
{
	for (size_t i = 0; i < DY_COUNT(NUMBERS); i++) {
		if (strcmp(NUMBERS[i].object, object) == 0 && dy_json_has(j, NUMBERS[i].name))
			DY_TRY(dy_json_int(j, NUMBERS[i].name, NUMBERS[i].min, NUMBERS[i].max,
			                   number_at(rules, NUMBERS[i].offset), err));
	}
	return DY_OK;
}

/* "08:00" */
static bool
minutes_read(struct dy_str text, int64_t *out)
{
	struct dy_str hour = dy_str_split(&text, ':');
	int64_t h, m;

	if (hour.len != 2 || text.len != 2 || !dy_str_to_i64(hour, &h) || !dy_str_to_i64(text, &m))
		return false;
	*out = h * 60 + m;
	return h >= 0 && m >= 0 && m < 60 && *out <= MINUTES_A_DAY;
}

static enum dy_code
calendar_read(struct dy_json *j, struct dy_calendar *c, struct dy_err *err)
{
	struct dy_str text;
	char field[FIELD_MAX];

	for (size_t i = 0; i < DY_COUNT(TIMES); i++) {
		if (!dy_json_has(j, TIMES[i].name))
			continue;
		DY_TRY(dy_json_str(j, TIMES[i].name, 5, 5, &text, err));
		(void)snprintf(field, sizeof(field), "/calendar/%s", TIMES[i].name);
		if (!minutes_read(text, number_at(c, TIMES[i].offset)))
			return dy_raise(err, DY_E_INPUT, field, "a time of day is written 08:00");
	}
	if (c->day_begins >= c->day_ends)
		return dy_raise(err, DY_E_INPUT, "/calendar/day_ends",
		                "the day must end later than it begins");
	return DY_OK;
}

static enum dy_code
deadlines_read(struct dy_json *j, const char *where, struct dy_deadlines *d, struct dy_err *err)
{
	struct dy_str text;
	char field[FIELD_MAX];

	for (size_t i = 0; i < DY_COUNT(DUES); i++) {
		if (!dy_json_has(j, DUES[i].name))
			continue;
		DY_TRY(dy_json_str(j, DUES[i].name, 1, DY_DUE_TEXT, &text, err));
		(void)snprintf(field, sizeof(field), "%s/%s", where, DUES[i].name);
		if (!dy_due_read(text, due_at(d, i)))
			return dy_raise(err, DY_E_INPUT, field,
			                "write none, same_day, next_morning, or an amount: 10 min, "
			                "4 h, 2 d (60 days at most)");
	}
	return DY_OK;
}

static enum dy_code
deadlines_check(const struct dy_rule *rule, const char *where, const struct dy_deadlines *d,
                struct dy_err *err)
{
	char field[FIELD_MAX];

	for (int part = 0; part < DY_DAYPARTS; part++) {
		const struct dy_due *respond = &d->respond[part], *close = &d->close[part];
		(void)snprintf(field, sizeof(field), "%s/%s", where,
		               part == DY_BY_DAY ? "respond" : "respond_night");
		if (rule->category.urgent == DY_URGENT_ALWAYS &&
		    (respond->kind != DY_DUE_AFTER || respond->ms > LIFE_MAX_MIN * DY_MINUTE_MS))
			return dy_raise(err, DY_E_INPUT, field,
			                "danger to life is answered within %d minutes",
			                LIFE_MAX_MIN);
		if (respond->kind == DY_DUE_AFTER && close->kind == DY_DUE_AFTER &&
		    close->ms < respond->ms)
			return dy_raise(err, DY_E_INPUT, field,
			                "the first answer cannot be due after the close");
	}
	return DY_OK;
}

static enum dy_code
modes_read(struct dy_json *j, size_t at, struct dy_rule *rule, struct dy_err *err)
{
	struct dy_json *modes, *one;
	char where[WHERE_MAX];

	if (!dy_json_has(j, "modes"))
		return DY_OK;
	DY_TRY(dy_json_obj(j, "modes", &modes, err));
	for (int m = 0; m < DY_MODES; m++) {
		const char *name = dy_mode_name((enum dy_mode)m);
		if (!dy_json_has(modes, name))
			continue;
		DY_TRY(dy_json_obj(modes, name, &one, err));
		(void)snprintf(where, sizeof(where), "/categories/%zu/modes/%s", at, name);
		DY_TRY(deadlines_read(one, where, &rule->modes[m], err));
		DY_TRY(deadlines_check(rule, where, &rule->modes[m], err));
	}
	return DY_OK;
}

static enum dy_code
next_read(struct dy_json *j, size_t at, struct dy_rule *rule, struct dy_err *err)
{
	struct dy_json_list *list;
	struct dy_str name;
	char field[FIELD_MAX];
	unsigned seen = 0;

	if (!dy_json_has(j, "next_hands"))
		return DY_OK;
	DY_TRY(dy_json_array(j, "next_hands", DY_NEXT_ROLES, &list, err));
	rule->n_next = dy_json_list_count(list);
	for (size_t i = 0; i < rule->n_next; i++) {
		DY_TRY(dy_json_list_str(list, i, 1, 20, &name, err));
		(void)snprintf(field, sizeof(field), "/categories/%zu/next_hands/%zu", at, i);
		if (!dy_role_find(name, &rule->next[i]) ||
		    !dy_role_has(rule->next[i], DY_CAP_REQUEST_WORK))
			return dy_raise(err, DY_E_INPUT, field,
			                "name a role that works on requests");
		if ((seen & 1u << rule->next[i]) != 0)
			return dy_raise(err, DY_E_INPUT, field, "this role stands twice");
		seen |= 1u << rule->next[i];
	}
	return DY_OK;
}

/* The community's words come behind the built-in ones: danger has to be heard everywhere. */
static enum dy_code
words_read(struct dy_json *j, struct dy_arena *arena, struct dy_rule *rule, struct dy_err *err)
{
	const char *const *built_in = rule->category.urgent_words;
	struct dy_json_list *list;
	struct dy_str word;
	size_t n = 0;

	if (!dy_json_has(j, "urgent_words"))
		return DY_OK;
	DY_TRY(dy_json_array(j, "urgent_words", WORDS_MAX, &list, err));
	rule->n_words = dy_json_list_count(list);
	while (built_in != NULL && built_in[n] != NULL)
		n++;
	const char **all = dy_arena_alloc(arena, (n + rule->n_words + 1) * sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[i] = built_in[i];
	for (size_t i = 0; i < rule->n_words; i++) {
		DY_TRY(dy_json_list_str(list, i, 1, WORD_MAX, &word, err));
		all[n + i] = dy_str_z(arena, word);
	}
	all[n + rule->n_words] = NULL;
	rule->words = &all[n];
	rule->category.urgent_words = all;
	return DY_OK;
}

static enum dy_code
category_read(struct dy_json *j, struct dy_arena *arena, size_t at, struct dy_rules *rules,
              unsigned *seen, struct dy_err *err)
{
	struct dy_str code;
	char field[FIELD_MAX];
	size_t i;

	DY_TRY(dy_json_str(j, "code", 4, 4, &code, err));
	(void)snprintf(field, sizeof(field), "/categories/%zu/code", at);
	const struct dy_rule *known = dy_rules_find(rules, code);
	if (known == NULL)
		return dy_raise(err, DY_E_INPUT, field, "there is no such category");
	size_t index = (size_t)(known - rules->categories);
	if ((*seen & 1u << index) != 0)
		return dy_raise(err, DY_E_INPUT, field, "this category stands twice");
	*seen |= 1u << index;
	struct dy_rule *rule = &rules->categories[index];
	if (dy_json_has(j, "urgent")) {
		DY_TRY(dy_json_word(j, "urgent", URGENT, DY_COUNT(URGENT), &i, err));
		(void)snprintf(field, sizeof(field), "/categories/%zu/urgent", at);
		if (rule->category.urgent == DY_URGENT_ALWAYS && i != DY_URGENT_ALWAYS)
			return dy_raise(err, DY_E_INPUT, field, "danger to life is always urgent");
		rule->category.urgent = (enum dy_urgent_rule)i;
	}
	if (dy_json_has(j, "evidence")) {
		DY_TRY(dy_json_word(j, "evidence", EVIDENCE, DY_COUNT(EVIDENCE), &i, err));
		rule->category.evidence = (enum dy_evidence)i;
	}
	DY_TRY(words_read(j, arena, rule, err));
	DY_TRY(next_read(j, at, rule, err));
	return modes_read(j, at, rule, err);
}

enum dy_code
dy_rules_read(struct dy_json *j, struct dy_arena *arena, struct dy_rules *out, struct dy_err *err)
{
	struct dy_json_list *list;
	struct dy_json *part;
	unsigned seen = 0;

	dy_rules_init(out);
	DY_TRY(numbers_read(j, "", out, err));
	for (size_t i = 1; i < DY_COUNT(OBJECTS); i++) {
		if (!dy_json_has(j, OBJECTS[i]))
			continue;
		DY_TRY(dy_json_obj(j, OBJECTS[i], &part, err));
		DY_TRY(numbers_read(part, OBJECTS[i], out, err));
	}
	if (dy_json_has(j, "calendar")) {
		DY_TRY(dy_json_obj(j, "calendar", &part, err));
		DY_TRY(calendar_read(part, &out->calendar, err));
	}
	if (!dy_json_has(j, "categories"))
		return DY_OK;
	DY_TRY(dy_json_array(j, "categories", DY_RULES_CATEGORIES, &list, err));
	for (size_t i = 0; i < dy_json_list_count(list); i++) {
		DY_TRY(dy_json_list_obj(list, i, &part, err));
		DY_TRY(category_read(part, arena, i, out, &seen, err));
	}
	return DY_OK;
}

/* Writing */
static void
numbers_write(struct dy_jw *w, const char *object, const struct dy_rules *rules,
              const struct dy_rules *base)
{
	bool opened = object[0] == '\0';

	for (size_t i = 0; i < DY_COUNT(NUMBERS); i++) {
		int64_t n = number_of(rules, NUMBERS[i].offset);
		if (strcmp(NUMBERS[i].object, object) != 0 ||
		    (base != NULL && n == number_of(base, NUMBERS[i].offset)))
			continue;
		if (!opened) {
			dy_jw_key(w, object);
			dy_jw_obj(w);
			opened = true;
		}
		dy_jw_kint(w, NUMBERS[i].name, n);
	}
	if (opened && object[0] != '\0')
		dy_jw_obj_end(w);
}

static void
calendar_write(struct dy_jw *w, const struct dy_calendar *c, const struct dy_calendar *base)
{
	char text[FIELD_MAX];

	if (base != NULL && memcmp(c, base, sizeof(*c)) == 0)
		return;
	dy_jw_key(w, "calendar");
	dy_jw_obj(w);
	for (size_t i = 0; i < DY_COUNT(TIMES); i++) {
		int64_t n = number_of(c, TIMES[i].offset);
		(void)snprintf(text, sizeof(text), "%02d:%02d", (int)(n / 60), (int)(n % 60));
		dy_jw_kcstr(w, TIMES[i].name, text);
	}
	dy_jw_obj_end(w);
}

static bool
due_eq(const struct dy_due *a, const struct dy_due *b)
{
	return a->kind == b->kind && a->ms == b->ms;
}

static bool
deadlines_eq(const struct dy_deadlines *a, const struct dy_deadlines *b)
{
	bool eq = true;

	for (size_t i = 0; i < DY_COUNT(DUES); i++)
		eq = eq && due_eq(due_of(a, i), due_of(b, i));
	return eq;
}

static void
modes_write(struct dy_jw *w, const struct dy_rule *rule, const struct dy_rule *base)
{
	char text[DY_DUE_TEXT];

	dy_jw_key(w, "modes");
	dy_jw_obj(w);
	for (int m = 0; m < DY_MODES; m++) {
		if (base != NULL && deadlines_eq(&rule->modes[m], &base->modes[m]))
			continue;
		dy_jw_key(w, dy_mode_name((enum dy_mode)m));
		dy_jw_obj(w);
		for (size_t i = 0; i < DY_COUNT(DUES); i++)
			dy_jw_kcstr(w, DUES[i].name,
			            dy_due_write(due_of(&rule->modes[m], i), text));
		dy_jw_obj_end(w);
	}
	dy_jw_obj_end(w);
}

static bool
rule_eq(const struct dy_rule *a, const struct dy_rule *b)
{
	bool eq = a->category.urgent == b->category.urgent &&
	          a->category.evidence == b->category.evidence && a->n_words == 0 &&
	          a->n_next == b->n_next;

	for (size_t i = 0; eq && i < a->n_next; i++)
		eq = a->next[i] == b->next[i];
	for (int m = 0; eq && m < DY_MODES; m++)
		eq = deadlines_eq(&a->modes[m], &b->modes[m]);
	return eq;
}

static void
rule_write(struct dy_jw *w, const struct dy_rule *rule, const struct dy_rule *base)
{
	dy_jw_obj(w);
	dy_jw_kcstr(w, "code", rule->category.code);
	dy_jw_kcstr(w, "urgent", URGENT[rule->category.urgent]);
	dy_jw_kcstr(w, "evidence", EVIDENCE[rule->category.evidence]);
	dy_jw_key(w, "urgent_words");
	dy_jw_arr(w);
	for (size_t i = 0; i < rule->n_words; i++)
		dy_jw_cstr(w, rule->words[i]);
	dy_jw_arr_end(w);
	dy_jw_key(w, "next_hands");
	dy_jw_arr(w);
	for (size_t i = 0; i < rule->n_next; i++)
		dy_jw_cstr(w, dy_role_name(rule->next[i]));
	dy_jw_arr_end(w);
	modes_write(w, rule, base);
	dy_jw_obj_end(w);
}

void
dy_rules_write(struct dy_jw *w, const struct dy_rules *rules, bool all)
{
	struct dy_rules built_in;

	dy_rules_init(&built_in);
	const struct dy_rules *base = all ? NULL : &built_in;
	for (size_t i = 0; i < DY_COUNT(OBJECTS); i++)
		numbers_write(w, OBJECTS[i], rules, base);
	calendar_write(w, &rules->calendar, base != NULL ? &base->calendar : NULL);
	dy_jw_key(w, "categories");
	dy_jw_arr(w);
	for (size_t i = 0; i < DY_RULES_CATEGORIES; i++) {
		const struct dy_rule *rule = &rules->categories[i];
		if (base == NULL || !rule_eq(rule, &base->categories[i]))
			rule_write(w, rule, base != NULL ? &base->categories[i] : NULL);
	}
	dy_jw_arr_end(w);
}
