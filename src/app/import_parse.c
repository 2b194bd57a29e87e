/* From rows of text to drafts: what each cell says, and what is wrong with it. Pure: the community is not asked here. */
#include "import_inside.h"

#include "domain/address.h"

#include <string.h>

#define CODE_MAX      12
#define FLOORS_MAX    200
#define PER_FLOOR_MAX 30
#define PEOPLE_MAX    99

struct parsing {
	struct dy_arena *arena;
	struct dy_import_job *job;
	struct dy_import_row *row;
	struct dy_time now;
};

static void
fault(struct parsing *p, int field, enum dy_fault what, struct dy_str value)
{
	dy_import_fault_add(p->arena, p->job, p->row, field, what, value);
}

/* The cell of a field, cleaned; errors of the spreadsheet are said here. false: nothing usable stands there. */
static bool
cell_text(struct parsing *p, enum dy_import_field field, struct dy_str *out)
{
	int column = p->job->map.column[field];

	*out = DY_STR("");
	if (column < 0)
		return false;
	struct dy_cell cell = dy_sheet_cell(p->row->from, (uint32_t)column);
	if (cell.kind == DY_CELL_ERROR) {
		fault(p, (int)field,
		      cell.text.len > 0 && cell.text.ptr[0] == '#' ? DY_FAULT_CELL_ERROR
		                                                   : DY_FAULT_DIGITS_LOST,
		      cell.text);
		return false;
	}
	*out = dy_sheet_clean(p->arena, cell.text);
	return out->len > 0;
}

/* Codes and addresses that a spreadsheet took for dates: 1-2-10 is 2010-01-02 by then. */
static bool
place_text(struct parsing *p, enum dy_import_field field, struct dy_str *out)
{
	int column = p->job->map.column[field];

	if (!cell_text(p, field, out))
		return false;
	if (dy_sheet_cell(p->row->from, (uint32_t)column).kind != DY_CELL_DATE)
		return true;
	fault(p, (int)field, DY_FAULT_BECAME_DATE, *out);
	return false;
}

static void
code_check(struct parsing *p, int field, struct dy_str code)
{
	if (dy_str_chars(code) > CODE_MAX)
		fault(p, field, DY_FAULT_CODE_LONG, code);
}

static void
place_parse(struct parsing *p)
{
	struct dy_import_row *row = p->row;
	struct dy_address a;
	struct dy_str text;

	if (place_text(p, DY_F_BUILDING, &text))
		row->building = dy_import_building_code(p->arena, text);
	if (place_text(p, DY_F_STAIR, &text))
		row->stair = dy_import_stair_code(p->arena, text);
	if (place_text(p, DY_F_DOOR, &text))
		row->door = dy_import_door_code(p->arena, text);
	if (row->building.len == 0 && place_text(p, DY_F_ADDRESS, &text)) {
		if (dy_import_address(p->arena, text, &a)) {
			row->building = a.building;
			row->stair = a.stair;
			row->door = a.door;
		} else {
			fault(p, DY_F_ADDRESS, DY_FAULT_ADDRESS_SHAPE, text);
		}
	}
	code_check(p, p->job->map.column[DY_F_BUILDING] < 0 ? DY_F_ADDRESS : DY_F_BUILDING,
	           row->building);
	code_check(p, DY_F_STAIR, row->stair);
	code_check(p, p->job->map.column[DY_F_DOOR] < 0 ? DY_F_ADDRESS : DY_F_DOOR, row->door);
}

