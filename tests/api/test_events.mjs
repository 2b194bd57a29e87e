// The live feed: at once, without loss or repetition, and to each person no more than theirs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, hits, problem, sleep } from './harness.mjs';

const of = (request, topic) => (e) => e.subject === request.id && (topic === undefined || e.topic === topic);

export function events(world) {
  test('the feed needs a session and a position that is one', async () => {
    problem(await new Client(world).get('/api/v1/events'), 401, 'not_signed_in');
    const leader = await world.staff('leader');
    problem(await leader.get('/api/v1/events', { 'last-event-id': 'x' }), 422, 'input', '/last_event_id');
    problem(await leader.get('/api/v1/events?last_event_id=-1'), 422, 'input', '/last_event_id');
    const head = await leader.raw('HEAD', '/api/v1/events', { cookie: `dy_session=${leader.cookie}` });
    assert.deepEqual([head.status, head.headers['content-type']], [200, 'text/event-stream']);
    hits.add('streamEvents');
  });

  test('the team hears a report within a second, and every act on it', async () => {
    const home = await world.resident(1, 1);
    const captain = await world.staff('captain');
    const feed = await captain.listen();
    assert.deepEqual([feed.status, feed.headers['content-type'], feed.headers['cache-control'], feed.headers['x-accel-buffering']], [200, 'text/event-stream', 'no-store', 'no']);
    const began = Date.now();
    const request = await home.report({ category: 'MED1', text: '胸痛' });
    const event = await feed.hear(of(request, 'request.reported'), 1000);
    assert.ok(Date.now() - began < 1000);
    assert.deepEqual([event.payload, event.unit_id], [{ state: 'reported', version: 1, urgent: true }, world.east.units[0].id]);
    const claimed = await captain.mustAct(request, 'claim');
    assert.equal((await feed.hear(of(request, 'request.claim'))).payload.version, claimed.version);
    assert.ok(feed.retry >= 500 && feed.retry <= 10_000);
    feed.close();
  });

  test('a feed that comes back has missed nothing and gets nothing twice', async () => {
    const home = await world.resident(1, 2);
    const leader = await world.staff('leader');
    const whole = await leader.listen();
    let part = await leader.listen();
    const heard = [];
    const reports = [];
    for (let round = 0; round < 4; round += 1) {
      reports.push(await home.report({ category: 'IDEA', text: `断${round}` }));
      if (round > 0) await part.hear(of(reports.at(-1)));
      if (round === 0) await part.hear(of(reports[0]));
      heard.push(...part.events);
      part.close();
      reports.push(await home.report({ category: 'IDEA', text: `缺${round}` })); // while nobody listens here
      part = await leader.listen(heard.at(-1).seq, round % 2 === 1);
    }
    await part.hear(of(reports.at(-1)));
    heard.push(...part.events);
    await whole.hear(of(reports.at(-1)));
    assert.deepEqual(heard.map((e) => e.seq), whole.events.map((e) => e.seq));
    assert.deepEqual(heard, whole.events);
    whole.close();
    part.close();
  });

  test('a position from before a restart still counts', async () => {
    const home = await world.resident(1, 1);
    const leader = await world.staff('leader');
    const feed = await leader.listen();
    const first = await home.report({ category: 'IDEA', text: '之前' });
    const { seq } = await feed.hear(of(first));
    const second = await home.report({ category: 'IDEA', text: '之后' });
    await feed.hear(of(second));
    await world.restart();
    await feed.closed;
    const again = await leader.listen(seq);
    await again.hear(of(second));
    assert.equal(again.events.filter(of(first)).length, 0);
    again.close();
  });

  test('each hears what is theirs: unit, grid, community, household, and no other', async () => {
    const listeners = {};
    for (const login of ['captain', 'leader', 'manager', 'secretary', 'officer', 'courier', 'leader-2', 'volunteer-3', 'shopkeeper']) {
      listeners[login] = await (await world.staff(login)).listen();
    }
    listeners.home = await (await world.resident(1, 1)).listen();
    listeners.housemate = await (await world.freshResident(1, 1)).listen();
    listeners.neighbour = await (await world.resident(1, 2)).listen();
    listeners.west = await (await world.staff('secretary', world.west)).listen();
    const open = await (await world.resident(1, 1)).report({ category: 'FOOD', text: '公开' });
    const secret = await (await world.resident(1, 1)).report({ category: 'DISP', text: '私密' });
    const last = await (await world.resident(1, 1)).report({ category: 'FOOD', text: '最后' });
    const hears = { open: ['captain', 'leader', 'manager', 'secretary', 'officer', 'courier', 'home', 'housemate'], secret: ['leader', 'manager', 'secretary', 'home', 'housemate'] };
    for (const name of hears.open) await listeners[name].hear(of(last));
    await sleep(300);
    for (const [name, feed] of Object.entries(listeners)) {
      assert.equal(feed.events.some(of(open)), hears.open.includes(name), `${name} and the open one`);
      assert.equal(feed.events.some(of(secret)), hears.secret.includes(name), `${name} and the private one`);
    }
    assert.deepEqual(listeners.west.events.map((e) => e.topic).filter((t) => t.startsWith('request.')), []);
    const after = listeners.home.events.find(of(open)).seq - 1;
    for (const [name, feed] of Object.entries(listeners)) feed.close(name);
    for (const [login, sees] of [['captain', false], ['leader', true]]) {
      const late = await (await world.staff(login)).listen(after);
      await late.hear(of(last));
      assert.equal(late.events.some(of(secret)), sees, `${login} hears the same when coming back`);
      late.close();
    }
  });

  test('who works on a private need, and who reported it for a neighbour, hear it live; who gave it up hears no more', async () => {
    const reporter = await world.resident(1, 2);
    const leader = await world.staff('leader');
    const volunteer = await world.staff('volunteer');
    const [ear, other] = [await reporter.listen(), await (await world.resident(1, 3)).listen()];
    const hands = await volunteer.listen();
    let r = await reporter.report({ category: 'PSYC', text: '隔壁老人心里闷', door_id: world.east.units[0].doors[0].id, on_behalf: '邻居' });
    await ear.hear(of(r, 'request.reported'), 1000);
    r = await leader.mustAct(r, 'dispatch', { to_account_id: world.east.people.volunteer.account_id });
    const given = await hands.hear(of(r, 'request.dispatch'), 1000);
    assert.equal(given.payload.version, r.version);
    r = await volunteer.mustAct(r, 'start');
    await ear.hear(of(r, 'request.start'), 1000);
    r = await leader.mustAct(r, 'hand_over', { to_account_id: world.east.people.leader.account_id });
    await hands.hear(of(r, 'request.hand_over'), 1000);
    problem(await volunteer.get(`/api/v1/requests/${r.id}`), 404, 'not_found');
    r = await leader.mustAct(r, 'answer', { text: '已经谈过' });
    await ear.hear(of(r, 'request.answer'), 1000);
    await sleep(200);
    assert.deepEqual(hands.events.filter(of(r)).map((e) => e.topic), ['request.dispatch', 'request.start', 'request.hand_over']);
    assert.deepEqual(other.events.filter(of(r)), []);
    const again = await volunteer.listen(given.seq - 1);
    await again.hear(of(r, 'request.hand_over'));
    assert.equal(again.events.filter(of(r)).length, 3);
    for (const feed of [ear, other, hands, again]) feed.close();
  });

  test('a change of the team rule is heard by everybody of the community', async () => {
    const secretary = await world.staff('secretary');
    const home = await (await world.resident(3, 1)).listen();
    const west = await (await world.staff('secretary', world.west)).listen();
    const rule = (await secretary.get('/api/v1/settings/team-rule')).json;
    assert.equal((await secretary.call('PUT', '/api/v1/settings/team-rule', rule)).status, 200);
    await home.hear((e) => e.topic === 'setting.team_rule');
    await sleep(200);
    assert.equal(west.events.length, 0);
    home.close();
    west.close();
  });

  test('signing out ends the feed', async () => {
    const client = await world.freshResident(1, 2);
    const feed = await client.listen();
    await client.call('DELETE', '/api/v1/session');
    await Promise.race([feed.closed, sleep(2000).then(() => assert.fail('the feed goes on'))]);
  });
}
