// Intake: through a door link without an account, by phone, on paper; neighbours who reported it already; several needs in
// one request; cards with household codes.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Client, problem } from './harness.mjs';

export function intake(world) {
  const [one, two, three] = world.east.units;
  const atDoor = (client, body, unit = one, headers = {}) => client.post(`/api/v1/door-links/${unit.token}/reports`, body, headers);

  test('who scans the code reports without an account, and follows it by a secret link', async () => {
    const visitor = new Client(world);
    const captain = await world.staff('captain');
    const answer = await atDoor(visitor, { door: '201', category: 'FOOD', text: '家里没有米了', contact: '0580-333' });
    assert.equal(answer.status, 201, answer.text);
    const receipt = answer.json;
    assert.deepEqual([receipt.category, receipt.urgent, receipt.advice], ['FOOD', false, []]);
    assert.match(receipt.callback_code, /^[1-9]\d{3}$/);
    assert.equal(receipt.call.phone, '0580-1234567', 'the captain');
    assert.ok(receipt.track.startsWith(world.east.id));
    let r = (await captain.get('/api/v1/requests?view=board&limit=500')).json.items.find((x) => x.number === receipt.number);
    assert.deepEqual([r.verified, r.channel, r.reporter_is_me, r.address], [false, 'door', false, '1幢1单元一户']);
    const home = await world.resident(1, 2);
    assert.ok((await home.get('/api/v1/requests')).json.items.some((x) => x.id === r.id), 'the household at the door sees it');
    r = (await captain.post(`/api/v1/requests/${r.id}/verify`, { text: '电话核实过' })).json;
    assert.equal(r.verified, true);
    problem(await captain.post(`/api/v1/requests/${r.id}/verify`, {}), 409, 'conflict');
    const claimed = await captain.mustAct(r, 'claim');
    await captain.mustAct(await captain.mustAct(claimed, 'start'), 'finish', { text: '米已放门口' });
    const seen = (await visitor.get(`/api/v1/track/${receipt.track}`)).json;
    assert.deepEqual([seen.state, seen.progress, seen.verified, seen.owner_name, seen.address], ['done', 4, true, '示例captain', '1幢1单元201']);
    assert.deepEqual(seen.entries.map((e) => e.act), ['report', 'claim', 'start', 'finish'], 'not what is for the team');
    assert.deepEqual(seen.acts.sort(), ['answer', 'confirm', 'reopen']);
    const act = (body, headers) => visitor.post(`/api/v1/track/${receipt.track}/acts`, body, headers);
    problem(await act({ act: 'claim' }), 422, 'input', '/act');
    problem(await act({ act: 'remind', rating: 5 }), 409, 'conflict', '/act');
    problem(await act({ act: 'confirm', rating: 1 }), 422, 'input', '/text');
    assert.equal((await act({ act: 'confirm', rating: 5 })).json.state, 'closed');
    problem(await visitor.get(`/api/v1/track/${receipt.track.slice(0, -1)}${receipt.track.endsWith('0') ? '1' : '0'}`), 404, 'track_link');
    problem(await visitor.get(`/api/v1/track/${one.token}`), 404, 'track_link');
    problem(await visitor.get('/api/v1/track/nonsense'), 404, 'track_link');
  });

  test('a door report is stored once however often it is sent, and its replay opens', async () => {
    const visitor = new Client(world);
    const key = { 'idempotency-key': randomUUID() };
    const first = await atDoor(visitor, { door: '101', text: '楼道灯坏了' }, two, key);
    const again = await atDoor(visitor, { door: '101', text: '楼道灯坏了' }, two, key);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.deepEqual(again.json, first.json);
    problem(await atDoor(visitor, { door: '101', text: '别的事' }, two, key), 409, 'idempotency_conflict');
  });

  test('a door report answers what is wrong, and stores nothing', async () => {
    const visitor = new Client(world);
    problem(await atDoor(visitor, { door: '909', text: 'x' }), 422, 'input', '/door');
    problem(await atDoor(visitor, { text: '' }), 422, 'input', '/text');
    problem(await atDoor(visitor, { text: 'x', category: 'NONE' }), 422, 'input', '/category');
    problem(await atDoor(visitor, { text: 'x', contact: 'abc' }), 422, 'input', '/contact');
    problem(await atDoor(visitor, { text: 'x', photo_ids: [] }), 422, 'input', '/photo_ids');
    problem(await visitor.post(`/api/v1/door-links/${'0'.repeat(39)}/reports`, { text: 'x' }), 404, 'door_link');
    problem(await visitor.post('/api/v1/door-links/short/reports', { text: 'x' }), 404, 'door_link');
    problem(await atDoor(visitor, { text: 'x' }, one, { origin: 'http://elsewhere.example' }), 403, 'origin');
  });

  test('too many reports for one door are refused for a while, and danger has a purse of its own', async () => {
    const visitor = new Client(world, { waits: false });
    for (let i = 0; i < 5; i += 1) assert.equal((await atDoor(visitor, { door: '301', text: `第${i}条` }, three)).status, 201);
    const refused = await atDoor(visitor, { door: '301', text: '第六条' }, three);
    problem(refused, 429, 'rate_limited');
    assert.ok(Number(refused.headers['retry-after']) > 0);
    const danger = await atDoor(visitor, { door: '301', text: '老人晕倒了，叫不醒' }, three);
    assert.equal(danger.status, 201, danger.text);
    assert.deepEqual([danger.json.category, danger.json.urgent, danger.json.advice[0].phone], ['MED1', true, '120']);
  });

  test('an answer to a visitor tells nothing of what the register knows of a household', async () => {
    // door 301 has somebody old: for the team it is urgent, for the visitor it reads as at any other door
    const texts = { text: '想买点降压药', category: 'MED2' };
    const old = (await atDoor(new Client(world), { ...texts, door: '301' }, two)).json;
    const young = (await atDoor(new Client(world), { ...texts, door: '201' }, two)).json;
    assert.deepEqual([old.urgent, young.urgent], [false, false]);
    const board = (await (await world.staff('leader-2')).get('/api/v1/requests?view=board&limit=500')).json.items;
    assert.deepEqual([old, young].map((r) => board.find((x) => x.number === r.number).urgent), [true, false]);
    const tracked = (await new Client(world).get(`/api/v1/track/${old.track}`)).json;
    assert.ok(!('urgent' in tracked) && !('respond_due_at' in tracked));
  });

  test('doors are found while they are typed, within the scope of the post', async () => {
    const leader = await world.staff('leader');
    const secretary = await world.staff('secretary');
    const find = async (client, q) => (await client.get(`/api/v1/doors?q=${encodeURIComponent(q)}`)).json.items.map((d) => d.code);
    assert.deepEqual(await find(leader, '1-1-101'), ['1-1-101']);
    assert.deepEqual(await find(leader, '一幢一单元101'), ['1-1-101']);
    assert.deepEqual(await find(leader, '1幢1单元2'), ['1-1-201']);
    assert.deepEqual(await find(leader, '1-1'), ['1-1-101', '1-1-201', '1-1-301']);
    assert.deepEqual(await find(leader, '2-1-101'), [], 'another unit');
    assert.deepEqual(await find(secretary, '2-1-101'), ['2-1-101']);
    assert.deepEqual(await find(secretary, '没有这栋'), []);
    problem(await leader.get('/api/v1/doors?q='), 422, 'input', '/q');
    problem(await leader.get('/api/v1/doors'), 422, 'input', '/q');
  });

  test('staff register by phone and from paper with a door and words', async () => {
    const captain = await world.staff('captain');
    const phone = await captain.report({ category: undefined, door: '1幢1单元101', text: '水管漏水了', channel: 'phone' });
    assert.deepEqual([phone.category, phone.channel, phone.verified], ['REPR', 'phone', true]);
    assert.match(phone.callback_code, /^\d{4}$/);
    const paper = await captain.report({ category: 'IDEA', door: '1-201', text: '装个凳子', channel: 'paper' });
    assert.equal(paper.channel, 'paper');
    const say = (body) => captain.post('/api/v1/requests', { text: 'x', ...body });
    problem(await say({ door: '1-1-999' }), 422, 'input', '/door');
    problem(await say({ door: '楼上' }), 422, 'input', '/door');
    problem(await say({ door: '1-1-101', door_id: one.doors[0].id }), 422, 'input', '/door');
    problem(await say({ door: '2-1-101' }), 404, 'not_found', '/door_id');
    problem(await say({ door: '1-1-101', channel: 'pigeon' }), 422, 'input', '/channel');
    problem(await (await world.resident(1, 1)).post('/api/v1/requests', { text: 'x', channel: 'phone' }), 422, 'input', '/channel');
  });

  test('advice comes with danger, in the language of who asks, and goes when it is over', async () => {
    const home = await world.resident(2, 1);
    const r = await home.report({ category: 'REPR', text: '厨房着火了' });
    assert.deepEqual([r.urgent, r.advice.map((a) => a.phone)], [true, ['119']]);
    assert.match(r.advice[0].text, /119/);
    assert.deepEqual((await home.report({ category: 'INFO', text: '隔壁打人，有人昏迷' })).advice.map((a) => a.phone), ['120', '110']);
    assert.deepEqual((await home.report({ category: 'IDEA', text: 'fireworks for the festival' })).advice, []);
    assert.deepEqual((await home.report({ category: 'INFO', text: '没有着火，只是烧焦了锅' })).advice, []);
    const over = await home.mustAct(r, 'withdraw');
    assert.deepEqual(over.advice, []);
  });

  test('what was reported already is proposed, and followed with one tap', async () => {
    const [first, second] = [await world.resident(2, 1), await world.resident(2, 2)];
    const other = await world.resident(1, 1);
    const r = await first.report({ category: 'WAST', text: '楼下垃圾堆了三天，501门口都臭了，电话13800000000' });
    const like = async (client, body) => (await client.post('/api/v1/requests/similar', body)).json.items;
    const [own] = await like(first, { category: 'WAST', text: '还没人收' });
    assert.deepEqual([own.id, own.likeness, own.text], [r.id, 'own', r.text]);
    const [found] = await like(second, { text: '垃圾没人收' });
    assert.deepEqual([found.id, found.likeness, found.follows, found.place], [r.id, 'neighbour', false, '2幢1单元']);
    assert.ok(!/501|138/.test(JSON.stringify(found.text)), 'no door and no phone in it');
    assert.deepEqual(await like(second, { category: 'FOOD', text: '想买菜' }), []);
    assert.ok(!(await like(other, { text: '垃圾没人收' })).some((s) => s.id === r.id), 'another unit');
    problem(await second.get(`/api/v1/requests/${r.id}`), 404, 'not_found');
    const follow = await second.post(`/api/v1/requests/${r.id}/follow`);
    assert.deepEqual([follow.status, follow.json.followers, follow.json.follows], [200, 1, true]);
    assert.equal((await second.post(`/api/v1/requests/${r.id}/follow`)).json.followers, 1, 'once is enough');
    problem(await other.post(`/api/v1/requests/${r.id}/follow`), 404, 'not_found');
    problem(await first.post(`/api/v1/requests/${r.id}/follow`), 404, 'not_found');
    problem(await (await world.staff('leader-2')).post(`/api/v1/requests/${r.id}/follow`), 403, 'denied');
    const seen = await second.see(r);
    assert.deepEqual([seen.address, seen.acts, seen.callback_code, seen.contact], ['2幢1单元一户', [], null, null]);
    assert.ok(!/501|138/.test(seen.text));
    assert.deepEqual((await second.get('/api/v1/followed')).json.items.map((x) => x.id), [r.id]);
    const feed = await second.listen();
    const leader = await world.staff('leader-2');
    await leader.mustAct(await leader.see(r), 'answer', { text: '下午来清' });
    await feed.hear((e) => e.topic === 'request.news' && e.subject === r.id);
    feed.close();
    await first.mustAct(await first.see(r), 'answer', { text: '我家301先谢谢' });
    const entries = (await second.get(`/api/v1/requests/${r.id}/entries`)).json.items;
    assert.ok(entries.some((e) => e.text === '下午来清'));
    assert.ok(!JSON.stringify(entries).includes('301') && !JSON.stringify(entries).includes('王示例'), 'a neighbour\'s words and name stay theirs');
    problem(await first.act(await first.see(r), 'withdraw'), 409, 'conflict', '/act');
    const left = await second.call('DELETE', `/api/v1/requests/${r.id}/follow`);
    assert.deepEqual([left.json.follows, left.json.followers], [false, 0]);
    problem(await second.get(`/api/v1/requests/${r.id}`), 404, 'not_found');
    problem(await second.call('DELETE', `/api/v1/requests/${r.id}/follow`), 404, 'not_found');
    problem(await first.post('/api/v1/requests/similar', { category: 'NONE', text: 'x' }), 422, 'input', '/category');
    problem(await first.post('/api/v1/requests/similar', { text: 'x', door_id: one.doors[0].id }), 404, 'not_found', '/door_id');
    problem(await leader.post('/api/v1/requests/similar', { text: 'x' }), 422, 'input', '/door_id');
  });

  test('one message with several needs is split, and finished when each is ended', async () => {
    const home = await world.resident(1, 3);
    const captain = await world.staff('captain');
    let r = await home.report({ category: 'FOOD', text: '没米了，降压药也快没了，顺便修下灯' });
    const split = (needs) => captain.post(`/api/v1/requests/${r.id}/needs`, { needs });
    problem(await split([{ category: 'FOOD', text: '米' }]), 422, 'input', '/needs');
    problem(await split([{ category: 'FOOD', text: '米' }, { category: 'PSYC', text: '心里难受' }]), 422, 'input', '/needs/1/category');
    problem(await split([{ category: 'FOOD', text: '米' }, { category: 'NONE', text: 'x' }]), 422, 'input', '/needs/1/category');
    problem(await split([]), 422, 'input', '/needs');
    problem(await home.post(`/api/v1/requests/${r.id}/needs`, { needs: [{ category: 'FOOD', text: '米' }] }), 403, 'denied');
    const made = await split([{ category: 'FOOD', text: '米十斤' }, { category: 'MED2', text: '降压药，透析病人' }, { category: 'REPR', text: '灯' }]);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual([made.json.open_needs, made.json.urgent], [3, true], 'as pressing as the most pressing of them');
    r = await captain.mustAct(made.json, 'claim');
    r = await captain.mustAct(r, 'start');
    problem(await captain.act(r, 'finish', { text: '好了' }), 409, 'conflict', '/act');
    const end = (n, body) => captain.post(`/api/v1/requests/${r.id}/needs/${n}/end`, body);
    assert.equal((await end(1, { outcome: 'done', text: '放门口了' })).json.open_needs, 2);
    problem(await end(1, { outcome: 'done' }), 409, 'conflict', '/number');
    problem(await end(9, { outcome: 'done' }), 404, 'not_found', '/number');
    problem(await end(2, { outcome: 'dropped' }), 422, 'input', '/text');
    problem(await end(2, { outcome: 'gone' }), 422, 'input', '/outcome');
    await end(2, { outcome: 'done' });
    r = (await end(3, { outcome: 'dropped', text: '物业下周统一换' })).json;
    assert.equal(r.open_needs, 0);
    r = await captain.mustAct(r, 'finish', { text: '都办了' });
    const needs = (await home.get(`/api/v1/requests/${r.id}/needs`)).json.items;
    assert.deepEqual(needs.map((n) => `${n.category}:${n.state}`), ['FOOD:done', 'MED2:done', 'REPR:dropped']);
    const acts = (await home.get(`/api/v1/requests/${r.id}/entries`)).json.items.map((e) => e.act);
    assert.deepEqual(acts.filter((a) => ['split', 'need_done', 'need_dropped'].includes(a)), ['split', 'need_done', 'need_done', 'need_dropped']);
    problem(await split([{ category: 'FOOD', text: '再来' }]), 409, 'conflict');
  });

  test('a nudge counts, reaches the owner, and is not a toy', async () => {
    const home = await world.resident(1, 1);
    const captain = await world.staff('captain');
    const r = await captain.mustAct(await captain.see(await home.report({ text: '要一袋米' })), 'claim');
    const feed = await captain.listen();
    const nudged = await home.mustAct(await home.see(r), 'remind');
    assert.equal(nudged.reminders, 1);
    await feed.hear((e) => e.topic === 'request.remind' && e.subject === r.id);
    feed.close();
    home.waits = false;
    const refused = await home.act(nudged, 'remind');
    home.waits = true;
    problem(refused, 429, 'rate_limited', '/act');
    assert.ok(Number(refused.headers['retry-after']) > 500);
    assert.equal((await captain.see(r)).reminders, 1);
  });

  test('a poor judgement says why', async () => {
    const home = await world.resident(1, 1);
    const leader = await world.staff('leader');
    const closed = await leader.mustAct(await leader.see(await home.report({ category: 'INFO', text: '几时解封' })), 'close_now', { text: '明天' });
    const seen = await home.see(closed);
    problem(await home.act(seen, 'rate', { rating: 2 }), 422, 'input', '/text');
    assert.equal((await home.mustAct(seen, 'rate', { rating: 2, text: '没说清楚' })).rating, 2);
  });

  test('cards: a code goes onto paper once; who prints again gets another, and the old one is void', async () => {
    const leader = await world.staff('leader-2');
    const print = (client, body) => client.post('/api/v1/door-cards', body);
    const first = (await print(leader, { stair_id: two.stair_id })).json.items;
    assert.deepEqual(first.map((c) => [c.door, c.code, c.renewed]), two.doors.map((d) => [d.code, d.household_code, false]));
    assert.deepEqual((await print(leader, { stair_id: two.stair_id })).json.items, [], 'all were printed');
    const home = await world.resident(2, 1);
    const feed = await home.listen();
    const [again] = (await print(leader, { stair_id: two.stair_id, door_ids: [two.doors[0].id] })).json.items;
    assert.ok(again.renewed && again.code !== two.doors[0].household_code);
    await feed.hear((e) => e.topic === 'household.code_printed' && e.payload.renewed);
    feed.close();
    const join = (code) => new Client(world).post(`/api/v1/door-links/${two.token}/join`, { door: two.doors[0].code, household_code: code, name: '示例' });
    problem(await join(two.doors[0].household_code), 422, 'household_code');
    assert.equal((await join(again.code)).status, 200);
    two.doors[0].household_code = again.code;
    problem(await print(leader, { stair_id: one.stair_id }), 404, 'not_found');
    problem(await print(leader, { stair_id: two.stair_id, door_ids: [one.doors[0].id] }), 422, 'input', '/door_ids');
  });
}
