/* Names of facts and of their sources. */
#include "domain/need.h"

static const char *const FACTS[DY_FACTS] = {
	[DY_FACT_SIZE] = "size",         [DY_FACT_NAME] = "name",
	[DY_FACT_PHONE] = "phone",       [DY_NEED_ELDERLY_ALONE] = "elderly_alone",
	[DY_NEED_DIALYSIS] = "dialysis", [DY_NEED_INFANT] = "infant",
	[DY_NEED_DISABLED] = "disabled", [DY_NEED_PET] = "pet",
};
static const char *const SOURCES[DY_SOURCES] = {
	[DY_SOURCE_RESIDENT] = "resident",
	[DY_SOURCE_STAFF] = "staff",
	[DY_SOURCE_IMPORT] = "import",
};

const char *
dy_fact_name(enum dy_fact_kind kind)
{
	return FACTS[kind];
}

bool
dy_fact_find(struct dy_str name, enum dy_fact_kind *out)
{
	for (int i = 0; i < DY_FACTS; i++) {
		if (dy_str_is(name, FACTS[i])) {
			*out = (enum dy_fact_kind)i;
			return true;
		}
	}
	return false;
}

bool
dy_fact_is_need(enum dy_fact_kind kind)
{
	return kind >= DY_NEED_FIRST;
}

const char *
dy_source_name(enum dy_fact_source source)
{
	return SOURCES[source];
}

bool
dy_source_find(struct dy_str name, enum dy_fact_source *out)
{
	for (int i = 0; i < DY_SOURCES; i++) {
		if (dy_str_is(name, SOURCES[i])) {
			*out = (enum dy_fact_source)i;
			return true;
		}
	}
	return false;
}
