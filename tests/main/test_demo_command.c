/* danyuan demo and danyuan import regions as commands: what they print, write and refuse. */
#include "dyt.h"

#include "base/attr.h"
#include "base/str.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX 65536
#define PATH_TEXT  128

static char folder[32];
static char output[OUTPUT_MAX];

/* Runs danyuan with the arguments, both outputs together; returns its exit status. */
static int
run(const char *args)
{
	char command[1024];

	(void)snprintf(command, sizeof(command), "%s %s 2>&1", getenv("DY_DANYUAN"), args);
	FILE *pipe = popen(command, "r"); /* NOLINT: the arguments are this file's own */
	DYT_TRUE(pipe != NULL);
	size_t n = fread(output, 1, OUTPUT_MAX - 1, pipe);
	output[n] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static const char *
in_folder(const char *name)
{
	static char path[PATH_TEXT];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static size_t
lines_of(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void
file_put(const char *name, const char *text)
{
	FILE *f = fopen(in_folder(name), "w");

	DYT_TRUE(f != NULL);
	DYT_TRUE(fputs(text, f) >= 0);
	DYT_INT(fclose(f), 0);
}

static size_t
count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
		n++;
	return n;
}

static int
open_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "dy-command-XXXXXX");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
close_folder(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command); /* NOLINT: a name made by mkdtemp */
}

DYT(what_is_wrong_on_the_command_line_is_said_in_one_line)
{
	static const struct {
		const char *why, *args, *said;
	} row[] = {
		{ "no folder", "demo", "--data" },
		{ "no such option", "demo --data %s/new --speed 9", "--speed" },
		{ "seed is no number", "demo --data %s/new --seed many", "seed" },
		{ "negative seed", "demo --data %s/new --seed -1", "seed" },
		{ "no such day", "demo --data %s/new --today 2026-02-30", "today" },
		{ "short code", "demo --data %s/new --community 3309", "community" },
		{ "code with a letter", "demo --data %s/new --community 33092210000x",
		  "community" },
		{ "name not known", "demo --data %s/new --community 330922100002", "regions" },
		{ "no such file", "demo --data %s/new --regions /nowhere", "regions" },
		{ "import of what", "import", "regions" },
		{ "import without prefix", "import regions --data %s/new --file x", "--prefix" },
		{ "prefix is no number", "import regions --data %s/new --file x --prefix zj",
		  "prefix" },
		{ "no such file to import",
		  "import regions --data %s/new --file /nowhere --prefix 33", "file" },
	};

	for (size_t i = 0; i < DY_COUNT(row); i++) {
		char args[256];
		const char *slot = strstr(row[i].args, "%s");
		int before = slot != NULL ? (int)(slot - row[i].args) : (int)strlen(row[i].args);
		DYT_ROW(row[i].why);
		(void)snprintf(args, sizeof(args), "%.*s%s%s", before, row[i].args,
		               slot != NULL ? folder : "", slot != NULL ? slot + 2 : "");
		DYT_INT(run(args), 2);
		DYT_INT(lines_of(output), 1);
		DYT_TRUE(strstr(output, row[i].said) != NULL);
		DYT_TRUE(access(in_folder("new"), F_OK) != 0);
	}
	DYT_ROW("");
}

static const char REGIONS[] =
	"[{\"code\":\"33\",\"name\":\"浙江省\"},\n"
	"{\"code\":\"3309\",\"name\":\"舟山市\",\"provinceCode\":\"33\"},\n"
	"{\"code\":\"330922\",\"name\":\"嵊泗县\",\"cityCode\":\"3309\",\"provinceCode\":\"33\"},\n"
	"{\"code\":\"330922100\",\"name\":\"菜园镇\",\"areaCode\":\"330922\"},\n"
	"{\"code\":\"330922100002\",\"name\":\"沙河社区居委会\",\"streetCode\":\"330922100\"},\n"
	"{\"code\":\"330922100200\",\"name\":\"基湖村委会\",\"streetCode\":\"330922100\"},\n"
	"{\"code\":\"110101001001\",\"name\":\"多福巷社区居委会\",\"streetCode\":\"110101001\","
	"\"areaCode\":\"110101\",\"cityCode\":\"1101\",\"provinceCode\":\"11\"}]\n";

