/* Makes a data folder with two communities for the API suite and prints what the suite has to know, as JSON.
 * usage: make_communities DIR VOLUNTEERS */
#include "dyt_community.h"

#include "base/json.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUT_MAX ((size_t)1 << 20)

static void
door_write(struct dy_jw *w, const struct dyt_community *c, int64_t unit, int64_t door)
{
	dy_jw_obj(w);
	dy_jw_kid(w, "id", dyt_door_id(c, unit, door));
	dy_jw_kid(w, "household_id", dyt_household_id(c, unit, door));
	dy_jw_kcstr(w, "code", dy_arena_printf(c->arena, "%lld01", (long long)door));
	dy_jw_kcstr(w, "household_code", dyt_household_code(c->arena, unit, door));
	dy_jw_obj_end(w);
}

static void
community_write(struct dy_jw *w, const struct dyt_community *c)
{
	dy_jw_obj(w);
	dy_jw_kid(w, "id", c->id);
	dy_jw_kcstr(w, "name", c->name);
	dy_jw_key(w, "grids");
	dy_jw_arr(w);
	for (int64_t n = 1; n <= 2; n++)
		dy_jw_id(w, dyt_grid_id(c, n));
	dy_jw_arr_end(w);
	dy_jw_key(w, "units");
	dy_jw_arr(w);
	for (int64_t unit = 1; unit <= DYT_UNITS; unit++) {
		dy_jw_obj(w);
		dy_jw_kid(w, "id", dyt_unit_id(c, unit));
		dy_jw_kid(w, "stair_id", dyt_stair_id(c, unit));
		dy_jw_kcstr(w, "token", c->links[unit - 1]);
		dy_jw_key(w, "doors");
		dy_jw_arr(w);
		for (int64_t door = 1; door <= DYT_DOORS; door++)
			door_write(w, c, unit, door);
		dy_jw_arr_end(w);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
	dy_jw_key(w, "people");
	dy_jw_obj(w);
	for (int person = 0; person < DYT_STAFF; person++) {
		dy_jw_key(w, DYT_PEOPLE[person].login);
		dy_jw_obj(w);
		dy_jw_kid(w, "account_id", dyt_account_id(c, person));
		dy_jw_kid(w, "post_id", dyt_post_id(c, person));
		dy_jw_obj_end(w);
	}
	dy_jw_obj_end(w);
	dy_jw_obj_end(w);
}

int
main(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new((size_t)8 << 20);
	struct dy_err err = { 0 };
	struct dy_store *store = NULL;
	struct dy_strbuf out;
	struct dy_key key;
	struct dy_jw w;

	if (argc != 3 || (mkdir(argv[1], 0700) != 0 && access(argv[1], W_OK) != 0))
		return 2;
	struct dy_store_options options = { .path = dy_arena_printf(arena, "%s/danyuan.db",
		                                                    argv[1]) };
	struct dyt_community both[2] = {
		{ .code = "330922100001",
		  .name = "示例东社区",
		  .volunteers = (int)strtol(argv[2], NULL, 10) },
		{ .code = "330922100002", .name = "示例西社区" },
	};
	enum dy_code rc = dy_crypto_init(&err);
	if (rc == DY_OK)
		rc = dy_key_load(dy_arena_printf(arena, "%s/key", argv[1]), &key, &err);
	if (rc == DY_OK)
		rc = dy_store_open(&options, &store, &err);
	if (rc == DY_OK)
		rc = dy_password_hash(DY_STR(DYT_PASSWORD), both[0].password_hash, &err);
	dy_strbuf_init(&out, OUT_MAX);
	dy_jw_init(&w, &out);
	dy_jw_obj(&w);
	dy_jw_kcstr(&w, "password", DYT_PASSWORD);
	dy_jw_key(&w, "communities");
	dy_jw_arr(&w);
	for (size_t i = 0; i < 2 && rc == DY_OK; i++) {
		both[i].now = dy_time_now();
		both[i].id = dy_id_make(both[i].now, dy_random_u64());
		both[i].key = &key;
		both[i].arena = arena;
		memcpy(both[i].password_hash, both[0].password_hash, DY_PASSWORD_HASH);
		rc = dy_store_run(store, dyt_community_make, &both[i], &err);
		community_write(&w, &both[i]);
	}
	dy_jw_arr_end(&w);
	dy_jw_obj_end(&w);
	dy_store_close(store);
	if (rc != DY_OK)
		(void)fprintf(stderr, "%s: %s\n", err.field, err.text);
	else
		(void)printf("%.*s\n", DY_FMT(dy_strbuf_str(&out)));
	dy_strbuf_release(&out);
	return rc == DY_OK ? 0 : 1;
}
