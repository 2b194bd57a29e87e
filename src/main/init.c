/* danyuan init: a community and its first secretary. No password is built in: it is given, typed or drawn. */
#include "cli.h"
#include "commands.h"
#include "data.h"
#include "secret.h"

#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)4 << 20)

struct init {
	const char *data, *code, *name, *phone, *login, *person, *password_file;
	struct dy_init_draft draft;
	struct dy_arena *arena;
	struct dy_data folder;
	struct dy_id community, account;
	char password[DY_PASSWORD_MAX * 4 + 2];
	bool is_drawn;
};

static enum dy_code
password_from_file(struct init *in, struct dy_err *err)
{
	int fd = open(in->password_file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, in->password, sizeof(in->password) - 1) : -1;

	if (fd >= 0)
		(void)close(fd);
	if (n < 0)
		return dy_raise(err, DY_E_INPUT, "password-file", "cannot read it: %s",
		                strerror(errno));
	in->password[n] = '\0';
	in->password[strcspn(in->password, "\r\n")] = '\0';
	return DY_OK;
}

/* Typed without echo; an empty line asks for a drawn one. */
static void
password_from_terminal(struct init *in)
{
	struct termios shown, hidden;

	(void)fprintf(stderr, "Password for %s (Enter: draw one): ", in->login);
	bool quiet = tcgetattr(STDIN_FILENO, &shown) == 0;
	if (quiet) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	if (fgets(in->password, sizeof(in->password), stdin) == NULL)
		in->password[0] = '\0';
	if (quiet)
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	(void)fprintf(stderr, "\n");
	in->password[strcspn(in->password, "\r\n")] = '\0';
}

static enum dy_code
password_find(struct init *in, struct dy_err *err)
{
	if (in->password_file != NULL)
		return password_from_file(in, err);
	if (isatty(STDIN_FILENO))
		password_from_terminal(in);
	if (in->password[0] == '\0') {
		dy_password_make(in->password);
		in->is_drawn = true;
	}
	return DY_OK;
}

static enum dy_code
init_write(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct init *in = ctx;
	struct dy_call call = { .writer = writer,
		                .arena = in->arena,
		                .key = &in->folder.key,
		                .now = dy_time_now(),
		                .err = err };
	return dy_app_init(&call, &in->draft, &in->community, &in->account);
}

static enum dy_code
init_run(struct init *in, struct dy_err *err)
{
	struct dy_store *store = NULL;

	DY_TRY(password_find(in, err));
	in->draft = (struct dy_init_draft){
		.division_code = dy_str_from(in->code),
		.name = dy_str_from(in->name),
		.phone = dy_str_from(in->phone),
		.login = dy_str_from(in->login),
		.password = dy_str_from(in->password),
		.person = dy_str_from(in->person != NULL ? in->person : in->login),
	};
	DY_TRY(dy_init_check(&in->draft, err)); /* before a folder is made */
	DY_TRY(dy_data_open(in->arena, in->data, DY_DATA_MAKE, &in->folder, err));
	struct dy_store_options options = { .path = in->folder.database };
	enum dy_code rc = dy_store_open(&options, &store, err);
	if (rc == DY_OK)
		rc = dy_store_run(store, init_write, in, err);
	dy_store_close(store);
	dy_data_close(&in->folder);
	return rc;
}

static void
init_tell(const struct init *in)
{
	char id[DY_ID_TEXT + 1];

	dy_id_encode(in->community, id);
	(void)printf("made the community %s (%s), id %s, in %s\n", in->name, in->code, id,
	             in->data);
	if (in->is_drawn)
		(void)printf("first secretary: login %s, password %s\n"
		             "Write the password down now: it is shown this once.\n",
		             in->login, in->password);
	else
		(void)printf("first secretary: login %s\n", in->login);
	(void)printf("next: danyuan serve --data %s\n", in->data);
}

int
dy_cmd_init(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct init in = { .arena = arena };
	struct dy_err err = { 0 };
	const struct dy_option options[] = {
		{ "data", "DIR", "folder to keep everything in, made when absent", &in.data, NULL,
		  true, false },
		{ "code", "DIGITS", "statistical code of the community, 12 digits", &in.code, NULL,
		  true, false },
		{ "name", "NAME", "name of the community", &in.name, NULL, true, false },
		{ "login", "LOGIN", "login of the first secretary", &in.login, NULL, true, false },
		{ "person", "NAME", "name of the first secretary (default: the login)", &in.person,
		  NULL, false, false },
		{ "phone", "NUMBER", "phone of the community office, for posters", &in.phone, NULL,
		  false, false },
		{ "password-file", "FILE",
		  "file with the password (default: asked for, or drawn at random)",
		  &in.password_file, NULL, false, false },
	};
	const struct dy_cli cli = { .name = "init",
		                    .summary = "make a community and its first secretary",
		                    .options = options,
		                    .n_options = DY_COUNT(options) };
	int status;

	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	if (init_run(&in, &err) != DY_OK)
		return dy_cli_fail(&cli, &err);
	init_tell(&in);
	return DY_EXIT_OK;
}
