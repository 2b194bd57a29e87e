/* The paste reader over its labelled corpora: precision and recall, calibration, time.
 *
 *   bench_paste [FILE...]        default: corpus and held-out set of tests/data/paste
 * With DY_PASTE_SHOW=1 every mistake is told on stderr. */
#include "base/arena.h"
#include "paste_corpus.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 20

static void
row(const char *name, const struct pc_share *s)
{
	printf("  %-14s %6.1f %% %6.1f %%   %4zu right, %4zu told, %4zu wanted\n", name,
	       pc_precision(s), pc_recall(s), s->right, s->told, s->wanted);
}

static bool
report(const char *path)
{
	const char *show = getenv("DY_PASTE_SHOW");
	struct pc_result r;

	if (!pc_run(path, show != NULL && show[0] != '\0' ? stderr : NULL, &r))
		return false;
	printf("%s: %zu lines in %zu blocks, %zu requests\n  %-14s %8s %8s\n", path, r.lines,
	       r.blocks, r.request.wanted, "", "precision", "recall");
	row("request", &r.request);
	row("no request", &r.other);
	row("door", &r.door);
	row("category", &r.category);
	row("urgent", &r.urgent);
	row("said twice", &r.same);
	for (size_t i = 0; i < PC_CATEGORIES; i++)
		row(pc_category(i), &r.by_category[i]);
	printf("  confidence: said -> true\n");
	for (size_t i = 0; i < PC_BINS; i++) {
		if (r.bin_told[i] > 0)
			printf("    %3zu %% -> %3zu %%  of %zu\n", r.bin_sum[i] / r.bin_told[i],
			       100 * r.bin_right[i] / r.bin_told[i], r.bin_told[i]);
	}
	return true;
}

static double
cpu_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Blocks of ordinary chat, one after the other, up to the size. */
static void
speed(size_t bytes)
{
	static const char LINE[] = "3-1-501王阿姨: 家里没米了，能帮忙买点吗？另外楼道灯坏了三天\n"
				   "小李: 收到，马上安排[强]\n";
	struct dy_err err = { 0 };
	char *text = malloc(bytes);
	double best = 1e9;

	if (text == NULL)
		return;
	size_t n = 0;
	while (n + sizeof(LINE) - 1 <= bytes) {
		memcpy(text + n, LINE, sizeof(LINE) - 1);
		n += sizeof(LINE) - 1;
	}
	uint64_t steps = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct dy_arena *arena = dy_arena_new((size_t)64 << 20);
		struct dy_paste paste;
		double from = cpu_ms();
		if (dy_paste_read(arena, (struct dy_str){ text, n }, &paste, &err) != DY_OK)
			printf("%s\n", err.text);
		double took = cpu_ms() - from;
		best = took < best ? took : best;
		steps = paste.steps;
		dy_arena_free(arena);
	}
	printf("%6zu KiB: %6.2f ms CPU, %8llu steps\n", n / 1024, best, (unsigned long long)steps);
	free(text);
}

int
main(int argc, char **argv)
{
	const char *root = getenv("DY_SOURCE_ROOT");
	char path[1024];
	bool good = true;

	for (int i = 1; i < argc; i++)
		good = report(argv[i]) && good;
	for (int i = 0; argc == 1 && i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/tests/data/paste/%s.txt",
		               root != NULL ? root : ".", i == 0 ? "corpus" : "held_out");
		good = report(path) && good;
	}
	printf("time of one paste, best of %d\n", ROUNDS);
	for (size_t kib = 8; kib <= 64; kib *= 2)
		speed(kib * 1024);
	return good ? 0 : 1;
}
