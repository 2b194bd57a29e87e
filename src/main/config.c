/* Settings: the table and what is made from it. */
#include "config.h"

#include "base/str.h"

#include <ctype.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { TEXT, NUMBER, SWITCH };

struct key {
	const char *name; /* as in the file; the option has hyphens */
	size_t offset;
	const char *preset;
	int64_t min, max;
	const char *arg, *doc;
	enum kind kind;
	bool hidden;
};

#define AT(member) offsetof(struct dy_config, member)

static const struct key KEYS[DY_CONFIG_KEYS] = {
	{ "data", AT(data), "", 0, 0, "DIR", "folder with the community's data", TEXT, false },
	{ "listen", AT(listen), "127.0.0.1:8080", 0, 0, "HOST:PORT",
	  "address to serve on; port 0 picks a free one", TEXT, false },
	{ "web", AT(web), "", 0, 0, "DIR",
	  "folder of the built web app (default: web beside the program)", TEXT, false },
	{ "public_url", AT(public_url), "", 0, 0, "URL",
	  "address people use, for posters (default: as the browser asks)", TEXT, false },
	{ "proxies", AT(proxies), "", 0, 0, "LIST",
	  "addresses, by comma, whose X-Forwarded-For is believed", TEXT, false },
	{ "metrics_from", AT(metrics_from), "", 0, 0, "LIST",
	  "addresses, by comma, that may read /metrics besides this machine; * for all", TEXT,
	  false },
	{ "log_level", AT(log_level), "info", 0, 0, "LEVEL", "debug, info, warn or error", TEXT,
	  false },
	{ "loops", AT(loops), "0", 0, 64, "N", "serving threads (0: one for each core)", NUMBER,
	  false },
	{ "password_threads", AT(password_threads), "2", 1, 8, "N",
	  "threads that check passwords, each 64 MiB while it works", NUMBER, false },
	{ "connections_max", AT(connections_max), "0", 0, 1000000, "N",
	  "open connections (0: what the system permits)", NUMBER, false },
	{ "per_client_max", AT(per_client_max), "256", 1, 1000000, "N",
	  "open connections of one address", NUMBER, false },
	{ "queue_max", AT(queue_max), "8192", 1, 65536, "N",
	  "writes that may wait; more are answered 503 at once", NUMBER, false },
	{ "unlimited", AT(unlimited), "no", 0, 0, NULL, "no rate limits: for load tests only",
	  SWITCH, true },
};

static void
option_name(const char *key, char *out, size_t cap)
{
	(void)snprintf(out, cap, "%s", key);
	for (char *c = out; *c != '\0'; c++) {
		if (*c == '_')
			*c = '-';
	}
}

void
dy_config_options(struct dy_config_options *out)
{
	static char names[DY_CONFIG_KEYS][32];

	*out = (struct dy_config_options){ 0 };
	for (size_t i = 0; i < DY_CONFIG_KEYS; i++) {
		option_name(KEYS[i].name, names[i], sizeof(names[i]));
		out->options[i] = (struct dy_option){
			.name = names[i],
			.arg = KEYS[i].arg,
			.doc = KEYS[i].doc,
			.value = &out->values[i],
			.is_set = &out->switches[i],
			.hidden = KEYS[i].hidden,
		};
	}
	out->options[DY_CONFIG_KEYS] = (struct dy_option){
		.name = "config",
		.arg = "FILE",
		.doc = "settings (default: danyuan.ini in the data folder)",
		.value = &out->file,
	};
}

/* where: "danyuan.ini:3", "DANYUAN_LOOPS", "--loops" */
static enum dy_code
set(struct dy_arena *arena, struct dy_config *config, const struct key *key, const char *value,
    const char *where, struct dy_err *err)
{
	void *at = (char *)config + key->offset;
	int64_t n;

	switch (key->kind) {
	case TEXT: *(const char **)at = dy_arena_dup(arena, value, strlen(value)); return DY_OK;
	case NUMBER:
		if (!dy_str_to_i64(dy_str_from(value), &n) || n < key->min || n > key->max)
			return dy_raise(err, DY_E_INPUT, where,
			                "%s must be a whole number from %lld to %lld", key->name,
			                (long long)key->min, (long long)key->max);
		*(int64_t *)at = n;
		return DY_OK;
	case SWITCH:
		if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
			return dy_raise(err, DY_E_INPUT, where, "%s must be yes or no", key->name);
		*(bool *)at = strcmp(value, "yes") == 0;
		return DY_OK;
	}
	return DY_OK;
}

