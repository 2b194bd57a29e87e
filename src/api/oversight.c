/* Oversight within one community: the three rates (三率) by unit and grid, cover of the teams, what is overdue; the requests behind a
 * figure and their chain of acts, without names and texts; the same as a table to take along. */
#include "import_files.h"
#include "routes.h"

#include "store/oversight.h"

#include <string.h>

#define DAYS_DEFAULT 7
#define DAYS_MAX     400
#define CASES_MAX    500
#define TABLE_MAX    262144

/* Figures of a unit, a grid or everything. */
struct figures {
	struct dy_rates r;
	int64_t units, households, required, missing;
};

static enum dy_code
day_read(struct dy_q *q, const char *name, struct dy_day usual, struct dy_day *out)
{
	struct dy_str text;

	*out = usual;
	if (!dy_q_query(q, name, &text) || text.len == 0)
		return DY_OK;
	return dy_day_decode(text, dy_arena_printf(q->arena, "/%s", name), out, &q->err);
}

static enum dy_code
period_read(struct dy_q *q, struct dy_period *out, struct dy_day *first, struct dy_day *last)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_day today = dy_day_of(zone, q->now);

	DY_TRY(day_read(q, "to", today, last));
	DY_TRY(day_read(q, "from", (struct dy_day){ last->n - DAYS_DEFAULT + 1 }, first));
	if (first->n > last->n || last->n - first->n >= DAYS_MAX)
		return dy_raise(&q->err, DY_E_INPUT, "/from", "must be at most %d days before `to`",
		                DAYS_MAX);
	*out = (struct dy_period){ dy_day_start(zone, *first),
		                   dy_day_start(zone, (struct dy_day){ last->n + 1 }), q->now };
	return DY_OK;
}

static void
add(struct figures *to, const struct figures *f)
{
	to->units += f->units;
	to->households += f->households;
	to->required += f->required;
	to->missing += f->missing;
	to->r.requests += f->r.requests;
	to->r.responded += f->r.responded;
	to->r.responded_of += f->r.responded_of;
	to->r.solved += f->r.solved;
	to->r.solved_of += f->r.solved_of;
	to->r.satisfied += f->r.satisfied;
	to->r.satisfied_of += f->r.satisfied_of;
	to->r.reopened += f->r.reopened;
	to->r.open += f->r.open;
	to->r.overdue += f->r.overdue;
}

/* How many of the team rule's places of a unit are empty. */
static void
cover_count(const struct dy_team_rule *rule, const struct dy_post_list *posts, struct dy_id unit,
            struct figures *f)
{
	for (size_t i = 0; i < rule->count; i++) {
		int64_t members = 0, deputies = 0;
		for (size_t k = 0; k < posts->count; k++) {
			const struct dy_post *p = &posts->items[k];
			if (p->scope.kind != DY_SCOPE_UNIT || !dy_id_eq(p->scope.scope, unit) ||
			    p->scope.role != rule->needs[i].role)
				continue;
			members += !p->is_deputy;
			deputies += p->is_deputy;
		}
		f->required += rule->needs[i].min + rule->needs[i].deputy;
		f->missing += dy_team_missing(&rule->needs[i], members, deputies);
	}
}

struct overview {
	struct dy_unit_list units; /* those of the actor's scope */
	struct figures *figures;   /* by unit */
	struct dy_day first, last;
};

static enum dy_code
overview_read(struct dy_q *q, struct overview *o)
{
	struct dy_rates_list rates;
	struct dy_team_rule rule;
	struct dy_post_list posts;
	struct dy_unit_list all;
	struct dy_period period;

	DY_TRY(period_read(q, &period, &o->first, &o->last));
	DY_TRY(dy_unit_list(q->tx, q->arena, q->now, &all, &q->err));
	DY_TRY(dy_team_rule_get(q->tx, q->arena, &rule, &q->err));
	DY_TRY(dy_post_list_all(q->tx, q->arena, q->now, &posts, &q->err));
	DY_TRY(dy_rates_list(q->tx, q->arena, &period, &rates, &q->err));
	o->units =
		(struct dy_unit_list){ .items = DY_NEW_ARRAY(q->arena, all.count, struct dy_unit) };
	o->figures = DY_NEW_ARRAY(q->arena, all.count, struct figures);
	for (size_t i = 0; i < all.count; i++) {
		const struct dy_unit *u = &all.items[i];
		if (!dy_actor_has_at(&q->actor, DY_CAP_OVERSIGHT, u->grid, u->id))
			continue;
		struct figures *f = &o->figures[o->units.count];
		o->units.items[o->units.count++] = *u;
		f->units = 1;
		f->households = u->households;
		for (size_t k = 0; k < rates.count; k++) {
			if (dy_id_eq(rates.items[k].unit, u->id))
				f->r = rates.items[k];
		}
		cover_count(&rule, &posts, u->id, f);
	}
	return DY_OK;
}

