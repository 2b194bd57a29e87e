/* The way of a query: head, actor, permission, decoding, pool, writer, answer. */
#include "inside.h"

#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PICTURE_QUEUE  64
#define BULK_QUEUE     8
#define BULK_WAIT_MS   8000
#define PASSWORD_QUEUE 128
#define KEY_MIN        8
#define KEY_MAX        64
#define ARENA_OF_API   65536

/* Writes of one account; guesses (logins, household codes) of one client address: a family, not a script. */
static const struct dy_rate WRITES = { 500, 60 };
static const struct dy_rate GUESSES = { 6000, 20 };

static void
q_init(struct dy_q *q, struct dy_api *api, struct dy_exchange *x)
{
	q->api = api;
	q->x = x;
	q->arena = dy_exchange_arena(x);
	q->now = dy_time_now();
	q->status = 200;
	q->type = "application/json";
	dy_strbuf_init(&q->body, DY_ANSWER_MAX);
	dy_jw_init(&q->w, &q->body);
	dy_exchange_set_data(x, q);
}

static void
q_fail(struct dy_q *q, enum dy_code rc)
{
	dy_q_problem(q, rc);
	dy_q_reply(q);
}

enum dy_code
dy_q_community(struct dy_q *q, struct dy_id community)
{
	struct dy_api_loop *loop = dy_loop_ctx(dy_exchange_loop(q->x));

	if (q->tx != NULL && dy_id_eq(dy_rtx_community(q->tx), community))
		return DY_OK;
	dy_rtx_end(&q->tx);
	return dy_rtx_begin(loop->reader, community, &q->tx, &q->err);
}

/* Who is asking; in q->actor, with the community also when only the cookie's shape is right. */
static enum dy_code
actor_load(struct dy_q *q)
{
	struct dy_api_loop *loop = dy_loop_ctx(dy_exchange_loop(q->x));
	struct dy_id community;
	uint8_t *hash = q->session_hash;

	q->session = dy_exchange_cookie(q->x, "dy_session");
	q->actor.language = DY_STR("zh-CN");
	if (!dy_link_split(q->session, &community, hash))
		return DY_OK;
	q->epoch = dy_api_epoch(q->api);
	int64_t now_ms = dy_tick_ms();
	if (dy_actors_find(loop->actors, hash, q->epoch, now_ms, q->arena, &q->actor))
		return DY_OK;
	DY_TRY(dy_q_community(q, community));
	DY_TRY(dy_app_actor(q->tx, q->arena, q->session, q->now, &q->actor, &q->err));
	if (q->actor.account.v != 0)
		dy_actors_keep(loop->actors, hash, q->epoch, now_ms, q->now, &q->actor);
	return DY_OK;
}

enum dy_code
dy_q_home(struct dy_q *q, struct dy_where *out)
{
	struct dy_api_loop *loop = dy_loop_ctx(dy_exchange_loop(q->x));
	int64_t now_ms = dy_tick_ms();

	if (dy_actors_home(loop->actors, q->session_hash, q->epoch, now_ms, q->arena, out))
		return DY_OK;
	DY_TRY(dy_where_household(q->tx, q->arena, q->actor.household, q->now, out, &q->err));
	dy_actors_keep_home(loop->actors, q->session_hash, q->epoch, now_ms, out);
	return DY_OK;
}

static bool
is_write(const struct dy_route *route)
{
	return route->method != DY_GET;
}

const char *
dy_q_origin(struct dy_q *q)
{
	const char *url = q->api->options.public_url;
	struct dy_str host = dy_exchange_header(q->x, "host");

	if (url != NULL && url[0] != '\0')
		return url;
	return dy_arena_printf(q->arena, "%s://%.*s", dy_exchange_is_tls(q->x) ? "https" : "http",
	                       DY_FMT(host));
}