static void
phone_parse(struct parsing *p)
{
	static const char *const BETWEEN[] = { "/", "、", ",", ";", "或", " 1", NULL };
	struct dy_str text, first;

	if (!cell_text(p, DY_F_PHONE, &text))
		return;
	first = text;
	for (size_t i = 0; BETWEEN[i] != NULL; i++) {
		size_t n = strlen(BETWEEN[i]);
		const char *at = memmem(text.ptr, text.len, BETWEEN[i], n);
		/* two mobiles with a blank between; a blank inside of one is something else */
		if (at == NULL || (BETWEEN[i][0] == ' ' && text.len < 22))
			continue;
		first = dy_str_trim(dy_str_slice(text, 0, (size_t)(at - text.ptr)));
		struct dy_str rest =
			dy_str_slice(text, (size_t)(at - text.ptr) + (n == 2 ? 1 : n), text.len);
		if (dy_import_is_phone(dy_import_phone_key(p->arena, rest)))
			fault(p, DY_F_PHONE, DY_NOTE_SECOND_PHONE, dy_str_trim(rest));
		else
			first = text;
		break;
	}
	struct dy_str key = dy_import_phone_key(p->arena, first);
	if (dy_import_is_phone(key))
		p->row->phone = key;
	else
		fault(p, DY_F_PHONE, DY_FAULT_PHONE_SHAPE, text);
}

/* "3", "3人", "三": a whole number in bounds, -1 when the cell is empty or wrong. */
static int64_t
count_parse(struct parsing *p, enum dy_import_field field, int64_t max, enum dy_fault what)
{
	static const char *const WORDS[] = { "人", "口", "位", "层", "楼", "户", "个", NULL };
	struct dy_str text;
	int64_t n;

	if (!cell_text(p, field, &text))
		return -1;
	if (!dy_str_to_i64(dy_import_number_or_text(p->arena, dy_import_without(text, WORDS)),
	                   &n) ||
	    n < 0 || n > max) {
		fault(p, (int)field, what, text);
		return -1;
	}
	return n;
}

static unsigned char
tri_parse(struct parsing *p, enum dy_import_field field)
{
	struct dy_str text;

	if (!cell_text(p, field, &text))
		return DY_TRI_UNSAID;
	if (dy_import_is_word(text, "是|有|√|✓|✔|1|y|yes|true|对|在|t"))
		return DY_TRI_YES;
	if (dy_import_is_word(text, "否|无|没有|×|x|0|n|no|false|不是|f|-|/|none"))
		return DY_TRI_NO;
	fault(p, (int)field, DY_FAULT_YES_NO, text);
	return DY_TRI_UNSAID;
}

#define ALONE_WORDS "独居老人|独居|空巢老人|空巢|孤寡老人|elderly alone|lives alone"

static void
needs_parse(struct parsing *p)
{
	static const char *const WORDS[DY_FACTS] = {
		[DY_NEED_ELDERLY_ALONE] = ALONE_WORDS,
		[DY_NEED_DIALYSIS] = "透析|血透|血液透析|透析病人|透析患者|dialysis",
		[DY_NEED_INFANT] = "婴幼儿|婴儿|幼儿|infant|baby",
		[DY_NEED_DISABLED] = "残疾|残疾人|残障|disabled",
		[DY_NEED_PET] = "宠物|养宠|犬|猫|狗|养狗|养猫|pet|pets|dog|cat",
	};
	struct dy_str text;

	if (!cell_text(p, DY_F_NEEDS, &text))
		return;
	if (dy_import_is_word(text, "无|没有|否|none|no|-|/")) {
		for (int k = DY_NEED_FIRST; k < DY_FACTS; k++)
			p->row->need[k] = DY_TRI_NO;
		return;
	}
	struct dy_strbuf sb; /* every separator becomes a bar */
	dy_strbuf_init(&sb, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		bool comma = dy_str_starts(dy_str_slice(text, i, text.len), DY_STR("、"));
		dy_strbuf_addc(&sb, comma || memchr(",;/+&", text.ptr[i], 5) != NULL ? '|'
		                                                                     : text.ptr[i]);
		i += comma ? 2 : 0;
	}
	struct dy_str rest = dy_str_dup(p->arena, dy_strbuf_str(&sb));
	dy_strbuf_release(&sb);
	while (rest.len > 0) {
		struct dy_str word = dy_str_trim(dy_str_split(&rest, '|'));
		bool known = word.len == 0;
		for (int k = DY_NEED_FIRST; k < DY_FACTS && !known; k++) {
			known = dy_import_is_word(word, WORDS[k]);
			if (known)
				p->row->need[k] = DY_TRI_YES;
		}
		if (!known)
			fault(p, DY_F_NEEDS, DY_FAULT_NEED_UNKNOWN, word);
	}
}

