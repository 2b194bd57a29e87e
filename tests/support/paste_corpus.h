/* Labelled blocks of group chat: reading them, and counting what the paste reader gets right.
 * The format is told in tests/data/paste/README.md. */
#ifndef DY_TESTS_PASTE_CORPUS_H
#define DY_TESTS_PASTE_CORPUS_H

#include "domain/paste.h"

#include <stdio.h>

#define PC_CATEGORIES 14
#define PC_BINS       10 /* of confidence, 10 % each */

struct pc_share {
	size_t right, told, wanted; /* precision right/told, recall right/wanted */
};
struct pc_result {
	size_t blocks, lines;
	struct pc_share request, door, category, urgent, same,
		other; /* other: lines that are no request */
	struct pc_share by_category[PC_CATEGORIES];
	size_t bin_told[PC_BINS], bin_right[PC_BINS], bin_sum[PC_BINS];
};

/* Reads one file and counts; every mistake is told on `mistakes` when it is not NULL. False when the file cannot be read or a
 * label is wrong (said on stderr). */
bool pc_run(const char *path, FILE *mistakes, struct pc_result *out);
double pc_precision(const struct pc_share *s); /* per cent; 100 when there was nothing */
double pc_recall(const struct pc_share *s);
const char *pc_category(size_t i);

#endif
