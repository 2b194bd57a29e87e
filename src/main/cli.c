/* The command line. */
#include "cli.h"

#include "base/str.h"

#include <stdio.h>
#include <string.h>

#define NAME_COLUMN 30 /* characters before an option's text in the help */

static void
print_option(const struct dy_option *o)
{
	int n = o->arg != NULL ? printf("  --%s %s", o->name, o->arg) : printf("  --%s", o->name);

	if (n >= NAME_COLUMN) {
		(void)printf("\n");
		n = 0;
	}
	(void)printf("%*s%s%s\n", NAME_COLUMN - n, "", o->doc, o->mandatory ? " (needed)" : "");
}

static void
print_help(const struct dy_cli *cli)
{
	(void)printf("danyuan %s: %s\n\n", cli->name, cli->summary);
	for (size_t i = 0; i < cli->n_operands; i++)
		(void)printf("  %-*s%s (needed)\n", NAME_COLUMN - 2, cli->operands[i].name,
		             cli->operands[i].doc);
	for (size_t i = 0; i < cli->n_options; i++) {
		if (!cli->options[i].hidden)
			print_option(&cli->options[i]);
	}
	(void)printf("%-*sthis text\n", NAME_COLUMN, "  --help");
	if (cli->details != NULL)
		(void)printf("\n%s", cli->details);
}

static int
usage(const struct dy_cli *cli, const char *what, const char *name)
{
	(void)fprintf(stderr, "danyuan %s: %s%s; see danyuan %s --help\n", cli->name, what, name,
	              cli->name);
	return DY_EXIT_USAGE;
}

static const struct dy_option *
option_find(const struct dy_cli *cli, struct dy_str name)
{
	for (size_t i = 0; i < cli->n_options; i++) {
		if (dy_str_is(name, cli->options[i].name))
			return &cli->options[i];
	}
	return NULL;
}

/* One option at argv[*i]; moves *i over a value that stands apart. */
static int
option_take(const struct dy_cli *cli, int argc, char **argv, int *i)
{
	char *word = argv[*i];
	char *equals = strchr(word, '=');
	struct dy_str name = dy_str_from(word + 2);

	if (equals != NULL)
		name.len = (size_t)(equals - word) - 2;
	const struct dy_option *o = option_find(cli, name);
	if (o == NULL)
		return usage(cli, "there is no option ", word);
	if (o->arg == NULL) {
		if (equals != NULL)
			return usage(cli, "no value belongs to --", o->name);
		*o->is_set = true;
		return DY_EXIT_OK;
	}
	if (equals == NULL && *i + 1 >= argc)
		return usage(cli, "a value is missing after ", word);
	*o->value = equals != NULL ? equals + 1 : argv[++*i];
	return DY_EXIT_OK;
}

/* A word that is no option: the next operand. */
static int
operand_take(const struct dy_cli *cli, const char *word, size_t *taken)
{
	if (*taken >= cli->n_operands)
		return usage(cli, "this is not an option: ", word);
	*cli->operands[(*taken)++].value = word;
	return DY_EXIT_OK;
}

bool
dy_cli_parse(const struct dy_cli *cli, int argc, char **argv, int *status)
{
	size_t taken = 0;

	*status = DY_EXIT_OK;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help(cli);
			return false;
		}
		*status = strncmp(argv[i], "--", 2) == 0 ? option_take(cli, argc, argv, &i)
		                                         : operand_take(cli, argv[i], &taken);
		if (*status != DY_EXIT_OK)
			return false;
	}
	if (taken < cli->n_operands) {
		*status = usage(cli, "needs ", cli->operands[taken].name);
		return false;
	}
	for (size_t i = 0; i < cli->n_options; i++) {
		const struct dy_option *o = &cli->options[i];
		if (o->mandatory && *o->value == NULL) {
			*status = usage(cli, "needs --", o->name);
			return false;
		}
	}
	return true;
}

int
dy_cli_fail(const struct dy_cli *cli, const struct dy_err *err)
{
	(void)fprintf(stderr, "danyuan %s: %s%s%s\n", cli->name, err->field,
	              err->field[0] != '\0' ? ": " : "", err->text);
	return err->code == DY_E_INPUT || err->code == DY_E_LIMIT ? DY_EXIT_USAGE : DY_EXIT_FAILED;
}

enum dy_code
dy_cli_int(const char *option, const char *text, long long min, long long max, long long *out,
           struct dy_err *err)
{
	int64_t n;

	if (!dy_str_to_i64(dy_str_from(text), &n) || n < min || n > max)
		return dy_raise(err, DY_E_INPUT, option, "must be a whole number from %lld to %lld",
		                min, max);
	*out = n;
	return DY_OK;
}
