/* What the plain pages look like. */
#include "lite.h"

#define MAC_TEXT 16 /* characters of the key's proof */
/* So that a page stays below 14 KB whatever people wrote. */
#define ENTRIES_SHOWN 10
#define WORDS_SHOWN   150 /* characters of an entry */
#define TEXT_SHOWN    400 /* characters of the request */

static const char STYLE[] =
	"<style>body{margin:0 auto;padding:0 16px 32px;max-width:40em;font:18px/1.5 sans-serif;"
	"color:#1a1f26;background:#fff}h1{font-size:1.5em;margin:.5em 0}h2{font-size:1.2em;"
	"margin:1.2em 0 .4em}a{color:#0a4f96}label{display:block;margin:.7em 0 "
	".2em;font-weight:bold}"
	"label.tick{font-weight:normal}input,textarea,select,button{font-size:1em;"
	"box-sizing:border-box;max-width:100%}input[type=text],input[type=tel],textarea,select"
	"{width:100%;padding:10px;border:1px solid #75808c;border-radius:8px;background:#fff;"
	"color:#1a1f26}button{width:100%;margin:.8em 0 0;padding:14px;border:0;border-radius:8px;"
	"background:#0a4f96;color:#fff;font-weight:bold}button.plain{border:1px solid #0a4f96;"
	"background:#fff;color:#0a4f96}.box{padding:12px;border:1px solid "
	"#75808c;border-radius:8px;"
	"margin:12px 0}.bad{border-color:#9c1c14;background:#fcebea;color:#9c1c14}"
	".muted{color:#3d4753}dt{color:#3d4753}dd{margin:0 0 .5em;font-weight:bold}"
	"ol,ul{padding-left:1.2em}li{margin:.6em 0}.nav{padding:10px 0;border-bottom:1px solid "
	"#75808c}"
	"p.pre,span.pre{white-space:pre-wrap}</style>";

bool
dy_lite_zh(const struct dy_q *q)
{
	struct dy_str chosen = dy_exchange_cookie(q->x, "dy_lang");

	if (dy_str_is(chosen, "en") || dy_str_is(chosen, "zh-CN"))
		return !dy_str_is(chosen, "en");
	return dy_q_speaks_chinese(q);
}

struct dy_str
dy_lt(const struct dy_q *q, const char *key)
{
	return dy_lite_text(key, dy_lite_zh(q));
}

void
dy_lite_begin(struct dy_q *q, const char *title_key)
{
	bool zh = dy_lite_zh(q);

	q->type = "text/html; charset=utf-8";
	dy_strbuf_reset(&q->body);
	dy_html(&q->body,
	        "<!doctype html><html lang=\"$\"><head><meta charset=\"utf-8\"><meta "
	        "name=\"viewport\" "
	        "content=\"width=device-width,initial-scale=1\"><title>$</title>",
	        DY_TEXTS(dy_lt(q, "lang"), dy_lt(q, title_key)));
	dy_strbuf_adds(&q->body, STYLE);
	dy_html(&q->body,
	        "</head><body><header class=\"nav\"><a href=\"/lite\">$</a> · <a lang=\"$\" "
	        "href=\"/lite/language/$\">$</a></header><main><h1>$</h1>",
	        DY_TEXTS(dy_lt(q, "home"), zh ? DY_STR("en") : DY_STR("zh-CN"),
	                 zh ? DY_STR("en") : DY_STR("zh-CN"), dy_lt(q, "other"),
	                 dy_lt(q, title_key)));
}

void
dy_lite_end(struct dy_q *q)
{
	dy_html(&q->body,
	        "</main><footer class=\"muted\">$<br><a href=\"tel:120\">120</a> · "
	        "<a href=\"tel:110\">110</a> · <a "
	        "href=\"tel:119\">119</a></footer></body></html>\n",
	        DY_TEXTS(dy_lt(q, "emergency")));
}

/* "<26 random characters>-<16 of proof>": the proof is over the random part and the session. */
static void
mac_make(const struct dy_q *q, struct dy_str nonce, char out[MAC_TEXT + 1])
{
	uint8_t hash[DY_HASH_BYTES];
	const char *text =
		dy_arena_printf(q->arena, "lite-form %.*s %.*s", DY_FMT(nonce), DY_FMT(q->session));
	struct dy_str s = dy_str_from(text);

	dy_hash(s.ptr, s.len, q->api->options.key, hash);
	size_t n = dy_base32_encode(hash, 10, out, MAC_TEXT + 1);
	DY_ASSERT(n == MAC_TEXT);
	out[MAC_TEXT] = '\0';
}

