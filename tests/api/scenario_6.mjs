// Scenario 6: one lift fault, merged from seven reports; one reply reaches all seven.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './harness.mjs';

export function scenario6(world) {
  test('scenario 6: seven reports of one lift are one, and one reply reaches all seven', async () => {
    const unit = world.east.units[0];
    const leader = await world.staff('leader');
    const property = await world.staff('property');
    const texts = ['电梯停了', '电梯坏了，老人下不去', '1幢电梯不动', '电梯门打不开', '电梯又坏了', '电梯没反应，谁来修', 'lift is out of order'];
    // three households of the stair, two people of one of them again, a visitor at the door, staff for a neighbour by phone
    const homes = [await world.resident(1, 1), await world.resident(1, 2), await world.resident(1, 3)];
    const reports = [];
    for (const [i, home] of homes.entries()) reports.push({ who: home, r: await home.report({ category: 'REPR', text: texts[i] }) });
    for (const i of [3, 4]) reports.push({ who: homes[i - 3], r: await homes[i - 3].report({ category: 'REPR', text: texts[i] }) });
    const visitor = new Client(world);
    const receipt = (await visitor.post(`/api/v1/door-links/${unit.token}/reports`, { category: 'REPR', text: texts[5].replace('没反应，', '') })).json;
    const board = (await leader.get('/api/v1/requests?view=board&limit=500')).json.items;
    reports.push({ track: receipt.track, r: board.find((x) => x.number === receipt.number) });
    const captain = await world.staff('captain');
    reports.push({ who: captain, r: await captain.report({ category: 'REPR', text: texts[6], door: '1-1-201', channel: 'phone' }) });
    assert.equal(reports.length, 7);

    // before the eighth is sent it is proposed to follow instead
    const similar = (await homes[2].post('/api/v1/requests/similar', { text: '电梯' })).json.items;
    assert.ok(similar.some((s) => s.likeness === 'own') && similar.some((s) => s.likeness === 'neighbour'));

    const [main, ...others] = reports;
    for (const o of others) {
      o.r = await leader.mustAct(await leader.see(o.r), 'merge', { into_request_id: main.r.id });
      assert.deepEqual([o.r.state, o.r.merged_into], ['merged', main.r.id]);
    }
    const merged = await leader.see(main.r);
    assert.equal(merged.followers, 3, 'two more households, and the visitor at the stair');

    const feeds = await Promise.all(homes.map((h) => h.listen()));
    let r = await property.mustAct(await property.see(main.r), 'claim');
    r = await property.mustAct(r, 'start');
    r = await property.mustAct(r, 'answer', { text: '配件已订，今晚八点前修好' });
    await property.mustAct(r, 'answer', { text: '供应商电话见群', visibility: 'team' });

    const entriesOf = async ({ who, track, r: own }) => (track ? (await visitor.get(`/api/v1/track/${track}`)).json.entries : (await who.get(`/api/v1/requests/${own.id}/entries`)).json.items);
    for (const one of reports) {
      const entries = await entriesOf(one);
      assert.equal(entries.filter((e) => e.text === '配件已订，今晚八点前修好').length, 1, `the reply stands once in the history of ${one.r.number}`);
      if (one.who && one.who !== captain) assert.ok(!JSON.stringify(entries).includes('供应商'), 'what is for the team stays with the team');
    }
    for (const [i, feed] of feeds.entries()) {
      const own = reports.filter((x) => x.who === homes[i]).map((x) => x.r.id);
      for (const id of own) await feed.hear((e) => e.subject === id && ['request.answer', 'request.news'].includes(e.topic));
    }

    const photo = await property.post('/api/v1/photos', PIXEL);
    assert.equal(photo.status, 201, photo.text);
    r = await property.mustAct(await property.see(main.r), 'finish', { text: '已修好', photo_ids: [photo.json.id] });
    r = await homes[0].mustAct(await homes[0].see(main.r), 'confirm', { rating: 5 });
    assert.equal(r.state, 'closed');
    for (const one of others) {
      const acts = (await entriesOf(one)).map((e) => e.act);
      assert.deepEqual(acts.slice(-2), ['finish', 'confirm'], `the end stands in the history of ${one.r.number}`);
    }
    assert.ok(!JSON.stringify(await entriesOf(others[0])).includes('王示例11'), 'who confirmed is not told to the neighbours');
    feeds.forEach((f) => f.close());
  });
}

/* a picture of one grey pixel, PNG */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');
