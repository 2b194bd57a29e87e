// Imports: a dry run writes nothing, the import is what it said, the same file again changes nothing, all of it is taken back;
// files of LibreOffice, of strangers, and the command line. Permission of the other routes: test_permissions.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { problem, World } from './harness.mjs';

const DATA = fileURLToPath(new URL('../data/import/', import.meta.url));
const file = (name) => readFileSync(DATA + name);
const csv = (...lines) => Buffer.from(lines.join('\n') + '\n');

/** A dry run of some bytes; 201 unless the test says otherwise. */
async function check(client, kind, bytes, { name = 'a.csv', status = 201, headers = {}, query = '' } = {}) {
  const path = `/api/v1/imports?kind=${kind}&name=${encodeURIComponent(name)}${query}`;
  const answer = await client.call('POST', path, bytes, { 'content-type': 'application/octet-stream', ...headers });
  assert.equal(answer.status, status, answer.text);
  return answer.json;
}
const run = async (client, id) => (await client.post(`/api/v1/imports/${id}/run`)).json;
const counts = ({ create, change, same, bad, skip }) => [create, change, same, bad, skip];
const rows = async (client, id, query = '') => (await client.get(`/api/v1/imports/${id}/rows${query}`)).json;

/** In a world of its own: it rebuilds places and hands out posts. */
export function imports() {
  const world = new World();
  test('a server for imports starts', () => world.start());

  test('a dry run says what each row would do and writes nothing', async () => {
    const secretary = await world.staff('secretary', world.west);
    const made = await check(secretary, 'places', file('places.xlsx'), { name: '房屋.xlsx' });
    assert.equal(made.state, 'checked');
    assert.equal(made.file_name, '房屋.xlsx');
    assert.equal(made.mapping.header_row, 2);
    assert.equal(made.shape.headers[2], '楼栋');
    const { items } = await rows(secretary, made.id);
    assert.deepEqual(items.map((r) => r.row), [3, 4, 5, 6]);
    assert.deepEqual(items.at(-1).detail.does, ['building', 'stair', 'door']);
    const before = (await secretary.get('/api/v1/places')).json.buildings.length;
    assert.ok(!(await secretary.get('/api/v1/places')).json.buildings.some((b) => b.code === 'A'));
    const done = await run(secretary, made.id);
    assert.equal(done.state, 'done');
    assert.deepEqual(done.counts, { ...made.counts });
    assert.equal((await secretary.get('/api/v1/places')).json.buildings.length, before + 1);
    assert.ok(readdirSync(`${world.dir}/imports`).every((f) => !f.endsWith('.file')), 'the upload is gone once it was imported');
  });

  test('the same file again changes nothing, in every order of clicks', async () => {
    const secretary = await world.staff('secretary', world.west);
    for (const [kind, name] of [['places', 'places.xlsx'], ['posts', 'posts.xlsx'], ['volunteers', 'volunteers.xlsx'], ['households', 'households-merged.xlsx']]) {
      const first = await check(secretary, kind, file(name), { name });
      await run(secretary, first.id);
      const again = await run(secretary, first.id); // a second click on the same import
      assert.equal(again.state, 'done');
      const second = await check(secretary, kind, file(name), { name });
      const [create, change] = counts(second.counts);
      assert.deepEqual([create, change], [0, 0], name);
      assert.deepEqual(counts((await run(secretary, second.id)).counts).slice(0, 2), [0, 0], name);
    }
    const { items } = (await secretary.get('/api/v1/imports')).json;
    assert.ok(items.length >= 8 && items.every((i) => i.counts.rows > 0));
  });

  test('an upload that is sent twice with one key is one import', async () => {
    const secretary = await world.staff('secretary', world.west);
    const headers = { 'idempotency-key': randomUUID() };
    const a = await check(secretary, 'households', file('households-utf8.csv'), { headers });
    const b = await check(secretary, 'households', file('households-utf8.csv'), { headers });
    assert.equal(a.id, b.id);
    problem(await secretary.call('POST', '/api/v1/imports?kind=households', file('households-bom.csv'), { 'content-type': 'application/octet-stream', ...headers }), 409, 'idempotency_conflict');
  });

  test('a posted person leads, and stops when the import is taken back', async () => {
    const secretary = await world.staff('secretary', world.west);
    const made = await check(secretary, 'posts', csv('姓名,电话,岗位,最小单元', '示例新人,13900000999,组长,2号单元'));
    await run(secretary, made.id);
    const named = async () => JSON.stringify((await secretary.get('/api/v1/teams')).json).includes('示例新人');
    assert.ok(await named());
    assert.deepEqual((await secretary.post(`/api/v1/imports/${made.id}/undo`)).json, { undone: true, obstacles: [] });
    assert.ok(!(await named()));
    problem(await secretary.post(`/api/v1/imports/${made.id}/undo`), 409, 'conflict');
    problem(await secretary.post(`/api/v1/imports/${made.id}/run`), 409, 'conflict');
    assert.equal((await secretary.get(`/api/v1/imports/${made.id}`)).json.state, 'undone');
  });

  test('what was used since stands in the way, and says so', async () => {
    const secretary = await world.staff('secretary', world.west);
    const made = await check(secretary, 'households', csv('地址,姓名', '3-1-399,示例新户', '3-1-398,示例邻居'));
    await run(secretary, made.id);
    const { json: places } = await secretary.get('/api/v1/places');
    const stair = places.stairs.find((s) => s.text.startsWith('3幢1'));
    const door = (await secretary.get(`/api/v1/stairs/${stair.id}/doors`)).json.items.find((d) => d.code === '399');
    assert.equal((await secretary.post('/api/v1/requests', { category: 'FOOD', text: '示例：缺米', door_id: door.id })).status, 201);
    const { undone, obstacles } = (await secretary.post(`/api/v1/imports/${made.id}/undo`)).json;
    assert.equal(undone, false);
    assert.ok(obstacles.some((o) => o.row === 2 && o.reason === 'used'), JSON.stringify(obstacles));
    assert.ok((await secretary.get(`/api/v1/stairs/${stair.id}/doors`)).json.items.some((d) => d.code === '398'), 'nothing of it was taken back');
  });

  test('faults name row, column and remedy in both languages, and a corrected copy can be had', async () => {
    const secretary = await world.staff('secretary', world.west);
    const made = await check(secretary, 'households', file('households-faulty.xlsx'), { name: 'f.xlsx' });
    assert.equal(made.counts.bad, 6);
    assert.ok(made.has_copy);
    const page = await rows(secretary, made.id, '?verdict=bad&limit=2');
    assert.deepEqual(page.items.map((r) => r.row), [3, 4]);
    const [fault] = page.items[0].detail.faults;
    assert.deepEqual([fault.code, fault.column, fault.note], ['became_date', 0, false]);
    assert.match(fault.zh, /2010-01-02.*文本/);
    assert.match(fault.en, /2010-01-02.*text/);
    const next = await rows(secretary, made.id, `?verdict=bad&limit=200&after=${page.next}`);
    assert.equal(next.items.length, 4);
    assert.equal(next.next, null);
    const copy = await secretary.get(`/api/v1/imports/${made.id}/corrected.xlsx`);
    assert.equal(copy.status, 200);
    // the copy is a spreadsheet as good as the file: the same rows have the same faults
    const again = await check(secretary, 'households', copy.body, { name: 'copy.xlsx' });
    assert.equal(again.counts.bad, 6);
    assert.deepEqual((await rows(secretary, again.id, '?verdict=bad&limit=50')).items.map((r) => r.row), [3, 4, 5, 6, 7, 8]);
    problem(await secretary.get(`/api/v1/imports/${(await check(secretary, 'households', file('households-utf8.csv'))).id}/corrected.xlsx`), 404, 'not_found');
  });

  test('columns can be chosen by hand, until the import has run', async () => {
    const secretary = await world.staff('secretary', world.west);
    const made = await check(secretary, 'households', csv('地址,姓名,说明', '1-1-101,示例甲,13900000077'));
    assert.ok(!made.mapping.columns.some((c) => c.field === 'phone'));
    const mapping = { ...made.mapping, columns: [...made.mapping.columns, { field: 'phone', column: 2 }] };
    const mapped = await secretary.call('PUT', `/api/v1/imports/${made.id}/mapping`, mapping);
    assert.equal(mapped.status, 200, mapped.text);
    assert.ok((await rows(secretary, made.id)).items[0].detail.does.includes('phone'));
    for (const [bad, field] of [[{ ...mapping, sheet: 5 }, '/sheet'], [{ ...mapping, columns: [] }, '/columns'], [{ ...mapping, columns: [{ field: 'address', column: 1 }, { field: 'name', column: 1 }] }, '/columns']]) {
      const answer = await secretary.call('PUT', `/api/v1/imports/${made.id}/mapping`, bad);
      problem(answer, 422, 'input');
      assert.equal(answer.json.field, field);
    }
    await run(secretary, made.id);
    problem(await secretary.call('PUT', `/api/v1/imports/${made.id}/mapping`, mapping), 409, 'conflict');
  });

  test('what is no spreadsheet says what to do', async () => {
    const secretary = await world.staff('secretary', world.west);
    for (const [bytes, word] of [[Buffer.from('%PDF-1.7'), /spreadsheet/], [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1]), /\.xlsx/], [csv('甲,乙', '1,2'), /template/], [Buffer.from('PK\u0003\u0004broken'), /./]]) {
      const answer = await secretary.call('POST', '/api/v1/imports?kind=households', bytes, { 'content-type': 'application/octet-stream' });
      problem(answer, 422, 'input');
      assert.match(answer.json.detail, word);
    }
    problem(await secretary.call('POST', '/api/v1/imports?kind=cars', csv('a'), { 'content-type': 'application/octet-stream' }), 422, 'input');
  });

  test('a cadre may import homes, but not hand out posts', async () => {
    const cadre = await world.staff('cadre', world.west);
    await check(cadre, 'households', file('households-utf8.csv'));
    problem(await cadre.call('POST', '/api/v1/imports?kind=posts', file('posts.xlsx'), { 'content-type': 'application/octet-stream' }), 403, 'denied');
    const secretary = await world.staff('secretary');
    const theirs = (await cadre.get('/api/v1/imports')).json.items[0].id;
    problem(await secretary.get(`/api/v1/imports/${theirs}`), 404, 'not_found'); // of another community
    problem(await secretary.post(`/api/v1/imports/${theirs}/run`), 404, 'not_found');
  });

  test('templates name their columns so that they are found again', async () => {
    const secretary = await world.staff('secretary', world.west);
    for (const kind of ['places', 'households', 'posts', 'volunteers']) {
      const { status, body } = await secretary.get(`/api/v1/import-templates/${kind}`);
      assert.equal(status, 200);
      const made = await check(secretary, kind, body, { name: 't.xlsx' });
      assert.equal(made.counts.rows, 0);
      assert.equal(made.mapping.columns.length, made.fields.length, kind);
    }
    problem(await secretary.get('/api/v1/import-templates/cars'), 404, 'not_found');
  });

  test('five hundred rows beside other people at work: nothing lost, nothing doubled', async () => {
    const secretary = await world.staff('secretary', world.west);
    const home = await world.resident(1, 1, world.west);
    const lines = ['楼栋,单元,房号,姓名,电话'];
    for (let i = 0; i < 1200; i += 1) lines.push(`2,1,${1000 + i},示例${i},139${String(10_000_000 + i)}`);
    const made = await check(secretary, 'households', csv(...lines));
    assert.equal(made.counts.create, 1200);
    const [done] = await Promise.all([run(secretary, made.id), ...Array.from({ length: 8 }, (_, i) => home.post('/api/v1/requests', { category: 'FOOD', text: `示例 ${i}` }))]);
    assert.deepEqual(counts(done.counts), [1200, 0, 0, 0, 0]);
    const again = await check(secretary, 'households', csv(...lines));
    assert.deepEqual(counts(again.counts), [0, 0, 1200, 0, 0]);
    assert.deepEqual((await secretary.post(`/api/v1/imports/${made.id}/undo`)).json, { undone: true, obstacles: [] });
  });

  test('the command line: dry run beside the server, import alone, undo', () => {
    const dir = mkdtempSync(`${tmpdir()}/dy-import-`);
    const program = process.env.DY_PROGRAM;
    const cli = (...args) => spawnSync(program, ['import', ...args], { encoding: 'utf8' });
    try {
      writeFileSync(`${dir}/pw`, 'generated for tests\n');
      execFileSync(program, ['init', '--data', `${dir}/d`, '--code', '330922100001', '--name', '示例社区', '--login', 'secretary', '--password-file', `${dir}/pw`]);
      const at = ['--data', `${dir}/d`, '--community', '330922100001'];
      assert.match(cli('places', `${DATA}places.xlsx`, ...at).stdout, /4 rows: 4 new, 0 changed/);
      const dry = cli('households', `${DATA}households-merged.xlsx`, ...at, '--dry-run', '--language', 'zh-CN');
      assert.equal(dry.status, 0, dry.stderr);
      assert.match(dry.stdout, /^4\tcreate\t1-1-101\thousehold$/m);
      assert.match(dry.stdout, /note: 隐藏的行/);
      const faulty = cli('households', `${DATA}households-faulty.xlsx`, ...at, '--corrected', `${dir}/c.xlsx`);
      assert.equal(faulty.status, 1);
      assert.match(faulty.stdout, /fault column A: the spreadsheet made a date of it/);
      assert.match(faulty.stdout, /8 rows: 2 new, 0 changed, 0 unchanged, 6 faulty/);
      assert.match(cli('households', `${dir}/c.xlsx`, ...at).stdout, /8 rows: 0 new, 0 changed, 2 unchanged, 6 faulty/);
      const id = /import ([0-9a-z]{13});/.exec(faulty.stdout)[1];
      assert.match(cli('list', ...at).stdout, new RegExp(id));
      assert.match(cli('undo', id, ...at).stdout, /^taken back$/m);
      assert.equal(cli('undo', id, ...at).status, 1);
      assert.match(cli('template', 'posts', `${dir}/t.xlsx`).stdout, /t\.xlsx/);
      assert.match(cli('posts', `${dir}/t.xlsx`, ...at).stdout, /0 rows/);
      copyFileSync(`${DATA}posts.xlsx`, `${dir}/p.xlsx`);
      assert.match(cli('posts', `${dir}/p.xlsx`, ...at).stdout, /5 rows: 5 new/);
      assert.match(execFileSync(program, ['audit', 'verify', '--data', `${dir}/d`], { encoding: 'utf8' }), /the chain holds/);
      for (const [args, word] of [[['households', '/nowhere.csv', ...at], /file/], [['cars', 'x', ...at], /say places/], [['households', ...at], /FILE/], [['households', `${DATA}posts.xlsx`, ...at, '--community', '1'], /community/]]) {
        const bad = cli(...args);
        assert.equal(bad.status, 2, bad.stdout + bad.stderr);
        assert.match(bad.stderr, word);
        assert.equal(bad.stderr.trim().split('\n').length, 1);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('killed in the middle, an import goes on where it stopped and is taken back whole', async () => {
    const dir = mkdtempSync(`${tmpdir()}/dy-import-`);
    const program = process.env.DY_PROGRAM;
    const cli = (...args) => spawnSync(program, ['import', ...args, '--data', `${dir}/d`], { encoding: 'utf8' });
    try {
      writeFileSync(`${dir}/pw`, 'generated for tests\n');
      execFileSync(program, ['init', '--data', `${dir}/d`, '--code', '330922100001', '--name', '示例社区', '--login', 'secretary', '--password-file', `${dir}/pw`]);
      assert.match(cli('places', `${DATA}places.xlsx`).stdout, /4 new/);
      const lines = ['楼栋,单元,房号,姓名'];
      for (let i = 0; i < 6000; i += 1) lines.push(`${i % 2 + 1},1,${2000 + i},示例${i}`);
      writeFileSync(`${dir}/h.csv`, lines.join('\n'));
      let killed = 0;
      for (const ms of [150, 250, 350, 450]) {
        const child = spawn(program, ['import', 'households', `${dir}/h.csv`, '--data', `${dir}/d`], { stdio: 'ignore' });
        const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal)));
        setTimeout(() => child.kill('SIGKILL'), ms);
        killed += (await ended) === 'SIGKILL';
      }
      const last = cli('households', `${dir}/h.csv`);
      assert.equal(last.status, 0, last.stderr);
      assert.match(cli('households', `${dir}/h.csv`, '--dry-run').stdout, /6000 rows: 0 new, 0 changed, 6000 unchanged/);
      const done = cli('list').stdout.trim().split('\n').filter((l) => l.includes('h.csv'));
      assert.ok(done.every((l) => l.includes('done')), `${killed} killed: ${done.join(' | ')}`);
      for (const line of done) assert.match(cli('undo', line.split('\t')[0]).stdout, /^taken back$/m);
      assert.match(cli('households', `${dir}/h.csv`, '--dry-run').stdout, /6000 rows: 6000 new/);
      assert.match(execFileSync(program, ['doctor', '--data', `${dir}/d`], { encoding: 'utf8' }), /all is well/);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('nothing of a file lies open in the data folder', () => {
    for (const name of readdirSync(`${world.dir}/imports`)) assert.doesNotMatch(readFileSync(`${world.dir}/imports/${name}`, 'latin1'), /PK\u0003\u0004|sheetData/, name);
  });

  test('the server for imports ends in its orderly way', async () => {
    assert.equal(await world.stop(), 0, world.log);
    assert.match(world.cli('audit', 'verify', '--data', world.dir), /: whole/);
    world.remove();
  });
}
