/* Pictures: plain shapes painted into memory and encoded as any uploaded photo is. */
#include "demo_picture.h"

#include <string.h>
#include <vips/vips.h>

#define W       DY_DEMO_PICTURE_WIDTH
#define H       DY_DEMO_PICTURE_HEIGHT
#define BANDS   3
#define QUALITY 80

struct canvas {
	uint8_t *px;
};

static void
rect(struct canvas *c, int x0, int y0, int x1, int y1, uint32_t rgb)
{
	for (int y = y0 < 0 ? 0 : y0; y < y1 && y < H; y++) {
		for (int x = x0 < 0 ? 0 : x0; x < x1 && x < W; x++) {
			uint8_t *p = c->px + (y * W + x) * BANDS;
			p[0] = (uint8_t)(rgb >> 16);
			p[1] = (uint8_t)(rgb >> 8);
			p[2] = (uint8_t)rgb;
		}
	}
}

static void
disc(struct canvas *c, int cx, int cy, int r, uint32_t rgb)
{
	for (int y = -r; y <= r; y++) {
		int half = 0;
		while ((half + 1) * (half + 1) + y * y <= r * r)
			half++;
		rect(c, cx - half, cy + y, cx + half + 1, cy + y + 1, rgb);
	}
}

static void
stroke(struct canvas *c, int x0, int y0, int x1, int y1, int width, uint32_t rgb)
{
	int dx = x1 - x0, dy = y1 - y0;
	int steps = (dx < 0 ? -dx : dx) > (dy < 0 ? -dy : dy) ? (dx < 0 ? -dx : dx)
	                                                      : (dy < 0 ? -dy : dy);

	for (int i = 0; i <= steps; i++)
		disc(c, x0 + dx * i / (steps > 0 ? steps : 1),
		     y0 + dy * i / (steps > 0 ? steps : 1), width / 2, rgb);
}

/* The two characters "示例" (sample), one bit a dot, in the lower right corner. */
static void
mark(struct canvas *c)
{
	static const uint64_t ROWS[] = {
		0x2,          0x4003,       0xfffc0dfc3,  0xfffc0c413,  0x8413,
		0x18c13,      0x18f93,      0x3ffff38d93, 0x1fffe39893, 0x30029893,
		0x3000b193,   0x63180bd93,  0x631808713,  0xc30c08313,  0xc30608313,
		0x1830608603, 0x3030208403, 0x30208c03,   0x1f000981e,  0x1c0008008,
	};
	const int columns = 39, dot = 3, left = W - columns * dot - 20, top = H - 80;

	rect(c, left - 12, top - 8, W - 8, H - 8, 0xffffff);
	for (int y = 0; y < (int)DY_COUNT(ROWS); y++) {
		for (int x = 0; x < columns; x++) {
			if ((ROWS[y] >> (columns - 1 - x) & 1) != 0)
				rect(c, left + x * dot, top + y * dot, left + x * dot + dot,
				     top + y * dot + dot, 0xb3261e);
		}
	}
}

static void
paint_leak(struct canvas *c)
{
	rect(c, 0, 0, W, H, 0xe9e4d8);
	rect(c, 0, 60, W, 96, 0x9aa3a8);      /* the pipe */
	rect(c, 200, 48, 262, 108, 0x7d868c); /* its joint */
	disc(c, 232, 140, 9, 0x3d7fc4);
	disc(c, 232, 186, 11, 0x3d7fc4);
	disc(c, 232, 240, 13, 0x3d7fc4);
	rect(c, 110, 300, 350, 330, 0x8fb8de); /* the puddle */
}

static void
paint_lamp(struct canvas *c)
{
	rect(c, 0, 0, W, H, 0x3a3f47);
	rect(c, 232, 0, 248, 90, 0x20242a);
	disc(c, 240, 130, 46, 0x6b6f76);
	for (int i = 0; i < 6; i++) /* the stairs below */
		rect(c, 60 * i, 340 - 22 * i, W, 362 - 22 * i, 0x4b515b + (uint32_t)i * 0x050505);
}

