/* Pictures of the sample community: drawn, and marked as a sample in the picture itself. */
#ifndef DY_MAIN_DEMO_PICTURE_H
#define DY_MAIN_DEMO_PICTURE_H

#include "demo_text.h"

#include "store/photo.h"

/* The drawn pictures, each made once as JPEG bytes when it is first asked for. Ownership: the arena. */
struct dy_demo_album {
	struct dy_bytes jpeg[DY_DEMO_PICTURES];
};

#define DY_DEMO_PICTURE_WIDTH  480
#define DY_DEMO_PICTURE_HEIGHT 360

enum dy_code dy_demo_picture(struct dy_arena *arena, struct dy_demo_album *album,
                             enum dy_demo_picture kind, struct dy_bytes *out,
                             struct dy_err *err) DY_NODISCARD;

#endif