static enum dy_code
origin_check(struct dy_q *q)
{
	struct dy_str origin = dy_exchange_header(q->x, "origin");
	struct dy_str host = dy_exchange_header(q->x, "host");
	struct dy_str own = dy_str_from(dy_q_origin(q));

	if (dy_str_eq(origin, own))
		return DY_OK;
	/* old browsers send none with a form: its hidden key, made for this session, has to be right then */
	if (origin.len == 0 && (q->route->flags & DY_ROUTE_FORM) != 0)
		return DY_OK;
	/* behind a proxy that ends TLS the scheme is not known here: the host decides */
	struct dy_str rest = origin;
	if (dy_str_starts(rest, DY_STR("https://")))
		rest = dy_str_slice(rest, 8, rest.len);
	else if (dy_str_starts(rest, DY_STR("http://")))
		rest = dy_str_slice(rest, 7, rest.len);
	if (rest.len > 0 && rest.len < origin.len && dy_str_ieq(rest, host))
		return DY_OK;
	q->problem = "origin";
	return dy_raise(&q->err, DY_E_DENIED, "",
	                "writes need an Origin header that is this server's own address");
}

static enum dy_code
key_take(struct dy_q *q)
{
	struct dy_str key = dy_exchange_header(q->x, "idempotency-key");

	if (q->route->method != DY_POST || (q->route->flags & DY_ROUTE_FORM) != 0)
		return DY_OK;
	bool good = key.len >= KEY_MIN && key.len <= KEY_MAX;
	for (size_t i = 0; good && i < key.len; i++)
		good = key.ptr[i] > ' ' && key.ptr[i] <= '~';
	if (!good) {
		q->problem = "idempotency_key";
		return dy_raise(&q->err, DY_E_INPUT, "",
		                "send an Idempotency-Key of 8 to 64 visible characters");
	}
	q->has_key = (q->route->flags & DY_ROUTE_NO_REPLAY) == 0;
	q->idem.key = key;
	q->idem.account = q->actor.account;
	return DY_OK;
}

static enum dy_code
rate_check(struct dy_q *q)
{
	const char *key = NULL;
	struct dy_rate rate = WRITES;
	char id[DY_ID_TEXT + 1];
	int64_t wait_ms = 0;

	if (q->api->options.unlimited)
		return DY_OK;
	if ((q->route->flags & DY_ROUTE_JOINS) != 0) {
		rate = GUESSES;
		key = dy_arena_printf(q->arena, "c%.*s", DY_FMT(dy_exchange_client(q->x)));
	} else if (is_write(q->route) && q->actor.account.v != 0) {
		dy_id_encode(q->actor.account, id);
		key = dy_arena_printf(q->arena, "a%s", id);
	}
	if (key == NULL ||
	    dy_limit_take(&q->api->limit, dy_str_from(key), rate, dy_tick_ms(), &wait_ms))
		return DY_OK;
	q->retry_s = wait_ms / DY_SECOND_MS + 1;
	return dy_raise(&q->err, DY_E_LIMIT, "", "too many tries; wait %lld s",
	                (long long)q->retry_s);
}

/* Said before the body comes, in words a person understands; a chunked body is measured by the engine. */
static enum dy_code
length_check(struct dy_q *q)
{
	struct dy_str text = dy_exchange_header(q->x, "content-length");
	uint64_t length;

	if (!dy_str_to_u64(text, &length) || length <= q->route->body_max)
		return DY_OK;
	q->problem = "too_large";
	return dy_raise(&q->err, DY_E_INPUT, "",
	                "the body has %llu bytes, at most %zu are possible",
	                (unsigned long long)length, q->route->body_max);
}

static enum dy_code
head_check(struct dy_q *q)
{
	DY_TRY(actor_load(q));
	dy_rtx_end(&q->tx);
	if (is_write(q->route))
		DY_TRY(origin_check(q));
	DY_TRY(rate_check(q));
	if (!dy_actor_has(&q->actor, q->route->cap))
		return dy_raise(&q->err, DY_E_DENIED, "",
		                q->actor.account.v == 0 ? "sign in first"
		                                        : "your posts do not allow this");
	DY_TRY(length_check(q));
	if (is_write(q->route)) {
		if (!atomic_load(&q->api->ready))
			return dy_raise(&q->err, DY_E_BUSY, "", "the server is being restarted");
		DY_TRY(key_take(q));
	}
	return DY_OK;
}