static void
paint_lift(struct canvas *c)
{
	rect(c, 0, 0, W, H, 0xd8d4cb);
	rect(c, 120, 30, 330, 340, 0x8b9096);
	rect(c, 222, 30, 228, 340, 0x4f5459);
	rect(c, 350, 130, 392, 210, 0x2b2f33);
	disc(c, 371, 152, 9, 0xb3261e);
	disc(c, 371, 186, 9, 0x555a60);
}

static void
paint_wall(struct canvas *c)
{
	rect(c, 0, 0, W, H, 0xd9c7b0);
	for (int y = 0; y < H; y += 40) {
		rect(c, 0, y, W, y + 3, 0xbfae97);
		for (int x = y / 40 % 2 * 40; x < W; x += 80)
			rect(c, x, y, x + 3, y + 40, 0xbfae97);
	}
	stroke(c, 90, 40, 180, 130, 6, 0x4a4036);
	stroke(c, 180, 130, 170, 190, 5, 0x4a4036);
	stroke(c, 170, 190, 280, 300, 7, 0x4a4036);
}

static void
paint_waste(struct canvas *c)
{
	rect(c, 0, 0, W, H, 0xcfd6c8);
	rect(c, 0, 250, W, H, 0x9b9a92);
	disc(c, 150, 240, 60, 0x2f3438); /* bags */
	disc(c, 240, 255, 48, 0x3c4a3d);
	rect(c, 280, 190, 380, 285, 0xb58a55); /* a box */
	rect(c, 280, 190, 380, 200, 0x94703f);
}

static void
paint_parcel(struct canvas *c)
{
	rect(c, 0, 0, W, H, 0xe6e1d6);
	rect(c, 40, 20, 170, 340, 0x7a5c3e); /* a door */
	disc(c, 152, 185, 8, 0xd8b45a);
	rect(c, 200, 230, 340, 330, 0xc59a63);
	rect(c, 262, 230, 278, 330, 0xe9dcc2);
}

static void
paint_tick(struct canvas *c, uint32_t ground)
{
	rect(c, 0, 0, W, H, 0xeef1ec);
	rect(c, 0, 270, W, H, ground);
	disc(c, 210, 150, 92, 0x2e7d4f);
	stroke(c, 160, 152, 200, 192, 18, 0xffffff);
	stroke(c, 200, 192, 262, 110, 18, 0xffffff);
}

static void
paint(struct canvas *c, enum dy_demo_picture kind)
{
	switch (kind) {
	case DY_DEMO_LEAK: paint_leak(c); break;
	case DY_DEMO_LAMP: paint_lamp(c); break;
	case DY_DEMO_LIFT: paint_lift(c); break;
	case DY_DEMO_WALL: paint_wall(c); break;
	case DY_DEMO_WASTE: paint_waste(c); break;
	case DY_DEMO_PARCEL: paint_parcel(c); break;
	case DY_DEMO_NO_PICTURE:
	case DY_DEMO_FIXED: paint_tick(c, 0xb9c3cc); break;
	case DY_DEMO_CLEAN: paint_tick(c, 0xa9c4a0); break;
	}
	mark(c);
}

enum dy_code
dy_demo_picture(struct dy_arena *arena, struct dy_demo_album *album, enum dy_demo_picture kind,
                struct dy_bytes *out, struct dy_err *err)
{
	struct dy_bytes *kept = &album->jpeg[kind];
	struct canvas canvas;
	void *jpeg = NULL;
	size_t n = 0;

	if (kept->len == 0) {
		canvas.px = dy_arena_alloc(arena, (size_t)W * H * BANDS);
		paint(&canvas, kind);
		VipsImage *image = vips_image_new_from_memory(canvas.px, (size_t)W * H * BANDS, W,
		                                              H, BANDS, VIPS_FORMAT_UCHAR);
		int failed = image == NULL || vips_jpegsave_buffer(image, &jpeg, &n, "Q", QUALITY,
		                                                   "strip", TRUE, NULL) != 0;
		if (image != NULL)
			g_object_unref(image);
		if (failed)
			return dy_raise(err, DY_E_BUG, "", "a sample picture cannot be encoded");
		kept->ptr = (uint8_t *)dy_arena_dup(arena, jpeg, n);
		kept->len = n;
		g_free(jpeg);
	}
	*out = *kept;
	return DY_OK;
}
