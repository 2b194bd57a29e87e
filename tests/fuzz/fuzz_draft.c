/* The decoders of request bodies, all of them: first byte which, then the body as it would come from a client.
 * Whatever comes, the answer is DY_OK with a draft, or an error a person can act on. */
#include "fuzz.h"
#include "inside.h"

#include "../net/inside.h"

#include <string.h>

#define ROUTES_MAX 64

static const struct dy_route *found[ROUTES_MAX];
static size_t n_found;

static void
routes_find(void)
{
	size_t n;
	const struct dy_route_table *tables = dy_route_tables(&n);

	for (size_t t = 0; t < n; t++) {
		for (size_t i = 0; i < tables[t].n; i++) {
			const struct dy_route *r = &tables[t].routes[i];
			/* signing in looks into the database */
			bool reads = strcmp(r->path, "/api/v1/staff/login") == 0 ||
			             (r->flags & (DY_ROUTE_NO_REPLAY | DY_ROUTE_FORM)) != 0;
			if (r->prepare != NULL && !reads)
				found[n_found++] = r;
		}
	}
	FUZZ_TRUE(n_found >= 4 && n_found <= ROUTES_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dy_api api = { .options = { .unlimited = true, .public_url = "" } };
	struct dy_exchange x = { .arena = dy_arena_new(DY_REQUEST_ARENA), .fd = -1 };
	/* hands and rules come from the database: they are taken as known */
	struct dy_q q = { .api = &api, .x = &x, .arena = x.arena, .has_hands = true };
	struct dy_id id = { 7 };
	char text[DY_ID_TEXT + 1];

	if (n_found == 0)
		routes_find();
	q.route = found[fuzz_choice(&data, &size) % n_found];
	dy_id_encode(id, text);
	q.params[0] = dy_str_from(text);
	x.head.fields[0] = (struct dy_field){ DY_STR_INIT("content-type"),
		                              DY_STR_INIT("application/json; charset=utf-8") };
	x.head.fields[1] = (struct dy_field){ DY_STR_INIT("if-match"), DY_STR_INIT("\"3\"") };
	x.head.n_fields = 2;
	dy_strbuf_init(&x.body, q.route->body_max);
	dy_strbuf_addstr(&x.body, fuzz_str(data, size));
	if (!x.body.overflow) { /* else the engine has answered 413 */
		enum dy_code rc = q.route->prepare(&q);
		if (rc == DY_OK)
			FUZZ_TRUE(q.draft != NULL);
		else
			FUZZ_TRUE(q.err.text[0] != '\0' &&
			          (rc == DY_E_INPUT || rc == DY_E_LIMIT || rc == DY_E_NOT_FOUND));
	}
	dy_strbuf_release(&x.body);
	dy_arena_free(x.arena);
	return 0;
}
