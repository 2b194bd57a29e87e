/* Every statement of the program: one line per file. */
#include "store/store.h"

#define GROUP(noun)                                                                                \
	extern const struct dy_sql *const dy_##noun##_sql[];                                       \
	extern const size_t dy_##noun##_sql_n
GROUP(event);
GROUP(idem);
GROUP(place);
GROUP(where);
GROUP(person);
GROUP(request);
GROUP(photo);
GROUP(setting);
GROUP(session);
GROUP(region);
GROUP(household);

const struct dy_sql_group *
dy_sql_groups(size_t *n)
{
	static struct dy_sql_group groups[16];
	size_t i = 0;

	groups[i++] = (struct dy_sql_group){ "event", dy_event_sql, dy_event_sql_n };
	groups[i++] = (struct dy_sql_group){ "idem", dy_idem_sql, dy_idem_sql_n };
	groups[i++] = (struct dy_sql_group){ "place", dy_place_sql, dy_place_sql_n };
	groups[i++] = (struct dy_sql_group){ "where", dy_where_sql, dy_where_sql_n };
	groups[i++] = (struct dy_sql_group){ "person", dy_person_sql, dy_person_sql_n };
	groups[i++] = (struct dy_sql_group){ "request", dy_request_sql, dy_request_sql_n };
	groups[i++] = (struct dy_sql_group){ "photo", dy_photo_sql, dy_photo_sql_n };
	groups[i++] = (struct dy_sql_group){ "setting", dy_setting_sql, dy_setting_sql_n };
	groups[i++] = (struct dy_sql_group){ "session", dy_session_sql, dy_session_sql_n };
	groups[i++] = (struct dy_sql_group){ "region", dy_region_sql, dy_region_sql_n };
	groups[i++] = (struct dy_sql_group){ "household", dy_household_sql, dy_household_sql_n };
	*n = i;
	return groups;
}