static bool
date_parse(struct parsing *p, enum dy_import_field field, struct dy_day *out)
{
	struct dy_str text;

	if (!cell_text(p, field, &text))
		return false;
	if (dy_import_date(text, out))
		return true;
	fault(p, (int)field, DY_FAULT_DATE_SHAPE, text);
	return false;
}

static void
dates_parse(struct parsing *p)
{
	const struct dy_zone *zone = dy_zone_default();
	struct dy_day day;
	char text[32];

	if (date_parse(p, DY_F_SINCE, &day))
		p->row->since = dy_day_start(zone, day);
	if (!date_parse(p, DY_F_UNTIL, &day))
		return;
	p->row->until = (struct dy_time){ dy_day_start(zone, day).ms +
		                          DY_DAY_MS }; /* that day still counts */
	if (p->row->since.ms >= p->row->until.ms) {
		size_t n = dy_day_encode(day, text, sizeof(text));
		fault(p, DY_F_UNTIL, DY_FAULT_UNTIL_BEFORE,
		      dy_str_dup(p->arena, (struct dy_str){ text, n }));
	}
}

static struct dy_str
name_parse(struct parsing *p, enum dy_import_field field)
{
	struct dy_str text;

	if (!cell_text(p, field, &text))
		return DY_STR("");
	if (dy_str_chars(text) > DY_NAME_MAX) {
		fault(p, (int)field, DY_FAULT_NAME_LONG, text);
		return DY_STR("");
	}
	return text;
}

static int64_t
degrees_parse(struct parsing *p, enum dy_import_field field, double max)
{
	struct dy_str text;
	char *end;

	if (!cell_text(p, field, &text))
		return -1;
	const char *z = dy_str_z(p->arena, text);
	double v = strtod(z, &end);
	if (*end != '\0' || !(v >= -max && v <= max) || v == 0) {
		fault(p, (int)field, DY_FAULT_DEGREES, text);
		return -1;
	}
	return (int64_t)(v * 1e7 + (v < 0 ? -0.5 : 0.5));
}

static void
role_parse(struct parsing *p)
{
	static const struct {
		enum dy_role role;
		const char *words;
	} ROLES[] = {
		{ DY_ROLE_LEADER, "组长|单元组长|单元长|小组长|负责人|leader|unit leader" },
		{ DY_ROLE_CADRE, "干部|社区干部|包片干部|社工|社区工作者|社区工作人员|cadre" },
		{ DY_ROLE_GRID_MANAGER,
		  "网格员|网格长|专职网格员|兼职网格员|网格管理员|grid manager|grid_manager" },
		{ DY_ROLE_CAPTAIN, "楼道长|楼长|楼栋长|楼组长|captain|building captain" },
		{ DY_ROLE_VOLUNTEER, "志愿者|义工|volunteer" },
		{ DY_ROLE_PROPERTY, "物业|物业人员|物业管家|物业经理|保安|property" },
		{ DY_ROLE_MEDIC, "医护|医生|护士|医务人员|社区医生|家庭医生|medic|doctor|nurse" },
		{ DY_ROLE_POLICE, "民警|警察|社区民警|辅警|police" },
		{ DY_ROLE_COURIER, "快递员|快递|骑手|快递小哥|courier" },
		{ DY_ROLE_SHOPKEEPER, "商户|店主|商家|超市|shopkeeper|shop" },
		{ DY_ROLE_SECRETARY, "书记|社区书记|党支部书记|secretary" },
		{ DY_ROLE_OFFICER, "镇干部|乡镇干部|街道干部|officer" },
	};
	struct dy_str text;

	if (p->job->kind == DY_IMPORT_VOLUNTEERS) {
		p->row->role = DY_ROLE_VOLUNTEER;
		p->row->has_role = true;
		return;
	}
	if (!cell_text(p, DY_F_ROLE, &text)) {
		fault(p, DY_F_ROLE, DY_FAULT_ROLE_MISSING, DY_STR(""));
		return;
	}
	for (size_t i = 0; i < DY_COUNT(ROLES) && !p->row->has_role; i++) {
		p->row->has_role = dy_import_is_word(text, ROLES[i].words);
		p->row->role = ROLES[i].role;
	}
	if (!p->row->has_role)
		fault(p, DY_F_ROLE, DY_FAULT_ROLE_UNKNOWN, text);
	else if (p->row->role == DY_ROLE_SECRETARY || p->row->role == DY_ROLE_OFFICER)
		fault(p, DY_F_ROLE, DY_FAULT_ROLE_CONSOLE, text); /* power over everybody */
}

