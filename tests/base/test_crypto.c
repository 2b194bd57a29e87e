#include "base/crypto.h"
#include "base/log.h"
#include "dyt.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

DYT(sealed_text_opens_only_with_its_key_and_untouched)
{
	struct dy_key key = { { 1 } };
	struct dy_key other = { { 2 } };
	uint8_t sealed[5 + DY_SEAL_EXTRA];
	char plain[5];

	dy_seal(&key, "13900", 5, sealed);
	DYT_TRUE(dy_unseal(&key, sealed, sizeof(sealed), plain));
	DYT_TRUE(memcmp(plain, "13900", 5) == 0);
	DYT_TRUE(!dy_unseal(&other, sealed, sizeof(sealed), plain));
	DYT_TRUE(!dy_unseal(&key, sealed, 10, plain));
	for (size_t i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		DYT_TRUE(!dy_unseal(&key, sealed, sizeof(sealed), plain));
		sealed[i] ^= 1;
	}
}

DYT(a_password_is_recognised_and_salted)
{
	char a[DY_PASSWORD_HASH];
	char b[DY_PASSWORD_HASH];

	DYT_OK(dy_password_hash(DY_STR("correct horse"), a, NULL));
	DYT_OK(dy_password_hash(DY_STR("correct horse"), b, NULL));
	DYT_TRUE(strcmp(a, b) != 0);
	DYT_TRUE(dy_password_is(DY_STR("correct horse"), a));
	DYT_TRUE(!dy_password_is(DY_STR("correct horsf"), a));
	DYT_TRUE(!dy_password_is(DY_STR("x"), "not a hash"));
}

DYT(hashing_in_parts_equals_hashing_at_once)
{
	uint8_t at_once[DY_HASH_BYTES];
	uint8_t in_parts[DY_HASH_BYTES];
	struct dy_hasher h;

	dy_hash("abcdef", 6, NULL, at_once);
	dy_hasher_init(&h);
	dy_hasher_update(&h, "abc", 3);
	dy_hasher_update(&h, "def", 3);
	dy_hasher_final(&h, in_parts);
	DYT_TRUE(dy_secret_eq(at_once, in_parts, DY_HASH_BYTES));
}

DYT(hashes_are_those_of_blake2b)
{
	/* BLAKE2b-256 of "abc" (RFC 7693's algorithm, 32 bytes): the history's chain depends on it */
	static const uint8_t want[DY_HASH_BYTES] = {
		0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
		0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
		0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19
	};
	struct dy_key key = { { 7 } };
	uint8_t got[DY_HASH_BYTES];
	uint8_t zeros[DY_HASH_BYTES] = { 0 };

	dy_hash("abc", 3, NULL, got);
	DYT_TRUE(memcmp(got, want, sizeof(want)) == 0);
	dy_hash("abc", 3, &key, got);
	DYT_TRUE(memcmp(got, want, sizeof(want)) != 0);
	dy_random_bytes(got, sizeof(got));
	DYT_TRUE(memcmp(got, zeros, sizeof(zeros)) != 0);
	DYT_TRUE(dy_random_below(1) == 0);
}

DYT(a_key_file_that_cannot_be_used_says_so)
{
	char folder[] = "dy-key-XXXXXX";
	char path[64];
	struct dy_key key;
	struct dy_err err = { 0 };
	struct rlimit before, none;

	DYT_TRUE(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof(path), "%s/key", folder);
	DYT_INT(mkdir(path, 0700), 0); /* a folder in its place */
	DYT_INT(dy_key_load(path, &key, &err), DY_E_IO);
	DYT_INT(rmdir(path), 0);
	/* a disk that takes nothing: no half key is left behind */
	(void)signal(SIGXFSZ, SIG_IGN);
	DYT_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	DYT_INT(setrlimit(RLIMIT_FSIZE, &none), 0);
	enum dy_code rc = dy_key_load(path, &key, &err);
	DYT_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
	DYT_INT(rc, DY_E_IO);
	DYT_INT(access(path, F_OK), -1);
	DYT_INT(symlink("nowhere/at/all", path), 0);
	DYT_INT(dy_key_load(path, &key, &err), DY_E_IO);
	DYT_INT(unlink(path), 0);
	DYT_INT(rmdir(folder), 0);
}

DYT(tokens_differ_and_are_26_characters)
{
	char a[DY_TOKEN_TEXT];
	char b[DY_TOKEN_TEXT];

	dy_token_make(a);
	dy_token_make(b);
	DYT_INT(strlen(a), 26);
	DYT_TRUE(strcmp(a, b) != 0);
}

DYT(a_key_file_is_made_once_and_private)
{
	char folder[] = "dy-key-XXXXXX";
	char path[64];
	struct dy_key a;
	struct dy_key b;
	struct stat st;
	struct dy_err err = { 0 };

	DYT_TRUE(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof(path), "%s/key", folder);
	DYT_OK(dy_key_load(path, &a, &err));
	DYT_OK(dy_key_load(path, &b, &err));
	DYT_TRUE(memcmp(&a, &b, sizeof(a)) == 0);
	DYT_INT(stat(path, &st), 0);
	DYT_INT(st.st_mode & 0777, 0600);
	DYT_INT(truncate(path, 31), 0);
	DYT_INT(dy_key_load(path, &b, &err), DY_E_IO);
	DYT_INT(unlink(path), 0);
	DYT_INT(rmdir(folder), 0);
	DYT_INT(dy_key_load(path, &b, &err), DY_E_IO);
}

DYT(a_log_line_stays_one_line)
{
	int ends[2];
	char line[1025] = { 0 };

	DYT_INT(pipe(ends), 0);
	int kept = dup(STDERR_FILENO);
	DYT_TRUE(dup2(ends[1], STDERR_FILENO) >= 0);
	dy_log(DY_LOG_DEBUG, "hidden", "op=%s", "x");
	dy_log(DY_LOG_WARN, "request", "op=%s", "a\nb\x1b");
	DYT_TRUE(dup2(kept, STDERR_FILENO) >= 0);
	ssize_t n = read(ends[0], line, sizeof(line) - 1);
	DYT_TRUE(n > 0);
	DYT_TRUE(strstr(line, "level=warn event=request op=a?b?\n") != NULL);
	DYT_TRUE(strncmp(line, "time=20", 7) == 0);
	char name[2000];
	memset(name, 'e', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	DYT_TRUE(dup2(ends[1], STDERR_FILENO) >= 0);
	dy_log(DY_LOG_ERROR, name, "op=%s", "x"); /* cut, still one line */
	n = read(ends[0], line, sizeof(line) - 1);
	dy_log(DY_LOG_INFO, "long", "op=%s", name);
	ssize_t m = read(ends[0], line, sizeof(line) - 1);
	DYT_TRUE(dup2(kept, STDERR_FILENO) >= 0);
	DYT_TRUE(n > 900 && n < 1024 && m > 900 && m < 1024);
	DYT_TRUE(strchr(line, '\n') == line + m - 1);
	(void)close(kept);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DYT_TEST(sealed_text_opens_only_with_its_key_and_untouched),
		DYT_TEST(a_password_is_recognised_and_salted),
		DYT_TEST(hashing_in_parts_equals_hashing_at_once),
		DYT_TEST(hashes_are_those_of_blake2b),
		DYT_TEST(a_key_file_that_cannot_be_used_says_so),
		DYT_TEST(tokens_differ_and_are_26_characters),
		DYT_TEST(a_key_file_is_made_once_and_private),
		DYT_TEST(a_log_line_stays_one_line),
	};
	if (dy_crypto_init(NULL) != DY_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
