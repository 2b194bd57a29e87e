// The life of requests: walked through, raced for, reopened, hidden.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem } from './harness.mjs';

export function requests(world) {
  const states = (entries) => entries.map((e) => `${e.act}:${e.to_state}`);

  test('one request through its whole life, with reopening and a judgement', async () => {
    const home = await world.resident(1, 1);
    const volunteer = await world.staff('volunteer');
    const leader = await world.staff('leader');
    let r = await home.report({ category: 'MED2', text: '胰岛素用完了', contact: '0580-222' });
    assert.deepEqual([r.state, r.urgent, r.level, r.progress, r.reporter_is_me, r.contact, r.address, r.channel], ['reported', true, 0, 1, true, '0580-222', '1幢1单元101', 'web']);
    assert.ok(new Date(r.respond_due_at) - new Date(r.created_at) <= 180_000, 'urgent: first response within 3 minutes');
    assert.match(r.callback_code, /^[1-9]\d{3}$/);
    assert.deepEqual(r.acts.sort(), ['answer', 'remind', 'withdraw']);
    const board = (await volunteer.get('/api/v1/requests?view=board&limit=500')).json.items.find((one) => one.id === r.id);
    assert.deepEqual([board.address, board.contact, board.owner], ['1幢1单元一户', null, null], 'masked until it is theirs');
    const claimed = await volunteer.mustAct(r, 'claim');
    assert.deepEqual([claimed.state, claimed.owner.name, claimed.address, claimed.contact], ['claimed', '示例volunteer', '1幢1单元101', '0580-222']);
    assert.notEqual(claimed.responded_at, null);
    r = await volunteer.mustAct(claimed, 'start');
    r = await volunteer.mustAct(r, 'ask', { text: '哪一种？' });
    assert.deepEqual([r.state, r.paused], ['suspended', true]);
    r = await home.mustAct(await home.see(r), 'answer', { text: '诺和灵' });
    assert.deepEqual([r.state, r.paused], ['working', false], 'the answer sets the clock going');
    problem(await volunteer.act(r, 'finish'), 422, 'input', '/text');
    await volunteer.mustAct(r, 'answer', { text: '门口见，内部说明', visibility: 'team' });
    r = await volunteer.mustAct(await volunteer.see(r), 'finish', { text: '已送到' });
    assert.deepEqual([r.state, r.progress], ['done', 4]);
    problem(await volunteer.act(r, 'confirm'), 403, 'denied', '/act');
    r = await home.mustAct(await home.see(r), 'reopen', { text: '送错了' });
    assert.deepEqual([r.state, r.done_at, r.owner.name], ['reopened', null, '示例volunteer'], 'reaches its owner');
    r = await volunteer.mustAct(await volunteer.see(r), 'start');
    r = await volunteer.mustAct(r, 'finish', { text: '换好了' });
    r = await home.mustAct(await home.see(r), 'confirm');
    assert.deepEqual([r.state, r.progress, r.rating, r.overdue], ['closed', 5, null, 'none']);
    r = await home.mustAct(r, 'rate', { rating: 5 });
    assert.equal(r.rating, 5);
    const seen = (await home.get(`/api/v1/requests/${r.id}/entries`)).json.items;
    const all = (await leader.get(`/api/v1/requests/${r.id}/entries`)).json.items;
    assert.deepEqual(states(all), ['report:reported', 'claim:claimed', 'start:working', 'ask:suspended', 'answer:working', 'answer:working', 'finish:done', 'reopen:reopened', 'start:working', 'finish:done', 'confirm:closed', 'rate:closed']);
    assert.deepEqual(seen.map((e) => e.number), all.filter((e) => e.visibility === 'all').map((e) => e.number));
    assert.ok(!JSON.stringify(seen).includes('内部说明'), 'what is for the team stays with the team');
    assert.deepEqual(all.map((e) => e.number), all.map((_, i) => i + 1));
    const masked = (await (await world.staff('captain')).get(`/api/v1/requests/${r.id}/entries`)).json.items[0];
    assert.equal(masked.actor_name, '王*', 'residents\' names are masked where the door is');
  });

  test('of fifty claims at once exactly one wins', async () => {
    const request = await (await world.resident(1, 1)).report({ text: '谁来都行' });
    const runners = await Promise.all(Array.from({ length: world.runners }, (_, i) => world.staff(`runner-${i}`)));
    const answers = await Promise.all(runners.map((r) => r.act(request, 'claim')));
    const won = answers.filter((a) => a.status === 200);
    assert.equal(won.length, 1);
    const others = answers.filter((a) => a.status !== 200).map((a) => `${a.status} ${a.json.code}`);
    assert.deepEqual([...new Set(others)], ['409 conflict']);
    const after = await (await world.staff('leader')).see(request);
    assert.deepEqual([after.owner.id, after.version], [won[0].json.owner.id, 2]);
    const entries = (await (await world.staff('leader')).get(`/api/v1/requests/${request.id}/entries`)).json.items;
    assert.deepEqual(states(entries), ['report:reported', 'claim:claimed']);
  });

  test('closed on the spot in one act, counted as answered, and open again on the resident\'s word', async () => {
    const home = await world.resident(1, 3);
    const captain = await world.staff('captain');
    const request = await home.report({ category: 'INFO', text: '什么时候解封' });
    const closed = await captain.mustAct(request, 'close_now', { text: '看公告' });
    assert.deepEqual([closed.state, closed.progress], ['closed', 5]);
    assert.ok(closed.responded_at && closed.closed_at);
    assert.ok(!(await captain.get('/api/v1/requests?view=board&limit=500')).text.includes(request.id));
    assert.ok((await captain.get('/api/v1/requests?view=board&state=closed&limit=500')).text.includes(request.id));
    const again = await home.mustAct(await home.see(closed), 'reopen', { text: '没说清楚' });
    assert.deepEqual([again.state, again.closed_at], ['reopened', null]);
    assert.ok((await captain.get('/api/v1/requests?view=board&limit=500')).text.includes(request.id));
  });

  test('work that is shown by a photo is not finished without one', async () => {
    const home = await world.resident(1, 1);
    const property = await world.staff('property');
    const request = await home.report({ category: 'REPR', text: '楼道灯不亮' });
    const acts = (await property.get(`/api/v1/requests/${request.id}/acts`)).json.items;
    assert.deepEqual(acts.find((a) => a.act === 'close_now').needs.sort(), ['photo_ids', 'text']);
    const p = problem(await property.act(request, 'close_now', { text: '换了' }), 422, 'evidence', '/photo_ids');
    assert.match(p.hint, /照片/);
  });

  test('what can be done is what is offered, for every side and in every state', async () => {
    const home = await world.resident(1, 2);
    const people = [home, await world.staff('captain'), await world.staff('leader'), await world.staff('secretary'), await world.staff('officer')];
    const every = (await import('./harness.mjs')).contract.doc.components.schemas.Act.enum;
    const request = await home.report({ category: 'CARE', text: '老人独居' });
    for (const person of people) {
      const offered = (await person.see(request)).acts;
      assert.deepEqual((await person.get(`/api/v1/requests/${request.id}/acts`)).json.items.map((a) => a.act), offered);
      for (const act of every.filter((one) => !offered.includes(one))) {
        const answer = await person.act(request, act, {}, { 'if-match': '"99"' });
        assert.ok([403, 409].includes(answer.status), `${act} -> ${answer.status} ${answer.text}`);
      }
      for (const act of offered) problem(await person.act(request, act, {}, { 'if-match': '"99"' }), 412, 'version_conflict');
    }
  });

  test('dispatched to who works there, handed over, released, escalated, refused with a reason', async () => {
    const leader = await world.staff('leader');
    const { people } = world.east;
    let r = await (await world.resident(1, 1)).report({ category: 'DELV', text: '包裹没到' });
    problem(await leader.act(r, 'dispatch'), 422, 'input', '/to_account_id');
    problem(await leader.act(r, 'dispatch', { to_account_id: people['volunteer-2'].account_id }), 422, 'input', '/to_account_id');
    problem(await leader.act(r, 'dispatch', { to_account_id: people.courier.account_id }), 422, 'input', '/to_account_id');
    r = await leader.mustAct(r, 'dispatch', { to_account_id: people.captain.account_id });
    assert.deepEqual([r.state, r.owner.name], ['dispatched', '示例captain']);
    const captain = await world.staff('captain');
    r = await captain.mustAct(r, 'hand_over', { to_account_id: people.volunteer.account_id });
    assert.equal(r.owner.name, '示例volunteer');
    problem(await captain.act(r, 'start'), 403, 'denied');
    r = await leader.mustAct(r, 'release');
    assert.deepEqual([r.state, r.owner], ['accepted', null]);
    r = await captain.mustAct(r, 'escalate', { text: '要上面来办' });
    assert.deepEqual([r.state, r.level], ['escalated', 1]);
    problem(await captain.act(r, 'claim'), 403, 'denied');
    r = await (await world.staff('manager')).mustAct(r, 'return', { text: '你们能办' });
    problem(await leader.act(r, 'refuse'), 422, 'input', '/text');
    r = await leader.mustAct(r, 'refuse', { text: '已有别的渠道' });
    assert.deepEqual([r.state, r.progress], ['refused', 5]);
  });

  test('time is asked for, granted, and moves the deadline by exactly as much', async () => {
    const captain = await world.staff('captain');
    const leader = await world.staff('leader');
    let r = await captain.mustAct(await (await world.resident(1, 1)).report({ category: 'SHOP', text: '缺斤少两' }), 'claim');
    problem(await captain.act(r, 'extend_ask', { text: '等回话' }), 422, 'input', '/extend_minutes');
    problem(await captain.act(r, 'extend_ask', { text: '等回话', extend_minutes: 43201 }), 422, 'input', '/extend_minutes');
    const due = r.close_due_at;
    r = await captain.mustAct(r, 'extend_ask', { text: '等回话', extend_minutes: 90 });
    assert.equal(r.close_due_at, due, 'asking moves nothing');
    problem(await captain.act(r, 'extend_grant', { extend_minutes: 90 }), 403, 'denied');
    r = await leader.mustAct(r, 'extend_grant', { extend_minutes: 90 });
    assert.equal(new Date(r.close_due_at) - new Date(due), 90 * 60_000);
  });

  test('two reports of one thing are merged into one that is open', async () => {
    const leader = await world.staff('leader');
    const one = await (await world.resident(1, 1)).report({ category: 'WAST', text: '垃圾没收' });
    const two = await (await world.resident(1, 2)).report({ category: 'WAST', text: '垃圾堆着' });
    problem(await leader.act(two, 'merge'), 422, 'input', '/into_request_id');
    problem(await leader.act(two, 'merge', { into_request_id: two.id }), 422, 'input', '/into_request_id');
    const merged = await leader.mustAct(two, 'merge', { into_request_id: one.id });
    assert.deepEqual([merged.state, merged.merged_into], ['merged', one.id]);
    problem(await leader.act(one, 'merge', { into_request_id: two.id }), 422, 'input', '/into_request_id');
  });

  test('a judgement is the resident\'s and cannot be slipped in with another act', async () => {
    const captain = await world.staff('captain');
    const home = await world.resident(1, 1);
    let r = await captain.mustAct(await home.report({ category: 'FOOD' }), 'claim');
    problem(await captain.act(r, 'answer', { text: '来了', rating: 5 }), 422, 'input', '/rating');
    problem(await captain.act(r, 'start', { to_account_id: world.east.people.captain.account_id }), 422, 'input', '/to_account_id');
    r = await captain.mustAct(r, 'finish', { text: '办好' });
    assert.equal(r.rating, null);
    for (const rating of [0, 6, 4.5, '5']) problem(await home.act(r, 'confirm', { rating }), 422, 'input', '/rating');
    assert.equal((await home.mustAct(r, 'confirm', { rating: 4 })).rating, 4);
    problem(await captain.act(await captain.see(r), 'rate', { rating: 5 }), 403, 'denied');
  });

  test('a private need is seen by the household, its owner and managers, and by nobody else', async () => {
    const home = await world.resident(1, 1);
    const volunteer = await world.staff('volunteer');
    const leader = await world.staff('leader');
    let r = await home.report({ category: 'DISP', text: '邻居半夜吵' });
    for (const login of ['volunteer', 'captain', 'courier', 'officer', 'leader-2', 'volunteer-2']) {
      const person = await world.staff(login);
      problem(await person.get(`/api/v1/requests/${r.id}`), 404, 'not_found');
      problem(await person.get(`/api/v1/requests/${r.id}/entries`), 404, 'not_found');
      problem(await person.get(`/api/v1/requests/${r.id}/acts`), 404, 'not_found');
      problem(await person.act(r, 'claim'), 404, 'not_found');
      assert.ok(!(await person.get('/api/v1/requests?view=board&limit=500')).text.includes(r.id), login);
    }
    problem(await (await world.resident(1, 2)).get(`/api/v1/requests/${r.id}`), 404, 'not_found');
    assert.ok((await leader.get('/api/v1/requests?view=board&limit=500')).text.includes(r.id));
    r = await leader.mustAct(r, 'dispatch', { to_account_id: world.east.people.volunteer.account_id });
    assert.equal((await volunteer.see(r)).address, '1幢1单元101', 'its owner has to find the door');
    problem(await (await world.staff('captain')).get(`/api/v1/requests/${r.id}`), 404, 'not_found');
  });

  test('shared views mask the address; household, owner and managers see the door', async () => {
    const home = await world.resident(1, 3);
    const request = await home.report({ text: '三楼没有水了', contact: '0580-333' });
    for (const [login, address, contact] of [['captain', '1幢1单元一户', null], ['courier', '1幢1单元一户', null], ['officer', '1幢1单元一户', null], ['leader', '1幢1单元301', '0580-333'], ['manager', '1幢1单元301', '0580-333'], ['secretary', '1幢1单元301', '0580-333']]) {
      const seen = await (await world.staff(login)).see(request);
      assert.deepEqual([seen.address, seen.contact], [address, contact], login);
      const listed = (await (await world.staff(login)).get('/api/v1/requests?view=board&limit=500')).text;
      if (contact === null) assert.ok(!listed.includes('1幢1单元301') && !listed.includes('0580-333'), login);
    }
    assert.equal((await (await world.freshResident(1, 3)).see(request)).contact, '0580-333', 'one household');
  });

  test('a neighbour and the team report for somebody else, and it is marked', async () => {
    const [unit] = world.east.units;
    const neighbour = await world.resident(1, 1);
    const forHer = await neighbour.report({ text: '奶奶要药', door_id: unit.doors[2].id, on_behalf: '三楼奶奶' });
    assert.deepEqual([forHer.channel, forHer.reporter_is_me, forHer.text], ['proxy', true, '奶奶要药\n(代 三楼奶奶)']);
    assert.ok((await (await world.resident(1, 3)).get('/api/v1/requests?limit=500')).text.includes(forHer.id), 'her household has it too');
    const captain = await world.staff('captain');
    const byPhone = await captain.report({ text: '电话登记', door_id: unit.doors[2].id });
    assert.equal(byPhone.channel, 'proxy');
    const [entry] = (await captain.get(`/api/v1/requests/${byPhone.id}/entries`)).json.items;
    assert.deepEqual([entry.actor_side, entry.actor_name], ['staff', '示例captain']);
  });

  test('somebody aged makes care urgent, dangerous words anything, a wish not a suggestion', async () => {
    const old = await world.resident(1, 3);
    const young = await world.resident(1, 1);
    assert.equal((await old.report({ category: 'CARE', text: '来看看' })).urgent, true);
    assert.equal((await young.report({ category: 'CARE', text: '来看看' })).urgent, false);
    assert.equal((await young.report({ category: 'IDEA', text: '有人晕倒' })).urgent, true);
    assert.equal((await young.report({ category: 'IDEA', text: '种花', urgent: true })).urgent, false);
    const idea = await young.report({ category: 'IDEA', text: '办个活动' });
    assert.equal(idea.close_due_at, null);
  });

  test('a household takes its word back; after that nothing but reading is left', async () => {
    const home = await world.resident(1, 1);
    const r = await home.mustAct(await home.report({}), 'withdraw');
    assert.deepEqual([r.state, r.acts], ['withdrawn', []]);
    problem(await home.act(r, 'remind'), 409, 'conflict', '/act');
  });
}
