/* Bench kit: clock, latency histogram, tables, a folder on the disk, limits of the machine.
 *
 * Every bench prints one or more tables. A row is a figure and its ratio to the bare loop of the same run: the
 * least work that could do the same, in the same process, seconds apart. Ratios survive a busy machine; the
 * absolute figures need a quiet one (the load average stands above each table). */
#ifndef DY_BENCH_KIT_H
#define DY_BENCH_KIT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Log-linear buckets (HdrHistogram's idea): 32 steps for each power of two, so within 3 % of the true value. */
#define BK_HIST_STEPS   32
#define BK_HIST_BUCKETS (BK_HIST_STEPS * 40)

struct bk_hist {
	uint64_t count[BK_HIST_BUCKETS];
	uint64_t n, sum, max;
};
void bk_hist_add(struct bk_hist *h, uint64_t us);
uint64_t bk_hist_at(const struct bk_hist *h, double share); /* 0.99: the 99th percentile, us */
uint64_t bk_hist_mean(const struct bk_hist *h);

int64_t bk_now_us(void);
double bk_cpu_s(void); /* of this process, user and system */

/* Prints a head line with machine and load; columns of the rows that follow. */
void bk_title(const char *text);
/* note: after the figures; ratio <= 0: none. */
void bk_row(const char *what, double per_s, double us_each, double ratio, const char *note);
/* One goal of the issue, met or missed; returns ok. */
bool bk_goal(const char *what, double got, const char *unit, double want, bool at_least);
/* 0 when all goals were met; goals missed are told, and are an error only with DY_BENCH_STRICT=1. */
int bk_end(void);

/* A new folder beside the executable: on the disk that holds the build, not in memory. Removed by bk_end(). */
const char *bk_folder(void);
/* Raises the soft limit of open files to the hard one, the hard one as far as the machine allows; returns it. */
unsigned bk_files_max(void);
/* Ends the bench when a call failed: there is nothing to measure then. */
void bk_must(enum dy_code rc, const struct dy_err *err, const char *what);
_Noreturn void bk_fail(const char *what);

#endif
