// Notices: who gets one, update and cancel, receipts, doors to knock at, a second person, the check that one is genuine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, problem } from './harness.mjs';

const soon = (ms) => new Date(Date.now() + ms).toISOString();
const DAY = 86_400_000;

export function notices(world) {
  const draft = (more = {}) => ({
    status: 'actual', msg_type: 'alert', category: 'health', urgency: 'expected', severity: 'moderate', certainty: 'likely',
    headline: '明早 8 点核酸检测', description: '请带身份证', instruction: '按单元排队', expires_at: soon(DAY), ...more,
  });
  const send = async (more = {}, by = 'secretary') => {
    const answer = await (await world.staff(by)).post('/api/v1/notices', draft(more));
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  };
  const mine = async (client) => (await client.get('/api/v1/notices/mine')).json.items;
  const has = async (client, notice) => (await mine(client)).find((n) => n.id === notice.id);
  const receipt = (client, notice, confirmed) => client.call('PUT', `/api/v1/notices/${notice.id}/receipt`, { confirmed });
  const missing = async (client, notice, query = '') => (await client.get(`/api/v1/notices/${notice.id}/missing${query}`)).json.items;
  const unit = (i) => ({ kind: 'unit', id: world.east.units[i].id });

  test('a notice reaches exactly the places it is for, live', async () => {
    const [in1, in2] = [await world.resident(1, 1), await world.resident(2, 1)];
    const feed = await in2.listen();
    const notice = await send({ areas: [unit(1)] });
    assert.deepEqual([notice.phase, notice.recipients], ['current', 3]);
    await feed.hear((e) => e.topic === 'notice.sent' && e.subject === notice.id);
    feed.close();
    assert.equal(await has(in1, notice), undefined);
    assert.equal((await has(in2, notice)).mark, 'none');
    problem(await receipt(in1, notice, false), 404, 'not_found');
    const whole = await send();
    assert.equal(whole.recipients, world.east.units.length * 3);
    for (const client of [in1, in2]) assert.ok(await has(client, whole));
  });

  test('the preview says who gets it and who cannot be reached', async () => {
    const secretary = await world.staff('secretary');
    await world.resident(1, 1);
    const query = `?areas=unit:${world.east.units[0].id},stair:${world.east.units[1].stair_id}`;
    const { json } = await secretary.get(`/api/v1/notices/preview${query}`);
    assert.deepEqual([json.households, json.residents, json.units.map((u) => u.households)], [6, 12, [3, 3]]);
    assert.ok(json.unreachable <= 5 && json.unreachable >= 0);
    assert.equal((await secretary.get('/api/v1/notices/preview?needs=dialysis')).json.households, 0);
    problem(await secretary.get('/api/v1/notices/preview?areas=unit:x'), 422, 'input', '/areas');
    problem(await secretary.get('/api/v1/notices/preview?needs=rich'), 422, 'input', '/needs');
    problem(await secretary.get(`/api/v1/notices/preview?areas=unit:${world.west.units[0].id}`), 422, 'input', '/areas/0');
    problem(await (await world.staff('leader')).get('/api/v1/notices/preview'), 403, 'denied', '/areas');
  });

  test('what is read stays read, what is confirmed stays confirmed, and is counted once for each household', async () => {
    const notice = await send({ areas: [unit(0)], wants_confirm: true });
    const [home, same] = [await world.resident(1, 1), await world.freshResident(1, 1)];
    const secretary = await world.staff('secretary');
    const counts = async () => {
      const n = (await secretary.get(`/api/v1/notices/${notice.id}`)).json;
      return [n.read, n.told, n.confirmed];
    };
    assert.equal((await receipt(home, notice, false)).json.mark, 'read');
    assert.equal((await receipt(same, notice, true)).json.mark, 'confirmed');
    assert.equal((await receipt(home, notice, false)).json.mark, 'confirmed');
    assert.deepEqual(await counts(), [0, 0, 1]);
  });

  test('who has not read it is shared out by floor, ticked off twice, and leaves the list', async () => {
    const notice = await send({ areas: [unit(0)] });
    const [leader, captain] = [await world.staff('leader'), await world.staff('captain')];
    await receipt(await world.resident(1, 1), notice, false);
    const list = await missing(leader, notice);
    assert.deepEqual(list.map((h) => [h.address, h.floor]), [['1幢1单元201', 2], ['1幢1单元301', 3]]);
    const people = [world.east.people.captain.account_id, world.east.people.volunteer.account_id];
    const shared = await leader.post(`/api/v1/notices/${notice.id}/shares`, { unit_id: world.east.units[0].id, account_ids: people });
    assert.equal(shared.json.shared, 2);
    const own = await missing(captain, notice, '?who=me');
    assert.deepEqual(own.map((h) => h.address), ['1幢1单元201']);
    const items = [{ household_id: own[0].household_id, result: 'not_home' }, { household_id: own[0].household_id, result: 'told' }];
    assert.equal((await captain.post(`/api/v1/notices/${notice.id}/knocks`, { items })).json.new, 2);
    assert.equal((await captain.post(`/api/v1/notices/${notice.id}/knocks`, { items })).json.new, 0, 'nothing is taken back');
    assert.deepEqual((await missing(leader, notice)).map((h) => h.address), ['1幢1单元301']);
    problem(await (await world.staff('volunteer-2')).post(`/api/v1/notices/${notice.id}/knocks`, { items }), 422, 'input', '/items/0/household_id');
    problem(await leader.post(`/api/v1/notices/${notice.id}/shares`, { unit_id: world.east.units[0].id, account_ids: [world.east.people['leader-2'].account_id] }), 422, 'input', '/account_ids/0');
    problem(await leader.post(`/api/v1/notices/${notice.id}/shares`, { unit_id: world.east.units[1].id, account_ids: people }), 422, 'input', '/unit_id');
    assert.deepEqual(await missing(await world.staff('volunteer-2'), notice), [], 'doors of others are not shown');
  });

  test('an update takes the place of a notice, once; a cancel ends it; both say so everywhere', async () => {
    const home = await world.resident(1, 1);
    const first = await send();
    const second = await send({ msg_type: 'update', replaces_id: first.id, headline: '核酸检测改到 10 点' });
    const secretary = await world.staff('secretary');
    problem(await secretary.post('/api/v1/notices', draft({ msg_type: 'update', replaces_id: first.id })), 409, 'conflict', '/replaces_id');
    assert.deepEqual([(await has(home, first)).phase, (await has(home, first)).replaced_by], ['updated', second.id]);
    const third = await send({ msg_type: 'cancel', replaces_id: second.id, headline: '核酸检测取消' });
    assert.equal((await has(home, second)).phase, 'cancelled');
    assert.equal((await has(home, third)).phase, 'current');
    const anybody = new Client(world);
    const check = async (n) => (await anybody.get(`/api/v1/notice-codes/${world.east.id}/${n.code}`)).json;
    assert.deepEqual([(await check(first)).phase, (await check(third)).phase, (await check(third)).community], ['updated', 'current', world.east.name]);
    problem(await anybody.get(`/api/v1/notice-codes/${world.east.id}/AAAA2222`), 404, 'not_found', '/code');
    problem(await anybody.get(`/api/v1/notice-codes/${world.west.id}/${first.code}`), 404, 'not_found', '/code');
    const cap = await anybody.get(`/api/v1/notice-codes/${world.east.id}/${second.code}/cap`);
    assert.equal(cap.headers['content-type'], 'application/cap+xml');
    assert.match(cap.text, /<msgType>Update<\/msgType>[\s\S]*<references>[0-9]{12},danyuan\.[0-9]{12}\.[0-9a-z]{13},[-0-9T:+]+<\/references>/);
    const picture = await secretary.get(`/api/v1/notices/${first.id}/code.svg`);
    assert.match(picture.text, /^<svg /);
    const led = await anybody.get(`/n/${world.east.id}/${first.code}`);
    assert.deepEqual([led.status, led.headers.location], [302, `/#/n/${world.east.id}/${first.code}`]);
  });

  test('what is to begin later is not there before, and what ran out says so', async () => {
    const home = await world.resident(1, 1);
    const later = await send({ effective_at: soon(60_000) });
    assert.deepEqual([later.phase, await has(home, later)], ['scheduled', undefined]);
    problem(await receipt(home, later, false), 404, 'not_found');
    problem(await new Client(world).get(`/api/v1/notice-codes/${world.east.id}/${later.code}`), 404, 'not_found', '/code');
    const short = await send({ expires_at: soon(300) });
    await new Promise((done) => setTimeout(done, 400));
    assert.equal((await has(home, short)).phase, 'expired');
  });

  test('fifty notices for others do not push one\'s own off the page', async () => {
    const home = await world.resident(3, 1);
    const own = await send({ areas: [unit(2)], headline: '3号单元停水' });
    const leader = await world.freshStaff('leader-2');
    for (let i = 0; i < 51; i += 1) assert.equal((await leader.post('/api/v1/notices', draft({ areas: [unit(1)] }))).status, 201);
    assert.ok(await has(home, own), 'it is still current, and it is theirs');
  });

  test('a whole stair may scan the same paper behind one address', async () => {
    const notice = await send();
    const client = new Client(world, { waits: false });
    for (let i = 0; i < 60; i += 1) assert.equal((await client.get(`/api/v1/notice-codes/${world.east.id}/${notice.code}`)).status, 200);
  });

  test('a second person agrees where the community wants that, and never who wrote it', async () => {
    const [secretary, cadre, home] = [await world.staff('secretary'), await world.staff('cadre'), await world.resident(1, 1)];
    const rule = (await secretary.get('/api/v1/settings/notice-rule')).json;
    const on = await secretary.call('PUT', '/api/v1/settings/notice-rule', { version: rule.version, second_approver: true });
    assert.equal(on.status, 200, on.text);
    problem(await secretary.call('PUT', '/api/v1/settings/notice-rule', { version: rule.version, second_approver: false }), 412, 'version_conflict');
    try {
      const wanted = await send();
      assert.deepEqual([wanted.phase, wanted.may_decide, await has(home, wanted)], ['pending', false, undefined]);
      const decide = (client, agrees, notice = wanted) => client.post(`/api/v1/notices/${notice.id}/decision`, { agrees });
      problem(await decide(secretary, true), 403, 'denied');
      problem(await decide(await world.staff('leader'), true), 403, 'denied', '/areas');
      assert.equal((await decide(cadre, true)).json.phase, 'current');
      problem(await decide(cadre, false), 409, 'conflict');
      assert.ok(await has(home, wanted));
      const other = await send();
      assert.equal((await decide(cadre, false, other)).json.phase, 'refused');
      assert.equal(await has(home, other), undefined);
    } finally {
      await secretary.call('PUT', '/api/v1/settings/notice-rule', { version: on.json.version, second_approver: false });
    }
  });

  test('a draft that cannot be names its member, and nothing is sent', async () => {
    const secretary = await world.staff('secretary');
    const before = (await secretary.get('/api/v1/notices?limit=500')).json.items.length;
    for (const [field, value] of [['headline', ''], ['urgency', 'now'], ['status', 'Actual'], ['expires_at', soon(-1)], ['expires_at', soon(400 * DAY)], ['replaces_id', world.east.units[0].id]]) {
      problem(await secretary.post('/api/v1/notices', draft({ [field]: value })), 422, 'input', `/${field}`);
    }
    problem(await secretary.post('/api/v1/notices', draft({ msg_type: 'update' })), 422, 'input', '/replaces_id');
    problem(await secretary.post('/api/v1/notices', draft({ areas: [{ kind: 'unit', id: world.west.units[0].id }] })), 422, 'input', '/areas/0');
    problem(await (await world.staff('leader')).post('/api/v1/notices', draft()), 403, 'denied', '/areas');
    assert.equal((await secretary.get('/api/v1/notices?limit=500')).json.items.length, before);
    await send({ areas: [unit(0)] }, 'captain');
  });
}
