/* The household register. */
#include "store/household.h"

static const struct dy_sql FLAGS = {
	.name = "household_flags",
	.in = "iit",
	.out = "s",
	.text = "SELECT kind FROM household_fact WHERE community_id = $1 AND household_id = $2"
		" AND (expires_at IS NULL OR expires_at > $3)",
};
static const struct dy_sql FACTS = {
	.name = "household_facts",
	.in = "ii",
	.out = "sstt?",
	.text = "SELECT kind, source, since, expires_at FROM household_fact"
		" WHERE community_id = $1 AND household_id = $2",
};
static const struct dy_sql FACT_PUT = {
	.name = "household_fact_put",
	.in = "iisstt?",
	.out = "",
	.text = "INSERT INTO household_fact (community_id, household_id, kind, source, since,"
		" expires_at) VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (community_id, household_id, kind) DO UPDATE SET"
		" source = excluded.source, since = excluded.since, expires_at = "
		"excluded.expires_at",
};
static const struct dy_sql FACT_DROP = {
	.name = "household_fact_drop",
	.in = "iis",
	.out = "",
	.text = "DELETE FROM household_fact WHERE community_id = $1 AND household_id = $2"
		" AND kind = $3",
};

#define RECORD_COLUMNS                                                                             \
	"SELECT h.household_id, h.door_id, s.stair_id, u.unit_id, u.grid_id, b.code, s.code,"      \
	" d.code, u.name, h.name_sealed, h.phone_sealed, h.residents, h.elderly, h.version"
#define RECORD_OUT "iiiiissssb?b?nnn"
#define RECORD_FROM                                                                                \
	" FROM household h"                                                                        \
	" JOIN door d ON d.community_id = h.community_id AND d.door_id = h.door_id"                \
	" JOIN stair s ON s.community_id = d.community_id AND s.stair_id = d.stair_id"             \
	" JOIN building b ON b.community_id = s.community_id AND b.building_id = s.building_id"    \
	" JOIN unit_stair us ON us.community_id = s.community_id AND us.stair_id = s.stair_id"     \
	" JOIN unit u ON u.community_id = us.community_id AND u.unit_id = us.unit_id"
#define RECORD_NOW                                                                                 \
	" h.community_id = $1 AND h.moved_out_at IS NULL AND us.valid_from <= $2"                  \
	" AND (us.valid_to IS NULL OR us.valid_to > $2)"

static const struct dy_sql RECORD_GET = {
	.name = "record_get",
	.in = "iti",
	.out = RECORD_OUT,
	.text = RECORD_COLUMNS RECORD_FROM " WHERE" RECORD_NOW " AND h.household_id = $3 LIMIT 1",
};
static const struct dy_sql RECORD_LIST = {
	.name = "record_list",
	.in = "iti?i?n",
	.out = RECORD_OUT,
	.text = RECORD_COLUMNS RECORD_FROM
	" WHERE" RECORD_NOW " AND ($3 IS NULL OR us.unit_id = $3)"
	" AND h.household_id > COALESCE($4, 0) ORDER BY h.household_id LIMIT $5",
};
static const struct dy_sql RECORD_LIST_NEED = {
	.name = "record_list_need",
	.in = "iti?i?ns",
	.out = RECORD_OUT,
	.text = RECORD_COLUMNS RECORD_FROM
	" JOIN household_fact f ON f.community_id = h.community_id"
	"  AND f.household_id = h.household_id AND f.kind = $6"
	"  AND (f.expires_at IS NULL OR f.expires_at > $2)"
	" WHERE" RECORD_NOW " AND ($3 IS NULL OR us.unit_id = $3)"
	" AND h.household_id > COALESCE($4, 0) ORDER BY h.household_id LIMIT $5",
};
static const struct dy_sql RECORD_PUT = {
	.name = "record_put",
	.in = "iib?b?nnn",
	.out = "",
	.text = "UPDATE household SET name_sealed = $3, phone_sealed = $4, residents = $5,"
		" elderly = $6, version = version + 1"
		" WHERE community_id = $1 AND household_id = $2 AND version = $7",
};

