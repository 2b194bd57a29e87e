/* A sign-up (接龙) as text for a group chat. Threads: pure. */
#ifndef DY_DOMAIN_SIGN_UP_H
#define DY_DOMAIN_SIGN_UP_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct dy_chain_line {
	struct dy_str who; /* "3-1-501", or a name */
	int64_t seats;
	struct dy_str note;
	bool waits;
};

/* "#接龙 TITLE", one numbered line for each who is in, then those who wait under a heading of their own. */
void dy_chain_write(struct dy_strbuf *out, struct dy_str title, const struct dy_chain_line *lines,
                    size_t n);

#endif
