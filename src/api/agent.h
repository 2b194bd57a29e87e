/* Is this a browser that cannot run the web app, so that the plain pages serve it better? By its User-Agent; an unknown one is
 * taken for modern. The app is built for Chrome 79 and Safari 13. Threads: pure. */
#ifndef DY_API_AGENT_H
#define DY_API_AGENT_H

#include "base/str.h"

#include <stdbool.h>

bool dy_agent_is_old(struct dy_str user_agent);

#endif
