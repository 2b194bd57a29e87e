/* The stage. The people's acts are the use cases that the web uses, called with the time of the scene. */
#include "demo_stage.h"

#include "demo_news.h"
#include "demo_picture.h"

#include "app/place.h"
#include "domain/address.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define FOUNDED_DAYS 30 /* before the moment */
#define SCENE_ARENA  ((size_t)16 << 20)
#define FILE_MODE    0600
#define OFFICE_PHONE "0580-0000100"
#define HASH_THREADS 2
#define SHOWN_DOORS  3 /* of the shown unit; two of each other one */
#define OTHER_DOORS  2

struct case_state {
	struct dy_id request;
	const struct dy_actor *reporter;
	enum dy_state state;
};

struct stage {
	struct dy_arena *arena; /* for all of the play */
	struct dy_arena *scene; /* for one scene */
	const struct dy_demo_wish *wish;
	struct dy_demo_made *made;
	struct dy_demo_script script;
	struct dy_demo_album album;
	struct dy_places places;
	struct dy_actor *staff;     /* by person */
	struct dy_actor *residents; /* by household */
	struct case_state *cases;
	const char **hashes; /* of passwords, by person; NULL: no sign-in */
	const char **files;  /* pictures written, to be removed if the play fails */
	size_t n_files, cap_files;
	struct dy_writer *writer;
	struct dy_err *err;
};

static struct dy_call
call_at(struct stage *s, const struct dy_actor *actor, struct dy_time at)
{
	return (struct dy_call){ .writer = s->writer,
		                 .arena = s->scene,
		                 .key = s->wish->key,
		                 .actor = actor,
		                 .now = at,
		                 .err = s->err };
}

/* Passwords */

struct hashing {
	struct stage *stage;
	size_t first; /* this thread takes every HASH_THREADS-th login */
	enum dy_code rc;
	struct dy_err err;
};

static void *
hash_some(void *arg)
{
	struct hashing *h = arg;
	struct dy_demo_made *made = h->stage->made;
	const struct dy_demo_staff *staff = &made->staff;

	for (size_t i = h->first; i < made->n_logins && h->rc == DY_OK; i += HASH_THREADS) {
		for (size_t k = 1; k < staff->n_persons; k++) {
			const char *login = staff->persons[k].login;
			if (login == NULL || strcmp(login, made->logins[i].login) != 0)
				continue;
			h->rc = dy_password_hash(dy_str_from(made->logins[i].password),
			                         (char *)h->stage->hashes[k], &h->err);
		}
	}
	return NULL;
}

/* One for each login; each costs as much as a sign-in, so two at a time. The secretary's is made when the community is. */
static enum dy_code
passwords_make(struct stage *s)
{
	struct dy_demo_made *made = s->made;
	struct hashing work[HASH_THREADS] = { 0 };
	pthread_t threads[HASH_THREADS];

	s->hashes = DY_NEW_ARRAY(s->arena, made->staff.n_persons, const char *);
	for (size_t i = 0; i < made->staff.n_persons; i++) {
		const struct dy_demo_person *p = &made->staff.persons[i];
		if (p->login == NULL)
			continue;
		s->hashes[i] = dy_arena_alloc(s->arena, DY_PASSWORD_HASH);
		DY_ASSERT(made->n_logins < DY_DEMO_LOGINS);
		struct dy_demo_login *login = &made->logins[made->n_logins++];
		login->login = p->login;
		login->name = p->name;
		dy_password_make(login->password);
	}
	for (size_t i = 0; i < HASH_THREADS; i++) {
		work[i].stage = s;
		work[i].first = i;
		if (pthread_create(&threads[i], NULL, hash_some, &work[i]) != 0)
			return dy_raise(s->err, DY_E_IO, "", "cannot start a thread");
	}
	enum dy_code rc = DY_OK;
	for (size_t i = 0; i < HASH_THREADS; i++) {
		(void)pthread_join(threads[i], NULL);
		if (work[i].rc != DY_OK) {
			*s->err = work[i].err;
			rc = work[i].rc;
		}
	}
	return rc;
}

