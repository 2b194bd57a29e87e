// Who am I: signing in and out, joining, the cookie, the Origin check.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, problem } from './harness.mjs';

export function sessions(world) {
  test('without a session nobody is signed in and several communities are no answer', async () => {
    const { json } = await new Client(world).get('/api/v1/session');
    assert.deepEqual([json.signed_in, json.account, json.community, json.caps], [false, null, null, []]);
    const list = await new Client(world).get('/api/v1/communities');
    assert.deepEqual(list.json.items.map((c) => c.id).sort(), [world.east.id, world.west.id].sort());
  });

  test('signing in sets a cookie that scripts cannot read and other sites do not send', async () => {
    const client = new Client(world);
    const answer = await client.post('/api/v1/session', { login: 'secretary', password: world.password, community: world.east.id });
    assert.equal(answer.status, 200);
    assert.match(answer.headers['set-cookie'][0], /^dy_session=[0-9a-z]{39}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600$/);
    assert.equal(answer.json.account.kind, 'staff');
    assert.deepEqual(answer.json.posts.map((p) => [p.role, p.scope_kind, p.scope_id]), [['secretary', 'community', world.east.id]]);
    assert.ok(answer.json.caps.includes('post_write'));
    const again = await client.get('/api/v1/session');
    assert.deepEqual(again.json, answer.json);
  });

  test('an unknown login, a wrong password and the other community get one and the same answer', async () => {
    const seen = [];
    for (const body of [
      { login: 'nobody', password: world.password, community: world.east.id },
      { login: 'leader', password: 'wrong', community: world.east.id },
      { login: 'runner-1', password: world.password, community: world.west.id },
    ]) {
      const p = problem(await new Client(world).post('/api/v1/session', body), 401, 'wrong_login', '/password');
      seen.push({ ...p, request_id: '' });
    }
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[0]);
  });

  test('a server with several communities asks which one', async () => {
    problem(await new Client(world).post('/api/v1/session', { login: 'leader', password: world.password }), 422, 'input', '/community');
  });

  test('signing out ends the session at once, and only this one', async () => {
    const one = await world.freshStaff('captain');
    const other = await world.freshStaff('captain');
    const cookie = one.cookie;
    const out = await one.call('DELETE', '/api/v1/session');
    assert.equal(out.status, 204);
    assert.match(out.headers['set-cookie'][0], /^dy_session=; .*Max-Age=0/);
    one.cookie = cookie;
    problem(await one.get('/api/v1/requests'), 401, 'not_signed_in');
    problem(await one.post('/api/v1/requests', { category: 'FOOD', text: 'x' }), 401, 'not_signed_in');
    assert.equal((await one.get('/api/v1/session')).json.signed_in, false);
    assert.equal((await other.get('/api/v1/requests')).status, 200);
  });

  test('language and elder mode change and stay; nothing to change is refused', async () => {
    const client = await world.freshResident(1, 2);
    const answer = await client.call('PATCH', '/api/v1/me', { language: 'en', elder_mode: true });
    assert.deepEqual([answer.json.account.language, answer.json.account.elder_mode], ['en', true]);
    assert.equal((await client.get('/api/v1/session')).json.account.elder_mode, true);
    problem(await client.call('PATCH', '/api/v1/me', {}), 422, 'input');
    problem(await client.call('PATCH', '/api/v1/me', { language: 'fr' }), 422, 'input', '/language');
    problem(await client.call('PATCH', '/api/v1/me', { elder_mode: 'yes' }), 422, 'input', '/elder_mode');
  });

  test('hints come in the language of the person, or of the browser before signing in', async () => {
    const client = new Client(world);
    assert.match((await client.get('/api/v1/requests')).json.hint, /请先登录/);
    assert.match((await client.get('/api/v1/requests', { 'accept-language': 'en-GB' })).json.hint, /sign in/);
    const officer = await world.staff('officer');
    assert.match((await officer.get(`/api/v1/requests/${world.east.id}`)).json.hint, /not there/);
  });

  test('a door link tells the stair and no more than the first character of a name', async () => {
    const { token } = world.east.units[0];
    const { json } = await new Client(world).get(`/api/v1/door-links/${token}`);
    assert.equal(json.stair_text, '1幢1单元');
    assert.equal(json.captain_name_masked, '示*');
    assert.equal(json.is_sample, true);
    const open = await new Client(world).get(`/q/${token}`);
    assert.deepEqual([open.status, open.headers.location], [302, `/#/join/${token}`]);
  });

  test('a door link that is not ours opens nothing and leads nowhere else', async () => {
    const { token } = world.east.units[0];
    const client = new Client(world);
    const forged = world.west.id + token.slice(13);
    for (const bad of [forged, `${token.slice(0, 38)}0`, 'x', '0'.repeat(39)]) {
      if (bad === token) continue;
      problem(await client.get(`/api/v1/door-links/${bad}`), 404, 'door_link', '/token');
    }
    problem(await client.get('/q/%2F%2Fevil.example'), 404, 'door_link');
    problem(await client.get('/q/a%0d%0aSet-Cookie:x'), 404, 'door_link');
  });

  test('a resident joins with door and code; case and blanks of the code do not count', async () => {
    const client = new Client(world);
    const { token, doors, id } = world.east.units[0];
    const answer = await client.post(`/api/v1/door-links/${token}/join`, {
      door: doors[1].code, household_code: doors[1].household_code.toLowerCase().replace('key', 'key '), name: '李示例', phone: '0580-1111', language: 'en',
    });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.household, { id: doors[1].household_id, address: '1幢1单元201', address_masked: '1幢1单元一户' });
    assert.equal(answer.json.unit.id, id);
    assert.deepEqual(answer.json.caps, ['request_report']);
    assert.equal(answer.json.account.language, 'en');
    assert.match(answer.headers['set-cookie'][0], /Max-Age=15552000/);
  });

  test('a wrong door and a wrong code are told the same', async () => {
    const { token, doors } = world.east.units[1];
    const other = world.east.units[0].doors[0].household_code;
    const seen = [];
    for (const body of [{ door: '999', household_code: doors[0].household_code }, { door: doors[0].code, household_code: other }]) {
      const p = problem(await new Client(world).post(`/api/v1/door-links/${token}/join`, { name: '赵示例', ...body }), 422, 'household_code', '/household_code');
      seen.push({ ...p, request_id: '' });
    }
    assert.deepEqual(seen[1], seen[0]);
  });

  test('writes from another origin, or from none, are refused', async () => {
    const client = await world.staff('leader');
    const body = { category: 'FOOD', text: 'x', door_id: world.east.units[0].doors[0].id };
    for (const origin of [null, 'null', 'https://evil.example', `http://127.0.0.1:${world.port + 1}`, `http://127.0.0.1:${world.port}.evil.example`, 'http://', `127.0.0.1:${world.port}`]) {
      problem(await client.post('/api/v1/requests', body, { origin }), 403, 'origin');
    }
    problem(await client.call('DELETE', '/api/v1/session', undefined, { origin: null }), 403, 'origin');
    problem(await new Client(world).post('/api/v1/session', { login: 'leader', password: world.password }, { origin: 'https://evil.example' }), 403, 'origin');
    assert.equal((await client.post('/api/v1/requests', body)).status, 201);
  });
}