/* No route: a file of the web app, or 404, or 405. */
static void
other_path(struct dy_q *q, const struct dy_path_match *match)
{
	if (match->path_exists) {
		const char *allow = "";
		for (int m = 0; m < DY_METHOD_OTHER; m++) {
			if ((match->methods & 1u << m) != 0)
				allow = dy_arena_printf(q->arena, "%s%s%s", allow,
				                        allow[0] == '\0' ? "" : ", ",
				                        dy_method_name((enum dy_method)m));
		}
		dy_q_header(q, "Allow", dy_str_from(allow));
		(void)dy_raise(&q->err, DY_E_NOT_FOUND, "", "this address does not take %s",
		               dy_method_name(dy_exchange_method(q->x)));
		q->problem = "method";
		dy_q_problem(q, DY_E_NOT_FOUND);
		q->status = 405;
		dy_q_reply(q);
		return;
	}
	if (q->api->files != NULL &&
	    dy_files_serve(q->api->files, q->x, DY_PAGE_HEADERS, DY_PAGE_HEADERS_N)) {
		dy_strbuf_release(&q->body);
		return;
	}
	(void)dy_raise(&q->err, DY_E_NOT_FOUND, "", "there is nothing at this address");
	q_fail(q, DY_E_NOT_FOUND);
}

static void
on_head(void *ctx, struct dy_exchange *x, struct dy_body_plan *plan)
{
	struct dy_api *api = ctx;
	struct dy_q *q = DY_NEW(dy_exchange_arena(x), struct dy_q);
	struct dy_path_match match;

	q_init(q, api, x);
	dy_router_find(api->router, dy_exchange_method(x), dy_exchange_path(x), &match);
	q->route = match.target;
	if (q->route == NULL) {
		other_path(q, &match);
		return;
	}
	for (size_t i = 0; i < match.n_params; i++) {
		if (!dy_percent_decode(q->arena, match.params[i], false, &q->params[i])) {
			(void)dy_raise(&q->err, DY_E_NOT_FOUND, "", "the address is badly encoded");
			q_fail(q, DY_E_NOT_FOUND);
			return;
		}
	}
	enum dy_code rc = head_check(q);
	if (rc != DY_OK) {
		dy_rtx_end(&q->tx);
		q_fail(q, rc);
		return;
	}
	plan->max = q->route->body_max;
	plan->to_file = (q->route->flags & DY_ROUTE_TO_FILE) != 0;
	plan->mandatory = is_write(q->route) && q->route->body_max > 0;
}

static enum dy_code
show(struct dy_q *q)
{
	q->writer = NULL;
	q->has_hands = false;
	q->shows = true;
	DY_TRY(dy_q_community(q, q->actor.community));
	return q->route->show(q);
}

/* Back from the writer or a pool: on the loop. */
static void
on_way_back(struct dy_task *task, struct dy_loop *loop)
{
	struct dy_q *q = (struct dy_q *)((char *)task - offsetof(struct dy_q, task));

	(void)loop;
	if (q->subject.v != 0) {
		enum dy_code rc = show(q);
		dy_rtx_end(&q->tx);
		if (rc != DY_OK)
			dy_q_problem(q, rc);
	}
	dy_q_reply(q);
}

static void
post_back(struct dy_q *q)
{
	q->task.fn = on_way_back;
	q->task.next = NULL;
	dy_loop_post(dy_exchange_loop(q->x), &q->task);
}

/* Permission and facts are those of this moment: read again when posts changed since the head came. */
static enum dy_code
actor_refresh(struct dy_q *q, struct dy_rtx *tx)
{
	uint64_t epoch = dy_api_epoch(q->api);

	if (q->actor.account.v == 0 || epoch == q->epoch)
		return DY_OK;
	q->epoch = epoch;
	DY_TRY(dy_app_actor(tx, q->arena, q->session, q->now, &q->actor, &q->err));
	if (!dy_actor_has(&q->actor, q->route->cap))
		return dy_raise(&q->err, DY_E_DENIED, "", "your posts do not allow this any more");
	return DY_OK;
}