void
dy_lite_key(struct dy_q *q)
{
	char nonce[DY_TOKEN_TEXT], mac[MAC_TEXT + 1];

	dy_token_make(nonce);
	mac_make(q, dy_str_from(nonce), mac);
	dy_html(&q->body, "<input type=\"hidden\" name=\"key\" value=\"$-$\">",
	        DY_TEXTS(dy_str_from(nonce), dy_str_from(mac)));
}

bool
dy_lite_key_is(const struct dy_q *q, struct dy_str key)
{
	char mac[MAC_TEXT + 1];
	struct dy_str nonce = dy_str_split(&key, '-');

	if (nonce.len != DY_TOKEN_TEXT - 1 || key.len != MAC_TEXT)
		return false;
	mac_make(q, nonce, mac);
	return dy_secret_eq(mac, key.ptr, MAC_TEXT);
}

static void
form_begin(struct dy_q *q, const char *action)
{
	dy_html(&q->body, "<form method=\"post\" action=\"$\">", DY_TEXTS(dy_str_from(action)));
	dy_lite_key(q);
}

static void
form_end(struct dy_q *q, const char *button_key)
{
	dy_html(&q->body, "<button>$</button></form>", DY_TEXTS(dy_lt(q, button_key)));
}

static void
line(struct dy_q *q, const struct dy_lite_draft *d, const char *name, const char *label,
     const char *type, const char *max)
{
	dy_html(&q->body,
	        "<label>$<input type=\"$\" name=\"$\" maxlength=\"$\" value=\"$\"></label>",
	        DY_TEXTS(dy_lt(q, label), dy_str_from(type), dy_str_from(name), dy_str_from(max),
	                 dy_form_get(&d->form, name)));
}

static void
words(struct dy_q *q, struct dy_str value, const char *label)
{
	dy_html(&q->body,
	        "<label>$<textarea name=\"text\" rows=\"4\" "
	        "maxlength=\"1000\">$</textarea></label>",
	        DY_TEXTS(dy_lt(q, label), value));
}

static void
kinds(struct dy_q *q, const struct dy_lite_draft *d)
{
	size_t n;
	const struct dy_category *all = dy_categories(&n);
	struct dy_str chosen = dy_form_get(&d->form, "category");

	dy_html(&q->body, "<label>$<select name=\"category\"><option value=\"\">$</option>",
	        DY_TEXTS(dy_lt(q, "kind"), dy_lt(q, "kindAuto")));
	for (size_t i = 0; i < n; i++) {
		struct dy_str code = dy_str_from(all[i].code);
		dy_html(&q->body,
		        dy_str_eq(code, chosen) ? "<option value=\"$\" selected>$</option>"
		                                : "<option value=\"$\">$</option>",
		        DY_TEXTS(code, dy_lite_category(code, dy_lite_zh(q))));
	}
	dy_strbuf_adds(&q->body, "</select></label>");
}

static void
urgent_box(struct dy_q *q, const struct dy_lite_draft *d)
{
	dy_html(&q->body,
	        dy_form_get(&d->form, "urgent").len > 0
	                ? "<label class=\"tick\"><input type=\"checkbox\" name=\"urgent\" "
	                  "value=\"1\" "
	                  "checked> $</label>"
	                : "<label class=\"tick\"><input type=\"checkbox\" name=\"urgent\" "
	                  "value=\"1\"> "
	                  "$</label>",
	        DY_TEXTS(dy_lt(q, "urgent")));
}

void
dy_lite_door_form(struct dy_q *q, const struct dy_lite_draft *d)
{
	dy_html(&q->body, "<h2>$</h2><p>$</p>",
	        DY_TEXTS(dy_lt(q, "doorReport"), dy_lt(q, "doorReportHint")));
	form_begin(q, d->action);
	line(q, d, "door", "door", "text", "16");
	words(q, dy_form_get(&d->form, "text"), "words");
	kinds(q, d);
	line(q, d, "contact", "phone", "tel", "20");
	urgent_box(q, d);
	form_end(q, "send");
}

void
dy_lite_join_form(struct dy_q *q, const struct dy_lite_draft *d)
{
	dy_html(&q->body, "<h2>$</h2><p>$</p>", DY_TEXTS(dy_lt(q, "join"), dy_lt(q, "joinHint")));
	form_begin(q, d->action);
	line(q, d, "door", "doorHome", "text", "16");
	line(q, d, "household_code", "code", "text", "16");
	line(q, d, "name", "name", "text", "60");
	line(q, d, "phone", "phone", "tel", "20");
	form_end(q, "join");
}

