/* Faults in words: what is wrong with a cell and what to do about it. %.*s is what stands there. */
#include "import_inside.h"

static const struct {
	const char *code, *text[2];
	bool is_note;
} FAULTS[] = {
	[DY_FAULT_ADDRESS_MISSING] = { "address_missing",
	                               { "没有地址：请填地址（如 3-1-501），或填楼栋、单元、房号",
	                                 "no address: give one like 3-1-501, or building, stair "
	                                 "and door" },
	                               false },
	[DY_FAULT_ADDRESS_SHAPE] = { "address_shape",
	                             { "“%.*s”看不出是哪一户：请写成 3-1-501 或 3幢1单元501",
	                               "\"%.*s\" is no address; write it like 3-1-501" },
	                             false },
	[DY_FAULT_CODE_LONG] = { "code_long",
	                         { "“%.*s”太长：楼栋、单元、房号最多 12 个字",
	                           "\"%.*s\" is too long; building, stair and door have at most 12 "
	                           "characters" },
	                         false },
	[DY_FAULT_BECAME_DATE] = { "became_date",
	                           { "表格软件把它变成了日期（%.*"
	                             "s）：请把这一列设为“文本”，再重新填写",
	                             "the spreadsheet made a date of it (%.*s); format the column "
	                             "as text and "
	                             "type it again" },
	                           false },
	[DY_FAULT_CELL_ERROR] = { "cell_error",
	                          { "单元格显示的是错误 %.*s：请填写真正的内容",
	                            "the cell shows the error %.*s; type what belongs there" },
	                          false },
	[DY_FAULT_DIGITS_LOST] = { "digits_lost",
	                           { "号码被缩写成了 "
	                             "%.*s，后面的数字已丢失：请重新填写，并把这一列设为“文本”",
	                             "the number was shortened to %.*s and its digits are gone; "
	                             "type it again in a "
	                             "column formatted as text" },
	                           false },
	[DY_FAULT_NO_STAIR] = { "no_stair",
	                        { "没有 %.*s 这个单元门：请先导入房屋，或改正楼栋和单元",
	                          "there is no stair %.*s; import the places first, or correct "
	                          "building and stair" },
	                        false },
	[DY_FAULT_WHICH_STAIR] = { "which_stair",
	                           { "%.*s幢不止一个单元门：请写明是几单元",
	                             "building %.*s has several stairs; say which" },
	                           false },
	[DY_FAULT_SAME_ROW] = { "same_row",
	                        { "与第 %.*s 行重复：请只留一行",
	                          "row %.*s is about the same; keep one of them" },
	                        false },
	[DY_FAULT_NAME_MISSING] = { "name_missing",
	                            { "没有姓名：请填写", "no name; give one" },
	                            false },
	[DY_FAULT_NAME_LONG] = { "name_long",
	                         { "名称太长：最多 40 个字", "too long; at most 40 characters" },
	                         false },
	[DY_FAULT_PHONE_SHAPE] = { "phone_shape",
	                           { "“%.*s”不是电话号码：手机 11 位，座机请带区号",
	                             "\"%.*s\" is no phone number; a mobile has 11 digits, a "
	                             "landline its area "
	                             "code" },
	                           false },
	[DY_FAULT_COUNT] = { "count",
	                     { "“%.*s”不是 0 到 99 的人数",
	                       "\"%.*s\" is no number of people from 0 to 99" },
	                     false },
	[DY_FAULT_ELDERLY_MORE] = { "elderly_more",
	                            { "老人数比人数多：请改正其中一个",
	                              "more elderly than residents; correct one of them" },
	                            false },
	[DY_FAULT_YES_NO] = { "yes_no",
	                      { "“%.*s”看不懂：请填 是 或 否", "\"%.*s\" is neither yes nor no" },
	                      false },
	[DY_FAULT_NEED_UNKNOWN] = { "need_unknown",
	                            { "不认识“%.*s”：可填 独居老人、透析、婴幼儿、残疾、宠物、无",
	                              "\"%.*s\" is unknown; possible are elderly alone, dialysis, "
	                              "infant, disabled, "
	                              "pet, none" },
	                            false },
	[DY_FAULT_DATE_SHAPE] = { "date_shape",
	                          { "“%.*s”不是日期：请写成 2026-04-23",
	                            "\"%.*s\" is no date; write it like 2026-04-23" },
	                          false },
	[DY_FAULT_UNTIL_BEFORE] = { "until_before",
	                            { "有效期至 %.*s，早于登记日期：请改正",
	                              "valid until %.*s, before it is known since; correct one of "
	                              "them" },
	                            false },
	[DY_FAULT_ROLE_MISSING] = { "role_missing",
	                            { "没有岗位：请填写", "no role; give one" },
	                            false },
	[DY_FAULT_ROLE_UNKNOWN] = { "role_unknown",
	                            { "没有“%.*s”这个岗位：可填 "
	                              "组长、干部、网格员、楼道长、志愿者、物业、医护、民警、快递员"
	                              "、商户",
	                              "\"%.*s\" is no role; possible are leader, cadre, grid "
	                              "manager, captain, "
	                              "volunteer, property, medic, police, courier, shopkeeper" },
	                            false },
	[DY_FAULT_ROLE_CONSOLE] = { "role_console",
	                            { "“%.*s”不能用表格任命：请在“人员”页面里操作",
	                              "\"%.*s\" is not given by a spreadsheet; do it on the page "
	                              "of people" },
	                            false },
	[DY_FAULT_SCOPE_MISSING] = { "scope_missing",
	                             { "没有写负责哪里：请填网格、最小单元，或“全社区”",
	                               "nothing says where; give a grid, a unit, or "
	                               "\"community\"" },
	                             false },
	[DY_FAULT_SCOPE_UNKNOWN] = { "scope_unknown",
	                             { "没有“%.*s”这个网格或最小单元：请先导入房屋，或改正名称",
	                               "there is no grid or unit \"%.*s\"; import the places "
	                               "first, or correct the "
	                               "name" },
	                             false },
	[DY_FAULT_PERSON_SEVERAL] = { "person_several",
	                              { "有几个人都叫“%.*s”：请填电话",
	                                "several people are called \"%.*s\"; give the phone" },
	                              false },
	[DY_FAULT_PHONE_OTHER] = { "phone_other",
	                           { "这个电话登记的是 %.*s：请核对姓名和电话",
	                             "this phone belongs to %.*s; check name and phone" },
	                           false },
	[DY_FAULT_BUILDING_MISSING] = { "building_missing",
	                                { "没有楼栋：请填写", "no building; give one" },
	                                false },
	[DY_FAULT_UNIT_MISSING] = { "unit_missing",
	                            { "新的单元门要写明属于哪个最小单元",
	                              "a new stair needs its unit" },
	                            false },
	[DY_FAULT_GRID_MISSING] = { "grid_missing",
	                            { "新的最小单元“%.*s”要写明属于哪个网格",
	                              "the new unit \"%.*s\" needs its grid" },
	                            false },
	[DY_FAULT_STAIR_ELSEWHERE] = { "stair_elsewhere",
	                               { "这个单元门属于“%.*"
	                                 "s”：改划单元不能用表格，请改正最小单元一栏",
	                                 "this stair belongs to \"%.*s\"; stairs are not moved by "
	                                 "a spreadsheet, correct "
	                                 "the unit" },
	                               false },
	[DY_FAULT_UNIT_ELSEWHERE] = { "unit_elsewhere",
	                              { "这个最小单元属于“%.*s”：请改正网格一栏",
	                                "this unit belongs to \"%.*s\"; correct the grid" },
	                              false },
	[DY_FAULT_FLOORS] = { "floors",
	                      { "“%.*s”不是 1 到 200 的层数", "\"%.*s\" is not 1 to 200 floors" },
	                      false },
	[DY_FAULT_FLOOR] = { "floor",
	                     { "“%.*s”不是这幢楼里的楼层",
	                       "\"%.*s\" is no floor of this building" },
	                     false },
	[DY_FAULT_PER_FLOOR] = { "per_floor",
	                         { "“%.*s”不是 1 到 30 的每层户数；还要填层数",
	                           "\"%.*s\" is not 1 to 30 doors per floor; the floors are needed "
	                           "too" },
	                         false },
	[DY_FAULT_DEGREES] = { "degrees",
	                       { "“%.*s”不是经纬度：纬度 -90 到 90，经度 -180 到 180",
	                         "\"%.*s\" is out of range: latitude -90 to 90, longitude -180 to "
	                         "180" },
	                       false },
	[DY_FAULT_DEGREES_HALF] = { "degrees_half",
	                            { "经度和纬度要一起填",
	                              "latitude and longitude belong together" },
	                            false },
	[DY_FAULT_OTHERWISE] = { "otherwise",
	                         { "与第 %.*s 行关于同一幢楼的说法不同：请改成一致",
	                           "row %.*s says otherwise about the same building; make them "
	                           "agree" },
	                         false },
	[DY_NOTE_HIDDEN] = { "hidden",
	                     { "隐藏的行，没有导入：要导入请取消隐藏，或选择“包括隐藏的行”",
	                       "a hidden row, left out; unhide it, or choose to take hidden rows "
	                       "too" },
	                     true },
	[DY_NOTE_SECOND_PHONE] = { "second_phone",
	                           { "只保留第一个号码，没有保留：%.*s",
	                             "only the first number is kept, not %.*s" },
	                           true },
	[DY_NOTE_KEPT] = { "kept",
	                   { "居民本人已经填过，保留居民填的",
	                     "the resident gave this; it stays as it is" },
	                   true },
	[DY_NOTE_DISABLED] = { "disabled",
	                       { "%.*s 的账号已停用，不能再任职",
	                         "%.*s has no account any more and can hold no post" },
	                       false },
};