static void
people_changed(struct dy_q *q)
{
	if ((q->route->flags & DY_ROUTE_PEOPLE) != 0)
		atomic_fetch_add(&q->api->people, 1);
}

/* The answer as it is kept for replays: secrets are sealed, in hexadecimal digits. */
static struct dy_str
kept_form(struct dy_q *q)
{
	static const char DIGITS[] = "0123456789abcdef";
	struct dy_str body = dy_strbuf_str(&q->body);

	if ((q->route->flags & DY_ROUTE_SEALED) == 0)
		return body;
	struct dy_bytes sealed = dy_text_seal(q->arena, q->api->options.key, body);
	char *out = dy_arena_alloc(q->arena, 2 * sealed.len + 1);
	for (size_t i = 0; i < sealed.len; i++) {
		out[2 * i] = DIGITS[sealed.ptr[i] >> 4];
		out[2 * i + 1] = DIGITS[sealed.ptr[i] & 15];
	}
	return (struct dy_str){ out, 2 * sealed.len };
}

static struct dy_str
kept_open(struct dy_q *q, struct dy_str kept)
{
	if ((q->route->flags & DY_ROUTE_SEALED) == 0)
		return kept;
	uint8_t *bytes = dy_arena_alloc(q->arena, kept.len / 2 + 1);
	for (size_t i = 0; i + 1 < kept.len; i += 2) {
		int high = kept.ptr[i] <= '9' ? kept.ptr[i] - '0' : kept.ptr[i] - 'a' + 10;
		int low =
			kept.ptr[i + 1] <= '9' ? kept.ptr[i + 1] - '0' : kept.ptr[i + 1] - 'a' + 10;
		bytes[i / 2] = (uint8_t)(high * 16 + low);
	}
	struct dy_bytes sealed = { bytes, kept.len / 2 };
	return dy_text_unseal(q->arena, q->api->options.key, sealed);
}

static enum dy_code
write_once(struct dy_q *q, struct dy_wtx *tx)
{
	struct dy_idem_answer answer = { 0 };
	bool seen = false;

	DY_TRY(actor_refresh(q, dy_wtx_read(tx)));
	if (q->has_key) {
		enum dy_code rc =
			dy_idem_find(dy_wtx_read(tx), q->arena, &q->idem, &seen, &answer, &q->err);
		if (rc == DY_E_CONFLICT)
			q->problem = "idempotency_conflict";
		if (rc != DY_OK)
			return rc;
	}
	if (seen) {
		q->status = (int)answer.status;
		dy_q_header(q, "Idempotency-Replayed", DY_STR("true"));
		/* an answer stored as a whole is not the text of an id */
		if (q->route->show == NULL ||
		    dy_id_decode(answer.body, "", &q->subject, NULL) != DY_OK)
			dy_strbuf_addstr(&q->body, kept_open(q, answer.body));
		return DY_OK;
	}
	DY_TRY(q->route->fn(q));
	people_changed(q); /* for the jobs behind this one in the same batch */
	if (!q->has_key)
		return DY_OK;
	answer = (struct dy_idem_answer){ q->status, kept_form(q) };
	char id[DY_ID_TEXT + 1];
	if (q->route->show != NULL) {
		dy_id_encode(q->subject, id);
		answer.body = dy_str_from(id);
	}
	return dy_idem_store(tx, &q->idem, &answer, q->now, &q->err);
}

/* A command may be run a second time: the answer of the first time is forgotten. */
static void
answer_clear(struct dy_q *q)
{
	q->err = (struct dy_err){ 0 };
	q->problem = NULL;
	q->retry_s = 0;
	q->subject.v = 0;
	q->result = NULL;
	q->status = 200;
	q->n_headers = 0;
	dy_strbuf_reset(&q->body);
	dy_jw_init(&q->w, &q->body);
}

