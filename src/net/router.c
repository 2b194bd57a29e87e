/* The router: a trie of path segments. */
#include "net/router.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define METHODS ((size_t)DY_METHOD_OTHER)

struct node {
	struct dy_str segment; /* literal text; empty for the parameter child */
	struct node *next;     /* sibling */
	struct node *literals;
	struct node *parameter;
	const void *targets[METHODS];
};

struct dy_router {
	struct node root;
};

const char *
dy_method_name(enum dy_method method)
{
	switch (method) {
	case DY_GET: return "GET";
	case DY_HEAD: return "HEAD";
	case DY_POST: return "POST";
	case DY_PUT: return "PUT";
	case DY_PATCH: return "PATCH";
	case DY_DELETE: return "DELETE";
	case DY_OPTIONS: return "OPTIONS";
	case DY_METHOD_OTHER: return "OTHER";
	}
	return "OTHER";
}

struct dy_router *
dy_router_new(void)
{
	struct dy_router *router = calloc(1, sizeof(*router));
	DY_ASSERT(router != NULL);
	return router;
}

/* Depth is that of the longest template. */
static void
node_release(struct node *node)
{
	while (node->literals != NULL) {
		struct node *child = node->literals;
		node->literals = child->next;
		node_release(child);
		free(child);
	}
	if (node->parameter != NULL) {
		node_release(node->parameter);
		free(node->parameter);
	}
}

void
dy_router_free(struct dy_router *router)
{
	if (router == NULL)
		return;
	node_release(&router->root);
	free(router);
}

static struct node *
literal_find(const struct node *node, struct dy_str segment)
{
	for (struct node *child = node->literals; child != NULL; child = child->next) {
		if (dy_str_eq(child->segment, segment))
			return child;
	}
	return NULL;
}

static bool
is_parameter(struct dy_str segment)
{
	return segment.len > 1 && segment.ptr[0] == '{';
}

static struct node *
child_make(struct node *node, struct dy_str segment)
{
	bool named = is_parameter(segment);
	struct node *child = named ? node->parameter : literal_find(node, segment);

	if (child != NULL)
		return child;
	child = calloc(1, sizeof(*child));
	DY_ASSERT(child != NULL);
	if (named) {
		node->parameter = child;
	} else {
		child->segment = segment;
		child->next = node->literals;
		node->literals = child;
	}
	return child;
}

enum dy_code
dy_router_add(struct dy_router *router, enum dy_method method, const char *template_,
              const void *target, struct dy_err *err)
{
	struct dy_str rest = dy_str_from(template_);
	struct node *node = &router->root;
	size_t params = 0;

	DY_ASSERT(method < DY_METHOD_OTHER && target != NULL);
	if (rest.len == 0 || rest.ptr[0] != '/')
		return dy_raise(err, DY_E_BUG, "", "the template '%s' does not begin with /",
		                template_);
	rest = dy_str_slice(rest, 1, rest.len);
	/* counted first: a branch deeper than a match has room for must not exist */
	for (struct dy_str left = rest; left.len > 0;)
		params += is_parameter(dy_str_split(&left, '/'));
	if (params > DY_PATH_PARAMS)
		return dy_raise(err, DY_E_BUG, "", "the template '%s' has too many parameters",
		                template_);
	while (rest.len > 0)
		node = child_make(node, dy_str_split(&rest, '/'));
	if (node->targets[method] != NULL)
		return dy_raise(err, DY_E_BUG, "", "two entries for %s %s", dy_method_name(method),
		                template_);
	node->targets[method] = target;
	return DY_OK;
}

static unsigned
methods_of(const struct node *node)
{
	unsigned mask = 0;

	for (size_t i = 0; i < METHODS; i++)
		mask |= node->targets[i] != NULL ? 1u << i : 0;
	if (node->targets[DY_GET] != NULL)
		mask |= 1u << DY_HEAD;
	return mask;
}

/* Literal first; comes back for the parameter when the literal branch leads nowhere. */
static const struct node *
walk(const struct node *node, struct dy_str rest, bool at_end, struct dy_path_match *out)
{
	if (at_end)
		return methods_of(node) != 0 ? node : NULL;
	const char *slash = rest.len > 0 ? memchr(rest.ptr, '/', rest.len) : NULL;
	struct dy_str segment = rest;
	bool last = slash == NULL;
	if (!last)
		segment.len = (size_t)(slash - rest.ptr);
	struct dy_str behind = dy_str_slice(rest, segment.len + 1, rest.len);
	const struct node *child = literal_find(node, segment);
	const struct node *found = child != NULL ? walk(child, behind, last, out) : NULL;
	if (found != NULL || node->parameter == NULL || segment.len == 0)
		return found;
	size_t kept = out->n_params;
	out->params[out->n_params++] = segment;
	found = walk(node->parameter, behind, last, out);
	if (found == NULL)
		out->n_params = kept;
	return found;
}

void
dy_router_find(const struct dy_router *router, enum dy_method method, struct dy_str path,
               struct dy_path_match *out)
{
	*out = (struct dy_path_match){ 0 };
	if (path.len == 0 || path.ptr[0] != '/')
		return;
	struct dy_str rest = dy_str_slice(path, 1, path.len);
	const struct node *node = walk(&router->root, rest, rest.len == 0, out);
	if (node == NULL)
		return;
	out->path_exists = true;
	out->methods = methods_of(node);
	if (method == DY_HEAD && node->targets[DY_HEAD] == NULL)
		method = DY_GET;
	out->target = method < DY_METHOD_OTHER ? node->targets[method] : NULL;
}
