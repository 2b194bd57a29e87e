/* Secrets: thin, named wrappers over libsodium.
 *
 * Call dy_crypto_init() once at start. Everything else is thread-safe.
 * Passwords cost 40 to 80 ms and 64 MiB: call dy_password_* on the password pool, never on a loop. */
#ifndef DY_BASE_CRYPTO_H
#define DY_BASE_CRYPTO_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DY_HASH_BYTES    32
#define DY_KEY_BYTES     32
#define DY_PASSWORD_HASH 128 /* capacity of the text form, NUL included */
#define DY_SEAL_EXTRA    40  /* bytes a sealed text is longer than its plain text */
#define DY_TOKEN_TEXT    27  /* 128 random bits in base32, NUL included */

struct dy_key {
	uint8_t bytes[DY_KEY_BYTES];
};

enum dy_code dy_crypto_init(struct dy_err *err) DY_NODISCARD;

void dy_random_bytes(void *out, size_t n);
uint64_t dy_random_u64(void);
uint32_t dy_random_below(uint32_t n);

/* 26 characters of base32, 128 random bits. */
void dy_token_make(char out[DY_TOKEN_TEXT]);

/* BLAKE2b-256; key may be NULL. */
void dy_hash(const void *data, size_t n, const struct dy_key *key, uint8_t out[DY_HASH_BYTES]);

/* Several parts as one message: init, update..., final. */
struct dy_hasher {
	_Alignas(64) uint8_t opaque[384];
};
void dy_hasher_init(struct dy_hasher *h);
void dy_hasher_update(struct dy_hasher *h, const void *data, size_t n);
void dy_hasher_final(struct dy_hasher *h, uint8_t out[DY_HASH_BYTES]);

bool dy_secret_eq(const void *a, const void *b, size_t n); /* constant time */

/* Argon2id, text form with its own salt and cost. */
enum dy_code dy_password_hash(struct dy_str password, char out[DY_PASSWORD_HASH],
                              struct dy_err *err) DY_NODISCARD;
bool dy_password_is(struct dy_str password, const char *hash);

/* XSalsa20-Poly1305 with a random nonce in front. out needs n + DY_SEAL_EXTRA bytes. */
void dy_seal(const struct dy_key *key, const void *plain, size_t n, uint8_t *out);
/* out needs n - DY_SEAL_EXTRA bytes; false when the text is not sealed by this key. */
bool dy_unseal(const struct dy_key *key, const uint8_t *sealed, size_t n, void *out);

/* Reads the 32-byte key file, or makes it (mode 0600) when absent. */
enum dy_code dy_key_load(const char *path, struct dy_key *out, struct dy_err *err) DY_NODISCARD;

#endif
