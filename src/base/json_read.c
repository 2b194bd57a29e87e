/* Strict JSON decoding: jansson parses, the tree is copied into the arena, members are taken once. */
#include "base/json.h"

#include "base/limits.h"

#include <jansson.h>
#include <string.h>

struct node {
	json_type type;
	bool taken;
	const char *name; /* of a member, "" in lists */
	struct dy_str str;
	int64_t n;
	struct node *items; /* members or elements */
	size_t count;
	const struct node *parent; /* NULL for the root */
};

struct dy_json {
	struct dy_arena *arena;
	struct node *node;
};

struct dy_json_list {
	struct dy_json owner;
};

/* "/contact/phone". Made only for an error: kept with each node, a long name would be copied once for every
 * member below it, and a small body could exhaust the arena. Recursion is bounded by DY_JSON_DEPTH. */
static const char *
pointer_of(struct dy_arena *arena, const struct node *node)
{
	if (node->parent == NULL)
		return "";
	const char *above = pointer_of(arena, node->parent);
	if (node->parent->type == JSON_ARRAY)
		return dy_arena_printf(arena, "%s/%zu", above,
		                       (size_t)(node - node->parent->items));
	return dy_arena_printf(arena, "%s/%s", above, node->name);
}

/* jansson's own depth limit is fixed at build time (2048): ours is checked before parsing. */
static bool
depth_is_fine(struct dy_str text)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > DY_JSON_DEPTH)
				return false;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return true;
}

static void node_copy(struct dy_arena *arena, json_t *from, struct node *to);

static void
members_copy(struct dy_arena *arena, json_t *from, struct node *to)
{
	const char *name;
	json_t *value;
	size_t i = 0;

	to->count = json_object_size(from);
	to->items = DY_NEW_ARRAY(arena, to->count, struct node);
	json_object_foreach(from, name, value)
	{
		struct node *item = &to->items[i++];
		item->name = dy_arena_dup(arena, name, strlen(name));
		item->parent = to;
		node_copy(arena, value, item);
	}
}

static void
elements_copy(struct dy_arena *arena, json_t *from, struct node *to)
{
	to->count = json_array_size(from);
	to->items = DY_NEW_ARRAY(arena, to->count, struct node);
	for (size_t i = 0; i < to->count; i++) {
		to->items[i].name = "";
		to->items[i].parent = to;
		node_copy(arena, json_array_get(from, i), &to->items[i]);
	}
}

/* Recursion is bounded by DY_JSON_DEPTH. */
static void
node_copy(struct dy_arena *arena, json_t *from, struct node *to)
{
	to->type = json_typeof(from);
	switch (to->type) {
	case JSON_OBJECT: members_copy(arena, from, to); break;
	case JSON_ARRAY: elements_copy(arena, from, to); break;
	case JSON_STRING:
		to->str.len = json_string_length(from);
		to->str.ptr = dy_arena_dup(arena, json_string_value(from), to->str.len);
		break;
	case JSON_INTEGER: to->n = json_integer_value(from); break;
	case JSON_TRUE: to->n = 1; break;
	case JSON_REAL:
	case JSON_FALSE:
	case JSON_NULL: break;
	}
}

enum dy_code
dy_json_open(struct dy_arena *arena, struct dy_str text, struct dy_json **out, struct dy_err *err)
{
	json_error_t fault;

	if (text.len > DY_JSON_BODY_MAX)
		return dy_raise(err, DY_E_LIMIT, "", "the body is over %d bytes", DY_JSON_BODY_MAX);
	if (!depth_is_fine(text))
		return dy_raise(err, DY_E_INPUT, "", "the body is nested deeper than %d",
		                DY_JSON_DEPTH);
	json_t *root = json_loadb(text.ptr != NULL ? text.ptr : "", text.len,
	                          JSON_REJECT_DUPLICATES, &fault);
	if (root == NULL)
		return dy_raise(err, DY_E_INPUT, "", "not valid JSON at line %d, column %d",
		                fault.line, fault.column);
	struct node *node = DY_NEW(arena, struct node);
	node->name = "";
	node_copy(arena, root, node);
	json_decref(root);
	if (node->type != JSON_OBJECT)
		return dy_raise(err, DY_E_INPUT, "", "the body must be a JSON object");
	node->taken = true;
	struct dy_json *j = DY_NEW(arena, struct dy_json);
	j->arena = arena;
	j->node = node;
	*out = j;
	return DY_OK;
}

/* Only what was opened is looked into: a member nobody took is reported as a whole. */
static const struct node *
first_untaken(const struct node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct node *item = &node->items[i];
		if (!item->taken)
			return item;
		const struct node *below = first_untaken(item);
		if (below != NULL)
			return below;
	}
	return NULL;
}

enum dy_code
dy_json_end(struct dy_json *j, struct dy_err *err)
{
	const struct node *left = first_untaken(j->node);

	if (left != NULL)
		return dy_raise(err, DY_E_INPUT, pointer_of(j->arena, left),
		                "unknown member; leave it out");
	return DY_OK;
}

static struct node *
member(struct dy_json *j, const char *name)
{
	for (size_t i = 0; i < j->node->count; i++) {
		if (strcmp(j->node->items[i].name, name) == 0)
			return &j->node->items[i];
	}
	return NULL;
}

bool
dy_json_has(struct dy_json *j, const char *name)
{
	struct node *node = member(j, name);

	if (node != NULL && node->type == JSON_NULL)
		node->taken = true;
	return node != NULL && node->type != JSON_NULL;
}

static enum dy_code
take(struct dy_json *j, const char *name, struct node **out, struct dy_err *err)
{
	*out = member(j, name);
	if (*out == NULL || (*out)->type == JSON_NULL)
		return dy_raise(
			err, DY_E_INPUT,
			dy_arena_printf(j->arena, "%s/%s", pointer_of(j->arena, j->node), name),
			"is required");
	(*out)->taken = true;
	return DY_OK;
}

