/* The web folder from memory: names, codings, caching, and what must not be served. */
#include "net_kit.h"

#include <sys/stat.h>

static struct dy_files *web;
static char root[32];

static void
put(const char *name, const char *text)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/%s", root, name);
	FILE *f = fopen(path, "w");
	DYT_TRUE(f != NULL);
	DYT_TRUE(fputs(text, f) >= 0);
	DYT_INT(fclose(f), 0);
}

static void
drop(const char *name)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/%s", root, name);
	DYT_INT(remove(path), 0);
}

static const char *const NAMES[] = {
	"index.html", "assets/app-1.js", "assets/app-1.js.gz", "assets/app-1.js.br",
	".secret",    "only.css.gz",     "plain.bin",          "console/index.html"
};

static void
web_make(void)
{
	char path[64];

	(void)snprintf(root, sizeof(root), "dy-web-XXXXXX");
	DYT_TRUE(mkdtemp(root) != NULL);
	(void)snprintf(path, sizeof(path), "%s/assets", root);
	DYT_INT(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/console", root);
	DYT_INT(mkdir(path, 0700), 0);
	for (size_t i = 0; i < DY_COUNT(NAMES); i++)
		put(NAMES[i], NAMES[i]);
	DYT_OK(dy_files_open(root, &web, NULL));
}

static void
web_remove(void)
{
	for (size_t i = 0; i < DY_COUNT(NAMES); i++)
		drop(NAMES[i]);
	drop("assets");
	drop("console");
	DYT_INT(rmdir(root), 0);
	dy_files_free(web);
}

static void
serve_head(void *ctx, struct dy_exchange *x, struct dy_body_plan *plan)
{
	static const struct dy_header extra[] = { { "X-Extra", DY_STR_INIT("1") } };

	(void)ctx;
	(void)plan;
	if (!dy_files_serve(web, x, extra, 1))
		reply_text(x, 404, DY_STR("none"));
}

DYT(files_are_served_as_their_names_and_the_client_ask)
{
	static const struct {
		const char *why, *path, *headers, *want, *body;
	} row[] = {
		{ "the folder's index", "/", "", "Content-Type: text/html", "index.html" },
		{ "extra headers", "/", "", "X-Extra: 1\r\n", "index.html" },
		{ "not hashed: ask again", "/index.html", "", "Cache-Control: no-cache",
		  "index.html" },
		{ "hashed: for good", "/assets/app-1.js", "", "immutable", "assets/app-1.js" },
		{ "brotli first", "/assets/app-1.js", "Accept-Encoding: gzip, br\r\n",
		  "Content-Encoding: br", "assets/app-1.js.br" },
		{ "gzip", "/assets/app-1.js", "Accept-Encoding: gzip;q=0.5\r\n",
		  "Content-Encoding: gzip", "assets/app-1.js.gz" },
		{ "refused coding", "/assets/app-1.js",
		  "Accept-Encoding: br;q=0, gzip; q=0.000\r\n", "ETag: ", "assets/app-1.js" },
		{ "no form of it", "/", "Accept-Encoding: br\r\n", "200 OK", "index.html" },
		{ "unknown type", "/plain.bin", "", "application/octet-stream", "plain.bin" },
		{ "dot file", "/.secret", "", " 404 ", "none" },
		{ "packed form only", "/only.css", "", " 404 ", "none" },
		{ "above the folder", "/../index.html", "", " 404 ", "none" },
		{ "encoded", "/%69ndex.html", "", " 404 ", "none" },
		{ "folder", "/assets/", "", " 404 ", "none" },
		{ "folder without its slash", "/console", "", " 308 ", "" },
		{ "where it is", "/console", "", "Location: /console/\r\n", "" },
		{ "with its query", "/console?a=1", "", "Location: /console/?a=1\r\n", "" },
		{ "not another host", "//console", "", " 404 ", "none" },
		{ "folder without index", "/assets", "", " 404 ", "none" },
		{ "nothing", "/nothing", "", " 404 ", "none" },
	};
	struct dy_net_options options = kit_options("127.0.0.1:0", 1);
	char text[512];
	char answer[4096];

	web_make();
	options.on_head = serve_head;
	start_as(options);
	int fd = dial();
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		DYT_ROW(row[i].why);
		(void)snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n" H "%s\r\n", row[i].path,
		               row[i].headers);
		say(fd, text);
		(void)snprintf(text, sizeof(text), "\r\n\r\n%s", row[i].body);
		DYT_TRUE(hear(fd, text, answer, sizeof(answer)));
		DYT_TRUE(strstr(answer, row[i].want) != NULL);
		(void)snprintf(text, sizeof(text), "Content-Length: %zu\r\n", strlen(row[i].body));
		DYT_TRUE(strstr(answer, text) != NULL);
	}
	say(fd, "GET / HTTP/1.1\r\n" H "\r\n");
	DYT_TRUE(hear(fd, "\r\n\r\nindex.html", answer, sizeof(answer)));
	char *etag = strstr(answer, "ETag: ") + 6;
	*strchr(etag, '\r') = '\0';
	(void)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" H "If-None-Match: %s\r\n\r\n",
	               etag);
	say(fd, text);
	DYT_TRUE(hear(fd, "\r\n\r\n", answer, sizeof(answer)));
	DYT_TRUE(strstr(answer, " 304 ") != NULL && strstr(answer, "Content-Length") == NULL);
	(void)close(fd);
	stop();
	web_remove();
}

DYT(a_folder_that_is_not_there_says_so)
{
	struct dy_err err = { 0 };
	struct dy_files *files;

	DYT_INT(dy_files_open("no-such-folder", &files, &err), DY_E_IO);
	DYT_TRUE(strstr(err.text, "no-such-folder") != NULL);
	dy_files_free(NULL);
}

NET_MAIN(DYT_TEST(files_are_served_as_their_names_and_the_client_ask),
         DYT_TEST(a_folder_that_is_not_there_says_so))
