/* The command line: options of one command, its help, its errors and exit status.
 *
 * Ownership: values point into argv. Threads: the main thread, before others start. */
#ifndef DY_MAIN_CLI_H
#define DY_MAIN_CLI_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum dy_exit {
	DY_EXIT_OK = 0,
	DY_EXIT_FAILED = 1, /* the command was understood and could not be done */
	DY_EXIT_USAGE = 2,  /* the command line or a file it names is wrong; nothing was changed */
};

struct dy_option {
	const char *name; /* "data": given as --data VALUE or --data=VALUE */
	const char *arg;  /* what stands for the value in the help, or NULL: a switch */
	const char *doc;
	const char **value; /* of an option with a value */
	bool *is_set;       /* of a switch */
	bool mandatory;
	bool hidden; /* not in the help: for benches and tests */
};

/* A value without a name: "danyuan import posts FILE". All of a command's are needed. */
struct dy_operand {
	const char *name, *doc;
	const char **value;
};

struct dy_cli {
	const char *name; /* "serve", "audit verify" */
	const char *summary;
	const char *details; /* more for the help, or NULL */
	const struct dy_option *options;
	size_t n_options;
	const struct dy_operand *operands; /* in their order; mostly none */
	size_t n_operands;
};

/* Reads argv[1..]. Returns true to go on; else *status is what to exit with: help was asked for and printed, or
 * something is wrong and was said on stderr. */
bool dy_cli_parse(const struct dy_cli *cli, int argc, char **argv, int *status);

/* Says the error on stderr, after the command's name; returns the exit status that goes with it. */
int dy_cli_fail(const struct dy_cli *cli, const struct dy_err *err);

/* A whole number within bounds, or an error that names the option. */
enum dy_code dy_cli_int(const char *option, const char *text, long long min, long long max,
                        long long *out, struct dy_err *err) DY_NODISCARD;

#endif
