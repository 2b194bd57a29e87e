/* Photos of requests. */
#include "store/photo.h"

static const struct dy_sql PHOTO_INSERT = {
	.name = "photo_insert",
	.in = "iiinnnbt",
	.out = "",
	.text = "INSERT INTO photo (community_id, photo_id, uploader_id, bytes, width, height,"
		" hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
};
static const struct dy_sql PHOTO_GET = {
	.name = "photo_get",
	.in = "ii",
	.out = "ii?innnnbt",
	.text = "SELECT photo_id, request_id, uploader_id, COALESCE(entry_number, 0), bytes, width,"
		" height, hash, created_at FROM photo WHERE community_id = $1 AND photo_id = $2",
};
static const struct dy_sql PHOTO_ATTACH = {
	.name = "photo_attach",
	.in = "iiiin",
	.out = "",
	.text = "UPDATE photo SET request_id = $4, entry_number = $5 WHERE community_id = $1"
		" AND photo_id = $2 AND uploader_id = $3 AND request_id IS NULL",
};
static const struct dy_sql PHOTO_LIST = {
	.name = "photo_list",
	.in = "ii",
	.out = "in",
	.text = "SELECT photo_id, entry_number FROM photo WHERE community_id = $1"
		" AND request_id = $2 ORDER BY entry_number, photo_id",
};

static const struct dy_sql PHOTO_PAGE = {
	.name = "photo_page",
	.in = "inn",
	.out = "i",
	.text = "SELECT photo_id FROM photo WHERE community_id = $1 AND photo_id > $2"
		" ORDER BY photo_id LIMIT $3",
};

const struct dy_sql *const dy_photo_sql[] = { &PHOTO_INSERT, &PHOTO_GET, &PHOTO_ATTACH, &PHOTO_LIST,
	                                      &PHOTO_PAGE };
const size_t dy_photo_sql_n = DY_COUNT(dy_photo_sql);

enum dy_code
dy_photo_insert(struct dy_wtx *tx, const struct dy_photo *p, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);

	return dy_sql_write(tx, &PHOTO_INSERT,
	                    DY_ARGS(DY_V(community), DY_V(p->id), DY_V(p->uploader), DY_V(p->bytes),
	                            DY_V(p->width), DY_V(p->height), DY_V(p->hash),
	                            DY_V(p->created_at)),
	                    NULL, err);
}

enum dy_code
dy_photo_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id, struct dy_photo *out,
             struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &PHOTO_GET, DY_ARGS(DY_V(community), DY_V(id)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such photo");
	out->id = dy_rows_id(rows);
	out->request = dy_rows_id(rows);
	out->uploader = dy_rows_id(rows);
	out->entry_number = dy_rows_int(rows);
	out->bytes = dy_rows_int(rows);
	out->width = dy_rows_int(rows);
	out->height = dy_rows_int(rows);
	out->hash = dy_rows_bytes(rows, arena);
	out->created_at = dy_rows_time(rows);
	return DY_OK;
}

enum dy_code
dy_photo_attach(struct dy_wtx *tx, struct dy_id photo, struct dy_id uploader, struct dy_id request,
                int64_t entry_number, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed;

	DY_TRY(dy_sql_write(tx, &PHOTO_ATTACH,
	                    DY_ARGS(DY_V(community), DY_V(photo), DY_V(uploader), DY_V(request),
	                            DY_V(entry_number)),
	                    &changed, err));
	if (changed == 0)
		return dy_raise(
			err, DY_E_INPUT, "/photo_ids",
			"one of the photos is not yours or is used already; upload it again");
	return DY_OK;
}

enum dy_code
dy_photo_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
              struct dy_photo_refs *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);

	*out = (struct dy_photo_refs){ 0 };
	DY_TRY(dy_sql_read(tx, &PHOTO_LIST, DY_ARGS(DY_V(community), DY_V(request)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_photo_ref *p = dy_arena_push(arena, (void **)&out->items, &out->count,
		                                       &out->cap, sizeof(*p));
		p->id = dy_rows_id(rows);
		p->entry_number = dy_rows_int(rows);
	}
	return dy_rows_end(rows, err);
}

enum dy_code
dy_photo_page(struct dy_rtx *tx, struct dy_id after, struct dy_id *out, size_t cap, size_t *n,
              struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	int64_t limit = (int64_t)cap;
	int64_t from = after.v;
	size_t count = 0;

	DY_TRY(dy_sql_read(tx, &PHOTO_PAGE, DY_ARGS(DY_V(community), DY_V(from), DY_V(limit)),
	                   &rows, err));
	while (count < cap && dy_rows_next(rows))
		out[count++] = dy_rows_id(rows);
	*n = count;
	return dy_rows_end(rows, err);
}
