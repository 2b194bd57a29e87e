// Every route without a session, with too little capability, and with ids of another community.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, contract, problem } from './harness.mjs';

/** Who has least and is still refused, by capability; made from the roles' table in the design. */
const LACKS = {
  request_report: null, // every role has it
  place_read: 'shopkeeper', team_read: 'shopkeeper', poster_print: 'volunteer', account_write: 'cadre', post_write: 'cadre',
  register_read: 'volunteer', register_write: 'captain', import: 'leader', oversight: 'captain',
  setting_write: 'cadre', audit_read: 'leader', request_manage: 'captain', request_work: 'courier', sign_up_manage: 'volunteer', notice_send: 'volunteer',
};

const JSON_BODIES = {
  changeMe: () => ({ elder_mode: true }),
  reportRequest: () => ({ category: 'FOOD', text: 'x' }),
  actOnRequest: () => ({ act: 'claim' }),
  createAccount: () => ({ login: 'someone', password: 'long enough 1', name: 'x' }),
  givePost: (c) => ({ account_id: c.people.volunteer.account_id, role: 'volunteer', scope_kind: 'unit', scope_id: c.units[1].id }),
  findSimilar: () => ({ category: 'REPR', text: '电梯停了' }),
  verifyRequest: () => ({}),
  addNeeds: () => ({ needs: [{ category: 'FOOD', text: '米' }, { category: 'CARE', text: '看看老人' }] }),
  endNeed: () => ({ outcome: 'done' }),
  printDoorCards: (c) => ({ stair_id: c.units[0].stair_id }),
  putTeamRule: () => ({ version: 0, roles: [] }),
  makeSignUp: () => ({ title: 'x', per: 'person', capacity: 1, closes_at: '2099-01-01T00:00:00Z' }),
  changeSignUp: () => ({ version: 1, title: 'x', capacity: 1, closes_at: '2099-01-01T00:00:00Z' }),
  joinSignUp: () => ({}),
  openHousehold: () => ({ purpose: 'visit' }),
  correctHousehold: () => ({ version: 1, name: '', phone: '', residents: 0, elderly: 0, needs: [] }),
  correctMyHousehold: () => ({ version: 1, name: '', phone: '', residents: 0, elderly: 0, needs: [] }),
  mapImport: () => ({ sheet: 0, header_row: 1, hidden_rows: false, columns: [{ field: 'address', column: 0 }] }),
  publishWorkflow: () => ({ version: 0, note: 'x' }),
  previewWorkflow: () => ({}),
  beginAbsence: () => ({ reason: 'leave' }),
  planDuty: (c) => ({ account_id: c.people.volunteer.account_id, scope_kind: 'unit', scope_id: c.units[0].id, from: '2099-01-01T00:00:00Z', to: '2099-01-02T00:00:00Z' }),
  noteDuty: () => ({ note: 'x' }),
  takeOver: () => ({}),
  handOverAll: (c) => ({ to_account_id: c.people.volunteer.account_id }),
  makeNotice: () => ({ status: 'actual', msg_type: 'alert', category: 'health', urgency: 'expected', severity: 'minor', certainty: 'likely', headline: 'x', expires_at: '2099-01-01T00:00:00Z' }),
  decideNotice: () => ({ agrees: true }),
  putReceipt: () => ({ confirmed: true }),
  postKnocks: () => ({ items: [] }),
  shareHomes: (c) => ({ unit_id: c.units[0].id, account_ids: [c.people.volunteer.account_id] }),
  putNoticeRule: () => ({ version: 0, second_approver: false }),
};

/** A call of an operation with ids of a community; ids[name] overrides a path parameter. */
function callOf(o, community, ids = {}) {
  const stair = community.units[0].stair_id;
  const id = ids.id ?? (o.path.includes('/stairs/') ? stair : o.path.includes('/posts/') ? community.people.volunteer.post_id : stair);
  const path = o.path.replace('{id}', id).replace('{token}', community.units[0].token).replace('{member_id}', stair).replace('{number}', '1');
  const query = o.id === 'listPosters' ? `?stair=${stair}` : o.id === 'exportOversight' ? '?format=csv' : o.id === 'listHouseholds' ? `?unit=${stair}` : o.id === 'searchDoors' ? '?q=1-1-101' : '';
  const body = o.id === 'uploadPhoto' ? Buffer.from('x') : JSON_BODIES[o.id]?.(community);
  return [o.method, path + query, body, o.id === 'actOnRequest' ? { 'if-match': '"1"' } : {}];
}

const closed = contract.operations.filter((o) => o.capability !== 'public');

