#include "dyt.h"
#include "net/router.h"
#include "net/server.h"

static const int LIST, ONE, ACT, SPECIAL, ROOT;

static struct dy_router *
sample(void)
{
	struct dy_router *r = dy_router_new();

	DYT_OK(dy_router_add(r, DY_GET, "/", &ROOT, NULL));
	DYT_OK(dy_router_add(r, DY_GET, "/api/requests", &LIST, NULL));
	DYT_OK(dy_router_add(r, DY_GET, "/api/requests/{id}", &ONE, NULL));
	DYT_OK(dy_router_add(r, DY_POST, "/api/requests/{id}/acts", &ACT, NULL));
	DYT_OK(dy_router_add(r, DY_GET, "/api/requests/mine", &SPECIAL, NULL));
	return r;
}

DYT(paths_find_their_entries)
{
	static const struct {
		const char *why, *path;
		enum dy_method method;
		const void *target;
		bool exists;
		const char *param;
	} row[] = {
		{ "root", "/", DY_GET, &ROOT, true, NULL },
		{ "literal", "/api/requests", DY_GET, &LIST, true, NULL },
		{ "parameter", "/api/requests/7", DY_GET, &ONE, true, "7" },
		{ "literal wins", "/api/requests/mine", DY_GET, &SPECIAL, true, NULL },
		{ "back to the parameter", "/api/requests/mine/acts", DY_POST, &ACT, true, "mine" },
		{ "HEAD is GET", "/api/requests", DY_HEAD, &LIST, true, NULL },
		{ "wrong method", "/api/requests", DY_POST, NULL, true, NULL },
		{ "empty parameter", "/api/requests/", DY_GET, NULL, false, NULL },
		{ "too long", "/api/requests/7/acts/9", DY_POST, NULL, false, NULL },
		{ "too short", "/api", DY_GET, NULL, false, NULL },
		{ "no slash", "api", DY_GET, NULL, false, NULL },
		{ "empty", "", DY_GET, NULL, false, NULL },
	};
	struct dy_router *r = sample();
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_path_match m;
		DYT_ROW(row[i].why);
		dy_router_find(r, row[i].method, dy_str_from(row[i].path), &m);
		DYT_TRUE(m.target == row[i].target);
		DYT_INT(m.path_exists, row[i].exists);
		DYT_INT(m.n_params, row[i].param != NULL);
		if (row[i].param != NULL)
			DYT_TRUE(dy_str_is(m.params[0], row[i].param));
	}
	struct dy_path_match m;
	dy_router_find(r, DY_POST, DY_STR("/api/requests"), &m);
	DYT_INT(m.methods, 1u << DY_GET | 1u << DY_HEAD);
	dy_router_free(r);
}

DYT(ambiguous_tables_are_refused)
{
	struct dy_router *r = sample();
	struct dy_err err = { 0 };

	DYT_INT(dy_router_add(r, DY_GET, "/api/requests/{other}", &ONE, &err), DY_E_BUG);
	DYT_INT(dy_router_add(r, DY_GET, "/api/requests", &ONE, &err), DY_E_BUG);
	DYT_INT(dy_router_add(r, DY_GET, "api", &ONE, &err), DY_E_BUG);
	DYT_INT(dy_router_add(r, DY_GET, "/{a}/{b}/{c}/{d}/{e}", &ONE, &err), DY_E_BUG);
	struct dy_path_match m; /* the refused branch is not there to be walked */
	dy_router_find(r, DY_GET, DY_STR("/1/2/3/4/5"), &m);
	DYT_TRUE(!m.path_exists && m.n_params == 0);
	dy_router_free(r);
}

DYT(query_values_are_decoded_or_refused)
{
	static const struct {
		const char *why, *query, *want;
	} row[] = {
		{ "plain", "a=1&b=2", "2" },
		{ "plus", "b=x+y", "x y" },
		{ "chinese", "b=%E5%8D%95", "单" },
		{ "empty", "b=", "" },
		{ "no value", "b", "" },
		{ "first wins", "b=1&b=2", "1" },
		{ "absent", "bb=1", NULL },
		{ "cut escape", "b=%E", NULL },
		{ "lone percent", "b=%", NULL },
		{ "no hex", "b=%zz", NULL },
		{ "NUL", "b=%00", NULL },
		{ "bad utf-8", "b=%ff", NULL },
	};
	struct dy_arena *arena = dy_arena_new(1 << 20);
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_str value;
		DYT_ROW(row[i].why);
		bool found = dy_query_get(arena, dy_str_from(row[i].query), "b", &value);
		DYT_INT(found, row[i].want != NULL);
		if (found)
			DYT_TRUE(dy_str_is(value, row[i].want));
	}
	dy_arena_free(arena);
}

DYT_MAIN(DYT_TEST(paths_find_their_entries), DYT_TEST(ambiguous_tables_are_refused),
         DYT_TEST(query_values_are_decoded_or_refused))
