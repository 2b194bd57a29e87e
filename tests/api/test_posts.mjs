// Teams, posts and the rule: vacancies, power that begins and ends at once, the last secretary.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, problem, sleep } from './harness.mjs';

export function posts(world) {
  const fresh = async (role, unit = 0) => {
    const secretary = await world.staff('secretary');
    const login = `${role}-${Math.random().toString(36).slice(2)}`;
    const account = (await secretary.post('/api/v1/accounts', { login, password: 'long enough 1', name: '示例新人', phone: '0580 12-34' })).json;
    const given = await secretary.post('/api/v1/posts', { account_id: account.id, role, scope_kind: 'unit', scope_id: world.east.units[unit].id });
    assert.equal(given.status, 201, given.text);
    const client = new Client(world);
    assert.equal((await client.post('/api/v1/session', { login, password: 'long enough 1', community: world.east.id })).status, 200);
    return { client, account, post: given.json };
  };
  const end = async (id) => (await world.staff('secretary')).call('DELETE', `/api/v1/posts/${id}`);

  test('an account is made once, is listed, and a login cannot be taken twice', async () => {
    const secretary = await world.staff('secretary');
    const draft = { login: 'new-one', password: 'long enough 1', name: '示例', phone: '0580-99' };
    const made = await secretary.post('/api/v1/accounts', draft);
    assert.deepEqual([made.status, made.json.phone, made.json.disabled], [201, '0580-99', false]);
    problem(await secretary.post('/api/v1/accounts', draft), 409, 'login_taken', '/login');
    for (const [field, value] of [['login', 'ab'], ['password', 'too short'], ['name', ''], ['phone', 'x']]) {
      problem(await secretary.post('/api/v1/accounts', { ...draft, [field]: value }), 422, 'input', `/${field}`);
    }
    const listed = (await secretary.get('/api/v1/accounts?limit=500')).json.items;
    assert.equal(listed.filter((a) => a.login === 'new-one').length, 1);
    assert.ok(listed.every((a) => a.kind === 'staff'));
  });

  test('a post gives power at once and takes it at once, in a running session', async () => {
    const { client, post } = await fresh('volunteer');
    const home = await world.resident(1, 1);
    const owned = await client.mustAct(await home.report({ contact: '0580-444' }), 'claim');
    const other = await home.report({});
    assert.equal(owned.address, '1幢1单元101');
    assert.equal((await end(post.id)).status, 204);
    problem(await client.act(other, 'claim'), 404, 'not_found');
    problem(await client.act(owned, 'answer', { text: '我还在' }), 404, 'not_found');
    problem(await client.get(`/api/v1/requests/${owned.id}`), 404, 'not_found');
    problem(await client.get('/api/v1/requests?view=board'), 403, 'denied', '/view');
    problem(await client.get('/api/v1/places'), 403, 'denied');
    assert.deepEqual((await client.get('/api/v1/session')).json.posts, []);
    const leader = await world.staff('leader');
    assert.equal((await leader.mustAct(await leader.see(owned), 'release')).owner, null, 'the team takes it back');
    problem(await end(post.id), 404, 'not_found');
  });

  test('claims that race with the end of the post come wholly before it or not at all', async () => {
    const { client, post } = await fresh('volunteer');
    const home = await world.freshResident(1, 1);
    const open = [];
    for (let i = 0; i < 20; i += 1) open.push(await home.report({}));
    const [ended, ...claims] = await Promise.all([end(post.id), ...open.map((r) => client.act(r, 'claim'))]);
    assert.equal(ended.status, 204);
    const entries = [];
    const leader = await world.staff('leader');
    for (const [i, claim] of claims.entries()) {
      if (claim.status !== 200) assert.ok([403, 404].includes(claim.status), claim.text);
      const list = (await leader.get(`/api/v1/requests/${open[i].id}/entries`)).json.items;
      assert.equal(list.length, claim.status === 200 ? 2 : 1);
      entries.push(...list);
    }
  });

  test('the feed follows the posts: a new unit is heard, an ended one is not', async () => {
    const { client, account, post } = await fresh('volunteer', 0);
    const secretary = await world.staff('secretary');
    let feed = await client.listen();
    await secretary.post('/api/v1/posts', { account_id: account.id, role: 'captain', scope_kind: 'unit', scope_id: world.east.units[1].id });
    await Promise.race([feed.closed, sleep(2000).then(() => assert.fail('the feed keeps what it began with'))]);
    feed = await client.listen();
    const second = await (await world.resident(2, 1)).report({ text: '新单元' });
    await feed.hear((e) => e.subject === second.id);
    await end(post.id);
    await Promise.race([feed.closed, sleep(2000).then(() => assert.fail('the feed outlives the post'))]);
    feed = await client.listen(feed.events.at(-1).seq);
    const first = await (await world.resident(1, 1)).report({ text: '旧单元' });
    const third = await (await world.resident(2, 1)).report({ text: '新单元' });
    await feed.hear((e) => e.subject === third.id);
    assert.ok(!feed.events.some((e) => e.subject === first.id));
    feed.close();
  });

  test('who gives posts hears of it; the event names the holder', async () => {
    const secretary = await world.staff('secretary');
    const feed = await secretary.listen();
    const { account, post } = await fresh('property');
    const event = await feed.hear((e) => e.topic === 'post.given' && e.subject === account.id);
    assert.deepEqual(event.payload, { post_id: post.id });
    feed.close();
  });

  test('a post is refused where it makes no sense', async () => {
    const secretary = await world.staff('secretary');
    const { account_id } = world.east.people.captain;
    const unit = world.east.units[0].id;
    const give = (more) => secretary.post('/api/v1/posts', { account_id, role: 'captain', scope_kind: 'unit', scope_id: unit, ...more });
    problem(await give({}), 409, 'conflict', '/role');
    problem(await give({ role: 'resident' }), 422, 'input', '/role');
    problem(await give({ role: 'king' }), 422, 'input', '/role');
    problem(await give({ scope_kind: 'building' }), 422, 'input', '/scope_kind');
    problem(await give({ scope_kind: 'grid' }), 422, 'input', '/scope_id');
    problem(await give({ account_id: '1zzzzzzzzzzzz' }), 422, 'input', '/account_id');
    const resident = (await (await world.resident(1, 1)).get('/api/v1/session')).json.account.id;
    problem(await give({ account_id: resident }), 422, 'input', '/account_id');
  });

  test('a secretary of one unit cannot give posts of the community', async () => {
    const { client } = await fresh('secretary');
    assert.ok((await client.get('/api/v1/session')).json.caps.includes('post_write'));
    problem(await client.post('/api/v1/posts', { account_id: world.east.people.captain.account_id, role: 'secretary', scope_kind: 'community', scope_id: world.east.id }), 403, 'denied');
    problem(await client.post('/api/v1/accounts', { login: 'by-unit', password: 'long enough 1', name: 'x' }), 403, 'denied');
    problem(await client.call('DELETE', `/api/v1/posts/${world.east.people.captain.post_id}`), 403, 'denied');
    problem(await client.call('PUT', '/api/v1/settings/team-rule', { version: 0, roles: [] }), 403, 'denied');
  });

  test('the last secretary stays until there is another', async () => {
    const west = await world.staff('secretary', world.west);
    const own = world.west.people.secretary;
    problem(await west.call('DELETE', `/api/v1/posts/${own.post_id}`), 409, 'conflict');
    const next = await west.post('/api/v1/posts', { account_id: world.west.people.cadre.account_id, role: 'secretary', scope_kind: 'community', scope_id: world.west.id });
    assert.equal(next.status, 201, next.text);
    assert.equal((await west.call('DELETE', `/api/v1/posts/${own.post_id}`)).status, 204);
    problem(await west.call('DELETE', `/api/v1/posts/${next.json.id}`), 403, 'denied');
    const heir = await world.staff('cadre', world.west);
    problem(await heir.call('DELETE', `/api/v1/posts/${next.json.id}`), 409, 'conflict');
  });

  test('teams list what is vacant under the rule, and the rule changes what is vacant', async () => {
    const leader = await world.staff('leader-2');
    const secretary = await world.staff('secretary');
    const roles = (team) => Object.fromEntries(team.roles.map((r) => [r.role, [r.required, r.members.length, r.missing]]));
    const before = (await leader.get('/api/v1/teams')).json.items[0];
    assert.deepEqual([before.unit_id, before.households], [world.east.units[1].id, 3]);
    const counted = roles(before);
    assert.deepEqual(counted.leader, [2, 1, 1], 'the deputy is missing');
    assert.deepEqual(counted.cadre, [1, 0, 1]);
    assert.deepEqual(counted.property, [1, 0, 1]);
    assert.equal(before.vacancies, before.roles.reduce((sum, r) => sum + r.missing, 0));
    const rule = (await secretary.get('/api/v1/settings/team-rule')).json;
    const put = (more) => secretary.call('PUT', '/api/v1/settings/team-rule', { ...rule, ...more });
    const changed = await put({ roles: [{ role: 'leader', min: 1, deputy: false }, { role: 'medic', min: 2, deputy: true }] });
    assert.deepEqual([changed.status, changed.json.version], [200, rule.version + 1]);
    problem(await put({}), 412, 'version_conflict', '/version');
    const after = roles((await leader.get('/api/v1/teams')).json.items[0]);
    assert.deepEqual([after.leader, after.medic, after.volunteer[0]], [[1, 1, 0], [3, 0, 3], 0]);
    const bad = (entry, field) => put({ version: changed.json.version, roles: entry }).then((a) => problem(a, 422, 'input', field));
    await bad([{ role: 'leader', min: 1, deputy: false }, { role: 'leader', min: 1, deputy: false }], '/roles/1');
    await bad([{ role: 'resident', min: 1, deputy: false }], '/roles/0');
    await bad([{ role: 'leader', min: 100, deputy: false }], '/roles/0/min');
    await bad([{ role: 'leader', min: 1 }], '/roles/0/deputy');
    await bad([{ role: 'leader', min: 1, deputy: false, why: 1 }], '/roles/0/why');
    await bad(Array(14).fill({ role: 'leader', min: 1, deputy: false }), '/roles');
    assert.equal((await put({ version: changed.json.version })).status, 200);
  });

  test('door posters name the captain and carry the link of the stair', async () => {
    const leader = await world.staff('leader');
    const [unit] = world.east.units;
    const { items } = (await leader.get(`/api/v1/posters?unit=${unit.id}`)).json;
    assert.deepEqual([items.length, items[0].captain_name, items[0].phone], [1, '示例captain', '0580-1234567']);
    assert.equal(items[0].url, `${leader.origin()}/q/${unit.token}`);
    assert.match((await leader.get(`/api/v1/stairs/${unit.stair_id}/poster.svg`)).text, /^<svg .*viewBox="0 0 \d+ \d+".*<\/svg>\n$/s);
    const secretary = await world.staff('secretary');
    const places = (await secretary.get('/api/v1/places')).json;
    assert.deepEqual([places.grids.length, places.units.length, places.buildings.length, places.stairs.length], [2, 3, 3, 3]);
    assert.deepEqual([places.buildings[0].lat, places.buildings[1].lat], [30.7, null]);
  });
}
