/* Bench kit: see kit.h. */
#include "kit.h"

#include "base/time.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[512];
static int missed;

static size_t
bucket_of(uint64_t us)
{
	if (us < BK_HIST_STEPS)
		return (size_t)us;
	unsigned power = 63 - (unsigned)__builtin_clzll(us);
	unsigned shift = power - 5;
	size_t at = (size_t)(shift + 1) * BK_HIST_STEPS + (size_t)((us >> shift) - BK_HIST_STEPS);
	return at < BK_HIST_BUCKETS ? at : BK_HIST_BUCKETS - 1;
}

/* The largest value of a bucket: percentiles are never told too small. */
static uint64_t
bucket_top(size_t at)
{
	if (at < BK_HIST_STEPS)
		return at;
	unsigned shift = (unsigned)(at / BK_HIST_STEPS) - 1;
	return ((uint64_t)(at % BK_HIST_STEPS + BK_HIST_STEPS + 1) << shift) - 1;
}

void
bk_hist_add(struct bk_hist *h, uint64_t us)
{
	h->count[bucket_of(us)]++;
	h->n++;
	h->sum += us;
	if (us > h->max)
		h->max = us;
}

uint64_t
bk_hist_at(const struct bk_hist *h, double share)
{
	uint64_t want = (uint64_t)((double)h->n * share + 0.5);
	uint64_t sum = 0;

	for (size_t i = 0; i < BK_HIST_BUCKETS; i++) {
		sum += h->count[i];
		if (sum >= want && sum > 0)
			return bucket_top(i) < h->max ? bucket_top(i) : h->max;
	}
	return h->max;
}

uint64_t
bk_hist_mean(const struct bk_hist *h)
{
	return h->n == 0 ? 0 : h->sum / h->n;
}

int64_t
bk_now_us(void)
{
	return dy_tick_us();
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

double
bk_cpu_s(void)
{
	struct rusage use;

	if (getrusage(RUSAGE_SELF, &use) != 0)
		return 0;
	return seconds(use.ru_utime) + seconds(use.ru_stime);
}

void
bk_title(const char *text)
{
	double load[3] = { 0 };

	(void)getloadavg(load, 3);
	(void)printf("\n%s\n  %ld cores, load average %.2f\n  %-46s %12s %10s %8s\n", text,
	             sysconf(_SC_NPROCESSORS_ONLN), load[0], "", "per second", "us each", "ratio");
	(void)fflush(stdout);
}

void
bk_row(const char *what, double per_s, double us_each, double ratio, const char *note)
{
	(void)printf("  %-46s %12.0f %10.1f ", what, per_s, us_each);
	if (ratio > 0)
		(void)printf("%8.2f", ratio);
	else
		(void)printf("%8s", "-");
	(void)printf("  %s\n", note);
	(void)fflush(stdout);
}

bool
bk_goal(const char *what, double got, const char *unit, double want, bool at_least)
{
	bool ok = at_least ? got >= want : got <= want;

	if (!ok)
		missed++;
	(void)printf("  goal %s: %.6g %s (want %s %.6g): %s\n", what, got, unit,
	             at_least ? "at least" : "at most", want, ok ? "met" : "MISSED");
	(void)fflush(stdout);
	return ok;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int
bk_end(void)
{
	const char *strict = getenv("DY_BENCH_STRICT");

	if (folder[0] != '\0')
		(void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	folder[0] = '\0';
	return missed > 0 && strict != NULL && strcmp(strict, "1") == 0 ? 1 : 0;
}

const char *
bk_folder(void)
{
	char exe[256];

	if (folder[0] != '\0')
		return folder;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n <= 0)
		bk_fail("the path of the program");
	exe[n] = '\0';
	*strrchr(exe, '/') = '\0';
	(void)snprintf(folder, sizeof(folder), "%s/run-XXXXXX", exe);
	if (mkdtemp(folder) == NULL)
		bk_fail("a folder for the bench");
	return folder;
}

unsigned
bk_files_max(void)
{
	static const rlim_t wanted[] = { 1048576, 262144, 131072, 65536 };
	struct rlimit limit;

	for (size_t i = 0; i < DY_COUNT(wanted); i++) {
		limit = (struct rlimit){ wanted[i], wanted[i] };
		if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
			return (unsigned)wanted[i];
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1024;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	return (unsigned)limit.rlim_cur;
}

_Noreturn void
bk_fail(const char *what)
{
	(void)fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	(void)bk_end();
	exit(2);
}

void
bk_must(enum dy_code rc, const struct dy_err *err, const char *what)
{
	if (rc == DY_OK)
		return;
	(void)fprintf(stderr, "bench: %s: %s %s\n", what, err->field, err->text);
	(void)bk_end();
	exit(2);
}