export function permissions(world) {
  for (const o of closed) {
    test(`${o.id} is refused without a session`, async () => {
      const client = new Client(world);
      problem(await client.call(...callOf(o, world.east)), 401, 'not_signed_in');
      client.cookie = `${world.east.id}${'0'.repeat(26)}`; // right shape, never issued
      problem(await client.call(...callOf(o, world.east)), 401, 'not_signed_in');
      client.cookie = 'x; dy_session=y';
      problem(await client.call(...callOf(o, world.east)), 401, 'not_signed_in');
    });
  }

  for (const o of closed.filter((one) => LACKS[one.capability])) {
    test(`${o.id} is refused to a ${LACKS[o.capability]} and to a resident`, async () => {
      problem(await (await world.staff(LACKS[o.capability])).call(...callOf(o, world.east)), 403, 'denied');
      problem(await (await world.resident(1, 1)).call(...callOf(o, world.east)), 403, 'denied');
    });
  }

  test('every capability of the contract has somebody who lacks it, or belongs to all', () => {
    for (const o of closed) assert.ok(o.capability === 'signed_in' || o.capability in LACKS, `${o.id}: ${o.capability}`);
  });

  test('an account without a post may do nothing but be signed in', async () => {
    const secretary = await world.staff('secretary');
    const made = await secretary.post('/api/v1/accounts', { login: 'without-post', password: 'long enough 1', name: '示例无岗' });
    assert.equal(made.status, 201, made.text);
    const client = new Client(world);
    const answer = await client.post('/api/v1/session', { login: 'without-post', password: 'long enough 1', community: world.east.id });
    assert.deepEqual([answer.json.caps, answer.json.posts], [[], []]);
    problem(await client.post('/api/v1/requests', { category: 'FOOD', text: 'x', door_id: world.east.units[0].doors[0].id }), 403, 'denied');
    problem(await client.get('/api/v1/requests?view=board'), 403, 'denied', '/view');
    problem(await client.post('/api/v1/photos', Buffer.from('x')), 403, 'denied');
    assert.deepEqual((await client.get('/api/v1/requests')).json.items, []);
  });

  test('ids of another community are ids that were never made', async () => {
    const west = await world.resident(1, 1, world.west);
    const theirs = await west.report({ text: '西社区的事' });
    const secretary = await world.staff('secretary');
    const captain = await world.staff('captain');
    const names = [world.west.name, '西社区', world.west.id];
    const refused = async (client, ...call) => {
      const answer = await client.call(...call);
      assert.ok([404, 422].includes(answer.status), `${call[0]} ${call[1]} -> ${answer.status} ${answer.text}`);
      for (const name of names) assert.ok(!answer.text.includes(name), answer.text);
      return answer;
    };
    for (const o of contract.operations.filter((one) => one.path.includes('{id}') && !one.path.startsWith('/lite'))) {
      const ids = o.path.includes('/requests/') ? { id: theirs.id } : {};
      const answer = await refused(secretary, ...callOf(o, world.west, ids));
      assert.equal(answer.status, 404, o.id);
      assert.deepEqual(answer.json.detail, (await secretary.call(...callOf(o, world.west, { id: '1zzzzzzzzzzzz' }))).json.detail, `${o.id} tells whether it exists`);
    }
    const account = world.west.people.volunteer.account_id;
    const unit = world.west.units[0];
    const own = await (await world.resident(1, 1)).report({});
    await refused(secretary, 'POST', '/api/v1/requests', { category: 'FOOD', text: 'x', door_id: unit.doors[0].id });
    await refused(secretary, 'POST', '/api/v1/posts', { account_id: account, role: 'volunteer', scope_kind: 'unit', scope_id: world.east.units[0].id });
    for (const [scope_kind, scope_id] of [['unit', unit.id], ['grid', world.west.grids[0]], ['community', world.west.id]]) {
      await refused(secretary, 'POST', '/api/v1/posts', { account_id: world.east.people.captain.account_id, role: 'volunteer', scope_kind, scope_id });
    }
    await refused(secretary, 'POST', `/api/v1/requests/${own.id}/acts`, { act: 'dispatch', to_account_id: account }, { 'if-match': '"1"' });
    await refused(secretary, 'POST', `/api/v1/requests/${own.id}/acts`, { act: 'merge', into_request_id: theirs.id }, { 'if-match': '"1"' });
    assert.deepEqual((await secretary.get(`/api/v1/requests?view=board&unit=${unit.id}`)).json.items, []);
    assert.deepEqual((await secretary.get(`/api/v1/posters?stair=${unit.stair_id}`)).json.items, []);
    const cookie = captain.cookie; // a token that claims another community is nobody's
    const forged = new Client(world);
    forged.cookie = world.west.id + cookie.slice(13);
    problem(await forged.get('/api/v1/requests'), 401, 'not_signed_in');
    for (const list of ['/api/v1/places', '/api/v1/teams', '/api/v1/posts', '/api/v1/accounts', '/api/v1/requests?view=board']) {
      const answer = await secretary.get(list);
      assert.equal(answer.status, 200, list);
      for (const id of [theirs.id, account, unit.id, world.west.people.volunteer.post_id]) assert.ok(!answer.text.includes(id), `${list} holds ${id}`);
    }
  });

  test('posts reach over their own scope only', async () => {
    const [one, two] = world.east.units;
    const request = await (await world.resident(2, 1)).report({ text: '二单元的事' });
    const leader = await world.staff('leader');
    const manager = await world.staff('manager');
    const outsider = await world.staff('volunteer-3');
    problem(await leader.get(`/api/v1/requests/${request.id}`), 404, 'not_found');
    problem(await leader.act(request, 'claim'), 404, 'not_found');
    problem(await leader.get(`/api/v1/stairs/${two.stair_id}/doors`), 404, 'not_found');
    problem(await leader.get(`/api/v1/stairs/${two.stair_id}/poster.svg`), 404, 'not_found');
    assert.equal((await leader.get(`/api/v1/stairs/${one.stair_id}/doors`)).json.items.length, 3);
    assert.ok(!(await leader.get('/api/v1/requests?view=board')).text.includes(request.id));
    assert.ok((await manager.get('/api/v1/requests?view=board')).text.includes(request.id), 'the grid holds the unit');
    assert.ok(!(await outsider.get('/api/v1/requests?view=board')).text.includes(request.id));
    assert.deepEqual((await leader.get('/api/v1/teams')).json.items.map((t) => t.unit_id), [one.id]);
    problem(await leader.post('/api/v1/requests', { category: 'FOOD', text: 'x', door_id: two.doors[0].id }), 404, 'not_found', '/door_id');
    problem(await (await world.resident(1, 1)).get(`/api/v1/requests/${request.id}`), 404, 'not_found');
    problem(await (await world.resident(1, 1)).post('/api/v1/requests', { category: 'FOOD', text: 'x', door_id: two.doors[0].id }), 404, 'not_found', '/door_id');
  });
}
