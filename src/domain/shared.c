/* Shared faults and likeness. */
#include "domain/shared.h"

#include "domain/danger.h"

#define DIGITS_SHOWN 2

static const char *const LIFT[] = { "电梯", "升降机", "lift", "elevator", NULL };
static const char *const WATER[] = { "停水",   "没水",         "没有水",   "断水",
	                             "水压小", "自来水不出水", "no water", NULL };
static const char *const POWER[] = { "停电",     "没电",      "没有电",       "断电",
	                             "no power", "power cut", "power outage", NULL };
static const char *const GAS[] = { "停气", "没煤气", "没有煤气", "没燃气", "no gas", NULL };
static const char *const DRAIN[] = { "下水道", "污水", "化粪池", "窨井", "sewage", "drain", NULL };
static const char *const LIGHT[] = {
	"路灯", "楼道灯", "楼梯灯", "street light", "stair light", NULL
};
static const char *const GATE[] = { "单元门", "门禁", "大门", "对讲", "stair door", "gate", NULL };
static const char *const RUBBISH[] = { "垃圾", "rubbish", "garbage", NULL };

static const struct {
	const char *name, *category;
	const char *const *words;
} FAULTS[DY_FAULTS] = {
	[DY_FAULT_NONE] = { "", "", NULL },
	[DY_FAULT_LIFT] = { "lift", "REPR", LIFT },
	[DY_FAULT_WATER] = { "water", "REPR", WATER },
	[DY_FAULT_POWER] = { "power", "REPR", POWER },
	[DY_FAULT_GAS] = { "gas", "REPR", GAS },
	[DY_FAULT_DRAIN] = { "drain", "REPR", DRAIN },
	[DY_FAULT_LIGHT] = { "light", "REPR", LIGHT },
	[DY_FAULT_GATE] = { "gate", "REPR", GATE },
	[DY_FAULT_RUBBISH] = { "rubbish", "WAST", RUBBISH },
};

const char *
dy_fault_name(enum dy_fault fault)
{
	return FAULTS[fault].name;
}

enum dy_fault
dy_fault_of(struct dy_str category, struct dy_str text)
{
	for (int i = DY_FAULT_NONE + 1; i < DY_FAULTS; i++) {
		if (dy_str_is(category, FAULTS[i].category) && dy_text_holds(text, FAULTS[i].words))
			return (enum dy_fault)i;
	}
	return DY_FAULT_NONE;
}

const char *
dy_likeness_name(enum dy_likeness likeness)
{
	static const char *const names[] = { "", "own", "neighbour" };
	return names[likeness];
}

enum dy_likeness
dy_likeness_of(const struct dy_sighting *draft, const struct dy_sighting *open)
{
	int64_t age = draft->at.ms - open->at.ms;

	if (!dy_str_eq(draft->category, open->category))
		return DY_LIKE_NONE;
	if (draft->household.v != 0 && dy_id_eq(draft->household, open->household))
		return age <= DY_SAME_HOME_MS ? DY_LIKE_OWN : DY_LIKE_NONE;
	enum dy_fault fault = dy_fault_of(draft->category, draft->text);
	if (fault != DY_FAULT_NONE && dy_id_eq(draft->unit, open->unit) &&
	    age <= DY_SAME_FAULT_MS && fault == dy_fault_of(open->category, open->text))
		return DY_LIKE_NEIGHBOUR;
	return DY_LIKE_NONE;
}

static size_t
digits_at(struct dy_str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.len && text.ptr[at + n] >= '0' && text.ptr[at + n] <= '9')
		n++;
	return n;
}

struct dy_str
dy_text_masked(struct dy_arena *arena, struct dy_str text)
{
	static const struct dy_str dots = DY_STR_INIT("…");
	char *out = dy_arena_alloc(arena, text.len + 1);
	size_t n = 0;

	/* the dots have three bytes: no longer than what they stand for */
	for (size_t i = 0; i < text.len;) {
		size_t digits = digits_at(text, i);
		if (digits > DIGITS_SHOWN) {
			for (size_t k = 0; k < dots.len; k++)
				out[n++] = dots.ptr[k];
			i += digits;
		} else {
			size_t copied = digits > 0 ? digits : 1;
			for (size_t k = 0; k < copied; k++)
				out[n++] = text.ptr[i++];
		}
	}
	return (struct dy_str){ out, n };
}