struct reading {
	struct dy_arena *arena;
	struct dy_config *config;
	const char *file;
	enum dy_code rc;
	struct dy_err *err;
};

/* inih's handler: 0 stops nothing, so the first fault is kept. */
static int
on_pair(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *r = ctx;

	if (r->rc != DY_OK)
		return 0;
	for (size_t i = 0; i < DY_CONFIG_KEYS && section[0] == '\0'; i++) {
		if (strcmp(KEYS[i].name, name) != 0 || strcmp(name, "data") == 0)
			continue;
		r->rc = set(r->arena, r->config, &KEYS[i], value, r->file, r->err);
		return r->rc == DY_OK;
	}
	r->rc = dy_raise(r->err, DY_E_INPUT, r->file,
	                 "there is no setting %.60s; `danyuan serve --help` lists them", name);
	return 0;
}

static enum dy_code
file_read(struct dy_arena *arena, const char *path, bool must_exist, struct dy_config *config,
          struct dy_err *err)
{
	const char *slash = strrchr(path, '/');
	struct reading r = { .arena = arena,
		             .config = config,
		             .file = slash != NULL ? slash + 1 : path,
		             .err = err };

	if (!must_exist && access(path, F_OK) != 0)
		return DY_OK;
	int line = ini_parse(path, on_pair, &r);
	if (r.rc != DY_OK)
		return dy_raise(err, r.rc, dy_arena_printf(arena, "%s:%d", r.file, line), "%s",
		                dy_arena_dup(arena, err->text, strlen(err->text)));
	if (line < 0)
		return dy_raise(err, DY_E_INPUT, r.file, "cannot be read");
	if (line > 0)
		return dy_raise(err, DY_E_INPUT, r.file, "line %d is not `key = value`", line);
	return DY_OK;
}

static enum dy_code
environment_read(struct dy_arena *arena, struct dy_config *config, struct dy_err *err)
{
	for (size_t i = 0; i < DY_CONFIG_KEYS; i++) {
		char *name = dy_arena_printf(arena, "DANYUAN_%s", KEYS[i].name);
		for (char *c = name; *c != '\0'; c++)
			*c = (char)toupper((unsigned char)*c);
		const char *value = getenv(name);
		if (value != NULL)
			DY_TRY(set(arena, config, &KEYS[i], value, name, err));
	}
	return DY_OK;
}

static enum dy_code
options_read(struct dy_arena *arena, const struct dy_config_options *given,
             struct dy_config *config, struct dy_err *err)
{
	for (size_t i = 0; i < DY_CONFIG_KEYS; i++) {
		const char *value = given->switches[i] ? "yes" : given->values[i];
		if (value != NULL)
			DY_TRY(set(arena, config, &KEYS[i], value, given->options[i].name, err));
	}
	return DY_OK;
}

enum dy_code
dy_config_load(struct dy_arena *arena, const struct dy_config_options *given, struct dy_config *out,
               struct dy_err *err)
{
	struct dy_config config = { 0 };
	struct dy_config place = { 0 };

	for (size_t i = 0; i < DY_CONFIG_KEYS; i++)
		DY_TRY(set(arena, &config, &KEYS[i], KEYS[i].preset, "", err));
	/* the data folder says where the file is: environment and options first, once */
	place = config;
	DY_TRY(environment_read(arena, &place, err));
	DY_TRY(options_read(arena, given, &place, err));
	if (place.data[0] == '\0')
		return dy_raise(err, DY_E_INPUT, "data", "say which folder: --data DIR");
	if (given->file != NULL)
		DY_TRY(file_read(arena, given->file, true, &config, err));
	else
		DY_TRY(file_read(arena, dy_arena_printf(arena, "%s/danyuan.ini", place.data), false,
		                 &config, err));
	DY_TRY(environment_read(arena, &config, err));
	DY_TRY(options_read(arena, given, &config, err));
	*out = config;
	return DY_OK;
}

void
dy_config_print_sample(void)
{
	(void)printf("# Settings of danyuan serve. Every line shows the default.\n");
	for (size_t i = 0; i < DY_CONFIG_KEYS; i++) {
		if (!KEYS[i].hidden && strcmp(KEYS[i].name, "data") != 0)
			(void)printf("\n; %s\n;%s = %s\n", KEYS[i].doc, KEYS[i].name,
			             KEYS[i].preset);
	}
}
