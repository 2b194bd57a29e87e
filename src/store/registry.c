/* Every statement of the program: one line per file. */
#include "store/store.h"

#define GROUP(noun)                                                                                \
	extern const struct dy_sql *const dy_##noun##_sql[];                                       \
	extern const size_t dy_##noun##_sql_n
GROUP(event);
GROUP(idem);

const struct dy_sql_group *
dy_sql_groups(size_t *n)
{
	static struct dy_sql_group groups[8];
	size_t i = 0;

	groups[i++] = (struct dy_sql_group){ "event", dy_event_sql, dy_event_sql_n };
	groups[i++] = (struct dy_sql_group){ "idem", dy_idem_sql, dy_idem_sql_n };
	*n = i;
	return groups;
}