static struct dy_demo_login *
login_find(struct dy_demo_made *made, const char *login)
{
	for (size_t i = 0; login != NULL && i < made->n_logins; i++) {
		if (strcmp(made->logins[i].login, login) == 0)
			return &made->logins[i];
	}
	return NULL;
}

/* Community, places, staff */

static enum dy_code
community_make(struct stage *s, struct dy_time at)
{
	const struct dy_demo_person *secretary = &s->made->staff.persons[0];
	struct dy_call call = call_at(s, NULL, at);
	struct dy_init_draft draft = {
		.division_code = s->wish->code,
		.name = s->wish->name,
		.phone = DY_STR_INIT(OFFICE_PHONE),
		.login = dy_str_from(secretary->login),
		.password = dy_str_from(login_find(s->made, secretary->login)->password),
		.person = secretary->name,
		.is_sample = true,
	};
	return dy_app_init(&call, &draft, &s->made->community, &s->staff[0].account);
}

static enum dy_code
account_make(struct stage *s, size_t i, struct dy_time at)
{
	const struct dy_demo_person *p = &s->made->staff.persons[i];
	struct dy_call call = call_at(s, &s->staff[0], at);
	struct dy_account_draft draft = { .login = dy_str_from(p->login),
		                          .password_hash = dy_str_from(s->hashes[i]),
		                          .name = p->name,
		                          .phone = p->phone };
	struct dy_account account;

	DY_TRY(dy_app_account_create(&call, &draft, &account));
	s->staff[i].account = account.id;
	return DY_OK;
}

static struct dy_id
scope_id(const struct stage *s, const struct dy_demo_post *post)
{
	switch (post->kind) {
	case DY_SCOPE_UNIT: return s->places.units[post->index];
	case DY_SCOPE_GRID: return s->places.grids[post->index];
	case DY_SCOPE_COMMUNITY: break;
	}
	return s->made->community;
}

/* *at moves on, so that ids made within a community keep apart and in order. */
static enum dy_code
posts_give(struct stage *s, size_t i, struct dy_time *at)
{
	const struct dy_demo_person *p = &s->made->staff.persons[i];
	struct dy_post given;

	for (size_t k = 0; k < p->n_posts; k++) {
		at->ms += DY_SECOND_MS;
		struct dy_call call = call_at(s, &s->staff[0], *at);
		struct dy_post_draft draft = {
			.account = s->staff[i].account,
			.scope = { p->posts[k].role, p->posts[k].kind, scope_id(s, &p->posts[k]) },
			.is_deputy = p->posts[k].is_deputy,
		};
		DY_TRY(dy_app_post_give(&call, &draft, &given));
		dy_arena_reset(s->scene);
	}
	return DY_OK;
}

/* Fills what a session would have loaded. */
static enum dy_code
actor_load(struct stage *s, size_t i, struct dy_time at)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	struct dy_actor *actor = &s->staff[i];

	actor->community = s->made->community;
	actor->is_staff = true;
	actor->name = s->made->staff.persons[i].name;
	actor->language = DY_STR("zh-CN");
	DY_TRY(dy_wtx_begin(s->writer, actor->community, &tx, s->err));
	DY_TRY(dy_post_list_account(dy_wtx_read(tx), s->arena, actor->account, at, &actor->posts,
	                            s->err));
	return dy_wtx_commit(&tx, s->err);
}

static enum dy_code
founding(struct stage *s)
{
	const struct dy_demo_staff *staff = &s->made->staff;
	struct dy_time at = { s->wish->moment.ms - FOUNDED_DAYS * DY_DAY_MS };

	DY_TRY(community_make(s, at));
	DY_TRY(actor_load(s, 0, at));
	at.ms += 5 * DY_MINUTE_MS;
	struct dy_call call = call_at(s, &s->staff[0], at);
	call.arena = s->arena;
	DY_TRY(dy_app_places_make(&call, &s->made->plan.places, &s->places));
	for (size_t i = 1; i < staff->n_persons; i++) {
		at.ms += 20 * DY_SECOND_MS;
		DY_TRY(account_make(s, i, at));
		DY_TRY(posts_give(s, i, &at));
		dy_arena_reset(s->scene);
	}
	for (size_t i = 0; i < staff->n_persons; i++)
		DY_TRY(actor_load(s, i, at));
	return DY_OK;
}

