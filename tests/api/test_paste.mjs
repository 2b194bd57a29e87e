// Group chat pasted by staff: what it proposes, whose doors, what is known already, confirmed once however often.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, problem } from './harness.mjs';

export function paste(world) {
  const read = async (client, text) => {
    const answer = await client.post('/api/v1/pastes', { text });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  const confirm = (client, item, door = item.door.choices[0].id) => client.post('/api/v1/requests', { category: item.category, text: item.text, door_id: door, urgent: item.urgent, channel: 'paste' }, { 'idempotency-key': item.key });

  test('chat is read: where, what, how urgent, from which lines', async () => {
    const captain = await world.staff('captain');
    const p = await read(captain, '1-1-201王阿姨: 早上好\n小李: 早\n1-1-201王阿姨: 宝宝的尿不湿用光了，谁能帮买？电话13800000000\n物业: 收到');
    assert.deepEqual([p.lines, p.messages, p.dropped, p.items.length], [4, 4, 0, 1]);
    const [item] = p.items;
    assert.deepEqual([item.line, item.lines, item.sender, item.category, item.urgent, item.contact], [3, [3], '1-1-201王阿姨', 'FOOD', true, '13800000000']);
    assert.deepEqual([item.door.written, item.door.from, item.door.state], ['1-1-201', 'name', 'one']);
    assert.deepEqual(item.door.choices, [{ id: world.east.units[0].doors[1].id, code: '1-1-201', text: '1幢1单元201' }]);
    assert.ok(item.confidence > 60 && item.confidence <= 100);
  });

  test('a door is real, unknown, unsaid, or one of several, and only where this person may report', async () => {
    const captain = await world.staff('captain');
    const secretary = await world.staff('secretary');
    const text = '2-1-101 下水道堵了\n\n9-9-909 路灯不亮\n\n201 热水器坏了\n\n谁家有退烧药';
    const states = (p) => p.items.map((i) => [i.door.written, i.door.state, i.door.choices.length]);
    assert.deepEqual(states(await read(captain, text)), [['2-1-101', 'unknown', 0], ['9-9-909', 'unknown', 0], ['201', 'one', 1], ['', 'unsaid', 0]], 'the captain has unit 1');
    assert.deepEqual(states(await read(secretary, text)), [['2-1-101', 'one', 1], ['9-9-909', 'unknown', 0], ['201', 'several', 3], ['', 'unsaid', 0]]);
    const west = await world.staff('secretary', world.west);
    assert.notEqual((await read(west, text)).items[0].door.choices[0].id, (await read(secretary, text)).items[0].door.choices[0].id, 'each community has its own');
  });

  test('the same block pasted twice is registered once', async () => {
    const leader = await world.staff('leader');
    const text = '1-1-301老张: 我家的门禁卡刷不开了，麻烦看看';
    const [item] = (await read(leader, text)).items;
    const first = await confirm(leader, item);
    assert.equal(first.status, 201, first.text);
    assert.equal(first.json.channel, 'paste');
    const again = (await read(leader, `小王: 早\n${text}`)).items[0];
    assert.equal(again.key, item.key);
    assert.deepEqual([again.known.id, again.known.likeness, again.known.number, again.known.open], [first.json.id, 'registered', first.json.number, true]);
    const second = await confirm(leader, again);
    assert.deepEqual([second.status, second.json.id, second.headers['idempotency-replayed']], [201, first.json.id, 'true']);
    const own = (await read(leader, '1-1-301老张: 门禁卡又刷不开')).items[0];
    assert.deepEqual([own.known.likeness, own.known.id], ['own', first.json.id], 'other words about the same are likely the same');
    const neighbour = (await read(leader, '1-1-101: 单元门禁坏了，进不去')).items[0];
    assert.equal(neighbour.known?.likeness ?? 'none', neighbour.known ? 'own' : 'none');
  });

  test('a paste that cannot be read says what to do, and strangers read none', async () => {
    const captain = await world.staff('captain');
    problem(await captain.post('/api/v1/pastes', { text: ' \n ' }), 422, 'input', '/text');
    problem(await captain.post('/api/v1/pastes', { text: 'a\n'.repeat(4000) }), 422, 'input', '/text');
    problem(await captain.post('/api/v1/pastes', { text: 'a'.repeat(70000) }), 413, 'too_large');
    problem(await captain.post('/api/v1/pastes', {}), 422, 'input', '/text');
    problem(await (await world.resident(1, 1)).post('/api/v1/pastes', { text: '没米了' }), 403, 'denied');
    problem(await new Client(world).post('/api/v1/pastes', { text: '没米了' }), 401, 'not_signed_in');
  });

  test('nothing is stored by reading', async () => {
    const leader = await world.staff('leader');
    const before = (await leader.get('/api/v1/requests?view=board&limit=500')).json.items.length;
    await read(leader, '1-1-101 没米了\n1-1-201 停电了');
    assert.equal((await leader.get('/api/v1/requests?view=board&limit=500')).json.items.length, before);
  });
}
