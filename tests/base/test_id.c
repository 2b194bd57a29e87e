#include "base/id.h"
#include "dyt.h"

DYT(ids_read_back_from_their_text)
{
	static const int64_t values[] = { 1, 31, 32, INT64_MAX, 0x123456789abcdef };

	for (size_t i = 0; i < DY_COUNT(values); i++) {
		char text[DY_ID_TEXT + 1];
		struct dy_id back;
		dy_id_encode((struct dy_id){ values[i] }, text);
		DYT_OK(dy_id_decode(dy_str_from(text), "", &back, NULL));
		DYT_INT(back.v, values[i]);
	}
}

DYT(ids_are_decoded_as_people_write_them)
{
	static const struct {
		const char *why, *in;
		int64_t want; /* 0: refused */
	} row[] = {
		{ "upper case", "000000000000Z", 31 },
		{ "O is 0, l and I are 1", "oooooooooOlI1", 33 * 32 + 1 },
		{ "u is no digit", "000000000000u", 0 },
		{ "too short", "00000000001", 0 },
		{ "too long", "00000000000001", 0 },
		{ "64 bits", "8000000000000", 0 },
		{ "zero", "0000000000000", 0 },
		{ "blank", "00000000000 1", 0 },
	};
	for (size_t i = 0; i < DY_COUNT(row); i++) {
		struct dy_id id = { 0 };
		struct dy_err err = { 0 };
		DYT_ROW(row[i].why);
		DYT_INT(dy_id_decode(dy_str_from(row[i].in), "/id", &id, &err),
		        row[i].want != 0 ? DY_OK : DY_E_INPUT);
		DYT_INT(id.v, row[i].want);
		DYT_STR(err.field, row[i].want != 0 ? "" : "/id");
	}
}

DYT(later_ids_are_larger)
{
	struct dy_id a = dy_id_make((struct dy_time){ 1650672900000 }, UINT64_MAX);
	struct dy_id b = dy_id_make((struct dy_time){ 1650672900001 }, 0);

	DYT_TRUE(a.v > 0 && b.v > a.v);
}

DYT(bytes_become_base32)
{
	char out[16];

	DYT_INT(dy_base32_encode((const uint8_t *)"\xff\x00", 2, out, sizeof(out)), 4);
	DYT_STR(out, "zw00");
	DYT_INT(dy_base32_encode((const uint8_t *)"", 0, out, sizeof(out)), 0);
}

DYT_MAIN(DYT_TEST(ids_read_back_from_their_text), DYT_TEST(ids_are_decoded_as_people_write_them),
         DYT_TEST(later_ids_are_larger), DYT_TEST(bytes_become_base32))
