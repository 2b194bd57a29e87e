// Oversight: the three rates against requests that were driven by hand, cover, the requests behind a figure, their chain of acts
// without names, the same as a table. In a world of its own, so that the figures are known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem, World } from './harness.mjs';

export function oversight() {
  const world = new World();
  const unitOf = (n) => world.east.units[n - 1].id ?? world.east.units[n - 1].unit_id;
  const see = async (client, query = '') => (await client.get(`/api/v1/oversight${query}`)).json;
  const unit = (o, n) => o.units.find((u) => u.id === unitOf(n));
  const made = {};

  test('a server for oversight starts, and six requests live their lives', async () => {
    await world.start();
    const home = await world.resident(1, 1);
    const volunteer = await world.staff('volunteer');
    const finish = async (r) => {
      r = await volunteer.mustAct(await volunteer.see(r), 'claim');
      r = await volunteer.mustAct(r, 'finish', { text: '已送到' });
      return r;
    };
    made.satisfied = await finish(await home.report({ text: '秘密文字一' }));
    await home.mustAct(await home.see(made.satisfied), 'confirm', { rating: 5 });
    made.confirmed = await finish(await home.report({ text: '秘密文字二' }));
    await home.mustAct(await home.see(made.confirmed), 'confirm', {});
    made.poor = await finish(await home.report({ text: '秘密文字三' }));
    await home.mustAct(await home.see(made.poor), 'confirm', { rating: 1, text: '送错了' });
    made.reopened = await finish(await home.report({ text: '秘密文字四' }));
    await home.mustAct(await home.see(made.reopened), 'reopen', { text: '还没有' });
    made.open = await home.report({ text: '秘密文字五' });
    made.withdrawn = await home.report({ text: '秘密文字六' });
    await home.mustAct(await home.see(made.withdrawn), 'withdraw', {});
  });

  test('the rates are those of the requests, by unit, by grid and in all', async () => {
    const o = await see(await world.staff('secretary'));
    const one = unit(o, 1);
    assert.equal(one.requests, 5); // the withdrawn one does not count
    assert.deepEqual(one.responded, { n: 4, of: 4 }); // the fifth is not due yet
    assert.deepEqual(one.solved, { n: 3, of: 3 }); // the reopened one is at work again
    assert.deepEqual(one.satisfied, { n: 2, of: 4 });
    assert.deepEqual([one.reopened, one.open, one.overdue], [1, 2, 0]);
    assert.equal(unit(o, 2).requests, 0);
    assert.deepEqual(unit(o, 2).responded, { n: 0, of: 0 });
    const grid = o.grids.find((g) => g.id === one.grid_id);
    assert.deepEqual([grid.units, grid.requests, grid.satisfied], [2, 5, one.satisfied]);
    assert.equal(o.grids.length, 2);
    assert.equal(o.total.units, 3);
    assert.equal(o.total.requests, 5);
    assert.ok(one.covered.of > one.covered.n, 'the small teams of the test lack people');
    assert.equal(o.total.covered.of, o.units.reduce((n, u) => n + u.covered.of, 0));
  });

  test('a period has its own requests; a wrong one says so', async () => {
    const secretary = await world.staff('secretary');
    assert.equal((await see(secretary, '?from=2020-01-01&to=2020-01-31')).total.requests, 0);
    const today = (await see(secretary)).to;
    assert.equal((await see(secretary, `?from=${today}&to=${today}`)).total.requests, 5);
    for (const query of ['?from=2026-02-30', '?from=2026-02-01&to=2026-01-01', '?from=2020-01-01&to=2026-01-01']) problem(await secretary.get(`/api/v1/oversight${query}`), 422, 'input');
  });

  test('leaders see their unit, grid managers their grid, captains nothing', async () => {
    assert.deepEqual((await see(await world.staff('leader-2'))).units.map((u) => u.id), [unitOf(2)]);
    assert.equal((await see(await world.staff('manager'))).units.length, 2);
    assert.equal((await see(await world.staff('officer'))).units.length, 3);
    problem(await (await world.staff('captain')).get('/api/v1/oversight'), 403, 'denied');
  });

  test('behind a figure stand its requests, and their chain of acts, without names, doors and words', async () => {
    const officer = await world.staff('officer');
    const list = async (which, more = '') => (await officer.get(`/api/v1/oversight/requests?which=${which}${more}`)).json.items;
    assert.equal((await list('all')).length, 5);
    assert.equal((await list('all', `&unit=${unitOf(2)}`)).length, 0);
    const bad = await list('unsatisfied');
    assert.deepEqual(bad.map((c) => c.id).sort(), [made.poor.id, made.reopened.id].sort());
    assert.deepEqual(await list('late'), []);
    assert.deepEqual(await list('unsolved'), []);
    assert.deepEqual(await list('overdue'), []);
    const answer = await officer.get(`/api/v1/oversight/requests/${made.reopened.id}`);
    assert.deepEqual(answer.json.acts.map((a) => [a.act, a.side]).filter(([a]) => ['claim', 'finish', 'reopen'].includes(a)), [['claim', 'staff'], ['finish', 'staff'], ['reopen', 'resident']]);
    const whole = answer.text + JSON.stringify(await list('all'));
    for (const secret of ['秘密', '示例', '王', '已送到', 'account', 'name', 'door']) assert.ok(!whole.includes(secret), secret);
    problem(await (await world.staff('leader-2')).get(`/api/v1/oversight/requests/${made.reopened.id}`), 404, 'not_found');
    problem(await officer.get('/api/v1/oversight/requests?which=best'), 422, 'input');
  });

  test('the table is the same figures, as CSV and as a spreadsheet', async () => {
    const secretary = await world.staff('secretary');
    const csv = await secretary.get('/api/v1/oversight/table?format=csv');
    assert.match(csv.headers['content-type'], /^text\/csv/);
    const lines = csv.text.trim().split('\r\n');
    assert.equal(csv.text.charCodeAt(0), 0xfeff); // so that spreadsheets know the encoding
    assert.match(lines[0], /^网格,最小单元,户数,诉求数,响应率,解决率,满意率/);
    assert.match(lines[1], /^1号网格,1号单元,3,5,100\.0%,100\.0%,50\.0%,/);
    assert.equal(lines.length, 4);
    const sheet = await secretary.get('/api/v1/oversight/table?format=xlsx');
    assert.equal(sheet.body.subarray(0, 2).toString(), 'PK');
    problem(await secretary.get('/api/v1/oversight/table?format=pdf'), 422, 'input');
    problem(await secretary.get('/api/v1/oversight/table'), 422, 'input');
  });

  test('the server for oversight ends in its orderly way', async () => {
    assert.equal(await world.stop(), 0, world.log);
    world.remove();
  });
}