const char *
dy_import_fault_code(const struct dy_import_fault *f)
{
	return FAULTS[f->fault].code;
}

const char *
dy_import_fault_text(struct dy_arena *arena, const struct dy_import_fault *f, enum dy_tongue tongue)
{
	struct dy_strbuf sb;
	struct dy_str rest = dy_str_from(FAULTS[f->fault].text[tongue]);
	struct dy_str mark = DY_STR("%.*s");

	dy_strbuf_init(&sb, 4096);
	while (rest.len > 0) {
		if (dy_str_starts(rest, mark)) {
			dy_strbuf_addstr(&sb, dy_str_slice(f->value, 0, 200));
			rest = dy_str_slice(rest, mark.len, rest.len);
		} else {
			dy_strbuf_addc(&sb, rest.ptr[0]);
			rest = dy_str_slice(rest, 1, rest.len);
		}
	}
	const char *text = dy_arena_dup(arena, sb.ptr != NULL ? sb.ptr : "", sb.len);
	dy_strbuf_release(&sb);
	return text;
}

void
dy_import_fault_add(struct dy_arena *arena, const struct dy_import_job *job,
                    struct dy_import_row *row, int field, enum dy_fault fault, struct dy_str value)
{
	struct dy_import_fault f = { .fault = (int)fault,
		                     .column = field < 0 ? -1 : job->map.column[field],
		                     .value = value,
		                     .is_note = FAULTS[fault].is_note };

