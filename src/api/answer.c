/* From a result to an HTTP answer: problems, ETags, cookies, headers, one log line. */
#include "inside.h"

#include "base/log.h"

#include <string.h>
#include <unistd.h>

#define PAGE_CSP                                                                                   \
	"default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "       \
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

const struct dy_header DY_PAGE_HEADERS[] = {
	{ "Content-Security-Policy", DY_STR_INIT(PAGE_CSP) },
	{ "X-Content-Type-Options", DY_STR_INIT("nosniff") },
	{ "Referrer-Policy", DY_STR_INIT("same-origin") },
};
const size_t DY_PAGE_HEADERS_N = DY_COUNT(DY_PAGE_HEADERS);

struct outcome {
	int status;
	const char *problem, *title;
};

static bool
is_problem(const struct dy_q *q, const char *name)
{
	return q->problem != NULL && strcmp(q->problem, name) == 0;
}

static struct outcome
outcome_of(const struct dy_q *q, enum dy_code rc)
{
	switch (rc) {
	case DY_OK:
	case DY_E_BUG: break;
	case DY_E_INPUT: return (struct outcome){ 422, "input", "The input is not right" };
	case DY_E_DENIED:
		if (q->actor.account.v == 0 && !is_problem(q, "origin"))
			return (struct outcome){ 401, "not_signed_in", "Nobody is signed in" };
		return (struct outcome){ 403, "denied", "Not allowed" };
	case DY_E_NOT_FOUND: return (struct outcome){ 404, "not_found", "Not found" };
	case DY_E_CONFLICT:
		if (strcmp(q->err.field, "/version") == 0)
			return (struct outcome){ 412, "version_conflict", "Changed meanwhile" };
		return (struct outcome){ 409, "conflict", "Not possible in this state" };
	case DY_E_LIMIT: /* too much in one body is for its sender to mend, not to wait for */
		if (q->retry_s == 0)
			return (struct outcome){ 422, "input", "The input is not right" };
		return (struct outcome){ 429, "rate_limited", "Too many" };
	case DY_E_BUSY: return (struct outcome){ 503, "overloaded", "Overloaded" };
	case DY_E_INFEASIBLE: return (struct outcome){ 422, "infeasible", "There is no plan" };
	case DY_E_CANCELLED:
	case DY_E_IO: return (struct outcome){ 503, "unavailable", "Not stored" };
	}
	return (struct outcome){ 500, "internal", "A mistake of the program" };
}

bool
dy_q_speaks_chinese(const struct dy_q *q)
{
	if (q->actor.account.v != 0)
		return !dy_str_is(q->actor.language, "en");
	return !dy_str_starts(dy_exchange_header(q->x, "accept-language"), DY_STR("en"));
}

void
dy_q_problem(struct dy_q *q, enum dy_code rc)
{
	struct outcome o = outcome_of(q, rc);
	const char *name = q->problem != NULL ? q->problem : o.problem;
	/* what went wrong inside is for the log, not for the reader */
	bool inner = o.status >= 500 && rc != DY_E_BUSY;

	if (inner)
		dy_log(DY_LOG_ERROR, "fault", "op=%s code=%s where=%s id=%llu",
		       q->route != NULL ? q->route->op : "-", dy_code_name(rc),
		       q->err.where != NULL ? q->err.where : "-",
		       (unsigned long long)dy_exchange_number(q->x));
	if (o.status == 429 || o.status == 503) {
		if (q->retry_s == 0)
			q->retry_s = 2;
		dy_q_header(q, "Retry-After",
		            dy_str_from(dy_arena_printf(q->arena, "%lld", (long long)q->retry_s)));
	}
	q->status = strcmp(name, "too_large") == 0 ? 413 : o.status;
	if (q->route != NULL && (q->route->flags & DY_ROUTE_PAGE) != 0) {
		if (inner)
			q->err.text[0] = '\0';
		q->problem = name;
		dy_lite_problem(q);
		return;
	}
	q->type = "application/problem+json";
	dy_strbuf_reset(&q->body);
	dy_jw_init(&q->w, &q->body);
	dy_jw_obj(&q->w);
	dy_jw_kcstr(&q->w, "type", "about:blank");
	dy_jw_kcstr(&q->w, "title", o.title);
	dy_jw_kint(&q->w, "status", q->status);
	dy_jw_kcstr(&q->w, "detail", inner ? o.title : q->err.text);
	dy_jw_kcstr(&q->w, "code", name);
	dy_jw_kcstr(&q->w, "field", inner ? "" : q->err.field);
	dy_jw_kcstr(&q->w, "hint", dy_hint(name, dy_q_speaks_chinese(q)));
	dy_jw_kstr(&q->w, "request_id",
	           dy_str_from(dy_arena_printf(q->arena, "%llu",
	                                       (unsigned long long)dy_exchange_number(q->x))));
	dy_jw_obj_end(&q->w);
}

