/* Router: a table of path templates compiled to a trie at start.
 *
 * Templates are "/api/v1/requests/{id}/claim": literal segments win over {parameters}. Two entries with the
 * same method and shape stop the start-up.
 * Ownership: the table and its strings must outlive the router.
 * Threads: immutable after dy_router_new(). */
#ifndef DY_NET_ROUTER_H
#define DY_NET_ROUTER_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

enum dy_method {
	DY_GET,
	DY_HEAD,
	DY_POST,
	DY_PUT,
	DY_PATCH,
	DY_DELETE,
	DY_OPTIONS,
	DY_METHOD_OTHER
};
const char *dy_method_name(enum dy_method method);

#define DY_PATH_PARAMS 4

struct dy_router;

struct dy_path_match {
	const void *target; /* NULL: no such path, or not with this method */
	bool path_exists;   /* then the answer is 405, not 404 */
	unsigned methods;   /* bit i: (enum dy_method)i is possible on this path */
	struct dy_str params[DY_PATH_PARAMS]; /* in template order, still percent-encoded */
	size_t n_params;
};

struct dy_router *dy_router_new(void);
void dy_router_free(struct dy_router *router);
enum dy_code dy_router_add(struct dy_router *router, enum dy_method method, const char *template_,
                           const void *target, struct dy_err *err) DY_NODISCARD;
/* HEAD finds the GET entry. */
void dy_router_find(const struct dy_router *router, enum dy_method method, struct dy_str path,
                    struct dy_path_match *out);

#endif
