/* danyuan import: what it can take in, and the commands around tables. */
#include "import_map.h"
#include "import_table.h"

#include "cli.h"
#include "commands.h"
#include "regions.h"

#include "app/import.h"

#include <stdio.h>
#include <string.h>

static int template(int argc, char **argv)
{
	const char *kind_name = NULL, *path = NULL;
	const struct dy_operand operands[] = {
		{ "KIND", "places, households, posts or volunteers", &kind_name },
		{ "OUT.xlsx", "the file to write", &path },
	};
	const struct dy_cli cli = { .name = "import template",
		                    .summary = "write an empty table with all columns explained",
		                    .operands = operands,
		                    .n_operands = DY_COUNT(operands) };
	struct dy_err err = { 0 };
	enum dy_import_kind kind;
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	if (!dy_import_kind_find(dy_str_from(kind_name), &kind)) {
		(void)dy_raise(&err, DY_E_INPUT, "KIND",
		               "must be places, households, posts or volunteers");
		return dy_cli_fail(&cli, &err);
	}
	if (dy_import_template(path, NULL, kind, &err) != DY_OK)
		return dy_cli_fail(&cli, &err);
	(void)printf("%s\n", path);
	return DY_EXIT_OK;
}

static int
help(void)
{
	(void)printf("danyuan import: take in spreadsheets and files of others\n\n"
	             "  danyuan import places|households|posts|volunteers FILE --data DIR\n"
	             "  danyuan import undo ID --data DIR\n"
	             "  danyuan import list --data DIR\n"
	             "  danyuan import template KIND OUT.xlsx\n"
	             "  danyuan import map FILE --out DIR\n"
	             "  danyuan import regions --data DIR --file PATH --prefix DIGITS\n\n"
	             "Each takes --help. Begin with places: households stand at doors.\n");
	return DY_EXIT_OK;
}

static int
say_what(void)
{
	(void)fprintf(stderr,
	              "danyuan import: say places, households, posts, volunteers, regions or map; "
	              "see danyuan import --help\n");
	return DY_EXIT_USAGE;
}

int
dy_cmd_import(int argc, char **argv)
{
	enum dy_import_kind kind;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return help();
	if (argc < 2)
		return say_what();
	if (strcmp(argv[1], "regions") == 0)
		return dy_import_regions(argc - 1, argv + 1);
	if (strcmp(argv[1], "map") == 0)
		return dy_import_map_command(argc - 1, argv + 1);
	if (strcmp(argv[1], "template") == 0)
		return template(argc - 1, argv + 1);
	if (strcmp(argv[1], "undo") == 0)
		return dy_import_undo_command(argc - 1, argv + 1);
	if (strcmp(argv[1], "list") == 0)
		return dy_import_list_command(argc - 1, argv + 1);
	if (dy_import_kind_find(dy_str_from(argv[1]), &kind))
		return dy_import_table_command(kind, argc - 1, argv + 1);
	return say_what();
}
