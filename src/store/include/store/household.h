/* The household register: facts with source, since and expiry, and the record they belong to.
 *
 * Ownership: lists and texts point into the arena. Sealed fields stay sealed here. */
#ifndef DY_STORE_HOUSEHOLD_H
#define DY_STORE_HOUSEHOLD_H

#include "domain/need.h"
#include "store/place.h"
#include "store/sql.h"

/* Needs of a household that hold now, as a mask of DY_FLAG(DY_NEED_...); 0 also for household 0 and for one that is unknown. */
enum dy_code dy_household_flags(struct dy_rtx *tx, struct dy_id household, struct dy_time now,
                                unsigned *out, struct dy_err *err) DY_NODISCARD;

struct dy_fact {
	enum dy_fact_kind kind;
	enum dy_fact_source source;
	struct dy_time since, expires; /* expires 0: it does not */
};
/* One of each kind at most: has is a mask of DY_FLAG(). */
struct dy_facts {
	struct dy_fact items[DY_FACTS]; /* by kind */
	unsigned has;
};
/* Expired ones too. */
enum dy_code dy_facts_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
                          struct dy_facts *out, struct dy_err *err) DY_NODISCARD;
/* Makes it, or gives it another source, since and expiry. */
enum dy_code dy_fact_put(struct dy_wtx *tx, struct dy_id household, const struct dy_fact *fact,
                         struct dy_err *err) DY_NODISCARD;
enum dy_code dy_fact_drop(struct dy_wtx *tx, struct dy_id household, enum dy_fact_kind kind,
                          struct dy_err *err) DY_NODISCARD;

/* A household with the place it stands at and its needs that hold now. */
struct dy_record {
	struct dy_id id, door, stair, unit, grid;
	struct dy_str building_code, stair_code, door_code, unit_name;
	struct dy_bytes name_sealed, phone_sealed;
	int64_t residents, elderly, version;
	unsigned flags;
};
struct dy_record_list {
	struct dy_record *items;
	size_t count, cap;
};
enum dy_code dy_record_get(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
                           struct dy_time now, struct dy_record *out,
                           struct dy_err *err) DY_NODISCARD;
/* Households of a unit, or with unit 0 of the community, by id after `after`; need < 0: all, else only with this need now. */
struct dy_record_query {
	struct dy_id unit, after;
	int need; /* enum dy_fact_kind, -1: any household */
	int64_t limit;
};
enum dy_code dy_record_list(struct dy_rtx *tx, struct dy_arena *arena,
                            const struct dy_record_query *query, struct dy_time now,
                            struct dy_record_list *out, struct dy_err *err) DY_NODISCARD;
/* Writes name, phone, residents, elderly of r; r->version is the one read before and is counted up. DY_E_CONFLICT at "/version". */
enum dy_code dy_record_put(struct dy_wtx *tx, struct dy_record *r, struct dy_err *err) DY_NODISCARD;

/* Who opened or changed a record, newest first. */
struct dy_trace {
	struct dy_time at;
	struct dy_str topic, payload, name;
};
struct dy_trace_list {
	struct dy_trace *items;
	size_t count, cap;
};
enum dy_code dy_record_traces(struct dy_rtx *tx, struct dy_arena *arena, struct dy_id household,
                              int64_t limit, struct dy_trace_list *out,
                              struct dy_err *err) DY_NODISCARD;

#endif
