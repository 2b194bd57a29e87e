/* All routes. */
#include "routes.h"

const struct dy_route_table *
dy_route_tables(size_t *n)
{
	static struct dy_route_table tables[6];
	size_t i = 0;

	tables[i++] = (struct dy_route_table){ dy_session_routes, dy_session_routes_n };
	tables[i++] = (struct dy_route_table){ dy_request_routes, dy_request_routes_n };
	tables[i++] = (struct dy_route_table){ dy_place_routes, dy_place_routes_n };
	tables[i++] = (struct dy_route_table){ dy_people_routes, dy_people_routes_n };
	tables[i++] = (struct dy_route_table){ dy_photo_routes, dy_photo_routes_n };
	tables[i++] = (struct dy_route_table){ dy_operation_routes, dy_operation_routes_n };
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
