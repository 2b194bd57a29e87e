/* danyuan COMMAND: finds the command and hands over. */
#include "cli.h"
#include "commands.h"

#include "base/crypto.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
	const char *name, *summary; /* summary NULL: for tools, not in the help */
	int (*run)(int argc, char **argv);
} COMMANDS[] = {
	{ "serve", "serve a community to browsers", dy_cmd_serve },
	{ "init", "make a community and its first secretary", dy_cmd_init },
	{ "demo", "make a sample community to look at", dy_cmd_demo },
	{ "import", "take in spreadsheets and files of others", dy_cmd_import },
	{ "audit", "prove that the history is whole: audit verify", dy_cmd_audit },
	{ "backup", "copy everything, also while the server runs", dy_cmd_backup },
	{ "doctor", "check database, key and pictures", dy_cmd_doctor },
	{ "paste", "read group chat: which requests are in it", dy_cmd_paste },
	{ "plan", "plan units and routes: plan zone, plan route", dy_cmd_plan },
	{ "settings", "print a settings file with every key explained", dy_cmd_settings },
	{ "routes", NULL, dy_cmd_routes },
};

static int
help(FILE *to, int status)
{
	(void)fprintf(to, "danyuan " DY_VERSION " 单元: a neighbourhood that governs itself\n\n"
	                  "danyuan COMMAND [--help]\n");
	for (size_t i = 0; i < DY_COUNT(COMMANDS); i++) {
		if (COMMANDS[i].summary != NULL)
			(void)fprintf(to, "  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
	}
	(void)fprintf(to, "\nFirst steps:  danyuan init --data DIR --code 12-DIGITS --name NAME "
	                  "--login LOGIN\n"
	                  "              danyuan serve --data DIR\n");
	return status;
}

int
main(int argc, char **argv)
{
	struct dy_err err;

	(void)umask(077);
	if (argc < 2)
		return help(stderr, DY_EXIT_USAGE);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return help(stdout, DY_EXIT_OK);
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("danyuan " DY_VERSION "\n");
		return DY_EXIT_OK;
	}
	if (dy_crypto_init(&err) != DY_OK) {
		(void)fprintf(stderr, "danyuan: %s\n", err.text);
		return DY_EXIT_FAILED;
	}
	for (size_t i = 0; i < DY_COUNT(COMMANDS); i++) {
		if (strcmp(COMMANDS[i].name, argv[1]) == 0)
			return COMMANDS[i].run(argc - 1, argv + 1);
	}
	(void)fprintf(stderr, "danyuan: there is no command \"%s\"\n\n", argv[1]);
	return help(stderr, DY_EXIT_USAGE);
}
