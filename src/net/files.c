/* Static files from memory. */
#include "net/files.h"

#include "base/crypto.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_BYTES_MAX ((size_t)64 << 20)
#define ARENA_BYTES     ((size_t)96 << 20)
#define DEPTH_MAX       8

struct file {
	struct dy_str path; /* "/assets/app-1a2b3c4d.js" */
	struct dy_str plain, gz, br;
	const char *type;
	struct dy_str etag;
	bool is_immutable;
};

struct dy_files {
	struct dy_arena *arena;
	struct file *items;
	size_t count, cap;
	size_t bytes;
};

static const char *
type_of(struct dy_str path)
{
	static const struct {
		const char *suffix, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".mjs", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/x-icon" },
		{ ".txt", "text/plain; charset=utf-8" },
	};
	for (size_t i = 0; i < DY_COUNT(types); i++) {
		size_t n = strlen(types[i].suffix);
		if (path.len > n && memcmp(path.ptr + path.len - n, types[i].suffix, n) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

static struct file *
find(const struct dy_files *files, struct dy_str path)
{
	for (size_t i = 0; i < files->count; i++) {
		if (dy_str_eq(files->items[i].path, path))
			return &files->items[i];
	}
	return NULL;
}

static struct file *
find_or_add(struct dy_files *files, struct dy_str path)
{
	struct file *file = find(files, path);

	if (file != NULL)
		return file;
	file = dy_arena_push(files->arena, (void **)&files->items, &files->count, &files->cap,
	                     sizeof(*files->items));
	file->path = dy_str_dup(files->arena, path);
	file->type = type_of(path);
	file->is_immutable = dy_str_contains(path, DY_STR("/assets/"));
	return file;
}

static enum dy_code
read_whole(struct dy_files *files, const char *name, size_t size, struct dy_str *out,
           struct dy_err *err)
{
	if (files->bytes + size > FILES_BYTES_MAX)
		return dy_raise(err, DY_E_LIMIT, "", "the web folder holds more than 64 MiB");
	char *at = dy_arena_alloc(files->arena, size + 1);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	while (fd >= 0 && have < size) {
		ssize_t n = read(fd, at + have, size - have);
		if (n <= 0)
			break;
		have += (size_t)n;
	}
	if (fd >= 0)
		(void)close(fd);
	if (have < size || fd < 0)
		return dy_raise(err, DY_E_IO, "", "cannot read %s", name);
	files->bytes += size;
	*out = (struct dy_str){ at, size };
	return DY_OK;
}

static bool
cut_suffix(struct dy_str *path, const char *suffix)
{
	size_t n = strlen(suffix);

	if (path->len <= n || memcmp(path->ptr + path->len - n, suffix, n) != 0)
		return false;
	path->len -= n;
	return true;
}

static enum dy_code
file_read(struct dy_files *files, const char *name, size_t root_len, size_t size,
          struct dy_err *err)
{
	struct dy_str path = dy_str_from(name + root_len);
	struct dy_str content;

	DY_TRY(read_whole(files, name, size, &content, err));
	if (cut_suffix(&path, ".gz"))
		find_or_add(files, path)->gz = content;
	else if (cut_suffix(&path, ".br"))
		find_or_add(files, path)->br = content;
	else
		find_or_add(files, path)->plain = content;
	return DY_OK;
}

static enum dy_code
folder_read(struct dy_files *files, const char *folder, size_t root_len, int depth,
            struct dy_err *err)
{
	struct dirent *entry;
	struct stat st;
	enum dy_code rc = DY_OK;

	DIR *dir = depth < DEPTH_MAX ? opendir(folder) : NULL;
	if (dir == NULL)
		return dy_raise(err, DY_E_IO, "", "cannot read the web folder %s", folder);
	while (rc == DY_OK && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		const char *name = dy_arena_printf(files->arena, "%s/%s", folder, entry->d_name);
		if (stat(name, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			rc = folder_read(files, name, root_len, depth + 1, err);
		else if (S_ISREG(st.st_mode))
			rc = file_read(files, name, root_len, (size_t)st.st_size, err);
	}
	(void)closedir(dir);
	return rc;
}

static void
etag_make(struct dy_files *files, struct file *file)
{
	uint8_t hash[DY_HASH_BYTES];

	dy_hash(file->plain.ptr, file->plain.len, NULL, hash);
	file->etag = dy_str_from(
		dy_arena_printf(files->arena, "\"%02x%02x%02x%02x%02x%02x%02x%02x\"", hash[0],
	                        hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]));
}

enum dy_code
dy_files_open(const char *folder, struct dy_files **out, struct dy_err *err)
{
	struct dy_files *files = calloc(1, sizeof(*files));

	DY_ASSERT(files != NULL);
	files->arena = dy_arena_new(ARENA_BYTES);
	enum dy_code rc = folder_read(files, folder, strlen(folder), 0, err);
	if (rc != DY_OK) {
		dy_files_free(files);
		return rc;
	}
	for (size_t i = 0; i < files->count; i++)
		etag_make(files, &files->items[i]);
	*out = files;
	return DY_OK;
}

void
dy_files_free(struct dy_files *files)
{
	if (files == NULL)
		return;
	dy_arena_free(files->arena);
	free(files);
}

/* "q=0", "q=0.0" ...: the client refuses this coding. */
static bool
is_zero_weight(struct dy_str params)
{
	if (!dy_str_starts(params, DY_STR("q=0")))
		return false;
	for (size_t i = 3; i < params.len; i++) {
		if (params.ptr[i] != '0' && params.ptr[i] != '.')
			return false;
	}
	return true;
}

static bool
accepts(struct dy_exchange *x, const char *coding)
{
	struct dy_str list = dy_exchange_header(x, "accept-encoding");

	while (list.len > 0) {
		struct dy_str params = dy_str_trim(dy_str_split(&list, ','));
		struct dy_str name = dy_str_trim(dy_str_split(&params, ';'));
		if (dy_str_ieq(name, dy_str_from(coding)))
			return !is_zero_weight(dy_str_trim(params));
	}
	return false;
}

/* A folder without its slash: there is the page people meant. */
static bool
folder_redirect(const struct dy_files *files, struct dy_exchange *x, struct dy_str path)
{
	struct dy_arena *arena = dy_exchange_arena(x);
	struct dy_str query = dy_exchange_query(x);

	if (find(files, dy_str_from(dy_arena_printf(arena, "%.*s/index.html", DY_FMT(path)))) ==
	    NULL)
		return false;
	const char *to = dy_arena_printf(arena, "%.*s/%s%.*s", DY_FMT(path),
	                                 query.len > 0 ? "?" : "", DY_FMT(query));
	struct dy_header location = { "Location", dy_str_from(to) };
	struct dy_reply reply = { .status = 308, .headers = &location, .n_headers = 1 };
	dy_exchange_reply(x, &reply);
	return true;
}

bool
dy_files_serve(const struct dy_files *files, struct dy_exchange *x, const struct dy_header *headers,
               size_t n_headers)
{
	struct dy_header all[16];
	struct dy_str path = dy_exchange_path(x);
	size_t n = 0;

	if (path.len > 0 && path.ptr[path.len - 1] == '/')
		path = dy_str_from(
			dy_arena_printf(dy_exchange_arena(x), "%.*sindex.html", DY_FMT(path)));
	const struct file *file = find(files, path);
	if (file == NULL)
		return folder_redirect(files, x, path);
	if (file->plain.ptr == NULL)
		return false;
	DY_ASSERT(n_headers + 4 <= DY_COUNT(all));
	for (; n < n_headers; n++)
		all[n] = headers[n];
	all[n++] = (struct dy_header){ "ETag", file->etag };
	all[n++] = (struct dy_header){ "Vary", DY_STR_INIT("Accept-Encoding") };
	all[n++] = (struct dy_header){ "Cache-Control",
		                       file->is_immutable
		                               ? DY_STR("public, max-age=31536000, immutable")
		                               : DY_STR("no-cache") };
	struct dy_reply reply = { .status = 200,
		                  .type = file->type,
		                  .body = file->plain,
		                  .body_is_static = true,
		                  .headers = all };
	if (dy_str_eq(dy_exchange_header(x, "if-none-match"), file->etag)) {
		reply.status = 304;
	} else if (file->br.ptr != NULL && accepts(x, "br")) {
		all[n++] = (struct dy_header){ "Content-Encoding", DY_STR_INIT("br") };
		reply.body = file->br;
	} else if (file->gz.ptr != NULL && accepts(x, "gzip")) {
		all[n++] = (struct dy_header){ "Content-Encoding", DY_STR_INIT("gzip") };
		reply.body = file->gz;
	}
	reply.n_headers = n;
	dy_exchange_reply(x, &reply);
	return true;
}
