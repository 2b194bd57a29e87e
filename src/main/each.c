/* Every community of a database, a page of ids at a time: a city's database holds hundreds. */
#include "each.h"

#include "store/place.h"

#define PAGE 64

static enum dy_code
page_read(struct dy_reader *reader, struct dy_id after, struct dy_id ids[PAGE], size_t *n,
          struct dy_err *err)
{
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;

	DY_TRY(dy_rtx_begin(reader, (struct dy_id){ 0 }, &tx, err));
	return dy_community_page(tx, after, ids, PAGE, n, err);
}

enum dy_code
dy_each_community(struct dy_store *store, dy_each_fn fn, void *ctx, struct dy_err *err)
{
	struct dy_reader *reader = NULL;
	struct dy_id ids[PAGE], after = { 0 };
	size_t n = PAGE;

	DY_TRY(dy_reader_open(store, &reader, err));
	enum dy_code rc = DY_OK;
	while (rc == DY_OK && n == PAGE) {
		rc = page_read(reader, after, ids, &n, err);
		for (size_t i = 0; i < n && rc == DY_OK; i++) {
			rc = fn(ctx, reader, ids[i], err);
			after = ids[i];
		}
	}
	dy_reader_close(reader);
	return rc;
}
