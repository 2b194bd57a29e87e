/* Compiler attributes, in one place so that the rest of the tree stays standard C17. */
#ifndef DY_BASE_ATTR_H
#define DY_BASE_ATTR_H

#define DY_PRINTF(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at), nonnull(fmt_at)))
#define DY_NODISCARD               __attribute__((warn_unused_result))
#define DY_NORETURN                __attribute__((noreturn))
#define DY_UNUSED                  __attribute__((unused))

/* Runs fn(&variable) when the variable leaves its scope; fn must accept a pointer to NULL. */
#define DY_CLEANUP(fn)  __attribute__((cleanup(fn)))

#define DY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
