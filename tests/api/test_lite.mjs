// Plain pages: everything a resident does, with forms alone; what people wrote never becomes markup; every page is small.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './harness.mjs';

const PAGE_MAX = 14 * 1024;
const EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\'&amp;$';
const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': '\'', '&amp;': '&' };
const plain = (text) => text.replace(/&(lt|gt|quot|#39|amp);/g, (e) => ENTITIES[e]);

/** The forms of a page: action, and name -> value of hidden and visible fields, as a browser would send them. */
function formsOf(html) {
  return [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(([, action, inner]) => {
    const fields = {};
    for (const [, attributes] of inner.matchAll(/<input ([^>]*)>/g)) {
      const name = /name="([^"]*)"/.exec(attributes)[1];
      if (/type="checkbox"/.test(attributes) && !/checked/.test(attributes)) continue;
      fields[name] = plain(/value="([^"]*)"/.exec(attributes)?.[1] ?? '');
    }
    for (const [, name, value] of inner.matchAll(/<textarea name="(\w+)"[^>]*>([^<]*)</g)) fields[name] = plain(value);
    for (const [, name, options] of inner.matchAll(/<select name="(\w+)">(.*?)<\/select>/gs)) {
      fields[name] = (/<option value="([^"]*)" selected>/.exec(options) ?? /<option value="([^"]*)">/.exec(options))[1];
    }
    return { action, fields };
  });
}

