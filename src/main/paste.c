/* danyuan paste: reads group chat from a file or stdin and prints what it proposes. Changes nothing. */
#include "cli.h"
#include "commands.h"
#include "data.h"

#include "app/paste.h"
#include "base/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)128 << 20)
#define JSON_MAX  ((size_t)16 << 20)

struct paste_command {
	const char *dir;
	bool json;
	struct dy_arena *arena;
	struct dy_paste paste;
	struct dy_paste_plan plan;
	bool has_plan; /* doors and requests were looked up */
};

static enum dy_code
text_read(struct dy_arena *arena, const char *path, struct dy_str *out, struct dy_err *err)
{
	char *text = dy_arena_alloc(arena, DY_PASTE_BYTES_MAX + 2);
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *f = is_stdin ? stdin : fopen(path, "rbe");

	if (f == NULL)
		return dy_raise(err, DY_E_INPUT, "FILE", "cannot read %.100s: %s", path,
		                strerror(errno));
	/* one byte more than may be, so that too much is noticed */
	size_t n = fread(text, 1, DY_PASTE_BYTES_MAX + 1, f);
	bool failed = ferror(f) != 0;
	if (!is_stdin)
		(void)fclose(f);
	if (failed)
		return dy_raise(err, DY_E_IO, "FILE", "cannot read %.100s", path);
	*out = (struct dy_str){ text, n };
	return DY_OK;
}

static enum dy_code
look_up(struct paste_command *c, struct dy_str text, struct dy_err *err)
{
	struct dy_store *store = NULL;
	struct dy_reader *reader = NULL;
	struct dy_rtx *tx = NULL;
	struct dy_community community;
	struct dy_id none = { 0 };
	struct dy_data data;

	DY_TRY(dy_data_open(c->arena, c->dir, DY_DATA_READ, &data, err));
	struct dy_store_options options = { .path = data.database, .read_only = true };
	enum dy_code rc = dy_store_open(&options, &store, err);
	if (rc == DY_OK)
		rc = dy_reader_open(store, &reader, err);
	if (rc == DY_OK)
		rc = dy_rtx_begin(reader, none, &tx, err);
	if (rc == DY_OK)
		rc = dy_community_only(tx, c->arena, &community, err);
	dy_rtx_end(&tx);
	if (rc == DY_OK)
		rc = dy_rtx_begin(reader, community.id, &tx, err);
	if (rc == DY_OK)
		rc = dy_app_paste(tx, c->arena, NULL, dy_time_now(), text, &c->plan, err);
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dy_store_close(store);
	dy_data_close(&data);
	c->has_plan = rc == DY_OK;
	c->paste = c->plan.paste;
	return rc;
}

static const char *
number_text(struct dy_arena *arena, const struct dy_request *r)
{
	struct dy_civil civil;
	struct dy_day day = { (int32_t)r->day };

	dy_civil_of(dy_zone_default(), dy_day_start(dy_zone_default(), day), &civil);
	return dy_arena_printf(arena, "%02d%02d-%03lld", civil.month, civil.day,
	                       (long long)r->day_number);
}

static void
row_print(struct paste_command *c, size_t i)
{
	const struct dy_paste_proposal *p = &c->paste.items[i];
	struct dy_str door = dy_paste_door_text(c->arena, &p->door);
	const char *more = "";

	if (c->has_plan) {
		const struct dy_paste_row *row = &c->plan.rows[i];
		if (row->is_registered || row->likeness != DY_LIKE_NONE)
			more = dy_arena_printf(c->arena, "  %s %s",
			                       row->is_registered ? "registered" : "like",
			                       number_text(c->arena, &row->known));
		else if (row->door_state != DY_PASTE_DOOR_ONE)
			more = dy_arena_printf(c->arena, "  door %s",
			                       dy_paste_door_state_name(row->door_state));
	}
	if (p->same_as > 0)
		more = dy_arena_printf(c->arena, "%s  again: line %zu", more,
		                       c->paste.items[p->same_as - 1].line);
	else if (p->shared_as > 0)
		more = dy_arena_printf(c->arena, "%s  shared: line %zu", more,
		                       c->paste.items[p->shared_as - 1].line);
	(void)printf("%4zu  %-10.*s %s%c %3d %%  %.*s%s\n", p->line, DY_FMT(door), p->category,
	             p->urgent ? '!' : ' ', p->confidence, DY_FMT(p->text), more);
}

static void
optional_write(struct dy_jw *w, const char *name, struct dy_str text)
{
	dy_jw_key(w, name);
	if (text.len > 0)
		dy_jw_str(w, text);
	else
		dy_jw_null(w);
}

static void
line_write(struct dy_jw *w, const char *name, const struct dy_paste *paste, size_t index)
{
	dy_jw_key(w, name);
	if (index > 0)
		dy_jw_int(w, (int64_t)paste->items[index - 1].line);
	else
		dy_jw_null(w);
}

