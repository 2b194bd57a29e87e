/* Photos: rows here, pictures as files named by the id. A photo is uploaded first and attached later. */
#ifndef DY_STORE_PHOTO_H
#define DY_STORE_PHOTO_H

#include "base/crypto.h"
#include "store/sql.h"

struct dy_photo {
	struct dy_id id, request, uploader; /* request 0: not attached yet */
	int64_t entry_number, bytes, width, height;
	struct dy_bytes hash; /* of the file */
	struct dy_time created_at;
};
struct dy_photo_ref {
	struct dy_id id;
	int64_t entry_number;
};
struct dy_photo_refs {
	struct dy_photo_ref *items;
	size_t count, cap;
};

enum dy_code dy_photo_insert(struct dy_wtx *tx, const struct dy_photo *p,
                             struct dy_err *err) DY_NODISCARD;
enum dy_code dy_photo_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id id,
                          struct dy_photo *out, struct dy_err *err) DY_NODISCARD;
/* DY_E_INPUT when the uploader has no such photo, or it is attached already. */
enum dy_code dy_photo_attach(struct dy_wtx *tx, struct dy_id photo, struct dy_id uploader,
                             struct dy_id request, int64_t entry_number,
                             struct dy_err *err) DY_NODISCARD;
enum dy_code dy_photo_list(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id request,
                           struct dy_photo_refs *out, struct dy_err *err) DY_NODISCARD;
/* Ids above `after`, at most cap of them. */
enum dy_code dy_photo_page(struct dy_rtx *tx, struct dy_id after, struct dy_id *out, size_t cap,
                           size_t *n, struct dy_err *err) DY_NODISCARD;

#endif
