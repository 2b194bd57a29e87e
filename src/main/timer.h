/* The server's timer: turns the clock of every community, and sweeps what is over. Threads: the main one's. */
#ifndef DY_MAIN_TIMER_H
#define DY_MAIN_TIMER_H

#include "store/store.h"

#define DY_TIMER_EVERY_MS 1000

struct dy_timer;

enum dy_code dy_timer_open(struct dy_store *store, struct dy_timer **out,
                           struct dy_err *err) DY_NODISCARD;
void dy_timer_close(struct dy_timer *timer); /* NULL is fine */
/* Does what is due; what goes wrong is logged and tried again. */
void dy_timer_tick(struct dy_timer *timer);

#endif
