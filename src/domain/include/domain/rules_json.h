/* Rules as JSON: what differs from the built-in rules, read strictly.
 *
 * Deadlines are words: "none", "same_day", "next_morning", or an amount: "10 min", "4 h", "2 d".
 * Errors: DY_E_INPUT or DY_E_LIMIT, naming the entry: "/categories/3/modes/emergency/close".
 * Ownership: texts live as long as the arena. Threads: pure. */
#ifndef DY_DOMAIN_RULES_JSON_H
#define DY_DOMAIN_RULES_JSON_H

#include "base/json.h"
#include "domain/rules.h"

#define DY_DUE_TEXT 24

/* "4 h" and the like; false when it cannot be read. Nothing longer than 60 days. */
bool dy_due_read(struct dy_str text, struct dy_due *out);
const char *dy_due_write(const struct dy_due *due, char out[DY_DUE_TEXT]);

/* Starts from the built-in rules and takes the members of j that are there; the caller ends j. */
enum dy_code dy_rules_read(struct dy_json *j, struct dy_arena *arena, struct dy_rules *out,
                           struct dy_err *err) DY_NODISCARD;
/* The members of an open object: all, or only those that differ from the built-in rules. */
void dy_rules_write(struct dy_jw *w, const struct dy_rules *rules, bool all);

#endif
