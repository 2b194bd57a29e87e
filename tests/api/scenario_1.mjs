// Scenario 1: a resident of 78, alone, without a smartphone. She phones; the captain types a door and a word; the volunteer
// of her stair brings it the same day; she touches no screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const MINUTE = 60_000;

export function scenario1(world) {
  test('scenario 1: she phones, the captain types door and word, it is at her door the same day', async () => {
    const captain = await world.staff('captain');
    const volunteer = await world.staff('volunteer');
    const leader = await world.staff('leader');
    const feed = await volunteer.listen();
    const began = Date.now();
    const [door] = (await captain.get('/api/v1/doors?q=1-1-3')).json.items; // two fields: the door, found while it is typed ...
    let r = await captain.report({ category: undefined, door_id: door.id, text: '药', channel: 'phone' }); // ... and the words
    assert.ok(Date.now() - began < MINUTE, 'registered within a minute');
    assert.deepEqual([r.category, r.urgent, r.channel, r.address], ['MED2', true, 'phone', '1幢1单元301'], 'kind and urgency are proposed by the program');
    assert.match(r.callback_code, /^\d{4}$/, 'read back on the phone');
    assert.ok(new Date(r.respond_due_at) - new Date(r.created_at) <= 3 * MINUTE, 'a human within three minutes');
    assert.notEqual(r.close_due_at, null);
    const heard = await feed.hear((e) => e.topic === 'request.reported' && e.subject === r.id);
    assert.equal(heard.payload.urgent, true);
    feed.close();
    r = await volunteer.mustAct(await volunteer.see(r), 'claim');
    assert.ok(new Date(r.responded_at) - new Date(r.created_at) < 3 * MINUTE);
    assert.equal(r.address, '1幢1单元301', 'the door is known to who goes there');
    r = await volunteer.mustAct(r, 'start');
    r = await volunteer.mustAct(r, 'finish', { text: '药已送到门口，本人签收' });
    assert.ok(new Date(r.done_at) < new Date(r.close_due_at), 'the same day, in time');
    const [report] = (await leader.get(`/api/v1/requests/${r.id}/entries`)).json.items;
    assert.equal(report.actor_name, '示例captain', 'who registered it is on record');
    // she cannot confirm on a screen: whoever verifies closes it
    r = await leader.mustAct(await leader.see(r), 'close');
    assert.equal(r.state, 'closed');
    const seen = (await (await world.resident(1, 3)).get('/api/v1/requests')).json.items;
    assert.ok(seen.some((x) => x.id === r.id), 'her household can look it up when a child joins later');
  });
}
