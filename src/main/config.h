/* Settings of the server: one table makes the parser, the help, the sample file and docs/ops/config.md.
 *
 * Precedence, lowest first: default, configuration file, environment (DANYUAN_PUBLIC_URL), option (--public-url).
 * Ownership: texts live in the arena given to dy_config_load(). Threads: the main thread, before others start.
 * Errors: an unknown key, a value out of bounds: DY_E_INPUT that names file, line and key. */
#ifndef DY_MAIN_CONFIG_H
#define DY_MAIN_CONFIG_H

#include "base/arena.h"
#include "cli.h"

#include <stdint.h>

#define DY_CONFIG_KEYS 13

struct dy_config {
	const char *data, *listen, *web, *public_url, *proxies, *metrics_from, *log_level;
	int64_t loops, password_threads, connections_max, per_client_max, queue_max;
	bool unlimited;
};

/* Options for a dy_cli, one for each key, and where their values go; both must outlive the parsing. */
struct dy_config_options {
	struct dy_option options[DY_CONFIG_KEYS + 1]; /* and --config */
	const char *values[DY_CONFIG_KEYS];
	bool switches[DY_CONFIG_KEYS];
	const char *file; /* --config */
};
void dy_config_options(struct dy_config_options *out);

/* file: --config, or danyuan.ini in the data folder where there is one. */
enum dy_code dy_config_load(struct dy_arena *arena, const struct dy_config_options *given,
                            struct dy_config *out, struct dy_err *err) DY_NODISCARD;

/* The sample file, with every key, its default and what it means. */
void dy_config_print_sample(void);

#endif
