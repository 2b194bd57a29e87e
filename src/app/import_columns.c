/* Which columns a spreadsheet of each kind may have, and the headers people give them. */
#include "app/import.h"

static const char *const FIELDS[DY_FIELDS] = {
	[DY_F_ADDRESS] = "address",
	[DY_F_BUILDING] = "building",
	[DY_F_STAIR] = "stair",
	[DY_F_DOOR] = "door",
	[DY_F_BUILDING_NAME] = "building_name",
	[DY_F_FLOORS] = "floors",
	[DY_F_DOORS_PER_FLOOR] = "doors_per_floor",
	[DY_F_FLOOR] = "floor",
	[DY_F_GRID] = "grid",
	[DY_F_UNIT] = "unit",
	[DY_F_LAT] = "lat",
	[DY_F_LON] = "lon",
	[DY_F_NAME] = "name",
	[DY_F_PHONE] = "phone",
	[DY_F_RESIDENTS] = "residents",
	[DY_F_ELDERLY] = "elderly",
	[DY_F_NEEDS] = "needs",
	[DY_F_ELDERLY_ALONE] = "elderly_alone",
	[DY_F_DIALYSIS] = "dialysis",
	[DY_F_INFANT] = "infant",
	[DY_F_DISABLED] = "disabled",
	[DY_F_PET] = "pet",
	[DY_F_SINCE] = "since",
	[DY_F_UNTIL] = "until",
	[DY_F_ROLE] = "role",
	[DY_F_SCOPE] = "scope",
	[DY_F_DEPUTY] = "deputy",
};

#define C(field, name, zh, en, others, example, doc_zh, doc_en)                                    \
	{                                                                                          \
		DY_F_##field, name, { zh, en }, others, example,                                   \
		{                                                                                  \
			doc_zh, doc_en                                                             \
		}                                                                                  \
	}
#define ADDRESS                                                                                    \
	C(ADDRESS, "address", "地址", "Address",                                                   \
	  "住址|门牌|门牌号|房屋地址|家庭住址|详细地址|居住地址|现住址|户址", "3-1-501",           \
	  "3-1-501、3幢1单元501 都可以；或分三列填楼栋、单元、房号",                               \
	  "3-1-501 or 3幢1单元501; or building, stair and door in three columns")
#define BUILDING                                                                                   \
	C(BUILDING, "building", "楼栋", "Building",                                                \
	  "楼号|栋号|幢号|幢|栋|楼|楼幢|楼栋号|楼栋编号|building no|bldg|block", "3",              \
	  "如 3、3幢、A座", "like 3, 3幢, A")
#define STAIR                                                                                      \
	C(STAIR, "stair", "单元", "Stair",                                                         \
	  "单元号|楼道|楼道号|梯|门洞|单元门|stair no|entrance|staircase", "1",                    \
	  "楼里的单元门；一幢只有一个时可不填",                                                    \
	  "may be left empty where the building has only one")
#define DOOR                                                                                       \
	C(DOOR, "door", "房号", "Door",                                                            \
	  "室号|户号|房间号|室|房间|户室|门室号|door no|room|flat|apartment", "501", "如 501",     \
	  "like 501")
#define NAME(zh, en)                                                                                                           \
	C(NAME, "name", zh, en,                                                                                                \
	  "姓名|户主|户主姓名|联系人|联系人姓名|住户|住户姓名|业主|业主姓名|name|contact|contact " \
	  "name|"                                                                                                              \
	  "head of household|owner|full name",                                                                                 \
	  "示例甲", "最多 40 个字", "at most 40 characters")
#define PHONE                                                                                                \
	C(PHONE, "phone", "电话", "Phone",                                                                   \
	  "联系电话|手机|手机号|手机号码|电话号码|联系方式|联系号码|mobile|mobile " \
	  "phone|tel|telephone|phone "                                                                       \
	  "number",                                                                                          \
	  "13900000001", "手机 11 位或带区号的座机",                                                         \
	  "11 digits, or a landline with its area code")
#define YES_NO(field, name, zh, en, others)                                                        \
	C(field, name, zh, en, others, "是", "是 / 否；空着表示不说",                              \
	  "yes / no; empty says nothing")
#define GRID                                                                                       \
	C(GRID, "grid", "网格", "Grid", "所属网格|网格名称|网格编号|所在网格|grid name",           \
	  "1号网格", "网格的名称或编号", "the grid's name or number")
#define UNIT                                                                                       \
	C(UNIT, "unit", "最小单元", "Unit",                                                        \
	  "微网格|微网格名称|所属单元|服务单元|责任单元|最小单元名称|minimal unit|unit name",      \
	  "1号单元", "最小单元的名称或编号", "the minimal unit's name or number")

