/* The data folder: database, key, pictures, settings, and the lock that keeps a second server out.
 *
 * Ownership: paths live in the arena. Threads: the main thread.
 * Errors: what is missing or not permitted, with the path. */
#ifndef DY_MAIN_DATA_H
#define DY_MAIN_DATA_H

#include "base/arena.h"
#include "base/crypto.h"

#include <stdbool.h>

struct dy_data {
	const char *dir, *database;
	struct dy_key key;
	int lock; /* file descriptor, -1: not locked */
};

enum dy_data_mode {
	DY_DATA_READ,  /* beside a running server too; the folder must hold a database */
	DY_DATA_WRITE, /* alone; the folder must hold a database */
	DY_DATA_MAKE,  /* alone; folder and key are made when absent */
};

enum dy_code dy_data_open(struct dy_arena *arena, const char *dir, enum dy_data_mode mode,
                          struct dy_data *out, struct dy_err *err) DY_NODISCARD;
void dy_data_close(struct dy_data *data);

#endif
