/* What the planners of libdyplan share: result codes, the error, memory.
 *
 * Ownership: the caller owns every struct here.
 * Threads: no global state in the whole library.
 * Errors: functions return enum dyp_code and describe a failure in a caller-owned struct dyp_err.
 * The library does no I/O, reads no clock, prints nothing and never exits. */
#ifndef DYPLAN_DYPLAN_H
#define DYPLAN_DYPLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum dyp_code {
	DYP_OK = 0,
	DYP_CANCELLED,  /* the tick callback asked to stop; the result is the best so far */
	DYP_INFEASIBLE, /* nothing satisfies the hard constraints */
	DYP_BAD_INPUT,  /* err names the item and field at fault */
	DYP_NO_MEMORY
};

struct dyp_err {
	enum dyp_code code;
	char field[64]; /* for example "/stops/17/windows", or "" */
	char text[160]; /* one line, lower case, no full stop */
};

/* Where memory comes from. Zeroed means malloc and free. Blocks must be aligned for any type. */
struct dyp_memory {
	void *(*get)(void *ctx, size_t size); /* NULL when there is none */
	void (*put)(void *ctx, void *block);
	void *ctx;
};

#ifdef __cplusplus
}
#endif

#endif