DYT(divisions_are_read_once_and_bad_rows_are_named)
{
	char args[256];

	file_put("good.json", REGIONS);
	(void)snprintf(args, sizeof(args),
	               "import regions --data %s/a --file %s/good.json --prefix 3309", folder,
	               folder);
	DYT_INT(run(args), 0);
	DYT_TRUE(strstr(output, "6 read, 6 new or renamed, 0 bad") != NULL);
	DYT_INT(run(args), 0);
	DYT_TRUE(strstr(output, "6 read, 0 new or renamed, 0 bad") != NULL);

	file_put("bad.json",
	         "[{\"code\":\"3309221\",\"name\":\"七位\"},\n"
	         "{\"code\":\"330922101\",\"name\":\"嵊山镇\"},\n"
	         "{\"code\":\"330922102\"},\n"
	         "{\"code\":\"330922200\",\"name\":\"五龙乡\",\"areaCode\":\"330921\"},\n"
	         "{\"code\":\"330922201\",\"name\":\"黄龙乡\",\"colour\":\"3309\"}]");
	(void)snprintf(args, sizeof(args),
	               "import regions --data %s/a --file %s/bad.json --prefix 3309", folder,
	               folder);
	DYT_INT(run(args), 1);
	DYT_TRUE(strstr(output, "bad.json: row 1: /code") != NULL);
	DYT_TRUE(strstr(output, "bad.json: row 3: /name") != NULL);
	DYT_TRUE(strstr(output, "bad.json: row 4: /code") != NULL);
	DYT_TRUE(strstr(output, "bad.json: row 5: /colour") != NULL);
	DYT_TRUE(strstr(output, "1 read, 1 new or renamed, 4 bad") != NULL);

	static const char *const BROKEN[] = { "",
		                              "{}",
		                              "[{\"code\":\"33\"",
		                              "[{\"a\":1} {}]",
		                              "[1]",
		                              "[{\"code\":\"33\",\"name\":\"x\"}" };
	for (size_t i = 0; i < DY_COUNT(BROKEN); i++) {
		DYT_ROW(BROKEN[i]);
		file_put("bad.json", BROKEN[i]);
		DYT_INT(run(args), 2);
		DYT_INT(lines_of(output), 1 + (strstr(output, "row 1: /") != NULL));
	}
	DYT_ROW("");
}

DYT(demo_json_tells_logins_and_doors_to_nobody_else)
{
	char args[256];
	static char json[OUTPUT_MAX];
	struct stat st;

	(void)snprintf(args, sizeof(args), "demo --data %s/b --today 2026-04-24", folder);
	DYT_INT(run(args), 0);
	DYT_TRUE(strstr(output, "7 grids, 22 units") != NULL);
	DYT_INT(stat(in_folder("b/demo.json"), &st), 0);
	DYT_INT(st.st_mode & 0777, 0600);
	FILE *f = fopen(in_folder("b/demo.json"), "r");
	DYT_TRUE(f != NULL);
	json[fread(json, 1, OUTPUT_MAX - 1, f)] = '\0';
	(void)fclose(f);
	DYT_TRUE(count_of(json, "\"url_path\":\"/q/") >= 6);
	DYT_TRUE(count_of(json, "\"household_code\":") >= 6);
	DYT_INT(count_of(json, "\"password\":"), 7);
	DYT_TRUE(strstr(json, "\"code\":\"330922100001\",\"name\":\"东海社区\"") != NULL);

	/* again: said in one line, and nothing changes */
	DYT_INT(run(args), 1);
	DYT_INT(lines_of(output), 1);
	DYT_TRUE(strstr(output, "is in this folder already") != NULL);

	/* another one beside it, named by the file */
	file_put("good.json", REGIONS);
	(void)snprintf(args, sizeof(args),
	               "demo --data %s/b --community 330922100200 --regions %s/good.json", folder,
	               folder);
	DYT_INT(run(args), 0);
	DYT_TRUE(strstr(output, "浙江省舟山市嵊泗县菜园镇 基湖村 (330922100200)") != NULL);
	DYT_INT(access(in_folder("b/demo-330922100001.json"), R_OK), 0);
	DYT_INT(access(in_folder("b/demo-330922100200.json"), R_OK), 0);
	(void)snprintf(args, sizeof(args), "audit verify --data %s/b", folder);
	DYT_INT(run(args), 0);
	(void)snprintf(args, sizeof(args), "doctor --data %s/b", folder);
	DYT_INT(run(args), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DYT_TEST(what_is_wrong_on_the_command_line_is_said_in_one_line),
		DYT_TEST(divisions_are_read_once_and_bad_rows_are_named),
		DYT_TEST(demo_json_tells_logins_and_doors_to_nobody_else),
	};

	if (getenv("DY_DANYUAN") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, open_folder, close_folder);
}
