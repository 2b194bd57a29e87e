/* All routes. */
#include "routes.h"

#define COUNT_FILE(name) +1
#define FILES            (0 DY_ROUTE_FILES(COUNT_FILE))

const struct dy_route_table *
dy_route_tables(size_t *n)
{
	static struct dy_route_table tables[FILES];
	size_t i = 0;

#define FILL(name)                                                                                 \
	tables[i++] = (struct dy_route_table){ dy_##name##_routes, dy_##name##_routes_n };
	DY_ROUTE_FILES(FILL)
	*n = i;
	return tables;
}

void
dy_list_end(struct dy_q *q)
{
	dy_jw_arr_end(&q->w);
	dy_jw_key(&q->w, "next");
	dy_jw_null(&q->w);
	dy_jw_obj_end(&q->w);
}
