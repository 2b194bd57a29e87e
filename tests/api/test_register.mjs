// The household register: masked lists, a purpose for every full record and its trace at home, residents correcting their own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { problem } from './harness.mjs';

const need = (kind, until) => ({ kind, ...(until ? { until } : {}) });

export function register(world) {
  const unitOf = (n) => world.east.units[n - 1].id ?? world.east.units[n - 1].unit_id;
  const mine = async (client) => (await client.get('/api/v1/household')).json;
  const draftOf = (h, more) => ({ version: h.version, name: h.name, phone: h.phone, residents: h.residents, elderly: h.elderly, needs: h.facts.filter((f) => f.holds && !['size', 'name', 'phone'].includes(f.kind)).map((f) => need(f.kind)), ...more });

  test('residents see their own household and correct it; the source is theirs', async () => {
    const home = await world.resident(1, 3);
    const before = await mine(home);
    assert.match(before.address, /\d+幢1单元301/);
    const answer = await home.call('PUT', '/api/v1/household', draftOf(before, { name: '示例住户', phone: '13900000555', residents: 3, needs: [need('dialysis', '2099-05-31'), need('pet')] }));
    assert.equal(answer.status, 200, answer.text);
    const after = await mine(home);
    assert.equal(after.version, before.version + 1);
    assert.deepEqual([after.name, after.phone, after.residents], ['示例住户', '13900000555', 3]);
    const facts = Object.fromEntries(after.facts.map((f) => [f.kind, f]));
    assert.deepEqual(Object.keys(facts).sort(), ['dialysis', 'name', 'pet', 'phone', 'size']);
    for (const f of after.facts) assert.equal(f.source, 'resident');
    assert.match(facts.dialysis.expires_at, /^2099-06-01T00:00:00/); // the day itself still counts
    const [trace] = after.traces;
    assert.deepEqual([trace.what, trace.source], ['changed', 'resident']);
    problem(await home.call('PUT', '/api/v1/household', draftOf(before)), 412, 'version_conflict');
    // nothing new said: the sources stay as they are
    const again = (await home.call('PUT', '/api/v1/household', draftOf(after))).json;
    assert.deepEqual(again.facts, after.facts);
  });

  test('the list is masked, by unit or by need, and never of everybody', async () => {
    const captain = await world.staff('captain');
    const { items } = (await captain.get(`/api/v1/households?unit=${unitOf(1)}`)).json;
    assert.equal(items.length, 3);
    const one = items.find((h) => h.needs.includes('dialysis'));
    assert.deepEqual([one.name, one.phone], ['示*', '139****0555']);
    assert.ok(!JSON.stringify(items).includes('13900000555'));
    problem(await captain.get('/api/v1/households'), 422, 'input');
    problem(await captain.get('/api/v1/households?need=dialysis'), 422, 'input'); // of other units too
    problem(await captain.get(`/api/v1/households?unit=${unitOf(2)}`), 404, 'not_found');
    problem(await captain.get(`/api/v1/households?unit=${unitOf(1)}&need=money`), 422, 'input');
    const secretary = await world.staff('secretary');
    problem(await secretary.get('/api/v1/households'), 422, 'input');
    assert.equal((await secretary.get('/api/v1/households?need=dialysis')).json.items.length, 1);
    const page = (await secretary.get(`/api/v1/households?unit=${unitOf(1)}&limit=2`)).json;
    assert.equal(page.items.length, 2);
    const rest = (await secretary.get(`/api/v1/households?unit=${unitOf(1)}&limit=2&after=${page.next}`)).json;
    assert.deepEqual([rest.items.length, rest.next], [1, null]);
  });

  test('a full record needs a purpose, and the household sees who, when and what for', async () => {
    const captain = await world.staff('captain');
    const home = await world.resident(1, 3);
    const { id } = (await captain.get(`/api/v1/households?unit=${unitOf(1)}&need=dialysis`)).json.items[0];
    problem(await captain.post(`/api/v1/households/${id}/open`, {}), 422, 'input');
    problem(await captain.post(`/api/v1/households/${id}/open`, { purpose: 'other' }), 422, 'input');
    assert.equal((await mine(home)).traces[0].what, 'changed', 'a refused opening leaves no trace');
    const { json } = await captain.post(`/api/v1/households/${id}/open`, { purpose: 'medical', text: '送透析' });
    assert.deepEqual([json.name, json.phone], ['示例住户', '13900000555']);
    const [trace] = (await mine(home)).traces;
    assert.deepEqual([trace.what, trace.purpose, trace.text, trace.name], ['opened', 'medical', '送透析', '示例captain']);
    problem(await (await world.staff('leader-2')).post(`/api/v1/households/${id}/open`, { purpose: 'visit' }), 404, 'not_found');
    problem(await (await world.staff('volunteer')).post(`/api/v1/households/${id}/open`, { purpose: 'visit' }), 403, 'denied');
  });

  test('staff of the unit correct a record; a neighbour sees nothing of it', async () => {
    const leader = await world.staff('leader');
    const { id } = (await leader.get(`/api/v1/households?unit=${unitOf(1)}&need=dialysis`)).json.items[0];
    const full = (await leader.post(`/api/v1/households/${id}/open`, { purpose: 'verify' })).json;
    const fixed = await leader.call('PUT', `/api/v1/households/${id}`, draftOf(full, { residents: 4, needs: [need('dialysis'), need('infant')] }));
    assert.equal(fixed.status, 200, fixed.text);
    const facts = Object.fromEntries(fixed.json.facts.map((f) => [f.kind, f.source]));
    assert.deepEqual(facts, { size: 'staff', name: 'resident', phone: 'resident', dialysis: 'resident', infant: 'staff' });
    problem(await leader.call('PUT', `/api/v1/households/${id}`, draftOf(full)), 412, 'version_conflict');
    for (const [more, field] of [[{ elderly: 9 }, '/elderly'], [{ phone: 'abc' }, '/phone'], [{ needs: [need('pet', '2001-01-01')] }, '/needs']]) {
      const answer = await leader.call('PUT', `/api/v1/households/${id}`, draftOf(fixed.json, more));
      problem(answer, 422, 'input');
      assert.equal(answer.json.field, field);
    }
    const neighbour = await world.resident(1, 2);
    assert.ok(!JSON.stringify(await mine(neighbour)).includes('13900000555'));
    problem(await neighbour.call('PUT', `/api/v1/households/${id}`, draftOf(fixed.json)), 403, 'denied');
    problem(await leader.get('/api/v1/household'), 404, 'not_found'); // staff live nowhere here
  });

  test('neither name nor number nor answer lies open in the database', () => {
    const bytes = ['danyuan.db', 'danyuan.db-wal'].map((f) => { try { return readFileSync(`${world.dir}/${f}`, 'latin1'); } catch { return ''; } }).join('');
    assert.ok(bytes.length > 10_000);
    assert.ok(!bytes.includes('13900000555'));
    assert.ok(!bytes.includes(Buffer.from('示例住户').toString('latin1')));
  });
}
