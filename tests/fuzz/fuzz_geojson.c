/* GeoJSON of buildings and areas: what is read is flattened and measured. */
#include "geo/map.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned choice = fuzz_choice(&data, &size);
	struct dy_arena *arena = dy_arena_new((size_t)256 << 20);
	struct dy_geo_map map = { 0 };
	struct dy_err err;

	if (dy_geo_map_read_geojson(arena, fuzz_str(data, size), (choice & 1) != 0, &map, &err) ==
	    DY_OK) {
		if ((choice & 2) != 0)
			dy_geo_map_from_gcj02(&map);
		dy_geo_map_flatten(&map);
		for (size_t i = 0; i < map.n_buildings; i++) {
			double x, y;
			FUZZ_TRUE(map.buildings[i].n >= 3);
			FUZZ_TRUE(dy_geo_area_of(map.buildings[i].xy, map.buildings[i].n, &x, &y) >=
			          0);
		}
	}
	dy_arena_free(arena);
	return 0;
}
