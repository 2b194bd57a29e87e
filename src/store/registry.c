/* Every statement of the program: one line for each file. */
#include "store/store.h"

#define GROUPS(GROUP)                                                                              \
	GROUP(clock)                                                                               \
	GROUP(counter)                                                                             \
	GROUP(duty)                                                                                \
	GROUP(book)                                                                                \
	GROUP(event)                                                                               \
	GROUP(household)                                                                           \
	GROUP(idem)                                                                                \
	GROUP(intake)                                                                              \
	GROUP(import)                                                                              \
	GROUP(notice)                                                                              \
	GROUP(oversight)                                                                           \
	GROUP(person)                                                                              \
	GROUP(photo)                                                                               \
	GROUP(place)                                                                               \
	GROUP(region)                                                                              \
	GROUP(request)                                                                             \
	GROUP(session)                                                                             \
	GROUP(setting)                                                                             \
	GROUP(sign_up)                                                                             \
	GROUP(vacancy)                                                                             \
	GROUP(where)

#define DECLARE(noun)                                                                              \
	extern const struct dy_sql *const dy_##noun##_sql[];                                       \
	extern const size_t dy_##noun##_sql_n;
GROUPS(DECLARE)

#define NAME(noun) #noun,
static const char *const NAMES[] = { GROUPS(NAME) };

const struct dy_sql_group *
dy_sql_groups(size_t *n)
{
	static struct dy_sql_group groups[DY_COUNT(NAMES)];
	size_t i = 0;

#define FILL(noun)                                                                                 \
	groups[i] = (struct dy_sql_group){ NAMES[i], dy_##noun##_sql, dy_##noun##_sql_n };         \
	i++;
	GROUPS(FILL)
	*n = i;
	return groups;
}
