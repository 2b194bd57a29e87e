/* Secrets through libsodium. */
#include "base/crypto.h"

#include "base/id.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

_Static_assert(DY_SEAL_EXTRA == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
               "sealed texts are nonce, tag, text");
_Static_assert(DY_KEY_BYTES == crypto_secretbox_KEYBYTES, "key size");
_Static_assert(DY_PASSWORD_HASH >= crypto_pwhash_STRBYTES, "password hash size");
_Static_assert(sizeof(struct dy_hasher) >= sizeof(crypto_generichash_state), "hasher size");

enum dy_code
dy_crypto_init(struct dy_err *err)
{
	if (sodium_init() < 0)
		return dy_raise(err, DY_E_IO, "", "libsodium could not be initialised");
	return DY_OK;
}

void
dy_random_bytes(void *out, size_t n)
{
	randombytes_buf(out, n);
}

/* Each thread asks the system for many bytes at a time: asking costs a system call. Bytes are given once and wiped. A child
 * of fork() would give the same ones again: the program never forks. */
static _Thread_local struct {
	uint8_t bytes[512];
	size_t left;
} ahead;

uint64_t
dy_random_u64(void)
{
	uint64_t v;

	if (ahead.left < sizeof(v)) {
		randombytes_buf(ahead.bytes, sizeof(ahead.bytes));
		ahead.left = sizeof(ahead.bytes);
	}
	ahead.left -= sizeof(v);
	memcpy(&v, ahead.bytes + ahead.left, sizeof(v));
	memset(ahead.bytes + ahead.left, 0, sizeof(v));
	return v;
}

/* Values above the last whole multiple of n are drawn again: none is more likely than another. */
uint32_t
dy_random_below(uint32_t n)
{
	uint64_t v;

	if (n < 2)
		return 0;
	do
		v = dy_random_u64();
	while (v >= UINT64_MAX - UINT64_MAX % n);
	return (uint32_t)(v % n);
}

void
dy_token_make(char out[DY_TOKEN_TEXT])
{
	uint8_t bytes[16];

	randombytes_buf(bytes, sizeof(bytes));
	(void)dy_base32_encode(bytes, sizeof(bytes), out, DY_TOKEN_TEXT);
}

void
dy_hash(const void *data, size_t n, const struct dy_key *key, uint8_t out[DY_HASH_BYTES])
{
	int rc = crypto_generichash(out, DY_HASH_BYTES, data, n, key != NULL ? key->bytes : NULL,
	                            key != NULL ? DY_KEY_BYTES : 0);
	DY_ASSERT(rc == 0);
}

void
dy_hasher_init(struct dy_hasher *h)
{
	int rc = crypto_generichash_init((crypto_generichash_state *)(void *)h->opaque, NULL, 0,
	                                 DY_HASH_BYTES);
	DY_ASSERT(rc == 0);
}

void
dy_hasher_update(struct dy_hasher *h, const void *data, size_t n)
{
	int rc = crypto_generichash_update((crypto_generichash_state *)(void *)h->opaque, data, n);
	DY_ASSERT(rc == 0);
}

void
dy_hasher_final(struct dy_hasher *h, uint8_t out[DY_HASH_BYTES])
{
	int rc = crypto_generichash_final((crypto_generichash_state *)(void *)h->opaque, out,
	                                  DY_HASH_BYTES);
	DY_ASSERT(rc == 0);
}

bool
dy_secret_eq(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

enum dy_code
dy_password_hash(struct dy_str password, char out[DY_PASSWORD_HASH], struct dy_err *err)
{
	memset(out, 0, DY_PASSWORD_HASH);
	if (crypto_pwhash_str(out, password.ptr, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                      crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		return dy_raise(err, DY_E_BUSY, "",
		                "not enough memory to hash a password; try again");
	return DY_OK;
}

bool
dy_password_is(struct dy_str password, const char *hash)
{
	return crypto_pwhash_str_verify(hash, password.ptr, password.len) == 0;
}

void
dy_seal(const struct dy_key *key, const void *plain, size_t n, uint8_t *out)
{
	randombytes_buf(out, crypto_secretbox_NONCEBYTES);
	int rc =
		crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, plain, n, out, key->bytes);
	DY_ASSERT(rc == 0);
}

bool
dy_unseal(const struct dy_key *key, const uint8_t *sealed, size_t n, void *out)
{
	if (n < DY_SEAL_EXTRA)
		return false;
	return crypto_secretbox_open_easy(out, sealed + crypto_secretbox_NONCEBYTES,
	                                  n - crypto_secretbox_NONCEBYTES, sealed, key->bytes) == 0;
}

static enum dy_code
key_read(const char *path, struct dy_key *out, struct dy_err *err)
{
	uint8_t bytes[DY_KEY_BYTES + 1];

	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return dy_raise(err, DY_E_IO, "", "cannot open the key file: %s", strerror(errno));
	ssize_t n = read(fd, bytes, sizeof(bytes));
	(void)close(fd);
	if (n != DY_KEY_BYTES)
		return dy_raise(err, DY_E_IO, "", "the key file does not hold %d bytes",
		                DY_KEY_BYTES);
	memcpy(out->bytes, bytes, DY_KEY_BYTES);
	sodium_memzero(bytes, sizeof(bytes));
	return DY_OK;
}

enum dy_code
dy_key_load(const char *path, struct dy_key *out, struct dy_err *err)
{
	struct dy_key fresh;

	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return key_read(path, out, err);
	if (fd < 0)
		return dy_raise(err, DY_E_IO, "", "cannot make the key file: %s", strerror(errno));
	randombytes_buf(fresh.bytes, sizeof(fresh.bytes));
	ssize_t n = write(fd, fresh.bytes, sizeof(fresh.bytes));
	int synced = fsync(fd);
	(void)close(fd);
	if (n != DY_KEY_BYTES || synced != 0) {
		(void)unlink(path);
		return dy_raise(err, DY_E_IO, "", "cannot write the key file");
	}
	*out = fresh;
	return DY_OK;
}