static void
rate_write(struct dy_jw *w, const char *name, int64_t n, int64_t of)
{
	dy_jw_key(w, name);
	dy_jw_obj(w);
	dy_jw_kint(w, "n", n);
	dy_jw_kint(w, "of", of);
	dy_jw_obj_end(w);
}

static void
figures_write(struct dy_jw *w, const struct figures *f)
{
	dy_jw_kint(w, "units", f->units);
	dy_jw_kint(w, "households", f->households);
	dy_jw_kint(w, "requests", f->r.requests);
	rate_write(w, "responded", f->r.responded, f->r.responded_of);
	rate_write(w, "solved", f->r.solved, f->r.solved_of);
	rate_write(w, "satisfied", f->r.satisfied, f->r.satisfied_of);
	rate_write(w, "covered", f->required - f->missing, f->required);
	dy_jw_kint(w, "reopened", f->r.reopened);
	dy_jw_kint(w, "open", f->r.open);
	dy_jw_kint(w, "overdue", f->r.overdue);
}

static void
day_write(struct dy_jw *w, const char *name, struct dy_day day)
{
	char text[16];
	size_t n = dy_day_encode(day, text, sizeof(text));

	dy_jw_kstr(w, name, (struct dy_str){ text, n });
}

static void
units_write(struct dy_q *q, const struct overview *o)
{
	struct dy_jw *w = &q->w;

	dy_jw_key(w, "units");
	dy_jw_arr(w);
	for (size_t i = 0; i < o->units.count; i++) {
		const struct dy_unit *u = &o->units.items[i];
		dy_jw_obj(w);
		dy_jw_kid(w, "id", u->id);
		dy_jw_kstr(w, "name", u->name);
		dy_jw_kid(w, "grid_id", u->grid);
		dy_jw_kstr(w, "grid_name", u->grid_name);
		figures_write(w, &o->figures[i]);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

/* A grid's line: its units of the actor's scope. Written at the first of them. */
static void
grids_write(struct dy_q *q, const struct overview *o)
{
	struct dy_jw *w = &q->w;

	dy_jw_key(w, "grids");
	dy_jw_arr(w);
	for (size_t i = 0; i < o->units.count; i++) {
		const struct dy_unit *u = &o->units.items[i];
		struct figures sum = { 0 };
		bool is_first = true;
		for (size_t k = 0; k < o->units.count; k++) {
			if (!dy_id_eq(o->units.items[k].grid, u->grid))
				continue;
			is_first = is_first && k >= i;
			add(&sum, &o->figures[k]);
		}
		if (!is_first)
			continue;
		dy_jw_obj(w);
		dy_jw_kid(w, "id", u->grid);
		dy_jw_kstr(w, "name", u->grid_name);
		figures_write(w, &sum);
		dy_jw_obj_end(w);
	}
	dy_jw_arr_end(w);
}

static enum dy_code
get_oversight(struct dy_q *q)
{
	struct overview o = { 0 };
	struct figures total = { 0 };

	DY_TRY(overview_read(q, &o));
	for (size_t i = 0; i < o.units.count; i++)
		add(&total, &o.figures[i]);
	dy_jw_obj(&q->w);
	day_write(&q->w, "from", o.first);
	day_write(&q->w, "to", o.last);
	dy_jw_ktime(&q->w, "at", dy_zone_default(), q->now);
	dy_jw_key(&q->w, "total");
	dy_jw_obj(&q->w);
	figures_write(&q->w, &total);
	dy_jw_obj_end(&q->w);
	grids_write(q, &o);
	units_write(q, &o);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

/* The table */
static struct dy_str
number(struct dy_q *q, int64_t n)
{
	return dy_str_from(dy_arena_printf(q->arena, "%lld", (long long)n));
}

static struct dy_str
percent(struct dy_q *q, int64_t n, int64_t of)
{
	if (of == 0)
		return DY_STR("");
	return dy_str_from(dy_arena_printf(q->arena, "%.1f%%", 100.0 * (double)n / (double)of));
}

#define TABLE_COLUMNS 13

static struct dy_sheet_out_row
table_row(struct dy_q *q, struct dy_str grid, struct dy_str unit, const struct figures *f)
{
	struct dy_sheet_out_cell *c =
		DY_NEW_ARRAY(q->arena, TABLE_COLUMNS, struct dy_sheet_out_cell);
	const int64_t numbers[] = { f->households, f->r.requests };
	const int64_t more[] = { f->r.reopened, f->r.open, f->r.overdue, f->missing };
	size_t n = 0;

	c[n++].text = grid;
	c[n++].text = unit;
	for (size_t i = 0; i < DY_COUNT(numbers); i++)
		c[n++] = (struct dy_sheet_out_cell){ .text = number(q, numbers[i]),
			                             .is_number = true };
	c[n++].text = percent(q, f->r.responded, f->r.responded_of);
	c[n++].text = percent(q, f->r.solved, f->r.solved_of);
	c[n++].text = percent(q, f->r.satisfied, f->r.satisfied_of);
	c[n++].text = percent(q, f->required - f->missing, f->required);
	for (size_t i = 0; i < DY_COUNT(more); i++)
		c[n++] =
			(struct dy_sheet_out_cell){ .text = number(q, more[i]), .is_number = true };
	return (struct dy_sheet_out_row){ c, n };
}

static struct dy_sheet_out_row
head_row(struct dy_q *q)
{
	static const char *const HEADS[][2] = {
		{ "网格", "Grid" },        { "最小单元", "Unit" },      { "户数", "Households" },
		{ "诉求数", "Requests" },  { "响应率", "Responded" },   { "解决率", "Solved" },
		{ "满意率", "Satisfied" }, { "队伍到位率", "Covered" }, { "重开", "Reopened" },
		{ "在办", "Open" },        { "超时", "Overdue" },       { "缺岗", "Vacancies" },
	};
	struct dy_sheet_out_cell *c =
		DY_NEW_ARRAY(q->arena, TABLE_COLUMNS, struct dy_sheet_out_cell);

	for (size_t i = 0; i < DY_COUNT(HEADS); i++)
		c[i] = (struct dy_sheet_out_cell){
			.text = dy_str_from(HEADS[i][dy_q_speaks_chinese(q) ? 0 : 1]),
			.is_head = true,
		};
	return (struct dy_sheet_out_row){ c, DY_COUNT(HEADS) };
}

static enum dy_code
table_make(void *ctx, const char *path, const char *tmp_dir, struct dy_err *err)
{
	return dy_xlsx_write(path, tmp_dir, ctx, 1, err);
}

static enum dy_code
export_oversight(struct dy_q *q)
{
	struct overview o = { 0 };
	struct dy_str format, bytes;
	bool is_csv = dy_q_query(q, "format", &format) && dy_str_is(format, "csv");

	if (!is_csv && (!dy_q_query(q, "format", &format) || !dy_str_is(format, "xlsx")))
		return dy_raise(&q->err, DY_E_INPUT, "/format", "must be csv or xlsx");
	DY_TRY(overview_read(q, &o));
	struct dy_sheet_out_row *rows =
		DY_NEW_ARRAY(q->arena, o.units.count + 1, struct dy_sheet_out_row);
	rows[0] = head_row(q);
	for (size_t i = 0; i < o.units.count; i++)
		rows[i + 1] = table_row(q, o.units.items[i].grid_name, o.units.items[i].name,
		                        &o.figures[i]);
	struct dy_sheet_out sheet = {
		.name = "danyuan", .rows = rows, .n_rows = o.units.count + 1, .frozen = 1
	};
	dy_q_header(q, "Content-Disposition",
	            dy_str_from(dy_arena_printf(q->arena, "attachment; filename=\"oversight.%s\"",
	                                        is_csv ? "csv" : "xlsx")));
	dy_strbuf_reset(&q->body);
	if (is_csv) {
		q->type = "text/csv; charset=utf-8";
		dy_csv_write(&q->body, &sheet);
		return DY_OK;
	}
	q->type = DY_XLSX_TYPE;
	DY_TRY(dy_import_made_read(q->api, q->arena, table_make, &sheet, &bytes, &q->err));
	dy_strbuf_addstr(&q->body, bytes);
	return DY_OK;
}

/* Behind a figure */
static void
case_write(struct dy_q *q, const struct dy_case *c)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_civil civil;
	struct dy_jw *w = &q->w;

	dy_civil_of(zone, dy_day_start(zone, (struct dy_day){ (int32_t)c->day }), &civil);
	dy_jw_kid(w, "id", c->id);
	dy_jw_kcstr(w, "number",
	            dy_arena_printf(q->arena, "%02d%02d-%03lld", civil.month, civil.day,
	                            (long long)c->day_number));
	dy_jw_kid(w, "unit_id", c->unit);
	dy_jw_kstr(w, "category", c->category);
	dy_jw_kstr(w, "state", c->state);
	dy_jw_kbool(w, "reopened", c->reopened != 0);
	dy_jw_kint(w, "rating", c->rating);
	dy_jw_ktime(w, "created_at", zone, c->created_at);
	dy_jw_ktime(w, "responded_at", zone, c->responded_at);
	dy_jw_ktime(w, "respond_due_at", zone, c->respond_due_at);
	dy_jw_ktime(w, "done_at", zone, c->done_at);
	dy_jw_ktime(w, "close_due_at", zone, c->close_due_at);
}

static enum dy_code
list_oversight_requests(struct dy_q *q)
{
	static const char *const WHICH[DY_WHICHES] = { "all", "late", "unsolved", "unsatisfied",
		                                       "overdue" };
	struct dy_case_list list;
	struct dy_period period;
	struct dy_day first, last;
	struct dy_id unit;
	struct dy_str text;
	int which = DY_WHICH_ALL;

	DY_TRY(period_read(q, &period, &first, &last));
	DY_TRY(dy_q_query_id(q, "unit", &unit));
	if (dy_q_query(q, "which", &text)) {
		for (which = 0; which < DY_WHICHES && !dy_str_is(text, WHICH[which]); which++) {}
		if (which == DY_WHICHES)
			return dy_raise(&q->err, DY_E_INPUT, "/which",
			                "must be all, late, unsolved, unsatisfied or overdue");
	}
	DY_TRY(dy_case_list(q->tx, q->arena, &period, unit, (enum dy_which)which, CASES_MAX, &list,
	                    &q->err));
	dy_jw_obj(&q->w);
	dy_jw_key(&q->w, "items");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < list.count; i++) {
		const struct dy_case *c = &list.items[i];
		if (!dy_actor_has_at(&q->actor, DY_CAP_OVERSIGHT, c->grid, c->unit))
			continue;
		dy_jw_obj(&q->w);
		case_write(q, c);
		dy_jw_obj_end(&q->w);
	}
	dy_list_end(q);
	return DY_OK;
}

static enum dy_code
get_oversight_request(struct dy_q *q)
{
	struct dy_case_act_list acts;
	struct dy_case c;
	struct dy_id id;

	DY_TRY(dy_q_param_id(q, 0, &id));
	DY_TRY(dy_case_get(q->tx, q->arena, id, &c, &q->err));
	if (!dy_actor_has_at(&q->actor, DY_CAP_OVERSIGHT, c.grid, c.unit))
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "no such request");
	DY_TRY(dy_case_acts(q->tx, q->arena, id, &acts, &q->err));
	dy_jw_obj(&q->w);
	case_write(q, &c);
	dy_jw_key(&q->w, "acts");
	dy_jw_arr(&q->w);
	for (size_t i = 0; i < acts.count; i++) {
		dy_jw_obj(&q->w);
		dy_jw_ktime(&q->w, "at", dy_zone_default(), acts.items[i].at);
		dy_jw_kstr(&q->w, "act", acts.items[i].act);
		dy_jw_kstr(&q->w, "side", acts.items[i].side);
		dy_jw_kstr(&q->w, "from_state", acts.items[i].from_state);
		dy_jw_kstr(&q->w, "to_state", acts.items[i].to_state);
		dy_jw_obj_end(&q->w);
	}
	dy_jw_arr_end(&q->w);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

const struct dy_route dy_oversight_routes[] = {
	{ DY_GET, "/api/v1/oversight", .op = "getOversight", .cap = DY_CAP_OVERSIGHT,
	  .fn = get_oversight },
	{ DY_GET, "/api/v1/oversight/table", .op = "exportOversight", .cap = DY_CAP_OVERSIGHT,
	  .fn = export_oversight },
	{ DY_GET, "/api/v1/oversight/requests", .op = "listOversightRequests",
	  .cap = DY_CAP_OVERSIGHT, .fn = list_oversight_requests },
	{ DY_GET, "/api/v1/oversight/requests/{id}", .op = "getOversightRequest",
	  .cap = DY_CAP_OVERSIGHT, .fn = get_oversight_request },
};
const size_t dy_oversight_routes_n = DY_COUNT(dy_oversight_routes);
