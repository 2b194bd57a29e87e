/* Request targets: the router over the table of the API, percent decoding, query values. */
#include "fuzz.h"
#include "net/router.h"
#include "net/server.h"

#include <string.h>

static const char *const TEMPLATES[] = {
	"/",
	"/api/v1/requests",
	"/api/v1/requests/{id}",
	"/api/v1/requests/{id}/acts",
	"/api/v1/requests/open",
	"/q/{token}",
	"/{a}/{b}/{c}/{d}",
	"/api/{v}/photos/{id}",
};

static struct dy_router *
router(void)
{
	static struct dy_router *made;

	if (made != NULL)
		return made;
	made = dy_router_new();
	for (size_t i = 0; i < DY_COUNT(TEMPLATES); i++)
		FUZZ_TRUE(dy_router_add(made, DY_GET, TEMPLATES[i], TEMPLATES[i], NULL) == DY_OK);
	return made;
}

/* The template with the parameters put in is the path again. */
static void
check_match(struct dy_arena *arena, struct dy_str path, const struct dy_path_match *m)
{
	struct dy_str rest = dy_str_from(m->target);
	const char *text = "";
	size_t n = 0;

	rest = dy_str_slice(rest, 1, rest.len);
	do {
		struct dy_str part = dy_str_split(&rest, '/');
		if (part.len > 0 && part.ptr[0] == '{') {
			FUZZ_TRUE(n < m->n_params && m->params[n].len > 0);
			part = m->params[n++];
			FUZZ_TRUE(memchr(part.ptr, '/', part.len) == NULL);
		}
		text = dy_arena_printf(arena, "%s/%.*s", text, DY_FMT(part));
	} while (rest.len > 0);
	FUZZ_TRUE(n == m->n_params);
	FUZZ_TRUE(dy_str_is(path, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dy_str query = fuzz_str(data, size < 4096 ? size : 4096);
	struct dy_str path = dy_str_split(&query, '?');
	struct dy_arena *arena = dy_arena_new((size_t)4 << 20);
	struct dy_path_match m;
	struct dy_str out;

	dy_router_find(router(), DY_GET, path, &m);
	/* the engine lets no NUL into a path; printf would stop there */
	if (m.target != NULL && (path.len == 0 || memchr(path.ptr, '\0', path.len) == NULL))
		check_match(arena, path, &m);
	for (size_t i = 0; i < m.n_params; i++) {
		if (dy_percent_decode(arena, m.params[i], false, &out))
			FUZZ_TRUE(dy_str_is_utf8(out) && out.len <= m.params[i].len);
	}
	if (dy_query_get(arena, query, "a", &out))
		FUZZ_TRUE(dy_str_is_utf8(out) && (out.len == 0 || !memchr(out.ptr, '\0', out.len) ||
		                                  memchr(query.ptr, '\0', query.len)));
	dy_arena_free(arena);
	return 0;
}
