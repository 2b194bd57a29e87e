/* Inside of api: one query (an HTTP request under way), the route tables, and helpers of handlers. */
#ifndef DY_API_INSIDE_H
#define DY_API_INSIDE_H

#include "actors.h"
#include "api/api.h"
#include "app/app.h"
#include "base/json.h"
#include "hands.h"
#include "limit.h"
#include "net/files.h"
#include "net/hub.h"
#include "pool.h"
#include "store/duty.h"
#include "store/event.h"
#include "store/idem.h"

#include <stdatomic.h>

#define DY_Q_HEADERS   8
#define DY_API_LOOPS   64
#define DY_API_BUCKETS 8 /* of the latency histogram */

struct dy_q;
typedef enum dy_code (*dy_handler)(struct dy_q *q);

enum dy_route_flag {
	DY_ROUTE_TO_FILE = 1, /* the body is streamed to a file */
	DY_ROUTE_NO_REPLAY =
		2,          /* the answer sets a cookie: never stored under the idempotency key */
	DY_ROUTE_JOINS = 4, /* guessing is limited by client address */
	DY_ROUTE_PASSWORD = 8, /* .pool runs on the password pool, else on the picture pool */
	DY_ROUTE_PEOPLE = 16,  /* changes who may do what: cached actors are read again */
	DY_ROUTE_STREAM = 32,  /* fn opens an event stream */
	DY_ROUTE_REPEATABLE =
		64, /* fn changes nothing outside of the database but the answer: it may be run again */
	DY_ROUTE_URGENT = 128, /* may carry what cannot wait: never shed before its body was read */
	DY_ROUTE_LOOKUP = 256, /* a POST that only reads: fn answers on the loop, inside q->tx */
	DY_ROUTE_PAGE = 1024,  /* plain HTML: problems are pages too */
	DY_ROUTE_FORM =
		2048, /* the body is a form; its hidden key proves origin and is the idempotency key */
	DY_ROUTE_BULK = 4096,  /* .pool runs on the bulk pool: whole files, many writes */
	DY_ROUTE_SEALED = 512, /* the answer holds secrets: sealed where it is kept for replays */
};

struct dy_route {
	enum dy_method method;
	const char *path, *op;
	enum dy_cap cap;
	dy_handler
		fn; /* GET: answers, inside q->tx. Writes: runs on the writer thread and answers */
	dy_handler prepare; /* writes: decodes into q->draft, on the loop, inside q->tx */
	dy_handler
		look; /* writes: then reads what the writer need not, on the loop, inside q->tx */
	dy_handler pool; /* writes: the slow part, between prepare and fn */
	/* Writes of one thing: answers, on the loop, inside q->tx, after the commit; fn only sets q->subject and q->result.
	 * A replay has no result: it shows the subject as it is by then. */
	dy_handler show;
	size_t body_max;
	unsigned flags;
};
struct dy_route_table {
	const struct dy_route *routes;
	size_t n;
};
const struct dy_route_table *dy_route_tables(size_t *n);

struct dy_q {
	struct dy_job job; /* with the writer */
	struct dy_task task;
	struct dy_work work;
	struct dy_api *api;
	struct dy_exchange *x;
	struct dy_arena *arena;
	const struct dy_route *route;
	struct dy_str params[DY_PATH_PARAMS];
	struct dy_str session; /* the cookie, */
	uint8_t session_hash[DY_HASH_BYTES];
	struct dy_actor actor;
	uint64_t epoch; /* of api->people when the actor was read */
	struct dy_time now;
	struct dy_rtx *tx;        /* on the loop: a snapshot of the actor's community */
	struct dy_writer *writer; /* in fn of a write */
	void *draft;
	struct dy_id subject; /* for .show: what was written, */
	const void *result;   /* as fn left it; NULL: it has to be read */
	struct dy_idem idem;
	bool has_key;
	bool shows;     /* in .show: back on the loop */
	bool has_hands; /* then both: who is there now, and the community's rules */
	struct dy_hands hands;
	struct dy_rules *rules;
	const char *new_file; /* removed when the write does not come to be */
	/* the answer */
	struct dy_err err;
	const char *problem; /* its stable name, where the code alone does not say it */
	int64_t retry_s;
	int status;
	const char *type;
	struct dy_strbuf body;
	struct dy_jw w; /* over body */
	struct dy_header headers[DY_Q_HEADERS];
	size_t n_headers;
};

struct dy_api_loop {
	struct dy_api *api;
	struct dy_reader *reader;
	struct dy_actors *actors;
	struct dy_hands_kept *hands;
	struct dy_task *outbox, *outbox_tail; /* the writer's: answers of the batch under way */
};

