// Cover and clocks as programs see them: claim races, who answers, the roster, alarms and taking over; scenario 3 end to end.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Client, problem } from './harness.mjs';

const HOUR = 3_600_000;
const at = (ms) => new Date(Date.now() + ms).toISOString();

/** A browser of its own with the session of somebody who is signed in already. */
function twin(client) {
  const other = new Client(client.world, { waits: false });
  other.cookie = client.cookie;
  return other;
}

export function workflow(world) {
  const fresh = async (name, role, unit = 0, more = {}) => {
    const secretary = await world.staff('secretary');
    const login = `${role}-${randomUUID().slice(0, 8)}`;
    const account = (await secretary.post('/api/v1/accounts', { login, password: 'long enough 1', name, phone: '' })).json;
    const given = await secretary.post('/api/v1/posts', { account_id: account.id, role, scope_kind: 'unit', scope_id: world.east.units[unit].id, ...more });
    assert.equal(given.status, 201, given.text);
    const client = new Client(world);
    assert.equal((await client.post('/api/v1/session', { login, password: 'long enough 1', community: world.east.id })).status, 200);
    return { client, account, post: given.json };
  };

  test('200 browsers claim one request: exactly one wins, and the history has one claim', async () => {
    const request = await (await world.resident(1, 1)).report({ text: '一袋米' });
    const people = [];
    for (let i = 0; i < world.runners; i += 1) people.push(await world.staff(`runner-${i}`));
    const browsers = Array.from({ length: 200 }, (_, i) => twin(people[i % people.length]));
    const answers = await Promise.all(browsers.map((b) => b.act(request, 'claim')));
    const won = answers.filter((a) => a.status === 200);
    assert.equal(won.length, 1, answers.map((a) => a.status).join(' '));
    for (const a of answers) assert.ok([200, 409, 412].includes(a.status), a.text);
    const { items } = (await people[0].get(`/api/v1/requests/${request.id}/entries`)).json;
    assert.deepEqual(items.map((e) => e.act), ['report', 'claim']);
    assert.ok(won[0].json.release_at > won[0].json.changed_at, 'without a sign of work it goes back');
  });

  test('an open request names who answers for it and its next deadline; an ended one does not', async () => {
    const home = await world.resident(1, 1);
    const leader = await world.staff('leader');
    let r = await home.report({ category: 'SHOP', text: '缺斤少两' });
    assert.deepEqual([r.answerable.name, r.answerable.why, r.next_due, r.card, r.next_hands], ['示例leader', 'post', 'respond', 'none', []]);
    assert.equal(r.next_due_at, r.respond_due_at);
    r = await leader.see(r);
    assert.deepEqual([...new Set(r.next_hands.map((h) => h.role))], ['cadre', 'leader'], 'a complaint about a shop goes to cadres first');
    r = await (await world.staff('captain')).mustAct(r, 'claim');
    assert.deepEqual([r.answerable.name, r.answerable.why, r.next_due, r.next_hands], ['示例captain', 'owner', 'close', []]);
    r = await (await world.staff('captain')).mustAct(r, 'extend_ask', { text: '店家出差', extend_minutes: 60 });
    assert.equal(r.extension_minutes, 60);
    r = await leader.mustAct(r, 'extend_grant', { extend_minutes: 60 });
    assert.equal(r.extension_minutes, null);
    r = await home.mustAct(r, 'withdraw');
    assert.deepEqual([r.answerable, r.next_due_at, r.next_due, r.release_at], [null, null, null, null]);
  });

  test('nothing on the board is without a named person, whatever the tests before have left', async () => {
    const secretary = await world.staff('secretary');
    let after = '';
    let seen = 0;
    do {
      const page = (await secretary.get(`/api/v1/requests?view=board&limit=500${after}`)).json;
      for (const r of page.items) {
        seen += 1;
        assert.ok(r.answerable?.name, `${r.number} ${r.state}`);
        if (r.owner) assert.ok(r.answerable.id === r.owner.id || r.answerable.why !== 'owner');
        if (['none', 'reminder'].includes(r.overdue) === false) assert.ok(r.answerable.role !== 'resident');
      }
      after = page.next ? `&after=${page.next}` : '';
    } while (after);
    assert.ok(seen > 20);
  });

  test('staff who write a need down for somebody cannot judge the work', async () => {
    const captain = await world.staff('captain');
    const home = await world.resident(1, 2);
    const door_id = world.east.units[0].doors[1].id;
    let r = await captain.report({ text: '王阿婆要买米', door_id, on_behalf: '王阿婆' });
    assert.ok(!r.acts.includes('confirm') && !r.acts.includes('rate'));
    r = await captain.mustAct(r, 'claim');
    r = await captain.mustAct(r, 'finish', { text: '送到' });
    problem(await captain.act(r, 'confirm'), 403, 'denied', '/act');
    r = await home.mustAct(r, 'confirm', { rating: 5 });
    assert.equal(r.state, 'closed');
    problem(await captain.act(r, 'rate', { rating: 5 }), 403, 'denied', '/act');
  });

  test('the roster: planned, shown, noted, asked first, taken off', async () => {
    const leader = await world.staff('leader');
    const captain = await world.staff('captain');
    const [unit] = world.east.units;
    const draft = { account_id: world.east.people.captain.account_id, scope_kind: 'unit', scope_id: unit.id, from: at(-HOUR), to: at(8 * HOUR), note: '三楼要送药' };
    const planned = await leader.post('/api/v1/duties', draft);
    assert.deepEqual([planned.status, planned.json.now, planned.json.note], [201, true, '三楼要送药']);
    problem(await leader.post('/api/v1/duties', draft), 409, 'conflict', '/from');
    problem(await leader.post('/api/v1/duties', { ...draft, to: draft.from }), 422, 'input', '/to');
    problem(await leader.post('/api/v1/duties', { ...draft, to: at(40 * 24 * HOUR) }), 422, 'input', '/to');
    problem(await leader.post('/api/v1/duties', { ...draft, account_id: world.east.people['leader-2'].account_id }), 422, 'input', '/account_id');
    problem(await leader.post('/api/v1/duties', { ...draft, scope_id: world.east.units[1].id }), 403, 'denied', '/scope_id');
    problem(await captain.post('/api/v1/duties', draft), 403, 'denied');
    const r = await (await world.resident(1, 1)).report({ text: '值班的人来' });
    assert.deepEqual([r.answerable.name, r.answerable.why], ['示例captain', 'duty']);
    const listed = (await captain.get('/api/v1/duties')).json.items;
    assert.ok(listed.some((d) => d.id === planned.json.id && d.scope_name === '1号单元'));
    assert.deepEqual((await captain.get(`/api/v1/duties?from=${encodeURIComponent(at(10 * HOUR))}`)).json.items.filter((d) => d.id === planned.json.id), []);
    problem(await captain.get('/api/v1/duties?from=tomorrow'), 422, 'input', '/from');
    assert.ok(!(await (await world.staff('leader-2')).get('/api/v1/duties')).json.items.some((d) => d.id === planned.json.id));
    const noted = await captain.call('PUT', `/api/v1/duties/${planned.json.id}/note`, { note: '药已送，灯还没修' });
    assert.equal(noted.json.note, '药已送，灯还没修');
    assert.ok(noted.json.note_at);
    problem(await (await world.staff('volunteer')).call('PUT', `/api/v1/duties/${planned.json.id}/note`, { note: 'x' }), 403, 'denied');
    assert.equal((await leader.call('DELETE', `/api/v1/duties/${planned.json.id}`)).status, 204);
    problem(await leader.call('DELETE', `/api/v1/duties/${planned.json.id}`), 404, 'not_found');
    assert.equal((await leader.see(r)).answerable.name, '示例leader', 'at once, not in two seconds');
  });

  test('scenario_3: a captain falls ill; the alarm rings, the deputy takes all open items in one act; cover in seconds', async () => {
    const manager = await world.staff('manager');
    const leader = await world.staff('leader');
    const home = await world.resident(1, 3);
    const ill = await fresh('示例病了的', 'captain');
    const deputy = await fresh('示例副手', 'captain', 0, { is_deputy: true });
    const open = [];
    for (const text of ['买菜', '拿药', '修灯']) open.push(await ill.client.mustAct(await home.report({ category: 'SHOP', text }), 'claim'));
    open[1] = await ill.client.mustAct(open[1], 'ask', { text: '哪一种？' });
    const feed = await manager.listen();
    const own = await deputy.client.listen();
    const started = Date.now();
    const absence = await ill.client.post('/api/v1/absences', { reason: 'ill' });
    assert.equal(absence.status, 201, absence.text);
    const alarm = await feed.hear((e) => e.topic === 'vacancy.opened');
    assert.deepEqual([alarm.payload.role, alarm.payload.open_items, alarm.payload.deputy_id], ['captain', 3, deputy.account.id]);
    await own.hear((e) => e.topic === 'vacancy.opened' && e.subject === alarm.subject);
    assert.equal((await leader.see(open[0])).answerable.name, '示例leader', 'in between the leader answers');
    const shown = (await deputy.client.get('/api/v1/vacancies')).json.items.find((v) => v.id === alarm.subject);
    assert.deepEqual([shown.person.name, shown.deputy.name, shown.can_take, shown.open_items], ['示例病了的', '示例副手', true, 3]);
    problem(await (await world.staff('leader-2')).post(`/api/v1/vacancies/${shown.id}/take-over`, {}), 404, 'not_found');
    const key = { 'idempotency-key': randomUUID() };
    const taken = await deputy.client.post(`/api/v1/vacancies/${shown.id}/take-over`, {}, key);
    assert.deepEqual([taken.status, taken.json.handed, taken.json.left, taken.json.vacancy.closed_how], [200, 3, 0, 'taken_over']);
    assert.ok(Date.now() - started < 300_000, 'cover within five minutes; here seconds');
    assert.deepEqual((await deputy.client.post(`/api/v1/vacancies/${shown.id}/take-over`, {}, key)).json, taken.json);
    problem(await manager.post(`/api/v1/vacancies/${shown.id}/take-over`, {}), 409, 'conflict');
    for (const r of open) {
      const now = await manager.see(r);
      assert.deepEqual([now.owner.name, now.answerable.why], ['示例副手', 'owner']);
    }
    await feed.hear((e) => e.topic === 'vacancy.closed' && e.subject === alarm.subject);
    feed.close();
    own.close();
    // a leak is closed on the spot, a wall crack goes up
    let leak = await home.report({ category: 'CARE', text: '水管漏水' });
    leak = await deputy.client.mustAct(leak, 'close_now', { text: '关了阀门，换了垫圈' });
    assert.equal(leak.state, 'closed');
    let crack = await home.report({ category: 'CARE', text: '墙裂了一道缝' });
    crack = await deputy.client.mustAct(crack, 'escalate', { text: '要请人看结构' });
    assert.deepEqual([crack.state, crack.level, crack.answerable.name], ['escalated', 1, '示例manager']);
    const mine = (await ill.client.get('/api/v1/absences')).json.items.find((a) => a.account_id === ill.account.id);
    assert.equal((await ill.client.call('DELETE', `/api/v1/absences/${mine.id}`)).status, 204);
    problem(await ill.client.call('DELETE', `/api/v1/absences/${mine.id}`), 404, 'not_found');
    const closed = (await manager.get('/api/v1/vacancies?state=all')).json.items.find((v) => v.id === shown.id);
    assert.equal(closed.taken_by.name, '示例副手');
  });

  test('all that somebody has in hand goes over in one act, with counts; what the taker has no post for stays', async () => {
    const leader = await world.staff('leader');
    const manager = await world.staff('manager');
    const { client, account } = await fresh('示例要走的', 'volunteer');
    const one = await client.mustAct(await (await world.resident(1, 1)).report({ text: '一' }), 'claim');
    const { people } = world.east;
    const over = (by, body) => by.post(`/api/v1/accounts/${account.id}/hand-over`, body);
    problem(await over(await world.staff('leader-2'), { to_account_id: people['leader-2'].account_id }), 403, 'denied');
    problem(await over(leader, { to_account_id: account.id }), 422, 'input', '/to_account_id');
    problem(await over(leader, { to_account_id: people.courier.account_id }), 422, 'input', '/to_account_id');
    const stays = await over(manager, { to_account_id: people['leader-2'].account_id });
    assert.deepEqual([stays.json.handed, stays.json.left, stays.json.items[0].left], [0, 1, 'no_post']);
    const goes = await over(leader, { to_account_id: people.captain.account_id, text: '他搬走了' });
    assert.deepEqual([goes.json.handed, goes.json.left, goes.json.more, goes.json.items[0].id], [1, 0, false, one.id]);
    assert.equal((await leader.see(one)).owner.name, '示例captain');
    problem(await leader.post('/api/v1/accounts/1zzzzzzzzzzzz/hand-over', { to_account_id: people.captain.account_id }), 404, 'not_found');
  });

  test('absences: for oneself and below, never overlapping, in order of time', async () => {
    const leader = await world.staff('leader');
    const { account } = await fresh('示例请假的', 'volunteer');
    const mark = (by, more) => by.post('/api/v1/absences', { account_id: account.id, reason: 'leave', ...more });
    problem(await mark(leader, { from: at(HOUR), to: at(0) }), 422, 'input', '/to');
    problem(await mark(await world.staff('captain'), {}), 403, 'denied', '/account_id');
    problem(await mark(await world.staff('leader-2'), {}), 403, 'denied', '/account_id');
    problem(await mark(leader, { reason: 'bored' }), 422, 'input', '/reason');
    const marked = await mark(leader, { from: at(HOUR), to: at(3 * HOUR) });
    assert.equal(marked.status, 201, marked.text);
    problem(await mark(leader, { from: at(2 * HOUR) }), 409, 'conflict', '/from');
    assert.ok((await leader.get('/api/v1/absences')).json.items.some((a) => a.id === marked.json.id));
    assert.ok(!(await (await world.staff('leader-2')).get('/api/v1/absences')).json.items.some((a) => a.id === marked.json.id));
    assert.equal((await leader.call('DELETE', `/api/v1/absences/${marked.json.id}`)).status, 204);
  });

  test('rules: shown, tried, published with a version, looked back at, and holding at once', async () => {
    const secretary = await world.staff('cadre', world.west); // heir of the post, see test_posts
    const path = '/api/v1/settings/workflow';
    const open = await (await world.resident(1, 1, world.west)).report({ category: 'SHOP', text: '缺斤少两' });
    const before = (await secretary.get(path)).json;
    assert.deepEqual([before.version, before.rules], [0, before.built_in]);
    const shop = before.rules.categories.find((c) => c.code === 'SHOP');
    assert.equal(shop.modes.normal.close, '2 d');
    const own = { release_minutes: 30, categories: [{ ...shop, evidence: 'photo', modes: { ...shop.modes, normal: { ...shop.modes.normal, close: '1 d', close_night: '1 d' } } }] };
    const tried = (await secretary.post(`${path}/preview`, own)).json;
    assert.ok(tried.checked >= 1);
    assert.ok(tried.changed >= 1 && tried.earlier === tried.changed, JSON.stringify(tried));
    const item = tried.items.find((i) => i.id === open.id);
    assert.equal(Date.parse(item.close_due_at) - Date.parse(item.new_close_due_at), 24 * HOUR);
    assert.equal((await secretary.see(open)).close_due_at, open.close_due_at, 'trying changes nothing');
    const put = (more) => secretary.call('PUT', path, { version: 0, note: '试行', ...own, ...more });
    problem(await put({ note: '' }), 422, 'input', '/note');
    problem(await put({ categories: [{ code: 'SHOP', modes: { normal: { close: 'soon' } } }] }), 422, 'input', '/categories/0/modes/normal/close');
    problem(await put({ categories: [{ code: 'MED1', modes: { normal: { respond: '1 h' } } }] }), 422, 'input', '/categories/0/modes/normal/respond');
    problem(await put({ speed: 1 }), 422, 'input', '/speed');
    problem(await (await world.staff('leader', world.west)).call('PUT', path, { version: 0, note: 'x' }), 403, 'denied');
    const published = await put({});
    assert.deepEqual([published.status, published.json.version, published.json.rules.release_minutes], [200, 1, 30]);
    problem(await put({}), 412, 'version_conflict', '/version');
    assert.equal((await secretary.see(open)).close_due_at, item.new_close_due_at);
    const listed = (await secretary.get('/api/v1/categories')).json.items.find((c) => c.code === 'SHOP');
    assert.deepEqual([listed.close_minutes, listed.evidence], [1440, 'photo']);
    const east = (await (await world.staff('secretary')).get('/api/v1/categories')).json.items.find((c) => c.code === 'SHOP');
    assert.deepEqual([east.close_minutes, east.evidence], [2880, 'note'], 'another community keeps its own');
    const captain = await world.staff('captain', world.west);
    const claimed = await captain.mustAct(open, 'claim');
    problem(await captain.act(claimed, 'finish', { text: '退了' }), 422, 'evidence', '/photo_ids');
    const versions = (await secretary.get(`${path}/versions`)).json.items;
    assert.deepEqual(versions.map((v) => [v.version, v.note]), [[1, '试行']]);
    assert.equal((await secretary.get(`${path}?version=0`)).json.rules.release_minutes, 120);
    problem(await secretary.get(`${path}?version=9`), 404, 'not_found', '/version');
    problem(await secretary.get(`${path}?version=x`), 422, 'input', '/version');
  });

  test('replaying every inbound message twice, shuffled, leaves an identical state', async () => {
    const people = { home: await world.freshResident(1, 1), other: await world.freshResident(1, 2), captain: await world.staff('captain'), leader: await world.staff('leader') };
    const messages = [];
    const send = async (who, path, body, headers = {}) => {
      const message = { who, path, body, headers: { ...headers, 'idempotency-key': randomUUID() } };
      messages.push(message);
      const answer = await people[who].post(path, body, message.headers);
      assert.ok(answer.status < 300, answer.text);
      message.text = answer.text;
      return answer.json;
    };
    const acts = async (who, r, act, more = {}) => send(who, `/api/v1/requests/${r.id}/acts`, { act, ...more }, { 'if-match': `"${r.version}"` });
    const open = [];
    for (let i = 0; i < 6; i += 1) {
      let r = await send(i % 2 ? 'home' : 'other', '/api/v1/requests', { category: 'SHOP', text: `第${i}件` });
      r = await acts('captain', r, 'claim');
      if (i === 1) r = await acts('captain', r, 'ask', { text: '哪家？' });
      if (i === 1) r = await acts('home', r, 'answer', { text: '门口' });
      if (i > 1) r = await acts('captain', r, 'start');
      if (i > 2) r = await acts('captain', r, 'finish', { text: '退了' });
      if (i > 3) r = await acts(i % 2 ? 'home' : 'other', r, 'confirm', { rating: 5 });
      open.push(r);
    }
    await send('leader', '/api/v1/duties', { account_id: world.east.people.captain.account_id, scope_kind: 'unit', scope_id: world.east.units[0].id, from: at(50 * HOUR), to: at(58 * HOUR) });
    await send('leader', `/api/v1/accounts/${world.east.people.captain.account_id}/hand-over`, { to_account_id: world.east.people.volunteer.account_id, text: '换人' });
    const cadre = await world.staff('cadre');
    const state = async () => JSON.stringify([
      (await people.leader.get('/api/v1/requests?view=board&limit=500')).json, (await people.leader.get('/api/v1/requests?view=board&state=closed&limit=500')).json,
      (await people.leader.get('/api/v1/duties')).json, await Promise.all(open.map(async (r) => (await people.leader.get(`/api/v1/requests/${r.id}/entries`)).json)),
    ]);
    const again = [...messages, ...messages].map((m) => [Math.random(), m]).sort((a, b) => a[0] - b[0]).map(([, m]) => m);
    const replay = async () => {
      const before = [(await cadre.get('/api/v1/audit')).json, await state()];
      for (const m of again) {
        const answer = await people[m.who].post(m.path, m.body, m.headers);
        assert.ok(answer.status < 300, answer.text);
        assert.equal(answer.headers['idempotency-replayed'], 'true');
      }
      return [before, [(await cadre.get('/api/v1/audit')).json, await state()]];
    };
    // on a slow machine the clock may give a card in between, which is an event, too: then once more
    let [before, after] = await replay();
    for (let i = 0; i < 3 && before[0].seq !== after[0].seq; i += 1) [before, after] = await replay();
    assert.deepEqual(after, before, 'not one event more, the same chain, the same answers');
  });
}
