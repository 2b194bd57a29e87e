/* A notice as CAP 1.2 XML (OASIS Common Alerting Protocol, 2010). Threads: pure. */
#ifndef DY_DOMAIN_ALERT_H
#define DY_DOMAIN_ALERT_H

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

/* Words as domain/notice.h has them; times of 0 and empty texts are left out where CAP permits it. */
struct dy_alert {
	struct dy_str identifier, sender, sender_name, references;
	struct dy_str status, msg_type, category, urgency, severity, certainty;
	struct dy_str headline, description, instruction, area, web;
	struct dy_time sent, effective, onset, expires;
	const struct dy_zone *zone;
};

/* CAP's own form: seconds, and a zone that is never "Z". */
struct dy_str dy_alert_time(struct dy_arena *arena, const struct dy_zone *zone, struct dy_time t);
void dy_alert_write(struct dy_strbuf *out, struct dy_arena *arena, const struct dy_alert *cap);

#endif