static enum dy_code
job_run(struct dy_job *job, struct dy_writer *writer)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_q *q = (struct dy_q *)job;

	if (job->is_repeatable)
		answer_clear(q);
	q->writer = writer;
	/* signing in and joining: the use case finds the community */
	if (q->actor.community.v == 0 || (q->route->flags & DY_ROUTE_NO_REPLAY) != 0)
		return q->route->fn(q);
	DY_TRY(dy_wtx_begin(writer, q->actor.community, &tx, &q->err));
	DY_TRY(write_once(q, tx));
	return dy_wtx_commit(&tx, &q->err);
}

static void
job_done(struct dy_job *job, enum dy_code rc)
{
	struct dy_q *q = (struct dy_q *)job;
	struct dy_api_loop *home = &q->api->loops[dy_loop_index(dy_exchange_loop(q->x))];

	people_changed(q); /* for actors that were read between that job and its commit */
	if (rc != DY_OK) {
		q->subject.v = 0;
		if (rc == DY_E_IO && q->err.code != DY_E_IO)
			(void)dy_raise(&q->err, DY_E_IO, "", "the database did not take it");
		q->n_headers = 0; /* no cookie for a session that is not stored */
		dy_q_problem(q, rc);
	}
	q->task = (struct dy_task){ .fn = on_way_back };
	if (home->outbox_tail != NULL)
		home->outbox_tail->next = &q->task;
	else
		home->outbox = &q->task;
	home->outbox_tail = &q->task;
}

static void
on_batch_end(void *ctx)
{
	struct dy_api *api = ctx;

	for (unsigned i = 0; i < DY_API_LOOPS; i++) {
		struct dy_api_loop *loop = &api->loops[i];
		struct dy_task *first = loop->outbox;
		if (first == NULL)
			continue;
		loop->outbox = NULL;
		loop->outbox_tail = NULL;
		dy_loop_post(dy_net_loop(api->net, i), first);
	}
}

static enum dy_code
to_writer(struct dy_q *q)
{
	q->job.run = job_run;
	q->job.done = job_done;
	q->job.is_repeatable = (q->route->flags & DY_ROUTE_REPEATABLE) != 0;
	return dy_store_submit(q->api->store, &q->job, &q->err);
}

static void
work_run(struct dy_work *work)
{
	struct dy_q *q = (struct dy_q *)((char *)work - offsetof(struct dy_q, work));
	struct dy_api *api = q->api;
	bool is_bulk = (q->route->flags & DY_ROUTE_BULK) != 0;
	enum dy_code rc;

	if (is_bulk)
		atomic_fetch_add(&api->bulk_at_work, 1);
	if (is_bulk && !atomic_load(&api->ready))
		rc = dy_raise(&q->err, DY_E_BUSY, "", "the server is being restarted");
	else
		rc = q->route->pool(q);
	if (rc == DY_OK)
		rc = to_writer(q); /* from here on q may be gone */
	if (is_bulk)
		atomic_fetch_sub(&api->bulk_at_work, 1);
	if (rc == DY_OK)
		return;
	dy_q_problem(q, rc);
	post_back(q);
}

static void
key_hash(struct dy_q *q)
{
	struct dy_hasher h;
	struct dy_str path = dy_exchange_path(q->x);
	struct dy_str body = dy_exchange_body(q->x);
	uint8_t method = (uint8_t)q->route->method;

	dy_hasher_init(&h);
	dy_hasher_update(&h, &method, 1);
	dy_hasher_update(&h, path.ptr, path.len);
	dy_hasher_update(&h, "\n", 1);
	dy_hasher_update(&h, body.ptr, body.len);
	dy_hasher_final(&h, q->idem.hash);
}

void
dy_q_key_take(struct dy_q *q, struct dy_str key)
{
	q->has_key = (q->route->flags & DY_ROUTE_NO_REPLAY) == 0;
	q->idem.key = key;
	q->idem.account = q->actor.account;
	key_hash(q);
}

