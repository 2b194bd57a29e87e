/* Modes by name. */
#include "domain/mode.h"

static const char *const NAMES[DY_MODES] = { "normal", "alert", "emergency", "recovery" };

const char *
dy_mode_name(enum dy_mode mode)
{
	return NAMES[mode];
}

bool
dy_mode_find(struct dy_str name, enum dy_mode *out)
{
	for (int i = 0; i < DY_MODES; i++) {
		if (dy_str_is(name, NAMES[i])) {
			*out = (enum dy_mode)i;
			return true;
		}
	}
	return false;
}
