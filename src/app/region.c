/* Administrative divisions: codes into levels, and storing them. */
#include "app/region.h"

#include "base/limits.h"

#define CODE_DIGITS 12

/* Digits of the code that count at each level. */
static const size_t ENDS[DY_REGION_LEVELS] = { 2, 4, 6, 9, 12 };

static bool
is_digits(struct dy_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	}
	return s.len > 0;
}

static struct dy_str
filled(struct dy_arena *arena, struct dy_str code, size_t digits)
{
	return dy_str_from(dy_arena_printf(arena, "%.*s%.*s", (int)digits, code.ptr,
	                                   (int)(CODE_DIGITS - digits), "000000000000"));
}

enum dy_code
dy_region_make(struct dy_arena *arena, struct dy_str code, struct dy_str name,
               struct dy_region *out, struct dy_err *err)
{
	const char *path = "";
	int64_t level = 0;

	for (int i = 0; i < DY_REGION_LEVELS; i++) {
		if (code.len == ENDS[i])
			level = i + 1;
	}
	if (level == 0 || !is_digits(code))
		return dy_raise(err, DY_E_INPUT, "/code", "must have 2, 4, 6, 9 or 12 digits");
	if (name.len == 0 || !dy_str_is_utf8(name) || dy_str_chars(name) > DY_NAME_MAX)
		return dy_raise(err, DY_E_INPUT, "/name", "must have 1 to 40 characters");
	for (int64_t i = 0; i < level; i++) {
		size_t from = i == 0 ? 0 : ENDS[i - 1];
		path = dy_arena_printf(arena, "%s%s%.*s", path, i == 0 ? "" : "/",
		                       (int)(ENDS[i] - from), code.ptr + from);
	}
	*out = (struct dy_region){
		.code = filled(arena, code, code.len),
		.parent = level == 1 ? DY_STR("") : filled(arena, code, ENDS[level - 2]),
		.level = level,
		.name = name,
		.path = dy_str_from(path),
	};
	return DY_OK;
}

enum dy_code
dy_app_regions_put(struct dy_writer *writer, const struct dy_region *regions, size_t n,
                   size_t *changed, struct dy_err *err)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	static const struct dy_id no_community;
	size_t count = 0;

	DY_TRY(dy_wtx_begin(writer, no_community, &tx, err));
	for (size_t i = 0; i < n; i++) {
		bool is_new;
		DY_TRY(dy_region_put(tx, &regions[i], &is_new, err));
		count += is_new;
	}
	DY_TRY(dy_wtx_commit(&tx, err));
	*changed = count;
	return DY_OK;
}
