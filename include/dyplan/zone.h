/* Division of a place into units: which records (buildings or stairwells) belong together.
 *
 * Units: metres in a flat frame, x to the east, y to the north; households and people in whole
 *   numbers; cost in household-metres.
 * Hard rules: every record in one unit of its own grid; units connected by links; records of one
 *   building together (as far as links and its grid connect them) unless it alone exceeds the
 *   range; pinned records keep their unit; no unit without records. Sizes outside the range are
 *   counted and explained.
 * Determinism: equal problem, seed and max_steps give the same plan on every machine, whatever the
 *   number of threads, provided no time limit is set or it was not reached.
 * Threads: no global state. The problem is only read. Work is spread over options.threads threads
 *   of the call; the callbacks run on the calling thread, memory is asked for there too.
 * Ownership: pointers in a problem belong to the caller; plans, reports and teams are freed by the
 *   functions at the end. */
#ifndef DYPLAN_ZONE_H
#define DYPLAN_ZONE_H

#include "dyplan/dyplan.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DYP_ZONE_NONE          UINT32_MAX
#define DYP_ZONE_RECORDS_MAX   1000000
#define DYP_ZONE_HOUSEHOLD_MAX 100000 /* of one record */
#define DYP_ZONE_METRES_MAX    65535  /* longer walks count as this */

/* Where a record meets the walking network: a point of an edge and a straight stub to it. */
struct dyp_zone_door {
	uint32_t edge; /* DYP_ZONE_NONE: no network is near */
	float along;   /* metres from the edge's `from` */
	float stub;    /* metres from the record to that point */
};

struct dyp_zone_record {
	double x, y;
	uint32_t households, elderly, vulnerable;
	uint32_t grid;     /* 0 ... n_grids-1 */
	uint32_t building; /* equal numbers stand in one building; DYP_ZONE_NONE: alone */
	uint32_t unit;     /* in the division before, or DYP_ZONE_NONE */
	bool pinned;       /* stays in `unit` */
	struct dyp_zone_door door;
};

/* Two records between which one can go directly. */
struct dyp_zone_link {
	uint32_t a, b;
	float metres;
};

struct dyp_zone_node {
	double x, y;
};

struct dyp_zone_edge {
	uint32_t from, to;
	float metres; /* walked in both directions */
};

struct dyp_zone_problem {
	uint32_t n_records, n_links, n_nodes, n_edges, n_grids;
	const struct dyp_zone_record *records;
	const struct dyp_zone_link *links;
	const struct dyp_zone_node *nodes;
	const struct dyp_zone_edge *edges;
	uint32_t target;   /* households of a unit */
	uint32_t min, max; /* the range; 0, 0: target -20 % ... +20 % */
	uint32_t units;    /* of the whole place; 0: as the grids and the target ask */
};

struct dyp_zone_unit {
	uint32_t label; /* as in `unit` of the records */
	uint32_t grid;
	uint32_t centre; /* record from which the least is walked */
	uint32_t records, households;
	double walk; /* household-metres to the centre */
};

struct dyp_zone_score {
	uint32_t records, units, households;
	double deviation;  /* rms of households against the grid's own mean, share of it */
	double off_target; /* rms of households against the target, share of it */
	uint32_t in_range; /* units */
	uint32_t in_fifth; /* units within 20 % of the grid's own mean */
	uint32_t broken;   /* units that links do not connect */
	uint32_t empty;    /* labels below the highest that no record has, when labels are dense */
	uint32_t outside;  /* records in a unit of another grid */
	uint32_t split;    /* buildings in several units without need */
	uint32_t unpinned; /* pinned records that left their unit */
	double radius;     /* m, household-weighted rms distance to the unit's centroid */
	double walk;       /* m, mean per household to the unit's centre */
	uint32_t moved;    /* households that left the unit they had */
	uint32_t least, most; /* households of a unit */
};

struct dyp_zone_plan {
	uint32_t n_records, n_units;
	uint32_t *unit;              /* by record: label */
	struct dyp_zone_unit *units; /* by label */
	struct dyp_zone_score score;
	uint64_t steps;
	struct dyp_memory memory;
};

struct dyp_zone_options {
	uint64_t seed;          /* 1 */
	uint64_t max_steps;     /* of the search in all; 0: 1,500 a record, at least 60,000 */
	uint32_t time_limit_ms; /* 0: none. Needs now_us; the search is stretched to fill it */
	uint32_t threads;       /* 1 */
	double balance;         /* price of uneven units; 1 */
	double range;           /* price of units out of range; 1 */
	double roundness;       /* price of a large radius against walking; 0.5 */
	double split_price;     /* of parting neighbours of one building; 0.1 */
	bool whole_buildings;   /* buildings that fit one unit are never divided; false */
	double walk_max;        /* m; walks beyond count walk_over times more; 300 */
	double walk_over;       /* 0.25 */
	double elderly,
		vulnerable; /* households that one such person weighs in the balance; 0, 0 */
	double move_price;  /* household-metres a household that changes its unit costs; 0: the
	                         * mean walk, three times */
	int64_t (*now_us)(void *ctx);
	bool (*tick)(void *ctx, double done, uint64_t step, double best_cost); /* false stops */
	void *ctx;
	struct dyp_memory memory;
};

