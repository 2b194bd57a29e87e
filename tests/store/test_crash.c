/* A writer is killed with SIGKILL at random moments: nothing it has acknowledged may be missing. */
#include "base/rng.h"
#include "dyt_store.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define ROUNDS 20

static int acknowledge_fd;

struct append_job {
	struct dy_job job;
	int64_t subject;
};

static enum dy_code
append_run(struct dy_job *job, struct dy_writer *writer)
{
	return dyt_append(writer, ((struct append_job *)job)->subject, NULL);
}

static void
append_done(struct dy_job *job, enum dy_code rc)
{
	struct append_job *a = (struct append_job *)job;

	if (rc == DY_OK && write(acknowledge_fd, &a->subject, sizeof(a->subject)) < 0)
		_exit(3);
	free(a);
}

/* Child: submits as fast as the queue takes them, until it is killed. */
static void
write_forever(const char *path, int64_t from)
{
	struct dy_store_options options = { .path = path, .must_exist = true };
	struct dy_store *store;

	if (dy_store_open(&options, &store, NULL) != DY_OK)
		_exit(2);
	for (int64_t i = from;; i++) {
		struct append_job *a = calloc(1, sizeof(*a));
		a->job.run = append_run;
		a->job.done = append_done;
		a->subject = i;
		while (dy_store_submit(store, &a->job, NULL) == DY_E_BUSY)
			(void)usleep(200);
	}
}

static int64_t
drain(int fd, int64_t highest)
{
	int64_t subject;

	while (read(fd, &subject, sizeof(subject)) == (ssize_t)sizeof(subject))
		highest = subject > highest ? subject : highest;
	return highest;
}

/* Acknowledgements come in order of subject, so the highest stands for all below it. */
static void
check_survivors(const char *path, int64_t acknowledged, int64_t *stored)
{
	struct dy_store_options options = { .path = path, .must_exist = true };
	struct dy_event_audit audit;
	struct dy_reader *reader;
	struct dy_store *store;
	struct dy_rtx *tx;

	DYT_OK(dy_store_open(&options, &store, NULL));
	DYT_OK(dy_reader_open(store, &reader, NULL));
	DYT_OK(dy_rtx_begin(reader, DYT_COMMUNITY, &tx, NULL));
	DYT_OK(dy_event_verify(tx, &audit, NULL));
	DYT_INT(audit.first_bad, 0);
	DYT_TRUE(audit.checked >= acknowledged);
	*stored = audit.checked;
	dy_rtx_end(&tx);
	dy_reader_close(reader);
	dy_store_close(store);
}

DYT(nothing_acknowledged_is_lost_to_kill_9)
{
	struct dy_rng rng = dy_rng_seed(2022, 4);
	struct dyt_store s;
	int64_t stored = 0;
	int64_t total_acknowledged = 0;

	dyt_store_open(&s, (struct dy_store_options){ 0 });
	dy_store_close(s.store);
	for (int round = 0; round < ROUNDS; round++) {
		int ends[2];
		DYT_INT(pipe(ends), 0);
		pid_t pid = fork();
		if (pid == 0) {
			(void)close(ends[0]);
			acknowledge_fd = ends[1];
			write_forever(s.path, stored + 1);
		}
		(void)close(ends[1]);
		struct pollfd first = { ends[0], POLLIN, 0 };
		DYT_INT(poll(&first, 1, 30000), 1); /* it writes: sanitizers open slowly */
		/* the moment of the kill is the experiment, not a wait for something */
		struct timespec pause = { 0, (long)dy_rng_between(&rng, 0, 60) * 1000000L };
		(void)nanosleep(&pause, NULL);
		DYT_INT(kill(pid, SIGKILL), 0);
		int64_t acknowledged = drain(ends[0], stored);
		(void)close(ends[0]);
		DYT_INT(waitpid(pid, NULL, 0), pid);
		total_acknowledged += acknowledged - stored;
		check_survivors(s.path, acknowledged, &stored);
	}
	DYT_TRUE(total_acknowledged > ROUNDS);
	dyt_store_remove(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { DYT_TEST(nothing_acknowledged_is_lost_to_kill_9) };
	if (dy_crypto_init(NULL) != DY_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
