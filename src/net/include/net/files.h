/* Static files, read once at start and served from memory.
 *
 * A folder is read whole (<= 64 MiB); "x.br" and "x.gz" beside "x" are its precompressed forms. Names with a hash
 *   ("app-1a2b3c4d.js" under /assets/) get "immutable"; the rest an ETag over the content and "no-cache".
 * "/" and "/console/" answer their index.html. Dot files are never served.
 * Threads: immutable after dy_files_open(). */
#ifndef DY_NET_FILES_H
#define DY_NET_FILES_H

#include "net/server.h"

struct dy_files;

enum dy_code dy_files_open(const char *folder, struct dy_files **out,
                           struct dy_err *err) DY_NODISCARD;
void dy_files_free(struct dy_files *files);
/* Answers GET and HEAD; false when there is no such file (nothing was answered). headers are added to each answer. */
bool dy_files_serve(const struct dy_files *files, struct dy_exchange *x,
                    const struct dy_header *headers, size_t n_headers);

#endif