static enum dy_code
write_begin(struct dy_q *q)
{
	if (q->has_key)
		key_hash(q);
	if (q->route->prepare != NULL) {
		if (q->actor.community.v != 0)
			DY_TRY(dy_q_community(q, q->actor.community));
		enum dy_code rc = q->route->prepare(q);
		if (rc == DY_OK && q->route->look != NULL)
			rc = q->route->look(q);
		dy_rtx_end(&q->tx);
		if (rc != DY_OK)
			return rc;
	}
	if (q->route->pool == NULL)
		return to_writer(q);
	q->work.run = work_run;
	struct dy_pool *pool = q->api->pictures;
	if ((q->route->flags & DY_ROUTE_PASSWORD) != 0)
		pool = q->api->passwords;
	else if ((q->route->flags & DY_ROUTE_BULK) != 0)
		pool = q->api->bulk;
	if (!dy_pool_submit(pool, &q->work))
		return dy_raise(&q->err, DY_E_BUSY, "", "too many at once; try again");
	return DY_OK;
}

/* A POST that only reads: decoded and answered here, and the writer never hears of it. */
static enum dy_code
lookup_now(struct dy_q *q)
{
	DY_TRY(dy_q_community(q, q->actor.community));
	DY_TRY(actor_refresh(q, q->tx));
	if (q->route->prepare != NULL)
		DY_TRY(q->route->prepare(q));
	return q->route->fn(q);
}

static enum dy_code
read_now(struct dy_q *q)
{
	if (q->actor.community.v != 0) {
		DY_TRY(dy_q_community(q, q->actor.community));
		DY_TRY(actor_refresh(q, q->tx));
	}
	return q->route->fn(q);
}

/* The exchange, its arena and the query in it end with the stream's first byte: go on with a copy. */
static void
stream_begin(struct dy_q *q)
{
	if (dy_exchange_method(q->x) == DY_HEAD) { /* what a GET would begin with, and no stream */
		q->type = "text/event-stream";
		dy_q_reply(q);
		return;
	}
	struct dy_q own = *q;
	enum dy_code rc = read_now(&own);

	dy_rtx_end(&own.tx);
	if (rc == DY_OK)
		return;
	dy_q_problem(&own, rc);
	dy_q_reply(&own);
}

static void
on_request(void *ctx, struct dy_exchange *x)
{
	struct dy_q *q = dy_exchange_data(x);
	enum dy_code rc;

	(void)ctx;
	if ((q->route->flags & DY_ROUTE_LOOKUP) != 0) {
		rc = lookup_now(q);
		dy_rtx_end(&q->tx);
	} else if (is_write(q->route)) {
		rc = write_begin(q);
		if (rc == DY_OK)
			return;
	} else if ((q->route->flags & DY_ROUTE_STREAM) != 0) {
		stream_begin(q);
		return;
	} else {
		rc = read_now(q);
		dy_rtx_end(&q->tx);
	}
	if (rc != DY_OK)
		dy_q_problem(q, rc);
	dy_q_reply(q);
}

static enum dy_code
on_loop_start(void *ctx, struct dy_loop *loop, void **loop_ctx, struct dy_err *err)
{
	struct dy_api *api = ctx;
	struct dy_api_loop *own = &api->loops[dy_loop_index(loop)];

	own->api = api;
	own->actors = dy_actors_new();
	own->hands = dy_hands_kept_new();
	*loop_ctx = own;
	return dy_reader_open(api->store, &own->reader, err);
}

static void
on_loop_stop(void *ctx, struct dy_loop *loop, void *loop_ctx)
{
	struct dy_api_loop *own = loop_ctx;

	(void)ctx;
	(void)loop;
	dy_reader_close(own->reader);
	own->reader = NULL;
	dy_actors_free(own->actors);
	own->actors = NULL;
	dy_hands_kept_free(own->hands);
	own->hands = NULL;
}

static enum dy_code
folder_make(char *out, size_t cap, const char *data_dir, const char *name, struct dy_err *err)
{
	int n = snprintf(out, cap, "%s/%s", data_dir, name);

	if (n < 0 || (size_t)n >= cap)
		return dy_raise(err, DY_E_INPUT, "/data",
		                "the path of the data folder is too long");
	if (mkdir(out, 0700) != 0 && errno != EEXIST)
		return dy_raise(err, DY_E_IO, "/data", "cannot make %s: %s", out, strerror(errno));
	return DY_OK;
}