/* Neighbours' requests that may be the same, above the form that sends it all the same. */
static void
likes(struct dy_q *q, const struct dy_lite_draft *d)
{
	char id[DY_ID_TEXT + 1];

	dy_html(&q->body, "<div class=\"box\" role=\"alert\"><h2>$</h2><p>$</p>",
	        DY_TEXTS(dy_lt(q, d->likes[0].own ? "similarOwn" : "similar"),
	                 dy_lt(q, "similarHint")));
	for (size_t i = 0; i < d->n_likes; i++) {
		const struct dy_lite_like *l = &d->likes[i];
		dy_id_encode(l->id, id);
		dy_html(&q->body, "<p class=\"pre\"><b>$</b> $</p>", DY_TEXTS(l->place, l->text));
		if (l->own) {
			dy_html(&q->body, "<p><a href=\"/lite/r/$\">$</a></p>",
			        DY_TEXTS(dy_str_from(id), dy_lt(q, "open")));
			continue;
		}
		form_begin(q, dy_arena_printf(q->arena, "/lite/r/%s/follow", id));
		form_end(q, "follow");
	}
	dy_strbuf_adds(&q->body, "</div>");
}

void
dy_lite_report_form(struct dy_q *q, const struct dy_lite_draft *d)
{
	if (d->n_likes > 0)
		likes(q, d);
	dy_html(&q->body, "<p>$ <b>$</b></p>", DY_TEXTS(dy_lt(q, "where"), d->place));
	form_begin(q, d->action);
	if (d->n_likes > 0)
		dy_strbuf_adds(&q->body, "<input type=\"hidden\" name=\"sure\" value=\"1\">");
	words(q, dy_form_get(&d->form, "text"), "words");
	kinds(q, d);
	line(q, d, "on_behalf", "behalf", "text", "60");
	line(q, d, "contact", "phone", "tel", "20");
	urgent_box(q, d);
	form_end(q, d->n_likes > 0 ? "sendAnyway" : "send");
}

/* One request */
static struct dy_str
cut(struct dy_q *q, struct dy_str text, size_t max)
{
	struct dy_str rest = text;
	uint32_t cp;

	for (size_t i = 0; i < max && rest.len > 0; i++)
		rest = dy_str_slice(rest, dy_utf8_next(rest, &cp), rest.len);
	if (rest.len == 0)
		return text;
	text.len -= rest.len;
	return dy_str_from(dy_arena_printf(q->arena, "%.*s…", DY_FMT(text)));
}