static void
place_row(struct parsing *p)
{
	struct dy_import_row *row = p->row;

	row->building_name = name_parse(p, DY_F_BUILDING_NAME);
	row->floors = count_parse(p, DY_F_FLOORS, FLOORS_MAX, DY_FAULT_FLOORS);
	row->floor = count_parse(p, DY_F_FLOOR, FLOORS_MAX, DY_FAULT_FLOOR);
	row->per_floor = count_parse(p, DY_F_DOORS_PER_FLOOR, PER_FLOOR_MAX, DY_FAULT_PER_FLOOR);
	row->lat_e7 = degrees_parse(p, DY_F_LAT, 90);
	row->lon_e7 = degrees_parse(p, DY_F_LON, 180);
	if (!row->is_bad && (row->lat_e7 == -1) != (row->lon_e7 == -1))
		fault(p, row->lat_e7 == -1 ? DY_F_LAT : DY_F_LON, DY_FAULT_DEGREES_HALF,
		      DY_STR(""));
	if (row->per_floor == 0 || (row->per_floor > 0 && row->floors < 1))
		fault(p, DY_F_DOORS_PER_FLOOR, DY_FAULT_PER_FLOOR,
		      dy_str_from(dy_arena_printf(p->arena, "%lld", (long long)row->per_floor)));
	if (row->floors == 0)
		fault(p, DY_F_FLOORS, DY_FAULT_FLOORS, DY_STR("0"));
	if (row->building.len == 0 && !row->is_bad)
		fault(p, DY_F_BUILDING, DY_FAULT_BUILDING_MISSING, DY_STR(""));
}

static void
household_row(struct parsing *p)
{
	static const enum dy_import_field FIELDS[DY_FACTS] = {
		[DY_NEED_ELDERLY_ALONE] = DY_F_ELDERLY_ALONE,
		[DY_NEED_DIALYSIS] = DY_F_DIALYSIS,
		[DY_NEED_INFANT] = DY_F_INFANT,
		[DY_NEED_DISABLED] = DY_F_DISABLED,
		[DY_NEED_PET] = DY_F_PET,
	};
	struct dy_import_row *row = p->row;

	row->residents = count_parse(p, DY_F_RESIDENTS, PEOPLE_MAX, DY_FAULT_COUNT);
	row->elderly = count_parse(p, DY_F_ELDERLY, PEOPLE_MAX, DY_FAULT_COUNT);
	needs_parse(p);
	for (int k = DY_NEED_FIRST; k < DY_FACTS; k++) {
		unsigned char own = tri_parse(p, FIELDS[k]);
		if (own != DY_TRI_UNSAID)
			row->need[k] = own;
	}
	dates_parse(p);
	if ((row->building.len == 0 || row->door.len == 0) && !row->is_bad)
		fault(p, p->job->map.column[DY_F_ADDRESS] >= 0 ? DY_F_ADDRESS : DY_F_DOOR,
		      DY_FAULT_ADDRESS_MISSING, DY_STR(""));
}

