/* danyuan serve: from settings to a running server, and its orderly end. */
#include "commands.h"
#include "config.h"
#include "data.h"
#include "timer.h"

#include "api/api.h"
#include "base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define ARENA_MAX     ((size_t)4 << 20)
#define STOP_GRACE_MS 10000
#define PROXIES_MAX   16

struct server {
	struct dy_arena *arena;
	struct dy_config config;
	struct dy_data data;
	struct dy_api *api;
	struct dy_store *store;
	struct dy_net *net;
	struct dy_timer *timer;
	const char *proxies[PROXIES_MAX + 1];
};

/* The built web app lies beside the program: build/danyuan and build/web, or bin/danyuan and share/danyuan/web. */
static const char *
web_find(struct dy_arena *arena)
{
	static const char *const places[] = { "web", "../share/danyuan/web" };
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	for (size_t i = 0; i < DY_COUNT(places); i++) {
		const char *index = dy_arena_printf(arena, "%s/%s/index.html", self, places[i]);
		if (access(index, R_OK) == 0)
			return dy_arena_printf(arena, "%s/%s", self, places[i]);
	}
	return NULL;
}

static enum dy_code
level_set(const char *name, struct dy_err *err)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	for (size_t i = 0; i < DY_COUNT(names); i++) {
		if (strcmp(names[i], name) == 0) {
			dy_log_set_level((enum dy_log_level)i);
			return DY_OK;
		}
	}
	return dy_raise(err, DY_E_INPUT, "log_level", "must be debug, info, warn or error");
}

static enum dy_code
proxies_split(struct server *s, struct dy_err *err)
{
	struct dy_str rest = dy_str_from(s->config.proxies);
	size_t n = 0;

	while (rest.len > 0) {
		struct dy_str one = dy_str_trim(dy_str_split(&rest, ','));
		if (one.len == 0)
			continue;
		if (n == PROXIES_MAX)
			return dy_raise(err, DY_E_LIMIT, "proxies", "at most %d proxies",
			                PROXIES_MAX);
		s->proxies[n++] = dy_str_z(s->arena, one);
	}
	return DY_OK;
}

/* As many connections as the system lets us have. */
static void
files_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static enum dy_code
api_start(struct server *s, struct dy_err *err)
{
	const char *web = s->config.web[0] != '\0' ? s->config.web : web_find(s->arena);
	struct dy_api_options options = {
		.data_dir = s->data.dir,
		.web_dir = web,
		.public_url = s->config.public_url,
		.metrics_from = s->config.metrics_from,
		.key = &s->data.key,
		.password_threads = (unsigned)s->config.password_threads,
		.unlimited = s->config.unlimited,
	};

	if (web == NULL)
		dy_log(DY_LOG_WARN, "no_web", "serving=api_only");
	return dy_api_open(&options, &s->api, err);
}

static enum dy_code
start(struct server *s, struct dy_err *err)
{
	struct dy_store_options store = { .must_exist = true };
	struct dy_net_options net = {
		.listen = s->config.listen,
		.loops = (unsigned)s->config.loops,
		.connections_max = (unsigned)s->config.connections_max,
		.per_client_max = (unsigned)s->config.per_client_max,
		.proxies = s->proxies,
	};

	DY_TRY(level_set(s->config.log_level, err));
	DY_TRY(proxies_split(s, err));
	DY_TRY(dy_data_open(s->arena, s->config.data, DY_DATA_WRITE, &s->data, err));
	files_raise();
	DY_TRY(api_start(s, err));
	store.path = s->data.database;
	store.queue_max = (unsigned)s->config.queue_max;
	dy_api_bind_store(s->api, &store);
	DY_TRY(dy_store_open(&store, &s->store, err));
	dy_api_bind_net(s->api, s->store, &net);
	DY_TRY(dy_net_start(&net, &s->net, err));
	DY_TRY(dy_timer_open(s->store, &s->timer, err));
	dy_api_ready(s->api, s->net);
	return DY_OK;
}

static void
stop(struct server *s)
{
	if (s->net != NULL) {
		dy_api_unready(s->api);
		dy_net_stop(s->net, STOP_GRACE_MS);
	}
	dy_timer_close(s->timer);
	dy_store_close(s->store);
	dy_api_close(s->api);
	dy_data_close(&s->data);
}

static void
announce(const struct server *s)
{
	const char *colon = strrchr(s->config.listen, ':');

	if (strncmp(s->config.listen, "unix:", 5) == 0 || colon == NULL)
		(void)printf("listening on %s\n", s->config.listen);
	else
		(void)printf("listening on http://%.*s:%u\n", (int)(colon - s->config.listen),
		             s->config.listen, dy_net_port(s->net));
	(void)fflush(stdout);
	dy_log(DY_LOG_INFO, "started", "version=%s loops=%u", DY_VERSION, dy_net_loops(s->net));
}

static void
run_until_told(struct server *s, const sigset_t *stops)
{
	const struct timespec tick = { .tv_sec = DY_TIMER_EVERY_MS / 1000 };

	for (;;) {
		int signal_number = sigtimedwait(stops, NULL, &tick);
		if (signal_number > 0)
			break;
		if (errno == EAGAIN)
			dy_timer_tick(s->timer);
	}
	dy_log(DY_LOG_INFO, "stopping", "grace_ms=%d", STOP_GRACE_MS);
}

int
dy_cmd_serve(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_config_options given;
	struct server s = { .arena = arena, .data.lock = -1 };
	struct dy_err err = { 0 };
	sigset_t stops;
	int status;

	dy_config_options(&given);
	const struct dy_cli cli = {
		.name = "serve",
		.summary = "serve a community to browsers",
		.details = "Each option is also a line of the settings file and an environment "
			   "variable:\n--public-url is `public_url = ...` and "
			   "DANYUAN_PUBLIC_URL. `danyuan settings` prints a file.\n"
			   "SIGTERM or Ctrl-C ends it within 10 seconds; nothing acknowledged "
			   "is lost.\n",
		.options = given.options,
		.n_options = DY_COUNT(given.options),
	};
	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	/* before any thread starts: all of them leave these signals to this one */
	(void)sigemptyset(&stops);
	(void)sigaddset(&stops, SIGTERM);
	(void)sigaddset(&stops, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &stops, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is a failed write, not an end */
	enum dy_code rc = dy_config_load(arena, &given, &s.config, &err);
	if (rc == DY_OK)
		rc = start(&s, &err);
	if (rc == DY_OK) {
		announce(&s);
		run_until_told(&s, &stops);
	}
	stop(&s);
	return rc == DY_OK ? DY_EXIT_OK : dy_cli_fail(&cli, &err);
}

int
dy_cmd_settings(int argc, char **argv)
{
	const struct dy_cli cli = { .name = "settings",
		                    .summary = "print a settings file with every key explained",
		                    .details = "Keep it as danyuan.ini in the data folder.\n" };
	int status;

	if (dy_cli_parse(&cli, argc, argv, &status))
		dy_config_print_sample();
	return status;
}

static void
say_line(void *ctx, const char *line)
{
	(void)ctx;
	(void)puts(line);
}

int
dy_cmd_routes(int argc, char **argv)
{
	const struct dy_cli cli = { .name = "routes", .summary = "print the route table" };
	int status;

	if (dy_cli_parse(&cli, argc, argv, &status))
		dy_api_print_routes(say_line, NULL);
	return status;
}
