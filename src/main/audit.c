/* danyuan audit verify: recomputes the hash chain of every community's history. */
#include "cli.h"
#include "commands.h"
#include "data.h"
#include "each.h"

#include "store/event.h"
#include "store/place.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

#define ARENA_MAX ((size_t)4 << 20)

struct audit {
	int64_t communities, events;
	bool is_broken;
};

static enum dy_code
verify_one(void *ctx, struct dy_reader *reader, struct dy_id community, struct dy_err *err)
{
	struct audit *total = ctx;
	DY_CLEANUP(dy_rtx_end) struct dy_rtx *tx = NULL;
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct dy_event_audit audit;
	struct dy_community c;

	DY_TRY(dy_rtx_begin(reader, community, &tx, err));
	DY_TRY(dy_community_get(tx, arena, &c, err));
	DY_TRY(dy_event_verify(tx, &audit, err));
	total->communities++;
	total->events += audit.checked;
	if (audit.first_bad == 0) {
		(void)printf("%.*s (%.*s): %lld events, the chain holds\n", DY_FMT(c.name),
		             DY_FMT(c.division_code), (long long)audit.checked);
		return DY_OK;
	}
	total->is_broken = true;
	(void)printf("%.*s (%.*s): BROKEN at event %lld: %s\n", DY_FMT(c.name),
	             DY_FMT(c.division_code), (long long)audit.first_bad, audit.reason);
	return DY_OK;
}

static enum dy_code
audit_run(struct dy_arena *arena, const char *dir, struct audit *total, struct dy_err *err)
{
	struct dy_store *store = NULL;
	struct dy_data data;

	DY_TRY(dy_data_open(arena, dir, DY_DATA_READ, &data, err));
	struct dy_store_options options = { .path = data.database, .read_only = true };
	enum dy_code rc = dy_store_open(&options, &store, err);
	if (rc == DY_OK)
		rc = dy_each_community(store, verify_one, total, err);
	dy_store_close(store);
	dy_data_close(&data);
	return rc;
}

int
dy_cmd_audit(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct audit total = { 0 };
	struct dy_err err = { 0 };
	const char *dir = NULL;
	const struct dy_option options[] = {
		{ "data", "DIR", "folder with the community's data", &dir, NULL, true, false },
	};
	const struct dy_cli cli = {
		.name = "audit verify",
		.summary = "prove that the history is whole",
		.details =
			"Every event carries a hash over itself and the event before: a changed, "
			"missing or\ninserted one breaks the chain. Works while the server runs. "
			"Exit status 1: broken.\n",
		.options = options,
		.n_options = DY_COUNT(options)
	};
	int status;

	if (argc > 1 && strcmp(argv[1], "verify") == 0) {
		argc--;
		argv++;
	} else if (argc < 2 || strcmp(argv[1], "--help") != 0) {
		(void)fprintf(stderr, "danyuan audit: say danyuan audit verify --data DIR\n");
		return DY_EXIT_USAGE;
	}
	if (!dy_cli_parse(&cli, argc, argv, &status))
		return status;
	if (audit_run(arena, dir, &total, &err) != DY_OK)
		return dy_cli_fail(&cli, &err);
	(void)printf("%lld communities, %lld events: %s\n", (long long)total.communities,
	             (long long)total.events, total.is_broken ? "NOT WHOLE" : "whole");
	return total.is_broken ? DY_EXIT_FAILED : DY_EXIT_OK;
}