/* what happened to a record, newest first, with who did it */
static const struct dy_sql TRACES = {
	.name = "household_traces",
	.in = "iin",
	.out = "tsss",
	.text = "SELECT e.at, e.topic, e.payload, COALESCE(a.name, '') FROM event e"
		" LEFT JOIN account a ON a.community_id = e.community_id"
		"  AND a.account_id = e.actor_id"
		" WHERE e.community_id = $1 AND e.subject_id = $2"
		" AND e.topic IN ('household.opened', 'household.changed')"
		" ORDER BY e.seq DESC LIMIT $3",
};

const struct dy_sql *const dy_household_sql[] = {
	&FLAGS,      &FACTS,  &FACT_PUT, &FACT_DROP, &RECORD_GET, &RECORD_LIST, &RECORD_LIST_NEED,
	&RECORD_PUT, &TRACES,
};
const size_t dy_household_sql_n = DY_COUNT(dy_household_sql);

enum dy_code
dy_household_flags(struct dy_rtx *tx, struct dy_id household, struct dy_time now, unsigned *out,
                   struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *arena = dy_arena_new(4096);
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	unsigned flags = 0;

	*out = 0;
	if (household.v == 0)
		return DY_OK;
	DY_TRY(dy_sql_read(tx, &FLAGS, DY_ARGS(DY_V(community), DY_V(household), DY_V(now)), &rows,
	                   err));
	while (dy_rows_next(rows)) {
		enum dy_fact_kind kind;
		if (dy_fact_find(dy_rows_str(rows, arena), &kind) && dy_fact_is_need(kind))
			flags |= DY_FLAG(kind);
	}
	DY_TRY(dy_rows_end(rows, err));
	*out = flags;
	return DY_OK;
}

enum dy_code
dy_facts_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
             struct dy_facts *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_facts facts = { 0 };

	DY_TRY(dy_sql_read(tx, &FACTS, DY_ARGS(DY_V(community), DY_V(household)), &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_fact f;
		bool known = dy_fact_find(dy_rows_str(rows, arena), &f.kind);
		known = dy_source_find(dy_rows_str(rows, arena), &f.source) && known;
		f.since = dy_rows_time(rows);
		f.expires = dy_rows_time(rows);
		if (!known) /* of a newer program: left alone */
			continue;
		facts.items[f.kind] = f;
		facts.has |= DY_FLAG(f.kind);
	}
	DY_TRY(dy_rows_end(rows, err));
	*out = facts;
	return DY_OK;
}

enum dy_code
dy_fact_put(struct dy_wtx *tx, struct dy_id household, const struct dy_fact *f, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str kind = dy_str_from(dy_fact_name(f->kind));
	struct dy_str source = dy_str_from(dy_source_name(f->source));

	return dy_sql_write(tx, &FACT_PUT,
	                    DY_ARGS(DY_V(community), DY_V(household), DY_V(kind), DY_V(source),
	                            DY_V(f->since), DY_V(f->expires)),
	                    NULL, err);
}

enum dy_code
dy_fact_drop(struct dy_wtx *tx, struct dy_id household, enum dy_fact_kind kind, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	struct dy_str name = dy_str_from(dy_fact_name(kind));

	return dy_sql_write(tx, &FACT_DROP, DY_ARGS(DY_V(community), DY_V(household), DY_V(name)),
	                    NULL, err);
}

static void
record_read(struct dy_rows *rows, struct dy_arena *arena, struct dy_record *r)
{
	*r = (struct dy_record){ 0 };
	r->id = dy_rows_id(rows);
	r->door = dy_rows_id(rows);
	r->stair = dy_rows_id(rows);
	r->unit = dy_rows_id(rows);
	r->grid = dy_rows_id(rows);
	r->building_code = dy_rows_str(rows, arena);
	r->stair_code = dy_rows_str(rows, arena);
	r->door_code = dy_rows_str(rows, arena);
	r->unit_name = dy_rows_str(rows, arena);
	r->name_sealed = dy_rows_bytes(rows, arena);
	r->phone_sealed = dy_rows_bytes(rows, arena);
	r->residents = dy_rows_int(rows);
	r->elderly = dy_rows_int(rows);
	r->version = dy_rows_int(rows);
}

