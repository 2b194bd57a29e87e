/* Quiet days and emergencies: the mode of a scope. Threads: pure. */
#ifndef DY_DOMAIN_MODE_H
#define DY_DOMAIN_MODE_H

#include "base/str.h"

#include <stdbool.h>

enum dy_mode { DY_MODE_NORMAL, DY_MODE_ALERT, DY_MODE_EMERGENCY, DY_MODE_RECOVERY };
#define DY_MODES 4

const char *dy_mode_name(enum dy_mode mode);
bool dy_mode_find(struct dy_str name, enum dy_mode *out);

#endif
