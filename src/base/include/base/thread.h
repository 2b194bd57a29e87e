/* Threads have names: what a debugger, `top -H` and the benches show. */
#ifndef DY_BASE_THREAD_H
#define DY_BASE_THREAD_H

void dy_thread_name(const char *name); /* of the calling thread; at most 15 bytes */

#endif
