/* Runs a target over every file of a corpus folder, and over every beginning of it: what is cut short is the commonest
 * broken input. Prints TAP, one line for each file. */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

#define FILE_MAX  ((size_t)1 << 20)
#define CUTS_MAX  256 /* beginnings tried of one file */
#define FILES_MAX 4096

static size_t
read_file(const char *path, uint8_t *out)
{
	FILE *file = fopen(path, "rb");

	FUZZ_TRUE(file != NULL);
	size_t n = fread(out, 1, FILE_MAX, file);
	(void)fclose(file);
	return n;
}

/* A block of exactly this size, so that the sanitizer sees the first byte read behind it. */
static void
run(const uint8_t *bytes, size_t n)
{
	uint8_t *exact = malloc(n > 0 ? n : 1);

	FUZZ_TRUE(exact != NULL);
	if (n > 0)
		memcpy(exact, bytes, n);
	(void)LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

static void
replay(const uint8_t *bytes, size_t n)
{
	size_t step = n / CUTS_MAX + 1;

	for (size_t cut = 0; cut < n; cut += step)
		run(bytes, cut);
	run(bytes, n);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
main(int argc, char **argv)
{
	static char *names[FILES_MAX];
	struct dirent *entry;
	size_t n = 0;
	char path[4096];

	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	if (dir == NULL) {
		(void)fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(dir)) != NULL && n < FILES_MAX) {
		if (entry->d_name[0] != '.')
			names[n++] = strdup(entry->d_name);
	}
	(void)closedir(dir);
	FUZZ_TRUE(n > 0); /* an empty corpus proves nothing */
	qsort(names, n, sizeof(names[0]), by_name);
	uint8_t *bytes = malloc(FILE_MAX);
	FUZZ_TRUE(bytes != NULL);
	(void)printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]);
		replay(bytes, read_file(path, bytes));
		(void)printf("ok %zu - %s\n", i + 1, names[i]);
		(void)fflush(stdout);
		free(names[i]);
	}
	free(bytes);
	return 0;
}
