/* Places from CSV texts. */
#include "zone.h"
#include "csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum dyp_code rc_ = (call);                                                        \
		if (rc_ != DYP_OK)                                                                 \
			return rc_;                                                                \
	} while (0)

static const int64_t ID_MAX = (int64_t)1 << 52;
static const double FAR = 1e7;

/* Ids of a file and the numbers they got, by id. */
struct ids {
	struct id_row {
		int64_t id;
		uint32_t number;
	} * row;
	uint32_t n;
};

static int
by_id(const void *a, const void *b)
{
	const struct id_row *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static uint32_t
find_id(const struct ids *ids, int64_t id)
{
	struct id_row key = { .id = id, .number = 0 };
	uint32_t low = 0, high = ids->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (by_id(&ids->row[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < ids->n && ids->row[low].id == id ? ids->row[low].number : UINT32_MAX;
}

/* Upper bound of the rows of a text. */
static uint32_t
lines_of(const struct dyp_zone_text *text)
{
	uint32_t n = 1;

	for (size_t i = 0; i < text->size; i++)
		n += text->ptr[i] == '\n' || text->ptr[i] == '\r';
	return n;
}

static enum dyp_code
sort_ids(struct ids *ids, const char *file, struct dyp_err *err)
{
	qsort(ids->row, ids->n, sizeof *ids->row, by_id);
	for (uint32_t i = 1; i < ids->n; i++)
		if (ids->row[i].id == ids->row[i - 1].id) {
			char field[64];
			(void)snprintf(field, sizeof field, "%s, row %u, field id", file,
			               ids->row[i].number + 2);
			return dyp_raise(err, DYP_BAD_INPUT, field, "%lld stood before",
			                 (long long)ids->row[i].id);
		}
	return DYP_OK;
}

static enum dyp_code
read_buildings(const struct dyp_zone_text *text, struct dyp_zone_file *f, struct ids *ids,
               struct dyp_err *err)
{
	static const char *const names[] = { "id",         "osm_way",  "x",           "y",
		                             "households", "?elderly", "?vulnerable", "?lon",
		                             "?lat",       NULL };
	uint32_t most = lines_of(text), n = 0;
	struct dyp_csv csv;
	bool more = true;

	f->records = DYP_NEW_ARRAY(&f->pool, most, struct dyp_zone_record);
	f->id = DYP_NEW_ARRAY(&f->pool, most, int64_t);
	f->way = DYP_NEW_ARRAY(&f->pool, most, int64_t);
	f->lonlat = DYP_NEW_ARRAY(&f->pool, most, struct dyp_point);
	ids->row = DYP_NEW_ARRAY(&f->pool, most, struct id_row);
	if (f->pool.failed)
		return dyp_raise_memory(err);
	TRY(dyp_csv_open(&csv, "buildings.csv", text->ptr, text->size, names, err));
	for (;;) {
		int64_t people[3] = { 0 };
		TRY(dyp_csv_next(&csv, &more, err));
		if (!more)
			break;
		struct dyp_zone_record *r = &f->records[n];
		TRY(dyp_csv_whole(&csv, names, 0, -ID_MAX, ID_MAX, &f->id[n], err));
		if (dyp_csv_text(&csv, 1).len == 0)
			f->way[n] = INT64_MIN + n; /* a building of its own */
		else
			TRY(dyp_csv_whole(&csv, names, 1, -ID_MAX, ID_MAX, &f->way[n], err));
		TRY(dyp_csv_number(&csv, names, 2, -FAR, FAR, &r->x, err));
		TRY(dyp_csv_number(&csv, names, 3, -FAR, FAR, &r->y, err));
		for (int i = 0; i < 3; i++)
			if (i == 0 || dyp_csv_text(&csv, 4 + i).len > 0)
				TRY(dyp_csv_whole(&csv, names, 4 + i, 0, DYP_ZONE_HOUSEHOLD_MAX,
				                  &people[i], err));
		r->households = (uint32_t)people[0];
		r->elderly = (uint32_t)people[1];
		r->vulnerable = (uint32_t)people[2];
		r->unit = DYP_ZONE_NONE;
		if (dyp_csv_text(&csv, 7).len > 0 && dyp_csv_text(&csv, 8).len > 0) {
			TRY(dyp_csv_number(&csv, names, 7, -180, 180, &f->lonlat[n].x, err));
			TRY(dyp_csv_number(&csv, names, 8, -90, 90, &f->lonlat[n].y, err));
			f->lonlat[n].known = true;
		}
		ids->row[n] = (struct id_row){ f->id[n], n };
		if (++n > DYP_ZONE_RECORDS_MAX)
			return dyp_csv_fault(&csv, names, -1, err, "more than %d records",
			                     DYP_ZONE_RECORDS_MAX);
	}
	if (n == 0)
		return dyp_csv_fault(&csv, names, -1, err, "there are no records");
	f->problem.n_records = ids->n = n;
	f->problem.records = f->records;
	return sort_ids(ids, "buildings.csv", err);
}

/* Buildings of several records get small numbers. */
static enum dyp_code
number_buildings(struct dyp_zone_file *f, struct dyp_err *err)
{
	uint32_t n = f->problem.n_records, building = 0;
	struct id_row *row = DYP_NEW_ARRAY(&f->pool, n, struct id_row);

	if (row == NULL)
		return dyp_raise_memory(err);
	for (uint32_t i = 0; i < n; i++)
		row[i] = (struct id_row){ f->way[i], i };
	qsort(row, n, sizeof *row, by_id);
	for (uint32_t i = 0; i < n; i++) {
		building += i > 0 && row[i].id != row[i - 1].id;
		f->records[row[i].number].building = building;
	}
	return DYP_OK;
}

static enum dyp_code
read_grids(const struct dyp_zone_text *text, struct dyp_zone_file *f, const struct ids *ids,
           struct dyp_err *err)
{
	static const char *const names[] = { "id", "grid", NULL };
	uint32_t n = f->problem.n_records, grids = 0;
	struct id_row *row = DYP_NEW_ARRAY(&f->pool, n, struct id_row);
	bool *known = DYP_NEW_ARRAY(&f->pool, n, bool);
	struct dyp_csv csv;
	bool more = true;

	f->grid_id = DYP_NEW_ARRAY(&f->pool, n, int64_t);
	if (f->pool.failed)
		return dyp_raise_memory(err);
	TRY(dyp_csv_open(&csv, "grids.csv", text->ptr, text->size, names, err));
	for (;;) {
		int64_t id = 0, grid = 0;
		TRY(dyp_csv_next(&csv, &more, err));
		if (!more)
			break;
		TRY(dyp_csv_whole(&csv, names, 0, -ID_MAX, ID_MAX, &id, err));
		TRY(dyp_csv_whole(&csv, names, 1, -ID_MAX, ID_MAX, &grid, err));
		uint32_t r = find_id(ids, id);
		if (r == UINT32_MAX)
			return dyp_csv_fault(&csv, names, 0, err, "%lld is not in buildings.csv",
			                     (long long)id);
		if (known[r])
			return dyp_csv_fault(&csv, names, 0, err, "%lld stood before",
			                     (long long)id);
		known[r] = true;
		row[r] = (struct id_row){ grid, r };
	}
	for (uint32_t i = 0; i < n; i++)
		if (!known[i])
			return dyp_csv_fault(&csv, names, 0, err, "record %lld has no grid",
			                     (long long)f->id[i]);
	qsort(row, n, sizeof *row, by_id);
	for (uint32_t i = 0; i < n; i++) {
		if (i == 0 || row[i].id != row[i - 1].id)
			f->grid_id[grids++] = row[i].id;
		f->records[row[i].number].grid = grids - 1;
	}
	f->problem.n_grids = grids;
	return DYP_OK;
}

static enum dyp_code
read_nodes(const struct dyp_zone_text *text, struct dyp_zone_file *f, struct ids *ids,
           struct dyp_err *err)
{
	static const char *const names[] = { "node", "x", "y", NULL };
	uint32_t most = lines_of(text), n = 0;
	struct dyp_zone_node *node = DYP_NEW_ARRAY(&f->pool, most, struct dyp_zone_node);
	struct dyp_csv csv;
	bool more = true;

	ids->row = DYP_NEW_ARRAY(&f->pool, most, struct id_row);
	if (f->pool.failed)
		return dyp_raise_memory(err);
	TRY(dyp_csv_open(&csv, "walk_nodes.csv", text->ptr, text->size, names, err));
	for (;; n++) {
		int64_t id = 0;
		TRY(dyp_csv_next(&csv, &more, err));
		if (!more)
			break;
		TRY(dyp_csv_whole(&csv, names, 0, -ID_MAX, ID_MAX, &id, err));
		TRY(dyp_csv_number(&csv, names, 1, -FAR, FAR, &node[n].x, err));
		TRY(dyp_csv_number(&csv, names, 2, -FAR, FAR, &node[n].y, err));
		ids->row[n] = (struct id_row){ id, n };
	}
	f->problem.nodes = node;
	f->problem.n_nodes = ids->n = n;
	return sort_ids(ids, "walk_nodes.csv", err);
}

static enum dyp_code
read_end(const struct dyp_csv *csv, const char *const *names, int which, const struct ids *ids,
         const char *where, uint32_t *out, struct dyp_err *err)
{
	int64_t id = 0;

	TRY(dyp_csv_whole(csv, names, which, -ID_MAX, ID_MAX, &id, err));
	*out = find_id(ids, id);
	if (*out == UINT32_MAX)
		return dyp_csv_fault(csv, names, which, err, "%lld is not in %s", (long long)id,
		                     where);
	return DYP_OK;
}

static enum dyp_code
read_edges(const struct dyp_zone_text *text, struct dyp_zone_file *f, const struct ids *ids,
           struct dyp_err *err)
{
	static const char *const names[] = { "from", "to", "metres", NULL };
	struct dyp_zone_edge *edge = DYP_NEW_ARRAY(&f->pool, lines_of(text), struct dyp_zone_edge);
	struct dyp_csv csv;
	bool more = true;
	uint32_t n = 0;

	if (edge == NULL)
		return dyp_raise_memory(err);
	TRY(dyp_csv_open(&csv, "walk_edges.csv", text->ptr, text->size, names, err));
	for (;; n++) {
		double metres = 0;
		TRY(dyp_csv_next(&csv, &more, err));
		if (!more)
			break;
		TRY(read_end(&csv, names, 0, ids, "walk_nodes.csv", &edge[n].from, err));
		TRY(read_end(&csv, names, 1, ids, "walk_nodes.csv", &edge[n].to, err));
		TRY(dyp_csv_number(&csv, names, 2, 0, FAR, &metres, err));
		edge[n].metres = (float)metres;
	}
	f->problem.edges = edge;
	f->problem.n_edges = n;
	return DYP_OK;
}

static enum dyp_code
read_links(const struct dyp_zone_text *text, struct dyp_zone_file *f, const struct ids *ids,
           struct dyp_err *err)
{
	static const char *const names[] = { "u", "v", "metres", NULL };
	struct dyp_zone_link *link = DYP_NEW_ARRAY(&f->pool, lines_of(text), struct dyp_zone_link);
	struct dyp_csv csv;
	bool more = true;
	uint32_t n = 0;

	if (link == NULL)
		return dyp_raise_memory(err);
	TRY(dyp_csv_open(&csv, "adjacency_reference.csv", text->ptr, text->size, names, err));
	for (;; n++) {
		double metres = 0;
		TRY(dyp_csv_next(&csv, &more, err));
		if (!more)
			break;
		TRY(read_end(&csv, names, 0, ids, "buildings.csv", &link[n].a, err));
		TRY(read_end(&csv, names, 1, ids, "buildings.csv", &link[n].b, err));
		TRY(dyp_csv_number(&csv, names, 2, 0, FAR, &metres, err));
		if (link[n].a == link[n].b)
			return dyp_csv_fault(&csv, names, 1, err,
			                     "a record is not its own neighbour");
		link[n].metres = (float)metres;
	}
	f->problem.links = link;
	f->problem.n_links = n;
	f->has_links = true;
	return DYP_OK;
}

static enum dyp_code
read_all(const struct dyp_zone_texts *t, bool ignore_grids, struct dyp_zone_file *f,
         struct dyp_err *err)
{
	struct ids records = { 0 }, nodes = { 0 };

	if (t->buildings.ptr == NULL)
		return dyp_raise(err, DYP_BAD_INPUT, "buildings.csv", "cannot be read");
	TRY(read_buildings(&t->buildings, f, &records, err));
	TRY(number_buildings(f, err));
	f->problem.n_grids = 1;
	if (t->grids.ptr != NULL && !ignore_grids)
		TRY(read_grids(&t->grids, f, &records, err));
	if ((t->nodes.ptr == NULL) != (t->edges.ptr == NULL))
		return dyp_raise(err, DYP_BAD_INPUT,
		                 t->nodes.ptr == NULL ? "walk_nodes.csv" : "walk_edges.csv",
		                 "cannot be read, and the network needs both files");
	if (t->nodes.ptr != NULL) {
		TRY(read_nodes(&t->nodes, f, &nodes, err));
		TRY(read_edges(&t->edges, f, &nodes, err));
	}
	TRY(dyp_zone_snap(&f->problem, f->records, err));
	if (t->links.ptr != NULL)
		TRY(read_links(&t->links, f, &records, err));
	return DYP_OK;
}

enum dyp_code
dyp_zone_read(const struct dyp_zone_texts *texts, bool ignore_grids, struct dyp_zone_file *out,
              struct dyp_err *err)
{
	*out = (struct dyp_zone_file){ .has_links = false };
	dyp_pool_init(&out->pool, NULL);
	enum dyp_code rc = read_all(texts, ignore_grids, out, err);
	if (rc != DYP_OK)
		dyp_zone_file_release(out);
	return rc;
}

/* Links of the file and the few that connect each grid, in one list. */
enum dyp_code
dyp_zone_file_connect(struct dyp_zone_file *f, struct dyp_err *err)
{
	struct dyp_zone_link *more = NULL;
	uint32_t n = 0;

	TRY(dyp_zone_connect(&f->problem, NULL, &more, &n, err));
	if (n > 0) {
		uint32_t had = f->problem.n_links;
		struct dyp_zone_link *all =
			DYP_NEW_ARRAY(&f->pool, (size_t)had + n, struct dyp_zone_link);
		if (all == NULL) {
			free(more);
			return dyp_raise_memory(err);
		}
		if (had > 0)
			memcpy(all, f->problem.links, had * sizeof *all);
		memcpy(all + had, more, n * sizeof *all);
		f->problem.links = all;
		f->problem.n_links = had + n;
	}
	free(more);
	return DYP_OK;
}

void
dyp_zone_file_release(struct dyp_zone_file *file)
{
	dyp_pool_release(&file->pool);
	*file = (struct dyp_zone_file){ .has_links = false };
}

enum dyp_code
dyp_zone_read_units(const char *name, const struct dyp_zone_text *text,
                    const struct dyp_zone_file *file, bool complete, uint32_t *unit,
                    struct dyp_err *err)
{
	static const char *const names[] = { "id", "unit", NULL };
	uint32_t n = file->problem.n_records;
	struct dyp_pool pool;
	struct dyp_csv csv;
	bool more = true;

	dyp_pool_init(&pool, NULL);
	struct ids ids = { .row = DYP_NEW_ARRAY(&pool, n, struct id_row), .n = n };
	if (ids.row == NULL) {
		dyp_pool_release(&pool);
		return dyp_raise_memory(err);
	}
	enum dyp_code rc = DYP_OK;
	for (uint32_t i = 0; rc == DYP_OK && i < n; i++) {
		ids.row[i] = (struct id_row){ file->id[i], i };
		unit[i] = DYP_ZONE_NONE;
	}
	if (rc == DYP_OK) {
		qsort(ids.row, n, sizeof *ids.row, by_id);
		rc = dyp_csv_open(&csv, name, text->ptr, text->size, names, err);
	}
	while (rc == DYP_OK) {
		uint32_t r = 0;
		int64_t label = 0;
		rc = dyp_csv_next(&csv, &more, err);
		if (rc != DYP_OK || !more)
			break;
		rc = dyp_csv_whole(&csv, names, 1, 0, INT32_MAX, &label, err);
		int64_t id = 0;
		if (rc == DYP_OK)
			rc = dyp_csv_whole(&csv, names, 0, -ID_MAX, ID_MAX, &id, err);
		if (rc != DYP_OK)
			break;
		r = find_id(&ids, id);
		/* a division before may name records that are gone; one to be judged may not */
		if (r == UINT32_MAX && complete)
			rc = dyp_csv_fault(&csv, names, 0, err, "%lld is not in buildings.csv",
			                   (long long)id);
		else if (r != UINT32_MAX && unit[r] != DYP_ZONE_NONE)
			rc = dyp_csv_fault(&csv, names, 0, err, "%lld stood before", (long long)id);
		else if (r != UINT32_MAX)
			unit[r] = (uint32_t)label;
	}
	for (uint32_t i = 0; rc == DYP_OK && complete && i < n; i++)
		if (unit[i] == DYP_ZONE_NONE)
			rc = dyp_csv_fault(&csv, names, 0, err, "record %lld has no unit",
			                   (long long)file->id[i]);
	dyp_pool_release(&pool);
	return rc;
}
