/* A store in a folder of its own, with one community; removed at the end. */
#ifndef DY_TESTS_STORE_H
#define DY_TESTS_STORE_H

#include "dyt.h"
#include "store/event.h"
#include "store/store.h"

#include <stdlib.h>
#include <unistd.h>

struct dyt_store {
	char folder[32];
	char path[64];
	struct dy_store *store;
};

static const struct dy_id DYT_COMMUNITY = { 7 };

static const struct dy_sql DYT_ADD_COMMUNITY = {
	.name = "test_add_community",
	.in = "i",
	.out = "",
	.text = "INSERT INTO community (community_id, division_code, name, zone, mode, phone,"
		" is_sample, created_at) VALUES ($1, '330922100001', 'test', 'Asia/Shanghai',"
		" 'normal', '', 1, 1)",
};

static inline enum dy_code
dyt_add_community(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	const struct dy_id *community = ctx;

	DY_TRY(dy_wtx_begin(writer, *community, &tx, err));
	DY_TRY(dy_sql_write(tx, &DYT_ADD_COMMUNITY, DY_ARGS(DY_V(*community)), NULL, err));
	return dy_wtx_commit(&tx, err);
}

static inline void
dyt_store_folder(struct dyt_store *s)
{
	(void)snprintf(s->folder, sizeof(s->folder), "dy-store-XXXXXX");
	DYT_TRUE(mkdtemp(s->folder) != NULL);
	(void)snprintf(s->path, sizeof(s->path), "%s/danyuan.db", s->folder);
}

static inline void
dyt_store_open(struct dyt_store *s, struct dy_store_options options)
{
	struct dy_err err = { 0 };
	struct dy_id community = DYT_COMMUNITY;

	dyt_store_folder(s);
	options.path = s->path;
	enum dy_code rc = dy_store_open(&options, &s->store, &err);
	if (rc != DY_OK)
		print_error("%s\n", err.text);
	DYT_OK(rc);
	DYT_OK(dy_store_run(s->store, dyt_add_community, &community, &err));
}

static inline void
dyt_store_remove(struct dyt_store *s)
{
	static const char *const suffix[] = { "", "-wal", "-shm", "-journal", ".copy" };
	char path[80];

	for (size_t i = 0; i < DY_COUNT(suffix); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", s->path, suffix[i]);
		(void)unlink(path);
	}
	DYT_INT(rmdir(s->folder), 0);
}

static inline void
dyt_store_close(struct dyt_store *s)
{
	dy_store_close(s->store);
	dyt_store_remove(s);
}

static inline enum dy_code
dyt_append(struct dy_writer *writer, int64_t subject, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_event e = {
		.at = { 1000 },
		.topic = DY_STR_INIT("test.happened"),
		.subject = { subject },
		.payload = DY_STR_INIT("{}"),
	};

	DY_TRY(dy_wtx_begin(writer, DYT_COMMUNITY, &tx, err));
	DY_TRY(dy_event_append(tx, &e, NULL, err));
	return dy_wtx_commit(&tx, err);
}

#endif