/* Scenes */

static const struct dy_actor *
who_is(const struct stage *s, const struct dy_demo_scene *scene, enum dy_demo_who who)
{
	const struct dy_places_draft *d = &s->made->plan.places;
	size_t household = s->script.cases[scene->of].household;
	size_t unit = d->stairs[d->doors[d->households[household].door].stair].unit;

	if (who == DY_DEMO_RESIDENT)
		return s->cases[scene->of].reporter;
	return &s->staff[s->made->staff.teams[unit].who[who]];
}

static enum dy_code
join_play(struct stage *s, const struct dy_demo_scene *scene)
{
	DY_CLEANUP(dy_wtx_abort) struct dy_wtx *tx = NULL;
	const struct dy_places_draft *d = &s->made->plan.places;
	const struct dy_household_draft *home = &d->households[scene->household];
	struct dy_call call = call_at(s, NULL, scene->at);
	char token[DY_LINK_TEXT + 1];
	struct dy_join_draft draft = {
		.link = s->places.links[d->doors[home->door].stair],
		.door = d->doors[home->door].code,
		.household_code = s->places.codes[scene->household],
		.name = home->name,
		.language = DY_STR_INIT("zh-CN"),
		.elder_mode = home->elderly > 0 && scene->household % 2 == 0,
	};

	DY_TRY(dy_app_join(&call, &draft, token));
	DY_TRY(dy_wtx_begin(s->writer, s->made->community, &tx, s->err));
	DY_TRY(dy_app_actor(dy_wtx_read(tx), s->arena, dy_str_from(token), scene->at,
	                    &s->residents[scene->household], s->err));
	return dy_wtx_commit(&tx, s->err);
}