export function lite(world) {
  const [one, two, three] = world.east.units;

  /** A phone without script: gets pages, sends forms, keeps cookies, follows 303. */
  class Phone extends Client {
    async open(path, headers) {
      const answer = await this.get(path, headers);
      this.look(answer, path);
      return answer;
    }

    look(answer, path) {
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8', `${path}: ${answer.text}`);
      assert.ok(answer.body.length <= PAGE_MAX, `${path} has ${answer.body.length} bytes`);
      assert.match(answer.headers['content-security-policy'], /default-src 'self'/);
      assert.ok(!answer.text.includes('<script'), path);
      // every tag that opens a block is closed, and every label holds its field
      for (const tag of ['main', 'form', 'label', 'select', 'ol', 'ul', 'div', 'dl', 'h1', 'h2']) {
        const count = (re) => (answer.text.match(re) ?? []).length;
        assert.equal(count(new RegExp(`<${tag}[ >]`, 'g')), count(new RegExp(`</${tag}>`, 'g')), `${path}: <${tag}>`);
      }
    }

    send(form, more = {}, headers = {}) {
      const body = new URLSearchParams({ ...form.fields, ...more }).toString();
      return this.post(form.action, body, { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': null, ...headers });
    }

    async take(form, more) {
      const answer = await this.send(form, more);
      assert.equal(answer.status, 303, `${form.action}: ${answer.status} ${answer.text}`);
      assert.equal(answer.body.length, 0);
      return answer.headers.location;
    }
  }

  const form = (html, end) => formsOf(html).find((f) => f.action.endsWith(end));
  const actForm = (html, act) => formsOf(html).find((f) => f.fields.act === act);
  const joined = async (unit, door) => {
    const phone = new Phone(world);
    const page = (await phone.open(`/lite/q/${unit.token}`)).text;
    const where = await phone.take(form(page, '/join'), { door: door.code, household_code: door.household_code, name: '王示例' });
    assert.equal(where, '/lite');
    return phone;
  };

  test('lite: join by the door link, report, read, confirm; all with forms', async () => {
    const phone = await joined(one, one.doors[1]);
    const volunteer = await world.staff('volunteer');
    const home = (await phone.open('/lite')).text;
    assert.match(home, /1幢1单元201/);
    const at = await phone.take(form((await phone.open('/lite/report')).text, '/report'), { text: '家里没有油了', contact: '0580-777' });
    const page = (await phone.open(at)).text;
    assert.match(page, /家里没有油了/);
    assert.match(page, /0580-1234567/, 'whom to phone');
    const id = at.split('/').pop();
    let r = await volunteer.mustAct(await volunteer.see({ id }), 'claim');
    r = await volunteer.mustAct(await volunteer.mustAct(r, 'start'), 'finish', { text: '油放门口了' });
    const done = (await phone.open(at)).text;
    assert.match(done, /油放门口了/);
    const poor = await phone.send(actForm(done, 'confirm'), { rating: '1' });
    assert.deepEqual([poor.status, /请写一两句话/.test(poor.text)], [422, true]);
    phone.look(poor, at);
    assert.equal(await phone.take(actForm(done, 'reopen'), { text: '油是坏的' }), at);
    assert.equal((await volunteer.see({ id })).state, 'reopened');
    r = await volunteer.mustAct(await volunteer.see({ id }), 'start');
    await volunteer.mustAct(r, 'finish', { text: '换了一桶' });
    await phone.take(actForm((await phone.open(at)).text, 'confirm'), { rating: '5' });
    assert.deepEqual([(await volunteer.see({ id })).state, (await volunteer.see({ id })).rating], ['closed', 5]);
    assert.match((await phone.open('/lite')).text, /已办结/);
    const late = await phone.send(actForm(done, 'confirm'));
    assert.equal(late.status, 409, late.text);
    phone.look(late, at);
  });

  test('lite: without an account, through the code on the stair', async () => {
    const phone = new Phone(world);
    const page = (await phone.open(`/lite/q/${three.token}`)).text;
    const at = await phone.take(form(page, '/report'), { door: '101', text: '楼道灯不亮' });
    assert.match(at, /^\/lite\/t\/[0-9a-z]{39}$/);
    const track = (await phone.open(at)).text;
    assert.match(track, /等楼长核实/);
    assert.match(track, /回拨码<\/dt><dd>\d{4}/);
    await phone.take(actForm(track, 'remind'));
    await phone.take(actForm((await phone.open(at)).text, 'answer'), { text: '三楼也不亮' });
    assert.match((await phone.open(at)).text, /三楼也不亮/);
    phone.waits = false;
    const again = await phone.send(actForm((await phone.open(at)).text, 'remind'));
    assert.equal(again.status, 429);
    phone.look(again, at);
    await phone.take(actForm((await phone.open(at)).text, 'withdraw'), { text: '自己好了' });
    const wrong = await phone.send(form((await phone.open(`/lite/q/${three.token}`)).text, '/report'), { door: '909', text: '写了半天的话' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /没有这个门牌/);
    assert.match(wrong.text, /写了半天的话/, 'nothing that was written is lost');
    for (const path of ['/lite/q/nonsense', `/lite/q/${'0'.repeat(39)}`, `/lite/t/${three.token}`]) {
      const lost = await phone.get(path);
      assert.equal(lost.status, 404, path);
      phone.look(lost, path);
    }
  });

  test('lite: danger brings the number to call, at once', async () => {
    const phone = await joined(three, three.doors[0]);
    const at = await phone.take(form((await phone.open('/lite/report')).text, '/report'), { text: '厨房着火了' });
    assert.match((await phone.open(at)).text, /href="tel:119">119/);
  });

  test('lite: what neighbours reported is shown before it is sent, to be followed or sent all the same', async () => {
    const first = await joined(three, three.doors[0]);
    const second = await joined(three, three.doors[1]);
    const report = async (phone, text) => phone.send(form((await phone.open('/lite/report')).text, '/report'), { text });
    const at = (await report(first, '整栋停水，301说')).headers.location;
    const asked = await report(second, '停水了');
    assert.equal(asked.status, 409);
    second.look(asked, 'similar');
    assert.match(asked.text, /邻居已经报过/);
    assert.ok(!asked.text.includes('301'), 'without the door');
    const followed = await second.take(form(asked.text, '/follow'));
    assert.equal(followed, at);
    const seen = (await second.open(followed)).text;
    assert.ok(!seen.includes('301') && !seen.includes('回拨码') && !/name="act"/.test(seen), 'a follower reads, and no more');
    assert.match(await second.take(form(asked.text, '/report')), /^\/lite\/r\//, 'sent all the same');
  });

  test('lite: nothing that people write becomes markup', async () => {
    const phone = new Phone(world);
    const [door] = two.doors;
    const page = (await phone.open(`/lite/q/${two.token}`)).text;
    await phone.take(form(page, '/join'), { door: door.code, household_code: door.household_code, name: EVIL.slice(0, 60) });
    const at = await phone.take(form((await phone.open('/lite/report')).text, '/report'), { text: `没米 ${EVIL}`, category: 'FOOD', sure: '1', on_behalf: EVIL.slice(0, 60) });
    await phone.take(actForm((await phone.open(at)).text, 'answer'), { text: EVIL });
    const leader = await world.staff('leader-2');
    await leader.mustAct(await leader.see({ id: at.split('/').pop() }), 'answer', { text: EVIL });
    const shown = (await phone.open(at)).text;
    assert.ok(shown.includes('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img'), 'escaped');
    assert.ok(!/<img|<script|onerror=alert\(2\)>[^&]*</.test(shown));
    const back = await phone.send(form((await phone.open('/lite/report')).text, '/report'), { text: EVIL, sure: '1', contact: EVIL.slice(0, 20) });
    assert.equal(back.status, 422);
    phone.look(back, 'evil');
    assert.ok(!/<img|<script/.test(back.text));
    assert.equal(form(back.text, '/report').fields.text, EVIL, 'and comes back as it was written');
  });

  test('lite: a form is taken once, from its own page only', async () => {
    const phone = await joined(one, one.doors[0]);
    const other = await joined(one, one.doors[0]);
    const page = form((await phone.open('/lite/report')).text, '/report');
    const first = await phone.send(page, { text: '要一袋盐' });
    const again = await phone.send(page, { text: '要一袋盐' });
    assert.deepEqual([first.status, again.status, again.headers.location], [303, 303, first.headers.location]);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    const changed = await phone.send(page, { text: '要两袋盐', sure: '1' });
    assert.equal(changed.status, 409);
    const send = (more, headers) => phone.send({ ...page, fields: { ...page.fields, ...more } }, { text: '要一袋盐', sure: '1' }, headers);
    for (const key of ['', 'x', page.fields.key.slice(0, -1), `${page.fields.key.slice(0, -1)}${page.fields.key.endsWith('0') ? '1' : '0'}`]) {
      assert.equal((await send({ key })).status, 403, `key '${key}'`);
    }
    assert.equal((await other.send(page, { text: 'x' })).status, 403, 'the key of another session');
    assert.equal((await send({}, { origin: 'http://elsewhere.example' })).status, 403);
    assert.equal((await send({}, { origin: 'null' })).status, 403);
    const old = form((await phone.open('/lite/report')).text, '/report');
    assert.equal((await phone.send(old, { text: '没有来源的旧手机', category: 'IDEA', sure: '1' }, { origin: null })).status, 303, 'an old browser names no origin');
    assert.equal((await phone.post('/lite/report', '{"text":"x"}', { 'idempotency-key': null })).status, 422, 'JSON is for the API');
  });

  test('lite: what is wrong is a page that says so', async () => {
    const phone = new Phone(world);
    for (const path of ['/lite/report', `/lite/r/${one.id}`]) {
      const answer = await phone.get(path);
      assert.equal(answer.status, 401, path);
      phone.look(answer, path);
    }
    phone.look(await phone.get('/lite'), '/lite');
    const door = (await phone.open(`/lite/q/${one.token}`)).text;
    const bad = await phone.send(form(door, '/join'), { door: '101', household_code: 'WRONG999', name: '示例' });
    assert.equal(bad.status, 422);
    assert.match(bad.text, /对不上/);
    phone.look(bad, 'join');
    for (const more of [{ text: '' }, { text: 'x'.repeat(1001) }, { text: 'x', contact: '1' }, { text: 'x', category: 'NONE' }]) {
      const answer = await phone.send(form((await phone.open(`/lite/q/${one.token}`)).text, '/report'), more);
      assert.equal(answer.status, 422, JSON.stringify(more).slice(0, 60));
      phone.look(answer, 'report');
    }
    const home = await joined(one, one.doors[0]);
    const theirs = await (await world.resident(2, 1)).report({ text: '别家的事' });
    assert.equal((await home.get(`/lite/r/${theirs.id}`)).status, 404);
    assert.equal((await home.get('/lite/r/nonsense')).status, 404);
    const large = await home.post('/lite/report', `text=${'x'.repeat(20000)}`, { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': null });
    assert.equal(large.status, 413);
  });

  test('lite: in English too, and old phones are led there from the poster', async () => {
    const phone = new Phone(world);
    assert.match((await phone.open(`/lite/q/${one.token}`, { 'accept-language': 'en' })).text, /<html lang="en">.*Report without signing in/s);
    const set = await phone.get('/lite/language/en');
    assert.deepEqual([set.status, set.headers.location], [303, '/lite']);
    assert.match(set.headers['set-cookie'][0], /^dy_lang=en; Path=\/lite/);
    assert.match((await phone.open(`/lite/q/${one.token}`, { cookie: 'dy_lang=en' })).text, /<html lang="en">/);
    assert.equal((await phone.get('/lite/language/xx')).status, 404);
    const led = async (agent) => (await phone.get(`/q/${one.token}`, { 'user-agent': agent })).headers.location;
    assert.equal(await led('Mozilla/5.0 (Linux; Android 4.4.2) AppleWebKit/537.36 Version/4.0 Safari/537.36'), `/lite/q/${one.token}`);
    assert.equal(await led('Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107.0 Mobile MicroMessenger/8.0'), `/#/join/${one.token}`);
  });

  test('lite: a page stays small however much was written', async () => {
    const phone = await joined(two, two.doors[1]);
    const at = await phone.take(form((await phone.open('/lite/report')).text, '/report'), { text: '&"'.repeat(500), category: 'SHOP', sure: '1' });
    for (let i = 0; i < 14; i += 1) await phone.take(actForm((await phone.open(at)).text, 'answer'), { text: '"&\''.repeat(300) });
    await phone.open(at);
    const wrong = await phone.send(form((await phone.open('/lite/report')).text, '/report'), { text: '"'.repeat(1000), contact: 'x' });
    phone.look(wrong, 'form shown again');
  });
}