static enum dy_code
routes_add(struct dy_api *api, struct dy_err *err)
{
	size_t n;
	const struct dy_route_table *tables = dy_route_tables(&n);

	for (size_t t = 0; t < n; t++) {
		for (size_t i = 0; i < tables[t].n; i++) {
			const struct dy_route *r = &tables[t].routes[i];
			if (r->cap == DY_CAP_NONE || r->op == NULL || r->fn == NULL)
				return dy_raise(err, DY_E_BUG, "", "route %s has no capability",
				                r->path);
			DY_TRY(dy_router_add(api->router, r->method, r->path, r, err));
		}
	}
	return DY_OK;
}

enum dy_code
dy_api_open(const struct dy_api_options *options, struct dy_api **out, struct dy_err *err)
{
	struct dy_api *api = calloc(1, sizeof(*api));

	DY_ASSERT(api != NULL);
	api->options = *options;
	api->started_at = dy_time_now();
	api->limit.salt = dy_random_u64();
	api->router = dy_router_new();
	api->passwords = dy_pool_new(options->password_threads ? options->password_threads : 2,
	                             PASSWORD_QUEUE);
	api->pictures = dy_pool_new(1, PICTURE_QUEUE);
	api->bulk = dy_pool_new(1, BULK_QUEUE);
	enum dy_code rc = routes_add(api, err);
	if (rc == DY_OK)
		rc = folder_make(api->photo_dir, sizeof(api->photo_dir), options->data_dir,
		                 "photos", err);
	if (rc == DY_OK)
		rc = folder_make(api->upload_dir, sizeof(api->upload_dir), options->data_dir,
		                 "uploads", err);
	if (rc == DY_OK)
		rc = folder_make(api->import_dir, sizeof(api->import_dir), options->data_dir,
		                 "imports", err);
	if (rc == DY_OK && options->web_dir != NULL)
		rc = dy_files_open(options->web_dir, &api->files, err);
	if (rc != DY_OK) {
		dy_api_close(api);
		return rc;
	}
	*out = api;
	return DY_OK;
}

void
dy_api_close(struct dy_api *api)
{
	if (api == NULL)
		return;
	dy_pool_free(api->passwords);
	dy_pool_free(api->pictures);
	dy_pool_free(api->bulk);
	dy_files_free(api->files);
	dy_router_free(api->router);
	free(api);
}

void
dy_api_bind_store(struct dy_api *api, struct dy_store_options *options)
{
	options->on_events = dy_feed_events;
	options->on_batch_end = on_batch_end;
	options->ctx = api;
}

void
dy_api_bind_net(struct dy_api *api, struct dy_store *store, struct dy_net_options *options)
{
	api->store = store;
	options->ctx = api;
	options->upload_dir = api->upload_dir;
	options->on_loop_start = on_loop_start;
	options->on_loop_stop = on_loop_stop;
	options->on_head = on_head;
	options->on_request = on_request;
}

void
dy_api_ready(struct dy_api *api, struct dy_net *net)
{
	DY_ASSERT(dy_net_loops(net) <= DY_API_LOOPS);
	api->net = net;
	atomic_store(&api->ready, true);
}

void
dy_api_unready(struct dy_api *api)
{
	atomic_store(&api->ready, false);
	/* an import ends behind its chunk: the store closes next */
	for (int i = 0; i < BULK_WAIT_MS && atomic_load(&api->bulk_at_work) > 0; i++)
		(void)usleep(1000);
}

void
dy_api_print_routes(void (*say)(void *ctx, const char *line), void *ctx)
{
	size_t n;
	const struct dy_route_table *tables = dy_route_tables(&n);
	char line[256];

	for (size_t t = 0; t < n; t++) {
		for (size_t i = 0; i < tables[t].n; i++) {
			const struct dy_route *r = &tables[t].routes[i];
			(void)snprintf(line, sizeof(line), "%s %s %s %s %zu",
			               dy_method_name(r->method), r->path, r->op,
			               dy_cap_name(r->cap), r->body_max);
			say(ctx, line);
		}
	}
}
