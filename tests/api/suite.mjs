// The API suite: one server, one world, every module in turn. Run by Meson (see meson.build); by hand:
//   DY_PROGRAM=build-test/danyuan DY_MAKE_COMMUNITIES=build-test/tests/api/make_communities node tests/api/suite.mjs
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Client, World, contract, hits } from './harness.mjs';
import { demo } from './test_demo.mjs';
import { events } from './test_events.mjs';
import { imports } from './test_imports.mjs';
import { intake } from './test_intake.mjs';
import { lite } from './test_lite.mjs';
import { notices } from './test_notices.mjs';
import { paste } from './test_paste.mjs';
import { oversight } from './test_oversight.mjs';
import { permissions } from './test_permissions.mjs';
import { photos } from './test_photos.mjs';
import { posts } from './test_posts.mjs';
import { register } from './test_register.mjs';
import { requests } from './test_requests.mjs';
import { scenario1 } from './scenario_1.mjs';
import { scenario2 } from './scenario_2.mjs';
import { scenario6 } from './scenario_6.mjs';
import { sessions } from './test_sessions.mjs';
import { signUps } from './test_sign_ups.mjs';
import { workflow } from './test_workflow.mjs';
import { writes } from './test_writes.mjs';

const world = new World();
await world.start();
after(async () => {
  world.child.kill('SIGKILL');
  await world.ended;
  world.remove();
});

sessions(world);
permissions(world);
writes(world);
requests(world);
paste(world);
photos(world);
posts(world);
workflow(world);
events(world);
signUps(world);
notices(world);
intake(world);
lite(world);
imports();
oversight();
register(world);
scenario1(world);
scenario2();
scenario6(world);
demo();

test('health, readiness and figures are there, without a word about people', async () => {
  const client = new Client(world);
  assert.deepEqual((await client.get('/healthz')).json, { status: 'ok' });
  assert.deepEqual((await client.get('/readyz')).json, { status: 'ok' });
  const { text } = await client.get('/metrics');
  for (const figure of ['requests_total', 'streams', 'commits_total', 'request_seconds_bucket{le="+Inf"}']) assert.ok(text.includes(`danyuan_${figure} `), figure);
  assert.doesNotMatch(text, /示例|社区/);
});

test('figures are for this machine and for who is named', async () => {
  const own = new World({ options: ['--proxies', '127.0.9.9', '--metrics-from', '203.0.113.9, 2001:db8::9'] });
  try {
    await own.start();
    const client = new Client(own);
    client.address = '127.0.9.9'; // the proxy: it speaks for others
    const asks = async (address) => (await client.get('/metrics', { 'x-forwarded-for': address })).status;
    assert.deepEqual([await asks('203.0.113.9'), await asks('2001:db8::9'), await asks('198.51.100.7')], [200, 200, 404]);
    assert.equal((await new Client(own).get('/metrics')).status, 200);
    assert.equal(await own.stop(), 0, own.log);
  } finally {
    own.child.kill('SIGKILL');
    own.remove();
  }
});

test('the audit chain has grown, says so, and holds', async () => {
  const { json } = await (await world.staff('cadre')).get('/api/v1/audit');
  assert.ok(json.seq > 100);
  assert.equal(await world.stop(), 0, world.log);
  assert.match(world.cli('audit', 'verify', '--data', world.dir), /\d/);
  await world.start();
  assert.ok((await (await world.staff('cadre')).get('/api/v1/audit')).json.seq >= json.seq);
});

test('every operation of the contract was seen', () => {
  assert.deepEqual(contract.operations.map((o) => o.id).filter((id) => !hits.has(id)), []);
});

test('the log tells no name, address, phone number or token, and no fault', async () => {
  const status = await world.stop();
  assert.equal(status, 0, `the program has to end in its orderly way, sanitizers silent: ${world.log.slice(-4000)}`);
  for (const word of ['示例', '0580', '单元', 'dy_session', ...world.east.units.map((u) => u.token), ...[...world.sessions.values()].map((s) => s.cookie)]) {
    assert.ok(word === '' || !world.log.includes(word), `${word} is in the log`);
  }
  assert.doesNotMatch(world.log, /ERROR: |runtime error|fault/);
});