static void
found_write(struct paste_command *c, struct dy_jw *w, size_t i)
{
	const struct dy_paste_row *row = &c->plan.rows[i];
	bool known = row->is_registered || row->likeness != DY_LIKE_NONE;

	dy_jw_kcstr(w, "door_state", dy_paste_door_state_name(row->door_state));
	dy_jw_key(w, "door_choices");
	dy_jw_arr(w);
	for (size_t k = 0; k < row->doors.count && k < DY_PASTE_MATCHES_MAX; k++) {
		const struct dy_paste_place *place = row->doors.items[k];
		struct dy_address a = { place->building, place->stair, place->door };
		dy_jw_str(w, dy_paste_door_text(c->arena, &a));
	}
	dy_jw_arr_end(w);
	dy_jw_kcstr(w, "known", known ? number_text(c->arena, &row->known) : NULL);
	dy_jw_kbool(w, "registered", row->is_registered);
	dy_jw_kcstr(w, "key", row->key);
}

static void
item_write(struct paste_command *c, struct dy_jw *w, size_t i)
{
	const struct dy_paste_proposal *p = &c->paste.items[i];

	dy_jw_obj(w);
	dy_jw_kint(w, "line", (int64_t)p->line);
	dy_jw_key(w, "lines");
	dy_jw_arr(w);
	for (size_t k = 0; k < p->n_lines; k++)
		dy_jw_int(w, (int64_t)p->lines[k]);
	dy_jw_arr_end(w);
	dy_jw_kstr(w, "sender", p->sender);
	optional_write(w, "door", dy_paste_door_text(c->arena, &p->door));
	dy_jw_kcstr(w, "door_from", dy_paste_door_from_name(p->door_from));
	optional_write(w, "estate", p->estate);
	dy_jw_kcstr(w, "category", p->category);
	dy_jw_kcstr(w, "second", p->second);
	dy_jw_kbool(w, "urgent", p->urgent);
	dy_jw_kint(w, "confidence", p->confidence);
	dy_jw_kstr(w, "text", p->text);
	optional_write(w, "on_behalf", p->on_behalf);
	optional_write(w, "contact", p->contact);
	line_write(w, "same_as_line", &c->paste, p->same_as);
	line_write(w, "shared_as_line", &c->paste, p->shared_as);
	if (c->has_plan)
		found_write(c, w, i);
	dy_jw_obj_end(w);
}

static void
json_print(struct paste_command *c)
{
	struct dy_strbuf sb;
	struct dy_jw w;

	dy_strbuf_init(&sb, JSON_MAX);
	dy_jw_init(&w, &sb);
	dy_jw_obj(&w);
	dy_jw_kint(&w, "lines", (int64_t)c->paste.lines);
	dy_jw_kint(&w, "messages", (int64_t)c->paste.messages);
	dy_jw_kint(&w, "dropped", (int64_t)c->paste.dropped);
	dy_jw_key(&w, "items");
	dy_jw_arr(&w);
	for (size_t i = 0; i < c->paste.count; i++)
		item_write(c, &w, i);
	dy_jw_arr_end(&w);
	dy_jw_obj_end(&w);
	(void)printf("%.*s\n", (int)sb.len, sb.ptr);
	dy_strbuf_release(&sb);
}

int
dy_cmd_paste(int argc, char **argv)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(ARENA_MAX);
	struct paste_command c = { .arena = arena };
	struct dy_err err = { 0 };
	struct dy_str text;
	const struct dy_option options[] = {
		{ "data", "DIR", "resolve doors and known requests with this community", &c.dir,
		  NULL, false, false },
		{ "json", NULL, "print JSON instead of a table", NULL, &c.json, false, false },
	};
	const struct dy_cli cli = { .name = "paste",
		                    .summary = "read group chat: which requests are in it (danyuan "
		                               "paste [OPTIONS] FILE|-)",
		                    .details = "Reads at most 64 KiB of copied chat or a numbered "
		                               "chain, UTF-8, from FILE or, "
		                               "with -, from\nstdin. Prints line, door, category, "
		                               "! for urgent, how sure it is, "
		                               "and the words. Changes\nnothing. With --data it "
		                               "works beside a running server.\n",
		                    .options = options,
		                    .n_options = DY_COUNT(options) };
	int status;
	const char *file = argc > 1 ? argv[argc - 1] : NULL;

	if (file == NULL || (file[0] == '-' && file[1] != '\0' && strcmp(file, "--help") != 0)) {
		(void)fprintf(stderr, "danyuan paste: name the file last, or - for stdin; see "
		                      "danyuan paste --help\n");
		return DY_EXIT_USAGE;
	}
	if (strcmp(file, "--help") == 0)
		argc++;
	if (!dy_cli_parse(&cli, argc - 1, argv, &status))
		return status;
	enum dy_code rc = text_read(arena, file, &text, &err);
	if (rc == DY_OK && c.dir != NULL)
		rc = look_up(&c, text, &err);
	else if (rc == DY_OK)
		rc = dy_paste_read(arena, text, &c.paste, &err);
	if (rc != DY_OK)
		return dy_cli_fail(&cli, &err);
	if (c.json) {
		json_print(&c);
		return DY_EXIT_OK;
	}
	for (size_t i = 0; i < c.paste.count; i++)
		row_print(&c, i);
	(void)printf("%zu lines, %zu messages, %zu requests proposed\n", c.paste.lines,
	             c.paste.messages, c.paste.count);
	return DY_EXIT_OK;
}
