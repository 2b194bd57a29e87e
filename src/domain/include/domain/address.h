/* Addresses: building-stair-door, in full and masked. Threads: pure. */
#ifndef DY_DOMAIN_ADDRESS_H
#define DY_DOMAIN_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

/* Codes as they stand on the wall: "3", "1", "501"; an empty stair or door is left out of the text. */
struct dy_address {
	struct dy_str building, stair, door;
};

struct dy_str dy_address_code(struct dy_arena *arena, const struct dy_address *a); /* 3-1-501 */
struct dy_str dy_address_text(struct dy_arena *arena, const struct dy_address *a); /* 3幢1单元501 */
/* 3幢1单元一户: never holds the door. */
struct dy_str dy_address_masked(struct dy_arena *arena, const struct dy_address *a);

/* "3-1-501", "3幢1单元501", "３号楼1单元501室", "三幢一单元501", "3栋501" (stair empty). Codes come back in ASCII digits. */
enum dy_code dy_address_decode(struct dy_arena *arena, struct dy_str text, struct dy_address *out,
                               struct dy_err *err) DY_NODISCARD;

/* 王* for 王小明: the first character stays. */
struct dy_str dy_name_masked(struct dy_arena *arena, struct dy_str name);

#endif
