// The sample community, as ./dev run shows it: everybody can sign in, and every answer about it is as the contract says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Client, World } from './harness.mjs';

const LISTS = ['/api/v1/requests', '/api/v1/requests?view=board&limit=500', '/api/v1/teams', '/api/v1/places', '/api/v1/posts', '/api/v1/accounts', '/api/v1/audit',
  ...['closed', 'refused', 'merged', 'withdrawn'].map((state) => `/api/v1/requests?view=board&limit=500&state=${state}`)];

export function demo() {
  test('the sample community speaks the contract, whoever looks', async () => {
    const world = new World({ empty: true });
    try {
      world.cli('demo', '--data', world.dir, '--quiet');
      const facts = JSON.parse(readFileSync(`${world.dir}/demo.json`, 'utf8'));
      await world.start();
      assert.ok(facts.logins.length > 3 && facts.doors.length > 0);
      for (const { login, password } of facts.logins) {
        const client = new Client(world);
        assert.equal((await client.post('/api/v1/session', { login, password })).status, 200, login);
        for (const path of LISTS) {
          const answer = await client.get(path); // checked against the contract as it comes
          for (const request of path.includes('requests') && answer.status === 200 ? answer.json.items.slice(0, 20) : []) {
            assert.equal((await client.get(`/api/v1/requests/${request.id}/entries`)).status, 200);
            for (const id of request.photo_ids) assert.equal((await client.get(`/api/v1/photos/${id}`)).status, 200);
          }
        }
      }
      const [door] = facts.doors;
      const home = await new Client(world).post(`/api/v1/door-links/${door.url_path.slice(3)}/join`, { door: door.door, household_code: door.household_code, name: '示例' });
      assert.equal(home.status, 200, home.text);
      assert.equal(home.json.community.is_sample, true);
      assert.equal(await world.stop(), 0, world.log);
    } finally {
      world.child?.kill('SIGKILL');
      world.remove();
    }
  });
}