static void
when_write(struct dy_q *q, struct dy_time at)
{
	struct dy_civil c;

	dy_civil_of(dy_zone_default(), at, &c);
	dy_strbuf_addf(&q->body, "%02d-%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
}

static void
history(struct dy_q *q, const struct dy_lite_view *v)
{
	dy_html(&q->body, "<h2>$</h2><ol>", DY_TEXTS(dy_lt(q, "history")));
	size_t n = v->entries->count;
	for (size_t i = n > ENTRIES_SHOWN ? n - ENTRIES_SHOWN : 0; i < n; i++) {
		const struct dy_entry *e = &v->entries->items[i];
		bool staff = dy_str_is(e->actor_side, "staff");
		if (!dy_str_is(e->visibility, "all"))
			continue;
		dy_strbuf_adds(&q->body, "<li>");
		when_write(q, e->at);
		dy_html(&q->body, " <b>$</b> $",
		        DY_TEXTS(dy_lite_act(e->act, dy_lite_zh(q)),
		                 staff                                  ? e->actor_name
		                 : dy_str_is(e->actor_side, "resident") ? dy_lt(q, "you")
		                                                        : DY_STR("")));
		if (e->text.len > 0 && i > 0 && (v->shows_words || staff))
			dy_html(&q->body, "<br><span class=\"pre\">$</span>",
			        DY_TEXTS(cut(q, e->text, WORDS_SHOWN)));
		dy_strbuf_adds(&q->body, "</li>");
	}
	dy_strbuf_adds(&q->body, "</ol>");
}

static void
rating_field(struct dy_q *q, bool may_skip)
{
	static const char *const keys[] = { "r5", "r4", "r3", "r2", "r1" };

	dy_html(&q->body, "<label>$<select name=\"rating\">", DY_TEXTS(dy_lt(q, "rating")));
	if (may_skip)
		dy_html(&q->body, "<option value=\"\">$</option>", DY_TEXTS(dy_lt(q, "r0")));
	for (int i = 0; i < 5; i++) {
		char n[2] = { (char)('5' - i), '\0' };
		dy_html(&q->body, "<option value=\"$\">$</option>",
		        DY_TEXTS(dy_str_from(n), dy_lt(q, keys[i])));
	}
	dy_strbuf_adds(&q->body, "</select></label>");
}

static void
act_form(struct dy_q *q, const struct dy_lite_view *v, enum dy_act act)
{
	const char *name = dy_act_name(act);

	dy_strbuf_adds(&q->body, "<div class=\"box\">");
	if (act != DY_ACT_REMIND)
		dy_html(&q->body, "<b>$</b>", DY_TEXTS(dy_lt(q, name)));
	form_begin(q, v->action);
	dy_html(&q->body, "<input type=\"hidden\" name=\"act\" value=\"$\">",
	        DY_TEXTS(dy_str_from(name)));
	dy_strbuf_addf(&q->body, "<input type=\"hidden\" name=\"version\" value=\"%lld\">",
	               (long long)v->r->version);
	if (act == DY_ACT_CONFIRM || act == DY_ACT_RATE)
		rating_field(q, act == DY_ACT_CONFIRM);
	if (act == DY_ACT_CONFIRM || act == DY_ACT_RATE)
		words(q, DY_STR(""), "why");
	else if (act != DY_ACT_REMIND && act != DY_ACT_RESUME)
		words(q, DY_STR(""), "words");
	form_end(q, dy_arena_printf(q->arena, "%sDo", name));
	dy_strbuf_adds(&q->body, "</div>");
}

static void
facts(struct dy_q *q, const struct dy_lite_view *v)
{
	const struct dy_request *r = v->r;
	struct dy_address a = { r->building_code, r->stair_code, r->door_code };
	bool zh = dy_lite_zh(q);

	dy_html(&q->body, "<p class=\"pre\">$</p><dl><dt>$</dt><dd>$</dd><dt>$</dt><dd>$</dd>",
	        DY_TEXTS(cut(q, v->shows_words ? r->text : dy_text_masked(q->arena, r->text),
	                     TEXT_SHOWN),
	                 dy_lt(q, "state"), dy_lite_state(r->state, zh), dy_lt(q, "number"),
	                 dy_str_from(dy_request_number_text(q, r))));
	dy_html(&q->body, "<dt>$</dt><dd>$</dd><dt>$</dt><dd>$</dd>",
	        DY_TEXTS(dy_lt(q, "kind"), dy_lite_category(r->category, zh), dy_lt(q, "where"),
	                 v->shows_door ? dy_address_text(q->arena, &a)
	                               : dy_address_masked(q->arena, &a)));
	if (v->shows_door)
		dy_html(&q->body, "<dt>$</dt><dd>$</dd>",
		        DY_TEXTS(dy_lt(q, "callback"), r->callback_code));
	if (r->owner.v != 0)
		dy_html(&q->body, "<dt>$</dt><dd>$</dd>",
		        DY_TEXTS(dy_lt(q, "owner"), r->owner_name));
	dy_strbuf_adds(&q->body, "</dl>");
	if (v->shows_door)
		dy_html(&q->body, "<p class=\"muted\">$</p>", DY_TEXTS(dy_lt(q, "callbackHint")));
	if (r->unverified)
		dy_html(&q->body, "<p>$</p>", DY_TEXTS(dy_lt(q, "unverified")));
}

static void
advice(struct dy_q *q, const struct dy_request *r)
{
	unsigned dangers =
		dy_state_is_open(r->state) ? dy_request_dangers(r->category, r->text) : 0;

	for (unsigned bit = 1; bit <= DY_DANGER_FIRE; bit <<= 1) {
		enum dy_danger danger = (enum dy_danger)bit;
		if ((dangers & bit) == 0)
			continue;
		struct dy_str phone = dy_str_from(dy_danger_phone(danger));
		dy_html(&q->body,
		        "<div class=\"box bad\" role=\"alert\">$<br><a href=\"tel:$\">$</a></div>",
		        DY_TEXTS(dy_str_from(dy_advice_text(danger, dy_lite_zh(q))), phone, phone));
	}
}

void
dy_lite_request(struct dy_q *q, const struct dy_lite_view *v)
{
	static const enum dy_act order[] = { DY_ACT_CONFIRM, DY_ACT_REOPEN, DY_ACT_RATE,
		                             DY_ACT_ANSWER,  DY_ACT_REMIND, DY_ACT_RESUME,
		                             DY_ACT_WITHDRAW };

	advice(q, v->r);
	facts(q, v);
	if (v->helper->phone.len > 0)
		dy_html(&q->body, "<p>$ $ <a href=\"tel:$\">$</a></p>",
		        DY_TEXTS(dy_lt(q, "callWho"), v->helper->name, v->helper->phone,
		                 v->helper->phone));
	history(q, v);
	for (size_t i = 0; i < DY_COUNT(order); i++) {
		bool rated = order[i] == DY_ACT_RATE && v->r->rating > 0;
		if ((v->acts & 1u << order[i]) != 0 && !rated)
			act_form(q, v, order[i]);
	}
}
