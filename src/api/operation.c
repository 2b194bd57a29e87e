/* The live feed, the head of the audit chain, health, figures for Prometheus. */
#include "routes.h"

#include <stdlib.h>
#include <unistd.h>

static enum dy_code
status_ok(struct dy_q *q)
{
	dy_jw_obj(&q->w);
	dy_jw_kcstr(&q->w, "status", "ok");
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static enum dy_code
get_ready(struct dy_q *q)
{
	if (!atomic_load(&q->api->ready))
		return dy_raise(&q->err, DY_E_BUSY, "", "starting or stopping");
	return status_ok(q);
}

static enum dy_code
get_audit(struct dy_q *q)
{
	uint8_t hash[DY_HASH_BYTES];
	char text[2 * DY_HASH_BYTES + 1] = "";
	int64_t seq;

	DY_TRY(dy_event_head_hash(q->tx, &seq, hash, &q->err));
	for (size_t i = 0; i < DY_HASH_BYTES; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", hash[i]);
	dy_jw_obj(&q->w);
	dy_jw_kint(&q->w, "seq", seq);
	dy_jw_kcstr(&q->w, "hash", text);
	dy_jw_obj_end(&q->w);
	return DY_OK;
}

static void
figure(struct dy_q *q, const char *name, const char *type, const char *help, uint64_t value)
{
	dy_strbuf_addf(&q->body, "# HELP danyuan_%s %s\n# TYPE danyuan_%s %s\ndanyuan_%s %llu\n",
	               name, help, name, type, name, (unsigned long long)value);
}

static void
latency_figures(struct dy_q *q)
{
	static const char *const limits[DY_API_BUCKETS] = { "0.001", "0.002", "0.005", "0.01",
		                                            "0.05",  "0.25",  "1",     "+Inf" };
	uint64_t sum = 0;

	dy_strbuf_adds(&q->body,
	               "# HELP danyuan_request_seconds Time from the request's head to its answer\n"
	               "# TYPE danyuan_request_seconds histogram\n");
	for (size_t i = 0; i < DY_API_BUCKETS; i++) {
		sum += atomic_load_explicit(&q->api->took[i], memory_order_relaxed);
		dy_strbuf_addf(&q->body, "danyuan_request_seconds_bucket{le=\"%s\"} %llu\n",
		               limits[i], (unsigned long long)sum);
	}
	uint64_t us = atomic_load_explicit(&q->api->took_us, memory_order_relaxed);
	dy_strbuf_addf(&q->body, "danyuan_request_seconds_sum %.6f\n", (double)us / 1e6);
	dy_strbuf_addf(&q->body, "danyuan_request_seconds_count %llu\n", (unsigned long long)sum);
	dy_strbuf_adds(&q->body, "# HELP danyuan_answers_total Answers by class of status\n"
	                         "# TYPE danyuan_answers_total counter\n");
	for (int i = 2; i < 6; i++)
		dy_strbuf_addf(&q->body, "danyuan_answers_total{class=\"%dxx\"} %llu\n", i,
		               (unsigned long long)atomic_load_explicit(&q->api->answers[i],
		                                                        memory_order_relaxed));
}

static uint64_t
resident_bytes(void)
{
	char line[128] = "";
	char *rest = line;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return 0;
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	(void)fclose(f);
	(void)strtoull(line, &rest, 10); /* the whole size; the second is what is resident */
	return strtoull(rest, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* This machine, and who is named. A proxy on this machine is not asked for itself: see `proxies`. */
static bool
may_measure(const char *list, struct dy_str client)
{
	struct dy_str rest = dy_str_from(list);

	if (client.len == 0 || dy_str_starts(client, DY_STR("127.")) || dy_str_is(client, "::1"))
		return true;
	while (rest.len > 0) {
		struct dy_str one = dy_str_trim(dy_str_split(&rest, ','));
		if (dy_str_is(one, "*") || (one.len > 0 && dy_str_eq(one, client)))
			return true;
	}
	return false;
}

static enum dy_code
get_metrics(struct dy_q *q)
{
	struct dy_net_stats net = { 0 };
	struct dy_store_stats store;

	if (!may_measure(q->api->options.metrics_from, dy_exchange_client(q->x)))
		return dy_raise(
			&q->err, DY_E_NOT_FOUND, "",
			"figures are for this machine and for the addresses of metrics_from");
	if (atomic_load(&q->api->ready))
		dy_net_stats(q->api->net, &net);
	dy_store_stats(q->api->store, &store);
	q->type = "text/plain; version=0.0.4";
	figure(q, "connections", "gauge", "Open connections", net.connections);
	figure(q, "streams", "gauge", "Open event streams", net.streams);
	figure(q, "requests_total", "counter", "Requests received", net.requests);
	figure(q, "framing_faults_total", "counter", "Requests that were not HTTP",
	       net.framing_faults);
	figure(q, "timeouts_total", "counter", "Connections ended by a deadline", net.timed_out);
	figure(q, "frames_sent_total", "counter", "Events sent to streams", net.frames_sent);
	figure(q, "streams_dropped_total", "counter", "Streams that were too slow",
	       net.streams_dropped);
	figure(q, "writes_total", "counter", "Writes committed or refused by rule", store.jobs);
	figure(q, "commits_total", "counter", "Group commits", store.batches);
	figure(q, "writes_refused_total", "counter", "Writes refused by overload", store.refused);
	figure(q, "writes_queued", "gauge", "Writes waiting for the writer", store.queued);
	figure(q, "resident_bytes", "gauge", "Memory of the process", resident_bytes());
	figure(q, "uptime_seconds", "gauge", "Time since the start",
	       (uint64_t)((q->now.ms - q->api->started_at.ms) / DY_SECOND_MS));
	latency_figures(q);
	return DY_OK;
}

const struct dy_route dy_operation_routes[] = {
	{ DY_GET, "/api/v1/events", .op = "streamEvents", .cap = DY_CAP_SIGNED_IN,
	  .fn = dy_feed_open, .flags = DY_ROUTE_STREAM },
	{ DY_GET, "/api/v1/audit", .op = "getAudit", .cap = DY_CAP_AUDIT_READ, .fn = get_audit },
	{ DY_GET, "/healthz", .op = "getHealth", .cap = DY_CAP_PUBLIC, .fn = status_ok },
	{ DY_GET, "/readyz", .op = "getReady", .cap = DY_CAP_PUBLIC, .fn = get_ready },
	{ DY_GET, "/metrics", .op = "getMetrics", .cap = DY_CAP_PUBLIC, .fn = get_metrics },
};
const size_t dy_operation_routes_n = DY_COUNT(dy_operation_routes);
