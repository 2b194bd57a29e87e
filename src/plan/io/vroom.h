/* What the readers of VROOM's JSON share. */
#ifndef DYP_IO_VROOM_H
#define DYP_IO_VROOM_H

#include "json.h"
#include "problem.h"

enum {
	COST_UNIT = 18000,
	COST_UNIT_HOUR = COST_UNIT / 3600, /* of a cost an hour, for each second */
	COST_UNIT_KM = COST_UNIT / 1000,   /* of a cost a kilometre, for each metre */
	MOST_ITEMS = 100000
};

#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum dyp_code rc_ = (call);                                                        \
		if (rc_ != DYP_OK)                                                                 \
			return rc_;                                                                \
	} while (0)

struct vroom {
	struct dyp_file *f;
	struct dyp_pool *pool;
	const struct dyp_js *root;
	struct dyp_route_stop *stop;
	struct dyp_route_vehicle *vehicle;
	struct dyp_route_matrix *matrix;
	uint32_t n_places, n_profiles, dims;
	const char **kinds; /* vehicles' "type", "" when there is none */
	uint32_t n_kinds;
	bool by_index; /* places are matrix indices */
	struct dyp_err *err;
	const char *list; /* what is being read, for errors: "jobs" */
	uint32_t item;
};

enum dyp_code dyp_vroom_wrong(struct vroom *r, const char *member, const char *what);
/* Matrices of the file, or from the air line when it has none. */
enum dyp_code dyp_vroom_read_matrices(struct vroom *r, const struct dyp_js *list);
enum dyp_code dyp_vroom_guess_matrices(struct vroom *r);
/* Divides all costs by what they have in common, so that legs stay small. */
void dyp_vroom_shorten_costs(struct vroom *r);

#endif