struct dy_api {
	struct dy_api_options options;
	struct dy_store *store;
	struct dy_net *net;
	struct dy_router *router;
	struct dy_files *files;
	struct dy_pool *passwords, *pictures, *bulk;
	struct dy_limit limit;
	struct dy_api_loop loops[DY_API_LOOPS];
	char photo_dir[512], upload_dir[512], import_dir[512];
	_Atomic unsigned
		bulk_at_work; /* they write on their own: waited for before the store closes */
	_Atomic bool ready;
	_Atomic uint64_t people; /* counts changes of who may do what */
	_Atomic uint64_t took[DY_API_BUCKETS], took_us, answers[6];
	struct dy_time started_at;
};

/* Changes whenever anything was written that may change who may do what: all commands but reports and acts. */
static inline uint64_t
dy_api_epoch(struct dy_api *api)
{
	return atomic_load(&api->people) + dy_store_era(api->store);
}

/* Helpers of handlers. */
/* Opens q->tx for a community, instead of the one that is open. */
enum dy_code dy_q_community(struct dy_q *q, struct dy_id community) DY_NODISCARD;
enum dy_code dy_q_json(struct dy_q *q, struct dy_json **out) DY_NODISCARD;
enum dy_code dy_q_param_id(struct dy_q *q, size_t i, struct dy_id *out) DY_NODISCARD;
/* Where the actor lives, as it was within the last seconds. In .look; the actor has a household. */
enum dy_code dy_q_home(struct dy_q *q, struct dy_where *out) DY_NODISCARD;
bool dy_q_query(struct dy_q *q, const char *name, struct dy_str *out);
/* 0 when absent; DY_E_INPUT names the parameter. */
enum dy_code dy_q_query_id(struct dy_q *q, const char *name, struct dy_id *out) DY_NODISCARD;
enum dy_code dy_q_query_limit(struct dy_q *q, int64_t *out) DY_NODISCARD;
/* hands.c: fills q->hands and q->rules. A write that names hands in its answer calls it in .look, on the loop. */
enum dy_code dy_q_hands(struct dy_q *q, struct dy_rtx *tx) DY_NODISCARD;
struct dy_call dy_q_call(struct dy_q *q); /* for the use cases */
void dy_q_header(struct dy_q *q, const char *name, struct dy_str value);
void dy_q_cookie(struct dy_q *q, const char *token, int64_t seconds);
/* ETag over the body written so far; becomes 304 when the client has it. */
void dy_q_etag(struct dy_q *q);
bool dy_q_speaks_chinese(const struct dy_q *q);
const char *dy_q_origin(struct dy_q *q); /* "https://host", as people reach us */
/* Optional members: *out stays as it is when absent. */
enum dy_code dy_json_opt_str(struct dy_json *j, const char *name, size_t max, struct dy_str *out,
                             struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_opt_id(struct dy_json *j, const char *name, struct dy_id *out,
                            struct dy_err *err) DY_NODISCARD;
enum dy_code dy_json_opt_bool(struct dy_json *j, const char *name, bool *out,
                              struct dy_err *err) DY_NODISCARD;
/* NULL or empty is fine; only +, digits, blanks and hyphens, 3 to 20 of them. */
enum dy_code dy_check_phone(struct dy_str phone, const char *field,
                            struct dy_err *err) DY_NODISCARD;

/* answer.c: from a result to bytes. */
void dy_q_problem(struct dy_q *q, enum dy_code rc); /* fills status, type and body from q->err */
void dy_q_reply(struct dy_q *q);                    /* on the loop; q is gone afterwards */
extern const struct dy_header DY_PAGE_HEADERS[];    /* of every page and answer */
extern const size_t DY_PAGE_HEADERS_N;

/* In .prepare of a form: this is its key, and a repeated call gets the answer of the first. */
void dy_q_key_take(struct dy_q *q, struct dy_str key);
/* lite.c: the page that says what is wrong, from q->err and q->status. Any thread; reads nothing but q. */
void dy_lite_problem(struct dy_q *q);

/* messages.c: what to do about it, by stable name; "" when there is nothing to say. */
const char *dy_hint(const char *problem, bool chinese);

/* feed.c: the live feed. After DY_OK q->x and q->arena are gone. */
enum dy_code dy_feed_open(struct dy_q *q) DY_NODISCARD;
void dy_feed_events(void *ctx, const struct dy_event *events, size_t n); /* on the writer thread */

/* session.c */
enum dy_code dy_session_write(struct dy_q *q, struct dy_rtx *tx) DY_NODISCARD;

#endif
