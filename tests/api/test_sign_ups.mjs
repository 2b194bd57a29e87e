// Sign-ups: exact under contention, the line behind them, who may see what, the chain for the group chat.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem } from './harness.mjs';

const soon = (ms) => new Date(Date.now() + ms).toISOString();
const HOUR = 3_600_000;

export function signUps(world) {
  const make = async (more = {}) => {
    const leader = await world.staff('secretary');
    const made = await leader.post('/api/v1/sign-ups', { title: '招募志愿者', per: 'person', capacity: 12, closes_at: soon(HOUR), ...more });
    assert.equal(made.status, 201, made.text);
    return made.json;
  };
  const enter = (client, list, more = {}) => client.post(`/api/v1/sign-ups/${list.id}/entries`, more);
  const see = async (client, list) => (await client.get(`/api/v1/sign-ups/${list.id}`)).json;
  const entries = async (list) => (await (await world.staff('secretary')).get(`/api/v1/sign-ups/${list.id}/entries?limit=500`)).json.items;

  test('a call for 12: 50 tap at once, 12 are in, each other has a place in line', async () => {
    const list = await make();
    const people = await Promise.all(Array.from({ length: world.runners }, (_, i) => world.staff(`runner-${i}`)));
    const answers = await Promise.all(people.map((p) => enter(p, list)));
    assert.ok(answers.every((a) => a.status === 201), answers.map((a) => a.status).join(' '));
    const sorted = answers.map((a) => a.json).sort((a, b) => a.place - b.place);
    assert.deepEqual(sorted.map((e) => e.place), people.map((_, i) => i + 1));
    assert.ok(sorted.every((e, i) => e.state === (i < 12 ? 'in' : 'waiting')));
    assert.deepEqual(sorted.map((e) => e.ahead), people.map((_, i) => Math.max(0, i - 12)));
    const after = await see(people[0], list);
    assert.deepEqual([after.taken, after.waiting, after.phase], [12, people.length - 12, 'full']);
    assert.deepEqual((await entries(list)).map((e) => e.place), people.map((_, i) => i + 1));
  });

  test('one entry for each household, whoever of it taps, and again after leaving, at the end of the line', async () => {
    const list = await make({ title: '领蔬菜包', per: 'household', capacity: 1, entry_max: 1 });
    const [one, same] = [await world.freshResident(1, 1), await world.freshResident(1, 1)];
    const other = await world.resident(2, 1);
    const first = await enter(one, list);
    assert.deepEqual([first.status, first.json.state, first.json.address], [201, 'in', '1幢1单元101']);
    problem(await enter(same, list), 409, 'conflict', '/sign_up');
    assert.deepEqual([(await enter(other, list)).json.state, (await see(other, list)).mine.ahead], ['waiting', 0]);
    const feed = await other.listen();
    assert.equal((await same.call('DELETE', `/api/v1/sign-ups/${list.id}/entries/${first.json.member_id}`)).status, 204);
    await feed.hear((e) => e.topic === 'sign_up.moved_up' && e.subject === list.id);
    assert.equal((await see(other, list)).mine.state, 'in');
    const again = await enter(one, list);
    assert.deepEqual([again.json.state, again.json.place], ['waiting', 3]);
    problem(await one.call('DELETE', `/api/v1/sign-ups/${list.id}/entries/${(await see(other, list)).mine.member_id}`), 404, 'not_found');
    feed.close();
  });

  test('more room lets the line move up; less than are in is refused; the end is the end', async () => {
    const list = await make({ per: 'household', capacity: 1 });
    const homes = [await world.resident(1, 1), await world.resident(1, 2), await world.resident(2, 1)];
    for (const home of homes) assert.equal((await enter(home, list)).status, 201);
    const secretary = await world.staff('secretary');
    const put = (more) => secretary.call('PUT', `/api/v1/sign-ups/${list.id}`, { version: 1, title: list.title, capacity: 2, closes_at: list.closes_at, ...more });
    const grown = await put({});
    assert.deepEqual([grown.status, grown.json.taken, grown.json.waiting, grown.json.version], [200, 2, 1, 2]);
    problem(await put({}), 412, 'version_conflict', '/version');
    problem(await put({ version: 2, capacity: 1 }), 409, 'conflict', '/capacity');
    const closed = await put({ version: 2, closes_at: soon(-1000) });
    assert.deepEqual([closed.status, closed.json.phase], [200, 'closed']);
    problem(await enter(await world.resident(3, 1), list), 409, 'conflict');
    problem(await homes[0].call('DELETE', `/api/v1/sign-ups/${list.id}/entries/${(await see(homes[0], list)).mine.member_id}`), 409, 'conflict');
  });

  test('names and doors are for who manages it; a unit\'s list is for the unit', async () => {
    const list = await make({ per: 'household', unit_id: world.east.units[0].id, title: '1号单元取水', entry_max: 3 });
    const [home, stranger, manager] = [await world.resident(1, 1), await world.resident(2, 1), await world.staff('leader')];
    assert.equal((await enter(home, list, { seats: 2, note: '门口\n左边' })).status, 201);
    problem(await enter(stranger, list), 404, 'not_found');
    problem(await stranger.get(`/api/v1/sign-ups/${list.id}`), 404, 'not_found');
    assert.ok(!(await stranger.get('/api/v1/sign-ups?limit=500')).json.items.some((s) => s.id === list.id));
    const seen = (await home.get('/api/v1/sign-ups?limit=500')).json.items.find((s) => s.id === list.id);
    assert.deepEqual([seen.mine.seats, seen.may_manage], [2, false]);
    assert.equal((await entries(list)).length, 1);
    problem(await home.get(`/api/v1/sign-ups/${list.id}/entries`), 403, 'denied');
    problem(await (await world.staff('leader-2')).get(`/api/v1/sign-ups/${list.id}/entries`), 404, 'not_found');
    problem(await manager.post(`/api/v1/sign-ups/${list.id}/entries`, { door_id: world.east.units[1].doors[0].id }), 422, 'input', '/door_id');
    const late = await manager.post(`/api/v1/sign-ups/${list.id}/entries`, { door_id: world.east.units[0].doors[1].id });
    assert.equal(late.json.address, '1幢1单元201');
    const { text } = (await manager.get(`/api/v1/sign-ups/${list.id}/text`)).json;
    assert.equal(text, '#接龙 1号单元取水\n1. 1-1-101 x2 门口 左边\n2. 1-1-201\n');
    const page = await manager.get(`/api/v1/sign-ups/${list.id}/entries?limit=1`);
    assert.equal((await manager.get(`/api/v1/sign-ups/${list.id}/entries?limit=1&after=${page.json.next}`)).json.items[0].place, 2);
  });

  test('lists of other places do not push one\'s own off the page', async () => {
    const own = await make({ per: 'household', unit_id: world.east.units[2].id, title: '3号单元自己的', closes_at: soon(HOUR) });
    for (let i = 0; i < 3; i += 1) await make({ per: 'household', unit_id: world.east.units[0].id, closes_at: soon(2 * HOUR) });
    const { items } = (await (await world.resident(3, 1)).get('/api/v1/sign-ups?limit=200')).json;
    const later = items.findIndex((s) => s.id === own.id);
    const seen = (await (await world.resident(3, 1)).get(`/api/v1/sign-ups?limit=${later + 1}`)).json.items;
    assert.equal(seen.at(-1).id, own.id);
  });

  test('a draft that cannot be names its member, and nothing is made', async () => {
    const secretary = await world.staff('secretary');
    const good = { title: '接龙', per: 'household', capacity: 5, closes_at: soon(HOUR) };
    for (const [field, value] of [['title', ''], ['per', 'people'], ['capacity', 0], ['entry_max', 6], ['closes_at', soon(-HOUR)], ['unit_id', world.west.units[0].id], ['grid_id', world.west.grids[0]]]) {
      problem(await secretary.post('/api/v1/sign-ups', { ...good, [field]: value }), 422, 'input', `/${field}`);
    }
    problem(await (await world.staff('leader')).post('/api/v1/sign-ups', good), 403, 'denied');
    problem(await enter(secretary, await make(), { seats: 2 }), 422, 'input', '/seats');
  });
}