enum dy_code
dy_record_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household, struct dy_time now,
              struct dy_record *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	bool found;

	DY_TRY(dy_sql_read_one(tx, &RECORD_GET,
	                       DY_ARGS(DY_V(community), DY_V(now), DY_V(household)), &rows, &found,
	                       err));
	if (!found)
		return dy_raise(err, DY_E_NOT_FOUND, "", "no such household");
	record_read(rows, arena, out);
	dy_rows_close(&rows);
	return dy_household_flags(tx, household, now, &out->flags, err);
}

enum dy_code
dy_record_list(struct dy_rtx *tx, struct dy_arena *arena, const struct dy_record_query *query,
               struct dy_time now, struct dy_record_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_record_list list = { 0 };

	if (query->need < 0) {
		DY_TRY(dy_sql_read(tx, &RECORD_LIST,
		                   DY_ARGS(DY_V(community), DY_V(now), DY_V(query->unit),
		                           DY_V(query->after), DY_V(query->limit)),
		                   &rows, err));
	} else {
		struct dy_str kind = dy_str_from(dy_fact_name((enum dy_fact_kind)query->need));
		DY_TRY(dy_sql_read(tx, &RECORD_LIST_NEED,
		                   DY_ARGS(DY_V(community), DY_V(now), DY_V(query->unit),
		                           DY_V(query->after), DY_V(query->limit), DY_V(kind)),
		                   &rows, err));
	}
	while (dy_rows_next(rows))
		record_read(rows, arena,
		            dy_arena_push(arena, (void **)&list.items, &list.count, &list.cap,
		                          sizeof(*list.items)));
	DY_TRY(dy_rows_end(rows, err));
	for (size_t i = 0; i < list.count; i++)
		DY_TRY(dy_household_flags(tx, list.items[i].id, now, &list.items[i].flags, err));
	*out = list;
	return DY_OK;
}

enum dy_code
dy_record_put(struct dy_wtx *tx, struct dy_record *r, struct dy_err *err)
{
	struct dy_id community = dy_wtx_community(tx);
	int64_t changed;

	DY_TRY(dy_sql_write(tx, &RECORD_PUT,
	                    DY_ARGS(DY_V(community), DY_V(r->id), DY_V(r->name_sealed),
	                            DY_V(r->phone_sealed), DY_V(r->residents), DY_V(r->elderly),
	                            DY_V(r->version)),
	                    &changed, err));
	if (changed == 0)
		return dy_raise(err, DY_E_CONFLICT, "/version",
		                "somebody changed this household meanwhile; read it again");
	r->version++;
	return DY_OK;
}

enum dy_code
dy_record_traces(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household, int64_t limit,
                 struct dy_trace_list *out, struct dy_err *err)
{
	DY_CLEANUP(dy_rows_close) struct dy_rows *rows = NULL;
	struct dy_id community = dy_rtx_community(tx);
	struct dy_trace_list list = { 0 };

	DY_TRY(dy_sql_read(tx, &TRACES, DY_ARGS(DY_V(community), DY_V(household), DY_V(limit)),
	                   &rows, err));
	while (dy_rows_next(rows)) {
		struct dy_trace *t = dy_arena_push(arena, (void **)&list.items, &list.count,
		                                   &list.cap, sizeof(*t));
		t->at = dy_rows_time(rows);
		t->topic = dy_rows_str(rows, arena);
		t->payload = dy_rows_str(rows, arena);
		t->name = dy_rows_str(rows, arena);
	}
	*out = list;
	return dy_rows_end(rows, err);
}