static enum dy_code
file_write(struct stage *s, struct dy_id id, struct dy_bytes bytes)
{
	char text[DY_ID_TEXT + 1];

	dy_id_encode(id, text);
	const char *path = dy_arena_printf(s->arena, "%s/%s.jpg", s->wish->photo_dir, text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return dy_raise(s->err, DY_E_IO, "data", "cannot write a picture: %s",
		                strerror(errno));
	*(const char **)dy_arena_push(s->arena, (void **)&s->files, &s->n_files, &s->cap_files,
	                              sizeof(*s->files)) = path;
	ssize_t n = write(fd, bytes.ptr, bytes.len);
	if (close(fd) != 0 || n != (ssize_t)bytes.len)
		return dy_raise(s->err, DY_E_IO, "data", "cannot write a picture: %s",
		                strerror(errno));
	return DY_OK;
}

/* As an upload does: file first, then its row. */
static enum dy_code
photo_add(struct stage *s, const struct dy_actor *actor, struct dy_time at,
          enum dy_demo_picture kind, struct dy_photo_set *out)
{
	struct dy_call call = call_at(s, actor, at);
	uint8_t hash[DY_HASH_BYTES];
	struct dy_bytes jpeg;

	if (kind == DY_DEMO_NO_PICTURE)
		return DY_OK;
	DY_TRY(dy_demo_picture(s->arena, &s->album, kind, &jpeg, s->err));
	dy_hash(jpeg.ptr, jpeg.len, NULL, hash);
	struct dy_photo photo = { .id = dy_id_make(at, dy_random_u64()),
		                  .bytes = (int64_t)jpeg.len,
		                  .width = DY_DEMO_PICTURE_WIDTH,
		                  .height = DY_DEMO_PICTURE_HEIGHT,
		                  .hash = { hash, DY_HASH_BYTES } };
	DY_TRY(file_write(s, photo.id, jpeg));
	DY_TRY(dy_app_photo_add(&call, &photo));
	out->ids[out->count++] = photo.id;
	s->made->n_photos++;
	return DY_OK;
}

static enum dy_code
report_play(struct stage *s, const struct dy_demo_scene *scene)
{
	const struct dy_demo_case *c = &s->script.cases[scene->of];
	struct case_state *state = &s->cases[scene->of];
	struct dy_request request;
	struct dy_request_draft draft = { .category = dy_str_from(c->category),
		                          .text = c->text,
		                          .contact = c->contact,
		                          .on_behalf = c->on_behalf };

	state->reporter =
		c->by_proxy ? who_is(s, scene, DY_DEMO_CAPTAIN) : &s->residents[c->household];
	if (c->by_proxy)
		draft.door = s->places.doors[s->made->plan.places.households[c->household].door];
	DY_TRY(photo_add(s, state->reporter, scene->at, c->before, &draft.photos));
	struct dy_call call = call_at(s, state->reporter, scene->at);
	DY_TRY(dy_app_report(&call, &draft, &request));
	state->request = request.id;
	state->state = request.state;
	s->made->n_requests++;
	return DY_OK;
}

static enum dy_code
act_play(struct stage *s, const struct dy_demo_scene *scene)
{
	const struct dy_actor *actor = who_is(s, scene, scene->who);
	struct case_state *state = &s->cases[scene->of];
	struct dy_request request;
	struct dy_act_draft draft = { .request = state->request,
		                      .act = scene->act,
		                      .text = scene->text,
		                      .team_only = scene->team_only };

	if (scene->act == DY_ACT_DISPATCH || scene->act == DY_ACT_HAND_OVER)
		draft.to_account = who_is(s, scene, scene->to)->account;
	if (scene->act == DY_ACT_MERGE)
		draft.into_request = s->cases[s->script.cases[scene->of].into].request;
	if (scene->act == DY_ACT_RATE)
		draft.rating = scene->number;
	else
		draft.extend_minutes = scene->number;
	DY_TRY(photo_add(s, actor, scene->at, scene->picture, &draft.photos));
	struct dy_call call = call_at(s, actor, scene->at);
	DY_TRY(dy_app_act(&call, &draft, &request));
	state->state = request.state;
	return DY_OK;
}

static enum dy_code
scene_play(struct stage *s, const struct dy_demo_scene *scene)
{
	switch (scene->kind) {
	case DY_DEMO_JOIN: return join_play(s, scene);
	case DY_DEMO_REPORT: return report_play(s, scene);
	case DY_DEMO_ACT: return act_play(s, scene);
	}
	return DY_OK;
}

static enum dy_code
play(void *ctx, struct dy_writer *writer, struct dy_err *err)
{
	struct stage *s = ctx;

	s->writer = writer;
	s->err = err;
	DY_TRY(founding(s));
	for (size_t i = 0; i < s->script.n_scenes; i++) {
		DY_TRY(scene_play(s, &s->script.scenes[i]));
		dy_arena_reset(s->scene);
	}
	struct dy_call secretary = call_at(s, &s->staff[0], s->wish->moment);
	struct dy_demo_readers readers = { s->places.units, s->made->plan.places.n_units,
		                           s->residents, s->made->plan.places.n_households };
	DY_TRY(dy_demo_news(&secretary, &readers));
	for (size_t i = 0; i < s->script.n_cases; i++) {
		if (s->cases[i].request.v != 0)
			s->made->by_state[s->cases[i].state]++;
	}
	/* the pictures are on disk before the rows that name them */
	int fd = open(s->wish->photo_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && syncfs(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	return good ? DY_OK : dy_raise(err, DY_E_IO, "data", "cannot write the pictures to disk");
}

/* What the command prints */

static void
logins_describe(struct stage *s)
{
	const struct dy_places_draft *d = &s->made->plan.places;

	for (size_t i = 0; i < s->made->staff.n_persons; i++) {
		const struct dy_demo_person *p = &s->made->staff.persons[i];
		struct dy_demo_login *login = login_find(s->made, p->login);
		if (login == NULL)
			continue;
		/* the first post is what the person is known for; the secretary's was given at the founding */
		struct dy_demo_post post = { DY_ROLE_SECRETARY, DY_SCOPE_COMMUNITY, 0, false };
		if (p->n_posts > 0)
			post = p->posts[0];
		login->role = dy_role_name(post.role);
		login->scope = (struct dy_post_scope){ post.role, post.kind, scope_id(s, &post) };
		/* a cadre's units make up a grid: its name says more than that of the first */
		if (post.role == DY_ROLE_CADRE && p->n_posts > 1)
			login->scope_name = d->grids[d->units[post.index].grid].name;
		else
			login->scope_name = post.kind == DY_SCOPE_UNIT   ? d->units[post.index].name
			                    : post.kind == DY_SCOPE_GRID ? d->grids[post.index].name
			                                                 : s->wish->name;
	}
}

static void
door_describe(struct stage *s, size_t household)
{
	const struct dy_places_draft *d = &s->made->plan.places;
	const struct dy_door_draft *door = &d->doors[d->households[household].door];
	const struct dy_stair_draft *stair = &d->stairs[door->stair];
	struct dy_address a = { d->buildings[stair->building].code, stair->code, door->code };
	struct dy_demo_door *out = &s->made->doors[s->made->n_doors++];

	*out = (struct dy_demo_door){
		.url_path = dy_str_from(
			dy_arena_printf(s->arena, "/q/%.*s", DY_FMT(s->places.links[door->stair]))),
		.address = dy_address_text(s->arena, &a),
		.door = door->code,
		.household_code = s->places.codes[household],
		.unit = d->units[stair->unit].name,
	};
}

/* Homes where nobody has joined yet, in the shown unit and three others. */
static void
doors_describe(struct stage *s)
{
	const struct dy_places_draft *d = &s->made->plan.places;
	size_t units[] = { s->made->staff.shown_unit, d->n_units / 3, d->n_units / 2,
		           d->n_units - 1 };

	for (size_t i = 0; i < DY_COUNT(units); i++) {
		size_t left = i == 0 ? SHOWN_DOORS : OTHER_DOORS;
		size_t last_stair = SIZE_MAX;
		for (size_t h = 0; h < d->n_households && left > 0; h++) {
			size_t stair = d->doors[d->households[h].door].stair;
			if (d->stairs[stair].unit != units[i] || stair == last_stair ||
			    s->residents[h].account.v != 0)
				continue;
			door_describe(s, h);
			last_stair = stair;
			left--;
		}
	}
}

static void
stage_prepare(struct stage *s)
{
	const struct dy_demo_wish *wish = s->wish;
	struct dy_demo_made *made = s->made;

	dy_demo_plan_make(s->arena, wish->code, wish->seed, &made->plan);
	dy_demo_staff_make(s->arena, &made->plan, wish->seed, &made->staff);
	dy_demo_script_make(s->arena, &made->plan, &made->staff, wish->seed, wish->moment,
	                    &s->script);
	s->staff = DY_NEW_ARRAY(s->arena, made->staff.n_persons, struct dy_actor);
	s->residents = DY_NEW_ARRAY(s->arena, made->plan.places.n_households, struct dy_actor);
	s->cases = DY_NEW_ARRAY(s->arena, s->script.n_cases, struct case_state);
}

enum dy_code
dy_demo_make(struct dy_store *store, struct dy_arena *arena, const struct dy_demo_wish *wish,
             struct dy_demo_made *out, struct dy_err *err)
{
	DY_CLEANUP(dy_arena_cleanup) struct dy_arena *scene = dy_arena_new(SCENE_ARENA);
	struct stage s = { .arena = arena, .scene = scene, .wish = wish, .made = out, .err = err };

	*out = (struct dy_demo_made){ 0 };
	stage_prepare(&s);
	DY_TRY(passwords_make(&s));
	enum dy_code rc = dy_store_run(store, play, &s, err);
	for (size_t i = 0; rc != DY_OK && i < s.n_files; i++)
		(void)unlink(s.files[i]);
	DY_TRY(rc);
	logins_describe(&s);
	doors_describe(&s);
	return DY_OK;
}