static void
person_row(struct parsing *p)
{
	if (p->row->name.len == 0 && !p->row->is_bad)
		fault(p, DY_F_NAME, DY_FAULT_NAME_MISSING, DY_STR(""));
	role_parse(p);
	p->row->deputy = tri_parse(p, DY_F_DEPUTY);
	p->row->scope = name_parse(p, DY_F_SCOPE);
}

static void
row_parse(struct parsing *p)
{
	struct dy_import_row *row = p->row;
	enum dy_import_kind kind = p->job->kind;

	row->floors = row->floor = row->per_floor = row->residents = row->elderly = -1;
	row->lat_e7 = row->lon_e7 = -1;
	place_parse(p);
	row->grid = name_parse(p, DY_F_GRID);
	row->unit = name_parse(p, DY_F_UNIT);
	row->name = name_parse(p, DY_F_NAME);
	phone_parse(p);
	if (kind == DY_IMPORT_PLACES)
		place_row(p);
	else if (kind == DY_IMPORT_HOUSEHOLDS)
		household_row(p);
	else
		person_row(p);
	if (kind == DY_IMPORT_PLACES && row->door.len == 0)
		row->label = dy_str_from(
			dy_arena_printf(p->arena, "%.*s%s%.*s", DY_FMT(row->building),
		                        row->stair.len > 0 ? "-" : "", DY_FMT(row->stair)));
	struct dy_address a = { row->building, row->stair, row->door };
	if (row->label.len > 0 ||
	    row->building.len + row->stair.len + row->door.len + row->name.len == 0)
		return;
	if (kind == DY_IMPORT_POSTS || kind == DY_IMPORT_VOLUNTEERS)
		row->label = row->name;
	else if (row->building.len > 0)
		row->label = dy_address_code(p->arena, &a);
}

/* The same door, or the same person with the same post, twice in one file. */
static void
twins_find(struct parsing *p)
{
	struct dy_import_job *job = p->job;
	struct dy_keys keys = { 0 };
	size_t first;

	for (size_t i = 0; i < job->n_rows; i++) {
		struct dy_import_row *row = &job->rows[i];
		struct dy_str key;
		if (row->is_bad || row->verdict == DY_VERDICT_SKIP || job->kind == DY_IMPORT_PLACES)
			continue;
		if (job->kind == DY_IMPORT_HOUSEHOLDS)
			key = row->label;
		else
			key = dy_str_from(dy_arena_printf(
				p->arena, "%.*s|%.*s|%d|%.*s|%.*s|%.*s|%.*s-%.*s-%.*s",
				DY_FMT(row->phone), DY_FMT(row->name), (int)row->role,
				DY_FMT(row->unit), DY_FMT(row->grid), DY_FMT(row->scope),
				DY_FMT(row->building), DY_FMT(row->stair), DY_FMT(row->door)));
		if (!dy_keys_find(&keys, key, &first)) {
			dy_keys_put(p->arena, &keys, key, i);
			continue;
		}
		dy_import_fault_add(
			p->arena, job, row, -1, DY_FAULT_SAME_ROW,
			dy_str_from(dy_arena_printf(p->arena, "%u",
		                                    (unsigned)job->rows[first].from->number)));
	}
}

void
dy_import_parse(struct dy_arena *arena, struct dy_import_job *job, struct dy_time now)
{
	const struct dy_sheet *sheet = &job->book->sheets[job->map.sheet];
	struct parsing p = { .arena = arena, .job = job, .now = now };

	job->rows = DY_NEW_ARRAY(arena, sheet->n_rows, struct dy_import_row);
	job->n_rows = 0;
	for (size_t i = 0; i < sheet->n_rows; i++) {
		if (sheet->rows[i].number <= job->map.header)
			continue;
		p.row = &job->rows[job->n_rows++];
		p.row->from = &sheet->rows[i];
		if (sheet->rows[i].hidden && !job->map.hidden_rows) {
			p.row->verdict = DY_VERDICT_SKIP;
			p.row->label = DY_STR("");
			fault(&p, -1, DY_NOTE_HIDDEN, DY_STR(""));
			continue;
		}
		row_parse(&p);
	}
	twins_find(&p);
}
