/* Photos: an upload becomes a new JPEG without metadata, at most PHOTO_SIDE wide or high. */
#include "routes.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

#define PHOTO_SIDE       1600
#define PHOTO_PIXELS_MAX (50 * 1000 * 1000) /* of the upload, before it is shrunk */
#define PHOTO_QUALITY    82
#define PHOTO_YEAR       "private, max-age=31536000, immutable"

static bool is_started;

static void
start(void)
{
	is_started = vips_init("danyuan") == 0;
	if (!is_started)
		return;
	vips_concurrency_set(1); /* the picture pool is the only thread that works for it */
	vips_cache_set_max(0);   /* no picture is seen twice */
	vips_block_untrusted_set(TRUE);
}

/* With the first picture: the library takes 10 MB, and many days of a small community bring none. */
static enum dy_code
library_start(struct dy_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, start);
	return is_started ? DY_OK
	                  : dy_raise(err, DY_E_BUG, "", "the picture library does not start");
}

static enum dy_code
not_a_photo(struct dy_q *q)
{
	vips_error_clear();
	q->problem = "photo";
	return dy_raise(&q->err, DY_E_INPUT, "", "send a JPEG, PNG or WebP picture");
}

static const char *
photo_path(struct dy_q *q, struct dy_id id)
{
	char text[DY_ID_TEXT + 1];

	dy_id_encode(id, text);
	return dy_arena_printf(q->arena, "%s/%s.jpg", q->api->photo_dir, text);
}

/* By content, never by name: exactly three decoders are reachable from outside. */
static bool
is_permitted(const char *file)
{
	static const char *const loaders[] = { "VipsForeignLoadJpegFile", "VipsForeignLoadPngFile",
		                               "VipsForeignLoadWebpFile" };
	const char *loader = vips_foreign_find_load(file);

	for (size_t i = 0; loader != NULL && i < DY_COUNT(loaders); i++) {
		if (strcmp(loader, loaders[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_too_large(const char *file)
{
	VipsImage *image = vips_image_new_from_file(file, "access", VIPS_ACCESS_SEQUENTIAL, NULL);

	if (image == NULL)
		return false; /* said later, as not a photo */
	int64_t pixels = (int64_t)vips_image_get_width(image) * vips_image_get_height(image);
	g_object_unref(image);
	return pixels > PHOTO_PIXELS_MAX;
}

/* Turned upright as EXIF says, shrunk, written without any metadata. */
static bool
encode(const char *from, const char *to, struct dy_photo *p)
{
	VipsImage *image = NULL;

	if (vips_thumbnail(from, &image, PHOTO_SIDE, "height", PHOTO_SIDE, "size", VIPS_SIZE_DOWN,
	                   "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL) != 0)
		return false;
	p->width = vips_image_get_width(image);
	p->height = vips_image_get_height(image);
	int failed = vips_jpegsave(image, to, "Q", PHOTO_QUALITY, "strip", TRUE, NULL);
	g_object_unref(image);
	return failed == 0;
}

/* Size and hash of the finished file; it is on disk before its row is. */
static enum dy_code
settle(struct dy_q *q, const char *path, struct dy_photo *p)
{
	uint8_t *hash = dy_arena_alloc(q->arena, DY_HASH_BYTES);
	uint8_t buf[16384];
	struct dy_hasher h;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return dy_raise(&q->err, DY_E_IO, "", "the stored picture cannot be read");
	dy_hasher_init(&h);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		dy_hasher_update(&h, buf, (size_t)n);
		p->bytes += n;
	}
	bool good = n == 0 && fsync(fd) == 0;
	(void)close(fd);
	if (!good)
		return dy_raise(&q->err, DY_E_IO, "", "the stored picture cannot be read");
	dy_hasher_final(&h, hash);
	p->hash = (struct dy_bytes){ hash, DY_HASH_BYTES };
	memcpy(q->idem.hash, hash, DY_HASH_BYTES); /* the same upload again is the same write */
	return DY_OK;
}

static enum dy_code
photo_pool(struct dy_q *q)
{
	struct dy_photo *p = DY_NEW(q->arena, struct dy_photo);
	const char *upload = dy_exchange_file(q->x);

	if (upload == NULL)
		return not_a_photo(q);
	DY_TRY(library_start(&q->err));
	if (!is_permitted(upload))
		return not_a_photo(q);
	if (is_too_large(upload)) {
		q->problem = "too_large";
		return dy_raise(&q->err, DY_E_INPUT, "", "the picture has over 50 megapixels");
	}
	p->id = dy_id_make(q->now, dy_random_u64());
	const char *path = photo_path(q, p->id);
	q->new_file = path;
	if (!encode(upload, path, p)) {
		vips_thread_shutdown();
		return not_a_photo(q);
	}
	q->draft = p;
	return settle(q, path, p);
}

static enum dy_code
upload_photo(struct dy_q *q)
{
	struct dy_call call = dy_q_call(q);
	struct dy_photo *p = q->draft;

	DY_TRY(dy_app_photo_add(&call, p));
	q->new_file = NULL; /* it stays; a commit that fails leaves a file that no row names */
	q->status = 201;
	dy_jw_obj(&q->w);
	dy_jw_kid(&q->w, "id", p->id);
	dy_jw_kint(&q->w, "width", p->width);
	dy_jw_kint(&q->w, "height", p->height);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
get_photo(struct dy_q *q)
{
	struct dy_photo p;
	struct dy_id id;
	bool may;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_photo_get(q->tx, q->arena, id, &p, &q->err));
	DY_TRY(dy_photo_may_see(q->tx, q->arena, &q->actor, &p, &may, &q->err));
	if (!may)
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such photo");
	int fd = open(photo_path(q, id), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return dy_raise(&q->err, DY_E_IO, "", "the picture's file is missing");
	/* its own size is the limit: we wrote it, and a busy picture is larger than any list */
	dy_strbuf_release(&q->body);
	dy_strbuf_init(&q->body, (size_t)p.bytes + 1);
	char *room = dy_strbuf_reserve(&q->body, (size_t)p.bytes);
	ssize_t n = room != NULL ? read(fd, room, (size_t)p.bytes) : -1;
	(void)close(fd);
	if (n != p.bytes)
		return dy_raise(&q->err, DY_E_IO, "", "the picture's file is not whole");
	q->body.len += (size_t)n;
	q->type = "image/jpeg";
	dy_q_header(q, "Cache-Control", DY_STR(PHOTO_YEAR));
	return DY_OK;
}

const struct dy_route dy_photo_routes[] = {
	{ DY_POST, "/api/v1/photos", .op = "uploadPhoto", .cap = DY_CAP_REQUEST_REPORT,
	  .pool = photo_pool, .fn = upload_photo, .body_max = DY_PHOTO_BYTES_MAX,
	  .flags = DY_ROUTE_TO_FILE },
	{ DY_GET, "/api/v1/photos/{id}", .op = "getPhoto", .cap = DY_CAP_SIGNED_IN,
	  .fn = get_photo },
};
const size_t dy_photo_routes_n = DY_COUNT(dy_photo_routes);
