/* Who answers for requests, and the rules of their clocks: a loop's own memory. Threads: one loop's. */
#ifndef DY_API_HANDS_H
#define DY_API_HANDS_H

struct dy_hands_kept;

struct dy_hands_kept *dy_hands_kept_new(void);
void dy_hands_kept_free(struct dy_hands_kept *kept); /* NULL is fine */

#endif