struct dyp_zone_options dyp_zone_options_default(void);

/* Fills in the doors of records[0 ... n-1] from positions, network and nothing else: the nearest
 * point of the network's largest part. */
enum dyp_code dyp_zone_snap(const struct dyp_zone_problem *problem, struct dyp_zone_record *records,
                            struct dyp_err *err);

/* The fewest and shortest straight links that join what the links leave apart inside each grid.
 * *out: array of *n, freed by free() or memory->put. */
enum dyp_code dyp_zone_connect(const struct dyp_zone_problem *problem,
                               const struct dyp_memory *memory, struct dyp_zone_link **out,
                               uint32_t *n, struct dyp_err *err);

/* DYP_OK: *out is complete and keeps every hard rule. DYP_CANCELLED: *out is the best plan so far,
 * as complete. DYP_INFEASIBLE: pinned records contradict the rules; err names one. Otherwise *out
 * is NULL and err tells why. options NULL: the defaults. */
enum dyp_code dyp_zone_solve(const struct dyp_zone_problem *problem,
                             const struct dyp_zone_options *options, struct dyp_zone_plan **out,
                             struct dyp_err *err);

/* Judges labels from any source (unit[n_records]) by problem alone, sharing no code with the
 * solver. DYP_INFEASIBLE: a hard rule is broken, err names the first fault; *score (and *units,
 * when not NULL: an array of score->units, freed by free() or memory->put) is filled in all the
 * same. */
enum dyp_code dyp_zone_verify(const struct dyp_zone_problem *problem, const uint32_t *unit,
                              const struct dyp_memory *memory, struct dyp_zone_score *score,
                              struct dyp_zone_unit **units, struct dyp_err *err);

enum dyp_zone_cause {
	DYP_ZONE_BUILDING = 0, /* one building holds more than a unit may */
	DYP_ZONE_GRID,         /* the grid's households cannot be divided into the range */
	DYP_ZONE_PARTS,        /* what cannot be parted does not fit the range around it */
	DYP_ZONE_PINNED,       /* pinned records hold it outside */
	DYP_ZONE_FAR,          /* in range, and somebody walks further than walk_max */
	DYP_ZONE_SEARCH,       /* no reason was found: a longer search may mend it */
	DYP_ZONE_CAUSES
};

struct dyp_zone_reason {
	uint32_t label;
	enum dyp_zone_cause cause;
	uint32_t households;
	int64_t amount; /* households too many (+) or missing (-); metres too far for DYP_ZONE_FAR */
	char text[160];
};

struct dyp_zone_report {
	struct dyp_zone_reason *reasons; /* by label */
	uint32_t n_reasons;
	struct dyp_memory memory;
};

/* Why units are outside the range. walk_max: metres; 0: walks are not looked at. */
enum dyp_code dyp_zone_explain(const struct dyp_zone_problem *problem, const uint32_t *unit,
                               double walk_max, const struct dyp_memory *memory,
                               struct dyp_zone_report **out, struct dyp_err *err);

/* Teams: one person for each role of each unit. */
struct dyp_zone_person {
	double x, y;        /* home */
	uint32_t roles;     /* bit r: may hold role r */
	uint32_t max_units; /* over all roles */
};

struct dyp_zone_place {
	double x, y;            /* of the unit's centre */
	const uint32_t *before; /* [n_roles] person, or DYP_ZONE_NONE; NULL: none before */
};

struct dyp_zone_team_problem {
	uint32_t n_people, n_units, n_roles; /* at most 32 roles */
	const struct dyp_zone_person *people;
	const struct dyp_zone_place *units;
	double change_price; /* metres that replacing a person is worth */
	double load_price;   /* metres more for each further unit of a person */
};

struct dyp_zone_team {
	uint32_t n_units, n_roles, unfilled, changed;
	uint32_t *person; /* [n_units * n_roles]: person or DYP_ZONE_NONE */
	char (*why)[96];  /* [n_units * n_roles]: why this person, or why nobody */
	double metres;    /* of all assignments */
	struct dyp_memory memory;
};

/* As many places filled as can be, then least metres and prices. */
enum dyp_code dyp_zone_assign(const struct dyp_zone_team_problem *problem,
                              const struct dyp_memory *memory, struct dyp_zone_team **out,
                              struct dyp_err *err);

void dyp_zone_plan_free(struct dyp_zone_plan *plan);       /* NULL is fine */
void dyp_zone_report_free(struct dyp_zone_report *report); /* NULL is fine */
void dyp_zone_team_free(struct dyp_zone_team *team);       /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