	for (size_t i = 0; i < row->n_faults; i++) {
		if (row->faults[i].fault == f.fault && row->faults[i].column == f.column)
			return; /* a check, then an import: said once */
	}
	*(struct dy_import_fault *)dy_arena_push(arena, (void **)&row->faults, &row->n_faults,
	                                         &row->cap_faults, sizeof(f)) = f;
	row->is_bad = row->is_bad || !f.is_note;
}

const char *
dy_verdict_name(enum dy_verdict verdict)
{
	static const char *const NAMES[DY_VERDICTS] = { "create", "change", "same", "bad", "skip" };
	return NAMES[verdict];
}

const char *
dy_made_name(enum dy_made made)
{
	static const char *const NAMES[DY_MADES] = { "grid", "unit",      "building", "stair",
		                                     "door", "household", "account",  "post" };
	return NAMES[made];
}

void
dy_import_told(const struct dy_import_job *job, size_t i, struct dy_import_told *out)
{
	const struct dy_import_row *row = &job->rows[i];

	*out = (struct dy_import_told){ .number = row->from->number,
		                        .verdict = row->verdict,
		                        .label = row->label,
		                        .faults = row->faults,
		                        .n_faults = row->n_faults };
	for (int m = 0; m < DY_MADES; m++) {
		if ((row->made & 1u << m) != 0 && out->n_does < DY_COUNT(out->does))
			out->does[out->n_does++] = dy_made_name((enum dy_made)m);
	}
	for (int f = 0; f < DY_FIELDS; f++) {
		if ((row->changed & 1u << f) != 0 && out->n_does < DY_COUNT(out->does))
			out->does[out->n_does++] = dy_import_field_name((enum dy_import_field)f);
	}
}
