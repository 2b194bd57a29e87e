/* From an HTTP request to checked values: path, query, JSON body. */
#include "inside.h"

enum dy_code
dy_q_json(struct dy_q *q, struct dy_json **out)
{
	struct dy_str type = dy_exchange_header(q->x, "content-type");

	if (!dy_str_ieq(dy_str_trim(dy_str_split(&type, ';')), DY_STR("application/json")))
		return dy_raise(&q->err, DY_E_INPUT, "",
		                "send application/json in the Content-Type header");
	return dy_json_open(q->arena, dy_exchange_body(q->x), out, &q->err);
}

enum dy_code
dy_q_param_id(struct dy_q *q, size_t i, struct dy_id *out)
{
	if (dy_id_decode(q->params[i], "", out, NULL) != DY_OK)
		return dy_raise(&q->err, DY_E_NOT_FOUND, "", "this is not an id");
	return DY_OK;
}

bool
dy_q_query(struct dy_q *q, const char *name, struct dy_str *out)
{
	return dy_query_get(q->arena, dy_exchange_query(q->x), name, out);
}

enum dy_code
dy_q_query_id(struct dy_q *q, const char *name, struct dy_id *out)
{
	struct dy_str text;
	const char *field = dy_arena_printf(q->arena, "/%s", name);

	*out = (struct dy_id){ 0 };
	if (!dy_q_query(q, name, &text) || text.len == 0)
		return DY_OK;
	return dy_id_decode(text, field, out, &q->err);
}

enum dy_code
dy_q_query_limit(struct dy_q *q, int64_t *out)
{
	struct dy_str text;

	*out = 50;
	if (!dy_q_query(q, "limit", &text))
		return DY_OK;
	if (!dy_str_to_i64(text, out) || *out < 1 || *out > 500)
		return dy_raise(&q->err, DY_E_INPUT, "/limit", "limit must be 1 to 500");
	return DY_OK;
}

struct dy_call
dy_q_call(struct dy_q *q)
{
	return (struct dy_call){
		.writer = q->writer,
		.arena = q->arena,
		.key = q->api->options.key,
		.actor = &q->actor,
		.now = q->now,
		.err = &q->err,
	};
}

enum dy_code
dy_json_opt_str(struct dy_json *j, const char *name, size_t max, struct dy_str *out,
                struct dy_err *err)
{
	if (!dy_json_has(j, name))
		return DY_OK;
	return dy_json_str(j, name, 0, max, out, err);
}

enum dy_code
dy_json_opt_id(struct dy_json *j, const char *name, struct dy_id *out, struct dy_err *err)
{
	if (!dy_json_has(j, name))
		return DY_OK;
	return dy_json_id(j, name, out, err);
}

enum dy_code
dy_json_opt_bool(struct dy_json *j, const char *name, bool *out, struct dy_err *err)
{
	if (!dy_json_has(j, name))
		return DY_OK;
	return dy_json_bool(j, name, out, err);
}

enum dy_code
dy_check_phone(struct dy_str phone, const char *field, struct dy_err *err)
{
	size_t digits = 0;

	for (size_t i = 0; i < phone.len; i++) {
		char c = phone.ptr[i];
		bool is_digit = c >= '0' && c <= '9';
		digits += is_digit;
		if (!is_digit && c != '-' && c != ' ' && !(c == '+' && i == 0))
			return dy_raise(err, DY_E_INPUT, field,
			                "a phone number has digits, blanks and hyphens only");
	}
	if (phone.len > 0 && (digits < 3 || digits > 20))
		return dy_raise(err, DY_E_INPUT, field, "a phone number has 3 to 20 digits");
	return DY_OK;
}