static bool
has_control(struct dy_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if ((c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 127)
			return true;
	}
	return false;
}

static enum dy_code
wrong(struct dy_arena *arena, const struct node *node, const char *what, struct dy_err *err)
{
	return dy_raise(err, DY_E_INPUT, pointer_of(arena, node), "%s", what);
}

static enum dy_code
node_str(struct dy_arena *arena, struct node *node, size_t min, size_t max, struct dy_str *out,
         struct dy_err *err)
{
	if (node->type != JSON_STRING)
		return wrong(arena, node, "must be a text", err);
	if (has_control(node->str))
		return wrong(arena, node, "must not hold control characters", err);
	struct dy_str s = dy_str_trim(node->str);
	size_t chars = dy_str_chars(s);
	if (chars < min && chars == 0)
		return wrong(arena, node, "must not be empty", err);
	if (chars < min)
		return dy_raise(err, DY_E_INPUT, pointer_of(arena, node),
		                "needs at least %zu characters", min);
	if (chars > max)
		return dy_raise(err, DY_E_INPUT, pointer_of(arena, node),
		                "has %zu characters, at most %zu are possible", chars, max);
	*out = s;
	return DY_OK;
}

enum dy_code
dy_json_str(struct dy_json *j, const char *name, size_t min, size_t max, struct dy_str *out,
            struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	return node_str(j->arena, node, min, max, out, err);
}

enum dy_code
dy_json_int(struct dy_json *j, const char *name, int64_t min, int64_t max, int64_t *out,
            struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	if (node->type != JSON_INTEGER)
		return wrong(j->arena, node, "must be a whole number", err);
	if (node->n < min || node->n > max)
		return dy_raise(err, DY_E_INPUT, pointer_of(j->arena, node),
		                "must be from %lld to %lld", (long long)min, (long long)max);
	*out = node->n;
	return DY_OK;
}

enum dy_code
dy_json_bool(struct dy_json *j, const char *name, bool *out, struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	if (node->type != JSON_TRUE && node->type != JSON_FALSE)
		return wrong(j->arena, node, "must be true or false", err);
	*out = node->type == JSON_TRUE;
	return DY_OK;
}

static enum dy_code
node_id(struct dy_arena *arena, struct node *node, struct dy_id *out, struct dy_err *err)
{
	if (node->type != JSON_STRING)
		return wrong(arena, node, "must be an id, as text", err);
	return dy_id_decode(node->str, pointer_of(arena, node), out, err);
}

enum dy_code
dy_json_id(struct dy_json *j, const char *name, struct dy_id *out, struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	return node_id(j->arena, node, out, err);
}

enum dy_code
dy_json_time(struct dy_json *j, const char *name, struct dy_time *out, struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	if (node->type != JSON_STRING)
		return wrong(j->arena, node, "must be a time, as text", err);
	return dy_time_decode(node->str, pointer_of(j->arena, node), out, err);
}

enum dy_code
dy_json_word(struct dy_json *j, const char *name, const char *const *names, size_t n, size_t *out,
             struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	if (node->type != JSON_STRING)
		return wrong(j->arena, node, "must be a word, as text", err);
	for (size_t i = 0; i < n; i++) {
		if (dy_str_is(node->str, names[i])) {
			*out = i;
			return DY_OK;
		}
	}
	return wrong(j->arena, node, "is not one of the known words", err);
}

enum dy_code
dy_json_obj(struct dy_json *j, const char *name, struct dy_json **out, struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	if (node->type != JSON_OBJECT)
		return wrong(j->arena, node, "must be an object", err);
	*out = DY_NEW(j->arena, struct dy_json);
	(*out)->arena = j->arena;
	(*out)->node = node;
	return DY_OK;
}

enum dy_code
dy_json_array(struct dy_json *j, const char *name, size_t max, struct dy_json_list **out,
              struct dy_err *err)
{
	struct node *node;

	DY_TRY(take(j, name, &node, err));
	if (node->type != JSON_ARRAY)
		return wrong(j->arena, node, "must be a list", err);
	if (node->count > max)
		return dy_raise(err, DY_E_LIMIT, pointer_of(j->arena, node),
		                "has %zu elements, at most %zu are possible", node->count, max);
	*out = DY_NEW(j->arena, struct dy_json_list);
	(*out)->owner.arena = j->arena;
	(*out)->owner.node = node;
	return DY_OK;
}

size_t
dy_json_list_count(const struct dy_json_list *list)
{
	return list->owner.node->count;
}

static struct node *
element(struct dy_json_list *list, size_t i)
{
	DY_ASSERT(i < list->owner.node->count);
	list->owner.node->items[i].taken = true;
	return &list->owner.node->items[i];
}

enum dy_code
dy_json_list_obj(struct dy_json_list *list, size_t i, struct dy_json **out, struct dy_err *err)
{
	struct node *node = element(list, i);

	if (node->type != JSON_OBJECT)
		return wrong(list->owner.arena, node, "must be an object", err);
	*out = DY_NEW(list->owner.arena, struct dy_json);
	(*out)->arena = list->owner.arena;
	(*out)->node = node;
	return DY_OK;
}

enum dy_code
dy_json_list_id(struct dy_json_list *list, size_t i, struct dy_id *out, struct dy_err *err)
{
	return node_id(list->owner.arena, element(list, i), out, err);
}

enum dy_code
dy_json_list_str(struct dy_json_list *list, size_t i, size_t min, size_t max, struct dy_str *out,
                 struct dy_err *err)
{
	return node_str(list->owner.arena, element(list, i), min, max, out, err);
}