void
dy_q_header(struct dy_q *q, const char *name, struct dy_str value)
{
	DY_ASSERT(q->n_headers < DY_Q_HEADERS);
	q->headers[q->n_headers++] = (struct dy_header){ name, value };
}

void
dy_q_cookie(struct dy_q *q, const char *token, int64_t seconds)
{
	const char *secure =
		dy_str_starts(dy_str_from(dy_q_origin(q)), DY_STR("https:")) ? "; Secure" : "";
	dy_q_header(
		q, "Set-Cookie",
		dy_str_from(dy_arena_printf(
			q->arena, "dy_session=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
			token, (long long)seconds, secure)));
}

void
dy_q_etag(struct dy_q *q)
{
	uint8_t hash[DY_HASH_BYTES];
	char text[32];

	dy_hash(q->body.ptr, q->body.len, NULL, hash);
	size_t n = dy_base32_encode(hash, 12, text, sizeof(text));
	struct dy_str tag = dy_str_from(dy_arena_printf(q->arena, "\"%.*s\"", (int)n, text));
	dy_q_header(q, "ETag", tag);
	if (dy_str_contains(dy_exchange_header(q->x, "if-none-match"), tag)) {
		q->status = 304;
		q->type = NULL;
		dy_strbuf_reset(&q->body);
	}
}

static void
count(struct dy_q *q, int64_t us)
{
	static const int64_t limits[DY_API_BUCKETS - 1] = { 1000,  2000,   5000,   10000,
		                                            50000, 250000, 1000000 };
	size_t i = 0;

	while (i < DY_COUNT(limits) && us > limits[i])
		i++;
	atomic_fetch_add_explicit(&q->api->took[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&q->api->took_us, (uint64_t)us, memory_order_relaxed);
	atomic_fetch_add_explicit(&q->api->answers[q->status / 100 % 6], 1, memory_order_relaxed);
}

/* What may be kept has to be asked for again, unless the handler knows better. */
static void
cache_header(struct dy_q *q)
{
	for (size_t i = 0; i < q->n_headers; i++) {
		if (strcmp(q->headers[i].name, "Cache-Control") == 0)
			return;
	}
	bool is_read = q->route != NULL && q->route->method == DY_GET;
	dy_q_header(q, "Cache-Control",
	            is_read && (q->status == 200 || q->status == 304) ? DY_STR("private, no-cache")
	                                                              : DY_STR("no-store"));
}

/* A page has the policies of the web app's; a form that was taken leads on to the address in its answer. */
static void
page_headers(struct dy_q *q)
{
	if (q->route == NULL || (q->route->flags & DY_ROUTE_PAGE) == 0)
		return;
	dy_q_header(q, "Content-Security-Policy", DY_STR(PAGE_CSP));
	dy_q_header(q, "Referrer-Policy", DY_STR("same-origin"));
	if (q->status != 303)
		return;
	dy_q_header(q, "Location", dy_str_dup(q->arena, dy_strbuf_str(&q->body)));
	dy_strbuf_reset(&q->body);
	q->type = NULL;
}

void
dy_q_reply(struct dy_q *q)
{
	int64_t us = dy_tick_us() - dy_exchange_began_us(q->x);

	if (q->body.overflow) {
		(void)dy_raise(&q->err, DY_E_BUG, "", "the answer is too long");
		dy_strbuf_release(&q->body);
		dy_strbuf_init(&q->body, DY_ANSWER_MAX);
		dy_q_problem(q, DY_E_BUG);
	}
	if (q->new_file != NULL)
		(void)unlink(q->new_file);
	dy_q_header(q, "X-Content-Type-Options", DY_STR("nosniff"));
	page_headers(q);
	cache_header(q);
	dy_log(q->status >= 500 ? DY_LOG_WARN : DY_LOG_DEBUG, "request",
	       "op=%s status=%d us=%lld id=%llu", q->route != NULL ? q->route->op : "-", q->status,
	       (long long)us, (unsigned long long)dy_exchange_number(q->x));
	count(q, us);
	struct dy_strbuf body = q->body; /* q dies with the exchange */
	struct dy_reply reply = {
		.status = q->status,
		.type = q->type,
		.body = dy_strbuf_str(&body),
		.headers = q->headers,
		.n_headers = q->n_headers,
	};
	dy_exchange_reply(q->x, &reply);
	dy_strbuf_release(&body);
}
