// What every write and list has in common: keys, versions, tags, pages, limits, problems that name the field.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Client, problem } from './harness.mjs';

export function writes(world) {
  const good = { category: 'FOOD', text: '家里没有米了' };

  test('the same key with the same body gets the same answer and is done once', async () => {
    const client = await world.resident(1, 1);
    const key = { 'idempotency-key': randomUUID() };
    const first = await client.post('/api/v1/requests', good, key);
    const again = await client.post('/api/v1/requests', good, key);
    assert.deepEqual([again.status, again.text, again.headers['idempotency-replayed']], [201, first.text, 'true']);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    const mine = (await client.get('/api/v1/requests?limit=500')).json.items.filter((r) => r.number === first.json.number);
    assert.equal(mine.length, 1);
  });

  test('a repeat shows the request as it is by now, and does nothing again', async () => {
    const client = await world.resident(1, 1);
    const key = { 'idempotency-key': randomUUID() };
    const first = await client.post('/api/v1/requests', good, key);
    const acted = await client.act(first.json, 'remind', {});
    assert.deepEqual([acted.status, acted.json.version], [200, 2]);
    const again = await client.post('/api/v1/requests', good, key);
    assert.deepEqual([again.status, again.json.id, again.json.version], [201, first.json.id, 2]);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal(again.headers.etag, '"2"');
  });

  test('fifty repeats at once are done once', async () => {
    const client = await world.freshResident(1, 2);
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.post('/api/v1/requests', good, key)));
    assert.equal(new Set(answers.map((a) => a.json.id)).size, 1);
    assert.equal(answers.filter((a) => a.headers['idempotency-replayed'] === undefined).length, 1);
  });

  test('the same key with another body, or at another address, is a conflict', async () => {
    const client = await world.resident(1, 1);
    const key = { 'idempotency-key': randomUUID() };
    const { json } = await client.post('/api/v1/requests', good, key);
    problem(await client.post('/api/v1/requests', { ...good, text: '别的' }, key), 409, 'idempotency_conflict');
    problem(await client.post(`/api/v1/requests/${json.id}/acts`, good, { ...key, 'if-match': '"1"' }), 422, 'input');
    problem(await client.act(json, 'remind', {}, key), 409, 'idempotency_conflict');
  });

  test('a key is its owner\'s: somebody else with it does something of their own', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const one = await (await world.resident(1, 1)).post('/api/v1/requests', good, key);
    const other = await (await world.resident(1, 3)).post('/api/v1/requests', good, key);
    assert.deepEqual([other.status, other.json.id === one.json.id], [201, false]);
  });

  test('a refused write keeps nothing: the same key may be used for the mended one', async () => {
    const client = await world.resident(1, 1);
    const key = { 'idempotency-key': randomUUID() };
    problem(await client.post('/api/v1/requests', { ...good, photo_ids: [world.east.id] }, key), 422, 'input', '/photo_ids');
    assert.equal((await client.post('/api/v1/requests', good, key)).status, 201);
  });

  test('an answer is replayed after the server was started anew', async () => {
    const client = await world.resident(1, 1);
    const key = { 'idempotency-key': randomUUID() };
    const first = await client.post('/api/v1/requests', good, key);
    await world.restart();
    const again = await client.post('/api/v1/requests', good, key);
    assert.deepEqual([again.status, again.text, again.headers['idempotency-replayed']], [201, first.text, 'true']);
    problem(await client.post('/api/v1/requests', { ...good, text: '别的' }, key), 409, 'idempotency_conflict');
  });

  test('a POST needs a key of 8 to 64 visible characters', async () => {
    const client = await world.resident(1, 1);
    for (const key of [null, 'short', 'x'.repeat(65), 'with blank in it']) {
      problem(await client.post('/api/v1/requests', good, { 'idempotency-key': key }), 422, 'idempotency_key');
    }
    problem(await new Client(world).post('/api/v1/session', { login: 'x', password: 'y' }, { 'idempotency-key': null }), 422, 'idempotency_key');
  });

  const refusals = [
    ['unknown category', { category: 'XXXX', text: 'x' }, '/category'],
    ['category of the wrong length', { category: 'FOODS', text: 'x' }, '/category'],
    ['text that is only blanks', { ...good, text: ' \n ' }, '/text'],
    ['text that is too long', { ...good, text: '米'.repeat(2001) }, '/text'],
    ['control characters', { ...good, text: 'a\u0007b' }, '/text'],
    ['a number for a text', { ...good, text: 5 }, '/text'],
    ['an unknown member', { ...good, colour: 'red' }, '/colour'],
    ['photos that are no list', { ...good, photo_ids: 'x' }, '/photo_ids'],
    ['a photo that is no id', { ...good, photo_ids: ['x'] }, '/photo_ids/0'],
    ['seven photos', { ...good, photo_ids: Array(7).fill('1zzzzzzzzzzzz') }, '/photo_ids'],
    ['urgent that is no boolean', { ...good, urgent: 'yes' }, '/urgent'],
    ['a door that is no id', { ...good, door_id: '501' }, '/door_id'],
    ['a phone with letters', { ...good, contact: 'call me' }, '/contact'],
    ['a phone with two digits', { ...good, contact: '12' }, '/contact'],
  ];
  for (const [why, body, field] of refusals) {
    test(`a report with ${why} is refused and ${field} named`, async () => {
      problem(await (await world.resident(1, 1)).post('/api/v1/requests', body), 422, 'input', field);
    });
  }

  test('texts of exactly the limit, in characters, are taken whole', async () => {
    const text = '𠮷'.repeat(2000); // four bytes each
    assert.equal((await (await world.resident(1, 1)).report({ text })).text, text);
  });

  test('a door that does not exist is not found', async () => {
    problem(await (await world.staff('leader')).post('/api/v1/requests', { ...good, door_id: '1zzzzzzzzzzzz' }), 404, 'not_found', '/door_id');
  });

  test('staff must say which door', async () => {
    problem(await (await world.staff('leader')).post('/api/v1/requests', good), 422, 'input', '/door_id');
  });

  const json = { 'content-type': 'application/json' };
  const bodies = [
    ['no JSON', '{"category":', json], ['a list', '[]', json], ['nothing', '', json], ['two values', '{}{}', json],
    ['the same member twice', '{"category":"FOOD","category":"FOOD","text":"x"}', json],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), json],
    ['nesting of 40 levels', `{"category":${'['.repeat(40)}${']'.repeat(40)}}`, json],
    ['a form', 'category=FOOD&text=x', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text that is called text', '{"category":"FOOD","text":"x"}', { 'content-type': 'text/plain' }],
  ];
  for (const [why, body, headers] of bodies) {
    test(`a body of ${why} is refused`, async () => {
      problem(await (await world.resident(1, 1)).post('/api/v1/requests', body, headers), 422, 'input');
    });
  }

  test('a body over the limit is told so in words, with or without a length in front', async () => {
    const client = await world.resident(1, 1);
    const text = 'x'.repeat(70_000);
    const p = problem(await client.post('/api/v1/requests', { ...good, text }), 413, 'too_large');
    assert.match(p.hint, /太大/);
    const chunked = await client.call('POST', '/api/v1/requests', Buffer.from(JSON.stringify({ ...good, text })), { ...json, 'content-length': null, 'transfer-encoding': 'chunked' });
    problem(chunked, 413, 'framing');
    problem(await client.call('DELETE', '/api/v1/session', 'x'), 413, 'too_large');
  });

  test('an act needs the version that was seen', async () => {
    const client = await world.resident(1, 1);
    const request = await client.report({});
    for (const version of [null, '1', '""', '"0"', '"-1"', '"x"', '*', 'W/"1"']) {
      problem(await client.act(request, 'remind', {}, { 'if-match': version }), 422, 'input', '/If-Match');
    }
    const after = await client.mustAct(request, 'remind');
    assert.equal(after.version, request.version + 1);
    problem(await client.act(request, 'remind'), 412, 'version_conflict', '/version');
    assert.equal((await client.get(`/api/v1/requests/${request.id}`)).headers.etag, `"${after.version}"`);
  });

  test('lists carry a tag that makes an unchanged one a 304', async () => {
    const secretary = await world.staff('secretary');
    const stair = world.east.units[0].stair_id;
    for (const path of ['/api/v1/categories', '/api/v1/places', '/api/v1/requests?view=board', `/api/v1/stairs/${stair}/poster.svg`]) {
      const first = await secretary.get(path);
      assert.ok(first.headers.etag, path);
      const again = await secretary.get(path, { 'if-none-match': `W/"other", ${first.headers.etag}` });
      assert.deepEqual([again.status, again.body.length, again.headers['cache-control']], [304, 0, 'private, no-cache'], path);
      assert.equal((await secretary.get(path, { 'if-none-match': '"other"' })).status, 200);
    }
    const board = await secretary.get('/api/v1/requests?view=board');
    await (await world.resident(1, 1)).report({ text: '新的事' });
    assert.equal((await secretary.get('/api/v1/requests?view=board', { 'if-none-match': board.headers.etag })).status, 200);
  });

  test('pages of a list hold every item once, in order, whatever the page size', async () => {
    const secretary = await world.staff('secretary');
    const client = await world.freshResident(3, 1);
    for (let i = 0; i < 12; i += 1) await client.report({ text: `第${i}件`, urgent: i % 3 === 0 });
    for (const path of ['/api/v1/requests?view=board', '/api/v1/requests?view=board&state=reported', '/api/v1/accounts?', '/api/v1/posts?']) {
      const all = (await secretary.get(`${path}&limit=500`)).json;
      assert.equal(all.next, null);
      assert.ok(all.items.length > 12);
      for (const limit of [1, 7, all.items.length]) {
        const ids = [];
        for (let after = ''; after !== null;) {
          const page = (await secretary.get(`${path}&limit=${limit}${after && `&after=${after}`}`)).json;
          assert.ok(page.items.length <= limit && ids.length <= all.items.length, path);
          ids.push(...page.items.map((r) => r.id));
          after = page.next;
        }
        assert.deepEqual(ids, all.items.map((r) => r.id), `${path} by ${limit}`);
      }
    }
    const mine = (await client.get('/api/v1/requests?limit=5')).json;
    assert.equal(mine.items.length, 5);
    assert.ok(mine.items.every((r, i, list) => i === 0 || list[i - 1].created_at >= r.created_at), 'newest first');
    const open = (await secretary.get('/api/v1/requests?view=board&limit=500')).json.items;
    assert.ok(open.every((r, i) => i === 0 || (open[i - 1].urgent ? 1 : 0) >= (r.urgent ? 1 : 0)), 'urgent first');
  });

  test('parameters that are not right are named', async () => {
    const secretary = await world.staff('secretary');
    for (const [query, field] of [['limit=0', '/limit'], ['limit=501', '/limit'], ['limit=ten', '/limit'], ['view=all', '/view'], ['state=gone', '/state'], ['unit=7', '/unit'], ['after=x', '/after'], ['after=1-2-3', '/after'], ['after=0-0-1zzzzzzzzzzzz', '/after'], ['after=0--1-1zzzzzzzzzzzz', '/after']]) {
      problem(await secretary.get(`/api/v1/requests?view=board&${query}`.replace('view=board&view', 'view')), 422, 'input', field);
    }
    problem(await secretary.get('/api/v1/requests?after=0-0-1zzzzzzzzzzzz'), 422, 'input', '/after');
    problem(await secretary.get('/api/v1/posters'), 422, 'input', '/unit');
    problem(await secretary.get('/api/v1/accounts?after=x'), 422, 'input', '/after');
    problem(await secretary.get('/api/v1/requests/not-an-id'), 404, 'not_found');
  });

  test('an address that does not exist, and a method it does not take', async () => {
    const client = new Client(world);
    const nothing = await client.raw('GET', '/api/v1/nothing', {});
    assert.deepEqual([nothing.status, JSON.parse(nothing.body).code], [404, 'not_found']);
    const method = await client.raw('PUT', '/api/v1/session', { origin: client.origin() });
    assert.deepEqual([method.status, JSON.parse(method.body).code], [405, 'method']);
    assert.deepEqual(method.headers.allow.split(', ').sort(), ['DELETE', 'GET', 'HEAD', 'POST']);
    const head = await client.raw('HEAD', '/api/v1/categories', {});
    assert.deepEqual([head.status, head.body.length, head.headers['cache-control']], [200, 0, 'private, no-cache']);
  });

  test('writes of one account are limited, and of nobody else', async () => {
    const client = await world.freshResident(2, 3);
    client.waits = false;
    const answers = await Promise.all(Array.from({ length: 80 }, () => client.post('/api/v1/requests', good)));
    const limited = answers.filter((a) => a.status === 429);
    assert.ok(limited.length >= 10 && limited.length <= 20, `${limited.length} of 80 were limited`);
    assert.ok(limited.every((a) => a.json.code === 'rate_limited' && Number(a.headers['retry-after']) >= 1));
    assert.equal((await client.get('/api/v1/requests')).status, 200, 'reading goes on');
    assert.equal((await (await world.freshResident(2, 3)).post('/api/v1/requests', good)).status, 201, 'a neighbour writes');
  });

  test('guesses are limited for an address, for a login and for a door', async () => {
    const address = new Client(world, { waits: false });
    const login = (client, name) => client.post('/api/v1/session', { login: name, password: 'wrong', community: world.east.id });
    const byAddress = [];
    const began = Date.now();
    for (let i = 0; i < 28; i += 1) byAddress.push((await login(address, `guess-${i}`)).status);
    const grown = Math.ceil((Date.now() - began) / 6000); // one more every 6 s, on a slow machine too
    const tried = byAddress.filter((s) => s === 401).length;
    assert.ok(tried >= 20 && tried <= 20 + grown && byAddress.includes(429), `${tried} tries of 28`);
    const byLogin = [];
    for (let i = 0; i < 12; i += 1) byLogin.push((await login(new Client(world, { waits: false }), 'shopkeeper')).status);
    assert.deepEqual(byLogin.slice(0, 11), [...Array(10).fill(401), 429]);
    const { token, doors } = world.west.units[2];
    const byDoor = [];
    for (let i = 0; i < 12; i += 1) {
      byDoor.push(await new Client(world, { waits: false }).post(`/api/v1/door-links/${token}/join`, { door: doors[2].code, household_code: `GUESS${i}`, name: 'x' }));
    }
    assert.deepEqual(byDoor.slice(0, 11).map((a) => a.status), [...Array(10).fill(422), 429]);
    assert.ok(Number(byDoor.at(-1).headers['retry-after']) > 1);
  });
}