static const struct dy_import_column PLACES[] = {
	GRID,
	UNIT,
	BUILDING,
	C(BUILDING_NAME, "building_name", "楼名", "Building name",
	  "楼栋名称|楼宇名称|小区楼名|建筑名称", "海棠苑3幢", "空着时用楼栋号",
	  "the code when empty"),
	C(FLOORS, "floors", "层数", "Floors", "楼层数|总层数|地上层数|storeys|levels", "6",
	  "1 到 200；空着时由房号推算", "1 to 200; reckoned from the doors when empty"),
	STAIR,
	DOOR,
	C(FLOOR, "floor", "楼层", "Floor", "所在楼层|所在层|层|level", "5", "空着时由房号推算",
	  "reckoned from the door when empty"),
	C(DOORS_PER_FLOOR, "doors_per_floor", "每层户数", "Doors per floor",
	  "每层房数|一梯几户|梯户数", "2", "填了就按层数自动生成 101、102、201……",
	  "makes the doors 101, 102, 201, ... of the stair"),
	C(LAT, "lat", "纬度", "Latitude", "lat", "30.7251", "WGS 84，度", "WGS 84, degrees"),
	C(LON, "lon", "经度", "Longitude", "lon|lng", "122.4512", "WGS 84，度", "WGS 84, degrees"),
	ADDRESS,
};
static const struct dy_import_column HOUSEHOLDS[] = {
	ADDRESS,
	BUILDING,
	STAIR,
	DOOR,
	NAME("户主姓名", "Contact name"),
	PHONE,
	C(RESIDENTS, "residents", "人数", "Residents",
	  "常住人数|人口|人口数|家庭人口|居住人数|常住人口|家庭人数|同住人数|people|household "
	  "size|size",
	  "3", "0 到 99", "0 to 99"),
	C(ELDERLY, "elderly", "老人数", "Elderly", "60岁以上人数|老年人数|老人|老年人|60岁以上",
	  "1", "60 岁以上的人数", "residents of 60 and over"),
	C(NEEDS, "needs", "特殊需求", "Needs", "特殊情况|重点人群|需求|特殊人群|special needs",
	  "独居老人、透析", "独居老人、透析、婴幼儿、残疾、宠物，可填多个；“无”表示都没有",
	  "elderly alone, dialysis, infant, disabled, pet; several are possible; \"none\": none of "
	  "them"),
	YES_NO(ELDERLY_ALONE, "elderly_alone", "独居老人", "Elderly alone",
	       "独居|空巢老人|空巢|孤寡老人|lives alone"),
	YES_NO(DIALYSIS, "dialysis", "透析", "Dialysis", "血透|透析病人|透析患者|血液透析"),
	YES_NO(INFANT, "infant", "婴幼儿", "Infant", "婴儿|幼儿|3岁以下|baby"),
	YES_NO(DISABLED, "disabled", "残疾", "Disabled", "残疾人|残障|disability"),
	YES_NO(PET, "pet", "宠物", "Pet", "养宠|犬猫|有无宠物|养犬|pets"),
	C(SINCE, "since", "登记日期", "Since", "登记时间|采集日期|填表日期|known since|date",
	  "2026-03-01", "空着时是导入当天", "the day of the import when empty"),
	C(UNTIL, "until", "有效期至", "Valid until",
	  "到期|到期日|到期日期|有效期|until|expiry|expires", "2027-02-28",
	  "特殊需求到这天为止；空着时一年", "until when the needs count; a year when empty"),
};
static const struct dy_import_column POSTS[] = {
	NAME("姓名", "Name"),
	PHONE,
	C(ROLE, "role", "岗位", "Role", "职务|角色|身份|岗位名称|post|duty|position", "组长",
	  "组长、干部、网格员、楼道长、志愿者、物业、医护、民警、快递员、商户",
	  "leader, cadre, grid manager, captain, volunteer, property, medic, police, courier, "
	  "shopkeeper"),
	GRID,
	UNIT,
	C(SCOPE, "scope", "负责范围", "Scope", "范围|负责区域|管辖范围|责任区|area", "1号单元",
	  "网格或最小单元的名称，或“全社区”；也可分列填网格、最小单元",
	  "name of a grid or unit, or \"community\"; or grid and unit in columns of their own"),
	C(DEPUTY, "deputy", "是否副职", "Deputy", "副职|AB岗|B岗|代理|is deputy", "否", "是 / 否",
	  "yes / no"),
};
static const struct dy_import_column VOLUNTEERS[] = {
	NAME("姓名", "Name"), PHONE, UNIT, GRID, ADDRESS, BUILDING, STAIR, DOOR,
};

static const struct {
	const char *name;
	const struct dy_import_column *columns;
	size_t n;
} KINDS[DY_IMPORT_KINDS] = {
	[DY_IMPORT_PLACES] = { "places", PLACES, DY_COUNT(PLACES) },
	[DY_IMPORT_HOUSEHOLDS] = { "households", HOUSEHOLDS, DY_COUNT(HOUSEHOLDS) },
	[DY_IMPORT_POSTS] = { "posts", POSTS, DY_COUNT(POSTS) },
	[DY_IMPORT_VOLUNTEERS] = { "volunteers", VOLUNTEERS, DY_COUNT(VOLUNTEERS) },
};

const char *
dy_import_kind_name(enum dy_import_kind kind)
{
	return KINDS[kind].name;
}

bool
dy_import_kind_find(struct dy_str name, enum dy_import_kind *out)
{
	for (int i = 0; i < DY_IMPORT_KINDS; i++) {
		if (dy_str_is(name, KINDS[i].name)) {
			*out = (enum dy_import_kind)i;
			return true;
		}
	}
	return false;
}

const struct dy_import_column *
dy_import_columns(enum dy_import_kind kind, size_t *n)
{
	*n = KINDS[kind].n;
	return KINDS[kind].columns;
}

const char *
dy_import_field_name(enum dy_import_field field)
{
	return FIELDS[field];
}
